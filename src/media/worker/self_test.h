/* media/worker/self_test.h -- tests' worker misbehaves when a file tells it to; the real one never does.
 *
 *     "SELF TEST socket"   as a whole file:   it calls socket(), from inside the sandbox
 *
 * Compiled in by -DMEDIA_WORKER_SELF_TEST, which only tests/integration/media sets, for a program of another
 * name that is not installed. What each word does stands in self_test.c there. */
#pragma once

#ifdef MEDIA_WORKER_SELF_TEST
void self_test(int fd);
#else
static inline void self_test(int fd)
{
    (void)fd;
}
#endif
