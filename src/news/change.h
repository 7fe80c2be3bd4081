/* news/change.h -- the names of what a write changed and a page was made from.
 *
 *     change_story(desk, id);               // hard: the story's own page goes at once
 *     change_list(desk, LIST_TAG, tag.v);   // soft: pages that print the list are remade behind
 *     str name = change_absent_name(arena, S("/2024/05/Rain/"));    // "absent:rain"
 *
 *     name              raised when                                       a page carries it when
 *     story:ID          anything the story's own page prints changed       it is that story's page
 *     tag:ID author:ID  the record itself changed (name, slug, picture)    it prints that record
 *     absent:NAME       something now answers at an address ending so      it said 404 there
 *     settings theme    a setting, the theme                              always
 *     bans              the moderators' lists (news/ban.h)                never
 *     media:PATH        a file or its renditions answer otherwise         it is that file, or made of it
 *     list:latest       one of the LATEST_HELD newest, or its print       @site.latest was asked for
 *     list:popular      the popular list, or its print                    @site.popular was
 *     list:sections     a section got its first story or lost its last   it prints the sections
 *     list:tag:ID       any story of the tag's list: order or print       it lists the tag
 *     list:author:ID    the same for a byline                             it lists the byline
 *     list:posts        any published story's place or print              a front page, a `get`
 *
 * "Print" is what a row of a list shows: title, slug, standfirst, excerpt, picture, times, tags and
 * bylines. A change of the body alone raises story:ID and no list. A reply shown raises story:ID
 * and the lists on which its count may stand, not latest and popular, which every page has.
 * A page does not carry story:ID for the rows of its lists, or one edit would drop every page at
 * once; where a story is printed by another's `related`, that story's own name is raised.
 *
 * DESIGN's absent:PATH is told by the last part of the path: a story can answer at /rain/ or at
 * /2024/05/06/rain/ as routes.yaml says, which this folder does not know.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

enum { LATEST_HELD = 6 }; /* the five of the slot and one more, as the current story is dropped */

enum list_kind { LIST_ALL = 0, LIST_TAG = 1, LIST_BYLINE = 2 }; /* kept in list_count.list */

void change_story(const struct newsroom *desk, story_id id);
void change_tag(const struct newsroom *desk, tag_id id);
void change_byline(const struct newsroom *desk, byline_id id);
void change_list(const struct newsroom *desk, enum list_kind list,
                 int64_t of); /* LIST_ALL: posts */
void change_latest(const struct newsroom *desk);
void change_popular(const struct newsroom *desk);
void change_sections(const struct newsroom *desk);
void change_settings(const struct newsroom *desk);
void change_theme(const struct newsroom *desk);
void change_absent(const struct newsroom *desk, str path);
void change_media(const struct newsroom *desk, str path); /* below media/: "2024/05/a.jpg" */

/* The same names for who tags a page. */
str change_story_name(struct arena *arena, story_id id);
str change_tag_name(struct arena *arena, tag_id id);
str change_byline_name(struct arena *arena, byline_id id);
str change_list_name(struct arena *arena, enum list_kind list, int64_t of);
str change_absent_name(struct arena *arena, str path);
str change_media_name(struct arena *arena, str path);
/* Soft names begin so. */
static inline bool change_is_soft(str name)
{
    return str_starts(name, S("list:"));
}
