/* SPDX-License-Identifier: MIT */
#include "site/edition.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/visit.h"
#include "text/zone.h"
#include "theme/theme.h"

#include <stdlib.h>

void edition_unref(struct edition *edition)
{
    if (edition == NULL || __atomic_sub_fetch(&edition->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    site_settings_unref(edition->settings);
    theme_unref(edition->theme);
    free(edition);
}

static struct edition *edition_ref(struct edition *edition)
{
    (void)__atomic_add_fetch(&edition->refs, 1, __ATOMIC_RELAXED);
    return edition;
}

static enum status theme_for(const struct site *site, const struct site_settings *settings,
                             struct theme **ret_theme, struct error *err)
{
    str name = settings->active_theme;
    if (name.len == 0 || str_eq(name, S("broadsheet")))
        return theme_load_default(ret_theme, err);
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    return theme_load(file_join(arena, site->folder->themes, name), ret_theme, err);
}

/* The old edition's theme stays when the new one cannot be had: readers see a page either way. */
static enum status theme_or_last(const struct site *site, struct edition *fresh,
                                 const struct edition *last, struct error *err)
{
    struct error why = ERROR_INIT;
    enum status st = theme_for(site, fresh->settings, &fresh->theme, &why);
    if (st == ST_OK)
        return ST_OK;
    log_error(site->log, "theme does not load, keeping the last one",
              LOG_STR("theme", fresh->settings->active_theme), LOG_ERR(&why));
    if (last != NULL) {
        fresh->theme = theme_ref(last->theme);
        return ST_OK;
    }
    return theme_load_default(&fresh->theme, err);
}

static enum status edition_load(struct site *site, struct store_conn *conn,
                                const struct edition *last, struct edition **ret_edition,
                                struct error *err)
{
    struct edition *fresh = calloc(1, sizeof(*fresh));
    CHECK(fresh != NULL);
    fresh->refs = 1;
    struct setting url = {S("url"), site->folder->url};
    enum status st =
        site_settings_load(conn, &url, url.value.len > 0 ? 1 : 0, &fresh->settings, err);
    if (st == ST_OK)
        st = theme_or_last(site, fresh, last, err);
    if (st != ST_OK) {
        edition_unref(fresh);
        return st;
    }
    struct error why = ERROR_INIT;
    if (zone_cache_get(site->zones, fresh->settings->timezone, &fresh->zone, &why) != ST_OK) {
        log_warn(site->log, "time zone not known, using UTC", LOG_ERR(&why));
        fresh->zone = NULL;
    }
    *ret_edition = fresh;
    return ST_OK;
}

uint64_t edition_wanted(struct site *site)
{
    return atomic_load(&site->generation);
}

enum status edition_current(struct site *site, struct store_conn *conn, uint64_t wanted,
                            struct edition **ret_edition, struct error *err)
{
    enum status st = ST_OK;
    pthread_mutex_lock(&site->edition_lock);
    if (site->edition == NULL || site->edition->generation < wanted) {
        struct edition *fresh = NULL;
        st = edition_load(site, conn, site->edition, &fresh, err);
        if (st == ST_OK) {
            fresh->generation = wanted;
            edition_unref(site->edition);
            site->edition = fresh;
        }
    }
    if (st == ST_OK)
        *ret_edition = edition_ref(site->edition);
    pthread_mutex_unlock(&site->edition_lock);
    return st;
}

void edition_changed(struct site *site)
{
    (void)atomic_fetch_add(&site->generation, 1);
}
