/* SPDX-License-Identifier: MIT
 *
 * Taking replies in and moving them between states. The count that a story keeps, and the name that
 * drops its page, change together with the state, in set_shown: nowhere else. */
#include "news/comment.h"
#include "base/arena.h"
#include "base/buf.h"
#include "news/comment_row.h"
#include "news/listing.h"
#include "news/person.h"
#include "news/setting.h"
#include "store/store.h"
#include "text/markdown.h"
#include "text/plain.h"
#include "text/sanitize.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- preparing ---- */

static void check_name(struct arena *arena, struct comment_prepared *r)
{
    struct comment_draft *d = &r->draft;
    d->name = plain_one_line(arena, utf8_strip_controls(arena, d->name, UTF8_DROP_BIDI));
    if (d->name.len == 0)
        r->problems[COMMENT_FIELD_NAME] = S("Please give a name.");
    else if (d->name.len > COMMENT_NAME_MAX)
        r->problems[COMMENT_FIELD_NAME] = S("That name is too long.");
}

static void check_email(struct arena *arena, const struct site_settings *site,
                        struct comment_prepared *r)
{
    struct comment_draft *d = &r->draft;
    bool required = site == NULL || site->comments_require_email;
    d->email = str_trim(d->email);
    if (d->email.len == 0) {
        if (required && d->person.v == 0)
            r->problems[COMMENT_FIELD_EMAIL] = S("Please give an email address.");
    } else if (d->email.len > COMMENT_EMAIL_MAX ||
               email_key(arena, d->email, &r->email_key, NULL) != ST_OK) {
        r->problems[COMMENT_FIELD_EMAIL] = S("That is not an email address.");
    }
}

/* "example.org" is meant as an address; what names another scheme is refused. */
static void check_site(struct arena *arena, struct comment_prepared *r)
{
    struct comment_draft *d = &r->draft;
    str site = str_trim(d->site);
    d->site = STR_NONE;
    if (site.len == 0)
        return;
    enum url_kind kind = url_kind(site);
    if (kind == URL_RELATIVE)
        site = str_join2(arena, S("https://"), site);
    else if (kind == URL_NO_SCHEME)
        site = str_join2(arena, S("https:"), site);
    str clean;
    bool good =
        (kind == URL_RELATIVE || kind == URL_NO_SCHEME || kind == URL_HTTP || kind == URL_HTTPS) &&
        site.len <= COMMENT_SITE_MAX && clean_url(arena, site, &clean) &&
        str_find_char(url_split(clean).host, '.') != STR_NPOS;
    if (good)
        d->site = clean;
    else
        r->problems[COMMENT_FIELD_SITE] = S("That is not a web address.");
}

static size_t count_links(html text)
{
    size_t count = 0;
    str rest = text.raw;
    for (;;) {
        size_t at = str_find(rest, S("<a "));
        if (at == STR_NPOS)
            return count;
        count++;
        rest = str_from(rest, at + 3);
    }
}

static bool check_text(struct arena *arena, struct comment_prepared *r)
{
    struct comment_draft *d = &r->draft;
    str source = d->html.len > 0 ? d->html : d->text;
    if (source.len > COMMENT_TEXT_MAX && !d->imported) {
        r->problems[COMMENT_FIELD_TEXT] = S("That reply is too long.");
        return false;
    }
    enum status st = d->html.len > 0
                         ? html_clean(arena, d->html, &(struct clean_profile){.kind = CLEAN_REPLY},
                                      &r->text, NULL, NULL)
                         : reply_from_text(arena, d->text, REPLY_MARKDOWN, &r->text, NULL);
    if (st != ST_OK || str_trim(plain_from_clean(arena, r->text)).len == 0) {
        r->problems[COMMENT_FIELD_TEXT] =
            st == ST_TOO_BIG ? S("That reply is too long.") : S("Please write a reply.");
        return false;
    }
    r->links = count_links(r->text);
    return true;
}

enum status comment_prepare(struct arena *arena, const struct comment_draft *draft,
                            const struct site_settings *site, struct comment_prepared *ret_ready,
                            struct error *err)
{
    struct comment_prepared r = {.draft = *draft};
    r.draft.text = utf8_repair(arena, draft->text);
    r.draft.html = utf8_repair(arena, draft->html);
    r.draft.name = utf8_repair(arena, draft->name);
    r.draft.email = utf8_repair(arena, draft->email);
    r.draft.site = utf8_repair(arena, draft->site);
    check_name(arena, &r);
    check_email(arena, site, &r);
    check_site(arena, &r);
    (void)check_text(arena, &r);
    if (draft->imported) {
        /* What another system took in is kept, less what cannot be. */
        if (r.draft.name.len == 0)
            r.draft.name = S("Anonymous");
        r.draft.name = utf8_cut_bytes(r.draft.name, COMMENT_NAME_MAX);
        r.problems[COMMENT_FIELD_NAME] = STR_NONE;
        r.problems[COMMENT_FIELD_EMAIL] = STR_NONE;
        r.problems[COMMENT_FIELD_SITE] = STR_NONE;
        if (r.email_key.len == 0)
            r.draft.email = STR_NONE;
    }
    *ret_ready = r;
    for (size_t i = 0; i < COMMENT_FIELD_COUNT; i++) {
        if (r.problems[i].len > 0)
            return error_set(err, ST_INVALID, "%.*s", STR_ARG(r.problems[i]));
    }
    return ST_OK;
}

bool comment_open(const struct story *story, const struct site_settings *site, time_us now,
                  time_us *ret_closes_at)
{
    *ret_closes_at = 0;
    if (!story->replies_open || story->state != STORY_PUBLISHED ||
        (site != NULL && !site->comments_on))
        return false;
    if (site == NULL || site->comments_close_days == 0)
        return true;
    time_us closes = story->published_at + site->comments_close_days * TIME_DAY;
    if (closes <= now)
        return false;
    *ret_closes_at = closes;
    return true;
}

/* ---- adding ---- */

static enum status find_token(struct store_conn *conn, str token, struct comment_added *ret_added,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT id, state FROM comment WHERE token = $1"));
    store_bind_text(q, 1, token);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    ret_added->id.v = store_column_int(q, 0);
    (void)comment_state_from_name(store_column_text(q, 1), &ret_added->state);
    ret_added->again = true;
    return ST_OK;
}

/* The thread that a reply to `parent` stands in. */
static enum status find_thread(struct store_conn *conn, const struct comment_draft *d,
                               int64_t *ret_thread, time_us *ret_thread_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT story, thread, thread_at, state FROM comment WHERE id = $1"));
    store_bind_int(q, 1, d->parent.v);
    enum status st = store_step(q, err);
    bool fits = st == ST_OK && store_column_int(q, 0) == d->story.v &&
                (d->imported || str_eq(store_column_text(q, 3), S("approved")));
    if (st == ST_NOT_FOUND || (st == ST_OK && !fits))
        return error_set(err, ST_INVALID, "the reply it answers is not there");
    if (st == ST_OK) {
        *ret_thread = store_column_int(q, 1);
        *ret_thread_at = store_column_int(q, 2);
    }
    return st;
}

static enum status writer_approved(struct store_conn *conn, str email, bool *ret_is,
                                   struct error *err)
{
    *ret_is = false;
    if (email.len == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT id FROM comment WHERE email_key = $1"
                                                 " AND state = 'approved' LIMIT 1"));
    store_bind_text(q, 1, email);
    enum status st = store_step(q, err);
    *ret_is = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Held or shown, and why. */
static enum status judge(struct newsroom *desk, const struct comment_prepared *r,
                         enum comment_state *ret_state, str *ret_why, struct error *err)
{
    const struct comment_draft *d = &r->draft;
    const struct site_settings *site = desk->site;
    enum comments_moderation policy = site != NULL ? site->comments_moderation : MODERATE_FIRST;
    int64_t links_max = site != NULL ? site->comments_links_max : 2;
    bool known = true;
    *ret_why = STR_NONE;
    *ret_state = d->state;
    if (d->imported)
        return ST_OK;
    *ret_state = COMMENT_APPROVED;
    if (d->person.v != 0)
        return ST_OK;
    if (d->spam.len > 0) {
        *ret_why = d->spam;
        *ret_state = COMMENT_SPAM;
        return ST_OK;
    }
    enum status st = policy == MODERATE_FIRST
                         ? writer_approved(store_tx_conn(desk->tx), r->email_key, &known, err)
                         : ST_OK;
    if (st != ST_OK)
        return st;
    if (d->suspect.len > 0)
        *ret_why = d->suspect;
    else if (i64_from_size(r->links) > links_max)
        *ret_why = S("many links");
    else if (policy == MODERATE_ALL)
        *ret_why = S("every reply is read first");
    else if (!known)
        *ret_why = S("first reply of this writer");
    if (ret_why->len > 0)
        *ret_state = COMMENT_PENDING;
    return ST_OK;
}

/* `by` replies more, or fewer, are shown on this story. */
static enum status set_shown(struct newsroom *desk, story_id story, int64_t by, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("UPDATE story SET comment_count = comment_count + $2 WHERE id = $1"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, by);
    enum status st = store_run(q, err);
    if (st != ST_OK)
        return st;
    struct listing places;
    st = listing_read(conn, story, desk->arena, &places, err);
    if (st != ST_OK)
        return st;
    change_story(desk, story);
    listing_raise_counts(desk, &places);
    return ST_OK;
}

static enum status row_insert(struct newsroom *desk, const struct comment_prepared *r,
                              enum comment_state state, str why, int64_t thread, time_us thread_at,
                              comment_id *ret_id, struct error *err)
{
    const struct comment_draft *d = &r->draft;
    time_us created = d->created_at != 0 ? d->created_at : desk->now;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO comment (ghost_id, story, parent, thread, thread_at, name, email,"
            " email_key, site, html, source_text, state, why, person, address, token, created_at, byline)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
            " COALESCE($18, (SELECT MIN(id) FROM byline WHERE person = $14)))"
            " RETURNING id"));
    store_bind_text(q, 1, ghost_id_new(desk->rng, desk->arena, created));
    store_bind_int(q, 2, d->story.v);
    store_bind_int_or_null(q, 3, d->parent.v);
    store_bind_int_or_null(q, 4, thread);
    store_bind_int(q, 5, thread != 0 ? thread_at : created);
    store_bind_text(q, 6, d->name);
    store_bind_text_or_null(q, 7, d->email);
    store_bind_text_or_null(q, 8, r->email_key);
    store_bind_text_or_null(q, 9, d->site);
    store_bind_text(q, 10, r->text.raw);
    store_bind_text(q, 11, d->html.len > 0 ? d->html : d->text);
    store_bind_text(q, 12, comment_state_text(state));
    store_bind_text_or_null(q, 13, why);
    store_bind_int_or_null(q, 14, d->person.v);
    store_bind_text_or_null(q, 15, d->address);
    store_bind_text_or_null(q, 16, d->token);
    store_bind_int(q, 17, created);
    store_bind_int_or_null(q, 18, d->imported ? d->byline.v : 0);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    comment_id id = {store_column_int(q, 0)};
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    *ret_id = id;
    if (thread != 0)
        return ST_OK;
    /* The first of a thread is its own: known only now. */
    AUTO(store_stmt_donep)
    struct store_stmt *own =
        store_query(store_tx_conn(desk->tx), SQL("UPDATE comment SET thread = id WHERE id = $1"));
    store_bind_int(own, 1, id.v);
    return store_run(own, err);
}

static enum status check_story(struct newsroom *desk, const struct comment_draft *d,
                               struct error *err)
{
    struct story *story;
    time_us closes_at;
    enum status st = story_by_id(store_tx_conn(desk->tx), d->story, desk->arena, &story, err);
    if (st != ST_OK || d->imported)
        return st;
    if (story->state != STORY_PUBLISHED)
        return error_set(err, ST_NOT_FOUND, "that story is not published");
    if (!comment_open(story, desk->site, desk->now, &closes_at))
        return error_set(err, ST_DENIED, "Replies are closed.");
    return ST_OK;
}

enum status comment_add(struct newsroom *desk, const struct comment_prepared *ready,
                        struct comment_added *ret_added, struct error *err)
{
    const struct comment_draft *d = &ready->draft;
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct comment_added added = {0};
    enum status st = d->token.len > 0 ? find_token(conn, d->token, &added, err) : ST_NOT_FOUND;
    if (st == ST_OK) {
        *ret_added = added;
        return ST_OK;
    }
    if (st != ST_NOT_FOUND)
        return st;
    int64_t thread = 0;
    time_us thread_at = 0;
    str why = STR_NONE;
    st = d->count_later ? ST_OK : check_story(desk, d, err);
    if (st == ST_OK && d->parent.v != 0)
        st = find_thread(conn, d, &thread, &thread_at, err);
    if (st == ST_OK)
        st = judge(desk, ready, &added.state, &why, err);
    if (st == ST_OK)
        st = row_insert(desk, ready, added.state, why, thread, thread_at, &added.id, err);
    if (st == ST_OK && added.state == COMMENT_APPROVED && !d->count_later)
        st = set_shown(desk, d->story, 1, err);
    if (st == ST_OK)
        *ret_added = added;
    return st;
}

enum status comment_count(struct newsroom *desk, story_id story, int64_t shown, struct error *err)
{
    return shown == 0 ? ST_OK : set_shown(desk, story, shown, err);
}

/* ---- deciding ---- */

enum status comment_set_state(struct newsroom *desk, comment_id id, enum comment_state state,
                              str why, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct comment *old;
    enum status st = comment_by_id(conn, id, desk->arena, &old, err);
    if (st != ST_OK || old->state == state)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("UPDATE comment SET state = $2, why = $3, decided_at = $4 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, comment_state_text(state));
    store_bind_text_or_null(q, 3, why);
    store_bind_int(q, 4, desk->now);
    st = store_run(q, err);
    if (st == ST_OK && state == COMMENT_APPROVED)
        st = set_shown(desk, old->story, 1, err);
    else if (st == ST_OK && old->state == COMMENT_APPROVED)
        st = set_shown(desk, old->story, -1, err);
    return st;
}

enum status comment_edit(struct newsroom *desk, comment_id id, const struct comment_prepared *ready,
                         struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct comment *old;
    enum status st = comment_by_id(conn, id, desk->arena, &old, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("UPDATE comment SET html = $2, source_text = $3, edited_at = $4 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, ready->text.raw);
    store_bind_text(q, 3, ready->draft.text);
    store_bind_int(q, 4, desk->now);
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    bool hold = desk->person.v == 0 && desk->site != NULL &&
                desk->site->comments_moderation == MODERATE_ALL;
    if (hold && old->state == COMMENT_APPROVED)
        return comment_set_state(desk, id, COMMENT_PENDING, S("edited by its writer"), err);
    if (old->state == COMMENT_APPROVED)
        change_story(desk, old->story);
    return ST_OK;
}

enum status comment_delete(struct newsroom *desk, comment_id id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct comment *old;
    enum status st = comment_by_id(conn, id, desk->arena, &old, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("DELETE FROM comment WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    st = store_run(q, err);
    if (st == ST_OK && old->state == COMMENT_APPROVED)
        st = set_shown(desk, old->story, -1, err);
    return st;
}

/* ---- a writer's wish to be forgotten ---- */

enum { ERASE_AT_A_TIME = 500 };

static enum status read_writers(struct newsroom *desk, str key, comment_id *ids, size_t *ret_count,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("SELECT id FROM comment WHERE email_key = $1 ORDER BY state, id LIMIT $2"));
    store_bind_text(q, 1, key);
    store_bind_int(q, 2, ERASE_AT_A_TIME);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < ERASE_AT_A_TIME)
        ids[count++].v = store_column_int(q, 0);
    *ret_count = count;
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status erase_one(struct newsroom *desk, comment_id id, struct error *err)
{
    enum status st =
        comment_set_state(desk, id, COMMENT_TRASH, S("erased at its writer's wish"), err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("UPDATE comment SET name = '', email = NULL, email_key = NULL, site = NULL,"
                        " html = '', source_text = '', address = NULL, token = NULL, byline = NULL"
                        " WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    return store_run(q, err);
}

enum status comment_erase_writer(struct newsroom *desk, str email, int64_t *ret_count,
                                 struct error *err)
{
    str key;
    enum status st = email_key(desk->arena, email, &key, err);
    comment_id *ids = arena_new_array(desk->arena, comment_id, ERASE_AT_A_TIME);
    int64_t erased = 0;
    size_t count = 1;
    while (st == ST_OK && count > 0) {
        st = read_writers(desk, key, ids, &count, err);
        for (size_t i = 0; st == ST_OK && i < count; i++, erased++)
            st = erase_one(desk, ids[i], err);
    }
    if (st == ST_OK)
        *ret_count = erased;
    return st;
}
