/* SPDX-License-Identifier: MIT */
#include "text/url.h"

#include "base/arena.h"
#include "tests/check.h"

/* RFC 3986 §5.4: all its examples. */
static const struct {
    str ref, target;
} resolved[] = {
    {STR_INIT("g:h"), STR_INIT("g:h")},
    {STR_INIT("g"), STR_INIT("http://a/b/c/g")},
    {STR_INIT("./g"), STR_INIT("http://a/b/c/g")},
    {STR_INIT("g/"), STR_INIT("http://a/b/c/g/")},
    {STR_INIT("/g"), STR_INIT("http://a/g")},
    {STR_INIT("//g"), STR_INIT("http://g")},
    {STR_INIT("?y"), STR_INIT("http://a/b/c/d;p?y")},
    {STR_INIT("g?y"), STR_INIT("http://a/b/c/g?y")},
    {STR_INIT("#s"), STR_INIT("http://a/b/c/d;p?q#s")},
    {STR_INIT("g#s"), STR_INIT("http://a/b/c/g#s")},
    {STR_INIT("g?y#s"), STR_INIT("http://a/b/c/g?y#s")},
    {STR_INIT(";x"), STR_INIT("http://a/b/c/;x")},
    {STR_INIT("g;x"), STR_INIT("http://a/b/c/g;x")},
    {STR_INIT("g;x?y#s"), STR_INIT("http://a/b/c/g;x?y#s")},
    {STR_INIT(""), STR_INIT("http://a/b/c/d;p?q")},
    {STR_INIT("."), STR_INIT("http://a/b/c/")},
    {STR_INIT("./"), STR_INIT("http://a/b/c/")},
    {STR_INIT(".."), STR_INIT("http://a/b/")},
    {STR_INIT("../"), STR_INIT("http://a/b/")},
    {STR_INIT("../g"), STR_INIT("http://a/b/g")},
    {STR_INIT("../.."), STR_INIT("http://a/")},
    {STR_INIT("../../"), STR_INIT("http://a/")},
    {STR_INIT("../../g"), STR_INIT("http://a/g")},
    {STR_INIT("../../../g"), STR_INIT("http://a/g")},
    {STR_INIT("../../../../g"), STR_INIT("http://a/g")},
    {STR_INIT("/./g"), STR_INIT("http://a/g")},
    {STR_INIT("/../g"), STR_INIT("http://a/g")},
    {STR_INIT("g."), STR_INIT("http://a/b/c/g.")},
    {STR_INIT("g.."), STR_INIT("http://a/b/c/g..")},
    {STR_INIT("..g"), STR_INIT("http://a/b/c/..g")},
    {STR_INIT("./../g"), STR_INIT("http://a/b/g")},
    {STR_INIT("./g/."), STR_INIT("http://a/b/c/g/")},
    {STR_INIT("g/./h"), STR_INIT("http://a/b/c/g/h")},
    {STR_INIT("g/../h"), STR_INIT("http://a/b/c/h")},
    {STR_INIT("g;x=1/./y"), STR_INIT("http://a/b/c/g;x=1/y")},
    {STR_INIT("g;x=1/../y"), STR_INIT("http://a/b/c/y")},
    {STR_INIT("g?y/./x"), STR_INIT("http://a/b/c/g?y/./x")},
    {STR_INIT("g#s/../x"), STR_INIT("http://a/b/c/g#s/../x")},
    {STR_INIT("http:g"), STR_INIT("http:g")},
};

static const struct {
    str path, normal;
} paths[] = {
    {STR_INIT("/a/./b/../c//d"), STR_INIT("/a/c/d")},
    {STR_INIT("/%7Euser/%e2%82%ac/%2F"), STR_INIT("/~user/%E2%82%AC/%2F")},
    {STR_INIT("/../../etc"), STR_INIT("/etc")},
    {STR_INIT("/%2e%2e/x"), STR_INIT("/x")},
    {STR_INIT("/a/"), STR_INIT("/a/")},
    {STR_INIT("/%zz%"), STR_INIT("/%zz%")},
    {STR_INIT("//a"), STR_INIT("/a")},
    {STR_INIT(""), STR_INIT("")},
};

static void check_split(void)
{
    struct url u = url_split(S("https://me:pw@Example.org:8080/a/b?c=d?#e?f#g"));
    EXPECT_STR(u.scheme, S("https"));
    EXPECT_STR(u.userinfo, S("me:pw"));
    EXPECT_STR(u.host, S("Example.org"));
    EXPECT_STR(u.port, S("8080"));
    EXPECT_STR(u.path, S("/a/b"));
    EXPECT_STR(u.query, S("c=d?"));
    EXPECT_STR(u.fragment, S("e?f#g"));
    u = url_split(S("http://[::1]/"));
    EXPECT_STR(u.host, S("[::1]"));
    EXPECT_STR(u.port, S(""));
    u = url_split(S("a:b"));
    EXPECT(u.has_scheme && !u.has_authority);
    u = url_split(S("1a:b"));
    EXPECT(!u.has_scheme);
    u = url_split(S("?"));
    EXPECT(u.has_query && u.query.len == 0 && !u.has_fragment);
}

static void check_sites(struct arena *arena)
{
    str site = S("https://example.org");
    EXPECT(url_same_site(S("http://www.Example.org/x"), site));
    EXPECT(url_same_site(S("//example.org/x"), site));
    EXPECT(url_same_site(S("/x"), site));
    EXPECT(!url_same_site(S("https://example.org.evil.test/"), site));
    EXPECT(!url_same_site(S("https://example.org@evil.test/"), site));
    EXPECT(!url_same_site(S("mailto:a@example.org"), site));
    EXPECT(!url_same_site(S("https://x.test"), S("")));
    EXPECT_STR(url_host_lower(arena, S("https://A.b:1/C")), S("a.b"));
    EXPECT_STR(url_file_name(S("https://a/b/c.jpg?x/y")), S("c.jpg"));
    EXPECT(url_path_below(S("/blog/a/"), S("/blog/")) && url_path_below(S("/blog"), S("/blog/")) &&
           !url_path_below(S("/blogs/"), S("/blog/")) && url_path_below(S("/x"), S("/")));
    EXPECT_INT(url_kind(S("JavaScript:x")), URL_OTHER);
    EXPECT_INT(url_kind(S("HTTPS://x")), URL_HTTPS);
    EXPECT_INT(url_kind(S("a/b:c")), URL_RELATIVE);
}

static void check_codes(struct arena *arena)
{
    str text = S("");
    EXPECT(url_percent_decode(arena, S("a%20b+%C3%A9"), &text));
    EXPECT_STR(text, S("a b+é"));
    EXPECT(!url_percent_decode(arena, S("%"), &text));
    EXPECT(!url_percent_decode(arena, S("%2"), &text));
    EXPECT(!url_percent_decode(arena, S("%gg"), &text));
    EXPECT(!url_percent_decode(arena, S("%00"), &text));
    EXPECT(!url_percent_decode(arena, S("%FF"), &text));
    EXPECT_STR(url_form_decode(arena, S("a+b%20c%zz%FF")), S("a b c%zz�"));
    EXPECT_STR(url_path_encode(arena, S("/a b/é%")), S("/a%20b/%C3%A9%25"));
    EXPECT_STR(url_part_encode(arena, S("a/b&c")), S("a%2Fb%26c"));
}

static void check_queries(struct arena *arena)
{
    str value = S(""), name, rest = S("&a=1&&b&c==2&");
    EXPECT(url_query_get(arena, S("x=1&q=rain+%26+wind&q=2"), S("q"), &value));
    EXPECT_STR(value, S("rain & wind"));
    EXPECT(!url_query_get(arena, S("x=1"), S("q"), &value));
    EXPECT(url_query_next(arena, &rest, &name, &value));
    EXPECT_STR(name, S("a"));
    EXPECT(url_query_next(arena, &rest, &name, &value));
    EXPECT_STR(name, S("b"));
    EXPECT_STR(value, S(""));
    EXPECT(url_query_next(arena, &rest, &name, &value));
    EXPECT_STR(value, S("=2"));
    EXPECT(!url_query_next(arena, &rest, &name, &value));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(resolved) / sizeof(resolved[0]); i++)
        EXPECT_STR(url_resolve(arena, S("http://a/b/c/d;p?q"), resolved[i].ref),
                   resolved[i].target);
    EXPECT_STR(url_resolve(arena, S("http://a"), S("b")), S("http://a/b"));
    EXPECT_STR(url_resolve(arena, S("http://a/x"), S("/.//b")), S("http://a//b"));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        EXPECT_STR(url_path_normal(arena, paths[i].path), paths[i].normal);
    check_split();
    check_sites(arena);
    check_codes(arena);
    check_queries(arena);
    return test_done();
}
