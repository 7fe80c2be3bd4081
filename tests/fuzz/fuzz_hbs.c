/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a theme: the first chooses options, then come templates parted by NUL: main, the
 * partials a, b and the layout. Whatever compiles is rendered, twice, with small data under small
 * limits. It must end, say what is wrong in a sentence that names the file, and print the same
 * both times. */
#include "tests/unit/hbs/test_helpers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE_BYTES_MAX = 64 * 1024, STEPS_MAX = 20000, LOOP_ITEMS_MAX = 50 };

static struct hbs_value small_data(struct arena *arena)
{
    struct hbs_map *root = hbs_map_new(arena), *post = hbs_map_new(arena);
    struct hbs_value *items = arena_new_array(arena, struct hbs_value, 4);
    hbs_map_set(post, S("title"), hbs_string(S("Rain & <wind>")));
    hbs_map_set(post, S("html"), hbs_html((html){S("<p>x</p>")}));
    hbs_map_set(post, S("n"), hbs_number(-0.1));
    hbs_map_set(post, S("none"), hbs_null());
    items[0] = hbs_map_value(post);
    items[1] = hbs_string(S("a"));
    items[2] = hbs_bool(true);
    items[3] = hbs_list_of(arena, items, 4);
    hbs_map_set(root, S("post"), items[0]);
    hbs_map_set(root, S("list"), items[3]);
    hbs_map_set(root, S("x"), hbs_string(S("X")));
    hbs_map_set(root, S("tags"), hbs_list_of(arena, items, 2));
    return hbs_map_value(root);
}

static void check_error(enum status st, const struct error *err)
{
    CHECK(st == ST_OK || err->status == st);
    CHECK(st == ST_OK || err->text[0] != '\0');
}

static str render(const struct hbs_set *set, struct arena *arena)
{
    struct error err = ERROR_INIT;
    struct buf out;
    buf_init(&out, arena, PAGE_BYTES_MAX);
    enum status st = hbs_render(set, S("main"),
                                &(struct hbs_page){.root = small_data(arena),
                                                   .data = small_data(arena),
                                                   .arena = arena,
                                                   .steps_max = STEPS_MAX,
                                                   .loop_items_max = LOOP_ITEMS_MAX},
                                &out, &err);
    check_error(st, &err);
    CHECK(out.len <= PAGE_BYTES_MAX);
    return buf_view(&out);
}

static bool build(struct hbs_set *set, str rest)
{
    static const struct {
        enum hbs_kind kind;
        str name;
    } files[] = {
        {HBS_TEMPLATE, STR_INIT("main")},
        {HBS_PARTIAL, STR_INIT("a")},
        {HBS_PARTIAL, STR_INIT("b")},
        {HBS_TEMPLATE, STR_INIT("layout")},
    };
    bool good = true;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct error err = ERROR_INIT;
        enum status st = hbs_set_add(set, files[i].kind, files[i].name, files[i].name,
                                     str_cut(&rest, '\0'), &err);
        check_error(st, &err);
        good = good && st == ST_OK;
    }
    struct error err = ERROR_INIT;
    enum status st = hbs_set_compile(set, &err);
    check_error(st, &err);
    return good && st == ST_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct hbs_options options = {
        .helpers = test_helpers,
        .helpers_count = TEST_HELPERS,
        .layouts = (data[0] & 1) != 0,
        .prevent_indent = (data[0] & 2) != 0,
        .late_errors = (data[0] & 4) != 0,
        .compat = (data[0] & 8) != 0,
        .strict = (data[0] & 16) != 0,
        .ignore_standalone = (data[0] & 32) != 0,
        .explicit_partial_context = (data[0] & 64) != 0,
        .assume_objects = (data[0] & 128) != 0,
    };
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&options);
    if (!build(set, (str){(const char *)data + 1, size - 1}))
        return 0;
    AUTO(arena_freep) struct arena *one = arena_new(ARENA_REQUEST);
    AUTO(arena_freep) struct arena *two = arena_new(ARENA_REQUEST);
    CHECK(str_eq(render(set, one), render(set, two)));
    return 0;
}
