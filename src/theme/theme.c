/* SPDX-License-Identifier: MIT
 *
 * Loading: files are read into the theme's own arena, told apart by path (files_take), the engine's
 * files laid behind them, and the templates compiled as one set. */
#include "theme/theme.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "base/map.h"
#include "hbs/hbs.h"
#include "theme/files.h"
#include "theme/package.h"
#include "theme/phrases.h"
#include "theme/rendering.h"

#include <sodium.h>
#include <stdatomic.h>

extern const struct embedded theme_default_files[];
extern const size_t theme_default_files_count;
extern const struct embedded theme_engine_files[];
extern const size_t theme_engine_files_count;

/* ---- assets ---- */

static const struct {
    str ending, content_type;
} content_types[] = {
    {STR_INIT("css"), STR_INIT("text/css; charset=utf-8")},
    {STR_INIT("js"), STR_INIT("text/javascript; charset=utf-8")},
    {STR_INIT("mjs"), STR_INIT("text/javascript; charset=utf-8")},
    {STR_INIT("json"), STR_INIT("application/json")},
    {STR_INIT("webmanifest"), STR_INIT("application/manifest+json")},
    {STR_INIT("svg"), STR_INIT("image/svg+xml")},
    {STR_INIT("png"), STR_INIT("image/png")},
    {STR_INIT("jpg"), STR_INIT("image/jpeg")},
    {STR_INIT("jpeg"), STR_INIT("image/jpeg")},
    {STR_INIT("gif"), STR_INIT("image/gif")},
    {STR_INIT("webp"), STR_INIT("image/webp")},
    {STR_INIT("avif"), STR_INIT("image/avif")},
    {STR_INIT("ico"), STR_INIT("image/x-icon")},
    {STR_INIT("woff"), STR_INIT("font/woff")},
    {STR_INIT("woff2"), STR_INIT("font/woff2")},
    {STR_INIT("ttf"), STR_INIT("font/ttf")},
    {STR_INIT("otf"), STR_INIT("font/otf")},
    {STR_INIT("eot"), STR_INIT("application/vnd.ms-fontobject")},
    {STR_INIT("txt"), STR_INIT("text/plain; charset=utf-8")},
    {STR_INIT("xml"), STR_INIT("application/xml")},
    {STR_INIT("xsl"), STR_INIT("text/xsl")},
    {STR_INIT("html"), STR_INIT("text/html; charset=utf-8")},
    {STR_INIT("mp4"), STR_INIT("video/mp4")},
    {STR_INIT("webm"), STR_INIT("video/webm")},
    {STR_INIT("mp3"), STR_INIT("audio/mpeg")},
    {STR_INIT("pdf"), STR_INIT("application/pdf")},
};

/* Empty for a file that is never served. */
static str content_type_of(str path)
{
    size_t slash = str_rfind_char(path, '/');
    str name = slash == STR_NPOS ? path : str_from(path, slash + 1);
    size_t dot = str_rfind_char(name, '.');
    if (dot == STR_NPOS || str_eq_nocase(str_from(name, dot), S(".hbs")))
        return STR_NONE;
    str ending = str_from(name, dot + 1);
    bool asset = str_starts(path, S("/assets/")) || str_starts(path, S("/public/"));
    if (!asset && str_eq_nocase(ending, S("json")) && !str_eq(name, S("manifest.json")) &&
        !str_eq(name, S("assetlinks.json")))
        return STR_NONE;
    for (size_t i = 0; i < sizeof(content_types) / sizeof(content_types[0]); i++) {
        if (str_eq_nocase(ending, content_types[i].ending))
            return content_types[i].content_type;
    }
    return asset ? S("application/octet-stream") : STR_NONE;
}

enum { ASSET_HASH_BYTES = 16, ASSET_HASH_DIGITS = 10 };

static str content_hash(struct arena *arena, str bytes)
{
    unsigned char hash[ASSET_HASH_BYTES];
    char hex[2 * ASSET_HASH_BYTES + 1];
    const unsigned char *at = (const unsigned char *)(bytes.len == 0 ? "" : bytes.ptr);
    CHECK(crypto_generichash(hash, sizeof(hash), at, bytes.len, NULL, 0) == 0);
    (void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    return str_copy(arena, (str){hex, ASSET_HASH_DIGITS});
}

/* What is there already (the theme's) stays. */
static void add_asset(struct theme *theme, str path, str bytes)
{
    str served = str_join2(theme->arena, S("/"), path);
    str content_type = content_type_of(served);
    if (content_type.len == 0 || map_get(&theme->assets, served) != NULL)
        return;
    struct theme_asset *asset = arena_new_one(theme->arena, struct theme_asset);
    *asset = (struct theme_asset){bytes, content_type, content_hash(theme->arena, bytes)};
    (void)map_set(&theme->assets, served, asset);
}

bool theme_asset_find(const struct theme *theme, str path, struct theme_asset *ret_asset)
{
    const struct theme_asset *asset = map_get(&theme->assets, path);
    if (asset != NULL)
        *ret_asset = *asset;
    return asset != NULL;
}

/* ---- files ---- */

static str without_ending(str path, str ending)
{
    return str_sub(path, 0, path.len - ending.len);
}

static enum status add_template(struct theme *theme, str path, str source, str label,
                                struct error *err)
{
    str file = str_join2(theme->arena, label, path);
    if (str_starts(path, S("partials/"))) {
        str name = without_ending(str_from(path, S("partials/").len), S(".hbs"));
        if (label.len > 0 && hbs_set_has(theme->set, HBS_PARTIAL, name))
            return ST_OK; /* the theme's own goes before the engine's */
        return hbs_set_add(theme->set, HBS_PARTIAL, name, file, source, err);
    }
    return hbs_set_add(theme->set, HBS_TEMPLATE, without_ending(path, S(".hbs")), file, source,
                       err);
}

static enum status add_phrases(struct theme *theme, struct map *texts, str path, str json,
                               struct error *err)
{
    struct phrases *phrases;
    str locale = without_ending(str_from(path, S("locales/").len), S(".json"));
    if (!phrases_locale_valid(locale) || str_eq(locale, S("context")))
        return ST_OK; /* context.json says where keys are used */
    enum status st = phrases_read(theme->arena, path, json, &phrases, err);
    if (st == ST_OK)
        (void)map_set(texts, locale, phrases);
    return st;
}

/* `label` is empty for the theme's own files and "engine/" for ours, which come second. */
static enum status take_files(struct theme *theme, const struct theme_files *files, str label,
                              struct error *err)
{
    struct map *texts = label.len == 0 ? &theme->texts : &theme->engine_texts;
    for (size_t i = 0; i < files->count; i++) {
        str path = files->list[i].path, bytes = files->list[i].bytes;
        enum status st = ST_OK;
        if (label.len > 0 && str_starts(path, S("templates/")))
            continue; /* add_error_page takes the one that fits */
        if (str_starts(path, S("locales/")) && str_ends(path, S(".json")))
            st = add_phrases(theme, texts, path, bytes, err);
        else if (str_ends(path, S(".hbs")) && !str_starts(path, S("assets/")))
            st = add_template(theme, path, bytes, label, err);
        else if (str_eq(path, S("package.json")))
            st = package_read(theme->arena, bytes, &theme->package, err);
        else
            add_asset(theme, path, bytes);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* A theme need not have error.hbs: then there is ours, in the theme's layout if it has one. */
static enum status add_error_page(struct theme *theme, struct error *err)
{
    if (hbs_set_has(theme->set, HBS_TEMPLATE, S("error")))
        return ST_OK;
    str path = hbs_set_has(theme->set, HBS_TEMPLATE, S("default")) ? S("templates/error.hbs")
                                                                   : S("templates/error-alone.hbs");
    const struct embedded *file = embedded_find(theme_engine_files, theme_engine_files_count, path);
    CHECK(file != NULL);
    return hbs_set_add(theme->set, HBS_TEMPLATE, S("error"), S("error.hbs"), embedded_bytes(file),
                       err);
}

static enum status check_whole(const struct theme *theme, struct error *err)
{
    if (theme->package == NULL)
        return error_set(err, ST_INVALID, "package.json is missing");
    static const str needed[] = {STR_INIT("index"), STR_INIT("post")};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (!hbs_set_has(theme->set, HBS_TEMPLATE, needed[i]))
            return error_set(err, ST_INVALID, "%.*s.hbs is missing", STR_ARG(needed[i]));
    }
    return ST_OK;
}

/* ---- the theme ---- */

static struct theme *theme_new(void)
{
    struct arena *arena = arena_new(ARENA_REQUEST);
    struct theme *theme = arena_new_one(arena, struct theme);
    theme->arena = arena;
    atomic_init(&theme->refs, 1);
    map_init(&theme->texts, arena);
    map_init(&theme->engine_texts, arena);
    map_init(&theme->assets, arena);
    views_init(theme);
    theme->set = hbs_set_new(&(struct hbs_options){.helpers = theme_helpers,
                                                   .helpers_count = theme_helpers_count,
                                                   .layouts = true,
                                                   .prevent_indent = true});
    return theme;
}

/* What some template names is fetched, what its style sheets see to is not styled by us. */
static void find_wants(struct theme *theme, const struct theme_files *files)
{
    static const struct {
        str name;
        enum slot slot;
    } slots[] = {
        {STR_INIT("related"), SLOT_RELATED},
        {STR_INIT("latest"), SLOT_LATEST},
        {STR_INIT("popular"), SLOT_POPULAR},
        {STR_INIT("also_like"), SLOT_ALSO_LIKE},
    };
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
        if (hbs_set_names(theme->set, slots[i].name))
            theme->slots_wanted |= (unsigned)slots[i].slot;
    }
    for (size_t i = 0; i < files->count && !theme->styles_replies; i++)
        theme->styles_replies = str_ends(files->list[i].path, S(".css")) &&
                                str_contains(files->list[i].bytes, S(".bs-comments"));
}

static enum status finish(struct theme *theme, const struct theme_files *files, str name,
                          struct error *err)
{
    enum status st = take_files(theme, files, STR_NONE, err);
    if (st != ST_OK)
        return st;
    st = check_whole(theme, err);
    if (st != ST_OK)
        return st;
    struct theme_files engine =
        theme_files_embedded(theme->arena, theme_engine_files, theme_engine_files_count);
    st = take_files(theme, &engine, S("engine/"), err);
    if (st == ST_OK)
        st = add_error_page(theme, err);
    if (st != ST_OK)
        return st;
    theme->name = theme->package->name.len > 0 ? theme->package->name : name;
    st = hbs_set_compile(theme->set, err);
    if (st == ST_OK)
        find_wants(theme, files);
    return st;
}

enum status theme_load(str folder, struct theme **ret_theme, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = theme_new();
    while (folder.len > 1 && str_ends(folder, S("/")))
        folder.len--;
    size_t slash = str_rfind_char(folder, '/');
    str name = str_copy(theme->arena, slash == STR_NPOS ? folder : str_from(folder, slash + 1));
    struct theme_files files;
    enum status st = theme_files_read(theme->arena, folder, &files, err);
    if (st == ST_OK)
        st = finish(theme, &files, name, err);
    if (st != ST_OK) {
        error_prefix(err, "theme %.*s", STR_ARG(name));
        return st;
    }
    *ret_theme = TAKE(theme);
    return ST_OK;
}

enum status theme_load_default(struct theme **ret_theme, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = theme_new();
    struct theme_files files =
        theme_files_embedded(theme->arena, theme_default_files, theme_default_files_count);
    enum status st = finish(theme, &files, S("broadsheet"), err);
    if (st != ST_OK)
        return st;
    *ret_theme = TAKE(theme);
    return ST_OK;
}

struct theme *theme_ref(struct theme *theme)
{
    atomic_fetch_add_explicit(&theme->refs, 1, memory_order_relaxed);
    return theme;
}

void theme_unref(struct theme *theme)
{
    if (theme == NULL || atomic_fetch_sub_explicit(&theme->refs, 1, memory_order_acq_rel) > 1)
        return;
    hbs_set_free(theme->set);
    arena_free(theme->arena);
}

str theme_name(const struct theme *theme)
{
    return theme->name;
}

const struct package *theme_package(const struct theme *theme)
{
    return theme->package;
}

bool theme_has_template(const struct theme *theme, str name)
{
    return hbs_set_has(theme->set, HBS_TEMPLATE, name);
}

size_t theme_bytes(const struct theme *theme)
{
    return arena_bytes(theme->arena) + hbs_set_bytes(theme->set);
}

/* ---- strings ---- */

/* "pt-BR", then "pt"; English is the key itself, but a theme may say it otherwise in en.json. */
static const str *find_text(const struct map *texts, str locale, str key)
{
    str language = str_sub(locale, 0, str_find_char(locale, '-'));
    const str *found = phrases_find(map_get(texts, locale), key);
    return found != NULL ? found : phrases_find(map_get(texts, language), key);
}

str theme_text(const struct theme *theme, str locale, str key)
{
    const str *found = find_text(&theme->texts, locale, key);
    if (found == NULL)
        found = find_text(&theme->engine_texts, locale, key);
    if (found == NULL)
        found = find_text(&theme->texts, S("en"), key);
    return found != NULL ? *found : key;
}
