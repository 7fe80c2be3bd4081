/* desk/look.h -- inside desk/: the desk's templates, strings, stylesheets and scripts, as compiled into the
 * program.
 *
 *     st = look_new(&look, err);                       // at start
 *     tongue = look_tongue(look, person->language);
 *     st = look_render(look, S("people"), &(struct look_page){.tongue = tongue, ...}, &html, err);
 *
 * Templates are Handlebars, in desk/templates, with partials and a layout. Helpers: {{t "key" n=3}} a
 * string of desk/strings, {{when at}} a moment in the site's time zone, {{words "editor."}} the strings that
 * begin so as JSON, for a script, and `is`: {{#is state "spam"}}. Every word the desk prints is in the
 * strings, one file a language: tests/lint/strings.py looks for others, and for what a language lacks.
 *
 * Scripts are in desk/script, an npm package that the build bundles (desk/script/README.md): desk.js goes
 * with every page, editor.js with the page where a story is written.
 *
 * Threads: read-only once made. */
#pragma once
#include "base/clock.h"
#include "base/scope.h"
#include "hbs/value.h"

struct look;
struct look_tongue;
struct zone;

MUST_USE enum status look_new(struct look **ret_look, struct error *err);
void look_free(struct look *look); /* takes NULL */
DEFINE_FREEP(struct look *, look_free)

enum { LOOK_PAGE_BYTES_MAX = 8 * 1024 * 1024, LOOK_TONGUES_MAX = 8 };

/* ---- words ---- */

/* The language of the desk that is nearest to a language tag; English where there is none. */
const struct look_tongue *look_tongue(const struct look *look, str tag);
/* The same of an Accept-Language field; NULL when it names none that the desk speaks. */
const struct look_tongue *look_tongue_accepted(const struct look *look, str accept_language);
str look_tongue_tag(const struct look_tongue *tongue);
/* Those there are, for a list to choose from: tags; what each calls itself is its string "language". */
size_t look_tongues(const struct look *look, const struct look_tongue **ret_tongues, size_t max);

/* A string; English where the language has none, the key itself when there is none at all. */
str look_say(const struct look_tongue *tongue, str key);
bool look_has(const struct look *look, str key);
/* With its {name}s and plurals filled in from `count` pairs. */
struct look_argument {
    str name, value;
};
str look_say_with(const struct look_tongue *tongue, str key, const struct look_argument *arguments,
                  size_t count, struct arena *arena);

/* ---- pages ---- */

struct look_page {
    struct hbs_value root;
    struct hbs_value data; /* @csrf, @person ... */
    const struct look_tongue *tongue;
    const struct zone *zone;
    struct arena *arena;
};
MUST_USE enum status look_render(const struct look *look, str template,
                                 const struct look_page *page, html *ret_html, struct error *err);

/* ---- files ---- */

/* A stylesheet or script, and the address it is asked for by, which changes with it. */
struct look_file {
    str name; /* "desk.css" */
    str bytes, content_type, path;
};
/* By name; NULL when there is none. */
const struct look_file *look_file(const struct look *look, str name);
