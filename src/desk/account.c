/* SPDX-License-Identifier: MIT
 *
 * One's own account: name, language, email, password, sessions, whether a second factor is on. */
#include "base/arena.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/look.h"
#include "desk/second_factor.h"
#include "desk/session.h"
#include "desk/sign_in.h"
#include "news/byline.h"
#include "text/language.h"

/* ---- the page ---- */

struct mark {
    str mark, name;
};

/* In the order in which they must be asked: each of these also says that it is those below it. */
static const struct mark browsers[] = {
    {STR_INIT("Edg"), STR_INIT("Edge")},         {STR_INIT("OPR/"), STR_INIT("Opera")},
    {STR_INIT("Firefox/"), STR_INIT("Firefox")}, {STR_INIT("FxiOS/"), STR_INIT("Firefox")},
    {STR_INIT("CriOS/"), STR_INIT("Chrome")},    {STR_INIT("Chrome/"), STR_INIT("Chrome")},
    {STR_INIT("Safari/"), STR_INIT("Safari")},
};
static const struct mark systems[] = {
    {STR_INIT("Windows"), STR_INIT("Windows")}, {STR_INIT("Android"), STR_INIT("Android")},
    {STR_INIT("iPhone"), STR_INIT("iPhone")},   {STR_INIT("iPad"), STR_INIT("iPad")},
    {STR_INIT("Mac OS X"), STR_INIT("Mac")},    {STR_INIT("CrOS"), STR_INIT("Chrome OS")},
    {STR_INIT("Linux"), STR_INIT("Linux")},
};

/* Names, in every language the same; empty when it is none of these. */
static str mark_of(const struct mark *marks, size_t count, str agent)
{
    for (size_t i = 0; i < count; i++) {
        if (str_contains(agent, marks[i].mark))
            return marks[i].name;
    }
    return STR_NONE;
}

static struct hbs_value session_value(struct errand *e, const struct session *session)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("id"), hbs_number((double)session->id));
    hbs_map_set(row, S("began"), hbs_number((double)session->created_at));
    hbs_map_set(row, S("seen"), hbs_number((double)session->seen_at));
    hbs_map_set(row, S("network"), hbs_string(session->network));
    hbs_map_set(row, S("browser"),
                hbs_string_or_null(mark_of(browsers, ARRAY_LEN(browsers), session->agent)));
    hbs_map_set(row, S("system"),
                hbs_string_or_null(mark_of(systems, ARRAY_LEN(systems), session->agent)));
    hbs_map_set(row, S("here"), hbs_bool(session->id == e->session->id));
    return hbs_map_value(row);
}

static enum status put_sessions(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct session **sessions;
    size_t count;
    enum status st = session_list(e->conn, e->person->id, e->now, e->arena, &sessions, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = session_value(e, sessions[i]);
    hbs_map_set(values, S("sessions"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("others"), hbs_bool(count > 1));
    return ST_OK;
}

/* Whose stories are theirs: where they may say who they are. */
static enum status put_byline(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct byline *byline;
    enum status st = byline_of_person(e->conn, e->person->id, e->arena, &byline, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("byline"), hbs_string(byline->name));
    hbs_map_set(values, S("byline_path"),
                hbs_string(str_format(e->arena, "/desk/bylines/%lld/", (long long)byline->id.v)));
    return ST_OK;
}

/* The languages that the desk speaks, each by what it calls itself. */
static void put_languages(struct errand *e, struct hbs_map *values, str chosen)
{
    const struct look_tongue *tongues[LOOK_TONGUES_MAX];
    size_t count = look_tongues(e->look, tongues, LOOK_TONGUES_MAX);
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        str tag = look_tongue_tag(tongues[i]);
        hbs_map_set(row, S("tag"), hbs_string(tag));
        hbs_map_set(row, S("name"), hbs_string(look_say(tongues[i], S("language"))));
        hbs_map_set(row, S("chosen"), hbs_bool(str_eq(tag, chosen)));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("languages"), hbs_list_of(e->arena, rows, count));
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    struct second_factor factor;
    enum status st = second_factor_read(e->conn, e->person->id, e->arena, &factor, err);
    if (st == ST_OK)
        st = put_sessions(e, values, err);
    if (st != ST_OK)
        return st;
    st = put_byline(e, values, err);
    if (st != ST_OK)
        return st;
    put_languages(e, values, e->person->language);
    hbs_map_set(values, S("email"), hbs_string(e->person->email));
    hbs_map_set(values, S("role"),
                hbs_string(str_format(e->arena, "role.%s", role_name(e->person->role))));
    hbs_map_set(values, S("two_step"), hbs_bool(factor.on));
    hbs_map_set(values, S("codes_left"), hbs_number((double)factor.codes_left));
    return errand_page(e, code, S("account"), values, err);
}

enum status account_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    errand_typed(&form, S("name"), e->person->name);
    return show(e, values, 200, err);
}

/* ---- who one is ---- */

struct self {
    str name, language;
};

static enum status set_self(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct self *self = arg;
    enum status st = person_set_self(room, e->person->id, self->name, self->language, err);
    return st == ST_OK ? errand_log(e, room, S("person.self"), STR_NONE, err) : st;
}

enum status account_self(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct self self = {str_trim(errand_value(e, S("name"))), errand_value(e, S("language"))};
    errand_typed(&form, S("name"), self.name);
    if (self.name.len == 0)
        errand_wrong(e, &form, S("name"), S("wrong.name"));
    if (self.name.len > PERSON_NAME_MAX)
        errand_wrong(e, &form, S("name"), S("wrong.name-long"));
    if (self.language.len > 0 && !language_valid(self.language))
        errand_wrong(e, &form, S("language"), S("wrong.choice"));
    if (form.wrong_count > 0)
        return show(e, values, 422, err);
    enum status st = errand_write(e, set_self, &self, err);
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("self-changed")) : st;
}

/* The one before is told: whoever changes it may not be whose it is. */
static enum status set_email(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const str *email = arg;
    enum status st = person_set_email(room, e->person->id, *email, err);
    if (st == ST_OK)
        st = letter_notice(e, room, S("email-changed"), e->person, err);
    return st == ST_OK ? errand_log(e, room, S("person.email"), STR_NONE, err) : st;
}

enum status account_email(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str email = str_trim(errand_value(e, S("new_email"))), key;
    bool right;
    errand_typed(&form, S("name"), e->person->name);
    errand_typed(&form, S("new_email"), email);
    if (email_key(e->arena, email, &key, NULL) != ST_OK || key.len > PERSON_EMAIL_MAX)
        errand_wrong(e, &form, S("new_email"), S("wrong.email"));
    enum status st = password_confirm(e, &form, S("proof"), &right, err);
    if (st != ST_OK)
        return st;
    if (form.wrong_count > 0)
        return show(e, values, 422, err);
    st = errand_write(e, set_email, &key, err);
    if (st == ST_CONFLICT) {
        errand_wrong(e, &form, S("new_email"), S("wrong.email-taken"));
        return show(e, values, 422, err);
    }
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("email-changed")) : st;
}

/* ---- another password ---- */

static enum status set_password(struct errand *e, struct newsroom *room, void *arg,
                                struct error *err)
{
    const str *hash = arg;
    enum status st = person_set_password(room, e->person->id, *hash, err); /* all sessions end */
    if (st == ST_OK)
        st = sign_in_begin(e, room, e->person->id, false, err);
    if (st == ST_OK)
        st = letter_notice(e, room, S("password-changed"), e->person, err);
    return st == ST_OK ? errand_log(e, room, S("password.changed"), STR_NONE, err) : st;
}

enum status account_password(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str password = errand_value(e, S("password")), hash;
    bool right;
    errand_typed(&form, S("name"), e->person->name);
    new_password_check(e, &form, S("password"), password);
    enum status st = password_confirm(e, &form, S("current"), &right, err);
    if (st != ST_OK)
        return st;
    if (form.wrong_count > 0)
        return show(e, values, 422, err);
    st = password_hash(e->arena, password, &hash, err);
    if (st != ST_OK)
        return st;
    errand_token_new(e);
    st = errand_write(e, set_password, &hash, err);
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("password-changed")) : st;
}

/* ---- sessions ---- */

static enum status end_one(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const int64_t *id = arg;
    enum status st = session_end(room, e->person->id, *id, err);
    return st == ST_OK ? errand_log(e, room, S("session.ended"), STR_NONE, err) : st;
}

enum status account_end(struct errand *e, struct error *err)
{
    int64_t id = errand_id(e, S("session"));
    enum status st = errand_write(e, end_one, &id, err);
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("session-ended")) : st;
}

static enum status end_others(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    enum status st = session_end_others(room, e->person->id, e->session->id, err);
    return st == ST_OK ? errand_log(e, room, S("session.ended"), STR_NONE, err) : st;
}

enum status account_end_all(struct errand *e, struct error *err)
{
    enum status st = errand_write(e, end_others, NULL, err);
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("sessions-ended")) : st;
}
