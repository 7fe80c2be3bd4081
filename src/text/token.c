/* SPDX-License-Identifier: MIT */
#include "text/token.h"

#include "base/arena.h"
#include "text/language.h"
#include "text/stop_words.h"
#include "text/utf8.h"

#include <libstemmer.h>
#include <utf8proc.h>

/* ---- stemmers ---- */

static const struct {
    str language;
    const char *algorithm;
} algorithms[] = {
    {STR_INIT("ar"), "arabic"},    {STR_INIT("ca"), "catalan"},    {STR_INIT("da"), "danish"},
    {STR_INIT("de"), "german"},    {STR_INIT("el"), "greek"},      {STR_INIT("en"), "english"},
    {STR_INIT("es"), "spanish"},   {STR_INIT("eu"), "basque"},     {STR_INIT("fi"), "finnish"},
    {STR_INIT("fr"), "french"},    {STR_INIT("ga"), "irish"},      {STR_INIT("hi"), "hindi"},
    {STR_INIT("hu"), "hungarian"}, {STR_INIT("hy"), "armenian"},   {STR_INIT("id"), "indonesian"},
    {STR_INIT("it"), "italian"},   {STR_INIT("lt"), "lithuanian"}, {STR_INIT("nb"), "norwegian"},
    {STR_INIT("ne"), "nepali"},    {STR_INIT("nl"), "dutch"},      {STR_INIT("nn"), "norwegian"},
    {STR_INIT("no"), "norwegian"}, {STR_INIT("pt"), "portuguese"}, {STR_INIT("ro"), "romanian"},
    {STR_INIT("ru"), "russian"},   {STR_INIT("sr"), "serbian"},    {STR_INIT("sv"), "swedish"},
    {STR_INIT("ta"), "tamil"},     {STR_INIT("tr"), "turkish"},    {STR_INIT("yi"), "yiddish"},
};
enum { LANGUAGES = sizeof(algorithms) / sizeof(algorithms[0]) };

/* What a word came to. Nine of ten words of a text were met before, and looking one up here costs
 * a sixth of folding, stop words and stemming; a place holds the word last met that hashes there. */
enum { CACHE_SLOTS = 8192 /* a power of two */, CACHE_BYTES = 26 /* longer words are not kept */ };

struct cached {
    char source[CACHE_BYTES], token[CACHE_BYTES];
    uint8_t source_len; /* 0: free */
    uint8_t token_len;
    uint8_t rules; /* which language, stemmed or not */
    bool stop;
};

struct tokenizer {
    struct sb_stemmer *stemmers[LANGUAGES]; /* made when first asked for */
    struct cached cache[CACHE_SLOTS];
};

struct tokenizer *tokenizer_new(void)
{
    struct tokenizer *tokenizer = calloc(1, sizeof(*tokenizer));
    CHECK(tokenizer != NULL);
    return tokenizer;
}

void tokenizer_free(struct tokenizer *tokenizer)
{
    if (tokenizer == NULL)
        return;
    for (size_t i = 0; i < LANGUAGES; i++)
        sb_stemmer_delete(tokenizer->stemmers[i]);
    free(tokenizer);
}

static size_t language_index(str language)
{
    str primary = language_primary(language);
    size_t i = 0;
    while (i < LANGUAGES && !str_eq_nocase(algorithms[i].language, primary))
        i++;
    return i;
}

bool token_language_known(str language)
{
    return language_index(language) < LANGUAGES;
}

bool token_is_stop_word(str language, str folded_word)
{
    return stop_words_have(language_primary(language), folded_word);
}

static struct sb_stemmer *stemmer_get(struct tokenizer *tokenizer, str language)
{
    size_t i = language_index(language);
    if (i == LANGUAGES)
        return NULL;
    if (tokenizer->stemmers[i] == NULL)
        tokenizer->stemmers[i] = sb_stemmer_new(algorithms[i].algorithm, "UTF_8");
    return tokenizer->stemmers[i]; /* NULL if this libstemmer lacks the language */
}

/* ---- one word ---- */

enum {
    SOURCE_MAX = 2 * TOKEN_MAX, /* bytes of a word that are looked at */
    SCRATCH = 1024,
};

struct word {
    char bytes[SCRATCH];
    size_t len;
};

static str word_view(const struct word *w)
{
    return (str){w->bytes, w->len};
}

static void word_set(struct word *w, str s)
{
    s = utf8_cut_bytes(s, TOKEN_MAX);
    if (s.len > 0)
        memmove(w->bytes, s.ptr, s.len);
    w->len = s.len;
}

/* Writes `s` to `w` as utf8proc maps it; leaves `w` empty when it does not fit or is not UTF-8. */
static void word_map(struct word *w, str s, unsigned options)
{
    utf8proc_int32_t points[SCRATCH];
    utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, points,
                           SCRATCH / 2, (utf8proc_option_t)options);
    w->len = 0;
    if (count < 0 || count > SCRATCH / 2)
        return;
    count = utf8proc_reencode(points, count, (utf8proc_option_t)options);
    if (count > 0)
        word_set(w, (str){(const char *)points, (size_t)count});
}

/* Returns whether all of it is ASCII. */
static bool word_fold(struct word *w, str source)
{
    source = utf8_cut_bytes(source, SOURCE_MAX);
    size_t i = 0;
    while (i < source.len && (unsigned char)source.ptr[i] < 0x80) {
        w->bytes[i] = ascii_lower(source.ptr[i]);
        i++;
    }
    if (i == source.len) {
        w->len = source.len > TOKEN_MAX ? TOKEN_MAX : source.len;
        return true;
    }
    word_map(w, source,
             UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                 UTF8PROC_IGNORE);
    return false;
}

static const char *plain_letter(uint32_t c)
{
    switch (c) {
    case 0xE6:
        return "ae";
    case 0xF0:
    case 0x111:
        return "d";
    case 0xF8:
        return "o";
    case 0xFE:
        return "th";
    case 0x127:
        return "h";
    case 0x131:
        return "i";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    default:
        return NULL;
    }
}

/* Diacritics off, and letters that only look like having one. */
static void word_strip_marks(struct word *w)
{
    struct word bare = {.len = 0};
    struct word stripped;

    word_map(&stripped, word_view(w),
             UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    str rest = word_view(&stripped);
    while (rest.len > 0) {
        str at = rest;
        const char *plain = plain_letter(utf8_next(&rest));
        str piece = plain != NULL ? str_from_c(plain) : str_sub(at, 0, at.len - rest.len);
        memcpy(bare.bytes + bare.len, piece.ptr, piece.len);
        bare.len += piece.len;
    }
    if (bare.len > 0)
        word_set(w, word_view(&bare));
}

static void word_stem(struct word *w, struct sb_stemmer *stemmer)
{
    const sb_symbol *stem =
        sb_stemmer_stem(stemmer, (const sb_symbol *)w->bytes, int_from_size(w->len));
    if (stem != NULL && sb_stemmer_length(stemmer) > 0)
        word_set(w, (str){(const char *)stem, (size_t)sb_stemmer_length(stemmer)});
}

/* ---- the text ---- */

struct run {
    const struct token_options *options;
    struct sb_stemmer *stemmer; /* NULL: none */
    struct cached *cache;       /* NULL: the language is not in the table */
    uint8_t rules;
    str text;
    token_fn *fn;
    void *ctx;
};

/* False when nothing of it is left. */
static bool word_make(const struct run *run, str source, struct word *ret_word, bool *ret_stop)
{
    bool ascii = word_fold(ret_word, source);

    if (ret_word->len == 0)
        return false;
    *ret_stop = token_is_stop_word(run->options->language, word_view(ret_word));
    if (run->stemmer != NULL && !*ret_stop)
        word_stem(ret_word, run->stemmer);
    if (!ascii)
        word_strip_marks(ret_word);
    return true;
}

static struct cached *cache_at(const struct run *run, str source)
{
    if (run->cache == NULL || source.len > CACHE_BYTES)
        return NULL;
    uint32_t hash = str_hash(source) + run->rules * 0x9E3779B9u;
    return &run->cache[(hash ^ hash >> 15) & (CACHE_SLOTS - 1)];
}

static bool cache_has(const struct cached *cached, const struct run *run, str source)
{
    return cached->source_len == source.len && cached->rules == run->rules &&
           memcmp(cached->source, source.ptr, source.len) == 0;
}

static void cache_put(struct cached *cached, const struct run *run, str source,
                      const struct word *w, bool stop)
{
    if (w->len > CACHE_BYTES)
        return;
    memcpy(cached->source, source.ptr, source.len);
    memcpy(cached->token, w->bytes, w->len);
    cached->source_len = (uint8_t)source.len;
    cached->token_len = (uint8_t)w->len;
    cached->rules = run->rules;
    cached->stop = stop;
}

static bool emit_word(struct run *run, str source, size_t begin, size_t end)
{
    struct word w;
    struct token token = {.begin = begin, .end = end};
    struct cached *cached = cache_at(run, source);

    if (cached != NULL && cache_has(cached, run, source)) {
        token.text = (str){cached->token, cached->token_len};
        token.stop = cached->stop;
    } else {
        if (!word_make(run, source, &w, &token.stop))
            return true;
        token.text = word_view(&w);
        if (cached != NULL)
            cache_put(cached, run, source, &w, token.stop);
    }
    if (token.stop && !run->options->keep_stop_words)
        return true;
    return run->fn(run->ctx, &token);
}

static size_t char_len(str text, size_t at, uint32_t *ret_c)
{
    if (at >= text.len) {
        *ret_c = 0;
        return 0;
    }
    unsigned char byte = (unsigned char)text.ptr[at];
    if (byte < 0x80) {
        *ret_c = byte;
        return 1;
    }
    str rest = str_from(text, at);
    *ret_c = utf8_next(&rest);
    return text.len - at - rest.len;
}

static bool is_word_here(uint32_t c)
{
    if (c < 0x80)
        return ascii_is_alnum((char)c) || c == '_';
    return utf8_is_word(c) && !utf8_is_cjk(c);
}

/* Past the run of word characters that begins at `at`. */
static size_t word_end(str text, size_t at)
{
    uint32_t c;
    for (;;) {
        while (at < text.len && (ascii_is_alnum(text.ptr[at]) || text.ptr[at] == '_'))
            at++;
        size_t len = char_len(text, at, &c);
        if (len == 0 || !is_word_here(c))
            return at;
        at += len;
    }
}

/* The length of an apostrophe at `at` that stands between letters, else 0. */
static size_t apostrophe_len(str text, size_t at)
{
    uint32_t c, next;
    size_t len = char_len(text, at, &c);
    if (len == 0 || (c != '\'' && c != 0x2019))
        return 0;
    (void)char_len(text, at + len, &next);
    return next != 0 && is_word_here(next) ? len : 0;
}

static bool is_one_of(str s, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_nocase(s, list[i]))
            return true;
    }
    return false;
}

static bool is_suffix(str s) /* after an apostrophe: don't, Reporter's, we'll */
{
    static const str list[] = {STR_INIT("s"),  STR_INIT("t"),  STR_INIT("d"), STR_INIT("m"),
                               STR_INIT("ll"), STR_INIT("re"), STR_INIT("ve")};
    return is_one_of(s, list, sizeof(list) / sizeof(list[0]));
}

static bool is_elision(str s) /* before an apostrophe: l'homme, d'un, qu'il */
{
    static const str list[] = {STR_INIT("l"), STR_INIT("d"), STR_INIT("j"),
                               STR_INIT("m"), STR_INIT("n"), STR_INIT("s"),
                               STR_INIT("t"), STR_INIT("c"), STR_INIT("qu")};
    return is_one_of(s, list, sizeof(list) / sizeof(list[0]));
}

/* "U.S." at `at`: single letters, each before a full stop. Returns the offset past it, 0 if it is none, and
 * the letters alone. */
static size_t acronym_end(str text, size_t at, struct word *ret_letters)
{
    size_t end = at, letters = 0;

    ret_letters->len = 0;
    for (;;) {
        uint32_t c;
        size_t len = char_len(text, at, &c);
        if (letters == 0 && (at + len >= text.len || text.ptr[at + len] != '.'))
            break; /* most words: no need to find their end twice */
        if (len == 0 || !utf8_is_letter(c) || word_end(text, at) != at + len ||
            ret_letters->len + len > TOKEN_MAX)
            break;
        memcpy(ret_letters->bytes + ret_letters->len, text.ptr + at, len);
        ret_letters->len += len;
        letters++;
        end = at + len;
        if (end == text.len || text.ptr[end] != '.')
            break;
        at = end + 1;
    }
    return letters >= 2 ? end : 0;
}

static bool take_word(struct run *run, size_t *at)
{
    size_t begin = *at;
    struct word letters;

    size_t end = acronym_end(run->text, begin, &letters);
    if (end > 0) {
        *at = end;
        return emit_word(run, word_view(&letters), begin, end);
    }
    end = word_end(run->text, begin);
    str source = str_sub(run->text, begin, end - begin);
    *at = end;
    size_t apostrophe = apostrophe_len(run->text, end);
    if (apostrophe > 0) {
        size_t after = end + apostrophe;
        size_t after_end = word_end(run->text, after);
        if (is_suffix(str_sub(run->text, after, after_end - after))) {
            *at = after_end;
        } else if (is_elision(source)) {
            return true;
        }
    }
    return emit_word(run, source, begin, end);
}

/* Each pair of neighbours in a run of characters written without spaces; a lone one itself. */
static bool take_cjk(struct run *run, size_t *at)
{
    uint32_t c, next;
    size_t begin = *at;
    size_t len = char_len(run->text, begin, &c);
    bool alone = true;

    for (;;) {
        size_t next_len = char_len(run->text, begin + len, &next);
        if (next_len == 0 || !utf8_is_cjk(next))
            break;
        alone = false;
        size_t end = begin + len + next_len;
        if (!emit_word(run, str_sub(run->text, begin, end - begin), begin, end))
            return false;
        begin += len;
        len = next_len;
    }
    *at = begin + len;
    return !alone || emit_word(run, str_sub(run->text, begin, len), begin, begin + len);
}

bool token_each(struct tokenizer *tokenizer, str text, const struct token_options *options,
                token_fn *fn, void *ctx)
{
    struct run run = {.options = options,
                      .stemmer =
                          options->no_stemming ? NULL : stemmer_get(tokenizer, options->language),
                      .text = text,
                      .fn = fn,
                      .ctx = ctx};
    size_t language = language_index(options->language);
    if (language < LANGUAGES) {
        run.cache = tokenizer->cache;
        run.rules = (uint8_t)(2 * language + options->no_stemming);
    }
    size_t at = 0;

    while (at < text.len) {
        uint32_t c;
        size_t len = char_len(text, at, &c);
        bool more = true;
        if (c >= 0x80 && utf8_is_cjk(c))
            more = take_cjk(&run, &at);
        else if (utf8_is_word(c))
            more = take_word(&run, &at);
        else
            at += len;
        if (!more)
            return false;
    }
    return true;
}
