/* SPDX-License-Identifier: MIT */
#include "desk/throttle.h"

#include "base/arena.h"
#include "desk/secret.h"
#include "store/store.h"
#include "text/utf8.h"

struct throttle_subjects throttle_of(struct arena *arena, str email, str network, bool known)
{
    /* By hash: what was typed there by mistake may be a password. */
    str account = secret_digest(arena, utf8_lower(arena, str_trim(email)));
    account = str_join2(arena, S("account:"), account);
    if (known)
        account = str_join3(arena, account, S("@"), network);
    return (struct throttle_subjects){
        .account = account,
        .network = network.len > 0 ? str_join2(arena, S("network:"), network) : STR_NONE,
        .account_most = THROTTLE_ACCOUNT,
        .network_most = THROTTLE_NETWORK,
    };
}

struct throttle_subjects throttle_of_lost(struct arena *arena, str email, str network)
{
    struct throttle_subjects who = throttle_of(arena, email, network, false);
    who.account = str_join2(arena, S("lost-"), who.account);
    who.account_most = THROTTLE_LOST_ACCOUNT;
    who.network_most = THROTTLE_LOST_NETWORK;
    if (who.network.len > 0)
        who.network = str_join2(arena, S("lost-"), who.network);
    return who;
}

struct throttle_subjects throttle_of_code(struct arena *arena, struct throttle_subjects who)
{
    who.codes = str_join2(arena, S("codes:"), who.account);
    return who;
}

static enum status ask_one(struct store_conn *conn, str subject, int64_t most, time_us now,
                           time_us *wait, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT since, failures FROM sign_in_failure WHERE subject = $1"));
    store_bind_text(q, 1, subject);
    enum status st = store_step(q, err);
    if (st == ST_OK && store_column_int(q, 1) >= most) {
        time_us left = store_column_int(q, 0) + THROTTLE_WINDOW - now;
        if (left > *wait)
            *wait = left;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status throttle_ask(struct store_conn *conn, const struct throttle_subjects *who, time_us now,
                         time_us *ret_wait, struct error *err)
{
    *ret_wait = 0;
    enum status st = ask_one(conn, who->account, who->account_most, now, ret_wait, err);
    if (st == ST_OK && who->network.len > 0)
        st = ask_one(conn, who->network, who->network_most, now, ret_wait, err);
    if (st == ST_OK && who->codes.len > 0)
        st = ask_one(conn, who->codes, THROTTLE_CODES, now, ret_wait, err);
    return st;
}

/* `since` is kept so that the count is forgotten THROTTLE_WINDOW after it: one that lasts longer has it
 * ahead of now. */
static enum status count_one(struct newsroom *room, str subject, time_us window, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx),
        SQL("INSERT INTO sign_in_failure (subject, since, failures) VALUES ($1, $2, 1)"
            " ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failure.failures + 1"));
    store_bind_text(q, 1, subject);
    store_bind_int(q, 2, room->now + window - THROTTLE_WINDOW);
    return store_run(q, err);
}

enum status throttle_failed(struct newsroom *room, const struct throttle_subjects *who,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *old =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM sign_in_failure WHERE since <= $1"));
    store_bind_int(old, 1, room->now - THROTTLE_WINDOW);
    enum status st = store_run(old, err);
    if (st == ST_OK)
        st = count_one(room, who->account, THROTTLE_WINDOW, err);
    if (st == ST_OK && who->network.len > 0)
        st = count_one(room, who->network, THROTTLE_WINDOW, err);
    if (st == ST_OK && who->codes.len > 0)
        st = count_one(room, who->codes, THROTTLE_CODES_WINDOW, err);
    return st;
}

enum status throttle_passed(struct newsroom *room, const struct throttle_subjects *who,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM sign_in_failure WHERE subject = $1"));
    store_bind_text(q, 1, who->account);
    return store_run(
        q, err); /* the day's count of codes stays: the right one after 29 wrong ones may be luck */
}
