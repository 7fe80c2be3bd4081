/* tests/unit/news/fixture.h -- a site in a folder that goes away, a clock the test sets, and writes
 * that run as the program's do.
 *
 *     struct site site;
 *     site_open(&site);
 *     story_id id = site_save(&site, &(struct story_draft){.title = S("Rain"), ...});
 *     SITE_WRITE(&site, story_publish(desk, id, desk->now, err), ST_OK);
 *     EXPECT(site_raised(&site, S("story:1")));
 *     site_close(&site); */
#pragma once
#include "base/arena.h"
#include "base/random.h"
#include "news/byline.h"
#include "news/comment.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/tag.h"
#include "news/words.h"
#include "store/store.h"
#include "tests/check.h"

#include <ftw.h>
#include <semaphore.h>
#include <unistd.h>

/* SITE_WRITE names `err` anew inside tests that have one. */
#pragma GCC diagnostic ignored "-Wshadow"

#define SITE_START ((time_us)1767225600 * TIME_SECOND) /* 2026-01-01 */

struct site {
    char dir[64];
    struct arena *arena; /* for what the test reads */
    struct words *words;
    struct store *store;
    struct store_conn *conn;
    struct site_settings *settings;
    struct clock clock;
    time_us now;
    str raised[256]; /* names of the last write */
    size_t raised_count;
    struct arena *raised_arena;
    _Atomic int calls_left; /* < 0: none fails; else that many succeed, then one fails */
    _Atomic int calls;      /* an import reads while it writes */
    struct newsroom desk;
    struct arena *write_arena;
    sem_t begun, ended, done;
    enum status st;
    struct error err;
};

static inline int site_unlink(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static inline time_us site_now(void *ctx)
{
    return ((struct site *)ctx)->now;
}

static inline bool site_fault(void *ctx, const char *call)
{
    (void)call;
    struct site *site = ctx;
    site->calls++;
    return site->calls_left >= 0 && site->calls_left-- == 0;
}

static inline void site_changed(void *ctx, const struct store_changes *changes)
{
    struct site *site = ctx;
    for (size_t i = 0; i < changes->count && site->raised_count < 256; i++)
        site->raised[site->raised_count++] = str_copy(site->raised_arena, changes->names[i]);
}

static inline bool site_raised(const struct site *site, str name)
{
    for (size_t i = 0; i < site->raised_count; i++) {
        if (str_eq(site->raised[i], name))
            return true;
    }
    return false;
}

static inline void site_open(struct site *site)
{
    struct error err = ERROR_INIT;
    random_start();
    *site = (struct site){.now = SITE_START, .calls_left = -1};
    site->clock = (struct clock){site_now, site};
    (void)snprintf(site->dir, sizeof(site->dir), "/tmp/news-test-XXXXXX");
    CHECK(mkdtemp(site->dir) != NULL);
    site->arena = arena_new(ARENA_REQUEST);
    site->raised_arena = arena_new(ARENA_SMALL);
    site->write_arena = arena_new(ARENA_REQUEST);
    CHECK(sem_init(&site->begun, 0, 0) == 0);
    CHECK(sem_init(&site->ended, 0, 0) == 0);
    CHECK(sem_init(&site->done, 0, 0) == 0);
    site->words = words_new();
    struct store_options options = {
        .path = str_format(site->arena, "%s/site.db", site->dir),
        .create = true,
        .migrations = store_schema,
        .migrations_count = store_schema_count,
        .tokenizer = words_tokenizer(site->words),
        .clock = &site->clock,
        .fault = site_fault,
        .fault_ctx = site,
    };
    EXPECT_ST(store_open(&options, &site->store, &err), ST_OK, &err);
    CHECK(site->store != NULL);
    store_on_change(site->store, site_changed, site);
    EXPECT_ST(store_reader_new(site->store, &site->conn, &err), ST_OK, &err);
    EXPECT_ST(site_settings_load(site->conn, NULL, 0, &site->settings, &err), ST_OK, &err);
}

static inline void site_close(struct site *site)
{
    site_settings_unref(site->settings);
    store_reader_free(site->conn);
    store_close(site->store);
    words_free(site->words);
    arena_free(site->raised_arena);
    arena_free(site->write_arena);
    arena_free(site->arena);
    (void)nftw(site->dir, site_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- writes ---- */

/* A write is begun on the writer's thread, which then waits while the test's thread uses its
 * transaction, so that a test reads from top to bottom. */
static inline enum status site_in_tx(struct store_tx *tx, void *arg, struct error *err)
{
    struct site *site = arg;
    site->desk.tx = tx;
    CHECK(sem_post(&site->begun) == 0);
    CHECK(sem_wait(&site->ended) == 0);
    return site->st == ST_OK ? ST_OK : error_set(err, site->st, "%s", site->err.text);
}

static inline void site_done(void *arg, enum status st, const struct error *err)
{
    struct site *site = arg;
    site->st = st;
    site->err = *err;
    CHECK(sem_post(&site->done) == 0);
}

static inline struct newsroom *site_begin(struct site *site)
{
    struct error err = ERROR_INIT;
    site->raised_count = 0;
    arena_reset(site->write_arena);
    site->desk = (struct newsroom){
        .arena = site->write_arena, .rng = &rng_system, .now = site->now, .site = site->settings};
    EXPECT_ST(store_write(site->store, site_in_tx, site, site_done, site, &err), ST_OK, &err);
    CHECK(sem_wait(&site->begun) == 0);
    return &site->desk;
}

/* Commits when `st` is ST_OK; what the write came to in the end. */
static inline enum status site_end(struct site *site, enum status st, const struct error *err)
{
    site->st = st;
    site->err = *err;
    CHECK(sem_post(&site->ended) == 0);
    CHECK(sem_wait(&site->done) == 0);
    return site->st;
}

/* One call in one write; it sees `desk` and `err`. */
#define SITE_WRITE(site_ptr, call, want)                                                           \
    do {                                                                                           \
        struct error err_ = ERROR_INIT, *err = &err_;                                              \
        struct newsroom *desk = site_begin(site_ptr);                                              \
        enum status st_ = (call);                                                                  \
        EXPECT_ST(st_, (want), err);                                                               \
        (void)site_end((site_ptr), st_, err);                                                      \
    } while (0)

/* ---- stories ---- */

static inline story_id site_save(struct site *site, const struct story_draft *draft)
{
    struct error err = ERROR_INIT;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct story_prepared ready;
    story_id id = {0};
    EXPECT_ST(story_prepare(arena, draft, &ready, &err), ST_OK, &err);
    struct newsroom *desk = site_begin(site);
    enum status st = story_save(desk, &ready, &id, &err);
    EXPECT_ST(site_end(site, st, &err), ST_OK, &err);
    return id;
}

static inline struct story *site_story(struct site *site, story_id id)
{
    struct error err = ERROR_INIT;
    struct story *story = NULL;
    EXPECT_ST(story_by_id(site->conn, id, site->arena, &story, &err), ST_OK, &err);
    CHECK(story != NULL);
    EXPECT_ST(story_load_terms(site->conn, &story, 1, site->arena, &err), ST_OK, &err);
    EXPECT_ST(story_load_body(site->conn, &story, 1, site->arena, &err), ST_OK, &err);
    EXPECT_ST(story_load_plain(site->conn, &story, 1, site->arena, &err), ST_OK, &err);
    return story;
}

static inline tag_id site_tag(struct site *site, str name)
{
    tag_id id = {0};
    SITE_WRITE(site, tag_find_or_add(desk, &(struct tag_draft){.name = name}, &id, err), ST_OK);
    return id;
}

static inline byline_id site_byline(struct site *site, str name)
{
    byline_id id = {0};
    SITE_WRITE(site, byline_find_or_add(desk, &(struct byline_draft){.name = name}, &id, err),
               ST_OK);
    return id;
}

/* The one number a query gives. */
static inline int64_t site_number(struct site *site, store_sql sql)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(site->conn, sql);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    return store_column_int(q, 0);
}

/* Everything that is kept beside the stories agrees with them. */
static inline void site_expect_consistent(struct site *site)
{
    int64_t wrong = -1;
    SITE_WRITE(site, story_list_recount(desk, &wrong, err), ST_OK);
    EXPECT_INT(wrong, 0);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM story s LEFT JOIN story_text t"
                                     " ON t.story = s.id LEFT JOIN story_body b ON b.story = s.id"
                                     " WHERE t.story IS NULL OR b.story IS NULL")),
               0);
}
