/* transfer/archive.h -- a whole site as a folder of files anybody can read.
 *
 *     st = archive_write(&(struct archive_options){.conn = conn, .media = S("site/media"),
 *                                                  .out = S("copy")}, &counts, err);
 *
 *     copy/
 *         archive.json       format, version, when, how many of each
 *         settings.jsonl  bylines.jsonl  tags.jsonl  stories.jsonl  comments.jsonl
 *         redirects.jsonl    one record a line
 *         media/             the files, as in the site
 *
 * docs/archive.md says what each field means. Readers' email addresses are left out unless
 * `with_private` asks for them; logins and passwords are never in it (`backup` copies everything).
 *
 * One snapshot is read from begin to end, whoever writes meanwhile. The folder is there whole or
 * not at all: it is made under another name beside and renamed.
 *
 * Memory: bounded, whatever the site's size. Threads: one connection a thread. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct store_conn;

struct archive_options {
    struct store_conn *conn;
    str media; /* the site's media folder; empty: none */
    str out;   /* must not be there yet: ST_CONFLICT */
    bool with_private;
    const struct clock *clock; /* NULL: the system's */
};

struct archive_counts {
    int64_t settings, bylines, tags, stories, comments, redirects, files;
};

MUST_USE enum status archive_write(const struct archive_options *options,
                                   struct archive_counts *ret_counts, struct error *err);
