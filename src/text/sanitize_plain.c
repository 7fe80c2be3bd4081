/* SPDX-License-Identifier: MIT
 *
 * Most replies are a paragraph or two of mere text. What needs no mending is told at a glance: paragraphs
 * of text and <br>, no reference, no character that a parser or this sanitizer would touch. Such a
 * reply comes out as it went in, less the space between its paragraphs, and needs no parser, which
 * costs ten times as much as all else. Anything else is for html_clean: this says no when in doubt,
 * and tests/unit/text/test_clean.c holds the two against each other. */
#include "text/sanitize_parts.h"

#include "base/arena.h"

/* Bytes of the character at `at` when it is written as it is, else 0. The text is UTF-8. */
static size_t plain_len(str text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;

    if (p[0] < 0x80) {
        bool kept = p[0] >= ' ' ? p[0] != '&' && p[0] != '<' && p[0] != '>' && p[0] != 0x7F
                                : p[0] == '\n' || p[0] == '\t';
        return kept ? 1 : 0;
    }
    if (p[0] == 0xC2 || p[0] == 0xEF || p[0] >= 0xF0)
        return 0;     /* here are controls, noncharacters and the byte order mark, among others */
    if (p[0] == 0xE2) /* of U+2000 on: dashes, quotes, bullets, the ellipsis */
        return p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0xA6 ? 3 : 0;
    return p[0] < 0xE0 ? 2 : 3;
}

/* The end of the paragraph whose "<p>" ends at `at`, behind its "</p>"; STR_NPOS when it is not plain. */
static size_t paragraph_end(str text, size_t at)
{
    bool blank = true;

    while (at < text.len) {
        str rest = str_from(text, at);
        size_t len = plain_len(text, at);
        if (len > 0) {
            blank = blank && (unsigned char)text.ptr[at] <= ' ';
            at += len;
        } else if (str_starts(rest, S("<br>"))) {
            blank = false;
            at += S("<br>").len;
        } else {
            return str_starts(rest, S("</p>")) && !blank ? at + S("</p>").len : STR_NPOS;
        }
    }
    return STR_NPOS;
}

bool clean_plain_reply(struct arena *arena, str text, html *ret_html)
{
    if (!str_is_utf8(text))
        return false;
    char *out = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;

    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] == ' ' || text.ptr[at] == '\n' || text.ptr[at] == '\t') {
            at++;
            continue;
        }
        if (!str_starts(str_from(text, at), S("<p>")))
            return false;
        size_t end = paragraph_end(text, at + S("<p>").len);
        if (end == STR_NPOS)
            return false;
        memcpy(out + len, text.ptr + at, end - at);
        len += end - at;
        at = end;
    }
    *ret_html = (html){{out, len}};
    return len > 0;
}
