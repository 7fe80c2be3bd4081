/* SPDX-License-Identifier: MIT
 *
 * {{#get}}: GHOST-THEMES 6. A filter is served by an index where one fits and asked row by row for
 * the rest, over a bounded number of rows:
 *
 *     id:x slug:[a,b]                 those records
 *     tag:a  tags:[a,b]  author:a     the lists of those tags or bylines, merged newest first
 *     featured:true                   the list of featured stories
 *     anything else                   all stories, newest first
 *
 * Only clauses that must hold (alone, or joined by '+') choose the list. At most GET_SCAN_MAX rows
 * are looked at, so a filter that nothing matches costs no more than one that everything does; what
 * lies further back is not found. {{#get}} never fails a page for what a theme wrote: the else-branch
 * is shown with @error. A failed query does. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "theme/nql.h"
#include "theme/rendering.h"

enum {
    GET_LIMIT_DEFAULT = 15,
    GET_LIMIT_MAX = 100,
    GET_SCAN_MAX = 600, /* rows a filter is asked about */
    GET_LISTS_MAX = 12, /* tags or bylines whose lists are merged */
    GET_BATCH = 100,    /* rows fetched at a time */
    GET_ORDERS_MAX = 4,
    GET_PAGE_MAX = 1000,
};

enum get_resource { GET_POSTS, GET_PAGES, GET_TAGS, GET_AUTHORS, GET_NOTHING };

struct get_order {
    str field;
    bool descending;
};

struct get {
    struct hbs_call *call;
    struct rendering *r;
    enum get_resource resource;
    str name; /* of the resource: the body's list */
    struct nql *filter;
    int64_t limit, page;
    struct get_order orders[GET_ORDERS_MAX];
    size_t orders_count;
    struct hbs_value list;
    int64_t total; /* matches found; exact when nothing was cut off */
    bool more;     /* there is a further page */
};

/* ---- filling {{path}} into the filter ---- */

/* A date as the filter language reads it: without the '+' of a zone. */
static str filter_text(struct arena *arena, str text)
{
    enum { ISO_LEN = 29 };
    time_us t;
    if (text.len == ISO_LEN && time_from_iso(text, &t))
        return time_to_iso(arena, t);
    return text;
}

static enum status add_filter_value(struct get *g, struct buf *b, struct hbs_value value,
                                    struct error *err)
{
    const struct hbs_env *env = &g->r->env;
    str text;
    size_t length = 1;
    enum status st = ST_OK;
    bool list = value.type == HBS_LIST;
    if (list)
        st = hbs_length(value, env, &length, err);
    for (size_t i = 0; i < length && st == ST_OK; i++) {
        struct hbs_value item = value;
        if (list)
            st = hbs_at(value, i, env, NULL, &item, err);
        /* {{post.tags}} stands for their slugs. */
        if (st == ST_OK && item.type == HBS_OBJECT)
            st = hbs_get_name(item, S("slug"), env, &item, err);
        if (st == ST_OK)
            st = value_text(env, item, &text, err);
        if (st != ST_OK)
            return st;
        if (i > 0)
            buf_add_char(b, ',');
        buf_add(b, filter_text(g->r->arena, text));
    }
    return st;
}

/* "tags[*].slug" of a list: each entry's slug. Depth is one: themes write no more. */
static enum status get_all(struct get *g, struct hbs_value base, str path, size_t star,
                           struct buf *b, struct error *err)
{
    const struct hbs_env *env = &g->r->env;
    struct hbs_value list, item;
    size_t length;
    str rest = str_from(path, star + 3);
    if (str_starts(rest, S(".")))
        rest = str_from(rest, 1);
    enum status st = hbs_get_path(base, str_sub(path, 0, star), env, &list, err);
    if (st == ST_OK)
        st = hbs_length(list, env, &length, err);
    for (size_t i = 0; st == ST_OK && i < length; i++) {
        st = hbs_at(list, i, env, NULL, &item, err);
        if (st == ST_OK && rest.len > 0)
            st = hbs_get_path(item, rest, env, &item, err);
        if (st == ST_OK && i > 0)
            buf_add_char(b, ',');
        if (st == ST_OK)
            st = add_filter_value(g, b, item, err);
    }
    return st;
}

static enum status fill_path(struct get *g, str path, struct buf *b, struct error *err)
{
    const struct hbs_env *env = &g->r->env;
    struct hbs_value base = hbs_call_this(g->call), value;
    enum status st;
    if (str_starts(path, S("@"))) {
        str rest = str_from(path, 1);
        st = hbs_call_data(g->call, str_cut(&rest, '.'), &value, err);
        if (st == ST_OK && rest.len > 0)
            st = hbs_get_path(value, rest, env, &value, err);
        return st == ST_OK ? add_filter_value(g, b, value, err) : st;
    }
    if (str_eq(path, S("post.author")))
        path = S("post.primary_author.slug");
    str head = path;
    head = str_sub(path, 0, str_find_char(path, '.'));
    st = hbs_get_name(base, head, env, &value, err);
    if (st != ST_OK)
        return st;
    if (value.type == HBS_UNDEFINED) /* {{post.id}} inside {{#post}}: the page's post */
        base = hbs_call_root(g->call);
    size_t star = str_find(path, S("[*]"));
    if (star != STR_NPOS)
        return get_all(g, base, path, star, b, err);
    st = hbs_get_path(base, path, env, &value, err);
    return st == ST_OK ? add_filter_value(g, b, value, err) : st;
}

static enum status fill_filter(struct get *g, str text, str *ret_text, struct error *err)
{
    struct buf b;
    buf_init(&b, g->r->arena, NQL_BYTES_MAX + 1);
    size_t open;
    while ((open = str_find(text, S("{{"))) != STR_NPOS) {
        size_t end = str_find(str_from(text, open), S("}}"));
        if (end == STR_NPOS)
            break;
        buf_add(&b, str_sub(text, 0, open));
        enum status st = fill_path(g, str_trim(str_sub(text, open + 2, end - 2)), &b, err);
        if (st != ST_OK)
            return st;
        text = str_from(text, open + end + 2);
    }
    buf_add(&b, text);
    return buf_finish(&b, ret_text, err);
}

/* ---- what a story says to a filter ---- */

static bool text_field(str text, struct nql_value *ret)
{
    *ret = nql_text(text);
    return text.len > 0;
}

static bool story_term(const struct story *story, str field, size_t i, struct nql_value *ret,
                       bool *ret_found)
{
    *ret_found = true;
    if (str_eq(field, S("tag")) || str_eq(field, S("tags")) || str_eq(field, S("tags.slug")))
        return i < story->tags_count && text_field(story->tags[i]->slug, ret);
    if (str_eq(field, S("author")) || str_eq(field, S("authors")) ||
        str_eq(field, S("authors.slug")))
        return i < story->bylines_count && text_field(story->bylines[i]->slug, ret);
    if (str_eq(field, S("primary_tag")))
        return i == 0 && story->tags_count > 0 && !story->tags[0]->internal &&
               text_field(story->tags[0]->slug, ret);
    if (str_eq(field, S("primary_author")))
        return i == 0 && story->bylines_count > 0 && text_field(story->bylines[0]->slug, ret);
    *ret_found = false;
    return false;
}

static bool time_field(time_us t, struct nql_value *ret)
{
    *ret = nql_time(t);
    return t != 0;
}

static bool story_field(const void *record, str field, size_t i, struct nql_value *ret)
{
    const struct story *story = record;
    bool found;
    bool answer = story_term(story, field, i, ret, &found);
    if (found || i > 0)
        return answer;
    if (str_eq(field, S("id")) || str_eq(field, S("comment_id")))
        return text_field(story->ghost_id, ret);
    if (str_eq(field, S("slug")))
        return text_field(story->slug, ret);
    if (str_eq(field, S("title")))
        return text_field(story->title, ret);
    if (str_eq(field, S("uuid")))
        return text_field(story->uuid, ret);
    if (str_eq(field, S("custom_excerpt")))
        return text_field(story->standfirst, ret);
    if (str_eq(field, S("feature_image")))
        return text_field(story->image, ret);
    if (str_eq(field, S("custom_template")))
        return text_field(story->template_name, ret);
    if (str_eq(field, S("canonical_url")))
        return text_field(story->canonical_url, ret);
    if (str_eq(field, S("published_at")))
        return time_field(story->published_at, ret);
    if (str_eq(field, S("updated_at")))
        return time_field(story->updated_at, ret);
    if (str_eq(field, S("created_at")))
        return time_field(story->created_at, ret);
    if (str_eq(field, S("featured"))) {
        *ret = nql_bool(story->featured);
        return true;
    }
    if (str_eq(field, S("page"))) {
        *ret = nql_bool(story->kind == STORY_PAGE);
        return true;
    }
    if (str_eq(field, S("type")))
        return text_field(story->kind == STORY_PAGE ? S("page") : S("post"), ret);
    if (str_eq(field, S("status")))
        return text_field(S("published"), ret);
    if (str_eq(field, S("visibility")))
        return text_field(story->visibility == STORY_PUBLIC ? S("public") : S("members"), ret);
    return false;
}

static bool tag_field(const void *record, str field, size_t i, struct nql_value *ret)
{
    const struct tag *tag = record;
    if (i > 0)
        return false;
    if (str_eq(field, S("slug")))
        return text_field(tag->slug, ret);
    if (str_eq(field, S("id")))
        return text_field(tag->ghost_id, ret);
    if (str_eq(field, S("name")))
        return text_field(tag->name, ret);
    if (str_eq(field, S("visibility")))
        return text_field(tag->internal ? S("internal") : S("public"), ret);
    if (str_eq(field, S("feature_image")))
        return text_field(tag->image, ret);
    if (str_eq(field, S("description")))
        return text_field(tag->description, ret);
    if (str_eq(field, S("count.posts"))) {
        *ret = nql_number(tag->story_count);
        return true;
    }
    return false;
}

static bool author_field(const void *record, str field, size_t i, struct nql_value *ret)
{
    const struct byline *byline = record;
    if (i > 0)
        return false;
    if (str_eq(field, S("slug")))
        return text_field(byline->slug, ret);
    if (str_eq(field, S("id")))
        return text_field(byline->ghost_id, ret);
    if (str_eq(field, S("name")))
        return text_field(byline->name, ret);
    if (str_eq(field, S("count.posts"))) {
        *ret = nql_number(byline->story_count);
        return true;
    }
    return false;
}

/* ---- which list serves the filter ---- */

/* A clause that must hold: the filter itself, or one joined by '+'. NULL when there is none. */
static const struct nql *needed_clause(const struct nql *filter, const str *fields, size_t count)
{
    size_t n = filter == NULL ? 0 : filter->kind == NQL_AND ? filter->kids_count : 1;
    for (size_t i = 0; i < n; i++) {
        const struct nql *clause = filter->kind == NQL_AND ? filter->kids[i] : filter;
        if (clause->kind != NQL_CLAUSE || clause->negated ||
            (clause->op != NQL_EQ && clause->op != NQL_IN && clause->op != NQL_ALL))
            continue;
        for (size_t f = 0; f < count; f++) {
            if (str_eq(clause->field, fields[f]) && clause->values[0].type != NQL_NULL)
                return clause;
        }
    }
    return NULL;
}

static bool names_terms(const struct nql *filter)
{
    if (filter == NULL)
        return false;
    if (filter->kind != NQL_CLAUSE) {
        for (size_t i = 0; i < filter->kids_count; i++) {
            if (names_terms(filter->kids[i]))
                return true;
        }
        return false;
    }
    return str_starts(filter->field, S("tag")) || str_starts(filter->field, S("author")) ||
           str_starts(filter->field, S("primary_"));
}

/* Story lists that are read side by side, newest first. */
struct merge {
    struct story_query queries[GET_LISTS_MAX];
    struct story_list lists[GET_LISTS_MAX];
    size_t at[GET_LISTS_MAX];
    size_t count;
    bool oldest_first;
};

/* The tag's id, from what the page has loaded already where possible. */
static enum status tag_id_of(struct rendering *r, str slug, int64_t *ret_id, struct error *err)
{
    const struct story *story = r->object != NULL ? r->object->rows[0] : NULL;
    struct tag *tag;
    for (size_t i = 0; story != NULL && i < story->tags_count; i++) {
        if (str_eq(story->tags[i]->slug, slug)) {
            *ret_id = story->tags[i]->id.v;
            return ST_OK;
        }
    }
    enum status st = tag_by_slug(r->req->conn, slug, r->arena, &tag, err);
    if (st == ST_OK)
        *ret_id = tag->id.v;
    return st;
}

static enum status byline_id_of(struct rendering *r, str slug, int64_t *ret_id, struct error *err)
{
    struct byline *byline;
    enum status st = byline_by_slug(r->req->conn, slug, r->arena, &byline, err);
    if (st == ST_OK)
        *ret_id = byline->id.v;
    return st;
}

static enum status merge_terms(struct get *g, struct merge *m, const struct nql *clause,
                               enum list_kind kind, struct error *err)
{
    m->count = 0;
    for (size_t i = 0; i < clause->values_count && m->count < GET_LISTS_MAX; i++) {
        int64_t id;
        enum status st = kind == LIST_TAG ? tag_id_of(g->r, clause->values[i].text, &id, err)
                                          : byline_id_of(g->r, clause->values[i].text, &id, err);
        if (st == ST_NOT_FOUND)
            continue;
        if (st != ST_OK)
            return st;
        m->queries[m->count++] =
            (struct story_query){.list = kind, .of = id, .oldest_first = m->oldest_first};
    }
    return ST_OK;
}

static enum status merge_choose(struct get *g, struct merge *m, struct error *err)
{
    static const str tags[] = {STR_INIT("tag"), STR_INIT("tags"), STR_INIT("tags.slug"),
                               STR_INIT("primary_tag")};
    static const str authors[] = {STR_INIT("author"), STR_INIT("authors"), STR_INIT("authors.slug"),
                                  STR_INIT("primary_author")};
    static const str featured[] = {STR_INIT("featured")};
    const struct nql *clause = needed_clause(g->filter, tags, 4);
    if (clause != NULL)
        return merge_terms(g, m, clause, LIST_TAG, err);
    clause = needed_clause(g->filter, authors, 4);
    if (clause != NULL)
        return merge_terms(g, m, clause, LIST_BYLINE, err);
    clause = needed_clause(g->filter, featured, 1);
    bool only = clause != NULL && clause->values[0].type == NQL_BOOL && clause->values[0].boolean;
    m->count = 1;
    m->queries[0] = (struct story_query){
        .list = LIST_ALL, .featured_only = only, .oldest_first = m->oldest_first};
    return ST_OK;
}

static enum status merge_refill(struct get *g, struct merge *m, size_t i, struct error *err)
{
    struct story_list *list = &m->lists[i];
    if (m->at[i] < list->count || (list->rows != NULL && !list->more))
        return ST_OK;
    if (list->count > 0)
        m->queries[i].before = story_key(list->rows[list->count - 1]);
    int64_t wanted = g->limit * g->page + 2; /* one for "is there more", one for id:-self */
    bool simple = g->filter == NULL || g->filter->kind == NQL_CLAUSE || g->filter->kids_count == 2;
    m->queries[i].limit = simple && wanted < GET_BATCH ? (size_t)wanted : GET_BATCH;
    m->at[i] = 0;
    enum status st = story_list_get(g->r->req->conn, &m->queries[i], g->r->arena, list, err);
    if (st == ST_OK && names_terms(g->filter))
        st = story_load_terms(g->r->req->conn, list->rows, list->count, g->r->arena, err);
    if (st == ST_OK && list->rows == NULL)
        list->rows = arena_new_one(g->r->arena, struct story *);
    return st;
}

static bool goes_before(const struct story *a, const struct story *b, bool oldest_first)
{
    bool newer =
        a->published_at != b->published_at ? a->published_at > b->published_at : a->id.v > b->id.v;
    return newer != oldest_first;
}

/* The next story of all lists, each once; NULL at the end. */
static enum status merge_next(struct get *g, struct merge *m, struct story **ret_story,
                              struct error *err)
{
    struct story *best = NULL;
    for (size_t i = 0; i < m->count; i++) {
        enum status st = merge_refill(g, m, i, err);
        if (st != ST_OK)
            return st;
        if (m->at[i] == m->lists[i].count)
            continue;
        struct story *first = m->lists[i].rows[m->at[i]];
        if (best == NULL || goes_before(first, best, m->oldest_first))
            best = first;
    }
    for (size_t i = 0; best != NULL && i < m->count; i++) {
        if (m->at[i] < m->lists[i].count && m->lists[i].rows[m->at[i]]->id.v == best->id.v)
            m->at[i]++;
    }
    *ret_story = best;
    return ST_OK;
}

/* ---- order ---- */

static int compare_values(const struct nql_value *a, const struct nql_value *b)
{
    if (a->type == NQL_TEXT)
        return str_cmp(a->text, b->text);
    int64_t x = a->type == NQL_BOOL ? a->boolean : a->number;
    int64_t y = b->type == NQL_BOOL ? b->boolean : b->number;
    return (x > y) - (x < y);
}

static int compare_records(const struct get *g, nql_field_fn *field, const void *a, const void *b)
{
    for (size_t i = 0; i < g->orders_count; i++) {
        struct nql_value x = {0}, y = {0};
        bool has_x = field(a, g->orders[i].field, 0, &x);
        bool has_y = field(b, g->orders[i].field, 0, &y);
        int order = has_x && has_y ? compare_values(&x, &y) : (int)has_x - (int)has_y;
        if (order != 0)
            return g->orders[i].descending ? -order : order;
    }
    return 0;
}

/* Insertion sort: stable, and the rows are few (GET_SCAN_MAX) and mostly in order. */
static void sort_records(const struct get *g, nql_field_fn *field, void **records, size_t count)
{
    for (size_t i = 1; i < count && g->orders_count > 0; i++) {
        void *record = records[i];
        size_t k = i;
        for (; k > 0 && compare_records(g, field, records[k - 1], record) > 0; k--)
            records[k] = records[k - 1];
        records[k] = record;
    }
}

/* "published_at desc, title asc"; a field without a direction is dropped. */
static void read_orders(struct get *g, str text)
{
    while (text.len > 0 && g->orders_count < GET_ORDERS_MAX) {
        str part = str_trim(str_cut(&text, ','));
        str field = str_cut(&part, ' ');
        str direction = str_trim(part);
        bool descending = str_eq_nocase(direction, S("desc"));
        if (descending || str_eq_nocase(direction, S("asc")))
            g->orders[g->orders_count++] = (struct get_order){field, descending};
    }
}

/* ---- posts ---- */

/* slug:[a,b] and id:x name their records; without an order they come in the order named. */
static enum status named_stories(struct get *g, const struct nql *clause, struct story **rows,
                                 size_t *ret_count, struct error *err)
{
    bool by_slug = str_eq(clause->field, S("slug"));
    size_t n = 0;
    for (size_t i = 0; i < clause->values_count && n < GET_LIMIT_MAX; i++) {
        struct story *story;
        str text = clause->values[i].text;
        enum status st = by_slug
                             ? story_by_slug(g->r->req->conn, text, g->r->arena, &story, err)
                             : story_by_ghost_id(g->r->req->conn, text, g->r->arena, &story, err);
        if (st == ST_NOT_FOUND)
            continue;
        if (st != ST_OK)
            return st;
        bool page = story->kind == STORY_PAGE;
        if (story->state == STORY_PUBLISHED && page == (g->resource == GET_PAGES))
            rows[n++] = story;
    }
    enum status st = ST_OK;
    if (names_terms(g->filter))
        st = story_load_terms(g->r->req->conn, rows, n, g->r->arena, err);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (nql_matches(g->filter, story_field, rows[i]))
            rows[kept++] = rows[i];
    }
    *ret_count = kept;
    return st;
}

/* Newest first, as far as this page needs (all that are looked at, when it is ordered anew). */
static enum status scan_stories(struct get *g, struct story **rows, size_t *ret_count,
                                bool oldest_first, struct error *err)
{
    struct merge *m = arena_new_one(g->r->arena, struct merge);
    m->oldest_first = oldest_first;
    enum status st = merge_choose(g, m, err);
    size_t wanted = g->orders_count > 0 ? GET_SCAN_MAX : (size_t)(g->limit * g->page) + 1;
    size_t n = 0;
    for (size_t seen = 0; st == ST_OK && seen < GET_SCAN_MAX && n < wanted; seen++) {
        struct story *story;
        st = merge_next(g, m, &story, err);
        if (st != ST_OK || story == NULL)
            break;
        if (g->filter == NULL || nql_matches(g->filter, story_field, story))
            rows[n++] = story;
    }
    *ret_count = n;
    return st;
}

static enum status scan_pages(struct get *g, struct story **rows, size_t *ret_count,
                              struct error *err)
{
    struct story_list list;
    enum status st =
        story_list_pages(g->r->req->conn, STR_NONE, 0, GET_LIMIT_MAX, g->r->arena, &list, err);
    if (st == ST_OK && names_terms(g->filter))
        st = story_load_terms(g->r->req->conn, list.rows, list.count, g->r->arena, err);
    size_t n = 0;
    for (size_t i = 0; st == ST_OK && i < list.count; i++) {
        if (g->filter == NULL || nql_matches(g->filter, story_field, list.rows[i]))
            rows[n++] = list.rows[i];
    }
    *ret_count = n;
    return st;
}

/* One order by published_at is the list's own. */
static bool own_order(struct get *g, bool *ret_oldest_first)
{
    bool own = g->orders_count > 0 && str_eq(g->orders[0].field, S("published_at"));
    *ret_oldest_first = own && !g->orders[0].descending;
    if (own)
        g->orders_count = 0;
    return own;
}

/* This page's part of `count` matches. */
static void cut_page(struct get *g, size_t count, size_t *ret_from, size_t *ret_to)
{
    size_t from = (size_t)(g->limit * (g->page - 1)), to = (size_t)(g->limit * g->page);
    g->total = i64_from_size(count);
    g->more = count > to;
    *ret_from = from < count ? from : count;
    *ret_to = to < count ? to : count;
}

static enum status get_stories(struct get *g, struct error *err)
{
    static const str names[] = {STR_INIT("id"), STR_INIT("slug")};
    struct rendering *r = g->r;
    struct story **rows = arena_new_array(r->arena, struct story *, GET_SCAN_MAX);
    size_t count = 0, from, to;
    bool oldest_first = false;
    enum status st;
    const struct nql *named = needed_clause(g->filter, names, 2);
    rendering_saw(r, SEEN_POSTS, 0);
    if (named != NULL) {
        st = named_stories(g, named, rows, &count, err);
    } else if (g->resource == GET_PAGES) {
        st = scan_pages(g, rows, &count, err);
    } else {
        (void)own_order(g, &oldest_first);
        st = scan_stories(g, rows, &count, oldest_first, err);
    }
    if (st != ST_OK)
        return st;
    sort_records(g, story_field, (void **)rows, count);
    cut_page(g, count, &from, &to);
    struct story_rows *made = rows_new(r, rows + from, to - from);
    for (size_t i = from; i < to && named != NULL; i++)
        rendering_saw(r, SEEN_STORY, rows[i]->id.v);
    g->list = posts_value(made);
    return ST_OK;
}

/* ---- tags, authors ---- */

static bool orders_by_count(const struct get *g)
{
    return g->orders_count > 0 && str_eq(g->orders[0].field, S("count.posts")) &&
           g->orders[0].descending;
}

static enum status named_tags(struct get *g, const struct nql *clause, struct tag **rows,
                              size_t *ret_count, struct error *err)
{
    bool by_slug = str_eq(clause->field, S("slug"));
    size_t n = 0;
    for (size_t i = 0; i < clause->values_count && n < GET_LIMIT_MAX; i++) {
        str text = clause->values[i].text;
        enum status st = by_slug
                             ? tag_by_slug(g->r->req->conn, text, g->r->arena, &rows[n], err)
                             : tag_by_ghost_id(g->r->req->conn, text, g->r->arena, &rows[n], err);
        if (st == ST_OK)
            n++;
        else if (st != ST_NOT_FOUND)
            return st;
    }
    *ret_count = n;
    return ST_OK;
}

static enum status get_tags(struct get *g, struct error *err)
{
    static const str names[] = {STR_INIT("slug"), STR_INIT("id")};
    struct rendering *r = g->r;
    struct tag **rows;
    size_t count, kept = 0, from, to;
    enum status st;
    const struct nql *named = needed_clause(g->filter, names, 2);
    rendering_saw(r, SEEN_POSTS, 0); /* which tags are there follows from the stories */
    if (named != NULL) {
        rows = arena_new_array(r->arena, struct tag *, GET_LIMIT_MAX);
        st = named_tags(g, named, rows, &count, err);
    } else {
        struct tag_query query = {.order = orders_by_count(g) ? TAG_BY_COUNT : TAG_BY_NAME,
                                  .limit = GET_SCAN_MAX};
        st = tag_list(r->req->conn, &query, r->arena, &rows, &count, err);
    }
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (g->filter == NULL || nql_matches(g->filter, tag_field, rows[i]))
            rows[kept++] = rows[i];
    }
    sort_records(g, tag_field, (void **)rows, kept);
    cut_page(g, kept, &from, &to);
    struct hbs_value *values = arena_new_array(r->arena, struct hbs_value, to - from);
    for (size_t i = from; i < to; i++)
        values[i - from] = tag_value(rows[i]);
    g->list = hbs_list_of(r->arena, values, to - from);
    return ST_OK;
}

static enum status get_authors(struct get *g, struct error *err)
{
    struct rendering *r = g->r;
    struct byline **rows;
    size_t count, kept = 0, from, to;
    struct byline_query query = {.order = orders_by_count(g) ? BYLINE_BY_COUNT : BYLINE_BY_NAME,
                                 .limit = GET_SCAN_MAX};
    rendering_saw(r, SEEN_POSTS, 0);
    enum status st = byline_list(r->req->conn, &query, r->arena, &rows, &count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (g->filter == NULL || nql_matches(g->filter, author_field, rows[i]))
            rows[kept++] = rows[i];
    }
    sort_records(g, author_field, (void **)rows, kept);
    cut_page(g, kept, &from, &to);
    struct hbs_value *values = arena_new_array(r->arena, struct hbs_value, to - from);
    for (size_t i = from; i < to; i++)
        values[i - from] = author_value(rows[i]);
    g->list = hbs_list_of(r->arena, values, to - from);
    return ST_OK;
}

/* ---- the call ---- */

static bool find_resource(str name, enum get_resource *ret)
{
    static const struct {
        str name;
        enum get_resource resource;
    } known[] = {
        {STR_INIT("posts"), GET_POSTS},
        {STR_INIT("pages"), GET_PAGES},
        {STR_INIT("tags"), GET_TAGS},
        {STR_INIT("authors"), GET_AUTHORS},
        {STR_INIT("tiers"), GET_NOTHING},
        {STR_INIT("newsletters"), GET_NOTHING},
        {STR_INIT("recommendations"), GET_NOTHING},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_eq(name, known[i].name)) {
            *ret = known[i].resource;
            return true;
        }
    }
    return false;
}

static void read_numbers(struct get *g)
{
    struct hbs_value limit = hbs_call_hash(g->call, S("limit"));
    bool all = hbs_is_text(limit) && str_eq(limit.text, S("all"));
    g->limit = all ? GET_LIMIT_MAX : call_int(g->call, S("limit"), GET_LIMIT_DEFAULT);
    if (g->limit < 1)
        g->limit = GET_LIMIT_DEFAULT;
    if (g->limit > GET_LIMIT_MAX)
        g->limit = GET_LIMIT_MAX;
    g->page = call_int(g->call, S("page"), 1);
    if (g->page < 1 || g->page > GET_PAGE_MAX)
        g->page = 1;
}

/* id= and slug= become a filter. */
static enum status read_filter(struct get *g, bool *ret_one, struct error *err)
{
    str text, id, slug;
    *ret_one = false;
    enum status st = call_text(g->call, S("filter"), STR_NONE, &text, err);
    if (st == ST_OK)
        st = call_text(g->call, S("id"), STR_NONE, &id, err);
    if (st == ST_OK)
        st = call_text(g->call, S("slug"), STR_NONE, &slug, err);
    if (st == ST_OK)
        st = fill_filter(g, text, &text, err);
    if (st == ST_OK && (id.len > 0 || slug.len > 0)) {
        *ret_one = true;
        struct nql *clause = arena_new_one(g->r->arena, struct nql);
        *clause = (struct nql){.kind = NQL_CLAUSE,
                               .field = id.len > 0 ? S("id") : S("slug"),
                               .op = NQL_EQ,
                               .values_count = 1};
        clause->values = arena_new_one(g->r->arena, struct nql_value);
        clause->values[0] = nql_text(id.len > 0 ? id : slug);
        g->filter = clause;
        return ST_OK;
    }
    if (st != ST_OK || str_trim(text).len == 0)
        return st;
    return nql_parse(g->r->arena, text, g->r->req->now, &g->filter, err);
}

static enum status run(struct get *g, struct error *err)
{
    switch (g->resource) {
    case GET_POSTS:
    case GET_PAGES:
        return get_stories(g, err);
    case GET_TAGS:
        return get_tags(g, err);
    case GET_AUTHORS:
        return get_authors(g, err);
    case GET_NOTHING:
        break;
    }
    g->list = hbs_list_of(g->r->arena, NULL, 0);
    return ST_OK;
}

static enum status show_error(struct get *g, const struct error *what, struct error *err)
{
    str text = str_copy(g->r->arena, str_from_c(what->text));
    const struct hbs_var vars[] = {{S("error"), hbs_string(text)}};
    return hbs_call_inverse(g->call, &(struct hbs_frame){.vars = vars, .vars_count = 1}, err);
}

static enum status show_body(struct get *g, struct error *err)
{
    struct rendering *r = g->r;
    int64_t pages = (g->total + g->limit - 1) / g->limit;
    if (g->more && pages <= g->page)
        pages = g->page + 1;
    struct hbs_value pagination =
        pagination_value(r, g->page, pages < 1 ? 1 : pages, g->total, g->limit);
    struct hbs_map *meta = hbs_map_new(r->arena), *map = hbs_map_new(r->arena);
    hbs_map_set(meta, S("pagination"), pagination);
    hbs_map_set(map, g->name, g->list);
    hbs_map_set(map, S("meta"), hbs_map_value(meta));
    hbs_map_set(map, S("pagination"), pagination);
    struct hbs_value context = hbs_map_value(map);
    const struct hbs_value params[] = {g->list, pagination};
    return hbs_call_block(
        g->call, &(struct hbs_frame){.context = &context, .params = params, .params_count = 2},
        err);
}

enum status helper_get(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct get *g = arena_new_one(hbs_call_arena(call), struct get);
    *g = (struct get){.call = call, .r = rendering_of_call(call)};
    struct error what = ERROR_INIT;
    str order;
    bool one;
    (void)ret;
    enum status st = value_text(&g->r->env, hbs_call_arg(call, 0), &g->name, err);
    if (st == ST_OK)
        st = call_text(call, S("order"), STR_NONE, &order, err);
    if (st != ST_OK)
        return st;
    if (!find_resource(g->name, &g->resource)) {
        (void)error_set(&what, ST_INVALID, "get: there is no resource \"%.*s\"", STR_ARG(g->name));
        return show_error(g, &what, err);
    }
    read_numbers(g);
    read_orders(g, order);
    st = read_filter(g, &one, &what);
    if (st != ST_OK && st != ST_IO)
        return show_error(g, &what, err);
    if (st == ST_OK)
        st = run(g, &what);
    if (st != ST_OK) {
        if (err != NULL)
            *err = what;
        return st;
    }
    if (one && g->total == 0) {
        (void)error_set(&what, ST_NOT_FOUND, "get: no such %.*s", STR_ARG(g->name));
        return show_error(g, &what, err);
    }
    return show_body(g, err);
}
