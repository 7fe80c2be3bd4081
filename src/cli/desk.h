/* cli/desk.h -- a site opened by a command: its folder, database, settings, and a way to write.
 *
 *     AUTO(desk_closep) struct desk *desk = NULL;
 *     st = desk_open(cli, &desk, err);
 *     ...
 *     st = desk_write(desk, approve, &id, err);    // static enum status approve(struct newsroom *room, void *arg, ...)
 *
 * A server may run on the same site: SQLite lets both write, and the server notices within 100 ms.
 *
 * Threads: the main thread. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct cli;
struct folder;
struct media_desk;
struct newsroom;
struct site_settings;
struct store;
struct store_conn;

struct desk {
    struct folder *folder;
    struct store *store;
    struct store_conn *conn; /* for reading */
    struct site_settings *settings;
    bool alone;               /* opened for long work, and nobody serves the site */
    struct media_desk *media; /* NULL until desk_media */
};

MUST_USE enum status desk_open(struct cli *cli, struct desk **ret_desk, struct error *err);
/* For long work: while nobody serves the site, writes go in steps too long for a server beside it. */
MUST_USE enum status desk_open_bulk(struct cli *cli, struct desk **ret_desk, struct error *err);
/* The same for a folder by its path. */
MUST_USE enum status desk_open_at(str path, struct desk **ret_desk, struct error *err);
void desk_close(struct desk *desk); /* takes NULL */
DEFINE_FREEP(struct desk *, desk_close)

/* What taking pictures in needs, made at the first call. Without the picture worker on the machine everything but
 * pictures of pixels can be taken in, and those are refused with a sentence. */
MUST_USE enum status desk_media(struct desk *desk, const struct media_desk **ret_media,
                                struct error *err);

typedef enum status desk_write_fn(struct newsroom *room, void *arg, struct error *err);
MUST_USE enum status desk_write(struct desk *desk, desk_write_fn *fn, void *arg, struct error *err);
