/* SPDX-License-Identifier: MIT */
#include "desk/second_factor.h"

#include "base/arena.h"
#include "base/random.h"
#include "desk/secret.h"
#include "desk/totp.h"
#include "store/store.h"

/* Crockford's: i, l and o are left out, and read as the digits they look like. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
static_assert(sizeof(letters) == 33, "five bits a letter");
enum { CODE_GROUP = 4, CODE_SHOWN = SECOND_FACTOR_CODE_CHARS + 3 };

enum status second_factor_read(struct store_conn *conn, person_id person, struct arena *arena,
                               struct second_factor *ret_factor, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn,
        SQL("SELECT CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END, totp_offered, (SELECT COUNT(*) FROM"
            " recovery_code r WHERE r.person = p.id) FROM person p WHERE p.id = $1"));
    store_bind_int(q, 1, person.v);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nobody of that number has a login");
    if (st == ST_OK) {
        ret_factor->on = store_column_int(q, 0) != 0;
        ret_factor->offered = str_copy(arena, store_column_text(q, 1));
        ret_factor->codes_left = store_column_int(q, 2);
    }
    return st;
}

enum status second_factor_offer(struct newsroom *room, person_id person, str secret,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(room->tx),
                                       SQL("UPDATE person SET totp_offered = $2 WHERE id = $1"
                                           " AND totp_secret IS NULL AND totp_offered IS NULL"));
    store_bind_int(q, 1, person.v);
    store_bind_text(q, 2, secret);
    return store_run(q, err);
}

/* ---- recovery codes ---- */

static enum status codes_forget(struct newsroom *room, person_id person, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM recovery_code WHERE person = $1"));
    store_bind_int(q, 1, person.v);
    return store_run(q, err);
}

/* "abcd-efgh-jkmn-pqrs" */
static str code_new(struct newsroom *room)
{
    unsigned char bytes[SECOND_FACTOR_CODE_CHARS];
    char *text = arena_alloc(room->arena, CODE_SHOWN, 1);
    size_t len = 0;
    random_fill(room->rng, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (i > 0 && i % CODE_GROUP == 0)
            text[len++] = '-';
        text[len++] = letters[bytes[i] & 31];
    }
    return (str){text, len};
}

/* As typed, with or without its hyphens. */
static str code_digest(struct newsroom *room, str typed)
{
    char *text = arena_alloc(room->arena, typed.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = ascii_lower(typed.ptr[i]);
        if (ascii_is_alnum(c))
            text[len++] = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
    }
    return secret_digest(room->arena, (str){text, len});
}

enum status second_factor_codes(struct newsroom *room, person_id person,
                                str ret_codes[SECOND_FACTOR_CODES], struct error *err)
{
    enum status st = codes_forget(room, person, err);
    for (size_t i = 0; st == ST_OK && i < SECOND_FACTOR_CODES; i++) {
        ret_codes[i] = code_new(room);
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(store_tx_conn(room->tx),
                        SQL("INSERT INTO recovery_code (person, code_hash) VALUES ($1, $2)"));
        store_bind_int(q, 1, person.v);
        store_bind_text(q, 2, code_digest(room, ret_codes[i]));
        st = store_run(q, err);
    }
    return st;
}

static enum status recovery_take(struct newsroom *room, person_id person, str code,
                                 struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx),
                    SQL("DELETE FROM recovery_code WHERE person = $1 AND code_hash = $2"));
    store_bind_int(q, 1, person.v);
    store_bind_text(q, 2, code_digest(room, code));
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_DENIED, "that is not the code");
    return st;
}

/* ---- codes ---- */

enum status second_factor_prove(struct newsroom *room, person_id person, str code,
                                str ret_codes[SECOND_FACTOR_CODES], struct error *err)
{
    struct second_factor factor;
    int64_t step;
    enum status st = second_factor_read(store_tx_conn(room->tx), person, room->arena, &factor, err);
    if (st != ST_OK)
        return st;
    if (factor.on || factor.offered.len == 0 ||
        !totp_check(factor.offered, code, room->now, 0, &step))
        return error_set(err, ST_INVALID, "that is not the code");
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx),
                    SQL("UPDATE person SET totp_secret = totp_offered, totp_offered = NULL,"
                        " totp_step = $2 WHERE id = $1"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, step);
    st = store_run(q, err);
    return st == ST_OK ? second_factor_codes(room, person, ret_codes, err) : st;
}

enum status second_factor_take(struct newsroom *room, person_id person, str code,
                               bool *ret_recovery, struct error *err)
{
    int64_t step = 0;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx), SQL("SELECT totp_secret, totp_step FROM person WHERE id = $1"));
    store_bind_int(q, 1, person.v);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? error_set(err, ST_DENIED, "that is not the code") : st;
    *ret_recovery =
        !totp_check(store_column_text(q, 0), code, room->now, store_column_int(q, 1), &step);
    if (*ret_recovery)
        return recovery_take(room, person, code, err);
    AUTO(store_stmt_donep)
    struct store_stmt *used =
        store_query(store_tx_conn(room->tx), SQL("UPDATE person SET totp_step = $2 WHERE id = $1"));
    store_bind_int(used, 1, person.v);
    store_bind_int(used, 2, step);
    return store_run(used, err);
}

enum status second_factor_off(struct newsroom *room, person_id person, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx),
                    SQL("UPDATE person SET totp_secret = NULL, totp_offered = NULL, totp_step = 0"
                        " WHERE id = $1"));
    store_bind_int(q, 1, person.v);
    enum status st = store_run(q, err);
    return st == ST_OK ? codes_forget(room, person, err) : st;
}
