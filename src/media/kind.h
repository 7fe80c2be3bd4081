/* media/kind.h -- what a file is, told by its first bytes and never by its name.
 *
 *     enum media_kind kind = media_kind_of(start);      // the first MEDIA_KIND_BYTES of it, or all
 *     if (kind == MEDIA_UNKNOWN)
 *         refuse;
 *     name = str_join3(arena, slug, S("."), media_kind_ending(kind));
 *
 * Below media/ a file's ending always is one of its kind's (media/intake.h corrects it), so what serves a
 * file goes by the ending: media_kind_by_path. How each kind is sent so that nothing of it can run as a
 * page of the site:
 *
 *     kind                        sent as                               and
 *     raster, sound, film         its type                              nosniff, POLICY
 *     SVG                         image/svg+xml                         nosniff, POLICY: no script, no fetching, sandbox
 *     PDF                         application/pdf, inline               nosniff, PDF's policy (a sandbox stops the
 *                                                                       browsers' own viewers)
 *     anything else               application/octet-stream, attachment  nosniff, POLICY
 *
 * MEDIA_HEIC is known when it comes in, and is never served: the worker makes a JPEG of it. A film without
 * pictures in it, or a sound in an odd wrapper, is known by its wrapper: what cannot be told apart in
 * 4 KB is not told apart here.
 *
 * Memory:  static strings. Threads: pure functions.
 * Rules:   WHATWG MIME Sniffing §6 for signatures; ISO/IEC 14496-12 §4.3 (ftyp brands); RFC 8794 (EBML);
 *          ISO/IEC 11172-3 §2.4.1.3 (frame headers of MP3). */
#pragma once
#include "base/str.h"

enum media_kind {
    MEDIA_UNKNOWN,
    MEDIA_JPEG,
    MEDIA_PNG,
    MEDIA_GIF,
    MEDIA_WEBP,
    MEDIA_AVIF,
    MEDIA_HEIC,
    MEDIA_SVG,
    MEDIA_PDF,
    MEDIA_MP3,
    MEDIA_MP4,
    MEDIA_M4A,
    MEDIA_WEBM,
    MEDIA_OGG,
    MEDIA_WAV,
};
enum { MEDIA_KINDS = MEDIA_WAV + 1 };

enum { MEDIA_KIND_BYTES = 4096 }; /* of the start are enough to tell */

/* How large a file of a kind may be when it comes in. */
#define MEDIA_RASTER_BYTES_MAX ((int64_t)100 * 1024 * 1024)
#define MEDIA_SVG_BYTES_MAX    ((int64_t)2 * 1024 * 1024)
#define MEDIA_PDF_BYTES_MAX    ((int64_t)256 * 1024 * 1024)
#define MEDIA_SOUND_BYTES_MAX  ((int64_t)1024 * 1024 * 1024)
#define MEDIA_FILM_BYTES_MAX   ((int64_t)4 * 1024 * 1024 * 1024)

enum media_kind media_kind_of(str start);

str media_kind_type(
    enum media_kind kind); /* "image/webp"; "application/octet-stream" for UNKNOWN */
str media_kind_ending(enum media_kind kind);        /* "jpg", without the dot; empty for UNKNOWN */
str media_kind_name(enum media_kind kind);          /* as a person calls it: "JPEG", "film (MP4)" */
int64_t media_kind_bytes_max(enum media_kind kind); /* 0 for UNKNOWN */
bool media_kind_is_raster(enum media_kind kind);
bool media_kind_is_picture(enum media_kind kind); /* raster or SVG */

enum media_kind media_kind_by_type(str content_type); /* "image/webp", parameters and case aside */
enum media_kind media_kind_by_path(str path);         /* "2024/05/a.JPEG" -> MEDIA_JPEG */

/* ---- how it is sent ---- */

str media_kind_policy(enum media_kind kind);      /* for Content-Security-Policy */
str media_kind_disposition(enum media_kind kind); /* for Content-Disposition; empty: none is sent */
