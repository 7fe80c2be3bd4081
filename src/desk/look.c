/* SPDX-License-Identifier: MIT */
#include "desk/look.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "desk/secret.h"
#include "hbs/hbs.h"
#include "text/zone.h"
#include "theme/date.h"
#include "theme/phrases.h"

#include <stdlib.h>

extern const struct embedded desk_files[];
extern const size_t desk_files_count;

enum { STYLE_MARK = 12 };

struct look {
    struct arena *arena;
    struct hbs_set *set;
    struct phrases *phrases;
    const struct date_locale *locale;
    str style, style_path;
};

/* What helpers find by hbs_call_host. */
struct host {
    const struct look *look;
    const struct zone *zone;
};

/* ---- helpers ---- */

static bool phrase_argument(void *ctx, str name, str *ret_text)
{
    const struct hbs_call *call = ctx;
    struct hbs_value value = hbs_call_hash(call, name);
    return !hbs_is_nothing(value) &&
           hbs_to_text(value, hbs_call_env(call), ret_text, NULL) == ST_OK;
}

/* {{t "replies.waiting" n=3}} */
static enum status helper_t(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct host *host = hbs_call_host(call);
    struct buf b;
    str key, text;
    enum status st = hbs_to_text(hbs_call_arg(call, 0), hbs_call_env(call), &key, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, hbs_call_arena(call), PHRASES_TEXT_BYTES_MAX);
    phrases_fill(&b, look_say(host->look, key), host->look->locale, phrase_argument, call);
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        *ret = hbs_string(text);
    return st;
}

/* {{when at}}: <time datetime="...">6 May 2024, 07:08</time> */
static enum status helper_when(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct host *host = hbs_call_host(call);
    struct buf *out = hbs_call_out(call);
    double number;
    (void)ret;
    if (!hbs_to_number(hbs_call_arg(call, 0), &number))
        return hbs_call_error(call, err, "when wants a moment");
    time_us at = (time_us)number;
    buf_add(out, S("<time datetime=\""));
    buf_add(out, time_to_iso(hbs_call_arena(call), at));
    buf_add(out, S("\">"));
    date_format(out, host->look->locale, S("D MMM YYYY, HH:mm"), at, zone_offset(host->zone, at));
    buf_add(out, S("</time>"));
    return ST_OK;
}

static enum status helper_is(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)ret;
    bool same = hbs_same(hbs_call_arg(call, 0), hbs_call_arg(call, 1));
    return same ? hbs_call_block(call, NULL, err) : hbs_call_inverse(call, NULL, err);
}

static const struct hbs_helper helpers[] = {
    {STR_INIT("t"), helper_t, HBS_INLINE_ONLY},
    {STR_INIT("when"), helper_when, HBS_INLINE_ONLY},
    {STR_INIT("is"), helper_is, HBS_BLOCK_ONLY},
};

/* ---- making ---- */

static enum status template_add(struct look *look, str path, str source, struct error *err)
{
    str name = str_from(path, S("templates/").len);
    enum hbs_kind kind = str_starts(name, S("partials/")) ? HBS_PARTIAL : HBS_TEMPLATE;
    if (kind == HBS_PARTIAL)
        name = str_from(name, S("partials/").len);
    name.len -= S(".hbs").len;
    return hbs_set_add(look->set, kind, name, str_from(path, S("templates/").len), source, err);
}

static enum status take(struct look *look, str path, str bytes, struct error *err)
{
    if (str_starts(path, S("templates/")) && str_ends(path, S(".hbs")))
        return template_add(look, path, bytes, err);
    if (str_eq(path, S("strings/en.json")))
        return phrases_read(look->arena, path, bytes, &look->phrases, err);
    if (str_eq(path, S("desk.css"))) {
        look->style = bytes;
        look->style_path = str_join2(look->arena, S("/desk/desk.css?v="),
                                     str_sub(secret_digest(look->arena, bytes), 0, STYLE_MARK));
    }
    return ST_OK;
}

enum status look_new(struct look **ret_look, struct error *err)
{
    AUTO(look_freep) struct look *look = calloc(1, sizeof(*look));
    CHECK(look != NULL);
    look->arena = arena_new(ARENA_REQUEST);
    look->locale = date_locale_find(S("en-GB"));
    look->set = hbs_set_new(&(struct hbs_options){.helpers = helpers,
                                                  .helpers_count = ARRAY_LEN(helpers),
                                                  .layouts = true,
                                                  .prevent_indent = true});
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < desk_files_count; i++)
        st = take(look, str_from_c(desk_files[i].path), embedded_bytes(&desk_files[i]), err);
    if (st == ST_OK)
        st = hbs_set_compile(look->set, err);
    if (st != ST_OK)
        return st;
    CHECK(look->phrases != NULL);
    CHECK(look->style.len > 0);
    *ret_look = TAKE(look);
    return ST_OK;
}

void look_free(struct look *look)
{
    if (look == NULL)
        return;
    hbs_set_free(look->set);
    arena_free(look->arena);
    free(look);
}

/* ---- using ---- */

enum status look_render(const struct look *look, str template, const struct look_page *page,
                        html *ret_html, struct error *err)
{
    struct host host = {look, page->zone};
    struct buf out;
    buf_init(&out, page->arena, LOOK_PAGE_BYTES_MAX);
    enum status st =
        hbs_render(look->set, template,
                   &(struct hbs_page){
                       .root = page->root, .data = page->data, .arena = page->arena, .host = &host},
                   &out, err);
    if (st == ST_OK)
        st = buf_finish(&out, &ret_html->raw, err);
    return st;
}

bool look_has(const struct look *look, str key)
{
    return phrases_find(look->phrases, key) != NULL;
}

str look_say(const struct look *look, str key)
{
    const str *found = phrases_find(look->phrases, key);
    return found != NULL ? *found : key;
}

str look_style(const struct look *look)
{
    return look->style;
}

str look_style_path(const struct look *look)
{
    return look->style_path;
}
