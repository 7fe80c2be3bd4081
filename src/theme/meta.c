/* SPDX-License-Identifier: MIT
 *
 * Title, description, picture and canonical address of a page, by the rules of GHOST-THEMES 8.2. */
#include "base/arena.h"
#include "base/buf.h"
#include "media/media.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "text/plain.h"
#include "theme/card.h"
#include "theme/rendering.h"

static str first_of(str a, str b)
{
    return a.len > 0 ? a : b;
}

/* " (Page 3)" of the pattern " (Page %)"; empty on a first or only page. */
static str page_string(const struct rendering *r, str pattern)
{
    if (r->number <= 1)
        return STR_NONE;
    size_t mark = str_find_char(pattern, '%');
    if (mark == STR_NPOS)
        return pattern;
    struct buf b;
    buf_init(&b, r->arena, 1000);
    buf_add(&b, str_sub(pattern, 0, mark));
    buf_add_int(&b, r->number);
    buf_add(&b, str_from(pattern, mark + 1));
    return buf_view(&b);
}

/* "name - site (Page 2)" */
static str with_site(const struct rendering *r, str name, str page_pattern)
{
    str site = str_join3(r->arena, name, S(" - "), r->req->site->title);
    return str_join2(r->arena, site, page_string(r, page_pattern));
}

static str social(enum meta_kind kind, str og, str twitter)
{
    return kind == META_OG ? og : kind == META_TWITTER ? twitter : STR_NONE;
}

static str site_value(const struct rendering *r, const char *name)
{
    return site_setting(r->req->site, str_from_c(name));
}

static str site_social(const struct rendering *r, enum meta_kind kind, const char *og,
                       const char *twitter)
{
    if (kind == META_PAGE)
        return STR_NONE;
    return site_value(r, kind == META_OG ? og : twitter);
}

/* ---- title ---- */

static str home_title(const struct rendering *r, enum meta_kind kind)
{
    str own = site_social(r, kind, "og_title", "twitter_title");
    return first_of(own, first_of(site_value(r, "meta_title"), r->req->site->title));
}

static str tag_title(const struct rendering *r, enum meta_kind kind, str page_pattern)
{
    const struct tag *tag = r->req->tag;
    str own =
        first_of(social(kind, tag->meta.og_title, tag->meta.twitter_title), tag->meta.meta_title);
    return first_of(own, with_site(r, tag->name, page_pattern));
}

enum status meta_title(struct rendering *r, enum meta_kind kind, str page_pattern, str *ret_title,
                       struct error *err)
{
    const struct page_request *req = r->req;
    if (r->object != NULL) {
        enum status st = rows_load_body(r, r->object, err);
        if (st != ST_OK)
            return st;
        const struct story *story = r->object->rows[0];
        str own = social(kind, story->meta.og_title, story->meta.twitter_title);
        *ret_title = first_of(own, first_of(story->meta.meta_title, story->title));
    } else if (rendering_is(r, S("home"))) {
        *ret_title = home_title(r, kind);
    } else if (req->kind == PAGE_AUTHOR) {
        *ret_title = with_site(r, req->byline->name, page_pattern);
    } else if (req->kind == PAGE_TAG) {
        *ret_title = tag_title(r, kind, page_pattern);
    } else if (req->kind == PAGE_ARCHIVE) {
        *ret_title = with_site(r, r->archive_title, page_pattern);
    } else if (req->kind == PAGE_SEARCH) {
        *ret_title = with_site(r, rendering_text(r, S("Search")), page_pattern);
    } else if (req->kind == PAGE_ERROR && req->error.message.len > 0) {
        *ret_title = with_site(r, rendering_text(r, req->error.message), page_pattern);
    } else {
        *ret_title = str_join2(r->arena, req->site->title, page_string(r, page_pattern));
    }
    return ST_OK;
}

/* ---- description ---- */

static enum status story_description(struct rendering *r, enum meta_kind kind, str *ret,
                                     struct error *err)
{
    enum { WORDS = 50 };
    enum status st = rows_load_body(r, r->object, err);
    if (st != ST_OK)
        return st;
    const struct story *story = r->object->rows[0];
    str own = social(kind, story->meta.og_description, story->meta.twitter_description);
    *ret = first_of(own, first_of(story->standfirst, story->meta.meta_description));
    if (kind == META_PAGE && story->meta.meta_description.len > 0)
        *ret = story->meta.meta_description;
    if (ret->len > 0)
        return ST_OK;
    *ret = first_of(plain_first_words(r->arena, story->excerpt, WORDS),
                    kind == META_PAGE ? STR_NONE : r->req->site->description);
    return ST_OK;
}

enum status meta_description(struct rendering *r, enum meta_kind kind, str *ret_description,
                             struct error *err)
{
    const struct page_request *req = r->req;
    bool paged = r->number > 1;
    *ret_description = STR_NONE;
    if (r->object != NULL)
        return story_description(r, kind, ret_description, err);
    if (rendering_is(r, S("home"))) {
        str own = site_social(r, kind, "og_description", "twitter_description");
        *ret_description =
            first_of(own, first_of(site_value(r, "meta_description"), req->site->description));
    } else if (req->kind == PAGE_AUTHOR && !paged) {
        *ret_description = first_of(req->byline->meta_description, req->byline->bio);
    } else if (req->kind == PAGE_TAG && !paged) {
        const struct story_meta *meta = &req->tag->meta;
        str own = social(kind, meta->og_description, meta->twitter_description);
        *ret_description = first_of(own, first_of(meta->meta_description, req->tag->description));
    }
    return ST_OK;
}

/* ---- picture ---- */

/* What is drawn for a story without one: its headline on the site's colours. */
static enum status story_card(struct rendering *r, struct meta_picture *ret, struct error *err)
{
    struct media_card card;
    const struct story *story = r->object->rows[0];
    enum status st = rows_load_terms(r, r->object, err);
    if (st != ST_OK)
        return st;
    card_of(story, r->req->site, &card);
    str path = str_join2(r->arena, S("/content/images/"), card_path(r->arena, story, &card));
    *ret = (struct meta_picture){address_absolute(r, path), MEDIA_CARD_WIDTH, MEDIA_CARD_HEIGHT};
    return ST_OK;
}

/* The story's own; its size too, when there is a record of it. */
static enum status story_image(struct rendering *r, enum meta_kind kind, struct meta_picture *ret,
                               struct error *err)
{
    enum status st = rows_load_body(r, r->object, err);
    if (st != ST_OK)
        return st;
    const struct story *story = r->object->rows[0];
    str own = social(kind, story->meta.og_image, story->meta.twitter_image);
    *ret = (struct meta_picture){.url = address_absolute(r, first_of(own, story->image))};
    if (own.len > 0 || story->image.len == 0)
        return ST_OK;
    st = rows_load_pictures(r, r->object, err);
    if (st == ST_OK && story->picture != NULL && story->picture->width > 0) {
        ret->width = story->picture->width;
        ret->height = story->picture->height;
    }
    return st;
}

enum status meta_image(struct rendering *r, enum meta_kind kind, struct meta_picture *ret_picture,
                       struct error *err)
{
    const struct page_request *req = r->req;
    str image = STR_NONE;
    if (r->object != NULL) {
        enum status st = story_image(r, kind, ret_picture, err);
        if (st != ST_OK || ret_picture->url.len > 0)
            return st;
        if (r->addresses->cards && r->object->rows[0]->kind == STORY_STORY &&
            r->object->rows[0]->state == STORY_PUBLISHED)
            return story_card(r, ret_picture, err);
    } else if (req->kind == PAGE_AUTHOR) {
        image = req->byline->cover_image;
    } else if (req->kind == PAGE_TAG) {
        image = first_of(social(kind, req->tag->meta.og_image, req->tag->meta.twitter_image),
                         req->tag->image);
    }
    if (image.len == 0 && kind != META_PAGE && req->kind != PAGE_AUTHOR)
        image = first_of(site_social(r, kind, "og_image", "twitter_image"), req->site->cover_image);
    *ret_picture = (struct meta_picture){.url = address_absolute(r, image)};
    return ST_OK;
}

/* ---- canonical ---- */

enum status meta_canonical(struct rendering *r, str *ret_url, struct error *err)
{
    const struct page_request *req = r->req;
    str own = STR_NONE;
    (void)err;
    if (r->object != NULL)
        own = r->object->rows[0]->canonical_url;
    else if (req->kind == PAGE_TAG)
        own = req->tag->canonical_url;
    if (own.len == 0 && r->object != NULL)
        own = address_story(r, r->object->rows[0]);
    *ret_url = address_absolute(r, first_of(own, req->path));
    return ST_OK;
}
