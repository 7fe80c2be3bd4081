/* SPDX-License-Identifier: MIT
 *
 * The queue: lists by state, and one reply with all that is known around it. */
#include "desk/replies.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "desk/look.h"
#include "news/comment_desk.h"
#include "news/story.h"
#include "text/plain.h"
#include "text/utf8.h"

enum { REPLIES_SHOWN = 25, PARENT_CHARS = 160 };

static struct hbs_value number(int64_t n)
{
    return hbs_number((double)n);
}

static str beginning(struct errand *e, html text)
{
    str plain = plain_one_line(e->arena, plain_from_clean(e->arena, text));
    str cut = utf8_cut_bytes(plain, PARENT_CHARS);
    return cut.len < plain.len ? str_join2(e->arena, cut, S("…")) : cut;
}

/* Why it is held, which is kept in English with the reply, and is so a key. What is on a list stands behind a colon. */
static str reason_said(struct errand *e, str why)
{
    str listed = why;
    str key = str_join2(e->arena, S("why."), str_cut(&listed, ':'));
    if (!look_has(e->look, key))
        return why;
    return listed.len > 0 ? str_join3(e->arena, errand_say(e, key), S(":"), listed)
                          : errand_say(e, key);
}

static struct hbs_map *reply_map(struct errand *e, const struct comment *c)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("id"), number(c->id.v));
    hbs_map_set(row, S("name"), hbs_string(c->name));
    hbs_map_set(row, S("email"), hbs_string_or_null(c->email));
    hbs_map_set(row, S("website"), hbs_string_or_null(c->site));
    hbs_map_set(row, S("html"), hbs_html(c->text));
    hbs_map_set(row, S("state"), hbs_string(str_from_c(comment_state_name(c->state))));
    hbs_map_set(row, S("why"), hbs_string_or_null(reason_said(e, c->why)));
    hbs_map_set(row, S("at"), number(c->created_at));
    if (c->edited_at != 0)
        hbs_map_set(row, S("edited"), number(c->edited_at));
    hbs_map_set(row, S("story"), hbs_string(c->story_title));
    hbs_map_set(row, S("story_id"), number(c->story.v));
    hbs_map_set(row, S("network"), hbs_string_or_null(c->address));
    if (c->state == COMMENT_APPROVED)
        hbs_map_set(row, S("anchor"),
                    hbs_string(str_format(e->arena, "#reply-%lld", (long long)c->id.v)));
    hbs_map_set(row, S("story_path"),
                hbs_string(str_join3(e->arena, S("/"), c->story_slug, S("/"))));
    return row;
}

static void put_context(struct errand *e, struct hbs_map *row,
                        const struct comment_context *context)
{
    if (context->parent != NULL) {
        hbs_map_set(row, S("parent_name"), hbs_string(context->parent->name));
        hbs_map_set(row, S("parent_text"), hbs_string(beginning(e, context->parent->text)));
        if (context->parent->state == COMMENT_APPROVED)
            hbs_map_set(
                row, S("parent_anchor"),
                hbs_string(str_format(e->arena, "#reply-%lld", (long long)context->parent->id.v)));
    }
    hbs_map_set(row, S("has_writer"), hbs_bool(context->has_writer));
    hbs_map_set(row, S("approved"), number(context->approved));
    hbs_map_set(row, S("pending"), number(context->pending));
    hbs_map_set(row, S("spam"), number(context->spam));
    hbs_map_set(row, S("trash"), number(context->trash));
    hbs_map_set(
        row, S("alone"),
        hbs_bool(context->approved + context->pending + context->spam + context->trash <= 1));
}

/* ---- lists ---- */

/* "1700000000000000-12": the last row's time and number. */
static struct story_key place_read(struct errand *e)
{
    struct story_key key = {0};
    str text;
    if (!http_query_get(e->req, S("before"), &text))
        return key;
    str at = str_cut(&text, '-');
    if (!str_to_i64(at, &key.at) || !str_to_i64(text, &key.id) || key.id < 1)
        key = (struct story_key){0};
    return key;
}

static void put_tabs(struct errand *e, struct hbs_map *values, enum comment_state chosen)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, COMMENT_TRASH + 1);
    for (int state = 0; state <= COMMENT_TRASH; state++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        str name = str_from_c(comment_state_name((enum comment_state)state));
        hbs_map_set(row, S("name"), hbs_string(name));
        hbs_map_set(row, S("key"), hbs_string(str_join2(e->arena, S("state."), name)));
        hbs_map_set(row, S("chosen"), hbs_bool((enum comment_state)state == chosen));
        rows[state] = hbs_map_value(row);
    }
    hbs_map_set(values, S("tabs"), hbs_list_of(e->arena, rows, COMMENT_TRASH + 1));
    hbs_map_set(values, S("state"), hbs_string(str_from_c(comment_state_name(chosen))));
    hbs_map_set(values, S("heading"),
                hbs_string(str_format(e->arena, "state.%s", comment_state_name(chosen))));
    hbs_map_set(values, S("none"),
                hbs_string(str_format(e->arena, "none.%s", comment_state_name(chosen))));
}

enum status replies_rows(struct errand *e, struct hbs_map *values, const struct comment_list *list,
                         struct error *err)
{
    struct comment_context *contexts;
    enum status st = comment_context(e->conn, list->rows, list->count, e->arena, &contexts, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct hbs_map *row = reply_map(e, list->rows[i]);
        put_context(e, row, &contexts[i]);
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("replies"), hbs_list_of(e->arena, rows, list->count));
    return ST_OK;
}

enum comment_state replies_state(struct errand *e)
{
    enum comment_state state = COMMENT_PENDING;
    str name;
    if (http_query_get(e->req, S("state"), &name) && !comment_state_from_name(name, &state))
        state = COMMENT_PENDING;
    return state;
}

/* "?story=12&q=late ferry", and the rest of an address that keeps them: "&amp;"s are the template's matter. */
static enum status put_filter(struct errand *e, struct hbs_map *values,
                              struct comment_filter *filter, struct error *err)
{
    struct buf keep;
    str text, kept;
    buf_init(&keep, e->arena, 4 * REPLIES_FIND_MAX);
    if (http_query_get(e->req, S("story"), &text) && str_to_i64(text, &filter->story.v) &&
        filter->story.v > 0) {
        struct story *story;
        enum status st = story_by_id(e->conn, filter->story, e->arena, &story, err);
        if (st == ST_NOT_FOUND)
            return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-numbers"))));
        if (st != ST_OK)
            return st;
        buf_addf(&keep, "&story=%lld", (long long)filter->story.v);
        hbs_map_set(values, S("only"), hbs_string(story->title));
        hbs_map_set(values, S("only_id"), number(filter->story.v));
    } else {
        filter->story.v = 0;
    }
    if (http_query_get(e->req, S("q"), &text) && str_trim(text).len > 0) {
        filter->words = utf8_cut_bytes(str_trim(text), REPLIES_FIND_MAX);
        buf_add(&keep, S("&q="));
        buf_add_percent(&keep, filter->words, STR_NONE);
        hbs_map_set(values, S("q"), hbs_string(filter->words));
    }
    enum status st = buf_finish(&keep, &kept, err);
    hbs_map_set(values, S("keep"), hbs_string(kept));
    return st;
}

static void put_older(struct errand *e, struct hbs_map *values, const struct comment_found *found)
{
    if (found->list.more)
        hbs_map_set(values, S("older"),
                    hbs_string(str_format(e->arena, "%lld-%lld", (long long)found->list.next.at,
                                          (long long)found->list.next.id)));
    if (found->stopped)
        hbs_map_set(values, S("looked"), number(COMMENT_LOOKED_MAX));
}

enum status replies_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct comment_filter filter = {.state = replies_state(e)};
    struct comment_found found = {0};
    enum status st = put_filter(e, values, &filter, err);
    if (st == ST_OK && (filter.story.v != 0 || filter.words.len > 0))
        st = comment_search(e->conn, &filter, place_read(e), REPLIES_SHOWN, e->arena, &found, err);
    else if (st == ST_OK)
        st = comment_list_desk(e->conn, filter.state, place_read(e), REPLIES_SHOWN, e->arena,
                               &found.list, err);
    if (st == ST_OK)
        st = replies_rows(e, values, &found.list, err);
    if (st != ST_OK)
        return st;
    put_older(e, values, &found);
    put_tabs(e, values, filter.state);
    return errand_page(e, 200, S("replies"), values, err);
}

/* ---- one ---- */

enum status reply_find(struct errand *e, struct comment **ret_comment, struct error *err)
{
    struct story *story;
    struct comment *comment;
    enum status st =
        comment_by_id(e->conn, (comment_id){errand_id(e, S("id"))}, e->arena, &comment, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-reply"))));
    if (st == ST_OK)
        st = story_by_id(e->conn, comment->story, e->arena, &story, err);
    if (st != ST_OK)
        return st;
    comment->story_slug = story->slug;
    comment->story_title = story->title;
    *ret_comment = comment;
    return ST_OK;
}

static enum status put_earlier(struct errand *e, struct hbs_map *values,
                               const struct comment *comment, struct error *err)
{
    struct comment_list list;
    enum status st = comment_list_writer(e->conn, comment, e->arena, &list, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct hbs_map *row = reply_map(e, list.rows[i]);
        hbs_map_set(row, S("beginning"), hbs_string(beginning(e, list.rows[i]->text)));
        hbs_map_set(
            row, S("state_key"),
            hbs_string(str_format(e->arena, "state.%s", comment_state_name(list.rows[i]->state))));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("earlier"), hbs_list_of(e->arena, rows, list.count));
    return ST_OK;
}

enum status reply_page(struct errand *e, const struct comment *comment, struct hbs_map *values,
                       int code, struct error *err)
{
    struct comment *rows[] = {arena_new_one(e->arena, struct comment)};
    struct comment_context *contexts;
    *rows[0] = *comment;
    enum status st = comment_context(e->conn, rows, 1, e->arena, &contexts, err);
    if (st == ST_OK)
        st = put_earlier(e, values, comment, err);
    if (st != ST_OK)
        return st;
    struct hbs_map *row = reply_map(e, comment);
    put_context(e, row, contexts);
    hbs_map_set(row, S("state_key"),
                hbs_string(str_format(e->arena, "state.%s", comment_state_name(comment->state))));
    hbs_map_set(values, S("reply"), hbs_map_value(row));
    return errand_page(e, code, S("reply"), values, err);
}

enum status reply_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct comment *comment;
    enum status st = reply_find(e, &comment, err);
    if (st != ST_OK)
        return st;
    if (errand_wants_json(e)) {
        hbs_map_set(values, S("text"), hbs_string(comment->source_text));
        return errand_json(e, 200, values, err);
    }
    errand_typed(&form, S("text"), comment->source_text);
    return reply_page(e, comment, values, 200, err);
}
