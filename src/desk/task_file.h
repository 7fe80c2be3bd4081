/* desk/task_file.h -- inside desk/: the files and folders that long work takes and leaves: uploads, archives, copies.
 *
 *     st = task_files(arena, task_folder(arena, folder, TASK_BACKUP), &files, &count, err);
 *     str name = task_name_new(arena, now, S("archive-"), S(".tar"));      // "archive-2026-11-30-195012.tar"
 *
 * A name from outside is only ever looked up in what task_files found: it is never a path.
 *
 * Threads: any. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct arena;

enum { TASK_FILES_MAX = 500, TASK_FILE_NAME_MAX = 120 };

struct task_file {
    str name;
    bool is_folder;
    bool is_copy;  /* a folder with a broadsheet.yaml: a backup that is whole */
    int64_t bytes; /* of a file */
    time_us at;    /* written last */
};

/* Plain files and folders, hidden ones left out, newest first. None where there is no such folder. */
MUST_USE enum status task_files(struct arena *arena, str dir, struct task_file **ret_files,
                                size_t *ret_count, struct error *err);
/* The one of that name; NULL when there is none. */
const struct task_file *task_file_named(const struct task_file *files, size_t count, str name);

/* PREFIX, the moment in UTC, SUFFIX. */
str task_name_new(struct arena *arena, time_us now, str prefix, str suffix);
/* What is left of an uploaded file's name: letters, digits, '-', '_' and '.', none of these at its front. Never empty. */
str task_name_clean(struct arena *arena, str name);
