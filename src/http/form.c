/* SPDX-License-Identifier: MIT
 *
 * The body is whole (in memory, or mapped from its temporary file), so multipart is one walk from
 * delimiter to delimiter that lends slices; nothing is copied, and a file of any size costs nothing.
 *
 * Strict where browsers are uniform: the boundary as RFC 2046 has it, delimiters at line starts and
 * ended by CR LF, one Content-Disposition: form-data with one name each. What browsers send beside
 * the standard (percent-encoded quotes and line ends in names, HTML's "multipart/form-data encoding
 * algorithm") is decoded as they meant it. */
#include "http/form.h"

#include "base/arena.h"
#include "http/chars.h"

#include <string.h>

enum { BOUNDARY_MAX = 70 }; /* RFC 2046 §5.1.1 */

static enum status field_add(struct http_form *form, const struct http_form_limits *limits,
                             const struct http_field *field, struct error *err)
{
    if (form->count == limits->fields)
        return error_set(err, ST_TOO_BIG, "the form has more than %zu fields", limits->fields);
    if (field->name.len > limits->name_bytes)
        return error_set(err, ST_TOO_BIG, "a field's name is over %zu bytes", limits->name_bytes);
    if (!field->is_file && field->value.len > limits->value_bytes)
        return error_set(err, ST_TOO_BIG, "field \"%.*s\" is over %zu bytes", STR_ARG(field->name),
                         limits->value_bytes);
    if (!field->is_file &&
        (str_find_char(field->value, '\0') != STR_NPOS || !str_is_utf8(field->value)))
        return error_set(err, ST_INVALID, "field \"%.*s\" is not UTF-8 text", STR_ARG(field->name));
    form->fields[form->count++] = *field;
    return ST_OK;
}

/* ---- application/x-www-form-urlencoded ---- */

/* Room for as many fields as there can be; a form of a few bytes does not pay for 200. */
static void form_init(struct http_form *form, struct arena *arena, size_t separators, size_t max)
{
    size_t n = separators + 1 < max ? separators + 1 : max;
    *form = (struct http_form){.fields = arena_new_array(arena, struct http_field, n)};
}

enum status http_form_parse_urlencoded(struct arena *arena, str text,
                                       const struct http_form_limits *limits,
                                       struct http_form *ret_form, struct error *err)
{
    size_t separators = 0;
    for (size_t i = 0; i < text.len; i++)
        separators += text.ptr[i] == '&';
    struct http_form form;
    form_init(&form, arena, separators, limits->fields);
    while (text.len > 0) {
        str value = str_cut(&text, '&');
        if (value.len == 0)
            continue;
        str name = str_cut(&value, '=');
        struct http_field field = {0};
        if (!http_percent_decode(arena, name, true, &field.name) ||
            !http_percent_decode(arena, value, true, &field.value))
            return error_set(err, ST_INVALID, "the form is not percent-encoded UTF-8");
        enum status st = field_add(&form, limits, &field, err);
        if (st != ST_OK)
            return st;
    }
    *ret_form = form;
    return ST_OK;
}

/* ---- header parameters ---- */

/* One `; name=value` off the front; the value a token or a quoted string. False at the end and, with
 * *ret_bad, for what is neither. Browsers do not escape with backslashes in form-data but write %22:
 * a backslash is itself, as in "C:\photo.jpg". */
static bool param_next(str *rest, str *ret_name, str *ret_value, bool *ret_bad)
{
    *ret_bad = false;
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return false;
    *ret_bad = true;
    if (rest->ptr[0] != ';')
        return false;
    *rest = str_trim(str_from(*rest, 1));
    size_t eq = str_find_char(*rest, '=');
    if (eq == STR_NPOS)
        return false;
    *ret_name = str_sub(*rest, 0, eq);
    *rest = str_from(*rest, eq + 1);
    if (ret_name->len == 0 || !http_chars_all(*ret_name, HTTP_CHAR_TOKEN))
        return false;
    if (str_starts(*rest, S("\""))) {
        *rest = str_from(*rest, 1);
        size_t end = str_find_char(*rest, '"');
        if (end == STR_NPOS)
            return false;
        *ret_value = str_sub(*rest, 0, end);
        *rest = str_from(*rest, end + 1);
    } else {
        size_t n = 0;
        while (n < rest->len && http_char_is(rest->ptr[n], HTTP_CHAR_TOKEN))
            n++;
        *ret_value = str_sub(*rest, 0, n);
        *rest = str_from(*rest, n);
    }
    *ret_bad = false;
    return true;
}

static bool boundary_from_type(str content_type, str *ret_boundary)
{
    str name, value;
    bool bad;
    *ret_boundary = STR_NONE;
    size_t semicolon = str_find_char(content_type, ';');
    if (semicolon == STR_NPOS)
        return false;
    str rest = str_from(content_type, semicolon);
    while (param_next(&rest, &name, &value, &bad)) {
        if (str_eq_nocase(name, S("boundary"))) {
            if (ret_boundary->len > 0)
                return false;
            *ret_boundary = value;
        }
    }
    if (bad || ret_boundary->len == 0 || ret_boundary->len > BOUNDARY_MAX ||
        str_ends(*ret_boundary, S(" ")))
        return false;
    for (size_t i = 0; i < ret_boundary->len; i++) {
        char c = ret_boundary->ptr[i];
        if (!ascii_is_alnum(c) && str_find_char(S("'()+_,-./:=? "), c) == STR_NPOS)
            return false;
    }
    return true;
}

/* ---- multipart/form-data ---- */

/* %22, %0D, %0A: the three a browser writes for what cannot stand in a quoted name. */
static str name_decode(struct arena *arena, str name)
{
    if (str_find_char(name, '%') == STR_NPOS)
        return name;
    char *out = arena_new_array(arena, char, name.len);
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        str rest = str_from(name, i);
        char c = str_starts_nocase(rest, S("%22"))   ? '"'
                 : str_starts_nocase(rest, S("%0d")) ? '\r'
                 : str_starts_nocase(rest, S("%0a")) ? '\n'
                                                     : '\0';
        if (c != '\0')
            i += 2;
        out[n++] = c != '\0' ? c : name.ptr[i];
    }
    return (str){out, n};
}

static bool disposition_parse(struct arena *arena, str value, struct http_field *field)
{
    if (!str_starts_nocase(value, S("form-data")))
        return false;
    str rest = str_from(value, 9), name, param;
    bool bad, named = false;
    while (param_next(&rest, &name, &param, &bad)) {
        if (str_eq_nocase(name, S("name"))) {
            if (named)
                return false;
            named = true;
            field->name = name_decode(arena, param);
        } else if (str_eq_nocase(name, S("filename"))) {
            if (field->is_file)
                return false;
            field->is_file = true;
            field->file_name = name_decode(arena, param);
        }
    }
    return !bad && named && str_is_utf8(field->name) && str_is_utf8(field->file_name) &&
           str_find_char(field->name, '\0') == STR_NPOS &&
           str_find_char(field->file_name, '\0') == STR_NPOS;
}

/* The lines of a part's head, without the empty one. */
static bool part_head_parse(struct arena *arena, str head, struct http_field *field)
{
    bool disposed = false, typed = false;
    while (head.len > 0) {
        size_t end = str_find(head, S("\r\n"));
        str value = str_sub(head, 0, end == STR_NPOS ? head.len : end);
        head = end == STR_NPOS ? STR_NONE : str_from(head, end + 2);
        if (str_find_char(value, ':') == STR_NPOS)
            return false;
        str name = str_cut(&value, ':');
        value = str_trim(value);
        if (name.len == 0 || !http_chars_all(name, HTTP_CHAR_TOKEN) ||
            !http_chars_all(value, HTTP_CHAR_VALUE))
            return false;
        if (str_eq_nocase(name, S("content-disposition"))) {
            if (disposed || !disposition_parse(arena, value, field))
                return false;
            disposed = true;
        } else if (str_eq_nocase(name, S("content-type"))) {
            if (typed)
                return false;
            typed = true;
            field->content_type = value;
        }
    }
    return disposed;
}

/* memmem, which is linear, over what may be many megabytes. */
static size_t find_bytes(str in, str what)
{
    const char *at = in.len == 0 ? NULL : memmem(in.ptr, in.len, what.ptr, what.len);
    return at == NULL ? STR_NPOS : (size_t)(at - in.ptr);
}

/* What follows a delimiter: CR LF and a part (true), or "--" and the end. */
static bool delimiter_end(str *rest, bool *ret_last)
{
    *ret_last = str_starts(*rest, S("--"));
    if (*ret_last)
        return true;
    while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t')) /* transport padding */
        *rest = str_from(*rest, 1);
    if (!str_starts(*rest, S("\r\n")))
        return false;
    *rest = str_from(*rest, 2);
    return true;
}

static enum status part_parse(struct arena *arena, str body, str part,
                              const struct http_form_limits *limits, struct http_form *form,
                              struct error *err)
{
    struct http_field field = {0};
    size_t head_end = find_bytes(str_sub(part, 0, limits->part_head_bytes + 4), S("\r\n\r\n"));
    if (head_end == STR_NPOS && part.len > limits->part_head_bytes)
        return error_set(err, ST_TOO_BIG, "the head of a part of the form is over %zu bytes",
                         limits->part_head_bytes);
    if (head_end == STR_NPOS || !part_head_parse(arena, str_sub(part, 0, head_end), &field))
        return error_set(err, ST_INVALID, "a part of the form has no proper head");
    field.value = str_from(part, head_end + 4);
    field.file_at = (uint64_t)(field.value.ptr - body.ptr);
    return field_add(form, limits, &field, err);
}

enum status http_form_parse_multipart(struct arena *arena, str content_type, str body,
                                      const struct http_form_limits *limits,
                                      struct http_form *ret_form, struct error *err)
{
    str boundary;
    if (!boundary_from_type(content_type, &boundary))
        return error_set(err, ST_INVALID, "the form's content type has no proper boundary");
    str delimiter = str_join2(arena, S("\r\n--"), boundary);
    str first = str_from(delimiter, 2);

    /* The first delimiter begins the body or a line; what stands before it says nothing. */
    str rest = body;
    if (str_starts(rest, first)) {
        rest = str_from(rest, first.len);
    } else {
        size_t at = find_bytes(rest, delimiter);
        if (at == STR_NPOS)
            return error_set(err, ST_INVALID, "the form has no parts");
        rest = str_from(rest, at + delimiter.len);
    }
    struct http_form form;
    form_init(&form, arena, limits->fields, limits->fields);
    for (;;) {
        bool last;
        if (!delimiter_end(&rest, &last))
            return error_set(err, ST_INVALID, "the form's parts are not divided as they should be");
        if (last)
            break;
        size_t end = find_bytes(rest, delimiter);
        if (end == STR_NPOS)
            return error_set(err, ST_INVALID, "the form is cut short");
        enum status st = part_parse(arena, body, str_sub(rest, 0, end), limits, &form, err);
        if (st != ST_OK)
            return st;
        rest = str_from(rest, end + delimiter.len);
    }
    *ret_form = form;
    return ST_OK;
}

/* ---- either ---- */

enum status http_form_parse(const struct http_request *req, const struct http_form_limits *limits,
                            struct http_form *ret_form, struct error *err)
{
    str type = req->known[HTTP_CONTENT_TYPE];
    str params = type;
    str media = str_trim(str_cut(&params, ';'));
    if (str_eq_nocase(media, S("application/x-www-form-urlencoded")))
        return http_form_parse_urlencoded(req->arena, req->body, limits, ret_form, err);
    if (str_eq_nocase(media, S("multipart/form-data")))
        return http_form_parse_multipart(req->arena, type, req->body, limits, ret_form, err);
    return error_set(err, ST_INVALID, "this address takes a form, not \"%.*s\"", STR_ARG(media));
}

const struct http_field *http_form_field(const struct http_form *form, str name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (str_eq(form->fields[i].name, name))
            return &form->fields[i];
    }
    return NULL;
}

str http_form_value(const struct http_form *form, str name)
{
    const struct http_field *field = http_form_field(form, name);
    return field == NULL || field->is_file ? STR_NONE : field->value;
}
