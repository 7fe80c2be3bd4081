/* SPDX-License-Identifier: MIT
 *
 * What pages and writes cost on a site of some size: bench_page SITE [ROUNDS=400]
 *
 *     html            a story page's render alone, inside an open read transaction
 *     story, front..  a whole request that no finished page answers, from its bytes to the answer's,
 *                     gzip made; nothing is kept, so every request is a miss
 *     sitemap_*       the same, for each address in it
 *     save, publish   a new story's two writes, words and counts included; relate: its job behind
 *     reply           a posted form, from its bytes to the answer after the commit
 *     remove          the trash, then for good; what was added is gone at the end
 *
 * Stories, months and words are drawn over the whole archive by a fixed seed. Every request is made
 * twice, and the second time counts: the first brings the pages of the file into the system's memory,
 * while the 4 MB of a connection hold few of them. CPU is the whole process's, all threads, for
 * each request; median and 95th centile. Prints lines of `name cpu_us=... p95_us=... wall_us=...`;
 * bench/flat.py runs it on sites of several sizes and sets them side by side. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "discover/related.h"
#include "http/exchange.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/tag.h"
#include "site/database.h"
#include "site/folder.h"
#include "site/site.h"
#include "store/store.h"
#include "text/zone.h"
#include "theme/page.h"
#include "theme/theme.h"

#include <stdlib.h>
#include <time.h>

enum {
    ROUNDS_MAX = 20000,
    WRITES = 40,
    FAR_PAGE = 700,
    A_PAGE = 12, /* rows of the default theme */
    SITEMAP_PART = 50000,
    NOTHING_KEPT = 4096, /* bytes of finished pages: none fits */
};

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

struct bench {
    struct arena *arena; /* for good */
    struct folder *folder;
    struct store *store;
    struct store_conn *conn;
    struct site *site;
    struct site_settings *settings;
    size_t rounds;
    uint64_t seed; /* xorshift64 */
    int64_t total;
    struct story **stories; /* drawn over the archive: `rounds` of them */
    struct tag *section;    /* the one with most stories */
    struct byline **bylines;
    size_t bylines_count;
    story_id added[WRITES];
    size_t added_count;
};

static uint64_t draw(struct bench *b, uint64_t below)
{
    b->seed ^= b->seed << 13;
    b->seed ^= b->seed >> 7;
    b->seed ^= b->seed << 17;
    return b->seed % below;
}

/* ---- samples ---- */

struct samples {
    double *cpu, *wall;
    size_t count;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct samples samples_new(struct bench *b, size_t most)
{
    return (struct samples){.cpu = arena_new_array(b->arena, double, most),
                            .wall = arena_new_array(b->arena, double, most)};
}

static void samples_print(struct samples *s, const char *name)
{
    qsort(s->cpu, s->count, sizeof(double), by_size);
    qsort(s->wall, s->count, sizeof(double), by_size);
    printf("%s cpu_us=%.1f p95_us=%.1f wall_us=%.1f wall_p99_us=%.1f\n", name, s->cpu[s->count / 2],
           s->cpu[s->count * 95 / 100], s->wall[s->count / 2], s->wall[s->count * 99 / 100]);
    (void)fflush(stdout);
}

struct stopwatch {
    double cpu, wall;
};

static struct stopwatch stopwatch_start(void)
{
    return (struct stopwatch){now_us(CLOCK_PROCESS_CPUTIME_ID), now_us(CLOCK_MONOTONIC)};
}

static void stopwatch_stop(struct stopwatch from, struct samples *s, double parts)
{
    s->wall[s->count] = (now_us(CLOCK_MONOTONIC) - from.wall) / parts;
    s->cpu[s->count++] = (now_us(CLOCK_PROCESS_CPUTIME_ID) - from.cpu) / parts;
}

/* ---- the render alone ---- */

static void html_once(const struct bench *b, struct theme *theme, const struct zone *zone, str slug,
                      struct samples *s)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    struct story *story;
    struct theme_page page;
    struct stopwatch watch = stopwatch_start();
    must(store_read_begin(b->conn, &err), &err);
    must(story_by_slug(b->conn, slug, arena, &story, &err), &err);
    struct page_request request = {.kind = PAGE_STORY,
                                   .conn = b->conn,
                                   .site = b->settings,
                                   .zone = zone,
                                   .now = clock_now(&clock_system),
                                   .path = str_join3(arena, S("/"), slug, S("/")),
                                   .story = story};
    must(theme_render(theme, &request, arena, &page, &err), &err);
    store_read_end(b->conn);
    stopwatch_stop(watch, s, 1);
}

static void bench_html(struct bench *b)
{
    struct error err = ERROR_INIT;
    AUTO(zone_cache_freep) struct zone_cache *zones = zone_cache_new(NULL);
    AUTO(theme_unrefp) struct theme *theme = NULL;
    const struct zone *zone;
    struct samples s = samples_new(b, 2 * b->rounds);
    must(theme_load_default(&theme, &err), &err);
    must(zone_cache_get(zones, b->settings->timezone, &zone, &err), &err);
    for (size_t turn = 0; turn < 2; turn++) {
        s.count = 0;
        for (size_t i = 0; i < b->rounds; i++)
            html_once(b, theme, zone, b->stories[i]->slug, &s);
    }
    samples_print(&s, "html");
}

/* ---- whole requests ---- */

/* The path of the request of turn `i`; the arena is the request's own. */
typedef str path_fn(struct bench *b, struct arena *arena, size_t i);

/* The length of the answer, which must begin with `want`. */
static str ask(struct bench *b, struct arena *arena, str method, str path, str body, str want)
{
    str head = S("Host: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n");
    str bytes = str_format(arena, "%.*s %.*s HTTP/1.1\r\n%.*sContent-Length: %zu\r\n\r\n%.*s",
                           STR_ARG(method), STR_ARG(path), STR_ARG(head), body.len, STR_ARG(body));
    str answer = http_run(arena, &(struct http_run_options){.app = site_app(b->site)}, bytes);
    if (!str_starts(answer, want)) {
        (void)fprintf(stderr, "bench_page: %.*s answered %.*s\n", STR_ARG(path), 40, answer.ptr);
        exit(1);
    }
    return answer;
}

static const str ok = STR_INIT("HTTP/1.1 200"), moved = STR_INIT("HTTP/1.1 301"),
                 none = STR_INIT("HTTP/1.1 404"), see = STR_INIT("HTTP/1.1 303");

static void bench_path(struct bench *b, const char *name, path_fn *path_of, str want, size_t rounds,
                       double parts)
{
    struct samples s = samples_new(b, rounds);
    uint64_t seed = b->seed;
    for (size_t turn = 0; turn < 2; turn++) {
        s.count = 0;
        b->seed = seed;
        for (size_t i = 0; i < rounds; i++) {
            AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
            str path = path_of(b, arena, i);
            struct stopwatch watch = stopwatch_start();
            (void)ask(b, arena, S("GET"), path, STR_NONE, want);
            stopwatch_stop(watch, &s, parts);
        }
    }
    samples_print(&s, name);
}

static str path_story(struct bench *b, struct arena *arena, size_t i)
{
    return str_join3(arena, S("/"), b->stories[i]->slug, S("/"));
}

static str path_front(struct bench *b, struct arena *arena, size_t i)
{
    (void)b, (void)arena, (void)i;
    return S("/");
}

static int64_t pages_of(int64_t stories)
{
    return stories > A_PAGE ? stories / A_PAGE : 1;
}

static str path_front_far(struct bench *b, struct arena *arena, size_t i)
{
    (void)i;
    return str_format(arena, "/page/%llu/",
                      2 + (unsigned long long)draw(b, (uint64_t)pages_of(b->total) - 1));
}

static str path_tag(struct bench *b, struct arena *arena, size_t i)
{
    (void)i;
    return str_join3(arena, S("/tag/"), b->section->slug, S("/"));
}

static str path_tag_far(struct bench *b, struct arena *arena, size_t i)
{
    int64_t last = pages_of(b->section->story_count);
    (void)i;
    return str_format(arena, "/tag/%.*s/page/%lld/", STR_ARG(b->section->slug),
                      (long long)(last < FAR_PAGE ? last : FAR_PAGE));
}

static str path_author(struct bench *b, struct arena *arena, size_t i)
{
    return str_join3(arena, S("/author/"), b->bylines[i % b->bylines_count]->slug, S("/"));
}

static str path_month(struct bench *b, struct arena *arena, size_t i)
{
    str day = time_to_iso(arena, b->stories[i]->published_at);
    return str_format(arena, "/%.*s/%.*s/", 4, day.ptr, 2, day.ptr + 5);
}

static str title_word(const struct bench *b, size_t i, size_t nth)
{
    str rest = b->stories[i]->title, word = STR_NONE;
    for (size_t k = 0; k <= nth && rest.len > 0; k++) {
        size_t end = str_find(rest, S(" "));
        word = end == STR_NPOS ? rest : str_sub(rest, 0, end);
        rest = end == STR_NPOS ? STR_NONE : str_from(rest, end + 1);
    }
    return word;
}

/* A headline's name and a word of it, or one of its common words alone. */
static str path_search(struct bench *b, struct arena *arena, size_t i)
{
    str word = title_word(b, i, 2);
    return i % 2 == 0 ? str_join2(arena, S("/search/?q="), word)
                      : str_format(arena, "/search/?q=%.*s+%.*s", STR_ARG(title_word(b, i, 0)),
                                   STR_ARG(word));
}

static str path_old(struct bench *b, struct arena *arena, size_t i)
{
    return str_format(arena, "/?p=%lld", (long long)b->stories[i]->id.v);
}

static str path_absent(struct bench *b, struct arena *arena, size_t i)
{
    return str_format(arena, "/nothing-%zu-%llu/", i, (unsigned long long)draw(b, 1000000));
}

static str path_feed(struct bench *b, struct arena *arena, size_t i)
{
    (void)b, (void)arena, (void)i;
    return S("/rss/");
}

static str path_sitemap(struct bench *b, struct arena *arena, size_t i)
{
    (void)b, (void)arena, (void)i;
    return S("/sitemap.xml");
}

static str path_sitemap_part(struct bench *b, struct arena *arena, size_t i)
{
    (void)b, (void)arena, (void)i;
    return S("/sitemap-posts.xml");
}

static str path_sitemap_last(struct bench *b, struct arena *arena, size_t i)
{
    int64_t part = b->total / SITEMAP_PART;
    (void)i;
    return part < 2 ? S("/sitemap-posts.xml")
                    : str_format(arena, "/sitemap-posts-%lld.xml", (long long)part);
}

static void bench_requests(struct bench *b)
{
    size_t some = b->rounds / 2, few = 3;
    double in_part = (double)(b->total < SITEMAP_PART ? b->total : SITEMAP_PART);
    bench_path(b, "story", path_story, ok, b->rounds, 1);
    bench_path(b, "front", path_front, ok, some, 1);
    bench_path(b, "front_far", path_front_far, ok, some, 1);
    bench_path(b, "tag", path_tag, ok, some, 1);
    bench_path(b, "tag_700", path_tag_far, ok, some, 1);
    bench_path(b, "author", path_author, ok, some, 1);
    bench_path(b, "month", path_month, ok, some, 1);
    bench_path(b, "search", path_search, ok, some, 1);
    bench_path(b, "old_address", path_old, moved, some, 1);
    bench_path(b, "absent", path_absent, none, some, 1);
    bench_path(b, "feed", path_feed, ok, some, 1);
    bench_path(b, "sitemap_index", path_sitemap, ok, some, 1);
    bench_path(b, "sitemap_part", path_sitemap_part, ok, few, in_part);
    bench_path(b, "sitemap_last", path_sitemap_last, ok, few, in_part);
}

/* ---- writes ---- */

struct save {
    struct bench *bench;
    struct arena *arena;
    struct story_prepared ready;
    story_id id;
};

static struct newsroom desk_of(const struct save *save, struct store_tx *tx)
{
    return (struct newsroom){.tx = tx,
                             .arena = save->arena,
                             .rng = &rng_system,
                             .now = clock_now(&clock_system),
                             .site = save->bench->settings};
}

static enum status save_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct save *save = arg;
    struct newsroom desk = desk_of(save, tx);
    return story_save(&desk, &save->ready, &save->id, err);
}

static enum status publish_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct save *save = arg;
    struct newsroom desk = desk_of(save, tx);
    return story_publish(&desk, save->id, desk.now, err);
}

static enum status remove_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct save *save = arg;
    struct newsroom desk = desk_of(save, tx);
    enum status st = story_trash(&desk, save->id, err);
    return st == ST_OK ? story_delete(&desk, save->id, err) : st;
}

static void write_timed(struct bench *b, store_write_fn *fn, struct save *save, struct samples *s)
{
    struct error err = ERROR_INIT;
    struct stopwatch watch = stopwatch_start();
    must(store_write_wait(site_store(b->site), fn, save, &err), &err);
    stopwatch_stop(watch, s, 1);
}

/* A new story: another one's words, tags and byline, under a headline of its own. */
static void draft_like(struct bench *b, size_t i, struct save *save)
{
    struct error err = ERROR_INIT;
    struct story *old = b->stories[i];
    must(story_load_body(b->conn, &old, 1, save->arena, &err), &err);
    must(story_load_terms(b->conn, &old, 1, save->arena, &err), &err);
    tag_id *tags = arena_new_array(save->arena, tag_id, old->tags_count);
    for (size_t k = 0; k < old->tags_count; k++)
        tags[k] = old->tags[k]->id;
    struct story_draft draft = {
        .title = str_format(save->arena, "%.*s, again %zu", STR_ARG(old->title), i),
        .text = old->body.raw,
        .tags = tags,
        .tags_count = old->tags_count,
        .bylines = &old->primary_byline,
        .bylines_count = old->primary_byline.v != 0,
    };
    must(story_prepare(save->arena, &draft, &save->ready, &err), &err);
}

static void bench_saves(struct bench *b)
{
    struct error err = ERROR_INIT;
    struct samples saves = samples_new(b, WRITES), publishes = samples_new(b, WRITES),
                   relates = samples_new(b, WRITES);
    struct related_work work = {.store = site_store(b->site),
                                .conn = b->conn,
                                .clock = &clock_system,
                                .rng = &rng_system,
                                .language = b->settings->locale};
    int64_t done;
    must(related_run(&work, TIME_NEVER, &done, &err), &err);
    for (size_t i = 0; i < WRITES; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct save save = {.bench = b, .arena = arena};
        draft_like(b, i, &save);
        write_timed(b, save_write, &save, &saves);
        write_timed(b, publish_write, &save, &publishes);
        struct stopwatch watch = stopwatch_start();
        must(related_run(&work, TIME_NEVER, &done, &err), &err);
        stopwatch_stop(watch, &relates, 1);
        b->added[b->added_count++] = save.id;
        must(store_checkpoint(site_store(b->site), &err), &err);
    }
    samples_print(&saves, "save");
    samples_print(&publishes, "publish");
    samples_print(&relates, "relate");
}

/* To the stories that were added: the replies go with them. */
static void bench_replies(struct bench *b)
{
    struct samples s = samples_new(b, b->rounds / 2);
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < b->rounds / 2; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct story *story;
        must(story_by_id(b->conn, b->added[i % b->added_count], arena, &story, &err), &err);
        str path = str_join3(arena, S("/"), story->slug, S("/"));
        str form =
            str_format(arena, "name=Nora+Quill&email=nora%%40reader.example&text=Reply+%zu.", i);
        struct stopwatch watch = stopwatch_start();
        (void)ask(b, arena, S("POST"), path, form, see);
        stopwatch_stop(watch, &s, 1);
    }
    samples_print(&s, "reply");
}

static void bench_removals(struct bench *b)
{
    struct samples s = samples_new(b, WRITES);
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < b->added_count; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct save save = {.bench = b, .arena = arena, .id = b->added[i]};
        write_timed(b, remove_write, &save, &s);
    }
    must(store_checkpoint(site_store(b->site), &err), &err);
    samples_print(&s, "remove");
}

/* ---- all of it ---- */

static void draw_stories(struct bench *b)
{
    struct error err = ERROR_INIT;
    struct tag **tags;
    size_t count;
    must(story_list_total(b->conn, LIST_ALL, 0, 0, 0, &b->total, &err), &err);
    if (b->total < 100) {
        (void)fprintf(stderr, "bench_page: the site has too few stories\n");
        exit(1);
    }
    b->stories = arena_new_array(b->arena, struct story *, b->rounds);
    for (size_t i = 0; i < b->rounds; i++) {
        struct story_query query = {.list = LIST_ALL, .limit = 1};
        struct story_list list;
        must(story_list_seek(b->conn, LIST_ALL, 0, 0, (int64_t)draw(b, (uint64_t)b->total),
                             &query.before, &err),
             &err);
        must(story_list_get(b->conn, &query, b->arena, &list, &err), &err);
        b->stories[i] = list.rows[0];
    }
    struct tag_query busiest = {.order = TAG_BY_COUNT, .limit = 1};
    must(tag_list(b->conn, &busiest, b->arena, &tags, &count, &err), &err);
    CHECK(count == 1);
    b->section = tags[0];
    struct byline_query all = {.limit = 25};
    must(byline_list(b->conn, &all, b->arena, &b->bylines, &b->bylines_count, &err), &err);
}

static void open_site(struct bench *b, str path)
{
    struct error err = ERROR_INIT;
    must(folder_open(path, &b->folder, &err), &err);
    must(folder_lock(b->folder, &err), &err);
    must(database_open(b->folder, &(struct database_options){0}, &b->store, &err), &err);
    must(store_reader_new(b->store, &b->conn, &err), &err);
    must(site_settings_load(b->conn, NULL, 0, &b->settings, &err), &err);
    const struct site_options options = {.folder = b->folder,
                                         .render_threads = 1,
                                         .cache_bytes = NOTHING_KEPT,
                                         .replies_a_minute = -1,
                                         .quiet = true};
    must(site_open(&options, &b->site, &err), &err);
}

static void close_site(struct bench *b)
{
    site_close(b->site);
    site_settings_unref(b->settings);
    store_reader_free(b->conn);
    store_close(b->store);
    folder_close(b->folder);
    arena_free(b->arena);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = arena_new(1024 * 1024), .seed = 88172645463325252u};
    uint64_t rounds = 400;

    if (argc < 2 || (argc > 2 && !str_to_u64(str_from_c(argv[2]), ROUNDS_MAX, &rounds)) ||
        rounds < WRITES) {
        (void)fprintf(stderr, "usage: bench_page SITE [ROUNDS, at least %d]\n", WRITES);
        return 2;
    }
    b.rounds = (size_t)rounds;
    random_start();
    open_site(&b, str_from_c(argv[1]));
    draw_stories(&b);
    printf("stories %lld\n", (long long)b.total);
    bench_html(&b);
    bench_requests(&b);
    bench_saves(&b);
    bench_replies(&b);
    bench_removals(&b);
    close_site(&b);
    return 0;
}
