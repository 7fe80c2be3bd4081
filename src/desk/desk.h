/* desk/desk.h -- the desk: what people with a login see and do, below /desk/.
 *
 *     st = newsdesk_open(&(struct newsdesk_options){.site = site, .folder = folder, .log = log},
 *                        &desk, err);
 *     server_options.app = newsdesk_app(desk);      // readers' requests go on to the site
 *     ...
 *     http_server_wait(server, ...);
 *     newsdesk_close(desk);                         // before the site
 *
 * The desk stands in front of the site: what is below /desk/ is its own, all else is the site's, at no
 * cost but one comparison. Its pages are made on threads of its own, which wait for their writes, so that
 * its code reads from top to bottom and no reader ever waits for an editor. Whatever weighs a password
 * or a code goes to one thread more, one after another: argon2id takes 19 MiB and some 30 ms. Uploads
 * and what waits for a process go to two others.
 *
 * How a request goes through it: desk/errand.h. Who may do what: desk/right.h.
 *
 * Threads: open and close by the owner; the app's hooks on the loops. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct arena;
struct clock;
struct folder;
struct http_app;
struct log;
struct media_worker;
struct newsdesk;
struct rng;
struct site;

struct newsdesk_options {
    struct site *site; /* open; stays the caller's */
    const struct folder *folder;
    struct media_worker *worker; /* decodes what is uploaded; NULL: no picture is taken in */
    size_t
        upload_bytes_max; /* the server's limit of a body, so that nobody sends in vain; 0: not known */
    const char *program;       /* of itself, for long work (desk/task.h); NULL: there is none */
    const struct clock *clock; /* NULL: the system's */
    const struct rng *rng;     /* NULL: the system's */
    const struct log *log;
};

enum {
    NEWSDESK_THREADS = 2,
    NEWSDESK_LONG_THREADS = 2, /* so that one upload does not wait for one large merge of tags */
    NEWSDESK_QUEUE_MAX = 256,
    NEWSDESK_PASSWORDS_MAX = 32, /* waiting to be weighed; then 503 */
    NEWSDESK_LONG_MAX = 32,      /* uploads and the like, waiting for a thread */
    NEWSDESK_BODY_MAX = 256 * 1024,
    NEWSDESK_TEXT_MAX = 16 * 1024 * 1024, /* a story of 4 MB, percent-encoded by a browser */
};

MUST_USE enum status newsdesk_open(const struct newsdesk_options *options,
                                   struct newsdesk **ret_desk, struct error *err);
void newsdesk_close(struct newsdesk *desk); /* takes NULL; what is under way is answered first */
DEFINE_FREEP(struct newsdesk *, newsdesk_close)

const struct http_app *newsdesk_app(struct newsdesk *desk);

/* While nobody has a login: a new one-time address that makes the owner's, on the site at `base`
 * ("http://127.0.0.1:8080"; the site's own address goes before it). Empty when somebody has one. Waits
 * for the database: for the main thread, at start. */
MUST_USE enum status newsdesk_set_up_address(struct newsdesk *desk, str base, struct arena *arena,
                                             str *ret_address, struct error *err);

/* The table of routes, for the test that walks all of it. */
struct newsdesk_route {
    str method, pattern;
};
size_t newsdesk_routes(struct newsdesk_route *routes, size_t max);
