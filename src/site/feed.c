/* SPDX-License-Identifier: MIT
 *
 * The newest stories for readers elsewhere: RSS 2.0 at /rss/ (of the site, a tag, an author;
 * GHOST-THEMES §13), Atom at /atom.xml (RFC 4287) and JSON Feed 1.1 at /feed.json. Addresses inside
 * story bodies are made absolute, since a feed is read away from the site. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/change.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/tag.h"
#include "site/visit.h"
#include "text/plain.h"
#include "theme/gate.h"

enum {
    FEED_ITEMS = 15,
    FEED_BYTES_MAX = 16 * 1024 * 1024,
    FEED_SUMMARY_WORDS = 50,
};

/* What a feed is of. */
struct feed {
    str title;
    str path; /* of the page it stands beside */
    str self; /* of the feed itself */
    struct story_query query;
    struct story_list list;
    str list_name; /* what drops it */
};

/* Text for XML: escaped, and without what XML 1.0 §2.2 has no place for. */
static void add_xml(struct buf *b, str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r')
            continue;
        buf_add_html(b, str_sub(text, from, i - from));
        from = i + 1;
    }
    buf_add_html(b, str_from(text, from));
}

static void add_element(struct buf *b, const char *name, str text)
{
    if (text.len == 0)
        return;
    buf_addf(b, "<%s>", name);
    add_xml(b, text);
    buf_addf(b, "</%s>\n", name);
}

/* The body, for whom it is meant. Story bodies come from our own serializer: an attribute is always
 * ` name="value"`. */
static str absolute_html(struct visit *v, const struct story *story)
{
    bool open = story->visibility == STORY_PUBLIC;
    str body = gate_html(v->arena, v->edition->settings->url, story->body, open).raw;
    static const str attrs[] = {STR_INIT(" href=\"/"), STR_INIT(" src=\"/")};
    struct buf b;
    buf_init(&b, v->arena, FEED_BYTES_MAX);
    size_t from = 0;
    for (size_t i = 0; i < body.len; i++) {
        if (body.ptr[i] != ' ')
            continue;
        for (size_t a = 0; a < ARRAY_LEN(attrs); a++) {
            str rest = str_from(body, i);
            if (!str_starts(rest, attrs[a]) || str_starts(str_from(rest, attrs[a].len), S("/")))
                continue;
            size_t at = i + attrs[a].len - 1;
            buf_add(&b, str_sub(body, from, at - from));
            buf_add(&b, v->edition->settings->url);
            from = at;
            i = at;
            break;
        }
    }
    buf_add(&b, str_from(body, from));
    return buf_view(&b);
}

static str summary(struct visit *v, const struct story *story)
{
    if (story->standfirst.len > 0)
        return story->standfirst;
    return plain_first_words(v->arena, story->excerpt, FEED_SUMMARY_WORDS);
}

static str image_url(struct visit *v, const struct story *story)
{
    return str_starts(story->image, S("/")) ? visit_url(v, story->image) : story->image;
}

/* ---- RSS ---- */

static void rss_item(struct visit *v, struct buf *b, const struct story *story)
{
    char date[HTTP_DATE_LEN + 1];
    str url = visit_url(v, story_path(v->arena, story));

    time_to_http(story->published_at, date);
    buf_add(b, S("<item>\n"));
    add_element(b, "title", story->title);
    add_element(b, "description", summary(v, story));
    add_element(b, "link", url);
    buf_addf(b, "<guid isPermaLink=\"false\">%.*s</guid>\n", STR_ARG(story->ghost_id));
    for (size_t i = 0; i < story->tags_count; i++) {
        if (!story->tags[i]->internal)
            add_element(b, "category", story->tags[i]->name);
    }
    for (size_t i = 0; i < story->bylines_count; i++)
        add_element(b, "dc:creator", story->bylines[i]->name);
    buf_addf(b, "<pubDate>%s</pubDate>\n", date);
    if (story->image.len > 0) {
        buf_add(b, S("<media:content url=\""));
        add_xml(b, image_url(v, story));
        buf_add(b, S("\" medium=\"image\"/>\n"));
    }
    add_element(b, "content:encoded", absolute_html(v, story));
    buf_add(b, S("</item>\n"));
}

static void rss(struct visit *v, struct buf *b, const struct feed *feed)
{
    buf_add(b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                 "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                 "xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                 "xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n"));
    add_element(b, "title", feed->title);
    str about = v->edition->settings->description;
    add_element(b, "description", about.len > 0 ? about : feed->title);
    add_element(b, "link", visit_url(v, feed->path));
    add_element(b, "language", v->edition->settings->locale);
    buf_add(b, S("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\""));
    add_xml(b, visit_url(v, feed->self));
    buf_add(b, S("\"/>\n<generator>Broadsheet</generator>\n<ttl>60</ttl>\n"));
    for (size_t i = 0; i < feed->list.count; i++)
        rss_item(v, b, feed->list.rows[i]);
    buf_add(b, S("</channel>\n</rss>\n"));
}

/* ---- Atom ---- */

static time_us changed_at(const struct story *story)
{
    return story->revised_at > story->published_at ? story->revised_at : story->published_at;
}

static void atom_item(struct visit *v, struct buf *b, const struct story *story)
{
    str url = visit_url(v, story_path(v->arena, story));
    buf_add(b, S("<entry>\n"));
    add_element(b, "title", story->title);
    buf_addf(b, "<id>urn:uuid:%.*s</id>\n<link href=\"", STR_ARG(story->uuid));
    add_xml(b, url);
    buf_add(b, S("\"/>\n"));
    add_element(b, "published", time_to_iso(v->arena, story->published_at));
    add_element(b, "updated", time_to_iso(v->arena, changed_at(story)));
    for (size_t i = 0; i < story->bylines_count; i++) {
        buf_add(b, S("<author>"));
        add_element(b, "name", story->bylines[i]->name);
        buf_add(b, S("</author>\n"));
    }
    for (size_t i = 0; i < story->tags_count; i++) {
        if (story->tags[i]->internal)
            continue;
        buf_add(b, S("<category term=\""));
        add_xml(b, story->tags[i]->name);
        buf_add(b, S("\"/>\n"));
    }
    add_element(b, "summary", summary(v, story));
    buf_add(b, S("<content type=\"html\">"));
    add_xml(b, absolute_html(v, story));
    buf_add(b, S("</content>\n</entry>\n"));
}

static void atom(struct visit *v, struct buf *b, const struct feed *feed)
{
    time_us newest = 0;
    for (size_t i = 0; i < feed->list.count; i++) {
        if (changed_at(feed->list.rows[i]) > newest)
            newest = changed_at(feed->list.rows[i]);
    }
    buf_add(b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"));
    add_element(b, "title", feed->title);
    add_element(b, "id", visit_url(v, S("/")));
    add_element(b, "updated", time_to_iso(v->arena, newest));
    buf_add(b, S("<author>"));
    add_element(b, "name", v->edition->settings->title);
    buf_add(b, S("</author>\n<link rel=\"self\" href=\""));
    add_xml(b, visit_url(v, feed->self));
    buf_add(b, S("\"/>\n<link href=\""));
    add_xml(b, visit_url(v, feed->path));
    buf_add(b, S("\"/>\n"));
    for (size_t i = 0; i < feed->list.count; i++)
        atom_item(v, b, feed->list.rows[i]);
    buf_add(b, S("</feed>\n"));
}

/* ---- JSON Feed ---- */

static void json_pair(struct buf *b, const char *name, str text, bool more)
{
    buf_addf(b, "\"%s\":\"", name);
    buf_add_json(b, text);
    buf_add(b, more ? S("\",") : S("\""));
}

static void json_item(struct visit *v, struct buf *b, const struct story *story)
{
    buf_add(b, S("{"));
    json_pair(b, "id", story->ghost_id, true);
    json_pair(b, "url", visit_url(v, story_path(v->arena, story)), true);
    json_pair(b, "title", story->title, true);
    json_pair(b, "summary", summary(v, story), true);
    if (story->image.len > 0)
        json_pair(b, "image", image_url(v, story), true);
    json_pair(b, "date_published", time_to_iso(v->arena, story->published_at), true);
    json_pair(b, "date_modified", time_to_iso(v->arena, changed_at(story)), true);
    buf_add(b, S("\"authors\":["));
    for (size_t i = 0; i < story->bylines_count; i++) {
        buf_add(b, i == 0 ? S("{") : S(",{"));
        json_pair(b, "name", story->bylines[i]->name, false);
        buf_add(b, S("}"));
    }
    buf_add(b, S("],\"tags\":["));
    bool first = true;
    for (size_t i = 0; i < story->tags_count; i++) {
        if (story->tags[i]->internal)
            continue;
        buf_add(b, first ? S("\"") : S(",\""));
        buf_add_json(b, story->tags[i]->name);
        buf_add(b, S("\""));
        first = false;
    }
    buf_add(b, S("],"));
    json_pair(b, "content_html", absolute_html(v, story), false);
    buf_add(b, S("}"));
}

static void json_feed(struct visit *v, struct buf *b, const struct feed *feed)
{
    buf_add(b, S("{\"version\":\"https://jsonfeed.org/version/1.1\","));
    json_pair(b, "title", feed->title, true);
    json_pair(b, "home_page_url", visit_url(v, feed->path), true);
    json_pair(b, "feed_url", visit_url(v, feed->self), true);
    json_pair(b, "language", v->edition->settings->locale, true);
    if (v->edition->settings->description.len > 0)
        json_pair(b, "description", v->edition->settings->description, true);
    buf_add(b, S("\"items\":["));
    for (size_t i = 0; i < feed->list.count; i++) {
        buf_add(b, i == 0 ? S("\n") : S(",\n"));
        json_item(v, b, feed->list.rows[i]);
    }
    buf_add(b, S("]}\n"));
}

/* ---- which ---- */

static enum status feed_of(struct visit *v, const struct http_route_match *match, struct feed *feed,
                           struct error *err)
{
    str tag_slug = http_route_param(match, S("tag"));
    str author_slug = http_route_param(match, S("author"));
    struct tag *tag;
    struct byline *byline;
    enum status st = ST_OK;

    *feed = (struct feed){.title = v->edition->settings->title,
                          .path = S("/"),
                          .self = v->req->path,
                          .list_name = S("list:posts"), /* list:latest holds fewer */
                          .query = {.list = LIST_ALL, .limit = FEED_ITEMS}};
    str name = STR_NONE;
    if (tag_slug.len > 0) {
        st = tag_by_slug(v->conn, tag_slug, v->arena, &tag, err);
        if (st != ST_OK || tag->internal)
            return st != ST_OK ? st : error_set(err, ST_NOT_FOUND, "no such tag");
        name = tag->name;
        feed->query.list = LIST_TAG;
        feed->query.of = tag->id.v;
        feed->list_name = str_format(v->arena, "list:tag:%lld", (long long)tag->id.v);
    } else if (author_slug.len > 0) {
        st = byline_by_slug(v->conn, author_slug, v->arena, &byline, err);
        if (st != ST_OK)
            return st;
        name = byline->name;
        feed->query.list = LIST_BYLINE;
        feed->query.of = byline->id.v;
        feed->list_name = str_format(v->arena, "list:author:%lld", (long long)byline->id.v);
    }
    if (name.len > 0) {
        feed->title = str_join3(v->arena, name, S(" - "), feed->title);
        feed->path = str_sub(v->req->path, 0, v->req->path.len - S("rss/").len);
    }
    return ST_OK;
}

static enum status feed_load(struct visit *v, struct feed *feed, struct error *err)
{
    struct story_list *list = &feed->list;
    enum status st = story_list_get(v->conn, &feed->query, v->arena, list, err);
    if (st == ST_OK)
        st = story_load_terms(v->conn, list->rows, list->count, v->arena, err);
    if (st == ST_OK)
        st = story_load_body(v->conn, list->rows, list->count, v->arena, err);
    return st;
}

/* What drops it: its list, and whatever is printed of each story. */
static str *feed_names(struct arena *arena, const struct feed *feed, size_t *ret_count)
{
    size_t max = 2, n = 0;
    for (size_t i = 0; i < feed->list.count; i++)
        max += 1 + feed->list.rows[i]->tags_count + feed->list.rows[i]->bylines_count;
    str *names = arena_new_array(arena, str, max);
    names[n++] = feed->list_name;
    names[n++] = S("settings");
    for (size_t i = 0; i < feed->list.count; i++) {
        const struct story *story = feed->list.rows[i];
        names[n++] = change_story_name(arena, story->id);
        for (size_t t = 0; t < story->tags_count; t++)
            names[n++] = change_tag_name(arena, story->tags[t]->id);
        for (size_t k = 0; k < story->bylines_count; k++)
            names[n++] = change_byline_name(arena, story->bylines[k]->id);
    }
    *ret_count = n;
    return names;
}

enum status feed_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct feed feed;
    struct buf b;
    str text;
    str type = S("application/rss+xml; charset=utf-8");
    enum status st = feed_of(v, match, &feed, err);
    if (st == ST_OK)
        st = feed_load(v, &feed, err);
    if (st != ST_OK)
        return st;

    buf_init(&b, v->arena, FEED_BYTES_MAX);
    if (str_ends(v->req->path, S(".json"))) {
        json_feed(v, &b, &feed);
        type = S("application/feed+json; charset=utf-8");
    } else if (str_ends(v->req->path, S(".xml"))) {
        atom(v, &b, &feed);
        type = S("application/atom+xml; charset=utf-8");
    } else {
        rss(v, &b, &feed);
    }
    st = buf_finish(&b, &text, err);
    if (st != ST_OK)
        return st;
    size_t count;
    str *names = feed_names(v->arena, &feed, &count);
    visit_made(v, type, text, "public, max-age=0", names, count);
    return ST_OK;
}
