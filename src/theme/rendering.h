/* theme/rendering.h -- a page being made: what views and helpers share while it lasts. Inside theme/.
 *
 * A view's function finds its rendering in env->host, a helper in hbs_call_host. It holds what the
 * request gave, what was fetched so far, and what the page was made from.
 *
 * Lists are fetched as units. A struct story_rows is stories that are shown together; the first row
 * asked for its tags has them loaded for all rows in one statement, and so for bodies. A story's
 * value is (post view, its rows, its index), so one story in two lists is two values, each with
 * neighbours of its own.
 *
 * Memory: the page's arena. Threads: one. */
#pragma once
#include "base/map.h"
#include "discover/slots.h"
#include "hbs/hbs.h"
#include "theme/page.h"
#include "theme/theme.h"

#include <stdatomic.h>

struct date_locale;
struct phrases;

/* ---- the theme's inside ---- */

enum view_kind {
    VIEW_DATA,
    VIEW_ROOT,
    VIEW_SITE,
    VIEW_POST,
    VIEW_TAG,
    VIEW_AUTHOR,
    VIEW_NAV_ITEM,
    VIEW_REPLY,
    VIEW_KINDS
};

struct theme {
    struct arena *arena;
    atomic_int refs; /* all else is read-only once loaded */
    str name;
    struct package *package;
    struct hbs_set *set;
    struct map texts, engine_texts; /* locale -> struct phrases */
    struct map assets;              /* path as served -> struct theme_asset */
    struct hbs_fields fields[VIEW_KINDS];
    unsigned slots_wanted; /* of enum slot: lists that some template names */
    bool styles_replies;   /* its style sheets have rules for the reply area */
};

extern const struct hbs_helper theme_helpers[];
extern const size_t theme_helpers_count;

/* Each view's names, in the order of its own enum. */
struct view_names {
    const str *names;
    size_t count;
};
extern const struct view_names data_names, root_names, site_names, post_names, tag_names,
    author_names, nav_item_names, reply_names;
void views_init(struct theme *theme);

/* ---- the rendering ---- */

enum { RENDERING_CONTEXTS_MAX = PAGE_CONTEXTS_MAX };

/* Stories shown together. */
struct story_rows {
    struct story **rows;
    size_t count;
    const struct page_search_row *found; /* a search's rows, with snippets; else NULL */
    struct hbs_value pagination;         /* of a `get`; else undefined */
    struct story_rows *unit;             /* what they are loaded together with; NULL: themselves */
    bool terms_loaded, body_loaded, pictures_loaded; /* of all rows; a failure ends the render */
};

struct rendering {
    struct theme *theme;
    const struct page_request *req;
    struct arena *arena;
    struct hbs_env env;
    const struct page_addresses *addresses;
    str site_url; /* without a slash at the end */
    str locale;
    const struct date_locale *dates;
    const struct phrases *phrases[4]; /* where strings are looked for, in order; some NULL */
    str contexts[PAGE_CONTEXTS_MAX];
    size_t contexts_count;
    int64_t per_page;

    struct story_rows *object; /* the page's own story: one row */
    struct story_rows *posts;  /* the page's list */
    struct hbs_value pagination;
    int64_t number, pages, total;
    str archive_title;
    time_us archive_from;

    bool slots_filled;
    struct story_rows related, latest, popular, also_like;
    bool sections_filled, section_posts_filled;
    struct tag **sections;
    size_t sections_count;
    struct story_rows section_posts; /* of all sections, one after another */
    struct story_rows *section_rows; /* each section's part of them */
    bool neighbours_filled;
    struct story_rows *previous, *next;
    str copyright_years;

    /* What the page was made from. */
    uint64_t *seen; /* kind and id; a table of seen_slots, a power of two */
    size_t seen_slots, seen_count;
    uint64_t seen_last;
    time_us until;
    bool noindex;
};

static inline struct rendering *rendering_of(const struct hbs_env *env)
{
    return env->host;
}
static inline struct rendering *rendering_of_call(const struct hbs_call *call)
{
    return hbs_call_host(call);
}

/* Views keep what they show behind a plain pointer and never write to it. */
static inline void *view_data(const void *data)
{
    return (void *)(uintptr_t)data;
}

enum seen_kind {
    SEEN_SETTINGS = 1,
    SEEN_THEME,
    SEEN_STORY,
    SEEN_TAG,
    SEEN_BYLINE,
    SEEN_POSTS,    /* list:posts */
    SEEN_LATEST,   /* list:latest */
    SEEN_POPULAR,  /* list:popular */
    SEEN_SECTIONS, /* list:sections */
    SEEN_TAG_LIST,
    SEEN_BYLINE_LIST,
};
void rendering_saw_slow(struct rendering *r, uint64_t key);
static inline void rendering_saw(struct rendering *r, enum seen_kind kind, int64_t id)
{
    uint64_t key = (uint64_t)kind << 58 | ((uint64_t)id & ((UINT64_C(1) << 58) - 1));
    if (key != r->seen_last)
        rendering_saw_slow(r, key);
}
static inline void rendering_until(struct rendering *r, time_us t)
{
    if (t < r->until)
        r->until = t;
}

/* The string in the site's language (phrases.h), not filled in. */
str rendering_text(const struct rendering *r, str key);
bool rendering_is(const struct rendering *r, str context);

/* ---- addresses (address.c) ---- */

/* Below the site, beginning with '/'. */
str address_story(const struct rendering *r, const struct story *story);
str address_tag(const struct rendering *r, str slug);
str address_author(const struct rendering *r, str slug);
/* The site's url before a path; what is absolute already, or empty, stays. Also takes Ghost's
 * __GHOST_URL__ for the site's url. */
str address_absolute(const struct rendering *r, str text);
/* A path for an address of our own; others stay. */
str address_relative(const struct rendering *r, str text);
/* Page n of the list that is shown: base path, then page/n/. */
str address_page(const struct rendering *r, int64_t number);
/* base/tag/x/ of the request: where its page numbers stand. */
str address_base(const struct rendering *r);

/* ---- values (view_*.c) ---- */

struct hbs_value post_value(struct story_rows *rows, size_t index);
struct hbs_value posts_value(struct story_rows *rows); /* a list */
struct hbs_value tag_value(const struct tag *tag);
struct hbs_value author_value(const struct byline *byline);
struct hbs_value root_value(struct rendering *r);
struct hbs_value data_value(struct rendering *r);
struct hbs_value pagination_value(struct rendering *r, int64_t number, int64_t pages, int64_t total,
                                  int64_t limit);
/* ISO 8601 with the site's offset at that moment, as Ghost gives dates. */
struct hbs_value time_value(const struct rendering *r, time_us t);

/* The story behind a value, also when a partial's hash is laid upon it. False: it is none. */
MUST_USE enum status post_of_value(struct hbs_value value, const struct hbs_env *env,
                                   struct story_rows **ret_rows, size_t *ret_index,
                                   struct error *err);
/* The story the helper was called on, or NULL. */
MUST_USE enum status post_of_call(const struct hbs_call *call, struct story **ret_story,
                                  struct story_rows **ret_rows, struct error *err);
MUST_USE enum status rows_load_terms(struct rendering *r, struct story_rows *rows,
                                     struct error *err);
MUST_USE enum status rows_load_pictures(struct rendering *r, struct story_rows *rows,
                                        struct error *err);
MUST_USE enum status rows_load_body(struct rendering *r, struct story_rows *rows,
                                    struct error *err);
struct story_rows *rows_new(struct rendering *r, struct story **rows, size_t count);

/* What a reader without a subscription may see (gate.c). */
static inline bool story_is_open(int visibility)
{
    return visibility == 0; /* STORY_PUBLIC */
}

/* ---- lists (lists.c) ---- */

/* The page's own list and its pagination, or ST_NOT_FOUND. */
MUST_USE enum status lists_fetch_posts(struct rendering *r, struct error *err);
MUST_USE enum status lists_fill_slots(struct rendering *r, struct error *err);
MUST_USE enum status lists_fill_sections(struct rendering *r, struct error *err);
MUST_USE enum status lists_fill_section_posts(struct rendering *r, struct error *err);
MUST_USE enum status lists_fill_neighbours(struct rendering *r, struct error *err);
MUST_USE enum status lists_copyright_years(struct rendering *r, str *ret_years, struct error *err);

/* ---- what ghost_head, meta_title and feeds say of a page (meta.c) ---- */

enum meta_kind { META_PAGE, META_OG, META_TWITTER };
MUST_USE enum status meta_title(struct rendering *r, enum meta_kind kind, str page_pattern,
                                str *ret_title, struct error *err);
MUST_USE enum status meta_description(struct rendering *r, enum meta_kind kind,
                                      str *ret_description, struct error *err);
struct meta_picture {
    str url;               /* absolute; empty: none */
    int64_t width, height; /* 0: not known */
};
MUST_USE enum status meta_image(struct rendering *r, enum meta_kind kind,
                                struct meta_picture *ret_picture, struct error *err);
MUST_USE enum status meta_canonical(struct rendering *r, str *ret_url, struct error *err);

/* ---- helpers, by file ---- */

hbs_helper_fn helper_foreach, helper_match, helper_is, helper_has, helper_split, helper_concat,
    helper_json, helper_raw, helper_encode, helper_plural; /* helpers_logic.c */
hbs_helper_fn helper_title, helper_url, helper_content, helper_excerpt, helper_date,
    helper_reading_time, helper_tags, helper_authors, helper_tiers, helper_post_class,
    helper_prev_post, helper_next_post, helper_comment_count; /* helpers_post.c */
hbs_helper_fn helper_body_class, helper_navigation, helper_pagination, helper_page_url, helper_link,
    helper_link_class, helper_search, helper_meta_title, helper_meta_description,
    helper_recommendations, helper_nothing, helper_cancel_link, helper_total_members,
    helper_content_api_url, helper_content_api_key; /* helpers_site.c */
hbs_helper_fn helper_asset, helper_img_url, helper_t, helper_social_url, helper_social_accounts,
    helper_facebook_url, helper_twitter_url, helper_readable_url, helper_color_to_rgba,
    helper_contrast_text_color, helper_price;       /* helpers_value.c */
hbs_helper_fn helper_get;                           /* get.c */
hbs_helper_fn helper_ghost_head, helper_ghost_foot; /* head.c */
hbs_helper_fn helper_comments;                      /* replies.c */

/* ---- reading a helper's arguments (arguments.c) ---- */

/* A hash value as text; `otherwise` when it is not given or is nothing. */
MUST_USE enum status call_text(const struct hbs_call *call, str name, str otherwise, str *ret,
                               struct error *err);
/* A number, or a text that is one; garbage and absence give `otherwise`. */
int64_t call_int(const struct hbs_call *call, str name, int64_t otherwise);
/* true and "true". */
bool call_bool(const struct hbs_call *call, str name, bool otherwise);
/* A property of the current context. */
MUST_USE enum status call_this(const struct hbs_call *call, str name, struct hbs_value *ret,
                               struct error *err);
/* The same as text, empty for nothing. */
MUST_USE enum status call_this_text(const struct hbs_call *call, str name, str *ret,
                                    struct error *err);
MUST_USE enum status value_text(const struct hbs_env *env, struct hbs_value value, str *ret,
                                struct error *err);
MUST_USE enum status value_get_text(const struct hbs_env *env, struct hbs_value value, str name,
                                    str *ret, struct error *err);
