/* SPDX-License-Identifier: MIT */
#include "http/status_code.h"

#define PREFIX     "HTTP/1.1 "
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define LINE(c, why)                                                                               \
    {                                                                                              \
        c, STR_INIT(PREFIX #c " " why "\r\n")                                                      \
    }

/* RFC 9110 §15 and RFC 6585; those that something here answers. By number, for the search. */
static const struct {
    int code;
    str line;
} lines[] = {
    LINE(100, "Continue"),
    LINE(200, "OK"),
    LINE(201, "Created"),
    LINE(202, "Accepted"),
    LINE(204, "No Content"),
    LINE(206, "Partial Content"),
    LINE(301, "Moved Permanently"),
    LINE(302, "Found"),
    LINE(303, "See Other"),
    LINE(304, "Not Modified"),
    LINE(307, "Temporary Redirect"),
    LINE(308, "Permanent Redirect"),
    LINE(400, "Bad Request"),
    LINE(401, "Unauthorized"),
    LINE(403, "Forbidden"),
    LINE(404, "Not Found"),
    LINE(405, "Method Not Allowed"),
    LINE(406, "Not Acceptable"),
    LINE(408, "Request Timeout"),
    LINE(409, "Conflict"),
    LINE(410, "Gone"),
    LINE(411, "Length Required"),
    LINE(412, "Precondition Failed"),
    LINE(413, "Content Too Large"),
    LINE(414, "URI Too Long"),
    LINE(415, "Unsupported Media Type"),
    LINE(416, "Range Not Satisfiable"),
    LINE(417, "Expectation Failed"),
    LINE(421, "Misdirected Request"),
    LINE(422, "Unprocessable Content"),
    LINE(429, "Too Many Requests"),
    LINE(431, "Request Header Fields Too Large"),
    LINE(500, "Internal Server Error"),
    LINE(501, "Not Implemented"),
    LINE(502, "Bad Gateway"),
    LINE(503, "Service Unavailable"),
    LINE(504, "Gateway Timeout"),
    LINE(505, "HTTP Version Not Supported"),
    LINE(507, "Insufficient Storage"),
};
enum { LINES = sizeof(lines) / sizeof(lines[0]) };

static size_t line_find(int code)
{
    if (code == 200)
        return 1; /* nearly always */
    size_t i = 0;
    while (i < LINES && lines[i].code != code)
        i++;
    return i;
}

int http_code_from_status(enum status st)
{
    switch (st) {
    case ST_OK:
        return 200;
    case ST_NOT_FOUND:
        return 404;
    case ST_INVALID:
        return 400;
    case ST_CONFLICT:
        return 409;
    case ST_DENIED:
        return 403;
    case ST_TOO_BIG:
        return 413;
    case ST_IO:
        return 503;
    }
    bool status_has_code = false;
    CHECK(status_has_code);
    return 500;
}

str http_reason(int code)
{
    size_t i = line_find(code);
    if (i == LINES)
        return S("Unknown");
    str line = lines[i].line;
    return str_sub(line, PREFIX_LEN + 4, line.len - PREFIX_LEN - 4 - 2);
}

str http_status_line(int code)
{
    size_t i = line_find(code);
    CHECK(i < LINES);
    return lines[i].line;
}
