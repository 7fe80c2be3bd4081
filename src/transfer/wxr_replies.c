/* SPDX-License-Identifier: MIT
 *
 * Threads out of a list of replies in any order. Each is put behind the one it answers, so that saving
 * them one after the other finds every parent. What WordPress never wrote, but plug-ins and merged
 * databases did: parents that were left out (their replies answer the one above), circles (the lowest
 * number of one begins a thread), parents that are nowhere (known when it is saved: the parent may have come
 * with an earlier import). */
#include "transfer/wxr_import.h"

#include "base/arena.h"

#include <stdlib.h>

struct ordering {
    struct wxr_story *story;
    size_t *parents; /* index + 1 of the reply that each answers, 0: none here */
    size_t *seen;    /* the walk that came by last */
};

static int by_id(const void *a, const void *b)
{
    const struct wxr_reply *x = a, *y = b;
    if (x->id.len != y->id.len)
        return x->id.len < y->id.len ? -1 : 1;
    return str_cmp(x->id, y->id);
}

static bool is_none(str parent)
{
    return parent.len == 0 || str_eq(parent, S("0"));
}

/* Up past comments that were left out, to a reply that came, to none, or to one that is not here. */
static str parent_kept(const struct map *kept, const struct map *all, size_t all_count, str parent)
{
    for (size_t steps = 0; steps < all_count; steps++) {
        const struct wxr_comment *left_out = map_get(all, parent);
        if (is_none(parent) || map_get(kept, parent) != NULL || left_out == NULL)
            return parent;
        parent = str_trim(left_out->parent);
    }
    return STR_NONE; /* those that were left out go round */
}

static void find_parents(struct arena *arena, const struct wxr_item *item, struct ordering *o,
                         struct wxr_reply_notes *ret_notes)
{
    struct map kept, all;
    map_init(&kept, arena);
    map_init(&all, arena);
    for (size_t i = 0; i < item->comments_count; i++)
        (void)map_set(&all, item->comments[i].id, &item->comments[i]);
    for (size_t i = o->story->replies_count; i-- > 0;) /* of two with one id the first counts */
        (void)map_set(&kept, o->story->replies[i].id, &o->story->replies[i]);
    for (size_t i = 0; i < o->story->replies_count; i++) {
        struct wxr_reply *reply = &o->story->replies[i];
        str parent = parent_kept(&kept, &all, item->comments_count, reply->parent);
        ret_notes->left_out += !str_eq(parent, reply->parent);
        reply->parent = is_none(parent) ? STR_NONE : str_copy(arena, parent);
        const struct wxr_reply *there = is_none(parent) ? NULL : map_get(&kept, parent);
        o->parents[i] = there == NULL ? 0 : (size_t)(there - o->story->replies) + 1;
        reply->parent_elsewhere = !is_none(parent) && there == NULL;
    }
}

/* The circle that `at` is in is cut before its first. */
static void cut_circle(struct ordering *o, size_t at, struct wxr_reply_notes *ret_notes)
{
    size_t first = at;
    for (size_t i = o->parents[at] - 1; i != at; i = o->parents[i] - 1)
        first = i < first ? i : first;
    o->parents[first] = 0;
    o->story->replies[first].parent = STR_NONE;
    ret_notes->circles++;
}

static void cut_circles(struct ordering *o, struct wxr_reply_notes *ret_notes)
{
    for (size_t i = 0; i < o->story->replies_count; i++) {
        size_t at = i;
        while (o->seen[at] == 0 && o->parents[at] != 0) {
            o->seen[at] = i + 1;
            at = o->parents[at] - 1;
        }
        if (o->seen[at] == i + 1)
            cut_circle(o, at, ret_notes);
        else
            o->seen[at] = i + 1;
    }
}

/* Each after the one it answers, else in their order. */
static struct wxr_reply *in_order(struct arena *arena, const struct ordering *o)
{
    size_t count = o->story->replies_count, placed = 0;
    struct wxr_reply *list = arena_new_array(arena, struct wxr_reply, count);
    size_t *path = arena_new_array(arena, size_t, count);
    bool *done = arena_new_array(arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        size_t depth = 0;
        for (size_t at = i + 1; at != 0 && !done[at - 1]; at = o->parents[at - 1])
            path[depth++] = at - 1;
        while (depth-- > 0) {
            done[path[depth]] = true;
            list[placed++] = o->story->replies[path[depth]];
        }
    }
    CHECK(placed == count);
    return list;
}

void wxr_replies_order(struct arena *arena, const struct wxr_item *item, struct wxr_story *story,
                       struct wxr_reply_notes *ret_notes)
{
    size_t count = story->replies_count;
    *ret_notes = (struct wxr_reply_notes){0};
    if (count == 0)
        return;
    qsort(story->replies, count, sizeof(*story->replies), by_id);
    struct ordering o = {.story = story,
                         .parents = arena_new_array(arena, size_t, count),
                         .seen = arena_new_array(arena, size_t, count)};
    find_parents(arena, item, &o, ret_notes);
    cut_circles(&o, ret_notes);
    story->replies = in_order(arena, &o);
}
