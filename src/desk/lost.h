/* desk/lost.h -- inside desk/: who lost a password and asks for a link by mail.
 *
 * The page's answer says nothing about who has a login here, neither in words nor in time: asking only writes down what
 * was asked, the same for everybody (a job 'lost'). Whose it is, if anybody's, is looked up afterwards on the mail's
 * thread, by lost_turn. A link is good once, for LOST_LIFE; another one replaces it.
 *
 * Threads: lost_turn on the mail's thread (site/mail.h); the handlers as all (desk/errand.h). */
#pragma once
#include "base/clock.h"

struct clock;
struct log;
struct look;
struct folder;
struct rng;
struct site;
struct store_conn;

#define LOST_LIFE TIME_HOUR

struct lost_desk {
    struct site *site; /* read-only, all of them */
    const struct folder *folder;
    const struct look *look;
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;
};

/* A mail_hook_fn: writes the mails that were asked for. `ctx` is a struct lost_desk. */
void lost_turn(void *ctx, struct store_conn *conn);
