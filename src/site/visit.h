/* site/visit.h -- inside site/: the site's parts, and one reader's request on a render thread.
 *
 * A handler looks at v->req and does one of these, then returns ST_OK:
 *   visit_page         a themed page: kept among the finished pages if it may be, else sent alone
 *   visit_made         the same for a feed, sitemap or asset
 *   http_response_*    an answer of its own (a redirect, a file)
 *   v->hand_over       called last, outside of the read transaction: it finishes the exchange, or gives
 *                      it to somebody who will
 * Any other status becomes the site's own error page (ST_NOT_FOUND: after the old addresses were
 * asked).
 *
 * Threads: struct site: each field says; struct visit: the thread that has the exchange. */
#pragma once
#include "base/clock.h"
#include "http/page_cache.h"
#include "http/router.h"
#include "site/edition.h"
#include "site/site.h"
#include "theme/page.h"

#include <pthread.h>
#include <stdatomic.h>

struct bans;
struct known;
struct limiter;
struct mail;
struct pictures;
struct pool;
struct read_ons;
struct referrers;
struct store_changes;
struct zone_cache;

struct site {
    /* Read-only once open. */
    const struct folder *folder;
    struct store *store;
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;
    struct zone_cache *zones;
    struct page_cache *cache;
    struct pool *render;
    struct pool *behind;       /* one thread: what may take a while */
    struct store_conn **conns; /* one a render thread, and only that thread's */
    size_t render_threads;
    struct http_app app;
    struct page_addresses addresses;
    struct limiter *replies;
    struct read_ons *read_ons;
    struct referrers *referrers;
    struct bans *bans;
    struct pictures *pictures;
    struct known *known;
    void (*on_render)(void *ctx); /* tests; else NULL */
    void *on_render_ctx;
    _Atomic(const struct http_server *) server; /* NULL until attached */

    atomic_bool closing; /* what nobody waits for is left undone */

    _Atomic uint64_t generation;  /* of the edition wanted */
    pthread_mutex_t edition_lock; /* guards edition */
    struct edition *edition;

    struct watch *watch; /* site/behind.c's own */
    struct mail *mail;   /* NULL: mail is not set up; read-only once open */
};

struct visit {
    struct site *site;
    struct http_exchange *x;
    const struct http_request *req;
    struct http_response *res;
    struct arena *arena;
    struct page_render *render; /* NULL: nobody else waits for this page, and it is not kept */
    struct store_conn *conn;    /* inside a read transaction */
    struct edition *edition;
    time_us now;
    time_us deadline; /* monotonic */

    struct page_content content;
    bool made;            /* content is the answer */
    str shared_key;       /* of a page that many addresses have; empty: this is none such */
    struct page *page;    /* that page, if there is one already */
    uint64_t bans_wanted; /* read before the snapshot was opened */
    uint64_t noted;       /* the sequence of drops before the snapshot was opened */
    void (*hand_over)(void *arg);
    void *hand_over_arg;
};

/* Fills in a request for the theme: the parts every page has. */
struct page_request visit_request(struct visit *v, enum page_kind kind);
/* Renders and makes it the answer. `code` 0: 200. */
MUST_USE enum status visit_page(struct visit *v, const struct page_request *request, int code,
                                struct error *err);
/* `body` lives in v->arena or longer. `names`: what drops it, all hard. */
void visit_made(struct visit *v, str content_type, str body, const char *cache_control,
                const str *names, size_t names_count);
/* The page of all addresses that have none (404), or have none any more (410): made once, kept under
 * no address (http/page_cache.h). */
MUST_USE enum status visit_absent(struct visit *v, int code, struct error *err);
/* The key under which it is kept for this path. */
str visit_absent_key(str path, int code);
/* The site's own page for an error. Never fails. */
void visit_error(struct visit *v, enum status st, const struct error *err);

/* The absolute address of a path on this site. */
str visit_url(struct visit *v, str path);
str story_path(struct arena *arena, const struct story *story);

/* A store_changed_fn: drops the pages, and notes that settings or theme are others. */
void site_names_dropped(void *ctx, const struct store_changes *changes);

/* ---- handlers, by file ---- */

typedef enum status visit_fn(struct visit *v, const struct http_route_match *match,
                             struct error *err);
visit_fn list_front, list_tag, list_author, list_archive; /* lists.c */
visit_fn story_show, story_preview;                       /* stories.c */
visit_fn reply_post;                                      /* reply.c */
visit_fn search_show;                                     /* search_page.c */
visit_fn feed_show;                                       /* feed.c */
visit_fn sitemap_show, robots_show;                       /* sitemap.c */
visit_fn file_asset, file_upload;                         /* files.c */
visit_fn file_media;                                      /* pictures.c */
visit_fn metrics_show;                                    /* metrics.c */
visit_fn icon_show;                                       /* icon.c */
/* What once answered at this address: a redirect, or 410, or ST_NOT_FOUND. */
MUST_USE enum status old_address(struct visit *v, struct error *err); /* old_address.c */

/* ---- the page's key ---- */

/* Whether the request asks for a page that is the same for everybody, and under which key. */
bool visit_key(const struct http_request *req, str *ret_key);
