/* desk/refusal.h -- inside desk/: the answer to a request whose body is more than the server takes.
 *
 * The server stops reading there, and no handler ever runs: nobody knows who asks. It is said all the same in the
 * reader's language, as a page that leads back to the form, or to a script as the form's own refusal is:
 *
 *     413 {"wrong": {"file": SENTENCE}, "error": SENTENCE, "status": "too big"}
 *
 * Threads: a loop; it waits for nothing. */
#pragma once
#include "http/response.h"

struct http_request;
struct look;

/* `bytes_max` is what would have been taken. */
struct http_ready refusal_too_big(const struct look *look, const struct http_request *req,
                                  size_t bytes_max);
