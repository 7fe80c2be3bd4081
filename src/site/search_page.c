/* SPDX-License-Identifier: MIT
 *
 * /search/?q=: a page of results made for one query and never kept. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "discover/search.h"
#include "news/setting.h"
#include "site/visit.h"

enum { RESULTS_A_PAGE = 20, NEXT_URL_MAX = 4 * SEARCH_TEXT_MAX };

static str next_page(struct visit *v, str query, size_t from)
{
    struct buf b;
    buf_init(&b, v->arena, NEXT_URL_MAX);
    buf_add(&b, S("/search/?q="));
    buf_add_percent(&b, query, STR_NONE);
    buf_add(&b, S("&from="));
    buf_add_int(&b, i64_from_size(from));
    return buf_view(&b);
}

static enum status find(struct visit *v, str query, size_t from, struct page_search *ret_search,
                        struct error *err)
{
    struct search_found found;
    enum status st = search_run(v->conn,
                                &(struct search_query){.text = query,
                                                       .language = v->edition->settings->locale,
                                                       .skip = from,
                                                       .limit = RESULTS_A_PAGE,
                                                       .now = v->now,
                                                       .snippets = true},
                                v->arena, &found, err);
    if (st != ST_OK)
        return st;
    struct page_search_row *rows = arena_new_array(v->arena, struct page_search_row, found.count);
    for (size_t i = 0; i < found.count; i++) {
        rows[i].story = found.hits[i].story;
        if (found.hits[i].story->visibility == STORY_PUBLIC)
            rows[i].snippet = found.hits[i].snippet; /* it quotes the body */
    }
    ret_search->rows = rows;
    ret_search->count = found.count;
    ret_search->total = found.total_more ? -1 : i64_from_size(found.total);
    if (found.more)
        ret_search->next_url = next_page(v, query, from + found.count);
    return ST_OK;
}

enum status search_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct page_search search = {0};
    str query = STR_NONE;
    str from_text = STR_NONE;
    uint64_t from = 0;

    (void)match;
    (void)http_query_get(v->req, S("q"), &query);
    (void)http_query_get(v->req, S("from"), &from_text);
    if (from_text.len > 0 && !str_to_u64(from_text, SEARCH_PLACES_MAX, &from))
        return error_set(err, ST_NOT_FOUND, "there is no such page");
    search.query = str_trim(query);
    if (search.query.len > SEARCH_TEXT_MAX) {
        search.problem = S("That is too long to search for");
        search.query = STR_NONE;
    } else if (search.query.len > 0) {
        enum status st = find(v, search.query, (size_t)from, &search, err);
        if (st != ST_OK)
            return st;
    }
    struct page_request request = visit_request(v, PAGE_SEARCH);
    request.search = &search;
    return visit_page(v, &request, 200, err);
}
