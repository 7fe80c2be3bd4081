/* theme/page.h -- one page, from what was asked to its HTML and the names of what it was made from.
 *
 *     struct theme_page page;
 *     st = theme_render(theme, &(struct page_request){.kind = PAGE_STORY, .conn = conn,
 *                           .site = settings, .zone = zone, .now = now, .path = path,
 *                           .story = story}, arena, &page, err);
 *     send(page.text); cache(page.names, page.until);
 *
 * The caller has found the object (story, tag, byline) and holds an open read transaction; the
 * lists of a page are fetched here, each as a unit, when a template first touches it. A query that
 * fails ends the render with its status: no half page. ST_NOT_FOUND: the page number is beyond the
 * last (also ST_NOT_FOUND for a tag or byline without a published story: Ghost's rule).
 * ST_TOO_BIG: the theme met a limit of hbs.h or PAGE_BYTES_MAX, or `expired` said so.
 *
 * Nothing of one reader is in a page, unless `reply` or `search` is given or it is a preview; such
 * a page has `cacheable` false. No view knows an email address.
 *
 * Memory: the arena. Threads: a request and its arena belong to one thread. */
#pragma once
#include "base/clock.h"
#include "news/comment.h"
#include "news/list.h"
#include "news/news.h"

struct arena;
struct byline;
struct site_settings;
struct store_conn;
struct story;
struct tag;
struct theme;
struct zone;
struct zone_cache;

enum {
    PAGE_BYTES_MAX = 16 * 1024 * 1024,
    PAGE_REPLIES_PER_PAGE = 50, /* threads */
};

/* What the reply area says to the site: the form is posted to the story's own address; ?replyto=ID
 * answers a reply, ?replies=AT-ID[-AT-ID] shows the threads after that place (a thread's, and within
 * it a reply's), and the trap field must come
 * back empty. */
#define PAGE_REPLY_TO      "replyto"
#define PAGE_REPLIES_AFTER "replies"
#define PAGE_REPLY_TRAP    "more"

enum page_kind {
    PAGE_LIST,     /* the front page and its further pages, or another collection */
    PAGE_STORY,    /* .story */
    PAGE_PAGE,     /* .story, of kind page */
    PAGE_TAG,      /* .tag */
    PAGE_AUTHOR,   /* .byline */
    PAGE_ARCHIVE,  /* .archive: a year or a month */
    PAGE_SEARCH,   /* .search */
    PAGE_ERROR,    /* .error */
    PAGE_TEMPLATE, /* a route of routes.yaml with a template of its own */
};

/* What a reader who has just replied, or whose reply was refused, is shown. */
struct reply_view {
    comment_id own; /* shown whatever its state; 0: none */
    enum { REPLY_NOTICE_NONE, REPLY_NOTICE_HELD, REPLY_NOTICE_PUBLISHED } notice;
    comment_id parent;                 /* the reply being answered; 0: none */
    str text, name, email, website;    /* typed, to be kept in the form */
    str problems[COMMENT_FIELD_COUNT]; /* one sentence a field, in English: a key of the locale */
    bool refused;                      /* a summary stands above the form */
    struct comment_place after;        /* threads after this place: ?replies= */
    bool
        elsewhere; /* that is all there is to it: the same for every reader, but not the first page */
};

struct page_search {
    str query;
    str problem; /* a sentence in English (a key of the locale), or empty */
    const struct page_search_row {
        struct story *story;
        html snippet;
    } * rows;
    size_t count;
    int64_t total; /* -1: not known */
    str next_url;  /* empty: no further results */
};

/* Where things are on this site. A NULL function: Ghost's default address. */
struct page_addresses {
    void *ctx;
    /* "/2024/05/rain/", below the site's url; NULL: "/rain/". */
    str (*story)(void *ctx, struct arena *arena, const struct story *story);
    str search;    /* "/search/"; empty: there is none */
    str rss;       /* "/rss/" */
    str atom;      /* "/atom.xml"; empty: not served */
    str json_feed; /* "/feed.json" */
    str icon;      /* of a site that has none of its own, nor its theme; empty: not served */
    bool cards;    /* theme/card.h's addresses answer */
};

struct page_request {
    enum page_kind kind;
    struct store_conn *conn;
    struct site_settings *site;
    const struct zone *zone;                /* of site->timezone; NULL: UTC */
    struct zone_cache *zones;               /* for {{date timezone=}}; NULL: that zone alone */
    const struct page_addresses *addresses; /* NULL: Ghost's, with everything served */
    time_us now;

    str path;       /* as asked, in its one form: "/tag/harbour/page/2/" */
    str base_path;  /* without "page/2/"; empty: worked out from path */
    int64_t number; /* of the page in its list; 0 is 1 */
    int64_t limit;  /* rows a page; 0: the theme's posts_per_page */
    bool preview;   /* a draft: not cached, not indexed */

    struct story *story; /* filled further as the page needs (news/list.h) */
    const struct tag *tag;
    const struct byline *byline;
    struct {
        int year, month; /* month 0: the year */
    } archive;
    const struct page_search *search;
    struct {
        int code;
        str message; /* in English; a key of the locale */
    } error;
    const struct reply_view *reply;

    /* From routes.yaml: templates in order, and the context's name; most pages have neither. */
    const str *templates;
    size_t templates_count;
    str route_name;

    bool (*expired)(void *ctx); /* asked now and then; may be NULL */
    void *expired_ctx;
};

struct theme_page {
    str text; /* the whole HTML document */
    const str *names;
    size_t names_count;
    time_us until; /* from then on it would read differently; TIME_NEVER */
    bool cacheable;
    bool noindex;
    uint64_t steps; /* of the template program */
};

MUST_USE enum status theme_render(struct theme *theme, const struct page_request *request,
                                  struct arena *arena, struct theme_page *ret_page,
                                  struct error *err);

/* ---- the rules, apart from rendering ---- */

enum { PAGE_CONTEXTS_MAX = 6, PAGE_TEMPLATES_MAX = 24 };

/* {"paged", "index"}: how many. GHOST-THEMES 3.4. */
size_t page_contexts(const struct page_request *request, str ret_contexts[PAGE_CONTEXTS_MAX]);
/* The names to try, best first: {"tag-news", "tag", "index"}. GHOST-THEMES 3.5; ours are archive
 * and search, both before index. */
size_t page_templates(const struct page_request *request, struct arena *arena,
                      str ret_templates[PAGE_TEMPLATES_MAX]);
