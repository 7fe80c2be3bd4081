/* theme/phrases.h -- a theme's strings in the site's language: locales/<locale>.json.
 *
 *     st = phrases_read(arena, S("locales/de.json"), json, &phrases, err);
 *     const str *found = phrases_find(phrases, S("Page {page}"));           // "Seite {page}" or NULL
 *     phrases_fill(&b, *found, date_locale, argument, ctx);               // "Seite 3"
 *
 * The English text is the key. In a text, {name} is replaced by the argument of that name, and
 * {n, plural, =0 {none} one {# reply} other {# replies}} by the form that the language uses for n
 * ('#' is the number). Braces that are neither stay as they are; so does a name without argument.
 * One plural may hold {name}s, not another plural.
 *
 * Memory: texts live in the arena given to phrases_read. Threads: read-only once read. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;
struct date_locale;
struct phrases;

enum {
    PHRASES_FILE_BYTES_MAX = 512 * 1024,
    PHRASES_TEXT_BYTES_MAX = 64 * 1024, /* one text, filled */
};

/* ST_INVALID with "file:line:column: ..." for what is not a flat JSON object. Values that are no
 * text (a comment, a nested list) are passed over; an empty value counts as missing. */
MUST_USE enum status phrases_read(struct arena *arena, str file, str json,
                                  struct phrases **ret_phrases, struct error *err);

/* NULL when there is no such key; `phrases` may be NULL. */
const str *phrases_find(const struct phrases *phrases, str key);

/* Whether there is an argument `name`, and its text. */
typedef bool phrases_argument_fn(void *ctx, str name, str *ret_text);

void phrases_fill(struct buf *b, str text, const struct date_locale *locale,
                  phrases_argument_fn *argument, void *ctx);

/* All of them, in the file's order. */
size_t phrases_count(const struct phrases *phrases);
str phrases_at(const struct phrases *phrases, size_t i, str *ret_text);

/* A locale's name is one file name: letters, digits, '-' and '_', 1..35 of them. */
bool phrases_locale_valid(str locale);
