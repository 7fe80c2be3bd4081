/* SPDX-License-Identifier: MIT
 *
 * Old addresses and where they lead: those that imports and changed slugs left behind, and those somebody makes. A
 * file of Ghost's comes in as far as it names paths; what it has besides is said by name and not taken. */
#include "base/arena.h"
#include "base/buf.h"
#include "desk/settings.h"
#include "http/response.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "site/redirect_file.h"
#include "store/store.h"
#include "text/utf8.h"

#define REDIRECTS_PATH S("/desk/settings/redirects/")

enum {
    REDIRECTS_SHOWN = 50,
    REDIRECTS_AT_ONCE = 200, /* of a file, in one write: others wait for no more */
    REFUSED_SHOWN = 200,
    DOWNLOAD_BYTES_MAX = 128 * 1024 * 1024,
    DOWNLOAD_STEP = 1000,
    DOWNLOAD_SECONDS = 60,
};

/* ---- the list ---- */

static struct hbs_value redirect_value(struct errand *e, const struct redirect *redirect)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    str to = redirect_location(e->arena, redirect);
    bool made = redirect->location.len > 0;
    hbs_map_set(row, S("path"), hbs_string(redirect->path));
    hbs_map_set(row, S("to"), hbs_string_or_null(to));
    hbs_map_set(row, S("follows"), hbs_bool(!made && to.len > 0));
    hbs_map_set(row, S("brief"), hbs_bool(redirect->code == 302));
    return hbs_map_value(row);
}

/* What is looked for, as paths are kept: lower case, from the slash on. */
static str wanted_prefix(struct errand *e)
{
    str q;
    if (!http_query_get(e->req, S("q"), &q))
        return STR_NONE;
    q = utf8_lower(e->arena, str_sub(str_trim(q), 0, REDIRECT_PATH_MAX));
    return q.len == 0 || q.ptr[0] == '/' ? q : str_join2(e->arena, S("/"), q);
}

static str next_query(struct errand *e, str prefix, str after)
{
    struct buf b;
    buf_init(&b, e->arena, 8 * REDIRECT_PATH_MAX);
    buf_add(&b, S("?q="));
    buf_add_percent(&b, prefix, S("/"));
    buf_add(&b, S("&after="));
    buf_add_percent(&b, after, S("/"));
    return buf_view(&b);
}

static enum status put_redirects(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct redirect *list;
    size_t count;
    str prefix = wanted_prefix(e), after;
    if (!http_query_get(e->req, S("after"), &after) || after.len > 2 * REDIRECT_PATH_MAX)
        after = STR_NONE;
    enum status st =
        redirect_page(e->conn, prefix, after, REDIRECTS_SHOWN + 1, e->arena, &list, &count, err);
    if (st != ST_OK)
        return st;
    bool more = count > REDIRECTS_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = redirect_value(e, &list[i]);
    hbs_map_set(values, S("redirects"), hbs_list_of(e->arena, rows, count));
    hbs_map_set(values, S("q"), hbs_string_or_null(prefix));
    if (more)
        hbs_map_set(values, S("more"), hbs_string(next_query(e, prefix, list[count - 1].path)));
    return ST_OK;
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    enum status st = put_redirects(e, values, err);
    return st == ST_OK
               ? settings_page(e, code, S("redirects"), S("settings.redirects"), values, err)
               : st;
}

enum status redirects_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, values, 200, err);
}

/* ---- one more, one less ---- */

static const str faults[] = {
    [REDIRECT_FINE] = STR_INIT(""),
    [REDIRECT_NO_ADDRESS] = STR_INIT("wrong.redirect-address"),
    [REDIRECT_LOOP] = STR_INIT("wrong.redirect-loop"),
    [REDIRECT_HIDDEN] = STR_INIT("wrong.redirect-hidden"),
};

/* A path as it is kept, out of one as it is typed or pasted: with this site's address before it, too. */
static bool path_typed(struct errand *e, str typed, str *ret_path)
{
    str site = e->edition->settings->url;
    if (site.len > 0 && str_starts(typed, site))
        typed = str_from(typed, site.len);
    str query = typed, path = str_cut(&query, '?');
    return redirect_path(e->arena, path, query, ret_path, NULL) == ST_OK;
}

struct addition {
    struct redirect redirect;
    enum redirect_fault fault;
};

/* Judged in the write: of two that make a loop together the second is refused. */
static enum status add(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct addition *a = arg;
    enum status st =
        redirect_judge(store_tx_conn(room->tx), e->edition->settings->url, a->redirect.path,
                       a->redirect.location, e->arena, &a->fault, err);
    if (st != ST_OK || a->fault != REDIRECT_FINE)
        return st;
    st = redirect_add(room, &a->redirect, err);
    return st == ST_OK ? errand_log(e, room, S("redirect.added"), a->redirect.path, err) : st;
}

enum status redirects_add(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str from = str_trim(errand_value(e, S("from"))), to = str_trim(errand_value(e, S("to")));
    bool brief = str_eq(errand_value(e, S("code")), S("302"));
    struct addition a = {.redirect = {.location = to, .code = brief ? 302 : 301}};
    errand_typed(&form, S("from"), from);
    errand_typed(&form, S("to"), to);
    hbs_map_set(form.typed, S("brief"), hbs_bool(brief));
    if (!path_typed(e, from, &a.redirect.path)) {
        errand_wrong(e, &form, S("from"), S("wrong.redirect-path"));
        return show(e, values, 422, err);
    }
    enum status st = errand_write(e, add, &a, err);
    if (st != ST_OK)
        return st;
    if (a.fault == REDIRECT_FINE)
        return errand_done(e, REDIRECTS_PATH, S("redirect-added"));
    errand_wrong(e, &form, a.fault == REDIRECT_HIDDEN ? S("from") : S("to"), faults[a.fault]);
    return show(e, values, 422, err);
}

static enum status take_away(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const str *path = arg;
    enum status st = redirect_remove(room, *path, err);
    return st == ST_OK ? errand_log(e, room, S("redirect.removed"), *path, err) : st;
}

enum status redirects_remove(struct errand *e, struct error *err)
{
    str path = errand_value(e, S("path"));
    enum status st = errand_write(e, take_away, &path, err);
    return st == ST_OK ? errand_done(e, REDIRECTS_PATH, S("redirect-removed")) : st;
}

/* ---- a file in ---- */

struct refusal {
    str from, key;
};

struct upload {
    const struct redirect_entry *entries;
    size_t count;
    size_t next; /* to be taken */
    size_t taken;
    struct refusal *refused; /* REFUSED_SHOWN of them */
    size_t refused_count;
};

static void refuse(struct upload *u, str from, str key)
{
    if (u->refused_count < REFUSED_SHOWN)
        u->refused[u->refused_count] = (struct refusal){from, key};
    u->refused_count++;
}

static enum status take_one(struct errand *e, struct newsroom *room, struct upload *u,
                            const struct redirect_entry *entry, struct error *err)
{
    struct redirect redirect = {.location = entry->to, .code = entry->code};
    enum redirect_fault fault;
    if (entry->pattern) {
        refuse(u, entry->from, S("wrong.redirect-pattern"));
        return ST_OK;
    }
    if (!path_typed(e, entry->from, &redirect.path)) {
        refuse(u, entry->from, S("wrong.redirect-path"));
        return ST_OK;
    }
    enum status st = redirect_judge(store_tx_conn(room->tx), e->edition->settings->url,
                                    redirect.path, redirect.location, e->arena, &fault, err);
    if (st != ST_OK)
        return st;
    if (fault != REDIRECT_FINE) {
        refuse(u, entry->from, faults[fault]);
        return ST_OK;
    }
    u->taken++;
    return redirect_add(room, &redirect, err);
}

static enum status take_some(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct upload *u = arg;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < REDIRECTS_AT_ONCE && u->next < u->count; i++)
        st = take_one(e, room, u, &u->entries[u->next++], err);
    if (st == ST_OK && u->next == u->count)
        st =
            errand_log(e, room, S("redirect.uploaded"), str_format(e->arena, "%zu", u->taken), err);
    return st;
}

static enum status tell(struct errand *e, const struct upload *u, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    size_t shown = u->refused_count < REFUSED_SHOWN ? u->refused_count : REFUSED_SHOWN;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, shown);
    for (size_t i = 0; i < shown; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("from"), hbs_string(u->refused[i].from));
        hbs_map_set(row, S("why"), hbs_string(u->refused[i].key));
        rows[i] = hbs_map_value(row);
    }
    (void)errand_form(e, values);
    hbs_map_set(values, S("taken"), hbs_number((double)u->taken));
    hbs_map_set(values, S("refused_count"), hbs_number((double)u->refused_count));
    hbs_map_set(values, S("refused"), hbs_list_of(e->arena, rows, shown));
    hbs_map_set(values, S("told"), hbs_bool(true));
    return show(e, values, 200, err);
}

enum status redirects_upload(struct errand *e, struct error *err)
{
    struct error why = ERROR_INIT;
    struct redirect_entry *entries = NULL;
    struct upload u = {0};
    const struct http_field *file = http_form_field(&e->form, S("file"));
    str text = file != NULL ? file->value : STR_NONE;
    enum status st = redirect_file_read(e->arena, text, &entries, &u.count, &why);
    if (st != ST_OK || text.len == 0) {
        struct hbs_map *values = errand_values(e);
        struct errand_form form = errand_form(e, values);
        errand_wrong(e, &form, S("file"),
                     text.len == 0 ? S("wrong.no-file") : S("wrong.redirect-file"));
        hbs_map_set(values, S("why"), hbs_string_or_null(str_from_c(why.text)));
        return show(e, values, 422, err);
    }
    u.entries = entries;
    u.refused = arena_new_array(e->arena, struct refusal, REFUSED_SHOWN);
    do
        st = errand_write(e, take_some, &u, err);
    while (st == ST_OK && u.next < u.count);
    if (st != ST_OK)
        return st;
    store_read_end(e->conn); /* the page shows what was just written */
    st = store_read_begin(e->conn, err);
    return st == ST_OK ? tell(e, &u, err) : st;
}

/* ---- a file out ---- */

/* Those for now follow those for good: YAML wants each kind together. */
static enum status write_all(struct errand *e, struct redirect_writer *lasting,
                             struct redirect_writer *brief, struct error *err)
{
    AUTO(arena_freep) struct arena *step = arena_new(ARENA_REQUEST);
    struct redirect *list;
    size_t count = DOWNLOAD_STEP;
    str after = STR_NONE;
    while (count == DOWNLOAD_STEP) {
        arena_reset(step);
        enum status st =
            redirect_page(e->conn, STR_NONE, after, DOWNLOAD_STEP, step, &list, &count, err);
        if (st != ST_OK)
            return st;
        for (size_t i = 0; i < count; i++) {
            bool is_brief = list[i].code == 302;
            struct redirect_entry entry = {.from = list[i].path,
                                           .to = redirect_location(step, &list[i]),
                                           .code = is_brief ? 302 : 301};
            if (entry.to.len > 0)
                redirect_file_add(is_brief ? brief : lasting, &entry);
        }
        if (count > 0)
            after = str_copy(e->arena, list[count - 1].path);
    }
    return ST_OK;
}

enum status redirects_download(struct errand *e, struct error *err)
{
    bool json = str_ends(e->req->path, S("/redirects.json"));
    enum redirect_format format = json ? REDIRECT_JSON : REDIRECT_YAML;
    struct buf out, rest;
    str text;
    buf_init(&out, e->arena, DOWNLOAD_BYTES_MAX);
    buf_init(&rest, e->arena, DOWNLOAD_BYTES_MAX);
    struct redirect_writer lasting = {.out = &out, .format = format};
    struct redirect_writer brief = {.out = &rest, .format = format};
    /* A walk over all of them, on a thread that holds nobody else up. */
    store_conn_deadline(e->conn, clock_monotonic() + DOWNLOAD_SECONDS * TIME_SECOND);
    enum status st = write_all(e, &lasting, json ? &lasting : &brief, err);
    redirect_file_end(&lasting);
    buf_add(&out, buf_view(&rest));
    if (st == ST_OK && rest.too_big)
        st = buf_finish(&rest, &text, err);
    if (st == ST_OK)
        st = buf_finish(&out, &text, err);
    if (st != ST_OK)
        return st;
    http_response_bytes(e->res, 200, json ? S("application/json") : S("application/yaml"), text);
    http_response_header(e->res, S("Content-Disposition"),
                         json ? S("attachment; filename=\"redirects.json\"")
                              : S("attachment; filename=\"redirects.yaml\""));
    return ST_OK;
}
