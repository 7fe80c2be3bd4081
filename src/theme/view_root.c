/* SPDX-License-Identifier: MIT
 *
 * The root context of each kind of page (GHOST-THEMES 4.2), and the pagination object. Ours beyond
 * Ghost's: archive on a year's or month's page; query, query_error, results, result_count and
 * next_url on the search page. */
#include "base/arena.h"
#include "news/setting.h"
#include "theme/rendering.h"

enum root_field {
    ROOT_CONTEXT,
    ROOT_RELATIVE_URL,
    ROOT_MEMBER,
    ROOT_SAFE_VERSION,
    ROOT_POST,
    ROOT_PAGE,
    ROOT_POSTS,
    ROOT_PAGINATION,
    ROOT_TAG,
    ROOT_AUTHOR,
    ROOT_ARCHIVE,
    ROOT_QUERY,
    ROOT_QUERY_ERROR,
    ROOT_RESULTS,
    ROOT_RESULT_COUNT,
    ROOT_NEXT_URL,
    ROOT_MESSAGE,
    ROOT_STATUS_CODE,
    ROOT_CODE,
    ROOT_ERROR_DETAILS,
    ROOT_FIELDS
};

static const str root_field_names[ROOT_FIELDS] = {
    [ROOT_CONTEXT] = STR_INIT("context"),
    [ROOT_RELATIVE_URL] = STR_INIT("relativeUrl"),
    [ROOT_MEMBER] = STR_INIT("member"),
    [ROOT_SAFE_VERSION] = STR_INIT("safeVersion"),
    [ROOT_POST] = STR_INIT("post"),
    [ROOT_PAGE] = STR_INIT("page"),
    [ROOT_POSTS] = STR_INIT("posts"),
    [ROOT_PAGINATION] = STR_INIT("pagination"),
    [ROOT_TAG] = STR_INIT("tag"),
    [ROOT_AUTHOR] = STR_INIT("author"),
    [ROOT_ARCHIVE] = STR_INIT("archive"),
    [ROOT_QUERY] = STR_INIT("query"),
    [ROOT_QUERY_ERROR] = STR_INIT("query_error"),
    [ROOT_RESULTS] = STR_INIT("results"),
    [ROOT_RESULT_COUNT] = STR_INIT("result_count"),
    [ROOT_NEXT_URL] = STR_INIT("next_url"),
    [ROOT_MESSAGE] = STR_INIT("message"),
    [ROOT_STATUS_CODE] = STR_INIT("statusCode"),
    [ROOT_CODE] = STR_INIT("code"),
    [ROOT_ERROR_DETAILS] = STR_INIT("errorDetails"),
};
const struct view_names root_names = {root_field_names, ROOT_FIELDS};

/* ---- its parts ---- */

static struct hbs_value contexts_value(const struct rendering *r)
{
    struct hbs_value *items = arena_new_array(r->arena, struct hbs_value, PAGE_CONTEXTS_MAX);
    for (size_t i = 0; i < r->contexts_count; i++)
        items[i] = hbs_string(r->contexts[i]);
    return hbs_list_of(r->arena, items, r->contexts_count);
}

static enum status archive_get(struct hbs_value self, const struct hbs_key *key,
                               const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = self.data;
    (void)env;
    (void)err;
    if (str_eq(key->text, S("title")))
        *ret = hbs_string(r->archive_title);
    else if (str_eq(key->text, S("year")))
        *ret = hbs_number(r->req->archive.year);
    else if (str_eq(key->text, S("month")))
        *ret = r->req->archive.month == 0 ? hbs_null() : hbs_number(r->req->archive.month);
    else if (str_eq(key->text, S("date")))
        *ret = time_value(r, r->archive_from);
    return ST_OK;
}

static const struct hbs_view archive_view = {"archive", .get = archive_get};

struct hbs_value pagination_value(struct rendering *r, int64_t number, int64_t pages, int64_t total,
                                  int64_t limit)
{
    struct hbs_map *map = hbs_map_new(r->arena);
    hbs_map_set(map, S("page"), hbs_number((double)number));
    hbs_map_set(map, S("limit"), hbs_number((double)limit));
    hbs_map_set(map, S("pages"), hbs_number((double)pages));
    hbs_map_set(map, S("total"), hbs_number((double)total));
    hbs_map_set(map, S("next"), number < pages ? hbs_number((double)number + 1) : hbs_null());
    hbs_map_set(map, S("prev"), number > 1 ? hbs_number((double)number - 1) : hbs_null());
    return hbs_map_value(map);
}

static struct hbs_value search_field(struct rendering *r, enum root_field field)
{
    const struct page_search *search = r->req->search;
    if (search == NULL)
        return hbs_undefined();
    switch ((int)field) {
    case ROOT_QUERY:
        return hbs_string_or_null(search->query);
    case ROOT_QUERY_ERROR:
        return search->problem.len == 0 ? hbs_null()
                                        : hbs_string(rendering_text(r, search->problem));
    case ROOT_RESULTS:
        return r->posts == NULL ? hbs_null() : posts_value(r->posts);
    case ROOT_RESULT_COUNT:
        return hbs_number((double)(search->total < 0 ? (int64_t)search->count : search->total));
    default:
        return hbs_string_or_null(search->next_url);
    }
}

static struct hbs_value error_field(struct rendering *r, enum root_field field)
{
    if (r->req->kind != PAGE_ERROR)
        return hbs_undefined();
    if (field == ROOT_MESSAGE)
        return hbs_string(rendering_text(r, r->req->error.message));
    if (field == ROOT_ERROR_DETAILS)
        return hbs_list_of(r->arena, NULL, 0);
    return hbs_number(r->req->error.code);
}

/* ---- the view ---- */

static struct hbs_value entry_field(const struct rendering *r, enum root_field field)
{
    bool page = r->object != NULL && r->object->rows[0]->kind == STORY_PAGE;
    if (r->object == NULL || (field == ROOT_PAGE && !page))
        return hbs_undefined();
    return post_value(r->object, 0);
}

static enum status root_get(struct hbs_value self, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = self.data;
    (void)env;
    (void)err;
    int field = hbs_fields_find(&r->theme->fields[VIEW_ROOT], key);
    switch (field) {
    case ROOT_CONTEXT:
        *ret = contexts_value(r);
        break;
    case ROOT_RELATIVE_URL:
        *ret = hbs_string(r->req->path);
        break;
    case ROOT_MEMBER:
        *ret = hbs_null();
        break;
    case ROOT_SAFE_VERSION:
        *ret = hbs_string(S("6.0"));
        break;
    case ROOT_POST:
    case ROOT_PAGE:
        *ret = entry_field(r, (enum root_field)field);
        break;
    case ROOT_POSTS:
        if (r->posts != NULL)
            *ret = posts_value(r->posts);
        break;
    case ROOT_PAGINATION:
        *ret = r->pagination;
        break;
    case ROOT_TAG:
        if (r->req->tag != NULL)
            *ret = tag_value(r->req->tag);
        break;
    case ROOT_AUTHOR:
        if (r->req->byline != NULL)
            *ret = author_value(r->req->byline);
        break;
    case ROOT_ARCHIVE:
        if (r->req->kind == PAGE_ARCHIVE)
            *ret = hbs_object(&archive_view, r);
        break;
    case ROOT_QUERY:
    case ROOT_QUERY_ERROR:
    case ROOT_RESULTS:
    case ROOT_RESULT_COUNT:
    case ROOT_NEXT_URL:
        *ret = search_field(r, (enum root_field)field);
        break;
    case ROOT_MESSAGE:
    case ROOT_STATUS_CODE:
    case ROOT_CODE:
    case ROOT_ERROR_DETAILS:
        *ret = error_field(r, (enum root_field)field);
        break;
    default:
        break;
    }
    return ST_OK;
}

static const struct hbs_view root_view = {"root", .get = root_get};

struct hbs_value root_value(struct rendering *r)
{
    return hbs_object(&root_view, r);
}
