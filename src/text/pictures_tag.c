/* SPDX-License-Identifier: MIT */
#include "text/pictures_tag.h"

static size_t name_len(str s)
{
    size_t n = 0;
    while (n < s.len && (ascii_is_alnum(s.ptr[n]) || s.ptr[n] == '-'))
        n++;
    return n;
}

/* One attribute with the space before it, taken off `*rest`. */
static bool take_attr(str *rest, struct tag_attr *ret_attr)
{
    str s = *rest;
    if (s.len < 2 || s.ptr[0] != ' ')
        return false;
    str name = str_sub(s, 1, name_len(str_from(s, 1)));
    if (name.len == 0)
        return false;
    size_t end = 1 + name.len;
    str value = STR_NONE;
    if (str_starts(str_from(s, end), S("=\""))) {
        value = str_from(s, end + 2);
        size_t quote = str_find_char(value, '"');
        if (quote == STR_NPOS)
            return false;
        value = str_sub(value, 0, quote);
        end += 2 + quote + 1;
    }
    *ret_attr = (struct tag_attr){.whole = str_sub(s, 0, end), .name = name, .value = value};
    *rest = str_from(s, end);
    return true;
}

/* `s` begins with '<'. */
static bool take_tag(str s, struct tag *ret_tag)
{
    str rest = str_from(s, 1);
    ret_tag->closes = str_starts(rest, S("/"));
    if (ret_tag->closes)
        rest = str_from(rest, 1);
    ret_tag->name = str_sub(rest, 0, name_len(rest));
    rest = str_from(rest, ret_tag->name.len);
    ret_tag->attrs_count = 0;
    while (ret_tag->attrs_count < TAG_ATTRS_MAX &&
           take_attr(&rest, &ret_tag->attrs[ret_tag->attrs_count]))
        ret_tag->attrs_count++;
    if (ret_tag->name.len == 0 || !str_starts(rest, S(">")))
        return false;
    ret_tag->whole = str_sub(s, 0, s.len - rest.len + 1);
    return true;
}

bool tag_next(struct tag_scan *scan, struct tag *ret_tag)
{
    str all = scan->rest;
    size_t at = 0;
    for (;;) {
        size_t found = str_find_char(str_from(all, at), '<');
        if (found == STR_NPOS)
            break;
        at += found;
        str s = str_from(all, at);
        if (str_starts(s, S("<!--"))) {
            size_t end = str_find(s, S("-->"));
            at = end == STR_NPOS ? all.len : at + end + 3;
        } else if (take_tag(s, ret_tag)) {
            scan->before = str_sub(all, 0, at);
            scan->rest = str_from(s, ret_tag->whole.len);
            return true;
        } else {
            at++;
        }
    }
    scan->before = all;
    scan->rest = STR_NONE;
    return false;
}

const struct tag_attr *tag_attr(const struct tag *tag, str name)
{
    for (size_t i = 0; i < tag->attrs_count; i++) {
        if (str_eq(tag->attrs[i].name, name))
            return &tag->attrs[i];
    }
    return NULL;
}

/* As browsers do: an address ends at white space, or at a comma that ends it. */
bool srcset_next(str *rest, str *ret_address, str *ret_descriptor)
{
    str s = *rest;
    while (s.len > 0 && (ascii_is_space(s.ptr[0]) || s.ptr[0] == ','))
        s = str_from(s, 1);
    if (s.len == 0)
        return false;
    size_t n = 0;
    while (n < s.len && !ascii_is_space(s.ptr[n]))
        n++;
    str address = str_sub(s, 0, n);
    s = str_from(s, n);
    *ret_descriptor = STR_NONE;
    if (str_ends(address, S(",")))
        address.len--;
    else
        *ret_descriptor = str_trim(str_cut(&s, ','));
    *ret_address = address;
    *rest = s;
    return true;
}
