/* site/redirect_file.h -- Ghost's redirects.yaml and redirects.json, read and written.
 *
 *     301:                                [{"from": "/old/", "to": "/new/", "permanent": true}]
 *         /old/: /new/
 *
 *     st = redirect_file_read(arena, text, &list, &count, err);
 *     if (list[i].pattern) ... not a path: say so ...
 *
 * Ghost reads `from` as a regular expression; nearly all are one path, with the signs of such an expression
 * around it ("^/old/?$", "\/old\/", "/\/old\//i"). Those are taken as the path; what is left is marked
 * as a pattern, which nothing here can follow. JSON or YAML is told by the first character.
 *
 * Memory: the arena. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;

enum { REDIRECT_FILE_BYTES_MAX = 8 * 1024 * 1024, REDIRECT_FILE_ENTRIES_MAX = 20000 };

struct redirect_entry {
    str from, to; /* `from` as written where it is a pattern, else the path (and query) */
    int code;     /* 301 or 302 */
    bool pattern;
};

/* ST_INVALID: neither form, with its line. ST_TOO_BIG. */
MUST_USE enum status redirect_file_read(struct arena *arena, str text,
                                        struct redirect_entry **ret_entries, size_t *ret_count,
                                        struct error *err);

/* One entry of a file that is being written; the first opens it, redirect_file_end closes it. YAML wants
 * all of one code together. */
enum redirect_format { REDIRECT_YAML, REDIRECT_JSON };
struct redirect_writer {
    struct buf *out;
    enum redirect_format format;
    int code; /* of the last entry; 0: none yet */
};
void redirect_file_add(struct redirect_writer *writer, const struct redirect_entry *entry);
void redirect_file_end(struct redirect_writer *writer);
