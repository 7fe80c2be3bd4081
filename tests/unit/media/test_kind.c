/* SPDX-License-Identifier: MIT */
#include "media/kind.h"
#include "tests/check.h"

#include <string.h>

static const struct {
    str start;
    enum media_kind kind;
} starts[] = {
    {STR_INIT("\xFF\xD8\xFF\xE0\0\x10JFIF"), MEDIA_JPEG},
    {STR_INIT("\xFF\xD8"), MEDIA_UNKNOWN},
    {STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), MEDIA_PNG},
    {STR_INIT("\x89PNG\n\x1a\n"), MEDIA_UNKNOWN}, /* an FTP transfer ate a CR */
    {STR_INIT("GIF89a"), MEDIA_GIF},
    {STR_INIT("GIF87a"), MEDIA_GIF},
    {STR_INIT("GIF8"), MEDIA_UNKNOWN},
    {STR_INIT("RIFF\x10\0\0\0WEBPVP8 "), MEDIA_WEBP},
    {STR_INIT("RIFF\x10\0\0\0WAVEfmt "), MEDIA_WAV},
    {STR_INIT("RIFF\x10\0\0\0AVI LIST"), MEDIA_UNKNOWN},
    {STR_INIT("RIFF"), MEDIA_UNKNOWN},
    {STR_INIT("\0\0\0\x1c"
              "ftypavif\0\0\0\0mif1avifmiaf"),
     MEDIA_AVIF},
    {STR_INIT("\0\0\0\x18"
              "ftypmif1\0\0\0\0mif1avif"),
     MEDIA_AVIF},
    {STR_INIT("\0\0\0\x18"
              "ftypmif1\0\0\0\0mif1heic"),
     MEDIA_HEIC},
    {STR_INIT("\0\0\0\x14"
              "ftypmif1\0\0\0\0mif1heic"),
     MEDIA_UNKNOWN}, /* "heic" is behind the box's end */
    {STR_INIT("\0\0\0\x18"
              "ftypheic\0\0\0\0mif1heic"),
     MEDIA_HEIC},
    {STR_INIT("\0\0\0\x18"
              "ftypM4A \0\0\0\0isommp42"),
     MEDIA_M4A},
    {STR_INIT("\0\0\0\x18"
              "ftypisom\0\0\2\0isommp41"),
     MEDIA_MP4},
    {STR_INIT("\0\0\0\x14"
              "ftypqt  \0\0\2\0qt  "),
     MEDIA_MP4},
    {STR_INIT("\0\0\0\x14"
              "ftypnone\0\0\2\0nobo"),
     MEDIA_UNKNOWN},
    {STR_INIT("\0\0\0\x14"
              "ftyp"),
     MEDIA_UNKNOWN},
    {STR_INIT("%PDF-1.7\n"), MEDIA_PDF},
    {STR_INIT("<html>%PDF-1.7\n"), MEDIA_UNKNOWN},
    {STR_INIT("ID3\x04\0\0\0\0\0\0"), MEDIA_MP3},
    {STR_INIT("ID3\x04\0\0\xff\0\0\0"), MEDIA_UNKNOWN},
    {STR_INIT("\xFF\xFB\x90\x64\0\0\0\0"), MEDIA_UNKNOWN}, /* one frame header alone */
    {STR_INIT("\xFF\xF1\x50\x80\0\0\0\0"), MEDIA_UNKNOWN}, /* ADTS */
    {STR_INIT("OggS\0\2"), MEDIA_OGG},
    {STR_INIT(
         "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\1\x42\xF7\x81\1\x42\xF2\x81\4\x42\xF3\x81\x08\x42\x82\x84webm"),
     MEDIA_WEBM},
    {STR_INIT(
         "\x1A\x45\xDF\xA3\xA3\x42\x86\x81\1\x42\xF7\x81\1\x42\xF2\x81\4\x42\xF3\x81\x08\x42\x82\x88matroska"),
     MEDIA_UNKNOWN},
    {STR_INIT("<svg xmlns='http://www.w3.org/2000/svg'/>"), MEDIA_SVG},
    {STR_INIT("\xEF\xBB\xBF\n<?xml version='1.0'?>\n<!-- <html> -->\n<svg>"), MEDIA_SVG},
    {STR_INIT("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>\n<svg>"), MEDIA_SVG},
    {STR_INIT("<!DOCTYPE svg [ <!ENTITY a 'x>y'> ]>\n<svg>"), MEDIA_SVG},
    {STR_INIT("<s:svg xmlns:s='http://www.w3.org/2000/svg'/>"), MEDIA_SVG},
    {STR_INIT("<html><svg>"), MEDIA_UNKNOWN},
    {STR_INIT("<svgx>"), MEDIA_UNKNOWN},
    {STR_INIT("<!-- <svg>"), MEDIA_UNKNOWN},
    {STR_INIT("<!DOCTYPE html><html>"), MEDIA_UNKNOWN},
    {STR_INIT("<?php system($_GET['c']); ?>"), MEDIA_UNKNOWN},
    {STR_INIT("MZ\x90\0"), MEDIA_UNKNOWN},
    {STR_INIT("PK\3\4"), MEDIA_UNKNOWN},
    {STR_INIT("\x7F"
              "ELF"),
     MEDIA_UNKNOWN},
    {STR_INIT("#!/bin/sh\n"), MEDIA_UNKNOWN},
    {STR_INIT("plain words"), MEDIA_UNKNOWN},
    {STR_INIT(""), MEDIA_UNKNOWN},
};

static void test_starts(void)
{
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        enum media_kind got = media_kind_of(starts[i].start);
        EXPECT_STR(media_kind_name(got), media_kind_name(starts[i].kind));
        if (got != starts[i].kind)
            printf("    in case %zu\n", i);
    }
}

/* Two frames of 128 kbit/s at 44.1 kHz: 417 bytes each. */
static void test_mp3_frames(void)
{
    char bytes[1000] = {0};
    memcpy(bytes, "\xFF\xFB\x90\x64", 4);
    memcpy(bytes + 417, "\xFF\xFB\x90\x64", 4);
    EXPECT(media_kind_of((str){bytes, sizeof(bytes)}) == MEDIA_MP3);
    EXPECT(media_kind_of((str){bytes, 420}) == MEDIA_UNKNOWN);
    bytes[417] = 0;
    EXPECT(media_kind_of((str){bytes, sizeof(bytes)}) == MEDIA_UNKNOWN);
}

static const struct {
    str path;
    enum media_kind kind;
} paths[] = {
    {STR_INIT("2024/05/a.jpg"), MEDIA_JPEG}, {STR_INIT("a.JPEG"), MEDIA_JPEG},
    {STR_INIT("a.mov"), MEDIA_MP4},          {STR_INIT("a.svg"), MEDIA_SVG},
    {STR_INIT("a.php.png"), MEDIA_PNG},      {STR_INIT("a.jpg.php"), MEDIA_UNKNOWN},
    {STR_INIT("png"), MEDIA_UNKNOWN},        {STR_INIT("a.png/b"), MEDIA_UNKNOWN},
    {STR_INIT("a."), MEDIA_UNKNOWN},         {STR_INIT(""), MEDIA_UNKNOWN},
};

static void test_words(void)
{
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        EXPECT_STR(media_kind_name(media_kind_by_path(paths[i].path)),
                   media_kind_name(paths[i].kind));
    for (size_t i = MEDIA_UNKNOWN + 1; i < MEDIA_KINDS; i++) {
        enum media_kind kind = (enum media_kind)i;
        EXPECT(media_kind_by_type(media_kind_type(kind)) == kind);
        EXPECT(media_kind_bytes_max(kind) > 0);
        EXPECT(media_kind_ending(kind).len > 0);
        EXPECT(str_contains(media_kind_policy(kind), S("default-src 'none'")));
    }
    EXPECT(media_kind_by_type(S(" Image/JPEG ; q=1")) == MEDIA_JPEG);
    EXPECT(media_kind_by_type(S("video/quicktime")) == MEDIA_MP4);
    EXPECT(media_kind_by_type(S("text/html")) == MEDIA_UNKNOWN);
    EXPECT(media_kind_by_type(S("")) == MEDIA_UNKNOWN);
    EXPECT(media_kind_is_picture(MEDIA_SVG) && !media_kind_is_raster(MEDIA_SVG));
    EXPECT(media_kind_is_picture(MEDIA_HEIC) && media_kind_is_raster(MEDIA_HEIC));
    EXPECT(!media_kind_is_picture(MEDIA_MP4));
    EXPECT_STR(media_kind_disposition(MEDIA_UNKNOWN), S("attachment"));
}

int main(void)
{
    test_starts();
    test_mp3_frames();
    test_words();
    return test_done();
}
