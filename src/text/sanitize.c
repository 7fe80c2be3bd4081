/* SPDX-License-Identifier: MIT
 *
 * The tree is walked with a stack of frames, one for each element of the input that is being read; what is
 * written has a stack of its own (`out`), one entry for each element that is open in the output. An
 * element that is taken off has a frame but no entry.
 *
 * Every start tag passes the questions a parser would ask when it reads the output again: does it
 * end an open paragraph, may it stand here at all. The paragraph is then ended in writing; what may not
 * stand here is not written. So the output parses to the tree it was written from. Asked in this file:
 *   - a paragraph ends before a block (ELEMENT_ENDS_P);
 *   - no link in a link, no heading in a heading;
 *   - li only in a list, dt and dd only in dl, rows and cells only in their table, nothing else there;
 *   - all elements are closed in order, so that no formatting is carried on by the parser.
 * What else changes a parser's reading (raw text, foreign content, select, form, ruby out of place) has no
 * entry in the allow-list or is asked for in fits(). */
#include "text/sanitize.h"

#include "base/arena.h"
#include "text/gate.h"
#include "text/html.h"
#include "text/sanitize_tables.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- the report ---- */

static void count_dropped(struct cleaner *c, const GumboNode *node)
{
    struct clean_report *report = c->report;
    str name = html_tree_name(c->tree, node);

    for (size_t i = 0; i < report->dropped_count; i++) {
        if (str_eq(report->dropped[i].name, name)) {
            report->dropped[i].count++;
            return;
        }
    }
    if (report->dropped_count == CLEAN_REPORT_MAX)
        report->others++;
    else
        report->dropped[report->dropped_count++] = (struct clean_dropped){name, 1};
}

/* ---- the output's stack ---- */

static GumboTag top_tag(const struct cleaner *c)
{
    return c->out_len == 0 ? GUMBO_TAG_LAST : c->out[c->out_len - 1].tag;
}

static bool is_blank(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] > ' ')
            return false;
    }
    return true;
}

static void pop(struct cleaner *c)
{
    struct out_element *e = &c->out[--c->out_len];

    c->open_count[e->tag]--;
    bool bare_p = e->tag == GUMBO_TAG_P && e->content - e->begin == sizeof("<p>") - 1;
    if (bare_p && is_blank(str_from(buf_view(&c->b), e->content))) {
        buf_truncate(&c->b, e->begin); /* an empty paragraph says nothing and leaves a gap */
        return;
    }
    buf_add(&c->b, S("</"));
    buf_add(&c->b, str_from_c(gumbo_normalized_tagname(e->tag)));
    buf_add_char(&c->b, '>');
    if ((element_rules[e->tag].flags & ELEMENT_BLOCK) != 0) {
        c->after_word = false;
        c->space_owed = false;
    }
}

static void close_to(struct cleaner *c, size_t len)
{
    while (c->out_len > len)
        pop(c);
}

/* The start tag's end, '>', and an entry for it. */
static void push(struct cleaner *c, GumboTag tag, size_t begin, bool implied)
{
    CHECK(c->out_len < c->out_max);
    buf_add_char(&c->b, '>');
    c->out[c->out_len++] = (struct out_element){
        .tag = tag, .serial = ++c->serial, .begin = begin, .content = c->b.len, .implied = implied};
    c->open_count[tag]++;
}

static size_t begin_tag(struct cleaner *c, GumboTag tag)
{
    size_t begin = c->b.len;
    buf_add_char(&c->b, '<');
    buf_add(&c->b, str_from_c(gumbo_normalized_tagname(tag)));
    return begin;
}

/* "Has a p element in button scope": cells and captions shut out what is around their table. */
static void close_p(struct cleaner *c)
{
    if (c->open_count[GUMBO_TAG_P] == 0)
        return;
    for (size_t i = c->out_len; i > 0; i--) {
        GumboTag tag = c->out[i - 1].tag;
        if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH || tag == GUMBO_TAG_CAPTION ||
            tag == GUMBO_TAG_TABLE)
            return;
        if (tag == GUMBO_TAG_P) {
            close_to(c, i - 1);
            return;
        }
    }
}

/* ---- loose text ---- */

/* Before text or an inline element: the paragraph that a reply's loose text gets, and the space that
 * parts it from a block that was taken off. */
static void begin_inline(struct cleaner *c)
{
    if (c->profile->kind == CLEAN_REPLY &&
        (c->out_len == 0 || top_tag(c) == GUMBO_TAG_BLOCKQUOTE)) {
        push(c, GUMBO_TAG_P, begin_tag(c, GUMBO_TAG_P), true);
        c->space_owed = false;
    }
    if (c->space_owed)
        buf_add_char(&c->b, ' ');
    c->space_owed = false;
}

/* Where a block began or ended that is not written. */
static void part_words(struct cleaner *c)
{
    if (c->out_len > 0 && c->out[c->out_len - 1].implied)
        pop(c);
    c->space_owed = c->after_word;
}

static bool is_table_part(GumboTag tag)
{
    return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD ||
           tag == GUMBO_TAG_TFOOT || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_COLGROUP;
}

static bool is_player(GumboTag tag)
{
    return tag == GUMBO_TAG_AUDIO || tag == GUMBO_TAG_VIDEO;
}

/* In these, text would be moved elsewhere by the parser, or never show. */
static bool holds_no_text(GumboTag tag)
{
    return is_table_part(tag) || is_player(tag);
}

static void write_text(struct cleaner *c, str text)
{
    bool blank = is_blank(text);

    if (text.len == 0 || (holds_no_text(top_tag(c)) && !blank))
        return;
    if (blank && c->profile->kind == CLEAN_REPLY &&
        (c->out_len == 0 || top_tag(c) == GUMBO_TAG_BLOCKQUOTE))
        return;
    if (ascii_is_space(text.ptr[0]))
        c->space_owed = false;
    if (!blank)
        begin_inline(c);
    clean_add_text(c, text);
    c->after_word = c->b.len > 0 && !c->b.too_big && !ascii_is_space(c->b.ptr[c->b.len - 1]);
}

/* ---- comments ---- */

/* kg-gated-block:begin nonMember:true memberSegment:"status:free" */
static bool comment_allowed(str text)
{
    if (str_eq(text, S(GATE_MEMBERS)) || str_eq(text, S(GATE_BLOCK_END)))
        return true;
    if (!str_starts(text, S(GATE_BLOCK_BEGIN " ")) || text.len > 200)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.ptr[i];
        bool after_hyphen = i > 0 && text.ptr[i - 1] == '-';
        if (!ascii_is_alnum(ch) && str_find_char(S(" :\",_()+"), ch) == STR_NPOS &&
            (ch != '-' || after_hyphen || i + 1 == text.len))
            return false;
    }
    return true;
}

static void write_comment(struct cleaner *c, str text)
{
    if (c->profile->kind != CLEAN_STORY || holds_no_text(top_tag(c)))
        return;
    if (!comment_allowed(text)) {
        /* A mark in a form we do not know closes; left out, it would open what it stood before. */
        if (!str_starts(str_trim(text), S(GATE_BLOCK_BEGIN)))
            return;
        text = S(GATE_BLOCK_BEGIN " nonMember:false");
    }
    buf_add(&c->b, S("<!--"));
    buf_add(&c->b, text);
    buf_add(&c->b, S("-->"));
}

/* ---- what may stand here ---- */

static bool any_heading_open(const struct cleaner *c)
{
    return (c->open_count[GUMBO_TAG_H1] | c->open_count[GUMBO_TAG_H2] |
            c->open_count[GUMBO_TAG_H3] | c->open_count[GUMBO_TAG_H4] |
            c->open_count[GUMBO_TAG_H5] | c->open_count[GUMBO_TAG_H6]) != 0;
}

static bool in_dl(const struct cleaner *c)
{
    GumboTag top = top_tag(c);
    return top == GUMBO_TAG_DL ||
           (top == GUMBO_TAG_DIV && c->out_len >= 2 && c->out[c->out_len - 2].tag == GUMBO_TAG_DL);
}

static bool fits_in_table(GumboTag top, GumboTag tag)
{
    switch ((int)top) {
    case GUMBO_TAG_TABLE:
        return tag == GUMBO_TAG_CAPTION || tag == GUMBO_TAG_COLGROUP || tag == GUMBO_TAG_THEAD ||
               tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_TFOOT;
    case GUMBO_TAG_COLGROUP:
        return tag == GUMBO_TAG_COL;
    case GUMBO_TAG_TR:
        return tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
    default:
        return tag == GUMBO_TAG_TR;
    }
}

static bool fits(const struct cleaner *c, GumboTag tag)
{
    GumboTag top = top_tag(c);

    if (is_table_part(top))
        return fits_in_table(top, tag);
    if (is_player(top))
        return tag == GUMBO_TAG_SOURCE || tag == GUMBO_TAG_TRACK;
    switch ((int)tag) {
    case GUMBO_TAG_A:
        return c->open_count[GUMBO_TAG_A] == 0;
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
        return !any_heading_open(c);
    case GUMBO_TAG_LI:
        return top == GUMBO_TAG_UL || top == GUMBO_TAG_OL;
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
        return in_dl(c);
    case GUMBO_TAG_FIGCAPTION:
        return top == GUMBO_TAG_FIGURE;
    case GUMBO_TAG_SUMMARY:
        return top == GUMBO_TAG_DETAILS;
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP:
        return top == GUMBO_TAG_RUBY;
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TRACK:
        return false;
    default:
        return true;
    }
}

/* A list item without a list and the like: what it says still is a paragraph. */
static GumboTag homeless(GumboTag tag)
{
    return tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD ||
                   tag == GUMBO_TAG_FIGCAPTION || tag == GUMBO_TAG_SUMMARY
               ? GUMBO_TAG_P
               : GUMBO_TAG_LAST;
}

/* ---- links made for what is not shown ---- */

static str link_label(struct cleaner *c, str text, str url)
{
    str label = str_trim(utf8_strip_controls(c->arena, text, 0));
    if (label.len == 0)
        label = clean_url_label(c->arena, url);
    return utf8_cut_graphemes(label, CLEAN_LABEL_MAX);
}

/* A picture without a text of its own inside a link that says something already. */
static bool is_ornament(const struct cleaner *c, const GumboNode *node)
{
    if (c->open_count[GUMBO_TAG_A] == 0 || !is_blank(clean_attr_find(c, node, S("alt"))))
        return false;
    size_t i = c->out_len - 1;
    while (c->out[i].tag != GUMBO_TAG_A)
        i--;
    return c->b.len > c->out[i].content;
}

/* A link within the page follows the id it names, which may have got its prefix. */
static str following_id(struct cleaner *c, str url)
{
    str id;
    if (str_starts(url, S("#")) && !str_eq(url, S("#top")) &&
        clean_id(c->arena, str_from(url, 1), &id))
        return str_join2(c->arena, S("#"), id);
    return url;
}

/* `player` .ptr NULL for a link to a picture or file. */
static void write_link(struct cleaner *c, str class_name, str url, str player, str label)
{
    begin_inline(c);
    bool link = c->open_count[GUMBO_TAG_A] == 0 && c->out_len < c->out_max;
    if (link) {
        size_t begin = begin_tag(c, GUMBO_TAG_A);
        clean_add_attr(c, S("class"), class_name);
        clean_add_attr(c, S("href"), following_id(c, url));
        if (player.ptr != NULL)
            clean_add_attr(c, S("data-embed-src"), player);
        if (!clean_is_ours(c, url))
            buf_add(&c->b, S(" rel=\"noopener\""));
        push(c, GUMBO_TAG_A, begin, false);
    }
    clean_add_text(c, label);
    if (link)
        pop(c);
    c->after_word = true;
}

static void write_embed(struct cleaner *c, const GumboNode *node)
{
    str url, player = STR_NONE, page, service;

    count_dropped(c, node);
    if (c->profile->kind != CLEAN_STORY || holds_no_text(top_tag(c)))
        return;
    if (!clean_media_url(c->arena, clean_attr_find(c, node, S("src")), &url)) {
        c->report->urls++;
        return;
    }
    c->report->embeds++;
    str title = clean_attr_find(c, node, S("title"));
    if (clean_player(c->arena, url, &player, &page, &service)) {
        url = page;
        title = is_blank(title) ? service : title;
    }
    bool own_figure = c->open_count[GUMBO_TAG_FIGURE] == 0 && c->open_count[GUMBO_TAG_A] == 0 &&
                      c->out_len + 2 <= c->out_max;
    if (own_figure) {
        close_p(c);
        size_t begin = begin_tag(c, GUMBO_TAG_FIGURE);
        buf_add(&c->b, S(" class=\"kg-card kg-embed-card\""));
        push(c, GUMBO_TAG_FIGURE, begin, false);
        c->space_owed = false;
    }
    write_link(c, S("kg-embed-link"), url, player, link_label(c, title, url));
    if (own_figure)
        pop(c);
}

/* ---- elements ---- */

struct frame {
    const GumboNode *node;
    unsigned next_child;
    size_t out_index; /* of its entry, SIZE_MAX when it has none */
    unsigned serial;
    bool parts_words;
};

/* The first address that an <audio> or <video> would play. */
static bool played_url(struct cleaner *c, const GumboNode *node, str *ret_url)
{
    const GumboVector *children = &node->v.element.children;

    if (clean_media_url(c->arena, clean_attr_find(c, node, S("src")), ret_url))
        return true;
    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *child = children->data[i];
        if (child->type == GUMBO_NODE_ELEMENT && child->v.element.tag == GUMBO_TAG_SOURCE &&
            clean_media_url(c->arena, clean_attr_find(c, child, S("src")), ret_url))
            return true;
    }
    return false;
}

/* Judges the address of a picture, player or source. False: not to be written; a link may have been. */
static bool media_passes(struct cleaner *c, const GumboNode *node, GumboTag tag, str *ret_url)
{
    str url = STR_NONE;
    bool found = is_player(tag)
                     ? played_url(c, node, &url)
                     : clean_media_url(c->arena, clean_attr_find(c, node, S("src")), &url);

    if (!found) {
        c->report->urls++;
        return false;
    }
    enum clean_foreign policy = c->profile->foreign_media;
    if (policy != CLEAN_FOREIGN_KEEP && !clean_is_ours(c, url)) {
        c->report->foreign_media++;
        if (policy == CLEAN_FOREIGN_LINK && (tag == GUMBO_TAG_IMG || is_player(tag)) &&
            !is_ornament(c, node))
            write_link(c, S("kg-foreign-media"), url, STR_NONE,
                       link_label(c, clean_attr_find(c, node, S("alt")), url));
        return false;
    }
    /* A player's own src is written if it has one; its sources are judged one by one. */
    *ret_url = url;
    if (is_player(tag) && !clean_media_url(c->arena, clean_attr_find(c, node, S("src")), ret_url))
        *ret_url = STR_NONE;
    return true;
}

static bool link_passes(struct cleaner *c, const GumboNode *node, str *ret_url)
{
    str href = clean_attr_find(c, node, S("href")), url;

    if (href.ptr == NULL)
        return false;
    if (!clean_url(c->arena, href, &url)) {
        c->report->urls++;
        return false;
    }
    *ret_url = following_id(c, url);
    return true;
}

/* True when the start tag was written; `frame` gets its entry, which a void element has not. */
static bool write_start(struct cleaner *c, const GumboNode *node, GumboTag tag, struct frame *frame)
{
    uint16_t flags = element_rules[tag].flags;
    str url = STR_NONE;
    bool media =
        tag == GUMBO_TAG_IMG || is_player(tag) || tag == GUMBO_TAG_SOURCE || tag == GUMBO_TAG_TRACK;

    if (media && !media_passes(c, node, tag, &url))
        return false;
    if (tag == GUMBO_TAG_A && !link_passes(c, node, &url) && c->profile->kind != CLEAN_STORY)
        return false;
    if ((flags & ELEMENT_ENDS_P) != 0)
        close_p(c);
    if ((flags & ELEMENT_BLOCK) != 0) {
        c->after_word = false;
        c->space_owed = false;
    } else if (!is_player(top_tag(c))) {
        begin_inline(c);
        if (c->out_len >= c->out_max) /* the implied paragraph took the last place */
            return false;
    }
    size_t begin = begin_tag(c, tag);
    bool has_id = clean_attrs(c, node, tag, url);
    if (tag == GUMBO_TAG_A && url.ptr == NULL && !has_id) { /* neither a link nor an anchor */
        buf_truncate(&c->b, begin);
        return false;
    }
    if ((flags & ELEMENT_VOID) == 0) {
        push(c, tag, begin, false);
        frame->out_index = c->out_len - 1;
        frame->serial = c->serial;
        return true;
    }
    buf_add_char(&c->b, '>');
    c->after_word = tag == GUMBO_TAG_IMG;
    return true;
}

static bool allowed_here(const struct cleaner *c, GumboTag tag)
{
    static const uint16_t bits[] = {
        [CLEAN_STORY] = ELEMENT_STORY,
        [CLEAN_REPLY] = ELEMENT_REPLY,
        [CLEAN_INLINE] = ELEMENT_INLINE,
    };
    return (element_rules[tag].flags & bits[c->profile->kind]) != 0;
}

/* ---- Ghost's cards that need script ---- */

static bool has_class(const struct cleaner *c, const GumboNode *node, str wanted)
{
    return clean_has_word(clean_attr_find(c, node, S("class")), wanted);
}

/* The buttons and sliders that a script would bring to life: the player's own controls serve. */
static bool is_player_chrome(const struct cleaner *c, const GumboNode *node)
{
    return node->v.element.tag == GUMBO_TAG_DIV &&
           (has_class(c, node, S("kg-audio-player")) || has_class(c, node, S("kg-video-overlay")) ||
            has_class(c, node, S("kg-video-player-container")));
}

/* A toggle opens by itself when it is a <details>. */
static GumboTag card_tag(const struct cleaner *c, const GumboNode *node)
{
    GumboTag tag = node->v.element.tag;

    if (tag == GUMBO_TAG_DIV && has_class(c, node, S("kg-toggle-card")))
        return GUMBO_TAG_DETAILS;
    if (tag == GUMBO_TAG_DIV && top_tag(c) == GUMBO_TAG_DETAILS &&
        has_class(c, node, S("kg-toggle-heading")))
        return GUMBO_TAG_SUMMARY;
    return tag;
}

/* The tag to write an element as; GUMBO_TAG_LAST: take it off. */
static GumboTag tag_to_write(const struct cleaner *c, GumboTag tag)
{
    if (allowed_here(c, tag) && element_rules[tag].becomes != 0)
        tag = element_rules[tag].becomes;
    if (!allowed_here(c, tag))
        return GUMBO_TAG_LAST;
    if (!fits(c, tag)) {
        tag = homeless(tag);
        if (tag == GUMBO_TAG_LAST || !fits(c, tag))
            return GUMBO_TAG_LAST;
    }
    uint16_t flags = element_rules[tag].flags;
    size_t needed = (flags & ELEMENT_VOID) != 0    ? 0
                    : (flags & ELEMENT_BLOCK) != 0 ? 2 /* itself and an implied paragraph */
                                                   : 1;
    return c->out_len + needed <= c->out_max ? tag : GUMBO_TAG_LAST;
}

/* What begins with `node`. True when its children are to be read; *frame is theirs then. */
static bool open_element(struct cleaner *c, const GumboNode *node, struct frame *frame)
{
    GumboTag tag = node->v.element.tag;
    uint16_t flags = element_rules[tag].flags;

    *frame = (struct frame){.node = node, .out_index = SIZE_MAX};
    if (tag == GUMBO_TAG_IFRAME) {
        write_embed(c, node);
        return false;
    }
    if ((flags & ELEMENT_DROP) != 0 || node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML ||
        node->type == GUMBO_NODE_TEMPLATE) {
        count_dropped(c, node);
        return false;
    }
    if (c->profile->kind == CLEAN_STORY && is_player_chrome(c, node))
        return false;
    GumboTag as = tag_to_write(c, c->profile->kind == CLEAN_STORY ? card_tag(c, node) : tag);
    if (as == GUMBO_TAG_LAST) {
        count_dropped(c, node);
        frame->parts_words = (flags & ELEMENT_BLOCK) != 0;
        if (frame->parts_words)
            part_words(c);
        return (flags & ELEMENT_VOID) == 0;
    }
    bool written = write_start(c, node, as, frame);
    if (!written)
        count_dropped(c, node);
    return (element_rules[as].flags & ELEMENT_VOID) == 0 && (written || !is_player(as));
}

static void close_element(struct cleaner *c, const struct frame *frame)
{
    if (frame->parts_words)
        part_words(c);
    if (frame->out_index < c->out_len && c->out[frame->out_index].serial == frame->serial)
        close_to(c, frame->out_index);
}

/* ---- the walk ---- */

struct frames {
    struct frame *at;
    size_t count, cap;
};

static void push_frame(struct cleaner *c, struct frames *frames, struct frame frame)
{
    if (frames->count == frames->cap) {
        size_t cap = frames->cap == 0 ? 64 : frames->cap * 2;
        frames->at = arena_grow(c->arena, frames->at, frames->cap * sizeof(struct frame),
                                size_mul(cap, sizeof(struct frame)), _Alignof(struct frame));
        frames->cap = cap;
    }
    frames->at[frames->count++] = frame;
}

static void clean_tree(struct cleaner *c)
{
    struct frames frames = {.count = 0};
    struct frame next;

    push_frame(c, &frames, (struct frame){.node = c->tree->root, .out_index = SIZE_MAX});
    while (frames.count > 0 && !c->b.too_big) {
        struct frame *frame = &frames.at[frames.count - 1];
        const GumboVector *children = &frame->node->v.element.children;
        if (frame->next_child == children->length) {
            close_element(c, frame);
            frames.count--;
            continue;
        }
        const GumboNode *child = children->data[frame->next_child++];
        switch (child->type) {
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE:
            if (open_element(c, child, &next))
                push_frame(c, &frames, next);
            break;
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE:
            write_text(c, html_tree_text(c->tree, child->v.text.text));
            break;
        case GUMBO_NODE_COMMENT:
            write_comment(c, html_tree_text(c->tree, child->v.text.text));
            break;
        case GUMBO_NODE_DOCUMENT:
            break;
        }
    }
    close_to(c, 0);
}

enum status html_clean(struct arena *arena, str input, const struct clean_profile *profile,
                       html *ret_html, struct clean_report *report, struct error *err)
{
    struct clean_report unread;
    struct html_tree *tree;
    str written;
    bool reply = profile->kind == CLEAN_REPLY;
    size_t bytes_max = profile->bytes_max != 0 ? profile->bytes_max
                       : reply                 ? (size_t)HTML_REPLY_MAX
                                               : (size_t)HTML_STORY_MAX;

    if (reply && input.len <= bytes_max && clean_plain_reply(arena, input, ret_html)) {
        if (report != NULL)
            memset(report, 0, sizeof(*report));
        return ST_OK;
    }
    enum status st = html_parse(arena, input, bytes_max, &tree, err);
    if (st != ST_OK)
        return st;
    struct cleaner *c = arena_new_one(arena, struct cleaner);
    c->arena = arena;
    c->tree = tree;
    c->profile = profile;
    c->report = report == NULL ? &unread : report;
    c->out_max = reply ? CLEAN_REPLY_DEPTH_MAX : CLEAN_STORY_DEPTH_MAX;
    memset(c->report, 0, sizeof(*c->report));
    map_init(&c->ids, arena);
    buf_init(&c->b, arena, bytes_max);
    buf_reserve(&c->b, input.len < bytes_max ? input.len : bytes_max);
    clean_tree(c);
    st = buf_finish(&c->b, &written, err);
    if (st != ST_OK)
        return st;
    *ret_html = (html){written};
    return ST_OK;
}
