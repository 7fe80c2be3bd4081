/* SPDX-License-Identifier: MIT
 *
 * Whole requests in memory: what a client would receive for what it sends. */
#include "http/exchange.h"

#include "base/arena.h"
#include "base/pool.h"
#include "http/response.h"
#include "http/server.h"
#include "tests/check.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

static struct pool *pool;
static char long_text[4000];
static const time_us modified = 1700000000 * TIME_SECOND; /* Tue, 14 Nov 2023 22:13:20 GMT */

static time_us fixed_now(void *ctx)
{
    (void)ctx;
    return 1714979289 * TIME_SECOND; /* Mon, 06 May 2024 07:08:09 GMT */
}

static int file_of(str text)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    CHECK(write(fd, text.ptr, text.len) == (ssize_t)text.len);
    return fd;
}

static void handle(void *arg, size_t thread_index)
{
    (void)thread_index;
    struct http_exchange *x = arg;
    const struct http_request *req = http_exchange_request(x);
    struct http_response *res = http_exchange_response(x);
    if (str_eq(req->path, S("/text"))) {
        http_response_text(res, 200, S("hello\n"));
        http_response_etag(res, S("v1"), false);
        res->last_modified = modified;
        http_response_header(res, S("X-Own"), S("a"));
    } else if (str_eq(req->path, S("/echo"))) {
        http_response_text(res, 200,
                           str_format(http_exchange_arena(x), "%zu:%.*s", req->body.len,
                                      STR_ARG(str_sub(req->body, 0, 20))));
    } else if (str_eq(req->path, S("/file"))) {
        http_response_file(res, S("image/jpeg"), file_of(S("0123456789")), 10);
        http_response_etag(res, S("f"), false);
        res->last_modified = modified;
    } else if (str_eq(req->path, S("/long"))) {
        http_response_html(res, 200, (html){{long_text, sizeof(long_text)}});
        http_response_etag(res, S("l"), false);
    } else if (str_eq(req->path, S("/inject"))) {
        http_response_redirect(res, 302, S("/\r\nSet-Cookie: a=b"));
    } else if (str_eq(req->path, S("/twice"))) {
        http_response_html(res, 200, (html){S("<p>")});
        http_response_error(res, ST_NOT_FOUND, NULL);
    } else if (str_eq(req->path, S("/who"))) {
        char space[HTTP_ADDRESS_TEXT_MAX];
        str who = http_address_format(&req->reader, HTTP_ADDRESS_FULL, space);
        http_response_text(res, 200,
                           str_format(http_exchange_arena(x), "%.*s %d %d", STR_ARG(who),
                                      req->secure, req->limited));
    } else if (str_eq(req->path, S("/nothing"))) {
        /* a handler that forgot */
    } else {
        http_response_empty(res, 204);
    }
    http_exchange_finish(x);
}

static void dispatch(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    CHECK(pool_add(pool, handle, x));
}

static bool lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    (void)ctx;
    if (!str_eq(req->path, S("/hit")))
        return false;
    *ret = (struct http_ready){.status = 200,
                               .head = S("Content-Length: 3\r\n\r\n"),
                               .body = req->method == HTTP_HEAD ? STR_NONE : S("hit")};
    return true;
}

static size_t body_limit(void *ctx, const struct http_request *req)
{
    (void)ctx;
    return str_starts(req->path, S("/echo")) ? 1024 * 1024 : 10;
}

static str run(struct arena *arena, str bytes)
{
    struct http_app app = {.lookup = lookup, .dispatch = dispatch, .body_limit = body_limit};
    struct clock clock = {.now = fixed_now};
    return http_run(arena, &(struct http_run_options){.app = &app, .clock = &clock}, bytes);
}

#define GET(path, more) "GET " path " HTTP/1.1\r\nHost: x\r\n" more "\r\n"
#define OK              "HTTP/1.1 200 OK\r\n"
#define DATE            "Date: Mon, 06 May 2024 07:08:09 GMT\r\n"
#define CLOSE           "Connection: close\r\n"
#define PLAIN           "Content-Type: text/plain; charset=utf-8\r\n"
#define STAMP           "ETag: \"v1\"\r\nLast-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
#define FSTAMP          "ETag: \"f\"\r\nLast-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
#define JPEG            "Content-Type: image/jpeg\r\nAccept-Ranges: bytes\r\n"
#define HIT             OK DATE "Content-Length: 3\r\n\r\nhit"
#define TEXT            OK DATE PLAIN "X-Own: a\r\n" STAMP "Content-Length: 6\r\n\r\n"
#define NOT_MODIFIED    "HTTP/1.1 304 Not Modified\r\n" DATE "X-Own: a\r\n" STAMP "\r\n"
#define FAILED          "HTTP/1.1 412 Precondition Failed\r\n"
#define PART            "HTTP/1.1 206 Partial Content\r\n" DATE JPEG
#define WHOLE           OK DATE JPEG FSTAMP "Content-Length: 10\r\n\r\n0123456789"
#define REFUSED(code)   "HTTP/1.1 " code "\r\n" DATE CLOSE

/* What is sent, and how what comes back begins; whole when `whole`. */
static const struct {
    str in, out;
    bool whole;
} cases[] = {
    {STR_INIT(GET("/hit", "")), STR_INIT(HIT), true},
    {STR_INIT(GET("/text", "")), STR_INIT(TEXT "hello\n"), true},
    {STR_INIT("HEAD /text HTTP/1.1\r\nHost: x\r\n\r\n"), STR_INIT(TEXT), true},
    {STR_INIT("GET /hit HTTP/1.0\r\n\r\n"), STR_INIT(OK DATE CLOSE "Content-Length: 3\r\n\r\nhit"),
     true},
    /* in order, and no further than a close */
    {STR_INIT(GET("/hit", "") GET("/text", "") GET("/hit", "Connection: close\r\n")
                  GET("/hit", "")),
     STR_INIT(HIT TEXT "hello\n" OK DATE CLOSE "Content-Length: 3\r\n\r\nhit"), true},
    /* conditions */
    {STR_INIT(GET("/text", "If-None-Match: \"v1\"\r\n")), STR_INIT(NOT_MODIFIED), true},
    {STR_INIT(GET("/text", "If-None-Match: \"a,b\", W/\"v1\"\r\n")), STR_INIT(NOT_MODIFIED), true},
    {STR_INIT(GET("/text", "If-None-Match: *\r\n")), STR_INIT(NOT_MODIFIED), true},
    {STR_INIT(GET("/text", "If-None-Match: \"v2\"\r\n")), STR_INIT(TEXT "hello\n"), true},
    {STR_INIT(GET("/text", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n")),
     STR_INIT(NOT_MODIFIED), true},
    {STR_INIT(GET("/text", "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n")),
     STR_INIT(TEXT "hello\n"), true},
    {STR_INIT(GET("/text", "If-Modified-Since: yesterday\r\n")), STR_INIT(TEXT "hello\n"), true},
    {STR_INIT(GET("/text", "If-None-Match: \"v2\"\r\n"
                           "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n")),
     STR_INIT(TEXT "hello\n"), true},
    {STR_INIT(GET("/text", "If-Match: \"v1\"\r\n")), STR_INIT(TEXT "hello\n"), true},
    {STR_INIT(GET("/text", "If-Match: W/\"v1\"\r\n")), STR_INIT(FAILED), false},
    {STR_INIT(GET("/text", "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n")),
     STR_INIT(FAILED), false},
    /* ranges */
    {STR_INIT(GET("/file", "")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: bytes=2-4\r\n")),
     STR_INIT(PART "Content-Range: bytes 2-4/10\r\n" FSTAMP "Content-Length: 3\r\n\r\n234"), true},
    {STR_INIT(GET("/file", "Range: bytes=8-\r\n")),
     STR_INIT(PART "Content-Range: bytes 8-9/10\r\n" FSTAMP "Content-Length: 2\r\n\r\n89"), true},
    {STR_INIT(GET("/file", "Range: bytes=-3\r\n")),
     STR_INIT(PART "Content-Range: bytes 7-9/10\r\n" FSTAMP "Content-Length: 3\r\n\r\n789"), true},
    {STR_INIT(GET("/file", "Range: bytes=5-99\r\n")),
     STR_INIT(PART "Content-Range: bytes 5-9/10\r\n"), false},
    {STR_INIT(GET("/file", "Range: bytes=10-\r\n")),
     STR_INIT("HTTP/1.1 416 Range Not Satisfiable\r\n" DATE JPEG "Content-Range: bytes */10\r\n"),
     false},
    {STR_INIT(GET("/file", "Range: bytes=-0\r\n")), STR_INIT("HTTP/1.1 416 "), false},
    {STR_INIT(GET("/file", "Range: bytes=0-1,4-5\r\n")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: bytes=5-2\r\n")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: lines=1-2\r\n")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: bytes=2-4\r\nIf-Range: \"f\"\r\n")), STR_INIT(PART), false},
    {STR_INIT(GET("/file", "Range: bytes=2-4\r\nIf-Range: \"g\"\r\n")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: bytes=2-4\r\nIf-Range: W/\"f\"\r\n")), STR_INIT(WHOLE), true},
    {STR_INIT(GET("/file", "Range: bytes=2-4\r\nIf-Range: Tue, 14 Nov 2023 22:13:20 GMT\r\n")),
     STR_INIT(PART), false},
    {STR_INIT("HEAD /file HTTP/1.1\r\nHost: x\r\nRange: bytes=2-4\r\n\r\n"),
     STR_INIT(OK DATE JPEG FSTAMP "Content-Length: 10\r\n\r\n"), true},
    /* bodies */
    {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" GET("/hit", "")),
     STR_INIT(OK DATE PLAIN "Content-Length: 7\r\n\r\n5:hello" HIT), true},
    {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: v\r\n\r\n" GET("/hit", "")),
     STR_INIT(OK DATE PLAIN "Content-Length: 7\r\n\r\n5:hello" HIT), true},
    {STR_INIT("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n01234567890"),
     STR_INIT(REFUSED("413 Content Too Large")), false},
    {STR_INIT(
         "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890"),
     STR_INIT(REFUSED("413 Content Too Large")), false},
    {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\n" GET(
         "/hit", "")),
     STR_INIT(REFUSED("400 Bad Request")), false},
    {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell"), STR_INIT(""),
     true},
    /* handlers that err */
    {STR_INIT(GET("/inject", "")),
     STR_INIT("HTTP/1.1 500 Internal Server Error\r\n" DATE PLAIN "Content-Length: 26\r\n\r\n500 "),
     false},
    {STR_INIT(GET("/nothing", "")), STR_INIT("HTTP/1.1 500 "), false},
    {STR_INIT(GET("/twice", "")),
     STR_INIT("HTTP/1.1 404 Not Found\r\n" DATE PLAIN "Cache-Control: no-store\r\n"
              "Content-Length: 10\r\n\r\nNot Found\n"),
     true},
    {STR_INIT(GET("/other", "")), STR_INIT("HTTP/1.1 204 No Content\r\n" DATE "\r\n"), true},
    /* refusals end the connection */
    {STR_INIT("GET / HTTP/1.1\n\n" GET("/hit", "")), STR_INIT(REFUSED("400 Bad Request")), false},
    {STR_INIT("BREW / HTTP/1.1\r\nHost: x\r\n\r\n" GET("/hit", "")),
     STR_INIT(REFUSED("501 Not Implemented")), false},
    {STR_INIT(GET("/who", "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n")),
     STR_INIT(OK DATE PLAIN "Content-Length: 13\r\n\r\n127.0.0.1 0 0"), true},
};

static void test_cases(struct arena *arena)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        str out = run(arena, cases[i].in);
        EXPECT_STR(cases[i].whole ? out : str_sub(out, 0, cases[i].out.len), cases[i].out);
        if (!cases[i].whole) /* one answer and no more */
            EXPECT(!str_contains(str_from(out, 9), S("HTTP/1.1 ")));
    }
}

static void test_gzip(struct arena *arena)
{
    memset(long_text, 'a', sizeof(long_text));
    str plain = run(arena, S(GET("/long", "")));
    EXPECT(str_contains(plain, S("Vary: Accept-Encoding\r\n")));
    EXPECT(str_contains(plain, S("Content-Length: 4000\r\n")));
    EXPECT(str_contains(plain, S("ETag: \"l\"\r\n")));
    str out = run(arena, S(GET("/long", "Accept-Encoding: gzip\r\n")));
    EXPECT(str_contains(out, S("Content-Encoding: gzip\r\n")));
    EXPECT(str_contains(out, S("ETag: W/\"l\"\r\n")));
    str body = str_from(out, str_find(out, S("\r\n\r\n")) + 4);
    char text[4000];
    size_t len = 0;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    EXPECT_INT(libdeflate_gzip_decompress(d, body.ptr, body.len, text, sizeof(text), &len), 0);
    libdeflate_free_decompressor(d);
    EXPECT_STR(((str){text, len}), ((str){long_text, sizeof(long_text)}));
}

/* A body over the spool limit is in a file, and reads the same. */
static void test_spool(struct arena *arena)
{
    enum { BIG = 600 * 1024 };
    char *body = arena_new_array(arena, char, BIG);
    memset(body, 'z', BIG);
    str in = str_join2(
        arena,
        str_format(arena, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", BIG),
        (str){body, BIG});
    EXPECT(str_ends(run(arena, in), S("\r\n\r\n614400:zzzzzzzzzzzzzzzzzzzz")));
}

static void test_accept(void)
{
    enum { I = 1 << HTTP_IDENTITY, G = 1 << HTTP_GZIP, B = 1 << HTTP_BROTLI };
    static const struct {
        str text;
        unsigned taken;
    } accepts[] = {
        {STR_INIT(""), I},
        {STR_INIT("gzip"), I | G},
        {STR_INIT("gzip, deflate, br"), I | G | B},
        {STR_INIT("gzip, deflate, br, zstd"), I | G | B},
        {STR_INIT("GZIP;q=0.5 , br;q=0"), I | G},
        {STR_INIT("gzip;q=0.000"), I},
        {STR_INIT("*"), I | G | B},
        {STR_INIT("br, *;q=0"), B},
        {STR_INIT("identity;q=0, gzip"), G},
        {STR_INIT("deflate"), I},
        {STR_INIT(",,;q=1"), I},
    };
    for (size_t i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++)
        EXPECT_INT(http_accepted_encodings(accepts[i].text), accepts[i].taken);
    EXPECT(http_agent_is_robot(S("Mozilla/5.0 (compatible; Googlebot/2.1)")));
    EXPECT(http_agent_is_robot(S("Baiduspider")));
    EXPECT(http_agent_is_robot(S("")));
    EXPECT(!http_agent_is_robot(S("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Firefox/115.0")));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    pool = pool_new("test", 2, 16);
    test_cases(arena);
    test_gzip(arena);
    test_spool(arena);
    test_accept();
    pool_stop(pool);
    return test_done();
}
