/* media/made.h -- what was made of pictures (renditions, link cards), kept on the disk up to a size.
 *
 *     media/.made/size/w600/format/webp/2024/05/bridge.jpg
 *
 *     st = made_open(media_path, bytes_max, log, &made, err);
 *     st = made_begin(made, &piece, err);             // a nameless place to write
 *     ... write to piece.fd ...
 *     st = made_keep(made, &piece, path, err);        // there, whole; the least used goes when full
 *     made_drop(made, &piece);                        // or not at all; always called
 *
 * It is a cache: the folder may be emptied at any time, also while it is used, and nothing is lost but the
 * work. A file is written in .made/.new, synced, and renamed to its path: after a crash there is all of it
 * or none of it. What lies in .new is removed by made_open.
 *
 * Budget: when the files together pass bytes_max, those read longest ago go until MADE_LEFT_TENTHS of it is
 * used. "Read" is the file's access time, which whoever serves it keeps right to the hour (http/file.h does); so a restart forgets nothing, and no index can be wrong. How much there is is
 * counted once, at the first made_keep, and reckoned from then on. Ages are counted in hours,
 * MADE_AGES of them, in two walks over the folder: memory does not grow with the number of files.
 *
 * Threads: made_fd and made_forget any; the rest one at a time (the thread that makes pictures). */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct log;
struct made;

#define MADE_BYTES_DEFAULT ((int64_t)2 * 1000 * 1000 * 1000)
enum {
    MADE_LEFT_TENTHS = 9,
    MADE_AGES = 24 * 365, /* hours; older is the same */
    MADE_DEPTH_MAX = 24,  /* folders */
};

/* `bytes_max` 0: the default. Makes the folders that are missing. */
MUST_USE enum status made_open(str media, int64_t bytes_max, const struct log *log,
                               struct made **ret_made, struct error *err);
void made_close(struct made *made); /* takes NULL */
DEFINE_FREEP(struct made *, made_close)

/* The open folder .made, to read from. */
int made_fd(const struct made *made);

struct made_piece {
    int fd; /* readable and writable */
    char name[40];
};

MUST_USE enum status made_begin(struct made *made, struct made_piece *ret_piece, struct error *err);
/* Replaces what has the path. The piece still is to be dropped. */
MUST_USE enum status made_keep(struct made *made, struct made_piece *piece, str path,
                               struct error *err);
void made_drop(struct made *made, struct made_piece *piece);

/* Removes every rendition of the picture at `original` ("2024/05/a.jpg"). Any thread. */
void made_forget(struct made *made, str original);
/* The same when nobody has it open: a server hears only of what changes while it runs. `media` is the folder's
 * path. */
void made_forget_below(str media, str original);

/* Bytes kept, as reckoned (what was forgotten is found out at the next count); 0 before they were counted. */
int64_t made_bytes(const struct made *made);
