/* desk/terms.h -- inside desk/: what tags and bylines have in common at the desk.
 *
 *     static const struct term_field fields[] = {
 *         {{.name = S("name"), .label_key = S("tags.name"), .max = TAG_NAME_MAX}, offsetof(struct tag_draft, name)}, ...
 *     };
 *     list = terms_fields(e, fields, ARRAY_LEN(fields), &draft);      // as the record has them
 *     st = terms_take(e, list, fields, count, &draft, &wrong, err);   // as they were typed
 *
 * Threads: as the errand. */
#pragma once
#include "desk/settings.h"
#include "news/change.h"

struct term_field {
    struct settings_field field; /* max: bytes */
    size_t at;                   /* of the str in the record */
    bool address;                /* a page's, written in full */
};

struct settings_field *terms_fields(struct errand *e, const struct term_field *fields, size_t count,
                                    const void *record);
/* *ret_wrong: how many of them cannot be kept as they are; each has its fault. */
MUST_USE enum status terms_take(struct errand *e, struct settings_field *list,
                                const struct term_field *fields, size_t count, void *record,
                                size_t *ret_wrong, struct error *err);
/* By its name in the form; NULL: none. */
struct settings_field *terms_field(struct settings_field *list, size_t count, str name);

/* A page that asks before what cannot be undone: `heading` and `text` are said with name, other and n. */
struct terms_sure {
    str heading, text, button; /* keys */
    str name, other;
    int64_t n;
    str action, back; /* paths */
    str into;         /* goes along with the form */
};
MUST_USE enum status terms_ask_sure(struct errand *e, const struct terms_sure *sure,
                                    struct error *err);

/* Moves the stories, some a write, then ends it; `into` 0: it is deleted. Whoever waits for an answer is not
 * kept for minutes: after TERMS_MOVE_SECONDS it stops, *ret_all false, and goes on when it is asked for again. ST_NOT_FOUND:
 * one of the two is gone. */
enum { TERMS_MOVE_SECONDS = 20 };
struct terms_move {
    enum list_kind list;
    int64_t from, into;
    str what, subject; /* for the log */
};
MUST_USE enum status terms_move(struct errand *e, const struct terms_move *move, bool *ret_all,
                                struct error *err);

/* {"items": [{"name", "slug"}]} */
MUST_USE enum status terms_suggest(struct errand *e, const str *names, const str *slugs,
                                   size_t count, struct error *err);
