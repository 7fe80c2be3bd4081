/* SPDX-License-Identifier: MIT
 *
 * How the site looks: which theme it wears, others on the shelf, and what the one it wears lets its owner choose. A
 * theme is compiled before it is put on or taken in; what it lacks is said with file and line, and the one in
 * force stays. What a theme says of itself is somebody's text, and printed as such. */
#include "desk/settings.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/response.h"
#include "news/change.h"
#include "news/setting.h"
#include "site/folder.h"
#include "theme/package.h"
#include "theme/shelf.h"
#include "theme/theme.h"

#define THEMES_PATH S("/desk/settings/themes/")
#define CUSTOM_PATH S("/desk/settings/themes/custom/")

static str worn(const struct errand *e)
{
    return e->edition->settings->active_theme;
}

/* ---- the shelf ---- */

static struct hbs_value theme_value(struct errand *e, const struct shelf_theme *theme)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    bool used = str_eq(theme->name, worn(e));
    hbs_map_set(row, S("name"), hbs_string(theme->name));
    hbs_map_set(row, S("title"), hbs_string(theme->title));
    hbs_map_set(row, S("version"), hbs_string_or_null(theme->version));
    hbs_map_set(row, S("description"), hbs_string_or_null(theme->description));
    hbs_map_set(row, S("author"), hbs_string_or_null(theme->author));
    hbs_map_set(row, S("built_in"), hbs_bool(theme->built_in));
    hbs_map_set(row, S("fault"), hbs_string_or_null(theme->fault));
    hbs_map_set(row, S("used"), hbs_bool(used));
    hbs_map_set(row, S("removable"), hbs_bool(!used && !theme->built_in));
    return hbs_map_value(row);
}

/* `fault` empty, or why a theme was not taken or put on. */
static enum status show(struct errand *e, str fault, int code, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct shelf_theme *list;
    size_t count;
    enum status st = shelf_list(e->arena, e->folder->themes, &list, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = theme_value(e, &list[i]);
    hbs_map_set(values, S("themes"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("fault"), hbs_string_or_null(fault));
    hbs_map_set(values, S("choices"), hbs_bool(theme_package(e->edition->theme)->custom_count > 0));
    return settings_page(e, code, S("themes"), S("settings.themes"), values, err);
}

enum status themes_show(struct errand *e, struct error *err)
{
    return show(e, STR_NONE, 200, err);
}

/* What is the theme's fault, and not the machine's, is said on the page. */
static enum status refuse(struct errand *e, enum status st, const struct error *why,
                          struct error *err)
{
    if (st == ST_IO)
        return error_set(err, st, "%s", why->text);
    return show(e, str_from_c(why->text), 422, err);
}

/* ---- putting one on ---- */

static enum status put_on(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const str *name = arg;
    enum status st = setting_use_theme(room, *name, err);
    if (st != ST_OK)
        return st;
    change_theme(room);
    return errand_log(e, room, S("theme.used"), *name, err);
}

enum status themes_use(struct errand *e, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error why = ERROR_INIT;
    str name = errand_value(e, S("theme"));
    enum status st = shelf_load(e->folder->themes, name, &theme, &why);
    if (st != ST_OK)
        return refuse(e, st, &why, err);
    st = errand_write(e, put_on, &name, err);
    return st == ST_OK ? errand_done(e, THEMES_PATH, S("theme-used")) : st;
}

/* ---- in, out, away ---- */

static enum status taken_in(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct shelf_taken *taken = arg;
    if (str_eq(taken->name, worn(e)))
        change_theme(room);
    return errand_log(e, room, taken->replaced ? S("theme.replaced") : S("theme.added"),
                      taken->name, err);
}

enum status themes_upload(struct errand *e, struct error *err)
{
    struct error why = ERROR_INIT;
    struct shelf_taken taken;
    const struct http_field *file = http_form_field(&e->form, S("file"));
    if (file == NULL || file->value.len == 0)
        return show(e, errand_say(e, S("wrong.no-file")), 422, err);
    enum status st = shelf_take(e->folder->themes, file->value, e->arena, &taken, &why);
    if (st != ST_OK)
        return refuse(e, st, &why, err);
    st = errand_write(e, taken_in, &taken, err);
    if (st != ST_OK)
        return st;
    return taken.replaced ? errand_done(e, THEMES_PATH, S("theme-replaced"))
                          : errand_done(e, THEMES_PATH, S("theme-added"));
}

enum status themes_download(struct errand *e, struct error *err)
{
    str name = http_route_param(&e->match, S("name")), zip;
    enum status st = shelf_pack(e->folder->themes, name, e->arena, &zip, err);
    if (st != ST_OK)
        return st;
    http_response_bytes(e->res, 200, S("application/zip"), zip);
    http_response_header(e->res, S("Content-Disposition"),
                         str_format(e->arena, "attachment; filename=\"%.*s.zip\"", STR_ARG(name)));
    return ST_OK;
}

static enum status log_removed(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const str *name = arg;
    return errand_log(e, room, S("theme.removed"), *name, err);
}

enum status themes_remove(struct errand *e, struct error *err)
{
    str name = errand_value(e, S("theme"));
    if (str_eq(name, worn(e)))
        return error_set(err, ST_CONFLICT, "%.*s", STR_ARG(errand_say(e, S("error.theme-worn"))));
    enum status st = shelf_remove(e->folder->themes, name, err);
    if (st == ST_OK)
        st = errand_write(e, log_removed, &name, err);
    return st == ST_OK ? errand_done(e, THEMES_PATH, S("theme-removed")) : st;
}

/* ---- what the theme lets one choose ---- */

/* "navigation_layout" -> "Navigation layout". */
static str called(struct arena *arena, str key)
{
    struct buf b;
    buf_init(&b, arena, size_add(key.len, 1));
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (i == 0 && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        buf_add_char(&b, c == '_' ? ' ' : c);
    }
    return buf_view(&b);
}

static enum settings_kind kind_of(enum package_custom_type type)
{
    static const enum settings_kind kinds[] = {
        [PACKAGE_SELECT] = SETTINGS_CHOICE, [PACKAGE_BOOLEAN] = SETTINGS_YES,
        [PACKAGE_COLOR] = SETTINGS_COLOR,   [PACKAGE_IMAGE] = SETTINGS_PICTURE,
        [PACKAGE_TEXT] = SETTINGS_LINE,
    };
    return kinds[type];
}

static struct settings_field field_of(struct errand *e, const struct package_custom *custom)
{
    str name = str_join2(e->arena, S("custom."), custom->key);
    str stored = site_setting(e->edition->settings, name);
    struct settings_option *options =
        arena_new_array(e->arena, struct settings_option, custom->options_count);
    for (size_t i = 0; i < custom->options_count; i++)
        options[i] =
            (struct settings_option){.value = custom->options[i], .text = custom->options[i]};
    return (struct settings_field){.name = name,
                                   .kind = kind_of(custom->type),
                                   .label = called(e->arena, custom->key),
                                   .hint = custom->description,
                                   .options = options,
                                   .options_count = custom->options_count,
                                   .value = stored.len > 0 ? stored : custom->value};
}

/* Ghost's groups; any other word, or none, is the whole site. */
static const struct {
    str group, heading;
} groups[] = {
    {STR_INIT(""), STR_INIT("themes.whole-site")},
    {STR_INIT("homepage"), STR_INIT("themes.homepage")},
    {STR_INIT("post"), STR_INIT("themes.post")},
};

static size_t group_of(const struct package_custom *custom)
{
    for (size_t i = 1; i < ARRAY_LEN(groups); i++) {
        if (str_eq(groups[i].group, custom->group))
            return i;
    }
    return 0;
}

struct choices {
    struct settings_field fields[PACKAGE_CUSTOM_MAX];
    const struct package_custom *custom[PACKAGE_CUSTOM_MAX];
    size_t count;
};

static struct choices *choices_now(struct errand *e)
{
    const struct package *package = theme_package(e->edition->theme);
    struct choices *choices = arena_new_one(e->arena, struct choices);
    for (size_t group = 0; group < ARRAY_LEN(groups); group++) {
        str heading = groups[group].heading;
        for (size_t i = 0; i < package->custom_count; i++) {
            if (group_of(&package->custom[i]) != group)
                continue;
            choices->custom[choices->count] = &package->custom[i];
            choices->fields[choices->count] = field_of(e, &package->custom[i]);
            choices->fields[choices->count++].heading = heading;
            heading = STR_NONE; /* before the first of them */
        }
    }
    return choices;
}

static enum status choices_page(struct errand *e, const struct choices *choices, int code,
                                struct error *err)
{
    struct hbs_map *values = errand_values(e);
    settings_put_fields(e, values, choices->fields, choices->count);
    hbs_map_set(values, S("theme"), hbs_string(theme_name(e->edition->theme)));
    return settings_page(e, code, S("theme-choices"), S("settings.themes"), values, err);
}

enum status choices_show(struct errand *e, struct error *err)
{
    return choices_page(e, choices_now(e), 200, err);
}

/* The same as the package's own check, in the desk's words. */
static str fault_of(const struct package_custom *custom, str value)
{
    if (package_custom_check(custom, value, NULL) == ST_OK)
        return STR_NONE;
    switch (custom->type) {
    case PACKAGE_COLOR:
        return S("wrong.color");
    case PACKAGE_IMAGE:
        return S("wrong.picture-address");
    case PACKAGE_TEXT:
        return S("wrong.line");
    case PACKAGE_SELECT:
    case PACKAGE_BOOLEAN:
        break;
    }
    return S("wrong.choice");
}

/* What is as the theme has it is not kept: the theme's next version may think better. */
static enum status save(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct choices *choices = arg;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < choices->count; i++) {
        const struct settings_field *field = &choices->fields[i];
        bool own = str_eq(field->value, choices->custom[i]->value);
        st = setting_set(room, field->name, own ? STR_NONE : field->value, err);
    }
    return st == ST_OK ? errand_log(e, room, S("theme.chosen"), worn(e), err) : st;
}

enum status choices_post(struct errand *e, struct error *err)
{
    struct choices *choices = choices_now(e);
    bool wrong = false;
    enum status st = settings_take(e, choices->fields, choices->count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < choices->count; i++) {
        choices->fields[i].fault = fault_of(choices->custom[i], choices->fields[i].value);
        wrong = wrong || choices->fields[i].fault.len > 0;
    }
    if (wrong)
        return choices_page(e, choices, 422, err);
    st = errand_write(e, save, choices, err);
    return st == ST_OK ? errand_done(e, CUSTOM_PATH, S("settings-saved")) : st;
}
