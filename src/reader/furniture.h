/* reader/furniture.h -- the old page's fittings left at the end of a saved text.
 *
 *     struct furniture f = furniture_find(text);
 *     body = str_sub(text, 0, f.begin);
 *     each f.lines[i] was left out: say so
 *
 *     "...to engage in negotiations.\n\nTags :\n\nRelated Post\n\nLeave a Reply\n\nYour email address will
 *      not be published. Required fields are marked *\n\nLatest Stories\n\nCopyright (c) 2024 ghweb."
 *         ->  begin stands after "negotiations."
 *
 * Only a run of such lines at the very end counts, and only if it holds two of them or one that is
 * nothing else (a reply form's notice, a copyright line): a story may well end with the word "Tags". What
 * the lines are stands in a table, in several languages.
 *
 * Cost: linear in what is looked at: at most FURNITURE_LINES_MAX lines from the end.
 * Memory: lines lend from the text. Threads: pure. */
#pragma once
#include "base/str.h"

enum { FURNITURE_LINES_MAX = 64, FURNITURE_LINE_BYTES_MAX = 300 };

struct furniture {
    size_t begin;                   /* the text's length when there is none */
    str lines[FURNITURE_LINES_MAX]; /* in the order of the text, trimmed */
    size_t count;
};

struct furniture furniture_find(str text);
