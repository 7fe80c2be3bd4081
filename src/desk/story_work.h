/* desk/story_work.h -- inside desk/: what the files about one story share.
 *
 *     st = story_at_hand(e, ACT_EDIT, &at, err);          // of the path's :id; 403 when they may not
 *     ... errand_write(e, fn, ...):
 *         st = story_still(e, room, at.story->id, ACT_EDIT, &now, err);   // and once more, as it is by then
 *
 *     story_form.c    fields, to and from what is kept      story_check.c     what is asked before publishing
 *     story_edit.c    the page with the form                story_versions.c  versions, comparing, choosing
 *     story_state.c   saving, publishing, binning           story_preview.c   before readers see it
 *     story_autosave.c  what is not saved; who is at it     story_correct.c   corrections
 *
 * Threads: as errand.h. */
#pragma once
#include "desk/story_form.h"

struct story_at {
    struct story *story; /* NULL: a new one */
    bool own;
    bool again; /* found by its form's own number: what made it, sent once more by them */
    struct story_form saved; /* as the story is, or as a new one begins */
};

/* ST_NOT_FOUND, ST_DENIED. The form is filled by story_at_form. */
MUST_USE enum status story_at_hand(struct errand *e, enum story_act act, struct story_at *ret_at,
                                   struct error *err);
/* Of a new one: ST_DENIED for a page by who may not make pages. */
MUST_USE enum status story_at_new(struct errand *e, enum story_kind kind, struct story_at *ret_at,
                                  struct error *err);
/* The story that this very form made, when it was sent before: ST_NOT_FOUND. */
MUST_USE enum status story_at_made(struct errand *e, struct story_at *ret_at, struct error *err);
MUST_USE enum status story_at_form(struct errand *e, struct story_at *at, struct error *err);
bool story_may(const struct errand *e, const struct story_at *at, enum story_act act);

/* In a write: the story as it is now, if they may still. */
MUST_USE enum status story_still(struct errand *e, struct newsroom *room, story_id id,
                                 enum story_act act, struct story **ret_now, struct error *err);

/* "/desk/stories/12/preview/" */
str story_desk_path(struct errand *e, story_id id, str rest);
str story_subject(struct errand *e, story_id id); /* "story:12", for the log */
/* A new story's number of its own, from its form: a form that is sent twice makes one story. */
str story_uuid(struct errand *e);

/* ---- the page with the form ---- */

struct story_note; /* story_check.h */

/* What stands on the page beside the story: all of it may be absent. */
struct story_sheet {
    const struct story_form
        *form; /* what the fields hold; NULL: the working copy, else the story */
    const struct errand_form *wrong;
    const struct story_note *notes; /* what is to be looked at before publishing */
    size_t notes_count;
    str correction; /* that was typed and not taken */
    str wish;       /* what was asked for when they were found: "publish" */
    int code;       /* 0: 200 */
};
MUST_USE enum status story_edit_page(struct errand *e, struct story_at *at,
                                     const struct story_sheet *page, struct error *err);

/* Saves this form as the button of its page would, and answers so. */
enum story_save_as { STORY_SAVED, STORY_VERSION_RESTORED };
MUST_USE enum status story_save_form(struct errand *e, struct story_at *at,
                                     const struct story_form *form, enum story_save_as as,
                                     struct error *err);

/* ---- what is not saved ---- */

/* Keeps `form` as the working copy of whoever asks. Who saved the story last, and its version, as they
 * are by then. */
struct story_latest {
    int64_t version;
    enum story_state state;
    bool same_text; /* nobody saved other words since form->version */
    str by;
    time_us at;
};
MUST_USE enum status story_keep(struct errand *e, story_id id, const struct story_form *form,
                                struct story_latest *ret_latest, struct error *err);
/* In a write, the form as story_form_json has it. */
MUST_USE enum status story_keep_in(struct errand *e, struct newsroom *room, story_id id,
                                   const struct story_form *form, str json, struct error *err);
/* The same, where it may not be saved: ST_DENIED, with a sentence that says that it is kept. */
MUST_USE enum status story_refuse(struct errand *e, const struct story_at *at,
                                  const struct story_form *form, struct error *err);
bool story_forms_differ(const struct story_form *a, const struct story_form *b);
/* {"mine": false, "by": ..., "since": ..., "may_take": true}; NULL: nobody else has it. */
struct story_lock;
struct hbs_map *story_lock_map(struct errand *e, const struct story_lock *lock);
/* A story that was saved meanwhile: 409, or the way to the page that shows both. What was sent is kept. */
MUST_USE enum status story_answer_conflict(struct errand *e, story_id id,
                                           const struct story_form *form, struct error *err);
