/* SPDX-License-Identifier: MIT
 *
 * How often the site and each story are read, and where readers come from. Everything is read from what the
 * counting keeps (news/read_total.h, news/referrer.h): the pages cost the same at any size of archive.
 *
 * An author sees their own stories: the site's sums and others' stories are not theirs. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "desk/errand.h"
#include "desk/look.h"
#include "desk/plot.h"
#include "http/exchange.h"
#include "news/list.h"
#include "news/read_total.h"
#include "news/referrer.h"
#include "news/setting.h"
#include "news/story.h"
#include "store/store.h"
#include "text/zone.h"
#include "theme/date.h"

enum {
    DAYS_SHOWN = 30,
    HOURS_SHOWN = 48,
    MOST_SHOWN = 20,
    OWN_SHOWN = 50,
    WENT_ON_SHOWN = 10,
    CSV_BYTES_MAX = 1024 * 1024,
};

/* ---- the calendar ---- */

static int64_t today_of(struct errand *e)
{
    return read_day_of(e->now, zone_offset(e->edition->zone, e->now));
}

/* The moment at which a day of the site's begins. */
static time_us day_begins(struct errand *e, int64_t day)
{
    struct civil c = civil_from_time(day * TIME_DAY, 0);
    return zone_time_from_civil(e->edition->zone, &c);
}

static str in_words(struct errand *e, str format, time_us at)
{
    struct buf b;
    str text = STR_NONE;
    str tag = look_tongue_tag(e->tongue);
    buf_init(&b, e->arena, 100);
    date_format(&b, date_locale_find(str_eq(tag, S("en")) ? S("en-GB") : tag), format, at,
                zone_offset(e->edition->zone, at));
    return buf_finish(&b, &text, NULL) == ST_OK ? text : STR_NONE;
}

static str number_text(struct errand *e, int64_t n)
{
    return str_format(e->arena, "%lld", (long long)n);
}

static str say_n(struct errand *e, str key, int64_t n)
{
    const struct look_argument arguments[] = {{S("n"), number_text(e, n)}};
    return look_say_with(e->tongue, key, arguments, ARRAY_LEN(arguments), e->arena);
}

/* ---- what is drawn ---- */

/* Reads of the site, or (story not 0) of one story, from the hour of `from`. */
static enum status read_hours(struct errand *e, story_id story, time_us from, size_t hours,
                              int64_t **ret_reads, struct error *err)
{
    int64_t *reads = arena_new_array(e->arena, int64_t, hours);
    enum status st = story.v != 0 ? read_story_hours(e->conn, story, from, hours, reads, err)
                                  : read_site_hours(e->conn, from, hours, reads, err);
    if (st == ST_OK)
        *ret_reads = reads;
    return st;
}

struct days {
    time_us begins[DAYS_SHOWN]; /* the last one is today */
    int64_t reads[DAYS_SHOWN];
};

/* Added up from hours, by the site's calendar: a day has 23 to 25 of them. */
static enum status read_days(struct errand *e, story_id story, struct days *ret_days,
                             struct error *err)
{
    struct days days = {0};
    int64_t today = today_of(e), *hours;
    for (int64_t i = 0; i < DAYS_SHOWN; i++)
        days.begins[i] = day_begins(e, today - DAYS_SHOWN + 1 + i);
    size_t count = (size_t)((e->now - days.begins[0]) / TIME_HOUR) + 1;
    enum status st = read_hours(e, story, days.begins[0], count, &hours, err);
    if (st != ST_OK)
        return st;
    size_t day = 0;
    for (size_t i = 0; i < count; i++) {
        time_us at = days.begins[0] + i64_from_size(i) * TIME_HOUR;
        while (day + 1 < DAYS_SHOWN && at >= days.begins[day + 1])
            day++;
        days.reads[day] += hours[i];
    }
    *ret_days = days;
    return ST_OK;
}

static str plot_desc(struct errand *e, const struct plot_point *points, size_t count)
{
    int64_t sum = 0;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        sum += points[i].value;
        if (points[i].value > points[most].value)
            most = i;
    }
    const struct look_argument arguments[] = {{S("n"), number_text(e, sum)},
                                              {S("when"), points[most].name},
                                              {S("most"), number_text(e, points[most].value)}};
    return look_say_with(e->tongue, sum > 0 ? S("numbers.desc") : S("numbers.none"), arguments,
                         ARRAY_LEN(arguments), e->arena);
}

static struct plot plot_of(struct errand *e, str id, str title_key, const struct plot_point *points,
                           size_t count)
{
    return (struct plot){.kind = PLOT_BARS,
                         .id = id,
                         .title = errand_say(e, title_key),
                         .desc = plot_desc(e, points, count),
                         .table = errand_say(e, S("numbers.table")),
                         .name_head = errand_say(e, S("numbers.when")),
                         .head = errand_say(e, S("numbers.reads")),
                         .points = points,
                         .count = count};
}

static html draw_days(struct errand *e, const struct days *days)
{
    struct plot_point *points = arena_new_array(e->arena, struct plot_point, DAYS_SHOWN);
    for (size_t i = 0; i < DAYS_SHOWN; i++) {
        time_us noon = days->begins[i] + TIME_DAY / 2;
        points[i].name = in_words(e, errand_say(e, S("date.day")), noon);
        points[i].value = days->reads[i];
        if ((DAYS_SHOWN - 1 - i) % 7 == 0)
            points[i].mark = in_words(e, errand_say(e, S("date.short")), noon);
    }
    struct plot plot = plot_of(e, S("days"), S("numbers.by-day"), points, DAYS_SHOWN);
    return plot_draw(e->arena, &plot);
}

/* Today's hours as bars, the day before's as a line over them. */
static enum status draw_today(struct errand *e, html *ret_plot, struct error *err)
{
    int64_t today = today_of(e), *now, *before;
    time_us begins = day_begins(e, today), ends = day_begins(e, today + 1);
    time_us began = day_begins(e, today - 1);
    size_t count = (size_t)((ends - begins) / TIME_HOUR);
    enum status st = read_hours(e, (story_id){0}, begins, count, &now, err);
    if (st == ST_OK)
        st = read_hours(e, (story_id){0}, began, count, &before, err);
    if (st != ST_OK)
        return st;
    struct plot_point *points = arena_new_array(e->arena, struct plot_point, count);
    for (size_t i = 0; i < count; i++) {
        time_us at = begins + i64_from_size(i) * TIME_HOUR;
        points[i].name = in_words(e, S("HH:mm"), at);
        points[i].mark = i % 6 == 0 ? points[i].name : STR_NONE;
        points[i].value = now[i];
        points[i].before = began + i64_from_size(i) * TIME_HOUR < begins ? before[i] : 0;
    }
    struct plot plot = plot_of(e, S("hours"), S("numbers.by-hour"), points, count);
    plot.kind = PLOT_BARS_AND_LINE;
    plot.head = errand_say(e, S("numbers.today"));
    plot.before_head = errand_say(e, S("numbers.yesterday"));
    *ret_plot = plot_draw(e->arena, &plot);
    return ST_OK;
}

static time_us hours_begin(struct errand *e)
{
    return e->now - e->now % TIME_HOUR - (HOURS_SHOWN - 1) * TIME_HOUR;
}

static enum status draw_hours(struct errand *e, story_id story, html *ret_plot, struct error *err)
{
    time_us from = hours_begin(e);
    int64_t *reads;
    enum status st = read_hours(e, story, from, HOURS_SHOWN, &reads, err);
    if (st != ST_OK)
        return st;
    struct plot_point *points = arena_new_array(e->arena, struct plot_point, HOURS_SHOWN);
    for (size_t i = 0; i < HOURS_SHOWN; i++) {
        time_us at = from + i64_from_size(i) * TIME_HOUR;
        points[i].name = in_words(e, errand_say(e, S("date.hour")), at);
        points[i].value = reads[i];
        if ((HOURS_SHOWN - 1 - i) % 12 == 0)
            points[i].mark = in_words(e, S("ddd HH:mm"), at);
    }
    struct plot plot = plot_of(e, S("hours"), S("numbers.48-hours"), points, HOURS_SHOWN);
    *ret_plot = plot_draw(e->arena, &plot);
    return ST_OK;
}

/* ---- lists ---- */

static bool sees_all(const struct errand *e)
{
    return right_has(e->person->role, RIGHT_EDIT_ALL);
}

/* `own`: they may look at each one's numbers, whoever they are. */
static struct hbs_value most_value(struct errand *e, const struct read_most *rows, size_t count,
                                   bool own)
{
    struct hbs_value *values = arena_new_array(e->arena, struct hbs_value, count);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].slug.len == 0)
            continue; /* removed since */
        struct hbs_map *row = hbs_map_new(e->arena);
        if (own || sees_all(e))
            hbs_map_set(row, S("id"), hbs_number((double)rows[i].story.v));
        hbs_map_set(row, S("title"), hbs_string(rows[i].title));
        hbs_map_set(row, S("reads"), hbs_number((double)rows[i].reads));
        values[shown++] = hbs_map_value(row);
    }
    return hbs_list_of(e->arena, values, shown);
}

static struct hbs_value sources_value(struct errand *e, const struct referrer *rows, size_t count)
{
    static const str kinds[] = {[REFERRER_SITE] = STR_INIT("numbers.site"),
                                [REFERRER_SEARCH] = STR_INIT("numbers.search"),
                                [REFERRER_SOCIAL] = STR_INIT("numbers.social")};
    struct hbs_value *values = arena_new_array(e->arena, struct hbs_value, count);
    size_t named = 0;
    for (size_t i = 0; i < count; i++)
        named += rows[i].source.len > 0;
    for (size_t i = 0, at = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        enum referrer_kind kind;
        str name = referrer_name(rows[i].source, &kind);
        hbs_map_set(row, S("name"),
                    hbs_string(name.len > 0 ? name : errand_say(e, S("numbers.others"))));
        hbs_map_set(row, S("kind"),
                    hbs_string_or_null(name.len > 0 ? errand_say(e, kinds[kind]) : STR_NONE));
        hbs_map_set(row, S("reads"), hbs_number((double)rows[i].reads));
        values[name.len > 0 ? at++ : named] = hbs_map_value(row); /* the rest comes last */
    }
    return hbs_list_of(e->arena, values, count);
}

static enum status put_sources(struct errand *e, struct hbs_map *values, story_id story,
                               struct error *err)
{
    struct referrer *rows;
    size_t count;
    enum status st =
        referrer_list(e->conn, story, today_of(e) - DAYS_SHOWN + 1, e->arena, &rows, &count, err);
    if (st == ST_OK)
        hbs_map_set(values, S("sources"), sources_value(e, rows, count));
    return st;
}

/* ---- most read ---- */

static const struct span {
    str name, key;
    int64_t days; /* 0: ever */
} spans[] = {
    {STR_INIT("today"), STR_INIT("numbers.today"), 1},
    {STR_INIT("week"), STR_INIT("numbers.week"), 7},
    {STR_INIT("month"), STR_INIT("numbers.month"), 30},
    {STR_INIT("ever"), STR_INIT("numbers.ever"), 0},
};

static const struct span *span_chosen(struct errand *e)
{
    str name;
    if (http_query_get(e->req, S("span"), &name)) {
        for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
            if (str_eq(spans[i].name, name))
                return &spans[i];
        }
    }
    return &spans[1];
}

static enum status read_span(struct errand *e, const struct span *span, struct read_most **ret_rows,
                             size_t *ret_count, struct error *err)
{
    int64_t today = today_of(e);
    if (span->days == 0)
        return read_most_ever(e->conn, MOST_SHOWN, e->arena, ret_rows, ret_count, err);
    return read_most(e->conn, today - span->days + 1, today, MOST_SHOWN, e->arena, ret_rows,
                     ret_count, err);
}

static enum status put_most(struct errand *e, struct hbs_map *values, struct error *err)
{
    const struct span *chosen = span_chosen(e);
    struct hbs_value *tabs = arena_new_array(e->arena, struct hbs_value, ARRAY_LEN(spans));
    struct read_most *rows;
    size_t count;
    enum status st = read_span(e, chosen, &rows, &count, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        struct hbs_map *tab = hbs_map_new(e->arena);
        hbs_map_set(tab, S("name"), hbs_string(spans[i].name));
        hbs_map_set(tab, S("say"), hbs_string(errand_say(e, spans[i].key)));
        hbs_map_set(tab, S("chosen"), hbs_bool(&spans[i] == chosen));
        tabs[i] = hbs_map_value(tab);
    }
    hbs_map_set(values, S("spans"), hbs_list_of(e->arena, tabs, ARRAY_LEN(spans)));
    hbs_map_set(values, S("most"), most_value(e, rows, count, false));
    return ST_OK;
}

/* ---- the site ---- */

static void put_sums(struct errand *e, struct hbs_map *values, const struct days *days)
{
    int64_t week = 0, month = 0;
    for (size_t i = 0; i < DAYS_SHOWN; i++) {
        month += days->reads[i];
        week += i + 7 >= DAYS_SHOWN ? days->reads[i] : 0;
    }
    hbs_map_set(values, S("today"), hbs_string(number_text(e, days->reads[DAYS_SHOWN - 1])));
    hbs_map_set(values, S("yesterday"), hbs_string(number_text(e, days->reads[DAYS_SHOWN - 2])));
    hbs_map_set(values, S("week"), hbs_string(number_text(e, week)));
    hbs_map_set(values, S("month"), hbs_string(number_text(e, month)));
}

/* "1700000000000000-12": the last row's time and number. */
static struct story_key place_read(struct errand *e)
{
    struct story_key key = {0};
    str text;
    if (!http_query_get(e->req, S("before"), &text))
        return key;
    str at = str_cut(&text, '-');
    if (!str_to_i64(at, &key.at) || !str_to_i64(text, &key.id) || key.id < 1)
        key = (struct story_key){0};
    return key;
}

static enum status own_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct read_most *rows;
    struct story_key next;
    size_t count;
    enum status st = read_of_person(e->conn, e->person->id, place_read(e), OWN_SHOWN, e->arena,
                                    &rows, &count, &next, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("own"), hbs_bool(true));
    hbs_map_set(values, S("most"), most_value(e, rows, count, true));
    if (next.id != 0)
        hbs_map_set(
            values, S("older"),
            hbs_string(str_format(e->arena, "%lld-%lld", (long long)next.at, (long long)next.id)));
    return errand_page(e, 200, S("numbers"), values, err);
}

enum status numbers_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct days days;
    html hours;
    if (!sees_all(e))
        return own_show(e, err);
    enum status st = read_days(e, (story_id){0}, &days, err);
    if (st == ST_OK)
        st = draw_today(e, &hours, err);
    if (st == ST_OK)
        st = put_most(e, values, err);
    if (st == ST_OK)
        st = put_sources(e, values, (story_id){0}, err);
    if (st != ST_OK)
        return st;
    put_sums(e, values, &days);
    hbs_map_set(values, S("hours"), hbs_html(hours));
    hbs_map_set(values, S("days"), hbs_html(draw_days(e, &days)));
    return errand_page(e, 200, S("numbers"), values, err);
}

/* ---- one story ---- */

static enum status is_own(struct errand *e, story_id story, bool *ret_is, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        e->conn, SQL("SELECT 1 FROM story_byline sb CROSS JOIN byline b WHERE sb.story = $1"
                     " AND b.id = sb.byline AND b.person = $2 LIMIT 1"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, e->person->id.v);
    enum status st = store_step(q, err);
    *ret_is = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Of the path, if they may. */
static enum status find_story(struct errand *e, struct story **ret_story, struct error *err)
{
    struct story *story;
    bool own = true;
    enum status st = story_by_id(e->conn, (story_id){errand_id(e, S("id"))}, e->arena, &story, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && story->kind != STORY_STORY))
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-numbers"))));
    if (st == ST_OK && !sees_all(e))
        st = is_own(e, story->id, &own, err);
    if (st != ST_OK)
        return st;
    if (!own)
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.numbers"))));
    *ret_story = story;
    return ST_OK;
}

static enum status put_went_on(struct errand *e, struct hbs_map *values, story_id story,
                               struct error *err)
{
    struct read_most *rows;
    size_t count;
    enum status st = read_went_on(e->conn, story, WENT_ON_SHOWN, e->arena, &rows, &count, err);
    if (st == ST_OK)
        hbs_map_set(values, S("went_on"), most_value(e, rows, count, false));
    return st;
}

enum status numbers_story(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct story *story;
    struct days days;
    html hours;
    int64_t all = 0;
    enum status st = find_story(e, &story, err);
    if (st == ST_OK)
        st = read_days(e, story->id, &days, err);
    if (st == ST_OK)
        st = draw_hours(e, story->id, &hours, err);
    if (st == ST_OK)
        st = read_story_all(e->conn, story->id, &all, err);
    if (st == ST_OK)
        st = put_sources(e, values, story->id, err);
    if (st == ST_OK)
        st = put_went_on(e, values, story->id, err);
    if (st != ST_OK)
        return st;
    put_sums(e, values, &days);
    hbs_map_set(values, S("id"), hbs_number((double)story->id.v));
    hbs_map_set(values, S("title"), hbs_string(story->title));
    if (story->state == STORY_PUBLISHED) {
        hbs_map_set(values, S("path"),
                    hbs_string(str_join3(e->arena, S("/"), story->slug, S("/"))));
        hbs_map_set(values, S("at"), hbs_number((double)story->published_at));
    }
    hbs_map_set(values, S("all"), hbs_string(say_n(e, S("numbers.in-all"), all)));
    hbs_map_set(values, S("hours"), hbs_html(hours));
    hbs_map_set(values, S("days"), hbs_html(draw_days(e, &days)));
    return errand_page(e, 200, S("story-numbers"), values, err);
}

/* ---- for a spreadsheet ---- */

/* A cell that a spreadsheet takes for a formula is told that it is text (OWASP, "CSV injection"). */
static void add_cell(struct buf *b, str text)
{
    bool formula = text.len > 0 && (text.ptr[0] == '=' || text.ptr[0] == '+' ||
                                    text.ptr[0] == '-' || text.ptr[0] == '@');
    buf_add_char(b, '"');
    if (formula)
        buf_add_char(b, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_add_char(b, '"');
        buf_add_char(b, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
    }
    buf_add_char(b, '"');
}

static void add_line(struct buf *b, str what, str name, int64_t reads)
{
    buf_add(b, what);
    buf_add_char(b, ',');
    add_cell(b, name);
    buf_addf(b, ",%lld\r\n", (long long)reads);
}

static enum status add_times(struct errand *e, struct buf *b, story_id story, struct error *err)
{
    time_us from = hours_begin(e);
    struct days days;
    int64_t *hours;
    enum status st = read_hours(e, story, from, HOURS_SHOWN, &hours, err);
    if (st == ST_OK)
        st = read_days(e, story, &days, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < HOURS_SHOWN; i++)
        add_line(
            b, S("hour"), /* UTC */
            str_join2(e->arena,
                      str_sub(time_to_iso(e->arena, from + i64_from_size(i) * TIME_HOUR), 0, 13),
                      S(":00Z")),
            hours[i]);
    for (size_t i = 0; i < DAYS_SHOWN; i++)
        add_line(b, S("day"), in_words(e, S("YYYY-MM-DD"), days.begins[i]), days.reads[i]);
    return ST_OK;
}

static enum status add_sources(struct errand *e, struct buf *b, story_id story, struct error *err)
{
    struct referrer *rows;
    size_t count = 0;
    enum status st =
        referrer_list(e->conn, story, today_of(e) - DAYS_SHOWN + 1, e->arena, &rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        add_line(b, S("from"), rows[i].source, rows[i].reads);
    return st;
}

static enum status send_csv(struct errand *e, struct buf *b, str name, struct error *err)
{
    str bytes;
    enum status st = buf_finish(b, &bytes, err);
    if (st != ST_OK)
        return st;
    http_response_bytes(e->res, 200, S("text/csv; charset=utf-8"), bytes);
    http_response_header(e->res, S("Content-Disposition"),
                         str_join3(e->arena, S("attachment; filename=\""), name, S(".csv\"")));
    return ST_OK;
}

enum status numbers_csv(struct errand *e, struct error *err)
{
    struct read_most *rows;
    struct buf b;
    size_t count = 0;
    buf_init(&b, e->arena, CSV_BYTES_MAX);
    buf_add(&b, S("what,name,reads\r\n"));
    enum status st = add_times(e, &b, (story_id){0}, err);
    if (st == ST_OK)
        st = add_sources(e, &b, (story_id){0}, err);
    if (st == ST_OK)
        st = read_span(e, span_chosen(e), &rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        add_line(&b, S("story"), rows[i].title, rows[i].reads);
    return st == ST_OK ? send_csv(e, &b, S("reads"), err) : st;
}

enum status numbers_story_csv(struct errand *e, struct error *err)
{
    struct read_most *rows;
    struct story *story;
    struct buf b;
    size_t count = 0;
    enum status st = find_story(e, &story, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, e->arena, CSV_BYTES_MAX);
    buf_add(&b, S("what,name,reads\r\n"));
    st = add_times(e, &b, story->id, err);
    if (st == ST_OK)
        st = add_sources(e, &b, story->id, err);
    if (st == ST_OK)
        st = read_went_on(e->conn, story->id, WENT_ON_SHOWN, e->arena, &rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        add_line(&b, S("went-on"), rows[i].title, rows[i].reads);
    return st == ST_OK
               ? send_csv(e, &b, str_format(e->arena, "reads-%lld", (long long)story->id.v), err)
               : st;
}
