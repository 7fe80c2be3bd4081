/* SPDX-License-Identifier: MIT
 *
 * What strangers send to lead readers away, to spoil pages for others, or to
 * see what they should not. */
#include "tests/unit/site/press.h"

#include "http/delivery.h"
#include "site/site.h"
#include "tests/check.h"

#include <pthread.h>
#include <string.h>

enum { REPLIES = 50 }; /* on story 1: its page is long enough for a render to look at the clock */

/* ---- redirects stay here ---- */

static const struct {
    const char *path, *location;
} redirects[] = {
    {"//evil.example/x", "/evil.example/x/"},
    {"//Evil.example", "/evil.example"},
    {"///evil.example/x/amp/", "/evil.example/x/"},
    {"//evil.example/feed/", "/evil.example/"},
    {"//evil.example/comments/feed/", "/evil.example/"},
    {"/%5Cevil.example/x", "/%5Cevil.example/x/"},
    {"/%5C%5Cevil.example/x", "/%5C%5Cevil.example/x/"},
    {"/%09/evil.example/x", "/%09/evil.example/x/"},
    {"//story-1", "/story-1/"},
    {"/a%0d%0aSet-Cookie:%20x=y", "/a%0D%0ASet-Cookie%3A%20x%3Dy/"},
};

static void redirects_stay_here(struct press *press)
{
    for (size_t i = 0; i < ARRAY_LEN(redirects); i++) {
        str answer = press_get(press, redirects[i].path);
        str location = between(answer, "\r\nLocation: ", "\r\n");
        EXPECT(press_status(answer) == 301 || press_status(answer) == 404);
        EXPECT(location.len == 0 || location.ptr[0] == '/');
        EXPECT(!str_starts(location, S("//")));
        EXPECT(!str_contains(answer, S("\r\nSet-Cookie")));
        if (press_status(answer) == 301)
            EXPECT_STR(str_lower(press->arena, location),
                       str_lower(press->arena, str_from_c(redirects[i].location)));
    }
    EXPECT_STR(between(press_get(press, "//story-1/"), "\r\nLocation: ", "\r\n"), S("/story-1/"));
}

/* ---- who leaves spoils nothing for who stays ---- */

static struct {
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t moved;
    bool go_on;
    int answers;
    int status[3];
} room = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

/* Keeps the one render thread, so that what is asked for meanwhile has not
 * begun. */
static void hold(struct press *press)
{
    press->on_render = NULL;
    pthread_mutex_lock(&room.lock);
    while (!room.go_on)
        pthread_cond_wait(&room.moved, &room.lock);
    pthread_mutex_unlock(&room.lock);
}

static void answered(struct http_exchange *x)
{
    pthread_mutex_lock(&room.lock);
    room.status[(uintptr_t)x->home] = x->answer.status;
    room.answers++;
    pthread_cond_signal(&room.moved);
    pthread_mutex_unlock(&room.lock);
    http_exchange_free(x);
}

static struct http_exchange *ask(struct press *press, str path, uintptr_t place)
{
    struct http_request req = {.arena = press->arena,
                               .method = HTTP_GET,
                               .method_name = S("GET"),
                               .target = path,
                               .path = path,
                               .host = S("paper.example"),
                               .body_fd = -1};
    struct http_exchange *x = http_exchange_detached(&req);
    x->home = (void *)place;
    x->deliver = answered;
    return x;
}

static void wait_for_answers(int count)
{
    pthread_mutex_lock(&room.lock);
    while (room.answers < count)
        pthread_cond_wait(&room.moved, &room.lock);
    pthread_mutex_unlock(&room.lock);
}

static void who_leaves_spoils_nothing(struct press *press)
{
    const struct http_app *app = site_app(press->site);
    struct http_exchange *leader = ask(press, S("/story-1/"), 1);
    press->on_render = hold;
    app->dispatch(app->ctx, ask(press, S("/page/2/"), 0));
    app->dispatch(app->ctx, leader);
    app->dispatch(app->ctx, ask(press, S("/story-1/"), 2));
    atomic_store(&leader->cancelled, true);
    pthread_mutex_lock(&room.lock);
    room.go_on = true;
    pthread_cond_broadcast(&room.moved);
    pthread_mutex_unlock(&room.lock);
    wait_for_answers(3);
    EXPECT_INT(room.status[2], 200);
}

/* A page nobody else waits for is given up when its reader leaves; that is no
 * fault of the request. */
static void what_takes_too_long_is_503(struct press *press)
{
    const struct http_app *app = site_app(press->site);
    struct http_exchange *x = ask(press, S("/story-1/"), 0);
    x->req.query = S("replyto=1");
    atomic_store(&x->cancelled, true);
    room.answers = 0;
    app->dispatch(app->ctx, x);
    wait_for_answers(1);
    EXPECT_INT(room.status[0], 503);
}

/* ---- not for everybody ---- */

static const struct story_draft gated[] = {
    {.title = STR_INIT("For subscribers"),
     .text = STR_INIT("<p>Free part.</p><!--members-only--><p>Canary paragraph, herring.</p>"),
     .standfirst = STR_INIT("What everybody may read."),
     .visibility = STORY_PAID,
     .state = STORY_PUBLISHED},
    {.title = STR_INIT("In part for all"),
     .text = STR_INIT("<p>Open <a href=\"__GHOST_URL__/x/\">part</a>.</p>"
                      "<!--kg-gated-block:begin nonMember:false--><p>The herring part.</p>"
                      "<!--kg-gated-block:end-->"),
     .standfirst = STR_INIT("What everybody may read here."),
     .state = STORY_PUBLISHED},
    /* without a standfirst of their own, for which the text stands in */
    {.title = STR_INIT("Nothing free"),
     .text = STR_INIT("<p>Only the herring.</p>"),
     .visibility = STORY_MEMBERS,
     .state = STORY_PUBLISHED},
    {.title = STR_INIT("Begins closed"),
     .text = STR_INIT("<!--kg-gated-block:begin nonMember:false memberSegment:\"status:free\"-->"
                      "<p>Canary paragraph first.</p><!--kg-gated-block:end--><p>Mackerel.</p>"),
     .state = STORY_PUBLISHED},
    {.title = STR_INIT("Free to begin"),
     .text = STR_INIT("<p>Sprats.</p><!--members-only--><p>Canary paragraph last.</p>"),
     .visibility = STORY_TIERS,
     .state = STORY_PUBLISHED},
};

static enum status put_gated(struct newsroom *desk, void *arg, struct error *err)
{
    struct story_prepared ready;
    story_id id;
    enum status st = story_prepare(desk->arena, arg, &ready, err);
    return st == ST_OK ? story_save(desk, &ready, &id, err) : st;
}

static void paid_bodies_stay_in(struct press *press)
{
    static const char *const paths[] = {
        "/for-subscribers/", "/in-part-for-all/",   "/rss/",
        "/atom.xml",         "/nothing-free/",      "/begins-closed/",
        "/free-to-begin/",   "/search/?q=mackerel", "/search/?q=free",
        "/feed.json",        "/search/?q=canary",   "/",
        "/story-1/"};
    for (size_t i = 0; i < ARRAY_LEN(gated); i++) {
        struct story_draft draft = gated[i];
        press_write(press, put_gated, &draft);
    }
    press_settle(press);
    EXPECT(str_contains(press_get(press, "/rss/"), S("For subscribers")));
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        str answer = press_get(press, paths[i]);
        EXPECT_INT(press_status(answer), 200);
        if (str_contains(answer, S("anary paragraph")) || str_contains(answer, S("herring")))
            printf("  ... at %s\n", paths[i]);
        EXPECT(!str_contains(answer, S("anary paragraph")));
        EXPECT(!str_contains(answer, S("herring")));
        EXPECT(!str_contains(answer, S("__GHOST_URL__")));
    }
    EXPECT(str_contains(press_get(press, "/rss/"), S("http://paper.example/x/")));
    /* What is free is found, described and quoted. */
    EXPECT(str_contains(press_get(press, "/search/?q=mackerel"), S("/begins-closed/")));
    EXPECT(str_contains(press_get(press, "/begins-closed/"),
                        S("<meta name=\"description\" content=\"Mackerel.\"")));
    EXPECT(str_contains(press_get(press, "/free-to-begin/"), S("content=\"Sprats.\"")));
    /* The words of the rest lead nowhere. */
    EXPECT(!str_contains(press_get(press, "/search/?q=canary"), S("/begins-closed/")));
    EXPECT(!str_contains(press_get(press, "/search/?q=herring"), S("/nothing-free/")));
}

/* Behind a proxy on this machine that the settings do not name, every reader comes from loopback. */
static void numbers_stay_in(struct press *press)
{
    static const str headers[] = {STR_INIT("X-Forwarded-For: 198.51.100.1"),
                                  STR_INIT("Forwarded: for=198.51.100.1")};
    EXPECT(str_contains(press_get(press, "/metrics"), S("broadsheet_pages_kept")));
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        str answer = press_send(
            press, str_format(press->arena, "GET /metrics HTTP/1.1\r\nHost: x\r\n%.*s\r\n\r\n",
                              STR_ARG(headers[i])));
        EXPECT(press_status(answer) != 200);
        EXPECT(!str_contains(answer, S("broadsheet_pages_kept")));
    }
}

int main(void)
{
    struct press press;
    press_open(&press);
    press_stories(&press, 60, &(struct press_story){.tagged = true});
    for (int i = 0; i < REPLIES; i++)
        press_reply(&press, (story_id){1}, "Reader", true);
    press_settle(&press);
    redirects_stay_here(&press);
    who_leaves_spoils_nothing(&press);
    what_takes_too_long_is_503(&press);
    numbers_stay_in(&press);
    paid_bodies_stay_in(&press);
    press_close(&press);
    return test_done();
}
