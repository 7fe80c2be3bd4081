/* SPDX-License-Identifier: MIT
 *
 * What search engines ask for: /sitemap.xml and its parts (posts, pages, tags, authors; 50,000
 * addresses a file, sitemaps.org), /sitemap-news.xml (the last 48 hours), /robots.txt. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/tag.h"
#include "site/visit.h"

enum {
    SITEMAP_ADDRESSES_MAX = 50000,
    SITEMAP_BATCH = 1000,
    SITEMAP_BYTES_MAX = 50 * 1024 * 1024,
    SITEMAP_PARTS_MAX = 1000,
    NEWS_HOURS = 48,
    NEWS_MAX = 1000,
};

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                           "xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\" "
                           "xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\n";

static void add_url(struct visit *v, struct buf *b, str path, time_us changed)
{
    buf_add(b, S("<url><loc>"));
    buf_add_html(b, visit_url(v, path));
    buf_add(b, S("</loc>"));
    if (changed != 0) {
        buf_add(b, S("<lastmod>"));
        buf_add(b, time_to_iso(v->arena, changed));
        buf_add(b, S("</lastmod>"));
    }
}

static str without_slash(str address)
{
    return str_ends(address, S("/")) ? str_sub(address, 0, address.len - 1) : address;
}

/* Is the address where the story says it is at home the one it has here? A sitemap lists no other:
 * neither another site's nor another story's. */
static bool has_own_address(struct visit *v, const struct story *story)
{
    static const str ghost_url = STR_INIT("__GHOST_URL__");
    str own = story_path(v->arena, story), said = story->canonical_url;
    if (str_starts(said, ghost_url))
        said = str_from(said, ghost_url.len);
    return said.len == 0 || str_eq(without_slash(said), without_slash(own)) ||
           str_eq(without_slash(said), without_slash(visit_url(v, own)));
}

static void add_stories(struct visit *v, struct buf *b, const struct story_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct story *story = list->rows[i];
        if (!has_own_address(v, story))
            continue; /* its home is elsewhere */
        add_url(v, b, story_path(v->arena, story), story->updated_at);
        if (str_starts(story->image, S("/"))) {
            buf_add(b, S("<image:image><image:loc>"));
            buf_add_html(b, visit_url(v, story->image));
            buf_add(b, S("</image:loc></image:image>"));
        }
        buf_add(b, S("</url>\n"));
    }
}

static enum status part_posts(struct visit *v, struct buf *b, int64_t part, struct error *err)
{
    struct story_query query = {.list = LIST_ALL, .limit = SITEMAP_BATCH};
    enum status st = story_list_seek(v->conn, LIST_ALL, 0, 0, (part - 1) * SITEMAP_ADDRESSES_MAX,
                                     &query.before, err);
    for (size_t n = 0; st == ST_OK && n < SITEMAP_ADDRESSES_MAX; n += SITEMAP_BATCH) {
        struct story_list list;
        st = story_list_get(v->conn, &query, v->arena, &list, err);
        if (st != ST_OK)
            return st;
        add_stories(v, b, &list);
        if (!list.more)
            break;
        query.before = story_key(list.rows[list.count - 1]);
    }
    return st;
}

static enum status part_pages(struct visit *v, struct buf *b, int64_t part, struct error *err)
{
    struct story_list list = {.count = 0, .more = true};
    str title = STR_NONE;
    int64_t id = 0;
    (void)part;
    while (list.more) {
        enum status st = story_list_pages(v->conn, title, id, SITEMAP_BATCH, v->arena, &list, err);
        if (st != ST_OK)
            return st;
        add_stories(v, b, &list);
        if (list.more) {
            title = list.rows[list.count - 1]->title;
            id = list.rows[list.count - 1]->id.v;
        }
    }
    return ST_OK;
}

static enum status part_tags(struct visit *v, struct buf *b, int64_t part, struct error *err)
{
    struct tag_query query = {.limit = SITEMAP_BATCH};
    size_t count = SITEMAP_BATCH;
    (void)part;
    while (count == SITEMAP_BATCH) {
        struct tag **tags;
        enum status st = tag_list(v->conn, &query, v->arena, &tags, &count, err);
        if (st != ST_OK)
            return st;
        for (size_t i = 0; i < count; i++) {
            add_url(v, b, str_join3(v->arena, S("/tag/"), tags[i]->slug, S("/")), 0);
            buf_add(b, S("</url>\n"));
            query.after = tags[i];
        }
    }
    return ST_OK;
}

static enum status part_authors(struct visit *v, struct buf *b, int64_t part, struct error *err)
{
    struct byline_query query = {.limit = SITEMAP_BATCH};
    size_t count = SITEMAP_BATCH;
    (void)part;
    while (count == SITEMAP_BATCH) {
        struct byline **bylines;
        enum status st = byline_list(v->conn, &query, v->arena, &bylines, &count, err);
        if (st != ST_OK)
            return st;
        for (size_t i = 0; i < count; i++) {
            add_url(v, b, str_join3(v->arena, S("/author/"), bylines[i]->slug, S("/")), 0);
            buf_add(b, S("</url>\n"));
            query.after = bylines[i];
        }
    }
    return ST_OK;
}

static const struct {
    str name;
    enum status (*show)(struct visit *v, struct buf *b, int64_t part, struct error *err);
} parts[] = {
    {STR_INIT("posts"), part_posts},
    {STR_INIT("pages"), part_pages},
    {STR_INIT("tags"), part_tags},
    {STR_INIT("authors"), part_authors},
};

static void xml_made(struct visit *v, str text)
{
    static const str names[] = {STR_INIT("list:latest"), STR_INIT("list:posts"),
                                STR_INIT("settings")};
    visit_made(v, S("application/xml; charset=utf-8"), text, "public, max-age=0", names,
               ARRAY_LEN(names));
    /* A story deep in the archive may change without any list's name being raised. */
    v->content.expires_at = v->now + 10 * TIME_MINUTE;
}

static enum status part_show(struct visit *v, str name, int64_t part, struct error *err)
{
    struct buf b;
    str text;
    buf_init(&b, v->arena, SITEMAP_BYTES_MAX);
    buf_add(&b, str_from_c(head));
    enum status st = ST_NOT_FOUND;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (str_eq(parts[i].name, name))
            st = parts[i].show(v, &b, part, err);
    }
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? error_set(err, st, "there is no such part") : st;
    buf_add(&b, S("</urlset>\n"));
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        xml_made(v, text);
    return st;
}

static enum status index_show(struct visit *v, struct error *err)
{
    struct buf b;
    str text;
    int64_t total;
    enum status st = story_list_total(v->conn, LIST_ALL, 0, 0, 0, &total, err);
    if (st != ST_OK)
        return st;
    int64_t files = (total + SITEMAP_ADDRESSES_MAX - 1) / SITEMAP_ADDRESSES_MAX;
    buf_init(&b, v->arena, SITEMAP_BYTES_MAX);
    buf_add(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
    for (int64_t i = 0; i < (int64_t)ARRAY_LEN(parts) + files - 1; i++) {
        bool posts = i < files || files == 0;
        str name = posts ? parts[0].name : parts[i - files + 1].name;
        str path = i == 0 || !posts ? str_format(v->arena, "/sitemap-%.*s.xml", STR_ARG(name))
                                    : str_format(v->arena, "/sitemap-%.*s-%lld.xml", STR_ARG(name),
                                                 (long long)i + 1);
        buf_add(&b, S("<sitemap><loc>"));
        buf_add_html(&b, visit_url(v, path));
        buf_add(&b, S("</loc></sitemap>\n"));
    }
    buf_add(&b, S("</sitemapindex>\n"));
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        xml_made(v, text);
    return st;
}

static enum status news_show(struct visit *v, struct error *err)
{
    struct story_list list;
    struct buf b;
    str text;
    struct story_query query = {
        .list = LIST_ALL, .from = v->now - NEWS_HOURS * TIME_HOUR, .limit = NEWS_MAX};
    enum status st = story_list_get(v->conn, &query, v->arena, &list, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, v->arena, SITEMAP_BYTES_MAX);
    buf_add(&b, str_from_c(head));
    for (size_t i = 0; i < list.count; i++) {
        const struct story *story = list.rows[i];
        const struct site_settings *settings = v->edition->settings;
        if (!has_own_address(v, story))
            continue;
        add_url(v, &b, story_path(v->arena, story), 0);
        buf_add(&b, S("<news:news><news:publication><news:name>"));
        buf_add_html(&b, settings->title);
        buf_add(&b, S("</news:name><news:language>"));
        buf_add_html(&b, story->language.len > 0 ? story->language : settings->locale);
        buf_add(&b, S("</news:language></news:publication><news:publication_date>"));
        buf_add(&b, time_to_iso(v->arena, story->published_at));
        buf_add(&b, S("</news:publication_date><news:title>"));
        buf_add_html(&b, story->title);
        buf_add(&b, S("</news:title></news:news></url>\n"));
    }
    buf_add(&b, S("</urlset>\n"));
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        xml_made(v, text);
    return st;
}

enum status sitemap_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    str path = v->req->path;
    int64_t part = 1;
    (void)match;

    if (str_eq(path, S("/sitemap.xml")))
        return index_show(v, err);
    if (str_eq(path, S("/sitemap-news.xml")))
        return news_show(v, err);
    struct cursor c = cursor_of(str_from(path, S("/sitemap-").len));
    const char *begin = c.at;
    while (!cursor_done(&c) && ascii_is_alpha(*c.at))
        c.at++;
    str name = str_from_range(begin, c.at);
    if (cursor_char(&c, '-') && (!cursor_uint(&c, 1, 3, &part) || part < 2))
        return error_set(err, ST_NOT_FOUND, "there is no such part");
    if (!cursor_str(&c, S(".xml")) || !cursor_done(&c) || (part > 1 && !str_eq(name, S("posts"))))
        return error_set(err, ST_NOT_FOUND, "there is no such part");
    return part_show(v, name, part, err);
}

enum status robots_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    static const str names[] = {STR_INIT("settings"), STR_INIT("theme")};
    (void)match;
    (void)err;
    str url = v->edition->settings->url, sitemaps = STR_NONE;
    if (url.len > 0) /* a sitemap's address has to be a whole one */
        sitemaps =
            str_format(v->arena, "\nSitemap: %.*s/sitemap.xml\nSitemap: %.*s/sitemap-news.xml\n",
                       STR_ARG(url), STR_ARG(url));
    str text = str_format(v->arena,
                          "User-agent: *\nDisallow: /desk/\nDisallow: /p/\nDisallow: /search/\n"
                          "Disallow: /*?reply=\nDisallow: /*?replyto=\n%.*s",
                          STR_ARG(sitemaps));
    visit_made(v, S("text/plain; charset=utf-8"), text, "public, max-age=3600", names,
               ARRAY_LEN(names));
    return ST_OK;
}
