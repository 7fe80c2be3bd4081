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
