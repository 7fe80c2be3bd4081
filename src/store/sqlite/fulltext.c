/* SPDX-License-Identifier: MIT
 *
 * FTS5 with external content (schema/0002_search.sqlite.sql). The view story_searched says each
 * column with its language before it, as the tokenizer wants it. */
#include "store/fulltext.h"

static enum status run_for(struct store_conn *conn, store_sql sql, int64_t story, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    store_bind_int(q, 1, story);
    return store_run(q, err);
}

enum status fulltext_put(struct store_conn *conn, int64_t story, struct error *err)
{
    return run_for(conn,
                   SQL("INSERT INTO story_fts (rowid, headline, standfirst, body, tags, bylines)"
                       " SELECT story, headline, standfirst, body, tags, bylines"
                       " FROM story_searched WHERE story = $1"),
                   story, err);
}

enum status fulltext_put_all(struct store_conn *conn, const int64_t *stories, size_t count,
                             struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("INSERT INTO story_fts (rowid, headline, standfirst, body, tags,"
                              " bylines)"
                              " SELECT s.story, s.headline, s.standfirst, s.body, s.tags, s.bylines"
                              " FROM id_list($1) i CROSS JOIN story_searched s"
                              " WHERE s.story = i.id"));
    store_bind_ids(q, 1, stories, count);
    return store_run(q, err);
}

enum status fulltext_drop(struct store_conn *conn, int64_t story, struct error *err)
{
    return run_for(conn,
                   SQL("INSERT INTO story_fts"
                       " (story_fts, rowid, headline, standfirst, body, tags, bylines)"
                       " SELECT 'delete', story, headline, standfirst, body, tags, bylines"
                       " FROM story_searched WHERE story = $1"),
                   story, err);
}

struct store_stmt *fulltext_query(struct store_conn *conn, str match, int64_t limit)
{
    /* By rowid FTS5 walks its lists from the end and stops at the limit; by rank it would weigh
     * every match first. */
    struct store_stmt *q =
        store_query(conn, SQL("SELECT rowid, full_text_rank(story_fts, 8.0, 3.0, 1.0, 5.0, 5.0)"
                              " FROM story_fts WHERE story_fts MATCH $1"
                              " ORDER BY rowid DESC LIMIT $2"));
    store_bind_text(q, 1, match);
    store_bind_int(q, 2, limit);
    return q;
}
