/* SPDX-License-Identifier: MIT
 *
 * What the pages show, with scores: search, related, popular. */
#include "discover/search.h"

#include "base/arena.h"
#include "base/buf.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "discover/popular.h"
#include "discover/related.h"
#include "news/setting.h"
#include "news/story.h"

static json_t *story_json(const struct story *story)
{
    json_t *row = json_object();
    report_str(row, "slug", story->slug);
    report_str(row, "title", story->title);
    report_time(row, "published_at", story->published_at);
    return row;
}

static void rows_end(struct cli *cli, json_t *rows)
{
    if (cli_json(cli))
        report_print(rows);
    else
        json_decref(rows);
}

/* ---- search ---- */

static str query_of(struct cli *cli)
{
    struct buf b;
    buf_init(&b, cli_arena(cli), SEARCH_TEXT_MAX);
    for (size_t i = 0; i < cli_args_count(cli); i++) {
        if (i > 0)
            buf_add(&b, S(" "));
        buf_add(&b, cli_arg(cli, i));
    }
    return buf_view(&b);
}

static enum status search_cmd(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    struct search_found results;
    int64_t limit;
    enum status st = cli_value_int(cli, "limit", 1, SEARCH_LIMIT_MAX, 10, &limit, err);
    if (st == ST_OK)
        st = desk_open(cli, &desk, err);
    if (st == ST_OK)
        st = search_run(desk->conn,
                        &(struct search_query){.text = query_of(cli),
                                               .language = desk->settings->locale,
                                               .limit = (size_t)limit,
                                               .now = clock_now(&clock_system)},
                        cli_arena(cli), &results, err);
    if (st != ST_OK)
        return st;
    json_t *rows = json_array();
    for (size_t i = 0; i < results.count; i++) {
        const struct search_hit *hit = &results.hits[i];
        json_t *row = story_json(hit->story);
        (void)json_object_set_new(row, "score", json_real(hit->score));
        (void)json_array_append_new(rows, row);
        if (!cli_json(cli))
            cli_printf("%8.3f  /%.*s/  %.*s\n", hit->score, STR_ARG(hit->story->slug),
                       STR_ARG(hit->story->title));
    }
    rows_end(cli, rows);
    return ST_OK;
}

const struct command command_search = {
    .name = "search",
    .args = "QUERY...",
    .summary = "stories that match, best first, with scores",
    .detail = "Words, \"a phrase\", -not, tag:SLUG, author:SLUG, before:DATE, after:DATE.",
    .options = (const struct option[]){{"limit", "N", "how many (10)"}, {0}},
    .args_min = 1,
    .args_max = 64,
    .run = search_cmd,
};

/* ---- related ---- */

static enum status related_cmd(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    struct story *story;
    struct related_row *related;
    size_t count;
    enum status st = desk_open(cli, &desk, err);
    if (st == ST_OK)
        st = story_by_slug(desk->conn, cli_arg(cli, 0), cli_arena(cli), &story, err);
    if (st == ST_OK)
        st = related_list(desk->conn, story->id, cli_arena(cli), &related, &count, err);
    if (st != ST_OK)
        return st;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        double score = (double)related[i].score / (double)RELATED_ONE;
        json_t *row = story_json(related[i].story);
        (void)json_object_set_new(row, "score", json_real(score));
        (void)json_object_set_new(row, "picked", json_boolean(related[i].picked));
        (void)json_array_append_new(rows, row);
        if (cli_json(cli))
            continue;
        if (related[i].picked)
            cli_printf("  picked");
        else
            cli_printf("%8.3f", score);
        cli_printf("  /%.*s/  %.*s\n", STR_ARG(related[i].story->slug),
                   STR_ARG(related[i].story->title));
    }
    rows_end(cli, rows);
    return ST_OK;
}

const struct command command_related = {
    .name = "related",
    .args = "SLUG",
    .summary = "what is about the same thing as a story, with scores",
    .args_min = 1,
    .args_max = 1,
    .run = related_cmd,
};

/* ---- popular ---- */

static enum status popular_cmd(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    struct popular_row *popular;
    size_t count;
    enum status st = desk_open(cli, &desk, err);
    if (st == ST_OK)
        st = popular_list(desk->conn, cli_arena(cli), &popular, &count, err);
    if (st != ST_OK)
        return st;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = story_json(popular[i].story);
        report_int(row, "reads", popular[i].reads);
        report_int(row, "window_days", popular[i].window / TIME_DAY);
        (void)json_object_set_new(row, "score", json_real(popular[i].heat));
        (void)json_array_append_new(rows, row);
        if (!cli_json(cli))
            cli_printf("%8lld  /%.*s/  %.*s\n", (long long)popular[i].reads,
                       STR_ARG(popular[i].story->slug), STR_ARG(popular[i].story->title));
    }
    rows_end(cli, rows);
    return ST_OK;
}

const struct command command_popular = {
    .name = "popular",
    .args = "",
    .summary = "what is read most, with reads",
    .run = popular_cmd,
};
