/* SPDX-License-Identifier: MIT */
#include "news/comment_desk.h"

#include "base/arena.h"
#include "news/comment_row.h"
#include "news/person.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/token.h"

static int64_t *ids_of(struct comment **rows, size_t count, struct arena *arena)
{
    int64_t *ids = arena_new_array(arena, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i]->id.v;
    return ids;
}

static enum status read_parents(struct store_conn *conn, struct comment **rows, size_t count,
                                const int64_t *ids, struct arena *arena,
                                struct comment_context *contexts, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.id IN"
                              " (SELECT d.parent FROM comment d WHERE d.id IN"
                              " (SELECT id FROM id_list($1)))"));
    store_bind_ids(q, 1, ids, count);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        const struct comment *parent = comment_from_row(q, arena);
        for (size_t i = 0; i < count; i++) {
            if (rows[i]->parent.v == parent->id.v)
                contexts[i].parent = parent;
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void set_count(struct comment_context *context, enum comment_state state, int64_t n)
{
    int64_t *counts[] = {[COMMENT_PENDING] = &context->pending,
                         [COMMENT_APPROVED] = &context->approved,
                         [COMMENT_SPAM] = &context->spam,
                         [COMMENT_TRASH] = &context->trash};
    *counts[state] = n;
}

/* One row a reply and state, each counted by the index comment_writer, no further than is told. */
static enum status read_counts(struct store_conn *conn, struct comment **rows, size_t count,
                               const int64_t *ids, struct comment_context *contexts,
                               struct error *err)
{
    static const enum comment_state states[] = {COMMENT_PENDING, COMMENT_APPROVED, COMMENT_SPAM,
                                                COMMENT_TRASH};
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.email_key ="
                  " (SELECT d.email_key FROM comment d WHERE d.id = $1) AND c.state = $2"
                  " LIMIT $3) AS few"));
    for (size_t i = 0; i < count; i++) {
        contexts[i].has_writer = rows[i]->email.len > 0;
        for (size_t k = 0; contexts[i].has_writer && k < ARRAY_LEN(states); k++) {
            store_bind_int(q, 1, ids[i]);
            store_bind_text(q, 2, comment_state_text(states[k]));
            store_bind_int(q, 3, COMMENT_WRITER_COUNTED);
            enum status st = store_step(q, err);
            if (st != ST_OK)
                return st;
            set_count(&contexts[i], states[k], store_column_int(q, 0));
            store_stmt_reset(q);
        }
    }
    return ST_OK;
}

enum status comment_context(struct store_conn *conn, struct comment **rows, size_t count,
                            struct arena *arena, struct comment_context **ret_contexts,
                            struct error *err)
{
    struct comment_context *contexts = arena_new_array(arena, struct comment_context, count);
    const int64_t *ids = ids_of(rows, count, arena);
    enum status st = read_parents(conn, rows, count, ids, arena, contexts, err);
    if (st == ST_OK)
        st = read_counts(conn, rows, count, ids, contexts, err);
    if (st == ST_OK)
        *ret_contexts = contexts;
    return st;
}

enum status comment_count_pending(struct store_conn *conn, int64_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT COUNT(*) FROM (SELECT 1 FROM comment"
                                                 " WHERE state = 'pending' LIMIT $1) AS few"));
    store_bind_int(q, 1, COMMENT_PENDING_COUNTED);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_count = store_column_int(q, 0);
    return st;
}

enum status comment_list_writer(struct store_conn *conn, const struct comment *comment,
                                struct arena *arena, struct comment_list *ret_list,
                                struct error *err)
{
    struct comment_list list = {
        .rows = arena_new_array(arena, struct comment *, COMMENT_WRITER_LIST_MAX)};
    str key;
    *ret_list = list;
    if (email_key(arena, comment->email, &key, NULL) != ST_OK)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " COMMENT_COLUMNS ", s.slug, s.title FROM comment c CROSS JOIN story s"
                  " WHERE c.email_key = $1 AND c.id <> $2 AND s.id = c.story"
                  " ORDER BY c.state DESC, c.id DESC LIMIT $3"));
    store_bind_text(q, 1, key);
    store_bind_int(q, 2, comment->id.v);
    store_bind_int(q, 3, COMMENT_WRITER_LIST_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && list.count < COMMENT_WRITER_LIST_MAX) {
        struct comment *c = comment_from_row(q, arena);
        c->story_slug = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT));
        c->story_title = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT + 1));
        list.rows[list.count++] = c;
    }
    if (st == ST_OK || st == ST_NOT_FOUND) {
        *ret_list = list;
        return ST_OK;
    }
    return st;
}

/* ---- with these words, or of one story ---- */

/* Words sought, and which of them one reply was found to have. */
struct sought {
    struct arena *scratch; /* for one reply at a time */
    struct tokenizer *tokenizer;
    str words[COMMENT_WORDS_MAX];
    size_t count;
    unsigned found; /* a bit for each */
};

static const struct token_options as_typed = {.keep_stop_words = true, .no_stemming = true};

static bool sought_add(void *ctx, const struct token *token)
{
    struct sought *sought = ctx;
    sought->words[sought->count++] = str_copy(sought->scratch, token->text);
    return sought->count < COMMENT_WORDS_MAX;
}

static bool sought_see(void *ctx, const struct token *token)
{
    struct sought *sought = ctx;
    for (size_t i = 0; i < sought->count; i++) {
        if (str_starts(token->text, sought->words[i]))
            sought->found |= 1u << i;
    }
    return sought->found != (1u << sought->count) - 1;
}

/* Of the row that `q` stands on. */
static bool row_has(struct sought *sought, const struct store_stmt *q, struct arena *once)
{
    enum { NAME = 6, EMAIL, SITE, HTML };
    if (sought->count == 0)
        return true;
    arena_reset(once);
    const str texts[] = {store_column_text(q, NAME), store_column_text(q, EMAIL),
                         store_column_text(q, SITE),
                         plain_from_clean(once, (html){store_column_text(q, HTML)})};
    sought->found = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!token_each(sought->tokenizer, texts[i], &as_typed, sought_see, sought))
            return true;
    }
    return false;
}

static struct comment *row_take(const struct store_stmt *q, struct arena *arena)
{
    struct comment *c = comment_from_row(q, arena);
    c->story_slug = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT));
    c->story_title = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT + 1));
    return c;
}

static enum status look_through(struct store_stmt *q, const struct comment_filter *filter,
                                struct sought *sought, size_t limit, struct arena *arena,
                                struct comment_found *found, struct error *err)
{
    enum { STATE = 11, CREATED = 14 };
    AUTO(arena_freep) struct arena *once = arena_new(ARENA_SMALL);
    str state = comment_state_text(filter->state);
    size_t looked = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (looked++ == COMMENT_LOOKED_MAX) {
            found->stopped = found->list.more = true;
            return ST_OK;
        }
        struct story_key at = {store_column_int(q, CREATED), store_column_int(q, 0)};
        bool fits = str_eq(store_column_text(q, STATE), state) && row_has(sought, q, once);
        if (fits && found->list.count == limit) {
            found->list.more = true;
            return ST_OK;
        }
        if (fits)
            found->list.rows[found->list.count++] = row_take(q, arena);
        found->list.next = at;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status comment_search(struct store_conn *conn, const struct comment_filter *filter,
                           struct story_key before, size_t limit, struct arena *arena,
                           struct comment_found *ret_found, struct error *err)
{
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    struct sought sought = {.scratch = arena, .tokenizer = tokenizer};
    struct comment_found found = {.list.rows = arena_new_array(arena, struct comment *, limit)};
    bool start = before.id == 0;
    (void)token_each(tokenizer, filter->words, &as_typed, sought_add, &sought);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        filter->story.v != 0
            ? store_query(conn,
                          SQL("SELECT " COMMENT_COLUMNS ", s.slug, s.title"
                              " FROM comment c CROSS JOIN story s"
                              " WHERE c.story = $4 AND (c.created_at, c.id) < ($1, $2)"
                              " AND s.id = c.story ORDER BY c.created_at DESC, c.id DESC LIMIT $3"))
            : store_query(
                  conn, SQL("SELECT " COMMENT_COLUMNS ", s.slug, s.title"
                            " FROM comment c CROSS JOIN story s"
                            " WHERE c.state = $4 AND (c.created_at, c.id) < ($1, $2)"
                            " AND s.id = c.story ORDER BY c.created_at DESC, c.id DESC LIMIT $3"));
    store_bind_int(q, 1, start ? INT64_MAX : before.at);
    store_bind_int(q, 2, start ? INT64_MAX : before.id);
    store_bind_int(q, 3, COMMENT_LOOKED_MAX + 1);
    if (filter->story.v != 0)
        store_bind_int(q, 4, filter->story.v);
    else
        store_bind_text(q, 4, comment_state_text(filter->state));
    enum status st = look_through(q, filter, &sought, limit, arena, &found, err);
    if (st == ST_OK)
        *ret_found = found;
    return st;
}

/* ---- all of one writer's ---- */

enum status comment_list_writer_state(struct store_conn *conn, const struct comment *comment,
                                      enum comment_state state, int64_t before_id, size_t limit,
                                      struct arena *arena, struct comment_list *ret_list,
                                      struct error *err)
{
    struct comment_list list = {.rows = arena_new_array(arena, struct comment *, limit)};
    str key;
    *ret_list = list;
    if (email_key(arena, comment->email, &key, NULL) != ST_OK)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " COMMENT_COLUMNS ", s.slug, s.title FROM comment c CROSS JOIN story s"
                  " WHERE c.email_key = $1 AND c.state = $2 AND c.id < $3 AND s.id = c.story"
                  " ORDER BY c.id DESC LIMIT $4"));
    store_bind_text(q, 1, key);
    store_bind_text(q, 2, comment_state_text(state));
    store_bind_int(q, 3, before_id == 0 ? INT64_MAX : before_id);
    store_bind_int(q, 4, i64_from_size(limit) + 1);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (list.count == limit) {
            list.more = true;
            break;
        }
        list.rows[list.count] = row_take(q, arena);
        list.next.id = list.rows[list.count++]->id.v;
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    return ST_OK;
}
