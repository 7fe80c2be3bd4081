/* SPDX-License-Identifier: MIT */
#include "media/worker/webp_bare.h"

#include "tests/check.h"

#define BODY "VP8 \x04\0\0\0abcd"
static const struct {
    const char *what;
    str in, out;
} cases[] = {
    {"plain", STR_INIT("RIFF\x10\0\0\0WEBP" BODY), STR_INIT("RIFF\x10\0\0\0WEBP" BODY)},
    {"EXIF off, and the header that was for it",
     STR_INIT("RIFF\x26\0\0\0WEBPVP8X\x02\0\0\0\x08\0" BODY "EXIF\x03\0\0\0xyz\0"),
     STR_INIT("RIFF\x10\0\0\0WEBP" BODY)},
    {"alpha keeps its header", STR_INIT("RIFF\x1a\0\0\0WEBPVP8X\x02\0\0\0\x3c\0" BODY),
     STR_INIT("RIFF\x1a\0\0\0WEBPVP8X\x02\0\0\0\x10\0" BODY)},
    {"a chunk past the end", STR_INIT("RIFF\x10\0\0\0WEBPVP8 \xff\0\0\0abcd"),
     STR_INIT("RIFF\x10\0\0\0WEBPVP8 \xff\0\0\0abcd")},
    {"a length past the end", STR_INIT("RIFF\xff\0\0\0WEBP" BODY),
     STR_INIT("RIFF\xff\0\0\0WEBP" BODY)},
    {"not one", STR_INIT("GIF89a"), STR_INIT("GIF89a")},
    {"nothing", STR_INIT(""), STR_INIT("")},
};

int main(void)
{
    char bytes[128];
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        memcpy(bytes, cases[i].in.ptr, cases[i].in.len);
        size_t len = webp_bare(bytes, cases[i].in.len);
        int before = test_failed;
        EXPECT_STR(((str){bytes, len}), cases[i].out);
        if (test_failed != before)
            printf("    in: %s\n", cases[i].what);
    }
    return test_done();
}
