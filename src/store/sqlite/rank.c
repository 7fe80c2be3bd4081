/* SPDX-License-Identifier: MIT
 *
 * full_text_rank(TABLE, WEIGHT of the first column, ...): how well a row answers the query, more is
 * better. The formula is that of FTS5's own bm25() (Robertson and Zaragoza, k1 = 1.2, b = 0.75).
 *
 * What is ours is the cost. bm25() counts the rows of every phrase before it weighs the first match:
 * the whole archive's, for a common word, even if a hundred matches are wanted. Here the count ends
 * at RANK_COUNTED_MAX rows and goes on by proportion: rows come by number, so if that many stand in
 * the first tenth of them there are ten times as many. A weight is a logarithm of that, and orders
 * the phrases of one query against one another; it can bear the error. */
#include "store/sqlite/sqlite.h"

#include <math.h>

enum { RANK_COUNTED_MAX = 2000, RANK_COLUMNS_MAX = 16 };

static const double k1 = 1.2, b = 0.75, weight_least = 1e-6;

/* Of a query: made at its first match, kept by FTS5 until its end. */
struct rank_query {
    int phrases;
    double length_mean; /* words of a row */
    double values[]; /* phrases: how telling each is; then how often each is in the row at hand */
};

struct row_count {
    sqlite3_int64 rows, last;
};

static int row_counted(const Fts5ExtensionApi *fts, Fts5Context *context, void *arg)
{
    struct row_count *count = arg;
    count->last = fts->xRowid(context);
    return ++count->rows < RANK_COUNTED_MAX ? SQLITE_OK : SQLITE_DONE;
}

/* How telling a phrase is by the rows that have it. */
static int phrase_weigh(const Fts5ExtensionApi *fts, Fts5Context *context, int phrase,
                        sqlite3_int64 rows, double *ret_weight)
{
    struct row_count count = {0};
    int rc = fts->xQueryPhrase(context, phrase, &count, row_counted);
    if (rc != SQLITE_OK)
        return rc;
    double in_all = (double)rows, have = (double)count.rows;
    if (count.rows == RANK_COUNTED_MAX && count.last > 0 && count.last < rows)
        have *= in_all / (double)count.last;
    double weight = log((in_all - have + 0.5) / (have + 0.5));
    *ret_weight = weight > weight_least ? weight : weight_least; /* half of all rows have it */
    return SQLITE_OK;
}

static int query_make(const Fts5ExtensionApi *fts, Fts5Context *context,
                      struct rank_query **ret_query)
{
    sqlite3_int64 rows = 0, words = 0;
    int phrases = fts->xPhraseCount(context);
    size_t bytes = sizeof(struct rank_query) + 2 * (size_t)phrases * sizeof(double);
    struct rank_query *query = sqlite3_malloc64(bytes);
    if (query == NULL)
        return SQLITE_NOMEM;
    query->phrases = phrases;
    int rc = fts->xRowCount(context, &rows);
    if (rc == SQLITE_OK)
        rc = fts->xColumnTotalSize(context, -1, &words);
    query->length_mean = rows > 0 && words > 0 ? (double)words / (double)rows : 1.0;
    for (int i = 0; rc == SQLITE_OK && i < phrases; i++)
        rc = phrase_weigh(fts, context, i, rows, &query->values[i]);
    if (rc != SQLITE_OK) {
        sqlite3_free(query);
        return rc;
    }
    *ret_query = query;
    return fts->xSetAuxdata(context, query, sqlite3_free);
}

/* How often each phrase is in the row, each place by its column's weight. */
static int row_uses(const Fts5ExtensionApi *fts, Fts5Context *context, const double *columns,
                    int columns_count, double *uses)
{
    int places = 0;
    int rc = fts->xInstCount(context, &places);
    for (int i = 0; rc == SQLITE_OK && i < places; i++) {
        int phrase = 0, column = 0, offset = 0;
        rc = fts->xInst(context, i, &phrase, &column, &offset);
        if (rc == SQLITE_OK)
            uses[phrase] += column < columns_count ? columns[column] : 1.0;
    }
    return rc;
}

static int row_score(const Fts5ExtensionApi *fts, Fts5Context *context, const double *columns,
                     int columns_count, double *ret_score)
{
    struct rank_query *query = fts->xGetAuxdata(context, 0);
    int rc = query != NULL ? SQLITE_OK : query_make(fts, context, &query);
    if (rc != SQLITE_OK)
        return rc;
    double *uses = query->values + query->phrases;
    for (int i = 0; i < query->phrases; i++)
        uses[i] = 0;
    int length = 0;
    rc = row_uses(fts, context, columns, columns_count, uses);
    if (rc == SQLITE_OK)
        rc = fts->xColumnSize(context, -1, &length);
    double score = 0, length_share = k1 * (1 - b + b * length / query->length_mean);
    for (int i = 0; i < query->phrases; i++)
        score += query->values[i] * uses[i] * (k1 + 1) / (uses[i] + length_share);
    *ret_score = score;
    return rc;
}

static void rank(const Fts5ExtensionApi *fts, Fts5Context *context, sqlite3_context *result,
                 int count, sqlite3_value **values)
{
    double columns[RANK_COLUMNS_MAX], score = 0;
    count = count < RANK_COLUMNS_MAX ? count : RANK_COLUMNS_MAX;
    for (int i = 0; i < count; i++)
        columns[i] = sqlite3_value_double(values[i]);
    int rc = row_score(fts, context, columns, count, &score);
    if (rc == SQLITE_OK)
        sqlite3_result_double(result, score);
    else
        sqlite3_result_error_code(result, rc);
}

int sqlite_rank_register(fts5_api *api)
{
    return api->xCreateFunction(api, "full_text_rank", NULL, rank, NULL);
}
