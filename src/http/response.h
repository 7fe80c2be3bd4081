/* http/response.h -- what a handler answers.
 *
 *     struct http_response *res = http_exchange_response(x);
 *     http_response_html(res, 200, page);
 *     http_response_header(res, S("Cache-Control"), S("public, s-maxage=60"));
 *     http_exchange_finish(x);
 *
 * The handler says what it has; the rest is done here, once, for every route (at finish, on the
 * thread that finishes): HEAD sends no body; ETag and Last-Modified are compared with the request's
 * conditions and become 304 or 412 (RFC 9110 §13.2.2); a file answers a range (one; several, or one
 * that cannot be met by If-Range: the whole, 200); text of HTTP_GZIP_MIN bytes or more is sent as
 * gzip when taken; Content-Length and Date are added. There is no Server field.
 *
 * Header values are checked: a CR, LF or NUL in one makes the answer a 500 and a line in the log,
 * never a second header.
 *
 * Memory:  header text is copied; body bytes are lent and must live in the exchange's arena, or be
 *          shared (reference-counted), or be static.
 * Threads: the one that has the exchange. */
#pragma once
#include "base/clock.h"
#include "base/str.h"
#include "http/request.h"

enum {
    HTTP_GZIP_MIN = 1024,       /* below it gzip saves no packet */
    HTTP_RESPONSE_HEADERS = 32, /* set by a handler */
    HTTP_HEAD_OUT_MAX = 16 * 1024,
};

/* Bytes that several answers send at once. Embed it; `drop` is called by who lets go last. */
struct http_shared {
    unsigned refs; /* use the functions: atomic */
    void (*drop)(struct http_shared *shared);
};
void http_shared_init(struct http_shared *shared,
                      void (*drop)(struct http_shared *shared)); /* one reference */
struct http_shared *http_shared_ref(struct http_shared *shared);
void http_shared_unref(struct http_shared *shared); /* takes NULL */

/* An answer whose bytes exist already: what the page cache and static answers give. `head` is every
 * header line but Date and Connection, each ended by CR LF, with the empty line at the end; the
 * status line before them is the server's. */
struct http_ready {
    int status;
    str head;
    str body;                   /* already left out for HEAD and 304 */
    struct http_shared *shared; /* holds head, body and descriptor; NULL: they are static */
    bool from_file;             /* in place of `body`: `file_len` bytes of `fd`, which is lent */
    int fd;
    uint64_t file_from, file_len;
};

enum http_body_kind { HTTP_BODY_NONE, HTTP_BODY_BYTES, HTTP_BODY_FILE, HTTP_BODY_READY };

struct http_response {
    struct arena *arena;
    int status; /* 0 until set */
    struct http_header headers[HTTP_RESPONSE_HEADERS];
    size_t header_count;
    str etag;              /* with its quotes: "\"abc\"" or "W/\"abc\"" */
    time_us last_modified; /* 0: not known */
    bool no_gzip; /* the body holds something secret beside something chosen by the reader */
    bool bad;     /* a header was refused */

    enum http_body_kind kind;
    str bytes;
    int fd;
    uint64_t file_bytes;
    struct http_ready ready;
};

/* Name and value are copied. A field set twice is sent twice (Set-Cookie wants that). Content-Length,
 * Date, Connection, Transfer-Encoding, ETag and Last-Modified are not set this way (CHECK). */
void http_response_header(struct http_response *res, str name, str value);
bool http_response_has(const struct http_response *res, str name);

void http_response_html(struct http_response *res, int status, html page);
void http_response_text(struct http_response *res, int status, str text); /* text/plain */
void http_response_bytes(struct http_response *res, int status, str content_type, str bytes);
enum { HTTP_FILE_WARM = 512 * 1024 };
/* Takes the descriptor over (regular file). Sent with sendfile, ranges answered. Waits for the disk
 * until the file's beginning (HTTP_FILE_WARM) is in memory, so that the loop need not: call it where
 * waiting is allowed. */
void http_response_file(struct http_response *res, str content_type, int fd, uint64_t bytes);
/* Takes over one reference of `ready.shared`. */
void http_response_ready(struct http_response *res, struct http_ready ready);
/* 204, 304 and the like. */
void http_response_empty(struct http_response *res, int status);
/* 301, 302, 303, 307 or 308 to `location` (already percent-encoded). */
void http_response_redirect(struct http_response *res, int status, str location);
/* The code of `st` and a plain page with the sentence of `err` (or the reason alone for NULL). */
void http_response_error(struct http_response *res, enum status st, const struct error *err);
void http_response_etag(struct http_response *res, str tag, bool weak); /* without quotes */
/* Forgets everything set so far: for a handler that finds out late that it must say something else. */
void http_response_reset(struct http_response *res);

/* ---- conditions and ranges, for whoever answers without a handler ---- */

/* 200 (go on), 304 or 412. `etag` with quotes, or empty; `last_modified` 0 when not known. */
int http_condition(const struct http_request *req, str etag, time_us last_modified);

/* Whether the request's range may be answered: no If-Range, or one that names just this form. */
bool http_if_range(const struct http_request *req, str etag, time_us last_modified);

enum http_range { HTTP_RANGE_WHOLE, HTTP_RANGE_PART, HTTP_RANGE_UNMET /* 416 */ };
enum http_range http_range_parse(str range, uint64_t file_bytes, uint64_t *ret_from,
                                 uint64_t *ret_len);
