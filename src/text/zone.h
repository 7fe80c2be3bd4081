/* text/zone.h -- a time zone by its name: what the clock on the wall says at a moment.
 *
 *     const struct zone *kyiv;
 *     st = zone_cache_get(zones, S("Europe/Kyiv"), &kyiv, err);
 *     struct civil c = civil_from_time(now, zone_offset(kyiv, now));
 *     time_us t = zone_time_from_civil(kyiv, &c);               // and back
 *
 * Rules come from the system's zone files (/usr/share/zoneinfo, package tzdata), RFC 8536 "TZif" with
 * its footer rule for times after the table. "UTC", "Etc/UTC" and "GMT" need no file. A NULL zone is
 * UTC everywhere.
 *
 * Memory:  zones live as long as their cache, and never change.
 * Threads: a cache from any thread; zones are read-only.
 * Limits:  names of ZONE_NAME_MAX bytes, files of ZONE_FILE_MAX bytes, ZONE_CACHE_MAX zones a cache. */
#pragma once
#include "base/clock.h"
#include "base/scope.h"

struct arena;
struct zone;
struct zone_cache;

enum { ZONE_NAME_MAX = 64, ZONE_FILE_MAX = 256 * 1024, ZONE_CACHE_MAX = 1024 };

/* `folder` NULL: the system's. */
struct zone_cache *zone_cache_new(const char *folder);
void zone_cache_free(struct zone_cache *cache);
DEFINE_FREEP(struct zone_cache *, zone_cache_free)

/* ST_INVALID: not a zone's name. ST_NOT_FOUND: no such zone (or no tzdata). ST_IO. */
MUST_USE enum status zone_cache_get(struct zone_cache *cache, str name,
                                    const struct zone **ret_zone, struct error *err);
/* "Europe/Kyiv": parts of letters, digits, '_', '+', '-', parted by '/', none empty or "..". */
bool zone_name_valid(str name);
/* The names for people to choose from, by name: "Etc/UTC" and those of the list in the folder (zone.tab: a few
 * for each country, no aliases). Without a list, "Etc/UTC" alone. `folder` NULL: the system's. */
MUST_USE enum status zone_names(struct arena *arena, const char *folder, str **ret_names,
                                size_t *ret_count, struct error *err);
/* The bytes of a TZif file, for those who have them. ST_INVALID when they are not one. */
MUST_USE enum status zone_from_tzif(struct arena *arena, str bytes, struct zone **ret_zone,
                                    struct error *err);

/* Seconds east of UTC at the moment `t`. */
int zone_offset(const struct zone *zone, time_us t);
/* "EET", "CEST" (or "+03" where there is no other). Lends from the zone. */
str zone_abbreviation(const struct zone *zone, time_us t);
/* The moment a wall clock shows `c`. Of two such moments (clocks set back) the first; for none (set
 * forward), the moment as long after the jump as `c` says ("02:30" reads as 03:30). */
time_us zone_time_from_civil(const struct zone *zone, const struct civil *c);
/* The moment of the next midnight of 1 January after `t`, for pages that print the year. */
time_us zone_next_year(const struct zone *zone, time_us t);
