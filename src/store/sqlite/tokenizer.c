/* SPDX-License-Identifier: MIT
 *
 * Full-text tables that say tokenize='broadsheet' get their tokens from the store's options.
 *
 * FTS5 of SQLite 3.40 does not tell a tokenizer the language of a row, so a text may say it itself:
 * \x1f LANGUAGE \x1f TEXT. An external-content table reads from a view that puts it there. */
#include "store/sqlite/sqlite.h"

struct emitting {
    void *fts;
    int (*token)(void *fts, int flags, const char *text, int bytes, int begin, int end);
    size_t offset; /* of the text proper, behind its language */
    int rc;
};

static bool on_token(void *arg, str token, size_t begin, size_t end)
{
    struct emitting *emitting = arg;
    CHECK(begin < end);
    emitting->rc = emitting->token(emitting->fts, 0, token.ptr, int_from_size(token.len),
                                   int_from_size(emitting->offset + begin),
                                   int_from_size(emitting->offset + end));
    return emitting->rc == SQLITE_OK;
}

/* Cuts "\x1f" LANGUAGE "\x1f" off the front. */
static str language_cut(str *text)
{
    const str mark = S(STORE_LANGUAGE_MARK);
    if (!str_starts(*text, mark))
        return STR_NONE;
    str rest = str_from(*text, mark.len);
    size_t end = str_find(rest, mark);
    if (end == STR_NPOS)
        return STR_NONE;
    *text = str_from(rest, end + mark.len);
    return str_sub(rest, 0, end);
}

static int tokenize(Fts5Tokenizer *self, void *fts, int flags, const char *bytes, int count,
                    int (*token)(void *fts, int flags, const char *text, int count, int begin,
                                 int end))
{
    (void)flags;
    const struct store_tokenizer *tokenizer = (const struct store_tokenizer *)(const void *)self;
    str text = {bytes, bytes != NULL && count > 0 ? (size_t)count : 0};
    str language = language_cut(&text);
    struct emitting emitting = {
        .fts = fts, .token = token, .offset = (size_t)count - text.len, .rc = SQLITE_OK};
    if (text.len > 0)
        tokenizer->tokens(tokenizer->ctx, text, language, on_token, &emitting);
    return emitting.rc;
}

/* There is nothing to make: a tokenizer is the options that the store was opened with. */
static int create(void *options, const char **argv, int argc, Fts5Tokenizer **ret_self)
{
    (void)argv, (void)argc;
    *ret_self = options;
    return SQLITE_OK;
}

static void delete (Fts5Tokenizer *self)
{
    (void)self;
}

static fts5_api *api_of(sqlite3 *raw)
{
    fts5_api *api = NULL;
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(raw, "SELECT fts5(?1)", -1, &q, NULL) == SQLITE_OK) {
        (void)sqlite3_bind_pointer(q, 1, (void *)&api, "fts5_api_ptr", NULL);
        (void)sqlite3_step(q);
    }
    (void)sqlite3_finalize(q);
    return api;
}

int sqlite_full_text_register(sqlite3 *raw, const struct store_tokenizer *tokenizer)
{
    static const fts5_tokenizer calls = {
        .xCreate = create, .xDelete = delete, .xTokenize = tokenize};
    fts5_api *api = api_of(raw);
    if (api == NULL)
        return SQLITE_ERROR;
    fts5_tokenizer copy = calls; /* SQLite wants them writable, and copies */
    int rc = api->xCreateTokenizer(api, "broadsheet", (void *)(uintptr_t)tokenizer, &copy, NULL);
    return rc == SQLITE_OK ? sqlite_rank_register(api) : rc;
}
