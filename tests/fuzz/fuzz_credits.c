/* SPDX-License-Identifier: MIT
 *
 * Any bytes as XMP, as IPTC, as EXIF's texts and as a WebP file: what comes out is clean text that fits, and a
 * file no longer than before, which a second time is left alone. */
#include "media/worker/credits.h"
#include "media/worker/protocol.h"
#include "media/worker/webp_bare.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char text[MEDIA_CREDIT_MAX + 1])
{
    str s = str_from_c(text);
    CHECK(s.len <= MEDIA_CREDIT_MAX);
    CHECK(str_is_utf8(s));
    for (size_t i = 0; i < s.len; i++)
        CHECK((unsigned char)s.ptr[i] >= ' ' && s.ptr[i] != 0x7f);
}

static void check_webp(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size + 1);
    CHECK(bytes != NULL);
    memcpy(bytes, data, size);
    size_t len = webp_bare(bytes, size);
    CHECK(len <= size);
    CHECK(webp_bare(bytes, len) == len);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct worker_answer a;
    str input = {(const char *)data, size};
    struct credits c;
    if (size == 0)
        return 0;
    credits_init(&c);
    credits_from_xmp(&c, input);
    credits_from_iptc(&c, input);
    credits_from_exif(&c, str_sub(input, 0, size / 3), str_from(input, size / 2), input);
    credits_write(&c, &a);
    check_text(a.credit);
    check_text(a.caption);
    check_text(a.alt);
    check_text(a.licence);
    check_text(a.title);
    check_webp(data, size);
    return 0;
}
