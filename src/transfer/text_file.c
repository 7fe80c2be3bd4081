/* SPDX-License-Identifier: MIT */
#include "transfer/text_file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "reader/furniture.h"
#include "text/entity.h"
#include "text/html.h"
#include "text/plain.h"

static bool looks_like_html(str text)
{
    static const str marks[] = {STR_INIT("<!doctype html"), STR_INIT("<html"), STR_INIT("<body"),
                                STR_INIT("<p>"), STR_INIT("<h1")};
    str start = str_sub(str_trim(text), 0, 1024);
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (str_find_nocase(start, marks[i]) != STR_NPOS)
            return true;
    }
    return false;
}

/* ---- text ---- */

static str next_line(str *rest)
{
    str line = str_cut(rest, '\n');
    if (str_ends(line, S("\r")))
        line.len--;
    return line;
}

static void paragraphs(struct buf *b, str text)
{
    bool open = false;
    while (text.len > 0) {
        str line = str_trim(next_line(&text));
        if (line.len == 0) {
            buf_add(b, open ? S("</p>\n") : S(""));
            open = false;
            continue;
        }
        buf_add(b, open ? S("<br>") : S("<p>"));
        buf_add_html(b, line);
        open = true;
    }
    buf_add(b, open ? S("</p>\n") : S(""));
}

static enum status from_text(struct arena *arena, str text, bool keep_all, struct text_story *story,
                             struct furniture *left_out, struct error *err)
{
    struct buf b;
    *left_out = furniture_find(text);
    if (!keep_all)
        text = str_sub(text, 0, left_out->begin);
    else
        *left_out = (struct furniture){.begin = text.len};
    while (story->headline.len == 0 && text.len > 0)
        story->headline = str_trim(next_line(&text));
    buf_init(&b, arena, HTML_STORY_MAX);
    paragraphs(&b, text);
    return buf_finish(&b, &story->html, err);
}

/* ---- HTML ---- */

/* What stands between <name ...> and </name>, the first of them; empty without. */
static str element(str text, str open, str close)
{
    size_t at = str_find_nocase(text, open);
    if (at == STR_NPOS)
        return STR_NONE;
    str rest = str_from(text, at);
    size_t inside = str_find_char(rest, '>');
    if (inside == STR_NPOS)
        return STR_NONE;
    rest = str_from(rest, inside + 1);
    size_t end = str_find_nocase(rest, close);
    return end == STR_NPOS ? STR_NONE : str_sub(rest, 0, end);
}

static enum status from_html(struct arena *arena, str text, struct text_story *story,
                             struct error *err)
{
    str h1 = element(text, S("<h1"), S("</h1>"));
    str body = element(text, S("<body"), S("</body>"));
    str plain;
    story->html = body.len > 0 ? body : text;
    enum status st = plain_from_html(arena, h1, &plain, err);
    if (st != ST_OK)
        return st;
    story->headline = plain_one_line(arena, plain);
    if (story->headline.len > 0) {
        size_t at = str_find(story->html, h1);
        if (at != STR_NPOS) /* it is printed as the headline: not once more in the body */
            story->html = str_from(story->html, at + h1.len);
    } else {
        story->headline =
            plain_one_line(arena, entity_decode(arena, element(text, S("<title"), S("</title>"))));
    }
    return ST_OK;
}

enum status text_story_read(struct arena *arena, str text, bool keep_all,
                            struct text_story *ret_story, struct furniture *ret_left_out,
                            struct error *err)
{
    struct text_story story = {0};
    *ret_left_out = (struct furniture){.begin = text.len};
    enum status st = looks_like_html(text)
                         ? from_html(arena, text, &story, err)
                         : from_text(arena, text, keep_all, &story, ret_left_out, err);
    if (st != ST_OK)
        return st;
    if (story.headline.len == 0)
        return error_set(err, ST_INVALID, "no headline in it: the first line should be one");
    *ret_story = story;
    return ST_OK;
}
