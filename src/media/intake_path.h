/* media/intake_path.h -- inside media/: what a file taken in may be called.
 *
 *     "My Photo (1).JPG", a JPEG     ->  "2026/11/my-photo-1.jpg", "2026/11/my-photo-1-1.jpg", ...
 *     wanted "2020/05/A.png", a JPEG ->  "2020/05/A.jpg", "2020/05/A-1.jpg", ...
 *
 * Memory: results live in the arena. Threads: pure. */
#pragma once
#include "base/clock.h"
#include "media/kind.h"

struct arena;

/* The last part of the name, whichever way its slashes lean, without controls, cut to MEDIA_NAME_MAX; "file" when nothing is left. */
str intake_name(struct arena *arena, str name);

struct intake_path {
    str folder; /* "2026/11/", or empty */
    str stem;   /* "my-photo-1" */
    str ending; /* "jpg" */
};
/* `hash` names what has no other name. */
struct intake_path intake_path_of(struct arena *arena, str name, str wanted, time_us at,
                                  enum media_kind kind, str hash);
/* The n-th try: 0 is the name itself; after MEDIA_NAME_TRIES the hash makes it one of its own. */
str intake_path_try(struct arena *arena, const struct intake_path *path, unsigned n, str hash);
