/* theme/theme.h -- a Ghost theme, read and compiled once, then shared by every render thread.
 *
 *     st = theme_load(S("site/themes/casper"), &theme, err);   // or theme_load_default
 *     ...
 *     st = theme_render(theme, &request, arena, &page, err);   // theme/page.h
 *     if (theme_asset_find(theme, path, &asset)) send(asset.bytes, asset.content_type);
 *     theme_unref(theme);
 *
 * A theme is a folder: package.json, templates (.hbs), and partials, assets and locales below it. The
 * engine's own partials (navigation, pagination, comments, ...), strings and public files stand
 * behind the theme's: a theme's partial or string of the same name goes first. The default theme,
 * broadsheet, is compiled into the program.
 *
 * Everything is read at load: templates are compiled, strings parsed, assets held and hashed (their
 * addresses carry ?v=HASH and may be kept for good). Nothing is read from the folder afterwards; a
 * changed folder is loaded anew and the old theme goes with its last user.
 *
 * What a folder may not do: hold symbolic links (ST_INVALID), more than THEME_FILES_MAX files or
 * THEME_BYTES_MAX bytes (ST_TOO_BIG). Names beginning with a dot and node_modules are passed over.
 * A fault in a template is "post.hbs:12:4: ...".
 *
 * Threads: a loaded theme is immutable; _ref and _unref from any. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct package;
struct theme;

enum {
    THEME_FILES_MAX = 4000,
    THEME_BYTES_MAX = 64 * 1024 * 1024,
    THEME_FILE_BYTES_MAX = 16 * 1024 * 1024,
    THEME_PATH_MAX = 512,
    THEME_FOLDERS_DEEP_MAX = 16,
};

MUST_USE enum status theme_load(str folder, struct theme **ret_theme, struct error *err);
MUST_USE enum status theme_load_default(struct theme **ret_theme, struct error *err);
struct theme *theme_ref(struct theme *theme);
void theme_unref(struct theme *theme); /* takes NULL */
DEFINE_FREEP(struct theme *, theme_unref)

str theme_name(const struct theme *theme); /* package.json's, else the folder's */
const struct package *theme_package(const struct theme *theme);
/* Whether the theme has this template: "home", "custom-wide". */
bool theme_has_template(const struct theme *theme, str name);
size_t theme_bytes(const struct theme *theme); /* memory held */

struct theme_asset {
    str bytes;
    str content_type;
    str hash; /* 10 hex digits of the content; what ?v= carries */
};
/* By path as it is served: "/assets/css/screen.css", "/public/cards.css", "/favicon.ico" of the
 * theme. False for what is not there and for what is never served (.hbs anywhere; outside
 * /assets/ also .md .json .lock .log and build files, but manifest.json is). */
bool theme_asset_find(const struct theme *theme, str path, struct theme_asset *ret_asset);

/* The theme's string for `key` in a locale, else the engine's, else the key itself. */
str theme_text(const struct theme *theme, str locale, str key);
