/* SPDX-License-Identifier: MIT */
#include "theme/card.h"

#include "base/arena.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/tag.h"
#include "text/language.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PAPER "#fbfaf7"
#define INK   "#1a1a18"

static bool is_hex(char c)
{
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_color(str color)
{
    bool six = color.len == 7 && color.ptr[0] == '#';
    for (size_t i = 1; six && i < color.len; i++)
        six = is_hex(color.ptr[i]);
    return six;
}

static void color_set(char color[8], str value)
{
    memcpy(color, value.ptr, 7);
    color[7] = '\0';
}

static str section_name(const struct story *story)
{
    for (size_t i = 0; i < story->tags_count; i++) {
        if (!story->tags[i]->internal)
            return story->tags[i]->name;
    }
    return STR_NONE;
}

void card_of(const struct story *story, const struct site_settings *site, struct media_card *ret)
{
    str language = story->language.len > 0 ? story->language : site->locale;
    *ret = (struct media_card){.headline = story->title,
                               .site = site->title,
                               .kicker = section_name(story),
                               .rtl = str_eq(language_direction(language), S("rtl"))};
    color_set(ret->background, S(PAPER));
    color_set(ret->ink, S(INK));
    color_set(ret->accent, is_color(site->accent_color) ? site->accent_color : S(INK));
}

static void hash_text(crypto_generichash_state *state, str text)
{
    CHECK(crypto_generichash_update(state, (const unsigned char *)text.ptr, text.len) == 0);
    CHECK(crypto_generichash_update(state, (const unsigned char *)"", 1) == 0); /* its end */
}

str card_path(struct arena *arena, const struct story *story, const struct media_card *card)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash_state state;
    const unsigned char look[2] = {CARD_LOOK, card->rtl};
    CHECK(crypto_generichash_init(&state, NULL, 0, sizeof(hash)) == 0);
    CHECK(crypto_generichash_update(&state, look, sizeof(look)) == 0);
    hash_text(&state, card->headline);
    hash_text(&state, card->site);
    hash_text(&state, card->kicker);
    hash_text(&state, str_from_c(card->background));
    hash_text(&state, str_from_c(card->ink));
    hash_text(&state, str_from_c(card->accent));
    CHECK(crypto_generichash_final(&state, hash, sizeof(hash)) == 0);
    char hex[2 * sizeof(hash) + 1];
    (void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    return str_format(arena, "og/%.*s-%.*s.png", STR_ARG(story->ghost_id), CARD_HASH_DIGITS, hex);
}

str card_path_story(str path)
{
    enum { DASH = 3 + CARD_GHOST_ID_DIGITS };
    if (path.len != DASH + 1 + CARD_HASH_DIGITS + 4 || !str_starts(path, S("og/")) ||
        path.ptr[DASH] != '-' || !str_ends(path, S(".png")))
        return STR_NONE;
    for (size_t i = 3; i < path.len - 4; i++) {
        if (i != DASH && !is_hex(path.ptr[i]))
            return STR_NONE;
    }
    return str_sub(path, 3, CARD_GHOST_ID_DIGITS);
}
