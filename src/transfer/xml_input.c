/* SPDX-License-Identifier: MIT */
#include "transfer/xml_input.h"

#include <errno.h>
#include <unistd.h>

#define REPLACEMENT "\xef\xbf\xbd"

void xml_input_init(struct xml_input *in, int fd, str name)
{
    in->fd = fd;
    in->name = name;
    in->skipped = in->lines_before = in->mended = in->bare = in->match = in->raw_len = 0;
    in->cdata = in->started = in->ended = in->other_encoding = in->untouched = false;
}

/* ---- reading ---- */

static enum status fill(struct xml_input *in, size_t max, struct error *err)
{
    while (in->raw_len < max && !in->ended) {
        ssize_t n = read(in->fd, in->raw + in->raw_len, max - in->raw_len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(in->name));
        in->ended = n == 0;
        in->raw_len += (size_t)n;
    }
    return ST_OK;
}

static void drop(struct xml_input *in, size_t bytes)
{
    in->raw_len -= bytes;
    memmove(in->raw, in->raw + bytes, in->raw_len);
}

/* ---- the beginning ---- */

static void find_encoding(struct xml_input *in, str start)
{
    size_t end = str_find(start, S("?>"));
    str declaration =
        end == STR_NPOS || !str_starts(start, S("<?xml")) ? STR_NONE : str_sub(start, 0, end);
    size_t at = str_find(declaration, S("encoding"));
    in->other_encoding = at != STR_NPOS &&
                         str_find_nocase(str_from(declaration, at), S("utf-8")) == STR_NPOS &&
                         str_find_nocase(str_from(declaration, at), S("utf8")) == STR_NPOS;
}

static void find_start(struct xml_input *in)
{
    str text = {in->raw, in->raw_len};
    in->started = true;
    if (str_starts(text, S("\xff\xfe")) || str_starts(text, S("\xfe\xff"))) {
        in->untouched = true;
        return;
    }
    size_t at = str_find(text, S("<?xml")), rss = str_find(text, S("<rss"));
    if (rss < at)
        at = rss;
    if (at == STR_NPOS)
        at = 0;
    for (size_t i = 0; i < at; i++)
        in->lines_before += text.ptr[i] == '\n';
    in->skipped = at;
    drop(in, at);
    find_encoding(in, (str){in->raw, in->raw_len});
}

/* ---- mending ---- */

/* Bytes of the character that begins at `p`; 0: none does. *ret_cut: the piece ends within it. */
static size_t character(const unsigned char *p, size_t left, bool *ret_cut)
{
    size_t len = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    *ret_cut = false;
    for (size_t i = 1; i < len; i++) {
        if (i == left) {
            *ret_cut = true;
            return 0;
        }
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    if (len == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
                     (p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe)))
        return 0;
    if (len == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90)))
        return 0;
    return len;
}

static int digit_value(char c, bool hex)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The length of a reference such as "&#0;" to a character XML does not have; 0: it is none. */
static size_t bad_reference(str text, bool *ret_cut)
{
    bool hex = text.len > 2 && text.ptr[2] == 'x';
    size_t i = hex ? 3 : 2;
    uint32_t c = 0;
    *ret_cut = false;
    for (; i < text.len && i < XML_CARRY_MAX && digit_value(text.ptr[i], hex) >= 0; i++) {
        c = c * (hex ? 16 : 10) + (uint32_t)digit_value(text.ptr[i], hex);
        c = c > 0x110000 ? 0x110000 : c;
    }
    if (i >= text.len && i < XML_CARRY_MAX) /* ">": the '&' is the last byte */
        *ret_cut = true;
    if (i >= text.len || text.ptr[i] != ';' || i == (hex ? 3U : 2U))
        return 0;
    bool good = c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) ||
                (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
    return good ? 0 : i + 1;
}

static bool plain(unsigned char c)
{
    return (c >= 0x20 && c < 0x80 && c != '&') || c == '\n' || c == '\t' || c == '\r';
}

struct mending {
    size_t from, to; /* read so far, written so far */
    bool cut;        /* what follows needs the next piece */
};

static void replace(struct xml_input *in, struct mending *m, size_t bytes)
{
    memcpy(in->clean + m->to, REPLACEMENT, 3);
    m->to += 3;
    m->from += bytes;
    in->mended++;
}

/* Whether the text is within CDATA after these bytes too: there an "&" is only that. */
static void follow(struct xml_input *in, str text)
{
    static const str begin = STR_INIT("<![CDATA[");
    for (size_t i = 0; i < text.len; i++) {
        if (in->match == 0) { /* most of a file is passed here */
            size_t next = str_find_char(str_from(text, i), in->cdata ? ']' : '<');
            if (next == STR_NPOS)
                return;
            i += next;
        }
        char c = text.ptr[i];
        if (in->cdata) { /* "]]]>" ends it as well */
            bool end = in->match == 2 && c == '>';
            in->match = c != ']' ? 0 : in->match < 2 ? in->match + 1 : 2;
            in->cdata = !end;
        } else {
            in->match = c == begin.ptr[in->match] ? in->match + 1 : c == '<';
            in->cdata = in->match == begin.len;
            if (in->cdata)
                in->match = 0;
        }
    }
}

/* An "&" that begins no reference. *ret_cut: the piece ends before that can be said. */
static bool is_bare(str rest, bool *ret_cut)
{
    static const str references[] = {STR_INIT("&amp;"), STR_INIT("&lt;"), STR_INIT("&gt;"),
                                     STR_INIT("&quot;"), STR_INIT("&apos;")};
    bool hex = rest.len > 2 && rest.ptr[2] == 'x';
    size_t i = hex ? 3 : 2;
    *ret_cut = rest.len < XML_CARRY_MAX;
    for (size_t k = 0; k < ARRAY_LEN(references); k++) {
        if (str_starts(rest, references[k]))
            return *ret_cut = false;
    }
    if (rest.len < 2 || rest.ptr[1] != '#')
        return true;
    while (i < rest.len && i < XML_CARRY_MAX && digit_value(rest.ptr[i], hex) >= 0)
        i++;
    if (i == (hex ? 3U : 2U) || i == rest.len || rest.ptr[i] != ';')
        return true;
    return *ret_cut = false;
}

static void keep(struct xml_input *in, struct mending *m, size_t bytes)
{
    follow(in, (str){in->raw + m->from, bytes});
    memcpy(in->clean + m->to, in->raw + m->from, bytes);
    m->to += bytes;
    m->from += bytes;
}

static void escape(struct xml_input *in, struct mending *m)
{
    memcpy(in->clean + m->to, "&amp;", 5);
    m->to += 5;
    m->from++;
    in->bare++;
    in->match = 0;
}

/* One byte, character or reference that is not plain. */
static void mend_one(struct xml_input *in, struct mending *m)
{
    const unsigned char *p = (const unsigned char *)in->raw + m->from;
    size_t left = in->raw_len - m->from, len;
    bool cut = false;
    if (*p == '&') {
        str rest = {in->raw + m->from, left};
        len = left < 2 || rest.ptr[1] == '#' ? bad_reference(rest, &cut) : 0;
        if (cut && !in->ended)
            m->cut = true;
        else if (len > 0)
            replace(in, m, len);
        else if (in->cdata || !is_bare(rest, &cut))
            keep(in, m, 1);
        else if (cut && !in->ended)
            m->cut = true;
        else
            escape(in, m);
        return;
    }
    if (*p < 0x20 || in->other_encoding) {
        if (*p < 0x20)
            replace(in, m, 1);
        else
            keep(in, m, 1);
        return;
    }
    len = character(p, left, &cut);
    if (cut && !in->ended)
        m->cut = true;
    else if (len > 0)
        keep(in, m, len);
    else
        replace(in, m, 1);
}

enum status xml_input_next(struct xml_input *in, str *ret_piece, struct error *err)
{
    enum status st = fill(in, XML_PIECE_BYTES, err);
    if (st != ST_OK)
        return st;
    if (!in->started)
        find_start(in);
    if (in->untouched) {
        memcpy(in->clean, in->raw, in->raw_len);
        *ret_piece = (str){in->clean, in->raw_len};
        in->raw_len = 0;
        return ST_OK;
    }
    struct mending m = {0};
    while (m.from < in->raw_len && !m.cut) {
        size_t run = m.from;
        while (run < in->raw_len && plain((unsigned char)in->raw[run]))
            run++;
        if (run > m.from)
            keep(in, &m, run - m.from);
        else
            mend_one(in, &m);
    }
    drop(in, m.from);
    *ret_piece = (str){in->clean, m.to};
    return ST_OK;
}
