/* SPDX-License-Identifier: MIT
 *
 * Serves a site until SIGTERM or SIGINT, then finishes what is under way. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/commands.h"
#include "desk/desk.h"
#include "http/server.h"
#include "media/storage.h"
#include "media/worker.h"
#include "site/folder.h"
#include "site/making.h"
#include "site/site.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define STOP_PATIENCE (10 * TIME_SECOND)

enum {
    CACHE_MB_MAX = 1024 * 1024,
    PICTURES_MB_MAX = 1 << 30,
    WORKERS_MAX = 256,
    SECONDS_MAX = 24 * 3600
};

/* ---- flags to limits ---- */

struct limit_flag {
    const char *flag;
    int64_t min, max;
    enum { LIMIT_BYTES, LIMIT_COUNT, LIMIT_SECONDS } kind;
    size_t offset; /* in struct http_limits */
};

#define LIMIT(flag, min, max, kind, field)                                                         \
    {                                                                                              \
        (flag), (min), (max), (kind), offsetof(struct http_limits, field)                          \
    }
static const struct limit_flag limit_flags[] = {
    LIMIT("max-head", 1024, 1 << 20, LIMIT_BYTES, head_bytes),
    LIMIT("max-target", 256, 1 << 16, LIMIT_BYTES, target_bytes),
    LIMIT("max-body", 1024, (int64_t)1 << 40, LIMIT_BYTES, body_bytes),
    LIMIT("max-connections", 1, 1 << 24, LIMIT_COUNT, connections),
    LIMIT("max-per-address", 1, 1 << 24, LIMIT_COUNT, address_connections),
    LIMIT("max-exchanges", 1, 1 << 20, LIMIT_COUNT, exchanges),
    LIMIT("head-timeout", 1, SECONDS_MAX, LIMIT_SECONDS, head_timeout),
    LIMIT("idle-timeout", 1, SECONDS_MAX, LIMIT_SECONDS, idle_timeout),
    LIMIT("answer-timeout", 1, SECONDS_MAX, LIMIT_SECONDS, answer_timeout),
};

static enum status limits_read(struct cli *cli, struct http_limits *limits, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(limit_flags); i++) {
        const struct limit_flag *f = &limit_flags[i];
        int64_t n;
        if (!cli_has(cli, f->flag))
            continue;
        enum status st = cli_value_int(cli, f->flag, f->min, f->max, 0, &n, err);
        if (st != ST_OK)
            return st;
        char *field = (char *)limits + f->offset;
        if (f->kind == LIMIT_SECONDS)
            *(time_us *)(void *)field = n * TIME_SECOND;
        else
            *(size_t *)(void *)field = (size_t)n;
    }
    return ST_OK;
}

static enum status log_ip_read(struct cli *cli, enum http_address_form *ret_form, struct error *err)
{
    str form = cli_value(cli, "log-ip", S("short"));
    if (str_eq(form, S("full")))
        *ret_form = HTTP_ADDRESS_FULL;
    else if (str_eq(form, S("short")))
        *ret_form = HTTP_ADDRESS_SHORT;
    else if (str_eq(form, S("none")))
        *ret_form = HTTP_ADDRESS_HIDDEN;
    else
        return cli_misuse(cli, err, "--log-ip is full, short or none");
    return ST_OK;
}

/* "-" is stderr, beside the server's own lines; a file is appended to. */
static enum status access_log_open(struct cli *cli, int *ret_fd, struct error *err)
{
    str path = cli_value(cli, "access-log", S("-"));
    if (str_eq(path, S("none"))) {
        *ret_fd = -1;
        return ST_OK;
    }
    if (str_eq(path, S("-"))) {
        *ret_fd = STDERR_FILENO;
        return ST_OK;
    }
    *ret_fd =
        open(str_copy_c(cli_arena(cli), path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (*ret_fd < 0)
        return error_set_errno(err, ST_DENIED, "cannot write the access log %.*s", STR_ARG(path));
    return ST_OK;
}

static enum status listen_read(struct cli *cli, const struct folder *folder,
                               struct http_server_options *options, struct error *err)
{
    str address;
    for (size_t i = 0; cli_value_at(cli, "listen", i, &address); i++) {
        if (options->listen_count == HTTP_LISTEN_MAX)
            return cli_misuse(cli, err, "more than %d --listen", HTTP_LISTEN_MAX);
        options->listen[options->listen_count++] = address;
    }
    for (size_t i = 0; options->listen_count == 0 && i < folder->listen_count; i++)
        options->listen[i] = folder->listen[i];
    if (options->listen_count == 0)
        options->listen_count = folder->listen_count;
    if (options->listen_count == 0)
        options->listen[options->listen_count++] = S("127.0.0.1:8080");
    return ST_OK;
}

/* Where large bodies wait: on the site's own disk, not in /tmp, which may be memory. Where that disk has no
 * nameless files (some network folders) it is /tmp all the same. */
static str body_folder(const struct folder *folder, struct arena *arena)
{
    AUTO(fd_closep)
    int fd = open(str_copy_c(arena, folder->path), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 ? folder->path : S("/tmp");
}

static enum status options_read(struct cli *cli, const struct folder *folder, const struct log *log,
                                struct http_server_options *options,
                                struct site_options *site_options, struct error *err)
{
    int64_t workers, cache_mb, pictures_mb, renders, replies;
    *options = HTTP_SERVER_DEFAULTS;
    options->log = log;
    options->proxies = folder->proxies;
    options->temp_dir = body_folder(folder, cli_arena(cli));
    enum status st = listen_read(cli, folder, options, err);
    if (st == ST_OK)
        st = limits_read(cli, &options->limits, err);
    if (st == ST_OK)
        st = log_ip_read(cli, &options->access_log_address, err);
    if (st == ST_OK)
        st = access_log_open(cli, &options->access_log_fd, err);
    if (st == ST_OK)
        st = cli_value_int(cli, "workers", 1, WORKERS_MAX, sysconf(_SC_NPROCESSORS_ONLN), &workers,
                           err);
    if (st == ST_OK)
        st = cli_value_int(cli, "renders", 1, WORKERS_MAX, 0, &renders, err);
    if (st == ST_OK)
        st = cli_value_int(cli, "cache", 1, CACHE_MB_MAX, 0, &cache_mb, err);
    if (st == ST_OK)
        st = cli_value_int(cli, "pictures", 1, PICTURES_MB_MAX, 0, &pictures_mb, err);
    if (st == ST_OK)
        st = cli_value_int(cli, "replies", 0, 1 << 20, SITE_REPLIES_A_MINUTE, &replies, err);
    if (st != ST_OK)
        return st;
    options->workers = (size_t)workers;
    site_options->loops = (size_t)workers;
    site_options->render_threads = (size_t)renders;
    site_options->cache_bytes = (size_t)cache_mb * 1024 * 1024;
    site_options->made_bytes = pictures_mb * 1000 * 1000;
    site_options->replies_a_minute = replies == 0 ? -1 : replies;
    site_options->log = log;
    return ST_OK;
}

/* ---- running ---- */

/* Each connection is a descriptor: take as many as the system lets us. */
static void descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void wait_for_signal(const sigset_t *signals)
{
    int signal_number;
    while (sigwait(signals, &signal_number) != 0)
        ;
}

/* While nobody has a login: where the owner makes theirs. */
static void say_set_up(struct cli *cli, struct newsdesk *desk, const struct log *log, str address)
{
    struct error err = ERROR_INIT;
    str base = str_starts(address, S("unix:")) ? S("http://localhost")
                                               : str_join2(cli_arena(cli), S("http://"), address);
    str link;
    if (newsdesk_set_up_address(desk, base, cli_arena(cli), &link, &err) != ST_OK)
        log_warn(log, "no link to set the desk up could be made", LOG_ERR(&err));
    else if (link.len > 0)
        cli_printf("nobody has a login yet; to set up the desk, open within a day:\n  %.*s\n",
                   STR_ARG(link));
}

static enum status serve_until_told(struct cli *cli, struct http_server_options *options,
                                    struct site *site, struct newsdesk *desk,
                                    const sigset_t *signals, struct error *err)
{
    struct http_server *server;
    options->app = newsdesk_app(desk);
    enum status st = http_server_start(options, &server, err);
    if (st != ST_OK)
        return st;
    site_attach(site, server);
    for (size_t i = 0; i < options->listen_count; i++) {
        str address = http_server_address(server, i);
        cli_printf("listening on %s%.*s\n", str_starts(address, S("unix:")) ? "" : "http://",
                   STR_ARG(address));
    }
    say_set_up(cli, desk, options->log, http_server_address(server, 0));
    (void)fflush(stdout);
    log_info(options->log, "serving", LOG_STR("address", http_server_address(server, 0)),
             LOG_INT("workers", i64_from_size(options->workers)));
    wait_for_signal(signals);
    log_info(options->log, "stopping");
    http_server_stop_begin(server);
    http_server_wait(server, STOP_PATIENCE);
    site_attach(site, NULL);
    newsdesk_close(desk);
    site_close(site); /* its last answers go to a server that still stands */
    http_server_free(server);
    log_info(options->log, "stopped");
    return ST_OK;
}

/* Without it pictures are served as they are. */
static struct media_worker *worker_find(const struct log *log)
{
    struct media_worker *worker;
    struct error err = ERROR_INIT;
    if (media_worker_start(&(struct media_worker_options){.log = log}, &worker, &err) == ST_OK)
        return worker;
    log_warn(log, "no smaller pictures will be made", LOG_ERR(&err));
    return NULL;
}

/* What `media add` or an import left half written when it was killed. */
static void sweep_media(struct folder *folder, const struct log *log)
{
    AUTO(storage_freep) struct storage *storage = NULL;
    struct error err = ERROR_INIT;
    int64_t removed = 0;
    enum status st = folder_media_make(folder, &err);
    if (st == ST_OK)
        st = folder_storage(folder, &storage, &err);
    if (st == ST_OK)
        st = storage_sweep(storage, &removed, &err);
    if (st != ST_OK)
        log_warn(log, "unfinished files could not be swept, ignoring", LOG_ERR(&err));
    else if (removed > 0)
        log_info(log, "unfinished files removed", LOG_INT("files", removed));
}

static enum status serve_folder(struct cli *cli, struct folder *folder, struct error *err)
{
    static struct log log = {.fd = STDERR_FILENO, .level = LOG_INFO};
    struct http_server_options options;
    struct site_options site_options = {.folder = folder};
    AUTO(media_worker_freep) struct media_worker *worker = NULL;
    struct picture_maker maker;
    struct newsdesk *desk = NULL;
    struct site *site;
    sigset_t signals;

    if (cli_has(cli, "quiet"))
        log.level = LOG_WARN;
    enum status st = options_read(cli, folder, &log, &options, &site_options, err);
    if (st == ST_OK)
        st = folder_lock(folder, err);
    if (st != ST_OK)
        return st;
    sweep_media(folder, &log);
    descriptors_raise();
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals,
                          NULL); /* before any thread, so that all inherit it */
    worker = worker_find(&log);
    maker = picture_maker_of(worker);
    site_options.maker = worker != NULL ? &maker : NULL;
    st = site_open(&site_options, &site, err);
    if (st != ST_OK)
        return st;
    st = newsdesk_open(&(struct newsdesk_options){.site = site,
                                                  .folder = folder,
                                                  .worker = worker,
                                                  .upload_bytes_max = options.limits.body_bytes,
                                                  .program = "/proc/self/exe",
                                                  .log = &log},
                       &desk, err);
    if (st == ST_OK)
        st = serve_until_told(cli, &options, site, desk, &signals, err);
    if (st != ST_OK) {
        newsdesk_close(desk);
        site_close(site);
    }
    return st;
}

static enum status serve_run(struct cli *cli, struct error *err)
{
    AUTO(folder_closep) struct folder *folder = NULL;
    enum status st = folder_open(cli_site(cli), &folder, err);
    if (st != ST_OK)
        return st;
    return serve_folder(cli, folder, err);
}

const struct command command_serve = {
    .name = "serve",
    .args = "",
    .summary = "serves the site until told to stop",
    .detail =
        "Prints \"listening on http://HOST:PORT\" once ready. SIGTERM finishes what is under way.\n"
        "While nobody has a login, a link follows with which the owner makes theirs.\n"
        "An older database is brought up to date at start; a copy of it is kept.",
    .options =
        (const struct option[]){
            {"listen", "HOST:PORT", "or unix:PATH; may be given again (127.0.0.1:8080)"},
            {"workers", "N", "connection loops (one a core)"},
            {"renders", "N", "threads that make pages (one a core)"},
            {"cache", "MB", "of finished pages (64)"},
            {"pictures", "MB", "of sizes and formats made of pictures, on the disk (2000)"},
            {"replies", "N", "a minute from one network; 0: no limit (10)"},
            {"access-log", "FILE", "\"-\" is stderr, \"none\" is none (-)"},
            {"log-ip", "full|short|none", "readers' addresses in it (short)"},
            {"quiet", NULL, "say only what went wrong"},
            {"max-head", "BYTES", "of a request's head (16384)"},
            {"max-target", "BYTES", "of its address (8192)"},
            {"max-body", "BYTES", "of what is posted (67108864)"},
            {"max-connections", "N", "in all (16384)"},
            {"max-per-address", "N", "connections of one reader's network (256)"},
            {"max-exchanges", "N", "requests being worked on at once (1024)"},
            {"head-timeout", "SECONDS", "for a request's head (10)"},
            {"idle-timeout", "SECONDS", "between requests (60)"},
            {"answer-timeout", "SECONDS", "for a page (60)"},
            {0}},
    .run = serve_run,
};
