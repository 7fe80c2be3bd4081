/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    str text;
    bool ok;
    str iso;
} isos[] = {
    {STR_INIT("2024-05-06T07:08:09Z"), true, STR_INIT("2024-05-06T07:08:09.000Z")},
    {STR_INIT("2024-05-06 07:08:09"), true, STR_INIT("2024-05-06T07:08:09.000Z")},
    {STR_INIT("2024-05-06T07:08:09.1234567+02:30"), true, STR_INIT("2024-05-06T04:38:09.123Z")},
    {STR_INIT("2024-02-29"), true, STR_INIT("2024-02-29T00:00:00.000Z")},
    {STR_INIT("1969-12-31T23:59:59Z"), true, STR_INIT("1969-12-31T23:59:59.000Z")},
    {STR_INIT("0001-01-01"), true, STR_INIT("0001-01-01T00:00:00.000Z")},
    {STR_INIT("2023-02-29"), false, STR_INIT("")},
    {STR_INIT("0000-00-00 00:00:00"), false, STR_INIT("")},
    {STR_INIT("2024-05-06T24:00:00Z"), false, STR_INIT("")},
    {STR_INIT("2024-05-06T07:08:09Zjunk"), false, STR_INIT("")},
};

static const struct {
    str text;
    bool ok;
} https[] = {
    {STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT"), true},
    {STR_INIT("Sunday, 06-Nov-94 08:49:37 GMT"), true},
    {STR_INIT("Sun Nov  6 08:49:37 1994"), true},
    {STR_INIT("Sun, 06 Nov 1994 08:49:37 CET"), false},
    {STR_INIT("Sun, 31 Feb 1994 08:49:37 GMT"), false},
    {STR_INIT(""), false},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    time_us t;

    for (size_t i = 0; i < sizeof(isos) / sizeof(isos[0]); i++) {
        bool ok = time_from_iso(isos[i].text, &t);
        EXPECT(ok == isos[i].ok);
        if (ok)
            EXPECT_STR(time_to_iso(arena, t), isos[i].iso);
    }
    for (size_t i = 0; i < sizeof(https) / sizeof(https[0]); i++) {
        bool ok = time_from_http(https[i].text, &t);
        EXPECT(ok == https[i].ok);
        if (ok)
            EXPECT_INT(t, 784111777 * TIME_SECOND);
    }
    char text[HTTP_DATE_LEN + 1];
    time_to_http(784111777 * TIME_SECOND, text);
    EXPECT_STR(str_from_c(text), S("Sun, 06 Nov 1994 08:49:37 GMT"));

    for (time_us day = -800000 * TIME_DAY / 2; day < 800000 * TIME_DAY; day += 97 * TIME_DAY) {
        struct civil c = civil_from_time(day, 0);
        bool comes_back = time_from_civil(&c) == day && (c.year < 1 || civil_valid(&c));
        if (!comes_back)
            EXPECT(comes_back);
    }
    EXPECT_INT(civil_from_time(784111777 * TIME_SECOND, 3600).hour, 9);
    EXPECT_INT(civil_from_time(784111777 * TIME_SECOND, 0).yearday, 310);
    return test_done();
}
