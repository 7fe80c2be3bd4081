/* SPDX-License-Identifier: MIT */
#include "transfer/wp_parts.h"

#include "text/url.h"

bool wp_is_address(str text)
{
    enum { ADDRESS_MAX = 2048 };
    size_t scheme = str_starts_nocase(text, S("http://"))    ? 7
                    : str_starts_nocase(text, S("https://")) ? 8
                                                             : 0;
    if (scheme == 0 || text.len <= scheme || text.len > ADDRESS_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c <= ' ' || c == '<' || c == '>' || c == '"')
            return false;
    }
    return true;
}

static str id_of(str s)
{
    size_t n = 0;
    while (n < s.len && n < 64 && (ascii_is_alnum(s.ptr[n]) || s.ptr[n] == '-' || s.ptr[n] == '_'))
        n++;
    return str_sub(s, 0, n);
}

static str youtube_id(struct url url)
{
    static const str heads[] = {STR_INIT("/embed/"), STR_INIT("/v/"), STR_INIT("/shorts/"),
                                STR_INIT("/live/")};
    str rest = url.query;

    if (url_host_eq(url.host, S("youtu.be")))
        return id_of(str_from(url.path, 1));
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        if (str_starts(url.path, heads[i]))
            return id_of(str_from(url.path, heads[i].len));
    }
    while (rest.len > 0) {
        str pair = str_cut(&rest, '&');
        if (str_starts(pair, S("amp;")))
            pair = str_from(pair, 4);
        if (str_starts(pair, S("v=")))
            return id_of(str_from(pair, 2));
    }
    return STR_NONE;
}

static str vimeo_id(struct url url)
{
    str last = STR_NONE;
    while (url.path.len > 0) {
        str part = str_cut(&url.path, '/');
        size_t digits = 0;
        while (digits < part.len && ascii_is_digit(part.ptr[digits]))
            digits++;
        if (digits > 0 && digits == part.len)
            last = part;
    }
    return last;
}

static void add_player(struct buf *b, str player, str id, str title)
{
    buf_add(b, S("<iframe src=\""));
    buf_add(b, player);
    buf_add(b, id);
    buf_add(b, S("\" title=\""));
    buf_add_html(b, title);
    buf_add(b, S("\"></iframe>"));
}

void wp_add_embed(struct buf *b, str text, str title)
{
    struct url url = url_split(text);
    str id = STR_NONE;

    if (url_host_eq(url.host, S("youtube.com")) || url_host_eq(url.host, S("m.youtube.com")) ||
        url_host_eq(url.host, S("youtu.be")) || url_host_eq(url.host, S("youtube-nocookie.com")))
        id = youtube_id(url);
    if (id.len > 0) {
        add_player(b, S("https://www.youtube-nocookie.com/embed/"), id,
                   title.len > 0 ? title : S("YouTube"));
        return;
    }
    if (url_host_eq(url.host, S("vimeo.com")) || url_host_eq(url.host, S("player.vimeo.com")))
        id = vimeo_id(url);
    if (id.len > 0) {
        add_player(b, S("https://player.vimeo.com/video/"), id, title.len > 0 ? title : S("Vimeo"));
        return;
    }
    buf_add(b, S("<p><a href=\""));
    buf_add_html(b, text);
    buf_add(b, S("\">"));
    buf_add_html(b, title.len > 0 ? title : text);
    buf_add(b, S("</a></p>"));
}
