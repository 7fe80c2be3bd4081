/* SPDX-License-Identifier: MIT */
#include "base/parse.h"

#include "tests/check.h"

static const struct {
    str text;
    bool ok;
    int64_t n;
} ints[] = {
    {STR_INIT("0"), true, 0},
    {STR_INIT("-12"), true, -12},
    {STR_INIT("9223372036854775807"), true, INT64_MAX},
    {STR_INIT("9223372036854775808"), false, 0},
    {STR_INIT("18446744073709551621"), false, 0},
    {STR_INIT("+5"), false, 0},
    {STR_INIT(" 5"), false, 0},
    {STR_INIT("5 "), false, 0},
    {STR_INIT("0x5"), false, 0},
    {STR_INIT(""), false, 0},
    {STR_INIT("-"), false, 0},
    {STR_INIT("--1"), false, 0},
};

int main(void)
{
    for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
        int64_t n = 0;
        EXPECT(str_to_i64(ints[i].text, &n) == ints[i].ok);
        EXPECT_INT(n, ints[i].n);
    }

    uint64_t u;
    EXPECT(str_to_u64(S("18446744073709551615"), UINT64_MAX, &u) && u == UINT64_MAX);
    EXPECT(!str_to_u64(S("256"), 255, &u));
    EXPECT(str_to_hex_u64(S("fF"), 255, &u) && u == 255);

    double x;
    EXPECT(str_to_double(S("-1.5e2"), &x) && x < -149.9 && x > -150.1);
    EXPECT(!str_to_double(S("1.5x"), &x) && !str_to_double(S("."), &x) &&
           !str_to_double(S(""), &x));

    struct cursor c = cursor_of(S("2024-05"));
    int64_t year, month;
    EXPECT(!cursor_uint(&c, 5, 5, &year));
    EXPECT(cursor_uint(&c, 4, 4, &year) && year == 2024);
    EXPECT(!cursor_char(&c, '/') && cursor_char(&c, '-'));
    EXPECT(cursor_uint(&c, 2, 2, &month) && month == 5 && cursor_done(&c));
    EXPECT(!cursor_uint(&c, 1, 1, &month) && !cursor_char(&c, '-'));
    c = cursor_of(STR_NONE);
    EXPECT(cursor_done(&c) && cursor_rest(&c).len == 0);
    return test_done();
}
