/* media/storage.h -- where a site's pictures and files lie: whole or not at all, and never overwritten.
 *
 *     AUTO(storage_temp_dropp) struct storage_temp *temp = NULL;
 *     st = storage_temp_new(storage, &temp, err);           // below .new/
 *     ... write to storage_temp_fd(temp) ...
 *     st = storage_put(storage, S("2024/05/bridge.jpg"), temp, err);
 *     if (st == ST_CONFLICT)                                // there is one: try the next name with the same temp
 *
 *     st = storage_open(storage, S("2024/05/bridge.jpg"), &fd, err);
 *
 * The folder media/ of a site:
 *
 *     2024/05/bridge.jpg      what is served; its bytes never change
 *     .original/ab/cd….jpg    bytes as they came, by their SHA-256; never served; kept only where they differ
 *                             from what is served
 *     .made/                  renditions: a cache that another part keeps, and may be deleted at any time
 *     .new/                   files being written
 *
 * storage_put syncs the file, gives it its name by one rename that replaces nothing, and syncs the folder: after
 * a crash the path holds the whole file or nothing. What a crash leaves in .new is removed by storage_sweep,
 * which knows by a lock on each file whether somebody still writes it: it may run beside `broadsheet media
 * add`.
 *
 * A path is parts of 1..STORAGE_NAME_MAX bytes joined by '/', none empty or beginning with a dot but
 * ".original" and ".made" as the first; anything else is ST_INVALID (storage_path_valid). Nothing outside of the
 * folder can be reached, by symbolic links neither.
 *
 * Where a bucket is set (media/s3.h), the folder is its cache and the calls are the same: storage_put returns
 * when the object is in the bucket, storage_open fetches what is missing, once, while others wait for it. A file
 * of the cache may be deleted at any time. A name is taken in the folder before it is in the bucket, so two processes
 * of one site never give the same one.
 *
 * Errors:  ST_NOT_FOUND, ST_CONFLICT, ST_INVALID (a path), ST_IO.
 * Threads: a storage, any; a temp, one at a time. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct arena;
struct rng;
struct s3;
struct storage;
struct storage_temp;

enum {
    STORAGE_PATH_MAX = 500,
    STORAGE_NAME_MAX = 255,
    STORAGE_DEPTH_MAX = 16, /* parts of a path */
    STORAGE_ABANDONED_S =
        60, /* a file in .new that nobody holds and that is older than this is swept */
};

/* `folder` is the path of media/, made when it is missing. Where nothing can be written it is still read:
 * storage_temp_new says why. */
MUST_USE enum status storage_new(str folder, const struct rng *rng, struct storage **ret_storage,
                                 struct error *err);
void storage_free(struct storage *storage); /* takes NULL */
DEFINE_FREEP(struct storage *, storage_free)

/* From now on the bucket holds the files and the folder is its cache. Before any other call; takes `bucket` over. */
void storage_use_bucket(struct storage *storage, struct s3 *bucket);
bool storage_has_bucket(const struct storage *storage);

bool storage_path_valid(str path);

/* What lies right below media/ and belongs in no copy of it: ".made", ".new"; ends with NULL. */
extern const char *const storage_not_copied[];

/* ---- putting ---- */

MUST_USE enum status storage_temp_new(struct storage *storage, struct storage_temp **ret_temp,
                                      struct error *err);
int storage_temp_fd(const struct storage_temp *temp); /* readable and writable; the temp's own */
/* Takes NULL. Removes the file, unless it was put. */
void storage_temp_drop(struct storage_temp *temp);
DEFINE_FREEP(struct storage_temp *, storage_temp_drop)

/* ST_CONFLICT when something has the path: the temp is as it was, for another try. Once put, the temp's descriptor
 * still reads the file, and still holds a lock (flock) on it until it is dropped. */
MUST_USE enum status storage_put(struct storage *storage, str path, struct storage_temp *temp,
                                 struct error *err);

/* ---- getting ---- */

MUST_USE enum status storage_open(struct storage *storage, str path, int *ret_fd,
                                  struct error *err);
/* On the disk when it returns. ST_NOT_FOUND when there was none. Mostly called when something else has failed already,
 * so its status may be left. */
enum status storage_remove(struct storage *storage, str path, struct error *err);

/* Calls `fn` with every file, .original included, .made and .new left out, in no order; stops at the first that does not return
 * ST_OK, and returns that. A file whose path is not valid comes too, so that `media check` can name it. */
typedef enum status storage_each_fn(void *ctx, str path, int64_t bytes, struct error *err);
MUST_USE enum status storage_each(struct storage *storage, storage_each_fn *fn, void *ctx,
                                  struct error *err);

/* Removes from .new what nobody writes any more; `serve` calls it at its start. */
MUST_USE enum status storage_sweep(struct storage *storage, int64_t *ret_removed,
                                   struct error *err);

/* ".original/ab/cdef….jpg" for the 64 hex digits of a SHA-256. */
str storage_original_path(struct arena *arena, str hash, str ending);
