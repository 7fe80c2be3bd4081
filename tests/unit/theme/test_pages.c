/* SPDX-License-Identifier: MIT
 *
 * Whole pages of the default theme: what is there and what is not, how many statements they take,
 * what they say they were made from; and ghost_head against tests/golden/theme/.
 *
 *     test_pages GOLDEN-FOLDER [update] */
#include "tests/unit/theme/site_fixture.h"

static struct theme *default_theme(void)
{
    struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    EXPECT_ST(theme_load_default(&theme, &err), ST_OK, &err);
    CHECK(theme != NULL);
    return theme;
}

static comment_id reply_by(struct wharf *w, story_id story, comment_id parent,
                           enum comment_state state, byline_id byline)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    struct comment_prepared ready;
    struct comment_added added = {0};
    struct comment_draft draft = {.story = story,
                                  .parent = parent,
                                  .name = S("Ada <script>"),
                                  .email = S("ada@secret.example"),
                                  .site = S("ada.example"),
                                  .text = S("I saw it too.\n\n<script>x()</script>"),
                                  .imported = true,
                                  .byline = byline,
                                  .state = state,
                                  .created_at = SITE_START};
    EXPECT_ST(comment_prepare(arena, &draft, w->site.settings, &ready, &err), ST_OK, &err);
    SITE_WRITE(&w->site, comment_add(desk, &ready, &added, err), ST_OK);
    return added.id;
}

static comment_id reply(struct wharf *w, story_id story, comment_id parent,
                        enum comment_state state)
{
    return reply_by(w, story, parent, state, (byline_id){0});
}

static size_t times(str text, str part)
{
    size_t n = 0, at;
    while ((at = str_find(text, part)) != STR_NPOS) {
        n++;
        text = str_from(text, at + part.len);
    }
    return n;
}

/* ---- the story page ---- */

/* The badge goes by the reply's byline, whatever name stands above it. */
static void test_badges(struct wharf *w, struct theme *theme)
{
    struct page_request request = wharf_story_request(w, 1);
    byline_id other = site_byline(&w->site, S("Someone Else"));
    CHECK(request.story->primary_byline.v != 0);
    const struct {
        byline_id byline;
        int author, staff;
    } cases[] = {{{0}, 0, 0}, {other, 0, 1}, {request.story->primary_byline, 1, 1}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        (void)reply_by(w, request.story->id, (comment_id){0}, COMMENT_APPROVED, cases[i].byline);
        str page = wharf_render(w, theme, wharf_story_request(w, 1));
        EXPECT_INT(times(page, S("<span class=\"bs-badge\">Author</span>")), cases[i].author);
        EXPECT_INT(times(page, S("<span class=\"bs-badge\">Staff</span>")), cases[i].staff);
    }
    EXPECT(wharf_named(w, str_format(w->site.arena, "author:%lld", (long long)other.v)));
}

static void test_story(struct wharf *w, struct theme *theme)
{
    struct page_request request = wharf_story_request(w, w->count - 1);
    str page = wharf_render(w, theme, request);
    EXPECT_ST(w->st, ST_OK, &w->err);
    EXPECT(w->page.cacheable && !w->page.noindex);
    EXPECT(wharf_named(w, S("settings")) && wharf_named(w, S("theme")));
    EXPECT(wharf_named(w, S("list:sections")));
    EXPECT(wharf_named(w, S("list:latest")) && !wharf_named(w, S("list:posts")));
    EXPECT(wharf_named(w, str_format(w->site.arena, "story:%lld", (long long)request.story->id.v)));
    EXPECT(wharf_named(w, str_format(w->site.arena, "tag:%lld", (long long)w->harbour.v)));
    EXPECT(wharf_named(w, str_format(w->site.arena, "author:%lld", (long long)w->tom.v)));
    EXPECT_INT(times(page, S("<h2 class=\"label\" id=\"latest\">")), 1);
    EXPECT_INT(times(page, S("<h2 class=\"label\" id=\"tags\">")), 1);
    EXPECT_INT(times(page, S("#lead")), 0);
    EXPECT_INT(times(page, S("id=\"popular\"")), 0);
    EXPECT_INT(times(page, S("id=\"reply-heading\"")), 1);
    EXPECT_INT(times(page, S("Your email address will not be published.")), 1);
    EXPECT_INT(times(page, S("replies</h2>")), 0);
    EXPECT_INT(times(page, S("rel=\"prev\"")), 1);
    EXPECT_INT(times(page, S("© 2025–2026 The Wharf")), w->count > 1);
}

static void test_replies(struct wharf *w, struct theme *theme)
{
    story_id story = w->stories[w->count - 1];
    comment_id first = reply(w, story, (comment_id){0}, COMMENT_APPROVED), parent = first;
    for (int i = 0; i < 8; i++)
        parent = reply(w, story, parent, COMMENT_APPROVED);
    comment_id held = reply(w, story, (comment_id){0}, COMMENT_PENDING);
    struct page_request request = wharf_story_request(w, w->count - 1);
    str page = wharf_render(w, theme, request);
    EXPECT_INT(times(page, S("<h2 class=\"bs-heading\">9 replies</h2>")), 1);
    EXPECT_INT(times(page, S("class=\"bs-reply\"")), 9);
    EXPECT_INT(times(page, S("<ol class=\"bs-replies\">")), COMMENT_DEPTH_SHOWN);
    EXPECT_INT(times(page, S("secret.example")), 0);
    EXPECT_INT(times(page, S("<script>x")), 0);
    EXPECT_INT(times(page, S("Ada &lt;script&gt;")) > 0, true);

    /* The writer of a held reply sees it; nobody else's page has it. */
    struct reply_view own = {.own = held, .notice = REPLY_NOTICE_HELD};
    request.reply = &own;
    page = wharf_render(w, theme, request);
    EXPECT(!w->page.cacheable && w->page.noindex);
    EXPECT_INT(times(page, S("bs-reply-pending")), 1);
    EXPECT_INT(times(page, S("is waiting for a moderator")), 1);

    /* A refused one comes back with all that was typed. */
    struct reply_view refused = {.refused = true,
                                 .name = S("Bo \"b\""),
                                 .email = S("bo@x"),
                                 .text = S("a < b"),
                                 .parent = first};
    refused.problems[COMMENT_FIELD_EMAIL] = S("This is not an email address.");
    request.reply = &refused;
    page = wharf_render(w, theme, request);
    EXPECT_INT(times(page, S("value=\"Bo &quot;b&quot;\"")), 1);
    EXPECT_INT(times(page, S(">a &lt; b</textarea>")), 1);
    EXPECT_INT(times(page, S("aria-invalid=\"true\"")), 1);
    EXPECT_INT(times(page, S("This is not an email address.")), 2);
    EXPECT_INT(times(page, S("In reply to Ada")), 1);

    /* Closed: the thread stays, the form goes. */
    wharf_set(w, S("comments_close_days"), S("1"));
    w->site.now += 10 * TIME_DAY;
    request = wharf_story_request(w, w->count - 1);
    page = wharf_render(w, theme, request);
    EXPECT_INT(times(page, S("<form class=\"bs-form\"")), 0);
    EXPECT_INT(times(page, S("Replies are closed.")), 1);
    page = wharf_render(w, theme, wharf_story_request(w, 0));
    EXPECT_INT(times(page, S("Replies are closed.")), 0);
    w->site.now -= 10 * TIME_DAY;
    wharf_set(w, S("comments_close_days"), S("30"));
    (void)wharf_render(w, theme, wharf_story_request(w, w->count - 1));
    EXPECT(w->page.until == SITE_START + 30 * TIME_DAY);
}

/* ---- lists ---- */

static void test_lists(struct wharf *w, struct theme *theme)
{
    str page = wharf_render(w, theme, (struct page_request){.kind = PAGE_LIST, .path = S("/")});
    EXPECT_ST(w->st, ST_OK, &w->err);
    EXPECT(wharf_named(w, S("list:posts")));
    EXPECT_INT(times(page, S("class=\"lead ")) + times(page, S("class=\"lead\"")), 1);
    (void)wharf_render(
        w, theme, (struct page_request){.kind = PAGE_LIST, .path = S("/page/99/"), .number = 99});
    EXPECT_INT(w->st, ST_NOT_FOUND);

    struct tag *tag = NULL;
    EXPECT_ST(tag_by_id(w->site.conn, w->weather, w->site.arena, &tag, &w->err), ST_OK, &w->err);
    page = wharf_render(
        w, theme, (struct page_request){.kind = PAGE_TAG, .path = S("/tag/weather/"), .tag = tag});
    EXPECT_INT(times(page, S("<article class=\"item")), (w->count + 1) / 2);
    EXPECT(wharf_named(w, change_list_name(w->site.arena, LIST_TAG, tag->id.v)));

    tag_id empty = site_tag(&w->site, S("Empty"));
    EXPECT_ST(tag_by_id(w->site.conn, empty, w->site.arena, &tag, &w->err), ST_OK, &w->err);
    (void)wharf_render(
        w, theme, (struct page_request){.kind = PAGE_TAG, .path = S("/tag/empty/"), .tag = tag});
    EXPECT_INT(w->st, ST_NOT_FOUND);

    page = wharf_render(
        w, theme,
        (struct page_request){.kind = PAGE_ARCHIVE, .path = S("/2025/12/"), .archive = {2025, 12}});
    EXPECT_ST(w->st, ST_OK, &w->err);
    EXPECT_INT(times(page, S("<h1 class=\"list-title\">December 2025</h1>")), 1);
    EXPECT_INT(times(page, S("<article class=\"item")), w->count - 1);

    page = wharf_render(w, theme,
                        (struct page_request){.kind = PAGE_ERROR,
                                              .path = S("/nope/"),
                                              .error = {404, S("Page not found")}});
    EXPECT(w->page.noindex);
    EXPECT_INT(times(page, S("404")) > 0, true);
    struct page_search search = {.query = S("<rain>"), .total = 0};
    page = wharf_render(
        w, theme,
        (struct page_request){.kind = PAGE_SEARCH, .path = S("/search/"), .search = &search});
    EXPECT(!w->page.cacheable && w->page.noindex);
    EXPECT_INT(times(page, S("&lt;rain&gt;")) > 0, true);
}

static void test_empty_site(struct theme *theme)
{
    struct wharf w;
    wharf_open(&w, 0);
    str page = wharf_render(&w, theme, (struct page_request){.kind = PAGE_LIST, .path = S("/")});
    EXPECT_ST(w.st, ST_OK, &w.err);
    EXPECT_INT(times(page, S("There are no stories yet.")), 1);
    EXPECT_INT(times(page, S("© 2026 The Wharf")), 1);
    wharf_close(&w);
}

/* As many statements at a hundred rows as at ten; the one that finds the story is the router's. */
static void test_statements(struct theme *theme)
{
    enum { STATEMENTS_MAX = 15 };
    static const size_t sizes[] = {10, 100};
    int64_t story[2], front[2];
    for (size_t i = 0; i < 2; i++) {
        struct wharf w;
        wharf_open(&w, sizes[i]);
        (void)reply(&w, w.stories[w.count - 1], (comment_id){0}, COMMENT_APPROVED);
        (void)wharf_render(&w, theme, wharf_story_request(&w, w.count - 1));
        story[i] = w.statements + 1;
        (void)wharf_render(&w, theme,
                           (struct page_request){.kind = PAGE_LIST,
                                                 .path = S("/"),
                                                 .limit = i64_from_size(sizes[i] / 2)});
        front[i] = w.statements;
        wharf_close(&w);
    }
    printf("statements: story %lld and %lld, front %lld and %lld\n", (long long)story[0],
           (long long)story[1], (long long)front[0], (long long)front[1]);
    EXPECT(story[0] <= STATEMENTS_MAX && story[1] <= story[0]);
    EXPECT(front[0] <= STATEMENTS_MAX && front[1] <= front[0]);
}

/* A query that fails ends the render with its status, whichever it is. */
static void test_failures(struct wharf *w, struct theme *theme)
{
    int calls = 0;
    for (;; calls++) {
        struct page_request request = wharf_story_request(w, w->count - 1);
        request.conn = w->site.conn;
        request.site = w->site.settings;
        request.now = w->site.now;
        struct error err = ERROR_INIT;
        struct theme_page page = {0};
        EXPECT_ST(store_read_begin(w->site.conn, &err), ST_OK, &err);
        w->site.calls_left = calls;
        enum status st = theme_render(theme, &request, w->site.arena, &page, &err);
        bool reached = w->site.calls_left < 0;
        w->site.calls_left = -1;
        store_read_end(w->site.conn);
        if (!reached || st == ST_OK)
            break;
        EXPECT_INT(st, ST_IO);
        EXPECT_INT(page.text.len, 0);
    }
    EXPECT(calls > 5);
}

/* ---- ghost_head ---- */

static void golden(struct wharf *w, const char *folder, bool update, const char *name)
{
    struct error err = ERROR_INIT;
    str path = str_format(w->site.arena, "%s/%s.html", folder, name);
    str want = STR_NONE, got = without_hash(w->site.arena, w->page.text);
    EXPECT_ST(w->st, ST_OK, &w->err);
    if (update)
        EXPECT_ST(file_write_atomic(path, got, 0644, &err), ST_OK, &err);
    EXPECT_ST(file_read(w->site.arena, path, PAGE_BYTES_MAX, &want, &err), ST_OK, &err);
    EXPECT_STR(got, want);
}

static void test_heads(const char *folder, bool update)
{
    struct wharf w;
    wharf_open(&w, 6);
    wharf_set(&w, S("description"), S("News of the <harbour>"));
    wharf_set(&w, S("twitter"), S("@wharf"));
    wharf_set(&w, S("icon"), S("/content/images/icon.png"));
    wharf_set(&w, S("codeinjection_head"), S("<!-- site's own -->"));
    AUTO(theme_unrefp)
    struct theme *theme =
        wharf_theme(&w, S("<title>{{meta_title}}</title>\n{{ghost_head}}{{ghost_foot}}"));
    struct page_request request = wharf_story_request(&w, 5);
    (void)wharf_render(&w, theme, request);
    golden(&w, folder, update, "head_story");
    request.preview = true;
    (void)wharf_render(&w, theme, request);
    golden(&w, folder, update, "head_preview");
    (void)wharf_render(&w, theme, (struct page_request){.kind = PAGE_LIST, .path = S("/")});
    golden(&w, folder, update, "head_front");
    (void)wharf_render(
        &w, theme, (struct page_request){.kind = PAGE_LIST, .path = S("/page/2/"), .number = 2});
    golden(&w, folder, update, "head_page_2");
    struct tag *tag = NULL;
    EXPECT_ST(tag_by_id(w.site.conn, w.harbour, w.site.arena, &tag, &w.err), ST_OK, &w.err);
    (void)wharf_render(
        &w, theme, (struct page_request){.kind = PAGE_TAG, .path = S("/tag/harbour/"), .tag = tag});
    golden(&w, folder, update, "head_tag");
    struct byline *byline = NULL;
    EXPECT_ST(byline_by_id(w.site.conn, w.greta, w.site.arena, &byline, &w.err), ST_OK, &w.err);
    (void)wharf_render(&w, theme,
                       (struct page_request){.kind = PAGE_AUTHOR,
                                             .path = S("/author/greta-novak/"),
                                             .byline = byline});
    golden(&w, folder, update, "head_author");
    struct page_search search = {.query = S("rain"), .total = 0};
    (void)wharf_render(
        &w, theme,
        (struct page_request){.kind = PAGE_SEARCH, .path = S("/search/"), .search = &search});
    golden(&w, folder, update, "head_search");
    wharf_close(&w);
}

int main(int argc, char **argv)
{
    struct wharf w;
    AUTO(theme_unrefp) struct theme *theme = default_theme();
    wharf_open(&w, 6);
    test_story(&w, theme);
    test_failures(&w, theme);
    test_badges(&w, theme);
    test_lists(&w, theme);
    test_replies(&w, theme);
    wharf_close(&w);
    test_empty_site(theme);
    test_statements(theme);
    CHECK(argc >= 2);
    test_heads(argv[1], argc > 2);
    return test_done();
}
