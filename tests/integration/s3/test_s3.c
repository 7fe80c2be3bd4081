/* SPDX-License-Identifier: MIT
 *
 * Storage with a bucket behind it, against the server of server.cjs: run by test_s3.py, which sets S3_ENDPOINT. */
#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "media/s3.h"
#include "media/storage.h"
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    struct arena *arena;
    char dir[64];
    struct storage *storage;
};

/* Each run has a prefix of its own, so that it counts its own objects. */
static str prefix = STR_INIT("the site/media/");

static struct s3_options options(void)
{
    return (struct s3_options){.endpoint = str_from_c(getenv("S3_ENDPOINT")),
                               .bucket = S("wharf"),
                               .prefix = prefix,
                               .key_id = S("S3RVER"),
                               .secret = S("S3RVER"),
                               .wait_ms = 5};
}

static void place_open(struct place *p, const struct s3_options *o)
{
    struct error err = ERROR_INIT;
    struct s3 *s3 = NULL;
    *p = (struct place){.arena = arena_new(ARENA_REQUEST)};
    (void)snprintf(p->dir, sizeof(p->dir), "/tmp/s3-test-XXXXXX");
    CHECK(mkdtemp(p->dir) != NULL);
    EXPECT_ST(storage_new(str_from_c(p->dir), &rng_system, &p->storage, &err), ST_OK, &err);
    EXPECT_ST(s3_new(o, &s3, &err), ST_OK, &err);
    storage_use_bucket(p->storage, s3);
}

static void place_close(struct place *p)
{
    storage_free(p->storage);
    (void)file_remove_tree(str_from_c(p->dir), NULL);
    arena_free(p->arena);
}

static enum status put(struct place *p, str path, str text, struct error *err)
{
    AUTO(storage_temp_dropp) struct storage_temp *temp = NULL;
    enum status st = storage_temp_new(p->storage, &temp, err);
    if (st == ST_OK)
        st = file_write_fd(storage_temp_fd(temp), path, text, err);
    return st == ST_OK ? storage_put(p->storage, path, temp, err) : st;
}

static str get(struct place *p, str path)
{
    AUTO(fd_closep) int fd = -1;
    struct error err = ERROR_INIT;
    str text;
    enum status st = storage_open(p->storage, path, &fd, &err);
    if (st == ST_OK)
        st = file_read_fd(p->arena, fd, path, 1 << 22, &text, &err);
    return st == ST_OK ? text : str_copy(p->arena, str_from_c(err.text));
}

static bool here(struct place *p, str path)
{
    return file_exists(file_join(p->arena, str_from_c(p->dir), path));
}

static enum status count(void *ctx, str path, int64_t bytes, struct error *err)
{
    (void)path, (void)bytes, (void)err;
    ++*(int *)ctx;
    return ST_OK;
}

/* ---- two places of one bucket, as two nodes have, or one whose cache was emptied ---- */

static void test_put_and_fetch(void)
{
    struct place a, b;
    struct error err = ERROR_INIT;
    const struct s3_options o = options();
    static const str paths[] = {STR_INIT("2024/05/a.jpg"),
                                STR_INIT("2024/05/\xC3\xA9t\xC3\xA9 + (1)~'*!.jpg"),
                                STR_INIT(".original/ab/cd.jpg")};
    place_open(&a, &o);
    place_open(&b, &o);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        EXPECT_ST(put(&a, paths[i], S("one"), &err), ST_OK, &err);
        EXPECT_ST(put(&b, paths[i], S("two"), &err), ST_CONFLICT, &err);
        EXPECT(here(&a, paths[i]) && !here(&b, paths[i]));
        EXPECT_STR(get(&b, paths[i]), S("one"));
        EXPECT(here(&b, paths[i]));
    }
    EXPECT_ST(put(&a, S(".made/x"), S("cache"), &err), ST_OK, &err); /* never leaves the machine */
    int files = 0;
    EXPECT_ST(storage_each(b.storage, count, &files, &err), ST_OK, &err);
    EXPECT_INT(files, ARRAY_LEN(paths));
    EXPECT_STR(get(&b, S("2024/05/none.jpg")), S("it is not in the bucket"));
    EXPECT_ST(storage_remove(b.storage, paths[0], &err), ST_OK, &err);
    EXPECT_ST(storage_remove(b.storage, paths[0], &err), ST_NOT_FOUND, &err);
    for (size_t i = 1; i < ARRAY_LEN(paths); i++)
        EXPECT_ST(storage_remove(a.storage, paths[i], &err), ST_OK, &err);
    place_close(&a);
    place_close(&b);
}

static void test_large(void)
{
    struct place a, b;
    struct error err = ERROR_INIT;
    const struct s3_options o = options();
    place_open(&a, &o);
    place_open(&b, &o);
    char *bytes = arena_alloc(a.arena, 3 << 20, 1);
    random_fill(&rng_system, bytes, 3 << 20);
    EXPECT_ST(put(&a, S("big.mp4"), (str){bytes, 3 << 20}, &err), ST_OK, &err);
    EXPECT(str_eq(get(&b, S("big.mp4")), (str){bytes, 3 << 20}));
    EXPECT_ST(storage_remove(a.storage, S("big.mp4"), &err), ST_OK, &err);
    place_close(&a);
    place_close(&b);
}

static void test_many_pages(void)
{
    struct place a;
    struct error err = ERROR_INIT;
    const struct s3_options o = options();
    int files = 0;
    place_open(&a, &o);
    for (int i = 0; i < 1005; i++) { /* a list has a thousand */
        str path = str_format(a.arena, "many/%d.txt", i);
        EXPECT_ST(put(&a, path, S("x"), &err), ST_OK, &err);
    }
    EXPECT_ST(storage_each(a.storage, count, &files, &err), ST_OK, &err);
    EXPECT_INT(files, 1005);
    place_close(&a);
}

/* ---- many want one file ---- */

static void *fetch_it(void *arg)
{
    struct place *p = arg;
    AUTO(fd_closep) int fd = -1;
    struct error err = ERROR_INIT;
    EXPECT_ST(storage_open(p->storage, S("2024/wanted.jpg"), &fd, &err), ST_OK, &err);
    return NULL;
}

static void test_once(void)
{
    struct place a, b;
    struct error err = ERROR_INIT;
    const struct s3_options o = options();
    pthread_t threads[16];
    place_open(&a, &o);
    place_open(&b, &o);
    EXPECT_ST(put(&a, S("2024/wanted.jpg"), S("one"), &err), ST_OK, &err);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        CHECK(pthread_create(&threads[i], NULL, fetch_it, &b) == 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    place_close(&a);
    place_close(&b);
}

/* ---- what goes wrong ---- */

/* Told to by test_s3.py: the server fails so often, then works. */
static void test_tries(bool enough)
{
    struct place a;
    struct error err = ERROR_INIT;
    const struct s3_options o = options();
    place_open(&a, &o);
    enum status st = put(&a, enough ? S("tries.jpg") : S("never.jpg"), S("x"), &err);
    EXPECT_ST(st, enough ? ST_OK : ST_IO, &err);
    EXPECT(enough || str_contains(str_from_c(err.text), S("503")));
    EXPECT(here(&a, S("never.jpg")) == false);
    place_close(&a);
}

static const struct {
    const char *what;
    struct s3_options wrong;
    const char *says;
} refusals[] = {
    {"secret", {.secret = STR_INIT("wrong")}, "the secret is not the key's"},
    {"key", {.key_id = STR_INIT("nobody")}, "there is no such key_id"},
    {"bucket", {.bucket = STR_INIT("nowhere")}, "there is no such bucket"},
    {"endpoint", {.endpoint = STR_INIT("http://127.0.0.1:1")}, "cannot reach"},
};

static void test_refusals(void)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct place a;
        struct error err = ERROR_INIT;
        struct s3_options o = options();
        const struct s3_options *w = &refusals[i].wrong;
        if (w->secret.len > 0)
            o.secret = w->secret;
        if (w->key_id.len > 0)
            o.key_id = w->key_id;
        if (w->bucket.len > 0)
            o.bucket = w->bucket;
        if (w->endpoint.len > 0)
            o.endpoint = w->endpoint;
        int files = 0;
        place_open(&a, &o);
        EXPECT_ST(storage_each(a.storage, count, &files, &err), ST_IO, &err);
        EXPECT(str_contains(str_from_c(err.text), str_from_c(refusals[i].says)));
        if (!str_contains(str_from_c(err.text), str_from_c(refusals[i].says)))
            printf("    %s: %s\n", refusals[i].what, err.text);
        EXPECT_ST(put(&a, S("a.jpg"), S("x"), &err), ST_IO, &err);
        EXPECT(!here(&a, S("a.jpg")));
        place_close(&a);
    }
}

int main(int argc, char **argv)
{
    random_start();
    str what = argc > 1 ? str_from_c(argv[1]) : S("all");
    if (!str_eq(what, S("all")))
        prefix = S("other/");
    if (str_eq(what, S("tries"))) {
        test_tries(true);
    } else if (str_eq(what, S("never"))) {
        test_tries(false);
    } else if (str_eq(what, S("once"))) {
        test_once();
    } else {
        test_put_and_fetch();
        test_large();
        test_refusals();
        test_many_pages();
    }
    return test_done();
}
