/* reader/names.h -- who and what a story names: people, places, bodies.
 *
 *     struct names names;
 *     names_find(arena, headline, text, S("en"), &names);
 *     for (size_t i = 0; i < names.count; i++)
 *         propose(names.list[i].text, names.list[i].weight);
 *
 *     "Marco Rubio ... UK Defence Minister John Healey ... Rubio said"
 *         ->  "Marco Rubio" (2 mentions), "UK", "John Healey"
 *
 * A name is a run of capitalised words. Later short forms ("Rubio") are mentions of the longest form that
 * ends with them. Roles and titles are cut out, and part what stands around them. Words that begin a
 * sentence are capitalised anyway, so they are judged by how they are written elsewhere in the story.
 * Adjectives of nations ("the Ukrainian side"), weekdays, months and the like are never names. A headline
 * that capitalises every word names only what the text names too.
 *
 * The words (titles, adjectives, days) are tables by language: names_words.h. In languages
 * without a table only the rules that need none hold; where every noun is capitalised (German,
 * Luxembourgish) a single word is a name only as the short form of a longer one, or if it is all
 * capitals. Scripts without case give no names.
 *
 * Cost: linear in the text. Limits: the first NAMES_TEXT_MAX bytes are read; NAMES_MAX names are
 * told, the weightiest first; a name has at most NAME_WORDS_MAX words.
 * Memory: the list lives in the arena; names lend from `text` and `headline`. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

enum { NAMES_TEXT_MAX = 1024 * 1024, NAMES_MAX = 100, NAME_WORDS_MAX = 8 };

struct name {
    str text;        /* the longest form met, titles cut off */
    size_t mentions; /* in the text, short forms too */
    bool in_headline;
    size_t begin, end; /* where in the text the first mention stands */
    int64_t weight;    /* mentions, more for the headline and for the first paragraph */
};

struct names {
    struct name *list; /* weightiest first; of equals, whoever is named first */
    size_t count;
};

/* `text` is plain text, paragraphs parted by line ends; both are valid UTF-8. `language` may be
 * empty: then English words are taken for the tables. */
void names_find(struct arena *arena, str headline, str text, str language, struct names *ret_names);

/* Whether a story is likely about it: named twice, or once in the headline. */
static inline bool name_recurs(const struct name *name)
{
    return name->mentions + name->in_headline >= 2;
}
