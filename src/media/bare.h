/* media/bare.h -- inside media/: a picture's bytes without what is not picture, nothing decoded.
 *
 *     "data:image/jpeg;base64,..." in an SVG    ->  the same without EXIF, comments, thumbnails
 *
 * A raster picture that comes by itself goes through the worker. One within an SVG cannot; so what stands beside
 * its pixels is cut away by walking its segments (JPEG) or chunks (PNG, WebP): EXIF with its place and
 * serial numbers, XMP, IPTC, comments, text. Colour profiles stay. GIFs lose their comments and other
 * programs' blocks, but not the one that says how often it repeats.
 *
 * Memory: results live in the arena. Threads: pure. */
#pragma once
#include "media/kind.h"

struct arena;

/* False when it is not whole enough to be walked. */
bool bare_picture(struct arena *arena, enum media_kind kind, str bytes, str *ret_bare);

/* A data: address of a JPEG, PNG, GIF or WebP in base64, made bare; its type is what the bytes are. False for every
 * other address. */
bool bare_data_address(struct arena *arena, str address, str *ret_address);
