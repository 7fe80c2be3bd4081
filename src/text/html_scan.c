/* SPDX-License-Identifier: MIT */
#include "text/html_scan.h"

#include "base/buf.h"
#include "text/html.h"

/* ---- kinds of elements ---- */

enum element_kind {
    KIND_PLAIN,
    KIND_VOID,
    KIND_RAW,        /* content is text up to its end tag */
    KIND_CUT_TAG,    /* its tags are cut, its content stays */
    KIND_CUT_REGION, /* from its start tag to its end tag, all is cut */
    KIND_FORMAT,     /* a, b, ...: the parser compares their attributes with those open already */
    KIND_BLOCK,      /* closes an open p */
    KIND_P,
    KIND_LI,
    KIND_DD, /* dt, dd */
    KIND_CELL,
    KIND_ROW,
    KIND_ROWS, /* thead, tbody, tfoot */
    KIND_TABLE,
    KIND_LIST, /* ul, ol, menu, dir, dl */
};

static const struct {
    str name;
    enum element_kind kind;
} element_kinds[] = {
    {STR_INIT("a"), KIND_FORMAT},
    {STR_INIT("address"), KIND_BLOCK},
    {STR_INIT("area"), KIND_VOID},
    {STR_INIT("article"), KIND_BLOCK},
    {STR_INIT("aside"), KIND_BLOCK},
    {STR_INIT("b"), KIND_FORMAT},
    {STR_INIT("base"), KIND_VOID},
    {STR_INIT("basefont"), KIND_VOID},
    {STR_INIT("bgsound"), KIND_VOID},
    {STR_INIT("big"), KIND_FORMAT},
    {STR_INIT("blockquote"), KIND_BLOCK},
    {STR_INIT("body"), KIND_CUT_TAG},
    {STR_INIT("br"), KIND_VOID},
    {STR_INIT("button"), KIND_CUT_TAG},
    {STR_INIT("center"), KIND_BLOCK},
    {STR_INIT("code"), KIND_FORMAT},
    {STR_INIT("col"), KIND_VOID},
    {STR_INIT("dd"), KIND_DD},
    {STR_INIT("details"), KIND_BLOCK},
    {STR_INIT("dir"), KIND_LIST},
    {STR_INIT("div"), KIND_BLOCK},
    {STR_INIT("dl"), KIND_LIST},
    {STR_INIT("dt"), KIND_DD},
    {STR_INIT("em"), KIND_FORMAT},
    {STR_INIT("embed"), KIND_VOID},
    {STR_INIT("fieldset"), KIND_BLOCK},
    {STR_INIT("figcaption"), KIND_BLOCK},
    {STR_INIT("figure"), KIND_BLOCK},
    {STR_INIT("font"), KIND_FORMAT},
    {STR_INIT("footer"), KIND_BLOCK},
    {STR_INIT("form"), KIND_CUT_TAG},
    {STR_INIT("frame"), KIND_CUT_TAG},
    {STR_INIT("frameset"), KIND_CUT_TAG},
    {STR_INIT("h1"), KIND_BLOCK},
    {STR_INIT("h2"), KIND_BLOCK},
    {STR_INIT("h3"), KIND_BLOCK},
    {STR_INIT("h4"), KIND_BLOCK},
    {STR_INIT("h5"), KIND_BLOCK},
    {STR_INIT("h6"), KIND_BLOCK},
    {STR_INIT("head"), KIND_CUT_TAG},
    {STR_INIT("header"), KIND_BLOCK},
    {STR_INIT("hgroup"), KIND_BLOCK},
    {STR_INIT("hr"), KIND_VOID},
    {STR_INIT("html"), KIND_CUT_TAG},
    {STR_INIT("i"), KIND_FORMAT},
    {STR_INIT("iframe"), KIND_RAW},
    {STR_INIT("image"), KIND_VOID},
    {STR_INIT("img"), KIND_VOID},
    {STR_INIT("input"), KIND_VOID},
    {STR_INIT("isindex"), KIND_CUT_TAG},
    {STR_INIT("keygen"), KIND_VOID},
    {STR_INIT("li"), KIND_LI},
    {STR_INIT("link"), KIND_VOID},
    {STR_INIT("main"), KIND_BLOCK},
    {STR_INIT("math"), KIND_CUT_REGION},
    {STR_INIT("menu"), KIND_LIST},
    {STR_INIT("menuitem"), KIND_CUT_TAG},
    {STR_INIT("meta"), KIND_VOID},
    {STR_INIT("nav"), KIND_BLOCK},
    {STR_INIT("nobr"), KIND_FORMAT},
    {STR_INIT("noembed"), KIND_RAW},
    {STR_INIT("noframes"), KIND_RAW},
    {STR_INIT("ol"), KIND_LIST},
    {STR_INIT("optgroup"), KIND_CUT_TAG},
    {STR_INIT("option"), KIND_CUT_TAG},
    {STR_INIT("p"), KIND_P},
    {STR_INIT("param"), KIND_VOID},
    {STR_INIT("plaintext"), KIND_CUT_TAG},
    {STR_INIT("pre"), KIND_BLOCK},
    {STR_INIT("s"), KIND_FORMAT},
    {STR_INIT("script"), KIND_RAW},
    {STR_INIT("section"), KIND_BLOCK},
    {STR_INIT("select"), KIND_CUT_TAG},
    {STR_INIT("small"), KIND_FORMAT},
    {STR_INIT("source"), KIND_VOID},
    {STR_INIT("strike"), KIND_FORMAT},
    {STR_INIT("strong"), KIND_FORMAT},
    {STR_INIT("style"), KIND_RAW},
    {STR_INIT("summary"), KIND_BLOCK},
    {STR_INIT("svg"), KIND_CUT_REGION},
    {STR_INIT("table"), KIND_TABLE},
    {STR_INIT("tbody"), KIND_ROWS},
    {STR_INIT("td"), KIND_CELL},
    {STR_INIT("template"), KIND_CUT_REGION},
    {STR_INIT("textarea"), KIND_RAW},
    {STR_INIT("tfoot"), KIND_ROWS},
    {STR_INIT("th"), KIND_CELL},
    {STR_INIT("thead"), KIND_ROWS},
    {STR_INIT("title"), KIND_RAW},
    {STR_INIT("tr"), KIND_ROW},
    {STR_INIT("track"), KIND_VOID},
    {STR_INIT("tt"), KIND_FORMAT},
    {STR_INIT("u"), KIND_FORMAT},
    {STR_INIT("ul"), KIND_LIST},
    {STR_INIT("wbr"), KIND_VOID},
    {STR_INIT("xmp"), KIND_RAW},
};

static int cmp_nocase(str a, str lower)
{
    for (size_t i = 0; i < a.len && i < lower.len; i++) {
        int diff = (unsigned char)ascii_lower(a.ptr[i]) - (unsigned char)lower.ptr[i];
        if (diff != 0)
            return diff;
    }
    return a.len < lower.len ? -1 : a.len > lower.len;
}

static enum element_kind kind_of(str name)
{
    size_t low = 0, high = sizeof(element_kinds) / sizeof(element_kinds[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int diff = cmp_nocase(name, element_kinds[middle].name);
        if (diff == 0)
            return element_kinds[middle].kind;
        if (diff < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return KIND_PLAIN;
}

/* ---- the scan ---- */

struct open_element {
    str name; /* as written */
    enum element_kind kind;
};

/* What was learned of the regions of one name, so that looking for their ends stays linear in all. */
struct region {
    bool unclosed; /* no end tag from here on */
    bool uneven;   /* more begin than end: the first end tag is taken */
};

struct scan {
    str text;
    size_t at;
    struct open_element open[HTML_UNCLOSED_MAX];
    size_t depth;
    size_t passed; /* taken off the stack by the end of another: perhaps still open in the parser */
    size_t work;
    struct buf out;
    size_t copied; /* text before here is in `out`; used once something was cut */
    bool cutting;
    struct region svg, math, template;
};

struct tag {
    str name;
    size_t begin; /* its '<' */
    size_t end;   /* past its '>' */
    size_t attrs;
    bool self_closing;
};

static bool is_tag_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool ends_tag_name(char c)
{
    return is_tag_space(c) || c == '/' || c == '>';
}

/* One attribute, from its name's first byte; returns the offset past it. */
static size_t skip_attribute(str text, size_t at)
{
    at++; /* a first '=' belongs to the name */
    while (at < text.len && !ends_tag_name(text.ptr[at]) && text.ptr[at] != '=')
        at++;
    size_t value = at;
    while (value < text.len && is_tag_space(text.ptr[value]))
        value++;
    if (value >= text.len || text.ptr[value] != '=')
        return at;
    value++;
    while (value < text.len && is_tag_space(text.ptr[value]))
        value++;
    if (value >= text.len || text.ptr[value] == '>')
        return value;
    char quote = text.ptr[value];
    if (quote == '"' || quote == '\'') {
        size_t close = str_find_char(str_from(text, value + 1), quote);
        return close == STR_NPOS ? text.len : value + 1 + close + 1;
    }
    while (value < text.len && !is_tag_space(text.ptr[value]) && text.ptr[value] != '>')
        value++;
    return value;
}

/* A start or end tag whose name begins at `name_at`. False when the text ends first: it is no tag then, but
 * the parser has read its attributes before it knows. */
static bool read_tag(str text, size_t begin, size_t name_at, struct tag *ret_tag)
{
    size_t at = name_at;
    struct tag tag = {.begin = begin};

    while (at < text.len && !ends_tag_name(text.ptr[at]))
        at++;
    tag.name = str_sub(text, name_at, at - name_at);
    while (at < text.len && text.ptr[at] != '>') {
        if (is_tag_space(text.ptr[at]) || text.ptr[at] == '/') {
            tag.self_closing = text.ptr[at] == '/';
            at++;
        } else {
            tag.self_closing = false;
            tag.attrs++;
            at = skip_attribute(text, at);
        }
    }
    tag.end = at < text.len ? at + 1 : text.len;
    *ret_tag = tag;
    return at < text.len;
}

/* Past the end of the comment whose "<!--" ends at `at`. */
static size_t comment_end(str text, size_t at)
{
    str rest = str_from(text, at);
    if (str_starts(rest, S(">")))
        return at + 1;
    if (str_starts(rest, S("->")))
        return at + 2;
    for (;;) {
        size_t dashes = str_find(str_from(text, at), S("--"));
        if (dashes == STR_NPOS)
            return text.len;
        at += dashes;
        rest = str_from(text, at);
        if (str_starts(rest, S("-->")))
            return at + 3;
        if (str_starts(rest, S("--!>")))
            return at + 4;
        at++;
    }
}

static size_t past_char(str text, size_t at, char c)
{
    size_t found = str_find_char(str_from(text, at), c);
    return found == STR_NPOS ? text.len : at + found + 1;
}

/* Is there `<name` or `</name`, and then the end of a tag's name, at `at`? */
static bool names_tag(str text, size_t at, str opener, str name)
{
    str rest = str_from(text, at);
    size_t len = opener.len + name.len;
    return rest.len > len && str_starts(rest, opener) &&
           str_eq_nocase(str_sub(rest, opener.len, name.len), name) && ends_tag_name(rest.ptr[len]);
}

/* The '<' of the end tag that ends raw text, or the end of the text. A script hides its own end tag
 * between "<!--<script>" and "</script>" (WHATWG 13.2.5.20 ff.). */
static size_t raw_text_end(str text, size_t at, str name)
{
    bool script = str_eq_nocase(name, S("script"));
    enum { NORMAL, ESCAPED, ESCAPED_TWICE } state = NORMAL;

    for (; at < text.len; at++) {
        if (text.ptr[at] == '<') {
            if (state != ESCAPED_TWICE && names_tag(text, at, S("</"), name))
                return at;
            if (state == ESCAPED_TWICE && names_tag(text, at, S("</"), name))
                state = ESCAPED;
            else if (state == ESCAPED && names_tag(text, at, S("<"), name))
                state = ESCAPED_TWICE;
            else if (script && state == NORMAL && str_starts(str_from(text, at), S("<!--"))) {
                state = ESCAPED;
                at++; /* its dashes may be those of "-->" */
            }
        } else if (text.ptr[at] == '-' && state != NORMAL &&
                   str_starts(str_from(text, at), S("-->"))) {
            state = NORMAL;
        }
    }
    return text.len;
}

/* ---- cutting ---- */

static void cut(struct scan *s, size_t begin, size_t end)
{
    s->cutting = true;
    buf_add(&s->out, str_sub(s->text, s->copied, begin - s->copied));
    buf_add(&s->out, S("<!>"));
    s->copied = end;
}

/* Past the end tag of a region, nested ones counted; past the first end tag if the count does not come
 * out even; 0 when there is none. Read roughly, without regard to quotes: what it is, all of it goes. */
static size_t region_end(str text, size_t at, str name, struct region *region)
{
    size_t depth = 1, first = 0;

    while (at < text.len) {
        at = past_char(text, at, '<') - 1;
        bool end_tag = names_tag(text, at, S("</"), name);
        if (!end_tag && !names_tag(text, at, S("<"), name)) {
            at++;
            continue;
        }
        size_t past = past_char(text, at, '>');
        bool self_closing = text.ptr[past - 1] == '>' && text.ptr[past - 2] == '/';
        if (end_tag) {
            first = first == 0 ? past : first;
            depth--;
            if (depth == 0 || region->uneven)
                return past;
        } else if (!self_closing) {
            depth++;
        }
        at = past;
    }
    region->uneven = true;
    region->unclosed = first == 0;
    return first;
}

static void cut_region(struct scan *s, const struct tag *tag)
{
    struct region *region = str_eq_nocase(tag->name, S("svg"))    ? &s->svg
                            : str_eq_nocase(tag->name, S("math")) ? &s->math
                                                                  : &s->template;
    size_t end = 0;

    if (!tag->self_closing && !region->unclosed)
        end = region_end(s->text, tag->end, tag->name, region);
    if (end == 0)
        end = tag->end;
    cut(s, tag->begin, end);
    s->at = end;
}

/* ---- the stack ---- */

static bool top_is(const struct scan *s, enum element_kind kind)
{
    return s->depth > 0 && s->open[s->depth - 1].kind == kind;
}

/* The ends that a start tag brings for the element on top. */
static void imply_ends(struct scan *s, enum element_kind kind)
{
    if (kind >= KIND_BLOCK && top_is(s, KIND_P))
        s->depth--;
    if ((kind == KIND_LI && top_is(s, KIND_LI)) || (kind == KIND_DD && top_is(s, KIND_DD)))
        s->depth--;
    bool row = kind == KIND_ROW || kind == KIND_ROWS;
    if ((kind == KIND_CELL || row) && top_is(s, KIND_CELL))
        s->depth--;
    if (row && top_is(s, KIND_ROW))
        s->depth--;
    if (kind == KIND_ROWS && top_is(s, KIND_ROWS))
        s->depth--;
}

/* May the end tag of a `kind` end an open `inner` on its way? */
static bool end_passes(enum element_kind kind, enum element_kind inner)
{
    bool table_part = inner == KIND_CELL || inner == KIND_ROW || inner == KIND_ROWS;

    if (inner == KIND_P)
        return kind >= KIND_BLOCK;
    if (inner == KIND_LI || inner == KIND_DD)
        return kind == KIND_LIST;
    return table_part && (kind == KIND_ROW || kind == KIND_ROWS || kind == KIND_TABLE);
}

static void end_tag(struct scan *s, str name, enum element_kind kind)
{
    size_t depth = s->depth, passed = 0;

    while (depth > 0) {
        const struct open_element *top = &s->open[depth - 1];
        if (top->kind == kind && str_eq_nocase(top->name, name)) {
            s->depth = depth - 1;
            s->passed += passed;
            return;
        }
        if (!end_passes(kind, top->kind))
            return;
        passed += top->kind != KIND_P; /* a p is closed by the next p at the latest */
        depth--;
    }
}

static enum status start_tag(struct scan *s, const struct tag *tag, enum element_kind kind,
                             struct error *err)
{
    imply_ends(s, kind);
    if (kind == KIND_FORMAT)
        s->work += (s->depth + 1) * (tag->attrs * tag->attrs / 8 + 1);
    if (kind == KIND_VOID || kind == KIND_RAW)
        return ST_OK;
    if (s->depth == HTML_UNCLOSED_MAX || s->passed > HTML_UNCLOSED_MAX)
        return error_set(err, ST_TOO_BIG, "more than %d tags are open at once (never closed?)",
                         HTML_UNCLOSED_MAX);
    s->open[s->depth++] = (struct open_element){tag->name, kind};
    return ST_OK;
}

static enum status take_tag(struct scan *s, bool end, size_t name_at, struct error *err)
{
    struct tag tag;

    bool whole = read_tag(s->text, s->at, name_at, &tag);
    if (tag.attrs > HTML_ATTRS_MAX)
        return error_set(err, ST_TOO_BIG, "a <%.*s> has more than %d attributes",
                         STR_ARG(str_sub(tag.name, 0, 32)), HTML_ATTRS_MAX);
    s->at = tag.end;
    if (!whole)
        return ST_OK;
    s->work += s->depth + s->passed + 1 + tag.attrs * tag.attrs / 8;
    if (s->work > HTML_SCAN_WORK_MAX)
        return error_set(err, ST_TOO_BIG, "too much markup, too deeply nested");
    enum element_kind kind = kind_of(tag.name);
    if (kind == KIND_CUT_TAG || (kind == KIND_CUT_REGION && end)) {
        cut(s, tag.begin, tag.end);
        return ST_OK;
    }
    if (kind == KIND_CUT_REGION) {
        cut_region(s, &tag);
        return ST_OK;
    }
    if (end) {
        end_tag(s, tag.name, kind);
        return ST_OK;
    }
    if (kind == KIND_RAW) /* the end tag that follows finds nothing on the stack */
        s->at = raw_text_end(s->text, tag.end, tag.name);
    return start_tag(s, &tag, kind, err);
}

/* What follows a '<'. */
static enum status take_markup(struct scan *s, struct error *err)
{
    str rest = str_from(s->text, s->at + 1);
    char next = rest.len > 0 ? rest.ptr[0] : '\0';

    if (ascii_is_alpha(next))
        return take_tag(s, false, s->at + 1, err);
    if (next == '/' && rest.len > 1 && ascii_is_alpha(rest.ptr[1]))
        return take_tag(s, true, s->at + 2, err);
    if (str_starts(rest, S("!--")))
        s->at = comment_end(s->text, s->at + 4);
    else if (str_starts(rest, S("/>"))) { /* nothing, but gumbo counts it to the next tag's name */
        cut(s, s->at, s->at + 3);
        s->at += 3;
    } else if (next == '!' || next == '?' || (next == '/' && rest.len > 1))
        s->at = past_char(s->text, s->at + 2, '>'); /* a doctype, or what HTML reads as a comment */
    else
        s->at++;
    return ST_OK;
}

enum status html_scan(struct arena *arena, str text, str *ret_text, struct error *err)
{
    struct scan s = {.text = text};

    /* What is put in is no longer than what is cut: "</>" at the least. */
    buf_init(&s.out, arena, size_add(text.len, 1));
    for (;;) {
        size_t open = str_find_char(str_from(text, s.at), '<');
        if (open == STR_NPOS)
            break;
        s.at += open;
        enum status st = take_markup(&s, err);
        if (st != ST_OK)
            return st;
    }
    if (!s.cutting) {
        *ret_text = text;
        return ST_OK;
    }
    buf_add(&s.out, str_from(text, s.copied));
    return buf_finish(&s.out, ret_text, err);
}
