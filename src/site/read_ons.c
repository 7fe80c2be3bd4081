/* SPDX-License-Identifier: MIT */
#include "site/read_ons.h"

#include "http/request.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct step {
    uint8_t from_len, to_len;
    char from[READ_ON_PATH_MAX], to[READ_ON_PATH_MAX];
};

struct read_ons {
    pthread_mutex_t lock; /* guards everything below; held for two short copies */
    size_t count;
    struct step *filling;
    struct step *draining;
};

struct read_ons *read_ons_new(void)
{
    struct read_ons *steps = calloc(1, sizeof(*steps));
    CHECK(steps != NULL);
    steps->filling = calloc(READ_ONS_MAX, sizeof(*steps->filling));
    steps->draining = calloc(READ_ONS_MAX, sizeof(*steps->draining));
    CHECK(steps->filling != NULL);
    CHECK(steps->draining != NULL);
    CHECK(pthread_mutex_init(&steps->lock, NULL) == 0);
    return steps;
}

void read_ons_free(struct read_ons *steps)
{
    if (steps == NULL)
        return;
    (void)pthread_mutex_destroy(&steps->lock);
    free(steps->filling);
    free(steps->draining);
    free(steps);
}

/* "https://news.example/rain/?x" -> "/rain/", when the host is the one that was asked. */
static str same_site_path(const struct http_request *req)
{
    str referer = http_request_header(req, HTTP_REFERER);
    str rest = str_starts(referer, S("https://"))  ? str_from(referer, 8)
               : str_starts(referer, S("http://")) ? str_from(referer, 7)
                                                   : STR_NONE;
    size_t slash = str_find_char(rest, '/');
    if (slash == STR_NPOS)
        return STR_NONE;
    str host = str_sub(rest, 0, slash);
    if (!str_eq(host, req->host) && !str_eq_nocase(host, req->host))
        return STR_NONE;
    str path = str_from(rest, slash);
    path = str_cut(&path, '#');
    return str_cut(&path, '?');
}

void read_ons_note(struct read_ons *steps, const struct http_request *req)
{
    if (!http_request_has(req, HTTP_REFERER) || req->method != HTTP_GET)
        return;
    str from = same_site_path(req);
    str to = req->path;
    if (from.len < 3 || from.len > READ_ON_PATH_MAX || to.len < 3 || to.len > READ_ON_PATH_MAX ||
        str_eq(from, to) || http_agent_is_robot(http_request_header(req, HTTP_USER_AGENT)))
        return;
    pthread_mutex_lock(&steps->lock);
    if (steps->count < READ_ONS_MAX) {
        struct step *step = &steps->filling[steps->count++];
        step->from_len = (uint8_t)from.len;
        step->to_len = (uint8_t)to.len;
        memcpy(step->from, from.ptr, from.len);
        memcpy(step->to, to.ptr, to.len);
    }
    pthread_mutex_unlock(&steps->lock);
}

void read_ons_drain(struct read_ons *steps, void (*each)(void *ctx, str from, str to), void *ctx)
{
    pthread_mutex_lock(&steps->lock);
    struct step *full = steps->filling;
    size_t count = steps->count;
    steps->filling = steps->draining;
    steps->draining = full;
    steps->count = 0;
    pthread_mutex_unlock(&steps->lock);
    for (size_t i = 0; i < count; i++)
        each(ctx, (str){full[i].from, full[i].from_len}, (str){full[i].to, full[i].to_len});
}
