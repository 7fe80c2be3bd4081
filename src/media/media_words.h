/* media/media_words.h -- the different words of some texts, as the search among pictures knows them.
 * Inside media/ only. */
#pragma once
#include "base/str.h"

struct arena;

struct media_words {
    str *words;
    size_t count;
};
/* At most `max`, in order of appearance. An empty language is English, as for stories. */
void media_words_of(struct arena *arena, const str *texts, size_t texts_count, str language,
                    size_t max, struct media_words *ret_words);
