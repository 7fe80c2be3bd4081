/* desk/right.h -- what each role may do at the desk: one table, asked for every request.
 *
 *     if (!right_has(person->role, route->right)) ... 403 ...
 *     if (!right_over(me->role, them->role)) ... 403 ...
 *     if (!right_over_story(me->role, &(struct right_story){own, kind, state}, ACT_PUBLISH)) ... 403 ...
 *
 * The roles are Ghost's. An owner is one who cannot be removed, demoted or shut out by anybody else; an
 * administrator may do all the rest. An editor runs the paper and brings in authors; authors and
 * contributors write.
 *
 * Threads: pure functions. */
#pragma once
#include "news/person.h"
#include "news/story.h"

enum right {
    RIGHT_ANYBODY,   /* no sign-in: the doors themselves */
    RIGHT_HALF,      /* the password was right, the code is owed */
    RIGHT_SELF,      /* one's own account */
    RIGHT_REPLIES,   /* read and decide what readers send */
    RIGHT_PEOPLE,    /* see who is here */
    RIGHT_INVITE,    /* bring somebody in: whom, right_may_give says */
    RIGHT_MANAGE,    /* another one's role, sessions, way in: of whom, right_over says */
    RIGHT_HAND_OVER, /* make another one the owner */
    RIGHT_LOG,       /* who did what */
    RIGHT_WRITE,     /* stories of one's own */
    RIGHT_PUBLISH,   /* those, for readers to see */
    RIGHT_EDIT_ALL,  /* others' stories, and pages */
    RIGHT_TAGS,      /* tags and sections */
    RIGHT_BYLINES,   /* whoever stories are by */
    RIGHT_MEDIA,     /* see pictures and files, bring some in, say what is on one's own */
    RIGHT_MEDIA_ALL, /* others' too; replace, crop, remove */
    RIGHT_NUMBERS,   /* how often what is read: an author's own */
    RIGHT_SETTINGS,  /* the site's: title, menus, redirects, code, mail */
    RIGHT_THEMES,    /* how it looks */
    RIGHT_TRANSFER,  /* import, export, backup: all there is, private addresses too */
    RIGHTS_COUNT
};

/* Whoever is signed in, whole. RIGHT_ANYBODY and RIGHT_HALF are everybody's. */
bool right_has(enum role role, enum right right);
/* Whether `actor` may bring somebody in as, or make somebody, `role`. Nobody gives the owner's. */
bool right_may_give(enum role actor, enum role role);
/* Whether `actor` may manage somebody who is `subject`. */
bool right_over(enum role actor, enum role subject);

/* ---- one story ---- */

/* What one does with a story or a page. */
enum story_act {
    ACT_READ,        /* at the desk: its text, versions, preview */
    ACT_EDIT,        /* text and settings: save, keep unsaved, lock, restore a version */
    ACT_PUBLISH,     /* now or at a time */
    ACT_UNPUBLISH,   /* back to draft; out of the schedule too */
    ACT_TRASH,       /* into the bin, */
    ACT_RESTORE,     /* and out of it */
    ACT_DELETE,      /* for good */
    ACT_CORRECT,     /* say on its page what it got wrong */
    ACT_CORRECTIONS, /* change and take away what was said there */
    STORY_ACTS_COUNT
};

struct right_story {
    bool own; /* one of its bylines is theirs: story_is_by */
    enum story_kind kind;
    enum story_state state;
};

/* An editor: everybody's, pages too. An author: one's own stories. A contributor: one's own drafts,
 * which others publish. Asked in the handler and, as the story may be another by then, in the write. */
bool right_over_story(enum role role, const struct right_story *story, enum story_act act);

/* Whether `actor` may say what is on a picture or file: on those they brought in themselves, all may. */
bool right_over_media(enum role actor, bool own);
