/* text/html_regular.h -- a parser for HTML that leaves nothing to a parser's judgement. Inside text/ only.
 *
 *     if (!html_regular_parse(arena, text, &root))
 *         ...                                  // not regular: gumbo reads it
 *
 * Nearly all HTML that comes here was written by a program: every element closed in order, nothing
 * where HTML's rules would move it, values in quotes. Of such text every parser makes the same tree, and
 * this makes it some twenty times faster than gumbo does, which was two thirds of an import. Anything
 * else is refused, and so is whatever would take a rule of its own to read: tables, raw text,
 * foreign content, forms, a formatting element in its own kind, references but the commonest, characters
 * that gumbo replaces. When in doubt it says no.
 *
 * The tree is the one gumbo would make: same elements, attributes, text and comments, in the same places.
 * tests/unit/text/test_html.c and tests/fuzz/fuzz_html.c hold the two against each other, so the
 * sanitizer's promises rest on one reading, whoever did it.
 *
 * `text` is UTF-8 without U+0000. What it accepts is well within the limits of html_parse: no
 * deeper than HTML_REGULAR_DEPTH_MAX, no longer than HTML_REGULAR_MAX.
 *
 * Memory:  the tree and its text lie in the arena; `text` may go. Of a refused text a copy stays there.
 * Threads: one at a time, as the arena.
 * Rules:   WHATWG HTML §13.2.6.4.7 ("in body"), for where no rule but the plain one applies. */
#pragma once
#include "base/str.h"

#include <gumbo.h>

struct arena;

enum {
    HTML_REGULAR_MAX = 256 * 1024,
    HTML_REGULAR_DEPTH_MAX = 48,
    HTML_REGULAR_ATTRS_MAX = 24,
};

bool html_regular_parse(struct arena *arena, str text, const GumboNode **ret_root);
