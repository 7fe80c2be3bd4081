/* SPDX-License-Identifier: MIT
 *
 * Pictures and files out of a form, by the one way in (media/intake.h). A script sends one a request, so that
 * each has a bar of its own; without script a form brings several, and those that are refused keep nobody
 * else's out. */
#include "base/arena.h"
#include "base/log.h"
#include "desk/library.h"
#include "desk/look.h"
#include "http/status_code.h"
#include "media/intake.h"
#include "media/kind.h"
#include "news/setting.h"
#include "store/store.h"

enum { FILES_MAX = 50 };

/* ---- one ---- */

size_t upload_files(const struct errand *e, str name, const struct http_field **ret_files,
                    size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < e->form.count && count < max; i++) {
        const struct http_field *field = &e->form.fields[i];
        bool empty_picker = field->file_name.len == 0 && field->value.len == 0;
        if (field->is_file && str_eq(field->name, name) && !empty_picker)
            ret_files[count++] = field;
    }
    return count;
}

int upload_code(const struct upload *upload)
{
    return upload->st == ST_INVALID ? 422 : http_code_from_status(upload->st);
}

static enum status log_taken(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct media *media = arg;
    return errand_log(e, room, S("media.added"), library_subject(e, media->id), err);
}

/* In the language of who sent it, where a look at the file says why; else the sentence of what read it, which knows more. */
static str why_refused(struct errand *e, str bytes, const struct error *why)
{
    enum media_kind kind = media_kind_of(str_sub(bytes, 0, MEDIA_KIND_BYTES));
    if (bytes.len == 0)
        return errand_say(e, S("wrong.file-empty"));
    if (kind == MEDIA_UNKNOWN)
        return errand_say(e, S("wrong.file-kind"));
    int64_t most = media_kind_bytes_max(kind);
    if (i64_from_size(bytes.len) > most) {
        struct look_argument n = {S("n"),
                                  str_format(e->arena, "%lld", (long long)(most / (1024 * 1024)))};
        return look_say_with(e->tongue, S("wrong.file-large"), &n, 1, e->arena);
    }
    struct look_argument read = {S("why"), str_copy(e->arena, str_from_c(why->text))};
    return look_say_with(e->tongue, S("wrong.file-read"), &read, 1, e->arena);
}

/* What is our own failing is for the log. */
static void refuse(struct errand *e, const struct http_field *file, enum status st,
                   const struct error *why, struct upload *upload)
{
    bool ours = st == ST_IO || st == ST_NOT_FOUND;
    upload->media = NULL;
    upload->st = ours ? ST_IO : st;
    if (!ours) {
        upload->why = why_refused(e, file->value, why);
        return;
    }
    upload->why = errand_say(e, e->worker == NULL ? S("wrong.no-worker") : S("wrong.not-kept"));
    log_error(e->log, "upload failed", LOG_STR("file", upload->name), LOG_ERR(why));
}

enum status upload_take(struct errand *e, const struct http_field *file, struct upload *ret_upload,
                        struct error *err)
{
    struct error why = ERROR_INIT;
    const struct media_desk desk = {.storage = e->storage,
                                    .worker = e->worker,
                                    .store = e->store,
                                    .site = e->edition->settings,
                                    .rng = e->rng};
    const struct media_offer offer = {.in_memory = true,
                                      .bytes = file->value,
                                      .name = file->file_name,
                                      .alt = errand_value(e, S("alt")),
                                      .caption = errand_value(e, S("caption")),
                                      .credit = errand_value(e, S("credit")),
                                      .licence = errand_value(e, S("licence")),
                                      .by = e->person->id};
    *ret_upload = (struct upload){.name = file->file_name};
    if (e->storage == NULL)
        return error_set(err, ST_IO, "the site has no media folder that can be used");
    errand_let_go(e);
    enum status st =
        media_take(&desk, &offer, e->arena, &ret_upload->media, &ret_upload->is_new, &why);
    if (st != ST_OK) {
        refuse(e, file, st, &why, ret_upload);
        return ST_OK;
    }
    return ret_upload->is_new ? errand_write(e, log_taken, ret_upload->media, err) : ST_OK;
}

/* ---- a form of them ---- */

static enum status answer_script(struct errand *e, const struct upload *upload, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    if (upload->media != NULL) {
        hbs_map_set(values, S("item"), hbs_map_value(library_item(e, upload->media)));
        hbs_map_set(values, S("new"), hbs_bool(upload->is_new));
        return errand_json(e, 200, values, err);
    }
    struct hbs_map *wrong = hbs_map_new(e->arena);
    hbs_map_set(wrong, S("file"), hbs_string(upload->why));
    hbs_map_set(values, S("wrong"), hbs_map_value(wrong));
    return errand_json(e, upload_code(upload), values, err);
}

static enum status no_file(struct errand *e, struct error *err)
{
    struct upload none = {.st = ST_INVALID, .why = errand_say(e, S("wrong.no-file"))};
    if (errand_wants_json(e))
        return answer_script(e, &none, err);
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("no_file"), hbs_string(none.why));
    return library_list(e, 422, values, err);
}

/* The list again, with what was refused, file by file. */
static enum status show_refused(struct errand *e, const struct upload *uploads, size_t count,
                                struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    size_t refused = 0;
    int code = 422;
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        if (uploads[i].media != NULL)
            continue;
        code = upload_code(&uploads[i]);
        hbs_map_set(row, S("name"), hbs_string(uploads[i].name));
        hbs_map_set(row, S("why"), hbs_string(uploads[i].why));
        rows[refused++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("refused"), hbs_list_of(e->arena, rows, refused));
    hbs_map_set(values, S("taken"), hbs_number((double)(count - refused)));
    return library_list(e, code, values, err);
}

/* To the one that came, which asks for its words, or to the list. */
static enum status go_on(struct errand *e, const struct upload *uploads, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        known += !uploads[i].is_new;
    if (count == 1)
        return errand_done(e, library_page(e, uploads[0].media->id),
                           known > 0 ? S("media-known") : S("media-added"));
    return errand_go(e, str_format(e->arena, "/desk/media/?done=media-taken&n=%zu", count));
}

enum status upload_post(struct errand *e, struct error *err)
{
    const struct http_field *files[FILES_MAX];
    struct upload uploads[FILES_MAX];
    size_t count = upload_files(e, S("file"), files, errand_wants_json(e) ? 1 : FILES_MAX);
    bool refused = false;
    if (count == 0)
        return no_file(e, err);
    for (size_t i = 0; i < count; i++) {
        enum status st = upload_take(e, files[i], &uploads[i], err);
        if (st != ST_OK)
            return st;
        refused = refused || uploads[i].media == NULL;
    }
    if (errand_wants_json(e))
        return answer_script(e, &uploads[0], err);
    enum status st = errand_look_anew(e, err);
    if (st != ST_OK)
        return st;
    return refused ? show_refused(e, uploads, count, err) : go_on(e, uploads, count);
}
