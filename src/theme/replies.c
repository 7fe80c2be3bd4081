/* SPDX-License-Identifier: MIT
 *
 * {{comments}}: the thread of replies and the form, through the partial `comments` (a theme's own
 * goes before the engine's; docs/design.md names what it is given). One statement fetches a page of
 * threads in reading order with their depths; here that becomes a tree without recursion: a
 * reply's parent is the last one seen a level up. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/setting.h"
#include "theme/rendering.h"

struct reply {
    const struct comment *comment;
    struct reply **replies;
    size_t replies_count;
    struct reply *parent;
    bool by_author, by_staff, is_new;
    str reply_url;  /* empty when replies are closed */
    str parent_url; /* of one that stands on another page; else empty */
};

/* ---- a reply as a theme sees it: its writer's email is not among it ---- */

enum reply_field {
    REPLY_ID,
    REPLY_NAME,
    REPLY_WEBSITE,
    REPLY_HTML,
    REPLY_CREATED_AT,
    REPLY_IS_AUTHOR,
    REPLY_IS_STAFF,
    REPLY_IS_PENDING,
    REPLY_IS_NEW,
    REPLY_URL,
    REPLY_PARENT_NAME,
    REPLY_PARENT_URL,
    REPLY_REPLIES,
    REPLY_FIELDS
};
static const str reply_field_names[REPLY_FIELDS] = {
    [REPLY_ID] = STR_INIT("id"),
    [REPLY_NAME] = STR_INIT("name"),
    [REPLY_WEBSITE] = STR_INIT("website"),
    [REPLY_HTML] = STR_INIT("html"),
    [REPLY_CREATED_AT] = STR_INIT("created_at"),
    [REPLY_IS_AUTHOR] = STR_INIT("is_author"),
    [REPLY_IS_STAFF] = STR_INIT("is_staff"),
    [REPLY_IS_PENDING] = STR_INIT("is_pending"),
    [REPLY_IS_NEW] = STR_INIT("is_new"),
    [REPLY_URL] = STR_INIT("reply_url"),
    [REPLY_PARENT_NAME] = STR_INIT("parent_name"),
    [REPLY_PARENT_URL] = STR_INIT("parent_url"),
    [REPLY_REPLIES] = STR_INIT("replies"),
};
const struct view_names reply_names = {reply_field_names, REPLY_FIELDS};

static struct hbs_value replies_value(struct reply *parent);

static enum status reply_get(struct hbs_value self, const struct hbs_key *key,
                             const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = rendering_of(env);
    struct reply *reply = self.data;
    const struct comment *comment = reply->comment;
    (void)err;
    switch (hbs_fields_find(&r->theme->fields[VIEW_REPLY], key)) {
    case REPLY_ID:
        *ret = hbs_number((double)comment->id.v);
        break;
    case REPLY_NAME:
        *ret = hbs_string(comment->name);
        break;
    case REPLY_WEBSITE:
        *ret = hbs_string_or_null(comment->site);
        break;
    case REPLY_HTML:
        *ret = hbs_html(comment->text);
        break;
    case REPLY_CREATED_AT:
        *ret = time_value(r, comment->created_at);
        break;
    case REPLY_IS_AUTHOR:
        *ret = hbs_bool(reply->by_author);
        break;
    case REPLY_IS_STAFF:
        *ret = hbs_bool(reply->by_staff);
        break;
    case REPLY_IS_PENDING:
        *ret = hbs_bool(comment->state != COMMENT_APPROVED);
        break;
    case REPLY_IS_NEW:
        *ret = hbs_bool(reply->is_new);
        break;
    case REPLY_URL:
        *ret = hbs_string_or_null(reply->reply_url);
        break;
    case REPLY_PARENT_NAME:
        *ret = hbs_string_or_null(comment->parent_away != NULL ? comment->parent_away->name
                                                               : STR_NONE);
        break;
    case REPLY_PARENT_URL:
        *ret = hbs_string_or_null(reply->parent_url);
        break;
    case REPLY_REPLIES:
        *ret = replies_value(reply);
        break;
    default:
        break;
    }
    return ST_OK;
}

static const struct hbs_view reply_value_view = {"reply", .get = reply_get};

static enum status replies_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                  struct error *err)
{
    const struct reply *parent = self.data;
    (void)env;
    (void)err;
    *ret = parent->replies_count;
    return ST_OK;
}

static enum status replies_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                              str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct reply *parent = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = hbs_object(&reply_value_view, parent->replies[i]);
    return ST_OK;
}

static const struct hbs_view replies_view = {"replies", .length = replies_length, .at = replies_at};

static struct hbs_value replies_value(struct reply *parent)
{
    return hbs_list(&replies_view, parent);
}

/* ---- the tree ---- */

static bool by_author(const struct story *story, const struct comment *comment)
{
    for (size_t i = 0; i < story->bylines_count; i++) {
        if (story->bylines[i]->id.v == comment->byline.v)
            return true;
    }
    return false;
}

/* The reply's byline is what the site knows of its writer, never what was typed into the form. */
static void place_badge(struct rendering *r, const struct story *story, struct reply *reply)
{
    int64_t byline = reply->comment->byline.v;
    if (byline == 0)
        return;
    rendering_saw(r, SEEN_BYLINE, byline); /* without it the badge goes */
    reply->by_author = by_author(story, reply->comment);
    reply->by_staff = !reply->by_author;
}

static str answer_url(const struct rendering *r, const struct story *story, comment_id id)
{
    return str_format(r->arena, "%.*s?" PAGE_REPLY_TO "=%lld#reply-form",
                      STR_ARG(address_story(r, story)), (long long)id.v);
}

/* A page of the thread that begins with that reply, or just before it: the place is the moment before it
 * was written. Which of the pages that the links lead through has it would take counting. */
static str away_url(const struct rendering *r, const struct story *story, const struct comment *c)
{
    return str_format(r->arena, "%.*s?" PAGE_REPLIES_AFTER "=%lld-%lld-%lld-%lld#reply-%lld",
                      STR_ARG(address_story(r, story)), (long long)c->thread_at,
                      (long long)c->thread.v, (long long)(c->created_at - 1), (long long)c->id.v,
                      (long long)c->id.v);
}

static void place_replies(struct arena *arena, struct reply *root, struct reply *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        all[i].parent->replies_count++;
    for (size_t i = 0; i <= count; i++) {
        struct reply *parent = i == count ? root : &all[i];
        parent->replies = arena_new_array(arena, struct reply *, parent->replies_count);
        parent->replies_count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct reply *parent = all[i].parent;
        parent->replies[parent->replies_count++] = &all[i];
    }
}

static struct reply *build_tree(struct rendering *r, const struct story *story,
                                const struct comment_list *list, bool open)
{
    struct reply *all = arena_new_array(r->arena, struct reply, list->count);
    struct reply *root = arena_new_one(r->arena, struct reply);
    struct reply *last[COMMENT_DEPTH_SHOWN] = {0};
    comment_id own = r->req->reply != NULL ? r->req->reply->own : (comment_id){0};
    for (size_t i = 0; i < list->count; i++) {
        const struct comment *comment = list->rows[i];
        int depth = comment->depth;
        if (depth >= COMMENT_DEPTH_SHOWN)
            depth = COMMENT_DEPTH_SHOWN - 1;
        all[i].comment = comment;
        all[i].parent = depth > 0 && last[depth - 1] != NULL ? last[depth - 1] : root;
        last[depth] = &all[i];
        place_badge(r, story, &all[i]);
        all[i].is_new = own.v != 0 && comment->id.v == own.v;
        if (open && comment->state == COMMENT_APPROVED)
            all[i].reply_url = answer_url(r, story, comment->id);
        if (comment->parent_away != NULL)
            all[i].parent_url = away_url(r, story, comment->parent_away);
    }
    place_replies(r->arena, root, all, list->count);
    return root;
}

/* ---- the form ---- */

static const char *const field_names[COMMENT_FIELD_COUNT] = {
    [COMMENT_FIELD_TEXT] = "text",
    [COMMENT_FIELD_NAME] = "name",
    [COMMENT_FIELD_EMAIL] = "email",
    [COMMENT_FIELD_SITE] = "website",
};

/* What was typed, for the one reader who typed it. */
static struct hbs_value form_values(struct rendering *r, const struct reply_view *view)
{
    struct hbs_map *map = hbs_map_new(r->arena);
    if (view != NULL) {
        hbs_map_set(map, S("text"), hbs_string(view->text));
        hbs_map_set(map, S("name"), hbs_string(view->name));
        hbs_map_set(map, S("email"), hbs_string(view->email));
        hbs_map_set(map, S("website"), hbs_string(view->website));
    }
    return hbs_map_value(map);
}

static struct hbs_value form_errors(struct rendering *r, const struct reply_view *view)
{
    struct hbs_map *map = hbs_map_new(r->arena);
    for (size_t i = 0; view != NULL && i < COMMENT_FIELD_COUNT; i++) {
        if (view->problems[i].len > 0)
            hbs_map_set(map, str_from_c(field_names[i]),
                        hbs_string(rendering_text(r, view->problems[i])));
    }
    return hbs_map_value(map);
}

/* The name of the reply that is being answered, when it is shown on this story. */
static enum status parent_name(struct rendering *r, const struct story *story, comment_id id,
                               str *ret_name, struct error *err)
{
    struct comment *parent;
    enum status st = comment_by_id(r->req->conn, id, r->arena, &parent, err);
    *ret_name = STR_NONE;
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK && parent->story.v == story->id.v && parent->state == COMMENT_APPROVED)
        *ret_name = parent->name;
    return st;
}

static enum status form_value(struct rendering *r, const struct story *story, struct hbs_value *ret,
                              struct error *err)
{
    const struct reply_view *view = r->req->reply;
    struct hbs_map *map = hbs_map_new(r->arena);
    str path = address_story(r, story);
    hbs_map_set(map, S("action"), hbs_string(path));
    hbs_map_set(map, S("values"), form_values(r, view));
    hbs_map_set(map, S("errors"), form_errors(r, view));
    hbs_map_set(map, S("trap_name"), hbs_string(S(PAGE_REPLY_TRAP)));
    hbs_map_set(map, S("token"), hbs_string(STR_NONE));
    if (view != NULL && view->refused)
        hbs_map_set(map, S("summary"),
                    hbs_string(rendering_text(
                        r, S("Your reply has not been sent yet. Please look at these fields:"))));
    if (view != NULL && view->parent.v != 0) {
        str name;
        enum status st = parent_name(r, story, view->parent, &name, err);
        if (st != ST_OK)
            return st;
        if (name.len > 0) {
            hbs_map_set(map, S("parent_id"), hbs_number((double)view->parent.v));
            hbs_map_set(map, S("parent_name"), hbs_string(name));
            hbs_map_set(map, S("cancel_url"),
                        hbs_string(str_join2(r->arena, path, S("#reply-form"))));
        }
    }
    *ret = hbs_map_value(map);
    return ST_OK;
}

/* ---- the whole ---- */

static str more_url(const struct rendering *r, const struct story *story,
                    const struct comment_list *list)
{
    const struct comment_place *place = &list->place;
    if (!list->more)
        return STR_NONE;
    str url = str_format(r->arena, "%.*s?" PAGE_REPLIES_AFTER "=%lld-%lld",
                         STR_ARG(address_story(r, story)), (long long)place->thread.at,
                         (long long)place->thread.id);
    if (place->reply.id != 0)
        url = str_format(r->arena, "%.*s-%lld-%lld", STR_ARG(url), (long long)place->reply.at,
                         (long long)place->reply.id);
    return str_join2(r->arena, url, S("#replies"));
}

/* From a further page: back to where the thread begins. */
static str first_url(const struct rendering *r, const struct story *story)
{
    const struct reply_view *view = r->req->reply;
    return view != NULL && view->after.thread.id != 0
               ? str_join2(r->arena, address_story(r, story), S("#replies"))
               : STR_NONE;
}

static struct hbs_value notice_value(const struct reply_view *view)
{
    if (view == NULL || view->notice == REPLY_NOTICE_NONE)
        return hbs_null();
    return hbs_string(view->notice == REPLY_NOTICE_HELD ? S("held") : S("published"));
}

static enum status context_value(struct rendering *r, const struct story *story,
                                 const struct comment_list *list, bool open, struct hbs_value *ret,
                                 struct error *err)
{
    struct hbs_map *map = hbs_map_new(r->arena);
    struct hbs_value form;
    enum status st = form_value(r, story, &form, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(map, S("count"), hbs_number((double)story->comment_count));
    hbs_map_set(map, S("replies"), replies_value(build_tree(r, story, list, open)));
    hbs_map_set(map, S("open"), hbs_bool(open));
    hbs_map_set(map, S("closed_note"), hbs_bool(!open));
    hbs_map_set(map, S("email_field"),
                hbs_string(r->req->site->comments_require_email ? S("required") : S("optional")));
    hbs_map_set(map, S("website_field"), hbs_bool(true));
    hbs_map_set(map, S("form"), form);
    hbs_map_set(map, S("notice"), notice_value(r->req->reply));
    hbs_map_set(map, S("more_url"), hbs_string_or_null(more_url(r, story, list)));
    hbs_map_set(map, S("first_url"), hbs_string_or_null(first_url(r, story)));
    *ret = hbs_map_value(map);
    return ST_OK;
}

enum status helper_comments(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    const struct reply_view *view = r->req->reply;
    struct story *story;
    struct story_rows *rows;
    struct comment_list list = {0};
    struct hbs_value context;
    time_us closes_at;
    (void)ret;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL || story->kind != STORY_STORY || !r->req->site->comments_on ||
        !story_is_open((int)story->visibility))
        return st;
    bool open = comment_open(story, r->req->site, r->req->now, &closes_at) && !r->req->preview;
    if (open && closes_at != 0)
        rendering_until(r, closes_at);
    comment_id own = view != NULL ? view->own : (comment_id){0};
    if (!open && story->comment_count == 0 && own.v == 0)
        return ST_OK; /* closed before anyone replied: there is no such slot */
    st = rows_load_terms(r, rows, err);
    if (st == ST_OK && (story->comment_count > 0 || own.v != 0))
        st = comment_list_shown(r->req->conn, story->id,
                                view != NULL ? view->after : (struct comment_place){0}, own,
                                PAGE_REPLIES_PER_PAGE, r->arena, &list, err);
    if (st == ST_OK)
        st = context_value(r, story, &list, open, &context, err);
    return st == ST_OK ? hbs_call_partial(call, S("comments"), context, err) : st;
}
