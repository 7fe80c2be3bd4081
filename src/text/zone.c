/* SPDX-License-Identifier: MIT
 *
 * A zone is the table of its file (moments at which the offset changed, ascending) and the rule of its
 * footer, a POSIX TZ string such as "EET-2EEST,M3.5.0/3,M10.5.0/4", which holds for all time after the
 * table. Files are parsed once, checked in full, and then only read. */
#include "text/zone.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/parse.h"

#include <pthread.h>
#include <stdlib.h>

#define SYSTEM_FOLDER "/usr/share/zoneinfo"

enum {
    OFFSET_MAX = 26 * 3600, /* RFC 8536 §3.2: more is not expected anywhere */
    ABBREVIATION_MAX = 16,
    TRANSITIONS_MAX = 4096,
    TYPES_MAX = 256,
    TZIF_HEADER = 44,
    ZONE_NAMES_MAX = 1000, /* zone.tab has some 420 */
};

/* One end of summer time, as the footer gives it. */
struct rule {
    enum { RULE_MONTH_WEEK_DAY, RULE_JULIAN, RULE_DAY } kind; /* "M3.5.0", "J60", "59" */
    int month, week, weekday, day;
    int64_t seconds; /* local time of day; may lie outside 0..24 h */
};

struct zone_type {
    int offset;
    str abbreviation;
};

struct zone {
    size_t count;      /* of transitions */
    const int64_t *at; /* seconds since 1970 */
    const uint8_t *type_index;
    const struct zone_type *types; /* types[0] holds before the first transition */
    bool has_rule;                 /* the footer says what holds after the last */
    bool has_summer;
    struct zone_type standard, summer;
    struct rule summer_begins, summer_ends;
};

/* ---- the calendar part of a rule ---- */

static int64_t day_number(int year, int month, int day)
{
    struct civil c = {.year = year, .month = month, .day = day};
    return time_from_civil(&c) / TIME_DAY;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Seconds since 1970 of the rule's wall-clock moment in `year`, as if it were UTC. */
static int64_t rule_local(const struct rule *rule, int year)
{
    int64_t new_year = day_number(year, 1, 1);
    int64_t day;

    if (rule->kind == RULE_MONTH_WEEK_DAY) {
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int length = lengths[rule->month - 1] + (rule->month == 2 && is_leap(year) ? 1 : 0);
        int64_t first = day_number(year, rule->month, 1);
        int first_weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
        int in_month = (rule->weekday - first_weekday + 7) % 7 + 7 * (rule->week - 1);
        while (in_month >= length)
            in_month -= 7;
        day = first + in_month;
    } else if (rule->kind == RULE_JULIAN) { /* 1..365, 29 February is never counted */
        day = new_year + rule->day - 1 + (is_leap(year) && rule->day >= 60 ? 1 : 0);
    } else {
        day = new_year + rule->day;
    }
    return day * 86400 + rule->seconds;
}

static const struct zone_type *type_by_rule(const struct zone *zone, int64_t seconds)
{
    if (!zone->has_summer)
        return &zone->standard;
    int year = civil_from_time(seconds * TIME_SECOND, zone->standard.offset).year;
    int64_t begins = rule_local(&zone->summer_begins, year) - zone->standard.offset;
    int64_t ends = rule_local(&zone->summer_ends, year) - zone->summer.offset;
    bool summer = begins < ends ? seconds >= begins && seconds < ends
                                : seconds >= begins || seconds < ends; /* south of the equator */
    return summer ? &zone->summer : &zone->standard;
}

static const struct zone_type *type_at(const struct zone *zone, time_us t)
{
    static const struct zone_type utc = {.offset = 0, .abbreviation = STR_INIT("UTC")};
    static const int64_t year_1 = -62135596800 + 86400 * 2, year_9999 = 253402300799 - 86400 * 2;

    if (zone == NULL)
        return &utc;
    int64_t seconds = t / TIME_SECOND - (t % TIME_SECOND < 0 ? 1 : 0);
    seconds = seconds < year_1 ? year_1 : seconds > year_9999 ? year_9999 : seconds;
    size_t low = 0, high = zone->count; /* the number of transitions at or before the moment */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->at[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->has_rule)
        return type_by_rule(zone, seconds);
    return low == 0 ? &zone->types[0] : &zone->types[zone->type_index[low - 1]];
}

int zone_offset(const struct zone *zone, time_us t)
{
    return type_at(zone, t)->offset;
}

str zone_abbreviation(const struct zone *zone, time_us t)
{
    return type_at(zone, t)->abbreviation;
}

time_us zone_time_from_civil(const struct zone *zone, const struct civil *c)
{
    time_us local = time_from_civil(c);
    time_us before = zone_offset(zone, local - TIME_DAY) * TIME_SECOND;
    time_us after = zone_offset(zone, local + TIME_DAY) * TIME_SECOND;

    /* Where the offset grows the two candidates are tried in the order in which they come. */
    if (zone_offset(zone, local - before) * TIME_SECOND == before)
        return local - before;
    if (zone_offset(zone, local - after) * TIME_SECOND == after)
        return local - after;
    return local - before; /* skipped by the clocks */
}

time_us zone_next_year(const struct zone *zone, time_us t)
{
    struct civil now = civil_from_time(t, zone_offset(zone, t));
    return zone_time_from_civil(zone, &(struct civil){.year = now.year + 1, .month = 1, .day = 1});
}

/* ---- the footer: a POSIX TZ string (RFC 8536 §3.3, POSIX 8.3) ---- */

static bool parse_name(struct cursor *c, str *ret_name)
{
    const char *begin = c->at;

    if (cursor_char(c, '<')) {
        begin = c->at;
        while (c->at != c->end && *c->at != '>')
            c->at++;
        *ret_name = str_from_range(begin, c->at);
        return ret_name->len > 0 && ret_name->len <= ABBREVIATION_MAX && cursor_char(c, '>');
    }
    while (c->at != c->end && ascii_is_alpha(*c->at))
        c->at++;
    *ret_name = str_from_range(begin, c->at);
    return ret_name->len >= 3 && ret_name->len <= ABBREVIATION_MAX;
}

/* [+-]hh[:mm[:ss]] */
static bool parse_seconds(struct cursor *c, int64_t hours_max, int64_t *ret_seconds)
{
    int64_t hours, minutes = 0, seconds = 0;
    bool negative = cursor_char(c, '-');

    if (!negative)
        (void)cursor_char(c, '+');
    if (!cursor_uint(c, 1, 3, &hours) || hours > hours_max)
        return false;
    if (cursor_char(c, ':')) {
        if (!cursor_uint(c, 1, 2, &minutes) || minutes > 59)
            return false;
        if (cursor_char(c, ':') && (!cursor_uint(c, 1, 2, &seconds) || seconds > 59))
            return false;
    }
    *ret_seconds = hours * 3600 + minutes * 60 + seconds;
    if (negative)
        *ret_seconds = -*ret_seconds;
    return true;
}

static bool parse_rule(struct cursor *c, struct rule *ret_rule)
{
    int64_t month = 0, week = 0, weekday = 0, day = 0, seconds = 2 * 3600;
    struct rule rule = {.kind = RULE_DAY};

    if (cursor_char(c, 'M')) {
        rule.kind = RULE_MONTH_WEEK_DAY;
        if (!cursor_uint(c, 1, 2, &month) || !cursor_char(c, '.') || !cursor_uint(c, 1, 1, &week) ||
            !cursor_char(c, '.') || !cursor_uint(c, 1, 1, &weekday))
            return false;
        if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6)
            return false;
    } else {
        rule.kind = cursor_char(c, 'J') ? RULE_JULIAN : RULE_DAY;
        if (!cursor_uint(c, 1, 3, &day) || day > 365 || (rule.kind == RULE_JULIAN && day == 0))
            return false;
    }
    if (cursor_char(c, '/') && !parse_seconds(c, 167, &seconds))
        return false;
    rule.month = (int)month;
    rule.week = (int)week;
    rule.weekday = (int)weekday;
    rule.day = (int)day;
    rule.seconds = seconds;
    *ret_rule = rule;
    return true;
}

static bool parse_footer(str text, struct zone *zone)
{
    struct cursor c = cursor_of(text);
    int64_t west; /* POSIX counts hours west of Greenwich */

    if (!parse_name(&c, &zone->standard.abbreviation) || !parse_seconds(&c, 24, &west))
        return false;
    zone->standard.offset = (int)-west;
    zone->has_rule = true;
    if (cursor_done(&c))
        return true;
    if (!parse_name(&c, &zone->summer.abbreviation))
        return false;
    zone->summer.offset = zone->standard.offset + 3600;
    if (!cursor_done(&c) && *c.at != ',') {
        if (!parse_seconds(&c, 24, &west))
            return false;
        zone->summer.offset = (int)-west;
    }
    zone->has_summer = true;
    return cursor_char(&c, ',') && parse_rule(&c, &zone->summer_begins) && cursor_char(&c, ',') &&
           parse_rule(&c, &zone->summer_ends) && cursor_done(&c);
}

/* ---- the file (RFC 8536 §3) ---- */

static uint64_t big_endian(const char *at, size_t bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (unsigned char)at[i];
    return n;
}

struct tzif_block {
    size_t isut, isstd, leap, times, types, chars; /* counts, as the header gives them */
    size_t time_bytes;
    str data;
};

/* Takes a header and its data off the front. False when the file ends before they do. */
static bool take_block(str *rest, size_t time_bytes, struct tzif_block *ret_block)
{
    if (rest->len < TZIF_HEADER || !str_starts(*rest, S("TZif")))
        return false;
    size_t n[6];
    for (size_t i = 0; i < 6; i++) {
        n[i] = (size_t)big_endian(rest->ptr + 20 + 4 * i, 4);
        if (n[i] > ZONE_FILE_MAX)
            return false;
    }
    size_t bytes =
        n[3] * time_bytes + n[3] + n[4] * 6 + n[5] + n[2] * (time_bytes + 4) + n[1] + n[0];
    if (rest->len - TZIF_HEADER < bytes)
        return false;
    *ret_block = (struct tzif_block){n[0], n[1], n[2],       n[3],
                                     n[4], n[5], time_bytes, str_sub(*rest, TZIF_HEADER, bytes)};
    *rest = str_from(*rest, TZIF_HEADER + bytes);
    return true;
}

static bool read_types(struct arena *arena, const struct tzif_block *block, str records, str chars,
                       struct zone *zone)
{
    struct zone_type *types = arena_new_array(arena, struct zone_type, block->types);

    for (size_t i = 0; i < block->types; i++) {
        const char *record = records.ptr + 6 * i;
        int32_t offset = (int32_t)(uint32_t)big_endian(record, 4);
        size_t name_at = (unsigned char)record[5];
        if (offset < -OFFSET_MAX || offset > OFFSET_MAX || name_at >= chars.len)
            return false;
        str name = str_from(chars, name_at);
        types[i].offset = offset;
        types[i].abbreviation = str_copy(arena, str_sub(str_cut(&name, '\0'), 0, ABBREVIATION_MAX));
    }
    zone->types = types;
    return true;
}

static bool read_block(struct arena *arena, const struct tzif_block *block, struct zone *zone)
{
    if (block->types == 0 || block->types > TYPES_MAX || block->times > TRANSITIONS_MAX ||
        block->leap > 0)
        return false;
    size_t n = block->times;
    const char *times = block->data.ptr;
    const char *indexes = times + n * block->time_bytes;
    str records = {indexes + n, 6 * block->types};
    str chars = {records.ptr + records.len, block->chars};
    int64_t *at = arena_new_array(arena, int64_t, n);
    uint8_t *type_index = arena_new_array(arena, uint8_t, n);

    for (size_t i = 0; i < n; i++) {
        uint64_t bits = big_endian(times + i * block->time_bytes, block->time_bytes);
        at[i] = block->time_bytes == 4 ? (int32_t)(uint32_t)bits : (int64_t)bits;
        type_index[i] = (uint8_t)indexes[i];
        if ((i > 0 && at[i] <= at[i - 1]) || type_index[i] >= block->types)
            return false;
    }
    zone->count = n;
    zone->at = at;
    zone->type_index = type_index;
    return read_types(arena, block, records, chars, zone);
}

static bool read_tzif(struct arena *arena, str bytes, struct zone *zone)
{
    struct tzif_block block;
    str rest = bytes;

    if (bytes.len > ZONE_FILE_MAX || !take_block(&rest, 4, &block))
        return false;
    bool has_second = bytes.ptr[4] >= '2';
    if (!has_second)
        return read_block(arena, &block, zone);
    if (!take_block(&rest, 8, &block) || !read_block(arena, &block, zone))
        return false;
    if (!str_starts(rest, S("\n")))
        return false;
    rest = str_from(rest, 1);
    if (str_find_char(rest, '\n') == STR_NPOS)
        return false;
    str footer = str_cut(&rest, '\n');
    return footer.len == 0 || parse_footer(str_copy(arena, footer), zone);
}

enum status zone_from_tzif(struct arena *arena, str bytes, struct zone **ret_zone,
                           struct error *err)
{
    struct zone *zone = arena_new_one(arena, struct zone);
    if (!read_tzif(arena, bytes, zone))
        return error_set(err, ST_INVALID, "not a time zone file (TZif)");
    *ret_zone = zone;
    return ST_OK;
}

/* ---- the cache ---- */

struct zone_entry {
    str name;
    const struct zone *zone; /* NULL for UTC */
    struct zone_entry *next;
};

struct zone_cache {
    const char *folder;        /* read-only */
    pthread_mutex_t lock;      /* guards everything below */
    struct arena *arena;       /* of the entries and their zones */
    struct zone_entry *newest; /* a site names one or two: a list is enough */
    size_t count;
};

struct zone_cache *zone_cache_new(const char *folder)
{
    struct arena *arena = arena_new(ARENA_REQUEST);
    struct zone_cache *cache = arena_new_one(arena, struct zone_cache);
    cache->arena = arena;
    cache->folder = str_copy_c(arena, str_from_c(folder == NULL ? SYSTEM_FOLDER : folder));
    CHECK(pthread_mutex_init(&cache->lock, NULL) == 0);
    return cache;
}

void zone_cache_free(struct zone_cache *cache)
{
    if (cache == NULL)
        return;
    (void)pthread_mutex_destroy(&cache->lock);
    arena_free(cache->arena); /* the cache itself lives in it */
}

bool zone_name_valid(str name)
{
    size_t part = 0;

    if (name.len > ZONE_NAME_MAX)
        return false;
    for (size_t i = 0; i <= name.len; i++) {
        if (i == name.len || name.ptr[i] == '/') {
            if (part == 0)
                return false;
            part = 0;
        } else if (ascii_is_alnum(name.ptr[i]) || name.ptr[i] == '_' || name.ptr[i] == '+' ||
                   name.ptr[i] == '-') {
            part++;
        } else {
            return false; /* a dot among them, so no ".." */
        }
    }
    return true;
}

static bool is_utc(str name)
{
    static const str names[] = {STR_INIT("UTC"), STR_INIT("Etc/UTC"), STR_INIT("GMT"),
                                STR_INIT("Etc/GMT"), STR_INIT("Zulu")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(name, names[i]))
            return true;
    }
    return false;
}

/* A folder ("Europe") is no zone either: to the caller both are a name that says nothing. */
static enum status load(struct zone_cache *cache, str name, const struct zone **ret_zone,
                        struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    struct zone *zone = NULL;
    str bytes;

    if (is_utc(name)) {
        *ret_zone = NULL;
        return ST_OK;
    }
    str path = file_join(scratch, str_from_c(cache->folder), name);
    enum status st = file_read(scratch, path, ZONE_FILE_MAX, &bytes, NULL);
    if (st == ST_OK)
        st = zone_from_tzif(cache->arena, bytes, &zone, NULL);
    if (st != ST_OK)
        return error_set(err, ST_NOT_FOUND,
                         "no time zone \"%.*s\": names look like \"Europe/Kyiv\" (is the package "
                         "tzdata there?)",
                         STR_ARG(name));
    *ret_zone = zone;
    return ST_OK;
}

static enum status get_locked(struct zone_cache *cache, str name, const struct zone **ret_zone,
                              struct error *err)
{
    for (const struct zone_entry *e = cache->newest; e != NULL; e = e->next) {
        if (str_eq(e->name, name)) {
            *ret_zone = e->zone;
            return ST_OK;
        }
    }
    if (cache->count >= ZONE_CACHE_MAX)
        return error_set(err, ST_TOO_BIG, "more than %d time zones in use", ZONE_CACHE_MAX);
    enum status st = load(cache, name, ret_zone, err);
    if (st != ST_OK)
        return st;
    struct zone_entry *entry = arena_new_one(cache->arena, struct zone_entry);
    *entry = (struct zone_entry){str_copy(cache->arena, name), *ret_zone, cache->newest};
    cache->newest = entry;
    cache->count++;
    return ST_OK;
}

enum status zone_cache_get(struct zone_cache *cache, str name, const struct zone **ret_zone,
                           struct error *err)
{
    if (!zone_name_valid(name))
        return error_set(err, ST_INVALID,
                         "\"%.*s\" is not a time zone's name, such as \"Europe/Kyiv\"",
                         STR_ARG(name));
    (void)pthread_mutex_lock(&cache->lock);
    enum status st = get_locked(cache, name, ret_zone, err);
    (void)pthread_mutex_unlock(&cache->lock);
    return st;
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* "AD\t+4230+00131\tEurope/Andorra", and perhaps a remark. */
static str name_in_line(str line)
{
    (void)str_cut(&line, '\t');
    (void)str_cut(&line, '\t');
    return str_cut(&line, '\t');
}

enum status zone_names(struct arena *arena, const char *folder, str **ret_names, size_t *ret_count,
                       struct error *err)
{
    str path = file_join(arena, str_from_c(folder != NULL ? folder : SYSTEM_FOLDER), S("zone.tab"));
    str text = STR_NONE;
    enum status st = file_read(arena, path, ZONE_FILE_MAX, &text, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    str *names = arena_new_array(arena, str, ZONE_NAMES_MAX);
    size_t count = 0;
    names[count++] = S("Etc/UTC");
    while (text.len > 0 && count < ZONE_NAMES_MAX) {
        str line = str_cut(&text, '\n');
        str name = name_in_line(line);
        if (!str_starts(line, S("#")) && zone_name_valid(name))
            names[count++] = name;
    }
    qsort(names, count, sizeof(names[0]), by_name);
    *ret_names = names;
    *ret_count = count;
    return ST_OK;
}
