/* SPDX-License-Identifier: MIT */
#include "hbs/lexer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"

#include <string.h>

static char char_at(str s, size_t at)
{
    return at < s.len ? s.ptr[at] : '\0';
}

static bool starts_at(str s, size_t at, str prefix)
{
    return str_starts(str_from(s, at), prefix);
}

/* A tag pasted from a word processor may hold no-break spaces; JavaScript's \s takes them. */
size_t hbs_space_at(str source, size_t at)
{
    if (at >= source.len)
        return 0;
    if (ascii_is_space(source.ptr[at]))
        return 1;
    if (starts_at(source, at, S("\xC2\xA0")))
        return 2;
    if (starts_at(source, at, S("\xE2\x80\xA8")) || starts_at(source, at, S("\xE2\x80\xA9")) ||
        starts_at(source, at, S("\xEF\xBB\xBF")) || starts_at(source, at, S("\xE3\x80\x80")))
        return 3;
    return 0;
}

/* What may follow a name: = ~ } white space / . ) ] |, and the end of the file, which is told as
 * such. */
static bool ends_name(str s, size_t at)
{
    return at >= s.len || (strchr("=~}/.)]|", s.ptr[at]) != NULL && s.ptr[at] != '\0') ||
           hbs_space_at(s, at) > 0;
}

/* What may follow a literal: ~ } white space ) ] */
static bool ends_literal(str s, size_t at)
{
    return (at < s.len && strchr("~})]", s.ptr[at]) != NULL && s.ptr[at] != '\0') ||
           hbs_space_at(s, at) > 0;
}

static bool in_name(str s, size_t at)
{
    unsigned char c = (unsigned char)char_at(s, at);
    if (c >= 0x80)
        return hbs_space_at(s, at) == 0;
    return ascii_is_alnum((char)c) || (c != '\0' && strchr("$-_:?", c) != NULL) ||
           (c > 0 && c < ' ' && !ascii_is_space((char)c)) || c == 0x7F;
}

/* Takes the backslashes off `\"` (and off `\\` too when `both`). */
static str unescape(struct arena *arena, str text, char quote, bool both)
{
    struct buf b;
    str plain;
    if (str_find_char(text, '\\') == STR_NPOS)
        return text;
    buf_init(&b, arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '\\' && i + 1 < text.len &&
                      (text.ptr[i + 1] == quote || (both && text.ptr[i + 1] == '\\'));
        buf_add_char(&b, text.ptr[i + (escape ? 1 : 0)]);
        i += escape;
    }
    enum status st = buf_finish(&b, &plain, NULL);
    CHECK(st == ST_OK);
    return plain;
}

/* A closing mark that a backslash does not escape; STR_NPOS when there is none. */
static size_t find_close(str s, size_t from, char close)
{
    for (size_t at = from; at < s.len; at++) {
        if (s.ptr[at] == '\\' && char_at(s, at + 1) == close)
            at++;
        else if (s.ptr[at] == close)
            return at;
    }
    /* handlebars.js goes back and lets `"a\"` end at its last quote. */
    for (size_t at = s.len; at > from; at--)
        if (s.ptr[at - 1] == close)
            return at - 1;
    return STR_NPOS;
}

static bool lex_quoted(struct lexer *lx, struct token *token)
{
    char quote = lx->source.ptr[lx->at];
    size_t end = find_close(lx->source, lx->at + 1, quote == '[' ? ']' : quote);
    if (end == STR_NPOS)
        return false;
    str inside = str_sub(lx->source, lx->at + 1, end - lx->at - 1);
    if (quote == '[') {
        token->kind = TOKEN_ID;
        token->bracketed = true;
        token->text = unescape(lx->arena, inside, ']', true);
    } else {
        token->kind = TOKEN_VALUE;
        token->text = unescape(lx->arena, inside, quote, false);
        token->value = hbs_string(token->text);
    }
    lx->at = end + 1;
    return true;
}

static bool lex_keyword(struct lexer *lx, struct token *token)
{
    static const struct {
        str word;
        struct hbs_value value;
    } keywords[] = {
        {STR_INIT("true"), {.type = HBS_BOOL, .boolean = true}},
        {STR_INIT("false"), {.type = HBS_BOOL, .boolean = false}},
        {STR_INIT("undefined"), {.type = HBS_UNDEFINED}},
        {STR_INIT("null"), {.type = HBS_NULL}},
    };
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        str word = keywords[i].word;
        if (!starts_at(lx->source, lx->at, word) || !ends_literal(lx->source, lx->at + word.len))
            continue;
        token->kind = TOKEN_VALUE;
        token->text = word;
        token->value = keywords[i].value;
        lx->at += word.len;
        return true;
    }
    return false;
}

static bool lex_number(struct lexer *lx, struct token *token)
{
    str s = lx->source;
    size_t at = lx->at + (char_at(s, lx->at) == '-');
    size_t digits = at;
    double number;

    while (ascii_is_digit(char_at(s, at)))
        at++;
    if (at == digits)
        return false;
    if (char_at(s, at) == '.' && ascii_is_digit(char_at(s, at + 1))) {
        at++;
        while (ascii_is_digit(char_at(s, at)))
            at++;
    }
    str text = str_sub(s, lx->at, at - lx->at);
    if (!ends_literal(s, at) || !str_to_double(text, &number))
        return false;
    token->kind = TOKEN_VALUE;
    token->text = text;
    token->value = hbs_number(number);
    lx->at = at;
    return true;
}

/* as | */
static bool lex_as(struct lexer *lx, struct token *token)
{
    size_t at = lx->at + 2;
    if (!starts_at(lx->source, lx->at, S("as")) || hbs_space_at(lx->source, at) == 0)
        return false;
    while (hbs_space_at(lx->source, at) > 0)
        at += hbs_space_at(lx->source, at);
    if (char_at(lx->source, at) != '|')
        return false;
    token->kind = TOKEN_AS;
    lx->at = at + 1;
    return true;
}

static bool lex_name(struct lexer *lx, struct token *token)
{
    size_t at = lx->at;
    while (in_name(lx->source, at))
        at++;
    if (at == lx->at || !ends_name(lx->source, at))
        return false;
    token->kind = TOKEN_ID;
    token->text = str_sub(lx->source, lx->at, at - lx->at);
    lx->at = at;
    return true;
}

static bool lex_end(struct lexer *lx, struct token *token)
{
    static const struct {
        str mark;
        enum token_kind kind;
        bool strip;
    } ends[] = {
        {STR_INIT("}}}}"), TOKEN_END_BLOCK_RAW, false},
        {STR_INIT("}~}}"), TOKEN_END_RAW, true},
        {STR_INIT("}}}"), TOKEN_END_RAW, false},
        {STR_INIT("~}}"), TOKEN_END, true},
        {STR_INIT("}}"), TOKEN_END, false},
    };
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (!starts_at(lx->source, lx->at, ends[i].mark))
            continue;
        token->kind = ends[i].kind;
        token->strip = ends[i].strip;
        lx->at += ends[i].mark.len;
        return true;
    }
    return false;
}

static bool lex_dots(struct lexer *lx, struct token *token)
{
    size_t len = starts_at(lx->source, lx->at, S("..")) ? 2 : 1;
    bool name =
        len == 2 || (char_at(lx->source, lx->at) == '.' && ends_name(lx->source, lx->at + 1));
    token->kind = name ? TOKEN_ID : TOKEN_SEP;
    token->text = str_sub(lx->source, lx->at, len);
    lx->at += len;
    return true;
}

static bool lex_mark(struct lexer *lx, struct token *token, enum token_kind kind)
{
    token->kind = kind;
    token->text = str_sub(lx->source, lx->at, 1);
    lx->at++;
    return true;
}

static bool lex_word(struct lexer *lx, struct token *token)
{
    switch (char_at(lx->source, lx->at)) {
    case '(':
        return lex_mark(lx, token, TOKEN_OPEN);
    case ')':
        return lex_mark(lx, token, TOKEN_CLOSE);
    case '=':
        return lex_mark(lx, token, TOKEN_EQUALS);
    case '@':
        return lex_mark(lx, token, TOKEN_AT);
    case '|':
        return lex_mark(lx, token, TOKEN_BAR);
    case '.':
    case '/':
        return lex_dots(lx, token);
    case '}':
    case '~':
        return lex_end(lx, token);
    case '"':
    case '\'':
    case '[':
        return lex_quoted(lx, token);
    default:
        return lex_keyword(lx, token) || lex_number(lx, token) || lex_as(lx, token) ||
               lex_name(lx, token);
    }
}

struct token hbs_lex(struct lexer *lx)
{
    while (hbs_space_at(lx->source, lx->at) > 0)
        lx->at += hbs_space_at(lx->source, lx->at);

    struct token token = {.kind = TOKEN_EOF, .pos = (uint32_t)lx->at};
    if (lx->at < lx->source.len && !lex_word(lx, &token))
        token.kind = TOKEN_BAD;
    return token;
}

struct token hbs_lex_peek(const struct lexer *lexer)
{
    struct lexer ahead = *lexer;
    return hbs_lex(&ahead);
}
