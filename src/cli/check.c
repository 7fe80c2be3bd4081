/* SPDX-License-Identifier: MIT
 *
 * Whether a site is whole; and which schema it has. */
#include "base/arena.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "media/intake.h"
#include "media/media_check.h"
#include "news/list.h"
#include "news/setting.h"
#include "site/database.h"
#include "site/folder.h"
#include "store/store.h"

struct findings {
    struct cli *cli;
    json_t *problems; /* NULL without --json */
    int64_t count;
};

static void found(struct findings *findings, str problem)
{
    findings->count++;
    if (findings->problems != NULL)
        (void)json_array_append_new(findings->problems, json_stringn(problem.ptr, problem.len));
    else
        cli_printf("%.*s\n", STR_ARG(problem));
}

static enum status check_database(struct desk *desk, struct findings *findings, struct error *err)
{
    str *problems;
    size_t count;
    enum status st = store_check(desk->store, cli_arena(findings->cli), &problems, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        found(findings, problems[i]);
    return st;
}

struct recount {
    int64_t wrong;
};

static enum status recount(struct newsroom *room, void *arg, struct error *err)
{
    struct recount *work = arg;
    return story_list_recount(room, &work->wrong, err);
}

static enum status check_counts(struct desk *desk, struct findings *findings, struct error *err)
{
    struct recount work = {0};
    enum status st = desk_write(desk, recount, &work, err);
    if (st == ST_OK && work.wrong > 0)
        found(findings,
              str_format(cli_arena(findings->cli), "%lld counts were wrong, and are mended now",
                         (long long)work.wrong));
    return st;
}

static void media_found(void *ctx, enum media_finding finding, str path, str sentence)
{
    struct findings *findings = ctx;
    (void)finding;
    found(findings, str_format(cli_arena(findings->cli), "media/%.*s: %.*s", STR_ARG(path),
                               STR_ARG(sentence)));
}

/* Sizes only: `broadsheet media check` reads the files. */
static enum status check_media(struct desk *desk, struct findings *findings, struct error *err)
{
    const struct media_desk *taking;
    enum status st = desk_media(desk, &taking, err);
    if (st != ST_OK)
        return st;
    return media_check(&(struct media_check){.conn = desk->conn,
                                             .storage = taking->storage,
                                             .site = desk->settings->url,
                                             .found = media_found,
                                             .ctx = findings},
                       err);
}

static enum status check_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    struct findings findings = {.cli = cli, .problems = cli_json(cli) ? json_array() : NULL};
    enum status st = desk_open(cli, &desk, err);
    if (st == ST_OK)
        st = check_database(desk, &findings, err);
    if (st == ST_OK)
        st = check_counts(desk, &findings, err);
    if (st == ST_OK)
        st = check_media(desk, &findings, err);
    if (findings.problems != NULL)
        report_print(findings.problems);
    if (st != ST_OK)
        return st;
    if (findings.count > 0)
        return error_set(err, ST_INVALID, "%lld problems; a copy from before: broadsheet restore",
                         (long long)findings.count);
    if (!cli_json(cli))
        cli_printf("the site is whole\n");
    return ST_OK;
}

const struct command command_check = {
    .name = "check",
    .args = "",
    .summary = "looks whether database and media are whole",
    .detail =
        "A line for each thing that is wrong, and exit 1. Counts that were wrong are mended. Files\n"
        "are looked for, not read: media check reads them.",
    .run = check_run,
};

static enum status upgrade_run(struct cli *cli, struct error *err)
{
    AUTO(folder_closep) struct folder *folder = NULL;
    AUTO(desk_closep) struct desk *desk = NULL;
    int has, wants;
    enum status st = folder_open(cli_site(cli), &folder, err);
    if (st == ST_OK)
        st = database_versions(folder, &has, &wants, err);
    if (st == ST_OK && has < wants && !cli_has(cli, "dry-run"))
        st = desk_open(cli, &desk, err); /* opening brings it up to date, keeping a copy */
    if (st != ST_OK)
        return st;
    if (has == wants)
        cli_printf("the database is at version %d, as this program wants it\n", has);
    else if (cli_has(cli, "dry-run"))
        cli_printf("the database is at version %d and would be brought to %d\n", has, wants);
    else
        cli_printf(
            "the database was at version %d and is at %d; a copy of it as it was is beside it\n",
            has, wants);
    return ST_OK;
}

const struct command command_upgrade = {
    .name = "upgrade",
    .args = "",
    .summary = "brings the database to this program's version",
    .detail = "serve does this by itself. A copy as it was is kept beside it: site.db.before-NNNN.",
    .options = (const struct option[]){{"dry-run", NULL, "only say what would be done"}, {0}},
    .run = upgrade_run,
};
