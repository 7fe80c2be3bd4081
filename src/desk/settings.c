/* SPDX-License-Identifier: MIT
 *
 * The site's own settings, a page for each kind of them. A row of `fields` is a name of news/setting.h and the page on
 * which it stands; what it may hold is that header's matter, asked before the write, so that what is wrong is said
 * by its field. Readers see a change with the answer: the write raises "settings". */
#include "desk/settings.h"

#include "base/arena.h"
#include "base/buf.h"
#include "news/setting.h"
#include "text/zone.h"

enum { FIELDS_MAX = 20, LOGGED_MAX = 500 };

enum page { GENERAL, SOCIAL, REPLIES, CODE, PAGES_COUNT };

static const struct {
    str path, key, why;
} pages[] = {
    [GENERAL] = {STR_INIT("/desk/settings/"), STR_INIT("settings.general"), STR_INIT("")},
    [SOCIAL] = {STR_INIT("/desk/settings/social/"), STR_INIT("settings.social"),
                STR_INIT("settings.social-why")},
    [REPLIES] = {STR_INIT("/desk/settings/replies/"), STR_INIT("settings.replies"), STR_INIT("")},
    [CODE] = {STR_INIT("/desk/settings/code/"), STR_INIT("settings.code"),
              STR_INIT("settings.code-why")},
};
static_assert(sizeof(pages) / sizeof(pages[0]) == PAGES_COUNT, "a row for each page");

static const struct {
    str name, label, hint, heading;
    enum page page;
    bool required;
} fields[] = {
    {STR_INIT("title"), STR_INIT("setting.title"), STR_INIT(""), STR_INIT("settings.paper"),
     GENERAL, true},
    {STR_INIT("description"), STR_INIT("setting.description"), STR_INIT("setting.description-hint"),
     STR_INIT(""), GENERAL, false},
    {STR_INIT("locale"), STR_INIT("setting.locale"), STR_INIT("setting.locale-hint"), STR_INIT(""),
     GENERAL, true},
    {STR_INIT("timezone"), STR_INIT("setting.timezone"), STR_INIT("setting.timezone-hint"),
     STR_INIT(""), GENERAL, true},
    {STR_INIT("posts_per_page"), STR_INIT("setting.posts-per-page"),
     STR_INIT("setting.posts-per-page-hint"), STR_INIT(""), GENERAL, false},
    {STR_INIT("accent_color"), STR_INIT("setting.accent-color"),
     STR_INIT("setting.accent-color-hint"), STR_INIT("settings.looks"), GENERAL, false},
    {STR_INIT("logo"), STR_INIT("setting.logo"), STR_INIT("setting.picture-hint"), STR_INIT(""),
     GENERAL, false},
    {STR_INIT("icon"), STR_INIT("setting.icon"), STR_INIT("setting.icon-hint"), STR_INIT(""),
     GENERAL, false},
    {STR_INIT("cover_image"), STR_INIT("setting.cover-image"), STR_INIT("setting.picture-hint"),
     STR_INIT(""), GENERAL, false},
    {STR_INIT("meta_title"), STR_INIT("setting.meta-title"), STR_INIT("setting.meta-title-hint"),
     STR_INIT("settings.search-engines"), SOCIAL, false},
    {STR_INIT("meta_description"), STR_INIT("setting.meta-description"),
     STR_INIT("setting.meta-description-hint"), STR_INIT(""), SOCIAL, false},
    {STR_INIT("facebook"), STR_INIT("setting.facebook"), STR_INIT("setting.facebook-hint"),
     STR_INIT("settings.accounts"), SOCIAL, false},
    {STR_INIT("twitter"), STR_INIT("setting.twitter"), STR_INIT("setting.twitter-hint"),
     STR_INIT(""), SOCIAL, false},
    {STR_INIT("og_title"), STR_INIT("setting.card-title"), STR_INIT(""),
     STR_INIT("settings.card-facebook"), SOCIAL, false},
    {STR_INIT("og_description"), STR_INIT("setting.card-description"), STR_INIT(""), STR_INIT(""),
     SOCIAL, false},
    {STR_INIT("og_image"), STR_INIT("setting.card-image"), STR_INIT("setting.picture-hint"),
     STR_INIT(""), SOCIAL, false},
    {STR_INIT("twitter_title"), STR_INIT("setting.card-title"), STR_INIT(""),
     STR_INIT("settings.card-twitter"), SOCIAL, false},
    {STR_INIT("twitter_description"), STR_INIT("setting.card-description"), STR_INIT(""),
     STR_INIT(""), SOCIAL, false},
    {STR_INIT("twitter_image"), STR_INIT("setting.card-image"), STR_INIT("setting.picture-hint"),
     STR_INIT(""), SOCIAL, false},
    {STR_INIT("comments"), STR_INIT("setting.comments"), STR_INIT("setting.comments-hint"),
     STR_INIT(""), REPLIES, false},
    {STR_INIT("comments_moderation"), STR_INIT("setting.moderation"), STR_INIT(""), STR_INIT(""),
     REPLIES, false},
    {STR_INIT("comments_require_email"), STR_INIT("setting.require-email"),
     STR_INIT("setting.require-email-hint"), STR_INIT(""), REPLIES, false},
    {STR_INIT("comments_close_days"), STR_INIT("setting.close-days"),
     STR_INIT("setting.close-days-hint"), STR_INIT(""), REPLIES, false},
    {STR_INIT("comments_links_max"), STR_INIT("setting.links-max"),
     STR_INIT("setting.links-max-hint"), STR_INIT(""), REPLIES, false},
    {STR_INIT("codeinjection_head"), STR_INIT("setting.code-head"),
     STR_INIT("setting.code-head-hint"), STR_INIT(""), CODE, false},
    {STR_INIT("codeinjection_foot"), STR_INIT("setting.code-foot"),
     STR_INIT("setting.code-foot-hint"), STR_INIT(""), CODE, false},
};

/* ---- a page's fields ---- */

static enum settings_kind kind_of(const struct setting_rule *rule)
{
    switch (rule->kind) {
    case SETTING_TEXT:
        return str_starts(rule->name, S("codeinjection_")) ? SETTINGS_CODE : SETTINGS_TEXT;
    case SETTING_BOOL:
        return SETTINGS_YES;
    case SETTING_NUMBER:
        return SETTINGS_NUMBER;
    case SETTING_COLOR:
        return SETTINGS_COLOR;
    case SETTING_ZONE:
    case SETTING_WORD:
        return SETTINGS_CHOICE;
    case SETTING_ADDRESS:
        return SETTINGS_PICTURE;
    case SETTING_LINE:
    case SETTING_LANGUAGE:
    case SETTING_NAVIGATION:
        break;
    }
    return SETTINGS_LINE;
}

static void words_options(struct errand *e, const struct setting_rule *rule,
                          struct settings_field *field)
{
    struct settings_option *options =
        arena_new_array(e->arena, struct settings_option, SETTING_WORDS_MAX);
    for (size_t i = 0; i < SETTING_WORDS_MAX && rule->words[i] != NULL; i++) {
        options[i].value = str_from_c(rule->words[i]);
        options[i].key =
            str_format(e->arena, "choice.%.*s.%s", STR_ARG(rule->name), rule->words[i]);
        field->options_count++;
    }
    field->options = options;
}

/* Those of the machine's list, and the one in force, which may be an older name of one of them. */
static enum status zone_options(struct errand *e, struct settings_field *field, struct error *err)
{
    str *names;
    size_t count;
    bool listed = false;
    enum status st = zone_names(e->arena, NULL, &names, &count, err);
    if (st != ST_OK)
        return st;
    struct settings_option *options =
        arena_new_array(e->arena, struct settings_option, size_add(count, 1));
    for (size_t i = 0; i < count; i++) {
        options[i] = (struct settings_option){.value = names[i], .text = names[i]};
        listed = listed || str_eq(names[i], field->value);
    }
    if (!listed)
        options[count++] = (struct settings_option){.value = field->value, .text = field->value};
    field->options = options;
    field->options_count = count;
    return ST_OK;
}

static enum status fields_of(struct errand *e, enum page page, struct settings_field *ret_fields,
                             size_t *ret_count, struct error *err)
{
    enum status st = ST_OK;
    size_t count = 0;
    for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(fields); i++) {
        if (fields[i].page != page)
            continue;
        const struct setting_rule *rule = setting_rule(fields[i].name);
        struct settings_field *field = &ret_fields[count++];
        *field = (struct settings_field){.name = fields[i].name,
                                         .kind = kind_of(rule),
                                         .label_key = fields[i].label,
                                         .hint_key = fields[i].hint,
                                         .heading = fields[i].heading,
                                         .min = rule->min,
                                         .max = rule->max,
                                         .required = fields[i].required,
                                         .value = site_setting(e->edition->settings, rule->name)};
        if (rule->kind == SETTING_WORD)
            words_options(e, rule, field);
        if (rule->kind == SETTING_ZONE)
            st = zone_options(e, field, err);
    }
    *ret_count = count;
    return st;
}

/* ---- showing ---- */

static enum page page_of(const struct errand *e)
{
    for (int page = 0; page < PAGES_COUNT; page++) {
        if (str_eq(pages[page].path, e->req->path))
            return (enum page)page;
    }
    return GENERAL;
}

static enum status show(struct errand *e, enum page page, const struct settings_field *list,
                        size_t count, int code, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    settings_put_fields(e, values, list, count);
    hbs_map_set(values, S("action"), hbs_string(pages[page].path));
    hbs_map_set(values, S("why"), hbs_string_or_null(pages[page].why));
    hbs_map_set(values, S("grave"), hbs_bool(page == CODE));
    if (page == GENERAL)
        hbs_map_set(values, S("address"),
                    e->edition->settings->url.len > 0 ? hbs_string(e->edition->settings->url)
                                                      : hbs_bool(false));
    return settings_page(e, code, S("settings"), pages[page].key, values, err);
}

enum status settings_show(struct errand *e, struct error *err)
{
    struct settings_field list[FIELDS_MAX];
    enum page page = page_of(e);
    size_t count;
    enum status st = fields_of(e, page, list, &count, err);
    return st == ST_OK ? show(e, page, list, count, 200, err) : st;
}

/* ---- saving ---- */

static str fault_of(const struct settings_field *field)
{
    const struct setting_rule *rule = setting_rule(field->name);
    if (field->required && field->value.len == 0)
        return S("wrong.empty");
    if (setting_check(field->name, field->value, NULL) == ST_OK)
        return STR_NONE;
    switch (rule->kind) {
    case SETTING_NUMBER:
        return S("wrong.number");
    case SETTING_COLOR:
        return S("wrong.color");
    case SETTING_LANGUAGE:
        return S("wrong.site-language");
    case SETTING_ZONE:
        return S("wrong.zone");
    case SETTING_ADDRESS:
        return S("wrong.picture-address");
    case SETTING_LINE:
    case SETTING_TEXT:
        return S("wrong.line");
    case SETTING_BOOL:
    case SETTING_NAVIGATION:
    case SETTING_WORD:
        break;
    }
    return S("wrong.choice");
}

struct change {
    const struct settings_field *fields;
    size_t count;
};

/* What is as it was is left alone: nobody is on record as having chosen it. But whoever looks at the title and
 * keeps it has chosen it. */
static enum status save(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct change *change = arg;
    struct buf names;
    str logged;
    buf_init(&names, e->arena, LOGGED_MAX);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < change->count; i++) {
        const struct settings_field *field = &change->fields[i];
        bool same = str_eq(site_setting(e->edition->settings, field->name), field->value);
        if (same && !str_eq(field->name, S("title")))
            continue;
        st = setting_set(room, field->name, field->value, err);
        if (!same) {
            buf_add(&names, names.len > 0 ? S(" ") : S(""));
            buf_add(&names, field->name);
        }
    }
    if (st == ST_OK && names.len > 0)
        st = buf_finish(&names, &logged, err);
    return st == ST_OK && names.len > 0 ? errand_log(e, room, S("settings.changed"), logged, err)
                                        : st;
}

enum status settings_post(struct errand *e, struct error *err)
{
    struct settings_field list[FIELDS_MAX];
    struct change change = {list, 0};
    enum page page = page_of(e);
    bool wrong = false;
    enum status st = fields_of(e, page, list, &change.count, err);
    if (st == ST_OK)
        st = settings_take(e, list, change.count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < change.count; i++) {
        list[i].fault = fault_of(&list[i]);
        wrong = wrong || list[i].fault.len > 0;
    }
    if (wrong)
        return show(e, page, list, change.count, 422, err);
    st = errand_write(e, save, &change, err);
    return st == ST_OK ? errand_done(e, pages[page].path, S("settings-saved")) : st;
}
