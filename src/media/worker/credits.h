/* media/worker/credits.h -- who made a picture and what it shows, as the file itself says.
 *
 *     struct credits c;
 *     credits_init(&c);
 *     credits_from_xmp(&c, packet);          // best first: what is found stays
 *     credits_from_iptc(&c, app13);
 *     credits_from_exif(&c, artist, description, copyright);
 *
 *     field     XMP                                      IPTC-IIM         EXIF
 *     credit    dc:creator, photoshop:Credit             2:80, 2:110      Artist
 *     caption   dc:description                           2:120            ImageDescription
 *     alt       Iptc4xmpCore:AltTextAccessibility        -                -
 *     licence   xmpRights:UsageTerms, else dc:rights     2:116            Copyright
 *     title     dc:title, else photoshop:Headline        2:05, else 2:105 -
 *
 * Anything may stand in these bytes. What comes out is UTF-8 without control characters, trimmed, at most
 * MEDIA_CREDIT_MAX bytes a field. What camera makers write into every picture ("SONY DSC") is no caption.
 * No place and no number of a camera or a person's device is read at all.
 *
 * Memory:  all inside the struct. Threads: one.
 * Rules:   IPTC-IIM 4.2 §1.6; Adobe Photoshop File Formats, Image Resource Blocks; XMP part 1 (ISO 16684-1) §7. */
#pragma once
#include "base/str.h"
#include "media/worker.h"

enum { CREDITS_XMP_BYTES_MAX = 1024 * 1024, CREDITS_XMP_DEPTH_MAX = 64 };

enum credits_field {
    CREDITS_CREATOR,
    CREDITS_AGENCY,
    CREDITS_CAPTION,
    CREDITS_ALT,
    CREDITS_TERMS,
    CREDITS_RIGHTS,
    CREDITS_TITLE,
    CREDITS_HEADLINE,
    CREDITS_FIELDS
};

struct credits_text {
    char text[MEDIA_CREDIT_MAX + 1];
    size_t len;
};
struct credits {
    struct credits_text fields[CREDITS_FIELDS];
};

void credits_init(struct credits *c);
void credits_from_xmp(struct credits *c, str packet);
void credits_from_iptc(struct credits *c, str bytes); /* APP13 with its 8BIM blocks, or bare IIM */
void credits_from_exif(struct credits *c, str artist, str description, str copyright);

struct worker_answer;
void credits_write(const struct credits *c, struct worker_answer *answer);
