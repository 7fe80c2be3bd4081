/* SPDX-License-Identifier: MIT
 *
 * serve_page HOST:PORT FILE: one finished page (FILE, made as any page is) from the page cache at /,
 * with reads counted, and /healthz. For bench/http/nginx_ratio.py and tests/integration/http_probe.sh;
 * stops on SIGTERM. */
#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/random.h"
#include "http/page_cache.h"
#include "http/server.h"

#include <signal.h>
#include <stdio.h>

enum { PAGE_MAX = 16 * 1024 * 1024 };

struct bench {
    struct page_cache *cache;
    struct pool *pool;
    str text;
};

static void improve_run(void *arg, size_t thread_index)
{
    (void)thread_index;
    void **pair = arg;
    page_cache_improve(pair[0], pair[1]);
    free(pair);
}

static void improve(void *ctx, struct page *page)
{
    struct bench *bench = ctx;
    void **pair = calloc(2, sizeof(*pair));
    CHECK(pair != NULL);
    pair[0] = bench->cache;
    pair[1] = page;
    if (!pool_add(bench->pool, improve_run, pair)) {
        page_unref(page);
        free(pair);
    }
}

static bool lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    struct bench *bench = ctx;
    struct page_got got;
    if (str_eq(req->path, S("/healthz"))) {
        *ret =
            (struct http_ready){.status = 200,
                                .head = S("Content-Type: text/plain\r\nContent-Length: 3\r\n\r\n"),
                                .body = req->method == HTTP_HEAD ? STR_NONE : S("ok\n")};
        return true;
    }
    if (!page_cache_get(bench->cache, req->path, req, &got))
        return false;
    *ret = got.ready;
    return true;
}

static void dispatch(void *ctx, struct http_exchange *x)
{
    struct bench *bench = ctx;
    struct page_render *render;
    if (!str_eq(http_exchange_request(x)->path, S("/"))) {
        http_response_text(http_exchange_response(x), 404, S("404 Not Found\n"));
        http_exchange_finish(x);
        return;
    }
    if (page_cache_join(bench->cache, S("/"), x, &render) == PAGE_JOIN_WAIT)
        return;
    page_render_begin(render);
    (void)page_render_done(render,
                           &(struct page_content){.body = bench->text,
                                                  .names = &(struct page_name){S("story:1"), false},
                                                  .name_count = 1,
                                                  .read_id = 1});
}

static void drain_one(void *ctx, int64_t read_id, uint64_t reads)
{
    (void)read_id;
    *(uint64_t *)ctx += reads;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: serve_page HOST:PORT FILE\n");
        return 2;
    }
    sigset_t stop;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
    random_start();

    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    struct log log = {.fd = 2, .level = LOG_INFO};
    struct bench bench = {.pool = pool_new("bench", 1, 64)};
    struct http_app app = {.ctx = &bench, .lookup = lookup, .dispatch = dispatch};
    struct http_server_options options = HTTP_SERVER_DEFAULTS;
    struct http_server *server = NULL;
    options.app = &app;
    options.workers = 1;
    options.log = &log;
    options.limits.address_connections = options.limits.connections;
    options.listen[options.listen_count++] = str_from_c(argv[1]);
    bench.cache = page_cache_new(
        &(struct page_cache_options){.loops = options.workers, .improve = improve, .ctx = &bench});
    if (file_read(arena, str_from_c(argv[2]), PAGE_MAX, &bench.text, &err) != ST_OK ||
        http_server_start(&options, &server, &err) != ST_OK) {
        log_error(&log, "cannot start", LOG_ERR(&err));
        return 1;
    }
    printf("listening on http://%.*s\n", STR_ARG(http_server_address(server, 0)));
    (void)fflush(stdout);
    int signal_got;
    (void)sigwait(&stop, &signal_got);
    http_server_stop_begin(server);
    http_server_wait(server, 5 * TIME_SECOND);
    struct http_counters counters = http_server_counters(server);
    uint64_t reads = 0;
    page_cache_reads_drain(bench.cache, drain_one, &reads);
    (void)fprintf(stderr, "requests=%llu hits=%llu reads=%llu\n",
                  (unsigned long long)counters.requests, (unsigned long long)counters.hits,
                  (unsigned long long)reads);
    pool_stop(bench.pool);
    http_server_free(server);
    page_cache_free(bench.cache);
    return 0;
}
