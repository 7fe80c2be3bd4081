/* SPDX-License-Identifier: MIT
 *
 * Tags and authors as a theme sees them (GHOST-THEMES 4.4, 4.5). Whoever reads one off has the page
 * carry its name: a new name or slug must reach every page that printed the old. */
#include "base/arena.h"
#include "news/byline.h"
#include "news/tag.h"
#include "theme/rendering.h"

/* ---- {count: {posts: n}} ---- */

static enum status posts_count_get(struct hbs_value self, const struct hbs_key *key,
                                   const struct hbs_env *env, struct hbs_value *ret,
                                   struct error *err)
{
    const int64_t *count = self.data;
    (void)env;
    (void)err;
    if (str_eq(key->text, S("posts")))
        *ret = hbs_number((double)*count);
    return ST_OK;
}

static const struct hbs_view posts_count_view = {"count", .get = posts_count_get};

/* ---- tags ---- */

enum tag_field {
    TAG_ID,
    TAG_NAME,
    TAG_SLUG,
    TAG_DESCRIPTION,
    TAG_FEATURE_IMAGE,
    TAG_VISIBILITY,
    TAG_URL,
    TAG_ACCENT_COLOR,
    TAG_COUNT,
    TAG_CANONICAL_URL,
    TAG_OG_IMAGE,
    TAG_OG_TITLE,
    TAG_OG_DESCRIPTION,
    TAG_TWITTER_IMAGE,
    TAG_TWITTER_TITLE,
    TAG_TWITTER_DESCRIPTION,
    TAG_META_TITLE,
    TAG_META_DESCRIPTION,
    TAG_CODE_HEAD,
    TAG_CODE_FOOT,
    TAG_POSTS, /* ours: of a section in @site.sections */
    TAG_FIELDS
};

static const str tag_field_names[TAG_FIELDS] = {
    [TAG_ID] = STR_INIT("id"),
    [TAG_NAME] = STR_INIT("name"),
    [TAG_SLUG] = STR_INIT("slug"),
    [TAG_DESCRIPTION] = STR_INIT("description"),
    [TAG_FEATURE_IMAGE] = STR_INIT("feature_image"),
    [TAG_VISIBILITY] = STR_INIT("visibility"),
    [TAG_URL] = STR_INIT("url"),
    [TAG_ACCENT_COLOR] = STR_INIT("accent_color"),
    [TAG_COUNT] = STR_INIT("count"),
    [TAG_CANONICAL_URL] = STR_INIT("canonical_url"),
    [TAG_OG_IMAGE] = STR_INIT("og_image"),
    [TAG_OG_TITLE] = STR_INIT("og_title"),
    [TAG_OG_DESCRIPTION] = STR_INIT("og_description"),
    [TAG_TWITTER_IMAGE] = STR_INIT("twitter_image"),
    [TAG_TWITTER_TITLE] = STR_INIT("twitter_title"),
    [TAG_TWITTER_DESCRIPTION] = STR_INIT("twitter_description"),
    [TAG_META_TITLE] = STR_INIT("meta_title"),
    [TAG_META_DESCRIPTION] = STR_INIT("meta_description"),
    [TAG_CODE_HEAD] = STR_INIT("codeinjection_head"),
    [TAG_CODE_FOOT] = STR_INIT("codeinjection_foot"),
    [TAG_POSTS] = STR_INIT("posts"),
};
const struct view_names tag_names = {tag_field_names, TAG_FIELDS};

/* The stories of a section, when the tag is one of @site.sections. */
static enum status section_posts(struct rendering *r, const struct tag *tag, struct hbs_value *ret,
                                 struct error *err)
{
    for (size_t i = 0; r->sections_filled && i < r->sections_count; i++) {
        if (r->sections[i] != tag)
            continue;
        enum status st = lists_fill_section_posts(r, err);
        if (st != ST_OK)
            return st;
        *ret = posts_value(&r->section_rows[i]);
        return ST_OK;
    }
    return ST_OK;
}

static struct hbs_value tag_meta_field(const struct rendering *r, const struct tag *tag,
                                       enum tag_field field)
{
    const struct story_meta *meta = &tag->meta;
    switch ((int)field) {
    case TAG_OG_IMAGE:
        return hbs_string_or_null(address_absolute(r, meta->og_image));
    case TAG_OG_TITLE:
        return hbs_string_or_null(meta->og_title);
    case TAG_OG_DESCRIPTION:
        return hbs_string_or_null(meta->og_description);
    case TAG_TWITTER_IMAGE:
        return hbs_string_or_null(address_absolute(r, meta->twitter_image));
    case TAG_TWITTER_TITLE:
        return hbs_string_or_null(meta->twitter_title);
    case TAG_TWITTER_DESCRIPTION:
        return hbs_string_or_null(meta->twitter_description);
    case TAG_META_TITLE:
        return hbs_string_or_null(meta->meta_title);
    case TAG_META_DESCRIPTION:
        return hbs_string_or_null(meta->meta_description);
    case TAG_CODE_HEAD:
        return hbs_string_or_null(meta->code_head);
    case TAG_CODE_FOOT:
        return hbs_string_or_null(meta->code_foot);
    default:
        return hbs_undefined();
    }
}

static enum status tag_get(struct hbs_value self, const struct hbs_key *key,
                           const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of(env);
    const struct tag *tag = self.data;
    rendering_saw(r, SEEN_TAG, tag->id.v);
    int field = hbs_fields_find(&r->theme->fields[VIEW_TAG], key);
    switch (field) {
    case TAG_ID:
        *ret = hbs_string(tag->ghost_id);
        break;
    case TAG_NAME:
        *ret = hbs_string(tag->name);
        break;
    case TAG_SLUG:
        *ret = hbs_string(tag->slug);
        break;
    case TAG_DESCRIPTION:
        *ret = hbs_string_or_null(tag->description);
        break;
    case TAG_FEATURE_IMAGE:
        *ret = hbs_string_or_null(address_absolute(r, tag->image));
        break;
    case TAG_VISIBILITY:
        *ret = hbs_string(tag->internal ? S("internal") : S("public"));
        break;
    case TAG_URL:
        *ret = hbs_string(address_absolute(r, address_tag(r, tag->slug)));
        break;
    case TAG_ACCENT_COLOR:
        *ret = hbs_string_or_null(tag->accent_color);
        break;
    case TAG_COUNT:
        *ret = hbs_object(&posts_count_view, view_data(&tag->story_count));
        break;
    case TAG_CANONICAL_URL:
        *ret = hbs_string_or_null(tag->canonical_url);
        break;
    case TAG_POSTS:
        return section_posts(r, tag, ret, err);
    default:
        *ret = tag_meta_field(r, tag, (enum tag_field)field);
    }
    return ST_OK;
}

static const struct hbs_view tag_view = {"tag", .get = tag_get};

struct hbs_value tag_value(const struct tag *tag)
{
    return hbs_object(&tag_view, view_data(tag));
}

/* ---- authors ---- */

enum author_field {
    AUTHOR_ID,
    AUTHOR_NAME,
    AUTHOR_SLUG,
    AUTHOR_URL,
    AUTHOR_PROFILE_IMAGE,
    AUTHOR_COVER_IMAGE,
    AUTHOR_BIO,
    AUTHOR_WEBSITE,
    AUTHOR_LOCATION,
    AUTHOR_FACEBOOK,
    AUTHOR_TWITTER,
    AUTHOR_META_TITLE,
    AUTHOR_META_DESCRIPTION,
    AUTHOR_COUNT,
    AUTHOR_FIELDS
};

static const str author_field_names[AUTHOR_FIELDS] = {
    [AUTHOR_ID] = STR_INIT("id"),
    [AUTHOR_NAME] = STR_INIT("name"),
    [AUTHOR_SLUG] = STR_INIT("slug"),
    [AUTHOR_URL] = STR_INIT("url"),
    [AUTHOR_PROFILE_IMAGE] = STR_INIT("profile_image"),
    [AUTHOR_COVER_IMAGE] = STR_INIT("cover_image"),
    [AUTHOR_BIO] = STR_INIT("bio"),
    [AUTHOR_WEBSITE] = STR_INIT("website"),
    [AUTHOR_LOCATION] = STR_INIT("location"),
    [AUTHOR_FACEBOOK] = STR_INIT("facebook"),
    [AUTHOR_TWITTER] = STR_INIT("twitter"),
    [AUTHOR_META_TITLE] = STR_INIT("meta_title"),
    [AUTHOR_META_DESCRIPTION] = STR_INIT("meta_description"),
    [AUTHOR_COUNT] = STR_INIT("count"),
};
const struct view_names author_names = {author_field_names, AUTHOR_FIELDS};

static enum status author_get(struct hbs_value self, const struct hbs_key *key,
                              const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of(env);
    const struct byline *byline = self.data;
    (void)err;
    rendering_saw(r, SEEN_BYLINE, byline->id.v);
    switch (hbs_fields_find(&r->theme->fields[VIEW_AUTHOR], key)) {
    case AUTHOR_ID:
        *ret = hbs_string(byline->ghost_id);
        break;
    case AUTHOR_NAME:
        *ret = hbs_string(byline->name);
        break;
    case AUTHOR_SLUG:
        *ret = hbs_string(byline->slug);
        break;
    case AUTHOR_URL:
        *ret = hbs_string(address_absolute(r, address_author(r, byline->slug)));
        break;
    case AUTHOR_PROFILE_IMAGE:
        *ret = hbs_string_or_null(address_absolute(r, byline->profile_image));
        break;
    case AUTHOR_COVER_IMAGE:
        *ret = hbs_string_or_null(address_absolute(r, byline->cover_image));
        break;
    case AUTHOR_BIO:
        *ret = hbs_string_or_null(byline->bio);
        break;
    case AUTHOR_WEBSITE:
        *ret = hbs_string_or_null(byline->website);
        break;
    case AUTHOR_LOCATION:
        *ret = hbs_string_or_null(byline->location);
        break;
    case AUTHOR_FACEBOOK:
        *ret = hbs_string_or_null(byline->facebook);
        break;
    case AUTHOR_TWITTER:
        *ret = hbs_string_or_null(byline->twitter);
        break;
    case AUTHOR_META_TITLE:
        *ret = hbs_string_or_null(byline->meta_title);
        break;
    case AUTHOR_META_DESCRIPTION:
        *ret = hbs_string_or_null(byline->meta_description);
        break;
    case AUTHOR_COUNT:
        *ret = hbs_object(&posts_count_view, view_data(&byline->story_count));
        break;
    default:
        break;
    }
    return ST_OK;
}

static const struct hbs_view author_view = {"author", .get = author_get};

struct hbs_value author_value(const struct byline *byline)
{
    return hbs_object(&author_view, view_data(byline));
}
