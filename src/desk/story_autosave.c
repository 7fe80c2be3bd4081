/* SPDX-License-Identifier: MIT
 *
 * What is written and not saved: kept every few seconds by the script, and by whatever refuses a save. It is one
 * small write, which touches nothing that readers see. The first keeping of a new story makes its draft, with a
 * headline, its writer's byline and no text: the text comes with a save. */
#include "base/arena.h"
#include "desk/look.h"
#include "desk/story_work.h"
#include "news/byline.h"
#include "news/story_lock.h"
#include "news/working_copy.h"
#include "store/store.h"
#include "text/utf8.h"

/* ---- keeping ---- */

bool story_forms_differ(const struct story_form *a, const struct story_form *b)
{
    for (int i = 0; i < STORY_FIELDS; i++) {
        if (!str_eq(a->values[i], b->values[i]))
            return true;
    }
    return false;
}

struct keeping {
    story_id id;
    const struct story_form *form;
    str json;
    struct story_latest latest;
};

enum status story_keep_in(struct errand *e, struct newsroom *room, story_id id,
                          const struct story_form *form, str json, struct error *err)
{
    return working_copy_keep(
        room,
        &(struct working_copy){.story = id,
                               .name = e->person->name,
                               .tab = form->tab,
                               .version = form->version,
                               .title = utf8_cut_bytes(form->values[FIELD_TITLE], STORY_TITLE_MAX),
                               .fields = json},
        &form->held, err);
}

static enum status keep(struct errand *e, struct newsroom *room, struct keeping *k,
                        struct error *err)
{
    return story_keep_in(e, room, k->id, k->form, k->json, err);
}

static enum status read_latest(struct newsroom *room, struct keeping *k, struct error *err)
{
    struct story_version now;
    struct story *story;
    int64_t kept = 1;
    struct store_conn *conn = store_tx_conn(room->tx);
    enum status st = story_version_now(conn, k->id, room->arena, &now, err);
    if (st == ST_OK)
        st = story_by_id(conn, k->id, room->arena, &story, err);
    if (st == ST_OK && k->form->version > 0)
        st = story_version_kept(conn, k->id, k->form->version, &kept, err);
    if (st == ST_OK)
        k->latest = (struct story_latest){.version = now.version,
                                          .state = story->state,
                                          .same_text = kept == 0,
                                          .by = now.saved_by_name,
                                          .at = now.saved_at};
    return st;
}

static enum status write_keep(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct keeping *k = arg;
    struct story *now;
    enum status st = story_still(e, room, k->id, ACT_READ, &now, err);
    if (st == ST_OK)
        st = keep(e, room, k, err);
    return st == ST_OK ? read_latest(room, k, err) : st;
}

enum status story_keep(struct errand *e, story_id id, const struct story_form *form,
                       struct story_latest *ret_latest, struct error *err)
{
    struct keeping k = {.id = id, .form = form};
    enum status st = story_form_json(e, form, &k.json, err);
    if (st == ST_OK)
        st = errand_write(e, write_keep, &k, err);
    if (st == ST_OK)
        *ret_latest = k.latest;
    return st;
}

enum status story_refuse(struct errand *e, const struct story_at *at, const struct story_form *form,
                         struct error *err)
{
    struct story_latest latest;
    bool kept = at->story != NULL && story_keep(e, at->story->id, form, &latest, err) == ST_OK;
    return error_set(err, ST_DENIED, "%.*s",
                     STR_ARG(errand_say(e, kept ? S("denied.story-kept") : S("denied.story"))));
}

/* ---- saved by another meanwhile ---- */

static str conflict_sentence(struct errand *e, const struct story_latest *latest)
{
    const struct look_argument arguments[] = {
        {S("name"), latest->by.len > 0 ? latest->by : errand_say(e, S("story.somebody"))},
        {S("state"),
         errand_say(e, str_format(e->arena, "story.state-%s", story_state_name(latest->state)))}};
    return look_say_with(e->tongue, latest->same_text ? S("conflict.state") : S("conflict.saved"),
                         arguments, ARRAY_LEN(arguments), e->arena);
}

enum status story_answer_conflict(struct errand *e, story_id id, const struct story_form *form,
                                  struct error *err)
{
    struct story_latest latest;
    str compare = story_desk_path(e, id, S("compare/"));
    enum status st = story_keep(e, id, form, &latest, err);
    if (st != ST_OK)
        return st;
    if (!errand_wants_json(e))
        return errand_go(e, compare);
    struct hbs_map *values = errand_values(e), *conflict = errand_values(e);
    hbs_map_set(conflict, S("version"), hbs_number((double)latest.version));
    hbs_map_set(conflict, S("state"), hbs_string(str_from_c(story_state_name(latest.state))));
    hbs_map_set(conflict, S("by"), hbs_string(latest.by));
    hbs_map_set(conflict, S("at"), hbs_string(time_to_iso(e->arena, latest.at)));
    hbs_map_set(conflict, S("compare"), hbs_string(compare));
    hbs_map_set(conflict, S("say"), hbs_string(conflict_sentence(e, &latest)));
    hbs_map_set(values, S("conflict"), hbs_map_value(conflict));
    return errand_json(e, 409, values, err);
}

/* ---- the route ---- */

static enum status prepare_draft(struct errand *e, const struct story_form *form,
                                 struct story_prepared *ready, struct error *err)
{
    str title = str_trim(form->values[FIELD_TITLE]);
    struct story_draft draft = {
        .kind = form->kind,
        .uuid = story_uuid(e),
        .title = title.len > 0 ? utf8_cut_bytes(title, STORY_TITLE_MAX)
                               : errand_say(e, S("story.untitled")),
        .replies_closed = form->kind == STORY_PAGE,
    };
    return story_prepare(e->arena, &draft, ready, err);
}

struct beginning {
    struct keeping keeping;
    struct story_prepared ready;
    struct story_form form;
    byline_id by;
};

static enum status write_beginning(struct errand *e, struct newsroom *room, void *arg,
                                   struct error *err)
{
    struct beginning *b = arg;
    enum status st =
        byline_for_person(room, e->person, right_has(e->person->role, RIGHT_EDIT_ALL), &b->by, err);
    b->ready.draft.bylines = &b->by;
    b->ready.draft.bylines_count = 1;
    if (st == ST_OK)
        st = story_save(room, &b->ready, &b->keeping.id, err);
    if (st != ST_OK)
        return st;
    b->form.version = 1;
    st = keep(e, room, &b->keeping, err);
    return st == ST_OK ? errand_log(e, room, S("story.begun"), story_subject(e, b->keeping.id), err)
                       : st;
}

static enum status begin(struct errand *e, const struct story_form *form, story_id *ret_id,
                         struct error *err)
{
    struct beginning b = {.form = *form};
    b.keeping.form = &b.form;
    enum status st = story_form_json(e, form, &b.keeping.json, err);
    if (st == ST_OK)
        st = prepare_draft(e, form, &b.ready, err);
    if (st == ST_OK)
        st = errand_write(e, write_beginning, &b, err);
    if (st == ST_OK)
        *ret_id = b.keeping.id;
    return st;
}

static enum status write_same(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct keeping *k = arg;
    (void)e;
    return working_copy_drop(room, k->id, k->form->tab, &k->form->held, err);
}

/* What is as it was saved need not be kept; what this page had kept or held before is another text. */
static enum status keep_or_drop(struct errand *e, const struct story_at *at,
                                const struct story_form *form, struct error *err)
{
    struct story_latest latest;
    struct working_copy *copy;
    story_id id = at->story->id;
    if (form->version != at->story->version || story_forms_differ(form, &at->saved))
        return story_keep(e, id, form, &latest, err);
    enum status st = working_copy_of(e->conn, id, e->person->id, form->tab, e->arena, &copy, err);
    if (st == ST_OK || (st == ST_NOT_FOUND && form->held.kept_at != 0))
        return errand_write(e, write_same, &(struct keeping){.id = id, .form = form}, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

struct hbs_map *story_lock_map(struct errand *e, const struct story_lock *lock)
{
    struct hbs_map *values = errand_values(e);
    bool mine = lock == NULL || lock->person.v == e->person->id.v;
    hbs_map_set(values, S("mine"), hbs_bool(mine));
    if (!mine) {
        hbs_map_set(values, S("by"), hbs_string(lock->name));
        hbs_map_set(values, S("since"), hbs_string(time_to_iso(e->arena, lock->since)));
        hbs_map_set(values, S("may_take"), hbs_bool(true));
    }
    return values;
}

static enum status answer_kept(struct errand *e, story_id id, struct error *err)
{
    struct story_lock lock;
    str path = story_desk_path(e, id, STR_NONE);
    if (!errand_wants_json(e))
        return errand_done(e, path, S("story-kept"));
    enum status st = story_lock_find(e->conn, id, e->now, e->arena, &lock, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("saved_at"), hbs_string(time_to_iso(e->arena, e->now)));
    hbs_map_set(values, S("id"), hbs_number((double)id.v));
    hbs_map_set(values, S("path"), hbs_string(path));
    hbs_map_set(values, S("lock"), hbs_map_value(story_lock_map(e, st == ST_OK ? &lock : NULL)));
    return errand_json(e, 200, values, err);
}

static enum status autosave(struct errand *e, struct story_at *at, struct error *err)
{
    struct story_form form;
    enum status st = story_at_form(e, at, err);
    if (st != ST_OK)
        return st;
    story_form_read(e, &at->saved, &form);
    if (at->again && form.version == 0)
        form.version = 1; /* what made it: nothing was saved since, or its save will ask */
    story_id id = at->story != NULL ? at->story->id : (story_id){0};
    if (!story_may(e, at, ACT_EDIT))
        return story_refuse(e, at, &form, err);
    st = at->story != NULL ? keep_or_drop(e, at, &form, err) : begin(e, &form, &id, err);
    return st == ST_OK ? answer_kept(e, id, err) : st;
}

enum status story_autosave(struct errand *e, struct error *err)
{
    struct story_at at;
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    return st == ST_OK ? autosave(e, &at, err) : st;
}

enum status story_new_autosave(struct errand *e, struct error *err)
{
    struct story_at at;
    enum story_kind kind = str_eq(errand_value(e, S("kind")), S("page")) ? STORY_PAGE : STORY_STORY;
    enum status st = story_at_made(e, &at, err);
    if (st == ST_NOT_FOUND)
        st = story_at_new(e, kind, &at, err);
    return st == ST_OK ? autosave(e, &at, err) : st;
}
