/* SPDX-License-Identifier: MIT
 *
 * Helpers that read the story they stand in: title url content excerpt date reading_time tags
 * authors tiers post_class prev_post next_post comment_count (GHOST-THEMES 5, second part). */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "text/plain.h"
#include "text/zone.h"
#include "theme/date.h"
#include "theme/gate.h"
#include "theme/rendering.h"

/* ---- title, url ---- */

enum status helper_title(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    return call_this(call, S("title"), ret, err);
}

enum status helper_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    bool absolute = call_bool(call, S("absolute"), false);
    struct hbs_value this = hbs_call_this(call);
    struct story *story = NULL;
    struct story_rows *rows;
    str url;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK)
        return st;
    if (story != NULL) {
        url = address_story(r, story);
    } else if (this.type == HBS_OBJECT) {
        st = call_this_text(call, S("url"), &url, err);
        if (st != ST_OK)
            return st;
        if (!absolute)
            url = address_relative(r, url);
    } else {
        url = STR_NONE;
    }
    if (url.len == 0)
        url = r->req->path;
    *ret = hbs_string(absolute ? address_absolute(r, url) : url);
    return ST_OK;
}

/* ---- content, excerpt ---- */

static enum status content_cut(struct hbs_call *call, html body, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    int64_t words = call_int(call, S("words"), -1);
    int64_t characters = call_int(call, S("characters"), -1);
    enum status st = ST_OK;
    if (words >= 0)
        st = plain_html_words(r->arena, body, (size_t)words, &body, err);
    else if (characters >= 0)
        st = plain_html_chars(r->arena, body, (size_t)characters, &body, err);
    if (st == ST_OK)
        buf_add(hbs_call_out(call), body.raw);
    return st;
}

enum status helper_content(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct story *story;
    struct story_rows *rows;
    (void)ret;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK)
        return st;
    if (story == NULL) { /* a reply or another object with html of its own */
        str text;
        st = call_this_text(call, S("html"), &text, err);
        return st == ST_OK ? content_cut(call, (html){text}, err) : st;
    }
    if (!story_is_open((int)story->visibility))
        return hbs_call_partial(call, S("content-cta"), hbs_call_this(call), err);
    st = rows_load_body(r, rows, err);
    return st == ST_OK ? content_cut(call, gate_html(r->arena, r->site_url, story->body, true), err)
                       : st;
}

enum status helper_excerpt(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    enum { WORDS_DEFAULT = 50 };
    struct rendering *r = rendering_of_call(call);
    str text, standfirst;
    (void)ret;
    enum status st = call_this_text(call, S("custom_excerpt"), &standfirst, err);
    if (st == ST_OK)
        st = call_this_text(call, S("excerpt"), &text, err);
    if (st != ST_OK)
        return st;
    int64_t characters = call_int(call, S("characters"), -1);
    int64_t words = call_int(call, S("words"), characters >= 0 ? -1 : WORDS_DEFAULT);
    if (standfirst.len > 0)
        text = standfirst; /* the editor's own is printed whole */
    else if (words >= 0)
        text = plain_first_words(r->arena, text, (size_t)words);
    else
        text = plain_first_chars(r->arena, text, (size_t)characters);
    hbs_add_escaped(hbs_call_out(call), text);
    return ST_OK;
}

/* ---- date ---- */

/* The moment to print: the argument, else published_at here, else now (then *ret_now). */
static enum status date_moment(const struct hbs_call *call, time_us *ret_t, bool *ret_now,
                               struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    struct hbs_value value = hbs_call_arg(call, 0);
    struct story *story = NULL;
    struct story_rows *rows;
    *ret_now = false;
    if (hbs_is_nothing(value)) {
        enum status st = post_of_call(call, &story, &rows, err);
        if (st != ST_OK)
            return st;
        if (story != NULL && story->published_at != 0) {
            *ret_t = story->published_at;
            return ST_OK;
        }
        if (hbs_call_this(call).type == HBS_OBJECT) {
            st = call_this(call, S("published_at"), &value, err);
            if (st != ST_OK)
                return st;
        }
    }
    if (hbs_is_text(value) && time_from_iso(value.text, ret_t))
        return ST_OK;
    if (value.type == HBS_NUMBER && value.number > -1e15 && value.number < 1e15) {
        *ret_t = (time_us)value.number * 1000; /* milliseconds, as JavaScript counts */
        return ST_OK;
    }
    *ret_t = r->req->now;
    *ret_now = true;
    return ST_OK;
}

static const struct zone *named_zone(const struct rendering *r, str name)
{
    const struct zone *zone;
    if (name.len > 0 && r->req->zones != NULL &&
        zone_cache_get(r->req->zones, name, &zone, NULL) == ST_OK)
        return zone;
    return r->req->zone;
}

enum status helper_date(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    enum { DATE_BYTES_MAX = 1000 };
    struct rendering *r = rendering_of_call(call);
    time_us t, until;
    bool is_now;
    str format, zone_name, locale_name;
    enum status st = date_moment(call, &t, &is_now, err);
    if (st == ST_OK)
        st = call_text(call, S("format"), S("ll"), &format, err);
    if (st == ST_OK)
        st = call_text(call, S("timezone"), STR_NONE, &zone_name, err);
    if (st == ST_OK)
        st = call_text(call, S("locale"), STR_NONE, &locale_name, err);
    if (st != ST_OK)
        return st;
    const struct zone *zone = named_zone(r, zone_name);
    const struct date_locale *locale =
        locale_name.len > 0 ? date_locale_find(locale_name) : r->dates;
    struct buf b;
    buf_init(&b, r->arena, DATE_BYTES_MAX);
    if (call_bool(call, S("timeago"), false)) {
        date_ago(&b, locale, t, r->req->now, &until);
        rendering_until(r, until);
    } else {
        int offset = zone_offset(zone, t);
        date_format(&b, locale, format, t, offset);
        if (is_now)
            rendering_until(r, date_next_turn(date_finest(locale, format), t, offset));
    }
    *ret = hbs_html((html){buf_view(&b)});
    return ST_OK;
}

/* ---- reading_time ---- */

enum status helper_reading_time(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct story *story;
    struct story_rows *rows;
    str one, many;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL)
        return st;
    st = call_text(call, S("minute"), rendering_text(r, S("1 min read")), &one, err);
    if (st == ST_OK)
        st = call_text(call, S("minutes"), rendering_text(r, S("% min read")), &many, err);
    if (st != ST_OK)
        return st;
    int minutes = plain_reading_minutes((size_t)story->word_count,
                                        (size_t)story->image_count + (story->image.len > 0));
    size_t mark = str_find_char(many, '%');
    if (minutes <= 1 || mark == STR_NPOS) {
        *ret = hbs_string(minutes <= 1 ? one : many);
        return ST_OK;
    }
    *ret = hbs_string(str_format(r->arena, "%.*s%d%.*s", STR_ARG(str_sub(many, 0, mark)), minutes,
                                 STR_ARG(str_from(many, mark + 1))));
    return ST_OK;
}

/* ---- tags, authors: names joined, linked by default ---- */

struct names {
    struct hbs_call *call;
    struct buf out;
    str separator;
    bool links;
    int64_t from, to, seen, shown;
};

static enum status names_start(struct names *n, struct hbs_call *call, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    *n = (struct names){.call = call, .links = call_bool(call, S("autolink"), true)};
    buf_init(&n->out, r->arena, HBS_TEXT_BYTES_MAX);
    n->from = call_int(call, S("from"), 1);
    int64_t limit = call_int(call, S("limit"), 0);
    n->to = limit > 0 ? n->from - 1 + limit : call_int(call, S("to"), INT64_MAX);
    return call_text(call, S("separator"), S(", "), &n->separator, err);
}

static void names_add(struct names *n, str name, str url)
{
    n->seen++;
    if (n->seen < n->from || n->seen > n->to)
        return;
    if (n->shown++ > 0)
        buf_add(&n->out, n->separator);
    if (n->links) {
        buf_add(&n->out, S("<a href=\""));
        buf_add_html(&n->out, url);
        buf_add(&n->out, S("\">"));
    }
    buf_add_html(&n->out, name);
    if (n->links)
        buf_add(&n->out, S("</a>"));
}

/* prefix and suffix stand only around something. */
static enum status names_finish(struct names *n, struct error *err)
{
    str prefix, suffix;
    enum status st = call_text(n->call, S("prefix"), STR_NONE, &prefix, err);
    if (st == ST_OK)
        st = call_text(n->call, S("suffix"), STR_NONE, &suffix, err);
    if (st != ST_OK || n->shown == 0)
        return st;
    struct buf *out = hbs_call_out(n->call);
    buf_add(out, prefix);
    buf_add(out, buf_view(&n->out));
    buf_add(out, suffix);
    return ST_OK;
}

static bool tag_is_shown(const struct tag *tag, str visibility)
{
    while (visibility.len > 0) {
        str word = str_trim(str_cut(&visibility, ','));
        if (str_eq(word, S("all")) || str_eq(word, tag->internal ? S("internal") : S("public")))
            return true;
    }
    return false;
}

enum status helper_tags(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct story *story;
    struct story_rows *rows;
    struct names n;
    str visibility;
    (void)ret;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL)
        return st;
    st = rows_load_terms(r, rows, err);
    if (st == ST_OK)
        st = names_start(&n, call, err);
    if (st == ST_OK)
        st = call_text(call, S("visibility"), S("public"), &visibility, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < story->tags_count; i++) {
        const struct tag *tag = story->tags[i];
        if (!tag_is_shown(tag, visibility))
            continue;
        rendering_saw(r, SEEN_TAG, tag->id.v);
        names_add(&n, tag->name, address_tag(r, tag->slug));
    }
    return names_finish(&n, err);
}

enum status helper_authors(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct story *story;
    struct story_rows *rows;
    struct names n;
    (void)ret;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL)
        return st;
    st = rows_load_terms(r, rows, err);
    if (st == ST_OK)
        st = names_start(&n, call, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < story->bylines_count; i++) {
        rendering_saw(r, SEEN_BYLINE, story->bylines[i]->id.v);
        names_add(&n, story->bylines[i]->name, address_author(r, story->bylines[i]->slug));
    }
    return names_finish(&n, err);
}

/* There are no tiers to name. */
enum status helper_tiers(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)call;
    (void)ret;
    (void)err;
    return ST_OK;
}

/* ---- post_class ---- */

enum status helper_post_class(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct buf *out = hbs_call_out(call);
    struct story *story;
    struct story_rows *rows;
    (void)ret;
    buf_add(out, S("post"));
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL)
        return st;
    st = rows_load_terms(r, rows, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < story->tags_count; i++) {
        rendering_saw(r, SEEN_TAG, story->tags[i]->id.v);
        buf_add(out, S(" tag-"));
        buf_add_html(out, story->tags[i]->slug);
    }
    if (story->featured)
        buf_add(out, S(" featured"));
    if (story->image.len == 0)
        buf_add(out, S(" no-image"));
    if (story->kind == STORY_PAGE)
        buf_add(out, S(" page"));
    return ST_OK;
}

/* ---- prev_post, next_post ---- */

/* Among the stories of one tag or byline that have it as their first. */
static enum status neighbour_within(struct rendering *r, const struct story *story, bool next,
                                    bool by_tag, struct story_rows **ret_rows, struct error *err)
{
    enum { LOOKED_AT_MAX = 20 };
    struct story_list list;
    struct story_query query = {.list = by_tag ? LIST_TAG : LIST_BYLINE,
                                .of = by_tag ? story->primary_tag.v : story->primary_byline.v,
                                .before = story_key(story),
                                .oldest_first = next,
                                .limit = LOOKED_AT_MAX};
    if (query.of == 0)
        return ST_OK;
    rendering_saw(r, by_tag ? SEEN_TAG_LIST : SEEN_BYLINE_LIST, query.of);
    enum status st = story_list_get(r->req->conn, &query, r->arena, &list, err);
    for (size_t i = 0; st == ST_OK && i < list.count; i++) {
        int64_t primary = by_tag ? list.rows[i]->primary_tag.v : list.rows[i]->primary_byline.v;
        if (primary == query.of) {
            *ret_rows = rows_new(r, list.rows + i, 1);
            break;
        }
    }
    return st;
}

static enum status neighbour_of(struct rendering *r, struct story *story, bool next, str within,
                                struct story_rows **ret_rows, struct error *err)
{
    if (str_eq(within, S("primary_tag")))
        return neighbour_within(r, story, next, true, ret_rows, err);
    if (str_eq(within, S("primary_author")) || str_eq(within, S("author")))
        return neighbour_within(r, story, next, false, ret_rows, err);
    if (r->object != NULL && r->object->rows[0]->id.v == story->id.v) {
        enum status st = lists_fill_neighbours(r, err);
        if (st == ST_OK)
            *ret_rows = next ? r->next : r->previous;
        return st;
    }
    struct story *newer, *older;
    enum status st = story_neighbours(r->req->conn, story, r->arena, &older, &newer, err);
    struct story **row = arena_new_one(r->arena, struct story *);
    *row = next ? newer : older;
    if (st == ST_OK && *row != NULL)
        *ret_rows = rows_new(r, row, 1);
    return st;
}

static enum status neighbour_block(struct hbs_call *call, bool next, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct story *story;
    struct story_rows *rows, *found = NULL;
    str within;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st == ST_OK)
        st = call_text(call, S("in"), STR_NONE, &within, err);
    if (st != ST_OK)
        return st;
    if (story != NULL && story->kind == STORY_STORY && story->state == STORY_PUBLISHED &&
        !r->req->preview)
        st = neighbour_of(r, story, next, within, &found, err);
    if (st != ST_OK)
        return st;
    if (found == NULL)
        return hbs_call_inverse(call, NULL, err);
    struct hbs_value context = post_value(found, 0);
    return hbs_call_block(
        call, &(struct hbs_frame){.context = &context, .params = &context, .params_count = 1}, err);
}

enum status helper_prev_post(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return neighbour_block(call, false, err);
}

enum status helper_next_post(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return neighbour_block(call, true, err);
}

/* ---- comment_count ---- */

static enum status count_text(struct hbs_call *call, int64_t count, str *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    str noun;
    enum status st;
    if (count == 0)
        return call_text(call, S("empty"), STR_NONE, ret, err);
    if (count == 1)
        st = call_text(call, S("singular"), S("comment"), &noun, err);
    else
        st = call_text(call, S("plural"), S("comments"), &noun, err);
    if (st == ST_OK)
        *ret = noun.len == 0 ? str_format(r->arena, "%lld", (long long)count)
                             : str_format(r->arena, "%lld %.*s", (long long)count, STR_ARG(noun));
    return st;
}

enum status helper_comment_count(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    struct buf *out = hbs_call_out(call);
    struct story *story;
    struct story_rows *rows;
    str text, wrap, class;
    (void)ret;
    enum status st = post_of_call(call, &story, &rows, err);
    if (st != ST_OK || story == NULL || !r->req->site->comments_on)
        return st;
    st = count_text(call, story->comment_count, &text, err);
    if (st == ST_OK)
        st = call_text(call, S("autowrap"), S("span"), &wrap, err);
    if (st == ST_OK)
        st = call_text(call, S("class"), STR_NONE, &class, err);
    if (st != ST_OK || text.len == 0)
        return st;
    bool wrapped = !str_eq(wrap, S("false"));
    str element = str_eq(wrap, S("div")) ? S("div") : S("span");
    if (wrapped) {
        buf_addf(out, "<%.*s", STR_ARG(element));
        if (class.len > 0) {
            buf_add(out, S(" class=\""));
            hbs_add_escaped(out, class);
            buf_add(out, S("\""));
        }
        buf_add(out, S(">"));
    }
    hbs_add_escaped(out, text);
    if (wrapped)
        buf_addf(out, "</%.*s>", STR_ARG(element));
    return ST_OK;
}
