/* SPDX-License-Identifier: MIT
 *
 * Readers' addresses, asked for in memory: what answers, with what, and what old addresses become. */
#include "tests/unit/site/press.h"

#include "base/file.h"
#include "base/parse.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "tests/check.h"

#include <sys/stat.h>

static str header(str answer, const char *name)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str line = str_format(arena, "\r\n%s: ", name);
    str head = str_sub(answer, 0, str_find(answer, S("\r\n\r\n")) + 2);
    return between(head, str_copy_c(arena, line), "\r\n");
}

static const struct {
    const char *path;
    int status;
    const char *location; /* NULL: no redirect */
    const char *holds;    /* NULL: anything */
} cases[] = {
    {"/", 200, NULL, "Story 30"},
    {"/page/2/", 200, NULL, "Story 12"},
    {"/page/1/", 301, "/", NULL},
    {"/page/99/", 404, NULL, NULL},
    {"/page/0/", 404, NULL, NULL},
    {"/page/x/", 404, NULL, NULL},
    {"/page/02/", 404, NULL, NULL},
    {"/story-1/", 200, NULL, "id=\"reply-form\""},
    {"/story-1/?utm_source=x", 200, NULL, NULL},
    {"/story-1", 301, "/story-1/", NULL},
    {"/Story-1/", 301, "/story-1/", NULL},
    {"/STORY-1", 301, "/story-1/", NULL},
    {"/story-1/amp/", 301, "/story-1/", NULL},
    {"/nothing/", 404, NULL, NULL},
    {"/nothing.php", 404, NULL, NULL},
    {"/tag/news/", 200, NULL, "Story 30"},
    {"/tag/news/page/2/", 200, NULL, NULL},
    {"/tag/nothing/", 404, NULL, NULL},
    {"/category/paper/news/", 301, "/tag/news/", NULL},
    {"/author/nobody/", 404, NULL, NULL},
    {"/2026/11/", 200, NULL, "Story 30"},
    {"/2025/01/", 404, NULL, NULL},
    {"/2026/13/", 404, NULL, NULL},
    {"/1969/12/", 404, NULL, NULL}, /* ends where our count of time begins */
    {"/1970/01/", 404, NULL, NULL},
    {"/about/", 200, NULL, "About"},
    {"/old/name/", 301, "/story-2/", NULL},
    {"/Old/Name", 301, "/story-2/", NULL},
    {"/?p=12", 301, "/story-3/", NULL},
    {"/?p=13", 404, NULL, NULL},
    {"/?s=harbour%20wall", 301, "/search/?q=harbour%20wall", NULL},
    {"/?feed=rss2", 301, "/rss/", NULL},
    {"/feed/", 301, "/rss/", NULL},
    {"/tag/news/feed/", 301, "/tag/news/rss/", NULL},
    {"/rss/", 200, NULL, "<title>Story 30</title>"},
    {"/tag/news/rss/", 200, NULL, "<title>Story 30</title>"},
    {"/atom.xml", 200, NULL, "<title>Story 30</title>"},
    {"/feed.json", 200, NULL, "\"title\":\"Story 30\""},
    {"/sitemap.xml", 200, NULL, "/sitemap-posts.xml"},
    {"/sitemap-posts.xml", 200, NULL, "http://paper.example/story-1/"},
    {"/sitemap-pages.xml", 200, NULL, "http://paper.example/about/"},
    {"/sitemap-tags.xml", 200, NULL, "http://paper.example/tag/news/"},
    {"/sitemap-news.xml", 200, NULL, "<news:title>Story 30</news:title>"},
    {"/sitemap-posts-7.xml", 404, NULL, NULL},
    {"/sitemap-nothing.xml", 404, NULL, NULL},
    {"/robots.txt", 200, NULL, "Sitemap: http://paper.example/sitemap.xml"},
    {"/search/", 200, NULL, "name=\"q\""},
    {"/search/?q=herring", 200, NULL, "<mark>"},
    {"/search/?q=zzzzzz", 200, NULL, NULL},
    {"/search/?q=%22%3Cscript%3E", 200, NULL, NULL},
    {"/metrics", 200, NULL, "broadsheet_pages_kept"},
    {"/healthz", 200, NULL, "\r\n\r\nok"},
    {"/assets/css/screen.css", 200, NULL, NULL},
    {"/assets/../package.json", 404, NULL, NULL},
    {"/content/images/2026/none.jpg", 404, NULL, NULL},
    {"/content/images/%2e%2e/site.db", 404, NULL, NULL},
};

static enum status put_old_addresses(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    enum status st =
        redirect_add(room, &(struct redirect){.path = S("/old/name/"), .story = {2}}, err);
    if (st == ST_OK)
        st = redirect_add(room, &(struct redirect){.path = S("/?p=12"), .story = {3}}, err);
    return st;
}

static void addresses(struct press *press)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int failed_before = test_failed;
        str answer = press_get(press, cases[i].path);
        EXPECT_INT(press_status(answer), cases[i].status);
        if (cases[i].location != NULL)
            EXPECT_STR(header(answer, "Location"), str_from_c(cases[i].location));
        if (cases[i].holds != NULL)
            EXPECT(str_contains(answer, str_from_c(cases[i].holds)));
        EXPECT(!str_contains(answer, S("Set-Cookie")));
        EXPECT_INT(count_of(answer, "HTTP/1.1"), 1);
        if (test_failed > failed_before)
            printf("  ... at %s\n", cases[i].path);
    }
}

static enum status withdraw(struct newsroom *room, void *arg, struct error *err)
{
    const story_id *id = arg;
    return story_unpublish(room, *id, err);
}

static void once_published(struct press *press)
{
    struct press_story story = {.title = S("Withdrawn"), .topic = 3};
    story_id id = press_story(press, &story);
    EXPECT_INT(press_status(press_get(press, "/withdrawn/")), 200);
    press_write(press, withdraw, &id);
    str answer = press_get(press, "/withdrawn/");
    EXPECT_INT(press_status(answer), 410);
}

static enum status put_draft(struct newsroom *desk, void *arg, struct error *err)
{
    struct story_prepared ready;
    story_id id;
    enum status st = story_prepare(desk->arena, arg, &ready, err);
    return st == ST_OK ? story_save(desk, &ready, &id, err) : st;
}

/* A sitemap lists the stories that are at home here, and says so of no other address. */
static void sitemap_is_exact(struct press *press)
{
    static const struct {
        const char *title, *slug, *canonical;
        bool listed;
    } homes[] = {
        {"Home one", "home-one", "http://paper.example/home-one/", true},
        {"Home two", "home-two", "http://paper.example/home-two", true},
        {"Home three", "home-three", "/home-three/", true},
        {"Home four", "home-four", "__GHOST_URL__/home-four/", true},
        {"Away one", "away-one", "http://paper.example.elsewhere/away-one/", false},
        {"Away two", "away-two", "http://paper.example/home-one/", false},
        {"Away three", "away-three", "http://paper.example/away-three/x/", false},
        {"Away four", "away-four", "http://other.example/away-four/", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
        struct story_draft draft = {.title = str_from_c(homes[i].title),
                                    .text = S("<p>Text.</p>"),
                                    .canonical_url = str_from_c(homes[i].canonical),
                                    .state = STORY_PUBLISHED,
                                    .published_at = press->now};
        press_write(press, put_draft, &draft);
    }
    str news = press_get(press, "/sitemap-news.xml"), all = press_get(press, "/sitemap-posts.xml");
    for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
        char loc[100];
        (void)snprintf(loc, sizeof(loc), "<loc>http://paper.example/%s/</loc>", homes[i].slug);
        EXPECT_INT(count_of(news, loc), homes[i].listed);
        EXPECT_INT(count_of(all, loc), homes[i].listed);
    }
}

/* ---- themes and icons ---- */

static enum status wear_mini(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return setting_set(room, S("active_theme"), S("mini"), err);
}

static enum status set_icon(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return setting_set(room, S("icon"), S("/content/images/icon.png"), err);
}

static enum status set_title(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    enum status st = setting_set(room, S("title"), S("«Äpfel» & Birnen"), err);
    return st == ST_OK ? setting_set(room, S("accent_color"), S("#ffee00"), err) : st;
}

static void theme_file(struct press *press, const char *name, const char *text)
{
    struct error err = ERROR_INIT;
    str folder = file_join(press->arena, press->dir, S("themes/mini"));
    (void)mkdir(str_copy_c(press->arena, folder), 0755);
    EXPECT_ST(file_write_atomic(file_join(press->arena, folder, str_from_c(name)), str_from_c(text),
                                0644, &err),
              ST_OK, &err);
}

/* The settings' icon, else the theme's, else one drawn from name and colour: never a 404. */
static void icons(struct press *press)
{
    static const char ico[] = "\0\0\1\0\1\0\40\40";
    str drawn = press_get(press, "/favicon.ico"), svg = press_get(press, "/favicon.svg");
    EXPECT(str_contains(drawn, S("Content-Type: image/x-icon\r\n")));
    EXPECT(str_contains(drawn, ((str){ico, sizeof(ico) - 1})));
    EXPECT(str_contains(svg, S("Content-Type: image/svg+xml\r\n")));
    EXPECT(str_contains(press_get(press, "/story-1/"),
                        S("<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">")));
    press_write(press, set_title, NULL);
    svg = press_get(press, "/favicon.svg");
    EXPECT(str_contains(svg, S("fill=\"#ffee00\"")));
    EXPECT(str_contains(svg, S("fill=\"#000\">Ä</text>")));
    press_write(press, set_icon, NULL);
    EXPECT_INT(press_status(press_get(press, "/favicon.ico")), 302);
    EXPECT(str_contains(press_get(press, "/favicon.ico"),
                        S("Location: /content/images/icon.png\r\n")));
    EXPECT(str_contains(press_get(press, "/story-1/"),
                        S("href=\"/content/images/icon.png\" type=\"image/png\"")));
}

/* What a theme asks of the site beyond its own folder: time zones by name. */
static void themes_have_zones(struct press *press)
{
    theme_file(press, "package.json",
               "{\"name\":\"mini\",\"version\":\"1.0.0\",\"config\":{\"posts_per_page\":5}}");
    theme_file(press, "index.hbs", "<p>list</p>");
    theme_file(press, "post.hbs",
               "{{#post}}{{date published_at format=\"HH:mm\"}} here, "
               "{{date published_at format=\"HH:mm\" timezone=\"Asia/Tokyo\"}} there{{/post}}");
    press_write(press, wear_mini, NULL);
    EXPECT(str_contains(press_get(press, "/home-one/"), S("12:00 here, 21:00 there")));
}

static void methods(struct press *press)
{
    str answer = press_send(press, S("PUT /story-1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                     "Content-Length: 0\r\n\r\n"));
    EXPECT_INT(press_status(answer), 405);
    EXPECT(str_contains(header(answer, "Allow"), S("GET")));
    answer =
        press_send(press, S("HEAD /story-1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_INT(press_status(answer), 200);
    EXPECT(str_ends(answer, S("\r\n\r\n")));
}

static void conditions(struct press *press)
{
    str tag = header(press_get(press, "/story-1/"), "ETag");
    EXPECT(tag.len > 4);
    str answer = press_send(press, str_format(press->arena,
                                              "GET /story-1/ HTTP/1.1\r\nHost: x\r\n"
                                              "If-None-Match: %.*s\r\nConnection: close\r\n\r\n",
                                              STR_ARG(tag)));
    EXPECT_INT(press_status(answer), 304);
}

int main(void)
{
    struct press press;
    press_open(&press);
    press_stories(&press, 30, &(struct press_story){.tagged = true});
    (void)press_story(&press, &(struct press_story){.title = S("About"), .page = true});
    press_write(&press, put_old_addresses, NULL);
    press_settle(&press);
    addresses(&press);
    once_published(&press);
    methods(&press);
    sitemap_is_exact(&press);
    icons(&press);
    themes_have_zones(&press);
    conditions(&press);
    press_close(&press);
    return test_done();
}
