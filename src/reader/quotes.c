/* SPDX-License-Identifier: MIT
 *
 * One walk with a stack of what is open. What a mark does follows from the mark, from what is open, and from
 * whether a word begins behind it. */
#include "reader/quotes.h"

#include "text/utf8.h"

enum mark { STRAIGHT = '"', LEFT = 0x201C, RIGHT = 0x201D, LOW = 0x201E };
enum { GUILLEMET_LEFT = 0xAB, GUILLEMET_RIGHT = 0xBB };

struct open_quote {
    uint32_t mark;
    size_t at;
};

struct reading {
    struct open_quote open[QUOTES_DEEP_MAX];
    size_t depth;
    bool carried; /* the paragraph's first mark says again what was open: » for « */
    struct quote_fault *faults;
    size_t count, max;
};

static bool is_mark(uint32_t c)
{
    return c == STRAIGHT || c == LEFT || c == RIGHT || c == LOW || c == GUILLEMET_LEFT ||
           c == GUILLEMET_RIGHT;
}

static void fault(struct reading *r, size_t at, bool opened)
{
    if (r->count < r->max)
        r->faults[r->count] = (struct quote_fault){at, opened};
    r->count++;
}

/* Whether `c` ends a quotation that `mark` began. */
static bool closes(uint32_t mark, uint32_t c)
{
    switch (mark) {
    case STRAIGHT:
        return c == STRAIGHT;
    case LEFT:
        return c == RIGHT || c == STRAIGHT;
    case LOW:
        return c == LEFT || c == RIGHT || c == STRAIGHT;
    case RIGHT:
        return c == RIGHT;
    case GUILLEMET_LEFT:
        return c == GUILLEMET_RIGHT;
    case GUILLEMET_RIGHT:
        return c == GUILLEMET_LEFT || c == GUILLEMET_RIGHT;
    default:
        return false;
    }
}

static void push(struct reading *r, uint32_t c, size_t at)
{
    if (r->depth < QUOTES_DEEP_MAX)
        r->open[r->depth++] = (struct open_quote){c, at};
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* `before` and `after` are the characters beside it; 0 at the ends of a paragraph. */
static void read_mark(struct reading *r, uint32_t c, size_t at, uint32_t before, uint32_t after)
{
    bool begins = before == 0 || utf8_is_space(before) || before == '(' || before == '[' ||
                  before == 0x2014 || before == 0x2013 || before == '-' || is_mark(before);
    bool word_behind = after != 0 && !utf8_is_space(after);
    if (r->carried) {
        push(r, GUILLEMET_LEFT, at);
        r->carried = false;
        return;
    }
    uint32_t top = r->depth > 0 ? r->open[r->depth - 1].mark : 0;
    /* The Swedish ” and the Danish » are the same at both ends: at a word's beginning another one opens. */
    bool twin = (top == RIGHT && c == RIGHT) || (top == GUILLEMET_RIGHT && c == GUILLEMET_RIGHT);
    if (top != 0 && closes(top, c) && !(twin && begins && word_behind)) {
        r->depth--;
        return;
    }
    bool straight_ends = c == STRAIGHT && (!begins || !word_behind);
    if (c == STRAIGHT && is_digit(before))
        return; /* an inch */
    bool opens = c == LEFT || c == LOW || c == GUILLEMET_LEFT ||
                 (c == STRAIGHT && !straight_ends) ||
                 ((c == RIGHT || c == GUILLEMET_RIGHT) && begins && word_behind);
    if (opens)
        push(r, c, at);
    else
        fault(r, at, false);
}

/* The mark with which a paragraph begins; 0: with none. */
static uint32_t first_mark(str text)
{
    while (text.len > 0) {
        uint32_t c = utf8_next(&text);
        if (!utf8_is_space(c) || c == '\n')
            return is_mark(c) ? c : 0;
    }
    return 0;
}

static str after_line_ends(str text)
{
    size_t at = 0;
    while (at < text.len && (text.ptr[at] == '\n' || text.ptr[at] == ' '))
        at++;
    return str_from(text, at);
}

/* What is open goes on if the next paragraph says so, by its mark: in French by the closing one too. */
static void end_paragraph(struct reading *r, str rest)
{
    uint32_t next = first_mark(after_line_ends(rest));
    for (size_t i = 0; i < r->depth; i++) {
        uint32_t mark = r->open[i].mark;
        bool goes_on =
            next != 0 && (next == mark || (mark == GUILLEMET_LEFT && next == GUILLEMET_RIGHT));
        if (!goes_on)
            fault(r, r->open[i].at, true);
        r->carried = r->carried || (goes_on && next != mark);
    }
    /* A quotation within it that goes on as well would have to be opened again: nobody does. */
    r->depth = 0;
}

size_t quotes_unmatched(str text, struct quote_fault *ret_faults, size_t max)
{
    struct reading r = {.faults = ret_faults, .max = max};
    str rest = text;
    uint32_t before = 0;
    while (rest.len > 0) {
        size_t at = text.len - rest.len;
        uint32_t c = utf8_next(&rest);
        if (c == '\n') {
            end_paragraph(&r, rest);
            before = 0;
            continue;
        }
        if (is_mark(c)) {
            str peek = rest;
            uint32_t after = peek.len > 0 ? utf8_next(&peek) : 0;
            read_mark(&r, c, at, before, after == '\n' ? 0 : after);
        }
        before = c;
    }
    end_paragraph(&r, STR_NONE);
    return r.count;
}
