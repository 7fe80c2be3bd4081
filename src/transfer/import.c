/* SPDX-License-Identifier: MIT */
#include "transfer/import.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "news/import_map.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/tag.h"
#include "reader/furniture.h"
#include "store/store.h"
#include "text/html.h"
#include "text/url.h"
#include "transfer/tagging.h"
#include "transfer/text_file.h"
#include "transfer/wxr_import.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SNIFF_BYTES = 64 * 1024 };

enum file_kind { FILE_WXR, FILE_TEXT };

/* ---- what a file is ---- */

static enum status sniff(str name, str head, enum file_kind *ret_kind, struct error *err)
{
    str start = str_trim(head);
    if (str_starts(start, S("\xEF\xBB\xBF")))
        start = str_trim(str_from(start, 3));
    if (start.len == 0)
        return error_set(err, ST_INVALID, "%.*s is empty", STR_ARG(name));
    if (str_contains(head, S("<rss")) || str_contains(head, S("<?xml"))) {
        *ret_kind = FILE_WXR;
        return ST_OK;
    }
    if (str_starts(start, S("{")))
        return error_set(err, ST_INVALID,
                         "%.*s looks like JSON: Ghost exports cannot be imported yet",
                         STR_ARG(name));
    if (str_starts(start, S("PK\x03\x04")))
        return error_set(err, ST_INVALID, "%.*s is a zip: unpack it and import what is in it",
                         STR_ARG(name));
    *ret_kind = FILE_TEXT;
    return ST_OK;
}

static enum status kind_of_file(str path, enum file_kind *ret_kind, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(SNIFF_BYTES + ARENA_SMALL);
    struct stat info;
    char *head = arena_alloc(arena, SNIFF_BYTES, 1);
    AUTO(fd_closep) int fd = open(str_copy_c(arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, ST_NOT_FOUND, "cannot open %.*s", STR_ARG(path));
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
        return error_set(err, ST_INVALID,
                         "%.*s is a folder: folders of Markdown cannot be imported yet",
                         STR_ARG(path));
    ssize_t n = read(fd, head, SNIFF_BYTES);
    if (n < 0)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(path));
    return sniff(url_file_name(path), (str){head, (size_t)n}, ret_kind, err);
}

/* ---- one story as text ---- */

struct text_write {
    const struct import_options *options;
    struct story_prepared ready;
    struct tag_candidate *names;
    size_t names_count;
    time_us now;
    str foreign_id; /* for the map: the file's name and its story's slug */
};

static enum status text_save(struct store_tx *tx, void *arg, struct error *err)
{
    const struct text_write *write = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {.tx = tx,
                            .arena = arena,
                            .rng = write->options->rng == NULL ? &rng_system : write->options->rng,
                            .now = write->now,
                            .site = write->options->settings};
    story_id id;
    enum status st = story_save(&desk, &write->ready, &id, err);
    if (st == ST_OK)
        st = story_publish(&desk, id, write->now, err);
    if (st == ST_OK)
        st = tagging_propose(&desk, id, write->names, write->names_count, err);
    if (st == ST_OK)
        st = import_map_put(&desk, S("text"), S("story"), write->foreign_id, id.v, err);
    return st;
}

/* The same file again is the same story. */
static enum status text_known(const struct import_options *options, str foreign_id, bool *ret_known,
                              struct error *err)
{
    AUTO(store_reader_freep) struct store_conn *conn = NULL;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct story *story;
    int64_t ours;
    enum status st = store_reader_new(options->store, &conn, err);
    if (st != ST_OK)
        return st;
    *ret_known = import_map_find(conn, S("text"), S("story"), foreign_id, &ours, NULL) == ST_OK &&
                 story_by_id(conn, (story_id){ours}, arena, &story, NULL) == ST_OK;
    return ST_OK;
}

static enum status text_import(const struct import_options *options, struct report *report,
                               str path, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct text_write write = {
        .options = options,
        .now = clock_now(options->clock == NULL ? &clock_system : options->clock)};
    struct furniture left_out;
    struct text_story text;
    str bytes;
    str name = url_file_name(path);
    enum status st = file_read(arena, path, HTML_STORY_MAX, &bytes, err);
    if (st != ST_OK)
        return st;
    if (!str_is_utf8(bytes) || str_find_char(bytes, '\0') != STR_NPOS)
        return error_set(err, ST_INVALID, "%.*s is neither a WordPress export nor text in UTF-8",
                         STR_ARG(name));
    st = text_story_read(arena, bytes, options->keep_all, &text, &left_out, err);
    if (st == ST_OK)
        st = story_prepare(arena, &(struct story_draft){.title = text.headline, .text = text.html},
                           &write.ready, err);
    if (st != ST_OK) {
        error_prefix(err, "%.*s", STR_ARG(name));
        return st;
    }
    for (size_t i = 0; i < left_out.count; i++)
        report_note(report,
                    str_format(arena, "the old page's \"%.*s\" was left out (--keep-all keeps it)",
                               STR_ARG(left_out.lines[i])),
                    name);
    bool known = false;
    write.foreign_id = str_join3(arena, name, S(":"), write.ready.slug);
    st = text_known(options, write.foreign_id, &known, err);
    if (st != ST_OK)
        return st;
    if (known) {
        report->out->skipped[IMPORT_STORIES]++;
        report_note(report, S("a story came with an earlier import and was left as it is"), name);
        return ST_OK;
    }
    report->out->came[IMPORT_STORIES]++;
    write.names_count = tagging_find(arena, text.headline, write.ready.plain,
                                     options->settings->locale, &write.names);
    return options->dry_run ? ST_OK : store_write_wait(options->store, text_save, &write, err);
}

/* ---- all ---- */

static enum status import_each(const struct import_options *given, struct report *report,
                               const str *paths, const enum file_kind *kinds, size_t count,
                               struct error *err)
{
    struct import_options options = *given;
    AUTO(site_settings_unrefp) struct site_settings *settings = NULL; /* those in force now */
    str *exports = arena_new_array(options.arena, str, count);
    size_t exports_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (kinds[i] == FILE_WXR)
            exports[exports_count++] = paths[i];
    }
    enum status st = wxr_import_files(&options, report, exports, exports_count, &settings, err);
    for (size_t i = 0; i < count && st == ST_OK; i++) {
        if (kinds[i] == FILE_TEXT)
            st = text_import(&options, report, paths[i], err);
    }
    if (st == ST_OK && options.tag && !options.dry_run)
        st = tagging_apply(&options, &report->out->came[IMPORT_TAGS], err);
    return st;
}

enum status import_files(const struct import_options *options, const str *paths, size_t count,
                         struct import_report **ret_report, struct error *err)
{
    struct report report;
    time_us begun = clock_monotonic();
    enum file_kind *kinds = arena_new_array(options->arena, enum file_kind, count);
    report_init(&report, options->arena);
    for (size_t i = 0; i < count; i++) {
        enum status st = kind_of_file(paths[i], &kinds[i], err);
        if (st != ST_OK)
            return st;
    }
    enum status st = import_each(options, &report, paths, kinds, count, err);
    if (st != ST_OK)
        return st;
    report_finish(&report, (double)(clock_monotonic() - begun) / (double)TIME_SECOND);
    *ret_report = report.out;
    return ST_OK;
}
