/* SPDX-License-Identifier: MIT
 *
 * Corrections: what a story got wrong, said under it with the time. Whoever may correct adds one; editors change and
 * take away. */
#include "base/arena.h"
#include "desk/story_work.h"
#include "news/correction.h"

struct correcting {
    story_id story;
    int64_t id; /* 0: a new one */
    bool remove;
    html text;
};

static enum status write_correction(struct errand *e, struct newsroom *room, void *arg,
                                    struct error *err)
{
    struct correcting *c = arg;
    struct story *now;
    enum status st =
        story_still(e, room, c->story, c->id == 0 ? ACT_CORRECT : ACT_CORRECTIONS, &now, err);
    if (st != ST_OK)
        return st;
    st = c->id == 0  ? correction_add(room, c->story, c->text, &c->id, err)
         : c->remove ? correction_remove(room, c->story, c->id, err)
                     : correction_edit(room, c->story, c->id, c->text, err);
    str what = c->remove ? S("story.correction-removed") : S("story.corrected");
    return st == ST_OK ? errand_log(e, room, what, story_subject(e, c->story), err) : st;
}

/* What was typed stands there again, with what is wrong with it. */
static enum status again(struct errand *e, struct story_at *at, str text, str key,
                         struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form shown = errand_form(e, values);
    errand_wrong(e, &shown, S("correction"), key);
    if (errand_wants_json(e)) {
        struct hbs_map *answer = errand_values(e);
        hbs_map_set(answer, S("wrong"), hbs_map_value(shown.wrong));
        return errand_json(e, 422, answer, err);
    }
    enum status st = story_at_form(e, at, err);
    return st == ST_OK
               ? story_edit_page(
                     e, at, &(struct story_sheet){.wrong = &shown, .correction = text, .code = 422},
                     err)
               : st;
}

static enum status correct(struct errand *e, enum story_act act, int64_t id, bool remove, str done,
                           struct error *err)
{
    struct story_at at;
    str text = errand_value(e, S("text"));
    enum status st = story_at_hand(e, act, &at, err);
    if (st != ST_OK)
        return st;
    struct correcting c = {.story = at.story->id, .id = id, .remove = remove};
    if (!remove)
        st = correction_prepare(e->arena, text, &c.text, err);
    if (st == ST_INVALID || st == ST_TOO_BIG)
        return again(e, &at, id == 0 ? text : STR_NONE,
                     st == ST_INVALID ? S("wrong.correction") : S("wrong.correction-long"), err);
    if (st == ST_OK)
        st = errand_write(e, write_correction, &c, err);
    return st == ST_OK ? errand_done(e, story_desk_path(e, c.story, STR_NONE), done) : st;
}

enum status story_correct(struct errand *e, struct error *err)
{
    return correct(e, ACT_CORRECT, 0, false, S("story-corrected"), err);
}

enum status story_correction(struct errand *e, struct error *err)
{
    int64_t id = errand_id(e, S("correction"));
    bool remove = str_eq(errand_value(e, S("do")), S("remove"));
    if (id == 0)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-page"))));
    return correct(e, ACT_CORRECTIONS, id, remove,
                   remove ? S("story-correction-removed") : S("story-correction-changed"), err);
}
