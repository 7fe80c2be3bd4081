/* SPDX-License-Identifier: MIT
 *
 * A tokenizer belongs to one thread; a database calls from all of its own. So each thread keeps one
 * under a pthread key, whose destructor runs as the thread ends. The thread that frees `words`
 * gives its own back there and then. */
#include "news/words.h"
#include "text/token.h"
#include <pthread.h>

struct words {
    pthread_key_t key; /* read-only after words_new */
};

static void free_tokenizer(void *tokenizer)
{
    tokenizer_free(tokenizer);
}

struct words *words_new(void)
{
    struct words *words = calloc(1, sizeof(*words));
    CHECK(words != NULL);
    CHECK(pthread_key_create(&words->key, free_tokenizer) == 0);
    return words;
}

void words_free(struct words *words)
{
    if (words == NULL)
        return;
    tokenizer_free(pthread_getspecific(words->key));
    (void)pthread_key_delete(words->key);
    free(words);
}

struct emit {
    store_emit_fn *fn;
    void *ctx;
};

static bool got_token(void *ctx, const struct token *token)
{
    const struct emit *emit = ctx;
    return emit->fn(emit->ctx, token->text, token->begin, token->end);
}

static void cut(void *ctx, str text, str language, store_emit_fn *fn, void *emit_ctx)
{
    struct words *words = ctx;
    struct tokenizer *tokenizer = pthread_getspecific(words->key);
    if (tokenizer == NULL) {
        tokenizer = tokenizer_new();
        CHECK(pthread_setspecific(words->key, tokenizer) == 0);
    }
    struct emit emit = {fn, emit_ctx};
    (void)token_each(tokenizer, text, &(struct token_options){.language = language}, got_token,
                     &emit);
}

struct store_tokenizer words_tokenizer(struct words *words)
{
    return (struct store_tokenizer){.tokens = cut, .ctx = words};
}
