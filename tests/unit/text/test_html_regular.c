/* SPDX-License-Identifier: MIT */
#include "text/html_regular.h"

#include "base/buf.h"
#include "tests/check.h"
#include "tests/html_opinion.h"

static const struct {
    str input;
    enum html_opinion want;
} cases[] = {
    {STR_INIT(""), HTML_SAME},
    {STR_INIT("x"), HTML_SAME},
    {STR_INIT(" \n\t"), HTML_SAME},
    {STR_INIT("<p>a <b>c</b> d</p>\n<p>e</p>\n"), HTML_SAME},
    {STR_INIT("<p class=\"x y\" id='z'>a<br>b<br/>c<br />d</p>"), HTML_SAME},
    {STR_INIT("<a href=\"/a?b=c&amp;d=e\" title=\"<>'\">x</a>"), HTML_SAME},
    {STR_INIT("a &amp; b&nbsp;&lt;c&gt; &quot;&#039;&#8217;&hellip;"), HTML_SAME},
    {STR_INIT("<!--c--><!-- wp:image {\"id\":1} --><p>x</p>"), HTML_SAME},
    {STR_INIT("<!--a-b->c-->d"), HTML_SAME},
    {STR_INIT("<ul><li>a<ul><li>b</li></ul></li>\n</ul>"), HTML_SAME},
    {STR_INIT("<ul>loose<p>y</p><li><p>x</p></li></ul>"), HTML_SAME},
    {STR_INIT(
         "<figure><a href=\"#\"><img src=\"a\" alt=\"\"></a><figcaption>c</figcaption></figure>"),
     HTML_SAME},
    {STR_INIT("<b><div><p>x</p></div></b><i>y</i>"), HTML_SAME},
    {STR_INIT("<pre>a\n\nb</pre><hr><h2>x</h2>"), HTML_SAME},
    {STR_INIT("<p>\xC5\x81\xC3\xB3"
              "d\xC5\xBA \xE2\x80\x9Cq\xE2\x80\x9D \xF0\x9F\x8C\xA7</p>"),
     HTML_SAME},
    {STR_INIT("<p>a > b</p>"), HTML_SAME},
    /* ends left out, or crossed */
    {STR_INIT("<p>a"), HTML_REFUSED},
    {STR_INIT("a</p>"), HTML_REFUSED},
    {STR_INIT("<p>a<p>b</p></p>"), HTML_REFUSED},
    {STR_INIT("<b>a<i>b</b>c</i>"), HTML_REFUSED},
    {STR_INIT("<p><span><div>x</div></span></p>"), HTML_REFUSED},
    {STR_INIT("<p><hr></p>"), HTML_REFUSED},
    {STR_INIT("<b><b>x</b></b>"), HTML_REFUSED},
    {STR_INIT("<a>x<span><a>y</a></span></a>"), HTML_REFUSED},
    {STR_INIT("<h2><h3>x</h3></h2>"), HTML_REFUSED},
    {STR_INIT("<li>x</li>"), HTML_REFUSED},
    {STR_INIT("<ul><div><li>x</li></div></ul>"), HTML_REFUSED},
    {STR_INIT("<br></br>"), HTML_REFUSED},
    {STR_INIT("<div/>"), HTML_REFUSED},
    {STR_INIT("<pre>\nx</pre>"), HTML_REFUSED},
    /* spelled otherwise */
    {STR_INIT("<P>a</P>"), HTML_REFUSED},
    {STR_INIT("<p class=x>a</p>"), HTML_REFUSED},
    {STR_INIT("<p a=\"1\" a=\"2\">x</p>"), HTML_REFUSED},
    {STR_INIT("<p a=\"1\"b=\"2\">x</p>"), HTML_REFUSED},
    {STR_INIT("<p a=\"1>x</p>"), HTML_REFUSED},
    {STR_INIT("<p a"), HTML_REFUSED},
    {STR_INIT("<"), HTML_REFUSED},
    {STR_INIT("</"), HTML_REFUSED},
    {STR_INIT("a < b"), HTML_REFUSED},
    {STR_INIT("AT&T"), HTML_REFUSED},
    {STR_INIT("&ampx"), HTML_REFUSED},
    {STR_INIT("a\r\nb"), HTML_REFUSED},
    {STR_INIT("a\x01"), HTML_REFUSED},
    {STR_INIT("a\xC2\x85"), HTML_REFUSED},
    {STR_INIT("a\xEF\xBF\xBE"), HTML_REFUSED},
    /* comments that end where one might not think */
    {STR_INIT("<!---->x"), HTML_REFUSED},
    {STR_INIT("<!-->x-->"), HTML_REFUSED},
    {STR_INIT("<!--->x-->"), HTML_REFUSED},
    {STR_INIT("<!--a--!>b-->"), HTML_REFUSED},
    {STR_INIT("<!--a--->"), HTML_REFUSED},
    {STR_INIT("<!--a<!--b-->"), HTML_REFUSED},
    {STR_INIT("<!--a"), HTML_REFUSED},
    {STR_INIT("<!--a-"), HTML_REFUSED},
    {STR_INIT("<!--a--"), HTML_REFUSED},
    {STR_INIT("<!x>"), HTML_REFUSED},
    /* a rule of its own */
    {STR_INIT("<table><tr><td>x</td></tr></table>"), HTML_REFUSED},
    {STR_INIT("<script>x</script>"), HTML_REFUSED},
    {STR_INIT("<svg></svg>"), HTML_REFUSED},
    {STR_INIT("<iframe></iframe>"), HTML_REFUSED},
    {STR_INIT("<x-y>z</x-y>"), HTML_REFUSED},
};

/* ---- texts made by chance ---- */

static const str pieces[] = {
    STR_INIT("<p>"),
    STR_INIT("</p>"),
    STR_INIT("<div class=\"a\">"),
    STR_INIT("</div>"),
    STR_INIT("<b>"),
    STR_INIT("</b>"),
    STR_INIT("<a href='#'>"),
    STR_INIT("</a>"),
    STR_INIT("<span>"),
    STR_INIT("</span>"),
    STR_INIT("<ul>"),
    STR_INIT("</ul>"),
    STR_INIT("<li>"),
    STR_INIT("</li>"),
    STR_INIT("<h2>"),
    STR_INIT("</h2>"),
    STR_INIT("<pre>"),
    STR_INIT("</pre>"),
    STR_INIT("<em>"),
    STR_INIT("</em>"),
    STR_INIT("<section>"),
    STR_INIT("</section>"),
    STR_INIT("<code>"),
    STR_INIT("</code>"),
    STR_INIT("<h3>"),
    STR_INIT("</h3>"),
    STR_INIT("<br>"),
    STR_INIT("<hr/>"),
    STR_INIT("<img src=\"&amp;\" alt=\"\n\">"),
    STR_INIT("<!--x-->"),
    STR_INIT("x"),
    STR_INIT(" "),
    STR_INIT("\n"),
    STR_INIT("&lt;"),
    STR_INIT("\xC2\xA0"),
};

enum { PIECES_MAX = 24, OPEN_MAX = PIECES_MAX };

/* The places in `pieces` of the ends of what is open: mostly the right one is taken, so that many texts are regular. */
struct writer {
    uint32_t seed;
    size_t open[OPEN_MAX];
    size_t depth;
};

static size_t chance(struct writer *w, size_t n)
{
    w->seed = w->seed * 1664525u + 1013904223u;
    return (w->seed >> 8) % n;
}

static bool is_start(str piece)
{
    return piece.ptr[0] == '<' && ascii_is_alpha(piece.ptr[1]) && !str_eq(piece, S("<br>")) &&
           !str_eq(piece, S("<hr/>")) && !str_starts(piece, S("<img"));
}

static str text_by_chance(struct arena *arena, struct writer *w)
{
    struct buf b;
    buf_init(&b, arena, 4096);
    w->depth = 0;
    for (size_t n = 2 + chance(w, PIECES_MAX - 2); n > 0; n--) {
        size_t i = chance(w, ARRAY_LEN(pieces));
        bool ends = str_starts(pieces[i], S("</"));
        if (ends && chance(w, 16) > 0) {
            if (w->depth == 0)
                continue;
            i = w->open[--w->depth];
        }
        if (is_start(pieces[i]))
            w->open[w->depth++] = i + 1;
        buf_add(&b, pieces[i]);
    }
    while (w->depth > 0)
        buf_add(&b, pieces[w->open[--w->depth]]);
    return buf_view(&b);
}

static void check_chance(struct arena *arena)
{
    struct writer w = {.seed = 1};
    int same = 0;
    for (int i = 0; i < 20000; i++) {
        str text = text_by_chance(arena, &w);
        enum html_opinion opinion = html_opinion(arena, text);
        if (opinion == HTML_DIFFERS)
            EXPECT_STR(text, S("the same tree"));
        same += opinion == HTML_SAME;
        arena_reset(arena);
    }
    EXPECT(same > 2000); /* or this would say nothing */
}

/* ---- limits ---- */

static str nested(struct arena *arena, size_t depth)
{
    struct buf b;
    buf_init(&b, arena, 1 << 20);
    for (size_t i = 0; i < depth; i++)
        buf_add(&b, S("<div>"));
    for (size_t i = 0; i < depth; i++)
        buf_add(&b, S("</div>"));
    return buf_view(&b);
}

static void check_limits(struct arena *arena)
{
    EXPECT(html_opinion(arena, nested(arena, HTML_REGULAR_DEPTH_MAX)) == HTML_SAME);
    EXPECT(html_opinion(arena, nested(arena, HTML_REGULAR_DEPTH_MAX + 1)) == HTML_REFUSED);
    struct buf b;
    buf_init(&b, arena, HTML_REGULAR_MAX + 10);
    while (b.len < HTML_REGULAR_MAX)
        buf_add_char(&b, 'x');
    EXPECT(html_opinion(arena, buf_view(&b)) == HTML_SAME);
    buf_add_char(&b, 'x');
    EXPECT(html_opinion(arena, buf_view(&b)) == HTML_REFUSED);
    for (size_t count = HTML_REGULAR_ATTRS_MAX; count <= HTML_REGULAR_ATTRS_MAX + 1; count++) {
        buf_init(&b, arena, 4096);
        buf_add(&b, S("<p"));
        for (size_t i = 0; i < count; i++)
            buf_addf(&b, " a%zu=\"%zu\"", i, i);
        buf_add(&b, S(">x</p>"));
        EXPECT(html_opinion(arena, buf_view(&b)) ==
               (count > HTML_REGULAR_ATTRS_MAX ? HTML_REFUSED : HTML_SAME));
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (html_opinion(arena, cases[i].input) != cases[i].want)
            EXPECT_STR(cases[i].input,
                       cases[i].want == HTML_SAME ? S("the same tree") : S("refused"));
        else
            EXPECT(true);
    }
    check_chance(arena);
    check_limits(arena);
    return test_done();
}
