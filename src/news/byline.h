/* news/byline.h -- who stories are by: people with or without a login, agencies, "Staff".
 *
 *     st = byline_find_or_add(desk, &(struct byline_draft){.name = S("Greta Novak")}, &id, err);
 *     st = byline_by_slug(conn, S("greta-novak"), arena, &byline, err);
 *
 * The email is for matching imports to people. It is not in struct byline, so that no page, feed or
 * answer can print it.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"
#include "news/story.h"

struct person;

struct byline {
    byline_id id;
    str ghost_id, slug, name;
    person_id person;
    str bio, location, website, profile_image, cover_image, facebook, twitter;
    str meta_title, meta_description;
    time_us created_at, updated_at;
    int64_t story_count; /* published stories */
};

struct byline_draft {
    byline_id id; /* 0: a new one */
    str slug;     /* empty: from the name, or as it is */
    str name;
    person_id person;
    str email;
    str bio, location, website, profile_image, cover_image, facebook, twitter;
    str meta_title, meta_description;
    str ghost_id; /* empty: made here */
};

enum { BYLINE_NAME_MAX = 191 };

MUST_USE enum status byline_by_id(struct store_conn *conn, byline_id id, struct arena *arena,
                                  struct byline **ret_byline, struct error *err);
MUST_USE enum status byline_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                                    struct byline **ret_byline, struct error *err);
MUST_USE enum status byline_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                                        struct byline **ret_byline, struct error *err);

/* Of bylines with this very name the oldest. */
MUST_USE enum status byline_by_name(struct store_conn *conn, str name, struct arena *arena,
                                    struct byline **ret_byline, struct error *err);
/* Of somebody with a login; of several the first. */
MUST_USE enum status byline_of_person(struct store_conn *conn, person_id person,
                                      struct arena *arena, struct byline **ret_byline,
                                      struct error *err);

enum byline_order { BYLINE_BY_NAME, BYLINE_BY_COUNT };
struct byline_query {
    enum byline_order order;
    bool with_empty; /* also those without a published story */
    const struct byline *after;
    size_t limit; /* 0: LIST_LIMIT_DEFAULT */
};
MUST_USE enum status byline_list(struct store_conn *conn, const struct byline_query *query,
                                 struct arena *arena, struct byline ***ret_bylines,
                                 size_t *ret_count, struct error *err);

MUST_USE enum status byline_save(struct newsroom *desk, const struct byline_draft *draft,
                                 byline_id *ret_id, struct error *err);
/* By email if given and known, else by slug (else the slug its name makes), else a new one. */
MUST_USE enum status byline_find_or_add(struct newsroom *desk, const struct byline_draft *draft,
                                        byline_id *ret_id, struct error *err);
/* The byline of somebody with a login: theirs, else a new one. Whoever `claims` is given one nobody has under
 * their email or their name before that. Both are what one says of oneself, and whose byline it is decides
 * which stories are one's own: only for who may edit everybody's anyway. */
MUST_USE enum status byline_for_person(struct newsroom *desk, const struct person *person,
                                       bool claims, byline_id *ret_id, struct error *err);
/* Somebody who came by a link that was made for `email`: the one nobody has under it is theirs. ST_OK when there is
 * none. */
MUST_USE enum status byline_arrived(struct newsroom *desk, person_id person, str email,
                                    struct error *err);
MUST_USE enum status byline_delete(struct newsroom *desk, byline_id id, struct error *err);
