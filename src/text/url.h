/* text/url.h -- addresses: taken apart, resolved, normalised, compared.
 *
 *     struct url u = url_split(S("https://example.org/a?b=1#c"));
 *     str abs = url_resolve(arena, S("https://example.org/2024/a/"), S("../b/"));
 *     if (url_same_site(link, site_url)) ...
 *     if (url_query_get(arena, u.query, S("p"), &id)) ...
 *
 * Any text can be split; url_kind says whether it is of use. Nothing here looks up a host.
 *
 * Memory:  parts lend from the input; built text lives in the arena.
 * Threads: pure. Rules: RFC 3986 §3, §5.2 and appendix B. */
#pragma once
#include "base/str.h"

struct arena;

struct url {
    str scheme; /* "https", as written; without ':' */
    str userinfo;
    str host; /* as written; an IPv6 address with its brackets */
    str port; /* digits, or empty */
    str path;
    str query;    /* without '?' */
    str fragment; /* without '#' */
    bool has_scheme, has_authority, has_query, has_fragment;
};

struct url url_split(str text);
str url_build(struct arena *arena, const struct url *url);
/* `ref` as seen from the page `base`; dot segments removed. */
str url_resolve(struct arena *arena, str base, str ref);

enum url_kind {
    URL_RELATIVE,  /* "a/b", "/a", "?q", "#x", "" */
    URL_NO_SCHEME, /* "//host/a" */
    URL_HTTP,
    URL_HTTPS,
    URL_MAILTO,
    URL_TEL,
    URL_OTHER,
};
enum url_kind url_kind(str text);

/* Same host (without regard to case, and to a leading "www."), http or https; relative text is always
 * of the same site. */
bool url_same_site(str text, str site);
bool url_host_eq(str a, str b);
/* "https://Example.org:443/a" -> "example.org". Empty for relative text. */
str url_host_lower(struct arena *arena, str text);

/* "/a/./b/../c//d" -> "/a/c/d": dot segments and doubled slashes removed, percent-encoding of unreserved
 * bytes undone, other hex digits upper-case. Never climbs above "/". */
str url_path_normal(struct arena *arena, str path);
/* True below `folder` ("/blog/" of "/blog/a/", not of "/blogs/"). */
bool url_path_below(str path, str folder);

/* False when an escape is malformed, or gives U+0000 or invalid UTF-8. '+' stays. */
bool url_percent_decode(struct arena *arena, str text, str *ret_text);
/* As forms encode (application/x-www-form-urlencoded): '+' is a space; what is malformed stays as
 * it is and invalid UTF-8 becomes U+FFFD. */
str url_form_decode(struct arena *arena, str text);
/* Everything but unreserved characters and '/' is encoded; percent signs too. */
str url_path_encode(struct arena *arena, str path);
str url_part_encode(struct arena *arena, str text); /* '/' too: one segment or query value */

/* The first value of `name`, decoded. */
bool url_query_get(struct arena *arena, str query, str name, str *ret_value);
/* Takes the next name=value off `*rest`, decoded. False when none is left. */
bool url_query_next(struct arena *arena, str *rest, str *ret_name, str *ret_value);
/* The file name at the end of the path, "" for a folder. */
str url_file_name(str text);
