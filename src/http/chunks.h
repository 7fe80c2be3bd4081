/* http/chunks.h -- takes the chunks off a body (RFC 9112 §7.1), piece by piece as it comes.
 *
 *     while ((got = http_chunks_next(&chunks, &rest, &data)) == HTTP_CHUNKS_DATA)
 *         use(data);                      // lends from `rest`
 *     // MORE: `rest` is used up; DONE: what is left of it is the next request; BAD: 400
 *
 * Sizes are hex digits and no more than that; extensions are checked, bounded and dropped, as are
 * trailers. Nothing is remembered but a few counts. Threads: pure. */
#pragma once
#include "base/str.h"

enum {
    HTTP_CHUNK_DIGITS = 12,
    HTTP_CHUNK_EXTENSION_MAX = 1024, /* of one body, together */
    HTTP_TRAILER_MAX = 4096,
};

enum http_chunks_got { HTTP_CHUNKS_DATA, HTTP_CHUNKS_MORE, HTTP_CHUNKS_DONE, HTTP_CHUNKS_BAD };

struct http_chunks { /* zeroed to begin */
    unsigned state;
    unsigned digits;
    uint64_t left; /* of this chunk */
    size_t extension_bytes;
    size_t trailer_bytes;
};

enum http_chunks_got http_chunks_next(struct http_chunks *chunks, str *rest, str *ret_data);
