/* SPDX-License-Identifier: MIT
 *
 * A site as files anybody can read. What is written stands in tables: a part is a file, a statement
 * and the names and types of its columns; one loop writes them all. Rows come in batches by keyset:
 * a statement's first columns are the key of its row, and $1, $2, ... the key of the batch's last row
 * before it, the parameter after them how many. A column is selected twice when it is key and field. */
#include "transfer/archive.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "discover/related.h"
#include "media/storage.h"
#include "store/store.h"
#include "text/pictures.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

enum { BATCH_ROWS = 256, KEYS_MAX = 3 };

enum field_type {
    KEY_NUMBER, /* not written */
    KEY_TEXT,
    TEXT,
    NUMBER,
    FLAG,
    TIME,
    DAY,
    PRIVATE, /* text that is left out, name and all, unless asked for */
    GUARDED, /* text that is null, unless asked for, when it may hold an email address */
    BODY,    /* a story's HTML, without what a save adds to its pictures (text/pictures.h) */
    LIST,    /* no column: a statement of its own, whose $1 is the first key */
};

struct list;
struct field {
    const char *name; /* NULL ends the row */
    enum field_type type;
    const struct list *list;
};

/* Of one field: its values; of more: objects. */
struct list {
    store_sql sql;
    const struct field *fields;
};

struct part {
    enum archive_kind kind;
    store_sql sql;
    const struct field *fields;
};

#define ROW (const struct field[])

/* ---- people, bylines, tags ---- */

static const struct part people = {
    ARCHIVE_PEOPLE,
    SQL("SELECT id, ghost_id, name, role, email, created_at, seen_at FROM person"
        " WHERE id > $1 ORDER BY id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"name", GUARDED},
        {"role", TEXT},
        {"email", PRIVATE},
        {"created_at", TIME},
        {"seen_at", TIME},
        {0}},
};

static const struct part bylines = {
    ARCHIVE_BYLINES,
    SQL("SELECT b.id, b.ghost_id, b.slug, b.name, p.ghost_id, b.email, b.bio, b.location, b.website,"
        " b.profile_image, b.cover_image, b.facebook, b.twitter, b.meta_title, b.meta_description,"
        " b.created_at, b.updated_at"
        " FROM byline b LEFT JOIN person p ON p.id = b.person"
        " WHERE b.id > $1 ORDER BY b.id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"slug", TEXT},
        {"name", TEXT},
        {"person", TEXT},
        {"email", PRIVATE},
        {"bio", TEXT},
        {"location", TEXT},
        {"website", TEXT},
        {"profile_image", TEXT},
        {"cover_image", TEXT},
        {"facebook", TEXT},
        {"twitter", TEXT},
        {"meta_title", TEXT},
        {"meta_description", TEXT},
        {"created_at", TIME},
        {"updated_at", TIME},
        {0}},
};

static const struct part tags = {
    ARCHIVE_TAGS,
    SQL("SELECT t.id, t.ghost_id, t.slug, t.name, t.visibility, t.section, p.slug, t.description,"
        " t.image, t.accent_color, t.canonical_url, t.meta_title, t.meta_description, t.og_title,"
        " t.og_description, t.og_image, t.twitter_title, t.twitter_description, t.twitter_image,"
        " t.code_head, t.code_foot, t.created_at, t.updated_at"
        " FROM tag t LEFT JOIN tag p ON p.id = t.parent"
        " WHERE t.id > $1 ORDER BY t.id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"slug", TEXT},
        {"name", TEXT},
        {"visibility", TEXT},
        {"section", FLAG},
        {"parent", TEXT},
        {"description", TEXT},
        {"image", TEXT},
        {"accent_color", TEXT},
        {"canonical_url", TEXT},
        {"meta_title", TEXT},
        {"meta_description", TEXT},
        {"og_title", TEXT},
        {"og_description", TEXT},
        {"og_image", TEXT},
        {"twitter_title", TEXT},
        {"twitter_description", TEXT},
        {"twitter_image", TEXT},
        {"code_head", TEXT},
        {"code_foot", TEXT},
        {"created_at", TIME},
        {"updated_at", TIME},
        {0}},
};

/* ---- stories ---- */

static const struct list tags_of_story = {
    SQL("SELECT t.slug FROM story_tag s LEFT JOIN tag t ON t.id = s.tag"
        " WHERE s.story = $1 ORDER BY s.position, s.tag"),
    ROW{{"slug", TEXT}, {0}},
};

static const struct list bylines_of_story = {
    SQL("SELECT b.slug FROM story_byline s LEFT JOIN byline b ON b.id = s.byline"
        " WHERE s.story = $1 ORDER BY s.position, s.byline"),
    ROW{{"slug", TEXT}, {0}},
};

static const struct list corrections_of_story = {
    SQL("SELECT corrected_at, html FROM correction WHERE story = $1 ORDER BY corrected_at, id"),
    ROW{{"corrected_at", TIME}, {"html", TEXT}, {0}},
};

static_assert(RELATED_PICKED == 1000000000000, "the statement below says it in digits");
static const struct list picks_of_story = {
    SQL("SELECT o.ghost_id FROM related r LEFT JOIN story o ON o.id = r.other"
        " WHERE r.story = $1 AND r.score > 1000000000000 ORDER BY r.score DESC, r.other"),
    ROW{{"ghost_id", TEXT}, {0}},
};

static const struct part stories = {
    ARCHIVE_STORIES,
    SQL("SELECT s.id, s.ghost_id, s.uuid, s.kind, s.state, s.slug, s.title, s.dateline, s.source,"
        " s.standfirst, b.html, b.source_format, b.source_text, s.image, s.image_alt,"
        " s.image_caption, s.featured, s.visibility, s.language, s.template, s.canonical_url,"
        " s.show_title_and_image, s.replies_open, b.meta_title, b.meta_description, b.og_title,"
        " b.og_description, b.og_image, b.twitter_title, b.twitter_description, b.twitter_image,"
        " b.code_head, b.code_foot, s.created_at, s.updated_at, s.published_at, s.revised_at,"
        " s.was_published, s.version"
        " FROM story s LEFT JOIN story_body b ON b.story = s.id"
        " WHERE s.id > $1 ORDER BY s.id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"uuid", TEXT},
        {"kind", TEXT},
        {"state", TEXT},
        {"slug", TEXT},
        {"title", TEXT},
        {"dateline", TEXT},
        {"source", TEXT},
        {"standfirst", TEXT},
        {"html", BODY},
        {"source_format", TEXT},
        {"source_text", TEXT},
        {"image", TEXT},
        {"image_alt", TEXT},
        {"image_caption", TEXT},
        {"featured", FLAG},
        {"visibility", TEXT},
        {"language", TEXT},
        {"template", TEXT},
        {"canonical_url", TEXT},
        {"show_title_and_image", FLAG},
        {"replies_open", FLAG},
        {"meta_title", TEXT},
        {"meta_description", TEXT},
        {"og_title", TEXT},
        {"og_description", TEXT},
        {"og_image", TEXT},
        {"twitter_title", TEXT},
        {"twitter_description", TEXT},
        {"twitter_image", TEXT},
        {"code_head", TEXT},
        {"code_foot", TEXT},
        {"created_at", TIME},
        {"updated_at", TIME},
        {"published_at", TIME},
        {"revised_at", TIME},
        {"was_published", FLAG},
        {"version", NUMBER},
        {"tags", LIST, &tags_of_story},
        {"bylines", LIST, &bylines_of_story},
        {"corrections", LIST, &corrections_of_story},
        {"related_picks", LIST, &picks_of_story},
        {0}},
};

static const struct part versions = {
    ARCHIVE_VERSIONS,
    SQL("SELECT v.id, s.ghost_id, v.version, v.saved_at, b.ghost_id, p.ghost_id, v.title,"
        " v.standfirst, v.html, v.source_format, v.source_text"
        " FROM story_version v LEFT JOIN story s ON s.id = v.story"
        " LEFT JOIN person b ON b.id = v.saved_by LEFT JOIN person p ON p.id = v.person"
        " WHERE v.id > $1 ORDER BY v.id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"story", TEXT},
        {"version", NUMBER},
        {"saved_at", TIME},
        {"saved_by", TEXT},
        {"replaced_by", TEXT},
        {"title", TEXT},
        {"standfirst", TEXT},
        {"html", BODY},
        {"source_format", TEXT},
        {"source_text", TEXT},
        {0}},
};

static const struct list proposals_of_story = {
    SQL("SELECT slug, name, weight FROM tag_proposal WHERE story = $1 ORDER BY position, slug"),
    ROW{{"slug", TEXT}, {"name", TEXT}, {"weight", NUMBER}, {0}},
};

static const struct part proposals = {
    ARCHIVE_PROPOSALS,
    SQL("SELECT s.id, s.ghost_id FROM story s"
        " WHERE s.id > $1 AND EXISTS (SELECT 1 FROM tag_proposal p WHERE p.story = s.id)"
        " ORDER BY s.id LIMIT $2"),
    ROW{{"", KEY_NUMBER}, {"story", TEXT}, {"tags", LIST, &proposals_of_story}, {0}},
};

/* ---- replies ---- */

static const struct part comments = {
    ARCHIVE_COMMENTS,
    SQL("SELECT c.id, c.ghost_id, s.ghost_id, p.ghost_id, t.ghost_id, c.name, c.email, c.site,"
        " c.html, c.source_text, c.state, c.why, w.ghost_id, b.slug, c.address, c.created_at, c.edited_at,"
        " c.decided_at"
        " FROM comment c LEFT JOIN story s ON s.id = c.story"
        " LEFT JOIN comment p ON p.id = c.parent LEFT JOIN comment t ON t.id = c.thread"
        " LEFT JOIN person w ON w.id = c.person LEFT JOIN byline b ON b.id = c.byline"
        " WHERE c.id > $1 ORDER BY c.id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"story", TEXT},
        {"parent", TEXT},
        {"thread", TEXT},
        {"name", TEXT},
        {"email", PRIVATE},
        {"site", TEXT},
        {"html", TEXT},
        {"source_text", TEXT},
        {"state", TEXT},
        {"why", GUARDED},
        {"person", TEXT},
        {"byline", TEXT},
        {"address", PRIVATE},
        {"created_at", TIME},
        {"edited_at", TIME},
        {"decided_at", TIME},
        {0}},
};

/* ---- addresses and pictures ---- */

static const struct part redirects = {
    ARCHIVE_REDIRECTS,
    SQL("SELECT r.path, r.path, s.ghost_id, t.slug, b.slug, r.location, r.code, r.created_at"
        " FROM redirect r LEFT JOIN story s ON s.id = r.story LEFT JOIN tag t ON t.id = r.tag"
        " LEFT JOIN byline b ON b.id = r.byline"
        " WHERE r.path > $1 ORDER BY r.path LIMIT $2"),
    ROW{{"", KEY_TEXT},
        {"path", TEXT},
        {"story", TEXT},
        {"tag", TEXT},
        {"byline", TEXT},
        {"location", TEXT},
        {"code", NUMBER},
        {"created_at", TIME},
        {0}},
};

static const struct list old_paths_of_media = {
    SQL("SELECT path FROM media_old WHERE media = $1 ORDER BY path"),
    ROW{{"path", TEXT}, {0}},
};

static const struct part media = {
    ARCHIVE_MEDIA,
    SQL("SELECT id, ghost_id, path, name, kind, content_type, bytes, width, height, frames,"
        " duration_ms, hash, original, original_type, title, alt, caption, credit, licence,"
        " focal_x, focal_y, crop_left, crop_top, crop_right, crop_bottom, color, placeholder,"
        " created_at, updated_at FROM media WHERE id > $1 ORDER BY id LIMIT $2"),
    ROW{{"", KEY_NUMBER},
        {"ghost_id", TEXT},
        {"path", TEXT},
        {"name", TEXT},
        {"kind", TEXT},
        {"content_type", TEXT},
        {"bytes", NUMBER},
        {"width", NUMBER},
        {"height", NUMBER},
        {"frames", NUMBER},
        {"duration_ms", NUMBER},
        {"hash", TEXT},
        {"original", TEXT},
        {"original_type", TEXT},
        {"title", TEXT},
        {"alt", TEXT},
        {"caption", TEXT},
        {"credit", TEXT},
        {"licence", TEXT},
        {"focal_x", NUMBER},
        {"focal_y", NUMBER},
        {"crop_left", NUMBER},
        {"crop_top", NUMBER},
        {"crop_right", NUMBER},
        {"crop_bottom", NUMBER},
        {"color", TEXT},
        {"placeholder", TEXT},
        {"created_at", TIME},
        {"updated_at", TIME},
        {"old_paths", LIST, &old_paths_of_media},
        {0}},
};

/* ---- reads ---- */

static_assert(TIME_DAY == 86400000000, "the statement below says it in digits");
static const struct list reads_of_story = {
    SQL("SELECT hour_at - hour_at % 86400000000 AS day_at, SUM(reads) FROM read_count"
        " WHERE story = $1 GROUP BY day_at ORDER BY day_at"),
    ROW{{"day", DAY}, {"reads", NUMBER}, {0}},
};

static const struct part reads = {
    ARCHIVE_READS,
    SQL("SELECT s.id, s.ghost_id FROM story s"
        " WHERE s.id > $1 AND EXISTS (SELECT 1 FROM read_count r WHERE r.story = s.id)"
        " ORDER BY s.id LIMIT $2"),
    ROW{{"", KEY_NUMBER}, {"story", TEXT}, {"days", LIST, &reads_of_story}, {0}},
};

static const struct part read_ons = {
    ARCHIVE_READ_ONS,
    SQL("SELECT r.story, r.next, s.ghost_id, n.ghost_id, r.reads"
        " FROM read_on r LEFT JOIN story s ON s.id = r.story LEFT JOIN story n ON n.id = r.next"
        " WHERE (r.story, r.next) > ($1, $2) ORDER BY r.story, r.next LIMIT $3"),
    ROW{{"", KEY_NUMBER},
        {"", KEY_NUMBER},
        {"story", TEXT},
        {"next", TEXT},
        {"reads", NUMBER},
        {0}},
};

/* ---- imports ---- */

static const struct part import_map = {
    ARCHIVE_IMPORT_MAP,
    SQL("SELECT m.source, m.kind, m.foreign_id, m.source, m.kind, m.foreign_id,"
        " COALESCE(s.ghost_id, t.ghost_id, b.ghost_id, c.ghost_id, d.ghost_id)"
        " FROM import_map m LEFT JOIN story s ON m.kind = 'story' AND s.id = m.ours"
        " LEFT JOIN tag t ON m.kind IN ('section', 'tag') AND t.id = m.ours"
        " LEFT JOIN byline b ON m.kind IN ('byline', 'user') AND b.id = m.ours"
        " LEFT JOIN comment c ON m.kind = 'comment' AND c.id = m.ours"
        " LEFT JOIN media d ON m.kind = 'media' AND d.id = m.ours"
        " WHERE (m.source, m.kind, m.foreign_id) > ($1, $2, $3)"
        " ORDER BY m.source, m.kind, m.foreign_id LIMIT $4"),
    ROW{{"", KEY_TEXT},
        {"", KEY_TEXT},
        {"", KEY_TEXT},
        {"source", TEXT},
        {"kind", TEXT},
        {"foreign_id", GUARDED},
        {"ours", TEXT},
        {0}},
};

static const struct part *const parts[] = {
    &people,   &bylines,   &tags,  &stories, &versions, &proposals,
    &comments, &redirects, &media, &reads,   &read_ons, &import_map,
};

static const char *const kind_names[ARCHIVE_KINDS] = {
    [ARCHIVE_SETTINGS] = "settings",     [ARCHIVE_PEOPLE] = "people",
    [ARCHIVE_BYLINES] = "bylines",       [ARCHIVE_TAGS] = "tags",
    [ARCHIVE_STORIES] = "stories",       [ARCHIVE_VERSIONS] = "versions",
    [ARCHIVE_PROPOSALS] = "proposals",   [ARCHIVE_COMMENTS] = "comments",
    [ARCHIVE_REDIRECTS] = "redirects",   [ARCHIVE_MEDIA] = "media",
    [ARCHIVE_READS] = "reads",           [ARCHIVE_READ_ONS] = "read_ons",
    [ARCHIVE_IMPORT_MAP] = "import_map", [ARCHIVE_FILES] = "files",
};

const char *archive_kind_name(enum archive_kind kind)
{
    CHECK(kind < ARCHIVE_KINDS);
    return kind_names[kind];
}

/* ---- a row as JSON ---- */

struct archive {
    const struct archive_options *options;
    struct arena *arena;
    str making; /* the folder under its first name */
    struct archive_counts counts;
};

static json_t *text_json(str text)
{
    return json_stringn(text.len == 0 ? "" : text.ptr, text.len);
}

/* Parts of a second only where there are some. */
static json_t *time_json(time_us t)
{
    struct civil c = civil_from_time(t, 0);
    char micros[16] = "", text[96];
    if (c.micros != 0)
        (void)snprintf(micros, sizeof(micros), ".%06d", c.micros);
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d%sZ", c.year, c.month, c.day,
                   c.hour, c.minute, c.second, micros);
    return json_string(text);
}

static json_t *day_json(time_us t)
{
    struct civil c = civil_from_time(t, 0);
    char text[48];
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", c.year, c.month, c.day);
    return json_string(text);
}

static bool is_key(enum field_type type)
{
    return type == KEY_NUMBER || type == KEY_TEXT;
}

/* NULL when it is no UTF-8. */
static json_t *column_json(const struct archive *archive, const struct store_stmt *q, int column,
                           enum field_type type)
{
    if (store_column_is_null(q, column))
        return json_null();
    switch (type) {
    case GUARDED:
        if (!archive->options->with_private &&
            str_find_char(store_column_text(q, column), '@') != STR_NPOS)
            return json_null();
        return text_json(store_column_text(q, column));
    case BODY: {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
        return text_json(pictures_strip(arena, (html){store_column_text(q, column)}).raw);
    }
    case TEXT:
    case PRIVATE:
        return text_json(store_column_text(q, column));
    case NUMBER:
        return json_integer(store_column_int(q, column));
    case FLAG:
        return json_boolean(store_column_int(q, column) != 0);
    case TIME:
        return time_json(store_column_int(q, column));
    case DAY:
        return day_json(store_column_int(q, column));
    case KEY_NUMBER:
    case KEY_TEXT:
    case LIST:
        break;
    }
    CHECK(type != LIST);
    CHECK(!is_key(type));
    return NULL;
}

/* The columns of q's row into the object. */
static enum status columns_add(const struct archive *archive, const struct store_stmt *q,
                               const struct field *fields, json_t *row, struct error *err)
{
    int column = 0;
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->type == LIST)
            continue;
        int at = column++;
        if (is_key(field->type) || (field->type == PRIVATE && !archive->options->with_private))
            continue;
        if (json_object_set_new(row, field->name, column_json(archive, q, at, field->type)) != 0)
            return error_set(err, ST_INVALID,
                             "the text of a \"%s\" is not UTF-8; see: broadsheet check",
                             field->name);
    }
    return ST_OK;
}

static enum status list_json(const struct archive *archive, const struct list *list, int64_t id,
                             json_t *array, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(archive->options->conn, list->sql);
    bool plain = list->fields[1].name == NULL;
    store_bind_int(q, 1, id);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        AUTO(json_decrefp) json_t *row = json_object();
        st = columns_add(archive, q, list->fields, row, err);
        if (st != ST_OK)
            return st;
        (void)json_array_append(array, plain ? json_object_get(row, list->fields[0].name) : row);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status row_json(const struct archive *archive, const struct store_stmt *q,
                            const struct field *fields, json_t *row, struct error *err)
{
    enum status st = columns_add(archive, q, fields, row, err);
    for (const struct field *field = fields; field->name != NULL && st == ST_OK; field++) {
        if (field->type != LIST)
            continue;
        json_t *array = json_array();
        (void)json_object_set_new(row, field->name, array);
        st = list_json(archive, field->list, store_column_int(q, 0), array, err);
    }
    return st;
}

/* ---- files ---- */

static void file_closep(FILE **file)
{
    if (*file != NULL)
        (void)fclose(*file);
}

static FILE *file_new(const struct archive *archive, str name, struct error *err)
{
    const char *path = str_copy_c(archive->arena, file_join(archive->arena, archive->making, name));
    AUTO(fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL)
        (void)error_set_errno(err, ST_IO, "cannot write %s", path);
    else
        (void)fd_take(&fd);
    return file;
}

/* On the disk, or an error: a full disk is often told here first. */
static enum status file_end(FILE *file, str name, struct error *err)
{
    if (fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0)
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(name));
    return ST_OK;
}

static enum status json_write(FILE *file, str name, const json_t *json, size_t flags,
                              struct error *err)
{
    if (json_dumpf(json, file, flags) != 0 || fputc('\n', file) == EOF)
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(name));
    return ST_OK;
}

/* ---- a part ---- */

struct key {
    enum field_type type;
    int64_t number;
    str text;
};

/* Before the first row. */
static int keys_start(const struct field *fields, struct key keys[KEYS_MAX])
{
    int count = 0;
    for (; is_key(fields[count].type); count++) {
        CHECK(count < KEYS_MAX);
        keys[count] = (struct key){.type = fields[count].type, .number = INT64_MIN};
    }
    CHECK(count > 0);
    return count;
}

static void keys_bind(struct store_stmt *q, const struct key *keys, int count)
{
    for (int i = 0; i < count; i++) {
        if (keys[i].type == KEY_NUMBER)
            store_bind_int(q, i + 1, keys[i].number);
        else
            store_bind_text(q, i + 1, keys[i].text);
    }
    store_bind_int(q, count + 1, BATCH_ROWS);
}

static void keys_take(const struct store_stmt *q, struct key *keys, int count, struct arena *arena)
{
    for (int i = 0; i < count; i++) {
        if (keys[i].type == KEY_NUMBER)
            keys[i].number = store_column_int(q, i);
        else
            keys[i].text = str_copy(arena, store_column_text(q, i));
    }
}

/* ST_NOT_FOUND after the last batch. `keys` come to lie in `next`. */
static enum status batch_write(struct archive *archive, const struct part *part, FILE *file,
                               struct key *keys, int keys_count, struct arena *next,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(archive->options->conn, part->sql);
    keys_bind(q, keys, keys_count);
    struct key last[KEYS_MAX];
    __builtin_memcpy(last, keys, sizeof(last));
    int rows = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        AUTO(json_decrefp) json_t *row = json_object();
        st = row_json(archive, q, part->fields, row, err);
        if (st == ST_OK)
            st = json_write(file, str_from_c(kind_names[part->kind]), row, JSON_COMPACT, err);
        if (st != ST_OK)
            return st;
        if (++rows == BATCH_ROWS)
            keys_take(q, last, keys_count, next);
    }
    archive->counts.of[part->kind] += rows;
    __builtin_memcpy(keys, last, sizeof(last));
    return st == ST_NOT_FOUND && rows == BATCH_ROWS ? ST_OK : st;
}

static enum status part_write(struct archive *archive, const struct part *part, struct error *err)
{
    const struct archive_options *options = archive->options;
    str name = str_format(archive->arena, "%s.jsonl", kind_names[part->kind]);
    AUTO(file_closep) FILE *file = file_new(archive, name, err);
    if (file == NULL)
        return ST_IO;
    /* A batch's keys, and those of the batch before, which are still bound. */
    AUTO(arena_freep) struct arena *one = arena_new(ARENA_SMALL);
    AUTO(arena_freep) struct arena *other = arena_new(ARENA_SMALL);
    struct key keys[KEYS_MAX] = {0};
    int count = keys_start(part->fields, keys);
    enum status st = ST_OK;
    for (bool odd = false; st == ST_OK; odd = !odd) {
        struct arena *next = odd ? one : other;
        arena_reset(next);
        st = batch_write(archive, part, file, keys, count, next, err);
        if (options->progress != NULL && (st == ST_OK || st == ST_NOT_FOUND))
            options->progress(options->progress_ctx, part->kind, archive->counts.of[part->kind]);
    }
    return st == ST_NOT_FOUND ? file_end(file, name, err) : st;
}

/* ---- the site ---- */

static enum status settings_json(struct archive *archive, json_t *settings, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(archive->options->conn, SQL("SELECT name, value FROM setting ORDER BY name"));
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        str name = store_column_text(q, 0);
        if (str_starts(name, S("internal."))) /* the program's own notes */
            continue;
        if (json_object_setn_new(settings, name.ptr, name.len,
                                 text_json(store_column_text(q, 1))) != 0)
            return error_set(err, ST_INVALID, "the setting %.*s is not UTF-8", STR_ARG(name));
        archive->counts.of[ARCHIVE_SETTINGS]++;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static json_t *counts_json(const struct archive *archive)
{
    json_t *counts = json_object();
    for (size_t kind = 0; kind < ARCHIVE_KINDS; kind++)
        (void)json_object_set_new(counts, kind_names[kind], json_integer(archive->counts.of[kind]));
    return counts;
}

/* Last, as it says how many of each there are. Takes over `settings`. */
static enum status site_write(const struct archive *archive, json_t *settings, struct error *err)
{
    const struct archive_options *options = archive->options;
    AUTO(json_decrefp) json_t *site = json_object();
    (void)json_object_set_new(site, "format", json_string("broadsheet-archive"));
    (void)json_object_set_new(site, "version", json_integer(ARCHIVE_VERSION));
    (void)json_object_set_new(site, "private", json_boolean(options->with_private));
    int bad = json_object_set_new(site, "url", text_json(options->url));
    (void)json_object_set(site, "settings", settings);
    (void)json_object_set_new(site, "counts", counts_json(archive));
    if (bad != 0)
        return error_set(err, ST_INVALID, "the site's address is not UTF-8");
    AUTO(file_closep) FILE *file = file_new(archive, S("site.json"), err);
    if (file == NULL)
        return ST_IO;
    enum status st = json_write(file, S("site.json"), site, JSON_INDENT(2), err);
    return st == ST_OK ? file_end(file, S("site.json"), err) : st;
}

static const char readme[] =
    "This folder holds a whole site, written by `broadsheet export --to archive`.\n"
    "\n"
    "site.json       the format's version, the site's address and settings, how many of each\n"
    "*.jsonl         one record a line, as JSON (UTF-8): stories.jsonl holds every story and page,\n"
    "                comments.jsonl every reply, and so on\n"
    "media/          pictures and files; media.jsonl tells what they are\n"
    "\n"
    "Times are UTC. Records name stories, replies and people by \"ghost_id\", tags and bylines by\n"
    "\"slug\". What has no value is null.\n"
    "\n";
static const char readme_private[] =
    "It holds private data: the email addresses of people who replied, of writers and editors, and\n"
    "shortened network addresses. Keep it as you would keep a list of readers.\n";
static const char readme_public[] =
    "Email addresses and network addresses were left out (--with-private puts them in). It still\n"
    "holds what was never published: drafts, held replies, old versions.\n";

static enum status readme_write(const struct archive *archive, struct error *err)
{
    AUTO(file_closep) FILE *file = file_new(archive, S("README.txt"), err);
    if (file == NULL)
        return ST_IO;
    (void)fputs(readme, file);
    (void)fputs(archive->options->with_private ? readme_private : readme_public, file);
    return file_end(file, S("README.txt"), err);
}

static enum status snapshot_write(struct archive *archive, json_t *settings, struct error *err)
{
    enum status st = store_read_begin(archive->options->conn, err);
    if (st == ST_OK)
        st = settings_json(archive, settings, err);
    for (size_t i = 0; i < ARRAY_LEN(parts) && st == ST_OK; i++)
        st = part_write(archive, parts[i], err);
    store_read_end(archive->options->conn);
    return st;
}

static enum status all_write(struct archive *archive, struct error *err)
{
    const struct archive_options *options = archive->options;
    AUTO(json_decrefp) json_t *settings = json_object();
    int64_t *files = &archive->counts.of[ARCHIVE_FILES];
    enum status st = snapshot_write(archive, settings, err);
    if (st == ST_OK && options->media.len > 0)
        st = file_copy_tree(options->media, file_join(archive->arena, archive->making, S("media")),
                            storage_not_copied, files, err);
    if (st == ST_OK)
        st = readme_write(archive, err);
    if (st == ST_OK)
        st = site_write(archive, settings, err);
    if (st == ST_OK) /* the entries of the folder itself */
        st = file_sync_folder(file_join(archive->arena, archive->making, S("site.json")), err);
    return st;
}

static enum status folder_begin(const struct archive *archive, str out, struct error *err)
{
    if (out.len == 0)
        return error_set(err, ST_INVALID, "name a new folder to export into");
    if (file_exists(out))
        return error_set(err, ST_CONFLICT, "%.*s is there already; name a new folder",
                         STR_ARG(out));
    if (mkdir(str_copy_c(archive->arena, archive->making), 0750) == 0)
        return ST_OK;
    if (errno == EEXIST)
        return error_set(err, ST_CONFLICT,
                         "%.*s is there: another export is under way, or was cut short; remove it",
                         STR_ARG(archive->making));
    return error_set_errno(err, ST_IO, "cannot make the folder %.*s", STR_ARG(archive->making));
}

enum status archive_write(const struct archive_options *options, struct archive_counts *ret_counts,
                          struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str out = options->out;
    while (out.len > 1 && str_ends(out, S("/")))
        out.len--;
    struct archive archive = {
        .options = options, .arena = arena, .making = str_join2(arena, out, S(".making"))};
    enum status st = folder_begin(&archive, out, err);
    if (st != ST_OK)
        return st;
    st = all_write(&archive, err);
    if (st == ST_OK && rename(str_copy_c(arena, archive.making), str_copy_c(arena, out)) != 0)
        st =
            error_set_errno(err, ST_CONFLICT, "cannot name the finished folder %.*s", STR_ARG(out));
    if (st != ST_OK) {
        (void)file_remove_tree(archive.making, NULL);
        return st;
    }
    *ret_counts = archive.counts;
    return file_sync_folder(out, err);
}
