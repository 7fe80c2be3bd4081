/* media/container_parts.h -- inside media/: reading here and there in a file, and noting what to blank.
 *
 * Threads: one at a time. */
#pragma once
#include "media/container.h"

struct container_file {
    struct arena *arena;
    int fd;
    int64_t bytes;
    enum media_kind kind;
    struct container_look look;
    size_t edits_cap;
    size_t parts;
};

/* All `len` bytes at `at`, or false. */
bool container_read(const struct container_file *f, int64_t at, void *bytes, size_t len);
/* As many as there are, at most `len`; lives in the arena. */
str container_slice(const struct container_file *f, int64_t at, size_t len);
void container_edit_add(struct container_file *f, int64_t at, str head, int64_t zeros);
/* False when there are too many parts: the file is made to be slow. */
bool container_part(struct container_file *f);

uint64_t container_be(const unsigned char *bytes, size_t len);

/* "This MP4 ends in the middle; export it again." and the like. */
enum status container_cut(const struct container_file *f, struct error *err);
enum status container_odd(const struct container_file *f, const char *what, struct error *err);

enum status container_mp4(struct container_file *f, struct error *err);
