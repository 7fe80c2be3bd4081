/* SPDX-License-Identifier: MIT
 *
 * Tokens of full text come from the caller: here, words in lower case, and in German without "en"
 * at the end. */
#include "base/file.h"
#include "tests/unit/store/fixture.h"

static void words(void *ctx, str text, str language, store_emit_fn *emit, void *emit_ctx)
{
    (void)ctx;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    size_t at = 0;
    while (at < text.len) {
        size_t begin = at;
        while (at < text.len && ascii_is_alnum(text.ptr[at]))
            at++;
        if (at == begin) {
            at++;
            continue;
        }
        str word = str_lower(arena, str_sub(text, begin, at - begin));
        if (str_eq(language, S("de")) && str_ends(word, S("en")))
            word.len -= 2;
        if (!emit(emit_ctx, word, begin, at))
            return;
    }
}

static const char sql[] =
    "CREATE TABLE story (id INTEGER PRIMARY KEY, language TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE VIEW searched AS SELECT id, char(31) || language || char(31) || body AS body FROM story;"
    "CREATE VIRTUAL TABLE found USING fts5 (body, content='searched', content_rowid='id',"
    " tokenize='broadsheet');"
    "INSERT INTO story VALUES (1, 'en', 'Rain stops PLAY'), (2, 'de', 'Regen und Wolken'),"
    " (3, 'en', 'Regen und Wolken'), (4, 'en', '');"
    "INSERT INTO found (rowid, body) SELECT id, body FROM searched;"
    "INSERT INTO found (found, rank) VALUES ('integrity-check', 1);";
static const struct embedded files[] = {FIXTURE_FILE("0001_search.sqlite.sql", sql)};

static int64_t sum_of(struct store_conn *conn, str match)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT coalesce(sum(rowid), 0) FROM found WHERE found MATCH $1"));
    store_bind_text(q, 1, match);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    return store_column_int(q, 0);
}

/* The text changes and the index is not told. */
static enum status change_behind(struct store_tx *tx, void *arg, struct error *err)
{
    (void)arg;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("UPDATE story SET body = 'Sun' WHERE id = 1"));
    return store_run(q, err);
}

static void checking(struct store *store)
{
    struct error err = ERROR_INIT;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str *problems = NULL;
    size_t count = 9;
    EXPECT_ST(store_check(store, arena, &problems, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 0);
    EXPECT_ST(store_write_wait(store, change_behind, NULL, &err), ST_OK, &err);
    EXPECT_ST(store_check(store, arena, &problems, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 1);
    if (count == 1)
        EXPECT(str_contains(problems[0], S("search index found")));
    EXPECT(!file_exists(fixture_path("site.db.check")));
    EXPECT(!file_exists(fixture_path("site.db.check-wal")));
}

int main(void)
{
    fixture_start();
    struct store_options options = {.path = fixture_path("site.db"),
                                    .create = true,
                                    .migrations = files,
                                    .migrations_count = 1,
                                    .tokenizer.tokens = words};
    AUTO(store_closep) struct store *store = fixture_open(&options);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_INT(sum_of(conn, S("play")), 1);
    EXPECT_INT(sum_of(conn, S("\"rain stops\"")), 1);
    EXPECT_INT(sum_of(conn, S("regen")), 3); /* no language: as it stands, the English one */
    EXPECT_INT(sum_of(conn, S("wolk")), 2);  /* the German one's stem */
    EXPECT_INT(sum_of(conn, S("\"\x1f"
                              "de"
                              "\x1fRegen Wolken\"")),
               0);
    EXPECT_INT(sum_of(conn, S("\"\x1f"
                              "de"
                              "\x1fund Wolken\"")),
               2);
    EXPECT_INT(sum_of(conn, S("de")), 0); /* the mark is not text */

    /* Offsets are of the whole column, mark and all. */
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT highlight(found, 0, '[', ']') FROM found WHERE found MATCH 'wolk'"));
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT_STR(store_column_text(q, 0), S("\x1f"
                                          "de"
                                          "\x1fRegen und [Wolken]"));
    checking(store);
    return test_done();
}
