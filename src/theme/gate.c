/* SPDX-License-Identifier: MIT */
#include "theme/gate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/gate.h"
#include "theme/page.h"

#define GHOST_URL "__GHOST_URL__"

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
    str text = gate_body(arena, body, open).raw;
    if (str_contains(text, S(GHOST_URL)))
        text = with_site_url(arena, site_url, text);
    return (html){text};
}
