/* SPDX-License-Identifier: MIT
 *
 * Addresses as a browser would read them (WHATWG URL, not RFC 3986), because that is who will: white space at
 * the ends and tabs and newlines anywhere do not count, a backslash is a slash, "//host" and even
 * "https:host" name a host. All of that is made plain first and then judged, so that what was
 * judged is what is written. */
#include "text/sanitize_parts.h"

#include "base/arena.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- one address ---- */

/* Without controls, and trimmed; what cannot stand in an address is percent-encoded. */
static str without_controls(struct arena *arena, str url)
{
    struct buf b;
    bool in_path = true; /* before the query and fragment, where browsers turn backslashes */

    buf_init(&b, arena, size_add(size_mul(url.len, 3), 1));
    while (url.len > 0) {
        str at = url;
        uint32_t c = utf8_next(&url);
        if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF)
            continue;
        if (c == '?' || c == '#')
            in_path = false;
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '`')
            buf_addf(&b, "%%%02X", (unsigned)c);
        else if (c == '\\' && in_path)
            buf_add_char(&b, '/');
        else
            buf_add(&b, str_sub(at, 0, at.len - url.len));
    }
    return buf_view(&b);
}

static str trim_controls(str s)
{
    while (s.len > 0 && (unsigned char)s.ptr[0] <= ' ')
        s = str_from(s, 1);
    while (s.len > 0 && (unsigned char)s.ptr[s.len - 1] <= ' ')
        s.len--;
    return s;
}

/* What stands after "https:" or "//": slashes in any number, then a host. Names and passwords before an '@'
 * go, as they are used to pass for a host. */
static bool with_host(struct arena *arena, str scheme, str rest, str *ret_url)
{
    while (str_starts(rest, S("/")))
        rest = str_from(rest, 1);
    struct url url = url_split(str_join3(arena, scheme, S("://"), rest));
    url.userinfo = STR_NONE;
    /* "a:b:" is two ports to us, and another address once written and read again. */
    bool colon = str_find_char(url.host, ':') != STR_NPOS && !str_starts(url.host, S("["));
    if (url.host.len == 0 || colon || str_find_char(url.host, '%') != STR_NPOS)
        return false;
    for (size_t i = 0; i < url.port.len; i++) {
        if (!ascii_is_digit(url.port.ptr[i]))
            return false;
    }
    *ret_url = url_build(arena, &url);
    return true;
}

static bool colon_before_slash(str url)
{
    str path = url_split(url).path;
    return str_find_char(str_cut(&path, '/'), ':') != STR_NPOS;
}

bool clean_url(struct arena *arena, str text, str *ret_url)
{
    text = trim_controls(text);
    if (text.len == 0 || text.len > CLEAN_URL_MAX)
        return false;
    str url = trim_controls(without_controls(arena, text));
    switch (url_kind(url)) {
    case URL_RELATIVE:
        if (colon_before_slash(url)) /* no scheme by our rules; nobody means it otherwise */
            return false;
        *ret_url = url;
        return url.len > 0;
    case URL_NO_SCHEME:
        return with_host(arena, S("https"), url, ret_url);
    case URL_HTTP:
        return with_host(arena, S("http"), str_from(url, 5), ret_url);
    case URL_HTTPS:
        return with_host(arena, S("https"), str_from(url, 6), ret_url);
    case URL_MAILTO:
    case URL_TEL:
        *ret_url = url;
        return true;
    case URL_OTHER:
        break;
    }
    return false;
}

bool clean_media_url(struct arena *arena, str text, str *ret_url)
{
    str url;
    if (!clean_url(arena, text, &url))
        return false;
    enum url_kind kind = url_kind(url);
    if (kind != URL_RELATIVE && kind != URL_HTTP && kind != URL_HTTPS)
        return false;
    *ret_url = url;
    return true;
}

bool clean_is_ours(const struct cleaner *c, str url)
{
    return url_kind(url) == URL_RELATIVE ||
           (c->profile->site.len > 0 && url_same_site(url, c->profile->site));
}

str clean_url_label(struct arena *arena, str url)
{
    struct url parts = url_split(url);
    str host = str_starts_nocase(parts.host, S("www.")) ? str_from(parts.host, 4) : parts.host;
    str name = url_file_name(url);
    if (name.len == 0)
        return host.len > 0 ? host : url;
    return host.len > 0 ? str_join3(arena, host, S("/"), name) : name;
}

/* ---- players of embeds ---- */

/* A player at host + prefix + rest stands for page + rest. `id` says that the rest is one name, and what
 * follows it (a query) goes; else the rest is taken whole. */
static const struct player {
    str host, prefix, player, page, service;
    bool id;
} players[] = {
    {STR_INIT("youtube.com"), STR_INIT("/embed/"),
     STR_INIT("https://www.youtube-nocookie.com/embed/"),
     STR_INIT("https://www.youtube.com/watch?v="), STR_INIT("YouTube"), true},
    {STR_INIT("youtube-nocookie.com"), STR_INIT("/embed/"),
     STR_INIT("https://www.youtube-nocookie.com/embed/"),
     STR_INIT("https://www.youtube.com/watch?v="), STR_INIT("YouTube"), true},
    {STR_INIT("player.vimeo.com"), STR_INIT("/video/"), STR_INIT("https://player.vimeo.com/video/"),
     STR_INIT("https://vimeo.com/"), STR_INIT("Vimeo"), true},
    {STR_INIT("dailymotion.com"), STR_INIT("/embed/video/"),
     STR_INIT("https://www.dailymotion.com/embed/video/"),
     STR_INIT("https://www.dailymotion.com/video/"), STR_INIT("Dailymotion"), true},
    {STR_INIT("archive.org"), STR_INIT("/embed/"), STR_INIT("https://archive.org/embed/"),
     STR_INIT("https://archive.org/details/"), STR_INIT("Internet Archive"), true},
    {STR_INIT("open.spotify.com"), STR_INIT("/embed/"), STR_INIT("https://open.spotify.com/embed/"),
     STR_INIT("https://open.spotify.com/"), STR_INIT("Spotify"), false},
    {STR_INIT("embed.podcasts.apple.com"), STR_INIT("/"),
     STR_INIT("https://embed.podcasts.apple.com/"), STR_INIT("https://podcasts.apple.com/"),
     STR_INIT("Apple Podcasts"), false},
    {STR_INIT("w.soundcloud.com"), STR_INIT("/player/"),
     STR_INIT("https://w.soundcloud.com/player/"), STR_INIT("https://w.soundcloud.com/player/"),
     STR_INIT("SoundCloud"), false},
    {STR_INIT("bandcamp.com"), STR_INIT("/EmbeddedPlayer/"),
     STR_INIT("https://bandcamp.com/EmbeddedPlayer/"),
     STR_INIT("https://bandcamp.com/EmbeddedPlayer/"), STR_INIT("Bandcamp"), false},
    {STR_INIT("openstreetmap.org"), STR_INIT("/export/embed.html"),
     STR_INIT("https://www.openstreetmap.org/export/embed.html"),
     STR_INIT("https://www.openstreetmap.org/export/embed.html"), STR_INIT("OpenStreetMap"), false},
    {STR_INIT("google.com"), STR_INIT("/maps/embed"), STR_INIT("https://www.google.com/maps/embed"),
     STR_INIT("https://www.google.com/maps/embed"), STR_INIT("Google Maps"), false},
};

static size_t name_len(str s)
{
    size_t len = 0;
    while (len < s.len && (ascii_is_alnum(s.ptr[len]) || s.ptr[len] == '-' || s.ptr[len] == '_' ||
                           s.ptr[len] == '.'))
        len++;
    return len;
}

bool clean_player(struct arena *arena, str url, str *ret_player, str *ret_page, str *ret_service)
{
    struct url parts = url_split(url);
    struct url after_host = {
        .path = parts.path, .query = parts.query, .has_query = parts.has_query};
    str path = url_build(arena, &after_host);

    for (size_t i = 0; i < sizeof(players) / sizeof(players[0]); i++) {
        const struct player *p = &players[i];
        if (!url_host_eq(parts.host, p->host) || !str_starts(path, p->prefix))
            continue;
        str rest = str_from(path, p->prefix.len);
        if (p->id) {
            rest = str_sub(rest, 0, name_len(rest));
            if (rest.len == 0)
                return false;
        }
        *ret_player = str_join2(arena, p->player, rest);
        *ret_page = str_join2(arena, p->page, rest);
        *ret_service = p->service;
        return true;
    }
    return false;
}
