/* discover/terms.h -- a story's words, names and tags, counted and weighed.
 *
 *     struct story_terms t;
 *     terms_count(arena, tokenizer, story, language, &t);   // words with how much they are used
 *     ... t.list[i].stories = in how many stories that word stands ...
 *     terms_weigh(&t, stories_in_all);                      // the telling ones, first; unit length
 *
 * Words are stemmed as search does it. A name is a term of its own beside its words ("=marco rubio"),
 * a tag too ("#12"). Words used once in a long text are left out: they tell little, and each would
 * be a row in the table of terms. Inside discover/ only.
 *
 * Memory: the arena. Threads: as the tokenizer. */
#pragma once
#include "news/story.h"

struct tokenizer;

enum {
    TERMS_COUNTED_MAX = 150, /* of a story, by use */
    TERMS_SHORT_WORDS = 150, /* in a text of fewer words, words used once count too */
    TERMS_TEXT_MAX = 200 * 1024,
};

struct term_use {
    str word;
    double use;      /* occurrences, more for headline and standfirst, names and tags */
    int64_t id;      /* in the table of terms */
    int64_t stories; /* that have it */
    double weight;
};

struct story_terms {
    struct term_use *list;
    size_t count;
    size_t telling;      /* after terms_weigh: the first so many are kept */
    int64_t fingerprint; /* simhash of the words; 0: too short to tell */
};

/* `story` with plain text, tags and bylines loaded. */
void terms_count(struct arena *arena, struct tokenizer *tokenizer, const struct story *story,
                 str language, struct story_terms *ret_terms);
void terms_weigh(struct story_terms *terms, int64_t stories_in_all);

/* Bits in which two fingerprints differ; 64 when either is 0. */
int fingerprint_distance(int64_t a, int64_t b);
