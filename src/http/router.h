/* http/router.h -- a table of methods and patterns.
 *
 *     static const struct http_route routes[] = {
 *         {HTTP_GET | HTTP_HEAD, "/tag/:slug/page/:n/", ROUTE_TAG_PAGE},
 *         {HTTP_GET | HTTP_HEAD, "/content/images/:path*", ROUTE_IMAGE},
 *         {HTTP_POST, "/:slug/reply/", ROUTE_REPLY},
 *     };
 *     switch (http_route_find(routes, ARRAY_LEN, req->method, req->path, &match)) ...
 *
 * A pattern's part is a literal, `:name` (one part, not empty) or, last, `:name*` (all that is left,
 * not empty). The first pattern that matches in the table's order wins: put literals before names.
 * Whether "/tag/x" should become "/tag/x/" is the site's matter; here they differ.
 *
 * Memory: parameters lend from the path. Threads: pure. */
#pragma once
#include "base/str.h"
#include "http/request.h"

struct arena;

enum { HTTP_ROUTE_PARAMS = 4 };

struct http_route {
    unsigned methods; /* HTTP_GET | HTTP_HEAD ... */
    const char *pattern;
    int id; /* the caller's */
};

struct http_route_match {
    const struct http_route *route;
    unsigned allowed; /* of every pattern that matches the path: for 405's Allow */
    size_t count;
    struct {
        str name;
        str value;
    } params[HTTP_ROUTE_PARAMS];
};

enum http_routed { HTTP_ROUTE_FOUND, HTTP_ROUTE_NO_PATH /* 404 */, HTTP_ROUTE_NO_METHOD /* 405 */ };

enum http_routed http_route_find(const struct http_route *routes, size_t count,
                                 enum http_method method, str path,
                                 struct http_route_match *ret_match);
/* Empty when the pattern has no such name. */
str http_route_param(const struct http_route_match *match, str name);
/* "GET, HEAD, POST" */
str http_methods_format(struct arena *arena, unsigned methods);
