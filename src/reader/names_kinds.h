/* reader/names_kinds.h -- of what kind a word beside a name is. Inside reader/ only.
 *
 *     if ((names_kinds(S("en"), S("minister")) & W_TITLE) != 0) ...
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

enum {
    W_NEVER = 1,      /* weekdays, months, and what a page says about itself */
    W_TITLE = 2,      /* "Minister": cut out, and parts what stands around it */
    W_HELD = 4,       /* "Defence" of "Defence Minister": goes with the title; alone no name */
    W_SURNAME = 8,    /* a title that ends many people's names too */
    W_ADJECTIVE = 16, /* of a nation or a faith: no name alone */
    W_PLACE = 32,     /* "South" of "South Korea": not the same place as "Korea" */
    W_OPENER = 64,    /* begins many sentences */
};

/* 0 for any other word. `folded` as utf8_fold makes it; an empty language is English. */
unsigned names_kinds(str language, str folded);
