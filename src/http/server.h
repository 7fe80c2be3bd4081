/* http/server.h -- listens, reads requests, sends answers, and keeps time.
 *
 *     struct http_server_options options = HTTP_SERVER_DEFAULTS;
 *     options.app = &app;
 *     options.listen[options.listen_count++] = S("127.0.0.1:8080");
 *     st = http_server_start(&options, &server, err);
 *     log_info(log, "listening", LOG_STR("address", http_server_address(server, 0)));
 *     ...
 *     http_server_stop_begin(server);                      // no new connections; finish what is begun
 *     http_server_wait(server, 10 * TIME_SECOND);          // then close what is left
 *     http_server_free(server);
 *
 * One epoll loop a worker thread, each with its own listening socket (SO_REUSEPORT). Loops parse,
 * look up, send and time out; they wait on nothing else. What needs more goes to the application's
 * threads (http/exchange.h) and comes back through the loop's eventfd.
 *
 * Limits: every one is a field below with its default; past it the client gets 400, 408, 413, 414,
 * 417, 431, 501, 503 or 505 and the connection closes. Deadlines are absolute: a client that sends a
 * byte now and then gains nothing by it.
 *
 * Errors: ST_INVALID an address that is none; ST_CONFLICT the port is in use; ST_DENIED, ST_IO.
 * Threads: start, wait and free by the owner; stop_begin and counters from any. */
#pragma once
#include "base/clock.h"
#include "base/str.h"
#include "http/address.h"
#include "http/exchange.h"
#include "http/limits.h"

struct log;
struct http_server;

struct http_server_options {
    const struct http_app *app;
    str listen[HTTP_LISTEN_MAX]; /* "HOST:PORT", "[v6]:PORT", "unix:PATH" */
    size_t listen_count;
    size_t workers; /* 0: one a core */
    struct http_limits limits;
    struct http_proxies proxies;
    str temp_dir;      /* for large bodies; "" is /tmp */
    int access_log_fd; /* -1: none; not closed by the server */
    enum http_address_form access_log_address;
    const struct log *log;
    const struct clock *clock; /* wall time; NULL is the system's */
};

#define HTTP_SERVER_DEFAULTS                                                                       \
    ((struct http_server_options){.limits = HTTP_LIMITS_DEFAULT,                                   \
                                  .access_log_fd = -1,                                             \
                                  .access_log_address = HTTP_ADDRESS_SHORT})

MUST_USE enum status http_server_start(const struct http_server_options *options,
                                       struct http_server **ret_server, struct error *err);
/* The bound address ("127.0.0.1:43211", "unix:/run/x"), also for port 0; lives with the server. */
str http_server_address(const struct http_server *server, size_t index);
size_t http_server_workers(const struct http_server *server);

void http_server_stop_begin(struct http_server *server);
/* Waits until every connection is done, at most so long; then closes the rest and joins the loops. */
void http_server_wait(struct http_server *server, time_us at_most);
void http_server_free(struct http_server *server); /* takes NULL */

struct http_counters {
    uint64_t connections; /* accepted since start */
    uint64_t open;        /* now */
    uint64_t refused;     /* closed at once: over a limit */
    uint64_t requests;
    uint64_t hits;      /* answered by lookup */
    uint64_t status[6]; /* answers by hundreds; [0] is unused */
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t timeouts;
    uint64_t exchanges; /* with the application now */
    uint64_t log_lost;  /* access lines not written: the disk did not keep up */
};
/* The sum over all loops. */
struct http_counters http_server_counters(const struct http_server *server);
