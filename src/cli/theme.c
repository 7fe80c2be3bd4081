/* SPDX-License-Identifier: MIT
 *
 * Which theme a site wears. A theme is loaded whole before it is put on or taken in: one with a fault never
 * reaches a reader. */
#include "theme/theme.h"

#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/change.h"
#include "news/setting.h"
#include "site/folder.h"
#include "theme/shelf.h"

static bool is_worn(const struct desk *desk, str name)
{
    return str_eq(name, desk->settings->active_theme);
}

static void list_row(const struct desk *desk, const struct shelf_theme *theme, json_t *rows)
{
    if (rows == NULL) {
        cli_printf("%s %.*s%s\n", is_worn(desk, theme->name) ? "*" : " ", STR_ARG(theme->name),
                   theme->built_in ? "  (built in)" : "");
        return;
    }
    json_t *row = json_object();
    report_str(row, "name", theme->name);
    report_str(row, "version", theme->version);
    (void)json_object_set_new(row, "active", json_boolean(is_worn(desk, theme->name)));
    (void)json_array_append_new(rows, row);
}

static enum status list_run(struct cli *cli, struct desk *desk, struct error *err)
{
    struct shelf_theme *list;
    size_t count;
    enum status st = shelf_list(cli_arena(cli), desk->folder->themes, &list, &count, err);
    if (st != ST_OK)
        return st;
    json_t *rows = cli_json(cli) ? json_array() : NULL;
    for (size_t i = 0; i < count; i++)
        list_row(desk, &list[i], rows);
    if (rows != NULL)
        report_print(rows);
    return ST_OK;
}

static enum status load(struct desk *desk, str name, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    enum status st = shelf_load(desk->folder->themes, name, &theme, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "there is no theme %.*s; see: broadsheet theme list",
                         STR_ARG(name));
    return st;
}

static enum status put_on(struct newsroom *room, void *arg, struct error *err)
{
    const str *name = arg;
    enum status st = setting_use_theme(room, *name, err);
    if (st == ST_OK)
        change_theme(room);
    return st;
}

static enum status use_run(struct desk *desk, str name, struct error *err)
{
    enum status st = load(desk, name, err);
    if (st == ST_OK)
        st = desk_write(desk, put_on, &name, err);
    if (st == ST_OK)
        cli_printf("%.*s is the theme now\n", STR_ARG(name));
    return st;
}

static enum status renew(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    change_theme(room);
    return ST_OK;
}

static enum status install_run(struct cli *cli, struct desk *desk, str path, struct error *err)
{
    struct shelf_taken taken;
    str zip;
    enum status st = file_read(cli_arena(cli), path, SHELF_ZIP_BYTES_MAX, &zip, err);
    if (st == ST_OK)
        st = shelf_take(desk->folder->themes, zip, cli_arena(cli), &taken, err);
    if (st == ST_OK && is_worn(desk, taken.name))
        st = desk_write(desk, renew, NULL, err);
    if (st == ST_OK)
        cli_printf("%.*s is %s; put it on by: broadsheet theme use %.*s\n", STR_ARG(taken.name),
                   taken.replaced ? "replaced" : "installed", STR_ARG(taken.name));
    return st;
}

static enum status remove_run(struct desk *desk, str name, struct error *err)
{
    if (is_worn(desk, name))
        return error_set(err, ST_CONFLICT, "the site wears %.*s: use another one first",
                         STR_ARG(name));
    enum status st = shelf_remove(desk->folder->themes, name, err);
    if (st == ST_OK)
        cli_printf("%.*s is removed\n", STR_ARG(name));
    return st;
}

static enum status check_run(struct desk *desk, str name, struct error *err)
{
    enum status st = load(desk, name, err);
    if (st == ST_OK)
        cli_printf("%.*s loads without a fault\n", STR_ARG(name));
    return st;
}

static enum status theme_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    str word = cli_arg(cli, 0);
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    if (str_eq(word, S("list")))
        return list_run(cli, desk, err);
    if (cli_args_count(cli) < 2)
        return cli_misuse(cli, err, "which theme? see: broadsheet theme list");
    str name = cli_arg(cli, 1);
    if (str_eq(word, S("use")))
        return use_run(desk, name, err);
    if (str_eq(word, S("check")))
        return check_run(desk, name, err);
    if (str_eq(word, S("install")))
        return install_run(cli, desk, name, err);
    if (str_eq(word, S("remove")))
        return remove_run(desk, name, err);
    return cli_misuse(cli, err, "\"%.*s\" is not list, use, check, install or remove",
                      STR_ARG(word));
}

const struct command command_theme = {
    .name = "theme",
    .args = "list | use NAME | check NAME | install FILE.zip | remove NAME",
    .summary = "which theme the site wears",
    .detail =
        "Themes are folders in the site's themes/, in Ghost's format; broadsheet is built in. A\n"
        "fault is told as file:line:column, and the theme in force stays. What was set for a theme\n"
        "comes back with it.",
    .args_min = 1,
    .args_max = 2,
    .run = theme_run,
};
