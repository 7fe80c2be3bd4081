/* SPDX-License-Identifier: MIT */
#include "media/refresh.h"
#include "media/media_row.h"
#include "store/store.h"

enum status media_refresh_stories(struct newsroom *desk, str path, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO job (kind, subject, due_at, created_at)"
                        " SELECT 'pictures', p.story, $2, $2 FROM story_picture p WHERE p.path = $1"
                        " ON CONFLICT (kind, subject) DO UPDATE SET claim = NULL"));
    store_bind_text(q, 1, path);
    store_bind_int(q, 2, desk->now);
    return store_run(q, err);
}
