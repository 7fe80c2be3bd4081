/* news/redirect.h -- old addresses: what once answered there, and where it is now.
 *
 *     st = redirect_add(desk, &(struct redirect){.path = S("/2014/03/old-name/"), .story = id}, err);
 *     st = redirect_find(conn, S("/?p=12"), arena, &r, err);     // ST_NOT_FOUND: answer 404
 *
 * A target is a story, tag or byline, whose address is made when asked for (so a chain never grows:
 * a later change of slug or of the permalink pattern moves all old addresses at once), or a
 * location written out.
 *
 * Paths are kept in one form, redirect_path: lower case, one slash at the end, percent-escapes
 * decoded where they are not needed, query kept only as WordPress's ?p=ID, ?page_id=ID, ?cat=ID and ?attachment_id=ID.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum { REDIRECT_PATH_MAX = 2000 };

struct redirect {
    str path;
    story_id story;
    tag_id tag;
    byline_id byline;
    str location; /* set when none of the three is */
    int64_t code; /* 301 or 302; 0 reads as 301 */
    /* For a story, tag or byline: its slug and whether readers may see it. Filled when found. */
    str slug;
    bool published;
};

/* The form in which paths are kept and looked up. `query` without its '?'. ST_INVALID: no path. */
MUST_USE enum status redirect_path(struct arena *arena, str path, str query, str *ret_path,
                                   struct error *err);
/* `path` as redirect_path made it. */
MUST_USE enum status redirect_find(struct store_conn *conn, str path, struct arena *arena,
                                   struct redirect *ret_redirect, struct error *err);
/* The newest word for a path wins. A path that a live story answers is looked up first by its
 * slug, so a redirect never hides a page. Raises absent:. */
MUST_USE enum status redirect_add(struct newsroom *desk, const struct redirect *redirect,
                                  struct error *err);
MUST_USE enum status redirect_remove(struct newsroom *desk, str path, struct error *err);
/* By path, after `after`: exports. */
MUST_USE enum status redirect_list(struct store_conn *conn, str after, size_t limit,
                                   struct arena *arena, struct redirect **ret_redirects,
                                   size_t *ret_count, struct error *err);

/* ---- for people who make them ---- */

/* What is wrong with one, before it is made. */
enum redirect_fault {
    REDIRECT_FINE,
    REDIRECT_NO_ADDRESS, /* its location is neither a path of this site nor http or https */
    REDIRECT_LOOP,       /* it would lead back to itself, at once or by others */
    REDIRECT_HIDDEN,     /* a page of the site is there, and goes before it */
};
enum { REDIRECT_HOPS_MAX = 20 };
/* `path` as redirect_path made it; `site` is the site's address: a location may be written with it. */
MUST_USE enum status redirect_judge(struct store_conn *conn, str site, str path, str location,
                                    struct arena *arena, enum redirect_fault *ret_fault,
                                    struct error *err);

/* Those whose path begins so, after `after`, with what they lead to filled in. */
MUST_USE enum status redirect_page(struct store_conn *conn, str prefix, str after, size_t limit,
                                   struct arena *arena, struct redirect **ret_redirects,
                                   size_t *ret_count, struct error *err);
/* Where it leads, for a redirect whose target is filled in; empty: nowhere any more. */
str redirect_location(struct arena *arena, const struct redirect *redirect);
