/* discover/search_words.h -- what a query says, taken apart.
 *
 *     struct search_words w;
 *     search_words_read(arena, tokenizer, S("sea \"flood wall\" -strike tag:news"), S("en"), &w);
 *     w.match       "\x1f" "en" "\x1f" "sea" ... : what store/fulltext.h is asked
 *     w.tokens      sea flood wall: what a snippet marks
 *     w.filters     tag:news
 *
 * Nothing typed is syntax to the database: words go in as quoted text, without quotes of their
 * own. Inside discover/ only. Memory: the arena. Threads: as the tokenizer. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct arena;
struct tokenizer;

enum { SEARCH_TOKENS_MAX = 48 };

enum search_filter_kind { FILTER_TAG, FILTER_AUTHOR };
struct search_filter {
    enum search_filter_kind kind;
    bool without;
    str slug;
};

struct search_words {
    str match;                     /* empty: no word to look for */
    bool only_not;                 /* words were named, but only such as must not be there */
    str tokens[SEARCH_TOKENS_MAX]; /* distinct */
    size_t tokens_count;
    struct search_filter filters[16];
    size_t filters_count;
    time_us from, until; /* 0: no bound */
};

void search_words_read(struct arena *arena, struct tokenizer *tokenizer, str text, str language,
                       struct search_words *ret_words);
