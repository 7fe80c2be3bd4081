/* news/comment_row.h -- how a reply's row is read.
 *
 *     SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.id = $1")
 *
 * Inside news/ only. */
#pragma once
#include "news/comment.h"

struct store_stmt;

#define COMMENT_COLUMNS                                                                            \
    "c.id, c.ghost_id, c.story, c.parent, c.thread, c.thread_at, c.name, c.email, c.site, c.html," \
    " c.source_text, c.state, c.why, c.person, c.created_at, c.edited_at, c.byline,"               \
    " c.address"
enum { COMMENT_COLUMNS_COUNT = 18 };

struct comment *comment_from_row(const struct store_stmt *stmt, struct arena *arena);
str comment_state_text(enum comment_state state);
