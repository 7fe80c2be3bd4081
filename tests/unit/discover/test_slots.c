/* SPDX-License-Identifier: MIT
 *
 * The slots of a story page on sites of 1, 2, 3, 6 and 40 stories, with and without reads, tags and
 * likeness, against the table of slots.h. */
#include "discover/popular.h"
#include "discover/related.h"
#include "discover/slots.h"
#include "news/read_count.h"
#include "tests/unit/news/fixture.h"

enum { STORIES_MAX = 40 };

static const char *const subjects[] = {
    "The council of Eelmouth debated the harbour wall, its concrete, its piles and its price.",
    "Orchard keepers near Sallowby pruned pear trees after the frost and sprayed copper sulphate.",
    "Goalkeeper Tamsin Roe saved two penalties as Quay Rovers drew with Millbrook at home.",
    "The violin maker Otto Brandl carved maple and spruce for the conservatory quartet.",
};
enum { SUBJECTS = 4 };

struct made {
    struct site site;
    story_id ids[STORIES_MAX];
    int count;
};

static void make(struct made *m, int stories, bool tags)
{
    site_open(&m->site);
    m->count = stories;
    tag_id tag[SUBJECTS];
    for (int t = 0; tags && t < SUBJECTS; t++)
        tag[t] = site_tag(&m->site, str_format(m->site.arena, "Subject %d", t));
    byline_id by = site_byline(&m->site, S("Staff"));
    for (int i = 0; i < stories; i++) {
        m->site.now += TIME_HOUR;
        int subject = i % SUBJECTS;
        str text = str_format(m->site.arena, "<p>%s</p><p>%s</p><p>And w%dq, w%dz, x%dy.</p>",
                              subjects[subject], subjects[subject], i, i * 3, i * 7);
        m->ids[i] = site_save(
            &m->site, &(struct story_draft){.title = str_format(m->site.arena, "Number%d", i),
                                            .text = text,
                                            .tags = &tag[subject],
                                            .tags_count = tags,
                                            .bylines = &by,
                                            .bylines_count = 1,
                                            .state = STORY_PUBLISHED});
    }
}

static void work_off(struct made *m)
{
    struct error err = ERROR_INIT;
    int64_t done;
    const struct related_work related = {.store = m->site.store,
                                         .conn = m->site.conn,
                                         .clock = &m->site.clock,
                                         .rng = &rng_system,
                                         .language = S("en")};
    EXPECT_ST(related_run(&related, TIME_NEVER, &done, &err), ST_OK, &err);
    const struct popular_work popular = {
        .store = m->site.store, .conn = m->site.conn, .clock = &m->site.clock, .rng = &rng_system};
    m->site.raised_count = 0;
    EXPECT_ST(popular_run(&popular, &err), ST_OK, &err);
}

static void read_stories(struct made *m, int stories, int64_t reads, time_us ago)
{
    struct read_count counts[STORIES_MAX];
    for (int i = 0; i < stories; i++)
        counts[i] = (struct read_count){m->ids[i], reads + i, m->site.now - ago};
    SITE_WRITE(&m->site, read_count_add(desk, counts, (size_t)stories, err), ST_OK);
}

static struct story_slots slots_of(struct made *m, int i, unsigned wanted)
{
    struct error err = ERROR_INIT;
    struct story_slots slots = {0};
    EXPECT_ST(slots_fill(m->site.conn, i < 0 ? NULL : site_story(&m->site, m->ids[i]), wanted,
                         m->site.now, m->site.arena, &slots, &err),
              ST_OK, &err);
    return slots;
}

static bool has(const struct story_list *list, story_id id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i]->id.v == id.v)
            return true;
    }
    return false;
}

/* What holds for every page of every site. */
static void check_always(struct made *m, int i, const struct story_slots *s)
{
    const struct story_list *lists[] = {&s->related, &s->latest, &s->popular, &s->also_like};
    const size_t most[] = {SLOT_RELATED_MAX, SLOT_LATEST_MAX, SLOT_POPULAR_MAX, SLOT_ALSO_LIKE_MAX};
    for (size_t l = 0; l < 4; l++) {
        EXPECT(lists[l]->count <= most[l]);
        EXPECT(!has(lists[l], m->ids[i]));
        for (size_t k = 0; k < lists[l]->count; k++) {
            EXPECT(lists[l]->rows[k]->terms_loaded);
            EXPECT_INT(lists[l]->rows[k]->bylines_count, 1);
            for (size_t o = 0; o < k; o++)
                EXPECT(lists[l]->rows[o]->id.v != lists[l]->rows[k]->id.v);
        }
    }
    for (size_t k = 0; k < s->also_like.count; k++) {
        EXPECT(!has(&s->related, s->also_like.rows[k]->id));
        EXPECT(!has(&s->latest, s->also_like.rows[k]->id));
        EXPECT(!has(&s->popular, s->also_like.rows[k]->id));
    }
    EXPECT(s->also_like.count == 0 || s->also_like.count >= SLOT_ALSO_LIKE_MIN);
    /* Latest are the newest, in order. */
    int newest = m->count - 1;
    for (size_t k = 0; k < s->latest.count; k++, newest--) {
        if (newest == i)
            newest--;
        EXPECT_INT(s->latest.rows[k]->id.v, m->ids[newest].v);
    }
}

static void test_sites(void)
{
    static const struct {
        int stories;
        bool tags;
        int read; /* so many stories were read enough, lately */
        int latest, related_least, popular, also_least;
    } cases[] = {
        {1, false, 0, 0, 0, 0, 0},  {1, true, 1, 0, 0, 0, 0},    {2, false, 0, 1, 0, 0, 0},
        {2, true, 2, 1, 0, 0, 0},   {3, true, 0, 2, 0, 0, 0},    {3, true, 3, 2, 0, 2, 0},
        {6, false, 0, 5, 0, 0, 0},  {6, true, 6, 5, 0, 5, 0},    {40, false, 0, 5, 4, 0, 2},
        {40, true, 0, 5, 4, 0, 2},  {40, true, 2, 5, 4, 0, 2},   {40, true, 3, 5, 4, 2, 2},
        {40, true, 40, 5, 4, 5, 4}, {40, false, 40, 5, 4, 5, 4},
    };
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct made m;
        make(&m, cases[c].stories, cases[c].tags);
        if (cases[c].read > 0)
            read_stories(&m, cases[c].read, POPULAR_READS_MIN, 0);
        work_off(&m);
        for (int i = 0; i < m.count; i++) {
            struct story_slots s = slots_of(&m, i, SLOT_ALL);
            check_always(&m, i, &s);
            EXPECT_INT(s.latest.count, cases[c].latest);
            EXPECT((int)s.related.count >= cases[c].related_least);
            bool is_popular = i < cases[c].read;
            if (cases[c].popular < 5)
                EXPECT_INT(s.popular.count,
                           cases[c].popular == 0 ? 0 : cases[c].popular + !is_popular);
            else
                EXPECT_INT(s.popular.count, 5);
            EXPECT((int)s.also_like.count >= cases[c].also_least);
            for (size_t k = 0; k < s.related.count; k++) {
                int other = 0;
                while (m.ids[other].v != s.related.rows[k]->id.v)
                    other++;
                EXPECT_INT(other % SUBJECTS, i % SUBJECTS); /* never an unlike one */
            }
        }
        site_close(&m.site);
    }
}

/* The same story gives the same slots, whatever a theme asks for. */
static void test_wanted(void)
{
    struct made m;
    make(&m, 40, true);
    read_stories(&m, 40, POPULAR_READS_MIN, 0);
    work_off(&m);
    struct story_slots all = slots_of(&m, 7, SLOT_ALL), one = slots_of(&m, 7, SLOT_ALSO_LIKE);
    EXPECT_INT(one.related.count + one.latest.count + one.popular.count, 0);
    EXPECT_INT(one.also_like.count, all.also_like.count);
    for (size_t i = 0; i < one.also_like.count; i++)
        EXPECT_INT(one.also_like.rows[i]->id.v, all.also_like.rows[i]->id.v);
    struct story_slots front = slots_of(&m, -1, SLOT_ALL);
    EXPECT_INT(front.latest.count, 5);
    EXPECT_INT(front.popular.count, 5);
    EXPECT_INT(front.related.count + front.also_like.count, 0);
    int64_t before = store_conn_statements(m.site.conn);
    const struct story *story = site_story(&m.site, m.ids[7]);
    before = store_conn_statements(m.site.conn);
    struct error err = ERROR_INIT;
    EXPECT_ST(slots_fill(m.site.conn, story, SLOT_ALL, m.site.now, m.site.arena, &all, &err), ST_OK,
              &err);
    EXPECT_INT(store_conn_statements(m.site.conn) - before, 5);
    site_close(&m.site);
}

/* day, week, month, year: until five stories have ten reads each. */
static void test_windows(void)
{
    static const struct {
        time_us ago;
        int stories;
        int64_t reads;
        int popular;
        time_us window;
    } cases[] = {
        {TIME_HOUR, 6, 10, 6, TIME_DAY},
        {2 * TIME_DAY, 6, 10, 6, 7 * TIME_DAY},
        {20 * TIME_DAY, 6, 10, 6, 30 * TIME_DAY},
        {200 * TIME_DAY, 6, 10, 6, 365 * TIME_DAY},
        {400 * TIME_DAY, 6, 10, 0, 0},
        {TIME_HOUR, 2, 10, 0, 0},
        {TIME_HOUR, 3, 10, 3, 365 * TIME_DAY},
        {TIME_HOUR, 4, 9, 3, 365 * TIME_DAY},
    };
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct made m;
        make(&m, 8, false);
        read_stories(&m, cases[c].stories, cases[c].reads, cases[c].ago);
        work_off(&m);
        struct error err = ERROR_INIT;
        struct popular_row *rows;
        size_t count;
        EXPECT_ST(popular_list(m.site.conn, m.site.arena, &rows, &count, &err), ST_OK, &err);
        EXPECT_INT(count, cases[c].popular);
        if (count > 0) {
            EXPECT_INT(rows[0].window, cases[c].window);
            EXPECT(site_raised(&m.site, S("list:popular")));
        }
        for (size_t i = 1; i < count; i++)
            EXPECT(rows[i - 1].reads >= rows[i].reads); /* read at one time: as hot as read */
        work_off(&m);
        EXPECT(!site_raised(&m.site, S("list:popular"))); /* nothing changed */
        site_close(&m.site);
    }
}

/* What readers went on to read comes before likeness, the more of them there were. */
static void test_read_on(void)
{
    struct made m;
    make(&m, 40, true);
    work_off(&m);
    const struct read_on pairs[] = {
        {m.ids[5], m.ids[14], 90}, {m.ids[5], m.ids[15], 60}, {m.ids[5], m.ids[39], 99}};
    SITE_WRITE(&m.site, read_on_add(desk, pairs, 3, err), ST_OK);
    struct story_slots s = slots_of(&m, 5, SLOT_ALL);
    EXPECT_INT(s.also_like.rows[0]->id.v, m.ids[14].v);
    EXPECT_INT(s.also_like.rows[1]->id.v, m.ids[15].v);
    EXPECT(has(&s.latest, m.ids[39])); /* read most, but the page has it */
    SITE_WRITE(&m.site, story_unpublish(desk, m.ids[14], err), ST_OK);
    EXPECT(site_raised(&m.site, change_story_name(m.site.arena, m.ids[5])));
    s = slots_of(&m, 5, SLOT_ALL);
    EXPECT_INT(s.also_like.rows[0]->id.v, m.ids[15].v);
    site_close(&m.site);
}

int main(void)
{
    test_sites();
    test_wanted();
    test_windows();
    test_read_on();
    return test_done();
}
