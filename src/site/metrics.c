/* SPDX-License-Identifier: MIT
 *
 * /metrics in Prometheus's text form, for the machine itself only: anybody else gets 404. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/pool.h"
#include "http/server.h"
#include "site/mail.h"
#include "site/mail_queue.h"
#include "site/visit.h"
#include "store/store.h"

enum { METRICS_BYTES_MAX = 64 * 1024 };

static void add(struct buf *b, const char *name, const char *kind, uint64_t value)
{
    buf_addf(b, "# TYPE broadsheet_%s %s\nbroadsheet_%s %llu\n", name, kind, name,
             (unsigned long long)value);
}

static void add_http(struct buf *b, const struct http_server *server)
{
    if (server == NULL)
        return;
    struct http_counters c = http_server_counters(server);
    add(b, "connections_total", "counter", c.connections);
    add(b, "connections_open", "gauge", c.open);
    add(b, "connections_refused_total", "counter", c.refused);
    add(b, "requests_total", "counter", c.requests);
    add(b, "requests_from_memory_total", "counter", c.hits);
    buf_add(b, S("# TYPE broadsheet_answers_total counter\n"));
    for (unsigned i = 1; i < ARRAY_LEN(c.status); i++)
        buf_addf(b, "broadsheet_answers_total{class=\"%uxx\"} %llu\n", i,
                 (unsigned long long)c.status[i]);
    add(b, "bytes_in_total", "counter", c.bytes_in);
    add(b, "bytes_out_total", "counter", c.bytes_out);
    add(b, "timeouts_total", "counter", c.timeouts);
    add(b, "log_lines_lost_total", "counter", c.log_lost);
}

static void add_cache(struct buf *b, struct page_cache *cache)
{
    struct page_cache_counters c = page_cache_counters(cache);
    add(b, "pages_kept", "gauge", c.pages);
    add(b, "pages_bytes", "gauge", c.bytes);
    add(b, "pages_bytes_max", "gauge", c.bytes_max);
    add(b, "page_hits_total", "counter", c.hits);
    add(b, "page_misses_total", "counter", c.misses);
    add(b, "page_joined_total", "counter", c.joined);
    add(b, "page_renders_total", "counter", c.renders);
    add(b, "page_refused_total", "counter", c.refused);
    add(b, "page_dropped_total", "counter", c.dropped);
    add(b, "page_evicted_total", "counter", c.evicted);
}

static void add_store(struct buf *b, struct store *store)
{
    struct store_stats s;
    store_stats(store, &s);
    add(b, "writes_total", "counter", (uint64_t)s.writes);
    add(b, "write_failures_total", "counter", (uint64_t)s.failures);
    add(b, "commits_total", "counter", (uint64_t)s.commits);
    add(b, "writes_queued", "gauge", (uint64_t)s.queued);
    add(b, "checkpoints_total", "counter", (uint64_t)s.checkpoints);
    add(b, "wal_bytes", "gauge", (uint64_t)s.wal_bytes);
}

static enum status add_mail(struct buf *b, struct visit *v, struct error *err)
{
    int64_t waiting, given_up;
    struct mail_counters c = mail_counters(v->site->mail);
    enum status st = mail_queue_count(v->conn, &waiting, &given_up, err);
    if (st != ST_OK)
        return st;
    add(b, "mails_waiting", "gauge", (uint64_t)waiting);
    add(b, "mails_given_up", "gauge", (uint64_t)given_up);
    add(b, "mails_sent_total", "counter", c.sent);
    add(b, "mail_failures_total", "counter", c.failed);
    return ST_OK;
}

enum status metrics_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct buf b;
    str text;
    (void)match;
    /* A proxy on this machine that the settings do not name passes every reader off as local. */
    bool forwarded =
        http_request_has(v->req, HTTP_X_FORWARDED_FOR) || http_request_has(v->req, HTTP_FORWARDED);
    if (forwarded || !http_address_is_loopback(&v->req->reader))
        return error_set(err, ST_NOT_FOUND, "there is no such page");
    buf_init(&b, v->arena, METRICS_BYTES_MAX);
    add_http(&b, atomic_load(&v->site->server));
    add_cache(&b, v->site->cache);
    add_store(&b, v->site->store);
    add(&b, "renders_queued", "gauge", pool_queued(v->site->render));
    enum status st = add_mail(&b, v, err);
    if (st == ST_OK)
        st = buf_finish(&b, &text, err);
    if (st != ST_OK)
        return st;
    http_response_bytes(v->res, 200, S("text/plain; version=0.0.4; charset=utf-8"), text);
    http_response_header(v->res, S("Cache-Control"), S("no-store"));
    return ST_OK;
}
