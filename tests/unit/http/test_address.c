/* SPDX-License-Identifier: MIT */
#include "http/address.h"

#include "tests/check.h"

#include <arpa/inet.h>

static const struct {
    str text;
    str full, brief; /* "" when it is no address */
} addresses[] = {
    {STR_INIT("192.0.2.17"), STR_INIT("192.0.2.17"), STR_INIT("192.0.2.0")},
    {STR_INIT("192.0.2.17:4711"), STR_INIT("192.0.2.17"), STR_INIT("192.0.2.0")},
    {STR_INIT("2001:db8:1:2:3:4:5:6"), STR_INIT("2001:db8:1:2:3:4:5:6"), STR_INIT("2001:db8:1::")},
    {STR_INIT("[2001:db8::1]"), STR_INIT("2001:db8::1"), STR_INIT("2001:db8::")},
    {STR_INIT("[2001:db8::1]:80"), STR_INIT("2001:db8::1"), STR_INIT("2001:db8::")},
    {STR_INIT("::ffff:192.0.2.1"), STR_INIT("192.0.2.1"), STR_INIT("192.0.2.0")},
    {STR_INIT(""), STR_INIT(""), STR_INIT("")},
    {STR_INIT("192.0.2"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("192.0.2.1:"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("192.0.2.1:99999"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("192.0.2.1 "), STR_INIT(""), STR_INIT("")},
    {STR_INIT("192.0.2.1\0"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("fe80::1%eth0"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("[192.0.2.1]"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("[::1]x"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("unknown"), STR_INIT(""), STR_INIT("")},
    {STR_INIT("1234567890123456789012345678901234567890123456789"), STR_INIT(""), STR_INIT("")},
};

static void test_addresses(void)
{
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        struct http_address address;
        char space[HTTP_ADDRESS_TEXT_MAX];
        bool ok = http_address_parse(addresses[i].text, &address);
        EXPECT_INT(ok, addresses[i].full.len > 0);
        if (!ok)
            continue;
        EXPECT_STR(http_address_format(&address, HTTP_ADDRESS_FULL, space), addresses[i].full);
        EXPECT_STR(http_address_format(&address, HTTP_ADDRESS_SHORT, space), addresses[i].brief);
        EXPECT_STR(http_address_format(&address, HTTP_ADDRESS_HIDDEN, space), S("-"));
    }
}

/* ---- proxies ---- */

static struct http_address address_of(str text)
{
    struct http_address address = {.kind = HTTP_ADDRESS_UNIX};
    if (!str_eq(text, S("unix")))
        EXPECT(http_address_parse(text, &address));
    return address;
}

static const struct {
    str peer, header, reader;
} readers[] = {
    /* an untrusted peer's header changes nothing */
    {STR_INIT("203.0.113.9"), STR_INIT("198.51.100.1"), STR_INIT("203.0.113.9")},
    {STR_INIT("10.1.2.3"), STR_INIT("198.51.100.1"), STR_INIT("198.51.100.1")},
    {STR_INIT("unix"), STR_INIT("198.51.100.1"), STR_INIT("198.51.100.1")},
    /* forged on the left, true on the right */
    {STR_INIT("10.1.2.3"), STR_INIT("1.1.1.1, 198.51.100.1"), STR_INIT("198.51.100.1")},
    {STR_INIT("10.1.2.3"), STR_INIT("1.1.1.1,198.51.100.1 , 10.9.9.9"), STR_INIT("198.51.100.1")},
    {STR_INIT("10.1.2.3"), STR_INIT("10.5.5.5, 10.9.9.9"), STR_INIT("10.5.5.5")},
    {STR_INIT("10.1.2.3"), STR_INIT("unknown"), STR_INIT("10.1.2.3")},
    {STR_INIT("10.1.2.3"), STR_INIT("198.51.100.1, nonsense"), STR_INIT("10.1.2.3")},
    {STR_INIT("10.1.2.3"), STR_INIT(""), STR_INIT("10.1.2.3")},
    {STR_INIT("10.1.2.3"), STR_INIT(",,"), STR_INIT("10.1.2.3")},
    {STR_INIT("2001:db8::7"), STR_INIT("[2001:db9::1]:99"), STR_INIT("2001:db9::1")},
    {STR_INIT("2001:db9::7"), STR_INIT("198.51.100.1"), STR_INIT("2001:db9::7")},
};

static void test_readers(void)
{
    struct http_proxies proxies = {0};
    struct error err = ERROR_INIT;
    char space[HTTP_ADDRESS_TEXT_MAX];
    EXPECT_ST(http_proxies_add(&proxies, S("10.0.0.0/8"), &err), ST_OK, &err);
    EXPECT_ST(http_proxies_add(&proxies, S("2001:db8::/31"), &err), ST_OK, &err);
    EXPECT_ST(http_proxies_add(&proxies, S("unix"), &err), ST_OK, &err);
    proxies.count = 1; /* /31 holds 2001:db9 as well: use /32 for the table */
    EXPECT_ST(http_proxies_add(&proxies, S("2001:db8::/32"), &err), ST_OK, &err);
    EXPECT_ST(http_proxies_add(&proxies, S("unix"), &err), ST_OK, &err);
    EXPECT_ST(http_proxies_add(&proxies, S("10.0.0.0/33"), &err), ST_INVALID, &err);
    EXPECT_ST(http_proxies_add(&proxies, S("ten"), &err), ST_INVALID, &err);
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        struct http_address peer = address_of(readers[i].peer);
        struct http_address reader = http_proxies_reader(&proxies, &peer, readers[i].header);
        EXPECT_STR(http_address_format(&reader, HTTP_ADDRESS_FULL, space), readers[i].reader);
    }
    struct http_address peer = address_of(S("10.0.0.1")), other = address_of(S("11.0.0.1"));
    EXPECT(http_proxies_secure(&proxies, &peer, STR_NONE, S("http, https")));
    EXPECT(!http_proxies_secure(&proxies, &peer, STR_NONE, S("https, http")));
    EXPECT(!http_proxies_secure(&proxies, &other, STR_NONE, S("https")));

    proxies.header = HTTP_PROXY_FORWARDED;
    struct http_address reader = http_proxies_reader(
        &proxies, &peer, S("for=1.1.1.1, For=\"[2001:db9::1]:80\";proto=https;by=10.0.0.1"));
    EXPECT_STR(http_address_format(&reader, HTTP_ADDRESS_FULL, space), S("2001:db9::1"));
    EXPECT(http_proxies_secure(&proxies, &peer, S("for=1.1.1.1;proto=https"), STR_NONE));
    EXPECT(!http_proxies_secure(&proxies, &peer, S("for=1.1.1.1"), S("https")));
}

/* ---- listening ---- */

static void test_listen(void)
{
    static const struct {
        str text;
        enum status status;
    } cases[] = {
        {STR_INIT("127.0.0.1:8080"), ST_OK},
        {STR_INIT("[::1]:8080"), ST_OK},
        {STR_INIT("localhost:0"), ST_OK},
        {STR_INIT(":8080"), ST_OK},
        {STR_INIT("unix:/tmp/x"), ST_OK},
        {STR_INIT("8080"), ST_INVALID},
        {STR_INIT("a:b"), ST_INVALID},
        {STR_INIT("127.0.0.1:70000"), ST_INVALID},
        {STR_INIT("unix:"), ST_INVALID},
        {STR_INIT("127.0.0.1:"), ST_INVALID},
        {STR_INIT("1.2.3.4.5:80"), ST_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_listen listen[HTTP_LISTEN_MAX];
        size_t count;
        struct error err = ERROR_INIT;
        EXPECT_ST(http_listen_parse(cases[i].text, listen, &count, &err), cases[i].status, &err);
    }
}

int main(void)
{
    test_addresses();
    test_readers();
    test_listen();
    return test_done();
}
