/* SPDX-License-Identifier: MIT
 *
 * The cases in tests/golden/hbs: what a template prints, as text anyone can add to. A file holds
 * several, each
 *
 *     === what it shows
 *     --- options compat strict          (optional; names of struct hbs_options)
 *     --- partial icons/x                (any number; `template NAME` likewise, for layouts)
 *     --- template                       (the one that is rendered: "main")
 *     --- data                           (JSON; optional)
 *     --- vars                           (JSON, the @variables; optional)
 *     --- expect        or        --- error     (a piece of the message)
 *
 * A section's text ends before the newline of its last line; an empty line more keeps it. Between
 * two cases stands an empty line that belongs to neither. */
#include "test_helpers.h"

#include "base/file.h"
#include "hbs/json.h"
#include "tests/check.h"

#include <dirent.h>
#include <stdlib.h>

enum { CASE_BYTES_MAX = 256 * 1024, PAGE_BYTES_MAX = 64 * 1024 };

struct golden {
    struct arena *arena;
    struct hbs_options options;
    struct hbs_set *set;
    str title, expect, error;
    bool wants_error;
    json_t *data, *vars;
    enum status st;
    struct error err;
};

static bool *option_slot(struct hbs_options *options, str name)
{
    const struct {
        str name;
        bool *slot;
    } slots[] = {
        {S("layouts"), &options->layouts},
        {S("prevent_indent"), &options->prevent_indent},
        {S("late_errors"), &options->late_errors},
        {S("compat"), &options->compat},
        {S("strict"), &options->strict},
        {S("assume_objects"), &options->assume_objects},
        {S("ignore_standalone"), &options->ignore_standalone},
        {S("explicit_partial_context"), &options->explicit_partial_context},
        {S("no_escape"), &options->no_escape},
    };
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
        if (str_eq(slots[i].name, name))
            return slots[i].slot;
    return NULL;
}

static void set_options(struct golden *g, str names)
{
    while (names.len > 0) {
        bool *slot = option_slot(&g->options, str_cut(&names, ' '));
        CHECK(slot != NULL);
        *slot = true;
    }
}

static struct hbs_set *set_of(struct golden *g)
{
    if (g->set == NULL)
        g->set = hbs_set_new(&g->options);
    return g->set;
}

static void add(struct golden *g, enum hbs_kind kind, str name, str text)
{
    if (g->st == ST_OK)
        g->st = hbs_set_add(set_of(g), kind, name, name, text, &g->err);
}

static void section(struct golden *g, str head, str text)
{
    str name = head;
    str kind = str_cut(&name, ' ');
    if (str_eq(kind, S("options")))
        set_options(g, name);
    else if (str_eq(kind, S("partial")))
        add(g, HBS_PARTIAL, name, text);
    else if (str_eq(kind, S("template")))
        add(g, HBS_TEMPLATE, name.len == 0 ? S("main") : name, text);
    else if (str_eq(kind, S("data")))
        g->data = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, NULL);
    else if (str_eq(kind, S("vars")))
        g->vars = json_loadb(text.ptr, text.len, 0, NULL);
    else if (str_eq(kind, S("expect")))
        g->expect = text;
    else
        CHECK(str_eq(kind, S("error")));
    if (str_eq(kind, S("error"))) {
        g->wants_error = true;
        g->error = text;
    }
}

static void check(struct golden *g, const char *file)
{
    struct buf out;
    buf_init(&out, g->arena, PAGE_BYTES_MAX);
    if (g->st == ST_OK)
        g->st = hbs_set_compile(set_of(g), &g->err);
    if (g->st == ST_OK)
        g->st =
            hbs_render(g->set, S("main"),
                       &(struct hbs_page){
                           .root = hbs_json(g->data), .data = hbs_json(g->vars), .arena = g->arena},
                       &out, &g->err);
    str got = g->st == ST_OK ? buf_view(&out) : str_from_c(g->err.text);
    bool ok = g->wants_error ? g->st != ST_OK && str_contains(got, g->error)
                             : g->st == ST_OK && str_eq(got, g->expect);
    test_count(ok, file, 0, str_copy_c(g->arena, g->title));
    if (!ok)
        printf("  want \"%.*s\"\n  got  \"%.*s\"\n", STR_ARG(g->wants_error ? g->error : g->expect),
               STR_ARG(got));
}

/* The next line that begins a case or a section, or the end. */
static size_t next_mark(str text, size_t from)
{
    for (size_t at = from; at < text.len; at++)
        if ((at == 0 || text.ptr[at - 1] == '\n') && (str_starts(str_from(text, at), S("=== ")) ||
                                                      str_starts(str_from(text, at), S("--- "))))
            return at;
    return text.len;
}

static void run_case(const char *file, str text, size_t *at)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct golden *g = arena_new_one(arena, struct golden);
    g->arena = arena;
    g->options = (struct hbs_options){.helpers = test_helpers, .helpers_count = TEST_HELPERS};
    for (bool first = true; *at < text.len; first = false) {
        if (str_starts(str_from(text, *at), S("=== ")) != first)
            break;
        str rest = str_from(text, *at + 4);
        str head = str_cut(&rest, '\n');
        size_t body = *at + 4 + head.len + 1;
        size_t end = next_mark(text, body < text.len ? body : text.len);
        bool case_ends = end < text.len && text.ptr[end] == '=';
        size_t newlines = case_ends ? 2 : 1;
        if (first)
            g->title = head;
        else
            section(g, head, end > body ? str_sub(text, body, end - body - newlines) : S(""));
        *at = end;
    }
    check(g, file);
    hbs_set_free(g->set);
    json_decref(g->data);
    json_decref(g->vars);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct dirent **entries;
    int count = scandir(GOLDEN_FOLDER, &entries, NULL, alphasort);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        str name = str_from_c(entries[i]->d_name);
        str text;
        struct error err = ERROR_INIT;
        if (str_ends(name, S(".case"))) {
            EXPECT_ST(file_read(arena, file_join(arena, S(GOLDEN_FOLDER), name), CASE_BYTES_MAX,
                                &text, &err),
                      ST_OK, &err);
            for (size_t at = next_mark(text, 0); at < text.len;)
                run_case(entries[i]->d_name, text, &at);
        }
        free(entries[i]);
    }
    free(entries);
    return test_done();
}
