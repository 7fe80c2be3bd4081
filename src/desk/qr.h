/* desk/qr.h -- a text as a picture that a telephone reads: SVG, black on white in either scheme.
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

/* No attributes of style, so that the strictest policy lets it be. Empty when the text is too long. */
html qr_svg(struct arena *arena, str text, str label);
