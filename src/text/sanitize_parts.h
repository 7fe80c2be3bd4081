/* text/sanitize_parts.h -- the sanitizer's state, shared by its files. Inside text/ only.
 *
 *   sanitize.c          walks the parsed tree and keeps what is written well-formed and stable
 *   sanitize_attrs.c    attributes, classes, styles, ids
 *   sanitize_plain.c    replies of mere text, which need no parser
 *   sanitize_address.c  addresses, players of embeds, what is ours and what is foreign
 *   sanitize_tables.h   the allow-lists */
#pragma once
#include "base/buf.h"
#include "base/map.h"
#include "text/html_tree.h"
#include "text/sanitize.h"

enum {
    CLEAN_STORY_DEPTH_MAX =
        200, /* elements written inside each other; deeper ones give their text */
    CLEAN_REPLY_DEPTH_MAX = 24,
    CLEAN_URL_MAX = 4096,
    CLEAN_ID_MAX = 100,
    CLEAN_CLASSES_MAX = 32,
    CLEAN_CLASS_BYTES_MAX = 64,
    CLEAN_LABEL_MAX = 200, /* characters of a link made for a picture or player */
};

/* An element written and not closed yet. */
struct out_element {
    GumboTag tag;
    unsigned serial; /* tells a frame's own element from a later one at the same place */
    size_t begin;    /* of its start tag in the output */
    size_t content;  /* past its start tag */
    bool implied;    /* a paragraph around loose text of a reply */
};

struct cleaner {
    struct arena *arena;
    const struct html_tree *tree;
    const struct clean_profile *profile;
    struct clean_report *report;
    struct buf b;
    struct out_element out[CLEAN_STORY_DEPTH_MAX];
    size_t out_len, out_max;
    unsigned serial;
    uint16_t open_count[GUMBO_TAG_LAST]; /* of each tag in `out` */
    bool space_owed;                     /* between the texts of two blocks that were taken off */
    bool after_word;                     /* a space would show here */
    struct map ids;                      /* written so far */
};

/* ---- sanitize_attrs.c ---- */

/* Writes ` name="value"` for every attribute of `node` that `tag` may have. `url` is the one address that
 * was judged before (href of a link, src of media) and is written in its place; .ptr NULL: none. True when an id was written. */
bool clean_attrs(struct cleaner *c, const GumboNode *node, GumboTag tag, str url);
str clean_attr_find(const struct cleaner *c, const GumboNode *node, str name); /* .ptr NULL: none */
bool clean_has_word(str words, str wanted); /* parted by white space, without regard to case */
/* sanitize_plain.c: true when `text` is paragraphs of mere text, and what the sanitizer makes of it. */
bool clean_plain_reply(struct arena *arena, str text, html *ret_html);
void clean_add_text(struct cleaner *c, str text);
/* ` name="value"`, controls taken out. */
void clean_add_attr(struct cleaner *c, str name, str value);
/* "fn1" becomes "h-fn1"; see sanitize.h. False when it cannot be one. */
bool clean_id(struct arena *arena, str id, str *ret_id);

/* ---- sanitize_address.c ---- */

/* For pictures, audio, video: http, https or relative. */
bool clean_media_url(struct arena *arena, str url, str *ret_url);
bool clean_is_ours(const struct cleaner *c, str url);
/* The address of a player, as sanitized: what is loaded on a click, the page it stands for, and the
 * name of its host's service. False: of no host we know. */
bool clean_player(struct arena *arena, str url, str *ret_player, str *ret_page, str *ret_service);
/* "example.org/cat.jpg", for a link whose target has no better name. */
str clean_url_label(struct arena *arena, str url);
