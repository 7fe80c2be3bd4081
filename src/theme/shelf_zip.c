/* SPDX-License-Identifier: MIT
 *
 * A theme as one file. Zips come as people make them: of the folder or of what is in it, so the theme is where the
 * topmost package.json is. Nothing that a zip says of itself is believed: names are judged part by part, sizes
 * by what comes out. */
#include "theme/shelf.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/scope.h"
#include "theme/files.h"
#include "theme/package.h"
#include "theme/theme.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zip.h>

enum { CHUNK = 64 * 1024, UNIX_MODE_SHIFT = 16, TAIL_BYTES_MAX = 22 + 65535, TAIL_COUNT_AT = 10 };

extern const struct embedded theme_default_files[];
extern const size_t theme_default_files_count;

DEFINE_FREEP(zip_t *, zip_discard)

static void entry_closep(zip_file_t **file)
{
    if (*file != NULL)
        (void)zip_fclose(*file);
}

/* ---- opening ---- */

/* The directory's tail says how many entries there are; a reader makes room for each of them before it can be
 * asked. More than one tail may be there: none may say too much. */
static enum status check_count(str zip, struct error *err)
{
    size_t from = zip.len > TAIL_BYTES_MAX ? zip.len - TAIL_BYTES_MAX : 0;
    for (size_t at = from; at + TAIL_COUNT_AT + 2 <= zip.len; at++) {
        const unsigned char *p = (const unsigned char *)zip.ptr + at;
        if (p[0] != 'P' || p[1] != 'K' || p[2] != 5 || p[3] != 6)
            continue;
        if (p[TAIL_COUNT_AT] + 256 * p[TAIL_COUNT_AT + 1] > SHELF_ENTRIES_MAX)
            return error_set(err, ST_TOO_BIG, "the zip has more than %d entries",
                             SHELF_ENTRIES_MAX);
    }
    return ST_OK;
}

static enum status open_zip(str bytes, zip_t **ret_zip, struct error *err)
{
    zip_error_t why;
    if (bytes.len > SHELF_ZIP_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "the zip is larger than %d MB",
                         SHELF_ZIP_BYTES_MAX / (1024 * 1024));
    enum status st = check_count(bytes, err);
    if (st != ST_OK)
        return st;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.ptr, bytes.len, 0, &why);
    zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (zip == NULL) {
        if (source != NULL)
            zip_source_free(source);
        zip_error_fini(&why);
        return error_set(err, ST_INVALID, "that is not a zip file");
    }
    zip_error_fini(&why);
    *ret_zip = zip;
    return ST_OK;
}

/* ---- entries ---- */

struct entry {
    zip_uint64_t index;
    str path;    /* as in the zip */
    bool passed; /* a folder, or one that stays behind */
};

/* What a machine adds, and what a theme is made with. */
static bool stays_behind(str part)
{
    return part.ptr[0] == '.' || str_eq(part, S("node_modules")) || str_eq(part, S("__MACOSX"));
}

/* Each part by itself: what leads out or is no name is refused, wherever it stands. */
static enum status judge(struct entry *entry, struct error *err)
{
    str rest = entry->path;
    size_t deep = 0;
    bool fine = rest.len > 0 && rest.len <= THEME_PATH_MAX && str_is_utf8(rest) &&
                str_find_char(rest, '\\') == STR_NPOS;
    if (fine && str_ends(rest, S("/"))) {
        entry->passed = true;
        rest.len--;
    }
    while (fine && rest.len > 0) {
        str part = str_cut(&rest, '/');
        fine = part.len > 0 && !str_eq(part, S(".")) && !str_eq(part, S("..")) &&
               ++deep <= THEME_FOLDERS_DEEP_MAX;
        entry->passed = entry->passed || (fine && stays_behind(part));
    }
    if (fine && deep > 0)
        return ST_OK;
    return error_set(err, ST_INVALID, "the zip holds \"%.*s\", which is no path in a theme",
                     STR_ARG(entry->path));
}

static enum status check_kind(zip_t *zip, const struct entry *entry, struct error *err)
{
    zip_uint8_t system = ZIP_OPSYS_DOS;
    zip_uint32_t attributes = 0;
    zip_stat_t stat;
    if (zip_file_get_external_attributes(zip, entry->index, 0, &system, &attributes) == 0 &&
        system == ZIP_OPSYS_UNIX) {
        mode_t kind = (attributes >> UNIX_MODE_SHIFT) & S_IFMT;
        if (kind != 0 && kind != S_IFREG && kind != S_IFDIR)
            return error_set(err, ST_INVALID,
                             "%.*s is a link or a device: a theme may not hold any",
                             STR_ARG(entry->path));
    }
    if (zip_stat_index(zip, entry->index, 0, &stat) == 0 &&
        (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
        return error_set(err, ST_INVALID, "%.*s is encrypted", STR_ARG(entry->path));
    return ST_OK;
}

static enum status read_entries(zip_t *zip, struct arena *arena, struct entry **ret_entries,
                                size_t *ret_count, struct error *err)
{
    zip_int64_t total = zip_get_num_entries(zip, 0);
    if (total > SHELF_ENTRIES_MAX)
        return error_set(err, ST_TOO_BIG, "the zip has more than %d entries", SHELF_ENTRIES_MAX);
    size_t count = total > 0 ? (size_t)total : 0;
    struct entry *entries = arena_new_array(arena, struct entry, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = zip_get_name(zip, i, ZIP_FL_ENC_GUESS);
        entries[i] = (struct entry){.index = i, .path = str_copy(arena, str_from_c(name))};
        enum status st = judge(&entries[i], err);
        if (st == ST_OK)
            st = check_kind(zip, &entries[i], err);
        if (st != ST_OK)
            return st;
    }
    *ret_entries = entries;
    *ret_count = count;
    return ST_OK;
}

/* ---- where the theme is ---- */

static size_t slashes(str path)
{
    size_t count = 0;
    for (size_t i = 0; i < path.len; i++)
        count += path.ptr[i] == '/';
    return count;
}

/* The topmost package.json. */
static const struct entry *find_package(const struct entry *entries, size_t count)
{
    const struct entry *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct entry *e = &entries[i];
        bool is = str_eq(e->path, S("package.json")) || str_ends(e->path, S("/package.json"));
        if (is && !e->passed && (found == NULL || slashes(e->path) < slashes(found->path)))
            found = e;
    }
    return found;
}

static enum status entry_text(zip_t *zip, const struct entry *entry, struct arena *arena,
                              str *ret_text, struct error *err)
{
    AUTO(entry_closep) zip_file_t *file = zip_fopen_index(zip, entry->index, 0);
    char *text = arena_alloc(arena, PACKAGE_BYTES_MAX + 1, 1);
    zip_int64_t got = file != NULL ? zip_fread(file, text, PACKAGE_BYTES_MAX + 1) : -1;
    if (got < 0 || got > PACKAGE_BYTES_MAX)
        return error_set(err, ST_INVALID, "package.json cannot be read from the zip");
    *ret_text = (str){text, (size_t)got};
    return ST_OK;
}

static enum status find_name(zip_t *zip, const struct entry *at, struct arena *arena, str *ret_name,
                             struct error *err)
{
    struct package *package;
    str json;
    enum status st = entry_text(zip, at, arena, &json, err);
    if (st == ST_OK)
        st = package_read(arena, json, &package, err);
    if (st != ST_OK)
        return st;
    str name = str_lower(arena, package->name);
    if (!shelf_name_valid(name))
        return error_set(err, ST_INVALID,
                         "package.json: \"name\" is of letters, digits and hyphens, %d at most",
                         SHELF_NAME_MAX);
    if (str_eq(name, SHELF_BUILT_IN))
        return error_set(
            err, ST_CONFLICT,
            "package.json: \"%.*s\" is the name of the built-in theme: give yours another",
            STR_ARG(name));
    *ret_name = name;
    return ST_OK;
}

/* ---- unpacking ---- */

struct unpacking {
    zip_t *zip;
    struct arena *arena;
    str folder;
    uint64_t bytes; /* that came out */
    char *chunk;
};

static enum status unpack_bytes(struct unpacking *u, zip_file_t *file, int fd, str path,
                                struct error *err)
{
    uint64_t bytes = 0;
    zip_int64_t got;
    while ((got = zip_fread(file, u->chunk, CHUNK)) > 0) {
        bytes += (uint64_t)got;
        u->bytes += (uint64_t)got;
        if (bytes > THEME_FILE_BYTES_MAX || u->bytes > THEME_BYTES_MAX)
            return error_set(err, ST_TOO_BIG,
                             "%.*s: a theme holds at most %d MB, and %d MB in one file",
                             STR_ARG(path), THEME_BYTES_MAX / (1024 * 1024),
                             THEME_FILE_BYTES_MAX / (1024 * 1024));
        enum status st = file_write_fd(fd, path, (str){u->chunk, (size_t)got}, err);
        if (st != ST_OK)
            return st;
    }
    return got == 0 ? ST_OK
                    : error_set(err, ST_INVALID, "%.*s is damaged in the zip", STR_ARG(path));
}

static enum status unpack_one(struct unpacking *u, const struct entry *entry, str path,
                              struct error *err)
{
    str to = file_join(u->arena, u->folder, path);
    enum status st = file_mkdirs(str_sub(to, 0, str_rfind_char(to, '/')), 0755, err);
    if (st != ST_OK)
        return st;
    AUTO(fd_closep)
    int fd =
        open(str_copy_c(u->arena, to), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0 && (errno == EEXIST || errno == ENOTDIR))
        return error_set(err, ST_INVALID, "the zip holds %.*s twice", STR_ARG(path));
    if (fd < 0)
        return error_set_errno(err, ST_IO, "%.*s", STR_ARG(to));
    AUTO(entry_closep) zip_file_t *file = zip_fopen_index(u->zip, entry->index, 0);
    if (file == NULL)
        return error_set(err, ST_INVALID, "%.*s cannot be read from the zip", STR_ARG(path));
    return unpack_bytes(u, file, fd, path, err);
}

static enum status unpack(struct unpacking *u, const struct entry *entries, size_t count,
                          str package_path, struct error *err)
{
    str top = str_sub(package_path, 0, package_path.len - S("package.json").len);
    enum status st = file_mkdirs(u->folder, 0755, err);
    u->chunk = arena_alloc(u->arena, CHUNK, 1);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        if (!entries[i].passed && str_starts(entries[i].path, top))
            st = unpack_one(u, &entries[i], str_from(entries[i].path, top.len), err);
    }
    return st;
}

/* ---- in place ---- */

/* Readers' renders hold the old theme in memory: nobody reads the folder while it is exchanged. */
static enum status put_in_place(struct arena *arena, str from, str to, bool *ret_replaced,
                                struct error *err)
{
    const char *a = str_copy_c(arena, from), *b = str_copy_c(arena, to);
    *ret_replaced = false;
    if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_NOREPLACE) == 0)
        return file_sync_folder(to, err);
    if (errno != EEXIST || renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) != 0)
        return error_set_errno(err, ST_IO, "%.*s cannot be put in place", STR_ARG(to));
    *ret_replaced = true;
    return file_sync_folder(to, err);
}

static void sync_all(struct arena *arena, str folder)
{
    AUTO(fd_closep) int fd = open(str_copy_c(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        (void)syncfs(fd);
}

/* `beside` is a hidden folder of this taking's own. */
static enum status take_into(str themes, str beside, zip_t *zip, struct arena *arena,
                             struct shelf_taken *ret_taken, struct error *err)
{
    AUTO(theme_unrefp) struct theme *theme = NULL;
    struct unpacking u = {.zip = zip, .arena = arena};
    struct shelf_taken taken = {0};
    struct entry *entries = NULL;
    size_t count = 0;
    enum status st = read_entries(zip, arena, &entries, &count, err);
    if (st != ST_OK)
        return st;
    const struct entry *package = find_package(entries, count);
    if (package == NULL)
        return error_set(err, ST_INVALID, "the zip holds no package.json: it is no theme");
    st = find_name(zip, package, arena, &taken.name, err);
    if (st != ST_OK)
        return st;
    u.folder = file_join(arena, beside, taken.name);
    st = unpack(&u, entries, count, package->path, err);
    if (st == ST_OK)
        st = theme_load(u.folder, &theme, err);
    if (st != ST_OK)
        return st;
    sync_all(arena, u.folder);
    st = put_in_place(arena, u.folder, file_join(arena, themes, taken.name), &taken.replaced, err);
    if (st == ST_OK)
        *ret_taken = taken;
    return st;
}

enum status shelf_take(str themes, str bytes, struct arena *arena, struct shelf_taken *ret_taken,
                       struct error *err)
{
    AUTO(zip_discardp) zip_t *zip = NULL;
    enum status st = open_zip(bytes, &zip, err);
    if (st == ST_OK)
        st = file_mkdirs(themes, 0755, err);
    if (st != ST_OK)
        return st;
    char *beside = str_copy_c(arena, file_join(arena, themes, S(".new-XXXXXX")));
    if (mkdtemp(beside) == NULL)
        return error_set_errno(err, ST_IO, "no folder can be made in %.*s", STR_ARG(themes));
    st = take_into(themes, str_from_c(beside), zip, arena, ret_taken, err);
    (void)file_remove_tree(str_from_c(beside), NULL); /* with it the theme that was replaced */
    return st;
}

/* ---- out ---- */

static enum status add_files(zip_t *zip, struct arena *arena, str name,
                             const struct theme_files *files, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        str bytes = files->list[i].bytes;
        str path = str_format(arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(files->list[i].path));
        zip_source_t *source = zip_source_buffer(zip, bytes.ptr, bytes.len, 0);
        if (source == NULL ||
            zip_file_add(zip, str_copy_c(arena, path), source, ZIP_FL_ENC_UTF_8) < 0) {
            zip_source_free(source);
            return error_set(err, ST_IO, "%.*s: %s", STR_ARG(path), zip_strerror(zip));
        }
    }
    return ST_OK;
}

/* What the zip was written to, as one text. */
static enum status source_text(zip_source_t *source, struct arena *arena, str *ret_text,
                               struct error *err)
{
    zip_stat_t stat;
    bool fine = zip_source_stat(source, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0 &&
                zip_source_open(source) == 0;
    if (!fine)
        return error_set(err, ST_IO, "the zip cannot be read back");
    char *text = arena_alloc(arena, stat.size, 1);
    zip_int64_t got = zip_source_read(source, text, stat.size);
    (void)zip_source_close(source);
    if (got < 0 || (zip_uint64_t)got != stat.size)
        return error_set(err, ST_IO, "the zip cannot be read back");
    *ret_text = (str){text, (size_t)got};
    return ST_OK;
}

static enum status pack(zip_source_t *source, str name, const struct theme_files *files,
                        struct arena *arena, str *ret_zip, struct error *err)
{
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    if (zip == NULL)
        return error_set(err, ST_IO, "no zip can be made");
    zip_source_keep(source); /* closing takes the other reference */
    enum status st = add_files(zip, arena, name, files, err);
    if (st == ST_OK && zip_close(zip) != 0)
        st = error_set(err, ST_IO, "the zip cannot be written: %s", zip_strerror(zip));
    if (st != ST_OK) {
        zip_discard(zip);
        return st;
    }
    return source_text(source, arena, ret_zip, err);
}

enum status shelf_pack(str themes, str name, struct arena *arena, str *ret_zip, struct error *err)
{
    struct theme_files files;
    enum status st = ST_OK;
    if (str_eq(name, SHELF_BUILT_IN))
        files = theme_files_embedded(arena, theme_default_files, theme_default_files_count);
    else if (!shelf_name_valid(name) || !file_exists(file_join(arena, themes, name)))
        return error_set(err, ST_NOT_FOUND, "there is no theme \"%.*s\"", STR_ARG(name));
    else
        st = theme_files_read_all(arena, file_join(arena, themes, name), &files, err);
    if (st != ST_OK)
        return st;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    CHECK(source != NULL);
    st = pack(source, name, &files, arena, ret_zip, err);
    zip_source_free(source);
    return st;
}
