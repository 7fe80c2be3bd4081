/* base/file.h -- whole files in and out, and nothing outside a folder.
 *
 *     st = file_read(arena, S("broadsheet.yaml"), FILE_CONFIG_MAX, &text, err);
 *     st = file_write_atomic(path, text, 0640, err);    // there whole, or as before
 *     st = file_open_beneath(media_fd, S("2024/05/a.jpg"), &fd, err);
 *
 * file_write_atomic writes a new file beside the old, syncs it, renames it over, and syncs the
 * folder: after a crash the path holds all of the old text or all of the new.
 *
 *     st = file_copy_tree(S("site/media"), S("copy/media"), NULL, &files, err);
 *
 * Threads: any. */
#pragma once
#include "base/str.h"
#include <sys/types.h>

struct arena;

enum { FILE_CONFIG_MAX = 1024 * 1024 };

/* ST_NOT_FOUND, ST_DENIED, ST_TOO_BIG (over bytes_max) or ST_IO, with the path in the sentence. */
MUST_USE enum status file_read(struct arena *arena, str path, size_t bytes_max, str *ret_text,
                               struct error *err);
/* The same from an open descriptor to its end (a pipe too); `name` is for the sentence. */
MUST_USE enum status file_read_fd(struct arena *arena, int fd, str name, size_t bytes_max,
                                  str *ret_text, struct error *err);
MUST_USE enum status file_write_atomic(str path, str text, mode_t mode, struct error *err);
/* Writes all of it, going on after a short write or a signal. */
MUST_USE enum status file_write_fd(int fd, str name, str text, struct error *err);

/* After a rename or a new file: makes the entry in the folder that holds `path` last. */
MUST_USE enum status file_sync_folder(str path, struct error *err);

/* A regular file below the open folder `dir_fd`: no "..", no absolute path, no symbolic link or
 * mount that leads out (openat2 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS). ST_NOT_FOUND for all of
 * those, so that a prober learns nothing. */
MUST_USE enum status file_open_beneath(int dir_fd, str path, int *ret_fd, struct error *err);
/* The same for a thread that must not wait: only if the kernel has the whole path in memory (RESOLVE_CACHED,
 * Linux 5.12). ST_NOT_FOUND also when it would have to ask the disk, or cannot do this at all. */
MUST_USE enum status file_open_beneath_now(int dir_fd, str path, int *ret_fd, struct error *err);

/* Whether somebody's path may name a file below a folder: "2024/05/a.jpg", but no "..", nothing hidden
 * (".original"), no empty part, no slash at either end, no U+0000, `bytes_max` at most. */
bool file_path_is_plain(str path, size_t bytes_max);

/* Makes the folder and those above it that are missing. */
MUST_USE enum status file_mkdirs(str path, mode_t mode, struct error *err);
bool file_exists(str path);

/* Copies a regular file to a path where nothing is yet; on the disk when it returns. */
MUST_USE enum status file_copy(str from, str to, struct error *err);

/* Copies every regular file below the folder `from` to its place below `to`, a folder that is made when
 * it is missing; a file that is there already is ST_IO, never overwritten. Links, sockets and the like are
 * passed over, and so is what `skip` names right below `from` (ends with NULL; may be NULL). Where there is no `from` there is nothing to do: ST_OK. `ret_files`, how many were
 * copied, may be NULL. ST_INVALID when `to` lies within `from`. */
enum { FILE_TREE_DEPTH_MAX = 64 };
MUST_USE enum status file_copy_tree(str from, str to, const char *const *skip, int64_t *ret_files,
                                    struct error *err);
/* Removes the folder and all that is in it, following no link; ST_OK when it is not there. Mostly
 * called while something else has failed already, so its status may be left. */
enum status file_remove_tree(str path, struct error *err);
/* "a/b" for ("a", "b"); `name` alone when `dir` is empty. */
str file_join(struct arena *arena, str dir, str name);
