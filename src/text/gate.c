/* SPDX-License-Identifier: MIT */
#include "text/gate.h"

#include "base/arena.h"
#include "base/buf.h"

#define MEMBERS_MARK "<!--" GATE_MEMBERS "-->"
#define BEGIN_MARK   "<!--" GATE_BLOCK_BEGIN
#define END_MARK     "<!--" GATE_BLOCK_END "-->"

static str without_blocks(struct arena *arena, str body)
{
    struct buf b;
    buf_init(&b, arena, size_add(body.len, 1));
    for (;;) {
        size_t begin = str_find(body, S(BEGIN_MARK));
        buf_add(&b, str_sub(body, 0, begin));
        if (begin == STR_NPOS)
            return buf_view(&b);
        body = str_from(body, begin);
        size_t mark_end = str_find(body, S("-->"));
        if (mark_end == STR_NPOS)
            return buf_view(&b);
        bool kept = str_contains(str_sub(body, 0, mark_end), S("nonMember:true"));
        body = str_from(body, mark_end + S("-->").len);
        size_t end = str_find(body, S(END_MARK));
        if (kept)
            buf_add(&b, str_sub(body, 0, end));
        if (end == STR_NPOS)
            return buf_view(&b);
        body = str_from(body, end + S(END_MARK).len);
    }
}

html gate_body(struct arena *arena, html body, bool open)
{
    str text = body.raw;
    if (!open) {
        size_t cut = str_find(text, S(MEMBERS_MARK));
        text = cut == STR_NPOS ? STR_NONE : str_sub(text, 0, cut);
    }
    if (str_contains(text, S(BEGIN_MARK)))
        text = without_blocks(arena, text);
    return (html){text};
}
