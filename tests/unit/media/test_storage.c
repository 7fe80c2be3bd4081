/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "media/storage.h"
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    struct arena *arena;
    char dir[64];
    str media;
    struct storage *storage;
};

static void place_open(struct place *p)
{
    struct error err = ERROR_INIT;
    *p = (struct place){.arena = arena_new(ARENA_REQUEST)};
    (void)snprintf(p->dir, sizeof(p->dir), "/tmp/storage-test-XXXXXX");
    CHECK(mkdtemp(p->dir) != NULL);
    p->media = str_format(p->arena, "%s/media", p->dir);
    EXPECT_ST(storage_new(p->media, &rng_system, &p->storage, &err), ST_OK, &err);
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
    if (st == ST_OK)
        st = storage_put(p->storage, path, temp, err);
    return st;
}

static str get(struct place *p, str path)
{
    AUTO(fd_closep) int fd = -1;
    str text = S("(none)");
    if (storage_open(p->storage, path, &fd, NULL) == ST_OK)
        (void)!file_read_fd(p->arena, fd, path, 1000, &text, NULL);
    return text;
}

static int64_t left_in_new(struct place *p)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "ls -A %s/media/.new | wc -l", p->dir);
    FILE *pipe = popen(command, "r");
    char line[32] = "";
    CHECK(fgets(line, sizeof(line), pipe) != NULL);
    (void)pclose(pipe);
    return line[0] - '0';
}

static void test_put(void)
{
    struct place p;
    struct error err = ERROR_INIT;
    place_open(&p);
    EXPECT_ST(put(&p, S("2024/05/a.txt"), S("one"), &err), ST_OK, &err);
    EXPECT_STR(get(&p, S("2024/05/a.txt")), S("one"));
    EXPECT_ST(put(&p, S("2024/05/a.txt"), S("two"), &err), ST_CONFLICT, &err);
    EXPECT_STR(get(&p, S("2024/05/a.txt")), S("one"));
    EXPECT_ST(put(&p, S("2024/05"), S("two"), &err), ST_CONFLICT, &err);
    EXPECT_ST(put(&p, S("2024/05/a.txt/b"), S("two"), &err), ST_IO, &err);
    EXPECT_INT(left_in_new(&p), 0);

    /* the same temp serves the next try, and reads on once it is put */
    AUTO(storage_temp_dropp) struct storage_temp *temp = NULL;
    EXPECT_ST(storage_temp_new(p.storage, &temp, &err), ST_OK, &err);
    EXPECT_ST(file_write_fd(storage_temp_fd(temp), S("x"), S("two"), &err), ST_OK, &err);
    EXPECT_ST(storage_put(p.storage, S("2024/05/a.txt"), temp, &err), ST_CONFLICT, &err);
    EXPECT_ST(storage_put(p.storage, S("2024/05/a-1.txt"), temp, &err), ST_OK, &err);
    EXPECT_STR(get(&p, S("2024/05/a-1.txt")), S("two"));
    char bytes[4] = "";
    EXPECT_INT(pread(storage_temp_fd(temp), bytes, 3, 0), 3);

    EXPECT_ST(storage_remove(p.storage, S("2024/05/a.txt"), &err), ST_OK, &err);
    EXPECT_ST(storage_remove(p.storage, S("2024/05/a.txt"), &err), ST_NOT_FOUND, &err);
    EXPECT_ST(storage_remove(p.storage, S("2023/a.txt"), &err), ST_NOT_FOUND, &err);
    EXPECT_STR(get(&p, S("2024/05/a.txt")), S("(none)"));
    place_close(&p);
}

static void test_paths(void)
{
    static const struct {
        str path;
        bool valid;
    } cases[] = {
        {STR_INIT("a.jpg"), true},
        {STR_INIT("2024/05/\xC3\xA9.jpg"), true},
        {STR_INIT(".original/ab/cd.jpg"), true},
        {STR_INIT(".made/size/w600/a.jpg"), true},
        {STR_INIT(".original"), false},
        {STR_INIT("a/.original/b"), false},
        {STR_INIT(".new/a"), false},
        {STR_INIT(".hidden"), false},
        {STR_INIT(""), false},
        {STR_INIT("/etc/passwd"), false},
        {STR_INIT("../a"), false},
        {STR_INIT("a/../../b"), false},
        {STR_INIT("a/./b"), false},
        {STR_INIT("a//b"), false},
        {STR_INIT("a/"), false},
        {STR_INIT("a\0b"), false},
        {STR_INIT("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"), true},
        {STR_INIT("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"), false},
    };
    struct place p;
    struct error err = ERROR_INIT;
    place_open(&p);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EXPECT(storage_path_valid(cases[i].path) == cases[i].valid);
        EXPECT_ST(put(&p, cases[i].path, S("x"), &err), cases[i].valid ? ST_OK : ST_INVALID, &err);
    }
    char name[300];
    memset(name, 'a', sizeof(name));
    EXPECT(storage_path_valid((str){name, 255}));
    EXPECT(!storage_path_valid((str){name, 256}));

    /* a link leads nowhere, in or out */
    EXPECT(symlink(p.dir, str_copy_c(p.arena, file_join(p.arena, p.media, S("link")))) == 0);
    EXPECT_ST(put(&p, S("link/out.txt"), S("x"), &err), ST_IO, &err);
    EXPECT_STR(get(&p, S("link/media/a.jpg")), S("(none)"));
    EXPECT_STR(storage_original_path(p.arena, (str){name, 64}, S("jpg")),
               str_format(p.arena, ".original/aa/%.62s.jpg", name));
    place_close(&p);
}

static enum status listed(void *ctx, str path, int64_t bytes, struct error *err)
{
    struct place *p = ctx;
    (void)err;
    EXPECT(str_eq(path, S("a.txt")) ? bytes == 3 : str_eq(path, S(".original/aa/b")));
    p->media.len++; /* counts */
    return ST_OK;
}

static void test_each_and_sweep(void)
{
    struct place p;
    struct error err = ERROR_INIT;
    place_open(&p);
    EXPECT_ST(put(&p, S("a.txt"), S("one"), &err), ST_OK, &err);
    EXPECT_ST(put(&p, S(".original/aa/b"), S("one"), &err), ST_OK, &err);
    EXPECT_ST(put(&p, S(".made/size/w600/a.txt"), S("one"), &err), ST_OK, &err);
    size_t before = p.media.len;
    EXPECT_ST(storage_each(p.storage, listed, &p, &err), ST_OK, &err);
    EXPECT_INT(p.media.len - before, 2);
    p.media.len = before;

    /* three files in .new: one old and held, one old and abandoned, one new */
    AUTO(storage_temp_dropp) struct storage_temp *held = NULL;
    int64_t removed;
    EXPECT_ST(storage_temp_new(p.storage, &held, &err), ST_OK, &err);
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    EXPECT(futimens(storage_temp_fd(held), old) == 0);
    str abandoned = file_join(p.arena, p.media, S(".new/abandoned"));
    EXPECT_ST(file_write_atomic(abandoned, S("x"), 0600, &err), ST_OK, &err);
    EXPECT(utimensat(AT_FDCWD, str_copy_c(p.arena, abandoned), old, 0) == 0);
    EXPECT_ST(file_write_atomic(file_join(p.arena, p.media, S(".new/fresh")), S("x"), 0600, &err),
              ST_OK, &err);
    EXPECT_ST(storage_sweep(p.storage, &removed, &err), ST_OK, &err);
    EXPECT_INT(removed, 1);
    EXPECT_INT(left_in_new(&p), 2);
    EXPECT_ST(storage_put(p.storage, S("held.txt"), held, &err), ST_OK, &err);
    place_close(&p);
}

/* Many want one name: one gets it. */
struct racer {
    struct place *p;
    _Atomic int won, lost;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct error err = ERROR_INIT;
    enum status st = put(r->p, S("2024/race.txt"), S("x"), &err);
    if (st == ST_OK)
        r->won++;
    if (st == ST_CONFLICT)
        r->lost++;
    return NULL;
}

static void test_race(void)
{
    struct place p;
    place_open(&p);
    struct racer r = {.p = &p};
    pthread_t threads[8];
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        CHECK(pthread_create(&threads[i], NULL, race, &r) == 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    EXPECT_INT(r.won, 1);
    EXPECT_INT(r.lost, 7);
    place_close(&p);
}

int main(void)
{
    random_start();
    test_put();
    test_paths();
    test_each_and_sweep();
    test_race();
    return test_done();
}
