/* news/list.h -- stories in lists: newest first, by keyset, each list fetched as a unit.
 *
 *     struct story_list list;
 *     st = story_list_get(conn, &(struct story_query){.list = LIST_TAG, .of = tag->id.v,
 *                                                     .limit = 20}, arena, &list, err);
 *     st = story_load_terms(conn, list.rows, list.count, arena, err);  // all rows, one statement
 *     next.before = story_key(list.rows[list.count - 1]);
 *
 * Rows come without tags, bylines, body or plain text: a loader brings one of those for all rows
 * (of one list, or of several lists of a page together) in one statement, and does nothing for
 * rows that have it. A page of five lists of ten rows costs what five lists of one row cost.
 *
 * Page numbers. Ghost's addresses say /page/7/, and the pagination object says how many pages there
 * are. Neither may walk or count what lies before. So each list keeps, in list_count, how many
 * stories lie in each stretch of time (LIST_COARSE_BITS of the microseconds, 25 days; for the list
 * of all stories LIST_FINE_BITS too, 19 hours). The stretch in which page 7 begins is found by
 * adding those up from the newest, and then the stories inside that one stretch are stepped over by
 * index. A total is a sum of the coarse counts; a month's is the difference of two ranks. The
 * cost grows with the years a site is old and with the stories of one stretch, not with the
 * archive: measured in tests/unit/news/test_list.c and bench/.
 *     Tried and dropped: a mark every 100 stories (an insert far back moves all later marks);
 * OFFSET (walks); counting on the fly (walks).
 *
 * Memory: results live in the caller's arena. Threads: one connection a thread. */
#pragma once
#include "news/change.h"
#include "news/story.h"

struct store_conn;

enum {
    LIST_LIMIT_DEFAULT = 15,
    LIST_LIMIT_MAX = 1000,
    LIST_FINE_BITS = 36,   /* 2^36 us: 19 hours */
    LIST_COARSE_BITS = 41, /* 2^41 us: 25 days */
};

/* A place in a list. {0}: the start. */
struct story_key {
    time_us at;
    int64_t id;
};
struct story_key story_key(const struct story *story);

struct story_query {
    enum list_kind list;
    int64_t of;              /* the tag's or byline's id */
    bool featured_only;      /* with LIST_ALL only */
    struct story_key before; /* older than this place */
    time_us from, until;     /* published in [from, until); 0: no bound */
    bool oldest_first;       /* then `before` reads as "after" */
    size_t limit;            /* 0: LIST_LIMIT_DEFAULT; at most LIST_LIMIT_MAX */
};

struct story_list {
    struct story **rows;
    size_t count;
    bool more; /* there is at least one after the last row */
};

/* Published stories. One statement. */
MUST_USE enum status story_list_get(struct store_conn *conn, const struct story_query *query,
                                    struct arena *arena, struct story_list *ret_list,
                                    struct error *err);
/* Published stories and pages with these ids, in this order; what is missing or not published is
 * left out. One statement. */
MUST_USE enum status story_list_by_ids(struct store_conn *conn, const int64_t *ids, size_t count,
                                       struct arena *arena, struct story_list *ret_list,
                                       struct error *err);
/* The `each` newest published stories of each tag: *ret_lists has one list a tag, in the order of
 * `tags` (at most LIST_SECTIONS_MAX). A story of several tags is one struct. One statement. */
enum { LIST_SECTIONS_MAX = 8 };
MUST_USE enum status story_list_by_tags(struct store_conn *conn, const tag_id *tags, size_t count,
                                        size_t each, struct arena *arena,
                                        struct story_list **ret_lists, struct error *err);
/* Published pages (kind page) by title; keyset on (title, id). */
MUST_USE enum status story_list_pages(struct store_conn *conn, str after_title, int64_t after_id,
                                      size_t limit, struct arena *arena,
                                      struct story_list *ret_list, struct error *err);
/* What the desk lists: any kind, one state, last saved first; `before` is (updated_at, id). */
MUST_USE enum status story_list_desk(struct store_conn *conn, enum story_state state,
                                     struct story_key before, size_t limit, struct arena *arena,
                                     struct story_list *ret_list, struct error *err);
/* Published stories and pages by last change, oldest first from `after` (updated_at, id): sitemaps
 * and exports walk the whole site with it. */
MUST_USE enum status story_list_changed(struct store_conn *conn, struct story_key after,
                                        size_t limit, struct arena *arena,
                                        struct story_list *ret_list, struct error *err);
/* Every story and page of whatever state by id, from `after_id`: exports and checks. */
MUST_USE enum status story_list_all(struct store_conn *conn, int64_t after_id, size_t limit,
                                    struct arena *arena, struct story_list *ret_list,
                                    struct error *err);

/* ---- loaders: one statement for all rows, whatever lists they are from ---- */

/* Tags and bylines together. Rows that share a tag share the struct. */
MUST_USE enum status story_load_terms(struct store_conn *conn, struct story **rows, size_t count,
                                      struct arena *arena, struct error *err);
/* html, meta, format, source, corrections (a second statement only if some row has any). */
MUST_USE enum status story_load_body(struct store_conn *conn, struct story **rows, size_t count,
                                     struct arena *arena, struct error *err);
MUST_USE enum status story_load_plain(struct store_conn *conn, struct story **rows, size_t count,
                                      struct arena *arena, struct error *err);

/* ---- places and totals ---- */

/* Published stories of a list: all (0, 0), or from `from` up to but without `until`. */
MUST_USE enum status story_list_total(struct store_conn *conn, enum list_kind list, int64_t of,
                                      time_us from, time_us until, int64_t *ret_total,
                                      struct error *err);
/* Finds the key after which the list goes on once its `skip` newest are passed over: put it in
 * `before`. skip 0 gives {0}. ST_NOT_FOUND: the list is not that long. With `until` set, counting
 * begins below it (a month's second page). */
MUST_USE enum status story_list_seek(struct store_conn *conn, enum list_kind list, int64_t of,
                                     time_us until, int64_t skip, struct story_key *ret_before,
                                     struct error *err);
/* Pages and total for `limit` rows a page, and the place where page `page` (from 1) begins.
 * ST_NOT_FOUND: no such page (page 1 is always there). For featured-only lists there are none. */
struct story_page {
    int64_t total, pages;
    struct story_key before;
};
MUST_USE enum status story_list_page(struct store_conn *conn, const struct story_query *query,
                                     int64_t page, struct story_page *ret_page, struct error *err);

/* Months in which stories of the list appeared are found by skipping from month to month:
 * the newest story older than `before`, or ST_NOT_FOUND. */
MUST_USE enum status story_list_newest_before(struct store_conn *conn, enum list_kind list,
                                              int64_t of, time_us before, time_us *ret_at,
                                              struct error *err);

/* Works list_count, story_count, listed_at and comment_count out anew from the stories, and says
 * how many rows were wrong: `broadsheet check`, and the end of a large import if it skipped them. */
MUST_USE enum status story_list_recount(struct newsroom *desk, int64_t *ret_wrong,
                                        struct error *err);
