/* SPDX-License-Identifier: MIT
 *
 * A task's own page: how far it is, or what came of it. A script asks the same address for JSON. */
#include "desk/task_page.h"

#include "base/arena.h"
#include "base/file.h"
#include "desk/look.h"
#include "desk/task_file.h"

#include <jansson.h>

static void json_freep(json_t **json)
{
    json_decref(*json);
}

str task_bytes(struct arena *arena, int64_t bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    double n = (double)bytes;
    size_t unit = 0;
    while (n >= 999.5 && unit + 1 < ARRAY_LEN(units)) {
        n /= 1000;
        unit++;
    }
    return str_format(arena, unit > 0 && n < 9.95 ? "%.1f\u00a0%s" : "%.0f\u00a0%s", n,
                      units[unit]);
}

static str task_path(struct errand *e, int64_t id)
{
    return str_format(e->arena, "/desk/tasks/%lld/", (long long)id);
}

/* ---- how far ---- */

static str number(struct errand *e, const struct task *task, int64_t n)
{
    if (str_eq(task->step, S("bytes")))
        return task_bytes(e->arena, n);
    return str_format(e->arena, "%lld", (long long)n);
}

/* "Stories: 12 of 40". */
static str how_far(struct errand *e, const struct task *task)
{
    str what = str_join2(e->arena, S("task.what."), task->step);
    const struct look_argument arguments[] = {
        {S("what"), look_has(e->look, what) ? errand_say(e, what) : task->step},
        {S("done"), number(e, task, task->done)},
        {S("total"), number(e, task, task->total)}};
    str key = task->step.len == 0 ? S("task.begins")
              : task->total > 0   ? S("task.of")
              : task->done > 0    ? S("task.so-far")
                                  : S("task.at");
    return look_say_with(e->tongue, key, arguments, ARRAY_LEN(arguments), e->arena);
}

static struct hbs_map *task_map(struct errand *e, const struct task *task)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    str kind = task->dry_run ? S("dry-run") : task_kind_name(task->kind);
    hbs_map_set(row, S("id"), hbs_number((double)task->id));
    hbs_map_set(row, S("path"), hbs_string(task_path(e, task->id)));
    hbs_map_set(row, S("kind"), hbs_string(str_join2(e->arena, S("task.kind."), kind)));
    hbs_map_set(row, S("state"), hbs_string(task_state_name(task->state)));
    hbs_map_set(row, S("state_key"),
                hbs_string(str_join2(e->arena, S("task.state."), task_state_name(task->state))));
    hbs_map_set(row, S("name"), hbs_string(task->name));
    hbs_map_set(row, S("what"), hbs_string_or_null(task->what));
    hbs_map_set(row, S("dry_run"), hbs_bool(task->dry_run));
    hbs_map_set(row, S("began"), hbs_number((double)task->began_at));
    if (task->ended_at != 0)
        hbs_map_set(row, S("ended"), hbs_number((double)task->ended_at));
    hbs_map_set(row, S("say"), hbs_string(how_far(e, task)));
    if (task->total > 0) {
        hbs_map_set(row, S("done"), hbs_number((double)task->done));
        hbs_map_set(row, S("total"), hbs_number((double)task->total));
    }
    hbs_map_set(row, S("failure"), hbs_string_or_null(task->failure));
    return row;
}

/* ---- for the pages of its kind ---- */

static void put_tabs(struct errand *e, struct hbs_map *values, enum task_kind chosen)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, TASK_KINDS);
    for (int kind = 0; kind < TASK_KINDS; kind++) {
        str name = task_kind_name((enum task_kind)kind);
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("path"), hbs_string(str_join3(e->arena, S("/desk/"), name, S("/"))));
        hbs_map_set(row, S("key"), hbs_string(str_join2(e->arena, S("task.page."), name)));
        hbs_map_set(row, S("chosen"), hbs_bool((enum task_kind)kind == chosen));
        rows[kind] = hbs_map_value(row);
    }
    hbs_map_set(values, S("tabs"), hbs_list_of(e->arena, rows, TASK_KINDS));
    hbs_map_set(values, S("page"),
                hbs_string(str_join2(e->arena, S("task.page."), task_kind_name(chosen))));
}

enum status task_put(struct errand *e, struct hbs_map *values, enum task_kind kind,
                     struct error *err)
{
    struct task *tasks, *running;
    size_t count;
    put_tabs(e, values, kind);
    enum status st = task_running(e->conn, e->arena, &running, err);
    if (st == ST_OK)
        hbs_map_set(values, S("running"), hbs_map_value(task_map(e, running)));
    if (st == ST_OK || st == ST_NOT_FOUND)
        st = task_list(e->conn, kind, e->arena, &tasks, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = hbs_map_value(task_map(e, &tasks[i]));
    hbs_map_set(values, S("tasks"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

enum status task_go(struct errand *e, const struct task_order *order, struct error *err)
{
    int64_t id;
    enum status st = task_begin(e, order, &id, err);
    return st == ST_OK ? errand_go(e, task_path(e, id)) : st;
}

enum status task_kind_files(struct errand *e, enum task_kind kind, struct task_file **ret_files,
                            size_t *ret_count, struct error *err)
{
    return task_files(e->arena, task_folder(e->arena, e->folder, kind), ret_files, ret_count, err);
}

enum status task_file_asked(struct errand *e, enum task_kind kind, str name,
                            const struct task_file **ret_file, str *ret_path, struct error *err)
{
    struct task_file *files;
    size_t count;
    enum status st = task_kind_files(e, kind, &files, &count, err);
    if (st != ST_OK)
        return st;
    *ret_file = task_file_named(files, count, name);
    if (*ret_file == NULL)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-file"))));
    *ret_path = file_join(e->arena, task_folder(e->arena, e->folder, kind), (*ret_file)->name);
    return ST_OK;
}

/* ---- its report ---- */

static str text_of(struct errand *e, const json_t *json)
{
    return str_copy(e->arena, (str){json_string_value(json), json_string_length(json)});
}

static void set_int(struct hbs_map *row, str name, const json_t *json)
{
    hbs_map_set(row, name, hbs_number((double)json_integer_value(json)));
}

/* How many of each kind, but for those of which there were none. */
static void put_counts(struct errand *e, struct hbs_map *values, json_t *came, json_t *skipped)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, json_object_size(came));
    size_t count = 0;
    const char *key;
    json_t *n;
    json_object_foreach(came, key, n)
    {
        const json_t *left = json_object_get(skipped, key);
        struct hbs_map *row = hbs_map_new(e->arena);
        if (json_integer_value(n) == 0 && json_integer_value(left) == 0)
            continue;
        hbs_map_set(row, S("key"),
                    hbs_string(str_join2(e->arena, S("task.what."), str_from_c(key))));
        set_int(row, S("came"), n);
        if (skipped != NULL)
            set_int(row, S("skipped"), left);
        rows[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("counts"), hbs_list_of(e->arena, rows, count));
}

static struct hbs_value note_value(struct errand *e, const json_t *note)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    const json_t *where = json_object_get(note, "where");
    size_t count = json_array_size(where);
    struct hbs_value *places = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        places[i] = hbs_string(text_of(e, json_array_get(where, i)));
    hbs_map_set(row, S("what"), hbs_string(text_of(e, json_object_get(note, "what"))));
    set_int(row, S("n"), json_object_get(note, "count"));
    hbs_map_set(row, S("where"), hbs_list_of(e->arena, places, count));
    return hbs_map_value(row);
}

static void put_notes(struct errand *e, struct hbs_map *values, const json_t *notes)
{
    size_t count = json_array_size(notes);
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = note_value(e, json_array_get(notes, i));
    hbs_map_set(values, S("notes"), hbs_list_of(e->arena, rows, count));
}

/* What our own program printed: of another form only if it was another version. */
static void put_report(struct errand *e, struct hbs_map *values, const struct task *task)
{
    AUTO(json_freep) json_t *root = json_loadb(task->report.ptr, task->report.len, 0, NULL);
    json_t *counts = json_object_get(root, "counts");
    if (root == NULL)
        return;
    if (task->kind == TASK_IMPORT) {
        put_counts(e, values, json_object_get(root, "came"), json_object_get(root, "skipped"));
        put_notes(e, values, json_object_get(root, "notes"));
    } else if (counts != NULL) {
        put_counts(e, values, counts, NULL);
    }
    json_int_t bytes = json_integer_value(json_object_get(root, "bytes"));
    if (bytes > 0)
        hbs_map_set(values, S("bytes"), hbs_string(task_bytes(e->arena, bytes)));
}

/* ---- its page ---- */

static enum status answer_script(struct errand *e, const struct task *task, struct error *err)
{
    return errand_json(e, 200, task_map(e, task), err);
}

enum status task_show(struct errand *e, struct error *err)
{
    struct task *task;
    struct hbs_map *values = errand_values(e);
    enum status st = task_find(e->conn, errand_id(e, S("id")), e->arena, &task, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-task"))));
    if (st != ST_OK)
        return st;
    if (errand_wants_json(e))
        return answer_script(e, task, err);
    put_tabs(e, values, task->kind);
    hbs_map_set(values, S("task"), hbs_map_value(task_map(e, task)));
    hbs_map_set(values, S("runs"), hbs_bool(task->state == TASK_RUNNING));
    hbs_map_set(values, S("next"),
                hbs_string(str_join2(e->arena, S("task.next."), task_kind_name(task->kind))));
    hbs_map_set(values, S("is_import"), hbs_bool(task->kind == TASK_IMPORT));
    hbs_map_set(values, S("is_export"), hbs_bool(task->kind == TASK_EXPORT));
    hbs_map_set(values, S("back"),
                hbs_string(str_join3(e->arena, S("/desk/"), task_kind_name(task->kind), S("/"))));
    if (task->report.len > 0)
        put_report(e, values, task);
    return errand_page(e, 200, S("task"), values, err);
}

static enum status log_cancel(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return errand_log(e, room, S("task.cancelled"), STR_NONE, err);
}

/* Its row says so once the process has ended, a moment later. */
enum status task_stop(struct errand *e, struct error *err)
{
    int64_t id = errand_id(e, S("id"));
    struct task *task;
    enum status st = task_find(e->conn, id, e->arena, &task, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-task"))));
    if (st != ST_OK || task->state != TASK_RUNNING)
        return st == ST_OK ? errand_go(e, task_path(e, id)) : st;
    st = errand_write(e, log_cancel, NULL, err);
    task_cancel(e->tasks, id);
    return st == ST_OK ? errand_done(e, task_path(e, id), S("task-cancelled")) : st;
}
