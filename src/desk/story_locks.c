/* SPDX-License-Identifier: MIT
 *
 * Who is at a story: a heartbeat of the script each 20 seconds, a way to take it over, a word when one leaves. Who
 * lost it has their text as a working copy, kept under their own name. */
#include "base/arena.h"
#include "desk/story_work.h"
#include "news/story_lock.h"

struct beat {
    story_id id;
    bool take, leave;
    struct story_lock lock, from;
};

static enum status write_beat(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct beat *b = arg;
    struct story *now;
    enum status st = story_still(e, room, b->id, ACT_EDIT, &now, err);
    if (st != ST_OK)
        return st;
    if (b->leave)
        return story_lock_leave(room, b->id, err);
    st = story_lock_beat(room, b->id, b->take, &b->lock, &b->from, err);
    if (st == ST_OK && b->from.person.v != 0)
        st = errand_log(e, room, S("story.taken-over"), story_subject(e, b->id), err);
    return st;
}

enum status story_lock_post(struct errand *e, struct error *err)
{
    struct story_at at;
    enum status st = story_at_hand(e, ACT_EDIT, &at, err);
    if (st != ST_OK)
        return st;
    struct beat b = {.id = at.story->id,
                     .take = errand_value(e, S("take")).len > 0,
                     .leave = errand_value(e, S("leave")).len > 0};
    st = errand_write(e, write_beat, &b, err);
    if (st != ST_OK)
        return st;
    if (!errand_wants_json(e))
        return errand_done(e, story_desk_path(e, b.id, STR_NONE), S("story-yours"));
    struct hbs_map *values = story_lock_map(e, &b.lock);
    if (b.leave)
        hbs_map_set(values, S("mine"), hbs_bool(false));
    return errand_json(e, 200, values, err);
}
