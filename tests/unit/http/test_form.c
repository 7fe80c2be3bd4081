/* SPDX-License-Identifier: MIT */
#include "http/form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/cookie.h"
#include "tests/check.h"

/* "name=value;" for text, "name@file:type=value;" for a file: what a form says, in one line. */
static str form_line(struct arena *arena, const struct http_form *form)
{
    struct buf b;
    buf_init(&b, arena, 4096);
    for (size_t i = 0; i < form->count; i++) {
        const struct http_field *f = &form->fields[i];
        buf_add(&b, f->name);
        if (f->is_file)
            buf_addf(&b, "@%.*s:%.*s", STR_ARG(f->file_name), STR_ARG(f->content_type));
        buf_addf(&b, "=%.*s;", STR_ARG(f->value));
    }
    return buf_view(&b);
}

static const struct {
    str text, line;
    enum status status;
} urlencoded[] = {
    {STR_INIT(""), STR_INIT(""), ST_OK},
    {STR_INIT("a=1&b=x+y%26&c&=d&&a=2"), STR_INIT("a=1;b=x y&;c=;=d;a=2;"), ST_OK},
    {STR_INIT("n=%C3%A9%0D%0A"), STR_INIT("n=\xC3\xA9\r\n;"), ST_OK},
    {STR_INIT("n=%zz"), STR_INIT(""), ST_INVALID},
    {STR_INIT("n=%"), STR_INIT(""), ST_INVALID},
    {STR_INIT("n=%00"), STR_INIT(""), ST_INVALID},
    {STR_INIT("n=%FF"), STR_INIT(""), ST_INVALID},
    {STR_INIT("n=12345678901"), STR_INIT(""), ST_TOO_BIG},
    {STR_INIT("12345678901=n"), STR_INIT(""), ST_TOO_BIG},
    {STR_INIT("a&b&c&d&e&f"), STR_INIT(""), ST_TOO_BIG},
};

#define PART(name, more, value)                                                                    \
    "--xx\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" value "\r\n"
#define END "--xx--\r\n"

static const struct {
    str text, line;
    enum status status;
} multipart[] = {
    {STR_INIT(PART("a", "", "1") END), STR_INIT("a=1;"), ST_OK},
    {STR_INIT("preamble\r\n" PART("a", "", "1") PART("b", "", "") "--xx--"), STR_INIT("a=1;b=;"),
     ST_OK},
    {STR_INIT(PART("f", "; filename=\"p.jpg\"\r\nContent-Type: image/jpeg", "\xFF\0\r\n-") END),
     STR_INIT("f@p.jpg:image/jpeg=\xFF"), ST_OK},
    {STR_INIT(PART("f", "; filename=\"\"", "") END), STR_INIT("f@:=;"), ST_OK},
    {STR_INIT(PART("f", "; filename=\"C:\\a%22b.jpg\"", "") END), STR_INIT("f@C:\\a\"b.jpg:=;"),
     ST_OK},
    {STR_INIT(PART("f", "; filename=plain", "z") END), STR_INIT("f@plain:=z;"), ST_OK},
    {STR_INIT(PART("a%0D%0Ab", "", "1") END), STR_INIT("a\r\nb=1;"), ST_OK},
    {STR_INIT(PART("a", "", "x--xx") END), STR_INIT("a=x--xx;"), ST_OK},
    {STR_INIT("--xx \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" END),
     STR_INIT("a=1;"), ST_OK},
    {STR_INIT(END), STR_INIT(""), ST_OK},
    {STR_INIT(""), STR_INIT(""), ST_INVALID},
    {STR_INIT("--xx"), STR_INIT(""), ST_INVALID},
    {STR_INIT("--xx\r\n"), STR_INIT(""), ST_INVALID},
    {STR_INIT("--xx\r\n\r\n1\r\n" END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "", "1")), STR_INIT(""), ST_INVALID},
    {STR_INIT("--xx\nContent-Disposition: form-data; name=a\n\n1\n--xx--"), STR_INIT(""),
     ST_INVALID},
    {STR_INIT("--xx\r\nContent-Disposition: form-data\r\n\r\n1\r\n" END), STR_INIT(""), ST_INVALID},
    {STR_INIT("--xx\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n" END), STR_INIT(""),
     ST_INVALID},
    {STR_INIT(PART("a", "; name=\"b\"", "1") END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "; filename=\"x", "1") END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "\r\nContent-Disposition: form-data; name=b", "1") END), STR_INIT(""),
     ST_INVALID},
    {STR_INIT(PART("a", "\r\nno colon", "1") END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "", "\xFF") END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "", "1") "--xxx" END), STR_INIT(""), ST_INVALID},
    {STR_INIT(PART("a", "", "12345678901") END), STR_INIT(""), ST_TOO_BIG},
    {STR_INIT(PART("a", "", "") PART("a", "", "") PART("a", "", "") PART("a", "", "")
                  PART("a", "", "") PART("a", "", "") END),
     STR_INIT(""), ST_TOO_BIG},
};

static void test_forms(struct arena *arena)
{
    const struct http_form_limits limits = {
        .fields = 5, .name_bytes = 10, .value_bytes = 10, .part_head_bytes = 200};
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof(urlencoded) / sizeof(urlencoded[0]); i++) {
        struct http_form form = {0};
        EXPECT_ST(http_form_parse_urlencoded(arena, urlencoded[i].text, &limits, &form, &err),
                  urlencoded[i].status, &err);
        EXPECT_STR(form_line(arena, &form), urlencoded[i].line);
    }
    for (size_t i = 0; i < sizeof(multipart) / sizeof(multipart[0]); i++) {
        struct http_form form = {0};
        EXPECT_ST(http_form_parse_multipart(arena, S("multipart/form-data; boundary=xx"),
                                            multipart[i].text, &limits, &form, &err),
                  multipart[i].status, &err);
        str line = form_line(arena, &form);
        EXPECT_STR(str_sub(line, 0, multipart[i].line.len), multipart[i].line);
    }
}

static void test_types(struct arena *arena)
{
    static const struct {
        str type;
        enum status status;
    } types[] = {
        {STR_INIT("multipart/form-data; boundary=xx"), ST_OK},
        {STR_INIT("Multipart/Form-Data;charset=x; BOUNDARY=\"xx\""), ST_OK},
        {STR_INIT("multipart/form-data"), ST_INVALID},
        {STR_INIT("multipart/form-data; boundary="), ST_INVALID},
        {STR_INIT("multipart/form-data; boundary=\"x"), ST_INVALID},
        {STR_INIT("multipart/form-data; boundary=xx; boundary=yy"), ST_INVALID},
        {STR_INIT("multipart/form-data; boundary=\"x\xFFx\""), ST_INVALID},
        {STR_INIT("text/plain"), ST_INVALID},
        {STR_INIT(""), ST_INVALID},
    };
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct http_request req = {.arena = arena, .body = S(PART("a", "", "1") END)};
        req.known[HTTP_CONTENT_TYPE] = types[i].type;
        struct http_form form = {0};
        EXPECT_ST(http_form_parse(&req, &HTTP_FORM_LIMITS, &form, &err), types[i].status, &err);
        EXPECT_STR(http_form_value(&form, S("a")), types[i].status == ST_OK ? S("1") : S(""));
    }
}

/* A file's place in the body is where its bytes are. */
static void test_file_at(struct arena *arena)
{
    str body = S(PART("a", "", "1") PART("f", "; filename=\"x\"", "bytes") END);
    struct http_form form;
    struct error err = ERROR_INIT;
    EXPECT_ST(http_form_parse_multipart(arena, S("multipart/form-data; boundary=xx"), body,
                                        &HTTP_FORM_LIMITS, &form, &err),
              ST_OK, &err);
    const struct http_field *file = http_form_field(&form, S("f"));
    EXPECT(file != NULL);
    EXPECT_STR(str_sub(body, (size_t)file->file_at, file->value.len), S("bytes"));
    EXPECT_STR(http_form_value(&form, S("f")), S("")); /* a file is no text value */
    EXPECT(http_form_field(&form, S("g")) == NULL);
}

static void test_cookies(struct arena *arena)
{
    struct error err = ERROR_INIT;
    str line = STR_NONE;
    EXPECT_ST(http_cookie_format(arena,
                                 &(struct http_cookie){.name = S("desk"),
                                                       .value = S("a1"),
                                                       .path = S("/desk/"),
                                                       .max_age_s = 60,
                                                       .secure = true,
                                                       .http_only = true,
                                                       .same_site = HTTP_SAME_SITE_STRICT},
                                 &line, &err),
              ST_OK, &err);
    EXPECT_STR(line, S("desk=a1; Path=/desk/; Max-Age=60; Secure; HttpOnly; SameSite=Strict"));
    EXPECT_ST(http_cookie_format(arena, &(struct http_cookie){.name = S("a"), .max_age_s = -1},
                                 &line, &err),
              ST_OK, &err);
    EXPECT_STR(line, S("a=; Path=/; Max-Age=0; SameSite=Lax"));
    const struct http_cookie bad[] = {
        {.name = S("")},
        {.name = S("a b")},
        {.name = S("a"), .value = S("b;c")},
        {.name = S("a"), .value = S("b\r\nX: y")},
        {.name = S("a"), .path = S("x")},
        {.name = S("a"), .path = S("/;x")},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        EXPECT_ST(http_cookie_format(arena, &bad[i], &line, &err), ST_INVALID, &err);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_forms(arena);
    test_types(arena);
    test_file_at(arena);
    test_cookies(arena);
    return test_done();
}
