/* base/check.h -- statements of what cannot happen, and sums that cannot wrap.
 *
 * CHECK stays on in release builds; DCHECK is for what is too slow to ship. One condition each, so
 * that the message says which. Never on input: bad input is a status.
 *
 * size_add and size_mul abort on overflow: every length was held to a limit long before it came
 * here, so a sum that wraps is a bug. */
#pragma once
#include <assert.h> /* static_assert */
#include <stddef.h>
#include <stdint.h>

_Noreturn void check_failed(const char *cond, const char *file, int line);

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (__builtin_expect(!(cond), 0))                                                          \
            check_failed(#cond, __FILE__, __LINE__);                                               \
    } while (0)

#ifdef BROADSHEET_SLOW_CHECKS
#define DCHECK(cond) CHECK(cond)
#else
#define DCHECK(cond) ((void)sizeof(cond))
#endif

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

static inline size_t size_add(size_t a, size_t b)
{
    size_t sum;
    CHECK(!__builtin_add_overflow(a, b, &sum));
    return sum;
}

static inline size_t size_mul(size_t a, size_t b)
{
    size_t product;
    CHECK(!__builtin_mul_overflow(a, b, &product));
    return product;
}

static inline uint16_t u16_from_size(size_t n)
{
    CHECK(n <= UINT16_MAX);
    return (uint16_t)n;
}

static inline uint32_t u32_from_size(size_t n)
{
    CHECK(n <= UINT32_MAX);
    return (uint32_t)n;
}

static inline int int_from_size(size_t n)
{
    CHECK(n <= INT32_MAX);
    return (int)n;
}

/* Sizes in memory are far below 2^63; sums of them kept in the database are int64_t. */
static inline int64_t i64_from_size(size_t n)
{
    CHECK(n <= INT64_MAX);
    return (int64_t)n;
}
