/* hbs/value.h -- what a template sees: values, and lists and objects that are made as they are read.
 *
 *     static enum status story_get(struct hbs_value self, const struct hbs_key *key,
 *                                  const struct hbs_env *env, struct hbs_value *ret,
 *                                  struct error *err)
 *     {
 *         const struct story *story = self.data;
 *         switch (hbs_fields_find(&story_fields, key)) {
 *         case STORY_TITLE: *ret = hbs_string(story->title); break;
 *         case STORY_TAGS:  *ret = hbs_list(&tags_view, story->tags); break;
 *         }
 *         return ST_OK;                       // a name that is not there leaves *ret undefined
 *     }
 *     static const struct hbs_view story_view = {"story", .get = story_get};
 *     ...
 *     root = hbs_object(&story_view, story);
 *
 * No tree is built for a page: a list or an object is a view (a few functions), a pointer and a
 * number that are the host's own, and a property is fetched when the template names it.
 *
 * Keys carry their hash, worked out when the template is compiled. Texts are borrowed: whatever a
 * view hands out must live until the render ends (env->arena is good for that).
 *
 * Identity: two values are the same object when view, data and index are equal. A view must give
 * the same triple each time for the same thing; `../` depends on it, as it does in Handlebars: a
 * block whose context is the one outside adds no step.
 *
 * Errors: a view's functions may fail (a query did); the render stops with that status.
 * Threads: values are plain; a view's functions run on the thread that renders. */
#pragma once
#include "base/status.h"
#include "base/str.h"

struct arena;
struct buf;
struct hbs_view;

enum hbs_type {
    HBS_UNDEFINED, /* zero: a value not set */
    HBS_NULL,
    HBS_BOOL,
    HBS_NUMBER,
    HBS_STRING, /* escaped by {{ }} */
    HBS_HTML,   /* ready HTML (SafeString): never escaped, always true */
    HBS_LIST,
    HBS_OBJECT,
};

struct hbs_value {
    enum hbs_type type;
    uint32_t index; /* LIST, OBJECT: for the view's own use, such as a row of its data */
    union {
        bool boolean;
        double number;
        str text;
        struct {
            const struct hbs_view *view;
            void *data;
        };
    };
};

static inline struct hbs_value hbs_undefined(void)
{
    return (struct hbs_value){.type = HBS_UNDEFINED};
}
static inline struct hbs_value hbs_null(void)
{
    return (struct hbs_value){.type = HBS_NULL};
}
static inline struct hbs_value hbs_bool(bool b)
{
    return (struct hbs_value){.type = HBS_BOOL, .boolean = b};
}
static inline struct hbs_value hbs_number(double n)
{
    return (struct hbs_value){.type = HBS_NUMBER, .number = n};
}
static inline struct hbs_value hbs_string(str text)
{
    return (struct hbs_value){.type = HBS_STRING, .text = text};
}
/* The empty text as null: a column that is not filled in. */
static inline struct hbs_value hbs_string_or_null(str text)
{
    return text.len == 0 ? hbs_null() : hbs_string(text);
}
static inline struct hbs_value hbs_html(html text)
{
    return (struct hbs_value){.type = HBS_HTML, .text = text.raw};
}
static inline struct hbs_value hbs_list(const struct hbs_view *view, void *data)
{
    return (struct hbs_value){.type = HBS_LIST, .view = view, .data = data};
}
static inline struct hbs_value hbs_object(const struct hbs_view *view, void *data)
{
    return (struct hbs_value){.type = HBS_OBJECT, .view = view, .data = data};
}

/* A property's name. `index` is its number when the name is one ("3"), else HBS_NO_INDEX. */
struct hbs_key {
    str text;
    uint32_t hash; /* str_hash(text) */
    uint32_t index;
};
#define HBS_NO_INDEX UINT32_MAX

struct hbs_key hbs_key_of(str text);
static inline bool hbs_key_eq(const struct hbs_key *a, const struct hbs_key *b)
{
    return a->hash == b->hash && str_eq(a->text, b->text);
}

/* Who renders: where a view finds memory and what the host passed to hbs_render. */
struct hbs_env {
    struct arena *arena; /* lives until the page is finished */
    void *host;
};

/* What a list or an object can do. *ret is undefined when a function is called; what it does not
 * set is not there. A NULL function: an object without properties, a list without entries.
 *
 * A list's own `length` and numbers ("posts.length", "posts.[0]") come from length and at; its
 * `get` is asked for other names (a result list's "pagination"). */
struct hbs_view {
    const char *name; /* for messages: "story" */
    enum status (*get)(struct hbs_value self, const struct hbs_key *key, const struct hbs_env *env,
                       struct hbs_value *ret, struct error *err);
    /* Entries of a list; keys of an object. */
    enum status (*length)(struct hbs_value self, const struct hbs_env *env, size_t *ret,
                          struct error *err);
    /* i < length. An object sets *ret_key too; a list's `at` leaves it alone. */
    enum status (*at)(struct hbs_value self, size_t i, const struct hbs_env *env, str *ret_key,
                      struct hbs_value *ret, struct error *err);
};

/* ---- reading ---- */

/* The property, list entry or text's `length`; undefined when there is none. */
MUST_USE enum status hbs_get(struct hbs_value v, const struct hbs_key *key,
                             const struct hbs_env *env, struct hbs_value *ret, struct error *err);
/* By name; and by a path "primary_tag.slug", "tags.[0].name" (no `../`, no `@`). */
MUST_USE enum status hbs_get_name(struct hbs_value v, str name, const struct hbs_env *env,
                                  struct hbs_value *ret, struct error *err);
MUST_USE enum status hbs_get_path(struct hbs_value v, str path, const struct hbs_env *env,
                                  struct hbs_value *ret, struct error *err);
/* 0 for whatever is neither list nor object. */
MUST_USE enum status hbs_length(struct hbs_value v, const struct hbs_env *env, size_t *ret,
                                struct error *err);
/* `ret_key` may be NULL. i < length. */
MUST_USE enum status hbs_at(struct hbs_value v, size_t i, const struct hbs_env *env, str *ret_key,
                            struct hbs_value *ret, struct error *err);

/* What `if` asks: false, undefined, null, "", NaN and the empty list are empty, and 0 unless
 * `zero_counts`. An object and HTML never are. */
MUST_USE enum status hbs_is_empty(struct hbs_value v, bool zero_counts, const struct hbs_env *env,
                                  bool *ret, struct error *err);

static inline bool hbs_is_nothing(struct hbs_value v)
{
    return v.type == HBS_UNDEFINED || v.type == HBS_NULL;
}
static inline bool hbs_is_text(struct hbs_value v)
{
    return v.type == HBS_STRING || v.type == HBS_HTML;
}

/* The same object, or equal plain values (=== in JavaScript; HTML equals text of the same bytes). */
bool hbs_same(struct hbs_value a, struct hbs_value b);

/* A number, or a text that is one ("3", " 2.5 "). False: neither. */
bool hbs_to_number(struct hbs_value v, double *ret);

enum { HBS_TEXT_BYTES_MAX = 1024 * 1024 }; /* of one value made into text */

/* As JavaScript writes it: 3, 0.5, true; a list's entries joined by commas; "[object Object]";
 * nothing for null and undefined. */
MUST_USE enum status hbs_add_text(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                                  struct error *err);
MUST_USE enum status hbs_to_text(struct hbs_value v, const struct hbs_env *env, str *ret,
                                 struct error *err);

enum { HBS_JSON_DEPTH = 16 };
/* As JSON, for a script: fit to stand in a page too (no <, > or & in it). Lists and objects by what they
 * show; what is undefined is null. ST_TOO_BIG: nested deeper than HBS_JSON_DEPTH. */
MUST_USE enum status hbs_add_json(struct buf *out, struct hbs_value v, const struct hbs_env *env,
                                  struct error *err);

/* & < > " ' ` = as entities, byte for byte as Handlebars writes them. */
void hbs_add_escaped(struct buf *out, str text);
void hbs_add_number(struct buf *out, double n);

/* ---- ready-made views ---- */

/* A fixed set of names, found by hash. `names` must outlive it (a static table). */
struct hbs_fields {
    const str *names;
    uint32_t *hashes;
    uint8_t *slots; /* index + 1, 0 is free */
    uint32_t mask;
};
enum { HBS_FIELDS_MAX = 250 };
void hbs_fields_init(struct hbs_fields *fields, struct arena *arena, const str *names,
                     size_t count);
/* Index into `names`, or -1. */
int hbs_fields_find(const struct hbs_fields *fields, const struct hbs_key *key);

/* A list over an array. The array must live as long as the value (it is not copied). */
struct hbs_value hbs_list_of(struct arena *arena, const struct hbs_value *items, size_t count);

/* An object of named values, in order of entry; keys are copied, values not. For a page's few
 * made-up objects and for tests. */
struct hbs_map;
struct hbs_map *hbs_map_new(struct arena *arena);
void hbs_map_set(struct hbs_map *map, str name, struct hbs_value value);
struct hbs_value hbs_map_value(struct hbs_map *map);

/* `base` with the names of `over` laid upon it: a partial's context with its hash. */
struct hbs_value hbs_overlay(struct arena *arena, struct hbs_value base, struct hbs_value over);
