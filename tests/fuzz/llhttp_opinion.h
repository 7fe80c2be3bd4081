/* tests/fuzz/llhttp_opinion.h -- what Debian's llhttp, in its strict mode, makes of a request.
 *
 * In a file of its own because its header and ours both name HTTP_GET. */
#pragma once
#include "base/str.h"

struct llhttp_opinion {
    bool accepted; /* a whole request, from the first byte */
    str method;
    str target; /* lends from static memory: until the next call */
    size_t body_len;
    size_t end;
};

struct llhttp_opinion llhttp_opinion_of(str bytes);
