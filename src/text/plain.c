/* SPDX-License-Identifier: MIT */
#include "text/plain.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/entity.h"
#include "text/html.h"
#include "text/utf8.h"

/* ---- text of a tree ---- */

/* Line ends and the like are owed until the next text: so runs of them come out as one, and none
 * stands at the beginning or the end. */
struct plain_writer {
    struct buf b;
    int newlines_owed; /* 0..2 */
    bool space_owed;
    bool tab_owed;
    bool bullet_owed;
    bool row_begun; /* a cell of this row was met */
    int pre_depth;
};

static bool is_one_of(str name, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, list[i]))
            return true;
    }
    return false;
}

static bool says_nothing(str name)
{
    static const str names[] = {
        STR_INIT("script"), STR_INIT("style"),    STR_INIT("noscript"), STR_INIT("iframe"),
        STR_INIT("object"), STR_INIT("textarea"), STR_INIT("title"),    STR_INIT("canvas"),
        STR_INIT("audio"),  STR_INIT("video"),    STR_INIT("noembed"),  STR_INIT("noframes"),
        STR_INIT("xmp"),    STR_INIT("datalist"), STR_INIT("template"),
    };
    return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

/* Blocks that follow their neighbours on the next line, without a blank one between. */
static bool is_tight(str name)
{
    static const str names[] = {
        STR_INIT("li"),      STR_INIT("tr"),      STR_INIT("dt"),         STR_INIT("dd"),
        STR_INIT("caption"), STR_INIT("thead"),   STR_INIT("tbody"),      STR_INIT("tfoot"),
        STR_INIT("div"),     STR_INIT("summary"), STR_INIT("figcaption"), STR_INIT("address"),
    };
    return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

static void owe_newlines(struct plain_writer *w, int count)
{
    w->space_owed = false;
    if (w->newlines_owed < count)
        w->newlines_owed = count;
}

static void pay(struct plain_writer *w)
{
    if (w->b.len > 0) {
        for (int i = 0; i < w->newlines_owed; i++)
            buf_add_char(&w->b, '\n');
        if (w->newlines_owed == 0 && (w->tab_owed || w->space_owed))
            buf_add_char(&w->b, w->tab_owed ? '\t' : ' ');
    }
    if (w->bullet_owed)
        buf_add(&w->b, S("- "));
    w->newlines_owed = 0;
    w->space_owed = false;
    w->tab_owed = false;
    w->bullet_owed = false;
}

static void add_text(struct plain_writer *w, str text)
{
    if (w->pre_depth > 0) {
        if (text.len > 0)
            pay(w);
        buf_add(&w->b, text);
        return;
    }
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len && !ascii_is_space(text.ptr[len]))
            len++;
        if (len > 0) {
            pay(w);
            buf_add(&w->b, str_sub(text, 0, len));
        }
        text = str_from(text, len);
        if (text.len > 0) {
            w->space_owed = true;
            while (text.len > 0 && ascii_is_space(text.ptr[0]))
                text = str_from(text, 1);
        }
    }
}

static void open_element(struct plain_writer *w, str name)
{
    if (str_eq(name, S("br"))) {
        w->space_owed = false;
        w->newlines_owed += w->newlines_owed < 2;
    } else if (str_eq(name, S("td")) || str_eq(name, S("th"))) {
        w->tab_owed = w->row_begun;
        w->row_begun = true;
    } else if (html_is_block(name)) {
        owe_newlines(w, is_tight(name) ? 1 : 2);
        w->bullet_owed = w->bullet_owed || str_eq(name, S("li"));
        w->row_begun = w->row_begun && !str_eq(name, S("tr"));
        w->pre_depth += str_eq(name, S("pre"));
    }
}

static void close_element(struct plain_writer *w, str name)
{
    if (!html_is_block(name))
        return;
    owe_newlines(w, is_tight(name) ? 1 : 2);
    w->pre_depth -= str_eq(name, S("pre"));
    w->bullet_owed = w->bullet_owed && !str_eq(name, S("li"));
}

static enum status text_of(struct arena *arena, const struct html_tree *tree, size_t *ret_images,
                           str *ret_text, struct error *err)
{
    struct plain_writer w = {.pre_depth = 0};
    struct html_walk walk = html_walk_of(tree);
    size_t images = 0;

    buf_init(&w.b, arena, 2 * (size_t)HTML_STORY_MAX);
    while (html_walk_next(&walk)) {
        switch (walk.event) {
        case HTML_OPEN:
            images += str_eq(walk.name, S("img"));
            if (says_nothing(walk.name))
                html_walk_skip(&walk);
            else
                open_element(&w, walk.name);
            break;
        case HTML_CLOSE:
            close_element(&w, walk.name);
            break;
        case HTML_TEXT:
            add_text(&w, walk.text);
            break;
        case HTML_COMMENT:
            break;
        }
    }
    *ret_images = images;
    return buf_finish(&w.b, ret_text, err);
}

enum status plain_from_html(struct arena *arena, str html_text, str *ret_text, struct error *err)
{
    struct html_tree *tree;
    size_t images;

    enum status st = html_parse(arena, html_text, HTML_STORY_MAX, &tree, err);
    if (st != ST_OK)
        return st;
    return text_of(arena, tree, &images, ret_text, err);
}

/* ---- text of sanitized HTML ---- */

/* The sanitizer's output as a sequence of tags and text: every '<' begins a tag or a comment, every
 * attribute is in double quotes, every element but the void ones is closed. */
static str take_tag(str *rest)
{
    bool quoted = false;
    size_t i = 1;
    while (i < rest->len && (quoted || rest->ptr[i] != '>'))
        quoted ^= rest->ptr[i++] == '"';
    str tag = str_sub(*rest, 1, i - 1);
    *rest = str_from(*rest, i + 1);
    return tag;
}

static str tag_name(str tag)
{
    size_t len = 0;
    while (len < tag.len && ascii_is_alnum(tag.ptr[len]))
        len++;
    return str_sub(tag, 0, len);
}

static void skip_past(str *rest, str mark)
{
    size_t at = str_find(*rest, mark);
    *rest = at == STR_NPOS ? str_from(*rest, rest->len) : str_from(*rest, at + mark.len);
}

static void clean_tag(struct plain_writer *w, struct arena *arena, str *rest)
{
    if (str_starts(*rest, S("<!--"))) {
        skip_past(rest, S("-->"));
        return;
    }
    str tag = take_tag(rest);
    if (str_starts(tag, S("/"))) {
        close_element(w, tag_name(str_from(tag, 1)));
        return;
    }
    str name = tag_name(tag);
    if (says_nothing(name))
        skip_past(rest, str_join3(arena, S("</"), name, S(">")));
    else
        open_element(w, name);
    /* A parser drops the line end that follows <pre>; the sanitizer writes one where it must not. */
    if (str_eq(name, S("pre")) && str_starts(*rest, S("\n")))
        *rest = str_from(*rest, 1);
}

str plain_from_clean(struct arena *arena, html body)
{
    struct plain_writer w = {.pre_depth = 0};
    str rest = body.raw;
    buf_init(&w.b, arena, size_add(size_mul(body.raw.len, 2), 1)); /* "<li>" may give "\n- " */
    while (rest.len > 0) {
        if (rest.ptr[0] == '<') {
            clean_tag(&w, arena, &rest);
            continue;
        }
        size_t len = str_find_char(rest, '<');
        str text = str_sub(rest, 0, len == STR_NPOS ? rest.len : len);
        rest = str_from(rest, text.len);
        add_text(&w, entity_decode(arena, text));
    }
    return buf_view(&w.b);
}

/* ---- words ---- */

/* Takes the next word by white space off the front; empty at the end. */
static str take_word(str *rest)
{
    while (rest->len > 0) {
        str after = *rest;
        if (!utf8_is_space(utf8_next(&after)))
            break;
        *rest = after;
    }
    str at = *rest;
    while (at.len > 0) {
        str after = at;
        if (utf8_is_space(utf8_next(&after)))
            break;
        at = after;
    }
    str word = str_sub(*rest, 0, rest->len - at.len);
    *rest = at;
    return word;
}

str plain_first_words(struct arena *arena, str text, size_t n)
{
    struct buf b;

    buf_init(&b, arena, size_add(text.len, 1));
    for (str word = take_word(&text); word.len > 0 && n > 0; word = take_word(&text), n--) {
        if (b.len > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, word);
    }
    return buf_view(&b);
}

str plain_one_line(struct arena *arena, str text)
{
    return plain_first_words(arena, text, SIZE_MAX);
}

str plain_first_chars(struct arena *arena, str text, size_t n)
{
    /* Long texts: what is beyond the cut need not be made one line. White space can only shrink. */
    str head = utf8_cut(text, n > SIZE_MAX / 4 ? n : n * 4);
    str line = plain_one_line(arena, head);
    str cut = utf8_cut_graphemes(line, n);
    str after = str_from(line, cut.len);
    if (after.len == 0 || after.ptr[0] == ' ')
        return cut;
    size_t space = str_rfind_char(cut, ' ');
    if (space != STR_NPOS && space >= cut.len - cut.len / 5)
        cut = str_sub(cut, 0, space);
    return cut;
}

/* ---- reading time ---- */

static bool counts_in_runs(uint32_t c)
{
    if (c < 0x80)
        return ascii_is_alnum((char)c) || c == '_';
    bool scripts = (c >= 0xC0 && c <= 0x24F) || (c >= 0x370 && c <= 0x52F) ||
                   (c >= 0x1E00 && c <= 0x1FFF) || (c >= 0x300 && c <= 0x36F);
    return scripts && utf8_is_word(c);
}

size_t plain_word_count(str text)
{
    size_t words = 0, others = 0;
    enum { NONE, RUN, OTHER } before = NONE;

    for (size_t at = 0; at < text.len;) {
        uint32_t c = (unsigned char)text.ptr[at];
        if (c < 0x80) {
            at++;
        } else {
            str rest = str_from(text, at);
            c = utf8_next(&rest);
            at = text.len - rest.len;
        }
        if (counts_in_runs(c)) {
            words += before != RUN;
            before = RUN;
        } else if (c < 0x80) {
            before = NONE;
        } else if (utf8_is_cjk(c)) {
            words++;
            before = NONE;
        } else if (utf8_is_word(c)) {
            others += before != OTHER;
            before = OTHER;
        } else {
            before = NONE;
        }
    }
    return words > 0 ? words : others;
}

enum status plain_count(struct arena *arena, str html_text, struct plain_counts *ret_counts,
                        struct error *err)
{
    struct html_tree *tree;
    size_t images;
    str text;

    enum status st = html_parse(arena, html_text, HTML_STORY_MAX, &tree, err);
    if (st != ST_OK)
        return st;
    st = text_of(arena, tree, &images, &text, err);
    if (st != ST_OK)
        return st;
    *ret_counts = (struct plain_counts){.words = plain_word_count(text), .images = images};
    return ST_OK;
}

int plain_reading_minutes(size_t words, size_t images)
{
    enum { WORDS_A_MINUTE = 275, FIRST_IMAGE_S = 12, LEAST_IMAGE_S = 3 };
    size_t seconds = words * 60 / WORDS_A_MINUTE;

    for (size_t i = 0; i < images; i++) {
        bool least = i >= FIRST_IMAGE_S - LEAST_IMAGE_S;
        seconds += least ? (size_t)LEAST_IMAGE_S : FIRST_IMAGE_S - i;
        if (least) { /* all further ones cost the same */
            seconds += (images - i - 1) * LEAST_IMAGE_S;
            break;
        }
    }
    return int_from_size((seconds + 30) / 60);
}

/* ---- the beginning of a body ---- */

enum unit { UNIT_WORDS, UNIT_CHARS };

/* The part of `text` within what is left of *n; takes it off *n. */
static str within(str text, enum unit unit, size_t *n)
{
    str rest = text;

    if (unit == UNIT_CHARS) {
        str part = utf8_cut(text, *n);
        *n -= utf8_count(part);
        return part;
    }
    while (*n > 0) {
        str word = take_word(&rest);
        if (word.len == 0)
            return text;
        (*n)--;
    }
    return str_sub(text, 0, text.len - rest.len);
}

/* After the last word nothing is opened any more; what is open is closed as the walk comes by. */
static enum status beginning(struct arena *arena, html body, enum unit unit, size_t n,
                             html *ret_html, struct error *err)
{
    struct html_tree *tree;
    struct buf b;
    str out;
    bool skipped = false;

    enum status st = html_parse(arena, body.raw, HTML_STORY_MAX, &tree, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, arena, HTML_STORY_MAX);
    struct html_walk walk = html_walk_of(tree);
    while (html_walk_next(&walk)) {
        if (skipped) { /* the close of what was not opened */
            skipped = false;
        } else if (n > 0 && walk.event == HTML_TEXT) {
            walk.text = within(walk.text, unit, &n);
            html_add_event(&b, &walk);
        } else if (n > 0 || walk.event == HTML_CLOSE) {
            html_add_event(&b, &walk);
        } else if (walk.event == HTML_OPEN) {
            html_walk_skip(&walk);
            skipped = true;
        }
    }
    st = buf_finish(&b, &out, err);
    if (st != ST_OK)
        return st;
    *ret_html = (html){out};
    return ST_OK;
}

enum status plain_html_words(struct arena *arena, html body, size_t n, html *ret_html,
                             struct error *err)
{
    return beginning(arena, body, UNIT_WORDS, n, ret_html, err);
}

enum status plain_html_chars(struct arena *arena, html body, size_t n, html *ret_html,
                             struct error *err)
{
    return beginning(arena, body, UNIT_CHARS, n, ret_html, err);
}
