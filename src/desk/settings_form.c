/* SPDX-License-Identifier: MIT
 *
 * A form of settings: the site's own, and those a theme declares. What a theme calls its settings is the theme's
 * text: it is printed escaped, as a name of somebody's would be. */
#include "desk/settings.h"

#include "base/arena.h"
#include "base/buf.h"
#include "media/media.h"

/* ---- the row of links ---- */

static const struct {
    str path, key;
    enum right right;
} pages[] = {
    {STR_INIT("/desk/settings/"), STR_INIT("settings.general"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/social/"), STR_INIT("settings.social"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/replies/"), STR_INIT("settings.replies"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/menus/"), STR_INIT("settings.menus"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/themes/"), STR_INIT("settings.themes"), RIGHT_THEMES},
    {STR_INIT("/desk/settings/redirects/"), STR_INIT("settings.redirects"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/code/"), STR_INIT("settings.code"), RIGHT_SETTINGS},
    {STR_INIT("/desk/settings/mail/"), STR_INIT("mail.title"), RIGHT_SETTINGS},
    {STR_INIT("/desk/import/"), STR_INIT("task.pages"), RIGHT_TRANSFER},
};

enum status settings_page(struct errand *e, int code, str template, str page,
                          struct hbs_map *values, struct error *err)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, ARRAY_LEN(pages));
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (!right_has(e->person->role, pages[i].right))
            continue;
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("path"), hbs_string(pages[i].path));
        hbs_map_set(row, S("key"), hbs_string(pages[i].key));
        hbs_map_set(row, S("chosen"), hbs_bool(str_eq(pages[i].key, page)));
        rows[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("tabs"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("page"), hbs_string(page));
    return errand_page(e, code, template, values, err);
}

/* ---- fields ---- */

static const str kinds[] = {
    [SETTINGS_LINE] = STR_INIT("line"),   [SETTINGS_TEXT] = STR_INIT("text"),
    [SETTINGS_CODE] = STR_INIT("code"),   [SETTINGS_NUMBER] = STR_INIT("number"),
    [SETTINGS_YES] = STR_INIT("yes"),     [SETTINGS_CHOICE] = STR_INIT("choice"),
    [SETTINGS_COLOR] = STR_INIT("color"), [SETTINGS_PICTURE] = STR_INIT("picture"),
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == SETTINGS_KINDS, "a name for each kind");

/* Our words by their key, else somebody's as they are. */
static struct hbs_value words(const struct errand *e, str key, str text)
{
    return hbs_string_or_null(key.len > 0 ? errand_say(e, key) : text);
}

static void put_options(struct errand *e, struct hbs_map *row, const struct settings_field *field)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, field->options_count);
    for (size_t i = 0; i < field->options_count; i++) {
        const struct settings_option *option = &field->options[i];
        struct hbs_map *one = hbs_map_new(e->arena);
        hbs_map_set(one, S("value"), hbs_string(option->value));
        hbs_map_set(one, S("text"), words(e, option->key, option->text));
        hbs_map_set(one, S("chosen"), hbs_bool(str_eq(option->value, field->value)));
        rows[i] = hbs_map_value(one);
    }
    hbs_map_set(row, S("options"), hbs_list_of(e->arena, rows, field->options_count));
}

static struct hbs_value field_value(struct errand *e, const struct settings_field *field)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(field->name));
    hbs_map_set(row, S("kind"), hbs_string(kinds[field->kind]));
    hbs_map_set(row, S("label"), words(e, field->label_key, field->label));
    hbs_map_set(row, S("hint"), words(e, field->hint_key, field->hint));
    hbs_map_set(row, S("value"), hbs_string_or_null(field->value));
    hbs_map_set(row, S("yes"), hbs_bool(str_eq(field->value, S("true"))));
    hbs_map_set(row, S("min"), hbs_number((double)field->min));
    hbs_map_set(row, S("max"), hbs_number((double)field->max));
    hbs_map_set(row, S("required"), hbs_bool(field->required));
    hbs_map_set(row, S("fault"), hbs_string_or_null(field->fault));
    put_options(e, row, field);
    return hbs_map_value(row);
}

void settings_put_fields(struct errand *e, struct hbs_map *values,
                         const struct settings_field *fields, size_t count)
{
    struct hbs_value *parts = arena_new_array(e->arena, struct hbs_value, count);
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    size_t parts_count = 0;
    for (size_t first = 0, next = 0; first < count; first = next) {
        while (next < count && (next == first || fields[next].heading.len == 0)) {
            rows[next] = field_value(e, &fields[next]);
            next++;
        }
        struct hbs_map *part = hbs_map_new(e->arena);
        hbs_map_set(part, S("heading"), hbs_string_or_null(fields[first].heading));
        hbs_map_set(part, S("fields"), hbs_list_of(e->arena, &rows[first], next - first));
        parts[parts_count++] = hbs_map_value(part);
    }
    hbs_map_set(values, S("parts"), hbs_list_of(e->arena, parts, parts_count));
}

/* ---- what was typed ---- */

str settings_text(struct errand *e, str name)
{
    str rest = errand_value(e, name);
    struct buf b;
    buf_init(&b, e->arena, size_add(rest.len, 1));
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.ptr[i] != '\r')
            buf_add_char(&b, rest.ptr[i]);
    }
    return str_trim(buf_view(&b));
}

enum status settings_picture(struct errand *e, str typed, str *ret_address, struct error *err)
{
    struct media *media;
    *ret_address = typed;
    if (typed.len == 0 || typed.ptr[0] == '/' || typed.len > MEDIA_PATH_MAX)
        return ST_OK;
    enum status st = media_by_path(e->conn, typed, e->arena, &media, err);
    if (st == ST_OK)
        *ret_address = str_join2(e->arena, S("/content/images/"), media->path);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status settings_take(struct errand *e, struct settings_field *fields, size_t count,
                          struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct settings_field *field = &fields[i];
        bool came = http_form_field(&e->form, field->name) != NULL;
        if (field->kind == SETTINGS_YES)
            field->value = came ? S("true") : S("false");
        else if (came)
            field->value = settings_text(e, field->name);
        if (came && field->kind == SETTINGS_PICTURE)
            st = settings_picture(e, field->value, &field->value, err);
    }
    return st;
}
