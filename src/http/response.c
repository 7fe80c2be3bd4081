/* SPDX-License-Identifier: MIT */
#include "http/response.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "http/answer.h"
#include "http/chars.h"
#include "http/compress.h"
#include "http/status_code.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- shared bytes ---- */

void http_shared_init(struct http_shared *shared, void (*drop)(struct http_shared *shared))
{
    shared->refs = 1;
    shared->drop = drop;
}

struct http_shared *http_shared_ref(struct http_shared *shared)
{
    (void)__atomic_fetch_add(&shared->refs, 1, __ATOMIC_RELAXED);
    return shared;
}

void http_shared_unref(struct http_shared *shared)
{
    if (shared != NULL && __atomic_fetch_sub(&shared->refs, 1, __ATOMIC_ACQ_REL) == 1)
        shared->drop(shared);
}

/* ---- what a handler sets ---- */

void http_response_init(struct http_response *res, struct arena *arena)
{
    *res = (struct http_response){.arena = arena, .fd = -1};
}

void http_response_fini(struct http_response *res)
{
    if (res->fd >= 0)
        (void)close(res->fd);
    if (res->kind == HTTP_BODY_READY)
        http_shared_unref(res->ready.shared);
    res->fd = -1;
    res->kind = HTTP_BODY_NONE;
}

void http_response_reset(struct http_response *res)
{
    http_response_fini(res);
    http_response_init(res, res->arena);
}

static void body_set(struct http_response *res, int status, enum http_body_kind kind)
{
    http_response_fini(res);
    res->status = status;
    res->kind = kind;
}

void http_response_header(struct http_response *res, str name, str value)
{
    static const str ours[] = {STR_INIT("Content-Length"), STR_INIT("Date"),
                               STR_INIT("Connection"),     STR_INIT("Transfer-Encoding"),
                               STR_INIT("ETag"),           STR_INIT("Last-Modified")};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        CHECK(!str_eq_nocase(name, ours[i]));
    CHECK(http_chars_all(name, HTTP_CHAR_TOKEN));
    CHECK(res->header_count < HTTP_RESPONSE_HEADERS);
    if (!http_chars_all(value, HTTP_CHAR_VALUE)) {
        res->bad = true;
        return;
    }
    res->headers[res->header_count++] =
        (struct http_header){str_copy(res->arena, name), str_copy(res->arena, value)};
}

static str header_get(const struct http_response *res, str name)
{
    for (size_t i = 0; i < res->header_count; i++) {
        if (str_eq_nocase(res->headers[i].name, name))
            return res->headers[i].value;
    }
    return STR_NONE;
}

bool http_response_has(const struct http_response *res, str name)
{
    return header_get(res, name).ptr != NULL;
}

/* The last body set is the one sent, and so is its type. */
static void type_set(struct http_response *res, str content_type)
{
    size_t n = 0;
    for (size_t i = 0; i < res->header_count; i++) {
        if (!str_eq_nocase(res->headers[i].name, S("Content-Type")))
            res->headers[n++] = res->headers[i];
    }
    res->header_count = n;
    http_response_header(res, S("Content-Type"), content_type);
}

void http_response_bytes(struct http_response *res, int status, str content_type, str bytes)
{
    body_set(res, status, HTTP_BODY_BYTES);
    res->bytes = bytes;
    type_set(res, content_type);
}

void http_response_html(struct http_response *res, int status, html page)
{
    http_response_bytes(res, status, S("text/html; charset=utf-8"), page.raw);
}

void http_response_text(struct http_response *res, int status, str text)
{
    http_response_bytes(res, status, S("text/plain; charset=utf-8"), text);
}

/* sendfile waits for what is not in memory, and with it every reader of the loop. So the kernel is asked
 * here for the beginning in one go, and its first and last bytes are waited for; when it is there
 * already that is three calls, a microsecond or so. Most pictures end before that; for the rest the
 * loop asks ahead of itself (sending.c). */
static void file_warm(int fd, uint64_t bytes)
{
    char byte;
    off_t warm = bytes < HTTP_FILE_WARM ? (off_t)bytes : HTTP_FILE_WARM;
    if (warm == 0)
        return;
    (void)posix_fadvise(fd, 0, warm, POSIX_FADV_WILLNEED);
    ssize_t n = pread(fd, &byte, 1, 0);
    if (n == 1)
        n = pread(fd, &byte, 1, warm - 1);
    (void)n; /* a file that cannot be read says so when it is sent */
}

void http_response_file(struct http_response *res, str content_type, int fd, uint64_t bytes)
{
    body_set(res, 200, HTTP_BODY_FILE);
    res->fd = fd;
    res->file_bytes = bytes;
    file_warm(fd, bytes);
    type_set(res, content_type);
}

void http_response_ready(struct http_response *res, struct http_ready ready)
{
    body_set(res, ready.status, HTTP_BODY_READY);
    res->ready = ready;
}

void http_response_empty(struct http_response *res, int status)
{
    body_set(res, status, HTTP_BODY_NONE);
}

void http_response_redirect(struct http_response *res, int status, str location)
{
    CHECK(status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
    http_response_empty(res, status);
    http_response_header(res, S("Location"), location);
}

void http_response_error(struct http_response *res, enum status st, const struct error *err)
{
    http_response_reset(res);
    int code = http_code_from_status(st);
    str why = err != NULL && err->text[0] != '\0' ? str_from_c(err->text) : http_reason(code);
    http_response_text(res, code, str_join2(res->arena, why, S("\n")));
    http_response_header(res, S("Cache-Control"), S("no-store"));
}

void http_response_etag(struct http_response *res, str tag, bool weak)
{
    res->etag = str_join3(res->arena, weak ? S("W/\"") : S("\""), tag, S("\""));
}

/* ---- conditions (RFC 9110 §13) ---- */

static str etag_opaque(str etag)
{
    return str_starts(etag, S("W/")) ? str_from(etag, 2) : etag;
}

/* Is `etag` in the list? Weak comparison minds only the opaque part; strong wants neither weak. The
 * opaque part may hold commas: the list is walked from quote to quote. */
static bool etag_in_list(str list, str etag, bool strong)
{
    if (str_eq(str_trim(list), S("*")))
        return true;
    if (etag.len == 0 || (strong && str_starts(etag, S("W/"))))
        return false;
    while (list.len > 0) {
        size_t open = str_find_char(list, '"');
        if (open == STR_NPOS)
            return false;
        bool weak = open >= 2 && list.ptr[open - 1] == '/' && list.ptr[open - 2] == 'W';
        size_t len = str_find_char(str_from(list, open + 1), '"');
        if (len == STR_NPOS)
            return false;
        if (!(strong && weak) && str_eq(str_sub(list, open, len + 2), etag_opaque(etag)))
            return true;
        list = str_from(list, open + len + 2);
    }
    return false;
}

/* A date that cannot be read is no condition (RFC 9110 §13.1.3). */
static bool changed_since(str date, time_us last_modified)
{
    time_us t;
    if (last_modified == 0 || !time_from_http(date, &t))
        return true;
    return last_modified / TIME_SECOND > t / TIME_SECOND;
}

int http_condition(const struct http_request *req, str etag, time_us last_modified)
{
    bool safe = (req->method & (HTTP_GET | HTTP_HEAD)) != 0;
    time_us t;
    if (http_request_has(req, HTTP_IF_MATCH)) {
        if (!etag_in_list(req->known[HTTP_IF_MATCH], etag, true))
            return 412;
    } else if (http_request_has(req, HTTP_IF_UNMODIFIED_SINCE) && last_modified != 0 &&
               time_from_http(req->known[HTTP_IF_UNMODIFIED_SINCE], &t) &&
               changed_since(req->known[HTTP_IF_UNMODIFIED_SINCE], last_modified)) {
        return 412;
    }
    if (http_request_has(req, HTTP_IF_NONE_MATCH)) {
        if (etag_in_list(req->known[HTTP_IF_NONE_MATCH], etag, false))
            return safe ? 304 : 412;
    } else if (safe && http_request_has(req, HTTP_IF_MODIFIED_SINCE) &&
               !changed_since(req->known[HTTP_IF_MODIFIED_SINCE], last_modified)) {
        return 304;
    }
    return 200;
}

/* ---- ranges (RFC 9110 §14) ---- */

enum { RANGE_DIGITS = 18 };

enum http_range http_range_parse(str range, uint64_t file_bytes, uint64_t *ret_from,
                                 uint64_t *ret_len)
{
    struct cursor c = cursor_of(range);
    int64_t first = -1, last = -1;
    if (!cursor_str_nocase(&c, S("bytes=")))
        return HTTP_RANGE_WHOLE;
    bool has_first = cursor_uint(&c, 1, RANGE_DIGITS, &first);
    if (!cursor_char(&c, '-'))
        return HTTP_RANGE_WHOLE;
    bool has_last = cursor_uint(&c, 1, RANGE_DIGITS, &last);
    /* Several ranges, or what is none: the whole is always a right answer. */
    if (!cursor_done(&c) || (!has_first && !has_last) || (has_first && has_last && last < first))
        return HTTP_RANGE_WHOLE;
    uint64_t from, end = file_bytes;
    if (has_first) {
        from = (uint64_t)first;
        if (has_last && (uint64_t)last < file_bytes)
            end = (uint64_t)last + 1;
    } else {
        from = (uint64_t)last < file_bytes ? file_bytes - (uint64_t)last : 0;
        if (last == 0)
            return HTTP_RANGE_UNMET;
    }
    if (from >= file_bytes)
        return HTTP_RANGE_UNMET;
    *ret_from = from;
    *ret_len = end - from;
    return HTTP_RANGE_PART;
}

/* If-Range: a strong tag, or exactly our date; anything else means the whole. */
bool http_if_range(const struct http_request *req, str etag, time_us last_modified)
{
    if (!http_request_has(req, HTTP_IF_RANGE))
        return true;
    str want = req->known[HTTP_IF_RANGE];
    time_us t;
    if (str_starts(want, S("\"")))
        return str_eq(want, etag);
    return time_from_http(want, &t) && last_modified != 0 &&
           t / TIME_SECOND == last_modified / TIME_SECOND;
}

/* ---- from response to answer ---- */

static void make_range(const struct http_request *req, struct http_response *res,
                       struct http_answer *answer)
{
    answer->file_len = res->file_bytes;
    http_response_header(res, S("Accept-Ranges"), S("bytes"));
    if (req->method != HTTP_GET || !http_request_has(req, HTTP_RANGE) ||
        !http_if_range(req, res->etag, res->last_modified))
        return;
    uint64_t from = 0, len = 0;
    switch (http_range_parse(req->known[HTTP_RANGE], res->file_bytes, &from, &len)) {
    case HTTP_RANGE_WHOLE:
        return;
    case HTTP_RANGE_UNMET:
        res->status = 416;
        answer->file_len = 0;
        http_response_header(
            res, S("Content-Range"),
            str_format(res->arena, "bytes */%llu", (unsigned long long)res->file_bytes));
        return;
    case HTTP_RANGE_PART:
        res->status = 206;
        answer->file_from = from;
        answer->file_len = len;
        http_response_header(
            res, S("Content-Range"),
            str_format(res->arena, "bytes %llu-%llu/%llu", (unsigned long long)from,
                       (unsigned long long)(from + len - 1), (unsigned long long)res->file_bytes));
        return;
    }
}

static void make_gzip(const struct http_request *req, struct http_response *res)
{
    if (res->no_gzip || res->bytes.len < HTTP_GZIP_MIN ||
        !http_type_is_text(header_get(res, S("Content-Type"))) ||
        http_response_has(res, S("Content-Encoding")))
        return;
    if (!http_response_has(res, S("Vary")))
        http_response_header(res, S("Vary"), S("Accept-Encoding"));
    struct http_block block;
    if ((http_accepted_encodings(req->known[HTTP_ACCEPT_ENCODING]) & 1u << HTTP_GZIP) == 0 ||
        !http_gzip(res->bytes, HTTP_GZIP_FAST, &block))
        return;
    res->bytes = str_copy(res->arena, (str){block.ptr, block.len});
    free(block.ptr);
    http_response_header(res, S("Content-Encoding"), S("gzip"));
    if (res->etag.len > 0 && !str_starts(res->etag, S("W/")))
        res->etag = str_join2(res->arena, S("W/"), res->etag);
}

static bool status_has_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static str make_head(const struct http_response *res, uint64_t length)
{
    struct buf b;
    buf_init(&b, res->arena, HTTP_HEAD_OUT_MAX);
    buf_reserve(&b, 512);
    for (size_t i = 0; i < res->header_count; i++) {
        /* A 304 says what the cache may keep, not what the body would have been. */
        if (res->status == 304 && str_starts_nocase(res->headers[i].name, S("Content-")))
            continue;
        buf_add(&b, res->headers[i].name);
        buf_add(&b, S(": "));
        buf_add(&b, res->headers[i].value);
        buf_add(&b, S("\r\n"));
    }
    if (res->etag.len > 0) {
        buf_add(&b, S("ETag: "));
        buf_add(&b, res->etag);
        buf_add(&b, S("\r\n"));
    }
    if (res->last_modified != 0) {
        char date[HTTP_DATE_LEN + 1];
        time_to_http(res->last_modified, date);
        buf_add(&b, S("Last-Modified: "));
        buf_add(&b, (str){date, HTTP_DATE_LEN});
        buf_add(&b, S("\r\n"));
    }
    if (status_has_body(res->status)) {
        buf_add(&b, S("Content-Length: "));
        buf_add_int(&b, (int64_t)length);
        buf_add(&b, S("\r\n"));
    }
    buf_add(&b, S("\r\n"));
    str head;
    return buf_finish(&b, &head, NULL) == ST_OK ? head : STR_NONE;
}

/* A handler that set no answer, or a header that would have been two. */
static bool response_is_sound(struct http_response *res)
{
    return res->status >= 200 && res->status <= 599 && !res->bad &&
           (res->etag.len == 0 || http_chars_all(res->etag, HTTP_CHAR_VALUE));
}

struct http_answer http_answer_from_ready(struct http_ready ready)
{
    CHECK(!str_starts(ready.head, S("HTTP/"))); /* the status line is ours to send */
    return (struct http_answer){.status = ready.status,
                                .head = ready.head,
                                .body = ready.body,
                                .shared = ready.shared,
                                .fd = ready.from_file ? ready.fd : -1,
                                .fd_is_lent = true,
                                .file_from = ready.file_from,
                                .file_len = ready.file_len};
}

struct http_answer http_answer_make(const struct http_request *req, struct http_response *res)
{
    struct http_answer answer = {.fd = -1};
    if (!response_is_sound(res)) {
        answer.refused_header = res->bad;
        http_response_reset(res);
        http_response_text(res, 500, S("500 Internal Server Error\n"));
    }
    if (res->kind == HTTP_BODY_READY) {
        res->kind = HTTP_BODY_NONE; /* its reference goes over */
        answer = http_answer_from_ready(res->ready);
        if (req->method == HTTP_HEAD) {
            answer.body = STR_NONE;
            answer.fd = -1;
        }
        return answer;
    }
    if (res->status == 200 && (res->etag.len > 0 || res->last_modified != 0))
        res->status = http_condition(req, res->etag, res->last_modified);
    bool whole = res->status == 200 || !(res->kind == HTTP_BODY_FILE);
    if (res->status == 412 || res->status == 304)
        http_response_empty(res, res->status);
    else if (res->kind == HTTP_BODY_FILE && whole)
        make_range(req, res, &answer);
    else if (res->kind == HTTP_BODY_BYTES)
        make_gzip(req, res);
    answer.status = res->status;
    answer.body = res->kind == HTTP_BODY_BYTES ? res->bytes : STR_NONE;
    answer.head = make_head(res, res->kind == HTTP_BODY_FILE ? answer.file_len : answer.body.len);
    if (answer.head.len == 0) { /* over HTTP_HEAD_OUT_MAX */
        http_response_fini(res);
        return http_answer_from_ready(http_ready_plain(500, 0));
    }
    if (req->method == HTTP_HEAD || !status_has_body(res->status))
        answer.body = STR_NONE;
    else if (res->kind == HTTP_BODY_FILE && answer.file_len > 0)
        answer.fd = fd_take(&res->fd);
    http_response_fini(res);
    return answer;
}

void http_answer_fini(struct http_answer *answer)
{
    http_shared_unref(answer->shared);
    if (answer->fd >= 0 && !answer->fd_is_lent)
        (void)close(answer->fd);
    *answer = (struct http_answer){.fd = -1};
}

/* ---- the server's own words ---- */

struct plain {
    struct http_shared shared;
    char bytes[512];
};

static void plain_drop(struct http_shared *shared)
{
    free(shared); /* the first field of struct plain */
}
static_assert(offsetof(struct plain, shared) == 0, "plain_drop frees the whole");

struct http_ready http_ready_plain(int status, unsigned retry_after_s)
{
    struct plain *plain = malloc(sizeof(*plain));
    CHECK(plain != NULL);
    http_shared_init(&plain->shared, plain_drop);
    str reason = http_reason(status);
    char retry[40] = "";
    if (retry_after_s > 0)
        (void)snprintf(retry, sizeof(retry), "Retry-After: %u\r\n", retry_after_s);
    int head = snprintf(plain->bytes, sizeof(plain->bytes),
                        "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n%s"
                        "Content-Length: %zu\r\n\r\n",
                        retry, reason.len + 5);
    int body = snprintf(plain->bytes + head, sizeof(plain->bytes) - (size_t)head, "%d %.*s\n",
                        status, STR_ARG(reason));
    return (struct http_ready){.status = status,
                               .head = {plain->bytes, (size_t)head},
                               .body = {plain->bytes + head, (size_t)body},
                               .shared = &plain->shared};
}
