/* SPDX-License-Identifier: MIT
 *
 * A real server on a port of its own: what only a socket shows. */
#include "http/server.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/parse.h"
#include "base/pool.h"
#include "base/random.h"
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { BIG = 8 * 1024 * 1024, OUT_MAX = 64 * 1024 };

static struct pool *pool;
static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static struct http_exchange *held[64]; /* by /hold, until let go */
static atomic_int held_count;          /* written after held[] */
static char *big;
static int log_pipe[2];
static struct log test_log;

/* ---- the application ---- */

static void handle(void *arg, size_t thread_index)
{
    (void)thread_index;
    struct http_exchange *x = arg;
    const struct http_request *req = http_exchange_request(x);
    struct http_response *res = http_exchange_response(x);
    if (str_eq(req->path, S("/hold"))) {
        pthread_mutex_lock(&held_lock);
        held[atomic_load(&held_count)] = x;
        atomic_fetch_add(&held_count, 1);
        pthread_mutex_unlock(&held_lock);
        return;
    }
    if (str_eq(req->path, S("/big"))) {
        http_response_bytes(res, 200, S("image/png"), (str){big, BIG});
    } else if (str_eq(req->path, S("/file"))) {
        int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        CHECK(fd >= 0);
        CHECK(file_write_fd(fd, S("file"), (str){big, BIG}, NULL) == ST_OK);
        http_response_file(res, S("image/png"), fd, BIG);
    } else {
        uint64_t sum = 0;
        for (size_t i = 0; i < req->body.len; i++)
            sum += (unsigned char)req->body.ptr[i];
        http_response_text(res, 200,
                           str_format(http_exchange_arena(x), "%zu %llu %d\n", req->body.len,
                                      (unsigned long long)sum, req->body_fd >= 0));
    }
    http_exchange_finish(x);
}

static void dispatch(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    if (!pool_add(pool, handle, x)) {
        http_exchange_busy(x);
        http_exchange_finish(x);
    }
}

static bool lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    (void)ctx;
    if (!str_eq(req->path, S("/healthz")))
        return false;
    *ret = (struct http_ready){.status = 200,
                               .head = S("Content-Length: 3\r\n\r\n"),
                               .body = req->method == HTTP_HEAD ? STR_NONE : S("ok\n")};
    return true;
}

static const struct http_app app = {.lookup = lookup, .dispatch = dispatch};

/* How long a condition may take that is sure to come: a machine with other work is slow, not wrong. */
enum { LONG_MS = 30 * 1000 };

static void held_wait(int count)
{
    for (int i = 0; i < LONG_MS / 10 && atomic_load(&held_count) < count; i++)
        (void)poll(NULL, 0, 10);
    EXPECT_INT(atomic_load(&held_count), count);
}

static void held_finish(void)
{
    for (int i = 0; i < atomic_load(&held_count); i++) {
        http_response_text(http_exchange_response(held[i]), 200, S("held\n"));
        http_exchange_finish(held[i]);
    }
    atomic_store(&held_count, 0);
}

/* ---- server and client ---- */

static struct http_server_options options_for(size_t workers)
{
    struct http_server_options options = HTTP_SERVER_DEFAULTS;
    options.app = &app;
    options.workers = workers;
    options.log = &test_log;
    options.listen[options.listen_count++] = S("127.0.0.1:0");
    return options;
}

static struct http_server *start(const struct http_server_options *options)
{
    struct http_server *server = NULL;
    struct error err = ERROR_INIT;
    EXPECT_ST(http_server_start(options, &server, &err), ST_OK, &err);
    CHECK(server != NULL);
    return server;
}

static void stop(struct http_server *server)
{
    http_server_stop_begin(server);
    http_server_wait(server, LONG_MS * TIME_MS);
    http_server_free(server);
}

static int client(const struct http_server *server)
{
    struct http_listen at[HTTP_LISTEN_MAX];
    size_t count;
    struct error err = ERROR_INIT;
    EXPECT_ST(http_listen_parse(http_server_address(server, 0), at, &count, &err), ST_OK, &err);
    int fd = socket(at[0].address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    struct timeval wait = {.tv_sec = LONG_MS / 1000};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    EXPECT_INT(connect(fd, (struct sockaddr *)&at[0].address, at[0].address_len), 0);
    return fd;
}

static void say(int fd, str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes = str_from(bytes, (size_t)n);
    }
}

/* Reads until `count` answers have begun and `end` has come, or the server closes. */
static char out[OUT_MAX];
static str hear(int fd, str end)
{
    size_t len = 0;
    while (len < OUT_MAX && (end.len == 0 || !str_ends((str){out, len}, end))) {
        ssize_t n = recv(fd, out + len, OUT_MAX - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    return (str){out, len};
}

static bool closed(int fd)
{
    char c;
    ssize_t n = recv(fd, &c, 1, 0);
    return n == 0 || (n < 0 && errno != EAGAIN);
}

static size_t count_of(str in, str what)
{
    size_t n = 0, at;
    while ((at = str_find(in, what)) != STR_NPOS) {
        n++;
        in = str_from(in, at + what.len);
    }
    return n;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

/* ---- the tests ---- */

static void test_keep_alive(struct http_server *server)
{
    int fd = client(server);
    for (int i = 0; i < 3; i++) {
        say(fd, S(GET("/healthz")));
        str got = hear(fd, S("ok\n"));
        EXPECT(str_starts(got, S("HTTP/1.1 200 OK\r\nDate: ")));
        EXPECT(!str_contains(got, S("Connection:")));
    }
    say(fd, S("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT(str_contains(hear(fd, S("")), S("Connection: close\r\n")));
    (void)close(fd);

    fd = client(server);
    say(fd, S("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT(str_contains(hear(fd, S("ok\n")), S("Connection: keep-alive\r\n")));
    say(fd, S("GET /healthz HTTP/1.0\r\n\r\n"));
    EXPECT(str_ends(hear(fd, S("")), S("ok\n")));
    (void)close(fd);
}

/* Hits, misses and a body, all sent at once, are answered in order. */
static void test_pipelining(struct http_server *server)
{
    int fd = client(server);
    say(fd,
        S(GET("/healthz") GET("/a")
              GET("/healthz") "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nAB" GET(
                  "/healthz") "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "1\r\nA\r\n0\r\n\r\n" GET("/c") "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" GET(
                                  "/never")));
    str got = hear(fd, S(""));
    EXPECT_INT(count_of(got, S("HTTP/1.1 200 OK\r\n")), 8);
    size_t post = str_find(got, S("\r\n\r\n2 131 0\n"));
    EXPECT(post != STR_NPOS);
    EXPECT(str_find(got, S("\r\n\r\n0 0 0\n")) < post);
    EXPECT(str_find(got, S("\r\n\r\n1 65 0\n")) > post);
    EXPECT(str_ends(got, S("ok\n")));
    (void)close(fd);
}

/* One byte at a time is slow, not wrong. */
static void test_trickle(struct http_server *server)
{
    int fd = client(server);
    str bytes = S("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "5;x=y\r\nhello\r\n0\r\n\r\n");
    for (size_t i = 0; i < bytes.len; i++) {
        say(fd, str_sub(bytes, i, 1));
        if (i % 16 == 0)
            (void)poll(NULL, 0, 1);
    }
    EXPECT(str_ends(hear(fd, S("532 0\n")), S("\r\n\r\n5 532 0\n")));
    (void)close(fd);
}

static void test_continue(struct http_server *server)
{
    int fd = client(server);
    say(fd, S("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_STR(hear(fd, S("\r\n\r\n")), S("HTTP/1.1 100 Continue\r\n\r\n"));
    say(fd, S("AB"));
    EXPECT(str_ends(hear(fd, S("131 0\n")), S("2 131 0\n")));
    (void)close(fd);
}

/* A large body is in a file when the handler sees it, whichever way it is framed. */
static void test_large_body(struct http_server *server)
{
    enum { PIECES = 30, PIECE = 32 * 1024 };
    char want[64];
    (void)snprintf(want, sizeof(want), "%d %llu 1\n", PIECES * PIECE,
                   (unsigned long long)PIECES * PIECE * 'q');
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    char *piece = arena_new_array(arena, char, PIECE);
    memset(piece, 'q', PIECE);
    for (int chunked = 0; chunked < 2; chunked++) {
        int fd = client(server);
        say(fd, S("POST /a HTTP/1.1\r\nHost: x\r\n"));
        say(fd, chunked ? S("Transfer-Encoding: chunked\r\n\r\n")
                        : S("Content-Length: 983040\r\n\r\n"));
        for (int i = 0; i < PIECES; i++) {
            if (chunked)
                say(fd, S("8000\r\n"));
            say(fd, (str){piece, PIECE});
            if (chunked)
                say(fd, S("\r\n"));
        }
        say(fd, chunked ? S("0\r\n\r\n" GET("/healthz")) : S(GET("/healthz")));
        str got = hear(fd, S("ok\n"));
        EXPECT(str_contains(got, str_from_c(want)));
        EXPECT(str_ends(got, S("ok\n"))); /* what came behind the body was not lost */
        (void)close(fd);
    }
}

/* An answer larger than any socket buffer, to a client that takes its time. */
static void test_large_answer(struct http_server *server, str request)
{
    int fd = client(server);
    say(fd, request);
    size_t total = 0;
    ssize_t n;
    static char piece[256 * 1024];
    while ((n = recv(fd, piece, sizeof(piece), 0)) > 0) {
        total += (size_t)n;
        if (total < BIG / 4)
            (void)poll(NULL, 0, 2);
    }
    EXPECT(total > BIG);
    EXPECT(total < BIG + 500);
    (void)close(fd);
}

/* Gone in the middle of an answer, or before it: nobody minds. */
static void test_gone(struct http_server *server)
{
    for (int i = 0; i < 20; i++) {
        int fd = client(server);
        say(fd, i % 2 == 0 ? S(GET("/big")) : S(GET("/file")));
        if (i % 4 < 2)
            (void)recv(fd, out, 100, 0);
        (void)close(fd);
    }
    int fd = client(server);
    say(fd, S(GET("/hold")));
    held_wait(1);
    struct linger reset = {.l_onoff = 1};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    (void)close(fd);
    for (int i = 0; i < LONG_MS / 10 && !http_exchange_cancelled(held[0]); i++)
        (void)poll(NULL, 0, 10);
    EXPECT(http_exchange_cancelled(held[0]));
    held_finish();
    test_keep_alive(server);
}

/* Half-closed: what was asked is still answered. */
static void test_half_closed(struct http_server *server)
{
    int fd = client(server);
    say(fd, S(GET("/a") GET("/healthz")));
    (void)shutdown(fd, SHUT_WR);
    EXPECT_INT(count_of(hear(fd, S("")), S("HTTP/1.1 200 OK")), 2);
    (void)close(fd);
}

/* Refused with much unread: the answer arrives all the same, not a reset. */
static void test_refused(struct http_server *server)
{
    int fd = client(server);
    say(fd, S("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"));
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    say(fd, (str){arena_new_array(arena, char, 200 * 1024), 200 * 1024});
    str got = hear(fd, S(""));
    EXPECT(str_starts(got, S("HTTP/1.1 413 ")));
    EXPECT_INT(count_of(got, S("HTTP/1.1 ")), 1);
    (void)close(fd);
}

static void test_timeouts(void)
{
    struct http_server_options options = options_for(1);
    /* Long enough for this thread to say its piece in time even when others have the processor. */
    const time_us timeout = 400 * TIME_MS;
    options.limits.head_timeout = options.limits.body_window = timeout;
    options.limits.idle_timeout = options.limits.write_window = timeout;
    options.limits.answer_timeout = timeout;
    struct http_server *server = start(&options);

    int fd = client(server); /* says nothing */
    EXPECT(closed(fd));
    (void)close(fd);

    fd = client(server); /* trickles: each byte gains it nothing, or this would never be answered */
    bool answered = false;
    say(fd, S("GET / HTTP/1.1\r\n"));
    for (int i = 0; i < LONG_MS / 20 && !answered; i++) {
        say(fd, S("X"));
        answered = recv(fd, out, 1, MSG_DONTWAIT | MSG_PEEK) >= 0;
        (void)poll(NULL, 0, 20);
    }
    EXPECT(answered);
    EXPECT(str_starts(hear(fd, S("")), S("HTTP/1.1 408 ")));
    (void)close(fd);

    fd = client(server); /* a body that stops */
    say(fd, S("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhal"));
    EXPECT(str_starts(hear(fd, S("")), S("HTTP/1.1 408 ")));
    (void)close(fd);

    fd = client(server); /* idle after an answer: closed without a word */
    say(fd, S(GET("/healthz")));
    EXPECT(str_ends(hear(fd, S("")), S("ok\n")));
    (void)close(fd);

    fd = client(server); /* does not read */
    say(fd, S(GET("/big")));
    for (int i = 0; i < LONG_MS / 20 && (http_server_counters(server).timeouts < 5 ||
                                         http_server_counters(server).open > 0);
         i++)
        (void)poll(NULL, 0, 20);
    EXPECT(http_server_counters(server).timeouts >= 5);
    EXPECT_INT(http_server_counters(server).open, 0);
    (void)close(fd);

    fd = client(server); /* an application that does not answer */
    say(fd, S(GET("/hold")));
    EXPECT(str_starts(hear(fd, S("")), S("HTTP/1.1 503 ")));
    (void)close(fd);
    held_wait(1);
    held_finish();
    EXPECT(http_server_counters(server).timeouts >= 6);
    stop(server);
}

static void test_limits(void)
{
    struct http_server_options options = options_for(1);
    options.limits.exchanges = 2;
    options.limits.connections = 4;
    options.limits.requests = 4;
    struct http_server *server = start(&options);
    int fds[5];
    for (int i = 0; i < 3; i++) {
        fds[i] = client(server);
        say(fds[i], i < 2 ? S(GET("/hold")) : S(GET("/healthz") GET("/a")));
        if (i == 1)
            held_wait(2);
    }
    str got = hear(fds[2], S("Unavailable\n"));
    EXPECT(str_contains(got, S("HTTP/1.1 503 ")));
    EXPECT(str_contains(got, S("Retry-After: ")));
    /* HEAD has no body, or it would be read as the next answer. */
    say(fds[2], S("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    got = hear(fds[2], S("\r\n\r\n"));
    EXPECT(str_starts(got, S("HTTP/1.1 503 ")));
    EXPECT(str_ends(got, S("\r\n\r\n")));
    say(fds[2], S(GET("/healthz"))); /* its fourth: the last on this connection */
    got = hear(fds[2], S(""));
    EXPECT(str_starts(got, S("HTTP/1.1 200 ")));
    EXPECT(str_contains(got, S("Connection: close\r\n")));
    (void)close(fds[2]);
    held_finish();
    fds[2] = client(server);
    fds[3] = client(server);
    say(fds[3], S(GET("/healthz")));
    EXPECT(str_ends(hear(fds[3], S("ok\n")), S("ok\n")));
    fds[4] = client(server); /* one too many */
    EXPECT(closed(fds[4]));
    for (int i = 0; i < 5; i++)
        (void)close(fds[i]);
    stop(server);

    options = options_for(2);
    options.limits.address_connections = 3;
    server = start(&options);
    for (int i = 0; i < 3; i++) {
        fds[i] = client(server);
        say(fds[i], S(GET("/healthz")));
        EXPECT(str_ends(hear(fds[i], S("ok\n")), S("ok\n")));
    }
    fds[3] = client(server);
    EXPECT(closed(fds[3]));
    (void)close(fds[3]);
    (void)close(fds[0]);
    for (int i = 0; i < LONG_MS / 10 && http_server_counters(server).open > 2; i++)
        (void)poll(NULL, 0, 10);
    fds[0] = client(server);
    /* A local proxy nobody told us of: one warning, and its readers are not counted as one. */
    say(fds[0], S("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n"));
    EXPECT(str_ends(hear(fds[0], S("ok\n")), S("ok\n")));
    fds[3] = client(server);
    say(fds[3], S(GET("/healthz")));
    EXPECT(str_ends(hear(fds[3], S("ok\n")), S("ok\n")));
    char line[2000];
    ssize_t n = read(log_pipe[0], line, sizeof(line));
    EXPECT(n > 0 && str_contains((str){line, (size_t)n}, S("proxies=127.0.0.1")));
    for (int i = 0; i < 4; i++)
        (void)close(fds[i]);
    stop(server);
}

/* What is under way is finished, what is idle is closed, and nobody new gets in. */
static void test_stop(void)
{
    struct http_server_options options = options_for(2);
    struct http_server *server = start(&options);
    int idle = client(server), busy = client(server);
    say(idle, S(GET("/healthz")));
    EXPECT(str_ends(hear(idle, S("ok\n")), S("ok\n")));
    say(busy, S(GET("/hold")));
    held_wait(1);
    http_server_stop_begin(server);
    EXPECT(closed(idle));
    held_finish();
    str got = hear(busy, S(""));
    EXPECT(str_contains(got, S("Connection: close\r\n")));
    EXPECT(str_ends(got, S("held\n")));
    http_server_wait(server, LONG_MS * TIME_MS);
    (void)close(idle);
    (void)close(busy);
    http_server_free(server);

    server = start(&options); /* a client that does not end: the wait does */
    busy = client(server);
    say(busy, S(GET("/hold")));
    held_wait(1);
    time_us begun = clock_monotonic();
    http_server_stop_begin(server);
    http_server_wait(server, TIME_SECOND / 5);
    EXPECT(clock_monotonic() - begun <
           LONG_MS * TIME_MS); /* which waits for nobody would not end */
    held_finish();             /* finds nobody */
    http_server_free(server);
    (void)close(busy);
}

static void test_start_errors(void)
{
    struct error err = ERROR_INIT;
    struct http_server_options options = options_for(2);
    struct http_server *server = start(&options), *other = NULL;
    options.listen[0] = http_server_address(server, 0);
    EXPECT_ST(http_server_start(&options, &other, &err), ST_CONFLICT, &err);
    options.listen[0] = S("nonsense");
    EXPECT_ST(http_server_start(&options, &other, &err), ST_INVALID, &err);
    options.listen_count = 0;
    EXPECT_ST(http_server_start(&options, &other, &err), ST_INVALID, &err);
    stop(server);
}

static void test_unix(void)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "unix:/tmp/broadsheet-test-%d.sock", (int)getpid());
    struct http_server_options options = options_for(2);
    options.listen[0] = str_from_c(path);
    struct http_server *server = start(&options);
    for (int i = 0; i < 4; i++) {
        int fd = client(server);
        say(fd, S(GET("/a")));
        EXPECT(str_ends(hear(fd, S("0 0 0\n")), S("0 0 0\n")));
        (void)close(fd);
    }
    /* While the last answer is waited for, nobody new gets in, and the name is free for another. */
    struct http_listen at[HTTP_LISTEN_MAX];
    size_t count;
    struct error err = ERROR_INIT;
    EXPECT_ST(http_listen_parse(http_server_address(server, 0), at, &count, &err), ST_OK, &err);
    int busy = client(server), late = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    say(busy, S(GET("/hold")));
    held_wait(1);
    http_server_stop_begin(server);
    for (int i = 0; i < LONG_MS / 10 && file_exists(str_from_c(path + 5)); i++)
        (void)poll(NULL, 0, 10);
    EXPECT(connect(late, (struct sockaddr *)&at[0].address, at[0].address_len) != 0);
    (void)close(late);
    struct http_server *next = start(&options);
    held_finish();
    EXPECT(str_ends(hear(busy, S("")), S("held\n")));
    (void)close(busy);
    http_server_wait(server, LONG_MS * TIME_MS);
    http_server_free(server); /* and leaves the other's alone */
    int fd = client(next);
    say(fd, S(GET("/a")));
    EXPECT(str_ends(hear(fd, S("0 0 0\n")), S("0 0 0\n")));
    (void)close(fd);
    stop(next);
    EXPECT(!file_exists(str_from_c(path + 5)));
}

static void test_access_log(void)
{
    int fds[2];
    CHECK(pipe2(fds, O_CLOEXEC) == 0);
    struct http_server_options options = options_for(1);
    options.access_log_fd = fds[1];
    struct http_server *server = start(&options);
    int fd = client(server);
    say(fd, S(GET("/healthz?token=secret") "BAD\r\n\r\n"));
    (void)hear(fd, S(""));
    (void)close(fd);
    stop(server);
    ssize_t n = read(fds[0], out, sizeof(out));
    str log = {out, n > 0 ? (size_t)n : 0};
    EXPECT(str_contains(log, S(" request reader=127.0.0.0 method=GET path=/healthz status=200 "
                               "bytes=3 us=")));
    EXPECT(str_contains(log, S(" request reader=127.0.0.0 method=BAD path=- status=400 ")));
    EXPECT_INT(count_of(log, S("\n")), 2);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

/* The project's malformed-request probe, where there is one. */
static void test_probe(struct http_server *server)
{
    const char *shared = getenv("BROADSHEET_SHARED");
    char script[512], where[64];
    (void)snprintf(script, sizeof(script), "%s/tools/h1probe.py",
                   shared != NULL ? shared : PROJECT_ROOT "/../shared");
    if (!file_exists(str_from_c(script))) {
        printf("skipped: h1probe (%s is not there)\n", script);
        return;
    }
    (void)snprintf(where, sizeof(where), "%.*s", STR_ARG(http_server_address(server, 0)));
    (void)fflush(stdout);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        (void)execlp("python3", "python3", script, where, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT_INT(status, 0);
}

int main(void)
{
    random_start();
    CHECK(pipe2(log_pipe, O_CLOEXEC | O_NONBLOCK) == 0);
    test_log = (struct log){.fd = log_pipe[1], .level = LOG_WARN};
    big = malloc(BIG);
    CHECK(big != NULL);
    memset(big, 'x', BIG);
    pool = pool_new("test", 2, 64);
    struct http_server_options options = options_for(2);
    struct http_server *server = start(&options);
    test_keep_alive(server);
    test_pipelining(server);
    test_trickle(server);
    test_continue(server);
    test_large_body(server);
    test_large_answer(server, S("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    test_large_answer(server, S("GET /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    test_gone(server);
    test_half_closed(server);
    test_refused(server);
    test_probe(server);
    /* The last handlers may still be at work for clients that have gone. */
    for (int i = 0; i < LONG_MS / 10 && http_server_counters(server).exchanges > 0; i++)
        (void)usleep(10 * 1000);
    EXPECT_INT(http_server_counters(server).exchanges, 0);
    stop(server);
    test_timeouts();
    test_limits();
    test_stop();
    test_start_errors();
    test_unix();
    test_access_log();
    pool_stop(pool);
    free(big);
    return test_done();
}
