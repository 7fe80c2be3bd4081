/* SPDX-License-Identifier: MIT
 *
 * A copy of a site that runs, and back again. A copy is a folder: the database as of one moment,
 * checked; media/ with the originals and without what can be
 * made again; themes/; broadsheet.yaml. secret.key stays: it signs what lives for minutes. */
#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "media/storage.h"
#include "site/folder.h"
#include "store/store.h"
#include "transfer/tar.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const copied_folders[] = {"media", "themes"};

static enum status copy_around(struct arena *arena, str from, str to, struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < ARRAY_LEN(copied_folders) && st == ST_OK; i++) {
        str name = str_from_c(copied_folders[i]);
        st = file_copy_tree(file_join(arena, from, name), file_join(arena, to, name),
                            storage_not_copied, NULL, err);
    }
    return st;
}

static str config_of(struct arena *arena, str dir)
{
    return file_join(arena, dir, S("broadsheet.yaml"));
}

/* ---- backup ---- */

/* broadsheet.yaml goes last: a copy that was cut short is not taken for one. */
static enum status backup_into(struct cli *cli, struct desk *desk, str out, struct error *err)
{
    struct arena *arena = cli_arena(cli);
    str from = desk->folder->path;
    enum status st = file_mkdirs(out, 0750, err);
    cli_progress_count("database", 0, 0);
    if (st == ST_OK)
        st = store_backup(desk->store, file_join(arena, out, S("site.db")), err);
    cli_progress_count("files", 0, 0);
    if (st == ST_OK)
        st = copy_around(arena, from, out, err);
    if (st == ST_OK)
        st = file_copy(config_of(arena, from), config_of(arena, out), err);
    return st;
}

static enum status say_made(struct cli *cli, str out, struct error *err)
{
    int64_t bytes, files;
    enum status st = tar_measure(out, &bytes, &files, err);
    cli_progress_end();
    if (st != ST_OK)
        return st;
    if (!cli_json(cli)) {
        cli_printf("%.*s holds a checked copy; bring it back with: broadsheet restore %.*s --site "
                   "NEW\n",
                   STR_ARG(out), STR_ARG(out));
        return ST_OK;
    }
    json_t *report = json_object();
    report_str(report, "out", out);
    report_int(report, "bytes", bytes);
    report_int(report, "files", files);
    report_print(report);
    return ST_OK;
}

static enum status backup_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    str out = cli_arg(cli, 0);
    if (file_exists(out))
        return error_set(err, ST_CONFLICT, "%.*s is there already; name a new folder for the copy",
                         STR_ARG(out));
    enum status st = desk_open(cli, &desk, err);
    if (st == ST_OK)
        st = backup_into(cli, desk, out, err);
    if (st != ST_OK && desk != NULL)
        (void)file_remove_tree(out, NULL); /* it was ours: nothing was there */
    return st == ST_OK ? say_made(cli, out, err) : st;
}

const struct command command_backup = {
    .name = "backup",
    .args = "OUT",
    .summary = "copies the site, while it runs, into the new folder OUT",
    .detail =
        "The database as of one moment, checked; media/ without what can be made again; themes/ and\n"
        "broadsheet.yaml. Never secret.key. restore brings it back.",
    .args_min = 1,
    .args_max = 1,
    .run = backup_run,
};

/* ---- pack ---- */

static void packing_show(void *ctx, int64_t bytes, int64_t total)
{
    (void)ctx;
    cli_progress_count("bytes", bytes, total);
}

static enum status pack_run(struct cli *cli, struct error *err)
{
    int64_t bytes = 0;
    enum status st = tar_folder(cli_arg(cli, 0), cli_arg(cli, 1), packing_show, NULL, &bytes, err);
    cli_progress_end();
    if (st == ST_OK && cli_json(cli)) {
        json_t *report = json_object();
        report_str(report, "out", cli_arg(cli, 1));
        report_int(report, "bytes", bytes);
        report_print(report);
    }
    return st;
}

const struct command command_pack = {
    .name = "pack",
    .args = "IN OUT.tar",
    .summary = "puts the folder IN, a copy or an archive, into one file, to be carried elsewhere",
    .detail =
        "A tar without compression, as nearly all of it is pictures. Unpack it with: tar xf OUT.tar",
    .args_min = 2,
    .args_max = 2,
    .run = pack_run,
};

/* ---- restore ---- */

static enum status copy_check(str in, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str *problems;
    size_t count;
    if (!file_exists(in))
        return error_set(err, ST_NOT_FOUND, "%.*s is not a backup: there is no such folder",
                         STR_ARG(in));
    if (!file_exists(config_of(arena, in)))
        return error_set(err, ST_NOT_FOUND, "%.*s is not a backup: no broadsheet.yaml is in it",
                         STR_ARG(in));
    enum status st = desk_open_at(in, &desk, err);
    if (st == ST_OK)
        st = store_check(desk->store, arena, &problems, &count, err);
    if (st == ST_OK && count > 0)
        return error_set(err, ST_INVALID, "%.*s is damaged and was not restored: %.*s", STR_ARG(in),
                         STR_ARG(problems[0]));
    return st;
}

/* The site that stands there, if any, kept from everybody until it is set aside. Asked before anything
 * is copied: one that is served is refused at once. */
static enum status standing_lock(struct cli *cli, str dir, struct folder **ret_standing,
                                 struct error *err)
{
    *ret_standing = NULL;
    if (!file_exists(dir))
        return ST_OK;
    AUTO(folder_closep) struct folder *folder = NULL;
    enum status st = folder_open(dir, &folder, err);
    if (st == ST_NOT_FOUND)
        return rmdir(str_copy_c(cli_arena(cli), dir)) == 0
                   ? ST_OK
                   : error_set(err, ST_CONFLICT,
                               "%.*s is there and is no site; name another folder", STR_ARG(dir));
    if (st == ST_OK)
        st = folder_lock(folder, err);
    if (st == ST_OK)
        *ret_standing = TAKE(folder);
    return st;
}

/* Never overwritten. */
static enum status set_aside(struct arena *arena, str dir, str *ret_aside, struct error *err)
{
    struct civil now = civil_from_time(clock_now(&clock_system), 0);
    *ret_aside = str_format(arena, "%.*s.before-%04d%02d%02d-%02d%02d%02d", STR_ARG(dir), now.year,
                            now.month, now.day, now.hour, now.minute, now.second);
    if (rename(str_copy_c(arena, dir), str_copy_c(arena, *ret_aside)) != 0)
        return error_set_errno(err, ST_IO, "cannot set %.*s aside", STR_ARG(dir));
    return ST_OK;
}

static enum status copy_back(struct arena *arena, str in, str making, struct error *err)
{
    enum status st = file_mkdirs(making, 0750, err);
    if (st == ST_OK)
        st = file_copy(file_join(arena, in, S("site.db")), file_join(arena, making, S("site.db")),
                       err);
    if (st == ST_OK)
        st = copy_around(arena, in, making, err);
    if (st == ST_OK)
        st = file_copy(config_of(arena, in), config_of(arena, making), err);
    return st;
}

static enum status restore_into(struct cli *cli, str in, str dir, struct error *err)
{
    struct arena *arena = cli_arena(cli);
    AUTO(folder_closep) struct folder *standing = NULL;
    str making = str_join2(arena, dir, S(".restoring"));
    str aside = STR_NONE;
    if (file_exists(making))
        return error_set(err, ST_CONFLICT,
                         "%.*s is there: a restore is under way, or was cut short and left it; "
                         "remove it and try again",
                         STR_ARG(making));
    enum status st = standing_lock(cli, dir, &standing, err);
    if (st != ST_OK)
        return st;
    st = copy_back(arena, in, making, err);
    if (st == ST_OK && standing != NULL)
        st = set_aside(arena, dir, &aside, err);
    if (st != ST_OK) {
        (void)file_remove_tree(making, NULL);
        return st;
    }
    if (rename(str_copy_c(arena, making), str_copy_c(arena, dir)) != 0)
        return error_set_errno(err, ST_IO, "cannot put %.*s in its place", STR_ARG(making));
    cli_printf("%.*s is restored%s%.*s\n", STR_ARG(dir),
               aside.len > 0 ? "; what was there is in " : "", STR_ARG(aside));
    return ST_OK;
}

static enum status restore_run(struct cli *cli, struct error *err)
{
    str dir = cli_site(cli);
    str in = cli_arg(cli, 0);
    if (!cli_has(cli, "site") && getenv("BROADSHEET_SITE") == NULL)
        return cli_misuse(cli, err, "where to? restore IN --site DIR");
    while (dir.len > 1 && str_ends(dir, S("/")))
        dir.len--;
    enum status st = copy_check(in, err);
    if (st != ST_OK)
        return st;
    return restore_into(cli, in, dir, err);
}

const struct command command_restore = {
    .name = "restore",
    .args = "IN",
    .summary = "brings the copy IN back as the site --site DIR",
    .detail =
        "The copy is checked first. A site that stands in DIR is renamed, not overwritten; one that\n"
        "is being served is left alone.",
    .args_min = 1,
    .args_max = 1,
    .run = restore_run,
};
