/* SPDX-License-Identifier: MIT
 *
 * The shelf itself: what stands there, one taken down, one thrown away. In and out as a zip: shelf_zip.c. */
#include "theme/shelf.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/scope.h"
#include "theme/package.h"
#include "theme/theme.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

extern const struct embedded theme_default_files[];
extern const size_t theme_default_files_count;

bool shelf_name_valid(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!ascii_is_alnum(c) && c != '-' && c != '_' && (c != '.' || i == 0))
            return false;
    }
    return name.len > 0 && name.len <= SHELF_NAME_MAX;
}

/* ---- listing ---- */

static void closedirp(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static void describe(struct arena *arena, str json, struct shelf_theme *theme)
{
    struct error why = ERROR_INIT;
    struct package *package;
    if (package_read(arena, json, &package, &why) != ST_OK) {
        theme->fault = str_copy(arena, str_from_c(why.text));
        return;
    }
    theme->title = package->name.len > 0 ? package->name : theme->name;
    theme->version = package->version;
    theme->description = package->description;
    theme->author = package->author;
}

static void describe_folder(struct arena *arena, str themes, struct shelf_theme *theme)
{
    struct error why = ERROR_INIT;
    str folder = file_join(arena, themes, theme->name), json;
    theme->title = theme->name;
    if (file_read(arena, file_join(arena, folder, S("package.json")), PACKAGE_BYTES_MAX, &json,
                  &why) == ST_OK)
        describe(arena, json, theme);
    else
        theme->fault = str_copy(arena, str_from_c(why.text));
}

static bool is_folder(struct arena *arena, str path)
{
    struct stat info;
    return lstat(str_copy_c(arena, path), &info) == 0 && S_ISDIR(info.st_mode);
}

static int by_name(const void *a, const void *b)
{
    const struct shelf_theme *x = a, *y = b;
    if (x->built_in != y->built_in)
        return x->built_in ? -1 : 1;
    return str_cmp(x->name, y->name);
}

enum status shelf_list(struct arena *arena, str themes, struct shelf_theme **ret_list,
                       size_t *ret_count, struct error *err)
{
    (void)err;
    struct shelf_theme *list = arena_new_array(arena, struct shelf_theme, SHELF_LIST_MAX);
    const struct embedded *own =
        embedded_find(theme_default_files, theme_default_files_count, S("package.json"));
    size_t count = 0;
    list[count] = (struct shelf_theme){.name = SHELF_BUILT_IN, .built_in = true};
    CHECK(own != NULL);
    describe(arena, embedded_bytes(own), &list[count++]);
    AUTO(closedirp) DIR *dir = opendir(str_copy_c(arena, themes)); /* none: no others */
    for (struct dirent *entry = dir == NULL ? NULL : readdir(dir);
         entry != NULL && count < SHELF_LIST_MAX; entry = readdir(dir)) {
        str name = str_copy(arena, str_from_c(entry->d_name));
        if (!shelf_name_valid(name) || str_eq(name, SHELF_BUILT_IN) ||
            !is_folder(arena, file_join(arena, themes, name)))
            continue;
        list[count].name = name;
        describe_folder(arena, themes, &list[count++]);
    }
    qsort(list, count, sizeof(list[0]), by_name);
    *ret_list = list;
    *ret_count = count;
    return ST_OK;
}

/* ---- one of them ---- */

enum status shelf_load(str themes, str name, struct theme **ret_theme, struct error *err)
{
    if (str_eq(name, SHELF_BUILT_IN))
        return theme_load_default(ret_theme, err);
    if (!shelf_name_valid(name))
        return error_set(err, ST_INVALID, "\"%.*s\" is not a theme's name", STR_ARG(name));
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str folder = file_join(arena, themes, name);
    if (!file_exists(folder))
        return error_set(err, ST_NOT_FOUND, "there is no theme in %.*s", STR_ARG(folder));
    return theme_load(folder, ret_theme, err);
}

enum status shelf_remove(str themes, str name, struct error *err)
{
    if (str_eq(name, SHELF_BUILT_IN))
        return error_set(err, ST_DENIED, "%.*s is in the program", STR_ARG(name));
    if (!shelf_name_valid(name))
        return error_set(err, ST_INVALID, "\"%.*s\" is not a theme's name", STR_ARG(name));
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str folder = file_join(arena, themes, name);
    if (!file_exists(folder))
        return error_set(err, ST_NOT_FOUND, "there is no theme in %.*s", STR_ARG(folder));
    return file_remove_tree(folder, err);
}
