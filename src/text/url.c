/* SPDX-License-Identifier: MIT */
#include "text/url.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/utf8.h"

/* ---- parts ---- */

static bool is_scheme(str s)
{
    if (s.len == 0 || !ascii_is_alpha(s.ptr[0]))
        return false;
    for (size_t i = 1; i < s.len; i++) {
        char c = s.ptr[i];
        if (!ascii_is_alnum(c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    return true;
}

static size_t find_first_of(str s, str set)
{
    size_t i = 0;
    while (i < s.len && str_find_char(set, s.ptr[i]) == STR_NPOS)
        i++;
    return i;
}

static void split_authority(str authority, struct url *url)
{
    size_t at = str_rfind_char(authority, '@');
    if (at != STR_NPOS) {
        url->userinfo = str_sub(authority, 0, at);
        authority = str_from(authority, at + 1);
    }
    /* A colon inside the brackets of an IPv6 address parts no port. */
    size_t bracket = str_rfind_char(authority, ']');
    size_t colon = str_rfind_char(authority, ':');
    if (colon != STR_NPOS && (bracket == STR_NPOS || colon > bracket)) {
        url->port = str_from(authority, colon + 1);
        authority = str_sub(authority, 0, colon);
    }
    url->host = authority;
}

struct url url_split(str text)
{
    struct url url = {.has_scheme = false};
    size_t end = find_first_of(text, S(":/?#"));

    if (end < text.len && text.ptr[end] == ':' && is_scheme(str_sub(text, 0, end))) {
        url.scheme = str_sub(text, 0, end);
        url.has_scheme = true;
        text = str_from(text, end + 1);
    }
    if (str_starts(text, S("//"))) {
        text = str_from(text, 2);
        end = find_first_of(text, S("/?#"));
        url.has_authority = true;
        split_authority(str_sub(text, 0, end), &url);
        text = str_from(text, end);
    }
    end = find_first_of(text, S("?#"));
    url.path = str_sub(text, 0, end);
    text = str_from(text, end);
    if (str_starts(text, S("?"))) {
        text = str_from(text, 1);
        end = find_first_of(text, S("#"));
        url.has_query = true;
        url.query = str_sub(text, 0, end);
        text = str_from(text, end);
    }
    if (str_starts(text, S("#"))) {
        url.has_fragment = true;
        url.fragment = str_from(text, 1);
    }
    return url;
}

str url_build(struct arena *arena, const struct url *url)
{
    struct buf b;
    size_t parts = size_add(size_add(url->scheme.len, url->userinfo.len),
                            size_add(url->host.len, url->port.len));
    size_t rest = size_add(url->path.len, size_add(url->query.len, url->fragment.len));

    buf_init(&b, arena, size_add(size_add(parts, rest), 16));
    if (url->has_scheme) {
        buf_add(&b, url->scheme);
        buf_add_char(&b, ':');
    }
    if (url->has_authority) {
        buf_add(&b, S("//"));
        if (url->userinfo.len > 0) {
            buf_add(&b, url->userinfo);
            buf_add_char(&b, '@');
        }
        buf_add(&b, url->host);
        if (url->port.len > 0) {
            buf_add_char(&b, ':');
            buf_add(&b, url->port);
        }
        if (url->path.len > 0 && url->path.ptr[0] != '/')
            buf_add_char(&b, '/');
    } else if (str_starts(url->path, S("//"))) {
        buf_add(&b, S("/.")); /* else the path would read as a host (RFC 3986 §3.3) */
    }
    buf_add(&b, url->path);
    if (url->has_query) {
        buf_add_char(&b, '?');
        buf_add(&b, url->query);
    }
    if (url->has_fragment) {
        buf_add_char(&b, '#');
        buf_add(&b, url->fragment);
    }
    CHECK(!b.too_big);
    return buf_view(&b);
}

/* ---- resolving ---- */

/* RFC 3986 §5.2.4, over a builder: a segment ".." takes the last one off again. */
static str remove_dot_segments(struct arena *arena, str path)
{
    struct buf b;
    bool absolute = str_starts(path, S("/"));

    buf_init(&b, arena, size_add(path.len, 2));
    if (absolute) {
        buf_add_char(&b, '/');
        path = str_from(path, 1);
    }
    size_t root = b.len;
    for (;;) {
        size_t end = find_first_of(path, S("/"));
        str segment = str_sub(path, 0, end);
        bool last = end == path.len;
        if (str_eq(segment, S(".."))) {
            if (b.len > root) {
                buf_truncate(&b, b.len - 1); /* its slash */
                size_t slash = str_rfind_char(buf_view(&b), '/');
                buf_truncate(&b, slash == STR_NPOS ? root : slash + 1);
            }
        } else if (!str_eq(segment, S("."))) {
            buf_add(&b, segment);
            if (!last)
                buf_add_char(&b, '/');
        }
        if (last)
            break;
        path = str_from(path, end + 1);
    }
    CHECK(!b.too_big);
    return buf_view(&b);
}

static str merge_paths(struct arena *arena, const struct url *base, str path)
{
    if (base->has_authority && base->path.len == 0)
        return str_join2(arena, S("/"), path);
    size_t slash = str_rfind_char(base->path, '/');
    if (slash == STR_NPOS)
        return path;
    return str_join2(arena, str_sub(base->path, 0, slash + 1), path);
}

str url_resolve(struct arena *arena, str base_text, str ref_text)
{
    struct url base = url_split(base_text);
    struct url to = url_split(ref_text);

    if (!to.has_scheme) {
        if (!to.has_authority) {
            if (to.path.len == 0) {
                to.path = base.path;
                if (!to.has_query) {
                    to.query = base.query;
                    to.has_query = base.has_query;
                }
            } else if (to.path.ptr[0] != '/') {
                to.path = merge_paths(arena, &base, to.path);
            }
            to.has_authority = base.has_authority;
            to.userinfo = base.userinfo;
            to.host = base.host;
            to.port = base.port;
        }
        to.scheme = base.scheme;
        to.has_scheme = base.has_scheme;
    }
    to.path = remove_dot_segments(arena, to.path);
    return url_build(arena, &to);
}

/* ---- kinds and hosts ---- */

enum url_kind url_kind(str text)
{
    struct url url = url_split(text);

    if (!url.has_scheme)
        return url.has_authority ? URL_NO_SCHEME : URL_RELATIVE;
    if (str_eq_nocase(url.scheme, S("https")))
        return URL_HTTPS;
    if (str_eq_nocase(url.scheme, S("http")))
        return URL_HTTP;
    if (str_eq_nocase(url.scheme, S("mailto")))
        return URL_MAILTO;
    if (str_eq_nocase(url.scheme, S("tel")))
        return URL_TEL;
    return URL_OTHER;
}

static str without_www(str host)
{
    return str_starts_nocase(host, S("www.")) ? str_from(host, 4) : host;
}

bool url_host_eq(str a, str b)
{
    return a.len > 0 && str_eq_nocase(without_www(a), without_www(b));
}

bool url_same_site(str text, str site)
{
    enum url_kind kind = url_kind(text);

    if (kind == URL_RELATIVE)
        return true;
    if (kind != URL_HTTP && kind != URL_HTTPS && kind != URL_NO_SCHEME)
        return false;
    return url_host_eq(url_split(text).host, url_split(site).host);
}

str url_host_lower(struct arena *arena, str text)
{
    return str_lower(arena, url_split(text).host);
}

str url_file_name(str text)
{
    str path = url_split(text).path;
    size_t slash = str_rfind_char(path, '/');
    return slash == STR_NPOS ? path : str_from(path, slash + 1);
}

/* ---- percent-encoding ---- */

static int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char low = ascii_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The byte of "%XX" at `i`, or -1. */
static int escape_at(str text, size_t i)
{
    if (text.len - i < 3 || text.ptr[i] != '%')
        return -1;
    int high = hex_digit(text.ptr[i + 1]);
    int low = hex_digit(text.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_unreserved(int byte)
{
    return byte >= 0 && byte < 0x80 &&
           (ascii_is_alnum((char)byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~');
}

str url_path_normal(struct arena *arena, str path)
{
    struct buf b;

    buf_init(&b, arena, size_add(size_mul(path.len, 3), 1));
    for (size_t i = 0; i < path.len; i++) {
        int byte = escape_at(path, i);
        if (byte >= 0) {
            if (is_unreserved(byte))
                buf_add_char(&b, (char)byte);
            else
                buf_addf(&b, "%%%02X", (unsigned)byte);
            i += 2;
        } else {
            buf_add_char(&b, path.ptr[i]);
        }
    }
    CHECK(!b.too_big);
    str decoded = remove_dot_segments(arena, buf_view(&b));
    buf_init(&b, arena, size_add(decoded.len, 1));
    for (size_t i = 0; i < decoded.len; i++) {
        bool doubled = decoded.ptr[i] == '/' && i > 0 && decoded.ptr[i - 1] == '/';
        if (!doubled)
            buf_add_char(&b, decoded.ptr[i]);
    }
    return buf_view(&b);
}

bool url_path_below(str path, str folder)
{
    while (str_ends(folder, S("/")))
        folder.len--;
    return str_starts(path, folder) && (path.len == folder.len || path.ptr[folder.len] == '/');
}

bool url_percent_decode(struct arena *arena, str text, str *ret_text)
{
    struct buf b;

    buf_init(&b, arena, size_add(text.len, 1));
    for (size_t i = 0; i < text.len; i++) {
        int byte = escape_at(text, i);
        if (byte >= 0) {
            buf_add_char(&b, (char)byte);
            i += 2;
        } else if (text.ptr[i] == '%') {
            return false;
        } else {
            buf_add_char(&b, text.ptr[i]);
        }
    }
    if (!utf8_valid(buf_view(&b)))
        return false;
    *ret_text = buf_view(&b);
    return true;
}

str url_form_decode(struct arena *arena, str text)
{
    struct buf b;

    buf_init(&b, arena, size_add(text.len, 1));
    for (size_t i = 0; i < text.len; i++) {
        int byte = escape_at(text, i);
        if (byte >= 0) {
            buf_add_char(&b, (char)byte);
            i += 2;
        } else {
            buf_add_char(&b, text.ptr[i] == '+' ? ' ' : text.ptr[i]);
        }
    }
    return utf8_repair(arena, buf_view(&b));
}

static str encoded(struct arena *arena, str text, str keep)
{
    struct buf b;
    buf_init(&b, arena, size_add(size_mul(text.len, 3), 1));
    buf_add_percent(&b, text, keep);
    CHECK(!b.too_big);
    return buf_view(&b);
}

str url_path_encode(struct arena *arena, str path)
{
    return encoded(arena, path, S("/"));
}

str url_part_encode(struct arena *arena, str text)
{
    return encoded(arena, text, STR_NONE);
}

/* ---- queries ---- */

bool url_query_next(struct arena *arena, str *rest, str *ret_name, str *ret_value)
{
    while (rest->len > 0) {
        str pair = str_cut(rest, '&');
        if (pair.len == 0)
            continue;
        str name = str_cut(&pair, '=');
        *ret_name = url_form_decode(arena, name);
        *ret_value = url_form_decode(arena, pair);
        return true;
    }
    return false;
}

bool url_query_get(struct arena *arena, str query, str name, str *ret_value)
{
    str rest = query, found, value;

    while (url_query_next(arena, &rest, &found, &value)) {
        if (str_eq(found, name)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}
