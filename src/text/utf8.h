/* text/utf8.h -- characters: reading, mending, cutting and folding UTF-8.
 *
 *     str rest = headline;
 *     while (rest.len > 0)
 *         use(utf8_next(&rest));                  // U+FFFD for bytes that are not UTF-8
 *     str clean = utf8_repair(arena, from_outside);   // valid, and without U+0000
 *     str short_one = utf8_cut_graphemes(headline, 60);
 *
 * Text inside Broadsheet is valid UTF-8 without U+0000 (the database refuses others): what comes
 * from outside passes utf8_repair or is refused by utf8_valid, once, where it comes in.
 * The functions here still take any bytes, and never read past the end.
 *
 * Memory:  results live in the arena, or are the input itself when nothing had to change.
 * Threads: pure functions; call from anywhere.
 * Rules:   Unicode 14 (utf8proc 2.8); replacement by "maximal subpart", Unicode 14 §3.9. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;

enum { UTF8_REPLACEMENT = 0xFFFD, UTF8_CHAR_MAX = 4 /* bytes a character */ };

/* Shortest forms only, no surrogates, at most U+10FFFF. U+0000 is not valid here: see above. */
bool utf8_valid(str text);
/* Invalid bytes and U+0000 become U+FFFD. Returns `text` itself when it is valid. */
str utf8_repair(struct arena *arena, str text);

/* Takes one character off the front of `*rest`, which is not empty. */
uint32_t utf8_next(str *rest);
/* Takes one off the end. */
uint32_t utf8_last(str *rest);
/* Returns the number of bytes written, 1..4. What is no character is written as U+FFFD. */
size_t utf8_encode(uint32_t c, char ret_bytes[UTF8_CHAR_MAX]);
void utf8_add(struct buf *b, uint32_t c);

size_t utf8_count(str text); /* characters (code points) */
/* The longest beginning of at most `n` characters, bytes, or user-perceived characters (so that a
 * family emoji or a letter with its accents stays whole). The _bytes form cuts no character. */
str utf8_cut(str text, size_t n);
str utf8_cut_bytes(str text, size_t n);
str utf8_cut_graphemes(str text, size_t n);

/* For comparing without regard to case: full case folding, then NFC. */
str utf8_fold(struct arena *arena, str text);
str utf8_lower(struct arena *arena, str text);
str utf8_nfc(struct arena *arena, str text);
/* For comparing without regard to case or accents: folded, compatibility forms, marks removed. */
str utf8_fold_bare(struct arena *arena, str text);

/* Without C0, C1, U+007F and U+FEFF; tabs and newlines stay with UTF8_KEEP_LINES, else become
 * spaces. CR and CR LF become LF. UTF8_DROP_BIDI also drops the embedding and override marks
 * (U+202A..E, U+2066..9), by which a line can be made to read other than it is. */
enum utf8_controls { UTF8_KEEP_LINES = 1, UTF8_DROP_BIDI = 2 };
str utf8_strip_controls(struct arena *arena, str text, unsigned controls);

bool utf8_is_space(uint32_t c); /* Unicode white space, no-break space and U+200B among it */
bool utf8_is_word(uint32_t c);  /* letter, mark, digit, or connector punctuation such as '_' */
bool utf8_is_letter(uint32_t c);
bool utf8_is_upper(uint32_t c);
/* Written without spaces between words: Han, Hiragana, Katakana, Hangul. */
bool utf8_is_cjk(uint32_t c);
