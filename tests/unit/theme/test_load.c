/* SPDX-License-Identifier: MIT
 *
 * Themes as folders: what is taken, what is passed over, what is refused and how it is said. */
#include "tests/unit/theme/site_fixture.h"
#include "theme/package.h"

#include <unistd.h>

static const struct {
    str file, text, want; /* one file more or changed, and the error; empty: it loads */
} cases[] = {
    {S("post.hbs"), S("a\n{{#if b}}"), S("post.hbs:2:1: ")},
    {S("post.hbs"), S("{{nope 1}}"), S("post.hbs:1:1: ")},
    {S("post.hbs"), S("{{> nope}}"), S("post.hbs:1:1: ")},
    {S("post.hbs"), S("{{!< nope}}"), S("post.hbs:")},
    {S("partials/deep/er.hbs"), S("{{/if}}"), S("partials/deep/er.hbs:1:1: ")},
    {S("package.json"), S("{"), S("package.json:1:")},
    {S("locales/de.json"), S("[\n"), S("locales/de.json:")},
    {S("locales/context.json"), S("nonsense"), S("")},
    {S(".git/post.hbs"), S("{{#if"), S("")},
    {S("node_modules/x/post.hbs"), S("{{#if"), S("")},
    {S("README.md"), S("{{#if"), S("")},
    {S("assets/x.hbs"), S("{{#if"), S("")},
    {S("custom-wide.hbs"), S("{{#> (concat \"icons/\" \"x\")}}f{{/undefined}}"), S("")},
};

static str minimal(struct wharf *w)
{
    str folder = wharf_theme_folder(w);
    wharf_file(w, folder, S("package.json"), S("{\"name\": \"minimal\"}"));
    wharf_file(w, folder, S("index.hbs"), S("index"));
    wharf_file(w, folder, S("post.hbs"), S("{{!< default}}post"));
    wharf_file(w, folder, S("default.hbs"), S("<{{{body}}}>"));
    return folder;
}

static void test_faults(struct wharf *w)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO(theme_unrefp) struct theme *theme = NULL;
        struct error err = ERROR_INIT;
        str folder = minimal(w);
        wharf_file(w, folder, cases[i].file, cases[i].text);
        enum status st = theme_load(folder, &theme, &err);
        if (cases[i].want.len == 0) {
            EXPECT_ST(st, ST_OK, &err);
            continue;
        }
        EXPECT(st == ST_INVALID || st == ST_NOT_FOUND);
        str name = str_from(folder, str_rfind_char(folder, '/') + 1);
        str want =
            str_format(w->site.arena, "theme %.*s: %.*s", STR_ARG(name), STR_ARG(cases[i].want));
        EXPECT(str_starts(str_from_c(err.text), want));
        if (!str_starts(str_from_c(err.text), want))
            printf("    %s\n    %.*s\n", err.text, STR_ARG(want));
    }
}

static void test_missing(struct wharf *w)
{
    struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    EXPECT_ST(theme_load(S("/nonexistent/theme"), &theme, &err), ST_NOT_FOUND, &err);
    str folder = minimal(w);
    EXPECT(unlink(str_copy_c(w->site.arena, file_join(w->site.arena, folder, S("post.hbs")))) == 0);
    EXPECT_ST(theme_load(folder, &theme, &err), ST_INVALID, &err);
    EXPECT(str_contains(str_from_c(err.text), S("post.hbs is missing")));
    folder = minimal(w);
    EXPECT(symlink("AGENTS.md", str_copy_c(w->site.arena,
                                           file_join(w->site.arena, folder, S("CLAUDE.md")))) == 0);
    EXPECT_ST(theme_load(folder, &theme, &err), ST_OK, &err);
    theme_unref(theme);
    EXPECT(symlink("/etc/passwd",
                   str_copy_c(w->site.arena, file_join(w->site.arena, folder, S("a.hbs")))) == 0);
    EXPECT_ST(theme_load(folder, &theme, &err), ST_INVALID, &err);
    EXPECT(str_contains(str_from_c(err.text), S("a.hbs is a symbolic link")));
}

static void test_assets(struct wharf *w)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    struct theme_asset asset = {0};
    str folder = minimal(w);
    wharf_file(w, folder, S("assets/css/a.css"), S("a{}"));
    wharf_file(w, folder, S("assets/data.json"), S("{}"));
    wharf_file(w, folder, S("manifest.json"), S("{}"));
    wharf_file(w, folder, S("favicon.ico"), S("icon"));
    EXPECT_ST(theme_load(folder, &theme, &err), ST_OK, &err);
    EXPECT(theme_asset_find(theme, S("/assets/css/a.css"), &asset));
    EXPECT_STR(asset.bytes, S("a{}"));
    EXPECT_STR(asset.content_type, S("text/css; charset=utf-8"));
    EXPECT_INT(asset.hash.len, 10);
    EXPECT(theme_asset_find(theme, S("/assets/data.json"), &asset));
    EXPECT(theme_asset_find(theme, S("/manifest.json"), &asset));
    EXPECT(theme_asset_find(theme, S("/favicon.ico"), &asset));
    EXPECT(theme_asset_find(theme, S("/public/comments.css"), &asset));
    EXPECT(theme_asset_find(theme, S("/public/cards.css"), &asset));
    EXPECT(!theme_asset_find(theme, S("/package.json"), &asset));
    EXPECT(!theme_asset_find(theme, S("/post.hbs"), &asset));
    EXPECT(!theme_asset_find(theme, S("/assets/../package.json"), &asset));
}

static void test_default(void)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    struct theme_asset asset;
    EXPECT_ST(theme_load_default(&theme, &err), ST_OK, &err);
    EXPECT_STR(theme_name(theme), S("broadsheet"));
    EXPECT(theme_has_template(theme, S("post")));
    EXPECT(!theme_has_template(theme, S("custom-none")));
    EXPECT(theme_asset_find(theme, S("/assets/css/screen.css"), &asset));
    EXPECT(theme_package(theme)->posts_per_page > 0);
    EXPECT_STR(theme_text(theme, S("de"), S("Leave a reply")), S("Kommentar schreiben"));
    EXPECT_STR(theme_text(theme, S("de-AT"), S("Leave a reply")), S("Kommentar schreiben"));
    EXPECT_STR(theme_text(theme, S("xx"), S("Leave a reply")), S("Leave a reply"));
    struct theme *again = theme_ref(theme);
    theme_unref(again);
}

/* A theme's partial goes before the engine's of the same name. */
static void test_override(struct wharf *w)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    str folder = minimal(w);
    wharf_file(w, folder, S("post.hbs"), S("{{!< default}}{{#post}}{{comments}}{{/post}}"));
    wharf_file(w, folder, S("partials/comments.hbs"), S("own {{count}} {{open}}"));
    EXPECT_ST(theme_load(folder, &theme, &err), ST_OK, &err);
    EXPECT_STR(wharf_render(w, theme, wharf_story_request(w, 0)), S("<own 0 true>"));
}

/* A theme without error.hbs has the engine's, in its own layout. */
static void test_error_page(struct wharf *w)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    EXPECT_ST(theme_load(minimal(w), &theme, &err), ST_OK, &err);
    struct page_request request = {
        .kind = PAGE_ERROR, .path = S("/nope/"), .error = {404, S("This page is not here.")}};
    str page = wharf_render(w, theme, request);
    EXPECT_ST(w->st, ST_OK, &w->err);
    EXPECT(str_starts(page, S("<")) && str_contains(page, S("<h1>404</h1>")));
    AUTO(theme_unrefp) struct theme *bare = wharf_theme(w, S("x"));
    page = wharf_render(w, bare, request);
    EXPECT(str_starts(page, S("<!DOCTYPE html>")) && str_contains(page, S("<h1>404</h1>")));
}

int main(void)
{
    struct wharf w;
    wharf_open(&w, 1);
    test_faults(&w);
    test_missing(&w);
    test_assets(&w);
    test_default();
    test_override(&w);
    test_error_page(&w);
    wharf_close(&w);
    return test_done();
}
