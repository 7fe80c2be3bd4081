/* theme/shelf.h -- the themes that a site has: the one in the program, and the folders of themes/.
 *
 *     st = shelf_list(arena, folder->themes, &list, &count, err);
 *     st = shelf_load(folder->themes, S("casper"), &theme, err);       // compiled: its fault is said
 *     st = shelf_take(folder->themes, zip, arena, &taken, err);        // an upload
 *     st = shelf_pack(folder->themes, S("casper"), arena, &zip, err);  // a download
 *     st = shelf_remove(folder->themes, S("casper"), err);
 *
 * A theme is known by its folder's name. One that comes as a zip gets the name its package.json gives, and takes the place of
 * the one that had it, whole: it is unpacked into a hidden folder beside, loaded and compiled there, and only
 * then renamed. Which theme the site wears, and that a worn one is not removed, is the caller's matter.
 *
 * What a zip may not do: hold links, encrypted entries, a path that leads out, the same path twice (ST_INVALID), more
 * than SHELF_ENTRIES_MAX entries or, unpacked, more than theme.h allows (ST_TOO_BIG): bytes are
 * counted as they come out, whatever the zip says of them. Hidden names and node_modules stay behind.
 *
 * Threads: any; of two that take in a theme of one name the last wins. */
#pragma once
#include "base/str.h"

struct arena;
struct theme;

#define SHELF_BUILT_IN S("broadsheet")

enum {
    SHELF_NAME_MAX = 64,
    SHELF_LIST_MAX = 500,
    SHELF_ENTRIES_MAX = 8000,
    SHELF_ZIP_BYTES_MAX = 64 * 1024 * 1024,
};

struct shelf_theme {
    str name; /* its folder's; "broadsheet": the one in the program */
    str title, version, description, author;
    bool built_in;
    str fault; /* why its package.json could not be read; empty: it could */
};

/* One folder's name, of letters, digits, '-', '_' and '.', not beginning with a dot. */
bool shelf_name_valid(str name);
/* The built-in one first, then by name. Reads each package.json and nothing else. */
MUST_USE enum status shelf_list(struct arena *arena, str themes, struct shelf_theme **ret_list,
                                size_t *ret_count, struct error *err);
/* ST_NOT_FOUND: no such theme. ST_INVALID: it has a fault, "theme casper: post.hbs:12:4: ...". */
MUST_USE enum status shelf_load(str themes, str name, struct theme **ret_theme, struct error *err);

struct shelf_taken {
    str name;
    bool replaced; /* one of that name was there */
};
MUST_USE enum status shelf_take(str themes, str zip, struct arena *arena,
                                struct shelf_taken *ret_taken, struct error *err);
/* The built-in one too: to begin one's own with. */
MUST_USE enum status shelf_pack(str themes, str name, struct arena *arena, str *ret_zip,
                                struct error *err);
/* ST_DENIED for the built-in one. */
MUST_USE enum status shelf_remove(str themes, str name, struct error *err);
