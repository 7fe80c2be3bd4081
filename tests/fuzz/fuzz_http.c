/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a connection. The first byte says how finely they are cut when they come piece by piece.
 *
 * - Cut or whole, a head ends in the same place or is refused with the same code.
 * - What is accepted has a path that is UTF-8 without NUL, and fields without control characters.
 * - The second opinion: a request we accept, Debian's llhttp in its strict mode accepts too, and with
 *   the same method, target, body and end. (Built in where node-llhttp is installed.) The other way
 *   round there is nothing to ask: it takes what RFC 9112 refuses. Left out of the comparison, because
 *   it reads them otherwise: Upgrade, which we ignore; trailers that name framing fields, which we drop
 *   unread; chunk extensions, which its strict mode refuses whole. */
#include "base/arena.h"
#include "http/chars.h"
#include "http/chunks.h"
#include "http/head.h"
#include "tests/fuzz/llhttp_opinion.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_limits limits = {.head_bytes = 16 * 1024,
                                          .target_bytes = 8 * 1024,
                                          .header_count = 100,
                                          .body_bytes = 1024 * 1024};

struct seen {
    str method, target;
    size_t body_len;
    size_t end; /* of the request */
};

/* ---- cut or whole ---- */

static void check_cuts(str bytes, size_t step, enum http_head_state whole_state, str whole_head,
                       int whole_code)
{
    struct http_head_scan scan = {0};
    str head = STR_NONE;
    int code = 0;
    enum http_head_state state = HTTP_HEAD_MORE;
    for (size_t n = step; state == HTTP_HEAD_MORE; n += step) {
        state = http_head_scan(&scan, str_sub(bytes, 0, n), &limits, &head, &code);
        if (n >= bytes.len)
            break;
    }
    /* A piece that goes over the limit is refused before a later fault is seen. */
    CHECK(state == whole_state || (state == HTTP_HEAD_BAD && bytes.len > limits.head_bytes) ||
          whole_state == HTTP_HEAD_MORE);
    if (state == HTTP_HEAD_WHOLE && whole_state == HTTP_HEAD_WHOLE)
        CHECK(str_eq(head, whole_head));
    else if (state == HTTP_HEAD_BAD && whole_state == HTTP_HEAD_BAD)
        CHECK(code == whole_code || bytes.len > limits.head_bytes);
}

/* ---- what is accepted is sound ---- */

static void check_request(const struct http_request *req)
{
    CHECK(str_is_utf8(req->path));
    CHECK(req->path.len > 0);
    CHECK(str_find_char(req->path, '\0') == STR_NPOS);
    CHECK(http_chars_all(req->target, HTTP_CHAR_TARGET));
    CHECK(req->http_1_0 || req->host.len > 0);
    for (size_t i = 0; i < req->header_count; i++) {
        CHECK(req->headers[i].name.len > 0);
        CHECK(http_chars_all(req->headers[i].name, HTTP_CHAR_TOKEN));
        CHECK(http_chars_all(req->headers[i].value, HTTP_CHAR_VALUE));
    }
    str value;
    (void)http_query_get(req, S("q"), &value);
    (void)http_request_cookie(req, S("c"), &value);
    (void)http_accepted_encodings(req->known[HTTP_ACCEPT_ENCODING]);
    struct http_proxies proxies = {.count = 1,
                                   .trusted = {{.address = {.kind = HTTP_ADDRESS_UNIX}}}};
    struct http_address peer = {.kind = HTTP_ADDRESS_UNIX};
    (void)http_proxies_reader(&proxies, &peer, req->known[HTTP_X_FORWARDED_FOR]);
    proxies.header = HTTP_PROXY_FORWARDED;
    (void)http_proxies_reader(&proxies, &peer, req->known[HTTP_FORWARDED]);
}

/* The body behind the head. False: refused, or not all there. */
static bool read_body(str rest, const struct http_framing *framing, size_t *ret_len,
                      size_t *ret_end, bool *ret_plain)
{
    *ret_plain = true;
    *ret_len = *ret_end = 0;
    if (framing->kind == HTTP_FRAMING_LENGTH) {
        *ret_len = *ret_end = (size_t)framing->length;
        return framing->length <= rest.len;
    }
    if (framing->kind == HTTP_FRAMING_NONE)
        return true;
    struct http_chunks chunks = {0}, bytewise = {0};
    str left = rest, data;
    enum http_chunks_got got, got_bytewise = HTTP_CHUNKS_MORE;
    while ((got = http_chunks_next(&chunks, &left, &data)) == HTTP_CHUNKS_DATA)
        *ret_len += data.len;
    size_t len_bytewise = 0, at = 0;
    while (at < rest.len && got_bytewise == HTTP_CHUNKS_MORE) {
        str one = str_sub(rest, at++, 1);
        while ((got_bytewise = http_chunks_next(&bytewise, &one, &data)) == HTTP_CHUNKS_DATA)
            len_bytewise += data.len;
    }
    CHECK(got == got_bytewise);
    CHECK(got != HTTP_CHUNKS_DONE || len_bytewise == *ret_len);
    *ret_end = rest.len - left.len;
    *ret_plain = chunks.extension_bytes == 0 && chunks.trailer_bytes <= 1;
    return got == HTTP_CHUNKS_DONE;
}

/* ---- the second opinion ---- */

static void check_opinion(str bytes, const struct seen *ours)
{
#ifdef HAVE_LLHTTP
    struct llhttp_opinion theirs = llhttp_opinion_of(bytes);
    CHECK(theirs.accepted);
    CHECK(str_eq(theirs.method, ours->method));
    CHECK(str_eq(theirs.target, ours->target));
    CHECK(theirs.body_len == ours->body_len);
    CHECK(theirs.end == ours->end);
#else
    (void)bytes;
    (void)ours;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    str bytes = {(const char *)data + 1, size - 1};
    struct http_head_scan scan = {0};
    str head = STR_NONE;
    int code = 0;
    enum http_head_state state = http_head_scan(&scan, bytes, &limits, &head, &code);
    check_cuts(bytes, (size_t)data[0] % 64 + 1, state, head, code);
    if (state != HTTP_HEAD_WHOLE)
        return 0;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct http_request req = {.arena = arena};
    req.headers = arena_new_array(arena, struct http_header, limits.header_count);
    struct http_framing framing;
    if (http_head_parse(head, &limits, &req, &framing) != 0)
        return 0;
    check_request(&req);
    size_t head_end = (size_t)(head.ptr + head.len - bytes.ptr), body_len, body_end;
    bool plain;
    if (!read_body(str_from(bytes, head_end), &framing, &body_len, &body_end, &plain))
        return 0;
    if (plain && http_request_header_named(&req, S("upgrade")).ptr == NULL)
        check_opinion(bytes,
                      &(struct seen){req.method_name, req.target, body_len, head_end + body_end});
    return 0;
}
