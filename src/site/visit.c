/* SPDX-License-Identifier: MIT */
#include "site/visit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "http/status_code.h"
#include "news/setting.h"
#include "news/story.h"

/* What every themed page carries. The policy leaves themes and code injection their inline styles
 * and scripts; it stops plug-ins, a foreign <base>, forms that post elsewhere and framing. */
#define PAGE_HEADERS                                                                               \
    "X-Content-Type-Options: nosniff\r\n"                                                          \
    "Referrer-Policy: strict-origin-when-cross-origin\r\n"                                         \
    "Content-Security-Policy: object-src 'none'; base-uri 'self'; form-action 'self'; "            \
    "frame-ancestors 'self'\r\n"
#define CACHE_PUBLIC   "Cache-Control: public, max-age=0\r\n"
#define CACHE_NO_STORE "Cache-Control: no-store\r\n"

str story_path(struct arena *arena, const struct story *story)
{
    return str_join3(arena, S("/"), story->slug, S("/"));
}

str visit_url(struct visit *v, str path)
{
    return str_join2(v->arena, v->edition->settings->url, path);
}

static bool visit_expired(void *ctx)
{
    const struct visit *v = ctx;
    if (clock_monotonic() > v->deadline)
        return true;
    /* Others may wait for a page that is kept: it is made though the first who asked has left. */
    return v->render == NULL && http_exchange_cancelled(v->x);
}

struct page_request visit_request(struct visit *v, enum page_kind kind)
{
    return (struct page_request){
        .kind = kind,
        .conn = v->conn,
        .site = v->edition->settings,
        .zone = v->edition->zone,
        .zones = v->site->zones,
        .addresses = &v->site->addresses,
        .now = v->now,
        .path = v->req->path,
        .expired = visit_expired,
        .expired_ctx = v,
    };
}

/* A list's own pages go the moment the list changes; pages that merely print it beside something
 * else are made anew behind the reader's back. */
static bool name_is_soft(enum page_kind kind, str name)
{
    if (!str_starts(name, S("list:")))
        return false;
    switch (kind) {
    case PAGE_LIST:
    case PAGE_ARCHIVE:
    case PAGE_TEMPLATE:
        return str_eq(name, S("list:popular"));
    case PAGE_TAG:
        return !str_starts(name, S("list:tag:"));
    case PAGE_AUTHOR:
        return !str_starts(name, S("list:author:"));
    case PAGE_ERROR: /* one page, made anew by the next who misses */
        return false;
    case PAGE_STORY:
    case PAGE_PAGE:
    case PAGE_SEARCH:
        break;
    }
    return true;
}

static struct page_name *page_names(struct visit *v, const str *names, size_t count)
{
    struct page_name *all = arena_new_array(v->arena, struct page_name, count);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct page_name){.name = names[i]};
    return all;
}

enum status visit_page(struct visit *v, const struct page_request *request, int code,
                       struct error *err)
{
    struct theme_page page;
    enum status st = theme_render(v->edition->theme, request, v->arena, &page, err);
    if (st != ST_OK)
        return st;
    if (v->site->on_render != NULL)
        v->site->on_render(v->site->on_render_ctx);
    bool keep = page.cacheable && (code == 0 || code == 200 || v->shared_key.len > 0);
    struct page_name *names = page_names(v, page.names, page.names_count);
    for (size_t i = 0; i < page.names_count; i++)
        names[i].soft = name_is_soft(request->kind, names[i].name);
    v->content = (struct page_content){
        .status = code == 0 ? 200 : code,
        .headers = page.cacheable ? S(PAGE_HEADERS CACHE_PUBLIC) : S(PAGE_HEADERS CACHE_NO_STORE),
        .body = page.text,
        .names = keep ? names : NULL, /* not kept: it goes out alone, see visit_finish */
        .name_count = page.names_count,
        .expires_at = page.until,
        .read_id = request->kind == PAGE_STORY ? request->story->id.v : 0,
    };
    v->made = true;
    return ST_OK;
}

void visit_made(struct visit *v, str content_type, str body, const char *cache_control,
                const str *names, size_t names_count)
{
    v->content = (struct page_content){
        .status = 200,
        .content_type = content_type,
        .headers = str_format(v->arena, "Cache-Control: %s\r\nX-Content-Type-Options: nosniff\r\n",
                              cache_control),
        .body = body,
        .names = page_names(v, names, names_count),
        .name_count = names_count,
        .expires_at = TIME_NEVER,
    };
    v->made = true;
}

/* ---- errors ---- */

static const char *error_sentence(int code)
{
    switch (code) {
    case 404:
        return "Page not found";
    case 410:
        return "This story is no longer here";
    case 403:
        return "That is not allowed here";
    case 429:
        return "Too many replies at once; please wait a minute";
    default:
        return code >= 500 ? "Something went wrong here; please try again"
                           : "That request makes no sense to us";
    }
}

static bool wants_plain_text(str path)
{
    str last = str_from(path, str_rfind_char(path, '/') + 1);
    return str_contains(last, S("."));
}

str visit_absent_key(str path, int code)
{
    if (code == 410)
        return S("410");
    return wants_plain_text(path) ? S("404 text") : S("404");
}

/* Nothing of the address asked for is in it, as the next to see it asked for another. */
static enum status absent_page(struct visit *v, int code, struct error *err)
{
    struct page_request request = visit_request(v, PAGE_ERROR);
    request.path = code == 410 ? S("/410/") : S("/404/");
    request.error.code = code;
    request.error.message = str_from_c(error_sentence(code));
    return visit_page(v, &request, code, err);
}

static void absent_text(struct visit *v)
{
    static const struct page_name theme = {STR_INIT("theme"), false};
    v->content = (struct page_content){
        .status = 404,
        .content_type = S("text/plain; charset=utf-8"),
        .headers = S("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"),
        .body = S("there is no such file\n"),
        .names = &theme,
        .name_count = 1,
        .expires_at = TIME_NEVER,
    };
    v->made = true;
}

enum status visit_absent(struct visit *v, int code, struct error *err)
{
    enum status st = ST_OK;
    v->shared_key = visit_absent_key(v->req->path, code);
    v->page = page_cache_find(v->site->cache, v->shared_key);
    if (v->page != NULL)
        return ST_OK;
    if (str_eq(v->shared_key, S("404 text")))
        absent_text(v);
    else
        st = absent_page(v, code, err);
    if (st != ST_OK)
        v->shared_key = STR_NONE;
    return st;
}

void visit_error(struct visit *v, enum status st, const struct error *err)
{
    if (st == ST_TOO_BIG && (v->req->method & (HTTP_GET | HTTP_HEAD)) != 0)
        st = ST_IO; /* what was being made was, or took too long; not what was asked */
    int code = http_code_from_status(st);
    struct error why = ERROR_INIT;

    if (code >= 500)
        log_error(v->site->log, "page failed", LOG_STR("path", v->req->path), LOG_ERR(err));
    http_response_reset(v->res);
    v->made = false;
    if (code == 404 && v->edition != NULL && (v->req->method & (HTTP_GET | HTTP_HEAD)) != 0 &&
        visit_absent(v, code, &why) == ST_OK)
        return;
    if (!wants_plain_text(v->req->path) && v->edition != NULL) {
        struct page_request request = visit_request(v, PAGE_ERROR);
        request.error.code = code;
        request.error.message = str_from_c(error_sentence(code));
        if (visit_page(v, &request, code, &why) == ST_OK)
            return;
    }
    http_response_error(v->res, st, code < 500 ? err : NULL);
}

/* ---- the key of a page ---- */

/* Parameters that some route reads. Others (utm_source, fbclid) are nobody's and not in the key. */
static const str read_params[] = {
    STR_INIT("q"),       STR_INIT("from"), STR_INIT("reply"),   STR_INIT("replyto"),
    STR_INIT("replies"), STR_INIT("p"),    STR_INIT("page_id"), STR_INIT("attachment_id"),
    STR_INIT("cat"),     STR_INIT("s"),    STR_INIT("feed"),
};

static bool query_is_read(str query)
{
    while (query.len > 0) {
        str name = str_cut(&query, '&');
        name = str_cut(&name, '=');
        if (str_find_char(name, '%') != STR_NPOS)
            return true; /* perhaps one of ours in disguise: let the routes decode it */
        for (size_t i = 0; i < ARRAY_LEN(read_params); i++) {
            if (str_eq(name, read_params[i]))
                return true;
        }
    }
    return false;
}

bool visit_key(const struct http_request *req, str *ret_key)
{
    if (req->method != HTTP_GET && req->method != HTTP_HEAD)
        return false;
    if (query_is_read(req->query) || str_starts(req->path, S("/content/")) ||
        str_eq(req->path, S("/metrics")))
        return false;
    *ret_key = req->path;
    return true;
}
