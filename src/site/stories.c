/* SPDX-License-Identifier: MIT
 *
 * A story's or a page's own address. With ?reply=TOKEN it is shown as the writer of a reply sees it,
 * with ?replyto=ID the form answers that reply; those are made for one reader and never kept. With
 * ?replies=AT-ID or AT-ID-AT-ID the thread goes on from there: that may be indexed under the story's
 * address, and is not kept, as it is seldom asked for. */
#include "base/arena.h"
#include "base/parse.h"
#include "news/comment.h"
#include "news/story.h"
#include "site/visit.h"

#include <sodium.h>

/* "AT-ID", of a thread; "AT-ID-AT-ID", of a reply in it. */
static bool place_read(str text, struct comment_place *ret_place)
{
    uint64_t n[4] = {0};
    size_t count = 0;
    while (text.len > 0) {
        str part = str_cut(&text, '-');
        if (count == ARRAY_LEN(n) || !str_to_u64(part, (uint64_t)INT64_MAX, &n[count++]))
            return false;
    }
    *ret_place =
        (struct comment_place){{(int64_t)n[0], (int64_t)n[1]}, {(int64_t)n[2], (int64_t)n[3]}};
    return (count == 2 || count == 4) && n[1] != 0;
}

static enum status reply_wanted(struct visit *v, const struct story *story, struct reply_view *view,
                                bool *ret_wanted, struct error *err)
{
    str value;
    struct comment *reply;
    uint64_t number;

    *ret_wanted = false;
    if (http_query_get(v->req, S("reply"), &value)) {
        enum status st = comment_by_token(v->conn, value, v->arena, &reply, err);
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        *ret_wanted = true; /* an old or false token shows the story, not a page of its own */
        /* Of spam its writer is not told: it is held, as far as they can see. */
        if (st == ST_OK && reply->story.v == story->id.v && reply->state != COMMENT_TRASH) {
            view->own = reply->id;
            view->notice =
                reply->state == COMMENT_APPROVED ? REPLY_NOTICE_PUBLISHED : REPLY_NOTICE_HELD;
        }
    }
    if (http_query_get(v->req, S("replyto"), &value) &&
        str_to_u64(value, (uint64_t)INT64_MAX, &number)) {
        *ret_wanted = true;
        view->parent.v = (int64_t)number;
    }
    bool own = *ret_wanted;
    if (http_query_get(v->req, S("replies"), &value) && place_read(value, &view->after)) {
        *ret_wanted = true;
        view->elsewhere = !own;
    }
    return ST_OK;
}

enum status story_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct story *story;
    struct reply_view view = {0};
    bool wanted;
    enum status st =
        story_by_slug(v->conn, http_route_param(match, S("slug")), v->arena, &story, err);
    if (st != ST_OK)
        return st;
    if (story->state != STORY_PUBLISHED)
        return error_set(err, ST_NOT_FOUND, "the story is not published");
    struct page_request request =
        visit_request(v, story->kind == STORY_PAGE ? PAGE_PAGE : PAGE_STORY);
    request.story = story;
    st = reply_wanted(v, story, &view, &wanted, err);
    if (st != ST_OK)
        return st;
    if (wanted)
        request.reply = &view;
    return visit_page(v, &request, 200, err);
}

/* ---- before readers see it ---- */

static bool key_matches(str sent, str key)
{
    return key.len > 0 && sent.len == key.len && sodium_memcmp(sent.ptr, key.ptr, key.len) == 0;
}

/* /p/UUID/?key=KEY: a story by the link that somebody at the desk made for it. The uuid says which: it is public
 * once the story is (Ghost's API prints it); the key is what is secret. What is wrong with a link is not said. */
enum status story_preview(struct visit *v, const struct http_route_match *match, struct error *err)
{
    struct story *story;
    str key = STR_NONE, sent = STR_NONE;
    enum status st =
        story_by_uuid(v->conn, http_route_param(match, S("uuid")), v->arena, &story, err);
    if (st == ST_OK)
        st = story_preview_key(v->conn, story->id, v->arena, &key, err);
    if (st != ST_OK)
        return st;
    (void)http_query_get(v->req, S("key"), &sent);
    if (!key_matches(sent, key) || story->state == STORY_TRASHED)
        return error_set(err, ST_NOT_FOUND, "the link leads nowhere");
    if (story->state == STORY_PUBLISHED) {
        http_response_redirect(v->res, 302, story_path(v->arena, story));
        return ST_OK;
    }
    struct page_request request =
        visit_request(v, story->kind == STORY_PAGE ? PAGE_PAGE : PAGE_STORY);
    request.story = story;
    request.preview = true;
    st = visit_page(v, &request, 200, err);
    v->content.headers =
        str_join2(v->arena, v->content.headers, S("X-Robots-Tag: noindex, nofollow\r\n"));
    return st;
}

enum status site_story_page(struct site *site, struct store_conn *conn, struct edition *edition,
                            struct story *story, time_us now, struct arena *arena, str *ret_html,
                            struct error *err)
{
    struct theme_page page;
    struct page_request request = {
        .kind = story->kind == STORY_PAGE ? PAGE_PAGE : PAGE_STORY,
        .conn = conn,
        .site = edition->settings,
        .zone = edition->zone,
        .zones = site->zones,
        .addresses = &site->addresses,
        .now = now,
        .path = story_path(arena, story),
        .story = story,
        .preview = true,
    };
    enum status st = theme_render(edition->theme, &request, arena, &page, err);
    if (st == ST_OK)
        *ret_html = page.text;
    return st;
}
