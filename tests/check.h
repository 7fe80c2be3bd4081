/* tests/check.h -- the least a test needs: expectations that say where they failed, and go on.
 *
 *     int main(void)
 *     {
 *         EXPECT_STR(slug, S("rain"));
 *         EXPECT(st == ST_OK);
 *         return test_done();           // prints "N passed, N failed", 1 if any failed
 *     } */
#pragma once
#include "base/str.h"
#include <stdio.h>

static _Atomic int test_passed, test_failed; /* threads may expect too */

static inline void test_count(bool ok, const char *file, int line, const char *what)
{
    if (ok) {
        test_passed++;
        return;
    }
    test_failed++;
    printf("%s:%d: failed: %s\n", file, line, what);
}

#define EXPECT(cond) test_count((cond), __FILE__, __LINE__, #cond)
#define EXPECT_STR(got, want)                                                                      \
    do {                                                                                           \
        str got_ = (got), want_ = (want);                                                          \
        test_count(str_eq(got_, want_), __FILE__, __LINE__, #got " == " #want);                    \
        if (!str_eq(got_, want_))                                                                  \
            printf("    got  \"%.*s\"\n    want \"%.*s\"\n", STR_ARG(got_), STR_ARG(want_));       \
    } while (0)
#define EXPECT_INT(got, want)                                                                      \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        test_count(got_ == want_, __FILE__, __LINE__, #got " == " #want);                          \
        if (got_ != want_)                                                                         \
            printf("    got  %lld\n    want %lld\n", got_, want_);                                 \
    } while (0)
/* For calls that take an error: prints its sentence when the status is another. */
#define EXPECT_ST(call, want, err)                                                                 \
    do {                                                                                           \
        enum status got_ = (call);                                                                 \
        test_count(got_ == (want), __FILE__, __LINE__, #call);                                     \
        if (got_ != (want))                                                                        \
            printf("    got %s: %s\n", status_name(got_), (err)->text);                            \
    } while (0)

static inline int test_done(void)
{
    printf("%d passed, %d failed\n", test_passed, test_failed);
    return test_failed == 0 ? 0 : 1;
}
