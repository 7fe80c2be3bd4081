/* SPDX-License-Identifier: MIT */
#include "media/rendition.h"

#include "base/arena.h"
#include "tests/check.h"

#define A "2024/05/a.jpg"

static const struct {
    str address;
    enum rendition_spelling spelling;
    int64_t width, height;
    enum media_kind format;
    str path, plain; /* plain: of the odd ones */
} cases[] = {
    {STR_INIT(A), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("sizes/a.jpg"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, STR_INIT("sizes/a.jpg"), {0}},
    {STR_INIT("size/w600/" A), RENDITION_PLAIN, 600, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/h400/" A), RENDITION_PLAIN, 0, 400, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w600h400/" A), RENDITION_PLAIN, 600, 400, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w600/format/webp/" A), RENDITION_PLAIN, 600, 0, MEDIA_WEBP, STR_INIT(A), {0}},
    {STR_INIT("format/avif/" A), RENDITION_PLAIN, 0, 0, MEDIA_AVIF, STR_INIT(A), {0}},
    {STR_INIT("size/w4000/" A), RENDITION_PLAIN, 4000, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    /* one spelling */
    {STR_INIT("size/h400w600/" A), RENDITION_ODD, 600, 400, MEDIA_UNKNOWN, STR_INIT(A),
     STR_INIT("size/w600h400/" A)},
    {STR_INIT("size/w0600/" A), RENDITION_ODD, 600, 0, MEDIA_UNKNOWN, STR_INIT(A),
     STR_INIT("size/w600/" A)},
    {STR_INIT("format/webp/size/w600/" A), RENDITION_ODD, 600, 0, MEDIA_WEBP, STR_INIT(A),
     STR_INIT("size/w600/format/webp/" A)},
    {STR_INIT("size/w600/format/jpg/" A), RENDITION_ODD, 600, 0, MEDIA_JPEG, STR_INIT(A),
     STR_INIT("size/w600/format/jpeg/" A)},
    {STR_INIT("format/WebP/" A), RENDITION_ODD, 0, 0, MEDIA_WEBP, STR_INIT(A),
     STR_INIT("format/webp/" A)},
    /* no such size or format, but a picture */
    {STR_INIT("size/w0/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w4001/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w600w700/" A), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w-6/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/W600/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/600/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size//" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("size/w99999999999999999999/" A),
     RENDITION_UNKNOWN,
     0,
     0,
     MEDIA_UNKNOWN,
     STR_INIT(A),
     {0}},
    {STR_INIT("format/bmp/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    {STR_INIT("format/gif/" A), RENDITION_UNKNOWN, 0, 0, MEDIA_UNKNOWN, STR_INIT(A), {0}},
    /* no picture */
    {STR_INIT("size/w600/size/w700/" A), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("size/w600/"), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("size/w600"), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("size/w600/../site.db"), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("size/w600/.original/ab/c.jpg"), RENDITION_UNKNOWN, 600, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT(".made/size/w600/" A), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("2024/../a.jpg"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("2024//a.jpg"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("/etc/passwd"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("2024/05/"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT("2024/05/a\0.jpg"), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
    {STR_INIT(""), RENDITION_NONE, 0, 0, MEDIA_UNKNOWN, {0}, {0}},
};

static void spellings(void)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rendition r;
        enum rendition_spelling got = rendition_parse(cases[i].address, &r);
        if (got != cases[i].spelling)
            printf("%.*s:\n", STR_ARG(cases[i].address));
        EXPECT_INT(got, cases[i].spelling);
        EXPECT_STR(r.path, cases[i].path);
        if (got == RENDITION_UNKNOWN)
            continue;
        EXPECT_INT(r.width, cases[i].width);
        EXPECT_INT(r.height, cases[i].height);
        EXPECT_INT(r.format, cases[i].format);
        if (got == RENDITION_PLAIN)
            EXPECT_STR(rendition_print(arena, &r), cases[i].address);
        if (got == RENDITION_ODD)
            EXPECT_STR(rendition_print(arena, &r), cases[i].plain);
    }
    arena_free(arena);
}

static const struct {
    str address;
    bool allowed;
} asked[] = {
    {STR_INIT("size/w600/" A), true},     {STR_INIT("size/w750h450/" A), true},
    {STR_INIT("size/w750/" A), false},    {STR_INIT("size/w601/" A), false},
    {STR_INIT("format/webp/" A), true},   {STR_INIT("size/w2400/format/avif/a.png"), true},
    {STR_INIT("size/w600/a.svg"), false}, {STR_INIT("size/w600/a.pdf"), false},
    {STR_INIT("size/w600/a"), false},     {STR_INIT("format/webp/a.svg"), false},
};

static void declared(void)
{
    static const struct rendition_size theme[] = {{750, 450}, {30, 0}};
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        struct rendition r;
        EXPECT_INT(rendition_parse(asked[i].address, &r), RENDITION_PLAIN);
        EXPECT_INT(rendition_allowed(&r, theme, ARRAY_LEN(theme)), asked[i].allowed);
    }
}

int main(void)
{
    spellings();
    declared();
    return test_done();
}
