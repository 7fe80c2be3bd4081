/* SPDX-License-Identifier: MIT */
#include "text/slug.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/utf8.h"

#include <utf8proc.h>

/* ---- letters ---- */

/* Lower-case letters that Unicode does not decompose to ASCII, by code point. Cyrillic as the BGN/PCGN
 * system has it, Greek as in passports (ISO 843 type 2), Latin as neighbours of each language write it. */
static const struct letter {
    uint32_t c;
    char ascii[5];
} letters[] = {
    {0xDF, "ss"},  {0xE6, "ae"},    {0xF0, "d"},   {0xF8, "o"},   {0xFE, "th"},  {0x111, "d"},
    {0x127, "h"},  {0x131, "i"},    {0x138, "k"},  {0x142, "l"},  {0x14B, "ng"}, {0x153, "oe"},
    {0x167, "t"},  {0x180, "b"},    {0x192, "f"},  {0x1DD, "e"},  {0x1E5, "g"},  {0x237, "j"},
    {0x253, "b"},  {0x254, "o"},    {0x256, "d"},  {0x257, "d"},  {0x259, "e"},  {0x25B, "e"},
    {0x263, "g"},  {0x268, "i"},    {0x26B, "l"},  {0x272, "n"},  {0x289, "u"},  {0x3B1, "a"},
    {0x3B2, "v"},  {0x3B3, "g"},    {0x3B4, "d"},  {0x3B5, "e"},  {0x3B6, "z"},  {0x3B7, "i"},
    {0x3B8, "th"}, {0x3B9, "i"},    {0x3BA, "k"},  {0x3BB, "l"},  {0x3BC, "m"},  {0x3BD, "n"},
    {0x3BE, "x"},  {0x3BF, "o"},    {0x3C0, "p"},  {0x3C1, "r"},  {0x3C2, "s"},  {0x3C3, "s"},
    {0x3C4, "t"},  {0x3C5, "y"},    {0x3C6, "f"},  {0x3C7, "ch"}, {0x3C8, "ps"}, {0x3C9, "o"},
    {0x430, "a"},  {0x431, "b"},    {0x432, "v"},  {0x433, "g"},  {0x434, "d"},  {0x435, "e"},
    {0x436, "zh"}, {0x437, "z"},    {0x438, "i"},  {0x439, "y"},  {0x43A, "k"},  {0x43B, "l"},
    {0x43C, "m"},  {0x43D, "n"},    {0x43E, "o"},  {0x43F, "p"},  {0x440, "r"},  {0x441, "s"},
    {0x442, "t"},  {0x443, "u"},    {0x444, "f"},  {0x445, "kh"}, {0x446, "ts"}, {0x447, "ch"},
    {0x448, "sh"}, {0x449, "shch"}, {0x44A, ""},   {0x44B, "y"},  {0x44C, ""},   {0x44D, "e"},
    {0x44E, "yu"}, {0x44F, "ya"},   {0x451, "yo"}, {0x452, "dj"}, {0x453, "gj"}, {0x454, "ye"},
    {0x455, "dz"}, {0x456, "i"},    {0x457, "yi"}, {0x458, "j"},  {0x459, "lj"}, {0x45A, "nj"},
    {0x45B, "c"},  {0x45C, "kj"},   {0x45E, "u"},  {0x45F, "dz"}, {0x491, "g"},  {0x493, "g"},
    {0x49B, "q"},  {0x4A3, "n"},    {0x4AF, "u"},  {0x4B1, "u"},  {0x4BB, "h"},  {0x4D9, "a"},
    {0x4E9, "o"},  {0x1E9E, "ss"},
};

static const struct letter *letter_find(uint32_t c)
{
    size_t low = 0, high = sizeof(letters) / sizeof(letters[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (letters[middle].c == c)
            return &letters[middle];
        if (letters[middle].c < c)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- building ---- */

struct slug_writer {
    struct buf b;
    bool hyphen_owed; /* written only before the next letter: runs collapse, ends stay clean */
    uint32_t before;
};

static void add_letters(struct slug_writer *w, const char *ascii)
{
    for (; *ascii != '\0'; ascii++) {
        if (w->hyphen_owed && w->b.len > 0)
            buf_add_char(&w->b, '-');
        w->hyphen_owed = false;
        buf_add_char(&w->b, *ascii);
    }
}

/* Apostrophes and marks do not part words: "don't" is one. */
static bool vanishes(uint32_t c)
{
    if (c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0x2032)
        return true;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
           category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_LM;
}

/* One lower-case character that is ASCII or in the table. False when it is neither. */
static bool add_simple(struct slug_writer *w, uint32_t c)
{
    char one[2] = {(char)c, '\0'};

    if (c < 0x80 && (ascii_is_alnum((char)c) || c == '_')) {
        add_letters(w, one);
        return true;
    }
    const struct letter *letter = letter_find(c);
    if (letter == NULL)
        return false;
    bool greek_ou = c == 0x3C5 && w->before == 0x3BF;
    add_letters(w, greek_ou ? "u" : letter->ascii);
    w->before = c;
    return true;
}

static void add_character(struct slug_writer *w, uint32_t c)
{
    enum { PARTS_MAX = 32 }; /* U+FDFA, the longest, has 18 */
    utf8proc_int32_t parts[PARTS_MAX];
    int boundary = 0;

    c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
    if (vanishes(c) || add_simple(w, c))
        return;
    utf8proc_ssize_t count =
        c < 0x80 ? 0
                 : utf8proc_decompose_char((utf8proc_int32_t)c, parts, PARTS_MAX,
                                           UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                               UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD,
                                           &boundary);
    bool any = false;
    for (utf8proc_ssize_t i = 0; i < count && i < PARTS_MAX; i++) {
        if (add_simple(w, (uint32_t)parts[i]))
            any = true;
        else
            w->hyphen_owed = true;
    }
    if (!any)
        w->hyphen_owed = true;
}

/* Ends a long one at a whole word, unless that would leave less than half. */
static str cut_to_fit(str slug)
{
    if (slug.len <= SLUG_MAX)
        return slug;
    bool at_word = slug.ptr[SLUG_MAX] == '-';
    str cut = str_sub(slug, 0, SLUG_MAX);
    size_t hyphen = str_rfind_char(cut, '-');
    if (!at_word && hyphen != STR_NPOS && hyphen >= SLUG_MAX / 2)
        cut = str_sub(cut, 0, hyphen);
    while (str_ends(cut, S("-")))
        cut.len--;
    return cut;
}

enum status slug_from_headline(struct arena *arena, str headline, str *ret_slug, struct error *err)
{
    struct slug_writer w = {.hyphen_owed = false};
    str composed = utf8_nfc(arena, utf8_cut(headline, 1000));

    buf_init(&w.b, arena, size_add(size_mul(composed.len, 24), 1));
    while (composed.len > 0 && w.b.len < 4 * (size_t)SLUG_MAX)
        add_character(&w, utf8_next(&composed));
    str slug = cut_to_fit(buf_view(&w.b));
    if (slug.len == 0)
        return error_set(err, ST_INVALID,
                         "\"%.*s\" has no letter or digit that an address can hold",
                         STR_ARG(headline));
    *ret_slug = slug;
    return ST_OK;
}

str slug_from_headline_or(struct arena *arena, str headline, str fallback)
{
    str slug;
    enum status st = slug_from_headline(arena, headline, &slug, NULL);
    if (st != ST_OK)
        slug = fallback;
    return slug_reserved(slug) ? slug_numbered(arena, slug, 2) : slug;
}

/* ---- judging ---- */

bool slug_valid(str slug)
{
    if (slug.len == 0 || slug.len > SLUG_MAX || slug.ptr[0] == '-' || str_ends(slug, S("-")))
        return false;
    for (size_t i = 0; i < slug.len; i++) {
        char c = slug.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '_';
        if (!letter && (c != '-' || slug.ptr[i - 1] == '-'))
            return false;
    }
    return true;
}

bool slug_reserved(str slug)
{
    static const str reserved[] = {
        STR_INIT("amp"),     STR_INIT("api"),         STR_INIT("assets"),  STR_INIT("author"),
        STR_INIT("content"), STR_INIT("desk"),        STR_INIT("feed"),    STR_INIT("ghost"),
        STR_INIT("healthz"), STR_INIT("media"),       STR_INIT("members"), STR_INIT("metrics"),
        STR_INIT("p"),       STR_INIT("page"),        STR_INIT("private"), STR_INIT("public"),
        STR_INIT("reply"),   STR_INIT("rss"),         STR_INIT("search"),  STR_INIT("tag"),
        STR_INIT("theme"),   STR_INIT("unsubscribe"),
    };
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (str_eq(slug, reserved[i]))
            return true;
    }
    return false;
}

str slug_numbered(struct arena *arena, str slug, unsigned n)
{
    if (n < 2)
        return slug;
    str number = str_format(arena, "-%u", n);
    if (slug.len + number.len > SLUG_MAX)
        slug =
            utf8_cut_bytes(slug, SLUG_MAX - number.len); /* an imported one may be of any script */
    while (str_ends(slug, S("-")))
        slug.len--;
    return str_join2(arena, slug, number);
}
