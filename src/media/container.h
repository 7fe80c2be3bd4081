/* media/container.h -- sounds, films and PDFs: whether one is whole in its outline, and where it names a place.
 *
 *     struct container_look look;
 *     st = container_look_at(arena, fd, bytes, MEDIA_MP4, &look, err);    // ST_INVALID: a sentence for the editor
 *     if (look.edits_count > 0)
 *         st = container_blank(copy_fd, &look, err);                      // in a copy: nothing moves, no size changes
 *
 * Nothing is decoded and nothing but headers is read, so a film of gigabytes costs some dozens of reads.
 *
 *     kind        checked                                            blanked in place
 *     MP4, M4A    boxes nest and end within the file; moov, and      where it was taken (©xyz, loci, Apple's and others' location keys),
 *                 mdat or moof are there                             XMP, makers' own boxes (uuid); tracks of positions
 *                                                                    (GoPro's gpmd, camm, mebx) with their samples
 *     MP3         two frames after the tag                           EXIF of pictures in the tag
 *     WAV         fmt and data are there and whole                   iXML, XMP
 *     WebM        EBML, Segment, Tracks; elements end in the file    attachments; tags that name a place
 *     Ogg         a page of a codec that browsers play               -
 *     PDF         header, startxref and end mark                     - (a signature would break)
 *
 * What a blanked part leaves is zeros: a box becomes `free`, an element Void, a chunk JUNK.
 *
 * Memory:  edits live in the arena. Threads: any; the descriptor's position is not used.
 * Rules:   ISO/IEC 14496-12 (boxes), Apple's QuickTime File Format (udta, keys), ID3v2.4 §3, RFC 9559 (Matroska),
 *          RFC 3533 (Ogg), ISO 32000-1 §7.5. */
#pragma once
#include "media/kind.h"

struct arena;

enum {
    CONTAINER_DEPTH_MAX = 12,
    CONTAINER_PARTS_MAX = 200000, /* boxes, chunks, elements, samples looked at */
};

struct container_edit {
    int64_t at; /* `head` is written here */
    char head[16];
    size_t head_bytes; /* may be 0 */
    int64_t zeros;     /* so many after it */
};

struct container_look {
    int64_t duration_ms;   /* 0: not known */
    int64_t width, height; /* of a film; 0: not known */
    struct container_edit *edits;
    size_t edits_count;
};

MUST_USE enum status container_look_at(struct arena *arena, int fd, int64_t bytes,
                                       enum media_kind kind, struct container_look *ret_look,
                                       struct error *err);
MUST_USE enum status container_blank(int fd, const struct container_look *look, struct error *err);
