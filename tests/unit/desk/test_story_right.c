/* SPDX-License-Identifier: MIT
 *
 * Who may do what with which story: every role, one's own and others', stories and pages, in each state. The table is
 * written a second time here, in letters, so that a slip in either is seen. */
#include "desk/right.h"

#include "tests/check.h"

/* d draft, s scheduled, p published, t in the bin: the states in which it may be done. */
static const struct {
    enum story_act act;
    const char *editor, *author,
        *contributor; /* an editor's: anybody's; the others': one's own stories */
} table[] = {
    {ACT_READ, "dspt", "dspt", "dspt"}, {ACT_EDIT, "dsp", "dsp", "d"},
    {ACT_PUBLISH, "dsp", "dsp", ""},    {ACT_UNPUBLISH, "sp", "sp", ""},
    {ACT_TRASH, "dsp", "dsp", "d"},     {ACT_RESTORE, "t", "t", "t"},
    {ACT_DELETE, "t", "", ""},          {ACT_CORRECT, "p", "p", ""},
    {ACT_CORRECTIONS, "dsp", "", ""},
};
static_assert(ARRAY_LEN(table) == STORY_ACTS_COUNT, "a row for each act");

static bool wanted(size_t row, enum role role, const struct right_story *story)
{
    bool edits_all = role == ROLE_OWNER || role == ROLE_ADMINISTRATOR || role == ROLE_EDITOR;
    bool own = story->own && story->kind == STORY_STORY;
    const char *states = edits_all                         ? table[row].editor
                         : own && role == ROLE_AUTHOR      ? table[row].author
                         : own && role == ROLE_CONTRIBUTOR ? table[row].contributor
                                                           : "";
    return strchr(states, "dspt"[story->state]) != NULL;
}

int main(void)
{
    size_t asked = 0;
    for (size_t row = 0; row < ARRAY_LEN(table); row++) {
        for (int role = 0; role < ROLES_COUNT; role++) {
            for (int state = STORY_DRAFT; state <= STORY_TRASHED; state++) {
                for (int which = 0; which < 4; which++) {
                    struct right_story story = {.own = (which & 1) != 0,
                                                .kind = (which & 2) != 0 ? STORY_PAGE : STORY_STORY,
                                                .state = (enum story_state)state};
                    bool may = right_over_story((enum role)role, &story, table[row].act);
                    if (may != wanted(row, (enum role)role, &story))
                        printf("act %d role %d state %d own %d kind %d\n", table[row].act, role,
                               state, story.own, story.kind);
                    EXPECT(may == wanted(row, (enum role)role, &story));
                    asked++;
                }
            }
        }
    }
    EXPECT_INT(asked, STORY_ACTS_COUNT * ROLES_COUNT * 4 * 4);
    return test_done();
}
