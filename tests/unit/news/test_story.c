/* SPDX-License-Identifier: MIT
 *
 * Saving, the states, what a save names, and that a write which fails anywhere leaves nothing. */
#include "news/import_map.h"
#include "news/redirect.h"
#include "news/schedule.h"
#include "tests/unit/news/fixture.h"

static void test_new(struct site *site)
{
    tag_id tags[] = {site_tag(site, S("Harbour")), site_tag(site, S("#lead"))};
    byline_id by = site_byline(site, S("Greta Novak"));
    struct story_draft d = {
        .title = S("  Rain stops\n play: 3-0 "),
        .text = S("<p>Rain <b>fell</b>.</p><script>x()</script><p><img src=\"/a.jpg\"></p>"),
        .tags = (tag_id[]){tags[0], tags[1], tags[0]},
        .tags_count = 3,
        .bylines = &by,
        .bylines_count = 1};
    story_id id = site_save(site, &d);
    const struct story *s = site_story(site, id);
    EXPECT_STR(s->title, S("Rain stops play: 3-0"));
    EXPECT_STR(s->slug, S("rain-stops-play-3-0"));
    EXPECT(s->state == STORY_DRAFT);
    EXPECT(!str_contains(s->body.raw, S("script")));
    EXPECT_STR(s->excerpt, S("Rain fell."));
    EXPECT(str_starts(s->plain, S("Rain fell.")));
    EXPECT_INT(s->word_count, 2);
    EXPECT_INT(s->image_count, 1);
    EXPECT_INT(s->tags_count, 2);
    EXPECT_STR(s->tags[0]->name, S("Harbour"));
    EXPECT(s->tags[1]->internal);
    EXPECT_STR(s->tags[1]->slug, S("hash-lead"));
    EXPECT_INT(s->primary_tag.v, tags[0].v);
    EXPECT_STR(s->bylines[0]->name, S("Greta Novak"));
    EXPECT_INT(s->ghost_id.len, GHOST_ID_LEN);
    EXPECT(ghost_id_valid(s->ghost_id));
    EXPECT_INT(s->uuid.len, 36);
    EXPECT_INT(s->tags[0]->story_count, 0); /* a draft is in no list */
    EXPECT(!site_raised(site, S("list:posts")));

    story_id second = site_save(site, &d);
    EXPECT_STR(site_story(site, second)->slug, S("rain-stops-play-3-0-2"));
    site_expect_consistent(site);
}

static void test_invalid(struct site *site)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    static char big[STORY_BODY_MAX + 1];
    const struct {
        struct story_draft draft;
        enum status status;
    } cases[] = {
        {{.title = S("")}, ST_INVALID},
        {{.title = S(" \n ")}, ST_INVALID},
        {{.title = S("\xff")}, ST_INVALID},
        {{.title = S("a"), .text = S("\xc3")}, ST_INVALID},
        {{.title = S("a"), .tags_count = STORY_TAGS_MAX + 1}, ST_INVALID},
        {{.title = S("a"), .text = {big, sizeof(big)}}, ST_TOO_BIG},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        struct story_prepared ready;
        EXPECT_ST(story_prepare(arena, &cases[i].draft, &ready, &err), cases[i].status, &err);
        EXPECT(err.text[0] != '\0');
    }
    struct story_prepared ready;
    struct error err = ERROR_INIT;
    story_id id;
    EXPECT_ST(
        story_prepare(arena, &(struct story_draft){.id = {999}, .title = S("a")}, &ready, &err),
        ST_OK, &err);
    SITE_WRITE(site, story_save(desk, &ready, &id, err), ST_NOT_FOUND);
    tag_id none = {12345};
    struct story_draft d = {.title = S("a"), .tags = &none, .tags_count = 1};
    EXPECT_ST(story_prepare(arena, &d, &ready, &err), ST_OK, &err);
    SITE_WRITE(site, story_save(desk, &ready, &id, err), ST_NOT_FOUND);
}

static void test_slugs(struct site *site)
{
    const struct {
        str given, title, slug;
    } cases[] = {
        {S(""), S("???"), S("story")},
        {S(""), S("RSS"), S("rss-2")},
        {S("Old-Name_1"), S("x"), S("old-name_1")},
        {S("привет"), S("x"), S("привет")},
        {S("a/b c"), S("x"), S("a-b-c")},
        {S("rss"), S("x"), S("rss-2-2")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        story_id id =
            site_save(site, &(struct story_draft){.title = cases[i].title, .slug = cases[i].given});
        EXPECT_STR(site_story(site, id)->slug, cases[i].slug);
    }
    /* Many of one name end in something random rather than in a long search. */
    for (int i = 0; i < 60; i++)
        (void)site_save(site, &(struct story_draft){.title = S("Untitled")});
}

/* As the watch thread does it. */
static size_t publish_due(struct site *site)
{
    struct error err_due = ERROR_INIT;
    struct schedule_due *due;
    size_t count;
    struct schedule_done done = {.published = 9};
    EXPECT_ST(schedule_due(site->conn, site->now, site->arena, &due, &count, &err_due), ST_OK,
              &err_due);
    SITE_WRITE(site, schedule_publish(desk, due, count, &done, err), ST_OK);
    return done.published;
}

static void test_states(struct site *site)
{
    tag_id tag = site_tag(site, S("Courts"));
    byline_id by = site_byline(site, S("Ben Abbott"));
    struct story_draft d = {.title = S("A case opens"),
                            .text = S("<p>One.</p>"),
                            .tags = &tag,
                            .tags_count = 1,
                            .bylines = &by,
                            .bylines_count = 1};
    d.id = site_save(site, &d);
    story_id id = d.id;
    site->now += TIME_HOUR;
    SITE_WRITE(site, story_schedule(desk, id, desk->now, err), ST_INVALID);
    SITE_WRITE(site, story_schedule(desk, id, desk->now + TIME_HOUR, err), ST_OK);
    EXPECT_INT(publish_due(site), 0);
    time_us at = site->now + TIME_HOUR;
    site->now += 2 * TIME_HOUR; /* the program was down meanwhile */
    EXPECT_INT(publish_due(site), 1);
    EXPECT(site_raised(site, S("absent:a-case-opens")));
    EXPECT(site_raised(site, S("list:posts")));
    EXPECT(site_raised(site, S("list:latest")));
    EXPECT(site_raised(site, str_format(site->arena, "list:tag:%d", (int)tag.v)));
    EXPECT(site_raised(site, str_format(site->arena, "list:author:%d", (int)by.v)));
    const struct story *s = site_story(site, id);
    EXPECT(s->state == STORY_PUBLISHED && s->was_published);
    EXPECT_INT(s->published_at, at);
    EXPECT_INT(s->tags[0]->story_count, 1);
    SITE_WRITE(site, story_publish(desk, id, desk->now, err), ST_OK); /* already */
    EXPECT_INT(site->raised_count, 0);

    SITE_WRITE(site, story_delete(desk, id, err), ST_CONFLICT);
    SITE_WRITE(site, story_unpublish(desk, id, err), ST_OK);
    EXPECT(site_raised(site, S("list:latest")));
    EXPECT_INT(site_story(site, id)->tags[0]->story_count, 0);
    site_expect_consistent(site);
    SITE_WRITE(site, story_publish(desk, id, desk->now, err), ST_OK);
    EXPECT_INT(site_story(site, id)->published_at, at); /* keeps its first time */
    SITE_WRITE(site, story_trash(desk, id, err), ST_OK);
    SITE_WRITE(site, story_publish(desk, id, desk->now, err), ST_CONFLICT);
    SITE_WRITE(site, story_restore(desk, id, err), ST_OK);
    SITE_WRITE(site, story_trash(desk, id, err), ST_OK);
    site_expect_consistent(site);
    SITE_WRITE(site, story_delete(desk, id, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM story_text t LEFT JOIN story s"
                                     " ON s.id = t.story WHERE s.id IS NULL")),
               0);
    site_expect_consistent(site);
}

static void test_edit(struct site *site)
{
    tag_id one = site_tag(site, S("One")), two = site_tag(site, S("Two"));
    struct story_draft d = {.title = S("First words"),
                            .text = S("<p>First body.</p>"),
                            .standfirst = S("Said shortly."),
                            .tags = &one,
                            .tags_count = 1,
                            .state = STORY_PUBLISHED};
    d.id = site_save(site, &d);
    EXPECT(site_raised(site, S("absent:first-words")));
    EXPECT_INT(site_story(site, d.id)->published_at, site->now);
    site_expect_consistent(site);

    /* The body alone: the story's page, no list. */
    d.text = S("<p>Second body.</p>");
    (void)site_save(site, &d);
    EXPECT(site_raised(site, change_story_name(site->arena, d.id)));
    EXPECT(!site_raised(site, S("list:posts")) || site->raised_count == 0);
    EXPECT(!site_raised(site, S("list:latest")));
    struct error err = ERROR_INIT;
    struct story_version *versions;
    size_t count;
    EXPECT_ST(story_versions(site->conn, d.id, 0, 10, site->arena, &versions, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 1);
    struct story_version old;
    str standfirst, source;
    html body;
    enum story_format format;
    EXPECT_ST(story_version_get(site->conn, d.id, versions[0].version, site->arena, &old,
                                &standfirst, &body, &source, &format, &err),
              ST_OK, &err);
    EXPECT_STR(body.raw, S("<p>First body.</p>"));
    EXPECT_STR(standfirst, S("Said shortly."));

    /* Saved again as it is: nothing new is kept. */
    (void)site_save(site, &d);
    EXPECT_ST(story_versions(site->conn, d.id, 0, 10, site->arena, &versions, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 1);

    /* Other tags, another address. */
    d.tags = &two;
    d.slug = S("better-words");
    (void)site_save(site, &d);
    EXPECT(site_raised(site, change_list_name(site->arena, LIST_TAG, one.v)));
    EXPECT(site_raised(site, change_list_name(site->arena, LIST_TAG, two.v)));
    EXPECT(site_raised(site, S("list:latest")));
    EXPECT(site_raised(site, S("absent:better-words")));
    EXPECT(site_raised(site, S("absent:first-words"))); /* it answers 301 from now on */
    const struct story *s = site_story(site, d.id);
    EXPECT_STR(s->slug, S("better-words"));
    EXPECT_STR(s->tags[0]->name, S("Two"));
    EXPECT_INT(s->tags[0]->story_count, 1);
    struct redirect r;
    EXPECT_ST(redirect_find(site->conn, S("/first-words/"), site->arena, &r, &err), ST_OK, &err);
    EXPECT_STR(r.slug, S("better-words"));
    EXPECT(r.published);
    site_expect_consistent(site);

    /* Another time: it moves in every list. */
    d.published_at = site->now - 400 * TIME_DAY;
    d.revised = true;
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->revised_at, site->now);
    site_expect_consistent(site);

    /* Somebody else saved meanwhile. */
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct story_prepared ready;
    d.version = 1;
    EXPECT_ST(story_prepare(arena, &d, &ready, &err), ST_OK, &err);
    story_id id;
    SITE_WRITE(site, story_save(desk, &ready, &id, err), ST_CONFLICT);
}

static void test_corrections(struct site *site)
{
    const struct story_correction corrections[] = {
        {SITE_START + 2, {S("Later, <b>bold</b><script>no</script>.")}},
        {SITE_START + 1, {S("Earlier.")}}};
    struct story_draft d = {.title = S("Mended"),
                            .text = S("# Head\n\nWords *here*."),
                            .format = STORY_MARKDOWN,
                            .corrections = corrections,
                            .corrections_count = 2};
    d.id = site_save(site, &d);
    const struct story *s = site_story(site, d.id);
    EXPECT_INT(s->corrections_count, 2);
    EXPECT_STR(s->corrections[0].text.raw, S("Earlier."));
    EXPECT(!str_contains(s->corrections[1].text.raw, S("script")));
    EXPECT_STR(s->source_text, d.text);
    EXPECT(s->format == STORY_MARKDOWN);
    EXPECT(str_contains(s->body.raw, S("<em>here</em>")));
    d.corrections_count = 1;
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->corrections_count, 1);
}

static void test_neighbours(struct site *site)
{
    story_id ids[3];
    for (int i = 0; i < 3; i++)
        ids[i] = site_save(site, &(struct story_draft){.title = S("In a row"),
                                                       .state = STORY_PUBLISHED,
                                                       .published_at = SITE_START + TIME_DAY * 900 +
                                                                       i * TIME_HOUR});
    struct error err = ERROR_INIT;
    struct story *previous, *next;
    EXPECT_ST(
        story_neighbours(site->conn, site_story(site, ids[1]), site->arena, &previous, &next, &err),
        ST_OK, &err);
    EXPECT_INT(previous->id.v, ids[0].v);
    EXPECT_INT(next->id.v, ids[2].v);
    EXPECT_ST(
        story_neighbours(site->conn, site_story(site, ids[2]), site->arena, &previous, &next, &err),
        ST_OK, &err);
    EXPECT(next == NULL);
    time_us first = 0;
    EXPECT_ST(story_first_published(site->conn, &first, &err), ST_OK, &err);
    EXPECT(first > 0 && first < SITE_START);
}

/* ---- a write that fails at its Nth call leaves nothing ---- */

static int64_t rows_in_all(struct site *site)
{
    return site_number(
        site,
        SQL("SELECT (SELECT COUNT(*) FROM story) * 1000000 + (SELECT COUNT(*) FROM story_body)"
            " * 100000 + (SELECT COUNT(*) FROM story_text) * 10000 + (SELECT COUNT(*) FROM"
            " story_tag) * 1000 + (SELECT COUNT(*) FROM story_version) * 100 + (SELECT"
            " COUNT(*) FROM list_count) * 10 + (SELECT COUNT(*) FROM job) + (SELECT COUNT(*)"
            " FROM redirect) + (SELECT COALESCE(SUM(story_count), 0) FROM tag)"
            " + (SELECT COALESCE(SUM(version), 0) FROM story)"));
}

/* Makes call after call of one save fail, until one save meets no failure. */
static int fail_save(struct site *site, const struct story_draft *draft)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    struct story_prepared ready;
    EXPECT_ST(story_prepare(arena, draft, &ready, &err), ST_OK, &err);
    int failures = 0;
    for (int n = 0; n < 1000; n++) {
        int64_t before = rows_in_all(site);
        struct newsroom *desk = site_begin(site);
        site->calls_left = n;
        story_id id = {0};
        err = ERROR_INIT;
        enum status st = story_save(desk, &ready, &id, &err);
        site->calls_left = -1;
        st = site_end(site, st, &err);
        if (st == ST_OK)
            break;
        failures++;
        EXPECT(st == ST_IO);
        EXPECT_INT(rows_in_all(site), before);
    }
    site_expect_consistent(site);
    return failures;
}

static void test_failures(struct site *site)
{
    tag_id tag = site_tag(site, S("Fragile")), other = site_tag(site, S("Sturdy"));
    struct story_draft d = {.title = S("Held together"),
                            .text = S("<p>Once.</p>"),
                            .tags = &tag,
                            .tags_count = 1,
                            .state = STORY_PUBLISHED};
    EXPECT(fail_save(site, &d) > 15);
    struct error err = ERROR_INIT;
    struct story *s;
    EXPECT_ST(story_by_slug(site->conn, S("held-together"), site->arena, &s, &err), ST_OK, &err);
    d.id = s->id;
    d.text = S("<p>Twice.</p>");
    d.slug = S("held-again");
    d.tags = &other;
    EXPECT(fail_save(site, &d) > 25);
    int failures = 0;
    for (int n = 0; n < 1000; n++, failures++) {
        int64_t before = rows_in_all(site);
        struct newsroom *desk = site_begin(site);
        site->calls_left = n;
        enum status st = story_unpublish(desk, d.id, &err);
        site->calls_left = -1;
        if (site_end(site, st, &err) == ST_OK)
            break;
        EXPECT_INT(rows_in_all(site), before);
        EXPECT(site_story(site, d.id)->state == STORY_PUBLISHED);
    }
    EXPECT(failures > 8);
    site_expect_consistent(site);
}

static void test_import_map(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t ours = 0;
    SITE_WRITE(site, import_map_put(desk, S("http://a"), S("story"), S("7"), 70, err), ST_OK);
    SITE_WRITE(site, import_map_put(desk, S("http://a"), S("story"), S("7"), 71, err), ST_OK);
    EXPECT_ST(import_map_find(site->conn, S("http://a"), S("story"), S("7"), &ours, &err), ST_OK,
              &err);
    EXPECT_INT(ours, 71);
    EXPECT_ST(import_map_find(site->conn, S("http://b"), S("story"), S("7"), &ours, &err),
              ST_NOT_FOUND, &err);
    SITE_WRITE(site, import_map_forget(desk, S("http://a"), S("story"), S("7"), err), ST_OK);
    SITE_WRITE(site, import_map_forget(desk, S("http://a"), S("story"), S("7"), err), ST_OK);
    EXPECT_ST(import_map_find(site->conn, S("http://a"), S("story"), S("7"), &ours, &err),
              ST_NOT_FOUND, &err);
}

/* Pages that print the sections hear of one that gets its first story or loses its last. */
static void test_sections(struct site *site)
{
    tag_id tag;
    struct tag_draft draft = {.name = S("Fisheries"), .section = true};
    SITE_WRITE(site, tag_find_or_add(desk, &draft, &tag, err), ST_OK);
    story_id ids[2];
    for (int i = 0; i < 2; i++)
        ids[i] = site_save(site,
                           &(struct story_draft){.title = S("Cod"), .tags = &tag, .tags_count = 1});
    SITE_WRITE(site, story_publish(desk, ids[0], desk->now, err), ST_OK);
    EXPECT(site_raised(site, S("list:sections")));
    SITE_WRITE(site, story_publish(desk, ids[1], desk->now, err), ST_OK);
    EXPECT(!site_raised(site, S("list:sections")));
    SITE_WRITE(site, story_unpublish(desk, ids[0], err), ST_OK);
    EXPECT(!site_raised(site, S("list:sections")));
    SITE_WRITE(site, story_unpublish(desk, ids[1], err), ST_OK);
    EXPECT(site_raised(site, S("list:sections")));
}

/* The pages before and after a story in time print its headline. */
static void test_beside(struct site *site)
{
    story_id ids[3];
    for (int i = 0; i < 3; i++)
        ids[i] = site_save(site, &(struct story_draft){.title = S("Beside"),
                                                       .published_at = site->now + i * TIME_HOUR});
    SITE_WRITE(site, story_publish(desk, ids[0], desk->now, err), ST_OK);
    SITE_WRITE(site, story_publish(desk, ids[2], desk->now, err), ST_OK);
    SITE_WRITE(site, story_publish(desk, ids[1], desk->now, err), ST_OK);
    EXPECT(site_raised(site, change_story_name(site->arena, ids[0])));
    EXPECT(site_raised(site, change_story_name(site->arena, ids[2])));
    SITE_WRITE(site, story_unpublish(desk, ids[1], err), ST_OK);
    EXPECT(site_raised(site, change_story_name(site->arena, ids[0])));
    EXPECT(site_raised(site, change_story_name(site->arena, ids[2])));
}

int main(void)
{
    struct site site;
    site_open(&site);
    test_new(&site);
    test_invalid(&site);
    test_slugs(&site);
    test_states(&site);
    test_edit(&site);
    test_corrections(&site);
    test_neighbours(&site);
    test_failures(&site);
    test_import_map(&site);
    test_beside(&site);
    test_sections(&site);
    site_close(&site);
    return test_done();
}
