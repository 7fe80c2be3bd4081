/* SPDX-License-Identifier: MIT
 *
 * What a save derives from a draft, before the write: sanitizing and counting take a hundred times
 * as long as the statements do, and need no database. */
#include "base/arena.h"
#include "news/story_pictures.h"
#include "text/gate.h"
#include "text/markdown.h"
#include "text/pictures.h"
#include "text/plain.h"
#include "text/slug.h"
#include "text/utf8.h"

enum { STORY_SLUG_MAX = 190 /* of an imported slug; Ghost's column */ };

/* ---- limits ---- */

static enum status check_text(str text, size_t bytes_max, const char *what, struct error *err)
{
    if (text.len > bytes_max)
        return error_set(err, ST_TOO_BIG, "the %s has %zu bytes; %zu is the most", what, text.len,
                         bytes_max);
    if (!utf8_valid(text))
        return error_set(err, ST_INVALID, "the %s is not UTF-8 text", what);
    return ST_OK;
}

static enum status check_draft(const struct story_draft *d, struct error *err)
{
    const struct {
        str text;
        size_t max;
        const char *what;
    } checks[] = {
        {d->title, STORY_TITLE_MAX, "title"},
        {d->standfirst, STORY_STANDFIRST_MAX, "standfirst"},
        {d->text, STORY_BODY_MAX, "text"},
        {d->slug, STORY_TITLE_MAX, "slug"},
        {d->dateline, STORY_TITLE_MAX, "dateline"},
        {d->source, STORY_TITLE_MAX, "source"},
        {d->image, STORY_TITLE_MAX, "picture's address"},
        {d->image_alt, STORY_STANDFIRST_MAX, "picture's description"},
        {d->image_caption, STORY_STANDFIRST_MAX, "picture's caption"},
        {d->canonical_url, STORY_TITLE_MAX, "canonical address"},
        {d->template_name, STORY_TITLE_MAX, "template"},
        {d->language, STORY_TITLE_MAX, "language"},
    };
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        enum status st = check_text(checks[i].text, checks[i].max, checks[i].what, err);
        if (st != ST_OK)
            return st;
    }
    if (str_trim(d->title).len == 0)
        return error_set(err, ST_INVALID, "a story needs a title");
    if (d->tags_count > STORY_TAGS_MAX)
        return error_set(err, ST_INVALID, "a story can have %d tags", STORY_TAGS_MAX);
    if (d->bylines_count > STORY_BYLINES_MAX)
        return error_set(err, ST_INVALID, "a story can have %d bylines", STORY_BYLINES_MAX);
    return ST_OK;
}

/* ---- slug ---- */

/* Slugs of other systems hold any letters; what would end a path's part is refused. */
static bool slug_bearable(str slug)
{
    if (slug.len == 0 || slug.len > STORY_SLUG_MAX || slug_reserved(slug))
        return false;
    for (size_t i = 0; i < slug.len; i++) {
        char c = slug.ptr[i];
        if ((unsigned char)c <= ' ' || c == 0x7f || c == '/' || c == '?' || c == '#' || c == '%' ||
            c == '\\' || c == '"' || c == '<' || c == '>')
            return false;
    }
    return slug.ptr[0] != '.';
}

static str slug_wished(struct arena *arena, const struct story_draft *d, str title)
{
    str fallback = d->kind == STORY_PAGE ? S("page") : S("story");
    str slug = utf8_lower(arena, str_trim(d->slug));
    if (slug_bearable(slug))
        return slug;
    if (slug.len > 0)
        return slug_from_headline_or(arena, slug, fallback);
    return d->id.v != 0 ? STR_NONE : slug_from_headline_or(arena, title, fallback);
}

/* ---- text ---- */

static enum status clean_body(struct arena *arena, const struct story_draft *d, html *ret_body,
                              struct error *err)
{
    struct clean_profile profile = {
        .kind = CLEAN_STORY, .foreign_media = d->foreign_media, .site = d->site_url};
    if (d->format == STORY_MARKDOWN)
        return markdown_to_html(arena, d->text, &profile, ret_body, err);
    return html_clean(arena, d->text, &profile, ret_body, d->report, err);
}

static enum status clean_line(struct arena *arena, str text, html *ret_html, struct error *err)
{
    if (text.len == 0) {
        *ret_html = (html){STR_NONE};
        return ST_OK;
    }
    return html_clean(arena, text, &(struct clean_profile){.kind = CLEAN_INLINE}, ret_html, NULL,
                      err);
}

/* In sanitized HTML a '<' is always a tag's. */
static int64_t count_images(html body)
{
    int64_t count = 0;
    str rest = body.raw;
    for (;;) {
        size_t at = str_find(rest, S("<img "));
        if (at == STR_NPOS)
            return count;
        count++;
        rest = str_from(rest, at + 5);
    }
}

static enum status derive(struct arena *arena, struct story_prepared *r, struct error *err)
{
    const struct story_draft *d = &r->draft;
    enum status st = clean_body(arena, d, &r->clean, err);
    if (st == ST_OK)
        st = clean_line(arena, d->image_caption, &r->image_caption, err);
    if (st == ST_OK)
        st = story_pictures_prepare(arena, r, err);
    if (st != ST_OK)
        return st;
    str whole = plain_from_clean(arena, r->clean);
    html open = gate_body(arena, r->clean, d->visibility == STORY_PUBLIC);
    r->plain = open.raw.len == r->clean.raw.len ? whole : plain_from_clean(arena, open);
    r->word_count = i64_from_size(plain_word_count(whole));
    r->image_count = count_images(r->clean);
    r->excerpt =
        d->standfirst.len > 0
            ? d->standfirst
            : plain_one_line(arena, plain_first_chars(arena, r->plain, STORY_EXCERPT_CHARS));
    r->corrections = arena_new_array(arena, struct story_correction, d->corrections_count);
    for (size_t i = 0; i < d->corrections_count; i++) {
        r->corrections[i].corrected_at = d->corrections[i].corrected_at;
        st = clean_line(arena, d->corrections[i].text.raw, &r->corrections[i].text, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status story_prepare(struct arena *arena, const struct story_draft *draft,
                          struct story_prepared *ret_ready, struct error *err)
{
    enum status st = check_draft(draft, err);
    if (st != ST_OK)
        return st;
    struct story_prepared ready = {.draft = *draft};
    struct story_draft *d = &ready.draft;
    if (d->format == STORY_HTML) /* what a story as shown has more than its text */
        d->text = pictures_strip(arena, (html){draft->text}).raw;
    d->title = plain_one_line(arena, draft->title);
    d->standfirst = str_trim(draft->standfirst);
    d->dateline = str_trim(draft->dateline);
    d->source = str_trim(draft->source);
    ready.slug = slug_wished(arena, d, d->title);
    st = derive(arena, &ready, err);
    if (st == ST_OK)
        *ret_ready = ready;
    return st;
}
