/* SPDX-License-Identifier: MIT
 *
 * The moderator's hands without a browser. */
#include "news/comment.h"
#include "base/arena.h"
#include "base/parse.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/news.h"
#include "text/plain.h"

enum { LIST_BATCH = 200, EXCERPT_SHOWN = 70 };

/* ---- list ---- */

static void row_print(struct cli *cli, const struct comment *comment)
{
    struct arena *arena = cli_arena(cli);
    str text = plain_one_line(arena, plain_from_clean(arena, comment->text));
    str line = plain_first_chars(arena, text, EXCERPT_SHOWN);
    cli_printf("%-6lld %-8s %.10s  %.*s on \"%.*s\": %.*s%s%s%.*s%s\n", (long long)comment->id.v,
               comment_state_name(comment->state), "", STR_ARG(comment->name),
               STR_ARG(comment->story_title), STR_ARG(line), line.len < text.len ? "..." : "",
               comment->why.len > 0 ? "  (" : "", STR_ARG(comment->why),
               comment->why.len > 0 ? ")" : "");
}

static json_t *row_json(const struct comment *comment)
{
    json_t *row = json_object();
    report_int(row, "id", comment->id.v);
    report_str(row, "state", str_from_c(comment_state_name(comment->state)));
    report_str(row, "why", comment->why);
    report_str(row, "story", comment->story_slug);
    report_int(row, "parent", comment->parent.v);
    report_str(row, "name", comment->name);
    report_str(row, "email", comment->email);
    report_str(row, "website", comment->site);
    report_str(row, "text", comment->source_text);
    report_time(row, "created_at", comment->created_at);
    return row;
}

static enum status list_state(struct cli *cli, struct desk *desk, enum comment_state state,
                              int64_t limit, json_t *rows, struct error *err)
{
    struct comment_list list = {.more = true};
    while (list.more && limit > 0) {
        enum status st = comment_list_desk(desk->conn, state, list.next,
                                           limit < LIST_BATCH ? (size_t)limit : LIST_BATCH,
                                           cli_arena(cli), &list, err);
        if (st != ST_OK)
            return st;
        for (size_t i = 0; i < list.count; i++) {
            if (rows != NULL)
                (void)json_array_append_new(rows, row_json(list.rows[i]));
            else
                row_print(cli, list.rows[i]);
        }
        limit -= i64_from_size(list.count);
    }
    return ST_OK;
}

static enum status list_run(struct cli *cli, struct desk *desk, struct error *err)
{
    str wanted = cli_value(cli, "state", S("pending"));
    bool all = str_eq(wanted, S("all"));
    enum comment_state only = COMMENT_PENDING;
    int64_t limit;

    if (!all && !comment_state_from_name(wanted, &only))
        return cli_misuse(cli, err, "--state is pending, approved, spam, trash or all");
    enum status st = cli_value_int(cli, "limit", 1, 1000000, 1000, &limit, err);
    json_t *rows = cli_json(cli) ? json_array() : NULL;
    for (enum comment_state state = COMMENT_PENDING; st == ST_OK && state <= COMMENT_TRASH;
         state++) {
        if (all || state == only)
            st = list_state(cli, desk, state, limit, rows, err);
    }
    if (rows != NULL && st == ST_OK)
        report_print(rows);
    else
        json_decref(rows);
    return st;
}

/* ---- deciding ---- */

struct decision {
    comment_id id;
    enum comment_state state;
    bool delete;
};

static enum status decide(struct newsroom *room, void *arg, struct error *err)
{
    const struct decision *decision = arg;
    if (decision->delete)
        return comment_delete(room, decision->id, err);
    return comment_set_state(room, decision->id, decision->state, STR_NONE, err);
}

static enum status decide_each(struct cli *cli, struct desk *desk, struct decision decision,
                               struct error *err)
{
    if (cli_args_count(cli) < 2)
        return cli_misuse(cli, err, "which? numbers are in: broadsheet comment list");
    for (size_t i = 1; i < cli_args_count(cli); i++) {
        if (!str_to_i64(cli_arg(cli, i), &decision.id.v) || decision.id.v < 1)
            return cli_misuse(cli, err, "\"%.*s\" is not a reply's number",
                              STR_ARG(cli_arg(cli, i)));
        enum status st = desk_write(desk, decide, &decision, err);
        if (st == ST_NOT_FOUND)
            return error_set(err, st,
                             "there is no reply %lld; see: broadsheet comment list --state all",
                             (long long)decision.id.v);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* ---- one writer ---- */

struct erasure {
    str email;
    int64_t count;
};

static enum status erase(struct newsroom *room, void *arg, struct error *err)
{
    struct erasure *erasure = arg;
    return comment_erase_writer(room, erasure->email, &erasure->count, err);
}

static enum status erase_run(struct cli *cli, struct desk *desk, struct error *err)
{
    struct erasure erasure = {.email = cli_args_count(cli) > 1 ? cli_arg(cli, 1) : STR_NONE};
    if (erasure.email.len == 0)
        return cli_misuse(cli, err, "whose? broadsheet comment erase EMAIL");
    enum status st = desk_write(desk, erase, &erasure, err);
    if (st == ST_OK)
        cli_printf("%lld replies no longer name their writer\n", (long long)erasure.count);
    return st;
}

static enum status comment_run(struct cli *cli, struct error *err)
{
    static const struct {
        str word;
        struct decision decision;
    } decisions[] = {
        {STR_INIT("approve"), {.state = COMMENT_APPROVED}},
        {STR_INIT("spam"), {.state = COMMENT_SPAM}},
        {STR_INIT("trash"), {.state = COMMENT_TRASH}},
        {STR_INIT("delete"), {.delete = true}},
    };
    AUTO(desk_closep) struct desk *desk = NULL;
    str word = cli_arg(cli, 0);
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    if (str_eq(word, S("list")))
        return list_run(cli, desk, err);
    if (str_eq(word, S("erase")))
        return erase_run(cli, desk, err);
    for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
        if (str_eq(word, decisions[i].word))
            return decide_each(cli, desk, decisions[i].decision, err);
    }
    return cli_misuse(cli, err, "\"%.*s\" is not list, approve, spam, trash, delete or erase",
                      STR_ARG(word));
}

const struct command command_comment = {
    .name = "comment",
    .args = "list | approve ID... | spam ID... | trash ID... | delete ID... | erase EMAIL",
    .summary = "replies: see who waits, decide",
    .detail =
        "A running server shows the decision within a second. delete is for good; erase takes\n"
        "name, address and text out of everything one writer left.",
    .options = (const struct option[]){{"state", "STATE", "pending, approved, spam, trash or all"},
                                       {"limit", "N", "of each state (1000)"},
                                       {0}},
    .args_min = 1,
    .args_max = CLI_WORDS_MAX,
    .run = comment_run,
};
