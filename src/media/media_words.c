/* SPDX-License-Identifier: MIT
 *
 * The words by which a picture is found. Portable SQL and no full text: records have a line or two of
 * text, and editors want the newest first, which is the order of the index (word, created_at, media). */
#include "media/media_words.h"
#include "base/arena.h"
#include "media/media_row.h"
#include "news/setting.h"
#include "store/store.h"
#include "text/token.h"

struct gathered {
    struct media_words *words;
    struct arena *arena;
    size_t max;
};

static bool gather(void *ctx, const struct token *token)
{
    struct gathered *g = ctx;
    struct media_words *w = g->words;
    for (size_t i = 0; i < w->count; i++) {
        if (str_eq(w->words[i], token->text))
            return true;
    }
    w->words[w->count++] = str_copy(g->arena, token->text);
    return w->count < g->max;
}

void media_words_of(struct arena *arena, const str *texts, size_t texts_count, str language,
                    size_t max, struct media_words *ret_words)
{
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    const struct token_options options = {.language = language.len > 0 ? language : S("en")};
    *ret_words = (struct media_words){.words = arena_new_array(arena, str, max)};
    struct gathered g = {ret_words, arena, max};
    for (size_t i = 0; i < texts_count && ret_words->count < max; i++)
        (void)token_each(tokenizer, texts[i], &options, gather, &g);
}

enum status media_words_write(struct newsroom *desk, const struct media *media, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *gone = store_query(conn, SQL("DELETE FROM media_word WHERE media = $1"));
    store_bind_int(gone, 1, media->id.v);
    enum status st = store_run(gone, err);
    if (st != ST_OK)
        return st;
    const str texts[] = {media->title,  media->alt,     media->caption,
                         media->credit, media->licence, media->name};
    struct media_words words;
    media_words_of(desk->arena, texts, ARRAY_LEN(texts),
                   desk->site != NULL ? desk->site->locale : STR_NONE, MEDIA_WORDS_MAX, &words);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("INSERT INTO media_word (media, word, created_at) VALUES ($1, $2, $3)"));
    for (size_t i = 0; i < words.count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, media->id.v);
        store_bind_text(q, 2, words.words[i]);
        store_bind_int(q, 3, media->created_at);
        st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}
