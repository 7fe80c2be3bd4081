/* SPDX-License-Identifier: MIT
 *
 * The ready-made views: a table of names, a list over an array, a map, one object laid on another. */
#include "hbs/value.h"

#include "base/arena.h"
#include "base/map.h"

#include <string.h>

/* ---- a table of names ---- */

void hbs_fields_init(struct hbs_fields *fields, struct arena *arena, const str *names, size_t count)
{
    uint32_t slots = 8;
    CHECK(count <= HBS_FIELDS_MAX);
    while (slots < 2 * count)
        slots *= 2;
    *fields = (struct hbs_fields){.names = names, .mask = slots - 1};
    fields->hashes = arena_new_array(arena, uint32_t, count);
    fields->slots = arena_new_array(arena, uint8_t, slots);
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = str_hash(names[i]);
        uint32_t at = hash & fields->mask;
        while (fields->slots[at] != 0)
            at = (at + 1) & fields->mask;
        fields->hashes[i] = hash;
        fields->slots[at] = (uint8_t)(i + 1);
    }
}

int hbs_fields_find(const struct hbs_fields *fields, const struct hbs_key *key)
{
    for (uint32_t at = key->hash & fields->mask;; at = (at + 1) & fields->mask) {
        uint8_t slot = fields->slots[at];
        if (slot == 0)
            return -1;
        if (fields->hashes[slot - 1] == key->hash && str_eq(fields->names[slot - 1], key->text))
            return slot - 1;
    }
}

/* ---- a list over an array ---- */

struct array {
    const struct hbs_value *items;
    size_t count;
};

static enum status array_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                struct error *err)
{
    const struct array *array = self.data;
    (void)env;
    (void)err;
    *ret = array->count;
    return ST_OK;
}

static enum status array_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                            str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct array *array = self.data;
    (void)env;
    (void)ret_key;
    (void)err;
    CHECK(i < array->count);
    *ret = array->items[i];
    return ST_OK;
}

static const struct hbs_view array_view = {
    .name = "list",
    .length = array_length,
    .at = array_at,
};

struct hbs_value hbs_list_of(struct arena *arena, const struct hbs_value *items, size_t count)
{
    struct array *array = arena_new_one(arena, struct array);
    *array = (struct array){items, count};
    return hbs_list(&array_view, array);
}

/* ---- a map of values ---- */

struct hbs_map {
    struct map names; /* -> struct hbs_value */
};

struct hbs_map *hbs_map_new(struct arena *arena)
{
    struct hbs_map *map = arena_new_one(arena, struct hbs_map);
    map_init(&map->names, arena);
    return map;
}

void hbs_map_set(struct hbs_map *map, str name, struct hbs_value value)
{
    struct hbs_value *there = map_get(&map->names, name);
    if (there == NULL) {
        there = arena_new_one(map->names.arena, struct hbs_value);
        (void)map_set(&map->names, name, there);
    }
    *there = value;
}

static enum status map_view_get(struct hbs_value self, const struct hbs_key *key,
                                const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    const struct hbs_map *map = self.data;
    const struct hbs_value *there = map_get(&map->names, key->text);
    (void)env;
    (void)err;
    if (there != NULL)
        *ret = *there;
    return ST_OK;
}

static enum status map_view_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                   struct error *err)
{
    const struct hbs_map *map = self.data;
    (void)env;
    (void)err;
    *ret = map_count(&map->names);
    return ST_OK;
}

static enum status map_view_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                               str *ret_key, struct hbs_value *ret, struct error *err)
{
    const struct hbs_map *map = self.data;
    const struct hbs_value *there = map_value(&map->names, i);
    (void)env;
    (void)err;
    *ret_key = map_key(&map->names, i);
    *ret = *there;
    return ST_OK;
}

static const struct hbs_view map_view = {
    .name = "object",
    .get = map_view_get,
    .length = map_view_length,
    .at = map_view_at,
};

struct hbs_value hbs_map_value(struct hbs_map *map)
{
    return hbs_object(&map_view, map);
}

/* ---- one object laid on another ---- */

struct overlay {
    struct hbs_value base, over;
    bool counted;
    size_t base_count;
    uint32_t *more; /* entries of `over` that `base` lacks */
    size_t more_count;
};

static enum status overlay_get(struct hbs_value self, const struct hbs_key *key,
                               const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    const struct overlay *overlay = self.data;
    enum status st = hbs_get(overlay->over, key, env, ret, err);
    if (st != ST_OK || ret->type != HBS_UNDEFINED)
        return st;
    return hbs_get(overlay->base, key, env, ret, err);
}

/* Only what goes through an overlay entry by entry pays for this. */
static enum status overlay_count(struct overlay *overlay, const struct hbs_env *env,
                                 struct error *err)
{
    size_t over;
    if (overlay->counted)
        return ST_OK;
    enum status st = hbs_length(overlay->base, env, &overlay->base_count, err);
    if (st != ST_OK)
        return st;
    st = hbs_length(overlay->over, env, &over, err);
    if (st != ST_OK)
        return st;
    overlay->more = arena_new_array(env->arena, uint32_t, over);
    overlay->more_count = 0;
    for (size_t i = 0; i < over; i++) {
        str key;
        struct hbs_value value, in_base;
        st = hbs_at(overlay->over, i, env, &key, &value, err);
        if (st != ST_OK)
            return st;
        st = hbs_get_name(overlay->base, key, env, &in_base, err);
        if (st != ST_OK)
            return st;
        if (in_base.type == HBS_UNDEFINED)
            overlay->more[overlay->more_count++] = u32_from_size(i);
    }
    overlay->counted = true;
    return ST_OK;
}

static enum status overlay_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                  struct error *err)
{
    struct overlay *overlay = self.data;
    enum status st = overlay_count(overlay, env, err);
    if (st == ST_OK)
        *ret = overlay->base_count + overlay->more_count;
    return st;
}

static enum status overlay_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                              str *ret_key, struct hbs_value *ret, struct error *err)
{
    struct overlay *overlay = self.data;
    enum status st = overlay_count(overlay, env, err);
    if (st != ST_OK)
        return st;
    if (i >= overlay->base_count)
        return hbs_at(overlay->over, overlay->more[i - overlay->base_count], env, ret_key, ret,
                      err);
    st = hbs_at(overlay->base, i, env, ret_key, ret, err);
    if (st != ST_OK)
        return st;
    return hbs_get_name(self, *ret_key, env, ret, err);
}

static const struct hbs_view overlay_view = {
    .name = "object",
    .get = overlay_get,
    .length = overlay_length,
    .at = overlay_at,
};

struct hbs_value hbs_overlay(struct arena *arena, struct hbs_value base, struct hbs_value over)
{
    struct overlay *overlay = arena_new_one(arena, struct overlay);
    *overlay = (struct overlay){.base = base, .over = over};
    return hbs_object(&overlay_view, overlay);
}
