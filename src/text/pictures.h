/* text/pictures.h -- our own pictures in a story's HTML: their addresses, and what lets a browser
 * choose a size and keep a place for them.
 *
 *     <img src="/content/images/2024/05/a.jpg" alt="Bridge">
 *     ->
 *     <img src="/content/images/2024/05/a.jpg" alt="Bridge" width="1800" height="1200"
 *          srcset="/content/images/size/w600/2024/05/a.jpg 600w, ..., /content/images/2024/05/a.jpg 1800w"
 *          sizes="(min-width: 720px) 720px, 100vw" loading="lazy" decoding="async" data-added="whszld">
 *
 * pictures_write is given sanitized HTML (html_clean's own output: in it a '<' is always a tag's, and
 * every value stands in double quotes) and changes nothing but <img> tags that show a picture of ours.
 *   - An attribute that is there stays as it is: only what is missing is added, at the end of the
 *     tag, and named in data-added by one letter each. So pictures_strip gives back every byte.
 *   - What was added before is taken away first: writing twice is writing once, and a picture
 *     that changed its size gets the new one.
 *   - width and height only when both are missing; srcset only for a picture that is not in <picture>, not
 *     itself a rendition, does not move, is no SVG, and is wider than the smallest size; sizes with our own srcset only.
 *   - Without `feature_image` the first picture of ours is what the reader waits for: it gets fetchpriority="high"
 *     and is not lazy; the others are lazy. decoding="async" for all.
 *   - A picture whose record says that it is elsewhere now (media/media.h: replaced) is named by its new
 *     path, in src, srcset, href and poster, with what was put before the path left as it was.
 * Foreign pictures, and ours without a record, only lose what an earlier write had added.
 *
 * Memory: results live in the arena; unchanged text is returned as it came. Threads: pure, but for the lookup.
 * Errors: the lookup's; ST_TOO_BIG when the result is over PICTURES_HTML_MAX. */
#pragma once
#include "base/str.h"

struct arena;

enum {
    PICTURES_HTML_MAX = 8 * 1024 * 1024, /* bytes of the result */
    PICTURES_SIZES_MAX = 16,             /* widths in a srcset */
    PICTURE_PATH_MAX = 500,              /* bytes; longer ones are none of ours */
    PICTURES_COLUMN = 720,               /* px: width of a text column, as Ghost's own cards say */
    PICTURES_COLUMN_WIDE = 1200,
};

/* What is known of one of our pictures. */
struct picture {
    bool known;
    str moved_to;          /* its path now, and the rest is about it there; empty: where it was */
    int64_t width, height; /* 0: not known */
    bool fixed;            /* has no renditions: it moves, or is an SVG */
};
struct picture_lookup {
    /* Called once for all different paths of a text; fills `ret_pictures`, which is zeroed. */
    enum status (*fn)(void *ctx, struct arena *arena, const str *paths, size_t count,
                      struct picture *ret_pictures, struct error *err);
    void *ctx;
};

struct pictures_options {
    str site;             /* "https://example.org": addresses there are ours too. May be empty. */
    bool feature_image;   /* the story shows a picture above its text */
    const int64_t *sizes; /* widths of renditions, ascending; NULL: Ghost's content sizes */
    size_t sizes_count;
};

/* "/content/images/size/w600/2024/05/a.jpg" -> "2024/05/a.jpg". Also of /content/media/ and /content/files/, of
 * `site`, and after "__GHOST_URL__"; query and fragment are left out, escapes decoded. False for other addresses. */
bool picture_path(struct arena *arena, str address, str site, str *ret_path);

/* The different paths in attributes of sanitized HTML, in order of appearance. */
struct picture_paths {
    str *paths;
    size_t count, cap;
};
void pictures_paths(struct arena *arena, html body, str site, struct picture_paths *paths);
/* Adds the path of one address, when it is ours; the same for addresses anywhere in other text (code
 * injected, Markdown): what follows "/content/images/" up to a space, quote or bracket. */
void pictures_add_address(struct arena *arena, str address, str site, struct picture_paths *paths);
void pictures_add_text(struct arena *arena, str text, str site, struct picture_paths *paths);

MUST_USE enum status pictures_write(struct arena *arena, html body,
                                    const struct pictures_options *options,
                                    const struct picture_lookup *lookup, html *ret_html,
                                    struct error *err);
html pictures_strip(struct arena *arena, html body);

/* The text with every address of ours that moved named anew: Markdown, settings, an address alone. */
MUST_USE enum status pictures_follow(struct arena *arena, str text, str site,
                                     const struct picture_lookup *lookup, str *ret_text,
                                     struct error *err);
