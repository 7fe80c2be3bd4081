/* SPDX-License-Identifier: MIT */
#include "desk/terms.h"

#include "base/arena.h"
#include "news/term_merge.h"
#include "text/url.h"

/* ---- fields ---- */

struct settings_field *terms_fields(struct errand *e, const struct term_field *fields, size_t count,
                                    const void *record)
{
    struct settings_field *list = arena_new_array(e->arena, struct settings_field, count);
    for (size_t i = 0; i < count; i++) {
        list[i] = fields[i].field;
        list[i].value = *(const str *)((const char *)record + fields[i].at);
    }
    return list;
}

static bool is_color(str text)
{
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
    }
    return text.len == 7 && text.ptr[0] == '#';
}

static bool is_absolute(str text)
{
    enum url_kind kind = url_kind(text);
    return kind == URL_HTTP || kind == URL_HTTPS;
}

static str fault(const struct settings_field *field, bool address)
{
    str text = field->value;
    if (field->required && text.len == 0)
        return S("wrong.empty");
    if (text.len > (size_t)field->max)
        return S("wrong.line");
    if (text.len == 0)
        return STR_NONE;
    if (address && !is_absolute(text))
        return S("wrong.full-address");
    if (field->kind == SETTINGS_COLOR && !is_color(text))
        return S("wrong.color");
    if (field->kind == SETTINGS_PICTURE && !is_absolute(text) &&
        (!str_starts(text, S("/")) || str_starts(text, S("//"))))
        return S("wrong.picture-address");
    return STR_NONE;
}

enum status terms_take(struct errand *e, struct settings_field *list,
                       const struct term_field *fields, size_t count, void *record,
                       size_t *ret_wrong, struct error *err)
{
    enum status st = settings_take(e, list, count, err);
    *ret_wrong = 0;
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        list[i].fault = fault(&list[i], fields[i].address);
        *ret_wrong += list[i].fault.len > 0;
        *(str *)((char *)record + fields[i].at) = list[i].value;
    }
    return st;
}

struct settings_field *terms_field(struct settings_field *list, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i].name, name))
            return &list[i];
    }
    return NULL;
}

/* ---- asking ---- */

enum status terms_ask_sure(struct errand *e, const struct terms_sure *sure, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("heading"), hbs_string(sure->heading));
    hbs_map_set(values, S("text"), hbs_string(sure->text));
    hbs_map_set(values, S("button"), hbs_string(sure->button));
    hbs_map_set(values, S("name"), hbs_string(sure->name));
    hbs_map_set(values, S("other"), hbs_string(sure->other));
    hbs_map_set(values, S("n"), hbs_number((double)sure->n));
    hbs_map_set(values, S("action"), hbs_string(sure->action));
    hbs_map_set(values, S("back"), hbs_string(sure->back));
    hbs_map_set(values, S("into"), hbs_string_or_null(sure->into));
    return errand_page(e, 200, S("sure"), values, err);
}

/* ---- moving ---- */

struct moving {
    const struct terms_move *move;
    time_us until;
    bool ended, paused;
};

static enum status move_end(struct errand *e, struct newsroom *room, const struct terms_move *move,
                            struct error *err)
{
    enum status st =
        move->list == LIST_TAG
            ? tag_merge_end(room, (tag_id){move->from}, (tag_id){move->into}, err)
            : byline_merge_end(room, (byline_id){move->from}, (byline_id){move->into}, err);
    return st == ST_OK ? errand_log(e, room, move->what, move->subject, err) : st;
}

static enum status move_next(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct moving *moving = arg;
    const struct terms_move *move = moving->move;
    bool more = false;
    moving->paused = !moving->ended && clock_monotonic() > moving->until;
    if (moving->ended || moving->paused)
        return ST_NOT_FOUND;
    /* There may be a hundred thousand steps, and one arena for all of them. */
    struct arena_mark mark = arena_mark(room->arena);
    enum status st = term_move_step(room, move->list, move->from, move->into, &more, err);
    arena_rewind(room->arena, mark);
    if (st != ST_OK || more)
        return st;
    st = move_end(e, room, move, err);
    moving->ended = st == ST_OK;
    return st;
}

enum status terms_move(struct errand *e, const struct terms_move *move, bool *ret_all,
                       struct error *err)
{
    struct moving moving = {.move = move,
                            .until = clock_monotonic() + TERMS_MOVE_SECONDS * TIME_SECOND};
    enum status st = errand_write_bulk(e, move_next, &moving, err);
    *ret_all = moving.ended;
    if (st == ST_OK && !moving.ended && !moving.paused)
        return error_set(err, ST_NOT_FOUND, "%.*s",
                         STR_ARG(errand_say(e, move->list == LIST_TAG ? S("error.no-tag")
                                                                      : S("error.no-byline"))));
    return st;
}

/* ---- for scripts ---- */

enum status terms_suggest(struct errand *e, const str *names, const str *slugs, size_t count,
                          struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(names[i]));
        hbs_map_set(row, S("slug"), hbs_string(slugs[i]));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("items"), hbs_list_of(e->arena, rows, count));
    return errand_json(e, 200, values, err);
}
