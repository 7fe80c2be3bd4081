/* SPDX-License-Identifier: MIT
 *
 * The site's tags; and those that its stories without tags propose. */
#include "news/tag.h"

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/news.h"
#include "transfer/import.h"
#include "transfer/tagging.h"

enum { TAGS_BATCH = 500 };

static enum status list_tags(struct cli *cli, struct desk *desk, json_t *rows, struct error *err)
{
    struct tag_query query = {.order = TAG_BY_COUNT, .with_empty = true, .limit = TAGS_BATCH};
    size_t count = TAGS_BATCH;
    while (count == TAGS_BATCH) {
        struct tag **tags;
        enum status st = tag_list(desk->conn, &query, cli_arena(cli), &tags, &count, err);
        if (st != ST_OK)
            return st;
        for (size_t i = 0; i < count; i++) {
            json_t *row = json_object();
            report_str(row, "slug", tags[i]->slug);
            report_str(row, "name", tags[i]->name);
            report_int(row, "stories", tags[i]->story_count);
            (void)json_object_set_new(row, "section", json_boolean(tags[i]->section));
            (void)json_array_append_new(rows, row);
            if (!cli_json(cli))
                cli_printf("%6lld  %.*s%s\n", (long long)tags[i]->story_count,
                           STR_ARG(tags[i]->name), tags[i]->section ? "  (section)" : "");
            query.after = tags[i];
        }
    }
    return ST_OK;
}

/* All proposals, best first: those that most stories share, then the weightiest. */
static enum status list_proposed(struct cli *cli, struct desk *desk, json_t *rows,
                                 struct error *err)
{
    struct tag_proposal *list;
    size_t count;
    enum status st = tag_proposals_best(desk->conn, TAGS_BATCH, cli_arena(cli), &list, &count, err);
    for (size_t i = 0; i < count && st == ST_OK; i++) {
        json_t *row = json_object();
        report_str(row, "slug", list[i].slug);
        report_str(row, "name", list[i].name);
        report_int(row, "weight", list[i].weight);
        report_int(row, "stories", list[i].stories);
        (void)json_array_append_new(rows, row);
        if (!cli_json(cli))
            cli_printf("%6lld  %.*s\n", (long long)list[i].stories, STR_ARG(list[i].name));
    }
    return st;
}

static enum status tags_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    if (cli_args_count(cli) == 1) {
        int64_t made = 0;
        if (!str_eq(cli_arg(cli, 0), S("apply")))
            return cli_misuse(cli, err, "\"%.*s\" is not apply", STR_ARG(cli_arg(cli, 0)));
        st = tagging_apply(
            &(struct import_options){.store = desk->store, .settings = desk->settings}, &made, err);
        if (st == ST_OK)
            cli_printf("%lld new tags; what only one story names still waits\n", (long long)made);
        return st;
    }
    json_t *rows = json_array();
    st = cli_has(cli, "proposed") ? list_proposed(cli, desk, rows, err)
                                  : list_tags(cli, desk, rows, err);
    if (st == ST_OK && cli_json(cli))
        report_print(rows);
    else
        json_decref(rows);
    return st;
}

const struct command command_tags = {
    .name = "tags",
    .args = "[apply]",
    .summary = "the site's tags; those its untagged stories propose",
    .detail =
        "Stories that come without tags propose names found in them. apply tags them with what two\n"
        "stories share, or what is a tag already; import --tag does so at once.",
    .options = (const struct option[]){{"proposed", NULL, "what is proposed, best first"}, {0}},
    .args_max = 1,
    .run = tags_run,
};
