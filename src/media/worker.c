/* SPDX-License-Identifier: MIT
 *
 * A lane is one process and the queue before it. A caller takes a ticket, waits until it is served, and
 * then has the process to itself; so no lock is held while a picture is read, and nothing but the ticket
 * is shared. The process between jobs is in one of two states:
 *
 *     absent --- first job, posix_spawn ---> at rest --- ask, answer ---> at rest
 *        ^                                      |
 *        +---- crashed, late, idle, worn out ---+
 *
 * A process that went to its end just as it was asked (its idle time was over) has not begun the job: the
 * next one is asked, once. posix_spawn, not fork: a server with gigabytes mapped and threads running pays
 * nothing for it. The process inherits no descriptor but its socket (all others are O_CLOEXEC) and next to
 * no environment: keys and passwords that may stand there are not for it. */
#include "media/worker.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "media/worker/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRAM_PATH_MAX = 4096 };

enum lane_mode { LANE_PICTURES, LANE_CARDS, LANES };
static const char *const lane_names[LANES] = {"pictures", "cards"};

struct lane {
    enum lane_mode mode; /* read-only after start */

    pthread_mutex_t lock; /* guards the three below */
    pthread_cond_t turn;
    uint64_t next_ticket, serving;

    /* Whose ticket is served: one thread only. */
    pid_t pid; /* 0: absent */
    int socket;
    int jobs;
};

struct media_worker {
    char program[PROGRAM_PATH_MAX]; /* read-only after start, as all but the lanes */
    int64_t memory_max, pixels_max, frames_max, job_ms_max, idle_ms_max;
    const struct log *log;
    struct lane lanes[LANES];
};

/* ---- starting and ending a process ---- */

/* Says how it ended. The process is killed first, so that waiting is short whatever it does. */
static int lane_end(struct lane *lane)
{
    int how = 0;
    if (lane->pid == 0)
        return 0;
    (void)close(lane->socket);
    lane->socket = -1;
    (void)kill(lane->pid, SIGKILL);
    while (waitpid(lane->pid, &how, 0) < 0 && errno == EINTR)
        continue;
    lane->pid = 0;
    lane->jobs = 0;
    return how;
}

/* After the socket's end of file: it has exited or is about to, and its own reason is wanted, not ours. */
static int lane_reap(struct lane *lane)
{
    enum { REAP_MS_MAX = 2000 };
    for (int waited = 0; waited < REAP_MS_MAX; waited += 5) {
        int how = 0;
        if (waitpid(lane->pid, &how, WNOHANG) == lane->pid) {
            (void)close(lane->socket);
            lane->socket = -1;
            lane->pid = 0;
            lane->jobs = 0;
            return how;
        }
        (void)poll(NULL, 0, 5);
    }
    return lane_end(lane);
}

/* Default signals, none blocked: a thread of the server may have blocked some. Its own process group, so
 * that ^C at the server's terminal leaves it to finish what the server waits for. */
static int spawn(const struct media_worker *w, const struct lane *lane, int socket, pid_t *ret_pid)
{
    char memory[24], job[24], idle[24];
    (void)snprintf(memory, sizeof(memory), "%lld", (long long)w->memory_max);
    (void)snprintf(job, sizeof(job), "%lld", (long long)w->job_ms_max);
    (void)snprintf(idle, sizeof(idle), "%lld", (long long)w->idle_ms_max);
    const char *argv[] = {"broadsheet-media", lane_names[lane->mode], memory, job, idle, NULL};
    const char *envp[] = {"LANG=C.UTF-8", "PATH=/nonexistent", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigdelset(&all, SIGKILL);
    (void)sigdelset(&all, SIGSTOP);
    (void)sigemptyset(&none);
    CHECK(posix_spawn_file_actions_init(&files) == 0);
    CHECK(posix_spawnattr_init(&attributes) == 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETPGROUP);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&files, socket, WORKER_SOCKET);
    int failed = posix_spawn(ret_pid, w->program, &files, &attributes, (char **)(uintptr_t)argv,
                             (char **)(uintptr_t)envp);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attributes);
    return failed;
}

static enum status lane_begin(const struct media_worker *w, struct lane *lane, struct error *err)
{
    int ends[2];
    if (lane->pid != 0)
        return ST_OK;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_errno(err, ST_IO, "cannot start the picture worker");
    /* dup2 onto itself would leave it closed on exec. */
    if (ends[1] == WORKER_SOCKET) {
        int moved = fcntl(ends[1], F_DUPFD_CLOEXEC, WORKER_SOCKET + 1);
        (void)close(ends[1]);
        ends[1] = moved;
    }
    pid_t pid = 0;
    int failed = ends[1] < 0 ? errno : spawn(w, lane, ends[1], &pid);
    if (ends[1] >= 0)
        (void)close(ends[1]);
    if (failed != 0) {
        (void)close(ends[0]);
        errno = failed;
        return error_set_errno(err, ST_IO, "cannot start the picture worker %s", w->program);
    }
    lane->pid = pid;
    lane->socket = ends[0];
    return ST_OK;
}

/* ---- taking turns ---- */

static enum status lane_enter(struct lane *lane, struct error *err)
{
    (void)pthread_mutex_lock(&lane->lock);
    if (lane->next_ticket - lane->serving > MEDIA_WORKER_WAITING_MAX) {
        (void)pthread_mutex_unlock(&lane->lock);
        return error_set(err, ST_IO, "%d pictures wait to be read already; try again in a minute",
                         MEDIA_WORKER_WAITING_MAX);
    }
    uint64_t mine = lane->next_ticket++;
    while (lane->serving != mine)
        (void)pthread_cond_wait(&lane->turn, &lane->lock);
    (void)pthread_mutex_unlock(&lane->lock);
    return ST_OK;
}

static void lane_leave(struct lane *lane)
{
    (void)pthread_mutex_lock(&lane->lock);
    lane->serving++;
    (void)pthread_cond_broadcast(&lane->turn);
    (void)pthread_mutex_unlock(&lane->lock);
}

/* ---- one job ---- */

/* How the process met its end, as a status: a signal that a decoder's own mistakes raise is laid to the
 * file; SIGKILL comes from outside (an owner, or the kernel short of memory). */
static enum status job_died(const struct media_worker *w, const struct lane *lane, int how,
                            struct error *err)
{
    int code = WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how);
    log_warn(w->log, "picture worker ended in the middle of a job",
             LOG_STR("lane", str_from_c(lane_names[lane->mode])),
             LOG_STR("by", WIFSIGNALED(how) ? S("signal") : S("exit")), LOG_INT("code", code));
    if (WIFEXITED(how) && code == WORKER_USAGE)
        return error_set(err, ST_IO,
                         "%s is of another version than this program; restart the server",
                         w->program);
    if (WIFEXITED(how) && code == WORKER_SANDBOX)
        return error_set(
            err, ST_IO,
            "the picture worker cannot limit itself on this machine, and so reads nothing; its complaint is in the log");
    if (WIFSIGNALED(how) && (code == SIGKILL || code == SIGTERM))
        return error_set(err, ST_IO,
                         "the picture worker was killed in the middle of this picture; try again");
    if (WIFSIGNALED(how) && code == SIGXCPU)
        return error_set(err, ST_IO, "This picture took more than %lld seconds of work.",
                         (long long)(w->job_ms_max / 1000));
    return error_set(
        err, ST_INVALID,
        "This picture made the program that reads it crash: it is broken, or needs more than %lld MB of memory; export it again.",
        (long long)(w->memory_max / (1024 * 1024)));
}

enum sent { SENT, SENT_TO_NOBODY, NOT_SENT };

static enum sent job_send(const struct lane *lane, const struct worker_ask *ask, const int *fds,
                          size_t fd_count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec packet = {(void *)(uintptr_t)ask, sizeof(*ask)};
    struct msghdr message = {.msg_iov = &packet,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE(fd_count * sizeof(int))};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
    memcpy(CMSG_DATA(rights), fds, fd_count * sizeof(int));
    ssize_t n;
    do
        n = sendmsg(lane->socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n == (ssize_t)sizeof(*ask))
        return SENT;
    return errno == EPIPE || errno == ECONNRESET ? SENT_TO_NOBODY
                                                 : NOT_SENT; /* no fault of the process */
}

enum heard { HEARD, HEARD_END, HEARD_LATE };

/* Descriptors that it may send along are not asked for, so the kernel closes them. */
static enum heard job_hear(const struct media_worker *w, const struct lane *lane,
                           struct worker_answer *answer)
{
    time_us until = clock_monotonic() + w->job_ms_max * TIME_MS;
    for (;;) {
        time_us left = until - clock_monotonic();
        struct pollfd end = {.fd = lane->socket, .events = POLLIN};
        int ready = left <= 0 ? 0 : poll(&end, 1, (int)(left / TIME_MS) + 1);
        if (ready == 0)
            return HEARD_LATE;
        if (ready < 0)
            continue;
        ssize_t n = recv(lane->socket, answer, sizeof(*answer), MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        return n == (ssize_t)sizeof(*answer) && answer->magic == WORKER_MAGIC &&
                       answer->version == WORKER_VERSION
                   ? HEARD
                   : HEARD_END;
    }
}

/* `*ret_gone`: the process had left in peace before it saw the job. */
static enum status job_once(const struct media_worker *w, struct lane *lane,
                            const struct worker_ask *ask, const int *fds, size_t fd_count,
                            struct worker_answer *answer, bool *ret_gone, struct error *err)
{
    *ret_gone = false;
    enum status st = lane_begin(w, lane, err);
    if (st != ST_OK)
        return st;
    bool used = lane->jobs > 0;
    enum heard heard = HEARD_END;
    enum sent sent = job_send(lane, ask, fds, fd_count);
    if (sent == NOT_SENT)
        return error_set_errno(err, ST_IO, "cannot hand a picture to the picture worker");
    if (sent == SENT)
        heard = job_hear(w, lane, answer);
    if (heard == HEARD) {
        if (++lane->jobs >= MEDIA_WORKER_JOBS_MAX)
            (void)lane_end(lane);
        return ST_OK;
    }
    if (heard == HEARD_LATE) {
        (void)lane_end(lane);
        log_warn(w->log, "picture worker stopped: out of time", LOG_INT("ms", w->job_ms_max));
        return error_set(err, ST_IO, "This picture took more than %lld seconds to read.",
                         (long long)(w->job_ms_max / 1000));
    }
    int how = lane_reap(lane);
    *ret_gone = used && WIFEXITED(how) && WEXITSTATUS(how) == WORKER_LEFT;
    return *ret_gone ? ST_IO : job_died(w, lane, how, err);
}

static bool text_ends(const char *array, size_t size)
{
    return memchr(array, '\0', size) != NULL && str_is_utf8(str_from_c(array));
}

static bool text_printable(const char *array, size_t size)
{
    if (!text_ends(array, size))
        return false;
    for (const char *c = array; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    }
    return true;
}

static bool color_valid(const char color[8])
{
    if (color[0] != '#' || color[7] != '\0')
        return false;
    for (int i = 1; i < 7; i++) {
        if (!ascii_is_digit(color[i]) && !(color[i] >= 'a' && color[i] <= 'f'))
            return false;
    }
    return true;
}

/* "data:image/webp;base64," and base64: it goes into a page. */
static bool placeholder_valid(const char *text)
{
    str s = str_from_c(text), head = S("data:image/webp;base64,");
    if (s.len == 0)
        return true;
    if (!str_starts(s, head))
        return false;
    for (size_t i = head.len; i < s.len; i++) {
        if (!ascii_is_alnum(s.ptr[i]) && str_find_char(S("+/="), s.ptr[i]) == STR_NPOS)
            return false;
    }
    return true;
}

static bool look_valid(const struct worker_answer *a)
{
    return a->width > 0 && a->width <= MEDIA_BASE_EDGE_MAX && a->height > 0 &&
           a->height <= MEDIA_BASE_EDGE_MAX && a->frames > 0 && a->frames <= INT32_MAX &&
           a->duration_ms >= 0 && a->duration_ms <= INT32_MAX && a->alpha <= 1 &&
           color_valid(a->color) && text_printable(a->placeholder, sizeof(a->placeholder)) &&
           placeholder_valid(a->placeholder) && text_printable(a->credit, sizeof(a->credit)) &&
           text_printable(a->caption, sizeof(a->caption)) &&
           text_printable(a->alt, sizeof(a->alt)) &&
           text_printable(a->licence, sizeof(a->licence)) &&
           text_printable(a->title, sizeof(a->title));
}

/* What was written must begin as what it says it is. */
static bool written_valid(const struct worker_answer *a, int out_fd)
{
    char start[MEDIA_KIND_BYTES];
    ssize_t n = pread(out_fd, start, sizeof(start), 0);
    if (n <= 0 || a->kind >= (uint32_t)MEDIA_KINDS)
        return false;
    return media_kind_of((str){start, (size_t)n}) == (enum media_kind)a->kind;
}

/* A process that answers what cannot be is not asked again. */
static enum status answer_judge(const struct media_worker *w, struct lane *lane,
                                const struct worker_answer *a, int out_fd, struct error *err)
{
    if (a->status == ST_OK && written_valid(a, out_fd) &&
        (lane->mode == LANE_CARDS || look_valid(a)))
        return ST_OK;
    if ((a->status == ST_INVALID || a->status == ST_IO) && a->why[0] != '\0' &&
        text_printable(a->why, sizeof(a->why)) && text_printable(a->detail, sizeof(a->detail))) {
        log_debug(w->log, "picture refused", LOG_STR("why", str_from_c(a->why)),
                  LOG_STR("detail", str_from_c(a->detail)));
        return error_set(err, (enum status)a->status, "%s", a->why);
    }
    log_warn(w->log, "picture worker gave an answer that cannot be");
    (void)lane_end(lane);
    return error_set(err, ST_INVALID,
                     "This picture confuses the program that reads it; export it again.");
}

static enum status job_run(struct media_worker *w, enum lane_mode mode, struct worker_ask *ask,
                           const int *fds, size_t fd_count, struct worker_answer *answer,
                           struct error *err)
{
    struct lane *lane = &w->lanes[mode];
    ask->magic = WORKER_MAGIC;
    ask->version = WORKER_VERSION;
    ask->pixels_max = w->pixels_max;
    ask->frames_max = w->frames_max;
    enum status st = lane_enter(lane, err);
    if (st != ST_OK)
        return st;
    bool gone = false;
    st = job_once(w, lane, ask, fds, fd_count, answer, &gone, err);
    if (gone)
        st = job_once(w, lane, ask, fds, fd_count, answer, &gone, err);
    if (st == ST_OK)
        st = answer_judge(w, lane, answer, fds[fd_count - 1], err);
    lane_leave(lane);
    return st;
}

/* ---- what callers ask ---- */

enum status media_worker_clean(struct media_worker *w, int in_fd, enum media_kind kind, int out_fd,
                               enum media_kind *ret_kind, struct arena *arena,
                               struct media_look *ret_look, struct error *err)
{
    struct worker_ask ask = {.act = WORKER_CLEAN, .kind = kind};
    struct worker_answer a;
    if (!media_kind_is_raster(kind))
        return error_set(err, ST_INVALID, "This is not a picture that can be decoded.");
    enum status st = job_run(w, LANE_PICTURES, &ask, (int[]){in_fd, out_fd}, 2, &a, err);
    if (st != ST_OK)
        return st;
    *ret_kind = (enum media_kind)a.kind;
    *ret_look = (struct media_look){.kind = (enum media_kind)a.kind,
                                    .width = a.width,
                                    .height = a.height,
                                    .frames = a.frames,
                                    .duration_ms = a.duration_ms,
                                    .alpha = a.alpha != 0,
                                    .placeholder = str_copy(arena, str_from_c(a.placeholder)),
                                    .credit = str_copy(arena, str_from_c(a.credit)),
                                    .caption = str_copy(arena, str_from_c(a.caption)),
                                    .alt = str_copy(arena, str_from_c(a.alt)),
                                    .licence = str_copy(arena, str_from_c(a.licence)),
                                    .title = str_copy(arena, str_from_c(a.title))};
    memcpy(ret_look->color, a.color, sizeof(ret_look->color));
    return ST_OK;
}

enum status media_worker_make(struct media_worker *w, int in_fd, const struct media_make *make,
                              int out_fd, enum media_kind *ret_kind, struct error *err)
{
    bool cropped = make->right > 0;
    struct worker_ask ask = {.act = WORKER_MAKE,
                             .kind = make->format,
                             .width = make->width,
                             .height = make->height,
                             .focal_x = make->focal_x,
                             .focal_y = make->focal_y,
                             .left = make->left,
                             .top = make->top,
                             .right = cropped ? make->right : 1,
                             .bottom = cropped ? make->bottom : 1,
                             .quality = make->quality,
                             .still = make->still};
    struct worker_answer a;
    CHECK(make->width >= 0 && make->width <= MEDIA_BASE_EDGE_MAX);
    CHECK(make->height >= 0 && make->height <= MEDIA_BASE_EDGE_MAX);
    CHECK(make->focal_x >= 0 && make->focal_x <= 1);
    CHECK(make->focal_y >= 0 && make->focal_y <= 1);
    CHECK(ask.left >= 0 && ask.left < ask.right && ask.right <= 1);
    CHECK(ask.top >= 0 && ask.top < ask.bottom && ask.bottom <= 1);
    CHECK(make->quality >= 0 && make->quality <= 100);
    CHECK(make->format == MEDIA_UNKNOWN ||
          (media_kind_is_raster(make->format) && make->format != MEDIA_HEIC));
    enum status st = job_run(w, LANE_PICTURES, &ask, (int[]){in_fd, out_fd}, 2, &a, err);
    if (st == ST_OK)
        *ret_kind = (enum media_kind)a.kind;
    return st;
}

/* Cut at a whole character. */
static void text_put(char *array, size_t size, str text)
{
    size_t n = text.len < size ? text.len : size - 1;
    while (n > 0 && n < text.len && ((unsigned char)text.ptr[n] & 0xc0) == 0x80)
        n--;
    if (n > 0)
        memcpy(array, text.ptr, n);
    array[n] = '\0';
}

enum status media_worker_card(struct media_worker *w, const struct media_card *card, int out_fd,
                              struct error *err)
{
    struct worker_ask ask = {.act = WORKER_CARD, .rtl = card->rtl};
    struct worker_answer a;
    CHECK(color_valid(card->background));
    CHECK(color_valid(card->ink));
    CHECK(color_valid(card->accent));
    memcpy(ask.background, card->background, sizeof(ask.background));
    memcpy(ask.ink, card->ink, sizeof(ask.ink));
    memcpy(ask.accent, card->accent, sizeof(ask.accent));
    text_put(ask.headline, sizeof(ask.headline), card->headline);
    text_put(ask.site, sizeof(ask.site), card->site);
    text_put(ask.kicker, sizeof(ask.kicker), card->kicker);
    return job_run(w, LANE_CARDS, &ask, &out_fd, 1, &a, err);
}

/* ---- the whole ---- */

/* A build has it beside the server; an installed server is bin/broadsheet and it is libexec/broadsheet/. */
static enum status program_find(const char *given, char ret_path[PROGRAM_PATH_MAX],
                                struct error *err)
{
    static const char *const places[] = {"/broadsheet-media",
                                         "/../libexec/broadsheet/broadsheet-media"};
    char self[PROGRAM_PATH_MAX - 64];
    if (given == NULL)
        given = getenv("BROADSHEET_MEDIA");
    if (given != NULL) {
        if (strlen(given) >= PROGRAM_PATH_MAX || access(given, X_OK) != 0)
            return error_set(err, ST_NOT_FOUND, "%s is not a program", given);
        memcpy(ret_path, given, strlen(given) + 1);
        return ST_OK;
    }
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL)
        return error_set(err, ST_NOT_FOUND,
                         "cannot tell where this program is, to find broadsheet-media by it");
    *slash = '\0';
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        (void)snprintf(ret_path, PROGRAM_PATH_MAX, "%s%s", self, places[i]);
        if (access(ret_path, X_OK) == 0)
            return ST_OK;
    }
    return error_set(
        err, ST_NOT_FOUND,
        "broadsheet-media, which reads pictures, is neither in %s nor in %s/../libexec/broadsheet",
        self, self);
}

static int64_t or_default(int64_t given, int64_t usual)
{
    return given > 0 ? given : usual;
}

enum status media_worker_start(const struct media_worker_options *options,
                               struct media_worker **ret, struct error *err)
{
    struct media_worker *w = calloc(1, sizeof(*w));
    CHECK(w != NULL);
    enum status st = program_find(options->program, w->program, err);
    if (st != ST_OK) {
        free(w);
        return st;
    }
    w->memory_max = or_default(i64_from_size(options->memory_max),
                               (int64_t)MEDIA_WORKER_MEMORY_MB * 1024 * 1024);
    w->pixels_max = or_default(options->pixels_max, MEDIA_WORKER_PIXELS_MAX);
    w->frames_max = or_default(options->frames_max, MEDIA_WORKER_FRAMES_MAX);
    w->job_ms_max = or_default(options->job_ms_max, MEDIA_WORKER_JOB_MS);
    w->idle_ms_max = or_default(options->idle_ms_max, MEDIA_WORKER_IDLE_MS);
    w->log = options->log;
    for (int i = 0; i < LANES; i++) {
        struct lane *lane = &w->lanes[i];
        lane->mode = (enum lane_mode)i;
        lane->socket = -1;
        CHECK(pthread_mutex_init(&lane->lock, NULL) == 0);
        CHECK(pthread_cond_init(&lane->turn, NULL) == 0);
    }
    *ret = w;
    return ST_OK;
}

void media_worker_free(struct media_worker *w)
{
    if (w == NULL)
        return;
    for (int i = 0; i < LANES; i++) {
        CHECK(w->lanes[i].next_ticket == w->lanes[i].serving);
        (void)lane_end(&w->lanes[i]);
        (void)pthread_cond_destroy(&w->lanes[i].turn);
        (void)pthread_mutex_destroy(&w->lanes[i].lock);
    }
    free(w);
}
