/* desk/task.h -- inside desk/: long work begun at the desk. This very program is run once more, as a process of its own,
 * with the command that does it.
 *
 *     st = task_begin(e, &(struct task_order){.kind = TASK_BACKUP, .words = words, .words_count = n,
 *                                             .leftover = path}, &id, err);
 *     st = task_find(conn, id, arena, &task, err);
 *
 *              begin            exit 0
 *     (none) -------> running ---------> done
 *                        |  another exit, a signal
 *                        +-------------------------> failed
 *                        |  the button
 *                        +-------------------------> cancelled
 *                        |  the server stopped, or died
 *                        +-------------------------> interrupted
 *
 * There is one at a time: a second is ST_CONFLICT. A thread waits for the process, reads how far it is ("progress
 * 12 40 stories", see cli/command.h), writes that into the row once a second, and at the end what the
 * program printed: its report, which is JSON, or its one sentence of failure.
 *
 * The process is its own group, a little nicer than the server, and bounded in memory and time; it ends with the thread
 * that waits for it. What it left half made is removed, by name: every command makes beside what it writes
 * (OUT.part, OUT.making).
 *
 * None is taken up again by itself. An import that ended early left whole stories, and the same import brings the rest; an
 * export or a copy is made anew.
 *
 * Threads: open and close by the owner of the desk; the rest any. */
#pragma once
#include "base/scope.h"
#include "news/news.h"

struct clock;
struct errand;
struct folder;
struct log;
struct rng;
struct store;
struct store_conn;
struct tasks;

enum task_kind { TASK_IMPORT, TASK_EXPORT, TASK_BACKUP, TASK_KINDS };
enum task_state {
    TASK_RUNNING,
    TASK_DONE,
    TASK_FAILED,
    TASK_CANCELLED,
    TASK_INTERRUPTED,
    TASK_STATES
};
str task_kind_name(enum task_kind kind);    /* "import" */
str task_state_name(enum task_state state); /* "running" */

enum {
    TASK_WORDS_MAX = 16,
    TASK_REPORT_MAX = 4 * 1024 * 1024,
    TASK_FAILURE_MAX = 1000,
    TASK_LIST_MAX = 20,
};
#define TASK_MEMORY_MAX ((int64_t)4 * 1024 * 1024 * 1024)
#define TASK_CPU_MAX_S  (12 * 3600)

struct task {
    int64_t id;
    enum task_kind kind;
    enum task_state state;
    str name; /* who began it */
    str what; /* the file, the copy */
    bool dry_run;
    time_us began_at, ended_at;
    str step; /* "stories"; empty: not begun */
    int64_t done, total;
    str report, failure;
};

/* ---- running ---- */

struct tasks_options {
    const char *program; /* what is run; NULL: nothing can be (tests) */
    const struct folder *folder;
    struct store *store;
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;
};
/* Those that ran when the server died are interrupted, and what they left is removed. */
MUST_USE enum status tasks_open(const struct tasks_options *options, struct tasks **ret_tasks,
                                struct error *err);
void tasks_close(struct tasks *tasks); /* takes NULL; what runs is ended, and interrupted */
DEFINE_FREEP(struct tasks *, tasks_close)

struct task_order {
    enum task_kind kind;
    str what;
    bool dry_run;
    const str *
        words; /* the command and its own words and flags; --site, --json and --progress are added */
    size_t words_count;
    str leftover; /* removed, with .part and .making, unless it went well; empty: nothing */
};
/* The row, its line in the log, and the process. ST_CONFLICT: one runs already. */
MUST_USE enum status task_begin(struct errand *e, const struct task_order *order, int64_t *ret_id,
                                struct error *err);
/* Asks the process to end; nothing if it is not that one that runs. */
void task_cancel(struct tasks *tasks, int64_t id);

/* ---- looking ---- */

MUST_USE enum status task_find(struct store_conn *conn, int64_t id, struct arena *arena,
                               struct task **ret_task, struct error *err);
/* Newest first, without reports. */
MUST_USE enum status task_list(struct store_conn *conn, enum task_kind kind, struct arena *arena,
                               struct task **ret_tasks, size_t *ret_count, struct error *err);
/* The one that runs; ST_NOT_FOUND: none. */
MUST_USE enum status task_running(struct store_conn *conn, struct arena *arena,
                                  struct task **ret_task, struct error *err);

/* ---- where things lie ---- */

/* "import", "exports" and "backups" in the site's folder. */
str task_folder(struct arena *arena, const struct folder *folder, enum task_kind kind);
