/* SPDX-License-Identifier: MIT
 *
 * A connection without the connection: the same scan, parse, body and answer code as the loop's, on
 * bytes that are all there. */
#include "http/delivery.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "http/chunks.h"
#include "http/limits.h"
#include "http/status_code.h"

#include <pthread.h>
#include <unistd.h>

enum { RUN_OUT_MAX = 256 * 1024 * 1024 };

struct run {
    const struct http_run_options *options;
    struct http_limits limits;
    struct http_proxies proxies;
    struct http_address peer;
    struct arena *arena;
    struct buf out;
};

struct run_wait {
    pthread_mutex_t lock; /* guards done */
    pthread_cond_t more;
    bool done;
};

static void run_deliver(struct http_exchange *x)
{
    struct run_wait *wait = x->home;
    pthread_mutex_lock(&wait->lock);
    wait->done = true;
    pthread_cond_signal(&wait->more);
    pthread_mutex_unlock(&wait->lock);
}

static void run_dispatch(const struct http_app *app, struct http_exchange *x)
{
    struct run_wait wait = {.done = false};
    CHECK(pthread_mutex_init(&wait.lock, NULL) == 0);
    CHECK(pthread_cond_init(&wait.more, NULL) == 0);
    x->home = &wait;
    x->deliver = run_deliver;
    x->stage = HTTP_STAGE_APP;
    app->dispatch(app->ctx, x);
    pthread_mutex_lock(&wait.lock);
    while (!wait.done)
        pthread_cond_wait(&wait.more, &wait.lock);
    pthread_mutex_unlock(&wait.lock);
    (void)pthread_cond_destroy(&wait.more);
    (void)pthread_mutex_destroy(&wait.lock);
}

static void run_send(struct run *run, const struct http_answer *answer, bool close_after)
{
    char date[HTTP_DATE_LEN + 1];
    time_to_http(clock_now(run->options->clock != NULL ? run->options->clock : &clock_system),
                 date);
    buf_add(&run->out, http_status_line(answer->status));
    buf_add(&run->out, S("Date: "));
    buf_add(&run->out, (str){date, HTTP_DATE_LEN});
    buf_add(&run->out, close_after ? S("\r\nConnection: close\r\n") : S("\r\n"));
    buf_add(&run->out, answer->head);
    buf_add(&run->out, answer->body);
    char piece[16 * 1024];
    uint64_t left = answer->fd >= 0 ? answer->file_len : 0, at = answer->file_from;
    while (left > 0) {
        ssize_t n =
            pread(answer->fd, piece, left < sizeof(piece) ? left : sizeof(piece), (off_t)at);
        if (n <= 0)
            return; /* the file is shorter than it said: a connection would be cut here too */
        buf_add(&run->out, (str){piece, (size_t)n});
        at += (uint64_t)n;
        left -= (uint64_t)n;
    }
}

static void run_refuse(struct run *run, const struct http_request *req, int code)
{
    struct http_answer answer =
        http_answer_from_ready(http_app_error(run->options->app, req, code));
    run_send(run, &answer, true);
    http_answer_fini(&answer);
}

/* 0 when the body is whole and off `rest`; -1 when it is cut short; else the code. */
static int run_body(const struct run *run, struct http_exchange *x, str *rest)
{
    const struct http_app *app = run->options->app;
    size_t max = app->body_limit != NULL ? app->body_limit(app->ctx, &x->req) : SIZE_MAX;
    http_body_init(&x->body, max < run->limits.body_bytes ? max : run->limits.body_bytes);
    if (x->framing.kind == HTTP_FRAMING_LENGTH) {
        if (!http_body_fits(&x->body, x->framing.length))
            return 413;
        if (rest->len < x->framing.length)
            return -1;
        http_body_add(&x->body, str_sub(*rest, 0, (size_t)x->framing.length));
        *rest = str_from(*rest, (size_t)x->framing.length);
    } else if (x->framing.kind == HTTP_FRAMING_CHUNKED) {
        struct http_chunks chunks = {0};
        enum http_chunks_got got;
        str data;
        while ((got = http_chunks_next(&chunks, rest, &data)) == HTTP_CHUNKS_DATA) {
            if (!http_body_fits(&x->body, data.len))
                return 413;
            http_body_add(&x->body, data);
        }
        if (got != HTTP_CHUNKS_DONE)
            return got == HTTP_CHUNKS_BAD ? 400 : -1;
    }
    if (http_body_wants_spool(&x->body, run->limits.spool_bytes) &&
        !http_body_spool(&x->body, "/tmp"))
        return 507;
    return http_body_finish(&x->body, &x->req) ? 0 : 507;
}

/* True when the connection would go on to the next request. */
static bool run_exchange(struct run *run, str head, const struct http_request *req,
                         const struct http_framing *framing, str *rest)
{
    struct http_exchange *x = http_exchange_new(head, &run->limits, req, framing);
    int code = run_body(run, x, rest);
    bool go_on = code == 0 && req->keep_alive;
    if (code > 0)
        run_refuse(run, req, code);
    if (code == 0) {
        run_dispatch(run->options->app, x);
        run_send(run, &x->answer, !go_on);
    }
    http_exchange_free(x);
    return go_on;
}

static bool run_request(struct run *run, str head, str *rest)
{
    const struct http_app *app = run->options->app;
    struct http_request req = {.arena = run->arena};
    req.headers = arena_new_array(run->arena, struct http_header, run->limits.header_count);
    struct http_framing framing;
    int code = http_head_parse(head, &run->limits, &req, &framing);
    if (code != 0) {
        run_refuse(run, &req, code);
        return false;
    }
    http_request_set_reader(&req, &run->proxies, &run->peer);
    struct http_ready ready;
    if ((req.method & (HTTP_GET | HTTP_HEAD)) != 0 && framing.kind == HTTP_FRAMING_NONE &&
        app->lookup != NULL && app->lookup(app->ctx, &req, &ready)) {
        struct http_answer answer = http_answer_from_ready(ready);
        run_send(run, &answer, !req.keep_alive);
        http_answer_fini(&answer);
        return req.keep_alive;
    }
    return run_exchange(run, head, &req, &framing, rest);
}

str http_run(struct arena *arena, const struct http_run_options *options, str bytes)
{
    struct run run = {.options = options, .limits = HTTP_LIMITS_DEFAULT, .arena = arena};
    if (options->proxies != NULL)
        run.proxies = *options->proxies;
    run.peer = options->reader;
    if (run.peer.kind == HTTP_ADDRESS_NONE)
        CHECK(http_address_parse(S("127.0.0.1"), &run.peer));
    buf_init(&run.out, arena, RUN_OUT_MAX);
    for (;;) {
        struct http_head_scan scan = {0};
        str head;
        int code;
        enum http_head_state state = http_head_scan(&scan, bytes, &run.limits, &head, &code);
        if (state == HTTP_HEAD_BAD)
            run_refuse(&run, NULL, code);
        if (state != HTTP_HEAD_WHOLE)
            break;
        bytes = str_from(bytes, (size_t)(head.ptr + head.len - bytes.ptr));
        if (!run_request(&run, head, &bytes))
            break;
    }
    str out = STR_NONE;
    CHECK(buf_finish(&run.out, &out, NULL) == ST_OK);
    return out;
}
