/* SPDX-License-Identifier: MIT
 *
 * Any text in each language: what is called wrong is a real day, another than the text says, and lies in the text. */
#include "base/arena.h"
#include "reader/dates.h"
#include "reader/doubles.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 16 * 1024 };

static void check_dates(str text, str language, time_us published)
{
    struct date_fault faults[DATES_FAULTS_MAX];
    size_t count = dates_wrong(text, language, published, faults, DATES_FAULTS_MAX), end = 0;
    for (size_t i = 0; i < count && i < DATES_FAULTS_MAX; i++) {
        struct civil day = {.year = faults[i].year, .month = faults[i].month, .day = faults[i].day};
        CHECK(faults[i].begin >= end && faults[i].begin < faults[i].end);
        CHECK(faults[i].end <= text.len);
        CHECK(civil_valid(&day));
        CHECK(civil_from_time(time_from_civil(&day), 0).weekday == faults[i].is);
        CHECK(faults[i].said != faults[i].is);
        end = faults[i].begin + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const str languages[] = {STR_INIT("en"), STR_INIT("de"), STR_INIT("fr"), STR_INIT("es"),
                                    STR_INIT("it"), STR_INIT("nl"), STR_INIT("pt"), STR_INIT("xx")};
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str text = utf8_repair(arena, (str){(const char *)data, size < INPUT_MAX ? size : INPUT_MAX});
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        check_dates(text, languages[i], 1767225600 * TIME_SECOND);
        check_dates(text, languages[i], 0);
    }
    /* Names are read of the same text; a role or spelling is of two that differ. */
    struct doubles doubles;
    doubles_find(arena, STR_NONE, text, S("en"), &doubles);
    for (size_t i = 0; i < doubles.count; i++)
        CHECK(!str_eq(doubles.list[i].a, doubles.list[i].b));
    return 0;
}
