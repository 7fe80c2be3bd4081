/* SPDX-License-Identifier: MIT */
#include "media/intake_path.h"

#include "base/arena.h"
#include "media/intake.h"
#include "media/storage.h"
#include "text/slug.h"
#include "text/utf8.h"

enum { ENDING_MAX = 5, HASH_IN_NAME = 12 };

str intake_name(struct arena *arena, str name)
{
    size_t slash = str_rfind_char(name, '/');
    if (slash != STR_NPOS)
        name = str_from(name, slash + 1);
    slash = str_rfind_char(name, '\\');
    if (slash != STR_NPOS)
        name = str_from(name, slash + 1);
    name = utf8_strip_controls(arena, utf8_repair(arena, name), UTF8_DROP_BIDI);
    name = str_trim(utf8_cut_bytes(str_trim(name), MEDIA_NAME_MAX));
    return name.len > 0 ? name : S("file");
}

/* "a.tar.gz" -> "a.tar"; "2024 v1.0 final" keeps its dot: no ending is so long or has spaces. */
static str without_ending(str name)
{
    size_t dot = str_rfind_char(name, '.');
    if (dot == STR_NPOS || dot == 0 || name.len - dot - 1 > ENDING_MAX)
        return name;
    for (size_t i = dot + 1; i < name.len; i++) {
        if (!ascii_is_alnum(name.ptr[i]))
            return name;
    }
    return str_sub(name, 0, dot);
}

/* No folder below media/ can have these names: the addresses below /content/images/ mean something else. */
static bool is_taken_folder(str path)
{
    static const str folders[] = {STR_INIT("size/"), STR_INIT("format/"), STR_INIT("og/")};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        if (str_starts(path, folders[i]))
            return true;
    }
    return false;
}

static bool is_usable(struct arena *arena, str path)
{
    return storage_path_valid(path) && path.ptr[0] != '.' && !is_taken_folder(path) &&
           utf8_valid(path) && str_find_char(path, '\\') == STR_NPOS &&
           str_eq(utf8_strip_controls(arena, path, UTF8_DROP_BIDI), path);
}

/* A site's folder may be copied to a machine on which these are devices. */
static bool is_device(str slug)
{
    static const str names[] = {STR_INIT("con"), STR_INIT("prn"), STR_INIT("aux"), STR_INIT("nul")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(slug, names[i]))
            return true;
    }
    return slug.len == 4 && ascii_is_digit(slug.ptr[3]) &&
           (str_starts(slug, S("com")) || str_starts(slug, S("lpt")));
}

static struct intake_path path_wanted(str wanted, enum media_kind kind)
{
    size_t slash = str_rfind_char(wanted, '/');
    struct intake_path path = {.folder =
                                   slash == STR_NPOS ? STR_NONE : str_sub(wanted, 0, slash + 1)};
    str name = str_from(wanted, path.folder.len);
    path.stem = without_ending(name);
    bool keeps = media_kind_by_path(name) == kind; /* "A.JPEG" is well named */
    path.ending = keeps ? str_from(name, path.stem.len + 1) : media_kind_ending(kind);
    return path;
}

struct intake_path intake_path_of(struct arena *arena, str name, str wanted, time_us at,
                                  enum media_kind kind, str hash)
{
    /* room for "-1000", or a hash, and another ending */
    if (wanted.len + HASH_IN_NAME + ENDING_MAX + 2 <= STORAGE_PATH_MAX &&
        is_usable(arena, wanted)) {
        struct intake_path path = path_wanted(wanted, kind);
        if (path.stem.len + HASH_IN_NAME + ENDING_MAX + 2 <= STORAGE_NAME_MAX)
            return path;
    }
    struct civil day = civil_from_time(at, 0);
    str slug = slug_from_headline_or(arena, without_ending(name), str_sub(hash, 0, HASH_IN_NAME));
    return (struct intake_path){
        .folder = str_format(arena, "%04d/%02d/", day.year, day.month),
        .stem = is_device(slug) ? str_join2(arena, slug, S("-file")) : slug,
        .ending = media_kind_ending(kind),
    };
}

str intake_path_try(struct arena *arena, const struct intake_path *path, unsigned n, str hash)
{
    str number = n == 0                  ? STR_NONE
                 : n <= MEDIA_NAME_TRIES ? str_format(arena, "-%u", n)
                                         : str_join2(arena, S("-"), str_sub(hash, 0, HASH_IN_NAME));
    str name = str_join3(arena, path->stem, number, S("."));
    return str_join3(arena, path->folder, name, path->ending);
}
