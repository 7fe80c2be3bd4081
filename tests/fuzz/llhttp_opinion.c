/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/llhttp_opinion.h"

#include <llhttp/llhttp.h>
#include <stdio.h>
#include <string.h>

static char target[64 * 1024];
static size_t target_len;
static struct llhttp_opinion opinion;

static int on_url(llhttp_t *parser, const char *at, size_t length)
{
    (void)parser;
    CHECK(target_len + length <= sizeof(target));
    memcpy(target + target_len, at, length);
    target_len += length;
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    (void)parser;
    (void)at;
    opinion.body_len += length;
    return 0;
}

static int on_complete(llhttp_t *parser)
{
    (void)parser;
    opinion.accepted = true;
    return HPE_PAUSED;
}

struct llhttp_opinion llhttp_opinion_of(str bytes)
{
    llhttp_settings_t settings;
    llhttp_t parser;
    opinion = (struct llhttp_opinion){.accepted = false};
    target_len = 0;
    llhttp_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_body = on_body;
    settings.on_message_complete = on_complete;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    llhttp_errno_t err = llhttp_execute(&parser, bytes.ptr, bytes.len);
    if (err != HPE_PAUSED) {
        (void)fprintf(stderr, "llhttp: %s\n", llhttp_get_error_reason(&parser));
        opinion.accepted = false;
        return opinion;
    }
    opinion.end = (size_t)(llhttp_get_error_pos(&parser) - bytes.ptr);
    opinion.method = str_from_c(llhttp_method_name((llhttp_method_t)parser.method));
    opinion.target = (str){target, target_len};
    return opinion;
}
