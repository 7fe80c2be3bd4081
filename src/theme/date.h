/* theme/date.h -- a moment in words, by the tokens that themes use (Moment's) and a locale's names.
 *
 *     const struct date_locale *l = date_locale_find(S("de-CH"));
 *     date_format(&b, l, S("D. MMMM YYYY"), t, offset_seconds);      // "5. März 2024"
 *     date_format(&b, l, S("ll"), t, offset_seconds);
 *     date_ago(&b, l, t, now, &until);                               // "vor 3 Tagen"
 *
 * Tokens: YYYY YY Y Q M Mo MM MMM MMMM D Do DD DDD DDDD d do dd ddd dddd e E w ww W WW gggg GGGG H HH h hh k kk
 * m mm s ss S.. A a Z ZZ X x, [literal], and the locale's own L LL LLL LLLL l ll lll llll LT LTS.
 * Any other character stands for itself. The offset from UTC is the caller's (text/zone.h).
 *
 * Digits are 0-9 in every locale, Arabic too: the same helper makes `datetime` attributes, which
 * must be ASCII. Languages: en de fr es ar; an unknown one is en. A tag's region says the order
 * ("en-GB" 5 March 2024, "en-US" and "en" March 5, 2024); one without a row of its own is written as its
 * language is elsewhere ("de-CH" as de; "en-KE" as en-GB, as the American order is the exception).
 *
 * Threads: pure; the tables are constant. */
#pragma once
#include "base/clock.h"

struct buf;
struct date_locale;

/* Never NULL. */
const struct date_locale *date_locale_find(str tag);

void date_format(struct buf *b, const struct date_locale *locale, str format, time_us t,
                 int offset_seconds);

/* The finest part of a moment that a format prints: what prints "now" reads differently when this
 * part turns. */
enum date_unit {
    DATE_NOTHING, /* literals only */
    DATE_YEAR,
    DATE_MONTH,
    DATE_DAY,
    DATE_HOUR,
    DATE_MINUTE,
    DATE_SECOND,
};
enum date_unit date_finest(const struct date_locale *locale, str format);

/* The moment after `now` at which that part turns, at a constant offset. TIME_NEVER for nothing. */
time_us date_next_turn(enum date_unit unit, time_us now, int offset_seconds);

/* "3 days ago", "in an hour". `ret_until`: from then on it reads differently. */
void date_ago(struct buf *b, const struct date_locale *locale, time_us t, time_us now,
              time_us *ret_until);

/* Which plural form a language uses for n (Unicode CLDR's categories for whole numbers). */
enum plural_form { PLURAL_ZERO, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER };
enum plural_form date_plural(const struct date_locale *locale, int64_t n);
