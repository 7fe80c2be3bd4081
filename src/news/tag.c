/* SPDX-License-Identifier: MIT */
#include "news/tag.h"
#include "base/arena.h"
#include "news/free_slug.h"
#include "news/list.h"
#include "news/redirect.h"
#include "news/story_row.h"
#include "news/term_words.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/slug.h"

/* ---- reading ---- */

static enum status read_tag(struct store_stmt *q, struct arena *arena, struct tag **ret_tag,
                            str what, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "there is no tag \"%.*s\"", STR_ARG(what));
    if (st == ST_OK)
        *ret_tag = tag_from_row(q, 0, arena);
    return st;
}

enum status tag_by_id(struct store_conn *conn, tag_id id, struct arena *arena, struct tag **ret_tag,
                      struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.id = $1"));
    store_bind_int(q, 1, id.v);
    return read_tag(q, arena, ret_tag, str_format(arena, "%lld", (long long)id.v), err);
}

enum status tag_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                        struct tag **ret_tag, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.slug = $1"));
    store_bind_text(q, 1, slug);
    return read_tag(q, arena, ret_tag, slug, err);
}

enum status tag_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                            struct tag **ret_tag, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.ghost_id = $1"));
    store_bind_text(q, 1, ghost_id);
    return read_tag(q, arena, ret_tag, ghost_id, err);
}

enum status tag_by_name(struct store_conn *conn, str name, struct arena *arena,
                        struct tag **ret_tag, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT " TAG_COLUMNS " FROM tag t WHERE t.name ="
                                                 " $1 ORDER BY t.id LIMIT 1"));
    store_bind_text(q, 1, name);
    return read_tag(q, arena, ret_tag, name, err);
}

#define TAGS_WANTED                                                                                \
    " AND ($3 = 1 OR t.story_count > 0) AND ($4 = 1 OR t.visibility = 'public')"                   \
    " AND ($5 = 0 OR t.section = 1)"
/* Sections are few and tags may be many: these are found by their own index. */
#define BUSIEST_SECTIONS                                                                           \
    "SELECT " TAG_COLUMNS " FROM tag t"                                                            \
    " WHERE (t.story_count, t.id) < ($1, $2) AND t.section = 1" TAGS_WANTED                        \
    " ORDER BY t.story_count DESC, t.id DESC LIMIT $6"
#define BUSIEST_TAGS                                                                               \
    "SELECT " TAG_COLUMNS " FROM tag t"                                                            \
    " WHERE (t.story_count, t.id) < ($1, $2)" TAGS_WANTED                                          \
    " ORDER BY t.story_count DESC, t.id DESC LIMIT $6"
#define TAGS_BY_NAME                                                                               \
    "SELECT " TAG_COLUMNS " FROM tag t WHERE (t.name, t.id) > ($1, $2)" TAGS_WANTED                \
    " ORDER BY t.name, t.id LIMIT $6"

static store_sql tag_list_sql(const struct tag_query *query)
{
    if (query->order == TAG_BY_NAME)
        return SQL(TAGS_BY_NAME);
    return query->sections_only ? SQL(BUSIEST_SECTIONS) : SQL(BUSIEST_TAGS);
}

enum status tag_list(struct store_conn *conn, const struct tag_query *query, struct arena *arena,
                     struct tag ***ret_tags, size_t *ret_count, struct error *err)
{
    size_t limit = query->limit == 0 ? LIST_LIMIT_DEFAULT : query->limit;
    limit = limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX;
    bool by_count = query->order == TAG_BY_COUNT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, tag_list_sql(query));
    const struct tag *after = query->after;
    if (by_count)
        store_bind_int(q, 1, after != NULL ? after->story_count : INT64_MAX);
    else
        store_bind_text(q, 1, after != NULL ? after->name : S(""));
    store_bind_int(q, 2, after != NULL ? after->id.v : 0);
    store_bind_int(q, 3, query->with_empty);
    store_bind_int(q, 4, query->with_internal);
    store_bind_int(q, 5, query->sections_only);
    store_bind_int(q, 6, i64_from_size(limit));
    struct tag **tags = arena_new_array(arena, struct tag *, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        tags[count++] = tag_from_row(q, 0, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_tags = tags;
    *ret_count = count;
    return ST_OK;
}

/* ---- writing ---- */

static bool name_internal(str name)
{
    return str_starts(name, S("#"));
}

static str slug_from_name(struct arena *arena, str name)
{
    str slug = slug_from_headline_or(arena, name, S("tag"));
    return name_internal(name) ? str_join2(arena, S("hash-"), slug) : slug;
}

static enum status check_draft(const struct newsroom *desk, const struct tag_draft *draft,
                               str *ret_name, struct error *err)
{
    str name = plain_one_line(desk->arena, draft->name);
    if (name.len == 0 || name.len > TAG_NAME_MAX)
        return error_set(err, ST_INVALID, "a tag needs a name, of at most %d bytes", TAG_NAME_MAX);
    if (draft->parent.v != 0 && draft->parent.v == draft->id.v)
        return error_set(err, ST_INVALID, "a tag cannot be its own parent");
    *ret_name = name;
    return ST_OK;
}

static void bind_tag(struct store_stmt *q, const struct newsroom *desk,
                     const struct tag_draft *draft, str name, str slug)
{
    store_bind_text(q, 1, slug);
    store_bind_text(q, 2, name);
    store_bind_text(q, 3, name_internal(name) ? S("internal") : S("public"));
    store_bind_int(q, 4, draft->section);
    store_bind_int_or_null(q, 5, draft->parent.v);
    store_bind_text_or_null(q, 6, draft->description);
    store_bind_text_or_null(q, 7, draft->image);
    store_bind_text_or_null(q, 8, draft->accent_color);
    store_bind_text_or_null(q, 9, draft->canonical_url);
    story_meta_bind(q, 10, &draft->meta);
    store_bind_int(q, 20, desk->now);
}

static enum status tag_insert(struct newsroom *desk, const struct tag_draft *draft, str name,
                              str slug, tag_id *ret_id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO tag (slug, name, visibility, section, parent, description, image,"
            " accent_color, canonical_url, meta_title, meta_description, og_title, og_description,"
            " og_image, twitter_title, twitter_description, twitter_image, code_head, code_foot,"
            " created_at, updated_at, ghost_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
            " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21) RETURNING id"));
    bind_tag(q, desk, draft, name, slug);
    store_bind_text(q, 21,
                    draft->ghost_id.len > 0 ? draft->ghost_id
                                            : ghost_id_new(desk->rng, desk->arena, desk->now));
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    tag_id id = {store_column_int(q, 0)};
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    change_absent(desk, slug);
    *ret_id = id;
    return ST_OK;
}

/* The first tag of each story of `tag`, if public; `but` (0: none) is passed over. */
static enum status primaries_update(struct newsroom *desk, tag_id tag, tag_id but,
                                    struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE story SET primary_tag = (SELECT CASE WHEN t.visibility = 'public' THEN t.id END"
            " FROM story_tag l CROSS JOIN tag t WHERE l.story = story.id AND t.id = l.tag"
            " AND l.tag <> $2 ORDER BY l.position LIMIT 1)"
            " WHERE id IN (SELECT story FROM story_tag WHERE tag = $1)"));
    store_bind_int(q, 1, tag.v);
    store_bind_int(q, 2, but.v);
    return store_run(q, err);
}

static enum status tag_update(struct newsroom *desk, const struct tag_draft *draft, str name,
                              const struct tag *old, str slug, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE tag SET slug = $1, name = $2, visibility = $3, section = $4, parent = $5,"
            " description = $6, image = $7, accent_color = $8, canonical_url = $9,"
            " meta_title = $10, meta_description = $11, og_title = $12, og_description = $13,"
            " og_image = $14, twitter_title = $15, twitter_description = $16,"
            " twitter_image = $17, code_head = $18, code_foot = $19, updated_at = $20"
            " WHERE id = $21"));
    bind_tag(q, desk, draft, name, slug);
    store_bind_int(q, 21, draft->id.v);
    enum status st = store_run(q, err);
    if (st == ST_OK && !str_eq(old->name, name))
        st = term_words_later(desk, LIST_TAG, draft->id.v, err);
    if (st == ST_OK && old->internal != name_internal(name))
        st = primaries_update(desk, draft->id, (tag_id){0}, err);
    if (st == ST_OK && !str_eq(old->slug, slug)) {
        str path = str_join3(desk->arena, S("/tag/"), old->slug, S("/"));
        st = redirect_add(desk, &(struct redirect){.path = path, .tag = draft->id}, err);
        change_absent(desk, slug);
    }
    if (st == ST_OK) {
        change_tag(desk, draft->id);
        change_list(desk, LIST_TAG, draft->id.v);
        if (old->section != draft->section)
            change_sections(desk);
    }
    return st;
}

enum status tag_save(struct newsroom *desk, const struct tag_draft *draft, tag_id *ret_id,
                     struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    str name, slug = STR_NONE;
    enum status st = check_draft(desk, draft, &name, err);
    if (st != ST_OK)
        return st;
    str wished =
        draft->slug.len > 0 ? slug_from_headline_or(desk->arena, draft->slug, S("tag")) : STR_NONE;
    if (draft->id.v == 0) {
        wished = wished.len > 0 ? wished : slug_from_name(desk->arena, name);
        st = free_slug(desk, SLUG_OF_TAG, wished, 0, &slug, err);
        return st == ST_OK ? tag_insert(desk, draft, name, slug, ret_id, err) : st;
    }
    struct tag *old, *other;
    st = tag_by_id(conn, draft->id, desk->arena, &old, err);
    if (st != ST_OK)
        return st;
    slug = wished.len > 0 ? wished : old->slug;
    st = tag_by_slug(conn, slug, desk->arena, &other, err);
    if (st == ST_OK && other->id.v != draft->id.v)
        return error_set(err, ST_CONFLICT, "another tag has the slug \"%.*s\"", STR_ARG(slug));
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    st = tag_update(desk, draft, name, old, slug, err);
    if (st == ST_OK)
        *ret_id = draft->id;
    return st;
}

enum status tag_find_or_add(struct newsroom *desk, const struct tag_draft *draft, tag_id *ret_id,
                            struct error *err)
{
    str name, slug;
    enum status st = check_draft(desk, draft, &name, err);
    if (st != ST_OK)
        return st;
    slug = draft->slug.len > 0 ? slug_from_headline_or(desk->arena, draft->slug, S("tag"))
                               : slug_from_name(desk->arena, name);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT id FROM tag WHERE slug = $1"));
    store_bind_text(q, 1, slug);
    st = store_step(q, err);
    if (st == ST_OK)
        ret_id->v = store_column_int(q, 0);
    if (st != ST_NOT_FOUND)
        return st;
    return tag_insert(desk, draft, name, slug, ret_id, err);
}

enum status tag_delete(struct newsroom *desk, tag_id id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct tag *old;
    enum status st = tag_by_id(conn, id, desk->arena, &old, err);
    if (st == ST_OK)
        st = primaries_update(desk, id, id, err);
    if (st == ST_OK)
        st = term_words_forget(desk, LIST_TAG, id.v, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *counts =
        store_query(conn, SQL("DELETE FROM list_count WHERE list = $1 AND of = $2"));
    store_bind_int(counts, 1, LIST_TAG);
    store_bind_int(counts, 2, id.v);
    st = store_run(counts, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("DELETE FROM tag WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    st = store_run(q, err);
    if (st == ST_OK) {
        change_tag(desk, id);
        change_list(desk, LIST_TAG, id.v);
    }
    return st;
}

/* ---- proposals ---- */

enum status tag_propose(struct newsroom *desk, story_id story, const struct tag_proposal *proposals,
                        size_t count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *gone =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM tag_proposal WHERE story = $1"));
    store_bind_int(gone, 1, story.v);
    enum status cleared = store_run(gone, err);
    if (cleared != ST_OK)
        return cleared;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO tag_proposal (story, slug, name, weight, position)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (story, slug) DO UPDATE SET"
            " name = excluded.name, weight = excluded.weight, position = excluded.position"));
    for (size_t i = 0; i < count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, story.v);
        store_bind_text(q, 2, proposals[i].slug);
        store_bind_text(q, 3, proposals[i].name);
        store_bind_int(q, 4, proposals[i].weight);
        store_bind_int(q, 5, i64_from_size(i));
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status tag_proposals(struct store_conn *conn, story_id story, struct arena *arena,
                          struct tag_proposal **ret_proposals, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT p.slug, p.name, p.weight, (SELECT COUNT(*) FROM tag_proposal o"
                  " WHERE o.slug = p.slug) FROM tag_proposal p WHERE p.story = $1"
                  " ORDER BY p.position LIMIT $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, STORY_TAGS_MAX);
    struct tag_proposal *rows = arena_new_array(arena, struct tag_proposal, STORY_TAGS_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < STORY_TAGS_MAX)
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

enum status tag_proposals_best(struct store_conn *conn, size_t limit, struct arena *arena,
                               struct tag_proposal **ret_proposals, size_t *ret_count,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT slug, MIN(name), SUM(weight), COUNT(*) AS stories FROM tag_proposal"
                  " GROUP BY slug ORDER BY stories DESC, SUM(weight) DESC, slug LIMIT $1"));
    store_bind_int(q, 1, i64_from_size(limit));
    struct tag_proposal *rows = arena_new_array(arena, struct tag_proposal, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit) {
        rows[count++] = (struct tag_proposal){.slug = str_copy(arena, store_column_text(q, 0)),
                                              .name = str_copy(arena, store_column_text(q, 1)),
                                              .weight = store_column_int(q, 2),
                                              .stories = store_column_int(q, 3)};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_proposals = rows;
    *ret_count = count;
    return ST_OK;
}
