/* desk/look.h -- inside desk/: the desk's templates, strings and stylesheet, as compiled into the program.
 *
 *     st = look_new(&look, err);                       // at start
 *     st = look_render(look, S("people"), &(struct look_page){...}, &html, err);
 *
 * Templates are Handlebars, in desk/templates, with partials and a layout. Helpers: {{t "key" n=3}} a
 * string of desk/strings, {{when at}} a moment in the site's time zone, and `is`: {{#is state "spam"}}.
 * Every word the desk prints is in the strings: tests/lint/strings.py looks for others.
 *
 * Threads: read-only once made. */
#pragma once
#include "base/clock.h"
#include "base/scope.h"
#include "hbs/value.h"

struct look;
struct zone;

MUST_USE enum status look_new(struct look **ret_look, struct error *err);
void look_free(struct look *look); /* takes NULL */
DEFINE_FREEP(struct look *, look_free)

enum { LOOK_PAGE_BYTES_MAX = 4 * 1024 * 1024 };

struct look_page {
    struct hbs_value root;
    struct hbs_value data; /* @csrf, @person ... */
    const struct zone *zone;
    struct arena *arena;
};
MUST_USE enum status look_render(const struct look *look, str template,
                                 const struct look_page *page, html *ret_html, struct error *err);

/* A string; the key itself when there is none. */
str look_say(const struct look *look, str key);
bool look_has(const struct look *look, str key);
/* The stylesheet, and the address it is asked for by, which changes with it. */
str look_style(const struct look *look);
str look_style_path(const struct look *look);
