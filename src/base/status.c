/* SPDX-License-Identifier: MIT */
#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *status_name(enum status st)
{
    static const char *const names[] = {
        [ST_OK] = "ok",           [ST_NOT_FOUND] = "not found",
        [ST_INVALID] = "invalid", [ST_CONFLICT] = "conflict",
        [ST_DENIED] = "denied",   [ST_TOO_BIG] = "too big",
        [ST_IO] = "io",
    };
    return names[st];
}

/* The sentence goes to a terminal, a log line or a page: one line, whole characters. */
static void text_tidy(char *text)
{
    size_t len = strlen(text);

    if (len == ERROR_TEXT_MAX - 1) {
        while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
            len--;
        if (len > 0 && (unsigned char)text[len - 1] >= 0xC0)
            len--;
        text[len] = '\0';
    }
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
    }
}

enum status error_set(struct error *err, enum status st, const char *fmt, ...)
{
    if (err == NULL)
        return st;

    va_list ap;
    va_start(ap, fmt);
    err->status = st;
    (void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    text_tidy(err->text);
    return st;
}

enum status error_set_errno(struct error *err, enum status st, const char *fmt, ...)
{
    const int saved = errno;
    if (err == NULL)
        return st;

    va_list ap;
    va_start(ap, fmt);
    err->status = st;
    int n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n < sizeof(err->text)) {
        char why[128];
        (void)snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %s",
                       strerror_r(saved, why, sizeof(why)));
    }
    text_tidy(err->text);
    return st;
}

void error_prefix(struct error *err, const char *fmt, ...)
{
    if (err == NULL)
        return;

    char old[ERROR_TEXT_MAX];
    memcpy(old, err->text, sizeof(old));
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof(err->text))
        (void)snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %.900s", old);
    text_tidy(err->text);
}
