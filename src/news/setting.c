/* SPDX-License-Identifier: MIT
 *
 * A table says what each name may hold; reading a stored value that is no longer good (an older
 * program wrote it) falls back to the default rather than failing the site. */
#include "news/setting.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/parse.h"
#include "news/change.h"
#include "store/store.h"
#include "text/language.h"
#include "text/sanitize.h"
#include "text/url.h"
#include "text/zone.h"
#include <jansson.h>
#include <stdatomic.h>

struct site_settings_own {
    struct arena *arena;
    atomic_int refs;
};

/* ---- what names may hold ---- */

#define TEXT(setting)                                                                              \
    {                                                                                              \
        .name = STR_INIT(setting), .kind = SETTING_TEXT                                            \
    }
#define LINE(setting)                                                                              \
    {                                                                                              \
        .name = STR_INIT(setting), .kind = SETTING_LINE                                            \
    }
#define ADDRESS(setting)                                                                           \
    {                                                                                              \
        .name = STR_INIT(setting), .kind = SETTING_ADDRESS                                         \
    }

static const struct setting_rule rules[] = {
    {.name = STR_INIT("title"), .kind = SETTING_LINE, .initial = STR_INIT("A new paper")},
    TEXT("description"),
    LINE("url"),
    {.name = STR_INIT("locale"), .kind = SETTING_LANGUAGE, .initial = STR_INIT("en")},
    {.name = STR_INIT("timezone"), .kind = SETTING_ZONE, .initial = STR_INIT("Etc/UTC")},
    {.name = STR_INIT("accent_color"), .kind = SETTING_COLOR, .initial = STR_INIT("#7a1f1f")},
    ADDRESS("logo"),
    ADDRESS("icon"),
    ADDRESS("cover_image"),
    {.name = STR_INIT("posts_per_page"),
     .kind = SETTING_NUMBER,
     .initial = STR_INIT("5"), /* Ghost's, for a theme that names none */
     .min = 1,
     .max = 100},
    {.name = STR_INIT("active_theme"), .kind = SETTING_LINE, .initial = STR_INIT("broadsheet")},
    {.name = STR_INIT("navigation"), .kind = SETTING_NAVIGATION, .initial = STR_INIT("[]")},
    {.name = STR_INIT("secondary_navigation"),
     .kind = SETTING_NAVIGATION,
     .initial = STR_INIT("[]")},
    LINE("meta_title"),
    TEXT("meta_description"),
    LINE("facebook"),
    LINE("twitter"),
    LINE("og_title"),
    TEXT("og_description"),
    ADDRESS("og_image"),
    LINE("twitter_title"),
    TEXT("twitter_description"),
    ADDRESS("twitter_image"),
    TEXT("codeinjection_head"),
    TEXT("codeinjection_foot"),
    {.name = STR_INIT("comments"),
     .kind = SETTING_WORD,
     .initial = STR_INIT("on"),
     .words = {"on", "off"}},
    {.name = STR_INIT("comments_moderation"),
     .kind = SETTING_WORD,
     .initial = STR_INIT("first"),
     .words = {"first", "none", "all"}},
    {.name = STR_INIT("comments_require_email"), .kind = SETTING_BOOL, .initial = STR_INIT("true")},
    {.name = STR_INIT("comments_close_days"),
     .kind = SETTING_NUMBER,
     .initial = STR_INIT("0"),
     .max = 36500},
    {.name = STR_INIT("comments_links_max"),
     .kind = SETTING_NUMBER,
     .initial = STR_INIT("2"),
     .max = 100},
};
enum { RULES_COUNT = sizeof(rules) / sizeof(rules[0]) };

const struct setting_rule *setting_rule(str name)
{
    for (size_t i = 0; i < RULES_COUNT; i++) {
        if (str_eq(rules[i].name, name))
            return &rules[i];
    }
    return NULL;
}

const struct setting_rule *setting_rules(size_t *ret_count)
{
    *ret_count = RULES_COUNT;
    return rules;
}

static bool color_valid(str value)
{
    uint64_t n;
    return (value.len == 4 || value.len == 7) && value.ptr[0] == '#' &&
           str_to_hex_u64(str_from(value, 1), 0xffffff, &n);
}

static bool address_valid(str value)
{
    enum url_kind kind = url_kind(value);
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] <= ' ' || value.ptr[i] == 0x7f)
            return false;
    }
    return value.len <= SETTING_LINE_MAX &&
           (kind == URL_RELATIVE || kind == URL_HTTP || kind == URL_HTTPS);
}

static bool word_valid(const struct setting_rule *rule, str value)
{
    for (size_t i = 0; i < sizeof(rule->words) / sizeof(rule->words[0]); i++) {
        if (rule->words[i] != NULL && str_eq(str_from_c(rule->words[i]), value))
            return true;
    }
    return false;
}

/* ---- navigation ---- */

/* NULL when it is not a list of {"label", "url"}. */
static json_t *navigation_parse(str value)
{
    json_t *list = json_loadb(value.ptr, value.len, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_array(list) && json_array_size(list) <= SETTING_NAVIGATION_MAX;
    for (size_t i = 0; good && i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        good = json_is_string(json_object_get(item, "label")) &&
               json_is_string(json_object_get(item, "url"));
    }
    if (good)
        return list;
    json_decref(list);
    return NULL;
}

static str json_str(struct arena *arena, const json_t *value)
{
    return str_copy(arena, str_from_c(json_string_value(value)));
}

/* An imported menu may hold anything; what no page may link to leads nowhere. */
static str navigation_url(struct arena *arena, const json_t *value)
{
    str clean;
    return clean_url(arena, str_from_c(json_string_value(value)), &clean) ? clean : S("#");
}

static void navigation_read(struct arena *arena, str value, struct site_link **ret_links,
                            size_t *ret_count)
{
    json_t *list = navigation_parse(value);
    size_t count = json_array_size(list);
    struct site_link *links = arena_new_array(arena, struct site_link, count);
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(list, i);
        links[i].label = json_str(arena, json_object_get(item, "label"));
        links[i].url = navigation_url(arena, json_object_get(item, "url"));
    }
    json_decref(list);
    *ret_links = links;
    *ret_count = count;
}

str setting_navigation_write(struct arena *arena, const struct site_link *links, size_t count)
{
    struct buf b;
    buf_init(&b, arena, SETTING_VALUE_MAX);
    buf_add(&b, S("["));
    for (size_t i = 0; i < count; i++) {
        buf_add(&b, i > 0 ? S(",{\"label\":\"") : S("{\"label\":\""));
        buf_add_json(&b, links[i].label);
        buf_add(&b, S("\",\"url\":\""));
        buf_add_json(&b, links[i].url);
        buf_add(&b, S("\"}"));
    }
    buf_add(&b, S("]"));
    return buf_view(&b);
}

/* ---- checking ---- */

static enum status value_check(const struct setting_rule *rule, str value, struct error *err)
{
    int64_t number;
    const char *name = rule->name.ptr;
    switch (rule->kind) {
    case SETTING_TEXT:
        return ST_OK;
    case SETTING_LINE:
        if (value.len > SETTING_LINE_MAX)
            return error_set(err, ST_INVALID, "%s holds at most %d bytes", name, SETTING_LINE_MAX);
        if (str_find_char(value, '\n') == STR_NPOS)
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is one line", name);
    case SETTING_BOOL:
        if (str_eq(value, S("true")) || str_eq(value, S("false")))
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is true or false", name);
    case SETTING_NUMBER:
        if (str_to_i64(value, &number) && number >= rule->min && number <= rule->max)
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is a number from %lld to %lld", name,
                         (long long)rule->min, (long long)rule->max);
    case SETTING_COLOR:
        if (color_valid(value))
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is a colour such as #7a1f1f", name);
    case SETTING_LANGUAGE:
        if (language_valid(value))
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is a language such as en or pt-BR", name);
    case SETTING_ZONE:
        if (zone_name_valid(value))
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is a zone such as Europe/Madrid", name);
    case SETTING_NAVIGATION: {
        json_t *list = navigation_parse(value);
        json_decref(list);
        if (list != NULL)
            return ST_OK;
        return error_set(err, ST_INVALID,
                         "%s is a JSON list of at most %d {\"label\": ..., \"url\": ...}", name,
                         SETTING_NAVIGATION_MAX);
    }
    case SETTING_WORD:
        if (word_valid(rule, value))
            return ST_OK;
        return error_set(err, ST_INVALID, "%s is one of: %s %s %s", name, rule->words[0],
                         rule->words[1], rule->words[2] != NULL ? rule->words[2] : "");
    case SETTING_ADDRESS:
        if (address_valid(value))
            return ST_OK;
        return error_set(err, ST_INVALID,
                         "%s is a path such as /content/images/logo.png, or begins with https://",
                         name);
    }
    return ST_OK;
}

enum status setting_check(str name, str value, struct error *err)
{
    const struct setting_rule *rule = setting_rule(name);
    enum status st = rule != NULL && value.len > 0 ? value_check(rule, value, err) : ST_OK;
    if (st != ST_OK || rule == NULL || rule->kind != SETTING_ZONE || value.len == 0)
        return st;
    AUTO(zone_cache_freep) struct zone_cache *zones = zone_cache_new(NULL);
    const struct zone *zone;
    return zone_cache_get(zones, value, &zone, err);
}

/* ---- the snapshot ---- */

static struct site_settings *site_new(void)
{
    struct arena *arena = arena_new(ARENA_REQUEST);
    struct site_settings *site = arena_new_one(arena, struct site_settings);
    site->own = arena_new_one(arena, struct site_settings_own);
    site->own->arena = arena;
    atomic_init(&site->own->refs, 1);
    site->values = arena_new_one(arena, struct map);
    map_init(site->values, arena);
    for (size_t i = 0; i < RULES_COUNT; i++) {
        str *value = arena_new_one(arena, str);
        *value = rules[i].initial;
        (void)map_set(site->values, rules[i].name, value);
    }
    return site;
}

static void site_put(struct site_settings *site, str name, str value)
{
    const struct setting_rule *rule = setting_rule(name);
    if (rule != NULL && value_check(rule, value, NULL) != ST_OK)
        return;
    str *kept = arena_new_one(site->own->arena, str);
    *kept = str_copy(site->own->arena, value);
    (void)map_set(site->values, name, kept);
}

str site_setting(const struct site_settings *site, str name)
{
    const str *value = map_get(site->values, name);
    return value != NULL ? *value : STR_NONE;
}

static int64_t site_number(const struct site_settings *site, str name)
{
    int64_t number = 0;
    (void)str_to_i64(site_setting(site, name), &number); /* checked when it was put in */
    return number;
}

static enum comments_moderation moderation_of(str word)
{
    if (str_eq(word, S("none")))
        return MODERATE_NONE;
    return str_eq(word, S("all")) ? MODERATE_ALL : MODERATE_FIRST;
}

/* The named fields, from the values. */
static void site_finish(struct site_settings *site)
{
    struct arena *arena = site->own->arena;
    site->title = site_setting(site, S("title"));
    site->description = site_setting(site, S("description"));
    site->url = site_setting(site, S("url"));
    while (str_ends(site->url, S("/")))
        site->url.len--;
    site->locale = site_setting(site, S("locale"));
    site->timezone = site_setting(site, S("timezone"));
    site->logo = site_setting(site, S("logo"));
    site->icon = site_setting(site, S("icon"));
    site->cover_image = site_setting(site, S("cover_image"));
    site->accent_color = site_setting(site, S("accent_color"));
    site->active_theme = site_setting(site, S("active_theme"));
    navigation_read(arena, site_setting(site, S("navigation")), &site->navigation,
                    &site->navigation_count);
    navigation_read(arena, site_setting(site, S("secondary_navigation")),
                    &site->secondary_navigation, &site->secondary_navigation_count);
    site->posts_per_page = site_number(site, S("posts_per_page"));
    site->comments_on = str_eq(site_setting(site, S("comments")), S("on"));
    site->comments_moderation = moderation_of(site_setting(site, S("comments_moderation")));
    site->comments_require_email =
        str_eq(site_setting(site, S("comments_require_email")), S("true"));
    site->comments_close_days = site_number(site, S("comments_close_days"));
    site->comments_links_max = site_number(site, S("comments_links_max"));
}

enum status site_settings_new(const struct setting *values, size_t count,
                              struct site_settings **ret_site, struct error *err)
{
    struct site_settings *site = site_new();
    for (size_t i = 0; i < count; i++) {
        const struct setting_rule *rule = setting_rule(values[i].name);
        enum status st = rule != NULL ? value_check(rule, values[i].value, err) : ST_OK;
        if (st != ST_OK) {
            site_settings_unref(site);
            return st;
        }
        site_put(site, values[i].name, values[i].value);
    }
    site_finish(site);
    *ret_site = site;
    return ST_OK;
}

enum status site_settings_load(struct store_conn *conn, const struct setting *overrides,
                               size_t overrides_count, struct site_settings **ret_site,
                               struct error *err)
{
    AUTO(site_settings_unrefp) struct site_settings *site = site_new();
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT name, value FROM setting"));
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (!str_starts(store_column_text(q, 0), S("internal.")))
            site_put(site, store_column_text(q, 0), store_column_text(q, 1));
    }
    if (st != ST_NOT_FOUND)
        return st;
    for (size_t i = 0; i < overrides_count; i++)
        site_put(site, overrides[i].name, overrides[i].value);
    site_finish(site);
    *ret_site = TAKE(site);
    return ST_OK;
}

struct site_settings *site_settings_ref(struct site_settings *site)
{
    atomic_fetch_add(&site->own->refs, 1);
    return site;
}

void site_settings_unref(struct site_settings *site)
{
    /* The snapshot lives in its own arena: nothing of it may be touched after. */
    if (site != NULL && atomic_fetch_sub(&site->own->refs, 1) == 1)
        arena_free(site->own->arena);
}

/* ---- writing ---- */

static bool name_valid(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!ascii_is_alnum(c) && c != '_' && c != '-' && c != '.')
            return false;
    }
    return name.len > 0 && name.len <= SETTING_NAME_MAX && !str_starts(name, S("internal."));
}

/* A row of this name says that the value was nobody's choice. Not loaded with the others. */
#define UNASKED "internal.unasked."

static enum status row_write(struct newsroom *desk, str name, str value, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        value.len == 0 ? SQL("DELETE FROM setting WHERE name = $1")
                       : SQL("INSERT INTO setting (name, value) VALUES ($1, $2)"
                             " ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    store_bind_text(q, 1, name);
    if (value.len > 0)
        store_bind_text(q, 2, value);
    return store_run(q, err);
}

static enum status set(struct newsroom *desk, str name, str value, bool unasked, struct error *err)
{
    if (!name_valid(name))
        return error_set(err, ST_INVALID, "\"%.*s\" is no setting's name", STR_ARG(name));
    if (value.len > SETTING_VALUE_MAX)
        return error_set(err, ST_TOO_BIG, "a setting holds at most %d bytes", SETTING_VALUE_MAX);
    const struct setting_rule *rule = setting_rule(name);
    enum status st = rule != NULL && value.len > 0 ? value_check(rule, value, err) : ST_OK;
    if (st == ST_OK)
        st = row_write(desk, name, value, err);
    if (st == ST_OK)
        st = row_write(desk, str_join2(desk->arena, S(UNASKED), name), unasked ? S("1") : STR_NONE,
                       err);
    if (st == ST_OK)
        change_settings(desk);
    return st;
}

enum status setting_set(struct newsroom *desk, str name, str value, struct error *err)
{
    return set(desk, name, value, false, err);
}

enum status setting_set_unasked(struct newsroom *desk, str name, str value, struct error *err)
{
    return set(desk, name, value, true, err);
}

enum status setting_is_open(struct store_conn *conn, str name, bool *ret_open, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT (SELECT COUNT(*) FROM setting WHERE name = $1) = 0 OR"
                  " (SELECT COUNT(*) FROM setting WHERE name = '" UNASKED "' || $1) > 0"));
    store_bind_text(q, 1, name);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_open = store_column_int(q, 0) != 0;
    return st;
}

/* ---- themes ---- */

/* Past every name that begins so. */
static str end_of(struct arena *arena, str prefix)
{
    return str_join2(arena, prefix, S("\x7f"));
}

static enum status forget_all(struct newsroom *desk, str prefix, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("DELETE FROM setting WHERE name >= $1 AND name < $2"));
    store_bind_text(q, 1, prefix);
    store_bind_text(q, 2, end_of(desk->arena, prefix));
    return store_run(q, err);
}

/* What begins with `from` begins with `to` from now on, in place of what did. */
static enum status rename_all(struct newsroom *desk, str from, str to, struct error *err)
{
    enum status st = forget_all(desk, to, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("UPDATE setting SET name = $2 || SUBSTR(name, LENGTH($1) + 1)"
                                     " WHERE name >= $1 AND name < $3"));
    store_bind_text(q, 1, from);
    store_bind_text(q, 2, to);
    store_bind_text(q, 3, end_of(desk->arena, from));
    return store_run(q, err);
}

static enum status theme_in_use(struct newsroom *desk, str *ret_name, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT value FROM setting WHERE name = $1"));
    store_bind_text(q, 1, S("active_theme"));
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_name = str_copy(desk->arena, store_column_text(q, 0));
    else if (st == ST_NOT_FOUND)
        *ret_name = setting_rule(S("active_theme"))->initial;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status setting_use_theme(struct newsroom *desk, str theme, struct error *err)
{
    str before;
    enum status st = theme_in_use(desk, &before, err);
    if (st == ST_OK && !str_eq(before, theme)) {
        str ours = S("custom.");
        st = rename_all(desk, ours, str_join3(desk->arena, S("theme."), before, S("/")), err);
        if (st == ST_OK)
            st = rename_all(desk, str_join3(desk->arena, S("theme."), theme, S("/")), ours, err);
    }
    return st == ST_OK ? setting_set(desk, S("active_theme"), theme, err) : st;
}
