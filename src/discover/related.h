/* discover/related.h -- which stories are about the same thing.
 *
 *     // behind: the job that each save of a published story leaves
 *     st = related_run(store, ..., &left, err);
 *     // shown: discover/slots.h
 *
 * Each published story has up to RELATED_TERMS telling terms: its words, names and tags weighed by how
 * often they stand in it and how few other stories have them; names count more than words, tags
 * more than names. Two stories are as alike as the sum, over the terms they share, of the products of
 * the weights (the cosine), with a mild pull to stories from about the same time. A story's own
 * list is found by its terms among the RELATED_CANDIDATES newest stories of each, and it
 * is put into the lists of the RELATED_NEIGHBOURS most alike, so that old stories point to new ones.
 *
 * How few other stories have a word is counted once a story, when it is first weighed; later edits and
 * deletions do not correct it, as the order of a few hundred words does not hang on one story.
 * A term that no other story has yet is kept too (RELATED_FRESH of them): the next story may be the
 * second to have it.
 *
 * A list holds likeness above RELATED_FLOOR only. Of stories with nearly the same text (fingerprints at
 * most RELATED_TWIN_BITS apart) one is shown. An editor's picks come first, in their order.
 *
 * The work happens outside of saves: jobs "related" (news/job.h), in batches; reading and weighing on
 * the job thread's own connection, only the results through the writer.
 *
 * Threads: related_run on the job thread. */
#pragma once
#include "news/list.h"

struct rng;
struct store;

enum {
    RELATED_TERMS = 20,       /* of a story, that others have too */
    RELATED_FRESH = 6,        /* and that none has yet */
    RELATED_CANDIDATES = 500, /* newest stories looked at for each */
    RELATED_NEIGHBOURS = 20,  /* lists into which a story is put */
    RELATED_KEPT = 16,        /* rows of a list */
    RELATED_SHOWN = 4,
    RELATED_TWIN_BITS = 3,
    RELATED_BATCH = 64, /* stories worked on at a time */
};
#define RELATED_ONE    ((int64_t)1000000)       /* a likeness of 1 */
#define RELATED_FLOOR  ((int64_t)50000)         /* 0.05 */
#define RELATED_PICKED ((int64_t)1000000000000) /* a pick's score is above this */

/* Works off what is due, until nothing is or `deadline` (clock_monotonic) is past. How many stories. */
struct related_work {
    struct store *store;
    struct store_conn *conn; /* a reading connection of the calling thread's own */
    const struct clock *clock;
    const struct rng *rng;
    str language; /* the site's: of stories that name none */
};
MUST_USE enum status related_run(const struct related_work *work, time_us deadline,
                                 int64_t *ret_done, struct error *err);

/* An editor's own choice, in order; an empty list takes them back. Raises story:ID. */
MUST_USE enum status related_pick(struct newsroom *desk, story_id story, const story_id *picks,
                                  size_t count, struct error *err);

/* What is kept for a story, best first, with scores: `broadsheet related`. */
struct related_row {
    struct story *story;
    int64_t score;
    bool picked;
};
MUST_USE enum status related_list(struct store_conn *conn, story_id story, struct arena *arena,
                                  struct related_row **ret_rows, size_t *ret_count,
                                  struct error *err);
