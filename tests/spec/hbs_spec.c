/* SPDX-License-Identifier: MIT
 *
 * Runs the public cases of Handlebars and Mustache through the template language:
 *
 *     hbs_spec FOLDER          FOLDER/handlebars/XXX.json, FOLDER/mustache/XXX.json
 *
 * The cases are not part of the project. Without an argument they are looked for in
 * $BROADSHEET_SHARED/samples/spec; when they are not there the test is skipped (77). A case is
 * left out only for a reason that the summary names. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "hbs/hbs.h"
#include "hbs/json.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, CASES_BYTES_MAX = 16 * 1024 * 1024, PAGE_BYTES_MAX = 1024 * 1024 };

enum reason {
    RUN,
    JS_HELPER,     /* a helper written in JavaScript */
    JS_DATA,       /* a function in the data */
    JS_PARTIAL,    /* a partial that is a function */
    STRING_PARAMS, /* an option gone since version 4.0 */
    SPARSE,        /* an array with holes, which JSON has not */
    DELIMITERS,    /* {{=<% %>=}}: Mustache's alone */
    INDENT, /* Handlebars indents what a partial's values hold too; its own runner skips it */
    LOOKUP, /* Mustache prints nothing for a missing partial, Handlebars fails */
    REASONS,
};
static const char *const reason_names[] = {
    [JS_HELPER] = "needs a helper written in JavaScript",
    [JS_DATA] = "needs a function in the data",
    [JS_PARTIAL] = "needs a partial that is a function",
    [STRING_PARAMS] = "string parameters, gone since Handlebars 4.0",
    [SPARSE] = "an array with holes, which JSON has not",
    [DELIMITERS] = "changes the delimiters, which only Mustache can",
    [INDENT] = "indents a partial's values, which Handlebars' own runner skips",
    [LOOKUP] = "a missing partial, which in Handlebars is an error",
};

static int passed, failed, skipped[REASONS];

static bool holds(const json_t *json, const char *needle)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    bool found = text != NULL && strstr(text, needle) != NULL;
    free(text);
    return found;
}

static bool has_entries(const json_t *json)
{
    return json_object_size(json) > 0 || json_array_size(json) > 0;
}

static enum reason handlebars_reason(const json_t *test)
{
    if (has_entries(json_object_get(test, "helpers")) ||
        has_entries(json_object_get(test, "decorators")))
        return JS_HELPER;
    if (holds(json_object_get(test, "data"), "\"!code\"") ||
        holds(json_object_get(test, "runtimeOptions"), "\"!code\""))
        return JS_DATA;
    if (holds(json_object_get(test, "partials"), "\"!code\""))
        return JS_PARTIAL;
    if (json_is_true(json_object_get(json_object_get(test, "compileOptions"), "stringParams")))
        return STRING_PARAMS;
    if (holds(json_object_get(test, "data"), "\"!sparsearray\""))
        return SPARSE;
    return RUN;
}

static enum reason mustache_reason(const json_t *test, str name)
{
    if (holds(json_object_get(test, "template"), "{{=") ||
        holds(json_object_get(test, "partials"), "{{="))
        return DELIMITERS;
    if (str_eq(name, S("Failed Lookup")))
        return LOOKUP;
    return str_eq(name, S("Standalone Indentation")) ? INDENT : RUN;
}

static str json_str(const json_t *json)
{
    return json_is_string(json) ? (str){json_string_value(json), json_string_length(json)} : S("");
}

static bool option(const json_t *test, const char *name)
{
    return json_is_true(json_object_get(json_object_get(test, "compileOptions"), name));
}

static enum status add_partials(struct hbs_set *set, json_t *partials, struct error *err)
{
    const char *name;
    json_t *source;
    json_object_foreach(partials, name, source)
    {
        str text = json_is_string(source) ? json_str(source) : S("");
        enum status st =
            hbs_set_add(set, HBS_PARTIAL, str_from_c(name), str_from_c(name), text, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status render(json_t *test, const struct hbs_options *options, struct arena *arena,
                          str *ret, struct error *err)
{
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(options);
    struct buf out;
    enum status st = add_partials(set, json_object_get(test, "partials"), err);
    if (st != ST_OK)
        return st;
    st = hbs_set_add(set, HBS_TEMPLATE, S("main"), S("main"),
                     json_str(json_object_get(test, "template")), err);
    if (st != ST_OK)
        return st;
    st = hbs_set_compile(set, err);
    if (st != ST_OK)
        return st;
    buf_init(&out, arena, PAGE_BYTES_MAX);
    json_t *data = json_object_get(json_object_get(test, "runtimeOptions"), "data");
    st = hbs_render(set, S("main"),
                    &(struct hbs_page){
                        .root = hbs_json(json_object_get(test, "data")),
                        .data = json_is_object(data) ? hbs_json(data) : hbs_undefined(),
                        .arena = arena,
                    },
                    &out, err);
    if (st != ST_OK)
        return st;
    return buf_finish(&out, ret, err);
}

static void run_case(const char *file, str name, json_t *test, const struct hbs_options *options)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    const json_t *exception = json_object_get(test, "exception");
    bool fails = exception != NULL && !json_is_false(exception);
    str want = json_str(json_object_get(test, "expected"));
    str got = S("");
    enum status st = render(test, options, arena, &got, &err);
    if (fails ? st != ST_OK : st == ST_OK && str_eq(got, want)) {
        passed++;
        return;
    }
    failed++;
    printf("FAILED %s: %.*s\n  template  %.*s\n", file, STR_ARG(name),
           STR_ARG(json_str(json_object_get(test, "template"))));
    if (fails)
        printf("  should fail, gave \"%.*s\"\n", STR_ARG(got));
    else if (st != ST_OK)
        printf("  expected  \"%.*s\"\n  error     %s\n", STR_ARG(want), err.text);
    else
        printf("  expected  \"%.*s\"\n  got       \"%.*s\"\n", STR_ARG(want), STR_ARG(got));
}

static void run_test(const char *file, json_t *test, bool mustache)
{
    str name = json_str(json_object_get(test, mustache ? "name" : "it"));
    enum reason reason = mustache ? mustache_reason(test, name) : handlebars_reason(test);
    if (reason != RUN) {
        skipped[reason]++;
        return;
    }
    const struct hbs_options options = {
        .late_errors = true,
        .compat = mustache || option(test, "compat"),
        .strict = option(test, "strict"),
        .assume_objects = option(test, "assumeObjects"),
        .ignore_standalone = option(test, "ignoreStandalone"),
        .prevent_indent = option(test, "preventIndent"),
        .explicit_partial_context = option(test, "explicitPartialContext"),
        .no_escape = option(test, "noEscape"),
    };
    run_case(file, name, test, &options);
}

static bool run_file(struct arena *arena, str path, const char *file, bool mustache)
{
    struct error err = ERROR_INIT;
    str text;
    if (file_read(arena, path, CASES_BYTES_MAX, &text, &err) != ST_OK) {
        printf("%s\n", err.text);
        return false;
    }
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    json_t *tests = mustache ? json_object_get(json, "tests") : json;
    size_t i;
    json_t *test;
    json_array_foreach(tests, i, test) run_test(file, test, mustache);
    json_decref(json);
    return true;
}

static bool run_folder(struct arena *arena, str folder, bool mustache)
{
    struct dirent **entries;
    char *path = str_copy_c(arena, folder);
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return false;
    bool found = false;
    for (int i = 0; i < count; i++) {
        str name = str_from_c(entries[i]->d_name);
        if (str_ends(name, S(".json")))
            found |= run_file(arena, file_join(arena, folder, name), entries[i]->d_name, mustache);
        free(entries[i]);
    }
    free(entries);
    return found;
}

static str cases_folder(struct arena *arena, int argc, char **argv)
{
    if (argc > 1)
        return str_from_c(argv[1]);
    const char *shared = getenv("BROADSHEET_SHARED");
    return file_join(arena, shared == NULL ? S("../shared") : str_from_c(shared),
                     S("samples/spec"));
}

int main(int argc, char **argv)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str folder = cases_folder(arena, argc, argv);
    bool handlebars = run_folder(arena, file_join(arena, folder, S("handlebars")), false);
    bool mustache = run_folder(arena, file_join(arena, folder, S("mustache")), true);
    if (!handlebars && !mustache) {
        printf("no cases in %.*s: skipped\n", STR_ARG(folder));
        return SKIPPED;
    }
    int left_out = 0;
    for (int i = RUN + 1; i < REASONS; i++) {
        left_out += skipped[i];
        if (skipped[i] > 0)
            printf("%d left out: %s\n", skipped[i], reason_names[i]);
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, left_out);
    return failed == 0 ? 0 : 1;
}
