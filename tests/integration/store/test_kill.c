/* SPDX-License-Identifier: MIT
 *
 * kill -9 at any moment. A child writes, and says on a pipe which writes were acknowledged; it is
 * killed, twenty times over the same database, and each of those writes must be there. The child is
 * this program again: a fork of a process with threads would be another thing than a program. */
#include "base/parse.h"
#include "tests/integration/store/replies.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 20, WRITES_A_ROUND = 200, IN_FLIGHT = 16 };

/* ---- the child ---- */

static void say_done(void *arg, enum status st, const struct error *err)
{
    (void)err;
    const struct reply *reply = arg;
    if (st == ST_OK)
        CHECK(write(STDOUT_FILENO, &reply->number, sizeof(reply->number)) == sizeof(reply->number));
    reply->all->ok++;
}

static int child_main(const char *path, int first)
{
    static struct replies replies;
    random_start();
    struct store_options options = fixture_options(str_from_c(path));
    AUTO(store_closep) struct store *store = fixture_open(&options);
    for (int i = 0; i < WRITES_A_ROUND; i++) {
        struct reply *reply = &replies.list[first + i];
        *reply = (struct reply){.all = &replies, .number = first + i};
        enum status st = store_write(store, replies_write, reply, say_done, reply, NULL);
        CHECK(st == ST_OK);
        while (replies.ok + IN_FLIGHT <= i)
            (void)usleep(50);
        if (i % 64 == 63) {
            st = store_checkpoint(store, NULL);
            CHECK(st == ST_OK);
        }
    }
    return 0;
}

/* ---- the parent ---- */

static pid_t child_start(const char *self, const char *path, int first, int *ret_fd)
{
    int fds[2];
    CHECK(pipe2(fds, O_CLOEXEC) == 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        char number[16];
        (void)snprintf(number, sizeof(number), "%d", first);
        (void)dup2(fds[1], STDOUT_FILENO);
        (void)execl(self, self, path, number, (char *)NULL);
        _exit(127);
    }
    (void)close(fds[1]);
    *ret_fd = fds[0];
    return pid;
}

/* As many as there are, at most `max`. */
static int numbers_read(struct replies *replies, int fd, int max)
{
    int number;
    int count = 0;
    while (count < max && read(fd, &number, sizeof(number)) == sizeof(number)) {
        CHECK(number > 0);
        CHECK(number < REPLIES_MAX);
        replies->acknowledged[number] = true;
        count++;
    }
    return count;
}

static int random_below(int n)
{
    return (int)(random_u64(&rng_system) % (uint64_t)n);
}

int main(int argc, char **argv)
{
    int64_t first = 1;
    if (argc == 3 && str_to_i64(str_from_c(argv[2]), &first))
        return child_main(argv[1], (int)first);

    static struct replies replies;
    fixture_start();
    int acknowledged = 0;
    int cut_short = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof(path), "%s/site.db", fixture_dir);
        int fd = -1;
        pid_t pid = child_start(argv[0], path, 1 + round * WRITES_A_ROUND, &fd);
        acknowledged += numbers_read(&replies, fd, random_below(WRITES_A_ROUND));
        (void)usleep((useconds_t)random_below(3000));
        (void)kill(pid, SIGKILL);
        int status = 0;
        CHECK(waitpid(pid, &status, 0) == pid);
        cut_short += WIFSIGNALED(status);
        acknowledged += numbers_read(&replies, fd, INT_MAX);
        (void)close(fd);
        struct store_options options = fixture_options(str_from_c(path));
        AUTO(store_closep) struct store *store = fixture_open(&options);
        EXPECT_INT(replies_lost(&replies, store), 0);
    }
    printf("%d rounds, %d cut short, %d writes acknowledged, none lost\n", ROUNDS, cut_short,
           acknowledged);
    EXPECT(cut_short > 0);
    EXPECT(acknowledged > 0);
    return test_done();
}
