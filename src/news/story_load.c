/* SPDX-License-Identifier: MIT
 *
 * The loaders of list.h: what rows do not carry with them, brought for all rows in one statement.
 * Rows that have it already are left out, so that a story which stands in two lists of a page
 * is loaded once; so is one that stands twice in `rows`. */
#include "base/arena.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/story_row.h"
#include "news/tag.h"
#include "store/store.h"

/* ---- ids to what was loaded ---- */

/* A table from an id of the database to a place in an array; ids are ours, so a plain multiplying
 * hash is enough. */
struct id_table {
    int64_t *ids; /* 0: free */
    void **values;
    size_t mask;
};

static struct id_table id_table_new(struct arena *arena, size_t entries)
{
    size_t slots = 16;
    while (slots < entries * 2)
        slots *= 2;
    return (struct id_table){arena_new_array(arena, int64_t, slots),
                             arena_new_array(arena, void *, slots), slots - 1};
}

static void **id_table_at(const struct id_table *table, int64_t id)
{
    size_t i = ((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & table->mask;
    while (table->ids[i] != 0 && table->ids[i] != id)
        i = (i + 1) & table->mask;
    table->ids[i] = id;
    return &table->values[i];
}

/* The rows still to be loaded, each once, by id. */
struct wanted {
    int64_t *ids;
    size_t count;
    struct id_table rows; /* the first row of that id; others are filled from it */
};

enum part { PART_TERMS, PART_BODY, PART_PLAIN };

static bool has_part(const struct story *s, enum part part)
{
    switch (part) {
    case PART_TERMS:
        return s->terms_loaded;
    case PART_BODY:
        return s->body_loaded;
    case PART_PLAIN:
        return s->plain_loaded;
    }
    return true;
}

static struct wanted rows_wanted(struct story **rows, size_t count, enum part part,
                                 struct arena *arena)
{
    struct wanted w = {arena_new_array(arena, int64_t, count), 0, id_table_new(arena, count)};
    for (size_t i = 0; i < count; i++) {
        if (has_part(rows[i], part))
            continue;
        void **first = id_table_at(&w.rows, rows[i]->id.v);
        if (*first == NULL) {
            *first = rows[i];
            w.ids[w.count++] = rows[i]->id.v;
        }
    }
    return w;
}

/* Only ids asked for come back, so a row is always there. */
static struct story *wanted_row(const struct wanted *w, int64_t id)
{
    struct story *row = *id_table_at(&w->rows, id);
    CHECK(row != NULL);
    return row;
}

/* ---- tags and bylines ---- */

#define TERMS                                                                                      \
    "SELECT l.story, 0, l.position, " TAG_COLUMNS " FROM story_tag l CROSS JOIN tag t"             \
    " WHERE l.story IN (SELECT id FROM id_list($1)) AND t.id = l.tag"                              \
    " UNION ALL "                                                                                  \
    "SELECT l.story, 1, l.position, " BYLINE_COLUMNS " FROM story_byline l CROSS JOIN byline b"    \
    " WHERE l.story IN (SELECT id FROM id_list($1)) AND b.id = l.byline"

struct term_link {
    struct story *story;
    int64_t position;
    const void *term; /* a tag or a byline */
};

struct term_links {
    struct arena *arena;
    struct term_link *links;
    size_t count, cap;
    struct id_table known;
    size_t known_count;
};

static void links_init(struct term_links *l, struct arena *arena)
{
    enum { FIRST = 64 };
    *l = (struct term_links){.arena = arena,
                             .links = arena_new_array(arena, struct term_link, FIRST),
                             .cap = FIRST,
                             .known = id_table_new(arena, FIRST)};
}

static void links_add(struct term_links *l, struct story *story, int64_t position, const void *term)
{
    if (l->count == l->cap) {
        l->links = arena_grow(l->arena, l->links, l->cap * sizeof(*l->links),
                              l->cap * 2 * sizeof(*l->links), _Alignof(struct term_link));
        l->cap *= 2;
    }
    l->links[l->count++] = (struct term_link){story, position, term};
}

/* The struct made for this id before, or room for the one to be made. */
static void **links_known(struct term_links *l, int64_t id)
{
    if (l->known_count * 2 > l->known.mask) {
        struct id_table bigger = id_table_new(l->arena, l->known_count * 2);
        for (size_t i = 0; i <= l->known.mask; i++) {
            if (l->known.ids[i] != 0)
                *id_table_at(&bigger, l->known.ids[i]) = l->known.values[i];
        }
        l->known = bigger;
    }
    void **place = id_table_at(&l->known, id);
    if (*place == NULL)
        l->known_count++;
    return place;
}

/* Counts, gives each story an array of that length, then fills it in order of position. */
static void links_give(const struct term_links *l, bool are_tags, struct arena *arena)
{
    for (size_t i = 0; i < l->count; i++) {
        struct story *s = l->links[i].story;
        if (are_tags)
            s->tags_count++;
        else
            s->bylines_count++;
    }
    for (size_t i = 0; i < l->count; i++) {
        struct story *s = l->links[i].story;
        if (are_tags && s->tags == NULL) {
            s->tags = arena_new_array(arena, const struct tag *, s->tags_count);
            s->tags_count = 0;
        } else if (!are_tags && s->bylines == NULL) {
            s->bylines = arena_new_array(arena, const struct byline *, s->bylines_count);
            s->bylines_count = 0;
        }
        if (are_tags)
            s->tags[s->tags_count++] = l->links[i].term;
        else
            s->bylines[s->bylines_count++] = l->links[i].term;
    }
}

static int link_cmp(const void *a, const void *b)
{
    const struct term_link *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

static enum status read_links(struct store_stmt *q, const struct wanted *w, struct arena *arena,
                              struct term_links *tags, struct term_links *bylines,
                              struct error *err)
{
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct story *story = wanted_row(w, store_column_int(q, 0));
        bool is_tag = store_column_int(q, 1) == 0;
        int64_t position = store_column_int(q, 2);
        struct term_links *links = is_tag ? tags : bylines;
        void **term = links_known(links, store_column_int(q, 3));
        if (*term == NULL)
            *term =
                is_tag ? (void *)tag_from_row(q, 3, arena) : (void *)byline_from_row(q, 3, arena);
        links_add(links, story, position, *term);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status story_load_terms(struct store_conn *conn, struct story **rows, size_t count,
                             struct arena *arena, struct error *err)
{
    struct wanted w = rows_wanted(rows, count, PART_TERMS, arena);
    if (w.count == 0)
        return ST_OK;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(TERMS));
    store_bind_ids(q, 1, w.ids, w.count);
    struct term_links tags, bylines;
    links_init(&tags, arena);
    links_init(&bylines, arena);
    enum status st = read_links(q, &w, arena, &tags, &bylines, err);
    if (st != ST_OK)
        return st;
    qsort(tags.links, tags.count, sizeof(*tags.links), link_cmp);
    qsort(bylines.links, bylines.count, sizeof(*bylines.links), link_cmp);
    links_give(&tags, true, arena);
    links_give(&bylines, false, arena);
    for (size_t i = 0; i < count; i++) {
        const struct story *from = rows[i]->terms_loaded ? rows[i] : wanted_row(&w, rows[i]->id.v);
        rows[i]->tags = from->tags;
        rows[i]->tags_count = from->tags_count;
        rows[i]->bylines = from->bylines;
        rows[i]->bylines_count = from->bylines_count;
        rows[i]->terms_loaded = true;
    }
    return ST_OK;
}

/* ---- bodies ---- */

#define BODIES                                                                                     \
    "SELECT story, html, source_format, source_text, meta_title, meta_description, og_title,"      \
    " og_description, og_image, twitter_title, twitter_description, twitter_image, code_head,"     \
    " code_foot FROM story_body WHERE story IN (SELECT id FROM id_list($1))"

#define CORRECTIONS                                                                                \
    "SELECT story, corrected_at, html FROM correction"                                             \
    " WHERE story IN (SELECT id FROM id_list($1))"

static enum status load_corrections(struct store_conn *conn, const struct wanted *w,
                                    struct arena *arena, struct error *err)
{
    int64_t *ids = arena_new_array(arena, int64_t, w->count);
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++) {
        struct story *s = wanted_row(w, w->ids[i]);
        if (s->correction_count <= 0)
            continue;
        ids[count++] = w->ids[i];
        s->corrections =
            arena_new_array(arena, struct story_correction, (size_t)s->correction_count);
    }
    if (count == 0)
        return ST_OK;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(CORRECTIONS));
    store_bind_ids(q, 1, ids, count);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct story *s = wanted_row(w, store_column_int(q, 0));
        if (s->corrections_count == (size_t)s->correction_count)
            continue;
        struct story_correction new_one = {store_column_int(q, 1),
                                           {str_copy(arena, store_column_text(q, 2))}};
        size_t at = s->corrections_count++;
        for (; at > 0 && s->corrections[at - 1].corrected_at > new_one.corrected_at; at--)
            s->corrections[at] = s->corrections[at - 1];
        s->corrections[at] = new_one;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status story_load_body(struct store_conn *conn, struct story **rows, size_t count,
                            struct arena *arena, struct error *err)
{
    struct wanted w = rows_wanted(rows, count, PART_BODY, arena);
    if (w.count == 0)
        return ST_OK;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(BODIES));
    store_bind_ids(q, 1, w.ids, w.count);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct story *s = wanted_row(&w, store_column_int(q, 0));
        s->body.raw = str_copy(arena, store_column_text(q, 1));
        s->format = story_format_from_name(store_column_text(q, 2));
        s->source_text = str_copy(arena, store_column_text(q, 3));
        s->meta = story_meta_from_row(q, 4, arena);
    }
    if (st != ST_NOT_FOUND)
        return st;
    st = load_corrections(conn, &w, arena, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        const struct story *from = rows[i]->body_loaded ? rows[i] : wanted_row(&w, rows[i]->id.v);
        rows[i]->body = from->body;
        rows[i]->format = from->format;
        rows[i]->source_text = from->source_text;
        rows[i]->meta = from->meta;
        rows[i]->corrections = from->corrections;
        rows[i]->corrections_count = from->corrections_count;
        rows[i]->body_loaded = true;
    }
    return ST_OK;
}

/* ---- plain text ---- */

enum status story_load_plain(struct store_conn *conn, struct story **rows, size_t count,
                             struct arena *arena, struct error *err)
{
    struct wanted w = rows_wanted(rows, count, PART_PLAIN, arena);
    if (w.count == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT story, body FROM story_text"
                                                 " WHERE story IN (SELECT id FROM id_list($1))"));
    store_bind_ids(q, 1, w.ids, w.count);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        wanted_row(&w, store_column_int(q, 0))->plain = str_copy(arena, store_column_text(q, 1));
    if (st != ST_NOT_FOUND)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i]->plain_loaded)
            rows[i]->plain = wanted_row(&w, rows[i]->id.v)->plain;
        rows[i]->plain_loaded = true;
    }
    return ST_OK;
}
