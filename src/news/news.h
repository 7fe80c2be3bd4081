/* news/news.h -- what every write of the newsroom carries with it, and the ids of its records.
 *
 *     struct newsroom desk = {.tx = tx, .arena = arena, .rng = &rng_system,
 *                             .now = clock_now(clock), .site = settings};
 *     st = story_save(&desk, &draft, &saved, err);
 *
 * Reading takes a connection: `struct store_conn *conn, ..., struct arena *arena`. Writing takes a
 * newsroom, which is one write under way: it lives inside a store_write_fn, on the writer's thread,
 * and so does everything it lends. Every call below either does all of what it says in the
 * transaction or fails; the caller fails in turn, and the savepoint undoes the rest.
 *
 * Work that need not hold up other writes is done before: story_prepare and comment_prepare
 * sanitize on any thread; story_save and comment_add then only write.
 *
 * Ids are numbers of the database; 0 is none. Each record also has Ghost's 24-hex id. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct arena;
struct rng;
struct site_settings;
struct store_tx;

typedef struct story_id {
    int64_t v;
} story_id;
typedef struct tag_id {
    int64_t v;
} tag_id;
typedef struct byline_id {
    int64_t v;
} byline_id;
typedef struct comment_id {
    int64_t v;
} comment_id;
typedef struct person_id {
    int64_t v;
} person_id;

struct newsroom {
    struct store_tx *tx;
    struct arena *arena; /* for this write alone */
    const struct rng *rng;
    time_us now;
    person_id person;                 /* who does it; 0: the program */
    const struct site_settings *site; /* NULL: the defaults of a new site */
};

/* Ghost's record id: 24 hex digits, the first 8 the seconds of `made`. */
enum { GHOST_ID_LEN = 24 };
str ghost_id_new(const struct rng *rng, struct arena *arena, time_us made);
bool ghost_id_valid(str text);
