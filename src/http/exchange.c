/* SPDX-License-Identifier: MIT */
#include "http/delivery.h"

#include "base/arena.h"
#include "http/head.h"
#include "http/server.h"

#include <stdlib.h>
#include <string.h>

enum { EXCHANGE_ARENA = 4096, RETRY_AFTER_S = 2 };

struct http_exchange *http_exchange_new(str head, const struct http_limits *limits,
                                        const struct http_request *parsed,
                                        const struct http_framing *framing)
{
    struct http_exchange *x = calloc(1, sizeof(*x));
    CHECK(x != NULL);
    x->arena = arena_new(size_add(EXCHANGE_ARENA, head.len));
    x->req.arena = x->arena;
    x->req.headers = arena_new_array(x->arena, struct http_header, parsed->header_count);
    struct http_framing again;
    CHECK(http_head_parse(str_copy(x->arena, head), limits, &x->req, &again) == 0);
    x->req.reader = parsed->reader;
    x->req.secure = parsed->secure;
    x->req.limited = parsed->limited;
    x->req.loop = parsed->loop;
    x->framing = *framing;
    http_response_init(&x->res, x->arena);
    http_body_init(&x->body, 0);
    x->answer.fd = -1;
    atomic_init(&x->cancelled, false);
    return x;
}

void http_exchange_free(struct http_exchange *x)
{
    if (x == NULL)
        return;
    http_response_fini(&x->res);
    http_answer_fini(&x->answer);
    http_body_fini(&x->body);
    arena_free(x->arena);
    free(x);
}

struct http_request *http_exchange_request(struct http_exchange *x)
{
    return &x->req;
}

struct http_response *http_exchange_response(struct http_exchange *x)
{
    return &x->res;
}

struct arena *http_exchange_arena(struct http_exchange *x)
{
    return x->arena;
}

bool http_exchange_cancelled(const struct http_exchange *x)
{
    return atomic_load_explicit(&x->cancelled, memory_order_relaxed);
}

void http_exchange_busy(struct http_exchange *x)
{
    http_response_reset(&x->res);
    http_response_ready(&x->res, http_ready_plain(503, RETRY_AFTER_S));
}

void http_exchange_finish(struct http_exchange *x)
{
    CHECK(x->stage == HTTP_STAGE_APP); /* once only */
    x->answer = http_answer_make(&x->req, &x->res);
    x->stage = HTTP_STAGE_DONE;
    x->deliver(x);
}

/* ---- without a reader ---- */

static str copy_moved(struct arena *arena, str s)
{
    return s.len == 0 ? s : str_copy(arena, s);
}

struct http_exchange *http_exchange_detached(const struct http_request *req)
{
    struct http_exchange *x = calloc(1, sizeof(*x));
    CHECK(x != NULL);
    x->arena = arena_new(EXCHANGE_ARENA);
    x->req = *req;
    x->req.arena = x->arena;
    x->req.method_name = copy_moved(x->arena, req->method_name);
    x->req.target = copy_moved(x->arena, req->target);
    x->req.path = copy_moved(x->arena, req->path);
    x->req.query = copy_moved(x->arena, req->query);
    x->req.host = copy_moved(x->arena, req->host);
    for (size_t i = 0; i < HTTP_HEADER_KNOWN; i++)
        x->req.known[i] = copy_moved(x->arena, req->known[i]);
    x->req.headers = arena_new_array(x->arena, struct http_header, req->header_count);
    for (size_t i = 0; i < req->header_count; i++) {
        x->req.headers[i].name = copy_moved(x->arena, req->headers[i].name);
        x->req.headers[i].value = copy_moved(x->arena, req->headers[i].value);
    }
    x->req.known[HTTP_USER_AGENT] = STR_NONE; /* nobody's: not to be counted as a read */
    x->req.body = STR_NONE;
    x->req.body_fd = -1;
    http_response_init(&x->res, x->arena);
    http_body_init(&x->body, 0);
    x->answer.fd = -1;
    atomic_init(&x->cancelled, false);
    x->stage = HTTP_STAGE_APP;
    x->deliver = http_exchange_free;
    return x;
}

/* ---- what connections and http_run share ---- */

void http_request_set_reader(struct http_request *req, const struct http_proxies *proxies,
                             const struct http_address *peer)
{
    str header =
        req->known[proxies->header == HTTP_PROXY_FORWARDED ? HTTP_FORWARDED : HTTP_X_FORWARDED_FOR];
    req->reader = http_proxies_reader(proxies, peer, header);
    req->secure = http_proxies_secure(proxies, peer, req->known[HTTP_FORWARDED],
                                      req->known[HTTP_X_FORWARDED_PROTO]);
    /* A trusted hop that named nobody, or a local proxy nobody told us of: many readers may stand
     * behind this one address. */
    bool forwards =
        http_request_has(req, HTTP_X_FORWARDED_FOR) || http_request_has(req, HTTP_FORWARDED);
    req->limited = req->reader.kind == HTTP_ADDRESS_IP &&
                   !http_proxies_trust(proxies, &req->reader) &&
                   !(forwards && http_address_is_loopback(&req->reader));
}

struct http_ready http_app_error(const struct http_app *app, const struct http_request *req,
                                 int status)
{
    struct http_ready ready;
    if (app->error_page != NULL && app->error_page(app->ctx, req, status, &ready))
        return ready;
    return http_ready_plain(status, status == 503 ? RETRY_AFTER_S : 0);
}
