// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/parse.h"
#include "theme/rendering.h"

enum status value_text(const struct hbs_env *env, struct hbs_value value, str *ret,
                       struct error *err)
{
    if (hbs_is_text(value)) {
        *ret = value.text;
        return ST_OK;
    }
    if (hbs_is_nothing(value)) {
        *ret = STR_NONE;
        return ST_OK;
    }
    return hbs_to_text(value, env, ret, err);
}

enum status value_get_text(const struct hbs_env *env, struct hbs_value value, str name, str *ret,
                           struct error *err)
{
    struct hbs_value found;
    enum status st = hbs_get_name(value, name, env, &found, err);
    return st == ST_OK ? value_text(env, found, ret, err) : st;
}

enum status call_text(const struct hbs_call *call, str name, str otherwise, str *ret,
                      struct error *err)
{
    struct hbs_value value = hbs_call_hash(call, name);
    if (hbs_is_nothing(value)) {
        *ret = otherwise;
        return ST_OK;
    }
    return value_text(hbs_call_env(call), value, ret, err);
}

int64_t call_int(const struct hbs_call *call, str name, int64_t otherwise)
{
    enum { LARGEST = 1000000000 };
    double n;
    if (!hbs_to_number(hbs_call_hash(call, name), &n) || !(n > -LARGEST && n < LARGEST))
        return otherwise;
    return (int64_t)n;
}

bool call_bool(const struct hbs_call *call, str name, bool otherwise)
{
    struct hbs_value value = hbs_call_hash(call, name);
    if (value.type == HBS_BOOL)
        return value.boolean;
    if (hbs_is_text(value))
        return str_eq(value.text, S("true"));
    return otherwise;
}

enum status call_this(const struct hbs_call *call, str name, struct hbs_value *ret,
                      struct error *err)
{
    return hbs_get_name(hbs_call_this(call), name, hbs_call_env(call), ret, err);
}

enum status call_this_text(const struct hbs_call *call, str name, str *ret, struct error *err)
{
    return value_get_text(hbs_call_env(call), hbs_call_this(call), name, ret, err);
}
