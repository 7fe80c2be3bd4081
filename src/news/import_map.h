/* news/import_map.h -- what an import made of what, so that a second run adds nothing twice.
 *
 *     st = import_map_find(conn, source, S("story"), S("1234"), &id, err);   // ST_NOT_FOUND: new
 *     st = import_map_put(desk, source, S("story"), S("1234"), id, err);
 *
 * `source` is the old site's address; kinds are the importer's words ("story", "section", "tag", "byline",
 * "user" (a byline too, by its number), "comment"). A row whose record was deleted since points at nothing: the importer asks. Of the kind
 * "waiting" is a story whose pictures did not all come; `ours` is then a mark of its text as it came,
 * so that a later import sees whether somebody changed it.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

MUST_USE enum status import_map_find(struct store_conn *conn, str source, str kind, str foreign_id,
                                     int64_t *ret_ours, struct error *err);
MUST_USE enum status import_map_put(struct newsroom *desk, str source, str kind, str foreign_id,
                                    int64_t ours, struct error *err);
/* ST_OK also when there was none. */
MUST_USE enum status import_map_forget(struct newsroom *desk, str source, str kind, str foreign_id,
                                       struct error *err);
