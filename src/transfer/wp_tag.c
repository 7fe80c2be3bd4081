/* SPDX-License-Identifier: MIT */
#include "transfer/wp_parts.h"

static size_t comment_end(str text, size_t from)
{
    size_t at = str_find(str_from(text, from), S("-->"));
    return at == STR_NPOS ? text.len : from + at + 3;
}

static size_t tag_end(str text, size_t from)
{
    char quote = 0, before = 0;

    for (size_t i = from; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote != 0) {
            if (c == quote)
                quote = 0;
        } else if (c == '>') {
            return i + 1;
        } else if ((c == '"' || c == '\'') && before == '=') {
            quote = c;
        }
        if (!ascii_is_space(c))
            before = c;
    }
    return text.len;
}

bool wp_tag_next(str text, size_t from, struct wp_tag *ret_tag)
{
    for (size_t i = from; i + 1 < text.len; i++) {
        if (text.ptr[i] != '<')
            continue;
        char next = text.ptr[i + 1];
        bool close = next == '/';
        size_t name = i + 1 + close;
        if (next == '!') {
            size_t end = str_starts(str_from(text, i), S("<!--")) ? comment_end(text, i + 4)
                                                                  : tag_end(text, i);
            *ret_tag = (struct wp_tag){.start = i, .end = end};
            return true;
        }
        if (name >= text.len || !ascii_is_alpha(text.ptr[name]))
            continue;
        size_t name_end = name;
        while (name_end < text.len && (ascii_is_alnum(text.ptr[name_end]) ||
                                       text.ptr[name_end] == '-' || text.ptr[name_end] == ':'))
            name_end++;
        *ret_tag = (struct wp_tag){.start = i,
                                   .end = tag_end(text, name_end),
                                   .name = str_sub(text, name, name_end - name),
                                   .close = close};
        return true;
    }
    return false;
}

size_t wp_element_end(str text, const struct wp_tag *tag)
{
    for (size_t i = tag->end; i + 1 < text.len; i++) {
        if (text.ptr[i] == '<' && text.ptr[i + 1] == '/' &&
            str_starts_nocase(str_from(text, i + 2), tag->name))
            return tag_end(text, i);
    }
    return text.len;
}

bool wp_name_in(str name, const str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_nocase(name, names[i]))
            return true;
    }
    return false;
}
