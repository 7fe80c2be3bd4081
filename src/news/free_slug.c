/* SPDX-License-Identifier: MIT */
#include "news/free_slug.h"
#include "base/random.h"
#include "store/store.h"
#include "text/slug.h"
#include "text/utf8.h"

static enum status taken_by_other(struct store_conn *conn, enum slug_of of, str slug, int64_t self,
                                  bool *ret_taken, struct error *err)
{
    store_sql sql = SQL("SELECT id FROM story WHERE slug = $1");
    if (of == SLUG_OF_TAG)
        sql = SQL("SELECT id FROM tag WHERE slug = $1");
    if (of == SLUG_OF_BYLINE)
        sql = SQL("SELECT id FROM byline WHERE slug = $1");
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    store_bind_text(q, 1, slug);
    enum status st = store_step(q, err);
    *ret_taken = st == ST_OK && store_column_int(q, 0) != self;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status free_slug(struct newsroom *desk, enum slug_of of, str wished, int64_t self,
                      str *ret_slug, struct error *err)
{
    str slug = wished;
    for (unsigned n = 1; n <= FREE_SLUG_TRIES_MAX; n++) {
        bool taken = false;
        enum status st = taken_by_other(store_tx_conn(desk->tx), of, slug, self, &taken, err);
        if (st != ST_OK)
            return st;
        if (!taken) {
            *ret_slug = slug;
            return ST_OK;
        }
        if (n < FREE_SLUG_NUMBERED)
            slug = slug_numbered(desk->arena, wished, n + 1);
        else
            slug = str_join3(desk->arena, utf8_cut_bytes(wished, SLUG_MAX - 9), S("-"),
                             random_token(desk->rng, desk->arena, 4));
    }
    return error_set(err, ST_CONFLICT, "no free address like \"%.*s\"", STR_ARG(wished));
}
