/* SPDX-License-Identifier: MIT */
#include "media/bare.h"

#include "base/arena.h"
#include "base/buf.h"
#include "media/svg.h"

#include <sodium.h>
#include <string.h>

static unsigned byte_at(str s, size_t at)
{
    return (unsigned char)s.ptr[at];
}

static size_t be(str s, size_t at, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | byte_at(s, at + i);
    return n;
}

static size_t le32(str s, size_t at)
{
    return byte_at(s, at) | byte_at(s, at + 1) << 8 | byte_at(s, at + 2) << 16 |
           (size_t)byte_at(s, at + 3) << 24;
}

/* Segments up to the first scan; from there on it is pixels. APP0 is JFIF's, APP2 may be a colour profile, APP14 says
 * how Adobe's colours are kept. */
static bool bare_jpeg(str s, struct buf *out)
{
    buf_add(out, str_sub(s, 0, 2));
    for (size_t at = 2; at + 4 <= s.len;) {
        unsigned marker = byte_at(s, at + 1);
        size_t bytes = 2 + be(s, at + 2, 2);
        if (byte_at(s, at) != 0xFF || bytes < 4 || bytes > s.len - at)
            return false;
        if (marker == 0xDA) {
            size_t end = s.len;
            while (end > at + 1 && !(byte_at(s, end - 2) == 0xFF && byte_at(s, end - 1) == 0xD9))
                end--; /* what was hung on behind the end is no picture */
            buf_add(out, str_sub(s, at, end - at));
            return end > at + bytes;
        }
        bool profile = marker == 0xE2 && str_starts(str_from(s, at + 4), S("ICC_PROFILE"));
        bool other = (marker >= 0xE0 && marker <= 0xEF && marker != 0xEE && marker != 0xE0) ||
                     marker == 0xFE;
        if (!other || profile)
            buf_add(out, str_sub(s, at, bytes));
        at += bytes;
    }
    return false;
}

static bool bare_png(str s, struct buf *out)
{
    static const str kept[] = {
        STR_INIT("IHDR"), STR_INIT("PLTE"), STR_INIT("IDAT"), STR_INIT("tRNS"), STR_INIT("gAMA"),
        STR_INIT("cHRM"), STR_INIT("sRGB"), STR_INIT("iCCP"), STR_INIT("sBIT"), STR_INIT("bKGD"),
        STR_INIT("pHYs"), STR_INIT("acTL"), STR_INIT("fcTL"), STR_INIT("fdAT"), STR_INIT("IEND"),
    };
    buf_add(out, str_sub(s, 0, 8));
    for (size_t at = 8; at + 12 <= s.len;) {
        size_t bytes = be(s, at, 4);
        str type = str_sub(s, at + 4, 4);
        if (bytes > s.len - at - 12)
            return false;
        for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
            if (str_eq(type, kept[i]))
                buf_add(out, str_sub(s, at, 12 + bytes));
        }
        if (str_eq(type, S("IEND")))
            return true;
        at += 12 + bytes;
    }
    return false;
}

enum { VP8X_ICC = 0x20, VP8X_ALPHA = 0x10, VP8X_MOVES = 0x02 };

static bool bare_webp(struct arena *arena, str s, struct buf *out)
{
    struct buf chunks;
    str body;
    buf_init(&chunks, arena, SVG_BYTES_MAX);
    for (size_t at = 12; at + 8 <= s.len;) {
        size_t bytes = le32(s, at + 4), padded = bytes + (bytes & 1);
        str type = str_sub(s, at, 4);
        if (padded > s.len - at - 8)
            return false;
        if (str_eq(type, S("VP8X")) && bytes == 10) { /* its flags say what follows */
            buf_add(&chunks, str_sub(s, at, 8));
            buf_add_char(&chunks,
                         (char)(byte_at(s, at + 8) & (VP8X_ICC | VP8X_ALPHA | VP8X_MOVES)));
            buf_add(&chunks, str_sub(s, at + 9, 9));
        } else if (!str_eq(type, S("EXIF")) && !str_eq(type, S("XMP "))) {
            buf_add(&chunks, str_sub(s, at, 8 + padded));
        }
        at += 8 + padded;
    }
    if (buf_finish(&chunks, &body, NULL) != ST_OK || body.len == 0)
        return false;
    uint32_t riff = u32_from_size(body.len + 4);
    buf_add(out, S("RIFF"));
    for (unsigned shift = 0; shift < 32; shift += 8)
        buf_add_char(out, (char)(riff >> shift & 0xFF));
    buf_add(out, S("WEBP"));
    buf_add(out, body);
    return true;
}

/* The bytes of sub-blocks from `at`, their end included; 0 when they do not end. */
static size_t gif_blocks(str s, size_t at)
{
    size_t from = at;
    while (at < s.len) {
        size_t bytes = byte_at(s, at);
        at += 1 + bytes;
        if (bytes == 0)
            return at - from;
    }
    return 0;
}

static size_t gif_colours(unsigned flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static bool bare_gif(str s, struct buf *out)
{
    if (s.len < 13)
        return false;
    size_t at = 13 + gif_colours(byte_at(s, 10));
    buf_add(out, str_sub(s, 0, at));
    while (at < s.len) {
        unsigned what = byte_at(s, at);
        size_t head = what == 0x21 ? 2 : 10;
        if (what == 0x3B) {
            buf_add_char(out, ';');
            return true;
        }
        if ((what != 0x21 && what != 0x2C) || at + head > s.len)
            return false;
        if (what == 0x2C)
            head += gif_colours(byte_at(s, at + 9)) + 1;
        size_t blocks = at + head < s.len ? gif_blocks(s, at + head) : 0;
        if (blocks == 0)
            return false;
        bool control = what == 0x21 && byte_at(s, at + 1) == 0xF9;
        bool repeats = what == 0x21 && byte_at(s, at + 1) == 0xFF &&
                       str_starts(str_from(s, at + 3), S("NETSCAPE2.0"));
        if (what == 0x2C || control || repeats)
            buf_add(out, str_sub(s, at, head + blocks));
        at += head + blocks;
    }
    return false;
}

bool bare_picture(struct arena *arena, enum media_kind kind, str bytes, str *ret_bare)
{
    struct buf out;
    bool whole = false;
    buf_init(&out, arena, SVG_BYTES_MAX);
    if (kind == MEDIA_JPEG)
        whole = bare_jpeg(bytes, &out);
    else if (kind == MEDIA_PNG)
        whole = bare_png(bytes, &out);
    else if (kind == MEDIA_WEBP)
        whole = bare_webp(arena, bytes, &out);
    else if (kind == MEDIA_GIF)
        whole = bare_gif(bytes, &out);
    return whole && buf_finish(&out, ret_bare, NULL) == ST_OK;
}

static bool base64_read(struct arena *arena, str text, str *ret_bytes)
{
    static const int variants[] = {sodium_base64_VARIANT_ORIGINAL,
                                   sodium_base64_VARIANT_ORIGINAL_NO_PADDING};
    unsigned char *bytes = arena_alloc(arena, text.len / 4 * 3 + 3, 1);
    size_t len;
    for (size_t i = 0; i < ARRAY_LEN(variants); i++) {
        if (sodium_base642bin(bytes, text.len / 4 * 3 + 3, text.ptr, text.len, " \t\r\n", &len,
                              NULL, variants[i]) == 0) {
            *ret_bytes = (str){(const char *)bytes, len};
            return true;
        }
    }
    return false;
}

bool bare_data_address(struct arena *arena, str address, str *ret_address)
{
    str bytes, bare;
    address = str_trim(address);
    size_t comma = str_find_char(address, ',');
    str head = str_sub(address, 0, comma);
    if (comma == STR_NPOS || !str_starts_nocase(head, S("data:image/")) ||
        head.len < S(";base64").len ||
        !str_eq_nocase(str_from(head, head.len - S(";base64").len), S(";base64")) ||
        !base64_read(arena, str_from(address, comma + 1), &bytes))
        return false;
    enum media_kind kind = media_kind_of(bytes);
    if (!bare_picture(arena, kind, bytes, &bare))
        return false;
    size_t cap = sodium_base64_ENCODED_LEN(bare.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, cap, 1);
    (void)sodium_bin2base64(text, cap, (const unsigned char *)bare.ptr, bare.len,
                            sodium_base64_VARIANT_ORIGINAL);
    *ret_address = str_format(arena, "data:%.*s;base64,", STR_ARG(media_kind_type(kind)));
    *ret_address = str_join2(arena, *ret_address, (str){text, cap - 1});
    return true;
}
