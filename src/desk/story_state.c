/* SPDX-License-Identifier: MIT
 *
 * What the buttons of a story's form do: save, publish, schedule, unpublish, all with the text as it was sent; and
 * into the bin, out of it, away for good. */
#include "base/arena.h"
#include "desk/story_check.h"
#include "desk/story_work.h"
#include "media/media.h"
#include "news/working_copy.h"
#include "store/store.h"

/* ---- saving ---- */

static const struct wish {
    str name;
    enum story_wish wish;
    enum story_act act;
    str done, log;
} wishes[] = {
    {STR_INIT("save"), WISH_SAVE, ACT_EDIT, STR_INIT("story-saved"), STR_INIT("story.saved")},
    {STR_INIT("publish"), WISH_PUBLISH, ACT_PUBLISH, STR_INIT("story-published"),
     STR_INIT("story.published")},
    {STR_INIT("schedule"), WISH_SCHEDULE, ACT_PUBLISH, STR_INIT("story-scheduled"),
     STR_INIT("story.scheduled")},
    {STR_INIT("unpublish"), WISH_UNPUBLISH, ACT_UNPUBLISH, STR_INIT("story-unpublished"),
     STR_INIT("story.unpublished")},
};

static const struct wish restored = {STR_INIT("save"), WISH_SAVE, ACT_EDIT,
                                     STR_INIT("story-version-restored"),
                                     STR_INIT("story.version-restored")};

struct saving {
    const struct wish *wish;
    struct story_at *at;
    struct story_form form;
    struct story_filled filled;
    struct story_prepared ready;
    struct story *after; /* as the write left it */
};

static enum status change_state(struct newsroom *room, const struct saving *s, story_id id,
                                struct error *err)
{
    switch (s->wish->wish) {
    case WISH_SAVE:
        break;
    case WISH_PUBLISH:
        return story_publish(room, id, room->now, err);
    case WISH_SCHEDULE:
        return story_schedule(room, id, s->filled.published_at, err);
    case WISH_UNPUBLISH:
        return story_unpublish(room, id, err);
    }
    return ST_OK;
}

/* The state first where the story leaves readers' sight: no page is made of it in between either way, as
 * all of it is one write. */
static enum status write_story(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    struct saving *s = arg;
    struct story *now;
    story_id id = {0};
    enum status st = ST_OK;
    if (s->at->story != NULL)
        st = story_still(e, room, s->at->story->id, ACT_EDIT, &now, err);
    if (st == ST_OK && s->at->story != NULL)
        st = story_still(e, room, s->at->story->id, s->wish->act, &now, err);
    if (st == ST_OK)
        st = story_form_resolve(e, room, s->at->story, &s->filled, err);
    if (st != ST_OK)
        return st;
    s->ready.draft.tags = s->filled.draft.tags;
    s->ready.draft.tags_count = s->filled.draft.tags_count;
    s->ready.draft.bylines = s->filled.draft.bylines;
    s->ready.draft.bylines_count = s->filled.draft.bylines_count;
    st = story_save(room, &s->ready, &id, err);
    if (st == ST_OK && s->filled.picks_changed)
        st = related_pick(room, id, s->filled.picks, s->filled.picks_count, err);
    if (st == ST_OK)
        st = change_state(room, s, id, err);
    if (st == ST_OK)
        st = working_copy_drop(room, id, s->form.tab, &s->form.held, err);
    if (st == ST_OK)
        st = errand_log(e, room, s->wish->log, story_subject(e, id), err);
    return st == ST_OK ? story_by_id(store_tx_conn(room->tx), id, e->arena, &s->after, err) : st;
}

/* ---- answers ---- */

static enum status answer_saved(struct errand *e, const struct saving *s,
                                const struct story_note *notes, size_t count, struct error *err)
{
    const struct story *after = s->after;
    str path = story_desk_path(e, after->id, STR_NONE);
    if (!errand_wants_json(e))
        return errand_done(e, path, s->wish->done);
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("id"), hbs_number((double)after->id.v));
    hbs_map_set(values, S("path"), hbs_string(path));
    hbs_map_set(values, S("version"), hbs_number((double)after->version));
    hbs_map_set(values, S("state"), hbs_string(str_from_c(story_state_name(after->state))));
    hbs_map_set(values, S("saved_at"), hbs_string(time_to_iso(e->arena, e->now)));
    hbs_map_set(values, S("published_at"), hbs_string(story_form_time(e, after->published_at)));
    hbs_map_set(values, S("slug"), hbs_string(after->slug));
    hbs_map_set(values, S("html"), hbs_string(s->ready.clean.raw));
    hbs_map_set(values, S("say"),
                hbs_string(errand_say(e, str_join2(e->arena, S("done."), s->wish->done))));
    if (count > 0)
        hbs_map_set(values, S("checks"), story_notes_value(e->arena, notes, count));
    return errand_json(e, 200, values, err);
}

static enum status answer_wrong(struct errand *e, const struct saving *s,
                                const struct errand_form *shown, struct error *err)
{
    if (!errand_wants_json(e))
        return story_edit_page(
            e, s->at, &(struct story_sheet){.form = &s->form, .wrong = shown, .code = 422}, err);
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("wrong"), hbs_map_value(shown->wrong));
    return errand_json(e, 422, values, err);
}

static enum status answer_notes(struct errand *e, const struct saving *s,
                                const struct story_note *notes, size_t count, struct error *err)
{
    if (!errand_wants_json(e))
        return story_edit_page(e, s->at,
                               &(struct story_sheet){.form = &s->form,
                                                     .notes = notes,
                                                     .notes_count = count,
                                                     .wish = s->wish->name,
                                                     .code = 422},
                               err);
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("checks"), story_notes_value(e->arena, notes, count));
    return errand_json(e, 422, values, err);
}

/* ---- the way of a save ---- */

/* What the sanitizer and the counters say against a text. */
static enum status prepare(struct errand *e, struct saving *s, struct errand_form *shown,
                           struct error *err)
{
    s->filled.draft.pictures = media_lookup(e->arena, e->conn);
    enum status st = story_prepare(e->arena, &s->filled.draft, &s->ready, err);
    if (st != ST_INVALID && st != ST_TOO_BIG)
        return st;
    story_wrong(e, shown, FIELD_HTML, S("wrong.html"), S("why"),
                str_copy(e->arena, str_from_c(err->text)));
    return ST_OK;
}

/* The form that made a story, sent once more (its answer was lost, or the button pressed twice): what it asks for is
 * there. */
static bool is_done(const struct saving *s)
{
    const struct story *story = s->at->story;
    if (!s->at->again)
        return false;
    bool there = s->wish->wish == WISH_SAVE ||
                 (s->wish->wish == WISH_PUBLISH && story->state == STORY_PUBLISHED) ||
                 (s->wish->wish == WISH_SCHEDULE && story->state == STORY_SCHEDULED);
    return there && str_eq(story->title, s->ready.draft.title) &&
           str_eq(story->standfirst, s->ready.draft.standfirst) &&
           str_eq(s->at->saved.values[FIELD_HTML], s->ready.clean.raw);
}

static enum status save(struct errand *e, struct saving *s, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form shown = errand_form(e, values);
    struct story_note *notes = NULL;
    size_t count = 0;
    bool looks = s->wish->act == ACT_PUBLISH && errand_value(e, S("checked")).len == 0;
    enum status st = story_form_draft(e, &s->form, s->at->story, &s->at->saved, s->wish->wish,
                                      &shown, &s->filled, err);
    if (s->at->story == NULL)
        s->filled.draft.uuid = story_uuid(e);
    if (st == ST_OK && shown.wrong_count == 0)
        st = prepare(e, s, &shown, err);
    if (st == ST_OK && shown.wrong_count > 0)
        return answer_wrong(e, s, &shown, err);
    if (st == ST_OK && is_done(s)) {
        s->after = s->at->story;
        return answer_saved(e, s, NULL, 0, err);
    }
    if (st == ST_OK && looks)
        st = story_check(e, &s->ready, s->at->story, &notes, &count, err);
    if (st == ST_OK && looks && story_notes_hold(notes, count))
        return answer_notes(e, s, notes, count, err);
    if (st == ST_OK)
        st = errand_write(e, write_story, s, err);
    if (st == ST_CONFLICT && s->at->story != NULL)
        return story_answer_conflict(e, s->at->story->id, &s->form, err);
    if (st == ST_DENIED)
        return story_refuse(e, s->at, &s->form, err);
    return st == ST_OK ? answer_saved(e, s, notes, count, err) : st;
}

/* "checked" is the button that goes on in spite of what was found: it says what was asked for. */
static const struct wish *wish_asked(struct errand *e)
{
    str name = errand_value(e, S("do"));
    if (name.len == 0)
        name = errand_value(e, S("checked"));
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        if (str_eq(wishes[i].name, name))
            return &wishes[i];
    }
    return NULL;
}

static enum status save_asked(struct errand *e, struct story_at *at, struct error *err)
{
    struct saving s = {.wish = wish_asked(e), .at = at};
    if (s.wish == NULL)
        s.wish = &wishes[0]; /* Enter in a field: nothing that readers see without asking */
    enum status st = story_at_form(e, at, err);
    if (st != ST_OK)
        return st;
    story_form_read(e, &at->saved, &s.form);
    if (!story_may(e, at, ACT_EDIT) || !story_may(e, at, s.wish->act))
        return story_refuse(e, at, &s.form, err);
    if (at->story != NULL && at->story->state == STORY_PUBLISHED && s.wish->wish == WISH_PUBLISH)
        s.wish = &wishes[0];
    if (at->again && s.form.version == 0)
        s.form.version = 1; /* nothing was saved since, or it asks */
    if (at->story != NULL && s.form.version < 1)
        s.form.version = -1; /* a form that does not say is of no version: it asks */
    return save(e, &s, err);
}

enum status story_save_form(struct errand *e, struct story_at *at, const struct story_form *form,
                            enum story_save_as as, struct error *err)
{
    struct saving s = {
        .wish = as == STORY_VERSION_RESTORED ? &restored : &wishes[0], .at = at, .form = *form};
    return save(e, &s, err);
}

/* ---- the bin ---- */

struct moving {
    story_id id;
    enum story_act act;
    str log;
    bool sure;                     /* others' unsaved text may go with it */
    const struct story_form *form; /* what was written and not saved, on the way into the bin */
};

/* What colleagues wrote and did not save would go with it: whoever deletes it has been told so, or is. */
static enum status refuse_others(struct errand *e, struct newsroom *room, story_id id,
                                 struct error *err)
{
    struct working_copy *copies;
    size_t count;
    enum status st =
        working_copy_list(store_tx_conn(room->tx), id, room->arena, &copies, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        if (copies[i].person.v != room->person.v)
            return error_set(err, ST_CONFLICT, "%.*s",
                             STR_ARG(errand_say(e, S("error.others-text"))));
    }
    return st;
}

static enum status write_move(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct moving *m = arg;
    struct story *now;
    str json;
    enum status st = story_still(e, room, m->id, m->act, &now, err);
    if (st == ST_OK && m->form != NULL)
        st = story_form_json(e, m->form, &json, err);
    if (st == ST_OK && m->form != NULL)
        st = story_keep_in(e, room, m->id, m->form, json, err);
    if (st == ST_OK && m->act == ACT_DELETE && !m->sure)
        st = refuse_others(e, room, m->id, err);
    if (st != ST_OK)
        return st;
    st = m->act == ACT_TRASH     ? story_trash(room, m->id, err)
         : m->act == ACT_RESTORE ? story_restore(room, m->id, err)
                                 : story_delete(room, m->id, err);
    return st == ST_OK ? errand_log(e, room, m->log, story_subject(e, m->id), err) : st;
}

static enum status move(struct errand *e, struct story_at *at, enum story_act act, str log,
                        str path, str done, struct error *err)
{
    struct moving m = {.id = at->story->id,
                       .act = act,
                       .log = log,
                       .sure = str_eq(errand_value(e, S("do")), S("delete-all"))};
    struct story_form form;
    enum status st = ST_OK;
    if (!story_may(e, at, act))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.story"))));
    if (act == ACT_TRASH && http_form_field(&e->form, S("html")) != NULL) {
        st = story_at_form(e, at, err);
        story_form_read(e, &at->saved, &form);
        if (st == ST_OK && story_forms_differ(&form, &at->saved))
            m.form = &form;
    }
    if (st == ST_OK)
        st = errand_write(e, write_move, &m, err);
    return st == ST_OK ? errand_done(e, path, done) : st;
}

struct discarding {
    story_id id;
    struct story_form form; /* its page's marks */
};

static enum status write_discard(struct errand *e, struct newsroom *room, void *arg,
                                 struct error *err)
{
    const struct discarding *d = arg;
    enum status st = working_copy_drop(room, d->id, d->form.tab, &d->form.held, err);
    return st == ST_OK ? errand_log(e, room, S("story.discarded"), story_subject(e, d->id), err)
                       : st;
}

/* What the page showed; of a page that does not say, the newest. */
static enum status discard(struct errand *e, const struct story_at *at, struct error *err)
{
    struct discarding d = {.id = at->story->id};
    struct working_copy *copy;
    story_form_read(e, &at->saved, &d.form);
    if (d.form.tab.len == 0 && d.form.held.kept_at == 0) {
        enum status st = working_copy_get(e->conn, d.id, e->person->id, e->arena, &copy, err);
        if (st == ST_OK)
            d.form.held = (struct working_copy_held){copy->tab, copy->kept_at};
        else if (st != ST_NOT_FOUND)
            return st;
    }
    return errand_write(e, write_discard, &d, err);
}

/* ---- the routes ---- */

enum status story_edit_post(struct errand *e, struct error *err)
{
    struct story_at at;
    str what = errand_value(e, S("do"));
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st != ST_OK)
        return st;
    str here = story_desk_path(e, at.story->id, STR_NONE);
    if (str_eq(what, S("trash")))
        return move(e, &at, ACT_TRASH, S("story.trashed"), here, S("story-trashed"), err);
    if (str_eq(what, S("restore")))
        return move(e, &at, ACT_RESTORE, S("story.restored"), here, S("story-restored"), err);
    if (str_eq(what, S("delete")) || str_eq(what, S("delete-all")))
        return move(e, &at, ACT_DELETE, S("story.deleted"), S("/desk/stories/"), S("story-deleted"),
                    err);
    if (str_eq(what, S("discard"))) {
        st = discard(e, &at, err);
        return st == ST_OK ? errand_done(e, here, S("story-discarded")) : st;
    }
    return save_asked(e, &at, err);
}

/* A form that was sent before, its answer lost, is that story's by now. */
enum status story_new_post(struct errand *e, struct error *err)
{
    struct story_at at;
    enum story_kind kind = str_eq(errand_value(e, S("kind")), S("page")) ? STORY_PAGE : STORY_STORY;
    enum status st = story_at_made(e, &at, err);
    if (st == ST_NOT_FOUND)
        st = story_at_new(e, kind, &at, err);
    return st == ST_OK ? save_asked(e, &at, err) : st;
}
