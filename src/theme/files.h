/* theme/files.h -- the files of a theme, from a folder or out of the program, as one sorted list.
 *
 *     st = theme_files_read(arena, folder, &files, err);
 *     for (size_t i = 0; i < files.count; i++) use(files.list[i].path, files.list[i].bytes);
 *
 * Rules and limits are theme.h's: no links, nothing hidden, so many files and bytes. Files that a
 * theme is made with, but not of (README.md, gulpfile.js, yarn.lock), are not read.
 *
 * Memory: the arena. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;
struct embedded;

struct theme_file {
    str path; /* "partials/card.hbs" */
    str bytes;
};

struct theme_files {
    struct theme_file *list; /* sorted by path */
    size_t count;
};

MUST_USE enum status theme_files_read(struct arena *arena, str folder,
                                      struct theme_files *ret_files, struct error *err);
/* With those that a theme is made with: for a copy of it. */
MUST_USE enum status theme_files_read_all(struct arena *arena, str folder,
                                          struct theme_files *ret_files, struct error *err);
struct theme_files theme_files_embedded(struct arena *arena, const struct embedded *table,
                                        size_t count);
