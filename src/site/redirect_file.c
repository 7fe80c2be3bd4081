/* SPDX-License-Identifier: MIT */
#include "site/redirect_file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/scope.h"

#include <jansson.h>
#include <yaml.h>

struct reading {
    struct arena *arena;
    struct redirect_entry *entries;
    size_t count;
};

/* ---- one path out of an expression ---- */

/* "/^\/old\/?$/i" -> "^\/old\/?$": how JavaScript writes one. Within it a slash is escaped. */
static str without_slashes(str from)
{
    str body = str_ends(from, S("/i")) ? str_sub(from, 0, from.len - 1) : from;
    if (body.len < 3 || body.ptr[0] != '/' || !str_ends(body, S("/")))
        return from;
    str inner = str_sub(body, 1, body.len - 2);
    return str_starts(inner, S("^")) || str_starts(inner, S("\\/")) ? inner : from;
}

static bool ends_in_dollar(str text)
{
    size_t escapes = 0;
    while (escapes + 1 < text.len && text.ptr[text.len - 2 - escapes] == '\\')
        escapes++;
    return str_ends(text, S("$")) && escapes % 2 == 0;
}

static bool has_controls(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return true;
    }
    return false;
}

/* What an expression may say and still be one path. False: it says more. */
static bool path_of(struct arena *arena, str from, str *ret_path)
{
    str rest = without_slashes(from);
    struct buf b;
    if (str_starts(rest, S("^")))
        rest = str_from(rest, 1);
    if (ends_in_dollar(rest))
        rest.len--;
    if (str_ends(rest, S("/?")))
        rest.len--;
    buf_init(&b, arena, size_add(rest.len, 2));
    if (!str_starts(rest, S("/")) && !str_starts(rest, S("\\/")))
        buf_add_char(&b, '/');
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.ptr[i];
        if (c == '\\') {
            if (++i == rest.len || ascii_is_alnum(rest.ptr[i]))
                return false; /* \d and the like */
            buf_add_char(&b, rest.ptr[i]);
        } else if (c == '*' || c == '+' || c == '?' || c == '(' || c == ')' || c == '[' ||
                   c == ']' || c == '{' || c == '}' || c == '|' || c == '^' || c == '$') {
            return false;
        } else {
            buf_add_char(&b, c); /* a dot too: nobody means "any character" */
        }
    }
    *ret_path = buf_view(&b);
    return true;
}

static enum status entry_add(struct reading *r, str from, str to, int code, struct error *err)
{
    if (r->count == REDIRECT_FILE_ENTRIES_MAX)
        return error_set(err, ST_TOO_BIG, "more than %d redirects in one file",
                         REDIRECT_FILE_ENTRIES_MAX);
    struct redirect_entry *entry = &r->entries[r->count++];
    *entry = (struct redirect_entry){.to = str_copy(r->arena, str_trim(to)), .code = code};
    entry->pattern = !path_of(r->arena, str_trim(from), &entry->from) || has_controls(from) ||
                     has_controls(entry->to) || str_find_char(entry->to, '$') != STR_NPOS;
    if (entry->pattern)
        entry->from = str_copy(r->arena, str_trim(from));
    return ST_OK;
}

/* ---- JSON ---- */

static void json_freep(json_t **json)
{
    json_decref(*json);
}

static str json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return STR_NONE;
    return (str){json_string_value(value), json_string_length(value)};
}

static enum status read_json(struct reading *r, str text, struct error *err)
{
    json_error_t fault;
    AUTO(json_freep) json_t *root = json_loadb(text.ptr, text.len, 0, &fault);
    if (root == NULL)
        return error_set(err, ST_INVALID, "line %d: %s", fault.line, fault.text);
    if (!json_is_array(root))
        return error_set(err, ST_INVALID, "line 1: it must be a list");
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < json_array_size(root); i++) {
        const json_t *item = json_array_get(root, i);
        if (json_text(item, "from").len == 0 || json_text(item, "to").len == 0)
            return error_set(err, ST_INVALID, "entry %zu has no \"from\" and \"to\"", i + 1);
        st = entry_add(r, json_text(item, "from"), json_text(item, "to"),
                       json_is_true(json_object_get(item, "permanent")) ? 301 : 302, err);
    }
    return st;
}

/* ---- YAML ---- */

static str scalar(const yaml_node_t *node)
{
    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return STR_NONE;
    return (str){(const char *)node->data.scalar.value, node->data.scalar.length};
}

static enum status fault_at(const yaml_node_t *node, const char *what, struct error *err)
{
    size_t line = node != NULL ? node->start_mark.line + 1 : 1;
    return error_set(err, ST_INVALID, "line %zu: %s", line, what);
}

static enum status read_code(struct reading *r, yaml_document_t *document, const yaml_node_t *key,
                             const yaml_node_t *map, struct error *err)
{
    int code = str_eq(scalar(key), S("301")) ? 301 : str_eq(scalar(key), S("302")) ? 302 : 0;
    if (code == 0)
        return fault_at(key, "only 301: and 302: stand at the left", err);
    if (map->type == YAML_SCALAR_NODE && str_trim(scalar(map)).len == 0)
        return ST_OK; /* none of this code */
    if (map->type != YAML_MAPPING_NODE)
        return fault_at(map, "below 301: and 302: stand lines such as /old/: /new/", err);
    enum status st = ST_OK;
    for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
         st == ST_OK && pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *from = yaml_document_get_node(document, pair->key);
        const yaml_node_t *to = yaml_document_get_node(document, pair->value);
        if (scalar(from).len == 0 || scalar(to).len == 0)
            return fault_at(from, "a line is /old/: /new/", err);
        st = entry_add(r, scalar(from), scalar(to), code, err);
    }
    return st;
}

static enum status read_document(struct reading *r, yaml_document_t *document, struct error *err)
{
    const yaml_node_t *root = yaml_document_get_root_node(document);
    if (root == NULL)
        return ST_OK; /* an empty file */
    if (root->type != YAML_MAPPING_NODE)
        return fault_at(root, "301: or 302: is wanted", err);
    enum status st = ST_OK;
    for (yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         st == ST_OK && pair < root->data.mapping.pairs.top; pair++)
        st = read_code(r, document, yaml_document_get_node(document, pair->key),
                       yaml_document_get_node(document, pair->value), err);
    return st;
}

static enum status read_yaml(struct reading *r, str text, struct error *err)
{
    yaml_parser_t parser;
    yaml_document_t document;
    enum status st;
    CHECK(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    if (yaml_parser_load(&parser, &document) != 1) {
        st = error_set(err, ST_INVALID, "line %zu: %s", parser.problem_mark.line + 1,
                       parser.problem != NULL ? parser.problem : "not YAML");
    } else {
        st = read_document(r, &document, err);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return st;
}

enum status redirect_file_read(struct arena *arena, str text, struct redirect_entry **ret_entries,
                               size_t *ret_count, struct error *err)
{
    if (text.len > REDIRECT_FILE_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "the file is larger than %d MB",
                         REDIRECT_FILE_BYTES_MAX / (1024 * 1024));
    if (!str_is_utf8(text))
        return error_set(err, ST_INVALID, "line 1: the file is not UTF-8 text");
    struct reading r = {
        .arena = arena,
        .entries = arena_new_array(arena, struct redirect_entry, REDIRECT_FILE_ENTRIES_MAX)};
    bool json = str_starts(str_trim(text), S("[")) || str_starts(str_trim(text), S("{"));
    enum status st = ST_OK;
    if (text.len > 0) /* libyaml asserts that there is something */
        st = json ? read_json(&r, text, err) : read_yaml(&r, text, err);
    if (st != ST_OK)
        return st;
    *ret_entries = r.entries;
    *ret_count = r.count;
    return ST_OK;
}

/* ---- writing ---- */

/* In quotes, which both forms read alike; what an expression would take for more than itself, escaped. */
static void add_from(struct buf *out, str path)
{
    buf_add(out, S("\""));
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (c == '*' || c == '+' || c == '?' || c == '(' || c == ')' || c == '[' || c == ']' ||
            c == '{' || c == '}' || c == '|' || c == '^' || c == '$' || c == '\\' || c == '.')
            buf_add(out, S("\\\\"));
        buf_add_json(out, (str){&path.ptr[i], 1});
    }
    buf_add(out, S("\""));
}

static void add_to(struct buf *out, str to)
{
    buf_add(out, S("\""));
    buf_add_json(out, to);
    buf_add(out, S("\""));
}

void redirect_file_add(struct redirect_writer *writer, const struct redirect_entry *entry)
{
    struct buf *out = writer->out;
    if (writer->format == REDIRECT_JSON) {
        buf_add(out, writer->code == 0 ? S("[\n  {\"from\": ") : S(",\n  {\"from\": "));
        add_from(out, entry->from);
        buf_add(out, S(", \"to\": "));
        add_to(out, entry->to);
        buf_add(out,
                entry->code == 301 ? S(", \"permanent\": true}") : S(", \"permanent\": false}"));
    } else {
        if (entry->code != writer->code)
            buf_addf(out, "%d:\n", entry->code);
        buf_add(out, S("  "));
        add_from(out, entry->from);
        buf_add(out, S(": "));
        add_to(out, entry->to);
        buf_add(out, S("\n"));
    }
    writer->code = entry->code;
}

void redirect_file_end(struct redirect_writer *writer)
{
    if (writer->format == REDIRECT_JSON)
        buf_add(writer->out, writer->code == 0 ? S("[]\n") : S("\n]\n"));
}
