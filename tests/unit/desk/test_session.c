/* SPDX-License-Identifier: MIT
 *
 * When a session ends, a link is too old, a count is forgotten: by a clock of the test's own. And a password
 * takes as long to be wrong for somebody as for nobody. */
#include "desk/session.h"

#include "base/random.h"
#include "desk/door.h"
#include "desk/second_factor.h"
#include "desk/secret.h"
#include "desk/throttle.h"
#include "site/site.h"
#include "store/store.h"
#include "tests/check.h"
#include "tests/unit/site/press.h"

#include <time.h>

static struct store_conn *conn;
static person_id ann, bob;

static enum status hire(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    enum status st = person_add(
        room,
        &(struct person){.email = S("ann@paper.example"), .name = S("Ann"), .role = ROLE_OWNER},
        STR_NONE, &ann, err);
    if (st == ST_OK)
        st = person_add(room,
                        &(struct person){.email = S("bob@paper.example"),
                                         .name = S("Bob"),
                                         .role = ROLE_ADMINISTRATOR},
                        STR_NONE, &bob, err);
    return st;
}

/* ---- sessions ---- */

struct begin {
    bool half;
    str token;
};

static enum status begin(struct newsroom *room, void *arg, struct error *err)
{
    const struct begin *b = arg;
    return session_begin(
        room, &(struct session){.person = ann, .half = b->half, .network = S("192.0.2.0")},
        b->token, err);
}

static enum status seen(struct newsroom *room, void *arg, struct error *err)
{
    return session_seen(room, arg, err);
}

static bool stands(struct press *press, str token, struct session **ret_session)
{
    return session_find(conn, token, press->now, press->arena, ret_session, NULL) == ST_OK;
}

static void check_sessions(struct press *press)
{
    struct begin whole = {false, secret_new(&rng_system, press->arena)};
    struct begin half = {true, secret_new(&rng_system, press->arena)};
    struct session *session;
    time_us start = press->now;

    press_write(press, begin, &whole);
    press_write(press, begin, &half);
    EXPECT(stands(press, whole.token, &session) && !session->half);
    EXPECT(stands(press, half.token, &session) && session->half);
    EXPECT(!stands(press, S(""), &session));
    EXPECT(!stands(press, secret_digest(press->arena, whole.token), &session)); /* what is kept */
    press->now = start + SESSION_HALF;
    EXPECT(!stands(press, half.token, &session));
    press->now = start + SESSION_IDLE - TIME_SECOND;
    EXPECT(stands(press, whole.token, &session));
    press_write(press, seen, session);
    press->now += SESSION_IDLE - TIME_SECOND;
    EXPECT(stands(press, whole.token, &session));
    press->now += 2 * TIME_SECOND;
    EXPECT(!stands(press, whole.token, &session)); /* idle */

    press->now = start;
    press_write(press, begin,
                &(struct begin){false, half.token = secret_new(&rng_system, press->arena)});
    while (press->now < start + SESSION_LIFE) {
        EXPECT(stands(press, half.token, &session));
        press_write(press, seen, session);
        press->now += SESSION_IDLE / 2;
    }
    EXPECT(!stands(press, half.token, &session)); /* however often it was seen */
    press->now = start;
}

/* ---- links ---- */

static enum status make(struct newsroom *room, void *arg, struct error *err)
{
    return door_make(room,
                     &(struct door){.kind = DOOR_INVITATION,
                                    .email = S("eve@paper.example"),
                                    .role = ROLE_EDITOR,
                                    .made_by = bob},
                     *(str *)arg, err);
}

static enum status use(struct newsroom *room, void *arg, struct error *err)
{
    return door_use(room, arg, err);
}

static enum status use_again(struct newsroom *room, void *arg, struct error *err)
{
    enum status st = door_use(room, arg, err);
    EXPECT(st == ST_NOT_FOUND);
    return ST_OK;
}

static enum status lose(struct newsroom *room, void *arg, struct error *err)
{
    return door_make(room, &(struct door){.kind = DOOR_RESET, .person = ann, .made_by = bob},
                     *(str *)arg, err);
}

static enum status repassword(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return person_set_password(room, ann, S("$argon2id$"), err);
}

static enum status dismiss(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return person_remove(room, bob, err);
}

static void check_doors(struct press *press)
{
    str first = secret_new(&rng_system, press->arena),
        second = secret_new(&rng_system, press->arena);
    str third = secret_new(&rng_system, press->arena);
    struct door *door;
    struct arena *arena = press->arena;
    press_write(press, make, &first);
    EXPECT(door_find(conn, DOOR_INVITATION, first, press->now, arena, &door, NULL) == ST_OK);
    EXPECT(door->role == ROLE_EDITOR && door->made_by.v == bob.v);
    EXPECT(door_find(conn, DOOR_RESET, first, press->now, arena, &door, NULL) == ST_NOT_FOUND);
    press_write(press, make, &second); /* in place of the first */
    EXPECT(door_find(conn, DOOR_INVITATION, first, press->now, arena, &door, NULL) == ST_NOT_FOUND);
    EXPECT(door_find(conn, DOOR_INVITATION, second, press->now + DOOR_INVITATION_LIFE, arena, &door,
                     NULL) == ST_NOT_FOUND);
    EXPECT(door_find(conn, DOOR_INVITATION, second, press->now, arena, &door, NULL) == ST_OK);
    press_write(press, use, door);
    press_write(press, use_again, door);
    press_write(press, lose, &first);
    EXPECT(door_find(conn, DOOR_RESET, first, press->now, arena, &door, NULL) == ST_OK);
    press_write(press, repassword, NULL); /* by whatever way: the link does not undo it */
    EXPECT(door_find(conn, DOOR_RESET, first, press->now, arena, &door, NULL) == ST_NOT_FOUND);
    press_write(press, make, &third);
    press_write(press, dismiss, NULL); /* and with Bob his invitations */
    EXPECT(door_find(conn, DOOR_INVITATION, third, press->now, arena, &door, NULL) == ST_NOT_FOUND);
}

/* ---- guessing ---- */

static enum status failed(struct newsroom *room, void *arg, struct error *err)
{
    return throttle_failed(room, arg, err);
}

static time_us wait_of(struct press *press, const struct throttle_subjects *who)
{
    time_us wait = -1;
    struct error err = ERROR_INIT;
    EXPECT_ST(throttle_ask(conn, who, press->now, &wait, &err), ST_OK, &err);
    return wait;
}

static void check_throttle(struct press *press)
{
    struct arena *arena = press->arena;
    struct throttle_subjects them =
        throttle_of(arena, S("Ann@paper.example "), S("198.51.100.0"), false);
    struct throttle_subjects same =
        throttle_of(arena, S("ann@paper.example"), S("203.0.113.0"), false);
    struct throttle_subjects known =
        throttle_of(arena, S("ann@paper.example"), S("192.0.2.0"), true);
    time_us start = press->now;
    for (int i = 0; i < THROTTLE_ACCOUNT; i++) {
        EXPECT(wait_of(press, &them) == 0);
        press_write(press, failed, &them);
    }
    EXPECT(wait_of(press, &them) == THROTTLE_WINDOW);
    EXPECT(wait_of(press, &same) == THROTTLE_WINDOW); /* the account, from anywhere */
    EXPECT(wait_of(press, &known) == 0);              /* but from where she is signed in */
    for (int i = THROTTLE_ACCOUNT; i < THROTTLE_NETWORK; i++) {
        struct throttle_subjects other =
            throttle_of(arena, str_format(arena, "p%d@paper.example", i), S("198.51.100.0"), false);
        EXPECT(wait_of(press, &other) == 0);
        press_write(press, failed, &other);
    }
    struct throttle_subjects fresh =
        throttle_of(arena, S("new@paper.example"), S("198.51.100.0"), false);
    EXPECT(wait_of(press, &fresh) > 0); /* the network, at any account */
    press->now = start + THROTTLE_WINDOW;
    EXPECT(wait_of(press, &them) <= 0);
    press->now = start;
}

static enum status passed(struct newsroom *room, void *arg, struct error *err)
{
    return throttle_passed(room, arg, err);
}

/* With the right password, a day's wrong codes are counted, and the password's being right again
 * forgets none of them. */
static void check_codes(struct press *press)
{
    struct throttle_subjects password =
        throttle_of(press->arena, S("bo@paper.example"), STR_NONE, false);
    struct throttle_subjects code = throttle_of_code(press->arena, password);
    time_us start = press->now;
    for (int i = 0; i < THROTTLE_CODES; i++) {
        EXPECT(wait_of(press, &code) == 0);
        press_write(press, failed, &code);
        press_write(press, passed, &password);
    }
    EXPECT(wait_of(press, &password) == 0);
    EXPECT(wait_of(press, &code) == THROTTLE_CODES_WINDOW);
    press->now = start + THROTTLE_WINDOW;
    press_write(press, failed, &password); /* what is old is swept, but not this */
    EXPECT(wait_of(press, &code) == THROTTLE_CODES_WINDOW - THROTTLE_WINDOW);
    press->now = start + THROTTLE_CODES_WINDOW;
    EXPECT(wait_of(press, &code) <= 0);
    press->now = start;
}

/* ---- time ---- */

static double cpu_ms(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double wrong_ms(str hash)
{
    double best = 1e9;
    for (int i = 0; i < 5; i++) {
        double began = cpu_ms();
        EXPECT(!password_matches(hash, S("not the password")));
        double took = cpu_ms() - began;
        best = took < best ? took : best;
    }
    return best;
}

static void check_time(struct press *press)
{
    struct error err = ERROR_INIT;
    str hash;
    EXPECT_ST(password_hash(press->arena, S("a lamp at the quay"), &hash, &err), ST_OK, &err);
    double somebody = wrong_ms(hash), nobody = wrong_ms(STR_NONE);
    printf("a wrong password takes %.1f ms for somebody, %.1f ms for nobody\n", somebody, nobody);
    EXPECT(nobody > somebody * 0.7 && nobody < somebody * 1.4);
}

int main(void)
{
    struct press press;
    struct error err = ERROR_INIT;
    press_open(&press);
    EXPECT_ST(store_reader_new(site_store(press.site), &conn, &err), ST_OK, &err);
    press_write(&press, hire, NULL);
    check_sessions(&press);
    check_doors(&press);
    check_throttle(&press);
    check_codes(&press);
    check_time(&press);
    store_reader_free(conn);
    press_close(&press);
    return test_done();
}
