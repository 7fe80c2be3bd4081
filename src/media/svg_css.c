/* SPDX-License-Identifier: MIT
 *
 * As much of CSS as a drawing needs, read to be written anew. A piece that holds anything that could be read
 * two ways (an escape, a comment in a value, an open quote or bracket) is left out; what is written is whole
 * pieces, so no browser can read it otherwise.
 *
 * Rule: CSS Syntax Level 3, its well-formed part. */
#include "base/arena.h"
#include "media/svg.h"
#include "media/svg_tables.h"

enum { SVG_ID_MAX = 200, SVG_FUNCTION_MAX = 16, SVG_KEYS_MAX = 64 };

static const str important = STR_INIT("!important");

/* ---- names ---- */

const struct svg_property *svg_property_find(str name)
{
    size_t from = 0, to = ARRAY_LEN(svg_properties);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(svg_properties[middle].name, name);
        if (order == 0)
            return &svg_properties[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static bool is_id_char(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':' ||
           (unsigned char)c >= 0x80;
}

bool svg_local_id(str href, str *ret_id)
{
    href = str_trim(href);
    if (href.len < 2 || href.len > SVG_ID_MAX || href.ptr[0] != '#')
        return false;
    for (size_t i = 1; i < href.len; i++) {
        if (!is_id_char(href.ptr[i]))
            return false;
    }
    *ret_id = str_from(href, 1);
    return true;
}

/* ---- values ---- */

static bool function_allowed(str name)
{
    char low[SVG_FUNCTION_MAX];
    if (name.len > sizeof(low))
        return false;
    for (size_t i = 0; i < name.len; i++)
        low[i] = ascii_lower(name.ptr[i]);
    for (size_t i = 0; i < ARRAY_LEN(svg_functions); i++) {
        if (str_eq((str){low, name.len}, svg_functions[i]))
            return true;
    }
    return name.len == 0; /* brackets within calc() */
}

/* The bytes of a quoted text, quotes included; 0 when it does not end. */
static size_t quoted_bytes(str s)
{
    for (size_t i = 1; i < s.len && s.ptr[i] != '\n' && s.ptr[i] != '\\'; i++) {
        if (s.ptr[i] == s.ptr[0])
            return i + 1;
    }
    return 0;
}

static void name_id(const struct svg_namer *namer, str id, unsigned flags)
{
    if (namer->node != 0)
        svg_graph_ref(namer->graph, namer->node, id, flags);
    for (size_t i = 0; i < namer->keys_count; i++)
        svg_graph_rule(namer->graph, namer->keys[i], id, flags);
}

/* `rest` stands after "url(": an id of this file, quoted or not, and ")". Returns the bytes up to that, 0 for
 * anything else. */
static size_t url_bytes(const struct svg_namer *namer, str rest, unsigned flags)
{
    str id;
    size_t end = str_find_char(rest, ')');
    if (end == STR_NPOS || (namer->node == 0 && namer->keys_count == 0))
        return 0;
    str inner = str_trim(str_sub(rest, 0, end));
    bool quoted = inner.len > 0 && (inner.ptr[0] == '"' || inner.ptr[0] == '\'');
    if (quoted && quoted_bytes(inner) != inner.len)
        return 0;
    if (quoted)
        inner = str_sub(inner, 1, inner.len - 2);
    if (!svg_local_id(inner, &id))
        return 0;
    name_id(namer, id, flags);
    return end;
}

static str word_before(str s, size_t at)
{
    size_t from = at;
    while (from > 0 && (ascii_is_alnum(s.ptr[from - 1]) || s.ptr[from - 1] == '-' ||
                        s.ptr[from - 1] == '_' || (unsigned char)s.ptr[from - 1] >= 0x80))
        from--;
    return str_sub(s, from, at - from);
}

bool svg_css_value(const struct svg_namer *namer, str s, unsigned flags)
{
    size_t open = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        str rest = str_from(s, i);
        if (c == '"' || c == '\'') {
            size_t bytes = quoted_bytes(rest);
            if (bytes == 0)
                return false;
            i += bytes - 1;
        } else if (c == '(') {
            str name = word_before(s, i);
            if (!function_allowed(name))
                return false;
            open++;
            if (str_eq_nocase(name, S("url"))) {
                size_t bytes = url_bytes(namer, str_from(rest, 1), flags);
                if (bytes == 0)
                    return false;
                i += bytes;
            }
        } else if (c == ')') {
            if (open-- == 0)
                return false;
        } else if (str_find_char(S("\\<>@{};!&[]"), c) != STR_NPOS || str_starts(rest, S("/*")) ||
                   ((unsigned char)c < 0x20 && !ascii_is_space(c)) || c == 0x7F) {
            return false;
        }
    }
    return open == 0;
}

/* ---- declarations ---- */

/* Offset of the first of `stops` that stands in no quotes and no brackets; s.len when none does. */
static size_t find_stop(str s, str stops)
{
    size_t open = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '"' || c == '\'') {
            size_t bytes = quoted_bytes(str_from(s, i));
            if (bytes == 0)
                return s.len;
            i += bytes - 1;
        } else if (c == '(') {
            open++;
        } else if (c == ')' && open > 0) {
            open--;
        } else if (open == 0 && str_find_char(stops, c) != STR_NPOS) {
            return i;
        }
    }
    return s.len;
}

static bool ends_important(str *value)
{
    if (value->len < important.len ||
        !str_eq_nocase(str_from(*value, value->len - important.len), important))
        return false;
    *value = str_trim(str_sub(*value, 0, value->len - important.len));
    return true;
}

/* White space becomes one space, outside of quotes too: nothing here is written over lines. */
static void add_spaced(struct buf *out, str s)
{
    bool space = false;
    for (size_t i = 0; i < s.len; i++) {
        if (ascii_is_space(s.ptr[i])) {
            space = true;
            continue;
        }
        if (space)
            buf_add_char(out, ' ');
        space = false;
        buf_add_char(out, s.ptr[i]);
    }
}

static void add_declaration(const struct svg_namer *namer, str text, struct buf *out, bool *first)
{
    char low[64];
    str name = str_trim(str_sub(text, 0, str_find_char(text, ':')));
    if (name.len == 0 || name.len > sizeof(low) || str_find_char(text, ':') == STR_NPOS)
        return;
    for (size_t i = 0; i < name.len; i++)
        low[i] = ascii_lower(name.ptr[i]);
    const struct svg_property *property = svg_property_find((str){low, name.len});
    str value = str_trim(str_from(text, str_find_char(text, ':') + 1));
    bool stays = ends_important(&value);
    if (property == NULL || value.len == 0 || !svg_css_value(namer, value, property->flags))
        return;
    if (!*first)
        buf_add_char(out, ';');
    *first = false;
    buf_add(out, property->name);
    buf_add_char(out, ':');
    add_spaced(out, value);
    if (stays)
        buf_add(out, important);
}

void svg_css_declarations(const struct svg_namer *namer, str text, struct buf *out)
{
    bool first = true;
    while (text.len > 0) {
        size_t end = find_stop(text, S(";"));
        add_declaration(namer, str_sub(text, 0, end), out, &first);
        text = str_from(text, end + 1);
    }
}

/* ---- sheets ---- */

/* Comments, and the marks that hid sheets from browsers without them. */
static str without_comments(struct arena *arena, str s)
{
    struct buf b;
    str text;
    buf_init(&b, arena, SVG_BYTES_MAX);
    while (s.len > 0) {
        size_t bytes = 1;
        if (s.ptr[0] == '"' || s.ptr[0] == '\'')
            bytes = quoted_bytes(s) > 0 ? quoted_bytes(s) : 1;
        if (str_starts(s, S("/*"))) {
            size_t end = str_find(str_from(s, 2), S("*/"));
            s = end == STR_NPOS ? STR_NONE : str_from(s, 2 + end + 2);
            buf_add_char(&b, ' ');
        } else if (str_starts(s, S("<!--"))) {
            s = str_from(s, 4);
        } else if (str_starts(s, S("-->"))) {
            s = str_from(s, 3);
        } else {
            buf_add(&b, str_sub(s, 0, bytes));
            s = str_from(s, bytes);
        }
    }
    return buf_finish(&b, &text, NULL) == ST_OK ? text : STR_NONE;
}

static bool all_of(str s, str further)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!ascii_is_alnum(c) && !ascii_is_space(c) && (unsigned char)c < 0x80 &&
            str_find_char(further, c) == STR_NPOS)
            return false;
    }
    return s.len > 0;
}

/* ".a, #b, path": what they select can be told without matching; then a rule may name an id. */
static size_t simple_keys(str selectors, str keys[SVG_KEYS_MAX])
{
    size_t count = 0;
    while (selectors.len > 0) {
        str one = str_trim(str_cut(&selectors, ','));
        str word = str_starts(one, S(".")) || str_starts(one, S("#")) ? str_from(one, 1) : one;
        bool simple = word.len > 0;
        for (size_t i = 0; i < word.len; i++)
            simple = simple && (ascii_is_alnum(word.ptr[i]) || word.ptr[i] == '-' ||
                                word.ptr[i] == '_' || (unsigned char)word.ptr[i] >= 0x80);
        if (!simple || count == SVG_KEYS_MAX)
            return 0;
        keys[count++] = one;
    }
    return count;
}

/* Offset of the "}" that ends the block whose inside begins at `s`; s.len when it does not end. */
static size_t block_end(str s)
{
    size_t depth = 0, at = 0;
    while (at < s.len) {
        at += find_stop(str_from(s, at), S("{}"));
        if (at >= s.len || (s.ptr[at] == '}' && depth == 0))
            break;
        if (s.ptr[at] == '{')
            depth++;
        else
            depth--;
        at++;
    }
    return at < s.len ? at : s.len;
}

static void add_rule(struct svg_graph *graph, str selectors, str block, struct buf *out)
{
    str keys[SVG_KEYS_MAX];
    struct svg_namer namer = {.graph = graph, .keys = keys};
    selectors = str_trim(selectors);
    if (!all_of(selectors, S("-_.#,>+~*:()")))
        return;
    namer.keys_count = simple_keys(selectors, keys);
    size_t before = out->len;
    add_spaced(out, selectors);
    buf_add_char(out, '{');
    size_t empty = out->len;
    svg_css_declarations(&namer, block, out);
    if (out->len == empty)
        buf_truncate(out, before);
    else
        buf_add_char(out, '}');
}

static void add_rules(struct svg_graph *graph, str s, bool in_media, struct buf *out)
{
    while ((s = str_trim(s)).len > 0) {
        size_t at = find_stop(s, S("{};"));
        str prelude = str_sub(s, 0, at);
        bool block = at < s.len && s.ptr[at] == '{';
        s = str_from(s, at + 1);
        if (!block)
            continue; /* "@import ...;", or a stray sign */
        size_t end = block_end(s);
        str inside = str_sub(s, 0, end);
        s = str_from(s, end + 1);
        if (!str_starts(prelude, S("@"))) {
            add_rule(graph, prelude, inside, out);
        } else if (!in_media && str_starts_nocase(prelude, S("@media")) &&
                   all_of(str_from(prelude, 6), S("-:(),."))) {
            size_t before = out->len;
            buf_add(out, S("@media "));
            add_spaced(out, str_trim(str_from(prelude, 6)));
            buf_add_char(out, '{');
            size_t empty = out->len;
            add_rules(graph, inside, true, out);
            if (out->len == empty)
                buf_truncate(out, before);
            else
                buf_add_char(out, '}');
        }
    }
}

void svg_css_sheet(struct arena *arena, struct svg_graph *graph, str text, struct buf *out)
{
    add_rules(graph, without_comments(arena, text), false, out);
}
