/* base/embedded.h -- files compiled into the program by tools/embed.py.
 *
 *     extern const struct embedded theme_files[];
 *     extern const size_t theme_files_count;
 *     const struct embedded *f = embedded_find(theme_files, theme_files_count, S("post.hbs"));
 *     str text = embedded_bytes(f);
 *
 * Tables are sorted by path. Everything lives as long as the process. Threads: read-only. */
#pragma once
#include "base/str.h"

struct embedded {
    const char *path; /* below the root that was given to embed.py; '/' between folders */
    const char *begin;
    const char *end;
};

static inline str embedded_bytes(const struct embedded *file)
{
    return str_from_range(file->begin, file->end);
}

/* NULL when there is no such path. */
const struct embedded *embedded_find(const struct embedded *files, size_t count, str path);
