/* SPDX-License-Identifier: MIT
 *
 * How mail is set up, what waits, and a test that shows what the server says. What broadsheet.yaml holds is shown and not
 * changed here: it is read at start, and the password is none of the desk's business. */
#include "base/arena.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/look.h"
#include "desk/settings.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/mail.h"
#include "site/mail_message.h"
#include "site/mail_queue.h"

/* ---- the page ---- */

static void put_server(struct errand *e, struct hbs_map *values)
{
    const struct mail_server *server = &e->folder->mail;
    bool on = mail_is_set_up(e->folder);
    hbs_map_set(values, S("on"), hbs_bool(on));
    hbs_map_set(values, S("no_url"), hbs_bool(on && e->edition->settings->url.len == 0));
    if (!on) {
        hbs_map_set(values, S("example"),
                    hbs_string(S("mail:\n  server: smtp://mail.example:587\n  user: news\n"
                                 "  password_file: mail.secret\n  from: news@news.example")));
        return;
    }
    hbs_map_set(
        values, S("server"),
        hbs_string(str_format(e->arena, "%s://%.*s:%d", server->tls_at_once ? "smtps" : "smtp",
                              STR_ARG(server->host), server->port)));
    hbs_map_set(values, S("tls"), hbs_string(server->tls ? S("mail.tls") : S("mail.no-tls")));
    hbs_map_set(values, S("user"), hbs_string_or_null(server->user));
    str name = server->from_name.len > 0 ? server->from_name : e->edition->settings->title;
    hbs_map_set(
        values, S("from"),
        hbs_string(str_format(e->arena, "%.*s <%.*s>", STR_ARG(name), STR_ARG(server->from))));
}

static struct hbs_value mail_value(struct errand *e, const struct mail_queued *mail)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("to"), hbs_string(mail->to));
    hbs_map_set(row, S("kind"),
                hbs_string(str_format(e->arena, "mail.kind.%.*s", STR_ARG(mail->kind))));
    hbs_map_set(row, S("at"), hbs_number((double)mail->created_at));
    hbs_map_set(row, S("tries"), hbs_number((double)mail->tries));
    hbs_map_set(row, S("answer"), hbs_string_or_null(mail->answer));
    hbs_map_set(row, S("given_up"), hbs_bool(mail->given_up_at != 0));
    return hbs_map_value(row);
}

static enum status put_queue(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct mail_queued *mails;
    size_t count;
    enum status st = mail_queue_list(e->conn, e->arena, &mails, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = mail_value(e, &mails[i]);
    hbs_map_set(values, S("mails"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    time_us tested = 0;
    enum status st = put_queue(e, values, err);
    put_server(e, values);
    if (st == ST_OK && mail_is_set_up(e->folder))
        st = mail_test_read(e->conn, mail_server_name(e->arena, e->folder), &tested, err);
    if (st != ST_OK)
        return st;
    if (tested != 0)
        hbs_map_set(values, S("tested"), hbs_number((double)tested));
    return settings_page(e, code, S("mail"), S("mail.title"), values, err);
}

enum status mail_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    errand_typed(&form, S("to"), e->person->email);
    return show(e, values, 200, err);
}

/* ---- the test ---- */

static enum status passed(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct mail_outcome *outcome = arg;
    enum status st = ST_OK;
    if (outcome->what == MAIL_TAKEN)
        st = mail_test_passed(room, mail_server_name(e->arena, e->folder), err);
    return st == ST_OK ? errand_log(e, room, S("mail.tested"), STR_NONE, err) : st;
}

static void put_outcome(struct errand *e, struct hbs_map *values,
                        const struct mail_outcome *outcome)
{
    hbs_map_set(values, S("outcome"),
                hbs_string(str_format(e->arena, "mail.what.%s", mail_what_name(outcome->what))));
    hbs_map_set(values, S("taken"), hbs_bool(outcome->what == MAIL_TAKEN));
    hbs_map_set(values, S("said"), hbs_string(str_copy(e->arena, str_from_c(outcome->said))));
    hbs_map_set(values, S("dialogue"),
                hbs_string_or_null(str_copy(e->arena, str_from_c(outcome->dialogue))));
}

/* Waiting for a server holds no snapshot open; what is shown afterwards is of another one. */
static enum status try_out(struct errand *e, const struct mail_letter *letter,
                           struct mail_outcome *outcome, struct error *err)
{
    errand_let_go(e);
    enum status st =
        mail_try(e->folder, e->edition->settings->title, letter, e->now, e->rng, outcome, err);
    if (st == ST_INVALID) { /* broadsheet.yaml, not the address: its sentence says what */
        *outcome = (struct mail_outcome){.what = MAIL_LOGIN};
        (void)snprintf(outcome->said, sizeof(outcome->said), "%.*s", MAIL_SAID_MAX - 1, err->text);
        st = ST_OK;
    }
    if (st == ST_OK)
        st = errand_write(e, passed, outcome, err);
    return st == ST_OK ? errand_look_anew(e, err) : st;
}

enum status mail_post(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct letter_office office = letter_office(e);
    struct mail_outcome outcome;
    str to = str_trim(errand_value(e, S("to")));
    errand_typed(&form, S("to"), to);
    if (!mail_is_set_up(e->folder))
        return show(e, values, 422, err);
    if (!mail_address_valid(to)) {
        errand_wrong(e, &form, S("to"), S("wrong.email"));
        return show(e, values, 422, err);
    }
    struct mail_letter letter = letter_compose(
        &office, e->arena,
        &(struct letter){
            .kind = S("test"), .to = to, .language = e->person->language, .by = e->person->name});
    enum status st = try_out(e, &letter, &outcome, err);
    if (st != ST_OK)
        return st;
    put_outcome(e, values, &outcome);
    return show(e, values, outcome.what == MAIL_TAKEN ? 200 : 422, err);
}
