/* transfer/tar.h -- a folder as one file, to be carried elsewhere: POSIX tar (pax), which every system opens.
 *
 *     st = tar_folder(S("site/backups/2026-11-30"), S("wharf.tar"), progress, ctx, &bytes, err);
 *
 * The names in it begin with the folder's own. Files and folders only, in the order of their names, without owner and with
 * the time of each, so that the same folder gives the same bytes. Nothing is compressed: nearly all of a site is pictures,
 * which are compressed already. It is there whole or not at all: it is made as OUT.part and renamed.
 *
 * Memory: one buffer, and the names of one folder at a time. Threads: any. */
#pragma once
#include "base/str.h"

enum { TAR_DEPTH_MAX = 64 };

typedef void tar_progress_fn(void *ctx, int64_t bytes, int64_t total);

/* ST_CONFLICT: `out` is there. ST_IO: a file changed its length meanwhile. `ret_bytes` may be NULL. */
MUST_USE enum status tar_folder(str folder, str out, tar_progress_fn *progress, void *ctx,
                                int64_t *ret_bytes, struct error *err);
/* What the files below a folder come to. */
MUST_USE enum status tar_measure(str folder, int64_t *ret_bytes, int64_t *ret_files,
                                 struct error *err);
