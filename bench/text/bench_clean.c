/* SPDX-License-Identifier: MIT
 *
 * The sanitizer against gumbo's parse and destroy alone (malloc, max_errors 0) on the same input, in turn;
 * medians. Then the dearest inputs known, each within the limits or refused: time and memory. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "text/html.h"
#include "text/sanitize.h"

#include <gumbo.h>
#include <stdio.h>

enum { ROUNDS = 21 };

static str repeated(struct arena *arena, str piece, size_t bytes)
{
    struct buf b;
    buf_init(&b, arena, bytes + piece.len);
    while (b.len < bytes)
        buf_add(&b, piece);
    return buf_view(&b);
}

static int by_value(const void *a, const void *b)
{
    const time_us *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static time_us median(time_us *t)
{
    qsort(t, ROUNDS, sizeof(*t), by_value);
    return t[ROUNDS / 2];
}

static time_us time_gumbo(str input)
{
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    time_us begin = clock_monotonic();
    GumboOutput *output = gumbo_parse_with_options(&options, input.ptr, input.len);
    gumbo_destroy_output(&options, output);
    return clock_monotonic() - begin;
}

static enum status clean_once(str input, enum clean_kind kind, time_us *ret_time, size_t *ret_bytes)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    html out;
    time_us begin = clock_monotonic();
    enum status st =
        html_clean(arena, input, &(struct clean_profile){.kind = kind}, &out, NULL, NULL);
    *ret_time = clock_monotonic() - begin;
    *ret_bytes = arena_bytes(arena);
    return st;
}

static void compare(const char *name, str input, enum clean_kind kind)
{
    time_us gumbo[ROUNDS], ours[ROUNDS];
    size_t bytes = 0;
    enum status st = ST_OK;

    for (int i = 0; i < ROUNDS; i++) {
        gumbo[i] = time_gumbo(input);
        st = clean_once(input, kind, &ours[i], &bytes);
    }
    time_us g = median(gumbo), o = median(ours);
    printf("%-34s %8zu B  gumbo %7lld us  clean %7lld us  throughput ratio %.2f  %5.1f MB  %s\n",
           name, input.len, (long long)g, (long long)o, (double)g / (double)(o > 0 ? o : 1),
           (double)bytes / 1048576, status_name(st));
}

static void worst(const char *name, str input, enum clean_kind kind)
{
    time_us t, best = INT64_MAX;
    size_t bytes = 0;
    enum status st = ST_OK;

    for (int i = 0; i < 3; i++) {
        st = clean_once(input, kind, &t, &bytes);
        best = t < best ? t : best;
    }
    printf("%-34s %8zu B  %7.1f ms  %5.1f MB  %s\n", name, input.len, (double)best / 1000,
           (double)bytes / 1048576, status_name(st));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str story = S(
        "<p>The ferry left at <b>six</b>, an hour late, with <a href=\"https://site.test/a/\">"
        "forty-one</a> people on board &amp; two dogs; nobody had thought to tell the harbour master, "
        "who was still at breakfast and heard of it from the radio.</p>\n"
        "<h2 id=\"the-harbour\">The harbour</h2>\n<figure class=\"wp-block-image size-large\">"
        "<img src=\"/content/images/a.jpg\" alt=\"Boats\" width=\"1200\" height=\"800\">"
        "<figcaption>The harbour. <em>A. B.</em></figcaption></figure>\n<ul><li>One</li>"
        "<li>Two</li></ul>\n<blockquote><p>I said so, she said.</p></blockquote>\n");
    str text = S("The ferry left at six, an hour late, with forty-one people on board. ");

    compare("story, 8 KB", repeated(arena, story, 8 * 1024), CLEAN_STORY);
    compare("story, 64 KB", repeated(arena, story, 64 * 1024), CLEAN_STORY);
    compare("story, 1 MB", repeated(arena, story, 1024 * 1024), CLEAN_STORY);
    compare("reply, 500 B", repeated(arena, text, 500), CLEAN_REPLY);
    compare("text, 1 MB", repeated(arena, text, 1024 * 1024), CLEAN_STORY);
    compare("text, 4 MB", repeated(arena, text, 4 * 1024 * 1024 - 100), CLEAN_STORY);
    static const struct {
        const char *name;
        str piece;
        size_t bytes;
        enum clean_kind kind;
    } cases[] = {
        {"4 MB of <b>x</b>", STR_INIT("<b>x</b>"), 4 << 20, CLEAN_STORY},
        {"4 MB of <br>", STR_INIT("<br>"), 4 << 20, CLEAN_STORY},
        {"4 MB of </p>", STR_INIT("</p>"), 4 << 20, CLEAN_STORY},
        {"4 MB of </x>", STR_INIT("</x>"), 4 << 20, CLEAN_STORY},
        {"4 MB of <!>", STR_INIT("<!>"), 4 << 20, CLEAN_STORY},
        {"4 MB of &lt", STR_INIT("&lt"), 4 << 20, CLEAN_STORY},
        {"4 MB of <", STR_INIT("<"), 4 << 20, CLEAN_STORY},
        {"4 MB of <table>x", STR_INIT("<table>x"), 4 << 20, CLEAN_STORY},
        {"4 MB of <svg>", STR_INIT("<svg>"), 4 << 20, CLEAN_STORY},
        {"4 MB of <svg></svg>", STR_INIT("<svg></svg>"), 4 << 20, CLEAN_STORY},
        {"4 MB of NUL", STR_INIT("\0"), 4 << 20, CLEAN_STORY},
        {"50 KB of <div>", STR_INIT("<div>"), 50 << 10, CLEAN_REPLY},
        {"64 KB of <b><p>", STR_INIT("<b><p>"), 64 << 10, CLEAN_REPLY},
        {"64 KB of <b>x</b>", STR_INIT("<b>x</b>"), 64 << 10, CLEAN_REPLY},
        {"64 KB of <a href=x>", STR_INIT("<a href=x>"), 64 << 10, CLEAN_REPLY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        str input = repeated(arena, cases[i].piece, cases[i].bytes - 16);
        worst(cases[i].name, input, cases[i].kind);
    }
    struct buf b;
    buf_init(&b, arena, 8 << 20);
    for (int i = 0; i < 500; i++)
        buf_addf(&b, "<b id=%d>", i);
    for (int i = 0; i < 15000; i++)
        buf_add(&b, S("<p>x"));
    worst("500 open <b id>, 15,000 <p>", buf_view(&b), CLEAN_STORY);
    buf_truncate(&b, 0);
    for (int i = 0; i < 500; i++)
        buf_add(&b, S("<span>"));
    for (int i = 0; i < 30000; i++)
        buf_add(&b, S("</x>"));
    worst("500 open <span>, 30,000 </x>", buf_view(&b), CLEAN_STORY);
    buf_truncate(&b, 0);
    for (int i = 0; i < 200; i++) {
        buf_add(&b, S("<b"));
        for (int j = 0; j < 100; j++)
            buf_addf(&b, " a%d=%d", j, j == 99 ? i : 0);
        buf_add(&b, S(">"));
    }
    worst("200 open <b> of 100 attributes", buf_view(&b), CLEAN_STORY);
    buf_truncate(&b, 0);
    for (int i = 0; i < 3000; i++) {
        buf_add(&b, S("<p"));
        for (int j = 0; j < 250; j++)
            buf_addf(&b, " a%d", j);
        buf_add(&b, S("></p>"));
    }
    worst("3,000 <p> of 250 attributes", buf_view(&b), CLEAN_STORY);
    return 0;
}
