/* media/worker/webp_bare.h -- takes what is not pixels out of a WebP file.
 *
 *     len = webp_bare(bytes, len);     // in place; at most as long as before
 *
 * libvips 8.14 writes an EXIF block of its own into every WebP, told to strip or not: 180 bytes that say
 * nothing, in a placeholder of 80. Chunks other than pixels, alpha and frames are dropped; and the extended
 * header with them, when nothing is left that needs it.
 *
 * Threads: pure. Rules: RFC 9649 §2. */
#pragma once
#include <stddef.h>

/* Bytes that are not a whole WebP file are left as they are. */
size_t webp_bare(char *bytes, size_t len);
