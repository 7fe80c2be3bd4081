/* SPDX-License-Identifier: MIT
 *
 * broadsheet-media: decodes pictures for `broadsheet`, which starts it. Not for people: see media/worker.h
 * for what it is, protocol.h for how it is spoken to.
 *
 *     start --- libraries loaded, warmed ---> limited ---> locked up ---> ask, job, answer ---> ...
 *
 * Warming up does one of each thing that libraries put off until they are first used (a colour profile, an
 * encoder's tables, the list of fonts), while files can still be opened. */
#include "base/check.h"
#include "base/parse.h"
#include "base/scope.h"
#include "media/worker/job.h"
#include "media/worker/picture.h"
#include "media/worker/protocol.h"
#include "media/worker/sandbox.h"
#include "media/worker/self_test.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILE_MAX = 256 * 1024 * 1024, CORES_MAX = 8 };

struct start {
    enum sandbox_mode mode;
    int64_t memory_max, job_ms_max, idle_ms_max;
};

/* ---- the socket ---- */

struct job {
    struct worker_ask ask;
    int fds[2];
    size_t fd_count;
};

static void job_close(struct job *job)
{
    for (size_t i = 0; i < job->fd_count; i++)
        (void)close(job->fds[i]);
    job->fd_count = 0;
}

/* False at the end: the server has gone, or asks nothing for so long. */
static bool job_wait(int64_t idle_ms_max, struct job *job)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct pollfd end = {.fd = WORKER_SOCKET, .events = POLLIN};
    struct iovec packet = {&job->ask, sizeof(job->ask)};
    struct msghdr message = {.msg_iov = &packet,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control)};
    job->fd_count = 0;
    int ready;
    do
        ready = poll(&end, 1, (int)idle_ms_max);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return false;
    ssize_t n = recvmsg(WORKER_SOCKET, &message, MSG_CMSG_CLOEXEC);
    if (n <= 0)
        return false;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        job->fd_count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        CHECK(job->fd_count <= 2);
        memcpy(job->fds, CMSG_DATA(c), job->fd_count * sizeof(int));
    }
    if (n != (ssize_t)sizeof(job->ask) || job->ask.magic != WORKER_MAGIC ||
        job->ask.version != WORKER_VERSION)
        exit(WORKER_USAGE);
    return true;
}

/* ---- a job ---- */

static MUST_USE enum status job_do(enum sandbox_mode mode, const struct job *job,
                                   struct worker_answer *a, struct error *err)
{
    bool card = job->ask.act == WORKER_CARD;
    if (card != (mode == SANDBOX_CARDS) || job->fd_count != (card ? 1 : 2))
        return error_set(err, ST_IO, "the picture worker was asked for what it does not do");
    if (card)
        return job_card(&job->ask, job->fds[0], a, err);
    self_test(job->fds[0]);
    if (job->ask.act == WORKER_CLEAN)
        return job_clean(&job->ask, job->fds[0], job->fds[1], a, err);
    return job_make(&job->ask, job->fds[0], job->fds[1], a, err);
}

static void job_answer(const struct start *start, struct job *job)
{
    static struct worker_answer a;
    struct error err = ERROR_INIT;
    memset(&a, 0, sizeof(a));
    a.magic = WORKER_MAGIC;
    a.version = WORKER_VERSION;
    sandbox_job_begin(CORES_MAX * (start->job_ms_max / 1000 + 1));
    enum status st = job_do(start->mode, job, &a, &err);
    a.status = (uint32_t)(st == ST_OK || st == ST_IO ? st : ST_INVALID);
    (void)snprintf(a.why, sizeof(a.why), "%s", err.text);
    (void)snprintf(a.detail, sizeof(a.detail), "%s", picture_detail());
    job_close(job);
    ssize_t n;
    do
        n = send(WORKER_SOCKET, &a, sizeof(a), MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    (void)malloc_trim(0); /* a large picture's memory goes back at once */
}

/* ---- starting ---- */

/* A picture through every format we read and write, and a card. In memory files, since a path is what the
 * jobs will not have either. */
static MUST_USE enum status warm_up(enum sandbox_mode mode, struct error *err)
{
    static const enum media_kind kinds[] = {MEDIA_PNG, MEDIA_JPEG, MEDIA_GIF, MEDIA_WEBP,
                                            MEDIA_AVIF};
    static struct worker_answer a;
    AUTO(fd_closep) int from = memfd_create("card", MFD_CLOEXEC);
    struct worker_ask ask = {.pixels_max = MEDIA_WORKER_PIXELS_MAX,
                             .frames_max = 1,
                             .width = 32,
                             .background = "#336699",
                             .ink = "#ffffff",
                             .accent = "#ffcc00",
                             .headline = "Aa \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
                             .site = "Bb",
                             .kicker = "Cc"};
    if (from < 0)
        return error_set_errno(err, ST_IO, "cannot make a file in memory");
    if (mode == SANDBOX_CARDS)
        return job_card(&ask, from, &a, err);
    VipsImage *image = NULL;
    if (vips_black(&image, 64, 64, "bands", 3, NULL) != 0)
        return picture_failed(MEDIA_PNG, err);
    VipsTarget *target = vips_target_new_to_descriptor(from);
    int failed = target == NULL ? -1 : vips_pngsave_target(image, target, NULL);
    g_clear_object(&target);
    g_clear_object(&image);
    if (failed != 0)
        return picture_failed(MEDIA_PNG, err);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        AUTO(fd_closep) int made = memfd_create("made", MFD_CLOEXEC);
        AUTO(fd_closep) int cleaned = memfd_create("cleaned", MFD_CLOEXEC);
        ask.kind = kinds[i];
        enum status st = job_make(&ask, from, made, &a, err);
        if (st == ST_OK)
            st = job_clean(&ask, made, cleaned, &a, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static MUST_USE enum status start_up(const char *program, const struct start *start,
                                     struct error *err)
{
    const struct sandbox_limits limits = {.memory_max = start->memory_max, .file_max = FILE_MAX};
    enum status st = picture_libraries_start(program, err);
    if (st == ST_OK)
        st = warm_up(start->mode, err);
    if (st == ST_OK)
        st = sandbox_limit(&limits, err);
    return st != ST_OK ? st : sandbox_enter(start->mode, err);
}

static bool start_read(int argc, char **argv, struct start *ret)
{
    if (argc != 5)
        return false;
    str mode = str_from_c(argv[1]);
    ret->mode = str_eq(mode, S("cards")) ? SANDBOX_CARDS : SANDBOX_PICTURES;
    return (ret->mode == SANDBOX_CARDS || str_eq(mode, S("pictures"))) &&
           str_to_i64(str_from_c(argv[2]), &ret->memory_max) &&
           str_to_i64(str_from_c(argv[3]), &ret->job_ms_max) &&
           str_to_i64(str_from_c(argv[4]), &ret->idle_ms_max) && ret->memory_max > 0 &&
           ret->job_ms_max > 0 && ret->idle_ms_max > 0 && ret->idle_ms_max <= INT32_MAX;
}

int main(int argc, char **argv)
{
    static struct job job;
    struct start start;
    struct error err = ERROR_INIT;
    (void)mallopt(M_ARENA_MAX,
                  2); /* an arena reserves 64 MB, and libvips has a thread a core and more */
    if (!start_read(argc, argv, &start)) {
        (void)fputs(
            "broadsheet-media is started by broadsheet, to read pictures; it is of no use by hand\n",
            stderr);
        return WORKER_USAGE;
    }
    if (start_up(argv[0], &start, &err) != ST_OK) {
        (void)fprintf(stderr, "broadsheet-media: %s\n", err.text);
        return WORKER_SANDBOX;
    }
    while (job_wait(start.idle_ms_max, &job))
        job_answer(&start, &job);
    /* Not exit(): libraries' last words are not needed, and some would ask for what is refused by now. */
    _exit(WORKER_LEFT);
}
