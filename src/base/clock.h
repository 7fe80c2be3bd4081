/* base/clock.h -- the time, passed down so that tests can choose it, and the calendar.
 *
 *     time_us now = clock_now(app->clock);
 *     struct civil c = civil_from_time(now, 0);               // UTC
 *     time_us t = time_from_civil(&(struct civil){.year = 2024, .month = 5, .day = 6});
 *
 * Times are microseconds since 1970-01-01T00:00:00Z, int64: that is what the database keeps.
 * The proleptic Gregorian calendar, years 1 to 9999. Zones (and their offsets at a moment) are
 * text/zone.h's matter.
 *
 * Threads: a clock made by main is read-only; a test's clock belongs to the test. */
#pragma once
#include "base/str.h"

typedef int64_t time_us;
#define TIME_MS     ((time_us)1000)
#define TIME_SECOND ((time_us)1000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR   (60 * TIME_MINUTE)
#define TIME_DAY    (24 * TIME_HOUR)
#define TIME_NEVER  INT64_MAX

struct clock {
    /* Wall time. NULL: the system's. */
    time_us (*now)(void *ctx);
    void *ctx;
};

extern const struct clock clock_system;
time_us clock_now(const struct clock *clock);
/* Never goes back; for deadlines and durations only. */
time_us clock_monotonic(void);

struct civil {
    int year;   /* 1..9999 */
    int month;  /* 1..12 */
    int day;    /* 1..31 */
    int hour;   /* 0..23 */
    int minute; /* 0..59 */
    int second; /* 0..59 */
    int micros;
    int weekday; /* 0 = Sunday; set by civil_from_time, ignored by time_from_civil */
    int yearday; /* 1..366; likewise */
};

struct civil civil_from_time(time_us t, int offset_seconds);
time_us time_from_civil(const struct civil *c); /* as UTC; out-of-range parts carry over */
bool civil_valid(const struct civil *c);        /* a real date and time of day */

/* "2024-05-06T07:08:09Z", "+02:00" zones, a space for the T, date alone, with or without parts
 * of a second. False when it is not one. */
bool time_from_iso(str text, time_us *ret_t);
/* "2024-05-06T07:08:09.123Z" into `arena`. */
str time_to_iso(struct arena *arena, time_us t);

/* "Mon, 06 May 2024 07:08:09 GMT" (RFC 9110 §5.6.7); parsing takes the two obsolete forms too. */
enum { HTTP_DATE_LEN = 29 };
void time_to_http(time_us t, char ret_text[HTTP_DATE_LEN + 1]);
bool time_from_http(str text, time_us *ret_t);
