/* theme/gate.h -- a story's body as a visitor may read it.
 *
 *     page body, feed  ->  gate_html(arena, site_url, story->body, story->visibility == STORY_PUBLIC)
 *
 * Whoever prints a body prints what comes from here: the part that is for visitors (text/gate.h), with
 * the site's address where Ghost's export has its mark for it.
 *
 * Memory:  lends `body` when there is nothing to change, else the arena.
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

/* `open`: the story is for everybody. `site_url` without a slash at its end. */
html gate_html(struct arena *arena, str site_url, html body, bool open);
