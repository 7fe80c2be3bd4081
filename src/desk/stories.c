/* SPDX-License-Identifier: MIT
 *
 * The list, and the search that the editor's fields ask. Without words it is walked by keyset
 * (news/desk_list.h); with words it is the search's, by place. */
#include "desk/stories.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "discover/search.h"
#include "news/byline.h"
#include "news/desk_list.h"
#include "news/setting.h"
#include "news/tag.h"
#include "site/visit.h"
#include "text/slug.h"
#include "text/url.h"
#include "text/zone.h"

enum { STORIES_SHOWN = 50, FOUND_FOR_SCRIPT = 8, QUERY_BYTES_MAX = 2000 };

static const struct tab {
    str name, label, one, time;
    unsigned states;
} tabs[] = {
    {STR_INIT("all"), STR_INIT("stories.all"), STR_INIT(""), STR_INIT(""),
     DESK_STATE(STORY_DRAFT) | DESK_STATE(STORY_SCHEDULED) | DESK_STATE(STORY_PUBLISHED)},
    {STR_INIT("draft"), STR_INIT("stories.drafts"), STR_INIT("stories.is-draft"),
     STR_INIT("stories.saved"), DESK_STATE(STORY_DRAFT)},
    {STR_INIT("scheduled"), STR_INIT("stories.scheduled"), STR_INIT("stories.is-scheduled"),
     STR_INIT("stories.due"), DESK_STATE(STORY_SCHEDULED)},
    {STR_INIT("published"), STR_INIT("stories.published"), STR_INIT("stories.is-published"),
     STR_INIT("stories.appeared"), DESK_STATE(STORY_PUBLISHED)},
    {STR_INIT("trashed"), STR_INIT("stories.trashed"), STR_INIT("stories.is-trashed"),
     STR_INIT("stories.binned"), DESK_STATE(STORY_TRASHED)},
};

static const struct tab *tab_of(enum story_state state)
{
    for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
        if (tabs[i].states == DESK_STATE(state))
            return &tabs[i];
    }
    return &tabs[0];
}

/* ---- what is asked for ---- */

/* The parts of a list's address, in the order in which they are written. */
enum part { PART_STATE, PART_KIND, PART_Q, PART_TAG, PART_BY, PART_FROM, PART_UNTIL, PARTS };
static const str part_names[PARTS] = {
    [PART_STATE] = STR_INIT("state"), [PART_KIND] = STR_INIT("kind"),
    [PART_Q] = STR_INIT("q"),         [PART_TAG] = STR_INIT("tag"),
    [PART_BY] = STR_INIT("by"),       [PART_FROM] = STR_INIT("from"),
    [PART_UNTIL] = STR_INIT("until"),
};

struct asked {
    str parts[PARTS]; /* as typed */
    const struct tab *tab;
    struct desk_query query;
    size_t place; /* of a search: so many were passed over */
};

enum status stories_find_tag(struct errand *e, str typed, tag_id *ret_id, struct error *err)
{
    struct tag *tag;
    str name = str_trim(typed);
    str slug = slug_from_headline_or(e->arena, name, S("tag"));
    if (str_starts(name, S("#")))
        slug = str_join2(e->arena, S("hash-"), slug);
    enum status st = tag_by_slug(e->conn, name, e->arena, &tag, err);
    if (st == ST_NOT_FOUND)
        st = tag_by_name(e->conn, name, e->arena, &tag, err);
    if (st == ST_NOT_FOUND)
        st = tag_by_slug(e->conn, slug, e->arena, &tag, err);
    if (st == ST_OK)
        *ret_id = tag->id;
    return st;
}

enum status stories_find_byline(struct errand *e, str typed, byline_id *ret_id, struct error *err)
{
    struct byline *byline;
    str name = str_trim(typed);
    enum status st = byline_by_slug(e->conn, name, e->arena, &byline, err);
    if (st == ST_NOT_FOUND)
        st = byline_by_name(e->conn, name, e->arena, &byline, err);
    if (st == ST_NOT_FOUND)
        st = byline_by_slug(e->conn, slug_from_headline_or(e->arena, name, S("author")), e->arena,
                            &byline, err);
    if (st == ST_OK)
        *ret_id = byline->id;
    return st;
}

/* "2026-05-06": when that day begins where the site is; `days` later. False: no such day. */
static bool day_read(const struct errand *e, str text, int days, time_us *ret_at)
{
    struct cursor c = cursor_of(text);
    int64_t year, month, day;
    if (!cursor_uint(&c, 4, 4, &year) || !cursor_char(&c, '-') || !cursor_uint(&c, 1, 2, &month) ||
        !cursor_char(&c, '-') || !cursor_uint(&c, 1, 2, &day) || !cursor_done(&c))
        return false;
    struct civil civil = {.year = (int)year, .month = (int)month, .day = (int)day};
    if (!civil_valid(&civil))
        return false;
    civil.day += days;
    *ret_at = zone_time_from_civil(e->edition->zone, &civil);
    return true;
}

/* "1700000000000000-12": the last row's time and number. */
static struct story_key place_read(str text)
{
    struct story_key key = {0};
    bool before_1970 = str_starts(text, S("-"));
    if (before_1970)
        text = str_from(text, 1);
    str at = str_cut(&text, '-');
    if (!str_to_i64(at, &key.at) || !str_to_i64(text, &key.id) || key.id < 1)
        return (struct story_key){0};
    key.at = before_1970 ? -key.at : key.at;
    return key;
}

static str place_text(struct errand *e, struct story_key key)
{
    return str_format(e->arena, "%lld-%lld", (long long)key.at, (long long)key.id);
}

static enum status asked_terms(struct errand *e, struct asked *asked, struct errand_form *form,
                               struct error *err)
{
    enum status st = ST_OK;
    if (asked->parts[PART_TAG].len > 0)
        st = stories_find_tag(e, asked->parts[PART_TAG], &asked->query.tag, err);
    if (st == ST_NOT_FOUND) {
        errand_wrong(e, form, S("tag"), S("wrong.unknown-tag"));
        st = ST_OK;
    }
    if (st == ST_OK && asked->parts[PART_BY].len > 0)
        st = stories_find_byline(e, asked->parts[PART_BY], &asked->query.byline, err);
    if (st == ST_NOT_FOUND) {
        errand_wrong(e, form, S("by"), S("wrong.unknown-byline"));
        st = ST_OK;
    }
    return st;
}

/* What cannot be meant is said by its field, and then nothing is listed. */
static enum status asked_read(struct errand *e, str query, struct errand_form *form,
                              struct asked *ret_asked, struct error *err)
{
    struct asked asked = {.tab = &tabs[0], .query = {.limit = STORIES_SHOWN}};
    str text;
    int64_t place;
    for (size_t i = 0; i < PARTS; i++) {
        if (url_query_get(e->arena, query, part_names[i], &text) && text.len <= SEARCH_TEXT_MAX)
            asked.parts[i] = str_trim(text);
        errand_typed(form, part_names[i], asked.parts[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
        if (str_eq(tabs[i].name, asked.parts[PART_STATE]))
            asked.tab = &tabs[i];
    }
    asked.query.states = asked.tab->states;
    if (str_eq(asked.parts[PART_KIND], S("page")))
        asked.query.kinds = DESK_KIND(STORY_PAGE);
    if (str_eq(asked.parts[PART_KIND], S("story")))
        asked.query.kinds = DESK_KIND(STORY_STORY);
    if (!right_has(e->person->role, RIGHT_EDIT_ALL))
        asked.query.own = e->person->id;
    if (asked.parts[PART_FROM].len > 0 &&
        !day_read(e, asked.parts[PART_FROM], 0, &asked.query.from))
        errand_wrong(e, form, S("from"), S("wrong.date"));
    if (asked.parts[PART_UNTIL].len > 0 &&
        !day_read(e, asked.parts[PART_UNTIL], 1, &asked.query.until))
        errand_wrong(e, form, S("until"), S("wrong.date"));
    if (url_query_get(e->arena, query, S("before"), &text))
        asked.query.before = place_read(text);
    if (url_query_get(e->arena, query, S("place"), &text) && str_to_i64(text, &place) &&
        place > 0 && place < SEARCH_PLACES_MAX)
        asked.place = (size_t)place;
    enum status st = asked_terms(e, &asked, form, err);
    if (st == ST_OK)
        *ret_asked = asked;
    return st;
}

/* The address's query for the same list, in another state if `tab` names one. */
static str asked_query(struct errand *e, const struct asked *asked, const struct tab *tab)
{
    struct buf b;
    str query;
    buf_init(&b, e->arena, 4 * QUERY_BYTES_MAX);
    for (size_t i = 0; i < PARTS; i++) {
        str value = i == PART_STATE ? (tab != NULL ? tab : asked->tab)->name : asked->parts[i];
        if (value.len == 0 || (i == PART_STATE && str_eq(value, tabs[0].name)))
            continue;
        if (b.len > 0)
            buf_add_char(&b, '&');
        buf_add(&b, part_names[i]);
        buf_add_char(&b, '=');
        buf_add_percent(&b, value, STR_NONE);
    }
    return buf_finish(&b, &query, NULL) == ST_OK ? query : STR_NONE;
}

str stories_back(struct errand *e)
{
    str query = errand_value(e, S("back"));
    for (size_t i = 0; i < query.len; i++) {
        char c = query.ptr[i];
        if (c <= ' ' || c > '~' || c == '#' || c == '"' || c == '\\')
            return STR_NONE;
    }
    return query.len <= QUERY_BYTES_MAX ? query : STR_NONE;
}

/* ---- rows ---- */

struct listed {
    struct desk_list list;
    size_t next_place; /* of a search; 0: no more */
};

static enum status find_words(struct errand *e, const struct asked *asked, struct listed *ret,
                              struct error *err)
{
    struct search_query query = {.text = asked->parts[PART_Q],
                                 .language = e->edition->settings->locale,
                                 .skip = asked->place,
                                 .limit = STORIES_SHOWN,
                                 .now = e->now,
                                 .desk = &asked->query};
    struct search_found found;
    enum status st = search_run(e->conn, &query, e->arena, &found, err);
    if (st != ST_OK)
        return st;
    int64_t *ids = arena_new_array(e->arena, int64_t, found.count);
    for (size_t i = 0; i < found.count; i++)
        ids[i] = found.hits[i].story->id.v;
    ret->next_place = found.more ? asked->place + found.count : 0;
    return desk_list_by_ids(e->conn, ids, found.count, e->arena, &ret->list, err);
}

static struct hbs_value bylines_value(struct errand *e, const struct story *story)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, story->bylines_count);
    for (size_t i = 0; i < story->bylines_count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(story->bylines[i]->name));
        hbs_map_set(row, S("slug"), hbs_string(story->bylines[i]->slug));
        rows[i] = hbs_map_value(row);
    }
    return hbs_list_of(e->arena, rows, story->bylines_count);
}

static bool is_ticked(const struct stories_again *again, int64_t id)
{
    for (size_t i = 0; again != NULL && i < again->ticked_count; i++) {
        if (again->ticked[i] == id)
            return true;
    }
    return false;
}

static struct hbs_map *story_map(struct errand *e, const struct desk_row *listed)
{
    const struct story *story = listed->story;
    const struct tab *tab = tab_of(story->state);
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("id"), hbs_number((double)story->id.v));
    hbs_map_set(row, S("title"), hbs_string(story->title));
    hbs_map_set(row, S("state"), hbs_string(tab->name));
    hbs_map_set(row, S("state_key"), hbs_string(tab->one));
    hbs_map_set(row, S("time_key"), hbs_string(tab->time));
    hbs_map_set(
        row, S("at"),
        hbs_number((double)desk_time(story->state, story->updated_at, story->published_at)));
    hbs_map_set(row, S("page"), hbs_bool(story->kind == STORY_PAGE));
    hbs_map_set(row, S("featured"), hbs_bool(story->featured));
    hbs_map_set(row, S("members"), hbs_bool(story->visibility != STORY_PUBLIC));
    if (story->state == STORY_PUBLISHED)
        hbs_map_set(row, S("address"), hbs_string(story_path(e->arena, story)));
    hbs_map_set(row, S("writing"), hbs_string_or_null(listed->writing));
    hbs_map_set(row, S("unsaved_of"), hbs_string_or_null(listed->unsaved_of));
    hbs_map_set(row, S("unsaved_own"), hbs_bool(listed->unsaved_own));
    if (listed->reads > 0)
        hbs_map_set(row, S("reads"), hbs_number((double)listed->reads));
    hbs_map_set(row, S("bylines"), bylines_value(e, story));
    if (story->tags_count > 0) {
        hbs_map_set(row, S("tag"), hbs_string(story->tags[0]->name));
        hbs_map_set(row, S("tag_slug"), hbs_string(story->tags[0]->slug));
    }
    return row;
}

static enum status put_rows(struct errand *e, struct hbs_map *values, const struct desk_list *list,
                            const struct stories_again *again, struct error *err)
{
    struct story **stories = arena_new_array(e->arena, struct story *, list->count);
    for (size_t i = 0; i < list->count; i++)
        stories[i] = list->rows[i].story;
    enum status st = story_load_terms(e->conn, stories, list->count, e->arena, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, list->count);
    str all_text;
    bool all = url_query_get(e->arena, again->query, S("all"), &all_text);
    for (size_t i = 0; i < list->count; i++) {
        struct hbs_map *row = story_map(e, &list->rows[i]);
        hbs_map_set(row, S("ticked"), hbs_bool(all || is_ticked(again, stories[i]->id.v)));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("stories"), hbs_list_of(e->arena, rows, list->count));
    return ST_OK;
}

/* ---- the page ---- */

static void put_tabs(struct errand *e, struct hbs_map *values, const struct asked *asked)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, ARRAY_LEN(tabs));
    for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("key"), hbs_string(tabs[i].label));
        hbs_map_set(row, S("query"), hbs_string(asked_query(e, asked, &tabs[i])));
        hbs_map_set(row, S("chosen"), hbs_bool(&tabs[i] == asked->tab));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("tabs"), hbs_list_of(e->arena, rows, ARRAY_LEN(tabs)));
}

/* Why some of those ticked were left alone: "left-right=2". */
static void put_left(struct errand *e, struct hbs_map *values, str query)
{
    static const struct {
        str name, key;
    } whys[] = {{STR_INIT("left-gone"), STR_INIT("stories.left-gone")},
                {STR_INIT("left-right"), STR_INIT("stories.left-right")},
                {STR_INIT("left-state"), STR_INIT("stories.left-state")},
                {STR_INIT("left-same"), STR_INIT("stories.left-same")}};
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, ARRAY_LEN(whys));
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(whys); i++) {
        str text;
        int64_t n;
        if (!url_query_get(e->arena, query, whys[i].name, &text) || !str_to_i64(text, &n) || n < 1)
            continue;
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("key"), hbs_string(whys[i].key));
        hbs_map_set(row, S("n"), hbs_number((double)n));
        rows[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("left"), hbs_list_of(e->arena, rows, count));
}

static bool is_narrowed(const struct asked *asked)
{
    for (size_t i = PART_KIND; i < PARTS; i++) {
        if (i != PART_Q && asked->parts[i].len > 0)
            return true;
    }
    return false;
}

static void put_asked(struct errand *e, struct hbs_map *values, const struct asked *asked,
                      const struct listed *listed)
{
    str query = asked_query(e, asked, NULL);
    str sep = query.len > 0 ? S("&") : S("");
    put_tabs(e, values, asked);
    hbs_map_set(values, S("heading"), hbs_string(asked->tab->label));
    hbs_map_set(values, S("back"), hbs_string(query));
    hbs_map_set(values, S("tick_all"),
                hbs_string(str_format(e->arena, "%.*s%.*sbefore=%.*s&place=%zu&all=1",
                                      STR_ARG(query), STR_ARG(sep),
                                      STR_ARG(place_text(e, asked->query.before)), asked->place)));
    hbs_map_set(values, S("state"), hbs_string(asked->tab->name));
    hbs_map_set(values, S("in_bin"), hbs_bool(asked->tab->states == DESK_STATE(STORY_TRASHED)));
    hbs_map_set(values, S("narrowed"), hbs_bool(is_narrowed(asked)));
    hbs_map_set(values, S("asked"), hbs_bool(is_narrowed(asked) || asked->parts[PART_Q].len > 0));
    if (listed->next_place > 0)
        hbs_map_set(values, S("more"),
                    hbs_string(str_format(e->arena, "%.*s%.*splace=%zu", STR_ARG(query),
                                          STR_ARG(sep), listed->next_place)));
    if (listed->list.more || listed->list.unfinished)
        hbs_map_set(
            values, listed->list.more ? S("older") : S("further"),
            hbs_string(str_format(e->arena, "%.*s%.*sbefore=%.*s", STR_ARG(query), STR_ARG(sep),
                                  STR_ARG(place_text(e, listed->list.next)))));
}

enum status stories_page(struct errand *e, const struct stories_again *again,
                         struct hbs_map *values, int code, struct error *err)
{
    struct errand_form form = again->form != NULL ? *again->form : errand_form(e, values);
    struct asked asked;
    struct listed listed = {0};
    size_t wrong_before = form.wrong_count;
    enum status st = asked_read(e, again->query, &form, &asked, err);
    if (st == ST_OK && form.wrong_count > wrong_before)
        code = 422;
    else if (st == ST_OK && asked.parts[PART_Q].len > 0)
        st = find_words(e, &asked, &listed, err);
    else if (st == ST_OK)
        st = desk_list_get(e->conn, &asked.query, e->arena, &listed.list, err);
    if (st == ST_OK)
        st = desk_list_writing(e->conn, &listed.list, e->person->id, e->now, e->arena, err);
    if (st == ST_OK)
        st = put_rows(e, values, &listed.list, again, err);
    if (st != ST_OK)
        return st;
    put_asked(e, values, &asked, &listed);
    put_left(e, values, again->query);
    return errand_page(e, code, S("stories"), values, err);
}

enum status stories_show(struct errand *e, struct error *err)
{
    return stories_page(e, &(struct stories_again){.query = e->req->query}, errand_values(e), 200,
                        err);
}

/* ---- for scripts ---- */

static struct hbs_value found_value(struct errand *e, const struct story *story)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("id"), hbs_number((double)story->id.v));
    hbs_map_set(row, S("title"), hbs_string(story->title));
    hbs_map_set(row, S("path"), hbs_string(story_path(e->arena, story)));
    hbs_map_set(row, S("state"), hbs_string(str_from_c(story_state_name(story->state))));
    return hbs_map_value(row);
}

/* Stories to link to, or to pick: by words; by the beginning of an address while a word is half typed. An
 * author is offered what readers see, whoever wrote it. */
enum status stories_search(struct errand *e, struct error *err)
{
    struct desk_query desk = {.states = right_has(e->person->role, RIGHT_EDIT_ALL)
                                            ? ~DESK_STATE(STORY_TRASHED) & 15u
                                            : DESK_STATE(STORY_PUBLISHED)};
    struct hbs_map *values = errand_values(e);
    struct search_found found = {0};
    struct desk_list begun = {0};
    str text = STR_NONE;
    (void)http_query_get(e->req, S("q"), &text);
    enum status st = search_run(e->conn,
                                &(struct search_query){.text = text,
                                                       .language = e->edition->settings->locale,
                                                       .limit = FOUND_FOR_SCRIPT,
                                                       .now = e->now,
                                                       .desk = &desk},
                                e->arena, &found, err);
    if (st == ST_OK && found.count < FOUND_FOR_SCRIPT && str_trim(text).len > 0)
        st = desk_list_by_slug(e->conn, slug_from_headline_or(e->arena, text, S("-")), desk.states,
                               FOUND_FOR_SCRIPT, e->arena, &begun, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, found.count + begun.count);
    size_t count = 0;
    for (size_t i = 0; i < found.count; i++)
        rows[count++] = found_value(e, found.hits[i].story);
    for (size_t i = 0; i < begun.count && count < FOUND_FOR_SCRIPT; i++) {
        size_t k = 0;
        while (k < found.count && found.hits[k].story->id.v != begun.rows[i].story->id.v)
            k++;
        if (k == found.count)
            rows[count++] = found_value(e, begun.rows[i].story);
    }
    hbs_map_set(values, S("items"), hbs_list_of(e->arena, rows, count));
    return errand_json(e, 200, values, err);
}
