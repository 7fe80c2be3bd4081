/* news/comment.h -- replies: taken in, held or shown, in threads.
 *
 *     struct comment_prepared ready;
 *     st = comment_prepare(arena, &(struct comment_draft){.story = id, .name = name, ...}, site,
 *                          now, &ready, err);                            // any thread
 *     st = comment_add(desk, &ready, &added, err);                       // in the write
 *     if (added.state == COMMENT_PENDING) say("It will show once an editor has read it.");
 *
 *                approve                 approve (from any)
 *      pending ----------> approved     spam, trash (from any)
 *      spam, trash: delete_forever
 *
 * Who is held is the site's setting `comments_moderation`: "none": nobody; "first" (a new site's):
 * writers with no approved reply under the same email; "all". Whoever is signed in as an editor is
 * never held. What the spam defence says (comment_prepare's links, the caller's `suspect`) can only
 * hold, not refuse; a moderator's own list (news/ban.h) can say that it is spam, unseen.
 *
 * Threads: a reply belongs to the thread of the reply it answers, to any depth; pages are
 * of threads, oldest first. A reply whose parent is not shown stands at its thread's top.
 * Approving raises story:ID; the story's comment_count counts what is shown.
 *
 * A reply of the staff's has its byline: that of whoever is signed in, or what an import knows from the
 * old site's own number of the user. What a guest types, name or email, never gives it one.
 *
 * A writer's email and network are in `struct comment` only for the desk: comment_list_shown leaves them empty.
 *
 * Memory and threads of execution: as story.h. */
#pragma once
#include "news/list.h"
#include "news/news.h"

enum {
    COMMENT_NAME_MAX = 100, /* bytes */
    COMMENT_EMAIL_MAX = 254,
    COMMENT_SITE_MAX = 500,
    COMMENT_TEXT_MAX = 20000,
    COMMENT_DEPTH_SHOWN = 5, /* deeper ones are shown at this depth */
    COMMENT_THREADS_A_PAGE = 50,
    COMMENT_SHOWN_MAX = 500,        /* replies on one page: a longer thread goes on on the next */
    COMMENT_EDIT_SECONDS = 15 * 60, /* a writer may mend their own for so long */
};

enum comment_state { COMMENT_PENDING, COMMENT_APPROVED, COMMENT_SPAM, COMMENT_TRASH };
const char *comment_state_name(enum comment_state state);
bool comment_state_from_name(str name, enum comment_state *ret_state);

struct comment {
    comment_id id;
    str ghost_id;
    story_id story;
    comment_id parent; /* 0: a thread's first */
    comment_id thread;
    time_us thread_at;
    str name, email, site; /* email: for the desk alone */
    html text;
    str source_text; /* for the desk, and for the writer's own edit */
    enum comment_state state;
    str why;
    str address; /* shortened, as `network` of the moderators' lists; for the desk */
    person_id person;
    byline_id byline; /* 0: a reader's */
    time_us created_at, edited_at;
    int depth;                          /* 0..COMMENT_DEPTH_SHOWN - 1, when listed in threads */
    const struct comment *parent_shown; /* when listed in threads; NULL at depth 0 */
    const struct comment *parent_away;  /* the reply it answers, shown on another page; else NULL */
    str story_slug, story_title;        /* when listed for the desk */
};

/* Which field a sentence belongs to. */
enum comment_field {
    COMMENT_FIELD_TEXT,
    COMMENT_FIELD_NAME,
    COMMENT_FIELD_EMAIL,
    COMMENT_FIELD_SITE,
    COMMENT_FIELD_COUNT
};

struct comment_draft {
    story_id story;
    comment_id parent; /* 0: none */
    str name, email, site, text;
    str token;        /* one form's: sent twice it makes one reply. Empty: none */
    str address;      /* shortened by the caller */
    str suspect;      /* why the spam defence would hold it; empty: it would not */
    str spam;         /* why it is taken for spam, unseen; empty: it is not */
    person_id person; /* signed in */
    /* For imports: kept as given, with no policy. */
    bool imported;
    enum comment_state state;
    time_us created_at;
    byline_id byline; /* of a user of the old site that is one of ours; 0: none */
    str html;         /* already HTML: sanitized, not read as Markdown */
    bool count_later; /* the story is there, and comment_count adds all of its replies at once */
};

struct comment_prepared {
    struct comment_draft draft; /* trimmed; site with a scheme */
    html text;
    str email_key;
    size_t links;
    /* One sentence for each field that is wrong, empty where it is right. */
    str problems[COMMENT_FIELD_COUNT];
};

/* ST_INVALID: some field is wrong; *ret_ready is filled, problems say which. */
MUST_USE enum status comment_prepare(struct arena *arena, const struct comment_draft *draft,
                                     const struct site_settings *site,
                                     struct comment_prepared *ret_ready, struct error *err);

/* ST_NOT_FOUND: no such published story; ST_DENIED: its replies are closed; ST_INVALID: the parent
 * is not one of this story. The same token again gives the reply it made (`again`). */
struct comment_added {
    comment_id id;
    enum comment_state state;
    bool again;
};
MUST_USE enum status comment_add(struct newsroom *desk, const struct comment_prepared *ready,
                                 struct comment_added *ret_added, struct error *err);

/* Adds `shown` approved replies to the story's count: those that came with .count_later. In the same
 * transaction. */
MUST_USE enum status comment_count(struct newsroom *desk, story_id story, int64_t shown,
                                   struct error *err);

/* ST_OK and nothing done when it is in that state already. */
MUST_USE enum status comment_set_state(struct newsroom *desk, comment_id id,
                                       enum comment_state state, str why, struct error *err);
/* The writer's or an editor's new text; holds it again only if the policy holds all. */
MUST_USE enum status comment_edit(struct newsroom *desk, comment_id id,
                                  const struct comment_prepared *ready, struct error *err);
/* For good. Replies to it stay. */
MUST_USE enum status comment_delete(struct newsroom *desk, comment_id id, struct error *err);
/* Everything one writer (by email) left: name, email, site and text replaced or gone. How many. */
MUST_USE enum status comment_erase_writer(struct newsroom *desk, str email, int64_t *ret_count,
                                          struct error *err);

MUST_USE enum status comment_by_id(struct store_conn *conn, comment_id id, struct arena *arena,
                                   struct comment **ret_comment, struct error *err);
MUST_USE enum status comment_by_token(struct store_conn *conn, str token, struct arena *arena,
                                      struct comment **ret_comment, struct error *err);

/* Where a page of threads ends: after one reply of a thread, or (reply 0) after the whole thread. All
 * 0: before the first. */
struct comment_place {
    struct story_key thread; /* thread_at and thread */
    struct story_key reply;  /* created_at and id */
};

struct comment_list {
    struct comment **rows;
    size_t count;
    bool more;
    struct story_key next;      /* of the desk's lists: the last row's */
    struct comment_place place; /* of comment_list_shown */
};
/* A page of shown threads in reading order (each reply below the one it answers, oldest first), from
 * after `after`: so many threads, or COMMENT_SHOWN_MAX replies if they come first; then the next page
 * goes on within the thread, and what answers a reply of the page before stands at its top, with
 * parent_away. `own` (0: none) is shown whatever its state: the writer's own, just sent.
 * limit: threads; 0: COMMENT_THREADS_A_PAGE. One statement, and one for each parent_away. */
MUST_USE enum status comment_list_shown(struct store_conn *conn, story_id story,
                                        struct comment_place after, comment_id own, size_t limit,
                                        struct arena *arena, struct comment_list *ret_list,
                                        struct error *err);
/* For the desk: one state, newest first, `before` is (created_at, id). Emails included. */
MUST_USE enum status comment_list_desk(struct store_conn *conn, enum comment_state state,
                                       struct story_key before, size_t limit, struct arena *arena,
                                       struct comment_list *ret_list, struct error *err);
/* All of a story's, oldest first, whatever their state: exports. */
MUST_USE enum status comment_list_story(struct store_conn *conn, story_id story,
                                        struct story_key after, size_t limit, struct arena *arena,
                                        struct comment_list *ret_list, struct error *err);

/* Whether the form stands on this story's page: the site's switch, the story's, its age. When
 * replies will close, *ret_closes_at is the time (0: they do not). */
bool comment_open(const struct story *story, const struct site_settings *site, time_us now,
                  time_us *ret_closes_at);
