/* site/edition.h -- the settings and the theme in force, as one immutable thing.
 *
 *     page_render_begin(render);                        // the sequence is noted first
 *     wanted = edition_wanted(site);                    // then the number, then the snapshot
 *     st = store_read_begin(conn, err);
 *     st = edition_current(site, conn, wanted, &edition, err);
 *     ... theme_render(edition->theme, ...) ...
 *     edition_unref(edition);
 *
 * A change of "settings" or "theme" only raises a number; the next render that sees it loads the new
 * edition with its own connection, once. The number is read before the snapshot is opened: what the
 * snapshot shows is then at least as new as the number says. Pages rendered with the old one were begun before the
 * drop, so the page cache does not keep them.
 *
 * A theme that no longer loads leaves the one in force standing, with an error in the log; at start
 * the built-in theme stands in for it.
 *
 * Threads: any. An edition is read-only. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct site;
struct site_settings;
struct store_conn;
struct theme;
struct zone;

struct edition {
    unsigned refs; /* atomic */
    uint64_t generation;
    struct site_settings *settings;
    struct theme *theme;
    const struct zone *zone;
};

uint64_t edition_wanted(struct site *site);
/* `conn` is in a read transaction begun after `wanted` was read. */
MUST_USE enum status edition_current(struct site *site, struct store_conn *conn, uint64_t wanted,
                                     struct edition **ret_edition, struct error *err);
void edition_unref(struct edition *edition); /* takes NULL */
DEFINE_FREEP(struct edition *, edition_unref)
/* The settings or the theme are no longer what was loaded. */
void edition_changed(struct site *site);
