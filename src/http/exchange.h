/* http/exchange.h -- a request on its way to an answer, and the application that makes one.
 *
 *     static bool app_lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
 *     {                                        // on the loop: answer from memory, or say no
 *         return page_cache_get(...);
 *     }
 *     static void app_dispatch(void *ctx, struct http_exchange *x)
 *     {                                        // on the loop: hand it to a thread
 *         if (!pool_add(app->render, handle, x)) {
 *             http_exchange_busy(x);           // 503, Retry-After
 *             http_exchange_finish(x);
 *         }
 *     }
 *     static void handle(void *arg, size_t thread)
 *     {                                        // anywhere: fill the answer in and let go
 *         struct http_exchange *x = arg;
 *         http_response_html(http_exchange_response(x), 200, page);
 *         http_exchange_finish(x);
 *     }
 *
 * An exchange is finished exactly once, by whoever holds it, on any thread, at once or later; after
 * that it must not be touched. If the connection has closed meanwhile the answer goes nowhere and
 * nobody need care. Every exchange must be finished before http_server_free: stop the pools first.
 *
 * Threads: an exchange and its arena belong to one thread at a time; handing it over is by queue. */
#pragma once
#include "http/request.h"
#include "http/response.h"

struct arena;
struct log;
struct http_exchange;

struct http_app {
    void *ctx;
    /* Loop thread, GET and HEAD without a body. Must not wait on anything. True: `ret` is the answer
     * (its `shared` reference is the server's now). NULL: everything is dispatched. */
    bool (*lookup)(void *ctx, const struct http_request *req, struct http_ready *ret);
    /* Loop thread, before a body is read: how many bytes this request may bring. Over it: 413. NULL:
     * the server's own limit for all. Never raises that limit. */
    size_t (*body_limit)(void *ctx, const struct http_request *req);
    /* Loop thread. Takes the exchange over. Must not wait. */
    void (*dispatch)(void *ctx, struct http_exchange *x);
    /* Loop thread, for an answer the server gives by itself (400, 413, 503 ...). `req` is NULL when its head could
     * not be read. NULL or false: plain text. */
    bool (*error_page)(void *ctx, const struct http_request *req, int status,
                       struct http_ready *ret);
};

struct http_request *http_exchange_request(struct http_exchange *x);
struct http_response *http_exchange_response(struct http_exchange *x);
struct arena *http_exchange_arena(struct http_exchange *x);
void http_exchange_finish(struct http_exchange *x);

/* 503 with Retry-After, for a queue that is full. */
void http_exchange_busy(struct http_exchange *x);
/* The reader has gone: what costs much may be left out. Finish it all the same. */
bool http_exchange_cancelled(const struct http_exchange *x);

/* An exchange nobody waits for, with the same request (no body): to make a page anew behind the
 * reader's back. Finishing frees it. */
struct http_exchange *http_exchange_detached(const struct http_request *req);

/* ---- a whole request without a socket ---- */

struct http_run_options {
    const struct http_app *app;
    const struct clock *clock;          /* NULL: the system's */
    struct http_address reader;         /* kind NONE: 127.0.0.1 */
    const struct http_proxies *proxies; /* NULL: none */
};

/* Reads every request in `bytes` as a connection would, answers them through `app` and gives what the
 * client would have received, until the bytes end or the connection would close. Waits for each
 * exchange. What is cut short gets no answer. For tests and `broadsheet` without a server; not while
 * a server runs the same app (it plays loop 0). */
str http_run(struct arena *arena, const struct http_run_options *options, str bytes);
