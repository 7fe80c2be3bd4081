/* SPDX-License-Identifier: MIT */
#include "desk/refusal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "desk/look.h"
#include "http/request.h"

#include <stddef.h>
#include <stdlib.h>

enum { PAGE_MAX = 64 * 1024, MEGABYTE = 1000 * 1000 };

/* An answer with its arena, gone with who sends it last. */
struct refusal {
    struct http_shared shared;
    struct arena *arena;
};

static void refusal_drop(struct http_shared *shared)
{
    struct refusal *refusal = (void *)shared; /* its first field */
    arena_free(refusal->arena);
    free(refusal);
}

static_assert(offsetof(struct refusal, shared) == 0, "refusal_drop frees the whole");

static str sentence(const struct look_tongue *tongue, struct arena *arena, size_t bytes_max)
{
    bool large = bytes_max >= MEGABYTE;
    struct look_argument n = {S("n"),
                              str_format(arena, "%zu", bytes_max / (large ? MEGABYTE : 1000))};
    struct look_argument size = {
        S("size"), look_say_with(tongue, large ? S("media.mb") : S("media.kb"), &n, 1, arena)};
    return look_say_with(tongue, S("error.body"), &size, 1, arena);
}

static enum status page_make(const struct look *look, const struct look_tongue *tongue, str why,
                             struct arena *arena, str *ret_body, struct error *err)
{
    struct hbs_map *values = hbs_map_new(arena), *data = hbs_map_new(arena);
    html page;
    hbs_map_set(values, S("why"), hbs_string(why));
    hbs_map_set(data, S("lang"), hbs_string(look_tongue_tag(tongue)));
    hbs_map_set(data, S("style"), hbs_string(look_file(look, S("desk.css"))->path));
    enum status st = look_render(look, S("refusal"),
                                 &(struct look_page){.root = hbs_map_value(values),
                                                     .data = hbs_map_value(data),
                                                     .tongue = tongue,
                                                     .arena = arena},
                                 &page, err);
    if (st == ST_OK)
        *ret_body = page.raw;
    return st;
}

static enum status json_make(str why, struct arena *arena, str *ret_body, struct error *err)
{
    struct hbs_map *values = hbs_map_new(arena), *wrong = hbs_map_new(arena);
    struct hbs_env env = {.arena = arena};
    struct buf b;
    hbs_map_set(wrong, S("file"), hbs_string(why));
    hbs_map_set(values, S("wrong"), hbs_map_value(wrong));
    hbs_map_set(values, S("error"), hbs_string(why));
    hbs_map_set(values, S("status"), hbs_string(str_from_c(status_name(ST_TOO_BIG))));
    buf_init(&b, arena, PAGE_MAX);
    enum status st = hbs_add_json(&b, hbs_map_value(values), &env, err);
    return st == ST_OK ? buf_finish(&b, ret_body, err) : st;
}

struct http_ready refusal_too_big(const struct look *look, const struct http_request *req,
                                  size_t bytes_max)
{
    struct refusal *refusal = calloc(1, sizeof(*refusal));
    CHECK(refusal != NULL);
    http_shared_init(&refusal->shared, refusal_drop);
    refusal->arena = arena_new(ARENA_SMALL);
    const struct look_tongue *tongue =
        look_tongue_accepted(look, http_request_header(req, HTTP_ACCEPT_LANGUAGE));
    if (tongue == NULL)
        tongue = look_tongue(look, STR_NONE);
    bool json = str_eq(http_request_header(req, HTTP_ACCEPT), S("application/json"));
    str why = sentence(tongue, refusal->arena, bytes_max), body = STR_NONE;
    enum status st = json ? json_make(why, refusal->arena, &body, NULL)
                          : page_make(look, tongue, why, refusal->arena, &body, NULL);
    if (st != ST_OK)
        body = why; /* better without its page than not said */
    str head = str_format(
        refusal->arena,
        "Content-Type: %s; charset=utf-8\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
        "X-Robots-Tag: noindex, nofollow\r\n\r\n",
        st != ST_OK ? "text/plain"
        : json      ? "application/json"
                    : "text/html",
        body.len);
    return (struct http_ready){
        .status = 413, .head = head, .body = body, .shared = &refusal->shared};
}
