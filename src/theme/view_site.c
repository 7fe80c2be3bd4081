/* SPDX-License-Identifier: MIT
 *
 * The data variables: @site, @config, @custom, @labs, @member, @page (GHOST-THEMES 4.1), and the
 * items of a navigation. @site shows the settings named in the table below and no other: what an
 * owner keeps in settings for the desk alone never reaches a page. */
#include "base/arena.h"
#include "news/setting.h"
#include "news/tag.h"
#include "text/language.h"
#include "theme/nql.h"
#include "theme/package.h"
#include "theme/rendering.h"

/* ---- navigation items ---- */

enum nav_item_field { NAV_LABEL, NAV_URL, NAV_ITEM_FIELDS };
static const str nav_item_field_names[NAV_ITEM_FIELDS] = {
    [NAV_LABEL] = STR_INIT("label"),
    [NAV_URL] = STR_INIT("url"),
};
const struct view_names nav_item_names = {nav_item_field_names, NAV_ITEM_FIELDS};

static enum status nav_item_get(struct hbs_value self, const struct hbs_key *key,
                                const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of(env);
    const struct site_link *link = self.data;
    (void)err;
    int field = hbs_fields_find(&r->theme->fields[VIEW_NAV_ITEM], key);
    if (field == NAV_LABEL)
        *ret = hbs_string(link->label);
    else if (field == NAV_URL)
        *ret = hbs_string(address_absolute(r, link->url));
    return ST_OK;
}

static const struct hbs_view nav_item_view = {"navigation item", .get = nav_item_get};

static struct hbs_value nav_value(struct rendering *r, struct site_link *links, size_t count)
{
    struct hbs_value *items = arena_new_array(r->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        items[i] = hbs_object(&nav_item_view, &links[i]);
    return hbs_list_of(r->arena, items, count);
}

/* ---- @site ---- */

enum site_field {
    SITE_URL,
    SITE_TITLE,
    SITE_DESCRIPTION,
    SITE_LOGO,
    SITE_ICON,
    SITE_COVER_IMAGE,
    SITE_OG_IMAGE,
    SITE_TWITTER_IMAGE,
    SITE_ACCENT_COLOR,
    SITE_LOCALE,
    SITE_LANG,
    SITE_DIR,
    SITE_TIMEZONE,
    SITE_NAVIGATION,
    SITE_SECONDARY_NAVIGATION,
    SITE_ADMIN_URL,
    SITE_SIGNUP_URL,
    SITE_COMMENTS_ENABLED,
    SITE_COMMENTS_ACCESS,
    SITE_MEMBERS_ENABLED,
    SITE_ALLOW_SELF_SIGNUP,
    SITE_MEMBERS_INVITE_ONLY,
    SITE_PAID_MEMBERS_ENABLED,
    SITE_DONATIONS_ENABLED,
    SITE_RECOMMENDATIONS_ENABLED,
    SITE_LATEST,
    SITE_POPULAR,
    SITE_SECTIONS,
    SITE_COPYRIGHT_YEARS,
    SITE_SEARCH_URL,
    SITE_PLAIN, /* from here on: the setting of that name, as it is */
    SITE_FIELDS = SITE_PLAIN + 21
};

static const str site_field_names[SITE_FIELDS] = {
    [SITE_URL] = STR_INIT("url"),
    [SITE_TITLE] = STR_INIT("title"),
    [SITE_DESCRIPTION] = STR_INIT("description"),
    [SITE_LOGO] = STR_INIT("logo"),
    [SITE_ICON] = STR_INIT("icon"),
    [SITE_COVER_IMAGE] = STR_INIT("cover_image"),
    [SITE_OG_IMAGE] = STR_INIT("og_image"),
    [SITE_TWITTER_IMAGE] = STR_INIT("twitter_image"),
    [SITE_ACCENT_COLOR] = STR_INIT("accent_color"),
    [SITE_LOCALE] = STR_INIT("locale"),
    [SITE_LANG] = STR_INIT("lang"),
    [SITE_DIR] = STR_INIT("dir"),
    [SITE_TIMEZONE] = STR_INIT("timezone"),
    [SITE_NAVIGATION] = STR_INIT("navigation"),
    [SITE_SECONDARY_NAVIGATION] = STR_INIT("secondary_navigation"),
    [SITE_ADMIN_URL] = STR_INIT("admin_url"),
    [SITE_SIGNUP_URL] = STR_INIT("signup_url"),
    [SITE_COMMENTS_ENABLED] = STR_INIT("comments_enabled"),
    [SITE_COMMENTS_ACCESS] = STR_INIT("comments_access"),
    [SITE_MEMBERS_ENABLED] = STR_INIT("members_enabled"),
    [SITE_ALLOW_SELF_SIGNUP] = STR_INIT("allow_self_signup"),
    [SITE_MEMBERS_INVITE_ONLY] = STR_INIT("members_invite_only"),
    [SITE_PAID_MEMBERS_ENABLED] = STR_INIT("paid_members_enabled"),
    [SITE_DONATIONS_ENABLED] = STR_INIT("donations_enabled"),
    [SITE_RECOMMENDATIONS_ENABLED] = STR_INIT("recommendations_enabled"),
    [SITE_LATEST] = STR_INIT("latest"),
    [SITE_POPULAR] = STR_INIT("popular"),
    [SITE_SECTIONS] = STR_INIT("sections"),
    [SITE_COPYRIGHT_YEARS] = STR_INIT("copyright_years"),
    [SITE_SEARCH_URL] = STR_INIT("search_url"),
    [SITE_PLAIN] = STR_INIT("facebook"),
    [SITE_PLAIN + 1] = STR_INIT("twitter"),
    [SITE_PLAIN + 2] = STR_INIT("threads"),
    [SITE_PLAIN + 3] = STR_INIT("bluesky"),
    [SITE_PLAIN + 4] = STR_INIT("mastodon"),
    [SITE_PLAIN + 5] = STR_INIT("tiktok"),
    [SITE_PLAIN + 6] = STR_INIT("youtube"),
    [SITE_PLAIN + 7] = STR_INIT("instagram"),
    [SITE_PLAIN + 8] = STR_INIT("linkedin"),
    [SITE_PLAIN + 9] = STR_INIT("codeinjection_head"),
    [SITE_PLAIN + 10] = STR_INIT("codeinjection_foot"),
    [SITE_PLAIN + 11] = STR_INIT("meta_title"),
    [SITE_PLAIN + 12] = STR_INIT("meta_description"),
    [SITE_PLAIN + 13] = STR_INIT("og_title"),
    [SITE_PLAIN + 14] = STR_INIT("og_description"),
    [SITE_PLAIN + 15] = STR_INIT("twitter_title"),
    [SITE_PLAIN + 16] = STR_INIT("twitter_description"),
    [SITE_PLAIN + 17] = STR_INIT("members_signup_access"),
    [SITE_PLAIN + 18] = STR_INIT("members_support_address"),
    [SITE_PLAIN + 19] = STR_INIT("portal_button_style"),
    [SITE_PLAIN + 20] = STR_INIT("portal_name"),
};
const struct view_names site_names = {site_field_names, SITE_FIELDS};

static enum status sections_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                   struct error *err)
{
    const struct rendering *r = self.data;
    (void)env;
    (void)err;
    *ret = r->sections_count;
    return ST_OK;
}

static enum status sections_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                               str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = tag_value(r->sections[i]);
    return ST_OK;
}

static const struct hbs_view sections_view = {"sections", .length = sections_length,
                                              .at = sections_at};

static enum status site_list(struct rendering *r, enum site_field field, struct hbs_value *ret,
                             struct error *err)
{
    enum status st;
    if (field == SITE_SECTIONS) {
        st = lists_fill_sections(r, err);
        if (st == ST_OK)
            *ret = hbs_list(&sections_view, r);
        return st;
    }
    rendering_saw(r, field == SITE_LATEST ? SEEN_LATEST : SEEN_POPULAR, 0);
    st = lists_fill_slots(r, err);
    if (st == ST_OK)
        *ret = posts_value(field == SITE_LATEST ? &r->latest : &r->popular);
    return st;
}

static struct hbs_value site_plain(struct rendering *r, enum site_field field)
{
    struct site_settings *site = r->req->site;
    switch ((int)field) {
    case SITE_URL:
        return hbs_string(r->site_url);
    case SITE_TITLE:
        return hbs_string(site->title);
    case SITE_DESCRIPTION:
        return hbs_string_or_null(site->description);
    case SITE_LOGO:
        return hbs_string_or_null(address_absolute(r, site->logo));
    case SITE_ICON:
        return hbs_string_or_null(address_absolute(r, site->icon));
    case SITE_COVER_IMAGE:
        return hbs_string_or_null(address_absolute(r, site->cover_image));
    case SITE_OG_IMAGE:
        return hbs_string_or_null(address_absolute(r, site_setting(site, S("og_image"))));
    case SITE_TWITTER_IMAGE:
        return hbs_string_or_null(address_absolute(r, site_setting(site, S("twitter_image"))));
    case SITE_ACCENT_COLOR:
        return hbs_string_or_null(site->accent_color);
    case SITE_LOCALE:
    case SITE_LANG:
        return hbs_string(r->locale);
    case SITE_DIR:
        return hbs_string(language_direction(r->locale));
    case SITE_TIMEZONE:
        return hbs_string(site->timezone);
    case SITE_NAVIGATION:
        return nav_value(r, site->navigation, site->navigation_count);
    case SITE_SECONDARY_NAVIGATION:
        return nav_value(r, site->secondary_navigation, site->secondary_navigation_count);
    case SITE_ADMIN_URL:
        return hbs_string(address_absolute(r, S("/desk/")));
    case SITE_SIGNUP_URL: /* without members Ghost offers a feed reader; ours is the feed */
        return hbs_string(address_absolute(r, r->addresses->rss));
    case SITE_COMMENTS_ENABLED:
        return hbs_bool(site->comments_on);
    case SITE_COMMENTS_ACCESS:
        return hbs_string(site->comments_on ? S("all") : S("off"));
    case SITE_MEMBERS_ENABLED:
    case SITE_ALLOW_SELF_SIGNUP:
    case SITE_MEMBERS_INVITE_ONLY:
    case SITE_PAID_MEMBERS_ENABLED:
    case SITE_DONATIONS_ENABLED:
    case SITE_RECOMMENDATIONS_ENABLED:
        return hbs_bool(false);
    case SITE_SEARCH_URL:
        return hbs_string_or_null(address_absolute(r, r->addresses->search));
    default:
        return hbs_string_or_null(site_setting(site, site_field_names[field]));
    }
}

static enum status site_get(struct hbs_value self, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = self.data;
    (void)env;
    int field = hbs_fields_find(&r->theme->fields[VIEW_SITE], key);
    str years;
    enum status st;
    switch (field) {
    case -1:
        return ST_OK;
    case SITE_LATEST:
    case SITE_POPULAR:
    case SITE_SECTIONS:
        return site_list(r, (enum site_field)field, ret, err);
    case SITE_COPYRIGHT_YEARS:
        st = lists_copyright_years(r, &years, err);
        if (st == ST_OK)
            *ret = hbs_string(years);
        return st;
    default:
        *ret = site_plain(r, (enum site_field)field);
        return ST_OK;
    }
}

static const struct hbs_view site_view = {"@site", .get = site_get};

/* ---- @config ---- */

static struct hbs_value image_sizes_value(struct rendering *r)
{
    const struct package *package = r->theme->package;
    struct hbs_map *sizes = hbs_map_new(r->arena);
    for (size_t i = 0; i < package->image_sizes_count; i++) {
        struct hbs_map *size = hbs_map_new(r->arena);
        if (package->image_sizes[i].width > 0)
            hbs_map_set(size, S("width"), hbs_number(package->image_sizes[i].width));
        if (package->image_sizes[i].height > 0)
            hbs_map_set(size, S("height"), hbs_number(package->image_sizes[i].height));
        hbs_map_set(sizes, package->image_sizes[i].name, hbs_map_value(size));
    }
    return hbs_map_value(sizes);
}

static enum status config_get(struct hbs_value self, const struct hbs_key *key,
                              const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = self.data;
    (void)env;
    (void)err;
    if (str_eq(key->text, S("posts_per_page")))
        *ret = hbs_number((double)r->per_page);
    else if (str_eq(key->text, S("image_sizes")))
        *ret = image_sizes_value(r);
    return ST_OK;
}

static const struct hbs_view config_view = {"@config", .get = config_get};

/* ---- @custom ---- */

static str custom_text(const struct rendering *r, const struct package_custom *custom)
{
    str name = str_join2(r->arena, S("custom."), custom->key);
    str stored = site_setting(r->req->site, name);
    return stored.len > 0 ? stored : custom->value;
}

static bool custom_field(const void *record, str field, size_t i, struct nql_value *ret)
{
    const struct rendering *r = record;
    const struct package_custom *custom = package_custom(r->theme->package, field);
    if (i > 0 || custom == NULL)
        return false;
    str text = custom_text(r, custom);
    if (custom->type == PACKAGE_BOOLEAN)
        *ret = nql_bool(str_eq(text, S("true")));
    else if (text.len > 0)
        *ret = nql_text(text);
    else
        return false;
    return true;
}

/* A setting whose `visibility` says no reads as null, whatever is stored. */
static bool custom_hidden(const struct rendering *r, const struct package_custom *custom)
{
    struct nql *filter;
    return custom->visibility.len > 0 &&
           nql_parse(r->arena, custom->visibility, r->req->now, &filter, NULL) == ST_OK &&
           !nql_matches(filter, custom_field, r);
}

static enum status custom_get(struct hbs_value self, const struct hbs_key *key,
                              const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = self.data;
    const struct package_custom *custom = package_custom(r->theme->package, key->text);
    (void)env;
    (void)err;
    if (custom == NULL)
        return ST_OK;
    str text = custom_text(r, custom);
    if (custom_hidden(r, custom))
        *ret = hbs_null();
    else if (custom->type == PACKAGE_BOOLEAN)
        *ret = hbs_bool(str_eq(text, S("true")));
    else if (custom->type == PACKAGE_IMAGE)
        *ret = hbs_string_or_null(address_absolute(r, text));
    else
        *ret = hbs_string_or_null(text);
    return ST_OK;
}

static const struct hbs_view custom_view = {"@custom", .get = custom_get};

/* ---- @page ---- */

static enum status page_data_get(struct hbs_value self, const struct hbs_key *key,
                                 const struct hbs_env *env, struct hbs_value *ret,
                                 struct error *err)
{
    struct rendering *r = self.data;
    (void)env;
    (void)err;
    if (str_eq(key->text, S("show_title_and_feature_image"))) {
        const struct story *story = r->object->rows[0];
        *ret = hbs_bool(story->kind == STORY_STORY || story->show_title_and_image);
    }
    return ST_OK;
}

static const struct hbs_view page_data_view = {"@page", .get = page_data_get};

/* ---- all of them ---- */

enum data_field {
    DATA_SITE,
    DATA_CONFIG,
    DATA_CUSTOM,
    DATA_LABS,
    DATA_MEMBER,
    DATA_PAGE,
    DATA_FIELDS
};
static const str data_field_names[DATA_FIELDS] = {
    [DATA_SITE] = STR_INIT("site"),     [DATA_CONFIG] = STR_INIT("config"),
    [DATA_CUSTOM] = STR_INIT("custom"), [DATA_LABS] = STR_INIT("labs"),
    [DATA_MEMBER] = STR_INIT("member"), [DATA_PAGE] = STR_INIT("page"),
};
const struct view_names data_names = {data_field_names, DATA_FIELDS};

static const struct hbs_view labs_view = {"@labs"};

static enum status data_get(struct hbs_value self, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = self.data;
    (void)env;
    (void)err;
    switch (hbs_fields_find(&r->theme->fields[VIEW_DATA], key)) {
    case DATA_SITE:
        *ret = hbs_object(&site_view, r);
        break;
    case DATA_CONFIG:
        *ret = hbs_object(&config_view, r);
        break;
    case DATA_CUSTOM:
        *ret = hbs_object(&custom_view, r);
        break;
    case DATA_LABS:
        *ret = hbs_object(&labs_view, r);
        break;
    case DATA_MEMBER:
        *ret = hbs_null();
        break;
    case DATA_PAGE:
        if (r->object != NULL)
            *ret = hbs_object(&page_data_view, r);
        break;
    default:
        break;
    }
    return ST_OK;
}

static const struct hbs_view data_view = {"data", .get = data_get};

struct hbs_value data_value(struct rendering *r)
{
    return hbs_object(&data_view, r);
}
