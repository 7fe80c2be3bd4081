/* http/delivery.h -- the inside of an exchange: who made it, and where its answer goes.
 *
 *                       dispatch                 finish
 *     loop: request --------------> application --------> deliver -> the loop's inbox -> connection
 *
 * The record (loop, connection, generation) is all an exchange knows of its connection: when that is
 * closed its slot's generation moves on, and the answer finds nobody. `cancelled` is the loop's hint.
 * The loop also sends an exchange to the file thread and back, with a body to be spooled.
 *
 * Inside http/ only. Threads: one at a time, but for `cancelled`. */
#pragma once
#include "http/answer.h"
#include "http/body.h"
#include "http/exchange.h"
#include "http/head.h"

#include <stdatomic.h>

enum http_stage {
    HTTP_STAGE_BODY,    /* with the loop, a body coming in */
    HTTP_STAGE_SPOOLED, /* came back from the file thread */
    HTTP_STAGE_APP,     /* with the application */
    HTTP_STAGE_DONE,    /* `answer` is made */
};

struct http_exchange {
    struct http_request req;
    struct http_response res;
    struct http_answer answer;
    struct http_body body;
    struct http_framing framing;
    struct arena *arena;
    enum http_stage stage;
    bool spool_failed;
    bool last_spool; /* the body is all there: finish it too */
    time_us started; /* monotonic */
    atomic_bool cancelled;

    void (*deliver)(struct http_exchange *x); /* on the finishing thread */
    void *home;
    uint32_t slot;
    uint32_t generation;
    struct http_exchange *next; /* inbox, or the waiters of a render */
};

/* A copy of `head` parsed again in an arena of its own: the loop's buffer moves on. */
struct http_exchange *http_exchange_new(str head, const struct http_limits *limits,
                                        const struct http_request *parsed,
                                        const struct http_framing *framing);
void http_exchange_free(struct http_exchange *x); /* takes NULL */

/* Who asks, by the rules of http/address.h. */
void http_request_set_reader(struct http_request *req, const struct http_proxies *proxies,
                             const struct http_address *peer);
/* What the server itself says: the application's error page, or plain text. */
struct http_ready http_app_error(const struct http_app *app, const struct http_request *req,
                                 int status);
