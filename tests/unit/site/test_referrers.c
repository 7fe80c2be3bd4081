/* SPDX-License-Identifier: MIT */
#include "site/referrers.h"

#include "base/arena.h"
#include "http/request.h"
#include "tests/check.h"

#include <pthread.h>

/* ---- hosts ---- */

static const struct {
    str referer, own, host;
    bool counts;
} hosts[] = {
    {STR_INIT("https://www.Rain.example:443/a?b#c"), STR_INIT("news.example"),
     STR_INIT("rain.example"), true},
    {STR_INIT("http://rain.example"), STR_INIT("news.example"), STR_INIT("rain.example"), true},
    {STR_INIT("https://ida:secret@rain.example/"), STR_INIT("news.example"),
     STR_INIT("rain.example"), true},
    {STR_INIT("android-app://com.google.android.googlequicksearchbox/"), STR_INIT("news.example"),
     STR_INIT("com.google.android.googlequicksearchbox"), true},
    {STR_INIT("https://news.example/story/"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT("https://news.example/story/"), STR_INIT("NEWS.example:8080"), STR_INIT(""), false},
    {STR_INIT("https://www.news.example/"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT("https://192.0.2.7/"), STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https://[2001:db8::1]/"), STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https://localhost/"), STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https://a b.example/"), STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https://<script>.example/"), STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/"),
     STR_INIT("news.example"), STR_INIT(""), true},
    {STR_INIT("https:///path"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT("mailto:ida@rain.example"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT("javascript://rain.example/"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT("rain.example"), STR_INIT("news.example"), STR_INIT(""), false},
    {STR_INIT(""), STR_INIT(""), STR_INIT(""), false},
};

static void test_hosts(void)
{
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        char space[REFERRER_HOST_MAX];
        str host = STR_NONE;
        bool counts = referrer_host(hosts[i].referer, hosts[i].own, space, &host);
        EXPECT_INT(counts, hosts[i].counts);
        if (counts)
            EXPECT_STR(host, hosts[i].host);
    }
}

/* ---- counting ---- */

struct seen {
    int64_t reads, unnamed, rows, rain;
};

static void see(void *ctx, int64_t story, str host, int64_t reads)
{
    struct seen *seen = ctx;
    EXPECT(story > 0);
    seen->rows++;
    seen->reads += reads;
    seen->unnamed += host.len == 0 ? reads : 0;
    seen->rain += str_eq(host, S("rain.example")) && story == 1 ? reads : 0;
}

static void note(struct referrers *referrers, size_t place, int64_t story, str referer)
{
    struct http_request req = {.method = HTTP_GET, .host = S("news.example")};
    req.known[HTTP_REFERER] = referer;
    req.known_set = referer.len > 0 ? 1u << HTTP_REFERER : 0;
    referrers_note(referrers, place, story, &req);
}

static void test_counting(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct referrers *referrers = referrers_new(2);
    struct seen seen = {0};
    for (size_t i = 0; i < 5; i++)
        note(referrers, i % 2, 1, S("https://rain.example/private?ida=1"));
    note(referrers, 0, 2, S("https://rain.example/"));
    note(referrers, 0, 1, S("https://news.example/other/"));
    note(referrers, 0, 1, STR_NONE);
    note(referrers, 0, 0, S("https://rain.example/"));
    referrers_drain(referrers, see, &seen);
    EXPECT_INT(seen.reads, 6);
    EXPECT_INT(seen.rain, 5);
    EXPECT_INT(seen.rows, 3);
    seen = (struct seen){0};
    referrers_drain(referrers, see, &seen);
    EXPECT_INT(seen.rows, 0);

    /* More hosts than are held: the table stays as large as it is. */
    for (int i = 0; i < 3 * REFERRERS_HELD; i++)
        note(referrers, 0, 1, str_format(arena, "https://h%d.example/", i));
    referrers_drain(referrers, see, &seen);
    EXPECT_INT(seen.rows, REFERRERS_HELD);
    referrers_free(referrers);
}

/* ---- while somebody drains ---- */

enum { NOTES = 200000 };

static void *note_many(void *arg)
{
    for (int i = 0; i < NOTES; i++)
        note(arg, 0, 1 + i % 7, S("https://rain.example/"));
    return NULL;
}

static void test_draining(void)
{
    struct referrers *referrers = referrers_new(1);
    struct seen seen = {0};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, note_many, referrers) == 0);
    for (int i = 0; i < 200; i++)
        referrers_drain(referrers, see, &seen);
    CHECK(pthread_join(thread, NULL) == 0);
    referrers_drain(referrers, see, &seen);
    EXPECT_INT(seen.reads, NOTES);
    referrers_free(referrers);
}

int main(void)
{
    test_hosts();
    test_counting();
    test_draining();
    return test_done();
}
