/* news/words.h -- the words of text/token.h, as the database's full text wants them.
 *
 *     struct words *words = words_new();
 *     options.tokenizer = words_tokenizer(words);
 *     st = store_open(&options, &store, err);
 *     ...
 *     store_close(store);
 *     words_free(words);                  // after the store, and after its threads
 *
 * Every site's store is opened with this: an index made by other rules would find nothing.
 *
 * Threads: any; each gets a tokenizer of its own at its first word, given back when it ends. */
#pragma once
#include "base/scope.h"
#include "store/store.h"

struct words;
struct words *words_new(void);
void words_free(struct words *words);
DEFINE_FREEP(struct words *, words_free)

struct store_tokenizer words_tokenizer(struct words *words);
