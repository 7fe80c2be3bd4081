/* SPDX-License-Identifier: MIT
 *
 * Whatever is typed, a search answers: it is never an error of the database's query language. And a
 * snippet of any text is escaped text with <mark> and </mark> by turns.
 * Input: the query, then after a line end the text of a snippet. */
#include "discover/search.h"
#include "tests/unit/news/fixture.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct site site;

static void end(void)
{
    site_close(&site);
}

static void start(void)
{
    site_open(&site);
    tag_id tag = site_tag(&site, S("Sea"));
    for (int i = 0; i < 3; i++)
        (void)site_save(&site, &(struct story_draft){.title = S("The sea wall and the ferry"),
                                                     .text = S("<p>Rain stops play &amp; tea.</p>"),
                                                     .tags = &tag,
                                                     .tags_count = 1,
                                                     .state = STORY_PUBLISHED});
    (void)atexit(end);
}

static void check_snippet(str text)
{
    bool open = false;
    for (size_t i = 0; i < text.len; i++) {
        CHECK(text.ptr[i] != '"' && text.ptr[i] != '\'');
        if (text.ptr[i] == '>')
            CHECK(i >= 5 && str_eq(str_sub(text, i - 4, 4), S("mark")));
        if (text.ptr[i] != '<')
            continue;
        CHECK(str_starts(str_from(text, i), open ? S("</mark>") : S("<mark>")));
        open = !open;
    }
    CHECK(!open);
    CHECK(utf8_valid(text) || text.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (site.store == NULL)
        start();
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str text = {(const char *)data, size};
    str words = str_cut(&text, '\n');
    text = utf8_repair(arena, text);
    struct error err = ERROR_INIT;
    struct search_found found;
    const struct search_query query = {
        .text = words, .language = S("en"), .limit = 5, .now = site.now, .snippets = true};
    enum status st = search_run(site.conn, &query, arena, &found, &err);
    if (st != ST_OK)
        printf("%s\n", err.text);
    CHECK(st == ST_OK);
    for (size_t i = 0; i < found.count; i++)
        check_snippet(found.hits[i].snippet.raw);
    check_snippet(search_snippet(arena, text, words, S("en"), SEARCH_SNIPPET_CHARS).raw);
    return 0;
}
