/* SPDX-License-Identifier: MIT */
#include "text/zone.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

/* A TZif file with one type and no transition in its table: all comes from the footer. */
static str tzif(struct arena *arena, str footer)
{
    struct buf b;
    static const char block[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
                                "\0\0\0\0\0\0UTC";

    buf_init(&b, arena, 1024);
    for (int i = 0; i < 2; i++)
        buf_add(&b, (str){block, sizeof(block)});
    buf_add_char(&b, '\n');
    buf_add(&b, footer);
    buf_add_char(&b, '\n');
    return buf_view(&b);
}

static const struct {
    str footer;
    str when;
    int offset;
    str abbreviation;
} rules[] = {
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-01-01T00:00:00Z"), 7200,
     STR_INIT("EET")},
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-07-01T00:00:00Z"), 10800,
     STR_INIT("EEST")},
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-03-25T00:59:59Z"), 7200,
     STR_INIT("EET")},
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-03-25T01:00:00Z"), 10800,
     STR_INIT("EEST")},
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-10-28T00:59:59Z"), 10800,
     STR_INIT("EEST")},
    {STR_INIT("EET-2EEST,M3.5.0/3,M10.5.0/4"), STR_INIT("2040-10-28T01:00:00Z"), 7200,
     STR_INIT("EET")},
    {STR_INIT("AEST-10AEDT,M10.1.0,M4.1.0/3"), STR_INIT("2040-01-01T00:00:00Z"), 39600,
     STR_INIT("AEDT")},
    {STR_INIT("AEST-10AEDT,M10.1.0,M4.1.0/3"), STR_INIT("2040-07-01T00:00:00Z"), 36000,
     STR_INIT("AEST")},
    {STR_INIT("<+0330>-3:30"), STR_INIT("2040-01-01T00:00:00Z"), 12600, STR_INIT("+0330")},
    {STR_INIT("EST5EDT4,J60,300/-1"), STR_INIT("2040-03-01T06:59:59Z"), -18000, STR_INIT("EST")},
    {STR_INIT("EST5EDT4,J60,300/-1"), STR_INIT("2040-03-01T07:00:00Z"), -14400, STR_INIT("EDT")},
    {STR_INIT("IST-2IDT,M3.4.4/26,M10.5.0"), STR_INIT("2040-07-01T00:00:00Z"), 10800,
     STR_INIT("IDT")},
};

static const str bad_footers[] = {
    STR_INIT("X"),
    STR_INIT("UTC"),
    STR_INIT("EET-2EEST"),
    STR_INIT("EET-99"),
    STR_INIT("EET-2EEST,M13.1.0,M1.1.0"),
    STR_INIT("EET-2EEST,M1.6.0,M1.1.0"),
    STR_INIT("<EET-2"),
    STR_INIT("EET-2EEST,J0,J1"),
    STR_INIT("EET-2EEST,1,2,3"),
    STR_INIT("EET-2 "),
    STR_INIT("EET-2EEST,J1"),
};

static void check_rules(struct arena *arena)
{
    struct error err = ERROR_INIT;
    struct zone *zone;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        time_us t = 0;
        EXPECT_ST(zone_from_tzif(arena, tzif(arena, rules[i].footer), &zone, &err), ST_OK, &err);
        EXPECT(time_from_iso(rules[i].when, &t));
        EXPECT_INT(zone_offset(zone, t), rules[i].offset);
        EXPECT_STR(zone_abbreviation(zone, t), rules[i].abbreviation);
    }
    for (size_t i = 0; i < sizeof(bad_footers) / sizeof(bad_footers[0]); i++)
        EXPECT_ST(zone_from_tzif(arena, tzif(arena, bad_footers[i]), &zone, &err), ST_INVALID,
                  &err);
    str whole = tzif(arena, rules[0].footer);
    for (size_t len = 0; len < whole.len; len++)
        EXPECT(zone_from_tzif(arena, str_sub(whole, 0, len), &zone, &err) == ST_INVALID);
}

static void check_wall_clock(struct arena *arena)
{
    struct error err = ERROR_INIT;
    struct zone *zone;
    static const struct {
        struct civil wall;
        str moment;
    } walls[] = {
        {{.year = 2040, .month = 1, .day = 15, .hour = 12}, STR_INIT("2040-01-15T10:00:00Z")},
        {{.year = 2040, .month = 7, .day = 15, .hour = 12}, STR_INIT("2040-07-15T09:00:00Z")},
        {{.year = 2040, .month = 3, .day = 25, .hour = 3, .minute = 30},
         STR_INIT("2040-03-25T01:30:00Z")},
        {{.year = 2040, .month = 10, .day = 28, .hour = 3, .minute = 30},
         STR_INIT("2040-10-28T00:30:00Z")},
        {{.year = 2040, .month = 10, .day = 28, .hour = 4}, STR_INIT("2040-10-28T02:00:00Z")},
    };

    EXPECT_ST(zone_from_tzif(arena, tzif(arena, rules[0].footer), &zone, &err), ST_OK, &err);
    for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
        time_us want = 0;
        EXPECT(time_from_iso(walls[i].moment, &want));
        EXPECT_INT(zone_time_from_civil(zone, &walls[i].wall), want);
    }
    time_us t = 0, new_year = 0;
    EXPECT(time_from_iso(S("2040-12-31T21:59:59Z"), &t));
    EXPECT(time_from_iso(S("2040-12-31T22:00:00Z"), &new_year));
    EXPECT_INT(zone_next_year(zone, t), new_year);
    EXPECT(zone_next_year(zone, new_year) > new_year);
}

/* The system's own files, where there are some. */
static void check_system(void)
{
    AUTO(zone_cache_freep) struct zone_cache *cache = zone_cache_new(NULL);
    struct error err = ERROR_INIT;
    const struct zone *zone, *again;
    time_us t = 0;

    EXPECT_ST(zone_cache_get(cache, S("UTC"), &zone, &err), ST_OK, &err);
    EXPECT(zone == NULL);
    EXPECT_INT(zone_offset(NULL, 0), 0);
    EXPECT_STR(zone_abbreviation(NULL, 0), S("UTC"));
    EXPECT_ST(zone_cache_get(cache, S("../../etc/passwd"), &zone, &err), ST_INVALID, &err);
    EXPECT_ST(zone_cache_get(cache, S("Europe/Atlantis"), &zone, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(zone_cache_get(cache, S("Europe"), &zone, &err), ST_NOT_FOUND, &err);
    if (zone_cache_get(cache, S("Europe/Berlin"), &zone, NULL) != ST_OK) {
        printf("skipped: no tzdata\n");
        return;
    }
    EXPECT_ST(zone_cache_get(cache, S("Europe/Berlin"), &again, &err), ST_OK, &err);
    EXPECT(zone == again);
    EXPECT(time_from_iso(S("2024-05-06T07:08:09Z"), &t));
    EXPECT_INT(zone_offset(zone, t), 7200);
    EXPECT(time_from_iso(S("1980-01-01T00:00:00Z"), &t));
    EXPECT_INT(zone_offset(zone, t), 3600);
    EXPECT(time_from_iso(S("1900-01-01T00:00:00Z"), &t));
    EXPECT_INT(zone_offset(zone, t), 3600);
    EXPECT(time_from_iso(S("1800-01-01T00:00:00Z"), &t));
    EXPECT_INT(zone_offset(zone, t), 3208); /* local mean time */
}

static void check_names(struct arena *arena)
{
    struct error err = ERROR_INIT;
    str *names;
    size_t count;
    bool utc = false;

    EXPECT_ST(zone_names(arena, "/nowhere", &names, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 1);
    EXPECT_ST(zone_names(arena, NULL, &names, &count, &err), ST_OK, &err);
    for (size_t i = 0; i < count; i++) {
        EXPECT(zone_name_valid(names[i]));
        EXPECT(i == 0 || str_cmp(names[i - 1], names[i]) < 0);
        utc = utc || str_eq(names[i], S("Etc/UTC"));
    }
    EXPECT(utc);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    check_rules(arena);
    check_wall_clock(arena);
    check_system();
    check_names(arena);
    EXPECT(zone_name_valid(S("America/Argentina/Buenos_Aires")) && zone_name_valid(S("Etc/GMT+3")));
    EXPECT(!zone_name_valid(S("")) && !zone_name_valid(S("/UTC")) && !zone_name_valid(S("a//b")) &&
           !zone_name_valid(S("a/../b")) && !zone_name_valid(S("a/")) &&
           !zone_name_valid(S("a b")));
    return test_done();
}
