/* SPDX-License-Identifier: MIT */
#include "news/story_row.h"
#include "base/arena.h"
#include "news/byline.h"
#include "news/tag.h"
#include "store/store.h"

/* ---- words for what is kept as words ---- */

static const str kinds[] = {[STORY_STORY] = STR_INIT("story"), [STORY_PAGE] = STR_INIT("page")};
static const str states[] = {[STORY_DRAFT] = STR_INIT("draft"),
                             [STORY_SCHEDULED] = STR_INIT("scheduled"),
                             [STORY_PUBLISHED] = STR_INIT("published"),
                             [STORY_TRASHED] = STR_INIT("trashed")};
static const str visibilities[] = {[STORY_PUBLIC] = STR_INIT("public"),
                                   [STORY_MEMBERS] = STR_INIT("members"),
                                   [STORY_PAID] = STR_INIT("paid"),
                                   [STORY_TIERS] = STR_INIT("tiers")};
static const str formats[] = {
    [STORY_HTML] = STR_INIT("html"), [STORY_MARKDOWN] = STR_INIT("markdown")};

/* The schema's CHECKs let no other word in. */
static size_t word_index(const str *words, size_t count, str word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(words[i], word))
            return i;
    }
    return 0;
}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum story_kind story_kind_from_name(str name)
{
    return (enum story_kind)word_index(kinds, COUNT(kinds), name);
}

enum story_state story_state_from_name(str name)
{
    return (enum story_state)word_index(states, COUNT(states), name);
}

enum story_visibility story_visibility_from_name(str name)
{
    return (enum story_visibility)word_index(visibilities, COUNT(visibilities), name);
}

enum story_format story_format_from_name(str name)
{
    return (enum story_format)word_index(formats, COUNT(formats), name);
}

str story_kind_text(enum story_kind kind)
{
    return kinds[kind];
}

str story_state_text(enum story_state state)
{
    return states[state];
}

const char *story_state_name(enum story_state state)
{
    return states[state].ptr;
}

str story_visibility_text(enum story_visibility visibility)
{
    return visibilities[visibility];
}

str story_format_text(enum story_format format)
{
    return formats[format];
}

/* ---- rows ---- */

/* Reads columns one after the other. */
struct row {
    const struct store_stmt *stmt;
    struct arena *arena;
    int column;
};

static str row_text(struct row *row)
{
    str lent = store_column_text(row->stmt, row->column++);
    return lent.len == 0 ? STR_NONE : str_copy(row->arena, lent);
}

static str row_word(struct row *row) /* lent: gone at the next step */
{
    return store_column_text(row->stmt, row->column++);
}

static int64_t row_int(struct row *row)
{
    return store_column_int(row->stmt, row->column++);
}

static bool row_bool(struct row *row)
{
    return row_int(row) != 0;
}

struct story *story_from_row(const struct store_stmt *stmt, int column, struct arena *arena)
{
    struct row row = {stmt, arena, column};
    struct story *s = arena_new_one(arena, struct story);
    s->id.v = row_int(&row);
    s->ghost_id = row_text(&row);
    s->uuid = row_text(&row);
    s->kind = story_kind_from_name(row_word(&row));
    s->state = story_state_from_name(row_word(&row));
    s->slug = row_text(&row);
    s->title = row_text(&row);
    s->dateline = row_text(&row);
    s->source = row_text(&row);
    s->standfirst = row_text(&row);
    s->excerpt = row_text(&row);
    s->image = row_text(&row);
    s->image_alt = row_text(&row);
    s->image_caption.raw = row_text(&row);
    s->featured = row_bool(&row);
    s->visibility = story_visibility_from_name(row_word(&row));
    s->language = row_text(&row);
    s->template_name = row_text(&row);
    s->canonical_url = row_text(&row);
    s->show_title_and_image = row_bool(&row);
    s->replies_open = row_bool(&row);
    s->was_published = row_bool(&row);
    s->created_at = row_int(&row);
    s->updated_at = row_int(&row);
    s->published_at = row_int(&row);
    s->revised_at = row_int(&row);
    s->primary_tag.v = row_int(&row);
    s->primary_byline.v = row_int(&row);
    s->word_count = row_int(&row);
    s->image_count = row_int(&row);
    s->comment_count = row_int(&row);
    s->correction_count = row_int(&row);
    s->fingerprint = row_int(&row);
    s->version = row_int(&row);
    CHECK(row.column == column + STORY_COLUMNS_COUNT);
    return s;
}

struct story_meta story_meta_from_row(const struct store_stmt *stmt, int column,
                                      struct arena *arena)
{
    struct row row = {stmt, arena, column};
    struct story_meta m;
    m.meta_title = row_text(&row);
    m.meta_description = row_text(&row);
    m.og_title = row_text(&row);
    m.og_description = row_text(&row);
    m.og_image = row_text(&row);
    m.twitter_title = row_text(&row);
    m.twitter_description = row_text(&row);
    m.twitter_image = row_text(&row);
    m.code_head = row_text(&row);
    m.code_foot = row_text(&row);
    CHECK(row.column == column + STORY_META_COUNT);
    return m;
}

void story_meta_bind(struct store_stmt *stmt, int index, const struct story_meta *m)
{
    const str values[STORY_META_COUNT] = {
        m->meta_title,    m->meta_description,    m->og_title,      m->og_description, m->og_image,
        m->twitter_title, m->twitter_description, m->twitter_image, m->code_head,      m->code_foot,
    };
    for (int i = 0; i < STORY_META_COUNT; i++)
        store_bind_text_or_null(stmt, index + i, values[i]);
}

struct tag *tag_from_row(const struct store_stmt *stmt, int column, struct arena *arena)
{
    struct row row = {stmt, arena, column};
    struct tag *t = arena_new_one(arena, struct tag);
    t->id.v = row_int(&row);
    t->ghost_id = row_text(&row);
    t->slug = row_text(&row);
    t->name = row_text(&row);
    t->internal = str_eq(row_word(&row), S("internal"));
    t->section = row_bool(&row);
    t->parent.v = row_int(&row);
    t->description = row_text(&row);
    t->image = row_text(&row);
    t->accent_color = row_text(&row);
    t->canonical_url = row_text(&row);
    t->meta = story_meta_from_row(stmt, row.column, arena);
    row.column += STORY_META_COUNT;
    t->created_at = row_int(&row);
    t->updated_at = row_int(&row);
    t->story_count = row_int(&row);
    CHECK(row.column == column + TAG_COLUMNS_COUNT);
    return t;
}

struct byline *byline_from_row(const struct store_stmt *stmt, int column, struct arena *arena)
{
    struct row row = {stmt, arena, column};
    struct byline *b = arena_new_one(arena, struct byline);
    b->id.v = row_int(&row);
    b->ghost_id = row_text(&row);
    b->slug = row_text(&row);
    b->name = row_text(&row);
    row.column += 2; /* a tag's visibility and section */
    b->person.v = row_int(&row);
    b->bio = row_text(&row);
    b->location = row_text(&row);
    b->website = row_text(&row);
    b->profile_image = row_text(&row);
    b->cover_image = row_text(&row);
    b->facebook = row_text(&row);
    b->twitter = row_text(&row);
    b->meta_title = row_text(&row);
    b->meta_description = row_text(&row);
    row.column += 5;
    b->created_at = row_int(&row);
    b->updated_at = row_int(&row);
    b->story_count = row_int(&row);
    CHECK(row.column == column + TAG_COLUMNS_COUNT);
    return b;
}

enum status story_list_read(struct store_stmt *stmt, size_t limit, struct arena *arena,
                            struct story_list *ret_list, struct error *err)
{
    struct story_list list = {.rows = arena_new_array(arena, struct story *, limit)};
    enum status st;
    while ((st = store_step(stmt, err)) == ST_OK) {
        if (list.count == limit) {
            list.more = true;
            break;
        }
        list.rows[list.count++] = story_from_row(stmt, 0, arena);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    return ST_OK;
}
