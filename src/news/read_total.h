/* news/read_total.h -- reads added up, as the desk's numbers are read: of the site by hour, of stories by day.
 *
 *     st = read_site_hours(conn, from, 48, reads, err);               // reads[i]: of the hour from + i
 *     st = read_most(conn, today - 6, today, 20, arena, &rows, &count, err);
 *
 * read_count has what each story was read, hour by hour; adding that up would walk all stories that were
 * read. So the same write that fills it (news/read_count.h) fills two tables more: the site's hours, and each
 * story's days, kept READ_DAYS_KEPT days and in order of reads, so that what is most read costs the same
 * however many stories there are.
 *
 * A day is a number: days since 1970 on the site's own calendar (read_day_of).
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum {
    READ_DAYS_KEPT = 32,
    READ_MOST_MAX = 50,
    /* Of each day so many are looked at. A story that is in no day's first hundred is not found: it can be among the
     * month's first twenty only by being the hundred-and-first nearly every day. */
    READ_MOST_OF_A_DAY = 100,
    /* So many are added up at most. More can be among the first only where hundreds are read alike. */
    READ_MOST_ADDED_UP = 300,
};

/* The day at `t`, `offset_s` seconds east of UTC. */
int64_t read_day_of(time_us t, int offset_s);

struct read_most {
    story_id story;
    int64_t reads;
    str title, slug;
};
/* The most read from the day `first` to the day `last`, READ_DAYS_KEPT days at most. */
MUST_USE enum status read_most(struct store_conn *conn, int64_t first, int64_t last, size_t limit,
                               struct arena *arena, struct read_most **ret_rows, size_t *ret_count,
                               struct error *err);
/* Of all time. */
MUST_USE enum status read_most_ever(struct store_conn *conn, size_t limit, struct arena *arena,
                                    struct read_most **ret_rows, size_t *ret_count,
                                    struct error *err);
/* One person's own stories, newest first, with their reads in all, from before `before`. */
struct story_key;
MUST_USE enum status read_of_person(struct store_conn *conn, person_id person,
                                    struct story_key before, size_t limit, struct arena *arena,
                                    struct read_most **ret_rows, size_t *ret_count,
                                    struct story_key *ret_next, struct error *err);

/* Hour by hour from `from`, which is rounded down to one: `reads` has room for `hours`. */
MUST_USE enum status read_site_hours(struct store_conn *conn, time_us from, size_t hours,
                                     int64_t *reads, struct error *err);
/* One story's: exact for the last 30 days, after which its hours stand together in their day. */
MUST_USE enum status read_story_hours(struct store_conn *conn, story_id story, time_us from,
                                      size_t hours, int64_t *reads, struct error *err);
MUST_USE enum status read_story_all(struct store_conn *conn, story_id story, int64_t *ret_reads,
                                    struct error *err);
/* Where readers of a story went on, most first; and where they came from within the site. */
MUST_USE enum status read_went_on(struct store_conn *conn, story_id story, size_t limit,
                                  struct arena *arena, struct read_most **ret_rows,
                                  size_t *ret_count, struct error *err);

/* Inside news/: one story's reads of one hour, once more. */
MUST_USE enum status read_total_add(struct newsroom *desk, story_id story, time_us hour,
                                    int64_t day, int64_t reads, struct error *err);
/* Removes days before `today` less READ_DAYS_KEPT, at most `max` rows; *ret_left: there are more. */
MUST_USE enum status read_total_fold(struct newsroom *desk, int64_t today, size_t max,
                                     bool *ret_left, struct error *err);
