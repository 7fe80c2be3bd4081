/* desk/door.h -- links that let somebody in once: set-up, invitations, new passwords.
 *
 *     st = door_make(room, &(struct door){.kind = DOOR_INVITATION, .email = e, .role = r, ...},
 *                    token, err);
 *     st = door_find(conn, DOOR_INVITATION, token, now, arena, &door, err);    // may be shown
 *     st = door_use(room, door, err);      // in the write that lets them in: ST_NOT_FOUND, too late
 *
 * Only the hash of a link's token is kept. A link is good until it is used, withdrawn, replaced by
 * another for the same purpose, or too old. An invitation goes with whoever made it.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/news.h"
#include "news/person.h"

enum door_kind { DOOR_SET_UP, DOOR_INVITATION, DOOR_RESET };

#define DOOR_SET_UP_LIFE     (1 * TIME_DAY) /* `serve` prints another at each start */
#define DOOR_INVITATION_LIFE (7 * TIME_DAY) /* as Ghost's */
#define DOOR_RESET_LIFE      (1 * TIME_DAY)
enum { DOOR_LIST_MAX = 200 };

struct door {
    int64_t id;
    enum door_kind kind;
    person_id person; /* of a reset */
    str email;        /* of an invitation: the key (email_key) */
    enum role role;
    person_id made_by; /* 0: the program */
    time_us life;      /* of door_make; 0: its kind's */
    time_us created_at, expires_at;
};

/* ST_NOT_FOUND: there is none such, or no longer. */
MUST_USE enum status door_find(struct store_conn *conn, enum door_kind kind, str token, time_us now,
                               struct arena *arena, struct door **ret_door, struct error *err);
/* Invitations that wait, newest first. */
MUST_USE enum status door_list(struct store_conn *conn, time_us now, struct arena *arena,
                               struct door ***ret_doors, size_t *ret_count, struct error *err);
/* In place of an earlier one of that kind for the same person or address. */
MUST_USE enum status door_make(struct newsroom *room, const struct door *door, str token,
                               struct error *err);
MUST_USE enum status door_use(struct newsroom *room, const struct door *door, struct error *err);
