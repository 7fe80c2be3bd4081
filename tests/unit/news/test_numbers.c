/* SPDX-License-Identifier: MIT
 *
 * Reads added up, what is most read, and where readers came from: kept by the writes that count, bounded, folded. */
#include "news/read_count.h"
#include "news/read_total.h"
#include "news/referrer.h"

#include "tests/unit/news/fixture.h"

enum { STORIES = 6, EAST = 2 * 3600 };

static story_id stories[STORIES];

static int64_t sum(const int64_t *reads, size_t count)
{
    int64_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += reads[i];
    return n;
}

/* ---- totals ---- */

static void test_days(void)
{
    EXPECT_INT(read_day_of(0, 0), 0);
    EXPECT_INT(read_day_of(-1, 0), -1);
    EXPECT_INT(read_day_of(TIME_DAY - 1, 0), 0);
    EXPECT_INT(read_day_of(TIME_DAY - TIME_HOUR, EAST), 1);
    EXPECT_INT(read_day_of(TIME_HOUR, -EAST), -1);
}

static void test_totals(struct site *site)
{
    struct error err = ERROR_INIT;
    const struct read_count reads[] = {
        {stories[0], 5, 0, EAST},
        {stories[1], 2, site->now - TIME_HOUR, EAST}, /* yesterday, but here it is today */
        {stories[2], 9, site->now - 2 * TIME_DAY, EAST},
        {{99999}, 100, 0, EAST},
        {stories[1], 4, site->now - 2 * TIME_DAY, EAST},
        {stories[3], 50, site->now - 40 * TIME_DAY, EAST},
    };
    SITE_WRITE(site, read_count_add(desk, reads, ARRAY_LEN(reads), err), ST_OK);
    int64_t hours[48];
    EXPECT_ST(read_site_hours(site->conn, site->now - 47 * TIME_HOUR, 48, hours, &err), ST_OK,
              &err);
    EXPECT_INT(sum(hours, 48), 7);
    EXPECT_INT(hours[47], 5);
    EXPECT_INT(hours[46], 2);
    EXPECT_ST(read_story_hours(site->conn, stories[1], site->now - 47 * TIME_HOUR, 48, hours, &err),
              ST_OK, &err);
    EXPECT_INT(sum(hours, 48), 2);
    int64_t all = 0;
    EXPECT_ST(read_story_all(site->conn, stories[1], &all, &err), ST_OK, &err);
    EXPECT_INT(all, 6);

    struct read_most *most;
    size_t count = 0;
    int64_t today = read_day_of(site->now, EAST);
    EXPECT_ST(read_most(site->conn, today, today, 10, site->arena, &most, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 2);
    EXPECT_INT(most[0].story.v, stories[0].v);
    /* 23:00 of the day before at Greenwich is 01:00 of today two hours east of it. */
    EXPECT_INT(read_day_of(site->now - TIME_HOUR, EAST), today);
    EXPECT_ST(read_most(site->conn, today - 6, today, 10, site->arena, &most, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 3);
    EXPECT_INT(most[0].story.v, stories[2].v);
    EXPECT_INT(most[1].story.v, stories[1].v);
    EXPECT_INT(most[1].reads, 6);
    EXPECT_STR(most[0].title, S("Story 2"));
    EXPECT_ST(read_most_ever(site->conn, 2, site->arena, &most, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 2);
    EXPECT_INT(most[0].story.v, stories[3].v);

    bool left = true;
    SITE_WRITE(site, read_total_fold(desk, today, 100, &left, err), ST_OK);
    EXPECT(!left);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM read_day")), 4);
    /* What was folded is still in the whole. */
    EXPECT_INT(site_number(site, SQL("SELECT SUM(reads) FROM site_read")), 70);
}

/* Every day's hundred, of many more: the month's best are among them. */
static void test_many(struct site *site)
{
    struct error err = ERROR_INIT;
    for (int i = 0; i < 150; i++) {
        story_id id =
            site_save(site, &(struct story_draft){.title = str_format(site->arena, "Many %d", i),
                                                  .state = STORY_PUBLISHED});
        struct read_count reads[4];
        for (int day = 0; day < 4; day++)
            reads[day] = (struct read_count){id, 1000 + i, site->now - (10 + day) * TIME_DAY, EAST};
        SITE_WRITE(site, read_count_add(desk, reads, 4, err), ST_OK);
    }
    struct read_most *most;
    size_t count = 0;
    int64_t today = read_day_of(site->now, EAST);
    EXPECT_ST(read_most(site->conn, today - 30, today, 20, site->arena, &most, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 20);
    for (size_t i = 0; i < count; i++)
        EXPECT_INT(most[i].reads, 4 * (1149 - i64_from_size(i)));
}

/* ---- where readers came from ---- */

static const struct {
    str host, name;
    enum referrer_kind kind;
} names[] = {
    {STR_INIT("google.com"), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("google.co.uk"), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("images.google.de"), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("news.google.com"), STR_INIT("Google News"), REFERRER_SEARCH},
    {STR_INIT("google.rain.example"), STR_INIT("google.rain.example"), REFERRER_SITE},
    {STR_INIT("notgoogle.com"), STR_INIT("notgoogle.com"), REFERRER_SITE},
    {STR_INIT("l.facebook.com"), STR_INIT("Facebook"), REFERRER_SOCIAL},
    {STR_INIT("facebook.com.rain.example"), STR_INIT("facebook.com.rain.example"), REFERRER_SITE},
    {STR_INIT("t.co"), STR_INIT("X"), REFERRER_SOCIAL},
    {STR_INIT("at.co"), STR_INIT("at.co"), REFERRER_SITE},
    {STR_INIT("Google"), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("rain.example"), STR_INIT("rain.example"), REFERRER_SITE},
    {STR_INIT(""), STR_INIT(""), REFERRER_SITE},
};

static void test_names(void)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        enum referrer_kind kind;
        EXPECT_STR(referrer_name(names[i].host, &kind), names[i].name);
        EXPECT_INT(kind, names[i].kind);
    }
}

static void add_source(struct site *site, story_id story, int64_t day, str source, int64_t reads)
{
    const struct referrer row = {story, day, source, reads};
    SITE_WRITE(site, referrer_add(desk, &row, 1, err), ST_OK);
}

static void test_sources(struct site *site)
{
    struct error err = ERROR_INIT;
    struct referrer *rows;
    size_t count = 0;
    int64_t today = read_day_of(site->now, 0);
    for (int i = 0; i < 80; i++)
        add_source(site, stories[0], today, str_format(site->arena, "s%02d.example", i), 1);
    add_source(site, stories[0], today, S("s03.example"), 5);
    add_source(site, stories[0], today, S("Google"), 2);
    add_source(site, (story_id){99999}, today, S("gone.example"), 3);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM referrer")), REFERRER_SOURCES_MAX + 1);
    EXPECT_ST(referrer_list(site->conn, stories[0], today, site->arena, &rows, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, REFERRER_LIST_MAX);
    EXPECT_STR(rows[0].source, S("")); /* thirty, and Google's, which came when it was full */
    EXPECT_INT(rows[0].reads, 32);
    EXPECT_STR(rows[1].source, S("s03.example"));
    EXPECT_INT(rows[1].reads, 6);
    EXPECT_INT(site_number(site, SQL("SELECT SUM(reads) FROM site_referrer")), 90);
    EXPECT_ST(referrer_list(site->conn, (story_id){0}, today, site->arena, &rows, &count, &err),
              ST_OK, &err);
    EXPECT_STR(rows[0].source, S("s03.example"));
}

static void test_fold(struct site *site)
{
    int64_t today = read_day_of(site->now, 0);
    bool left = true;
    int rounds = 0;
    /* Folding begins; then half a year goes by in which days grow old. */
    SITE_WRITE(site, referrer_fold(desk, today, 20, &left, err), ST_OK);
    for (int64_t day = today; day < today + 60; day++) {
        add_source(site, stories[1], day, S("rain.example"), 1);
        add_source(site, stories[1], day, S("Bing"), 2);
    }
    int64_t sum_before = site_number(site, SQL("SELECT SUM(reads) FROM referrer"));
    int64_t site_before = site_number(site, SQL("SELECT SUM(reads) FROM site_referrer"));
    left = true;
    while (left && rounds++ < 1000)
        SITE_WRITE(site, referrer_fold(desk, today + 160, 20, &left, err), ST_OK);
    EXPECT(rounds > 3 && !left);
    EXPECT_INT(site_number(site, SQL("SELECT SUM(reads) FROM referrer")), sum_before);
    EXPECT_INT(site_number(site, SQL("SELECT SUM(reads) FROM site_referrer")), site_before);
    /* 1 January to 1 March 2026: two sources in each of three months. */
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM referrer WHERE story = 2")), 6);
    EXPECT(site_number(site, SQL("SELECT COUNT(DISTINCT day) FROM site_referrer")) == 3);
    SITE_WRITE(site, referrer_fold(desk, today + 160, 20, &left, err), ST_OK);
    EXPECT(!left);
}

int main(void)
{
    struct site site;
    site_open(&site);
    for (int i = 0; i < STORIES; i++)
        stories[i] =
            site_save(&site, &(struct story_draft){.title = str_format(site.arena, "Story %d", i),
                                                   .state = STORY_PUBLISHED});
    test_days();
    test_names();
    test_totals(&site);
    test_many(&site);
    test_sources(&site);
    test_fold(&site);
    site_close(&site);
    return test_done();
}
