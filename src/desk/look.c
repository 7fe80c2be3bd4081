/* SPDX-License-Identifier: MIT */
#include "desk/look.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "desk/secret.h"
#include "hbs/hbs.h"
#include "text/language.h"
#include "text/zone.h"
#include "theme/date.h"
#include "theme/phrases.h"

#include <stdlib.h>

extern const struct embedded desk_files[];
extern const size_t desk_files_count;
extern const struct embedded desk_scripts[];
extern const size_t desk_scripts_count;

enum { FILE_MARK = 12, FILES_MAX = 8 };

struct look_tongue {
    str tag;
    struct phrases *phrases;
    const struct phrases *english; /* stands in for what it lacks */
    const struct date_locale *locale;
};

struct look {
    struct arena *arena;
    struct hbs_set *set;
    struct look_tongue tongues[LOOK_TONGUES_MAX];
    size_t tongues_count;
    struct look_file files[FILES_MAX];
    size_t files_count;
};

/* What helpers find by hbs_call_host. */
struct host {
    const struct look_tongue *tongue;
    const struct zone *zone;
};

/* English dates are written in the British order where nobody says otherwise. */
static const struct date_locale *locale_of(str tag)
{
    return date_locale_find(str_eq(tag, S("en")) ? S("en-GB") : tag);
}

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
    phrases_fill(&b, look_say(host->tongue, key), host->tongue->locale, phrase_argument, call);
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
    date_format(out, host->tongue->locale, look_say(host->tongue, S("date.when")), at,
                zone_offset(host->zone, at));
    buf_add(out, S("</time>"));
    return ST_OK;
}

/* {{words "editor."}}: what a script says. A block of data, which the page's policy lets stand inline. */
static enum status helper_words(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct host *host = hbs_call_host(call);
    const struct phrases *english = host->tongue->english;
    struct buf *out = hbs_call_out(call);
    const char *comma = "";
    str prefix;
    (void)ret;
    enum status st = hbs_to_text(hbs_call_arg(call, 0), hbs_call_env(call), &prefix, err);
    if (st != ST_OK)
        return st;
    buf_add(out, S("<script type=\"application/json\" data-words>{"));
    for (size_t i = 0; i < phrases_count(english); i++) {
        str text, key = phrases_at(english, i, &text);
        if (!str_starts(key, prefix))
            continue;
        buf_add(out, str_from_c(comma));
        buf_add(out, S("\""));
        buf_add_json(out, key);
        buf_add(out, S("\":\""));
        buf_add_json(out, look_say(host->tongue, key));
        buf_add(out, S("\""));
        comma = ",";
    }
    buf_add(out, S("}</script>\n"));
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
    {STR_INIT("words"), helper_words, HBS_INLINE_ONLY},
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

static enum status strings_add(struct look *look, str path, str json, struct error *err)
{
    str tag = str_from(path, S("strings/").len);
    tag.len -= S(".json").len;
    CHECK(look->tongues_count < LOOK_TONGUES_MAX);
    struct look_tongue *tongue = &look->tongues[look->tongues_count++];
    *tongue = (struct look_tongue){.tag = tag, .locale = locale_of(tag)};
    return phrases_read(look->arena, path, json, &tongue->phrases, err);
}

static void file_add(struct look *look, str name, str bytes)
{
    CHECK(look->files_count < FILES_MAX);
    str mark = str_sub(secret_digest(look->arena, bytes), 0, FILE_MARK);
    look->files[look->files_count++] = (struct look_file){
        .name = name,
        .bytes = bytes,
        .content_type = str_ends(name, S(".css")) ? S("text/css; charset=utf-8")
                                                  : S("text/javascript; charset=utf-8"),
        .path = str_format(look->arena, "/desk/%.*s?v=%.*s", STR_ARG(name), STR_ARG(mark)),
    };
}

static enum status take(struct look *look, const struct embedded *file, struct error *err)
{
    str path = str_from_c(file->path), bytes = embedded_bytes(file);
    if (str_starts(path, S("templates/")) && str_ends(path, S(".hbs")))
        return template_add(look, path, bytes, err);
    if (str_starts(path, S("strings/")))
        return strings_add(look, path, bytes, err);
    if (str_ends(path, S(".css")) || str_ends(path, S(".js")))
        file_add(look, path, bytes);
    return ST_OK;
}

static enum status take_all(struct look *look, const struct embedded *files, size_t count,
                            struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = take(look, &files[i], err);
    return st;
}

enum status look_new(struct look **ret_look, struct error *err)
{
    AUTO(look_freep) struct look *look = calloc(1, sizeof(*look));
    CHECK(look != NULL);
    look->arena = arena_new(ARENA_REQUEST);
    look->set = hbs_set_new(&(struct hbs_options){.helpers = helpers,
                                                  .helpers_count = ARRAY_LEN(helpers),
                                                  .layouts = true,
                                                  .prevent_indent = true});
    enum status st = take_all(look, desk_files, desk_files_count, err);
    if (st == ST_OK)
        st = take_all(look, desk_scripts, desk_scripts_count, err);
    if (st == ST_OK)
        st = hbs_set_compile(look->set, err);
    if (st != ST_OK)
        return st;
    const struct look_tongue *english = look_tongue(look, S("en"));
    for (size_t i = 0; i < look->tongues_count; i++)
        look->tongues[i].english = english->phrases;
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

/* ---- words ---- */

static const struct look_tongue *tongue_find(const struct look *look, str tag)
{
    for (size_t i = 0; i < look->tongues_count; i++) {
        if (language_same(look->tongues[i].tag, tag))
            return &look->tongues[i];
    }
    return NULL;
}

const struct look_tongue *look_tongue(const struct look *look, str tag)
{
    const struct look_tongue *found = tongue_find(look, tag);
    if (found == NULL)
        found = tongue_find(look, S("en"));
    CHECK(found != NULL);
    return found;
}

/* Browsers list what they like best first: weights are passed over. */
const struct look_tongue *look_tongue_accepted(const struct look *look, str accept_language)
{
    const struct look_tongue *found = NULL;
    while (found == NULL && accept_language.len > 0) {
        str range = str_cut(&accept_language, ',');
        found = tongue_find(look, str_trim(str_cut(&range, ';')));
    }
    return found;
}

str look_tongue_tag(const struct look_tongue *tongue)
{
    return tongue->tag;
}

size_t look_tongues(const struct look *look, const struct look_tongue **ret_tongues, size_t max)
{
    size_t count = 0;
    for (; count < look->tongues_count && count < max; count++)
        ret_tongues[count] = &look->tongues[count];
    return count;
}

bool look_has(const struct look *look, str key)
{
    return phrases_find(look->tongues[0].english, key) != NULL;
}

str look_say(const struct look_tongue *tongue, str key)
{
    const str *found = phrases_find(tongue->phrases, key);
    if (found == NULL)
        found = phrases_find(tongue->english, key);
    return found != NULL ? *found : key;
}

struct arguments {
    const struct look_argument *arguments;
    size_t count;
};

static bool argument_find(void *ctx, str name, str *ret_text)
{
    const struct arguments *given = ctx;
    for (size_t i = 0; i < given->count; i++) {
        if (str_eq(given->arguments[i].name, name)) {
            *ret_text = given->arguments[i].value;
            return true;
        }
    }
    return false;
}

str look_say_with(const struct look_tongue *tongue, str key, const struct look_argument *arguments,
                  size_t count, struct arena *arena)
{
    struct arguments given = {arguments, count};
    struct buf b;
    str text;
    buf_init(&b, arena, PHRASES_TEXT_BYTES_MAX);
    phrases_fill(&b, look_say(tongue, key), tongue->locale, argument_find, &given);
    return buf_finish(&b, &text, NULL) == ST_OK ? text : key;
}

/* ---- pages and files ---- */

enum status look_render(const struct look *look, str template, const struct look_page *page,
                        html *ret_html, struct error *err)
{
    struct host host = {page->tongue, page->zone};
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

const struct look_file *look_file(const struct look *look, str name)
{
    for (size_t i = 0; i < look->files_count; i++) {
        if (str_eq(look->files[i].name, name))
            return &look->files[i];
    }
    return NULL;
}
