/* SPDX-License-Identifier: MIT
 *
 * What is published is seen by the next reader; what is not touched stays kept (DESIGN,
 * "Invalidation"). */
#include "tests/unit/site/press.h"

#include "base/parse.h"
#include "news/comment.h"
#include "news/setting.h"
#include "news/tag.h"
#include "store/store.h"
#include "tests/check.h"

enum { PAGES = 100 };

static int64_t metric(struct press *press, const char *name)
{
    char key[100];
    uint64_t n = 0;
    (void)snprintf(key, sizeof(key), "\nbroadsheet_%s ", name);
    str value = between(press_get(press, "/metrics"), key, "\n");
    EXPECT(str_to_u64(value, UINT64_MAX, &n));
    return (int64_t)n;
}

static void publish_during(struct press *press)
{
    press->on_render = NULL; /* this once */
    (void)press_story(press, &(struct press_story){.title = S("Breaking"), .topic = 2});
}

/* A render that began before a commit shows the old list; it must not be kept. */
static void paused_render_is_not_kept(struct press *press)
{
    press->on_render = publish_during;
    EXPECT(!str_contains(press_get(press, "/"), S("Breaking")));
    EXPECT(str_contains(press_get(press, "/"), S("Breaking")));
    int64_t renders = metric(press, "page_renders_total");
    EXPECT(str_contains(press_get(press, "/"), S("Breaking")));
    EXPECT_INT(metric(press, "page_renders_total"), renders);
}

static const char *story_path_of(struct press *press, int n)
{
    return str_copy_c(press->arena, str_format(press->arena, "/story-%d/", n));
}

/* One new story: the front page is made anew at once, story pages go on being served. */
static void one_story_does_not_empty_the_cache(struct press *press)
{
    for (int i = 1; i <= PAGES; i++)
        EXPECT_INT(press_status(press_get(press, story_path_of(press, i))), 200);
    int64_t kept = metric(press, "pages_kept");
    int64_t hits = metric(press, "page_hits_total");
    (void)press_story(press, &(struct press_story){.title = S("One more"), .topic = 4});
    EXPECT(str_contains(press_get(press, "/"), S("One more")));
    EXPECT(metric(press, "pages_kept") >= kept - 2);
    for (int i = 1; i <= PAGES; i++)
        EXPECT_INT(press_status(press_get(press, story_path_of(press, i))), 200);
    EXPECT_INT(metric(press, "page_hits_total") - hits, PAGES);
    /* ... and each was made anew behind its reader */
    EXPECT(str_contains(press_get(press, story_path_of(press, 1)), S("One more")));
}

static enum status rename_site(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return setting_set(room, S("title"), S("The Other Name"), err);
}

static void settings_reach_every_page(struct press *press)
{
    EXPECT(!str_contains(press_get(press, "/story-2/"), S("The Other Name")));
    press_write(press, rename_site, NULL);
    EXPECT(str_contains(press_get(press, "/story-2/"), S("The Other Name")));
    EXPECT(str_contains(press_get(press, "/"), S("The Other Name")));
}

static enum status approve(struct newsroom *room, void *arg, struct error *err)
{
    const comment_id *id = arg;
    return comment_set_state(room, *id, COMMENT_APPROVED, STR_NONE, err);
}

static void reply_reaches_its_story(struct press *press)
{
    comment_id id = {1};
    press_reply(press, (story_id){5}, "Quentin", false);
    EXPECT(!str_contains(press_get(press, "/story-5/"), S("Quentin")));
    EXPECT(!str_contains(press_get(press, "/story-6/"), S("Quentin")));
    int64_t renders = metric(press, "page_renders_total");
    press_write(press, approve, &id);
    EXPECT(str_contains(press_get(press, "/story-5/"), S("Quentin")));
    EXPECT_INT(press_status(press_get(press, "/story-6/")), 200);
    EXPECT_INT(metric(press, "page_renders_total"), renders + 1);
}

static void absent_becomes_present(struct press *press)
{
    EXPECT_INT(press_status(press_get(press, "/later/")), 404);
    (void)press_story(press, &(struct press_story){.title = S("Later"), .topic = 1});
    EXPECT_INT(press_status(press_get(press, "/later/")), 200);
}

static void the_year_turns(struct press *press)
{
    EXPECT(!str_contains(press_get(press, "/story-7/"), S("2027")));
    press->now += 60 * TIME_DAY;
    EXPECT(str_contains(press_get(press, "/story-7/"), S("2027")));
}

struct rename {
    const char *from, *to;
};

static enum status rename_tag(struct newsroom *desk, void *arg, struct error *err)
{
    const struct rename *names = arg;
    struct tag *tag;
    tag_id id;
    enum status st =
        tag_by_slug(store_tx_conn(desk->tx), str_from_c(names->from), desk->arena, &tag, err);
    if (st == ST_OK)
        st = tag_save(desk, &(struct tag_draft){.id = tag->id, .name = str_from_c(names->to)}, &id,
                      err);
    return st;
}

/* A feed prints more stories than the latest list holds, and the names of their tags. */
static void feeds_are_current(struct press *press)
{
    EXPECT(str_contains(press_get(press, "/rss/"), S("<category>News</category>")));
    (void)press_story(
        press, &(struct press_story){.title = S("Dated back"),
                                     .topic = 5,
                                     .published_at = press->now - 9 * TIME_HOUR - TIME_MINUTE});
    EXPECT(str_contains(press_get(press, "/rss/"), S("Dated back")));
    press_write(press, rename_tag, &(struct rename){"news", "Tidings"});
    EXPECT(str_contains(press_get(press, "/rss/"), S("<category>Tidings</category>")));
    EXPECT(str_contains(press_get(press, "/feed.json"), S("\"Tidings\"")));
}

int main(void)
{
    struct press press;
    press_open(&press);
    press_stories(&press, PAGES, &(struct press_story){.tagged = true});
    feeds_are_current(&press);
    press_settle(&press);
    paused_render_is_not_kept(&press);
    one_story_does_not_empty_the_cache(&press);
    settings_reach_every_page(&press);
    reply_reaches_its_story(&press);
    absent_becomes_present(&press);
    the_year_turns(&press);
    press_close(&press);
    return test_done();
}
