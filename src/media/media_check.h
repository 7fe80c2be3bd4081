/* media/media_check.h -- whether records, files and stories agree about pictures.
 *
 *     st = media_check(&(struct media_check){.conn = conn, .storage = storage, .hashes = true,
 *                                            .site = url, .found = say}, err);
 *
 *     record without its file          the picture is broken on every page that shows it
 *     file without a record            left by a crash, or put there by hand: nothing shows its size
 *     file of another size or hash     damaged, or changed by hand under an address kept for a year
 *     shown, and not there             by a story, tag, byline or setting
 *
 * Reads every file when hashes are asked for; else only how large they are. Originals (.original/) are
 * files too. Memory: some 100 bytes a file.
 *
 * Threads: one; a server may run beside it, and what changes meanwhile may be said wrongly. */
#pragma once
#include "base/str.h"

struct storage;
struct store_conn;

enum media_finding {
    MEDIA_FILE_MISSING,
    MEDIA_FILE_STRAY,
    MEDIA_FILE_DIFFERS,
    MEDIA_SHOWN_MISSING
};

struct media_check {
    struct store_conn *conn;
    struct storage *storage;
    bool hashes;
    str site; /* its address: pictures may be named by it */
    /* `path` and the sentence are lent for the call. */
    void (*found)(void *ctx, enum media_finding finding, str path, str sentence);
    void *ctx;
};
/* ST_OK whatever was found. */
MUST_USE enum status media_check(const struct media_check *check, struct error *err);
