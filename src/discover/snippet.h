/* discover/snippet.h -- the part of a text where a query's words stand thickest, words marked.
 *
 *     html h = snippet_make(arena, tokenizer, plain, language, tokens, count, 220);
 *     "... the <mark>sea</mark> came over the <mark>wall</mark> ..."
 *
 * Escaped; hits in <mark>; an ellipsis where text was left out. Inside discover/ only. */
#pragma once
#include "base/str.h"

struct arena;
struct tokenizer;

enum { SNIPPET_TEXT_MAX = 24 * 1024 /* bytes of a text that are looked at */ };

html snippet_make(struct arena *arena, struct tokenizer *tokenizer, str text, str language,
                  const str *tokens, size_t tokens_count, size_t chars);
