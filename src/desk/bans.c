/* SPDX-License-Identifier: MIT
 *
 * The moderators' lists: seen, added to by hand or from a reply, taken off. */
#include "base/arena.h"
#include "base/parse.h"
#include "desk/replies.h"
#include "http/address.h"
#include "http/exchange.h"
#include "news/ban.h"

enum { BANS_SHOWN = 50 };

static const str kind_keys[] = {[BAN_EMAIL] = STR_INIT("ban.kind-email"),
                                [BAN_NAME] = STR_INIT("ban.kind-name"),
                                [BAN_WORD] = STR_INIT("ban.kind-word"),
                                [BAN_NETWORK] = STR_INIT("ban.kind-network"),
                                [BAN_SITE] = STR_INIT("ban.kind-site")};
static const str act_keys[] = {[BAN_HOLD] = STR_INIT("ban.act-hold"),
                               [BAN_SPAM] = STR_INIT("ban.act-spam"),
                               [BAN_REFUSE] = STR_INIT("ban.act-refuse")};

/* ---- the page ---- */

static void put_choices(struct errand *e, struct hbs_map *values, enum ban_kind kind,
                        enum ban_act act)
{
    struct hbs_value *kinds = arena_new_array(e->arena, struct hbs_value, BAN_KINDS);
    struct hbs_value *acts = arena_new_array(e->arena, struct hbs_value, BAN_ACTS);
    for (int i = 0; i < BAN_KINDS; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        str name = ban_kind_name((enum ban_kind)i);
        hbs_map_set(row, S("name"), hbs_string(name));
        hbs_map_set(row, S("say"), hbs_string(errand_say(e, kind_keys[i])));
        hbs_map_set(row, S("chosen"), hbs_bool((enum ban_kind)i == kind));
        kinds[i] = hbs_map_value(row);
    }
    for (int i = 0; i < BAN_ACTS; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        str name = ban_act_name((enum ban_act)i);
        hbs_map_set(row, S("name"), hbs_string(name));
        hbs_map_set(row, S("say"), hbs_string(errand_say(e, act_keys[i])));
        hbs_map_set(row, S("chosen"), hbs_bool((enum ban_act)i == act));
        acts[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("kinds"), hbs_list_of(e->arena, kinds, BAN_KINDS));
    hbs_map_set(values, S("acts"), hbs_list_of(e->arena, acts, BAN_ACTS));
}

static struct hbs_value ban_row(struct errand *e, const struct ban *ban)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("id"), hbs_number((double)ban->id));
    hbs_map_set(row, S("value"), hbs_string(ban->value));
    hbs_map_set(row, S("kind"), hbs_string(errand_say(e, kind_keys[ban->kind])));
    hbs_map_set(row, S("act"), hbs_string(errand_say(e, act_keys[ban->act])));
    hbs_map_set(row, S("note"), hbs_string_or_null(ban->note));
    hbs_map_set(row, S("by"), hbs_string_or_null(ban->person_name));
    hbs_map_set(row, S("at"), hbs_number((double)ban->created_at));
    return hbs_map_value(row);
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    struct ban *bans;
    size_t count;
    bool more;
    int64_t before = 0;
    str text;
    if (http_query_get(e->req, S("before"), &text) && (!str_to_i64(text, &before) || before < 0))
        before = 0;
    enum status st = ban_page(e->conn, before, BANS_SHOWN, e->arena, &bans, &count, &more, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = ban_row(e, &bans[i]);
    hbs_map_set(values, S("bans"), hbs_list_of(e->arena, rows, count));
    if (more)
        hbs_map_set(values, S("older"), hbs_number((double)bans[count - 1].id));
    return errand_page(e, code, S("bans"), values, err);
}

enum status bans_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    put_choices(e, values, BAN_WORD, BAN_HOLD);
    return show(e, values, 200, err);
}

/* ---- adding ---- */

/* "192.0.2.17", "192.0.2.0/24": as a reply's network is kept, whatever is typed of it. */
static str network_of(struct errand *e, str typed)
{
    struct http_address address;
    char *space = arena_alloc(e->arena, HTTP_ADDRESS_TEXT_MAX, 1);
    str text = str_cut(&typed, '/');
    return http_address_parse(str_trim(text), &address)
               ? http_address_format(&address, HTTP_ADDRESS_SHORT, space)
               : STR_NONE;
}

struct adding {
    struct ban ban;
};

static str ban_subject(struct errand *e, int64_t id)
{
    return str_format(e->arena, "ban:%lld", (long long)id);
}

static enum status write_add(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct adding *adding = arg;
    int64_t id;
    enum status st = ban_add(room, &adding->ban, e->person->name, &id, err);
    return st == ST_OK ? errand_log(e, room, S("ban.added"), ban_subject(e, id), err) : st;
}

/* ST_INVALID: it is nothing of that kind. */
static enum status add(struct errand *e, struct ban ban, struct error *err)
{
    struct adding adding = {ban};
    if (ban.kind == BAN_NETWORK)
        adding.ban.value = network_of(e, ban.value);
    enum status st = ban_value(e->arena, ban.kind, adding.ban.value, &adding.ban.value, err);
    return st == ST_OK ? errand_write(e, write_add, &adding, err) : st;
}

static bool choices_read(struct errand *e, struct ban *ban)
{
    return ban_kind_from_name(errand_value(e, S("kind")), &ban->kind) &&
           ban_act_from_name(errand_value(e, S("act")), &ban->act);
}

enum status bans_add(struct errand *e, struct error *err)
{
    static const str faults[] = {[BAN_EMAIL] = STR_INIT("wrong.ban-email"),
                                 [BAN_NAME] = STR_INIT("wrong.ban-name"),
                                 [BAN_WORD] = STR_INIT("wrong.ban-word"),
                                 [BAN_NETWORK] = STR_INIT("wrong.ban-network"),
                                 [BAN_SITE] = STR_INIT("wrong.ban-site")};
    struct ban ban = {.value = str_trim(errand_value(e, S("value"))),
                      .note = errand_value(e, S("note"))};
    if (!choices_read(e, &ban))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    enum status st = add(e, ban, err);
    if (st == ST_OK)
        return errand_done(e, S("/desk/replies/bans/"), S("ban-added"));
    if (st != ST_INVALID && st != ST_TOO_BIG)
        return st;
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    errand_typed(&form, S("value"), ban.value);
    errand_typed(&form, S("note"), ban.note);
    errand_wrong(e, &form, S("value"), st == ST_TOO_BIG ? S("wrong.ban-full") : faults[ban.kind]);
    put_choices(e, values, ban.kind, ban.act);
    return show(e, values, 422, err);
}

/* What of a reply a ban of this kind is of; empty when it has none. */
static str value_of(const struct comment *comment, enum ban_kind kind)
{
    switch (kind) {
    case BAN_EMAIL:
        return comment->email;
    case BAN_NAME:
        return comment->name;
    case BAN_NETWORK:
        return comment->address;
    case BAN_SITE:
        return comment->site;
    case BAN_WORD:
        break;
    }
    return STR_NONE;
}

enum status reply_ban(struct errand *e, struct error *err)
{
    struct comment *comment;
    struct ban ban = {0};
    enum status st = reply_find(e, &comment, err);
    if (st != ST_OK)
        return st;
    if (!choices_read(e, &ban))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    ban.value = value_of(comment, ban.kind);
    st = add(e, ban, err);
    if (st == ST_INVALID || st == ST_TOO_BIG)
        return error_set(err, st, "%.*s",
                         STR_ARG(errand_say(e, st == ST_INVALID ? S("wrong.ban-nothing")
                                                                : S("wrong.ban-full"))));
    return st == ST_OK
               ? errand_done(e,
                             str_format(e->arena, "/desk/replies/%lld/", (long long)comment->id.v),
                             S("ban-added"))
               : st;
}

/* ---- taking off ---- */

static enum status write_remove(struct errand *e, struct newsroom *room, void *arg,
                                struct error *err)
{
    const int64_t *id = arg;
    struct ban was;
    enum status st = ban_remove(room, *id, &was, err);
    if (st == ST_NOT_FOUND)
        return ST_OK; /* another one was quicker: it is gone */
    return st == ST_OK ? errand_log(e, room, S("ban.removed"), ban_subject(e, *id), err) : st;
}

enum status bans_remove(struct errand *e, struct error *err)
{
    int64_t id = errand_id(e, S("id"));
    enum status st = errand_write(e, write_remove, &id, err);
    return st == ST_OK ? errand_done(e, S("/desk/replies/bans/"), S("ban-removed")) : st;
}
