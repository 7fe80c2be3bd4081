/* tests/unit/theme/site_fixture.h -- a small site and themes made of a few lines, rendered.
 *
 *     struct wharf w;
 *     wharf_open(&w, 6);                                  // six stories, tags, a byline
 *     EXPECT_STR(wharf_say(&w, S("{{#post}}{{title}}{{/post}}")), S("Story 5"));
 *     wharf_close(&w); */
#pragma once
#include "base/buf.h"
#include "base/file.h"
#include "tests/unit/news/fixture.h"
#include "text/zone.h"
#include "theme/page.h"
#include "theme/theme.h"

enum { WHARF_STORIES_MAX = 200 };

struct wharf {
    struct site site;
    struct zone_cache *zones;
    story_id stories[WHARF_STORIES_MAX]; /* oldest first, an hour apart; the last at SITE_START */
    size_t count;
    tag_id harbour, weather, lead;
    byline_id greta, tom;
    struct error err; /* of the last render */
    enum status st;
    struct theme_page page;
    int64_t statements;
};

static inline void wharf_set(struct wharf *w, str name, str value)
{
    struct error err = ERROR_INIT;
    SITE_WRITE(&w->site, setting_set(desk, name, value, err), ST_OK);
    site_settings_unref(w->site.settings);
    EXPECT_ST(site_settings_load(w->site.conn, NULL, 0, &w->site.settings, &err), ST_OK, &err);
}

static inline story_id wharf_story(struct wharf *w, const struct story_draft *draft)
{
    story_id id = site_save(&w->site, draft);
    SITE_WRITE(&w->site, story_publish(desk, id, desk->now, err), ST_OK);
    return id;
}

/* Story N is in Harbour, every second in Weather too; all carry #lead. Odd ones have a picture and
 * two writers; every third an editor's standfirst. */
static inline void wharf_fill(struct wharf *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
        tag_id tags[] = {w->harbour, w->lead, w->weather};
        byline_id by[] = {w->greta, w->tom};
        w->stories[w->count++] = wharf_story(
            w,
            &(struct story_draft){
                .title = str_format(arena, "Story %zu", i),
                .ghost_id = str_format(arena, "65e6c1a9000000000000%04zx", i),
                .standfirst = i % 3 == 0 ? S("Said in one line & no more.") : STR_NONE,
                .text =
                    S("<p>Rain fell on the harbour all day &amp; night.</p><p>Nobody was out.</p>"),
                .image = i % 2 == 1 ? S("/content/images/2026/01/a.jpg") : STR_NONE,
                .featured = i % 4 == 0,
                .tags = tags,
                .tags_count = i % 2 == 0 ? 3 : 2,
                .bylines = by,
                .bylines_count = i % 2 == 1 ? 2 : 1,
                .published_at = SITE_START - i64_from_size(count - 1 - i) * TIME_HOUR,
            });
    }
}

static inline void wharf_open(struct wharf *w, size_t count)
{
    *w = (struct wharf){0};
    site_open(&w->site);
    w->zones = zone_cache_new(NULL);
    wharf_set(w, S("url"), S("https://wharf.example"));
    wharf_set(w, S("title"), S("The Wharf"));
    SITE_WRITE(&w->site,
               tag_find_or_add(desk, &(struct tag_draft){.name = S("Harbour"), .section = true},
                               &w->harbour, err),
               ST_OK);
    w->weather = site_tag(&w->site, S("Weather"));
    w->lead = site_tag(&w->site, S("#lead"));
    w->greta = site_byline(&w->site, S("Greta Novak"));
    w->tom = site_byline(&w->site, S("Tom O'Hara"));
    wharf_fill(w, count);
}

static inline void wharf_close(struct wharf *w)
{
    zone_cache_free(w->zones);
    site_close(&w->site);
}

static inline struct story *wharf_read(struct wharf *w, story_id id)
{
    struct story *story = NULL;
    EXPECT_ST(story_by_id(w->site.conn, id, w->site.arena, &story, &w->err), ST_OK, &w->err);
    CHECK(story != NULL);
    return story;
}

/* Renders into the site's arena; what came of it is in w. */
static inline str wharf_render(struct wharf *w, struct theme *theme, struct page_request request)
{
    request.conn = w->site.conn;
    request.site = w->site.settings;
    request.now = w->site.now;
    request.zones = w->zones;
    w->err = ERROR_INIT;
    w->page = (struct theme_page){0};
    EXPECT_ST(store_read_begin(w->site.conn, &w->err), ST_OK, &w->err);
    int64_t before = store_conn_statements(w->site.conn);
    w->st = theme_render(theme, &request, w->site.arena, &w->page, &w->err);
    w->statements = store_conn_statements(w->site.conn) - before;
    store_read_end(w->site.conn);
    return w->page.text;
}

static inline bool wharf_named(const struct wharf *w, str name)
{
    for (size_t i = 0; i < w->page.names_count; i++) {
        if (str_eq(w->page.names[i], name))
            return true;
    }
    return false;
}

/* ---- themes of a few lines ---- */

static inline void wharf_file(const struct wharf *w, str folder, str name, str text)
{
    struct error err = ERROR_INIT;
    str path = file_join(w->site.arena, folder, name);
    size_t slash = str_rfind_char(path, '/');
    EXPECT_ST(file_mkdirs(str_sub(path, 0, slash), 0755, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(path, text, 0644, &err), ST_OK, &err);
}

static inline str wharf_theme_folder(struct wharf *w)
{
    static int number;
    return str_format(w->site.arena, "%s/theme%d", w->site.dir, number++);
}

/* A theme whose post.hbs and index.hbs are `text`. */
static inline struct theme *wharf_theme(struct wharf *w, str text)
{
    struct theme *theme = NULL;
    str folder = wharf_theme_folder(w);
    wharf_file(
        w, folder, S("package.json"),
        S("{\"name\": \"few-lines\", \"version\": \"1.0.0\", \"config\": {\"posts_per_page\": 4,"
          " \"image_sizes\": {\"s\": {\"width\": 300}, \"sq\": {\"width\": 100, \"height\": 100}},"
          " \"custom\": {\"colour\": {\"type\": \"select\", \"options\": [\"Red\", \"Blue\"], \"default\": \"Red\"},"
          "   \"wide\": {\"type\": \"boolean\", \"default\": true},"
          "   \"hint\": {\"type\": \"text\", \"visibility\": \"wide:false\"}}}}"));
    wharf_file(w, folder, S("post.hbs"), text);
    wharf_file(w, folder, S("index.hbs"), text);
    wharf_file(w, folder, S("partials/who.hbs"), S("[{{title}}/{{url}}/{{kind}}]"));
    wharf_file(w, folder, S("locales/de.json"), S("{\"Read {n}\": \"Lies {n}\"}"));
    wharf_file(w, folder, S("assets/site.css"), S("body{}"));
    w->st = theme_load(folder, &theme, &w->err);
    return theme;
}

static inline struct page_request wharf_story_request(struct wharf *w, size_t number)
{
    struct story *story = wharf_read(w, w->stories[number]);
    return (struct page_request){.kind = PAGE_STORY,
                                 .story = story,
                                 .path = str_format(w->site.arena, "/%.*s/", STR_ARG(story->slug))};
}

/* The template rendered on the newest story's page; the sentence of the error if it failed. */
static inline str wharf_say(struct wharf *w, str text)
{
    w->err = ERROR_INIT;
    AUTO(theme_unrefp) struct theme *theme = wharf_theme(w, text);
    if (theme != NULL)
        (void)wharf_render(w, theme, wharf_story_request(w, w->count - 1));
    return w->st == ST_OK ? w->page.text : str_copy(w->site.arena, str_from_c(w->err.text));
}

/* Hashes of assets change with their content. */
static inline str without_hash(struct arena *arena, str text)
{
    size_t at = str_find(text, S("?v="));
    if (at == STR_NPOS)
        return text;
    return str_join3(arena, str_sub(text, 0, at + 3), S("HASH"), str_from(text, at + 13));
}
