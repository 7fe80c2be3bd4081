/* SPDX-License-Identifier: MIT
 *
 * What an old site says of itself. An export has its title, tagline and language; of its time zone only
 * what each story's two times tell, the world's and the wall clock's: the zone is one whose clock showed
 * all of them. How many stories stood on a page is in no export. Each is taken over only while nobody
 * has set it here, and said. */
#include "transfer/wxr_import.h"

#include "base/arena.h"
#include "news/setting.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/zone.h"

enum { CLOCK_SPAN_DAYS = 28, OFFERS = 4, FIT_PERCENT = 90 };

/* ---- the clock ---- */

/* Zones that newsrooms are in, one or two for each rule; where several fit, the one of the language
 * goes first, then the order here. */
static const struct {
    str name;
    const char *language; /* NULL: of none in particular */
} zones[] = {
    {STR_INIT("Etc/UTC"), NULL},
    {STR_INIT("Europe/London"), "en"},
    {STR_INIT("Europe/Lisbon"), "pt"},
    {STR_INIT("Europe/Berlin"), "de"},
    {STR_INIT("Europe/Paris"), "fr"},
    {STR_INIT("Europe/Madrid"), "es"},
    {STR_INIT("Europe/Rome"), "it"},
    {STR_INIT("Europe/Amsterdam"), "nl"},
    {STR_INIT("Europe/Warsaw"), "pl"},
    {STR_INIT("Europe/Stockholm"), "sv"},
    {STR_INIT("Europe/Oslo"), "nb"},
    {STR_INIT("Europe/Copenhagen"), "da"},
    {STR_INIT("Europe/Prague"), "cs"},
    {STR_INIT("Europe/Budapest"), "hu"},
    {STR_INIT("Europe/Athens"), "el"},
    {STR_INIT("Europe/Helsinki"), "fi"},
    {STR_INIT("Europe/Bucharest"), "ro"},
    {STR_INIT("Europe/Kyiv"), "uk"},
    {STR_INIT("Europe/Istanbul"), "tr"},
    {STR_INIT("Europe/Moscow"), "ru"},
    {STR_INIT("Africa/Cairo"), "ar"},
    {STR_INIT("Africa/Casablanca"), NULL},
    {STR_INIT("Africa/Johannesburg"), NULL},
    {STR_INIT("Africa/Lagos"), NULL},
    {STR_INIT("Africa/Nairobi"), NULL},
    {STR_INIT("America/New_York"), "en"},
    {STR_INIT("America/Chicago"), NULL},
    {STR_INIT("America/Denver"), NULL},
    {STR_INIT("America/Phoenix"), NULL},
    {STR_INIT("America/Los_Angeles"), NULL},
    {STR_INIT("America/Anchorage"), NULL},
    {STR_INIT("America/Halifax"), NULL},
    {STR_INIT("America/St_Johns"), NULL},
    {STR_INIT("America/Mexico_City"), "es"},
    {STR_INIT("America/Bogota"), "es"},
    {STR_INIT("America/Caracas"), "es"},
    {STR_INIT("America/Santiago"), "es"},
    {STR_INIT("America/Argentina/Buenos_Aires"), "es"},
    {STR_INIT("America/Sao_Paulo"), "pt"},
    {STR_INIT("Pacific/Honolulu"), NULL},
    {STR_INIT("Asia/Jerusalem"), "he"},
    {STR_INIT("Asia/Riyadh"), "ar"},
    {STR_INIT("Asia/Tehran"), "fa"},
    {STR_INIT("Asia/Dubai"), NULL},
    {STR_INIT("Asia/Karachi"), "ur"},
    {STR_INIT("Asia/Kolkata"), "hi"},
    {STR_INIT("Asia/Kathmandu"), "ne"},
    {STR_INIT("Asia/Dhaka"), "bn"},
    {STR_INIT("Asia/Bangkok"), "th"},
    {STR_INIT("Asia/Jakarta"), "id"},
    {STR_INIT("Asia/Shanghai"), "zh"},
    {STR_INIT("Asia/Tokyo"), "ja"},
    {STR_INIT("Australia/Perth"), NULL},
    {STR_INIT("Australia/Adelaide"), NULL},
    {STR_INIT("Australia/Brisbane"), NULL},
    {STR_INIT("Australia/Sydney"), "en"},
    {STR_INIT("Pacific/Auckland"), "en"},
};

void wxr_clock_survey(struct wxr_import *import, const struct wxr_item *item)
{
    struct wxr_clock clock;
    if (import->clocks_count == WXR_CLOCKS_MAX ||
        !time_from_iso(str_trim(item->date_gmt), &clock.gmt) ||
        !time_from_iso(str_trim(item->date), &clock.local))
        return;
    for (size_t i = 0; i < import->clocks_count; i++) {
        if (import->clocks[i].gmt / (CLOCK_SPAN_DAYS * TIME_DAY) ==
            clock.gmt / (CLOCK_SPAN_DAYS * TIME_DAY))
            return;
    }
    import->clocks[import->clocks_count++] = clock;
}

/* How many of the clocks `name` would have shown. */
static size_t fits(const struct wxr_import *import, struct zone_cache *cache, str name)
{
    const struct zone *zone;
    size_t count = 0;
    if (zone_cache_get(cache, name, &zone, NULL) != ST_OK)
        return 0;
    for (size_t i = 0; i < import->clocks_count; i++) {
        const struct wxr_clock *c = &import->clocks[i];
        count += c->gmt + zone_offset(zone, c->gmt) * TIME_SECOND == c->local;
    }
    return count;
}

/* Empty when none fits, or none better than the one the site has. */
static str zone_of(const struct wxr_import *import)
{
    AUTO(zone_cache_freep) struct zone_cache *cache = zone_cache_new(NULL);
    str language = import->channel.language, best = STR_NONE;
    size_t most = fits(import, cache, import->options->settings->timezone);
    size_t enough = (import->clocks_count * FIT_PERCENT + 99) / 100;
    for (int pass = 0; pass < 2; pass++) { /* its own language's first */
        for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
            bool own = zones[i].language != NULL &&
                       str_starts_nocase(language, str_from_c(zones[i].language));
            size_t count = own == (pass == 0) ? fits(import, cache, zones[i].name) : 0;
            if (count <= most || count < enough)
                continue;
            most = count;
            best = zones[i].name;
        }
    }
    return best;
}

/* ---- taking over ---- */

struct offer {
    str name, value;
    const char *what;
    bool open;
};

struct offers_write {
    struct wxr_import *import;
    struct offer *offers;
};

static enum status write_offers(struct store_tx *tx, void *arg, struct error *err)
{
    const struct offers_write *write = arg;
    struct wxr_import *import = write->import;
    struct newsroom desk = {.tx = tx,
                            .arena = import->arena,
                            .rng = import->rng,
                            .now = clock_now(import->clock),
                            .site = import->options->settings};
    for (size_t i = 0; i < OFFERS; i++) {
        struct offer *offer = &write->offers[i];
        enum status st = offer->open ? setting_set(&desk, offer->name, offer->value, err) : ST_OK;
        if (st == ST_INVALID) /* "en_US.UTF-8" is no language: what the site has stays */
            offer->open = false;
        else if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static void say(struct wxr_import *import, const struct offer *offer)
{
    report_note(import->report,
                str_format(import->arena, "the site's %s %s \"%.*s\", as on the old site",
                           offer->what, import->options->dry_run ? "would be" : "is now",
                           STR_ARG(offer->value)),
                STR_NONE);
}

/* What WordPress says until somebody writes one. */
static str tagline_of(struct wxr_import *import)
{
    str tagline = plain_one_line(import->arena, import->channel.description);
    return str_eq(tagline, S("Just another WordPress site")) ? STR_NONE : tagline;
}

enum status wxr_settings_offer(struct wxr_import *import, bool *ret_taken, struct error *err)
{
    struct arena *arena = import->arena;
    struct offer offers[OFFERS] = {
        {S("title"), plain_one_line(arena, import->channel.title), "title", false},
        {S("description"), tagline_of(import), "tagline", false},
        {S("locale"), str_trim(import->channel.language), "language", false},
        {S("timezone"), zone_of(import), "time zone", false},
    };
    bool any = false;
    for (size_t i = 0; i < OFFERS; i++) {
        struct offer *offer = &offers[i];
        enum status st = setting_is_open(import->conn, offer->name, &offer->open, err);
        if (st != ST_OK)
            return st;
        offer->open = offer->open && offer->value.len > 0 &&
                      !str_eq(offer->value, site_setting(import->options->settings, offer->name));
        any = any || offer->open;
    }
    struct offers_write write = {import, offers};
    enum status st = ST_OK;
    if (any && !import->options->dry_run)
        st = store_write_wait(import->options->store, write_offers, &write, err);
    for (size_t i = 0; i < OFFERS && st == ST_OK; i++) {
        if (offers[i].open)
            say(import, &offers[i]);
    }
    *ret_taken = any;
    return st;
}
