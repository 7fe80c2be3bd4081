/* SPDX-License-Identifier: MIT
 *
 * What a ban fits and what it does not; the list as it is kept and loaded; a reply that goes to spam unseen. */
#include "news/ban.h"

#include "tests/unit/news/fixture.h"

static const struct {
    enum ban_kind kind;
    str typed, value;
    enum status status;
} forms[] = {
    {BAN_EMAIL, STR_INIT(" Ida@Reader.Example "), STR_INIT("ida@reader.example"), ST_OK},
    {BAN_EMAIL, STR_INIT("@Reader.example"), STR_INIT("@reader.example"), ST_OK},
    {BAN_EMAIL, STR_INIT("reader"), STR_INIT(""), ST_INVALID},
    {BAN_EMAIL, STR_INIT("@"), STR_INIT(""), ST_INVALID},
    {BAN_NAME, STR_INIT("Ída  HOLM"), STR_INIT("ida holm"), ST_OK},
    {BAN_NAME, STR_INIT("!!!"), STR_INIT(""), ST_INVALID},
    {BAN_WORD, STR_INIT("Cheap, RÓPES!"), STR_INIT("cheap ropes"), ST_OK},
    {BAN_WORD, STR_INIT("a b c d e f g h i j k l m"), STR_INIT(""), ST_INVALID},
    {BAN_NETWORK, STR_INIT("192.0.2.0"), STR_INIT("192.0.2.0"), ST_OK},
    {BAN_NETWORK, STR_INIT("2001:DB8:1::"), STR_INIT("2001:db8:1::"), ST_OK},
    {BAN_NETWORK, STR_INIT("unix"), STR_INIT(""), ST_INVALID},
    {BAN_NETWORK, STR_INIT("17"), STR_INIT(""), ST_INVALID},
    {BAN_SITE, STR_INIT("https://www.Ropes.example/x?y"), STR_INIT("ropes.example"), ST_OK},
    {BAN_SITE, STR_INIT("Ropes.example"), STR_INIT("ropes.example"), ST_OK},
    {BAN_SITE, STR_INIT("com"), STR_INIT(""), ST_INVALID},
    {BAN_SITE, STR_INIT("  "), STR_INIT(""), ST_INVALID},
};

static void test_forms(struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct error err = ERROR_INIT;
        str value = STR_NONE;
        enum status st = ban_value(arena, forms[i].kind, forms[i].typed, &value, &err);
        EXPECT_ST(st, forms[i].status, &err);
        EXPECT_STR(value, forms[i].value);
    }
}

/* ---- what fits ---- */

static const struct ban listed[] = {
    {.kind = BAN_EMAIL, .value = STR_INIT("ida@reader.example"), .act = BAN_SPAM},
    {.kind = BAN_EMAIL, .value = STR_INIT("@ropes.example"), .act = BAN_REFUSE},
    {.kind = BAN_NAME, .value = STR_INIT("Søren Knot"), .act = BAN_HOLD},
    {.kind = BAN_WORD, .value = STR_INIT("rope"), .act = BAN_HOLD},
    {.kind = BAN_WORD, .value = STR_INIT("Cheap Ropes"), .act = BAN_SPAM},
    {.kind = BAN_WORD, .value = STR_INIT("cheap cheap"), .act = BAN_HOLD},
    {.kind = BAN_NETWORK, .value = STR_INIT("198.51.100.0"), .act = BAN_REFUSE},
    {.kind = BAN_SITE, .value = STR_INIT("knots.example"), .act = BAN_SPAM},
};

static const struct {
    const char *name, *email, *site, *text, *network;
    int act; /* -1: none fits */
} replies[] = {
    {"Olaf", "olaf@reader.example", "", "It was on time on Tuesday.", "192.0.2.0", -1},
    {"Ida", "IDA@reader.example", "", "Late.", "192.0.2.0", BAN_SPAM},
    {"Sales", "a@ropes.example", "", "Hello.", "", BAN_REFUSE},
    {"Sales", "a@more.ropes.example", "", "Hello.", "", -1},
    {"SOREN KNOT", "s@reader.example", "", "Hello.", "", BAN_HOLD},
    {"Søren Knot Junior", "s@reader.example", "", "Hello.", "", -1},
    /* Words, not parts of words. */
    {"Olaf", "o@reader.example", "", "Money for old rope, they say.", "", BAN_HOLD},
    {"Olaf", "o@reader.example", "", "Europe has ropes and ropery.", "", -1},
    {"Olaf", "o@reader.example", "", "cheap, cheap", "", BAN_HOLD},
    {"Olaf", "o@reader.example", "", "CHEAP\n\n*rópes* and a rope", "", BAN_SPAM},
    {"Olaf", "o@reader.example", "", "cheap and good ropes", "", -1},
    {"Cheap Ropes", "o@reader.example", "", "Hello.", "", BAN_SPAM},
    {"Olaf", "o@reader.example", "", "rope", "198.51.100.0", BAN_REFUSE},
    {"Olaf", "o@reader.example", "", "Hello.", "198.51.101.0", -1},
    {"Olaf", "o@reader.example", "https://www.knots.example/a", "Hello.", "", BAN_SPAM},
    {"Olaf", "o@reader.example", "https://untied.example", "See http://a.b.KNOTS.example/x.", "",
     BAN_SPAM},
    {"Olaf", "o@reader.example", "https://unknots.example", "knots.example.org is another's.", "",
     -1},
};

static void add_listed(struct site *site)
{
    for (size_t i = 0; i < ARRAY_LEN(listed); i++) {
        int64_t id = 0;
        SITE_WRITE(site, ban_add(desk, &listed[i], S("Eve"), &id, err), ST_OK);
        EXPECT(site_raised(site, S("bans")));
        EXPECT(id > 0);
    }
}

static struct comment_prepared prepared(struct site *site, size_t i)
{
    struct error err = ERROR_INIT;
    struct comment_prepared ready;
    struct comment_draft draft = {.name = str_from_c(replies[i].name),
                                  .email = str_from_c(replies[i].email),
                                  .site = str_from_c(replies[i].site),
                                  .text = str_from_c(replies[i].text)};
    EXPECT_ST(comment_prepare(site->arena, &draft, site->settings, &ready, &err), ST_OK, &err);
    return ready;
}

static void test_match(struct site *site)
{
    struct error err = ERROR_INIT;
    struct ban_list *list = NULL;
    EXPECT_ST(ban_list_load(site->conn, &list, &err), ST_OK, &err);
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        struct comment_prepared ready = prepared(site, i);
        const struct ban *ban =
            ban_list_match(list, site->arena, &ready, str_from_c(replies[i].network));
        int got = ban == NULL ? -1 : (int)ban->act;
        if (got != replies[i].act)
            printf("%s: %s\n", replies[i].name, replies[i].text);
        EXPECT_INT(got, replies[i].act);
    }
    ban_list_unref(list);
}

/* ---- the table ---- */

static void test_table(struct site *site)
{
    struct error err = ERROR_INIT;
    struct ban *bans;
    size_t count = 0;
    bool more = false;
    int64_t id = 0;
    EXPECT_ST(ban_page(site->conn, 0, 5, site->arena, &bans, &count, &more, &err), ST_OK, &err);
    EXPECT_INT(count, 5);
    EXPECT(more);
    EXPECT_STR(bans[0].value, S("knots.example"));
    EXPECT_STR(bans[0].person_name, S("Eve"));
    EXPECT_ST(ban_page(site->conn, bans[4].id, 5, site->arena, &bans, &count, &more, &err), ST_OK,
              &err);
    EXPECT_INT(count, ARRAY_LEN(listed) - 5);
    EXPECT(!more);

    /* The same again is the same entry, with another act. */
    SITE_WRITE(site,
               ban_add(desk,
                       &(struct ban){.kind = BAN_WORD,
                                     .value = S("ROPE"),
                                     .act = BAN_REFUSE,
                                     .note = S(" since  May ")},
                       S("Ann"), &id, err),
               ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM ban")), ARRAY_LEN(listed));
    EXPECT_INT(
        site_number(site, SQL("SELECT COUNT(*) FROM ban WHERE kind = 'word' AND value = 'rope'"
                              " AND act = 'refuse' AND note = 'since May'")),
        1);
    struct ban was;
    SITE_WRITE(site, ban_remove(desk, id, &was, err), ST_OK);
    EXPECT(site_raised(site, S("bans")));
    SITE_WRITE(site, ban_remove(desk, id, &was, err), ST_NOT_FOUND);
    SITE_WRITE(
        site, ban_add(desk, &(struct ban){.kind = BAN_WORD, .value = S("...")}, S("Ann"), &id, err),
        ST_INVALID);
}

/* A reply that the list calls spam is spam, whoever was approved before; and counts nowhere. */
static void test_spam(struct site *site)
{
    story_id story =
        site_save(site, &(struct story_draft){.title = S("Rain"), .state = STORY_PUBLISHED});
    struct comment_prepared ready = prepared(site, 0);
    struct comment_added added = {0};
    ready.draft.story = story;
    ready.draft.spam = S("on the list of words: rope");
    SITE_WRITE(site, comment_add(desk, &ready, &added, err), ST_OK);
    EXPECT_INT(added.state, COMMENT_SPAM);
    EXPECT_INT(site_story(site, story)->comment_count, 0);
    EXPECT(!site_raised(site, S("story:1")));
    ready.draft.person.v = 7; /* the staff is on no list */
    SITE_WRITE(site, comment_add(desk, &ready, &added, err), ST_OK);
    EXPECT_INT(added.state, COMMENT_APPROVED);
}

int main(void)
{
    struct site site;
    site_open(&site);
    test_forms(site.arena);
    add_listed(&site);
    test_match(&site);
    test_table(&site);
    test_spam(&site);
    site_close(&site);
    return test_done();
}
