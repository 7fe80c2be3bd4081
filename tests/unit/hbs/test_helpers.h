/* tests/unit/hbs/test_helpers.h -- helpers that the cases in tests/golden/hbs may call. Each shows
 * one thing a helper can do; none is a Ghost helper, though some bear the name. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "hbs/hbs.h"

/* {{upper "a"}}: a value that is escaped. */
static enum status test_upper(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str text;
    enum status st = hbs_to_text(hbs_call_arg(call, 0), hbs_call_env(call), &text, err);
    if (st != ST_OK)
        return st;
    char *copy = arena_new_array(hbs_call_arena(call), char, text.len);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 32) : text.ptr[i];
    *ret = hbs_string((str){copy, text.len});
    return ST_OK;
}

/* {{concat a b separator="-"}}: as HTML, written to the page. */
static enum status test_concat(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    for (size_t i = 0; i < hbs_call_args(call); i++) {
        enum status st;
        if (i > 0) {
            st = hbs_add_text(hbs_call_out(call), hbs_call_hash(call, S("separator")),
                              hbs_call_env(call), err);
            if (st != ST_OK)
                return st;
        }
        st = hbs_add_text(hbs_call_out(call), hbs_call_arg(call, i), hbs_call_env(call), err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* {{#match a b}}: strict equality; (match a b) is a boolean. */
static enum status test_match(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    bool same = hbs_same(hbs_call_arg(call, 0), hbs_call_arg(call, 1));
    if (hbs_call_kind(call) != HBS_CALL_BLOCK) {
        *ret = hbs_bool(same);
        return ST_OK;
    }
    return same ? hbs_call_block(call, NULL, err) : hbs_call_inverse(call, NULL, err);
}

/* {{#foreach list}}: @number, and nothing else. */
static enum status test_foreach(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct hbs_value list = hbs_call_arg(call, 0);
    size_t length;
    (void)ret;
    enum status st = hbs_length(list, hbs_call_env(call), &length, err);
    if (st == ST_OK)
        st = hbs_call_loop(call, length, err);
    for (size_t i = 0; i < length && st == ST_OK; i++) {
        struct hbs_value item;
        st = hbs_at(list, i, hbs_call_env(call), NULL, &item, err);
        if (st != ST_OK)
            break;
        const struct hbs_var number = {S("number"), hbs_number((double)(i + 1))};
        st = hbs_call_block(
            call, &(struct hbs_frame){.context = &item, .vars = &number, .vars_count = 1}, err);
    }
    return st;
}

/* {{#link href="/"}}text{{/link}}: the body as a text of its own. */
static enum status test_link(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    html inside;
    str href;
    (void)ret;
    enum status st = hbs_call_block_text(call, NULL, &inside, err);
    if (st != ST_OK)
        return st;
    st = hbs_to_text(hbs_call_hash(call, S("href")), hbs_call_env(call), &href, err);
    if (st != ST_OK)
        return st;
    struct buf *out = hbs_call_out(call);
    buf_add(out, S("<a href=\""));
    hbs_add_escaped(out, href);
    buf_add(out, S("\">"));
    buf_add(out, inside.raw);
    buf_add(out, S("</a>"));
    return ST_OK;
}

/* {{include "name" k=v}}: a partial, its context the named arguments. */
static enum status test_include(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return hbs_call_partial(call, hbs_call_arg(call, 0).text, hbs_call_hash_object(call), err);
}

/* {{try "name"}}: a partial, or a word when there is none. */
static enum status test_try(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    enum status st = hbs_call_partial(call, hbs_call_arg(call, 0).text, hbs_call_this(call), err);
    if (st != ST_NOT_FOUND)
        return st;
    *ret = hbs_string(S("(none)"));
    return ST_OK;
}

static enum status test_fail(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return hbs_call_error(call, err, "it never works");
}

/* {{#raw}}: the body and nothing more. */
static enum status test_raw(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    return hbs_call_block(call, NULL, err);
}

/* {{tags}} beside a property of that name, which {{#if tags}} reads. */
static enum status test_tags(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)call;
    (void)err;
    *ret = hbs_html((html){S("<i>tags</i>")});
    return ST_OK;
}

static const struct hbs_helper test_helpers[] = {
    {STR_INIT("upper"), test_upper, 0},
    {STR_INIT("concat"), test_concat, 0},
    {STR_INIT("match"), test_match, 0},
    {STR_INIT("foreach"), test_foreach, HBS_BLOCK_ONLY},
    {STR_INIT("link"), test_link, HBS_BLOCK_ONLY},
    {STR_INIT("include"), test_include, HBS_INLINE_ONLY},
    {STR_INIT("try"), test_try, 0},
    {STR_INIT("fail"), test_fail, 0},
    {STR_INIT("raw"), test_raw, 0},
    {STR_INIT("tags"), test_tags, 0},
};
enum { TEST_HELPERS = sizeof(test_helpers) / sizeof(test_helpers[0]) };
