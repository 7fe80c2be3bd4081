/* transfer/wp_parts.h -- the passes that make up wp_content_html. Inside wp_*.c only.
 *
 *     blocks -> shortcodes -> paragraphs (classic posts only) -> tidy
 *
 * The first three read text as WordPress does, token by token; tidy has it parsed as HTML, so what it writes
 * is well nested whatever came in. Each takes a whole text and gives a whole text in the arena.
 *
 * Threads: one at a time, as the arena. */
#pragma once
#include "base/buf.h"
#include "base/map.h"
#include "transfer/wp_content.h"

struct wp_pass {
    struct arena *arena;
    const struct wp_content_links *links;
    str home;
    struct map noted; /* each thing is noted once a post */
    bool cut;         /* WP_CONTENT_MAX was met */
};

/* "[name]: rest" (or "block name: rest") for the report. */
void wp_note(struct wp_pass *pass, str what, str why);
/* Ends a pass: what the builder holds; remembers when it had to be cut. */
str wp_done(struct wp_pass *pass, const struct buf *b);

/* wp_blocks.c */
bool wp_has_blocks(str text);
str wp_blocks(struct wp_pass *pass, str text);

/* wp_shortcodes.c */
str wp_shortcodes(struct wp_pass *pass, str text);

/* wp_classic.c: paragraphs as wpautop puts them. */
str wp_paragraphs(struct wp_pass *pass, str text);

/* wp_tidy.c */
str wp_tidy(struct wp_pass *pass, str text);

/* wp_embed.c: a player (YouTube, Vimeo) or a link in a paragraph. */
void wp_add_embed(struct buf *b, str url, str title);
/* http(s) and nothing else: no spaces, no markup. */
bool wp_is_address(str text);

/* wp_tag.c: the next tag, comment or protected element at or after `from`, read as HTML's tokenizer does:
 * a '>' in a quoted value does not end a tag. What never ends reaches to the end of the text, so
 * that every byte is looked at once. */
struct wp_tag {
    size_t start, end;
    str name; /* as written; empty for comments, <!doctype> and the like */
    bool close;
};
bool wp_tag_next(str text, size_t from, struct wp_tag *ret_tag);
/* Where the element that `tag` opens ends, after its end tag; the end of the text when it never does. */
size_t wp_element_end(str text, const struct wp_tag *tag);
bool wp_name_in(str name, const str *names, size_t count);

/* wp_address.c: an address of the old site as the new one has it: a file where it is now, made sizes as
 * their original, a page without its host. Others stay. */
str wp_address(struct wp_pass *pass, str url);
