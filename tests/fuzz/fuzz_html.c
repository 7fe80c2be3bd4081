/* SPDX-License-Identifier: MIT
 *
 * Any bytes through the sanitizer. What must hold of what comes out, in every profile:
 *   - cleaning it again changes nothing, and its tree holds only allowed elements (a script that
 *     came back by parsing would show there);
 *   - no event handler, style of ours aside, form or script element in any tag of it;
 *   - every address has an allowed scheme;
 *   - its plain text is the same by a scan as by a parse;
 *   - what is read without gumbo (text/html_regular.h) gumbo reads as the same tree;
 *   - what is cleaned without a parser (sanitize_plain.c), or without gumbo, is cleaned the same with it;
 *   - what the scan let through is no deeper than it promised. */
#include "base/arena.h"
#include "base/buf.h"
#include "tests/html_opinion.h"
#include "text/entity.h"
#include "text/html.h"
#include "text/plain.h"
#include "text/sanitize.h"
#include "text/url.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool name_forbidden(str name)
{
    static const str names[] = {
        STR_INIT("script"),   STR_INIT("style"),     STR_INIT("iframe"),   STR_INIT("object"),
        STR_INIT("embed"),    STR_INIT("form"),      STR_INIT("input"),    STR_INIT("button"),
        STR_INIT("textarea"), STR_INIT("select"),    STR_INIT("template"), STR_INIT("noscript"),
        STR_INIT("svg"),      STR_INIT("math"),      STR_INIT("base"),     STR_INIT("link"),
        STR_INIT("meta"),     STR_INIT("title"),     STR_INIT("xmp"),      STR_INIT("noembed"),
        STR_INIT("noframes"), STR_INIT("plaintext"),
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(names[i], name))
            return true;
    }
    return false;
}

static void check_attr(str name, str value)
{
    CHECK(!str_starts(name, S("on")));
    CHECK(!str_eq(name, S("srcdoc")));
    CHECK(!str_eq(name, S("target")));
    CHECK(!str_eq(name, S("name")));
    if (str_eq(name, S("href")) || str_eq(name, S("src")) || str_eq(name, S("poster")) ||
        str_eq(name, S("data-embed-src"))) {
        CHECK(url_kind(value) != URL_OTHER);
        CHECK(url_kind(value) != URL_NO_SCHEME);
        CHECK(!str_starts_nocase(str_trim(value), S("javascript:")));
    }
}

static void check_tree(struct arena *arena, str text)
{
    struct html_tree *tree;
    enum status st = html_parse(arena, text, HTML_STORY_MAX, &tree, NULL);

    CHECK(st == ST_OK);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        if (walk.event != HTML_OPEN)
            continue;
        CHECK(!name_forbidden(walk.name));
        for (size_t i = 0; i < html_walk_attr_count(&walk); i++) {
            str name, value;
            html_walk_attr_at(&walk, i, &name, &value);
            check_attr(name, value);
        }
    }
}

static void check_clean(struct arena *arena, str input, const struct clean_profile *profile)
{
    html once, twice;

    enum status st = html_clean(arena, input, profile, &once, NULL, NULL);
    if (st != ST_OK)
        return;
    CHECK(utf8_valid(once.raw));
    CHECK(html_opinion(arena, once.raw) != HTML_DIFFERS);
    check_tree(arena, once.raw);
    str plain;
    st = plain_from_html(arena, once.raw, &plain, NULL);
    CHECK(st == ST_OK);
    CHECK(str_eq(plain_from_clean(arena, once), plain));
    st = html_clean(arena, once.raw, profile, &twice, NULL, NULL);
    CHECK(st == ST_OK);
    CHECK(str_eq(once.raw, twice.raw));
}

/* An empty comment says nothing, but neither short cut takes it. */
static void check_short_cuts(struct arena *arena, str input, const struct clean_profile *profile)
{
    html fast, slow;
    bool fast_ok = html_clean(arena, input, profile, &fast, NULL, NULL) == ST_OK;
    input = str_join2(arena, S("<!---->"), input);
    bool slow_ok = html_clean(arena, input, profile, &slow, NULL, NULL) == ST_OK;

    if (fast_ok && slow_ok)
        CHECK(str_eq(fast.raw, slow.raw));
}

static void check_depth(struct arena *arena, str input)
{
    struct html_tree *tree;

    if (html_parse(arena, input, HTML_STORY_MAX, &tree, NULL) != ST_OK)
        return;
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk))
        CHECK(walk.depth < 8 * HTML_UNCLOSED_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct clean_profile profiles[] = {
        {.kind = CLEAN_STORY, .site = STR_INIT("https://site.test")},
        {.kind = CLEAN_STORY, .foreign_media = CLEAN_FOREIGN_KEEP},
        {.kind = CLEAN_STORY, .foreign_media = CLEAN_FOREIGN_DROP},
        {.kind = CLEAN_REPLY},
        {.kind = CLEAN_INLINE},
    };
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str input = {(const char *)data, size}, text;
    html part;

    for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
        check_clean(arena, input, &profiles[i]);
        check_short_cuts(arena, input, &profiles[i]);
        arena_reset(arena);
    }
    CHECK(html_opinion(arena, utf8_repair(arena, input)) != HTML_DIFFERS);
    check_depth(arena, input);
    if (plain_from_html(arena, input, &text, NULL) == ST_OK)
        CHECK(utf8_valid(text));
    (void)entity_decode(arena, input);
    if (html_clean(arena, input, &profiles[0], &part, NULL, NULL) == ST_OK &&
        plain_html_words(arena, part, 5, &part, NULL) == ST_OK)
        check_clean(arena, part.raw, &profiles[0]);
    return 0;
}
