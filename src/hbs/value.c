/* SPDX-License-Identifier: MIT
 *
 * Values: reading them, testing them, writing them as JavaScript would. */
#include "hbs/value.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"

#include <math.h>
#include <stdio.h>

enum {
    LIST_TEXT_DEPTH_MAX = 8,         /* lists in lists, when one is printed */
    LIST_TEXT_ITEMS_MAX = 10 * 1000, /* entries printed of one list */
    DIGITS_MAX = 17,                 /* decimal digits that tell any two doubles apart */
};
static const double INTEGER_EXACT = 9007199254740992.0; /* 2^53 */

/* ---- reading ---- */

/* "0" and "17" are indexes; "00", "" and "4294967295" are names. */
static uint32_t index_of(str text)
{
    uint64_t n;
    if (text.len == 0 || text.len > 9 || (text.len > 1 && text.ptr[0] == '0'))
        return HBS_NO_INDEX;
    return str_to_u64(text, HBS_NO_INDEX - 1, &n) ? (uint32_t)n : HBS_NO_INDEX;
}

struct hbs_key hbs_key_of(str text)
{
    return (struct hbs_key){text, str_hash(text), index_of(text)};
}

/* JavaScript counts UTF-16 units: two for what lies outside the basic plane. */
static size_t text_length(str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        n += (c & 0xC0) != 0x80;
        n += c >= 0xF0;
    }
    return n;
}

static enum status list_get(struct hbs_value v, const struct hbs_key *key,
                            const struct hbs_env *env, struct hbs_value *ret, struct error *err)
{
    bool wants_length = str_eq(key->text, S("length"));
    if (!wants_length && key->index == HBS_NO_INDEX)
        return v.view->get == NULL ? ST_OK : v.view->get(v, key, env, ret, err);

    size_t length;
    enum status st = hbs_length(v, env, &length, err);
    if (st != ST_OK)
        return st;
    if (wants_length)
        *ret = hbs_number((double)length);
    else if (key->index < length)
        return v.view->at(v, key->index, env, NULL, ret, err);
    return ST_OK;
}

enum status hbs_get(struct hbs_value v, const struct hbs_key *key, const struct hbs_env *env,
                    struct hbs_value *ret, struct error *err)
{
    *ret = hbs_undefined();
    switch (v.type) {
    case HBS_OBJECT:
        return v.view->get == NULL ? ST_OK : v.view->get(v, key, env, ret, err);
    case HBS_LIST:
        return list_get(v, key, env, ret, err);
    case HBS_STRING:
        if (str_eq(key->text, S("length")))
            *ret = hbs_number((double)text_length(v.text));
        return ST_OK;
    case HBS_UNDEFINED:
    case HBS_NULL:
    case HBS_BOOL:
    case HBS_NUMBER:
    case HBS_HTML:
        break;
    }
    return ST_OK;
}

enum status hbs_get_name(struct hbs_value v, str name, const struct hbs_env *env,
                         struct hbs_value *ret, struct error *err)
{
    struct hbs_key key = hbs_key_of(name);
    return hbs_get(v, &key, env, ret, err);
}

/* One step off "tags.[0].name" or "a/b": the name, without its brackets. */
static str path_step(str *rest)
{
    str name;
    if (str_starts(*rest, S("["))) {
        str inside = str_from(*rest, 1);
        name = str_cut(&inside, ']');
        *rest = inside;
    } else {
        size_t end = 0;
        while (end < rest->len && rest->ptr[end] != '.' && rest->ptr[end] != '/')
            end++;
        name = str_sub(*rest, 0, end);
        *rest = str_from(*rest, end);
    }
    if (rest->len > 0 && (rest->ptr[0] == '.' || rest->ptr[0] == '/'))
        *rest = str_from(*rest, 1);
    return name;
}

enum status hbs_get_path(struct hbs_value v, str path, const struct hbs_env *env,
                         struct hbs_value *ret, struct error *err)
{
    struct hbs_value at = v;
    while (path.len > 0 && !hbs_is_nothing(at)) {
        str name = path_step(&path);
        struct hbs_value next;
        enum status st = hbs_get_name(at, name, env, &next, err);
        if (st != ST_OK)
            return st;
        at = next;
    }
    *ret = at;
    return ST_OK;
}

enum status hbs_length(struct hbs_value v, const struct hbs_env *env, size_t *ret,
                       struct error *err)
{
    *ret = 0;
    if ((v.type != HBS_LIST && v.type != HBS_OBJECT) || v.view->length == NULL)
        return ST_OK;
    return v.view->length(v, env, ret, err);
}

enum status hbs_at(struct hbs_value v, size_t i, const struct hbs_env *env, str *ret_key,
                   struct hbs_value *ret, struct error *err)
{
    str key = S("");
    *ret = hbs_undefined();
    CHECK(v.type == HBS_LIST || v.type == HBS_OBJECT);
    CHECK(v.view->at != NULL);
    enum status st = v.view->at(v, i, env, &key, ret, err);
    if (st == ST_OK && ret_key != NULL)
        *ret_key = key;
    return st;
}

enum status hbs_is_empty(struct hbs_value v, bool zero_counts, const struct hbs_env *env, bool *ret,
                         struct error *err)
{
    size_t length;
    enum status st;

    switch (v.type) {
    case HBS_UNDEFINED:
    case HBS_NULL:
        *ret = true;
        break;
    case HBS_BOOL:
        *ret = !v.boolean;
        break;
    case HBS_NUMBER:
        *ret = isnan(v.number) || (v.number == 0 && !zero_counts);
        break;
    case HBS_STRING:
        *ret = v.text.len == 0;
        break;
    case HBS_LIST:
        st = hbs_length(v, env, &length, err);
        if (st != ST_OK)
            return st;
        *ret = length == 0;
        break;
    case HBS_HTML:
    case HBS_OBJECT:
        *ret = false;
        break;
    }
    return ST_OK;
}

bool hbs_same(struct hbs_value a, struct hbs_value b)
{
    if (hbs_is_text(a) && hbs_is_text(b))
        return str_eq(a.text, b.text);
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case HBS_BOOL:
        return a.boolean == b.boolean;
    case HBS_NUMBER:
        return a.number == b.number;
    case HBS_LIST:
    case HBS_OBJECT:
        return a.view == b.view && a.data == b.data && a.index == b.index;
    case HBS_UNDEFINED:
    case HBS_NULL:
    case HBS_STRING:
    case HBS_HTML:
        break;
    }
    return true;
}

bool hbs_to_number(struct hbs_value v, double *ret)
{
    if (v.type == HBS_NUMBER) {
        *ret = v.number;
        return !isnan(v.number);
    }
    return hbs_is_text(v) && str_to_double(str_trim(v.text), ret);
}

/* ---- writing ---- */

/* The shortest digits that read back as the same double, tried from few to many. They are read
 * back in long double, whose 64 bits hold 17 digits and every power of ten up to 10^27 exactly. */
static int shortest_digits(double n, char *text, size_t text_size)
{
    int len = 0;
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        len = snprintf(text, text_size, "%.*e", digits - 1, n);
        long double whole = 0;
        const char *at = text;
        for (; *at != 'e'; at++)
            if (ascii_is_digit(*at))
                whole = whole * 10 + (*at - '0');
        int64_t exponent;
        CHECK(str_to_i64(str_from_c(at[1] == '+' ? at + 2 : at + 1), &exponent));
        int64_t scale = exponent - (digits - 1);
        long double ten = powl(10, (long double)(scale < 0 ? -scale : scale));
        if ((double)(scale < 0 ? whole / ten : whole * ten) == n)
            break;
    }
    return len;
}

/* JavaScript's Number::toString for a positive number that is not a small integer. */
static void add_decimal(struct buf *out, double n)
{
    char text[40];
    char digits[24];
    int count = 0;
    int len = shortest_digits(n, text, sizeof(text));
    const char *at = text;
    for (; *at != 'e'; at++)
        if (ascii_is_digit(*at))
            digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    int64_t exponent;
    CHECK(str_to_i64(str_from_range(at[1] == '+' ? at + 2 : at + 1, text + len), &exponent));

    int64_t point = exponent + 1; /* digits before the decimal point */
    if (point > 21 || point < -5) {
        buf_add_char(out, digits[0]);
        if (count > 1) {
            buf_add_char(out, '.');
            buf_add(out, (str){digits + 1, (size_t)(count - 1)});
        }
        buf_add(out, exponent < 0 ? S("e-") : S("e+"));
        buf_add_int(out, exponent < 0 ? -exponent : exponent);
        return;
    }
    if (point <= 0)
        buf_add(out, S("0."));
    for (int64_t i = point; i < 0; i++)
        buf_add_char(out, '0');
    for (int64_t i = 0; i < count || i < point; i++) {
        if (i == point && i > 0)
            buf_add_char(out, '.');
        buf_add_char(out, i < count ? digits[i] : '0');
    }
}

void hbs_add_number(struct buf *out, double n)
{
    if (isnan(n)) {
        buf_add(out, S("NaN"));
        return;
    }
    if (fabs(n) < INTEGER_EXACT && trunc(n) == n) {
        buf_add_int(out, (int64_t)n);
        return;
    }
    if (n < 0)
        buf_add_char(out, '-');
    if (isinf(n))
        buf_add(out, S("Infinity"));
    else
        add_decimal(out, fabs(n));
}

/* Recursion is held to LIST_TEXT_DEPTH_MAX: a list that holds itself prints nothing further in. */
static enum status add_text(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                            int depth, struct error *err);

static enum status add_list(struct buf *out, struct hbs_value list, const struct hbs_env *env,
                            int depth, struct error *err)
{
    size_t length;
    enum status st = hbs_length(list, env, &length, err);
    if (st != ST_OK || depth == LIST_TEXT_DEPTH_MAX)
        return st;
    if (length > LIST_TEXT_ITEMS_MAX)
        return error_set(err, ST_TOO_BIG, "a list of %zu entries is too long to print (limit %d)",
                         length, LIST_TEXT_ITEMS_MAX);
    for (size_t i = 0; i < length && !out->too_big; i++) {
        struct hbs_value item;
        if (i > 0)
            buf_add_char(out, ',');
        st = hbs_at(list, i, env, NULL, &item, err);
        if (st != ST_OK)
            return st;
        st = add_text(out, item, env, depth + 1, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status add_text(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                            int depth, struct error *err)
{
    switch (v.type) {
    case HBS_UNDEFINED:
    case HBS_NULL:
        break;
    case HBS_BOOL:
        buf_add(out, v.boolean ? S("true") : S("false"));
        break;
    case HBS_NUMBER:
        hbs_add_number(out, v.number);
        break;
    case HBS_STRING:
    case HBS_HTML:
        buf_add(out, v.text);
        break;
    case HBS_LIST:
        return add_list(out, v, env, depth, err);
    case HBS_OBJECT:
        buf_add(out, S("[object Object]"));
        break;
    }
    return ST_OK;
}

enum status hbs_add_text(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                         struct error *err)
{
    return add_text(out, v, env, 0, err);
}

enum status hbs_to_text(struct hbs_value v, const struct hbs_env *env, str *ret, struct error *err)
{
    struct buf b;
    if (hbs_is_text(v)) {
        *ret = v.text;
        return ST_OK;
    }
    buf_init(&b, env->arena, HBS_TEXT_BYTES_MAX);
    enum status st = hbs_add_text(&b, v, env, err);
    if (st != ST_OK)
        return st;
    return buf_finish(&b, ret, err);
}

static const struct {
    char text[7];
    uint8_t len;
} entities[] = {{"", 0},       {"&amp;", 5},  {"&lt;", 4},   {"&gt;", 4},
                {"&quot;", 6}, {"&#x27;", 6}, {"&#x60;", 6}, {"&#x3D;", 6}};

static const uint8_t entity_of[256] = {
    ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5, ['`'] = 6, ['='] = 7};

static void add_json_text(struct buf *out, str text)
{
    buf_add_char(out, '"');
    buf_add_json(out, text);
    buf_add_char(out, '"');
}

static enum status add_json(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                            int depth, struct error *err);

static enum status add_json_entries(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                                    int depth, struct error *err)
{
    bool object = v.type == HBS_OBJECT;
    size_t count;
    enum status st = hbs_length(v, env, &count, err);
    if (st == ST_OK && depth == HBS_JSON_DEPTH)
        st = error_set(err, ST_TOO_BIG, "a value is nested too deeply");
    buf_add_char(out, object ? '{' : '[');
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct hbs_value entry = {0};
        str key = STR_NONE;
        st = hbs_at(v, i, env, &key, &entry, err);
        if (i > 0)
            buf_add_char(out, ',');
        if (object) {
            add_json_text(out, key);
            buf_add_char(out, ':');
        }
        if (st == ST_OK)
            st = add_json(out, entry, env, depth + 1, err);
    }
    buf_add_char(out, object ? '}' : ']');
    return st;
}

static enum status add_json(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                            int depth, struct error *err)
{
    switch (v.type) {
    case HBS_UNDEFINED:
    case HBS_NULL:
        buf_add(out, S("null"));
        break;
    case HBS_BOOL:
        buf_add(out, v.boolean ? S("true") : S("false"));
        break;
    case HBS_NUMBER:
        if (isfinite(v.number))
            hbs_add_number(out, v.number);
        else
            buf_add(out, S("null"));
        break;
    case HBS_STRING:
    case HBS_HTML:
        add_json_text(out, v.text);
        break;
    case HBS_LIST:
    case HBS_OBJECT:
        return add_json_entries(out, v, env, depth, err);
    }
    return ST_OK;
}

enum status hbs_add_json(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                         struct error *err)
{
    return add_json(out, v, env, 0, err);
}

/* Most bytes are plain: four are looked at in one go. */
void hbs_add_escaped(struct buf *out, str text)
{
    const unsigned char *c = (const unsigned char *)text.ptr;
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        while (text.len - i > 4 && (entity_of[c[i]] | entity_of[c[i + 1]] | entity_of[c[i + 2]] |
                                    entity_of[c[i + 3]]) == 0)
            i += 4;
        uint8_t entity = entity_of[c[i]];
        if (entity == 0)
            continue;
        buf_add(out, str_sub(text, from, i - from));
        buf_add(out, (str){entities[entity].text, entities[entity].len});
        from = i + 1;
    }
    buf_add(out, str_from(text, from));
}
