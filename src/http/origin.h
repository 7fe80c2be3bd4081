/* http/origin.h -- whether a request that changes something came from one of our own pages.
 *
 *     if (http_origin(req, settings->url) == HTTP_ORIGIN_OTHER) ... 403 ...
 *
 * Sec-Fetch-Site says it where the browser sends it (over https, and to localhost); else Origin, which
 * every browser sends with a form that is posted. Whoever sends neither is no browser that a page could
 * be misused through. Origin is compared by host: with the request's own, and with the site's address, for
 * a proxy may change the first.
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct http_request;

enum http_origin { HTTP_ORIGIN_SAME, HTTP_ORIGIN_OTHER, HTTP_ORIGIN_UNSAID };

enum http_origin http_origin(const struct http_request *req, str site_url);
