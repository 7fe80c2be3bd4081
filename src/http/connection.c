/* SPDX-License-Identifier: MIT
 *
 * What comes in. Bytes are read into the loop's one buffer and parsed there; only what is left when a
 * request is incomplete, or waits behind one under way, is copied to the connection. So ten thousand
 * idle connections hold no buffers. Answers go out in the order of the requests because nothing is
 * parsed while one is under way. The states are drawn in loop.h. */
#include "http/loop.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS_FIRST = 64, ARENA_KEPT = 64 * 1024 };

static bool alive(const struct http_connection *c, uint32_t generation)
{
    return c->fd >= 0 && c->generation == generation;
}

/* ---- slots ---- */

static struct http_connection *connection_take(struct http_loop *loop)
{
    struct http_connection *c = loop->free;
    if (c != NULL) {
        loop->free = c->free_next;
    } else {
        if (loop->slot_count == loop->slot_cap) {
            loop->slot_cap = loop->slot_cap == 0 ? SLOTS_FIRST : size_mul(loop->slot_cap, 2);
            loop->slots = realloc(loop->slots, size_mul(loop->slot_cap, sizeof(*loop->slots)));
            CHECK(loop->slots != NULL);
        }
        c = calloc(1, sizeof(*c));
        CHECK(c != NULL);
        c->slot = u32_from_size(loop->slot_count);
        loop->slots[loop->slot_count++] = c;
    }
    uint32_t slot = c->slot, generation = c->generation + 1;
    *c = (struct http_connection){.fd = -1,
                                  .slot = slot,
                                  .generation = generation,
                                  .timer = HTTP_TIMER_NONE,
                                  .out = {.fd = -1}};
    return c;
}

static void in_drop(struct http_connection *c)
{
    free(c->in);
    c->in = NULL;
    c->in_len = c->in_cap = 0;
}

void http_connection_close(struct http_loop *loop, struct http_connection *c)
{
    struct http_server *server = loop->server;
    if (c->state == HTTP_BODY)
        http_exchange_free(c->x); /* not handed over yet */
    else if (c->x != NULL)
        atomic_store_explicit(&c->x->cancelled, true, memory_order_relaxed);
    c->x = NULL;
    http_connection_out_drop(c);
    in_drop(c);
    http_timer_clear(loop, c);
    http_address_count_drop(server, c);
    (void)close(c->fd); /* leaves epoll by itself: nothing else holds the socket */
    c->fd = -1;
    c->free_next = loop->free;
    loop->free = c;
    loop->open--;
    atomic_fetch_sub_explicit(&server->open, 1, memory_order_relaxed);
    HTTP_COUNT(loop, open, (uint64_t)-1);
}

/* ---- requests ---- */

/* A proxy on this machine that the settings do not name makes all readers one: say so, once. */
static void proxy_notice(struct http_loop *loop, const struct http_connection *c,
                         const struct http_request *req)
{
    const struct http_server_options *options = &loop->server->options;
    if (!http_request_has(req, HTTP_X_FORWARDED_FOR) && !http_request_has(req, HTTP_FORWARDED))
        return;
    if (!http_address_is_loopback(&c->peer) || http_proxies_trust(&options->proxies, &c->peer) ||
        atomic_exchange(&loop->server->proxy_seen, true))
        return;
    char space[HTTP_ADDRESS_TEXT_MAX];
    log_warn(options->log,
             "a proxy on this machine is not trusted, so every reader has its address; "
             "add it to proxies: in broadsheet.yaml",
             LOG_STR("proxies", http_address_format(&c->peer, HTTP_ADDRESS_FULL, space)));
}

/* With the application from here on, until it comes back by way of the inbox. */
static void exchange_dispatch(struct http_loop *loop, struct http_connection *c)
{
    struct http_server *server = loop->server;
    struct http_exchange *x = c->x;
    if (atomic_fetch_add(&server->exchanges, 1) >= server->options.limits.exchanges) {
        atomic_fetch_sub(&server->exchanges, 1);
        c->x = NULL;
        struct http_answer answer =
            http_answer_from_ready(http_app_error(server->app, &x->req, 503));
        http_connection_answer(loop, c, &x->req, &answer, x);
        return;
    }
    c->state = HTTP_WAITING;
    http_timer_set(loop, c, HTTP_TIMER_ANSWER);
    x->stage = HTTP_STAGE_APP;
    server->app->dispatch(server->app->ctx, x);
}

/* Refused with part of the request unread. */
static void body_refuse(struct http_loop *loop, struct http_connection *c, int code)
{
    struct http_exchange *x = c->x;
    c->x = NULL;
    http_connection_refuse(loop, c, &x->req, code);
    http_exchange_free(x);
}

static void body_whole(struct http_loop *loop, struct http_connection *c)
{
    if (!http_body_finish(&c->x->body, &c->x->req)) {
        body_refuse(loop, c, 507);
        return;
    }
    exchange_dispatch(loop, c);
}

static void spool_run(void *arg, size_t thread_index)
{
    (void)thread_index;
    struct http_exchange *x = arg;
    struct http_loop *loop = x->home;
    x->spool_failed = !http_body_spool(&x->body, loop->server->temp_dir);
    x->stage = HTTP_STAGE_SPOOLED;
    http_loop_deliver(x);
}

/* To the file thread and back, with the connection not read meanwhile. */
static void body_spool(struct http_loop *loop, struct http_connection *c, bool last)
{
    struct http_exchange *x = c->x;
    x->last_spool = last;
    c->state = HTTP_SPOOLING;
    http_timer_set(loop, c, HTTP_TIMER_ANSWER);
    if (!pool_add(loop->server->files, spool_run, x)) {
        c->state = HTTP_BODY;
        body_refuse(loop, c, 503);
    }
}

static void body_spooled(struct http_loop *loop, struct http_connection *c, struct http_exchange *x)
{
    c->state = HTTP_BODY;
    if (x->spool_failed) {
        log_error(loop->server->options.log, "request body could not be written to its file",
                  LOG_STR("dir", str_from_c(loop->server->temp_dir)));
        body_refuse(loop, c, 507);
    } else if (x->last_spool) {
        body_whole(loop, c);
    } else {
        http_timer_set(loop, c, HTTP_TIMER_BODY);
    }
}

/* Takes what belongs to the body off `*rest`. */
static void body_take(struct http_loop *loop, struct http_connection *c, str *rest)
{
    struct http_body *body = &c->x->body;
    size_t before = rest->len;
    enum http_chunks_got got = HTTP_CHUNKS_MORE;
    if (c->x->framing.kind == HTTP_FRAMING_LENGTH) {
        size_t n = c->body_left < rest->len ? (size_t)c->body_left : rest->len;
        http_body_add(body, str_sub(*rest, 0, n));
        *rest = str_from(*rest, n);
        c->body_left -= n;
        got = c->body_left == 0 ? HTTP_CHUNKS_DONE : HTTP_CHUNKS_MORE;
    } else {
        str data;
        while ((got = http_chunks_next(&c->chunks, rest, &data)) == HTTP_CHUNKS_DATA) {
            if (!http_body_fits(body, data.len)) {
                body_refuse(loop, c, 413);
                return;
            }
            http_body_add(body, data);
        }
    }
    c->window_bytes += before - rest->len;
    bool spool = http_body_wants_spool(body, loop->server->options.limits.spool_bytes) ||
                 (got == HTTP_CHUNKS_DONE && body->fd >= 0 && body->len > 0);
    if (got == HTTP_CHUNKS_BAD)
        body_refuse(loop, c, 400);
    else if (spool)
        body_spool(loop, c, got == HTTP_CHUNKS_DONE);
    else if (got == HTTP_CHUNKS_DONE)
        body_whole(loop, c);
}

static void body_begin(struct http_loop *loop, struct http_connection *c, str *rest)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const struct http_app *app = loop->server->app;
    struct http_exchange *x = c->x;
    size_t max = loop->server->options.limits.body_bytes;
    size_t app_max = app->body_limit != NULL ? app->body_limit(app->ctx, &x->req) : max;
    http_body_init(&x->body, app_max < max ? app_max : max);
    c->state = HTTP_BODY;
    c->chunks = (struct http_chunks){0};
    c->body_left = x->framing.length;
    if (x->framing.kind == HTTP_FRAMING_LENGTH && !http_body_fits(&x->body, x->framing.length)) {
        body_refuse(loop, c, 413);
        return;
    }
    http_timer_set(loop, c, HTTP_TIMER_BODY);
    if (x->framing.expect_continue && rest->len == 0)
        (void)!send(c->fd, go_on, sizeof(go_on) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    body_take(loop, c, rest);
}

static bool lookup(struct http_loop *loop, struct http_connection *c,
                   const struct http_request *req)
{
    const struct http_app *app = loop->server->app;
    struct http_ready ready;
    if ((req->method & (HTTP_GET | HTTP_HEAD)) == 0 || app->lookup == NULL ||
        !app->lookup(app->ctx, req, &ready))
        return false;
    HTTP_COUNT(loop, hits, 1);
    struct http_answer answer = http_answer_from_ready(ready);
    http_connection_answer(loop, c, req, &answer, NULL);
    return true;
}

/* "OPTIONS *" asks about the server, not a page (RFC 9110 §9.3.7). */
static bool asterisk(struct http_loop *loop, struct http_connection *c,
                     const struct http_request *req)
{
    if (!str_eq(req->target, S("*")))
        return false;
    struct http_answer answer = http_answer_from_ready((struct http_ready){
        .status = 204, .head = S("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n\r\n")});
    http_connection_answer(loop, c, req, &answer, NULL);
    return true;
}

/* One whole head. `*rest` is what came after it. */
static void request_begin(struct http_loop *loop, struct http_connection *c, str head, str *rest)
{
    const struct http_server_options *options = &loop->server->options;
    struct http_request req = {.arena = loop->arena, .headers = loop->headers};
    struct http_framing framing;
    int code = http_head_parse(head, &options->limits, &req, &framing);
    c->http_1_0 = req.http_1_0;
    c->keep_alive = req.keep_alive;
    if (code != 0) {
        http_connection_refuse(loop, c, &req, code);
        return;
    }
    http_request_set_reader(&req, &options->proxies, &c->peer);
    req.loop = loop->index;
    proxy_notice(loop, c, &req);
    if (framing.kind == HTTP_FRAMING_NONE && (asterisk(loop, c, &req) || lookup(loop, c, &req)))
        return;
    struct http_exchange *x = http_exchange_new(head, &options->limits, &req, &framing);
    x->home = loop;
    x->deliver = http_loop_deliver;
    x->slot = c->slot;
    x->generation = c->generation;
    x->started = clock_monotonic();
    c->x = x;
    if (framing.kind == HTTP_FRAMING_NONE)
        exchange_dispatch(loop, c);
    else
        body_begin(loop, c, rest);
}

/* ---- bytes ---- */

/* Goes through `bytes` as far as one can; returns what is left. */
static str bytes_take(struct http_loop *loop, struct http_connection *c, str bytes)
{
    uint32_t generation = c->generation;
    while (alive(c, generation) && bytes.len > 0) {
        if (c->state == HTTP_BODY) {
            body_take(loop, c, &bytes);
            continue;
        }
        if (c->state == HTTP_LINGER)
            return STR_NONE;
        if (c->state != HTTP_READING)
            break;
        str head;
        int code;
        enum http_head_state state =
            http_head_scan(&c->scan, bytes, &loop->server->options.limits, &head, &code);
        if (state == HTTP_HEAD_MORE)
            break;
        c->scan = (struct http_head_scan){0};
        if (state == HTTP_HEAD_BAD) {
            http_connection_refuse(loop, c, NULL, code);
            return STR_NONE;
        }
        bytes = str_from(bytes, (size_t)(head.ptr + head.len - bytes.ptr));
        request_begin(loop, c, head, &bytes);
        arena_reset(loop->arena);
    }
    return bytes;
}

/* Keeps `left`, which may lie within c->in itself. */
static void in_keep(struct http_connection *c, str left)
{
    if (left.len == 0) {
        in_drop(c);
        return;
    }
    if (c->in != NULL && left.ptr >= c->in && left.ptr < c->in + c->in_cap) {
        memmove(c->in, left.ptr, left.len);
    } else {
        CHECK(c->in == NULL);
        c->in = malloc(left.len);
        CHECK(c->in != NULL);
        memcpy(c->in, left.ptr, left.len);
        c->in_cap = left.len;
    }
    c->in_len = left.len;
}

/* After anything that may have changed the state: what to wait for now. */
static void settle(struct http_loop *loop, struct http_connection *c)
{
    switch (c->state) {
    case HTTP_READING:
        /* The time for a head runs from its first byte, and is not begun anew by the next. */
        if (c->in_len > 0 && c->timer != HTTP_TIMER_HEAD)
            http_timer_set(loop, c, HTTP_TIMER_HEAD);
        http_connection_want(loop, c, EPOLLIN);
        break;
    case HTTP_BODY:
    case HTTP_LINGER:
        http_connection_want(loop, c, EPOLLIN);
        break;
    case HTTP_WAITING:
    case HTTP_SPOOLING:
        /* Most answers come before another byte does: interest is given up only when one comes. */
        if (!c->registered)
            http_connection_want(loop, c, EPOLLIN);
        break;
    case HTTP_SENDING:
        http_connection_want(loop, c, EPOLLOUT);
        break;
    }
}

static void bytes_run(struct http_loop *loop, struct http_connection *c, str bytes)
{
    uint32_t generation = c->generation;
    str left = bytes_take(loop, c, bytes);
    if (!alive(c, generation))
        return;
    in_keep(c, left);
    settle(loop, c);
}

/* Bytes that came while an answer was under way. */
static void kept_run(struct http_loop *loop, struct http_connection *c, uint32_t generation)
{
    if (!alive(c, generation))
        return;
    if (c->in_len > 0 && (c->state == HTTP_READING || c->state == HTTP_BODY))
        bytes_run(loop, c, (str){c->in, c->in_len});
    else
        settle(loop, c);
}

/* A request that is incomplete is read on in its own buffer. */
static void in_make_room(struct http_loop *loop, struct http_connection *c)
{
    size_t cap = loop->server->options.limits.head_bytes + 1024;
    if (c->in_cap >= cap)
        cap = size_add(c->in_len, 1024);
    if (c->in_cap >= cap)
        return;
    c->in = realloc(c->in, cap);
    CHECK(c->in != NULL);
    c->in_cap = cap;
}

static void readable(struct http_loop *loop, struct http_connection *c)
{
    bool own = c->in_len > 0;
    if (own)
        in_make_room(loop, c);
    char *at = own ? c->in + c->in_len : loop->read_buffer;
    ssize_t n = recv(c->fd, at, own ? c->in_cap - c->in_len : HTTP_READ_BUFFER, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        settle(loop, c);
        return;
    }
    if (n <= 0) {
        http_connection_close(loop, c);
        return;
    }
    HTTP_COUNT(loop, bytes_in, (uint64_t)n);
    if (c->state == HTTP_LINGER)
        return;
    if (own) {
        c->in_len += (size_t)n;
        bytes_run(loop, c, (str){c->in, c->in_len});
    } else {
        bytes_run(loop, c, (str){loop->read_buffer, (size_t)n});
    }
}

/* ---- events ---- */

void http_connection_open(struct http_loop *loop, int fd, const struct http_address *peer)
{
    struct http_server *server = loop->server;
    struct http_connection *c = connection_take(loop);
    c->fd = fd;
    c->peer = *peer;
    c->keep_alive = true;
    loop->open++;
    HTTP_COUNT(loop, open, 1);
    HTTP_COUNT(loop, connections, 1);
    size_t open = atomic_fetch_add_explicit(&server->open, 1, memory_order_relaxed);
    if (open >= server->options.limits.connections || !http_address_count_add(server, c)) {
        HTTP_COUNT(loop, refused, 1);
        http_connection_close(loop, c);
        return;
    }
    http_timer_set(loop, c, HTTP_TIMER_HEAD);
    readable(loop, c); /* the request is often there already */
}

void http_connection_event(struct http_loop *loop, struct http_connection *c, uint32_t events)
{
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        http_connection_close(loop, c);
        return;
    }
    uint32_t generation = c->generation;
    switch (c->state) {
    case HTTP_READING:
    case HTTP_BODY:
    case HTTP_LINGER:
        readable(loop, c);
        break;
    case HTTP_SPOOLING:
    case HTTP_WAITING: /* the next request can wait, and so can the news that no more will come */
        http_connection_want(loop, c, 0);
        break;
    case HTTP_SENDING:
        http_connection_send_more(loop, c);
        kept_run(loop, c, generation);
        break;
    }
}

void http_connection_sent(struct http_loop *loop, struct http_connection *c)
{
    http_connection_out_drop(c);
    if (c->keep_alive) {
        c->state = HTTP_READING;
        http_timer_set(loop, c, HTTP_TIMER_IDLE);
    } else if (c->linger) {
        (void)shutdown(c->fd, SHUT_WR);
        in_drop(c);
        c->state = HTTP_LINGER;
        http_timer_set(loop, c, HTTP_TIMER_LINGER);
    } else {
        http_connection_close(loop, c);
    }
}

void http_connection_deliver(struct http_loop *loop, struct http_connection *c,
                             struct http_exchange *x)
{
    uint32_t generation = c->generation;
    if (c->x != x) { /* its time was up: the client has been told so */
        http_exchange_free(x);
        return;
    }
    if (x->stage == HTTP_STAGE_SPOOLED) {
        body_spooled(loop, c, x);
    } else {
        struct http_answer answer = x->answer;
        x->answer = (struct http_answer){.fd = -1};
        c->x = NULL;
        http_connection_answer(loop, c, &x->req, &answer, x);
    }
    kept_run(loop, c, generation);
}

/* ---- time ---- */

/* A window went by: was it used? */
static bool window_met(struct http_loop *loop, struct http_connection *c, size_t rate,
                       time_us window)
{
    uint64_t least = (uint64_t)rate * (uint64_t)(window / TIME_SECOND);
    if (c->window_bytes < least || c->window_bytes == 0)
        return false;
    http_timer_set(loop, c, c->timer);
    return true;
}

void http_connection_timeout(struct http_loop *loop, struct http_connection *c)
{
    const struct http_limits *limits = &loop->server->options.limits;
    uint32_t generation = c->generation;
    if (c->timer == HTTP_TIMER_BODY && window_met(loop, c, limits->body_rate, limits->body_window))
        return;
    if (c->timer == HTTP_TIMER_WRITE &&
        window_met(loop, c, limits->write_rate, limits->write_window))
        return;
    HTTP_COUNT(loop, timeouts, 1);
    if (c->timer == HTTP_TIMER_HEAD && c->in_len > 0) {
        http_connection_refuse(loop, c, NULL, 408);
    } else if (c->timer == HTTP_TIMER_BODY) {
        body_refuse(loop, c, 408);
    } else if (c->timer == HTTP_TIMER_ANSWER) {
        atomic_store_explicit(&c->x->cancelled, true, memory_order_relaxed);
        c->x = NULL;
        http_connection_refuse(loop, c, NULL, 503);
    } else {
        http_connection_close(loop, c);
        return;
    }
    if (alive(c, generation))
        settle(loop, c);
}
