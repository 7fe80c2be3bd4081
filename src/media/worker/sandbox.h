/* media/worker/sandbox.h -- how the picture worker locks itself up before it reads anything.
 *
 *     st = sandbox_limit(&(struct sandbox_limits){.memory_max = ..., .file_max = ...}, err);
 *     ... libraries loaded, threads may run ...
 *     st = sandbox_enter(SANDBOX_PICTURES, err);      // no way back
 *
 * What is left of the system to a process that has entered:
 *
 *     allowed           read and write on descriptors it has, memory that cannot be executed, threads, clocks, random
 *     refused           by error, since libraries try them in good faith: opening or asking about files by
 *     (EACCES, ...)     name, ioctl, priorities, prctl but a thread's name, another process's limits
 *     killed for        all else: sockets, programs, processes, signals to others, executable memory, ...
 *
 * SANDBOX_CARDS may also open files for reading, and ask about them: fontconfig and pango look for fonts
 * when a text is set. No byte from outside but the headline's reaches that process.
 *
 * Memory is limited as what can be written to (RLIMIT_DATA: heap and stacks), and, as a second fence, as
 * address space: a decoder's malloc then fails before the machine is short. Under the address and thread sanitizers, which map terabytes and
 * read /proc when they report, there is neither this limit nor the filter; sandbox_is_whole says so.
 *
 * Needs no privilege: no_new_privs is set first. Threads: call from the first one; the filter holds for all
 * that run already (SECCOMP_FILTER_FLAG_TSYNC) and all to come. */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

enum sandbox_mode { SANDBOX_PICTURES, SANDBOX_CARDS };

struct sandbox_limits {
    int64_t memory_max; /* bytes of heap and stacks */
    int64_t file_max;   /* bytes of the file it writes */
};

/* Also: few descriptors, no core, nice 19. */
MUST_USE enum status sandbox_limit(const struct sandbox_limits *limits, struct error *err);
MUST_USE enum status sandbox_enter(enum sandbox_mode mode, struct error *err);

/* The next job's: seconds of work from now, on all cores together, after which SIGXCPU ends the process.
 * The server's own deadline comes first; this holds when the server is gone. */
void sandbox_job_begin(int64_t cpu_seconds_max);

/* False in a build with a sanitizer. */
bool sandbox_is_whole(void);
