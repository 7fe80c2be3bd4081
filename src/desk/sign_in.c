/* SPDX-License-Identifier: MIT
 *
 * Signing in and out. Whoever has no login here gets the same answer as whoever typed a wrong password, at
 * the same price: argon2id is run for them too, and the failure is written. */
#include "desk/sign_in.h"

#include "base/arena.h"
#include "desk/second_factor.h"
#include "desk/session.h"
#include "desk/throttle.h"
#include "http/exchange.h"
#include "http/response.h"
#include "store/store.h"

/* ---- where to afterwards ---- */

/* Only to the desk, and nothing that a browser could read as another host or header. */
static bool place_valid(str to)
{
    bool valid = str_starts(to, S("/desk/")) && to.len < 2000 && !str_contains(to, S("//")) &&
                 !str_contains(to, S("\\"));
    for (size_t i = 0; valid && i < to.len; i++)
        valid = to.ptr[i] > ' ' && to.ptr[i] < 0x7f;
    return valid;
}

static str place_of(const struct errand *e)
{
    str to = errand_value(e, S("to"));
    return place_valid(to) ? to : S("/desk/");
}

/* ---- shared ---- */

static str counted_network(const struct errand *e)
{
    return e->req->limited ? e->network : STR_NONE; /* else many may stand behind it */
}

static enum status subjects_of(struct errand *e, const struct person *person, str email,
                               struct throttle_subjects *ret_who, struct error *err)
{
    bool known = false;
    enum status st = ST_OK;
    if (person != NULL && e->req->limited)
        st = session_known(e->conn, person->id, e->network, e->now, &known, err);
    if (st == ST_OK)
        *ret_who = throttle_of(e->arena, email, counted_network(e), known);
    return st;
}

static enum status failed(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)e;
    return throttle_failed(room, arg, err);
}

void new_password_check(struct errand *e, struct errand_form *form, str field, str password)
{
    switch (password_fault(password)) {
    case PASSWORD_SHORT:
        errand_wrong(e, form, field, S("wrong.password-short"));
        break;
    case PASSWORD_LONG:
        errand_wrong(e, form, field, S("wrong.password-long"));
        break;
    case PASSWORD_COMMON:
        errand_wrong(e, form, field, S("wrong.password-common"));
        break;
    case PASSWORD_FINE:
        break;
    }
}

enum status password_confirm(struct errand *e, struct errand_form *form, str field, bool *ret_right,
                             struct error *err)
{
    struct throttle_subjects who;
    time_us wait;
    *ret_right = false;
    enum status st = subjects_of(e, e->person, e->person->email, &who, err);
    if (st == ST_OK)
        st = throttle_ask(e->conn, &who, e->now, &wait, err);
    if (st != ST_OK)
        return st;
    if (wait > 0) {
        errand_wrong(e, form, field, S("wrong.too-often"));
        return ST_OK;
    }
    *ret_right = password_matches(e->person->password_hash, errand_value(e, field));
    if (*ret_right)
        return ST_OK;
    errand_wrong(e, form, field, S("wrong.password"));
    return errand_write(e, failed, &who, err);
}

enum status sign_in_begin(struct errand *e, struct newsroom *room, person_id person, bool half,
                          struct error *err)
{
    enum status st = ST_OK;
    if (e->session != NULL)
        st = session_end(room, e->session->person, e->session->id, err);
    if (st == ST_OK)
        st = session_begin(room,
                           &(struct session){.person = person,
                                             .half = half,
                                             .network = e->network,
                                             .agent = http_request_header(e->req, HTTP_USER_AGENT)},
                           e->token, err);
    return st == ST_OK && !half ? errand_log(e, room, S("sign-in"), STR_NONE, err) : st;
}

/* ---- the password ---- */

static enum status show(struct errand *e, int code, str email, str wrong, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str to = S("/desk/");
    if (e->req->method == HTTP_POST)
        to = place_of(e);
    else if (!http_query_get(e->req, S("to"), &to) || !place_valid(to))
        to = S("/desk/");
    errand_typed(&form, S("email"), email);
    errand_typed(&form, S("to"), to);
    if (wrong.len > 0) {
        errand_wrong(e, &form, S("form"), wrong);
        hbs_map_set(values, S("refused"), hbs_bool(true));
    }
    return errand_wants_json(e) ? errand_json(e, code, values, err)
                                : errand_page(e, code, S("sign-in"), values, err);
}

enum status sign_in_show(struct errand *e, struct error *err)
{
    if (e->session != NULL)
        return errand_go(e, e->session->half ? S("/desk/sign-in/code/") : S("/desk/"));
    return show(e, 200, STR_NONE, STR_NONE, err);
}

struct entry {
    struct person *person;
    struct throttle_subjects who;
    bool half;
};

static enum status enter(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct entry *entry = arg;
    enum status st = ST_OK;
    if (!entry->half) /* else the code is counted with the password */
        st = throttle_passed(room, &entry->who, err);
    return st == ST_OK ? sign_in_begin(e, room, entry->person->id, entry->half, err) : st;
}

static enum status find(struct errand *e, str email, struct person **ret_person, struct error *err)
{
    *ret_person = NULL;
    enum status st = person_by_email(e->conn, email, e->arena, ret_person, err);
    return st == ST_NOT_FOUND || st == ST_INVALID ? ST_OK : st;
}

/* A script that asked in place goes on with what it had, in the new session. */
static enum status say_entered(struct errand *e, bool half, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("csrf"), hbs_string(errand_form_token(e)));
    hbs_map_set(values, S("code"), hbs_bool(half));
    return errand_json(e, 200, values, err);
}

static enum status too_often(struct errand *e, str email, struct error *err)
{
    http_response_header(e->res, S("Retry-After"), S("900"));
    return show(e, 429, email, S("wrong.too-often"), err);
}

enum status sign_in_post(struct errand *e, struct error *err)
{
    str email = str_sub(errand_value(e, S("email")), 0, PERSON_EMAIL_MAX);
    struct entry entry = {0};
    struct second_factor factor = {0};
    time_us wait;
    enum status st = find(e, email, &entry.person, err);
    if (st == ST_OK)
        st = subjects_of(e, entry.person, email, &entry.who, err);
    if (st == ST_OK)
        st = throttle_ask(e->conn, &entry.who, e->now, &wait, err);
    if (st != ST_OK)
        return st;
    if (wait > 0)
        return too_often(e, email, err);
    str hash = entry.person != NULL ? entry.person->password_hash : STR_NONE;
    if (!password_matches(hash, errand_value(e, S("password")))) {
        st = errand_write(e, failed, &entry.who, err);
        return st == ST_OK ? show(e, 422, email, S("wrong.sign-in"), err) : st;
    }
    st = second_factor_read(e->conn, entry.person->id, e->arena, &factor, err);
    if (st != ST_OK)
        return st;
    entry.half = factor.on;
    e->person = entry.person;
    errand_token_new(e);
    str to = place_of(e);
    st = errand_write(e, enter, &entry, err);
    if (st != ST_OK)
        return st;
    if (errand_wants_json(e))
        return say_entered(e, entry.half, err);
    if (!entry.half)
        return errand_go(e, to);
    return errand_go(e, str_join2(e->arena, S("/desk/sign-in/code/?to="), to));
}

/* ---- the code ---- */

static enum status code_page(struct errand *e, int code, str wrong, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str to = S("/desk/");
    if (e->req->method == HTTP_POST)
        to = place_of(e);
    else if (!http_query_get(e->req, S("to"), &to) || !place_valid(to))
        to = S("/desk/");
    errand_typed(&form, S("to"), to);
    if (wrong.len > 0)
        errand_wrong(e, &form, S("code"), wrong);
    return errand_wants_json(e) ? errand_json(e, code, values, err)
                                : errand_page(e, code, S("code"), values, err);
}

enum status code_show(struct errand *e, struct error *err)
{
    return code_page(e, 200, STR_NONE, err);
}

struct code_entry {
    struct throttle_subjects who;
    bool recovery;
};

static enum status code_enter(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct code_entry *entry = arg;
    enum status st =
        second_factor_take(room, e->person->id, errand_value(e, S("code")), &entry->recovery, err);
    if (st == ST_OK)
        st = throttle_passed(room, &entry->who, err);
    if (st == ST_OK)
        st = sign_in_begin(e, room, e->person->id, false, err);
    if (st == ST_OK && entry->recovery)
        st = errand_log(e, room, S("recovery-code"), STR_NONE, err);
    return st;
}

enum status code_post(struct errand *e, struct error *err)
{
    struct code_entry entry = {0};
    time_us wait;
    enum status st = subjects_of(e, e->person, e->person->email, &entry.who, err);
    if (st == ST_OK) {
        entry.who = throttle_of_code(e->arena, entry.who);
        st = throttle_ask(e->conn, &entry.who, e->now, &wait, err);
    }
    if (st != ST_OK)
        return st;
    if (wait > 0)
        return code_page(
            e, 429, wait > THROTTLE_WINDOW ? S("wrong.codes-a-day") : S("wrong.too-often"), err);
    str before = e->token, to = place_of(e);
    errand_token_new(e);
    st = errand_write(e, code_enter, &entry, err);
    if (st == ST_OK && errand_wants_json(e))
        return say_entered(e, false, err);
    if (st == ST_OK && entry.recovery)
        return errand_done(e, S("/desk/account/two-step/"), S("recovery-code"));
    if (st == ST_OK)
        return errand_go(e, to);
    e->token = before;
    e->token_new = false;
    if (st != ST_DENIED)
        return st;
    st = errand_write(e, failed, &entry.who, err);
    return st == ST_OK ? code_page(e, 422, S("wrong.code"), err) : st;
}

/* ---- out ---- */

static enum status leave(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return session_end(room, e->session->person, e->session->id, err);
}

enum status sign_out(struct errand *e, struct error *err)
{
    if (e->session != NULL) {
        enum status st = errand_write(e, leave, NULL, err);
        if (st != ST_OK)
            return st;
    }
    errand_token_forget(e);
    return errand_done(e, S("/desk/sign-in/"), S("signed-out"));
}
