/* http/address.h -- where to listen, who is there, and whom to believe about it.
 *
 *     "127.0.0.1:8080"  "[::1]:8080"  "localhost:8080"  ":8080"  "unix:/run/broadsheet.sock"
 *     trusted proxies: "10.0.0.0/8"  "2001:db8::/32"  "127.0.0.1"  "unix"
 *
 * Behind a proxy the peer of the connection is the proxy, and the reader's address stands in a
 * header anybody can write. So the header is read only when the peer is a trusted proxy, from the
 * right (each hop adds itself there), skipping hops that are trusted too: the first that is not is
 * the reader. Exactly one header is read, the one named in the settings (`X-Forwarded-For` unless
 * told `Forwarded`, RFC 7239): a proxy that writes one passes the other through as the client sent
 * it, so a server that reads either believes whoever forges the one its proxy does not write.
 *
 * Addresses are kept as 16 bytes, IPv4 as ::ffff:a.b.c.d, so that both compare alike.
 *
 * Threads: values; pure functions. */
#pragma once
#include "base/str.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

struct arena;

struct http_address {
    enum { HTTP_ADDRESS_NONE, HTTP_ADDRESS_IP, HTTP_ADDRESS_UNIX } kind;
    uint8_t ip[16]; /* network order; IPv4 mapped into IPv6 */
};

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "192.0.2.1:4711", "[::1]:80"; a zone is refused. */
bool http_address_parse(str text, struct http_address *ret_address);
struct http_address http_address_from_socket(const struct sockaddr_storage *peer);
bool http_address_equal(const struct http_address *a, const struct http_address *b);
bool http_address_is_loopback(const struct http_address *address);

enum { HTTP_ADDRESS_TEXT_MAX = 64 };
enum http_address_form {
    HTTP_ADDRESS_FULL,
    HTTP_ADDRESS_SHORT, /* the last byte of IPv4 and the last ten of IPv6 left out: "192.0.2.0", "2001:db8:1::" */
    HTTP_ADDRESS_HIDDEN, /* "-" */
};
/* Writes into `space`; the result lends from it. "unix" for a unix peer, "-" for none. */
str http_address_format(const struct http_address *address, enum http_address_form form,
                        char space[HTTP_ADDRESS_TEXT_MAX]);

/* ---- whom to believe ---- */

enum { HTTP_TRUSTED_MAX = 64 };

enum http_proxy_header { HTTP_PROXY_X_FORWARDED_FOR, HTTP_PROXY_FORWARDED };

struct http_network {
    struct http_address address;
    unsigned prefix_bits; /* of 128; of 0 for unix */
};

struct http_proxies {
    struct http_network trusted[HTTP_TRUSTED_MAX];
    size_t count;
    enum http_proxy_header header;
};

/* Adds "10.0.0.0/8", "::1", "unix". ST_INVALID or ST_TOO_BIG with a sentence. */
MUST_USE enum status http_proxies_add(struct http_proxies *proxies, str text, struct error *err);
bool http_proxies_trust(const struct http_proxies *proxies, const struct http_address *address);

/* The reader behind `peer`. `header` is the value of the one header read (empty: absent). A hop that
 * is no address ("unknown", "_hidden") ends the walk: the hop to its right stands. */
struct http_address http_proxies_reader(const struct http_proxies *proxies,
                                        const struct http_address *peer, str header);
/* True when the trusted proxy next to us says the reader came by https. */
bool http_proxies_secure(const struct http_proxies *proxies, const struct http_address *peer,
                         str forwarded, str forwarded_proto);

/* ---- where to listen ---- */

struct http_listen {
    struct sockaddr_storage address;
    socklen_t address_len;
    bool is_unix;
};

/* A name is looked up here ("localhost" may give two addresses: `ret_count`). ST_INVALID says what
 * the form should be; ST_NOT_FOUND that the name has no address. */
enum { HTTP_LISTEN_MAX = 8 };
MUST_USE enum status http_listen_parse(str text, struct http_listen ret_listen[HTTP_LISTEN_MAX],
                                       size_t *ret_count, struct error *err);
