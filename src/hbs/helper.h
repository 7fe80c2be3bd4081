/* hbs/helper.h -- helpers: functions of the host that a template calls by name.
 *
 *     static enum status helper_plural(struct hbs_call *call, struct hbs_value *ret,
 *                                      struct error *err)
 *     {
 *         double n;
 *         if (!hbs_to_number(hbs_call_arg(call, 0), &n))
 *             return hbs_call_error(call, err, "plural needs a number");
 *         *ret = hbs_call_hash(call, n == 1 ? S("singular") : S("plural"));
 *         return ST_OK;
 *     }
 *     static const struct hbs_helper helpers[] = {{STR_INIT("plural"), helper_plural, 0}};
 *
 * {{h a b=c}} prints *ret, escaped unless it is HTML. {{#h}}..{{else}}..{{/h}} is a block: the
 * helper renders its body or its inverse into the page, as often as it likes; what it leaves in
 * *ret is added after, not escaped. (h a) is a subexpression: *ret is the value.
 *
 * A helper may also write HTML straight to hbs_call_out. In a subexpression what it wrote becomes
 * the value, as HTML.
 *
 * Memory: `call` lives until the helper returns. Values handed out live until the render ends.
 * Threads: a helper runs on the thread that renders; it must be ready to run on several at once. */
#pragma once
#include "hbs/value.h"

struct hbs_call;

typedef enum status hbs_helper_fn(struct hbs_call *call, struct hbs_value *ret, struct error *err);

/* hbs_helper.flags */
enum {
    HBS_BLOCK_ONLY = 1,  /* {{h}} or (h) does not compile */
    HBS_INLINE_ONLY = 2, /* {{#h}} does not compile */
    HBS_NEEDS_ONE = 4,   /* exactly one argument, or it does not compile (`if`) */
};

struct hbs_helper {
    str name;
    hbs_helper_fn *fn;
    unsigned flags;
};

enum hbs_call_kind { HBS_CALL_INLINE, HBS_CALL_BLOCK, HBS_CALL_SUBEXPRESSION };

enum hbs_call_kind hbs_call_kind(const struct hbs_call *call);
str hbs_call_name(const struct hbs_call *call);
const struct hbs_env *hbs_call_env(const struct hbs_call *call);
void *hbs_call_host(const struct hbs_call *call);
struct arena *hbs_call_arena(const struct hbs_call *call);

/* Arguments; undefined when there are fewer. */
size_t hbs_call_args(const struct hbs_call *call);
struct hbs_value hbs_call_arg(const struct hbs_call *call, size_t i);

/* limit="3": by name, undefined when not given; and one after another. */
struct hbs_value hbs_call_hash(const struct hbs_call *call, str name);
size_t hbs_call_hash_count(const struct hbs_call *call);
struct hbs_value hbs_call_hash_at(const struct hbs_call *call, size_t i, str *ret_name);
/* All of it as an object. */
struct hbs_value hbs_call_hash_object(const struct hbs_call *call);

struct hbs_value hbs_call_this(const struct hbs_call *call);
struct hbs_value hbs_call_parent(const struct hbs_call *call, unsigned steps); /* ../ is 1 */
struct hbs_value hbs_call_root(const struct hbs_call *call);
/* {{@name}}: the nearest frame's, else the render's. */
MUST_USE enum status hbs_call_data(const struct hbs_call *call, str name, struct hbs_value *ret,
                                   struct error *err);

/* Where the page is being written; HTML only. */
struct buf *hbs_call_out(struct hbs_call *call);

/* A data variable: {{@index}}. */
struct hbs_var {
    str name;
    struct hbs_value value;
};

/* What a body is rendered with. All of it is read while the call lasts; nothing is kept. */
struct hbs_frame {
    const struct hbs_value *context; /* NULL: the context of the call itself */
    const struct hbs_var *vars;      /* a child frame of data variables, when there are any */
    size_t vars_count;
    const struct hbs_value *params; /* for `as |item key|` */
    size_t params_count;
};

bool hbs_call_has_inverse(const struct hbs_call *call);
/* `as |a b|`: how many names the body declares. */
size_t hbs_call_block_params(const struct hbs_call *call);
/* Into the page. `frame` NULL: as things stand. Nothing when there is no such body. */
MUST_USE enum status hbs_call_block(struct hbs_call *call, const struct hbs_frame *frame,
                                    struct error *err);
MUST_USE enum status hbs_call_inverse(struct hbs_call *call, const struct hbs_frame *frame,
                                      struct error *err);
/* Into a text of its own (link puts it inside an <a>). */
MUST_USE enum status hbs_call_block_text(struct hbs_call *call, const struct hbs_frame *frame,
                                         html *ret, struct error *err);

/* {{> name}} with a context of the helper's choice, into the page. ST_NOT_FOUND: no such partial. */
MUST_USE enum status hbs_call_partial(struct hbs_call *call, str name, struct hbs_value context,
                                      struct error *err);

/* One entry more of a loop: ST_TOO_BIG over the render's limit of list entries. `foreach` calls
 * it once per list with the number it means to show. */
MUST_USE enum status hbs_call_loop(struct hbs_call *call, size_t items, struct error *err);

/* "post.hbs:12:4: {{plural ...}}: what is wrong". Returns ST_INVALID. */
enum status hbs_call_error(const struct hbs_call *call, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
