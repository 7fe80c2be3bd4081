/* cli/report.h -- what a command says with --json: built with jansson, printed as one document.
 *
 *     json_t *row = json_object();
 *     report_str(row, "title", story->title);
 *     report_int(row, "reads", n);
 *     json_array_append_new(rows, row);
 *     report_print(rows);                    // takes it over
 *
 * Threads: the main thread. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

#include <jansson.h>

void report_str(json_t *object, const char *key, str value);
void report_int(json_t *object, const char *key, int64_t value);
void report_time(json_t *object, const char *key, time_us value); /* ISO 8601; null for 0 */
void report_print(json_t *document);
