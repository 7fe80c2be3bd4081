/* SPDX-License-Identifier: MIT
 *
 * Paragraphs out of bare line ends, by the rules a WordPress writer knows: a blank line parts paragraphs, one
 * line end is a <br>, block-level tags and what may not be touched stand by themselves.
 *
 * The text is taken in runs: what lies between two block-level tags (or the ends). A run is cut at its
 * blank lines. Right behind an opening tag (<li>, <td>, <div>) a run without blank lines stays bare. */
#include "transfer/wp_parts.h"

#include "text/html.h"

struct run {
    str text;
    bool bare;     /* no <p> around: it is the one run of an <li> or <h2>, say */
    bool no_p;     /* inside an element that takes no <p>, blank lines are <br> */
    bool inside_p; /* the author's own <p>: begins open */
};

struct writer {
    struct buf *b;
    bool bare, no_p;
    bool open;       /* a <p> of ours */
    bool any;        /* something stands in this paragraph */
    size_t newlines; /* seen since */
    bool after_br;
};

static bool is_block(str name)
{
    static const str more[] = {STR_INIT("td"),   STR_INIT("th"),       STR_INIT("form"),
                               STR_INIT("col"),  STR_INIT("colgroup"), STR_INIT("map"),
                               STR_INIT("area"), STR_INIT("search")};
    char lower[16];

    if (name.len > sizeof(lower))
        return false;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = ascii_lower(name.ptr[i]);
    return html_is_block((str){lower, name.len}) || wp_name_in(name, more, ARRAY_LEN(more));
}

/* Kept byte for byte to its end tag. */
static bool is_protected(str name)
{
    static const str names[] = {STR_INIT("pre"),   STR_INIT("script"),   STR_INIT("style"),
                                STR_INIT("svg"),   STR_INIT("textarea"), STR_INIT("math"),
                                STR_INIT("select")};
    return wp_name_in(name, names, ARRAY_LEN(names));
}

static bool takes_no_p(str name)
{
    static const str names[] = {STR_INIT("h1"),     STR_INIT("h2"),      STR_INIT("h3"),
                                STR_INIT("h4"),     STR_INIT("h5"),      STR_INIT("h6"),
                                STR_INIT("dt"),     STR_INIT("summary"), STR_INIT("legend"),
                                STR_INIT("caption")};
    return wp_name_in(name, names, ARRAY_LEN(names));
}

/* ---- one run ---- */

static bool has_blank_line(str text)
{
    bool newline = false;

    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            if (newline)
                return true;
            newline = true;
        } else if (!ascii_is_space(text.ptr[i])) {
            newline = false;
        }
    }
    return false;
}

static void end_paragraph(struct writer *w)
{
    if (w->open)
        buf_add(w->b, S("</p>\n"));
    w->open = w->any = w->after_br = false;
    w->newlines = 0;
}

/* Pays the line ends owed, before something is written. */
static void begin(struct writer *w)
{
    if (w->newlines > 1 && w->any && !w->no_p)
        end_paragraph(w);
    if (!w->any && !w->bare && !w->open) {
        buf_add(w->b, S("<p>"));
        w->open = true;
    } else if (w->newlines > 0 && w->any) {
        buf_add(w->b, w->after_br ? S("\n") : S("<br>\n"));
    }
    w->newlines = 0;
    w->any = true;
    w->after_br = false;
}

static void add_text(struct writer *w, str text)
{
    size_t from = 0;

    while (from < text.len) {
        size_t end = str_find_char(str_from(text, from), '\n');
        end = end == STR_NPOS ? text.len : from + end;
        str line = str_sub(text, from, end - from);
        if (str_trim(line).len > 0) {
            begin(w);
            buf_add(w->b, line);
        } else if (w->newlines == 0 && w->any) {
            buf_add(w->b, line); /* a space between two tags */
        }
        if (end < text.len)
            w->newlines++;
        from = end + 1;
    }
}

/* The address when the line that begins at `from` is nothing else. */
static str address_line(str text, size_t from, size_t *ret_end)
{
    str rest = str_from(text, from);
    size_t newline = str_find_char(str_sub(rest, 0, 4096), '\n');
    str line = newline == STR_NPOS ? rest : str_sub(rest, 0, newline);

    *ret_end = from + line.len;
    line = str_trim(line);
    return line.len <= 2048 && wp_is_address(line) ? line : STR_NONE;
}

/* Text of the run up to its next tag, line by line. */
static void add_lines(struct writer *w, str text, size_t from, size_t to)
{
    while (from < to) {
        bool line_start = from == 0 || text.ptr[from - 1] == '\n';
        size_t end;
        str address = line_start && !w->no_p ? address_line(text, from, &end) : STR_NONE;
        if (address.len > 0 && end <= to) {
            end_paragraph(w);
            buf_add(w->b, S("<p>"));
            buf_add(w->b, address);
            buf_add(w->b, S("</p>\n"));
            from = end + (end < to);
            continue;
        }
        size_t newline = str_find_char(str_sub(text, from, to - from), '\n');
        end = newline == STR_NPOS ? to : from + newline + 1;
        add_text(w, str_sub(text, from, end - from));
        from = end;
    }
}

static void add_run(struct buf *b, const struct run *run)
{
    struct writer w = {.b = b, .bare = run->bare, .no_p = run->no_p, .open = run->inside_p};
    struct wp_tag tag;
    size_t at = 0;

    while (wp_tag_next(run->text, at, &tag)) {
        add_lines(&w, run->text, at, tag.start);
        str whole = str_sub(run->text, tag.start, tag.end - tag.start);
        at = tag.end;
        if (tag.name.len == 0) { /* a comment; these two part paragraphs */
            if (str_starts(whole, S("<!--nextpage")) || str_starts(whole, S("<!--more")))
                w.newlines += 2;
            continue;
        }
        if (is_protected(tag.name) && !tag.close) {
            at = wp_element_end(run->text, &tag);
            whole = str_sub(run->text, tag.start, at - tag.start);
        }
        if (str_eq_nocase(tag.name, S("script")) || str_eq_nocase(tag.name, S("style"))) {
            buf_add(b, whole); /* shows nothing, so opens nothing */
            continue;
        }
        begin(&w);
        buf_add(b, whole);
        w.after_br = str_eq_nocase(tag.name, S("br"));
    }
    add_lines(&w, run->text, at, run->text.len);
    if (!run->inside_p) /* else the author's own </p> follows */
        end_paragraph(&w);
}

/* ---- block-level tags ---- */

/* The next tag that ends a run, passing over protected elements within it (but not <pre>, a block). */
static bool next_block(str text, size_t from, struct wp_tag *ret_tag)
{
    while (wp_tag_next(text, from, ret_tag)) {
        if (is_block(ret_tag->name))
            return true;
        from = is_protected(ret_tag->name) && !ret_tag->close ? wp_element_end(text, ret_tag)
                                                              : ret_tag->end;
    }
    return false;
}

static struct run run_of(str text, const struct wp_tag *before)
{
    struct run run = {.text = text};
    bool opened = before->name.len > 0 && !before->close && !str_eq_nocase(before->name, S("hr")) &&
                  !str_eq_nocase(before->name, S("pre"));

    if (!opened)
        return run;
    run.no_p = takes_no_p(before->name);
    run.inside_p = str_eq_nocase(before->name, S("p"));
    run.bare = run.no_p || (!str_eq_nocase(before->name, S("blockquote")) && !run.inside_p &&
                            !has_blank_line(text));
    return run;
}

str wp_paragraphs(struct wp_pass *pass, str text)
{
    struct wp_tag before = {0}, tag;
    struct buf b;
    size_t at = 0;

    buf_init(&b, pass->arena, WP_CONTENT_MAX);
    while (next_block(text, at, &tag)) {
        struct run run = run_of(str_sub(text, at, tag.start - at), &before);
        add_run(&b, &run);
        at = tag.end;
        if (str_eq_nocase(tag.name, S("pre")) && !tag.close)
            at = wp_element_end(text, &tag);
        buf_add(&b, str_sub(text, tag.start, at - tag.start));
        before = tag;
    }
    struct run run = run_of(str_from(text, at), &before);
    add_run(&b, &run);
    return wp_done(pass, &b);
}
