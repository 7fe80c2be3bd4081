/* SPDX-License-Identifier: MIT
 *
 * Tags: the list, by name or by stories; one with all its fields; another one's place; and the names that
 * stories without tags propose. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "desk/stories.h"
#include "desk/terms.h"
#include "http/request.h"
#include "news/tag.h"
#include "news/term_find.h"
#include "news/term_merge.h"
#include "store/store.h"

#include <stddef.h>

enum { TAGS_SHOWN = 50, SUGGESTED = 10, PARENTS_MAX = 20, LINE_MAX = 500, CODE_MAX = 60 * 1024 };

#define META(member) offsetof(struct tag_draft, meta.member)
static const struct term_field fields[] = {
    {{.name = STR_INIT("name"),
      .label_key = STR_INIT("tags.name"),
      .hint_key = STR_INIT("tags.name-hint"),
      .max = TAG_NAME_MAX,
      .required = true},
     offsetof(struct tag_draft, name)},
    {{.name = STR_INIT("slug"),
      .label_key = STR_INIT("terms.slug"),
      .hint_key = STR_INIT("terms.slug-hint"),
      .max = LINE_MAX},
     offsetof(struct tag_draft, slug)},
    {{.name = STR_INIT("description"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("tags.description"),
      .max = 5000},
     offsetof(struct tag_draft, description)},
    {{.name = STR_INIT("image"),
      .kind = SETTINGS_PICTURE,
      .label_key = STR_INIT("tags.image"),
      .max = LINE_MAX},
     offsetof(struct tag_draft, image)},
    {{.name = STR_INIT("accent_color"),
      .kind = SETTINGS_COLOR,
      .label_key = STR_INIT("tags.color"),
      .max = LINE_MAX},
     offsetof(struct tag_draft, accent_color)},
    {{.name = STR_INIT("meta_title"),
      .label_key = STR_INIT("terms.meta-title"),
      .heading = STR_INIT("terms.elsewhere"),
      .max = LINE_MAX},
     META(meta_title)},
    {{.name = STR_INIT("meta_description"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("terms.meta-description"),
      .max = LINE_MAX},
     META(meta_description)},
    {{.name = STR_INIT("canonical_url"),
      .label_key = STR_INIT("tags.canonical"),
      .hint_key = STR_INIT("tags.canonical-hint"),
      .max = 2000},
     offsetof(struct tag_draft, canonical_url),
     true},
    {{.name = STR_INIT("og_title"), .label_key = STR_INIT("terms.og-title"), .max = LINE_MAX},
     META(og_title)},
    {{.name = STR_INIT("og_description"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("terms.og-description"),
      .max = LINE_MAX},
     META(og_description)},
    {{.name = STR_INIT("og_image"),
      .kind = SETTINGS_PICTURE,
      .label_key = STR_INIT("terms.og-image"),
      .max = LINE_MAX},
     META(og_image)},
    {{.name = STR_INIT("twitter_title"),
      .label_key = STR_INIT("terms.twitter-title"),
      .max = LINE_MAX},
     META(twitter_title)},
    {{.name = STR_INIT("twitter_description"),
      .kind = SETTINGS_TEXT,
      .label_key = STR_INIT("terms.twitter-description"),
      .max = LINE_MAX},
     META(twitter_description)},
    {{.name = STR_INIT("twitter_image"),
      .kind = SETTINGS_PICTURE,
      .label_key = STR_INIT("terms.twitter-image"),
      .max = LINE_MAX},
     META(twitter_image)},
    {{.name = STR_INIT("code_head"),
      .kind = SETTINGS_CODE,
      .label_key = STR_INIT("tags.code-head"),
      .heading = STR_INIT("tags.code"),
      .max = CODE_MAX},
     META(code_head)},
    {{.name = STR_INIT("code_foot"),
      .kind = SETTINGS_CODE,
      .label_key = STR_INIT("tags.code-foot"),
      .max = CODE_MAX},
     META(code_foot)},
};

/* What it is, apart from what else is said of it. */
enum { FIELDS_FIRST = 5 };

static str tag_path(struct errand *e, tag_id id)
{
    return str_format(e->arena, "/desk/tags/%lld/", (long long)id.v);
}

static str tag_subject(struct errand *e, tag_id id)
{
    return str_format(e->arena, "tag:%lld", (long long)id.v);
}

/* ---- the list ---- */

static struct hbs_value tag_value(struct errand *e, const struct tag *tag)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(tag->name));
    hbs_map_set(row, S("slug"), hbs_string(tag->slug));
    hbs_map_set(row, S("path"), hbs_string(tag_path(e, tag->id)));
    hbs_map_set(row, S("section"), hbs_bool(tag->section));
    hbs_map_set(row, S("internal"), hbs_bool(tag->internal));
    hbs_map_set(row, S("stories"), hbs_number((double)tag->story_count));
    return hbs_map_value(row);
}

static enum status find_after(struct errand *e, struct tag_query *query, struct error *err)
{
    str text;
    struct tag *after;
    tag_id id;
    if (!http_query_get(e->req, S("after"), &text) || !str_to_i64(text, &id.v))
        return ST_OK;
    enum status st = tag_by_id(e->conn, id, e->arena, &after, err);
    if (st == ST_OK)
        query->after = after;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status tags_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct tag_query query = {
        .order = TAG_BY_NAME, .with_empty = true, .with_internal = true, .limit = TAGS_SHOWN + 1};
    struct tag **tags;
    size_t count;
    str order, typed = STR_NONE;
    if (http_query_get(e->req, S("order"), &order) && str_eq(order, S("stories")))
        query.order = TAG_BY_COUNT;
    (void)http_query_get(e->req, S("q"), &typed);
    bool asked = str_trim(typed).len > 0;
    enum status st = find_after(e, &query, err);
    if (st == ST_OK && asked)
        st = tag_list_beginning(e->conn, typed, TAGS_SHOWN, e->arena, &tags, &count, err);
    else if (st == ST_OK)
        st = tag_list(e->conn, &query, e->arena, &tags, &count, err);
    if (st != ST_OK)
        return st;
    bool more = !asked && count > TAGS_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = tag_value(e, tags[i]);
    hbs_map_set(values, S("rows"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("q"), hbs_string(typed));
    hbs_map_set(values, S("by_stories"), hbs_bool(query.order == TAG_BY_COUNT));
    if (more)
        hbs_map_set(values, S("after"), hbs_number((double)tags[count - 1]->id.v));
    return errand_page(e, 200, S("tags"), values, err);
}

enum status tags_suggest(struct errand *e, struct error *err)
{
    struct tag **tags;
    size_t count;
    str typed = STR_NONE;
    (void)http_query_get(e->req, S("q"), &typed);
    enum status st = tag_list_beginning(e->conn, typed, SUGGESTED, e->arena, &tags, &count, err);
    if (st != ST_OK)
        return st;
    str *names = arena_new_array(e->arena, str, count),
        *slugs = arena_new_array(e->arena, str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = tags[i]->name;
        slugs[i] = tags[i]->slug;
    }
    return terms_suggest(e, names, slugs, count, err);
}

/* ---- one ---- */

static struct tag_draft draft_of(const struct tag *tag)
{
    return (struct tag_draft){.id = tag->id,
                              .slug = tag->slug,
                              .name = tag->name,
                              .section = tag->section,
                              .parent = tag->parent,
                              .description = tag->description,
                              .image = tag->image,
                              .accent_color = tag->accent_color,
                              .canonical_url = tag->canonical_url,
                              .meta = tag->meta};
}

static enum status find_tag(struct errand *e, struct tag **ret_tag, struct error *err)
{
    enum status st = tag_by_id(e->conn, (tag_id){errand_id(e, S("id"))}, e->arena, ret_tag, err);
    return st == ST_NOT_FOUND
               ? error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-tag"))))
               : st;
}

/* What stands beside the fields of the table. */
struct beside {
    bool section;
    str parent, into; /* as typed */
};

static enum status parent_name(struct errand *e, tag_id parent, str *ret_name, struct error *err)
{
    struct tag *tag;
    *ret_name = STR_NONE;
    if (parent.v == 0)
        return ST_OK;
    enum status st = tag_by_id(e->conn, parent, e->arena, &tag, err);
    if (st == ST_OK)
        *ret_name = tag->name;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* `tag` NULL: a new one. */
static enum status show(struct errand *e, const struct tag *tag, struct hbs_map *values,
                        const struct settings_field *list, const struct beside *beside, int code,
                        struct error *err)
{
    struct hbs_map *more = errand_values(e);
    settings_put_fields(e, values, list, FIELDS_FIRST);
    settings_put_fields(e, more, list + FIELDS_FIRST, ARRAY_LEN(fields) - FIELDS_FIRST);
    hbs_map_set(values, S("more"), hbs_map_value(more));
    hbs_map_set(values, S("section"), hbs_bool(beside->section));
    hbs_map_set(values, S("parent"), hbs_string(beside->parent));
    hbs_map_set(values, S("into"), hbs_string(beside->into));
    hbs_map_set(values, S("action"),
                hbs_string(tag != NULL ? tag_path(e, tag->id) : S("/desk/tags/new/")));
    if (tag != NULL) {
        hbs_map_set(values, S("tag"), tag_value(e, tag));
        if (!tag->internal)
            hbs_map_set(values, S("address"),
                        hbs_string(str_join3(e->arena, S("/tag/"), tag->slug, S("/"))));
    }
    return errand_page(e, code, S("tag"), values, err);
}

static enum status show_as_is(struct errand *e, const struct tag *tag, struct hbs_map *values,
                              str into, int code, struct error *err)
{
    struct tag_draft draft = draft_of(tag);
    struct beside beside = {.section = tag->section, .into = into};
    enum status st = parent_name(e, tag->parent, &beside.parent, err);
    return st == ST_OK ? show(e, tag, values, terms_fields(e, fields, ARRAY_LEN(fields), &draft),
                              &beside, code, err)
                       : st;
}

enum status tag_new(struct errand *e, struct error *err)
{
    struct tag_draft draft = {0};
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, NULL, values, terms_fields(e, fields, ARRAY_LEN(fields), &draft),
                &(struct beside){0}, 200, err);
}

enum status tag_show(struct errand *e, struct error *err)
{
    struct tag *tag;
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    enum status st = find_tag(e, &tag, err);
    return st == ST_OK ? show_as_is(e, tag, values, STR_NONE, 200, err) : st;
}

/* ---- saving ---- */

/* Whether `tag` is above `parent`, or is it: then it cannot be under it. */
static enum status is_above(struct errand *e, tag_id tag, tag_id parent, bool *ret_above,
                            struct error *err)
{
    enum status st = ST_OK;
    *ret_above = false;
    for (int i = 0; st == ST_OK && i < PARENTS_MAX && parent.v != 0; i++) {
        struct tag *at;
        if (parent.v == tag.v) {
            *ret_above = true;
            return ST_OK;
        }
        st = tag_by_id(e->conn, parent, e->arena, &at, err);
        if (st == ST_OK)
            parent = at->parent;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status parent_read(struct errand *e, struct tag_draft *draft, str typed,
                               struct errand_form *form, struct error *err)
{
    bool above = false;
    draft->parent = (tag_id){0};
    if (typed.len == 0)
        return ST_OK;
    enum status st = stories_find_tag(e, typed, &draft->parent, err);
    if (st == ST_NOT_FOUND) {
        errand_wrong(e, form, S("parent"), S("wrong.unknown-tag"));
        return ST_OK;
    }
    if (st == ST_OK && draft->id.v != 0)
        st = is_above(e, draft->id, draft->parent, &above, err);
    if (above)
        errand_wrong(e, form, S("parent"), S("wrong.parent-below"));
    return st;
}

/* A second tag of a name is nearly always a mistake. */
static enum status check_name(struct errand *e, const struct tag_draft *draft,
                              struct settings_field *list, size_t *wrong, struct error *err)
{
    struct tag *same;
    enum status st = tag_by_name(e->conn, draft->name, e->arena, &same, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK && same->id.v != draft->id.v) {
        terms_field(list, ARRAY_LEN(fields), S("name"))->fault = S("wrong.tag-taken");
        (*wrong)++;
    }
    return st;
}

struct saving {
    struct tag_draft draft;
    tag_id id;
};

static enum status save(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct saving *saving = arg;
    bool made = saving->draft.id.v == 0;
    enum status st = tag_save(room, &saving->draft, &saving->id, err);
    if (st != ST_OK)
        return st;
    return made ? errand_log(e, room, S("tag.made"), tag_subject(e, saving->id), err)
                : errand_log(e, room, S("tag.saved"), tag_subject(e, saving->id), err);
}

enum status tag_post(struct errand *e, struct error *err)
{
    struct tag *tag = NULL;
    struct saving saving = {0};
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    bool is_new = str_eq(e->req->path, S("/desk/tags/new/"));
    enum status st = is_new ? ST_OK : find_tag(e, &tag, err);
    if (st != ST_OK)
        return st;
    if (!is_new)
        saving.draft = draft_of(tag);
    struct beside beside = {.section = errand_value(e, S("section")).len > 0,
                            .parent = str_trim(errand_value(e, S("parent")))};
    struct settings_field *list = terms_fields(e, fields, ARRAY_LEN(fields), &saving.draft);
    size_t wrong;
    st = terms_take(e, list, fields, ARRAY_LEN(fields), &saving.draft, &wrong, err);
    if (st == ST_OK)
        st = parent_read(e, &saving.draft, beside.parent, &form, err);
    if (st == ST_OK)
        st = check_name(e, &saving.draft, list, &wrong, err);
    saving.draft.section = beside.section;
    if (st == ST_OK && wrong + form.wrong_count > 0)
        return show(e, tag, values, list, &beside, 422, err);
    if (st == ST_OK)
        st = errand_write(e, save, &saving, err);
    if (st == ST_CONFLICT) {
        terms_field(list, ARRAY_LEN(fields), S("slug"))->fault = S("wrong.address-taken");
        return show(e, tag, values, list, &beside, 422, err);
    }
    if (st != ST_OK)
        return st;
    return is_new ? errand_done(e, tag_path(e, saving.id), S("tag-made"))
                  : errand_done(e, tag_path(e, saving.id), S("tag-saved"));
}

/* ---- another one's place, and none ---- */

static enum status into_read(struct errand *e, const struct tag *tag, struct errand_form *form,
                             struct tag **ret_into, struct error *err)
{
    tag_id id = {0};
    enum status st = stories_find_tag(e, errand_value(e, S("into")), &id, err);
    if (st == ST_NOT_FOUND) {
        errand_wrong(e, form, S("into"), S("wrong.unknown-tag"));
        return ST_OK;
    }
    if (st == ST_OK && id.v == tag->id.v)
        errand_wrong(e, form, S("into"), S("wrong.same-tag"));
    return st == ST_OK ? tag_by_id(e->conn, id, e->arena, ret_into, err) : st;
}

enum status tag_merge_post(struct errand *e, struct error *err)
{
    struct tag *tag, *into = NULL;
    bool all;
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    enum status st = find_tag(e, &tag, err);
    if (st == ST_OK)
        st = into_read(e, tag, &form, &into, err);
    if (st == ST_OK && form.wrong_count > 0)
        return show_as_is(e, tag, values, errand_value(e, S("into")), 422, err);
    if (st != ST_OK)
        return st;
    if (!str_eq(errand_value(e, S("sure")), S("1")))
        return terms_ask_sure(
            e,
            &(struct terms_sure){.heading = S("tags.merge-sure"),
                                 .text = S("tags.merge-what"),
                                 .button = S("tags.merge"),
                                 .name = tag->name,
                                 .other = into->name,
                                 .n = tag->story_count,
                                 .action = str_join2(e->arena, tag_path(e, tag->id), S("merge/")),
                                 .back = tag_path(e, tag->id),
                                 .into = into->slug},
            err);
    st = terms_move(e,
                    &(struct terms_move){.list = LIST_TAG,
                                         .from = tag->id.v,
                                         .into = into->id.v,
                                         .what = S("tag.merged"),
                                         .subject = tag_subject(e, into->id)},
                    &all, err);
    if (st == ST_OK && !all)
        return errand_done(e, tag_path(e, tag->id), S("moved-some"));
    return st == ST_OK ? errand_done(e, tag_path(e, into->id), S("tag-merged")) : st;
}

enum status tag_delete_post(struct errand *e, struct error *err)
{
    struct tag *tag;
    bool all;
    enum status st = find_tag(e, &tag, err);
    if (st != ST_OK)
        return st;
    if (!str_eq(errand_value(e, S("sure")), S("1")))
        return terms_ask_sure(
            e,
            &(struct terms_sure){.heading = S("tags.delete-sure"),
                                 .text = S("tags.delete-what"),
                                 .button = S("tags.delete"),
                                 .name = tag->name,
                                 .n = tag->story_count,
                                 .action = str_join2(e->arena, tag_path(e, tag->id), S("delete/")),
                                 .back = tag_path(e, tag->id)},
            err);
    st = terms_move(
        e,
        &(struct terms_move){
            .list = LIST_TAG, .from = tag->id.v, .what = S("tag.deleted"), .subject = tag->name},
        &all, err);
    if (st == ST_OK && !all)
        return errand_done(e, tag_path(e, tag->id), S("moved-some"));
    return st == ST_OK ? errand_done(e, S("/desk/tags/"), S("tag-deleted")) : st;
}

/* ---- proposals ---- */

enum status tags_proposed(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct tag_proposal *list;
    size_t count;
    str after = STR_NONE;
    (void)http_query_get(e->req, S("after"), &after);
    enum status st =
        tag_proposals_list(e->conn, after, TAGS_SHOWN + 1, e->arena, &list, &count, err);
    if (st != ST_OK)
        return st;
    bool more = count > TAGS_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(list[i].name));
        hbs_map_set(row, S("slug"), hbs_string(list[i].slug));
        hbs_map_set(row, S("n"), hbs_number((double)list[i].stories));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("rows"), hbs_list_of(e->arena, rows, count));
    if (more) {
        struct buf b;
        str place;
        buf_init(&b, e->arena, 4096);
        buf_add_percent(&b, list[count - 1].slug, STR_NONE);
        if (buf_finish(&b, &place, NULL) == ST_OK)
            hbs_map_set(values, S("after"), hbs_string(place));
    }
    return errand_page(e, 200, S("tags-proposed"), values, err);
}

struct accepting {
    str slug, name;
    bool accept, ended;
    tag_id tag;
};

static enum status accept_next(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    struct accepting *a = arg;
    enum status st = ST_OK;
    bool more = false;
    if (a->ended)
        return ST_NOT_FOUND;
    if (a->accept && a->tag.v == 0)
        st = tag_find_or_add(room, &(struct tag_draft){.name = a->name, .slug = a->slug}, &a->tag,
                             err);
    if (st == ST_OK)
        st = tag_accept_step(room, a->slug, a->tag, &more, err);
    if (st != ST_OK || more)
        return st;
    a->ended = true;
    return a->accept ? errand_log(e, room, S("tag.accepted"), tag_subject(e, a->tag), err)
                     : errand_log(e, room, S("tag.forgotten"), a->name, err);
}

/* "accept SLUG" or "forget SLUG". */
enum status tags_propose(struct errand *e, struct error *err)
{
    struct accepting a = {0};
    struct tag_proposal *list;
    size_t count = 0;
    str slug = errand_value(e, S("do"));
    str word = str_cut(&slug, ' ');
    a.slug = slug;
    a.accept = str_eq(word, S("accept"));
    if (!a.accept && !str_eq(word, S("forget")))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    enum status st = tag_proposal_find(e->conn, slug, e->arena, &list, &count, err);
    if (st != ST_OK)
        return st;
    if (count == 0)
        return errand_done(e, S("/desk/tags/proposed/"), S("proposal-gone"));
    a.name = list[0].name;
    st = errand_write_bulk(e, accept_next, &a, err);
    if (st != ST_OK)
        return st;
    return a.accept ? errand_done(e, S("/desk/tags/proposed/"), S("proposal-accepted"))
                    : errand_done(e, S("/desk/tags/proposed/"), S("proposal-forgotten"));
}
