/* http/body.h -- a request's body as it comes: in memory, and past a limit in a nameless file.
 *
 *     if (!http_body_fits(&body, piece.len)) 413
 *     http_body_add(&body, piece);
 *     if (http_body_wants_spool(&body, spool_bytes))      // on a thread that may wait for a disk
 *         ok = http_body_spool(&body, temp_dir);
 *     ok = http_body_finish(&body, req);                  // likewise, when anything was spooled
 *
 * Adding only ever copies to memory; what is in memory is written out by http_body_spool, which the
 * server runs on its file thread while the connection is not read: a loop never waits for a disk.
 * The file has no name (O_TMPFILE) and is gone with its descriptor. Finished, it is mapped: a body is
 * one slice either way.
 *
 * Inside http/ only. Threads: one at a time. */
#pragma once
#include "base/str.h"

struct http_request;

struct http_body {
    uint64_t bytes_max;
    uint64_t bytes; /* in all */
    char *ptr;      /* malloc'ed; what is not in the file yet */
    size_t len;
    size_t cap;
    int fd; /* -1 */
};

void http_body_init(struct http_body *body, uint64_t bytes_max);
void http_body_fini(struct http_body *body);
bool http_body_fits(const struct http_body *body, uint64_t more);
void http_body_add(struct http_body *body, str piece);
static inline bool http_body_wants_spool(const struct http_body *body, size_t spool_bytes)
{
    return body->len > spool_bytes;
}
/* False: the disk is full, or there is no such folder. errno says which. */
MUST_USE bool http_body_spool(struct http_body *body, const char *temp_dir);
/* Lends the bytes to `req`: they live as long as `body`. */
MUST_USE bool http_body_finish(struct http_body *body, struct http_request *req);
