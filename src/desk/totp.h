/* desk/totp.h -- codes of six digits that change every half minute (RFC 6238, RFC 4226).
 *
 *     str secret = totp_secret_new(rng, arena);               // "JBSWY3DPEHPK3PXP...", base32
 *     if (totp_check(secret, code, now, last, &step)) ...     // and `step` is the new `last`
 *
 * SHA-1, six digits, thirty seconds: the one form that every authenticator takes. A code is good for its
 * own half minute and the one on either side, for clocks that are not quite right, and for one use: a
 * step that is not after `last` is refused.
 *
 * Threads: pure but for the generator. */
#pragma once
#include "base/clock.h"

struct arena;
struct rng;

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_SECONDS = 30, TOTP_DRIFT = 1 };

str totp_secret_new(const struct rng *rng, struct arena *arena);
/* The code of a step (seconds since 1970 / TOTP_SECONDS). False: `secret` is not base32. */
bool totp_code(str secret, int64_t step, char ret_code[TOTP_DIGITS]);
/* Spaces in `code` are not minded. */
bool totp_check(str secret, str code, time_us now, int64_t last, int64_t *ret_step);
/* otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=... : what an authenticator reads from a picture. */
str totp_address(struct arena *arena, str issuer, str account, str secret);
