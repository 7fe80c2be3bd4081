// SPDX-License-Identifier: MIT
#include "theme/phrases.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/parse.h"
#include "theme/date.h"

#include <jansson.h>

struct phrases {
    struct map texts; /* key -> str */
};

static void json_freep(json_t **json)
{
    json_decref(*json);
}

enum status phrases_read(struct arena *arena, str file, str json, struct phrases **ret_phrases,
                         struct error *err)
{
    json_error_t fault;
    AUTO(json_freep) json_t *root = json_loadb(json.ptr, json.len, 0, &fault);
    if (root == NULL)
        return error_set(err, ST_INVALID, "%.*s:%d:%d: %s", STR_ARG(file), fault.line, fault.column,
                         fault.text);
    if (!json_is_object(root))
        return error_set(err, ST_INVALID, "%.*s:1:1: a locale file is one object of texts",
                         STR_ARG(file));
    struct phrases *phrases = arena_new_one(arena, struct phrases);
    map_init(&phrases->texts, arena);
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        if (!json_is_string(value) || json_string_length(value) == 0)
            continue;
        str *text = arena_new_one(arena, str);
        *text = str_copy(arena, (str){json_string_value(value), json_string_length(value)});
        (void)map_set(&phrases->texts, str_from_c(key), text);
    }
    *ret_phrases = phrases;
    return ST_OK;
}

const str *phrases_find(const struct phrases *phrases, str key)
{
    return phrases == NULL ? NULL : map_get(&phrases->texts, key);
}

size_t phrases_count(const struct phrases *phrases)
{
    return map_count(&phrases->texts);
}

str phrases_at(const struct phrases *phrases, size_t i, str *ret_text)
{
    *ret_text = *(const str *)map_value(&phrases->texts, i);
    return map_key(&phrases->texts, i);
}

bool phrases_locale_valid(str locale)
{
    if (locale.len == 0 || locale.len > 35)
        return false;
    for (size_t i = 0; i < locale.len; i++) {
        char c = locale.ptr[i];
        if (!ascii_is_alnum(c) && c != '-' && c != '_')
            return false;
    }
    return true;
}

/* ---- filling in ---- */

/* The text between the brace at `open` and its partner; STR_NPOS in *ret_end without a partner. */
static str braced(str text, size_t open, size_t *ret_end)
{
    size_t depth = 0;
    for (size_t i = open; i < text.len; i++) {
        if (text.ptr[i] == '{') {
            depth++;
        } else if (text.ptr[i] == '}' && --depth == 0) {
            *ret_end = i + 1;
            return str_sub(text, open + 1, i - open - 1);
        }
    }
    *ret_end = STR_NPOS;
    return STR_NONE;
}

static str form_name(enum plural_form form)
{
    switch (form) {
    case PLURAL_ZERO:
        return S("zero");
    case PLURAL_ONE:
        return S("one");
    case PLURAL_TWO:
        return S("two");
    case PLURAL_FEW:
        return S("few");
    case PLURAL_MANY:
        return S("many");
    case PLURAL_OTHER:
        break;
    }
    return S("other");
}

/* The body among "=0 {..} one {..} other {..}" for n; false when the list is malformed or has no
 * fitting form. */
static bool plural_body(str forms, const struct date_locale *locale, int64_t n, str *ret_body)
{
    str wanted = form_name(date_plural(locale, n));
    bool found = false, exact = false;
    forms = str_trim(forms);
    while (forms.len > 0) {
        size_t open = str_find_char(forms, '{');
        if (open == STR_NPOS)
            return false;
        str name = str_trim(str_sub(forms, 0, open));
        size_t end;
        str body = braced(forms, open, &end);
        if (end == STR_NPOS)
            return false;
        int64_t number;
        if (str_starts(name, S("=")) && str_to_i64(str_from(name, 1), &number) && number == n) {
            *ret_body = body;
            found = exact = true;
        } else if (!exact && (str_eq(name, wanted) || (!found && str_eq(name, S("other"))))) {
            *ret_body = body;
            found = true;
        }
        forms = str_trim(str_from(forms, end));
    }
    return found;
}

/* Plain {name}s; inside a plural's body '#' is the number. */
static void fill_names(struct buf *b, str text, phrases_argument_fn *argument, void *ctx,
                       const str *number)
{
    for (size_t i = 0; i < text.len;) {
        char c = text.ptr[i];
        str value;
        size_t end = STR_NPOS;
        if (c == '#' && number != NULL) {
            buf_add(b, *number);
            i++;
            continue;
        }
        str name = c == '{' ? str_trim(braced(text, i, &end)) : STR_NONE;
        if (end != STR_NPOS && argument(ctx, name, &value)) {
            buf_add(b, value);
            i = end;
            continue;
        }
        buf_add_char(b, c);
        i++;
    }
}

/* {n, plural, ...}: false when it is not one. */
static bool fill_plural(struct buf *b, str inside, const struct date_locale *locale,
                        phrases_argument_fn *argument, void *ctx)
{
    str rest = inside, number, body = STR_NONE;
    str name = str_trim(str_cut(&rest, ','));
    str kind = str_trim(str_cut(&rest, ','));
    int64_t n;
    if (!str_eq(kind, S("plural")) || !argument(ctx, name, &number) ||
        !str_to_i64(str_trim(number), &n) || !plural_body(rest, locale, n, &body))
        return false;
    fill_names(b, body, argument, ctx, &number);
    return true;
}

void phrases_fill(struct buf *b, str text, const struct date_locale *locale,
                  phrases_argument_fn *argument, void *ctx)
{
    while (text.len > 0) {
        size_t open = str_find_char(text, '{');
        buf_add(b, str_sub(text, 0, open));
        if (open == STR_NPOS)
            return;
        text = str_from(text, open);
        size_t end;
        str inside = braced(text, 0, &end);
        size_t used = end == STR_NPOS ? text.len : end;
        if (end == STR_NPOS || str_find_char(inside, ',') == STR_NPOS ||
            !fill_plural(b, inside, locale, argument, ctx))
            fill_names(b, str_sub(text, 0, used), argument, ctx, NULL);
        text = str_from(text, used);
    }
}
