/* transfer/text_file.h -- one story from a text or HTML file.
 *
 *     Rain stops play                      the headline: the first line (of HTML: its title or h1)
 *
 *     The third test was ...               paragraphs, parted by empty lines
 *
 * Text that was saved from an old page ends with that page's fittings ("Leave a Reply", "Latest Stories"
 * ...): a trailing run of such lines is left out, and told; `keep_all` keeps it (reader/furniture.h).
 *
 * A headline alone is a story: a flash, or a page whose text is still to come.
 *
 * Memory: the arena's. Threads: pure. Errors: ST_INVALID without a headline. */
#pragma once
#include "base/str.h"

struct arena;
struct furniture;

struct text_story {
    str headline;
    str html; /* not sanitized */
};

MUST_USE enum status text_story_read(struct arena *arena, str text, bool keep_all,
                                     struct text_story *ret_story, struct furniture *ret_left_out,
                                     struct error *err);
