/* SPDX-License-Identifier: MIT */
#include "site/mail_message.h"

#include "base/arena.h"
#include "tests/check.h"

/* 2024-05-06T07:08:09Z */
#define AT ((time_us)1714979289 * TIME_SECOND)

static str made(struct arena *arena, struct mail_message message)
{
    str bytes = STR_NONE;
    struct error err = ERROR_INIT;
    if (message.from.len == 0)
        message.from = S("news@wharf.example");
    if (message.to.len == 0)
        message.to = S("ann@wharf.example");
    message.id = S("0123abcd");
    message.date = AT;
    EXPECT_ST(mail_message_format(arena, &message, &bytes, &err), ST_OK, &err);
    return bytes;
}

static void whole(struct arena *arena)
{
    EXPECT_STR(made(arena, (struct mail_message){.from_name = S("The Wharf"),
                                                 .to_name = S("Ann \"A\" Quill"),
                                                 .subject = S("A new password"),
                                                 .text = S("Hello.\n\n.\nFrom here = there \n")}),
               S("Date: Mon, 06 May 2024 07:08:09 +0000\r\n"
                 "From: \"The Wharf\" <news@wharf.example>\r\n"
                 "To: \"Ann \\\"A\\\" Quill\" <ann@wharf.example>\r\n"
                 "Subject: A new password\r\n"
                 "Message-ID: <0123abcd@wharf.example>\r\n"
                 "Auto-Submitted: auto-generated\r\n"
                 "MIME-Version: 1.0\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\n"
                 "\r\n"
                 "Hello.\r\n\r\n=2E\r\n=46rom here =3D there=20\r\n"));
}

/* The line that begins with `name`, unfolded no further. */
static str header(str message, str name)
{
    str rest = str_from(message, str_find(message, name) + name.len);
    for (size_t i = 0; i + 2 < rest.len; i++) {
        if (rest.ptr[i] == '\r' && rest.ptr[i + 2] != ' ')
            return str_sub(rest, 0, i);
    }
    return STR_NONE;
}

static void subjects(struct arena *arena)
{
    static const struct {
        str subject, line;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("Caf\xC3\xA9"), STR_INIT("=?utf-8?B?Q2Fmw6k=?=")},
        {STR_INIT("x\r\nBcc: all@wharf.example"), STR_INIT("x Bcc: all@wharf.example")},
        {STR_INIT("x\nBcc: y\r\n\r\nbody"), STR_INIT("=?utf-8?B?eCBCY2M6IHkgIGJvZHk=?=")},
        {STR_INIT("=?utf-8?B?eA==?="), STR_INIT("=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=")},
        {STR_INIT("a\xE2\x80\xAE"
                  "b"),
         STR_INIT("ab")},
        {STR_INIT("\xFF"), STR_INIT("=?utf-8?B?77+9?=")},
        {STR_INIT(
             "The harbour is shut from Monday to Friday, and the ferry goes from the other quay"),
         STR_INIT("The harbour is shut from Monday to Friday, and the ferry goes from\r\n"
                  " the other quay")},
        {STR_INIT(
             "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
             "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"),
         STR_INIT("=?utf-8?B?w6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6Q=?=\r\n"
                  " =?utf-8?B?w6Q=?=")},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        EXPECT_STR(
            header(made(arena, (struct mail_message){.subject = cases[i].subject, .text = S("x")}),
                   S("Subject: ")),
            cases[i].line);
}

static void names(struct arena *arena)
{
    static const struct {
        str name, line;
    } cases[] = {
        {STR_INIT(""), STR_INIT("<ann@wharf.example>")},
        {STR_INIT("Ann\r\nBcc: x@y.example"),
         STR_INIT("\"Ann Bcc: x@y.example\" <ann@wharf.example>")},
        {STR_INIT("Ann <evil@y.example>, B"),
         STR_INIT("\"Ann <evil@y.example>, B\" <ann@wharf.example>")},
        {STR_INIT("J\xC3\xBCrg"), STR_INIT("=?utf-8?B?SsO8cmc=?= <ann@wharf.example>")},
        {STR_INIT("a\\"), STR_INIT("\"a\\\\\" <ann@wharf.example>")},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        EXPECT_STR(
            header(made(arena, (struct mail_message){.to_name = cases[i].name, .text = S("x")}),
                   S("\r\nTo: ")),
            cases[i].line);
}

static void addresses(struct arena *arena)
{
    static const struct {
        str address;
        bool valid;
    } cases[] = {
        {STR_INIT("ann@wharf.example"), true},
        {STR_INIT("a.b+c=d'e@x-y.example"), true},
        {STR_INIT("root@localhost"), true},
        {STR_INIT("ann"), false},
        {STR_INIT("@wharf.example"), false},
        {STR_INIT("ann@"), false},
        {STR_INIT("a@b@c.example"), false},
        {STR_INIT("ann@wharf.example\r\nRCPT TO:<x@y.example>"), false},
        {STR_INIT("ann@wharf.example> SIZE=1"), false},
        {STR_INIT("<ann@wharf.example"), false},
        {STR_INIT("a b@wharf.example"), false},
        {STR_INIT("\"a b\"@wharf.example"), false},
        {STR_INIT("a..b@wharf.example"), false},
        {STR_INIT(".a@wharf.example"), false},
        {STR_INIT("j\xC3\xBCrg@wharf.example"), false},
        {STR_INIT("ann@w\xC3\xA4rf.example"), false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        str bytes;
        EXPECT_INT(mail_address_valid(cases[i].address), cases[i].valid);
        EXPECT_INT(mail_message_format(arena,
                                       &(struct mail_message){.from = S("a@b.example"),
                                                              .to = cases[i].address,
                                                              .text = S("x")},
                                       &bytes, NULL),
                   cases[i].valid ? ST_OK : ST_INVALID);
    }
    EXPECT_STR(mail_domain(S("ann@wharf.example")), S("wharf.example"));
    EXPECT_STR(mail_hide_addresses(arena, S("550 <ann@wharf.example>: no, ask bob@x.example")),
               S("550 <\xE2\x80\xA6@wharf.example>: no, ask \xE2\x80\xA6@x.example"));
    EXPECT_STR(mail_hide_addresses(arena, S("250 ok")), S("250 ok"));
}

static void two_forms(struct arena *arena)
{
    str message = made(
        arena, (struct mail_message){.text = S("--=_the-other-form--"), .html = S("<p>x</p>")});
    EXPECT(str_contains(message, S("multipart/alternative; boundary=\"=_the-other-form\"")));
    EXPECT(str_contains(message, S("\r\n--=3D_the-other-form--\r\n")));
    EXPECT(str_ends(message, S("\r\n<p>x</p>\r\n\r\n--=_the-other-form--\r\n")));
}

static void limits(struct arena *arena)
{
    char *text = arena_alloc(arena, MAIL_TEXT_MAX + 1, 1);
    str bytes;
    memset(text, 'x', MAIL_TEXT_MAX + 1);
    struct mail_message message = {
        .from = S("a@b.example"), .to = S("c@d.example"), .text = {text, MAIL_TEXT_MAX}};
    EXPECT_INT(mail_message_format(arena, &message, &bytes, NULL), ST_OK);
    message.text.len++;
    EXPECT_INT(mail_message_format(arena, &message, &bytes, NULL), ST_TOO_BIG);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    whole(arena);
    subjects(arena);
    names(arena);
    addresses(arena);
    two_forms(arena);
    limits(arena);
    return test_done();
}
