/* SPDX-License-Identifier: MIT
 *
 * The thread has one order at a time, and the process of it. posix_spawn, as in media/worker.c: a server with threads and
 * gigabytes mapped pays nothing for it, and no descriptor but the two pipes goes along (all are O_CLOEXEC). */
#include "desk/task.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/parse.h"
#include "desk/errand.h"
#include "desk/task_file.h"
#include "site/folder.h"
#include "store/store.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAVE_EVERY   TIME_SECOND
#define PATIENCE     (5 * TIME_SECOND) /* between asking a process to end and ending it */
#define EXPORTS_KEPT TIME_DAY
#define SWEEP_EVERY  TIME_HOUR

enum { LINE_MAX_BYTES = 4096, POLL_MS = 200, STEP_MAX = 40, NICE = 5 };

static const str kinds[] = {[TASK_IMPORT] = STR_INIT("import"),
                            [TASK_EXPORT] = STR_INIT("export"),
                            [TASK_BACKUP] = STR_INIT("backup")};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == TASK_KINDS, "a name for each kind");

static const str folders[] = {[TASK_IMPORT] = STR_INIT("import"),
                              [TASK_EXPORT] = STR_INIT("exports"),
                              [TASK_BACKUP] = STR_INIT("backups")};
static_assert(sizeof(folders) / sizeof(folders[0]) == TASK_KINDS, "a folder for each kind");

static const str states[] = {[TASK_RUNNING] = STR_INIT("running"),
                             [TASK_DONE] = STR_INIT("done"),
                             [TASK_FAILED] = STR_INIT("failed"),
                             [TASK_CANCELLED] = STR_INIT("cancelled"),
                             [TASK_INTERRUPTED] = STR_INIT("interrupted")};
static_assert(sizeof(states) / sizeof(states[0]) == TASK_STATES, "a name for each state");

str task_kind_name(enum task_kind kind)
{
    return kinds[kind];
}

str task_state_name(enum task_state state)
{
    return states[state];
}

str task_folder(struct arena *arena, const struct folder *folder, enum task_kind kind)
{
    return file_join(arena, folder->path, folders[kind]);
}

/* What is under way, in memory of its own. */
struct run {
    struct arena *arena;
    int64_t id;
    enum task_kind kind;
    char *argv[TASK_WORDS_MAX + 8];
    str leftover;
};

struct tasks {
    struct tasks_options options; /* read-only after open */
    bool started;                 /* the thread; owner only */
    pthread_t thread;
    time_us sweep_at; /* the thread's own; monotonic */

    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t wake;  /* next or stopping is set */
    struct run *next;
    int64_t running; /* the row's id; 0: none */
    bool cancel, stopping;
};

/* ---- rows ---- */

#define TASK_COLUMNS                                                                               \
    "id, kind, state, name, what, dry_run, began_at, ended_at, step, done, total, failure"

static struct task *task_from_row(const struct store_stmt *q, struct arena *arena,
                                  struct task *task)
{
    str kind = store_column_text(q, 1), state = store_column_text(q, 2);
    for (int i = 0; i < TASK_KINDS; i++) {
        if (str_eq(kind, kinds[i]))
            task->kind = (enum task_kind)i;
    }
    for (int i = 0; i < TASK_STATES; i++) {
        if (str_eq(state, states[i]))
            task->state = (enum task_state)i;
    }
    task->id = store_column_int(q, 0);
    task->name = str_copy(arena, store_column_text(q, 3));
    task->what = str_copy(arena, store_column_text(q, 4));
    task->dry_run = store_column_int(q, 5) != 0;
    task->began_at = store_column_int(q, 6);
    task->ended_at = store_column_int(q, 7);
    task->step = str_copy(arena, store_column_text(q, 8));
    task->done = store_column_int(q, 9);
    task->total = store_column_int(q, 10);
    task->failure = str_copy(arena, store_column_text(q, 11));
    return task;
}

enum status task_find(struct store_conn *conn, int64_t id, struct arena *arena,
                      struct task **ret_task, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " TASK_COLUMNS ", report FROM task WHERE id = $1"));
    store_bind_int(q, 1, id);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "there is no such task");
    if (st != ST_OK)
        return st;
    *ret_task = task_from_row(q, arena, arena_new_one(arena, struct task));
    (*ret_task)->report = str_copy(arena, store_column_text(q, 12));
    return ST_OK;
}

enum status task_list(struct store_conn *conn, enum task_kind kind, struct arena *arena,
                      struct task **ret_tasks, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT " TASK_COLUMNS " FROM task WHERE kind = $1"
                                                 " ORDER BY id DESC LIMIT $2"));
    store_bind_text(q, 1, kinds[kind]);
    store_bind_int(q, 2, TASK_LIST_MAX);
    struct task *tasks = arena_new_array(arena, struct task, TASK_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < TASK_LIST_MAX)
        (void)task_from_row(q, arena, &tasks[count++]);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_tasks = tasks;
    *ret_count = count;
    return ST_OK;
}

enum status task_running(struct store_conn *conn, struct arena *arena, struct task **ret_task,
                         struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " TASK_COLUMNS " FROM task WHERE state = 'running' LIMIT 1"));
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "no task is running");
    if (st == ST_OK)
        *ret_task = task_from_row(q, arena, arena_new_one(arena, struct task));
    return st;
}

struct row_write {
    struct tasks *tasks;
    int64_t id;
    enum task_state state;
    str step, report, failure;
    int64_t done, total;
};

static enum status progress_write(struct store_tx *tx, void *arg, struct error *err)
{
    const struct row_write *row = arg;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(tx), SQL("UPDATE task SET step = $2, done = $3, total = $4 WHERE id = $1"));
    store_bind_int(q, 1, row->id);
    store_bind_text_or_null(q, 2, row->step);
    store_bind_int(q, 3, row->done);
    store_bind_int(q, 4, row->total);
    return store_run(q, err);
}

static enum status end_write(struct store_tx *tx, void *arg, struct error *err)
{
    const struct row_write *row = arg;
    enum status st = progress_write(tx, arg, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("UPDATE task SET state = $2, ended_at = $3, report = $4,"
                                           " failure = $5 WHERE id = $1 AND state = 'running'"));
    store_bind_int(q, 1, row->id);
    store_bind_text(q, 2, states[row->state]);
    store_bind_int(q, 3, clock_now(row->tasks->options.clock));
    store_bind_text_or_null(q, 4, row->report);
    store_bind_text_or_null(q, 5, row->failure);
    return store_run(q, err);
}

/* ---- what the process says ---- */

struct talk {
    struct run *run;
    struct arena *arena;
    struct buf report;         /* its stdout */
    char line[LINE_MAX_BYTES]; /* of its stderr, not ended yet */
    size_t line_len;
    char failure[TASK_FAILURE_MAX]; /* the last line that was no progress */
    char step[STEP_MAX];
    int64_t done, total;
};

/* "progress 12 40 stories". */
static bool progress_take(struct talk *talk, str line)
{
    struct cursor c = cursor_of(line);
    int64_t done, total;
    if (!cursor_str(&c, S("progress ")) || !cursor_uint(&c, 1, 18, &done) ||
        !cursor_char(&c, ' ') || !cursor_uint(&c, 1, 18, &total) || !cursor_char(&c, ' '))
        return false;
    str step = str_sub(cursor_rest(&c), 0, sizeof(talk->step) - 1);
    memcpy(talk->step, step.ptr, step.len);
    talk->step[step.len] = '\0';
    talk->done = done;
    talk->total = total;
    return true;
}

static void line_take(struct talk *talk, str line)
{
    if (progress_take(talk, line) || line.len == 0)
        return;
    str name = str_from_c(talk->run->argv[1]);
    str prefix = str_join3(talk->arena, S("broadsheet "), name, S(": "));
    if (str_starts(line, prefix))
        line = str_from(line, prefix.len);
    line = utf8_cut_bytes(utf8_repair(talk->arena, line), sizeof(talk->failure) - 1);
    memcpy(talk->failure, line.ptr, line.len);
    talk->failure[line.len] = '\0';
}

static void report_take(struct talk *talk, str bytes)
{
    buf_add(&talk->report, bytes);
}

static void stderr_take(struct talk *talk, str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] == '\n') {
            line_take(talk, (str){talk->line, talk->line_len});
            talk->line_len = 0;
        } else if (talk->line_len < sizeof(talk->line)) {
            talk->line[talk->line_len++] = bytes.ptr[i];
        }
    }
}

/* False at the end of it. */
static bool listen_to(struct pollfd *pipe, struct talk *talk, void (*take)(struct talk *, str))
{
    char bytes[LINE_MAX_BYTES];
    if (pipe->fd < 0 || pipe->revents == 0)
        return pipe->fd >= 0;
    ssize_t n = read(pipe->fd, bytes, sizeof(bytes));
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0) {
        (void)close(pipe->fd);
        pipe->fd = -1;
        return false;
    }
    take(talk, (str){bytes, (size_t)n});
    return true;
}

/* ---- the process ---- */

static int spawn(const struct tasks *tasks, struct run *run, int out, int said, pid_t *ret_pid)
{
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
    (void)posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    (void)posix_spawn_file_actions_adddup2(&files, said, STDERR_FILENO);
    int failed =
        posix_spawn(ret_pid, tasks->options.program, &files, &attributes, run->argv, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attributes);
    return failed;
}

/* The sanitizers map terabytes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_BOUND RLIM_INFINITY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEMORY_BOUND RLIM_INFINITY
#endif
#endif
#ifndef MEMORY_BOUND
#define MEMORY_BOUND ((rlim_t)TASK_MEMORY_MAX)
#endif

static void bound(pid_t pid)
{
    const struct rlimit memory = {MEMORY_BOUND, MEMORY_BOUND};
    const struct rlimit cpu = {TASK_CPU_MAX_S, TASK_CPU_MAX_S};
    const struct rlimit core = {0, 0};
    (void)prlimit(pid, RLIMIT_AS, &memory, NULL);
    (void)prlimit(pid, RLIMIT_CPU, &cpu, NULL);
    (void)prlimit(pid, RLIMIT_CORE, &core, NULL);
    (void)setpriority(PRIO_PROCESS, (id_t)pid, NICE);
}

static enum status begin_process(const struct tasks *tasks, struct run *run, struct pollfd pipes[2],
                                 pid_t *ret_pid, struct error *err)
{
    int out[2], said[2];
    if (pipe2(out, O_CLOEXEC) != 0)
        return error_set_errno(err, ST_IO, "the work could not be begun");
    if (pipe2(said, O_CLOEXEC) != 0) {
        (void)close(out[0]);
        (void)close(out[1]);
        return error_set_errno(err, ST_IO, "the work could not be begun");
    }
    int failed = spawn(tasks, run, out[1], said[1], ret_pid);
    (void)close(out[1]);
    (void)close(said[1]);
    pipes[0] = (struct pollfd){.fd = out[0], .events = POLLIN};
    pipes[1] = (struct pollfd){.fd = said[0], .events = POLLIN};
    if (failed == 0) {
        bound(*ret_pid);
        return ST_OK;
    }
    (void)close(out[0]);
    (void)close(said[0]);
    errno = failed;
    return error_set_errno(err, ST_IO, "the work could not be begun");
}

static bool end_wanted(struct tasks *tasks, bool *ret_stopping)
{
    pthread_mutex_lock(&tasks->lock);
    bool wanted = tasks->cancel || tasks->stopping;
    *ret_stopping = tasks->stopping;
    pthread_mutex_unlock(&tasks->lock);
    return wanted;
}

static void save_progress(struct tasks *tasks, const struct talk *talk)
{
    struct row_write row = {.tasks = tasks,
                            .id = talk->run->id,
                            .step = str_from_c(talk->step),
                            .done = talk->done,
                            .total = talk->total};
    struct error err = ERROR_INIT;
    if (store_write_wait(tasks->options.store, progress_write, &row, &err) != ST_OK)
        log_warn(tasks->options.log, "how far a task is could not be written, ignoring",
                 LOG_ERR(&err));
}

/* Until both pipes are at their end. */
static void follow(struct tasks *tasks, struct talk *talk, struct pollfd pipes[2], pid_t pid)
{
    time_us save_at = 0, kill_at = TIME_NEVER;
    bool open = true, stopping, asked = false;
    while (open) {
        (void)poll(pipes, 2, POLL_MS);
        bool prints = listen_to(&pipes[0], talk, report_take);
        bool says = listen_to(&pipes[1], talk, stderr_take);
        open = prints || says;
        time_us now = clock_monotonic();
        if (!asked && end_wanted(tasks, &stopping)) {
            (void)kill(-pid, SIGTERM);
            asked = true;
            kill_at = now + PATIENCE;
        }
        if (now >= kill_at)
            (void)kill(-pid, SIGKILL);
        if (now >= save_at && !asked) {
            save_progress(tasks, talk);
            save_at = now + SAVE_EVERY;
        }
    }
}

/* ---- one task ---- */

static void remove_at(str path)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    if (unlink(str_copy_c(arena, path)) != 0 && errno == EISDIR)
        (void)file_remove_tree(path, NULL);
}

static void remove_leftover(str path)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    if (path.len == 0)
        return;
    remove_at(path);
    remove_at(str_join2(arena, path, S(".part")));
    if (!str_ends(path, S(".tar")))
        return;
    path.len -= S(".tar").len; /* the folder that is packed */
    remove_at(path);
    remove_at(str_join2(arena, path, S(".making")));
}

static struct timespec moment_in(time_us span)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    time_us at = (time_us)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000 + span;
    return (struct timespec){.tv_sec = (time_t)(at / TIME_SECOND),
                             .tv_nsec = (long)(at % TIME_SECOND) * 1000};
}

static bool stop_wanted_within(struct tasks *tasks, time_us at_most)
{
    struct timespec until = moment_in(at_most);
    pthread_mutex_lock(&tasks->lock);
    while (!tasks->stopping &&
           pthread_cond_timedwait(&tasks->wake, &tasks->lock, &until) != ETIMEDOUT)
        ;
    bool stopping = tasks->stopping;
    pthread_mutex_unlock(&tasks->lock);
    return stopping;
}

static enum task_state state_of(struct tasks *tasks, int ended)
{
    bool stopping;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return TASK_DONE;
    bool wanted = end_wanted(tasks, &stopping);
    return !wanted ? TASK_FAILED : stopping ? TASK_INTERRUPTED : TASK_CANCELLED;
}

static void finish(struct tasks *tasks, struct talk *talk, enum task_state state)
{
    struct error err = ERROR_INIT;
    struct row_write row = {.tasks = tasks,
                            .id = talk->run->id,
                            .state = state,
                            .step = str_from_c(talk->step),
                            .done = talk->done,
                            .total = talk->total,
                            .failure = state == TASK_FAILED ? str_from_c(talk->failure) : STR_NONE};
    if (state != TASK_DONE)
        remove_leftover(talk->run->leftover);
    if (state != TASK_DONE || buf_finish(&talk->report, &row.report, NULL) != ST_OK ||
        !utf8_valid(row.report))
        row.report = STR_NONE;
    while (store_write_wait(tasks->options.store, end_write, &row, &err) != ST_OK) {
        log_error(tasks->options.log, "how a task ended could not be written, trying again",
                  LOG_ERR(&err));
        if (stop_wanted_within(tasks, SAVE_EVERY))
            break; /* the next start calls it interrupted */
    }
    log_info(tasks->options.log, "task ended", LOG_STR("kind", kinds[talk->run->kind]),
             LOG_STR("state", states[state]));
}

static void run_one(struct tasks *tasks, struct run *run)
{
    struct talk *talk = arena_new_one(run->arena, struct talk);
    struct error err = ERROR_INIT;
    struct pollfd pipes[2];
    pid_t pid = 0;
    int ended = 0;
    talk->run = run;
    talk->arena = run->arena;
    buf_init(&talk->report, run->arena, TASK_REPORT_MAX);
    enum status st = begin_process(tasks, run, pipes, &pid, &err);
    if (st != ST_OK) {
        line_take(talk, str_from_c(err.text));
        finish(tasks, talk, TASK_FAILED);
        return;
    }
    log_info(tasks->options.log, "task begun", LOG_STR("kind", kinds[run->kind]));
    follow(tasks, talk, pipes, pid);
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(ended) && talk->failure[0] == '\0')
        (void)snprintf(talk->failure, sizeof(talk->failure), "it was ended by signal %d",
                       WTERMSIG(ended));
    finish(tasks, talk, state_of(tasks, ended));
}

/* ---- the thread ---- */

static void sweep_exports(struct tasks *tasks)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct task_file *files;
    size_t count;
    time_us now = clock_now(tasks->options.clock);
    str dir = task_folder(arena, tasks->options.folder, TASK_EXPORT);
    if (task_files(arena, dir, &files, &count, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!files[i].is_folder && str_ends(files[i].name, S(".tar")) &&
            now - files[i].at > EXPORTS_KEPT)
            remove_at(file_join(arena, dir, files[i].name));
    }
}

/* NULL: to stop. */
static struct run *next_run(struct tasks *tasks)
{
    struct run *run = NULL;
    pthread_mutex_lock(&tasks->lock);
    while (!tasks->stopping && tasks->next == NULL && clock_monotonic() < tasks->sweep_at) {
        struct timespec until = moment_in(TIME_MINUTE);
        (void)pthread_cond_timedwait(&tasks->wake, &tasks->lock, &until);
    }
    if (!tasks->stopping)
        run = TAKE(tasks->next);
    pthread_mutex_unlock(&tasks->lock);
    return run;
}

static bool is_stopping(struct tasks *tasks)
{
    bool stopping;
    (void)end_wanted(tasks, &stopping);
    return stopping;
}

static void *tasks_main(void *arg)
{
    struct tasks *tasks = arg;
    while (!is_stopping(tasks)) {
        struct run *run = next_run(tasks);
        if (clock_monotonic() >= tasks->sweep_at) {
            sweep_exports(tasks);
            tasks->sweep_at = clock_monotonic() + SWEEP_EVERY;
        }
        if (run == NULL)
            continue;
        run_one(tasks, run);
        arena_free(run->arena);
        pthread_mutex_lock(&tasks->lock);
        if (tasks->next == NULL) /* else the next one is on its way already */
            tasks->running = 0;
        pthread_mutex_unlock(&tasks->lock);
    }
    return NULL;
}

/* ---- opening and closing ---- */

/* What a dead server's task left. Only what its row names: somebody else may be making a copy right now. */
static void remove_unfinished(struct tasks *tasks, struct arena *arena, const struct task *task)
{
    str path = file_join(arena, task_folder(arena, tasks->options.folder, task->kind), task->what);
    bool whole = task->kind == TASK_EXPORT
                     ? file_exists(path)
                     : file_exists(file_join(arena, path, S("broadsheet.yaml")));
    if (task->kind != TASK_IMPORT && task->what.len > 0 && !whole)
        remove_leftover(path);
}

struct interrupted {
    struct tasks *tasks;
    struct arena *arena;
    struct task *task; /* NULL: none ran */
};

static enum status interrupt_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct interrupted *i = arg;
    enum status st = task_running(store_tx_conn(tx), i->arena, &i->task, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("UPDATE task SET state = 'interrupted', ended_at = $1"
                                           " WHERE state = 'running'"));
    store_bind_int(q, 1, clock_now(i->tasks->options.clock));
    return store_run(q, err);
}

enum status tasks_open(const struct tasks_options *options, struct tasks **ret_tasks,
                       struct error *err)
{
    pthread_condattr_t attr;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct tasks *tasks = calloc(1, sizeof(*tasks));
    struct interrupted interrupted = {tasks, arena, NULL};
    CHECK(tasks != NULL);
    tasks->options = *options;
    CHECK(pthread_mutex_init(&tasks->lock, NULL) == 0);
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&tasks->wake, &attr) == 0);
    (void)pthread_condattr_destroy(&attr);
    enum status st = store_write_wait(options->store, interrupt_write, &interrupted, err);
    if (st != ST_OK) {
        tasks_close(tasks);
        return st;
    }
    if (interrupted.task != NULL)
        remove_unfinished(tasks, arena, interrupted.task);
    if (options->program != NULL) {
        tasks->started = pthread_create(&tasks->thread, NULL, tasks_main, tasks) == 0;
        CHECK(tasks->started);
        (void)pthread_setname_np(tasks->thread, "tasks");
    }
    *ret_tasks = tasks;
    return ST_OK;
}

void tasks_close(struct tasks *tasks)
{
    if (tasks == NULL)
        return;
    pthread_mutex_lock(&tasks->lock);
    tasks->stopping = true;
    pthread_cond_signal(&tasks->wake);
    pthread_mutex_unlock(&tasks->lock);
    if (tasks->started)
        (void)pthread_join(tasks->thread, NULL);
    if (tasks->next != NULL)
        arena_free(
            tasks->next->arena); /* its row says running: the next start calls it interrupted */
    (void)pthread_cond_destroy(&tasks->wake);
    (void)pthread_mutex_destroy(&tasks->lock);
    free(tasks);
}

/* ---- beginning ---- */

static struct run *run_new(const struct errand *e, const struct task_order *order)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct run *run = arena_new_one(arena, struct run);
    size_t n = 0;
    CHECK(order->words_count <= TASK_WORDS_MAX);
    run->arena = arena;
    run->kind = order->kind;
    run->leftover = str_copy(arena, order->leftover);
    run->argv[n++] = str_copy_c(arena, S("broadsheet"));
    for (size_t i = 0; i < order->words_count; i++) {
        run->argv[n++] = str_copy_c(arena, order->words[i]);
        if (i > 0)
            continue;
        run->argv[n++] = str_copy_c(arena, S("--site"));
        run->argv[n++] = str_copy_c(arena, e->folder->path);
        run->argv[n++] = str_copy_c(arena, S("--json"));
        run->argv[n++] = str_copy_c(arena, S("--progress"));
        run->argv[n++] = str_copy_c(arena, S("lines"));
    }
    run->argv[n] = NULL;
    return run;
}

struct beginning {
    const struct task_order *order;
    int64_t id;
};

static enum status begin_write(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    struct beginning *b = arg;
    struct store_conn *conn = store_tx_conn(room->tx);
    struct task *other;
    enum status st = task_running(conn, e->arena, &other, err);
    if (st == ST_OK)
        return error_set(err, ST_CONFLICT, "%.*s", STR_ARG(errand_say(e, S("error.task-busy"))));
    if (st != ST_NOT_FOUND)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("INSERT INTO task (kind, state, person, name, what, dry_run, began_at)"
                  " VALUES ($1, 'running', $2, $3, $4, $5, $6) RETURNING id"));
    store_bind_text(q, 1, kinds[b->order->kind]);
    store_bind_int(q, 2, e->person->id.v);
    store_bind_text(q, 3, e->person->name);
    store_bind_text_or_null(q, 4, b->order->what);
    store_bind_int(q, 5, b->order->dry_run ? 1 : 0);
    store_bind_int(q, 6, room->now);
    st = store_step(q, err);
    if (st != ST_OK)
        return st;
    b->id = store_column_int(q, 0);
    str what = str_join2(e->arena, S("task."), kinds[b->order->kind]);
    return errand_log(e, room, what, b->order->what, err);
}

enum status task_begin(struct errand *e, const struct task_order *order, int64_t *ret_id,
                       struct error *err)
{
    struct tasks *tasks = e->tasks;
    struct beginning b = {order, 0};
    if (tasks->options.program == NULL)
        return error_set(err, ST_CONFLICT, "%.*s", STR_ARG(errand_say(e, S("error.task-none"))));
    enum status st = errand_write(e, begin_write, &b, err);
    if (st != ST_OK)
        return st;
    struct run *run = run_new(e, order);
    run->id = b.id;
    pthread_mutex_lock(&tasks->lock);
    CHECK(tasks->next == NULL);
    tasks->next = run;
    tasks->running = b.id;
    tasks->cancel = false;
    pthread_cond_signal(&tasks->wake);
    pthread_mutex_unlock(&tasks->lock);
    *ret_id = b.id;
    return ST_OK;
}

void task_cancel(struct tasks *tasks, int64_t id)
{
    pthread_mutex_lock(&tasks->lock);
    if (tasks->running == id && id != 0)
        tasks->cancel = true;
    pthread_mutex_unlock(&tasks->lock);
}
