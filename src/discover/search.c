/* SPDX-License-Identifier: MIT
 *
 *     words   -> full text -> the newest SEARCH_SCORED_MAX matches, with scores
 *     filters -> tags and bylines of those, when any are asked for
 *     the best few hundred -> rows; unpublished ones fall out, recent ones are pulled up
 *     the page's rows -> plain text -> snippets
 *
 * A query of filters alone is a list: newest first, from the first tag's or byline's index. */
#include "discover/search.h"
#include "base/arena.h"
#include "base/map.h"
#include "discover/search_words.h"
#include "discover/snippet.h"
#include "news/byline.h"
#include "news/desk_list.h"
#include "news/tag.h"
#include "store/fulltext.h"
#include "store/store.h"
#include "text/token.h"
#include <math.h>

enum {
    LIMIT_DEFAULT = 20,
    POOL_LEAST = 60, /* rows ranked beyond the page, as some fall out or are pulled up */
};

/* A story of now counts so much more than one of PULL_HALF_LIFE ago, whose pull is half that. */
static const double pull_most = 0.35;
#define PULL_HALF_LIFE ((double)(365 * TIME_DAY))

struct match {
    int64_t story;
    double score;
};

struct searching {
    struct store_conn *conn;
    struct arena *arena;
    const struct search_query *query;
    struct search_words words;
    struct match *matches;
    size_t count;
    bool more_matches;
};

/* ---- matches ---- */

static int by_score(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->story < y->story) - (x->story > y->story);
}

static enum status read_matches(struct searching *s, struct error *err)
{
    s->matches = arena_new_array(s->arena, struct match, SEARCH_SCORED_MAX);
    AUTO(store_stmt_donep)
    struct store_stmt *q = fulltext_query(s->conn, s->words.match, SEARCH_SCORED_MAX + 1);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (s->count == SEARCH_SCORED_MAX) {
            s->more_matches = true;
            return ST_OK;
        }
        s->matches[s->count++] = (struct match){store_column_int(q, 0), store_column_double(q, 1)};
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- filters ---- */

/* The tag's or byline's id; 0 when there is none of that slug. */
static enum status filter_id(struct searching *s, const struct search_filter *f, int64_t *ret_id,
                             struct error *err)
{
    enum status st;
    *ret_id = 0;
    if (f->kind == FILTER_TAG) {
        struct tag *tag;
        st = tag_by_slug(s->conn, f->slug, s->arena, &tag, err);
        if (st == ST_OK && (!tag->internal || s->query->desk != NULL))
            *ret_id = tag->id.v;
    } else {
        struct byline *byline;
        st = byline_by_slug(s->conn, f->slug, s->arena, &byline, err);
        if (st == ST_OK)
            *ret_id = byline->id.v;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Marks in `has` which of the matches have the tag or byline. The '+' keeps SQLite from asking the index of the tag,
 * all of whose stories it would go through for each match, instead of the story's few tags. */
static enum status filter_mark(struct searching *s, enum search_filter_kind kind, int64_t id,
                               bool *has, struct error *err)
{
    int64_t *ids = arena_new_array(s->arena, int64_t, s->count);
    for (size_t i = 0; i < s->count; i++)
        ids[i] = s->matches[i].story;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(s->conn, kind == FILTER_TAG
                                 ? SQL("SELECT i.ord FROM id_list($1) i CROSS JOIN story_tag l"
                                       " WHERE l.story = i.id AND +l.tag = $2")
                                 : SQL("SELECT i.ord FROM id_list($1) i CROSS JOIN story_byline l"
                                       " WHERE l.story = i.id AND +l.byline = $2"));
    store_bind_ids(q, 1, ids, s->count);
    store_bind_int(q, 2, id);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, 0);
        CHECK(place >= 0 && (size_t)place < s->count);
        has[place] = true;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status filter_time(struct searching *s, bool *has, struct error *err)
{
    int64_t *ids = arena_new_array(s->arena, int64_t, s->count);
    for (size_t i = 0; i < s->count; i++)
        ids[i] = s->matches[i].story;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(s->conn, SQL("SELECT i.ord FROM id_list($1) i CROSS JOIN story s"
                                 " WHERE s.id = i.id AND s.published_at >= $2"
                                 " AND s.published_at < $3"));
    store_bind_ids(q, 1, ids, s->count);
    store_bind_int(q, 2, s->words.from != 0 ? s->words.from : INT64_MIN);
    store_bind_int(q, 3, s->words.until != 0 ? s->words.until : INT64_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, 0);
        CHECK(place >= 0 && (size_t)place < s->count);
        has[place] = true;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void keep_marked(struct searching *s, const bool *has, bool without)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (has[i] != without)
            s->matches[kept++] = s->matches[i];
    }
    s->count = kept;
}

static enum status filter_all(struct searching *s, struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < s->words.filters_count && s->count > 0; i++) {
        const struct search_filter *f = &s->words.filters[i];
        bool *has = arena_new_array(s->arena, bool, s->count);
        int64_t id = 0;
        st = filter_id(s, f, &id, err);
        if (st == ST_OK && id != 0)
            st = filter_mark(s, f->kind, id, has, err);
        if (st == ST_OK)
            keep_marked(s, has, f->without);
    }
    if (st == ST_OK && s->count > 0 && (s->words.from != 0 || s->words.until != 0)) {
        bool *has = arena_new_array(s->arena, bool, s->count);
        st = filter_time(s, has, err);
        if (st == ST_OK)
            keep_marked(s, has, false);
    }
    return st;
}

/* ---- what the desk asks for besides ---- */

#define DESK_WANTED                                                                                \
    "SELECT i.ord FROM id_list($1) i CROSS JOIN story s WHERE s.id = i.id"                         \
    " AND ($2 & CASE s.state WHEN 'draft' THEN 1 WHEN 'scheduled' THEN 2 WHEN 'published' THEN 4"  \
    " ELSE 8 END) <> 0 AND ($3 & CASE s.kind WHEN 'story' THEN 1 ELSE 2 END) <> 0"                 \
    " AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_tag x"                            \
    " WHERE x.story = s.id AND +x.tag = $4))"                                                      \
    " AND (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_byline x"                         \
    " WHERE x.story = s.id AND +x.byline = $5))"                                                   \
    " AND (CAST($6 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_byline x CROSS JOIN byline b"     \
    " WHERE x.story = s.id AND b.id = x.byline AND b.person = $6))"                                \
    " AND CASE WHEN s.state IN ('scheduled', 'published') THEN s.published_at"                     \
    " ELSE s.updated_at END BETWEEN $7 AND $8"
static_assert(DESK_STATE(STORY_DRAFT) == 1 && DESK_STATE(STORY_SCHEDULED) == 2 &&
                  DESK_STATE(STORY_PUBLISHED) == 4 && DESK_STATE(STORY_TRASHED) == 8,
              "as above");
static_assert(DESK_KIND(STORY_STORY) == 1 && DESK_KIND(STORY_PAGE) == 2, "as above");

static enum status filter_desk(struct searching *s, struct error *err)
{
    const struct desk_query *desk = s->query->desk;
    bool *has = arena_new_array(s->arena, bool, s->count);
    int64_t *ids = arena_new_array(s->arena, int64_t, s->count);
    for (size_t i = 0; i < s->count; i++)
        ids[i] = s->matches[i].story;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(s->conn, SQL(DESK_WANTED));
    store_bind_ids(q, 1, ids, s->count);
    store_bind_int(q, 2, desk->states != 0 ? desk->states : 15);
    store_bind_int(q, 3, desk->kinds != 0 ? desk->kinds : 3);
    store_bind_int(q, 4, desk->tag.v);
    store_bind_int(q, 5, desk->byline.v);
    store_bind_int(q, 6, desk->own.v);
    store_bind_int(q, 7, desk->from != 0 ? desk->from : INT64_MIN);
    store_bind_int(q, 8, desk->until != 0 ? desk->until - 1 : INT64_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, 0);
        CHECK(place >= 0 && (size_t)place < s->count);
        has[place] = true;
    }
    if (st != ST_NOT_FOUND)
        return st;
    keep_marked(s, has, false);
    return ST_OK;
}

/* No words: the desk's own list of them, with the first tag or byline that is named. */
static enum status list_desk_instead(struct searching *s, struct error *err)
{
    struct desk_query query = *s->query->desk;
    struct desk_list list;
    enum status st = ST_OK;
    query.limit = DESK_LIST_MAX;
    query.before = (struct story_key){0};
    for (size_t i = 0; st == ST_OK && i < s->words.filters_count; i++) {
        const struct search_filter *f = &s->words.filters[i];
        if (!f->without)
            st = filter_id(s, f, f->kind == FILTER_TAG ? &query.tag.v : &query.byline.v, err);
    }
    if (st == ST_OK)
        st = desk_list_get(s->conn, &query, s->arena, &list, err);
    if (st != ST_OK)
        return st;
    s->matches = arena_new_array(s->arena, struct match, list.count);
    for (size_t i = 0; i < list.count; i++)
        s->matches[s->count++] = (struct match){list.rows[i].story->id.v, 1.0};
    s->more_matches = list.more || list.unfinished;
    return ST_OK;
}

/* No words: the newest of the first tag or byline that is asked for, or of all. */
static enum status list_instead(struct searching *s, struct error *err)
{
    struct story_query list_query = {
        .from = s->words.from, .until = s->words.until, .limit = LIST_LIMIT_MAX};
    bool any = s->words.from != 0 || s->words.until != 0;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < s->words.filters_count; i++) {
        const struct search_filter *f = &s->words.filters[i];
        any = any || !f->without;
        if (f->without || list_query.list != LIST_ALL)
            continue;
        list_query.list = f->kind == FILTER_TAG ? LIST_TAG : LIST_BYLINE;
        st = filter_id(s, f, &list_query.of, err);
    }
    if (st != ST_OK || !any)
        return st;
    struct story_list list;
    st = story_list_get(s->conn, &list_query, s->arena, &list, err);
    if (st != ST_OK)
        return st;
    s->matches = arena_new_array(s->arena, struct match, list.count);
    for (size_t i = 0; i < list.count; i++)
        s->matches[s->count++] = (struct match){list.rows[i]->id.v, 1.0};
    s->more_matches = list.more;
    return ST_OK;
}

/* ---- ranking ---- */

static int by_hit_score(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->story->published_at != y->story->published_at)
        return x->story->published_at < y->story->published_at ? 1 : -1;
    return x->story->id.v < y->story->id.v ? 1 : -1;
}

static double pull(const struct searching *s, const struct story *story)
{
    if (s->query->now == 0)
        return 1.0;
    time_us at = desk_time(story->state, story->updated_at, story->published_at);
    double age = (double)(s->query->now - at);
    return 1.0 + pull_most * exp2(-(age > 0 ? age : 0) / PULL_HALF_LIFE);
}

/* Of the matches, in their order, those that may be shown. */
static enum status rows_of(struct searching *s, const int64_t *ids, size_t count,
                           struct story_list *ret_list, struct error *err)
{
    struct desk_list desk;
    if (s->query->desk == NULL)
        return story_list_by_ids(s->conn, ids, count, s->arena, ret_list, err);
    enum status st = desk_list_by_ids(s->conn, ids, count, s->arena, &desk, err);
    if (st != ST_OK)
        return st;
    *ret_list = (struct story_list){.rows = arena_new_array(s->arena, struct story *, desk.count),
                                    .count = desk.count};
    for (size_t i = 0; i < desk.count; i++)
        ret_list->rows[i] = desk.rows[i].story;
    return ST_OK;
}

static enum status rank(struct searching *s, size_t pool, struct search_hit **ret_hits,
                        size_t *ret_count, struct error *err)
{
    pool = pool < s->count ? pool : s->count;
    int64_t *ids = arena_new_array(s->arena, int64_t, pool);
    for (size_t i = 0; i < pool; i++)
        ids[i] = s->matches[i].story;
    struct story_list list;
    enum status st = rows_of(s, ids, pool, &list, err);
    if (st != ST_OK)
        return st;
    struct search_hit *hits = arena_new_array(s->arena, struct search_hit, list.count);
    for (size_t i = 0, k = 0; i < list.count; i++) {
        while (s->matches[k].story != list.rows[i]->id.v) /* the same order, some left out */
            k++;
        hits[i] = (struct search_hit){.story = list.rows[i],
                                      .score = s->matches[k].score * pull(s, list.rows[i])};
    }
    qsort(hits, list.count, sizeof(*hits), by_hit_score);
    *ret_hits = hits;
    *ret_count = list.count;
    return ST_OK;
}

static enum status make_snippets(struct searching *s, struct tokenizer *tokenizer,
                                 struct search_found *found, struct error *err)
{
    struct story **rows = arena_new_array(s->arena, struct story *, found->count);
    for (size_t i = 0; i < found->count; i++)
        rows[i] = found->hits[i].story;
    enum status st = story_load_plain(s->conn, rows, found->count, s->arena, err);
    for (size_t i = 0; st == ST_OK && i < found->count; i++) {
        str language = rows[i]->language.len > 0 ? rows[i]->language : s->query->language;
        found->hits[i].snippet =
            snippet_make(s->arena, tokenizer, rows[i]->plain, language, s->words.tokens,
                         s->words.tokens_count, SEARCH_SNIPPET_CHARS);
    }
    return st;
}

static enum status find(struct searching *s, struct error *err)
{
    if (s->words.match.len == 0)
        return s->query->desk != NULL ? list_desk_instead(s, err) : list_instead(s, err);
    enum status st = read_matches(s, err);
    if (st == ST_OK)
        qsort(s->matches, s->count, sizeof(*s->matches), by_score);
    return st;
}

enum status search_run(struct store_conn *conn, const struct search_query *query,
                       struct arena *arena, struct search_found *ret_found, struct error *err)
{
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    struct searching s = {.conn = conn, .arena = arena, .query = query};
    search_words_read(arena, tokenizer, query->text, query->language, &s.words);
    size_t limit = query->limit == 0 ? LIMIT_DEFAULT : query->limit;
    limit = limit < SEARCH_LIMIT_MAX ? limit : SEARCH_LIMIT_MAX;
    size_t skip = query->skip < SEARCH_PLACES_MAX ? query->skip : SEARCH_PLACES_MAX;
    limit = limit < SEARCH_PLACES_MAX - skip ? limit : SEARCH_PLACES_MAX - skip;
    struct search_found found = {0};
    found.empty = s.words.match.len == 0 && s.words.filters_count == 0 && s.words.from == 0 &&
                  s.words.until == 0;
    enum status st = found.empty ? ST_OK : find(&s, err);
    if (st == ST_OK)
        st = filter_all(&s, err);
    if (st == ST_OK && s.count > 0 && query->desk != NULL)
        st = filter_desk(&s, err);
    struct search_hit *hits = NULL;
    size_t count = 0;
    if (st == ST_OK && s.count > 0)
        st = rank(&s, skip + limit + POOL_LEAST, &hits, &count, err);
    if (st != ST_OK)
        return st;
    skip = skip < count ? skip : count;
    found.hits = hits != NULL ? hits + skip : NULL;
    found.count = count - skip < limit ? count - skip : limit;
    found.total = s.count;
    found.total_more = s.more_matches;
    found.more = skip + found.count < count && skip + found.count < SEARCH_PLACES_MAX;
    if (query->snippets && found.count > 0)
        st = make_snippets(&s, tokenizer, &found, err);
    if (st == ST_OK)
        *ret_found = found;
    return st;
}

html search_snippet(struct arena *arena, str text, str words, str language, size_t chars)
{
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    struct search_words w;
    search_words_read(arena, tokenizer, words, language, &w);
    return snippet_make(arena, tokenizer, text, language, w.tokens, w.tokens_count, chars);
}
