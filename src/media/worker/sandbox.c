/* SPDX-License-Identifier: MIT
 *
 * An allow-list, found by running the corpus of tests/integration/test_pictures.py under strace and then
 * kept to what has a reason. Two calls are answered with an error that makes glibc take its older way:
 * clone3, whose flags lie in memory where a filter cannot look, so that clone can be held to threads; and
 * statx. */
#include "media/worker/sandbox.h"

#include "base/check.h"
#include "base/parse.h"
#include "base/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif

bool sandbox_is_whole(void)
{
#ifdef SANDBOX_SANITIZED
    return false;
#else
    return true;
#endif
}

/* ---- limits ---- */

enum { DESCRIPTORS_MAX = 64, NICE = 19 };

static MUST_USE enum status limit_set(int what, rlim_t soft, rlim_t hard, const char *name,
                                      struct error *err)
{
    if (setrlimit((__rlimit_resource_t)what, &(struct rlimit){soft, hard}) != 0)
        return error_set_errno(err, ST_IO, "cannot limit the picture worker's %s", name);
    return ST_OK;
}

/* Bytes of address space now: the first number of /proc/self/statm, in pages. */
static int64_t mapped_now(void)
{
    char text[128];
    int64_t pages = 0;
    AUTO(fd_closep) int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
    struct cursor c = cursor_of((str){text, n > 0 ? (size_t)n : 0});
    if (!cursor_uint(&c, 1, 18, &pages))
        return 0;
    return pages * (int64_t)sysconf(_SC_PAGESIZE);
}

enum status sandbox_limit(const struct sandbox_limits *limits, struct error *err)
{
    enum status st = limit_set(RLIMIT_CORE, 0, 0, "core files", err);
    if (st == ST_OK)
        st = limit_set(RLIMIT_NOFILE, DESCRIPTORS_MAX, DESCRIPTORS_MAX, "descriptors", err);
    if (st == ST_OK)
        st = limit_set(RLIMIT_FSIZE, (rlim_t)limits->file_max, (rlim_t)limits->file_max, "files",
                       err);
    /* What it may write to, heap and stacks; and all it may map, libraries and the picture's file with it. */
    rlim_t data = (rlim_t)limits->memory_max, mapped = (rlim_t)(mapped_now() + limits->memory_max);
    if (st == ST_OK && sandbox_is_whole())
        st = limit_set(RLIMIT_DATA, data, data, "memory", err);
    if (st == ST_OK && sandbox_is_whole())
        st = limit_set(RLIMIT_AS, mapped, mapped, "address space", err);
    if (st != ST_OK)
        return st;
    (void)signal(SIGXFSZ, SIG_IGN); /* write then fails with EFBIG, which has a sentence */
    (void)setpriority(PRIO_PROCESS, 0, NICE); /* refused: readers' pages wait a little more */
    return ST_OK;
}

void sandbox_job_begin(int64_t cpu_seconds_max)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1 + cpu_seconds_max);
    (void)setrlimit(RLIMIT_CPU, &limit);
}

/* ---- the filter ---- */

static const int allowed[] = {
    /* descriptors it has */
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(close),
    SCMP_SYS(dup),
    SCMP_SYS(fcntl),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(
        sendto), /* send() on the socket it has; without a socket of another kind there is nowhere to */
    /* memory; mmap and mprotect have rules of their own */
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    /* threads; clone has a rule of its own */
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    /* its own signals, so that abort() aborts */
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    /* time, chance, and how much there is of what */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
};

static const struct refusal {
    int call;
    int with;
} refused[] = {
    {SCMP_SYS(clone3), ENOSYS},
    {SCMP_SYS(statx), ENOSYS},
    {SCMP_SYS(ioctl), ENOTTY},
    {SCMP_SYS(unlink), EACCES},
    {SCMP_SYS(unlinkat), EACCES},
    {SCMP_SYS(mkdir), EACCES},
    {SCMP_SYS(mkdirat), EACCES},
    {SCMP_SYS(rename), EACCES},
    {SCMP_SYS(link), EACCES},
    {SCMP_SYS(chmod), EACCES},
    {SCMP_SYS(utimensat), EACCES},
    {SCMP_SYS(setpriority), EPERM},
    {SCMP_SYS(sched_setscheduler), EPERM},
    {SCMP_SYS(sched_getscheduler), EPERM},
    {SCMP_SYS(sched_getparam), EPERM},
    {SCMP_SYS(sched_setaffinity), EPERM},
    {SCMP_SYS(sched_getattr), EPERM},
    {SCMP_SYS(sched_setattr), EPERM},
    {SCMP_SYS(getuid), EPERM},
    {SCMP_SYS(geteuid), EPERM},
    {SCMP_SYS(getgid), EPERM},
    {SCMP_SYS(getegid), EPERM},
};

/* Asking about files by name, and opening them: refused to pictures. Cards may, for reading only. */
static const int by_name[] = {
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat),  SCMP_SYS(readlink),  SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
    SCMP_SYS(statfs), SCMP_SYS(fstatfs),   SCMP_SYS(getcwd),
};

/* The bits of open's flags that mean more than reading. O_TMPFILE holds O_DIRECTORY, which reading a folder needs. */
enum {
    OPEN_WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY)
};

static int rules_for_names(scmp_filter_ctx ctx, enum sandbox_mode mode)
{
    int bad = 0;
    uint32_t answer = mode == SANDBOX_CARDS ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES);
    for (size_t i = 0; i < ARRAY_LEN(by_name); i++)
        bad |= seccomp_rule_add(ctx, answer, by_name[i], 0);
    if (mode == SANDBOX_PICTURES) {
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 0);
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
        /* fstat is newfstatat of an empty name in glibc; of any other name it is refused. */
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                                SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
                                SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
        return bad;
    }
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 0);
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, OPEN_WRITES, 0));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, OPEN_WRITES, 0));
    for (int bit = 1; bit <= OPEN_WRITES; bit <<= 1) {
        if ((OPEN_WRITES & bit) == 0)
            continue;
        scmp_datum_t b = (scmp_datum_t)bit;
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 1,
                                SCMP_A1(SCMP_CMP_MASKED_EQ, b, b));
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, b, b));
    }
    return bad;
}

static int rules_by_argument(scmp_filter_ctx ctx)
{
    int bad = 0;
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1,
                            SCMP_A0(SCMP_CMP_NE, 0));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                            SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1,
                            SCMP_A0(SCMP_CMP_NE, PR_SET_NAME));
    return bad;
}

enum status sandbox_enter(enum sandbox_mode mode, struct error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(err, ST_IO, "cannot give up new privileges");
    if (!sandbox_is_whole())
        return ST_OK;
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (ctx == NULL)
        return error_set(err, ST_IO, "cannot make the system call filter");
    int bad = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO((uint32_t)refused[i].with), refused[i].call, 0);
    bad |= rules_for_names(ctx, mode);
    bad |= rules_by_argument(ctx);
    if (bad == 0)
        bad = seccomp_load(ctx);
    seccomp_release(ctx);
    if (bad != 0)
        return error_set(err, ST_IO, "cannot load the system call filter: %s", strerror(-bad));
    return ST_OK;
}
