/* SPDX-License-Identifier: MIT */
#include "desk/session.h"

#include "base/arena.h"
#include "desk/secret.h"
#include "store/store.h"
#include "text/utf8.h"

#define SESSION_COLUMNS "id, person, half, created_at, seen_at, network, agent"

static struct session *session_from_row(const struct store_stmt *q, struct arena *arena)
{
    struct session *s = arena_new_one(arena, struct session);
    s->id = store_column_int(q, 0);
    s->person.v = store_column_int(q, 1);
    s->half = store_column_int(q, 2) != 0;
    s->created_at = store_column_int(q, 3);
    s->seen_at = store_column_int(q, 4);
    s->network = str_copy(arena, store_column_text(q, 5));
    s->agent = str_copy(arena, store_column_text(q, 6));
    return s;
}

enum status session_find(struct store_conn *conn, str token, time_us now, struct arena *arena,
                         struct session **ret_session, struct error *err)
{
    if (!secret_valid(token))
        return error_set(err, ST_NOT_FOUND, "nobody is signed in");
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " SESSION_COLUMNS " FROM session WHERE token_hash = $1"
                              " AND expires_at > $2 AND seen_at > $3"));
    store_bind_text(q, 1, secret_digest(arena, token));
    store_bind_int(q, 2, now);
    store_bind_int(q, 3, now - SESSION_IDLE);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nobody is signed in");
    if (st == ST_OK)
        *ret_session = session_from_row(q, arena);
    return st;
}

enum status session_list(struct store_conn *conn, person_id person, time_us now,
                         struct arena *arena, struct session ***ret_sessions, size_t *ret_count,
                         struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " SESSION_COLUMNS " FROM session WHERE person = $1"
                              " AND half = 0 AND expires_at > $2 AND seen_at > $3"
                              " ORDER BY created_at DESC, id DESC LIMIT $4"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, now);
    store_bind_int(q, 3, now - SESSION_IDLE);
    store_bind_int(q, 4, SESSION_LIST_MAX);
    struct session **sessions = arena_new_array(arena, struct session *, SESSION_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < SESSION_LIST_MAX)
        sessions[count++] = session_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_sessions = sessions;
    *ret_count = count;
    return ST_OK;
}

enum status session_known(struct store_conn *conn, person_id person, str network, time_us now,
                          bool *ret_known, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT id FROM session WHERE person = $1 AND network = $2"
                              " AND half = 0 AND expires_at > $3 LIMIT 1"));
    store_bind_int(q, 1, person.v);
    store_bind_text(q, 2, network);
    store_bind_int(q, 3, now);
    enum status st = store_step(q, err);
    *ret_known = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- writing ---- */

static enum status sweep(struct newsroom *room, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM session WHERE expires_at <= $1"));
    store_bind_int(q, 1, room->now);
    return store_run(q, err);
}

static enum status person_seen(struct newsroom *room, person_id person, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("UPDATE person SET seen_at = $2 WHERE id = $1"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, room->now);
    return store_run(q, err);
}

enum status session_begin(struct newsroom *room, const struct session *session, str token,
                          struct error *err)
{
    enum status st = sweep(room, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx),
        SQL("INSERT INTO session (token_hash, person, half, created_at, seen_at, expires_at,"
            " network, agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)"));
    store_bind_text(q, 1, secret_digest(room->arena, token));
    store_bind_int(q, 2, session->person.v);
    store_bind_int(q, 3, session->half);
    store_bind_int(q, 4, room->now);
    store_bind_int(q, 5, room->now + (session->half ? SESSION_HALF : SESSION_LIFE));
    store_bind_text(q, 6, session->network);
    store_bind_text(q, 7,
                    utf8_cut_bytes(utf8_repair(room->arena, session->agent), SESSION_AGENT_MAX));
    st = store_run(q, err);
    return st == ST_OK && !session->half ? person_seen(room, session->person, err) : st;
}

enum status session_seen(struct newsroom *room, const struct session *session, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("UPDATE session SET seen_at = $2 WHERE id = $1"));
    store_bind_int(q, 1, session->id);
    store_bind_int(q, 2, room->now);
    enum status st = store_run(q, err);
    return st == ST_OK && !session->half ? person_seen(room, session->person, err) : st;
}

enum status session_end(struct newsroom *room, person_id person, int64_t id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(room->tx),
                                       SQL("DELETE FROM session WHERE id = $1 AND person = $2"));
    store_bind_int(q, 1, id);
    store_bind_int(q, 2, person.v);
    return store_run(q, err);
}

enum status session_end_others(struct newsroom *room, person_id person, int64_t but,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(room->tx),
                                       SQL("DELETE FROM session WHERE person = $1 AND id <> $2"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, but);
    return store_run(q, err);
}
