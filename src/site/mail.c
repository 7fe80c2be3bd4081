/* SPDX-License-Identifier: MIT */
#include "site/mail.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/random.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/mail_message.h"
#include "site/mail_queue.h"
#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>

#define TURN_EVERY  TIME_SECOND
#define SWEEP_EVERY TIME_HOUR

enum { ID_BYTES = 16 };

static_assert((int)MAIL_KEY_BYTES == (int)FOLDER_SECRET_BYTES,
              "mails are sealed by the site's key");
static_assert(MAIL_LEASE > MAIL_SEND_MS * TIME_MS + TIME_MINUTE, "a claim outlives its sending");

/* ---- writing one ---- */

bool mail_is_set_up(const struct folder *folder)
{
    return folder->mail.host.len > 0;
}

static enum status format(const struct folder *folder, struct arena *arena, str site_title,
                          const struct mail_letter *letter, time_us now, const struct rng *rng,
                          str *ret_bytes, struct error *err)
{
    const struct mail_server *server = &folder->mail;
    return mail_message_format(arena,
                               &(struct mail_message){.from = server->from,
                                                      .from_name = server->from_name.len > 0
                                                                       ? server->from_name
                                                                       : site_title,
                                                      .to = letter->to,
                                                      .to_name = letter->to_name,
                                                      .subject = letter->subject,
                                                      .text = letter->text,
                                                      .html = letter->html,
                                                      .id = random_token(rng, arena, ID_BYTES),
                                                      .date = now},
                               ret_bytes, err);
}

enum status mail_write(const struct folder *folder, struct newsroom *room,
                       const struct mail_letter *letter, struct error *err)
{
    str message;
    str title = room->site != NULL ? room->site->title : STR_NONE;
    CHECK(mail_is_set_up(folder));
    enum status st =
        format(folder, room->arena, title, letter, room->now, room->rng, &message, err);
    if (st != ST_OK)
        return st;
    time_us good_for = letter->good_for > 0 ? letter->good_for : MAIL_TRIED_FOR + TIME_DAY;
    return mail_queue_add(room, folder->secret,
                          &(struct mail_queued){.kind = letter->kind,
                                                .to = letter->to,
                                                .message = message,
                                                .good_until = room->now + good_for},
                          err);
}

/* ---- trying ---- */

str mail_server_name(struct arena *arena, const struct folder *folder)
{
    const struct mail_server *server = &folder->mail;
    return str_format(arena, "%s://%.*s:%d %.*s", server->tls_at_once ? "smtps" : "smtp",
                      STR_ARG(server->host), server->port, STR_ARG(server->from));
}

enum status mail_try(const struct folder *folder, str site_title, const struct mail_letter *letter,
                     time_us now, const struct rng *rng, struct mail_outcome *ret_outcome,
                     struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct mail_server server;
    str message;
    enum status st = folder_mail(folder, arena, &server, err);
    if (st == ST_OK)
        st = format(folder, arena, site_title, letter, now, rng, &message, err);
    if (st != ST_OK)
        return st;
    AUTO(mail_smtp_freep) struct mail_smtp *smtp = mail_smtp_new(&server);
    mail_smtp_send(smtp, letter->to, message, MAIL_TEST_MS, NULL, ret_outcome);
    return ST_OK;
}

/* ---- the thread ---- */

struct mail {
    struct mail_options options; /* read-only, as server */
    struct mail_server server;
    struct arena *arena; /* owns the server's strings */

    /* The thread's own. */
    struct store_conn *conn;
    time_us pause_until, sweep_at; /* monotonic */

    atomic_bool give_up; /* ends a call that is under way */
    _Atomic uint64_t sent, failed, given_up;

    bool running; /* owner only */
    pthread_t thread;
    pthread_mutex_t lock; /* guards the two */
    pthread_cond_t wake;  /* one of them */
    bool stopping, ended;

    pthread_mutex_t hook_lock; /* held while a hook runs; guards the two */
    mail_hook_fn *hook;
    void *hook_ctx;
};

struct sending {
    struct mail *mail;
    struct arena *arena; /* of what is claimed */
    struct mail_queued *claimed;
    const struct mail_outcome *outcome;
    str why;
    bool given_up;
};

static struct newsroom room_of(struct sending *write, struct store_tx *tx)
{
    const struct mail_options *o = &write->mail->options;
    return (struct newsroom){
        .tx = tx, .arena = write->arena, .rng = o->rng, .now = clock_now(o->clock)};
}

static enum status claim_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct sending *write = arg;
    struct newsroom room = room_of(write, tx);
    return mail_queue_claim(&room, write->mail->options.folder->secret, &write->claimed, err);
}

static enum status end_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct sending *write = arg;
    struct newsroom room = room_of(write, tx);
    const struct mail_outcome *outcome = write->outcome;
    if (outcome != NULL && outcome->what == MAIL_TAKEN)
        return mail_queue_sent(&room, write->claimed, err);
    return mail_queue_failed(&room, write->claimed, write->why,
                             outcome == NULL || outcome->for_good, &write->given_up, err);
}

static enum status sweep_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct newsroom room = room_of(arg, tx);
    return mail_queue_sweep(&room, err);
}

/* One line of it, whichever way it went. */
static void tell(const struct mail *mail, const struct sending *write)
{
    const struct log *log = mail->options.log;
    const struct mail_queued *m = write->claimed;
    int64_t tries = m->tries + 1;
    str domain = mail_domain(m->to);
    if (write->outcome != NULL && write->outcome->what == MAIL_TAKEN)
        log_info(log, "mail sent", LOG_STR("kind", m->kind), LOG_STR("to", domain),
                 LOG_INT("tries", tries));
    else if (write->given_up)
        log_error(log, "mail given up", LOG_STR("kind", m->kind), LOG_STR("to", domain),
                  LOG_INT("tries", tries),
                  LOG_STR("why", mail_hide_addresses(write->arena, write->why)));
    else
        log_warn(log, "mail not sent, trying again", LOG_STR("kind", m->kind),
                 LOG_STR("to", domain), LOG_INT("tries", tries),
                 LOG_STR("why", mail_hide_addresses(write->arena, write->why)));
}

/* Whether the failure is the server's, whatever is sent. */
static bool is_servers(const struct mail_outcome *outcome)
{
    return outcome->what != MAIL_TAKEN && outcome->what != MAIL_RECIPIENT &&
           outcome->what != MAIL_TEXT;
}

static void end(struct mail *mail, struct sending *write)
{
    struct error err = ERROR_INIT;
    enum status st = store_write_wait(mail->options.store, end_write, write, &err);
    if (st != ST_OK) {
        log_error(mail->options.log,
                  "what became of a mail could not be written, it may come twice", LOG_ERR(&err));
        return;
    }
    if (write->outcome != NULL && write->outcome->what == MAIL_TAKEN)
        atomic_fetch_add(&mail->sent, 1);
    else
        atomic_fetch_add(&mail->failed, 1);
    if (write->given_up)
        atomic_fetch_add(&mail->given_up, 1);
    tell(mail, write);
}

/* False: nothing was due, or the server is to be left alone. */
static bool send_one(struct mail *mail, struct mail_smtp *smtp)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct sending write = {.mail = mail, .arena = arena};
    struct mail_outcome outcome;
    struct error err = ERROR_INIT;
    enum status st = store_write_wait(mail->options.store, claim_write, &write, &err);
    if (st != ST_OK) {
        if (st != ST_NOT_FOUND)
            log_warn(mail->options.log, "cannot look for mails, trying again", LOG_ERR(&err));
        return false;
    }
    if (write.claimed->message.len == 0) {
        write.why = write.claimed->good_until <= clock_now(mail->options.clock)
                        ? S("it waited until it was worth nothing")
                        : S("it was sealed by another secret.key");
        end(mail, &write);
        return true;
    }
    mail_smtp_send(smtp, write.claimed->to, write.claimed->message, MAIL_SEND_MS, &mail->give_up,
                   &outcome);
    write.outcome = &outcome;
    write.why = str_from_c(outcome.said);
    end(mail, &write);
    if (is_servers(&outcome))
        mail->pause_until = clock_monotonic() + MAIL_PAUSE;
    return !is_servers(&outcome);
}

static bool is_stopping(struct mail *mail)
{
    pthread_mutex_lock(&mail->lock);
    bool stopping = mail->stopping;
    pthread_mutex_unlock(&mail->lock);
    return stopping;
}

static void send_due(struct mail *mail)
{
    bool due = false;
    struct error err = ERROR_INIT;
    enum status st = mail_queue_due(mail->conn, clock_now(mail->options.clock), &due, &err);
    if (st != ST_OK)
        log_warn(mail->options.log, "cannot look for mails, trying again", LOG_ERR(&err));
    if (st != ST_OK || !due)
        return;
    AUTO(mail_smtp_freep) struct mail_smtp *smtp = mail_smtp_new(&mail->server);
    while (!is_stopping(mail) && send_one(mail, smtp))
        ;
}

static void turn(struct mail *mail)
{
    struct error err = ERROR_INIT;
    time_us now = clock_monotonic();
    pthread_mutex_lock(&mail->hook_lock);
    if (mail->hook != NULL)
        mail->hook(mail->hook_ctx, mail->conn);
    pthread_mutex_unlock(&mail->hook_lock);
    if (now >= mail->pause_until)
        send_due(mail);
    if (now < mail->sweep_at)
        return;
    mail->sweep_at = now + SWEEP_EVERY;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct sending write = {.mail = mail, .arena = arena};
    if (store_write_wait(mail->options.store, sweep_write, &write, &err) != ST_OK)
        log_warn(mail->options.log, "old mails not removed, trying again", LOG_ERR(&err));
}

static struct timespec moment_in(time_us span)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    time_us at = (time_us)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000 + span;
    return (struct timespec){.tv_sec = (time_t)(at / TIME_SECOND),
                             .tv_nsec = (long)(at % TIME_SECOND) * 1000};
}

static bool stop_wanted_within(struct mail *mail, time_us at_most)
{
    struct timespec until = moment_in(at_most);
    pthread_mutex_lock(&mail->lock);
    if (!mail->stopping)
        (void)pthread_cond_timedwait(&mail->wake, &mail->lock, &until);
    bool stop = mail->stopping;
    pthread_mutex_unlock(&mail->lock);
    return stop;
}

static void *mail_main(void *arg)
{
    struct mail *mail = arg;
    while (!stop_wanted_within(mail, TURN_EVERY))
        turn(mail);
    pthread_mutex_lock(&mail->lock);
    mail->ended = true;
    pthread_cond_broadcast(&mail->wake);
    pthread_mutex_unlock(&mail->lock);
    return NULL;
}

static void start_thread(struct mail *mail)
{
    pthread_condattr_t attr;
    CHECK(pthread_mutex_init(&mail->lock, NULL) == 0);
    CHECK(pthread_mutex_init(&mail->hook_lock, NULL) == 0);
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&mail->wake, &attr) == 0);
    (void)pthread_condattr_destroy(&attr);
    mail->running = pthread_create(&mail->thread, NULL, mail_main, mail) == 0;
    CHECK(mail->running);
    (void)pthread_setname_np(mail->thread, "mail");
}

enum status mail_open(const struct mail_options *options, struct mail **ret_mail, struct error *err)
{
    *ret_mail = NULL;
    if (!mail_is_set_up(options->folder))
        return ST_OK;
    struct mail *mail = calloc(1, sizeof(*mail));
    CHECK(mail != NULL);
    mail->options = *options;
    mail->arena = arena_new(ARENA_SMALL);
    enum status st = folder_mail(options->folder, mail->arena, &mail->server, err);
    if (st == ST_OK)
        st = store_reader_new(options->store, &mail->conn, err);
    if (st != ST_OK) {
        mail_close(mail);
        return st;
    }
    start_thread(mail);
    *ret_mail = mail;
    return ST_OK;
}

/* What is under way has some seconds, then its call is ended. */
static void stop_thread(struct mail *mail)
{
    struct timespec until = moment_in(MAIL_STOP_PATIENCE);
    int waited = 0;
    pthread_mutex_lock(&mail->lock);
    mail->stopping = true;
    pthread_cond_broadcast(&mail->wake);
    while (!mail->ended && waited == 0)
        waited = pthread_cond_timedwait(&mail->wake, &mail->lock, &until);
    pthread_mutex_unlock(&mail->lock);
    atomic_store(&mail->give_up, true);
    (void)pthread_join(mail->thread, NULL);
    (void)pthread_cond_destroy(&mail->wake);
    (void)pthread_mutex_destroy(&mail->hook_lock);
    (void)pthread_mutex_destroy(&mail->lock);
}

void mail_close(struct mail *mail)
{
    if (mail == NULL)
        return;
    if (mail->running)
        stop_thread(mail);
    store_reader_free(mail->conn);
    arena_free(mail->arena);
    free(mail);
}

void mail_hook(struct mail *mail, mail_hook_fn *fn, void *ctx)
{
    if (mail == NULL)
        return;
    pthread_mutex_lock(&mail->hook_lock);
    mail->hook = fn;
    mail->hook_ctx = ctx;
    pthread_mutex_unlock(&mail->hook_lock);
}

struct mail_counters mail_counters(const struct mail *mail)
{
    if (mail == NULL)
        return (struct mail_counters){0};
    return (struct mail_counters){.sent = atomic_load(&mail->sent),
                                  .failed = atomic_load(&mail->failed),
                                  .given_up = atomic_load(&mail->given_up)};
}
