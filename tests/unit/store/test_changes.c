/* SPDX-License-Identifier: MIT
 *
 * Two openings of one file stand for two programs. */
#include "tests/unit/store/fixture.h"

struct heard {
    int calls;
    int names;
    bool all;
    char last[64];
};

static void hear(void *ctx, const struct store_changes *changes)
{
    struct heard *heard = ctx;
    heard->calls++;
    heard->names += (int)changes->count;
    heard->all |= changes->all;
    if (changes->count > 0)
        (void)snprintf(heard->last, sizeof(heard->last), "%.*s",
                       STR_ARG(changes->names[changes->count - 1]));
}

struct naming {
    const char *prefix;
    int count;
};

static enum status name_things(struct store_tx *tx, void *arg, struct error *err)
{
    (void)err;
    const struct naming *naming = arg;
    for (int i = 0; i < naming->count; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "%s%d", naming->prefix, i);
        store_tx_changed(tx, str_from_c(name));
        store_tx_changed(tx, str_from_c(name)); /* twice is once */
    }
    return ST_OK;
}

static void name_in(struct store *store, const char *prefix, int count)
{
    struct error err = ERROR_INIT;
    struct naming naming = {.prefix = prefix, .count = count};
    EXPECT_ST(store_write_wait(store, name_things, &naming, &err), ST_OK, &err);
}

static struct heard poll(struct store_conn *conn, struct store_changes_pos *pos)
{
    struct error err = ERROR_INIT;
    struct heard heard = {0};
    EXPECT_ST(store_changes_poll(conn, pos, hear, &heard, &err), ST_OK, &err);
    return heard;
}

int main(void)
{
    fixture_start();
    struct error err = ERROR_INIT;
    struct store_options options = fixture_options(fixture_path("site.db"));
    AUTO(store_closep) struct store *serve = fixture_open(&options);
    AUTO(store_closep) struct store *other = fixture_open(&options);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(serve);
    name_in(other, "before:", 3);

    struct heard own = {0};
    store_on_change(serve, hear, &own);
    struct store_changes_pos pos;
    EXPECT_ST(store_changes_start(conn, &pos, &err), ST_OK, &err);
    EXPECT_INT(poll(conn, &pos).calls, 0);

    name_in(other, "story:", 2);
    struct heard heard = poll(conn, &pos);
    EXPECT_INT(heard.calls, 1);
    EXPECT_INT(heard.names, 2);
    EXPECT(!heard.all);
    EXPECT_STR(str_from_c(heard.last), S("story:1"));
    EXPECT_INT(poll(conn, &pos).calls, 0);

    /* Its own were told when they were committed, and are not told again. */
    name_in(serve, "mine:", 4);
    EXPECT_INT(own.calls, 1);
    EXPECT_INT(own.names, 4);
    EXPECT_INT(poll(conn, &pos).calls, 0);
    name_in(other, "tag:", 1);
    name_in(serve, "mine:", 1);
    name_in(other, "tag:", 2);
    heard = poll(conn, &pos);
    EXPECT_INT(heard.names, 2);
    EXPECT_STR(str_from_c(heard.last), S("tag:1"));

    /* A write that fails changed nothing. */
    name_in(other, "", 0);
    EXPECT_INT(poll(conn, &pos).calls, 0);

    /* More than are kept: some rows are gone, and it says so. */
    for (int i = 0; i < 15; i++)
        name_in(other, "many:", STORE_CHANGES_KEPT / 10);
    heard = poll(conn, &pos);
    EXPECT_INT(heard.calls, 1);
    EXPECT_INT(heard.names, 0);
    EXPECT(heard.all);
    EXPECT_INT(poll(conn, &pos).calls, 0);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM change")), STORE_CHANGES_KEPT);
    name_in(other, "story:", 1);
    EXPECT_INT(poll(conn, &pos).names, 1);
    return test_done();
}
