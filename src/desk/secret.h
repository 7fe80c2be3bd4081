/* desk/secret.h -- secrets that are handed out, and what is kept of them.
 *
 *     str token = secret_new(rng, arena);          // into the cookie or the link
 *     str kept = secret_digest(arena, token);      // into the database
 *
 * A token is 256 random bits, so one pass of SHA-256 is enough: there is nothing to guess. What people
 * choose themselves goes through password_hash instead.
 *
 * Threads: pure but for the generator. */
#pragma once
#include "base/str.h"

struct arena;
struct rng;

enum { SECRET_BYTES = 32, SECRET_HEX = 2 * SECRET_BYTES };

str secret_new(const struct rng *rng, struct arena *arena);
/* Whether it has the form of one: 64 lower-case hex digits. */
bool secret_valid(str token);
/* One that shows by itself, to whoever has the site's key, that this site made it for `purpose`: half of it is
 * chance (128 bits), half the seal of that. For what must be told from made-up ones without asking the database. */
str secret_new_sealed(const struct rng *rng, struct arena *arena, const unsigned char key[32],
                      str purpose);
bool secret_sealed(struct arena *arena, const unsigned char key[32], str purpose, str token);
/* SHA-256, in hex. */
str secret_digest(struct arena *arena, str text);
/* HMAC-SHA-256 by the site's key, in hex: what only this site can say about `text`. */
str secret_seal(struct arena *arena, const unsigned char key[32], str purpose, str text);
/* In a time that does not tell where they differ. */
bool secret_equal(str a, str b);
