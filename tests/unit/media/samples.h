/* tests/unit/media/samples.h -- the smallest files of each kind, made here, byte by byte. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <string.h>

enum { SAMPLE_MAX = 1024 * 1024 };

static inline str sample_be32(struct arena *arena, uint32_t n)
{
    char *bytes = arena_alloc(arena, 4, 1);
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(n >> (24 - 8 * i) & 0xFF);
    return (str){bytes, 4};
}

static inline str sample_box(struct arena *arena, str type, str body)
{
    return str_join3(arena, sample_be32(arena, u32_from_size(8 + body.len)), type, body);
}

static inline str sample_zeros(struct arena *arena, size_t n)
{
    return (str){arena_alloc(arena, n, 1), n};
}

static inline str sample_ftyp(struct arena *arena)
{
    return sample_box(arena, S("ftyp"), S("isom\0\0\2\0isommp41"));
}

/* moov with 2.5 s in mvhd, 640 x 360 in tkhd, and what else is given. */
static inline str sample_moov(struct arena *arena, str more)
{
    str mvhd =
        sample_box(arena, S("mvhd"),
                   str_join3(arena, sample_zeros(arena, 12),
                             str_join2(arena, sample_be32(arena, 1000), sample_be32(arena, 2500)),
                             sample_zeros(arena, 80)));
    str tkhd = sample_box(arena, S("tkhd"),
                          str_join3(arena, sample_zeros(arena, 76), sample_be32(arena, 640U << 16),
                                    sample_be32(arena, 360U << 16)));
    return sample_box(arena, S("moov"),
                      str_join3(arena, mvhd, sample_box(arena, S("trak"), tkhd), more));
}

static inline str sample_mp4(struct arena *arena, str more)
{
    return str_join3(arena, sample_ftyp(arena), sample_moov(arena, more),
                     sample_box(arena, S("mdat"), S("pictures and sound")));
}

/* Two frames of 417 bytes, after a tag. */
static inline str sample_mp3(struct arena *arena, str tag)
{
    char *frames = arena_alloc(arena, 3 * 417, 1);
    for (size_t i = 0; i < 3; i++)
        memcpy(frames + 417 * i, "\xFF\xFB\x90\x64", 4);
    return str_join2(arena, tag, (str){frames, 3 * 417});
}

static inline str sample_pdf(struct arena *arena, str more)
{
    return str_join3(arena, S("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"), more,
                     S("xref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"));
}

static inline str sample_svg(struct arena *arena, const char *more)
{
    return str_format(
        arena, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\">%s</svg>",
        more);
}
