/* text/sanitize.h -- HTML from anyone made safe to show, rebuilt from an allow-list.
 *
 *     html body;
 *     st = html_clean(arena, input, &(struct clean_profile){.kind = CLEAN_STORY, .site = site_url},
 *                     &body, NULL, err);
 *
 * The input is parsed by an HTML5 parser under the limits of text/html.h and written anew: elements,
 * attributes, classes, style properties and addresses that stand in the tables of sanitize_tables.h are
 * written, nothing else is. No pattern is searched for and removed, so there is nothing to slip past.
 *
 * What comes out
 *   - has only HTML elements whose content is markup or nothing (no script, style, template, noscript,
 *     textarea, title, svg, math ... at all), every one closed, in an order that a parser reads
 *     back as the same tree. Hence html_clean(html_clean(x)) == html_clean(x), and nothing changes meaning
 *     when a browser parses it (no "mutation" attacks);
 *   - has addresses with the schemes http, https, mailto and tel, or relative ones, only;
 *   - has no event handlers, forms, names, targets or ids that can shadow a property of window or
 *     document or an anchor of the page: an id keeps its text when it holds a hyphen and none of the
 *     page's own prefixes, else it gets "h-" before it, as do links to it; a second use is dropped;
 *   - makes a reader's browser ask no other host (with .foreign_media other than CLEAN_FOREIGN_KEEP):
 *     pictures, audio and video on other hosts become links. An <iframe> always becomes
 *         <figure class="kg-card kg-embed-card"><a class="kg-embed-link" href="PAGE" rel="noopener"
 *             data-embed-src="PLAYER">TITLE</a></figure>
 *     which works as a link without script; the theme's script may put the player in its place on a
 *     click. data-embed-src is written for the hosts in sanitize_tables.h (YouTube, Vimeo, ...) only.
 *
 * Profiles
 *   CLEAN_STORY  what Ghost's cards and WordPress's blocks are made of: text, headings, lists, tables,
 *                figures, pictures, audio, video, details; classes by prefix (kg-, wp-, align, has-, ...) and
 *                "credit";
 *                style only for text-align, and widths in percent; the comments
 *                <!--members-only--> and <!--kg-gated-block:...-->, which the page needs.
 *                Forms and inputs of sign-up cards go; their text stays. A toggle card becomes
 *                <details>; the buttons drawn for audio and video go, the browser has its own.
 *   CLEAN_REPLY  p br a strong b em i code pre blockquote ul ol li del; links rel="ugc nofollow noopener";
 *                other elements give their text, blocks a line of their own.
 *   CLEAN_INLINE a b strong i em code span br sub sup mark s del: captions and bylines, one line;
 *                the class "credit".
 *
 * Memory:  the result lives in the arena; the tree too, until the arena goes, so give it an arena
 *          of its own when many are cleaned.
 * Threads: one at a time, as the arena.
 * Errors:  ST_TOO_BIG, as html_parse; also when the result is over the same limit. */
#pragma once
#include "base/str.h"

struct arena;

enum clean_kind { CLEAN_STORY, CLEAN_REPLY, CLEAN_INLINE };

enum clean_foreign {
    CLEAN_FOREIGN_LINK, /* the default: a link with the picture's alt text or address */
    CLEAN_FOREIGN_KEEP, /* left as they are: for owners who say so, and for imports that will fetch them */
    CLEAN_FOREIGN_DROP,
};

struct clean_profile {
    enum clean_kind kind;
    enum clean_foreign foreign_media;
    str site;         /* "https://example.org": media there count as our own. May be empty. */
    size_t bytes_max; /* 0: HTML_STORY_MAX or HTML_REPLY_MAX by kind */
};

/* What was left out, by element name, in the order first met. */
enum { CLEAN_REPORT_MAX = 64 };
struct clean_dropped {
    str name;
    size_t count;
};
struct clean_report {
    struct clean_dropped dropped[CLEAN_REPORT_MAX];
    size_t dropped_count; /* entries above; further names are counted in others */
    size_t others;        /* elements whose names no longer fitted */
    size_t attrs;         /* attributes left out */
    size_t urls;          /* addresses refused */
    size_t foreign_media; /* pictures, audio, video on other hosts */
    size_t embeds;        /* iframes made into cards */
};

/* `report` may be NULL. */
MUST_USE enum status html_clean(struct arena *arena, str input, const struct clean_profile *profile,
                                html *ret_html, struct clean_report *report, struct error *err);

/* The address as the sanitizer would write it (unescaped): white space and controls removed,
 * //host given https, backslashes turned. False when its scheme is not allowed or it is empty. */
bool clean_url(struct arena *arena, str url, str *ret_url);
