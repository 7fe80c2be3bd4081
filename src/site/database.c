/* SPDX-License-Identifier: MIT */
#include "site/database.h"

#include "site/folder.h"
#include "store/store.h"
#include "text/token.h"

#include <pthread.h>

/* A connection's thread keeps one tokenizer: its stemmers are dear to make. */
static pthread_key_t tokenizer_key;
static pthread_once_t tokenizer_once = PTHREAD_ONCE_INIT;

static void tokenizer_drop(void *tokenizer)
{
    tokenizer_free(tokenizer);
}

static void tokenizer_key_make(void)
{
    CHECK(pthread_key_create(&tokenizer_key, tokenizer_drop) == 0);
}

static struct tokenizer *tokenizer_of_thread(void)
{
    (void)pthread_once(&tokenizer_once, tokenizer_key_make);
    struct tokenizer *tokenizer = pthread_getspecific(tokenizer_key);
    if (tokenizer == NULL) {
        tokenizer = tokenizer_new();
        CHECK(pthread_setspecific(tokenizer_key, tokenizer) == 0);
    }
    return tokenizer;
}

struct emitter {
    store_emit_fn *emit;
    void *ctx;
};

static bool token_pass(void *ctx, const struct token *token)
{
    struct emitter *emitter = ctx;
    return emitter->emit(emitter->ctx, token->text, token->begin, token->end);
}

static void search_tokens(void *ctx, str text, str language, store_emit_fn *emit, void *emit_ctx)
{
    struct emitter emitter = {emit, emit_ctx};
    const struct token_options options = {.language = language};
    (void)ctx;
    (void)token_each(tokenizer_of_thread(), text, &options, token_pass, &emitter);
}

static struct store_options store_options_of(const struct folder *folder,
                                             const struct database_options *options)
{
    return (struct store_options){
        .path = folder->database,
        .create = options->create,
        .read_only = options->no_upgrade,
        .alone = options->alone,
        .migrations = store_schema,
        .migrations_count = store_schema_count,
        .tokenizer = {.tokens = search_tokens},
        .clock = options->clock,
        .log = options->log,
        .upgrading = options->upgrading,
    };
}

enum status database_open(const struct folder *folder, const struct database_options *options,
                          struct store **ret_store, struct error *err)
{
    struct store_options wanted = store_options_of(folder, options);
    return store_open(&wanted, ret_store, err);
}

enum status database_versions(const struct folder *folder, int *ret_database, int *ret_program,
                              struct error *err)
{
    struct store_options wanted = store_options_of(folder, &(struct database_options){0});
    return store_versions(&wanted, ret_database, ret_program, err);
}
