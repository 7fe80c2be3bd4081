/* media/intake.h -- the one way in: a picture or file becomes a record with its files, or nothing.
 *
 *     struct media_offer offer = {.path_on_disk = S("/home/ada/IMG 1.JPG"), .name = S("IMG 1.JPG")};
 *     st = media_take(desk, &offer, arena, &media, &is_new, err);     // media->path: "2026/11/img-1.jpg"
 *
 * What happens to it, in this order:
 *
 *     1. streamed into media/.new, its SHA-256 reckoned on the way, up to its kind's limit (media/kind.h)
 *     2. known already (same bytes): that record is the answer, ret_new false; its file, where that was lost, is put back
 *     3. told apart by content; made clean:
 *           raster      the worker decodes it and writes a clean base: pixels and colour, nothing else
 *           SVG         rebuilt (media/svg.h)
 *           the rest    its outline is checked and places it names are blanked (media/container.h)
 *     4. the bytes as they came put below .original, where they differ from what is served
 *     5. what is served put at its path
 *     6. the record written
 *
 * A crash leaves: before 4 nothing but a file in .new; before 6 whole files that no record names, which
 * `broadsheet media check` lists. Taking the same file again finds its own leftovers and uses them. A record always has its files.
 *
 * Path: wanted_path when it is free (imports keep "2020/05/a.jpg"), its ending corrected to what the file is;
 * else YYYY/MM/ of `at` in UTC and the name made a slug as Ghost does: "My Photo (1).JPG" -> "my-photo-1.jpg"; a clash gives
 * "-1", "-2", ... Names are a claim like any other: "..", controls and reserved names cannot come through a slug, and a wanted
 * path that storage_path_valid refuses is only a name.
 *
 * What the editor gives (alt, caption, credit, licence) goes before what the file says of itself.
 *
 * Memory:  the record lives in the caller's arena; constant for files of any size but SVG.
 * Threads: any; several at once. It waits for the worker and the writer: never on a thread that serves.
 * Errors:  ST_INVALID (a sentence for the editor), ST_TOO_BIG, ST_NOT_FOUND (no such file on the disk), ST_IO. */
#pragma once
#include "base/clock.h"
#include "base/str.h"
#include "news/news.h"

struct arena;
struct media;
struct media_worker;
struct storage;
struct store;

enum {
    MEDIA_NAME_MAX = 200,    /* bytes of the name as it came that are kept */
    MEDIA_NAME_TRIES = 1000, /* "-1" ... before it gives up */
};

/* What taking in needs; made once, then read-only. */
struct media_desk {
    struct storage *storage;
    struct media_worker *worker; /* NULL: rasters are refused with a sentence */
    struct store *store;
    const struct site_settings *site; /* may be NULL */
    const struct clock *clock;        /* NULL: the system's */
    const struct rng *rng;            /* NULL: the system's */
    /* For tests: asked before each step that lasts ("stream", "clean", "original", "file", "record");
     * true makes that step fail with ST_IO. */
    bool (*fault)(void *ctx, const char *step);
    void *fault_ctx;
};

struct media_offer {
    int fd; /* read from where it stands to its end, when the next two are empty; stays the caller's */
    str path_on_disk; /* or a file by its path */
    bool
        in_memory; /* or `bytes`, be they none: part of a form (http/form.h), mapped from its file when it is large */
    str bytes;
    str name;        /* as it came; for its slug, its title and the record only */
    time_us at;      /* whose folder YYYY/MM; 0: now */
    str wanted_path; /* may be empty */
    str alt, caption, credit, licence;
    person_id by;
};

MUST_USE enum status media_take(const struct media_desk *desk, const struct media_offer *offer,
                                struct arena *arena, struct media **ret_media, bool *ret_new,
                                struct error *err);
