/* SPDX-License-Identifier: MIT
 *
 * Saving. A new story takes some thirty small statements, most of them upserts of counts; an import
 * spends more time in the full-text index than in all of those (bench/). An edit of a listed story
 * that changes its tags, bylines or time leaves its lists and enters them again: edits are rare, and
 * one way of counting is easier to trust than two. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "news/desk_list.h"
#include "news/free_slug.h"
#include "news/job.h"
#include "news/listing.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "news/story_pictures.h"
#include "news/story_row.h"
#include "news/term_words.h"
#include "store/fulltext.h"
#include "store/store.h"
#include "text/pictures.h"

enum { TERM_NAMES_MAX = 64 * 1024 };

/* ---- tags and bylines ---- */

/* What a story's terms come to: ids without repeats, names for the search text. */
struct terms {
    struct listing places;
    str tag_names, byline_names;
    int64_t primary_tag, primary_byline;
};

static void ids_distinct(struct arena *arena, const int64_t *ids, size_t count, int64_t **ret_ids,
                         size_t *ret_count)
{
    int64_t *distinct = arena_new_array(arena, int64_t, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < n && distinct[k] != ids[i])
            k++;
        if (k == n)
            distinct[n++] = ids[i];
    }
    *ret_ids = distinct;
    *ret_count = n;
}

/* The names of `ids` in their order, one a line. ST_NOT_FOUND: one of them is not there. */
static enum status names_of(struct newsroom *desk, store_sql sql, const int64_t *ids, size_t count,
                            const char *what, str *ret_names, bool *ret_first_public,
                            struct error *err)
{
    *ret_names = STR_NONE;
    *ret_first_public = false;
    if (count == 0)
        return ST_OK;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    store_bind_ids(q, 1, ids, count);
    str *names = arena_new_array(desk->arena, str, count);
    size_t found = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, 0);
        CHECK(place >= 0 && (size_t)place < count);
        names[place] = str_copy(desk->arena, store_column_text(q, 1));
        if (place == 0)
            *ret_first_public = str_eq(store_column_text(q, 2), S("public"));
        found++;
    }
    if (st != ST_NOT_FOUND)
        return st;
    if (found != count)
        return error_set(err, ST_NOT_FOUND, "the story names a %s that is not there", what);
    struct buf b;
    buf_init(&b, desk->arena, TERM_NAMES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&b, '\n');
        buf_add(&b, names[i]);
    }
    return buf_finish(&b, ret_names, err);
}

static enum status terms_read(struct newsroom *desk, const struct story_draft *d,
                              struct terms *ret_terms, struct error *err)
{
    struct terms t = {0};
    int64_t *tags = arena_new_array(desk->arena, int64_t, d->tags_count);
    for (size_t i = 0; i < d->tags_count; i++)
        tags[i] = d->tags[i].v;
    int64_t *bylines = arena_new_array(desk->arena, int64_t, d->bylines_count);
    for (size_t i = 0; i < d->bylines_count; i++)
        bylines[i] = d->bylines[i].v;
    ids_distinct(desk->arena, tags, d->tags_count, &t.places.tags, &t.places.tags_count);
    ids_distinct(desk->arena, bylines, d->bylines_count, &t.places.bylines,
                 &t.places.bylines_count);
    bool tag_public = false, byline_public = false;
    enum status st =
        names_of(desk,
                 SQL("SELECT i.ord, t.name, t.visibility FROM id_list($1) i"
                     " CROSS JOIN tag t WHERE t.id = i.id"),
                 t.places.tags, t.places.tags_count, "tag", &t.tag_names, &tag_public, err);
    if (st == ST_OK)
        st = names_of(desk,
                      SQL("SELECT i.ord, b.name, 'public' FROM id_list($1) i"
                          " CROSS JOIN byline b WHERE b.id = i.id"),
                      t.places.bylines, t.places.bylines_count, "byline", &t.byline_names,
                      &byline_public, err);
    if (st != ST_OK)
        return st;
    t.primary_tag = tag_public ? t.places.tags[0] : 0;
    t.primary_byline = byline_public ? t.places.bylines[0] : 0;
    *ret_terms = t;
    return ST_OK;
}

static enum status links_insert(struct newsroom *desk, const struct terms *t, time_us listed_at,
                                struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    const struct {
        store_sql sql;
        const int64_t *ids;
        size_t count;
    } kinds[] = {
        {SQL("INSERT INTO story_tag (story, tag, position, listed_at) VALUES ($1, $2, $3, $4)"),
         t->places.tags, t->places.tags_count},
        {SQL("INSERT INTO story_byline (story, byline, position, listed_at)"
             " VALUES ($1, $2, $3, $4)"),
         t->places.bylines, t->places.bylines_count},
    };
    for (size_t k = 0; k < 2; k++) {
        if (kinds[k].count == 0)
            continue;
        AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, kinds[k].sql);
        for (size_t i = 0; i < kinds[k].count; i++) {
            store_stmt_reset(q);
            store_bind_int(q, 1, t->places.id.v);
            store_bind_int(q, 2, kinds[k].ids[i]);
            store_bind_int(q, 3, i64_from_size(i));
            store_bind_int_or_null(q, 4, listed_at);
            enum status st = store_run(q, err);
            if (st != ST_OK)
                return st;
        }
    }
    return ST_OK;
}

static enum status links_delete(struct newsroom *desk, story_id id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *tags = store_query(conn, SQL("DELETE FROM story_tag WHERE story = $1"));
    store_bind_int(tags, 1, id.v);
    enum status st = store_run(tags, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *bylines =
        store_query(conn, SQL("DELETE FROM story_byline WHERE story = $1"));
    store_bind_int(bylines, 1, id.v);
    return store_run(bylines, err);
}

/* ---- the rows beside the story's ---- */

static enum status body_write(struct newsroom *desk, story_id id, const struct story_prepared *r,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO story_body (story, html, source_format, source_text, meta_title,"
            " meta_description, og_title, og_description, og_image, twitter_title,"
            " twitter_description, twitter_image, code_head, code_foot)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT (story) DO UPDATE SET html = excluded.html,"
            " source_format = CASE WHEN $15 = 1 THEN story_body.source_format"
            " ELSE excluded.source_format END,"
            " source_text = CASE WHEN $15 = 1 THEN story_body.source_text"
            " ELSE excluded.source_text END,"
            " meta_title = excluded.meta_title, meta_description = excluded.meta_description,"
            " og_title = excluded.og_title, og_description = excluded.og_description,"
            " og_image = excluded.og_image, twitter_title = excluded.twitter_title,"
            " twitter_description = excluded.twitter_description,"
            " twitter_image = excluded.twitter_image, code_head = excluded.code_head,"
            " code_foot = excluded.code_foot"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, r->body.raw);
    store_bind_text(q, 3, story_format_text(r->draft.format));
    /* HTML that sanitizing left as it was is not kept twice. */
    bool same = r->draft.format == STORY_HTML && str_eq(r->draft.text, r->clean.raw);
    store_bind_text_or_null(q, 4, same ? STR_NONE : r->draft.text);
    story_meta_bind(q, 5, &r->draft.meta);
    store_bind_int(q, 15, r->draft.same_text);
    return store_run(q, err);
}

static str text_language(const struct newsroom *desk, const struct story_draft *d)
{
    if (d->language.len > 0)
        return d->language;
    return desk->site != NULL && desk->site->locale.len > 0 ? desk->site->locale : S("en");
}

enum { TEXT_COLUMNS = 6 };

/* Whether the row is there, and is as it is to be. */
static enum status text_same(struct store_conn *conn, story_id id, const str texts[TEXT_COLUMNS],
                             bool *ret_there, bool *ret_same, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT language, headline, standfirst, body, tags, bylines"
                              " FROM story_text WHERE story = $1"));
    store_bind_int(q, 1, id.v);
    enum status st = store_step(q, err);
    *ret_there = st == ST_OK;
    *ret_same = st == ST_OK;
    for (int i = 0; *ret_same && i < TEXT_COLUMNS; i++)
        *ret_same = str_eq(store_column_text(q, i), texts[i]);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status text_write(struct newsroom *desk, story_id id, const struct story_prepared *r,
                              const struct terms *t, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    const str texts[TEXT_COLUMNS] = {text_language(desk, &r->draft),
                                     r->draft.title,
                                     r->draft.standfirst,
                                     r->plain,
                                     t->tag_names,
                                     t->byline_names};
    bool there = false, same = false;
    enum status st = ST_OK;
    if (r->draft.id.v != 0)
        st = text_same(conn, id, texts, &there, &same, err);
    if (st != ST_OK || same)
        return st;
    if (there) /* the index is told what it had while the row still says it */
        st = fulltext_drop(conn, id.v, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn,
        SQL("INSERT INTO story_text (story, language, headline, standfirst, body, tags, bylines)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (story) DO UPDATE SET language = excluded.language,"
            " headline = excluded.headline, standfirst = excluded.standfirst,"
            " body = excluded.body, tags = excluded.tags, bylines = excluded.bylines"));
    store_bind_int(q, 1, id.v);
    for (int i = 0; i < TEXT_COLUMNS; i++)
        store_bind_text(q, 2 + i, texts[i]);
    st = store_run(q, err);
    if (st != ST_OK || (r->draft.id.v == 0 && r->draft.index_later))
        return st;
    return fulltext_put(conn, id.v, err);
}

static enum status corrections_insert(struct newsroom *desk, story_id id,
                                      const struct story_prepared *r, struct error *err)
{
    if (r->draft.corrections_count == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO correction (story, corrected_at, html) VALUES ($1, $2, $3)"));
    for (size_t i = 0; i < r->draft.corrections_count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, id.v);
        store_bind_int(q, 2, r->corrections[i].corrected_at);
        store_bind_text(q, 3, r->corrections[i].text.raw);
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status corrections_replace(struct newsroom *desk, story_id id,
                                       const struct story_prepared *r, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM correction WHERE story = $1"));
    store_bind_int(q, 1, id.v);
    enum status st = store_run(q, err);
    return st == ST_OK ? corrections_insert(desk, id, r, err) : st;
}

/* ---- the story's row ---- */

static time_us saved_at(const struct newsroom *desk, const struct story_draft *d)
{
    return d->updated_at != 0 ? d->updated_at : desk->now;
}

/* The columns that an insert and an update write alike, $1 to $21. */
static void bind_common(struct store_stmt *q, const struct story_prepared *r, str slug,
                        const struct terms *t, int64_t corrections_count)
{
    const struct story_draft *d = &r->draft;
    store_bind_text(q, 1, slug);
    store_bind_text(q, 2, d->title);
    store_bind_text_or_null(q, 3, d->dateline);
    store_bind_text_or_null(q, 4, d->source);
    store_bind_text_or_null(q, 5, d->standfirst);
    store_bind_text(q, 6, r->excerpt);
    store_bind_text_or_null(q, 7, d->image);
    store_bind_text_or_null(q, 8, d->image_alt);
    store_bind_text_or_null(q, 9, r->image_caption.raw);
    store_bind_int(q, 10, d->featured);
    store_bind_text(q, 11, story_visibility_text(d->visibility));
    store_bind_text_or_null(q, 12, d->language);
    store_bind_text_or_null(q, 13, d->template_name);
    store_bind_text_or_null(q, 14, d->canonical_url);
    store_bind_int(q, 15, !d->hide_title_and_image);
    store_bind_int(q, 16, !d->replies_closed);
    store_bind_int_or_null(q, 17, t->primary_tag);
    store_bind_int_or_null(q, 18, t->primary_byline);
    store_bind_int(q, 19, r->word_count);
    store_bind_int(q, 20, r->image_count);
    store_bind_int(q, 21, corrections_count);
}

#define INSERT_STORY                                                                               \
    "INSERT INTO story (slug, title, dateline, source, standfirst, excerpt, image, image_alt,"     \
    " image_caption, featured, visibility, language, template, canonical_url,"                     \
    " show_title_and_image, replies_open, primary_tag, primary_byline, word_count, image_count,"   \
    " correction_count, ghost_id, uuid, kind, state, created_at, updated_at, published_at,"        \
    " was_published, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"    \
    " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,"   \
    " $30, $27) RETURNING id"

static enum status story_insert(struct newsroom *desk, const struct story_prepared *r, str slug,
                                const struct terms *t, time_us published_at, story_id *ret_id,
                                struct error *err)
{
    const struct story_draft *d = &r->draft;
    time_us created = d->created_at != 0 ? d->created_at : desk->now;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx), SQL(INSERT_STORY));
    bind_common(q, r, slug, t, i64_from_size(d->corrections_count));
    store_bind_text(
        q, 22, d->ghost_id.len > 0 ? d->ghost_id : ghost_id_new(desk->rng, desk->arena, created));
    store_bind_text(q, 23, d->uuid.len > 0 ? d->uuid : random_uuid(desk->rng, desk->arena));
    store_bind_text(q, 24, story_kind_text(d->kind));
    store_bind_text(q, 25, story_state_text(d->state));
    store_bind_int(q, 26, created);
    store_bind_int(q, 27, saved_at(desk, d));
    store_bind_int_or_null(q, 28, published_at);
    store_bind_int(q, 29, d->state == STORY_PUBLISHED);
    store_bind_int_or_null(q, 30, desk->person.v);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    story_id id = {store_column_int(q, 0)};
    st = store_run(q, err); /* RETURNING is stepped to its end */
    if (st == ST_OK)
        *ret_id = id;
    return st;
}

static enum status row_update(struct newsroom *desk, const struct story *old,
                              const struct story_prepared *r, str slug, const struct terms *t,
                              time_us published_at, struct error *err)
{
    const struct story_draft *d = &r->draft;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE story SET slug = $1, title = $2, dateline = $3, source = $4, standfirst = $5,"
            " excerpt = $6, image = $7, image_alt = $8, image_caption = $9, featured = $10,"
            " visibility = $11, language = $12, template = $13, canonical_url = $14,"
            " show_title_and_image = $15, replies_open = $16, primary_tag = $17,"
            " primary_byline = $18, word_count = $19, image_count = $20, correction_count = $21,"
            " updated_at = $22, published_at = $23, revised_at = $24, saved_by = $25,"
            " saved_at = $22, version = version + 1 WHERE id = $26"));
    bind_common(q, r, slug, t,
                d->keep_corrections ? old->correction_count : i64_from_size(d->corrections_count));
    store_bind_int(q, 22, saved_at(desk, d));
    store_bind_int_or_null(q, 23, published_at);
    store_bind_int_or_null(q, 24, d->revised ? desk->now : old->revised_at);
    store_bind_int_or_null(q, 25, desk->person.v);
    store_bind_int(q, 26, old->id.v);
    return store_run(q, err);
}

/* ---- a new one ---- */

static enum status relate_later(struct newsroom *desk, story_id id, struct error *err)
{
    return job_add(desk, S("related"), id.v, STR_NONE, desk->now, err);
}

static enum status save_new(struct newsroom *desk, const struct story_prepared *r, story_id *ret_id,
                            struct error *err)
{
    const struct story_draft *d = &r->draft;
    bool published = d->state == STORY_PUBLISHED;
    bool listed = published && d->kind == STORY_STORY;
    time_us published_at = d->published_at == 0 && published ? desk->now : d->published_at;
    if (d->state == STORY_SCHEDULED && published_at == 0)
        return error_set(err, ST_INVALID, "a scheduled story needs the time it is to appear");
    struct terms t;
    str slug;
    enum status st = terms_read(desk, d, &t, err);
    if (st == ST_OK)
        st = free_slug(desk, SLUG_OF_STORY, r->slug, d->id.v, &slug, err);
    if (st == ST_OK)
        st = story_insert(desk, r, slug, &t, published_at, &t.places.id, err);
    if (st != ST_OK)
        return st;
    t.places.at = published_at;
    st = body_write(desk, t.places.id, r, err);
    if (st == ST_OK)
        st = text_write(desk, t.places.id, r, &t, err);
    if (st == ST_OK)
        st = links_insert(desk, &t, listed ? published_at : 0, err);
    if (st == ST_OK && !listed)
        st = listing_desk(desk, t.places.id, d->state,
                          desk_time(d->state, saved_at(desk, d), published_at), err);
    if (st == ST_OK)
        st = corrections_insert(desk, t.places.id, r, err);
    if (st == ST_OK)
        st = story_pictures_insert(desk, t.places.id, r, err);
    if (st == ST_OK && listed) {
        st = listing_enter(desk, &t.places, err);
        if (st == ST_OK)
            st = listing_raise(desk, &t.places, err);
        if (st == ST_OK)
            st = relate_later(desk, t.places.id, err);
    }
    if (st != ST_OK)
        return st;
    if (published) {
        change_absent(desk, slug);
        change_list(desk, LIST_ALL, 0);
    }
    *ret_id = t.places.id;
    return ST_OK;
}

/* ---- an old one ---- */

/* Everything an edit is held against. */
struct edit {
    struct story *old;
    struct listing old_places;
    bool listed; /* stands in lists now, and will after */
    bool terms;  /* other tags or bylines, or in another order */
    bool moved;  /* another published_at */
    bool text;   /* title, standfirst or body */
    bool print;  /* what a row of a list shows */
    str slug;    /* as it will be */
    time_us published_at;
};

static bool ids_eq(const int64_t *a, size_t a_count, const int64_t *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

static bool print_differs(const struct story *old, const struct story_prepared *r, str slug)
{
    const struct story_draft *d = &r->draft;
    return !str_eq(old->slug, slug) || !str_eq(old->title, d->title) ||
           !str_eq(old->excerpt, r->excerpt) || !str_eq(old->standfirst, d->standfirst) ||
           !str_eq(old->dateline, d->dateline) || !str_eq(old->source, d->source) ||
           !str_eq(old->image, d->image) || !str_eq(old->image_alt, d->image_alt) ||
           !str_eq(old->image_caption.raw, r->image_caption.raw) || old->featured != d->featured ||
           old->visibility != d->visibility || d->revised || !str_eq(old->language, d->language) ||
           !str_eq(old->canonical_url, d->canonical_url) || old->word_count != r->word_count ||
           old->image_count != r->image_count;
}

static enum status edit_begin(struct newsroom *desk, const struct story_prepared *r,
                              const struct terms *t, struct edit *ret_edit, struct error *err)
{
    const struct story_draft *d = &r->draft;
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct edit e = {0};
    enum status st = story_by_id(conn, d->id, desk->arena, &e.old, err);
    if (st != ST_OK)
        return st;
    if (d->version != 0 && d->version != e.old->version)
        return error_set(err, ST_CONFLICT, "somebody else saved this story meanwhile");
    st = story_load_body(conn, &e.old, 1, desk->arena, err);
    if (st == ST_OK)
        st = listing_read(conn, d->id, desk->arena, &e.old_places, err);
    e.slug = e.old->slug;
    if (st == ST_OK && r->slug.len > 0 && !str_eq(r->slug, e.old->slug))
        st = free_slug(desk, SLUG_OF_STORY, r->slug, d->id.v, &e.slug, err);
    if (st != ST_OK)
        return st;
    e.old_places.at = e.old->published_at;
    e.published_at = d->published_at != 0 ? d->published_at : e.old->published_at;
    if (d->untimed && e.old->state == STORY_DRAFT)
        e.published_at = 0;
    e.listed = e.old->state == STORY_PUBLISHED && e.old->kind == STORY_STORY;
    e.moved = e.published_at != e.old->published_at;
    e.terms =
        !ids_eq(e.old_places.tags, e.old_places.tags_count, t->places.tags, t->places.tags_count) ||
        !ids_eq(e.old_places.bylines, e.old_places.bylines_count, t->places.bylines,
                t->places.bylines_count);
    e.text = !str_eq(e.old->title, d->title) || !str_eq(e.old->standfirst, d->standfirst) ||
             !str_eq(pictures_strip(desk->arena, e.old->body).raw, r->clean.raw);
    e.print = e.terms || e.moved || print_differs(e.old, r, e.slug);
    *ret_edit = e;
    return ST_OK;
}

static enum status version_keep(struct newsroom *desk, story_id id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO story_version (story, version, saved_at, person, saved_by, title,"
            " standfirst, html, source_format, source_text)"
            " SELECT s.id, s.version, COALESCE(s.saved_at, s.updated_at), $2, s.saved_by, s.title,"
            " s.standfirst, b.html, b.source_format, b.source_text"
            " FROM story s JOIN story_body b ON b.story = s.id WHERE s.id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_int_or_null(q, 2, desk->person.v);
    return store_run(q, err);
}

/* The links, and the lists when it is in them. */
static enum status edit_places(struct newsroom *desk, const struct edit *e, struct terms *t,
                               struct error *err)
{
    enum status st = ST_OK;
    bool relist = e->listed && (e->terms || e->moved);
    if (e->listed && e->print)
        st = listing_raise(desk, &e->old_places, err);
    if (st == ST_OK && relist)
        st = listing_leave(desk, &e->old_places, err);
    if (st == ST_OK && e->terms) {
        st = links_delete(desk, e->old->id, err);
        if (st == ST_OK)
            st = links_insert(desk, t, e->listed ? e->published_at : 0, err);
    } else if (st == ST_OK && e->listed && e->moved) {
        st = listing_mark(desk, e->old->id, e->published_at, err);
    }
    if (st == ST_OK && relist)
        st = listing_enter(desk, &t->places, err);
    return st;
}

static enum status edit_names(struct newsroom *desk, const struct edit *e, const struct terms *t,
                              struct error *err)
{
    enum status st = ST_OK;
    change_story(desk, e->old->id);
    if (!str_eq(e->slug, e->old->slug)) {
        change_absent(desk, e->slug);
        if (e->old->was_published)
            st = redirect_add(
                desk,
                &(struct redirect){.path = str_join3(desk->arena, S("/"), e->old->slug, S("/")),
                                   .story = e->old->id},
                err);
    }
    if (e->print && e->old->state == STORY_PUBLISHED)
        change_list(desk, LIST_ALL, 0);
    if (st == ST_OK && e->listed && (e->terms || e->moved))
        st = listing_raise(desk, &t->places, err);
    if (st == ST_OK && e->listed && (e->text || e->terms))
        st = relate_later(desk, e->old->id, err);
    return st;
}

static enum status save_old(struct newsroom *desk, const struct story_prepared *r,
                            struct error *err)
{
    struct terms t;
    struct edit e;
    enum status st = terms_read(desk, &r->draft, &t, err);
    if (st == ST_OK)
        st = edit_begin(desk, r, &t, &e, err);
    if (st != ST_OK)
        return st;
    t.places.id = e.old->id;
    t.places.at = e.published_at;
    if (e.text)
        st = version_keep(desk, e.old->id, err);
    if (st == ST_OK)
        st = edit_places(desk, &e, &t, err);
    if (st == ST_OK && !e.listed)
        st = listing_desk(desk, e.old->id, e.old->state,
                          desk_time(e.old->state, saved_at(desk, &r->draft), e.published_at), err);
    if (st == ST_OK)
        st = row_update(desk, e.old, r, e.slug, &t, e.published_at, err);
    if (st == ST_OK)
        st = body_write(desk, e.old->id, r, err);
    if (st == ST_OK)
        st = text_write(desk, e.old->id, r, &t, err);
    if (st == ST_OK && !r->draft.keep_corrections &&
        (e.old->correction_count > 0 || r->draft.corrections_count > 0))
        st = corrections_replace(desk, e.old->id, r, err);
    if (st == ST_OK)
        st = story_pictures_replace(desk, e.old->id, r, err);
    return st == ST_OK ? edit_names(desk, &e, &t, err) : st;
}

/* ---- tags and bylines alone ---- */

static enum status row_set_terms(struct newsroom *desk, const struct story *old,
                                 const struct terms *t, time_us updated_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("UPDATE story SET primary_tag = $1, primary_byline = $2,"
                                     " updated_at = $3, version = version + 1 WHERE id = $4"));
    store_bind_int_or_null(q, 1, t->primary_tag);
    store_bind_int_or_null(q, 2, t->primary_byline);
    store_bind_int(q, 3, updated_at);
    store_bind_int(q, 4, old->id.v);
    return store_run(q, err);
}

static enum status terms_replace(struct newsroom *desk, struct edit *e, struct terms *t, bool quiet,
                                 struct error *err)
{
    time_us updated_at = quiet ? e->old->updated_at : desk->now;
    enum status st = edit_places(desk, e, t, err);
    if (st == ST_OK && !e->listed)
        st = listing_desk(desk, e->old->id, e->old->state,
                          desk_time(e->old->state, updated_at, e->published_at), err);
    if (st == ST_OK)
        st = row_set_terms(desk, e->old, t, updated_at, err);
    if (st == ST_OK)
        st = term_words_story_later(desk, e->old->id, err);
    if (st != ST_OK)
        return st;
    change_story(desk, e->old->id);
    if (e->old->state == STORY_PUBLISHED)
        change_list(desk, LIST_ALL, 0);
    if (!e->listed)
        return ST_OK;
    st = listing_raise(desk, &t->places, err);
    return st == ST_OK && !quiet ? relate_later(desk, e->old->id, err) : st;
}

enum status story_set_links(struct newsroom *desk, story_id id, const struct story_links *links,
                            struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct story_draft draft = {.tags = links->tags,
                                .tags_count = links->tags_count,
                                .bylines = links->bylines,
                                .bylines_count = links->bylines_count};
    struct edit e = {.terms = true, .print = true};
    struct terms t;
    if (links->tags_count > STORY_TAGS_MAX || links->bylines_count > STORY_BYLINES_MAX)
        return error_set(err, ST_INVALID, "a story has at most %d tags and %d bylines",
                         STORY_TAGS_MAX, STORY_BYLINES_MAX);
    enum status st = story_by_id(conn, id, desk->arena, &e.old, err);
    if (st == ST_OK)
        st = listing_read(conn, id, desk->arena, &e.old_places, err);
    if (st == ST_OK)
        st = terms_read(desk, &draft, &t, err);
    if (st != ST_OK)
        return st;
    e.listed = e.old->state == STORY_PUBLISHED && e.old->kind == STORY_STORY;
    e.published_at = e.old->published_at;
    e.old_places.at = e.published_at;
    t.places.id = id;
    t.places.at = e.published_at;
    if (ids_eq(e.old_places.tags, e.old_places.tags_count, t.places.tags, t.places.tags_count) &&
        ids_eq(e.old_places.bylines, e.old_places.bylines_count, t.places.bylines,
               t.places.bylines_count))
        return ST_OK;
    return terms_replace(desk, &e, &t, links->quiet, err);
}

enum status story_index(struct newsroom *desk, const story_id *ids, size_t count, struct error *err)
{
    int64_t *numbers = arena_new_array(desk->arena, int64_t, count);
    for (size_t i = 0; i < count; i++)
        numbers[i] = ids[i].v;
    return fulltext_put_all(store_tx_conn(desk->tx), numbers, count, err);
}

enum status story_save(struct newsroom *desk, const struct story_prepared *ready, story_id *ret_id,
                       struct error *err)
{
    if (ready->draft.id.v == 0)
        return save_new(desk, ready, ret_id, err);
    enum status st = save_old(desk, ready, err);
    if (st == ST_OK)
        *ret_id = ready->draft.id;
    return st;
}
