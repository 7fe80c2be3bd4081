/* SPDX-License-Identifier: MIT
 *
 * A story with ten thousand replies: the first page costs what a page costs, and every reply is on
 * one of those that its links lead to, whether the threads are many or one. */
#include "tests/unit/site/press.h"

#include "base/parse.h"
#include "news/comment.h"
#include "tests/check.h"

#include <stdlib.h>
#include <sys/resource.h>

enum { IN_ONE = 3000, THREADS = 140, IN_EACH = 50, ALL = IN_ONE + THREADS * IN_EACH };

struct crowd {
    story_id story;
    int next, upto; /* replies so far, and in this write */
    comment_id top, last;
};

static enum status add_some(struct newsroom *desk, void *arg, struct error *err)
{
    struct crowd *crowd = arg;
    for (; crowd->next < crowd->upto; crowd->next++) {
        struct comment_prepared ready;
        struct comment_added added;
        int n = crowd->next;
        bool begins = n == 0 || (n >= IN_ONE && (n - IN_ONE) % IN_EACH == 0);
        /* Half answer the thread's first, half the one before them. */
        comment_id parent = begins ? (comment_id){0} : n % 2 == 0 ? crowd->top : crowd->last;
        struct comment_draft draft = {.story = crowd->story,
                                      .parent = parent,
                                      .name = S("Ivo"),
                                      .email = S("ivo@reader.example"),
                                      .text = str_format(desk->arena, "Reply number %d.", n),
                                      .imported = true,
                                      .state = COMMENT_APPROVED,
                                      .created_at = desk->now + (n - ALL) * TIME_SECOND};
        enum status st = comment_prepare(desk->arena, &draft, NULL, &ready, err);
        if (st == ST_OK)
            st = comment_add(desk, &ready, &added, err);
        if (st != ST_OK)
            return st;
        crowd->last = added.id;
        if (begins)
            crowd->top = added.id;
    }
    return ST_OK;
}

static double cpu_ms(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* Marks the replies of one page, and gives back how many; each must be new. */
static int mark(bool *seen, str page)
{
    int count = 0;
    size_t at;
    while ((at = str_find(page, S("Reply number "))) != STR_NPOS) {
        page = str_from(page, at + S("Reply number ").len);
        uint64_t n = ALL;
        EXPECT(str_to_u64(str_sub(page, 0, str_find_char(page, '.')), ALL - 1, &n));
        if (n >= ALL)
            continue;
        EXPECT(!seen[n]);
        seen[n] = true;
        count++;
    }
    return count;
}

/* What answers a reply of another page says so, and leads to it. */
static void parents_away(struct press *press, str page, int number)
{
    size_t away = count_of(page, "<p class=\"bs-reply-to\">");
    EXPECT(number == 0 ? away == 0 : number < IN_ONE / COMMENT_SHOWN_MAX ? away > 200 : true);
    EXPECT(count_of(page, "rel=\"nofollow\">In reply to Ivo</a>") == away);
    str place = between(page, "<p class=\"bs-reply-to\"><a href=\"/story-1/?replies&#x3D;", "\"");
    if (away == 0)
        return;
    str id = str_from(place, str_find_char(place, '#'));
    place.len -= id.len;
    str there = press_get(
        press, str_copy_c(press->arena, str_join2(press->arena, S("/story-1/?replies="), place)));
    str first = between(there, "<ol class=\"bs-replies\">", "</p>");
    EXPECT(str_contains(first, str_join3(press->arena, S("id=\""), str_from(id, 1), S("\""))));
}

static void every_page(struct press *press, bool *seen)
{
    const char *path = "/story-1/";
    int pages = 0, replies = 0;
    while (path != NULL && pages < 200) {
        AUTO(arena_freep) struct arena *mine = arena_new(ARENA_REQUEST);
        struct press now = *press;
        now.arena = mine;
        str page = press_get(&now, path);
        EXPECT_INT(press_status(page), 200);
        EXPECT(str_contains(page,
                            S("<link rel=\"canonical\" href=\"http://paper.example/story-1/\"")));
        EXPECT(!str_contains(page, S("name=\"robots\"")));
        EXPECT_INT(count_of(page, "To the first replies"), pages > 0);
        int here = mark(seen, page);
        EXPECT(here > 0 && here <= COMMENT_SHOWN_MAX);
        EXPECT(count_of(page, "<li class=\"bs-reply") == (size_t)here);
        parents_away(&now, page, pages);
        replies += here;
        pages++;
        str more =
            between(page, "<p class=\"bs-more\"><a href=\"/story-1/?replies&#x3D;", "#replies");
        path = more.len == 0 ? NULL
                             : str_copy_c(press->arena,
                                          str_join2(press->arena, S("/story-1/?replies="), more));
    }
    EXPECT_INT(replies, ALL);
    printf("%d replies on %d pages\n", replies, pages);
}

int main(void)
{
    struct press press;
    bool *seen = calloc(ALL, sizeof(*seen));
    CHECK(seen != NULL);
    press_open(&press);
    press_stories(&press, 3, &(struct press_story){.tagged = true});
    struct crowd crowd = {.story = {1}};
    double none = cpu_ms();
    EXPECT_INT(press_status(press_get(&press, "/story-2/")), 200);
    none = cpu_ms() - none;
    for (crowd.upto = 500; crowd.upto <= ALL; crowd.upto += 500)
        press_write(&press, add_some, &crowd);
    double first = cpu_ms();
    EXPECT(str_contains(press_get(&press, "/story-1/"), S("10000 replies")));
    printf("first page: %.1f ms of CPU, without replies %.1f ms\n", cpu_ms() - first, none);
    every_page(&press, seen);
    for (int i = 0; i < ALL; i++)
        EXPECT(seen[i]);
    /* Not a place: the story itself. */
    static const char *const wrong[] = {"/story-1/?replies=", "/story-1/?replies=1-2-3",
                                        "/story-1/?replies=x-y", "/story-1/?replies=1-2-3-4-5"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        EXPECT(str_contains(press_get(&press, wrong[i]), S("Reply number 0.")));
    press_close(&press);
    free(seen);
    return test_done();
}
