/* SPDX-License-Identifier: MIT */
#include "desk/door.h"

#include "base/arena.h"
#include "desk/secret.h"
#include "store/store.h"

static const struct {
    str name;
    time_us life;
} kinds[] = {
    [DOOR_SET_UP] = {STR_INIT("set-up"), DOOR_SET_UP_LIFE},
    [DOOR_INVITATION] = {STR_INIT("invitation"), DOOR_INVITATION_LIFE},
    [DOOR_RESET] = {STR_INIT("reset"), DOOR_RESET_LIFE},
};

#define DOOR_COLUMNS "id, person, email, role, made_by, created_at, expires_at"

static struct door *door_from_row(const struct store_stmt *q, enum door_kind kind,
                                  struct arena *arena)
{
    struct door *d = arena_new_one(arena, struct door);
    d->id = store_column_int(q, 0);
    d->kind = kind;
    d->person.v = store_column_int(q, 1);
    d->email = str_copy(arena, store_column_text(q, 2));
    d->role = ROLE_CONTRIBUTOR;
    (void)role_from_name(store_column_text(q, 3), &d->role);
    d->made_by.v = store_column_int(q, 4);
    d->created_at = store_column_int(q, 5);
    d->expires_at = store_column_int(q, 6);
    return d;
}

enum status door_find(struct store_conn *conn, enum door_kind kind, str token, time_us now,
                      struct arena *arena, struct door **ret_door, struct error *err)
{
    if (!secret_valid(token))
        return error_set(err, ST_NOT_FOUND, "that link is not one of ours");
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " DOOR_COLUMNS " FROM door WHERE token_hash = $1"
                              " AND kind = $2 AND expires_at > $3"));
    store_bind_text(q, 1, secret_digest(arena, token));
    store_bind_text(q, 2, kinds[kind].name);
    store_bind_int(q, 3, now);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "that link was used already, or is too old");
    if (st == ST_OK)
        *ret_door = door_from_row(q, kind, arena);
    return st;
}

enum status door_list(struct store_conn *conn, time_us now, struct arena *arena,
                      struct door ***ret_doors, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " DOOR_COLUMNS " FROM door WHERE kind = 'invitation'"
                              " AND expires_at > $1 ORDER BY id DESC LIMIT $2"));
    store_bind_int(q, 1, now);
    store_bind_int(q, 2, DOOR_LIST_MAX);
    struct door **doors = arena_new_array(arena, struct door *, DOOR_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < DOOR_LIST_MAX)
        doors[count++] = door_from_row(q, DOOR_INVITATION, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_doors = doors;
    *ret_count = count;
    return ST_OK;
}

/* What this one replaces, and what is too old. */
static enum status make_room(struct newsroom *room, const struct door *door, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx), SQL("DELETE FROM door WHERE expires_at <= $1 OR (kind = $2 AND"
                                     " (kind = 'set-up' OR person = $3 OR email = $4))"));
    store_bind_int(q, 1, room->now);
    store_bind_text(q, 2, kinds[door->kind].name);
    store_bind_int_or_null(q, 3, door->person.v);
    store_bind_text_or_null(q, 4, door->email);
    return store_run(q, err);
}

enum status door_make(struct newsroom *room, const struct door *door, str token, struct error *err)
{
    enum status st = make_room(room, door, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx),
                    SQL("INSERT INTO door (kind, token_hash, person, email, role, made_by,"
                        " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    store_bind_text(q, 1, kinds[door->kind].name);
    store_bind_text(q, 2, secret_digest(room->arena, token));
    store_bind_int_or_null(q, 3, door->person.v);
    store_bind_text_or_null(q, 4, door->email);
    store_bind_text_or_null(
        q, 5, door->kind == DOOR_INVITATION ? str_from_c(role_name(door->role)) : STR_NONE);
    store_bind_int_or_null(q, 6, door->made_by.v);
    store_bind_int(q, 7, room->now);
    store_bind_int(q, 8, room->now + (door->life > 0 ? door->life : kinds[door->kind].life));
    return store_run(q, err);
}

enum status door_use(struct newsroom *room, const struct door *door, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM door WHERE id = $1 AND kind = $2"));
    store_bind_int(q, 1, door->id);
    store_bind_text(q, 2, kinds[door->kind].name);
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_NOT_FOUND, "that link was used already, or is too old");
    return st;
}
