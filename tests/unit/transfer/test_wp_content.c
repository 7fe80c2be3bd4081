/* SPDX-License-Identifier: MIT
 *
 * The cases in tests/golden/transfer/wp: what becomes of a WordPress post, as text anyone can add to.
 *
 *     === what it shows
 *     --- post             or: comment
 *     <input>
 *     --- expect
 *     <output>
 *     --- notes            what the report hears, one a line; may be left out
 *     <notes>
 *
 * The old site is https://old.test/; of its files those whose name holds "lost" or a made size are gone.
 * Then limits, and that time is linear in what is hard to read. */
#include "transfer/wp_content.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "tests/check.h"
#include "text/sanitize.h"

#include <dirent.h>
#include <stdlib.h>

/* ---- the rest of the export ---- */

static bool attachment(void *ctx, int64_t id, struct wp_picture *ret_picture)
{
    static const struct wp_picture pictures[] = {
        {STR_INIT("/content/images/one.jpg"), STR_INIT("One"), STR_INIT("The <em>first</em>")},
        {STR_INIT("/content/images/two.jpg"), STR_INIT("\"Two\""), STR_INIT("")},
        {STR_INIT("/content/images/three.jpg"), STR_INIT(""), STR_INIT("")},
        {STR_INIT("/content/images/four.jpg"), STR_INIT(""), STR_INIT(""), STR_INIT("Ann")},
    };
    (void)ctx;
    if (id < 1 || id > (int64_t)ARRAY_LEN(pictures))
        return false;
    *ret_picture = pictures[id - 1];
    return true;
}

static size_t attached(void *ctx, struct arena *arena, const int64_t **ret_ids)
{
    static const int64_t ids[] = {2, 3};
    (void)ctx;
    (void)arena;
    *ret_ids = ids;
    return ARRAY_LEN(ids);
}

static bool block(void *ctx, int64_t id, str *ret_text)
{
    (void)ctx;
    if (id == 7)
        *ret_text = S("<!-- wp:paragraph --><p>Reused.</p><!-- /wp:paragraph -->");
    else if (id == 8) /* holds itself */
        *ret_text = S("<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->"
                      "<!-- wp:block {\"ref\":8} /--><!-- wp:block {\"ref\":8} /-->");
    return id == 7 || id == 8;
}

static bool file_at(void *ctx, struct arena *arena, str path, str *ret_url)
{
    (void)ctx;
    if (str_contains(path, S("lost")) || str_contains(path, S("00x")))
        return false;
    *ret_url = str_join2(arena, S("/content/images/"), path);
    return true;
}

static void note(void *ctx, str what)
{
    struct buf *notes = ctx;
    buf_add(notes, what);
    buf_add_char(notes, '\n');
}

static struct wp_content_input input_of(str text, struct buf *notes)
{
    return (struct wp_content_input){.text = text,
                                     .home = S("https://old.test"),
                                     .links = {.ctx = notes,
                                               .attachment = attachment,
                                               .attached = attached,
                                               .block = block,
                                               .file = file_at,
                                               .note = note}};
}

/* ---- golden cases ---- */

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

static void check_case(struct arena *arena, str name, str kind, str text, str want, str want_notes)
{
    struct buf notes;

    buf_init(&notes, arena, 1 << 16);
    struct wp_content_input input = input_of(text, &notes);
    str got =
        str_eq(kind, S("comment")) ? wp_comment_html(arena, text) : wp_content_html(arena, &input);
    if (!str_eq(str_trim(got), want) || !str_eq(str_trim(buf_view(&notes)), want_notes))
        printf("case \"%.*s\":\n", STR_ARG(name));
    EXPECT_STR(str_trim(got), want);
    EXPECT_STR(str_trim(buf_view(&notes)), want_notes);
}

static void check_file(struct arena *arena, str text)
{
    EXPECT(str_starts(text, S("=== ")));
    text = str_from(text, 4);
    while (text.len > 0) {
        str name = str_cut(&text, '\n');
        EXPECT(str_starts(text, S("--- ")));
        text = str_from(text, 4);
        str kind = str_cut(&text, '\n');
        str input = take_until(arena, &text, S("--- expect\n"));
        str rest = take_until(arena, &text, S("\n=== "));
        str want = take_until(arena, &rest, S("--- notes\n"));
        check_case(arena, name, kind, input, want, rest);
    }
}

static void check_golden(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct dirent **entries;
    struct error err = ERROR_INIT;
    str folder = S(GOLDEN_FOLDER "/wp"), text;
    int files = 0;

    int count = scandir(str_copy_c(arena, folder), &entries, NULL, alphasort);
    EXPECT(count > 0);
    for (int i = 0; i < count; i++) {
        str name = str_from_c(entries[i]->d_name);
        if (str_ends(name, S(".case"))) {
            EXPECT_ST(file_read(arena, file_join(arena, folder, name), 1 << 20, &text, &err), ST_OK,
                      &err);
            check_file(arena, text);
            files++;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    EXPECT(files >= 4);
}

/* ---- limits ---- */

static str repeated(struct arena *arena, str piece, size_t bytes)
{
    struct buf b;
    buf_init(&b, arena, bytes + piece.len);
    while (b.len < bytes)
        buf_add(&b, piece);
    return buf_view(&b);
}

static void check_hard(void)
{
    static const str pieces[] = {
        STR_INIT("["),
        STR_INIT("[["),
        STR_INIT("[a \""),
        STR_INIT("[code]"),
        STR_INIT("[[code]x"),
        STR_INIT("[gallery ids='1,2'] "),
        STR_INIT("[caption]"),
        STR_INIT("[/caption][caption]"),
        STR_INIT("[x=1]"),
        STR_INIT("<a \""),
        STR_INIT("<a b=\""),
        STR_INIT("<!--"),
        STR_INIT("<pre>"),
        STR_INIT("<pre></pre"),
        STR_INIT("\n\n"),
        STR_INIT("a\n"),
        STR_INIT("https://a.test/b\n"),
        STR_INIT("<!-- wp:a -->"),
        STR_INIT("<!-- wp:query --><!-- wp:a -->"),
        STR_INIT("<!-- wp:block {\"ref\":8} /-->"),
        STR_INIT("<p>a\n\n"),
        STR_INIT("<li>\n"),
        STR_INIT("\xC2\xA0 "),
    };

    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct buf notes;
        buf_init(&notes, arena, 1 << 16);
        struct wp_content_input input = input_of(repeated(arena, pieces[i], 1 << 20), &notes);
        time_us begun = clock_monotonic();
        str got = wp_content_html(arena, &input);
        time_us took_us = clock_monotonic() - begun;
        EXPECT(got.len <= WP_CONTENT_MAX);
        EXPECT(took_us < 4 * 1000 * 1000); /* quadratic time takes minutes */
        if (took_us > 1000 * 1000)
            printf("\"%.*s\": %lld ms\n", STR_ARG(pieces[i]), (long long)(took_us / 1000));
    }
}

static void check_limits(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct buf notes;

    buf_init(&notes, arena, 1 << 16);
    struct wp_content_input input =
        input_of(repeated(arena, S("words "), WP_CONTENT_MAX + 9), &notes);
    EXPECT(wp_content_html(arena, &input).len <= WP_CONTENT_MAX);
    EXPECT(str_contains(buf_view(&notes), S("over the limit")));

    struct wp_content_input alone = {.text = S("[gallery][x y=1]<!-- wp:block {\"ref\":1} /-->"
                                               "<img class=wp-image-1 src=/a.png>")};
    EXPECT_STR(wp_content_html(arena, &alone),
               S("<img src=\"/a.png\" alt=\"\" class=\"kg-image\">"));
    alone.text = STR_NONE;
    EXPECT_STR(wp_content_html(arena, &alone), S(""));
    EXPECT_STR(wp_comment_html(arena, S("")), S(""));
}

int main(void)
{
    check_golden();
    check_limits();
    check_hard();
    return test_done();
}
