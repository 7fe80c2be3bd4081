/* news/referrer.h -- which other sites readers came from: by story and day, and of the whole site.
 *
 *     // counted on the loops (site/referrers.h), handed over with the reads:
 *     st = referrer_add(desk, rows, count, err);
 *     st = referrer_list(conn, story, from_day, arena, &list, &count, err);
 *     // once an hour:
 *     st = referrer_fold(desk, today, 200, &left, err);    // days over 90 days old become months
 *
 * A source is a host ("rain.example"), or the name that a search engine or a network goes by, whatever hosts
 * it has ("Google", "Facebook"): hosts have no capital letter, so the two never meet. A story has at most
 * REFERRER_SOURCES_MAX sources a day, the site five times as many; what comes then is "", all others together.
 * So is a host that cannot be told. Who the reader was, which page they came from and when is nowhere.
 *
 * A day is a number: days since 1970 on the site's own calendar.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

enum {
    REFERRER_SOURCES_MAX = 50, /* of a story, a day */
    REFERRER_SITE_SOURCES_MAX = 250,
    REFERRER_LIST_MAX = 50,
    REFERRER_DAYS_KEPT = 90, /* then months */
};

/* How somebody found their way. */
enum referrer_kind { REFERRER_SITE, REFERRER_SEARCH, REFERRER_SOCIAL };

/* "google.co.uk" -> "Google", REFERRER_SEARCH; "rain.example" -> itself. Lends. */
str referrer_name(str host, enum referrer_kind *ret_kind);

struct referrer {
    story_id story;
    int64_t day;
    str source; /* as referrer_name gives it */
    int64_t reads;
};
/* A story that is not there is passed over; the site's table counts it all the same. */
MUST_USE enum status referrer_add(struct newsroom *desk, const struct referrer *rows, size_t count,
                                  struct error *err);
/* At most `max` rows of one day before `today` less REFERRER_DAYS_KEPT at a time; *ret_left: there is more. */
MUST_USE enum status referrer_fold(struct newsroom *desk, int64_t today, size_t max, bool *ret_left,
                                   struct error *err);

/* The most frequent since `from_day`, REFERRER_LIST_MAX at most, the rest ("") among them. story 0: the site. */
MUST_USE enum status referrer_list(struct store_conn *conn, story_id story, int64_t from_day,
                                   struct arena *arena, struct referrer **ret_rows,
                                   size_t *ret_count, struct error *err);
