/* SPDX-License-Identifier: MIT
 *
 * The media library: all pictures and files by what is said of them, for a page or for a script that lets an
 * editor choose one; what nothing shows; and the walk through pictures that have no alt text. */
#include "desk/library.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "media/kind.h"
#include "media/rendition.h"
#include "news/setting.h"
#include "news/story.h"
#include "store/store.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/zone.h"
#include "theme/package.h"
#include "theme/theme.h"

enum {
    SHOWN = 48,
    THUMB_WIDTH = 300,  /* at least */
    VIEW_WIDTH = 1600,  /* of rendition_sizes */
    UNUSED_LOOK = 2000, /* records a page looks at before it asks whether to go on */
    TICKED_MAX = 100,
    VALUE_MAX = 200, /* bytes of what is searched for */
};

/* ---- one ---- */

str library_page(struct errand *e, media_id id)
{
    return str_format(e->arena, "/desk/media/%lld/", (long long)id.v);
}

str library_subject(struct errand *e, media_id id)
{
    return str_format(e->arena, "media:%lld", (long long)id.v);
}

str library_address(struct errand *e, const struct media *media)
{
    str folder = media->class == MEDIA_PICTURE    ? S("/content/images/")
                 : media->class == MEDIA_DOCUMENT ? S("/content/files/")
                                                  : S("/content/media/");
    return str_join2(e->arena, folder, url_path_encode(e->arena, media->path));
}

bool library_may_say(const struct errand *e, const struct media *media)
{
    return right_over_media(e->person->role, media->person.v == e->person->id.v);
}

/* The smallest declared width that fills a place in the grid: made once, whoever asks for it. */
static int64_t thumb_width(struct errand *e)
{
    const struct package *package = theme_package(e->edition->theme);
    int64_t best = 0;
    for (size_t i = 0; i < package->image_sizes_count + rendition_sizes_count; i++) {
        bool theirs = i < package->image_sizes_count;
        const struct rendition_size size =
            theirs ? (struct rendition_size){package->image_sizes[i].width,
                                             package->image_sizes[i].height}
                   : rendition_sizes[i - package->image_sizes_count];
        if (size.height == 0 && size.width >= THUMB_WIDTH && (best == 0 || size.width < best))
            best = size.width;
    }
    return best;
}

/* At that width, unless the picture is no larger or comes in one size alone. */
static str size_of(struct errand *e, const struct media *media, int64_t width)
{
    const struct rendition size = {
        .width = width, .format = MEDIA_WEBP, .path = url_path_encode(e->arena, media->path)};
    if (media->class != MEDIA_PICTURE)
        return STR_NONE;
    if (!media_kind_is_raster(media_kind_by_path(media->path)) || media->frames > 1 ||
        (media->width > 0 && media->width <= width))
        return library_address(e, media);
    return str_join2(e->arena, S("/content/images/"), rendition_print(e->arena, &size));
}

static str what_of(const struct media *media)
{
    static const str keys[] = {[MEDIA_ANY] = STR_INIT("media.any"),
                               [MEDIA_PICTURE] = STR_INIT("media.picture"),
                               [MEDIA_AUDIO] = STR_INIT("media.audio"),
                               [MEDIA_VIDEO] = STR_INIT("media.video"),
                               [MEDIA_DOCUMENT] = STR_INIT("media.document")};
    return keys[media->class];
}

/* "2.4" megabytes, or so many whole kilobytes. */
static void put_bytes(struct errand *e, struct hbs_map *item, int64_t bytes)
{
    int64_t tenths = (bytes + 50 * 1000) / (100 * 1000);
    if (bytes >= 1000 * 1000)
        hbs_map_set(item, S("megabytes"),
                    hbs_string(str_format(e->arena, "%lld.%lld", (long long)(tenths / 10),
                                          (long long)(tenths % 10))));
    hbs_map_set(item, S("kilobytes"), hbs_number((double)((bytes + 999) / 1000)));
}

struct hbs_map *library_item(struct errand *e, const struct media *media)
{
    struct hbs_map *item = hbs_map_new(e->arena);
    const struct {
        str name, value;
    } texts[] = {
        {S("path"), media->path},
        {S("page"), library_page(e, media->id)},
        {S("src"), library_address(e, media)},
        {S("thumb"), size_of(e, media, thumb_width(e))},
        {S("view"), size_of(e, media, VIEW_WIDTH)},
        {S("name"), media->title.len > 0 ? media->title : media->name},
        {S("kind"), media_class_name(media->class)},
        {S("what"), what_of(media)},
        {S("ending"), media_kind_ending(media_kind_by_path(media->path))},
        {S("title"), media->title},
        {S("alt"), media->alt},
        {S("caption"), media->caption},
        {S("credit"), media->credit},
        {S("licence"), media->licence},
    };
    hbs_map_set(item, S("id"), hbs_number((double)media->id.v));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        hbs_map_set(item, texts[i].name, hbs_string(texts[i].value));
    hbs_map_set(item, S("bytes"), hbs_number((double)media->bytes));
    put_bytes(e, item, media->bytes);
    hbs_map_set(item, S("width"), hbs_number((double)media->width));
    hbs_map_set(item, S("height"), hbs_number((double)media->height));
    hbs_map_set(item, S("silent"), hbs_bool(media->class == MEDIA_PICTURE && media->alt.len == 0));
    hbs_map_set(item, S("mine"), hbs_bool(library_may_say(e, media)));
    return item;
}

enum status library_opens_story(struct errand *e, story_id id, bool *ret_opens, struct error *err)
{
    *ret_opens = right_has(e->person->role, RIGHT_EDIT_ALL);
    return *ret_opens ? ST_OK : story_is_by(e->conn, id, e->person->id, ret_opens, err);
}

enum status library_find(struct errand *e, struct media **ret_media, struct error *err)
{
    enum status st =
        media_by_id(e->conn, (media_id){errand_id(e, S("id"))}, e->arena, ret_media, err);
    return st == ST_NOT_FOUND
               ? error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-media"))))
               : st;
}

enum status library_answer(struct errand *e, const struct media *media, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("item"), hbs_map_value(library_item(e, media)));
    return errand_json(e, 200, values, err);
}

/* ---- what is asked for ---- */

str library_key_print(struct errand *e, struct story_key key)
{
    return str_format(e->arena, "%lld-%lld", (long long)key.at, (long long)key.id);
}

struct story_key library_key_read(str text)
{
    struct story_key key = {0};
    str at = str_cut(&text, '-');
    if (!str_to_i64(at, &key.at) || !str_to_i64(text, &key.id) || key.id < 1)
        key = (struct story_key){0};
    return key;
}

static str asked(struct errand *e, str name)
{
    str value;
    return http_query_get(e->req, name, &value) ? utf8_cut_bytes(str_trim(value), VALUE_MAX)
                                                : STR_NONE;
}

/* A day of the site's own; `days` later. */
static bool day_read(struct errand *e, str text, int days, time_us *ret_at)
{
    time_us at;
    if (text.len != S("2026-05-31").len || !time_from_iso(text, &at))
        return false;
    struct civil day = civil_from_time(at + days * TIME_DAY, 0);
    *ret_at = zone_time_from_civil(e->edition->zone, &day);
    return true;
}

/* By its number, its slug, or its address. */
static enum status story_of(struct errand *e, str text, struct story **ret_story, struct error *err)
{
    int64_t id;
    while (str_ends(text, S("/")))
        text.len--;
    size_t slash = str_rfind_char(text, '/');
    enum status st = ST_NOT_FOUND;
    if (str_to_i64(text, &id))
        st = story_by_id(e->conn, (story_id){id}, e->arena, ret_story, err);
    if (st == ST_NOT_FOUND)
        st = story_by_slug(e->conn, slash == STR_NPOS ? text : str_from(text, slash + 1), e->arena,
                           ret_story, err);
    return st;
}

/* What a page says back of what it was asked for. */
static const str fields[] = {STR_INIT("q"),    STR_INIT("kind"),  STR_INIT("by"), STR_INIT("story"),
                             STR_INIT("from"), STR_INIT("until"), STR_INIT("alt")};

static void query_persons(struct errand *e, struct media_query *query)
{
    str by = asked(e, S("by"));
    if (str_eq(by, S("me")))
        query->person = e->person->id;
    else if (!str_to_i64(by, &query->person.v) || query->person.v < 0)
        query->person.v = 0;
}

/* Of a story that is not published those who may not open it do not learn that it exists. */
static enum status query_story(struct errand *e, struct errand_form *form,
                               struct media_query *query, struct hbs_map *values, struct error *err)
{
    struct story *story;
    bool told = false;
    str text = asked(e, S("story"));
    if (text.len == 0)
        return ST_OK;
    enum status st = story_of(e, text, &story, err);
    if (st == ST_OK && story->state == STORY_PUBLISHED)
        told = true;
    else if (st == ST_OK)
        st = library_opens_story(e, story->id, &told, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    if (!told) {
        errand_wrong(e, form, S("story"), S("wrong.no-story"));
        return ST_OK;
    }
    query->story = story->id;
    hbs_map_set(values, S("story"), hbs_string(story->title));
    return ST_OK;
}

/* A script that asks for no kind wants pictures: it is an editor who chooses one. */
static enum status query_read(struct errand *e, struct errand_form *form, struct media_query *query,
                              struct hbs_map *values, struct error *err)
{
    str kind = asked(e, S("kind")), from = asked(e, S("from")), until = asked(e, S("until"));
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        errand_typed(form, fields[i], asked(e, fields[i]));
    query->words = asked(e, S("q"));
    query->language = e->edition->settings->locale;
    query->limit = SHOWN;
    query->no_alt = str_eq(asked(e, S("alt")), S("none"));
    query->before = library_key_read(asked(e, S("before")));
    if (!media_class_from_name(kind, &query->class) && kind.len == 0 && errand_wants_json(e))
        query->class = MEDIA_PICTURE;
    if (from.len > 0 && !day_read(e, from, 0, &query->from))
        errand_wrong(e, form, S("from"), S("wrong.day"));
    if (until.len > 0 && !day_read(e, until, 1, &query->until))
        errand_wrong(e, form, S("until"), S("wrong.day"));
    query_persons(e, query);
    return query_story(e, form, query, values, err);
}

/* ---- the list ---- */

static void put_items(struct errand *e, struct hbs_map *values, const struct media_list *list)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, list->count);
    for (size_t i = 0; i < list->count; i++)
        rows[i] = hbs_map_value(library_item(e, list->rows[i]));
    hbs_map_set(values, S("items"), hbs_list_of(e->arena, rows, list->count));
}

/* The question as it stood in the address: "q=fog&kind=picture&", or nothing. */
static str question(struct errand *e)
{
    struct buf b;
    buf_init(&b, e->arena, 8 * 1024);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        str value = asked(e, fields[i]);
        if (value.len > 0)
            buf_addf(&b, "%.*s=%.*s&", STR_ARG(fields[i]),
                     STR_ARG(url_part_encode(e->arena, value)));
    }
    return buf_view(&b);
}

static void put_choice(struct errand *e, struct hbs_value *ret, str value, str name, str key,
                       str chosen)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("value"), hbs_string(value));
    hbs_map_set(row, S("name"), hbs_string_or_null(name));
    hbs_map_set(row, S("key"), hbs_string_or_null(key));
    hbs_map_set(row, S("chosen"), hbs_bool(str_eq(value, chosen)));
    *ret = hbs_map_value(row);
}

static void put_kinds(struct errand *e, struct hbs_map *values)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, MEDIA_DOCUMENT + 1);
    for (int class = MEDIA_ANY; class <= MEDIA_DOCUMENT; class ++) {
        struct media of = {.class = (enum media_class) class};
        put_choice(e, &rows[class], media_class_name(of.class), STR_NONE, what_of(&of),
                   asked(e, S("kind")));
    }
    hbs_map_set(values, S("kinds"), hbs_list_of(e->arena, rows, MEDIA_DOCUMENT + 1));
}

/* Who brought them in: oneself, and the others for who sees who is here. */
static enum status put_people(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct person **people = NULL;
    size_t count = 0, rows_count = 0;
    enum status st = ST_OK;
    str chosen = asked(e, S("by"));
    if (right_has(e->person->role, RIGHT_PEOPLE))
        st = person_list(e->conn, e->arena, &people, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count + 2);
    put_choice(e, &rows[rows_count++], STR_NONE, STR_NONE, S("library.anybody"), chosen);
    put_choice(e, &rows[rows_count++], S("me"), STR_NONE, S("library.me"), chosen);
    for (size_t i = 0; i < count; i++) {
        if (people[i]->id.v != e->person->id.v)
            put_choice(e, &rows[rows_count++],
                       str_format(e->arena, "%lld", (long long)people[i]->id.v), people[i]->name,
                       STR_NONE, chosen);
    }
    hbs_map_set(values, S("people"), hbs_list_of(e->arena, rows, rows_count));
    return ST_OK;
}

/* Whether more was asked for than words: then the fields for it are open. */
static bool is_narrowed(struct errand *e)
{
    for (size_t i = 1; i < ARRAY_LEN(fields); i++) {
        if (asked(e, fields[i]).len > 0)
            return true;
    }
    return false;
}

static enum status list_json(struct errand *e, struct hbs_map *values,
                             const struct media_list *list, struct error *err)
{
    hbs_map_set(values, S("more"),
                list->more
                    ? hbs_string(library_key_print(e, media_key(list->rows[list->count - 1])))
                    : hbs_null());
    return errand_json(e, 200, values, err);
}

enum status library_list(struct errand *e, int code, struct hbs_map *values, struct error *err)
{
    struct errand_form form = errand_form(e, values);
    struct media_query query = {0};
    struct media_list list = {0};
    bool json = errand_wants_json(e) || http_query_get(e->req, S("json"), &(str){0});
    enum status st = query_read(e, &form, &query, values, err);
    if (st == ST_OK && form.wrong_count == 0)
        st = media_list(e->conn, &query, e->arena, &list, err);
    if (st != ST_OK)
        return st;
    put_items(e, values, &list);
    if (json)
        return list_json(e, values, &list, err);
    put_kinds(e, values);
    hbs_map_set(values, S("narrowed"), hbs_bool(is_narrowed(e)));
    hbs_map_set(values, S("asked"), hbs_bool(is_narrowed(e) || query.words.len > 0));
    hbs_map_set(values, S("question"), hbs_string(question(e)));
    hbs_map_set(values, S("bytes_max"), hbs_number((double)e->upload_bytes_max));
    if (list.more)
        hbs_map_set(values, S("older"),
                    hbs_string(library_key_print(e, media_key(list.rows[list.count - 1]))));
    st = put_people(e, values, err);
    return st == ST_OK
               ? errand_page(e, form.wrong_count > 0 ? 422 : code, S("library"), values, err)
               : st;
}

enum status library_show(struct errand *e, struct error *err)
{
    return library_list(e, 200, errand_values(e), err);
}

/* ---- what nothing shows ---- */

enum status library_unused(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct media_unused_query query = {
        .limit = SHOWN, .look = UNUSED_LOOK, .site = e->edition->settings->url};
    struct media_list list = {0};
    media_id after;
    if (!str_to_i64(asked(e, S("after")), &query.after.v) || query.after.v < 0)
        query.after.v = 0;
    after = query.after;
    enum status st = media_unused(e->conn, &query, e->arena, &list, &after, err);
    bool pending = st == ST_CONFLICT;
    if (st != ST_OK && !pending)
        return st;
    put_items(e, values, &list);
    hbs_map_set(values, S("pending"), hbs_bool(pending));
    if (list.more)
        hbs_map_set(values, S("further"), hbs_number((double)after.v));
    return errand_page(e, 200, S("library-unused"), values, err);
}

/* ---- alt texts, one picture after the other ---- */

enum status library_alt(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct media_query query = {
        .no_alt = true, .limit = 1, .before = library_key_read(asked(e, S("before")))};
    struct media_list list;
    if (!right_has(e->person->role, RIGHT_MEDIA_ALL))
        query.person = e->person->id;
    enum status st = media_list(e->conn, &query, e->arena, &list, err);
    if (st != ST_OK)
        return st;
    if (list.count > 0) {
        hbs_map_set(values, S("item"), hbs_map_value(library_item(e, list.rows[0])));
        hbs_map_set(values, S("next"), hbs_string(library_key_print(e, media_key(list.rows[0]))));
        hbs_map_set(values, S("more"), hbs_bool(list.more));
    }
    hbs_map_set(values, S("begun"), hbs_bool(query.before.id != 0));
    return errand_page(e, 200, S("library-alt"), values, err);
}

/* ---- several at once ---- */

struct several {
    media_id ids[TICKED_MAX];
    size_t count;
    str credit, licence;
    int64_t batch, done, kept; /* kept: something shows them */
};

static void ticked_read(struct errand *e, struct several *s)
{
    for (size_t i = 0; i < e->form.count && s->count < TICKED_MAX; i++) {
        int64_t id;
        if (str_eq(e->form.fields[i].name, S("media")) &&
            str_to_i64(e->form.fields[i].value, &id) && id > 0)
            s->ids[s->count++].v = id;
    }
}

static str text_or_leave(str text)
{
    return text.len > 0 ? text : STR_NONE;
}

static enum status credit_one(struct errand *e, struct newsroom *room, struct several *s,
                              media_id id, struct error *err)
{
    int64_t row = 0;
    enum status st = media_save(room,
                                &(struct media_edit){.id = id,
                                                     .credit = text_or_leave(s->credit),
                                                     .licence = text_or_leave(s->licence)},
                                err);
    if (st == ST_NOT_FOUND)
        return ST_OK; /* removed meanwhile */
    if (st == ST_OK)
        st = audit_add(room,
                       &(struct audit_entry){.person = room->person,
                                             .name = e->person->name,
                                             .what = S("media.credited"),
                                             .subject = library_subject(e, id),
                                             .network = e->network,
                                             .batch = s->batch},
                       &row, err);
    if (st != ST_OK)
        return st;
    if (s->batch == 0)
        s->batch = row;
    s->done++;
    return ST_OK;
}

static enum status credit_all(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct several *s = arg;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < s->count; i++)
        st = credit_one(e, room, s, s->ids[i], err);
    return st;
}

/* A write each: whether something shows it is a walk over all tags, which must not hold up the writer for long. */
static enum status remove_all(struct errand *e, struct several *s, struct error *err)
{
    errand_let_go(e);
    for (size_t i = 0; i < s->count; i++) {
        struct media *media;
        enum status st = media_by_id(e->conn, s->ids[i], e->arena, &media, err);
        if (st == ST_OK)
            st = picture_take_away(e, media, false, err);
        if (st != ST_OK && st != ST_NOT_FOUND && st != ST_CONFLICT)
            return st;
        s->done += st == ST_OK;
        s->kept += st == ST_CONFLICT;
    }
    return ST_OK;
}

/* Back to the list they were ticked on, as it was asked for, up to where the line that says what was done is named. */
static str list_path(struct errand *e)
{
    str back = errand_value(e, S("back"));
    if (str_eq(errand_value(e, S("list")), S("unused")))
        return S("/desk/media/unused/?");
    for (size_t i = 0; i < back.len; i++) {
        if (!ascii_is_alnum(back.ptr[i]) && str_find_char(S("=&%-_.~"), back.ptr[i]) == STR_NPOS)
            back.len = 0;
    }
    return str_join2(e->arena, S("/desk/media/?"), back);
}

enum status library_several(struct errand *e, struct error *err)
{
    struct several s = {.credit = str_trim(errand_value(e, S("credit"))),
                        .licence = str_trim(errand_value(e, S("licence")))};
    str what = errand_value(e, S("do"));
    bool credit = str_eq(what, S("credit"));
    if (!credit && !str_eq(what, S("remove")))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    ticked_read(e, &s);
    if (credit && s.credit.len == 0 && s.licence.len == 0)
        s.count = 0;
    str list = list_path(e);
    if (s.count == 0)
        return errand_go(e, str_join2(e->arena, list, S("done=none-ticked")));
    enum status st = credit ? errand_write(e, credit_all, &s, err) : remove_all(e, &s, err);
    if (st != ST_OK)
        return st;
    if (s.kept > 0)
        return errand_go(e, str_format(e->arena, "%.*sdone=media-kept&n=%lld", STR_ARG(list),
                                       (long long)s.kept));
    return errand_go(e, str_format(e->arena, "%.*sdone=%s&n=%lld", STR_ARG(list),
                                   credit ? "media-credited" : "media-removed", (long long)s.done));
}
