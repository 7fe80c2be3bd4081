/* SPDX-License-Identifier: MIT */
#include "desk/errand.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "desk/look.h"
#include "desk/secret.h"
#include "desk/session.h"
#include "http/cookie.h"
#include "http/exchange.h"
#include "http/origin.h"
#include "http/status_code.h"
#include "news/comment_desk.h"
#include "news/setting.h"
#include "news/story.h"
#include "store/store.h"

#define COOKIE_SECONDS (SESSION_LIFE / TIME_SECOND)

static const struct http_form_limits form_limits[] = {
    [ERRAND_FORM] = {.fields = 300,
                     .name_bytes = 100,
                     .value_bytes = 64 * 1024,
                     .part_head_bytes = 1024},
    [ERRAND_TEXT] = {.fields = 300,
                     .name_bytes = 100,
                     .value_bytes = STORY_BODY_MAX,
                     .part_head_bytes = 1024},
    [ERRAND_FILE] = {.fields = 300,
                     .name_bytes = 100,
                     .value_bytes = 64 * 1024,
                     .part_head_bytes = 4096},
};

/* ---- the cookie ---- */

static bool is_https(const struct errand *e)
{
    return str_starts(e->edition->settings->url, S("https://"));
}

/* A cookie of path /desk/ cannot be a __Host- one (its path is /); over https it is a __Secure- one. */
#define COOKIE_NAME        S("desk")
#define COOKIE_NAME_SECURE S("__Secure-desk")

static str cookie_name(const struct errand *e)
{
    return is_https(e) ? COOKIE_NAME_SECURE : COOKIE_NAME;
}

#define PASS S("desk session")

void errand_token_new(struct errand *e)
{
    e->token = secret_new_sealed(e->rng, e->arena, e->key, PASS);
    e->token_new = true;
}

/* Of somebody who is not signed in. */
static void visitor_token_new(struct errand *e)
{
    e->token = secret_new(e->rng, e->arena);
    e->token_new = true;
}

bool errand_has_pass(const struct http_request *req, const unsigned char *key)
{
    str value;
    return (http_request_cookie(req, COOKIE_NAME, &value) ||
            http_request_cookie(req, COOKIE_NAME_SECURE, &value)) &&
           secret_sealed(req->arena, key, PASS, value);
}

void errand_token_forget(struct errand *e)
{
    e->token = STR_NONE;
    e->token_new = true;
}

static void cookie_send(struct errand *e)
{
    str line;
    struct error err = ERROR_INIT;
    if (!e->token_new)
        return;
    /* A form posted by another site comes without our cookie (SameSite): the answer to it must not put
     * a visitor's in the place of the session that is there. */
    if (e->req->method == HTTP_POST &&
        http_origin(e->req, e->edition->settings->url) == HTTP_ORIGIN_OTHER)
        return;
    enum status st = http_cookie_format(
        e->arena,
        &(struct http_cookie){.name = cookie_name(e),
                              .value = e->token,
                              .path = S("/desk/"),
                              .secure = is_https(e),
                              .http_only = true,
                              .same_site = HTTP_SAME_SITE_LAX,
                              .max_age_s = e->token.len > 0 ? COOKIE_SECONDS : -1},
        &line, &err);
    CHECK(st == ST_OK);
    http_response_header(e->res, S("Set-Cookie"), line);
}

/* What a form carries: nobody can say it who does not have both the cookie and the site's key. */
str errand_form_token(struct errand *e)
{
    return secret_seal(e->arena, e->key, S("desk form"), e->token);
}

/* ---- answers ---- */

/* Everything the desk sends. Referrer-Policy is not no-referrer: browsers then send `Origin: null`. */
static void headers_send(struct errand *e)
{
    static const struct {
        str name, value;
    } headers[] = {
        {STR_INIT("Content-Security-Policy"),
         STR_INIT("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
                  "img-src 'self' data: blob:; media-src 'self'; frame-src 'self'; "
                  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")},
        {STR_INIT("X-Frame-Options"), STR_INIT("DENY")},
        {STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff")},
        {STR_INIT("Referrer-Policy"), STR_INIT("same-origin")},
        {STR_INIT("Cross-Origin-Opener-Policy"), STR_INIT("same-origin")},
        {STR_INIT("X-Robots-Tag"), STR_INIT("noindex, nofollow")},
        {STR_INIT("Cache-Control"), STR_INIT("no-store")},
    };
    /* What has a life in a cache is a file of ours; on a page the form's token stands beside what a reader wrote. */
    if (!http_response_has(e->res, S("Cache-Control")))
        e->res->no_gzip = true;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        if (!http_response_has(e->res, headers[i].name)) /* a handler had its own */
            http_response_header(e->res, headers[i].name, headers[i].value);
    }
    cookie_send(e);
}

struct hbs_map *errand_values(struct errand *e)
{
    return hbs_map_new(e->arena);
}

str errand_say(const struct errand *e, str key)
{
    return look_say(e->tongue, key);
}

str errand_address(const struct errand *e, str path)
{
    str url = e->edition->settings->url;
    if (url.len == 0)
        url = str_join2(e->arena, e->req->secure ? S("https://") : S("http://"), e->req->host);
    return str_join2(e->arena, url, path);
}

/* "?done=WHAT": one of our own lines, or nothing. */
static void put_done(struct errand *e, struct hbs_map *data)
{
    str what, batch, n;
    if (!http_query_get(e->req, S("done"), &what) || what.len > 60)
        return;
    str key = str_join2(e->arena, S("done."), what);
    if (!look_has(e->look, key))
        return;
    hbs_map_set(data, S("done"), hbs_string(key));
    hbs_map_set(data, S("n"),
                hbs_string(http_query_get(e->req, S("n"), &n) && n.len < 6 ? n : S("0")));
    uint64_t id;
    if (http_query_get(e->req, S("batch"), &batch) && str_to_u64(batch, INT64_MAX, &id))
        hbs_map_set(data, S("undo"), hbs_string(batch));
}

static enum status put_person(struct errand *e, struct hbs_map *data, struct error *err)
{
    static const struct {
        str name;
        enum right right;
    } may[] = {
        {STR_INIT("may_replies"), RIGHT_REPLIES}, {STR_INIT("may_people"), RIGHT_PEOPLE},
        {STR_INIT("may_log"), RIGHT_LOG},         {STR_INIT("may_write"), RIGHT_WRITE},
        {STR_INIT("may_publish"), RIGHT_PUBLISH}, {STR_INIT("may_edit_all"), RIGHT_EDIT_ALL},
        {STR_INIT("may_tags"), RIGHT_TAGS},       {STR_INIT("may_bylines"), RIGHT_BYLINES},
        {STR_INIT("may_media"), RIGHT_MEDIA},     {STR_INIT("may_media_all"), RIGHT_MEDIA_ALL},
        {STR_INIT("may_numbers"), RIGHT_NUMBERS}, {STR_INIT("may_settings"), RIGHT_SETTINGS},
        {STR_INIT("may_themes"), RIGHT_THEMES},   {STR_INIT("may_transfer"), RIGHT_TRANSFER},
    };
    hbs_map_set(data, S("name"), hbs_string(e->person->name));
    for (size_t i = 0; i < ARRAY_LEN(may); i++)
        hbs_map_set(data, may[i].name, hbs_bool(right_has(e->person->role, may[i].right)));
    if (!right_has(e->person->role, RIGHT_REPLIES))
        return ST_OK;
    int64_t waiting;
    enum status st = comment_count_pending(e->conn, &waiting, err);
    if (st == ST_OK && waiting > 0)
        hbs_map_set(data, S("waiting"),
                    hbs_string(waiting >= COMMENT_PENDING_COUNTED
                                   ? str_format(e->arena, "%d+", COMMENT_PENDING_COUNTED - 1)
                                   : str_format(e->arena, "%lld", (long long)waiting)));
    return st;
}

/* "/desk/stories/12/" -> "stories": which part of the desk the navigation marks. */
static str part_of(str path)
{
    str rest = str_from(path, S("/desk/").len);
    return str_cut(&rest, '/');
}

static enum status page_data(struct errand *e, struct hbs_map *data, struct error *err)
{
    static const struct {
        str name, file;
    } files[] = {{STR_INIT("style"), STR_INIT("desk.css")},
                 {STR_INIT("script"), STR_INIT("desk.js")},
                 {STR_INIT("editor_style"), STR_INIT("editor.css")},
                 {STR_INIT("editor_script"), STR_INIT("editor.js")}};
    hbs_map_set(data, S("csrf"), hbs_string(errand_form_token(e)));
    hbs_map_set(data, S("site"), hbs_string(e->edition->settings->title));
    hbs_map_set(data, S("lang"), hbs_string(look_tongue_tag(e->tongue)));
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        hbs_map_set(data, files[i].name, hbs_string(look_file(e->look, files[i].file)->path));
    hbs_map_set(data, S("path"), hbs_string(e->req->path));
    hbs_map_set(data, S("part"), hbs_string(part_of(e->req->path)));
    put_done(e, data);
    return e->session != NULL && !e->session->half ? put_person(e, data, err) : ST_OK;
}

enum status errand_page(struct errand *e, int code, str template, struct hbs_map *values,
                        struct error *err)
{
    struct hbs_map *data = hbs_map_new(e->arena);
    html page;
    if (e->token.len == 0)
        visitor_token_new(e);
    enum status st = page_data(e, data, err);
    if (st == ST_OK)
        st = look_render(e->look, template,
                         &(struct look_page){.root = hbs_map_value(values),
                                             .data = hbs_map_value(data),
                                             .tongue = e->tongue,
                                             .zone = e->edition->zone,
                                             .arena = e->arena},
                         &page, err);
    if (st == ST_OK)
        http_response_html(e->res, code, page);
    return st;
}

bool errand_wants_json(const struct errand *e)
{
    return str_eq(http_request_header(e->req, HTTP_ACCEPT), S("application/json"));
}

enum status errand_json(struct errand *e, int code, struct hbs_map *values, struct error *err)
{
    struct hbs_env env = {.arena = e->arena};
    struct buf b;
    str text;
    buf_init(&b, e->arena, LOOK_PAGE_BYTES_MAX);
    enum status st = hbs_add_json(&b, hbs_map_value(values), &env, err);
    if (st == ST_OK)
        st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        http_response_bytes(e->res, code, S("application/json"), text);
    return st;
}

/* `done` empty: there is nothing to say. */
static enum status go(struct errand *e, str path, str done)
{
    if (!errand_wants_json(e)) {
        http_response_redirect(e->res, 303, path);
        return ST_OK;
    }
    struct hbs_map *values = hbs_map_new(e->arena);
    hbs_map_set(values, S("to"), hbs_string(path));
    if (done.len > 0)
        hbs_map_set(values, S("done"), hbs_string(done));
    return errand_json(e, 200, values, NULL);
}

enum status errand_go(struct errand *e, str path)
{
    return go(e, path, STR_NONE);
}

enum status errand_done(struct errand *e, str path, str what)
{
    return go(e, str_join3(e->arena, path, S("?done="), what),
              errand_say(e, str_join2(e->arena, S("done."), what)));
}

/* What a script gets in place of a page that says why. */
static enum status error_json(struct errand *e, enum status st, str why)
{
    struct hbs_map *values = hbs_map_new(e->arena);
    hbs_map_set(values, S("status"), hbs_string(str_from_c(status_name(st))));
    hbs_map_set(values, S("error"),
                hbs_string(why.len > 0 ? why : errand_say(e, S("error.sorry"))));
    if (e->form_refused)
        hbs_map_set(values, S("form"), hbs_bool(true));
    return errand_json(e, http_code_from_status(st), values, NULL);
}

void errand_error(struct errand *e, enum status st, const struct error *err)
{
    struct error why = *err, render = ERROR_INIT;
    if (st == ST_IO) {
        log_error(e->log, "desk request failed", LOG_STR("path", e->req->path), LOG_ERR(&why));
        why.text[0] = '\0'; /* its sentence is for the log */
    }
    http_response_reset(e->res);
    if (e->tongue != NULL && errand_wants_json(e) &&
        error_json(e, st, str_from_c(why.text)) == ST_OK)
        return;
    if (e->edition != NULL) {
        struct hbs_map *values = errand_values(e);
        str key = str_format(e->arena, "error.%s", status_name(st));
        hbs_map_set(values, S("title"), hbs_string(key));
        hbs_map_set(values, S("why"), hbs_string_or_null(str_from_c(why.text)));
        if (errand_page(e, http_code_from_status(st), S("error"), values, &render) == ST_OK)
            return;
        log_error(e->log, "desk error page failed", LOG_ERR(&render));
    }
    http_response_error(e->res, st, NULL);
}

/* Stylesheets and scripts. */
enum status file_show(struct errand *e, struct error *err)
{
    const struct look_file *file = look_file(e->look, str_from(e->req->path, S("/desk/").len));
    if (file == NULL)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-page"))));
    http_response_bytes(e->res, 200, file->content_type, file->bytes);
    http_response_header(e->res, S("Cache-Control"), S("private, max-age=31536000, immutable"));
    return ST_OK;
}

/* ---- forms ---- */

str errand_value(const struct errand *e, str name)
{
    return http_form_value(&e->form, name);
}

int64_t errand_id(const struct errand *e, str name)
{
    int64_t id;
    str text = http_route_param(&e->match, name);
    if (text.len == 0)
        text = errand_value(e, name);
    return str_to_i64(text, &id) && id > 0 ? id : 0;
}

struct errand_form errand_form(struct errand *e, struct hbs_map *values)
{
    struct errand_form form = {hbs_map_new(e->arena), hbs_map_new(e->arena), 0};
    hbs_map_set(values, S("form"), hbs_map_value(form.typed));
    hbs_map_set(values, S("wrong"), hbs_map_value(form.wrong));
    return form;
}

void errand_typed(struct errand_form *form, str name, str value)
{
    hbs_map_set(form->typed, name, hbs_string(value));
}

void errand_wrong(struct errand *e, struct errand_form *form, str name, str key)
{
    hbs_map_set(form->wrong, name, hbs_string(errand_say(e, key)));
    form->wrong_count++;
}

/* ---- writing ---- */

struct errand_tx {
    struct errand *e;
    errand_write_fn *fn;
    void *arg;
};

static enum status tx_run(struct store_tx *tx, void *arg, struct error *err)
{
    struct errand_tx *write = arg;
    struct errand *e = write->e;
    struct newsroom room = {.tx = tx,
                            .arena = e->arena,
                            .rng = e->rng,
                            .now = e->now,
                            .person = e->person != NULL ? e->person->id : (person_id){0},
                            .site = e->edition->settings};
    return write->fn(e, &room, write->arg, err);
}

enum status errand_write(struct errand *e, errand_write_fn *fn, void *arg, struct error *err)
{
    struct errand_tx write = {e, fn, arg};
    enum status st = store_write_wait(e->store, tx_run, &write, err);
    /* A queue that is full is nothing the editor sent: trying again helps. */
    return st == ST_TOO_BIG ? error_set(err, ST_IO, "the queue of writes is full") : st;
}

enum status errand_write_bulk(struct errand *e, errand_write_fn *fn, void *arg, struct error *err)
{
    struct errand_tx write = {e, fn, arg};
    errand_let_go(e); /* or the log could not be folded as long as this takes */
    enum status st = store_write_bulk_wait(e->store, tx_run, &write, err);
    return st == ST_TOO_BIG ? error_set(err, ST_IO, "the queue of writes is full") : st;
}

enum status errand_log(struct errand *e, struct newsroom *room, str what, str subject,
                       struct error *err)
{
    return audit_add(room,
                     &(struct audit_entry){.person = room->person,
                                           .name = e->person != NULL ? e->person->name : S("-"),
                                           .what = what,
                                           .subject = subject,
                                           .network = e->network},
                     NULL, err);
}

/* ---- waiting long ---- */

void errand_let_go(struct errand *e)
{
    store_read_end(e->conn);
    store_conn_deadline(e->conn, TIME_NEVER);
}

enum status errand_look_anew(struct errand *e, struct error *err)
{
    errand_let_go(e);
    store_conn_deadline(e->conn, clock_monotonic() + ERRAND_SECONDS * TIME_SECOND);
    return store_read_begin(e->conn, err);
}

/* ---- from arrival to answer ---- */

static enum status begin(struct errand *e, struct site *site, struct error *err)
{
    uint64_t wanted = edition_wanted(site);
    enum status st = store_read_begin(e->conn, err);
    return st == ST_OK ? edition_current(site, e->conn, wanted, &e->edition, err) : st;
}

/* Whose request it is; nobody's is fine here. */
static enum status find_person(struct errand *e, struct error *err)
{
    str value;
    if (!http_request_cookie(e->req, cookie_name(e), &value) || !secret_valid(value))
        return ST_OK;
    e->token = value;
    enum status st = session_find(e->conn, e->token, e->now, e->arena, &e->session, err);
    if (st == ST_OK)
        st = person_by_id(e->conn, e->session->person, e->arena, &e->person, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status mark_seen(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return session_seen(room, e->session, err);
}

/* The person's own choice; before there is one, what their browser says, then the site's. */
static void choose_tongue(struct errand *e)
{
    if (e->person != NULL && e->person->language.len > 0) {
        e->tongue = look_tongue(e->look, e->person->language);
        return;
    }
    e->tongue = look_tongue_accepted(e->look, http_request_header(e->req, HTTP_ACCEPT_LANGUAGE));
    if (e->tongue == NULL)
        e->tongue = look_tongue(e->look, e->edition->settings->locale);
}

/* A script asks in place, and then sends what it had once more. `code`: the password was right already. */
static enum status say_signed_out(struct errand *e, bool code)
{
    struct hbs_map *values = hbs_map_new(e->arena);
    hbs_map_set(values, S("sign_in"), hbs_bool(true));
    hbs_map_set(values, S("code"), hbs_bool(code));
    hbs_map_set(values, S("error"), hbs_string(errand_say(e, S("error.signed-out"))));
    if (e->token.len == 0)
        visitor_token_new(e);
    hbs_map_set(values, S("csrf"), hbs_string(errand_form_token(e)));
    return errand_json(e, 401, values, NULL);
}

/* ---- a form that comes too late ---- */

/* What somebody wrote, as opposed to what every form has. */
static bool is_written(const struct http_field *field)
{
    return !field->is_file && field->value.len > 0 && !str_eq(field->name, S("csrf"));
}

static bool has_written(const struct http_form *form)
{
    for (size_t i = 0; i < form->count; i++) {
        if (is_written(&form->fields[i]))
            return true;
    }
    return false;
}

/* The session ended while a page without script was open: what was written there stands in the answer,
 * ready to be sent again. Only a form of this very site gets here, and never one with a password. */
static bool kept_for_again(const struct errand *e, const struct errand_route *route)
{
    return e->req->method == HTTP_POST && route->right != RIGHT_ANYBODY &&
           route->lane != ERRAND_PASSWORD && !errand_wants_json(e) && has_written(&e->form);
}

static enum status again_show(struct errand *e, bool signed_out, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct hbs_value *fields = arena_new_array(e->arena, struct hbs_value, e->form.count);
    size_t count = 0;
    for (size_t i = 0; i < e->form.count; i++) {
        const struct http_field *field = &e->form.fields[i];
        if (!is_written(field))
            continue;
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(field->name));
        hbs_map_set(row, S("value"), hbs_string(field->value));
        fields[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("fields"), hbs_list_of(e->arena, fields, count));
    hbs_map_set(values, S("action"), hbs_string(e->req->path));
    hbs_map_set(values, S("signed_out"), hbs_bool(signed_out));
    return errand_page(e, 403, S("again"), values, err);
}

/* ---- who may ---- */

/* To the sign-in page, and from there back to where they wanted to go. */
static enum status ask_to_sign_in(struct errand *e)
{
    struct buf b;
    str to = S("/desk/sign-in/");
    if (errand_wants_json(e))
        return say_signed_out(e, false);
    if (e->req->method == HTTP_POST)
        return errand_done(e, to, S("signed-out-meanwhile"));
    buf_init(&b, e->arena, 8 * 1024);
    buf_add(&b, S("/desk/sign-in/?to="));
    buf_add_percent(&b, e->req->target, S("/"));
    if (buf_finish(&b, &to, NULL) != ST_OK || str_eq(e->req->path, S("/desk/")))
        to = S("/desk/sign-in/");
    return errand_go(e, to);
}

/* ST_OK with *ret_answered: they were sent elsewhere. */
static enum status admit(struct errand *e, const struct errand_route *route, bool *ret_answered,
                         struct error *err)
{
    *ret_answered = true;
    if (route->right == RIGHT_ANYBODY) {
        *ret_answered = false;
        return ST_OK;
    }
    if (e->person == NULL)
        return kept_for_again(e, route) ? again_show(e, true, err) : ask_to_sign_in(e);
    if (e->session->half && route->right != RIGHT_HALF && errand_wants_json(e))
        return say_signed_out(e, true);
    if (e->session->half != (route->right == RIGHT_HALF))
        return errand_go(e, e->session->half ? S("/desk/sign-in/code/") : S("/desk/"));
    if (!right_has(e->person->role, route->right))
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.role"))));
    *ret_answered = false;
    if (e->now - e->session->seen_at < SESSION_SEEN)
        return ST_OK;
    return errand_write(e, mark_seen, NULL, err);
}

/* A change must come from a form of ours, shown to this very browser. */
static enum status check_form(struct errand *e, enum errand_body body, struct error *err)
{
    if (http_origin(e->req, e->edition->settings->url) == HTTP_ORIGIN_OTHER)
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.origin"))));
    enum status st = http_form_parse(e->req, &form_limits[body], &e->form, err);
    if (st != ST_OK)
        return st;
    if (e->token.len == 0 || !secret_equal(errand_value(e, S("csrf")), errand_form_token(e))) {
        e->form_refused = true;
        return error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.form"))));
    }
    return ST_OK;
}

static enum status handle(struct errand *e, const struct errand_route *route, struct error *err)
{
    bool answered = false;
    enum status st = ST_OK;
    /* The token first: whoever forges a request learns nothing of who is signed in. A script whose
     * session has ended is told so, not that its form is old: nothing is done for it either way. */
    bool ended = e->person == NULL && route->right != RIGHT_ANYBODY && errand_wants_json(e);
    if (st == ST_OK && e->req->method == HTTP_POST && !ended)
        st = check_form(e, route->body, err);
    if (st == ST_DENIED && e->form_refused && kept_for_again(e, route))
        return again_show(e, e->person == NULL, err);
    if (st == ST_OK)
        st = admit(e, route, &answered, err);
    return st == ST_OK && !answered ? route->run(e, err) : st;
}

void errand_run(struct errand *e, const struct errand_route *route)
{
    struct error err = ERROR_INIT;
    store_conn_deadline(e->conn, clock_monotonic() + ERRAND_SECONDS * TIME_SECOND);
    enum status st = begin(e, e->site, &err);
    if (st == ST_OK)
        st = find_person(e, &err);
    if (e->edition != NULL)
        choose_tongue(e);
    if (st == ST_OK && route == NULL)
        st = error_set(&err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-page"))));
    else if (st == ST_OK)
        st = handle(e, route, &err);
    if (st != ST_OK)
        errand_error(e, st, &err);
    store_read_end(e->conn);
    store_conn_deadline(e->conn, TIME_NEVER);
    headers_send(e);
}
