/* SPDX-License-Identifier: MIT
 *
 * Days are counted from 1 March, so that the leap day ends the year and months need no table
 * (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", states the arithmetic). */
#include "base/clock.h"

#include "base/arena.h"
#include "base/parse.h"

#include <stdio.h>
#include <time.h>

static const char weekdays[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

const struct clock clock_system = {.now = NULL};

static time_us read_clock(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (time_us)ts.tv_sec * TIME_SECOND + ts.tv_nsec / 1000;
}

time_us clock_now(const struct clock *clock)
{
    return clock->now == NULL ? read_clock(CLOCK_REALTIME) : clock->now(clock->ctx);
}

time_us clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    year += floor_div(month - 1, 12);
    month = month - 12 * floor_div(month - 1, 12);
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_from_time(time_us t, int offset_seconds)
{
    t += offset_seconds * TIME_SECOND;
    int64_t days = floor_div(t, TIME_DAY);
    int64_t rest = t - days * TIME_DAY;
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t mp = (5 * of_year + 2) / 153;
    struct civil c = {
        .day = (int)(of_year - (153 * mp + 2) / 5 + 1),
        .month = (int)(mp < 10 ? mp + 3 : mp - 9),
        .hour = (int)(rest / TIME_HOUR),
        .minute = (int)(rest / TIME_MINUTE % 60),
        .second = (int)(rest / TIME_SECOND % 60),
        .micros = (int)(rest % TIME_SECOND),
        .weekday = (int)(((days + 4) % 7 + 7) % 7),
    };
    c.year = (int)(year + era * 400 + (c.month <= 2));
    c.yearday = (int)(days - days_from_date(c.year, 1, 1)) + 1;
    return c;
}

time_us time_from_civil(const struct civil *c)
{
    return days_from_date(c->year, c->month, c->day) * TIME_DAY + c->hour * TIME_HOUR +
           c->minute * TIME_MINUTE + c->second * TIME_SECOND + c->micros;
}

bool civil_valid(const struct civil *c)
{
    if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1 ||
        c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 ||
        c->second > 59)
        return false;
    int64_t length =
        days_from_date(c->year, c->month + 1, 1) - days_from_date(c->year, c->month, 1);
    return c->day <= length;
}

static bool take_fraction(struct cursor *c, int *ret_micros)
{
    int64_t digits;
    int scale = 100000;
    *ret_micros = 0;
    for (int i = 0; cursor_uint(c, 1, 1, &digits); i++) {
        if (i < 6)
            *ret_micros += (int)digits * scale;
        scale /= 10;
        if (i == 17)
            return false;
    }
    return true;
}

/* "Z", "+02:00", "+0200", "+02" or nothing (UTC). */
static bool take_zone(struct cursor *c, time_us *ret_offset)
{
    int64_t hours;
    int64_t minutes = 0;
    *ret_offset = 0;
    if (cursor_done(c) || cursor_char(c, 'Z') || cursor_char(c, 'z'))
        return true;
    bool minus = cursor_char(c, '-');
    if (!minus && !cursor_char(c, '+'))
        return false;
    if (!cursor_uint(c, 2, 2, &hours))
        return false;
    (void)cursor_char(c, ':');
    if (!cursor_done(c) && !cursor_uint(c, 2, 2, &minutes))
        return false;
    *ret_offset = (hours * TIME_HOUR + minutes * TIME_MINUTE) * (minus ? -1 : 1);
    return hours <= 18 && minutes <= 59;
}

bool time_from_iso(str text, time_us *ret_t)
{
    struct cursor c = cursor_of(text);
    int64_t y, mo, d, h = 0, mi = 0, s = 0;
    struct civil civil = {0};
    time_us offset = 0;

    if (!cursor_uint(&c, 4, 4, &y) || !cursor_char(&c, '-') || !cursor_uint(&c, 2, 2, &mo) ||
        !cursor_char(&c, '-') || !cursor_uint(&c, 2, 2, &d))
        return false;
    if (!cursor_done(&c)) {
        if (!cursor_char(&c, 'T') && !cursor_char(&c, ' '))
            return false;
        if (!cursor_uint(&c, 2, 2, &h) || !cursor_char(&c, ':') || !cursor_uint(&c, 2, 2, &mi))
            return false;
        if (cursor_char(&c, ':') && !cursor_uint(&c, 2, 2, &s))
            return false;
        if (cursor_char(&c, '.') && !take_fraction(&c, &civil.micros))
            return false;
        if (!take_zone(&c, &offset) || !cursor_done(&c))
            return false;
    }
    civil.year = (int)y;
    civil.month = (int)mo;
    civil.day = (int)d;
    civil.hour = (int)h;
    civil.minute = (int)mi;
    civil.second = (int)s;
    if (!civil_valid(&civil))
        return false;
    *ret_t = time_from_civil(&civil) - offset;
    return true;
}

str time_to_iso(struct arena *arena, time_us t)
{
    struct civil c = civil_from_time(t, 0);
    return str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour,
                      c.minute, c.second, c.micros / 1000);
}

void time_to_http(time_us t, char ret_text[HTTP_DATE_LEN + 1])
{
    struct civil c = civil_from_time(t, 0);
    char text[80]; /* more than is needed, so that the compiler sees that every int fits */
    (void)snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", weekdays[c.weekday],
                   c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
    __builtin_memcpy(ret_text, text, HTTP_DATE_LEN);
    ret_text[HTTP_DATE_LEN] = '\0';
}

static bool take_month(struct cursor *c, int *ret_month)
{
    for (int i = 0; i < 12; i++) {
        if (cursor_str(c, (str){months[i], 3})) {
            *ret_month = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_clock(struct cursor *c, struct civil *civil)
{
    int64_t h, m, s;
    if (!cursor_uint(c, 2, 2, &h) || !cursor_char(c, ':') || !cursor_uint(c, 2, 2, &m) ||
        !cursor_char(c, ':') || !cursor_uint(c, 2, 2, &s))
        return false;
    civil->hour = (int)h;
    civil->minute = (int)m;
    civil->second = s == 60 ? 59 : (int)s; /* a leap second is allowed there */
    return true;
}

/* asctime: "Sun Nov  6 08:49:37 1994" */
static bool take_asctime(struct cursor *c, struct civil *civil)
{
    int64_t day, year;
    if (!take_month(c, &civil->month) || !cursor_char(c, ' '))
        return false;
    (void)cursor_char(c, ' ');
    if (!cursor_uint(c, 1, 2, &day) || !cursor_char(c, ' ') || !take_clock(c, civil) ||
        !cursor_char(c, ' ') || !cursor_uint(c, 4, 4, &year))
        return false;
    civil->day = (int)day;
    civil->year = (int)year;
    return true;
}

/* "06 Nov 1994 08:49:37 GMT" and RFC 850's "06-Nov-94 08:49:37 GMT" */
static bool take_rfc(struct cursor *c, struct civil *civil)
{
    int64_t day, year;
    if (!cursor_uint(c, 2, 2, &day))
        return false;
    char sep = cursor_char(c, '-') ? '-' : ' ';
    if (sep == ' ' && !cursor_char(c, ' '))
        return false;
    if (!take_month(c, &civil->month) || !cursor_char(c, sep))
        return false;
    if (sep == '-') {
        if (!cursor_uint(c, 2, 2, &year))
            return false;
        year += year < 70 ? 2000 : 1900;
    } else if (!cursor_uint(c, 4, 4, &year)) {
        return false;
    }
    civil->day = (int)day;
    civil->year = (int)year;
    return cursor_char(c, ' ') && take_clock(c, civil) && cursor_str(c, S(" GMT"));
}

bool time_from_http(str text, time_us *ret_t)
{
    struct cursor c = cursor_of(text);
    struct civil civil = {0};
    while (!cursor_done(&c) && ascii_is_alpha(*c.at))
        c.at++;
    bool ok = cursor_str(&c, S(", ")) ? take_rfc(&c, &civil)
                                      : cursor_char(&c, ' ') && take_asctime(&c, &civil);
    if (!ok || !cursor_done(&c) || !civil_valid(&civil))
        return false;
    *ret_t = time_from_civil(&civil);
    return true;
}
