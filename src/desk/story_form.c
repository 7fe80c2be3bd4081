/* SPDX-License-Identifier: MIT */
#include "desk/story_form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "base/random.h"
#include "desk/look.h"
#include "media/media.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "store/store.h"
#include "text/language.h"
#include "text/pictures.h"
#include "text/slug.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/zone.h"
#include "theme/theme.h"

#include <jansson.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 2000, CODE_MAX_BYTES = 64 * 1024, NAMES_MAX_BYTES = 40000 };

/* ---- the fields ---- */

static const struct {
    str name, label;
    size_t bytes_max;
    bool tick;        /* "1" or empty; a browser sends nothing when it is empty */
    enum right right; /* whose role fills it in: others' forms leave it as it is */
} fields[] = {
    [FIELD_TITLE] = {STR_INIT("title"), STR_INIT("story.title"), STORY_TITLE_MAX, false,
                     RIGHT_WRITE},
    [FIELD_HTML] = {STR_INIT("html"), STR_INIT("story.html"), STORY_BODY_MAX, false, RIGHT_WRITE},
    [FIELD_SLUG] = {STR_INIT("slug"), STR_INIT("story.slug"), 190, false, RIGHT_WRITE},
    [FIELD_STANDFIRST] = {STR_INIT("standfirst"), STR_INIT("story.standfirst"),
                          STORY_STANDFIRST_MAX, false, RIGHT_WRITE},
    [FIELD_IMAGE] = {STR_INIT("image"), STR_INIT("story.image"), LINE_MAX_BYTES, false,
                     RIGHT_WRITE},
    [FIELD_IMAGE_ALT] = {STR_INIT("image_alt"), STR_INIT("story.image-alt"), LINE_MAX_BYTES, false,
                         RIGHT_WRITE},
    [FIELD_IMAGE_CAPTION] = {STR_INIT("image_caption"), STR_INIT("story.image-caption"),
                             LINE_MAX_BYTES, false, RIGHT_WRITE},
    [FIELD_TAGS] = {STR_INIT("tags"), STR_INIT("story.tags"), NAMES_MAX_BYTES, false, RIGHT_WRITE},
    [FIELD_BYLINES] = {STR_INIT("bylines"), STR_INIT("story.bylines"), NAMES_MAX_BYTES, false,
                       RIGHT_EDIT_ALL},
    [FIELD_PUBLISHED_AT] = {STR_INIT("published_at"), STR_INIT("story.time"), 40, false,
                            RIGHT_PUBLISH},
    [FIELD_VISIBILITY] = {STR_INIT("visibility"), STR_INIT("story.visibility"), 20, false,
                          RIGHT_WRITE},
    [FIELD_REPLIES] = {STR_INIT("replies"), STR_INIT("story.replies"), 20, false, RIGHT_WRITE},
    [FIELD_LANGUAGE] = {STR_INIT("language"), STR_INIT("story.language"), LANGUAGE_TAG_MAX, false,
                        RIGHT_WRITE},
    [FIELD_DATELINE] = {STR_INIT("dateline"), STR_INIT("story.dateline"), LINE_MAX_BYTES, false,
                        RIGHT_WRITE},
    [FIELD_SOURCE] = {STR_INIT("source"), STR_INIT("story.source"), LINE_MAX_BYTES, false,
                      RIGHT_WRITE},
    [FIELD_PICKS] = {STR_INIT("picks"), STR_INIT("story.picks"), 10000, false, RIGHT_WRITE},
    [FIELD_TEMPLATE] = {STR_INIT("template_name"), STR_INIT("story.template"), 100, false,
                        RIGHT_WRITE},
    [FIELD_CANONICAL] = {STR_INIT("canonical_url"), STR_INIT("story.canonical"), LINE_MAX_BYTES,
                         false, RIGHT_WRITE},
    [FIELD_META_TITLE] = {STR_INIT("meta_title"), STR_INIT("story.meta-title"), LINE_MAX_BYTES,
                          false, RIGHT_WRITE},
    [FIELD_META_DESCRIPTION] = {STR_INIT("meta_description"), STR_INIT("story.meta-description"),
                                LINE_MAX_BYTES, false, RIGHT_WRITE},
    [FIELD_OG_TITLE] = {STR_INIT("og_title"), STR_INIT("story.og-title"), LINE_MAX_BYTES, false,
                        RIGHT_WRITE},
    [FIELD_OG_DESCRIPTION] = {STR_INIT("og_description"), STR_INIT("story.og-description"),
                              LINE_MAX_BYTES, false, RIGHT_WRITE},
    [FIELD_OG_IMAGE] = {STR_INIT("og_image"), STR_INIT("story.og-image"), LINE_MAX_BYTES, false,
                        RIGHT_WRITE},
    [FIELD_TWITTER_TITLE] = {STR_INIT("twitter_title"), STR_INIT("story.twitter-title"),
                             LINE_MAX_BYTES, false, RIGHT_WRITE},
    [FIELD_TWITTER_DESCRIPTION] = {STR_INIT("twitter_description"),
                                   STR_INIT("story.twitter-description"), LINE_MAX_BYTES, false,
                                   RIGHT_WRITE},
    [FIELD_TWITTER_IMAGE] = {STR_INIT("twitter_image"), STR_INIT("story.twitter-image"),
                             LINE_MAX_BYTES, false, RIGHT_WRITE},
    /* Code acts in every browser that shows the page, an owner's too: it is theirs who have the settings. */
    [FIELD_CODE_HEAD] = {STR_INIT("code_head"), STR_INIT("story.code-head"), CODE_MAX_BYTES, false,
                         RIGHT_SETTINGS},
    [FIELD_CODE_FOOT] = {STR_INIT("code_foot"), STR_INIT("story.code-foot"), CODE_MAX_BYTES, false,
                         RIGHT_SETTINGS},
    [FIELD_FEATURED] = {STR_INIT("featured"), STR_INIT("story.featured"), 1, true, RIGHT_WRITE},
    [FIELD_SHOW_TITLE] = {STR_INIT("show_title_and_image"), STR_INIT("story.show-title"), 1, true,
                          RIGHT_WRITE},
    [FIELD_REVISED] = {STR_INIT("revised"), STR_INIT("story.revised"), 1, true, RIGHT_WRITE},
};
static_assert(ARRAY_LEN(fields) == STORY_FIELDS, "a row for each field");

str story_field_name(enum story_field field)
{
    return fields[field].name;
}

str story_field_label(enum story_field field)
{
    return fields[field].label;
}

bool story_field_is_tick(enum story_field field)
{
    return fields[field].tick;
}

bool story_field_is_theirs(const struct errand *e, enum story_field field)
{
    return right_has(e->person->role, fields[field].right);
}

static str tick(bool on)
{
    return on ? S("1") : STR_NONE;
}

void story_wrong(struct errand *e, struct errand_form *shown, enum story_field field, str key,
                 str name, str value)
{
    struct look_argument argument = {name, value};
    hbs_map_set(shown->wrong, fields[field].name,
                hbs_string(look_say_with(e->tongue, key, &argument, 1, e->arena)));
    shown->wrong_count++;
}

/* ---- names in a line ---- */

static str name_next(str *rest)
{
    *rest = str_trim(*rest);
    if (!str_starts(*rest, S("\"")) || str_find_char(str_from(*rest, 1), '"') == STR_NPOS)
        return str_trim(str_cut(rest, ','));
    *rest = str_from(*rest, 1);
    str name = str_trim(str_cut(rest, '"'));
    (void)str_cut(rest, ',');
    return name;
}

struct story_names story_names_split(struct arena *arena, str text)
{
    size_t most = 1;
    text = utf8_cut_bytes(text, NAMES_MAX_BYTES); /* what is longer is told by its field */
    for (size_t i = 0; i < text.len; i++)
        most += text.ptr[i] == ',';
    struct story_names names = {arena_new_array(arena, str, most), 0};
    while (text.len > 0) {
        str name = name_next(&text);
        if (name.len > 0 && names.count < most)
            names.names[names.count++] = name;
    }
    return names;
}

str story_names_join(struct arena *arena, const str *names, size_t count)
{
    struct buf b;
    buf_init(&b, arena, NAMES_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        bool quoted = str_find_char(names[i], ',') != STR_NPOS;
        buf_add(&b, i > 0 ? S(", ") : STR_NONE);
        buf_add(&b, quoted ? S("\"") : STR_NONE);
        buf_add(&b, names[i]);
        buf_add(&b, quoted ? S("\"") : STR_NONE);
    }
    return buf_view(&b);
}

static str tags_line(struct arena *arena, const struct story *story)
{
    str *names = arena_new_array(arena, str, story->tags_count);
    for (size_t i = 0; i < story->tags_count; i++)
        names[i] = story->tags[i]->name;
    return story_names_join(arena, names, story->tags_count);
}

static str bylines_line(struct arena *arena, const struct story *story)
{
    str *names = arena_new_array(arena, str, story->bylines_count);
    for (size_t i = 0; i < story->bylines_count; i++)
        names[i] = story->bylines[i]->name;
    return story_names_join(arena, names, story->bylines_count);
}

/* ---- to a form ---- */

str story_form_time(struct errand *e, time_us at)
{
    if (at == 0)
        return STR_NONE;
    struct civil c = civil_from_time(at, zone_offset(e->edition->zone, at));
    return str_format(e->arena, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour,
                      c.minute);
}

enum status story_form_new(struct errand *e, enum story_kind kind, struct story_form *ret_form,
                           struct error *err)
{
    struct byline *own;
    struct story_form form = {.kind = kind};
    enum status st = byline_of_person(e->conn, e->person->id, e->arena, &own, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    str name = st == ST_OK ? own->name : e->person->name;
    form.values[FIELD_BYLINES] = story_names_join(e->arena, &name, 1);
    form.values[FIELD_VISIBILITY] = S("public");
    form.values[FIELD_REPLIES] = kind == STORY_PAGE ? S("closed") : S("open");
    form.values[FIELD_SHOW_TITLE] = tick(true);
    *ret_form = form;
    return ST_OK;
}

static enum status picks_line(struct errand *e, const struct story *story, str *ret_line,
                              struct error *err)
{
    struct related_row *rows;
    size_t count;
    struct buf b;
    buf_init(&b, e->arena, fields[FIELD_PICKS].bytes_max);
    enum status st = related_list(e->conn, story->id, e->arena, &rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        if (rows[i].picked)
            buf_addf(&b, "%s/%.*s/", b.len > 0 ? "\n" : "", STR_ARG(rows[i].story->slug));
    }
    *ret_line = buf_view(&b);
    return st;
}

static void put_meta(struct story_form *form, const struct story_meta *meta)
{
    form->values[FIELD_META_TITLE] = meta->meta_title;
    form->values[FIELD_META_DESCRIPTION] = meta->meta_description;
    form->values[FIELD_OG_TITLE] = meta->og_title;
    form->values[FIELD_OG_DESCRIPTION] = meta->og_description;
    form->values[FIELD_OG_IMAGE] = meta->og_image;
    form->values[FIELD_TWITTER_TITLE] = meta->twitter_title;
    form->values[FIELD_TWITTER_DESCRIPTION] = meta->twitter_description;
    form->values[FIELD_TWITTER_IMAGE] = meta->twitter_image;
    form->values[FIELD_CODE_HEAD] = meta->code_head;
    form->values[FIELD_CODE_FOOT] = meta->code_foot;
}

/* A draft that was kept before it had a headline has a stand-in, which nobody typed. */
static str title_shown(const struct errand *e, const struct story *story)
{
    bool stand_in =
        story->state == STORY_DRAFT && str_eq(story->title, errand_say(e, S("story.untitled")));
    return stand_in ? STR_NONE : story->title;
}

enum status story_form_of(struct errand *e, struct story *story, struct story_form *ret_form,
                          struct error *err)
{
    struct story_form form = {.kind = story->kind, .version = story->version};
    enum status st = story_load_terms(e->conn, &story, 1, e->arena, err);
    if (st == ST_OK)
        st = story_load_body(e->conn, &story, 1, e->arena, err);
    if (st == ST_OK)
        st = picks_line(e, story, &form.values[FIELD_PICKS], err);
    if (st != ST_OK)
        return st;
    form.values[FIELD_TITLE] = title_shown(e, story);
    form.values[FIELD_HTML] = pictures_strip(e->arena, story->body).raw;
    form.values[FIELD_SLUG] = story->slug;
    form.values[FIELD_STANDFIRST] = story->standfirst;
    form.values[FIELD_IMAGE] = story->image;
    form.values[FIELD_IMAGE_ALT] = story->image_alt;
    form.values[FIELD_IMAGE_CAPTION] = story->image_caption.raw;
    form.values[FIELD_TAGS] = tags_line(e->arena, story);
    form.values[FIELD_BYLINES] = bylines_line(e->arena, story);
    form.values[FIELD_PUBLISHED_AT] = story_form_time(e, story->published_at);
    form.values[FIELD_VISIBILITY] = story_visibility_text(story->visibility);
    form.values[FIELD_REPLIES] = story->replies_open ? S("open") : S("closed");
    form.values[FIELD_LANGUAGE] = story->language;
    form.values[FIELD_DATELINE] = story->dateline;
    form.values[FIELD_SOURCE] = story->source;
    form.values[FIELD_TEMPLATE] = story->template_name;
    form.values[FIELD_CANONICAL] = story->canonical_url;
    form.values[FIELD_FEATURED] = tick(story->featured);
    form.values[FIELD_SHOW_TITLE] = tick(story->show_title_and_image);
    put_meta(&form, &story->meta);
    *ret_form = form;
    return ST_OK;
}

/* Browsers end the lines of a field with CR LF, whatever the page had. */
static str without_cr(struct arena *arena, str text)
{
    if (str_find_char(text, '\r') == STR_NPOS)
        return text;
    struct buf b;
    buf_init(&b, arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
        if (!pair)
            buf_add_char(&b, text.ptr[i] == '\r' ? '\n' : text.ptr[i]);
    }
    return buf_view(&b);
}

enum { TAB_BYTES = 8, TAB_LEN_MAX = 40 };

str story_tab_new(struct errand *e)
{
    return random_token(e->rng, e->arena, TAB_BYTES);
}

/* Letters and digits: it stands in addresses. */
static str tab_or_none(str text)
{
    bool good = text.len <= TAB_LEN_MAX;
    for (size_t i = 0; good && i < text.len; i++)
        good = ascii_is_alnum(text.ptr[i]);
    return good ? text : STR_NONE;
}

str story_held_text(struct errand *e, const struct working_copy_held *held)
{
    if (held->kept_at == 0)
        return STR_NONE;
    return str_format(e->arena, "%.*s-%lld", STR_ARG(held->tab), (long long)held->kept_at);
}

static struct working_copy_held held_read(str text)
{
    struct working_copy_held held = {0};
    str tab = str_cut(&text, '-');
    if (str_to_i64(text, &held.kept_at) && held.kept_at > 0)
        held.tab = tab_or_none(tab);
    else
        held.kept_at = 0;
    return held;
}

void story_form_read(struct errand *e, const struct story_form *saved, struct story_form *ret_form)
{
    struct story_form form = *saved;
    int64_t version;
    bool settings = http_form_field(&e->form, fields[FIELD_VISIBILITY].name) != NULL;
    form.version = str_to_i64(errand_value(e, S("version")), &version) ? version : 0;
    form.tab = tab_or_none(errand_value(e, S("tab")));
    form.held = held_read(errand_value(e, S("copy")));
    for (int i = 0; i < STORY_FIELDS; i++) {
        const struct http_field *sent = http_form_field(&e->form, fields[i].name);
        if (!right_has(e->person->role, fields[i].right))
            continue;
        if (fields[i].tick && (settings || sent != NULL))
            form.values[i] = tick(sent != NULL && sent->value.len > 0);
        else if (!fields[i].tick && sent != NULL)
            form.values[i] = without_cr(e->arena, sent->value);
    }
    *ret_form = form;
}

void story_form_put(const struct story_form *form, struct errand_form *shown)
{
    for (int i = 0; i < STORY_FIELDS; i++)
        errand_typed(shown, fields[i].name, form->values[i]);
}

/* ---- working copies ---- */

enum status story_form_json(struct errand *e, const struct story_form *form, str *ret_json,
                            struct error *err)
{
    struct buf b;
    buf_init(&b, e->arena, WORKING_COPY_BYTES_MAX);
    for (int i = 0; i < STORY_FIELDS; i++) {
        if (form->values[i].len > fields[i].bytes_max)
            return error_set(err, ST_TOO_BIG, "%.*s: %zu bytes; %zu are the most",
                             STR_ARG(fields[i].name), form->values[i].len, fields[i].bytes_max);
        buf_add(&b, i == 0 ? S("{\"") : S(",\""));
        buf_add(&b, fields[i].name);
        buf_add(&b, S("\":\""));
        buf_add_json(&b, form->values[i]);
        buf_add(&b, S("\""));
    }
    buf_add(&b, S("}"));
    return buf_finish(&b, ret_json, err);
}

static void json_freep(json_t **json)
{
    json_decref(*json);
}

enum status story_form_from_json(struct errand *e, str json, const struct story_form *saved,
                                 struct story_form *ret_form, struct error *err)
{
    json_error_t fault;
    AUTO(json_freep) json_t *root = json_loadb(json.ptr, json.len, 0, &fault);
    if (!json_is_object(root))
        return error_set(err, ST_INVALID, "what was kept of the story cannot be read: %s",
                         fault.text);
    struct story_form form = *saved;
    for (int i = 0; i < STORY_FIELDS; i++) {
        const json_t *value = json_object_getn(root, fields[i].name.ptr, fields[i].name.len);
        if (json_is_string(value) && right_has(e->person->role, fields[i].right))
            form.values[i] =
                str_copy(e->arena, (str){json_string_value(value), json_string_length(value)});
    }
    *ret_form = form;
    return ST_OK;
}

/* ---- from a form: what can be wrong ---- */

static bool time_read(struct errand *e, str text, time_us *ret_at)
{
    struct civil c;
    time_us utc;
    bool seconds = text.len == S("2026-03-29T02:30:00").len && text.ptr[16] == ':';
    if ((text.len != S("2026-03-29T02:30").len && !seconds) || !time_from_iso(text, &utc))
        return false;
    c = civil_from_time(utc, 0); /* the digits as they stand; they are the wall's */
    *ret_at = zone_time_from_civil(e->edition->zone, &c);
    return true;
}

static void wrong_now(struct errand *e, struct errand_form *shown, str key)
{
    str now = story_form_time(e, e->now);
    str said = str_format(e->arena, "%.*s %.*s (%.*s)", STR_ARG(str_sub(now, 0, 10)),
                          STR_ARG(str_from(now, 11)), STR_ARG(e->edition->settings->timezone));
    story_wrong(e, shown, FIELD_PUBLISHED_AT, key, S("now"), said);
}

static void wrong_time(struct errand *e, struct errand_form *shown, str key)
{
    story_wrong(e, shown, FIELD_PUBLISHED_AT, key, S("zone"), e->edition->settings->timezone);
}

/* The time that is chosen, as it is to be saved: what the form says and what is asked for have to go
 * together. A time that nobody touched is the story's own to the microsecond, and the right one of two
 * in the night when clocks are set back. */
static void fill_time(struct errand *e, const struct story_form *form, const struct story *old,
                      enum story_wish wish, struct errand_form *shown, struct story_filled *f)
{
    str text = str_trim(form->values[FIELD_PUBLISHED_AT]);
    enum story_state state = old != NULL ? old->state : STORY_DRAFT;
    time_us was = old != NULL ? old->published_at : 0, at = 0;
    if (wish == WISH_UNPUBLISH)
        return;
    if (text.len > 0 && str_eq(text, story_form_time(e, was))) {
        at = was;
    } else if (text.len > 0 && !time_read(e, text, &at)) {
        wrong_time(e, shown, S("wrong.time"));
        return;
    }
    if (wish == WISH_SCHEDULE && state == STORY_PUBLISHED)
        wrong_time(e, shown, S("wrong.time-published"));
    else if (at == 0 && (wish == WISH_SCHEDULE || (wish == WISH_SAVE && state == STORY_SCHEDULED)))
        wrong_time(e, shown, S("wrong.time-missing"));
    else if (at <= e->now &&
             (wish == WISH_SCHEDULE || (wish == WISH_SAVE && state == STORY_SCHEDULED)))
        wrong_now(e, shown, S("wrong.time-past"));
    else if (at > e->now && state == STORY_PUBLISHED)
        wrong_now(e, shown, S("wrong.time-ahead"));
    else if (at > e->now && wish == WISH_PUBLISH && state == STORY_DRAFT)
        wrong_now(e, shown, S("wrong.time-to-come"));
    if (wish == WISH_PUBLISH && state == STORY_SCHEDULED)
        return; /* now, whatever it was to be */
    f->published_at = at;
    f->draft.published_at = at;
    f->draft.untimed = at == 0;
}

static void check_lengths(struct errand *e, const struct story_form *form,
                          struct errand_form *shown)
{
    for (int i = 0; i < STORY_FIELDS; i++) {
        if (form->values[i].len > fields[i].bytes_max)
            story_wrong(e, shown, (enum story_field)i, S("wrong.too-long"), S("n"),
                        str_format(e->arena, "%zu", fields[i].bytes_max));
    }
}

static void check_addresses(struct errand *e, const struct story_form *form,
                            struct errand_form *shown)
{
    static const enum story_field addresses[] = {FIELD_IMAGE, FIELD_CANONICAL, FIELD_OG_IMAGE,
                                                 FIELD_TWITTER_IMAGE};
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        str text = str_trim(form->values[addresses[i]]), clean;
        if (text.len > 0 && (!clean_url(e->arena, text, &clean) || url_kind(clean) == URL_MAILTO ||
                             url_kind(clean) == URL_TEL || str_find_char(text, ' ') != STR_NPOS))
            story_wrong(e, shown, addresses[i], S("wrong.address"), S("what"), text);
    }
}

str story_title_told(const struct errand *e, const struct story *story)
{
    bool may = story->state == STORY_PUBLISHED || right_has(e->person->role, RIGHT_EDIT_ALL);
    return may ? story->title : errand_say(e, S("story.another"));
}

/* A slug somebody chose is theirs or refused; one that is made of the headline finds its own number. */
static enum status check_slug(struct errand *e, const struct story_form *form,
                              const struct story *old, struct errand_form *shown, struct error *err)
{
    struct story *other;
    str slug = str_trim(form->values[FIELD_SLUG]);
    if (slug.len == 0 || (old != NULL && str_eq(slug, old->slug)))
        return ST_OK;
    enum status st = story_by_slug(e->conn, slug, e->arena, &other, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK && (old == NULL || other->id.v != old->id.v))
        story_wrong(e, shown, FIELD_SLUG, S("wrong.slug-taken"), S("title"),
                    story_title_told(e, other));
    return st;
}

static enum status check_tags(struct errand *e, const struct story_names *names,
                              struct errand_form *shown, struct error *err)
{
    bool may_make = right_has(e->person->role, RIGHT_PUBLISH);
    if (names->count > STORY_TAGS_MAX)
        story_wrong(e, shown, FIELD_TAGS, S("wrong.too-many"), S("n"),
                    str_format(e->arena, "%d", STORY_TAGS_MAX));
    for (size_t i = 0; i < names->count && i < STORY_TAGS_MAX; i++) {
        struct tag *tag;
        if (names->names[i].len > TAG_NAME_MAX)
            story_wrong(e, shown, FIELD_TAGS, S("wrong.name-too-long"), S("name"), names->names[i]);
        if (may_make)
            continue;
        enum status st = tag_by_name(e->conn, names->names[i], e->arena, &tag, err);
        if (st == ST_NOT_FOUND)
            story_wrong(e, shown, FIELD_TAGS, S("wrong.no-tag"), S("name"), names->names[i]);
        else if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static void check_bylines(struct errand *e, const struct story_names *names,
                          struct errand_form *shown)
{
    if (names->count > STORY_BYLINES_MAX)
        story_wrong(e, shown, FIELD_BYLINES, S("wrong.too-many"), S("n"),
                    str_format(e->arena, "%d", STORY_BYLINES_MAX));
    for (size_t i = 0; i < names->count; i++) {
        if (names->names[i].len > BYLINE_NAME_MAX)
            story_wrong(e, shown, FIELD_BYLINES, S("wrong.name-too-long"), S("name"),
                        names->names[i]);
    }
}

bool story_template_fits(const struct errand *e, str template)
{
    return str_starts(template, S("custom-")) && theme_has_template(e->edition->theme, template);
}

static void check_choices(struct errand *e, const struct story_form *form,
                          const struct story_form *saved, struct errand_form *shown)
{
    str language = str_trim(form->values[FIELD_LANGUAGE]);
    str template = str_trim(form->values[FIELD_TEMPLATE]);
    if (language.len > 0 && !language_valid(language))
        story_wrong(e, shown, FIELD_LANGUAGE, S("wrong.language"), S("what"), language);
    /* One that an earlier theme had stays until somebody changes it. */
    if (template.len > 0 && !str_eq(template, saved->values[FIELD_TEMPLATE]) &&
        !story_template_fits(e, template))
        story_wrong(e, shown, FIELD_TEMPLATE, S("wrong.template"), S("what"), template);
}

/* "https://paper.example/rain/", "/rain/" or "rain" */
static str slug_of_pick(str line)
{
    struct url url = url_split(line);
    str path = url.path;
    while (str_ends(path, S("/")))
        path.len--;
    return str_from(path, str_rfind_char(path, '/') + 1);
}

static enum status read_picks(struct errand *e, const struct story_form *form,
                              const struct story_form *saved, const struct story *old,
                              struct errand_form *shown, struct story_filled *f, struct error *err)
{
    str rest = form->values[FIELD_PICKS];
    f->picks_changed = !str_eq(str_trim(rest), str_trim(saved->values[FIELD_PICKS]));
    while (f->picks_changed && rest.len > 0) {
        struct story *pick;
        str line = str_trim(str_cut(&rest, '\n'));
        if (line.len == 0)
            continue;
        enum status st = story_by_slug(e->conn, slug_of_pick(line), e->arena, &pick, err);
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        bool good = st == ST_OK && pick->state == STORY_PUBLISHED && pick->kind == STORY_STORY &&
                    (old == NULL || pick->id.v != old->id.v);
        if (!good)
            story_wrong(e, shown, FIELD_PICKS, S("wrong.pick"), S("what"), line);
        else if (f->picks_count == STORY_PICKS_MAX)
            story_wrong(e, shown, FIELD_PICKS, S("wrong.picks-many"), S("n"),
                        str_format(e->arena, "%d", STORY_PICKS_MAX));
        else
            f->picks[f->picks_count++] = pick->id;
    }
    return ST_OK;
}

/* ---- from a form: the draft ---- */

/* Whether a slug is what its headline made: then a draft's may follow another headline. "-2" to "-50" is what
 * free_slug adds (news/free_slug.h). */
static bool slug_is_made(struct errand *e, const struct story *story)
{
    str fallback = story->kind == STORY_PAGE ? S("page") : S("story");
    str made = slug_from_headline_or(e->arena, story->title, fallback);
    if (str_eq(story->slug, made))
        return true;
    str rest = str_from(story->slug, made.len);
    uint64_t number;
    bool stand_in = str_eq(story->title, errand_say(e, S("story.untitled")));
    return str_starts(story->slug, made) && str_starts(rest, S("-")) &&
           (stand_in || (str_to_u64(str_from(rest, 1), 50, &number) && number >= 2));
}

static str slug_wished(struct errand *e, const struct story_form *form, const struct story *old,
                       str title)
{
    str slug = str_trim(form->values[FIELD_SLUG]);
    if (old == NULL)
        return slug;
    bool untouched = slug.len == 0 || str_eq(slug, old->slug);
    if (!untouched)
        return slug;
    bool follows = !old->was_published && !str_eq(title, old->title) && slug_is_made(e, old);
    return follows ? slug_from_headline_or(e->arena, title,
                                           old->kind == STORY_PAGE ? S("page") : S("story"))
                   : STR_NONE;
}

static str fill_title(struct errand *e, const struct story_form *form, const struct story *old,
                      enum story_wish wish, struct errand_form *shown)
{
    str title = str_trim(form->values[FIELD_TITLE]);
    bool draft = (old == NULL || old->state == STORY_DRAFT) && wish == WISH_SAVE;
    if (title.len > 0)
        return title;
    if (!draft && wish != WISH_UNPUBLISH)
        story_wrong(e, shown, FIELD_TITLE, S("wrong.title"), STR_NONE, STR_NONE);
    return errand_say(e, S("story.untitled"));
}

static struct story_meta fill_meta(const struct story_form *form)
{
    const str *v = form->values;
    return (struct story_meta){.meta_title = str_trim(v[FIELD_META_TITLE]),
                               .meta_description = str_trim(v[FIELD_META_DESCRIPTION]),
                               .og_title = str_trim(v[FIELD_OG_TITLE]),
                               .og_description = str_trim(v[FIELD_OG_DESCRIPTION]),
                               .og_image = str_trim(v[FIELD_OG_IMAGE]),
                               .twitter_title = str_trim(v[FIELD_TWITTER_TITLE]),
                               .twitter_description = str_trim(v[FIELD_TWITTER_DESCRIPTION]),
                               .twitter_image = str_trim(v[FIELD_TWITTER_IMAGE]),
                               .code_head = v[FIELD_CODE_HEAD],
                               .code_foot = v[FIELD_CODE_FOOT]};
}

static void fill_draft(struct errand *e, const struct story_form *form, const struct story *old,
                       const struct story_form *saved, struct story_draft *d)
{
    const str *v = form->values;
    d->kind = form->kind;
    d->standfirst = v[FIELD_STANDFIRST];
    d->format = STORY_HTML;
    d->text = v[FIELD_HTML];
    d->same_text = old != NULL && str_eq(v[FIELD_HTML], saved->values[FIELD_HTML]);
    d->site_url = e->edition->settings->url;
    d->image = str_trim(v[FIELD_IMAGE]);
    d->image_alt = str_trim(v[FIELD_IMAGE_ALT]);
    d->image_caption = str_trim(v[FIELD_IMAGE_CAPTION]);
    d->featured = v[FIELD_FEATURED].len > 0;
    d->visibility = story_visibility_from_name(v[FIELD_VISIBILITY]);
    d->language = str_trim(v[FIELD_LANGUAGE]);
    d->template_name = str_trim(v[FIELD_TEMPLATE]);
    d->canonical_url = str_trim(v[FIELD_CANONICAL]);
    d->hide_title_and_image = v[FIELD_SHOW_TITLE].len == 0;
    d->replies_closed = str_eq(v[FIELD_REPLIES], S("closed"));
    d->dateline = v[FIELD_DATELINE];
    d->source = v[FIELD_SOURCE];
    d->revised = v[FIELD_REVISED].len > 0;
    d->keep_corrections = true;
    d->meta = fill_meta(form);
}

enum status story_form_draft(struct errand *e, const struct story_form *form,
                             const struct story *old, const struct story_form *saved,
                             enum story_wish wish, struct errand_form *shown,
                             struct story_filled *ret_filled, struct error *err)
{
    struct story_filled f = {0};
    f.draft.id = old != NULL ? old->id : (story_id){0};
    f.draft.version = form->version;
    fill_draft(e, form, old, saved, &f.draft);
    f.draft.title = fill_title(e, form, old, wish, shown);
    f.draft.slug = slug_wished(e, form, old, f.draft.title);
    f.tags = story_names_split(e->arena, form->values[FIELD_TAGS]);
    f.bylines = story_names_split(e->arena, form->values[FIELD_BYLINES]);
    check_lengths(e, form, shown);
    check_addresses(e, form, shown);
    check_choices(e, form, saved, shown);
    check_bylines(e, &f.bylines, shown);
    fill_time(e, form, old, wish, shown, &f);
    enum status st = check_slug(e, form, old, shown, err);
    if (st == ST_OK)
        st = check_tags(e, &f.tags, shown, err);
    if (st == ST_OK)
        st = read_picks(e, form, saved, old, shown, &f, err);
    if (st == ST_OK)
        *ret_filled = f;
    return st;
}

/* ---- in the write ---- */

static enum status tag_for(struct newsroom *room, const struct story *old, str name, tag_id *ret_id,
                           struct error *err)
{
    struct tag *tag;
    for (size_t i = 0; old != NULL && i < old->tags_count; i++) {
        if (str_eq(old->tags[i]->name, name)) {
            *ret_id = old->tags[i]->id;
            return ST_OK;
        }
    }
    enum status st = tag_by_name(store_tx_conn(room->tx), name, room->arena, &tag, err);
    if (st == ST_OK)
        *ret_id = tag->id;
    if (st != ST_NOT_FOUND)
        return st;
    return tag_find_or_add(room, &(struct tag_draft){.name = name}, ret_id, err);
}

static enum status byline_for(struct errand *e, struct newsroom *room, const struct story *old,
                              str name, byline_id *ret_id, struct error *err)
{
    struct byline *byline;
    for (size_t i = 0; old != NULL && i < old->bylines_count; i++) {
        if (str_eq(old->bylines[i]->name, name)) {
            *ret_id = old->bylines[i]->id;
            return ST_OK;
        }
    }
    if (str_eq(name, e->person->name))
        return byline_for_person(room, e->person, right_has(e->person->role, RIGHT_EDIT_ALL),
                                 ret_id, err);
    enum status st = byline_by_name(store_tx_conn(room->tx), name, room->arena, &byline, err);
    if (st == ST_OK)
        *ret_id = byline->id;
    if (st != ST_NOT_FOUND)
        return st;
    return byline_save(room, &(struct byline_draft){.name = name}, ret_id, err);
}

/* Whoever does not choose bylines is the one of what they begin, and leaves others' as they are. */
static enum status bylines_given(struct errand *e, struct newsroom *room, const struct story *old,
                                 byline_id *ids, size_t *ret_count, struct error *err)
{
    *ret_count = old != NULL ? old->bylines_count : 1;
    for (size_t i = 0; old != NULL && i < old->bylines_count; i++)
        ids[i] = old->bylines[i]->id;
    return old != NULL ? ST_OK : byline_for_person(room, e->person, false, &ids[0], err);
}

enum status story_form_resolve(struct errand *e, struct newsroom *room, const struct story *old,
                               struct story_filled *f, struct error *err)
{
    bool chooses = right_has(e->person->role, fields[FIELD_BYLINES].right);
    size_t bylines = f->bylines.count + (old != NULL ? old->bylines_count : 1);
    tag_id *tag_ids = arena_new_array(e->arena, tag_id, f->tags.count);
    byline_id *byline_ids = arena_new_array(e->arena, byline_id, bylines);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < f->tags.count; i++)
        st = tag_for(room, old, f->tags.names[i], &tag_ids[i], err);
    if (st == ST_OK && !chooses)
        st = bylines_given(e, room, old, byline_ids, &f->bylines.count, err);
    for (size_t i = 0; st == ST_OK && chooses && i < f->bylines.count; i++)
        st = byline_for(e, room, old, f->bylines.names[i], &byline_ids[i], err);
    f->draft.tags = tag_ids;
    f->draft.tags_count = f->tags.count;
    f->draft.bylines = byline_ids;
    f->draft.bylines_count = f->bylines.count;
    return st;
}
