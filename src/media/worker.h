/* media/worker.h -- pictures are decoded in another process; this is how it is asked.
 *
 *     st = media_worker_start(&(struct media_worker_options){.log = log}, &worker, err);
 *     st = media_worker_clean(worker, in_fd, MEDIA_JPEG, out_fd, &kind, arena, &look, err);
 *     st = media_worker_make(worker, in_fd, &(struct media_make){.width = 600, .format = MEDIA_WEBP},
 *                            out_fd, &kind, err);
 *     media_worker_free(worker);
 *
 * A picture from outside is the most dangerous thing a news site reads: forty years of formats in a dozen
 * libraries. So nothing of them is linked here. `broadsheet-media`, a second program, is given descriptors,
 * never a path, and runs with its memory and time limited, and without the system calls by which it could
 * open a file, a socket or a program (src/media/worker/sandbox.h). The worst a hostile file can do is to
 * stop that process, and to write nonsense to the one descriptor that was meant for its picture.
 *
 * There are two such processes, one for pictures and one for cards (it needs to read fonts, so it may open
 * files for reading; but no file from outside ever reaches it). Each is started by its first job, does
 * jobs one after another, ends after MEDIA_WORKER_JOBS_MAX of them or MEDIA_WORKER_IDLE_MS without one,
 * and is started again when needed.
 *
 * Descriptors: `in_fd` is a regular file, read from its start whatever its position; `out_fd` an empty
 * regular file open for reading and writing, written from its start. Both stay the caller's. After a failure what is
 * in `out_fd` is to be thrown away.
 *
 * What is believed: nothing. An answer is checked like any other bytes from outside: lengths, UTF-8,
 * ranges, and that `out_fd` begins as a picture of the kind that was asked for.
 *
 * Statuses: ST_INVALID: the file is not what it must be, is over a limit, or made the process crash; the
 * sentence is for the editor who sent it ("This JPEG ends in the middle; export it again."). ST_IO: ours:
 * the process could not be started, was killed from outside, took more than its time, or more than
 * MEDIA_WORKER_WAITING_MAX callers wait already; trying again may help. A process that failed in any of
 * these ways is replaced for the next job.
 *
 * Threads: any thread may call; a call waits its turn, then for its answer. */
#pragma once
#include "base/scope.h"
#include "base/str.h"
#include "media/kind.h"

struct arena;
struct log;
struct media_worker;

enum {
    MEDIA_WORKER_JOBS_MAX = 200,      /* then a new process: whatever leaks, leaks so long */
    MEDIA_WORKER_IDLE_MS = 60 * 1000, /* then it ends, and its memory with it */
    MEDIA_WORKER_WAITING_MAX = 128,   /* callers that wait their turn */
    MEDIA_WORKER_JOB_MS = 60 * 1000,  /* a job's time, unless options say otherwise */
    MEDIA_WORKER_MEMORY_MB = 1024, /* a process's heap and stacks; its libraries are not counted */
    MEDIA_WORKER_PIXELS_MAX =
        1 << 27, /* 134 million, all frames together: decoded, never refused late */
    MEDIA_WORKER_FRAMES_MAX = 1000, /* of a moving picture */
    MEDIA_BASE_EDGE_MAX = 5000,     /* long edge of the clean base in pixels */
    MEDIA_PLACEHOLDER_MAX = 400,    /* bytes of the tiny picture's data: address */
    MEDIA_CREDIT_MAX = 1000,        /* bytes of each of the texts found in a file */
    MEDIA_CARD_TEXT_MAX = 600,      /* bytes of each of a card's texts; more is cut */
    MEDIA_CARD_WIDTH = 1200,
    MEDIA_CARD_HEIGHT = 630,
};

/* Zero or NULL: the value above. */
struct media_worker_options {
    const char *program; /* NULL: $BROADSHEET_MEDIA, else found from where this program is */
    size_t memory_max;   /* bytes */
    int64_t pixels_max;
    int64_t frames_max;
    int64_t job_ms_max;
    int64_t idle_ms_max;
    const struct log *log; /* NULL: silent. A crash is a warning, with what the file was */
};

/* Starts no process yet. broadsheet-media is looked for beside this program, then in ../libexec/broadsheet.
 * ST_NOT_FOUND: it is in neither; the sentence says so. */
MUST_USE enum status media_worker_start(const struct media_worker_options *options,
                                        struct media_worker **ret, struct error *err);
/* No call may be under way. */
void media_worker_free(struct media_worker *worker);
DEFINE_FREEP(struct media_worker *, media_worker_free)

/* What a picture is. Texts are UTF-8 without control characters, "" when the file says nothing. */
struct media_look {
    enum media_kind kind;  /* of the clean base */
    int64_t width, height; /* of the clean base, upright */
    int64_t frames;        /* 1 unless it moves */
    int64_t duration_ms;   /* once round; 0 unless it moves */
    bool alpha;            /* some pixel can be seen through */
    char color[8];         /* "#aabbcc": the colour most of it has */
    str placeholder; /* "data:image/webp;base64,...", at most 16 pixels wide and high, or "" */
    str credit, caption, alt, licence, title;
};

/* Reads a picture of `kind` and writes the clean base that readers may see: its pixels, upright, in sRGB, at
 * most MEDIA_BASE_EDGE_MAX on the long edge, every frame, and nothing else of the file. The same kind as came
 * in, but HEIC becomes JPEG; an AVIF has at most 17 million pixels. Limits are checked before a pixel is decoded. */
MUST_USE enum status media_worker_clean(struct media_worker *worker, int in_fd,
                                        enum media_kind kind, int out_fd, enum media_kind *ret_kind,
                                        struct arena *arena, struct media_look *ret_look,
                                        struct error *err);

/* A rendition. With width or height alone the other follows; with both the picture fills them and what
 * sticks out is cut off, as far as can be around the focal point; what is outside of the crop is never seen.
 * Never larger than the picture: where it would be, the picture's own size is taken, or, with both, the
 * largest part of that shape within the crop. */
struct media_make {
    int64_t width,
        height; /* 0: free; at most MEDIA_BASE_EDGE_MAX; both 0: only another format, as for a base */
    enum media_kind format;  /* JPEG, PNG, GIF, WEBP, AVIF; MEDIA_UNKNOWN: as the input */
    double focal_x, focal_y; /* 0..1, where the eye should rest; 0.5 is the middle */
    double left, top, right,
        bottom;  /* 0..1, left < right and top < bottom: the crop; all 0: the whole */
    int quality; /* 1..100; 0: what the format looks good at */
    bool still;  /* the first frame only; JPEG, PNG and AVIF are always still */
};

/* `in_fd` is a clean base, or any raster picture. `ret_kind` is what was written. */
MUST_USE enum status media_worker_make(struct media_worker *worker, int in_fd,
                                       const struct media_make *make, int out_fd,
                                       enum media_kind *ret_kind, struct error *err);

/* A picture for where a story without one is shared: MEDIA_CARD_WIDTH by MEDIA_CARD_HEIGHT, PNG. */
struct media_card {
    str headline, site, kicker;            /* plain text; site and kicker may be "" */
    char background[8], ink[8], accent[8]; /* "#aabbcc" */
    bool rtl;                              /* set from right to left */
};
MUST_USE enum status media_worker_card(struct media_worker *worker, const struct media_card *card,
                                       int out_fd, struct error *err);
