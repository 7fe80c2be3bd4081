/* http/form.h -- the fields of a posted form, either way a browser sends them.
 *
 *     st = http_form_parse(req, &HTTP_FORM_LIMITS, &form, err);
 *     str email = http_form_value(&form, S("email"));          // empty when absent
 *     const struct http_field *file = http_form_field(&form, S("picture"));
 *
 * application/x-www-form-urlencoded and multipart/form-data (RFC 7578). Text values are valid UTF-8
 * without NUL, else ST_INVALID; line ends are left as the browser sent them (CR LF). A part with a
 * file name is a file: any bytes, a slice of the body; when the body was large enough to be in a
 * temporary file, `file_at` is where in req->body_fd it stands, so that it can be copied without
 * passing through memory. File names are the client's claim: never a path.
 *
 * Memory:  the request's arena, or slices of its body. Threads: the request's. */
#pragma once
#include "base/str.h"
#include "http/request.h"

struct arena;

struct http_form_limits {
    size_t fields;
    size_t name_bytes;
    size_t value_bytes; /* of a text field; files are bounded by the body */
    size_t part_head_bytes;
};
#define HTTP_FORM_LIMITS                                                                           \
    ((struct http_form_limits){.fields = 200,                                                      \
                               .name_bytes = 200,                                                  \
                               .value_bytes = 4 * 1024 * 1024,                                     \
                               .part_head_bytes = 4096})

struct http_field {
    str name;
    str value;
    bool is_file;
    str file_name;    /* decoded; "" when the browser sent an empty picker */
    str content_type; /* as claimed */
    uint64_t file_at; /* offset of value in the body */
};

struct http_form {
    struct http_field *fields;
    size_t count;
};

/* By Content-Type. ST_INVALID: another type, or malformed; ST_TOO_BIG: a limit. */
MUST_USE enum status http_form_parse(const struct http_request *req,
                                     const struct http_form_limits *limits,
                                     struct http_form *ret_form, struct error *err);
/* The two by themselves (fuzzing, beacons). */
MUST_USE enum status http_form_parse_urlencoded(struct arena *arena, str text,
                                                const struct http_form_limits *limits,
                                                struct http_form *ret_form, struct error *err);
MUST_USE enum status http_form_parse_multipart(struct arena *arena, str content_type, str body,
                                               const struct http_form_limits *limits,
                                               struct http_form *ret_form, struct error *err);

const struct http_field *http_form_field(const struct http_form *form, str name); /* NULL: none */
str http_form_value(const struct http_form *form, str name);
