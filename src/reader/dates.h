/* reader/dates.h -- weekdays that are not their dates.
 *
 *     count = dates_wrong(S("on Monday, 3 March 2026"), S("en"), published, faults, DATES_FAULTS_MAX);
 *         ->  one: said Monday, is Tuesday
 *
 * Read are a weekday with a day and a month beside it, as each language writes them: "Tuesday, 3rd March 2026", "Tues
 * March 3", "Dienstag, der 3. März", "Di., 03.03.2026", "mardi 3 mars", "martes 3 de marzo de 2026". Without a year it is the
 * year that puts the date nearest to `published`; a date about half a year away could be of two, and is wrong only if it
 * is in both. Dates before 1753 are left alone: calendars differed.
 *
 * Languages: en de fr es it nl pt (dates_words.h). In another nothing is found.
 *
 * Cost: linear. Threads: pure. */
#pragma once
#include "base/clock.h"

enum { DATES_FAULTS_MAX = 20 };

struct date_fault {
    size_t begin, end; /* of the whole in the text, in bytes */
    int said, is;      /* 0: Sunday */
    int year, month, day;
};

/* How many, at most `max` of them told, in order. `text` is valid UTF-8; `published` 0: only dates with a year. */
size_t dates_wrong(str text, str language, time_us published, struct date_fault *ret_faults,
                   size_t max);
