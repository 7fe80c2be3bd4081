/* http/compress.h -- gzip and brotli of a text that is all there, and gzip undone.
 *
 *     if (http_gzip(text, HTTP_GZIP_FAST, &bytes)) ... free(bytes.ptr)
 *
 * Memory: results are malloc'ed blocks, the caller's. Threads: any; costs time, so not a loop (save
 * http_gunzip of our own pages, some 30 µs). */
#pragma once
#include "base/str.h"

enum { HTTP_GZIP_FAST = 1, HTTP_GZIP_SMALL = 10 };

/* A block to be freed. */
struct http_block {
    char *ptr;
    size_t len;
};

/* False when the result would not be smaller. */
MUST_USE bool http_gzip(str text, int level, struct http_block *ret_block);
MUST_USE bool http_brotli(str text, struct http_block *ret_block);
/* `bytes` came from http_gzip and `text_len` went into it. */
struct http_block http_gunzip(str bytes, size_t text_len);

/* text/html, JSON, XML, SVG ...: worth compressing. */
bool http_type_is_text(str content_type);
