/* SPDX-License-Identifier: MIT */
#include "http/address.h"

#include "base/arena.h"
#include "base/parse.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static bool ip_is_v4(const uint8_t ip[16])
{
    return memcmp(ip, mapped, sizeof(mapped)) == 0;
}

/* The address alone: no brackets, no port. */
static bool ip_parse(str text, uint8_t ret_ip[16])
{
    char c[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof(c))
        return false;
    memcpy(c, text.ptr, text.len);
    c[text.len] = '\0';
    if (strlen(c) != text.len)
        return false;
    uint8_t ip[16];
    if (inet_pton(AF_INET6, c, ip) == 1) {
        memcpy(ret_ip, ip, sizeof(ip));
        return true;
    }
    if (inet_pton(AF_INET, c, ip) != 1)
        return false;
    memcpy(ret_ip, mapped, sizeof(mapped));
    memcpy(ret_ip + sizeof(mapped), ip, 4);
    return true;
}

static bool port_is_valid(str port)
{
    uint64_t n;
    return port.len <= 5 && str_to_u64(port, 65535, &n);
}

bool http_address_parse(str text, struct http_address *ret_address)
{
    str host = text;
    if (str_starts(text, S("["))) {
        size_t end = str_find_char(text, ']');
        if (end == STR_NPOS)
            return false;
        host = str_sub(text, 1, end - 1);
        str rest = str_from(text, end + 1);
        if (str_find_char(host, ':') == STR_NPOS)
            return false;
        if (rest.len > 0 && (rest.ptr[0] != ':' || !port_is_valid(str_from(rest, 1))))
            return false;
    } else {
        size_t colon = str_find_char(text, ':');
        if (colon != STR_NPOS && str_rfind_char(text, ':') == colon) { /* "192.0.2.1:80" */
            host = str_sub(text, 0, colon);
            if (!port_is_valid(str_from(text, colon + 1)))
                return false;
        }
    }
    struct http_address address = {.kind = HTTP_ADDRESS_IP};
    if (!ip_parse(host, address.ip))
        return false;
    *ret_address = address;
    return true;
}

struct http_address http_address_from_socket(const struct sockaddr_storage *peer)
{
    struct http_address address = {.kind = HTTP_ADDRESS_IP};
    if (peer->ss_family == AF_INET) {
        memcpy(address.ip, mapped, sizeof(mapped));
        memcpy(address.ip + 12, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
    } else if (peer->ss_family == AF_INET6) {
        memcpy(address.ip, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, 16);
    } else {
        address.kind = HTTP_ADDRESS_UNIX;
    }
    return address;
}

bool http_address_equal(const struct http_address *a, const struct http_address *b)
{
    return a->kind == b->kind && memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool http_address_is_loopback(const struct http_address *address)
{
    static const uint8_t v6[16] = {[15] = 1};
    if (address->kind != HTTP_ADDRESS_IP)
        return false;
    return memcmp(address->ip, v6, sizeof(v6)) == 0 ||
           (ip_is_v4(address->ip) && address->ip[12] == 127);
}

str http_address_format(const struct http_address *address, enum http_address_form form,
                        char space[HTTP_ADDRESS_TEXT_MAX])
{
    if (address->kind == HTTP_ADDRESS_NONE || form == HTTP_ADDRESS_HIDDEN)
        return S("-");
    if (address->kind == HTTP_ADDRESS_UNIX)
        return S("unix");
    uint8_t ip[16];
    memcpy(ip, address->ip, sizeof(ip));
    bool v4 = ip_is_v4(ip);
    if (form == HTTP_ADDRESS_SHORT)
        memset(v4 ? ip + 15 : ip + 6, 0, v4 ? 1 : 10);
    CHECK(inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip + 12 : ip, space, HTTP_ADDRESS_TEXT_MAX) !=
          NULL);
    return str_from_c(space);
}

/* ---- whom to believe ---- */

enum status http_proxies_add(struct http_proxies *proxies, str text, struct error *err)
{
    if (proxies->count == HTTP_TRUSTED_MAX)
        return error_set(err, ST_TOO_BIG, "at most %d proxies can be trusted", HTTP_TRUSTED_MAX);
    struct http_network network = {.prefix_bits = 128};
    if (str_eq(text, S("unix"))) {
        network = (struct http_network){.address = {.kind = HTTP_ADDRESS_UNIX}};
    } else {
        str bits = text;
        str ip = str_cut(&bits, '/');
        network.address.kind = HTTP_ADDRESS_IP;
        bool ok = ip_parse(ip, network.address.ip);
        if (ok && ip.len < text.len) {
            bool v4 = ip_is_v4(network.address.ip) && str_find_char(ip, ':') == STR_NPOS;
            uint64_t n = 0;
            ok = str_to_u64(bits, v4 ? 32 : 128, &n);
            network.prefix_bits = (unsigned)n + (v4 ? 96 : 0);
        }
        if (!ok)
            return error_set(err, ST_INVALID,
                             "\"%.*s\" is no address (192.0.2.1), network (10.0.0.0/8) or \"unix\"",
                             STR_ARG(text));
    }
    proxies->trusted[proxies->count++] = network;
    return ST_OK;
}

static bool network_has(const struct http_network *network, const struct http_address *address)
{
    if (network->address.kind != address->kind)
        return false;
    if (address->kind == HTTP_ADDRESS_UNIX)
        return true;
    unsigned whole = network->prefix_bits / 8, bits = network->prefix_bits % 8;
    if (memcmp(network->address.ip, address->ip, whole) != 0)
        return false;
    unsigned differ = bits == 0 ? 0u : network->address.ip[whole] ^ (unsigned)address->ip[whole];
    return differ >> (8 - bits) == 0;
}

bool http_proxies_trust(const struct http_proxies *proxies, const struct http_address *address)
{
    for (size_t i = 0; i < proxies->count; i++) {
        if (network_has(&proxies->trusted[i], address))
            return true;
    }
    return false;
}

/* Takes the last element off a comma list. */
static str list_take_last(str *list)
{
    size_t comma = str_rfind_char(*list, ',');
    str last = comma == STR_NPOS ? *list : str_from(*list, comma + 1);
    *list = comma == STR_NPOS ? STR_NONE : str_sub(*list, 0, comma);
    return str_trim(last);
}

/* for="[2001:db8::1]:80";proto=https -> the value of one parameter, quotes off (RFC 7239 §4). */
static str forwarded_param(str element, str name)
{
    while (element.len > 0) {
        str value = str_cut(&element, ';');
        str key = str_trim(str_cut(&value, '='));
        if (!str_eq_nocase(key, name))
            continue;
        value = str_trim(value);
        if (value.len >= 2 && str_starts(value, S("\"")) && str_ends(value, S("\"")))
            value = str_sub(value, 1, value.len - 2);
        return value;
    }
    return STR_NONE;
}

struct http_address http_proxies_reader(const struct http_proxies *proxies,
                                        const struct http_address *peer, str header)
{
    struct http_address reader = *peer;
    while (header.len > 0 && http_proxies_trust(proxies, &reader)) {
        str hop = list_take_last(&header);
        if (proxies->header == HTTP_PROXY_FORWARDED)
            hop = forwarded_param(hop, S("for"));
        if (!http_address_parse(hop, &reader))
            break;
    }
    return reader;
}

bool http_proxies_secure(const struct http_proxies *proxies, const struct http_address *peer,
                         str forwarded, str forwarded_proto)
{
    if (!http_proxies_trust(proxies, peer))
        return false;
    str proto = proxies->header == HTTP_PROXY_FORWARDED
                    ? forwarded_param(list_take_last(&forwarded), S("proto"))
                    : list_take_last(&forwarded_proto);
    return str_eq_nocase(proto, S("https"));
}

/* ---- where to listen ---- */

static enum status listen_unix(str path, struct http_listen *ret, struct error *err)
{
    struct sockaddr_un *un = (void *)&ret->address;
    if (path.len == 0 || path.len >= sizeof(un->sun_path))
        return error_set(err, ST_INVALID, "a socket's path has 1 to %zu bytes",
                         sizeof(un->sun_path) - 1);
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, path.ptr, path.len);
    ret->address_len = sizeof(*un);
    ret->is_unix = true;
    return ST_OK;
}

enum status http_listen_parse(str text, struct http_listen ret_listen[HTTP_LISTEN_MAX],
                              size_t *ret_count, struct error *err)
{
    memset(ret_listen, 0, HTTP_LISTEN_MAX * sizeof(*ret_listen));
    *ret_count = 1;
    if (str_starts(text, S("unix:")))
        return listen_unix(str_from(text, 5), &ret_listen[0], err);

    size_t colon = str_rfind_char(text, ':');
    str host = colon == STR_NPOS ? text : str_sub(text, 0, colon);
    str port = colon == STR_NPOS ? STR_NONE : str_from(text, colon + 1);
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = str_sub(host, 1, host.len - 2);
    char name[256] = "", service[8] = "";
    if (!port_is_valid(port) || host.len >= sizeof(name))
        return error_set(err, ST_INVALID,
                         "\"%.*s\" is no address to listen on: HOST:PORT, [IPV6]:PORT or unix:PATH",
                         STR_ARG(text));
    memcpy(name, host.len > 0 ? host.ptr : "", host.len);
    memcpy(service, port.ptr, port.len);

    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(host.len > 0 ? name : NULL, service, &hints, &found);
    if (rc != 0)
        return error_set(err, ST_NOT_FOUND, "cannot listen on \"%.*s\": %s", STR_ARG(text),
                         gai_strerror(rc));
    size_t n = 0;
    for (struct addrinfo *a = found; a != NULL && n < HTTP_LISTEN_MAX; a = a->ai_next, n++) {
        memcpy(&ret_listen[n].address, a->ai_addr, a->ai_addrlen);
        ret_listen[n].address_len = a->ai_addrlen;
    }
    freeaddrinfo(found);
    *ret_count = n;
    return ST_OK;
}
