/* site/behind.h -- the thread that does what nobody waits for.
 *
 *     every 100 ms   notices what other processes wrote, and drops those pages; looks what is scheduled
 *     at its time    publishes what is due (news/schedule.h), by the clock on the wall
 *     every second   brings the log into the database file
 *     every 10 s     hands over reads and steps; works out the popular list
 *     in between     jobs: related stories, pictures of stories, names in the search text
 *     every hour     folds old hours of reads into days
 *
 * It keeps a database connection of its own. What fails is logged and tried again at its next turn.
 *
 * Threads: start and stop by the owner of the site. */
#pragma once
#include "base/status.h"
#include <stdbool.h>

struct site;
struct store_changes;

/* `quiet`: no thread; site_behind_once does a whole turn when called. */
MUST_USE enum status behind_start(struct site *site, bool quiet, struct error *err);
void behind_stop(struct site *site); /* the last reads are handed over; nothing if never started */
