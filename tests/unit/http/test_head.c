/* SPDX-License-Identifier: MIT */
#include "http/head.h"

#include "base/arena.h"
#include "http/chars.h"
#include "http/chunks.h"
#include "tests/check.h"

#include <string.h>

static const struct http_limits limits = HTTP_LIMITS_DEFAULT;

/* Scans and parses: 0, the code, or -1 when more is wanted. */
static int read_head(struct arena *arena, str bytes, struct http_request *req,
                     struct http_framing *framing)
{
    struct http_head_scan scan = {0};
    str head;
    int code;
    *req = (struct http_request){.arena = arena};
    req->headers = arena_new_array(arena, struct http_header, limits.header_count);
    enum http_head_state state = http_head_scan(&scan, bytes, &limits, &head, &code);
    if (state == HTTP_HEAD_MORE)
        return -1;
    return state == HTTP_HEAD_BAD ? code : http_head_parse(head, &limits, req, framing);
}

#define H   "Host: x\r\n"
#define G   "GET / HTTP/1.1\r\n"
#define P   "POST / HTTP/1.1\r\n" H
#define END "\r\n"

/* What a request's head comes to. */
static const struct {
    str bytes;
    int code;
} heads[] = {
    {STR_INIT(G H END), 0},
    {STR_INIT("\r\n" G H END), 0},
    {STR_INIT("\r\n\r\n" G H END), 400},
    {STR_INIT("HEAD /a?b=c HTTP/1.1\r\n" H END), 0},
    {STR_INIT("GET / HTTP/1.0\r\n" END), 0},
    {STR_INIT("GET http://example.org/a HTTP/1.1\r\n" H END), 0},
    {STR_INIT("GET http://example.org HTTP/1.1\r\n" H END), 0},
    {STR_INIT("OPTIONS * HTTP/1.1\r\n" H END), 0},
    {STR_INIT(G "Host: [::1]:80\r\n" END), 0},
    {STR_INIT(G "hOST:x:8080\t \r\n" END), 0},
    {STR_INIT(G H "X:\r\n" END), 0},
    {STR_INIT(G H "X: a\tb \xC3\xA9\r\n" END), 0},
    {STR_INIT(P "Content-Length: 0\r\n" END), 0},
    {STR_INIT(P "Content-Length: 007\r\n" END), 0},
    {STR_INIT(P "Transfer-Encoding: Chunked\r\n" END), 0},
    {STR_INIT(P "Content-Length: 5\r\nExpect: 100-Continue\r\n" END), 0},
    {STR_INIT("GET /a%20b%C3%A9 HTTP/1.1\r\n" H END), 0},
    {STR_INIT(G H "Accept: a\r\nAccept: b\r\n" END), 0},
    /* not all there */
    {STR_INIT(""), -1},
    {STR_INIT("\r"), -1},
    {STR_INIT("G"), -1},
    {STR_INIT(G H), -1},
    {STR_INIT(G H "\r"), -1},
    /* line ends */
    {STR_INIT("GET / HTTP/1.1\n" H END), 400},
    {STR_INIT(G "Host: x\n\r\n"), 400},
    {STR_INIT(G H "\n"), 400},
    {STR_INIT(G "Host: x\rX: y\r\n" END), 400},
    {STR_INIT(G H "X: a\rb\r\n" END), 400},
    {STR_INIT(G H "X: a\r\r\n" END), 400},
    {STR_INIT(G H "X: a\r\n b\r\n" END), 400},
    {STR_INIT(G H "X: a\r\n\tb\r\n" END), 400},
    {STR_INIT(G " X: a\r\n" H END), 400},
    {STR_INIT("\r\rGET"), 400},
    /* the first line */
    {STR_INIT("\x16\x03\x01"), 400},
    {STR_INIT(" GET / HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET  / HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /  HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET\t/ HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET / HTTP/1.1 \r\n" H END), 400},
    {STR_INIT("GET /\r\n" H END), 400},
    {STR_INIT("GET / http/1.1\r\n" H END), 400},
    {STR_INIT("GET / HTTP/1.10\r\n" H END), 400},
    {STR_INIT("GET / HTTP/11\r\n" H END), 400},
    {STR_INIT("GET / HTTP/1.\r\n" H END), 400},
    {STR_INIT("GET / HTTP/2.0\r\n" H END), 505},
    {STR_INIT("GET / HTTP/3.0\r\n" H END), 505},
    {STR_INIT("GET / HTTP/1.2\r\n" H END), 505},
    {STR_INIT("GET / HTTP/0.9\r\n" H END), 505},
    {STR_INIT("GE(T / HTTP/1.1\r\n" H END), 400},
    {STR_INIT("BREW / HTTP/1.1\r\n" H END), 501},
    {STR_INIT("get / HTTP/1.1\r\n" H END), 501},
    {STR_INIT("TRACE / HTTP/1.1\r\n" H END), 501},
    {STR_INIT("CONNECT a:80 HTTP/1.1\r\n" H END), 501},
    {STR_INIT("BREW / HTTP/1.1\r\n" H "X: a\rb\r\n" END), 400},
    /* targets */
    {STR_INIT("GET a HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET * HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET a:80 HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET ftp://x/ HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET http:///a HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET http://u@x/ HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a b HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a\x01"
              "b HTTP/1.1\r\n" H END),
     400},
    {STR_INIT("GET /\xC3\xA9 HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a#b HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a%2Fb HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a%2fb HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a%00b HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a%zz HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /a% HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /%C3 HTTP/1.1\r\n" H END), 400},
    {STR_INIT("GET /%C0%AF HTTP/1.1\r\n" H END), 400},
    /* fields */
    {STR_INIT(G END), 400},
    {STR_INIT(G H H END), 400},
    {STR_INIT(G "Host:\r\n" END), 400},
    {STR_INIT(G "Host: a b\r\n" END), 400},
    {STR_INIT(G "Host: a,b\r\n" END), 400},
    {STR_INIT(G "Host: a/b\r\n" END), 400},
    {STR_INIT(G "Host: u@a\r\n" END), 400},
    {STR_INIT(G "Host: a:\r\n" END), 400},
    {STR_INIT(G "Host: a:99999\r\n" END), 400},
    {STR_INIT(G "Host: [::1\r\n" END), 400},
    {STR_INIT(G "Host: [x]\r\n" END), 400},
    {STR_INIT("GET http://a/ HTTP/1.1\r\n"
              "Host: a b\r\n" END),
     400},
    {STR_INIT("GET / HTTP/1.0\r\n" H H END), 400},
    {STR_INIT(G H "X : a\r\n" END), 400},
    {STR_INIT(G H "X\t: a\r\n" END), 400},
    {STR_INIT(G H "X(: a\r\n" END), 400},
    {STR_INIT(G H ": a\r\n" END), 400},
    {STR_INIT(G H "Xa\r\n" END), 400},
    {STR_INIT(G H "X: a\0b\r\n" END), 400},
    {STR_INIT(G H "X\0: a\r\n" END), 400},
    {STR_INIT(G H "X: a\x7F\r\n" END), 400},
    {STR_INIT(G H "X:\x0B"
                  "a\r\n" END),
     400},
    {STR_INIT(G H "Content-Type: a\r\nContent-Type: a\r\n" END), 400},
    {STR_INIT(G H "Authorization: a\r\nauthorization: b\r\n" END), 400},
    /* framing */
    {STR_INIT(P "Content-Length: 5\r\nContent-Length: 6\r\n" END), 400},
    {STR_INIT(P "Content-Length: 5\r\nContent-Length: 5\r\n" END), 400},
    {STR_INIT(P "Content-Length: 5, 5\r\n" END), 400},
    {STR_INIT(P "Content-Length: +5\r\n" END), 400},
    {STR_INIT(P "Content-Length: -1\r\n" END), 400},
    {STR_INIT(P "Content-Length: 0x5\r\n" END), 400},
    {STR_INIT(P "Content-Length: 5 5\r\n" END), 400},
    {STR_INIT(P "Content-Length:\r\n" END), 400},
    {STR_INIT(P "Content-Length: 18446744073709551621\r\n" END), 400},
    {STR_INIT(P "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END), 400},
    {STR_INIT(P "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END), 400},
    {STR_INIT(P "Transfer-Encoding: xchunked\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding: gzip, chunked\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding: chunked, identity\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding: identity\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding:\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding: \"chunked\"\r\n" END), 501},
    {STR_INIT(P "Transfer-Encoding : chunked\r\n" END), 400},
    {STR_INIT(P "Transfer-Encoding:\x0B"
                "chunked\r\n" END),
     400},
    {STR_INIT("POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n" END), 400},
    {STR_INIT(P "Expect: 200-ok\r\n" END), 417},
};

static void test_heads(struct arena *arena)
{
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        struct http_request req;
        struct http_framing framing;
        int code = read_head(arena, heads[i].bytes, &req, &framing);
        EXPECT_INT(code, heads[i].code);
        if (code != heads[i].code)
            printf("    case: %.*s\n", STR_ARG(heads[i].bytes));
    }
}

/* However it is cut, a head reads the same, and no early cut is refused. */
static void test_cuts(struct arena *arena)
{
    str bytes = S("\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    struct http_head_scan scan = {0};
    str head;
    int code;
    for (size_t n = 0; n <= bytes.len; n++) {
        enum http_head_state state =
            http_head_scan(&scan, str_sub(bytes, 0, n), &limits, &head, &code);
        EXPECT_INT(state, n < bytes.len - 3 ? HTTP_HEAD_MORE : HTTP_HEAD_WHOLE);
        if (state == HTTP_HEAD_WHOLE)
            break;
    }
    EXPECT_INT(head.len, bytes.len - 2 - 3);
    (void)arena;
}

static void test_limits(struct arena *arena)
{
    struct http_request req;
    struct http_framing framing;
    char *big = arena_new_array(arena, char, 64 * 1024);
    memset(big, 'a', 64 * 1024);
    str head = str_join3(arena, S(G H "X: "), (str){big, 49152}, S("\r\n\r\n"));
    EXPECT_INT(read_head(arena, head, &req, &framing), 431);
    EXPECT_INT(read_head(arena, str_sub(head, 0, 20000), &req, &framing), 431);
    head = str_join3(arena, S("GET /"), (str){big, 9000}, S(" HTTP/1.1\r\n" H END));
    EXPECT_INT(read_head(arena, head, &req, &framing), 414);
    head = str_join3(arena, S("GET /"), (str){big, 49152}, S(" HTTP/1.1\r\n" H END));
    EXPECT_INT(read_head(arena, head, &req, &framing), 414);
    head = S(G H);
    for (int i = 0; i < 100; i++)
        head = str_join2(arena, head, S("X: a\r\n"));
    EXPECT_INT(read_head(arena, str_join2(arena, head, S(END)), &req, &framing), 431);
}

static void test_fields(struct arena *arena)
{
    struct http_request req;
    struct http_framing framing;
    EXPECT_INT(read_head(arena,
                         S("POST http://Ex.org:80/t%C3%A9st/?a=1&b=%20x+y&%zz=1 HTTP/1.1\r\n"
                           "Host: other\r\nCookie: a=1\r\nX-Own:  v \r\ncookie: b=\"2\"; c\r\n"
                           "Content-Length: 12\r\nConnection: foo, Close\r\n"
                           "Accept-Encoding: gzip\r\naccept-encoding: br;q=0\r\n"
                           "Expect: 100-continue\r\n\r\n"),
                         &req, &framing),
               0);
    EXPECT_INT(req.method, HTTP_POST);
    EXPECT_STR(req.path, S("/t\xC3\xA9st/"));
    EXPECT_STR(req.query, S("a=1&b=%20x+y&%zz=1"));
    EXPECT_STR(req.host, S("Ex.org:80"));
    EXPECT_STR(http_request_header(&req, HTTP_ACCEPT_ENCODING), S("gzip, br;q=0"));
    EXPECT_STR(http_request_header_named(&req, S("x-own")), S("v"));
    EXPECT(!http_request_has(&req, HTTP_ORIGIN));
    EXPECT(!req.keep_alive);
    EXPECT(framing.expect_continue);
    EXPECT_INT(framing.kind, HTTP_FRAMING_LENGTH);
    EXPECT_INT(framing.length, 12);
    str value;
    EXPECT(http_query_get(&req, S("b"), &value));
    EXPECT_STR(value, S(" x y"));
    EXPECT(!http_query_get(&req, S("zz"), &value));
    EXPECT(http_request_cookie(&req, S("b"), &value));
    EXPECT_STR(value, S("2"));
    EXPECT(http_request_cookie(&req, S("c"), &value));
    EXPECT(!http_request_cookie(&req, S("d"), &value));

    static const struct {
        str head;
        bool keep;
    } keeps[] = {
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), true},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), false},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"),
         true},
        {STR_INIT("GET / HTTP/1.0\r\n\r\n"), false},
        {STR_INIT("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), true},
        {STR_INIT("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"), false},
    };
    for (size_t i = 0; i < sizeof(keeps) / sizeof(keeps[0]); i++) {
        EXPECT_INT(read_head(arena, keeps[i].head, &req, &framing), 0);
        EXPECT_INT(req.keep_alive, keeps[i].keep);
    }
}

/* Every known field is found by its name: the table and its index by length agree. */
static void test_known(struct arena *arena)
{
    static const str names[HTTP_HEADER_KNOWN] = {
        [HTTP_ACCEPT] = STR_INIT("Accept"),
        [HTTP_ACCEPT_ENCODING] = STR_INIT("Accept-Encoding"),
        [HTTP_ACCEPT_LANGUAGE] = STR_INIT("Accept-Language"),
        [HTTP_AUTHORIZATION] = STR_INIT("Authorization"),
        [HTTP_CONNECTION] = STR_INIT("Connection"),
        [HTTP_CONTENT_LENGTH] = STR_INIT("Content-Length"),
        [HTTP_CONTENT_TYPE] = STR_INIT("Content-Type"),
        [HTTP_COOKIE] = STR_INIT("Cookie"),
        [HTTP_EXPECT] = STR_INIT("Expect"),
        [HTTP_FORWARDED] = STR_INIT("Forwarded"),
        [HTTP_HOST] = STR_INIT("Host"),
        [HTTP_IF_MATCH] = STR_INIT("If-Match"),
        [HTTP_IF_MODIFIED_SINCE] = STR_INIT("If-Modified-Since"),
        [HTTP_IF_NONE_MATCH] = STR_INIT("If-None-Match"),
        [HTTP_IF_RANGE] = STR_INIT("If-Range"),
        [HTTP_IF_UNMODIFIED_SINCE] = STR_INIT("If-Unmodified-Since"),
        [HTTP_ORIGIN] = STR_INIT("Origin"),
        [HTTP_RANGE] = STR_INIT("Range"),
        [HTTP_REFERER] = STR_INIT("Referer"),
        [HTTP_SEC_FETCH_SITE] = STR_INIT("Sec-Fetch-Site"),
        [HTTP_TRANSFER_ENCODING] = STR_INIT("Transfer-Encoding"),
        [HTTP_USER_AGENT] = STR_INIT("User-Agent"),
        [HTTP_X_FORWARDED_FOR] = STR_INIT("X-Forwarded-For"),
        [HTTP_X_FORWARDED_PROTO] = STR_INIT("X-Forwarded-Proto"),
    };
    for (size_t i = 0; i < HTTP_HEADER_KNOWN; i++) {
        struct http_request req;
        struct http_framing framing;
        str head = str_format(arena, "GET / HTTP/1.0\r\n%.*s: v\r\n\r\n", STR_ARG(names[i]));
        (void)read_head(arena, head, &req, &framing);
        EXPECT_INT(req.known_set, 1u << i);
        EXPECT_STR(req.known[i], S("v"));
    }
}

/* The table of bytes against RFC 9110 §5.6.2 in words. */
static void test_chars(void)
{
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool token =
            i < 128 && (ascii_is_alnum(c) || (i != 0 && strchr("!#$%&'*+-.^_`|~", i) != NULL));
        EXPECT_INT(http_char_is(c, HTTP_CHAR_TOKEN), token);
        EXPECT_INT(http_char_is(c, HTTP_CHAR_VALUE), i == '\t' || (i >= ' ' && i != 0x7F));
        bool target = i > ' ' && i < 0x7F && strchr("\"#<>", i) == NULL;
        EXPECT_INT(http_char_is(c, HTTP_CHAR_TARGET), target);
    }
}

static const struct {
    str bytes;
    str body; /* "!" bad, "?" more wanted */
    size_t left;
} bodies[] = {
    {STR_INIT("0\r\n\r\n"), STR_INIT(""), 0},
    {STR_INIT("5\r\nhello\r\n0\r\n\r\nGET"), STR_INIT("hello"), 3},
    {STR_INIT("00A\r\n0123456789\r\n1\r\n!\r\n000\r\n\r\n"), STR_INIT("0123456789!"), 0},
    {STR_INIT("2;a=b;c=\"d;\\\"\r\\\n"), STR_INIT("!"), 0},
    {STR_INIT("2;a=b;c=\"d;\\\"e\"\r\nhi\r\n0;x\r\nT: v\r\nU:\r\n\r\n"), STR_INIT("hi"), 0},
    {STR_INIT("5\r\nhel"), STR_INIT("?"), 0},
    {STR_INIT("5\r\nhello\r\n0\r\n\r"), STR_INIT("?"), 0},
    {STR_INIT("0x5\r\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("+5\r\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("-5\r\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("5 \r\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT(" 5\r\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("5\nhello\r\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("5\r\nhelloXX0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("5\r\nhello\n0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("\r\n"), STR_INIT("!"), 0},
    {STR_INIT(";\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0000000000001\r\n"), STR_INIT("!"), 0},
    {STR_INIT("FFFFFFFFFFFFFFFFF\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\nT : v\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\n: v\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\nT: v\r\n w\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\nT: v\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\nT: \0\r\n\r\n"), STR_INIT("!"), 0},
    {STR_INIT("0\r\n\n"), STR_INIT("!"), 0},
};

static void test_chunks(void)
{
    for (size_t step = 1; step < 20; step += 6) {
        for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
            struct http_chunks chunks = {0};
            char out[64];
            size_t len = 0, at = 0;
            enum http_chunks_got got = HTTP_CHUNKS_MORE;
            str rest = STR_NONE;
            while (at < bodies[i].bytes.len && got == HTTP_CHUNKS_MORE) {
                rest = str_sub(bodies[i].bytes, at, step);
                at += rest.len;
                str data;
                while ((got = http_chunks_next(&chunks, &rest, &data)) == HTTP_CHUNKS_DATA) {
                    memcpy(out + len, data.ptr, data.len);
                    len += data.len;
                }
            }
            str body = got == HTTP_CHUNKS_BAD    ? S("!")
                       : got == HTTP_CHUNKS_MORE ? S("?")
                                                 : (str){out, len};
            EXPECT_STR(body, bodies[i].body);
            if (got == HTTP_CHUNKS_DONE)
                EXPECT_INT(rest.len + bodies[i].bytes.len - at, bodies[i].left);
        }
    }
    struct http_chunks chunks = {0};
    str rest = S("1;"), data;
    EXPECT_INT(http_chunks_next(&chunks, &rest, &data), HTTP_CHUNKS_MORE);
    for (int i = 0; i <= HTTP_CHUNK_EXTENSION_MAX; i++) {
        rest = S("x");
        (void)http_chunks_next(&chunks, &rest, &data);
    }
    EXPECT_INT(http_chunks_next(&chunks, &rest, &data), HTTP_CHUNKS_BAD);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_heads(arena);
    test_cuts(arena);
    test_limits(arena);
    test_fields(arena);
    test_known(arena);
    test_chars();
    test_chunks();
    return test_done();
}
