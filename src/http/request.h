/* http/request.h -- one request, read once and strictly.
 *
 *     if (req->method == HTTP_POST && str_eq(req->path, S("/reply/")))
 *         st = http_form_parse(req, &limits, &form, err);           // http/form.h
 *     str ua = http_request_header(req, HTTP_USER_AGENT);           // empty when absent
 *     bool has = http_query_get(req, S("page"), &value);
 *
 * `target` is as sent. `path` is its path percent-decoded once: valid UTF-8, no NUL, and no slash
 * that came encoded, so that a decoded path means what its parts say; dot segments are left as they
 * stand and match nothing. `query` is as sent, without the '?'.
 *
 * Header names are found without regard to case. The known ones are indexed: each has one value. A
 * list field sent in several lines is joined with ", " (cookies with "; "); any other known field
 * sent twice is refused before anybody sees the request, so no two readers can take it two ways.
 *
 * `reader` is who asks, after the proxy rules of http/address.h. `host` is for the log and virtual
 * names only: addresses that go into pages come from the site's settings.
 *
 * Memory:  everything lives as long as the request (its arena, or in http_app.lookup the loop's
 *          buffer: copy what is kept).
 * Threads: one at a time. */
#pragma once
#include "base/str.h"
#include "http/address.h"

struct arena;

enum http_method {
    HTTP_GET = 1 << 0,
    HTTP_HEAD = 1 << 1,
    HTTP_POST = 1 << 2,
    HTTP_PUT = 1 << 3,
    HTTP_PATCH = 1 << 4,
    HTTP_DELETE = 1 << 5,
    HTTP_OPTIONS = 1 << 6,
    HTTP_METHOD_OTHER = 1 << 7, /* answered 501 by the server: a handler never sees it */
};

/* The fields somebody here reads. The table with their spelling is in request.c. */
enum http_header_id {
    HTTP_ACCEPT,
    HTTP_ACCEPT_ENCODING,
    HTTP_ACCEPT_LANGUAGE,
    HTTP_AUTHORIZATION,
    HTTP_CONNECTION,
    HTTP_CONTENT_LENGTH,
    HTTP_CONTENT_TYPE,
    HTTP_COOKIE,
    HTTP_EXPECT,
    HTTP_FORWARDED,
    HTTP_HOST,
    HTTP_IF_MATCH,
    HTTP_IF_MODIFIED_SINCE,
    HTTP_IF_NONE_MATCH,
    HTTP_IF_RANGE,
    HTTP_IF_UNMODIFIED_SINCE,
    HTTP_ORIGIN,
    HTTP_RANGE,
    HTTP_REFERER,
    HTTP_SEC_FETCH_SITE,
    HTTP_TRANSFER_ENCODING,
    HTTP_USER_AGENT,
    HTTP_X_FORWARDED_FOR,
    HTTP_X_FORWARDED_PROTO,
    HTTP_HEADER_KNOWN, /* how many */
};

struct http_header {
    str name;  /* as sent */
    str value; /* white space off both ends; no control character but TAB */
};

struct http_request {
    struct arena *arena;
    enum http_method method;
    bool http_1_0;   /* "HTTP/1.0": no chunks, closes unless asked not to */
    bool keep_alive; /* what the request asks for */
    bool secure;     /* the reader came by https, as a trusted proxy says */
    bool
        limited; /* rates per address may be applied to `reader` (false: many may stand behind it) */
    str method_name;
    str target;
    str path;
    str query;
    str host; /* of the target, if absolute, else of Host; "" in HTTP/1.0 without one */
    str known[HTTP_HEADER_KNOWN];
    uint32_t known_set; /* a bit for each known field that is there, be it empty */
    struct http_header *headers;
    size_t header_count;
    struct http_address reader;
    size_t loop; /* index of the loop it came in by; see http/server.h */

    /* The body is whole before a handler runs. A large one is in a nameless temporary file and
     * `body` is its mapping: read it as any slice. */
    str body;
    int body_fd; /* that file, or -1; closed with the request */
};

static inline str http_request_header(const struct http_request *req, enum http_header_id id)
{
    return req->known[id];
}
static inline bool http_request_has(const struct http_request *req, enum http_header_id id)
{
    return (req->known_set >> id & 1) != 0;
}
/* Any field, by name, case not minded. The first one; empty when absent. */
str http_request_header_named(const struct http_request *req, str name);

/* The first parameter of that name, decoded into the request's arena. False when there is none, or
 * it is not valid UTF-8. */
bool http_query_get(const struct http_request *req, str name, str *ret_value);

/* One cookie's value as sent; the first of that name (RFC 6265 §5.4 puts the nearest path first). */
bool http_request_cookie(const struct http_request *req, str name, str *ret_value);

/* ---- what the client takes ---- */

enum http_encoding { HTTP_IDENTITY, HTTP_GZIP, HTTP_BROTLI, HTTP_ENCODINGS };

/* A bit (1 << encoding) for each the client takes (RFC 9110 §12.5.3). Identity unless refused. */
unsigned http_accepted_encodings(str accept_encoding);

/* Says of itself in User-Agent that it is a program that visits: its reads are not counted. */
bool http_agent_is_robot(str user_agent);

/* ---- percent-encoding (RFC 3986 §2.1) ---- */

/* Decodes once; with `plus` also '+' into space (forms). False for "%zz", NUL and what is not UTF-8
 * afterwards. Lends `text` itself when there is nothing to decode. */
bool http_percent_decode(struct arena *arena, str text, bool plus, str *ret_text);
