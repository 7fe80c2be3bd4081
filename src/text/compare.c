/* SPDX-License-Identifier: MIT
 *
 * One subsequence, twice: of blocks, then of the words of blocks that belong together. The table is of 16-bit
 * lengths, after what is equal at both ends is cut off; most comparisons are of texts that differ in a paragraph or
 * two, and then it is tiny. */
#include "text/compare.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/html.h"
#include "text/utf8.h"

#include <stdlib.h>

enum {
    PAIRS_MAX = 2500, /* blocks between two matches, left times right: paired by likeness */
    ALIKE_MIN = 300,  /* thousandths of the words of the longer */
};

struct piece {
    str text;
    uint32_t hash;
    bool kept; /* the other side has it too */
    bool tag;
};

struct pieces {
    struct piece *list;
    size_t count, cap;
};

static void piece_add(struct arena *arena, struct pieces *p, str text, bool tag)
{
    if (p->count == p->cap) {
        size_t cap = p->cap == 0 ? 64 : p->cap * 2;
        p->list = arena_grow(arena, p->list, p->cap * sizeof(*p->list),
                             size_mul(cap, sizeof(*p->list)), _Alignof(struct piece));
        p->cap = cap;
    }
    p->list[p->count++] = (struct piece){.text = text, .hash = str_hash(text), .tag = tag};
}

/* ---- the longest common subsequence ---- */

static bool same(const struct piece *a, const struct piece *b)
{
    return a->hash == b->hash && str_eq(a->text, b->text);
}

static void keep(struct piece *a, struct piece *b)
{
    a->kept = true;
    b->kept = true;
}

/* Marks what both have. `*cells` is what may still be spent. */
static void match(struct arena *arena, struct piece *a, size_t a_count, struct piece *b,
                  size_t b_count, size_t *cells)
{
    while (a_count > 0 && b_count > 0 && same(a, b)) {
        keep(a++, b++);
        a_count--;
        b_count--;
    }
    while (a_count > 0 && b_count > 0 && same(&a[a_count - 1], &b[b_count - 1]))
        keep(&a[--a_count], &b[--b_count]);
    size_t width = b_count + 1, wanted = size_mul(a_count + 1, width);
    if (a_count == 0 || b_count == 0 || wanted > *cells || a_count > UINT16_MAX ||
        b_count > UINT16_MAX)
        return;
    *cells -= wanted;
    struct arena_mark mark = arena_mark(arena);
    uint16_t *length = arena_new_array(arena, uint16_t, wanted); /* of what follows (i, j) */
    for (size_t i = a_count; i-- > 0;) {
        for (size_t j = b_count; j-- > 0;) {
            uint16_t down = length[(i + 1) * width + j], right = length[i * width + j + 1];
            length[i * width + j] = same(&a[i], &b[j])
                                        ? (uint16_t)(length[(i + 1) * width + j + 1] + 1)
                                    : down > right ? down
                                                   : right;
        }
    }
    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        if (same(&a[i], &b[j]))
            keep(&a[i++], &b[j++]);
        else if (length[(i + 1) * width + j] >= length[i * width + j + 1])
            i++;
        else
            j++;
    }
    arena_rewind(arena, mark);
}

/* ---- blocks ---- */

/* The end of the tag or comment that begins at `at`. */
static size_t tag_end(str text, size_t at)
{
    bool comment = str_starts(str_from(text, at), S("<!--"));
    size_t end = str_find(str_from(text, at), comment ? S("-->") : S(">"));
    return end == STR_NPOS ? text.len : at + end + (comment ? 3 : 1);
}

static str tag_name(str tag)
{
    size_t begin = str_starts(tag, S("</")) ? 2 : 1, end = begin;
    while (end < tag.len && (ascii_is_alnum(tag.ptr[end]) || tag.ptr[end] == '-'))
        end++;
    return str_sub(tag, begin, end - begin);
}

/* How much deeper one is after it: in sanitized HTML every element is closed. */
static int tag_depth(str tag)
{
    if (str_starts(tag, S("</")))
        return -1;
    return str_starts(tag, S("<!--")) || html_is_void(tag_name(tag)) ? 0 : 1;
}

static enum status blocks_of(struct arena *arena, str text, struct pieces *blocks,
                             struct error *err)
{
    size_t begin = 0, at = 0;
    int depth = 0;
    while (at < text.len) {
        bool tag = text.ptr[at] == '<';
        if (tag && depth == 0 && str_trim(str_sub(text, begin, at - begin)).len > 0)
            piece_add(arena, blocks, str_trim(str_sub(text, begin, at - begin)), false);
        if (tag && depth == 0)
            begin = at;
        size_t end = tag ? tag_end(text, at) : at + 1;
        if (tag)
            depth += tag_depth(str_sub(text, at, end - at));
        at = end;
        if (tag && depth <= 0) {
            piece_add(arena, blocks, str_sub(text, begin, at - begin), false);
            begin = at;
            depth = 0;
        }
        if (blocks->count > COMPARE_BLOCKS_MAX)
            return error_set(err, ST_TOO_BIG, "a text of more than %d blocks is not compared",
                             COMPARE_BLOCKS_MAX);
    }
    if (str_trim(str_from(text, begin)).len > 0)
        piece_add(arena, blocks, str_trim(str_from(text, begin)), false);
    return ST_OK;
}

/* ---- words ---- */

/* A word, an entity, or one other character. */
static size_t word_end(str text, size_t at)
{
    str rest = str_from(text, at);
    if (rest.ptr[0] == '&') {
        size_t end = str_find_char(rest, ';');
        return end == STR_NPOS ? at + 1 : at + end + 1;
    }
    uint32_t first = utf8_next(&rest);
    bool word = utf8_is_word(first) && !utf8_is_cjk(first);
    while (word && rest.len > 0) {
        str next = rest;
        uint32_t c = utf8_next(&next);
        if (!utf8_is_word(c) || utf8_is_cjk(c))
            break;
        rest = next;
    }
    return text.len - rest.len;
}

static void words_of(struct arena *arena, str block, struct pieces *words)
{
    for (size_t at = 0; at < block.len;) {
        bool tag = block.ptr[at] == '<';
        size_t end = tag ? tag_end(block, at) : word_end(block, at);
        piece_add(arena, words, str_sub(block, at, end - at), tag);
        at = end;
    }
}

/* Without its id: both sides stand on one page. A comment is a mark of ours ("members-only"), to be seen here. */
static void add_tag(struct buf *b, str tag)
{
    size_t at = 1 + tag_name(tag).len;
    if (str_starts(tag, S("<!--"))) {
        buf_add(b, S("<code>"));
        buf_add_html(b, tag);
        buf_add(b, S("</code>"));
        return;
    }
    if (str_starts(tag, S("</"))) {
        buf_add(b, tag);
        return;
    }
    buf_add(b, str_sub(tag, 0, at));
    while (at < tag.len) {
        size_t begin = at;
        while (at < tag.len && tag.ptr[at] != '=' && tag.ptr[at] != '>')
            at++;
        if (at >= tag.len || tag.ptr[at] == '>') {
            buf_add(b, str_from(tag, begin));
            return;
        }
        bool is_id = str_eq(str_trim(str_sub(tag, begin, at - begin)), S("id"));
        size_t close = str_find_char(str_from(tag, at + 2), '"');
        at = close == STR_NPOS ? tag.len : at + 2 + close + 1;
        if (!is_id)
            buf_add(b, str_sub(tag, begin, at - begin));
    }
}

static bool is_space(const struct piece *w)
{
    return !w->tag && str_trim(w->text).len == 0;
}

/* White space is marked between two marked words alone: between tags, as in a table, it is no text. */
static bool is_marked(const struct pieces *words, size_t i, bool open)
{
    const struct piece *w = &words->list[i];
    if (w->tag || w->kept)
        return false;
    if (!is_space(w))
        return true;
    return open && i + 1 < words->count && !w[1].tag && !w[1].kept && !is_space(&w[1]);
}

static void add_mark(struct buf *b, str mark, bool begins)
{
    buf_add(b, begins ? S("<") : S("</"));
    buf_add(b, mark);
    buf_add(b, S(">"));
}

static size_t side_bytes(const struct pieces *words, str mark)
{
    size_t bytes = 64;
    for (size_t i = 0; i < words->count; i++) {
        const struct piece *w = &words->list[i];
        bytes = size_add(bytes, size_add(w->text.len, 2 * mark.len + 5));
        if (str_starts(w->text, S("<!--")))
            bytes = size_add(bytes, size_mul(w->text.len, 6));
    }
    return bytes;
}

/* One side, with a mark around each run of words that the other has not. */
static html side(struct arena *arena, const struct pieces *words, str mark)
{
    struct buf b;
    bool open = false;
    buf_init(&b, arena, side_bytes(words, mark));
    for (size_t i = 0; i < words->count; i++) {
        bool marked = mark.len > 0 && is_marked(words, i, open);
        if (marked != open)
            add_mark(&b, mark, marked);
        open = marked;
        if (words->list[i].tag)
            add_tag(&b, words->list[i].text);
        else
            buf_add(&b, words->list[i].text);
    }
    if (open)
        add_mark(&b, mark, false);
    return (html){buf_view(&b)};
}

static html unmarked(struct arena *arena, str block)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    struct pieces words = {0};
    words_of(scratch, block, &words);
    return side(arena, &words, STR_NONE);
}

/* ---- rows ---- */

struct comparing {
    struct arena *arena;
    struct pieces left, right;
    struct compare_row *rows;
    size_t count;
    size_t cells; /* left for words */
};

static void row_add(struct comparing *c, enum compare_kind kind, html left, html right)
{
    c->rows[c->count++] = (struct compare_row){kind, left, right};
}

static void row_pair(struct comparing *c, str left, str right)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    struct pieces a = {0}, b = {0};
    words_of(scratch, left, &a);
    words_of(scratch, right, &b);
    match(scratch, a.list, a.count, b.list, b.count, &c->cells);
    row_add(c, COMPARE_CHANGED, side(c->arena, &a, S("del")), side(c->arena, &b, S("ins")));
}

static void row_one(struct comparing *c, str text, bool is_left)
{
    html one = unmarked(c->arena, text);
    row_add(c, is_left ? COMPARE_GONE : COMPARE_NEW, is_left ? one : html_none(),
            is_left ? html_none() : one);
}

static int hash_cmp(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct bag {
    uint32_t *hashes;
    size_t count;
};

static struct bag bag_of(struct arena *arena, str block)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    struct pieces words = {0};
    words_of(scratch, block, &words);
    struct bag bag = {arena_new_array(arena, uint32_t, words.count), 0};
    for (size_t i = 0; i < words.count; i++) {
        if (!words.list[i].tag && !is_space(&words.list[i]))
            bag.hashes[bag.count++] = words.list[i].hash;
    }
    if (bag.count > 0)
        qsort(bag.hashes, bag.count, sizeof(*bag.hashes), hash_cmp);
    return bag;
}

/* Thousandths of the words of the longer that both have. */
static size_t alike(const struct bag *a, const struct bag *b)
{
    size_t i = 0, j = 0, both = 0, longer = a->count > b->count ? a->count : b->count;
    while (i < a->count && j < b->count) {
        if (a->hashes[i] == b->hashes[j]) {
            both++;
            i++;
            j++;
        } else if (a->hashes[i] < b->hashes[j]) {
            i++;
        } else {
            j++;
        }
    }
    return longer == 0 ? 0 : both * 1000 / longer;
}

/* Between two matches: which of the left belongs to which of the right, in order, so that the pairs are most alike in
 * all. The table says, for what is left of both, the best sum. */
static void rows_by_likeness(struct comparing *c, const struct piece *a, size_t a_count,
                             const struct piece *b, size_t b_count)
{
    size_t width = b_count + 1;
    struct bag *left = arena_new_array(c->arena, struct bag, a_count);
    struct bag *right = arena_new_array(c->arena, struct bag, b_count);
    size_t *best = arena_new_array(c->arena, size_t, (a_count + 1) * width);
    size_t *pair = arena_new_array(c->arena, size_t, (a_count + 1) * width);
    for (size_t i = 0; i < a_count; i++)
        left[i] = bag_of(c->arena, a[i].text);
    for (size_t j = 0; j < b_count; j++)
        right[j] = bag_of(c->arena, b[j].text);
    for (size_t i = a_count; i-- > 0;) {
        for (size_t j = b_count; j-- > 0;) {
            size_t likeness = alike(&left[i], &right[j]);
            size_t down = best[(i + 1) * width + j], over = best[i * width + j + 1];
            size_t *at = &best[i * width + j];
            *at = down > over ? down : over;
            if (likeness >= ALIKE_MIN && likeness + best[(i + 1) * width + j + 1] > *at) {
                *at = likeness + best[(i + 1) * width + j + 1];
                pair[i * width + j] = 1;
            }
        }
    }
    size_t i = 0, j = 0;
    while (i < a_count || j < b_count) {
        if (i < a_count && j < b_count && pair[i * width + j] == 1) {
            row_pair(c, a[i].text, b[j].text);
            i++;
            j++;
        } else if (j == b_count ||
                   (i < a_count && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
            row_one(c, a[i++].text, true);
        } else {
            row_one(c, b[j++].text, false);
        }
    }
}

/* A side without a block has no list to point into. */
static const struct piece *pieces_at(const struct pieces *p, size_t i)
{
    return p->count == 0 ? NULL : p->list + i;
}

static void rows_between(struct comparing *c, const struct piece *a, size_t a_count,
                         const struct piece *b, size_t b_count)
{
    if (a_count > 0 && b_count > 0 && a_count <= PAIRS_MAX / b_count) {
        rows_by_likeness(c, a, a_count, b, b_count);
        return;
    }
    for (size_t i = 0; i < a_count; i++)
        row_one(c, a[i].text, true);
    for (size_t j = 0; j < b_count; j++)
        row_one(c, b[j].text, false);
}

enum status html_compare(struct arena *arena, html left, html right, struct compare_row **ret_rows,
                         size_t *ret_count, struct error *err)
{
    struct comparing c = {.arena = arena, .cells = COMPARE_CELLS_MAX};
    size_t cells = COMPARE_CELLS_MAX;
    enum status st = blocks_of(arena, left.raw, &c.left, err);
    if (st == ST_OK)
        st = blocks_of(arena, right.raw, &c.right, err);
    if (st != ST_OK)
        return st;
    match(arena, c.left.list, c.left.count, c.right.list, c.right.count, &cells);
    c.rows = arena_new_array(arena, struct compare_row, c.left.count + c.right.count);
    size_t i = 0, j = 0;
    while (i < c.left.count || j < c.right.count) {
        size_t a = i, b = j;
        while (a < c.left.count && !c.left.list[a].kept)
            a++;
        while (b < c.right.count && !c.right.list[b].kept)
            b++;
        if (a > i || b > j)
            rows_between(&c, pieces_at(&c.left, i), a - i, pieces_at(&c.right, j), b - j);
        if (a < c.left.count) {
            html both = unmarked(arena, c.left.list[a].text);
            row_add(&c, COMPARE_SAME, both, both);
        }
        i = a + 1;
        j = b + 1;
    }
    *ret_rows = c.rows;
    *ret_count = c.count;
    return ST_OK;
}

void text_compare(struct arena *arena, str left, str right, html *ret_left, html *ret_right)
{
    struct pieces a = {0}, b = {0};
    size_t cells = COMPARE_CELLS_MAX;
    words_of(arena, html_escape(arena, left).raw, &a);
    words_of(arena, html_escape(arena, right).raw, &b);
    match(arena, a.list, a.count, b.list, b.count, &cells);
    *ret_left = side(arena, &a, S("del"));
    *ret_right = side(arena, &b, S("ins"));
}
