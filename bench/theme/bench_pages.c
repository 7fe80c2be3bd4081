/* SPDX-License-Identifier: MIT
 *
 * How long the default theme's pages take when they are made anew: the story read, the page
 * rendered, its transaction ended; no HTTP, no compression.
 *
 *     bench_pages [STORIES [ROUNDS]]
 *
 * The site it makes: stories of some 400 words over 40 tags and 30 writers, every fifth with
 * replies. Each page shown is another one, so that no statement finds its rows just read. */
#include "base/parse.h"
#include "discover/related.h"
#include "tests/unit/theme/site_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { TAGS = 40, WRITERS = 30, WORDS = 400, BATCH = 50 };

static uint64_t seed = 1;

static uint64_t next_random(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return seed >> 33;
}

/* Some words are common and most are rare, as in a paper. */
static void add_words(struct buf *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t r = next_random() % 1000;
        uint64_t word = r < 600 ? r % 60 : next_random() % 20000;
        buf_addf(b, "%sw%llu", i == 0 ? "" : " ", (unsigned long long)word);
    }
}

struct filler {
    struct wharf *w;
    tag_id tags[TAGS];
    byline_id writers[WRITERS];
};

static void add_story(struct filler *f, struct newsroom *desk, size_t number, size_t count)
{
    struct error err = ERROR_INIT;
    struct buf title, text;
    struct story_prepared ready;
    story_id id;
    buf_init(&title, desk->arena, 1000);
    buf_init(&text, desk->arena, 100000);
    add_words(&title, 8);
    for (int p = 0; p < 8; p++) {
        buf_add(&text, S("<p>"));
        add_words(&text, WORDS / 8);
        buf_add(&text, S("</p>"));
    }
    tag_id tags[] = {f->tags[next_random() % 8], f->tags[next_random() % TAGS],
                     f->tags[next_random() % TAGS]};
    struct story_draft draft = {
        .title = buf_view(&title),
        .text = buf_view(&text),
        .image = number % 2 == 0 ? S("/content/images/2026/01/a.jpg") : STR_NONE,
        .tags = tags,
        .tags_count = 3,
        .bylines = &f->writers[next_random() % WRITERS],
        .bylines_count = 1,
        .published_at = SITE_START - i64_from_size(count - number) * TIME_HOUR,
    };
    CHECK(story_prepare(desk->arena, &draft, &ready, &err) == ST_OK);
    CHECK(story_save(desk, &ready, &id, &err) == ST_OK);
    CHECK(story_publish(desk, id, desk->now, &err) == ST_OK);
    for (int i = 0; number % 5 == 0 && i < 6; i++) {
        struct comment_prepared reply;
        struct comment_added added;
        struct comment_draft said = {.story = id,
                                     .name = S("Ada"),
                                     .email = S("a@b.example"),
                                     .text = S("I saw it too, and it was *loud*."),
                                     .imported = true,
                                     .state = COMMENT_APPROVED,
                                     .created_at = SITE_START};
        CHECK(comment_prepare(desk->arena, &said, desk->site, &reply, &err) == ST_OK);
        CHECK(comment_add(desk, &reply, &added, &err) == ST_OK);
    }
}

static void fill(struct wharf *w, size_t count)
{
    struct filler *f = calloc(1, sizeof(*f));
    struct error err = ERROR_INIT;
    CHECK(f != NULL);
    f->w = w;
    struct newsroom *desk = site_begin(&w->site);
    for (size_t i = 0; i < TAGS; i++) {
        str name = str_format(desk->arena, "Tag %zu", i);
        struct tag_draft draft = {.name = name, .section = i < 8};
        CHECK(tag_find_or_add(desk, &draft, &f->tags[i], &err) == ST_OK);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        struct byline_draft draft = {.name = str_format(desk->arena, "Writer %zu", i)};
        CHECK(byline_find_or_add(desk, &draft, &f->writers[i], &err) == ST_OK);
    }
    CHECK(site_end(&w->site, ST_OK, &err) == ST_OK);
    for (size_t i = 0; i < count; i += BATCH) {
        desk = site_begin(&w->site);
        for (size_t k = i; k < i + BATCH && k < count; k++)
            add_story(f, desk, k, count);
        CHECK(site_end(&w->site, ST_OK, &err) == ST_OK);
    }
    struct related_work work = {w->site.store, w->site.conn, &w->site.clock, &rng_system};
    int64_t done = 1;
    while (done > 0)
        CHECK(related_run(&work, TIME_NEVER, &done, &err) == ST_OK);
    free(f);
}

static int by_time(const void *a, const void *b)
{
    const time_us *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void measure(struct wharf *w, struct theme *theme, const char *name, enum page_kind kind,
                    size_t stories, size_t rounds)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    time_us *took = calloc(rounds, sizeof(*took));
    struct error err = ERROR_INIT;
    size_t bytes = 0;
    CHECK(took != NULL);
    for (size_t i = 0; i < rounds; i++) {
        arena_reset(arena);
        story_id id = {1 + (int64_t)(next_random() % stories)};
        struct page_request request = {.kind = kind,
                                       .conn = w->site.conn,
                                       .zones = w->zones,
                                       .site = w->site.settings,
                                       .now = w->site.now,
                                       .path = S("/")};
        struct theme_page page;
        time_us begin = clock_monotonic();
        CHECK(store_read_begin(w->site.conn, &err) == ST_OK);
        if (kind == PAGE_STORY) {
            CHECK(story_by_id(w->site.conn, id, arena, &request.story, &err) == ST_OK);
            request.path = str_join3(arena, S("/"), request.story->slug, S("/"));
        }
        enum status st = theme_render(theme, &request, arena, &page, &err);
        store_read_end(w->site.conn);
        took[i] = clock_monotonic() - begin;
        if (st != ST_OK)
            printf("%s\n", err.text);
        bytes = page.text.len;
    }
    qsort(took, rounds, sizeof(*took), by_time);
    printf("%-6s %zu stories: median %lld us, p99 %lld us, %zu bytes\n", name, stories,
           (long long)took[rounds / 2], (long long)took[rounds * 99 / 100], bytes);
    free(took);
}

int main(int argc, char **argv)
{
    uint64_t stories = 10000, rounds = 2000;
    if ((argc > 1 && !str_to_u64(str_from_c(argv[1]), 10000000, &stories)) ||
        (argc > 2 && !str_to_u64(str_from_c(argv[2]), 10000000, &rounds)))
        return 2;
    struct wharf w;
    struct error err = ERROR_INIT;
    AUTO(theme_unrefp) struct theme *theme = NULL;
    wharf_open(&w, 0);
    time_us begin = clock_monotonic();
    fill(&w, stories);
    printf("filled in %lld s\n", (long long)((clock_monotonic() - begin) / TIME_SECOND));
    begin = clock_monotonic();
    CHECK(theme_load_default(&theme, &err) == ST_OK);
    printf("theme loaded in %lld us, %zu bytes\n", (long long)(clock_monotonic() - begin),
           theme_bytes(theme));
    measure(&w, theme, "story", PAGE_STORY, stories, rounds);
    measure(&w, theme, "front", PAGE_LIST, stories, rounds / 4);
    wharf_close(&w);
    return test_done();
}
