/* discover/popular.h -- the popular list: worked out behind, read as it stands.
 *
 *     st = popular_run(&work, err);       // job thread, after reads were handed over
 *     st = popular_list(conn, arena, &rows, &count, err);
 *
 * The list is the POPULAR_SHOWN stories with the most faded reads (news/read_count.h) among those read
 * at least POPULAR_READS_MIN times within a window. The window is the last day; if fewer than
 * POPULAR_SHOWN stories qualify, the last week, month, year. If fewer than POPULAR_LEAST qualify even
 * then there is no list. Candidates are the POPULAR_CANDIDATES hottest stories by index, so the work
 * does not grow with the archive.
 *
 * POPULAR_HELD are kept, one more than shown, as the story being read is left out.
 * list:popular is raised only when the ids or their order change.
 *
 * Threads: popular_run on the job thread; popular_list, one connection a thread. */
#pragma once
#include "news/list.h"

struct rng;
struct store;

enum {
    POPULAR_SHOWN = 5,
    POPULAR_HELD = 6,
    POPULAR_READS_MIN = 10,
    POPULAR_LEAST = 3,
    POPULAR_CANDIDATES = 500,
};

struct popular_work {
    struct store *store;
    struct store_conn *conn;
    const struct clock *clock;
    const struct rng *rng;
};
MUST_USE enum status popular_run(const struct popular_work *work, struct error *err);

struct popular_row {
    struct story *story;
    int64_t reads; /* within the window */
    time_us window;
    double heat; /* faded reads, as of when the list was made */
};
MUST_USE enum status popular_list(struct store_conn *conn, struct arena *arena,
                                  struct popular_row **ret_rows, size_t *ret_count,
                                  struct error *err);
