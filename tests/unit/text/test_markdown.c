/* SPDX-License-Identifier: MIT */
#include "text/markdown.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

static const struct {
    str text, story, reply;
} both[] = {
    {STR_INIT("a *b* **c** `d` ~~e~~\n\nf"),
     STR_INIT("<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p>\n<p>f</p>\n"),
     STR_INIT("<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p><p>f</p>")},
    {STR_INIT("# T\n\n- a\n- b"), STR_INIT("<h1>T</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
     STR_INIT("<p>T</p><ul>\n<li>a</li>\n<li>b</li>\n</ul>")},
    {STR_INIT("<b>x</b> <script>y</script>"), STR_INIT("<p><b>x</b> </p>\n"),
     STR_INIT("<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>")},
    {STR_INIT("[x](javascript:alert(1)) ![p](//h.test/i.png)"),
     STR_INIT("<p>x <a class=\"kg-foreign-media\" href=\"https://h.test/i.png\" "
              "rel=\"noopener\">p</a></p>\n"),
     STR_INIT("<p>x </p>")},
    {STR_INIT("see https://x.test/a."),
     STR_INIT("<p>see <a href=\"https://x.test/a\" rel=\"noopener\">https://x.test/a</a>.</p>\n"),
     STR_INIT("<p>see <a href=\"https://x.test/a\" rel=\"ugc nofollow "
              "noopener\">https://x.test/a</a>.</p>")},
    {STR_INIT("|a|b|\n|---|---|\n|1|2|"),
     STR_INIT("<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
              "<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"),
     STR_INIT("<p>|a|b|\n|---|---|\n|1|2|</p>")},
};

static const struct {
    str text;
    enum reply_format format;
    enum status status;
    str want;
} replies[] = {
    {STR_INIT("one\ntwo\n\n\nthree <b> & "), REPLY_PLAIN, ST_OK,
     STR_INIT("<p>one<br>\ntwo</p><p>three &lt;b&gt; &amp;</p>")},
    {STR_INIT("see (https://x.test/a_(b)?c=1&d), or HTTP://y.test."), REPLY_PLAIN, ST_OK,
     STR_INIT("<p>see (<a href=\"https://x.test/a_(b)?c=1&amp;d\" rel=\"ugc nofollow "
              "noopener\">https://x.test/a_(b)?c=1&amp;d</a>), or <a href=\"http://y.test\" "
              "rel=\"ugc nofollow noopener\">HTTP://y.test</a>.</p>")},
    {STR_INIT("https:// xhttps://a"), REPLY_PLAIN, ST_OK, STR_INIT("<p>https:// xhttps://a</p>")},
    {STR_INIT("one\ntwo"), REPLY_MARKDOWN, ST_OK, STR_INIT("<p>one<br>\ntwo</p>")},
    {STR_INIT(" \n\t "), REPLY_PLAIN, ST_INVALID, STR_INIT("")},
    {STR_INIT("\xE2\x80\x8B\xE2\x80\x8F"), REPLY_PLAIN, ST_INVALID, STR_INIT("")},
    {STR_INIT("![x](/a.png)"), REPLY_MARKDOWN, ST_INVALID, STR_INIT("")},
    {STR_INIT("x\x01y\xE2\x80\xAEz"), REPLY_PLAIN, ST_OK, STR_INIT("<p>xyz</p>")},
};

static void check_limits(struct arena *arena)
{
    struct error err = ERROR_INIT;
    struct buf b;
    html out;

    buf_init(&b, arena, 1 << 20);
    for (int i = 0; i < MARKDOWN_LINES_MAX + 1; i++)
        buf_add(&b, S("x\n"));
    EXPECT_ST(markdown_to_html(arena, buf_view(&b), &(struct clean_profile){.kind = CLEAN_STORY},
                               &out, &err),
              ST_TOO_BIG, &err);
    EXPECT_ST(reply_from_text(arena, buf_view(&b), REPLY_PLAIN, &out, &err), ST_TOO_BIG, &err);
    EXPECT(str_contains(str_from_c(err.text), S("limit")));
    buf_truncate(&b, 0);
    for (int i = 0; i < 5000; i++)
        buf_add(&b, S("> "));
    EXPECT_ST(markdown_to_html(arena, buf_view(&b), &(struct clean_profile){.kind = CLEAN_REPLY},
                               &out, &err),
              ST_TOO_BIG, &err);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    html out;

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        EXPECT_ST(markdown_to_html(arena, both[i].text,
                                   &(struct clean_profile){.kind = CLEAN_STORY}, &out, &err),
                  ST_OK, &err);
        EXPECT_STR(out.raw, both[i].story);
        EXPECT_ST(markdown_to_html(arena, both[i].text,
                                   &(struct clean_profile){.kind = CLEAN_REPLY}, &out, &err),
                  ST_OK, &err);
        EXPECT_STR(out.raw, both[i].reply);
    }
    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        out = (html){S("")};
        EXPECT_ST(reply_from_text(arena, replies[i].text, replies[i].format, &out, &err),
                  replies[i].status, &err);
        EXPECT_STR(out.raw, replies[i].want);
    }
    check_limits(arena);
    return test_done();
}
