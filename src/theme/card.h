/* theme/card.h -- the picture for a story that has none, where it is shared.
 *
 *     if (card_wanted(site, story)) {
 *         card_of(story, site, &card);
 *         str path = card_path(arena, story, &card);   // "og/GHOSTID-0123456789abcdef.png"
 *     }
 *
 * ghost_head names it as og:image, below /content/images/; site/pictures.c has it drawn when somebody asks.
 * The address holds a hash of all that is on the card, so it may be kept for good: another headline is
 * another address. `CARD_LOOK` is part of it: raise it when cards are drawn otherwise.
 *
 * Memory: the card lends the story's and the site's text. Threads: pure. */
#pragma once
#include "media/worker.h"

struct arena;
struct site_settings;
struct story;

enum { CARD_LOOK = 1, CARD_HASH_DIGITS = 16, CARD_GHOST_ID_DIGITS = 24 };

/* Terms of the story loaded: its section is on the card. */
void card_of(const struct story *story, const struct site_settings *site, struct media_card *ret);
str card_path(struct arena *arena, const struct story *story, const struct media_card *card);
/* The story's Ghost id of such a path; empty for another path. */
str card_path_story(str path);
