/* SPDX-License-Identifier: MIT */
#include "transfer/wp_content.h"

#include "base/arena.h"
#include "transfer/wp_parts.h"

void wp_note(struct wp_pass *pass, str what, str why)
{
    enum { NOTES_MAX = 256 };
    str note = str_join3(pass->arena, what, S(": "), why);

    if (pass->links->note == NULL || map_get(&pass->noted, note) != NULL ||
        map_count(&pass->noted) >= NOTES_MAX)
        return;
    map_set(&pass->noted, note, pass);
    pass->links->note(pass->links->ctx, note);
}

str wp_done(struct wp_pass *pass, const struct buf *b)
{
    if (b->too_big && !pass->cut) {
        pass->cut = true;
        wp_note(pass, S("text"), S("cut, it is over the limit of one post"));
    }
    return buf_view(b);
}

str wp_content_html(struct arena *arena, const struct wp_content_input *input)
{
    struct wp_pass pass = {.arena = arena, .links = &input->links, .home = input->home};
    str text = input->text;

    map_init(&pass.noted, arena);
    if (text.len > WP_CONTENT_MAX) {
        pass.cut = true;
        text.len = WP_CONTENT_MAX;
        wp_note(&pass, S("text"), S("cut, it is over the limit of one post"));
    }
    if (wp_has_blocks(text))
        text = wp_shortcodes(&pass, wp_blocks(&pass, text));
    else
        text = wp_paragraphs(&pass, wp_shortcodes(&pass, text));
    return wp_tidy(&pass, text);
}

str wp_caption_html(struct arena *arena, str caption, str credit)
{
    if (credit.len == 0 || str_contains(caption, credit)) /* the caption may have said it */
        return caption;
    return str_format(arena, "%.*s%s<span class=\"credit\">%.*s</span>", STR_ARG(caption),
                      caption.len > 0 ? " " : "", STR_ARG(credit));
}

str wp_comment_html(struct arena *arena, str text)
{
    static const struct wp_content_links none = {0};
    struct wp_pass pass = {.arena = arena, .links = &none};

    map_init(&pass.noted, arena);
    return wp_paragraphs(&pass, text);
}
