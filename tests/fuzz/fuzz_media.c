/* SPDX-License-Identifier: MIT
 *
 * What a file is, and what its outline says: edits stay within the file, and blanking changes no
 * length. */
#include "base/arena.h"
#include "base/file.h"
#include "media/container.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_and_blank(struct arena *arena, str bytes, enum media_kind kind)
{
    struct container_look look;
    str once;
    int64_t len = i64_from_size(bytes.len);
    AUTO(fd_closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(file_write_fd(fd, S("fuzz"), bytes, NULL) == ST_OK);
    if (container_look_at(arena, fd, len, kind, &look, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < look.edits_count; i++) {
        int64_t head = i64_from_size(look.edits[i].head_bytes);
        CHECK(look.edits[i].at >= 0 && look.edits[i].zeros >= 0);
        CHECK(look.edits[i].zeros <= len && look.edits[i].at + head + look.edits[i].zeros <= len);
    }
    CHECK(container_blank(fd, &look, NULL) == ST_OK);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    CHECK(file_read_fd(arena, fd, S("fuzz"), bytes.len + 1, &once, NULL) == ST_OK);
    CHECK(once.len == bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str bytes = {(const char *)data, size};
    enum media_kind kind = media_kind_of(bytes);
    CHECK(kind == media_kind_of(str_sub(bytes, 0, MEDIA_KIND_BYTES)));
    CHECK((kind == MEDIA_UNKNOWN) == (media_kind_bytes_max(kind) == 0));
    if (kind != MEDIA_UNKNOWN && !media_kind_is_picture(kind))
        look_and_blank(arena, bytes, kind);
    return 0;
}
