/* SPDX-License-Identifier: MIT
 *
 * epoll, level-triggered: edge-triggered saved nothing measurable and makes a lost wake-up possible;
 * io_uring and corking did not pay either (docs/decisions). One clock reading a wake. */
#include "http/loop.h"

#include "base/arena.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENTS = 256,
    ACCEPTS = 64,               /* a listener at a time; the rest at the next turn */
    SLOT_SPECIAL = 0xFFFFFF00u, /* listeners; */
    SLOT_WAKE = 0xFFFFFFFFu,
};

/* ---- timers ---- */

static time_us timer_length(const struct http_limits *limits, enum http_timer timer)
{
    switch (timer) {
    case HTTP_TIMER_HEAD:
        return limits->head_timeout;
    case HTTP_TIMER_IDLE:
        return limits->idle_timeout;
    case HTTP_TIMER_BODY:
        return limits->body_window;
    case HTTP_TIMER_WRITE:
        return limits->write_window;
    case HTTP_TIMER_ANSWER:
        return limits->answer_timeout;
    case HTTP_TIMER_LINGER:
        return limits->linger_timeout;
    case HTTP_TIMERS:
        break;
    }
    bool timer_has_length = false;
    CHECK(timer_has_length);
    return 0;
}

void http_timer_clear(struct http_loop *loop, struct http_connection *c)
{
    if (c->timer == HTTP_TIMER_NONE)
        return;
    struct http_timer_list *list = &loop->timers[c->timer];
    if (c->timer_prev != NULL)
        c->timer_prev->timer_next = c->timer_next;
    else
        list->first = c->timer_next;
    if (c->timer_next != NULL)
        c->timer_next->timer_prev = c->timer_prev;
    else
        list->last = c->timer_prev;
    c->timer_prev = c->timer_next = NULL;
    c->timer = HTTP_TIMER_NONE;
}

void http_timer_set(struct http_loop *loop, struct http_connection *c, enum http_timer timer)
{
    http_timer_clear(loop, c);
    struct http_timer_list *list = &loop->timers[timer];
    c->timer = timer;
    c->deadline = loop->now + timer_length(&loop->server->options.limits, timer);
    c->window_bytes = 0;
    c->timer_prev = list->last;
    if (list->last != NULL)
        list->last->timer_next = c;
    else
        list->first = c;
    list->last = c;
}

static void timers_run(struct http_loop *loop)
{
    for (size_t i = 0; i < HTTP_TIMERS; i++) {
        struct http_connection *c;
        while ((c = loop->timers[i].first) != NULL && c->deadline <= loop->now)
            http_connection_timeout(loop, c);
    }
}

/* ---- wake-ups from elsewhere ---- */

void http_loop_wake(struct http_loop *loop)
{
    uint64_t one = 1;
    (void)!write(loop->wake_fd, &one, sizeof(one));
}

void http_loop_deliver(struct http_exchange *x)
{
    struct http_loop *loop = x->home;
    struct http_server *server = loop->server;
    atomic_fetch_add_explicit(&server->delivering, 1, memory_order_relaxed);
    struct http_exchange *head = atomic_load_explicit(&loop->inbox, memory_order_relaxed);
    do {
        x->next = head;
    } while (!atomic_compare_exchange_weak_explicit(&loop->inbox, &head, x, memory_order_release,
                                                    memory_order_relaxed));
    if (head == NULL) /* else whoever came first has woken it */
        http_loop_wake(loop);
    atomic_fetch_sub_explicit(&server->delivering, 1, memory_order_release);
}

static struct http_connection *connection_find(struct http_loop *loop, uint32_t slot,
                                               uint32_t generation)
{
    if (slot >= loop->slot_count)
        return NULL;
    struct http_connection *c = loop->slots[slot];
    return c->fd >= 0 && c->generation == generation ? c : NULL;
}

static void inbox_run(struct http_loop *loop)
{
    struct http_exchange *x = atomic_exchange_explicit(&loop->inbox, NULL, memory_order_acquire);
    struct http_exchange *oldest = NULL;
    while (x != NULL) {
        struct http_exchange *next = x->next;
        x->next = oldest;
        oldest = x;
        x = next;
    }
    while (oldest != NULL) {
        x = oldest;
        oldest = x->next;
        if (x->stage == HTTP_STAGE_DONE)
            atomic_fetch_sub(&loop->server->exchanges, 1);
        struct http_connection *c = connection_find(loop, x->slot, x->generation);
        if (c == NULL)
            http_exchange_free(x);
        else
            http_connection_deliver(loop, c, x);
    }
}

static void wake_drain(struct http_loop *loop)
{
    uint64_t count;
    (void)!read(loop->wake_fd, &count, sizeof(count));
}

/* ---- accepting ---- */

/* Out of descriptors: take the connection on the spare one and close it, or it would wait in the
 * queue for ever and the listener would report it at every turn. */
static void accept_and_drop(struct http_loop *loop, int listen_fd)
{
    (void)close(loop->spare_fd);
    int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
        (void)close(fd);
        HTTP_COUNT(loop, refused, 1);
    }
    loop->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool accept_one(struct http_loop *loop, int listen_fd)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    peer.ss_family = AF_UNIX; /* unnamed unix peers write nothing */
    int fd = accept4(listen_fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            accept_and_drop(loop, listen_fd);
        return errno == ECONNABORTED || errno == EINTR;
    }
    struct http_address address = http_address_from_socket(&peer);
    http_connection_open(loop, fd, &address);
    return true;
}

static void accept_some(struct http_loop *loop, int listen_fd)
{
    for (int i = 0; i < ACCEPTS && accept_one(loop, listen_fd); i++)
        ;
}

static void epoll_add(struct http_loop *loop, int fd, uint32_t slot, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = slot};
    CHECK(epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0);
}

static void listeners_add(struct http_loop *loop)
{
    epoll_add(loop, loop->wake_fd, SLOT_WAKE, EPOLLIN);
    for (size_t i = 0; i < loop->server->listen_count; i++) {
        /* A unix socket is one for all loops: wake one of them. */
        bool shared = loop->server->listen[i].is_unix;
        epoll_add(loop, loop->listen_fd[i], SLOT_SPECIAL + (uint32_t)i,
                  EPOLLIN | (shared ? (uint32_t)EPOLLEXCLUSIVE : 0));
    }
    loop->listening = true;
}

/* ---- stopping ---- */

/* Who is in the listener's queue has been told by the kernel that it is connected: take them in. */
static void listeners_close(struct http_loop *loop)
{
    for (size_t i = 0; i < loop->server->listen_count; i++) {
        if (loop->server->listen[i].is_unix) {
            http_listen_unix_end(loop->server, i);
            (void)shutdown(loop->listen_fd[i], SHUT_RDWR); /* whoever comes now is refused */
        }
        while (accept_one(loop, loop->listen_fd[i]))
            ;
        (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, loop->listen_fd[i], NULL);
        if (loop->server->listen[i].is_unix)
            continue; /* the other loops' too: closed by http_server_free */
        (void)close(loop->listen_fd[i]);
        loop->listen_fd[i] = -1;
    }
    loop->listening = false;
    struct http_timer_list *idle = &loop->timers[HTTP_TIMER_IDLE];
    while (idle->first != NULL)
        http_connection_close(loop, idle->first);
}

static bool loop_is_done(struct http_loop *loop)
{
    if (!atomic_load_explicit(&loop->server->stopping, memory_order_relaxed))
        return false;
    if (loop->listening)
        listeners_close(loop);
    if (loop->open > 0 && loop->now < atomic_load(&loop->server->stop_by))
        return false;
    for (size_t i = 0; i < loop->slot_count; i++) {
        if (loop->slots[i]->fd >= 0)
            http_connection_close(loop, loop->slots[i]);
    }
    return true;
}

/* ---- the loop ---- */

static void date_update(struct http_loop *loop)
{
    const struct clock *clock = loop->server->options.clock;
    time_us now = clock_now(clock != NULL ? clock : &clock_system);
    struct http_date_lines *date = &loop->date;
    if (now - date->second < TIME_SECOND && now >= date->second && date->plain_len > 0)
        return;
    date->second = now - now % TIME_SECOND;
    char text[HTTP_DATE_LEN + 1];
    time_to_http(now, text);
    int n = snprintf(date->plain, sizeof(date->plain), "Date: %s\r\n", text);
    date->plain_len = (size_t)n;
    n = snprintf(date->close, sizeof(date->close), "Date: %s\r\nConnection: close\r\n", text);
    date->close_len = (size_t)n;
    n = snprintf(date->keep, sizeof(date->keep), "Date: %s\r\nConnection: keep-alive\r\n", text);
    date->keep_len = (size_t)n;
}

static int sleep_ms(const struct http_loop *loop)
{
    time_us until = TIME_NEVER;
    for (size_t i = 0; i < HTTP_TIMERS; i++) {
        if (loop->timers[i].first != NULL && loop->timers[i].first->deadline < until)
            until = loop->timers[i].first->deadline;
    }
    if (loop->log_len > 0 && loop->log_since + TIME_SECOND < until)
        until = loop->log_since + TIME_SECOND;
    if (atomic_load_explicit(&loop->server->stopping, memory_order_relaxed)) {
        time_us stop_by = atomic_load(&loop->server->stop_by);
        until = stop_by < until ? stop_by : until;
    }
    if (until == TIME_NEVER)
        return -1;
    if (until <= loop->now)
        return 0;
    time_us ms = (until - loop->now) / 1000 + 1;
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

static void event_run(struct http_loop *loop, const struct epoll_event *event)
{
    uint32_t slot = (uint32_t)event->data.u64;
    if (slot == SLOT_WAKE) {
        wake_drain(loop);
    } else if (slot >= SLOT_SPECIAL) {
        if (loop->listening)
            accept_some(loop, loop->listen_fd[slot - SLOT_SPECIAL]);
    } else {
        uint32_t generation = (uint32_t)(event->data.u64 >> 32);
        struct http_connection *c = connection_find(loop, slot, generation);
        if (c != NULL)
            http_connection_event(loop, c, event->events);
    }
}

void *http_loop_main(void *arg)
{
    struct http_loop *loop = arg;
    struct epoll_event events[EVENTS];
    loop->now = clock_monotonic();
    date_update(loop);
    listeners_add(loop);
    while (!loop_is_done(loop)) {
        int n = epoll_wait(loop->epoll_fd, events, EVENTS, sleep_ms(loop));
        loop->now = clock_monotonic();
        date_update(loop);
        for (int i = 0; i < n; i++)
            event_run(loop, &events[i]);
        inbox_run(loop);
        timers_run(loop);
        if (loop->log_len > 0 && loop->now - loop->log_since >= TIME_SECOND)
            http_log_flush(loop);
    }
    http_log_flush(loop);
    return NULL;
}
