/* SPDX-License-Identifier: MIT
 *
 * Two passes over a head that is nearly always there at the first read: memchr from line end to line
 * end, then one walk that checks every byte against http/chars.h and splits. Both together are under
 * 1 % of a request's time, and the walk need not know that a head can come in pieces. */
#include "http/head.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "http/chars.h"

#include <string.h>

enum { METHOD_MAX = 32, LENGTH_DIGITS = 18 };

/* ---- where it ends ---- */

/* Past the limit: is it the first line that is too long, or the fields? */
static enum http_head_state too_long(const struct http_head_scan *scan, int *ret_code)
{
    *ret_code = scan->line == scan->begin ? 414 : 431;
    return HTTP_HEAD_BAD;
}

/* What cannot become a request (a TLS greeting, say) need not wait for its line end. */
static bool begins_badly(const struct http_head_scan *scan, str bytes)
{
    if (bytes.len == scan->begin || http_char_is(bytes.ptr[scan->begin], HTTP_CHAR_TOKEN))
        return false;
    bool empty_line_begun = bytes.ptr[0] == '\r' && bytes.len == 1;
    return !empty_line_begun;
}

enum http_head_state http_head_scan(struct http_head_scan *scan, str bytes,
                                    const struct http_limits *limits, str *ret_head, int *ret_code)
{
    const char *lf;
    *ret_code = 400;
    while (scan->at < bytes.len &&
           (lf = memchr(bytes.ptr + scan->at, '\n', bytes.len - scan->at)) != NULL) {
        size_t at = (size_t)(lf - bytes.ptr);
        if (at == 0 || bytes.ptr[at - 1] != '\r')
            return HTTP_HEAD_BAD;
        size_t line = scan->line;
        scan->line = scan->at = at + 1;
        if (at + 1 - scan->begin > limits->head_bytes) {
            scan->line = line;
            return too_long(scan, ret_code);
        }
        if (at - 1 != line)
            continue;
        if (line > scan->begin) {
            *ret_head = str_sub(bytes, scan->begin, at + 1 - scan->begin);
            return begins_badly(scan, bytes) ? HTTP_HEAD_BAD : HTTP_HEAD_WHOLE;
        }
        if (scan->begin > 0) /* a second empty line before the first */
            return HTTP_HEAD_BAD;
        scan->begin = at + 1;
    }
    scan->at = bytes.len;
    if (bytes.len - scan->begin > limits->head_bytes)
        return too_long(scan, ret_code);
    return begins_badly(scan, bytes) ? HTTP_HEAD_BAD : HTTP_HEAD_MORE;
}

/* ---- the first line ---- */

static enum http_method method_from_name(str name)
{
    static const struct {
        str name;
        enum http_method method;
    } methods[] = {
        {STR_INIT("GET"), HTTP_GET},         {STR_INIT("HEAD"), HTTP_HEAD},
        {STR_INIT("POST"), HTTP_POST},       {STR_INIT("PUT"), HTTP_PUT},
        {STR_INIT("PATCH"), HTTP_PATCH},     {STR_INIT("DELETE"), HTTP_DELETE},
        {STR_INIT("OPTIONS"), HTTP_OPTIONS},
    };
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_eq(name, methods[i].name))
            return methods[i].method;
    }
    return HTTP_METHOD_OTHER;
}

/* uri-host [ ":" port ], the host a name, an IPv4 address or "[...]". */
static bool host_is_valid(str host)
{
    struct cursor c = cursor_of(host);
    const char *begin = c.at;
    if (cursor_char(&c, '[')) {
        begin = c.at;
        while (!cursor_done(&c) && *c.at != ']')
            c.at++;
        struct http_address ip;
        if (!http_address_parse(str_from_range(begin, c.at), &ip) || !cursor_char(&c, ']'))
            return false;
    } else {
        while (!cursor_done(&c) && http_char_is(*c.at, HTTP_CHAR_HOST))
            c.at++;
        if (c.at == begin)
            return false;
    }
    if (cursor_done(&c))
        return true;
    int64_t port;
    return cursor_char(&c, ':') && cursor_uint(&c, 1, 5, &port) && cursor_done(&c) && port <= 65535;
}

/* "http://host/path" (RFC 9112 §3.2.2): the host is taken off, the path left in `*path`. */
static bool target_take_host(struct http_request *req, str *path)
{
    struct cursor c = cursor_of(*path);
    if (!cursor_str_nocase(&c, S("http://")) && !cursor_str_nocase(&c, S("https://")))
        return false;
    const char *begin = c.at;
    while (!cursor_done(&c) && *c.at != '/' && *c.at != '?')
        c.at++;
    req->host = str_from_range(begin, c.at);
    *path = cursor_rest(&c);
    return host_is_valid(req->host);
}

/* The path, decoded once. An encoded slash would be a different path to whoever splits first. */
static bool path_decode(struct http_request *req, str raw)
{
    if (str_find_char(raw, '%') == STR_NPOS) {
        req->path = raw;
        return true;
    }
    return str_find_nocase(raw, S("%2f")) == STR_NPOS &&
           http_percent_decode(req->arena, raw, false, &req->path);
}

static int target_parse(struct http_request *req)
{
    str path = req->target;
    if (str_eq(path, S("*"))) {
        req->path = path;
        return req->method == HTTP_OPTIONS ? 0 : 400;
    }
    if (!str_starts(path, S("/")) && !target_take_host(req, &path))
        return 400;
    size_t mark = str_find_char(path, '?');
    if (mark != STR_NPOS) {
        req->query = str_from(path, mark + 1);
        path = str_sub(path, 0, mark);
    }
    return path_decode(req, path.len == 0 ? S("/") : path) ? 0 : 400;
}

static const char *skip_kind(const char *at, const char *end, unsigned kind)
{
    while (at < end && http_char_is(*at, kind))
        at++;
    return at;
}

/* The parts are checked before the meaning: a line that is wrong is 400 whatever it asks for. */
static int line_parse(struct cursor *c, const struct http_limits *limits, struct http_request *req)
{
    const char *begin = c->at;
    c->at = skip_kind(c->at, c->end, HTTP_CHAR_TOKEN);
    req->method_name = str_from_range(begin, c->at);
    if (req->method_name.len == 0 || req->method_name.len > METHOD_MAX || !cursor_char(c, ' '))
        return 400;
    begin = c->at;
    c->at = skip_kind(c->at, c->end, HTTP_CHAR_TARGET);
    req->target = str_from_range(begin, c->at);
    if (req->target.len == 0 || !cursor_char(c, ' '))
        return 400;
    if (!cursor_str(c, S("HTTP/")) || c->end - c->at < 5 || !ascii_is_digit(c->at[0]) ||
        c->at[1] != '.' || !ascii_is_digit(c->at[2]) || c->at[3] != '\r' || c->at[4] != '\n')
        return 400;
    if (c->at[0] != '1' || c->at[2] > '1')
        return 505;
    req->http_1_0 = c->at[2] == '0';
    c->at += 5;
    if (req->target.len > limits->target_bytes)
        return 414;
    req->method = method_from_name(req->method_name);
    if (req->method == HTTP_METHOD_OTHER)
        return 501;
    return target_parse(req);
}

/* ---- the fields ---- */

/* Sorted by length, so that a name is compared with the few that could be it. */
static const struct known {
    str name;
    enum http_header_id id;
    bool list; /* may come in several lines, which are one list */
} known[] = {
    {STR_INIT("host"), HTTP_HOST, false},
    {STR_INIT("range"), HTTP_RANGE, false},
    {STR_INIT("accept"), HTTP_ACCEPT, true},
    {STR_INIT("cookie"), HTTP_COOKIE, true},
    {STR_INIT("expect"), HTTP_EXPECT, false},
    {STR_INIT("origin"), HTTP_ORIGIN, false},
    {STR_INIT("referer"), HTTP_REFERER, false},
    {STR_INIT("if-match"), HTTP_IF_MATCH, true},
    {STR_INIT("if-range"), HTTP_IF_RANGE, false},
    {STR_INIT("forwarded"), HTTP_FORWARDED, true},
    {STR_INIT("connection"), HTTP_CONNECTION, true},
    {STR_INIT("user-agent"), HTTP_USER_AGENT, false},
    {STR_INIT("content-type"), HTTP_CONTENT_TYPE, false},
    {STR_INIT("authorization"), HTTP_AUTHORIZATION, false},
    {STR_INIT("if-none-match"), HTTP_IF_NONE_MATCH, true},
    {STR_INIT("content-length"), HTTP_CONTENT_LENGTH, false},
    {STR_INIT("sec-fetch-site"), HTTP_SEC_FETCH_SITE, false},
    {STR_INIT("accept-encoding"), HTTP_ACCEPT_ENCODING, true},
    {STR_INIT("accept-language"), HTTP_ACCEPT_LANGUAGE, true},
    {STR_INIT("x-forwarded-for"), HTTP_X_FORWARDED_FOR, true},
    {STR_INIT("if-modified-since"), HTTP_IF_MODIFIED_SINCE, false},
    {STR_INIT("transfer-encoding"), HTTP_TRANSFER_ENCODING, false},
    {STR_INIT("x-forwarded-proto"), HTTP_X_FORWARDED_PROTO, false},
    {STR_INIT("if-unmodified-since"), HTTP_IF_UNMODIFIED_SINCE, false},
};
enum { KNOWN = sizeof(known) / sizeof(known[0]), KNOWN_NAME_MAX = 19 };
static_assert(KNOWN == (int)HTTP_HEADER_KNOWN, "a known field is missing from the table");
static_assert(HTTP_HEADER_KNOWN <= 32, "known_set is 32 bits");

static const struct known *known_find(str name)
{
    /* The first row whose name has so many letters. */
    static const uint8_t first[KNOWN_NAME_MAX + 2] = {
        [4] = 0,   [5] = 1,   [6] = 2,   [7] = 6,   [8] = 7,   [9] = 9,
        [10] = 10, [11] = 12, [12] = 12, [13] = 13, [14] = 15, [15] = 17,
        [16] = 20, [17] = 20, [18] = 23, [19] = 23, [20] = 24};
    if (name.len < 4 || name.len > KNOWN_NAME_MAX)
        return NULL;
    for (size_t i = first[name.len]; i < first[name.len + 1]; i++) {
        if (str_eq_nocase(name, known[i].name))
            return &known[i];
    }
    return NULL;
}

static bool known_add(struct http_request *req, const struct known *k, str value)
{
    uint32_t bit = (uint32_t)1 << k->id;
    str *slot = &req->known[k->id];
    if ((req->known_set & bit) == 0)
        *slot = value;
    else if (k->list)
        *slot = str_join3(req->arena, *slot, k->id == HTTP_COOKIE ? S("; ") : S(", "), value);
    else
        return false;
    req->known_set |= bit;
    return true;
}

static str trim_blanks(const char *begin, const char *end)
{
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (begin < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return str_from_range(begin, end);
}

/* field-line CRLF ... up to the empty line. A fold, or a space before the colon, fails as a byte that
 * is no part of a name. */
static int fields_parse(struct cursor *c, const struct http_limits *limits,
                        struct http_request *req)
{
    while (!cursor_str(c, S("\r\n"))) {
        const char *begin = c->at;
        c->at = skip_kind(c->at, c->end, HTTP_CHAR_TOKEN);
        str name = str_from_range(begin, c->at);
        if (name.len == 0 || !cursor_char(c, ':'))
            return 400;
        begin = c->at;
        c->at = skip_kind(c->at, c->end, HTTP_CHAR_VALUE);
        str value = trim_blanks(begin, c->at);
        if (!cursor_str(c, S("\r\n")))
            return 400;
        if (req->header_count == limits->header_count)
            return 431;
        req->headers[req->header_count++] = (struct http_header){name, value};
        const struct known *k = known_find(name);
        if (k != NULL && !known_add(req, k, value))
            return 400;
    }
    return cursor_done(c) ? 0 : 400;
}

/* ---- what the fields say about the message ---- */

static bool list_has(str list, str token)
{
    while (list.len > 0) {
        if (str_eq_nocase(str_trim(str_cut(&list, ',')), token))
            return true;
    }
    return false;
}

static int framing_parse(const struct http_request *req, struct http_framing *ret_framing)
{
    struct http_framing framing = {.kind = HTTP_FRAMING_NONE};
    if (http_request_has(req, HTTP_TRANSFER_ENCODING)) {
        if (req->http_1_0 || http_request_has(req, HTTP_CONTENT_LENGTH))
            return 400;
        if (!str_eq_nocase(req->known[HTTP_TRANSFER_ENCODING], S("chunked")))
            return 501;
        framing.kind = HTTP_FRAMING_CHUNKED;
    } else if (http_request_has(req, HTTP_CONTENT_LENGTH)) {
        struct cursor c = cursor_of(req->known[HTTP_CONTENT_LENGTH]);
        int64_t length;
        if (!cursor_uint(&c, 1, LENGTH_DIGITS, &length))
            return 400;
        if (!cursor_done(&c))
            return 400;
        framing.length = (uint64_t)length;
        framing.kind = length > 0 ? HTTP_FRAMING_LENGTH : HTTP_FRAMING_NONE;
    }
    if (http_request_has(req, HTTP_EXPECT)) {
        if (!str_eq_nocase(req->known[HTTP_EXPECT], S("100-continue")))
            return 417;
        framing.expect_continue = !req->http_1_0;
    }
    *ret_framing = framing;
    return 0;
}

static int host_check(struct http_request *req)
{
    if (!http_request_has(req, HTTP_HOST))
        return req->http_1_0 ? 0 : 400;
    str host = req->known[HTTP_HOST];
    if (!host_is_valid(host))
        return 400;
    if (req->host.len == 0)
        req->host = host; /* an absolute target's host counts, not this one (RFC 9112 §3.2.2) */
    return 0;
}

int http_head_parse(str head, const struct http_limits *limits, struct http_request *req,
                    struct http_framing *ret_framing)
{
    struct cursor c = cursor_of(head);
    req->body_fd = -1;
    int code = line_parse(&c, limits, req);
    /* 501 waits: a message that is malformed besides is 400, and its connection no more trusted. */
    if (code != 0 && code != 501)
        return code;
    int fields = fields_parse(&c, limits, req);
    if (fields == 0)
        fields = host_check(req);
    if (fields == 0)
        fields = framing_parse(req, ret_framing);
    if (fields != 0)
        return fields;
    str connection = req->known[HTTP_CONNECTION];
    if (connection.len == 0)
        req->keep_alive = !req->http_1_0;
    else
        req->keep_alive = !list_has(connection, S("close")) &&
                          (!req->http_1_0 || list_has(connection, S("keep-alive")));
    return code;
}
