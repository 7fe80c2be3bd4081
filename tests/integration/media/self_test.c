/* SPDX-License-Identifier: MIT */
#include "media/worker/self_test.h"

#include "base/str.h"
#include "media/worker/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a call came to, as the way the process ends: 40 refused by an error, 41 it worked. */
enum { WAS_REFUSED = 40, WAS_ALLOWED = 41 };

static _Noreturn void ended(bool worked)
{
    _exit(worked ? WAS_ALLOWED : WAS_REFUSED);
}

static void eat_memory(void)
{
    enum { PIECE = 16 * 1024 * 1024 };
    for (;;) {
        char *piece = malloc(PIECE);
        if (piece == NULL)
            abort();
        memset(piece, 1, PIECE);
    }
}

static void lie(void)
{
    static struct worker_answer a = {.magic = WORKER_MAGIC,
                                     .version = WORKER_VERSION,
                                     .status = ST_OK,
                                     .kind = 250,
                                     .width = -1};
    (void)!send(WORKER_SOCKET, &a, sizeof(a), 0);
    _exit(0);
}

void self_test(int fd)
{
    static const str mark = STR_INIT("SELF TEST ");
    static char text[64];
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
    str word = {text, n > 0 ? (size_t)n : 0};
    if (!str_starts(word, mark))
        return;
    word = str_trim(str_from(word, mark.len));
    char *const arguments[] = {(char *)(uintptr_t) "/bin/true", NULL};
    struct stat info;
    if (str_eq(word, S("open")))
        ended(open("/etc/passwd", O_RDONLY) >= 0);
    if (str_eq(word, S("stat")))
        ended(stat("/etc/passwd", &info) == 0);
    if (str_eq(word, S("unlink")))
        ended(unlink("/nonexistent") == 0 || errno == ENOENT);
    if (str_eq(word, S("socket")))
        ended(socket(AF_INET, SOCK_STREAM, 0) >= 0);
    if (str_eq(word, S("execve")))
        ended(execve(arguments[0], arguments, NULL) == 0);
    if (str_eq(word, S("fork"))) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        ended(child > 0);
    }
    if (str_eq(word, S("kill")))
        ended(kill(getppid(), 0) == 0);
    if (str_eq(word, S("code")))
        ended(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                   0) != MAP_FAILED);
    if (str_eq(word, S("sleep")))
        (void)sleep(3600);
    if (str_eq(word, S("abort")))
        abort();
    if (str_eq(word, S("leave")))
        _exit(1);
    if (str_eq(word, S("memory")))
        eat_memory();
    if (str_eq(word, S("lie")))
        lie();
    if (str_eq(word, S("close")))
        (void)close(fd); /* the job's own descriptor, early */
}
