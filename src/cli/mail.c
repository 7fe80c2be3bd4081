/* SPDX-License-Identifier: MIT
 *
 * Whether mail can be sent, tried from the machine itself; and what waits. */
#include "site/mail.h"

#include "base/arena.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/mail_message.h"
#include "site/mail_queue.h"

static void print_outcome(struct cli *cli, const struct mail_outcome *outcome)
{
    if (!cli_json(cli)) {
        cli_printf("%s%.*s\n", outcome->dialogue,
                   STR_ARG(outcome->what == MAIL_TAKEN ? S("taken by the server")
                                                       : str_from_c(outcome->said)));
        return;
    }
    json_t *report = json_object();
    report_str(report, "outcome", str_from_c(mail_what_name(outcome->what)));
    report_int(report, "code", outcome->code);
    report_str(report, "said", str_from_c(outcome->said));
    report_str(report, "dialogue", str_from_c(outcome->dialogue));
    report_print(report);
}

static enum status keep_passed(struct newsroom *room, void *arg, struct error *err)
{
    const str *server = arg;
    return mail_test_passed(room, *server, err);
}

static enum status test_run(struct cli *cli, struct desk *desk, struct error *err)
{
    struct mail_outcome outcome;
    if (cli_args_count(cli) < 2)
        return cli_misuse(cli, err, "to whom? give an email address");
    str to = cli_arg(cli, 1);
    if (!mail_address_valid(to))
        return cli_misuse(cli, err, "\"%.*s\" is no address that mail can be sent to", STR_ARG(to));
    str title = desk->settings->title, server = mail_server_name(cli_arena(cli), desk->folder);
    const struct mail_letter letter = {
        .kind = S("test"),
        .to = to,
        .subject = str_join2(cli_arena(cli), S("A test from "), title),
        .text = str_format(cli_arena(cli),
                           "Mail from %.*s works. This test was sent from the "
                           "server's command line.\n",
                           STR_ARG(title))};
    enum status st = mail_try(desk->folder, title, &letter, clock_now(&clock_system), &rng_system,
                              &outcome, err);
    if (st != ST_OK)
        return st;
    print_outcome(cli, &outcome);
    if (outcome.what != MAIL_TAKEN)
        return error_set(err, ST_IO, "the mail was not sent (%s); see mail: in broadsheet.yaml",
                         mail_what_name(outcome.what));
    return desk_write(desk, keep_passed, &server, err);
}

static enum status list_run(struct cli *cli, struct desk *desk, struct error *err)
{
    struct mail_queued *mails;
    size_t count;
    enum status st = mail_queue_list(desk->conn, cli_arena(cli), &mails, &count, err);
    if (st != ST_OK)
        return st;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct mail_queued *m = &mails[i];
        json_t *row = json_object();
        report_str(row, "kind", m->kind);
        report_str(row, "to", m->to);
        report_time(row, "created_at", m->created_at);
        report_int(row, "tries", m->tries);
        report_str(row, "answer", m->answer);
        report_time(row, "given_up_at", m->given_up_at);
        (void)json_array_append_new(rows, row);
        if (!cli_json(cli))
            cli_printf("%s  %-16.*s %.*s  tries: %lld  %.*s\n",
                       m->given_up_at != 0 ? "given up" : "waits   ", STR_ARG(m->kind),
                       STR_ARG(m->to), (long long)m->tries, STR_ARG(m->answer));
    }
    if (cli_json(cli))
        report_print(rows);
    else
        json_decref(rows);
    return ST_OK;
}

static enum status mail_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    str word = cli_arg(cli, 0);
    bool test = str_eq(word, S("test"));
    if (!test && !str_eq(word, S("list")))
        return cli_misuse(cli, err, "\"%.*s\" is not test or list", STR_ARG(word));
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    return test ? test_run(cli, desk, err) : list_run(cli, desk, err);
}

const struct command command_mail = {
    .name = "mail",
    .args = "test ADDRESS | list",
    .summary = "tries the mail server, or lists the mails that wait",
    .detail =
        "test sends one mail at once, by what broadsheet.yaml says under mail:, and prints what the\n"
        "server answered, waiting 20 seconds at most. list names those that wait or were given up.",
    .args_min = 1,
    .args_max = 2,
    .run = mail_run,
};
