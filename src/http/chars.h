/* http/chars.h -- which bytes may stand where in HTTP/1.
 *
 *     if (!http_char_is(c, HTTP_CHAR_TOKEN)) return 400;
 *
 * RFC 9110 §5.6.2 (token), §5.5 (field value), RFC 3986 (target; here any visible ASCII but "#<>,
 * as browsers leave more of it unencoded than the RFC lists). Inside http/ only. Threads: read-only. */
#pragma once
#include "base/str.h"

enum {
    HTTP_CHAR_TOKEN = 1,
    HTTP_CHAR_TARGET = 2,
    HTTP_CHAR_VALUE = 4, /* with space, TAB and bytes above 0x7F */
    HTTP_CHAR_HOST = 8,  /* a name or IPv4 address */
    HTTP_CHAR_COOKIE = 16,
};
extern const uint8_t http_chars[256];

static inline bool http_char_is(char c, unsigned kind)
{
    return (http_chars[(unsigned char)c] & kind) != 0;
}
/* Every byte of `s` is of that kind. */
bool http_chars_all(str s, unsigned kind);
