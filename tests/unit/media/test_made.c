/* SPDX-License-Identifier: MIT */
#include "media/made.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"
#include "tests/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static char folder[] = "/tmp/broadsheet-made-XXXXXX";

static void piece_put(struct made *made, const char *path, int hours_old)
{
    struct error err = ERROR_INIT;
    struct made_piece piece;
    char *bytes = calloc(1, PIECE);
    CHECK(bytes != NULL);
    EXPECT_ST(made_begin(made, &piece, &err), ST_OK, &err);
    EXPECT_ST(file_write_fd(piece.fd, S("piece"), (str){bytes, PIECE}, &err), ST_OK, &err);
    struct timespec times[2] = {{.tv_sec = time(NULL) - hours_old * 3600},
                                {.tv_sec = time(NULL) - hours_old * 3600}};
    EXPECT(futimens(piece.fd, times) == 0);
    EXPECT_ST(made_keep(made, &piece, str_from_c(path), &err), ST_OK, &err);
    made_drop(made, &piece);
    free(bytes);
}

static bool is_there(const struct made *made, const char *path)
{
    return faccessat(made_fd(made), path, F_OK, 0) == 0;
}

static void least_used_goes(void)
{
    struct error err = ERROR_INIT;
    struct made *made;
    EXPECT_ST(made_open(str_from_c(folder), 10 * PIECE, NULL, &made, &err), ST_OK, &err);
    for (int i = 0; i < 10; i++) {
        char path[40];
        (void)snprintf(path, sizeof(path), "size/w600/2024/%d.jpg", i);
        piece_put(made, path, 100 - i); /* 0 is the oldest */
    }
    EXPECT_INT(made_bytes(made), 10 * PIECE);
    EXPECT(is_there(made, "size/w600/2024/0.jpg"));
    piece_put(made, "size/w600/2024/new.jpg", 0);
    EXPECT_INT(made_bytes(made), 9 * PIECE);
    EXPECT(!is_there(made, "size/w600/2024/0.jpg"));
    EXPECT(!is_there(made, "size/w600/2024/1.jpg"));
    EXPECT(is_there(made, "size/w600/2024/2.jpg"));
    EXPECT(is_there(made, "size/w600/2024/new.jpg"));
    /* the same path again is not more */
    piece_put(made, "size/w600/2024/new.jpg", 0);
    EXPECT_INT(made_bytes(made), 9 * PIECE);
    made_close(made);
}

/* What an earlier run made is counted, and its unfinished work is gone. */
static void after_a_restart(void)
{
    struct error err = ERROR_INIT;
    struct made *made;
    struct made_piece piece;
    EXPECT_ST(made_open(str_from_c(folder), 10 * PIECE, NULL, &made, &err), ST_OK, &err);
    EXPECT_ST(made_begin(made, &piece, &err), ST_OK, &err);
    char left[60];
    (void)snprintf(left, sizeof(left), ".new/%s", piece.name);
    EXPECT(is_there(made, left));
    (void)close(piece.fd); /* and killed */
    made_close(made);
    EXPECT_ST(made_open(str_from_c(folder), 10 * PIECE, NULL, &made, &err), ST_OK, &err);
    EXPECT(!is_there(made, left));
    piece_put(made, "og/a.png", 0);
    EXPECT_INT(made_bytes(made), 10 * PIECE);
    piece_put(made, "og/b.png", 0);
    EXPECT_INT(made_bytes(made), 9 * PIECE);
    /* nothing half done stays */
    EXPECT_ST(made_begin(made, &piece, &err), ST_OK, &err);
    (void)snprintf(left, sizeof(left), ".new/%s", piece.name);
    made_drop(made, &piece);
    EXPECT(!is_there(made, left));
    made_close(made);
}

static void emptied_while_used(void)
{
    struct error err = ERROR_INIT;
    struct made *made;
    EXPECT_ST(made_open(str_from_c(folder), 0, NULL, &made, &err), ST_OK, &err);
    struct arena *arena = arena_new(ARENA_SMALL);
    (void)file_remove_tree(file_join(arena, str_from_c(folder), S(".made")), &err);
    piece_put(made, "size/w600/a.jpg", 0);
    EXPECT(is_there(made, "size/w600/a.jpg"));
    EXPECT(file_exists(file_join(arena, str_from_c(folder), S(".made/size/w600/a.jpg"))));
    arena_free(arena);
    made_close(made);
}

static void forgotten(void)
{
    struct error err = ERROR_INIT;
    struct made *made;
    static const char *const renditions[] = {"size/w600/a.jpg", "size/w600/format/webp/a.jpg",
                                             "size/w300h300/a.jpg", "format/avif/a.jpg"};
    EXPECT_ST(made_open(str_from_c(folder), 0, NULL, &made, &err), ST_OK, &err);
    for (size_t i = 0; i < ARRAY_LEN(renditions); i++)
        piece_put(made, renditions[i], 0);
    piece_put(made, "size/w600/b.jpg", 0);
    made_forget(made, S("../size/w600/b.jpg"));
    made_forget(made, S("a.jpg"));
    for (size_t i = 0; i < ARRAY_LEN(renditions); i++)
        EXPECT(!is_there(made, renditions[i]));
    EXPECT(is_there(made, "size/w600/b.jpg"));
    made_close(made);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    least_used_goes();
    after_a_restart();
    emptied_while_used();
    forgotten();
    (void)file_remove_tree(str_from_c(folder), NULL);
    return test_done();
}
