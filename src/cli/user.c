/* SPDX-License-Identifier: MIT
 *
 * Who may sign in to the desk. */
#include "base/arena.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "desk/second_factor.h"
#include "news/person.h"

#include <termios.h>
#include <unistd.h>

enum { DRAWN_BYTES = 9 };

/* From --password, from a pipe's first line, or typed unseen at a terminal. Empty: draw one. */
static str password_ask(struct cli *cli)
{
    char line[PASSWORD_MAX + 2];
    struct termios shown, hidden;
    if (!cli_has(cli, "ask") && isatty(STDIN_FILENO))
        return STR_NONE;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        (void)fputs("password: ", stderr);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool got = fgets(line, sizeof(line), stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        (void)fputc('\n', stderr);
    }
    if (!got)
        return STR_NONE;
    str text = str_from_c(line);
    while (str_ends(text, S("\n")) || str_ends(text, S("\r")))
        text.len--;
    return str_copy(cli_arena(cli), text);
}

struct hiring {
    struct person person;
    str hash;
    person_id id;
};

static enum status password_make(struct cli *cli, struct hiring *hiring, str *ret_drawn,
                                 struct error *err)
{
    str password = password_ask(cli);
    *ret_drawn = STR_NONE;
    if (password.len == 0) {
        password = random_token(&rng_system, cli_arena(cli), DRAWN_BYTES);
        *ret_drawn = password;
    }
    return password_hash(cli_arena(cli), password, &hiring->hash, err);
}

static enum status hire(struct newsroom *room, void *arg, struct error *err)
{
    struct hiring *hiring = arg;
    return person_add(room, &hiring->person, hiring->hash, &hiring->id, err);
}

static enum status repassword(struct newsroom *room, void *arg, struct error *err)
{
    struct hiring *hiring = arg;
    return person_set_password(room, hiring->person.id, hiring->hash, err);
}

static enum status rerole(struct newsroom *room, void *arg, struct error *err)
{
    struct hiring *hiring = arg;
    return person_set_role(room, hiring->person.id, hiring->person.role, err);
}

static void say_drawn(str email, str drawn)
{
    if (drawn.len > 0)
        cli_printf("%.*s signs in with: %.*s\n", STR_ARG(email), STR_ARG(drawn));
}

static enum status role_read(struct cli *cli, str name, enum role *ret_role, struct error *err)
{
    if (!role_from_name(name, ret_role))
        return cli_misuse(
            cli, err, "a role is owner, administrator, editor, author or contributor, not \"%.*s\"",
            STR_ARG(name));
    return ST_OK;
}

static enum status add_run(struct cli *cli, struct desk *desk, str email, struct error *err)
{
    struct hiring hiring = {.person = {.email = email, .name = cli_value(cli, "name", email)}};
    str drawn;
    enum status st = role_read(cli, cli_value(cli, "role", S("owner")), &hiring.person.role, err);
    if (st == ST_OK)
        st = password_make(cli, &hiring, &drawn, err);
    if (st == ST_OK)
        st = desk_write(desk, hire, &hiring, err);
    if (st == ST_OK)
        say_drawn(email, drawn);
    return st;
}

static enum status find(struct cli *cli, struct desk *desk, str email, struct hiring *hiring,
                        struct error *err)
{
    struct person *person;
    enum status st = person_by_email(desk->conn, email, cli_arena(cli), &person, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "nobody here signs in as %.*s; see: broadsheet user list",
                         STR_ARG(email));
    if (st == ST_OK)
        hiring->person = *person;
    return st;
}

static enum status password_run(struct cli *cli, struct desk *desk, str email, struct error *err)
{
    struct hiring hiring;
    str drawn;
    enum status st = find(cli, desk, email, &hiring, err);
    if (st == ST_OK)
        st = password_make(cli, &hiring, &drawn, err);
    if (st == ST_OK)
        st = desk_write(desk, repassword, &hiring, err);
    if (st == ST_OK)
        say_drawn(email, drawn);
    return st;
}

static enum status role_run(struct cli *cli, struct desk *desk, str email, struct error *err)
{
    struct hiring hiring;
    if (cli_args_count(cli) < 3)
        return cli_misuse(cli, err,
                          "which role? owner, administrator, editor, author or contributor");
    enum status st = find(cli, desk, email, &hiring, err);
    if (st == ST_OK)
        st = role_read(cli, cli_arg(cli, 2), &hiring.person.role, err);
    if (st == ST_OK)
        st = desk_write(desk, rerole, &hiring, err);
    return st;
}

static enum status single_step(struct newsroom *room, void *arg, struct error *err)
{
    const struct hiring *hiring = arg;
    return second_factor_off(room, hiring->person.id, err);
}

/* For who lost telephone and recovery codes, and is the only one who could help. */
static enum status two_step_off_run(struct cli *cli, struct desk *desk, str email,
                                    struct error *err)
{
    struct hiring hiring;
    enum status st = find(cli, desk, email, &hiring, err);
    return st == ST_OK ? desk_write(desk, single_step, &hiring, err) : st;
}

static enum status list_run(struct cli *cli, struct desk *desk, struct error *err)
{
    struct person **people;
    size_t count;
    enum status st = person_list(desk->conn, cli_arena(cli), &people, &count, err);
    if (st != ST_OK)
        return st;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_object();
        report_str(row, "email", people[i]->email);
        report_str(row, "name", people[i]->name);
        report_str(row, "role", str_from_c(role_name(people[i]->role)));
        report_time(row, "seen_at", people[i]->seen_at);
        (void)json_array_append_new(rows, row);
        if (!cli_json(cli))
            cli_printf("%-12s %.*s  %.*s\n", role_name(people[i]->role), STR_ARG(people[i]->email),
                       STR_ARG(people[i]->name));
    }
    if (cli_json(cli))
        report_print(rows);
    else
        json_decref(rows);
    return ST_OK;
}

static enum status user_run(struct cli *cli, struct error *err)
{
    static const struct {
        str word;
        enum status (*run)(struct cli *cli, struct desk *desk, str email, struct error *err);
    } actions[] = {
        {STR_INIT("add"), add_run},
        {STR_INIT("password"), password_run},
        {STR_INIT("role"), role_run},
        {STR_INIT("two-step-off"), two_step_off_run},
    };
    AUTO(desk_closep) struct desk *desk = NULL;
    str word = cli_arg(cli, 0);
    size_t at = 0;
    while (at < ARRAY_LEN(actions) && !str_eq(word, actions[at].word))
        at++;
    bool list = str_eq(word, S("list"));
    if (!list && at == ARRAY_LEN(actions))
        return cli_misuse(cli, err, "\"%.*s\" is not add, list, password, role or two-step-off",
                          STR_ARG(word));
    if (!list && cli_args_count(cli) < 2)
        return cli_misuse(cli, err, "whose? give an email address");
    enum status st = desk_open(cli, &desk, err);
    if (st != ST_OK)
        return st;
    return list ? list_run(cli, desk, err) : actions[at].run(cli, desk, cli_arg(cli, 1), err);
}

const struct command command_user = {
    .name = "user",
    .args = "add EMAIL | list | password EMAIL | role EMAIL ROLE | two-step-off EMAIL",
    .summary = "who may sign in to the desk",
    .detail =
        "A password is drawn and printed, unless one comes on stdin or --ask lets you type it.\n"
        "Roles: owner, administrator, editor, author, contributor. The first person is the owner.",
    .options = (const struct option[]){{"name", "TEXT", "their name (the address)"},
                                       {"role", "ROLE", "for add (owner)"},
                                       {"ask", NULL, "type the password"},
                                       {0}},
    .args_min = 1,
    .args_max = 3,
    .run = user_run,
};
