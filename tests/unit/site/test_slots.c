/* SPDX-License-Identifier: MIT
 *
 * The story page against DESIGN, "The slots of a story page": with 1, 2, 3, 6, 40 stories and (given as an
 * argument) any other number, with and without reads, tags, picture and replies. A slot with nothing
 * to say is absent, heading included; every heading stands once; the story being read is in no list. */
#include "tests/unit/site/press.h"

#include "base/parse.h"
#include "tests/check.h"

enum { TALL = 40 };

struct slots_case {
    int stories;
    int read; /* so many of the newest were read, 20 times each */
    bool tagged, picture;
    int replies;
    bool closed;
};

static const struct slots_case cases[] = {
    {.stories = 1},
    {.stories = 1, .tagged = true, .picture = true, .replies = 1},
    {.stories = 1, .closed = true},
    {.stories = 1, .closed = true, .replies = 2},
    {.stories = 2},
    {.stories = 2, .read = 2, .tagged = true},
    {.stories = 3, .read = 3, .replies = 3},
    {.stories = 3, .tagged = true, .picture = true},
    {.stories = 6, .read = 2, .tagged = true},
    {.stories = 6, .read = 3},
    {.stories = 6, .read = 6, .tagged = true, .picture = true, .replies = 5},
    {.stories = TALL, .tagged = true},
    {.stories = TALL, .read = 10, .tagged = true, .picture = true, .replies = 2},
    {.stories = TALL, .read = 4},
};

static size_t links_to(str part, str slug)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str href = str_format(arena, "/%.*s/\"", STR_ARG(slug));
    return count_of(part, str_copy_c(arena, href));
}

static size_t items(str part, const char *of)
{
    return count_of(part, of);
}

static int at_most(int n, int max)
{
    return n < max ? n : max;
}

/* A slot's part of the page, from its class to the end of its section. */
static str slot(str page, const char *class)
{
    return between(page, class, "</section>");
}

static void heading_once(str page, const char *heading, bool there)
{
    char tag[100];
    (void)snprintf(tag, sizeof(tag), ">%s<", heading);
    EXPECT_INT(count_of(page, tag), there ? 1 : 0);
}

static void check_page(const struct slots_case *c, str page)
{
    const str self = S("no1");
    int others = c->stories - 1;
    str related = slot(page, "slot-related");
    str latest = slot(page, "slot-latest");
    str popular = slot(page, "slot-popular");
    str also = slot(page, "slot-also");

    EXPECT_INT(count_of(page, "<h1"), 1);
    heading_once(page, "Tags", c->tagged);

    heading_once(page, "Latest stories", others > 0);
    EXPECT_INT(items(latest, "<li"), at_most(others, 5));

    /* Stories 1, 11, 21, 31 are of one topic: story 1 has three like it at 40, none at 6. */
    size_t alike = (size_t)(c->stories - 1) / 10;
    heading_once(page, "Related stories", alike > 0);
    EXPECT_INT(items(related, "<h3"), at_most((int)alike, 4));

    /* Three must qualify; the story being read (never the newest here) is dropped afterwards. */
    bool self_read = c->read >= c->stories;
    bool is_popular = c->read >= 3;
    heading_once(page, "Popular stories", is_popular);
    EXPECT_INT(items(popular, "<li"), is_popular ? at_most(c->read - self_read, 5) : 0);

    size_t likes = items(also, "<h3");
    EXPECT(likes == 0 || (likes >= 2 && likes <= 4));
    heading_once(page, "You may also like", likes > 0);

    const str lists[] = {related, latest, popular, also};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        EXPECT_INT(links_to(lists[i], self), 0);

    heading_once(page, "Leave a reply", !c->closed);
    EXPECT_INT(count_of(page, "id=\"reply-form\""), c->closed ? 0 : 1);
    EXPECT_INT(count_of(page, "Replies are closed."), c->closed && c->replies > 0 ? 1 : 0);
    EXPECT_INT(count_of(page, "<article id=\"reply-") + count_of(page, "<li class=\"bs-reply"),
               c->replies);
    EXPECT_INT(count_of(page, "canary"), 0);
    /* 10,000 hours reach into the year before */
    EXPECT_INT(count_of(page, "© 2026") + count_of(page, "© 2025–2026"), 1);
}

static void run_case(const struct slots_case *c)
{
    struct press press;
    press_open(&press);
    press_stories(&press, c->stories,
                  &(struct press_story){.title = S("no"), /* no word that all share */
                                        .tagged = c->tagged,
                                        .picture = c->picture,
                                        .replies_closed = c->closed});
    /* ids run from 1 in the order of saving */
    for (int i = 0; i < c->replies; i++)
        press_reply(&press, (story_id){1}, "Nora", true);
    for (int i = 0; i < c->read; i++)
        press_reads(&press, (story_id){c->stories - i}, 20);
    press_settle(&press);
    str answer = press_get(&press, "/no1/");
    EXPECT_INT(press_status(answer), 200);
    int failed_before = test_failed;
    check_page(c, answer);
    if (test_failed > failed_before)
        printf("  ... at %d stories, %d read, %s, %d replies%s\n", c->stories, c->read,
               c->tagged ? "tagged" : "untagged", c->replies, c->closed ? ", closed" : "");
    press_close(&press);
}

static void empty_site(void)
{
    struct press press;
    press_open(&press);
    str front = press_get(&press, "/");
    EXPECT_INT(press_status(front), 200);
    EXPECT_INT(count_of(front, "There are no stories yet."), 1);
    EXPECT_INT(count_of(front, "/desk"), 0);
    EXPECT(!str_contains(front, S("Set-Cookie")));
    press_close(&press);
}

int main(int argc, char **argv)
{
    int64_t stories = 0;
    if (argc > 1 && str_to_i64(str_from_c(argv[1]), &stories)) {
        run_case(&(struct slots_case){
            .stories = (int)stories, .read = 9, .tagged = true, .picture = true, .replies = 2});
        return test_done();
    }
    empty_site();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(&cases[i]);
    return test_done();
}
