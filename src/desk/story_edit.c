/* SPDX-License-Identifier: MIT
 *
 * The page where a story is written. It takes the same few statements whatever there is: the story, its terms, body
 * and picks, what is not saved, who is at it, who saved it. */
#include "base/arena.h"
#include "base/random.h"
#include "desk/look.h"
#include "desk/story_check.h"
#include "desk/story_work.h"
#include "news/correction.h"
#include "news/setting.h"
#include "news/story_lock.h"
#include "news/working_copy.h"
#include "store/store.h"

/* ---- the story at hand ---- */

static struct right_story right_story(const struct story_at *at)
{
    if (at->story == NULL)
        return (struct right_story){true, at->saved.kind, STORY_DRAFT};
    return (struct right_story){at->own, at->story->kind, at->story->state};
}

bool story_may(const struct errand *e, const struct story_at *at, enum story_act act)
{
    struct right_story story = right_story(at);
    return right_over_story(e->person->role, &story, act);
}

static enum status denied(struct errand *e, struct error *err)
{
    return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.story"))));
}

enum status story_at_hand(struct errand *e, enum story_act act, struct story_at *ret_at,
                          struct error *err)
{
    struct story_at at = {0};
    enum status st =
        story_by_id(e->conn, (story_id){errand_id(e, S("id"))}, e->arena, &at.story, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-story"))));
    if (st == ST_OK)
        st = story_is_by(e->conn, at.story->id, e->person->id, &at.own, err);
    if (st != ST_OK)
        return st;
    at.saved.kind = at.story->kind;
    if (!story_may(e, &at, act))
        return denied(e, err);
    *ret_at = at;
    return ST_OK;
}

enum status story_at_new(struct errand *e, enum story_kind kind, struct story_at *ret_at,
                         struct error *err)
{
    struct story_at at = {.saved.kind = kind};
    if (!story_may(e, &at, ACT_EDIT))
        return denied(e, err);
    *ret_at = at;
    return ST_OK;
}

enum status story_at_made(struct errand *e, struct story_at *ret_at, struct error *err)
{
    struct story_at at = {0};
    struct story_version now;
    str uuid = errand_value(e, S("uuid"));
    if (uuid.len == 0)
        return error_set(err, ST_NOT_FOUND, "the form has no number of its own");
    enum status st = story_by_uuid(e->conn, uuid, e->arena, &at.story, err);
    if (st == ST_OK)
        st = story_is_by(e->conn, at.story->id, e->person->id, &at.own, err);
    if (st == ST_OK)
        st = story_version_now(e->conn, at.story->id, e->arena, &now, err);
    if (st != ST_OK)
        return st;
    at.again = now.saved_by.v == e->person->id.v;
    at.saved.kind = at.story->kind;
    if (!story_may(e, &at, ACT_READ))
        return denied(e, err);
    *ret_at = at;
    return ST_OK;
}

enum status story_at_form(struct errand *e, struct story_at *at, struct error *err)
{
    return at->story == NULL ? story_form_new(e, at->saved.kind, &at->saved, err)
                             : story_form_of(e, at->story, &at->saved, err);
}

enum status story_still(struct errand *e, struct newsroom *room, story_id id, enum story_act act,
                        struct story **ret_now, struct error *err)
{
    struct story_at at = {0};
    struct store_conn *conn = store_tx_conn(room->tx);
    enum status st = story_by_id(conn, id, room->arena, &at.story, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-story"))));
    if (st == ST_OK)
        st = story_is_by(conn, id, e->person->id, &at.own, err);
    if (st != ST_OK)
        return st;
    if (!story_may(e, &at, act))
        return denied(e, err);
    *ret_now = at.story;
    return ST_OK;
}

str story_desk_path(struct errand *e, story_id id, str rest)
{
    return str_format(e->arena, "/desk/stories/%lld/%.*s", (long long)id.v, STR_ARG(rest));
}

str story_subject(struct errand *e, story_id id)
{
    return str_format(e->arena, "story:%lld", (long long)id.v);
}

/* ---- what stands beside the form ---- */

static struct hbs_value number(int64_t n)
{
    return hbs_number((double)n);
}

static void put_rights(struct errand *e, const struct story_at *at, struct hbs_map *values)
{
    static const struct {
        str name;
        enum story_act act;
    } may[] = {
        {STR_INIT("may_edit"), ACT_EDIT},           {STR_INIT("may_publish"), ACT_PUBLISH},
        {STR_INIT("may_unpublish"), ACT_UNPUBLISH}, {STR_INIT("may_trash"), ACT_TRASH},
        {STR_INIT("may_restore"), ACT_RESTORE},     {STR_INIT("may_delete"), ACT_DELETE},
        {STR_INIT("may_correct"), ACT_CORRECT},     {STR_INIT("may_corrections"), ACT_CORRECTIONS},
    };
    for (size_t i = 0; i < ARRAY_LEN(may); i++)
        hbs_map_set(values, may[i].name, hbs_bool(story_may(e, at, may[i].act)));
    hbs_map_set(values, S("may_bylines"), hbs_bool(story_field_is_theirs(e, FIELD_BYLINES)));
    hbs_map_set(values, S("may_code"), hbs_bool(story_field_is_theirs(e, FIELD_CODE_HEAD)));
}

str story_uuid(struct errand *e)
{
    enum { UUID_LEN = 36 };
    str sent = errand_value(e, S("uuid"));
    bool good = sent.len == UUID_LEN;
    for (size_t i = 0; good && i < sent.len; i++) {
        char c = sent.ptr[i];
        good = c == '-' || ascii_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return good ? sent : random_uuid(e->rng, e->arena);
}

static void put_story(struct errand *e, const struct story_at *at, struct hbs_map *values)
{
    const struct story *s = at->story;
    bool page = at->saved.kind == STORY_PAGE;
    hbs_map_set(values, S("email"),
                hbs_string(e->person->email)); /* whom the browser's journal is of */
    hbs_map_set(values, S("kind"), hbs_string(page ? S("page") : S("story")));
    hbs_map_set(values, S("is_page"), hbs_bool(page));
    hbs_map_set(values, S("zone"), hbs_string(e->edition->settings->timezone));
    if (s == NULL) {
        hbs_map_set(values, S("path"), hbs_string(S("/desk/stories/new/")));
        hbs_map_set(values, S("state"), hbs_string(S("new")));
        hbs_map_set(values, S("uuid"), hbs_string(story_uuid(e)));
        hbs_map_set(values, S("version"), number(0));
        return;
    }
    hbs_map_set(values, S("id"), number(s->id.v));
    hbs_map_set(values, S("path"), hbs_string(story_desk_path(e, s->id, STR_NONE)));
    hbs_map_set(values, S("state"), hbs_string(str_from_c(story_state_name(s->state))));
    hbs_map_set(values, S("title"), hbs_string(s->title));
    if (s->published_at != 0)
        hbs_map_set(values, S("at"), number(s->published_at));
    hbs_map_set(values, S("was_published"), hbs_bool(s->was_published));
    if (s->state == STORY_PUBLISHED)
        hbs_map_set(values, S("address"), hbs_string(str_join3(e->arena, S("/"), s->slug, S("/"))));
}

static enum status put_saved(struct errand *e, const struct story_at *at, struct hbs_map *values,
                             struct error *err)
{
    struct story_version now;
    enum status st = story_version_now(e->conn, at->story->id, e->arena, &now, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("saved_at"), number(now.saved_at));
    hbs_map_set(values, S("saved_by"), hbs_string_or_null(now.saved_by_name));
    return ST_OK;
}

static enum status put_lock(struct errand *e, const struct story_at *at, struct hbs_map *values,
                            struct error *err)
{
    struct story_lock lock;
    enum status st = story_lock_find(e->conn, at->story->id, e->now, e->arena, &lock, err);
    if (st == ST_OK && lock.person.v != e->person->id.v) {
        hbs_map_set(values, S("locked_by"), hbs_string(lock.name));
        hbs_map_set(values, S("locked_since"), number(lock.since));
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status put_corrections(struct errand *e, const struct story_at *at,
                                   struct hbs_map *values, struct error *err)
{
    struct correction *list;
    size_t count;
    if (at->story->correction_count == 0)
        return ST_OK;
    enum status st = correction_list(e->conn, at->story->id, e->arena, &list, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("id"), number(list[i].id));
        hbs_map_set(row, S("at"), number(list[i].corrected_at));
        hbs_map_set(row, S("html"), hbs_html(list[i].text));
        hbs_map_set(row, S("text"), hbs_string(list[i].text.raw));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("corrections"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

/* Their working copy, with a word that it is one; ST_OK with `form` as it was when there is none. */
static enum status take_copy(struct errand *e, const struct story_at *at, struct hbs_map *values,
                             struct story_form *form, struct error *err)
{
    struct working_copy *copy;
    struct story_form kept;
    enum status st = working_copy_get(e->conn, at->story->id, e->person->id, e->arena, &copy, err);
    if (st == ST_OK)
        st = story_form_from_json(e, copy->fields, &at->saved, &kept, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    kept.version = copy->version;
    kept.held = (struct working_copy_held){copy->tab, copy->kept_at};
    *form = kept;
    hbs_map_set(values, S("kept_at"), number(copy->kept_at));
    hbs_map_set(values, S("behind"), hbs_bool(copy->version != at->story->version));
    return ST_OK;
}

static void put_notes(struct errand *e, const struct story_sheet *page, struct hbs_map *values)
{
    if (page->notes_count == 0)
        return;
    hbs_map_set(values, S("notes"), story_notes_value(e->arena, page->notes, page->notes_count));
    hbs_map_set(values, S("wish"), hbs_string(page->wish));
    hbs_map_set(
        values, S("wish_key"),
        hbs_string(str_eq(page->wish, S("schedule")) ? S("check.schedule") : S("check.publish")));
}

/* In the bin: whose unsaved text would go with it. */
static enum status put_others(struct errand *e, const struct story_at *at, struct hbs_map *values,
                              struct error *err)
{
    struct working_copy *copies;
    size_t count, others = 0;
    if (!story_may(e, at, ACT_DELETE))
        return ST_OK;
    enum status st = working_copy_list(e->conn, at->story->id, e->arena, &copies, &count, err);
    if (st != ST_OK)
        return st;
    str *names = arena_new_array(e->arena, str, count);
    for (size_t i = 0; i < count; i++) {
        bool again = others > 0 && str_eq(names[others - 1], copies[i].name);
        if (copies[i].person.v != e->person->id.v && !again)
            names[others++] = copies[i].name;
    }
    if (others > 0)
        hbs_map_set(values, S("others"), hbs_string(story_names_join(e->arena, names, others)));
    return ST_OK;
}

static enum status put_beside(struct errand *e, struct story_at *at, struct hbs_map *values,
                              struct error *err)
{
    if (at->story == NULL)
        return ST_OK;
    enum status st = put_saved(e, at, values, err);
    if (st == ST_OK)
        st = put_lock(e, at, values, err);
    if (st == ST_OK)
        st = put_others(e, at, values, err);
    return st == ST_OK ? put_corrections(e, at, values, err) : st;
}

/* Whether something is wrong in a part of the settings that is folded away. */
static bool any_wrong(struct errand *e, const struct errand_form *shown, enum story_field first,
                      enum story_field last)
{
    const struct hbs_env env = {.arena = e->arena};
    for (int i = (int)first; i <= (int)last; i++) {
        struct hbs_value wrong = hbs_undefined();
        if (hbs_get_name(hbs_map_value(shown->wrong), story_field_name((enum story_field)i), &env,
                         &wrong, NULL) == ST_OK &&
            !hbs_is_nothing(wrong))
            return true;
    }
    return false;
}

static void put_wrong(struct errand *e, const struct errand_form *shown, struct hbs_map *values)
{
    hbs_map_set(values, S("wrong"), hbs_map_value(shown->wrong));
    hbs_map_set(values, S("faults"), hbs_bool(shown->wrong_count > 0));
    hbs_map_set(values, S("open_more"),
                hbs_bool(any_wrong(e, shown, FIELD_LANGUAGE, FIELD_TEMPLATE)));
    hbs_map_set(values, S("open_meta"),
                hbs_bool(any_wrong(e, shown, FIELD_CANONICAL, FIELD_TWITTER_IMAGE)));
    hbs_map_set(values, S("open_code"),
                hbs_bool(any_wrong(e, shown, FIELD_CODE_HEAD, FIELD_CODE_FOOT)));
}

enum status story_edit_page(struct errand *e, struct story_at *at, const struct story_sheet *page,
                            struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form shown = errand_form(e, values);
    struct story_form form = page->form != NULL ? *page->form : at->saved;
    enum status st = put_beside(e, at, values, err);
    if (st == ST_OK && at->story != NULL && page->form == NULL)
        st = take_copy(e, at, values, &form, err);
    if (st != ST_OK)
        return st;
    put_rights(e, at, values);
    put_story(e, at, values);
    put_notes(e, page, values);
    errand_typed(&shown, S("correction"), page->correction);
    story_form_put(&form, &shown);
    hbs_map_set(values, S("tab"), hbs_string(form.tab.len > 0 ? form.tab : story_tab_new(e)));
    hbs_map_set(values, S("copy"), hbs_string(story_held_text(e, &form.held)));
    if (at->story != NULL)
        hbs_map_set(values, S("version"), number(form.version));
    if (page->wrong != NULL)
        put_wrong(e, page->wrong, values);
    return errand_page(e, page->code == 0 ? 200 : page->code, S("story"), values, err);
}

/* ---- the routes ---- */

static enum story_kind kind_asked(struct errand *e)
{
    str kind;
    bool asked = http_query_get(e->req, S("kind"), &kind) && str_eq(kind, S("page"));
    return asked ? STORY_PAGE : STORY_STORY;
}

enum status story_new_show(struct errand *e, struct error *err)
{
    struct story_at at;
    enum status st = story_at_new(e, kind_asked(e), &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    return st == ST_OK ? story_edit_page(e, &at, &(struct story_sheet){0}, err) : st;
}

/* For a script: the story as it is saved, without anybody's working copy, to hold another text against. */
static enum status answer_as_saved(struct errand *e, const struct story_at *at, struct error *err)
{
    struct story_version now;
    struct hbs_map *values = errand_values(e);
    enum status st = story_version_now(e->conn, at->story->id, e->arena, &now, err);
    if (st != ST_OK)
        return st;
    for (enum story_field field = 0; field < STORY_FIELDS; field++)
        hbs_map_set(values, story_field_name(field), hbs_string(at->saved.values[field]));
    hbs_map_set(values, S("id"), number(at->story->id.v));
    hbs_map_set(values, S("version"), number(at->story->version));
    hbs_map_set(values, S("by"), hbs_string(now.saved_by_name));
    hbs_map_set(values, S("at"), hbs_string(time_to_iso(e->arena, now.saved_at)));
    return errand_json(e, 200, values, err);
}

enum status story_edit_show(struct errand *e, struct error *err)
{
    struct story_at at;
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    if (st == ST_OK && errand_wants_json(e))
        return answer_as_saved(e, &at, err);
    return st == ST_OK ? story_edit_page(e, &at, &(struct story_sheet){0}, err) : st;
}
