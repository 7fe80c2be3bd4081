/* SPDX-License-Identifier: MIT
 *
 * Where one comes in: on a new desk what is to be done first, then what waits for whoever this is. No figures, no
 * plots: an empty page is a good day. */
#include "base/arena.h"
#include "desk/errand.h"
#include "desk/step.h"
#include "news/comment_desk.h"
#include "news/desk_list.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/waiting.h"

enum { HOME_SHOWN = 5 };
#define HOME_LATE TIME_DAY /* what appeared late is told for so long */

/* ---- the first steps ---- */

static const struct {
    str title, why, path, link;
    enum right right;
} steps_shown[] = {
    [STEP_NAME] = {STR_INIT("step.name"), STR_INIT("step.name-why"), STR_INIT("/desk/settings/"),
                   STR_INIT("step.name-link"), RIGHT_SETTINGS},
    [STEP_STORIES] = {STR_INIT("step.stories"), STR_INIT("step.stories-why"),
                      STR_INIT("/desk/import/"), STR_INIT("step.stories-link"), RIGHT_TRANSFER},
    [STEP_WRITE] = {STR_INIT("step.write"), STR_INIT("step.write-why"),
                    STR_INIT("/desk/stories/new/"), STR_INIT("step.write-link"), RIGHT_WRITE},
    [STEP_MAIL] = {STR_INIT("step.mail"), STR_INIT("step.mail-why"),
                   STR_INIT("/desk/settings/mail/"), STR_INIT("step.mail-link"), RIGHT_SETTINGS},
    [STEP_BACKUP] = {STR_INIT("step.backup"), STR_INIT("step.backup-why"),
                     STR_INIT("/desk/backup/"), STR_INIT("step.backup-link"), RIGHT_TRANSFER},
};
static_assert(sizeof(steps_shown) / sizeof(steps_shown[0]) == STEPS_COUNT, "a row for each step");

static struct hbs_value step_value(struct errand *e, enum step step, bool done)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("title"), hbs_string(steps_shown[step].title));
    hbs_map_set(row, S("why"), hbs_string(steps_shown[step].why));
    hbs_map_set(row, S("path"), hbs_string(steps_shown[step].path));
    hbs_map_set(row, S("link"), hbs_string(steps_shown[step].link));
    hbs_map_set(row, S("done"), hbs_bool(done));
    return hbs_map_value(row);
}

static enum status keep_steps(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)e;
    return steps_keep(room, arg, err);
}

/* Whoever may not change the site sees the steps that are theirs to take, while those are not done. */
static enum status put_steps(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct steps steps;
    enum role role = e->person->role;
    bool owns = right_has(role, RIGHT_SETTINGS), open = false;
    enum status st = steps_read(e->conn, &steps, err);
    if (st == ST_OK && steps.news)
        st = errand_write(e, keep_steps, &steps, err);
    if (st != ST_OK || steps.all_done)
        return st;
    struct hbs_value rows[STEPS_COUNT];
    size_t count = 0;
    for (int step = 0; step < STEPS_COUNT; step++) {
        if (!right_has(role, steps_shown[step].right))
            continue;
        rows[count++] = step_value(e, (enum step)step, steps.done[step]);
        open = open || !steps.done[step];
    }
    hbs_map_set(values, S("may_put_away"), hbs_bool(owns));
    if (steps.put_away || !open) {
        hbs_map_set(values, S("put_away"), hbs_bool(owns && open));
        return ST_OK;
    }
    struct hbs_value *kept = arena_new_array(e->arena, struct hbs_value, count);
    memcpy(kept, rows, count * sizeof(rows[0]));
    hbs_map_set(values, S("steps"), hbs_list_of(e->arena, kept, count));
    hbs_map_set(values, S("address"), hbs_string_or_null(e->edition->settings->url));
    return ST_OK;
}

static enum status put_away(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const bool *away = arg;
    enum status st = steps_put_away(room, *away, err);
    return st == ST_OK
               ? errand_log(e, room, *away ? S("steps.away") : S("steps.back"), STR_NONE, err)
               : st;
}

enum status home_steps(struct errand *e, struct error *err)
{
    bool away = str_eq(errand_value(e, S("do")), S("away"));
    enum status st = errand_write(e, put_away, &away, err);
    return st == ST_OK ? errand_go(e, S("/desk/")) : st;
}

/* ---- what waits ---- */

static enum status put_replies(struct errand *e, struct hbs_map *values, struct error *err)
{
    int64_t waiting = 0;
    if (!right_has(e->person->role, RIGHT_REPLIES))
        return ST_OK;
    enum status st = comment_count_pending(e->conn, &waiting, err);
    if (st == ST_OK && waiting > 0)
        hbs_map_set(values, S("replies"), hbs_number((double)waiting));
    return st;
}

static struct hbs_value story_value(struct errand *e, const struct waiting *story)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("path"),
                hbs_string(str_format(e->arena, "/desk/stories/%lld/", (long long)story->story.v)));
    hbs_map_set(row, S("title"), hbs_string_or_null(str_trim(story->title)));
    hbs_map_set(row, S("at"), hbs_number((double)story->at));
    hbs_map_set(row, S("by"), hbs_string_or_null(story->name));
    return hbs_map_value(row);
}

static void put_list(struct errand *e, struct hbs_map *values, str name, const struct waiting *list,
                     size_t count)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = story_value(e, &list[i]);
    hbs_map_set(values, name, hbs_list_of(e->arena, rows, count));
}

/* One's own of a state, the last first. */
static enum status put_own(struct errand *e, struct hbs_map *values, str name,
                           enum story_state state, struct error *err)
{
    struct desk_query query = {
        .states = DESK_STATE(state), .own = e->person->id, .limit = HOME_SHOWN};
    struct desk_list found;
    enum status st = desk_list_get(e->conn, &query, e->arena, &found, err);
    if (st != ST_OK)
        return st;
    struct waiting *list = arena_new_array(e->arena, struct waiting, found.count);
    for (size_t i = 0; i < found.count; i++) {
        const struct story *story = found.rows[i].story;
        list[i] =
            (struct waiting){.story = story->id,
                             .title = story->title,
                             .at = desk_time(story->state, story->updated_at, story->published_at)};
    }
    put_list(e, values, name, list, found.count);
    return ST_OK;
}

/* Everybody's schedule for whoever runs the paper, one's own for others. */
static enum status put_schedule(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct waiting *list;
    size_t count;
    if (!right_has(e->person->role, RIGHT_EDIT_ALL))
        return put_own(e, values, S("scheduled"), STORY_SCHEDULED, err);
    enum status st = waiting_scheduled(e->conn, HOME_SHOWN, e->arena, &list, &count, err);
    if (st != ST_OK)
        return st;
    put_list(e, values, S("scheduled"), list, count);
    st = waiting_late(e->conn, e->now - HOME_LATE, HOME_SHOWN, e->arena, &list, &count, err);
    if (st == ST_OK)
        put_list(e, values, S("late"), list, count);
    return st;
}

static enum status put_unsaved(struct errand *e, struct hbs_map *values, str name,
                               enum waiting_whose whose, struct error *err)
{
    struct waiting *list;
    size_t count;
    enum status st =
        waiting_unsaved(e->conn, e->person->id, whose, HOME_SHOWN, e->arena, &list, &count, err);
    if (st == ST_OK)
        put_list(e, values, name, list, count);
    return st;
}

enum status home_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    enum status st = put_steps(e, values, err);
    if (st == ST_OK)
        st = put_replies(e, values, err);
    if (st == ST_OK)
        st = put_schedule(e, values, err);
    if (st == ST_OK)
        st = put_unsaved(e, values, S("unsaved"), WAITING_OWN, err);
    if (st == ST_OK && right_has(e->person->role, RIGHT_EDIT_ALL))
        st = put_unsaved(e, values, S("others"), WAITING_OTHERS, err);
    if (st == ST_OK)
        st = put_own(e, values, S("drafts"), STORY_DRAFT, err);
    return st == ST_OK ? errand_page(e, 200, S("home"), values, err) : st;
}
