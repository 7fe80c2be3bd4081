/* news/term_find.h -- tags and bylines by the beginning of their name, as it is typed.
 *
 *     st = tag_list_beginning(conn, S("har"), 10, arena, &tags, &count, err);     // Harbour, Hardware
 *
 * The beginning is looked up in the index of names (as typed, and with a large first letter) and, made into a
 * slug, in that of slugs, which minds neither accents nor case. Those with the most stories come first.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/byline.h"
#include "news/tag.h"

enum { TERM_FOUND_MAX = 50 };

MUST_USE enum status tag_list_beginning(struct store_conn *conn, str typed, size_t limit,
                                        struct arena *arena, struct tag ***ret_tags,
                                        size_t *ret_count, struct error *err);
MUST_USE enum status byline_list_beginning(struct store_conn *conn, str typed, size_t limit,
                                           struct arena *arena, struct byline ***ret_bylines,
                                           size_t *ret_count, struct error *err);

/* One of those, by its slug; *ret_count 0: it is not proposed. */
MUST_USE enum status tag_proposal_find(struct store_conn *conn, str slug, struct arena *arena,
                                       struct tag_proposal **ret_proposals, size_t *ret_count,
                                       struct error *err);
/* Names that are proposed (tag_propose), from `after` on by slug: in how many stories each. */
MUST_USE enum status tag_proposals_list(struct store_conn *conn, str after, size_t limit,
                                        struct arena *arena, struct tag_proposal **ret_proposals,
                                        size_t *ret_count, struct error *err);
