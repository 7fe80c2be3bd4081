/* tests/html_opinion.h -- a second opinion on text/html_regular.h: gumbo's, of the same text.
 *
 *     CHECK(html_opinion(arena, text) != HTML_DIFFERS);
 *
 * `text` is UTF-8 without U+0000. */
#pragma once
#include "base/arena.h"
#include "text/html_regular.h"

enum html_opinion { HTML_REFUSED, HTML_SAME, HTML_DIFFERS };

static inline bool html_is_text(const GumboNode *node)
{
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE;
}

static inline bool html_same_attrs(const GumboVector *a, const GumboVector *b)
{
    if (a->length != b->length)
        return false;
    for (unsigned i = 0; i < a->length; i++) {
        const GumboAttribute *x = a->data[i], *y = b->data[i];
        if (strcmp(x->name, y->name) != 0 || strcmp(x->value, y->value) != 0 ||
            x->attr_namespace != y->attr_namespace)
            return false;
    }
    return true;
}

static inline bool html_same_node(const GumboNode *a, const GumboNode *b)
{
    if (html_is_text(a) || html_is_text(b))
        return html_is_text(a) && html_is_text(b) && strcmp(a->v.text.text, b->v.text.text) == 0;
    if (a->type != b->type)
        return false;
    if (a->type == GUMBO_NODE_COMMENT)
        return strcmp(a->v.text.text, b->v.text.text) == 0;
    return a->v.element.tag == b->v.element.tag &&
           a->v.element.tag_namespace == b->v.element.tag_namespace &&
           html_same_attrs(&a->v.element.attributes, &b->v.element.attributes) &&
           a->v.element.children.length == b->v.element.children.length;
}

/* A regular tree is no deeper than its limit, so the other is not either while they are the same. */
static inline bool html_same_tree(const GumboNode *a, const GumboNode *b)
{
    for (unsigned i = 0; i < a->v.element.children.length; i++) {
        const GumboNode *x = a->v.element.children.data[i], *y = b->v.element.children.data[i];
        if (!html_same_node(x, y) || x->parent != a || x->index_within_parent != i)
            return false;
        if (x->type == GUMBO_NODE_ELEMENT && !html_same_tree(x, y))
            return false;
    }
    return true;
}

static inline enum html_opinion html_opinion(struct arena *arena, str text)
{
    const GumboNode *ours;
    if (!html_regular_parse(arena, text, &ours))
        return HTML_REFUSED;
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_BODY;
    GumboOutput *output =
        gumbo_parse_with_options(&options, text.len == 0 ? "" : text.ptr, text.len);
    const GumboNode *theirs = output->root;
    bool same = ours->v.element.children.length == theirs->v.element.children.length &&
                html_same_tree(ours, theirs);
    gumbo_destroy_output(&options, output);
    return same ? HTML_SAME : HTML_DIFFERS;
}
