/* SPDX-License-Identifier: MIT
 *
 * Boxes within boxes, walked with a stack of their ends. Of a track only what is needed to find its samples is kept, and
 * only until its end: a track of positions is blanked with all its samples, wherever in the file they are. */
#include "base/arena.h"
#include "media/container_parts.h"

#include <string.h>

enum { KEYS_MAX = 256, KEY_NAME_MAX = 128, TABLE_CHUNK = 4096 };

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

struct box {
    uint32_t type;
    int64_t at, body, end;
};

struct track {
    struct box box;
    int64_t sizes, sizes_end; /* bodies of stsz, stsc, stco or co64; 0: none */
    int64_t runs, runs_end;
    int64_t chunks, chunks_end;
    bool chunks_64;
    bool places; /* its samples are positions */
};

struct film {
    struct container_file *f;
    struct box open[CONTAINER_DEPTH_MAX];
    size_t depth;
    struct track track;
    bool key_hidden[KEYS_MAX]; /* of the `keys` read last */
    bool has_moov, has_data;
};

static uint32_t u32_at(const struct container_file *f, int64_t at)
{
    unsigned char bytes[4];
    return container_read(f, at, bytes, 4) ? (uint32_t)container_be(bytes, 4) : 0;
}

static uint64_t u64_at(const struct container_file *f, int64_t at)
{
    unsigned char bytes[8];
    return container_read(f, at, bytes, 8) ? container_be(bytes, 8) : 0;
}

/* The box becomes `free`, its body zeros. */
static void blank_box(struct film *film, const struct box *box)
{
    container_edit_add(film->f, box->at + 4, S("free"), 0);
    container_edit_add(film->f, box->body, STR_NONE, box->end - box->body);
}

/* ---- what a box says ---- */

/* mvhd: version, flags, made, changed, timescale, duration. */
static void take_length(struct film *film, const struct box *box)
{
    bool wide = u32_at(film->f, box->body) >> 24 == 1;
    uint32_t scale = u32_at(film->f, box->body + (wide ? 20 : 12));
    uint64_t length = wide ? u64_at(film->f, box->body + 24) : u32_at(film->f, box->body + 16);
    if (scale > 0 && length < INT64_MAX / 1000)
        film->f->look.duration_ms = (int64_t)(length * 1000 / scale);
}

/* tkhd ends in width and height, 16.16. */
static void take_size(struct film *film, const struct box *box)
{
    int64_t width = u32_at(film->f, box->end - 8) >> 16,
            height = u32_at(film->f, box->end - 4) >> 16;
    if (box->end - box->body >= 84 && width * height > film->f->look.width * film->f->look.height) {
        film->f->look.width = width;
        film->f->look.height = height;
    }
}

static bool names_place(str key)
{
    static const str words[] = {STR_INIT("location"), STR_INIT("gps"), STR_INIT("geo"),
                                STR_INIT("serial"), STR_INIT("identifier")};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_find_nocase(key, words[i]) != STR_NPOS)
            return true;
    }
    return false;
}

/* keys: version, count, then size, "mdta", name each; the first is number 1. */
static void take_keys(struct film *film, const struct box *box)
{
    memset(film->key_hidden, 0, sizeof(film->key_hidden));
    int64_t at = box->body + 8;
    for (size_t i = 1; i < KEYS_MAX && at + 8 <= box->end; i++) {
        int64_t size = u32_at(film->f, at);
        char name[KEY_NAME_MAX] = "";
        if (size < 8 || size > box->end - at)
            return;
        size_t len = size - 8 < KEY_NAME_MAX ? (size_t)(size - 8) : KEY_NAME_MAX;
        film->key_hidden[i] =
            container_read(film->f, at + 8, name, len) && names_place((str){name, len});
        at += size;
    }
}

static bool is_place_sample(uint32_t type)
{
    return type == TYPE('g', 'p', 'm', 'd') || type == TYPE('c', 'a', 'm', 'm') ||
           type == TYPE('m', 'e', 'b', 'x');
}

/* Of an item in ilst only the value goes: the list stays one. */
static void blank_value(struct film *film, const struct box *item)
{
    int64_t value = item->body + 16;
    if (value < item->end)
        container_edit_add(film->f, value, STR_NONE, item->end - value);
}

/* ---- a track of positions ---- */

/* Chunk after chunk: how many samples it has (stsc), how large they are (stsz), where it lies (stco). */
static bool blank_samples(struct film *film)
{
    const struct container_file *f = film->f;
    const struct track *t = &film->track;
    if (t->sizes == 0 || t->runs == 0 || t->chunks == 0)
        return true;
    uint32_t same = u32_at(f, t->sizes + 4), samples = u32_at(f, t->sizes + 8);
    uint32_t runs = u32_at(f, t->runs + 4), chunks = u32_at(f, t->chunks + 4);
    uint32_t run = 0, sample = 0, in_chunk = 0;
    for (uint32_t chunk = 1; chunk <= chunks && sample < samples; chunk++) {
        while (run < runs && u32_at(f, t->runs + 8 + 12 * (int64_t)run) <= chunk) {
            if (!container_part(film->f))
                return false;
            in_chunk = u32_at(f, t->runs + 8 + 12 * (int64_t)run++ + 4);
        }
        int64_t bytes = 0;
        for (uint32_t i = 0; i < in_chunk && sample < samples; i++, sample++) {
            if (!container_part(film->f))
                return false;
            bytes += same > 0 ? same : u32_at(f, t->sizes + 12 + 4 * (int64_t)sample);
        }
        int64_t entry = t->chunks + 8 + (t->chunks_64 ? 8 : 4) * (int64_t)(chunk - 1);
        uint64_t at = t->chunks_64 ? u64_at(f, entry) : u32_at(f, entry);
        if (!container_part(film->f))
            return false;
        if (at > 0 && bytes > 0 && at < (uint64_t)f->bytes && bytes <= f->bytes - (int64_t)at)
            container_edit_add(film->f, (int64_t)at, STR_NONE, bytes);
    }
    return true;
}

/* ---- the walk ---- */

static bool has_boxes(uint32_t type)
{
    static const uint32_t types[] = {TYPE('m', 'o', 'o', 'v'), TYPE('t', 'r', 'a', 'k'),
                                     TYPE('m', 'd', 'i', 'a'), TYPE('m', 'i', 'n', 'f'),
                                     TYPE('s', 't', 'b', 'l'), TYPE('u', 'd', 't', 'a'),
                                     TYPE('m', 'e', 't', 'a'), TYPE('i', 'l', 's', 't')};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type == types[i])
            return true;
    }
    return false;
}

static uint32_t parent_type(const struct film *film)
{
    return film->depth > 0 ? film->open[film->depth - 1].type : 0;
}

static void look_at_track(struct film *film, const struct box *box)
{
    struct track *t = &film->track;
    switch (box->type) {
    case TYPE('s', 't', 's', 'd'):
        t->places = is_place_sample(u32_at(film->f, box->body + 12));
        break;
    case TYPE('s', 't', 's', 'z'):
        t->sizes = box->body;
        break;
    case TYPE('s', 't', 's', 'c'):
        t->runs = box->body;
        break;
    case TYPE('s', 't', 'c', 'o'):
    case TYPE('c', 'o', '6', '4'):
        t->chunks = box->body;
        t->chunks_64 = box->type == TYPE('c', 'o', '6', '4');
        break;
    default:
        break;
    }
}

static void look_at(struct film *film, const struct box *box)
{
    uint32_t above = parent_type(film);
    bool in_ilst = above == TYPE('i', 'l', 's', 't');
    switch (box->type) {
    case TYPE('m', 'o', 'o', 'v'):
        film->has_moov = true;
        break;
    case TYPE('m', 'd', 'a', 't'):
    case TYPE('m', 'o', 'o', 'f'):
        film->has_data = true;
        break;
    case TYPE('m', 'v', 'h', 'd'):
        take_length(film, box);
        break;
    case TYPE('t', 'k', 'h', 'd'):
        take_size(film, box);
        break;
    case TYPE('t', 'r', 'a', 'k'):
        film->track = (struct track){.box = *box};
        break;
    case TYPE('k', 'e', 'y', 's'):
        take_keys(film, box);
        break;
    case TYPE(0xA9, 'x', 'y', 'z'):
    case TYPE('l', 'o', 'c', 'i'):
    case TYPE('g', 'p', 's', ' '):
    case TYPE('G', 'P', 'S', ' '):
    case TYPE('G', 'P', 'M', 'F'):
    case TYPE('X', 'M', 'P', '_'):
    case TYPE('u', 'u', 'i', 'd'):
        blank_box(film, box);
        break;
    default:
        if (in_ilst && box->type < KEYS_MAX && film->key_hidden[box->type])
            blank_value(film, box);
        break;
    }
    if (above == TYPE('s', 't', 'b', 'l'))
        look_at_track(film, box);
}

/* Size and type; a size of 1 is followed by the real one, 0 means to the end of the file. */
static bool box_read(const struct film *film, int64_t at, int64_t end, struct box *ret_box)
{
    unsigned char head[16];
    if (end - at < 8 || !container_read(film->f, at, head, 8))
        return false;
    uint64_t size = container_be(head, 4);
    int64_t head_bytes = 8;
    if (size == 1) {
        if (end - at < 16 || !container_read(film->f, at + 8, head + 8, 8))
            return false;
        size = container_be(head + 8, 8);
        head_bytes = 16;
    }
    if (size == 0 && film->depth == 0)
        size = (uint64_t)(end - at);
    if (size < (uint64_t)head_bytes || size > (uint64_t)(end - at))
        return false;
    *ret_box =
        (struct box){(uint32_t)container_be(head + 4, 4), at, at + head_bytes, at + (int64_t)size};
    return true;
}

/* `meta` has a version before its boxes, but not in QuickTime. */
static int64_t first_within(const struct film *film, const struct box *box)
{
    bool versioned = box->type == TYPE('m', 'e', 't', 'a') && box->end - box->body >= 12 &&
                     u32_at(film->f, box->body + 4) != TYPE('h', 'd', 'l', 'r');
    return box->body + (versioned ? 4 : 0);
}

/* Leaves the boxes that end here. False when a track of positions is too long to be blanked. */
static bool leave(struct film *film, int64_t at)
{
    while (film->depth > 0 && at >= film->open[film->depth - 1].end) {
        const struct box *box = &film->open[--film->depth];
        if (box->type != TYPE('t', 'r', 'a', 'k') || !film->track.places)
            continue;
        film->track.places = false;
        if (!blank_samples(film))
            return false;
        blank_box(film, box);
    }
    return true;
}

enum status container_mp4(struct container_file *f, struct error *err)
{
    struct film film = {.f = f};
    struct box box;
    for (int64_t at = 0; at < f->bytes;) {
        int64_t end = film.depth > 0 ? film.open[film.depth - 1].end : f->bytes;
        if (!container_part(f))
            return container_odd(f, "has more parts than any film needs", err);
        if (!box_read(&film, at, end, &box)) {
            if (film.depth == 0)
                return container_cut(f, err);
            at = end; /* QuickTime ends a list with four zeros; odd makers with worse */
        } else {
            look_at(&film, &box);
            bool into = has_boxes(box.type) && film.depth < CONTAINER_DEPTH_MAX;
            if (into)
                film.open[film.depth++] = box;
            at = into ? first_within(&film, &box) : box.end;
        }
        if (!leave(&film, at))
            return container_odd(f, "has more parts than any film needs", err);
    }
    if (!film.has_moov)
        return container_odd(f, "has no index (moov), as a recording that was cut off has none",
                             err);
    return film.has_data ? ST_OK : container_odd(f, "holds no pictures and no sound", err);
}
