/* base/scope.h -- what is not memory is released when its scope ends, and handing it over shows.
 *
 *     AUTO(store_tx_abortp) struct store_tx *tx = NULL;   // rolled back unless committed
 *     ...
 *     return store_tx_commit(TAKE(tx), err);              // commit owns it now; tx is NULL
 *
 * A release function for AUTO takes the address of the variable: DEFINE_FREEP makes `xp` from `x`.
 * It does nothing for NULL. */
#pragma once
#include <unistd.h>

#define AUTO(freep) __attribute__((cleanup(freep)))

#define TAKE(ptr)                                                                                  \
    ({                                                                                             \
        typeof(ptr) *take_from_ = &(ptr);                                                          \
        typeof(ptr) taken_ = *take_from_;                                                          \
        *take_from_ = NULL;                                                                        \
        taken_;                                                                                    \
    })

#define DEFINE_FREEP(type, free_fn)                                                                \
    static inline void free_fn##p(type *slot)                                                      \
    {                                                                                              \
        if (*slot != NULL)                                                                         \
            free_fn(*slot);                                                                        \
    }

/* AUTO(fd_closep) int fd = -1; */
static inline void fd_closep(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static inline int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}
