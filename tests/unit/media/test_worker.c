/* SPDX-License-Identifier: MIT
 *
 * The asking side: several threads at once, a program that is not there, one that is no worker, a queue that is full. */
#include "media/worker.h"

#include "base/arena.h"
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 6, JOBS = 15 };

/* 1 by 1, one colour (GIF89a, a table of two colours, one code). */
static const char gif[] = "GIF89a\1\0\1\0\x80\0\0\xc8\x28\x28\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";

static int gif_new(void)
{
    int fd = memfd_create("gif", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(write(fd, gif, sizeof(gif) - 1) == (ssize_t)sizeof(gif) - 1);
    return fd;
}

static void *jobs(void *ctx)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    AUTO(fd_closep) int in = gif_new();
    for (int i = 0; i < JOBS; i++) {
        AUTO(fd_closep) int out = memfd_create("out", MFD_CLOEXEC);
        struct error err = ERROR_INIT;
        enum media_kind kind = MEDIA_UNKNOWN;
        struct media_look look;
        if (i % 2 == 0) {
            EXPECT_ST(media_worker_clean(ctx, in, MEDIA_GIF, out, &kind, arena, &look, &err), ST_OK,
                      &err);
            EXPECT_INT(look.width, 1);
            EXPECT_STR(str_from_c(look.color), S("#c82828"));
        } else {
            EXPECT_ST(media_worker_make(ctx, in, &(struct media_make){.format = MEDIA_PNG}, out,
                                        &kind, &err),
                      ST_OK, &err);
            EXPECT_INT(kind, MEDIA_PNG);
        }
    }
    return NULL;
}

/* A caller's mistake is the caller's: the process is not ended for it. */
static void test_closed(struct media_worker *worker)
{
    AUTO(fd_closep) int in = gif_new();
    AUTO(fd_closep) int out = memfd_create("out", MFD_CLOEXEC);
    struct error err = ERROR_INIT;
    enum media_kind kind = MEDIA_UNKNOWN;
    const struct media_make make = {.format = MEDIA_PNG};
    EXPECT_ST(media_worker_make(worker, -1, &make, out, &kind, &err), ST_IO, &err);
    EXPECT_ST(media_worker_make(worker, in, &make, -1, &kind, &err), ST_IO, &err);
    EXPECT_ST(media_worker_make(worker, in, &make, out, &kind, &err), ST_OK, &err);
}

static void test_threads(void)
{
    pthread_t threads[THREADS];
    struct error err = ERROR_INIT;
    AUTO(media_worker_freep) struct media_worker *worker = NULL;
    EXPECT_ST(media_worker_start(&(struct media_worker_options){.program = NULL}, &worker, &err),
              ST_OK, &err);
    if (worker == NULL)
        return;
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, jobs, worker) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    test_closed(worker);
}

static void test_no_worker(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    AUTO(fd_closep) int in = gif_new();
    AUTO(fd_closep) int out = memfd_create("out", MFD_CLOEXEC);
    AUTO(media_worker_freep) struct media_worker *worker = NULL;
    struct error err = ERROR_INIT;
    enum media_kind kind = MEDIA_UNKNOWN;
    struct media_look look;
    EXPECT_ST(media_worker_start(&(struct media_worker_options){.program = "/nonexistent"}, &worker,
                                 &err),
              ST_NOT_FOUND, &err);
    EXPECT(worker == NULL);
    EXPECT_ST(
        media_worker_start(&(struct media_worker_options){.program = "/bin/cat"}, &worker, &err),
        ST_OK, &err);
    EXPECT(media_worker_clean(worker, in, MEDIA_GIF, out, &kind, arena, &look, &err) != ST_OK);
    EXPECT_ST(media_worker_clean(worker, in, MEDIA_PDF, out, &kind, arena, &look, &err), ST_INVALID,
              &err);
    EXPECT_INT(kind, MEDIA_UNKNOWN);
}

int main(void)
{
    test_threads();
    test_no_worker();
    return test_done();
}
