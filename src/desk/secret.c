/* SPDX-License-Identifier: MIT */
#include "desk/secret.h"

#include "base/arena.h"
#include "base/random.h"

#include <sodium.h>

static str to_hex(struct arena *arena, const unsigned char *bytes, size_t len)
{
    char *hex = arena_alloc(arena, 2 * len + 1, 1);
    sodium_bin2hex(hex, 2 * len + 1, bytes, len);
    return (str){hex, 2 * len};
}

str secret_new(const struct rng *rng, struct arena *arena)
{
    return random_token(rng, arena, SECRET_BYTES);
}

bool secret_valid(str token)
{
    bool valid = token.len == SECRET_HEX;
    for (size_t i = 0; valid && i < token.len; i++)
        valid = ascii_is_digit(token.ptr[i]) || (token.ptr[i] >= 'a' && token.ptr[i] <= 'f');
    return valid;
}

str secret_digest(struct arena *arena, str text)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)(text.len > 0 ? text.ptr : ""), text.len);
    return to_hex(arena, digest, sizeof(digest));
}

str secret_seal(struct arena *arena, const unsigned char key[32], str purpose, str text)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    uint64_t len = purpose.len; /* so that no two purposes run into their texts the same */
    crypto_auth_hmacsha256_init(&state, key, 32);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)&len, sizeof(len));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose.ptr, purpose.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)(text.len > 0 ? text.ptr : ""),
                                  text.len);
    crypto_auth_hmacsha256_final(&state, mac);
    return to_hex(arena, mac, sizeof(mac));
}

bool secret_equal(str a, str b)
{
    return a.len == b.len && a.len > 0 && sodium_memcmp(a.ptr, b.ptr, a.len) == 0;
}

str secret_new_sealed(const struct rng *rng, struct arena *arena, const unsigned char key[32],
                      str purpose)
{
    str chance = random_token(rng, arena, SECRET_BYTES / 2);
    return str_join2(arena, chance,
                     str_sub(secret_seal(arena, key, purpose, chance), 0, SECRET_HEX / 2));
}

bool secret_sealed(struct arena *arena, const unsigned char key[32], str purpose, str token)
{
    if (!secret_valid(token))
        return false;
    str chance = str_sub(token, 0, SECRET_HEX / 2);
    return secret_equal(str_from(token, SECRET_HEX / 2),
                        str_sub(secret_seal(arena, key, purpose, chance), 0, SECRET_HEX / 2));
}
