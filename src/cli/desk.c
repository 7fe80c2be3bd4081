/* SPDX-License-Identifier: MIT */
#include "cli/desk.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "cli/command.h"
#include "media/intake.h"
#include "media/storage.h"
#include "media/worker.h"
#include "news/news.h"
#include "news/setting.h"
#include "site/database.h"
#include "site/folder.h"
#include "store/store.h"

#include <stdlib.h>
#include <unistd.h>

static const struct log desk_log = {.fd = STDERR_FILENO, .level = LOG_WARN};

/* Any command may be the first after an upgrade of the program. */
static void upgrade_show(void *ctx, enum store_upgrade at, int64_t done, int64_t total)
{
    (void)ctx;
    if (at == STORE_COPYING)
        cli_progress("keeping a copy of the database: %lld %%",
                     (long long)(total > 0 ? done * 100 / total : 0));
    else if (at == STORE_CHECKING)
        cli_progress("checking the copy of the database");
    else
        cli_progress("bringing the database from version %lld to %lld", (long long)done,
                     (long long)total);
}

static enum status open_parts(struct desk *desk, str path, bool bulk, struct error *err)
{
    enum status st = folder_open(path, &desk->folder, err);
    if (st != ST_OK)
        return st;
    desk->alone = bulk && !folder_in_use(desk->folder);
    st = database_open(desk->folder,
                       &(struct database_options){
                           .log = &desk_log, .alone = desk->alone, .upgrading = upgrade_show},
                       &desk->store, err);
    cli_progress_end();
    if (st == ST_OK)
        st = store_reader_new(desk->store, &desk->conn, err);
    if (st != ST_OK)
        return st;
    struct setting url = {S("url"), desk->folder->url};
    return site_settings_load(desk->conn, &url, url.value.len > 0 ? 1 : 0, &desk->settings, err);
}

static enum status open_desk(str path, bool bulk, struct desk **ret_desk, struct error *err)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    CHECK(desk != NULL);
    enum status st = open_parts(desk, path, bulk, err);
    if (st != ST_OK) {
        desk_close(desk);
        return st;
    }
    *ret_desk = desk;
    return ST_OK;
}

enum status desk_open_at(str path, struct desk **ret_desk, struct error *err)
{
    return open_desk(path, false, ret_desk, err);
}

enum status desk_open_bulk(struct cli *cli, struct desk **ret_desk, struct error *err)
{
    return open_desk(cli_site(cli), true, ret_desk, err);
}

enum status desk_open(struct cli *cli, struct desk **ret_desk, struct error *err)
{
    return desk_open_at(cli_site(cli), ret_desk, err);
}

void desk_close(struct desk *desk)
{
    if (desk == NULL)
        return;
    if (desk->media != NULL) {
        media_worker_free(desk->media->worker);
        storage_free(desk->media->storage);
        free(desk->media);
    }
    site_settings_unref(desk->settings);
    store_reader_free(desk->conn);
    store_close(desk->store);
    folder_close(desk->folder);
    free(desk);
}

/* ---- pictures ---- */

enum status desk_media(struct desk *desk, const struct media_desk **ret_media, struct error *err)
{
    if (desk->media == NULL) {
        AUTO(storage_freep) struct storage *storage = NULL;
        AUTO(media_worker_freep) struct media_worker *worker = NULL;
        enum status st = folder_storage(desk->folder, &storage, err);
        if (st == ST_OK)
            st = media_worker_start(&(struct media_worker_options){.log = &desk_log}, &worker, err);
        if (st != ST_OK && (storage == NULL || st != ST_NOT_FOUND))
            return st;
        desk->media = calloc(1, sizeof(*desk->media));
        CHECK(desk->media != NULL);
        desk->media->storage = TAKE(storage);
        desk->media->worker = TAKE(worker);
        desk->media->store = desk->store;
        desk->media->site = desk->settings;
    }
    *ret_media = desk->media;
    return ST_OK;
}

/* ---- writing ---- */

struct desk_write {
    struct desk *desk;
    desk_write_fn *fn;
    void *arg;
};

static enum status write_run(struct store_tx *tx, void *arg, struct error *err)
{
    struct desk_write *write = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom room = {.tx = tx,
                            .arena = arena,
                            .rng = &rng_system,
                            .now = clock_now(&clock_system),
                            .site = write->desk->settings};
    return write->fn(&room, write->arg, err);
}

enum status desk_write(struct desk *desk, desk_write_fn *fn, void *arg, struct error *err)
{
    struct desk_write write = {desk, fn, arg};
    return store_write_wait(desk->store, write_run, &write, err);
}
