/* SPDX-License-Identifier: MIT */
#include "text/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/html_regular.h"
#include "text/html_scan.h"
#include "text/html_tree.h"
#include "text/utf8.h"

#include <setjmp.h>

/* ---- escaping ---- */

html html_escape(struct arena *arena, str text)
{
    struct buf b;
    bool plain = true;

    for (size_t i = 0; i < text.len && plain; i++)
        plain = str_find_char(S("&<>\"'"), text.ptr[i]) == STR_NPOS;
    if (plain)
        return (html){text};
    buf_init(&b, arena, size_add(size_mul(text.len, 6), 1));
    buf_add_html(&b, text);
    CHECK(!b.too_big);
    return (html){buf_view(&b)};
}

/* ---- memory for the parser ----
 *
 * Gumbo takes and gives back many small pieces for every tag. They come from chunks of the arena and
 * go to lists by size when given back, so that a page costs what its tree holds. When the cap is met there
 * is nothing gumbo could do with a NULL, so the parse is left by longjmp: all it held is in the arena. */

enum {
    PIECE_STEP = 16,
    SMALL_LOG = 9,
    SMALL_PIECE_MAX =
        1 << SMALL_LOG, /* up to here a list each step, beyond it four each doubling */
    SMALL_CLASSES = SMALL_PIECE_MAX / PIECE_STEP,
    CLASSES = SMALL_CLASSES + 4 * 24,
    CHUNK_MIN = 4 * 1024,
    CHUNK_MAX = 256 * 1024,
};

struct piece {
    size_t class; /* while in use */
    struct piece *next_free;
};
enum { PIECE_HEAD = 8 }; /* only the class stays in front of what gumbo gets */
static_assert(offsetof(struct piece, next_free) == PIECE_HEAD, "the link lies in the piece itself");

struct parser_memory {
    struct arena *arena;
    size_t chunk_bytes;
    size_t bytes_left; /* of the cap */
    char *at;
    char *end;
    struct piece *free[CLASSES];
    jmp_buf full;
};

static size_t class_of(size_t bytes, size_t *ret_rounded)
{
    if (bytes <= SMALL_PIECE_MAX) {
        size_t steps = bytes == 0 ? 1 : (bytes + PIECE_STEP - 1) / PIECE_STEP;
        *ret_rounded = steps * PIECE_STEP;
        return steps - 1;
    }
    /* bytes lies in (2^log, 2^(log+1)], which is cut in four */
    size_t log = (size_t)(63 - __builtin_clzll(bytes - 1));
    size_t quarter = (bytes - 1 - ((size_t)1 << log)) >> (log - 2);
    *ret_rounded = ((size_t)1 << log) + ((quarter + 1) << (log - 2));
    return SMALL_CLASSES + 4 * (log - SMALL_LOG) + quarter;
}

static void *take_piece(struct parser_memory *m, size_t bytes)
{
    if (bytes > (size_t)(m->end - m->at)) {
        size_t chunk = bytes > m->chunk_bytes ? bytes : m->chunk_bytes;
        if (chunk > m->bytes_left)
            longjmp(m->full, 1);
        m->bytes_left -= chunk;
        m->at = arena_alloc(m->arena, chunk, _Alignof(max_align_t));
        m->end = m->at + chunk;
    }
    void *piece = m->at;
    m->at += bytes;
    return piece;
}

static void *parser_alloc(void *ctx, size_t bytes)
{
    struct parser_memory *m = ctx;
    size_t rounded;

    if (bytes > HTML_TREE_BYTES_MAX)
        longjmp(m->full, 1);
    size_t class = class_of(bytes, &rounded);
    struct piece *piece = m->free[class];
    if (piece != NULL)
        m->free[class] = piece->next_free;
    else
        piece = take_piece(m, rounded + PIECE_HEAD);
    piece->class = class;
    return (char *)piece + PIECE_HEAD;
}

static void parser_free(void *ctx, void *ptr)
{
    struct parser_memory *m = ctx;
    if (ptr == NULL)
        return;
    struct piece *piece = (struct piece *)(void *)((char *)ptr - PIECE_HEAD);
    piece->next_free = m->free[piece->class];
    m->free[piece->class] = piece;
}

/* ---- parsing ---- */

static GumboOutput *parse(struct parser_memory *m, str text)
{
    GumboOptions options = kGumboDefaultOptions;

    options.allocator = parser_alloc;
    options.deallocator = parser_free;
    options.userdata = m;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_BODY;
    options.fragment_namespace = GUMBO_NAMESPACE_HTML;
    return gumbo_parse_with_options(&options, text.len == 0 ? "" : text.ptr, text.len);
}

enum status html_parse(struct arena *arena, str text, size_t bytes_max, struct html_tree **ret_tree,
                       struct error *err)
{
    str cut;

    if (text.len > bytes_max)
        return error_set(err, ST_TOO_BIG, "HTML of %zu bytes is over the limit of %zu", text.len,
                         bytes_max);
    str valid = utf8_repair(arena, text); /* U+FFFD takes three bytes for one */
    if (valid.len > bytes_max)
        return error_set(err, ST_TOO_BIG, "HTML full of bytes that are not UTF-8");
    struct html_tree *tree = arena_new_one(arena, struct html_tree);
    tree->arena = arena;
    if (html_regular_parse(arena, valid, &tree->root)) {
        *ret_tree = tree;
        return ST_OK;
    }
    enum status st = html_scan(arena, valid, &cut, err);
    if (st != ST_OK)
        return st;
    if (cut.ptr == text.ptr) /* names of unknown elements are read from it later */
        cut = str_copy(arena, text);

    struct parser_memory *m = arena_new_one(arena, struct parser_memory);
    m->arena = arena;
    m->bytes_left = HTML_TREE_BYTES_MAX;
    m->chunk_bytes = cut.len * 4 < CHUNK_MIN   ? (size_t)CHUNK_MIN
                     : cut.len * 4 > CHUNK_MAX ? (size_t)CHUNK_MAX
                                               : cut.len * 4;
    if (setjmp(m->full) != 0)
        return error_set(err, ST_TOO_BIG, "HTML whose tree takes over %d MB",
                         HTML_TREE_BYTES_MAX / (1024 * 1024));
    tree->root = parse(m, cut)->root;
    *ret_tree = tree;
    return ST_OK;
}

str html_tree_name(const struct html_tree *tree, const GumboNode *node)
{
    const GumboElement *element = &node->v.element;

    if (element->tag != GUMBO_TAG_UNKNOWN)
        return str_from_c(gumbo_normalized_tagname(element->tag));
    GumboStringPiece piece = element->original_tag;
    gumbo_tag_from_original_text(&piece);
    str name = {piece.data, piece.length};
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!ascii_is_alnum(c) && c != '-' && c != ':' && c != '_')
            return S("x-unnamed"); /* legal in HTML, of use to nobody, and unsafe to write back */
    }
    return name.len == 0 ? S("x-unnamed") : str_lower(tree->arena, name);
}

str html_tree_text(const struct html_tree *tree, const char *text)
{
    return utf8_repair(tree->arena, str_from_c(text));
}

/* ---- walking ---- */

struct html_walk html_walk_of(const struct html_tree *tree)
{
    return (struct html_walk){.tree = tree, .depth = -1};
}

static const GumboVector *children_of(const GumboNode *node)
{
    return &node->v.element.children; /* a document's lie at the same place: both begin with them */
}

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

static void arrive(struct html_walk *walk, const GumboNode *node)
{
    walk->at = node;
    walk->name = STR_NONE;
    walk->text = STR_NONE;
    if (is_element(node)) {
        walk->event = HTML_OPEN;
        walk->name = html_tree_name(walk->tree, node);
        return;
    }
    walk->event = node->type == GUMBO_NODE_COMMENT ? HTML_COMMENT : HTML_TEXT;
    walk->text = html_tree_text(walk->tree, node->v.text.text);
}

static void leave(struct html_walk *walk, const GumboNode *node)
{
    walk->at = node;
    walk->event = HTML_CLOSE;
    walk->name = html_tree_name(walk->tree, node);
    walk->text = STR_NONE;
}

bool html_walk_next(struct html_walk *walk)
{
    const GumboNode *root = walk->tree->root;
    const GumboNode *node = walk->at == NULL ? root : walk->at;
    bool begins = walk->at == NULL || walk->event == HTML_OPEN;

    if (begins && !walk->skip && is_element(node) && children_of(node)->length > 0) {
        walk->depth++;
        arrive(walk, children_of(node)->data[0]);
        return true;
    }
    walk->skip = false;
    if (node == root)
        return false;
    if (walk->event == HTML_OPEN) {
        leave(walk, node);
        return true;
    }
    const GumboNode *parent = node->parent;
    size_t next = node->index_within_parent + 1;
    if (next < children_of(parent)->length) {
        arrive(walk, children_of(parent)->data[next]);
        return true;
    }
    walk->depth--;
    if (parent == root)
        return false;
    leave(walk, parent);
    return true;
}

void html_walk_skip(struct html_walk *walk)
{
    CHECK(walk->event == HTML_OPEN);
    walk->skip = true;
}

static const GumboVector *attributes_of(const struct html_walk *walk)
{
    const GumboNode *node = walk->at;
    CHECK(node != NULL && is_element(node));
    return &node->v.element.attributes;
}

str html_walk_attr(const struct html_walk *walk, str name)
{
    const GumboVector *attributes = attributes_of(walk);
    for (unsigned i = 0; i < attributes->length; i++) {
        const GumboAttribute *attribute = attributes->data[i];
        if (str_eq(str_from_c(attribute->name), name)) {
            str value = html_tree_text(walk->tree, attribute->value);
            return value.ptr == NULL ? S("") : value;
        }
    }
    return STR_NONE;
}

size_t html_walk_attr_count(const struct html_walk *walk)
{
    return attributes_of(walk)->length;
}

void html_walk_attr_at(const struct html_walk *walk, size_t index, str *ret_name, str *ret_value)
{
    const GumboVector *attributes = attributes_of(walk);
    CHECK(index < attributes->length);
    const GumboAttribute *attribute = attributes->data[index];
    *ret_name = str_from_c(attribute->name);
    *ret_value = html_tree_text(walk->tree, attribute->value);
}

/* ---- kinds, and writing back ---- */

static bool is_one_of(str name, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, list[i]))
            return true;
    }
    return false;
}

bool html_is_void(str name)
{
    static const str names[] = {
        STR_INIT("br"),   STR_INIT("img"),   STR_INIT("hr"),     STR_INIT("source"),
        STR_INIT("wbr"),  STR_INIT("col"),   STR_INIT("input"),  STR_INIT("track"),
        STR_INIT("area"), STR_INIT("embed"), STR_INIT("base"),   STR_INIT("link"),
        STR_INIT("meta"), STR_INIT("param"), STR_INIT("keygen"), STR_INIT("bgsound"),
    };
    return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

bool html_is_block(str name)
{
    static const str names[] = {
        STR_INIT("p"),          STR_INIT("div"),     STR_INIT("li"),      STR_INIT("ul"),
        STR_INIT("ol"),         STR_INIT("h1"),      STR_INIT("h2"),      STR_INIT("h3"),
        STR_INIT("h4"),         STR_INIT("h5"),      STR_INIT("h6"),      STR_INIT("blockquote"),
        STR_INIT("figure"),     STR_INIT("pre"),     STR_INIT("table"),   STR_INIT("tr"),
        STR_INIT("figcaption"), STR_INIT("hr"),      STR_INIT("section"), STR_INIT("article"),
        STR_INIT("aside"),      STR_INIT("header"),  STR_INIT("footer"),  STR_INIT("main"),
        STR_INIT("nav"),        STR_INIT("dl"),      STR_INIT("dt"),      STR_INIT("dd"),
        STR_INIT("details"),    STR_INIT("summary"), STR_INIT("address"), STR_INIT("caption"),
        STR_INIT("thead"),      STR_INIT("tbody"),   STR_INIT("tfoot"),   STR_INIT("center"),
        STR_INIT("fieldset"),   STR_INIT("hgroup"),  STR_INIT("menu"),    STR_INIT("dir"),
        STR_INIT("legend"),     STR_INIT("dialog"),
    };
    return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

static void add_escaped(struct buf *b, str text, bool quotes)
{
    static const bool special[256] = {['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true};
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        str reference;
        if (!special[(unsigned char)text.ptr[i]])
            continue;
        switch (text.ptr[i]) {
        case '&':
            reference = S("&amp;");
            break;
        case '<':
            reference = S("&lt;");
            break;
        case '>':
            reference = S("&gt;");
            break;
        case '"':
            if (!quotes)
                continue;
            reference = S("&quot;");
            break;
        default:
            continue;
        }
        buf_add(b, str_sub(text, from, i - from));
        buf_add(b, reference);
        from = i + 1;
    }
    buf_add(b, str_from(text, from));
}

void html_add_text(struct buf *b, str text)
{
    add_escaped(b, text, false);
}

void html_add_value(struct buf *b, str value)
{
    add_escaped(b, value, true);
}

static void add_open(struct buf *b, const struct html_walk *walk)
{
    buf_add_char(b, '<');
    buf_add(b, walk->name);
    for (size_t i = 0; i < html_walk_attr_count(walk); i++) {
        str name, value;
        html_walk_attr_at(walk, i, &name, &value);
        buf_add_char(b, ' ');
        buf_add(b, name);
        buf_add(b, S("=\""));
        html_add_value(b, value);
        buf_add_char(b, '"');
    }
    buf_add_char(b, '>');
}

/* The parser drops a newline right after <pre>: one that belongs to the text needs another before it. */
static bool follows_pre(const struct html_walk *walk)
{
    const GumboNode *node = walk->at;
    return node->index_within_parent == 0 && node->parent->type == GUMBO_NODE_ELEMENT &&
           node->parent->v.element.tag == GUMBO_TAG_PRE;
}

void html_add_event(struct buf *b, const struct html_walk *walk)
{
    switch (walk->event) {
    case HTML_OPEN:
        add_open(b, walk);
        break;
    case HTML_CLOSE:
        if (html_is_void(walk->name))
            break;
        buf_add(b, S("</"));
        buf_add(b, walk->name);
        buf_add_char(b, '>');
        break;
    case HTML_TEXT:
        if (str_starts(walk->text, S("\n")) && follows_pre(walk))
            buf_add_char(b, '\n');
        html_add_text(b, walk->text);
        break;
    case HTML_COMMENT:
        buf_add(b, S("<!--"));
        buf_add(b, walk->text);
        buf_add(b, S("-->"));
        break;
    }
}
