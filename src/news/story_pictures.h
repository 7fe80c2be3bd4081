/* news/story_pictures.h -- the pictures a story names: found when it is prepared, kept when it is saved.
 * Inside news/ only.
 *
 * Kept are the paths of all files of ours in its body, its picture, its link cards and the code injected
 * into its page (story_picture): who asks where a picture is shown need not read a story.
 *
 * Threads: prepare, any; the rest as the newsroom. */
#pragma once
#include "news/story.h"

/* Fills body, pictures, pictures_count and pictures_known from r->clean and the draft; what moved is named anew in
 * the draft too. */
MUST_USE enum status story_pictures_prepare(struct arena *arena, struct story_prepared *r,
                                            struct error *err);
/* For a new story: nothing at all when it names none. A record made since it was prepared leaves a job. */
MUST_USE enum status story_pictures_insert(struct newsroom *desk, story_id id,
                                           const struct story_prepared *r, struct error *err);
MUST_USE enum status story_pictures_replace(struct newsroom *desk, story_id id,
                                            const struct story_prepared *r, struct error *err);
