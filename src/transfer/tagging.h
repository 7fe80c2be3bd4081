/* transfer/tagging.h -- tags for stories that came without any.
 *
 *     count = tagging_find(arena, headline, plain, S("en"), &candidates);      // any thread
 *     st = tagging_propose(desk, story, candidates, count, err);                // in the write
 *     st = tagging_apply(options, &tags, err);                    // later: only those worth a page
 *
 * What is proposed are first the site's own tags that the story names, then names that recur in it. What
 * is applied are those of the site's own tags
 * that are proposed, and those that at least TAGGING_STORIES_MIN stories would share: a tag page with
 * one story on it helps nobody. An applied proposal is gone; the others wait.
 *
 * Threads: propose is pure; apply as import_files. */
#pragma once
#include "news/news.h"

struct arena;
struct import_options;

enum { TAGGING_STORIES_MIN = 2, TAGGING_PROPOSALS_MAX = 12, TAGGING_CANDIDATES_MAX = 60 };

struct tag_candidate {
    str slug, name;
    int64_t weight;
    bool recurs;
};

size_t tagging_find(struct arena *arena, str headline, str plain, str language,
                    struct tag_candidate **ret_candidates);
MUST_USE enum status tagging_propose(struct newsroom *desk, story_id story,
                                     const struct tag_candidate *candidates, size_t count,
                                     struct error *err);
/* *tags grows by the tags that were made. */
MUST_USE enum status tagging_apply(const struct import_options *options, int64_t *tags,
                                   struct error *err);
