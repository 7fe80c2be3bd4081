/* text/html_tree.h -- what a parsed tree is made of. Inside text/ only: the sanitizer reads gumbo's
 * nodes itself; everyone else walks. */
#pragma once
#include "base/str.h"

#include <gumbo.h>

struct arena;
struct buf;

struct html_tree {
    struct arena *arena;
    const GumboNode *root; /* its children are the parsed piece */
};

/* Lower-case, of an element; lives as long as the tree. */
str html_tree_name(const struct html_tree *tree, const GumboNode *node);
/* Text or a value as gumbo has it, made valid: "&#19999999999;" overflows there, to a byte that is no UTF-8. */
str html_tree_text(const struct html_tree *tree, const char *text);

/* Escaped: & < > in text, and " in values too. Apostrophes stay as they are typed. */
void html_add_text(struct buf *b, str text);
void html_add_value(struct buf *b, str value);
