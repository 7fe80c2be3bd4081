/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include "base/arena.h"

#include <stdlib.h>

void report_str(json_t *object, const char *key, str value)
{
    (void)json_object_set_new(object, key,
                              json_stringn(value.len == 0 ? "" : value.ptr, value.len));
}

void report_int(json_t *object, const char *key, int64_t value)
{
    (void)json_object_set_new(object, key, json_integer(value));
}

void report_time(json_t *object, const char *key, time_us value)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    if (value == 0)
        (void)json_object_set_new(object, key, json_null());
    else
        report_str(object, key, time_to_iso(arena, value));
}

void report_print(json_t *document)
{
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    (void)fputc('\n', stdout);
    json_decref(document);
}
