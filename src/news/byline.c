/* SPDX-License-Identifier: MIT */
#include "news/byline.h"
#include "base/arena.h"
#include "news/free_slug.h"
#include "news/list.h"
#include "news/person.h"
#include "news/redirect.h"
#include "news/story_row.h"
#include "news/term_words.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/sanitize.h"
#include "text/slug.h"
#include "text/url.h"

/* ---- reading ---- */

static enum status read_byline(struct store_stmt *q, struct arena *arena,
                               struct byline **ret_byline, str what, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "there is no byline \"%.*s\"", STR_ARG(what));
    if (st == ST_OK)
        *ret_byline = byline_from_row(q, 0, arena);
    return st;
}

enum status byline_by_id(struct store_conn *conn, byline_id id, struct arena *arena,
                         struct byline **ret_byline, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.id = $1"));
    store_bind_int(q, 1, id.v);
    return read_byline(q, arena, ret_byline, str_format(arena, "%lld", (long long)id.v), err);
}

enum status byline_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                           struct byline **ret_byline, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.slug = $1"));
    store_bind_text(q, 1, slug);
    return read_byline(q, arena, ret_byline, slug, err);
}

enum status byline_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                               struct byline **ret_byline, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.ghost_id = $1"));
    store_bind_text(q, 1, ghost_id);
    return read_byline(q, arena, ret_byline, ghost_id, err);
}

enum status byline_by_name(struct store_conn *conn, str name, struct arena *arena,
                           struct byline **ret_byline, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.name = $1"
                              " ORDER BY b.id LIMIT 1"));
    store_bind_text(q, 1, name);
    return read_byline(q, arena, ret_byline, name, err);
}

enum status byline_of_person(struct store_conn *conn, person_id person, struct arena *arena,
                             struct byline **ret_byline, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BYLINE_COLUMNS " FROM byline b WHERE b.person = $1"
                              " ORDER BY b.id LIMIT 1"));
    store_bind_int(q, 1, person.v);
    return read_byline(q, arena, ret_byline, str_format(arena, "%lld", (long long)person.v), err);
}

enum status byline_list(struct store_conn *conn, const struct byline_query *query,
                        struct arena *arena, struct byline ***ret_bylines, size_t *ret_count,
                        struct error *err)
{
    size_t limit = query->limit == 0 ? LIST_LIMIT_DEFAULT : query->limit;
    limit = limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX;
    bool by_count = query->order == BYLINE_BY_COUNT;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, by_count ? SQL("SELECT " BYLINE_COLUMNS " FROM byline b"
                                         " WHERE (b.story_count, b.id) < ($1, $2)"
                                         " AND ($3 = 1 OR b.story_count > 0)"
                                         " ORDER BY b.story_count DESC, b.id DESC LIMIT $4")
                                   : SQL("SELECT " BYLINE_COLUMNS " FROM byline b"
                                         " WHERE (b.name, b.id) > ($1, $2)"
                                         " AND ($3 = 1 OR b.story_count > 0)"
                                         " ORDER BY b.name, b.id LIMIT $4"));
    const struct byline *after = query->after;
    if (by_count)
        store_bind_int(q, 1, after != NULL ? after->story_count : INT64_MAX);
    else
        store_bind_text(q, 1, after != NULL ? after->name : S(""));
    store_bind_int(q, 2, after != NULL ? after->id.v : 0);
    store_bind_int(q, 3, query->with_empty);
    store_bind_int(q, 4, i64_from_size(limit));
    struct byline **bylines = arena_new_array(arena, struct byline *, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        bylines[count++] = byline_from_row(q, 0, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_bylines = bylines;
    *ret_count = count;
    return ST_OK;
}

/* ---- writing ---- */

static enum status check_draft(const struct newsroom *desk, const struct byline_draft *draft,
                               str *ret_name, struct error *err)
{
    *ret_name = plain_one_line(desk->arena, draft->name);
    if (ret_name->len == 0 || ret_name->len > BYLINE_NAME_MAX)
        return error_set(err, ST_INVALID, "a byline needs a name, of at most %d bytes",
                         BYLINE_NAME_MAX);
    return ST_OK;
}

/* An export may give something that is no address; it is only for matching. */
static str email_or_none(const struct newsroom *desk, str email)
{
    str key = STR_NONE;
    return email.len > 0 && email_key(desk->arena, email, &key, NULL) == ST_OK ? key : STR_NONE;
}

/* Pages link to it: an export's "javascript:..." is not kept, "example.org" is meant as an address. */
static str website_or_none(const struct newsroom *desk, str website)
{
    str text = str_trim(website), clean;
    if (text.len > 0 && url_kind(text) == URL_RELATIVE)
        text = str_join2(desk->arena, S("https://"), text);
    if (!clean_url(desk->arena, text, &clean))
        return STR_NONE;
    enum url_kind kind = url_kind(clean);
    return kind == URL_HTTP || kind == URL_HTTPS ? clean : STR_NONE;
}

static void bind_byline(struct store_stmt *q, const struct newsroom *desk,
                        const struct byline_draft *draft, str name, str slug)
{
    const str texts[] = {email_or_none(desk, draft->email),
                         draft->bio,
                         draft->location,
                         website_or_none(desk, draft->website),
                         draft->profile_image,
                         draft->cover_image,
                         draft->facebook,
                         draft->twitter,
                         draft->meta_title,
                         draft->meta_description};
    enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
    store_bind_text(q, 1, slug);
    store_bind_text(q, 2, name);
    store_bind_int_or_null(q, 3, draft->person.v);
    for (int i = 0; i < TEXTS; i++)
        store_bind_text_or_null(q, 4 + i, texts[i]);
    store_bind_int(q, 4 + TEXTS, desk->now);
}

static enum status byline_insert(struct newsroom *desk, const struct byline_draft *draft, str name,
                                 str wished, byline_id *ret_id, struct error *err)
{
    str slug;
    enum status st = free_slug(desk, SLUG_OF_BYLINE, wished, 0, &slug, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO byline (slug, name, person, email, bio, location, website, profile_image,"
            " cover_image, facebook, twitter, meta_title, meta_description, created_at, updated_at,"
            " ghost_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14,"
            " $15) RETURNING id"));
    bind_byline(q, desk, draft, name, slug);
    store_bind_text(q, 15,
                    draft->ghost_id.len > 0 ? draft->ghost_id
                                            : ghost_id_new(desk->rng, desk->arena, desk->now));
    st = store_step(q, err);
    if (st != ST_OK)
        return st;
    byline_id id = {store_column_int(q, 0)};
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    change_absent(desk, slug);
    *ret_id = id;
    return ST_OK;
}

static enum status byline_update(struct newsroom *desk, const struct byline_draft *draft, str name,
                                 const struct byline *old, str slug, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE byline SET slug = $1, name = $2, person = $3, email = COALESCE($4, email),"
            " bio = $5, location = $6, website = $7, profile_image = $8, cover_image = $9,"
            " facebook = $10, twitter = $11, meta_title = $12, meta_description = $13,"
            " updated_at = $14 WHERE id = $15"));
    bind_byline(q, desk, draft, name, slug);
    store_bind_int(q, 15, draft->id.v);
    enum status st = store_run(q, err);
    if (st == ST_OK && !str_eq(old->name, name))
        st = term_words_later(desk, LIST_BYLINE, draft->id.v, err);
    if (st == ST_OK && !str_eq(old->slug, slug)) {
        str path = str_join3(desk->arena, S("/author/"), old->slug, S("/"));
        st = redirect_add(desk, &(struct redirect){.path = path, .byline = draft->id}, err);
        change_absent(desk, slug);
    }
    if (st == ST_OK) {
        change_byline(desk, draft->id);
        change_list(desk, LIST_BYLINE, draft->id.v);
    }
    return st;
}

static str slug_for(const struct newsroom *desk, const struct byline_draft *draft, str name)
{
    return slug_from_headline_or(desk->arena, draft->slug.len > 0 ? draft->slug : name,
                                 S("author"));
}

enum status byline_save(struct newsroom *desk, const struct byline_draft *draft, byline_id *ret_id,
                        struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    str name;
    enum status st = check_draft(desk, draft, &name, err);
    if (st != ST_OK)
        return st;
    if (draft->id.v == 0)
        return byline_insert(desk, draft, name, slug_for(desk, draft, name), ret_id, err);
    struct byline *old, *other;
    st = byline_by_id(conn, draft->id, desk->arena, &old, err);
    if (st != ST_OK)
        return st;
    str slug = draft->slug.len > 0 ? slug_for(desk, draft, name) : old->slug;
    st = byline_by_slug(conn, slug, desk->arena, &other, err);
    if (st == ST_OK && other->id.v != draft->id.v)
        return error_set(err, ST_CONFLICT, "another byline has the slug \"%.*s\"", STR_ARG(slug));
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    st = byline_update(desk, draft, name, old, slug, err);
    if (st == ST_OK)
        *ret_id = draft->id;
    return st;
}

static enum status find(struct store_stmt *q, str by, byline_id *ret_id, struct error *err)
{
    store_bind_text(q, 1, by);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        ret_id->v = store_column_int(q, 0);
    return st;
}

enum status byline_find_or_add(struct newsroom *desk, const struct byline_draft *draft,
                               byline_id *ret_id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    str name, email = email_or_none(desk, draft->email);
    enum status st = check_draft(desk, draft, &name, err);
    if (st != ST_OK)
        return st;
    if (email.len > 0) {
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(conn, SQL("SELECT id FROM byline WHERE email = $1 ORDER BY id LIMIT 1"));
        st = find(q, email, ret_id, err);
        if (st != ST_NOT_FOUND)
            return st;
    }
    str slug = slug_for(desk, draft, name);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT id FROM byline WHERE slug = $1"));
    st = find(q, slug, ret_id, err);
    if (st != ST_NOT_FOUND)
        return st;
    return byline_insert(desk, draft, name, slug, ret_id, err);
}

/* Nobody's yet. */
static enum status find_by_email(struct newsroom *desk, str email, byline_id *ret_id,
                                 struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT id FROM byline WHERE email = $1 AND"
                                                 " person IS NULL ORDER BY id LIMIT 1"));
    return find(q, email_or_none(desk, email), ret_id, err);
}

static enum status find_by_name(struct newsroom *desk, str name, byline_id *ret_id,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT id FROM byline WHERE slug = $1 AND"
                                                 " person IS NULL AND email IS NULL"));
    return find(q, slug_from_headline_or(desk->arena, name, S("author")), ret_id, err);
}

static enum status give_to(struct newsroom *desk, byline_id id, person_id person, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("UPDATE byline SET person = $1 WHERE id = $2"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, id.v);
    return store_run(q, err);
}

enum status byline_for_person(struct newsroom *desk, const struct person *person, bool claims,
                              byline_id *ret_id, struct error *err)
{
    struct byline *own;
    enum status st = byline_of_person(store_tx_conn(desk->tx), person->id, desk->arena, &own, err);
    if (st == ST_OK)
        *ret_id = own->id;
    if (st != ST_NOT_FOUND)
        return st;
    if (claims)
        st = find_by_email(desk, person->email, ret_id, err);
    if (claims && st == ST_NOT_FOUND)
        st = find_by_name(desk, person->name, ret_id, err);
    if (st == ST_OK)
        return give_to(desk, *ret_id, person->id, err);
    if (st != ST_NOT_FOUND)
        return st;
    return byline_save(
        desk,
        &(struct byline_draft){.name = person->name, .person = person->id, .email = person->email},
        ret_id, err);
}

enum status byline_arrived(struct newsroom *desk, person_id person, str email, struct error *err)
{
    byline_id id;
    enum status st = find_by_email(desk, email, &id, err);
    if (st == ST_OK)
        return give_to(desk, id, person, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status byline_delete(struct newsroom *desk, byline_id id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct byline *old;
    enum status st = byline_by_id(conn, id, desk->arena, &old, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *primaries = store_query(
        conn, SQL("UPDATE story SET primary_byline = (SELECT l.byline FROM story_byline l"
                  " WHERE l.story = story.id AND l.byline <> $1 ORDER BY l.position LIMIT 1)"
                  " WHERE id IN (SELECT story FROM story_byline WHERE byline = $1)"));
    store_bind_int(primaries, 1, id.v);
    st = store_run(primaries, err);
    if (st == ST_OK)
        st = term_words_forget(desk, LIST_BYLINE, id.v, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *counts =
        store_query(conn, SQL("DELETE FROM list_count WHERE list = $1 AND of = $2"));
    store_bind_int(counts, 1, LIST_BYLINE);
    store_bind_int(counts, 2, id.v);
    st = store_run(counts, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("DELETE FROM byline WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    st = store_run(q, err);
    if (st == ST_OK) {
        change_byline(desk, id);
        change_list(desk, LIST_BYLINE, id.v);
    }
    return st;
}
