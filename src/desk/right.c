/* SPDX-License-Identifier: MIT */
#include "desk/right.h"

enum { O = 1 << ROLE_OWNER, A = 1 << ROLE_ADMINISTRATOR, E = 1 << ROLE_EDITOR };
enum { W = 1 << ROLE_AUTHOR, C = 1 << ROLE_CONTRIBUTOR, ALL = O | A | E | W | C };

static const unsigned rights[] = {
    [RIGHT_ANYBODY] = ALL,
    [RIGHT_HALF] = ALL,
    [RIGHT_SELF] = ALL,
    [RIGHT_REPLIES] = O | A | E,
    [RIGHT_PEOPLE] = O | A | E,
    [RIGHT_INVITE] = O | A | E,
    [RIGHT_MANAGE] = O | A,
    [RIGHT_HAND_OVER] = O,
    [RIGHT_LOG] = O | A,
    [RIGHT_WRITE] = ALL,
    [RIGHT_PUBLISH] = O | A | E | W,
    [RIGHT_EDIT_ALL] = O | A | E,
    [RIGHT_TAGS] = O | A | E,
    [RIGHT_BYLINES] = O | A | E,
    [RIGHT_MEDIA] = ALL,
    [RIGHT_MEDIA_ALL] = O | A | E,
    [RIGHT_NUMBERS] = O | A | E | W,
    [RIGHT_SETTINGS] = O | A,
    [RIGHT_THEMES] = O | A,
    [RIGHT_TRANSFER] = O | A,
};
static_assert(sizeof(rights) / sizeof(rights[0]) == RIGHTS_COUNT, "a row for each right");

/* Which roles each role may give. */
static const unsigned gives[] = {
    [ROLE_OWNER] = A | E | W | C, [ROLE_ADMINISTRATOR] = A | E | W | C,
    [ROLE_EDITOR] = W | C,        [ROLE_AUTHOR] = 0,
    [ROLE_CONTRIBUTOR] = 0,
};
static_assert(sizeof(gives) / sizeof(gives[0]) == ROLES_COUNT, "a row for each role");

bool right_has(enum role role, enum right right)
{
    return (rights[right] >> role & 1) != 0;
}

bool right_may_give(enum role actor, enum role role)
{
    return (gives[actor] >> role & 1) != 0;
}

bool right_over(enum role actor, enum role subject)
{
    return right_has(actor, RIGHT_MANAGE) && subject != ROLE_OWNER;
}

/* ---- one story ---- */

enum { DRAFT = 1 << STORY_DRAFT, SCHEDULED = 1 << STORY_SCHEDULED };
enum { PUBLISHED = 1 << STORY_PUBLISHED, TRASHED = 1 << STORY_TRASHED };
enum { ALIVE = DRAFT | SCHEDULED | PUBLISHED, ANY = ALIVE | TRASHED };

/* In which states it can be done at all; whose roles do it to everybody's; whether an author does it to
 * their own; in which states a contributor does it to theirs. */
static const struct {
    unsigned states, everybodys;
    bool author;
    unsigned contributor;
} acts[] = {
    [ACT_READ] = {ANY, O | A | E, true, ANY},
    [ACT_EDIT] = {ALIVE, O | A | E, true, DRAFT},
    [ACT_PUBLISH] = {ALIVE, O | A | E, true, 0},
    [ACT_UNPUBLISH] = {SCHEDULED | PUBLISHED, O | A | E, true, 0},
    [ACT_TRASH] = {ALIVE, O | A | E, true, DRAFT},
    [ACT_RESTORE] = {TRASHED, O | A | E, true, TRASHED},
    [ACT_DELETE] = {TRASHED, O | A | E, false, 0},
    [ACT_CORRECT] = {PUBLISHED, O | A | E, true, 0},
    [ACT_CORRECTIONS] = {ALIVE, O | A | E, false, 0},
};
static_assert(sizeof(acts) / sizeof(acts[0]) == STORY_ACTS_COUNT, "a row for each act");

bool right_over_story(enum role role, const struct right_story *story, enum story_act act)
{
    unsigned state = 1U << story->state;
    if ((acts[act].states & state) == 0)
        return false;
    if ((acts[act].everybodys >> role & 1) != 0)
        return true;
    if (!story->own || story->kind != STORY_STORY)
        return false;
    return role == ROLE_AUTHOR        ? acts[act].author
           : role == ROLE_CONTRIBUTOR ? (acts[act].contributor & state) != 0
                                      : false;
}

/* ---- pictures and files ---- */

bool right_over_media(enum role actor, bool own)
{
    return right_has(actor, own ? RIGHT_MEDIA : RIGHT_MEDIA_ALL);
}
