/* SPDX-License-Identifier: MIT
 *
 * Replies: what is refused, who is held, threads in reading order, and the states. */
#include "news/comment_desk.h"
#include "news/person.h"
#include "tests/unit/news/fixture.h"

static story_id story;

static enum status prepare(struct site *site, const struct comment_draft *d,
                           struct comment_prepared *ready)
{
    struct error err = ERROR_INIT;
    return comment_prepare(site->arena, d, site->settings, ready, &err);
}

static struct comment_added add(struct site *site, struct comment_draft d, enum status want)
{
    struct comment_prepared ready;
    struct comment_added added = {0};
    d.story = d.story.v != 0 ? d.story : story;
    if (d.name.len == 0)
        d.name = S("Rosa");
    if (d.email.len == 0)
        d.email = S("rosa@example.org");
    if (d.text.len == 0)
        d.text = S("Well said.");
    EXPECT(prepare(site, &d, &ready) == ST_OK);
    SITE_WRITE(site, comment_add(desk, &ready, &added, err), want);
    return added;
}

static void settings_reload(struct site *site)
{
    struct error err = ERROR_INIT;
    site_settings_unref(site->settings);
    EXPECT_ST(site_settings_load(site->conn, NULL, 0, &site->settings, &err), ST_OK, &err);
}

static void test_prepare(struct site *site)
{
    static char long_text[COMMENT_TEXT_MAX + 2];
    memset(long_text, 'a', sizeof(long_text));
    const struct comment_draft good = {
        .name = S("Rosa"), .email = S("rosa@example.org"), .text = S("Hello")};
    struct {
        str name, email, site, text;
        int field; /* -1: nothing wrong */
    } cases[] = {
        {good.name, good.email, S(""), good.text, -1},
        {S(" \t "), good.email, S(""), good.text, COMMENT_FIELD_NAME},
        {good.name, S(""), S(""), good.text, COMMENT_FIELD_EMAIL},
        {good.name, S("not an address"), S(""), good.text, COMMENT_FIELD_EMAIL},
        {good.name, S("a@b"), S(""), good.text, COMMENT_FIELD_EMAIL},
        {good.name, good.email, S("javascript:alert(1)"), good.text, COMMENT_FIELD_SITE},
        {good.name, good.email, S("example.org"), good.text, -1},
        {good.name, good.email, S("https://example.org/a"), good.text, -1},
        {good.name, good.email, S(""), S("  \n "), COMMENT_FIELD_TEXT},
        {good.name, good.email, S(""), {long_text, sizeof(long_text)}, COMMENT_FIELD_TEXT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct comment_prepared r;
        struct comment_draft d = {.name = cases[i].name,
                                  .email = cases[i].email,
                                  .site = cases[i].site,
                                  .text = cases[i].text};
        EXPECT((prepare(site, &d, &r) == ST_OK) == (cases[i].field < 0));
        for (int f = 0; f < COMMENT_FIELD_COUNT; f++)
            EXPECT((r.problems[f].len > 0) == (f == cases[i].field));
    }
    struct comment_prepared r;
    EXPECT(prepare(site,
                   &(struct comment_draft){.name = S("A\nB"),
                                           .email = S(" ROSA@Example.ORG "),
                                           .site = S("example.org"),
                                           .text = S("Hi **you** <script>x</script>")},
                   &r) == ST_OK);
    EXPECT_STR(r.draft.name, S("A B"));
    EXPECT_STR(r.email_key, S("rosa@example.org"));
    EXPECT(str_starts(r.draft.site, S("https://example.org")));
    EXPECT(!str_contains(r.text.raw, S("<script")));
}

static void test_policy(struct site *site)
{
    struct comment_added first = add(site, (struct comment_draft){.token = S("t1")}, ST_OK);
    EXPECT(first.state == COMMENT_PENDING);
    EXPECT(!site_raised(site, change_story_name(site->arena, story)));
    struct comment_added again = add(site, (struct comment_draft){.token = S("t1")}, ST_OK);
    EXPECT(again.again && again.id.v == first.id.v);
    EXPECT_INT(site_story(site, story)->comment_count, 0);

    SITE_WRITE(site, comment_set_state(desk, first.id, COMMENT_APPROVED, STR_NONE, err), ST_OK);
    EXPECT(site_raised(site, change_story_name(site->arena, story)));
    EXPECT_INT(site_story(site, story)->comment_count, 1);
    SITE_WRITE(site, comment_set_state(desk, first.id, COMMENT_APPROVED, STR_NONE, err), ST_OK);
    EXPECT_INT(site->raised_count, 0);

    EXPECT(add(site, (struct comment_draft){.email = S("Rosa@example.org")}, ST_OK).state ==
           COMMENT_APPROVED);
    EXPECT(add(site, (struct comment_draft){.suspect = S("too quick")}, ST_OK).state ==
           COMMENT_PENDING);
    EXPECT(add(site, (struct comment_draft){.text = S("http://a.org http://b.org http://c.org")},
               ST_OK)
               .state == COMMENT_PENDING);
    SITE_WRITE(site, setting_set(desk, S("comments_moderation"), S("all"), err), ST_OK);
    EXPECT(site_raised(site, S("settings")));
    settings_reload(site);
    EXPECT(add(site, (struct comment_draft){0}, ST_OK).state == COMMENT_PENDING);
    EXPECT(add(site, (struct comment_draft){.person = {1}}, ST_OK).state == COMMENT_APPROVED);
    SITE_WRITE(site, setting_set(desk, S("comments_moderation"), S("none"), err), ST_OK);
    settings_reload(site);
    EXPECT(add(site, (struct comment_draft){.email = S("new@example.org")}, ST_OK).state ==
           COMMENT_APPROVED);
    site_expect_consistent(site);
}

static void test_closed(struct site *site)
{
    story_id closed = site_save(site, &(struct story_draft){.title = S("Closed"),
                                                            .replies_closed = true,
                                                            .state = STORY_PUBLISHED});
    story_id draft = site_save(site, &(struct story_draft){.title = S("Not out")});
    (void)add(site, (struct comment_draft){.story = closed}, ST_DENIED);
    (void)add(site, (struct comment_draft){.story = draft}, ST_NOT_FOUND);
    (void)add(site, (struct comment_draft){.story = {99999}}, ST_NOT_FOUND);
    (void)add(site, (struct comment_draft){.parent = {99999}}, ST_INVALID);
    SITE_WRITE(site, setting_set(desk, S("comments_close_days"), S("30"), err), ST_OK);
    settings_reload(site);
    time_us closes = 0, start = site->now;
    EXPECT(comment_open(site_story(site, story), site->settings, site->now, &closes));
    EXPECT_INT(closes, site_story(site, story)->published_at + 30 * TIME_DAY);
    site->now += 31 * TIME_DAY;
    (void)add(site, (struct comment_draft){0}, ST_DENIED);
    site->now = start;
    SITE_WRITE(site, setting_set(desk, S("comments_close_days"), S(""), err), ST_OK);
    settings_reload(site);
}

/* "a" answers nothing, "a.b" answers a, ...: the list comes back in this order. */
static void test_threads(struct site *site)
{
    story_id talk =
        site_save(site, &(struct story_draft){.title = S("Talk"), .state = STORY_PUBLISHED});
    const struct {
        const char *name;
        int parent; /* index, -1: none */
        int depth;
    } said[] = {
        {"a", -1, 0},          {"b", -1, 0},    {"a.1", 0, 1},     {"b.1", 1, 1},
        {"a.2", 0, 1},         {"a.1.1", 2, 2}, {"a.1.1.1", 5, 3}, {"a.1.1.1.1", 6, 4},
        {"a.1.1.1.1.1", 7, 4}, {"a.1.2", 2, 2},
    };
    const char *order[] = {"a",           "a.1",   "a.1.1", "a.1.1.1", "a.1.1.1.1",
                           "a.1.1.1.1.1", "a.1.2", "a.2",   "b",       "b.1"};
    enum { SAID = sizeof(said) / sizeof(said[0]) };
    comment_id made[SAID];
    for (int i = 0; i < SAID; i++) {
        site->now += TIME_SECOND;
        struct comment_draft d = {.story = talk, .name = str_from_c(said[i].name)};
        if (said[i].parent >= 0)
            d.parent = made[said[i].parent];
        made[i] = add(site, d, ST_OK).id;
    }
    struct error err = ERROR_INIT;
    struct comment_list list;
    int64_t before = store_conn_statements(site->conn);
    EXPECT_ST(comment_list_shown(site->conn, talk, (struct comment_place){0}, (comment_id){0}, 0,
                                 site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(store_conn_statements(site->conn) - before, 1);
    EXPECT_INT(list.count, SAID);
    EXPECT(!list.more);
    for (size_t i = 0; i < list.count; i++) {
        EXPECT_STR(list.rows[i]->name, str_from_c(order[i]));
        EXPECT_INT(list.rows[i]->email.len, 0);
        for (int k = 0; k < SAID; k++) {
            if (str_eq(str_from_c(said[k].name), list.rows[i]->name))
                EXPECT_INT(list.rows[i]->depth, said[k].depth);
        }
    }
    /* Without its parent a reply stands under the thread's first. */
    SITE_WRITE(site, comment_set_state(desk, made[2], COMMENT_SPAM, S("moderator"), err), ST_OK);
    EXPECT_ST(comment_list_shown(site->conn, talk, (struct comment_place){0}, (comment_id){0}, 0,
                                 site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, SAID - 1);
    EXPECT_STR(list.rows[1]->name, S("a.2"));
    EXPECT_STR(list.rows[2]->name, S("a.1.1"));
    EXPECT_INT(list.rows[2]->depth, 1);
    /* Its writer still sees it. */
    EXPECT_ST(comment_list_shown(site->conn, talk, (struct comment_place){0}, made[2], 0,
                                 site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, SAID);
    EXPECT(list.rows[1]->state == COMMENT_APPROVED || list.rows[1]->state == COMMENT_SPAM);
    /* One thread a page. */
    EXPECT_ST(comment_list_shown(site->conn, talk, (struct comment_place){0}, (comment_id){0}, 1,
                                 site->arena, &list, &err),
              ST_OK, &err);
    EXPECT(list.more);
    EXPECT_STR(list.rows[0]->name, S("a"));
    EXPECT_ST(comment_list_shown(site->conn, talk, list.place, (comment_id){0}, 1, site->arena,
                                 &list, &err),
              ST_OK, &err);
    EXPECT(!list.more);
    EXPECT_INT(list.count, 2);
    /* The thread's first goes for good: its replies stay. */
    SITE_WRITE(site, comment_delete(desk, made[0], err), ST_OK);
    EXPECT_ST(comment_list_shown(site->conn, talk, (struct comment_place){0}, (comment_id){0}, 0,
                                 site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, SAID - 2);
    site_expect_consistent(site);
}

static void test_desk(struct site *site)
{
    struct error err = ERROR_INIT;
    struct comment_list list;
    size_t pending = 0;
    struct story_key before = {0, 0};
    do {
        EXPECT_ST(
            comment_list_desk(site->conn, COMMENT_PENDING, before, 2, site->arena, &list, &err),
            ST_OK, &err);
        pending += list.count;
        before = list.next;
    } while (list.more);
    EXPECT_INT(pending, site_number(site, SQL("SELECT COUNT(*) FROM comment"
                                              " WHERE state = 'pending'")));
    EXPECT(list.rows[0]->email.len > 0);
    EXPECT(list.rows[0]->story_title.len > 0);
    EXPECT_ST(comment_list_story(site->conn, story, (struct story_key){0, 0}, 0, site->arena, &list,
                                 &err),
              ST_OK, &err);
    EXPECT(list.count > 4);
    int64_t erased = 0;
    SITE_WRITE(site, comment_erase_writer(desk, S("ROSA@example.org"), &erased, err), ST_OK);
    EXPECT(erased > 4);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM comment"
                                     " WHERE email_key = 'rosa@example.org'")),
               0);
    site_expect_consistent(site);
}

static void test_imported(struct site *site)
{
    struct comment_prepared r;
    struct comment_added one, two;
    struct comment_draft d = {.story = story,
                              .name = S(""),
                              .email = S("bad"),
                              .html = S("<p>Old <i>words</i></p>"),
                              .imported = true,
                              .state = COMMENT_APPROVED,
                              .created_at = SITE_START - TIME_DAY};
    EXPECT(prepare(site, &d, &r) == ST_OK);
    SITE_WRITE(site, comment_add(desk, &r, &one, err), ST_OK);
    d.parent = one.id;
    d.state = COMMENT_SPAM;
    EXPECT(prepare(site, &d, &r) == ST_OK);
    SITE_WRITE(site, comment_add(desk, &r, &two, err), ST_OK);
    EXPECT(one.state == COMMENT_APPROVED && two.state == COMMENT_SPAM);
    struct comment *c;
    struct error err = ERROR_INIT;
    EXPECT_ST(comment_by_id(site->conn, two.id, site->arena, &c, &err), ST_OK, &err);
    EXPECT_STR(c->name, S("Anonymous"));
    EXPECT_INT(c->thread.v, one.id.v);
    EXPECT_INT(c->thread_at, d.created_at);
    EXPECT(str_contains(c->text.raw, S("<i>words</i>")) || str_contains(c->text.raw, S("<em>")));

    d.state = COMMENT_APPROVED;
    d.count_later = true;
    EXPECT(prepare(site, &d, &r) == ST_OK);
    SITE_WRITE(site, comment_add(desk, &r, &one, err), ST_OK);
    SITE_WRITE(site, comment_add(desk, &r, &two, err), ST_OK);
    SITE_WRITE(site, comment_count(desk, story, 2, err), ST_OK);
    site_expect_consistent(site);
}

/* Whose byline a reply has: of who is signed in, or as an import says; a form says nothing. */
static void test_byline(struct site *site)
{
    struct person person = {.email = S("ida@mail.example"), .name = S("Ida"), .role = ROLE_OWNER};
    byline_id ida = {0}, ned = site_byline(site, S("Ned"));
    SITE_WRITE(site, person_add(desk, &person, S("hash"), &person.id, err), ST_OK);
    SITE_WRITE(
        site,
        byline_save(desk, &(struct byline_draft){.name = S("Ida"), .person = person.id}, &ida, err),
        ST_OK);
    const struct {
        struct comment_draft draft;
        byline_id want;
    } cases[] = {
        {{.name = S("Ned"), .email = S("ida@mail.example")}, {0}},
        {{.name = S("Ned"), .byline = ned}, {0}},
        {{.person = person.id}, ida},
        {{.person = {person.id.v + 1}}, {0}},
        {{.imported = true, .state = COMMENT_APPROVED, .byline = ned}, ned},
        {{.imported = true, .state = COMMENT_APPROVED, .name = S("Ned")}, {0}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = ERROR_INIT;
        struct comment *c;
        comment_id id = add(site, cases[i].draft, ST_OK).id;
        EXPECT_ST(comment_by_id(site->conn, id, site->arena, &c, &err), ST_OK, &err);
        EXPECT_INT(c->byline.v, cases[i].want.v);
    }
    SITE_WRITE(site, byline_delete(desk, ned, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM comment WHERE byline IS NOT NULL")), 1);
    site_expect_consistent(site);
}

/* ---- looking for words, or one story's ---- */

enum { MANY = COMMENT_LOOKED_MAX + 30 };

/* In one write: the first says what none of the others does. */
static enum status add_many(struct newsroom *desk, struct site *site, struct error *err)
{
    struct comment_prepared r;
    struct comment_added added;
    enum status st = ST_OK;
    for (int i = 0; st == ST_OK && i < MANY; i++) {
        struct comment_draft d = {.story = story,
                                  .name = S("Many"),
                                  .email = S("many@mail.example"),
                                  .text = i == 0 ? S("Where is the Lighthouse?") : S("Me too."),
                                  .imported = true,
                                  .state = COMMENT_SPAM,
                                  .created_at = SITE_START + i};
        EXPECT(prepare(site, &d, &r) == ST_OK);
        st = comment_add(desk, &r, &added, err);
    }
    return st;
}

static void test_search(struct site *site)
{
    struct error err = ERROR_INIT;
    struct comment_found found = {0};
    struct comment_filter filter = {.state = COMMENT_SPAM, .words = S("LIGHT")};
    SITE_WRITE(site, add_many(desk, site, err), ST_OK);
    /* So many are looked at, none of which has it; then on from there. */
    EXPECT_ST(
        comment_search(site->conn, &filter, (struct story_key){0}, 5, site->arena, &found, &err),
        ST_OK, &err);
    EXPECT(found.stopped && found.list.more && found.list.count == 0);
    EXPECT_ST(comment_search(site->conn, &filter, found.list.next, 5, site->arena, &found, &err),
              ST_OK, &err);
    EXPECT(!found.stopped && !found.list.more && found.list.count == 1);
    EXPECT_STR(found.list.rows[0]->name, S("Many"));

    /* One story's: pages that meet without a gap, and only that state. */
    filter = (struct comment_filter){.state = COMMENT_SPAM, .story = story};
    struct story_key before = {0};
    size_t count = 0, rounds = 0;
    do {
        EXPECT_ST(comment_search(site->conn, &filter, before, 200, site->arena, &found, &err),
                  ST_OK, &err);
        before = found.list.next;
        count += found.list.count;
    } while (found.list.more && rounds++ < 100);
    EXPECT_INT(count, site_number(site, SQL("SELECT COUNT(*) FROM comment WHERE state = 'spam'")));
    filter = (struct comment_filter){.state = COMMENT_SPAM, .story = {story.v + 100}};
    EXPECT_ST(
        comment_search(site->conn, &filter, (struct story_key){0}, 5, site->arena, &found, &err),
        ST_OK, &err);
    EXPECT(found.list.count == 0 && !found.list.more);

    /* All of one writer's, in their order. */
    const struct comment who = {.email = S("MANY@mail.example")};
    struct comment_list list = {0};
    int64_t below = 0;
    count = 0;
    do {
        EXPECT_ST(comment_list_writer_state(site->conn, &who, COMMENT_SPAM, below, 500, site->arena,
                                            &list, &err),
                  ST_OK, &err);
        EXPECT(list.count > 0 && (below == 0 || list.rows[0]->id.v < below));
        below = list.next.id;
        count += list.count;
    } while (list.more);
    EXPECT_INT(count, MANY);
    EXPECT_ST(comment_list_writer_state(site->conn, &(struct comment){0}, COMMENT_SPAM, 0, 5,
                                        site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, 0);
}

int main(void)
{
    struct site site;
    site_open(&site);
    story =
        site_save(&site, &(struct story_draft){.title = S("Spoken of"), .state = STORY_PUBLISHED});
    test_prepare(&site);
    test_policy(&site);
    test_closed(&site);
    test_threads(&site);
    test_imported(&site);
    test_byline(&site);
    test_desk(&site);
    test_search(&site);
    site_close(&site);
    return test_done();
}
