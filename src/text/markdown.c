/* SPDX-License-Identifier: MIT */
#include "text/markdown.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/html.h"
#include "text/plain.h"
#include "text/utf8.h"

#include <md4c-html.h>

/* ---- Markdown ---- */

static void add_output(const MD_CHAR *text, MD_SIZE len, void *ctx)
{
    struct buf *b = ctx;
    buf_add(b, (str){text, len});
}

static enum status check_size(str text, size_t bytes_max, struct error *err)
{
    size_t lines = 1;

    if (text.len > bytes_max)
        return error_set(err, ST_TOO_BIG, "a text of %zu bytes is over the limit of %zu", text.len,
                         bytes_max);
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    if (lines > MARKDOWN_LINES_MAX)
        return error_set(err, ST_TOO_BIG, "a text of %zu lines is over the limit of %d", lines,
                         MARKDOWN_LINES_MAX);
    return ST_OK;
}

enum status markdown_to_html(struct arena *arena, str text, const struct clean_profile *profile,
                             html *ret_html, struct error *err)
{
    bool story = profile->kind == CLEAN_STORY;
    unsigned flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS;
    struct buf b;
    str raw;

    flags |= story ? MD_FLAG_TABLES | MD_FLAG_PERMISSIVEWWWAUTOLINKS
                   : MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
    enum status st =
        check_size(text, story ? (size_t)MARKDOWN_STORY_MAX : (size_t)MARKDOWN_REPLY_MAX, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, arena, story ? HTML_STORY_MAX : HTML_REPLY_MAX);
    str valid = utf8_repair(arena, text);
    int failed = md_html(valid.len == 0 ? "" : valid.ptr, u32_from_size(valid.len), add_output, &b,
                         flags, MD_HTML_FLAG_SKIP_UTF8_BOM);
    if (failed != 0)
        return error_set(err, ST_INVALID, "this Markdown cannot be read");
    st = buf_finish(&b, &raw, err);
    if (st != ST_OK)
        return st;
    return html_clean(arena, raw, profile, ret_html, NULL, err);
}

/* ---- plain text ---- */

/* The length of the address at the front of `s`: up to white space or what no address holds, without
 * the punctuation of the sentence around it. A ')' stays if its '(' is in the address. */
static size_t address_len(str s)
{
    size_t len = 0;
    int open = 0;

    while (len < s.len && (unsigned char)s.ptr[len] > ' ' &&
           str_find_char(S("<>\"`"), s.ptr[len]) == STR_NPOS) {
        if (s.ptr[len] == ')' && open == 0)
            break;
        open += (s.ptr[len] == '(') - (s.ptr[len] == ')');
        len++;
    }
    while (len > 0 && str_find_char(S(".,;:!?'"), s.ptr[len - 1]) != STR_NPOS)
        len--;
    return len;
}

static bool begins_address(str s)
{
    str rest = str_starts_nocase(s, S("https://"))  ? str_from(s, 8)
               : str_starts_nocase(s, S("http://")) ? str_from(s, 7)
                                                    : STR_NONE;
    return rest.len > 0 && (ascii_is_alnum(rest.ptr[0]) || (unsigned char)rest.ptr[0] >= 0x80);
}

static void add_line(struct buf *b, str line)
{
    size_t from = 0;

    for (size_t i = 0; i < line.len; i++) {
        bool word_begins = i == 0 || !ascii_is_alnum(line.ptr[i - 1]);
        str rest = str_from(line, i);
        if ((line.ptr[i] != 'h' && line.ptr[i] != 'H') || !word_begins || !begins_address(rest))
            continue;
        str address = str_sub(rest, 0, address_len(rest));
        buf_add_html(b, str_sub(line, from, i - from));
        buf_add(b, S("<a href=\""));
        buf_add_html(b, address);
        buf_add(b, S("\">"));
        buf_add_html(b, address);
        buf_add(b, S("</a>"));
        from = i + address.len;
        i = from - 1;
    }
    buf_add_html(b, str_from(line, from));
}

static enum status plain_to_html(struct arena *arena, str text, str *ret_raw, struct error *err)
{
    struct buf b;
    bool in_paragraph = false;

    buf_init(&b, arena, HTML_REPLY_MAX);
    while (text.len > 0) {
        str line = str_trim(str_cut(&text, '\n'));
        if (line.len == 0) {
            in_paragraph = false;
            continue;
        }
        buf_add(&b, in_paragraph ? S("<br>\n") : S("<p>"));
        in_paragraph = true;
        add_line(&b, line);
    }
    return buf_finish(&b, ret_raw, err);
}

/* People press Enter where they want a line to end: two spaces before it say that in Markdown. */
static str with_hard_breaks(struct arena *arena, str text)
{
    struct buf b;

    buf_init(&b, arena, size_add(size_mul(text.len, 3), 1));
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            buf_add(&b, S("  "));
        buf_add_char(&b, text.ptr[i]);
    }
    return buf_view(&b);
}

static bool is_readable(str text)
{
    while (text.len > 0) {
        uint32_t c = utf8_next(&text);
        if (c > ' ' && !utf8_is_space(c) && c != 0xAD && !(c >= 0x200C && c <= 0x200F) &&
            !(c >= 0x2060 && c <= 0x206F) && c != 0x3164 && c != 0x2800)
            return true;
    }
    return false;
}

enum status reply_from_text(struct arena *arena, str text, enum reply_format format, html *ret_html,
                            struct error *err)
{
    const struct clean_profile profile = {.kind = CLEAN_REPLY};
    html out;
    str raw, readable;

    enum status st = check_size(text, MARKDOWN_REPLY_MAX, err);
    if (st != ST_OK)
        return st;
    str typed = utf8_strip_controls(arena, text, UTF8_KEEP_LINES | UTF8_DROP_BIDI);
    if (format == REPLY_MARKDOWN) {
        st = markdown_to_html(arena,
                              utf8_cut_bytes(with_hard_breaks(arena, typed), MARKDOWN_REPLY_MAX),
                              &profile, &out, err);
    } else {
        st = plain_to_html(arena, typed, &raw, err);
        if (st == ST_OK)
            st = html_clean(arena, raw, &profile, &out, NULL, err);
    }
    if (st != ST_OK)
        return st;
    st = plain_from_html(arena, out.raw, &readable, err);
    if (st != ST_OK)
        return st;
    if (!is_readable(readable))
        return error_set(err, ST_INVALID, "the reply is empty");
    *ret_html = out;
    return ST_OK;
}
