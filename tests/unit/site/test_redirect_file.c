/* SPDX-License-Identifier: MIT
 *
 * Ghost's files of redirects: which lines are one path, which are patterns, what is no such file; and that what is
 * written reads back as it was. */
#include "site/redirect_file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

static const struct {
    str from, path; /* path empty: a pattern */
} paths[] = {
    {S("/old/"), S("/old/")},
    {S("old/page"), S("/old/page")},
    {S("^/old/$"), S("/old/")},
    {S("^/old/?$"), S("/old/")},
    {S("\\/old\\/page\\/"), S("/old/page/")},
    {S("/^\\/old\\/?$/i"), S("/old/")},
    {S("/\\/Old\\//i"), S("/Old/")},
    {S("/feed.xml"), S("/feed.xml")},
    {S("/feed\\.xml"), S("/feed.xml")},
    {S("/\\?p=12"), S("/?p=12")},
    {S("/kärnten/"), S("/kärnten/")},
    {S("/(a|b)/"), S("")},
    {S("/20[0-9]+/"), S("")},
    {S("/old/.*"), S("")},
    {S("/\\d+/"), S("")},
    {S("/old/?page=2"), S("")},
    {S("/old\\"), S("")},
};

static void test_paths(struct arena *arena)
{
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct redirect_entry *list;
        struct error err = ERROR_INIT;
        struct buf b;
        size_t count;
        buf_init(&b, arena, 1000);
        buf_add(&b, S("[{\"from\": \""));
        buf_add_json(&b, paths[i].from);
        buf_add(&b, S("\", \"to\": \"/new/\", \"permanent\": true}]"));
        EXPECT_ST(redirect_file_read(arena, buf_view(&b), &list, &count, &err), ST_OK, &err);
        EXPECT_INT(count, 1);
        EXPECT_INT(list[0].pattern, paths[i].path.len == 0);
        EXPECT_STR(list[0].from, list[0].pattern ? paths[i].from : paths[i].path);
        EXPECT_INT(list[0].code, 301);
    }
}

static const struct {
    str text;
    size_t count;
    str want; /* the refusal; empty: taken */
} files[] = {
    {S("301:\n  /old/: /new/\n  ^/a$: https://b.example/c\n302:\n  /now/: /then/\n"), 3, S("")},
    {S("302:\n  \"/x:y/\": \"/z/\"\n301:\n"), 1, S("")},
    {S("301:\n  /old/(.*): /new/$1\n"), 1, S("")},
    {S("[]"), 0, S("")},
    {STR_INIT(""), 0, S("")},
    {S("# nothing\n"), 0, S("")},
    {S("301:\n  - /old/\n"), 0, S("line 2: below 301")},
    {S("303:\n  /a/: /b/\n"), 0, S("line 1: only 301")},
    {S("just words"), 0, S("line 1: 301: or 302: is wanted")},
    {S("301:\n  /a/: [1]\n"), 0, S("line 2: a line is")},
    {S("301: {"), 0, S("line ")},
    {S("[{\"from\": \"/a/\"}]"), 0, S("entry 1 has no")},
    {S("{\"from\": \"/a/\"}"), 0, S("line 1: it must be a list")},
    {S("[{"), 0, S("line 1:")},
    {S("\xff\xfe"), 0, S("line 1: the file is not UTF-8")},
    {S("a: &a [x]\nb: *a\n"), 0, S("line 1: only 301")},
};

static void test_files(struct arena *arena)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct redirect_entry *list;
        struct error err = ERROR_INIT;
        size_t count = 0;
        enum status st = redirect_file_read(arena, files[i].text, &list, &count, &err);
        EXPECT_INT(st, files[i].want.len == 0 ? ST_OK : ST_INVALID);
        EXPECT_INT(count, files[i].count);
        EXPECT(str_starts(str_from_c(err.text), files[i].want));
        if (!str_starts(str_from_c(err.text), files[i].want))
            printf("    %zu: %s\n", i, err.text);
    }
}

static void test_back(struct arena *arena, enum redirect_format format)
{
    static const struct redirect_entry entries[] = {
        {.from = S("/old/"), .to = S("/new/"), .code = 301},
        {.from = S("/?p=12"), .to = S("/twelve/"), .code = 301},
        {.from = S("/a.b(c)+[d]*{e}|^$\\/"),
         .to = S("https://b.example/?x=\"1\"&y=<2>"),
         .code = 301},
        {.from = S("/.well/"), .to = S("/x/"), .code = 301},
        {.from = S("/^a/"), .to = S("/x/"), .code = 301},
        {.from = S("/a$"), .to = S("/x/"), .code = 301},
        {.from = S("/kärnten/"), .to = S("/köln/"), .code = 302},
    };
    struct redirect_entry *list;
    struct error err = ERROR_INIT;
    struct buf b;
    size_t count;
    buf_init(&b, arena, 10000);
    struct redirect_writer writer = {.out = &b, .format = format};
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
        redirect_file_add(&writer, &entries[i]);
    redirect_file_end(&writer);
    EXPECT_ST(redirect_file_read(arena, buf_view(&b), &list, &count, &err), ST_OK, &err);
    EXPECT_INT(count, sizeof(entries) / sizeof(entries[0]));
    for (size_t i = 0; i < count; i++) {
        EXPECT_STR(list[i].from, entries[i].from);
        EXPECT_STR(list[i].to, entries[i].to);
        EXPECT_INT(list[i].code, entries[i].code);
        EXPECT(!list[i].pattern);
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_paths(arena);
    test_files(arena);
    test_back(arena, REDIRECT_YAML);
    test_back(arena, REDIRECT_JSON);
    return test_done();
}
