/* site/read_ons.h -- who went on from one story to another, noted in passing on the loops.
 *
 * A request whose Referer is a page of this site is a step from one path to another. The loop only
 * copies the two paths; the thread behind turns them into stories and counts. Nothing says who took
 * the step. When more come than are handed over, the rest are not counted.
 *
 * Threads: note from any loop; drain from one thread. */
#pragma once
#include "base/str.h"

struct http_request;
struct read_ons;

enum { READ_ONS_MAX = 2048, READ_ON_PATH_MAX = 200 };

struct read_ons *read_ons_new(void);
void read_ons_free(struct read_ons *steps); /* takes NULL */
void read_ons_note(struct read_ons *steps, const struct http_request *req);
/* Calls `each` for the steps since the last drain; the paths are lent. */
void read_ons_drain(struct read_ons *steps, void (*each)(void *ctx, str from, str to), void *ctx);
