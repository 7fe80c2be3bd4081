/* tests/integration/store/shadow.h -- a disk that forgets what was not synced.
 *
 * A VFS for SQLite that stands before the real one. For each file below a folder it keeps what a
 * disk that lost power would be sure to have (what was there at the last sync of that file), and
 * every write and truncation since. From these it makes images: folders as they might be found
 * after a cut. A new file, and the end of a deleted one, are as unsure as a write until the folder
 * is synced, which SQLite does with the first sync of a log or journal that it has made.
 *
 * It also runs out of space after so many bytes, fails the Nth change, or lies: takes every sync
 * for done and does nothing.
 *
 * Files elsewhere go straight to the real VFS. Threads: any; one lock. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum shadow_keep {
    SHADOW_NONE,   /* nothing that was not synced */
    SHADOW_ALL,    /* everything, as after kill -9 */
    SHADOW_PREFIX, /* the first so many of each file's writes */
    SHADOW_RANDOM, /* each sector of each write, or not */
    SHADOW_KEEPS,
};

/* Becomes the default VFS, for good; forgets all it knew. */
void shadow_start(const char *dir);

/* Called before each sync takes effect, on the thread that syncs, with the lock held: the one place
 * from which shadow_image may be called. NULL: none. */
void shadow_on_sync(void (*fn)(void *ctx), void *ctx);
void shadow_image(const char *to_dir, enum shadow_keep keep, uint64_t seed);

void shadow_lie(bool on);
void shadow_bytes_left(int64_t bytes); /* that files may still grow by; INT64_MAX: no end */
/* The Nth write, truncation, sync or deletion from now fails; 0: none. */
void shadow_fail_nth(int64_t n);
bool shadow_failed(void); /* it has come to that */
