/* SPDX-License-Identifier: MIT
 *
 * A body as a visitor may read it. Until there are members every visitor is one without a
 * subscription: of a story that is not public they get the part above <!--members-only-->, and of
 * gated blocks those that say nonMember:true. Also writes the site's address where Ghost's export
 * has its mark for it. A body with none of these marks, the usual one, is lent as it is. */
#include "theme/gate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "theme/page.h"

#define MEMBERS_ONLY "<!--members-only-->"
#define GATE_BEGIN   "<!--kg-gated-block:begin"
#define GATE_END     "<!--kg-gated-block:end-->"
#define GHOST_URL    "__GHOST_URL__"

static str ungate(struct arena *arena, str body)
{
    struct buf b;
    buf_init(&b, arena, size_add(body.len, 1));
    for (;;) {
        size_t begin = str_find(body, S(GATE_BEGIN));
        buf_add(&b, str_sub(body, 0, begin));
        if (begin == STR_NPOS)
            return buf_view(&b);
        body = str_from(body, begin);
        size_t mark_end = str_find(body, S("-->"));
        if (mark_end == STR_NPOS)
            return buf_view(&b);
        bool kept = str_contains(str_sub(body, 0, mark_end), S("nonMember:true"));
        body = str_from(body, mark_end + S("-->").len);
        size_t end = str_find(body, S(GATE_END));
        if (kept)
            buf_add(&b, str_sub(body, 0, end));
        if (end == STR_NPOS)
            return buf_view(&b);
        body = str_from(body, end + S(GATE_END).len);
    }
}

static str with_site_url(struct arena *arena, str site_url, str body)
{
    struct buf b;
    buf_init(&b, arena, PAGE_BYTES_MAX);
    size_t at;
    while ((at = str_find(body, S(GHOST_URL))) != STR_NPOS) {
        buf_add(&b, str_sub(body, 0, at));
        buf_add(&b, site_url);
        body = str_from(body, at + S(GHOST_URL).len);
    }
    buf_add(&b, body);
    return buf_view(&b);
}

html gate_html(struct arena *arena, str site_url, html body, bool open)
{
    str text = body.raw;
    if (!open) {
        size_t cut = str_find(text, S(MEMBERS_ONLY));
        text = cut == STR_NPOS ? STR_NONE : str_sub(text, 0, cut);
    }
    if (str_contains(text, S(GATE_BEGIN)))
        text = ungate(arena, text);
    if (str_contains(text, S(GHOST_URL)))
        text = with_site_url(arena, site_url, text);
    return (html){text};
}
