/* news/tag.h -- tags: sections, subjects and internal marks.
 *
 *     st = tag_find_or_add(desk, &(struct tag_draft){.name = S("Harbour")}, &id, err);
 *     st = tag_by_slug(conn, S("harbour"), arena, &tag, err);
 *
 * A name beginning with "#" is internal: its slug begins "hash-", it has no page and no list shows
 * it by default. A section is a tag that is a part of the paper (WordPress's categories); its
 * stories put it first. Slugs are unique; an editor's change of slug leaves a redirect at
 * "/tag/OLD/". story_count is kept by story.c.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"
#include "news/story.h"

struct tag {
    tag_id id;
    str ghost_id, slug, name;
    bool internal, section;
    tag_id parent;
    str description, image, accent_color, canonical_url;
    struct story_meta meta;
    time_us created_at, updated_at;
    int64_t story_count; /* published stories */
};

struct tag_draft {
    tag_id id; /* 0: a new one */
    str slug;  /* empty: from the name, or as it is */
    str name;
    bool section;
    tag_id parent;
    str description, image, accent_color, canonical_url;
    struct story_meta meta;
    str ghost_id; /* empty: made here */
};

enum { TAG_NAME_MAX = 191 }; /* Ghost's */

MUST_USE enum status tag_by_id(struct store_conn *conn, tag_id id, struct arena *arena,
                               struct tag **ret_tag, struct error *err);
MUST_USE enum status tag_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                                 struct tag **ret_tag, struct error *err);
MUST_USE enum status tag_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                                     struct tag **ret_tag, struct error *err);

/* Of tags with this very name the oldest. */
MUST_USE enum status tag_by_name(struct store_conn *conn, str name, struct arena *arena,
                                 struct tag **ret_tag, struct error *err);

enum tag_order { TAG_BY_NAME, TAG_BY_COUNT }; /* A to Z; most stories first */
struct tag_query {
    enum tag_order order;
    bool with_empty;    /* also those without a published story */
    bool with_internal; /* also "#" ones */
    bool sections_only;
    const struct tag *after; /* the last row of the page before; NULL: the start */
    size_t limit;            /* 0: LIST_LIMIT_DEFAULT */
};
MUST_USE enum status tag_list(struct store_conn *conn, const struct tag_query *query,
                              struct arena *arena, struct tag ***ret_tags, size_t *ret_count,
                              struct error *err);

/* ST_CONFLICT: the slug is taken (a new tag's is made unique by itself). */
MUST_USE enum status tag_save(struct newsroom *desk, const struct tag_draft *draft, tag_id *ret_id,
                              struct error *err);
/* The tag of that slug (else of the slug its name makes), or a new one. */
MUST_USE enum status tag_find_or_add(struct newsroom *desk, const struct tag_draft *draft,
                                     tag_id *ret_id, struct error *err);
MUST_USE enum status tag_delete(struct newsroom *desk, tag_id id, struct error *err);

/* ---- proposals: names found in a story that came without tags ---- */

struct tag_proposal {
    str slug, name;
    int64_t weight;
    int64_t stories; /* in how many stories it is proposed; filled when reading */
};
/* In the place of what was proposed for that story before. */
MUST_USE enum status tag_propose(struct newsroom *desk, story_id story,
                                 const struct tag_proposal *proposals, size_t count,
                                 struct error *err);
MUST_USE enum status tag_proposals(struct store_conn *conn, story_id story, struct arena *arena,
                                   struct tag_proposal **ret_proposals, size_t *ret_count,
                                   struct error *err);
/* Over all stories, one row a slug: those that most stories share first, then by weight in all, then
 * by name. */
MUST_USE enum status tag_proposals_best(struct store_conn *conn, size_t limit, struct arena *arena,
                                        struct tag_proposal **ret_proposals, size_t *ret_count,
                                        struct error *err);
