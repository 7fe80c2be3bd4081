/* site/database.h -- a site's database with what only the site can bring to it: its schema and the
 * words of full-text search.
 *
 *     st = database_open(folder, &(struct database_options){.log = log}, &store, err);
 *
 * Threads: any. */
#pragma once
#include "base/str.h"
#include "store/store.h"

struct clock;
struct folder;
struct log;

struct database_options {
    bool create;               /* init: make it */
    bool no_upgrade;           /* an older schema is refused instead of brought up to date */
    bool alone;                /* store_options.alone */
    const struct clock *clock; /* NULL: the system's */
    const struct log *log;
    store_upgrade_fn *upgrading; /* as store_options.upgrading */
};
MUST_USE enum status database_open(const struct folder *folder,
                                   const struct database_options *options, struct store **ret_store,
                                   struct error *err);
/* The schema of the database and the one this program wants. */
MUST_USE enum status database_versions(const struct folder *folder, int *ret_database,
                                       int *ret_program, struct error *err);
