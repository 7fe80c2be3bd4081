/* SPDX-License-Identifier: MIT
 *
 * Lists by keyset and by page number, totals, and the loaders' number of statements. */
#include "tests/unit/news/fixture.h"

enum { STORIES = 400, TAGS = 3 };

static story_id ids[STORIES];
static tag_id tags[TAGS];
static byline_id by;

/* Times that crowd, spread, meet, and lie before 1970. */
static time_us time_of(int i)
{
    if (i < 100)
        return SITE_START - i * TIME_HOUR;
    if (i < 200)
        return SITE_START - i * 9 * TIME_DAY;
    if (i < 250)
        return SITE_START - 5 * TIME_DAY; /* all at one moment */
    return -(i - 200) * TIME_DAY * 13;
}

static void fill(struct site *site)
{
    for (int t = 0; t < TAGS; t++)
        tags[t] = site_tag(site, str_format(site->arena, "Tag %d", t));
    by = site_byline(site, S("Olga Petrov"));
    for (int i = 0; i < STORIES; i++) {
        tag_id mine[TAGS];
        size_t count = 0;
        for (int t = 0; t < TAGS; t++) {
            if (i % (t * 3 + 1) == 0)
                mine[count++] = tags[t];
        }
        int shuffled = i * 7 % STORIES;
        ids[i] =
            site_save(site, &(struct story_draft){.title = str_format(site->arena, "Story %d", i),
                                                  .text = S("<p>Text.</p>"),
                                                  .tags = mine,
                                                  .tags_count = count,
                                                  .bylines = &by,
                                                  .bylines_count = i % 5 == 0,
                                                  .featured = i % 11 == 0,
                                                  .state = STORY_PUBLISHED,
                                                  .published_at = time_of(shuffled)});
    }
    (void)site_save(site,
                    &(struct story_draft){.title = S("A draft"), .tags = tags, .tags_count = 1});
    (void)site_save(site, &(struct story_draft){.title = S("About"),
                                                .kind = STORY_PAGE,
                                                .tags = tags,
                                                .tags_count = 1,
                                                .state = STORY_PUBLISHED});
}

/* The whole list, page by page; checks that it is in order. */
static size_t walk(struct site *site, struct story_query query, struct story_key *keys)
{
    struct error err = ERROR_INIT;
    size_t count = 0;
    for (;;) {
        struct story_list list;
        EXPECT_ST(story_list_get(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
        for (size_t i = 0; i < list.count; i++) {
            keys[count] = story_key(list.rows[i]);
            if (count > 0) {
                struct story_key a = keys[count - 1], b = keys[count];
                bool newer = a.at > b.at || (a.at == b.at && a.id > b.id);
                EXPECT(newer != query.oldest_first);
            }
            count++;
        }
        EXPECT(list.more == (list.count > 0 && list.count == query.limit && list.more));
        if (!list.more)
            return count;
        query.before = keys[count - 1];
    }
}

static void test_walks(struct site *site)
{
    static struct story_key all[STORIES + 1], other[STORIES + 1];
    EXPECT_INT(walk(site, (struct story_query){.limit = 7}, all), STORIES);
    EXPECT_INT(walk(site, (struct story_query){.limit = 7, .oldest_first = true}, other), STORIES);
    for (int i = 0; i < STORIES; i++)
        EXPECT_INT(all[i].id, other[STORIES - 1 - i].id);
    for (int t = 0; t < TAGS; t++) {
        size_t want = (size_t)((STORIES - 1) / (t * 3 + 1) + 1);
        struct story_query q = {.list = LIST_TAG, .of = tags[t].v, .limit = 9};
        EXPECT_INT(walk(site, q, other), want);
        q.oldest_first = true;
        EXPECT_INT(walk(site, q, other), want);
    }
    EXPECT_INT(walk(site, (struct story_query){.list = LIST_BYLINE, .of = by.v, .limit = 9}, other),
               STORIES / 5);
    EXPECT_INT(walk(site, (struct story_query){.featured_only = true, .limit = 4}, other),
               (STORIES - 1) / 11 + 1);
    /* Bounds hold both ways. */
    time_us from = SITE_START - 50 * TIME_HOUR, until = SITE_START - 10 * TIME_HOUR;
    size_t inside = 0;
    for (int i = 0; i < STORIES; i++)
        inside += time_of(i) >= from && time_of(i) < until;
    EXPECT_INT(walk(site, (struct story_query){.from = from, .until = until, .limit = 6}, other),
               inside);
    EXPECT_INT(
        walk(site,
             (struct story_query){.from = from, .until = until, .limit = 6, .oldest_first = true},
             other),
        inside);
    EXPECT_INT(walk(site, (struct story_query){.until = -TIME_DAY, .limit = 6}, other), 150);
}

/* Every page by number equals the same page of the walk. */
static void test_pages(struct site *site, struct story_query query)
{
    static struct story_key keys[STORIES + 1];
    struct error err = ERROR_INIT;
    int64_t count = (int64_t)walk(site, query, keys), limit = (int64_t)query.limit;
    struct story_page page;
    for (int64_t n = 1; n <= (count - 1) / limit + 1; n++) {
        EXPECT_ST(story_list_page(site->conn, &query, n, &page, &err), ST_OK, &err);
        EXPECT_INT(page.total, count);
        EXPECT_INT(page.pages, (count - 1) / limit + 1);
        struct story_key want = n == 1 ? (struct story_key){0, 0} : keys[(n - 1) * limit - 1];
        EXPECT_INT(page.before.id, want.id);
        EXPECT_INT(page.before.at, want.at);
    }
    EXPECT_ST(story_list_page(site->conn, &query, page.pages + 1, &page, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(story_list_page(site->conn, &query, 0, &page, &err), ST_NOT_FOUND, &err);
}

static void test_totals(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t total = -1;
    for (int m = 1; m <= 24; m++) {
        struct civil a = {.year = 2024, .month = m, .day = 1}, b = a;
        b.month++;
        time_us from = time_from_civil(&a), until = time_from_civil(&b);
        int64_t want = 0;
        for (int i = 0; i < STORIES; i++)
            want += time_of(i) >= from && time_of(i) < until;
        EXPECT_ST(story_list_total(site->conn, LIST_ALL, 0, from, until, &total, &err), ST_OK,
                  &err);
        EXPECT_INT(total, want);
        if (want > 0)
            test_pages(site, (struct story_query){.from = from, .until = until, .limit = 2});
    }
    struct story_page page;
    EXPECT_ST(story_list_page(site->conn, &(struct story_query){.list = LIST_TAG, .of = 999}, 1,
                              &page, &err),
              ST_OK, &err);
    EXPECT_INT(page.pages, 1);
    EXPECT_INT(page.total, 0);
}

static int64_t statements_for(struct site *site, size_t limit)
{
    struct error err = ERROR_INIT;
    int64_t before = store_conn_statements(site->conn);
    struct story_list list;
    EXPECT_ST(
        story_list_get(site->conn, &(struct story_query){.limit = limit}, site->arena, &list, &err),
        ST_OK, &err);
    EXPECT_INT(list.count, limit);
    EXPECT_ST(story_load_terms(site->conn, list.rows, list.count, site->arena, &err), ST_OK, &err);
    EXPECT_ST(story_load_terms(site->conn, list.rows, list.count, site->arena, &err), ST_OK, &err);
    EXPECT_ST(story_load_body(site->conn, list.rows, list.count, site->arena, &err), ST_OK, &err);
    EXPECT_ST(story_load_plain(site->conn, list.rows, list.count, site->arena, &err), ST_OK, &err);
    for (size_t i = 0; i < list.count; i++) {
        const struct story *alone = site_story(site, list.rows[i]->id);
        EXPECT_INT(list.rows[i]->tags_count, alone->tags_count);
        for (size_t t = 0; t < alone->tags_count; t++)
            EXPECT_INT(list.rows[i]->tags[t]->id.v, alone->tags[t]->id.v);
        EXPECT_INT(list.rows[i]->bylines_count, alone->bylines_count);
        EXPECT_STR(list.rows[i]->body.raw, alone->body.raw);
    }
    return store_conn_statements(site->conn) - before - 4 * (int64_t)list.count;
}

static void test_units(struct site *site)
{
    EXPECT_INT(statements_for(site, 10), 4);
    EXPECT_INT(statements_for(site, 100), 4);
    struct error err = ERROR_INIT;
    struct story_list list;
    const int64_t wanted[] = {ids[3].v, 99999, ids[1].v, ids[2].v};
    EXPECT_ST(story_list_by_ids(site->conn, wanted, 4, site->arena, &list, &err), ST_OK, &err);
    EXPECT_INT(list.count, 3);
    EXPECT_INT(list.rows[0]->id.v, ids[3].v);
    EXPECT_INT(list.rows[2]->id.v, ids[2].v);
    /* A row that stands twice is loaded once and filled twice. */
    struct story *twice[] = {list.rows[0], list.rows[1], list.rows[0]};
    struct story copy = *list.rows[0];
    twice[2] = &copy;
    EXPECT_ST(story_load_terms(site->conn, twice, 3, site->arena, &err), ST_OK, &err);
    EXPECT_INT(copy.tags_count, list.rows[0]->tags_count);
    EXPECT_ST(story_list_pages(site->conn, S(""), 0, 10, site->arena, &list, &err), ST_OK, &err);
    EXPECT_INT(list.count, 1);
    EXPECT_ST(story_list_desk(site->conn, STORY_DRAFT, (struct story_key){0, 0}, 10, site->arena,
                              &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, 1);
    struct story_key after = {0, 0};
    size_t seen = 0;
    do {
        EXPECT_ST(story_list_changed(site->conn, after, 33, site->arena, &list, &err), ST_OK, &err);
        seen += list.count;
        after = (struct story_key){list.rows[list.count - 1]->updated_at,
                                   list.rows[list.count - 1]->id.v};
    } while (list.more);
    EXPECT_INT(seen, STORIES + 1);
}

/* Several tags' newest at once are what each tag's own list begins with. */
static void test_sections(struct site *site)
{
    struct error err = ERROR_INIT;
    struct story_list *sections, list;
    int64_t before = store_conn_statements(site->conn);
    EXPECT_ST(story_list_by_tags(site->conn, tags, TAGS, 5, site->arena, &sections, &err), ST_OK,
              &err);
    EXPECT_INT(store_conn_statements(site->conn) - before, 1);
    for (size_t t = 0; t < TAGS; t++) {
        struct story_query query = {.list = LIST_TAG, .of = tags[t].v, .limit = 5};
        EXPECT_ST(story_list_get(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
        EXPECT_INT(sections[t].count, list.count);
        for (size_t i = 0; i < list.count; i++)
            EXPECT_INT(sections[t].rows[i]->id.v, list.rows[i]->id.v);
    }
    EXPECT_ST(story_list_by_tags(site->conn, NULL, 0, 5, site->arena, &sections, &err), ST_OK,
              &err);
}

static void test_leaving(struct site *site)
{
    for (int i = 0; i < STORIES; i += 3)
        SITE_WRITE(site, story_unpublish(desk, ids[i], err), ST_OK);
    site_expect_consistent(site);
    test_pages(site, (struct story_query){.limit = 10});
    test_pages(site, (struct story_query){.list = LIST_TAG, .of = tags[1].v, .limit = 10});
    SITE_WRITE(site, tag_delete(desk, tags[0], err), ST_OK);
    site_expect_consistent(site);
}

int main(void)
{
    struct site site;
    site_open(&site);
    fill(&site);
    site_expect_consistent(&site);
    test_walks(&site);
    test_pages(&site, (struct story_query){.limit = 10});
    test_pages(&site, (struct story_query){.limit = 1});
    for (int t = 0; t < TAGS; t++)
        test_pages(&site, (struct story_query){.list = LIST_TAG, .of = tags[t].v, .limit = 7});
    test_pages(&site, (struct story_query){.list = LIST_BYLINE, .of = by.v, .limit = 7});
    test_totals(&site);
    test_units(&site);
    test_sections(&site);
    test_leaving(&site);
    site_close(&site);
    return test_done();
}
