/* http/loop.h -- the inside of a server: its loops, their connections, their clocks.
 *
 * A loop owns its connections, buffers and timers alone. What other threads may touch: `inbox`
 * (exchanges coming back, pushed without a lock, announced by `wake`), and `counters` (written by the
 * loop only, read by any).
 *
 * A connection is named by (slot, generation): epoll and exchanges carry the name, not a pointer, so
 * that what comes for a closed one finds nobody.
 *
 *                 +--------------------- answer sent, kept alive ---------------------+
 *                 v                                                                   |
 *     accept -> READING --head--> BODY --whole--> WAITING --answer--> SENDING --------+
 *                 |  \             |  ^                                  |
 *                 |   \            v  |                                  |
 *                 |    \        SPOOLING (file thread)                   |
 *                 |     +---- hit: straight to SENDING                   |
 *                 +--- refused: SENDING, then LINGER (unread bytes would reset the answer) -> closed
 *
 * Inside http/ only. */
#pragma once
#include "http/chunks.h"
#include "http/delivery.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>

struct pool;
struct http_loop;

enum http_connection_state {
    HTTP_READING,
    HTTP_BODY,
    HTTP_SPOOLING,
    HTTP_WAITING,
    HTTP_SENDING,
    HTTP_LINGER,
};

/* Each kind of deadline has one length, so a list by kind in order of setting is in order of time. */
enum http_timer {
    HTTP_TIMER_HEAD,
    HTTP_TIMER_IDLE,
    HTTP_TIMER_BODY,
    HTTP_TIMER_WRITE,
    HTTP_TIMER_ANSWER,
    HTTP_TIMER_LINGER,
    HTTP_TIMERS,
    HTTP_TIMER_NONE = HTTP_TIMERS
};

struct http_connection {
    int fd; /* -1: the slot is free */
    uint32_t slot;
    uint32_t generation;
    enum http_connection_state state;
    uint32_t events; /* as registered with epoll; 0 also: not registered */
    bool registered;
    bool keep_alive; /* after the answer under way */
    bool linger;     /* the client may still be sending what nobody will read */
    bool http_1_0;
    bool counted_address;
    uint32_t address_cell[2]; /* in the server's counts */
    uint32_t requests;
    struct http_address peer;

    enum http_timer timer;
    time_us deadline; /* monotonic */
    struct http_connection *timer_prev, *timer_next;
    uint64_t window_bytes; /* moved since the timer was set */

    char *in; /* malloc'ed only while a request is incomplete, or more wait behind one */
    size_t in_len, in_cap;
    struct http_head_scan scan;

    struct http_exchange *x; /* BODY: ours. WAITING, SPOOLING: only to be marked cancelled */
    struct http_chunks chunks;
    uint64_t body_left;

    /* What could not be sent at once. */
    struct http_answer out;
    struct http_exchange *out_x; /* holds out's bytes */
    char *out_head;              /* malloc'ed copy of what was left of the head */
    size_t out_head_len, out_head_at;
    struct http_connection *free_next;
};

struct http_timer_list {
    struct http_connection *first, *last;
};

enum {
    HTTP_READ_BUFFER = 64 * 1024,
    HTTP_DATE_LINE_MAX = 96,
};

/* "Date: ...\r\n" with and without a Connection line, made once a second. */
struct http_date_lines {
    time_us second;
    char plain[HTTP_DATE_LINE_MAX], close[HTTP_DATE_LINE_MAX], keep[HTTP_DATE_LINE_MAX];
    size_t plain_len, close_len, keep_len;
};

struct http_loop {
    struct http_server *server;
    size_t index;
    pthread_t thread;
    int epoll_fd;
    int wake_fd; /* eventfd */
    int listen_fd[HTTP_LISTEN_MAX];
    int spare_fd; /* given up to close politely when descriptors run out */
    bool listening;
    time_us now; /* monotonic, at the last wake */
    struct http_date_lines date;

    char *read_buffer;
    struct arena *arena;         /* of the request being parsed */
    struct http_header *headers; /* limits.header_count of them */

    struct http_connection **slots;
    size_t slot_count, slot_cap;
    struct http_connection *free;
    size_t open;
    struct http_timer_list timers[HTTP_TIMERS];

    char *log;
    size_t log_len;
    time_us log_since;

    _Atomic(struct http_exchange *) inbox; /* newest first */
    struct http_counters counters;         /* __atomic, relaxed */
};

struct http_server {
    struct http_server_options options; /* read-only after start, as all but the atomics */
    const struct http_app *app;
    struct http_loop *loops;
    size_t loop_count;
    size_t threads_started;
    struct http_listen listen[HTTP_LISTEN_MAX];
    char *listen_text[HTTP_LISTEN_MAX];
    size_t listen_count;
    char *temp_dir;
    struct pool *files; /* one thread that may wait for a disk: spooled bodies, the access log */
    atomic_size_t open;
    atomic_size_t exchanges;
    atomic_size_t delivering; /* threads inside http_loop_deliver, which may yet wake a loop */
    atomic_bool stopping;
    atomic_bool unix_gone[HTTP_LISTEN_MAX]; /* its name was removed */
    _Atomic time_us stop_by;                /* monotonic */
    atomic_bool proxy_seen; /* a local proxy nobody told us of; see http/address.h */
    _Atomic uint16_t *address_counts;
};

/* The loop is the only writer: no locked instruction, and readers see whole numbers. */
#define HTTP_COUNT(loop, field, n)                                                                 \
    __atomic_store_n(&(loop)->counters.field, (loop)->counters.field + (n), __ATOMIC_RELAXED)

/* ---- server.c ---- */
/* Takes a unix socket's name away, once: another server may have made its own there since. */
void http_listen_unix_end(struct http_server *server, size_t index);

/* ---- loop.c ---- */
void *http_loop_main(void *arg);
void http_loop_wake(struct http_loop *loop);
/* An exchange's deliver, and the file thread's. */
void http_loop_deliver(struct http_exchange *x);
void http_timer_set(struct http_loop *loop, struct http_connection *c, enum http_timer timer);
void http_timer_clear(struct http_loop *loop, struct http_connection *c);

/* ---- connection.c ---- */
void http_connection_open(struct http_loop *loop, int fd, const struct http_address *peer);
void http_connection_close(struct http_loop *loop, struct http_connection *c);
void http_connection_event(struct http_loop *loop, struct http_connection *c, uint32_t events);
void http_connection_timeout(struct http_loop *loop, struct http_connection *c);
/* An exchange of this connection came back. Takes it over. */
void http_connection_deliver(struct http_loop *loop, struct http_connection *c,
                             struct http_exchange *x);

/* ---- sending.c ---- */
/* Sends what can be sent now; the rest when the client takes it. Takes the answer over, and `x`,
 * which may hold its bytes (NULL for a hit). May close the connection. */
void http_connection_answer(struct http_loop *loop, struct http_connection *c,
                            const struct http_request *req, struct http_answer *answer,
                            struct http_exchange *x);
/* 4xx and 5xx of the server's own, after which the connection closes. */
void http_connection_refuse(struct http_loop *loop, struct http_connection *c,
                            const struct http_request *req, int code);
void http_connection_send_more(struct http_loop *loop, struct http_connection *c);
void http_connection_out_drop(struct http_connection *c);
void http_connection_want(struct http_loop *loop, struct http_connection *c, uint32_t events);
/* The answer is out: read on, linger or close. In connection.c. */
void http_connection_sent(struct http_loop *loop, struct http_connection *c);

/* ---- access_log.c ---- */
void http_log_answer(struct http_loop *loop, const struct http_connection *c,
                     const struct http_request *req, const struct http_answer *answer,
                     time_us started);
void http_log_flush(struct http_loop *loop);

/* ---- address_count.c ---- */
/* How many connections an address has: a sketch of 2 rows of counters, so that no lock is needed. A
 * count is never too low; too high only when other addresses share both cells. */
enum { HTTP_ADDRESS_CELLS = 16 * 1024 };
bool http_address_count_add(struct http_server *server, struct http_connection *c);
void http_address_count_drop(struct http_server *server, struct http_connection *c);
