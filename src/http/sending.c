/* SPDX-License-Identifier: MIT
 *
 * One sendmsg of status line, date lines, head and body, none of them copied; what the socket does not
 * take is kept by reference (the body) or copied (the head's rest: rare and small) until it does. */
#include "http/loop.h"

#include "base/log.h"
#include "http/status_code.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SENDFILE_PIECE = 512 * 1024 }; /* so that one fast client does not hold the loop */

void http_connection_want(struct http_loop *loop, struct http_connection *c, uint32_t events)
{
    if (c->registered && c->events == events)
        return;
    struct epoll_event event = {.events = events,
                                .data.u64 = (uint64_t)c->generation << 32 | c->slot};
    int op = c->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(loop->epoll_fd, op, c->fd, &event) != 0)
        return; /* out of watches (ENOSPC, ENOMEM): its timer will close it */
    c->registered = true;
    c->events = events;
}

void http_connection_out_drop(struct http_connection *c)
{
    http_answer_fini(&c->out);
    http_exchange_free(c->out_x);
    free(c->out_head);
    c->out_x = NULL;
    c->out_head = NULL;
    c->out_head_len = c->out_head_at = 0;
}

/* Moves `sent` bytes off the front of the pieces. */
static size_t pieces_advance(struct iovec *iov, size_t count, size_t sent)
{
    size_t i = 0;
    while (i < count && sent >= iov[i].iov_len)
        sent -= iov[i++].iov_len;
    if (i < count) {
        iov[i].iov_base = (char *)iov[i].iov_base + sent;
        iov[i].iov_len -= sent;
    }
    return i;
}

/* What is left of the pieces before the body becomes a copy; the body's own rest stays a slice. */
static void out_keep(struct http_connection *c, const struct iovec *iov, size_t from, size_t heads)
{
    size_t len = 0;
    for (size_t i = from; i < heads; i++)
        len += iov[i].iov_len;
    if (len > 0) {
        c->out_head = malloc(len);
        CHECK(c->out_head != NULL);
        for (size_t i = from; i < heads; i++) {
            memcpy(c->out_head + c->out_head_len, iov[i].iov_base, iov[i].iov_len);
            c->out_head_len += iov[i].iov_len;
        }
    }
    if (from <= heads)
        c->out.body = (str){iov[heads].iov_base, iov[heads].iov_len};
    else
        c->out.body = STR_NONE;
}

static void *unconst(const char *bytes)
{
    return (void *)(uintptr_t)bytes; /* iovec is of both directions */
}

static str date_lines(const struct http_loop *loop, const struct http_connection *c)
{
    const struct http_date_lines *date = &loop->date;
    if (!c->keep_alive)
        return (str){date->close, date->close_len};
    return c->http_1_0 ? (str){date->keep, date->keep_len} : (str){date->plain, date->plain_len};
}

/* -1 when the connection is dead, else what was sent. */
static ssize_t send_pieces(struct http_loop *loop, struct http_connection *c, struct iovec *iov,
                           size_t count, bool more)
{
    struct msghdr message = {.msg_iov = iov, .msg_iovlen = count};
    ssize_t n = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    HTTP_COUNT(loop, bytes_out, (uint64_t)n);
    return n;
}

/* True when all is out. */
static bool send_begin(struct http_loop *loop, struct http_connection *c, bool *ret_dead)
{
    enum { HEADS = 3 };
    str status = http_status_line(c->out.status), date = date_lines(loop, c);
    struct iovec iov[HEADS + 1] = {{unconst(status.ptr), status.len},
                                   {unconst(date.ptr), date.len},
                                   {unconst(c->out.head.ptr), c->out.head.len},
                                   {unconst(c->out.body.ptr), c->out.body.len}};
    size_t total = status.len + date.len + c->out.head.len + c->out.body.len;
    size_t count = c->out.body.len > 0 ? HEADS + 1 : HEADS;
    ssize_t n = send_pieces(loop, c, iov, count, c->out.fd >= 0);
    *ret_dead = n < 0;
    if (n < 0)
        return false;
    if ((size_t)n == total) {
        c->out.body = STR_NONE;
        return c->out.fd < 0;
    }
    out_keep(c, iov, pieces_advance(iov, HEADS + 1, (size_t)n), HEADS);
    return false;
}

static void log_fault(struct http_loop *loop, const struct http_request *req,
                      const struct http_answer *answer)
{
    if (answer->refused_header)
        log_error(loop->server->options.log, "answer had a header with a line end in it",
                  LOG_STR("path", req != NULL ? req->path : S("-")));
}

void http_connection_answer(struct http_loop *loop, struct http_connection *c,
                            const struct http_request *req, struct http_answer *answer,
                            struct http_exchange *x)
{
    HTTP_COUNT(loop, requests, 1);
    HTTP_COUNT(loop, status[answer->status / 100], 1);
    c->requests++;
    if (req != NULL && req->method == HTTP_HEAD)
        answer->body = STR_NONE; /* or it would be read as the next answer */
    if (c->requests >= loop->server->options.limits.requests ||
        atomic_load_explicit(&loop->server->stopping, memory_order_relaxed))
        c->keep_alive = false;
    http_log_answer(loop, c, req, answer, x != NULL ? x->started : loop->now);
    log_fault(loop, req, answer);
    c->out = *answer;
    c->out_x = x;
    c->state = HTTP_SENDING;
    bool dead;
    if (send_begin(loop, c, &dead)) {
        http_connection_sent(loop, c);
    } else if (dead) {
        http_connection_close(loop, c);
    } else {
        http_timer_set(loop, c, HTTP_TIMER_WRITE);
        http_connection_send_more(loop, c);
    }
}

void http_connection_refuse(struct http_loop *loop, struct http_connection *c,
                            const struct http_request *req, int code)
{
    struct http_answer answer =
        http_answer_from_ready(http_app_error(loop->server->app, req, code));
    c->keep_alive = false;
    c->linger = true;
    http_connection_answer(loop, c, req, &answer, NULL);
}

/* 1 all out, 0 the socket is full, -1 dead. */
static int send_rest(struct http_loop *loop, struct http_connection *c)
{
    while (c->out_head_at < c->out_head_len || c->out.body.len > 0) {
        struct iovec iov[2] = {{c->out_head + c->out_head_at, c->out_head_len - c->out_head_at},
                               {unconst(c->out.body.ptr), c->out.body.len}};
        ssize_t n = send_pieces(loop, c, iov, 2, c->out.fd >= 0);
        if (n <= 0)
            return (int)n;
        c->window_bytes += (uint64_t)n;
        size_t of_head = (size_t)n < iov[0].iov_len ? (size_t)n : iov[0].iov_len;
        c->out_head_at += of_head;
        c->out.body = str_from(c->out.body, (size_t)n - of_head);
    }
    return 1;
}

static int send_file(struct http_loop *loop, struct http_connection *c)
{
    size_t piece = 0;
    while (c->out.file_len > 0 && piece < SENDFILE_PIECE) {
        off_t at = (off_t)c->out.file_from;
        size_t want = c->out.file_len < SENDFILE_PIECE ? (size_t)c->out.file_len : SENDFILE_PIECE;
        ssize_t n = sendfile(c->fd, c->out.fd, &at, want);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        if (n == 0)
            return -1; /* shorter than it said: a cut connection tells the client so */
        HTTP_COUNT(loop, bytes_out, (uint64_t)n);
        c->window_bytes += (uint64_t)n;
        c->out.file_from += (uint64_t)n;
        c->out.file_len -= (uint64_t)n;
        piece += (size_t)n;
    }
    if (c->out.file_len > 0) /* while this piece goes out, the next comes in */
        (void)posix_fadvise(c->out.fd, (off_t)c->out.file_from, SENDFILE_PIECE,
                            POSIX_FADV_WILLNEED);
    return c->out.file_len == 0;
}

void http_connection_send_more(struct http_loop *loop, struct http_connection *c)
{
    int done = send_rest(loop, c);
    if (done == 1 && c->out.fd >= 0)
        done = send_file(loop, c);
    if (done < 0)
        http_connection_close(loop, c);
    else if (done > 0)
        http_connection_sent(loop, c);
    else
        http_connection_want(loop, c, EPOLLOUT);
}
