/* text/compare.h -- two texts of one story side by side: which blocks are the same, and which words are not.
 *
 *     st = html_compare(arena, before, after, &rows, &count, err);
 *
 *     <p>Rain fell.</p><p>It stopped.</p>        <p>Rain fell.</p><p>It never stopped.</p>
 *         ->
 *     SAME     <p>Rain fell.</p>                 <p>Rain fell.</p>
 *     CHANGED  <p>It stopped.</p>                <p>It <ins>never</ins> stopped.</p>
 *
 * Both are what the sanitizer wrote. A block is an element at the top, or text between two. Blocks are matched by a
 * longest common subsequence of equal ones; what is left between two matches is paired where it shares words, in
 * order. In a pair, words that only one side has stand in <del> on the left and in <ins> on the right;
 * markup is never inside either, so that both sides stay whole. Ids are left out, as both sides stand on one page.
 *
 * Cost: COMPARE_CELLS_MAX steps for blocks and as many for all words together. Beyond, blocks in the middle count as
 * different, and words are not marked: a text pasted anew shows both texts, which is what is to be seen.
 * Memory: the results in the arena; the words of a block are cut in one that goes when it is done. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

enum {
    COMPARE_BLOCKS_MAX = 20000, /* a side; ST_TOO_BIG above */
    COMPARE_CELLS_MAX = 4 * 1024 * 1024,
};

enum compare_kind { COMPARE_SAME, COMPARE_CHANGED, COMPARE_GONE, COMPARE_NEW };

struct compare_row {
    enum compare_kind kind;
    html left, right; /* empty: that side has nothing here */
};

MUST_USE enum status html_compare(struct arena *arena, html left, html right,
                                  struct compare_row **ret_rows, size_t *ret_count,
                                  struct error *err);
/* The same of two lines of plain text: a headline. */
void text_compare(struct arena *arena, str left, str right, html *ret_left, html *ret_right);
