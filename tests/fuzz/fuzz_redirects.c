/* SPDX-License-Identifier: MIT
 *
 * A file of redirects, in either form: what is taken from it as a path begins with a slash, and reads back the same
 * from both forms in which it is written. */
#include "site/redirect_file.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_BYTES_MAX = 16 * 1024 * 1024 };

/* Those that are paths, written and read once more. */
static void check_back(struct arena *arena, const struct redirect_entry *entries, size_t count,
                       enum redirect_format format)
{
    struct redirect_entry *again;
    size_t again_count, next = 0;
    struct buf out;
    str text;
    buf_init(&out, arena, OUT_BYTES_MAX);
    struct redirect_writer writer = {.out = &out, .format = format};
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].pattern)
            redirect_file_add(&writer, &entries[i]);
    }
    redirect_file_end(&writer);
    CHECK(buf_finish(&out, &text, NULL) == ST_OK);
    CHECK(redirect_file_read(arena, text, &again, &again_count, NULL) == ST_OK);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].pattern)
            continue;
        CHECK(next < again_count && !again[next].pattern);
        CHECK(str_eq(again[next].from, entries[i].from));
        CHECK(str_eq(again[next].to, entries[i].to));
        CHECK(again[next++].code == entries[i].code);
    }
    CHECK(next == again_count);
}

/* All of one code together, as the writer wants them. */
static int by_code(const void *a, const void *b)
{
    const struct redirect_entry *x = a, *y = b;
    return x->code - y->code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct redirect_entry *entries;
    size_t count;
    if (redirect_file_read(arena, (str){(const char *)data, size}, &entries, &count, NULL) != ST_OK)
        return 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(entries[i].code == 301 || entries[i].code == 302);
        CHECK(entries[i].pattern || str_starts(entries[i].from, S("/")));
    }
    qsort(entries, count, sizeof(entries[0]), by_code);
    check_back(arena, entries, count, REDIRECT_YAML);
    check_back(arena, entries, count, REDIRECT_JSON);
    return 0;
}
