/* http/cookie.h -- the Set-Cookie line (RFC 6265 §4.1). Reading is http_request_cookie.
 *
 *     st = http_cookie_format(arena, &(struct http_cookie){.name = S("desk"), .value = token,
 *                             .path = S("/desk/"), .secure = site_is_https, .http_only = true,
 *                             .same_site = HTTP_SAME_SITE_LAX, .max_age_s = 86400}, &line, err);
 *     http_response_header(res, S("Set-Cookie"), line);
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

enum http_same_site { HTTP_SAME_SITE_LAX, HTTP_SAME_SITE_STRICT, HTTP_SAME_SITE_NONE };

struct http_cookie {
    str name;
    str value;         /* only RFC 6265 cookie-octets: encode the rest yourself */
    str path;          /* "" is "/" */
    int64_t max_age_s; /* 0: until the browser closes; negative: forget it now */
    bool secure;
    bool http_only;
    enum http_same_site same_site;
};

/* ST_INVALID when name, value or path hold what a cookie may not. */
MUST_USE enum status http_cookie_format(struct arena *arena, const struct http_cookie *cookie,
                                        str *ret_line, struct error *err);
