/* SPDX-License-Identifier: MIT */
#include "media/worker/webp_bare.h"

#include "base/str.h"

enum {
    RIFF_HEAD = 12, /* "RIFF", length of the rest, "WEBP" */
    CHUNK_HEAD = 8, /* name, length; data padded to even */
    FLAG_ALPHA = 0x10,
    FLAG_ANIMATION = 0x02,
};

static size_t little_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
}

static bool chunk_is(const char *at, const char *name)
{
    return memcmp(at, name, 4) == 0;
}

static bool chunk_shows(const char *at)
{
    static const char *const shown[] = {"VP8 ", "VP8L", "ALPH", "ANIM", "ANMF"};
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        if (chunk_is(at, shown[i]))
            return true;
    }
    return false;
}

size_t webp_bare(char *bytes, size_t len)
{
    if (len < RIFF_HEAD || !chunk_is(bytes, "RIFF") || little_endian(bytes + 4) + CHUNK_HEAD > len)
        return len;
    size_t to = RIFF_HEAD, at = RIFF_HEAD;
    while (len - at >= CHUNK_HEAD) {
        size_t size = little_endian(bytes + at + 4);
        size_t whole = CHUNK_HEAD + size + (size & 1);
        if (size > len || whole > len - at)
            return len;
        char *flags = bytes + at + CHUNK_HEAD;
        bool extended = chunk_is(bytes + at, "VP8X") && size > 0;
        if (extended)
            *flags &= FLAG_ALPHA | FLAG_ANIMATION;
        if (chunk_shows(bytes + at) || (extended && *flags != 0)) {
            memmove(bytes + to, bytes + at, whole);
            to += whole;
        }
        at += whole;
    }
    for (int i = 0; i < 4; i++)
        bytes[4 + i] = (char)((to - CHUNK_HEAD) >> (8 * i) & 0xff);
    return to;
}
