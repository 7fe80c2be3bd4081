/* transfer/wp_content.h -- the body of a WordPress post as plain, whole HTML.
 *
 *     struct wp_content_input in = {.text = content_encoded, .home = S("http://old.example")};
 *     str html = wp_content_html(arena, &in);
 *
 * Three ages of posts lie in one export, told apart by the text:
 *   blocks      <!-- wp:name {json} --> ... <!-- /wp:name -->: the comments go, what stood inside stays.
 *               Blocks that WordPress fills when it shows them (latest posts, queries, menus) go whole.
 *   shortcodes  [gallery ids="1,2"], in posts of any age. Those that most sites use become HTML; of page
 *               builders and unknown ones the brackets go and the text between them stays, and they are
 *               noted. Text in brackets that is no shortcode ("[sic]", "[1]") stays.
 *   classic     text without <p>: blank lines part paragraphs, as WordPress's own wpautop does it.
 *
 * Then it is tidied: galleries and pictures become the cards that themes know, lazy-loaded pictures get their address back, srcset and sizes of the old site
 * go, links within the old site become relative (so that redirects answer), made sizes of a
 * picture ("a-300x200.jpg") become the original where it is known, paragraphs of nothing go.
 *
 * The result is not safe yet: story_prepare sanitizes it as any author's HTML.
 *
 * Cost: linear in the text, whatever it holds. Limits: SHORTCODE_DEPTH_MAX, BLOCK_DEPTH_MAX; output
 * WP_CONTENT_MAX bytes, beyond which it is cut and noted.
 * Memory: the result lives in the arena or is the input. Threads: pure, as the callbacks are. */
#pragma once
#include "base/str.h"

struct arena;

enum { WP_CONTENT_MAX = 8 * 1024 * 1024, SHORTCODE_DEPTH_MAX = 32, BLOCK_DEPTH_MAX = 64 };

struct wp_picture {
    str url; /* where it is now: "/content/images/2020/05/a.jpg", or the old address */
    str alt;
    str caption, credit; /* HTML of the old site */
};

/* What the text refers to and only the rest of the export knows. Members may be NULL. */
struct wp_content_links {
    void *ctx;
    /* An attachment by its id. */
    bool (*attachment)(void *ctx, int64_t id, struct wp_picture *ret_picture);
    /* All pictures attached to this post; the list lives in the arena. */
    size_t (*attached)(void *ctx, struct arena *arena, const int64_t **ret_ids);
    /* The text of the reusable block `id`. */
    bool (*block)(void *ctx, int64_t id, str *ret_text);
    /* Where the file at an old upload address (path below uploads/: "2020/05/a-300x200.jpg") is now. */
    bool (*file)(void *ctx, struct arena *arena, str path, str *ret_url);
    /* An upload that is none of those `file` knows: its address stays as it was. */
    void (*lost)(void *ctx, str path);
    /* Something left out or changed, for the report: "[slider]: left out". */
    void (*note)(void *ctx, str what);
};

struct wp_content_input {
    str text;
    str home; /* the old site's address, no slash at the end; may be empty */
    struct wp_content_links links;
};

str wp_content_html(struct arena *arena, const struct wp_content_input *input);

/* What stands below a picture: its caption, then who made it. */
str wp_caption_html(struct arena *arena, str caption, str credit);

/* A reply's text: bare line ends, paragraphs as in classic posts; no shortcodes, no blocks. */
str wp_comment_html(struct arena *arena, str text);
