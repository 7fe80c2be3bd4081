/* text/gate.h -- the part of a story's body that a visitor may read.
 *
 *     gate_body(arena, body, false):   <p>a</p><!--members-only--><p>b</p>   ->   <p>a</p>
 *     gate_body(arena, body, true):    <p>a</p><!--kg-gated-block:begin nonMember:false--><p>b</p>
 *                                      <!--kg-gated-block:end--><p>c</p>     ->   <p>a</p><p>c</p>
 *
 * Until there are members every visitor is one without a subscription: of a story that is not public
 * they get the part above <!--members-only--> (none without the mark), and of gated blocks those that
 * say nonMember:true. A block that is not ended goes on to the end of the body. Whatever is printed,
 * searched, quoted or weighed of a body is taken from this: plain text and excerpt are made from it
 * when a story is saved (news/story_prepare.c), pages and feeds print it (theme/gate.h).
 *
 * The rule: GHOST-THEMES 7 and Ghost's gated blocks. `body` is what the sanitizer wrote.
 *
 * Memory:  lends `body` or its beginning when no block is taken out, else the arena.
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

#define GATE_BLOCK_BEGIN "kg-gated-block:begin"
#define GATE_BLOCK_END   "kg-gated-block:end"
#define GATE_MEMBERS     "members-only"

html gate_body(struct arena *arena, html body, bool open);
