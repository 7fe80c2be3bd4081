/* SPDX-License-Identifier: MIT
 *
 * Leave a reply: POST /slug/. Checked here, on a render thread; written by the store's writer; the
 * answer goes out after the commit, when the reply is on the disk (303 to the story as its writer
 * sees it). A form with something wrong comes back whole, 422, everything typed kept. */
#include "site/reply.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/parse.h"
#include "http/form.h"
#include "http/origin.h"
#include "news/ban.h"
#include "news/comment.h"
#include "news/setting.h"
#include "news/story.h"
#include "site/bans.h"
#include "site/folder.h"
#include "site/limiter.h"
#include "site/visit.h"
#include "store/store.h"

#include <sodium.h>

enum { REPLY_FIELDS_MAX = 20 };

static const struct http_form_limits reply_limits = {
    .fields = REPLY_FIELDS_MAX,
    .name_bytes = 100,
    .value_bytes = SITE_REPLY_BYTES_MAX,
    .part_head_bytes = 1024,
};

str reply_token(struct arena *arena, const unsigned char secret[32],
                const struct comment_draft *draft)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    int64_t numbers[] = {draft->story.v, draft->parent.v};
    const str parts[] = {
        {(const char *)numbers, sizeof(numbers)}, draft->name, draft->email, draft->text};

    crypto_auth_hmacsha256_init(&state, secret, 32);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        uint64_t len = parts[i].len; /* so that no two sets of parts run together the same */
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)&len, sizeof(len));
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    }
    crypto_auth_hmacsha256_final(&state, mac);
    char *hex = arena_alloc(arena, REPLY_TOKEN_HEX + 1, 1);
    sodium_bin2hex(hex, REPLY_TOKEN_HEX + 1, mac, REPLY_TOKEN_HEX / 2);
    return (str){hex, REPLY_TOKEN_HEX};
}

/* ---- reading the form ---- */

static str shortened_address(struct visit *v)
{
    char *space = arena_alloc(v->arena, HTTP_ADDRESS_TEXT_MAX, 1);
    return http_address_format(&v->req->reader, HTTP_ADDRESS_SHORT, space);
}

static enum status draft_read(struct visit *v, const struct story *story,
                              struct comment_draft *draft, struct error *err)
{
    struct http_form form;
    uint64_t parent = 0;
    enum status st = http_form_parse(v->req, &reply_limits, &form, err);
    if (st != ST_OK)
        return st;
    str parent_text = http_form_value(&form, S("parent"));
    if (parent_text.len > 0 && !str_to_u64(parent_text, (uint64_t)INT64_MAX, &parent))
        return error_set(err, ST_INVALID, "parent should be a reply's number");
    *draft = (struct comment_draft){
        .story = story->id,
        .parent = {(int64_t)parent},
        .name = http_form_value(&form, S("name")),
        .email = http_form_value(&form, S("email")),
        .site = http_form_value(&form, S("website")),
        .text = http_form_value(&form, S("text")),
        .address = shortened_address(v),
    };
    if (http_form_value(&form, S(PAGE_REPLY_TRAP)).len > 0)
        draft->suspect = S("the form's trap was filled in");
    draft->token = reply_token(v->arena, v->site->folder->secret, draft);
    return ST_OK;
}

/* ---- the moderators' lists ---- */

/* Where many may stand behind one address, as behind a proxy that nobody told of, no network is known. */
static enum status find_ban(struct visit *v, const struct comment_prepared *ready,
                            enum ban_act *ret_act, str *ret_why, struct error *err)
{
    AUTO(ban_list_unrefp) struct ban_list *bans = NULL;
    enum status st = bans_current(v->site->bans, v->conn, v->bans_wanted, &bans, err);
    if (st != ST_OK)
        return st;
    const struct ban *ban =
        ban_list_match(bans, v->arena, ready, v->req->limited ? ready->draft.address : STR_NONE);
    *ret_why = STR_NONE;
    if (ban == NULL)
        return ST_OK;
    *ret_act = ban->act;
    *ret_why = str_format(v->arena, "on the list of %.*ss", STR_ARG(ban_kind_name(ban->kind)));
    /* The reason goes with the reply wherever it goes: nothing that tells who wrote it stands in it. */
    if (ban->kind == BAN_WORD || ban->kind == BAN_SITE)
        *ret_why = str_join3(v->arena, *ret_why, S(": "), ban->value);
    return ST_OK;
}

/* ---- answers ---- */

static enum status form_again(struct visit *v, struct story *story,
                              const struct comment_prepared *ready, struct error *err)
{
    struct reply_view view = {
        .parent = ready->draft.parent,
        .text = ready->draft.text,
        .name = ready->draft.name,
        .email = ready->draft.email,
        .website = ready->draft.site,
        .refused = true,
    };
    for (size_t i = 0; i < COMMENT_FIELD_COUNT; i++)
        view.problems[i] = ready->problems[i];
    struct page_request request = visit_request(v, PAGE_STORY);
    request.story = story;
    request.reply = &view;
    return visit_page(v, &request, 422, err);
}

/* What travels with the write. Lives in the exchange's arena. */
struct reply_write {
    struct site *site;
    struct http_exchange *x;
    struct edition *edition;
    struct comment_prepared ready;
    struct comment_added added;
    str slug;
};

static enum status reply_insert(struct store_tx *tx, void *arg, struct error *err)
{
    struct reply_write *write = arg;
    struct newsroom desk = {.tx = tx,
                            .arena = http_exchange_arena(write->x),
                            .rng = write->site->rng,
                            .now = clock_now(write->site->clock),
                            .site = write->edition->settings};
    return comment_add(&desk, &write->ready, &write->added, err);
}

/* On the writer's thread, after the commit. */
static void reply_stored(void *arg, enum status st, const struct error *err)
{
    struct reply_write *write = arg;
    struct http_response *res = http_exchange_response(write->x);
    struct edition *edition = write->edition;

    if (st == ST_OK) {
        str to = str_format(http_exchange_arena(write->x), "/%.*s/?reply=%.*s#reply-%lld",
                            STR_ARG(write->slug), STR_ARG(write->ready.draft.token),
                            (long long)write->added.id.v);
        http_response_redirect(res, 303, to);
        http_response_header(res, S("Cache-Control"), S("no-store"));
    } else {
        if (st == ST_IO)
            log_error(write->site->log, "reply not written", LOG_ERR(err));
        http_response_error(res, st, st == ST_IO ? NULL : err);
    }
    http_exchange_finish(write->x);
    edition_unref(edition);
}

/* The last thing done with the exchange on this thread: it may be finished before store_write returns. */
static void reply_queue(void *arg)
{
    struct reply_write *write = arg;
    struct error err = ERROR_INIT;
    enum status st =
        store_write(write->site->store, reply_insert, write, reply_stored, write, &err);
    if (st == ST_OK)
        return;
    struct edition *edition = write->edition;
    http_exchange_busy(write->x); /* too many are waiting: nothing was taken */
    http_exchange_finish(write->x);
    edition_unref(edition);
}

static void reply_send(struct visit *v, const struct story *story,
                       const struct comment_prepared *ready)
{
    struct reply_write *write = arena_new_one(v->arena, struct reply_write);
    write->site = v->site;
    write->x = v->x;
    write->edition = TAKE(v->edition);
    write->ready = *ready;
    write->slug = story->slug;
    v->hand_over = reply_queue;
    v->hand_over_arg = write;
}

enum status reply_post(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct story *story;
    struct comment_draft draft = {0};
    struct comment_prepared ready;
    time_us closes_at;

    if (http_origin(v->req, v->edition->settings->url) == HTTP_ORIGIN_OTHER)
        return error_set(err, ST_DENIED, "replies are taken from this site's own pages only");
    enum status st =
        story_by_slug(v->conn, http_route_param(match, S("slug")), v->arena, &story, err);
    if (st != ST_OK)
        return st;
    if (story->state != STORY_PUBLISHED || story->kind != STORY_STORY)
        return error_set(err, ST_NOT_FOUND, "there is no story to reply to");
    if (!comment_open(story, v->edition->settings, v->now, &closes_at))
        return error_set(err, ST_DENIED, "replies to this story are closed");
    st = draft_read(v, story, &draft, err);
    if (st != ST_OK)
        return st;
    if (v->req->limited && !limiter_allow(v->site->replies, &v->req->reader, v->now)) {
        http_response_text(v->res, 429, S("Too many replies at once; please wait a minute.\n"));
        http_response_header(v->res, S("Retry-After"), S("60"));
        return ST_OK;
    }
    st = comment_prepare(v->arena, &draft, v->edition->settings, &ready, err);
    if (st == ST_INVALID)
        return form_again(v, story, &ready, err);
    enum ban_act act = BAN_HOLD;
    str why = STR_NONE;
    if (st == ST_OK)
        st = find_ban(v, &ready, &act, &why, err);
    if (st != ST_OK)
        return st;
    if (why.len > 0 && act == BAN_REFUSE) {
        ready.problems[COMMENT_FIELD_TEXT] = S("This reply was not taken.");
        return form_again(v, story, &ready, err);
    }
    if (why.len > 0 && act == BAN_SPAM)
        ready.draft.spam = why;
    else if (why.len > 0)
        ready.draft.suspect = why;
    reply_send(v, story, &ready);
    return ST_OK;
}
