/* SPDX-License-Identifier: MIT
 *
 * Tags and bylines of stories changed by themselves, merged and deleted; featured, for whom: after each, and after
 * each store call failed in its turn, everything kept beside the stories agrees with them. */
#include "news/desk_list.h"
#include "news/redirect.h"
#include "news/term_find.h"
#include "news/term_merge.h"
#include "news/term_words.h"
#include "tests/unit/news/fixture.h"

enum { STORIES = 30 };

static story_id ids[STORIES];
static tag_id harbour, port, ferry;
static byline_id greta, novak;

static void fill(struct site *site)
{
    harbour = site_tag(site, S("Harbour"));
    port = site_tag(site, S("Port"));
    ferry = site_tag(site, S("Ferry"));
    greta = site_byline(site, S("Greta Novak"));
    novak = site_byline(site, S("G. Novak"));
    for (int i = 0; i < STORIES; i++) {
        tag_id tags[] = {i % 3 == 0 ? port : harbour, i % 3 == 0 ? ferry : port, harbour};
        byline_id by[] = {i % 2 == 0 ? novak : greta, i % 4 == 0 ? greta : novak};
        ids[i] = site_save(site, &(struct story_draft){
                                     .title = str_format(site->arena, "Story %d", i),
                                     .text = S("<p>Before.</p><!--members-only--><p>Behind.</p>"),
                                     .kind = i % 7 == 6 ? STORY_PAGE : STORY_STORY,
                                     .tags = tags,
                                     .tags_count = i % 3 == 2 ? 2 : 3,
                                     .bylines = by,
                                     .bylines_count = i % 2 == 0 ? 1 : 2,
                                     .state = i % 5 == 4 ? STORY_DRAFT : STORY_PUBLISHED,
                                     .published_at = SITE_START - i * TIME_HOUR});
    }
}

static void words_step_all(struct site *site)
{
    bool more = true;
    while (more)
        SITE_WRITE(site, term_words_step(desk, &more, err), ST_OK);
}

/* What search reads of a story's tags, after the thread behind has done its part. */
static void expect_words(struct site *site, story_id id)
{
    struct error err = ERROR_INIT;
    struct story *story = site_story(site, id);
    str want = STR_NONE;
    for (size_t i = 0; i < story->tags_count; i++)
        want = i == 0 ? story->tags[i]->name
                      : str_join3(site->arena, want, S("\n"), story->tags[i]->name);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(site->conn, SQL("SELECT tags FROM story_text WHERE story = $1"));
    store_bind_int(q, 1, id.v);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT_STR(store_column_text(q, 0), want);
}

/* ---- each call failing in its turn ---- */

typedef enum status change_fn(struct newsroom *desk, struct error *err);

static void until_none_fails(struct site *site, change_fn *change, int most)
{
    for (int calls = 0; calls < most; calls++) {
        struct error err = ERROR_INIT;
        struct newsroom *desk = site_begin(site);
        site->calls_left = calls;
        enum status st = change(desk, &err);
        bool failed = site->calls_left < 0;
        site->calls_left = -1;
        st = site_end(site, st, &err);
        EXPECT(failed ? st == ST_IO : st == ST_OK);
        site_expect_consistent(site);
        if (!failed)
            return;
    }
    EXPECT(false); /* it goes on failing */
}

static enum status relink(struct newsroom *desk, struct error *err)
{
    return story_set_links(desk, ids[1],
                           &(struct story_links){.tags = (tag_id[]){ferry, harbour},
                                                 .tags_count = 2,
                                                 .bylines = &greta,
                                                 .bylines_count = 1},
                           err);
}

static enum status relink_draft(struct newsroom *desk, struct error *err)
{
    return story_set_links(desk, ids[4], &(struct story_links){.tags = &ferry, .tags_count = 1},
                           err);
}

static enum status feature(struct newsroom *desk, struct error *err)
{
    return story_set_featured(desk, ids[2], true, err);
}

static enum status for_members(struct newsroom *desk, struct error *err)
{
    return story_set_visibility(desk, ids[3], STORY_MEMBERS, err);
}

static enum status merge_tags(struct newsroom *desk, struct error *err)
{
    bool more;
    enum status st = term_move_step(desk, LIST_TAG, port.v, harbour.v, &more, err);
    return st == ST_OK ? tag_merge_end(desk, port, harbour, err) : st;
}

static enum status merge_bylines(struct newsroom *desk, struct error *err)
{
    return byline_merge_end(desk, novak, greta, err);
}

static enum status delete_tag(struct newsroom *desk, struct error *err)
{
    return tag_merge_end(desk, ferry, (tag_id){0}, err);
}

/* ---- */

static void test_links(struct site *site)
{
    int64_t version = site_story(site, ids[1])->version;
    until_none_fails(site, relink, 200);
    struct story *story = site_story(site, ids[1]);
    EXPECT_INT(story->version, version + 1);
    EXPECT_INT(story->tags_count, 2);
    EXPECT_INT(story->primary_tag.v, ferry.v);
    EXPECT_INT(story->primary_byline.v, greta.v);
    SITE_WRITE(site, relink(desk, err), ST_OK); /* the same again: nothing */
    EXPECT_INT(site_story(site, ids[1])->version, version + 1);
    until_none_fails(site, relink_draft, 200);
    words_step_all(site);
    expect_words(site, ids[1]);
    expect_words(site, ids[4]);
    SITE_WRITE(site,
               story_set_links(desk, ids[1],
                               &(struct story_links){.tags = &(tag_id){999}, .tags_count = 1}, err),
               ST_NOT_FOUND);
}

static void test_marks(struct site *site)
{
    until_none_fails(site, feature, 200);
    EXPECT(site_story(site, ids[2])->featured);
    EXPECT(str_contains(site_story(site, ids[3])->plain, S("Behind")));
    until_none_fails(site, for_members, 200);
    struct story *story = site_story(site, ids[3]);
    EXPECT_STR(story->plain, S("Before."));
    EXPECT_STR(story->excerpt, S("Before."));
    EXPECT(str_contains(story->body.raw, S("Behind")));
}

static void expect_redirect(struct site *site, str path, tag_id tag, byline_id byline)
{
    struct error err = ERROR_INIT;
    struct redirect redirect = {0};
    EXPECT_ST(redirect_find(site->conn, path, site->arena, &redirect, &err), ST_OK, &err);
    EXPECT_INT(redirect.tag.v, tag.v);
    EXPECT_INT(redirect.byline.v, byline.v);
}

static void test_merge(struct site *site)
{
    struct error err = ERROR_INIT;
    struct desk_list list;
    struct tag *tag;
    SITE_WRITE(site,
               tag_save(desk,
                        &(struct tag_draft){.id = port, .name = S("Port"), .slug = S("quays")},
                        &port, err),
               ST_OK);
    SITE_WRITE(site,
               tag_save(desk,
                        &(struct tag_draft){.id = harbour, .name = S("Harbour"), .parent = port},
                        &harbour, err),
               ST_OK);
    until_none_fails(site, merge_tags, 3000);
    EXPECT_ST(tag_by_id(site->conn, port, site->arena, &tag, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(tag_by_id(site->conn, harbour, site->arena, &tag, &err), ST_OK, &err);
    EXPECT_INT(tag->parent.v, 0); /* it was under the one that went */
    expect_redirect(site, S("/tag/port/"), harbour, (byline_id){0});
    expect_redirect(site, S("/tag/quays/"), harbour, (byline_id){0});
    EXPECT_ST(
        desk_list_get(site->conn, &(struct desk_query){.tag = harbour}, site->arena, &list, &err),
        ST_OK, &err);
    EXPECT_INT(list.count, STORIES - 1); /* ids[4] has the ferry's alone */
    /* Both: the first of the two places, once. */
    EXPECT_INT(site_story(site, ids[0])->tags_count, 2);
    EXPECT_INT(site_story(site, ids[0])->tags[0]->id.v, harbour.v);
    EXPECT_INT(site_story(site, ids[0])->tags[1]->id.v, ferry.v);
    words_step_all(site);
    for (int i = 0; i < STORIES; i++)
        expect_words(site, ids[i]);
    SITE_WRITE(site, tag_merge_end(desk, port, harbour, err), ST_NOT_FOUND);
    SITE_WRITE(site, tag_merge_end(desk, ferry, (tag_id){999}, err), ST_NOT_FOUND);
}

static void test_merge_bylines(struct site *site)
{
    struct error err = ERROR_INIT;
    struct desk_list list;
    until_none_fails(site, merge_bylines, 3000);
    expect_redirect(site, S("/author/g-novak/"), (tag_id){0}, greta);
    EXPECT_ST(
        desk_list_get(site->conn, &(struct desk_query){.byline = greta}, site->arena, &list, &err),
        ST_OK, &err);
    EXPECT_INT(list.count, STORIES - 1);
}

static void test_delete(struct site *site)
{
    until_none_fails(site, delete_tag, 3000);
    EXPECT_INT(site_story(site, ids[0])->tags_count, 1);
    EXPECT_INT(site_story(site, ids[4])->tags_count, 0);
}

/* ---- names as they are typed; names that are proposed ---- */

static void test_find(struct site *site)
{
    struct error err = ERROR_INIT;
    struct tag **tags;
    size_t count;
    (void)site_tag(site, S("Hardware"));
    tag_id angers = site_tag(site, S("Élan"));
    static const struct {
        str typed;
        size_t count;
    } cases[] = {{STR_INIT("har"), 2}, {STR_INIT("Har"), 2}, {STR_INIT("HARB"), 1},
                 {STR_INIT("ela"), 1}, {STR_INIT("él"), 1},  {STR_INIT("  "), 0},
                 {STR_INIT("zzz"), 0}, {STR_INIT("?"), 0}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EXPECT_ST(
            tag_list_beginning(site->conn, cases[i].typed, 10, site->arena, &tags, &count, &err),
            ST_OK, &err);
        EXPECT_INT(count, cases[i].count);
    }
    EXPECT_ST(tag_list_beginning(site->conn, S("har"), 10, site->arena, &tags, &count, &err), ST_OK,
              &err);
    EXPECT_INT(tags[0]->id.v, harbour.v); /* the one with stories */
    EXPECT_ST(tag_list_beginning(site->conn, S("ELA"), 10, site->arena, &tags, &count, &err), ST_OK,
              &err);
    EXPECT_INT(tags[0]->id.v, angers.v);
}

static enum status accept(struct newsroom *desk, struct error *err)
{
    bool more = true;
    enum status st = ST_OK;
    while (st == ST_OK && more)
        st = tag_accept_step(desk, S("ida-holm"), harbour, &more, err);
    return st;
}

static void test_proposals(struct site *site)
{
    struct error err = ERROR_INIT;
    struct tag_proposal *list;
    size_t count;
    struct tag_proposal ida = {.slug = S("ida-holm"), .name = S("Ida Holm"), .weight = 3};
    for (int i = 0; i < 20; i++)
        SITE_WRITE(site, tag_propose(desk, ids[i], &ida, 1, err), ST_OK);
    EXPECT_ST(tag_proposals_list(site->conn, STR_NONE, 10, site->arena, &list, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 1);
    EXPECT_INT(list[0].stories, 20);
    until_none_fails(site, accept, 3000);
    EXPECT_ST(tag_proposal_find(site->conn, S("ida-holm"), site->arena, &list, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 0);
    EXPECT_INT(site_story(site, ids[4])->tags_count, 1);
}

int main(void)
{
    struct site site;
    site_open(&site);
    fill(&site);
    site_expect_consistent(&site);
    test_links(&site);
    test_marks(&site);
    test_merge(&site);
    test_merge_bylines(&site);
    test_delete(&site);
    test_find(&site);
    test_proposals(&site);
    site_expect_consistent(&site);
    site_close(&site);
    return test_done();
}
