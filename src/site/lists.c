/* SPDX-License-Identifier: MIT
 *
 * Lists of stories at Ghost's addresses: the front page, a tag's, an author's, and a month's. */
#include "base/arena.h"
#include "base/parse.h"
#include "news/byline.h"
#include "news/tag.h"
#include "site/visit.h"

enum { PAGE_NUMBER_MAX = 1000000 };

/* GHOST-THEMES §3.6: /page/1/ is the list itself; what is no number from 2 on is not there. */
static enum status page_number(struct visit *v, const struct http_route_match *match,
                               struct page_request *request, bool *ret_moved, struct error *err)
{
    str text = http_route_param(match, S("page"));
    uint64_t number = 1;

    *ret_moved = false;
    request->number = 1;
    request->base_path = v->req->path;
    if (text.len == 0)
        return ST_OK;
    if (!str_to_u64(text, PAGE_NUMBER_MAX, &number) || number == 0 || text.ptr[0] == '0')
        return error_set(err, ST_NOT_FOUND, "there is no such page");
    request->number = (int64_t)number;
    size_t base_len = v->req->path.len - text.len - S("page//").len;
    request->base_path = str_sub(v->req->path, 0, base_len);
    if (number == 1) {
        http_response_redirect(v->res, 301, request->base_path);
        *ret_moved = true;
    }
    return ST_OK;
}

static enum status list_show(struct visit *v, const struct http_route_match *match,
                             struct page_request *request, struct error *err)
{
    bool moved;
    enum status st = page_number(v, match, request, &moved, err);
    if (st != ST_OK || moved)
        return st;
    return visit_page(v, request, 200, err);
}

enum status list_front(struct visit *v, const struct http_route_match *match, struct error *err)
{
    str old;
    static const str numbered[] = {STR_INIT("p"),   STR_INIT("page_id"), STR_INIT("attachment_id"),
                                   STR_INIT("cat"), STR_INIT("feed"),    STR_INIT("s")};
    for (size_t i = 0; i < ARRAY_LEN(numbered); i++) {
        if (http_query_get(v->req, numbered[i], &old))
            return error_set(err, ST_NOT_FOUND, "an old address");
    }
    struct page_request request = visit_request(v, PAGE_LIST);
    return list_show(v, match, &request, err);
}

enum status list_tag(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct tag *tag;
    enum status st = tag_by_slug(v->conn, http_route_param(match, S("slug")), v->arena, &tag, err);
    if (st != ST_OK)
        return st;
    struct page_request request = visit_request(v, PAGE_TAG);
    request.tag = tag;
    return list_show(v, match, &request, err);
}

enum status list_author(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct byline *byline;
    enum status st =
        byline_by_slug(v->conn, http_route_param(match, S("slug")), v->arena, &byline, err);
    if (st != ST_OK)
        return st;
    struct page_request request = visit_request(v, PAGE_AUTHOR);
    request.byline = byline;
    return list_show(v, match, &request, err);
}

enum status list_archive(struct visit *v, const struct http_route_match *match, struct error *err)
{
    uint64_t year, month;
    str year_text = http_route_param(match, S("year"));
    str month_text = http_route_param(match, S("month"));
    if (year_text.len != 4 || month_text.len != 2 || !str_to_u64(year_text, 9999, &year) ||
        !str_to_u64(month_text, 12, &month) || year == 0 || month == 0)
        return error_set(err, ST_NOT_FOUND, "there is no such page");
    struct page_request request = visit_request(v, PAGE_ARCHIVE);
    request.archive.year = (int)year;
    request.archive.month = (int)month;
    return list_show(v, match, &request, err);
}
