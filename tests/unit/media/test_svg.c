/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "media/svg.h"
#include "tests/check.h"

#include <dirent.h>
#include <string.h>

#define NS  "xmlns=\"http://www.w3.org/2000/svg\""
#define NSX NS " xmlns:xlink=\"http://www.w3.org/1999/xlink\""
#define PNG                                                                                        \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

static str clean(struct arena *arena, str in, enum status want)
{
    struct error err = ERROR_INIT;
    struct svg_look look;
    str once = S("(none)"), twice = STR_NONE;
    EXPECT_ST(svg_clean(arena, in, &once, &look, &err), want, &err);
    if (want != ST_OK)
        return str_copy(arena, str_from_c(err.text));
    EXPECT_ST(svg_clean(arena, once, &twice, &look, &err), ST_OK, &err);
    EXPECT_STR(twice, once);
    return once;
}

/* ---- what must go ---- */

/* Wrapped in a root that declares the usual namespaces; what must come out, without the root's own tag. */
static const struct {
    str in, out;
} attacks[] = {
    {STR_INIT("<script>alert(1)</script>"), STR_INIT("")},
    {STR_INIT("<script href=\"data:,alert(1)\"/>"), STR_INIT("")},
    {STR_INIT("<script xlink:href=\"https://evil.example/x.js\"/>"), STR_INIT("")},
    {STR_INIT("<g><script type=\"text/ecmascript\"><![CDATA[alert(1)]]></script></g>"),
     STR_INIT("<g/>")},
    {STR_INIT("<s:script xmlns:s=\"http://www.w3.org/2000/svg\">alert(1)</s:script>"),
     STR_INIT("")},
    {STR_INIT("<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script>"),
     STR_INIT("")},
    {STR_INIT("<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>"), STR_INIT("")},
    {STR_INIT("<SCRIPT>alert(1)</SCRIPT>"), STR_INIT("")},
    {STR_INIT(
         "<handler type=\"text/javascript\" ev:event=\"load\" xmlns:ev=\"http://www.w3.org/2001/xml-events\">alert(1)</handler>"),
     STR_INIT("")},
    {STR_INIT("<listener event=\"load\" handler=\"#h\"/>"), STR_INIT("")},
    {STR_INIT("<g onload=\"alert(1)\"/>"), STR_INIT("<g/>")},
    {STR_INIT("<g OnLoad=\"alert(1)\" onclick='x' onmouseover='y' onfocusin='z' onbegin='q'/>"),
     STR_INIT("<g/>")},
    {STR_INIT("<rect onactivate=\"alert(1)\" width=\"1\"/>"), STR_INIT("<rect width=\"1\"/>")},
    {STR_INIT("<g svg:onload=\"alert(1)\" xmlns:svg=\"http://www.w3.org/2000/svg\"/>"),
     STR_INIT("<g/>")},
    {STR_INIT("<a xlink:href=\"javascript:alert(1)\"><rect/></a>"), STR_INIT("<g><rect/></g>")},
    {STR_INIT("<a href=\"java&#10;script:alert(1)\"><rect/></a>"), STR_INIT("<g><rect/></g>")},
    {STR_INIT("<a href=\"https://evil.example/\" target=\"_top\"><text>go</text></a>"),
     STR_INIT("<g><text>go</text></g>")},
    {STR_INIT("<a href=\"#x\"><rect/></a>"), STR_INIT("<g><rect/></g>")},
    {STR_INIT(
         "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><iframe src=\"javascript:alert(1)\"/></body></foreignObject>"),
     STR_INIT("")},
    {STR_INIT("<foreignobject><rect/></foreignobject>"), STR_INIT("")},
    {STR_INIT("<iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"javascript:alert(1)\"/>"),
     STR_INIT("")},
    {STR_INIT("<embed xmlns=\"http://www.w3.org/1999/xhtml\" src=\"//evil.example\"/>"),
     STR_INIT("")},
    {STR_INIT("<image href=\"https://evil.example/a.png\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<image xlink:href=\"//evil.example/a.png\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<image href=\"file:///etc/passwd\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<image href=\"a.png\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<image href=\"data:image/svg+xml;base64,PHN2Zy8+\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<image href=\"data:image/svg+xml,&lt;svg onload='alert(1)'/>\"/>"),
     STR_INIT("<image/>")},
    {STR_INIT("<image href=\"data:image/png;base64,PHN2Zy8+\"/>"),
     STR_INIT("<image/>")}, /* says PNG, is SVG */
    {STR_INIT("<image href=\"data:text/html;base64,PGgxPg==\"/>"), STR_INIT("<image/>")},
    {STR_INIT("<feImage href=\"https://evil.example/a.svg#x\"/>"), STR_INIT("<feImage/>")},
    {STR_INIT("<use href=\"data:image/svg+xml;base64,PHN2Zy8+#x\"/>"), STR_INIT("<use/>")},
    {STR_INIT("<use href=\"https://evil.example/a.svg#x\"/>"), STR_INIT("<use/>")},
    {STR_INIT("<use xlink:href=\"a.svg#x\"/>"), STR_INIT("<use/>")},
    {STR_INIT("<use href=\"#x&quot;)\"/>"), STR_INIT("<use/>")},
    {STR_INIT("<rect fill=\"url(https://evil.example/#a)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect fill=\"url(//evil.example)\" filter=\"url('a.svg#f')\"/>"),
     STR_INIT("<rect/>")},
    {STR_INIT("<rect fill=\"u\\72l(https://evil.example)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect fill=\"u/**/rl(https://evil.example)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect fill=\"URL(https://evil.example)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect fill=\"image(url(#a) https://evil.example)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect mask=\"image-set('https://evil.example/a' 1x)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect clip-path=\"-webkit-cross-fade(url(x), url(y))\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect cursor=\"url(https://evil.example), auto\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"fill:url(https://evil.example)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"background:url(https://evil.example);fill:red\"/>"),
     STR_INIT("<rect style=\"fill:red\"/>")},
    {STR_INIT("<rect style=\"behavior:url(#default#time2)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"-moz-binding:url(https://evil.example#x)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"width:expression(alert(1))\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"fill:expression(alert(1))\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect style=\"fill:red;}*{background:url(x)\"/>"),
     STR_INIT("<rect style=\"fill:red\"/>")},
    {STR_INIT("<rect style=\"font-family:'a;fill:url(http://e)\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<style>@import url(https://evil.example/a.css);</style>"), STR_INIT("")},
    {STR_INIT("<style>@import 'https://evil.example/a.css';rect{fill:red}</style>"),
     STR_INIT("<style>rect{fill:red}</style>")},
    {STR_INIT("<style>@\\69mport 'https://evil.example/a.css';</style>"), STR_INIT("")},
    {STR_INIT("<style>@font-face{font-family:a;src:url(https://evil.example/a)}</style>"),
     STR_INIT("")},
    {STR_INIT("<style>@namespace url(http://www.w3.org/1999/xhtml);rect{fill:red}</style>"),
     STR_INIT("<style>rect{fill:red}</style>")},
    {STR_INIT("<style>rect{fill:url(https://evil.example)}</style>"), STR_INIT("")},
    {STR_INIT("<style>rect{fill:red;background-image:url(//evil.example)}</style>"),
     STR_INIT("<style>rect{fill:red}</style>")},
    {STR_INIT(
         "<style><![CDATA[rect{fill:url(//evil.example)}</style><script>alert(1)</script><style>]]></style>"),
     STR_INIT("")},
    {STR_INIT("<style>&lt;/style>&lt;script>alert(1)&lt;/script>rect{fill:red}</style>"),
     STR_INIT("")},
    {STR_INIT("<style>a{fill:red</style>"), STR_INIT("<style>a{fill:red}</style>")},
    {STR_INIT("<style>rect{fill:r\\65 d}</style>"), STR_INIT("")},
    {STR_INIT("<style>@media print{@import 'x';rect{fill:red}}</style>"),
     STR_INIT("<style>@media print{rect{fill:red}}</style>")},
    {STR_INIT("<style>@keyframes k{from{fill:red}to{fill:blue}}.a{animation:k 1s}</style>"),
     STR_INIT("")},
    {STR_INIT("<style type=\"text/less\">rect{fill:red}</style>"), STR_INIT("")},
    {STR_INIT("<style>*[href=\"x\"]{fill:red}</style>"), STR_INIT("")},
    {STR_INIT("<style>text{font-family:\"</style>\"}</style>"), STR_INIT("(none)")},
    {STR_INIT("<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>"), STR_INIT("")},
    {STR_INIT("<a><animate attributeName=\"xlink:href\" to=\"javascript:alert(1)\"/><rect/></a>"),
     STR_INIT("<g><rect/></g>")},
    {STR_INIT("<set attributeName=\"onload\" to=\"alert(1)\"/>"), STR_INIT("")},
    {STR_INIT(
         "<use href=\"#a\"><set attributeName=\"href\" to=\"https://evil.example/#a\"/></use>"),
     STR_INIT("<use href=\"#a\"/>")},
    {STR_INIT("<animateTransform attributeName=\"transform\"/><animateMotion/><discard/>"),
     STR_INIT("")},
    {STR_INIT(
         "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/>"),
     STR_INIT("")},
    {STR_INIT("<metadata><rdf:RDF xmlns:rdf=\"x:y\"><rect/></rdf:RDF></metadata>"), STR_INIT("")},
    {STR_INIT("<g xml:base=\"https://evil.example/\"><use href=\"#a\"/></g>"),
     STR_INIT("<g><use href=\"#a\"/></g>")},
    {STR_INIT("<x:g xmlns:x=\"urn:other\"><rect/></x:g>"), STR_INIT("")},
    {STR_INIT("<g xmlns=\"\"><rect/></g>"), STR_INIT("")},
    {STR_INIT(
         "<!-- <script>alert(1)</script> --><?xml-stylesheet href=\"https://evil.example/a.css\"?><rect/>"),
     STR_INIT("<rect/>")},
    {STR_INIT("<?php system('id') ?><rect/>"), STR_INIT("<rect/>")},
    {STR_INIT("<text><![CDATA[<script>alert(1)</script>]]></text>"),
     STR_INIT("<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>")},
    {STR_INIT("<title>&lt;img src=x onerror=alert(1)></title>"),
     STR_INIT("<title>&lt;img src=x onerror=alert(1)&gt;</title>")},
    {STR_INIT("<rect id=\"a&quot;&gt;&lt;script\"/>"), STR_INIT("<rect/>")},
    {STR_INIT("<rect class=\"a&quot; onload=&quot;alert(1)\"/>"),
     STR_INIT("<rect class=\"a&quot; onload=&quot;alert(1)\"/>")},
    {STR_INIT("<g>loose words<rect/></g>"), STR_INIT("<g><rect/></g>")},
    {STR_INIT(
         "<cursor href=\"https://evil.example\"/><font><font-face-uri href=\"https://evil.example\"/></font>"),
     STR_INIT("")},
    {STR_INIT("<video href=\"https://evil.example\"/><audio/><canvas/>"), STR_INIT("")},
    {STR_INIT("<tref xlink:href=\"file:///etc/passwd#x\"/>"), STR_INIT("")},
    {STR_INIT("<mpath href=\"https://evil.example#x\"/>"), STR_INIT("")},
    {STR_INIT("<linearGradient id=\"g\" xlink:href=\"https://evil.example#x\"/>"),
     STR_INIT("<linearGradient id=\"g\"/>")},
};

static str wrapped(struct arena *arena, str in)
{
    return str_format(arena, "<svg " NSX ">%.*s</svg>", STR_ARG(in));
}

static str unwrapped(str out)
{
    size_t end = str_find_char(out, '>');
    if (end == STR_NPOS || out.ptr[end - 1] == '/')
        return STR_NONE;
    return str_sub(out, end + 1, out.len - end - 1 - S("</svg>").len);
}

static void test_attacks(void)
{
    for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        if (str_eq(attacks[i].out, S("(none)"))) {
            (void)clean(arena, wrapped(arena, attacks[i].in), ST_INVALID);
            continue;
        }
        EXPECT_STR(unwrapped(clean(arena, wrapped(arena, attacks[i].in), ST_OK)), attacks[i].out);
    }
}

/* ---- what is refused as a whole ---- */

static const struct {
    str in, says;
    enum status status;
} refused[] = {
    {STR_INIT(""), STR_INIT("line 1"), ST_INVALID},
    {STR_INIT("not xml"), STR_INIT("line 1"), ST_INVALID},
    {STR_INIT("<svg " NS "><g></svg>"), STR_INIT("line 1"), ST_INVALID},
    {STR_INIT("<svg " NS "/><script/>"), STR_INIT("line 1"), ST_INVALID},
    {STR_INIT("<html><svg " NS "/></html>"), STR_INIT("not an SVG"), ST_INVALID},
    {STR_INIT("<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>"), STR_INIT("not an SVG"), ST_INVALID},
    {STR_INIT("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg " NS "><text>&a;</text></svg>"),
     STR_INIT("entities"), ST_INVALID},
    {STR_INIT("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg " NS ">&x;</svg>"),
     STR_INIT("entities"), ST_INVALID},
    {STR_INIT("<!DOCTYPE svg [<!ENTITY % p SYSTEM \"https://evil.example/a.dtd\">%p;]><svg " NS
              "/>"),
     STR_INIT("entities"), ST_INVALID},
    {STR_INIT(
         "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><svg " NS
         ">&c;</svg>"),
     STR_INIT("entities"), ST_INVALID},
    {STR_INIT("<svg " NS "><g id=\"a\"><use href=\"#a\"/></g></svg>"), STR_INIT("within itself"),
     ST_INVALID},
    {STR_INIT(
         "<svg " NS
         "><pattern id=\"a\"><rect fill=\"url(#a)\"/></pattern><rect fill=\"url(#a)\"/></svg>"),
     STR_INIT("within itself"), ST_INVALID},
    {STR_INIT(
         "<svg " NS
         "><style>.a{fill:url(#p)}</style><pattern id=\"p\"><rect class=\"b a\"/></pattern></svg>"),
     STR_INIT("within itself"), ST_INVALID},
};

static void test_refused(void)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        str says = clean(arena, refused[i].in, refused[i].status);
        EXPECT(str_contains(says, refused[i].says));
        if (!str_contains(says, refused[i].says))
            printf("    case %zu: %.*s\n", i, STR_ARG(says));
    }
}

/* ---- what must stay as it is ---- */

static const str benign[] = {
    STR_INIT("<path d=\"M0 0L10,10z\" fill=\"#f00\" stroke-width=\"2\" fill-rule=\"evenodd\"/>"),
    STR_INIT(
        "<g transform=\"translate(1 2) rotate(45)\" opacity=\".5\"><circle cx=\"1\" cy=\"2\" r=\"3\"/></g>"),
    STR_INIT(
        "<defs><linearGradient id=\"g\" x1=\"0\" x2=\"1\" gradientUnits=\"userSpaceOnUse\"><stop offset=\"0\" stop-color=\"red\"/><stop offset=\"100%\" stop-color=\"rgb(0, 0, 255)\" stop-opacity=\".5\"/></linearGradient></defs><rect fill=\"url(#g)\"/>"),
    STR_INIT("<radialGradient id=\"r\" href=\"#g\" fx=\"5\" gradientTransform=\"scale(2)\"/>"),
    STR_INIT(
        "<clipPath id=\"c\" clipPathUnits=\"objectBoundingBox\"><rect width=\"1\" height=\"1\"/></clipPath><g clip-path=\"url(#c)\"/>"),
    STR_INIT(
        "<mask id=\"m\" style=\"mask-type:alpha\"><rect fill=\"#fff\"/></mask><rect mask=\"url(#m)\"/>"),
    STR_INIT(
        "<symbol id=\"s\" viewBox=\"0 0 1 1\"><rect/></symbol><use href=\"#s\" x=\"1\"/><use href=\"#s\"/>"),
    STR_INIT(
        "<pattern id=\"p\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\"><circle r=\"1\"/></pattern><rect fill=\"url(#p) red\"/>"),
    STR_INIT(
        "<marker id=\"k\" orient=\"auto\" markerWidth=\"4\"><path d=\"M0 0\"/></marker><line marker-end=\"url(#k)\" x1=\"1\"/>"),
    STR_INIT(
        "<filter id=\"f\" x=\"-10%\"><feGaussianBlur in=\"SourceAlpha\" stdDeviation=\"2\" result=\"b\"/><feOffset dx=\"1\"/><feMerge><feMergeNode in=\"b\"/><feMergeNode in=\"SourceGraphic\"/></feMerge></filter><g filter=\"url(#f)\"/>"),
    STR_INIT(
        "<text x=\"1\" font-family=\"'Source Serif', serif\" text-anchor=\"middle\" xml:space=\"preserve\">A <tspan font-weight=\"bold\">b</tspan> c &amp; d \xC3\xA9</text>"),
    STR_INIT(
        "<path id=\"t\" d=\"M0 0\"/><text><textPath href=\"#t\" startOffset=\"50%\">round</textPath></text>"),
    STR_INIT(
        "<style>.a{fill:#abc;stroke:url(#g)}.b,.c{opacity:.5}@media (prefers-color-scheme: dark){.a{fill:#fff}}</style><g class=\"a b\"/>"),
    STR_INIT(
        "<style>text{font:italic 12px \"Times New Roman\",serif}g &gt; rect{fill:red!important}</style>"),
    STR_INIT("<rect style=\"fill:red;stroke:none;font-size:12px\"/>"),
    STR_INIT("<switch><g systemLanguage=\"de\"/><g/></switch>"),
    STR_INIT("<image href=\"data:image/png;base64," PNG
             "\" width=\"1\" height=\"1\" preserveAspectRatio=\"none\"/>"),
    STR_INIT("<title>A map</title><desc>of the harbour</desc>"),
    STR_INIT("<polygon points=\"0,0 1,1 2,0\" vector-effect=\"non-scaling-stroke\"/>"),
    STR_INIT(
        "<rect filter=\"drop-shadow(0 1px 2px rgba(0,0,0,.5)) blur(2px)\" paint-order=\"stroke\"/>"),
    STR_INIT("<svg viewBox=\"0 0 10 10\" x=\"1\" overflow=\"visible\"><ellipse rx=\"1\"/></svg>"),
    STR_INIT(
        "<g fill=\"none\" stroke=\"currentColor\" stroke-linecap=\"round\" stroke-dasharray=\"1 2\"/>"),
};

static void test_benign(void)
{
    for (size_t i = 0; i < ARRAY_LEN(benign); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        EXPECT_STR(unwrapped(clean(arena, wrapped(arena, benign[i]), ST_OK)), benign[i]);
    }
}

static void test_odd_but_benign(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    /* prefixes, a DOCTYPE of old, xlink, a root without a namespace, other encodings */
    EXPECT_STR(
        clean(
            arena,
            S("<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\"><s:svg xmlns:s=\"http://www.w3.org/2000/svg\"><s:g/></s:svg>"),
            ST_OK),
        S("<svg " NS "><g/></svg>"));
    EXPECT_STR(clean(arena, S("<svg><g/></svg>"), ST_OK), S("<svg " NS "><g/></svg>"));
    EXPECT_STR(clean(arena, S("<svg " NSX "><use xlink:href=\" #a \"/></svg>"), ST_OK),
               S("<svg " NSX "><use xlink:href=\"#a\"/></svg>"));
    EXPECT_STR(clean(arena,
                     S("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><svg " NS
                       "><text>\xE9</text></svg>"),
                     ST_OK),
               S("<svg " NS "><text>\xC3\xA9</text></svg>"));
    EXPECT_STR(clean(arena, S("\xEF\xBB\xBF<svg " NS " onload=\"alert(1)\"/>"), ST_OK),
               S("<svg " NS "/>"));
    EXPECT_STR(clean(arena,
                     S("<svg " NS "><style>/* c */ .a { fill : red ; } <!-- --></style></svg>"),
                     ST_OK),
               S("<svg " NS "><style>.a{fill:red}</style></svg>"));
    EXPECT_STR(
        clean(arena, S("<svg " NS "><style>g rect{fill:url(#g);stroke:red}</style></svg>"), ST_OK),
        S("<svg " NS "><style>g rect{stroke:red}</style></svg>")); /* who is named cannot be told */
}

/* ---- limits ---- */

/* In `line`, $ is the number of the level and @ that of the one below. */
static str levels_of_use(struct arena *arena, const char *line, int levels)
{
    struct buf b;
    str text;
    buf_init(&b, arena, SVG_BYTES_MAX);
    buf_add(&b, S("<svg " NS ">"));
    for (int i = 1; i <= levels; i++) {
        for (const char *c = line; *c != '\0'; c++) {
            if (*c == '$' || *c == '@')
                buf_add_int(&b, *c == '$' ? i : i - 1);
            else
                buf_add_char(&b, *c);
        }
    }
    buf_addf(&b, "<g id=\"l0\"><rect/></g><use href=\"#l%d\"/></svg>", levels);
    EXPECT(buf_finish(&b, &text, NULL) == ST_OK);
    return text;
}

static str repeated(struct arena *arena, const char *piece, size_t times, const char *end_piece)
{
    struct buf b;
    str text;
    buf_init(&b, arena, 4 * SVG_BYTES_MAX);
    buf_add(&b, S("<svg " NS ">"));
    for (size_t i = 0; i < times; i++)
        buf_add(&b, str_from_c(piece));
    for (size_t i = 0; i < times; i++)
        buf_add(&b, str_from_c(end_piece));
    buf_add(&b, S("</svg>"));
    EXPECT(buf_finish(&b, &text, NULL) == ST_OK);
    return text;
}

static void test_limits(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    const char *uses = "<g id=\"l$\"><use href=\"#l@\"/><use href=\"#l@\"/><use href=\"#l@\"/>"
                       "<use href=\"#l@\"/><use href=\"#l@\"/><use href=\"#l@\"/>"
                       "<use href=\"#l@\"/><use href=\"#l@\"/></g>";
    const char *inherited =
        "<pattern id=\"l$\"><g fill=\"url(#l@)\"><rect/><rect/><rect/><rect/><rect/>"
        "<rect/><rect/><rect/><rect/></g></pattern>";
    const char *markers =
        "<marker id=\"l$\"><path marker-mid=\"url(#l@)\" d=\"M0 0 1 1 1 1 1 1 1 1 1 1 1 1 "
        "1 1 1 1\"/></marker>";
    (void)clean(arena, levels_of_use(arena, uses, 4), ST_OK);
    (void)clean(arena, levels_of_use(arena, uses, 9), ST_TOO_BIG);
    (void)clean(arena, levels_of_use(arena, inherited, 3), ST_OK);
    (void)clean(arena, levels_of_use(arena, inherited, 9), ST_TOO_BIG);
    (void)clean(arena, levels_of_use(arena, markers, 9), ST_TOO_BIG);
    (void)clean(arena, repeated(arena, "<g>", SVG_DEPTH_MAX - 1, "</g>"), ST_OK);
    (void)clean(arena, repeated(arena, "<g>", SVG_DEPTH_MAX, "</g>"), ST_TOO_BIG);
    (void)clean(arena, repeated(arena, "<x>", 10000, "</x>"), ST_TOO_BIG);
    (void)clean(arena, repeated(arena, "<g/>", SVG_ELEMENTS_MAX - 1, ""), ST_OK);
    (void)clean(arena, repeated(arena, "<g/>", SVG_ELEMENTS_MAX, ""), ST_TOO_BIG);
    (void)clean(arena, repeated(arena, "                ", SVG_BYTES_MAX / 16, ""), ST_TOO_BIG);
}

/* ---- size ---- */

static const struct {
    str root;
    int64_t width, height;
} sizes[] = {
    {STR_INIT("width=\"100\" height=\"50\""), 100, 50},
    {STR_INIT("width=\"100px\" height=\"50.6\""), 100, 51},
    {STR_INIT("width=\"1in\" height=\"25.4mm\""), 96, 96},
    {STR_INIT("width=\"72pt\" height=\"6pc\""), 96, 96},
    {STR_INIT("viewBox=\"0 0 300 200\""), 300, 200},
    {STR_INIT("viewBox=\"-10,-10 300,200\" width=\"100%\" height=\"100%\""), 300, 200},
    {STR_INIT("viewBox=\"0 0 300 200\" width=\"600\""), 600, 400},
    {STR_INIT("viewBox=\"0 0 300 200\" height=\"20\""), 30, 20},
    {STR_INIT("width=\"1e2\" height=\"2em\""), 100, 32},
    {STR_INIT("width=\"100\""), 0, 0},
    {STR_INIT("viewBox=\"0 0 0 0\""), 0, 0},
    {STR_INIT("width=\"-5\" height=\"NaN\""), 0, 0},
    {STR_INIT("width=\"1e300\" height=\"1e300\""), 0, 0},
    {STR_INIT(""), 0, 0},
};

static void test_sizes(void)
{
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct error err = ERROR_INIT;
        struct svg_look look = {-1, -1, STR_NONE};
        str out, in = str_format(arena, "<svg " NS " %.*s><title> A\tmap </title></svg>",
                                 STR_ARG(sizes[i].root));
        EXPECT_ST(svg_clean(arena, in, &out, &look, &err), ST_OK, &err);
        EXPECT_INT(look.width, sizes[i].width);
        EXPECT_INT(look.height, sizes[i].height);
        EXPECT_STR(look.title, S("A map"));
    }
}

/* The sample paper's own drawings come through whole. */
static void test_demo(void)
{
    DIR *dir = opendir(DEMO_PICTURES);
    CHECK(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct error err = ERROR_INIT;
        str in, name = str_from_c(entry->d_name);
        if (!str_ends(name, S(".svg")))
            continue;
        EXPECT_ST(
            file_read(arena, file_join(arena, S(DEMO_PICTURES), name), SVG_BYTES_MAX, &in, &err),
            ST_OK, &err);
        str out = clean(arena, in, ST_OK);
        EXPECT(out.len * 10 > in.len * 8);
    }
    (void)closedir(dir);
}

int main(void)
{
    test_attacks();
    test_refused();
    test_benign();
    test_odd_but_benign();
    test_limits();
    test_sizes();
    test_demo();
    return test_done();
}
