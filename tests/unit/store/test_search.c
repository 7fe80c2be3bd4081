/* SPDX-License-Identifier: MIT
 *
 * Tokens of full text come from the caller: here, words in lower case, and in German without "en"
 * at the end. */
#include "base/file.h"
#include "tests/unit/store/fixture.h"

#include <math.h>

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
/* Of 9,000 rows a third have one word and every hundredth another; lengths differ. */
static const char many[] =
    "CREATE VIRTUAL TABLE many USING fts5 (headline, body, tokenize='broadsheet');"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
    " INSERT INTO many (rowid, headline, body) SELECT i,"
    " CASE WHEN i % 500 = 0 THEN 'seldom' ELSE 'story' END,"
    " substr('a b c d e f g h', 1, 1 + 2 * (i % 8)) || CASE WHEN i % 3 = 0 THEN ' often' ELSE ''"
    " END || CASE WHEN i % 100 = 0 THEN ' seldom seldom' ELSE '' END FROM n;";
static const struct embedded files[] = {FIXTURE_FILE("0001_search.sqlite.sql", sql),
                                        FIXTURE_FILE("0002_many.sqlite.sql", many)};

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

/* Our score is bm25()'s; for a word in more rows than are counted (2,000), nearly. */
static void ranking(struct store_conn *conn)
{
    static const struct {
        str match;
        int64_t rows;
        double off_most;
    } cases[] = {
        {STR_INIT("seldom"), 90, 1e-9},
        {STR_INIT("\"seldom seldom\""), 90, 1e-9},
        {STR_INIT("often"), 3000, 1e-2},
        {STR_INIT("often seldom"), 30, 1e-2},
        {STR_INIT("often NOT seldom"), 2970, 1e-2},
        {STR_INIT("story"), 8982, 1e-9}, /* in most rows: it tells next to nothing */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = ERROR_INIT;
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(conn, SQL("SELECT full_text_rank(many, 8.0, 1.0), -bm25(many, 8.0, 1.0)"
                                  " FROM many WHERE many MATCH $1"));
        store_bind_text(q, 1, cases[i].match);
        int64_t rows = 0;
        double off = 0;
        enum status st;
        for (; (st = store_step(q, &err)) == ST_OK; rows++)
            off = fmax(off, fabs(store_column_double(q, 0) / store_column_double(q, 1) - 1));
        EXPECT_ST(st, ST_NOT_FOUND, &err);
        EXPECT_INT(rows, cases[i].rows);
        EXPECT(off <= cases[i].off_most);
    }
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
                                    .migrations_count = ARRAY_LEN(files),
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
    ranking(conn);
    checking(store);
    return test_done();
}
