/* transfer/archive.h -- a whole site as a folder of files anybody can read.
 *
 *     struct archive_counts counts;
 *     st = archive_write(&(struct archive_options){.conn = conn, .media = S("site/media"),
 *                                                  .out = S("copy")}, &counts, err);
 *
 *     copy/
 *         README.txt         what this is
 *         site.json          the format's version, the address, all settings, how many of each
 *         people.jsonl  bylines.jsonl  tags.jsonl  stories.jsonl  versions.jsonl  proposals.jsonl
 *         comments.jsonl  redirects.jsonl  media.jsonl  reads.jsonl  read_ons.jsonl
 *         import_map.jsonl   one record a line
 *         media/             the files, as in the site
 *
 * docs/archive.md says what each field means. Records name each other by what stays the same
 * anywhere: Ghost's id for stories, replies and people, the slug for tags and bylines.
 *
 * Email addresses and network addresses, and what may hold one, are left out unless `with_private`
 * asks for them. Passwords, sessions and forms' tokens are never in it, nor what can be worked out from
 * the rest (`backup` copies everything, for the same program).
 *
 * One snapshot of the database is read from begin to end, whoever writes meanwhile; the files are copied
 * after it, so that they are all there. The same site gives the same bytes: records stand
 * in the order of their numbers, and no file says when it was made. The folder is there whole or
 * not at all: it is made as OUT.making and renamed.
 *
 * Memory: one record, whatever the site's size. Threads: a connection belongs to one. */
#pragma once
#include "base/str.h"

struct store_conn;

enum archive_kind {
    ARCHIVE_SETTINGS,
    ARCHIVE_PEOPLE,
    ARCHIVE_BYLINES,
    ARCHIVE_TAGS,
    ARCHIVE_STORIES,
    ARCHIVE_VERSIONS,
    ARCHIVE_PROPOSALS, /* stories that have some; so for reads */
    ARCHIVE_COMMENTS,
    ARCHIVE_REDIRECTS,
    ARCHIVE_MEDIA,
    ARCHIVE_READS,
    ARCHIVE_READ_ONS,
    ARCHIVE_IMPORT_MAP,
    ARCHIVE_FILES, /* copied into media/ */
    ARCHIVE_KINDS
};
const char *archive_kind_name(enum archive_kind kind); /* "read_ons", as the file */

enum { ARCHIVE_VERSION = 1 }; /* of the format: raised when a reader of the old one would err */

struct archive_options {
    struct store_conn *conn; /* not within store_read_begin */
    str url;                 /* the site's address, as site.json is to say; may be empty */
    str media;               /* the site's media folder; empty: none */
    str out;                 /* must not be there yet, nor OUT.making: ST_CONFLICT */
    bool with_private;
    void (*progress)(void *ctx, enum archive_kind kind, int64_t done); /* may be NULL */
    void *progress_ctx;
};

struct archive_counts {
    int64_t of[ARCHIVE_KINDS];
};

/* ST_INVALID: `out` lies within `media`, or a text is not UTF-8 (`broadsheet check` says more). */
MUST_USE enum status archive_write(const struct archive_options *options,
                                   struct archive_counts *ret_counts, struct error *err);
