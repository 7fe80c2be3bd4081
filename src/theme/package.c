// SPDX-License-Identifier: MIT
#include "theme/package.h"
#include "base/arena.h"
#include "news/setting.h"

#include <jansson.h>

static void json_freep(json_t **json)
{
    json_decref(*json);
}

/* The text of a property, or empty. */
static str text_of(struct arena *arena, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return STR_NONE;
    return str_copy(arena, (str){json_string_value(value), json_string_length(value)});
}

static int pixels_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    json_int_t n = json_is_integer(value) ? json_integer_value(value) : 0;
    return n < 1 || n > PACKAGE_IMAGE_WIDTH_MAX ? 0 : (int)n;
}

static void read_image_sizes(struct arena *arena, json_t *sizes, struct package *package)
{
    package->image_sizes =
        arena_new_array(arena, struct package_image_size, PACKAGE_IMAGE_SIZES_MAX);
    const char *name;
    json_t *size;
    json_object_foreach(sizes, name, size)
    {
        if (package->image_sizes_count == PACKAGE_IMAGE_SIZES_MAX)
            return;
        struct package_image_size row = {str_copy(arena, str_from_c(name)),
                                         pixels_of(size, "width"), pixels_of(size, "height")};
        if (row.width > 0 || row.height > 0)
            package->image_sizes[package->image_sizes_count++] = row;
    }
}

static bool custom_key_valid(str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') && !(c == '_' && i > 0))
            return false;
    }
    return key.len > 0;
}

static bool custom_type(str name, enum package_custom_type *ret_type)
{
    static const str names[] = {
        [PACKAGE_SELECT] = STR_INIT("select"), [PACKAGE_BOOLEAN] = STR_INIT("boolean"),
        [PACKAGE_COLOR] = STR_INIT("color"),   [PACKAGE_IMAGE] = STR_INIT("image"),
        [PACKAGE_TEXT] = STR_INIT("text"),
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(name, names[i])) {
            *ret_type = (enum package_custom_type)i;
            return true;
        }
    }
    return false;
}

static void read_options(struct arena *arena, const json_t *options, struct package_custom *custom)
{
    custom->options = arena_new_array(arena, str, PACKAGE_OPTIONS_MAX);
    size_t index;
    json_t *option;
    json_array_foreach(options, index, option)
    {
        if (!json_is_string(option) || custom->options_count == PACKAGE_OPTIONS_MAX)
            continue;
        custom->options[custom->options_count++] =
            str_copy(arena, (str){json_string_value(option), json_string_length(option)});
    }
}

static bool read_custom_one(struct arena *arena, str key, const json_t *json,
                            struct package_custom *ret)
{
    struct package_custom custom = {.key = str_copy(arena, key)};
    if (!custom_key_valid(key) || !custom_type(text_of(arena, json, "type"), &custom.type))
        return false;
    const json_t *value = json_object_get(json, "default");
    if (custom.type == PACKAGE_BOOLEAN)
        custom.value = json_is_true(value) ? S("true") : S("false");
    else
        custom.value = text_of(arena, json, "default");
    read_options(arena, json_object_get(json, "options"), &custom);
    custom.group = text_of(arena, json, "group");
    custom.description = text_of(arena, json, "description");
    custom.visibility = text_of(arena, json, "visibility");
    *ret = custom;
    return true;
}

static void read_custom(struct arena *arena, json_t *settings, struct package *package)
{
    package->custom = arena_new_array(arena, struct package_custom, PACKAGE_CUSTOM_MAX);
    const char *key;
    json_t *setting;
    json_object_foreach(settings, key, setting)
    {
        if (package->custom_count == PACKAGE_CUSTOM_MAX)
            return;
        if (read_custom_one(arena, str_from_c(key), setting,
                            &package->custom[package->custom_count]))
            package->custom_count++;
    }
}

static void read_config(struct arena *arena, const json_t *config, struct package *package)
{
    const json_t *per_page = json_object_get(config, "posts_per_page");
    json_int_t n = json_is_integer(per_page) ? json_integer_value(per_page) : 0;
    if (n > PACKAGE_POSTS_PER_PAGE_MAX)
        n = PACKAGE_POSTS_PER_PAGE_MAX;
    if (n > 0)
        package->posts_per_page = (int)n;
    /* {include: [...]} and {exclude: [...]} want some of the cards: one style sheet has them all. */
    package->card_assets = !json_is_false(json_object_get(config, "card_assets"));
    read_image_sizes(arena, json_object_get(config, "image_sizes"), package);
    read_custom(arena, json_object_get(config, "custom"), package);
}

enum status package_read(struct arena *arena, str text, struct package **ret_package,
                         struct error *err)
{
    json_error_t fault;
    AUTO(json_freep) json_t *root = json_loadb(text.ptr, text.len, 0, &fault);
    if (root == NULL)
        return error_set(err, ST_INVALID, "package.json:%d:%d: %s", fault.line, fault.column,
                         fault.text);
    if (!json_is_object(root))
        return error_set(err, ST_INVALID, "package.json:1:1: it must be one object");
    struct package *package = arena_new_one(arena, struct package);
    package->name = text_of(arena, root, "name");
    package->version = text_of(arena, root, "version");
    package->description = text_of(arena, root, "description");
    package->author = text_of(arena, json_object_get(root, "author"), "name");
    read_config(arena, json_object_get(root, "config"), package);
    *ret_package = package;
    return ST_OK;
}

const struct package_image_size *package_image_size(const struct package *package, str name)
{
    for (size_t i = 0; i < package->image_sizes_count; i++) {
        if (str_eq(package->image_sizes[i].name, name))
            return &package->image_sizes[i];
    }
    return NULL;
}

const struct package_custom *package_custom(const struct package *package, str key)
{
    for (size_t i = 0; i < package->custom_count; i++) {
        if (str_eq(package->custom[i].key, key))
            return &package->custom[i];
    }
    return NULL;
}

static bool option_known(const struct package_custom *custom, str value)
{
    for (size_t i = 0; i < custom->options_count; i++) {
        if (str_eq(custom->options[i], value))
            return true;
    }
    return false;
}

enum status package_custom_check(const struct package_custom *custom, str value, struct error *err)
{
    if (value.len == 0)
        return ST_OK;
    switch (custom->type) {
    case PACKAGE_SELECT:
        if (option_known(custom, value))
            return ST_OK;
        return error_set(err, ST_INVALID, "%.*s: the theme has no such choice",
                         STR_ARG(custom->key));
    case PACKAGE_BOOLEAN:
        if (str_eq(value, S("true")) || str_eq(value, S("false")))
            return ST_OK;
        return error_set(err, ST_INVALID, "%.*s is true or false", STR_ARG(custom->key));
    /* The rules of the site's own: a line, a colour, a picture. */
    case PACKAGE_COLOR:
        return setting_check(S("accent_color"), value, err);
    case PACKAGE_IMAGE:
        return setting_check(S("logo"), value, err);
    case PACKAGE_TEXT:
        return setting_check(S("meta_title"), value, err);
    }
    return ST_OK;
}
