/* SPDX-License-Identifier: MIT */
#include "desk/totp.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"

#include <nettle/hmac.h>
#include <sodium.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648, section 6 */
enum { SECRET_CHARS = TOTP_SECRET_BYTES * 8 / 5 };
static_assert(TOTP_SECRET_BYTES % 5 == 0, "no padding is written");

str totp_secret_new(const struct rng *rng, struct arena *arena)
{
    unsigned char bytes[SECRET_CHARS];
    char *text = arena_alloc(arena, SECRET_CHARS, 1);
    random_fill(rng, bytes, sizeof(bytes)); /* five bits of each */
    for (size_t i = 0; i < SECRET_CHARS; i++)
        text[i] = alphabet[bytes[i] & 31];
    sodium_memzero(bytes, sizeof(bytes));
    return (str){text, SECRET_CHARS};
}

static bool secret_bytes(str secret, uint8_t bytes[TOTP_SECRET_BYTES])
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t len = 0;
    if (secret.len != SECRET_CHARS)
        return false;
    for (size_t i = 0; i < secret.len; i++) {
        const char *at = memchr(alphabet, secret.ptr[i], sizeof(alphabet) - 1);
        if (at == NULL)
            return false;
        bits = (bits << 5 | (uint32_t)(at - alphabet)) & 0xfff;
        held += 5;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (uint8_t)(bits >> held);
        }
    }
    return true;
}

bool totp_code(str secret, int64_t step, char ret_code[TOTP_DIGITS])
{
    uint8_t key[TOTP_SECRET_BYTES], message[8], digest[SHA1_DIGEST_SIZE];
    struct hmac_sha1_ctx hmac;
    if (!secret_bytes(secret, key))
        return false;
    for (unsigned i = 0; i < sizeof(message); i++)
        message[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    hmac_sha1_set_key(&hmac, sizeof(key), key);
    hmac_sha1_update(&hmac, sizeof(message), message);
    hmac_sha1_digest(&hmac, sizeof(digest), digest);
    /* RFC 4226, section 5.3: the last four bits say where the number stands. */
    unsigned at = digest[sizeof(digest) - 1] & 15u;
    uint32_t number = (uint32_t)(digest[at] & 0x7f) << 24 | (uint32_t)digest[at + 1] << 16 |
                      (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    for (size_t i = TOTP_DIGITS; i > 0; i--, number /= 10)
        ret_code[i - 1] = (char)('0' + number % 10);
    return true;
}

bool totp_check(str secret, str code, time_us now, int64_t last, int64_t *ret_step)
{
    char typed[TOTP_DIGITS], right[TOTP_DIGITS];
    size_t digits = 0;
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] == ' ')
            continue;
        if (digits == TOTP_DIGITS || !ascii_is_digit(code.ptr[i]))
            return false;
        typed[digits++] = code.ptr[i];
    }
    if (digits != TOTP_DIGITS)
        return false;
    int64_t step = now / TIME_SECOND / TOTP_SECONDS;
    for (int64_t s = step - TOTP_DRIFT; s <= step + TOTP_DRIFT; s++) {
        if (s > last && totp_code(secret, s, right) &&
            sodium_memcmp(typed, right, TOTP_DIGITS) == 0) {
            *ret_step = s;
            return true;
        }
    }
    return false;
}

str totp_address(struct arena *arena, str issuer, str account, str secret)
{
    enum { ADDRESS_MAX = 4096 };
    struct buf b;
    str text = STR_NONE;
    buf_init(&b, arena, ADDRESS_MAX);
    buf_add(&b, S("otpauth://totp/"));
    buf_add_percent(&b, issuer, S(""));
    buf_add_char(&b, ':');
    buf_add_percent(&b, account, S("@"));
    buf_add(&b, S("?secret="));
    buf_add(&b, secret);
    buf_add(&b, S("&issuer="));
    buf_add_percent(&b, issuer, S(""));
    /* A title too long for it: the secret itself is on the page too. */
    return buf_finish(&b, &text, NULL) == ST_OK ? text : STR_NONE;
}
