/* SPDX-License-Identifier: MIT
 *
 * The newest stories of several tags at once. Each tag's part is a walk of its index that stops at
 * `each`; the parts are put together by UNION ALL, so a front page's sections are one statement. (A
 * window function over all of the tags' stories would walk them whole; SQLite has no LATERAL.) */
#include "base/arena.h"
#include "news/list.h"
#include "news/story_row.h"
#include "store/store.h"

#define PART(place, tag)                                                                           \
    "SELECT * FROM (SELECT " STORY_COLUMNS ", " place " AS place"                                  \
    " FROM story_tag l CROSS JOIN story s"                                                         \
    " WHERE l.tag = " tag " AND l.listed_at IS NOT NULL AND s.id = l.story"                        \
    " ORDER BY l.listed_at DESC, l.story DESC LIMIT $9) AS p" place
#define ALL_PARTS                                                                                                 \
    PART("0", "$1")                                                                                               \
    " UNION ALL " PART("1", "$2") " UNION ALL " PART("2", "$3") " UNION ALL " PART("3", "$4") " UNION ALL " PART( \
        "4", "$5") " UNION ALL " PART("5", "$6") " UNION ALL " PART("6",                                          \
                                                                    "$7") " UNION ALL " PART("7",                 \
                                                                                             "$8")
static_assert(LIST_SECTIONS_MAX == 8, "as many parts as ALL_PARTS has");

/* A story of two tags is one struct, loaded once. */
static struct story *known(const struct story_list *lists, size_t count, struct story *story)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < lists[i].count; k++) {
            if (lists[i].rows[k]->id.v == story->id.v)
                return lists[i].rows[k];
        }
    }
    return story;
}

enum status story_list_by_tags(struct store_conn *conn, const tag_id *tags, size_t count,
                               size_t each, struct arena *arena, struct story_list **ret_lists,
                               struct error *err)
{
    CHECK(count <= LIST_SECTIONS_MAX);
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(ALL_PARTS));
    for (size_t i = 0; i < LIST_SECTIONS_MAX; i++) /* there is no tag 0 */
        store_bind_int(q, (int)i + 1, i < count ? tags[i].v : 0);
    store_bind_int(q, LIST_SECTIONS_MAX + 1, i64_from_size(each));
    struct story_list *lists = arena_new_array(arena, struct story_list, LIST_SECTIONS_MAX);
    for (size_t i = 0; i < count; i++)
        lists[i].rows = arena_new_array(arena, struct story *, each);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, STORY_COLUMNS_COUNT);
        CHECK(place >= 0 && (size_t)place < count);
        struct story_list *list = &lists[place];
        CHECK(list->count < each);
        struct story *story = known(lists, count, story_from_row(q, 0, arena));
        list->rows[list->count++] = story;
    }
    if (st != ST_NOT_FOUND)
        return st;
    *ret_lists = lists;
    return ST_OK;
}
