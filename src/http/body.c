/* SPDX-License-Identifier: MIT */
#include "http/body.h"

#include "http/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BODY_FIRST = 4096 };

void http_body_init(struct http_body *body, uint64_t bytes_max)
{
    *body = (struct http_body){.bytes_max = bytes_max, .fd = -1};
}

void http_body_fini(struct http_body *body)
{
    if (body->fd >= 0) {
        if (body->ptr != NULL && body->len == 0)
            (void)munmap(body->ptr, (size_t)body->bytes);
        else
            free(body->ptr);
        (void)close(body->fd);
    } else {
        free(body->ptr);
    }
    http_body_init(body, 0);
}

bool http_body_fits(const struct http_body *body, uint64_t more)
{
    return more <= body->bytes_max && body->bytes <= body->bytes_max - more;
}

void http_body_add(struct http_body *body, str piece)
{
    if (piece.len == 0)
        return;
    if (piece.len > body->cap - body->len) {
        size_t cap = body->cap > 0 ? body->cap : BODY_FIRST;
        while (cap < size_add(body->len, piece.len))
            cap = size_mul(cap, 2);
        body->ptr = realloc(body->ptr, cap);
        CHECK(body->ptr != NULL);
        body->cap = cap;
    }
    memcpy(body->ptr + body->len, piece.ptr, piece.len);
    body->len += piece.len;
    body->bytes += piece.len;
}

bool http_body_spool(struct http_body *body, const char *temp_dir)
{
    if (body->fd < 0)
        body->fd = open(temp_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (body->fd < 0)
        return false;
    size_t at = 0;
    while (at < body->len) {
        ssize_t n = write(body->fd, body->ptr + at, body->len - at);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            at += (size_t)n;
    }
    free(body->ptr);
    body->ptr = NULL;
    body->len = body->cap = 0;
    return true;
}

bool http_body_finish(struct http_body *body, struct http_request *req)
{
    if (body->fd >= 0) {
        CHECK(body->len == 0); /* all of it was spooled */
        void *map = mmap(NULL, (size_t)body->bytes, PROT_READ, MAP_PRIVATE, body->fd, 0);
        if (map == MAP_FAILED)
            return false;
        body->ptr = map;
    }
    req->body = (str){body->ptr, (size_t)body->bytes};
    req->body_fd = body->fd;
    return true;
}
