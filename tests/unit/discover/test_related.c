/* SPDX-License-Identifier: MIT
 *
 * Related stories, on the demo's own: of every story with four others on its topic at least three of
 * its four related share it. test_related ROOT: the project's folder. */
#include "base/file.h"
#include "discover/related.h"
#include "discover/slots.h"
#include "news/job.h"
#include "tests/unit/news/fixture.h"

#include <dirent.h>

enum { DEMO_MAX = 100 };

struct demo {
    story_id id;
    str topic, title;
};

static struct demo demo[DEMO_MAX];
static size_t demo_count;

/* "key: value" of a story file's head. */
static str head_value(str head, str key)
{
    while (head.len > 0) {
        str line = str_cut(&head, '\n');
        if (str_starts(line, key) && line.len > key.len && line.ptr[key.len] == ':')
            return str_trim(str_from(line, key.len + 1));
    }
    return STR_NONE;
}

static void add_demo(struct site *site, str path, bool with_tags)
{
    struct error err = ERROR_INIT;
    str text;
    EXPECT_ST(file_read(site->arena, path, 1 << 20, &text, &err), ST_OK, &err);
    str rest = str_from(text, 4);
    size_t end = str_find(rest, S("\n---\n"));
    CHECK(end != STR_NPOS);
    str head = str_sub(rest, 0, end), body = str_from(rest, end + 5);
    size_t replies = str_find(body, S("\n=== replies"));
    if (replies != STR_NPOS)
        body = str_sub(body, 0, replies);
    tag_id tags[16];
    size_t count = 0;
    str names = with_tags ? head_value(head, S("tags")) : STR_NONE;
    if (with_tags)
        tags[count++] = site_tag(site, head_value(head, S("section")));
    while (names.len > 0 && count < 16)
        tags[count++] = site_tag(site, str_trim(str_cut(&names, ',')));
    time_us at = 0;
    EXPECT(time_from_iso(str_join2(site->arena, head_value(head, S("date")), S(":00Z")), &at));
    struct story_draft d = {.title = head_value(head, S("title")),
                            .standfirst = head_value(head, S("standfirst")),
                            .text = body,
                            .format = STORY_MARKDOWN,
                            .tags = tags,
                            .tags_count = count,
                            .state = STORY_PUBLISHED,
                            .published_at = at};
    demo[demo_count++] = (struct demo){site_save(site, &d), head_value(head, S("topic")), d.title};
}

static bool add_all(struct site *site, str root, bool with_tags)
{
    str folder = file_join(site->arena, root, S("demo/stories"));
    DIR *dir = opendir(str_copy_c(site->arena, folder));
    if (dir == NULL)
        return false;
    demo_count = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL && demo_count < DEMO_MAX) {
        str name = str_from_c(entry->d_name);
        if (str_ends(name, S(".md")))
            add_demo(site, str_copy(site->arena, file_join(site->arena, folder, name)), with_tags);
    }
    (void)closedir(dir);
    return demo_count > 0;
}

static int64_t run(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t done = 0;
    struct related_work work = {.store = site->store,
                                .conn = site->conn,
                                .clock = &site->clock,
                                .rng = &rng_system,
                                .language = S("en")};
    EXPECT_ST(related_run(&work, TIME_NEVER, &done, &err), ST_OK, &err);
    return done;
}

static struct story_list related_of(struct site *site, story_id id)
{
    struct error err = ERROR_INIT;
    struct story_slots slots;
    EXPECT_ST(slots_fill(site->conn, site_story(site, id), SLOT_RELATED, site->now, site->arena,
                         &slots, &err),
              ST_OK, &err);
    return slots.related;
}

static str topic_of(story_id id)
{
    for (size_t i = 0; i < demo_count; i++) {
        if (demo[i].id.v == id.v)
            return demo[i].topic;
    }
    return STR_NONE;
}

static size_t on_topic(str topic)
{
    size_t n = 0;
    for (size_t i = 0; i < demo_count; i++)
        n += str_eq(demo[i].topic, topic);
    return n;
}

/* How many stories miss the bar. */
static size_t judge(struct site *site, bool tell)
{
    size_t missed = 0;
    for (size_t i = 0; i < demo_count; i++) {
        if (on_topic(demo[i].topic) < 5)
            continue;
        struct story_list related = related_of(site, demo[i].id);
        size_t shared = 0;
        for (size_t k = 0; k < related.count; k++) {
            EXPECT(related.rows[k]->id.v != demo[i].id.v);
            shared += str_eq(topic_of(related.rows[k]->id), demo[i].topic);
        }
        if (shared >= 3)
            continue;
        missed++;
        if (!tell)
            continue;
        printf("%.*s: %zu of %zu\n", STR_ARG(demo[i].title), shared, related.count);
        for (size_t k = 0; k < related.count; k++)
            printf("    %.*s (%.*s)\n", STR_ARG(related.rows[k]->title),
                   STR_ARG(topic_of(related.rows[k]->id)));
    }
    return missed;
}

static void test_demo(str root, bool with_tags, size_t missed_max)
{
    struct site site;
    site_open(&site);
    if (add_all(&site, root, with_tags)) {
        EXPECT_INT(run(&site), (int64_t)demo_count);
        size_t missed = judge(&site, missed_max == 0);
        printf("demo %s tags: %zu of %zu stories miss the bar\n", with_tags ? "with" : "without",
               missed, demo_count);
        EXPECT(missed <= missed_max);
        EXPECT_INT(run(&site), 0); /* nothing is left to do */
    } else {
        printf("skipped: no demo stories\n");
    }
    site_close(&site);
}

/* ---- picks, twins, leaving ---- */

static const char wharf[] =
    "<p>The grain wharf at Eelmouth burned for six hours before the brigade, helped by two tugs, "
    "brought the fire under control. Captain Idris Vane said the silo roof had fallen in. Nobody "
    "was hurt. The wharf's owner, Marlow Grain, employs ninety people, and ships barley and oats "
    "from the estuary to mills in the north. Insurers will look at the silo on Monday.</p>";
static const char garden[] =
    "<p>Runner beans climb well on hazel poles, provided the soil was dug in autumn with plenty of "
    "compost. Water them in the evening, pick every second day, and freeze what nobody can eat. "
    "Slugs dislike coffee grounds, gardeners say, though the proof is thin.</p>";

static story_id publish(struct site *site, str title, const char *text, str more)
{
    site->now += TIME_HOUR;
    return site_save(site,
                     &(struct story_draft){.title = title,
                                           .text = str_join2(site->arena, str_from_c(text), more),
                                           .state = STORY_PUBLISHED});
}

static void test_small(void)
{
    struct site site;
    site_open(&site);
    struct site *s = &site;
    story_id fire = publish(s, S("Fire at Eelmouth grain wharf"), wharf, S(""));
    story_id beans = publish(s, S("Beans up the pole"), garden, S(""));
    story_id after = publish(s, S("Wharf fire: Vane praises tugs"), wharf,
                             S("<p>Captain Idris Vane of the brigade praised both crews. Marlow "
                               "Grain will rebuild the silo, and the barley goes by road.</p>"));
    story_id copy = publish(s, S("Fire at Eelmouth grain wharf, from the agency"), wharf, S(""));
    EXPECT_INT(run(s), 4);
    struct story_list r = related_of(s, fire);
    EXPECT_INT(r.count, 1); /* the copy is its twin, the beans are unlike */
    EXPECT_INT(r.rows[0]->id.v, after.v);
    r = related_of(s, after);
    EXPECT_INT(r.count, 1); /* fire and copy once */
    EXPECT_INT(related_of(s, beans).count, 0);

    /* An editor's pick comes first, and stays when likeness is worked out again. */
    SITE_WRITE(s, related_pick(desk, fire, &beans, 1, err), ST_OK);
    EXPECT(site_raised(s, change_story_name(s->arena, fire)));
    EXPECT_INT(run(s), 1);
    r = related_of(s, fire);
    EXPECT_INT(r.count, 2);
    EXPECT_INT(r.rows[0]->id.v, beans.v);
    SITE_WRITE(s, related_pick(desk, fire, &fire, 1, err), ST_INVALID);

    /* Unpublished: out of the lists, whose pages are told. */
    SITE_WRITE(s, story_unpublish(desk, after, err), ST_OK);
    EXPECT(site_raised(s, change_story_name(s->arena, fire)));
    r = related_of(s, fire);
    EXPECT_INT(r.count, 1);
    SITE_WRITE(s, related_pick(desk, fire, NULL, 0, err), ST_OK);
    (void)run(s);
    EXPECT_INT(related_of(s, fire).count, 0);
    SITE_WRITE(s, story_publish(desk, after, desk->now, err), ST_OK);
    (void)run(s);
    EXPECT_INT(related_of(s, fire).count, 1);

    SITE_WRITE(s, story_trash(desk, copy, err), ST_OK);
    SITE_WRITE(s, story_delete(desk, copy, err), ST_OK);
    EXPECT_INT(site_number(s, SQL("SELECT COUNT(*) FROM related r LEFT JOIN story s"
                                  " ON s.id = r.other WHERE s.id IS NULL")),
               0);
    site_close(s);
}

/* However many are alike, a list stays short, and the newest is in the lists of the older. */
static void test_many(void)
{
    struct site site;
    site_open(&site);
    story_id first = {0}, last = {0};
    for (int i = 0; i < 60; i++) {
        str more = str_format(
            site.arena, "<p>Day %d of hearing number w%dx: the clerk named q%dz and r%dv.</p>", i,
            i * 7, i * 11, i % 9);
        last = publish(&site, str_format(site.arena, "Harbour inquiry, day %d", i), wharf, more);
        if (i == 0)
            first = last;
        if (i % 20 == 19)
            (void)run(&site);
    }
    EXPECT(site_number(&site, SQL("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM related"
                                  " GROUP BY story) AS x")) <= RELATED_KEPT);
    EXPECT(related_of(&site, first).count > 0);
    EXPECT(site_number(&site, SQL("SELECT COUNT(*) FROM related WHERE other ="
                                  " (SELECT MAX(id) FROM story)")) > 1);
    site_close(&site);
}

/* A batch that fails at any call leaves whole steps, and the next run finishes it. */
static void test_failures(void)
{
    struct site site;
    site_open(&site);
    (void)publish(&site, S("Fire at Eelmouth grain wharf"), wharf, S(""));
    (void)publish(&site, S("Wharf fire: Vane praises tugs"), wharf,
                  S("<p>Marlow Grain and Captain Idris Vane said more of the barley.</p>"));
    struct related_work work = {.store = site.store,
                                .conn = site.conn,
                                .clock = &site.clock,
                                .rng = &rng_system,
                                .language = S("en")};
    int failures = 0;
    for (int n = 0; n < 2000; n += 1 + n / 40) {
        struct error err = ERROR_INIT;
        int64_t done = 0;
        site.calls_left = n;
        enum status st = related_run(&work, TIME_NEVER, &done, &err);
        bool failed = site.calls_left < 0 || st != ST_OK;
        site.calls_left = -1;
        site.now += 2 * JOB_LEASE;
        if (!failed)
            break;
        failures++;
    }
    EXPECT(failures > 20);
    (void)run(&site);
    EXPECT_INT(site_number(&site, SQL("SELECT COUNT(*) FROM job WHERE kind = 'related'")), 0);
    EXPECT_INT(site_number(&site, SQL("SELECT COUNT(*) FROM related")), 2);
    site_close(&site);
}

int main(int argc, char **argv)
{
    str root = str_from_c(argc > 1 ? argv[1] : ".");
    test_demo(root, true, 0);
    test_demo(root, false, 5);
    test_small();
    test_many();
    test_failures();
    return test_done();
}
