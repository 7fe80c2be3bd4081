/* SPDX-License-Identifier: MIT
 *
 * Themes in and out as zips: what is taken, what is refused and how it is said, and that nothing is left behind. */
#include "theme/shelf.h"

#include "base/arena.h"
#include "base/file.h"
#include "tests/check.h"
#include "theme/theme.h"

#include <dirent.h>
#include <stdlib.h>
#include <zip.h>

enum { FILES_MAX = 8, ZEROS = 80 * 1024 * 1024, LINK = 0120777, LIES_MANY = 9000 };

struct file {
    str path, text;
    unsigned mode; /* 0: a plain file of no system */
};

static struct file good[FILES_MAX] = {
    {S("harbour-2.1/package.json"),
     S("{\"name\": \"harbour\", \"version\": \"2.1.0\", \"description\": \"Boats & <b>ropes</b>\"}"),
     0},
    {S("harbour-2.1/index.hbs"), S("index"), 0},
    {S("harbour-2.1/post.hbs"), S("post"), 0},
    {S("harbour-2.1/assets/"), S(""), 0},
    {S("harbour-2.1/assets/a.css"), S("a { }"), 0},
    {S("harbour-2.1/README.md"), S("Read me"), 0},
    {S("harbour-2.1/.github/x.yml"), S("hidden"), 0},
    {S("__MACOSX/harbour-2.1/._index.hbs"), S("junk"), 0},
};

/* Each: one file in the place of `at`, and how the refusal begins. */
static const struct {
    size_t at;
    struct file file;
    enum status status;
    str want;
} bad[] = {
    {2,
     {S("harbour-2.1/post.hbs"), S("a\n{{#if b}}"), 0},
     ST_INVALID,
     S("theme harbour: post.hbs:2:1: ")},
    {2, {S("harbour-2.1/post.txt"), S(""), 0}, ST_INVALID, S("theme harbour: post.hbs is missing")},
    {0, {S("harbour-2.1/package.json"), S("{"), 0}, ST_INVALID, S("package.json:1:")},
    {0,
     {S("harbour-2.1/package.json"), S("{\"name\": \"../up\"}"), 0},
     ST_INVALID,
     S("package.json: \"name\"")},
    {0,
     {S("harbour-2.1/package.json"), S("{\"name\": \".hidden\"}"), 0},
     ST_INVALID,
     S("package.json: \"name\"")},
    {0,
     {S("harbour-2.1/package.json"), S("{\"name\": \"Broadsheet\"}"), 0},
     ST_CONFLICT,
     S("package.json: \"broadsheet\"")},
    {0, {S("harbour-2.1/pack.json"), S("{}"), 0}, ST_INVALID, S("the zip holds no package.json")},
    {5, {S("../evil.hbs"), S(""), 0}, ST_INVALID, S("the zip holds \"../evil.hbs\"")},
    {5,
     {S("harbour-2.1/../../evil.hbs"), S(""), 0},
     ST_INVALID,
     S("the zip holds \"harbour-2.1/../")},
    {5, {S("/etc/evil"), S(""), 0}, ST_INVALID, S("the zip holds \"/etc/evil\"")},
    {5, {S("harbour-2.1\\evil"), S(""), 0}, ST_INVALID, S("the zip holds \"harbour-2.1\\evil\"")},
    {5,
     {S("harbour-2.1/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"), S(""), 0},
     ST_INVALID,
     S("the zip holds \"")},
    {5,
     {S("harbour-2.1/link.hbs"), S("/etc/passwd"), LINK},
     ST_INVALID,
     S("harbour-2.1/link.hbs is a link")},
    {5,
     {S("harbour-2.1/.git/link"), S("/etc/passwd"), LINK},
     ST_INVALID,
     S("harbour-2.1/.git/link is a link")},
    {5, {S("harbour-2.1/index.hbs/x"), S(""), 0}, ST_INVALID, S("the zip holds index.hbs/x twice")},
};

static str zip_of(struct arena *arena, const struct file *files, size_t count)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    zip_stat_t stat;
    EXPECT(zip != NULL);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *bytes = zip_source_buffer(zip, files[i].text.ptr, files[i].text.len, 0);
        zip_int64_t at = zip_file_add(zip, str_copy_c(arena, files[i].path), bytes, 0);
        EXPECT(at >= 0);
        if (files[i].mode != 0)
            EXPECT(zip_file_set_external_attributes(zip, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX,
                                                    files[i].mode << 16) == 0);
    }
    EXPECT(zip_close(zip) == 0);
    EXPECT(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0);
    char *text = arena_alloc(arena, stat.size, 1);
    EXPECT(zip_source_read(source, text, stat.size) == (zip_int64_t)stat.size);
    (void)zip_source_close(source);
    zip_source_free(source);
    return (str){text, stat.size};
}

/* Names in themes/, hidden ones too. */
static size_t entries(struct arena *arena, str themes)
{
    size_t count = 0;
    DIR *dir = opendir(str_copy_c(arena, themes));
    EXPECT(dir != NULL);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
        count += !str_eq(str_from_c(e->d_name), S(".")) && !str_eq(str_from_c(e->d_name), S(".."));
    (void)closedir(dir);
    return count;
}

static void test_good(struct arena *arena, str themes)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct error err = ERROR_INIT;
    struct shelf_theme *list;
    struct shelf_taken taken;
    size_t count;
    str zip = zip_of(arena, good, FILES_MAX), text;
    EXPECT_ST(shelf_take(themes, zip, arena, &taken, &err), ST_OK, &err);
    EXPECT_STR(taken.name, S("harbour"));
    EXPECT(!taken.replaced);
    EXPECT_ST(shelf_take(themes, zip, arena, &taken, &err), ST_OK, &err);
    EXPECT(taken.replaced);
    EXPECT_INT(entries(arena, themes), 1);
    str folder = file_join(arena, themes, S("harbour"));
    EXPECT_ST(file_read(arena, file_join(arena, folder, S("README.md")), 100, &text, &err), ST_OK,
              &err);
    EXPECT(!file_exists(file_join(arena, folder, S(".github"))));
    EXPECT_ST(shelf_load(themes, S("harbour"), &theme, &err), ST_OK, &err);
    EXPECT_ST(shelf_list(arena, themes, &list, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 2);
    EXPECT(list[0].built_in && list[0].fault.len == 0 && list[0].version.len > 0);
    EXPECT_STR(list[1].version, S("2.1.0"));
    EXPECT_STR(list[1].description, S("Boats & <b>ropes</b>"));
}

static void test_bad(struct arena *arena, str themes)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct file files[FILES_MAX];
        struct error err = ERROR_INIT;
        struct shelf_taken taken;
        memcpy(files, good, sizeof(files));
        files[bad[i].at] = bad[i].file;
        EXPECT_ST(shelf_take(themes, zip_of(arena, files, FILES_MAX), arena, &taken, &err),
                  bad[i].status, &err);
        EXPECT(str_starts(str_from_c(err.text), bad[i].want));
        if (!str_starts(str_from_c(err.text), bad[i].want))
            printf("    %zu: %s\n", i, err.text);
    }
    EXPECT_INT(entries(arena, themes), 1); /* the good one, and nothing half done */
}

/* 80 MB of nothing in 80 KB; and a directory that says it is larger than it is. */
static void test_bombs(struct arena *arena, str themes)
{
    struct error err = ERROR_INIT;
    struct shelf_taken taken;
    struct file files[FILES_MAX];
    memcpy(files, good, sizeof(files));
    files[5].text = (str){calloc(ZEROS, 1), ZEROS};
    str zip = zip_of(arena, files, FILES_MAX);
    EXPECT(zip.len < 200 * 1024);
    EXPECT_ST(shelf_take(themes, zip, arena, &taken, &err), ST_TOO_BIG, &err);
    free((void *)(uintptr_t)files[5].text.ptr);
    zip = zip_of(arena, good, FILES_MAX);
    char *lies = str_copy_c(arena, S("0123456789012345678901"));
    memcpy(lies, zip.ptr + zip.len - 22, 22);
    lies[10] = (char)(LIES_MANY & 0xff);
    lies[11] = (char)(LIES_MANY >> 8);
    str lying = str_join2(arena, str_sub(zip, 0, zip.len - 22), (str){lies, 22});
    EXPECT_ST(shelf_take(themes, lying, arena, &taken, &err), ST_TOO_BIG, &err);
    EXPECT_ST(shelf_take(themes, S("not a zip"), arena, &taken, &err), ST_INVALID, &err);
    EXPECT_ST(shelf_take(themes, S(""), arena, &taken, &err), ST_INVALID, &err);
    /* Cut or with a byte turned anywhere: refused or taken, never more than one theme. */
    for (size_t i = 0; i < zip.len; i += 41) {
        str turned = str_copy(arena, zip);
        char *at = (char *)(uintptr_t)turned.ptr + i;
        *at = (char)(*at ^ 0x55);
        (void)!shelf_take(themes, turned, arena, &taken, NULL);
        (void)!shelf_take(themes, str_sub(zip, 0, i), arena, &taken, NULL);
    }
    str folder = file_join(arena, themes, S(".."));
    EXPECT_INT(entries(arena, folder), 1);
}

static void test_out(struct arena *arena, str themes)
{
    struct error err = ERROR_INIT;
    struct shelf_taken taken;
    str zip, built_in;
    EXPECT_ST(shelf_pack(themes, S("harbour"), arena, &zip, &err), ST_OK, &err);
    EXPECT_ST(shelf_remove(themes, S("harbour"), &err), ST_OK, &err);
    EXPECT_ST(shelf_take(themes, zip, arena, &taken, &err), ST_OK, &err);
    EXPECT(!taken.replaced);
    EXPECT(file_exists(file_join(arena, themes, S("harbour/README.md"))));
    EXPECT_ST(shelf_pack(themes, SHELF_BUILT_IN, arena, &built_in, &err), ST_OK, &err);
    EXPECT_ST(shelf_take(themes, built_in, arena, &taken, &err), ST_CONFLICT, &err);
    EXPECT_ST(shelf_pack(themes, S("../themes"), arena, &zip, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(shelf_remove(themes, S("../themes"), &err), ST_INVALID, &err);
    EXPECT_ST(shelf_remove(themes, SHELF_BUILT_IN, &err), ST_DENIED, &err);
    EXPECT_ST(shelf_remove(themes, S("nowhere"), &err), ST_NOT_FOUND, &err);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    char dir[] = "/tmp/shelf-XXXXXX";
    EXPECT(mkdtemp(dir) != NULL);
    str themes = file_join(arena, str_from_c(dir), S("themes"));
    test_good(arena, themes);
    test_bad(arena, themes);
    test_bombs(arena, themes);
    test_out(arena, themes);
    (void)file_remove_tree(str_from_c(dir), NULL);
    return test_done();
}
