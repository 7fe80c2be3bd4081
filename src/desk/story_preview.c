/* SPDX-License-Identifier: MIT
 *
 * A story before readers see it: as the theme shows it, for who is at the desk, what they have not saved included; and
 * by a secret link, as it is saved, for whoever has that. A new link ends the old one. */
#include "base/arena.h"
#include "desk/story_work.h"
#include "http/response.h"
#include "media/media.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "news/working_copy.h"
#include "site/site.h"

/* ---- the link ---- */

static str link_of(struct errand *e, const struct story *story, str key)
{
    return errand_address(
        e, str_format(e->arena, "/p/%.*s/?key=%.*s", STR_ARG(story->uuid), STR_ARG(key)));
}

enum status story_link_show(struct errand *e, struct error *err)
{
    struct story_at at;
    struct hbs_map *values = errand_values(e);
    str key;
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st == ST_OK)
        st = story_preview_key(e->conn, at.story->id, e->arena, &key, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("title"), hbs_string(at.story->title));
    hbs_map_set(values, S("path"), hbs_string(story_desk_path(e, at.story->id, STR_NONE)));
    hbs_map_set(values, S("published"), hbs_bool(at.story->state == STORY_PUBLISHED));
    hbs_map_set(values, S("may_edit"), hbs_bool(story_may(e, &at, ACT_EDIT)));
    if (key.len > 0)
        hbs_map_set(values, S("link"), hbs_string(link_of(e, at.story, key)));
    return errand_page(e, 200, S("preview"), values, err);
}

struct linking {
    story_id id;
    str key;
};

static enum status write_link(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct linking *l = arg;
    struct story *now;
    enum status st = story_still(e, room, l->id, ACT_EDIT, &now, err);
    if (st == ST_OK)
        st = story_preview_key_new(room, l->id, &l->key, err);
    return st == ST_OK ? errand_log(e, room, S("story.link-made"), story_subject(e, l->id), err)
                       : st;
}

enum status story_link_make(struct errand *e, struct error *err)
{
    struct story_at at;
    enum status st = story_at_hand(e, ACT_EDIT, &at, err);
    if (st != ST_OK)
        return st;
    struct linking l = {.id = at.story->id};
    st = errand_write(e, write_link, &l, err);
    if (st != ST_OK)
        return st;
    if (!errand_wants_json(e))
        return errand_done(e, story_desk_path(e, l.id, S("preview/")), S("story-link"));
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("link"), hbs_string(link_of(e, at.story, l.key)));
    return errand_json(e, 200, values, err);
}

/* ---- as the theme shows it ---- */

/* A name that is nobody's yet stands there all the same: it will be made when the story is saved. */
static const struct tag *tag_shown(struct errand *e, const struct story *story, str name)
{
    struct tag *tag;
    for (size_t i = 0; i < story->tags_count; i++) {
        if (str_eq(story->tags[i]->name, name))
            return story->tags[i];
    }
    if (tag_by_name(e->conn, name, e->arena, &tag, NULL) == ST_OK)
        return tag;
    tag = arena_new_one(e->arena, struct tag);
    *tag = (struct tag){.name = name, .internal = str_starts(name, S("#"))};
    return tag;
}

static const struct byline *byline_shown(struct errand *e, const struct story *story, str name)
{
    struct byline *byline;
    for (size_t i = 0; i < story->bylines_count; i++) {
        if (str_eq(story->bylines[i]->name, name))
            return story->bylines[i];
    }
    if (byline_by_name(e->conn, name, e->arena, &byline, NULL) == ST_OK)
        return byline;
    byline = arena_new_one(e->arena, struct byline);
    *byline = (struct byline){.name = name};
    return byline;
}

static void show_terms(struct errand *e, const struct story_filled *f, struct story *story)
{
    const struct tag **tags = arena_new_array(e->arena, const struct tag *, f->tags.count);
    const struct byline **bylines =
        arena_new_array(e->arena, const struct byline *, f->bylines.count);
    for (size_t i = 0; i < f->tags.count; i++)
        tags[i] = tag_shown(e, story, f->tags.names[i]);
    for (size_t i = 0; i < f->bylines.count; i++)
        bylines[i] = byline_shown(e, story, f->bylines.names[i]);
    story->tags = tags;
    story->tags_count = f->tags.count;
    story->bylines = bylines;
    story->bylines_count = f->bylines.count;
    story->primary_tag = f->tags.count > 0 && !tags[0]->internal ? tags[0]->id : (tag_id){0};
    story->primary_byline = f->bylines.count > 0 ? bylines[0]->id : (byline_id){0};
}

/* The story with what is written laid over it. */
static void show_text(const struct story_prepared *ready, struct story *story)
{
    const struct story_draft *d = &ready->draft;
    story->title = d->title;
    story->standfirst = d->standfirst;
    story->excerpt = ready->excerpt;
    story->dateline = d->dateline;
    story->source = d->source;
    story->image = d->image;
    story->image_alt = d->image_alt;
    story->image_caption = ready->image_caption;
    story->featured = d->featured;
    story->visibility = d->visibility;
    story->language = d->language;
    story->template_name = d->template_name;
    story->canonical_url = d->canonical_url;
    story->show_title_and_image = !d->hide_title_and_image;
    story->replies_open = !d->replies_closed;
    story->word_count = ready->word_count;
    story->image_count = ready->image_count;
    story->meta = d->meta;
    story->body = ready->body;
    story->plain = ready->plain;
    story->plain_loaded = true;
}

static enum status show_form(struct errand *e, struct story_at *at, const struct story_form *form,
                             struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form ignored = errand_form(e, values);
    struct story_filled filled;
    struct story_prepared ready;
    enum status st =
        story_form_draft(e, form, at->story, &at->saved, WISH_UNPUBLISH, &ignored, &filled, err);
    if (st != ST_OK)
        return st;
    filled.draft.pictures = media_lookup(e->arena, e->conn);
    st = story_prepare(e->arena, &filled.draft, &ready, err);
    if (st != ST_OK)
        return st;
    if (!story_template_fits(e, ready.draft.template_name))
        ready.draft.template_name = at->story->template_name;
    show_terms(e, &filled, at->story);
    show_text(&ready, at->story);
    return ST_OK;
}

static enum status lay_over(struct errand *e, struct story_at *at, struct error *err)
{
    struct working_copy *copy;
    struct story_form form;
    enum status st = working_copy_get(e->conn, at->story->id, e->person->id, e->arena, &copy, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK)
        st = story_form_from_json(e, copy->fields, &at->saved, &form, err);
    return st == ST_OK ? show_form(e, at, &form, err) : st;
}

/* The theme's own page runs no script here: whoever wrote the story has not the reader's rights to
 * the desk, and it stands at the desk's address. */
enum status story_preview_show(struct errand *e, struct error *err)
{
    struct story_at at;
    str page;
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    if (st == ST_OK)
        st = lay_over(e, &at, err);
    if (st == ST_OK)
        st = site_story_page(e->site, e->conn, e->edition, at.story, e->now, e->arena, &page, err);
    if (st != ST_OK)
        return st;
    http_response_html(e->res, 200, (html){page});
    http_response_header(e->res, S("Content-Security-Policy"),
                         S("sandbox allow-same-origin allow-popups; script-src 'none'; "
                           "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"));
    http_response_header(e->res, S("X-Frame-Options"), S("SAMEORIGIN"));
    return ST_OK;
}
