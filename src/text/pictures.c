/* SPDX-License-Identifier: MIT
 *
 * Addresses of our own pictures and files: read from an address, gathered from a text, followed to
 * where they are now. What is written into tags is pictures_write.c. */
#include "text/pictures.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "text/entity.h"
#include "text/pictures_parts.h"
#include "text/pictures_tag.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- one address ---- */

static const str folders[] = {STR_INIT("/content/images/"), STR_INIT("/content/media/"),
                              STR_INIT("/content/files/")};

/* What a size or format puts before a path, taken off: "size/w600/". */
static bool take_step(str *rest, str word)
{
    str s = *rest;
    if (!str_starts(s, word))
        return false;
    s = str_from(s, word.len);
    size_t slash = str_find_char(s, '/');
    if (slash == STR_NPOS)
        return false;
    *rest = str_from(s, slash + 1);
    return true;
}

bool picture_address(struct arena *arena, str address, str site, struct picture_address *ret_parts)
{
    struct picture_address p = {.whole = address};
    str rest = address;
    if (str_starts(rest, S("__GHOST_URL__"))) {
        rest = str_from(rest, S("__GHOST_URL__").len);
    } else if (!str_starts(rest, S("/")) || str_starts(rest, S("//"))) {
        struct url url = url_split(rest);
        if (site.len == 0 || !url.has_authority || !url_same_site(address, site))
            return false;
        size_t slash = str_find_char(str_from(rest, url.has_scheme ? url.scheme.len + 3 : 2), '/');
        if (slash == STR_NPOS)
            return false;
        rest = str_from(rest, slash + (url.has_scheme ? url.scheme.len + 3 : 2));
    }
    size_t folder = 0;
    while (folder < ARRAY_LEN(folders) && !str_starts(rest, folders[folder]))
        folder++;
    if (folder == ARRAY_LEN(folders))
        return false;
    rest = str_from(rest, folders[folder].len);
    p.before = str_sub(address, 0, address.len - rest.len);
    while (take_step(&rest, S("size/")) || take_step(&rest, S("format/")))
        p.rendition = true;
    p.steps = str_sub(address, p.before.len, address.len - p.before.len - rest.len);
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '?' && rest.ptr[end] != '#')
        end++;
    p.after = str_from(rest, end);
    p.image = folder == 0;
    if (!url_percent_decode(arena, str_sub(rest, 0, end), &p.path) ||
        !file_path_is_plain(p.path, PICTURE_PATH_MAX) || !utf8_valid(p.path))
        return false;
    *ret_parts = p;
    return true;
}

bool picture_path(struct arena *arena, str address, str site, str *ret_path)
{
    struct picture_address p;
    if (!picture_address(arena, address, site, &p))
        return false;
    *ret_path = p.path;
    return true;
}

/* ---- gathered ---- */

/* The first thing that is looked for, as most text has none. */
static bool may_hold(str text)
{
    return str_contains(text, S("/content/"));
}

static void add_path(struct arena *arena, struct picture_paths *paths, str path)
{
    for (size_t i = 0; i < paths->count; i++) {
        if (str_eq(paths->paths[i], path))
            return;
    }
    if (paths->count == PICTURE_PATHS_MAX)
        return;
    if (paths->count == paths->cap) {
        size_t cap = paths->cap == 0 ? 8 : paths->cap * 2;
        paths->paths = arena_grow(arena, paths->paths, paths->cap * sizeof(str),
                                  size_mul(cap, sizeof(str)), _Alignof(str));
        paths->cap = cap;
    }
    paths->paths[paths->count++] = str_copy(arena, path);
}

void pictures_add_address(struct arena *arena, str address, str site, struct picture_paths *paths)
{
    str path;
    if (may_hold(address) && picture_path(arena, address, site, &path))
        add_path(arena, paths, path);
}

static void add_srcset(struct arena *arena, str value, str site, struct picture_paths *paths)
{
    str address, descriptor;
    while (srcset_next(&value, &address, &descriptor))
        pictures_add_address(arena, address, site, paths);
}

void pictures_paths(struct arena *arena, html body, str site, struct picture_paths *paths)
{
    if (!may_hold(body.raw))
        return;
    struct tag_scan scan = {.rest = body.raw};
    struct tag tag;
    while (tag_next(&scan, &tag)) {
        for (size_t i = 0; i < tag.attrs_count; i++) {
            if (!may_hold(tag.attrs[i].value))
                continue;
            str value = entity_decode(arena, tag.attrs[i].value);
            if (str_eq(tag.attrs[i].name, S("srcset")))
                add_srcset(arena, value, site, paths);
            else if (picture_attr(tag.attrs[i].name))
                pictures_add_address(arena, value, site, paths);
        }
    }
}

bool picture_attr(str name)
{
    return str_eq(name, S("src")) || str_eq(name, S("href")) || str_eq(name, S("poster"));
}

/* ---- in other text ---- */

/* What ends an address in Markdown, code or JSON. */
static bool ends_address(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f || c == '"' || c == '\'' || c == '<' || c == '>' ||
           c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}' || c == ',' ||
           c == ';' || c == '\\' || c == '|' || c == '*' || c == '`' || c == '=';
}

/* The next address in `text` from `*at`: the longest run of its characters around "/content/". */
static bool next_address(str text, size_t *at, str *ret_address)
{
    size_t found = str_find(str_from(text, *at), S("/content/"));
    if (found == STR_NPOS)
        return false;
    size_t begin = *at + found, end = begin;
    while (begin > *at && !ends_address(text.ptr[begin - 1]))
        begin--;
    while (end < text.len && !ends_address(text.ptr[end]))
        end++;
    *at = end;
    *ret_address = str_sub(text, begin, end - begin);
    return true;
}

void pictures_add_text(struct arena *arena, str text, str site, struct picture_paths *paths)
{
    str address;
    for (size_t at = 0; next_address(text, &at, &address);)
        pictures_add_address(arena, address, site, paths);
}

/* ---- followed ---- */

enum status pictures_known(struct arena *arena, const struct picture_paths *paths,
                           const struct picture_lookup *lookup, struct picture **ret_known,
                           struct error *err)
{
    struct picture *known = arena_new_array(arena, struct picture, paths->count);
    if (paths->count > 0 && lookup != NULL) {
        enum status st = lookup->fn(lookup->ctx, arena, paths->paths, paths->count, known, err);
        if (st != ST_OK)
            return st;
    }
    *ret_known = known;
    return ST_OK;
}

const struct picture *picture_of(const struct picture_paths *paths, const struct picture *known,
                                 str path)
{
    for (size_t i = 0; i < paths->count; i++) {
        if (str_eq(paths->paths[i], path))
            return &known[i];
    }
    return NULL;
}

str picture_renamed(struct arena *arena, const struct picture_address *p, str moved_to)
{
    return str_join2(arena, str_join3(arena, p->before, p->steps, url_path_encode(arena, moved_to)),
                     p->after);
}

enum status pictures_follow(struct arena *arena, str text, str site,
                            const struct picture_lookup *lookup, str *ret_text, struct error *err)
{
    struct picture_paths paths = {0};
    pictures_add_text(arena, text, site, &paths);
    struct picture *known;
    enum status st = pictures_known(arena, &paths, lookup, &known, err);
    if (st != ST_OK)
        return st;
    struct buf b;
    buf_init(&b, arena, PICTURES_HTML_MAX);
    str address;
    size_t done = 0;
    for (size_t at = 0; next_address(text, &at, &address);) {
        struct picture_address p;
        if (!picture_address(arena, address, site, &p))
            continue;
        const struct picture *picture = picture_of(&paths, known, p.path);
        if (picture == NULL || picture->moved_to.len == 0)
            continue;
        buf_add(&b, str_sub(text, done, at - address.len - done));
        buf_add(&b, picture_renamed(arena, &p, picture->moved_to));
        done = at;
    }
    if (done == 0) {
        *ret_text = text;
        return ST_OK;
    }
    buf_add(&b, str_from(text, done));
    return buf_finish(&b, ret_text, err);
}
