/* SPDX-License-Identifier: MIT
 *
 * The desk's lists on random stories, each held against a plain scan of the table; through every change of
 * state; and how far a walk looks. */
#include "news/desk_list.h"
#include "news/person.h"
#include "tests/unit/news/fixture.h"

enum { STORIES = 300, TAGS = 3, BYLINES = 4, ROUNDS = 1500 };

static tag_id tags[TAGS];
static byline_id bylines[BYLINES]; /* the first two are Ann's */
static person_id ann;

/* ---- stories ---- */

static uint64_t seed = 20260101;

static size_t any(size_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % below;
}

static void fill(struct site *site)
{
    SITE_WRITE(site,
               person_add(desk, &(struct person){.email = S("ann@paper.example"), .name = S("Ann")},
                          STR_NONE, &ann, err),
               ST_OK);
    for (int i = 0; i < TAGS; i++)
        tags[i] = site_tag(site, str_format(site->arena, "Tag %d", i));
    for (int i = 0; i < BYLINES; i++)
        SITE_WRITE(site,
                   byline_save(desk,
                               &(struct byline_draft){.name = str_format(desk->arena, "By %d", i),
                                                      .person = i < 2 ? ann : (person_id){0}},
                               &bylines[i], err),
                   ST_OK);
    for (int i = 0; i < STORIES; i++) {
        tag_id t[TAGS];
        byline_id b[BYLINES];
        size_t t_count = 0, b_count = 0;
        for (int k = 0; k < TAGS; k++) {
            if (any(3) == 0)
                t[t_count++] = tags[k];
        }
        for (int k = 0; k < BYLINES; k++) {
            if (any(3) == 0)
                b[b_count++] = bylines[k];
        }
        enum story_state state = (enum story_state)any(4);
        /* Some meet in one microsecond. */
        time_us at = SITE_START + (time_us)any(60) * TIME_HOUR;
        site->now = SITE_START - (time_us)any(60) * TIME_HOUR;
        (void)site_save(site,
                        &(struct story_draft){.kind = any(4) == 0 ? STORY_PAGE : STORY_STORY,
                                              .title = str_format(site->arena, "Story %d", i),
                                              .text = S("<p>Text.</p>"),
                                              .tags = t,
                                              .tags_count = t_count,
                                              .bylines = b,
                                              .bylines_count = b_count,
                                              .state = state == STORY_TRASHED ? STORY_DRAFT : state,
                                              .published_at = state == STORY_DRAFT ? 0 : at});
        if (state == STORY_TRASHED)
            SITE_WRITE(site, story_trash(desk, (story_id){i + 1}, err), ST_OK);
    }
    site->now = SITE_START;
}

/* ---- the oracle ---- */

#define AT                                                                                         \
    "CASE WHEN s.state IN ('scheduled', 'published') THEN s.published_at ELSE s.updated_at END"
#define SCAN                                                                                       \
    "SELECT s.id, s.state, s.kind FROM story s"                                                    \
    " WHERE ($1 = 0 OR EXISTS (SELECT 1 FROM story_tag x WHERE x.story = s.id AND x.tag = $1))"    \
    " AND ($2 = 0 OR EXISTS (SELECT 1 FROM story_byline x WHERE x.story = s.id"                    \
    " AND x.byline = $2))"                                                                         \
    " AND ($3 = 0 OR s.id IN (SELECT x.story FROM story_byline x JOIN byline b"                    \
    " ON b.id = x.byline WHERE b.person = $3)) AND " AT " >= $4 AND " AT " < $5"                   \
    " ORDER BY " AT " DESC, s.id DESC"

static size_t scan(struct site *site, const struct desk_query *query, int64_t *ids)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(site->conn, SQL(SCAN));
    size_t count = 0;
    store_bind_int(q, 1, query->tag.v);
    store_bind_int(q, 2, query->byline.v);
    store_bind_int(q, 3, query->own.v);
    store_bind_int(q, 4, query->from != 0 ? query->from : INT64_MIN);
    store_bind_int(q, 5, query->until != 0 ? query->until : INT64_MAX);
    enum status st;
    while ((st = store_step(q, &err)) == ST_OK) {
        unsigned state = 0, kind = str_eq(store_column_text(q, 2), S("page"));
        while (
            !str_eq(store_column_text(q, 1), str_from_c(story_state_name((enum story_state)state))))
            state++;
        if ((query->states == 0 || (query->states >> state & 1) != 0) &&
            (query->kinds == 0 || (query->kinds >> kind & 1) != 0))
            ids[count++] = store_column_int(q, 0);
    }
    EXPECT_ST(st, ST_NOT_FOUND, &err);
    return count;
}

/* The whole list, page by page. */
static size_t walk(struct site *site, struct desk_query query, int64_t *ids)
{
    struct error err = ERROR_INIT;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    size_t count = 0;
    for (;;) {
        struct desk_list list = {0};
        EXPECT_ST(desk_list_get(site->conn, &query, arena, &list, &err), ST_OK, &err);
        EXPECT(!list.unfinished);
        EXPECT(!list.more || list.count == query.limit);
        for (size_t i = 0; i < list.count && count < STORIES; i++)
            ids[count++] = list.rows[i].story->id.v;
        if (!list.more || count == STORIES)
            return count;
        query.before = list.next;
    }
}

static void expect_same(struct site *site, const struct desk_query *query)
{
    int64_t got[STORIES], want[STORIES];
    size_t got_count = walk(site, *query, got), want_count = scan(site, query, want);
    bool same = got_count == want_count;
    for (size_t i = 0; same && i < got_count; i++)
        same = got[i] == want[i];
    if (!same)
        printf("states %x kinds %x tag %lld byline %lld own %lld: %zu, not %zu\n", query->states,
               query->kinds, (long long)query->tag.v, (long long)query->byline.v,
               (long long)query->own.v, got_count, want_count);
    EXPECT(same);
}

static struct desk_query any_query(void)
{
    struct desk_query query = {
        .states = (unsigned)any(16), .kinds = (unsigned)any(4), .limit = 1 + any(40)};
    if (any(2) == 0)
        query.tag = tags[any(TAGS)];
    if (any(3) == 0)
        query.byline = bylines[any(BYLINES)];
    if (any(3) == 0)
        query.own = ann;
    if (any(3) == 0)
        query.from = SITE_START - (time_us)any(60) * TIME_HOUR;
    if (any(3) == 0)
        query.until = SITE_START + (time_us)any(60) * TIME_HOUR;
    return query;
}

static void test_against_scan(struct site *site, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        struct desk_query query = any_query();
        expect_same(site, &query);
    }
}

/* ---- changes ---- */

static void test_every_change(struct site *site)
{
    for (int i = 0; i < 200; i++) {
        story_id id = {1 + (int64_t)any(STORIES)};
        struct story *story = site_story(site, id);
        struct error err = ERROR_INIT;
        site->now += TIME_MINUTE;
        struct newsroom *desk = site_begin(site);
        enum status st = ST_OK;
        switch (any(6)) {
        case 0:
            st = story_publish(desk, id, desk->now, &err);
            break;
        case 1:
            st = story_schedule(desk, id, desk->now + 1 + (time_us)any(9) * TIME_DAY, &err);
            break;
        case 2:
            st = story_unpublish(desk, id, &err);
            break;
        case 3:
            st = story_trash(desk, id, &err);
            break;
        case 4:
            st = story_restore(desk, id, &err);
            break;
        default: {
            struct story_prepared ready;
            struct story_draft draft = {.id = id,
                                        .kind = story->kind,
                                        .title = str_join2(site->arena, story->title, S("!")),
                                        .text = story->body.raw,
                                        .tags = &tags[any(TAGS)],
                                        .tags_count = 1,
                                        .bylines = &bylines[any(BYLINES)],
                                        .bylines_count = any(2)};
            st = story_prepare(desk->arena, &draft, &ready, &err);
            if (st == ST_OK)
                st = story_save(desk, &ready, &id, &err);
        }
        }
        EXPECT(st == ST_OK || st == ST_CONFLICT);
        (void)site_end(site, st, &err);
        if (i % 20 == 0)
            site_expect_consistent(site);
    }
    site_expect_consistent(site);
    test_against_scan(site, 300);
}

/* ---- how far it looks ---- */

/* So many drafts of one tag, and behind them the one page: no index tells them apart. */
static void test_gives_up(struct site *site)
{
    struct error err = ERROR_INIT;
    struct desk_list list;
    tag_id common = site_tag(site, S("Common"));
    struct newsroom *desk = site_begin(site);
    enum status st = ST_OK;
    for (int i = 0; st == ST_OK && i <= DESK_LOOKED_MAX; i++) {
        struct story_prepared ready;
        story_id id;
        st = story_prepare(desk->arena,
                           &(struct story_draft){.title = S("Common"),
                                                 .slug = str_format(desk->arena, "common-%d", i),
                                                 .kind = i == 0 ? STORY_PAGE : STORY_STORY,
                                                 .text = S("<p>Text.</p>"),
                                                 .tags = &common,
                                                 .tags_count = 1,
                                                 .updated_at = desk->now + i},
                           &ready, &err);
        if (st == ST_OK)
            st = story_save(desk, &ready, &id, &err);
    }
    EXPECT_ST(site_end(site, st, &err), ST_OK, &err);
    struct desk_query query = {.states = DESK_STATE(STORY_DRAFT),
                               .kinds = DESK_KIND(STORY_PAGE),
                               .tag = common,
                               .limit = 10};
    EXPECT_ST(desk_list_get(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
    EXPECT_INT(list.count, 0);
    EXPECT(list.unfinished);
    query.before = list.next;
    EXPECT_ST(desk_list_get(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
    EXPECT_INT(list.count, 1);
    EXPECT(!list.unfinished && !list.more);
}

int main(void)
{
    struct site site;
    site_open(&site);
    fill(&site);
    site_expect_consistent(&site);
    test_against_scan(&site, ROUNDS);
    test_every_change(&site);
    test_gives_up(&site);
    site_close(&site);
    return test_done();
}
