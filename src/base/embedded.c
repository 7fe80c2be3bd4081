/* SPDX-License-Identifier: MIT */
#include "base/embedded.h"

const struct embedded *embedded_find(const struct embedded *files, size_t count, str path)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(str_from_c(files[middle].path), path);
        if (order == 0)
            return &files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
