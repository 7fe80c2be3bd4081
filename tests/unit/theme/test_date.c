// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"
#include "theme/date.h"

#define AT "2024-03-05T07:08:09.123Z"
enum { KYIV = 2 * 3600 };

static const struct {
    str locale, format, want;
} cases[] = {
    {S("en"), S("ll"), S("Mar 5, 2024")},
    {S("en"), S("LLL"), S("March 5, 2024 9:08 AM")},
    {S("en"), S("LLLL"), S("Tuesday, March 5, 2024 9:08 AM")},
    {S("en"), S("llll"), S("Tue, Mar 5, 2024 9:08 AM")},
    {S("en"), S("L l LT LTS"), S("03/05/2024 3/5/2024 9:08 AM 9:08:09 AM")},
    {S("en"), S("ZZ Z"), S("+0200 +02:00")},
    {S("en"), S("YYYY-MM-DD"), S("2024-03-05")},
    {S("en"), S("DD MMM YYYY"), S("05 Mar 2024")},
    {S("en"), S("MMMM YYYY"), S("March 2024")},
    {S("en"), S("ddd, DD MMM YYYY HH:mm:ss ZZ"), S("Tue, 05 Mar 2024 09:08:09 +0200")},
    {S("en"), S("YYYY-MM-DDTHH:mm:ssZ"), S("2024-03-05T09:08:09+02:00")},
    {S("en"), S("Do [of] MMMM, YY"), S("5th of March, 24")},
    {S("en"), S("d dd dddd e E"), S("2 Tu Tuesday 2 2")},
    {S("en"), S("H HH h hh k kk m s a A"), S("9 09 9 09 9 09 8 9 am AM")},
    {S("en"), S("X x SSS"), S("1709622489 1709622489123 123")},
    {S("en"), S("Q DDD DDDD"), S("1 65 065")},
    {S("en"), S("w W gggg GGGG"), S("10 10 2024 2024")},
    {S("en"), S("[unclosed"), S("[unc3/5/2024o922")}, /* l, s, e and d are tokens */
    {S("en"), S(""), S("")},
    {S("xx"), S("MMMM"), S("March")},
    {S("en-GB"), S("LL"), S("5 March 2024")},
    {S("en-GB"), S("LLLL"), S("Tuesday, 5 March 2024 09:08")},
    {S("en-GB"), S("L ll LT"), S("05/03/2024 5 Mar 2024 09:08")},
    {S("en_gb"), S("LL"), S("5 March 2024")},
    {S("en-Latn-GB"), S("LL"), S("5 March 2024")},
    {S("en-GB-oxendict"), S("LL"), S("5 March 2024")},
    {S("en-001"), S("LL"), S("5 March 2024")},
    {S("en-KE"), S("LLL"), S("5 March 2024 09:08")},
    {S("en-AU"), S("LLL"), S("5 March 2024 9:08 AM")},
    {S("en-US"), S("LL"), S("March 5, 2024")},
    {S("en-ca"), S("L LL"), S("2024-03-05 March 5, 2024")},
    {S("en-Latn"), S("LL"), S("March 5, 2024")},
    {S("en-"), S("LL"), S("March 5, 2024")},
    {S(""), S("LL"), S("March 5, 2024")},
    {S("fr-CA"), S("L LL"), S("2024-03-05 5 mars 2024")},
    {S("fr-CH"), S("L"), S("05.03.2024")},
    {S("fr-BE"), S("L"), S("05/03/2024")},
    {S("es-MX"), S("LL"), S("5 de marzo de 2024")},
    {S("de-AT"), S("L"), S("05.03.2024")},
    {S("de"), S("LL"), S("5. März 2024")},
    {S("de-CH"), S("LLLL"), S("Dienstag, 5. März 2024 09:08")},
    {S("de"), S("Do MMM"), S("5. März")},
    {S("fr"), S("LLL"), S("5 mars 2024 09:08")},
    {S("fr"), S("ll"), S("5 mars 2024")},
    {S("es"), S("LL"), S("5 de marzo de 2024")},
    {S("es"), S("ll"), S("5 de mar. de 2024")},
    {S("ar"), S("LL"), S("5 مارس 2024")},
    {S("ar"), S("YYYY-MM-DDTHH:mm:ssZ"), S("2024-03-05T09:08:09+02:00")},
};

static str formatted(struct arena *arena, str locale, str format, time_us t, int offset)
{
    struct buf b;
    buf_init(&b, arena, 1000);
    date_format(&b, date_locale_find(locale), format, t, offset);
    return buf_view(&b);
}

static void test_tokens(struct arena *arena, time_us t)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        EXPECT_STR(formatted(arena, cases[i].locale, cases[i].format, t, KYIV), cases[i].want);
}

static const struct {
    str date, format, want;
} weeks[] = {
    {S("2021-01-01"), S("W GGGG w gggg"), S("53 2020 1 2021")},
    {S("2024-12-30"), S("W GGGG w gggg"), S("1 2025 1 2025")},
    {S("2023-12-31"), S("W GGGG w gggg"), S("52 2023 1 2024")},
    {S("2024-11-11"), S("Do"), S("11th")},
    {S("2024-11-22"), S("Do"), S("22nd")},
    {S("2024-11-23"), S("Do"), S("23rd")},
    {S("2024-11-12T00:30:00Z"), S("h k A"), S("12 24 AM")},
    {S("2024-11-12T12:30:00Z"), S("h k A"), S("12 12 PM")},
};

static void test_calendar(struct arena *arena)
{
    for (size_t i = 0; i < sizeof(weeks) / sizeof(weeks[0]); i++) {
        time_us t = 0;
        EXPECT(time_from_iso(weeks[i].date, &t));
        EXPECT_STR(formatted(arena, S("en"), weeks[i].format, t, 0), weeks[i].want);
    }
    time_us first = 0;
    EXPECT(time_from_iso(S("2024-05-01"), &first));
    EXPECT_STR(formatted(arena, S("fr"), S("Do MMMM"), first, 0), S("1er mai"));
}

static void test_turns(struct arena *arena, time_us t)
{
    const struct date_locale *en = date_locale_find(S("en"));
    EXPECT_INT(date_finest(en, S("YYYY")), DATE_YEAR);
    EXPECT_INT(date_finest(en, S("ll")), DATE_DAY);
    EXPECT_INT(date_finest(en, S("LLL")), DATE_MINUTE);
    EXPECT_INT(date_finest(en, S("[YYYY]")), DATE_NOTHING);
    EXPECT_STR(time_to_iso(arena, date_next_turn(DATE_YEAR, t, KYIV)),
               S("2024-12-31T22:00:00.000Z"));
    EXPECT_STR(time_to_iso(arena, date_next_turn(DATE_DAY, t, KYIV)),
               S("2024-03-05T22:00:00.000Z"));
    EXPECT_STR(time_to_iso(arena, date_next_turn(DATE_MINUTE, t, KYIV)),
               S("2024-03-05T07:09:00.000Z"));
    EXPECT(date_next_turn(DATE_NOTHING, t, 0) == TIME_NEVER);
}

static const struct {
    str locale;
    time_us age;
    str want;
} ages[] = {
    {S("en"), 5 * TIME_SECOND, S("a few seconds ago")},
    {S("en"), 60 * TIME_SECOND, S("a minute ago")},
    {S("en"), 10 * TIME_MINUTE, S("10 minutes ago")},
    {S("en"), 50 * TIME_MINUTE, S("an hour ago")},
    {S("en"), 3 * TIME_DAY, S("3 days ago")},
    {S("en"), 28 * TIME_DAY, S("a month ago")},
    {S("en"), 700 * TIME_DAY, S("2 years ago")},
    {S("en"), -3 * TIME_DAY, S("in 3 days")},
    {S("de"), 3 * TIME_DAY, S("vor 3 Tagen")},
    {S("fr"), TIME_DAY, S("il y a un jour")},
    {S("es"), 2 * TIME_HOUR, S("hace 2 horas")},
    {S("ar"), 2 * TIME_DAY, S("منذ يومين")},
    {S("ar"), 5 * TIME_HOUR, S("منذ 5 ساعات")},
    {S("ar"), 20 * TIME_DAY, S("منذ 20 يومًا")},
};

static str ago(struct arena *arena, str locale, time_us t, time_us now, time_us *ret_until)
{
    struct buf b;
    buf_init(&b, arena, 1000);
    date_ago(&b, date_locale_find(locale), t, now, ret_until);
    return buf_view(&b);
}

/* It reads the same until just before `until`, and differently then. */
static void test_ago(struct arena *arena, time_us now)
{
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        time_us until, ignored, t = now - ages[i].age;
        str text = ago(arena, ages[i].locale, t, now, &until);
        EXPECT_STR(text, ages[i].want);
        EXPECT(until > now);
        EXPECT_STR(ago(arena, ages[i].locale, t, until - 1, &ignored), text);
        EXPECT(!str_eq(ago(arena, ages[i].locale, t, until + TIME_SECOND, &ignored), text));
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    time_us t = 0;
    EXPECT(time_from_iso(S(AT), &t));
    test_tokens(arena, t);
    test_calendar(arena);
    test_turns(arena, t);
    test_ago(arena, t);
    EXPECT_INT(date_plural(date_locale_find(S("ar")), 103), PLURAL_FEW);
    EXPECT_INT(date_plural(date_locale_find(S("fr")), 0), PLURAL_ONE);
    return test_done();
}
