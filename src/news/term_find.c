/* SPDX-License-Identifier: MIT */
#include "news/term_find.h"

#include "base/arena.h"
#include "news/list.h"
#include "news/story_row.h"
#include "store/store.h"
#include "text/slug.h"

#include <stdlib.h>

#define LAST_CHAR "\xf4\x8f\xbf\xbf" /* U+10FFFF: nothing that begins so stands behind it */

/* What is looked up, and in which index. */
struct beginning {
    bool slug;
    str text;
};

static str large_first(struct arena *arena, str text)
{
    char *copy = arena_new_array(arena, char, text.len);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i];
    if (copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    return (str){copy, text.len};
}

static size_t beginnings_of(struct arena *arena, str typed, struct beginning all[3])
{
    str text = str_trim(typed), slug;
    size_t count = 0;
    if (text.len == 0)
        return 0;
    all[count++] = (struct beginning){false, text};
    str large = large_first(arena, text);
    if (!str_eq(large, text))
        all[count++] = (struct beginning){false, large};
    if (slug_from_headline(arena, text, &slug, NULL) == ST_OK)
        all[count++] = (struct beginning){true, slug};
    return count;
}

static void bind_beginning(struct store_stmt *q, struct arena *arena, str text)
{
    store_bind_text(q, 1, text);
    store_bind_text(q, 2, str_join2(arena, text, S(LAST_CHAR)));
    store_bind_int(q, 3, TERM_FOUND_MAX);
}

/* ---- tags ---- */

static int busiest_tag(const void *a, const void *b)
{
    const struct tag *x = *(struct tag *const *)a, *y = *(struct tag *const *)b;
    if (x->story_count != y->story_count)
        return x->story_count < y->story_count ? 1 : -1;
    return str_cmp(x->name, y->name);
}

static enum status add_tags(struct store_conn *conn, const struct beginning *b, struct arena *arena,
                            struct tag **tags, size_t *count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, b->slug ? SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.slug >= $1 AND t.slug < $2"
                            " ORDER BY t.slug LIMIT $3")
                      : SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.name >= $1 AND t.name < $2"
                            " ORDER BY t.name, t.id LIMIT $3"));
    enum status st;
    bind_beginning(q, arena, b->text);
    while ((st = store_step(q, err)) == ST_OK) {
        size_t i = 0;
        while (i < *count && tags[i]->id.v != store_column_int(q, 0))
            i++;
        if (i == *count)
            tags[(*count)++] = tag_from_row(q, 0, arena);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status tag_list_beginning(struct store_conn *conn, str typed, size_t limit,
                               struct arena *arena, struct tag ***ret_tags, size_t *ret_count,
                               struct error *err)
{
    struct beginning all[3];
    size_t beginnings = beginnings_of(arena, typed, all), count = 0;
    struct tag **tags = arena_new_array(arena, struct tag *, 3 * TERM_FOUND_MAX);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < beginnings; i++)
        st = add_tags(conn, &all[i], arena, tags, &count, err);
    if (st != ST_OK)
        return st;
    qsort(tags, count, sizeof(struct tag *), busiest_tag);
    *ret_tags = tags;
    *ret_count = count < limit ? count : limit;
    return ST_OK;
}

/* ---- bylines ---- */

static int busiest_byline(const void *a, const void *b)
{
    const struct byline *x = *(struct byline *const *)a, *y = *(struct byline *const *)b;
    if (x->story_count != y->story_count)
        return x->story_count < y->story_count ? 1 : -1;
    return str_cmp(x->name, y->name);
}

static enum status add_bylines(struct store_conn *conn, const struct beginning *b,
                               struct arena *arena, struct byline **bylines, size_t *count,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, b->slug
                  ? SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.slug >= $1 AND b.slug < $2"
                        " ORDER BY b.slug LIMIT $3")
                  : SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.name >= $1 AND b.name < $2"
                        " ORDER BY b.name, b.id LIMIT $3"));
    enum status st;
    bind_beginning(q, arena, b->text);
    while ((st = store_step(q, err)) == ST_OK) {
        size_t i = 0;
        while (i < *count && bylines[i]->id.v != store_column_int(q, 0))
            i++;
        if (i == *count)
            bylines[(*count)++] = byline_from_row(q, 0, arena);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status byline_list_beginning(struct store_conn *conn, str typed, size_t limit,
                                  struct arena *arena, struct byline ***ret_bylines,
                                  size_t *ret_count, struct error *err)
{
    struct beginning all[3];
    size_t beginnings = beginnings_of(arena, typed, all), count = 0;
    struct byline **bylines = arena_new_array(arena, struct byline *, 3 * TERM_FOUND_MAX);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < beginnings; i++)
        st = add_bylines(conn, &all[i], arena, bylines, &count, err);
    if (st != ST_OK)
        return st;
    qsort(bylines, count, sizeof(struct byline *), busiest_byline);
    *ret_bylines = bylines;
    *ret_count = count < limit ? count : limit;
    return ST_OK;
}

/* ---- proposals ---- */

static enum status read_proposals(struct store_stmt *q, size_t limit, struct arena *arena,
                                  struct tag_proposal **ret_proposals, size_t *ret_count,
                                  struct error *err)
{
    struct tag_proposal *rows = arena_new_array(arena, struct tag_proposal, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        rows[count++] = (struct tag_proposal){.slug = str_copy(arena, store_column_text(q, 0)),
                                              .name = str_copy(arena, store_column_text(q, 1)),
                                              .weight = store_column_int(q, 2),
                                              .stories = store_column_int(q, 3)};
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_proposals = rows;
    *ret_count = count;
    return ST_OK;
}

enum status tag_proposal_find(struct store_conn *conn, str slug, struct arena *arena,
                              struct tag_proposal **ret_proposals, size_t *ret_count,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT slug, name, weight, 1 FROM tag_proposal WHERE slug = $1"
                              " ORDER BY slug, story LIMIT 1"));
    store_bind_text(q, 1, slug);
    return read_proposals(q, 1, arena, ret_proposals, ret_count, err);
}

enum status tag_proposals_list(struct store_conn *conn, str after, size_t limit,
                               struct arena *arena, struct tag_proposal **ret_proposals,
                               size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT slug, MIN(name), SUM(weight), COUNT(*) FROM tag_proposal"
                              " WHERE slug > $1 GROUP BY slug ORDER BY slug LIMIT $2"));
    store_bind_text(q, 1, after);
    store_bind_int(q, 2, i64_from_size(limit));
    return read_proposals(q, limit, arena, ret_proposals, ret_count, err);
}
