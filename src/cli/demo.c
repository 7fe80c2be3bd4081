/* SPDX-License-Identifier: MIT */
#include "cli/demo.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/desk.h"
#include "discover/popular.h"
#include "discover/related.h"
#include "news/list.h"
#include "news/read_count.h"
#include "news/setting.h"
#include "site/folder.h"
#include "transfer/import.h"

#include <stdlib.h>

/* Made from demo/ by the build: demo.xml, and the pictures it names. */
extern const struct embedded demo_export[];
extern const struct embedded demo_uploads[];
extern const size_t demo_uploads_count;

enum { DEMO_READ_STORIES = 30, DEMO_READS_MOST = 220 };
#define RELATED_PATIENCE (60 * TIME_SECOND)

static enum status unpack(struct arena *arena, str dir, struct error *err)
{
    enum status st = file_write_atomic(file_join(arena, dir, S("demo.xml")),
                                       embedded_bytes(&demo_export[0]), 0600, err);
    for (size_t i = 0; i < demo_uploads_count && st == ST_OK; i++)
        st = file_write_atomic(file_join(arena, dir, str_from_c(demo_uploads[i].path)),
                               embedded_bytes(&demo_uploads[i]), 0600, err);
    return st;
}

static enum status import(struct desk *desk, struct arena *arena, str dir, struct error *err)
{
    struct import_report *report;
    const struct media_desk *media;
    enum status st = desk_media(desk, &media, err);
    if (st != ST_OK)
        return st;
    str file = file_join(arena, dir, S("demo.xml"));
    return import_files(&(struct import_options){.arena = arena,
                                                 .store = desk->store,
                                                 .settings = desk->settings,
                                                 .media = media,
                                                 .media_dir = dir,
                                                 .tag = true},
                        &file, 1, &report, err);
}

/* A week's reads, so that a sample paper has popular stories as a real one would: the newer the more. */
static enum status read_some(struct newsroom *room, void *arg, struct error *err)
{
    const struct story_list *list = arg;
    struct read_count reads[DEMO_READ_STORIES];
    size_t count = list->count < DEMO_READ_STORIES ? list->count : DEMO_READ_STORIES;
    for (size_t i = 0; i < count; i++) {
        /* 7 and 30 have no common factor: the order of reads is not the order of time */
        size_t rank = i * 7 % DEMO_READ_STORIES;
        reads[i] = (struct read_count){
            .story = list->rows[i]->id,
            .reads = DEMO_READS_MOST / (i64_from_size(rank) + 1) + 12,
            .at = room->now - (time_us)(i % 20) * TIME_HOUR,
        };
    }
    return read_count_add(room, reads, count, err);
}

static enum status fill_lists(struct desk *desk, struct arena *arena, struct error *err)
{
    struct story_list list;
    int64_t done;
    enum status st = story_list_get(
        desk->conn, &(struct story_query){.list = LIST_ALL, .limit = DEMO_READ_STORIES}, arena,
        &list, err);
    if (st == ST_OK)
        st = desk_write(desk, read_some, &list, err);
    if (st == ST_OK)
        st = related_run(&(struct related_work){.store = desk->store,
                                                .conn = desk->conn,
                                                .clock = &clock_system,
                                                .rng = &rng_system,
                                                .language = S("en")},
                         clock_monotonic() + RELATED_PATIENCE, &done, err);
    if (st == ST_OK)
        st = popular_run(&(struct popular_work){.store = desk->store,
                                                .conn = desk->conn,
                                                .clock = &clock_system,
                                                .rng = &rng_system},
                         err);
    return st;
}

enum status demo_fill(struct desk *desk, struct arena *arena, struct error *err)
{
    char template[] = "/tmp/broadsheet-demo-XXXXXX";
    struct error ignored = ERROR_INIT;
    if (mkdtemp(template) == NULL)
        return error_set_errno(err, ST_IO, "cannot make a folder in /tmp");
    str dir = str_from_c(template);
    enum status st = unpack(arena, dir, err);
    if (st == ST_OK)
        st = import(desk, arena, dir, err);
    (void)file_remove_tree(dir, &ignored); /* /tmp is swept anyway */
    if (st == ST_OK)
        st = fill_lists(desk, arena, err);
    return st;
}
