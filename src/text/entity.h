/* text/entity.h -- "Tom &amp; Jerry&#8217;s" in a plain string becomes what it means.
 *
 *     str title = entity_decode(arena, item_title);
 *
 * For titles and names in exports, which are plain text but carry HTML's character references. Not for
 * HTML, whose parser decodes them itself. All of HTML's names, with the rules of HTML's text: "&copy 1"
 * and "&#x80;" read as a browser reads them, and what is no reference stays as it is. Decoded once:
 * "&amp;lt;" is "&lt;".
 *
 * Memory:  lives in the arena, or is the input itself when it holds no '&'.
 * Limits:  input over a quarter of HTML_STORY_MAX is returned as it is.
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

str entity_decode(struct arena *arena, str text);
