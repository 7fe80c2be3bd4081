/* SPDX-License-Identifier: MIT
 *
 * Stories from elsewhere come in; what came, what was skipped and why is said at the end. */
#include "transfer/import.h"

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "site/folder.h"
#include "transfer/uploads.h"

enum { NOTES_SHOWN = 40, WHERE_SHOWN = 3 };

static void show_progress(void *ctx, int64_t done, int64_t total)
{
    (void)ctx;
    cli_progress_count("stories", done, total);
}

/* ---- the report ---- */

static json_t *counts_json(const int64_t counts[IMPORT_KINDS])
{
    json_t *object = json_object();
    for (enum import_kind kind = 0; kind < IMPORT_KINDS; kind++)
        report_int(object, import_kind_name(kind), counts[kind]);
    return object;
}

static json_t *note_json(const struct import_note *note)
{
    json_t *row = json_object();
    json_t *where = json_array();
    report_str(row, "what", note->what);
    report_int(row, "count", note->count);
    for (size_t i = 0; i < note->where_count; i++)
        (void)json_array_append_new(where, json_stringn(note->where[i].ptr, note->where[i].len));
    (void)json_object_set_new(row, "where", where);
    return row;
}

static void print_json(const struct import_report *report, bool dry_run)
{
    json_t *document = json_object();
    json_t *notes = json_array();
    (void)json_object_set_new(document, "came", counts_json(report->came));
    (void)json_object_set_new(document, "skipped", counts_json(report->skipped));
    for (size_t i = 0; i < report->notes_count; i++)
        (void)json_array_append_new(notes, note_json(&report->notes[i]));
    (void)json_object_set_new(document, "notes", notes);
    (void)json_object_set_new(document, "seconds", json_real(report->seconds));
    (void)json_object_set_new(document, "dry_run", json_boolean(dry_run));
    report_print(document);
}

static void print_note(const struct import_note *note)
{
    cli_printf("  %.*s", STR_ARG(note->what));
    if (note->count > 1)
        cli_printf("  (%lld times)", (long long)note->count);
    for (size_t i = 0; i < note->where_count && i < WHERE_SHOWN; i++)
        cli_printf("%s%.*s", i == 0 ? "  in " : ", ", STR_ARG(note->where[i]));
    if (note->where_count > WHERE_SHOWN)
        cli_printf(", ...");
    cli_printf("\n");
}

static void print_text(const struct import_report *report, bool dry_run)
{
    cli_printf("%-14s %8s %8s\n", dry_run ? "would come" : "", dry_run ? "" : "came", "skipped");
    for (enum import_kind kind = 0; kind < IMPORT_KINDS; kind++) {
        if (report->came[kind] != 0 || report->skipped[kind] != 0)
            cli_printf("%-14s %8lld %8lld\n", import_kind_name(kind), (long long)report->came[kind],
                       (long long)report->skipped[kind]);
    }
    if (report->notes_count > 0)
        cli_printf("\nto know:\n");
    for (size_t i = 0; i < report->notes_count && i < NOTES_SHOWN; i++)
        print_note(&report->notes[i]);
    if (report->notes_count > NOTES_SHOWN)
        cli_printf("  ... and %zu more kinds: --json lists them all\n",
                   report->notes_count - NOTES_SHOWN);
    cli_printf("\n%.1f seconds\n", report->seconds);
}

/* ---- the command ---- */

static enum status import_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    struct import_report *report;
    enum status st = ST_OK;
    if (cli_has(cli, "media"))
        st = uploads_check(cli_value(cli, "media", STR_NONE), err);
    if (st == ST_OK)
        st = desk_open_bulk(cli, &desk, err);
    if (st != ST_OK)
        return st;
    size_t count = cli_args_count(cli);
    str *paths = arena_new_array(cli_arena(cli), str, count);
    for (size_t i = 0; i < count; i++)
        paths[i] = cli_arg(cli, i);
    bool dry_run = cli_has(cli, "dry-run");
    const struct media_desk *media = NULL;
    if (cli_has(cli, "media") && !dry_run) {
        st = desk_media(desk, &media, err);
        if (st != ST_OK)
            return st;
    }
    st = import_files(&(struct import_options){.arena = cli_arena(cli),
                                               .store = desk->store,
                                               .settings = desk->settings,
                                               .media = media,
                                               .media_dir = cli_value(cli, "media", STR_NONE),
                                               .alone = desk->alone,
                                               .dry_run = dry_run,
                                               .keep_all = cli_has(cli, "keep-all"),
                                               .tag = cli_has(cli, "tag"),
                                               .progress = show_progress},
                      paths, count, &report, err);
    cli_progress_end();
    if (st != ST_OK)
        return st;
    if (cli_json(cli))
        print_json(report, dry_run);
    else
        print_text(report, dry_run);
    return ST_OK;
}

const struct command command_import = {
    .name = "import",
    .args = "FILE...",
    .summary = "brings in a WordPress export, or a story as a text or HTML file",
    .detail =
        "What a file is, is told by its content. A second run adds only what is new. A file that is\n"
        "damaged changes nothing. Old addresses lead to the stories from then on. Run again with\n"
        "--media, it puts the pictures into the stories that waited for them.",
    .options = (const struct option[]){{"dry-run", NULL, "count and report, write nothing"},
                                       {"media", "DIR", "the old site's wp-content/uploads"},
                                       {"tag", NULL, "tag stories that came without tags"},
                                       {"keep-all", NULL, "text: keep the old page's furniture"},
                                       {0}},
    .args_min = 1,
    .args_max = CLI_WORDS_MAX,
    .run = import_run,
};
