/* SPDX-License-Identifier: MIT
 *
 * A theme's assets, from memory; and where the files of an old WordPress site are now. */
#include "base/arena.h"
#include "base/file.h"
#include "media/rendition.h"
#include "site/folder.h"
#include "site/visit.h"
#include "text/url.h"
#include "theme/theme.h"

/* Addresses of assets carry ?v=HASH, so they may be kept for good. */
#define CACHE_YEAR "public, max-age=31536000, immutable"
#define CACHE_DAY  "public, max-age=86400"

enum status file_asset(struct visit *v, const struct http_route_match *match, struct error *err)
{
    static const str names[] = {STR_INIT("theme")};
    struct theme_asset asset;
    (void)match;
    if (!theme_asset_find(v->edition->theme, v->req->path, &asset))
        return error_set(err, ST_NOT_FOUND, "the theme has no such file");
    visit_made(v, asset.content_type, asset.bytes, CACHE_YEAR, names, ARRAY_LEN(names));
    return ST_OK;
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
        if (!rendition_path_is_public(tries[i]) ||
            file_open_beneath(v->site->folder->media_fd, tries[i], &fd, NULL) != ST_OK)
            continue;
        http_response_redirect(
            v->res, 301,
            str_join2(v->arena, S("/content/images/"), url_path_encode(v->arena, tries[i])));
        return ST_OK;
    }
    return error_set(err, ST_NOT_FOUND, "there is no such file");
}
