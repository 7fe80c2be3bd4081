/* SPDX-License-Identifier: MIT
 *
 * Any text: each fault stands at a mark, in order, and none is in a text without marks. */
#include "base/arena.h"
#include "reader/quotes.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_mark(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB || (c >= 0x201C && c <= 0x201E);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct quote_fault faults[QUOTES_FAULTS_MAX];
    str text = utf8_repair(arena, (str){(const char *)data, size});
    size_t count = quotes_unmatched(text, faults, QUOTES_FAULTS_MAX), marks = 0;
    for (str rest = text; rest.len > 0;)
        marks += is_mark(utf8_next(&rest));
    CHECK(count <= marks);
    for (size_t i = 0; i < count && i < QUOTES_FAULTS_MAX; i++) {
        CHECK(faults[i].at < text.len);
        str at = str_from(text, faults[i].at);
        CHECK(is_mark(utf8_next(&at)));
    }
    return 0;
}
