/* SPDX-License-Identifier: MIT */
#include "text/utf8.h"

#include "base/arena.h"
#include "base/buf.h"

#include <utf8proc.h>

/* ---- one character ---- */

bool utf8_valid(str text)
{
    return str_is_utf8(text) && (text.len == 0 || memchr(text.ptr, 0, text.len) == NULL);
}

/* What may follow a lead byte: how many bytes, and the range of the first of them (Unicode table 3-7).
 * A lead that begins nothing gives 0. */
static int following(unsigned char lead, unsigned char *ret_low, unsigned char *ret_high)
{
    *ret_low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *ret_high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 3;
    return 0;
}

uint32_t utf8_next(str *rest)
{
    CHECK(rest->len > 0);
    const unsigned char *at = (const unsigned char *)rest->ptr;
    unsigned char lead = at[0], low, high;
    size_t used = 1;
    uint32_t c = lead;

    if (lead >= 0x80) {
        int more = following(lead, &low, &high);
        bool whole = more > 0;
        c = lead & (0x3Fu >> more);
        for (int i = 0; i < more && whole; i++) {
            if (used == rest->len || at[used] < low || at[used] > high) {
                whole = false;
            } else {
                c = (c << 6) | (at[used++] & 0x3Fu);
                low = 0x80;
                high = 0xBF;
            }
        }
        if (!whole)
            c = UTF8_REPLACEMENT;
    }
    *rest = str_from(*rest, used);
    return c;
}

uint32_t utf8_last(str *rest)
{
    CHECK(rest->len > 0);
    size_t back = 1;
    while (back < UTF8_CHAR_MAX && back < rest->len &&
           ((unsigned char)rest->ptr[rest->len - back] & 0xC0) == 0x80)
        back++;
    str tail = str_from(*rest, rest->len - back);
    uint32_t c = utf8_next(&tail);
    if (tail.len > 0) { /* those bytes are no character: take one of them */
        back = 1;
        c = UTF8_REPLACEMENT;
    }
    rest->len -= back;
    return c;
}

size_t utf8_encode(uint32_t c, char ret_bytes[UTF8_CHAR_MAX])
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        ret_bytes[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        ret_bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    ret_bytes[0] = (char)((0xF00u >> len & 0xFF) | c);
    return len;
}

void utf8_add(struct buf *b, uint32_t c)
{
    char bytes[UTF8_CHAR_MAX];
    buf_add(b, (str){bytes, utf8_encode(c, bytes)});
}

/* ---- whole texts ---- */

/* Room for anything these make: case folding gives at most three characters for one. */
static void text_buf_init(struct buf *b, struct arena *arena, size_t input_bytes)
{
    buf_init(b, arena, size_add(size_mul(input_bytes, 18), 64));
}

static str text_buf_finish(struct buf *b)
{
    CHECK(!b->too_big);
    return buf_view(b);
}

str utf8_repair(struct arena *arena, str text)
{
    struct buf b;

    if (utf8_valid(text))
        return text;
    text_buf_init(&b, arena, text.len);
    while (text.len > 0) {
        uint32_t c = utf8_next(&text);
        utf8_add(&b, c == 0 ? UTF8_REPLACEMENT : c);
    }
    return text_buf_finish(&b);
}

size_t utf8_count(str text)
{
    size_t n = 0;
    while (text.len > 0) {
        (void)utf8_next(&text);
        n++;
    }
    return n;
}

str utf8_cut(str text, size_t n)
{
    str rest = text;
    while (rest.len > 0 && n > 0) {
        (void)utf8_next(&rest);
        n--;
    }
    return str_sub(text, 0, text.len - rest.len);
}

str utf8_cut_bytes(str text, size_t n)
{
    if (text.len <= n)
        return text;
    str rest = text;
    size_t kept = 0;
    if (n > UTF8_CHAR_MAX) { /* begin at a character near the end */
        kept = n - UTF8_CHAR_MAX;
        while (kept > 0 && ((unsigned char)text.ptr[kept] & 0xC0) == 0x80)
            kept--;
        rest = str_from(text, kept);
    }
    while (rest.len > 0) {
        (void)utf8_next(&rest);
        if (text.len - rest.len > n)
            break;
        kept = text.len - rest.len;
    }
    return str_sub(text, 0, kept);
}

str utf8_cut_graphemes(str text, size_t n)
{
    str rest = text;
    size_t end = 0;
    utf8proc_int32_t state = 0;
    utf8proc_int32_t before = -1;

    while (rest.len > 0) {
        size_t begin = text.len - rest.len;
        utf8proc_int32_t c = (utf8proc_int32_t)utf8_next(&rest);
        if (before == -1 || utf8proc_grapheme_break_stateful(before, c, &state)) {
            if (n == 0)
                return str_sub(text, 0, begin);
            n--;
        }
        before = c;
        end = text.len - rest.len;
    }
    return str_sub(text, 0, end);
}

static bool is_ascii(str text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.ptr[i];
    return all < 0x80;
}

/* utf8proc's one call that does it all; its options choose. The text is valid. */
static str mapped(struct arena *arena, str text, unsigned options)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &out,
                     (utf8proc_option_t)options);

    CHECK(len >= 0); /* only memory and invalid input can fail */
    str copy = str_copy(arena, (str){(const char *)out, (size_t)len});
    free(out);
    return copy;
}

str utf8_fold(struct arena *arena, str text)
{
    text = utf8_repair(arena, text);
    if (is_ascii(text))
        return str_lower(arena, text);
    return mapped(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

str utf8_fold_bare(struct arena *arena, str text)
{
    text = utf8_repair(arena, text);
    if (is_ascii(text))
        return str_lower(arena, text);
    return mapped(arena, text,
                  UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
}

str utf8_nfc(struct arena *arena, str text)
{
    text = utf8_repair(arena, text);
    if (is_ascii(text))
        return text;
    return mapped(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

str utf8_lower(struct arena *arena, str text)
{
    struct buf b;

    text = utf8_repair(arena, text);
    if (is_ascii(text))
        return str_lower(arena, text);
    text_buf_init(&b, arena, text.len);
    while (text.len > 0)
        utf8_add(&b, (uint32_t)utf8proc_tolower((utf8proc_int32_t)utf8_next(&text)));
    return text_buf_finish(&b);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF;
}

static bool is_bidi_override(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

str utf8_strip_controls(struct arena *arena, str text, unsigned controls)
{
    struct buf b;
    bool after_cr = false;

    text_buf_init(&b, arena, text.len);
    while (text.len > 0) {
        uint32_t c = utf8_next(&text);
        bool second_of_line_end = after_cr && c == '\n';
        after_cr = c == '\r';
        if (second_of_line_end)
            continue;
        if (c == '\r')
            c = '\n';
        if (c == '\n' || c == '\t')
            buf_add_char(&b, (controls & UTF8_KEEP_LINES) != 0 ? (char)c : ' ');
        else if (!is_control(c) && !((controls & UTF8_DROP_BIDI) != 0 && is_bidi_override(c)))
            utf8_add(&b, c);
    }
    return text_buf_finish(&b);
}

/* ---- kinds of characters ---- */

bool utf8_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool utf8_is_letter(uint32_t c)
{
    if (c < 0x80)
        return ascii_is_alpha((char)c);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_word(uint32_t c)
{
    if (c < 0x80)
        return ascii_is_alnum((char)c) || c == '_';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    static_assert(UTF8PROC_CATEGORY_LU == 1 && UTF8PROC_CATEGORY_NO == 11, "letters to numbers");
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) ||
           category == UTF8PROC_CATEGORY_PC;
}

bool utf8_is_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool utf8_is_cjk(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x1100, 0x11FF}, {0x3005, 0x3007}, {0x3021, 0x3029},   {0x3031, 0x3035},
        {0x3038, 0x303B}, {0x3041, 0x3096}, {0x309D, 0x309F},   {0x30A1, 0x30FA},
        {0x30FC, 0x30FF}, {0x3130, 0x318F}, {0x31F0, 0x31FF},   {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF}, {0xA960, 0xA97C}, {0xAC00, 0xD7FB},   {0xF900, 0xFAFF},
        {0xFF66, 0xFF9D}, {0xFFA0, 0xFFDC}, {0x1B000, 0x1B16F}, {0x20000, 0x3134A},
    };
    if (c < ranges[0].first)
        return false;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}
