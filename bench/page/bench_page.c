/* SPDX-License-Identifier: MIT
 *
 * What it costs to make a story page anew: bench_page SITE [PAGES=400]
 *
 *     html   the theme's render alone, inside an open read transaction: median and 95th centile, wall
 *     miss   the whole miss, from the request's bytes to the answer's, gzip made: CPU of the process
 *
 * Stories are drawn at random over the whole archive (by a fixed seed), so that no page is asked for
 * twice and nothing is near in the cache. Prints one line of key=value; run it on sites of two sizes
 * to see that the cost is flat. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "http/exchange.h"
#include "news/list.h"
#include "news/setting.h"
#include "site/database.h"
#include "site/folder.h"
#include "site/site.h"
#include "store/store.h"
#include "text/zone.h"
#include "theme/page.h"
#include "theme/theme.h"

#include <stdlib.h>
#include <time.h>

enum { PAGES_MAX = 20000, WARM = 40 }; /* pages */

static void must(enum status st, const struct error *err)
{
    if (st == ST_OK)
        return;
    (void)fprintf(stderr, "bench_page: %s\n", err->text);
    exit(1);
}

static double now_us(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Story ids spread over the archive: the list is sought at random places. */
static size_t draw_slugs(struct store_conn *conn, struct arena *arena, str *slugs, size_t want,
                         int64_t *ret_total)
{
    struct error err = ERROR_INIT;
    uint64_t x = 88172645463325252u; /* xorshift64 */
    must(story_list_total(conn, LIST_ALL, 0, 0, 0, ret_total, &err), &err);
    size_t count = 0;
    while (count<want && * ret_total> 0) {
        struct story_query query = {.list = LIST_ALL, .limit = 1};
        struct story_list list;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        must(story_list_seek(conn, LIST_ALL, 0, 0, (int64_t)(x % (uint64_t)*ret_total),
                             &query.before, &err),
             &err);
        must(story_list_get(conn, &query, arena, &list, &err), &err);
        slugs[count++] = list.rows[0]->slug;
    }
    return count;
}

struct html_bench {
    struct store_conn *conn;
    struct theme *theme;
    struct site_settings *settings;
    const struct zone *zone;
};

static double html_once(const struct html_bench *bench, str slug)
{
    AUTO(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct error err = ERROR_INIT;
    struct story *story;
    struct theme_page page;
    double from = now_us(CLOCK_MONOTONIC);
    must(store_read_begin(bench->conn, &err), &err);
    must(story_by_slug(bench->conn, slug, arena, &story, &err), &err);
    struct page_request request = {.kind = PAGE_STORY,
                                   .conn = bench->conn,
                                   .site = bench->settings,
                                   .zone = bench->zone,
                                   .now = clock_now(&clock_system),
                                   .path = str_join3(arena, S("/"), slug, S("/")),
                                   .story = story};
    must(theme_render(bench->theme, &request, arena, &page, &err), &err);
    store_read_end(bench->conn);
    return now_us(CLOCK_MONOTONIC) - from;
}

static void bench_html(struct folder *folder, const str *slugs, size_t count)
{
    struct error err = ERROR_INIT;
    struct store *store;
    struct html_bench bench = {0};
    AUTO(zone_cache_freep) struct zone_cache *zones = zone_cache_new(NULL);
    double *took = calloc(count, sizeof(*took));
    CHECK(took != NULL);
    must(database_open(folder, &(struct database_options){0}, &store, &err), &err);
    must(store_reader_new(store, &bench.conn, &err), &err);
    must(theme_load_default(&bench.theme, &err), &err);
    must(site_settings_load(bench.conn, NULL, 0, &bench.settings, &err), &err);
    must(zone_cache_get(zones, bench.settings->timezone, &bench.zone, &err), &err);
    for (size_t i = 0; i < count && i < WARM; i++)
        (void)html_once(&bench, slugs[i]);
    int64_t statements = store_conn_statements(bench.conn);
    for (size_t i = 0; i < count; i++)
        took[i] = html_once(&bench, slugs[i]);
    statements = store_conn_statements(bench.conn) - statements;
    qsort(took, count, sizeof(*took), by_size);
    printf(" html_us=%.0f html_p95_us=%.0f statements=%.1f", took[count / 2],
           took[count * 95 / 100], (double)statements / (double)count);
    site_settings_unref(bench.settings);
    theme_unref(bench.theme);
    store_reader_free(bench.conn);
    store_close(store);
    free(took);
}

static void bench_miss(struct folder *folder, const str *slugs, size_t count)
{
    struct error err = ERROR_INIT;
    struct site *site;
    size_t bytes = 0;
    must(site_open(&(struct site_options){.folder = folder, .render_threads = 1, .quiet = true},
                   &site, &err),
         &err);
    double from = 0;
    for (size_t i = 0; i < count; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(64 * 1024);
        if (i == WARM)
            from = now_us(CLOCK_PROCESS_CPUTIME_ID);
        str answer = http_run(arena, &(struct http_run_options){.app = site_app(site)},
                              str_format(arena,
                                         "GET /%.*s/ HTTP/1.1\r\nHost: x\r\n"
                                         "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n",
                                         STR_ARG(slugs[i])));
        CHECK(str_starts(answer, S("HTTP/1.1 200")));
        bytes += answer.len;
    }
    double each = (now_us(CLOCK_PROCESS_CPUTIME_ID) - from) / (double)(count - WARM);
    printf(" miss_cpu_us=%.0f gzip_bytes=%zu", each, bytes / count);
    site_close(site);
}

int main(int argc, char **argv)
{
    AUTO(arena_freep) struct arena *arena = arena_new(1024 * 1024);
    struct error err = ERROR_INIT;
    struct folder *folder;
    struct store *store;
    struct store_conn *conn;
    uint64_t pages = 400;
    int64_t total = 0;

    if (argc < 2 || (argc > 2 && !str_to_u64(str_from_c(argv[2]), PAGES_MAX, &pages)) ||
        pages <= WARM) {
        (void)fprintf(stderr, "usage: bench_page SITE [PAGES, more than %d]\n", WARM);
        return 2;
    }
    random_start();
    must(folder_open(str_from_c(argv[1]), &folder, &err), &err);
    must(database_open(folder, &(struct database_options){0}, &store, &err), &err);
    must(store_reader_new(store, &conn, &err), &err);
    str *slugs = arena_new_array(arena, str, (size_t)pages);
    size_t count = draw_slugs(conn, arena, slugs, (size_t)pages, &total);
    store_reader_free(conn);
    store_close(store);
    if (count <= WARM) {
        (void)fprintf(stderr, "bench_page: the site has too few stories\n");
        return 1;
    }
    printf("stories=%lld pages=%zu", (long long)total, count);
    bench_html(folder, slugs, count);
    bench_miss(folder, slugs, count);
    printf("\n");
    folder_close(folder);
    return 0;
}
