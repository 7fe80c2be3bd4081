/* SPDX-License-Identifier: MIT
 *
 * One line an answer, key=value as base/log.h. The path is logged without its query, which may hold a
 * token. Lines gather in the loop and are written by the file thread, 48 KB or a second at a time;
 * when the disk does not keep up whole batches are dropped and counted. */
#include "http/loop.h"

#include "base/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_BUFFER = 64 * 1024, LOG_FLUSH = 48 * 1024, LOG_PATH_MAX = 2048 };

struct batch {
    int fd;
    size_t len;
    char *text;
};

static void batch_write(void *arg, size_t thread_index)
{
    (void)thread_index;
    struct batch *batch = arg;
    size_t at = 0;
    while (at < batch->len) {
        ssize_t n = write(batch->fd, batch->text + at, batch->len - at);
        if (n <= 0)
            break; /* nowhere to say so but here: the log itself */
        at += (size_t)n;
    }
    free(batch->text);
    free(batch);
}

void http_log_flush(struct http_loop *loop)
{
    if (loop->log_len == 0)
        return;
    struct batch *batch = malloc(sizeof(*batch));
    CHECK(batch != NULL);
    *batch = (struct batch){loop->server->options.access_log_fd, loop->log_len, loop->log};
    loop->log = NULL;
    loop->log_len = 0;
    if (!pool_add(loop->server->files, batch_write, batch)) {
        uint64_t lines = 0;
        for (size_t i = 0; i < batch->len; i++)
            lines += batch->text[i] == '\n';
        HTTP_COUNT(loop, log_lost, lines);
        free(batch->text);
        free(batch);
    }
}

/* A request that could not be read has neither. */
static str log_method(const struct http_request *req)
{
    return req != NULL && req->method_name.len > 0 ? req->method_name : S("-");
}

static str log_path(const struct http_request *req)
{
    if (req == NULL || req->target.len == 0)
        return S("-");
    str path = str_sub(req->target, 0, LOG_PATH_MAX);
    return str_sub(path, 0, str_find_char(path, '?'));
}

void http_log_answer(struct http_loop *loop, const struct http_connection *c,
                     const struct http_request *req, const struct http_answer *answer,
                     time_us started)
{
    const struct http_server_options *options = &loop->server->options;
    if (options->access_log_fd < 0)
        return;
    if (loop->log == NULL) {
        loop->log = malloc(LOG_BUFFER);
        CHECK(loop->log != NULL);
        loop->log_since = loop->now;
    }
    struct civil t = civil_from_time(loop->date.second, 0);
    char space[HTTP_ADDRESS_TEXT_MAX];
    str reader = http_address_format(
        req != NULL && req->reader.kind != HTTP_ADDRESS_NONE ? &req->reader : &c->peer,
        options->access_log_address, space);
    str path = log_path(req), method = log_method(req);
    int n = snprintf(loop->log + loop->log_len, LOG_BUFFER - loop->log_len,
                     "%04d-%02d-%02dT%02d:%02d:%02dZ request reader=%.*s method=%.*s path=%.*s "
                     "status=%d bytes=%llu us=%lld\n",
                     t.year, t.month, t.day, t.hour, t.minute, t.second, STR_ARG(reader),
                     STR_ARG(method), STR_ARG(path), answer->status,
                     (unsigned long long)http_answer_body_bytes(answer),
                     (long long)(clock_monotonic() - started));
    CHECK(n > 0);
    loop->log_len += (size_t)n;
    if (loop->log_len > LOG_FLUSH)
        http_log_flush(loop);
}
