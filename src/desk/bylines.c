/* SPDX-License-Identifier: MIT
 *
 * Authors, as a newsroom calls them: bylines, with or without a login. Whoever has one may say who they are; its
 * address and its login are the editors'. */
#include "base/arena.h"
#include "base/parse.h"
#include "desk/stories.h"
#include "desk/terms.h"
#include "http/request.h"
#include "news/byline.h"
#include "news/person.h"
#include "news/term_find.h"

#include <stddef.h>

enum { BYLINES_SHOWN = 50, SUGGESTED = 10, LINE_MAX = 500 };

#define AT(member) offsetof(struct byline_draft, member)
static const struct term_field fields[] = {
    {{.name = STR_INIT("name"),
      .label_key = STR_INIT("bylines.name"),
      .max = BYLINE_NAME_MAX,
      .required = true},
     AT(name)},
    {{.name = STR_INIT("bio"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("bylines.bio"),
      .max = 5000},
     AT(bio)},
    {{.name = STR_INIT("location"), .label_key = STR_INIT("bylines.location"), .max = LINE_MAX},
     AT(location)},
    {{.name = STR_INIT("website"), .label_key = STR_INIT("bylines.website"), .max = 2000},
     AT(website),
     true},
    {{.name = STR_INIT("profile_image"),
      .kind = SETTINGS_PICTURE,
      .label_key = STR_INIT("bylines.profile-image"),
      .max = LINE_MAX},
     AT(profile_image)},
    {{.name = STR_INIT("cover_image"),
      .kind = SETTINGS_PICTURE,
      .label_key = STR_INIT("bylines.cover-image"),
      .max = LINE_MAX},
     AT(cover_image)},
    {{.name = STR_INIT("facebook"),
      .label_key = STR_INIT("bylines.facebook"),
      .heading = STR_INIT("terms.elsewhere"),
      .max = LINE_MAX},
     AT(facebook)},
    {{.name = STR_INIT("twitter"), .label_key = STR_INIT("bylines.twitter"), .max = LINE_MAX},
     AT(twitter)},
    {{.name = STR_INIT("meta_title"), .label_key = STR_INIT("terms.meta-title"), .max = LINE_MAX},
     AT(meta_title)},
    {{.name = STR_INIT("meta_description"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("terms.meta-description"),
      .max = LINE_MAX},
     AT(meta_description)},
    /* Last: an author's own page leaves it out. */
    {{.name = STR_INIT("slug"),
      .label_key = STR_INIT("terms.slug"),
      .hint_key = STR_INIT("terms.slug-hint"),
      .heading = STR_INIT("bylines.desk"),
      .max = LINE_MAX},
     AT(slug)},
};

static size_t fields_of(const struct errand *e)
{
    return ARRAY_LEN(fields) - !right_has(e->person->role, RIGHT_BYLINES);
}

static str byline_path(struct errand *e, byline_id id)
{
    return str_format(e->arena, "/desk/bylines/%lld/", (long long)id.v);
}

static str byline_subject(struct errand *e, byline_id id)
{
    return str_format(e->arena, "byline:%lld", (long long)id.v);
}

/* ---- the list ---- */

static struct hbs_value byline_value(struct errand *e, const struct byline *byline)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(byline->name));
    hbs_map_set(row, S("slug"), hbs_string(byline->slug));
    hbs_map_set(row, S("path"), hbs_string(byline_path(e, byline->id)));
    hbs_map_set(row, S("login"), hbs_bool(byline->person.v != 0));
    hbs_map_set(row, S("stories"), hbs_number((double)byline->story_count));
    return hbs_map_value(row);
}

static enum status find_after(struct errand *e, struct byline_query *query, struct error *err)
{
    str text;
    struct byline *after;
    byline_id id;
    if (!http_query_get(e->req, S("after"), &text) || !str_to_i64(text, &id.v))
        return ST_OK;
    enum status st = byline_by_id(e->conn, id, e->arena, &after, err);
    if (st == ST_OK)
        query->after = after;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status bylines_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct byline_query query = {
        .order = BYLINE_BY_NAME, .with_empty = true, .limit = BYLINES_SHOWN + 1};
    struct byline **bylines;
    size_t count;
    str order, typed = STR_NONE;
    if (http_query_get(e->req, S("order"), &order) && str_eq(order, S("stories")))
        query.order = BYLINE_BY_COUNT;
    (void)http_query_get(e->req, S("q"), &typed);
    bool asked = str_trim(typed).len > 0;
    enum status st = find_after(e, &query, err);
    if (st == ST_OK && asked)
        st = byline_list_beginning(e->conn, typed, BYLINES_SHOWN, e->arena, &bylines, &count, err);
    else if (st == ST_OK)
        st = byline_list(e->conn, &query, e->arena, &bylines, &count, err);
    if (st != ST_OK)
        return st;
    bool more = !asked && count > BYLINES_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = byline_value(e, bylines[i]);
    hbs_map_set(values, S("rows"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("q"), hbs_string(typed));
    hbs_map_set(values, S("by_stories"), hbs_bool(query.order == BYLINE_BY_COUNT));
    if (more)
        hbs_map_set(values, S("after"), hbs_number((double)bylines[count - 1]->id.v));
    return errand_page(e, 200, S("bylines"), values, err);
}

enum status bylines_suggest(struct errand *e, struct error *err)
{
    struct byline **bylines;
    size_t count;
    str typed = STR_NONE;
    (void)http_query_get(e->req, S("q"), &typed);
    enum status st =
        byline_list_beginning(e->conn, typed, SUGGESTED, e->arena, &bylines, &count, err);
    if (st != ST_OK)
        return st;
    str *names = arena_new_array(e->arena, str, count);
    str *slugs = arena_new_array(e->arena, str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = bylines[i]->name;
        slugs[i] = bylines[i]->slug;
    }
    return terms_suggest(e, names, slugs, count, err);
}

/* ---- one ---- */

static struct byline_draft draft_of(const struct byline *b)
{
    return (struct byline_draft){.id = b->id,
                                 .slug = b->slug,
                                 .name = b->name,
                                 .person = b->person,
                                 .bio = b->bio,
                                 .location = b->location,
                                 .website = b->website,
                                 .profile_image = b->profile_image,
                                 .cover_image = b->cover_image,
                                 .facebook = b->facebook,
                                 .twitter = b->twitter,
                                 .meta_title = b->meta_title,
                                 .meta_description = b->meta_description};
}

/* ST_DENIED: it is another one's. */
static enum status find_byline(struct errand *e, struct byline **ret_byline, struct error *err)
{
    enum status st =
        byline_by_id(e->conn, (byline_id){errand_id(e, S("id"))}, e->arena, ret_byline, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-byline"))));
    if (st == ST_OK && !right_has(e->person->role, RIGHT_BYLINES) &&
        (*ret_byline)->person.v != e->person->id.v)
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.byline"))));
    return st;
}

static enum status put_logins(struct errand *e, struct hbs_map *values, person_id chosen,
                              struct error *err)
{
    struct person **people;
    size_t count;
    enum status st = person_list(e->conn, e->arena, &people, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("id"), hbs_number((double)people[i]->id.v));
        hbs_map_set(row, S("name"), hbs_string(people[i]->name));
        hbs_map_set(row, S("email"), hbs_string(people[i]->email));
        hbs_map_set(row, S("chosen"), hbs_bool(people[i]->id.v == chosen.v));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("logins"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

/* `byline` NULL: a new one. */
static enum status show(struct errand *e, const struct byline *byline, struct hbs_map *values,
                        const struct settings_field *list, person_id person, str into, int code,
                        struct error *err)
{
    enum status st = ST_OK;
    bool all = right_has(e->person->role, RIGHT_BYLINES);
    settings_put_fields(e, values, list, fields_of(e));
    hbs_map_set(values, S("into"), hbs_string(into));
    hbs_map_set(values, S("all"), hbs_bool(all));
    hbs_map_set(values, S("action"),
                hbs_string(byline != NULL ? byline_path(e, byline->id) : S("/desk/bylines/new/")));
    if (byline != NULL) {
        hbs_map_set(values, S("byline"), byline_value(e, byline));
        hbs_map_set(values, S("address"),
                    hbs_string(str_join3(e->arena, S("/author/"), byline->slug, S("/"))));
    }
    if (all)
        st = put_logins(e, values, person, err);
    return st == ST_OK ? errand_page(e, code, S("byline"), values, err) : st;
}

static enum status show_as_is(struct errand *e, const struct byline *byline, struct hbs_map *values,
                              str into, int code, struct error *err)
{
    struct byline_draft draft = draft_of(byline);
    return show(e, byline, values, terms_fields(e, fields, fields_of(e), &draft), byline->person,
                into, code, err);
}

enum status byline_new(struct errand *e, struct error *err)
{
    struct byline_draft draft = {0};
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, NULL, values, terms_fields(e, fields, fields_of(e), &draft), (person_id){0},
                STR_NONE, 200, err);
}

enum status byline_show(struct errand *e, struct error *err)
{
    struct byline *byline;
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    enum status st = find_byline(e, &byline, err);
    return st == ST_OK ? show_as_is(e, byline, values, STR_NONE, 200, err) : st;
}

/* ---- saving ---- */

struct saving {
    struct byline_draft draft;
    byline_id id;
};

static enum status save(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct saving *saving = arg;
    bool made = saving->draft.id.v == 0;
    enum status st = byline_save(room, &saving->draft, &saving->id, err);
    if (st != ST_OK)
        return st;
    return made ? errand_log(e, room, S("byline.made"), byline_subject(e, saving->id), err)
                : errand_log(e, room, S("byline.saved"), byline_subject(e, saving->id), err);
}

/* Somebody's login, or nobody's; what is neither is nobody's too. */
static enum status login_read(struct errand *e, person_id *ret_person, struct error *err)
{
    struct person *person;
    *ret_person = (person_id){0};
    int64_t id = errand_id(e, S("person"));
    if (id == 0)
        return ST_OK;
    enum status st = person_by_id(e->conn, (person_id){id}, e->arena, &person, err);
    if (st == ST_OK)
        *ret_person = person->id;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* One byline of a name is one somebody; a second one needs another name, or the two be made one. */
static enum status check_name(struct errand *e, const struct byline_draft *draft,
                              struct settings_field *list, size_t *wrong, struct error *err)
{
    struct byline *same;
    enum status st = byline_by_name(e->conn, draft->name, e->arena, &same, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK && same->id.v != draft->id.v) {
        terms_field(list, ARRAY_LEN(fields), S("name"))->fault = S("wrong.byline-taken");
        (*wrong)++;
    }
    return st;
}

enum status byline_post(struct errand *e, struct error *err)
{
    struct byline *byline = NULL;
    struct saving saving = {0};
    struct hbs_map *values = errand_values(e);
    bool is_new = str_eq(e->req->path, S("/desk/bylines/new/"));
    (void)errand_form(e, values);
    enum status st = is_new ? ST_OK : find_byline(e, &byline, err);
    if (st != ST_OK)
        return st;
    if (!is_new)
        saving.draft = draft_of(byline);
    size_t count = fields_of(e), wrong;
    struct settings_field *list = terms_fields(e, fields, count, &saving.draft);
    st = terms_take(e, list, fields, count, &saving.draft, &wrong, err);
    if (st == ST_OK)
        st = check_name(e, &saving.draft, list, &wrong, err);
    if (st == ST_OK && right_has(e->person->role, RIGHT_BYLINES))
        st = login_read(e, &saving.draft.person, err);
    if (st == ST_OK && wrong > 0)
        return show(e, byline, values, list, saving.draft.person, STR_NONE, 422, err);
    if (st == ST_OK)
        st = errand_write(e, save, &saving, err);
    if (st == ST_CONFLICT) {
        struct settings_field *slug = terms_field(list, count, S("slug"));
        if (slug != NULL)
            slug->fault = S("wrong.address-taken");
        return show(e, byline, values, list, saving.draft.person, STR_NONE, 422, err);
    }
    if (st != ST_OK)
        return st;
    return is_new ? errand_done(e, byline_path(e, saving.id), S("byline-made"))
                  : errand_done(e, byline_path(e, saving.id), S("byline-saved"));
}

/* ---- another one's place, and none ---- */

static enum status into_read(struct errand *e, const struct byline *byline,
                             struct errand_form *form, struct byline **ret_into, struct error *err)
{
    byline_id id = {0};
    enum status st = stories_find_byline(e, errand_value(e, S("into")), &id, err);
    if (st == ST_NOT_FOUND) {
        errand_wrong(e, form, S("into"), S("wrong.unknown-byline"));
        return ST_OK;
    }
    if (st == ST_OK && id.v == byline->id.v)
        errand_wrong(e, form, S("into"), S("wrong.same-byline"));
    return st == ST_OK ? byline_by_id(e->conn, id, e->arena, ret_into, err) : st;
}

enum status byline_merge_post(struct errand *e, struct error *err)
{
    struct byline *byline, *into = NULL;
    bool all;
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    enum status st = find_byline(e, &byline, err);
    if (st == ST_OK)
        st = into_read(e, byline, &form, &into, err);
    if (st == ST_OK && form.wrong_count > 0)
        return show_as_is(e, byline, values, errand_value(e, S("into")), 422, err);
    if (st != ST_OK)
        return st;
    if (!str_eq(errand_value(e, S("sure")), S("1")))
        return terms_ask_sure(
            e,
            &(struct terms_sure){.heading = S("bylines.merge-sure"),
                                 .text = S("bylines.merge-what"),
                                 .button = S("bylines.merge"),
                                 .name = byline->name,
                                 .other = into->name,
                                 .n = byline->story_count,
                                 .action =
                                     str_join2(e->arena, byline_path(e, byline->id), S("merge/")),
                                 .back = byline_path(e, byline->id),
                                 .into = into->slug},
            err);
    st = terms_move(e,
                    &(struct terms_move){.list = LIST_BYLINE,
                                         .from = byline->id.v,
                                         .into = into->id.v,
                                         .what = S("byline.merged"),
                                         .subject = byline_subject(e, into->id)},
                    &all, err);
    if (st == ST_OK && !all)
        return errand_done(e, byline_path(e, byline->id), S("moved-some"));
    return st == ST_OK ? errand_done(e, byline_path(e, into->id), S("byline-merged")) : st;
}

enum status byline_delete_post(struct errand *e, struct error *err)
{
    struct byline *byline;
    bool all;
    enum status st = find_byline(e, &byline, err);
    if (st != ST_OK)
        return st;
    if (!str_eq(errand_value(e, S("sure")), S("1")))
        return terms_ask_sure(
            e,
            &(struct terms_sure){.heading = S("bylines.delete-sure"),
                                 .text = S("bylines.delete-what"),
                                 .button = S("bylines.delete"),
                                 .name = byline->name,
                                 .n = byline->story_count,
                                 .action =
                                     str_join2(e->arena, byline_path(e, byline->id), S("delete/")),
                                 .back = byline_path(e, byline->id)},
            err);
    st = terms_move(e,
                    &(struct terms_move){.list = LIST_BYLINE,
                                         .from = byline->id.v,
                                         .what = S("byline.deleted"),
                                         .subject = byline->name},
                    &all, err);
    if (st == ST_OK && !all)
        return errand_done(e, byline_path(e, byline->id), S("moved-some"));
    return st == ST_OK ? errand_done(e, S("/desk/bylines/"), S("byline-deleted")) : st;
}
