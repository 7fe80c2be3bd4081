/* http/status_code.h -- the numbers of answers, and which one a `enum status` becomes.
 *
 *     http_status_line(404)                  "HTTP/1.1 404 Not Found\r\n"
 *     http_code_from_status(ST_NOT_FOUND)    404
 *
 * The one table from statuses to answers stands here, so that no two routes disagree.
 *
 * Threads: pure functions. */
#pragma once
#include "base/status.h"
#include "base/str.h"

/* ST_OK 200, NOT_FOUND 404, INVALID 400, CONFLICT 409, DENIED 403, TOO_BIG 413, IO 503. */
int http_code_from_status(enum status st);

/* "Not Found"; "Unknown" for a number that is not in RFC 9110 §15 or RFC 6585. */
str http_reason(int code);
/* The whole first line of an answer; static memory. An unknown number is a bug (CHECK). */
str http_status_line(int code);
