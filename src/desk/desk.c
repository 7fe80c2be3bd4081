/* SPDX-License-Identifier: MIT
 *
 * The routes, and the way from a loop to a desk thread. */
#include "desk/desk.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/random.h"
#include "desk/door.h"
#include "desk/errand.h"
#include "desk/look.h"
#include "desk/lost.h"
#include "desk/refusal.h"
#include "desk/secret.h"
#include "desk/task.h"
#include "http/exchange.h"
#include "media/storage.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/mail.h"
#include "site/site.h"
#include "store/store.h"

#include <stdlib.h>

/* ---- routes ---- */

enum { GET = HTTP_GET | HTTP_HEAD, POST = HTTP_POST };

static const struct errand_route routes[] = {
    {{GET, "/desk/", 0}, home_show, RIGHT_SELF, 0, 0},
    {{GET, "/desk/desk.css", 0}, file_show, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/desk.js", 0}, file_show, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/editor.css", 0}, file_show, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/editor.js", 0}, file_show, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/set-up/", 0}, set_up_show, RIGHT_ANYBODY, 0, 0},
    {{POST, "/desk/set-up/", 0}, set_up_post, RIGHT_ANYBODY, ERRAND_PASSWORD, 0},
    {{GET, "/desk/invitation/", 0}, invitation_show, RIGHT_ANYBODY, 0, 0},
    {{POST, "/desk/invitation/", 0}, invitation_post, RIGHT_ANYBODY, ERRAND_PASSWORD, 0},
    {{GET, "/desk/reset/", 0}, reset_show, RIGHT_ANYBODY, 0, 0},
    {{POST, "/desk/reset/", 0}, reset_post, RIGHT_ANYBODY, ERRAND_PASSWORD, 0},
    {{GET, "/desk/lost/", 0}, lost_show, RIGHT_ANYBODY, 0, 0},
    {{POST, "/desk/lost/", 0}, lost_post, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/sign-in/", 0}, sign_in_show, RIGHT_ANYBODY, 0, 0},
    {{POST, "/desk/sign-in/", 0}, sign_in_post, RIGHT_ANYBODY, ERRAND_PASSWORD, 0},
    {{GET, "/desk/sign-in/code/", 0}, code_show, RIGHT_HALF, 0, 0},
    {{POST, "/desk/sign-in/code/", 0}, code_post, RIGHT_HALF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/sign-out/", 0}, sign_out, RIGHT_ANYBODY, 0, 0},
    {{GET, "/desk/account/", 0}, account_show, RIGHT_SELF, 0, 0},
    {{POST, "/desk/account/self/", 0}, account_self, RIGHT_SELF, 0, 0},
    {{POST, "/desk/account/email/", 0}, account_email, RIGHT_SELF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/account/password/", 0}, account_password, RIGHT_SELF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/account/end/", 0}, account_end, RIGHT_SELF, 0, 0},
    {{POST, "/desk/account/end-all/", 0}, account_end_all, RIGHT_SELF, 0, 0},
    {{GET, "/desk/account/two-step/", 0}, two_step_show, RIGHT_SELF, 0, 0},
    {{POST, "/desk/account/two-step/", 0}, two_step_prove, RIGHT_SELF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/account/two-step/codes/", 0}, two_step_codes, RIGHT_SELF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/account/two-step/off/", 0}, two_step_off, RIGHT_SELF, ERRAND_PASSWORD, 0},
    {{POST, "/desk/steps/", 0}, home_steps, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/", 0}, settings_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/", 0}, settings_post, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/social/", 0}, settings_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/social/", 0}, settings_post, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/replies/", 0}, settings_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/replies/", 0}, settings_post, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/code/", 0}, settings_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/code/", 0}, settings_post, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/menus/", 0}, menus_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/menus/", 0}, menus_post, RIGHT_SETTINGS, 0, 0},
    {{GET, "/desk/settings/themes/", 0}, themes_show, RIGHT_THEMES, 0, 0},
    {{POST, "/desk/settings/themes/use/", 0}, themes_use, RIGHT_THEMES, ERRAND_LONG, 0},
    {{POST, "/desk/settings/themes/upload/", 0},
     themes_upload,
     RIGHT_THEMES,
     ERRAND_LONG,
     ERRAND_FILE},
    {{POST, "/desk/settings/themes/remove/", 0}, themes_remove, RIGHT_THEMES, ERRAND_LONG, 0},
    {{GET, "/desk/settings/themes/custom/", 0}, choices_show, RIGHT_THEMES, 0, 0},
    {{POST, "/desk/settings/themes/custom/", 0}, choices_post, RIGHT_THEMES, 0, 0},
    {{GET, "/desk/settings/themes/:name/zip/", 0}, themes_download, RIGHT_THEMES, ERRAND_LONG, 0},
    {{GET, "/desk/settings/redirects/", 0}, redirects_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/redirects/add/", 0}, redirects_add, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/redirects/remove/", 0}, redirects_remove, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/redirects/upload/", 0},
     redirects_upload,
     RIGHT_SETTINGS,
     ERRAND_LONG,
     ERRAND_FILE},
    {{GET, "/desk/settings/redirects/redirects.yaml", 0},
     redirects_download,
     RIGHT_SETTINGS,
     ERRAND_LONG,
     0},
    {{GET, "/desk/settings/redirects/redirects.json", 0},
     redirects_download,
     RIGHT_SETTINGS,
     ERRAND_LONG,
     0},
    {{GET, "/desk/people/", 0}, people_show, RIGHT_PEOPLE, 0, 0},
    {{POST, "/desk/people/invite/", 0}, people_invite, RIGHT_INVITE, 0, 0},
    {{POST, "/desk/people/withdraw/", 0}, people_withdraw, RIGHT_INVITE, 0, 0},
    {{POST, "/desk/people/resend/", 0}, people_resend, RIGHT_INVITE, 0, 0},
    {{GET, "/desk/people/:id/", 0}, person_show, RIGHT_MANAGE, 0, 0},
    {{POST, "/desk/people/:id/role/", 0}, person_role, RIGHT_MANAGE, 0, 0},
    {{POST, "/desk/people/:id/reset/", 0}, person_reset, RIGHT_MANAGE, 0, 0},
    {{POST, "/desk/people/:id/two-step-off/", 0}, person_two_step_off, RIGHT_MANAGE, 0, 0},
    {{POST, "/desk/people/:id/end/", 0}, person_end, RIGHT_MANAGE, 0, 0},
    {{POST, "/desk/people/:id/owner/", 0}, person_owner, RIGHT_HAND_OVER, ERRAND_PASSWORD, 0},
    {{POST, "/desk/people/:id/out/", 0}, person_out, RIGHT_MANAGE, 0, 0},
    {{GET, "/desk/import/", 0}, import_show, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/import/upload/", 0}, import_upload, RIGHT_TRANSFER, ERRAND_LONG, ERRAND_FILE},
    {{POST, "/desk/import/run/", 0}, import_run, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/import/remove/", 0}, import_remove, RIGHT_TRANSFER, 0, 0},
    {{GET, "/desk/export/", 0}, export_show, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/export/run/", 0}, export_run, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/export/remove/", 0}, export_remove, RIGHT_TRANSFER, 0, 0},
    {{GET, "/desk/export/:name", 0}, export_file, RIGHT_TRANSFER, ERRAND_LONG, 0},
    {{GET, "/desk/backup/", 0}, backup_show, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/backup/run/", 0}, backup_run, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/backup/pack/", 0}, backup_pack, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/backup/remove/", 0}, backup_remove, RIGHT_TRANSFER, ERRAND_LONG, 0},
    {{GET, "/desk/tasks/:id/", 0}, task_show, RIGHT_TRANSFER, 0, 0},
    {{POST, "/desk/tasks/:id/cancel/", 0}, task_stop, RIGHT_TRANSFER, 0, 0},
    {{GET, "/desk/settings/mail/", 0}, mail_show, RIGHT_SETTINGS, 0, 0},
    {{POST, "/desk/settings/mail/", 0}, mail_post, RIGHT_SETTINGS, ERRAND_LONG, 0},
    {{GET, "/desk/replies/", 0}, replies_show, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/decide/", 0}, replies_decide, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/undo/", 0}, replies_undo, RIGHT_REPLIES, 0, 0},
    {{GET, "/desk/replies/bans/", 0}, bans_show, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/bans/", 0}, bans_add, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/bans/:id/remove/", 0}, bans_remove, RIGHT_REPLIES, 0, 0},
    {{GET, "/desk/replies/:id/", 0}, reply_show, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/:id/edit/", 0}, reply_edit, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/:id/answer/", 0}, reply_answer, RIGHT_REPLIES, 0, 0},
    {{GET, "/desk/media/", 0}, library_show, RIGHT_MEDIA, 0, 0},
    {{POST, "/desk/media/upload/", 0}, upload_post, RIGHT_MEDIA, ERRAND_LONG, ERRAND_FILE},
    {{GET, "/desk/media/unused/", 0}, library_unused, RIGHT_MEDIA_ALL, 0, 0},
    {{GET, "/desk/media/alt/", 0}, library_alt, RIGHT_MEDIA, 0, 0},
    {{POST, "/desk/media/several/", 0}, library_several, RIGHT_MEDIA_ALL, ERRAND_LONG, 0},
    {{GET, "/desk/media/:id/", 0}, picture_show, RIGHT_MEDIA, 0, 0},
    {{POST, "/desk/media/:id/words/", 0}, picture_words, RIGHT_MEDIA, 0, 0},
    {{POST, "/desk/media/:id/focus/", 0}, picture_focus, RIGHT_MEDIA_ALL, 0, 0},
    {{POST, "/desk/media/:id/replace/", 0},
     picture_replace,
     RIGHT_MEDIA_ALL,
     ERRAND_LONG,
     ERRAND_FILE},
    {{POST, "/desk/media/:id/remove/", 0}, picture_remove, RIGHT_MEDIA_ALL, ERRAND_LONG, 0},
    {{GET, "/desk/media/:id/original/", 0}, picture_original, RIGHT_MEDIA, ERRAND_LONG, 0},
    {{POST, "/desk/replies/:id/ban/", 0}, reply_ban, RIGHT_REPLIES, 0, 0},
    {{GET, "/desk/replies/:id/writer/", 0}, writer_show, RIGHT_REPLIES, 0, 0},
    {{POST, "/desk/replies/:id/writer/", 0}, writer_decide, RIGHT_REPLIES, 0, 0},
    {{GET, "/desk/log/", 0}, log_show, RIGHT_LOG, 0, 0},
    /* Lists. Before one story, whose pattern would take "search" for a number. */
    {{GET, "/desk/stories/", 0}, stories_show, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/stories/search/", 0}, stories_search, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/bulk/", 0}, stories_bulk, RIGHT_WRITE, ERRAND_LONG, 0},
    {{POST, "/desk/stories/undo/", 0}, stories_undo, RIGHT_WRITE, ERRAND_LONG, 0},
    {{GET, "/desk/tags/", 0}, tags_show, RIGHT_TAGS, 0, 0},
    {{GET, "/desk/tags/new/", 0}, tag_new, RIGHT_TAGS, 0, 0},
    {{POST, "/desk/tags/new/", 0}, tag_post, RIGHT_TAGS, 0, 0},
    {{GET, "/desk/tags/suggest/", 0}, tags_suggest, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/tags/proposed/", 0}, tags_proposed, RIGHT_TAGS, 0, 0},
    {{POST, "/desk/tags/proposed/", 0}, tags_propose, RIGHT_TAGS, ERRAND_LONG, 0},
    {{GET, "/desk/tags/:id/", 0}, tag_show, RIGHT_TAGS, 0, 0},
    {{POST, "/desk/tags/:id/", 0}, tag_post, RIGHT_TAGS, 0, 0},
    {{POST, "/desk/tags/:id/merge/", 0}, tag_merge_post, RIGHT_TAGS, ERRAND_LONG, 0},
    {{POST, "/desk/tags/:id/delete/", 0}, tag_delete_post, RIGHT_TAGS, ERRAND_LONG, 0},
    {{GET, "/desk/bylines/", 0}, bylines_show, RIGHT_BYLINES, 0, 0},
    {{GET, "/desk/bylines/new/", 0}, byline_new, RIGHT_BYLINES, 0, 0},
    {{POST, "/desk/bylines/new/", 0}, byline_post, RIGHT_BYLINES, 0, 0},
    {{GET, "/desk/bylines/suggest/", 0}, bylines_suggest, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/bylines/:id/", 0}, byline_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/bylines/:id/", 0}, byline_post, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/bylines/:id/merge/", 0}, byline_merge_post, RIGHT_BYLINES, ERRAND_LONG, 0},
    {{POST, "/desk/bylines/:id/delete/", 0}, byline_delete_post, RIGHT_BYLINES, ERRAND_LONG, 0},
    /* One story. */
    {{GET, "/desk/stories/new/", 0}, story_new_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/new/", 0}, story_new_post, RIGHT_WRITE, 0, ERRAND_TEXT},
    {{POST, "/desk/stories/new/autosave/", 0}, story_new_autosave, RIGHT_WRITE, 0, ERRAND_TEXT},
    {{GET, "/desk/stories/:id/", 0}, story_edit_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/:id/", 0}, story_edit_post, RIGHT_WRITE, 0, ERRAND_TEXT},
    {{POST, "/desk/stories/:id/autosave/", 0}, story_autosave, RIGHT_WRITE, 0, ERRAND_TEXT},
    {{POST, "/desk/stories/:id/lock/", 0}, story_lock_post, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/stories/:id/versions/", 0}, story_versions_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/:id/versions/", 0}, story_version_post, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/stories/:id/compare/", 0}, story_compare_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/:id/compare/", 0}, story_compare_post, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/stories/:id/preview/", 0}, story_link_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/:id/preview/", 0}, story_link_make, RIGHT_WRITE, 0, 0},
    {{GET, "/desk/stories/:id/preview/page/", 0}, story_preview_show, RIGHT_WRITE, 0, 0},
    {{POST, "/desk/stories/:id/corrections/", 0}, story_correct, RIGHT_PUBLISH, 0, 0},
    {{POST, "/desk/stories/:id/corrections/:correction/", 0},
     story_correction,
     RIGHT_EDIT_ALL,
     0,
     0},
    /* Numbers. */
    {{GET, "/desk/numbers/", 0}, numbers_show, RIGHT_NUMBERS, 0, 0},
    {{GET, "/desk/numbers/reads.csv", 0}, numbers_csv, RIGHT_EDIT_ALL, 0, 0},
    {{GET, "/desk/numbers/:id/", 0}, numbers_story, RIGHT_NUMBERS, 0, 0},
    {{GET, "/desk/numbers/:id/reads.csv", 0}, numbers_story_csv, RIGHT_NUMBERS, 0, 0},
};

size_t newsdesk_routes(struct newsdesk_route *ret_routes, size_t max)
{
    size_t count = 0;
    for (; count < ARRAY_LEN(routes) && count < max; count++) {
        ret_routes[count] =
            (struct newsdesk_route){routes[count].route.methods == POST ? S("POST") : S("GET"),
                                    str_from_c(routes[count].route.pattern)};
    }
    return count;
}

static const struct errand_route *route_find(enum http_method method, str path,
                                             struct http_route_match *match)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (http_route_find(&routes[i].route, 1, method, path, match) == HTTP_ROUTE_FOUND)
            return &routes[i];
    }
    return NULL;
}

/* ---- the desk ---- */

enum { LANES = ERRAND_LONG + 1 };

static const struct {
    const char *name;
    size_t threads, queue_max, first_conn;
} lanes[LANES] = {
    [ERRAND_PAGE] = {"desk", NEWSDESK_THREADS, NEWSDESK_QUEUE_MAX, 0},
    [ERRAND_PASSWORD] = {"passwords", 1, NEWSDESK_PASSWORDS_MAX, NEWSDESK_THREADS},
    [ERRAND_LONG] = {"desk-long", NEWSDESK_LONG_THREADS, NEWSDESK_LONG_MAX, NEWSDESK_THREADS + 1},
};

/* Connections: one a page thread, then the password thread's and the long ones'. Each is opened when its thread first
 * has something to do, and then is that thread's alone. */
struct newsdesk {
    struct site *site; /* read-only after open, as all but conns */
    const struct http_app *readers;
    const struct folder *folder;
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;
    struct look *look;
    struct lost_desk lost; /* the mail's thread has it */
    struct tasks *tasks;
    struct media_worker *worker;
    struct storage *storage; /* NULL: media/ cannot be used */
    size_t upload_bytes_max;
    struct pool *lanes[LANES];
    struct http_app app;
    struct store_conn *conns[NEWSDESK_THREADS + 1 + NEWSDESK_LONG_THREADS];
};

static bool is_desk(const struct http_request *req)
{
    return str_starts(req->path, S("/desk/")) || str_eq(req->path, S("/desk"));
}

struct work {
    struct newsdesk *desk;
    struct http_exchange *x;
    const struct errand_route *route;
    struct http_route_match match;
};

static void work_run(struct work *work, size_t conn)
{
    struct newsdesk *desk = work->desk;
    struct http_exchange *x = work->x;
    struct error err = ERROR_INIT;
    char space[HTTP_ADDRESS_TEXT_MAX];
    struct errand e = {.site = desk->site,
                       .look = desk->look,
                       .log = desk->log,
                       .rng = desk->rng,
                       .store = site_store(desk->site),
                       .key = desk->folder->secret,
                       .folder = desk->folder,
                       .storage = desk->storage,
                       .worker = desk->worker,
                       .upload_bytes_max = desk->upload_bytes_max,
                       .tasks = desk->tasks,
                       .x = x,
                       .req = http_exchange_request(x),
                       .res = http_exchange_response(x),
                       .arena = http_exchange_arena(x),
                       .now = clock_now(desk->clock),
                       .match = work->match};

    e.network = str_copy(e.arena, http_address_format(&e.req->reader, HTTP_ADDRESS_SHORT, space));
    if (desk->conns[conn] == NULL && store_reader_new(e.store, &desk->conns[conn], &err) != ST_OK) {
        log_error(desk->log, "desk has no connection", LOG_ERR(&err));
        http_response_error(e.res, ST_IO, NULL);
    } else {
        e.conn = desk->conns[conn];
        errand_run(&e, work->route);
    }
    http_exchange_finish(x); /* and with it the arena, and `work` */
    edition_unref(e.edition);
}

static enum errand_lane lane_of(const struct errand_route *route)
{
    return route != NULL ? route->lane : ERRAND_PAGE;
}

static void lane_run(void *arg, size_t thread)
{
    struct work *work = arg;
    work_run(work, lanes[lane_of(work->route)].first_conn + thread);
}

/* ---- hooks, on the loops ---- */

static bool desk_lookup(void *ctx, const struct http_request *req, struct http_ready *ret)
{
    const struct newsdesk *desk = ctx;
    return !is_desk(req) && desk->readers->lookup(desk->readers->ctx, req, ret);
}

/* Large bodies are for those who signed in here once: who still may, is asked when it is all here. */
static size_t desk_body_limit(void *ctx, const struct http_request *req)
{
    const struct newsdesk *desk = ctx;
    struct http_route_match match;
    if (!is_desk(req))
        return desk->readers->body_limit(desk->readers->ctx, req);
    const struct errand_route *route = route_find(req->method, req->path, &match);
    if (route == NULL || route->body == ERRAND_FORM || !errand_has_pass(req, desk->folder->secret))
        return NEWSDESK_BODY_MAX;
    return route->body == ERRAND_FILE ? SIZE_MAX : NEWSDESK_TEXT_MAX;
}

static bool desk_error_page(void *ctx, const struct http_request *req, int status,
                            struct http_ready *ret)
{
    const struct newsdesk *desk = ctx;
    const struct http_app *readers = desk->readers;
    if (req == NULL || !is_desk(req))
        return readers->error_page != NULL && readers->error_page(readers->ctx, req, status, ret);
    if (status != 413)
        return false;
    size_t limit = desk_body_limit(ctx, req);
    bool servers = desk->upload_bytes_max > 0 && desk->upload_bytes_max < limit;
    *ret = refusal_too_big(desk->look, req, servers ? desk->upload_bytes_max : limit);
    return true;
}

static void desk_dispatch(void *ctx, struct http_exchange *x)
{
    struct newsdesk *desk = ctx;
    const struct http_request *req = http_exchange_request(x);
    if (!is_desk(req)) {
        desk->readers->dispatch(desk->readers->ctx, x);
        return;
    }
    if (req->path.len == S("/desk").len) {
        http_response_redirect(http_exchange_response(x), 308, S("/desk/"));
        http_exchange_finish(x);
        return;
    }
    struct work *work = arena_new_one(http_exchange_arena(x), struct work);
    work->desk = desk;
    work->x = x;
    work->route = route_find(req->method, req->path, &work->match);
    if (pool_add(desk->lanes[lane_of(work->route)], lane_run, work))
        return;
    http_exchange_busy(x);
    http_exchange_finish(x);
}

/* ---- opening and closing ---- */

enum status newsdesk_open(const struct newsdesk_options *options, struct newsdesk **ret_desk,
                          struct error *err)
{
    AUTO(newsdesk_closep) struct newsdesk *desk = calloc(1, sizeof(*desk));
    CHECK(desk != NULL);
    desk->site = options->site;
    desk->readers = site_app(options->site);
    desk->folder = options->folder;
    desk->clock = options->clock == NULL ? &clock_system : options->clock;
    desk->rng = options->rng == NULL ? &rng_system : options->rng;
    desk->log = options->log;
    desk->app = (struct http_app){.ctx = desk,
                                  .lookup = desk_lookup,
                                  .body_limit = desk_body_limit,
                                  .error_page = desk_error_page,
                                  .dispatch = desk_dispatch};
    desk->worker = options->worker;
    desk->upload_bytes_max = options->upload_bytes_max;
    enum status st = look_new(&desk->look, err);
    if (st == ST_OK && desk->folder->media_fd >= 0)
        st = folder_storage(desk->folder, &desk->storage, err);
    if (st != ST_OK)
        return st;
    st = tasks_open(&(struct tasks_options){.program = options->program,
                                            .folder = desk->folder,
                                            .store = site_store(desk->site),
                                            .clock = desk->clock,
                                            .rng = desk->rng,
                                            .log = desk->log},
                    &desk->tasks, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < LANES; i++)
        desk->lanes[i] = pool_new(lanes[i].name, lanes[i].threads, lanes[i].queue_max);
    desk->lost = (struct lost_desk){.site = desk->site,
                                    .folder = desk->folder,
                                    .look = desk->look,
                                    .clock = desk->clock,
                                    .rng = desk->rng,
                                    .log = desk->log};
    mail_hook(site_mail(desk->site), lost_turn, &desk->lost);
    *ret_desk = TAKE(desk);
    return ST_OK;
}

void newsdesk_close(struct newsdesk *desk)
{
    if (desk == NULL)
        return;
    mail_hook(site_mail(desk->site), NULL, NULL);
    for (size_t i = 0; i < LANES; i++)
        pool_stop(desk->lanes[i]);
    tasks_close(desk->tasks);
    for (size_t i = 0; i < ARRAY_LEN(desk->conns); i++)
        store_reader_free(desk->conns[i]);
    storage_free(desk->storage);
    look_free(desk->look);
    free(desk);
}

const struct http_app *newsdesk_app(struct newsdesk *desk)
{
    return &desk->app;
}

/* ---- the first one in ---- */

struct first {
    struct newsdesk *desk;
    str token; /* empty: not needed */
};

static enum status first_make(struct store_tx *tx, void *arg, struct error *err)
{
    struct first *first = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom room = {
        .tx = tx, .arena = arena, .rng = first->desk->rng, .now = clock_now(first->desk->clock)};
    struct person **people;
    size_t count;
    enum status st = person_list(store_tx_conn(tx), arena, &people, &count, err);
    if (st != ST_OK || count > 0) {
        first->token = STR_NONE;
        return st;
    }
    return door_make(&room, &(struct door){.kind = DOOR_SET_UP}, first->token, err);
}

enum status newsdesk_set_up_address(struct newsdesk *desk, str base, struct arena *arena,
                                    str *ret_address, struct error *err)
{
    struct first first = {desk, secret_new(desk->rng, arena)};
    enum status st = store_write_wait(site_store(desk->site), first_make, &first, err);
    if (st != ST_OK)
        return st;
    if (desk->folder->url.len > 0)
        base = desk->folder->url;
    *ret_address = first.token.len == 0 ? STR_NONE
                                        : str_format(arena, "%.*s/desk/set-up/?link=%.*s",
                                                     STR_ARG(base), STR_ARG(first.token));
    return ST_OK;
}
