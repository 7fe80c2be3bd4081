/* SPDX-License-Identifier: MIT
 *
 * One picture or file: what is said of it, what of it is shown, where it is shown; another in its place; gone. */
#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/parse.h"
#include "desk/library.h"
#include "http/response.h"
#include "media/kind.h"
#include "media/storage.h"
#include "news/setting.h"
#include "news/story.h"
#include "store/store.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stddef.h>
#include <sys/stat.h>

/* ---- where it is shown ---- */

/* What each is called, where it is edited, and by whom. */
static const struct {
    str what, folder;
    enum right right;
} users[] = {
    [MEDIA_IN_STORY] = {STR_INIT("picture.in-story"), STR_INIT("/desk/stories/"), RIGHT_WRITE},
    [MEDIA_IN_TAG] = {STR_INIT("picture.in-tag"), STR_INIT("/desk/tags/"), RIGHT_TAGS},
    [MEDIA_IN_BYLINE] = {STR_INIT("picture.in-byline"), STR_INIT("/desk/bylines/"), RIGHT_BYLINES},
    [MEDIA_IN_SETTING] = {STR_INIT("picture.in-setting"), STR_INIT("/desk/settings/"),
                          RIGHT_SETTINGS},
};

static const str unpublished[] = {[STORY_DRAFT] = STR_INIT("picture.draft"),
                                  [STORY_SCHEDULED] = STR_INIT("picture.scheduled"),
                                  [STORY_TRASHED] = STR_INIT("picture.trashed")};

/* Where they open it: at the desk, else as readers see it; empty when they do neither. */
static str use_path(struct errand *e, const struct media_use *use, bool opens)
{
    if (use->user == MEDIA_IN_STORY && !opens)
        return str_join3(e->arena, S("/"), use->slug, S("/"));
    if (!right_has(e->person->role, users[use->user].right))
        return STR_NONE;
    return use->id == 0 ? users[use->user].folder
                        : str_format(e->arena, "%.*s%lld/", STR_ARG(users[use->user].folder),
                                     (long long)use->id);
}

static struct hbs_value use_value(struct errand *e, const struct media_use *use, bool opens)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("what"), hbs_string(users[use->user].what));
    hbs_map_set(row, S("title"), hbs_string(use->title.len > 0 ? use->title : use->slug));
    hbs_map_set(row, S("path"), hbs_string_or_null(use_path(e, use, opens)));
    if (use->user == MEDIA_IN_STORY && use->state != STORY_PUBLISHED)
        hbs_map_set(row, S("state"), hbs_string(unpublished[use->state]));
    return hbs_map_value(row);
}

/* Others' stories that are not published are counted, and not named, to who may not open them. */
static enum status put_uses(struct errand *e, struct hbs_map *values, const struct media *media,
                            struct error *err)
{
    struct media_use *uses;
    size_t count, told = 0;
    bool more;
    enum status st =
        media_uses(e->conn, media, e->edition->settings->url, e->arena, &uses, &count, &more, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        bool story = uses[i].user == MEDIA_IN_STORY, opens = false;
        if (story)
            st = library_opens_story(e, (story_id){uses[i].id}, &opens, err);
        if (st != ST_OK)
            return st;
        if (!story || opens || uses[i].state == STORY_PUBLISHED)
            rows[told++] = use_value(e, &uses[i], opens);
    }
    hbs_map_set(values, S("uses"), hbs_list_of(e->arena, rows, told));
    hbs_map_set(values, S("uses_count"), hbs_number((double)count));
    hbs_map_set(values, S("untold"), hbs_number((double)(count - told)));
    hbs_map_set(values, S("uses_more"), hbs_bool(more));
    return ST_OK;
}

/* ---- the page ---- */

/* Thousandths as a form has them: 333 is "33.3" percent. */
static str percent_print(struct errand *e, int64_t thousandths)
{
    return thousandths % 10 == 0 ? str_format(e->arena, "%lld", (long long)(thousandths / 10))
                                 : str_format(e->arena, "%lld.%lld", (long long)(thousandths / 10),
                                              (long long)(thousandths % 10));
}

/* "33.3", "33,3", "33": false for what is none, or over a hundred. */
static bool percent_read(str text, int64_t *ret_thousandths)
{
    struct cursor c = cursor_of(str_trim(text));
    int64_t whole, tenth = 0;
    if (!cursor_uint(&c, 1, 3, &whole))
        return false;
    if (!cursor_done(&c)) {
        if ((!cursor_char(&c, '.') && !cursor_char(&c, ',')) || !cursor_uint(&c, 1, 1, &tenth))
            return false;
        cursor_skip(&c, S("0123456789"));
    }
    *ret_thousandths = whole * 10 + tenth;
    return cursor_done(&c) && *ret_thousandths <= MEDIA_FOCAL_ONE;
}

static const struct focus_field {
    str name;
    size_t offset;
} focus_fields[] = {
    {STR_INIT("focal_x"), offsetof(struct media_focus, x)},
    {STR_INIT("focal_y"), offsetof(struct media_focus, y)},
    {STR_INIT("left"), offsetof(struct media_focus, left)},
    {STR_INIT("top"), offsetof(struct media_focus, top)},
    {STR_INIT("right"), offsetof(struct media_focus, right)},
    {STR_INIT("bottom"), offsetof(struct media_focus, bottom)},
};

static int64_t *focus_at(struct media_focus *focus, const struct focus_field *field)
{
    return (int64_t *)(void *)((char *)focus + field->offset);
}

static const str word_fields[] = {STR_INIT("title"), STR_INIT("alt"), STR_INIT("caption"),
                                  STR_INIT("credit"), STR_INIT("licence")};

static void type_words(struct errand_form *form, const struct media *media)
{
    const str texts[] = {media->title, media->alt, media->caption, media->credit, media->licence};
    for (size_t i = 0; i < ARRAY_LEN(word_fields); i++)
        errand_typed(form, word_fields[i], texts[i]);
}

static void type_focus(struct errand *e, struct errand_form *form, const struct media *media)
{
    struct media_focus focus = media->focus;
    for (size_t i = 0; i < ARRAY_LEN(focus_fields); i++)
        errand_typed(form, focus_fields[i].name,
                     percent_print(e, *focus_at(&focus, &focus_fields[i])));
}

static enum status put_person(struct errand *e, struct hbs_map *values, const struct media *media,
                              struct error *err)
{
    struct person *person;
    if (media->person.v == 0)
        return ST_OK;
    enum status st = person_by_id(e->conn, media->person, e->arena, &person, err);
    if (st == ST_OK)
        hbs_map_set(values, S("by"), hbs_string(person->name));
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void put_facts(struct errand *e, struct hbs_map *values, const struct media *media)
{
    hbs_map_set(values, S("name"), hbs_string(media->name));
    hbs_map_set(values, S("address"), hbs_string(errand_address(e, library_address(e, media))));
    hbs_map_set(values, S("content_type"), hbs_string(media->content_type));
    hbs_map_set(values, S("at"), hbs_number((double)media->created_at));
    hbs_map_set(values, S("seconds"), hbs_number((double)(media->duration_ms / 1000)));
    hbs_map_set(values, S("moves"), hbs_bool(media->frames > 1));
    hbs_map_set(values, S("audio"), hbs_bool(media->class == MEDIA_AUDIO));
    hbs_map_set(values, S("video"), hbs_bool(media->class == MEDIA_VIDEO));
    hbs_map_set(values, S("picture"), hbs_bool(media->class == MEDIA_PICTURE));
    hbs_map_set(
        values, S("cut"),
        hbs_bool(media_kind_is_raster(media_kind_by_path(media->path)) && media->width > 0));
    hbs_map_set(values, S("bytes_max"), hbs_number((double)e->upload_bytes_max));
}

/* `form` has what was typed, where something was wrong with it; else it is filled here. */
static enum status show(struct errand *e, const struct media *media, struct hbs_map *values,
                        int code, struct error *err)
{
    hbs_map_set(values, S("item"), hbs_map_value(library_item(e, media)));
    put_facts(e, values, media);
    enum status st = put_uses(e, values, media, err);
    if (st == ST_OK)
        st = put_person(e, values, media, err);
    return st == ST_OK ? errand_page(e, code, S("picture"), values, err) : st;
}

enum status picture_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct media *media;
    enum status st = library_find(e, &media, err);
    if (st != ST_OK)
        return st;
    if (errand_wants_json(e))
        return library_answer(e, media, err);
    type_words(&form, media);
    type_focus(e, &form, media);
    return show(e, media, values, 200, err);
}

/* What is wrong, by its field: the page again, or the same for a script. */
static enum status again(struct errand *e, const struct media *media, struct hbs_map *values,
                         struct error *err)
{
    return errand_wants_json(e) ? errand_json(e, 422, values, err)
                                : show(e, media, values, 422, err);
}

/* ---- words ---- */

static enum status write_words(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const struct media_edit *edit = arg;
    enum status st = media_save(room, edit, err);
    return st == ST_OK ? errand_log(e, room, S("media.words"), library_subject(e, edit->id), err)
                       : st;
}

/* As typed: on one page with what is not being changed here. Empty `.ptr`: the form has no such field. */
static str word_typed(struct errand *e, str name)
{
    const struct http_field *field = http_form_field(&e->form, name);
    if (field == NULL || field->is_file)
        return STR_NONE;
    str text = str_trim(utf8_strip_controls(e->arena, field->value, UTF8_KEEP_LINES));
    return text.len > 0 ? text : S("");
}

/* On to the next picture without an alt text, if that is where they are. */
static str after_words(struct errand *e, media_id id)
{
    str next = errand_value(e, S("next"));
    if (next.len == 0)
        return library_page(e, id);
    return str_join2(e->arena, S("/desk/media/alt/?before="),
                     library_key_print(e, library_key_read(next)));
}

enum status picture_words(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct media *media;
    enum status st = library_find(e, &media, err);
    if (st != ST_OK)
        return st;
    if (!library_may_say(e, media))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.media"))));
    struct media_edit edit = {.id = media->id};
    str *const texts[] = {&edit.title, &edit.alt, &edit.caption, &edit.credit, &edit.licence};
    type_words(&form, media);
    type_focus(e, &form, media);
    for (size_t i = 0; i < ARRAY_LEN(word_fields); i++) {
        *texts[i] = word_typed(e, word_fields[i]);
        if (texts[i]->ptr != NULL)
            errand_typed(&form, word_fields[i], *texts[i]);
        if (texts[i]->len > MEDIA_TEXT_MAX)
            errand_wrong(e, &form, word_fields[i], S("wrong.media-words"));
    }
    if (form.wrong_count > 0)
        return again(e, media, values, err);
    st = errand_write(e, write_words, &edit, err);
    if (st == ST_OK && errand_wants_json(e))
        st = errand_look_anew(e, err);
    if (st != ST_OK)
        return st;
    if (!errand_wants_json(e))
        return errand_go(e, str_join2(e->arena, after_words(e, media->id),
                                      errand_value(e, S("next")).len > 0 ? S("&done=media-words")
                                                                         : S("?done=media-words")));
    st = library_find(e, &media, err);
    return st == ST_OK ? library_answer(e, media, err) : st;
}

/* ---- focal point and crop ---- */

static enum status write_focus(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const struct media_edit *edit = arg;
    enum status st = media_save(room, edit, err);
    return st == ST_OK ? errand_log(e, room, S("media.cropped"), library_subject(e, edit->id), err)
                       : st;
}

/* Each number by itself, then what they say together. */
static void focus_read(struct errand *e, struct errand_form *form, struct media_focus *focus)
{
    for (size_t i = 0; i < ARRAY_LEN(focus_fields); i++) {
        str text = errand_value(e, focus_fields[i].name);
        errand_typed(form, focus_fields[i].name, text);
        if (!percent_read(text, focus_at(focus, &focus_fields[i])))
            errand_wrong(e, form, focus_fields[i].name, S("wrong.percent"));
    }
    if (form->wrong_count > 0)
        return;
    if (focus->left >= focus->right)
        errand_wrong(e, form, S("right"), S("wrong.crop-right"));
    if (focus->top >= focus->bottom)
        errand_wrong(e, form, S("bottom"), S("wrong.crop-bottom"));
    if (form->wrong_count > 0)
        return;
    if (focus->x < focus->left || focus->x > focus->right)
        errand_wrong(e, form, S("focal_x"), S("wrong.focal-outside"));
    if (focus->y < focus->top || focus->y > focus->bottom)
        errand_wrong(e, form, S("focal_y"), S("wrong.focal-outside"));
}

enum status picture_focus(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct media *media;
    struct media_focus focus = media_focus_default;
    enum status st = library_find(e, &media, err);
    if (st != ST_OK)
        return st;
    type_words(&form, media);
    if (!str_eq(errand_value(e, S("do")), S("whole")))
        focus_read(e, &form, &focus);
    if (form.wrong_count > 0)
        return again(e, media, values, err);
    struct media_edit edit = {.id = media->id, .focus = &focus};
    st = errand_write(e, write_focus, &edit, err);
    return st == ST_OK ? errand_done(e, library_page(e, media->id), S("media-cropped")) : st;
}

/* ---- files that no record has any more ---- */

static void left_keep(struct arena *arena, struct media_left *left)
{
    left->path = str_copy(arena, left->path);
    left->original = str_copy(arena, left->original);
    left->original_type = str_copy(arena, left->original_type);
}

/* After the commit. What cannot be removed is named by `broadsheet media check`: the change itself is done. */
static void files_remove(struct errand *e, const struct media_left *left)
{
    struct error why = ERROR_INIT;
    enum status st = ST_OK;
    if (e->storage == NULL)
        return;
    if (left->path.len > 0)
        st = storage_remove(e->storage, left->path, &why);
    if ((st == ST_OK || st == ST_NOT_FOUND) && left->original.len > 0)
        st = storage_remove(
            e->storage,
            storage_original_path(e->arena, left->original,
                                  media_kind_ending(media_kind_by_type(left->original_type))),
            &why);
    if (st != ST_OK && st != ST_NOT_FOUND)
        log_warn(e->log, "file of a removed record stays, ignoring", LOG_STR("path", left->path),
                 LOG_ERR(&why));
}

/* ---- another in its place ---- */

struct replacement {
    media_id old, with;
    struct media_left left;
};

static enum status write_replacement(struct errand *e, struct newsroom *room, void *arg,
                                     struct error *err)
{
    struct replacement *r = arg;
    enum status st = media_replace(room, r->old, r->with, &r->left, err);
    left_keep(e->arena, &r->left);
    return st == ST_OK ? errand_log(e, room, S("media.replaced"), library_subject(e, r->with), err)
                       : st;
}

/* What follows `mark` in the text, the mark itself with it; empty when it is not there. */
static str from_mark(str text, str mark)
{
    size_t at = str_find(text, mark);
    return at == STR_NPOS ? STR_NONE : str_from(text, at);
}

/* By its number, the address of its page here, or its own, with or without the site's in front. */
static enum status find_other(struct errand *e, str text, struct media **ret_media,
                              struct error *err)
{
    int64_t id;
    str path = text;
    str number = str_from(from_mark(text, S("/desk/media/")), S("/desk/media/").len);
    if (str_to_i64(text, &id) || str_to_i64(str_cut(&number, '/'), &id))
        return media_by_id(e->conn, (media_id){id}, e->arena, ret_media, err);
    (void)picture_path(e->arena, from_mark(text, S("/content/")), STR_NONE, &path);
    return media_by_path(e->conn, path, e->arena, ret_media, err);
}

/* The file that was sent, or the other one that was named; *ret_with NULL: what is wrong stands in the form. */
static enum status other_read(struct errand *e, struct errand_form *form, struct media **ret_with,
                              struct error *err)
{
    const struct http_field *file;
    struct upload upload;
    str named = str_trim(errand_value(e, S("with")));
    *ret_with = NULL;
    errand_typed(form, S("with"), named);
    if (upload_files(e, S("file"), &file, 1) == 1) {
        enum status st = upload_take(e, file, &upload, err);
        if (st != ST_OK)
            return st;
        *ret_with = upload.media;
        if (upload.media == NULL) {
            hbs_map_set(form->wrong, S("file"), hbs_string(upload.why));
            form->wrong_count++;
        }
        return errand_look_anew(e, err);
    }
    if (named.len == 0) {
        errand_wrong(e, form, S("file"), S("wrong.no-file"));
        return ST_OK;
    }
    enum status st = find_other(e, named, ret_with, err);
    if (st != ST_NOT_FOUND)
        return st;
    errand_wrong(e, form, S("with"), S("wrong.no-media"));
    return ST_OK;
}

enum status picture_replace(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct media *media, *with;
    enum status st = library_find(e, &media, err);
    if (st == ST_OK)
        st = other_read(e, &form, &with, err);
    if (st != ST_OK)
        return st;
    type_words(&form, media);
    type_focus(e, &form, media);
    if (with != NULL && with->id.v == media->id.v)
        errand_wrong(e, &form, S("file"), S("wrong.same-media"));
    else if (with != NULL && (with->class == MEDIA_PICTURE) != (media->class == MEDIA_PICTURE))
        errand_wrong(e, &form, S("file"), S("wrong.other-kind"));
    if (form.wrong_count > 0)
        return again(e, media, values, err);
    struct replacement r = {.old = media->id, .with = with->id};
    errand_let_go(e);
    st = errand_write(e, write_replacement, &r, err);
    if (st != ST_OK)
        return st;
    files_remove(e, &r.left);
    return errand_done(e, library_page(e, with->id), S("media-replaced"));
}

/* ---- gone ---- */

struct removal {
    media_id id;
    bool force;
    struct media_left left;
};

static enum status write_removal(struct errand *e, struct newsroom *room, void *arg,
                                 struct error *err)
{
    struct removal *r = arg;
    enum status st = media_remove(room, r->id, r->force, &r->left, err);
    left_keep(e->arena, &r->left);
    return st == ST_OK ? errand_log(e, room, S("media.removed"), library_subject(e, r->id), err)
                       : st;
}

enum status picture_take_away(struct errand *e, const struct media *media, bool force,
                              struct error *err)
{
    struct removal removal = {.id = media->id, .force = force};
    enum status st = errand_write(e, write_removal, &removal, err);
    if (st == ST_OK)
        files_remove(e, &removal.left);
    return st;
}

enum status picture_remove(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    struct media *media;
    bool force = str_eq(errand_value(e, S("force")), S("1"));
    enum status st = library_find(e, &media, err);
    if (st == ST_OK)
        st = picture_take_away(e, media, force, err);
    if (st == ST_OK)
        return errand_go(e, S("/desk/media/?done=media-removed&n=1"));
    if (st != ST_CONFLICT)
        return st;
    type_words(&form, media);
    type_focus(e, &form, media);
    errand_wrong(e, &form, S("remove"), S("wrong.media-shown"));
    return errand_wants_json(e) ? errand_json(e, 409, values, err)
                                : show(e, media, values, 409, err);
}

/* ---- as it came ---- */

/* With all that the file says of itself, where and with what it was made too: for whom it came from, and for editors. */
enum status picture_original(struct errand *e, struct error *err)
{
    struct media *media;
    struct stat info;
    AUTO(fd_closep) int fd = -1;
    enum status st = library_find(e, &media, err);
    if (st != ST_OK)
        return st;
    if (!library_may_say(e, media))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.media"))));
    bool kept = media->original_type.len > 0;
    str type = kept ? media->original_type : media->content_type;
    str path = kept ? storage_original_path(e->arena, media->original,
                                            media_kind_ending(media_kind_by_type(type)))
                    : media->path;
    if (e->storage == NULL)
        return error_set(err, ST_IO, "the site has no media folder that can be used");
    errand_let_go(e);
    st = storage_open(e->storage, path, &fd, err);
    if (st == ST_OK && fstat(fd, &info) != 0)
        st = error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(path));
    if (st != ST_OK)
        return st;
    http_response_header(e->res, S("Content-Disposition"),
                         str_format(e->arena, "attachment; filename*=UTF-8''%.*s",
                                    STR_ARG(url_part_encode(e->arena, media->name))));
    http_response_file(e->res, S("application/octet-stream"), fd_take(&fd), (uint64_t)info.st_size);
    return ST_OK;
}
