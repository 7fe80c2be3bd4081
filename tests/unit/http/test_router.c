/* SPDX-License-Identifier: MIT */
#include "http/router.h"

#include "base/arena.h"
#include "tests/check.h"

enum { FRONT, PAGE, TAG_PAGE, IMAGE, STORY, REPLY };
enum { READ = HTTP_GET | HTTP_HEAD };

static const struct http_route routes[] = {
    {READ, "/", FRONT},
    {READ, "/page/:n/", PAGE},
    {READ, "/tag/:slug/page/:n/", TAG_PAGE},
    {READ, "/content/images/:path*", IMAGE},
    {READ, "/:slug/", STORY},
    {HTTP_POST, "/:slug/", REPLY},
};

static const struct {
    enum http_method method;
    str path;
    enum http_routed routed;
    int id;
    str name, value;
} cases[] = {
    {HTTP_GET, STR_INIT("/"), HTTP_ROUTE_FOUND, FRONT, STR_INIT(""), STR_INIT("")},
    {HTTP_HEAD, STR_INIT("/page/2/"), HTTP_ROUTE_FOUND, PAGE, STR_INIT("n"), STR_INIT("2")},
    {HTTP_GET, STR_INIT("/page/"), HTTP_ROUTE_FOUND, STORY, STR_INIT("slug"), STR_INIT("page")},
    {HTTP_GET, STR_INIT("/tag/a/page/3/"), HTTP_ROUTE_FOUND, TAG_PAGE, STR_INIT("n"),
     STR_INIT("3")},
    {HTTP_GET, STR_INIT("/content/images/2024/a.jpg"), HTTP_ROUTE_FOUND, IMAGE, STR_INIT("path"),
     STR_INIT("2024/a.jpg")},
    {HTTP_GET, STR_INIT("/content/images/"), HTTP_ROUTE_NO_PATH, 0, STR_INIT(""), STR_INIT("")},
    {HTTP_GET, STR_INIT("/story/"), HTTP_ROUTE_FOUND, STORY, STR_INIT("slug"), STR_INIT("story")},
    {HTTP_POST, STR_INIT("/story/"), HTTP_ROUTE_FOUND, REPLY, STR_INIT("slug"), STR_INIT("story")},
    {HTTP_GET, STR_INIT("/story"), HTTP_ROUTE_NO_PATH, 0, STR_INIT(""), STR_INIT("")},
    {HTTP_GET, STR_INIT("//"), HTTP_ROUTE_NO_PATH, 0, STR_INIT(""), STR_INIT("")},
    {HTTP_GET, STR_INIT(""), HTTP_ROUTE_NO_PATH, 0, STR_INIT(""), STR_INIT("")},
    {HTTP_PUT, STR_INIT("/story/"), HTTP_ROUTE_NO_METHOD, 0, STR_INIT(""), STR_INIT("")},
    {HTTP_POST, STR_INIT("/"), HTTP_ROUTE_NO_METHOD, 0, STR_INIT(""), STR_INIT("")},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    enum { ROUTES = sizeof(routes) / sizeof(routes[0]) };
    struct http_route_match match;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT_INT(http_route_find(routes, ROUTES, cases[i].method, cases[i].path, &match),
                   cases[i].routed);
        if (cases[i].routed != HTTP_ROUTE_FOUND)
            continue;
        EXPECT_INT(match.route->id, cases[i].id);
        EXPECT_STR(http_route_param(&match, cases[i].name), cases[i].value);
    }
    EXPECT_INT(http_route_find(routes, ROUTES, HTTP_PUT, S("/x/"), &match), HTTP_ROUTE_NO_METHOD);
    EXPECT_STR(http_methods_format(arena, match.allowed), S("GET, HEAD, POST"));
    return test_done();
}
