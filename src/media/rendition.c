/* SPDX-License-Identifier: MIT */
#include "media/rendition.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/parse.h"

const struct rendition_size rendition_sizes[] = {
    {600, 0},  {1000, 0},  {1600, 0},  {2400, 0},              /* a story's srcset */
    {32, 32},  {180, 180}, {192, 192}, {256, 256}, {512, 512}, /* icons */
    {1200, 0},                                                 /* link cards */
};
const size_t rendition_sizes_count = ARRAY_LEN(rendition_sizes);

static const struct {
    str word;
    enum media_kind kind;
} formats[] = {
    /* How it is printed comes first. */
    {STR_INIT("avif"), MEDIA_AVIF}, {STR_INIT("jpeg"), MEDIA_JPEG}, {STR_INIT("jpg"), MEDIA_JPEG},
    {STR_INIT("png"), MEDIA_PNG},   {STR_INIT("webp"), MEDIA_WEBP},
};

static str format_word(enum media_kind kind)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (formats[i].kind == kind)
            return formats[i].word;
    }
    return STR_NONE;
}

bool rendition_path_is_public(str path)
{
    return file_path_is_plain(path, RENDITION_ADDRESS_MAX);
}

/* ---- printing ---- */

str rendition_print(struct arena *arena, const struct rendition *r)
{
    struct buf b;
    buf_init(&b, arena, RENDITION_ADDRESS_MAX + 64);
    if (r->width > 0 || r->height > 0) {
        buf_add(&b, S("size/"));
        if (r->width > 0)
            buf_addf(&b, "w%lld", (long long)r->width);
        if (r->height > 0)
            buf_addf(&b, "h%lld", (long long)r->height);
        buf_add_char(&b, '/');
    }
    if (r->format != MEDIA_UNKNOWN) {
        buf_add(&b, S("format/"));
        buf_add(&b, format_word(r->format));
        buf_add_char(&b, '/');
    }
    buf_add(&b, r->path);
    return buf_view(&b);
}

/* ---- parsing ---- */

/* "600" of "w600h400", its letter being off already. */
static bool take_pixels(struct cursor *c, int64_t *ret_pixels, bool *odd)
{
    struct cursor start = *c;
    int64_t n;
    if (*ret_pixels != 0 || !cursor_uint(c, 1, 9, &n) || n < 1 || n > RENDITION_PIXELS_MAX)
        return false;
    *odd |= *start.at == '0';
    *ret_pixels = n;
    return true;
}

static bool parse_size(str word, struct rendition *r, bool *odd)
{
    struct cursor c = cursor_of(word);
    while (!cursor_done(&c)) {
        bool width = cursor_char(&c, 'w');
        if (!width && !cursor_char(&c, 'h'))
            return false;
        *odd |= width && r->height != 0;
        if (!take_pixels(&c, width ? &r->width : &r->height, odd))
            return false;
    }
    return r->width > 0 || r->height > 0;
}

static bool parse_format(str word, struct rendition *r, bool *odd)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (str_eq_nocase(word, formats[i].word)) {
            r->format = formats[i].kind;
            *odd |= !str_eq(word, format_word(r->format));
            return true;
        }
    }
    return false;
}

static bool take_word(str *rest, str name, str *ret_word)
{
    if (!str_starts(*rest, name))
        return false;
    *rest = str_from(*rest, name.len);
    *ret_word = str_cut(rest, '/');
    return true;
}

enum rendition_spelling rendition_parse(str address, struct rendition *ret)
{
    str rest = address, word;
    bool known = true, odd = false, sized = false, formatted = false;
    *ret = (struct rendition){.path = STR_NONE};
    for (;;) {
        if (!sized && take_word(&rest, S("size/"), &word)) {
            sized = true;
            odd |= formatted;
            known &= parse_size(word, ret, &odd);
        } else if (!formatted && take_word(&rest, S("format/"), &word)) {
            formatted = true;
            known &= parse_format(word, ret, &odd);
        } else {
            break;
        }
    }
    if (rendition_path_is_public(rest) && !str_starts(rest, S("size/")) &&
        !str_starts(rest, S("format/")))
        ret->path = rest;
    if (!sized && !formatted)
        return RENDITION_NONE;
    if (!known || ret->path.len == 0)
        return RENDITION_UNKNOWN;
    return odd ? RENDITION_ODD : RENDITION_PLAIN;
}

/* ---- what may be made ---- */

static bool declared_in(const struct rendition *r, const struct rendition_size *sizes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sizes[i].width == r->width && sizes[i].height == r->height)
            return true;
    }
    return false;
}

bool rendition_allowed(const struct rendition *r, const struct rendition_size *declared,
                       size_t count)
{
    if (!media_kind_is_raster(media_kind_by_path(r->path)))
        return false;
    return (r->width == 0 && r->height == 0) || declared_in(r, declared, count) ||
           declared_in(r, rendition_sizes, rendition_sizes_count);
}
