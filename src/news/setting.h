/* news/setting.h -- the site's settings: one immutable snapshot, shared and counted.
 *
 *     struct site_settings *site;
 *     st = site_settings_load(conn, &site, err);          // at start, and when "settings" changed
 *     ... site->title, site->posts_per_page, site_setting(site, S("twitter")) ...
 *     site_settings_unref(site);
 *
 *     st = setting_set(desk, S("title"), S("The Wharf"), err);
 *
 * Names are Ghost's public ones where Ghost has one (GHOST-THEMES 4.1), plus ours below. A name
 * that is not set has its default. Values are text: booleans "true" or "false", numbers in digits,
 * navigation JSON [{"label": ..., "url": ...}]. setting_set refuses what would not read back.
 *
 *     title description logo icon cover_image accent_color locale timezone url facebook twitter ...
 *     navigation secondary_navigation codeinjection_head codeinjection_foot meta_title ... og_image
 *     posts_per_page          1..100; a theme's own number goes before it
 *     active_theme            name of the theme used
 *     custom.KEY              a theme's own setting: the active theme's (setting_use_theme)
 *     theme.NAME/KEY          the same of a theme that was used before
 *     comments                "on" | "off"
 *     comments_moderation     "none" | "first" | "all"
 *     comments_require_email  "true" | "false"
 *     comments_close_days     replies close so long after publication; 0: never
 *     comments_links_max      more links than these hold a reply
 *
 * The address (`url`) and what else broadsheet.yaml says is put in by who loads: see `overrides`.
 *
 * Memory: the snapshot owns an arena. Threads: immutable; ref and unref from any. */
#pragma once
#include "news/news.h"

struct map;
struct store_conn;

enum {
    SETTING_NAME_MAX = 100,
    SETTING_VALUE_MAX = 256 * 1024,
    SETTING_NAVIGATION_MAX = 200, /* items */
    SETTING_LINE_MAX = 2000,      /* bytes of what is one line */
    SETTING_WORDS_MAX = 4,
};

/* What a name may hold: for those who ask a person for it. A name without a rule holds any text. */
enum setting_kind {
    SETTING_TEXT,
    SETTING_LINE,
    SETTING_BOOL,
    SETTING_NUMBER, /* min..max */
    SETTING_COLOR,
    SETTING_LANGUAGE,
    SETTING_ZONE,
    SETTING_NAVIGATION,
    SETTING_WORD,    /* one of words */
    SETTING_ADDRESS, /* a path of this site, or http or https */
};
struct setting_rule {
    str name;
    enum setting_kind kind;
    str initial;
    int64_t min, max;
    const char *words[SETTING_WORDS_MAX];
};
const struct setting_rule *setting_rule(str name); /* NULL: none */
/* Every rule, in the order of the table. */
const struct setting_rule *setting_rules(size_t *ret_count);

enum comments_moderation { MODERATE_FIRST, MODERATE_NONE, MODERATE_ALL };

struct site_link {
    str label, url;
};

struct site_settings {
    /* All strings live as long as the snapshot. */
    str title, description, url; /* url: without a slash at the end; may be empty */
    str locale;                  /* BCP 47: "en", "pt-BR" */
    str timezone;                /* IANA name; "Etc/UTC" */
    str logo, icon, cover_image, accent_color;
    str active_theme;
    struct site_link *navigation;
    size_t navigation_count;
    struct site_link *secondary_navigation;
    size_t secondary_navigation_count;
    int64_t posts_per_page;
    bool comments_on;
    enum comments_moderation comments_moderation;
    bool comments_require_email;
    int64_t comments_close_days;
    int64_t comments_links_max;

    struct map *values; /* every name that has a value or a default, as text */
    struct site_settings_own *own;
};

struct setting {
    str name, value;
};

/* Reads all of them, one statement. `overrides` (may be NULL) go before what is stored. */
MUST_USE enum status site_settings_load(struct store_conn *conn, const struct setting *overrides,
                                        size_t overrides_count, struct site_settings **ret_site,
                                        struct error *err);
/* The defaults of a new site, and `values` over them: for tests and templates without a database. */
MUST_USE enum status site_settings_new(const struct setting *values, size_t count,
                                       struct site_settings **ret_site, struct error *err);
struct site_settings *site_settings_ref(struct site_settings *site);
void site_settings_unref(struct site_settings *site); /* takes NULL */
static inline void site_settings_unrefp(struct site_settings **site)
{
    site_settings_unref(*site);
}

/* Empty when it has neither value nor default. */
str site_setting(const struct site_settings *site, str name);

/* What setting_set would refuse, before it is asked, and a zone that this machine does not know, for which
 * it reads a file: no part of a write. An empty value is always good. */
MUST_USE enum status setting_check(str name, str value, struct error *err);
/* ST_INVALID with a sentence: a bad zone, colour, number, JSON... Raises "settings". An empty value
 * takes the setting back to its default. */
MUST_USE enum status setting_set(struct newsroom *desk, str name, str value, struct error *err);
/* A value that nobody asked for, as a new site gets them: it holds until somebody sets the name. */
MUST_USE enum status setting_set_unasked(struct newsroom *desk, str name, str value,
                                         struct error *err);
/* Whether nobody has set it: it has no value, or an unasked one. What comes from elsewhere may then be
 * set without overruling anybody. */
MUST_USE enum status setting_is_open(struct store_conn *conn, str name, bool *ret_open,
                                     struct error *err);
/* Puts another theme on. What was set for the one before (custom.KEY) is kept for it under its name, and
 * comes back with it. The theme is the caller's to have loaded. */
MUST_USE enum status setting_use_theme(struct newsroom *desk, str theme, struct error *err);
/* The text of a navigation, for setting_set. */
str setting_navigation_write(struct arena *arena, const struct site_link *links, size_t count);
