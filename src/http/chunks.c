/* SPDX-License-Identifier: MIT
 *
 *     SIZE -> (EXT <-> QUOTED <-> ESCAPED) -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE
 *                                               \ size 0
 *                                                > TRAILER -> NAME -> VALUE -> VALUE_LF -> TRAILER
 *                                                      \ CR
 *                                                       > END_LF -> DONE
 * A state is left only by the bytes the grammar allows there; any other is BAD for good. */
#include "http/chunks.h"

#include "http/chars.h"

enum state {
    SIZE,
    EXTENSION,
    QUOTED,
    ESCAPED,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    NAME,
    VALUE,
    VALUE_LF,
    END_LF,
    DONE,
    BAD,
};

static int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static enum state after_size(struct http_chunks *chunks, char c)
{
    int digit = hex_digit(c);
    if (digit >= 0 && chunks->digits < HTTP_CHUNK_DIGITS) {
        chunks->digits++;
        chunks->left = chunks->left << 4 | (uint64_t)digit;
        return SIZE;
    }
    if (chunks->digits == 0)
        return BAD;
    return c == '\r' ? SIZE_LF : c == ';' ? EXTENSION : BAD;
}

/* Token characters, ';' and '=', and quoted strings; which order they come in matters to nobody. */
static enum state after_extension(struct http_chunks *chunks, enum state state, char c)
{
    if (++chunks->extension_bytes > HTTP_CHUNK_EXTENSION_MAX)
        return BAD;
    if (state == ESCAPED)
        return http_char_is(c, HTTP_CHAR_VALUE) ? QUOTED : BAD;
    if (state == QUOTED) {
        if (c == '"')
            return EXTENSION;
        if (c == '\\')
            return ESCAPED;
        return http_char_is(c, HTTP_CHAR_VALUE) ? QUOTED : BAD;
    }
    if (c == '\r')
        return SIZE_LF;
    if (c == '"')
        return QUOTED;
    return c == ';' || c == '=' || http_char_is(c, HTTP_CHAR_TOKEN) ? EXTENSION : BAD;
}

static enum state after_trailer(struct http_chunks *chunks, enum state state, char c)
{
    if (++chunks->trailer_bytes > HTTP_TRAILER_MAX)
        return BAD;
    if (state == VALUE)
        return c == '\r' ? VALUE_LF : http_char_is(c, HTTP_CHAR_VALUE) ? VALUE : BAD;
    if (state == TRAILER && c == '\r')
        return END_LF;
    if (state == NAME && c == ':')
        return VALUE;
    return http_char_is(c, HTTP_CHAR_TOKEN) ? NAME : BAD;
}

static enum state after(struct http_chunks *chunks, enum state state, char c)
{
    switch (state) {
    case SIZE:
        return after_size(chunks, c);
    case EXTENSION:
    case QUOTED:
    case ESCAPED:
        return after_extension(chunks, state, c);
    case SIZE_LF:
        chunks->digits = 0;
        return c != '\n' ? BAD : chunks->left > 0 ? DATA : TRAILER;
    case DATA_CR:
        return c == '\r' ? DATA_LF : BAD;
    case DATA_LF:
        return c == '\n' ? SIZE : BAD;
    case TRAILER:
    case NAME:
    case VALUE:
        return after_trailer(chunks, state, c);
    case VALUE_LF:
        return c == '\n' ? TRAILER : BAD;
    case END_LF:
        return c == '\n' ? DONE : BAD;
    case DATA:
    case DONE:
    case BAD:
        break;
    }
    return BAD;
}

enum http_chunks_got http_chunks_next(struct http_chunks *chunks, str *rest, str *ret_data)
{
    while (chunks->state != DONE && chunks->state != BAD && rest->len > 0) {
        if (chunks->state == DATA) {
            size_t n = chunks->left < rest->len ? (size_t)chunks->left : rest->len;
            *ret_data = str_sub(*rest, 0, n);
            *rest = str_from(*rest, n);
            chunks->left -= n;
            if (chunks->left == 0)
                chunks->state = DATA_CR;
            return HTTP_CHUNKS_DATA;
        }
        chunks->state = after(chunks, (enum state)chunks->state, rest->ptr[0]);
        *rest = str_from(*rest, 1);
    }
    if (chunks->state == DONE)
        return HTTP_CHUNKS_DONE;
    return chunks->state == BAD ? HTTP_CHUNKS_BAD : HTTP_CHUNKS_MORE;
}
