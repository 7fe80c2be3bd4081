/* SPDX-License-Identifier: MIT
 *
 * Helpers of structure and logic: foreach match is has split concat json raw encode plural
 * (GHOST-THEMES 5, first part). */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "theme/rendering.h"

/* ---- foreach ---- */

struct loop {
    struct hbs_value list;
    const uint32_t *shown; /* indexes into the list that pass `visibility`; NULL: all do */
    size_t count;          /* that pass */
    size_t from, to;       /* of those, [from, to) are printed */
    int64_t columns;
};

/* "public, internal" holds `word`. */
static bool comma_list_has(str list, str word)
{
    while (list.len > 0) {
        if (str_eq(str_trim(str_cut(&list, ',')), word))
            return true;
    }
    return false;
}

/* Lists of posts show everything by default, other lists what is public. */
static enum status default_visibility(const struct hbs_call *call, struct hbs_value list,
                                      str *ret_visibility, struct error *err)
{
    struct hbs_value first, title, slug;
    const struct hbs_env *env = hbs_call_env(call);
    *ret_visibility = S("public");
    enum status st = hbs_at(list, 0, env, NULL, &first, err);
    if (st != ST_OK || first.type != HBS_OBJECT)
        return st;
    st = hbs_get_name(first, S("title"), env, &title, err);
    if (st != ST_OK)
        return st;
    st = hbs_get_name(first, S("slug"), env, &slug, err);
    if (st == ST_OK && title.type != HBS_UNDEFINED && slug.type != HBS_UNDEFINED)
        *ret_visibility = S("all");
    return st;
}

static enum status filter_visible(const struct hbs_call *call, struct loop *loop, size_t length,
                                  str visibility, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    uint32_t *shown = arena_new_array(env->arena, uint32_t, length);
    loop->count = 0;
    for (size_t i = 0; i < length; i++) {
        struct hbs_value item, has = hbs_undefined();
        enum status st = hbs_at(loop->list, i, env, NULL, &item, err);
        if (st != ST_OK)
            return st;
        st = hbs_get_name(item, S("visibility"), env, &has, err);
        if (st != ST_OK)
            return st;
        if (!hbs_is_text(has) || comma_list_has(visibility, has.text))
            shown[loop->count++] = u32_from_size(i);
    }
    loop->shown = shown;
    return ST_OK;
}

/* from is 1-based; limit wins over to; garbage means "not given". */
static void loop_range(const struct hbs_call *call, struct loop *loop)
{
    int64_t from = call_int(call, S("from"), 1), limit = call_int(call, S("limit"), 0);
    int64_t count = i64_from_size(loop->count);
    if (from < 1)
        from = 1;
    int64_t to = call_int(call, S("to"), count);
    if (limit > 0)
        to = from - 1 + limit;
    if (to > count)
        to = count;
    loop->from = (size_t)(from - 1);
    loop->to = to < from ? loop->from : (size_t)to;
    loop->columns = call_int(call, S("columns"), 0);
}

static enum status loop_turn(struct hbs_call *call, const struct loop *loop, size_t i,
                             struct error *err)
{
    struct hbs_value item;
    str key = STR_NONE;
    size_t at = loop->shown == NULL ? i : loop->shown[i];
    enum status st = hbs_at(loop->list, at, hbs_call_env(call), &key, &item, err);
    if (st != ST_OK)
        return st;
    double index = (double)i;
    struct hbs_value key_value =
        loop->list.type == HBS_LIST ? hbs_number((double)at) : hbs_string(key);
    int64_t column = loop->columns > 0 ? i64_from_size(i) % loop->columns : -1;
    const struct hbs_var vars[] = {
        {S("index"), hbs_number(index)},
        {S("number"), hbs_number(index + 1)},
        {S("key"), key_value},
        {S("first"), hbs_bool(i == loop->from)},
        {S("last"), hbs_bool(i + 1 == loop->to)},
        {S("even"), hbs_bool(i % 2 == 1)}, /* Ghost's sense: the second row is even */
        {S("odd"), hbs_bool(i % 2 == 0)},
        {S("rowStart"), hbs_bool(column == 0)},
        {S("rowEnd"), hbs_bool(column >= 0 && column == loop->columns - 1)},
    };
    const struct hbs_value params[] = {item, key_value};
    return hbs_call_block(call,
                          &(struct hbs_frame){.context = &item,
                                              .vars = vars,
                                              .vars_count = sizeof(vars) / sizeof(vars[0]),
                                              .params = params,
                                              .params_count = 2},
                          err);
}

static enum status loop_prepare(struct hbs_call *call, struct loop *loop, struct error *err)
{
    str visibility;
    size_t length;
    enum status st = hbs_length(loop->list, hbs_call_env(call), &length, err);
    if (st != ST_OK || length == 0)
        return st;
    st = default_visibility(call, loop->list, &visibility, err);
    if (st != ST_OK)
        return st;
    st = call_text(call, S("visibility"), visibility, &visibility, err);
    if (st != ST_OK)
        return st;
    loop->count = length;
    if (!comma_list_has(visibility, S("all")))
        st = filter_visible(call, loop, length, visibility, err);
    loop_range(call, loop);
    return st;
}

enum status helper_foreach(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    struct loop loop = {.list = hbs_call_arg(call, 0)};
    enum status st = loop_prepare(call, &loop, err);
    if (st != ST_OK)
        return st;
    if (loop.from >= loop.to)
        return hbs_call_inverse(call, NULL, err);
    st = hbs_call_loop(call, loop.to - loop.from, err);
    for (size_t i = loop.from; i < loop.to && st == ST_OK; i++)
        st = loop_turn(call, &loop, i, err);
    return st;
}

/* ---- match ---- */

/* As JavaScript's < does: texts by their units when both are texts, else numbers. */
static bool less_than(struct hbs_value a, struct hbs_value b, bool or_equal)
{
    double x = 0, y = 0;
    if (hbs_is_text(a) && hbs_is_text(b)) {
        int order = str_cmp(a.text, b.text);
        return order < 0 || (or_equal && order == 0);
    }
    if (a.type == HBS_BOOL)
        x = a.boolean;
    else if (a.type != HBS_NULL && !hbs_to_number(a, &x))
        return false;
    if (b.type == HBS_BOOL)
        y = b.boolean;
    else if (b.type != HBS_NULL && !hbs_to_number(b, &y))
        return false;
    return x < y || (or_equal && x <= y);
}

static bool matches(struct hbs_value a, str op, struct hbs_value b)
{
    if (str_eq(op, S("!=")))
        return !hbs_same(a, b);
    if (str_eq(op, S("<")) || str_eq(op, S("<=")))
        return less_than(a, b, op.len == 2);
    if (str_eq(op, S(">")) || str_eq(op, S(">=")))
        return less_than(b, a, op.len == 2);
    bool texts = hbs_is_text(a) && hbs_is_text(b);
    if (str_eq(op, S("~")))
        return texts && str_contains(a.text, b.text);
    if (str_eq(op, S("~^")))
        return texts && str_starts(a.text, b.text);
    if (str_eq(op, S("~$")))
        return texts && str_ends(a.text, b.text);
    return hbs_same(a, b);
}

/* Shows the body or the inverse of a block; inline, gives the answer as a value. In Ghost the
 * inline answer is an object and so always true: nothing relies on that, and a value is what its
 * author meant. */
static enum status answer(struct hbs_call *call, bool yes, struct hbs_value *ret, struct error *err)
{
    if (hbs_call_kind(call) != HBS_CALL_BLOCK) {
        *ret = hbs_bool(yes);
        return ST_OK;
    }
    return yes ? hbs_call_block(call, NULL, err) : hbs_call_inverse(call, NULL, err);
}

enum status helper_match(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    size_t count = hbs_call_args(call);
    struct hbs_value a = hbs_call_arg(call, 0);
    if (count == 0)
        return hbs_call_error(call, err, "it compares nothing: give it one to three values");
    if (count == 1) {
        bool empty;
        enum status st = hbs_is_empty(a, false, hbs_call_env(call), &empty, err);
        return st == ST_OK ? answer(call, !empty, ret, err) : st;
    }
    if (count == 2)
        return answer(call, hbs_same(a, hbs_call_arg(call, 1)), ret, err);
    struct hbs_value op = hbs_call_arg(call, 1);
    return answer(call, matches(a, hbs_is_text(op) ? op.text : S("="), hbs_call_arg(call, 2)), ret,
                  err);
}

/* ---- is ---- */

enum status helper_is(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    str wanted;
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &wanted, err);
    if (st != ST_OK)
        return st;
    bool yes = false;
    while (wanted.len > 0 && !yes)
        yes = rendering_is(r, str_trim(str_cut(&wanted, ',')));
    return answer(call, yes, ret, err);
}

/* ---- has ---- */

/* "count:2", "count:>1", "count:<3" against how many there are. */
static bool count_matches(str rule, size_t count)
{
    int64_t n;
    char op = rule.len > 0 ? rule.ptr[0] : 0;
    if (op == '>' || op == '<')
        rule = str_from(rule, 1);
    if (!str_to_i64(str_trim(rule), &n))
        return false;
    int64_t have = i64_from_size(count);
    return op == '>' ? have > n : op == '<' ? have < n : have == n;
}

static bool comma_list_has_nocase(str list, str word)
{
    while (list.len > 0) {
        if (str_eq_nocase(str_trim(str_cut(&list, ',')), word))
            return true;
    }
    return false;
}

/* tag="a, b" and author="a, b": the names of a list in the context. */
static enum status has_named(const struct hbs_call *call, str property, str wanted, bool *ret,
                             struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    struct hbs_value list, item;
    size_t length;
    enum status st = call_this(call, property, &list, err);
    if (st != ST_OK)
        return st;
    st = hbs_length(list, env, &length, err);
    if (st != ST_OK)
        return st;
    if (str_starts(wanted, S("count:"))) {
        *ret = count_matches(str_from(wanted, S("count:").len), length);
        return ST_OK;
    }
    for (size_t i = 0; i < length && !*ret; i++) {
        str name;
        st = hbs_at(list, i, env, NULL, &item, err);
        if (st != ST_OK)
            return st;
        st = value_get_text(env, item, S("name"), &name, err);
        if (st != ST_OK)
            return st;
        *ret = comma_list_has_nocase(wanted, name);
    }
    return ST_OK;
}

/* number="3", number="nth:3", index="1, 2" against the loop. */
static enum status has_place(const struct hbs_call *call, str name, str wanted, bool *ret,
                             struct error *err)
{
    struct hbs_value value;
    double place;
    int64_t n;
    enum status st = hbs_call_data(call, name, &value, err);
    if (st != ST_OK || !hbs_to_number(value, &place))
        return st;
    if (str_starts(wanted, S("nth:"))) {
        *ret = str_to_i64(str_trim(str_from(wanted, 4)), &n) && n > 0 && (int64_t)place % n == 0;
        return ST_OK;
    }
    while (wanted.len > 0 && !*ret)
        *ret = str_to_i64(str_trim(str_cut(&wanted, ',')), &n) && n == (int64_t)place;
    return ST_OK;
}

static enum status has_value(const struct hbs_call *call, str path, bool *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    struct hbs_value value;
    bool empty;
    enum status st;
    if (str_starts(path, S("@"))) {
        str rest = str_from(path, 1);
        str head = str_cut(&rest, '.');
        st = hbs_call_data(call, head, &value, err);
        if (st == ST_OK && rest.len > 0)
            st = hbs_get_path(value, rest, env, &value, err);
    } else {
        st = hbs_get_path(hbs_call_this(call), path, env, &value, err);
    }
    if (st != ST_OK)
        return st;
    st = hbs_is_empty(value, false, env, &empty, err);
    *ret = !empty;
    return st;
}

/* any="a, b" and all="a, @site.x". */
static enum status has_values(const struct hbs_call *call, str paths, bool all, bool *ret,
                              struct error *err)
{
    bool result = all;
    while (paths.len > 0) {
        bool one = false;
        enum status st = has_value(call, str_trim(str_cut(&paths, ',')), &one, err);
        if (st != ST_OK)
            return st;
        result = all ? result && one : result || one;
    }
    *ret = result;
    return ST_OK;
}

static enum status has_one(const struct hbs_call *call, str name, str wanted, bool *ret,
                           struct error *err)
{
    if (str_eq(name, S("tag")))
        return has_named(call, S("tags"), wanted, ret, err);
    if (str_eq(name, S("author")))
        return has_named(call, S("authors"), wanted, ret, err);
    if (str_eq(name, S("number")) || str_eq(name, S("index")))
        return has_place(call, name, wanted, ret, err);
    if (str_eq(name, S("any")) || str_eq(name, S("all")))
        return has_values(call, wanted, str_eq(name, S("all")), ret, err);
    if (str_eq(name, S("slug")) || str_eq(name, S("id")) || str_eq(name, S("visibility"))) {
        str have;
        enum status st = call_this_text(call, name, &have, err);
        *ret = st == ST_OK && have.len > 0 && comma_list_has_nocase(wanted, have);
        return st;
    }
    return ST_OK;
}

enum status helper_has(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    bool yes = false;
    for (size_t i = 0; i < hbs_call_hash_count(call) && !yes; i++) {
        str name, wanted;
        struct hbs_value value = hbs_call_hash_at(call, i, &name);
        enum status st = value_text(hbs_call_env(call), value, &wanted, err);
        if (st == ST_OK)
            st = has_one(call, name, wanted, &yes, err);
        if (st != ST_OK)
            return st;
    }
    return answer(call, yes, ret, err);
}

/* ---- split, concat ---- */

enum status helper_split(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    enum { PARTS_MAX = 1000 };
    const struct hbs_env *env = hbs_call_env(call);
    str text, separator;
    enum status st = value_text(env, hbs_call_arg(call, 0), &text, err);
    if (st == ST_OK)
        st = call_text(call, S("separator"), S(","), &separator, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *parts = arena_new_array(env->arena, struct hbs_value, PARTS_MAX);
    size_t n = 0;
    while (text.len > 0 && n < PARTS_MAX) {
        size_t end = separator.len == 0 ? STR_NPOS : str_find(text, separator);
        str part = str_sub(text, 0, end);
        text = end == STR_NPOS ? STR_NONE : str_from(text, end + separator.len);
        if (part.len > 0)
            parts[n++] = hbs_string(part);
    }
    struct hbs_value list = hbs_list_of(env->arena, parts, n);
    if (hbs_call_kind(call) != HBS_CALL_BLOCK) {
        *ret = list;
        return ST_OK;
    }
    return hbs_call_block(
        call, &(struct hbs_frame){.context = &list, .params = &list, .params_count = 1}, err);
}

static enum status concat_add(struct buf *b, const struct hbs_env *env, struct hbs_value value,
                              str separator, bool *first, struct error *err)
{
    str text;
    enum status st = value_text(env, value, &text, err);
    if (st != ST_OK)
        return st;
    if (!*first)
        buf_add(b, separator);
    *first = false;
    buf_add(b, text);
    return ST_OK;
}

/* HTML, as in Ghost: a theme joins markup with it. */
enum status helper_concat(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    str separator, text;
    enum status st = call_text(call, S("separator"), STR_NONE, &separator, err);
    struct buf b;
    bool first = true;
    buf_init(&b, env->arena, HBS_TEXT_BYTES_MAX);
    for (size_t i = 0; i < hbs_call_args(call) && st == ST_OK; i++) {
        struct hbs_value value = hbs_call_arg(call, i);
        size_t length = 1;
        if (value.type == HBS_LIST)
            st = hbs_length(value, env, &length, err);
        for (size_t k = 0; k < length && st == ST_OK; k++) {
            struct hbs_value item = value;
            if (value.type == HBS_LIST)
                st = hbs_at(value, k, env, NULL, &item, err);
            if (st == ST_OK)
                st = concat_add(&b, env, item, separator, &first, err);
        }
    }
    if (st == ST_OK)
        st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        *ret = hbs_html((html){text});
    return st;
}

/* ---- json, raw, encode, plural ---- */

enum { JSON_DEPTH_MAX = 8 };

static void json_add_text(struct buf *b, str text)
{
    buf_add_char(b, '"');
    buf_add_json(b, text);
    buf_add_char(b, '"');
}

/* Depth is held to JSON_DEPTH_MAX: views may go round in circles (a post's tags' posts). */
static enum status json_add(struct buf *b, const struct hbs_env *env, struct hbs_value value,
                            int depth, struct error *err)
{
    size_t length;
    enum status st;
    switch (value.type) {
    case HBS_UNDEFINED:
    case HBS_NULL:
        buf_add(b, S("null"));
        return ST_OK;
    case HBS_BOOL:
        buf_add(b, value.boolean ? S("true") : S("false"));
        return ST_OK;
    case HBS_NUMBER:
        hbs_add_number(b, value.number);
        return ST_OK;
    case HBS_STRING:
    case HBS_HTML:
        json_add_text(b, value.text);
        return ST_OK;
    case HBS_LIST:
    case HBS_OBJECT:
        break;
    }
    bool list = value.type == HBS_LIST;
    st = hbs_length(value, env, &length, err);
    if (depth == JSON_DEPTH_MAX)
        length = 0;
    buf_add_char(b, list ? '[' : '{');
    for (size_t i = 0; i < length && st == ST_OK; i++) {
        struct hbs_value item;
        str key = STR_NONE;
        st = hbs_at(value, i, env, &key, &item, err);
        if (st != ST_OK)
            break;
        if (i > 0)
            buf_add_char(b, ',');
        if (!list) {
            json_add_text(b, key);
            buf_add_char(b, ':');
        }
        st = json_add(b, env, item, depth + 1, err);
    }
    buf_add_char(b, list ? ']' : '}');
    return st;
}

enum status helper_json(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    struct hbs_value value =
        hbs_call_args(call) > 0 ? hbs_call_arg(call, 0) : hbs_call_hash_object(call);
    struct buf b;
    str text;
    buf_init(&b, env->arena, HBS_TEXT_BYTES_MAX);
    enum status st = json_add(&b, env, value, 0, err);
    if (st == ST_OK)
        st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        *ret = hbs_html((html){text});
    return st;
}

enum status helper_raw(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return hbs_call_block(call, NULL, err);
}

/* encodeURIComponent. */
enum status helper_encode(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    str text;
    enum status st = value_text(env, hbs_call_arg(call, 0), &text, err);
    if (st != ST_OK)
        return st;
    struct buf b;
    buf_init(&b, env->arena, HBS_TEXT_BYTES_MAX);
    buf_add_percent(&b, text, S("!*'()"));
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        *ret = hbs_html((html){text});
    return st;
}

enum status helper_plural(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    double n;
    str phrase, text;
    if (!hbs_to_number(hbs_call_arg(call, 0), &n))
        n = 0;
    str which = n == 0 ? S("empty") : n == 1 ? S("singular") : S("plural");
    enum status st = call_text(call, which, STR_NONE, &phrase, err);
    if (st != ST_OK)
        return st;
    struct buf b;
    buf_init(&b, env->arena, HBS_TEXT_BYTES_MAX);
    for (size_t i = 0; i < phrase.len; i++) {
        if (phrase.ptr[i] == '%')
            hbs_add_number(&b, n);
        else
            buf_add_char(&b, phrase.ptr[i]);
    }
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        *ret = hbs_html((html){text});
    return st;
}
