/* SPDX-License-Identifier: MIT
 *
 * Gives a fuzz target every file of the folders named as arguments: its corpus, and what once
 * broke it. A folder that is not there is empty. */
#include "base/arena.h"
#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 8 * 1024 * 1024 };

static int replay(str folder, const char *name)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    str text;
    str path = file_join(arena, folder, str_from_c(name));
    if (file_read(arena, path, INPUT_BYTES_MAX, &text, &err) != ST_OK) {
        printf("%s\n", err.text);
        return 1;
    }
    /* A block of exactly its size, so that a sanitizer sees one byte too far. */
    uint8_t *bytes = malloc(text.len + (text.len == 0));
    CHECK(bytes != NULL);
    for (size_t i = 0; i < text.len; i++)
        bytes[i] = (uint8_t)text.ptr[i];
    (void)LLVMFuzzerTestOneInput(bytes, text.len);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0, inputs = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent **entries;
        int count = scandir(argv[i], &entries, NULL, alphasort);
        for (int j = 0; j < count; j++) {
            if (entries[j]->d_name[0] != '.') {
                failed += replay(str_from_c(argv[i]), entries[j]->d_name);
                inputs++;
            }
            free(entries[j]);
        }
        if (count >= 0)
            free(entries);
    }
    printf("%d passed, %d failed\n", inputs - failed, failed);
    return failed == 0 ? 0 : 1;
}
