/* SPDX-License-Identifier: MIT
 *
 * The site's settings without a browser: the same names, held to the same rules, as at the desk. A theme's own settings
 * are custom.KEY, of the theme that the site wears. */
#include "news/setting.h"

#include "base/arena.h"
#include "base/map.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "site/folder.h"
#include "theme/package.h"
#include "theme/shelf.h"
#include "theme/theme.h"

static bool is_custom(str name)
{
    return str_starts(name, S("custom."));
}

/* ---- showing ---- */

static void show_one(struct cli *cli, str name, str value, json_t *all)
{
    if (cli_json(cli))
        report_str(all, str_copy_c(cli_arena(cli), name), value);
    else
        cli_printf("%.*s: %.*s\n", STR_ARG(name), STR_ARG(value));
}

static enum status list_run(struct cli *cli, struct desk *desk)
{
    size_t count;
    const struct setting_rule *rules = setting_rules(&count);
    const struct map *values = desk->settings->values;
    json_t *all = json_object();
    for (size_t i = 0; i < count; i++)
        show_one(cli, rules[i].name, site_setting(desk->settings, rules[i].name), all);
    for (size_t i = 0; i < map_count(values); i++) {
        if (is_custom(map_key(values, i)))
            show_one(cli, map_key(values, i), *(const str *)map_value(values, i), all);
    }
    if (cli_json(cli))
        report_print(all);
    else
        json_decref(all);
    return ST_OK;
}

static enum status no_such(str name, struct error *err)
{
    return error_set(err, ST_NOT_FOUND,
                     "there is no setting \"%.*s\"; see: broadsheet setting list", STR_ARG(name));
}

static enum status get_run(struct cli *cli, struct desk *desk, str name, struct error *err)
{
    if (setting_rule(name) == NULL && !is_custom(name))
        return no_such(name, err);
    json_t *one = json_object();
    str value = site_setting(desk->settings, name);
    if (cli_json(cli)) {
        report_str(one, str_copy_c(cli_arena(cli), name), value);
        report_print(one);
        return ST_OK;
    }
    json_decref(one);
    cli_print(value);
    cli_print(S("\n"));
    return ST_OK;
}

/* ---- setting ---- */

static enum status check_custom(struct desk *desk, str name, str value, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    enum status st = shelf_load(desk->folder->themes, desk->settings->active_theme, &theme, err);
    if (st != ST_OK)
        return st;
    const struct package_custom *custom =
        package_custom(theme_package(theme), str_from(name, S("custom.").len));
    if (custom == NULL)
        return error_set(err, ST_NOT_FOUND, "the theme %.*s has no setting of that name",
                         STR_ARG(desk->settings->active_theme));
    return package_custom_check(custom, value, err);
}

static enum status check(struct desk *desk, str name, str value, struct error *err)
{
    if (str_eq(name, S("url")))
        return error_set(err, ST_INVALID, "the address is in broadsheet.yaml: url");
    if (str_eq(name, S("active_theme")))
        return error_set(err, ST_INVALID, "a theme is put on by: broadsheet theme use NAME");
    if (is_custom(name))
        return check_custom(desk, name, value, err);
    return setting_rule(name) != NULL ? setting_check(name, value, err) : no_such(name, err);
}

static enum status keep(struct newsroom *room, void *arg, struct error *err)
{
    const struct setting *setting = arg;
    return setting_set(room, setting->name, setting->value, err);
}

static enum status set_run(struct desk *desk, str name, str value, struct error *err)
{
    struct setting setting = {name, value};
    enum status st = check(desk, name, value, err);
    return st == ST_OK ? desk_write(desk, keep, &setting, err) : st;
}

static enum status setting_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    size_t count = cli_args_count(cli);
    str word = cli_arg(cli, 0), name = count > 1 ? cli_arg(cli, 1) : STR_NONE;
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    if (str_eq(word, S("list")) && count == 1)
        return list_run(cli, desk);
    if (str_eq(word, S("get")) && count == 2)
        return get_run(cli, desk, name, err);
    if (str_eq(word, S("set")) && count == 3)
        return set_run(desk, name, cli_arg(cli, 2), err);
    return cli_misuse(cli, err, "list, get NAME or set NAME VALUE?");
}

const struct command command_setting = {
    .name = "setting",
    .args = "list | get NAME | set NAME VALUE",
    .summary = "the site's settings: title, language, how replies are held ...",
    .detail =
        "What readers see changes at once. An empty value takes a setting back to its default.\n"
        "custom.KEY is a setting of the theme that the site wears. The address is in broadsheet.yaml.",
    .args_min = 1,
    .args_max = 3,
    .run = setting_run,
};
