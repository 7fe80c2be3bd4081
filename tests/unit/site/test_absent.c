/* SPDX-License-Identifier: MIT
 *
 * Addresses that nobody has: one page for all, none of them kept, and each as good as any other the
 * moment something answers there. */
#include "tests/unit/site/press.h"

#include "base/parse.h"
#include "news/byline.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "news/tag.h"
#include "tests/check.h"

static int renders;

static void count_render(struct press *press)
{
    (void)press;
    renders++;
}

static int64_t metric(struct press *press, const char *name)
{
    char key[100];
    uint64_t n = 0;
    (void)snprintf(key, sizeof(key), "\nbroadsheet_%s ", name);
    str value = between(press_get(press, "/metrics"), key, "\n");
    EXPECT(str_to_u64(value, UINT64_MAX, &n));
    return (int64_t)n;
}

static int status_of(struct press *press, const char *path)
{
    return press_status(press_get(press, path));
}

/* Shapes of addresses a scanner tries. */
static const char *const shapes[] = {"/wp-%d/",   "/a/b/c-%d/",    "/shell-%d.php", "/tag/t-%d/",
                                     "/2026/%d/", "/x/%d/feed-x/", "/p-%d",         "/Wp-%d/"};

static void flood(struct press *press, int *last)
{
    for (int i = 0; i < 400; i++) {
        char path[100];
        /* The shape is one of the table above. */
        str shape = str_from_c(shapes[i % (int)ARRAY_LEN(shapes)]);
        str head = str_cut(&shape, '%');
        (void)snprintf(path, sizeof(path), "%.*s%d%.*s", STR_ARG(head), 1000 + (*last)++,
                       STR_ARG(str_from(shape, 1)));
        int status = status_of(press, path);
        EXPECT(status == 404 || status == 301);
    }
}

static void costs_nothing(struct press *press)
{
    int n = 0;
    EXPECT_INT(status_of(press, "/story-1/"), 200);
    int64_t kept = metric(press, "pages_kept");
    renders = 0;
    flood(press, &n); /* before the addresses are gathered: each is looked up */
    EXPECT_INT(renders, 1);
    EXPECT_INT(metric(press, "pages_kept"), kept + 2); /* the page, and the line for files */
    press_settle(press);
    int64_t asked = metric(press, "page_renders_total");
    flood(press, &n);
    EXPECT_INT(renders, 1);
    EXPECT(metric(press, "pages_kept") <= kept + 2);
    /* Only the forms that may lead elsewhere, and months, went to a render thread. */
    EXPECT(metric(press, "page_renders_total") - asked <= 400 * 3 / 8 + 10);
    EXPECT_INT(metric(press, "page_evicted_total"), 0);
}

static void says_what_it_is(struct press *press)
{
    str page = press_get(press, "/nobody-ever-was-here/");
    EXPECT_INT(press_status(page), 404);
    EXPECT(str_contains(page, S("This page is not here.")));
    EXPECT(str_contains(page, S("noindex")));
    EXPECT(!str_contains(page, S("nobody-ever")));
    EXPECT(!str_contains(page, S("rel=\"canonical\"")));
    EXPECT(!str_contains(page, S("og:url")));
    EXPECT(str_contains(page, S("Story 50")));
    str head = press_send(press, S("HEAD /nobody-ever-was-here/ HTTP/1.1\r\nHost: x\r\n"
                                   "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"));
    EXPECT_INT(press_status(head), 404);
    EXPECT(str_contains(head, S("Content-Encoding: gzip")));
    EXPECT(str_ends(head, S("\r\n\r\n")));
    EXPECT(str_contains(press_get(press, "/nothing.php"), S("text/plain")));
    EXPECT_INT(status_of(press, "/?p=987"), 404); /* a query that is read has no finished page */
}

static enum status add_tag(struct newsroom *desk, void *arg, struct error *err)
{
    tag_id id;
    (void)arg;
    return tag_save(desk, &(struct tag_draft){.name = S("Late Tag")}, &id, err);
}

static enum status add_redirect(struct newsroom *desk, void *arg, struct error *err)
{
    (void)arg;
    struct redirect to = {.path = S("/old/place.html/"), .location = S("/story-2/")};
    return redirect_add(desk, &to, err);
}

static enum status rename_site(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return setting_set(room, S("title"), S("The Other Name"), err);
}

static void goes_when_something_comes(struct press *press)
{
    EXPECT_INT(status_of(press, "/later/"), 404);
    EXPECT_INT(status_of(press, "/old/place.html"), 404);
    EXPECT(!str_contains(press_get(press, "/nowhere/"), S("Later on")));
    (void)press_story(press, &(struct press_story){.title = S("Later"), .topic = 1});
    EXPECT_INT(status_of(press, "/later/"), 200);
    (void)press_story(press, &(struct press_story){.title = S("Later on"), .topic = 2});
    EXPECT(str_contains(press_get(press, "/nowhere/"), S("Later on"))); /* its list of the latest */
    press_write(press, add_redirect, NULL);
    EXPECT_INT(status_of(press, "/old/place.html"), 301);
    press_write(press, add_tag, NULL);
    EXPECT_INT(status_of(press, "/category/late-tag/"), 301);
    press_write(press, rename_site, NULL);
    EXPECT(str_contains(press_get(press, "/nowhere/"), S("The Other Name")));
    EXPECT(str_contains(press_get(press, "/elsewhere/"), S("The Other Name")));
    press->now += 60 * TIME_DAY; /* the footer's year */
    EXPECT(str_contains(press_get(press, "/nowhere/"), S("2027")));
}

static void publish_during(struct press *press)
{
    press->on_render = count_render; /* this once */
    (void)press_story(press, &(struct press_story){.title = S("Breaking"), .topic = 2});
}

/* Made while a story came: it may be sent, but not kept for others. */
static void paused_render_is_not_kept(struct press *press)
{
    press_write(press, rename_site, NULL);
    press->on_render = publish_during;
    EXPECT(!str_contains(press_get(press, "/nowhere/"), S("Breaking")));
    EXPECT(str_contains(press_get(press, "/nowhere/"), S("Breaking")));
}

static enum status withdraw(struct newsroom *room, void *arg, struct error *err)
{
    const story_id *id = arg;
    return story_unpublish(room, *id, err);
}

static void gone(struct press *press)
{
    story_id ids[] = {{3}, {4}};
    press_write(press, withdraw, &ids[0]);
    press_write(press, withdraw, &ids[1]);
    renders = 0;
    EXPECT_INT(status_of(press, "/story-3/"), 410);
    EXPECT_INT(status_of(press, "/story-4/"), 410);
    EXPECT_INT(status_of(press, "/nowhere/"), 404);
    EXPECT(renders <= 2);
}

int main(void)
{
    struct press press;
    press_open(&press);
    press_stories(&press, 50, &(struct press_story){.tagged = true});
    press.on_render = count_render;
    costs_nothing(&press);
    says_what_it_is(&press);
    goes_when_something_comes(&press);
    paused_render_is_not_kept(&press);
    gone(&press);
    press_close(&press);
    return test_done();
}
