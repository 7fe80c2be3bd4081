/* desk/task_page.h -- inside desk/: what the pages of import, export and backup share.
 *
 * Threads: as errand.h. */
#pragma once
#include "desk/errand.h"
#include "desk/task.h"

struct task_file;

/* "tabs", "running" (the task that runs, if any) and "tasks" (those of this kind, newest first). */
MUST_USE enum status task_put(struct errand *e, struct hbs_map *values, enum task_kind kind,
                              struct error *err);
/* Begins it and goes to its page. */
MUST_USE enum status task_go(struct errand *e, const struct task_order *order, struct error *err);
/* The files of a kind's folder. */
MUST_USE enum status task_kind_files(struct errand *e, enum task_kind kind,
                                     struct task_file **ret_files, size_t *ret_count,
                                     struct error *err);
/* The one that the form's field `name`, or the path, names, and where it is; ST_NOT_FOUND with a sentence. */
MUST_USE enum status task_file_asked(struct errand *e, enum task_kind kind, str name,
                                     const struct task_file **ret_file, str *ret_path,
                                     struct error *err);
/* "1.2 MB", as everybody writes it. */
str task_bytes(struct arena *arena, int64_t bytes);
