/* http/head.h -- reads the head of a request: its first line and its fields.
 *
 *     struct http_head_scan scan = {0};
 *     switch (http_head_scan(&scan, bytes, &limits, &head, &code)) ... // again when more has come
 *     code = http_head_parse(head, &limits, &req, &framing);           // 0, or the answer's number
 *
 * Strict, as RFC 9112 asks of a server that may stand behind another: what two readers could take in
 * two ways is refused, so that nothing can be smuggled past a proxy. Lines end in CR LF, never LF or CR
 * alone; no folding; no space before a colon; one Host, well formed; Content-Length is digits, once,
 * and never beside Transfer-Encoding; that is "chunked" and nothing else, and not in HTTP/1.0. One
 * empty line before the first is passed over (§2.2).
 *
 * The scan finds the end of the head and looks at no byte twice, however slowly it comes; the parse
 * runs once, over the whole head, and lends from it.
 *
 * Threads: pure. */
#pragma once
#include "http/limits.h"
#include "http/request.h"

enum http_head_state { HTTP_HEAD_WHOLE, HTTP_HEAD_MORE, HTTP_HEAD_BAD };

struct http_head_scan {
    size_t begin; /* past the empty line before */
    size_t line;  /* where the current line begins */
    size_t at;    /* what has been looked at */
};

/* `bytes` is all that came of this request so far. `ret_head` is set when WHOLE, and ends where what
 * follows begins; `ret_code` when BAD. */
enum http_head_state http_head_scan(struct http_head_scan *scan, str bytes,
                                    const struct http_limits *limits, str *ret_head, int *ret_code);

struct http_framing {
    enum { HTTP_FRAMING_NONE, HTTP_FRAMING_LENGTH, HTTP_FRAMING_CHUNKED } kind;
    uint64_t length;
    bool expect_continue;
};

/* `req` comes with its arena and room for limits->header_count headers, else zeroed. Sets all but
 * reader, secure, limited, loop and body. Returns 0, or 400, 414, 417, 431, 501 or 505. */
int http_head_parse(str head, const struct http_limits *limits, struct http_request *req,
                    struct http_framing *ret_framing);
