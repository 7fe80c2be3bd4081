/* SPDX-License-Identifier: MIT */
#include "desk/lost.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "desk/door.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/secret.h"
#include "desk/throttle.h"
#include "http/response.h"
#include "news/job.h"
#include "site/site.h"
#include "store/store.h"

#define JOB_KIND S("lost")

/* ---- asking ---- */

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    struct letter_office office = letter_office(e);
    hbs_map_set(values, S("possible"), hbs_bool(letter_possible(&office)));
    return errand_page(e, code, S("lost"), values, err);
}

enum status lost_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, values, 200, err);
}

struct request {
    str email; /* a key */
    struct throttle_subjects who;
};

/* One row for an address, whoever's it is: asked for twice it is one mail. */
static enum status ask(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct request *request = arg;
    uint64_t subject;
    CHECK(str_to_hex_u64(str_sub(secret_digest(e->arena, request->email), 0, 15), INT64_MAX,
                         &subject));
    str payload = str_join3(e->arena, request->email, S("\n"), e->network);
    enum status st = throttle_failed(room, &request->who, err);
    return st == ST_OK ? job_add(room, JOB_KIND, (int64_t)subject, payload, room->now, err) : st;
}

enum status lost_post(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct letter_office office = letter_office(e);
    struct request request;
    str email = errand_value(e, S("email"));
    time_us wait;
    if (!letter_possible(&office))
        return show(e, values, 422, err);
    errand_typed(&form, S("email"), email);
    if (email_key(e->arena, email, &request.email, NULL) != ST_OK ||
        request.email.len > PERSON_EMAIL_MAX) {
        errand_wrong(e, &form, S("email"), S("wrong.email"));
        return show(e, values, 422, err);
    }
    request.who =
        throttle_of_lost(e->arena, request.email, e->req->limited ? e->network : STR_NONE);
    enum status st = throttle_ask(e->conn, &request.who, e->now, &wait, err);
    if (st == ST_OK && wait > 0) {
        http_response_header(e->res, S("Retry-After"), S("900"));
        errand_wrong(e, &form, S("email"), S("wrong.lost-often"));
        return show(e, values, 429, err);
    }
    if (st == ST_OK)
        st = errand_write(e, ask, &request, err);
    return st == ST_OK ? errand_done(e, S("/desk/sign-in/"), S("lost")) : st;
}

/* ---- writing ---- */

struct turn {
    struct lost_desk *desk;
    struct edition *edition;
};

static enum status write_to(struct newsroom *room, struct turn *turn, const struct person *person,
                            str network, struct error *err)
{
    const struct lost_desk *desk = turn->desk;
    const struct letter_office office = {.folder = desk->folder,
                                         .look = desk->look,
                                         .settings = turn->edition->settings,
                                         .log = desk->log};
    str token = secret_new(room->rng, room->arena);
    enum status st =
        door_make(room, &(struct door){.kind = DOOR_RESET, .person = person->id, .life = LOST_LIFE},
                  token, err);
    if (st == ST_OK)
        st = letter_write(
            &office, room,
            &(struct letter){.kind = S("reset"),
                             .to = person->email,
                             .name = person->name,
                             .language = person->language,
                             .link = str_join2(room->arena, S("/desk/reset/?link="), token),
                             .network = network,
                             .good_for = LOST_LIFE},
            NULL, err);
    if (st == ST_OK)
        st = audit_add(room,
                       &(struct audit_entry){.name = S("-"),
                                             .what = S("password.asked"),
                                             .subject = str_format(room->arena, "person:%lld",
                                                                   (long long)person->id.v),
                                             .network = network},
                       NULL, err);
    return st;
}

static enum status turn_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct turn *turn = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom room = {.tx = tx,
                            .arena = arena,
                            .rng = turn->desk->rng,
                            .now = clock_now(turn->desk->clock),
                            .site = turn->edition->settings};
    struct job job;
    struct person *person;
    enum status st = job_claim(&room, JOB_KIND, JOB_LEASE, &job, err);
    if (st != ST_OK)
        return st;
    str network = job.payload, email = str_cut(&network, '\n');
    st = person_by_email(store_tx_conn(tx), email, arena, &person, err);
    if (st == ST_OK)
        st = write_to(&room, turn, person, network, err);
    else if (st == ST_NOT_FOUND)
        st = ST_OK; /* nobody's, and that is the end of it */
    return st == ST_OK ? job_done(&room, &job, err) : st;
}

void lost_turn(void *ctx, struct store_conn *conn)
{
    struct lost_desk *desk = ctx;
    AUTO(edition_unrefp) struct edition *edition = NULL;
    struct error err = ERROR_INIT;
    time_us due;
    enum status st = job_next_due(conn, JOB_KIND, &due, &err);
    if (st == ST_OK && due > clock_now(desk->clock))
        return;
    if (st == ST_OK)
        st = edition_current(desk->site, conn, edition_wanted(desk->site), &edition, &err);
    struct turn turn = {desk, edition};
    while (st == ST_OK)
        st = store_write_wait(site_store(desk->site), turn_write, &turn, &err);
    if (st != ST_NOT_FOUND)
        log_warn(desk->log, "links for new passwords not written, trying again", LOG_ERR(&err));
}
