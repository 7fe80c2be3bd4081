/* SPDX-License-Identifier: MIT
 *
 * Upkeep: what is kept beside the stories, worked out anew from them. The statements walk whole
 * tables, which nothing that serves may do; `broadsheet check` runs them alone. */
#include "news/list.h"
#include "store/store.h"

/* The shifts are literals because PostgreSQL shifts a BIGINT by an INTEGER only. */
static_assert(LIST_COARSE_BITS == 41, "as below");
static_assert(LIST_FINE_BITS == 36, "as below");
static_assert(LIST_ALL == 0 && LIST_TAG == 1 && LIST_BYLINE == 2, "as below");

#define COUNTED                                                                                    \
    "SELECT 0 AS list, 0 AS of, 0 AS level, s.published_at >> 41 AS slot, COUNT(*) AS stories"     \
    " FROM story s WHERE s.kind = 'story' AND s.state = 'published' GROUP BY s.published_at >> 41" \
    " UNION ALL SELECT 0, 0, 1, s.published_at >> 36, COUNT(*)"                                    \
    " FROM story s WHERE s.kind = 'story' AND s.state = 'published' GROUP BY s.published_at >> 36" \
    " UNION ALL SELECT 1, l.tag, 0, l.listed_at >> 41, COUNT(*)"                                   \
    " FROM story_tag l WHERE l.listed_at IS NOT NULL GROUP BY l.tag, l.listed_at >> 41"            \
    " UNION ALL SELECT 2, l.byline, 0, l.listed_at >> 41, COUNT(*)"                                \
    " FROM story_byline l WHERE l.listed_at IS NOT NULL GROUP BY l.byline, l.listed_at >> 41"

#define LISTED                                                                                     \
    "(SELECT CASE WHEN s.kind = 'story' AND s.state = 'published' THEN s.published_at END"         \
    " FROM story s WHERE s.id = l.story)"

/* Where the desk finds what is in no list (news/desk_list.h). */
#define UNLISTED_STATE                                                                             \
    "(SELECT CASE WHEN l.listed_at IS NULL THEN s.state END FROM story s WHERE s.id = l.story)"
#define UNLISTED_AT                                                                                \
    "(SELECT CASE WHEN l.listed_at IS NULL THEN"                                                   \
    " CASE WHEN s.state IN ('scheduled', 'published') THEN s.published_at ELSE s.updated_at END"   \
    " END FROM story s WHERE s.id = l.story)"
#define UNLISTED_WRONG                                                                             \
    " WHERE l.desk_state IS DISTINCT FROM " UNLISTED_STATE                                         \
    " OR l.desk_at IS DISTINCT FROM " UNLISTED_AT

#define TAG_STORIES                                                                                \
    "(SELECT COUNT(*) FROM story_tag l WHERE l.tag = tag.id AND l.listed_at IS NOT NULL)"
#define BYLINE_STORIES                                                                             \
    "(SELECT COUNT(*) FROM story_byline l WHERE l.byline = byline.id"                              \
    " AND l.listed_at IS NOT NULL)"
#define STORY_REPLIES                                                                              \
    "(SELECT COUNT(*) FROM comment c WHERE c.story = story.id AND c.state = 'approved')"

/* Mends what is wrong; its changes are how many rows that was. */
static enum status mend(struct newsroom *desk, store_sql sql, int64_t *wrong, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    enum status st = store_run(q, err);
    if (st == ST_OK)
        *wrong += store_stmt_changes(q);
    return st;
}

static enum status count_wrong_places(struct newsroom *desk, int64_t *wrong, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("SELECT COUNT(*) FROM (SELECT list, of, level, slot, stories FROM list_count"
            " WHERE stories <> 0 EXCEPT SELECT * FROM (" COUNTED ") AS x) AS kept_wrong"
            " UNION ALL SELECT COUNT(*) FROM (SELECT * FROM (" COUNTED ") AS y"
            " EXCEPT SELECT list, of, level, slot, stories FROM list_count) AS not_kept"));
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        *wrong += store_column_int(q, 0);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status story_list_recount(struct newsroom *desk, int64_t *ret_wrong, struct error *err)
{
    int64_t wrong = 0, ignored = 0;
    const store_sql mends[] = {
        SQL("UPDATE story_tag AS l SET listed_at = " LISTED
            " WHERE l.listed_at IS DISTINCT FROM " LISTED),
        SQL("UPDATE story_byline AS l SET listed_at = " LISTED
            " WHERE l.listed_at IS DISTINCT FROM " LISTED),
        SQL("UPDATE story_tag AS l SET desk_state = " UNLISTED_STATE
            ", desk_at = " UNLISTED_AT UNLISTED_WRONG),
        SQL("UPDATE story_byline AS l SET desk_state = " UNLISTED_STATE
            ", desk_at = " UNLISTED_AT UNLISTED_WRONG),
        SQL("UPDATE tag SET story_count = " TAG_STORIES " WHERE story_count <> " TAG_STORIES),
        SQL("UPDATE byline SET story_count = " BYLINE_STORIES
            " WHERE story_count <> " BYLINE_STORIES),
        SQL("UPDATE story SET comment_count = " STORY_REPLIES
            " WHERE comment_count <> " STORY_REPLIES),
    };
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < sizeof(mends) / sizeof(mends[0]); i++)
        st = mend(desk, mends[i], &wrong, err);
    if (st == ST_OK)
        st = count_wrong_places(desk, &wrong, err);
    if (st == ST_OK)
        st = mend(desk, SQL("DELETE FROM list_count"), &ignored, err);
    if (st == ST_OK)
        st = mend(desk, SQL("INSERT INTO list_count (list, of, level, slot, stories) " COUNTED),
                  &ignored, err);
    if (st == ST_OK)
        *ret_wrong = wrong;
    return st;
}
