/* SPDX-License-Identifier: MIT */
#include "site/folder.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "tests/check.h"

#include <stdlib.h>

static const struct {
    str yaml;
    enum status status;
    const char *sentence; /* begins so */
} configs[] = {
    {STR_INIT(""), ST_OK, ""},
    {STR_INIT("# nothing\n"), ST_OK, ""},
    {STR_INIT("url: https://news.example/\nproxies: [127.0.0.1, unix]\nlisten: ':8080'\n"), ST_OK,
     ""},
    {STR_INIT("listen: [127.0.0.1:1, '[::1]:1']\nproxy_header: forwarded\n"), ST_OK, ""},
    {STR_INIT("url: news.example\n"), ST_INVALID, "broadsheet.yaml:1: url should begin"},
    {STR_INIT("\nulr: x\n"), ST_INVALID, "broadsheet.yaml:2: there is no setting \"ulr\""},
    {STR_INIT("proxies: [10.0.0.0/99]\n"), ST_INVALID, "broadsheet.yaml:1: "},
    {STR_INIT("proxy_header: X-Real-IP\n"), ST_INVALID, "broadsheet.yaml:1: proxy_header should"},
    {STR_INIT("listen: {a: b}\n"), ST_INVALID, "broadsheet.yaml:1: listen should"},
    {STR_INIT("- a\n- b\n"), ST_INVALID, "broadsheet.yaml:1: should be lines"},
    {STR_INIT("a: [\n"), ST_INVALID, "broadsheet.yaml:"},
    {STR_INIT("url: \"\xff\"\n"), ST_INVALID, "broadsheet.yaml:"},
    {STR_INIT("mail: {server: smtp://m.example, from: a@b.example}\n"), ST_OK, ""},
    {STR_INIT("mail:\n  server: smtps://[::1]:465\n  from: a@b.example\n  user: u\n  password: p\n"
              "  name: The Wharf\n"),
     ST_OK, ""},
    {STR_INIT("mail: {from: a@b.example}\n"), ST_INVALID, "broadsheet.yaml:1: mail needs a server"},
    {STR_INIT("mail: {server: m.example, from: a@b.example}\n"), ST_INVALID,
     "broadsheet.yaml:1: mail needs a server"},
    {STR_INIT("mail: {server: 'smtp://u:p@m.example', from: a@b.example}\n"), ST_INVALID,
     "broadsheet.yaml:1: mail needs a server"},
    {STR_INIT("mail: {server: 'smtp://m.example:99999', from: a@b.example}\n"), ST_INVALID,
     "broadsheet.yaml:1: mail needs a server"},
    {STR_INIT("mail: {server: smtp://m.example}\n"), ST_INVALID,
     "broadsheet.yaml:1: mail needs an address"},
    {STR_INIT("mail: {server: smtp://m.example, from: \"a@b.example\\r\\nBcc: c@d.example\"}\n"),
     ST_INVALID, "broadsheet.yaml:1: mail needs an address"},
    {STR_INIT("mail:\n  server: smtp://m.example\n  form: a@b.example\n"), ST_INVALID,
     "broadsheet.yaml:3: mail should have server"},
    {STR_INIT("mail: {server: smtp://m.example, from: a@b.example, tls: maybe}\n"), ST_INVALID,
     "broadsheet.yaml:1: tls should be"},
    {STR_INIT("mail: {server: smtps://m.example, from: a@b.example, tls: none}\n"), ST_INVALID,
     "broadsheet.yaml:1: smtps:// is TLS"},
    {STR_INIT("mail: yes\n"), ST_INVALID, "broadsheet.yaml:1: mail should be lines"},
};

static void config_is_read(struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
        struct folder folder = {0};
        struct error err = ERROR_INIT;
        EXPECT_ST(folder_config_read(arena, configs[i].yaml, &folder, &err), configs[i].status,
                  &err);
        str sentence = str_from_c(err.text);
        EXPECT_STR(str_sub(sentence, 0, strlen(configs[i].sentence)),
                   str_from_c(configs[i].sentence));
    }
    struct folder folder = {0};
    struct error err = ERROR_INIT;
    EXPECT_ST(folder_config_read(arena, configs[2].yaml, &folder, &err), ST_OK, &err);
    EXPECT_STR(folder.url, S("https://news.example"));
    EXPECT_INT(folder.proxies.count, 2);
    EXPECT_STR(folder.listen[0], S(":8080"));
}

/* TLS is for the network: a server on this machine is not asked for it, any other always. */
static void mail_is_read(struct arena *arena)
{
    static const struct {
        str server, tls, host;
        int port;
        bool at_once, wants_tls;
    } cases[] = {
        {STR_INIT("smtp://m.example"), STR_INIT("required"), STR_INIT("m.example"), 587, false,
         true},
        {STR_INIT("smtp://m.example:25/"), STR_INIT("none"), STR_INIT("m.example"), 25, false,
         false},
        {STR_INIT("smtps://m.example"), STR_INIT("required"), STR_INIT("m.example"), 465, true,
         true},
        {STR_INIT("smtp://127.0.0.1:2525"), STR_INIT(""), STR_INIT("127.0.0.1"), 2525, false,
         false},
        {STR_INIT("smtp://m.example"), STR_INIT(""), STR_INIT("m.example"), 587, false, true},
        {STR_INIT("smtps://localhost"), STR_INIT(""), STR_INIT("localhost"), 465, true, true},
        {STR_INIT("smtp://[::1]"), STR_INIT("required"), STR_INIT("::1"), 587, false, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct folder folder = {0};
        struct error err = ERROR_INIT;
        str yaml = str_format(arena, "mail: {server: '%.*s', from: a@b.example, tls: '%.*s'}\n",
                              STR_ARG(cases[i].server), STR_ARG(cases[i].tls));
        EXPECT_ST(folder_config_read(arena, yaml, &folder, &err), ST_OK, &err);
        EXPECT_STR(folder.mail.host, cases[i].host);
        EXPECT_INT(folder.mail.port, cases[i].port);
        EXPECT_INT(folder.mail.tls_at_once, cases[i].at_once);
        EXPECT_INT(folder.mail.tls, cases[i].wants_tls);
    }
    struct folder none = {0};
    struct mail_server server;
    EXPECT_INT(folder_mail(&none, arena, &server, NULL), ST_NOT_FOUND);
}

static void one_at_a_time(struct arena *arena)
{
    char template[] = "/tmp/broadsheet-test-XXXXXX";
    str top = str_from_c(mkdtemp(template));
    str dir = file_join(arena, top, S("site"));
    struct error err = ERROR_INIT;
    struct folder *first, *second;

    EXPECT_ST(folder_open(dir, &first, &err), ST_NOT_FOUND, &err);
    EXPECT(str_contains(str_from_c(err.text), S("broadsheet init")));
    EXPECT_ST(folder_make(dir, S("https://x.example"), &err), ST_OK, &err);
    EXPECT_ST(folder_make(dir, STR_NONE, &err), ST_CONFLICT, &err);
    EXPECT_ST(folder_open(dir, &first, &err), ST_OK, &err);
    EXPECT_STR(first->url, S("https://x.example"));
    EXPECT(first->media_fd >= 0);
    EXPECT_ST(folder_open(dir, &second, &err), ST_OK, &err);
    EXPECT(memcmp(first->secret, second->secret, FOLDER_SECRET_BYTES) == 0);
    EXPECT(!folder_in_use(second));
    EXPECT_ST(folder_lock(first, &err), ST_OK, &err);
    EXPECT(folder_in_use(second));
    EXPECT_ST(folder_lock(second, &err), ST_CONFLICT, &err);
    folder_close(first);
    EXPECT(!folder_in_use(second));
    EXPECT_ST(folder_lock(second, &err), ST_OK, &err);
    folder_close(second);
    folder_close(NULL);
    EXPECT(system(str_copy_c(arena, str_join2(arena, S("rm -r "), top))) == 0);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    random_start();
    config_is_read(arena);
    mail_is_read(arena);
    one_at_a_time(arena);
    return test_done();
}
