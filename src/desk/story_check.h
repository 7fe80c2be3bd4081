/* desk/story_check.h -- inside desk/: what an editor is asked to look at before readers see a story.
 *
 *     st = story_check(e, &ready, old, &notes, &count, err);
 *
 *     pictures without alt text; no picture at all; a headline whose slug is another story's; links that lead
 *     nowhere on our own site; one person under two roles or spellings; quotation marks that do not match;
 *     a weekday that is not its date
 *
 * None of them is a rule: whoever publishes may go on. A soft one is told and holds up nothing.
 *
 * Memory: e->arena. Cost: linear in the text, and a statement or two for each different link. */
#pragma once
#include "desk/errand.h"
#include "news/story.h"

enum { STORY_NOTES_MAX = 40 /* further ones are not told */, STORY_LINKS_MAX = 100 };

struct story_note {
    str key;   /* "alt picture slug link name quote date" */
    str say;   /* a sentence in the editor's language */
    str where; /* some words of the text there; may be empty */
    bool soft;
};

/* `old` NULL: a new one. */
MUST_USE enum status story_check(struct errand *e, const struct story_prepared *ready,
                                 const struct story *old, struct story_note **ret_notes,
                                 size_t *ret_count, struct error *err);
bool story_notes_hold(const struct story_note *notes, size_t count);
struct hbs_value story_notes_value(struct arena *arena, const struct story_note *notes,
                                   size_t count);
