/* SPDX-License-Identifier: MIT */
#include "discover/search_words.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "discover/search.h"
#include "store/store.h"
#include "text/token.h"
#include "text/utf8.h"

enum { MATCH_BYTES_MAX = 8 * 1024 };

struct reading {
    struct arena *arena;
    struct tokenizer *tokenizer;
    str language;
    struct search_words *words;
    struct buf wanted, unwanted;
    size_t terms;
};

/* ---- words and phrases ---- */

struct term {
    struct reading *reading;
    size_t tokens;
    bool keep; /* for snippets */
};

static bool got_token(void *ctx, const struct token *token)
{
    struct term *term = ctx;
    struct search_words *w = term->reading->words;
    term->tokens++;
    for (size_t i = 0; i < w->tokens_count; i++) {
        if (str_eq(w->tokens[i], token->text))
            return true;
    }
    if (term->keep && w->tokens_count < SEARCH_TOKENS_MAX)
        w->tokens[w->tokens_count++] = str_copy(term->reading->arena, token->text);
    return true;
}

/* `"LANGUAGE text"` as the tokenizer of the index reads it. */
static void add_quoted(struct reading *r, struct buf *b, str text)
{
    if (b->len > 0)
        buf_add_char(b, ' ');
    buf_add(b, S("\"" STORE_LANGUAGE_MARK));
    buf_add(b, r->language);
    buf_add(b, S(STORE_LANGUAGE_MARK));
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool own = c == '"' || (unsigned char)c < ' ';
        buf_add_char(b, own ? ' ' : c);
    }
    buf_add_char(b, '"');
}

static void add_term(struct reading *r, str text, bool without)
{
    struct term term = {.reading = r, .keep = !without};
    if (r->terms >= SEARCH_TERMS_MAX)
        return;
    (void)token_each(r->tokenizer, text, &(struct token_options){.language = r->language},
                     got_token, &term);
    if (term.tokens == 0) /* stop words and marks: in no index */
        return;
    r->terms++;
    if (!without) {
        add_quoted(r, &r->wanted, text);
        return;
    }
    buf_add(&r->unwanted, S(" NOT"));
    add_quoted(r, &r->unwanted, text);
}

/* ---- filters ---- */

/* 2024, 2024-05 or 2024-05-06: the first moment of it, and of what comes after. */
static bool read_date(str text, time_us *ret_from, time_us *ret_until)
{
    struct cursor c = cursor_of(text);
    int64_t year, month = 0, day = 0;
    if (!cursor_uint(&c, 4, 4, &year))
        return false;
    if (cursor_char(&c, '-') && !cursor_uint(&c, 1, 2, &month))
        return false;
    if (month != 0 && cursor_char(&c, '-') && !cursor_uint(&c, 1, 2, &day))
        return false;
    struct civil from = {
        .year = (int)year, .month = month != 0 ? (int)month : 1, .day = day != 0 ? (int)day : 1};
    if (!cursor_done(&c) || !civil_valid(&from))
        return false;
    struct civil until = from;
    if (day != 0)
        until.day++;
    else if (month != 0)
        until.month++;
    else
        until.year++;
    *ret_from = time_from_civil(&from);
    *ret_until = time_from_civil(&until);
    return true;
}

static time_us later(time_us a, time_us b)
{
    return a == 0 || b > a ? b : a;
}

static time_us earlier(time_us a, time_us b)
{
    return a == 0 || b < a ? b : a;
}

static bool add_bound(struct search_words *w, str value, bool is_after, bool without)
{
    time_us begin, end;
    if (!read_date(value, &begin, &end))
        return false;
    if (is_after && !without)
        w->from = later(w->from, begin);
    else if (is_after)
        w->until = earlier(w->until, begin);
    else if (!without)
        w->until = earlier(w->until, end);
    else
        w->from = later(w->from, end);
    return true;
}

/* Whether `word` is a filter; what only looks like one is a word. */
static bool add_filter(struct reading *r, str word, bool without)
{
    struct search_words *w = r->words;
    static const struct {
        str name;
        bool is_slug;
        enum search_filter_kind kind;
        bool is_after;
    } names[] = {
        {STR_INIT("tag:"), true, FILTER_TAG, false},
        {STR_INIT("author:"), true, FILTER_AUTHOR, false},
        {STR_INIT("before:"), false, FILTER_TAG, false},
        {STR_INIT("after:"), false, FILTER_TAG, true},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!str_starts_nocase(word, names[i].name))
            continue;
        str value = str_from(word, names[i].name.len);
        if (!names[i].is_slug)
            return add_bound(w, value, names[i].is_after, without);
        if (value.len == 0 || w->filters_count == sizeof(w->filters) / sizeof(w->filters[0]))
            return false;
        w->filters[w->filters_count++] =
            (struct search_filter){names[i].kind, without, utf8_lower(r->arena, value)};
        return true;
    }
    return false;
}

/* ---- the query ---- */

/* Takes a word or a "phrase" off the front; an open quote goes to the end. */
static str next_term(str *rest, bool *ret_phrase)
{
    *ret_phrase = rest->ptr[0] == '"';
    if (*ret_phrase) {
        *rest = str_from(*rest, 1);
        return str_cut(rest, '"');
    }
    size_t end = 0;
    while (end < rest->len && !ascii_is_space(rest->ptr[end]) && rest->ptr[end] != '"')
        end++;
    str word = str_sub(*rest, 0, end);
    *rest = str_from(*rest, end);
    return word;
}

void search_words_read(struct arena *arena, struct tokenizer *tokenizer, str text, str language,
                       struct search_words *ret_words)
{
    struct search_words w = {0};
    struct reading r = {.arena = arena, .tokenizer = tokenizer, .language = language, .words = &w};
    buf_init(&r.wanted, arena, MATCH_BYTES_MAX);
    buf_init(&r.unwanted, arena, MATCH_BYTES_MAX);
    str rest = str_trim(utf8_repair(arena, utf8_cut_bytes(text, SEARCH_TEXT_MAX)));
    while (rest.len > 0) {
        bool without = rest.len > 1 && rest.ptr[0] == '-' && !ascii_is_space(rest.ptr[1]);
        if (without)
            rest = str_from(rest, 1);
        bool phrase = false;
        str term = next_term(&rest, &phrase);
        if (phrase || !add_filter(&r, term, without))
            add_term(&r, term, without);
        rest = str_trim(rest);
    }
    w.only_not = r.wanted.len == 0 && r.unwanted.len > 0;
    if (r.wanted.len > 0) {
        buf_add(&r.wanted, buf_view(&r.unwanted));
        w.match = buf_view(&r.wanted);
    }
    *ret_words = w;
}
