/* SPDX-License-Identifier: MIT
 *
 * Files: a theme's assets from memory, pictures and other media from the site's media folder. Types
 * are by name and never guessed; what could run as a page (SVG, HTML) runs nothing. */
#include "base/arena.h"
#include "base/file.h"
#include "site/folder.h"
#include "site/visit.h"
#include "text/url.h"
#include "theme/theme.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Addresses of assets carry ?v=HASH, so they may be kept for good. Pictures are named once. */
#define CACHE_YEAR "public, max-age=31536000, immutable"
#define CACHE_DAY  "public, max-age=86400"

static const struct {
    str ending, type;
} types[] = {
    {STR_INIT(".avif"), STR_INIT("image/avif")},     {STR_INIT(".gif"), STR_INIT("image/gif")},
    {STR_INIT(".jpeg"), STR_INIT("image/jpeg")},     {STR_INIT(".jpg"), STR_INIT("image/jpeg")},
    {STR_INIT(".png"), STR_INIT("image/png")},       {STR_INIT(".svg"), STR_INIT("image/svg+xml")},
    {STR_INIT(".webp"), STR_INIT("image/webp")},     {STR_INIT(".mp3"), STR_INIT("audio/mpeg")},
    {STR_INIT(".mp4"), STR_INIT("video/mp4")},       {STR_INIT(".ogg"), STR_INIT("audio/ogg")},
    {STR_INIT(".pdf"), STR_INIT("application/pdf")}, {STR_INIT(".wav"), STR_INIT("audio/wav")},
    {STR_INIT(".webm"), STR_INIT("video/webm")},
};

static str type_of(str path)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (path.len >= types[i].ending.len &&
            str_eq_nocase(str_from(path, path.len - types[i].ending.len), types[i].ending))
            return types[i].type;
    }
    return STR_NONE;
}

enum status file_asset(struct visit *v, const struct http_route_match *match, struct error *err)
{
    static const str names[] = {STR_INIT("theme")};
    struct theme_asset asset;
    (void)match;
    if (!theme_asset_find(v->edition->theme, v->req->path, &asset))
        return error_set(err, ST_NOT_FOUND, "the theme has no such file");
    bool hashed = !str_eq(v->req->path, S("/favicon.ico"));
    visit_made(v, asset.content_type, asset.bytes, hashed ? CACHE_YEAR : CACHE_DAY, names,
               ARRAY_LEN(names));
    return ST_OK;
}

/* "size/w600/format/webp/2024/05/a.jpg" -> "2024/05/a.jpg": until there are renditions the original
 * answers for each of them, at the address that will be its own. */
static str original_path(str path)
{
    static const str forms[] = {STR_INIT("size/"), STR_INIT("format/")};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (!str_starts(path, forms[i]))
            continue;
        path = str_from(path, forms[i].len);
        (void)str_cut(&path, '/');
    }
    return path;
}

static enum status send_file(struct visit *v, str path, struct error *err)
{
    struct stat info;
    AUTO(fd_closep) int fd = -1;
    enum status st = file_open_beneath(v->site->folder->media_fd, path, &fd, err);
    if (st != ST_OK)
        return st;
    if (fstat(fd, &info) != 0)
        return error_set_errno(err, ST_IO, "cannot look at %.*s", STR_ARG(path));
    str type = type_of(path);
    time_us changed = (time_us)info.st_mtim.tv_sec * TIME_SECOND + info.st_mtim.tv_nsec / 1000;
    http_response_file(v->res, type.len > 0 ? type : S("application/octet-stream"), fd_take(&fd),
                       (uint64_t)info.st_size);
    http_response_header(v->res, S("Cache-Control"), S(CACHE_DAY));
    http_response_header(v->res, S("X-Content-Type-Options"), S("nosniff"));
    http_response_header(v->res, S("Content-Security-Policy"),
                         S("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
    if (type.len == 0)
        http_response_header(v->res, S("Content-Disposition"), S("attachment"));
    http_response_etag(v->res,
                       str_format(v->arena, "%llx-%llx", (unsigned long long)changed,
                                  (unsigned long long)info.st_size),
                       false);
    v->res->last_modified = changed;
    return ST_OK;
}

enum status file_media(struct visit *v, const struct http_route_match *match, struct error *err)
{
    if (v->site->folder->media_fd < 0)
        return error_set(err, ST_NOT_FOUND, "the site has no media folder");
    return send_file(v, original_path(http_route_param(match, S("path"))), err);
}

/* WordPress's "name-300x200.jpg" -> "name.jpg" */
static str without_size(struct arena *arena, str path)
{
    size_t dot = str_rfind_char(path, '.');
    size_t dash = str_rfind_char(path, '-');
    if (dot == STR_NPOS || dash == STR_NPOS || dash > dot)
        return path;
    str size = str_sub(path, dash + 1, dot - dash - 1);
    str width = str_cut(&size, 'x');
    for (size_t i = 0; i < width.len; i++) {
        if (!ascii_is_digit(width.ptr[i]))
            return path;
    }
    for (size_t i = 0; i < size.len; i++) {
        if (!ascii_is_digit(size.ptr[i]))
            return path;
    }
    if (width.len == 0 || size.len == 0)
        return path;
    return str_join2(arena, str_sub(path, 0, dash), str_from(path, dot));
}

/* A WordPress picture's old address leads to the picture, if it came along. */
enum status file_upload(struct visit *v, const struct http_route_match *match, struct error *err)
{
    str path = http_route_param(match, S("path"));
    const str tries[] = {without_size(v->arena, path), path};
    for (size_t i = 0; i < ARRAY_LEN(tries) && v->site->folder->media_fd >= 0; i++) {
        AUTO(fd_closep) int fd = -1;
        if (file_open_beneath(v->site->folder->media_fd, tries[i], &fd, NULL) != ST_OK)
            continue;
        http_response_redirect(
            v->res, 301,
            str_join2(v->arena, S("/content/images/"), url_path_encode(v->arena, tries[i])));
        return ST_OK;
    }
    return error_set(err, ST_NOT_FOUND, "there is no such file");
}
