/* transfer/import.h -- stories from elsewhere come in.
 *
 *     struct import_report *report;
 *     st = import_files(&(struct import_options){.store = store, .settings = settings,
 *                                                .media = S("site/media"), .arena = arena},
 *                       paths, count, &report, err);
 *
 * What a file is, is told by its content:
 *     WordPress WXR      stories, pages, sections, tags, bylines, replies, menus, old addresses
 *     text or HTML       one published story: the first line is the headline
 * Ghost's JSON and folders of Markdown are told and refused in a sentence.
 *
 * WordPress files are read twice. The first reading checks all of it and remembers what later parts are
 * referred to by (authors, terms, attachments); a file that is cut off or malformed is refused there,
 * before anything was written. The second reading converts each item on the calling thread, a batch at a
 * time, while the store's writer saves the batch before. Memory grows with the numbers of
 * attachments and terms, not with the text: a 500 MB file needs no more than a 5 MB one.
 *
 * An export in several files is one, given in one command or one after the other: pictures that one
 * file names and another holds are found (the table import_attachment keeps what each file told).
 *
 * The old site's title, tagline, language and time zone are taken over while nobody has set them here
 * (news/setting.h says what that is), and said.
 *
 * A second run adds only what is new: news/import_map.h knows what came before, by the old site's
 * address. Editors' changes since are left alone. A story whose pictures did not all come waits for them:
 * a later run that has them puts them in, unless somebody changed its text; then the report names it.
 *
 * A story or reply that the database refuses is left out and named with the reason; the rest comes.
 * Threads are kept whatever order their replies stand in; one that answers nothing begins a thread.
 *
 * What could not be kept as it was is never silent: each kind has a note in the report, with how
 * often and the first stories it stood in.
 *
 * Memory: the report lives in options->arena. Threads: one import at a time a store; the calling
 * thread waits until all is written.
 * Errors: "export.xml:120: ..." - one sentence with the file, and the line where there is one. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct arena;
struct media_desk;
struct rng;
struct site_settings;
struct store;

/* What an import counts, in the order in which a report lists it. */
enum import_kind {
    IMPORT_STORIES,
    IMPORT_PAGES,
    IMPORT_ATTACHMENTS,
    IMPORT_MENU_ITEMS,
    IMPORT_COMMENTS,
    IMPORT_AUTHORS,
    IMPORT_TAGS,
    IMPORT_SECTIONS,
    IMPORT_REDIRECTS,
    IMPORT_PICTURES, /* files copied into media/ */
    IMPORT_KINDS
};
const char *import_kind_name(enum import_kind kind); /* "menu_items", as in JSON */

enum { IMPORT_WHERE_MAX = 10, IMPORT_NOTES_MAX = 400 };

/* Something to know: "[slider]: left out", 3 times, in these. */
struct import_note {
    str what;
    int64_t count;
    str where[IMPORT_WHERE_MAX];
    size_t where_count;
};

struct import_report {
    int64_t came[IMPORT_KINDS];
    int64_t skipped[IMPORT_KINDS]; /* why is in the notes */
    struct import_note *notes;
    size_t notes_count;
    double seconds;
};

struct import_options {
    struct arena *arena; /* for the report */
    struct store *store;
    const struct site_settings *settings;
    const struct clock *clock;      /* NULL: the system's */
    const struct rng *rng;          /* NULL: the system's */
    const struct media_desk *media; /* takes pictures in; NULL: they stay away */
    str media_dir;                  /* where the old site's uploads lie; empty: not at hand */
    bool alone;                     /* the store is: as many stories a step as there are */
    bool dry_run;                   /* count and report; write nothing */
    bool keep_all;                  /* text: keep the old page's furniture */
    bool tag;                       /* apply what tags are proposed */
    void (*progress)(void *ctx, int64_t done, int64_t total); /* stories; may be NULL */
    void *progress_ctx;
};

MUST_USE enum status import_files(const struct import_options *options, const str *paths,
                                  size_t count, struct import_report **ret_report,
                                  struct error *err);
