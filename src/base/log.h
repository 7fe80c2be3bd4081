/* base/log.h -- one line an event: a fixed phrase, then key=value.
 *
 *     log_info(log, "listening", LOG_STR("address", addr), LOG_INT("workers", n));
 *     2026-11-23T20:41:07.123Z info listening address=127.0.0.1:8080 workers=2
 *
 * Levels: error (someone should look), warn (went on regardless), info (start, stop, publish),
 * debug. Library code returns its failure; the edge (request loop, job runner, main) logs it, once.
 * Never a password, a session token, an email address, or who a reader is with what they read.
 *
 * Values with spaces, quotes or controls are quoted, so that a hostile value cannot make a line of
 * its own.
 *
 * Threads: any; a line is one write(2). */
#pragma once
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
    int fd;               /* read-only after start */
    enum log_level level; /* what is less urgent is dropped */
};

struct log_field {
    const char *key;
    enum { LOG_FIELD_STR, LOG_FIELD_INT } kind;
    str text;
    int64_t number;
};
#define LOG_STR(k, s) ((struct log_field){.key = (k), .kind = LOG_FIELD_STR, .text = (s)})
#define LOG_INT(k, n) ((struct log_field){.key = (k), .kind = LOG_FIELD_INT, .number = (n)})
#define LOG_ERR(err)  LOG_STR("why", str_from_c((err)->text))

enum { LOG_LINE_MAX = 4096 };

void log_write(const struct log *log, enum log_level level, const char *phrase,
               const struct log_field *fields, size_t count);

#define LOG_FIELDS_(...)                                                                           \
    ((const struct log_field[]){{.key = NULL}, ##__VA_ARGS__}) + 1,                                \
        sizeof((const struct log_field[]){{.key = NULL}, ##__VA_ARGS__}) /                         \
                sizeof(struct log_field) -                                                         \
            1
#define log_error(log, phrase, ...) log_write((log), LOG_ERROR, (phrase), LOG_FIELDS_(__VA_ARGS__))
#define log_warn(log, phrase, ...)  log_write((log), LOG_WARN, (phrase), LOG_FIELDS_(__VA_ARGS__))
#define log_info(log, phrase, ...)  log_write((log), LOG_INFO, (phrase), LOG_FIELDS_(__VA_ARGS__))
#define log_debug(log, phrase, ...) log_write((log), LOG_DEBUG, (phrase), LOG_FIELDS_(__VA_ARGS__))
