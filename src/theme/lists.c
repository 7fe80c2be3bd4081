/* SPDX-License-Identifier: MIT
 *
 * The lists of a page: its own, those beside a story, the sections. Each is fetched when it is
 * first asked for, and once. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/tag.h"
#include "text/zone.h"
#include "theme/date.h"
#include "theme/package.h"
#include "theme/rendering.h"

enum {
    SECTIONS_MAX = LIST_SECTIONS_MAX, /* in @site.sections */
    SECTION_POSTS = 4,                /* shown of each */
    FRONT_TOP_STORIES = 3,            /* lead and seconds, which no section repeats */
    SECTION_REACH = 12,               /* looked through for those */
};

/* ---- the page's own list ---- */

static time_us zone_midnight(const struct rendering *r, int year, int month)
{
    struct civil c = {.year = year + (month - 1) / 12, .month = (month - 1) % 12 + 1, .day = 1};
    time_us t = zone_time_from_civil(r->req->zone, &c);
    return t != 0 ? t : 1; /* 0 in a query is no bound; nothing is published at 0 */
}

static void describe_archive(struct rendering *r, struct story_query *query)
{
    int year = r->req->archive.year, month = r->req->archive.month;
    query->from = zone_midnight(r, year, month == 0 ? 1 : month);
    query->until = month == 0 ? zone_midnight(r, year + 1, 1) : zone_midnight(r, year, month + 1);
    r->archive_from = query->from;
    struct buf b;
    buf_init(&b, r->arena, 200);
    date_format(&b, r->dates, month == 0 ? S("YYYY") : S("MMMM YYYY"), query->from,
                zone_offset(r->req->zone, query->from));
    r->archive_title = buf_view(&b);
}

static void describe_list(struct rendering *r, struct story_query *query)
{
    *query = (struct story_query){.list = LIST_ALL, .limit = (size_t)r->per_page};
    if (r->req->kind == PAGE_TAG) {
        query->list = LIST_TAG;
        query->of = r->req->tag->id.v;
        rendering_saw(r, SEEN_TAG_LIST, query->of);
    } else if (r->req->kind == PAGE_AUTHOR) {
        query->list = LIST_BYLINE;
        query->of = r->req->byline->id.v;
        rendering_saw(r, SEEN_BYLINE_LIST, query->of);
    } else {
        rendering_saw(r, SEEN_POSTS, 0);
    }
    if (r->req->kind == PAGE_ARCHIVE)
        describe_archive(r, query);
}

enum status lists_fetch_posts(struct rendering *r, struct error *err)
{
    struct story_query query;
    struct story_page page;
    struct story_list list;
    describe_list(r, &query);
    enum status st = story_list_page(r->req->conn, &query, r->number, &page, err);
    if (st != ST_OK)
        return st;
    if (page.total == 0 && r->req->kind != PAGE_LIST)
        return error_set(err, ST_NOT_FOUND, "no published story is listed at %.*s",
                         STR_ARG(r->req->path));
    query.before = page.before;
    st = story_list_get(r->req->conn, &query, r->arena, &list, err);
    if (st != ST_OK)
        return st;
    r->posts = rows_new(r, list.rows, list.count);
    r->total = page.total;
    r->pages = page.pages < 1 ? 1 : page.pages;
    r->pagination = pagination_value(r, r->number, r->pages, r->total, r->per_page);
    r->posts->pagination = r->pagination;
    return ST_OK;
}

/* ---- beside a story ---- */

static struct story_rows slot_rows(const struct story_list *list)
{
    return (struct story_rows){.rows = list->rows, .count = list->count};
}

enum status lists_fill_slots(struct rendering *r, struct error *err)
{
    if (r->slots_filled)
        return ST_OK;
    const struct story *story = r->req->kind == PAGE_STORY ? r->object->rows[0] : NULL;
    struct story_slots slots = {0};
    enum status st = slots_fill(r->req->conn, story, r->theme->slots_wanted | SLOT_TERMS,
                                r->req->now, r->arena, &slots, err);
    if (st != ST_OK)
        return st;
    r->related = slot_rows(&slots.related);
    r->latest = slot_rows(&slots.latest);
    r->popular = slot_rows(&slots.popular);
    r->also_like = slot_rows(&slots.also_like);
    r->slots_filled = true;
    return ST_OK;
}

enum status lists_fill_neighbours(struct rendering *r, struct error *err)
{
    struct story *previous, *next;
    if (r->neighbours_filled)
        return ST_OK;
    enum status st =
        story_neighbours(r->req->conn, r->object->rows[0], r->arena, &previous, &next, err);
    if (st != ST_OK)
        return st;
    /* One unit: tags of both come in one statement. */
    struct story **both = arena_new_array(r->arena, struct story *, 2);
    size_t n = 0;
    if (previous != NULL)
        both[n++] = previous;
    if (next != NULL)
        both[n++] = next;
    struct story_rows *unit = rows_new(r, both, n);
    if (previous != NULL) {
        r->previous = rows_new(r, both, 1);
        r->previous->unit = unit;
    }
    if (next != NULL) {
        r->next = rows_new(r, both + n - 1, 1);
        r->next->unit = unit;
    }
    r->neighbours_filled = true;
    return ST_OK;
}

/* ---- sections ---- */

enum status lists_fill_sections(struct rendering *r, struct error *err)
{
    if (r->sections_filled)
        return ST_OK;
    struct tag_query query = {.order = TAG_BY_COUNT, .sections_only = true, .limit = SECTIONS_MAX};
    enum status st =
        tag_list(r->req->conn, &query, r->arena, &r->sections, &r->sections_count, err);
    rendering_saw(r, SEEN_SECTIONS, 0);
    if (st == ST_OK)
        r->sections_filled = true;
    return st;
}

/* Whether the front page's top already shows the story. */
static bool on_top(const struct rendering *r, const struct story *story)
{
    if (r->req->kind != PAGE_LIST || r->posts == NULL)
        return false;
    for (size_t i = 0; i < r->posts->count && i < FRONT_TOP_STORIES; i++) {
        if (r->posts->rows[i]->id.v == story->id.v)
            return true;
    }
    return false;
}

/* Whether an earlier section already shows it. */
static bool in_section(const struct story_rows *shown, const struct story *story)
{
    for (size_t i = 0; i < shown->count; i++) {
        if (shown->rows[i]->id.v == story->id.v)
            return true;
    }
    return false;
}

enum status lists_fill_section_posts(struct rendering *r, struct error *err)
{
    if (r->section_posts_filled)
        return ST_OK;
    tag_id tags[SECTIONS_MAX];
    struct story_list *lists;
    for (size_t i = 0; i < r->sections_count; i++) {
        tags[i] = r->sections[i]->id;
        rendering_saw(r, SEEN_TAG_LIST, tags[i].v);
    }
    enum status st = story_list_by_tags(r->req->conn, tags, r->sections_count, SECTION_REACH,
                                        r->arena, &lists, err);
    if (st != ST_OK)
        return st;
    struct story_rows *all = &r->section_posts;
    all->rows = arena_new_array(r->arena, struct story *, SECTIONS_MAX * SECTION_POSTS);
    r->section_rows = arena_new_array(r->arena, struct story_rows, SECTIONS_MAX);
    for (size_t i = 0; i < r->sections_count; i++) {
        struct story_rows *rows = &r->section_rows[i];
        *rows = (struct story_rows){.rows = all->rows + all->count, .unit = all};
        for (size_t k = 0; k < lists[i].count && rows->count < SECTION_POSTS; k++) {
            if (on_top(r, lists[i].rows[k]) || in_section(all, lists[i].rows[k]))
                continue;
            all->rows[all->count++] = lists[i].rows[k];
            rows->count++;
        }
    }
    r->section_posts_filled = true;
    return ST_OK;
}

/* ---- the footer ---- */

enum status lists_copyright_years(struct rendering *r, str *ret_years, struct error *err)
{
    if (r->copyright_years.len == 0) {
        time_us first;
        enum status st = story_first_published(r->req->conn, &first, err);
        if (st != ST_OK)
            return st;
        int this_year = civil_from_time(r->req->now, zone_offset(r->req->zone, r->req->now)).year;
        int first_year =
            first == 0 ? this_year : civil_from_time(first, zone_offset(r->req->zone, first)).year;
        r->copyright_years = first_year < this_year
                                 ? str_format(r->arena, "%d–%d", first_year, this_year)
                                 : str_format(r->arena, "%d", this_year);
        rendering_until(r, zone_next_year(r->req->zone, r->req->now));
    }
    *ret_years = r->copyright_years;
    return ST_OK;
}
