/* SPDX-License-Identifier: MIT
 *
 * bench_news STORIES [FILE] -- what the newsroom costs by itself: saving stories as an import does,
 * relating them, the records of a story page, list pages far back, and search. Times are of the
 * processor, so that a busy machine measures the same. With FILE, the database is kept there, and used again if it is there already. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "base/random.h"
#include "discover/popular.h"
#include "discover/related.h"
#include "discover/search.h"
#include "discover/slots.h"
#include "news/byline.h"
#include "news/comment.h"
#include "news/read_count.h"
#include "news/tag.h"
#include "news/words.h"
#include "store/store.h"
#include "tests/check.h"

#include <math.h>
#include <unistd.h>

enum { WORDS = 6000, FUNCTION_WORDS = 60, TAGS = 200, BYLINES = 40, ROUNDS = 600, STEP = 16 };

struct bench {
    struct store *store;
    struct store_conn *conn;
    struct arena *arena; /* for good */
    struct arena *step;  /* for a step */
    uint64_t seed;
    str words[WORDS];
    tag_id tags[TAGS];
    byline_id bylines[BYLINES];
    int64_t stories, made;
    struct story_prepared ready[STEP];
    size_t ready_count;
    time_us preparing, saving;
};

/* Of all threads: what else the machine does is not ours. */
static time_us cpu_now(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0);
    return (time_us)t.tv_sec * TIME_SECOND + t.tv_nsec / 1000;
}

/* ---- a synthetic paper ---- */

static uint64_t draw(struct bench *b)
{
    b->seed = b->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return b->seed >> 33;
}

/* Low numbers often, high ones rarely. */
static size_t zipf(struct bench *b, size_t n)
{
    double u = (double)draw(b) / 2147483648.0;
    size_t k = (size_t)(2.7 * (pow(((double)n + 2.7) / 2.7, u) - 1.0));
    return k < n ? k : n - 1;
}

static void make_words(struct bench *b)
{
    static const char *const syllables[] = {"ba",  "cor", "del", "en",  "far", "gal", "hor", "is",
                                            "ken", "lan", "mer", "nor", "ol",  "per", "ros", "sel",
                                            "tor", "ul",  "van", "wil", "yor", "dan", "mon", "ter"};
    for (size_t i = 0; i < WORDS; i++) {
        size_t a = i % 24, c = i / 24 % 24, d = i / 576;
        b->words[i] = i < FUNCTION_WORDS ? str_format(b->arena, "the%s", syllables[i % 24])
                                         : str_format(b->arena, "%s%s%s", syllables[a],
                                                      syllables[c], d == 0 ? "" : syllables[d]);
    }
    b->words[0] = S("the"), b->words[1] = S("of"), b->words[2] = S("to"), b->words[3] = S("and");
}

static void add_sentence(struct bench *b, struct buf *text, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        bool function = draw(b) % 100 < 46;
        str word = b->words[function ? zipf(b, FUNCTION_WORDS)
                                     : FUNCTION_WORDS + zipf(b, WORDS - FUNCTION_WORDS)];
        buf_add(text, word);
        buf_add(text, i + 1 == words ? S(". ") : S(" "));
        if (draw(b) % 100 < 2)
            buf_addf(text, "Anna Ber%dman ", (int)(draw(b) % 300));
    }
}

static str make_body(struct bench *b)
{
    struct buf text;
    buf_init(&text, b->step, 1 << 20);
    size_t want = 400 + draw(b) % 760, have = 0;
    while (have < want) {
        buf_add(&text, S("<p>"));
        for (int i = 0; i < 4; i++, have += 15)
            add_sentence(b, &text, 15);
        buf_add(&text, S("</p>\n"));
    }
    return buf_view(&text);
}

static void make_draft(struct bench *b, int64_t n, struct story_draft *d)
{
    struct buf title;
    buf_init(&title, b->step, 4096);
    add_sentence(b, &title, 7);
    tag_id *tags = arena_new_array(b->step, tag_id, 4);
    for (size_t i = 0; i < 4; i++)
        tags[i] = b->tags[zipf(b, TAGS)];
    byline_id *by = arena_new_one(b->step, byline_id);
    *by = b->bylines[draw(b) % BYLINES];
    time_us span = 3 * 365 * TIME_DAY, now = clock_now(&clock_system);
    *d = (struct story_draft){.title = buf_view(&title),
                              .slug = str_format(b->step, "story-%lld", (long long)n),
                              .text = make_body(b),
                              .tags = tags,
                              .tags_count = 4,
                              .bylines = by,
                              .bylines_count = 1,
                              .state = STORY_PUBLISHED,
                              .published_at = now - span + span / b->stories * n};
}

/* ---- filling ---- */

static struct newsroom desk_of(struct bench *b, struct store_tx *tx)
{
    return (struct newsroom){
        .tx = tx, .arena = b->step, .rng = &rng_system, .now = clock_now(&clock_system)};
}

static enum status fill_terms(struct store_tx *tx, void *arg, struct error *err)
{
    struct bench *b = arg;
    struct newsroom desk = desk_of(b, tx);
    enum status st = ST_OK;
    for (int i = 0; st == ST_OK && i < TAGS; i++)
        st = tag_find_or_add(&desk, &(struct tag_draft){.name = str_format(b->step, "Tag %d", i)},
                             &b->tags[i], err);
    for (int i = 0; st == ST_OK && i < BYLINES; i++)
        st = byline_find_or_add(&desk,
                                &(struct byline_draft){.name = str_format(b->step, "By %d", i)},
                                &b->bylines[i], err);
    return st;
}

static enum status save_some(struct store_tx *tx, void *arg, struct error *err)
{
    struct bench *b = arg;
    struct newsroom desk = desk_of(b, tx);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < b->ready_count; i++) {
        story_id id;
        st = story_save(&desk, &b->ready[i], &id, err);
    }
    return st;
}

/* One thread prepares, the writer saves: one after the other here, so that each is measured. */
static enum status fill_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct bench *b = arg;
    if (b->made == b->stories)
        return ST_NOT_FOUND;
    arena_reset(b->step);
    time_us begun;
    enum status st = ST_OK;
    for (b->ready_count = 0; st == ST_OK && b->ready_count < STEP && b->made < b->stories;
         b->ready_count++, b->made++) {
        struct story_draft d;
        make_draft(b, b->made, &d);
        begun = cpu_now();
        st = story_prepare(b->step, &d, &b->ready[b->ready_count], err);
        b->preparing += cpu_now() - begun;
    }
    begun = cpu_now();
    if (st == ST_OK)
        st = save_some(tx, b, err);
    b->saving += cpu_now() - begun;
    return st;
}

static void fill(struct bench *b)
{
    struct error err = ERROR_INIT;
    EXPECT_ST(store_write_wait(b->store, fill_terms, b, &err), ST_OK, &err);
    EXPECT_ST(store_write_bulk_wait(b->store, fill_step, b, &err), ST_OK, &err);
    double stories = (double)b->stories;
    printf("prepare   %8.1f us a story\n", (double)b->preparing / stories);
    printf("save      %8.1f us a story, index included (%.0f a second)\n",
           (double)b->saving / stories, stories * 1e6 / (double)b->saving);
    struct related_work work = {.store = b->store,
                                .conn = b->conn,
                                .clock = &clock_system,
                                .rng = &rng_system,
                                .language = S("en")};
    int64_t done = 0;
    time_us begun = cpu_now();
    EXPECT_ST(related_run(&work, TIME_NEVER, &done, &err), ST_OK, &err);
    printf("related   %8.1f us a story (%lld)\n",
           (double)(cpu_now() - begun) / (double)(done > 0 ? done : 1), (long long)done);
}

static enum status add_reads(struct store_tx *tx, void *arg, struct error *err)
{
    struct bench *b = arg;
    struct newsroom desk = desk_of(b, tx);
    struct read_count reads[200];
    struct read_on pairs[200];
    for (int64_t i = 0; i < 200; i++) {
        int64_t story = 1 + (int64_t)(draw(b) % (uint64_t)b->stories);
        reads[i] = (struct read_count){{story}, 5 + i % 60, 0};
        pairs[i] = (struct read_on){{story}, {1 + (story + 7 * i) % b->stories}, 1 + i % 9};
    }
    enum status st = read_count_add(&desk, reads, 200, err);
    return st == ST_OK ? read_on_add(&desk, pairs, 200, err) : st;
}

/* ---- measuring ---- */

static int by_time(const void *a, const void *b)
{
    const time_us *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void report(const char *what, time_us *times, size_t count, int64_t statements)
{
    qsort(times, count, sizeof(*times), by_time);
    printf("%-26s median %7lld us  p99 %7lld us", what, (long long)times[count / 2],
           (long long)times[count * 99 / 100]);
    if (statements > 0)
        printf("  statements %.1f", (double)statements / (double)count);
    printf("\n");
}

/* All that a story page shows, as its route reads it. */
static enum status page(struct bench *b, str slug, struct error *err)
{
    struct story *s, *previous, *next;
    struct story_slots slots;
    struct comment_list comments;
    time_us now = clock_now(&clock_system);
    enum status st = store_read_begin(b->conn, err);
    if (st == ST_OK)
        st = story_by_slug(b->conn, slug, b->step, &s, err);
    if (st == ST_OK)
        st = story_load_body(b->conn, &s, 1, b->step, err);
    if (st == ST_OK)
        st = story_load_terms(b->conn, &s, 1, b->step, err);
    if (st == ST_OK)
        st = slots_fill(b->conn, s, SLOT_ALL, now, b->step, &slots, err);
    if (st == ST_OK)
        st = story_neighbours(b->conn, s, b->step, &previous, &next, err);
    if (st == ST_OK)
        st = comment_list_shown(b->conn, s->id, (struct story_key){0, 0}, (comment_id){0}, 0,
                                b->step, &comments, err);
    store_read_end(b->conn);
    return st;
}

static void measure_pages(struct bench *b)
{
    struct error err = ERROR_INIT;
    static time_us times[ROUNDS];
    int64_t before = store_conn_statements(b->conn);
    for (size_t i = 0; i < ROUNDS; i++) {
        arena_reset(b->step);
        str slug = str_format(b->step, "story-%lld", (long long)(draw(b) % (uint64_t)b->stories));
        time_us begun = cpu_now();
        EXPECT_ST(page(b, slug, &err), ST_OK, &err);
        times[i] = cpu_now() - begun;
    }
    report("story page's records", times, ROUNDS, store_conn_statements(b->conn) - before);
    before = store_conn_statements(b->conn);
    for (size_t i = 0; i < ROUNDS; i++) {
        arena_reset(b->step);
        struct story_query q = {.limit = 15};
        struct story_page p;
        struct story_list list;
        if (i % 2 == 1) {
            q.list = LIST_TAG;
            q.of = b->tags[i % 20].v;
        }
        time_us begun = cpu_now();
        EXPECT_ST(story_list_page(b->conn, &q, 1, &p, &err), ST_OK, &err);
        int64_t n = 1 + (int64_t)(draw(b) % (uint64_t)p.pages);
        EXPECT_ST(story_list_page(b->conn, &q, n, &p, &err), ST_OK, &err);
        q.before = p.before;
        EXPECT_ST(story_list_get(b->conn, &q, b->step, &list, &err), ST_OK, &err);
        EXPECT_ST(story_load_terms(b->conn, list.rows, list.count, b->step, &err), ST_OK, &err);
        times[i] = cpu_now() - begun;
    }
    report("any page of a list", times, ROUNDS, store_conn_statements(b->conn) - before);
}

static void search(struct bench *b, const char *what, str (*text)(struct bench *b))
{
    struct error err = ERROR_INIT;
    enum { SEARCHES = 200 };
    static time_us times[SEARCHES];
    for (size_t i = 0; i < SEARCHES; i++) {
        arena_reset(b->step);
        struct search_query q = {.text = text(b),
                                 .language = S("en"),
                                 .limit = 20,
                                 .now = clock_now(&clock_system),
                                 .snippets = true};
        struct search_found found;
        time_us begun = cpu_now();
        EXPECT_ST(search_run(b->conn, &q, b->step, &found, &err), ST_OK, &err);
        times[i] = cpu_now() - begun;
    }
    report(what, times, SEARCHES, 0);
}

static str common(struct bench *b)
{
    return b->words[FUNCTION_WORDS + draw(b) % 50];
}

static str pairs(struct bench *b)
{
    return str_format(b->step, "%.*s %.*s", STR_ARG(b->words[FUNCTION_WORDS + zipf(b, 3000)]),
                      STR_ARG(b->words[FUNCTION_WORDS + zipf(b, 3000)]));
}

static str rare(struct bench *b)
{
    return b->words[WORDS - 1 - draw(b) % 1000];
}

static struct store *open_at(struct bench *b, str path, struct words *words)
{
    struct error err = ERROR_INIT;
    struct store *store = NULL;
    const struct store_options options = {.path = path,
                                          .create = true,
                                          .migrations = store_schema,
                                          .migrations_count = store_schema_count,
                                          .tokenizer = words_tokenizer(words)};
    EXPECT_ST(store_open(&options, &store, &err), ST_OK, &err);
    CHECK(store != NULL);
    EXPECT_ST(store_reader_new(store, &b->conn, &err), ST_OK, &err);
    return store;
}

int main(int argc, char **argv)
{
    random_start();
    static struct bench b = {.seed = 1};
    if (argc < 2 || !str_to_i64(str_from_c(argv[1]), &b.stories) || b.stories < 1) {
        printf("usage: bench_news STORIES [FILE]\n");
        return 2;
    }
    b.arena = arena_new(ARENA_REQUEST);
    b.step = arena_new(ARENA_REQUEST);
    make_words(&b);
    str path = argc > 2 ? str_from_c(argv[2])
                        : str_format(b.arena, "/tmp/bench-news-%d.db", (int)getpid());
    struct error err = ERROR_INIT;
    struct words *words = words_new();
    b.store = open_at(&b, path, words);
    struct story *any;
    if (story_by_slug(b.conn, S("story-0"), b.step, &any, &err) != ST_OK) {
        fill(&b);
        EXPECT_ST(store_write_wait(b.store, add_reads, &b, &err), ST_OK, &err);
        const struct popular_work popular = {
            .store = b.store, .conn = b.conn, .clock = &clock_system, .rng = &rng_system};
        EXPECT_ST(popular_run(&popular, &err), ST_OK, &err);
    } else {
        EXPECT_ST(store_write_wait(b.store, fill_terms, &b, &err), ST_OK, &err);
    }
    measure_pages(&b);
    search(&b, "search, common words", common);
    search(&b, "search, pairs", pairs);
    search(&b, "search, rare words", rare);
    store_reader_free(b.conn);
    store_close(b.store);
    words_free(words);
    if (argc <= 2)
        (void)unlink(str_copy_c(b.arena, path));
    arena_free(b.step);
    arena_free(b.arena);
    return test_done();
}
