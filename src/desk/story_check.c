/* SPDX-License-Identifier: MIT */
#include "desk/story_check.h"

#include "base/arena.h"
#include "base/buf.h"
#include "desk/look.h"
#include "desk/story_form.h"
#include "media/media.h"
#include "news/byline.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "news/tag.h"
#include "reader/dates.h"
#include "reader/doubles.h"
#include "reader/quotes.h"
#include "text/html.h"
#include "text/plain.h"
#include "text/slug.h"
#include "text/url.h"
#include "text/utf8.h"

enum { WHERE_CHARS = 60 };

/* One story being looked at. */
struct checking {
    struct errand *e;
    const struct story_prepared *ready;
    const struct story *old;
    struct story_note *notes;
    size_t count;
    size_t pictures, without_alt;
    str *links; /* different ones of our own site, as written */
    size_t links_count;
    struct buf prose; /* what people wrote, a paragraph a line, code left out */
};

/* ---- notes ---- */

static str said(struct errand *e, str key, const struct look_argument *arguments, size_t count)
{
    return look_say_with(e->tongue, key, arguments, count, e->arena);
}

static void note(struct checking *c, str key, str say, str where)
{
    if (c->count == STORY_NOTES_MAX)
        return;
    str plain = plain_one_line(c->e->arena, where);
    str cut = utf8_cut(plain, WHERE_CHARS);
    if (cut.len < plain.len)
        cut = str_join2(c->e->arena, cut, S("…"));
    c->notes[c->count++] = (struct story_note){.key = key, .say = say, .where = cut};
}

bool story_notes_hold(const struct story_note *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!notes[i].soft)
            return true;
    }
    return false;
}

struct hbs_value story_notes_value(struct arena *arena, const struct story_note *notes,
                                   size_t count)
{
    struct hbs_value *rows = arena_new_array(arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(arena);
        hbs_map_set(row, S("key"), hbs_string(notes[i].key));
        hbs_map_set(row, S("say"), hbs_string(notes[i].say));
        hbs_map_set(row, S("where"), hbs_string(notes[i].where));
        hbs_map_set(row, S("soft"), hbs_bool(notes[i].soft));
        rows[i] = hbs_map_value(row);
    }
    return hbs_list_of(arena, rows, count);
}

/* ---- one walk over the text ---- */

static void link_add(struct checking *c, str href)
{
    for (size_t i = 0; i < c->links_count; i++) {
        if (str_eq(c->links[i], href))
            return;
    }
    if (c->links_count < STORY_LINKS_MAX)
        c->links[c->links_count++] = href;
}

static bool is_ours(const struct checking *c, str href)
{
    str site = c->e->edition->settings->url;
    if (str_starts(href, S("__GHOST_URL__")))
        return true;
    enum url_kind kind = url_kind(href);
    if (kind == URL_RELATIVE)
        return str_starts(href, S("/"));
    return (kind == URL_HTTP || kind == URL_HTTPS || kind == URL_NO_SCHEME) && site.len > 0 &&
           url_same_site(href, site);
}

static void look_at_element(struct checking *c, const struct html_walk *w)
{
    if (str_eq(w->name, S("img"))) {
        c->pictures++;
        c->without_alt += str_trim(html_walk_attr(w, S("alt"))).len == 0;
    } else if (str_eq(w->name, S("a"))) {
        str href = str_trim(html_walk_attr(w, S("href")));
        if (href.len > 0 && is_ours(c, href))
            link_add(c, href);
    }
}

static bool is_code(str name)
{
    return str_eq(name, S("pre")) || str_eq(name, S("code")) || str_eq(name, S("kbd")) ||
           str_eq(name, S("samp"));
}

static enum status walk(struct checking *c, struct error *err)
{
    struct html_tree *tree;
    enum status st = html_parse(c->e->arena, c->ready->clean.raw, STORY_BODY_MAX, &tree, err);
    if (st != ST_OK)
        return st;
    struct html_walk w = html_walk_of(tree);
    while (html_walk_next(&w)) {
        if (w.event == HTML_TEXT)
            buf_add(&c->prose, w.text);
        else if (w.event == HTML_OPEN)
            look_at_element(c, &w);
        if (w.event != HTML_TEXT && (html_is_block(w.name) || str_eq(w.name, S("br"))))
            buf_add(&c->prose, S("\n"));
        if (w.event == HTML_OPEN && is_code(w.name))
            html_walk_skip(&w);
    }
    return ST_OK;
}

/* ---- pictures and the slug ---- */

static void check_pictures(struct checking *c)
{
    const struct story_draft *d = &c->ready->draft;
    size_t without = c->without_alt + (d->image.len > 0 && d->image_alt.len == 0);
    if (without > 0) {
        struct look_argument n = {S("n"), str_format(c->e->arena, "%zu", without)};
        note(c, S("alt"), said(c->e, S("check.alt"), &n, 1), STR_NONE);
    }
    if (d->image.len == 0 && c->pictures == 0 && d->kind == STORY_STORY) {
        note(c, S("picture"), errand_say(c->e, S("check.picture")), STR_NONE);
        if (c->count > 0)
            c->notes[c->count - 1].soft = true;
    }
}

/* Of a headline that nobody gave a slug: its story will stand at another address than the headline says. */
static enum status check_slug(struct checking *c, struct error *err)
{
    struct story *other;
    if (c->ready->slug.len == 0 || (c->old != NULL && str_eq(c->ready->slug, c->old->slug)))
        return ST_OK;
    enum status st = story_by_slug(c->e->conn, c->ready->slug, c->e->arena, &other, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK && (c->old == NULL || other->id.v != c->old->id.v)) {
        const struct look_argument arguments[] = {{S("slug"), c->ready->slug},
                                                  {S("title"), story_title_told(c->e, other)}};
        note(c, S("slug"), said(c->e, S("check.slug"), arguments, 2), STR_NONE);
    }
    return st;
}

/* ---- links of our own ---- */

static bool lives(enum status st)
{
    return st == ST_OK;
}

/* A story under a slug; the one being published is there by the time anybody follows the link. */
static enum status story_lives(struct checking *c, str slug, bool *ret_lives, struct error *err)
{
    struct story *story;
    enum status st = story_by_slug(c->e->conn, slug, c->e->arena, &story, err);
    *ret_lives = lives(st) && (story->state == STORY_PUBLISHED ||
                               (c->old != NULL && story->id.v == c->old->id.v));
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status redirect_lives(struct checking *c, str path, str query, bool *ret_lives,
                                  struct error *err)
{
    struct redirect redirect;
    str kept;
    *ret_lives = false;
    if (redirect_path(c->e->arena, path, query, &kept, NULL) != ST_OK)
        return ST_OK;
    enum status st = redirect_find(c->e->conn, kept, c->e->arena, &redirect, err);
    *ret_lives = lives(st) && (redirect.story.v == 0 || redirect.published);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status media_lives(struct checking *c, str path, bool *ret_lives, struct error *err)
{
    struct media *media;
    str file, moved;
    *ret_lives = true;
    if (!picture_path(c->e->arena, path, STR_NONE, &file))
        return ST_OK;
    enum status st = media_by_path(c->e->conn, file, c->e->arena, &media, err);
    if (st != ST_NOT_FOUND)
        return st;
    st = media_moved(c->e->conn, file, c->e->arena, &moved, err);
    *ret_lives = lives(st) && moved.len > 0;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* "/tag/harbour/" and "/author/ann/" */
static enum status term_lives(struct checking *c, str rest, bool is_tag, bool *ret_lives,
                              struct error *err)
{
    struct tag *tag;
    struct byline *byline;
    str slug = str_cut(&rest, '/');
    enum status st = is_tag ? tag_by_slug(c->e->conn, slug, c->e->arena, &tag, err)
                            : byline_by_slug(c->e->conn, slug, c->e->arena, &byline, err);
    *ret_lives = lives(st);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* What answers without a record of its own: the front, its pages and feeds, months, what a theme brings. */
static bool always_lives(str path)
{
    static const str beginnings[] = {
        STR_INIT("/page/"),   STR_INIT("/rss/"),     STR_INIT("/search/"), STR_INIT("/assets/"),
        STR_INIT("/public/"), STR_INIT("/ghost/"),   STR_INIT("/desk/"),   STR_INIT("/sitemap"),
        STR_INIT("/p/"),      STR_INIT("/members/"),
    };
    if (str_eq(path, S("/")) || path.len == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
        if (str_starts(path, beginnings[i]))
            return true;
    }
    /* A file of the theme or of the site itself, a year and month: "/atom.xml", "/2026/03/". */
    str first = str_from(path, 1);
    str year = str_cut(&first, '/');
    return str_contains(str_from(path, str_rfind_char(path, '/')), S(".")) ||
           (year.len == 4 && ascii_is_digit(year.ptr[0]) && ascii_is_digit(year.ptr[3]) &&
            first.len <= S("03/").len);
}

static enum status link_lives(struct checking *c, str href, bool *ret_lives, struct error *err)
{
    if (str_starts(href, S("__GHOST_URL__")))
        href = str_from(href, S("__GHOST_URL__").len);
    struct url url = url_split(href);
    str path;
    *ret_lives = true;
    if (!url_percent_decode(c->e->arena, url.path, &path))
        return ST_OK;
    if (str_starts(path, S("/content/")))
        return media_lives(c, path, ret_lives, err);
    if (always_lives(path) && !url.has_query)
        return ST_OK;
    if (str_starts(path, S("/tag/")))
        return term_lives(c, str_from(path, S("/tag/").len), true, ret_lives, err);
    if (str_starts(path, S("/author/")))
        return term_lives(c, str_from(path, S("/author/").len), false, ret_lives, err);
    if (str_eq(path, S("/")))
        return str_starts(url.query, S("p=")) ? redirect_lives(c, path, url.query, ret_lives, err)
                                              : ST_OK;
    str slug = str_lower(c->e->arena, path);
    while (str_ends(slug, S("/")))
        slug.len--;
    slug = str_from(slug, str_rfind_char(slug, '/') + 1);
    enum status st = story_lives(c, slug, ret_lives, err);
    return st == ST_OK && !*ret_lives ? redirect_lives(c, path, url.query, ret_lives, err) : st;
}

static enum status check_links(struct checking *c, struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < c->links_count; i++) {
        bool alive;
        st = link_lives(c, c->links[i], &alive, err);
        if (st == ST_OK && !alive) {
            struct look_argument link = {S("link"), c->links[i]};
            note(c, S("link"), said(c->e, S("check.link"), &link, 1), STR_NONE);
        }
    }
    return st;
}

/* ---- what the text says ---- */

static void check_quotes(struct checking *c, str text)
{
    struct quote_fault faults[QUOTES_FAULTS_MAX];
    size_t count = quotes_unmatched(text, faults, QUOTES_FAULTS_MAX);
    for (size_t i = 0; i < count && i < QUOTES_FAULTS_MAX; i++) {
        str before = str_sub(text, 0, faults[i].at), behind = str_from(text, faults[i].at);
        before = str_from(before, str_rfind_char(before, '\n') + 1);
        bool opened = faults[i].opened;
        note(c, S("quote"),
             errand_say(c->e, opened ? S("check.quote-open") : S("check.quote-close")),
             opened ? str_cut(&behind, '\n') : before);
    }
}

static str weekday(const struct checking *c, int day)
{
    static const str keys[] = {STR_INIT("weekday.sunday"),   STR_INIT("weekday.monday"),
                               STR_INIT("weekday.tuesday"),  STR_INIT("weekday.wednesday"),
                               STR_INIT("weekday.thursday"), STR_INIT("weekday.friday"),
                               STR_INIT("weekday.saturday")};
    return errand_say(c->e, keys[day]);
}

static str language_of(const struct checking *c)
{
    str own = c->ready->draft.language;
    return own.len > 0 ? own : c->e->edition->settings->locale;
}

static void check_dates(struct checking *c, str text)
{
    struct date_fault faults[DATES_FAULTS_MAX];
    time_us at = c->ready->draft.published_at;
    size_t count =
        dates_wrong(text, language_of(c), at != 0 ? at : c->e->now, faults, DATES_FAULTS_MAX);
    for (size_t i = 0; i < count && i < DATES_FAULTS_MAX; i++) {
        const struct look_argument arguments[] = {
            {S("date"), str_format(c->e->arena, "%04d-%02d-%02d", faults[i].year, faults[i].month,
                                   faults[i].day)},
            {S("is"), weekday(c, faults[i].is)}};
        note(c, S("date"), said(c->e, S("check.date"), arguments, 2),
             str_sub(text, faults[i].begin, faults[i].end - faults[i].begin));
    }
}

static void check_names(struct checking *c, str text)
{
    struct doubles doubles;
    doubles_find(c->e->arena, c->ready->draft.title, text, language_of(c), &doubles);
    for (size_t i = 0; i < doubles.count; i++) {
        const struct double_name *d = &doubles.list[i];
        const struct look_argument arguments[] = {
            {S("a"), d->a}, {S("b"), d->b}, {S("name"), d->name}};
        note(c, S("name"),
             said(c->e, d->kind == DOUBLE_ROLE ? S("check.role") : S("check.spelling"), arguments,
                  3),
             STR_NONE);
    }
}

/* ---- all of it ---- */

enum status story_check(struct errand *e, const struct story_prepared *ready,
                        const struct story *old, struct story_note **ret_notes, size_t *ret_count,
                        struct error *err)
{
    struct checking c = {.e = e,
                         .ready = ready,
                         .old = old,
                         .notes = arena_new_array(e->arena, struct story_note, STORY_NOTES_MAX),
                         .links = arena_new_array(e->arena, str, STORY_LINKS_MAX)};
    buf_init(&c.prose, e->arena, STORY_STANDFIRST_MAX + STORY_BODY_MAX);
    buf_add(&c.prose, ready->draft.standfirst);
    buf_add(&c.prose, S("\n"));
    enum status st = walk(&c, err);
    if (st != ST_OK)
        return st;
    check_pictures(&c);
    st = check_slug(&c, err);
    if (st == ST_OK)
        st = check_links(&c, err);
    if (st != ST_OK)
        return st;
    str text = buf_view(&c.prose);
    check_names(&c, text);
    check_quotes(&c, text);
    check_dates(&c, text);
    *ret_notes = c.notes;
    *ret_count = c.count;
    return ST_OK;
}
