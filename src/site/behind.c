/* SPDX-License-Identifier: MIT */
#include "site/behind.h"

#include "base/arena.h"
#include "base/log.h"
#include "discover/popular.h"
#include "discover/related.h"
#include "media/refresh.h"
#include "news/read_count.h"
#include "news/read_total.h"
#include "news/referrer.h"
#include "news/schedule.h"
#include "news/setting.h"
#include "news/story.h"
#include "news/term_words.h"
#include "site/known.h"
#include "site/read_ons.h"
#include "site/referrers.h"
#include "site/visit.h"
#include "store/store.h"
#include "text/url.h"
#include "text/zone.h"

#include <stdlib.h>

#define EVERY_CHANGES (TIME_SECOND / 10)
#define EVERY_SECOND  TIME_SECOND
#define EVERY_READS   (10 * TIME_SECOND)
#define EVERY_FOLD    TIME_HOUR
/* Related stories are worked on in stretches, so that a large import does not hold up the rest. */
#define RELATED_STRETCH  (TIME_SECOND / 5)
#define PICTURES_STRETCH (TIME_SECOND / 5)
#define WORDS_STRETCH    (TIME_SECOND / 5)

enum { READS_A_WRITE = 256, FOLD_A_TURN = 1000 };

struct watch {
    struct store_conn *conn; /* this thread's own */
    struct store_changes_pos changes;
    time_us second_at, reads_at, fold_at; /* monotonic: when next */
    time_us due_at;     /* by the wall's clock: when the next story is to appear; TIME_NEVER */
    time_us refused_at; /* monotonic: when publishing failed; it waits a second */

    bool running; /* owner only */
    pthread_t thread;
    pthread_mutex_t lock; /* guards stopping */
    pthread_cond_t wake;
    bool stopping;
};

static void said(const struct site *site, const char *what, enum status st, const struct error *err)
{
    if (st != ST_OK && st != ST_NOT_FOUND)
        log_warn(site->log, what, LOG_ERR(err));
}

/* ---- changes by other processes ---- */

static void changes_notice(struct site *site)
{
    struct error err = ERROR_INIT;
    enum status st = store_changes_poll(site->watch->conn, &site->watch->changes,
                                        site_names_dropped, site, &err);
    said(site, "cannot look for changes, trying again", st, &err);
}

/* ---- the schedule ---- */

/* What is scheduled is asked for at each turn, by index: a story may have been scheduled a moment ago, here or
 * by another process, and the clock may have been set. The thread then sleeps until the first of them. */
struct schedule_turn {
    struct site *site;
    const struct schedule_due *due;
    size_t count;
    struct schedule_done done;
};

static enum status schedule_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct schedule_turn *turn = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom desk = {
        .tx = tx, .arena = arena, .rng = turn->site->rng, .now = clock_now(turn->site->clock)};
    return schedule_publish(&desk, turn->due, turn->count, &turn->done, err);
}

static bool schedule_try(struct site *site, const struct schedule_due *due, size_t count)
{
    struct error err = ERROR_INIT;
    struct schedule_turn turn = {.site = site, .due = due, .count = count};
    enum status st = store_write_wait(site->store, schedule_write, &turn, &err);
    if (st != ST_OK)
        log_error(site->log, "cannot publish what is due, trying again",
                  LOG_INT("story", due[0].story.v), LOG_ERR(&err));
    if (turn.done.published > 0)
        log_info(site->log, "published on schedule",
                 LOG_INT("stories", i64_from_size(turn.done.published)));
    if (turn.done.late > 0)
        log_warn(site->log, "published late: nobody was serving when it was due",
                 LOG_INT("stories", i64_from_size(turn.done.late)),
                 LOG_INT("late_s", turn.done.latest / TIME_SECOND));
    return st == ST_OK;
}

/* All in one write; if that fails each in its own, so that one bad story holds up no other. */
static bool schedule_all(struct site *site, const struct schedule_due *due, size_t count)
{
    if (schedule_try(site, due, count))
        return true;
    for (size_t i = 0; count > 1 && i < count; i++)
        (void)schedule_try(site, &due[i], 1);
    return false;
}

static void schedule_turn(struct site *site)
{
    struct watch *watch = site->watch;
    struct error err = ERROR_INIT;
    time_us now = clock_now(site->clock);
    if (watch->refused_at != 0 && clock_monotonic() < watch->refused_at + TIME_SECOND)
        return;
    enum status st = schedule_next(watch->conn, &watch->due_at, &err);
    said(site, "cannot look what is scheduled, trying again", st, &err);
    if (st != ST_OK)
        watch->due_at = TIME_NEVER;
    if (watch->due_at > now)
        return;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct schedule_due *due;
    size_t count;
    st = schedule_due(watch->conn, now, arena, &due, &count, &err);
    bool done = st == ST_OK && (count == 0 || schedule_all(site, due, count));
    watch->refused_at = done ? 0 : clock_monotonic();
    watch->due_at = TIME_NEVER; /* asked for again at the next turn */
}

static void checkpoint_turn(struct site *site)
{
    struct error err = ERROR_INIT;
    enum status st = store_checkpoint(site->store, &err);
    said(site, "checkpoint failed, trying again", st, &err);
}

/* ---- addresses ---- */

static void known_turn(struct site *site)
{
    struct error err = ERROR_INIT;
    if (!known_wants(site->known))
        return;
    enum status st = known_fill(site->known, site->watch->conn, &err);
    said(site, "addresses not gathered, trying again", st, &err);
}

/* ---- reads ---- */

/* What was read since the last turn, handed to the writer in pieces. */
struct reads_turn {
    struct site *site;
    struct arena *arena;
    struct read_count *reads;
    size_t reads_count, reads_cap;
    struct read_on *steps;
    size_t steps_count, steps_cap;
    struct referrer *came;
    size_t came_count, came_cap;
    str own_host; /* of the site's address */
    int offset_s; /* of its zone, now */
};

static void read_add(void *ctx, int64_t read_id, uint64_t reads)
{
    struct reads_turn *turn = ctx;
    if (turn->reads_count == turn->reads_cap) {
        size_t cap = turn->reads_cap == 0 ? 256 : turn->reads_cap * 2;
        turn->reads = arena_grow(turn->arena, turn->reads, turn->reads_cap * sizeof(*turn->reads),
                                 size_mul(cap, sizeof(*turn->reads)), _Alignof(struct read_count));
        turn->reads_cap = cap;
    }
    turn->reads[turn->reads_count++] = (struct read_count){
        .story = {read_id}, .reads = (int64_t)reads, .offset_s = turn->offset_s};
}

static void came_add(void *ctx, int64_t story, str host, int64_t reads)
{
    struct reads_turn *turn = ctx;
    enum referrer_kind kind;
    if (host.len > 0 && url_host_eq(host, turn->own_host))
        return; /* the request named the site otherwise than it names itself */
    if (turn->came_count == turn->came_cap) {
        size_t cap = turn->came_cap == 0 ? 256 : turn->came_cap * 2;
        turn->came = arena_grow(turn->arena, turn->came, turn->came_cap * sizeof(*turn->came),
                                size_mul(cap, sizeof(*turn->came)), _Alignof(struct referrer));
        turn->came_cap = cap;
    }
    turn->came[turn->came_count++] =
        (struct referrer){.story = {story},
                          .day = read_day_of(clock_now(turn->site->clock), turn->offset_s),
                          .source = str_copy(turn->arena, referrer_name(host, &kind)),
                          .reads = reads};
}

static story_id story_at(struct reads_turn *turn, str path)
{
    struct story *story;
    str slug = str_sub(path, 1, path.len - 2);
    if (!str_ends(path, S("/")) || str_find_char(slug, '/') != STR_NPOS ||
        story_by_slug(turn->site->watch->conn, slug, turn->arena, &story, NULL) != ST_OK ||
        story->kind != STORY_STORY || story->state != STORY_PUBLISHED)
        return (story_id){0};
    return story->id;
}

static void step_add(void *ctx, str from, str to)
{
    struct reads_turn *turn = ctx;
    story_id story = story_at(turn, from);
    story_id next = story.v == 0 ? story : story_at(turn, to);
    if (next.v == 0)
        return;
    if (turn->steps == NULL)
        turn->steps = arena_new_array(turn->arena, struct read_on, READ_ONS_MAX);
    if (turn->steps_count < READ_ONS_MAX)
        turn->steps[turn->steps_count++] =
            (struct read_on){.story = story, .next = next, .reads = 1};
}

static size_t piece(size_t left)
{
    return left < READS_A_WRITE ? left : READS_A_WRITE;
}

static enum status reads_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct reads_turn *turn = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom desk = {
        .tx = tx, .arena = arena, .rng = turn->site->rng, .now = clock_now(turn->site->clock)};
    enum status st = read_count_add(&desk, turn->reads, piece(turn->reads_count), err);
    if (st == ST_OK && turn->steps_count > 0)
        st = read_on_add(&desk, turn->steps, piece(turn->steps_count), err);
    if (st == ST_OK && turn->came_count > 0)
        st = referrer_add(&desk, turn->came, piece(turn->came_count), err);
    return st;
}

/* The site's own host and zone. Without them reads are counted all the same, by UTC's days. */
static void reads_of_where(struct reads_turn *turn)
{
    struct error err = ERROR_INIT;
    struct site *site = turn->site;
    AUTO(edition_unrefp) struct edition *edition = NULL;
    enum status st = edition_current(site, site->watch->conn, edition_wanted(site), &edition, &err);
    said(site, "settings not read for counting, ignoring", st, &err);
    if (st != ST_OK)
        return;
    turn->own_host = url_host_lower(turn->arena, edition->settings->url);
    turn->offset_s = zone_offset(edition->zone, clock_now(site->clock));
}

static void reads_hand_over(struct site *site)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct reads_turn turn = {.site = site, .arena = arena};
    struct error err = ERROR_INIT;

    reads_of_where(&turn);
    page_cache_reads_drain(site->cache, read_add, &turn);
    read_ons_drain(site->read_ons, step_add, &turn);
    referrers_drain(site->referrers, came_add, &turn);
    while (turn.reads_count > 0 || turn.steps_count > 0 || turn.came_count > 0) {
        enum status st = store_write_wait(site->store, reads_write, &turn, &err);
        said(site, "reads not counted, ignoring", st, &err);
        size_t reads = piece(turn.reads_count);
        size_t steps = piece(turn.steps_count);
        turn.reads += reads;
        turn.reads_count -= reads;
        if (steps > 0)
            turn.steps += steps;
        turn.steps_count -= steps;
        size_t came = piece(turn.came_count);
        if (came > 0)
            turn.came += came;
        turn.came_count -= came;
    }
}

static void popular_turn(struct site *site)
{
    struct error err = ERROR_INIT;
    const struct popular_work work = {
        .store = site->store, .conn = site->watch->conn, .clock = site->clock, .rng = site->rng};
    enum status st = popular_run(&work, &err);
    said(site, "popular list not worked out, trying again", st, &err);
}

struct fold_turn {
    struct site *site;
    int64_t today;
    bool left;
};

static enum status fold_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct fold_turn *turn = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom desk = {
        .tx = tx, .arena = arena, .rng = turn->site->rng, .now = clock_now(turn->site->clock)};
    bool left[3];
    enum status st = read_count_fold(&desk, FOLD_A_TURN, &left[0], err);
    if (st == ST_OK)
        st = read_total_fold(&desk, turn->today, FOLD_A_TURN, &left[1], err);
    if (st == ST_OK)
        st = referrer_fold(&desk, turn->today, FOLD_A_TURN, &left[2], err);
    if (st == ST_OK)
        turn->left = left[0] || left[1] || left[2];
    return st;
}

static void fold_turn(struct site *site)
{
    /* By UTC's calendar: a day more or less is as good. */
    struct fold_turn turn = {
        .site = site, .today = read_day_of(clock_now(site->clock), 0), .left = true};
    struct error err = ERROR_INIT;
    enum status st = ST_OK;
    while (st == ST_OK && turn.left) {
        turn.left = false;
        st = store_write_wait(site->store, fold_write, &turn, &err);
        schedule_turn(site);
    }
    said(site, "old reads not folded, trying again", st, &err);
}

/* ---- jobs ---- */

struct words_turn {
    struct site *site;
    bool more;
};

static enum status words_write(struct store_tx *tx, void *arg, struct error *err)
{
    struct words_turn *turn = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom desk = {
        .tx = tx, .arena = arena, .rng = turn->site->rng, .now = clock_now(turn->site->clock)};
    return term_words_step(&desk, &turn->more, err);
}

static void words_turn(struct site *site)
{
    struct words_turn turn = {.site = site};
    struct error err = ERROR_INIT;
    time_us until = clock_monotonic() + WORDS_STRETCH;
    enum status st = term_words_due(site->watch->conn, clock_now(site->clock), &turn.more, &err);
    while (st == ST_OK && turn.more && clock_monotonic() < until)
        st = store_write_wait(site->store, words_write, &turn, &err);
    said(site, "new names not searched yet, trying again", st, &err);
}

static void related_turn(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t done = 0;
    AUTO(edition_unrefp) struct edition *edition = NULL;
    enum status st = edition_current(site, site->watch->conn, edition_wanted(site), &edition, &err);
    if (st == ST_OK) {
        const struct related_work work = {.store = site->store,
                                          .conn = site->watch->conn,
                                          .clock = site->clock,
                                          .rng = site->rng,
                                          .language = edition->settings->locale};
        st = related_run(&work, clock_monotonic() + RELATED_STRETCH, &done, &err);
    }
    said(site, "related stories not worked out, trying again", st, &err);
}

static void pictures_turn(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t done = 0;
    AUTO(edition_unrefp) struct edition *edition = NULL;
    enum status st = edition_current(site, site->watch->conn, edition_wanted(site), &edition, &err);
    if (st == ST_OK) {
        const struct refresh_work work = {.store = site->store,
                                          .conn = site->watch->conn,
                                          .clock = site->clock,
                                          .rng = site->rng,
                                          .site = edition->settings};
        st = refresh_run(&work, clock_monotonic() + PICTURES_STRETCH, &done, &err);
    }
    said(site, "pictures in stories not brought up to date, trying again", st, &err);
}

/* ---- turns ---- */

/* The schedule is looked at between any two pieces of work, none of which takes more than a part of a
 * second: what is due appears within a second whatever else there is to do. */
static void turn(struct site *site, bool all)
{
    static void (*const each_second[])(struct site *) = {checkpoint_turn, known_turn, words_turn,
                                                         pictures_turn, related_turn};
    static void (*const each_ten[])(struct site *) = {reads_hand_over, popular_turn};
    struct watch *watch = site->watch;
    time_us now = clock_monotonic();

    changes_notice(site);
    schedule_turn(site);
    if (all || now >= watch->second_at) {
        watch->second_at = now + EVERY_SECOND;
        for (size_t i = 0; i < ARRAY_LEN(each_second); i++) {
            each_second[i](site);
            schedule_turn(site);
        }
    }
    if (all || now >= watch->reads_at) {
        watch->reads_at = now + EVERY_READS;
        for (size_t i = 0; i < ARRAY_LEN(each_ten); i++) {
            each_ten[i](site);
            schedule_turn(site);
        }
    }
    if (all || now >= watch->fold_at) {
        watch->fold_at = now + EVERY_FOLD;
        fold_turn(site);
    }
}

void site_behind_once(struct site *site)
{
    CHECK(!site->watch->running);
    turn(site, true);
}

static bool stop_wanted_within(struct watch *watch, time_us at_most)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    time_us at = (time_us)until.tv_sec * TIME_SECOND + until.tv_nsec / 1000 + at_most;
    until.tv_sec = (time_t)(at / TIME_SECOND);
    until.tv_nsec = (long)(at % TIME_SECOND) * 1000;
    pthread_mutex_lock(&watch->lock);
    if (!watch->stopping)
        (void)pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
    bool stop = watch->stopping;
    pthread_mutex_unlock(&watch->lock);
    return stop;
}

/* Until the next story is to appear, or a tenth of a second. */
static time_us rest_for(struct site *site)
{
    time_us due = site->watch->due_at, now = clock_now(site->clock);
    if (due >= now + EVERY_CHANGES)
        return EVERY_CHANGES;
    return due > now ? due - now : TIME_MS;
}

static void *watch_main(void *arg)
{
    struct site *site = arg;
    while (!stop_wanted_within(site->watch, rest_for(site)))
        turn(site, false);
    reads_hand_over(site);
    return NULL;
}

enum status behind_start(struct site *site, bool quiet, struct error *err)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    pthread_condattr_t attr;
    CHECK(watch != NULL);
    site->watch = watch;
    CHECK(pthread_mutex_init(&watch->lock, NULL) == 0);
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&watch->wake, &attr) == 0);
    (void)pthread_condattr_destroy(&attr);
    enum status st = store_reader_new(site->store, &watch->conn, err);
    if (st == ST_OK)
        st = store_changes_start(watch->conn, &watch->changes, err);
    if (st != ST_OK || quiet)
        return st;
    time_us now = clock_monotonic();
    watch->due_at = 0; /* at once: what was missed */
    watch->reads_at = now + EVERY_READS;
    watch->fold_at = now + TIME_MINUTE;
    watch->running = pthread_create(&watch->thread, NULL, watch_main, site) == 0;
    CHECK(watch->running);
    (void)pthread_setname_np(watch->thread, "watch");
    return ST_OK;
}

void behind_stop(struct site *site)
{
    struct watch *watch = site->watch;
    if (watch == NULL)
        return;
    if (watch->running) {
        pthread_mutex_lock(&watch->lock);
        watch->stopping = true;
        pthread_cond_signal(&watch->wake);
        pthread_mutex_unlock(&watch->lock);
        (void)pthread_join(watch->thread, NULL);
    }
    store_reader_free(watch->conn);
    (void)pthread_cond_destroy(&watch->wake);
    (void)pthread_mutex_destroy(&watch->lock);
    free(watch);
    site->watch = NULL;
}
