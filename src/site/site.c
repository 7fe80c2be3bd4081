/* SPDX-License-Identifier: MIT
 *
 * The loops ask site_lookup first, which only looks into memory. What is not there is dispatched:
 * to the render already under way for that page, or to a render thread. See visit.h for what
 * happens there. */
#include "site/site.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/random.h"
#include "news/setting.h"
#include "site/bans.h"
#include "site/behind.h"
#include "site/database.h"
#include "site/folder.h"
#include "site/known.h"
#include "site/limiter.h"
#include "site/mail.h"
#include "site/pictures.h"
#include "site/read_ons.h"
#include "site/referrers.h"
#include "site/visit.h"
#include "store/store.h"
#include "text/zone.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- routes ---- */

enum { READ = HTTP_GET | HTTP_HEAD };

/* `id` NAMED: what answers is a record (or a month) whose name is the last part of the address. */
enum { NAMED = 1 };

static const struct {
    struct http_route route;
    visit_fn *show;
} routes[] = {
    {{READ, "/", 0}, list_front},
    {{READ, "/page/:page/", 0}, list_front},
    {{READ, "/tag/:slug/", NAMED}, list_tag},
    {{READ, "/tag/:slug/page/:page/", 0}, list_tag},
    {{READ, "/author/:slug/", NAMED}, list_author},
    {{READ, "/author/:slug/page/:page/", 0}, list_author},
    {{READ, "/rss/", 0}, feed_show},
    {{READ, "/atom.xml", 0}, feed_show},
    {{READ, "/feed.json", 0}, feed_show},
    {{READ, "/tag/:tag/rss/", 0}, feed_show},
    {{READ, "/author/:author/rss/", 0}, feed_show},
    {{READ, "/search/", 0}, search_show},
    {{READ, "/sitemap.xml", 0}, sitemap_show},
    {{READ, "/sitemap-news.xml", 0}, sitemap_show},
    {{READ, "/sitemap-:part", 0}, sitemap_show},
    {{READ, "/robots.txt", 0}, robots_show},
    {{READ, "/metrics", 0}, metrics_show},
    {{READ, "/assets/:path*", 0}, file_asset},
    {{READ, "/public/:path*", 0}, file_asset},
    {{READ, "/favicon.ico", 0}, icon_show},
    {{READ, "/favicon.svg", 0}, icon_show},
    {{READ, "/content/images/:path*", 0}, file_media},
    {{READ, "/content/media/:path*", 0}, file_media},
    {{READ, "/content/files/:path*", 0}, file_media},
    {{READ, "/wp-content/uploads/:path*", 0}, file_upload},
    {{READ, "/p/:uuid/", 0}, story_preview},
    {{READ, "/:slug/", NAMED}, story_show},
    {{HTTP_POST, "/:slug/", 0}, reply_post},
    {{READ, "/:year/:month/", NAMED}, list_archive},
    {{READ, "/:year/:month/page/:page/", 0}, list_archive},
};

static enum status route_and_show(struct visit *v, struct error *err)
{
    struct http_route_match match;
    enum status st = ST_NOT_FOUND;
    unsigned allowed = 0;

    (void)error_set(err, ST_NOT_FOUND, "there is no such page");
    for (size_t i = 0; i < ARRAY_LEN(routes) && st == ST_NOT_FOUND; i++) {
        enum http_routed routed =
            http_route_find(&routes[i].route, 1, v->req->method, v->req->path, &match);
        if (routed == HTTP_ROUTE_FOUND)
            st = routes[i].show(v, &match, err);
        else if (routed == HTTP_ROUTE_NO_METHOD)
            allowed |= match.allowed;
    }
    if (st == ST_NOT_FOUND && (v->req->method & READ) != 0)
        return old_address(v, err);
    if (st == ST_NOT_FOUND && allowed != 0) {
        http_response_text(v->res, 405, S("This address cannot be used that way.\n"));
        http_response_header(v->res, S("Allow"), http_methods_format(v->arena, allowed));
        return ST_OK;
    }
    return st;
}

/* ---- one visit ---- */

static enum status visit_begin(struct visit *v, struct error *err)
{
    uint64_t wanted = edition_wanted(v->site);
    v->bans_wanted = bans_wanted(v->site->bans);
    enum status st = store_read_begin(v->conn, err);
    if (st == ST_OK)
        st = edition_current(v->site, v->conn, wanted, &v->edition, err);
    return st;
}

/* The content, as this exchange's own answer. */
static void answer_alone(struct visit *v)
{
    const struct page_content *content = &v->content;
    str lines = content->headers;
    str type =
        content->content_type.len == 0 ? S("text/html; charset=utf-8") : content->content_type;

    http_response_bytes(v->res, content->status, type, content->body);
    while (lines.len > 0) {
        str value = str_sub(lines, 0, str_find(lines, S("\r\n")));
        lines = str_from(lines, value.len + 2);
        str name = str_cut(&value, ':');
        http_response_header(v->res, name, str_trim(value));
    }
}

/* A page that is nobody's own: as it stands in the cache, or as it was just made. */
static void answer_shared(struct visit *v)
{
    if (v->page == NULL)
        v->page = page_cache_keep(v->site->cache, v->shared_key, v->noted, &v->content);
    if (v->render != NULL) {
        page_render_share(v->render, v->page);
        return;
    }
    http_response_ready(v->res, page_answer(v->page, v->req));
    page_unref(v->page);
    http_exchange_finish(v->x);
}

static void visit_finish(struct visit *v)
{
    if (v->hand_over != NULL) {
        v->hand_over(v->hand_over_arg);
        return;
    }
    if (v->shared_key.len > 0 && (v->page != NULL || v->content.names != NULL)) {
        answer_shared(v);
        return;
    }
    if (v->made && v->render != NULL && v->content.names != NULL) {
        (void)page_render_done(v->render, &v->content);
        return;
    }
    if (v->made)
        answer_alone(v);
    if (v->render != NULL)
        page_render_abandon(v->render, NULL, NULL);
    else
        http_exchange_finish(v->x);
}

static void visit_run(void *arg, size_t thread)
{
    struct visit *v = arg;
    struct error err = ERROR_INIT;
    struct edition *edition;

    v->conn = v->site->conns[thread];
    v->now = clock_now(v->site->clock);
    v->deadline = clock_monotonic() + SITE_RENDER_SECONDS * TIME_SECOND;
    v->noted = page_cache_sequence(v->site->cache);
    if (v->render != NULL)
        page_render_begin(v->render);
    store_conn_deadline(v->conn, v->deadline);
    enum status st = visit_begin(v, &err);
    if (st == ST_OK)
        st = route_and_show(v, &err);
    if (st != ST_OK)
        visit_error(v, st, &err);
    store_read_end(v->conn);
    store_conn_deadline(v->conn, TIME_NEVER);
    edition = v->edition; /* v's arena may be gone once it is finished */
    visit_finish(v);
    edition_unref(edition);
}

/* ---- the application's hooks, on the loops ---- */

static const struct http_ready healthz = {
    .status = 200,
    .head = STR_INIT("Content-Type: text/plain\r\nCache-Control: no-store\r\n"
                     "Content-Length: 3\r\n\r\n"),
    .body = STR_INIT("ok\n"),
};

static void site_dispatch(void *ctx, struct http_exchange *x);

/* Nobody's, and never was: no route but those that look for a record by its name would take it, and
 * there is no such name. */
static bool is_absent(const struct site *site, const struct http_request *req)
{
    struct http_route_match match;
    if (!known_absent(site->known, req->path))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (http_route_find(&routes[i].route, 1, req->method, req->path, &match) ==
                HTTP_ROUTE_FOUND &&
            routes[i].route.id != NAMED)
            return false;
    }
    str last = str_sub(req->path, 0, req->path.len - 1);
    last = str_from(last, str_rfind_char(last, '/') + 1);
    return last.len > 0 && !ascii_is_digit(last.ptr[0]); /* "/2026/11/" */
}

static bool site_lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    struct site *site = ctx;
    struct page_got got;
    str key;

    if (str_eq(req->path, S("/healthz"))) {
        *ret = healthz;
        if (req->method == HTTP_HEAD)
            ret->body = STR_NONE;
        return true;
    }
    if (pictures_lookup(site->pictures, req, ret))
        return true;
    read_ons_note(site->read_ons, req);
    if (!visit_key(req, &key))
        return false;
    if (!page_cache_get(site->cache, key, req, &got) &&
        (!is_absent(site, req) ||
         !page_cache_get(site->cache, visit_absent_key(req->path, 404), req, &got)))
        return false;
    if (got.remake)
        site_dispatch(site, http_exchange_detached(req));
    *ret = got.ready;
    return true;
}

static void site_dispatch(void *ctx, struct http_exchange *x)
{
    struct site *site = ctx;
    struct arena *arena = http_exchange_arena(x);
    struct visit *v = arena_new_one(arena, struct visit);
    str key;

    v->site = site;
    v->x = x;
    v->req = http_exchange_request(x);
    v->res = http_exchange_response(x);
    v->arena = arena;
    if (visit_key(v->req, &key) &&
        page_cache_join(site->cache, key, x, &v->render) == PAGE_JOIN_WAIT)
        return;
    if (pool_add(site->render, visit_run, v))
        return;
    http_exchange_busy(x);
    if (v->render != NULL)
        page_render_abandon(v->render, NULL, NULL);
    else
        http_exchange_finish(x);
}

static size_t site_body_limit(void *ctx, const struct http_request *req)
{
    (void)ctx;
    (void)req;
    return SITE_REPLY_BYTES_MAX; /* a reply is all that is posted to a reader's page */
}

/* ---- opening and closing ---- */

void site_names_dropped(void *ctx, const struct store_changes *changes)
{
    struct site *site = ctx;
    known_add_changes(site->known, changes);
    pictures_changed(site->pictures, changes);
    if (changes->all) {
        edition_changed(site);
        bans_changed(site->bans);
        page_cache_drop_all(site->cache);
        return;
    }
    for (size_t i = 0; i < changes->count; i++) {
        if (str_eq(changes->names[i], S("settings")) || str_eq(changes->names[i], S("theme")))
            edition_changed(site);
        else if (str_eq(changes->names[i], S("bans")))
            bans_changed(site->bans);
    }
    page_cache_drop(site->cache, changes->names, changes->count);
}

struct improvement {
    struct site *site;
    struct page *page;
};

/* Not while closing: a thousand pages that wait for this take a minute, and nobody will read them. */
static void page_improve(void *arg, size_t thread)
{
    struct improvement *work = arg;
    (void)thread;
    if (atomic_load(&work->site->closing))
        page_unref(work->page);
    else
        page_cache_improve(work->site->cache, work->page);
    free(work);
}

static void improve_later(void *ctx, struct page *page)
{
    struct site *site = ctx;
    struct improvement *work = malloc(sizeof(*work));
    CHECK(work != NULL);
    *work = (struct improvement){site, page};
    if (!pool_add(site->behind, page_improve, work)) {
        page_unref(page);
        free(work);
    }
}

static void note_referrer(void *ctx, size_t place, int64_t read_id, const struct http_request *req)
{
    const struct site *site = ctx;
    referrers_note(site->referrers, place, read_id, req);
}

static enum status readers_open(struct site *site, struct error *err)
{
    for (size_t i = 0; i < site->render_threads; i++) {
        enum status st = store_reader_new(site->store, &site->conns[i], err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status site_open(const struct site_options *options, struct site **ret_site, struct error *err)
{
    struct site *site = calloc(1, sizeof(*site));
    CHECK(site != NULL);
    site->folder = options->folder;
    site->clock = options->clock == NULL ? &clock_system : options->clock;
    site->rng = options->rng == NULL ? &rng_system : options->rng;
    site->log = options->log;
    site->on_render = options->on_render;
    site->on_render_ctx = options->on_render_ctx;
    site->render_threads = options->render_threads != 0 ? options->render_threads
                                                        : (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    site->conns = calloc(site->render_threads, sizeof(struct store_conn *));
    CHECK(site->conns != NULL);
    CHECK(pthread_mutex_init(&site->edition_lock, NULL) == 0);
    site->zones = zone_cache_new(NULL);
    site->addresses = (struct page_addresses){.search = S("/search/"),
                                              .rss = S("/rss/"),
                                              .atom = S("/atom.xml"),
                                              .json_feed = S("/feed.json"),
                                              .icon = S("/favicon.svg")};
    site->app = (struct http_app){.ctx = site,
                                  .lookup = site_lookup,
                                  .body_limit = site_body_limit,
                                  .dispatch = site_dispatch};
    size_t loops = options->loops == 0 ? 1 : options->loops;
    site->referrers = referrers_new(loops + 1); /* as the reads' places */
    site->cache = page_cache_new(&(struct page_cache_options){.bytes_max = options->cache_bytes,
                                                              .loops = loops,
                                                              .clock = site->clock,
                                                              .improve = improve_later,
                                                              .on_read = note_referrer,
                                                              .ctx = site});
    site->replies = limiter_new(options->replies_a_minute == 0 ? SITE_REPLIES_A_MINUTE
                                                               : options->replies_a_minute);
    site->read_ons = read_ons_new();
    site->bans = bans_new();
    site->known = known_new();
    enum status st =
        pictures_open(site, loops, options->maker, options->made_bytes, &site->pictures, err);
    site->addresses.cards = st == ST_OK && pictures_make(site->pictures);
    if (st == ST_OK)
        st = database_open(site->folder,
                           &(struct database_options){.clock = site->clock, .log = site->log},
                           &site->store, err);
    if (st == ST_OK)
        store_on_change(site->store, site_names_dropped, site);
    if (st == ST_OK)
        st = readers_open(site, err);
    if (st == ST_OK)
        st = behind_start(site, options->quiet, err);
    if (st == ST_OK && !options->quiet)
        st = mail_open(&(struct mail_options){.folder = site->folder,
                                              .store = site->store,
                                              .clock = site->clock,
                                              .rng = site->rng,
                                              .log = site->log},
                       &site->mail, err);
    if (st != ST_OK) {
        site_close(site);
        return st;
    }
    site->behind = pool_new("behind", 1, SITE_QUEUE_MAX);
    site->render = pool_new("render", site->render_threads,
                            options->render_queue == 0 ? SITE_QUEUE_MAX : options->render_queue);
    *ret_site = site;
    return ST_OK;
}

void site_close(struct site *site)
{
    if (site == NULL)
        return;
    atomic_store(&site->closing, true);
    pictures_close_begin(site->pictures);
    pool_stop(site->render); /* renders under way end; replies wait in the store's queue */
    pictures_free(site->pictures);
    site->pictures = NULL;
    mail_close(site->mail);
    behind_stop(site);
    pool_stop(site->behind);
    for (size_t i = 0; i < site->render_threads; i++)
        store_reader_free(site->conns[i]);
    store_close(site->store); /* writes queued are done, their exchanges finished */
    edition_unref(site->edition);
    page_cache_free(site->cache);
    limiter_free(site->replies);
    read_ons_free(site->read_ons);
    referrers_free(site->referrers);
    bans_free(site->bans);
    known_free(site->known);
    zone_cache_free(site->zones);
    (void)pthread_mutex_destroy(&site->edition_lock);
    free(site->conns);
    free(site);
}

const struct http_app *site_app(struct site *site)
{
    return &site->app;
}

struct store *site_store(struct site *site)
{
    return site->store;
}

struct mail *site_mail(struct site *site)
{
    return site->mail;
}

void site_attach(struct site *site, const struct http_server *server)
{
    atomic_store(&site->server, server);
}
