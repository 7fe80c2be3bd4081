/* SPDX-License-Identifier: MIT */
#include "transfer/report.h"

#include "base/arena.h"

#include <stdlib.h>

const char *import_kind_name(enum import_kind kind)
{
    static const char *const names[IMPORT_KINDS] = {
        [IMPORT_STORIES] = "stories",
        [IMPORT_PAGES] = "pages",
        [IMPORT_ATTACHMENTS] = "attachments",
        [IMPORT_MENU_ITEMS] = "menu_items",
        [IMPORT_COMMENTS] = "comments",
        [IMPORT_AUTHORS] = "authors",
        [IMPORT_TAGS] = "tags",
        [IMPORT_SECTIONS] = "sections",
        [IMPORT_REDIRECTS] = "redirects",
        [IMPORT_PICTURES] = "pictures",
    };
    return names[kind];
}

void report_init(struct report *report, struct arena *arena)
{
    *report = (struct report){.arena = arena, .out = arena_new_one(arena, struct import_report)};
    map_init(&report->notes, arena);
}

static struct import_note *note_of(struct report *report, str what)
{
    struct import_note *note = map_get(&report->notes, what);
    if (note != NULL)
        return note;
    if (map_count(&report->notes) >= IMPORT_NOTES_MAX - 1) {
        what = S("other things");
        note = map_get(&report->notes, what);
        if (note != NULL)
            return note;
    }
    note = arena_new_one(report->arena, struct import_note);
    note->what = str_copy(report->arena, what);
    (void)map_set(&report->notes, what, note);
    return note;
}

void report_note_many(struct report *report, str what, int64_t n)
{
    if (n > 0)
        note_of(report, what)->count += n;
}

void report_note(struct report *report, str what, str where)
{
    struct import_note *note = note_of(report, what);
    note->count++;
    if (where.len == 0 || note->where_count == IMPORT_WHERE_MAX)
        return;
    for (size_t i = 0; i < note->where_count; i++) {
        if (str_eq(note->where[i], where))
            return;
    }
    note->where[note->where_count++] = str_copy(report->arena, where);
}

static int by_count(const void *a, const void *b)
{
    const struct import_note *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return str_cmp(x->what, y->what);
}

void report_finish(struct report *report, double seconds)
{
    size_t count = map_count(&report->notes);
    struct import_note *notes = arena_new_array(report->arena, struct import_note, count);
    for (size_t i = 0; i < count; i++)
        notes[i] = *(const struct import_note *)map_value(&report->notes, i);
    qsort(notes, count, sizeof(*notes), by_count);
    report->out->notes = notes;
    report->out->notes_count = count;
    report->out->seconds = seconds;
}
