/* SPDX-License-Identifier: MIT */
#include "text/token.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

static bool add_token(void *ctx, const struct token *token)
{
    struct buf *b = ctx;
    if (b->len > 0)
        buf_add_char(b, ' ');
    if (token->stop)
        buf_add_char(b, '!');
    buf_add(b, token->text);
    return true;
}

static bool add_offsets(void *ctx, const struct token *token)
{
    struct buf *b = ctx;
    buf_addf(b, "%.*s(%zu..%zu)", STR_ARG(token->text), token->begin, token->end);
    return b->len < 40;
}

static const struct {
    str language, text, tokens;
} cases[] = {
    {STR_INIT("en"), STR_INIT("Reporters' questions in Łódź"), STR_INIT("report question lodz")},
    {STR_INIT("en-GB"), STR_INIT("The U.S. didn't: it's Ukraine's"), STR_INIT("us ukrain")},
    {STR_INIT("en"), STR_INIT("COVID-19, 3.14 foo_bar"), STR_INIT("covid 19 3 14 foo_bar")},
    {STR_INIT("fr"), STR_INIT("L’homme qu'il aimait à l'été"), STR_INIT("homm aim")},
    {STR_INIT("de"), STR_INIT("Die Häuser der Straßen"), STR_INIT("haus strass")},
    {STR_INIT("es"), STR_INIT("Las canciones más bonitas"), STR_INIT("cancion bonit")},
    {STR_INIT("ru"), STR_INIT("Зеленский ёлка"), STR_INIT("зеленск елк")},
    {STR_INIT("ar"), STR_INIT("في الكِتاب"), STR_INIT("كتاب")},
    {STR_INIT("ja"), STR_INIT("東京都は雨 rain"), STR_INIT("東京 京都 都は は雨 rain")},
    {STR_INIT("zh"), STR_INIT("雨"), STR_INIT("雨")},
    {STR_INIT(""), STR_INIT("The Runners ÆON"), STR_INIT("the runners aeon")},
    {STR_INIT("xx"), STR_INIT("Running"), STR_INIT("running")},
    {STR_INIT("en"), STR_INIT("J.K. Rowling e.g. a.b"), STR_INIT("jk rowl eg ab")},
    {STR_INIT("en"), STR_INIT("O'Brien rock'n'roll"), STR_INIT("o brien rock roll")},
    {STR_INIT("en"), STR_INIT("x\xFFy \xF0\x9F"), STR_INIT("x y")},
    {STR_INIT("en"), STR_INIT("ﬁnancial Ｆｕｌｌ"), STR_INIT("financi full")},
    {STR_INIT("en"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("tr"), STR_INIT("İstanbul'da"), STR_INIT("istanbul da")},
};

static str tokens_of(struct arena *arena, struct tokenizer *t, str text,
                     const struct token_options *options)
{
    struct buf b;
    buf_init(&b, arena, 4096);
    EXPECT(token_each(t, text, options, add_token, &b));
    return buf_view(&b);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    AUTO(tokenizer_freep) struct tokenizer *t = tokenizer_new();
    struct buf b;

    for (int round = 0; round < 2; round++) { /* the second time from the words last met */
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
            EXPECT_STR(tokens_of(arena, t, cases[i].text,
                                 &(struct token_options){.language = cases[i].language}),
                       cases[i].tokens);
    }
    EXPECT_STR(tokens_of(arena, t, S("die Men"), &(struct token_options){.language = S("de")}),
               S("men"));
    EXPECT_STR(tokens_of(arena, t, S("die Men"), &(struct token_options){.language = S("en")}),
               S("die men"));
    EXPECT_STR(tokens_of(arena, t, S("The running men"),
                         &(struct token_options){.language = S("en"), .keep_stop_words = true}),
               S("!the run men"));
    EXPECT_STR(
        tokens_of(arena, t, S("The running men"), &(struct token_options){.language = S("en")}),
        S("run men"));
    EXPECT_STR(tokens_of(arena, t, S("The running men"),
                         &(struct token_options){.language = S("en"), .no_stemming = true}),
               S("running men"));
    buf_init(&b, arena, 4096);
    EXPECT(!token_each(t, S("Reporters' questions in Łódź again and again"),
                       &(struct token_options){.language = S("en")}, add_offsets, &b));
    EXPECT_STR(buf_view(&b), S("report(0..9)question(11..20)lodz(24..31)"));
    EXPECT(token_language_known(S("de-AT")) && !token_language_known(S("xx")));
    EXPECT(token_is_stop_word(S("de"), S("über")) && !token_is_stop_word(S("de"), S("the")));
    return test_done();
}
