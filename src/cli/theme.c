/* SPDX-License-Identifier: MIT
 *
 * Which theme a site wears. A theme is loaded whole before it is put on: one with a fault never
 * reaches a reader. */
#include "theme/theme.h"

#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/setting.h"
#include "site/folder.h"

#include <dirent.h>

#define BUILT_IN S("broadsheet")

static str active(const struct desk *desk)
{
    return desk->settings->active_theme.len == 0 ? BUILT_IN : desk->settings->active_theme;
}

static void list_row(const struct desk *desk, str name, json_t *rows)
{
    bool is_active = str_eq(name, active(desk));
    if (rows == NULL) {
        cli_printf("%s %.*s%s\n", is_active ? "*" : " ", STR_ARG(name),
                   str_eq(name, BUILT_IN) ? "  (built in)" : "");
        return;
    }
    json_t *row = json_object();
    report_str(row, "name", name);
    (void)json_object_set_new(row, "active", json_boolean(is_active));
    (void)json_array_append_new(rows, row);
}

static enum status list_run(struct cli *cli, struct desk *desk)
{
    json_t *rows = cli_json(cli) ? json_array() : NULL;
    list_row(desk, BUILT_IN, rows);
    DIR *listing = opendir(str_copy_c(cli_arena(cli), desk->folder->themes));
    for (struct dirent *entry = listing == NULL ? NULL : readdir(listing); entry != NULL;
         entry = readdir(listing)) {
        if (entry->d_name[0] != '.')
            list_row(desk, str_from_c(entry->d_name), rows);
    }
    if (listing != NULL)
        (void)closedir(listing);
    if (rows != NULL)
        report_print(rows);
    return ST_OK;
}

static enum status load(struct cli *cli, struct desk *desk, str name, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    if (str_eq(name, BUILT_IN))
        return ST_OK;
    if (str_find_char(name, '/') != STR_NPOS || str_starts(name, S(".")))
        return error_set(err, ST_INVALID, "\"%.*s\" is not a theme's name", STR_ARG(name));
    str folder = file_join(cli_arena(cli), desk->folder->themes, name);
    if (!file_exists(folder))
        return error_set(err, ST_NOT_FOUND, "there is no theme in %.*s; see: broadsheet theme list",
                         STR_ARG(folder));
    return theme_load(folder, &theme, err);
}

static enum status put_on(struct newsroom *room, void *arg, struct error *err)
{
    const str *name = arg;
    return setting_set(room, S("active_theme"), *name, err);
}

static enum status theme_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    str word = cli_arg(cli, 0);
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    if (str_eq(word, S("list")))
        return list_run(cli, desk);
    if (cli_args_count(cli) < 2)
        return cli_misuse(cli, err, "which theme? see: broadsheet theme list");
    str name = cli_arg(cli, 1);
    if (!str_eq(word, S("use")) && !str_eq(word, S("check")))
        return cli_misuse(cli, err, "\"%.*s\" is not list, use or check", STR_ARG(word));
    st = load(cli, desk, name, err);
    if (st == ST_OK && str_eq(word, S("use")))
        st = desk_write(desk, put_on, &name, err);
    if (st == ST_OK)
        cli_printf("%.*s %s\n", STR_ARG(name),
                   str_eq(word, S("use")) ? "is the theme now" : "loads without a fault");
    return st;
}

const struct command command_theme = {
    .name = "theme",
    .args = "list | use NAME | check NAME",
    .summary = "which theme the site wears",
    .detail =
        "Themes are folders in the site's themes/, in Ghost's format; broadsheet is built in. A\n"
        "fault is told as file:line:column, and the theme in force stays.",
    .args_min = 1,
    .args_max = 2,
    .run = theme_run,
};
