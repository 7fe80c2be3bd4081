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

/* A chunk with its head and padding; 0 when it does not end by `end`. */
static size_t chunk_whole(const char *bytes, size_t at, size_t end)
{
    if (end - at < CHUNK_HEAD)
        return 0;
    size_t size = little_endian(bytes + at + 4), room = end - at - CHUNK_HEAD;
    return size <= room && size + (size & 1) <= room ? CHUNK_HEAD + size + (size & 1) : 0;
}

/* Where the file ends by its own word, if its chunks fill it exactly; else 0. */
static size_t file_end(const char *bytes, size_t len)
{
    if (len < RIFF_HEAD || !chunk_is(bytes, "RIFF") || little_endian(bytes + 4) > len - CHUNK_HEAD)
        return 0;
    size_t end = CHUNK_HEAD + little_endian(bytes + 4), at = RIFF_HEAD;
    while (at < end) {
        size_t whole = chunk_whole(bytes, at, end);
        if (whole == 0)
            return 0;
        at += whole;
    }
    return at == end ? end : 0;
}

size_t webp_bare(char *bytes, size_t len)
{
    size_t end = file_end(bytes, len), to = RIFF_HEAD, whole;
    if (end == 0)
        return len;
    for (size_t at = RIFF_HEAD; at < end; at += whole) {
        whole = chunk_whole(bytes, at, end);
        bool extended = chunk_is(bytes + at, "VP8X") && whole > CHUNK_HEAD;
        if (extended)
            bytes[at + CHUNK_HEAD] &= FLAG_ALPHA | FLAG_ANIMATION;
        if (chunk_shows(bytes + at) || (extended && bytes[at + CHUNK_HEAD] != 0)) {
            memmove(bytes + to, bytes + at, whole);
            to += whole;
        }
    }
    for (int i = 0; i < 4; i++)
        bytes[4 + i] = (char)((to - CHUNK_HEAD) >> (8 * i) & 0xff);
    return to;
}
