/* text/plain.h -- what HTML says without its markup: text, excerpt, counts, a shortened body.
 *
 *     st = plain_from_html(arena, body, &text, err);
 *     str lead = plain_words_cut(text, 50);
 *     struct plain_counts n;
 *     st = plain_count(arena, body, &n, err);      minutes = plain_reading_minutes(n.words, n.images)
 *
 * Blocks stand on lines of their own, paragraphs a blank line apart, list items begin "- ", table
 * cells are parted by tabs; captions count as text; scripts, styles and the like are left out. White space
 * runs are one space except in <pre>.
 *
 * Words are counted as Ghost's reading_time counts them: a run of Latin, Greek or Cyrillic letters,
 * digits and '_' is one, each Han, Kana or Hangul character is one; other scripts' runs only when there is
 * nothing else.
 *
 * Input: HTML that was sanitized, or any other: the same limits hold (text/html.h).
 * Memory:  results live in the arena. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

MUST_USE enum status plain_from_html(struct arena *arena, str html_text, str *ret_text,
                                     struct error *err);
/* The same of HTML that the sanitizer wrote: a scan instead of a parse, some twenty times faster. Of
 * other HTML it makes text too, but perhaps another. */
str plain_from_clean(struct arena *arena, html body);
/* Text on one line: every run of white space a single space, none at the ends. */
str plain_one_line(struct arena *arena, str text);

/* The first `n` words (by white space), on one line. */
str plain_first_words(struct arena *arena, str text, size_t n);
/* For an excerpt: at most `n` characters, ended at a word where that loses no more than a fifth. No
 * dots are added. */
str plain_first_chars(struct arena *arena, str text, size_t n);

struct plain_counts {
    size_t words;  /* by the rule above */
    size_t images; /* img elements */
};
size_t plain_word_count(str text);
MUST_USE enum status plain_count(struct arena *arena, str html_text,
                                 struct plain_counts *ret_counts, struct error *err);
/* 275 words a minute; 12 s for the first image, 11 s for the second ... never under 3 s; rounded. */
int plain_reading_minutes(size_t words, size_t images);

/* HTML of the first `n` words or characters, every element closed ({{content words="50"}}). Text beyond
 * goes, and elements without text beyond it. The input is sanitized HTML; so is the result. */
MUST_USE enum status plain_html_words(struct arena *arena, html body, size_t n, html *ret_html,
                                      struct error *err);
MUST_USE enum status plain_html_chars(struct arena *arena, html body, size_t n, html *ret_html,
                                      struct error *err);
