/* SPDX-License-Identifier: MIT
 *
 * What is done to many stories at once. Each is a step of its own (errand_write_bulk), so that a hundred hold
 * nobody up; each is asked for by itself whether it may be, and those left alone are counted by why. All rows
 * of the log are one batch, which says what each story was before: undoing is reading that back, where nobody
 * has changed it since. */
#include "desk/stories.h"

#include "base/arena.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "news/byline.h"
#include "news/desk_list.h"
#include "news/tag.h"
#include "store/store.h"

#define UNDO_LIFE (1 * TIME_HOUR)
enum { BULK_MAX = 100 };
static_assert((int)BULK_MAX <= (int)AUDIT_LIST_MAX, "one batch is read back whole");

enum verb {
    PUBLISH,
    UNPUBLISH,
    BIN,
    RESTORE,
    DELETE,
    TAG,
    UNTAG,
    AUTHOR,
    FEATURE,
    UNFEATURE,
    AUDIENCE
};

static const struct action {
    str word, what, done;
    enum right right;   /* beside that over the story: */
    enum story_act act; /* right_over_story */
    bool undo;
} actions[] = {
    [PUBLISH] = {STR_INIT("publish"), STR_INIT("story.published"), STR_INIT("stories-published"),
                 RIGHT_PUBLISH, ACT_PUBLISH, false},
    [UNPUBLISH] = {STR_INIT("unpublish"), STR_INIT("story.unpublished"),
                   STR_INIT("stories-unpublished"), RIGHT_PUBLISH, ACT_UNPUBLISH, true},
    [BIN] = {STR_INIT("bin"), STR_INIT("story.trashed"), STR_INIT("stories-binned"), RIGHT_WRITE,
             ACT_TRASH, true},
    [RESTORE] = {STR_INIT("restore"), STR_INIT("story.restored"), STR_INIT("stories-restored"),
                 RIGHT_WRITE, ACT_RESTORE, true},
    [DELETE] = {STR_INIT("delete"), STR_INIT("story.deleted"), STR_INIT("stories-deleted"),
                RIGHT_EDIT_ALL, ACT_DELETE, false},
    [TAG] = {STR_INIT("tag"), STR_INIT("story.tagged"), STR_INIT("stories-tagged"), RIGHT_WRITE,
             ACT_EDIT, true},
    [UNTAG] = {STR_INIT("untag"), STR_INIT("story.untagged"), STR_INIT("stories-untagged"),
               RIGHT_WRITE, ACT_EDIT, true},
    [AUTHOR] = {STR_INIT("author"), STR_INIT("story.author"), STR_INIT("stories-author"),
                RIGHT_EDIT_ALL, ACT_EDIT, false},
    [FEATURE] = {STR_INIT("feature"), STR_INIT("story.featured"), STR_INIT("stories-featured"),
                 RIGHT_EDIT_ALL, ACT_EDIT, true},
    [UNFEATURE] = {STR_INIT("unfeature"), STR_INIT("story.unfeatured"),
                   STR_INIT("stories-unfeatured"), RIGHT_EDIT_ALL, ACT_EDIT, true},
    [AUDIENCE] = {STR_INIT("audience"), STR_INIT("story.visibility"), STR_INIT("stories-audience"),
                  RIGHT_PUBLISH, ACT_EDIT, false},
};

/* Why one was left alone. */
enum left { LEFT_NOT, LEFT_GONE, LEFT_RIGHT, LEFT_STATE, LEFT_SAME, LEFTS };
static const char *const left_names[LEFTS] = {[LEFT_GONE] = "left-gone",
                                              [LEFT_RIGHT] = "left-right",
                                              [LEFT_STATE] = "left-state",
                                              [LEFT_SAME] = "left-same"};

struct bulk {
    const struct action *action;
    enum verb verb;
    int64_t ids[BULK_MAX];
    size_t count, next;
    str typed;  /* the tag's name */
    tag_id tag; /* 0: made by the first step */
    byline_id byline;
    enum story_visibility visibility;
    int64_t batch, done, left[LEFTS];
};

static str story_subject(struct errand *e, int64_t id)
{
    return str_format(e->arena, "story:%lld", (long long)id);
}

/* ---- whether ---- */

/* Whether it is theirs at all: everybody's is an editor's. */
static enum status is_theirs(struct errand *e, struct newsroom *room, const struct story *story,
                             bool *ret_theirs, struct error *err)
{
    *ret_theirs = right_has(e->person->role, RIGHT_EDIT_ALL);
    return *ret_theirs
               ? ST_OK
               : desk_is_own(store_tx_conn(room->tx), story->id, e->person->id, ret_theirs, err);
}

static bool may(const struct errand *e, const struct story *story, enum story_state state,
                enum story_act act)
{
    struct right_story theirs = {.own = true, .kind = story->kind, .state = state};
    return right_over_story(e->person->role, &theirs, act);
}

static enum left state_fits(enum verb verb, const struct story *story)
{
    bool trashed = story->state == STORY_TRASHED;
    switch (verb) {
    case PUBLISH:
        return trashed ? LEFT_STATE : story->state == STORY_PUBLISHED ? LEFT_SAME : LEFT_NOT;
    case UNPUBLISH:
        return trashed ? LEFT_STATE : story->state == STORY_DRAFT ? LEFT_SAME : LEFT_NOT;
    case BIN:
        return trashed ? LEFT_SAME : LEFT_NOT;
    case RESTORE:
        return trashed ? LEFT_NOT : LEFT_SAME;
    case DELETE:
        return trashed ? LEFT_NOT : LEFT_STATE;
    case FEATURE:
    case UNFEATURE:
        return trashed ? LEFT_STATE : story->featured == (verb == FEATURE) ? LEFT_SAME : LEFT_NOT;
    case TAG:
    case UNTAG:
    case AUTHOR:
    case AUDIENCE:
        break;
    }
    return trashed ? LEFT_STATE : LEFT_NOT;
}

/* ---- one story ---- */

static enum status links_read(struct errand *e, struct newsroom *room, struct story *story,
                              struct story_links *ret_links, tag_id **ret_tags, struct error *err)
{
    enum status st = story_load_terms(store_tx_conn(room->tx), &story, 1, e->arena, err);
    if (st != ST_OK)
        return st;
    tag_id *tags = arena_new_array(e->arena, tag_id, story->tags_count + 1);
    byline_id *bylines = arena_new_array(e->arena, byline_id, story->bylines_count);
    for (size_t i = 0; i < story->tags_count; i++)
        tags[i] = story->tags[i]->id;
    for (size_t i = 0; i < story->bylines_count; i++)
        bylines[i] = story->bylines[i]->id;
    *ret_links = (struct story_links){.tags = tags,
                                      .tags_count = story->tags_count,
                                      .bylines = bylines,
                                      .bylines_count = story->bylines_count};
    *ret_tags = tags;
    return ST_OK;
}

/* *ret_place: where the tag was; at the end, or not at all, when there is none. */
static size_t tag_place(const struct story_links *links, tag_id tag)
{
    size_t place = 0;
    while (place < links->tags_count && links->tags[place].v != tag.v)
        place++;
    return place;
}

static void tag_take_out(tag_id *tags, struct story_links *links, size_t place)
{
    links->tags_count--;
    for (size_t i = place; i < links->tags_count; i++)
        tags[i] = tags[i + 1];
}

static void tag_put_in(tag_id *tags, struct story_links *links, size_t place, tag_id tag)
{
    place = place < links->tags_count ? place : links->tags_count;
    for (size_t i = links->tags_count++; i > place; i--)
        tags[i] = tags[i - 1];
    tags[place] = tag;
}

/* *ret_left LEFT_SAME: it has the tag, or has it not, already. `detail` is for undoing. */
static enum status retag(struct errand *e, struct newsroom *room, struct story *story,
                         const struct bulk *b, str *ret_detail, enum left *ret_left,
                         struct error *err)
{
    struct story_links links;
    tag_id *tags;
    enum status st = links_read(e, room, story, &links, &tags, err);
    if (st != ST_OK)
        return st;
    size_t place = tag_place(&links, b->tag);
    if ((place < links.tags_count) == (b->verb == TAG)) {
        *ret_left = LEFT_SAME;
        return ST_OK;
    }
    if (b->verb == TAG && links.tags_count == STORY_TAGS_MAX) {
        *ret_left = LEFT_STATE;
        return ST_OK;
    }
    if (b->verb == TAG)
        tag_put_in(tags, &links, place, b->tag);
    else
        tag_take_out(tags, &links, place);
    *ret_detail = str_format(e->arena, "%lld %zu", (long long)b->tag.v, place);
    return story_set_links(room, story->id, &links, err);
}

static enum status set_author(struct errand *e, struct newsroom *room, struct story *story,
                              const struct bulk *b, enum left *ret_left, struct error *err)
{
    struct story_links links;
    tag_id *tags;
    enum status st = links_read(e, room, story, &links, &tags, err);
    if (st != ST_OK)
        return st;
    if (links.bylines_count == 1 && links.bylines[0].v == b->byline.v) {
        *ret_left = LEFT_SAME;
        return ST_OK;
    }
    links.bylines = &b->byline;
    links.bylines_count = 1;
    return story_set_links(room, story->id, &links, err);
}

static enum status act(struct errand *e, struct newsroom *room, struct story *story,
                       const struct bulk *b, str *ret_detail, enum left *ret_left,
                       struct error *err)
{
    *ret_detail = str_from_c(story_state_name(story->state));
    switch (b->verb) {
    case PUBLISH:
        return story_publish(room, story->id, room->now, err);
    case UNPUBLISH:
        return story_unpublish(room, story->id, err);
    case BIN:
        return story_trash(room, story->id, err);
    case RESTORE:
        return story_restore(room, story->id, err);
    case DELETE:
        *ret_detail = story->title;
        return story_delete(room, story->id, err);
    case TAG:
    case UNTAG:
        return retag(e, room, story, b, ret_detail, ret_left, err);
    case AUTHOR:
        return set_author(e, room, story, b, ret_left, err);
    case FEATURE:
    case UNFEATURE:
        return story_set_featured(room, story->id, b->verb == FEATURE, err);
    case AUDIENCE:
        if (story->visibility == b->visibility)
            *ret_left = LEFT_SAME;
        return story_set_visibility(room, story->id, b->visibility, err);
    }
    return ST_OK;
}

static enum status note(struct errand *e, struct newsroom *room, struct bulk *b, int64_t id,
                        str detail, struct error *err)
{
    int64_t row = 0;
    enum status st = audit_add(room,
                               &(struct audit_entry){.person = room->person,
                                                     .name = e->person->name,
                                                     .what = b->action->what,
                                                     .subject = story_subject(e, id),
                                                     .detail = detail,
                                                     .network = e->network,
                                                     .batch = b->batch},
                               &row, err);
    if (b->batch == 0)
        b->batch = row;
    b->done++;
    return st;
}

static enum status change_one(struct errand *e, struct newsroom *room, struct bulk *b, int64_t id,
                              enum left *ret_left, struct error *err)
{
    struct story *story;
    bool theirs = false;
    str detail = STR_NONE;
    enum status st = story_by_id(store_tx_conn(room->tx), (story_id){id}, e->arena, &story, err);
    if (st == ST_NOT_FOUND) {
        *ret_left = LEFT_GONE;
        return ST_OK;
    }
    if (st == ST_OK)
        st = is_theirs(e, room, story, &theirs, err);
    if (st != ST_OK)
        return st;
    *ret_left = theirs ? state_fits(b->verb, story) : LEFT_RIGHT;
    if (*ret_left == LEFT_NOT && !may(e, story, story->state, b->action->act))
        *ret_left = LEFT_RIGHT;
    if (*ret_left != LEFT_NOT)
        return ST_OK;
    st = act(e, room, story, b, &detail, ret_left, err);
    return st == ST_OK && *ret_left == LEFT_NOT ? note(e, room, b, id, detail, err) : st;
}

static enum status change_next(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    struct bulk *b = arg;
    enum left left = LEFT_NOT;
    enum status st = ST_OK;
    if (b->next == b->count)
        return ST_NOT_FOUND;
    if (b->verb == TAG && b->tag.v == 0)
        st = tag_find_or_add(room, &(struct tag_draft){.name = b->typed}, &b->tag, err);
    if (st == ST_OK)
        st = change_one(e, room, b, b->ids[b->next], &left, err);
    if (st != ST_OK)
        return st;
    b->next++;
    b->left[left]++;
    return ST_OK;
}

/* ---- what is asked ---- */

static bool action_read(struct errand *e, struct bulk *b)
{
    str word = errand_value(e, S("do"));
    if (str_eq(word, S("enter"))) /* the key, in a field: what the field is for */
        word = str_trim(errand_value(e, S("bulk_tag"))).len > 0 ? S("tag") : S("author");
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (!str_eq(actions[i].word, word))
            continue;
        b->action = &actions[i];
        b->verb = (enum verb)i;
        return true;
    }
    return false;
}

static void ticked_read(struct errand *e, struct bulk *b)
{
    for (size_t i = 0; i < e->form.count && b->count < BULK_MAX; i++) {
        int64_t id;
        if (str_eq(e->form.fields[i].name, S("story")) &&
            str_to_i64(e->form.fields[i].value, &id) && id > 0)
            b->ids[b->count++] = id;
    }
}

static bool visibility_read(str word, enum story_visibility *ret)
{
    static const str words[] = {[STORY_PUBLIC] = STR_INIT("public"),
                                [STORY_MEMBERS] = STR_INIT("members"),
                                [STORY_PAID] = STR_INIT("paid"),
                                [STORY_TIERS] = STR_INIT("tiers")};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_eq(words[i], word)) {
            *ret = (enum story_visibility)i;
            return true;
        }
    }
    return false;
}

/* The fields beside the buttons: what cannot be done with them is said by each. */
static enum status fields_read(struct errand *e, struct bulk *b, struct errand_form *form,
                               struct error *err)
{
    enum status st = ST_OK;
    errand_typed(form, S("bulk_tag"), errand_value(e, S("bulk_tag")));
    errand_typed(form, S("bulk_by"), errand_value(e, S("bulk_by")));
    if (b->verb == TAG || b->verb == UNTAG) {
        b->typed = str_trim(errand_value(e, S("bulk_tag")));
        st = b->typed.len == 0 ? ST_NOT_FOUND : stories_find_tag(e, b->typed, &b->tag, err);
        bool make = b->verb == TAG && right_has(e->person->role, RIGHT_TAGS) && b->typed.len > 0 &&
                    b->typed.len <= TAG_NAME_MAX;
        if (st == ST_NOT_FOUND && !make)
            errand_wrong(e, form, S("bulk_tag"), S("wrong.unknown-tag"));
    }
    if (b->verb == AUTHOR) {
        str typed = str_trim(errand_value(e, S("bulk_by")));
        st = typed.len == 0 ? ST_NOT_FOUND : stories_find_byline(e, typed, &b->byline, err);
        if (st == ST_NOT_FOUND)
            errand_wrong(e, form, S("bulk_by"), S("wrong.unknown-byline"));
    }
    if (b->verb == AUDIENCE && !visibility_read(errand_value(e, S("audience")), &b->visibility))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- answers ---- */

static str result_path(struct errand *e, const struct bulk *b)
{
    str back = stories_back(e);
    str path = str_format(
        e->arena, "/desk/stories/?%.*s%sdone=%.*s&n=%lld", STR_ARG(back), back.len > 0 ? "&" : "",
        STR_ARG(b->done > 0 ? b->action->done : S("stories-nothing")), (long long)b->done);
    if (b->done > 0 && b->action->undo)
        path = str_format(e->arena, "%.*s&batch=%lld", STR_ARG(path), (long long)b->batch);
    for (size_t i = LEFT_GONE; i < LEFTS; i++) {
        if (b->left[i] > 0)
            path = str_format(e->arena, "%.*s&%s=%lld", STR_ARG(path), left_names[i],
                              (long long)b->left[i]);
    }
    return path;
}

/* Deleting cannot be undone, and takes along what somebody has not saved: asked once more, with whose. */
static enum status ask_sure(struct errand *e, const struct bulk *b, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct desk_list list;
    enum status st = desk_list_by_ids(e->conn, b->ids, b->count, e->arena, &list, err);
    if (st == ST_OK)
        st = desk_list_writing(e->conn, &list, e->person->id, e->now, e->arena, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("unsaved_of"), hbs_string_or_null(list.rows[i].unsaved_of));
        hbs_map_set(row, S("unsaved_own"), hbs_bool(list.rows[i].unsaved_own));
        hbs_map_set(row, S("id"), hbs_number((double)list.rows[i].story->id.v));
        hbs_map_set(row, S("title"), hbs_string(list.rows[i].story->title));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("stories"), hbs_list_of(e->arena, rows, list.count));
    hbs_map_set(values, S("count"), hbs_number((double)list.count));
    hbs_map_set(values, S("back"), hbs_string(stories_back(e)));
    return errand_page(e, 200, S("stories-delete"), values, err);
}

enum status stories_bulk(struct errand *e, struct error *err)
{
    struct bulk b = {0};
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    if (!action_read(e, &b))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    if (!right_has(e->person->role, b.action->right))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.role"))));
    ticked_read(e, &b);
    enum status st = fields_read(e, &b, &form, err);
    if (st != ST_OK)
        return st;
    if (form.wrong_count > 0)
        return stories_page(
            e,
            &(struct stories_again){
                .query = stories_back(e), .form = &form, .ticked = b.ids, .ticked_count = b.count},
            values, 422, err);
    if (b.verb == DELETE && b.count > 0 && !str_eq(errand_value(e, S("sure")), S("1")))
        return ask_sure(e, &b, err);
    if (b.count > 0)
        st = errand_write_bulk(e, change_next, &b, err);
    return st == ST_OK ? errand_go(e, result_path(e, &b)) : st;
}

/* ---- undoing ---- */

struct undoing {
    struct audit_entry *entries;
    size_t count, next;
    int64_t done;
};

/* "12 0": the tag, and where it stood. */
static bool tag_read(str detail, tag_id *ret_tag, size_t *ret_place)
{
    uint64_t place;
    str tag = str_cut(&detail, ' ');
    if (!str_to_i64(tag, &ret_tag->v) || !str_to_u64(detail, STORY_TAGS_MAX, &place))
        return false;
    *ret_place = (size_t)place;
    return true;
}

static enum status undo_tag(struct errand *e, struct newsroom *room, struct story *story,
                            enum verb verb, str detail, bool *ret_done, struct error *err)
{
    struct story_links links;
    struct tag *there;
    tag_id *tags, tag;
    size_t place;
    if (!tag_read(detail, &tag, &place))
        return ST_OK;
    enum status st = links_read(e, room, story, &links, &tags, err);
    if (st == ST_OK)
        st = tag_by_id(store_tx_conn(room->tx), tag, e->arena, &there, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    size_t now = tag_place(&links, tag);
    if ((now < links.tags_count) != (verb == TAG))
        return ST_OK;
    if (verb == TAG)
        tag_take_out(tags, &links, now);
    else
        tag_put_in(tags, &links, place, tag);
    *ret_done = true;
    return story_set_links(room, story->id, &links, err);
}

/* Back to what it was: out of the bin by way of a draft, with the time it had. */
static enum status undo_state(struct newsroom *room, const struct story *story, str before,
                              enum story_state must_be, bool *ret_done, struct error *err)
{
    enum status st = ST_OK;
    if (story->state != must_be)
        return ST_OK;
    if (must_be == STORY_TRASHED)
        st = story_restore(room, story->id, err);
    if (st == ST_OK && str_eq(before, S("published")))
        st = story_publish(room, story->id, room->now, err);
    if (st == ST_OK && str_eq(before, S("trashed")))
        st = story_trash(room, story->id, err);
    if (st == ST_OK && str_eq(before, S("scheduled")) && story->published_at > room->now)
        st = story_schedule(room, story->id, story->published_at, err);
    *ret_done = st == ST_OK;
    return st;
}

static enum status undo_act(struct errand *e, struct newsroom *room, struct story *story,
                            enum verb verb, str detail, bool *ret_done, struct error *err)
{
    switch (verb) {
    case BIN:
        return undo_state(room, story, detail, STORY_TRASHED, ret_done, err);
    case UNPUBLISH:
    case RESTORE:
        return undo_state(room, story, detail, STORY_DRAFT, ret_done, err);
    case TAG:
    case UNTAG:
        return undo_tag(e, room, story, verb, detail, ret_done, err);
    case FEATURE:
    case UNFEATURE:
        *ret_done = story->featured == (verb == FEATURE);
        return *ret_done ? story_set_featured(room, story->id, verb != FEATURE, err) : ST_OK;
    case PUBLISH:
    case DELETE:
    case AUTHOR:
    case AUDIENCE:
        break;
    }
    return ST_OK;
}

/* Undoing is doing: publishing again, taking out of the bin, another set of tags. */
static bool may_undo(const struct errand *e, const struct story *story, enum verb verb, str before)
{
    if (!right_has(e->person->role, actions[verb].right))
        return false;
    switch (verb) {
    case BIN:
        return may(e, story, STORY_TRASHED, ACT_RESTORE) &&
               (str_eq(before, S("draft")) || may(e, story, STORY_DRAFT, ACT_PUBLISH));
    case UNPUBLISH:
        return may(e, story, STORY_DRAFT, ACT_PUBLISH);
    case RESTORE:
        return may(e, story, story->state, ACT_TRASH);
    case TAG:
    case UNTAG:
    case FEATURE:
    case UNFEATURE:
        return may(e, story, story->state, ACT_EDIT);
    case PUBLISH:
    case DELETE:
    case AUTHOR:
    case AUDIENCE:
        break;
    }
    return false;
}

static enum status undo_one(struct errand *e, struct newsroom *room,
                            const struct audit_entry *entry, bool *ret_done, struct error *err)
{
    struct story *story;
    int64_t id;
    size_t verb = 0;
    bool theirs = false;
    while (verb < ARRAY_LEN(actions) && !str_eq(actions[verb].what, entry->what))
        verb++;
    if (verb == ARRAY_LEN(actions) || !str_starts(entry->subject, S("story:")) ||
        !str_to_i64(str_from(entry->subject, S("story:").len), &id))
        return ST_OK;
    enum status st = story_by_id(store_tx_conn(room->tx), (story_id){id}, e->arena, &story, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    st = is_theirs(e, room, story, &theirs, err);
    if (st == ST_OK && theirs && may_undo(e, story, (enum verb)verb, entry->detail))
        st = undo_act(e, room, story, (enum verb)verb, entry->detail, ret_done, err);
    return st == ST_OK && *ret_done ? errand_log(e, room, S("story.undone"), entry->subject, err)
                                    : st;
}

static enum status undo_next(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct undoing *u = arg;
    bool done = false;
    if (u->next == u->count)
        return ST_NOT_FOUND;
    enum status st = undo_one(e, room, &u->entries[u->next], &done, err);
    if (st != ST_OK)
        return st;
    u->next++;
    u->done += done;
    return ST_OK;
}

enum status stories_undo(struct errand *e, struct error *err)
{
    struct undoing u = {0};
    str back = stories_back(e);
    enum status st = audit_batch(e->conn, errand_id(e, S("batch")), e->person->id, e->arena,
                                 &u.entries, &u.count, err);
    if (st == ST_OK && u.count > 0 && e->now - u.entries[0].at > UNDO_LIFE)
        u.count = 0;
    if (st == ST_OK && u.count > 0)
        st = errand_write_bulk(e, undo_next, &u, err);
    if (st != ST_OK)
        return st;
    return errand_go(e,
                     str_format(e->arena, "/desk/stories/?%.*s%sdone=%s&n=%lld", STR_ARG(back),
                                back.len > 0 ? "&" : "",
                                u.done > 0 ? "stories-undone" : "not-undone", (long long)u.done));
}
