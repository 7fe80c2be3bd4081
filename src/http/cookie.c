/* SPDX-License-Identifier: MIT */
#include "http/cookie.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/chars.h"

enum { COOKIE_MAX = 4096 }; /* what browsers keep (RFC 6265 §6.1) */

enum status http_cookie_format(struct arena *arena, const struct http_cookie *cookie, str *ret_line,
                               struct error *err)
{
    static const char *const sites[] = {"Lax", "Strict", "None"};
    str path = cookie->path.len > 0 ? cookie->path : S("/");
    if (cookie->name.len == 0 || !http_chars_all(cookie->name, HTTP_CHAR_TOKEN))
        return error_set(err, ST_INVALID, "a cookie cannot be named \"%.*s\"",
                         STR_ARG(cookie->name));
    if (!http_chars_all(cookie->value, HTTP_CHAR_COOKIE))
        return error_set(err, ST_INVALID, "the value of cookie %.*s holds a byte it may not",
                         STR_ARG(cookie->name));
    if (path.ptr[0] != '/' || !http_chars_all(path, HTTP_CHAR_COOKIE))
        return error_set(err, ST_INVALID, "the path of cookie %.*s is not one",
                         STR_ARG(cookie->name));

    struct buf b;
    buf_init(&b, arena, COOKIE_MAX);
    buf_add(&b, cookie->name);
    buf_add_char(&b, '=');
    buf_add(&b, cookie->value);
    buf_add(&b, S("; Path="));
    buf_add(&b, path);
    if (cookie->max_age_s != 0) {
        buf_add(&b, S("; Max-Age="));
        buf_add_int(&b, cookie->max_age_s > 0 ? cookie->max_age_s : 0);
    }
    if (cookie->secure)
        buf_add(&b, S("; Secure"));
    if (cookie->http_only)
        buf_add(&b, S("; HttpOnly"));
    buf_add(&b, S("; SameSite="));
    buf_add(&b, str_from_c(sites[cookie->same_site]));
    return buf_finish(&b, ret_line, err);
}
