/* hbs/json.h -- JSON as a template's data: `broadsheet template --data FILE.json`, and tests.
 *
 *     json_t *data = json_loads(text, 0, NULL);
 *     page.root = hbs_json(data);             // `data` must outlive the render
 *
 * A page of the site is never made this way: its views read records (value.h).
 *
 * Threads: as jansson: reading one tree from several threads is fine. */
#pragma once
#include "hbs/value.h"

#include <jansson.h>

/* NULL gives undefined. */
struct hbs_value hbs_json(json_t *json);
