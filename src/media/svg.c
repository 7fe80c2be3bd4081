/* SPDX-License-Identifier: MIT
 *
 * expat reads, and what the tables know is written anew as it comes by. A start tag is held open (">" not written)
 * until its first content, so that an empty element stays one. What is not known is passed over with all that is
 * in it. Nothing is kept of the file but the graph of svg_uses.c and the text of a sheet while it is read.
 *
 * Dropped, after trial: Gumbo for files that are nearly XML. An SVG in an <img> must be XML to show at all, so
 * one that expat refuses never worked. */
#include "media/svg.h"

#include "base/arena.h"
#include "base/parse.h"
#include "media/bare.h"
#include "media/svg_parts.h"
#include "media/svg_tables.h"
#include "text/utf8.h"

#include <expat.h>
#include <math.h>
#include <string.h>

#define NAMESPACE_SVG   "http://www.w3.org/2000/svg"
#define NAMESPACE_XLINK "http://www.w3.org/1999/xlink"
#define NAMESPACE_XML   "http://www.w3.org/XML/1998/namespace"

/* Between a name's namespace and the name: no namespace can hold it (expat refuses those). */
#define NAME_SEPARATOR '\n'

enum { SVG_TITLE_MAX = 500 };

struct level {
    const struct svg_element *element; /* NULL: passed over */
    size_t node;
    bool open; /* its ">" is not written yet */
};

struct cleaner {
    struct arena *arena;
    XML_Parser parser;
    struct buf out;
    struct svg_graph graph;
    struct level levels[SVG_DEPTH_MAX];
    size_t depth;
    size_t elements;
    size_t passing;   /* the depth at which passing over began; 0: not */
    bool bare;        /* the root has no namespace, so its elements need none */
    bool xlink;       /* xlink:href is used */
    struct buf sheet; /* text of the <style> that is open */
    str sheet_media;
    struct buf title;
    bool has_title;
    struct svg_look look;
    double view_width, view_height, width, height;
    enum status st; /* the first failure stops the parser */
    struct error *err;
};

static void stop(struct cleaner *c, enum status st)
{
    c->st = st;
    (void)XML_StopParser(c->parser, XML_FALSE);
}

/* ---- names ---- */

static str local_name(const struct cleaner *c, str name, bool *ret_ours)
{
    size_t at = str_find_char(name, NAME_SEPARATOR);
    if (at == STR_NPOS) {
        *ret_ours = c->bare;
        return name;
    }
    *ret_ours = !c->bare && str_eq(str_sub(name, 0, at), S(NAMESPACE_SVG));
    return str_from(name, at + 1);
}

static const struct svg_element *element_find(str name)
{
    size_t from = 0, to = ARRAY_LEN(svg_elements);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(svg_elements[middle].name, name);
        if (order == 0)
            return &svg_elements[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static bool attribute_known(str name)
{
    size_t from = 0, to = ARRAY_LEN(svg_attributes);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(svg_attributes[middle], name);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

/* ---- writing ---- */

/* Controls become spaces: XML would fold them anyway, and twice must be the same as once. */
static void add_escaped(struct buf *out, str text, bool attribute)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            buf_add(out, S("&amp;"));
        else if (c == '<')
            buf_add(out, S("&lt;"));
        else if (c == '>')
            buf_add(out, S("&gt;"));
        else if (c == '"' && attribute)
            buf_add(out, S("&quot;"));
        else if ((unsigned char)c < 0x20 && (attribute || c != '\n'))
            buf_add_char(out, ' ');
        else
            buf_add_char(out, c);
    }
}

static void add_attribute(struct cleaner *c, str name, str value)
{
    buf_add_char(&c->out, ' ');
    buf_add(&c->out, name);
    buf_add(&c->out, S("=\""));
    add_escaped(&c->out, value, true);
    buf_add_char(&c->out, '"');
}

static void close_start_tag(struct cleaner *c, struct level *level)
{
    if (level->open)
        buf_add_char(&c->out, '>');
    level->open = false;
}

static str written_name(const struct svg_element *element)
{
    return element->flags & SVG_EL_LINK ? S("g") : element->name;
}

/* ---- attributes ---- */

static void take_href(struct cleaner *c, const struct level *level, str name, str value)
{
    str id, picture;
    if (level->element->flags & SVG_EL_LOCAL && svg_local_id(value, &id)) {
        svg_graph_ref(&c->graph, level->node, id, 0);
        add_attribute(c, name, str_join2(c->arena, S("#"), id));
    } else if (level->element->flags & SVG_EL_PICTURE &&
               bare_data_address(c->arena, value, &picture)) {
        add_attribute(c, name, picture);
    } else {
        return;
    }
    c->xlink = c->xlink || str_starts(name, S("xlink:"));
}

static void take_style(struct cleaner *c, const struct level *level, str value)
{
    struct buf b;
    str text;
    buf_init(&b, c->arena, SVG_BYTES_MAX);
    svg_css_declarations(&(struct svg_namer){.graph = &c->graph, .node = level->node}, value, &b);
    if (buf_finish(&b, &text, NULL) == ST_OK && text.len > 0)
        add_attribute(c, S("style"), text);
}

static void take_plain(struct cleaner *c, const struct level *level, str name, str value)
{
    str id;
    const struct svg_property *property = svg_property_find(name);
    if (str_eq(name, S("style"))) {
        take_style(c, level, value);
    } else if (str_eq(name, S("href"))) {
        take_href(c, level, name, value);
    } else if (str_eq(name, S("id"))) {
        if (!svg_local_id(str_join2(c->arena, S("#"), value), &id))
            return;
        svg_graph_id(&c->graph, level->node, id);
        add_attribute(c, name, id);
    } else if (property != NULL) {
        struct svg_namer namer = {.graph = &c->graph, .node = level->node};
        if (svg_css_value(&namer, value, property->flags))
            add_attribute(c, name, value);
    } else if (attribute_known(name)) {
        if (str_eq(name, S("class")))
            svg_graph_class(&c->graph, level->node, value);
        if (str_eq(name, S("d")) || str_eq(name, S("points")))
            svg_graph_points(&c->graph, level->node, 1 + value.len / 2);
        add_attribute(c, name, value);
    }
}

static void take_attribute(struct cleaner *c, const struct level *level, str name, str value)
{
    size_t at = str_find_char(name, NAME_SEPARATOR);
    if (at == STR_NPOS) {
        take_plain(c, level, name, value);
        return;
    }
    str space = str_sub(name, 0, at), local = str_from(name, at + 1);
    if (str_eq(space, S(NAMESPACE_XLINK)) && str_eq(local, S("href")))
        take_href(c, level, S("xlink:href"), value);
    else if (str_eq(space, S(NAMESPACE_XML)) && str_eq(local, S("space")))
        add_attribute(c, S("xml:space"), str_eq(value, S("preserve")) ? value : S("default"));
    else if (str_eq(space, S(NAMESPACE_XML)) && str_eq(local, S("lang")))
        add_attribute(c, S("xml:lang"), value);
}

/* ---- size ---- */

/* "12.5", "1e3" and what follows. 0 when it is no positive number. */
static double number_at(str *text)
{
    size_t n = 0;
    double x = 0;
    while (n < text->len &&
           (ascii_is_digit(text->ptr[n]) || str_find_char(S("+-.eE"), text->ptr[n]) != STR_NPOS)) {
        if ((text->ptr[n] == 'e' || text->ptr[n] == 'E') && n + 1 < text->len &&
            ascii_is_alpha(text->ptr[n + 1]))
            break; /* "2em" */
        n++;
    }
    bool is_number = str_to_double(str_sub(*text, 0, n), &x);
    *text = str_from(*text, n);
    return is_number && isfinite(x) ? x : 0;
}

/* In CSS px; 0 for a part of something else ("100%"). */
static double length_of(str text)
{
    static const struct {
        str unit;
        double px;
    } units[] = {
        {STR_INIT(""), 1},           {STR_INIT("px"), 1},  {STR_INIT("pt"), 96.0 / 72},
        {STR_INIT("pc"), 16},        {STR_INIT("in"), 96}, {STR_INIT("cm"), 96 / 2.54},
        {STR_INIT("mm"), 96 / 25.4}, {STR_INIT("em"), 16}, {STR_INIT("rem"), 16},
        {STR_INIT("ex"), 8},
    };
    text = str_trim(text);
    double x = number_at(&text);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (str_eq_nocase(text, units[i].unit))
            return x > 0 ? x * units[i].px : 0;
    }
    return 0;
}

static void take_view_box(struct cleaner *c, str text)
{
    double box[4] = {0};
    for (size_t i = 0; i < ARRAY_LEN(box); i++) {
        while (text.len > 0 && (ascii_is_space(text.ptr[0]) || text.ptr[0] == ','))
            text = str_from(text, 1);
        box[i] = number_at(&text);
    }
    if (box[2] > 0 && box[3] > 0) {
        c->view_width = box[2];
        c->view_height = box[3];
    }
}

static int64_t whole_px(double x)
{
    return x >= 0.5 && x < 1e9 ? llround(x) : 0;
}

/* One side given: the other by the viewBox's shape. Neither: the viewBox's own size. */
static void settle_size(struct cleaner *c)
{
    double w = c->width, h = c->height;
    bool shaped = c->view_width > 0;
    if (w <= 0 && h <= 0) {
        w = c->view_width;
        h = c->view_height;
    } else if (w <= 0) {
        w = shaped ? h * c->view_width / c->view_height : 0;
    } else if (h <= 0) {
        h = shaped ? w * c->view_height / c->view_width : 0;
    }
    bool both = whole_px(w) > 0 && whole_px(h) > 0;
    c->look.width = both ? whole_px(w) : 0;
    c->look.height = both ? whole_px(h) : 0;
}

/* ---- elements ---- */

static void write_start(struct cleaner *c, struct level *level, const char **attributes)
{
    bool root = c->depth == 1;
    buf_add_char(&c->out, '<');
    buf_add(&c->out, written_name(level->element));
    for (size_t i = 0; attributes[2 * i] != NULL; i++) {
        str name = str_from_c(attributes[2 * i]), value = str_from_c(attributes[2 * i + 1]);
        if (i == SVG_ATTRS_MAX) {
            stop(c,
                 error_set(c->err, ST_TOO_BIG,
                           "An element of this SVG has more than %d attributes.", SVG_ATTRS_MAX));
            return;
        }
        if (root && str_eq(name, S("width")))
            c->width = length_of(value);
        if (root && str_eq(name, S("height")))
            c->height = length_of(value);
        if (root && str_eq(name, S("viewBox")))
            take_view_box(c, value);
        take_attribute(c, level, name, value);
    }
    level->open = true;
}

/* A sheet is written at its end, when it is known what is left of it. */
static void begin_sheet(struct cleaner *c, const char **attributes)
{
    buf_truncate(&c->sheet, 0);
    c->sheet_media = STR_NONE;
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        str value = str_from_c(attributes[i + 1]);
        if (strcmp(attributes[i], "type") == 0 && !str_eq_nocase(str_trim(value), S("text/css")) &&
            value.len > 0)
            c->passing = c->depth;
        if (strcmp(attributes[i], "media") == 0)
            c->sheet_media = str_copy(c->arena, value);
    }
}

static void end_sheet(struct cleaner *c, struct level *above)
{
    struct buf b;
    str text;
    buf_init(&b, c->arena, SVG_BYTES_MAX);
    svg_css_sheet(c->arena, &c->graph, buf_view(&c->sheet), &b);
    if (buf_finish(&b, &text, NULL) != ST_OK || text.len == 0)
        return;
    close_start_tag(c, above);
    buf_add(&c->out, S("<style"));
    if (c->sheet_media.len > 0)
        add_attribute(c, S("media"), c->sheet_media);
    buf_add_char(&c->out, '>');
    add_escaped(&c->out, text, false);
    buf_add(&c->out, S("</style>"));
}

static bool root_is_svg(struct cleaner *c, str name)
{
    c->bare = str_find_char(name, NAME_SEPARATOR) == STR_NPOS;
    bool ours;
    return str_eq(local_name(c, name, &ours), S("svg")) && ours;
}

static void XMLCALL on_start(void *ctx, const char *raw_name, const char **attributes)
{
    struct cleaner *c = ctx;
    str name = str_from_c(raw_name);
    bool ours;
    if (c->st != ST_OK)
        return;
    if (c->depth == 0 && !root_is_svg(c, name)) {
        stop(c, error_set(c->err, ST_INVALID, "This is XML, but not an SVG drawing."));
        return;
    }
    if (c->depth == SVG_DEPTH_MAX || ++c->elements > SVG_ELEMENTS_MAX) {
        stop(c, error_set(c->err, ST_TOO_BIG,
                          "This SVG has more than %d elements, or more than %d within each other; "
                          "save it as a PNG.",
                          SVG_ELEMENTS_MAX, SVG_DEPTH_MAX));
        return;
    }
    struct level *level = &c->levels[c->depth++];
    *level = (struct level){0};
    name = local_name(c, name, &ours);
    const struct svg_element *element = ours ? element_find(name) : NULL;
    struct level *above = c->depth > 1 ? &c->levels[c->depth - 2] : NULL;
    bool in_sheet = c->passing == 0 && above != NULL && above->element->flags & SVG_EL_STYLE;
    if (c->passing == 0 && (element == NULL || in_sheet))
        c->passing = c->depth;
    if (c->passing != 0)
        return;
    level->element = element;
    level->node = svg_graph_node(&c->graph, above == NULL ? 0 : above->node, element);
    if (element->flags & SVG_EL_STYLE) {
        begin_sheet(c, attributes);
        return;
    }
    if (above != NULL)
        close_start_tag(c, above);
    write_start(c, level, attributes);
}

static void XMLCALL on_end(void *ctx, const char *raw_name)
{
    struct cleaner *c = ctx;
    (void)raw_name;
    if (c->st != ST_OK)
        return;
    struct level *level = &c->levels[--c->depth];
    if (c->passing != 0) {
        if (c->passing == c->depth + 1)
            c->passing = 0;
        return;
    }
    if (level->element->flags & SVG_EL_STYLE) {
        end_sheet(c, &c->levels[c->depth - 1]);
        return;
    }
    if (c->depth == 1 && str_eq(level->element->name, S("title")))
        c->has_title = true;
    if (level->open) {
        buf_add(&c->out, S("/>"));
        return;
    }
    buf_add(&c->out, S("</"));
    buf_add(&c->out, written_name(level->element));
    buf_add_char(&c->out, '>');
}

static void XMLCALL on_text(void *ctx, const char *raw_text, int len)
{
    struct cleaner *c = ctx;
    str text = {raw_text, (size_t)len};
    if (c->st != ST_OK || c->passing != 0 || c->depth == 0)
        return;
    struct level *level = &c->levels[c->depth - 1];
    if (level->element->flags & SVG_EL_STYLE)
        buf_add(&c->sheet, text);
    if ((level->element->flags & SVG_EL_TEXT) == 0)
        return;
    if (c->depth == 2 && !c->has_title && str_eq(level->element->name, S("title")))
        buf_add(&c->title, text);
    close_start_tag(c, level);
    add_escaped(&c->out, text, false);
}

static void XMLCALL on_entity(void *ctx, const char *name, int is_parameter, const char *value,
                              int value_len, const char *base, const char *system_id,
                              const char *public_id, const char *notation)
{
    struct cleaner *c = ctx;
    (void)name, (void)is_parameter, (void)value, (void)value_len, (void)base, (void)system_id;
    (void)public_id, (void)notation;
    if (c->st == ST_OK)
        stop(c, error_set(c->err, ST_INVALID,
                          "This SVG declares entities, as files that can still be edited in "
                          "Illustrator do; save it again as a plain SVG."));
}

/* ---- the whole ---- */

static enum status parse(struct cleaner *c, str bytes)
{
    XML_SetUserData(c->parser, c);
    XML_SetElementHandler(c->parser, on_start, on_end);
    XML_SetCharacterDataHandler(c->parser, on_text);
    XML_SetEntityDeclHandler(c->parser, on_entity);
    bool whole = XML_Parse(c->parser, bytes.ptr, int_from_size(bytes.len), 1) == XML_STATUS_OK;
    if (c->st != ST_OK || whole)
        return c->st;
    return error_set(c->err, ST_INVALID, "This SVG is broken in line %llu (%s); export it again.",
                     (unsigned long long)XML_GetCurrentLineNumber(c->parser),
                     XML_ErrorString(XML_GetErrorCode(c->parser)));
}

static enum status finish(struct cleaner *c, str *ret_clean)
{
    struct buf b;
    str body;
    enum status st = buf_finish(&c->out, &body, NULL);
    if (st == ST_OK) {
        buf_init(&b, c->arena, SVG_BYTES_MAX);
        buf_add(&b, S("<svg xmlns=\"" NAMESPACE_SVG "\""));
        if (c->xlink)
            buf_add(&b, S(" xmlns:xlink=\"" NAMESPACE_XLINK "\""));
        buf_add(&b, str_from(body, S("<svg").len));
        st = buf_finish(&b, ret_clean, NULL);
    }
    if (st != ST_OK)
        return error_set(c->err, st, "This SVG is larger than %d bytes; save it as a PNG.",
                         SVG_BYTES_MAX);
    return ST_OK;
}

enum status svg_clean(struct arena *arena, str bytes, str *ret_clean, struct svg_look *ret_look,
                      struct error *err)
{
    struct cleaner *c = arena_new_one(arena, struct cleaner);
    str clean;
    if (bytes.len > SVG_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "This SVG is larger than %d bytes; save it as a PNG.",
                         SVG_BYTES_MAX);
    c->arena = arena;
    c->err = err;
    buf_init(&c->out, arena, SVG_BYTES_MAX);
    buf_init(&c->sheet, arena, SVG_BYTES_MAX);
    buf_init(&c->title, arena, SVG_TITLE_MAX);
    svg_graph_init(&c->graph, arena);
    c->parser = XML_ParserCreateNS(NULL, NAME_SEPARATOR);
    CHECK(c->parser != NULL);
    enum status st = parse(c, bytes);
    XML_ParserFree(c->parser);
    if (st == ST_OK)
        st = svg_graph_check(&c->graph, err);
    if (st == ST_OK)
        st = finish(c, &clean);
    if (st != ST_OK)
        return st;
    settle_size(c);
    c->look.title = str_trim(utf8_strip_controls(arena, buf_view(&c->title), 0));
    *ret_look = c->look;
    *ret_clean = clean;
    return ST_OK;
}
