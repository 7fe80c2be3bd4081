/* SPDX-License-Identifier: MIT
 *
 * Two halves of any bytes, cleaned and compared: what stands on each side is as whole as the text it is of, and says
 * all of it in its order. */
#include "base/arena.h"
#include "base/buf.h"
#include "text/compare.h"
#include "text/plain.h"
#include "text/sanitize.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 32 * 1024 };

/* Letters and digits alone: marks, rows and white space fall away. */
static str letters(struct arena *arena, str text)
{
    struct buf b;
    buf_init(&b, arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_space(text.ptr[i]))
            buf_add_char(&b, text.ptr[i]);
    }
    return buf_view(&b);
}

static bool cleaned(struct arena *arena, str text, html *ret)
{
    return html_clean(arena, utf8_repair(arena, text), &(struct clean_profile){.kind = CLEAN_STORY},
                      ret, NULL, NULL) == ST_OK;
}

static void check_side(struct arena *arena, html whole, const struct compare_row *rows,
                       size_t count, bool left)
{
    struct buf b;
    html again;
    buf_init(&b, arena, 16 * 1024 * 1024);
    for (size_t i = 0; i < count; i++) {
        html part = left ? rows[i].left : rows[i].right;
        if (str_find(part.raw, S("<code>&lt;!--")) != STR_NPOS)
            return; /* marks of ours are shown as text */
        buf_add(&b, part.raw);
        CHECK(cleaned(arena, part.raw, &again));
        CHECK(str_eq(letters(arena, plain_from_clean(arena, part)),
                     letters(arena, plain_from_clean(arena, again))));
    }
    CHECK(str_eq(letters(arena, plain_from_clean(arena, whole)),
                 letters(arena, plain_from_clean(arena, (html){buf_view(&b)}))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str input = {(const char *)data, size > INPUT_MAX ? INPUT_MAX : size};
    struct compare_row *rows;
    size_t count;
    html left, right;
    if (!cleaned(arena, str_sub(input, 0, input.len / 2), &left) ||
        !cleaned(arena, str_from(input, input.len / 2), &right))
        return 0;
    if (html_compare(arena, left, right, &rows, &count, NULL) != ST_OK)
        return 0;
    check_side(arena, left, rows, count, true);
    check_side(arena, right, rows, count, false);
    return 0;
}
