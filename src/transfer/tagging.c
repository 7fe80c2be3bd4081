/* SPDX-License-Identifier: MIT */
#include "transfer/tagging.h"

#include "base/arena.h"
#include "base/random.h"
#include "news/list.h"
#include "news/story.h"
#include "news/tag.h"
#include "reader/names.h"
#include "store/store.h"
#include "text/slug.h"
#include "transfer/import.h"
#include "transfer/story_again.h"

size_t tagging_find(struct arena *arena, str headline, str plain, str language,
                    struct tag_candidate **ret_candidates)
{
    struct names names;
    struct tag_candidate *list =
        arena_new_array(arena, struct tag_candidate, TAGGING_CANDIDATES_MAX);
    size_t count = 0;
    names_find(arena, headline, plain, language, &names);
    for (size_t i = 0; i < names.count && count < TAGGING_CANDIDATES_MAX; i++) {
        const struct name *name = &names.list[i];
        str slug = slug_from_headline_or(arena, name->text, S("tag"));
        bool twice = false;
        for (size_t j = 0; j < count; j++)
            twice = twice || str_eq(list[j].slug, slug);
        if (!twice)
            list[count++] =
                (struct tag_candidate){slug, name->text, name->weight, name_recurs(name)};
    }
    *ret_candidates = list;
    return count;
}

enum status tagging_propose(struct newsroom *desk, story_id story,
                            const struct tag_candidate *candidates, size_t count, struct error *err)
{
    struct tag_proposal *list =
        arena_new_array(desk->arena, struct tag_proposal, TAGGING_PROPOSALS_MAX);
    bool *known = arena_new_array(desk->arena, bool, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct tag *tag;
        enum status st =
            tag_by_slug(store_tx_conn(desk->tx), candidates[i].slug, desk->arena, &tag, err);
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        known[i] = st == ST_OK;
    }
    for (int pass = 0; pass < 2; pass++) { /* the site's own first */
        for (size_t i = 0; i < count && n < TAGGING_PROPOSALS_MAX; i++) {
            const struct tag_candidate *c = &candidates[i];
            if (known[i] == (pass == 0) && (known[i] || c->recurs))
                list[n++] =
                    (struct tag_proposal){.slug = c->slug, .name = c->name, .weight = c->weight};
        }
    }
    return tag_propose(desk, story, list, n, err);
}

/* ---- applying ---- */

struct tagging {
    const struct import_options *options;
    int64_t after; /* the story done last */
    int64_t tags_made;
};

/* The next story with a proposal that is worth a page. */
static enum status next_story(struct store_conn *conn, struct tagging *work, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT p.story FROM tag_proposal p WHERE p.story > $1"
                  " AND (EXISTS (SELECT 1 FROM tag t WHERE t.slug = p.slug)"
                  " OR (SELECT COUNT(*) FROM tag_proposal o WHERE o.slug = p.slug) >= $2)"
                  " ORDER BY p.story LIMIT 1"));
    store_bind_int(q, 1, work->after);
    store_bind_int(q, 2, TAGGING_STORIES_MIN);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        work->after = store_column_int(q, 0);
    return st;
}

static enum status tag_for(struct newsroom *desk, struct tagging *work,
                           const struct tag_proposal *p, tag_id *ret_id, struct error *err)
{
    struct tag *there;
    enum status st = tag_by_slug(store_tx_conn(desk->tx), p->slug, desk->arena, &there, err);
    if (st == ST_OK) {
        *ret_id = there->id;
        return ST_OK;
    }
    if (st != ST_NOT_FOUND || p->stories < TAGGING_STORIES_MIN)
        return st;
    work->tags_made++;
    return tag_find_or_add(desk, &(struct tag_draft){.slug = p->slug, .name = p->name}, ret_id,
                           err);
}

static enum status tag_story(struct newsroom *desk, struct tagging *work, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    story_id id = {work->after};
    struct story_again again;
    struct story_prepared ready;
    struct tag_proposal *proposals;
    size_t count;
    enum status st = tag_proposals(conn, id, desk->arena, &proposals, &count, err);
    if (st == ST_OK)
        st = story_again(conn, id, count, desk->arena, &again, err);
    if (st != ST_OK)
        return st;
    struct story_draft *draft = &again.draft;
    struct tag_proposal *left = arena_new_array(desk->arena, struct tag_proposal, count);
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++) {
        st = tag_for(desk, work, &proposals[i], &again.tags[draft->tags_count], err);
        if (st == ST_OK)
            draft->tags_count++;
        else if (st == ST_NOT_FOUND)
            left[left_count++] = proposals[i];
        else
            return st;
    }
    st = story_prepare(desk->arena, draft, &ready, err);
    if (st == ST_OK)
        st = story_save(desk, &ready, &id, err);
    if (st == ST_OK)
        st = tag_propose(desk, id, left, left_count, err);
    return st;
}

/* A store_write_fn: a story a step. Applying makes no proposal worth more, so one walk is enough. */
static enum status apply_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct tagging *work = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {
        .tx = tx,
        .arena = arena,
        .rng = work->options->rng == NULL ? &rng_system : work->options->rng,
        .now = clock_now(work->options->clock == NULL ? &clock_system : work->options->clock),
        .site = work->options->settings};
    enum status st = next_story(store_tx_conn(tx), work, err);
    if (st != ST_OK)
        return st;
    return tag_story(&desk, work, err);
}

enum status tagging_apply(const struct import_options *options, int64_t *tags, struct error *err)
{
    struct tagging work = {.options = options};
    enum status st = store_write_bulk_wait(options->store, apply_step, &work, err);
    *tags += work.tags_made;
    return st;
}
