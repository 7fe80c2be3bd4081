/* transfer/uploads.h -- the old site's pictures and files, found in the folder given with --media.
 *
 *     if (uploads_path(S("http://old.example/wp-content/uploads/2020/05/a.jpg"), &path))   // "2020/05/a.jpg"
 *         st = uploads_open(S("/backup/uploads"), path, &fd, err);
 *
 * A file is looked for under its path, then under its name alone. The path is the export's claim: nothing outside of the
 * folder can be named. What the file is, and whether it comes, is media_take's matter (media/intake.h).
 *
 * Threads: any. */
#pragma once
#include "base/str.h"

enum { UPLOAD_PATH_MAX = 500 };

/* Whether `folder` is one that can be read, before anything is imported. ST_NOT_FOUND, with the sentence to say. */
MUST_USE enum status uploads_check(str folder, struct error *err);
/* ST_NOT_FOUND: not at hand, or `folder` is empty; ST_INVALID: an odd path; ST_IO. */
MUST_USE enum status uploads_open(str folder, str path, int *ret_fd, struct error *err);
/* "http://old.example/wp-content/uploads/2020/05/a.jpg" -> "2020/05/a.jpg", as does
 * "http://old.files.wordpress.com/2020/05/a.jpg"; false for other paths. */
bool uploads_path(str url, str *ret_path);
