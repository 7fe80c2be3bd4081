/* media/media.h -- the records of pictures and files: what they are, who shows them.
 *
 *     st = media_insert(desk, &(struct media_draft){.path = S("2024/05/bridge.jpg"), ...}, &id, err);
 *     st = media_by_path(conn, S("2024/05/bridge.jpg"), arena, &m, err);
 *     st = media_list(conn, &(struct media_query){.words = S("bridge fog")}, arena, &list, err);
 *     st = media_replace(desk, old, with, &left, err);       // everything shows the other one at once
 *     draft.pictures = media_lookup(conn);                   // story_prepare writes srcset and sizes
 *
 * A record stands for one file below the site's media/, at `path`. The file's address is
 * /content/images/PATH (/content/media/ and /content/files/ answer alike). Bytes never change: a path that was used once is
 * never used for other bytes, so addresses may be kept for a year. What is in media_old was used
 * before: media_moved says where it leads.
 *
 *     insert            replace(old, with)                      remove
 *     ------> (record) ------------------> with; old's paths lead to it
 *                  |                                             |
 *                  +---------------------------------------------+--> gone: 410
 *
 * Who takes a file in writes it first, then the record (media/intake.h). Who removes a record
 * removes its files after the commit: what replace and remove left is returned. A crash between
 * leaves a file without a record, which `broadsheet media check` names.
 *
 * Who shows what is kept in story_picture, by story_save (body, srcset, picture, link cards, code), and
 * read from tags, bylines and settings as they stand. Renditions (/content/images/size/w600/PATH)
 * count as the picture they are of. A story's older versions and replies do not count.
 *
 * Names raised: `story:ID` of the stories that show it (by media/refresh.h behind, when there are many),
 * `media:PATH` when what is answered at a file's address or at those of its renditions changed
 * (change_media), `absent:` when something is there that was not.
 *
 * Memory: results live in the caller's arena; unset text is empty. Threads: reading, one connection a thread;
 * writing, on the writer's thread, as news/news.h says. */
#pragma once
#include "news/list.h"
#include "text/pictures.h"

enum {
    MEDIA_PATH_MAX = 500,        /* bytes */
    MEDIA_TEXT_MAX = 10000,      /* bytes of title, alt, caption, credit, licence each */
    MEDIA_FOCAL_ONE = 1000,      /* focal point and crop are thousandths */
    MEDIA_WORDS_MAX = 200,       /* of a record that search knows */
    MEDIA_QUERY_WORDS_MAX = 6,   /* further ones are passed over */
    MEDIA_USES_MAX = 1000,       /* of a kind, listed */
    MEDIA_REPLACE_AT_ONCE = 200, /* stories rewritten in the write itself; the rest follow behind */
};

typedef struct media_id {
    int64_t v;
} media_id;

/* What editors choose by; the exact format is the content type (media/kind.h). */
enum media_class { MEDIA_ANY, MEDIA_PICTURE, MEDIA_AUDIO, MEDIA_VIDEO, MEDIA_DOCUMENT };
str media_class_name(enum media_class class); /* "picture"; MEDIA_ANY: "" */
bool media_class_from_name(str name, enum media_class *ret_class);
enum media_class media_class_of(str content_type);

/* Where a size cuts: the point that stays in view, and the part that may be shown. Thousandths
 * of width and height of the picture as it stands upright. {500, 500, 0, 0, 1000, 1000}: untouched. */
struct media_focus {
    int64_t x, y;
    int64_t left, top, right, bottom;
};
extern const struct media_focus media_focus_default;

struct media {
    media_id id;
    str ghost_id;
    str path; /* "2024/05/bridge.jpg" */
    str name; /* as it came: "Bridge at dawn.JPG" */
    enum media_class class;
    str content_type;
    int64_t bytes;
    int64_t width, height; /* upright; 0: not known, or none */
    int64_t frames;        /* over 1: it moves; 0: not known */
    int64_t duration_ms;
    str hash; /* SHA-256 of the file at `path`, 64 hex digits; empty for records of old imports */
    str original;      /* of the bytes as they came */
    str original_type; /* their content type, when they are kept below media/.original; else empty */
    str color;         /* "#aabbcc"; empty: not known, or a picture that can be seen through */
    str placeholder;   /* data: URI */
    str title, alt, caption, credit, licence; /* plain text */
    struct media_focus focus;
    person_id person;
    time_us created_at, updated_at;
};

/* ---- reading ---- */

MUST_USE enum status media_by_id(struct store_conn *conn, media_id id, struct arena *arena,
                                 struct media **ret_media, struct error *err);
MUST_USE enum status media_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                                       struct media **ret_media, struct error *err);
MUST_USE enum status media_by_path(struct store_conn *conn, str path, struct arena *arena,
                                   struct media **ret_media, struct error *err);
/* All at once: ret_media has `count` places, NULL where there is no record. A statement for every
 * MEDIA_PATHS_AT_ONCE different paths; none for none. */
enum { MEDIA_PATHS_AT_ONCE = 32 };
MUST_USE enum status media_by_paths(struct store_conn *conn, const str *paths, size_t count,
                                    struct arena *arena, struct media **ret_media,
                                    struct error *err);
/* The record of each story's own picture, for all rows at once: one statement, as news/list.h's loaders. */
MUST_USE enum status media_load_pictures(struct store_conn *conn, struct story **rows, size_t count,
                                         struct arena *arena, struct error *err);
/* The record whose bytes, as they came, have this SHA-256: a second offer is that one. */
MUST_USE enum status media_by_original(struct store_conn *conn, str original, struct arena *arena,
                                       struct media **ret_media, struct error *err);

/* Where a path that was used before leads: *ret_path empty when it was removed (410). ST_NOT_FOUND:
 * it never was, or is still in use. */
MUST_USE enum status media_moved(struct store_conn *conn, str path, struct arena *arena,
                                 str *ret_path, struct error *err);
/* Whether a new file may have this path: no record has or ever had it. */
MUST_USE enum status media_path_free(struct store_conn *conn, str path, bool *ret_free,
                                     struct error *err);

struct media_query {
    str words;    /* all of them stand in name, title, alt, caption, credit or licence */
    str language; /* of the words: the site's */
    enum media_class class;
    time_us from, until;     /* taken in within [from, until); 0: no bound */
    person_id person;        /* taken in by; {0}: anybody */
    bool no_alt;             /* pictures without a text for who cannot see them */
    story_id story;          /* what this story shows; with the others above */
    struct story_key before; /* media_key of the last row of the page before; {0}: the start */
    size_t limit;            /* 0: LIST_LIMIT_DEFAULT; at most LIST_LIMIT_MAX */
};

struct media_list {
    struct media **rows; /* the newest first */
    size_t count;
    bool more;
};
struct story_key media_key(const struct media *media);

/* By index, whatever the number of records: the condition that likely holds for the fewest is walked, the others are
 * asked of each row. One statement, and one more for each word. */
MUST_USE enum status media_list(struct store_conn *conn, const struct media_query *query,
                                struct arena *arena, struct media_list *ret_list,
                                struct error *err);

/* ---- who shows it ---- */

struct media_use {
    enum media_user { MEDIA_IN_STORY, MEDIA_IN_TAG, MEDIA_IN_BYLINE, MEDIA_IN_SETTING } user;
    int64_t id;             /* of story, tag or byline */
    str slug;               /* a setting: its name */
    str title;              /* or name; a setting: empty */
    enum story_state state; /* of a story */
};
/* `site` is the site's address: pictures may be named by it. Stories first (newest id first), at most MEDIA_USES_MAX of a kind; *ret_more: there are more. */
MUST_USE enum status media_uses(struct store_conn *conn, const struct media *media, str site,
                                struct arena *arena, struct media_use **ret_uses, size_t *ret_count,
                                bool *ret_more, struct error *err);
struct media_unused_query {
    media_id after; /* the last one that was looked at; {0}: the start */
    size_t limit;   /* found; as in media_query */
    size_t look; /* looked at: for a page, which must not walk over all; 0: as many as there are */
    str site;    /* as for media_uses */
};
/* Records that nothing shows, oldest first. `more`: some were not looked at; *ret_after is where to go on. ST_CONFLICT
 * while stories of an older version are still being looked through (media/refresh.h). */
MUST_USE enum status media_unused(struct store_conn *conn, const struct media_unused_query *query,
                                  struct arena *arena, struct media_list *ret_list,
                                  media_id *ret_after, struct error *err);

/* ---- writing ---- */

struct media_draft {
    str path, name, content_type;
    int64_t bytes, width, height, frames, duration_ms;
    str hash, original, original_type, color, placeholder;
    str title, alt, caption, credit, licence; /* cut to MEDIA_TEXT_MAX; must be UTF-8 */
    person_id person;
    str ghost_id;       /* empty: made here */
    time_us created_at; /* 0: now */
};
/* ST_CONFLICT: the path is or was in use. Stories that name the path already get its size behind. */
MUST_USE enum status media_insert(struct newsroom *desk, const struct media_draft *draft,
                                  media_id *ret_id, struct error *err);

/* What an editor says of it; .ptr NULL leaves a text as it is. */
struct media_edit {
    media_id id;
    str title, alt, caption, credit, licence;
    const struct media_focus *focus; /* NULL: as it is */
};
/* ST_INVALID: a focus outside of the picture or of its own crop, text too long. */
MUST_USE enum status media_save(struct newsroom *desk, const struct media_edit *edit,
                                struct error *err);
/* What the file says of itself, looked at anew: size, colour, hashes. Stories follow behind. */
MUST_USE enum status media_measured(struct newsroom *desk, media_id id,
                                    const struct media_draft *facts, struct error *err);

/* Files that no record has any more: to be removed once the write is committed. */
struct media_left {
    str path;     /* empty: none */
    str original; /* SHA-256 of the kept original; empty: another record has it too, or none was kept */
    str original_type;
};
/* All that shows `old` shows `with` from now on; `old`'s paths lead to it, and `old` is gone. What `with` does
 * not say itself (title, alt, caption, credit, licence) it takes from `old`. ST_CONFLICT: the same one. */
MUST_USE enum status media_replace(struct newsroom *desk, media_id old, media_id with,
                                   struct media_left *ret_left, struct error *err);
/* ST_CONFLICT while something shows it, unless `force`. Its address answers 410. */
MUST_USE enum status media_remove(struct newsroom *desk, media_id id, bool force,
                                  struct media_left *ret_left, struct error *err);

/* ---- for stories being saved ---- */

/* The records on `conn`, for story_prepare and pictures_write: no statement for a story without
 * pictures of ours. In the arena, for as long as `conn`; one thread at a time. */
const struct picture_lookup *media_lookup(struct arena *arena, struct store_conn *conn);
