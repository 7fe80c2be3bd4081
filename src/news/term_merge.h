/* news/term_merge.h -- a tag or byline becomes another one, or goes: its stories first, some at a time.
 *
 *     do
 *         st = term_move_step(desk, LIST_TAG, from, into, &more, err);     // a write each
 *     while (st == ST_OK && more);
 *     st = tag_merge_end(desk, from, into, err);          // old addresses, what named it, the record
 *
 * A section may have a hundred thousand stories, so they are moved in steps of a few, each whole in its own write: what
 * a stop in between leaves is some stories here and some there, all counted right, and the rest may be moved
 * later. Whoever moved them all ends it; a story that got the old one meanwhile loses it there.
 *
 * Where a story has both, it keeps the first of the two places. With `into` 0 the stories lose it, which is how one
 * is deleted.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "base/status.h"
#include "news/change.h"
#include "news/news.h"

enum { TERM_MOVE_A_STEP = 8 };

MUST_USE enum status term_move_step(struct newsroom *desk, enum list_kind list, int64_t from,
                                    int64_t into, bool *ret_more, struct error *err);
/* Its address leads to the other's, and so do its old ones; tags under it are under the other; an import
 * that comes again finds the other. `into` 0: it is deleted. ST_NOT_FOUND: it, or the other, is gone. */
MUST_USE enum status tag_merge_end(struct newsroom *desk, tag_id from, tag_id into,
                                   struct error *err);
/* The same; replies under its name are the other's, and so are its login and address where that has none. */
MUST_USE enum status byline_merge_end(struct newsroom *desk, byline_id from, byline_id into,
                                      struct error *err);

/* ---- names proposed for stories that came without tags (news/tag.h) ---- */

/* The next stories for which `slug` is proposed get the tag, and the proposal goes; `tag` 0: it only goes. */
MUST_USE enum status tag_accept_step(struct newsroom *desk, str slug, tag_id tag, bool *ret_more,
                                     struct error *err);
