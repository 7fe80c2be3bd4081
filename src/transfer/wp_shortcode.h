/* transfer/wp_shortcode.h -- "[name key=value]" read and named. Inside wp_*.c only.
 *
 * Ordinary text stands in square brackets too: "[sic]", "[1]", "[see <a href=x>there</a>]". So a shortcode is
 * what has a name we know, or an end tag, or key=value pairs and nothing else between its brackets. */
#pragma once
#include "transfer/wp_parts.h"

enum shortcode_kind {
    SHORTCODE_UNKNOWN,
    SHORTCODE_PLUGIN,  /* known, and of no use on another site */
    SHORTCODE_BUILDER, /* a page builder's wrapper: its text stays */
    SHORTCODE_RAW,     /* its text is code or base64: goes whole */
    SHORTCODE_CODE,
    SHORTCODE_CAPTION,
    SHORTCODE_GALLERY,
    SHORTCODE_MEDIA, /* audio, video */
    SHORTCODE_PLAYLIST,
    SHORTCODE_EMBED, /* an address of another site */
    SHORTCODE_BUTTON,
    SHORTCODE_IMAGE,   /* a builder's picture */
    SHORTCODE_HEADING, /* a builder's heading */
};

struct shortcode {
    size_t start, end;
    str name, attrs;
    enum shortcode_kind kind;
    bool close, alone, pairs; /* pairs: attrs are key=value and at least one */
    bool escaped;             /* [[name]]: shown as [name] */
    size_t mate;              /* of an opener: index of its end, 0 when there is none */
    bool mated;               /* of an end: it has an opener */
    str tail;                 /* of an end: what its opener wants written there */
};

/* The tag that begins at `text[at]`, a '['. `*ret_close` is where the next ']' is, kept between calls so
 * that it is looked for once. */
bool shortcode_read(str text, size_t at, size_t *next_close, struct shortcode *ret_code);
/* Value of `key`, or of the first without a key when `key` is empty. */
str shortcode_attr(const struct shortcode *code, str key);
/* The first of several keys that has a value. */
str shortcode_attr_of(const struct shortcode *code, const str *keys, size_t count);
