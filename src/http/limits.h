/* http/limits.h -- how much of everything one client may take.
 *
 *     struct http_limits limits = HTTP_LIMITS_DEFAULT;
 *     limits.body_bytes = 8 * 1024 * 1024;
 *
 * Each has a flag of the same name on `serve`. The number at the end of a line is the answer a client
 * gets that goes past it. Threads: values. */
#pragma once
#include "base/clock.h"

struct http_limits {
    size_t head_bytes;          /* request line and header fields; 431 */
    size_t target_bytes;        /* 414 */
    size_t header_count;        /* 431 */
    size_t body_bytes;          /* 413 */
    size_t spool_bytes;         /* a body larger than this goes to a temporary file */
    size_t connections;         /* in all; over it a new one is closed */
    size_t address_connections; /* from one IPv4 address or IPv6 /64 */
    size_t exchanges;           /* with the application at once; 503 */
    size_t requests;            /* on one connection */
    time_us head_timeout;       /* from its first byte (or the connection's start) to its last */
    time_us body_window;        /* in each such stretch of time ... */
    size_t body_rate;           /* ... a body must bring as many bytes a second */
    time_us idle_timeout;       /* between requests */
    time_us write_window;       /* as body_window, for what a client takes */
    size_t write_rate;
    time_us answer_timeout; /* the application's */
    time_us linger_timeout; /* a refused client may go on sending so long, unread */
};

#define HTTP_LIMITS_DEFAULT                                                                        \
    {                                                                                              \
        .head_bytes = 16 * 1024, .target_bytes = 8 * 1024, .header_count = 100,                    \
        .body_bytes = 64 * 1024 * 1024, .spool_bytes = 256 * 1024, .connections = 16 * 1024,       \
        .address_connections = 256, .exchanges = 1024, .requests = 10000,                          \
        .head_timeout = 10 * TIME_SECOND, .body_window = 10 * TIME_SECOND, .body_rate = 512,       \
        .idle_timeout = 60 * TIME_SECOND, .write_window = 20 * TIME_SECOND, .write_rate = 512,     \
        .answer_timeout = 60 * TIME_SECOND, .linger_timeout = 2 * TIME_SECOND,                     \
    }
