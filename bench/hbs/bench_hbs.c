/* SPDX-License-Identifier: MIT
 *
 * A story page through the template language alone: a layout, partials, a story with tags, three
 * lists of ten stories each, twenty replies; the data are C arrays behind lazy views, so what is
 * timed is the language. Prints the middle of many runs.
 *
 *     bench_hbs [RUNS]         (1 run under `valgrind --tool=callgrind` counts instructions) */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "hbs/hbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STORIES = 10, REPLIES = 20, PAGE_BYTES_MAX = 1024 * 1024, RUNS = 2000 };

/* ---- records behind views ---- */

enum field { TITLE, URL, EXCERPT, IMAGE, PUBLISHED, AUTHOR, TAGS, HTML, LIST, FEATURED, NUMBER };
static const str field_names[] = {
    STR_INIT("title"),         STR_INIT("url"),           STR_INIT("excerpt"),
    STR_INIT("feature_image"), STR_INIT("published_at"),  STR_INIT("author"),
    STR_INIT("tags"),          STR_INIT("html"),          STR_INIT("list"),
    STR_INIT("featured"),      STR_INIT("comment_count"),
};
static struct hbs_fields fields;

static enum status story_get(struct hbs_value self, const struct hbs_key *key,
                             const struct hbs_env *env, struct hbs_value *ret, struct error *err);
static enum status list_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                               struct error *err)
{
    (void)env;
    (void)err;
    *ret = self.index;
    return ST_OK;
}
static enum status list_at(struct hbs_value self, size_t i, const struct hbs_env *env, str *ret_key,
                           struct hbs_value *ret, struct error *err);

static const struct hbs_view story_view = {.name = "story", .get = story_get};
static const struct hbs_view list_view = {.name = "list", .length = list_length, .at = list_at};

static enum status list_at(struct hbs_value self, size_t i, const struct hbs_env *env, str *ret_key,
                           struct hbs_value *ret, struct error *err)
{
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = hbs_object(&story_view, self.data);
    ret->index = u32_from_size(i);
    return ST_OK;
}

static struct hbs_value list_of(uint32_t count)
{
    struct hbs_value list = hbs_list(&list_view, NULL);
    list.index = count;
    return list;
}

static enum status story_get(struct hbs_value self, const struct hbs_key *key,
                             const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    (void)env;
    (void)err;
    switch (hbs_fields_find(&fields, key)) {
    case TITLE:
        *ret = hbs_string(S("Ferry strike enters its second week as talks stall"));
        break;
    case URL:
        *ret = hbs_string(S("/ferry-strike-enters-its-second-week/"));
        break;
    case EXCERPT:
        *ret = hbs_string(S("Crews on the island route voted to stay out until Friday. The company "
                            "calls the pay claim \"out of reach\" & says it will wait."));
        break;
    case IMAGE:
        *ret = self.index % 2 == 0 ? hbs_string(S("/content/images/ferry.jpg")) : hbs_null();
        break;
    case PUBLISHED:
        *ret = hbs_string(S("2026-03-05T07:08:09Z"));
        break;
    case AUTHOR:
        *ret = hbs_object(&story_view, NULL);
        break;
    case TAGS:
        *ret = list_of(4);
        break;
    case HTML:
        *ret = hbs_html((html){S("<p>Crews on the island route voted to stay out.</p>")});
        break;
    case LIST:
        *ret = list_of(STORIES);
        break;
    case FEATURED:
        *ret = hbs_bool(self.index == 0);
        break;
    case NUMBER:
        *ret = hbs_number(self.index);
        break;
    }
    return ST_OK;
}

/* ---- templates ---- */

static enum status helper_same(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return hbs_same(hbs_call_arg(call, 0), hbs_call_arg(call, 1))
               ? hbs_call_block(call, NULL, err)
               : hbs_call_inverse(call, NULL, err);
}

static enum status helper_text(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)err;
    *ret = hbs_call_arg(call, 0);
    return ST_OK;
}

static const struct hbs_helper helpers[] = {
    {STR_INIT("match"), helper_same, 0},
    {STR_INIT("t"), helper_text, 0},
    {STR_INIT("img_url"), helper_text, 0},
    {STR_INIT("date"), helper_text, 0},
};

static const struct {
    enum hbs_kind kind;
    str name, source;
} files[] = {
    {HBS_TEMPLATE, STR_INIT("default"),
     STR_INIT(
         "<!doctype html><html lang=\"{{@site.url}}\"><head><title>{{title}}</title></head>\n"
         "<body>{{> header}}{{{body}}}\n<footer>{{t \"Published by\"}} {{@site.title}}</footer>"
         "</body></html>\n")},
    {HBS_PARTIAL, STR_INIT("header"),
     STR_INIT(
         "<header><a href=\"{{@site.url}}\">{{@site.title}}</a>{{#if @member}}{{t \"Account\"}}"
         "{{else}}{{t \"Sign in\"}}{{/if}}</header>\n")},
    {HBS_PARTIAL, STR_INIT("card"),
     STR_INIT(
         "<article>\n{{#if feature_image}}\n  <img src=\"{{img_url feature_image size=\"m\"}}\" "
         "alt=\"{{title}}\">\n{{/if}}\n  <h2><a href=\"{{url}}\">{{title}}</a></h2>\n"
         "  {{#match featured true}}<b>{{t \"Featured\"}}</b>{{/match}}\n  {{#author}}<i>{{title}}"
         "</i>{{/author}}\n  <time>{{date published_at format=\"DD MMM YYYY\"}}</time>\n"
         "  <p>{{excerpt}}</p>\n</article>\n")},
    {HBS_TEMPLATE, STR_INIT("post"),
     STR_INIT(
         "{{!< default}}\n<main>\n<h1>{{title}}</h1>\n<p>{{excerpt}}</p>\n{{#if tags}}\n<ul>\n"
         "{{#each tags}}\n<li><a href=\"{{url}}\">{{title}}</a></li>\n{{/each}}\n</ul>\n{{/if}}\n"
         "{{{html}}}\n{{#each list}}{{> card}}{{/each}}\n{{#each list}}{{> card}}{{/each}}\n"
         "{{#each list}}{{> card}}{{/each}}\n{{#each replies}}\n<li id=\"reply-{{comment_count}}\">"
         "{{@index}} {{author.title}} <time>{{date published_at}}</time>{{{html}}}\n"
         "{{#unless @last}}<hr>{{/unless}}</li>\n{{/each}}\n</main>\n")},
};

static struct hbs_set *build(void)
{
    struct error err = ERROR_INIT;
    struct hbs_set *set = hbs_set_new(&(struct hbs_options){
        .helpers = helpers,
        .helpers_count = sizeof(helpers) / sizeof(helpers[0]),
        .prevent_indent = true,
        .layouts = true,
    });
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (hbs_set_add(set, files[i].kind, files[i].name, files[i].name, files[i].source, &err) !=
            ST_OK)
            break;
    if (hbs_set_compile(set, &err) != ST_OK)
        printf("%s\n", err.text);
    return set;
}

/* ---- the clock ---- */

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static uint64_t render_once(const struct hbs_set *set, struct arena *arena, uint64_t *ret_steps,
                            size_t *ret_bytes)
{
    struct error err = ERROR_INIT;
    struct buf out;
    struct hbs_map *replies = hbs_map_new(arena);
    hbs_map_set(replies, S("replies"), list_of(REPLIES));
    struct hbs_map *data = hbs_map_new(arena);
    hbs_map_set(data, S("site"), hbs_object(&story_view, NULL));
    struct hbs_value root =
        hbs_overlay(arena, hbs_object(&story_view, NULL), hbs_map_value(replies));

    uint64_t start = now_ns();
    buf_init(&out, arena, PAGE_BYTES_MAX);
    buf_reserve(&out, 64 * 1024);
    enum status st = hbs_render(
        set, S("post"),
        &(struct hbs_page){
            .root = root, .data = hbs_map_value(data), .arena = arena, .ret_steps = ret_steps},
        &out, &err);
    uint64_t end = now_ns();
    if (st != ST_OK)
        printf("%s\n", err.text);
    *ret_bytes = out.len;
    return end - start;
}

int main(int argc, char **argv)
{
    uint64_t runs = RUNS;
    if (argc > 1 && (!str_to_u64(str_from_c(argv[1]), 1000 * 1000, &runs) || runs == 0))
        return 2;
    AUTO(arena_freep) struct arena *names = arena_new(ARENA_SMALL);
    AUTO(arena_freep) struct arena *arena = arena_new(256 * 1024);
    hbs_fields_init(&fields, names, field_names, sizeof(field_names) / sizeof(field_names[0]));
    AUTO(hbs_set_freep) struct hbs_set *set = build();
    uint64_t *times = arena_new_array(names, uint64_t, runs);
    uint64_t steps = 0;
    size_t bytes = 0;
    for (uint64_t i = 0; i < runs; i++) {
        arena_reset(arena);
        times[i] = render_once(set, arena, &steps, &bytes);
    }
    qsort(times, runs, sizeof(times[0]), by_size);
    double middle = (double)times[runs / 2];
    printf("page %zu bytes, %llu steps: %.1f us (p99 %.1f), %.1f ns a step, %.2f ns a byte\n",
           bytes, (unsigned long long)steps, middle / 1000, (double)times[runs * 99 / 100] / 1000,
           middle / (double)steps, middle / (double)bytes);
    return 0;
}
