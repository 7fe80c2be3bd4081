/* http/file.h -- files on the disk, sent by a loop that asks nobody.
 *
 *     // on a loop, in http_app.lookup
 *     if (http_files_get(files, req, ret))                  // looked at less than a second ago
 *         return true;
 *     if (!place_of(req->path, &place))
 *         return false;
 *     return http_files_look(files, req, &place, ret);      // false: dispatch it
 *
 *     // on a thread that may wait
 *     st = http_file_open(&place, &file, err);
 *     if (st == ST_OK)
 *         http_response_ready(res, http_file_answer(file, req));
 *     http_file_unref(file);
 *
 * A file is opened once and kept with the lines of its head: the next request costs one sendmsg and
 * one sendfile. Each loop keeps its own (at most HTTP_FILES_KEPT), so there is no lock.
 *
 * A descriptor is believed for HTTP_FILE_TRUSTED; then the path is opened again and compared. A file
 * that was replaced or removed is served no longer than that. The loop opens only what the kernel has in memory
 * (file_open_beneath_now); when it would have to wait for the disk, http_files_look says no, and so it
 * does for what is not there.
 *
 * Every answer is settled here: 200, HEAD, 304, 412, one range (206, 416), If-Range. The ETag is strong, of
 * time and length. A file must not be changed in place: rename a new one over it.
 *
 * Memory:  a file and its head lines are one block, reference-counted: what is being sent outlives the
 *          loop's slot. Some 700 bytes and a descriptor each.
 * Threads: http_files_get and _look for one req->loop from one thread at a time; the rest any. */
#pragma once
#include "base/clock.h"
#include "http/response.h"

enum {
    HTTP_FILES_KEPT = 256,            /* a loop; descriptors are bounded by this times the loops */
    HTTP_FILE_HEADERS_MAX = 4 * 1024, /* of http_file_place.headers */
};
#define HTTP_FILE_TRUSTED  TIME_SECOND
#define HTTP_FILE_USE_STEP (3600 * TIME_SECOND)
#define HTTP_FILE_UNUSED                                                                           \
    (10 * TIME_SECOND) /* not asked for so long: let go (within a second of traffic) */

/* Where a file is, and what is said of it. Lends everything. */
struct http_file_place {
    int dir_fd;
    str path; /* below it: file_open_beneath */
    str content_type;
    str headers;   /* further lines, each ended by CR LF */
    bool note_use; /* of a cache: the access time is kept right to HTTP_FILE_USE_STEP */
};

struct http_file;
struct http_files;

struct http_files *http_files_new(size_t loops);
void http_files_free(struct http_files *files); /* takes NULL */

/* On the loop. True: `ret` is the answer. The key is the request's path. */
bool http_files_get(struct http_files *files, const struct http_request *req,
                    struct http_ready *ret);
bool http_files_look(struct http_files *files, const struct http_request *req,
                     const struct http_file_place *place, struct http_ready *ret);

/* ST_NOT_FOUND as file_open_beneath. */
MUST_USE enum status http_file_open(const struct http_file_place *place,
                                    struct http_file **ret_file, struct error *err);
void http_file_unref(struct http_file *file); /* takes NULL */
/* The answer holds a reference of its own. */
struct http_ready http_file_answer(struct http_file *file, const struct http_request *req);
