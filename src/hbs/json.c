/* SPDX-License-Identifier: MIT
 *
 * Views over jansson's arrays and objects. jansson finds a key by hash and keeps the order of
 * entry, but counts its way to an object's i-th key: going through an object is quadratic, which
 * data of this kind can bear. */
#include "hbs/json.h"

static enum status json_get(struct hbs_value self, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    (void)env;
    (void)err;
    *ret = hbs_json(json_object_getn(self.data, key->text.ptr, key->text.len));
    return ST_OK;
}

static enum status object_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                 struct error *err)
{
    (void)env;
    (void)err;
    *ret = json_object_size(self.data);
    return ST_OK;
}

static enum status object_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                             str *ret_key, struct hbs_value *ret, struct error *err)
{
    void *iter = json_object_iter(self.data);
    (void)env;
    (void)err;
    while (i-- > 0)
        iter = json_object_iter_next(self.data, iter);
    *ret_key = (str){json_object_iter_key(iter), json_object_iter_key_len(iter)};
    *ret = hbs_json(json_object_iter_value(iter));
    return ST_OK;
}

static enum status array_length(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                                struct error *err)
{
    (void)env;
    (void)err;
    *ret = json_array_size(self.data);
    return ST_OK;
}

static enum status array_at(struct hbs_value self, size_t i, const struct hbs_env *env,
                            str *ret_key, struct hbs_value *ret, struct error *err)
{
    (void)env;
    (void)ret_key;
    (void)err;
    *ret = hbs_json(json_array_get(self.data, i));
    return ST_OK;
}

static const struct hbs_view object_view = {
    .name = "object",
    .get = json_get,
    .length = object_length,
    .at = object_at,
};
static const struct hbs_view array_view = {
    .name = "list",
    .length = array_length,
    .at = array_at,
};

struct hbs_value hbs_json(json_t *json)
{
    if (json == NULL)
        return hbs_undefined();
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return hbs_object(&object_view, json);
    case JSON_ARRAY:
        return hbs_list(&array_view, json);
    case JSON_STRING:
        return hbs_string((str){json_string_value(json), json_string_length(json)});
    case JSON_INTEGER:
        return hbs_number((double)json_integer_value(json));
    case JSON_REAL:
        return hbs_number(json_real_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return hbs_bool(json_is_true(json));
    case JSON_NULL:
        break;
    }
    return hbs_null();
}
