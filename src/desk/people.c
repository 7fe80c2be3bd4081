/* SPDX-License-Identifier: MIT
 *
 * Who is at the desk, who is asked in, and what an administrator may do about it. A link that was just
 * made is on the answer itself, once: only its hash is kept. Making it again replaces it. */
#include "base/arena.h"
#include "desk/door.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/second_factor.h"
#include "desk/secret.h"
#include "desk/session.h"
#include "desk/sign_in.h"
#include "site/mail_queue.h"
#include "store/store.h"

static str role_key(struct errand *e, enum role role)
{
    return str_format(e->arena, "role.%s", role_name(role));
}

static str person_path(struct errand *e, person_id id)
{
    return str_format(e->arena, "/desk/people/%lld/", (long long)id.v);
}

static str person_subject(struct errand *e, person_id id)
{
    return str_format(e->arena, "person:%lld", (long long)id.v);
}

/* The roles this one may give, for a list to choose from. */
static void put_roles(struct errand *e, struct hbs_map *values, enum role chosen)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, ROLES_COUNT);
    size_t count = 0;
    for (int role = 0; role < ROLES_COUNT; role++) {
        if (!right_may_give(e->person->role, (enum role)role))
            continue;
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(str_from_c(role_name((enum role)role))));
        hbs_map_set(row, S("key"), hbs_string(role_key(e, (enum role)role)));
        hbs_map_set(row, S("chosen"), hbs_bool((enum role)role == chosen));
        rows[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("roles"), hbs_list_of(e->arena, rows, count));
}

/* ---- the list ---- */

static struct hbs_value person_value(struct errand *e, const struct person *person)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    bool mine = person->id.v == e->person->id.v;
    hbs_map_set(row, S("name"), hbs_string(person->name));
    hbs_map_set(row, S("email"), hbs_string(person->email));
    hbs_map_set(row, S("role"), hbs_string(role_key(e, person->role)));
    if (person->seen_at != 0)
        hbs_map_set(row, S("seen"), hbs_number((double)person->seen_at));
    if (mine)
        hbs_map_set(row, S("path"), hbs_string(S("/desk/account/")));
    else if (right_has(e->person->role, RIGHT_MANAGE))
        hbs_map_set(row, S("path"), hbs_string(person_path(e, person->id)));
    return hbs_map_value(row);
}

static enum status put_people(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct person **people;
    size_t count;
    enum status st = person_list(e->conn, e->arena, &people, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = person_value(e, people[i]);
    hbs_map_set(values, S("people"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

/* Whether its mail still waits, or was given up; nothing when it was sent, or never written. */
static enum status put_mail(struct errand *e, struct hbs_map *row, str email, struct error *err)
{
    struct mail_queued mail;
    enum status st = mail_queue_of(e->conn, S("invitation"), email, e->arena, &mail, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    hbs_map_set(row, mail.given_up_at != 0 ? S("mail_failed") : S("mail_waits"), hbs_bool(true));
    hbs_map_set(row, S("answer"), hbs_string_or_null(mail.answer));
    return ST_OK;
}

/* Who may withdraw it: whoever could have made it. */
static enum status put_invitations(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct door **doors;
    size_t count;
    enum status st = door_list(e->conn, e->now, e->arena, &doors, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        st = put_mail(e, row, doors[i]->email, err);
        hbs_map_set(row, S("id"), hbs_number((double)doors[i]->id));
        hbs_map_set(row, S("email"), hbs_string(doors[i]->email));
        hbs_map_set(row, S("role"), hbs_string(role_key(e, doors[i]->role)));
        hbs_map_set(row, S("until"), hbs_number((double)doors[i]->expires_at));
        hbs_map_set(row, S("mine"), hbs_bool(right_may_give(e->person->role, doors[i]->role)));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("invitations"), hbs_list_of(e->arena, rows, count));
    return st;
}

static enum status show(struct errand *e, struct hbs_map *values, enum role chosen, int code,
                        struct error *err)
{
    enum status st = put_people(e, values, err);
    if (st == ST_OK)
        st = put_invitations(e, values, err);
    if (st != ST_OK)
        return st;
    put_roles(e, values, chosen);
    return errand_page(e, code, S("people"), values, err);
}

enum status people_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, values, ROLE_AUTHOR, 200, err);
}

/* ---- inviting ---- */

struct invitation {
    struct door door;
    str token;
    bool mailed;
};

static str invitation_path(struct errand *e, const struct invitation *invitation)
{
    return str_join2(e->arena, S("/desk/invitation/?link="), invitation->token);
}

/* With it, in the same write, where mail is set up. */
static enum status make_invitation(struct errand *e, struct newsroom *room,
                                   struct invitation *invitation, struct error *err)
{
    struct letter_office office = letter_office(e);
    enum status st = door_make(room, &invitation->door, invitation->token, err);
    if (st == ST_OK)
        st = letter_write(&office, room,
                          &(struct letter){.kind = S("invitation"),
                                           .to = invitation->door.email,
                                           .link = invitation_path(e, invitation),
                                           .by = e->person->name,
                                           .role_key = role_key(e, invitation->door.role),
                                           .n = DOOR_INVITATION_LIFE / TIME_DAY,
                                           .good_for = DOOR_INVITATION_LIFE},
                          &invitation->mailed, err);
    return st == ST_OK ? errand_log(e, room, S("person.invited"), invitation->door.email, err) : st;
}

static enum status invite(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct invitation *invitation = arg;
    struct person *same;
    enum status st =
        person_by_email(store_tx_conn(room->tx), invitation->door.email, e->arena, &same, err);
    if (st == ST_OK)
        return error_set(err, ST_CONFLICT, "that email address has a login already");
    if (st != ST_NOT_FOUND)
        return st;
    return make_invitation(e, room, invitation, err);
}

/* The link, once, whether it was mailed or not. */
static enum status show_link(struct errand *e, struct hbs_map *values,
                             const struct invitation *invitation, struct error *err)
{
    hbs_map_set(values, S("email"), hbs_string(invitation->door.email));
    hbs_map_set(values, S("title"), hbs_string(S("people.invited")));
    hbs_map_set(values, S("mailed"), hbs_bool(invitation->mailed));
    hbs_map_set(values, S("days"), hbs_number((double)(DOOR_INVITATION_LIFE / TIME_DAY)));
    hbs_map_set(values, S("link"), hbs_string(errand_address(e, invitation_path(e, invitation))));
    return errand_page(e, 200, S("link"), values, err);
}

enum status people_invite(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str email = errand_value(e, S("email"));
    struct invitation invitation = {
        .door = {.kind = DOOR_INVITATION, .role = ROLE_OWNER, .made_by = e->person->id},
        .token = secret_new(e->rng, e->arena)};
    if (!role_from_name(errand_value(e, S("role")), &invitation.door.role) ||
        !right_may_give(e->person->role, invitation.door.role))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.give"))));
    errand_typed(&form, S("email"), email);
    if (email_key(e->arena, email, &invitation.door.email, NULL) != ST_OK ||
        invitation.door.email.len > PERSON_EMAIL_MAX) {
        errand_wrong(e, &form, S("email"), S("wrong.email"));
        return show(e, values, invitation.door.role, 422, err);
    }
    enum status st = errand_write(e, invite, &invitation, err);
    if (st == ST_CONFLICT) {
        errand_wrong(e, &form, S("email"), S("wrong.email-taken"));
        return show(e, values, invitation.door.role, 422, err);
    }
    if (st != ST_OK)
        return st;
    return show_link(e, values, &invitation, err);
}

/* The invitation of the form that waits, if this one may do with it as he likes. */
static enum status find_invitation(struct errand *e, struct door **ret_door, struct error *err)
{
    int64_t id = errand_id(e, S("invitation"));
    struct door **doors;
    size_t count;
    enum status st = door_list(e->conn, e->now, e->arena, &doors, &count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (doors[i]->id != id)
            continue;
        if (!right_may_give(e->person->role, doors[i]->role))
            return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.give"))));
        *ret_door = doors[i];
        return ST_OK;
    }
    return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.link"))));
}

static enum status invite_again(struct errand *e, struct newsroom *room, void *arg,
                                struct error *err)
{
    return make_invitation(e, room, arg, err);
}

/* Another link in place of the first, of which only the hash is known. */
enum status people_resend(struct errand *e, struct error *err)
{
    struct door *door;
    struct hbs_map *values = errand_values(e);
    enum status st = find_invitation(e, &door, err);
    if (st != ST_OK)
        return st;
    struct invitation invitation = {.door = {.kind = DOOR_INVITATION,
                                             .email = door->email,
                                             .role = door->role,
                                             .made_by = e->person->id},
                                    .token = secret_new(e->rng, e->arena)};
    st = errand_write(e, invite_again, &invitation, err);
    return st == ST_OK ? show_link(e, values, &invitation, err) : st;
}

static enum status withdraw(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct door *door = arg;
    enum status st = door_use(room, door, err);
    if (st == ST_NOT_FOUND)
        return ST_OK; /* used meanwhile, or too old: it is gone */
    return st == ST_OK ? errand_log(e, room, S("invitation.withdrawn"), door->email, err) : st;
}

enum status people_withdraw(struct errand *e, struct error *err)
{
    struct door *door;
    enum status st = find_invitation(e, &door, err);
    if (st == ST_OK)
        st = errand_write(e, withdraw, door, err);
    if (st == ST_NOT_FOUND) /* used meanwhile, or withdrawn by somebody else: it is gone */
        st = ST_OK;
    return st == ST_OK ? errand_done(e, S("/desk/people/"), S("withdrawn")) : st;
}

/* ---- one person ---- */

/* Of the path; ST_DENIED when one may not manage them. */
static enum status find_subject(struct errand *e, struct person **ret_person, struct error *err)
{
    struct person *person;
    enum status st =
        person_by_id(e->conn, (person_id){errand_id(e, S("id"))}, e->arena, &person, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-person"))));
    if (st != ST_OK)
        return st;
    if (person->id.v == e->person->id.v)
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.self"))));
    if (!right_over(e->person->role, person->role))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.over"))));
    *ret_person = person;
    return ST_OK;
}

static enum status show_one(struct errand *e, const struct person *person, struct hbs_map *values,
                            int code, struct error *err)
{
    struct second_factor factor;
    struct session **sessions;
    size_t count;
    enum status st = second_factor_read(e->conn, person->id, e->arena, &factor, err);
    if (st == ST_OK)
        st = session_list(e->conn, person->id, e->now, e->arena, &sessions, &count, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("subject"), person_value(e, person));
    hbs_map_set(values, S("two_step"), hbs_bool(factor.on));
    hbs_map_set(values, S("sessions"), hbs_number((double)count));
    hbs_map_set(values, S("may_hand_over"), hbs_bool(right_has(e->person->role, RIGHT_HAND_OVER)));
    put_roles(e, values, person->role);
    return errand_page(e, code, S("person"), values, err);
}

enum status person_show(struct errand *e, struct error *err)
{
    struct person *person;
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    enum status st = find_subject(e, &person, err);
    return st == ST_OK ? show_one(e, person, values, 200, err) : st;
}

struct change {
    struct person *person;
    enum role role;
    str token;
};

/* In the write: they may have become the owner since the page was shown. */
static enum status still_over(struct errand *e, struct newsroom *room, const struct person *person,
                              struct error *err)
{
    struct person *now;
    enum status st = person_by_id(store_tx_conn(room->tx), person->id, e->arena, &now, err);
    if (st == ST_OK && !right_over(e->person->role, now->role))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.over"))));
    return st;
}

static enum status change_person(struct errand *e, errand_write_fn *fn, str done, struct error *err)
{
    struct change change = {0};
    enum status st = find_subject(e, &change.person, err);
    if (st == ST_OK)
        st = errand_write(e, fn, &change, err);
    return st == ST_OK ? errand_done(e, person_path(e, change.person->id), done) : st;
}

static enum status set_role(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct change *change = arg;
    enum status st = still_over(e, room, change->person, err);
    if (st == ST_OK)
        st = person_set_role(room, change->person->id, change->role, err);
    return st == ST_OK
               ? errand_log(e, room, S("person.role"), person_subject(e, change->person->id), err)
               : st;
}

enum status person_role(struct errand *e, struct error *err)
{
    struct change change = {0};
    enum status st = find_subject(e, &change.person, err);
    if (st != ST_OK)
        return st;
    if (!role_from_name(errand_value(e, S("role")), &change.role) ||
        !right_may_give(e->person->role, change.role))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.give"))));
    st = errand_write(e, set_role, &change, err);
    return st == ST_OK ? errand_done(e, person_path(e, change.person->id), S("role")) : st;
}

static enum status make_reset(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct change *change = arg;
    enum status st = still_over(e, room, change->person, err);
    if (st == ST_OK)
        st = door_make(room,
                       &(struct door){.kind = DOOR_RESET,
                                      .person = change->person->id,
                                      .made_by = e->person->id},
                       change->token, err);
    return st == ST_OK
               ? errand_log(e, room, S("password.link"), person_subject(e, change->person->id), err)
               : st;
}

enum status person_reset(struct errand *e, struct error *err)
{
    struct change change = {.token = secret_new(e->rng, e->arena)};
    struct hbs_map *values = errand_values(e);
    enum status st = find_subject(e, &change.person, err);
    if (st == ST_OK)
        st = errand_write(e, make_reset, &change, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("email"), hbs_string(change.person->email));
    hbs_map_set(values, S("title"), hbs_string(S("person.reset-made")));
    hbs_map_set(values, S("days"), hbs_number((double)(DOOR_RESET_LIFE / TIME_DAY)));
    hbs_map_set(
        values, S("link"),
        hbs_string(str_join2(e->arena, errand_address(e, S("/desk/reset/?link=")), change.token)));
    return errand_page(e, 200, S("link"), values, err);
}

static enum status two_step_off_for(struct errand *e, struct newsroom *room, void *arg,
                                    struct error *err)
{
    struct change *change = arg;
    enum status st = still_over(e, room, change->person, err);
    if (st == ST_OK)
        st = second_factor_off(room, change->person->id, err);
    if (st == ST_OK)
        st = letter_notice(e, room, S("two-step-off"), change->person, err);
    return st == ST_OK
               ? errand_log(e, room, S("two-step.off"), person_subject(e, change->person->id), err)
               : st;
}

enum status person_two_step_off(struct errand *e, struct error *err)
{
    return change_person(e, two_step_off_for, S("two-step-off"), err);
}

static enum status end_all(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct change *change = arg;
    enum status st = still_over(e, room, change->person, err);
    if (st == ST_OK)
        st = session_end_others(room, change->person->id, 0, err);
    return st == ST_OK
               ? errand_log(e, room, S("session.ended"), person_subject(e, change->person->id), err)
               : st;
}

enum status person_end(struct errand *e, struct error *err)
{
    return change_person(e, end_all, S("sessions-ended"), err);
}

static enum status put_out(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct change *change = arg;
    enum status st = still_over(e, room, change->person, err);
    if (st == ST_OK)
        st = person_remove(room, change->person->id, err);
    return st == ST_OK ? errand_log(e, room, S("person.removed"), change->person->email, err) : st;
}

enum status person_out(struct errand *e, struct error *err)
{
    struct change change = {0};
    enum status st = find_subject(e, &change.person, err);
    if (st == ST_OK)
        st = errand_write(e, put_out, &change, err);
    return st == ST_OK ? errand_done(e, S("/desk/people/"), S("removed")) : st;
}

/* ---- another owner ---- */

static enum status hand_over(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct change *change = arg;
    enum status st = person_hand_over(room, e->person->id, change->person->id, err);
    return st == ST_OK
               ? errand_log(e, room, S("person.owner"), person_subject(e, change->person->id), err)
               : st;
}

/* It cannot be taken back by who did it: so with the password. */
enum status person_owner(struct errand *e, struct error *err)
{
    struct change change = {0};
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    bool right;
    enum status st = find_subject(e, &change.person, err);
    if (st == ST_OK)
        st = password_confirm(e, &form, S("current"), &right, err);
    if (st != ST_OK)
        return st;
    if (!right)
        return show_one(e, change.person, values, 422, err);
    st = errand_write(e, hand_over, &change, err);
    return st == ST_OK ? errand_done(e, S("/desk/people/"), S("handed-over")) : st;
}
