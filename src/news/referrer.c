/* SPDX-License-Identifier: MIT */
#include "news/referrer.h"

#include "base/arena.h"
#include "store/store.h"

#include <stdlib.h>

/* ---- names ---- */

/* A host is one of these when it is it, is below it, or (with a dot at the end) goes on in any way: Google and
 * Yahoo have a host in each country. The first that fits. */
static const struct known {
    str host, name;
    enum referrer_kind kind;
} known[] = {
    {STR_INIT("news.google."), STR_INIT("Google News"), REFERRER_SEARCH},
    {STR_INIT("news.google.com"), STR_INIT("Google News"), REFERRER_SEARCH},
    {STR_INIT("com.google.android.googlequicksearchbox"), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("google."), STR_INIT("Google"), REFERRER_SEARCH},
    {STR_INIT("bing.com"), STR_INIT("Bing"), REFERRER_SEARCH},
    {STR_INIT("duckduckgo.com"), STR_INIT("DuckDuckGo"), REFERRER_SEARCH},
    {STR_INIT("yahoo.com"), STR_INIT("Yahoo"), REFERRER_SEARCH},
    {STR_INIT("search.yahoo.co.jp"), STR_INIT("Yahoo"), REFERRER_SEARCH},
    {STR_INIT("ecosia.org"), STR_INIT("Ecosia"), REFERRER_SEARCH},
    {STR_INIT("qwant.com"), STR_INIT("Qwant"), REFERRER_SEARCH},
    {STR_INIT("startpage.com"), STR_INIT("Startpage"), REFERRER_SEARCH},
    {STR_INIT("search.brave.com"), STR_INIT("Brave Search"), REFERRER_SEARCH},
    {STR_INIT("kagi.com"), STR_INIT("Kagi"), REFERRER_SEARCH},
    {STR_INIT("yandex."), STR_INIT("Yandex"), REFERRER_SEARCH},
    {STR_INIT("ya.ru"), STR_INIT("Yandex"), REFERRER_SEARCH},
    {STR_INIT("baidu.com"), STR_INIT("Baidu"), REFERRER_SEARCH},
    {STR_INIT("naver.com"), STR_INIT("Naver"), REFERRER_SEARCH},
    {STR_INIT("seznam.cz"), STR_INIT("Seznam"), REFERRER_SEARCH},
    {STR_INIT("chatgpt.com"), STR_INIT("ChatGPT"), REFERRER_SEARCH},
    {STR_INIT("perplexity.ai"), STR_INIT("Perplexity"), REFERRER_SEARCH},
    {STR_INIT("facebook.com"), STR_INIT("Facebook"), REFERRER_SOCIAL},
    {STR_INIT("com.facebook.katana"), STR_INIT("Facebook"), REFERRER_SOCIAL},
    {STR_INIT("fb.me"), STR_INIT("Facebook"), REFERRER_SOCIAL},
    {STR_INIT("instagram.com"), STR_INIT("Instagram"), REFERRER_SOCIAL},
    {STR_INIT("threads.net"), STR_INIT("Threads"), REFERRER_SOCIAL},
    {STR_INIT("threads.com"), STR_INIT("Threads"), REFERRER_SOCIAL},
    {STR_INIT("t.co"), STR_INIT("X"), REFERRER_SOCIAL},
    {STR_INIT("x.com"), STR_INIT("X"), REFERRER_SOCIAL},
    {STR_INIT("twitter.com"), STR_INIT("X"), REFERRER_SOCIAL},
    {STR_INIT("bsky.app"), STR_INIT("Bluesky"), REFERRER_SOCIAL},
    {STR_INIT("mastodon.social"), STR_INIT("Mastodon"), REFERRER_SOCIAL},
    {STR_INIT("mastodon.online"), STR_INIT("Mastodon"), REFERRER_SOCIAL},
    {STR_INIT("linkedin.com"), STR_INIT("LinkedIn"), REFERRER_SOCIAL},
    {STR_INIT("lnkd.in"), STR_INIT("LinkedIn"), REFERRER_SOCIAL},
    {STR_INIT("reddit.com"), STR_INIT("Reddit"), REFERRER_SOCIAL},
    {STR_INIT("news.ycombinator.com"), STR_INIT("Hacker News"), REFERRER_SOCIAL},
    {STR_INIT("youtube.com"), STR_INIT("YouTube"), REFERRER_SOCIAL},
    {STR_INIT("pinterest."), STR_INIT("Pinterest"), REFERRER_SOCIAL},
    {STR_INIT("tiktok.com"), STR_INIT("TikTok"), REFERRER_SOCIAL},
    {STR_INIT("whatsapp.com"), STR_INIT("WhatsApp"), REFERRER_SOCIAL},
    {STR_INIT("t.me"), STR_INIT("Telegram"), REFERRER_SOCIAL},
    {STR_INIT("telegram.org"), STR_INIT("Telegram"), REFERRER_SOCIAL},
    {STR_INIT("org.telegram.messenger"), STR_INIT("Telegram"), REFERRER_SOCIAL},
    {STR_INIT("vk.com"), STR_INIT("VK"), REFERRER_SOCIAL},
    {STR_INIT("flipboard.com"), STR_INIT("Flipboard"), REFERRER_SOCIAL},
};

/* "google." also stands below another's name ("google.evil.example"): what follows it must be a country's or
 * "com", "co.uk": at most two parts, none longer than three letters. */
static bool ends_as_a_country(str rest)
{
    size_t parts = 0;
    while (rest.len > 0) {
        str part = str_cut(&rest, '.');
        if (part.len < 2 || part.len > 3 || ++parts > 2)
            return false;
    }
    return parts > 0;
}

static bool fits(str host, str wanted)
{
    if (!str_ends(wanted, S(".")))
        return str_eq(host, wanted) || (host.len > wanted.len && str_ends(host, wanted) &&
                                        host.ptr[host.len - wanted.len - 1] == '.');
    for (str at = host; at.len > wanted.len; (void)str_cut(&at, '.')) {
        if (str_starts(at, wanted) && ends_as_a_country(str_from(at, wanted.len)))
            return true;
    }
    return false;
}

str referrer_name(str host, enum referrer_kind *ret_kind)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(known[i].name, host) || fits(host, known[i].host)) {
            *ret_kind = known[i].kind;
            return known[i].name;
        }
    }
    *ret_kind = REFERRER_SITE;
    return host;
}

/* ---- adding ---- */

/* A row of a story, or (story 0) of the site: the same statements over either table, where what tells the story
 * is the last parameter. */
static void bind_row(struct store_stmt *q, const struct referrer *r, str source)
{
    store_bind_int(q, 1, r->day);
    store_bind_text(q, 2, source);
    store_bind_int(q, 3, r->reads);
    if (r->story.v != 0)
        store_bind_int(q, 4, r->story.v);
}

/* ST_NOT_FOUND: there is no such row yet. */
static enum status raise_row(struct store_conn *conn, const struct referrer *r, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        r->story.v != 0 ? store_query(conn, SQL("UPDATE referrer SET reads = reads + $3"
                                                " WHERE day = $1 AND source = $2 AND story = $4"))
                        : store_query(conn, SQL("UPDATE site_referrer SET reads = reads + $3"
                                                " WHERE day = $1 AND source = $2"));
    bind_row(q, r, r->source);
    enum status st = store_run(q, err);
    return st == ST_OK && store_stmt_changes(q) == 0 ? ST_NOT_FOUND : st;
}

static enum status has_room(struct store_conn *conn, const struct referrer *r, bool *ret_has,
                            struct error *err)
{
    int64_t most = r->story.v != 0 ? REFERRER_SOURCES_MAX : REFERRER_SITE_SOURCES_MAX;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        r->story.v != 0
            ? store_query(conn, SQL("SELECT COUNT(*) FROM (SELECT 1 FROM referrer WHERE day = $1"
                                    " AND story = $3 LIMIT $2) AS few"))
            : store_query(conn, SQL("SELECT COUNT(*) FROM (SELECT 1 FROM site_referrer"
                                    " WHERE day = $1 LIMIT $2) AS few"));
    store_bind_int(q, 1, r->day);
    store_bind_int(q, 2, most);
    if (r->story.v != 0)
        store_bind_int(q, 3, r->story.v);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_has = store_column_int(q, 0) < most;
    return st;
}

static enum status add_row(struct store_conn *conn, const struct referrer *r, struct error *err)
{
    bool room;
    enum status st = raise_row(conn, r, err);
    if (st != ST_NOT_FOUND)
        return st;
    st = has_room(conn, r, &room, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        r->story.v != 0 ? store_query(conn, SQL("INSERT INTO referrer (story, day, source, reads)"
                                                " SELECT id, $1, $2, $3 FROM story WHERE id = $4"
                                                " ON CONFLICT (story, day, source)"
                                                " DO UPDATE SET reads = referrer.reads + $3"))
                        : store_query(conn, SQL("INSERT INTO site_referrer (day, source, reads)"
                                                " VALUES ($1, $2, $3) ON CONFLICT (day, source)"
                                                " DO UPDATE SET reads = site_referrer.reads + $3"));
    bind_row(q, r, room ? r->source : S(""));
    return store_run(q, err);
}

enum status referrer_add(struct newsroom *desk, const struct referrer *rows, size_t count,
                         struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct referrer site = rows[i];
        site.story.v = 0;
        st = rows[i].story.v != 0 ? add_row(conn, &rows[i], err) : ST_OK;
        if (st == ST_OK)
            st = add_row(conn, &site, err);
    }
    return st;
}

/* ---- folding ---- */

/* How far folding has come is kept as a setting, so that it never walks what is folded. */
#define FOLDED_UNTIL "internal.referrers_folded_until"

static enum status folded_until(struct newsroom *desk, int64_t *ret_day, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT CAST(value AS BIGINT) FROM setting"
                                                 " WHERE name = '" FOLDED_UNTIL "'"));
    enum status st = store_step(q, err);
    *ret_day = st == ST_OK ? store_column_int(q, 0) : 0;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status set_folded_until(struct newsroom *desk, int64_t day, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO setting (name, value) VALUES ('" FOLDED_UNTIL "', $1)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    store_bind_text(q, 1, str_format(desk->arena, "%lld", (long long)day));
    return store_run(q, err);
}

/* The first of its month. */
static int64_t month_of(int64_t day)
{
    struct civil c = civil_from_time(day * TIME_DAY, 0);
    return day - c.day + 1;
}

static enum status read_day(struct newsroom *desk, int64_t day, size_t max, struct referrer *rows,
                            size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("SELECT story, source, reads FROM referrer WHERE day = $1 LIMIT $2"));
    store_bind_int(q, 1, day);
    store_bind_int(q, 2, i64_from_size(max));
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < max)
        rows[count++] = (struct referrer){{store_column_int(q, 0)},
                                          day,
                                          str_copy(desk->arena, store_column_text(q, 1)),
                                          store_column_int(q, 2)};
    *ret_count = count;
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status fold_one(struct newsroom *desk, const struct referrer *r, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct referrer month = *r;
    month.day = month_of(r->day);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("DELETE FROM referrer WHERE story = $1 AND day = $2 AND source = $3"));
    store_bind_int(q, 1, r->story.v);
    store_bind_int(q, 2, r->day);
    store_bind_text(q, 3, r->source);
    enum status st = store_run(q, err);
    return st == ST_OK ? add_row(conn, &month, err) : st;
}

/* The site's are few: those of a whole day at once, at most REFERRER_SITE_SOURCES_MAX and the rest. */
static enum status fold_site_day(struct newsroom *desk, int64_t day, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct referrer *rows =
        arena_new_array(desk->arena, struct referrer, REFERRER_SITE_SOURCES_MAX + 1);
    size_t count = 0;
    {
        AUTO(store_stmt_donep)
        struct store_stmt *q = store_query(
            conn, SQL("SELECT source, reads FROM site_referrer WHERE day = $1 LIMIT $2"));
        store_bind_int(q, 1, day);
        store_bind_int(q, 2, REFERRER_SITE_SOURCES_MAX + 1);
        enum status st;
        while ((st = store_step(q, err)) == ST_OK && count <= REFERRER_SITE_SOURCES_MAX)
            rows[count++] =
                (struct referrer){.day = month_of(day),
                                  .source = str_copy(desk->arena, store_column_text(q, 0)),
                                  .reads = store_column_int(q, 1)};
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
    }
    AUTO(store_stmt_donep)
    struct store_stmt *gone = store_query(conn, SQL("DELETE FROM site_referrer WHERE day = $1"));
    store_bind_int(gone, 1, day);
    enum status st = store_run(gone, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = add_row(conn, &rows[i], err);
    return st;
}

/* A day at a time, or a part of it: what is folded has left it. A month's first day is where it all goes. */
static enum status fold_day(struct newsroom *desk, int64_t day, size_t max, bool *ret_done,
                            struct error *err)
{
    struct referrer *rows = arena_new_array(desk->arena, struct referrer, max);
    size_t count = 0;
    *ret_done = true;
    if (month_of(day) == day)
        return ST_OK;
    enum status st = read_day(desk, day, max, rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = fold_one(desk, &rows[i], err);
    *ret_done = count < max;
    return st == ST_OK && *ret_done ? fold_site_day(desk, day, err) : st;
}

enum status referrer_fold(struct newsroom *desk, int64_t today, size_t max, bool *ret_left,
                          struct error *err)
{
    int64_t until = today - REFERRER_DAYS_KEPT, day = 0;
    bool done = true;
    enum status st = folded_until(desk, &day, err);
    *ret_left = false;
    if (st != ST_OK || day >= until)
        return st;
    if (day == 0)
        day = until - 1; /* the first time: nothing is older */
    st = fold_day(desk, day, max, &done, err);
    if (st == ST_OK && done)
        st = set_folded_until(desk, ++day, err);
    if (st == ST_OK)
        *ret_left = day < until;
    return st;
}

/* ---- reading ---- */

static enum status read_rows(struct store_stmt *q, struct arena *arena, struct referrer **ret_rows,
                             size_t *ret_count, struct error *err)
{
    struct referrer *rows = arena_new_array(arena, struct referrer, REFERRER_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < REFERRER_LIST_MAX) {
        rows[count++] = (struct referrer){.source = str_copy(arena, store_column_text(q, 0)),
                                          .reads = store_column_int(q, 1)};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_rows = rows;
    *ret_count = count;
    return ST_OK;
}

enum status referrer_list(struct store_conn *conn, story_id story, int64_t from_day,
                          struct arena *arena, struct referrer **ret_rows, size_t *ret_count,
                          struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        story.v != 0
            ? store_query(conn, SQL("SELECT source, CAST(SUM(reads) AS BIGINT) AS n FROM referrer"
                                    " WHERE day >= $1 AND story = $3 GROUP BY source"
                                    " ORDER BY n DESC, source LIMIT $2"))
            : store_query(conn, SQL("SELECT source, CAST(SUM(reads) AS BIGINT) AS n"
                                    " FROM site_referrer WHERE day >= $1"
                                    " GROUP BY source ORDER BY n DESC, source LIMIT $2"));
    store_bind_int(q, 1, from_day);
    store_bind_int(q, 2, REFERRER_LIST_MAX);
    if (story.v != 0)
        store_bind_int(q, 3, story.v);
    return read_rows(q, arena, ret_rows, ret_count, err);
}
