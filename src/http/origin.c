/* SPDX-License-Identifier: MIT */
#include "http/origin.h"

#include "http/request.h"

static str host_of(str origin)
{
    size_t at = str_find(origin, S("://"));
    return at == STR_NPOS ? STR_NONE : str_from(origin, at + 3);
}

enum http_origin http_origin(const struct http_request *req, str site_url)
{
    str fetch = http_request_header(req, HTTP_SEC_FETCH_SITE);
    if (fetch.len > 0)
        return str_eq(fetch, S("same-origin")) || str_eq(fetch, S("none")) ? HTTP_ORIGIN_SAME
                                                                           : HTTP_ORIGIN_OTHER;
    if (!http_request_has(req, HTTP_ORIGIN))
        return HTTP_ORIGIN_UNSAID;
    str host = host_of(http_request_header(req, HTTP_ORIGIN));
    bool same =
        host.len > 0 && (str_eq_nocase(host, req->host) || str_eq_nocase(host, host_of(site_url)));
    return same ? HTTP_ORIGIN_SAME : HTTP_ORIGIN_OTHER;
}
