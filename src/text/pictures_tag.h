/* text/pictures_tag.h -- the start tags of sanitized HTML, one after the other, as they are written.
 * Inside text/ only.
 *
 *     struct tag_scan scan = {.rest = body};
 *     while (tag_next(&scan, &tag))
 *         ... scan.before is what stood before it, tag.whole the tag ...
 *     ... scan.before is the end of the text ...
 *
 * Nothing is parsed again or repaired: what is not as html_clean writes it (a value without quotes, a tag
 * without an end) is passed over as text. Linear; no memory. */
#pragma once
#include "base/str.h"

enum { TAG_ATTRS_MAX = 32 };

struct tag_attr {
    str whole; /* ` name="value"`, the space before it too */
    str name;
    str value; /* escaped */
};

struct tag {
    str whole;
    str name;
    bool closes; /* </name> */
    struct tag_attr attrs[TAG_ATTRS_MAX];
    size_t attrs_count;
};

struct tag_scan {
    str rest;
    str before;
};

/* False at the end: `before` is what is left. */
bool tag_next(struct tag_scan *scan, struct tag *ret_tag);
const struct tag_attr *tag_attr(const struct tag *tag, str name); /* NULL: it has none */
/* Takes the next candidate off a srcset: its address, and a descriptor that may be empty. */
bool srcset_next(str *rest, str *ret_address, str *ret_descriptor);
