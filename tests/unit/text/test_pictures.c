/* SPDX-License-Identifier: MIT */
#include "text/pictures.h"

#include "base/arena.h"
#include "tests/check.h"
#include "text/html.h"
#include "text/sanitize.h"

#define SITE "https://news.example"

/* ---- addresses ---- */

static const struct {
    str address, path; /* empty: none of ours */
} addresses[] = {
    {STR_INIT("/content/images/2024/05/a.jpg"), STR_INIT("2024/05/a.jpg")},
    {STR_INIT("/content/images/size/w600/2024/05/a.jpg"), STR_INIT("2024/05/a.jpg")},
    {STR_INIT("/content/images/size/w600h400/format/webp/2024/05/a.jpg"),
     STR_INIT("2024/05/a.jpg")},
    {STR_INIT("/content/media/2024/05/a.mp4"), STR_INIT("2024/05/a.mp4")},
    {STR_INIT("/content/files/2024/05/a.pdf#page=2"), STR_INIT("2024/05/a.pdf")},
    {STR_INIT("/content/images/a%20b.jpg?v=1"), STR_INIT("a b.jpg")},
    {STR_INIT(SITE "/content/images/a.jpg"), STR_INIT("a.jpg")},
    {STR_INIT("http://www.news.example/content/images/a.jpg"), STR_INIT("a.jpg")},
    {STR_INIT("//news.example/content/images/a.jpg"), STR_INIT("a.jpg")},
    {STR_INIT("__GHOST_URL__/content/images/a.jpg"), STR_INIT("a.jpg")},
    {STR_INIT("https://other.example/content/images/a.jpg"), STR_INIT("")},
    {STR_INIT("//other.example/content/images/a.jpg"), STR_INIT("")},
    {STR_INIT("https://news.example.evil/content/images/a.jpg"), STR_INIT("")},
    {STR_INIT("content/images/a.jpg"), STR_INIT("")},
    {STR_INIT("/content/images/"), STR_INIT("")},
    {STR_INIT("/content/images/../secret"), STR_INIT("")},
    {STR_INIT("/content/images/%2e%2e/secret"), STR_INIT("")},
    {STR_INIT("/content/images/.original/ab/cd"), STR_INIT("")},
    {STR_INIT("/content/images/a//b.jpg"), STR_INIT("")},
    {STR_INIT("/content/images/size/w600"), STR_INIT("size/w600")},
    {STR_INIT("/assets/a.jpg"), STR_INIT("")},
    {STR_INIT(""), STR_INIT("")},
};

static void each_address(struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        str path = STR_NONE;
        bool ours = picture_path(arena, addresses[i].address, S(SITE), &path);
        EXPECT(ours == (addresses[i].path.len > 0));
        EXPECT_STR(ours ? path : STR_NONE, addresses[i].path);
    }
    str path;
    EXPECT(!picture_path(arena, S(SITE "/content/images/a.jpg"), STR_NONE, &path));
}

/* ---- writing ---- */

static int lookups;

/* a.jpg is wide, small.jpg narrow, tiny.png unmeasured, wheel.gif moves, old.jpg became new.jpg. */
static enum status look(void *ctx, struct arena *arena, const str *paths, size_t count,
                        struct picture *ret, struct error *err)
{
    (void)ctx, (void)arena, (void)err;
    lookups++;
    for (size_t i = 0; i < count; i++) {
        if (str_eq(paths[i], S("2024/05/a.jpg")) || str_eq(paths[i], S("2024/05/b.jpg")))
            ret[i] = (struct picture){.known = true, .width = 1800, .height = 1200};
        else if (str_eq(paths[i], S("huge.jpg")))
            ret[i] = (struct picture){.known = true, .width = 4800, .height = 2400};
        else if (str_eq(paths[i], S("small.jpg")))
            ret[i] = (struct picture){.known = true, .width = 400, .height = 300};
        else if (str_eq(paths[i], S("2025/new one.jpg")))
            ret[i] = (struct picture){.known = true, .width = 1000, .height = 500};
        else if (str_eq(paths[i], S("tiny.png")))
            ret[i] = (struct picture){.known = true};
        else if (str_eq(paths[i], S("wheel.gif")))
            ret[i] = (struct picture){.known = true, .width = 900, .height = 600, .fixed = true};
        else if (str_eq(paths[i], S("old.jpg")))
            ret[i] = (struct picture){
                .known = true, .width = 1000, .height = 500, .moved_to = S("2025/new one.jpg")};
    }
    return ST_OK;
}
static const struct picture_lookup lookup = {.fn = look};

#define A       "/content/images/2024/05/a.jpg"
#define A_SIZED " width=\"1800\" height=\"1200\""
#define A_SRCSET                                                                                   \
    " srcset=\"/content/images/size/w600/2024/05/a.jpg 600w,"                                      \
    " /content/images/size/w1000/2024/05/a.jpg 1000w,"                                             \
    " /content/images/size/w1600/2024/05/a.jpg 1600w, " A " 1800w\""
#define COLUMN " sizes=\"(min-width: 720px) 720px, 100vw\""
#define LAZY   " loading=\"lazy\" decoding=\"async\""
#define FIRST  " decoding=\"async\" fetchpriority=\"high\""

static const struct {
    const char *what;
    str in, out; /* out empty: as it was */
} cases[] = {
    {"alone", STR_INIT("<p>x</p><img src=\"" A "\" alt=\"B &amp; C\"><p>y</p>"),
     STR_INIT("<p>x</p><img src=\"" A "\" alt=\"B &amp; C\"" A_SIZED A_SRCSET COLUMN LAZY
              " data-added=\"wszld\"><p>y</p>")},
    {"no picture", STR_INIT("<p>1 &lt; 2 <a href=\"/x/\">x</a></p>"), STR_INIT("")},
    {"foreign", STR_INIT("<img src=\"https://other.example/content/images/2024/05/a.jpg\">"),
     STR_INIT("")},
    {"without a record", STR_INIT("<img src=\"/content/images/none.jpg\">"), STR_INIT("")},
    {"not measured", STR_INIT("<img src=\"/content/images/tiny.png\">"),
     STR_INIT("<img src=\"/content/images/tiny.png\"" LAZY " data-added=\"ld\">")},
    {"narrow", STR_INIT("<img src=\"/content/images/small.jpg\">"),
     STR_INIT("<img src=\"/content/images/small.jpg\" width=\"400\" height=\"300\"" LAZY
              " data-added=\"wld\">")},
    {"moving", STR_INIT("<img src=\"/content/images/wheel.gif\">"),
     STR_INIT("<img src=\"/content/images/wheel.gif\" width=\"900\" height=\"600\"" LAZY
              " data-added=\"wld\">")},
    {"wider than all sizes", STR_INIT("<img src=\"/content/images/huge.jpg\">"),
     STR_INIT("<img src=\"/content/images/huge.jpg\" width=\"4800\" height=\"2400\""
              " srcset=\"/content/images/size/w600/huge.jpg 600w,"
              " /content/images/size/w1000/huge.jpg 1000w,"
              " /content/images/size/w1600/huge.jpg 1600w,"
              " /content/images/size/w2400/huge.jpg 2400w\"" COLUMN LAZY " data-added=\"wszld\">")},
    {"Ghost's card, whole",
     STR_INIT("<figure class=\"kg-card kg-image-card\"><img src=\"" A "\" class=\"kg-image\" "
              "alt=\"\" loading=\"lazy\" width=\"1800\" height=\"1200\" "
              "srcset=\"/content/images/size/w600/2024/05/a.jpg 600w, " A " 1800w\" "
              "sizes=\"(min-width: 720px) 720px\"></figure>"),
     STR_INIT("<figure class=\"kg-card kg-image-card\"><img src=\"" A "\" class=\"kg-image\" "
              "alt=\"\" loading=\"lazy\" width=\"1800\" height=\"1200\" "
              "srcset=\"/content/images/size/w600/2024/05/a.jpg 600w, " A " 1800w\" "
              "sizes=\"(min-width: 720px) 720px\" decoding=\"async\" data-added=\"d\"></figure>")},
    {"Ghost's card, wide",
     STR_INIT("<figure class=\"kg-card kg-image-card kg-width-wide\"><img src=\"" A "\"></figure>"),
     STR_INIT("<figure class=\"kg-card kg-image-card kg-width-wide\"><img src=\"" A
              "\"" A_SIZED A_SRCSET " sizes=\"(min-width: 1200px) 1200px, 100vw\"" LAZY
              " data-added=\"wszld\"></figure>")},
    {"Ghost's card, full",
     STR_INIT("<figure class=\"kg-card kg-width-full\"><img src=\"" A "\"></figure><p><img src=\"" A
              "\"></p>"),
     STR_INIT("<figure class=\"kg-card kg-width-full\"><img src=\"" A "\"" A_SIZED A_SRCSET
              " sizes=\"100vw\"" LAZY " data-added=\"wszld\"></figure><p><img src=\"" A
              "\"" A_SIZED A_SRCSET COLUMN LAZY " data-added=\"wszld\"></p>")},
    {"Ghost's gallery",
     STR_INIT(
         "<figure class=\"kg-card kg-gallery-card\"><div class=\"kg-gallery-container\">"
         "<div class=\"kg-gallery-row\"><div class=\"kg-gallery-image\"><img src=\"" A
         "\" width=\"900\" height=\"600\" loading=\"lazy\" alt=\"\"></div></div></div></figure>"),
     STR_INIT("<figure class=\"kg-card kg-gallery-card\"><div class=\"kg-gallery-container\">"
              "<div class=\"kg-gallery-row\"><div class=\"kg-gallery-image\"><img src=\"" A
              "\" width=\"900\" height=\"600\" loading=\"lazy\" alt=\"\"" A_SRCSET COLUMN
              " decoding=\"async\" data-added=\"szd\"></div></div></div></figure>")},
    {"WordPress, linked, an editor's width",
     STR_INIT(
         "<figure class=\"wp-block-image\"><a href=\"" A "\"><img src=\"" A
         "\" alt=\"\" width=\"300\" class=\"wp-image-7\"></a><figcaption>C</figcaption></figure>"),
     STR_INIT("<figure class=\"wp-block-image\"><a href=\"" A "\"><img src=\"" A
              "\" alt=\"\" width=\"300\" class=\"wp-image-7\"" A_SRCSET
              " sizes=\"(min-width: 300px) 300px, 100vw\"" LAZY
              " data-added=\"szld\"></a><figcaption>C</figcaption></figure>")},
    {"in <picture>",
     STR_INIT("<picture><source srcset=\"/content/images/x.webp\"><img src=\"" A "\"></picture>"),
     STR_INIT("<picture><source srcset=\"/content/images/x.webp\"><img src=\"" A "\"" A_SIZED LAZY
              " data-added=\"wld\"></picture>")},
    {"a rendition", STR_INIT("<img src=\"/content/images/size/w600/2024/05/a.jpg\">"),
     STR_INIT(
         "<img src=\"/content/images/size/w600/2024/05/a.jpg\" width=\"600\" height=\"400\"" LAZY
         " data-added=\"wld\">")},
    {"at the site's own address", STR_INIT("<img src=\"" SITE "/content/images/small.jpg\">"),
     STR_INIT("<img src=\"" SITE "/content/images/small.jpg\" width=\"400\" height=\"300\"" LAZY
              " data-added=\"wld\">")},
    {"an editor's own choice",
     STR_INIT("<img src=\"" A "\" loading=\"eager\" decoding=\"sync\" "
              "srcset=\"" A " 2x\" height=\"9\">"),
     STR_INIT("")},
    {"moved: src, srcset, link",
     STR_INIT("<a href=\"/content/images/old.jpg\"><img src=\"/content/images/old.jpg\" "
              "srcset=\"/content/images/size/w600/old.jpg 600w, /content/images/old.jpg 1000w\" "
              "sizes=\"9px\" width=\"3\"></a>"),
     STR_INIT("<a href=\"/content/images/2025/new%20one.jpg\"><img "
              "src=\"/content/images/2025/new%20one.jpg\" "
              "srcset=\"/content/images/size/w600/2025/new%20one.jpg 600w, "
              "/content/images/2025/new%20one.jpg 1000w\" sizes=\"9px\" width=\"3\"" LAZY
              " data-added=\"ld\"></a>")},
    {"comments and text",
     STR_INIT("<!--kg <img src=\"" A "\"> --><p>&lt;img src=\"" A "\"&gt;</p>"), STR_INIT("")},
    {"cut off", STR_INIT("<p>x</p><img src=\"" A), STR_INIT("")},
};

static void each_case(struct arena *arena)
{
    const struct pictures_options options = {.site = S(SITE), .feature_image = true};
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        str want = cases[i].out.len > 0 ? cases[i].out : cases[i].in;
        html once, twice;
        EXPECT_ST(pictures_write(arena, (html){cases[i].in}, &options, &lookup, &once, &err), ST_OK,
                  &err);
        EXPECT_STR(once.raw, want);
        EXPECT_ST(pictures_write(arena, once, &options, &lookup, &twice, &err), ST_OK, &err);
        EXPECT_STR(twice.raw, want);
        EXPECT(once.raw.ptr == cases[i].in.ptr || cases[i].out.len > 0); /* not even copied */
        if (!str_starts(str_from_c(cases[i].what), S("moved")))
            EXPECT_STR(pictures_strip(arena, once).raw, cases[i].in);
    }
}

/* What is written passes the sanitizer as it is, so that an editor may send it back. */
static void through_the_sanitizer(struct arena *arena)
{
    const struct pictures_options options = {.site = S(SITE)};
    html once, again;
    str in = S("<p><img src=\"" A "\" alt=\"\"></p><p><img src=\"" A "\" alt=\"\"></p>");
    EXPECT(pictures_write(arena, (html){in}, &options, &lookup, &once, NULL) == ST_OK);
    EXPECT_STR(once.raw,
               S("<p><img src=\"" A "\" alt=\"\"" A_SIZED A_SRCSET COLUMN FIRST
                 " data-added=\"wszdp\"></p><p><img src=\"" A
                 "\" alt=\"\"" A_SIZED A_SRCSET COLUMN LAZY " data-added=\"wszld\"></p>"));
    EXPECT(html_clean(arena, once.raw,
                      &(struct clean_profile){.kind = CLEAN_STORY, .site = S(SITE)}, &again, NULL,
                      NULL) == ST_OK);
    EXPECT_STR(again.raw, once.raw);
    EXPECT_STR(pictures_strip(arena, again).raw, in);
}

/* Nobody can have us take off what is not ours to take. */
static void only_what_was_added(struct arena *arena)
{
    html in = {S("<img src=\"/x.jpg\" alt=\"a\" class=\"b\" data-added=\"srcaltclass\">")};
    EXPECT_STR(pictures_strip(arena, in).raw, S("<img src=\"/x.jpg\" alt=\"a\" class=\"b\">"));
}

static void asked_once(struct arena *arena)
{
    const struct pictures_options options = {.site = S(SITE)};
    html out;
    lookups = 0;
    EXPECT(pictures_write(arena, HTML_LIT("<p>no picture</p>"), &options, &lookup, &out, NULL) ==
           ST_OK);
    EXPECT_INT(lookups, 0);
    EXPECT(pictures_write(arena,
                          HTML_LIT("<img src=\"" A "\"><img src=\"" A "\"><img "
                                   "src=\"/content/images/2024/05/b.jpg\">"),
                          &options, &lookup, &out, NULL) == ST_OK);
    EXPECT_INT(lookups, 1);
    /* Without a lookup nothing is known. */
    EXPECT(pictures_write(arena, HTML_LIT("<img src=\"" A "\">"), &options, NULL, &out, NULL) ==
           ST_OK);
    EXPECT_STR(out.raw, S("<img src=\"" A "\">"));
}

/* A picture that changed its size gets the new one, a record that went takes all with it. */
static void changed(struct arena *arena)
{
    const struct pictures_options options = {.site = S(SITE), .feature_image = true};
    html out;
    html in = {S("<img src=\"/content/images/small.jpg\" width=\"999\" height=\"9\" "
                 "loading=\"lazy\" data-added=\"wl\"><img src=\"/content/images/gone.jpg\" "
                 "width=\"999\" height=\"9\" loading=\"lazy\" data-added=\"wl\">")};
    EXPECT(pictures_write(arena, in, &options, &lookup, &out, NULL) == ST_OK);
    EXPECT_STR(out.raw, S("<img src=\"/content/images/small.jpg\" width=\"400\" height=\"300\"" LAZY
                          " data-added=\"wld\"><img src=\"/content/images/gone.jpg\">"));
}

/* ---- gathering and following ---- */

static void gathered(struct arena *arena)
{
    struct picture_paths paths = {0};
    pictures_paths(
        arena,
        HTML_LIT("<a href=\"/content/files/x.pdf\"><img src=\"/content/images/a.jpg\" "
                 "srcset=\"/content/images/size/w600/a.jpg 600w, "
                 "/content/images/c.jpg 2x\"></a><video poster=\"/content/images/p.jpg\" "
                 "src=\"/content/media/v.mp4\"></video>"
                 "<img src=\"https://o.example/content/images/f.jpg\" "
                 "alt=\"/content/images/alt.jpg\">"),
        S(SITE), &paths);
    static const str want[] = {STR_INIT("x.pdf"), STR_INIT("a.jpg"), STR_INIT("c.jpg"),
                               STR_INIT("p.jpg"), STR_INIT("v.mp4")};
    EXPECT_INT(paths.count, ARRAY_LEN(want));
    for (size_t i = 0; i < paths.count && i < ARRAY_LEN(want); i++)
        EXPECT_STR(paths.paths[i], want[i]);
    pictures_add_text(arena,
                      S("![x](/content/images/md.jpg \"t\") url('" SITE "/content/images/u.jpg') "
                        "https://o.example/content/images/f.jpg"),
                      S(SITE), &paths);
    pictures_add_address(arena, S("/content/images/a.jpg"), S(SITE), &paths);
    EXPECT_INT(paths.count, 7);
    EXPECT_STR(paths.paths[5], S("md.jpg"));
    EXPECT_STR(paths.paths[6], S("u.jpg"));
}

static void followed(struct arena *arena)
{
    static const struct {
        str in, out;
    } texts[] = {
        {STR_INIT("![x](/content/images/old.jpg) and " SITE
                  "/content/images/size/w600/old.jpg?v=1."),
         STR_INIT("![x](/content/images/2025/new%20one.jpg) and " SITE
                  "/content/images/size/w600/2025/new%20one.jpg?v=1.")},
        {STR_INIT("/content/images/old.jpg"), STR_INIT("/content/images/2025/new%20one.jpg")},
        {STR_INIT("/content/images/2024/05/a.jpg"), STR_INIT("/content/images/2024/05/a.jpg")},
        {STR_INIT("https://o.example/content/images/old.jpg"),
         STR_INIT("https://o.example/content/images/old.jpg")},
        {STR_INIT("/content/images/old.jpg2"), STR_INIT("/content/images/old.jpg2")},
        {STR_INIT("no"), STR_INIT("no")},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        str out = STR_NONE;
        EXPECT(pictures_follow(arena, texts[i].in, S(SITE), &lookup, &out, NULL) == ST_OK);
        EXPECT_STR(out, texts[i].out);
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    each_address(arena);
    each_case(arena);
    through_the_sanitizer(arena);
    only_what_was_added(arena);
    asked_once(arena);
    changed(arena);
    gathered(arena);
    followed(arena);
    return test_done();
}
