/* SPDX-License-Identifier: MIT
 *
 * One pass over the text's tokens notes where the query's stand. The window is the one with most
 * different words, then most words, then the earliest: found with two fingers over the hits. The pass
 * ends once a window has every word of the query: for a common word that is the first paragraph. */
#include "discover/snippet.h"
#include "base/arena.h"
#include "base/buf.h"
#include "text/token.h"
#include "text/utf8.h"

enum { HITS_MAX = 400, LEAD_BYTES = 60, TOKENS_MAX = 64 };

struct hit {
    size_t begin, end;
    size_t token; /* which of the query's */
};

struct finding {
    const str *tokens; /* at most TOKENS_MAX, distinct */
    size_t tokens_count;
    size_t window; /* bytes */
    struct hit *hits;
    size_t count;
    size_t enough; /* where the pass may end; SIZE_MAX: no window has every word yet */
};

/* Whether the words of the window that ends with the newest hit are all of the query's. */
static bool window_complete(const struct finding *f)
{
    uint64_t seen = 0;
    for (size_t i = f->count; i > 0; i--) {
        if (f->hits[f->count - 1].end - f->hits[i - 1].begin > f->window)
            break;
        seen |= UINT64_C(1) << f->hits[i - 1].token;
    }
    return (size_t)__builtin_popcountll(seen) == f->tokens_count;
}

static bool got_token(void *ctx, const struct token *token)
{
    struct finding *f = ctx;
    if (token->begin > f->enough)
        return false;
    for (size_t i = 0; i < f->tokens_count; i++) {
        if (!str_eq(f->tokens[i], token->text))
            continue;
        f->hits[f->count++] = (struct hit){token->begin, token->end, i};
        if (f->enough == SIZE_MAX && window_complete(f))
            f->enough = token->begin + f->window;
        break;
    }
    return f->count < HITS_MAX;
}

/* Hits [first, last) of the best window of at most `bytes`. */
static void best_window(const struct finding *f, size_t bytes, size_t *ret_first, size_t *ret_last)
{
    size_t seen[TOKENS_MAX] = {0}, different = 0, best_different = 0, best_count = 0;
    *ret_first = *ret_last = 0;
    for (size_t first = 0, last = 0; last < f->count; last++) {
        different += seen[f->hits[last].token]++ == 0;
        while (f->hits[last].end - f->hits[first].begin > bytes && first < last)
            different -= --seen[f->hits[first++].token] == 0;
        size_t count = last - first + 1;
        if (different > best_different || (different == best_different && count > best_count)) {
            best_different = different;
            best_count = count;
            *ret_first = first;
            *ret_last = last + 1;
        }
    }
}

/* To the beginning of a word at or after `at`, or `at` itself when none is near. */
static size_t word_begin(str text, size_t at)
{
    if (at == 0)
        return 0;
    for (size_t i = at; i < text.len && i < at + LEAD_BYTES; i++) {
        if (ascii_is_space(text.ptr[i]))
            return i + 1;
    }
    while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static size_t word_end(str text, size_t from, size_t end)
{
    if (end >= text.len)
        return text.len;
    for (size_t i = end; i > from && i + LEAD_BYTES > end; i--) {
        if (ascii_is_space(text.ptr[i - 1]))
            return i - 1;
    }
    while (end > from && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
        end--;
    return end;
}

/* Line ends are spaces here. */
static void add_text(struct arena *arena, struct buf *b, str text)
{
    char *line = arena_new_array(arena, char, text.len);
    for (size_t i = 0; i < text.len; i++)
        line[i] = ascii_is_space(text.ptr[i]) ? ' ' : text.ptr[i];
    buf_add_html(b, (str){line, text.len});
}

html snippet_make(struct arena *arena, struct tokenizer *tokenizer, str text, str language,
                  const str *tokens, size_t tokens_count, size_t chars)
{
    text = utf8_cut_bytes(text, SNIPPET_TEXT_MAX);
    CHECK(tokens_count <= TOKENS_MAX);
    struct finding f = {.tokens = tokens,
                        .tokens_count = tokens_count,
                        .window = chars,
                        .hits = arena_new_array(arena, struct hit, HITS_MAX),
                        .enough = SIZE_MAX};
    (void)token_each(tokenizer, text, &(struct token_options){.language = language}, got_token, &f);
    size_t first, last;
    best_window(&f, chars, &first, &last);
    size_t lead = first < last ? f.hits[first].begin : 0;
    size_t begin = lead > LEAD_BYTES ? word_begin(text, lead - LEAD_BYTES) : 0;
    begin = begin > lead ? lead : begin;
    size_t room = utf8_cut(str_from(text, begin), chars).len;
    size_t end = word_end(text, first < last ? f.hits[first].end : begin, begin + room);
    struct buf b;
    buf_init(&b, arena, 16 * (chars + 2 * LEAD_BYTES) + 4096);
    if (begin > 0)
        buf_add(&b, S("… "));
    size_t at = begin;
    for (size_t i = first; i < last && f.hits[i].end <= end; i++) {
        if (f.hits[i].begin < at) /* pairs of characters overlap */
            continue;
        add_text(arena, &b, str_sub(text, at, f.hits[i].begin - at));
        buf_add(&b, S("<mark>"));
        add_text(arena, &b, str_sub(text, f.hits[i].begin, f.hits[i].end - f.hits[i].begin));
        buf_add(&b, S("</mark>"));
        at = f.hits[i].end;
    }
    add_text(arena, &b, str_sub(text, at, end - at));
    if (end < text.len)
        buf_add(&b, S(" …"));
    return (html){buf_view(&b)};
}
