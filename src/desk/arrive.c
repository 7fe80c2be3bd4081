/* SPDX-License-Identifier: MIT
 *
 * The ways in by a link: setting the desk up, an invitation, a new password. The link's token is in the
 * query, which no log has; the page it opens sends no Referer to another host. */
#include "base/arena.h"
#include "desk/door.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/sign_in.h"
#include "http/request.h"
#include "news/byline.h"
#include "store/store.h"

/* What the three have in common: a door, a form, a template. */
struct arrival {
    struct door *door;
    struct hbs_map *values;
    struct errand_form form;
    str template, name, hash;
    person_id person;
    struct person *subject; /* of a new password */
};

static str link_of(struct errand *e)
{
    str link;
    if (e->req->method == HTTP_POST)
        return errand_value(e, S("link"));
    return http_query_get(e->req, S("link"), &link) ? link : STR_NONE;
}

static enum status arrive(struct errand *e, enum door_kind kind, struct arrival *a,
                          struct error *err)
{
    static const str templates[] = {[DOOR_SET_UP] = STR_INIT("set-up"),
                                    [DOOR_INVITATION] = STR_INIT("invitation"),
                                    [DOOR_RESET] = STR_INIT("reset")};
    enum status st = door_find(e->conn, kind, link_of(e), e->now, e->arena, &a->door, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.link"))));
    if (st != ST_OK)
        return st;
    a->template = templates[kind];
    a->values = errand_values(e);
    a->form = errand_form(e, a->values);
    errand_typed(&a->form, S("link"), link_of(e));
    errand_typed(&a->form, S("email"),
                 kind == DOOR_SET_UP ? errand_value(e, S("email")) : a->door->email);
    hbs_map_set(a->values, S("role"),
                hbs_string(str_format(e->arena, "role.%s", role_name(a->door->role))));
    return ST_OK;
}

static enum status again(struct errand *e, struct arrival *a, struct error *err)
{
    return errand_page(e, a->form.wrong_count > 0 ? 422 : 200, a->template, a->values, err);
}

static void check_name(struct errand *e, struct arrival *a)
{
    a->name = str_trim(errand_value(e, S("name")));
    errand_typed(&a->form, S("name"), a->name);
    if (a->name.len == 0)
        errand_wrong(e, &a->form, S("name"), S("wrong.name"));
    else if (a->name.len > PERSON_NAME_MAX)
        errand_wrong(e, &a->form, S("name"), S("wrong.name-long"));
}

/* Another's sentence that belongs to a field of this form. */
static enum status refused(struct errand *e, struct arrival *a, enum status st, struct error *err)
{
    if (st == ST_CONFLICT)
        errand_wrong(e, &a->form, S("email"), S("wrong.email-taken"));
    else
        return st == ST_NOT_FOUND
                   ? error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.link"))))
                   : st;
    return again(e, a, err);
}

static enum status add_person(struct errand *e, struct newsroom *room, struct arrival *a, str email,
                              enum role role, struct error *err)
{
    enum status st = door_use(room, a->door, err);
    if (st == ST_OK)
        st = person_add(room, &(struct person){.email = email, .name = a->name, .role = role},
                        a->hash, &a->person, err);
    if (st != ST_OK)
        return st;
    /* From here on it is they who act. */
    struct person *person = arena_new_one(e->arena, struct person);
    *person = (struct person){.id = a->person, .name = a->name, .role = role};
    e->person = person;
    room->person = a->person;
    st = errand_log(e, room, S("person.arrived"), STR_NONE, err);
    return st == ST_OK ? sign_in_begin(e, room, a->person, false, err) : st;
}

static enum status let_in(struct errand *e, struct arrival *a, errand_write_fn *fn,
                          struct error *err)
{
    enum status st = password_hash(e->arena, errand_value(e, S("password")), &a->hash, err);
    if (st != ST_OK)
        return st;
    str before = e->token;
    errand_token_new(e);
    st = errand_write(e, fn, a, err);
    if (st == ST_OK)
        return errand_done(e, S("/desk/"), S("arrived"));
    e->person = NULL;
    e->token = before;
    e->token_new = false;
    return refused(e, a, st, err);
}

/* ---- set-up ---- */

enum status set_up_show(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    enum status st = arrive(e, DOOR_SET_UP, &a, err);
    return st == ST_OK ? again(e, &a, err) : st;
}

static enum status set_up(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct person **people;
    size_t count;
    enum status st = person_list(store_tx_conn(room->tx), e->arena, &people, &count, err);
    if (st == ST_OK && count > 0)
        return error_set(err, ST_NOT_FOUND, "somebody has a login by now");
    return st == ST_OK ? add_person(e, room, arg, errand_value(e, S("email")), ROLE_OWNER, err)
                       : st;
}

enum status set_up_post(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    str key;
    enum status st = arrive(e, DOOR_SET_UP, &a, err);
    if (st != ST_OK)
        return st;
    check_name(e, &a);
    if (email_key(e->arena, errand_value(e, S("email")), &key, NULL) != ST_OK ||
        key.len > PERSON_EMAIL_MAX)
        errand_wrong(e, &a.form, S("email"), S("wrong.email"));
    new_password_check(e, &a.form, S("password"), errand_value(e, S("password")));
    return a.form.wrong_count > 0 ? again(e, &a, err) : let_in(e, &a, set_up, err);
}

/* ---- an invitation ---- */

enum status invitation_show(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    enum status st = arrive(e, DOOR_INVITATION, &a, err);
    return st == ST_OK ? again(e, &a, err) : st;
}

/* Whoever asked them in must still be one who may. */
static enum status invited(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct arrival *a = arg;
    struct person *host;
    enum status st = person_by_id(store_tx_conn(room->tx), a->door->made_by, e->arena, &host, err);
    if (st == ST_OK && !right_may_give(host->role, a->door->role))
        return error_set(err, ST_NOT_FOUND, "who made the invitation may no longer");
    if (st == ST_OK)
        st = add_person(e, room, a, a->door->email, a->door->role, err);
    return st == ST_OK ? byline_arrived(room, a->person, a->door->email, err) : st;
}

enum status invitation_post(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    enum status st = arrive(e, DOOR_INVITATION, &a, err);
    if (st != ST_OK)
        return st;
    check_name(e, &a);
    new_password_check(e, &a.form, S("password"), errand_value(e, S("password")));
    return a.form.wrong_count > 0 ? again(e, &a, err) : let_in(e, &a, invited, err);
}

/* ---- a new password ---- */

static enum status reset_arrive(struct errand *e, struct arrival *a, struct error *err)
{
    enum status st = arrive(e, DOOR_RESET, a, err);
    if (st == ST_OK)
        st = person_by_id(e->conn, a->door->person, e->arena, &a->subject, err);
    if (st == ST_OK)
        errand_typed(&a->form, S("email"), a->subject->email);
    return st;
}

enum status reset_show(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    enum status st = reset_arrive(e, &a, err);
    return st == ST_OK ? again(e, &a, err) : st;
}

static enum status reset(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct arrival *a = arg;
    enum status st = door_use(room, a->door, err);
    if (st == ST_OK)
        st = person_set_password(room, a->door->person, a->hash, err);
    if (st == ST_OK)
        st = letter_notice(e, room, S("password-changed"), a->subject, err);
    if (st == ST_OK)
        st = errand_log(e, room, S("password.reset"),
                        str_format(e->arena, "person:%lld", (long long)a->door->person.v), err);
    return st;
}

/* They sign in afterwards: a second factor stands between the link and the desk. */
enum status reset_post(struct errand *e, struct error *err)
{
    struct arrival a = {0};
    str password = errand_value(e, S("password"));
    enum status st = reset_arrive(e, &a, err);
    if (st != ST_OK)
        return st;
    new_password_check(e, &a.form, S("password"), password);
    if (a.form.wrong_count > 0)
        return again(e, &a, err);
    st = password_hash(e->arena, password, &a.hash, err);
    if (st == ST_OK)
        st = errand_write(e, reset, &a, err);
    if (st != ST_OK)
        return refused(e, &a, st, err);
    return errand_done(e, S("/desk/sign-in/"), S("password-set"));
}
