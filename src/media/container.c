/* SPDX-License-Identifier: MIT
 *
 * One function a family. Each reads headers and steps over what they head. */
#include "media/container.h"

#include "base/arena.h"
#include "base/file.h"
#include "media/container_parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    SLICE_MP3 = 64 * 1024,        /* in which the first frame must begin */
    SLICE_TAG = 16 * 1024 * 1024, /* of an ID3 tag are searched for EXIF */
    SLICE_TAGS = 256 * 1024,      /* of WebM's tags are searched for places */
    SLICE_PDF = 2048,             /* at the end, in which a PDF says so */
};

/* ---- reading and noting ---- */

bool container_read(const struct container_file *f, int64_t at, void *bytes, size_t len)
{
    size_t done = 0;
    while (at >= 0 && done < len) {
        ssize_t n = pread(f->fd, (char *)bytes + done, len - done, at + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return done == len;
}

str container_slice(const struct container_file *f, int64_t at, size_t len)
{
    if (at < 0 || at >= f->bytes)
        return STR_NONE;
    if (i64_from_size(len) > f->bytes - at)
        len = (size_t)(f->bytes - at);
    char *bytes = arena_alloc(f->arena, len, 1);
    return container_read(f, at, bytes, len) ? (str){bytes, len} : STR_NONE;
}

void container_edit_add(struct container_file *f, int64_t at, str head, int64_t zeros)
{
    struct container_look *look = &f->look;
    if (look->edits_count == f->edits_cap) {
        size_t cap = f->edits_cap == 0 ? 16 : size_mul(f->edits_cap, 2);
        look->edits =
            arena_grow(f->arena, look->edits, f->edits_cap * sizeof(*look->edits),
                       size_mul(cap, sizeof(*look->edits)), _Alignof(struct container_edit));
        f->edits_cap = cap;
    }
    struct container_edit *edit = &look->edits[look->edits_count++];
    *edit = (struct container_edit){.at = at, .head_bytes = head.len, .zeros = zeros};
    CHECK(head.len <= sizeof(edit->head));
    memcpy(edit->head, head.len > 0 ? head.ptr : "", head.len);
}

bool container_part(struct container_file *f)
{
    return ++f->parts <= CONTAINER_PARTS_MAX;
}

uint64_t container_be(const unsigned char *bytes, size_t len)
{
    uint64_t n = 0;
    for (size_t i = 0; i < len; i++)
        n = n << 8 | bytes[i];
    return n;
}

enum status container_cut(const struct container_file *f, struct error *err)
{
    return error_set(err, ST_INVALID, "This %.*s ends in the middle; export or upload it again.",
                     STR_ARG(media_kind_name(f->kind)));
}

enum status container_odd(const struct container_file *f, const char *what, struct error *err)
{
    return error_set(err, ST_INVALID, "This %.*s %s; export it again.",
                     STR_ARG(media_kind_name(f->kind)), what);
}

/* ---- MP3 ---- */

static int64_t id3_bytes(str head)
{
    if (head.len < 10 || !str_starts(head, S("ID3")))
        return 0;
    int64_t bytes = 0;
    for (size_t i = 6; i < 10; i++)
        bytes = bytes << 7 | (head.ptr[i] & 0x7F);
    bool footer = head.ptr[5] & 0x10;
    return 10 + bytes + (footer ? 10 : 0);
}

/* "Exif", two zeros, after the segment's length: what follows to its end. */
static void hide_exif(struct container_file *f, int64_t from, str bytes)
{
    static const str mark = STR_INIT("Exif\0\0");
    for (size_t at = str_find(bytes, mark); at != STR_NPOS;) {
        size_t after = at + mark.len;
        size_t segment = at < 2 ? 0 : container_be((const unsigned char *)bytes.ptr + at - 2, 2);
        size_t len = segment > 2 + mark.len ? segment - 2 - mark.len : 0;
        if (len > bytes.len - after)
            len = bytes.len - after;
        if (len > 0)
            container_edit_add(f, from + i64_from_size(after), STR_NONE, i64_from_size(len));
        size_t next = str_find(str_from(bytes, after), mark);
        at = next == STR_NPOS || !container_part(f) ? STR_NPOS : after + next;
    }
}

static enum status look_mp3(struct container_file *f, struct error *err)
{
    int64_t tag = id3_bytes(container_slice(f, 0, 10));
    if (tag >= f->bytes)
        return container_cut(f, err);
    if (tag > 0)
        hide_exif(f, 0, container_slice(f, 0, tag < SLICE_TAG ? (size_t)tag : SLICE_TAG));
    str sound = container_slice(f, tag, SLICE_MP3);
    for (size_t at = 0; at + 4 <= sound.len; at++) {
        if ((unsigned char)sound.ptr[at] == 0xFF && media_kind_of(str_from(sound, at)) == MEDIA_MP3)
            return ST_OK;
    }
    return container_odd(f, "holds no sound", err);
}

/* ---- WAV ---- */

static uint32_t le32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static enum status look_wav(struct container_file *f, struct error *err)
{
    uint32_t rate = 0; /* bytes a second */
    bool has_data = false;
    for (int64_t at = 12; at + 8 <= f->bytes;) {
        unsigned char head[20] = {0};
        if (!container_read(f, at, head, 8) || !container_part(f))
            return container_odd(f, "has more parts than any sound needs", err);
        int64_t bytes = le32(head + 4);
        str type = {(const char *)head, 4};
        bool streamed = str_eq(type, S("data")) && bytes == UINT32_MAX; /* written to a pipe */
        if (streamed)
            bytes = f->bytes - at - 8;
        if (bytes > f->bytes - at - 8)
            return container_cut(f, err);
        if (str_eq(type, S("fmt ")) && container_read(f, at, head, sizeof(head)))
            rate = le32(head + 16);
        if (str_eq(type, S("data")) && rate > 0) {
            has_data = true;
            f->look.duration_ms = bytes * 1000 / rate;
        }
        if (str_eq(type, S("iXML")) || str_eq(type, S("_PMX"))) {
            container_edit_add(f, at, S("JUNK"), 0);
            container_edit_add(f, at + 8, STR_NONE, bytes);
        }
        at += 8 + bytes + (bytes & 1);
    }
    return has_data ? ST_OK : container_odd(f, "holds no sound", err);
}

/* ---- WebM ---- */

enum {
    EBML = 0x1A45DFA3,
    SEGMENT = 0x18538067,
    TRACKS = 0x1654AE6B,
    TAGS = 0x1254C367,
    ATTACHMENTS = 0x1941A469
};

struct element {
    uint32_t id;
    int64_t at, body, end;
    bool endless; /* its size is not said */
};

/* An id keeps its length marker, a size does not. */
static bool element_read(const struct container_file *f, int64_t at, struct element *ret)
{
    unsigned char head[12] = {0};
    size_t have = f->bytes - at < 12 ? (size_t)(f->bytes - at) : 12;
    if (have < 2 || !container_read(f, at, head, have) || head[0] < 0x10)
        return false;
    size_t id_bytes = (size_t)__builtin_clz((unsigned)head[0]) - 24 + 1;
    if (id_bytes >= have || head[id_bytes] == 0)
        return false;
    size_t size_bytes = (size_t)__builtin_clz((unsigned)head[id_bytes]) - 24 + 1;
    if (id_bytes + size_bytes > have)
        return false;
    uint64_t mask = (UINT64_C(1) << (7 * size_bytes)) - 1;
    uint64_t size = container_be(head + id_bytes, size_bytes) & mask;
    *ret = (struct element){.id = (uint32_t)container_be(head, id_bytes), .at = at};
    ret->body = at + i64_from_size(id_bytes + size_bytes);
    ret->endless = size == mask;
    if (!ret->endless && size > (uint64_t)(f->bytes - ret->body))
        return false;
    ret->end = ret->endless ? f->bytes : ret->body + (int64_t)size;
    return true;
}

/* Void, with a size of eight bytes, takes nine. */
static void blank_element(struct container_file *f, const struct element *e)
{
    char head[9] = {(char)0xEC, 0x01};
    int64_t zeros = e->end - e->at - 9;
    if (zeros < 0)
        return;
    for (size_t i = 0; i < 7; i++)
        head[8 - i] = (char)((uint64_t)zeros >> (8 * i) & 0xFF);
    container_edit_add(f, e->at, (str){head, sizeof(head)}, zeros);
}

static bool tags_name_place(const struct container_file *f, const struct element *e)
{
    int64_t bytes = e->end - e->body;
    str text = container_slice(f, e->body, bytes < SLICE_TAGS ? (size_t)bytes : SLICE_TAGS);
    return bytes > SLICE_TAGS || str_find_nocase(text, S("location")) != STR_NPOS ||
           str_find_nocase(text, S("gps")) != STR_NPOS;
}

static enum status look_webm(struct container_file *f, struct error *err)
{
    struct element e;
    bool has_tracks = false;
    if (!element_read(f, 0, &e) || e.id != EBML || !element_read(f, e.end, &e) || e.id != SEGMENT)
        return container_cut(f, err);
    int64_t segment_end = e.end;
    for (int64_t at = e.body; at < segment_end; at = e.end) {
        if (!container_part(f))
            return container_odd(f, "has more parts than any film needs", err);
        if (!element_read(f, at, &e))
            return container_cut(f, err);
        has_tracks = has_tracks || e.id == TRACKS;
        if (e.id == ATTACHMENTS || (e.id == TAGS && tags_name_place(f, &e)))
            blank_element(f, &e);
        /* An element of no said size (a live recording's cluster) reaches to the end. */
    }
    return has_tracks ? ST_OK : container_odd(f, "holds no pictures and no sound", err);
}

/* ---- Ogg, PDF ---- */

static enum status look_ogg(struct container_file *f, struct error *err)
{
    static const str codecs[] = {STR_INIT("\x01vorbis"),
                                 STR_INIT("OpusHead"),
                                 STR_INIT("\x7F"
                                          "FLAC"),
                                 STR_INIT("Speex   "),
                                 STR_INIT("\x80theora"),
                                 STR_INIT("fishead")};
    str page = container_slice(f, 0, 27 + 255 + 16);
    if (page.len < 28)
        return container_cut(f, err);
    str packet = str_from(page, 27 + (size_t)(unsigned char)page.ptr[26]);
    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        if (str_starts(packet, codecs[i]))
            return ST_OK;
    }
    return container_odd(f, "holds no sound that browsers play", err);
}

static enum status look_pdf(struct container_file *f, struct error *err)
{
    int64_t from = f->bytes > SLICE_PDF ? f->bytes - SLICE_PDF : 0;
    str tail = container_slice(f, from, SLICE_PDF);
    if (!str_contains(tail, S("%%EOF")) || !str_contains(tail, S("startxref")))
        return container_cut(f, err);
    return ST_OK;
}

/* ---- the whole ---- */

enum status container_look_at(struct arena *arena, int fd, int64_t bytes, enum media_kind kind,
                              struct container_look *ret_look, struct error *err)
{
    struct container_file f = {.arena = arena, .fd = fd, .bytes = bytes, .kind = kind};
    enum status st;
    if (kind == MEDIA_MP4 || kind == MEDIA_M4A)
        st = container_mp4(&f, err);
    else if (kind == MEDIA_MP3)
        st = look_mp3(&f, err);
    else if (kind == MEDIA_WAV)
        st = look_wav(&f, err);
    else if (kind == MEDIA_WEBM)
        st = look_webm(&f, err);
    else if (kind == MEDIA_OGG)
        st = look_ogg(&f, err);
    else if (kind == MEDIA_PDF)
        st = look_pdf(&f, err);
    else
        st = error_set(err, ST_INVALID, "This is no sound, film or PDF.");
    if (st == ST_OK)
        *ret_look = f.look;
    return st;
}

static enum status write_at(int fd, int64_t at, str bytes, struct error *err)
{
    while (bytes.len > 0) {
        ssize_t n = pwrite(fd, bytes.ptr, bytes.len, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot write the file that is taken in");
        at += n;
        bytes = str_from(bytes, (size_t)n);
    }
    return ST_OK;
}

enum status container_blank(int fd, const struct container_look *look, struct error *err)
{
    static const char zeros[16 * 1024];
    for (size_t i = 0; i < look->edits_count; i++) {
        const struct container_edit *edit = &look->edits[i];
        enum status st = write_at(fd, edit->at, (str){edit->head, edit->head_bytes}, err);
        int64_t at = edit->at + i64_from_size(edit->head_bytes);
        for (int64_t left = edit->zeros; left > 0 && st == ST_OK;) {
            size_t n = left < (int64_t)sizeof(zeros) ? (size_t)left : sizeof(zeros);
            st = write_at(fd, at, (str){zeros, n}, err);
            at += i64_from_size(n);
            left -= i64_from_size(n);
        }
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}
