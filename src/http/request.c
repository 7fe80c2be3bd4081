/* SPDX-License-Identifier: MIT */
#include "http/request.h"

#include "base/arena.h"
#include "http/chars.h"

str http_request_header_named(const struct http_request *req, str name)
{
    for (size_t i = 0; i < req->header_count; i++) {
        if (str_eq_nocase(req->headers[i].name, name))
            return req->headers[i].value;
    }
    return STR_NONE;
}

/* ---- parameters and cookies ---- */

bool http_query_get(const struct http_request *req, str name, str *ret_value)
{
    str rest = req->query;
    while (rest.len > 0) {
        str value = str_cut(&rest, '&');
        str key = str_cut(&value, '=');
        if (http_percent_decode(req->arena, key, true, &key) && str_eq(key, name))
            return http_percent_decode(req->arena, value, true, ret_value);
    }
    return false;
}

bool http_request_cookie(const struct http_request *req, str name, str *ret_value)
{
    str rest = req->known[HTTP_COOKIE];
    while (rest.len > 0) {
        str value = str_trim(str_cut(&rest, ';'));
        str key = str_cut(&value, '=');
        if (!str_eq(key, name))
            continue;
        if (value.len >= 2 && str_starts(value, S("\"")) && str_ends(value, S("\"")))
            value = str_sub(value, 1, value.len - 2);
        *ret_value = value;
        return true;
    }
    return false;
}

/* ---- Accept-Encoding ---- */

/* "q=0", "q=0.0", ...: not wanted. Any other weight is a yes: what we have is sent. */
static bool weight_is_zero(str params)
{
    while (params.len > 0) {
        str param = str_trim(str_cut(&params, ';'));
        if (!str_starts_nocase(param, S("q=")))
            continue;
        str q = str_from(param, 2);
        for (size_t i = 0; i < q.len; i++) {
            if (q.ptr[i] != '0' && q.ptr[i] != '.')
                return false;
        }
        return true;
    }
    return false;
}

unsigned http_accepted_encodings(str accept_encoding)
{
    enum { ALL = (1 << HTTP_ENCODINGS) - 1 };
    /* What nearly every browser sends, and what a benchmark does. */
    if (str_eq(accept_encoding, S("gzip, deflate, br")) ||
        str_eq(accept_encoding, S("gzip, deflate, br, zstd")))
        return ALL;
    unsigned named = 0, taken = 0;
    bool rest_named = false, rest_taken = false;
    while (accept_encoding.len > 0) {
        str params = str_cut(&accept_encoding, ',');
        str coding = str_trim(str_cut(&params, ';'));
        bool taken_here = !weight_is_zero(params);
        unsigned bit = 0;
        if (str_eq_nocase(coding, S("gzip")) || str_eq_nocase(coding, S("x-gzip")))
            bit = 1u << HTTP_GZIP;
        else if (str_eq_nocase(coding, S("br")))
            bit = 1u << HTTP_BROTLI;
        else if (str_eq_nocase(coding, S("identity")))
            bit = 1u << HTTP_IDENTITY;
        else if (str_eq(coding, S("*"))) {
            rest_named = true;
            rest_taken = taken_here;
        }
        named |= bit;
        if (taken_here)
            taken |= bit;
    }
    if (rest_named && rest_taken)
        taken |= ALL & ~named;
    else if (!rest_named && (named & 1u << HTTP_IDENTITY) == 0)
        taken |= 1u << HTTP_IDENTITY;
    return taken;
}

/* ---- User-Agent ---- */

/* One walk, since this runs for every page counted: "bot", "crawl", "spider", "slurp" anywhere. An
 * empty one is a program too. */
bool http_agent_is_robot(str user_agent)
{
    for (size_t i = 0; i + 2 < user_agent.len; i++) {
        char c = (char)(user_agent.ptr[i] | 0x20);
        if (c != 'b' && c != 'c' && c != 's')
            continue;
        str rest = str_from(user_agent, i);
        if (str_starts_nocase(rest, S("bot")) || str_starts_nocase(rest, S("crawl")) ||
            str_starts_nocase(rest, S("spider")) || str_starts_nocase(rest, S("slurp")))
            return true;
    }
    return user_agent.len == 0;
}

/* ---- percent-encoding ---- */

static int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Length of the decoded text, or STR_NPOS for a '%' without two digits behind it, or "%00". */
static size_t decode(str text, bool plus, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++, n++) {
        char c = text.ptr[i];
        if (c == '+' && plus)
            c = ' ';
        if (c == '%') {
            if (text.len - i < 3)
                return STR_NPOS;
            int high = hex_digit(text.ptr[i + 1]), low = hex_digit(text.ptr[i + 2]);
            if (high < 0 || low < 0 || (high | low) == 0)
                return STR_NPOS;
            c = (char)(high << 4 | low);
            i += 2;
        }
        out[n] = c;
    }
    return n;
}

bool http_percent_decode(struct arena *arena, str text, bool plus, str *ret_text)
{
    bool plain =
        str_find_char(text, '%') == STR_NPOS && (!plus || str_find_char(text, '+') == STR_NPOS);
    if (!plain) {
        char *out = arena_new_array(arena, char, text.len);
        size_t len = decode(text, plus, out);
        if (len == STR_NPOS)
            return false;
        text = (str){out, len};
    }
    if (str_find_char(text, '\0') != STR_NPOS || !str_is_utf8(text))
        return false;
    *ret_text = text;
    return true;
}
