/* tests/unit/site/press.h -- a whole site for a test: a folder of its own, a clock of its own, stories put
 * in by the newsroom's calls, pages asked for in memory without a socket.
 *
 *     struct press press;
 *     press_open(&press);
 *     story_id id = press_story(&press, &(struct press_story){.title = S("Rain"), .topic = 1});
 *     str page = press_get(&press, "/rain/");           // head and body
 *     press_close(&press); */
#pragma once
#include "base/arena.h"
#include "base/clock.h"
#include "news/news.h"
#include "news/story.h"

struct folder;
struct http_exchange;
struct picture_maker;
struct site;
struct store;

struct press {
    struct arena *arena;
    time_us now; /* the site's clock: set it forward */
    struct clock clock;
    str dir;
    struct folder *folder;
    struct site *site;
    /* Called on the render thread in the middle of each render, when set. */
    void (*on_render)(struct press *press);
};

void press_open(struct press *press);
/* With somebody to make renditions, kept up to `made_bytes` (0: the default). */
void press_open_making(struct press *press, const struct picture_maker *maker, int64_t made_bytes);
void press_close(struct press *press);

/* A write by the newsroom; fails the test when it fails. */
typedef enum status press_fn(struct newsroom *room, void *arg, struct error *err);
void press_write(struct press *press, press_fn *fn, void *arg);

struct press_story {
    str title;
    int topic; /* its text is about this: 0..9 */
    bool tagged, picture, replies_closed;
    bool page;              /* a page, not a story */
    enum story_state state; /* STORY_DRAFT is 0 and means published here */
    time_us published_at;   /* 0: now */
    const char *language;
};
story_id press_story(struct press *press, const struct press_story *story);
/* `count` stories an hour apart, the last one now, the n-th on topic n and headed "Story n" (or, when
 * `like` has a title, that and n, with no space between); else as `like`. */
void press_stories(struct press *press, int count, const struct press_story *like);
void press_reads(struct press *press, story_id story, int64_t reads);
void press_reply(struct press *press, story_id story, const char *name, bool approved);
/* Jobs, reads, lists: what the thread behind would have done by now. */
void press_settle(struct press *press);

/* The whole answer to a GET. */
str press_get(struct press *press, const char *path);
str press_send(struct press *press, str request);
int press_status(str answer);
/* How often `needle` stands in `text`. */
size_t count_of(str text, const char *needle);
/* What stands between the first `from` and the next `to` after it; empty without them. */
str between(str text, const char *from, const char *to);
