/* SPDX-License-Identifier: MIT
 *
 * All that came under one email, state by state, and deciding on all of a state at once. The address names a reply
 * of theirs: an email stands in no address, and so in no log and no history. */
#include "base/arena.h"
#include "base/parse.h"
#include "desk/replies.h"
#include "news/comment_desk.h"

enum { WRITER_SHOWN = 25 };

static str writer_path(struct errand *e, comment_id id, enum comment_state state)
{
    return str_format(e->arena, "/desk/replies/%lld/writer/?state=%s", (long long)id.v,
                      comment_state_name(state));
}

/* The first state in which there is anything, unless one is asked for. */
static enum comment_state state_chosen(struct errand *e, const int64_t *counts)
{
    str name;
    if (http_query_get(e->req, S("state"), &name))
        return replies_state(e);
    for (int state = 0; state <= COMMENT_TRASH; state++) {
        if (counts[state] > 0)
            return (enum comment_state)state;
    }
    return COMMENT_PENDING;
}

static void put_states(struct errand *e, struct hbs_map *values, const struct comment *comment,
                       const int64_t *counts, enum comment_state chosen)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, COMMENT_TRASH + 1);
    for (int state = 0; state <= COMMENT_TRASH; state++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        str name = str_from_c(comment_state_name((enum comment_state)state));
        hbs_map_set(row, S("path"),
                    hbs_string(writer_path(e, comment->id, (enum comment_state)state)));
        hbs_map_set(row, S("key"), hbs_string(str_join2(e->arena, S("state."), name)));
        hbs_map_set(row, S("n"),
                    hbs_string(counts[state] >= COMMENT_WRITER_COUNTED
                                   ? str_format(e->arena, "%d+", COMMENT_WRITER_COUNTED - 1)
                                   : str_format(e->arena, "%lld", (long long)counts[state])));
        hbs_map_set(row, S("chosen"), hbs_bool((enum comment_state)state == chosen));
        rows[state] = hbs_map_value(row);
    }
    hbs_map_set(values, S("tabs"), hbs_list_of(e->arena, rows, COMMENT_TRASH + 1));
    hbs_map_set(values, S("state"), hbs_string(str_from_c(comment_state_name(chosen))));
    hbs_map_set(values, S("state_key"),
                hbs_string(str_format(e->arena, "state.%s", comment_state_name(chosen))));
    hbs_map_set(values, S("several"), hbs_bool(counts[chosen] > 1));
}

static enum status read_counts(struct errand *e, struct comment *comment, int64_t *counts,
                               struct error *err)
{
    struct comment_context *context;
    enum status st = comment_context(e->conn, &comment, 1, e->arena, &context, err);
    if (st != ST_OK)
        return st;
    counts[COMMENT_PENDING] = context->pending;
    counts[COMMENT_APPROVED] = context->approved;
    counts[COMMENT_SPAM] = context->spam;
    counts[COMMENT_TRASH] = context->trash;
    return ST_OK;
}

static int64_t before_read(struct errand *e)
{
    str text;
    int64_t id = 0;
    return http_query_get(e->req, S("before"), &text) && str_to_i64(text, &id) && id > 0 ? id : 0;
}

/* Without an email there is no writer to tell from others. */
static enum status find_writer(struct errand *e, struct comment **ret_comment, struct error *err)
{
    enum status st = reply_find(e, ret_comment, err);
    if (st == ST_OK && (*ret_comment)->email.len == 0)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("writer.unknown"))));
    return st;
}

enum status writer_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    int64_t counts[COMMENT_TRASH + 1];
    struct comment *comment;
    struct comment_list list;
    enum status st = find_writer(e, &comment, err);
    if (st == ST_OK)
        st = read_counts(e, comment, counts, err);
    if (st != ST_OK)
        return st;
    enum comment_state state = state_chosen(e, counts);
    st = comment_list_writer_state(e->conn, comment, state, before_read(e), WRITER_SHOWN, e->arena,
                                   &list, err);
    if (st == ST_OK)
        st = replies_rows(e, values, &list, err);
    if (st != ST_OK)
        return st;
    put_states(e, values, comment, counts, state);
    hbs_map_set(values, S("id"), hbs_number((double)comment->id.v));
    hbs_map_set(values, S("writer"), hbs_number((double)comment->id.v));
    hbs_map_set(values, S("name"), hbs_string(comment->name));
    hbs_map_set(values, S("email"), hbs_string(comment->email));
    if (list.more)
        hbs_map_set(values, S("older"), hbs_number((double)list.next.id));
    return errand_page(e, 200, S("writer"), values, err);
}

enum status writer_decide(struct errand *e, struct error *err)
{
    struct comment *comment;
    struct comment_list list = {0};
    enum comment_state state;
    enum status st = find_writer(e, &comment, err);
    if (st == ST_OK && !comment_state_from_name(errand_value(e, S("state")), &state))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    if (st == ST_OK)
        st = comment_list_writer_state(e->conn, comment, state, 0, REPLIES_BULK_MAX, e->arena,
                                       &list, err);
    if (st != ST_OK)
        return st;
    comment_id *ids = arena_new_array(e->arena, comment_id, list.count);
    for (size_t i = 0; i < list.count; i++)
        ids[i] = list.rows[i]->id;
    return replies_decide_all(e, errand_value(e, S("do")), ids, list.count,
                              writer_path(e, comment->id, state), err);
}
