/* store/fulltext.h -- the full-text index over the table story_text, in each driver's own SQL.
 *
 *     st = fulltext_drop(conn, story, err);     // while story_text still has the old text
 *     ... UPDATE story_text ...
 *     st = fulltext_put(conn, story, err);      // once it has the new
 *
 *     AUTO(store_stmt_donep) struct store_stmt *q = fulltext_query(conn, match, 4000);
 *     while ((st = store_step(q, err)) == ST_OK)
 *         story = store_column_int(q, 0), score = store_column_double(q, 1);
 *
 * The index keeps no text of its own, so it must be told exactly what it was told before when a
 * row changes or goes: drop before, put after, in the same transaction.
 *
 * Threads: as the connection. */
#pragma once
#include "store/store.h"

MUST_USE enum status fulltext_put(struct store_conn *conn, int64_t story, struct error *err);
/* Many new ones at once: the index writes out what it gathered after each statement, so one statement
 * for them all costs a fraction of one for each. */
MUST_USE enum status fulltext_put_all(struct store_conn *conn, const int64_t *stories, size_t count,
                                      struct error *err);
MUST_USE enum status fulltext_drop(struct store_conn *conn, int64_t story, struct error *err);

/* Stories that `match` names, the newest rows first, `limit` of them: columns story and score (more
 * is better; weighed by column: headline, standfirst, body, tags, bylines). `match` is words and
 * phrases of which all must be there: each `"..."` with inner quotes doubled, parted by spaces;
 * then, each behind NOT, those that must not. */
struct store_stmt *fulltext_query(struct store_conn *conn, str match, int64_t limit);
