/* SPDX-License-Identifier: MIT
 *
 * The two menus of a site, on one form. Each button carries the whole form, so that moving a line loses nothing that
 * was typed into another: what is not "save" shows the form again as it would be. A line with neither
 * label nor address is no line. */
#include "desk/settings.h"

#include "base/arena.h"
#include "base/parse.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/tag.h"
#include "text/sanitize.h"
#include "text/url.h"

enum { MENUS_COUNT = 2, SUGGESTED_TAGS = 100, SUGGESTED_PAGES = 100, LABEL_MAX = 200 };

static const struct {
    str setting, heading, why;
} menus[MENUS_COUNT] = {
    {STR_INIT("navigation"), STR_INIT("menus.first"), STR_INIT("menus.first-why")},
    {STR_INIT("secondary_navigation"), STR_INIT("menus.second"), STR_INIT("menus.second-why")},
};

struct line {
    str label, url;
    str wrong_label, wrong_url; /* keys */
};

struct menu {
    struct line lines[SETTING_NAVIGATION_MAX + 1]; /* room for an empty one */
    size_t count;
};

/* ---- from the settings, from the form ---- */

static struct menu *menus_now(struct errand *e)
{
    const struct site_settings *site = e->edition->settings;
    const struct site_link *links[] = {site->navigation, site->secondary_navigation};
    const size_t counts[] = {site->navigation_count, site->secondary_navigation_count};
    struct menu *list = arena_new_array(e->arena, struct menu, MENUS_COUNT);
    for (size_t i = 0; i < MENUS_COUNT; i++) {
        for (; list[i].count < counts[i]; list[i].count++)
            list[i].lines[list[i].count] = (struct line){.label = links[i][list[i].count].label,
                                                         .url = links[i][list[i].count].url};
    }
    return list;
}

static bool is_empty(const struct line *line)
{
    return line->label.len == 0 && line->url.len == 0;
}

/* Fields come in the order of the page: each label, then its address. */
static void menu_read(struct errand *e, size_t at, struct menu *menu)
{
    str label_name = str_join2(e->arena, menus[at].setting, S("-label"));
    str url_name = str_join2(e->arena, menus[at].setting, S("-url"));
    for (size_t i = 0; i + 1 < e->form.count && menu->count < SETTING_NAVIGATION_MAX; i++) {
        const struct http_field *field = &e->form.fields[i];
        if (str_eq(field->name, label_name) && str_eq(field[1].name, url_name))
            menu->lines[menu->count++] =
                (struct line){.label = str_trim(field->value), .url = str_trim(field[1].value)};
    }
}

static void without_empty(struct menu *menu)
{
    size_t kept = 0;
    for (size_t i = 0; i < menu->count; i++) {
        if (!is_empty(&menu->lines[i]))
            menu->lines[kept++] = menu->lines[i];
    }
    menu->count = kept;
}

/* ---- checking ---- */

static bool address_good(struct errand *e, str url)
{
    str clean;
    if (url.len > SETTING_LINE_MAX || !clean_url(e->arena, url, &clean))
        return false;
    return url_kind(clean) != URL_RELATIVE || clean.ptr[0] == '/' || clean.ptr[0] == '#';
}

static size_t menu_check(struct errand *e, struct menu *menu)
{
    size_t wrong = 0;
    for (size_t i = 0; i < menu->count; i++) {
        struct line *line = &menu->lines[i];
        if (line->label.len == 0)
            line->wrong_label = S("wrong.menu-label");
        else if (line->label.len > LABEL_MAX)
            line->wrong_label = S("wrong.line");
        if (!address_good(e, line->url))
            line->wrong_url = S("wrong.menu-address");
        wrong += line->wrong_label.len > 0 || line->wrong_url.len > 0 ? 1 : 0;
    }
    return wrong;
}

/* ---- showing ---- */

static struct hbs_value line_value(struct errand *e, size_t menu, size_t i, size_t count,
                                   const struct line *line)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    str id = str_format(e->arena, "%.*s-%zu", STR_ARG(menus[menu].setting), i);
    hbs_map_set(row, S("id"), hbs_string(id));
    hbs_map_set(row, S("menu"), hbs_string(menus[menu].setting));
    hbs_map_set(row, S("label"), hbs_string_or_null(line->label));
    hbs_map_set(row, S("url"), hbs_string_or_null(line->url));
    hbs_map_set(row, S("wrong_label"), hbs_string_or_null(line->wrong_label));
    hbs_map_set(row, S("wrong_url"), hbs_string_or_null(line->wrong_url));
    hbs_map_set(row, S("number"), hbs_number((double)(i + 1)));
    hbs_map_set(row, S("is_first"), hbs_bool(i == 0));
    hbs_map_set(row, S("is_last"), hbs_bool(i + 1 == count));
    return hbs_map_value(row);
}

static void put_menus(struct errand *e, struct hbs_map *values, const struct menu *list)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, MENUS_COUNT);
    for (size_t i = 0; i < MENUS_COUNT; i++) {
        size_t count = list[i].count;
        struct hbs_value *lines = arena_new_array(e->arena, struct hbs_value, count);
        struct hbs_map *row = hbs_map_new(e->arena);
        for (size_t n = 0; n < count; n++)
            lines[n] = line_value(e, i, n, count, &list[i].lines[n]);
        hbs_map_set(row, S("menu"), hbs_string(menus[i].setting));
        hbs_map_set(row, S("heading"), hbs_string(menus[i].heading));
        hbs_map_set(row, S("why"), hbs_string(menus[i].why));
        hbs_map_set(row, S("lines"), hbs_list_of(e->arena, lines, count));
        hbs_map_set(row, S("room"), hbs_bool(count < SETTING_NAVIGATION_MAX));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("menus"), hbs_list_of(e->arena, rows, MENUS_COUNT));
}

static struct hbs_value place_value(struct errand *e, str path, str name)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("path"), hbs_string(path));
    hbs_map_set(row, S("name"), hbs_string(name));
    return hbs_map_value(row);
}

/* Where a menu mostly leads: the busiest tags, and the pages. */
static enum status put_places(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct tag **tags;
    struct story_list found;
    size_t count;
    enum status st =
        tag_list(e->conn, &(struct tag_query){.order = TAG_BY_COUNT, .limit = SUGGESTED_TAGS},
                 e->arena, &tags, &count, err);
    if (st == ST_OK)
        st = story_list_pages(e->conn, STR_NONE, 0, SUGGESTED_PAGES, e->arena, &found, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows =
        arena_new_array(e->arena, struct hbs_value, size_add(count, found.count));
    for (size_t i = 0; i < count; i++)
        rows[i] =
            place_value(e, str_join3(e->arena, S("/tag/"), tags[i]->slug, S("/")), tags[i]->name);
    for (size_t i = 0; i < found.count; i++)
        rows[count + i] = place_value(e, str_join3(e->arena, S("/"), found.rows[i]->slug, S("/")),
                                      found.rows[i]->title);
    hbs_map_set(values, S("places"), hbs_list_of(e->arena, rows, count + found.count));
    return ST_OK;
}

static enum status show(struct errand *e, const struct menu *list, int code, bool unsaved,
                        struct error *err)
{
    struct hbs_map *values = errand_values(e);
    enum status st = put_places(e, values, err);
    if (st != ST_OK)
        return st;
    put_menus(e, values, list);
    hbs_map_set(values, S("unsaved"), hbs_bool(unsaved));
    return settings_page(e, code, S("menus"), S("settings.menus"), values, err);
}

enum status menus_show(struct errand *e, struct error *err)
{
    return show(e, menus_now(e), 200, false, err);
}

/* ---- one line moved, put in or taken out ---- */

static void swap(struct menu *menu, size_t a, size_t b)
{
    struct line kept = menu->lines[a];
    menu->lines[a] = menu->lines[b];
    menu->lines[b] = kept;
}

/* "up-navigation-2". What names no line does nothing. */
static void turn(struct menu *list, str what)
{
    str verb = str_cut(&what, '-');
    str name = str_cut(&what, '-');
    uint64_t at = 0;
    for (size_t i = 0; i < MENUS_COUNT; i++) {
        struct menu *menu = &list[i];
        if (!str_eq(name, menus[i].setting))
            continue;
        if (str_eq(verb, S("add")) && menu->count < SETTING_NAVIGATION_MAX) {
            menu->lines[menu->count++] = (struct line){0};
            return;
        }
        if (!str_to_u64(what, SETTING_NAVIGATION_MAX, &at) || at >= menu->count)
            return;
        if (str_eq(verb, S("up")) && at > 0)
            swap(menu, at, at - 1);
        if (str_eq(verb, S("down")) && at + 1 < menu->count)
            swap(menu, at, at + 1);
        if (str_eq(verb, S("out")))
            menu->lines[at] = (struct line){0};
        if (str_eq(verb, S("out")))
            without_empty(menu);
    }
}

/* ---- saving ---- */

static enum status save(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct menu *list = arg;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < MENUS_COUNT; i++) {
        struct site_link *links = arena_new_array(e->arena, struct site_link, list[i].count);
        for (size_t n = 0; n < list[i].count; n++)
            links[n] = (struct site_link){list[i].lines[n].label, list[i].lines[n].url};
        str text = setting_navigation_write(e->arena, links, list[i].count);
        st = setting_set(room, menus[i].setting, text, err);
    }
    return st == ST_OK ? errand_log(e, room, S("menus.changed"), STR_NONE, err) : st;
}

enum status menus_post(struct errand *e, struct error *err)
{
    struct menu *list = arena_new_array(e->arena, struct menu, MENUS_COUNT);
    str what = errand_value(e, S("do"));
    size_t wrong = 0;
    for (size_t i = 0; i < MENUS_COUNT; i++)
        menu_read(e, i, &list[i]);
    if (!str_eq(what, S("save"))) {
        turn(list, what);
        return show(e, list, 200, true, err);
    }
    for (size_t i = 0; i < MENUS_COUNT; i++) {
        without_empty(&list[i]);
        wrong += menu_check(e, &list[i]);
    }
    if (wrong > 0)
        return show(e, list, 422, true, err);
    enum status st = errand_write(e, save, list, err);
    return st == ST_OK ? errand_done(e, S("/desk/settings/menus/"), S("settings-saved")) : st;
}
