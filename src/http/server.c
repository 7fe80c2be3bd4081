/* SPDX-License-Identifier: MIT
 *
 * Starting is done whole before a thread runs, so that a bad address or a port in use is an error of
 * http_server_start and leaves nothing behind. */
#include "http/loop.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/pool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BACKLOG = 4096,
    FILE_JOBS = 256,
    WORKERS_MAX = 64,
    LOOP_ARENA = 4096,
};

/* ---- listening ---- */

static char *address_text(int fd, const struct http_listen *listen)
{
    char text[160];
    if (listen->is_unix) {
        const struct sockaddr_un *un = (const void *)&listen->address;
        (void)snprintf(text, sizeof(text), "unix:%s", un->sun_path);
        return strdup(text);
    }
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    CHECK(getsockname(fd, (struct sockaddr *)&bound, &len) == 0);
    char ip[INET6_ADDRSTRLEN];
    if (bound.ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)&bound;
        CHECK(inet_ntop(AF_INET6, &v6->sin6_addr, ip, sizeof(ip)) != NULL);
        (void)snprintf(text, sizeof(text), "[%s]:%u", ip, ntohs(v6->sin6_port));
    } else {
        const struct sockaddr_in *v4 = (const void *)&bound;
        CHECK(inet_ntop(AF_INET, &v4->sin_addr, ip, sizeof(ip)) != NULL);
        (void)snprintf(text, sizeof(text), "%s:%u", ip, ntohs(v4->sin_port));
    }
    return strdup(text);
}

static enum status bind_error(str text, struct error *err)
{
    if (errno == EADDRINUSE)
        return error_set(err, ST_CONFLICT,
                         "%.*s is in use: stop what listens there, or choose another with --listen",
                         STR_ARG(text));
    if (errno == EACCES || errno == EPERM)
        return error_set_errno(err, ST_DENIED, "cannot listen on %.*s", STR_ARG(text));
    return error_set_errno(err, ST_IO, "cannot listen on %.*s", STR_ARG(text));
}

/* A socket file nobody listens on any more is left from a crash. */
static void unix_remove_stale(const struct http_listen *listen)
{
    const struct sockaddr_un *un = (const void *)&listen->address;
    struct stat st;
    if (lstat(un->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    AUTO(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)un, listen->address_len) != 0 &&
        errno == ECONNREFUSED)
        (void)unlink(un->sun_path);
}

static enum status listen_open(const struct http_listen *listen_at, str text, int *ret_fd,
                               struct error *err)
{
    int one = 1;
    AUTO(fd_closep)
    int fd = socket(listen_at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_set_errno(err, ST_IO, "cannot open a socket for %.*s", STR_ARG(text));
    if (listen_at->is_unix) {
        unix_remove_stale(listen_at);
    } else {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* inherited */
        if (listen_at->address.ss_family == AF_INET6)
            (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    }
    /* Bound first without SO_REUSEPORT, so that another program's port is "in use", not shared; set
     * after, the loops' own further sockets may join. */
    if (bind(fd, (const struct sockaddr *)&listen_at->address, listen_at->address_len) != 0)
        return bind_error(text, err);
    *ret_fd = fd_take(&fd);
    return ST_OK;
}

static enum status listen_again(const struct http_listen *at, str text, int *ret_fd,
                                struct error *err)
{
    int one = 1;
    AUTO(fd_closep)
    int fd = socket(at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_set_errno(err, ST_IO, "cannot open a socket for %.*s", STR_ARG(text));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (at->address.ss_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    if (bind(fd, (const struct sockaddr *)&at->address, at->address_len) != 0 ||
        listen(fd, BACKLOG) != 0)
        return bind_error(text, err);
    *ret_fd = fd_take(&fd);
    return ST_OK;
}

/* One address, for every loop. */
static enum status listen_all_loops(struct http_server *server, size_t index, str text,
                                    struct error *err)
{
    struct http_listen *at = &server->listen[index];
    int *first = &server->loops[0].listen_fd[index];
    enum status st = listen_open(at, text, first, err);
    if (st != ST_OK)
        return st;
    int one = 1;
    if (!at->is_unix) {
        (void)setsockopt(*first, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
        socklen_t len = sizeof(at->address);
        CHECK(getsockname(*first, (struct sockaddr *)&at->address, &len) == 0); /* port 0 */
    }
    if (listen(*first, BACKLOG) != 0)
        return bind_error(text, err);
    server->listen_text[index] = address_text(*first, at);
    for (size_t i = 1; i < server->loop_count && st == ST_OK; i++) {
        if (at->is_unix)
            server->loops[i].listen_fd[index] = *first;
        else
            st = listen_again(at, text, &server->loops[i].listen_fd[index], err);
    }
    return st;
}

static void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void listen_undo(struct http_server *server, size_t index)
{
    for (size_t i = 0; i < server->loop_count; i++) {
        if (!server->listen[index].is_unix || i == 0)
            fd_close(&server->loops[i].listen_fd[index]);
    }
    free(server->listen_text[index]);
    server->listen_text[index] = NULL;
}

/* "localhost" is often two addresses, of which this machine may lack the second. */
static enum status listen_text(struct http_server *server, str text, struct error *err)
{
    struct http_listen found[HTTP_LISTEN_MAX];
    size_t count;
    enum status st = http_listen_parse(text, found, &count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (server->listen_count == HTTP_LISTEN_MAX)
            return error_set(err, ST_TOO_BIG, "at most %d addresses to listen on", HTTP_LISTEN_MAX);
        server->listen[server->listen_count] = found[i];
        st = listen_all_loops(server, server->listen_count, text, err);
        if (st == ST_OK) {
            server->listen_count++;
            continue;
        }
        listen_undo(server, server->listen_count);
        if (i == 0 || st == ST_CONFLICT)
            return st;
    }
    if (err != NULL)
        *err = ERROR_INIT;
    return ST_OK;
}

/* ---- start ---- */

static enum status loop_init(struct http_loop *loop, struct http_server *server, size_t index,
                             struct error *err)
{
    loop->server = server;
    loop->index = index;
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (loop->epoll_fd < 0 || loop->wake_fd < 0 || loop->spare_fd < 0)
        return error_set_errno(err, ST_IO, "cannot make an event loop");
    loop->read_buffer = malloc(HTTP_READ_BUFFER);
    loop->headers = calloc(server->options.limits.header_count, sizeof(*loop->headers));
    CHECK(loop->read_buffer != NULL);
    CHECK(loop->headers != NULL);
    loop->arena = arena_new(LOOP_ARENA);
    return ST_OK;
}

static size_t worker_count(const struct http_server_options *options)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = options->workers > 0 ? options->workers : cores > 0 ? (size_t)cores : 1;
    return n < WORKERS_MAX ? n : WORKERS_MAX;
}

static struct http_server *server_new(const struct http_server_options *options)
{
    struct http_server *server = calloc(1, sizeof(*server));
    CHECK(server != NULL);
    server->options = *options;
    server->app = options->app;
    server->loop_count = worker_count(options);
    server->loops = calloc(server->loop_count, sizeof(*server->loops));
    server->address_counts = calloc(2 * HTTP_ADDRESS_CELLS, sizeof(*server->address_counts));
    CHECK(server->loops != NULL);
    CHECK(server->address_counts != NULL);
    str dir = options->temp_dir.len > 0 ? options->temp_dir : S("/tmp");
    server->temp_dir = strndup(dir.ptr, dir.len);
    CHECK(server->temp_dir != NULL);
    for (size_t i = 0; i < server->loop_count; i++) {
        struct http_loop *loop = &server->loops[i];
        loop->epoll_fd = loop->wake_fd = loop->spare_fd = -1;
        for (size_t k = 0; k < HTTP_LISTEN_MAX; k++)
            loop->listen_fd[k] = -1;
    }
    return server;
}

/* sendfile has no MSG_NOSIGNAL: a client that is gone must be an error, not a signal. Threads inherit
 * the mask. */
static void threads_start(struct http_server *server)
{
    sigset_t pipe, before;
    (void)sigemptyset(&pipe);
    (void)sigaddset(&pipe, SIGPIPE);
    CHECK(pthread_sigmask(SIG_BLOCK, &pipe, &before) == 0);
    server->files = pool_new("http-files", 1, FILE_JOBS);
    for (; server->threads_started < server->loop_count; server->threads_started++) {
        struct http_loop *loop = &server->loops[server->threads_started];
        CHECK(pthread_create(&loop->thread, NULL, http_loop_main, loop) == 0);
        (void)pthread_setname_np(loop->thread, "http-loop");
    }
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

enum status http_server_start(const struct http_server_options *options,
                              struct http_server **ret_server, struct error *err)
{
    CHECK(options->app != NULL);
    struct http_server *server = server_new(options);
    enum status st = ST_OK;
    for (size_t i = 0; i < server->loop_count && st == ST_OK; i++)
        st = loop_init(&server->loops[i], server, i, err);
    for (size_t i = 0; i < options->listen_count && st == ST_OK; i++)
        st = listen_text(server, options->listen[i], err);
    if (st == ST_OK && server->listen_count == 0)
        st = error_set(err, ST_INVALID, "there is no address to listen on");
    if (st != ST_OK) {
        http_server_free(server);
        return st;
    }
    threads_start(server);
    *ret_server = server;
    return ST_OK;
}

str http_server_address(const struct http_server *server, size_t index)
{
    return index < server->listen_count ? str_from_c(server->listen_text[index]) : STR_NONE;
}

size_t http_server_workers(const struct http_server *server)
{
    return server->loop_count;
}

/* ---- stop ---- */

static void loops_wake(struct http_server *server)
{
    for (size_t i = 0; i < server->threads_started; i++)
        http_loop_wake(&server->loops[i]);
}

void http_listen_unix_end(struct http_server *server, size_t index)
{
    const struct sockaddr_un *un = (const void *)&server->listen[index].address;
    if (!atomic_exchange(&server->unix_gone[index], true))
        (void)unlink(un->sun_path);
}

void http_server_stop_begin(struct http_server *server)
{
    atomic_store(&server->stop_by, TIME_NEVER);
    atomic_store(&server->stopping, true);
    loops_wake(server);
}

void http_server_wait(struct http_server *server, time_us at_most)
{
    CHECK(atomic_load(&server->stopping));
    atomic_store(&server->stop_by, clock_monotonic() + at_most);
    loops_wake(server);
    for (size_t i = 0; i < server->threads_started; i++)
        (void)pthread_join(server->loops[i].thread, NULL);
    server->threads_started = 0;
}

static void loop_fini(struct http_loop *loop)
{
    struct http_exchange *x = atomic_exchange(&loop->inbox, NULL);
    while (x != NULL) {
        struct http_exchange *next = x->next;
        if (x->stage == HTTP_STAGE_DONE)
            atomic_fetch_sub(&loop->server->exchanges, 1);
        http_exchange_free(x);
        x = next;
    }
    for (size_t i = 0; i < loop->slot_count; i++)
        free(loop->slots[i]);
    for (size_t i = 0; i < HTTP_LISTEN_MAX; i++) {
        if (!loop->server->listen[i].is_unix || loop->index == 0)
            fd_close(&loop->listen_fd[i]);
    }
    fd_close(&loop->epoll_fd);
    fd_close(&loop->wake_fd);
    fd_close(&loop->spare_fd);
    free(loop->slots);
    free(loop->log);
    free(loop->read_buffer);
    free(loop->headers);
    arena_free(loop->arena);
}

void http_server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    CHECK(server->threads_started == 0); /* stopped and waited for */
    pool_stop(server->files);
    /* An answer may have been sent, and its connection be gone, before the thread that finished it has
     * come back from waking the loop. */
    while (atomic_load_explicit(&server->delivering, memory_order_acquire) > 0)
        (void)sched_yield();
    for (size_t i = 0; i < server->listen_count; i++) {
        if (server->listen[i].is_unix)
            http_listen_unix_end(server, i);
    }
    for (size_t i = 0; i < server->loop_count; i++)
        loop_fini(&server->loops[i]);
    CHECK(atomic_load(&server->exchanges) == 0); /* the application still holds one */
    for (size_t i = 0; i < HTTP_LISTEN_MAX; i++)
        free(server->listen_text[i]);
    free(server->temp_dir);
    free(server->address_counts);
    free(server->loops);
    free(server);
}

/* ---- counters ---- */

struct http_counters http_server_counters(const struct http_server *server)
{
    struct http_counters sum = {.exchanges = atomic_load(&server->exchanges)};
    enum { FIELDS = sizeof(sum) / sizeof(uint64_t) };
    static_assert(sizeof(sum) == FIELDS * sizeof(uint64_t), "counters are all uint64_t");
    for (size_t i = 0; i < server->loop_count; i++) {
        const uint64_t *from = (const uint64_t *)&server->loops[i].counters;
        uint64_t *to = (uint64_t *)&sum;
        for (size_t k = 0; k < FIELDS; k++)
            to[k] += __atomic_load_n(&from[k], __ATOMIC_RELAXED);
    }
    return sum;
}
