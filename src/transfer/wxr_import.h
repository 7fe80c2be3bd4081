/* transfer/wxr_import.h -- inside transfer/: a WordPress export becomes records.
 *
 * Two readings of each file (transfer/import.h says why). The parts:
 *     wxr_survey.c      the first: terms, authors, menus; everything is there and well-formed
 *     wxr_attachment.c  the old site's pictures and files, of these files and of earlier ones
 *     wxr_import.c      the second: items to stories, in batches; then what needs both ends
 *     wxr_save.c        on the writer's thread: one story with its replies and old addresses
 *
 * Files of one old site are one import: all of them are read once before any is read again, so what
 * one names and another holds is found, whatever their order.
 *
 * The state below is the calling thread's; a batch is the writer's from batch_send to batch_wait.
 *
 * Threads: as said. */
#pragma once
#include "base/clock.h"
#include "base/map.h"
#include "news/comment.h"
#include "news/story.h"
#include "transfer/report.h"
#include "transfer/uploads.h"
#include "transfer/wxr.h"

#include <pthread.h>

enum {
    WXR_BATCH_STORIES = 256, /* saved together while the next are converted; or as many as take */
    WXR_BATCH_BYTES_MAX = 16 * 1024 * 1024,
    WXR_STEP_STORIES = 16, /* indexed together; a write of the desk waits for one step at most */
    WXR_MENUS_ITEMS_MAX = 500,
    WXR_REDIRECTS_MAX = 16,
    WXR_CLOCKS_MAX = 48,
};

/* An author, also a guest author. */
struct wxr_byline {
    str login, user, name, email, bio, website; /* user: its number, by which replies name it */
    byline_id id;                               /* 0: not saved, or refused */
    bool refused;                               /* the database would not take it */
};

struct wxr_tag {
    str slug, name, description, parent; /* parent: a slug */
    bool section;
    tag_id id;    /* as a byline's */
    bool refused; /* as a byline's */
};

struct wxr_attachment {
    str id, parent, link;
    int64_t position; /* among its parent's */
    str path;         /* below uploads/; empty when the address is another */
    str ours;         /* below our media/, once it is here: mostly the same */
    str old_url;
    str url;   /* where it is now; the old address while it is not here */
    bool here; /* the file came, now or before */
    bool came; /* now */
    str alt, caption, credit, title;
    bool stored;      /* an earlier import told of it */
    int64_t media;    /* our file's record; 0: none */
    bool in_the_file; /* in one of those imported now */
    bool refused;     /* as a byline's */
};

/* One moment by two clocks: the world's and the old site's. */
struct wxr_clock {
    time_us gmt, local;
};

struct wxr_menu_item {
    str id, menu, title, type, object, object_id, url;
    int64_t order;
    bool nested;
};

struct wxr_import {
    const struct import_options *options;
    struct arena *arena; /* the import's */
    const struct clock *clock;
    const struct rng *rng;
    struct report *report;
    struct store_conn *conn; /* for reading what came before */
    str source;              /* the old site's address */
    str *paths;              /* its files */
    size_t paths_count;
    str file; /* the name of the one being read */
    struct wxr_channel channel;
    struct wxr_clock clocks[WXR_CLOCKS_MAX]; /* of different months */
    size_t clocks_count;
    struct map bylines;     /* login to wxr_byline */
    struct map term_ids;    /* id of a section or tag to wxr_tag */
    struct map sections;    /* slug to wxr_tag */
    struct map tags;        /* slug to wxr_tag */
    struct map attachments; /* id to wxr_attachment */
    struct map attached;    /* post id to struct wxr_ids */
    struct map uploads;     /* path below uploads/ to wxr_attachment */
    struct map blocks;      /* id to struct str: reusable blocks */
    struct wxr_menu_item *menu_items;
    size_t menu_items_count;
    int64_t stories_total, stories_done;
};

struct wxr_attached {
    int64_t id, position;
};

/* What is attached to one post. */
struct wxr_ids {
    struct wxr_attached *list;
    size_t count, cap;
    int64_t *ids; /* in their order, once all are known */
};

/* ---- a story on its way ---- */

struct wxr_reply {
    str id, parent, user;  /* user: its number when signed in there */
    bool parent_elsewhere; /* not under this item: with an earlier import, or nowhere */
    bool astray;           /* nowhere, as saving found */
    str refused;           /* why the database would not take it; empty: it did, or was not asked */
    struct comment_prepared ready;
};

struct wxr_story {
    str foreign_id;
    struct story_prepared ready;
    str redirects[WXR_REDIRECTS_MAX]; /* as redirect_path made them */
    size_t redirects_count;
    struct wxr_reply *replies; /* each behind the one it answers */
    size_t replies_count;
    str refused;   /* as a reply's */
    bool lost;     /* it names pictures or files that are not here */
    bool found;    /* and some that are */
    bool pictured; /* one that came before has its pictures now */
    bool changed;  /* or would have, had nobody changed it since */
    struct tag_candidate *names;
    size_t names_count;
};

struct wxr_batch {
    struct arena *arena;
    struct wxr_import *import;
    struct wxr_story stories[WXR_BATCH_STORIES];
    size_t count, saved;
    size_t step_from; /* the first story of the step under way */
    str *refused;     /* the story's or reply's that ended it, and empty so far; else NULL */
    bool careful;     /* something was refused: steps are short, as each is taken again */
    int64_t came[IMPORT_KINDS], skipped[IMPORT_KINDS];

    pthread_mutex_t lock; /* guards the three below */
    pthread_cond_t ended;
    bool under_way;
    enum status st;
    struct error err;
};

/* "0" is a reader without a login there. */
static inline bool wxr_is_user(str id)
{
    return id.len > 0 && !str_eq(id, S("0"));
}

/* A post or page; old files leave the type out. */
static inline bool wxr_is_story(const struct wxr_item *item)
{
    return item->type.len == 0 || str_eq(item->type, S("post")) || str_eq(item->type, S("page"));
}

/* wxr_survey.c */
/* The old site that a file is of: reads no further than its first item. */
MUST_USE enum status wxr_source_of(struct arena *arena, int fd, str name, str *ret_source,
                                   struct error *err);
/* Reads all of the file into `import`; writes nothing. */
MUST_USE enum status wxr_survey(struct wxr_import *import, int fd, struct error *err);
/* Files copied, terms and bylines saved; ids filled in. What the database refuses is named in the report,
 * and the rest goes on without it. Not for a dry run. */
MUST_USE enum status wxr_save_terms(struct wxr_import *import, struct error *err);

/* wxr_settings.c: what the old site was called, its language and its clock. */
void wxr_clock_survey(struct wxr_import *import, const struct wxr_item *item);
/* Takes over what nobody has set here; *ret_taken: something was. A dry run only says so. */
MUST_USE enum status wxr_settings_offer(struct wxr_import *import, bool *ret_taken,
                                        struct error *err);

/* wxr_attachment.c */
void wxr_attachment_survey(struct wxr_import *import, const struct wxr_item *item);
/* Once all files are surveyed: those of earlier imports join them, and each post's are put in order. */
MUST_USE enum status wxr_attachments_known(struct wxr_import *import, struct error *err);
/* Copies the file of one that is not here yet, if it is at hand. */
void wxr_attachment_take(struct wxr_import *import, struct wxr_attachment *attachment);
MUST_USE enum status wxr_attachment_save(struct newsroom *desk, struct wxr_import *import,
                                         struct wxr_attachment *attachment, struct error *err);

/* wxr_replies.c */
struct wxr_reply_notes {
    int64_t left_out, circles; /* replies to comments that were left out; circles cut */
};
void wxr_replies_order(struct arena *arena, const struct wxr_item *item, struct wxr_story *story,
                       struct wxr_reply_notes *ret_notes);

/* wxr_later.c: pictures that come after their stories. On the writer's thread. */
/* Remembers that a story waits for pictures. */
MUST_USE enum status wxr_later_wait(struct newsroom *desk, struct wxr_batch *batch,
                                    const struct wxr_story *story, struct error *err);
/* Puts what came since into a story that waits, unless somebody changed its text. */
MUST_USE enum status wxr_later_put(struct newsroom *desk, struct wxr_batch *batch,
                                   struct wxr_story *story, story_id id, struct error *err);

/* wxr_save.c */
/* A store_write_fn for store_write_bulk: WXR_STEP_STORIES a step, or all while nobody waits. When the database refuses one story
 * or reply the step is undone, as a savepoint is; batch->refused is then where to write why, and the
 * step can be taken again without it. */
enum status wxr_save_step(struct store_tx *tx, void *batch, struct error *err);
/* The database is well, it will not have this one: text it cannot hold, a rule of a table. */
bool wxr_is_refusal(enum status st);
/* Menus, addresses of attachments; what is refused is named, as by wxr_save_terms. */
MUST_USE enum status wxr_save_rest(struct wxr_import *import, struct error *err);

/* wxr_import.c */
/* All of them are surveyed before anything is written: a bad one leaves the site as it was. When the old
 * site's settings are taken over, `options` gets the new ones, which are *ret_settings (else NULL): the
 * caller's to unref. */
MUST_USE enum status wxr_import_files(struct import_options *options, struct report *report,
                                      const str *paths, size_t count,
                                      struct site_settings **ret_settings, struct error *err);
