/* SPDX-License-Identifier: MIT */
#include "text/entity.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/html.h"

/* The HTML parser holds the table of names and the rules already. It is given text that cannot hold a
 * tag, because every '<' is written as a reference first, and gives back text. */
str entity_decode(struct arena *arena, str text)
{
    struct buf b;
    struct html_tree *tree;

    if (str_find_char(text, '&') == STR_NPOS || text.len > HTML_STORY_MAX / 4)
        return text;
    buf_init(&b, arena, HTML_STORY_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '<')
            buf_add(&b, S("&lt;"));
        else
            buf_add_char(&b, text.ptr[i]);
    }
    enum status st = html_parse(arena, buf_view(&b), HTML_STORY_MAX, &tree, NULL);
    if (st != ST_OK)
        return text;
    buf_init(&b, arena, HTML_STORY_MAX);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        if (walk.event == HTML_TEXT)
            buf_add(&b, walk.text);
    }
    return buf_view(&b);
}
