/* SPDX-License-Identifier: MIT */
#include "text/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

/* The tree as text: (name attr=value children) "text" !comment */
static str drawn(struct arena *arena, str input)
{
    struct html_tree *tree;
    struct error err = ERROR_INIT;
    struct buf b;

    EXPECT_ST(html_parse(arena, input, HTML_STORY_MAX, &tree, &err), ST_OK, &err);
    buf_init(&b, arena, 1 << 20);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        switch (walk.event) {
        case HTML_OPEN:
            buf_add_char(&b, '(');
            buf_add(&b, walk.name);
            for (size_t i = 0; i < html_walk_attr_count(&walk); i++) {
                str name, value;
                html_walk_attr_at(&walk, i, &name, &value);
                buf_addf(&b, " %.*s=%.*s", STR_ARG(name), STR_ARG(value));
            }
            break;
        case HTML_CLOSE:
            buf_add_char(&b, ')');
            break;
        case HTML_TEXT:
            buf_addf(&b, "\"%.*s\"", STR_ARG(walk.text));
            break;
        case HTML_COMMENT:
            buf_addf(&b, "!%.*s", STR_ARG(walk.text));
            break;
        }
    }
    return buf_view(&b);
}

static const struct {
    str input, want;
} trees[] = {
    {STR_INIT(""), STR_INIT("")},
    {STR_INIT("x"), STR_INIT("\"x\"")},
    {STR_INIT("<p>a<b>c</b><p>d"), STR_INIT("(p\"a\"(b\"c\"))(p\"d\")")},
    {STR_INIT("<IMG SRC=a ALT>"), STR_INIT("(img src=a alt=)")},
    {STR_INIT("<!--c--><X-Y>z</x-y>"), STR_INIT("!c(x-y\"z\")")},
    {STR_INIT("</><x-y>z"), STR_INIT("!(x-y\"z\")")},
    {STR_INIT("<p>a<svg><p>b</svg>c"), STR_INIT("(p\"a\"!\"c\")")},
    {STR_INIT("a<svg/>b"), STR_INIT("\"a\"!\"b\"")},
    {STR_INIT("a<svg><svg></svg>b</svg>c"), STR_INIT("\"a\"!\"c\"")},
    {STR_INIT("<svg>a<svg>b</svg>c"), STR_INIT("!\"c\"")},
    {STR_INIT("a<math>b"), STR_INIT("\"a\"!\"b\"")},
    {STR_INIT("<select><option>a<option>b</select>"), STR_INIT("!!\"a\"!\"b\"!")},
    {STR_INIT("<<select>b>c"), STR_INIT("\"<\"!\"b>c\"")}, /* what is cut joins nothing */
    {STR_INIT("&am<select>p;"), STR_INIT("\"&am\"!\"p;\"")},
    {STR_INIT("<html lang=x><body class=y>a"), STR_INIT("!!\"a\"")},
    {STR_INIT("<title><b></title><textarea><select></textarea>"),
     STR_INIT("(title\"<b>\")(textarea\"<select>\")")},
    {STR_INIT("<script><!--<script></script>--></script>x"),
     STR_INIT("(script\"<!--<script></script>-->\")\"x\"")},
    {STR_INIT("<a title=\"<svg>\" title=2>x"), STR_INIT("(a title=<svg>\"x\")")},
    {STR_INIT("<table>a<tr><td>b"), STR_INIT("\"a\"(table(tbody(tr(td\"b\"))))")},
    {STR_INIT("<template>a</template>b"), STR_INIT("!\"b\"")},
    {STR_INIT("a\r\nb&#13;"), STR_INIT("\"a\nb\r\"")},
};

static void check_written(struct arena *arena, str input, str want)
{
    struct html_tree *tree;
    struct error err = ERROR_INIT;
    struct buf b;

    EXPECT_ST(html_parse(arena, input, HTML_STORY_MAX, &tree, &err), ST_OK, &err);
    buf_init(&b, arena, 1 << 20);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        if (walk.event == HTML_OPEN && str_eq(walk.name, S("del")))
            html_walk_skip(&walk);
        html_add_event(&b, &walk);
    }
    EXPECT_STR(buf_view(&b), want);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct html_tree *tree;
    struct error err = ERROR_INIT;

    for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
        EXPECT_STR(drawn(arena, trees[i].input), trees[i].want);
    check_written(arena, S("<p title='a\"b'>x &amp; y<br><del>no</del><!--c--><pre>\n\nq"),
                  S("<p title=\"a&quot;b\">x &amp; y<br><del></del><!--c--></p><pre>\n\nq</pre>"));
    EXPECT_ST(html_parse(arena, S("abc"), 2, &tree, &err), ST_TOO_BIG, &err);
    EXPECT_STR(html_escape(arena, S("a<b>&\"'")).raw, S("a&lt;b&gt;&amp;&quot;&#39;"));
    str plain = S("plain");
    EXPECT(html_escape(arena, plain).raw.ptr == plain.ptr);

    EXPECT_ST(html_parse(arena, S("<video loop src=a>"), 100, &tree, &err), ST_OK, &err);
    struct html_walk walk = html_walk_of(tree);
    EXPECT(html_walk_next(&walk));
    EXPECT_INT(walk.depth, 0);
    EXPECT(html_walk_attr(&walk, S("loop")).ptr != NULL);
    EXPECT(html_walk_attr(&walk, S("poster")).ptr == NULL);
    EXPECT_STR(html_walk_attr(&walk, S("src")), S("a"));
    EXPECT(html_walk_next(&walk) && walk.event == HTML_CLOSE);
    EXPECT(!html_walk_next(&walk));
    EXPECT(html_is_void(S("br")) && !html_is_void(S("b")));
    EXPECT(html_is_block(S("p")) && !html_is_block(S("b")));
    return test_done();
}
