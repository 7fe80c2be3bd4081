/* SPDX-License-Identifier: MIT */
#include "transfer/uploads.h"

#include "base/arena.h"
#include "base/file.h"
#include "text/url.h"

#include <fcntl.h>
#include <unistd.h>

static const struct {
    str magic;
    size_t at;
    str type;
    const char *endings; /* space before and after each */
} kinds[] = {
    {STR_INIT("\xFF\xD8\xFF"), 0, STR_INIT("image/jpeg"), " jpg jpeg jpe "},
    {STR_INIT("\x89PNG\r\n\x1a\n"), 0, STR_INIT("image/png"), " png "},
    {STR_INIT("GIF8"), 0, STR_INIT("image/gif"), " gif "},
    {STR_INIT("WEBP"), 8, STR_INIT("image/webp"), " webp "},
    {STR_INIT("ftypavif"), 4, STR_INIT("image/avif"), " avif "},
    {STR_INIT("ftyp"), 4, STR_INIT("video/mp4"), " mp4 m4v m4a mov "},
    {STR_INIT("%PDF-"), 0, STR_INIT("application/pdf"), " pdf "},
    {STR_INIT("ID3"), 0, STR_INIT("audio/mpeg"), " mp3 "},
    {STR_INIT("\xFF\xFB"), 0, STR_INIT("audio/mpeg"), " mp3 "},
    {STR_INIT("\x1A\x45\xDF\xA3"), 0, STR_INIT("video/webm"), " webm "},
    {STR_INIT("OggS"), 0, STR_INIT("audio/ogg"), " ogg oga ogv opus "},
    {STR_INIT("WAVE"), 8, STR_INIT("audio/wav"), " wav "},
};

static bool ending_is_one_of(struct arena *arena, str path, const char *endings)
{
    size_t dot = str_rfind_char(path, '.');
    if (dot == STR_NPOS)
        return false;
    str ending = str_lower(arena, str_join3(arena, S(" "), str_from(path, dot + 1), S(" ")));
    return str_contains(str_from_c(endings), ending);
}

/* What an SVG may not hold: anything that runs, and anything that fetches. */
static bool svg_is_still(struct arena *arena, str bytes)
{
    static const str moving[] = {STR_INIT("<script"),        STR_INIT("javascript:"),
                                 STR_INIT("<foreignobject"), STR_INIT("<!entity"),
                                 STR_INIT("<iframe"),        STR_INIT("<animate"),
                                 STR_INIT("<set"),           STR_INIT("<handler")};
    str low = str_lower(arena, bytes);
    for (size_t i = 0; i < ARRAY_LEN(moving); i++) {
        if (str_contains(low, moving[i]))
            return false;
    }
    for (size_t at = str_find(low, S("on")); at != STR_NPOS;) { /* onload = ... */
        str rest = str_from(low, at + 2);
        size_t n = 0;
        while (n < rest.len && ascii_is_alpha(rest.ptr[n]))
            n++;
        str after = str_trim(str_from(rest, n));
        bool attribute = at > 0 && (ascii_is_space(low.ptr[at - 1]) || low.ptr[at - 1] == '"' ||
                                    low.ptr[at - 1] == '\'' || low.ptr[at - 1] == '/');
        if (attribute && n > 0 && str_starts(after, S("=")))
            return false;
        size_t next = str_find(rest, S("on"));
        at = next == STR_NPOS ? STR_NPOS : at + 2 + next;
    }
    return true;
}

static enum status kind_of(struct arena *arena, str path, str bytes, str *ret_type,
                           struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_eq(str_sub(bytes, kinds[i].at, kinds[i].magic.len), kinds[i].magic))
            continue;
        if (!ending_is_one_of(arena, path, kinds[i].endings))
            continue;
        *ret_type = kinds[i].type;
        return ST_OK;
    }
    if (ending_is_one_of(arena, path, " svg ") &&
        str_find_nocase(str_sub(bytes, 0, 1024), S("<svg")) != STR_NPOS) {
        if (!svg_is_still(arena, bytes))
            return error_set(err, ST_INVALID, "an SVG that holds script was left out");
        *ret_type = S("image/svg+xml");
        return ST_OK;
    }
    return error_set(err, ST_INVALID, "a file that is not what its name says was left out");
}

static enum status read_beneath(struct arena *arena, int dir, str path, str *ret_bytes,
                                struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    enum status st = file_open_beneath(dir, path, &fd, err);
    if (st != ST_OK)
        return st;
    return file_read_fd(arena, fd, path, UPLOAD_BYTES_MAX, ret_bytes, err);
}

static str name_of(str path)
{
    size_t slash = str_rfind_char(path, '/');
    return slash == STR_NPOS ? path : str_from(path, slash + 1);
}

/* No "..", no empty part, nothing hidden: the path is the export's claim. */
static bool path_is_plain(str path)
{
    if (path.len == 0 || path.len > UPLOAD_PATH_MAX)
        return false;
    while (path.len > 0) {
        str part = str_cut(&path, '/');
        if (part.len == 0 || part.ptr[0] == '.')
            return false;
    }
    return true;
}

enum status uploads_take(const struct uploads *uploads, str path, int64_t *ret_bytes, str *ret_type,
                         struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_REQUEST);
    str bytes;
    if (uploads->from.len == 0 || uploads->to.len == 0)
        return error_set(err, ST_NOT_FOUND, "a picture was not at hand (--media DIR)");
    if (!path_is_plain(path))
        return error_set(err, ST_INVALID, "a file with an odd path was left out");
    AUTO(fd_closep)
    int dir = open(str_copy_c(scratch, uploads->from), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return error_set_errno(err, ST_IO, "cannot open %.*s", STR_ARG(uploads->from));
    enum status st = read_beneath(scratch, dir, path, &bytes, err);
    if (st == ST_NOT_FOUND)
        st = read_beneath(scratch, dir, name_of(path), &bytes, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "a picture was not in %.*s", STR_ARG(uploads->from));
    if (st == ST_OK)
        st = kind_of(scratch, path, bytes, ret_type, err);
    if (st != ST_OK)
        return st;
    str to = file_join(scratch, uploads->to, path);
    st = file_mkdirs(str_sub(to, 0, str_rfind_char(to, '/')), 0755, err);
    if (st == ST_OK && !file_exists(to))
        st = file_write_atomic(to, bytes, 0644, err);
    *ret_bytes = i64_from_size(bytes.len);
    return st;
}

bool uploads_path(str url, str *ret_path)
{
    static const str marks[] = {STR_INIT("/wp-content/uploads/"), STR_INIT("/files/")};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        size_t at = str_find(url, marks[i]);
        if (at == STR_NPOS)
            continue;
        str path = str_from(url, at + marks[i].len);
        path = str_cut(&path, '?');
        *ret_path = path;
        return path.len > 0;
    }
    struct url parts = url_split(url); /* wordpress.com keeps them on a host of their own */
    if (!str_ends(parts.host, S(".files.wordpress.com")) || parts.path.len < 2)
        return false;
    *ret_path = str_from(parts.path, 1);
    return true;
}
