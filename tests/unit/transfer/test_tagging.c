/* SPDX-License-Identifier: MIT
 *
 * Which names of a story become proposals, and which proposals become tags. */
#include "transfer/tagging.h"

#include "tests/unit/news/fixture.h"
#include "transfer/import.h"

static str listed(struct site *site, store_sql ask)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(site->conn, ask);
    str all = S("");
    enum status st;
    while ((st = store_step(q, &err)) == ST_OK)
        all = str_join3(site->arena, all, all.len > 0 ? S(" ") : S(""), store_column_text(q, 0));
    EXPECT_ST(st, ST_NOT_FOUND, &err);
    return all;
}

#define ASK_PROPOSED SQL("SELECT story || ':' || slug FROM tag_proposal ORDER BY story, position")
#define ASK_TAGGED                                                                                 \
    SQL("SELECT s.story || ':' || t.slug FROM story_tag s JOIN tag t ON t.id = s.tag"              \
        " ORDER BY s.story, s.position")

static void names_become_candidates(struct site *site)
{
    const struct {
        str headline, plain, first;
        bool some, recurs;
    } cases[] = {
        {S("Ankara talks end"), S("Talks in Ankara ended. Ankara was calm."), S("ankara"), true,
         true},
        {S("Talks end"), S("The talks ended in calm."), S(""), false, false},
        {S(""), S(""), S(""), false, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tag_candidate *list;
        size_t count = tagging_find(site->arena, cases[i].headline, cases[i].plain, S("en"), &list);
        EXPECT_INT(count > 0, cases[i].some);
        if (count == 0)
            continue;
        EXPECT_STR(list[0].slug, cases[i].first);
        EXPECT_INT(list[0].recurs, cases[i].recurs);
    }
}

static void candidates_become_proposals(struct site *site, const story_id *stories)
{
    const struct tag_candidate list[] = {{S("once"), S("Once"), 9, false},
                                         {S("ankara"), S("Ankara"), 5, true},
                                         {S("harbour"), S("Harbour"), 1, false},
                                         {S("oslo"), S("Oslo"), 4, true}};
    SITE_WRITE(site, tagging_propose(desk, stories[0], list, ARRAY_LEN(list), err), ST_OK);
    SITE_WRITE(site, tagging_propose(desk, stories[1], &list[1], 1, err), ST_OK);
    SITE_WRITE(site, tagging_propose(desk, stories[2], NULL, 0, err), ST_OK);
    /* The site's own tag first, though lighter; what is named once and nobody's tag not at all. */
    EXPECT_STR(listed(site, ASK_PROPOSED), S("1:harbour 1:ankara 1:oslo 2:ankara"));
}

static void proposals_become_tags(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t tags = 0;
    const struct import_options options = {.arena = site->arena,
                                           .store = site->store,
                                           .settings = site->settings,
                                           .clock = &site->clock};
    EXPECT_ST(tagging_apply(&options, &tags, &err), ST_OK, &err);
    EXPECT_INT(tags, 1); /* Ankara: two stories share it; Oslo waits */
    EXPECT_STR(listed(site, ASK_PROPOSED), S("1:oslo"));
    EXPECT_STR(listed(site, ASK_TAGGED), S("1:harbour 1:ankara 2:ankara"));
    EXPECT_STR(listed(site, SQL("SELECT title || state || (published_at / 1000000) FROM story"
                                " WHERE id = 1")),
               S("Onepublished1767225600"));
    EXPECT_ST(tagging_apply(&options, &tags, &err), ST_OK, &err);
    EXPECT_INT(tags, 1);
    site_expect_consistent(site);
}

int main(void)
{
    static const char *const titles[] = {"One", "Two", "Three"};
    struct site site;
    story_id stories[3];
    site_open(&site);
    (void)site_tag(&site, S("Harbour"));
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        stories[i] = site_save(&site, &(struct story_draft){.title = str_from_c(titles[i]),
                                                            .text = S("<p>Text.</p>")});
        SITE_WRITE(&site, story_publish(desk, stories[i], site.now, err), ST_OK);
    }
    names_become_candidates(&site);
    candidates_become_proposals(&site, stories);
    proposals_become_tags(&site);
    site_close(&site);
    return test_done();
}
