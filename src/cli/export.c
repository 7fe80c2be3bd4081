/* SPDX-License-Identifier: MIT */
#include "transfer/archive.h"

#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/setting.h"
#include "site/folder.h"
#include "transfer/tar.h"

static void progress_show(void *ctx, enum archive_kind kind, int64_t done)
{
    (void)ctx;
    cli_progress_count(archive_kind_name(kind), done, 0);
}

static void report_json(str out, bool with_private, const struct archive_counts *counts)
{
    json_t *report = json_object();
    json_t *of = json_object();
    report_str(report, "to", S("archive"));
    report_str(report, "out", out);
    (void)json_object_set_new(report, "private", json_boolean(with_private));
    for (int kind = 0; kind < ARCHIVE_KINDS; kind++)
        report_int(of, archive_kind_name((enum archive_kind)kind), counts->of[kind]);
    (void)json_object_set_new(report, "counts", of);
    report_print(report);
}

static void report_text(str out, bool with_private, const struct archive_counts *counts)
{
    for (int kind = 0; kind < ARCHIVE_KINDS; kind++) {
        if (counts->of[kind] > 0)
            cli_printf("%8lld %s\n", (long long)counts->of[kind],
                       archive_kind_name((enum archive_kind)kind));
    }
    if (with_private)
        cli_printf("%.*s holds the whole site, email addresses included: keep it private\n",
                   STR_ARG(out));
    else
        cli_printf("%.*s holds the whole site without email addresses (--with-private puts them "
                   "in)\n",
                   STR_ARG(out));
}

static void packing_show(void *ctx, int64_t bytes, int64_t total)
{
    (void)ctx;
    cli_progress_count("bytes", bytes, total);
}

/* OUT.tar: the folder OUT, packed, which then goes again. */
static enum status write_out(const struct archive_options *options, bool as_file,
                             struct archive_counts *counts, struct error *err)
{
    struct archive_options folder = *options;
    if (!as_file)
        return archive_write(options, counts, err);
    folder.out.len -= S(".tar").len;
    if (file_exists(options->out))
        return error_set(err, ST_CONFLICT, "%.*s is there already; name a new file",
                         STR_ARG(options->out));
    enum status st = archive_write(&folder, counts, err);
    if (st != ST_OK)
        return st;
    st = tar_folder(folder.out, options->out, packing_show, NULL, NULL, err);
    (void)file_remove_tree(folder.out, NULL); /* it was made just now */
    return st;
}

static enum status export_run(struct cli *cli, struct error *err)
{
    str to = cli_value(cli, "to", STR_NONE);
    str out = cli_arg(cli, 0);
    bool with_private = cli_has(cli, "with-private");
    if (str_eq(to, S("ghost")) || str_eq(to, S("static")))
        return error_set(err, ST_INVALID, "--to %.*s cannot be written yet; --to archive can",
                         STR_ARG(to));
    if (!str_eq(to, S("archive")))
        return cli_misuse(cli, err, "export to what? --to archive OUT");
    bool as_file = cli_has(cli, "tar");
    if (as_file && (!str_ends(out, S(".tar")) || out.len == S(".tar").len))
        return cli_misuse(cli, err, "--tar writes a file: name it OUT.tar");

    AUTO(desk_closep) struct desk *desk = NULL;
    struct archive_counts counts;
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    st = write_out(&(struct archive_options){.conn = desk->conn,
                                             .url = desk->settings->url,
                                             .media = desk->folder->media,
                                             .out = out,
                                             .with_private = with_private,
                                             .progress = progress_show},
                   as_file, &counts, err);
    cli_progress_end();
    if (st != ST_OK)
        return st;
    if (cli_json(cli))
        report_json(out, with_private, &counts);
    else
        report_text(out, with_private, &counts);
    return ST_OK;
}

const struct command command_export = {
    .name = "export",
    .args = "OUT",
    .summary = "writes the whole site into the new folder OUT, or the file OUT.tar",
    .detail =
        "--to archive: every record as a line of JSON, in files that anybody can read, and media/.\n"
        "It is one moment of the site, taken while it runs. Email addresses are left out unless\n"
        "--with-private is given; passwords always are.",
    .options = (const struct option[]){{"to", "FORM", "archive"},
                                       {"tar", NULL, "one file: the folder, packed"},
                                       {"with-private", NULL, "email and network addresses too"},
                                       {0}},
    .args_min = 1,
    .args_max = 1,
    .run = export_run,
};
