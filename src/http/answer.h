/* http/answer.h -- an answer in the form it is sent in; between response.h and the connection.
 *
 * Inside http/ only. http_answer_make settles for one request what http/response.h promises for all:
 * HEAD, conditions, ranges, compression, lengths. It runs on the thread that finishes an exchange.
 *
 * Memory: `head` and `body` live with `shared`, or with the exchange's arena, or are static. */
#pragma once
#include "http/response.h"

struct http_answer {
    int status;
    str head; /* as in http_ready */
    str body;
    struct http_shared *shared; /* released after sending */
    int fd;                     /* -1, or what follows the head: closed after sending ... */
    bool fd_is_lent;            /* ... unless `shared` holds it */
    uint64_t file_from;
    uint64_t file_len;
    bool refused_header; /* the handler set a header with a line end in it: to be logged */
};

void http_response_init(struct http_response *res, struct arena *arena);
/* Lets go of what the response holds (descriptor, reference). */
void http_response_fini(struct http_response *res);

/* Takes over what the response holds. */
struct http_answer http_answer_make(const struct http_request *req, struct http_response *res);
struct http_answer http_answer_from_ready(struct http_ready ready);
void http_answer_fini(struct http_answer *answer);
static inline uint64_t http_answer_body_bytes(const struct http_answer *answer)
{
    return answer->fd >= 0 ? answer->file_len : answer->body.len;
}

/* "400 Bad Request", plain, never cached; `retry_after_s` 0 for none. Owns its bytes. */
struct http_ready http_ready_plain(int status, unsigned retry_after_s);
