/* SPDX-License-Identifier: MIT */
#include "http/loop.h"

#include "base/map.h"

static void cells_find(struct http_connection *c)
{
    /* IPv6 readers own a /64; IPv4, mapped, differs in its last bytes only. */
    bool v4 = c->peer.ip[10] == 0xFF && c->peer.ip[0] == 0 && c->peer.ip[8] == 0;
    uint64_t hash = map_hash((str){(const char *)c->peer.ip, v4 ? 16 : 8});
    c->address_cell[0] = (uint32_t)hash % HTTP_ADDRESS_CELLS;
    c->address_cell[1] = HTTP_ADDRESS_CELLS + (uint32_t)(hash >> 32) % HTTP_ADDRESS_CELLS;
}

bool http_address_count_add(struct http_server *server, struct http_connection *c)
{
    const struct http_server_options *options = &server->options;
    bool local = http_address_is_loopback(&c->peer) && atomic_load(&server->proxy_seen);
    if (c->peer.kind != HTTP_ADDRESS_IP || local || http_proxies_trust(&options->proxies, &c->peer))
        return true;
    cells_find(c);
    unsigned before[2];
    for (size_t i = 0; i < 2; i++)
        before[i] = atomic_fetch_add(&server->address_counts[c->address_cell[i]], 1);
    c->counted_address = true;
    return (before[0] < before[1] ? before[0] : before[1]) < options->limits.address_connections;
}

void http_address_count_drop(struct http_server *server, struct http_connection *c)
{
    if (!c->counted_address)
        return;
    c->counted_address = false;
    for (size_t i = 0; i < 2; i++)
        atomic_fetch_sub(&server->address_counts[c->address_cell[i]], 1);
}
