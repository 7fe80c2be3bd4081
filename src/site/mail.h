/* site/mail.h -- what the site sends by mail, and the thread that sends it.
 *
 *     if (mail_is_set_up(folder))
 *         st = mail_write(folder, room, &(struct mail_letter){.kind = S("invitation"), .to = address,
 *                         .subject = subject, .text = text, .good_for = DOOR_INVITATION_LIFE}, err);
 *
 * A letter is written into the queue in the very write that makes it true (site/mail_queue.h), so that there is never one
 * without the other; it is sent afterwards by a thread of its own, since a server that stalls must hold up
 * nothing else. Without `mail:` in broadsheet.yaml there is no thread, and nothing is to be written.
 *
 * When the server cannot be reached, is silent or refuses the login, the thread leaves it alone for MAIL_PAUSE: such a
 * failure is the server's, and asking it once for every mail would change nothing. Stopping lets a mail that is under way
 * MAIL_STOP_PATIENCE to end; it is tried again after the next start.
 *
 * The log has kinds, domains and what the server answered, never an address.
 *
 * Whoever has something to write at a time of its own (the desk, for links that were asked for) registers a hook: it is
 * called once a second, on the mail's thread, which may wait for the writer.
 *
 * Threads: open and close by the owner of the site; mail_hook and mail_counters, any; the rest as their parameters. */
#pragma once
#include "base/clock.h"
#include "base/scope.h"
#include "base/str.h"
#include "site/mail_smtp.h"

struct folder;
struct log;
struct mail;
struct newsroom;
struct rng;
struct store;
struct store_conn;

#define MAIL_PAUSE         TIME_MINUTE
#define MAIL_STOP_PATIENCE (5 * TIME_SECOND)
enum { MAIL_TEST_MS = 20 * 1000 };

/* ---- writing one ---- */

struct mail_letter {
    str kind; /* "invitation": for the desk's list, the log and the counts */
    str to, to_name;
    str subject, text;
    str html;         /* empty: none */
    time_us good_for; /* worth nothing afterwards; 0: as long as it is tried */
};

bool mail_is_set_up(const struct folder *folder);
/* ST_INVALID: the address is none that mail can be sent to. From the site's title, if broadsheet.yaml has no name. */
MUST_USE enum status mail_write(const struct folder *folder, struct newsroom *room,
                                const struct mail_letter *letter, struct error *err);

/* ---- trying the server, at once, outside of the queue ---- */

/* Sends `letter`, waiting MAIL_TEST_MS at most; what came of it is in *ret_outcome. ST_INVALID: the address. ST_NOT_FOUND:
 * mail is not set up. */
MUST_USE enum status mail_try(const struct folder *folder, str site_title,
                              const struct mail_letter *letter, time_us now, const struct rng *rng,
                              struct mail_outcome *ret_outcome, struct error *err);
/* "smtp://mail.example:587 news@wharf.example": what a test is kept under. Without the password. */
str mail_server_name(struct arena *arena, const struct folder *folder);

/* ---- the thread ---- */

struct mail_options {
    const struct folder *folder;
    struct store *store;
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;
};
/* *ret_mail is NULL, and ST_OK, when mail is not set up. */
MUST_USE enum status mail_open(const struct mail_options *options, struct mail **ret_mail,
                               struct error *err);
void mail_close(struct mail *mail); /* takes NULL */

/* Once a second. NULL takes it away, and returns when it no longer runs. Takes NULL for `mail`: never called. */
typedef void mail_hook_fn(void *ctx, struct store_conn *conn);
void mail_hook(struct mail *mail, mail_hook_fn *fn, void *ctx);

struct mail_counters {
    uint64_t sent, failed, given_up; /* since start; each failed try counts */
};
struct mail_counters mail_counters(const struct mail *mail); /* takes NULL */
