/* SPDX-License-Identifier: MIT
 *
 * Every route of the desk, asked for by everybody, through whole requests: who gets in, who is told that
 * their role does not do this, who is sent to sign in. A route that is not in the table below fails the
 * test, so none is added without saying whose it is. */
#include "desk/right.h"

#include "base/random.h"
#include "desk/desk.h"
#include "desk/secret.h"
#include "desk/session.h"
#include "http/exchange.h"
#include "site/folder.h"
#include "tests/check.h"
#include "tests/unit/site/press.h"

/* o owner, a administrator, e editor, w author, c contributor, h half signed in, - nobody. */
static const char actors[] = "oaewch-";

static const struct {
    str method, pattern;
    const char *allowed;
} table[] = {
    {STR_INIT("GET"), STR_INIT("/desk/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/desk.css"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/desk.js"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/editor.css"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/editor.js"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/set-up/"), "oaewch-"},
    {STR_INIT("POST"), STR_INIT("/desk/set-up/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/invitation/"), "oaewch-"},
    {STR_INIT("POST"), STR_INIT("/desk/invitation/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/reset/"), "oaewch-"},
    {STR_INIT("POST"), STR_INIT("/desk/reset/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/lost/"), "oaewch-"},
    {STR_INIT("POST"), STR_INIT("/desk/lost/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/sign-in/"), "oaewch-"},
    {STR_INIT("POST"), STR_INIT("/desk/sign-in/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/sign-in/code/"), "h"},
    {STR_INIT("POST"), STR_INIT("/desk/sign-in/code/"), "h"},
    {STR_INIT("POST"), STR_INIT("/desk/sign-out/"), "oaewch-"},
    {STR_INIT("GET"), STR_INIT("/desk/account/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/self/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/email/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/password/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/end/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/end-all/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/account/two-step/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/two-step/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/two-step/codes/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/account/two-step/off/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/steps/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/social/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/social/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/replies/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/replies/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/code/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/code/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/menus/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/menus/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/themes/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/themes/use/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/themes/upload/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/themes/remove/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/themes/custom/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/themes/custom/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/themes/:name/zip/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/redirects/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/redirects/add/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/redirects/remove/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/redirects/upload/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/redirects/redirects.yaml"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/redirects/redirects.json"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/people/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/people/invite/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/people/withdraw/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/people/resend/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/people/:id/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/role/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/reset/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/two-step-off/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/end/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/owner/"), "o"},
    {STR_INIT("POST"), STR_INIT("/desk/people/:id/out/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/import/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/import/upload/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/import/run/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/import/remove/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/export/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/export/run/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/export/remove/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/export/:name"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/backup/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/backup/run/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/backup/pack/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/backup/remove/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/tasks/:id/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/tasks/:id/cancel/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/settings/mail/"), "oa"},
    {STR_INIT("POST"), STR_INIT("/desk/settings/mail/"), "oa"},
    {STR_INIT("GET"), STR_INIT("/desk/replies/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/decide/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/undo/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/replies/bans/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/bans/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/bans/:id/remove/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/replies/:id/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/:id/edit/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/:id/answer/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/media/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/media/upload/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/media/unused/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/media/alt/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/media/several/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/media/:id/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/media/:id/words/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/media/:id/focus/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/media/:id/replace/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/media/:id/remove/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/media/:id/original/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/:id/ban/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/replies/:id/writer/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/replies/:id/writer/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/log/"), "oa"},
    /* Lists. */
    {STR_INIT("GET"), STR_INIT("/desk/stories/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/search/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/bulk/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/undo/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/tags/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/tags/new/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/tags/new/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/tags/suggest/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/tags/proposed/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/tags/proposed/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/tags/:id/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/tags/:id/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/tags/:id/merge/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/tags/:id/delete/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/bylines/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/bylines/new/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/bylines/new/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/bylines/suggest/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/bylines/:id/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/bylines/:id/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/bylines/:id/merge/"), "oae"},
    {STR_INIT("POST"), STR_INIT("/desk/bylines/:id/delete/"), "oae"},
    /* One story: which, test_story_right.c asks. */
    {STR_INIT("GET"), STR_INIT("/desk/stories/new/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/new/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/new/autosave/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/:id/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/autosave/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/lock/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/:id/versions/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/versions/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/:id/compare/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/compare/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/:id/preview/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/preview/"), "oaewc"},
    {STR_INIT("GET"), STR_INIT("/desk/stories/:id/preview/page/"), "oaewc"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/corrections/"), "oaew"},
    {STR_INIT("POST"), STR_INIT("/desk/stories/:id/corrections/:correction/"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/numbers/"), "oaew"},
    {STR_INIT("GET"), STR_INIT("/desk/numbers/reads.csv"), "oae"},
    {STR_INIT("GET"), STR_INIT("/desk/numbers/:id/"), "oaew"},
    {STR_INIT("GET"), STR_INIT("/desk/numbers/:id/reads.csv"), "oaew"},
};

struct walk {
    struct press press;
    struct newsdesk *desk;
    person_id people[ROLES_COUNT];
    person_id other; /* a contributor of whom the managing routes are asked */
};

/* ---- people and their sessions ---- */

static enum status hire(struct newsroom *room, void *arg, struct error *err)
{
    struct walk *walk = arg;
    enum status st = ST_OK;
    for (int role = 0; st == ST_OK && role < ROLES_COUNT; role++) {
        str name = str_from_c(role_name((enum role)role));
        st = person_add(room,
                        &(struct person){.email = str_join2(room->arena, name, S("@paper.example")),
                                         .name = name,
                                         .role = (enum role)role},
                        STR_NONE, &walk->people[role], err);
    }
    if (st == ST_OK)
        st = person_add(room,
                        &(struct person){.email = S("other@paper.example"),
                                         .name = S("Other"),
                                         .role = ROLE_CONTRIBUTOR},
                        STR_NONE, &walk->other, err);
    return st;
}

struct entry {
    struct session session;
    str token;
};

static enum status enter(struct newsroom *room, void *arg, struct error *err)
{
    const struct entry *entry = arg;
    return session_begin(room, &entry->session, entry->token, err);
}

/* A new session for each request: some end the one they came with. */
static str token_for(struct walk *walk, char actor)
{
    struct entry entry = {.token = secret_new(&rng_system, walk->press.arena)};
    const char *at = strchr(actors, actor);
    size_t role = actor == 'h' ? ROLE_OWNER : (size_t)(at - actors);
    if (actor == '-')
        return entry.token;
    entry.session = (struct session){
        .person = walk->people[role], .half = actor == 'h', .network = S("192.0.2.0")};
    press_write(&walk->press, enter, &entry);
    return entry.token;
}

/* ---- one request ---- */

/* ":id" is a reply's or the other person's, which both have the number 7 or are that person's own. */
static str path_of(struct walk *walk, str pattern)
{
    size_t at = str_find(pattern, S(":id"));
    if (at == STR_NPOS)
        return pattern;
    return str_format(walk->press.arena, "%.*s%lld%.*s", (int)at, pattern.ptr,
                      (long long)walk->other.v, STR_ARG(str_from(pattern, at + 3)));
}

static str ask(struct walk *walk, str method, str pattern, str token, str body, str extra)
{
    struct arena *arena = walk->press.arena;
    str request = str_format(
        arena,
        "%.*s %.*s HTTP/1.1\r\nHost: paper.example\r\nCookie: desk=%.*s\r\n%.*s"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%.*s",
        STR_ARG(method), STR_ARG(path_of(walk, pattern)), STR_ARG(token), STR_ARG(extra), body.len,
        STR_ARG(body));
    return http_run(
        arena,
        &(struct http_run_options){.app = newsdesk_app(walk->desk), .clock = &walk->press.clock},
        request);
}

static str form_of(struct walk *walk, str token)
{
    struct arena *arena = walk->press.arena;
    return str_join2(arena, S("csrf="),
                     secret_seal(arena, walk->press.folder->secret, S("desk form"), token));
}

enum outcome { IN, DENIED, SENT_TO_SIGN_IN, SENT_TO_CODE };

static enum outcome outcome_of(str answer)
{
    if (press_status(answer) == 403 && str_contains(answer, S("Your role does not do this.")))
        return DENIED;
    if (press_status(answer) == 303 && str_contains(answer, S("Location: /desk/sign-in/code/\r\n")))
        return SENT_TO_CODE;
    bool sent = str_contains(answer, S("Location: /desk/sign-in/?to=")) ||
                str_contains(answer, S("Location: /desk/sign-in/\r\n")) ||
                str_contains(answer, S("Location: /desk/sign-in/?done=signed-out-meanwhile"));
    return press_status(answer) == 303 && sent ? SENT_TO_SIGN_IN : IN;
}

static enum outcome wanted(size_t row, char actor)
{
    if (strchr(table[row].allowed, actor) != NULL)
        return IN;
    if (actor == '-')
        return SENT_TO_SIGN_IN;
    return actor == 'h' ? SENT_TO_CODE : DENIED;
}

static void ask_row(struct walk *walk, size_t row, char actor)
{
    bool post = str_eq(table[row].method, S("POST"));
    str token = token_for(walk, actor);
    str answer = ask(walk, table[row].method, table[row].pattern, token,
                     post ? form_of(walk, token) : STR_NONE, STR_NONE);
    enum outcome want = wanted(row, actor), got = outcome_of(answer);
    /* The page for a code is nobody's who owes none: they are sent on. */
    if (want == DENIED && str_starts(table[row].pattern, S("/desk/sign-in/code/")))
        want = IN;
    /* Whoever owes a code and comes to sign in is sent to it: the route is theirs all the same. */
    if (got == SENT_TO_CODE && want == IN)
        got = IN;
    if (got != want)
        printf("%.*s %.*s as %c: %d, not %d\n%.*s\n", STR_ARG(table[row].method),
               STR_ARG(table[row].pattern), actor, (int)got, (int)want, 300, answer.ptr);
    EXPECT_INT(got, want);
    EXPECT(press_status(answer) < 500);
    if (!post)
        return;
    /* And nobody without a form of ours. */
    answer =
        ask(walk, S("POST"), table[row].pattern, token_for(walk, actor), S("csrf=0"), STR_NONE);
    EXPECT_INT(press_status(answer), 403);
    EXPECT(str_contains(answer, S("older than your sign-in")));
    token = token_for(walk, actor);
    answer = ask(walk, S("POST"), table[row].pattern, token, form_of(walk, token),
                 S("Origin: http://elsewhere.example\r\n"));
    EXPECT_INT(press_status(answer), 403);
    EXPECT(str_contains(answer, S("came from another site")));
}

static void walk_all(struct walk *walk)
{
    struct newsdesk_route routes[300];
    size_t count = newsdesk_routes(routes, ARRAY_LEN(routes));
    EXPECT_INT(count, ARRAY_LEN(table));
    for (size_t i = 0; i < count && i < ARRAY_LEN(table); i++) {
        EXPECT_STR(routes[i].method, table[i].method);
        EXPECT_STR(routes[i].pattern, table[i].pattern);
        for (const char *actor = actors; *actor != '\0'; actor++)
            ask_row(walk, i, *actor);
    }
}

/* ---- between people ---- */

static void check_over(void)
{
    static const char *const gives[] = {"aewc", "aewc", "wc", "", ""};
    static const char *const over[] = {"aewc", "aewc", "", "", ""};
    for (int actor = 0; actor < ROLES_COUNT; actor++) {
        for (int role = 0; role < ROLES_COUNT; role++) {
            EXPECT_INT(right_may_give((enum role)actor, (enum role)role),
                       strchr(gives[actor], actors[role]) != NULL);
            EXPECT_INT(right_over((enum role)actor, (enum role)role),
                       strchr(over[actor], actors[role]) != NULL);
        }
        EXPECT(right_over_media((enum role)actor, true));
        EXPECT_INT(right_over_media((enum role)actor, false), strchr("oae", actors[actor]) != NULL);
    }
}

/* An administrator may manage, but not the owner; and nobody gives the owner's role. */
static void check_owner_is_safe(struct walk *walk)
{
    static const str ways[] = {STR_INIT("role/"), STR_INIT("reset/"), STR_INIT("two-step-off/"),
                               STR_INIT("end/"),  STR_INIT("out/"),   STR_INIT("")};
    struct arena *arena = walk->press.arena;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        str token = token_for(walk, 'a');
        str path = str_format(arena, "/desk/people/%lld/%.*s",
                              (long long)walk->people[ROLE_OWNER].v, STR_ARG(ways[i]));
        bool post = ways[i].len > 0;
        str answer = ask(
            walk, post ? S("POST") : S("GET"), path, token,
            post ? str_join2(arena, form_of(walk, token), S("&role=author")) : STR_NONE, STR_NONE);
        EXPECT_INT(press_status(answer), 403);
        EXPECT(str_contains(answer, S("Nobody else changes an owner.")));
    }
    str token = token_for(walk, 'o');
    str answer = ask(walk, S("POST"), S("/desk/people/:id/role/"), token,
                     str_join2(arena, form_of(walk, token), S("&role=owner")), STR_NONE);
    EXPECT_INT(press_status(answer), 403);
    token = token_for(walk, 'e');
    answer = ask(walk, S("POST"), S("/desk/people/invite/"), token,
                 str_join2(arena, form_of(walk, token), S("&role=editor&email=x%40y.example")),
                 STR_NONE);
    EXPECT_INT(press_status(answer), 403);
    EXPECT(str_contains(answer, S("does not give that role")));
}

/* A script whose session owes a code is told that, and not that all went well. */
static void check_half_script(struct walk *walk)
{
    str token = token_for(walk, 'h');
    str answer = ask(walk, S("POST"), S("/desk/account/end/"), token, form_of(walk, token),
                     S("Accept: application/json\r\n"));
    EXPECT_INT(press_status(answer), 401);
    EXPECT(str_contains(answer, S("\"sign_in\":true")));
    EXPECT(str_contains(answer, S("\"code\":true")));
}

int main(void)
{
    struct walk walk = {0};
    struct error err = ERROR_INIT;
    press_open(&walk.press);
    EXPECT_ST(newsdesk_open(&(struct newsdesk_options){.site = walk.press.site,
                                                       .folder = walk.press.folder,
                                                       .clock = &walk.press.clock},
                            &walk.desk, &err),
              ST_OK, &err);
    press_write(&walk.press, hire, &walk);
    check_over();
    check_owner_is_safe(&walk);
    check_half_script(&walk);
    walk_all(&walk);
    newsdesk_close(walk.desk);
    press_close(&walk.press);
    return test_done();
}
