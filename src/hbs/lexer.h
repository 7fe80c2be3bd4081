/* hbs/lexer.h -- the words inside a tag: {{#if (match a "=" 3)}} is  if ( match a "=" 3 ) }}.
 *
 * The rules, and which of two that both fit comes first, are those of handlebars.js 4.7's lexer.
 * Text outside tags is the parser's matter. Threads: one. */
#pragma once
#include "hbs/value.h"

enum token_kind {
    TOKEN_ID,    /* text: the name; bracketed when it was written [so] */
    TOKEN_SEP,   /* . or / */
    TOKEN_AT,    /* @ */
    TOKEN_VALUE, /* a literal */
    TOKEN_EQUALS,
    TOKEN_OPEN,  /* ( */
    TOKEN_CLOSE, /* ) */
    TOKEN_AS,    /* as | */
    TOKEN_BAR,
    TOKEN_END,           /* }} */
    TOKEN_END_RAW,       /* }}} after {{{ */
    TOKEN_END_BLOCK_RAW, /* }}}} after {{{{ */
    TOKEN_BAD,
    TOKEN_EOF,
};

struct token {
    enum token_kind kind;
    uint32_t pos;
    str text; /* as written, without quotes or brackets */
    bool bracketed;
    bool strip; /* END: ~}} */
    struct hbs_value value;
};

struct lexer {
    struct arena *arena; /* for strings with escapes */
    str source;
    size_t at;
};

/* Reads one word and moves past it. At TOKEN_BAD and TOKEN_EOF it stays. */
struct token hbs_lex(struct lexer *lexer);
/* The word after this one, not moving. */
struct token hbs_lex_peek(const struct lexer *lexer);

/* Bytes of white space at `at`, U+00A0 and its like counted: 0, or the length of one character. */
size_t hbs_space_at(str source, size_t at);
