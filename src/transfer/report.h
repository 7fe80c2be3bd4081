/* transfer/report.h -- inside transfer/: what an import says at its end, gathered as it goes.
 *
 *     struct report report;
 *     report_init(&report, arena);
 *     report_note(&report, S("[slider]: left out"), slug);       // again: counted
 *     report.out->came[IMPORT_STORIES]++;
 *
 * Notes of the same words are one, with a count and the first IMPORT_WHERE_MAX places. When there are
 * more kinds than IMPORT_NOTES_MAX the rest are counted together.
 *
 * Threads: one at a time. */
#pragma once
#include "base/map.h"
#include "transfer/import.h"

struct report {
    struct arena *arena;
    struct import_report *out;
    struct map notes; /* words to struct import_note */
};

void report_init(struct report *report, struct arena *arena);
void report_note(struct report *report, str what, str where);
/* `n` at once, nowhere in particular. */
void report_note_many(struct report *report, str what, int64_t n);
/* Puts the notes into report->out, the most frequent first. */
void report_finish(struct report *report, double seconds);
