/* SPDX-License-Identifier: MIT */
#include "site/pictures.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "http/file.h"
#include "media/made.h"
#include "media/media.h"
#include "media/rendition.h"
#include "media/storage.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/story.h"
#include "site/folder.h"
#include "site/visit.h"
#include "store/store.h"
#include "text/url.h"
#include "theme/card.h"
#include "theme/package.h"
#include "theme/theme.h"

#include <stdlib.h>
#include <string.h>

#define IMAGES "/content/images/"

/* How long anybody may keep an answer. */
enum keeping {
    KEEP_YEAR,
    KEEP_MINUTES, /* what an editor's crop or focal point may change: then its ETag says no */
    KEEP_MINUTE,
    KEEPINGS
};
static const char *const cache_control[KEEPINGS] = {
    [KEEP_YEAR] = "public, max-age=31536000, immutable",
    [KEEP_MINUTES] = "public, max-age=300",
    [KEEP_MINUTE] = "public, max-age=60",
};

struct pictures {
    struct arena *arena;     /* read-only once open, all of it */
    int media_fd;            /* the folder's; -1: there is none */
    struct storage *storage; /* NULL: there is no bucket, the folder is all */
    struct made *made;
    struct making *making; /* NULL: nothing is made */
    struct http_files *files;
    str headers[KEEPINGS][MEDIA_KINDS];
};

static str headers_format(struct arena *arena, enum keeping keeping, enum media_kind kind)
{
    str disposition = media_kind_disposition(kind);
    return str_format(arena,
                      "Cache-Control: %s\r\nX-Content-Type-Options: nosniff\r\n"
                      "Content-Security-Policy: %.*s\r\n%s%.*s%s",
                      cache_control[keeping], STR_ARG(media_kind_policy(kind)),
                      disposition.len > 0 ? "Content-Disposition: " : "", STR_ARG(disposition),
                      disposition.len > 0 ? "\r\n" : "");
}

/* A media folder that cannot be written to is served as it is. */
static struct made *made_or_not(const struct site *site, int64_t bytes_max)
{
    struct made *made;
    struct error err = ERROR_INIT;
    if (made_open(site->folder->media, bytes_max, site->log, &made, &err) == ST_OK)
        return made;
    log_warn(site->log, "no smaller pictures will be made", LOG_ERR(&err));
    return NULL;
}

enum status pictures_open(struct site *site, size_t loops, const struct picture_maker *maker,
                          int64_t made_bytes_max, struct pictures **ret_pictures, struct error *err)
{
    struct pictures *pictures = calloc(1, sizeof(*pictures));
    CHECK(pictures != NULL);
    pictures->arena = arena_new(ARENA_SMALL);
    pictures->media_fd = site->folder->media_fd;
    pictures->files = http_files_new(loops);
    for (int keeping = 0; keeping < KEEPINGS; keeping++) {
        for (int kind = 0; kind < MEDIA_KINDS; kind++)
            pictures->headers[keeping][kind] =
                headers_format(pictures->arena, (enum keeping)keeping, (enum media_kind)kind);
    }
    enum status st = ST_OK;
    if (site->folder->bucket.endpoint.len > 0)
        st = folder_storage(site->folder, &pictures->storage, err);
    if (st != ST_OK) {
        pictures_free(pictures);
        return st;
    }
    if (pictures->media_fd >= 0 && maker != NULL)
        pictures->made = made_or_not(site, made_bytes_max);
    if (pictures->made != NULL)
        pictures->making = making_new(&site->app, pictures->made, pictures->media_fd,
                                      pictures->storage, maker, site->log);
    *ret_pictures = pictures;
    return ST_OK;
}

bool pictures_make(const struct pictures *pictures)
{
    return pictures->making != NULL;
}

void pictures_close_begin(struct pictures *pictures)
{
    if (pictures != NULL)
        making_close_begin(pictures->making);
}

void pictures_free(struct pictures *pictures)
{
    if (pictures == NULL)
        return;
    making_free(pictures->making);
    storage_free(pictures->storage);
    made_close(pictures->made);
    http_files_free(pictures->files);
    arena_free(pictures->arena);
    free(pictures);
}

/* ---- where a file is ---- */

static struct http_file_place place_of(const struct pictures *pictures, int dir_fd, str path,
                                       enum media_kind kind, enum keeping keeping)
{
    return (struct http_file_place){.dir_fd = dir_fd,
                                    .path = path,
                                    .content_type = media_kind_type(kind),
                                    .headers = pictures->headers[keeping][kind]};
}

static struct http_file_place place_of_original(const struct pictures *pictures, str path,
                                                enum keeping keeping)
{
    return place_of(pictures, pictures->media_fd, path, media_kind_by_path(path), keeping);
}

static struct http_file_place place_of_rendition(const struct pictures *pictures, str path,
                                                 const struct rendition *r)
{
    enum media_kind kind = r->format != MEDIA_UNKNOWN ? r->format : media_kind_by_path(r->path);
    struct http_file_place place =
        place_of(pictures, made_fd(pictures->made), path, kind,
                 r->width > 0 && r->height > 0 ? KEEP_MINUTES : KEEP_YEAR);
    place.note_use = true;
    return place;
}

static struct http_file_place place_of_card(const struct pictures *pictures, str path)
{
    struct http_file_place place =
        place_of(pictures, made_fd(pictures->made), path, MEDIA_PNG, KEEP_YEAR);
    place.note_use = true;
    return place;
}

/* ---- on a loop ---- */

/* False for what is no file's own address: redirected, or nobody's. */
static bool place_find(const struct pictures *pictures, str path, struct http_file_place *ret_place)
{
    static const str prefixes[] = {STR_INIT(IMAGES), STR_INIT("/content/media/"),
                                   STR_INIT("/content/files/")};
    struct rendition r;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        if (!str_starts(path, prefixes[i]))
            continue;
        str below = str_from(path, prefixes[i].len);
        bool made = i == 0 && pictures->made != NULL;
        if (made && card_path_story(below).len > 0) {
            *ret_place = place_of_card(pictures, below);
            return true;
        }
        switch (rendition_parse(below, &r)) {
        case RENDITION_NONE:
            *ret_place = place_of_original(pictures, r.path, KEEP_YEAR);
            return r.path.len > 0;
        case RENDITION_PLAIN:
            if (made)
                *ret_place = place_of_rendition(pictures, below, &r);
            return made;
        case RENDITION_ODD:
        case RENDITION_UNKNOWN:
            return false;
        }
    }
    return false;
}

bool pictures_lookup(struct pictures *pictures, const struct http_request *req,
                     struct http_ready *ret)
{
    struct http_file_place place;
    if (!str_starts(req->path, S("/content/")) || pictures->media_fd < 0)
        return false;
    return http_files_get(pictures->files, req, ret) ||
           (place_find(pictures, req->path, &place) &&
            http_files_look(pictures->files, req, &place, ret));
}

/* ---- on a render thread ---- */

static enum status send_place(struct visit *v, const struct http_file_place *place,
                              struct error *err)
{
    struct http_file *file;
    enum status st = http_file_open(place, &file, err);
    if (st != ST_OK)
        return st;
    http_response_ready(v->res, http_file_answer(file, v->req));
    http_file_unref(file);
    return ST_OK;
}

static void redirect_to(struct visit *v, int code, str path)
{
    http_response_redirect(v->res, code,
                           str_join2(v->arena, S(IMAGES), url_path_encode(v->arena, path)));
}

/* No such file: it may have had this address once. `r` is what was asked for of it. */
static enum status moved(struct visit *v, const struct rendition *r, struct error *err)
{
    str path;
    enum status st = media_moved(v->conn, r->path, v->arena, &path, err);
    if (st != ST_OK)
        return st;
    if (path.len == 0)
        return visit_absent(v, 410, err);
    struct rendition now = *r;
    now.path = path;
    redirect_to(v, 301, rendition_print(v->arena, &now));
    return ST_OK;
}

struct ask {
    struct making *making;
    struct http_exchange *x;
    struct making_job job;
};

static void ask_run(void *arg)
{
    struct ask *ask = arg;
    making_ask(ask->making, ask->x, &ask->job);
}

static struct ask *ask_later(struct visit *v, str path)
{
    struct ask *ask = arena_new_one(v->arena, struct ask);
    *ask = (struct ask){.making = v->site->pictures->making, .x = v->x, .job = {.path = path}};
    v->hand_over = ask_run;
    v->hand_over_arg = ask;
    return ask;
}

/* Whether the bucket is to be asked for a file that is not in the folder: a record says that it has it, so that nobody
 * can make us ask for names out of the air. */
static bool is_in_bucket(struct visit *v, str path)
{
    struct media *media;
    return v->site->pictures->storage != NULL &&
           media_by_path(v->conn, path, v->arena, &media, NULL) == ST_OK;
}

/* Then the request is dispatched again, and finds it in the folder. */
static enum status fetch_ask(struct visit *v, str path, struct error *err)
{
    const struct pictures *pictures = v->site->pictures;
    if (making_tried(pictures->making, path))
        return error_set(err, ST_IO, "the file cannot be fetched from the bucket");
    struct ask *ask = ask_later(v, path);
    ask->job.original = path;
    ask->job.fetch = true;
    return ST_OK;
}

/* Without a thread for pictures the render thread fetches. */
static enum status fetch_and_send(struct visit *v, const struct http_file_place *place,
                                  struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    enum status st = storage_open(v->site->pictures->storage, place->path, &fd, err);
    return st == ST_OK ? send_place(v, place, err) : st;
}

static enum status original_show(struct visit *v, const struct rendition *r, enum keeping keeping,
                                 struct error *err)
{
    const struct pictures *pictures = v->site->pictures;
    struct http_file_place place = place_of_original(pictures, r->path, keeping);
    enum status st = send_place(v, &place, err);
    if (st == ST_NOT_FOUND && is_in_bucket(v, r->path))
        st = pictures->making != NULL ? fetch_ask(v, r->path, err) : fetch_and_send(v, &place, err);
    return st == ST_NOT_FOUND ? moved(v, r, err) : st;
}

static bool size_declared(struct visit *v, const struct rendition *r)
{
    const struct package *package = theme_package(v->edition->theme);
    struct rendition_size sizes[PACKAGE_IMAGE_SIZES_MAX];
    for (size_t i = 0; i < package->image_sizes_count; i++)
        sizes[i] =
            (struct rendition_size){package->image_sizes[i].width, package->image_sizes[i].height};
    return rendition_allowed(r, sizes, package->image_sizes_count);
}

static enum status rendition_ask(struct visit *v, const struct rendition *r, str path,
                                 struct error *err)
{
    struct media *media;
    struct media_focus focus = media_focus_default;
    enum status st = media_by_path(v->conn, r->path, v->arena, &media, err);
    if (st == ST_OK)
        focus = media->focus;
    else if (st != ST_NOT_FOUND)
        return st;
    struct ask *ask = ask_later(v, path);
    ask->job.original = r->path;
    ask->job.make = (struct media_make){.width = r->width,
                                        .height = r->height,
                                        .format = r->format,
                                        .focal_x = (double)focus.x / MEDIA_FOCAL_ONE,
                                        .focal_y = (double)focus.y / MEDIA_FOCAL_ONE,
                                        .left = (double)focus.left / MEDIA_FOCAL_ONE,
                                        .top = (double)focus.top / MEDIA_FOCAL_ONE,
                                        .right = (double)focus.right / MEDIA_FOCAL_ONE,
                                        .bottom = (double)focus.bottom / MEDIA_FOCAL_ONE};
    return ST_OK;
}

static enum status rendition_show(struct visit *v, const struct rendition *r, str path,
                                  struct error *err)
{
    const struct pictures *pictures = v->site->pictures;
    AUTO(fd_closep) int fd = -1;
    if (!size_declared(v, r)) {
        redirect_to(v, 302, r->path);
        return ST_OK;
    }
    if (pictures->making == NULL)
        return original_show(v, r, KEEP_MINUTE, err);
    struct http_file_place place = place_of_rendition(pictures, path, r);
    enum status st = send_place(v, &place, err);
    if (st != ST_NOT_FOUND)
        return st;
    if (file_open_beneath(pictures->media_fd, r->path, &fd, NULL) != ST_OK ||
        making_tried(pictures->making, path) || making_late(pictures->making, path))
        return original_show(v, r, KEEP_MINUTE, err);
    return rendition_ask(v, r, path, err);
}

static enum status card_show(struct visit *v, str path, struct error *err)
{
    const struct pictures *pictures = v->site->pictures;
    struct story *story;
    struct media_card card;
    struct http_file_place place = place_of_card(pictures, path);
    enum status st = send_place(v, &place, err);
    if (st != ST_NOT_FOUND)
        return st;
    st = story_by_ghost_id(v->conn, card_path_story(path), v->arena, &story, err);
    if (st == ST_OK && story->state != STORY_PUBLISHED)
        st = error_set(err, ST_NOT_FOUND, "there is no such story");
    if (st == ST_OK)
        st = story_load_terms(v->conn, &story, 1, v->arena, err);
    if (st != ST_OK)
        return st;
    card_of(story, v->edition->settings, &card);
    str now = card_path(v->arena, story, &card);
    if (!str_eq(now, path)) {
        redirect_to(v, 302, now);
        return ST_OK;
    }
    if (making_tried(pictures->making, path))
        return error_set(err, ST_NOT_FOUND, "this card cannot be drawn");
    ask_later(v, path)->job.card = card;
    return ST_OK;
}

enum status file_media(struct visit *v, const struct http_route_match *match, struct error *err)
{
    const struct pictures *pictures = v->site->pictures;
    str path = http_route_param(match, S("path"));
    bool images = str_starts(v->req->path, S(IMAGES));
    struct rendition r;
    enum rendition_spelling spelling = rendition_parse(path, &r);
    if (pictures->media_fd < 0 || r.path.len == 0 || (!images && spelling != RENDITION_NONE))
        return error_set(err, ST_NOT_FOUND, "there is no such file");
    if (images && pictures->making != NULL && card_path_story(path).len > 0)
        return card_show(v, path, err);
    switch (spelling) {
    case RENDITION_NONE:
        break;
    case RENDITION_PLAIN:
        return rendition_show(v, &r, path, err);
    case RENDITION_ODD:
        redirect_to(v, 301, rendition_print(v->arena, &r));
        return ST_OK;
    case RENDITION_UNKNOWN:
        redirect_to(v, 302, r.path);
        return ST_OK;
    }
    return original_show(v, &r, KEEP_YEAR, err);
}

/* ---- changes ---- */

void pictures_changed(struct pictures *pictures, const struct store_changes *changes)
{
    static const str media = STR_INIT("media:");
    if (pictures == NULL || pictures->making == NULL)
        return;
    for (size_t i = 0; i < changes->count; i++) {
        if (str_starts(changes->names[i], media))
            making_forget(pictures->making, str_from(changes->names[i], media.len));
    }
}
