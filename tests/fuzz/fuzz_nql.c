/* SPDX-License-Identifier: MIT
 *
 * Filters: any bytes parse or are refused, within bounds; what parsed can be asked, and a filter and
 * its negation in brackets never both hold. */
#include "base/arena.h"
#include "theme/nql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool field(const void *record, str name, size_t i, struct nql_value *ret)
{
    (void)record;
    if (i > (name.len > 4 ? 2 : 0) || name.len % 5 == 3)
        return false;
    *ret = name.len % 4 == 0   ? nql_text(name)
           : name.len % 4 == 1 ? nql_number((int64_t)name.len)
           : name.len % 4 == 2 ? nql_bool(true)
                               : nql_time(TIME_DAY);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    struct nql *filter;
    if (nql_parse(arena, (str){(const char *)data, size}, TIME_DAY * 1000, &filter, &err) !=
        ST_OK) {
        CHECK(err.text[0] != '\0');
        return 0;
    }
    bool holds = nql_matches(filter, field, NULL);
    CHECK(nql_matches(filter, field, NULL) == holds);
    if (filter->kind == NQL_CLAUSE) {
        filter->negated = !filter->negated;
        CHECK(nql_matches(filter, field, NULL) != holds);
    }
    return 0;
}
