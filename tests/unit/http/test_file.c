/* SPDX-License-Identifier: MIT
 *
 * Files as a client receives them; and that none is sent that is no longer there. */
#include "http/file.h"

#include "base/arena.h"
#include "base/file.h"
#include "http/exchange.h"
#include "tests/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/broadsheet-files-XXXXXX";
static int folder_fd;
static struct http_files *files;
static int looked; /* how often the folder was asked */

static time_us fixed_now(void *ctx)
{
    (void)ctx;
    return 1714979289 * TIME_SECOND;
}

static bool lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    (void)ctx;
    if (http_files_get(files, req, ret))
        return true;
    looked++;
    struct http_file_place place = {.dir_fd = folder_fd,
                                    .path = str_from(req->path, 1),
                                    .content_type = S("image/jpeg"),
                                    .headers = S("X-Own: a\r\n")};
    return http_files_look(files, req, &place, ret);
}

static void dispatch(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    http_response_empty(http_exchange_response(x), 404);
    http_exchange_finish(x);
}

static str run(struct arena *arena, str bytes)
{
    struct http_app app = {.lookup = lookup, .dispatch = dispatch};
    struct clock clock = {.now = fixed_now};
    return http_run(arena, &(struct http_run_options){.app = &app, .clock = &clock}, bytes);
}

/* A new file renamed over what is there, with a time of its own. */
static void file_put(const char *name, str text, time_t modified)
{
    struct error err = ERROR_INIT;
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    EXPECT_ST(file_write_atomic(str_from_c(path), text, 0640, &err), ST_OK, &err);
    struct timespec times[2] = {{.tv_sec = modified}, {.tv_sec = modified}};
    EXPECT(utimensat(AT_FDCWD, path, times, 0) == 0);
}

#define GET(path, more)  "GET " path " HTTP/1.1\r\nHost: x\r\n" more "\r\n"
#define HEAD(path, more) "HEAD " path " HTTP/1.1\r\nHost: x\r\n" more "\r\n"
#define DATE             "Date: Mon, 06 May 2024 07:08:09 GMT\r\n"
#define TAG              "\"60a24181e4000-a\""
#define STAMP            "X-Own: a\r\nETag: " TAG "\r\nLast-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
#define LINES            "Content-Type: image/jpeg\r\nAccept-Ranges: bytes\r\n" STAMP
#define OK               "HTTP/1.1 200 OK\r\n" DATE LINES "Content-Length: 10\r\n\r\n"
#define WHOLE            OK "0123456789"
#define PART             "HTTP/1.1 206 Partial Content\r\n" DATE LINES
#define UNMET            "HTTP/1.1 416 Range Not Satisfiable\r\n" DATE "Content-Range: bytes */10\r\n"
#define SAME             "HTTP/1.1 304 Not Modified\r\n" DATE STAMP "\r\n"

static const struct {
    str in, out; /* how it begins */
} cases[] = {
    {STR_INIT(GET("/a", "")), STR_INIT(WHOLE)},
    {STR_INIT(HEAD("/a", "")), STR_INIT(OK)},
    {STR_INIT(GET("/a", "If-None-Match: " TAG "\r\n")), STR_INIT(SAME)},
    {STR_INIT(HEAD("/a", "If-None-Match: W/" TAG "\r\n")), STR_INIT(SAME)},
    {STR_INIT(GET("/a", "If-None-Match: \"b\"\r\n")), STR_INIT(WHOLE)},
    {STR_INIT(GET("/a", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n")), STR_INIT(SAME)},
    {STR_INIT(GET("/a", "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n")), STR_INIT(WHOLE)},
    {STR_INIT(GET("/a", "If-Match: \"b\"\r\n")), STR_INIT("HTTP/1.1 412 Precondition Failed\r\n")},
    /* ranges */
    {STR_INIT(GET("/a", "Range: bytes=2-4\r\n")),
     STR_INIT(PART "Content-Range: bytes 2-4/10\r\nContent-Length: 3\r\n\r\n234")},
    {STR_INIT(GET("/a", "Range: bytes=-3\r\n")),
     STR_INIT(PART "Content-Range: bytes 7-9/10\r\nContent-Length: 3\r\n\r\n789")},
    {STR_INIT(GET("/a", "Range: bytes=8-99\r\n")),
     STR_INIT(PART "Content-Range: bytes 8-9/10\r\nContent-Length: 2\r\n\r\n89")},
    {STR_INIT(GET("/a", "Range: bytes=10-\r\n")), STR_INIT(UNMET)},
    {STR_INIT(GET("/a", "Range: bytes=1-2,4-5\r\n")), STR_INIT(WHOLE)},
    {STR_INIT(HEAD("/a", "Range: bytes=2-4\r\n")), STR_INIT(OK)},
    {STR_INIT(GET("/a", "Range: bytes=2-4\r\nIf-Range: " TAG "\r\n")), STR_INIT(PART)},
    {STR_INIT(GET("/a", "Range: bytes=2-4\r\nIf-Range: W/" TAG "\r\n")), STR_INIT(WHOLE)},
    {STR_INIT(GET("/a", "Range: bytes=2-4\r\nIf-Range: \"b\"\r\n")), STR_INIT(WHOLE)},
    {STR_INIT(GET("/a", "Range: bytes=2-4\r\nIf-Range: Tue, 14 Nov 2023 22:13:20 GMT\r\n")),
     STR_INIT(PART)},
    /* an answer ends where it says */
    {STR_INIT(HEAD("/a", "") GET("/a", "Range: bytes=0-0\r\n") GET("/a", "")),
     STR_INIT(OK PART "Content-Range: bytes 0-0/10\r\nContent-Length: 1\r\n\r\n0" WHOLE)},
    {STR_INIT(GET("/empty", "")), STR_INIT("HTTP/1.1 200 OK\r\n")},
    {STR_INIT(GET("/none", "")), STR_INIT("HTTP/1.1 404 Not Found\r\n")},
    {STR_INIT(GET("/sub", "")), STR_INIT("HTTP/1.1 404 Not Found\r\n")},
    {STR_INIT(GET("/link", "")), STR_INIT("HTTP/1.1 404 Not Found\r\n")},
};

static void answers(void)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena *arena = arena_new(ARENA_REQUEST);
        str got = run(arena, cases[i].in);
        EXPECT_STR(str_sub(got, 0, cases[i].out.len), cases[i].out);
        arena_free(arena);
    }
}

static str body_of(struct arena *arena, str request)
{
    str got = run(arena, request);
    return str_from(got, str_find(got, S("\r\n\r\n")) + 4);
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

/* Asked for in every millisecond of it, the old file is gone after the time it is trusted for. */
static void replaced_and_removed(void)
{
    struct arena *arena = arena_new(ARENA_REQUEST);
    file_put("b", S("old"), 1700000000);
    EXPECT_STR(body_of(arena, S(GET("/b", ""))), S("old"));
    int before = looked;
    EXPECT_STR(body_of(arena, S(GET("/b", ""))), S("old"));
    EXPECT_INT(looked, before);
    file_put("b", S("new"), 1700000000); /* same length, same time: another file all the same */
    for (int i = 0; i < 110; i++) {
        pause_ms(10);
        (void)body_of(arena, S(GET("/b", "")));
        arena_reset(arena);
    }
    EXPECT_STR(body_of(arena, S(GET("/b", ""))), S("new"));
    EXPECT(looked <= before + 2);
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/b", folder);
    EXPECT(unlink(path) == 0);
    pause_ms(1100);
    EXPECT(str_starts(run(arena, S(GET("/b", ""))), S("HTTP/1.1 404")));
    arena_free(arena);
}

static int descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 4096; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void descriptors_are_bounded(void)
{
    int before = descriptors();
    for (int i = 0; i < 3 * HTTP_FILES_KEPT; i++) {
        struct arena *arena = arena_new(ARENA_REQUEST);
        char name[20];
        (void)snprintf(name, sizeof(name), "f%d", i);
        file_put(name, S("x"), 1700000000);
        str request = str_format(arena, "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", name);
        EXPECT_STR(body_of(arena, request), S("x"));
        arena_free(arena);
    }
    EXPECT(descriptors() > before);
    EXPECT(descriptors() <= before + HTTP_FILES_KEPT);
    http_files_free(files);
    files = http_files_new(1);
    EXPECT(descriptors() <= before);
}

int main(void)
{
    struct error err = ERROR_INIT;
    CHECK(mkdtemp(folder) != NULL);
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(folder_fd >= 0);
    files = http_files_new(1);
    file_put("a", S("0123456789"), 1700000000);
    file_put("empty", S(""), 1700000000);
    CHECK(mkdirat(folder_fd, "sub", 0750) == 0);
    CHECK(symlinkat("a", folder_fd, "link") == 0);
    answers();
    replaced_and_removed();
    descriptors_are_bounded();
    http_files_free(files);
    (void)close(folder_fd);
    (void)file_remove_tree(str_from_c(folder), &err);
    return test_done();
}
