/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void check_failed(const char *cond, const char *file, int line)
{
    char text[512];
    int n = snprintf(text, sizeof(text), "%s:%d: cannot be: !(%s)\n", file, line, cond);
    if (n > 0)
        (void)!write(STDERR_FILENO, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
    abort();
}

/* A line is built on the stack and cut, never lost, when it is too long. */
struct line {
    char text[LOG_LINE_MAX];
    size_t len;
};

static void line_add(struct line *line, char c)
{
    if (line->len < sizeof(line->text) - 1) /* the newline always fits */
        line->text[line->len++] = c;
}

static void line_add_str(struct line *line, str s)
{
    for (size_t i = 0; i < s.len; i++)
        line_add(line, s.ptr[i]);
}

static bool value_is_plain(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7F)
            return false;
    }
    return s.len > 0;
}

static void line_add_value(struct line *line, str s)
{
    static const char hex[] = "0123456789abcdef";
    if (value_is_plain(s)) {
        line_add_str(line, s);
        return;
    }
    line_add(line, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ' || c == 0x7F) {
            line_add_str(line, S("\\x"));
            line_add(line, hex[c >> 4]);
            line_add(line, hex[c & 15]);
            continue;
        }
        if (c == '"' || c == '\\')
            line_add(line, '\\');
        line_add(line, (char)c);
    }
    line_add(line, '"');
}

void log_write(const struct log *log, enum log_level level, const char *phrase,
               const struct log_field *fields, size_t count)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    if (log == NULL || level > log->level)
        return;

    struct civil c = civil_from_time(clock_now(&clock_system), 0);
    struct line line = {.len = 0};
    char stamp[160];
    (void)snprintf(stamp, sizeof(stamp), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %s ", c.year, c.month,
                   c.day, c.hour, c.minute, c.second, c.micros / 1000, names[level]);
    line_add_str(&line, str_from_c(stamp));
    line_add_str(&line, str_from_c(phrase));
    for (size_t i = 0; i < count; i++) {
        line_add(&line, ' ');
        line_add_str(&line, str_from_c(fields[i].key));
        line_add(&line, '=');
        if (fields[i].kind == LOG_FIELD_STR) {
            line_add_value(&line, fields[i].text);
        } else {
            (void)snprintf(stamp, sizeof(stamp), "%lld", (long long)fields[i].number);
            line_add_str(&line, str_from_c(stamp));
        }
    }
    line.text[line.len++] = '\n';
    (void)!write(log->fd, line.text, line.len);
}
