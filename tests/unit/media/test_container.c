/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "media/container.h"
#include "tests/check.h"
#include "tests/unit/media/samples.h"

#include <sys/mman.h>
#include <unistd.h>

static int file_of(str bytes)
{
    struct error err = ERROR_INIT;
    int fd = memfd_create("sample", MFD_CLOEXEC);
    CHECK(fd >= 0);
    EXPECT_ST(file_write_fd(fd, S("sample"), bytes, &err), ST_OK, &err);
    return fd;
}

/* Looks, blanks, and gives what the file is then; `says` is part of the sentence when it is refused. */
static str looked(struct arena *arena, str bytes, enum media_kind kind, const char *says,
                  struct container_look *ret_look)
{
    struct error err = ERROR_INIT;
    AUTO(fd_closep) int fd = file_of(bytes);
    str out = STR_NONE;
    enum status st = container_look_at(arena, fd, i64_from_size(bytes.len), kind, ret_look, &err);
    EXPECT_INT(st, says == NULL ? ST_OK : ST_INVALID);
    if (says != NULL || st != ST_OK) {
        EXPECT(says != NULL && str_contains(str_from_c(err.text), str_from_c(says)));
        if (says == NULL || !str_contains(str_from_c(err.text), str_from_c(says)))
            printf("    %s\n", err.text);
        return STR_NONE;
    }
    EXPECT_ST(container_blank(fd, ret_look, &err), ST_OK, &err);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_ST(file_read_fd(arena, fd, S("sample"), SAMPLE_MAX, &out, &err), ST_OK, &err);
    EXPECT_INT(out.len, bytes.len);
    /* once blanked, it looks the same and is blanked to the same */
    struct container_look again;
    AUTO(fd_closep) int second = file_of(out);
    str twice;
    EXPECT_ST(container_look_at(arena, second, i64_from_size(out.len), kind, &again, &err), ST_OK,
              &err);
    EXPECT_ST(container_blank(second, &again, &err), ST_OK, &err);
    CHECK(lseek(second, 0, SEEK_SET) == 0);
    EXPECT_ST(file_read_fd(arena, second, S("sample"), SAMPLE_MAX, &twice, &err), ST_OK, &err);
    EXPECT(str_eq(twice, out));
    return out;
}

static void test_mp4(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    str film = sample_mp4(a, STR_NONE);
    EXPECT_STR(looked(a, film, MEDIA_MP4, NULL, &look), film);
    EXPECT_INT(look.duration_ms, 2500);
    EXPECT_INT(look.width, 640);
    EXPECT_INT(look.height, 360);
    EXPECT_INT(look.edits_count, 0);
    for (size_t n = 1; n < film.len;
         n++) { /* cut anywhere: a sentence, or, at a box's end, another */
        struct error err = ERROR_INIT;
        AUTO(fd_closep) int fd = file_of(str_sub(film, 0, n));
        EXPECT(container_look_at(a, fd, i64_from_size(n), MEDIA_MP4, &look, &err) == ST_INVALID);
    }
    (void)looked(a, sample_ftyp(a), MEDIA_MP4, "no index", &look);
    (void)looked(a, str_join2(a, sample_ftyp(a), sample_box(a, S("mdat"), S("x"))), MEDIA_MP4,
                 "no index", &look);
    (void)looked(a, str_join2(a, sample_ftyp(a), sample_moov(a, STR_NONE)), MEDIA_MP4, "holds no",
                 &look);
    (void)looked(a, str_join2(a, film, S("<script>")), MEDIA_MP4, "in the middle", &look);
    (void)looked(a, str_join2(a, film, S("\0\0\0\1mdat\0\0\0\0\0\0\0\1")), MEDIA_MP4,
                 "in the middle", &look);
    (void)looked(a, str_join2(a, film, S("\0\0\0\0mdat to the end")), MEDIA_MP4, NULL, &look);
}

static void test_mp4_places(void)
{
    static const str types[] = {STR_INIT("\xA9xyz"), STR_INIT("loci"), STR_INIT("uuid"),
                                STR_INIT("XMP_")};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
        struct container_look look = {0};
        str place = sample_box(a, types[i], S("\0\x12\x15\xC7+52.5200+013.4050/"));
        str name = sample_box(a, S("\xA9nam"), S("\0\4\x15\xC7Walk"));
        str film =
            sample_mp4(a, sample_box(a, S("udta"), str_join3(a, place, name, S("\0\0\0\0"))));
        str out = looked(a, film, MEDIA_MP4, NULL, &look);
        EXPECT(!str_contains(out, S("52.52")) && !str_contains(out, types[i]));
        EXPECT(str_contains(out, S("Walk")) && str_contains(out, S("free")));
    }
}

static void test_mp4_keys(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    str names[] = {S("com.apple.quicktime.model"), S("com.apple.quicktime.location.ISO6709")};
    str values[] = {S("Kamera"), S("+52.5200+013.4050/")};
    str keys = str_join2(a, S("\0\0\0\0"), sample_be32(a, 2)), items = STR_NONE;
    for (uint32_t i = 0; i < 2; i++) {
        keys = str_join2(a, keys, sample_box(a, S("mdta"), names[i]));
        str data = sample_box(a, S("data"), str_join2(a, S("\0\0\0\1\0\0\0\0"), values[i]));
        items = str_join2(a, items, sample_box(a, sample_be32(a, i + 1), data));
    }
    str meta = str_join3(a, sample_box(a, S("hdlr"), sample_zeros(a, 24)),
                         sample_box(a, S("keys"), keys), sample_box(a, S("ilst"), items));
    str film = sample_mp4(a, sample_box(a, S("meta"), meta)); /* QuickTime's, without a version */
    str out = looked(a, film, MEDIA_MP4, NULL, &look);
    EXPECT(!str_contains(out, S("52.52")) && str_contains(out, S("Kamera")));
    film = sample_mp4(a, sample_box(a, S("meta"), str_join2(a, S("\0\0\0\0"), meta)));
    out = looked(a, film, MEDIA_MP4, NULL, &look);
    EXPECT(!str_contains(out, S("52.52")) && str_contains(out, S("Kamera")));
}

/* A track of positions: two chunks of two and one samples. */
static void test_mp4_track(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    str data = S("FILMgps1gps2FILMgps3FILM");
    uint32_t at = u32_from_size(sample_ftyp(a).len + 8);
    str stsd = sample_box(a, S("stsd"),
                          str_join3(a, S("\0\0\0\0\0\0\0\1"),
                                    sample_box(a, S("gpmd"), sample_zeros(a, 8)), STR_NONE));
    str stsz =
        sample_box(a, S("stsz"), str_join3(a, S("\0\0\0\0"), sample_be32(a, 4), sample_be32(a, 3)));
    str stsc = sample_box(a, S("stsc"),
                          S("\0\0\0\0\0\0\0\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1"));
    str stco = sample_box(
        a, S("stco"),
        str_join3(a, S("\0\0\0\0\0\0\0\2"), sample_be32(a, at + 4), sample_be32(a, at + 16)));
    str stbl = sample_box(a, S("stbl"), str_join3(a, str_join2(a, stsd, stsz), stsc, stco));
    str trak = sample_box(a, S("trak"), sample_box(a, S("mdia"), sample_box(a, S("minf"), stbl)));
    str film = str_join3(a, sample_ftyp(a), sample_box(a, S("mdat"), data), sample_moov(a, trak));
    str out = looked(a, film, MEDIA_MP4, NULL, &look);
    EXPECT(!str_contains(out, S("gps")) && !str_contains(out, S("gpmd")));
    EXPECT(str_contains(out, S("FILM\0\0\0\0\0\0\0\0FILM\0\0\0\0FILM")));
}

static void test_sounds(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    (void)looked(a, sample_mp3(a, STR_NONE), MEDIA_MP3, NULL, &look);
    str exif = S("\xFF\xE1\0\x18"
                 "Exif\0\0GPS 52.52 13.40");
    str tag = str_join2(a, S("ID3\3\0\0\0\0\0\x1A"), exif);
    str out = looked(a, sample_mp3(a, tag), MEDIA_MP3, NULL, &look);
    EXPECT(!str_contains(out, S("52.52")) && str_contains(out, S("Exif")));
    (void)looked(a, S("ID3\3\0\0\0\0\0\x7F short"), MEDIA_MP3, "in the middle", &look);
    (void)looked(a, S("ID3\3\0\0\0\0\0\4tag.no sound at all"), MEDIA_MP3, "no sound", &look);

    str wav = S(
        "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0\x40\x1F\0\0\1\0\x08\0iXML\4\0\0\0GPS data\x08\0\0\0abcdefgh");
    out = looked(a, wav, MEDIA_WAV, NULL, &look);
    EXPECT_INT(look.duration_ms, 1);
    EXPECT(!str_contains(out, S("GPS ")) && str_contains(out, S("JUNK")));
    (void)looked(a, str_sub(wav, 0, wav.len - 2), MEDIA_WAV, "in the middle", &look);
    (void)looked(a, str_sub(wav, 0, 36), MEDIA_WAV, "no sound", &look);

    str page = str_join2(a, S("OggS\0\2"), sample_zeros(a, 20));
    (void)looked(a, str_join2(a, page, S("\1\x13OpusHead\1\2....")), MEDIA_OGG, NULL, &look);
    (void)looked(a, str_join2(a, page, S("\1\x13unheard of....")), MEDIA_OGG, "browsers", &look);
    (void)looked(a, S("OggS"), MEDIA_OGG, "in the middle", &look);
}

static void test_webm(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    str head = S("\x1A\x45\xDF\xA3\x87\x42\x82\x84webm");
    str tracks = S("\x16\x54\xAE\x6B\x81x"), tags = S("\x12\x54\xC3\x67\x8F"
                                                      "LOCATION 52.52.");
    str cluster = S("\x1F\x43\xB6\x75\x84"
                    "abcd");
    str endless = S("\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    str film = str_join3(a, str_join2(a, head, endless), str_join2(a, tracks, tags), cluster);
    str out = looked(a, film, MEDIA_WEBM, NULL, &look);
    EXPECT(!str_contains(out, S("LOCATION")) && !str_contains(out, S("52.52")) &&
           str_contains(out, cluster));
    (void)looked(a, str_sub(film, 0, film.len - 1), MEDIA_WEBM, "in the middle", &look);
    (void)looked(a, str_join3(a, head, endless, cluster), MEDIA_WEBM, "holds no", &look);
    (void)looked(a, head, MEDIA_WEBM, "in the middle", &look);
}

static void test_pdf(void)
{
    AUTO(arena_freep) struct arena *a = arena_new(ARENA_REQUEST);
    struct container_look look = {0};
    str pdf = sample_pdf(a, STR_NONE);
    EXPECT_STR(looked(a, pdf, MEDIA_PDF, NULL, &look), pdf);
    (void)looked(a, str_sub(pdf, 0, pdf.len - 8), MEDIA_PDF, "in the middle", &look);
    (void)looked(a, S("%PDF-1.4"), MEDIA_PDF, "in the middle", &look);
}

int main(void)
{
    test_mp4();
    test_mp4_places();
    test_mp4_keys();
    test_mp4_track();
    test_sounds();
    test_webm();
    test_pdf();
    return test_done();
}
