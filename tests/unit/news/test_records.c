/* SPDX-License-Identifier: MIT
 *
 * The smaller records: settings, tags, bylines, people, redirects, jobs, reads. */
#include "base/map.h"
#include "news/job.h"
#include "news/person.h"
#include "news/read_count.h"
#include "news/redirect.h"
#include "tests/unit/news/fixture.h"

/* ---- settings ---- */

static str setting_now(struct site *site, str name)
{
    struct error err = ERROR_INIT;
    struct site_settings *s;
    EXPECT_ST(site_settings_load(site->conn, NULL, 0, &s, &err), ST_OK, &err);
    str value = str_copy(site->arena, site_setting(s, name));
    site_settings_unref(s);
    return value;
}

/* What was set for a theme stays with it. */
static void test_themes(struct site *site)
{
    SITE_WRITE(site, setting_set(desk, S("custom.columns"), S("2"), err), ST_OK);
    SITE_WRITE(site, setting_set(desk, S("custom.hero"), S("wide"), err), ST_OK);
    SITE_WRITE(site, setting_use_theme(desk, S("casper"), err), ST_OK);
    EXPECT_STR(setting_now(site, S("active_theme")), S("casper"));
    EXPECT_STR(setting_now(site, S("custom.columns")), S(""));
    SITE_WRITE(site, setting_set(desk, S("custom.columns"), S("3"), err), ST_OK);
    SITE_WRITE(site, setting_use_theme(desk, S("casper"), err), ST_OK);
    EXPECT_STR(setting_now(site, S("custom.columns")), S("3"));
    SITE_WRITE(site, setting_use_theme(desk, S("broadsheet"), err), ST_OK);
    EXPECT_STR(setting_now(site, S("custom.columns")), S("2"));
    EXPECT_STR(setting_now(site, S("custom.hero")), S("wide"));
    SITE_WRITE(site, setting_use_theme(desk, S("casper"), err), ST_OK);
    EXPECT_STR(setting_now(site, S("custom.columns")), S("3"));
    EXPECT_STR(setting_now(site, S("custom.hero")), S(""));
    SITE_WRITE(site, setting_use_theme(desk, S("broadsheet"), err), ST_OK);
}

static void test_navigation(struct site *site)
{
    const struct site_link links[] = {{S("Home"), S("/")}, {S("\"A\" & <b>"), S("/a/?b=\\")}};
    struct error err = ERROR_INIT;
    struct site_settings *s;
    SITE_WRITE(
        site,
        setting_set(desk, S("navigation"), setting_navigation_write(desk->arena, links, 2), err),
        ST_OK);
    EXPECT_ST(site_settings_load(site->conn, NULL, 0, &s, &err), ST_OK, &err);
    EXPECT_INT(s->navigation_count, 2);
    EXPECT_STR(s->navigation[1].label, links[1].label);
    site_settings_unref(s);
}

static void test_settings(struct site *site)
{
    const struct {
        str name, value;
        enum status status;
    } cases[] = {
        {S("title"), S("The Wharf"), ST_OK},
        {S("title"), S("two\nlines"), ST_INVALID},
        {S("timezone"), S("Europe/Madrid"), ST_OK},
        {S("timezone"), S("../etc/passwd"), ST_INVALID},
        {S("locale"), S("pt-BR"), ST_OK},
        {S("locale"), S("not a tag!"), ST_INVALID},
        {S("accent_color"), S("#0a0"), ST_OK},
        {S("accent_color"), S("red"), ST_INVALID},
        {S("posts_per_page"), S("7"), ST_OK},
        {S("posts_per_page"), S("0"), ST_INVALID},
        {S("comments"), S("off"), ST_OK},
        {S("comments"), S("maybe"), ST_INVALID},
        {S("navigation"),
         S("[{\"label\":\"Home\",\"url\":\"/\"},{\"label\":\"X\",\"url\":\" java\\tscript:x\"}]"),
         ST_OK},
        {S("navigation"), S("[{\"label\":1}]"), ST_INVALID},
        {S("navigation"), S("{}"), ST_INVALID},
        {S("logo"), S("/content/images/logo.png"), ST_OK},
        {S("logo"), S("https://w.example/logo.png"), ST_OK},
        {S("logo"), S("javascript:alert(1)"), ST_INVALID},
        {S("logo"), S("two words.png"), ST_INVALID},
        {S("custom.columns"), S("2"), ST_OK},
        {S("no such name"), S("2"), ST_INVALID},
        {S("internal.reads_folded_until"), S("2"), ST_INVALID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        SITE_WRITE(site, setting_set(desk, cases[i].name, cases[i].value, err), cases[i].status);
    struct error err = ERROR_INIT;
    struct site_settings *s;
    EXPECT_ST(setting_check(S("timezone"), S("Europe/Atlantis"), &err), ST_NOT_FOUND, &err);
    EXPECT_ST(setting_check(S("comments_links_max"), S("101"), &err), ST_INVALID, &err);
    EXPECT_ST(setting_check(S("comments_links_max"), S(""), &err), ST_OK, &err);
    EXPECT_ST(site_settings_load(site->conn, &(struct setting){S("url"), S("https://w.example//")},
                                 1, &s, &err),
              ST_OK, &err);
    EXPECT_STR(s->title, S("The Wharf"));
    EXPECT_STR(s->timezone, S("Europe/Madrid"));
    EXPECT_STR(s->url, S("https://w.example"));
    EXPECT_INT(s->posts_per_page, 7);
    EXPECT(!s->comments_on);
    EXPECT_INT(s->navigation_count, 2);
    EXPECT_STR(s->navigation[0].label, S("Home"));
    EXPECT_STR(s->navigation[0].url, S("/"));
    EXPECT_STR(s->navigation[1].url, S("#"));
    EXPECT_STR(site_setting(s, S("custom.columns")), S("2"));
    EXPECT_STR(site_setting(s, S("nothing")), S(""));
    struct site_settings *same = site_settings_ref(s);
    site_settings_unref(s);
    EXPECT_STR(same->title, S("The Wharf"));
    site_settings_unref(same);
    SITE_WRITE(site, setting_set(desk, S("title"), S(""), err), ST_OK);
    EXPECT_ST(site_settings_load(site->conn, NULL, 0, &s, &err), ST_OK, &err);
    EXPECT(!str_eq(s->title, S("The Wharf")));
    site_settings_unref(s);
    EXPECT_ST(site_settings_new(&(struct setting){S("comments"), S("?")}, 1, &s, &err), ST_INVALID,
              &err);
}

/* ---- tags and bylines ---- */

static void test_tags(struct site *site)
{
    struct error err = ERROR_INIT;
    tag_id sea = site_tag(site, S("Sea & Sky")), same = site_tag(site, S("sea   & sky"));
    EXPECT_INT(sea.v, same.v);
    struct tag *t;
    EXPECT_ST(tag_by_slug(site->conn, S("sea-sky"), site->arena, &t, &err), ST_OK, &err);
    story_id story = site_save(
        site, &(struct story_draft){
                  .title = S("Waves"), .tags = &sea, .tags_count = 1, .state = STORY_PUBLISHED});
    tag_id other = site_tag(site, S("Land")), id;
    SITE_WRITE(site,
               tag_save(desk, &(struct tag_draft){.id = sea, .name = S("Sea"), .slug = S("land")},
                        &id, err),
               ST_CONFLICT);
    SITE_WRITE(site,
               tag_save(desk, &(struct tag_draft){.id = sea, .name = S("#sea"), .slug = S("sea")},
                        &id, err),
               ST_OK);
    EXPECT(site_raised(site, change_tag_name(site->arena, sea)));
    EXPECT(site_raised(site, S("absent:sea")));
    EXPECT_INT(site_story(site, story)->primary_tag.v, 0); /* internal now */
    struct redirect r;
    EXPECT_ST(redirect_find(site->conn, S("/tag/sea-sky/"), site->arena, &r, &err), ST_OK, &err);
    EXPECT_STR(r.slug, S("sea"));
    struct tag **tags;
    size_t count;
    EXPECT_ST(tag_list(site->conn, &(struct tag_query){.with_internal = true}, site->arena, &tags,
                       &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 1);
    EXPECT_ST(tag_list(site->conn, &(struct tag_query){0}, site->arena, &tags, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 0); /* Land has no story */
    struct tag_query q = {.with_empty = true, .with_internal = true, .limit = 1};
    for (int order = TAG_BY_NAME; order <= TAG_BY_COUNT; order++) {
        size_t seen = 0;
        q.order = (enum tag_order)order;
        q.after = NULL;
        for (;;) {
            EXPECT_ST(tag_list(site->conn, &q, site->arena, &tags, &count, &err), ST_OK, &err);
            if (count == 0)
                break;
            q.after = tags[0];
            seen++;
        }
        EXPECT_INT(seen, 2);
    }
    SITE_WRITE(site, tag_delete(desk, sea, err), ST_OK);
    SITE_WRITE(site, tag_delete(desk, sea, err), ST_NOT_FOUND);
    EXPECT_INT(site_story(site, story)->tags_count, 0);
    (void)other;
    const struct tag_proposal names[] = {
        {.slug = S("istanbul"), .name = S("Istanbul"), .weight = 9},
        {.slug = S("ankara"), .name = S("Ankara"), .weight = 5}};
    SITE_WRITE(site, tag_propose(desk, story, names, 2, err), ST_OK);
    struct tag_proposal *proposals;
    EXPECT_ST(tag_proposals(site->conn, story, site->arena, &proposals, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 2);
    EXPECT_STR(proposals[0].name, S("Istanbul"));
    EXPECT_INT(proposals[0].stories, 1);
}

/* A page links to it, so it is a web address or nothing. */
static void test_byline_website(struct site *site)
{
    static const struct {
        str given, kept;
    } cases[] = {
        {STR_INIT("https://zoe.example/a?b"), STR_INIT("https://zoe.example/a?b")},
        {STR_INIT("zoe.example"), STR_INIT("https://zoe.example")},
        {STR_INIT(" java\tscript:alert(1)"), STR_INIT("")},
        {STR_INIT("data:text/html,x"), STR_INIT("")},
        {STR_INIT("mailto:z@p.org"), STR_INIT("")},
        {STR_INIT(""), STR_INIT("")},
    };
    byline_id id = site_byline(site, S("Web Site"));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct byline *byline;
        struct error err = ERROR_INIT;
        SITE_WRITE(site,
                   byline_save(desk,
                               &(struct byline_draft){
                                   .id = id, .name = S("Web Site"), .website = cases[i].given},
                               &id, err),
                   ST_OK);
        EXPECT_ST(byline_by_id(site->conn, id, site->arena, &byline, &err), ST_OK, &err);
        EXPECT_STR(byline->website, cases[i].kept);
    }
}

static void test_bylines(struct site *site)
{
    struct error err = ERROR_INIT;
    byline_id a, b, id;
    SITE_WRITE(
        site,
        byline_find_or_add(
            desk, &(struct byline_draft){.name = S("Zoë Ruiz"), .email = S("Z@p.org")}, &a, err),
        ST_OK);
    SITE_WRITE(
        site,
        byline_find_or_add(
            desk, &(struct byline_draft){.name = S("Z. Ruiz"), .email = S("z@P.org")}, &b, err),
        ST_OK);
    EXPECT_INT(a.v, b.v);
    SITE_WRITE(site,
               byline_save(desk,
                           &(struct byline_draft){.id = a, .name = S("Zoe"), .slug = S("zoe")}, &id,
                           err),
               ST_OK);
    struct redirect r;
    EXPECT_ST(redirect_find(site->conn, S("/author/zoe-ruiz/"), site->arena, &r, &err), ST_OK,
              &err);
    EXPECT_STR(r.slug, S("zoe"));
    byline_id two[] = {a, site_byline(site, S("Second Hand"))};
    story_id story = site_save(site, &(struct story_draft){.title = S("By two"),
                                                           .bylines = two,
                                                           .bylines_count = 2,
                                                           .state = STORY_PUBLISHED});
    EXPECT_INT(site_story(site, story)->primary_byline.v, a.v);
    SITE_WRITE(site, byline_delete(desk, a, err), ST_OK);
    EXPECT_INT(site_story(site, story)->primary_byline.v, two[1].v);
    struct byline **list;
    size_t count;
    EXPECT_ST(byline_list(site->conn, &(struct byline_query){.order = BYLINE_BY_COUNT}, site->arena,
                          &list, &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 1);
    site_expect_consistent(site);
}

/* ---- people ---- */

static void test_people(struct site *site)
{
    struct error err = ERROR_INIT;
    person_id owner, editor;
    str hash;
    EXPECT_ST(password_hash(site->arena, S("short"), &hash, &err), ST_INVALID, &err);
    EXPECT_ST(password_hash(site->arena, S("aaaaaaaaaaaaaa"), &hash, &err), ST_INVALID, &err);
    EXPECT_ST(password_hash(site->arena, S("Password123"), &hash, &err), ST_INVALID, &err);
    EXPECT_ST(password_hash(site->arena, S("tide comes in late"), &hash, &err), ST_OK, &err);
    EXPECT(str_starts(hash, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    EXPECT(password_matches(hash, S("tide comes in late")));
    EXPECT(!password_matches(hash, S("tide comes in lat")));
    EXPECT(!password_matches(S(""), S("tide comes in late")));
    time_us begun = clock_monotonic();
    (void)password_matches(hash, S("wrong"));
    time_us real = clock_monotonic() - begun;
    begun = clock_monotonic();
    (void)password_matches(S(""), S("wrong"));
    EXPECT((clock_monotonic() - begun) * 4 > real); /* nobody takes as long as somebody */

    struct person p = {.email = S("Ed@Paper.org"), .name = S("Ed"), .role = ROLE_EDITOR};
    SITE_WRITE(site, person_add(desk, &p, hash, &editor, err), ST_INVALID); /* no owner yet */
    p.role = ROLE_OWNER;
    SITE_WRITE(site, person_add(desk, &p, hash, &owner, err), ST_OK);
    SITE_WRITE(site, person_add(desk, &p, hash, &editor, err), ST_CONFLICT);
    p = (struct person){.email = S("two@paper.org"), .name = S("Two"), .role = ROLE_EDITOR};
    SITE_WRITE(site, person_add(desk, &p, STR_NONE, &editor, err), ST_OK);
    SITE_WRITE(site, person_set_role(desk, owner, ROLE_EDITOR, err), ST_CONFLICT);
    SITE_WRITE(site, person_remove(desk, owner, err), ST_CONFLICT);
    SITE_WRITE(site, person_set_role(desk, editor, ROLE_OWNER, err), ST_OK);
    SITE_WRITE(site, person_remove(desk, owner, err), ST_OK);
    SITE_WRITE(site, person_set_password(desk, editor, hash, err), ST_OK);
    struct person *found;
    EXPECT_ST(person_by_email(site->conn, S(" TWO@paper.org"), site->arena, &found, &err), ST_OK,
              &err);
    EXPECT_STR(found->password_hash, hash);
    EXPECT(found->role == ROLE_OWNER);
    struct person **people;
    size_t count;
    EXPECT_ST(person_list(site->conn, site->arena, &people, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 1);
}

/* ---- redirects ---- */

static void test_redirects(struct site *site)
{
    const struct {
        str path, query, want;
    } cases[] = {
        {S("/2014/03/Old"), S(""), S("/2014/03/old/")},
        {S("/a//b/../c/"), S("utm_source=x"), S("/a/c/")},
        {S("/"), S("p=12"), S("/?p=12")},
        {S("/"), S("p=12x"), S("/")},
        {S("/index.php"), S("page_id=7&x=1"), S("/index.php/?page_id=7")},
        {S("/%D0%9F%d1%80/"), S(""), S("/пр/")},
    };
    struct error err = ERROR_INIT;
    str path;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT_ST(redirect_path(site->arena, cases[i].path, cases[i].query, &path, &err), ST_OK,
                  &err);
        EXPECT_STR(path, cases[i].want);
    }
    EXPECT_ST(redirect_path(site->arena, S("x"), S(""), &path, &err), ST_INVALID, &err);
    SITE_WRITE(
        site,
        redirect_add(desk, &(struct redirect){.path = S("/go/"), .location = S("/there/")}, err),
        ST_OK);
    EXPECT(site_raised(site, S("absent:go")));
    struct redirect r, *list;
    size_t count;
    EXPECT_ST(redirect_find(site->conn, S("/go/"), site->arena, &r, &err), ST_OK, &err);
    EXPECT_STR(r.location, S("/there/"));
    EXPECT_INT(r.code, 301);
    EXPECT_ST(redirect_list(site->conn, S(""), 0, site->arena, &list, &count, &err), ST_OK, &err);
    EXPECT(count >= 1);
    SITE_WRITE(
        site,
        redirect_add(desk, &(struct redirect){.path = S("/there/"), .location = S("/on/")}, err),
        ST_OK);
    const struct {
        str path, location;
        enum redirect_fault fault;
    } judged[] = {
        {S("/old/"), S("/new/"), REDIRECT_FINE},
        {S("/old/"), S("https://elsewhere.example/old/"), REDIRECT_FINE},
        {S("/old/"), S("new/"), REDIRECT_NO_ADDRESS},
        {S("/old/"), S(""), REDIRECT_NO_ADDRESS},
        {S("/old/"), S("javascript:alert(1)"), REDIRECT_NO_ADDRESS},
        {S("/old/"), S("//elsewhere.example/"), REDIRECT_NO_ADDRESS},
        {S("/old/"), S("/a b/"), REDIRECT_NO_ADDRESS},
        {S("/old/"), S("/\\elsewhere.example"), REDIRECT_NO_ADDRESS},
        {S("/old/"), S("/OLD"), REDIRECT_LOOP},
        {S("/old/"), S("https://w.example/old/?x=1"), REDIRECT_LOOP},
        {S("/on/"), S("/go/"), REDIRECT_LOOP},
        {S("/on/"), S("https://w.example/there"), REDIRECT_LOOP},
        {S("/on/"), S("https://elsewhere.example/there/"), REDIRECT_FINE},
        {S("/"), S("/x/"), REDIRECT_HIDDEN},
        {S("/desk/people/"), S("/x/"), REDIRECT_HIDDEN},
    };
    for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
        enum redirect_fault fault;
        EXPECT_ST(redirect_judge(site->conn, S("https://w.example"), judged[i].path,
                                 judged[i].location, site->arena, &fault, &err),
                  ST_OK, &err);
        EXPECT_INT(fault, judged[i].fault);
    }
    EXPECT_ST(redirect_page(site->conn, S("/g"), S(""), 10, site->arena, &list, &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 1);
    EXPECT_STR(redirect_location(site->arena, &list[0]), S("/there/"));
    EXPECT_ST(redirect_page(site->conn, S("/"), S("/go/"), 10, site->arena, &list, &count, &err),
              ST_OK, &err);
    EXPECT_STR(list[count - 1].path, S("/there/"));
    EXPECT_ST(redirect_page(site->conn, S("/go/"), S("/go/"), 10, site->arena, &list, &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 0);
    EXPECT_ST(redirect_page(site->conn, S("/t"), S("/go/"), 10, site->arena, &list, &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 1);
    SITE_WRITE(site, redirect_remove(desk, S("/go/"), err), ST_OK);
    EXPECT_ST(redirect_find(site->conn, S("/go/"), site->arena, &r, &err), ST_NOT_FOUND, &err);
    SITE_WRITE(site, redirect_remove(desk, S("/there/"), err), ST_OK);
}

/* ---- jobs ---- */

static struct job claim(struct site *site, enum status want)
{
    struct job job = {0};
    struct error err = ERROR_INIT;
    struct newsroom *desk = site_begin(site);
    enum status st = job_claim(desk, S("weigh"), JOB_LEASE, &job, &err);
    EXPECT_ST(st, want, &err);
    job.claim = str_copy(site->arena, job.claim);
    (void)site_end(site, st, &err);
    return job;
}

static void test_jobs(struct site *site)
{
    struct error err = ERROR_INIT;
    for (int i = 0; i < 2; i++)
        SITE_WRITE(site, job_add(desk, S("weigh"), 7, S("p"), desk->now, err), ST_OK);
    struct job one = claim(site, ST_OK);
    EXPECT_INT(one.subject, 7);
    (void)claim(site, ST_NOT_FOUND); /* one, however often asked for */
    site->now += JOB_LEASE + 1;
    struct job two = claim(site, ST_OK); /* the first holder died */
    SITE_WRITE(site, job_done(desk, &one, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM job WHERE kind = 'weigh'")), 1);
    /* Asked for anew while claimed: done leaves it waiting. */
    SITE_WRITE(site, job_add(desk, S("weigh"), 7, S("p"), desk->now, err), ST_OK);
    SITE_WRITE(site, job_done(desk, &two, err), ST_OK);
    struct job three = claim(site, ST_OK);
    SITE_WRITE(site, job_failed(desk, &three, S("no paper"), err), ST_OK);
    (void)claim(site, ST_NOT_FOUND);
    time_us due = 0;
    EXPECT_ST(job_next_due(site->conn, S("weigh"), &due, &err), ST_OK, &err);
    EXPECT_INT(due, site->now + TIME_MINUTE);
    site->now += TIME_MINUTE;
    struct job four = claim(site, ST_OK);
    SITE_WRITE(site, job_done(desk, &four, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM job WHERE kind = 'weigh'")), 0);
}

/* ---- reads ---- */

static void test_reads(struct site *site)
{
    struct error err = ERROR_INIT;
    story_id a =
        site_save(site, &(struct story_draft){.title = S("Read"), .state = STORY_PUBLISHED});
    story_id b =
        site_save(site, &(struct story_draft){.title = S("Cold"), .state = STORY_PUBLISHED});
    const struct read_count reads[] = {{a, 5, 0},
                                       {a, 2, site->now - 3 * TIME_HOUR},
                                       {{99999}, 3, 0},
                                       {b, 100, site->now - 90 * TIME_DAY}};
    SITE_WRITE(site, read_count_add(desk, reads, 4, err), ST_OK);
    int64_t n = 0;
    EXPECT_ST(read_count_since(site->conn, a, site->now - TIME_HOUR, &n, &err), ST_OK, &err);
    EXPECT_INT(n, 5);
    EXPECT_ST(read_count_since(site->conn, a, site->now - TIME_DAY, &n, &err), ST_OK, &err);
    EXPECT_INT(n, 7);
    /* Faded: 100 reads of 90 days ago are fewer than 7 of today. */
    EXPECT_INT(site_number(site, SQL("SELECT story FROM story_heat ORDER BY heat DESC LIMIT 1")),
               a.v);
    int64_t heat = heat_add(0, false, 8, site->now);
    EXPECT((int)(heat_now(heat, site->now) * 1000 + 0.5) == 8000);
    EXPECT((int)(heat_now(heat, site->now + READ_HALF_LIFE) * 1000 + 0.5) == 4000);
    heat = heat_add(heat, true, 4, site->now + READ_HALF_LIFE);
    EXPECT((int)(heat_now(heat, site->now + READ_HALF_LIFE) * 1000 + 0.5) == 8000);
    EXPECT(heat_now(heat_add(0, false, 3, INT64_MAX / 4), INT64_MAX / 4) > 2.9);

    /* Folding keeps sums and shrinks rows; twice is as once. */
    struct read_count old[48];
    for (int i = 0; i < 48; i++)
        old[i] = (struct read_count){a, 1, site->now - 60 * TIME_DAY - i * TIME_HOUR};
    SITE_WRITE(site, read_count_add(desk, old, 48, err), ST_OK);
    bool left = true;
    int rounds = 0;
    while (left && rounds++ < 100)
        SITE_WRITE(site, read_count_fold(desk, 10, &left, err), ST_OK);
    EXPECT(rounds > 3 && !left);
    EXPECT_ST(read_count_since(site->conn, a, site->now - 100 * TIME_DAY, &n, &err), ST_OK, &err);
    EXPECT_INT(n, 55);
    EXPECT(site_number(site, SQL("SELECT COUNT(*) FROM read_count")) <= 6);
    SITE_WRITE(site, read_count_fold(desk, 10, &left, err), ST_OK);
    EXPECT(!left);

    const struct read_on pairs[] = {{a, b, 2}, {a, a, 5}, {a, {99999}, 1}, {a, b, 3}};
    SITE_WRITE(site, read_on_add(desk, pairs, 4, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT SUM(reads) FROM read_on")), 5);
}

static void test_change_names(struct site *site)
{
    EXPECT_STR(change_absent_name(site->arena, S("/2024/05/Rain/")), S("absent:rain"));
    EXPECT_STR(change_absent_name(site->arena, S("rain")), S("absent:rain"));
    EXPECT_STR(change_absent_name(site->arena, S("/")), S("absent:"));
    EXPECT_STR(change_list_name(site->arena, LIST_ALL, 0), S("list:posts"));
    EXPECT_STR(change_list_name(site->arena, LIST_BYLINE, 4), S("list:author:4"));
    EXPECT(change_is_soft(S("list:latest")) && !change_is_soft(S("story:1")));
}

int main(void)
{
    struct site site;
    site_open(&site);
    test_settings(&site);
    test_themes(&site);
    test_navigation(&site);
    test_tags(&site);
    test_bylines(&site);
    test_byline_website(&site);
    test_people(&site);
    test_redirects(&site);
    test_jobs(&site);
    test_reads(&site);
    test_change_names(&site);
    site_close(&site);
    return test_done();
}
