/* site/site.h -- a running site: what stands between the HTTP server and the newsroom.
 *
 *     st = site_open(&(struct site_options){.folder = folder, .loops = 2, ...}, &site, err);
 *     server_options.app = site_app(site);
 *     st = http_server_start(&server_options, &server, err);
 *     site_attach(site, server);                     // for /metrics
 *     ...
 *     http_server_wait(server, ...);                 // first the server
 *     site_close(site);                              // then what answers for it
 *     http_server_free(server);
 *
 * Owns the store, the settings and theme in force (site/edition.h), the finished pages, the render
 * threads, the thread that does what nobody waits for (site/behind.h), and the one that sends mail (site/mail.h). How a request goes
 * through it: docs/ARCHITECTURE.md, "Life of a reader's request".
 *
 * Threads: open, attach and close by the owner; the app's hooks on the loops. */
#pragma once
#include "base/clock.h"
#include "base/scope.h"
#include "base/str.h"

struct clock;
struct folder;
struct http_app;
struct http_server;
struct log;
struct mail;
struct picture_maker;
struct rng;
struct site;
struct store;

struct site_options {
    struct folder *folder;    /* open, and locked if this is the server; stays the caller's */
    size_t loops;             /* workers of the server; 0 is 1 */
    size_t render_threads;    /* 0: one a core */
    size_t render_queue;      /* requests waiting for one; 0: SITE_QUEUE_MAX */
    size_t cache_bytes;       /* of finished pages; 0: the default of http/page_cache.h */
    int64_t replies_a_minute; /* from one network; 0: SITE_REPLIES_A_MINUTE, negative: no limit */
    const struct picture_maker
        *maker;                /* of renditions and cards; NULL: pictures stand in for them */
    int64_t made_bytes;        /* kept of them; 0: the default of media/made.h */
    const struct clock *clock; /* NULL: the system's */
    const struct rng *rng;     /* NULL: the system's */
    const struct log *log;
    /* For tests: no thread behind (they call site_behind_once themselves); and a call on the render
     * thread when a page has been rendered and is not yet kept. */
    bool quiet;
    void (*on_render)(void *ctx);
    void *on_render_ctx;
};

enum {
    SITE_QUEUE_MAX = 1024,
    SITE_REPLIES_A_MINUTE = 10,
    SITE_RENDER_SECONDS = 5,          /* a page that takes longer is given up: 503 */
    SITE_REPLY_BYTES_MAX = 64 * 1024, /* of a posted form */
};

MUST_USE enum status site_open(const struct site_options *options, struct site **ret_site,
                               struct error *err);
void site_close(struct site *site); /* takes NULL */
DEFINE_FREEP(struct site *, site_close)

const struct http_app *site_app(struct site *site);
struct store *site_store(struct site *site);
/* For its hook (site/mail.h). NULL: mail is not set up. */
struct mail *site_mail(struct site *site);
void site_attach(struct site *site, const struct http_server *server);

/* The page of a story as the theme shows it, whatever its state, from its record as it is given: for the desk,
 * which shows what is not saved yet. `conn` is in a read transaction; what the record lacks is loaded. */
struct arena;
struct edition;
struct store_conn;
struct story;
MUST_USE enum status site_story_page(struct site *site, struct store_conn *conn,
                                     struct edition *edition, struct story *story, time_us now,
                                     struct arena *arena, str *ret_html, struct error *err);

/* What the thread behind does in one turn: notices other processes' writes, publishes what is due,
 * hands over reads, works off jobs. For tests. */
void site_behind_once(struct site *site);
