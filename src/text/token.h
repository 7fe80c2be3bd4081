/* text/token.h -- the words of a text as search and likeness know them.
 *
 *     AUTO(tokenizer_freep) struct tokenizer *t = tokenizer_new();
 *     token_each(t, text, &(struct token_options){.language = S("en")}, got_token, ctx);
 *     static bool got_token(void *ctx, const struct token *token) { ...; return true; }
 *
 *     "Reporters' questions in Łódź"  ->  report(0..9) question(11..20) lodz(24..31)
 *
 * A word is a run of letters, marks, digits and '_'. It is case-folded, left out if it is a stop
 * word of the language, stemmed by the language (libstemmer), and its diacritics are removed. "U.S." is
 * "us"; the "'s" of a possessive and the "l'" of an elision go. Han, Kana and Hangul runs give overlapping
 * pairs of characters, a lone one itself. Words longer than TOKEN_MAX bytes are cut.
 *
 * The same text and options always give the same tokens: index and query agree.
 *
 * Memory:  token->text is valid during the call only, and until the tokenizer is used again. The
 *          tokenizer keeps a stemmer for each language it met, and what the words last met came to
 *          (up to 450 KB).
 * Threads: a tokenizer belongs to one thread at a time; make one a thread. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

enum { TOKEN_MAX = 64 /* bytes */ };

struct tokenizer;
struct tokenizer *tokenizer_new(void);
void tokenizer_free(struct tokenizer *tokenizer);
DEFINE_FREEP(struct tokenizer *, tokenizer_free)

struct token {
    str text;     /* the form to index or look up */
    size_t begin; /* bytes of the source it stands for */
    size_t end;
    bool stop; /* a stop word (only with .keep_stop_words) */
};

struct token_options {
    str language;         /* BCP 47 tag; unknown or empty: no stemming, no stop words */
    bool keep_stop_words; /* for phrases: they are passed on, marked */
    bool no_stemming;     /* for prefixes and names */
};

/* Return false to stop. */
typedef bool token_fn(void *ctx, const struct token *token);
/* False when the callback stopped it. */
bool token_each(struct tokenizer *tokenizer, str text, const struct token_options *options,
                token_fn *fn, void *ctx);

bool token_is_stop_word(str language, str folded_word);
/* Languages with a stemmer: true for "en", "en-GB", "de", ... */
bool token_language_known(str language);
