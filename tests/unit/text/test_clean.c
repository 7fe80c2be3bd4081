/* SPDX-License-Identifier: MIT
 *
 * The cases in tests/golden/text/clean: what the sanitizer makes of an input, as text anyone can add to.
 *
 *     === what it shows
 *     --- story            or: keep, drop (of foreign media), reply, inline. The site is site.test.
 *     <input>
 *     --- expect
 *     <output>
 *
 * An input and an output end at the newline before the next line that begins with "--- " or "=== "; between
 * two cases stands an empty line. Then tests/golden/text/attacks.txt: inputs of which nothing may be left
 * that runs, asks another host or takes over the page. Then limits and the report. */
#include "text/sanitize.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "tests/check.h"
#include "text/html.h"
#include "text/url.h"

#include <dirent.h>

/* ---- golden cases ---- */

static struct clean_profile profile_named(str name)
{
    struct clean_profile profile = {.site = S("https://site.test")};
    if (str_eq(name, S("reply")))
        profile.kind = CLEAN_REPLY;
    if (str_eq(name, S("inline")))
        profile.kind = CLEAN_INLINE;
    if (str_eq(name, S("keep")))
        profile.foreign_media = CLEAN_FOREIGN_KEEP;
    if (str_eq(name, S("drop")))
        profile.foreign_media = CLEAN_FOREIGN_DROP;
    return profile;
}

/* Takes what stands before "\n" + mark off the front, and the mark; all of it when there is none. */
static str take_until(struct arena *arena, str *rest, str mark)
{
    str all = *rest;
    size_t at = str_find(all, str_join2(arena, S("\n"), mark));
    if (at == STR_NPOS) {
        *rest = STR_NONE;
        return str_ends(all, S("\n")) ? str_sub(all, 0, all.len - 1) : all;
    }
    *rest = str_from(all, at + 1 + mark.len);
    return str_sub(all, 0, at);
}

static void check_case(struct arena *arena, str name, str profile_name, str input, str want)
{
    struct clean_profile profile = profile_named(profile_name);
    struct error err = ERROR_INIT;
    html once, twice;

    EXPECT_ST(html_clean(arena, input, &profile, &once, NULL, &err), ST_OK, &err);
    if (!str_eq(once.raw, want))
        printf("case \"%.*s\":\n", STR_ARG(name));
    EXPECT_STR(once.raw, want);
    EXPECT_ST(html_clean(arena, once.raw, &profile, &twice, NULL, &err), ST_OK, &err);
    EXPECT_STR(twice.raw, once.raw);
}

static void check_file(struct arena *arena, str text)
{
    EXPECT(str_starts(text, S("=== ")));
    text = str_from(text, 4);
    while (text.len > 0) {
        str name = str_cut(&text, '\n');
        EXPECT(str_starts(text, S("--- ")));
        text = str_from(text, 4);
        str profile = str_cut(&text, '\n');
        str input = take_until(arena, &text, S("--- expect\n"));
        str want = take_until(arena, &text, S("\n=== "));
        check_case(arena, name, profile, input, want);
    }
}

static void check_golden(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct dirent **entries;
    struct error err = ERROR_INIT;
    str folder = S(GOLDEN_FOLDER "/clean"), text;
    int files = 0;

    int count = scandir(str_copy_c(arena, folder), &entries, NULL, alphasort);
    EXPECT(count > 0);
    for (int i = 0; i < count; i++) {
        str name = str_from_c(entries[i]->d_name);
        if (str_ends(name, S(".case"))) {
            str path = file_join(arena, folder, name);
            EXPECT_ST(file_read(arena, path, 1 << 20, &text, &err), ST_OK, &err);
            check_file(arena, text);
            files++;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    EXPECT(files >= 6);
}

/* ---- attacks ---- */

static bool is_allowed_element(str name)
{
    static const str names[] = {
        STR_INIT("a"),       STR_INIT("abbr"),  STR_INIT("audio"),      STR_INIT("b"),
        STR_INIT("br"),      STR_INIT("col"),   STR_INIT("colgroup"),   STR_INIT("caption"),
        STR_INIT("dd"),      STR_INIT("dl"),    STR_INIT("dt"),         STR_INIT("details"),
        STR_INIT("summary"), STR_INIT("div"),   STR_INIT("em"),         STR_INIT("figure"),
        STR_INIT("h1"),      STR_INIT("h2"),    STR_INIT("h3"),         STR_INIT("hr"),
        STR_INIT("i"),       STR_INIT("img"),   STR_INIT("li"),         STR_INIT("ol"),
        STR_INIT("p"),       STR_INIT("pre"),   STR_INIT("rp"),         STR_INIT("rt"),
        STR_INIT("ruby"),    STR_INIT("s"),     STR_INIT("source"),     STR_INIT("span"),
        STR_INIT("strong"),  STR_INIT("table"), STR_INIT("tbody"),      STR_INIT("td"),
        STR_INIT("th"),      STR_INIT("tr"),    STR_INIT("track"),      STR_INIT("u"),
        STR_INIT("ul"),      STR_INIT("video"), STR_INIT("blockquote"), STR_INIT("code"),
        STR_INIT("q"),       STR_INIT("small"), STR_INIT("figcaption"),
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(names[i], name))
            return true;
    }
    return false;
}

static bool is_loaded(str element, str attr)
{
    return str_eq(attr, S("src")) || str_eq(attr, S("poster")) || str_eq(attr, S("srcset")) ||
           (str_eq(attr, S("href")) && !str_eq(element, S("a")));
}

static bool attr_is_harmless(str element, str name, str value)
{
    if (str_starts(name, S("on")) || str_starts(name, S("form")) || str_eq(name, S("name")) ||
        str_eq(name, S("target")) || str_starts(name, S("data-p")) ||
        str_starts(name, S("data-m")) || str_starts(name, S("data-g")))
        return false;
    if (is_loaded(element, name))
        return url_kind(value) == URL_RELATIVE || url_same_site(value, S("https://site.test"));
    if (str_eq(name, S("href")) || str_eq(name, S("data-embed-src"))) {
        enum url_kind kind = url_kind(value);
        return kind != URL_OTHER && kind != URL_NO_SCHEME;
    }
    if (str_eq(name, S("style")))
        return str_find_char(value, '(') == STR_NPOS && str_find(value, S("position")) == STR_NPOS;
    if (str_eq(name, S("id")))
        return str_find_char(value, '-') != STR_NPOS;
    return true;
}

static void check_attack(struct arena *arena, str attack, const struct clean_profile *profile)
{
    struct error err = ERROR_INIT;
    struct html_tree *tree;
    html once, twice;
    bool harmless = true;

    EXPECT_ST(html_clean(arena, attack, profile, &once, NULL, &err), ST_OK, &err);
    EXPECT_ST(html_clean(arena, once.raw, profile, &twice, NULL, &err), ST_OK, &err);
    EXPECT_STR(twice.raw, once.raw);
    EXPECT_ST(html_parse(arena, once.raw, HTML_STORY_MAX, &tree, &err), ST_OK, &err);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        if (walk.event != HTML_OPEN)
            continue;
        harmless = harmless && is_allowed_element(walk.name);
        for (size_t i = 0; i < html_walk_attr_count(&walk); i++) {
            str name, value;
            html_walk_attr_at(&walk, i, &name, &value);
            harmless = harmless && attr_is_harmless(walk.name, name, value);
        }
    }
    if (!harmless)
        printf("attack %.*s\n    gave %.*s\n", STR_ARG(attack), STR_ARG(once.raw));
    EXPECT(harmless);
}

static void check_attacks(void)
{
    static const struct clean_profile profiles[] = {
        {.kind = CLEAN_STORY, .site = STR_INIT("https://site.test")},
        {.kind = CLEAN_STORY, .foreign_media = CLEAN_FOREIGN_DROP},
        {.kind = CLEAN_REPLY},
        {.kind = CLEAN_INLINE},
    };
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    str text;
    int attacks = 0;

    EXPECT_ST(file_read(arena, S(GOLDEN_FOLDER "/attacks.txt"), 1 << 20, &text, &err), ST_OK, &err);
    (void)take_until(arena, &text, S("%% "));
    while (text.len > 0) {
        (void)str_cut(&text, '\n'); /* its class */
        str attack = take_until(arena, &text, S("%% "));
        for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
            check_attack(arena, attack, &profiles[i]);
        attacks++;
    }
    EXPECT(attacks >= 250);
}

/* ---- limits and the report ---- */

static str repeated(struct arena *arena, str piece, size_t count)
{
    struct buf b;
    buf_init(&b, arena, size_mul(piece.len, count));
    for (size_t i = 0; i < count; i++)
        buf_add(&b, piece);
    return buf_view(&b);
}

static void check_limits(void)
{
    static const struct {
        str piece;
        size_t count;
        enum clean_kind kind;
        enum status status;
    } cases[] = {
        {STR_INIT("<div>"), 10000, CLEAN_STORY, ST_TOO_BIG},
        {STR_INIT("<b>"), 600, CLEAN_STORY, ST_TOO_BIG},
        {STR_INIT("<p>x"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("<li>x"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("<div>x</div>"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("<div><p>x</div>"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("<br>"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("<svg><path/>"), 20000, CLEAN_STORY, ST_TOO_BIG},
        {STR_INIT("<svg><path/></svg>"), 20000, CLEAN_STORY, ST_OK},
        {STR_INIT("x"), 4 * 1024 * 1024, CLEAN_STORY, ST_OK},
        {STR_INIT("x"), 4 * 1024 * 1024 + 1, CLEAN_STORY, ST_TOO_BIG},
        {STR_INIT("x"), 64 * 1024 + 1, CLEAN_REPLY, ST_TOO_BIG},
        {STR_INIT("&"), 64 * 1024, CLEAN_REPLY, ST_TOO_BIG}, /* what comes out would be longer */
        {STR_INIT("<ul><li>x</ul>"), 200, CLEAN_STORY, ST_OK},
        {STR_INIT("<table><tr><td>x</table>"), 100, CLEAN_STORY, ST_OK},
        {STR_INIT("<button><dl><button></button><dd></dl></button>"), 20000, CLEAN_STORY,
         ST_TOO_BIG},
        {STR_INIT("<div><span></div></span><li></div>"), 20000, CLEAN_STORY, ST_TOO_BIG},
        {STR_INIT("<select><xmp></select><div>"), 20000, CLEAN_STORY,
         ST_OK}, /* all of it raw text */
    };
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        html out;
        str input = repeated(arena, cases[i].piece, cases[i].count);
        struct clean_profile profile = {.kind = cases[i].kind};
        enum status st = html_clean(arena, input, &profile, &out, NULL, &err);
        if (st != cases[i].status)
            printf("%zu times %.*s: %s %s\n", cases[i].count, STR_ARG(cases[i].piece),
                   status_name(st), err.text);
        EXPECT_INT(st, cases[i].status);
        arena_reset(arena);
    }
}

static void check_many_attributes(void)
{
    static const struct {
        str begin, end;
    } cases[] = {
        {STR_INIT("<p"), STR_INIT(">x")},
        {STR_INIT("</p"), STR_INIT(">x")}, /* the parser reads those of an end tag too */
        {STR_INIT("<p"), STR_INIT("")},
        {STR_INIT("<svg"), STR_INIT(">x")},
    };
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        struct buf b;
        html out;
        buf_init(&b, arena, 1 << 20);
        buf_add(&b, cases[i].begin);
        for (int j = 0; j < 300; j++)
            buf_addf(&b, " a%d=1", j);
        buf_add(&b, cases[i].end);
        EXPECT_ST(html_clean(arena, buf_view(&b), &(struct clean_profile){.kind = CLEAN_STORY},
                             &out, NULL, &err),
                  ST_TOO_BIG, &err);
        EXPECT(str_contains(str_from_c(err.text), S("attributes")));
    }
}

/* Regions whose ends do not come out even were once looked for from each beginning anew: 150 KB took 3 s. */
static void check_uneven_regions(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    html out;

    time_us begin = clock_monotonic();
    EXPECT_ST(html_clean(arena, repeated(arena, S("<svg></svg><svg id=a>"), 7000),
                         &(struct clean_profile){.kind = CLEAN_STORY}, &out, NULL, &err),
              ST_OK, &err);
    EXPECT(clock_monotonic() - begin < TIME_SECOND);
}

static void check_report(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct clean_report report;
    struct error err = ERROR_INIT;
    html out;

    EXPECT_ST(html_clean(arena,
                         S("<script>1</script><script>2</script><x-y>z</x-y><p onclick=1 class=q>"
                           "<a href=javascript:1>a</a><img src=//h.test/i.png>"
                           "<iframe src=https://www.youtube.com/embed/x></iframe>"),
                         &(struct clean_profile){.kind = CLEAN_STORY}, &out, &report, &err),
              ST_OK, &err);
    EXPECT_INT(report.dropped_count, 5); /* script, x-y, a, img, iframe */
    EXPECT_STR(report.dropped[0].name, S("script"));
    EXPECT_INT(report.dropped[0].count, 2);
    EXPECT_STR(report.dropped[1].name, S("x-y"));
    EXPECT_INT(report.attrs, 3); /* onclick, class, href */
    EXPECT_INT(report.urls, 1);
    EXPECT_INT(report.foreign_media, 1);
    EXPECT_INT(report.embeds, 1);
}

/* ---- replies that need no parser ---- */

/* A reply of plain paragraphs is not parsed. A comment before it, which leaves no trace, has it
 * parsed after all: both must give the same. */
static void check_plain_replies(void)
{
    static const char *const parts[] = {"<p>",
                                        "<p>",
                                        "</p>",
                                        "</p>\n",
                                        "<br>",
                                        "<br>\n",
                                        " ",
                                        "\n",
                                        "\t",
                                        "word",
                                        "\"a\" 'b'",
                                        "\r",
                                        "\f",
                                        "\x7f",
                                        "&amp;",
                                        ">",
                                        "<b>x</b>",
                                        "caf\xc3\xa9",
                                        "\xc2\xa0",
                                        "\xc2\x85",
                                        "\xe2\x80\x99",
                                        "\xe2\x80\xae",
                                        "\xe2\x81\xa6",
                                        "\xe2\x80\xa8",
                                        "\xef\xbb\xbf",
                                        "\xef\xbf\xbe",
                                        "\xe6\xb0\xb4",
                                        "\xf0\x9f\x8c\x8d",
                                        "\xf0\x9f\xbf\xbe",
                                        "\xff",
                                        "<P>",
                                        "</br>",
                                        "<p >",
                                        "\xe2\x80\xa6"};
    enum { COUNT = sizeof(parts) / sizeof(parts[0]), ROUNDS = 20000, PARTS_MAX = 12, COMMON = 12 };
    const struct clean_profile profile = {.kind = CLEAN_REPLY};
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    uint32_t seed = 1;

    for (int round = 0; round < ROUNDS; round++) {
        struct buf b;
        struct error err = ERROR_INIT;
        html fast, slow;
        buf_init(&b, arena, 1000);
        /* Half of them well-formed to begin with, and most parts of the plain sort. */
        if (round % 2 == 0)
            buf_add(&b, S("<p>"));
        for (uint32_t i = 0; i < 1 + (uint32_t)round % PARTS_MAX; i++) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t among = (seed >> 28) < 14 ? COMMON : COUNT;
            buf_add(&b, str_from_c(parts[(seed >> 8) % among]));
        }
        if (round % 2 == 0)
            buf_add(&b, S("</p>"));
        str input = buf_view(&b);
        str parsed = str_join2(arena, S("<!--x-->"), input);
        EXPECT_ST(html_clean(arena, input, &profile, &fast, NULL, &err), ST_OK, &err);
        EXPECT_ST(html_clean(arena, parsed, &profile, &slow, NULL, &err), ST_OK, &err);
        EXPECT_STR(fast.raw, slow.raw);
        arena_reset(arena);
    }
}

int main(void)
{
    check_golden();
    check_plain_replies();
    check_attacks();
    check_limits();
    check_many_attributes();
    check_uneven_regions();
    check_report();
    return test_done();
}
