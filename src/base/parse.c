/* SPDX-License-Identifier: MIT */
#include "base/parse.h"

#include <math.h>

struct cursor cursor_of(str text)
{
    static const char none[1] = "";
    const char *at = text.len == 0 ? none : text.ptr;
    return (struct cursor){at, at + text.len};
}

bool cursor_char(struct cursor *c, char want)
{
    if (c->at == c->end || *c->at != want)
        return false;
    c->at++;
    return true;
}

bool cursor_str(struct cursor *c, str want)
{
    if (!str_starts(cursor_rest(c), want))
        return false;
    c->at += want.len;
    return true;
}

bool cursor_str_nocase(struct cursor *c, str want)
{
    if (!str_starts_nocase(cursor_rest(c), want))
        return false;
    c->at += want.len;
    return true;
}

bool cursor_uint(struct cursor *c, int digits_min, int digits_max, int64_t *ret_n)
{
    CHECK(digits_min >= 1);
    CHECK(digits_max <= 18);
    const char *at = c->at;
    int64_t n = 0;
    int digits = 0;

    while (at != c->end && digits < digits_max && ascii_is_digit(*at)) {
        n = n * 10 + (*at - '0');
        at++;
        digits++;
    }
    if (digits < digits_min)
        return false;
    c->at = at;
    *ret_n = n;
    return true;
}

size_t cursor_skip(struct cursor *c, str set)
{
    const char *from = c->at;
    while (c->at != c->end && str_find_char(set, *c->at) != STR_NPOS)
        c->at++;
    return (size_t)(c->at - from);
}

static int digit_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char low = ascii_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
}

static bool to_u64(str text, unsigned base, uint64_t max, uint64_t *ret_n)
{
    uint64_t n = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)digit_value(text.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit, &n) || n > max)
            return false;
    }
    *ret_n = n;
    return true;
}

bool str_to_u64(str text, uint64_t max, uint64_t *ret_n)
{
    return to_u64(text, 10, max, ret_n);
}

bool str_to_hex_u64(str text, uint64_t max, uint64_t *ret_n)
{
    return to_u64(text, 16, max, ret_n);
}

bool str_to_i64(str text, int64_t *ret_n)
{
    bool minus = str_starts(text, S("-"));
    uint64_t n;
    if (!to_u64(str_from(text, minus ? 1 : 0), 10, (uint64_t)INT64_MAX, &n))
        return false;
    *ret_n = minus ? -(int64_t)n : (int64_t)n;
    return true;
}

bool str_to_double(str text, double *ret_x)
{
    struct cursor c = cursor_of(text);
    bool minus = cursor_char(&c, '-');
    double x = 0;
    int64_t exponent = 0;
    bool digits = false;

    while (!cursor_done(&c) && ascii_is_digit(*c.at)) {
        x = x * 10 + (*c.at++ - '0');
        digits = true;
    }
    if (cursor_char(&c, '.')) {
        double scale = 1;
        double part = 0;
        while (!cursor_done(&c) && ascii_is_digit(*c.at)) {
            if (scale < 1e18) {
                part = part * 10 + (*c.at - '0');
                scale *= 10;
            }
            c.at++;
            digits = true;
        }
        x += part / scale;
    }
    if (!digits)
        return false;
    if (cursor_char(&c, 'e') || cursor_char(&c, 'E')) {
        bool down = cursor_char(&c, '-');
        if (!down)
            (void)cursor_char(&c, '+');
        if (!cursor_uint(&c, 1, 3, &exponent))
            return false;
        x *= pow(10, (double)(down ? -exponent : exponent));
    }
    if (!cursor_done(&c))
        return false;
    *ret_x = minus ? -x : x;
    return true;
}
