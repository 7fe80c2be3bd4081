/* SPDX-License-Identifier: MIT
 *
 * The templates of one theme: adding, tying together, telling what is wrong and where. */
#include "hbs/ast.h"
#include "hbs/program.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>

/* ---- errors ---- */

/* Line and column from 1, the column in characters. */
static void line_of(str source, uint32_t pos, unsigned *ret_line, unsigned *ret_column)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < pos && i < source.len; i++) {
        unsigned char c = (unsigned char)source.ptr[i];
        if (c == '\n') {
            line++;
            column = 1;
        } else {
            column += (c & 0xC0) != 0x80;
        }
    }
    *ret_line = line;
    *ret_column = column;
}

void hbs_error_place(const struct template *template, uint32_t pos, struct error *err)
{
    unsigned line, column;
    line_of(template->source, pos, &line, &column);
    error_prefix(err, "%.*s:%u:%u", STR_ARG(template->file), line, column);
}

__attribute__((format(printf, 5, 0))) static void tell(struct hbs_set *set,
                                                       const struct template *template,
                                                       uint32_t pos, bool late, const char *fmt,
                                                       va_list ap)
{
    struct error error = ERROR_INIT;
    char text[ERROR_TEXT_MAX];
    (void)vsnprintf(text, sizeof(text), fmt, ap);

    struct hbs_problem problem = {.file = template->file, .late = late, .text = error.text};
    line_of(template->source, pos, &problem.line, &problem.column);
    error_set(&error, ST_INVALID, "%.*s:%u:%u: %s", STR_ARG(template->file), problem.line,
              problem.column, text);
    if (!late && set->first.status == ST_OK)
        set->first = error;
    if (set->options.on_problem != NULL)
        set->options.on_problem(set->options.on_problem_arg, &problem);
}

void hbs_set_problem(struct hbs_set *set, const struct template *template, uint32_t pos,
                     const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    tell(set, template, pos, false, fmt, ap);
    va_end(ap);
}

void hbs_set_late_problem(struct hbs_set *set, const struct template *template, uint32_t pos,
                          const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    tell(set, template, pos, set->options.late_errors, fmt, ap);
    va_end(ap);
}

static enum status first_problem(const struct hbs_set *set, struct error *err)
{
    if (set->first.status == ST_OK)
        return ST_OK;
    return error_set(err, set->first.status, "%s", set->first.text);
}

/* ---- making ---- */

/* A later one of the same name takes its place: the host's before the builtin. The map holds
 * them as it holds everything, by a pointer it may not write through. */
static void add_helpers(struct hbs_set *set, const struct hbs_helper *helpers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hbs_helper *helper = arena_new_one(set->arena, struct hbs_helper);
        *helper = helpers[i];
        (void)map_set(&set->helpers, helper->name, helper);
    }
}

struct hbs_set *hbs_set_new(const struct hbs_options *options)
{
    struct arena *arena = arena_new(ARENA_REQUEST);
    struct hbs_set *set = arena_new_one(arena, struct hbs_set);
    set->arena = arena;
    set->scratch = arena_new(ARENA_REQUEST);
    set->options = *options;
    map_init(&set->helpers, arena);
    map_init(&set->templates, arena);
    map_init(&set->partials, arena);
    map_init(&set->words, arena);
    map_init(&set->called, arena);
    map_init(&set->inlines, arena);
    add_helpers(set, hbs_builtins, hbs_builtins_count);
    if (options->layouts)
        add_helpers(set, hbs_layout_builtins, hbs_layout_builtins_count);
    add_helpers(set, options->helpers, options->helpers_count);
    return set;
}

void hbs_set_free(struct hbs_set *set)
{
    if (set == NULL)
        return;
    arena_free(set->scratch);
    arena_free(set->arena);
}

static const struct map *names_of(const struct hbs_set *set, enum hbs_kind kind)
{
    return kind == HBS_TEMPLATE ? &set->templates : &set->partials;
}

/* ---- layouts ---- */

static bool is_layout_char(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '/';
}

static size_t skip_space(str s, size_t at)
{
    while (at < s.len && ascii_is_space(s.ptr[at]))
        at++;
    return at;
}

/* The first {{!< name }} anywhere. */
static void find_layout(struct template *template)
{
    str s = template->source;
    for (size_t from = 0;;) {
        size_t mark = str_find(str_from(s, from), S("{{!<"));
        if (mark == STR_NPOS)
            return;
        mark += from;
        size_t begin = skip_space(s, mark + 4);
        size_t end = begin;
        while (end < s.len && is_layout_char(s.ptr[end]))
            end++;
        if (end > begin && str_starts(str_from(s, skip_space(s, end)), S("}}"))) {
            template->layout_name = str_sub(s, begin, end - begin);
            template->layout_pos = (uint32_t)mark;
            return;
        }
        from = mark + 4;
    }
}

/* "blog/post" and "../default" give "default"; false when it leads out of the theme. */
static bool layout_path(struct arena *arena, str template_name, str layout, str *ret)
{
    struct buf b;
    size_t slash = str_rfind_char(template_name, '/');
    buf_init(&b, arena, template_name.len + layout.len + 2);
    if (slash != STR_NPOS)
        buf_add(&b, str_sub(template_name, 0, slash));
    if (str_ends(layout, S(".hbs")))
        layout.len -= 4;
    while (layout.len > 0) {
        str part = str_cut(&layout, '/');
        if (part.len == 0 || str_eq(part, S(".")))
            continue;
        if (str_eq(part, S(".."))) {
            if (b.len == 0)
                return false;
            size_t up = str_rfind_char(buf_view(&b), '/');
            buf_truncate(&b, up == STR_NPOS ? 0 : up);
            continue;
        }
        if (b.len > 0)
            buf_add_char(&b, '/');
        buf_add(&b, part);
    }
    *ret = buf_view(&b);
    return true;
}

static void tie_layout(struct hbs_set *set, struct template *template)
{
    str path;
    if (template->layout_name.len == 0)
        return;
    if (layout_path(set->arena, template->name, template->layout_name, &path))
        template->layout = map_get(&set->templates, path);
    if (template->layout == NULL)
        hbs_set_problem(set, template, template->layout_pos, "{{!< %.*s}}: there is no such layout",
                        STR_ARG(template->layout_name));
}

static void check_layout_chain(struct hbs_set *set, const struct template *template)
{
    unsigned steps = 0;
    for (const struct template *at = template; at != NULL; at = at->layout) {
        if (++steps <= HBS_LAYOUTS_MAX + 1)
            continue;
        hbs_set_problem(set, template, template->layout_pos,
                        "{{!< %.*s}}: layouts within layouts, more than %d, or in a circle",
                        STR_ARG(template->layout_name), HBS_LAYOUTS_MAX);
        return;
    }
}

/* ---- adding and compiling ---- */

/* Which names {{#*inline "name"}} declares, so that {{> name}} is not called unknown. Bodies are
 * nested no deeper than HBS_NESTING_MAX. */
static void note_inlines(struct hbs_set *set, const struct ast_body *body)
{
    for (size_t i = 0; body != NULL && i < body->count; i++) {
        const struct ast_node *node = body->nodes[i];
        if (node->kind == AST_INLINE && node->call.args_count == 1 &&
            node->call.args[0]->kind == AST_LITERAL &&
            node->call.args[0]->literal.type == HBS_STRING)
            (void)map_set(&set->inlines, node->call.args[0]->literal.text, set);
        note_inlines(set, node->body);
        note_inlines(set, node->inverse);
    }
}

enum status hbs_set_add(struct hbs_set *set, enum hbs_kind kind, str name, str file, str source,
                        struct error *err)
{
    struct map *names = kind == HBS_TEMPLATE ? &set->templates : &set->partials;
    struct error wrong = ERROR_INIT;
    uint32_t pos = 0;

    CHECK(!set->compiled);
    if (map_get(names, name) != NULL)
        return error_set(err, ST_CONFLICT, "%.*s: there is a template \"%.*s\" already",
                         STR_ARG(file), STR_ARG(name));
    if (map_count(&set->templates) + map_count(&set->partials) >= HBS_SET_FILES_MAX)
        return error_set(err, ST_TOO_BIG, "%.*s: more than %d templates", STR_ARG(file),
                         HBS_SET_FILES_MAX);
    if (source.len > HBS_SOURCE_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "%.*s: a template of more than %d bytes", STR_ARG(file),
                         HBS_SOURCE_BYTES_MAX);

    struct template *template = arena_new_one(set->arena, struct template);
    template->kind = kind;
    template->name = str_copy(set->arena, name);
    template->file = str_copy(set->arena, file);
    template->source = str_copy(set->arena, source);
    (void)map_set(names, name, template);
    const struct ast_options options = {.ignore_standalone = set->options.ignore_standalone};
    enum status st =
        hbs_parse(set->scratch, &options, template->source, &template->ast, &pos, &wrong);
    if (st != ST_OK) {
        hbs_set_problem(set, template, pos, "%s", wrong.text);
        error_set(err, st, "%s", wrong.text);
        hbs_error_place(template, pos, err);
        return st;
    }
    note_inlines(set, template->ast);
    if (set->options.layouts && kind == HBS_TEMPLATE)
        find_layout(template);
    return ST_OK;
}

static void compile_map(struct hbs_set *set, const struct map *names)
{
    for (size_t i = 0; i < map_count(names); i++) {
        struct template *template = map_value(names, i);
        tie_layout(set, template);
        if (template->ast != NULL)
            hbs_compile(set, template);
    }
}

enum status hbs_set_compile(struct hbs_set *set, struct error *err)
{
    CHECK(!set->compiled);
    set->compiled = true;
    compile_map(set, &set->partials);
    compile_map(set, &set->templates);
    for (size_t i = 0; i < map_count(&set->templates); i++)
        check_layout_chain(set, map_value(&set->templates, i));
    arena_free(TAKE(set->scratch));
    return first_problem(set, err);
}

/* ---- questions ---- */

bool hbs_set_has(const struct hbs_set *set, enum hbs_kind kind, str name)
{
    return map_get(names_of(set, kind), name) != NULL;
}

bool hbs_set_names(const struct hbs_set *set, str name)
{
    return map_get(&set->words, name) != NULL;
}

bool hbs_set_calls(const struct hbs_set *set, str helper)
{
    return map_get(&set->called, helper) != NULL;
}

size_t hbs_set_bytes(const struct hbs_set *set)
{
    return arena_bytes(set->arena);
}
