/* SPDX-License-Identifier: MIT
 *
 * {{ghost_head}} and {{ghost_foot}}: GHOST-THEMES 8. The order of what is printed is Ghost's; in
 * place of Article a story says NewsArticle, and besides RSS the Atom and JSON feeds are named. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "theme/package.h"
#include "theme/rendering.h"

struct head {
    struct rendering *r;
    struct buf *out;
    str exclude;
    str canonical;
    struct story *story; /* of a story's or page's page, with terms and body; else NULL */
};

static bool excluded(const struct head *h, str part)
{
    str list = h->exclude;
    while (list.len > 0) {
        if (str_eq(str_trim(str_cut(&list, ',')), part))
            return true;
    }
    return false;
}

/* ---- single tags; those without a value are left out ---- */

static void add_meta(struct buf *out, str kind, str name, str content)
{
    if (content.len == 0)
        return;
    buf_add(out, S("    <meta "));
    buf_add(out, kind);
    buf_add(out, S("=\""));
    buf_add(out, name);
    buf_add(out, S("\" content=\""));
    buf_add_html(out, content);
    buf_add(out, S("\">\n"));
}

static void add_named(struct buf *out, str name, str content)
{
    add_meta(out, S("name"), name, content);
}

static void add_property(struct buf *out, str name, str content)
{
    add_meta(out, S("property"), name, content);
}

static void add_link(struct buf *out, str rel, str href)
{
    if (href.len == 0)
        return;
    buf_add(out, S("    <link rel=\""));
    buf_add(out, rel);
    buf_add(out, S("\" href=\""));
    buf_add_html(out, href);
    buf_add(out, S("\">\n"));
}

static void add_feed(struct buf *out, str type, str title, str href)
{
    buf_add(out, S("    <link rel=\"alternate\" type=\""));
    buf_add(out, type);
    buf_add(out, S("\" title=\""));
    buf_add_html(out, title);
    buf_add(out, S("\" href=\""));
    buf_add_html(out, href);
    buf_add(out, S("\">\n"));
}

static void add_time(struct head *h, str name, time_us t)
{
    if (t != 0)
        add_property(h->out, name, time_to_iso(h->r->arena, t));
}

/* ---- first lines ---- */

static str icon_type(str icon)
{
    return str_ends(icon, S(".png"))   ? S("image/png")
           : str_ends(icon, S(".svg")) ? S("image/svg+xml")
                                       : S("image/x-icon");
}

static void add_icon(struct head *h)
{
    str icon = h->r->req->site->icon;
    struct theme_asset asset;
    if (icon.len == 0 && theme_asset_find(h->r->theme, S("/favicon.ico"), &asset))
        icon = S("/favicon.ico");
    else if (icon.len == 0)
        icon = h->r->addresses->icon;
    if (icon.len == 0)
        return;
    buf_add(h->out, S("    <link rel=\"icon\" href=\""));
    buf_add_html(h->out, address_relative(h->r, icon));
    buf_add(h->out, S("\" type=\""));
    buf_add(h->out, icon_type(icon));
    buf_add(h->out, S("\">\n"));
}

static void add_basics(struct head *h, str description)
{
    const struct rendering *r = h->r;
    if (!excluded(h, S("metadata")))
        add_named(h->out, S("description"), description);
    add_icon(h);
    if (excluded(h, S("metadata")))
        return;
    bool gone = r->req->kind == PAGE_ERROR;
    if (!gone)
        add_link(h->out, S("canonical"), h->canonical);
    if (r->req->preview) {
        add_named(h->out, S("robots"), S("noindex,nofollow"));
        add_named(h->out, S("referrer"), S("same-origin"));
    } else {
        if (r->noindex)
            add_named(h->out, S("robots"), S("noindex"));
        add_named(h->out, S("referrer"), S("no-referrer-when-downgrade"));
    }
    if (r->posts == NULL || gone || r->req->kind == PAGE_SEARCH)
        return;
    if (r->number > 1)
        add_link(h->out, S("prev"), address_absolute(r, address_page(r, r->number - 1)));
    if (r->number < r->pages)
        add_link(h->out, S("next"), address_absolute(r, address_page(r, r->number + 1)));
}

/* ---- Open Graph and Twitter ---- */

/* The first public tag, or NULL. */
static const struct tag *section_of(const struct story *story)
{
    for (size_t i = 0; i < story->tags_count; i++) {
        if (!story->tags[i]->internal)
            return story->tags[i];
    }
    return NULL;
}

static void add_article(struct head *h)
{
    const struct story *story = h->story;
    add_time(h, S("article:published_time"), story->published_at);
    add_time(h, S("article:modified_time"),
             story->revised_at != 0 ? story->revised_at : story->published_at);
    for (size_t i = 0; i < story->tags_count; i++) {
        if (!story->tags[i]->internal)
            add_property(h->out, S("article:tag"), story->tags[i]->name);
    }
    const struct tag *section = section_of(story);
    if (section != NULL)
        add_property(h->out, S("article:section"), section->name);
}

static str og_type(const struct rendering *r)
{
    if (r->object != NULL && r->object->rows[0]->kind == STORY_STORY)
        return S("article");
    return r->req->kind == PAGE_AUTHOR ? S("profile") : S("website");
}

static void add_pixels(struct head *h, str name, int64_t pixels)
{
    if (pixels > 0)
        add_property(h->out, name, str_format(h->r->arena, "%lld", (long long)pixels));
}

static enum status add_open_graph(struct head *h, struct error *err)
{
    struct rendering *r = h->r;
    str title, description;
    struct meta_picture image;
    enum status st = meta_title(r, META_OG, S(" (Page %)"), &title, err);
    if (st == ST_OK)
        st = meta_description(r, META_OG, &description, err);
    if (st == ST_OK)
        st = meta_image(r, META_OG, &image, err);
    if (st != ST_OK)
        return st;
    add_property(h->out, S("og:site_name"), r->req->site->title);
    add_property(h->out, S("og:type"), og_type(r));
    add_property(h->out, S("og:title"), title);
    add_property(h->out, S("og:description"), description);
    if (r->req->kind != PAGE_ERROR)
        add_property(h->out, S("og:url"), h->canonical);
    add_property(h->out, S("og:image"), image.url);
    add_pixels(h, S("og:image:width"), image.width);
    add_pixels(h, S("og:image:height"), image.height);
    if (h->story != NULL && image.url.len > 0 && h->story->meta.og_image.len == 0)
        add_property(h->out, S("og:image:alt"), h->story->image_alt);
    if (h->story != NULL && h->story->kind == STORY_STORY)
        add_article(h);
    return ST_OK;
}

/* "a, b" of the names of bylines or public tags. */
static str joined(const struct head *h, bool bylines)
{
    struct buf b;
    buf_init(&b, h->r->arena, 4096);
    size_t count = bylines ? h->story->bylines_count : h->story->tags_count;
    for (size_t i = 0; i < count; i++) {
        if (!bylines && h->story->tags[i]->internal)
            continue;
        if (b.len > 0)
            buf_add(&b, S(", "));
        buf_add(&b, bylines ? h->story->bylines[i]->name : h->story->tags[i]->name);
    }
    return buf_view(&b);
}

static enum status add_twitter(struct head *h, struct error *err)
{
    struct rendering *r = h->r;
    str title, description;
    struct meta_picture image;
    enum status st = meta_title(r, META_TWITTER, S(" (Page %)"), &title, err);
    if (st == ST_OK)
        st = meta_description(r, META_TWITTER, &description, err);
    if (st == ST_OK)
        st = meta_image(r, META_TWITTER, &image, err);
    if (st != ST_OK)
        return st;
    add_named(h->out, S("twitter:card"),
              image.url.len > 0 ? S("summary_large_image") : S("summary"));
    add_named(h->out, S("twitter:title"), title);
    add_named(h->out, S("twitter:description"), description);
    if (r->req->kind != PAGE_ERROR)
        add_named(h->out, S("twitter:url"), h->canonical);
    add_named(h->out, S("twitter:image"), image.url);
    if (h->story != NULL && h->story->kind == STORY_STORY) {
        int label = 1;
        for (int i = 0; i < 2; i++) {
            str data = joined(h, i == 0);
            if (data.len == 0)
                continue;
            add_named(h->out, label == 1 ? S("twitter:label1") : S("twitter:label2"),
                      i == 0 ? S("Written by") : S("Filed under"));
            add_named(h->out, label == 1 ? S("twitter:data1") : S("twitter:data2"), data);
            label++;
        }
    }
    add_named(h->out, S("twitter:site"), site_setting(r->req->site, S("twitter")));
    return ST_OK;
}

/* ---- JSON-LD ---- */

/* "name":"text", with what stands before it; nothing for an empty text. */
static void json_text(struct buf *out, const char *name, str text)
{
    if (text.len == 0)
        return;
    buf_addf(out, ",\"%s\":\"", name);
    buf_add_json(out, text);
    buf_add_char(out, '"');
}

static void json_publisher(struct head *h)
{
    const struct rendering *r = h->r;
    buf_add(h->out, S(",\"publisher\":{\"@type\":\"NewsMediaOrganization\""));
    json_text(h->out, "name", r->req->site->title);
    json_text(h->out, "url", address_absolute(r, S("/")));
    str logo = r->req->site->logo.len > 0 ? r->req->site->logo : r->req->site->icon;
    if (logo.len > 0) {
        buf_add(h->out, S(",\"logo\":{\"@type\":\"ImageObject\""));
        json_text(h->out, "url", address_absolute(r, logo));
        buf_add_char(h->out, '}');
    }
    buf_add_char(h->out, '}');
}

static void json_person(struct head *h, const struct byline *byline)
{
    buf_add(h->out, S("{\"@type\":\"Person\""));
    json_text(h->out, "name", byline->name);
    json_text(h->out, "url", address_absolute(h->r, address_author(h->r, byline->slug)));
    json_text(h->out, "image", address_absolute(h->r, byline->profile_image));
    json_text(h->out, "sameAs", byline->website);
    buf_add_char(h->out, '}');
}

/* With its size where it is known: search engines want 1200 pixels. */
static void json_image(struct head *h, const struct meta_picture *image)
{
    if (image->width == 0) {
        json_text(h->out, "image", image->url);
        return;
    }
    buf_add(h->out, S(",\"image\":{\"@type\":\"ImageObject\""));
    json_text(h->out, "url", image->url);
    buf_addf(h->out, ",\"width\":%lld,\"height\":%lld}", (long long)image->width,
             (long long)image->height);
}

static void json_story(struct head *h, str description, const struct meta_picture *image)
{
    const struct story *story = h->story;
    buf_add(h->out, story->kind == STORY_STORY ? S("\"@type\":\"NewsArticle\"")
                                               : S("\"@type\":\"WebPage\""));
    json_publisher(h);
    for (size_t i = 0; i < story->bylines_count; i++) {
        buf_add(h->out, i == 0 ? S(",\"author\":[") : S(","));
        json_person(h, story->bylines[i]);
    }
    if (story->bylines_count > 0)
        buf_add_char(h->out, ']');
    json_text(h->out, "headline", story->title);
    json_text(h->out, "url", h->canonical);
    json_text(h->out, "datePublished", time_to_iso(h->r->arena, story->published_at));
    json_text(
        h->out, "dateModified",
        time_to_iso(h->r->arena, story->revised_at != 0 ? story->revised_at : story->published_at));
    json_image(h, image);
    json_text(h->out, "keywords", joined(h, false));
    const struct tag *section = section_of(story);
    if (section != NULL)
        json_text(h->out, "articleSection", section->name);
    json_text(h->out, "dateline", story->dateline);
    json_text(h->out, "description", description);
    json_text(h->out, "inLanguage", story->language.len > 0 ? story->language : h->r->locale);
    if (story->word_count > 0)
        buf_addf(h->out, ",\"wordCount\":%lld", (long long)story->word_count);
    if (story->comment_count > 0)
        buf_addf(h->out, ",\"commentCount\":%lld", (long long)story->comment_count);
    if (!story_is_open((int)story->visibility))
        buf_add(h->out, S(",\"isAccessibleForFree\":false"));
    json_text(h->out, "mainEntityOfPage", h->canonical);
}

static void json_list_page(struct head *h, str description, str image)
{
    const struct page_request *req = h->r->req;
    if (req->kind == PAGE_AUTHOR) {
        buf_add(h->out, S("\"@type\":\"Person\""));
        json_text(h->out, "name", req->byline->name);
        json_text(h->out, "sameAs", req->byline->website);
        json_text(h->out, "image", address_absolute(h->r, req->byline->profile_image));
    } else if (req->kind == PAGE_TAG) {
        buf_add(h->out, S("\"@type\":\"CollectionPage\""));
        json_publisher(h);
        json_text(h->out, "name", req->tag->name);
        json_text(h->out, "image", image);
    } else {
        buf_add(h->out, S("\"@type\":\"WebSite\""));
        json_publisher(h);
        json_text(h->out, "name", req->site->title);
        json_text(h->out, "image", image);
    }
    json_text(h->out, "url", h->canonical);
    json_text(h->out, "description", description);
    json_text(h->out, "mainEntityOfPage", h->canonical);
}

static enum status add_schema(struct head *h, str description, struct error *err)
{
    struct meta_picture image;
    enum status st = meta_image(h->r, META_OG, &image, err);
    if (st != ST_OK)
        return st;
    buf_add(h->out, S("    <script type=\"application/ld+json\">"
                      "{\"@context\":\"https://schema.org\","));
    if (h->story != NULL)
        json_story(h, description, &image);
    else
        json_list_page(h, description, image.url);
    buf_add(h->out, S("}</script>\n"));
    return ST_OK;
}

/* ---- the rest ---- */

static void add_feeds(struct head *h)
{
    struct rendering *r = h->r;
    const struct page_request *req = r->req;
    str title = req->site->title, rss = r->addresses->rss;
    if (rss.len > 0) {
        if (req->kind == PAGE_TAG) {
            title = str_join3(r->arena, req->tag->name, S(" - "), title);
            rss = str_join2(r->arena, address_tag(r, req->tag->slug), S("rss/"));
        } else if (req->kind == PAGE_AUTHOR) {
            title = str_join3(r->arena, req->byline->name, S(" - "), title);
            rss = str_join2(r->arena, address_author(r, req->byline->slug), S("rss/"));
        }
        add_feed(h->out, S("application/rss+xml"), title, address_absolute(r, rss));
    }
    title = req->site->title;
    if (r->addresses->atom.len > 0)
        add_feed(h->out, S("application/atom+xml"), title, address_absolute(r, r->addresses->atom));
    if (r->addresses->json_feed.len > 0)
        add_feed(h->out, S("application/feed+json"), title,
                 address_absolute(r, r->addresses->json_feed));
}

static void add_engine_style(struct head *h, str path)
{
    struct theme_asset asset;
    if (theme_asset_find(h->r->theme, path, &asset))
        add_link(h->out, S("stylesheet"), str_join3(h->r->arena, path, S("?v="), asset.hash));
}

/* Cards are styled by the engine where a body has some, replies where the theme does not itself. */
static void add_styles(struct head *h)
{
    const struct theme *theme = h->r->theme;
    if (h->story != NULL && theme->package->card_assets && !excluded(h, S("card_assets")) &&
        (str_contains(h->story->body.raw, S("\"kg-")) ||
         str_contains(h->story->body.raw, S("\"wp-block-"))))
        add_engine_style(h, S("/public/cards.css"));
    if (h->story != NULL && h->story->kind == STORY_STORY && h->r->req->site->comments_on &&
        !theme->styles_replies)
        add_engine_style(h, S("/public/comments.css"));
    str accent = h->r->req->site->accent_color;
    if (accent.len > 0) {
        buf_add(h->out, S("    <style>:root{--ghost-accent-color:"));
        buf_add_html(h->out, accent);
        buf_add(h->out, S("}</style>\n"));
    }
}

/* What the owner wrote to be put there, as it is. */
static void add_code(struct buf *out, str code)
{
    if (code.len > 0) {
        buf_add(out, code);
        buf_add_char(out, '\n');
    }
}

static enum status head_start(struct head *h, struct hbs_call *call, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    *h = (struct head){.r = r, .out = hbs_call_out(call)};
    enum status st = call_text(call, S("exclude"), STR_NONE, &h->exclude, err);
    if (st == ST_OK)
        st = meta_canonical(r, &h->canonical, err);
    if (st != ST_OK || r->object == NULL)
        return st;
    h->story = r->object->rows[0];
    st = rows_load_terms(r, r->object, err);
    return st == ST_OK ? rows_load_body(r, r->object, err) : st;
}

/* Printing a story's names in the head makes the page of them, as printing them in the body does. */
static void saw_terms(struct head *h)
{
    for (size_t i = 0; i < h->story->tags_count; i++)
        rendering_saw(h->r, SEEN_TAG, h->story->tags[i]->id.v);
    for (size_t i = 0; i < h->story->bylines_count; i++)
        rendering_saw(h->r, SEEN_BYLINE, h->story->bylines[i]->id.v);
}

static enum status add_social_and_schema(struct head *h, str description, struct error *err)
{
    enum status st = ST_OK;
    if (h->r->number > 1 || h->r->req->kind == PAGE_ERROR || h->r->req->kind == PAGE_SEARCH)
        return ST_OK;
    if (!excluded(h, S("social_data"))) {
        st = add_open_graph(h, err);
        if (st == ST_OK)
            st = add_twitter(h, err);
    }
    if (st == ST_OK && !excluded(h, S("schema")))
        st = add_schema(h, description, err);
    return st;
}

enum status helper_ghost_head(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct head h;
    str description;
    (void)ret;
    const struct rendering *r = rendering_of_call(call);
    if (r->req->kind == PAGE_ERROR && r->req->error.code >= 500)
        return ST_OK;
    enum status st = head_start(&h, call, err);
    if (st == ST_OK)
        st = meta_description(h.r, META_PAGE, &description, err);
    if (st != ST_OK)
        return st;
    add_basics(&h, description);
    st = add_social_and_schema(&h, description, err);
    if (st != ST_OK)
        return st;
    add_named(h.out, S("generator"), S("Broadsheet"));
    add_feeds(&h);
    add_styles(&h);
    add_code(h.out, site_setting(r->req->site, S("codeinjection_head")));
    if (h.story != NULL) {
        saw_terms(&h);
        add_code(h.out, h.story->meta.code_head);
    }
    if (r->req->kind == PAGE_TAG)
        add_code(h.out, r->req->tag->meta.code_head);
    return ST_OK;
}

enum status helper_ghost_foot(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct buf *out = hbs_call_out(call);
    (void)ret;
    add_code(out, site_setting(r->req->site, S("codeinjection_foot")));
    if (r->object != NULL) {
        enum status st = rows_load_body(r, r->object, err);
        if (st != ST_OK)
            return st;
        add_code(out, r->object->rows[0]->meta.code_foot);
    }
    if (r->req->kind == PAGE_TAG)
        add_code(out, r->req->tag->meta.code_foot);
    return ST_OK;
}
