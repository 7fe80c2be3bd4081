/* SPDX-License-Identifier: MIT
 *
 * The picture worker through its public header, a line a job, so that test_pictures.py can say what it wants:
 *
 *     probe WORKER [MEMORY_MB [JOB_MS]]
 *     clean FROM TO TYPE             TYPE as in image/TYPE, or "?": told by content
 *     make FROM TO TYPE WIDTH HEIGHT FOCAL_X FOCAL_Y QUALITY STILL
 *     card TO RTL HEADLINE           (the rest of the line)
 *
 * Answers a line of JSON: {"status": "ok", ...} or {"status": "invalid", "why": "..."}. Paths have no spaces. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/parse.h"
#include "media/worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int64_t number(str text)
{
    int64_t n = 0;
    (void)str_to_i64(text, &n);
    return n;
}

static enum media_kind kind_of(struct arena *arena, str type, int fd)
{
    char start[MEDIA_KIND_BYTES];
    if (!str_eq(type, S("?")))
        return media_kind_by_type(str_join2(arena, S("image/"), type));
    ssize_t n = pread(fd, start, sizeof(start), 0);
    return media_kind_of((str){start, n > 0 ? (size_t)n : 0});
}

static void add_text(struct buf *b, const char *key, str value)
{
    buf_addf(b, ", \"%s\": \"", key);
    buf_add_json(b, value);
    buf_add(b, S("\""));
}

static void add_look(struct buf *b, const struct media_look *look)
{
    buf_addf(
        b,
        ", \"width\": %lld, \"height\": %lld, \"frames\": %lld, \"duration_ms\": %lld, \"alpha\": %s",
        (long long)look->width, (long long)look->height, (long long)look->frames,
        (long long)look->duration_ms, look->alpha ? "true" : "false");
    add_text(b, "color", str_from_c(look->color));
    add_text(b, "placeholder", look->placeholder);
    add_text(b, "credit", look->credit);
    add_text(b, "caption", look->caption);
    add_text(b, "alt", look->alt);
    add_text(b, "licence", look->licence);
    add_text(b, "title", look->title);
}

static int file_new(struct arena *arena, str path)
{
    return open(str_copy_c(arena, path), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static enum status job(struct media_worker *worker, struct arena *arena, str line, struct buf *b,
                       struct error *err)
{
    enum media_kind kind = MEDIA_UNKNOWN;
    str verb = str_cut(&line, ' ');
    if (str_eq(verb, S("card"))) {
        AUTO(fd_closep) int to = file_new(arena, str_cut(&line, ' '));
        struct media_card card = {.rtl = number(str_cut(&line, ' ')) != 0,
                                  .site = S("The Daily <Test>"),
                                  .kicker = S("News & more"),
                                  .background = "#102030",
                                  .ink = "#ffffff",
                                  .accent = "#ffcc00"};
        card.headline = line;
        return media_worker_card(worker, &card, to, err);
    }
    str from_path = str_cut(&line, ' ');
    AUTO(fd_closep) int from = open(str_copy_c(arena, from_path), O_RDONLY | O_CLOEXEC);
    AUTO(fd_closep) int to = file_new(arena, str_cut(&line, ' '));
    if (from < 0 || to < 0)
        return error_set_errno(err, ST_IO, "%.*s", STR_ARG(from_path));
    str type = str_cut(&line, ' ');
    enum status st;
    if (str_eq(verb, S("clean"))) {
        struct media_look look;
        st = media_worker_clean(worker, from, kind_of(arena, type, from), to, &kind, arena, &look,
                                err);
        if (st == ST_OK)
            add_look(b, &look);
    } else {
        struct media_make make = {.format = kind_of(arena, type, -1)};
        make.width = number(str_cut(&line, ' '));
        make.height = number(str_cut(&line, ' '));
        (void)str_to_double(str_cut(&line, ' '), &make.focal_x);
        (void)str_to_double(str_cut(&line, ' '), &make.focal_y);
        make.quality = (int)number(str_cut(&line, ' '));
        make.still = number(str_cut(&line, ' ')) != 0;
        double *const crop[] = {&make.left, &make.top, &make.right, &make.bottom};
        for (size_t i = 0; i < ARRAY_LEN(crop) && line.len > 0; i++)
            (void)str_to_double(str_cut(&line, ' '), crop[i]);
        st = media_worker_make(worker, from, &make, to, &kind, err);
    }
    if (st == ST_OK)
        add_text(b, "type", media_kind_type(kind));
    return st;
}

int main(int argc, char **argv)
{
    char line[8192];
    struct error err = ERROR_INIT;
    const struct log log = {.fd = STDERR_FILENO, .level = LOG_DEBUG};
    AUTO(media_worker_freep) struct media_worker *worker = NULL;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct media_worker_options options = {.program = argc > 1 ? argv[1] : NULL, .log = &log};
    if (argc > 2)
        options.memory_max = (size_t)number(str_from_c(argv[2])) * 1024 * 1024;
    if (argc > 3)
        options.job_ms_max = number(str_from_c(argv[3]));
    if (argc > 4)
        options.idle_ms_max = number(str_from_c(argv[4]));
    if (media_worker_start(&options, &worker, &err) != ST_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    while (fgets(line, sizeof(line), stdin) != NULL) {
        struct buf b;
        str answer;
        arena_reset(arena);
        buf_init(&b, arena, 64 * 1024);
        err = ERROR_INIT;
        time_us before = clock_monotonic();
        enum status st = job(worker, arena, str_trim(str_from_c(line)), &b, &err);
        add_text(&b, "why", str_from_c(err.text));
        buf_addf(&b, ", \"ms\": %lld", (long long)((clock_monotonic() - before) / TIME_MS));
        if (buf_finish(&b, &answer, &err) != ST_OK)
            return 1;
        (void)printf("{\"status\": \"%s\"%.*s}\n", status_name(st), STR_ARG(answer));
        (void)fflush(stdout);
    }
    return 0;
}
