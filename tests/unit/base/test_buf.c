/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "base/arena.h"
#include "tests/check.h"

static void limit_is_remembered(struct arena *arena)
{
    struct buf b;
    struct error err = ERROR_INIT;
    str text = S("untouched");

    buf_init(&b, arena, 5);
    buf_add(&b, S("12345"));
    EXPECT_ST(buf_finish(&b, &text, &err), ST_OK, &err);
    buf_add(&b, S(""));
    buf_add(&b, S("6"));
    buf_truncate(&b, 0);
    buf_add(&b, S("a"));
    text = S("untouched");
    EXPECT_ST(buf_finish(&b, &text, &err), ST_TOO_BIG, &err);
    EXPECT_STR(text, S("untouched"));
    EXPECT_STR(str_from_c(err.text), S("the result is larger than its limit of 5 bytes"));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    struct buf b;
    str text;

    buf_init(&b, arena, 1 << 20);
    buf_add_html(&b, S("a<b>&\"'c"));
    buf_add_int(&b, -120);
    buf_add_int(&b, INT64_MIN);
    buf_add_percent(&b, S("/a b/\xC3\xA9"), S("/"));
    buf_add_json(&b, S("\"\\\n\x01</script>\xE2\x80\xA8"));
    EXPECT_ST(buf_finish(&b, &text, &err), ST_OK, &err);
    EXPECT_STR(text, S("a&lt;b&gt;&amp;&quot;&#39;c-120-9223372036854775808/a%20b/%C3%A9"
                       "\\\"\\\\\\n\\u0001\\u003c/script\\u003e\\u2028"));

    buf_init(&b, arena, 1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_add(&b, S("0123456789"));
    EXPECT_ST(buf_finish(&b, &text, &err), ST_OK, &err);
    EXPECT_INT(text.len, 100000);
    EXPECT_STR(str_from(text, 99990), S("0123456789"));

    struct arena_mark mark = arena_mark(arena);
    str before = str_copy(arena, S("kept"));
    (void)arena_alloc(arena, 3 << 20, 8);
    arena_rewind(arena, mark);
    EXPECT(before.len == 4);

    limit_is_remembered(arena);
    return test_done();
}
