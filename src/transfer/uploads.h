/* transfer/uploads.h -- the old site's pictures and files, copied into the site's media folder.
 *
 *     bool came = uploads_take(uploads, S("2020/05/a.jpg"), &bytes, &content_type, &why);
 *
 * A file is looked for below the folder given with --media: under its path, then under its name alone.
 * What it is is told by its first bytes, never by its name; what is none of the kinds below is
 * refused, as is a name that says another kind than the bytes. An SVG that could run anything is
 * refused. A file is written whole or not at all (base/file.h); one that is there already is left.
 *
 *     JPEG PNG GIF WebP AVIF SVG PDF MP3 MP4 WebM Ogg WAV
 *
 * Threads: one at a time. */
#pragma once
#include "base/str.h"

enum { UPLOAD_BYTES_MAX = 512 * 1024 * 1024, UPLOAD_PATH_MAX = 500 };

struct uploads {
    str from; /* --media; empty: nothing is at hand */
    str to;   /* the site's media folder */
};

/* ST_NOT_FOUND: not at hand; ST_INVALID: refused (the sentence says why); ST_IO. */
MUST_USE enum status uploads_take(const struct uploads *uploads, str path, int64_t *ret_bytes,
                                  str *ret_type, struct error *err);
/* "http://old.example/wp-content/uploads/2020/05/a.jpg" -> "2020/05/a.jpg", as does
 * "http://old.files.wordpress.com/2020/05/a.jpg"; false for other paths. */
bool uploads_path(str url, str *ret_path);
