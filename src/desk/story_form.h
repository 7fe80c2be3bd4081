/* desk/story_form.h -- inside desk/: the form a story is written in, and the ways between it and what is kept.
 *
 *        story --story_form_of--> +------+ --story_form_json-------> working copy
 *       posted --story_form_read->| form | <-story_form_from_json---
 *                                 +------+ --story_form_draft------> story_draft, tags, bylines, picks
 *
 * Each field is text under one name: that of the form's input, of the working copy's JSON and of the sentence
 * that stands by it when it is wrong. The table in story_form.c has them all.
 *
 * A field that was not sent is what the story has: a page without the settings, or a script that sends less,
 * empties nothing. The same holds for fields that somebody's role does not fill in: bylines, and code
 * that runs in everybody's browsers.
 *
 * Memory: e->arena. Threads: as errand.h; story_form_names and _resolve in a write. */
#pragma once
#include "desk/errand.h"
#include "discover/related.h"
#include "news/working_copy.h"

enum story_field {
    FIELD_TITLE,
    FIELD_HTML,
    FIELD_SLUG,
    FIELD_STANDFIRST,
    FIELD_IMAGE,
    FIELD_IMAGE_ALT,
    FIELD_IMAGE_CAPTION,
    FIELD_TAGS,
    FIELD_BYLINES,
    FIELD_PUBLISHED_AT,
    FIELD_VISIBILITY,
    FIELD_REPLIES,
    FIELD_LANGUAGE,
    FIELD_DATELINE,
    FIELD_SOURCE,
    FIELD_PICKS,
    FIELD_TEMPLATE,
    FIELD_CANONICAL,
    FIELD_META_TITLE,
    FIELD_META_DESCRIPTION,
    FIELD_OG_TITLE,
    FIELD_OG_DESCRIPTION,
    FIELD_OG_IMAGE,
    FIELD_TWITTER_TITLE,
    FIELD_TWITTER_DESCRIPTION,
    FIELD_TWITTER_IMAGE,
    FIELD_CODE_HEAD,
    FIELD_CODE_FOOT,
    FIELD_FEATURED,
    FIELD_SHOW_TITLE,
    FIELD_REVISED,
    STORY_FIELDS
};

struct story_form {
    enum story_kind kind;
    str tab; /* which page of theirs it is in: hidden in it, and new with each */
    struct working_copy_held held; /* the working copy that the page began from */
    int64_t version; /* of the story, from which the writing began; 0: a new one, or not said */
    str values[STORY_FIELDS];
};

str story_field_name(enum story_field field);
str story_field_label(enum story_field field); /* a key of the strings */
bool story_field_is_tick(enum story_field field);
/* Whether the role of whoever asks fills it in. */
bool story_field_is_theirs(const struct errand *e, enum story_field field);

/* ---- to a form ---- */

/* Of a new one by whoever asks. */
MUST_USE enum status story_form_new(struct errand *e, enum story_kind kind,
                                    struct story_form *ret_form, struct error *err);
/* Of a story as it is saved; loads its terms, body and picks. */
MUST_USE enum status story_form_of(struct errand *e, struct story *story,
                                   struct story_form *ret_form, struct error *err);
/* What was sent, over `saved`. */
void story_form_read(struct errand *e, const struct story_form *saved, struct story_form *ret_form);

/* ---- working copies ---- */

/* ST_TOO_BIG when a field is over its limit. */
MUST_USE enum status story_form_json(struct errand *e, const struct story_form *form, str *ret_json,
                                     struct error *err);
/* What is not in it, and what this person's role does not fill in (it may be another's), is as in `saved`. ST_INVALID when it is not what story_form_json wrote. */
MUST_USE enum status story_form_from_json(struct errand *e, str json,
                                          const struct story_form *saved,
                                          struct story_form *ret_form, struct error *err);

/* ---- showing it ---- */

/* A page's own mark, and "TAB-TIME" of what it held, as its hidden fields have them. */
str story_tab_new(struct errand *e);
str story_held_text(struct errand *e, const struct working_copy_held *held);
/* "form" of the page's values, from every field. */
void story_form_put(const struct story_form *form, struct errand_form *shown);
/* In a write's answer: as the site's clock shows it, "2026-03-29T02:30"; empty for 0. */
str story_form_time(struct errand *e, time_us at);

/* ---- from a form ---- */

enum { STORY_PICKS_MAX = RELATED_SHOWN };

struct story_names {
    str *names;
    size_t count;
};

/* Everything a save needs, but the ids of tags and bylines, which may have to be made in the write. */
struct story_filled {
    struct story_draft draft;
    struct story_names tags, bylines;
    story_id picks[STORY_PICKS_MAX];
    size_t picks_count;
    bool picks_changed;
    time_us published_at; /* as chosen; 0: not */
};

enum story_wish { WISH_SAVE, WISH_PUBLISH, WISH_SCHEDULE, WISH_UNPUBLISH };

/* `old` (NULL: a new one) and `saved` as story_form_of had them. What is wrong stands by its field in
 * `shown`, and the draft is then not to be used. */
MUST_USE enum status story_form_draft(struct errand *e, const struct story_form *form,
                                      const struct story *old, const struct story_form *saved,
                                      enum story_wish wish, struct errand_form *shown,
                                      struct story_filled *ret_filled, struct error *err);
/* In the write: the ids of tags and bylines, into the draft. */
MUST_USE enum status story_form_resolve(struct errand *e, struct newsroom *room,
                                        const struct story *old, struct story_filled *filled,
                                        struct error *err);

/* "Harbour, #lead, "Smith, Jones and Sons"": parted by commas, in quotes where one holds a comma. */
struct story_names story_names_split(struct arena *arena, str text);
str story_names_join(struct arena *arena, const str *names, size_t count);

/* The headline of another's story, for a sentence: who may not see it yet is told that there is one. */
str story_title_told(const struct errand *e, const struct story *story);
/* Whether it is one of the theme's for a story: "custom-wide". */
bool story_template_fits(const struct errand *e, str template);

/* A sentence by a field, with what it names filled in. */
void story_wrong(struct errand *e, struct errand_form *shown, enum story_field field, str key,
                 str name, str value);
