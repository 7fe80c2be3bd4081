/* SPDX-License-Identifier: MIT
 *
 * Pictures that come after their stories: with a later file, or when --media is given at last. A story
 * that came without some of its pictures is remembered with a mark of its text. When it comes by again, and
 * something it names is here, it is converted anew; the text as it is now must have the mark still,
 * else somebody changed it and it is named instead. What the story has besides its text stays as it is;
 * the featured picture is only put where there is none. */
#include "transfer/wxr_import.h"

#include "base/arena.h"
#include "news/import_map.h"
#include "store/store.h"
#include "transfer/story_again.h"

/* Enough to tell an edit by: length and hash. */
static int64_t mark_of(str body)
{
    return (int64_t)((uint64_t)(uint32_t)body.len << 31 ^ str_hash(body));
}

enum status wxr_later_wait(struct newsroom *desk, struct wxr_batch *batch,
                           const struct wxr_story *story, struct error *err)
{
    return import_map_put(desk, batch->import->source, S("waiting"), story->foreign_id,
                          mark_of(story->ready.clean.raw), err);
}

static enum status put(struct newsroom *desk, struct wxr_batch *batch, struct wxr_story *story,
                       struct story_draft *draft, struct error *err)
{
    const struct story_draft *anew = &story->ready.draft;
    struct story_prepared ready;
    story_id id;
    draft->format = anew->format;
    draft->text = anew->text;
    if (draft->image.len == 0) {
        draft->image = anew->image;
        draft->image_alt = anew->image_alt;
        draft->image_caption = anew->image_caption;
    }
    enum status st = story_prepare(desk->arena, draft, &ready, err);
    if (st == ST_OK)
        st = story_save(desk, &ready, &id, err);
    if (st != ST_OK)
        return st;
    story->pictured = true;
    if (story->lost)
        return wxr_later_wait(desk, batch, story, err);
    return import_map_forget(desk, batch->import->source, S("waiting"), story->foreign_id, err);
}

enum status wxr_later_put(struct newsroom *desk, struct wxr_batch *batch, struct wxr_story *story,
                          story_id id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct story_again again;
    int64_t mark;
    story->pictured = story->changed = false;
    if (!story->found)
        return ST_OK;
    enum status st =
        import_map_find(conn, batch->import->source, S("waiting"), story->foreign_id, &mark, err);
    if (st == ST_OK)
        st = story_again(conn, id, 0, desk->arena, &again, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    bool featured = again.draft.image.len == 0 && story->ready.draft.image.len > 0;
    if (mark_of(story->ready.clean.raw) == mark && !featured)
        return ST_OK;
    if (mark_of(again.body) != mark) {
        story->changed = true;
        return ST_OK;
    }
    return put(desk, batch, story, &again.draft, err);
}
