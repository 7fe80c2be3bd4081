/* site/reply.h -- the names of the reply form's fields, and the token of a reply.
 *
 * The form stands in a page that is the same for everybody, so it carries nothing of one reader. A
 * reply's token is worked out from what was sent: HMAC-SHA-256 by the site's secret over story,
 * parent, name, email and text. The same form sent twice makes the same token, and so one reply;
 * nobody else can guess it, so ?reply=TOKEN shows a held reply to its writer alone.
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;
struct comment_draft;

enum { REPLY_TOKEN_HEX = 32 };

str reply_token(struct arena *arena, const unsigned char secret[32],
                const struct comment_draft *draft);
