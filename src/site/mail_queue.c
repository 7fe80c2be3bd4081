/* SPDX-License-Identifier: MIT
 *
 * A mail's text is sealed by secretbox (XSalsa20, Poly1305) under the site's key, with a nonce of its own, in Base64:
 * the portable columns hold text. */
#include "site/mail_queue.h"

#include "base/arena.h"
#include "base/random.h"
#include "site/mail_message.h"
#include "store/store.h"
#include "text/utf8.h"

#include <sodium.h>

static_assert(MAIL_KEY_BYTES == crypto_secretbox_KEYBYTES, "the site's key is one of secretbox's");

#define JOB_KIND S("mail")

/* ---- the seal ---- */

enum { NONCE = crypto_secretbox_NONCEBYTES, SEAL = NONCE + crypto_secretbox_MACBYTES };

static str seal(struct newsroom *room, const unsigned char *key, str text)
{
    size_t len = size_add(text.len, SEAL);
    unsigned char *box = arena_alloc(room->arena, len, 1);
    size_t text_len = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    char *sealed = arena_alloc(room->arena, text_len, 1);
    random_fill(room->rng, box, NONCE);
    crypto_secretbox_easy(box + NONCE, (const unsigned char *)text.ptr, text.len, box, key);
    sodium_bin2base64(sealed, text_len, box, len, sodium_base64_VARIANT_ORIGINAL);
    return (str){sealed, text_len - 1};
}

/* Empty when it was not sealed by this key. */
static str unseal(struct arena *arena, const unsigned char *key, str sealed)
{
    unsigned char *box = arena_alloc(arena, sealed.len + 1, 1);
    size_t len;
    if (sealed.len == 0 ||
        sodium_base642bin(box, sealed.len, sealed.ptr, sealed.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        len < SEAL)
        return STR_NONE;
    unsigned char *text = arena_alloc(arena, len, 1);
    if (crypto_secretbox_open_easy(text, box + NONCE, len - NONCE, box, key) != 0)
        return STR_NONE;
    return (str){(const char *)text, len - SEAL};
}

/* ---- adding ---- */

enum status mail_queue_add(struct newsroom *room, const unsigned char key[MAIL_KEY_BYTES],
                           const struct mail_queued *mail, struct error *err)
{
    CHECK(mail_address_valid(mail->to));
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx),
                    SQL("INSERT INTO mail (kind, recipient, message, created_at, good_until)"
                        " VALUES ($1, $2, $3, $4, $5) RETURNING id"));
    store_bind_text(q, 1, mail->kind);
    store_bind_text(q, 2, mail->to);
    store_bind_text(q, 3, seal(room, key, mail->message));
    store_bind_int(q, 4, room->now);
    store_bind_int(q, 5, mail->good_until);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    int64_t id = store_column_int(q, 0);
    return job_add(room, JOB_KIND, id, STR_NONE, room->now, err);
}

/* ---- one after another ---- */

#define MAIL_COLUMNS "id, kind, recipient, created_at, good_until, tries, answer, given_up_at"

static void mail_from_row(const struct store_stmt *q, struct arena *arena, struct mail_queued *mail)
{
    *mail = (struct mail_queued){
        .id = store_column_int(q, 0),
        .kind = str_copy(arena, store_column_text(q, 1)),
        .to = str_copy(arena, store_column_text(q, 2)),
        .created_at = store_column_int(q, 3),
        .good_until = store_column_int(q, 4),
        .tries = store_column_int(q, 5),
        .answer = str_copy(arena, store_column_text(q, 6)),
        .given_up_at = store_column_int(q, 7),
    };
}

static enum status read_claimed(struct newsroom *room, const unsigned char *key,
                                struct mail_queued *mail, struct error *err)
{
    struct job job = mail->job;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx), SQL("SELECT " MAIL_COLUMNS ", message FROM mail WHERE id = $1"
                                     " AND given_up_at IS NULL"));
    store_bind_int(q, 1, job.subject);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    mail_from_row(q, room->arena, mail);
    mail->job = job;
    if (mail->good_until > room->now)
        mail->message = unseal(room->arena, key, store_column_text(q, 8));
    return ST_OK;
}

enum status mail_queue_claim(struct newsroom *room, const unsigned char key[MAIL_KEY_BYTES],
                             struct mail_queued **ret_mail, struct error *err)
{
    struct mail_queued *mail = arena_new_one(room->arena, struct mail_queued);
    for (;;) {
        enum status st = job_claim(room, JOB_KIND, MAIL_LEASE, &mail->job, err);
        if (st == ST_OK)
            st = read_claimed(room, key, mail, err);
        else
            return st;
        if (st == ST_OK)
            *ret_mail = mail;
        if (st != ST_NOT_FOUND)
            return st;
        st = job_done(room, &mail->job, err); /* of a mail that is gone */
        if (st != ST_OK)
            return st;
    }
}

static enum status remove_mail(struct newsroom *room, int64_t id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM mail WHERE id = $1"));
    store_bind_int(q, 1, id);
    return store_run(q, err);
}

enum status mail_queue_sent(struct newsroom *room, const struct mail_queued *mail,
                            struct error *err)
{
    enum status st = remove_mail(room, mail->id, err);
    return st == ST_OK ? job_done(room, &mail->job, err) : st;
}

static enum status mark_failed(struct newsroom *room, const struct mail_queued *mail, str why,
                               bool given_up, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx),
        SQL("UPDATE mail SET tries = tries + 1, answer = $2, given_up_at = $3,"
            " message = CASE WHEN $3 IS NULL THEN message ELSE NULL END WHERE id = $1"));
    store_bind_int(q, 1, mail->id);
    store_bind_text(q, 2, utf8_cut_bytes(utf8_repair(room->arena, why), MAIL_ANSWER_MAX));
    store_bind_int_or_null(q, 3, given_up ? room->now : 0);
    return store_run(q, err);
}

enum status mail_queue_failed(struct newsroom *room, const struct mail_queued *mail, str why,
                              bool for_good, bool *ret_given_up, struct error *err)
{
    bool given_up = for_good || room->now - mail->created_at >= MAIL_TRIED_FOR;
    enum status st = mark_failed(room, mail, why, given_up, err);
    if (st == ST_OK && given_up)
        st = job_done(room, &mail->job, err);
    else if (st == ST_OK)
        st = job_failed(room, &mail->job, S("see the mail"), err);
    if (st == ST_OK)
        *ret_given_up = given_up;
    return st;
}

enum status mail_queue_sweep(struct newsroom *room, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM mail WHERE given_up_at < $1"));
    store_bind_int(q, 1, room->now - MAIL_GIVEN_UP_KEPT);
    return store_run(q, err);
}

/* ---- looking ---- */

enum status mail_queue_due(struct store_conn *conn, time_us now, bool *ret_due, struct error *err)
{
    time_us at = TIME_NEVER;
    enum status st = job_next_due(conn, JOB_KIND, &at, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_due = st == ST_OK && at <= now;
    return ST_OK;
}

enum status mail_queue_count(struct store_conn *conn, int64_t *ret_waiting, int64_t *ret_given_up,
                             struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM mail WHERE given_up_at IS NULL"
                  " LIMIT $1) AS few), (SELECT COUNT(*) FROM (SELECT 1 FROM mail"
                  " WHERE given_up_at IS NOT NULL LIMIT $1) AS few)"));
    store_bind_int(q, 1, MAIL_COUNTED);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    *ret_waiting = store_column_int(q, 0);
    *ret_given_up = store_column_int(q, 1);
    return ST_OK;
}

enum status mail_queue_list(struct store_conn *conn, struct arena *arena,
                            struct mail_queued **ret_mails, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " MAIL_COLUMNS " FROM mail WHERE id > 0 ORDER BY id DESC LIMIT $1"));
    store_bind_int(q, 1, MAIL_LIST_MAX);
    struct mail_queued *mails = arena_new_array(arena, struct mail_queued, MAIL_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < MAIL_LIST_MAX)
        mail_from_row(q, arena, &mails[count++]);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_mails = mails;
    *ret_count = count;
    return ST_OK;
}

enum status mail_queue_of(struct store_conn *conn, str kind, str to, struct arena *arena,
                          struct mail_queued *ret_mail, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " MAIL_COLUMNS " FROM mail WHERE recipient = $1 AND kind = $2"
                              " ORDER BY id DESC LIMIT 1"));
    store_bind_text(q, 1, to);
    store_bind_text(q, 2, kind);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "no such mail waits");
    if (st == ST_OK)
        mail_from_row(q, arena, ret_mail);
    return st;
}

/* ---- the test ---- */

enum status mail_test_read(struct store_conn *conn, str server, time_us *ret_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT at FROM mail_test WHERE id = 1 AND server = $1"));
    store_bind_text(q, 1, server);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_at = st == ST_OK ? store_column_int(q, 0) : 0;
    return ST_OK;
}

enum status mail_test_passed(struct newsroom *room, str server, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx),
        SQL("INSERT INTO mail_test (id, server, at) VALUES (1, $1, $2)"
            " ON CONFLICT (id) DO UPDATE SET server = excluded.server, at = excluded.at"));
    store_bind_text(q, 1, server);
    store_bind_int(q, 2, room->now);
    return store_run(q, err);
}
