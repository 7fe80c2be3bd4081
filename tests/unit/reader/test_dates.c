/* SPDX-License-Identifier: MIT */
#include "reader/dates.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

/* What is wrong as "TEXT said>is", joined by "; ". The story is of 20 March 2026, a Friday. */
static const struct {
    const char *language, *text, *wrong;
} cases[] = {
    {"en", "", ""},
    {"en", "On Tuesday, 3 March 2026, it rained.", ""},
    {"en", "On Monday, 3 March 2026, it rained.", "Monday, 3 March 2026 1>2"},
    {"en", "On Monday 3 March it rained.", "Monday 3 March 1>2"},
    {"en", "On Tuesday 3rd March it rained.", ""},
    {"en", "Monday the 3rd of March 2026", "Monday the 3rd of March 2026 1>2"},
    {"en", "Tues March 3 and Weds; Thu., Mar. 5, 2026", ""},
    {"en", "Tue., Mar. 5, 2026", "Tue., Mar. 5, 2026 2>4"},
    {"en", "Friday, March 20, 2026. Saturday March 20th.", "Saturday March 20th 6>5"},
    {"en", "on Monday 3 men left", ""},
    {"en", "Monday. 3 March 2026 was fine", "Monday. 3 March 2026 1>2"},
    {"en", "Monday and 3 March", ""},
    {"en", "In May the Sun shone. Sun 1 March 2026.", ""},
    {"en", "Wednesday, 31 February 2026", ""},
    {"en", "Monday, 14 July 1789 was not; Tuesday, 14 July 1789 was.", "Monday, 14 July 1789 1>2"},
    {"en", "Friday, 1 January 1600", ""},
    /* Half a year away: of this year or the last. 20 September is a Saturday in 2025, a Sunday in 2026. */
    {"en", "Saturday 20 September and Sunday 20 September", ""},
    {"en", "Monday 20 September", "Monday 20 September 1>6"},
    {"en", "Friday 2026-03-20 but Monday 2026-03-20", "Monday 2026-03-20 1>5"},
    {"en", "Tuesday 03.03.2026", ""},
    {"en", "MONDAY, 3 MARCH 2026", "MONDAY, 3 MARCH 2026 1>2"},
    {"en", "Monday\n3 March 2026", ""},
    {"de", "Am Dienstag, dem 3. März 2026, regnete es.", ""},
    {"de", "Am Montag, 3. März, regnete es.", "Montag, 3. März 1>2"},
    {"de", "Di., 03.03.2026 und Mi., 03.03.2026", "Mi., 03.03.2026 3>2"},
    {"de", "So 3 Tage später", ""},
    {"fr", "mardi 3 mars 2026 et lundi 3 mars 2026", "lundi 3 mars 2026 1>2"},
    {"fr", "dimanche 1er mars", ""},
    {"es", "el martes 3 de marzo de 2026 y el lunes 3 de marzo de 2026",
     "lunes 3 de marzo de 2026 1>2"},
    {"es", "miércoles, 3 de marzo", "miércoles, 3 de marzo 3>2"},
    {"it", "lunedì 3 marzo 2026", "lunedì 3 marzo 2026 1>2"},
    {"nl", "dinsdag 3 maart 2026, maandag 3 maart 2026", "maandag 3 maart 2026 1>2"},
    {"pt", "segunda-feira, 3 de março de 2026; terça, 3 de março",
     "segunda-feira, 3 de março de 2026 1>2"},
    {"xx", "Monday, 3 March 2026", ""},
    {"en-GB", "Monday, 3 March 2026", "Monday, 3 March 2026 1>2"},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct civil day = {.year = 2026, .month = 3, .day = 20, .hour = 12};
    time_us published = time_from_civil(&day);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct date_fault faults[DATES_FAULTS_MAX];
        struct buf b;
        str text = str_from_c(cases[i].text);
        size_t count =
            dates_wrong(text, str_from_c(cases[i].language), published, faults, DATES_FAULTS_MAX);
        buf_init(&b, arena, 4096);
        for (size_t k = 0; k < count; k++)
            buf_addf(&b, "%s%.*s %d>%d", k > 0 ? "; " : "",
                     STR_ARG(str_sub(text, faults[k].begin, faults[k].end - faults[k].begin)),
                     faults[k].said, faults[k].is);
        EXPECT_STR(buf_view(&b), str_from_c(cases[i].wrong));
    }
    /* Without a day to go by only what has its year is judged. */
    struct date_fault fault;
    EXPECT_INT(dates_wrong(S("Monday 3 March. Monday 3 March 2026."), S("en"), 0, &fault, 1), 1);
    EXPECT_INT(fault.begin, 16);
    return test_done();
}
