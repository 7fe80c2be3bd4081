/* SPDX-License-Identifier: MIT
 *
 * A site has a few dozen patterns; going through them in order costs less than a cache miss, and the
 * order in the table is the order a reader of the table expects. */
#include "http/router.h"

#include "base/arena.h"
#include "base/buf.h"

static bool pattern_match(str pattern, str path, struct http_route_match *match)
{
    match->count = 0;
    while (pattern.len > 0) {
        if (pattern.ptr[0] != ':') {
            if (path.len == 0 || path.ptr[0] != pattern.ptr[0])
                return false;
            pattern = str_from(pattern, 1);
            path = str_from(path, 1);
            continue;
        }
        size_t slash = str_find_char(pattern, '/');
        str name = str_sub(pattern, 1, slash == STR_NPOS ? pattern.len - 1 : slash - 1);
        pattern = slash == STR_NPOS ? STR_NONE : str_from(pattern, slash);
        bool all = str_ends(name, S("*"));
        slash = all ? STR_NPOS : str_find_char(path, '/');
        str value = str_sub(path, 0, slash == STR_NPOS ? path.len : slash);
        if (value.len == 0)
            return false;
        CHECK(match->count < HTTP_ROUTE_PARAMS);
        match->params[match->count].name = all ? str_sub(name, 0, name.len - 1) : name;
        match->params[match->count++].value = value;
        path = str_from(path, value.len);
    }
    return path.len == 0;
}

enum http_routed http_route_find(const struct http_route *routes, size_t count,
                                 enum http_method method, str path,
                                 struct http_route_match *ret_match)
{
    unsigned allowed = 0;
    for (size_t i = 0; i < count; i++) {
        struct http_route_match match = {.route = &routes[i]};
        if (!pattern_match(str_from_c(routes[i].pattern), path, &match))
            continue;
        allowed |= routes[i].methods;
        if ((routes[i].methods & method) != 0) {
            match.allowed = allowed;
            *ret_match = match;
            return HTTP_ROUTE_FOUND;
        }
    }
    *ret_match = (struct http_route_match){.allowed = allowed};
    return allowed == 0 ? HTTP_ROUTE_NO_PATH : HTTP_ROUTE_NO_METHOD;
}

str http_route_param(const struct http_route_match *match, str name)
{
    for (size_t i = 0; i < match->count; i++) {
        if (str_eq(match->params[i].name, name))
            return match->params[i].value;
    }
    return STR_NONE;
}

str http_methods_format(struct arena *arena, unsigned methods)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    struct buf b;
    buf_init(&b, arena, 128);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((methods >> i & 1) == 0)
            continue;
        if (buf_view(&b).len > 0)
            buf_add(&b, S(", "));
        buf_add(&b, str_from_c(names[i]));
    }
    return buf_view(&b);
}
