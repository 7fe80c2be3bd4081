/* SPDX-License-Identifier: MIT
 *
 * Search: the language of queries, ranking, filters, bounds and snippets. */
#include "base/buf.h"
#include "discover/search.h"
#include "news/term_words.h"
#include "tests/unit/news/fixture.h"

static const struct {
    const char *title, *text, *tag, *by;
    int year;
} stories[] = {
    {"Storm breaks the sea wall", "Waves broke the flood wall at dawn. The strike goes on.", "News",
     "Ana Bo", 2024},
    {"Ferry crews strike", "Crews of the ferry voted. The sea was calm; a wall of noise met them.",
     "Transport", "Ana Bo", 2025},
    {"Café reopens", "The café serves naïve painters. Ferries are running.", "Food", "Cy Dean",
     2026},
    {"<script>alert(1)</script>", "A \"quoted\" <b>story</b> of tags & marks.", "News", "Cy Dean",
     2026},
};
enum { COUNT = sizeof(stories) / sizeof(stories[0]) };

static struct search_found run(struct site *site, const char *text)
{
    struct error err = ERROR_INIT;
    struct search_found found;
    const struct search_query q = {.text = str_from_c(text),
                                   .language = S("en"),
                                   .limit = 10,
                                   .now = site->now,
                                   .snippets = true};
    EXPECT_ST(search_run(site->conn, &q, site->arena, &found, &err), ST_OK, &err);
    return found;
}

/* Which stories a query gives, as letters: "ab" are the first two, best first; sorted when it
 * begins with '='. */
static void check(struct site *site, const char *query, const char *want)
{
    struct search_found found = run(site, query);
    bool sorted = want[0] == '=';
    char got[COUNT + 2] = {0};
    size_t n = 0;
    for (size_t i = 0; i < found.count && n <= COUNT; i++) {
        for (size_t k = 0; k < COUNT; k++) {
            if (str_eq(found.hits[i].story->title, str_from_c(stories[k].title)))
                got[n++] = (char)('a' + k);
        }
    }
    for (size_t i = 1; sorted && i < n; i++) {
        for (size_t k = i; k > 0 && got[k - 1] > got[k]; k--) {
            char swapped = got[k];
            got[k] = got[k - 1];
            got[k - 1] = swapped;
        }
    }
    EXPECT_STR(str_from_c(got), str_from_c(want + sorted));
    if (!str_eq(str_from_c(got), str_from_c(want + sorted)))
        printf("    for %s\n", query);
}

static void test_queries(struct site *site)
{
    static const struct {
        const char *query, *want;
    } cases[] = {
        {"strike", "ba"}, /* in the headline before the body */
        {"STRIKES", "ba"},
        {"sea wall", "ab"},
        {"\"sea wall\"", "a"},
        {"\"flood wall\"", "a"},
        {"wall -flood", "b"},
        {"wall -\"flood wall\"", "b"},
        {"-wall", ""},
        {"ferry", "=bc"},
        {"cafe", "c"},
        {"café naive", "c"},
        {"tag:news", "=ad"},
        {"tag:news wall", "a"},
        {"wall -tag:news", "b"},
        {"author:ana-bo", "=ab"},
        {"author:ana-bo tag:transport", "b"},
        {"author:nobody wall", ""},
        {"wall before:2024", "a"},
        {"wall after:2025", "b"},
        {"wall after:2024-13", ""}, /* no date: words */
        {"after:2025-01-01 before:2025-12-31", "b"},
        {"after:2026", "=cd"},
        {"-after:2026 wall", "=ab"},
        {"the", ""},
        {"", ""},
        {"   ", ""},
        {"\"", ""},
        {"wall \"", "=ab"},
        {"AND OR NOT", ""},
        {"wall NEAR(x)", ""},
        {"wall*", "=ab"},
        {"title:wall", ""},
        {"quoted", "d"},
        {"ana", "=ab"}, /* bylines are searched */
        {"transport", "b"},
        {"\x1f"
         "de"
         "\x1fwall",
         ""},
        {"\xff\xfewall", "=ab"},
        {"))((\"'; DROP TABLE story --", ""},
        {"draftword", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(site, cases[i].query, cases[i].want);
    EXPECT(run(site, "the").empty);
    EXPECT(!run(site, "wall").empty);
}

static void test_snippets(struct site *site)
{
    struct search_found found = run(site, "wall");
    EXPECT(str_contains(found.hits[0].snippet.raw, S("<mark>wall</mark>")));
    found = run(site, "quoted story");
    EXPECT(str_contains(found.hits[0].snippet.raw, S("&quot;<mark>quoted</mark>&quot;")));
    EXPECT(!str_contains(found.hits[0].snippet.raw, S("<b>")));

    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct buf b;
    buf_init(&b, arena, 100000);
    for (int i = 0; i < 500; i++)
        buf_add(&b, S("filler words, "));
    buf_add(&b, S("then the otter swam past the weir\nand "));
    for (int i = 0; i < 500; i++)
        buf_add(&b, S("more of it, "));
    html h = search_snippet(arena, buf_view(&b), S("otters weir"), S("en"), 120);
    EXPECT(str_contains(h.raw, S("<mark>otter</mark> swam past the <mark>weir</mark> and")));
    EXPECT(str_starts(h.raw, S("… ")));
    EXPECT(str_ends(h.raw, S(" …")));
    EXPECT(h.raw.len < 220);
    h = search_snippet(arena, S("Nothing of it here."), S("otters"), S("en"), 120);
    EXPECT_STR(h.raw, S("Nothing of it here."));
    h = search_snippet(arena, S(""), S("otters"), S("en"), 120);
    EXPECT_STR(h.raw, S(""));
    h = search_snippet(arena, S("东京都的水獭在河里"), S("水獭"), S("zh"), 120);
    EXPECT(str_contains(h.raw, S("<mark>")));
}

static void test_paging(struct site *site)
{
    for (int i = 0; i < 30; i++)
        (void)site_save(site, &(struct story_draft){.title = str_format(site->arena, "Heron %d", i),
                                                    .text = S("<p>A heron stood.</p>"),
                                                    .state = i == 7 ? STORY_DRAFT : STORY_PUBLISHED,
                                                    .published_at = SITE_START - i * TIME_DAY});
    struct error err = ERROR_INIT;
    struct search_query q = {
        .text = S("heron"), .language = S("en"), .limit = 12, .now = site->now};
    size_t seen = 0;
    int64_t last = 0;
    struct search_found found;
    do {
        EXPECT_ST(search_run(site->conn, &q, site->arena, &found, &err), ST_OK, &err);
        for (size_t i = 0; i < found.count; i++) {
            EXPECT(found.hits[i].story->id.v != last);
            EXPECT_INT(found.hits[i].snippet.raw.len, 0);
            last = found.hits[i].story->id.v;
        }
        seen += found.count;
        q.skip += found.count;
    } while (found.more);
    EXPECT_INT(seen, 29);
    q.skip = SEARCH_PLACES_MAX + 5;
    EXPECT_ST(search_run(site->conn, &q, site->arena, &found, &err), ST_OK, &err);
    EXPECT_INT(found.count, 0);
}

/* Saved first and indexed together: found then, and an edit takes the old words out again. */
static void test_index_later(struct site *site)
{
    story_id ids[2];
    for (int i = 0; i < 2; i++)
        ids[i] = site_save(site, &(struct story_draft){.title = S("Marzipan lighthouse"),
                                                       .state = STORY_PUBLISHED,
                                                       .published_at = SITE_START,
                                                       .index_later = true});
    EXPECT_INT(run(site, "marzipan").count, 0);
    SITE_WRITE(site, story_index(desk, ids, 2, err), ST_OK);
    EXPECT_INT(run(site, "marzipan").count, 2);
    (void)site_save(site, &(struct story_draft){.id = ids[0], .title = S("Lighthouse")});
    EXPECT_INT(run(site, "marzipan").count, 1);
    SITE_WRITE(site, story_index(desk, NULL, 0, err), ST_OK);
}

static int steps(struct site *site)
{
    bool more = true, due = false;
    int n = 0;
    struct error err = ERROR_INIT;
    while (more && n++ < 100)
        SITE_WRITE(site, term_words_step(desk, &more, err), ST_OK);
    EXPECT_ST(term_words_due(site->conn, site->now, &due, &err), ST_OK, &err);
    EXPECT(!due);
    return n;
}

static void rename_tag(struct site *site, tag_id id, const char *name)
{
    tag_id same;
    struct tag_draft draft = {.id = id, .name = str_from_c(name)};
    SITE_WRITE(site, tag_save(desk, &draft, &same, err), ST_OK);
}

/* A tag's or byline's stories are found by its new name and no longer by the old, however many they
 * are, listed or not; and what else is in the index stays. */
static void test_renames(struct site *site)
{
    enum { MANY = TERM_WORDS_A_STEP * 2 + 6 };
    tag_id tag = site_tag(site, S("Zeppelins"));
    byline_id by = site_byline(site, S("Quirin Old"));
    for (int i = 0; i < MANY; i++)
        (void)site_save(site,
                        &(struct story_draft){.title = str_format(site->arena, "Airship %d", i),
                                              .text = S("<p>Gasbags.</p>"),
                                              .tags = &tag,
                                              .tags_count = 1,
                                              .bylines = &by,
                                              .bylines_count = 1,
                                              .state = i % 2 == 0 ? STORY_PUBLISHED : STORY_DRAFT,
                                              .published_at = SITE_START - i * TIME_HOUR});
    EXPECT_INT(run(site, "zeppelins").total, MANY);
    rename_tag(site, tag, "Dirigibles");
    SITE_WRITE(site, term_words_step(desk, &(bool){false}, err), ST_OK); /* and again meanwhile: */
    rename_tag(site, tag, "Blimps");
    EXPECT(steps(site) >= MANY / TERM_WORDS_A_STEP);
    EXPECT_INT(run(site, "zeppelins").total, 0);
    EXPECT_INT(run(site, "dirigibles").total, 0);
    EXPECT_INT(run(site, "blimps").total, MANY);
    EXPECT_INT(run(site, "gasbags").total, MANY);
    byline_id same;
    struct byline_draft draft = {.id = by, .name = S("Quirin New")};
    SITE_WRITE(site, byline_save(desk, &draft, &same, err), ST_OK);
    (void)steps(site);
    EXPECT_INT(run(site, "\"quirin old\"").total, 0);
    EXPECT_INT(run(site, "\"quirin new\"").total, MANY);
    rename_tag(site, tag, "Blimps"); /* no other name: nothing to do */
    EXPECT_INT(steps(site), 1);
    struct story *draft_story;
    struct error err = ERROR_INIT;
    EXPECT_ST(story_by_slug(site->conn, S("airship-1"), site->arena, &draft_story, &err), ST_OK,
              &err);
    SITE_WRITE(site, story_publish(desk, draft_story->id, desk->now, err), ST_OK);
    EXPECT_INT(run(site, "blimps").total, MANY);

    /* Gone: not found by it any more, but by all that is left. */
    SITE_WRITE(site, tag_delete(desk, tag, err), ST_OK);
    SITE_WRITE(site, byline_delete(desk, by, err), ST_OK);
    EXPECT(steps(site) > MANY / TERM_WORDS_A_STEP);
    EXPECT_INT(run(site, "blimps").total, 0);
    EXPECT_INT(run(site, "\"quirin new\"").total, 0);
    EXPECT_INT(run(site, "gasbags").total, MANY);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM job WHERE kind LIKE '% words'")), 0);
    site_expect_consistent(site);
}

int main(void)
{
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < COUNT; i++) {
        tag_id tag = site_tag(&site, str_from_c(stories[i].tag));
        byline_id by = site_byline(&site, str_from_c(stories[i].by));
        struct civil c = {.year = stories[i].year, .month = 1, .day = 1};
        struct buf b;
        buf_init(&b, site.arena, 10000);
        buf_add_html(&b, str_from_c(stories[i].text));
        (void)site_save(&site, &(struct story_draft){.title = str_from_c(stories[i].title),
                                                     .text = buf_view(&b),
                                                     .tags = &tag,
                                                     .tags_count = 1,
                                                     .bylines = &by,
                                                     .bylines_count = 1,
                                                     .state = STORY_PUBLISHED,
                                                     .published_at = time_from_civil(&c)});
    }
    (void)site_save(&site, &(struct story_draft){.title = S("Draftword wall")});
    test_queries(&site);
    test_snippets(&site);
    test_paging(&site);
    test_index_later(&site);
    test_renames(&site);
    site_close(&site);
    return test_done();
}
