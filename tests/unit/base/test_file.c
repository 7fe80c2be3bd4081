/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "tests/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void nothing_outside(struct arena *arena, str dir)
{
    static const char *const refused[] = {"../x", "/etc/passwd", "sub/../../x", "link",    "sub",
                                          "",     "nope",        "sub/link/f",  "f\nnope", "fifo"};
    struct error err = ERROR_INIT;
    char *cdir = str_copy_c(arena, dir);
    AUTO(fd_closep) int dir_fd = open(cdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO(fd_closep) int fd = -1;

    EXPECT(symlink("/etc/passwd", str_copy_c(arena, file_join(arena, dir, S("link")))) == 0);
    EXPECT(mkfifo(str_copy_c(arena, file_join(arena, dir, S("fifo"))), 0600) == 0);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        EXPECT(file_open_beneath(dir_fd, str_from_c(refused[i]), &fd, &err) != ST_OK);
    EXPECT_ST(file_open_beneath(dir_fd, S("sub/f"), &fd, &err), ST_OK, &err);
}

/* A folder with a file at the top, one two folders down, a link and a fifo. */
static void copies_and_removes(struct arena *arena, str dir)
{
    struct error err = ERROR_INIT;
    str from = file_join(arena, dir, S("from")), to = file_join(arena, dir, S("to"));
    str deep = file_join(arena, from, S("a/b"));
    str text;
    int64_t files = -1;

    EXPECT_ST(file_copy_tree(from, to, NULL, &files, &err), ST_OK, &err); /* nothing there */
    EXPECT(files == 0 && !file_exists(to));
    EXPECT_ST(file_mkdirs(deep, 0755, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(file_join(arena, from, S("f")), S("one"), 0600, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(file_join(arena, deep, S("g")), S("two"), 0600, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(file_join(arena, deep, S("none")), S(""), 0600, &err), ST_OK, &err);
    EXPECT(symlink("/etc", str_copy_c(arena, file_join(arena, from, S("link")))) == 0);
    EXPECT(mkfifo(str_copy_c(arena, file_join(arena, from, S("fifo"))), 0600) == 0);

    EXPECT_ST(file_mkdirs(file_join(arena, from, S(".made/f")), 0755, &err), ST_OK, &err);
    static const char *const skip[] = {".made", NULL};
    EXPECT_ST(file_copy_tree(from, to, skip, &files, &err), ST_OK, &err);
    EXPECT_INT(files, 3);
    EXPECT(!file_exists(file_join(arena, to, S(".made"))));
    EXPECT_ST(file_read(arena, file_join(arena, to, S("a/b/g")), 10, &text, &err), ST_OK, &err);
    EXPECT_STR(text, S("two"));
    EXPECT(file_exists(file_join(arena, to, S("a/b/none"))));
    EXPECT(!file_exists(file_join(arena, to, S("link"))));
    EXPECT(!file_exists(file_join(arena, to, S("fifo"))));
    EXPECT_ST(file_copy_tree(from, to, NULL, NULL, &err), ST_IO, &err); /* overwrites nothing */
    EXPECT_ST(file_copy_tree(from, file_join(arena, from, S("a/in")), NULL, NULL, &err), ST_INVALID,
              &err);
    EXPECT_ST(file_copy(file_join(arena, from, S("f")), file_join(arena, to, S("h")), &err), ST_OK,
              &err);
    EXPECT_ST(file_copy(file_join(arena, from, S("nope")), file_join(arena, to, S("i")), &err),
              ST_NOT_FOUND, &err);

    EXPECT_ST(file_remove_tree(from, &err), ST_OK, &err);
    EXPECT(!file_exists(from) && file_exists(S("/etc/passwd")));
    EXPECT_ST(file_remove_tree(from, &err), ST_OK, &err);
}

static void plain_paths(void)
{
    static const struct {
        str path;
        bool plain;
    } cases[] = {
        {STR_INIT("a.jpg"), true},           {STR_INIT("2024/05/a..b.jpg"), true},
        {STR_INIT("2024/05/ä b.jpg"), true}, {STR_INIT(""), false},
        {STR_INIT("/a.jpg"), false},         {STR_INIT("2024/"), false},
        {STR_INIT("2024//a.jpg"), false},    {STR_INIT("../a.jpg"), false},
        {STR_INIT("2024/../a.jpg"), false},  {STR_INIT("./a.jpg"), false},
        {STR_INIT(".original/ab"), false},   {STR_INIT("a/.b"), false},
        {STR_INIT("a\0b.jpg"), false},       {STR_INIT("123456789012345678901"), false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        EXPECT(file_path_is_plain(cases[i].path, 20) == cases[i].plain);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    char template[] = "/tmp/broadsheet-test-XXXXXX";
    str dir = str_from_c(mkdtemp(template));
    str sub = file_join(arena, dir, S("sub"));
    str path = file_join(arena, sub, S("f"));
    str text;

    EXPECT_ST(file_mkdirs(sub, 0755, &err), ST_OK, &err);
    EXPECT_ST(file_mkdirs(sub, 0755, &err), ST_OK, &err);
    EXPECT_ST(file_read(arena, path, 100, &text, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(file_write_atomic(path, S("old"), 0640, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(path, S("new text"), 0640, &err), ST_OK, &err);
    EXPECT_ST(file_read(arena, path, 8, &text, &err), ST_OK, &err);
    EXPECT_STR(text, S("new text"));
    EXPECT_ST(file_read(arena, path, 7, &text, &err), ST_TOO_BIG, &err);
    EXPECT(file_exists(path) && !file_exists(S("/nope/nope")));
    plain_paths();
    nothing_outside(arena, dir);
    copies_and_removes(arena, dir);
    EXPECT(system(str_copy_c(arena, str_join2(arena, S("rm -r "), dir))) == 0);
    return test_done();
}
