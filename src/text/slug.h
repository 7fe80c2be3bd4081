/* text/slug.h -- the part of a story's address a reader can read.
 *
 *     "Rain stops play: 3-0"  ->  "rain-stops-play-3-0"
 *     "Łódź — Straße"         ->  "lodz-strasse"
 *     "Зеленский в Анкаре"    ->  "zelenskiy-v-ankare"
 *
 * A slug is a-z, 0-9, '_' and single hyphens, 1..SLUG_MAX bytes, and never changes once its story is
 * published: addresses outlive headlines. Slugs that came with an import are kept as they are (they may
 * hold any letters); slug_valid says what our own look like.
 *
 * Letters are turned to ASCII by Unicode decomposition, a table of Latin letters that do not
 * decompose (ß æ ø ł đ þ ...), and common romanisations of Cyrillic and Greek. Other scripts
 * have no letters here and drop out: slug_from_headline_or names what to use when nothing is left.
 *
 * Memory:  results live in the caller's arena.
 * Threads: pure functions; call from anywhere.
 * Rule:    Ghost's slugify; long ones end at a whole word. */
#pragma once
#include "base/str.h"

struct arena;
enum { SLUG_MAX = 80 };

/* ST_INVALID when no character of `headline` survives ("???"). */
MUST_USE enum status slug_from_headline(struct arena *arena, str headline, str *ret_slug,
                                        struct error *err);
/* `fallback` (a slug such as "story") when nothing survives. Never a reserved slug: "rss" gives
 * "rss-2". */
str slug_from_headline_or(struct arena *arena, str headline, str fallback);

bool slug_valid(str slug);
/* Names of our own at the top of a site: "rss", "ghost", "desk", "search", ... */
bool slug_reserved(str slug);
/* The n-th try for a slug that is taken: n = 1 "a", 2 "a-2", ... kept within SLUG_MAX. */
str slug_numbered(struct arena *arena, str slug, unsigned n);
