/* news/story.h -- a story or a page: the record, how it is saved, and its states.
 *
 *     struct story_draft draft = {.title = S("Rain stops play: 3-0"), .text = body,
 *                                 .format = STORY_HTML, .tags = tags, .tags_count = 2};
 *     struct story_prepared ready;
 *     st = story_prepare(arena, &draft, &ready, err);     // any thread: sanitizes, counts
 *     ...
 *     st = story_save(desk, &ready, &id, err);            // in the write: only writes
 *     st = story_publish(desk, id, desk->now, err);
 *
 *     st = story_by_slug(conn, S("rain-stops-play-3-0"), arena, &story, err);
 *     st = story_load_body(conn, story, arena, err);      // html and what the page alone prints
 *
 *            save            publish
 *     (new) ------> draft ---------------------> published
 *                    |  ^  schedule   due           |   ^
 *                    |  |<----------> scheduled ----+   |  unpublish: back to draft
 *                    v  | restore                   v   |
 *                    trashed <----------------------+---+
 *
 * A slug is unique over stories and pages. A clash gets "-2", "-3", ...; a slug never changes by
 * itself once its story was published, and when an editor changes it the old address redirects.
 * A story that was published once answers 410 while it is not (was_published).
 *
 * `version` counts saves and changes of state: an edit names the one it began from, so that it
 * neither undoes another's nor goes out to readers because somebody published meanwhile.
 *
 * Saving derives everything that showing needs: sanitized html, plain text and excerpt (of the part
 * that is for visitors: text/gate.h; so search, quotes and likeness know no more), counts,
 * sizes of pictures and which ones it shows (text/pictures.h),
 * the text that search reads; keeps the version it replaced; names what changed; and
 * leaves a `related` job for behind. The full-text row follows in the same transaction.
 *
 * Memory: results live in the caller's arena. Threads: reading, one connection a thread; writing, on
 * the writer's thread, as news.h says; story_prepare, any. */
#pragma once
#include "news/news.h"
#include "text/sanitize.h"

struct store_conn;

enum {
    STORY_TITLE_MAX = 2000,           /* bytes */
    STORY_STANDFIRST_MAX = 20000,     /* bytes */
    STORY_BODY_MAX = 4 * 1024 * 1024, /* bytes of HTML, as the sanitizer's own limit */
    STORY_EXCERPT_CHARS = 500,        /* as Ghost's */
    STORY_TAGS_MAX = 200,
    STORY_BYLINES_MAX = 50,
};

enum story_kind { STORY_STORY, STORY_PAGE };
enum story_state { STORY_DRAFT, STORY_SCHEDULED, STORY_PUBLISHED, STORY_TRASHED };
enum story_visibility { STORY_PUBLIC, STORY_MEMBERS, STORY_PAID, STORY_TIERS };
enum story_format { STORY_HTML, STORY_MARKDOWN };

const char *story_state_name(enum story_state state); /* "draft", as kept and as said to people */
str story_visibility_text(enum story_visibility visibility);
enum story_visibility story_visibility_from_name(str name); /* public where it is none */

struct tag;
struct byline;
struct media;
struct picture_lookup;

/* What search engines and link cards read; STR_NONE where nothing is set. */
struct story_meta {
    str meta_title, meta_description;
    str og_title, og_description, og_image;
    str twitter_title, twitter_description, twitter_image;
    str code_head, code_foot;
};

struct story_correction {
    time_us corrected_at;
    html text;
};

/* A story as read. What a list prints comes with the row; tags and bylines with
 * story_load_terms; the body, meta and corrections with story_load_body; the plain text with
 * story_load_plain: each for all rows of a list at once (news/list.h). Unset text is empty. */
struct story {
    story_id id;
    str ghost_id, uuid;
    enum story_kind kind;
    enum story_state state;
    str slug, title;
    str dateline, source;
    str standfirst; /* the editor's own; Ghost's custom_excerpt */
    str excerpt;    /* the standfirst, else the start of the text */
    str image, image_alt;
    html image_caption;
    bool featured;
    enum story_visibility visibility;
    str language; /* empty: the site's */
    str template_name;
    str canonical_url;
    bool show_title_and_image;
    bool replies_open;
    bool was_published;
    time_us created_at, updated_at;
    time_us published_at; /* 0: never */
    time_us revised_at;   /* 0: no change marked for readers */
    tag_id primary_tag;
    byline_id primary_byline;
    int64_t word_count, image_count, comment_count, correction_count;
    int64_t fingerprint;
    int64_t version;

    bool terms_loaded;
    const struct tag **tags; /* in order; internal ones too */
    size_t tags_count;
    const struct byline **bylines;
    size_t bylines_count;

    bool body_loaded;
    html body;
    struct story_meta meta;
    enum story_format format;
    str source_text; /* empty: the html is all there is */
    struct story_correction *corrections;
    size_t corrections_count;

    bool plain_loaded;
    str plain;

    bool picture_loaded;         /* media/media.h: media_load_pictures */
    const struct media *picture; /* the record of its own picture; NULL: none */
};

/* ---- reading one ---- */

/* ST_NOT_FOUND when there is none. Any state: the caller decides who may see it. */
MUST_USE enum status story_by_id(struct store_conn *conn, story_id id, struct arena *arena,
                                 struct story **ret_story, struct error *err);
MUST_USE enum status story_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                                   struct story **ret_story, struct error *err);
MUST_USE enum status story_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                                       struct story **ret_story, struct error *err);
MUST_USE enum status story_by_uuid(struct store_conn *conn, str uuid, struct arena *arena,
                                   struct story **ret_story, struct error *err);
/* The published stories before and after in time: one statement; NULL where there is none. */
MUST_USE enum status story_neighbours(struct store_conn *conn, const struct story *story,
                                      struct arena *arena, struct story **ret_previous,
                                      struct story **ret_next, struct error *err);
/* When the oldest published story appeared: the footer's first year. 0: there is none. */
MUST_USE enum status story_first_published(struct store_conn *conn, time_us *ret_at,
                                           struct error *err);

/* ---- preparing ---- */

struct story_draft {
    story_id id; /* 0: a new one */
    /* The version an edit began from: ST_CONFLICT when somebody saved since. 0: whatever it is. */
    int64_t version;
    enum story_kind kind;
    str slug; /* empty: from the title for a new story, as it is for an old one */
    str title;
    str dateline, source, standfirst;
    enum story_format format;
    str text;                         /* HTML or Markdown, from whoever: it is sanitized */
    str site_url;                     /* whose pictures are our own; may be empty */
    enum clean_foreign foreign_media; /* what becomes of others' */
    struct clean_report *report;      /* what was left out; NULL: nobody asks */
    /* What is known of our own pictures (media/media.h): one call a story that has any. NULL: they
     * get their sizes behind. */
    const struct picture_lookup *pictures;
    str image, image_alt;
    str image_caption; /* HTML: sanitized */
    bool featured;
    enum story_visibility visibility;
    str language, template_name, canonical_url;
    bool hide_title_and_image;
    bool replies_closed;
    struct story_meta meta;
    const tag_id *tags; /* the first is the primary one */
    size_t tags_count;
    const byline_id *bylines;
    size_t bylines_count;
    const struct story_correction *corrections; /* text is sanitized too */
    size_t corrections_count;
    bool same_text; /* `text` is an old one's html, untouched: what it was made from is kept */
    bool keep_corrections; /* an old one's stay as they are: the desk's, by news/correction.h */
    bool revised;          /* an editor marks this change as one for readers */
    bool untimed;          /* an old one that is not published loses its published_at */
    /* For imports and tests. Empty or 0: made here. */
    str ghost_id, uuid;
    time_us created_at, updated_at;
    time_us published_at; /* what story_publish is to keep, for a story from elsewhere */
    /* A new one is saved in this state at once, which spares an import the second write:
     * scheduled and published need published_at. An old one keeps its state. */
    enum story_state state;
    bool index_later; /* a new one's words: the caller sees to story_index in the same write */
};

/* A draft and what is derived from it. Lends what the draft lends. */
struct story_prepared {
    struct story_draft draft;
    html clean; /* as sanitized */
    html body;  /* and with what text/pictures.h adds to our own pictures */
    html image_caption;
    struct story_correction *corrections;
    str picture;         /* the path of its own picture, when that is one of ours */
    const str *pictures; /* the different paths of ours that it names, below media/ */
    size_t pictures_count;
    int64_t pictures_known; /* so many of them have a record */
    str slug;               /* wished for; empty when an old story keeps its own */
    str plain;
    str excerpt;
    int64_t word_count, image_count;
};

/* ST_INVALID: no title (a story needs one), a bad slug, too many tags; ST_TOO_BIG: over a limit. */
MUST_USE enum status story_prepare(struct arena *arena, const struct story_draft *draft,
                                   struct story_prepared *ret_ready, struct error *err);

/* ---- writing ---- */

/* ST_NOT_FOUND: no story of that id; ST_CONFLICT: saved by another since `draft.version`, or
 * ghost_id or uuid are taken. */
MUST_USE enum status story_save(struct newsroom *desk, const struct story_prepared *ready,
                                story_id *ret_id, struct error *err);
/* The words of new stories that were saved with `index_later`, for the search: one call for many. */
MUST_USE enum status story_index(struct newsroom *desk, const story_id *ids, size_t count,
                                 struct error *err);

/* ---- parts of a story, changed by themselves (the desk, many at once) ----
 *
 * The text stays, and so no version of it is kept; but each counts as a save, so that an edit which began before
 * meets a conflict instead of undoing it. What search reads follows: its words of tags and bylines behind. */

struct story_links {
    const tag_id *tags; /* all of them, in order */
    size_t tags_count;
    const byline_id *bylines;
    size_t bylines_count;
    bool quiet; /* a tag or byline became another: no new time of change, nothing related anew */
};
/* ST_NOT_FOUND: no such story, tag or byline. */
MUST_USE enum status story_set_links(struct newsroom *desk, story_id id,
                                     const struct story_links *links, struct error *err);
MUST_USE enum status story_set_featured(struct newsroom *desk, story_id id, bool featured,
                                        struct error *err);
/* What of the body is for visitors follows (text/gate.h): plain text, excerpt, search. */
MUST_USE enum status story_set_visibility(struct newsroom *desk, story_id id,
                                          enum story_visibility visibility, struct error *err);

/* What a save does for pictures, for a story as it stands: addresses that moved are followed, sizes
 * written, story_picture kept. No version is kept and no time changed, as the words stay. Raises what
 * changed; *ret_changed: anything did. ST_OK for a story that is gone. */
MUST_USE enum status story_refresh_pictures(struct newsroom *desk, story_id id,
                                            const struct picture_lookup *lookup, bool *ret_changed,
                                            struct error *err);

/* From draft or scheduled (published already: ST_OK, nothing done; trashed: ST_CONFLICT). A story
 * that was published before, or brought its own published_at, keeps that time; else it is `at`. */
MUST_USE enum status story_publish(struct newsroom *desk, story_id id, time_us at,
                                   struct error *err);
/* `at` must be later than now: ST_INVALID. From draft or scheduled. */
MUST_USE enum status story_schedule(struct newsroom *desk, story_id id, time_us at,
                                    struct error *err);
/* Back to draft, from published or scheduled. */
MUST_USE enum status story_unpublish(struct newsroom *desk, story_id id, struct error *err);
MUST_USE enum status story_trash(struct newsroom *desk, story_id id, struct error *err);
/* From the trash to draft. */
MUST_USE enum status story_restore(struct newsroom *desk, story_id id, struct error *err);
/* For good, with replies, versions and counts. Only from the trash: ST_CONFLICT. */
MUST_USE enum status story_delete(struct newsroom *desk, story_id id, struct error *err);

/* ---- versions ---- */

struct story_version {
    int64_t version;
    time_us saved_at;
    person_id person;   /* who replaced it */
    person_id saved_by; /* who had saved it; 0: not known, or the program */
    str saved_by_name;  /* empty: they have no login any more */
    str title;
};
/* Newest first, without their text; at most `limit`. The story itself is not among them. */
MUST_USE enum status story_versions(struct store_conn *conn, story_id id, int64_t before_version,
                                    size_t limit, struct arena *arena,
                                    struct story_version **ret_versions, size_t *ret_count,
                                    struct error *err);
MUST_USE enum status story_version_get(struct store_conn *conn, story_id id, int64_t version,
                                       struct arena *arena, struct story_version *ret_version,
                                       str *ret_standfirst, html *ret_body, str *ret_source_text,
                                       enum story_format *ret_format, struct error *err);
/* The text that stands there, as a version: who saved it and when. Its title too. */
MUST_USE enum status story_version_now(struct store_conn *conn, story_id id, struct arena *arena,
                                       struct story_version *ret_version, struct error *err);
/* Of an edit that began from `version`: the text it began from is kept under this number, as only a save of
 * other words keeps one. 0: it is the text that stands there. */
MUST_USE enum status story_version_kept(struct store_conn *conn, story_id id, int64_t version,
                                        int64_t *ret_kept, struct error *err);

/* ---- whose it is, and who may see it before readers do ---- */

/* Whether one of its bylines is this person's. */
MUST_USE enum status story_is_by(struct store_conn *conn, story_id id, person_id person,
                                 bool *ret_is, struct error *err);
/* What a link to an unpublished story carries; empty: none was made. */
MUST_USE enum status story_preview_key(struct store_conn *conn, story_id id, struct arena *arena,
                                       str *ret_key, struct error *err);
/* Another one: links with the old one lead nowhere any more. */
MUST_USE enum status story_preview_key_new(struct newsroom *desk, story_id id, str *ret_key,
                                           struct error *err);
