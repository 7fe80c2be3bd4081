/* SPDX-License-Identifier: MIT
 *
 * Any bytes through what reads characters: slugs, tokens, addresses, zones, cuts. */
#include "base/arena.h"
#include "text/plain.h"
#include "text/slug.h"
#include "text/token.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    size_t source_len;
    size_t count;
};

static bool check_token(void *ctx, const struct token *token)
{
    struct seen *seen = ctx;
    CHECK(token->text.len > 0);
    CHECK(token->text.len <= TOKEN_MAX);
    CHECK(token->begin < token->end);
    CHECK(token->end <= seen->source_len);
    CHECK(utf8_valid(token->text));
    seen->count++;
    return seen->count < 10000;
}

static void check_tokens(str input)
{
    static const str languages[] = {STR_INIT(""),   STR_INIT("en"), STR_INIT("de"), STR_INIT("fr"),
                                    STR_INIT("ar"), STR_INIT("tr"), STR_INIT("ru")};
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();

    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        struct seen seen = {.source_len = input.len};
        (void)token_each(tokenizer, input, &(struct token_options){.language = languages[i]},
                         check_token, &seen);
    }
}

static void check_urls(struct arena *arena, str input)
{
    struct url url = url_split(input);
    str built = url_build(arena, &url), again;

    CHECK(url_kind(built) == url_kind(input));
    again = url_resolve(arena, S("https://site.test/a/b/?c#d"), input);
    CHECK(url_kind(again) != URL_RELATIVE);
    str normal = url_path_normal(arena, input);
    CHECK(str_find(normal, S("//")) == STR_NPOS);
    (void)url_percent_decode(arena, input, &again);
    CHECK(utf8_valid(url_form_decode(arena, input)));
}

static void check_zone(struct arena *arena, str input)
{
    struct zone *zone;

    if (zone_from_tzif(arena, input, &zone, NULL) != ST_OK)
        return;
    for (int year = 1800; year < 2500; year += 7) {
        struct civil c = {.year = year, .month = year % 12 + 1, .day = 1, .hour = 2, .minute = 30};
        time_us t = zone_time_from_civil(zone, &c);
        CHECK(zone_offset(zone, t) <= 26 * 3600);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str input = {(const char *)data, size}, slug;

    if (slug_from_headline(arena, input, &slug, NULL) == ST_OK)
        CHECK(slug_valid(slug));
    CHECK(slug_valid(slug_from_headline_or(arena, input, S("story"))));
    check_tokens(input);
    check_urls(arena, input);
    check_zone(arena, input);
    CHECK(utf8_valid(utf8_repair(arena, input)));
    CHECK(utf8_valid(utf8_fold_bare(arena, input)));
    str valid = utf8_repair(arena, input);
    for (size_t n = 0; n < 20; n++) {
        CHECK(utf8_valid(utf8_cut(valid, n)));
        CHECK(utf8_valid(utf8_cut_bytes(valid, n)));
        CHECK(utf8_cut_bytes(valid, n).len <= n);
        CHECK(utf8_valid(utf8_cut_graphemes(valid, n)));
        CHECK(utf8_count(plain_first_chars(arena, valid, n)) <= valid.len);
    }
    return 0;
}
