/* SPDX-License-Identifier: MIT
 *
 * Lists of records: by time, by class, by words, by story. Each is one walk of one index from the place
 * asked for; a search walks the list of its rarest word and asks for the others by key. */
#include "base/arena.h"
#include "media/media_row.h"
#include "media/media_words.h"
#include "store/store.h"

struct story_key media_key(const struct media *media)
{
    return (struct story_key){media->created_at, media->id.v};
}

#define WITHIN       " (m.created_at, m.id) < ($1, $2) AND m.created_at >= $3"
#define NEWEST_FIRST " ORDER BY m.created_at DESC, m.id DESC LIMIT $4"
#define ALSO_WORD(n)                                                                               \
    " AND ($" n " IS NULL OR EXISTS (SELECT 1 FROM media_word x WHERE x.word = $" n                \
    " AND x.created_at = m.created_at AND x.media = m.id))"
#define OTHER_WORDS                                                                                \
    ALSO_WORD("9")                                                                                 \
    ALSO_WORD("10") ALSO_WORD("11") ALSO_WORD("12") ALSO_WORD("13")
#define OF_CLASS  " AND ($5 IS NULL OR m.kind = $5)"
#define OF_PERSON " AND ($6 IS NULL OR m.person = $6)"
#define IS_SILENT " m.kind = 'picture' AND m.alt IS NULL"
#define IF_SILENT " AND ($7 IS NULL OR (" IS_SILENT "))"
#define REST      OF_CLASS OF_PERSON IF_SILENT ALSO_WORD("8") OTHER_WORDS
#define ALL_WHERE "SELECT " MEDIA_COLUMNS " FROM media m WHERE"

#define LIST_ALL_MEDIA     ALL_WHERE WITHIN NEWEST_FIRST
#define LIST_CLASS         ALL_WHERE " m.kind = $5 AND" WITHIN REST NEWEST_FIRST
#define LIST_SILENT        ALL_WHERE IS_SILENT " AND" WITHIN REST NEWEST_FIRST
#define LIST_PERSON        ALL_WHERE " m.person = $6 AND" WITHIN REST NEWEST_FIRST
#define LIST_PERSON_SILENT ALL_WHERE " m.person = $6 AND" IS_SILENT " AND" WITHIN REST NEWEST_FIRST
#define LIST_WORDS                                                                                 \
    "SELECT " MEDIA_COLUMNS " FROM media_word w CROSS JOIN media m WHERE w.word = $8"              \
    " AND (w.created_at, w.media) < ($1, $2) AND w.created_at >= $3 AND m.id = w.media" OF_CLASS   \
        OF_PERSON IF_SILENT OTHER_WORDS " ORDER BY w.created_at DESC, w.media DESC LIMIT $4"
#define LIST_STORY                                                                                 \
    "SELECT " MEDIA_COLUMNS " FROM story_picture p CROSS JOIN media m WHERE p.story = $14"         \
    " AND m.path = p.path AND" WITHIN REST NEWEST_FIRST
static_assert(MEDIA_QUERY_WORDS_MAX == 6, "the statements have six places for words");
enum { CLASS_AT = 5, PERSON_AT, SILENT_AT, WORDS_AT, STORY_AT = WORDS_AT + MEDIA_QUERY_WORDS_MAX };

/* ---- the rarest word first ---- */

enum { RARE_LOOK = 4000 /* rows of a word that are counted */ };

static enum status how_common(struct store_conn *conn, str word, int64_t *ret_rows,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT count(*) FROM (SELECT 1 FROM media_word WHERE word = $1 LIMIT $2) AS w"));
    store_bind_text(q, 1, word);
    store_bind_int(q, 2, RARE_LOOK);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_rows = store_column_int(q, 0);
    return st;
}

/* *ret_common: even the rarest has so many rows that another condition had better be walked, if there is one. */
static enum status rarest_first(struct store_conn *conn, struct media_words *words,
                                bool *ret_common, struct error *err)
{
    size_t rarest = 0;
    int64_t fewest = INT64_MAX;
    for (size_t i = 0; i < words->count; i++) {
        int64_t rows = 0;
        enum status st = how_common(conn, words->words[i], &rows, err);
        if (st != ST_OK)
            return st;
        if (rows < fewest) {
            fewest = rows;
            rarest = i;
        }
    }
    if (words->count > 1) {
        str first = words->words[0];
        words->words[0] = words->words[rarest];
        words->words[rarest] = first;
    }
    *ret_common = fewest == RARE_LOOK;
    return ST_OK;
}

/* ---- the list ---- */

/* Of several conditions the one that likely holds for the fewest is walked; the others are asked of each row. */
static store_sql list_sql(const struct media_query *query, bool by_words)
{
    if (query->story.v != 0)
        return SQL(LIST_STORY);
    if (by_words)
        return SQL(LIST_WORDS);
    if (query->person.v != 0)
        return query->no_alt ? SQL(LIST_PERSON_SILENT) : SQL(LIST_PERSON);
    if (query->no_alt)
        return SQL(LIST_SILENT);
    return query->class != MEDIA_ANY ? SQL(LIST_CLASS) : SQL(LIST_ALL_MEDIA);
}

static bool is_narrow(const struct media_query *query)
{
    return query->person.v != 0 || query->no_alt || query->class != MEDIA_ANY;
}

/* The place before which the list begins; `until` is a place too. */
static struct story_key begin_of(const struct media_query *query)
{
    struct story_key key = query->before;
    if (key.at == 0 && key.id == 0)
        key = (struct story_key){INT64_MAX, INT64_MAX};
    if (query->until != 0 && query->until <= key.at)
        key = (struct story_key){query->until, 0};
    return key;
}

static void list_bind(struct store_stmt *q, const struct media_query *query,
                      const struct media_words *words, size_t limit)
{
    struct story_key before = begin_of(query);
    store_bind_int(q, 1, before.at);
    store_bind_int(q, 2, before.id);
    store_bind_int(q, 3, query->from != 0 ? query->from : INT64_MIN);
    store_bind_int(q, 4, i64_from_size(limit + 1));
    if (query->story.v == 0 && words->count == 0 && !is_narrow(query))
        return; /* the statement for everything asks no more */
    if (query->class != MEDIA_ANY)
        store_bind_text(q, CLASS_AT, media_class_name(query->class));
    else
        store_bind_null(q, CLASS_AT);
    store_bind_int_or_null(q, PERSON_AT, query->person.v);
    store_bind_int_or_null(q, SILENT_AT, query->no_alt);
    for (size_t i = 0; i < words->count; i++)
        store_bind_text(q, WORDS_AT + int_from_size(i), words->words[i]);
    if (query->story.v != 0)
        store_bind_int(q, STORY_AT, query->story.v);
}

enum status media_list(struct store_conn *conn, const struct media_query *query,
                       struct arena *arena, struct media_list *ret_list, struct error *err)
{
    size_t limit = query->limit == 0 ? LIST_LIMIT_DEFAULT : query->limit;
    limit = limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX;
    struct media_words words = {0};
    if (query->no_alt && query->class != MEDIA_ANY && query->class != MEDIA_PICTURE) {
        *ret_list = (struct media_list){0};
        return ST_OK;
    }
    if (query->words.len > 0) {
        media_words_of(arena, &query->words, 1, query->language, MEDIA_QUERY_WORDS_MAX, &words);
        if (words.count == 0) { /* nothing but stop words or signs: nothing is found by it */
            *ret_list = (struct media_list){0};
            return ST_OK;
        }
    }
    bool common = false;
    enum status st = words.count > 0 ? rarest_first(conn, &words, &common, err) : ST_OK;
    if (st != ST_OK)
        return st;
    bool by_words = words.count > 0 && (!common || !is_narrow(query));
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, list_sql(query, by_words));
    list_bind(q, query, &words, limit);
    struct media_list list = {.rows = arena_new_array(arena, struct media *, limit)};
    while ((st = store_step(q, err)) == ST_OK) {
        list.more = list.count == limit;
        if (list.more)
            break;
        list.rows[list.count++] = media_from_row(q, 0, arena);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    return ST_OK;
}
