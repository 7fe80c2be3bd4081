/* text/html.h -- HTML: text made safe for it, and a parsed tree walked in order.
 *
 *     html h = html_escape(arena, headline);
 *
 *     struct html_tree *tree;
 *     st = html_parse(arena, body, HTML_STORY_MAX, &tree, err);
 *     struct html_walk w = html_walk_of(tree);
 *     while (html_walk_next(&w)) {
 *         if (w.event == HTML_OPEN && str_eq(w.name, S("img")))
 *             src = html_walk_attr(&w, S("src"));          // .ptr is NULL when it has none
 *         else if (w.event == HTML_TEXT)
 *             buf_add(&b, w.text);
 *     }
 *
 * Input is a piece of a page's body (a whole page is taken too: its html, head and body tags are
 * passed over). The parser is gumbo, as HTML5 says, under limits, since at its defaults 50 KB of nested
 * <div> cost it over a second and 786 MB:
 *   - a linear scan before it refuses more than HTML_UNCLOSED_MAX tags open at once, more than
 *     HTML_ATTRS_MAX attributes a tag, and input over the limit its caller names;
 *   - the scan cuts out inline SVG and MathML (what stands between <svg> and </svg>) and the tags
 *     of select, option and frameset. Those switch a parser's reading rules in ways that the scan could
 *     not follow cheaply, and no use of the tree here would keep them;
 *   - the parser's memory comes from the arena and is capped at HTML_TREE_BYTES_MAX; going over it
 *     abandons the parse.
 * All of these answer ST_TOO_BIG with a sentence. The walk is iterative: depth costs no stack.
 *
 * Memory:  tree, names, text and values live in the arena; the input may go.
 * Threads: one at a time, as the arena.
 * Rules:   WHATWG HTML, parsing a fragment in the context of a body. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;
struct html_tree;

enum {
    HTML_STORY_MAX = 4 * 1024 * 1024,
    HTML_REPLY_MAX = 64 * 1024,
    HTML_UNCLOSED_MAX = 512,
    HTML_ATTRS_MAX = 256,
    HTML_TREE_BYTES_MAX = 22 * 1024 * 1024,
};

/* Escaped for text and for quoted attributes. Lends `text` when nothing in it needs escaping. */
html html_escape(struct arena *arena, str text);
/* The other direction needs care: only for text that is HTML by construction, a literal. */
#define HTML_LIT(lit) ((html){S(lit)})
static inline html html_none(void)
{
    return (html){STR_NONE};
}

MUST_USE enum status html_parse(struct arena *arena, str text, size_t bytes_max,
                                struct html_tree **ret_tree, struct error *err);

enum html_event {
    HTML_OPEN,    /* an element begins: name and attributes; a void one is closed at once */
    HTML_CLOSE,   /* the same element ends; name again */
    HTML_TEXT,    /* decoded text, white space kept */
    HTML_COMMENT, /* what stands between <!-- and --> */
};

struct html_walk {
    enum html_event event;
    str name;  /* lower-case; OPEN and CLOSE */
    str text;  /* TEXT and COMMENT */
    int depth; /* of the element or text below the root, 0 at the top */
    /* the walk's own */
    const struct html_tree *tree;
    const void *at;
    bool skip;
};

struct html_walk html_walk_of(const struct html_tree *tree);
/* False at the end. Every OPEN is followed by its CLOSE. */
bool html_walk_next(struct html_walk *walk);
/* After OPEN: the next event is this element's CLOSE. */
void html_walk_skip(struct html_walk *walk);
/* After OPEN: the value, "" for <video loop>, .ptr NULL when there is none. Names lower-case. */
str html_walk_attr(const struct html_walk *walk, str name);
size_t html_walk_attr_count(const struct html_walk *walk);
void html_walk_attr_at(const struct html_walk *walk, size_t index, str *ret_name, str *ret_value);

/* area base br col embed hr img input link meta param source track wbr */
bool html_is_void(str name);
/* Begins on a line of its own: p, div, li, h2, table, ... */
bool html_is_block(str name);

/* Writing back what a walk is at: <name attr="value">, </name> or escaped text. For rewriting HTML that
 * is sanitized afterwards (imports): what it writes is well-formed, not safe. */
void html_add_event(struct buf *b, const struct html_walk *walk);
