/* SPDX-License-Identifier: MIT
 *
 * A story or page as a theme sees it (GHOST-THEMES 4.3), and what Broadsheet adds: related,
 * also_like, dateline, source, corrections, updated_shown, lang, dir, word_count, comment_count, and of
 * the record of its own picture feature_image_width, _height, _color, _placeholder, _focal and _credit. */
#include "base/arena.h"
#include "base/buf.h"
#include "media/media.h"
#include "news/setting.h"
#include "news/tag.h"
#include "text/language.h"
#include "text/plain.h"
#include "text/zone.h"
#include "theme/gate.h"
#include "theme/rendering.h"

enum post_field {
    POST_ID,
    POST_UUID,
    POST_TITLE,
    POST_SLUG,
    POST_HTML,
    POST_PLAINTEXT,
    POST_COMMENT_ID,
    POST_FEATURE_IMAGE,
    POST_FEATURE_IMAGE_ALT,
    POST_FEATURE_IMAGE_CAPTION,
    POST_FEATURED,
    POST_VISIBILITY,
    POST_CREATED_AT,
    POST_UPDATED_AT,
    POST_PUBLISHED_AT,
    POST_CUSTOM_EXCERPT,
    POST_EXCERPT,
    POST_CODE_HEAD,
    POST_CODE_FOOT,
    POST_CUSTOM_TEMPLATE,
    POST_CANONICAL_URL,
    POST_URL,
    POST_READING_TIME,
    POST_ACCESS,
    POST_COMMENTS,
    POST_OG_IMAGE,
    POST_OG_TITLE,
    POST_OG_DESCRIPTION,
    POST_TWITTER_IMAGE,
    POST_TWITTER_TITLE,
    POST_TWITTER_DESCRIPTION,
    POST_META_TITLE,
    POST_META_DESCRIPTION,
    POST_TAGS,
    POST_PRIMARY_TAG,
    POST_AUTHORS,
    POST_PRIMARY_AUTHOR,
    POST_TIERS,
    POST_RELATED,
    POST_ALSO_LIKE,
    POST_DATELINE,
    POST_SOURCE,
    POST_CORRECTIONS,
    POST_IMAGE_WIDTH,
    POST_IMAGE_HEIGHT,
    POST_IMAGE_COLOR,
    POST_IMAGE_PLACEHOLDER,
    POST_IMAGE_FOCAL,
    POST_IMAGE_CREDIT,
    POST_UPDATED_SHOWN,
    POST_LANG,
    POST_DIR,
    POST_WORD_COUNT,
    POST_COMMENT_COUNT,
    POST_SNIPPET,
    POST_SELF, /* for helpers: the value itself, from under a partial's hash; no template says it */
    POST_FIELDS
};

#define SELF_NAME "\x01story"

static const str post_field_names[POST_FIELDS] = {
    [POST_ID] = STR_INIT("id"),
    [POST_UUID] = STR_INIT("uuid"),
    [POST_TITLE] = STR_INIT("title"),
    [POST_SLUG] = STR_INIT("slug"),
    [POST_HTML] = STR_INIT("html"),
    [POST_PLAINTEXT] = STR_INIT("plaintext"),
    [POST_COMMENT_ID] = STR_INIT("comment_id"),
    [POST_FEATURE_IMAGE] = STR_INIT("feature_image"),
    [POST_FEATURE_IMAGE_ALT] = STR_INIT("feature_image_alt"),
    [POST_FEATURE_IMAGE_CAPTION] = STR_INIT("feature_image_caption"),
    [POST_FEATURED] = STR_INIT("featured"),
    [POST_VISIBILITY] = STR_INIT("visibility"),
    [POST_CREATED_AT] = STR_INIT("created_at"),
    [POST_UPDATED_AT] = STR_INIT("updated_at"),
    [POST_PUBLISHED_AT] = STR_INIT("published_at"),
    [POST_CUSTOM_EXCERPT] = STR_INIT("custom_excerpt"),
    [POST_EXCERPT] = STR_INIT("excerpt"),
    [POST_CODE_HEAD] = STR_INIT("codeinjection_head"),
    [POST_CODE_FOOT] = STR_INIT("codeinjection_foot"),
    [POST_CUSTOM_TEMPLATE] = STR_INIT("custom_template"),
    [POST_CANONICAL_URL] = STR_INIT("canonical_url"),
    [POST_URL] = STR_INIT("url"),
    [POST_READING_TIME] = STR_INIT("reading_time"),
    [POST_ACCESS] = STR_INIT("access"),
    [POST_COMMENTS] = STR_INIT("comments"),
    [POST_OG_IMAGE] = STR_INIT("og_image"),
    [POST_OG_TITLE] = STR_INIT("og_title"),
    [POST_OG_DESCRIPTION] = STR_INIT("og_description"),
    [POST_TWITTER_IMAGE] = STR_INIT("twitter_image"),
    [POST_TWITTER_TITLE] = STR_INIT("twitter_title"),
    [POST_TWITTER_DESCRIPTION] = STR_INIT("twitter_description"),
    [POST_META_TITLE] = STR_INIT("meta_title"),
    [POST_META_DESCRIPTION] = STR_INIT("meta_description"),
    [POST_TAGS] = STR_INIT("tags"),
    [POST_PRIMARY_TAG] = STR_INIT("primary_tag"),
    [POST_AUTHORS] = STR_INIT("authors"),
    [POST_PRIMARY_AUTHOR] = STR_INIT("primary_author"),
    [POST_TIERS] = STR_INIT("tiers"),
    [POST_RELATED] = STR_INIT("related"),
    [POST_ALSO_LIKE] = STR_INIT("also_like"),
    [POST_DATELINE] = STR_INIT("dateline"),
    [POST_SOURCE] = STR_INIT("source"),
    [POST_CORRECTIONS] = STR_INIT("corrections"),
    [POST_IMAGE_WIDTH] = STR_INIT("feature_image_width"),
    [POST_IMAGE_HEIGHT] = STR_INIT("feature_image_height"),
    [POST_IMAGE_COLOR] = STR_INIT("feature_image_color"),
    [POST_IMAGE_PLACEHOLDER] = STR_INIT("feature_image_placeholder"),
    [POST_IMAGE_FOCAL] = STR_INIT("feature_image_focal"),
    [POST_IMAGE_CREDIT] = STR_INIT("feature_image_credit"),
    [POST_UPDATED_SHOWN] = STR_INIT("updated_shown"),
    [POST_LANG] = STR_INIT("lang"),
    [POST_DIR] = STR_INIT("dir"),
    [POST_WORD_COUNT] = STR_INIT("word_count"),
    [POST_COMMENT_COUNT] = STR_INIT("comment_count"),
    [POST_SNIPPET] = STR_INIT("snippet"),
    [POST_SELF] = STR_INIT(SELF_NAME),
};
const struct view_names post_names = {post_field_names, POST_FIELDS};

/* ---- loading for all rows at once ---- */

struct story_rows *rows_new(struct rendering *r, struct story **rows, size_t count)
{
    struct story_rows *made = arena_new_one(r->arena, struct story_rows);
    *made = (struct story_rows){.rows = rows, .count = count};
    return made;
}

enum status rows_load_terms(struct rendering *r, struct story_rows *rows, struct error *err)
{
    if (rows->unit != NULL)
        rows = rows->unit;
    if (rows->terms_loaded)
        return ST_OK;
    rows->terms_loaded = true;
    return story_load_terms(r->req->conn, rows->rows, rows->count, r->arena, err);
}

enum status rows_load_body(struct rendering *r, struct story_rows *rows, struct error *err)
{
    if (rows->unit != NULL)
        rows = rows->unit;
    if (rows->body_loaded)
        return ST_OK;
    rows->body_loaded = true;
    return story_load_body(r->req->conn, rows->rows, rows->count, r->arena, err);
}

enum status rows_load_pictures(struct rendering *r, struct story_rows *rows, struct error *err)
{
    if (rows->unit != NULL)
        rows = rows->unit;
    if (rows->pictures_loaded)
        return ST_OK;
    rows->pictures_loaded = true;
    return media_load_pictures(r->req->conn, rows->rows, rows->count, r->arena, err);
}

/* ---- lists inside a post ---- */

static enum status tags_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                               struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)err;
    *ret = story->tags_count;
    return ST_OK;
}

static enum status tags_at(struct hbs_value self, size_t i, const struct hbs_env *env, str *ret_key,
                           struct hbs_value *ret, struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = tag_value(story->tags[i]);
    return ST_OK;
}

static const struct hbs_view tags_view = {"tags", .length = tags_length, .at = tags_at};

static enum status authors_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                  struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)err;
    *ret = story->bylines_count;
    return ST_OK;
}

static enum status authors_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                              str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = author_value(story->bylines[i]);
    return ST_OK;
}

static const struct hbs_view authors_view = {"authors", .length = authors_length, .at = authors_at};

static enum status correction_get(struct hbs_value self, const struct hbs_key *key,
                                  const struct hbs_env *env, struct hbs_value *ret,
                                  struct error *err)
{
    const struct story_correction *correction = self.data;
    (void)err;
    if (str_eq(key->text, S("date")))
        *ret = time_value(rendering_of(env), correction->corrected_at);
    else if (str_eq(key->text, S("text")))
        *ret = hbs_html(correction->text);
    return ST_OK;
}

static const struct hbs_view correction_view = {"correction", .get = correction_get};

static enum status corrections_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                      struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)err;
    *ret = story->corrections_count;
    return ST_OK;
}

static enum status corrections_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                                  str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct story *story = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = hbs_object(&correction_view, &story->corrections[i]);
    return ST_OK;
}

static const struct hbs_view corrections_view = {"corrections", .length = corrections_length,
                                                 .at = corrections_at};

/* ---- worked out ---- */

static void add_two(char *at, int n)
{
    at[0] = (char)('0' + n / 10);
    at[1] = (char)('0' + n % 10);
}

struct hbs_value time_value(const struct rendering *r, time_us t)
{
    enum { ISO_LEN = 29 }; /* 2024-03-05T09:08:09.000+02:00 */
    if (t == 0)
        return hbs_null();
    int offset = zone_offset(r->req->zone, t);
    struct civil c = civil_from_time(t, offset);
    char *text = arena_alloc(r->arena, ISO_LEN, 1);
    memcpy(text, "0000-00-00T00:00:00.000+00:00", ISO_LEN);
    add_two(text, c.year / 100);
    add_two(text + 2, c.year % 100);
    add_two(text + 5, c.month);
    add_two(text + 8, c.day);
    add_two(text + 11, c.hour);
    add_two(text + 14, c.minute);
    add_two(text + 17, c.second);
    text[20] = (char)('0' + c.micros / 100000);
    add_two(text + 21, c.micros / 1000 % 100);
    int minutes = (offset < 0 ? -offset : offset) / 60;
    text[23] = offset < 0 ? '-' : '+';
    add_two(text + 24, minutes / 60);
    add_two(text + 27, minutes % 60);
    return hbs_string((str){text, ISO_LEN});
}

static struct hbs_value image_value(const struct rendering *r, str image)
{
    return hbs_string_or_null(address_absolute(r, image));
}

static struct hbs_value language_value(const struct rendering *r, const struct story *story,
                                       bool direction)
{
    if (story->language.len == 0 || str_eq_nocase(story->language, r->locale))
        return hbs_null();
    if (!direction)
        return hbs_string(story->language);
    str own = language_direction(story->language);
    return str_eq(own, language_direction(r->locale)) ? hbs_null() : hbs_string(own);
}

static struct hbs_value comments_value(const struct rendering *r, const struct story *story)
{
    time_us closes_at;
    bool shown =
        r->req->site->comments_on && story->kind == STORY_STORY &&
        story_is_open((int)story->visibility) &&
        (story->comment_count > 0 || comment_open(story, r->req->site, r->req->now, &closes_at));
    return hbs_bool(shown);
}

/* ---- the parts that need more than the row ---- */

static enum status terms_field(struct rendering *r, struct story_rows *rows, size_t index,
                               enum post_field field, struct hbs_value *ret, struct error *err)
{
    enum status st = rows_load_terms(r, rows, err);
    if (st != ST_OK)
        return st;
    struct story *story = rows->rows[index];
    switch ((int)field) {
    case POST_TAGS:
        *ret = hbs_list(&tags_view, story);
        break;
    case POST_AUTHORS:
        *ret = hbs_list(&authors_view, story);
        break;
    case POST_PRIMARY_TAG:
        *ret = story->tags_count > 0 && !story->tags[0]->internal ? tag_value(story->tags[0])
                                                                  : hbs_null();
        break;
    case POST_PRIMARY_AUTHOR:
        *ret = story->bylines_count > 0 ? author_value(story->bylines[0]) : hbs_null();
        break;
    default:
        break;
    }
    return ST_OK;
}

static struct hbs_value meta_field(const struct rendering *r, const struct story *story,
                                   enum post_field field)
{
    const struct story_meta *meta = &story->meta;
    switch ((int)field) {
    case POST_CODE_HEAD:
        return hbs_string_or_null(meta->code_head);
    case POST_CODE_FOOT:
        return hbs_string_or_null(meta->code_foot);
    case POST_OG_IMAGE:
        return image_value(r, meta->og_image);
    case POST_OG_TITLE:
        return hbs_string_or_null(meta->og_title);
    case POST_OG_DESCRIPTION:
        return hbs_string_or_null(meta->og_description);
    case POST_TWITTER_IMAGE:
        return image_value(r, meta->twitter_image);
    case POST_TWITTER_TITLE:
        return hbs_string_or_null(meta->twitter_title);
    case POST_TWITTER_DESCRIPTION:
        return hbs_string_or_null(meta->twitter_description);
    case POST_META_TITLE:
        return hbs_string_or_null(meta->meta_title);
    case POST_META_DESCRIPTION:
        return hbs_string_or_null(meta->meta_description);
    default:
        return hbs_undefined();
    }
}

static enum status body_field(struct rendering *r, struct story_rows *rows, size_t index,
                              enum post_field field, struct hbs_value *ret, struct error *err)
{
    enum status st = rows_load_body(r, rows, err);
    if (st != ST_OK)
        return st;
    struct story *story = rows->rows[index];
    bool open = story_is_open((int)story->visibility);
    if (field == POST_HTML)
        *ret = hbs_string(gate_html(r->arena, r->site_url, story->body, open).raw);
    else if (field == POST_CORRECTIONS)
        *ret = hbs_list(&corrections_view, story);
    else
        *ret = meta_field(r, story, field);
    return ST_OK;
}

/* Null for a picture without a record, and for what the record does not know. */
static enum status image_field(struct rendering *r, struct story_rows *rows, size_t index,
                               enum post_field field, struct hbs_value *ret, struct error *err)
{
    enum status st = rows_load_pictures(r, rows, err);
    const struct media *m = rows->rows[index]->picture;
    *ret = hbs_null();
    if (st != ST_OK || m == NULL)
        return st;
    switch ((int)field) {
    case POST_IMAGE_WIDTH:
    case POST_IMAGE_HEIGHT:
        if (m->width > 0 && m->height > 0)
            *ret = hbs_number((double)(field == POST_IMAGE_WIDTH ? m->width : m->height));
        break;
    case POST_IMAGE_COLOR:
        *ret = hbs_string_or_null(m->color);
        break;
    case POST_IMAGE_PLACEHOLDER:
        *ret = hbs_string_or_null(m->placeholder);
        break;
    case POST_IMAGE_FOCAL: /* as CSS's object-position wants it; the middle needs no saying */
        if (m->focus.x != media_focus_default.x || m->focus.y != media_focus_default.y)
            *ret = hbs_string(str_format(r->arena, "%lld.%lld%% %lld.%lld%%",
                                         (long long)m->focus.x / 10, (long long)m->focus.x % 10,
                                         (long long)m->focus.y / 10, (long long)m->focus.y % 10));
        break;
    case POST_IMAGE_CREDIT:
        *ret = hbs_string_or_null(m->credit);
        break;
    default:
        break;
    }
    return ST_OK;
}

static enum status slot_field(struct rendering *r, const struct story *story, enum post_field field,
                              struct hbs_value *ret, struct error *err)
{
    /* Only the story that the page is of has lists beside it. */
    if (r->object == NULL || story->id.v != r->object->rows[0]->id.v)
        return ST_OK;
    enum status st = lists_fill_slots(r, err);
    if (st == ST_OK)
        *ret = posts_value(field == POST_RELATED ? &r->related : &r->also_like);
    return st;
}

static enum status plain_field(struct rendering *r, struct story_rows *rows, size_t index,
                               struct hbs_value *ret, struct error *err)
{
    enum status st = story_load_plain(r->req->conn, rows->rows, rows->count, r->arena, err);
    if (st == ST_OK)
        *ret = hbs_string(rows->rows[index]->plain);
    return st;
}

/* ---- the view ---- */

static struct hbs_value row_field(const struct rendering *r, const struct story_rows *rows,
                                  size_t index, enum post_field field)
{
    const struct story *story = rows->rows[index];
    switch ((int)field) {
    case POST_ID:
    case POST_COMMENT_ID:
        return hbs_string(story->ghost_id);
    case POST_UUID:
        return hbs_string(story->uuid);
    case POST_TITLE:
        return hbs_string(story->title);
    case POST_SLUG:
        return hbs_string(story->slug);
    case POST_FEATURE_IMAGE:
        return image_value(r, story->image);
    case POST_FEATURE_IMAGE_ALT:
        return hbs_string_or_null(story->image_alt);
    case POST_FEATURE_IMAGE_CAPTION:
        return story->image_caption.raw.len == 0 ? hbs_null() : hbs_html(story->image_caption);
    case POST_FEATURED:
        return hbs_bool(story->featured);
    case POST_CREATED_AT:
        return time_value(r, story->created_at);
    case POST_UPDATED_AT:
        return time_value(r, story->updated_at);
    case POST_PUBLISHED_AT:
        return time_value(r, story->published_at);
    case POST_CUSTOM_EXCERPT:
        return hbs_string_or_null(story->standfirst);
    case POST_CUSTOM_TEMPLATE:
        return hbs_string_or_null(story->template_name);
    case POST_CANONICAL_URL:
        return hbs_string_or_null(address_absolute(r, story->canonical_url));
    case POST_URL:
        return hbs_string(address_absolute(r, address_story(r, story)));
    case POST_READING_TIME:
        return hbs_number(plain_reading_minutes(
            (size_t)story->word_count, (size_t)story->image_count + (story->image.len > 0)));
    case POST_ACCESS:
        return hbs_bool(story_is_open((int)story->visibility));
    case POST_COMMENTS:
        return comments_value(r, story);
    case POST_TIERS:
        return hbs_list_of(r->arena, NULL, 0);
    case POST_DATELINE:
        return hbs_string_or_null(story->dateline);
    case POST_SOURCE:
        return hbs_string_or_null(story->source);
    case POST_UPDATED_SHOWN:
        return time_value(r, story->revised_at);
    case POST_LANG:
        return language_value(r, story, false);
    case POST_DIR:
        return language_value(r, story, true);
    case POST_WORD_COUNT:
        return hbs_number((double)story->word_count);
    case POST_COMMENT_COUNT:
        return hbs_number((double)story->comment_count);
    case POST_SNIPPET:
        return rows->found == NULL || rows->found[index].snippet.raw.len == 0
                   ? hbs_null()
                   : hbs_html(rows->found[index].snippet);
    default:
        return hbs_undefined();
    }
}

static str visibility_name(enum story_visibility visibility)
{
    switch (visibility) {
    case STORY_PUBLIC:
        return S("public");
    case STORY_MEMBERS:
        return S("members");
    case STORY_PAID:
        return S("paid");
    case STORY_TIERS:
        break;
    }
    return S("tiers");
}

static enum status post_get(struct hbs_value self, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of(env);
    struct story_rows *rows = self.data;
    size_t index = self.index;
    int field = hbs_fields_find(&r->theme->fields[VIEW_POST], key);
    switch (field) {
    case -1:
        return ST_OK;
    case POST_SELF:
        *ret = self;
        return ST_OK;
    case POST_VISIBILITY:
        *ret = hbs_string(visibility_name(rows->rows[index]->visibility));
        return ST_OK;
    case POST_EXCERPT:
        *ret = hbs_string_or_null(rows->rows[index]->excerpt);
        return ST_OK;
    case POST_TAGS:
    case POST_AUTHORS:
    case POST_PRIMARY_TAG:
    case POST_PRIMARY_AUTHOR:
        return terms_field(r, rows, index, (enum post_field)field, ret, err);
    case POST_CORRECTIONS:
        if (rows->rows[index]->correction_count == 0) {
            *ret = hbs_list_of(r->arena, NULL, 0);
            return ST_OK;
        }
        return body_field(r, rows, index, POST_CORRECTIONS, ret, err);
    case POST_HTML:
    case POST_CODE_HEAD:
    case POST_CODE_FOOT:
    case POST_OG_IMAGE:
    case POST_OG_TITLE:
    case POST_OG_DESCRIPTION:
    case POST_TWITTER_IMAGE:
    case POST_TWITTER_TITLE:
    case POST_TWITTER_DESCRIPTION:
    case POST_META_TITLE:
    case POST_META_DESCRIPTION:
        return body_field(r, rows, index, (enum post_field)field, ret, err);
    case POST_IMAGE_WIDTH:
    case POST_IMAGE_HEIGHT:
    case POST_IMAGE_COLOR:
    case POST_IMAGE_PLACEHOLDER:
    case POST_IMAGE_FOCAL:
    case POST_IMAGE_CREDIT:
        return image_field(r, rows, index, (enum post_field)field, ret, err);
    case POST_PLAINTEXT:
        return plain_field(r, rows, index, ret, err);
    case POST_RELATED:
    case POST_ALSO_LIKE:
        return slot_field(r, rows->rows[index], (enum post_field)field, ret, err);
    default:
        *ret = row_field(r, rows, index, (enum post_field)field);
        return ST_OK;
    }
}

/* {{#foreach post}} and {{json post}} walk what a row has without a further query. */
static enum status post_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                               struct error *err)
{
    (void)self;
    (void)env;
    (void)err;
    *ret = POST_SLUG + 1;
    return ST_OK;
}

static enum status post_at(struct hbs_value self, size_t i, const struct hbs_env *env, str *ret_key,
                           struct hbs_value *ret, struct error *err)
{
    (void)err;
    *ret_key = post_field_names[i];
    *ret = row_field(rendering_of(env), self.data, self.index, (enum post_field)i);
    return ST_OK;
}

static const struct hbs_view post_view = {"post", .get = post_get, .length = post_length,
                                          .at = post_at};

struct hbs_value post_value(struct story_rows *rows, size_t index)
{
    struct hbs_value value = hbs_object(&post_view, rows);
    value.index = u32_from_size(index);
    return value;
}

static enum status posts_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                struct error *err)
{
    const struct story_rows *rows = self.data;
    (void)env;
    (void)err;
    *ret = rows->count;
    return ST_OK;
}

static enum status posts_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                            str *ret_key, struct hbs_value *ret, struct error *err)
{
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = post_value(self.data, i);
    return ST_OK;
}

static enum status posts_get(struct hbs_value self, const struct hbs_key *key,
                             const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    const struct story_rows *rows = self.data;
    (void)env;
    (void)err;
    if (str_eq(key->text, S("pagination")))
        *ret = rows->pagination;
    return ST_OK;
}

static const struct hbs_view posts_view = {"posts", .get = posts_get, .length = posts_length,
                                           .at = posts_at};

struct hbs_value posts_value(struct story_rows *rows)
{
    return hbs_list(&posts_view, rows);
}

/* ---- for helpers ---- */

enum status post_of_value(struct hbs_value value, const struct hbs_env *env,
                          struct story_rows **ret_rows, size_t *ret_index, struct error *err)
{
    if (value.type == HBS_OBJECT && value.view != &post_view) {
        struct hbs_value inner;
        enum status st = hbs_get_name(value, S(SELF_NAME), env, &inner, err);
        if (st != ST_OK)
            return st;
        value = inner;
    }
    *ret_rows = NULL;
    if (value.type == HBS_OBJECT && value.view == &post_view) {
        *ret_rows = value.data;
        *ret_index = value.index;
    }
    return ST_OK;
}

enum status post_of_call(const struct hbs_call *call, struct story **ret_story,
                         struct story_rows **ret_rows, struct error *err)
{
    size_t index = 0;
    enum status st = post_of_value(hbs_call_this(call), hbs_call_env(call), ret_rows, &index, err);
    if (st == ST_OK)
        *ret_story = *ret_rows == NULL ? NULL : (*ret_rows)->rows[index];
    return st;
}
