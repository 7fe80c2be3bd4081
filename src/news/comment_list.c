/* SPDX-License-Identifier: MIT
 *
 * Reading replies: one, a page of threads, the desk's lists.
 *
 * A page of threads is one walk of comment_shown, which holds a story's shown replies thread by
 * thread. It ends when a thread or a reply too many begins; putting each thread into reading order is done
 * here, without recursion: imports bring threads of any depth, and parents that come after their
 * children or stand in a circle. */
#include "base/arena.h"
#include "news/comment_row.h"
#include "store/store.h"

/* ---- rows ---- */

static const str states[] = {[COMMENT_PENDING] = STR_INIT("pending"),
                             [COMMENT_APPROVED] = STR_INIT("approved"),
                             [COMMENT_SPAM] = STR_INIT("spam"),
                             [COMMENT_TRASH] = STR_INIT("trash")};
enum { STATES_COUNT = sizeof(states) / sizeof(states[0]) };

str comment_state_text(enum comment_state state)
{
    return states[state];
}

const char *comment_state_name(enum comment_state state)
{
    return states[state].ptr;
}

bool comment_state_from_name(str name, enum comment_state *ret_state)
{
    for (size_t i = 0; i < STATES_COUNT; i++) {
        if (str_eq(states[i], name)) {
            *ret_state = (enum comment_state)i;
            return true;
        }
    }
    return false;
}

struct comment *comment_from_row(const struct store_stmt *q, struct arena *arena)
{
    struct comment *c = arena_new_one(arena, struct comment);
    c->id.v = store_column_int(q, 0);
    c->ghost_id = str_copy(arena, store_column_text(q, 1));
    c->story.v = store_column_int(q, 2);
    c->parent.v = store_column_int(q, 3);
    c->thread.v = store_column_int(q, 4);
    c->thread_at = store_column_int(q, 5);
    c->name = str_copy(arena, store_column_text(q, 6));
    c->email = str_copy(arena, store_column_text(q, 7));
    c->site = str_copy(arena, store_column_text(q, 8));
    c->text.raw = str_copy(arena, store_column_text(q, 9));
    c->source_text = str_copy(arena, store_column_text(q, 10));
    c->state = COMMENT_TRASH;
    (void)comment_state_from_name(store_column_text(q, 11), &c->state);
    c->why = str_copy(arena, store_column_text(q, 12));
    c->person.v = store_column_int(q, 13);
    c->created_at = store_column_int(q, 14);
    c->edited_at = store_column_int(q, 15);
    c->byline.v = store_column_int(q, 16);
    c->address = str_copy(arena, store_column_text(q, 17));
    return c;
}

static enum status read_one(struct store_stmt *q, struct arena *arena, struct comment **ret_comment,
                            struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "there is no such reply");
    if (st == ST_OK)
        *ret_comment = comment_from_row(q, arena);
    return st;
}

enum status comment_by_id(struct store_conn *conn, comment_id id, struct arena *arena,
                          struct comment **ret_comment, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.id = $1"));
    store_bind_int(q, 1, id.v);
    return read_one(q, arena, ret_comment, err);
}

enum status comment_by_token(struct store_conn *conn, str token, struct arena *arena,
                             struct comment **ret_comment, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.token = $1"));
    store_bind_text(q, 1, token);
    return read_one(q, arena, ret_comment, err);
}

/* ---- threads in reading order ---- */

/* What a page of threads is put in order with; indexes are into rows, -1 is none. */
struct tree {
    struct comment **rows;
    int64_t count;
    int64_t *first_child, *last_child, *next;
    bool *placed;
    struct comment **out;
    size_t out_count;
};

static int64_t row_of(const struct tree *t, comment_id id, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++) {
        if (t->rows[i]->id.v == id.v)
            return i;
    }
    return -1;
}

/* Whose child a row is shown as: its parent's, else the thread's first's, else nobody's. */
static int64_t shown_parent(const struct tree *t, int64_t row, int64_t from, int64_t to)
{
    const struct comment *c = t->rows[row];
    int64_t parent = c->parent.v != 0 ? row_of(t, c->parent, from, to) : -1;
    if (parent < 0 && c->thread.v != c->id.v)
        parent = row_of(t, c->thread, from, to);
    return parent == row ? -1 : parent;
}

static void place(struct tree *t, int64_t row, const struct comment *parent)
{
    struct comment *c = t->rows[row];
    if (parent != NULL && parent->depth == COMMENT_DEPTH_SHOWN - 1)
        parent = parent->parent_shown;
    c->parent_shown = parent;
    c->depth = parent != NULL ? parent->depth + 1 : 0;
    t->placed[row] = true;
    t->out[t->out_count++] = c;
}

/* A row, then all below it, by a stack of rows whose turn has not come. */
static void place_with_children(struct tree *t, int64_t root, int64_t *stack,
                                const struct comment **parents)
{
    int64_t height = 0;
    stack[height] = root;
    parents[height++] = NULL;
    while (height > 0) {
        height--;
        int64_t row = stack[height];
        place(t, row, parents[height]);
        /* Last child first onto the stack, so that the first comes off first. */
        int64_t below = height;
        for (int64_t child = t->first_child[row]; child >= 0; child = t->next[child]) {
            if (t->placed[child])
                continue;
            stack[height] = child;
            parents[height++] = t->rows[row];
        }
        for (int64_t a = below, b = height - 1; a < b; a++, b--) {
            int64_t swapped = stack[a];
            stack[a] = stack[b];
            stack[b] = swapped;
        }
    }
}

/* The rows [from, to) are one thread. */
static void order_thread(struct tree *t, int64_t from, int64_t to, int64_t *stack,
                         const struct comment **parents, bool *is_root)
{
    for (int64_t i = from; i < to; i++) {
        int64_t parent = shown_parent(t, i, from, to);
        is_root[i] = parent < 0;
        if (parent < 0)
            continue;
        if (t->first_child[parent] < 0)
            t->first_child[parent] = i;
        else
            t->next[t->last_child[parent]] = i;
        t->last_child[parent] = i;
    }
    for (int64_t i = from; i < to; i++) {
        if (is_root[i])
            place_with_children(t, i, stack, parents);
    }
    for (int64_t i = from; i < to; i++) { /* a circle: nobody's child stands above */
        if (!t->placed[i])
            place_with_children(t, i, stack, parents);
    }
}

static struct comment **reading_order(struct comment **rows, size_t count, struct arena *arena)
{
    struct tree t = {.rows = rows,
                     .count = i64_from_size(count),
                     .first_child = arena_new_array(arena, int64_t, count),
                     .last_child = arena_new_array(arena, int64_t, count),
                     .next = arena_new_array(arena, int64_t, count),
                     .placed = arena_new_array(arena, bool, count),
                     .out = arena_new_array(arena, struct comment *, count)};
    int64_t *stack = arena_new_array(arena, int64_t, count);
    const struct comment **parents = arena_new_array(arena, const struct comment *, count);
    bool *is_root = arena_new_array(arena, bool, count);
    for (size_t i = 0; i < count; i++)
        t.first_child[i] = t.last_child[i] = t.next[i] = -1;
    for (int64_t from = 0, to; from < t.count; from = to) {
        to = from + 1;
        while (to < t.count && rows[to]->thread.v == rows[from]->thread.v)
            to++;
        order_thread(&t, from, to, stack, parents, is_root);
    }
    CHECK(t.out_count == count);
    return t.out;
}

/* ---- lists ---- */

/* What is for the desk alone. */
static void hide_private(struct comment *c)
{
    c->email = STR_NONE;
    c->address = STR_NONE;
}

/* A writer sees their own reply among the shown ones: put where it would stand. */
static enum status add_own(struct store_conn *conn, story_id story, comment_id own,
                           struct arena *arena, struct comment_list *list, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i]->id.v == own.v)
            return ST_OK;
    }
    struct comment *c;
    enum status st = comment_by_id(conn, own, arena, &c, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && c->story.v != story.v))
        return ST_OK; /* erased meanwhile: the page is as everybody's */
    if (st != ST_OK)
        return st;
    hide_private(c);
    size_t at = list->count;
    while (at > 0 && list->rows[at - 1]->thread.v != c->thread.v)
        at--;
    if (at == 0)
        at = list->count; /* a thread of its own, or one of another page */
    for (size_t i = list->count; i > at; i--)
        list->rows[i] = list->rows[i - 1];
    list->rows[at] = c;
    list->count++;
    return ST_OK;
}

static enum status read_shown(struct store_stmt *q, size_t threads_max, struct arena *arena,
                              struct comment_list *list, struct error *err)
{
    size_t threads = 0;
    int64_t thread = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct comment *c = comment_from_row(q, arena);
        bool begins = c->thread.v != thread;
        if (list->count == COMMENT_SHOWN_MAX || (begins && threads == threads_max)) {
            list->more = true;
            if (begins)
                list->place.reply = (struct story_key){0};
            return ST_OK;
        }
        threads += begins;
        thread = c->thread.v;
        hide_private(c);
        list->rows[list->count++] = c;
        list->place = (struct comment_place){.thread = {c->thread_at, c->thread.v},
                                             .reply = {c->created_at, c->id.v}};
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- parents on other pages ---- */

static bool is_here(const struct comment_list *list, comment_id id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i]->id.v == id.v)
            return true;
    }
    return false;
}

static enum status find_away(struct store_stmt *q, const struct comment *reply, struct arena *arena,
                             const struct comment **ret_parent, struct error *err)
{
    store_stmt_reset(q);
    store_bind_int(q, 1, reply->parent.v);
    store_bind_int(q, 2, reply->story.v);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st; /* held, or in the trash: nothing to lead to */
    struct comment *parent = comment_from_row(q, arena);
    hide_private(parent);
    *ret_parent = parent;
    return ST_OK;
}

/* Only a long thread's further pages, and a writer's own reply, have any; often many answer one. */
static enum status find_parents_away(struct store_conn *conn, struct arena *arena,
                                     const struct comment_list *list, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.id = $1"
                              " AND c.story = $2 AND c.state = 'approved'"));
    for (size_t i = 0; i < list->count; i++) {
        struct comment *reply = list->rows[i];
        if (reply->parent.v == 0 || is_here(list, reply->parent))
            continue;
        bool told = false;
        for (size_t k = 0; k < i && !told; k++) {
            told = list->rows[k]->parent.v == reply->parent.v;
            reply->parent_away = told ? list->rows[k]->parent_away : NULL;
        }
        enum status st = told ? ST_OK : find_away(q, reply, arena, &reply->parent_away, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status comment_list_shown(struct store_conn *conn, story_id story, struct comment_place after,
                               comment_id own, size_t limit, struct arena *arena,
                               struct comment_list *ret_list, struct error *err)
{
    struct comment_list list = {
        .rows = arena_new_array(arena, struct comment *, COMMENT_SHOWN_MAX + 1)};
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.story = $1"
                              " AND c.state = 'approved'"
                              " AND (c.thread_at, c.thread, c.created_at, c.id) > ($2, $3, $4, $5)"
                              " ORDER BY c.thread_at, c.thread, c.created_at, c.id LIMIT $6"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, after.thread.id == 0 ? INT64_MIN : after.thread.at);
    store_bind_int(q, 3, after.thread.id);
    store_bind_int(q, 4, after.reply.id == 0 ? INT64_MAX : after.reply.at);
    store_bind_int(q, 5, after.reply.id == 0 ? INT64_MAX : after.reply.id);
    store_bind_int(q, 6, COMMENT_SHOWN_MAX + 1);
    enum status st = read_shown(q, limit == 0 ? COMMENT_THREADS_A_PAGE : limit, arena, &list, err);
    if (st == ST_OK && own.v != 0)
        st = add_own(conn, story, own, arena, &list, err);
    if (st == ST_OK)
        st = find_parents_away(conn, arena, &list, err);
    if (st != ST_OK)
        return st;
    list.rows = reading_order(list.rows, list.count, arena);
    *ret_list = list;
    return ST_OK;
}

static size_t limit_of(size_t limit)
{
    return limit == 0 || limit > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : limit;
}

/* Rows as they come; with the story's slug and title behind them when `with_story`. */
static enum status read_rows(struct store_stmt *q, size_t limit, bool with_story,
                             struct arena *arena, struct comment_list *ret_list, struct error *err)
{
    struct comment_list list = {.rows = arena_new_array(arena, struct comment *, limit)};
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (list.count == limit) {
            list.more = true;
            break;
        }
        struct comment *c = comment_from_row(q, arena);
        if (with_story) {
            c->story_slug = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT));
            c->story_title = str_copy(arena, store_column_text(q, COMMENT_COLUMNS_COUNT + 1));
        }
        list.rows[list.count++] = c;
        list.next = (struct story_key){c->created_at, c->id.v};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    return ST_OK;
}

enum status comment_list_desk(struct store_conn *conn, enum comment_state state,
                              struct story_key before, size_t limit, struct arena *arena,
                              struct comment_list *ret_list, struct error *err)
{
    limit = limit_of(limit);
    bool start = before.id == 0;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " COMMENT_COLUMNS ", s.slug, s.title FROM comment c CROSS JOIN story s"
                  " WHERE c.state = $1 AND (c.created_at, c.id) < ($2, $3) AND s.id = c.story"
                  " ORDER BY c.created_at DESC, c.id DESC LIMIT $4"));
    store_bind_text(q, 1, comment_state_text(state));
    store_bind_int(q, 2, start ? INT64_MAX : before.at);
    store_bind_int(q, 3, start ? INT64_MAX : before.id);
    store_bind_int(q, 4, i64_from_size(limit + 1));
    return read_rows(q, limit, true, arena, ret_list, err);
}

enum status comment_list_story(struct store_conn *conn, story_id story, struct story_key after,
                               size_t limit, struct arena *arena, struct comment_list *ret_list,
                               struct error *err)
{
    limit = limit_of(limit);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " COMMENT_COLUMNS " FROM comment c WHERE c.story = $1"
                              " AND (c.created_at, c.id) > ($2, $3)"
                              " ORDER BY c.created_at, c.id LIMIT $4"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, after.id == 0 ? INT64_MIN : after.at);
    store_bind_int(q, 3, after.id);
    store_bind_int(q, 4, i64_from_size(limit + 1));
    return read_rows(q, limit, false, arena, ret_list, err);
}
