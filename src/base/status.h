/* base/status.h -- what a call came to, and the one sentence that says why.
 *
 *     st = slug_from_headline(arena, headline, &slug, err);
 *     if (st != ST_OK)
 *         return st;                    // err already says what went wrong
 *
 * Every call that can fail returns `enum status` and takes `struct error *err`
 * last. The sentence is written once, by whoever knows the cause, and is fit to
 * be shown to the person at the command line: what is wrong, and what to do.
 * `err` may be NULL for a caller that needs only the status.
 *
 * Running out of memory is not a status: input met a limit long before.
 *
 * Threads: values; no shared state. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))

/* Each one is something a caller can act on. http/status.h maps them to answers. */
enum status {
    ST_OK,
    ST_NOT_FOUND, /* no such thing, or the end of a list */
    ST_INVALID,   /* the input is wrong; the sentence says how to mend it */
    ST_CONFLICT,  /* it stands against something already there */
    ST_DENIED,    /* not allowed */
    ST_TOO_BIG,   /* over a named limit */
    ST_IO,        /* disk, network or database failed; trying again may help */
};

enum { ERROR_TEXT_MAX = 1024 };

struct error {
    enum status status;
    char text[ERROR_TEXT_MAX]; /* NUL-terminated, no newline; "" while status is ST_OK */
};

#define ERROR_INIT                                                                                 \
    (struct error)                                                                                 \
    {                                                                                              \
        .status = ST_OK                                                                            \
    }

const char *status_name(enum status st);

/* Writes the sentence and returns `st`, so that `return error_set(err, ST_INVALID, "...")` reads
 * well. Overlong text is cut at a whole UTF-8 character; control characters become spaces. */
enum status error_set(struct error *err, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* error_set with ": " and errno's text added. Call it before anything can change errno. */
enum status error_set_errno(struct error *err, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before a sentence already written ("story.xml:12: ..."). */
void error_prefix(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
