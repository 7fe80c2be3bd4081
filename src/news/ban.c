/* SPDX-License-Identifier: MIT
 *
 * The table, and the list as it is asked: a map from each ban's key to what goes by it. Addresses, names,
 * networks and sites are looked up whole; a phrase of words stands under its first word, so that a reply is
 * one walk over its words however long the list is. */
#include "news/ban.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "news/change.h"
#include "news/comment.h"
#include "news/person.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/token.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdatomic.h>
#include <stdlib.h>

static const str kinds[] = {[BAN_EMAIL] = STR_INIT("email"),
                            [BAN_NAME] = STR_INIT("name"),
                            [BAN_WORD] = STR_INIT("word"),
                            [BAN_NETWORK] = STR_INIT("network"),
                            [BAN_SITE] = STR_INIT("site")};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == BAN_KINDS, "a name for each kind");
static const str acts[] = {[BAN_HOLD] = STR_INIT("hold"),
                           [BAN_SPAM] = STR_INIT("spam"),
                           [BAN_REFUSE] = STR_INIT("refuse")};
static_assert(sizeof(acts) / sizeof(acts[0]) == BAN_ACTS, "a name for each act");

str ban_kind_name(enum ban_kind kind)
{
    return kinds[kind];
}

bool ban_kind_from_name(str name, enum ban_kind *ret_kind)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_eq(kinds[i], name)) {
            *ret_kind = (enum ban_kind)i;
            return true;
        }
    }
    return false;
}

str ban_act_name(enum ban_act act)
{
    return acts[act];
}

bool ban_act_from_name(str name, enum ban_act *ret_act)
{
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        if (str_eq(acts[i], name)) {
            *ret_act = (enum ban_act)i;
            return true;
        }
    }
    return false;
}

/* ---- words ---- */

/* The words of a text, folded, in order: "Cheap RÓPES!" -> cheap ropes. */
struct words {
    struct arena *arena;
    str *rows;
    size_t count, cap, max;
};

static bool word_add(void *ctx, const struct token *token)
{
    struct words *words = ctx;
    if (words->count == words->cap) {
        size_t cap = words->cap == 0 ? 64 : words->cap * 2;
        words->rows = arena_grow(words->arena, words->rows, words->cap * sizeof(str),
                                 size_mul(cap, sizeof(str)), _Alignof(str));
        words->cap = cap;
    }
    words->rows[words->count++] = str_copy(words->arena, token->text);
    return words->count < words->max;
}

/* No language: a ban says what was typed, not what it comes from. */
static void words_of(struct words *words, struct tokenizer *tokenizer, str text)
{
    (void)token_each(tokenizer, text,
                     &(struct token_options){.keep_stop_words = true, .no_stemming = true},
                     word_add, words);
}

static enum status words_join(const struct words *words, str *ret_text, struct error *err)
{
    struct buf b;
    buf_init(&b, words->arena, BAN_VALUE_MAX);
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, words->rows[i]);
    }
    return buf_finish(&b, ret_text, err);
}

/* ---- the one form ---- */

static enum status email_value(struct arena *arena, str typed, str *ret_value, struct error *err)
{
    str key;
    if (!str_starts(typed, S("@")))
        return email_key(arena, typed, ret_value, err);
    enum status st = email_key(arena, str_join2(arena, S("anyone"), typed), &key, err);
    if (st == ST_OK)
        *ret_value = str_from(key, S("anyone").len);
    return st;
}

static enum status words_value(struct arena *arena, str typed, str *ret_value, struct error *err)
{
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    struct words words = {.arena = arena, .max = BAN_WORDS_MAX + 1};
    words_of(&words, tokenizer, typed);
    if (words.count == 0)
        return error_set(err, ST_INVALID, "there is no word in it");
    if (words.count > BAN_WORDS_MAX)
        return error_set(err, ST_INVALID, "at most %d words go together", BAN_WORDS_MAX);
    return words_join(&words, ret_value, err);
}

static str without_www(str host)
{
    return str_starts(host, S("www.")) ? str_from(host, 4) : host;
}

static enum status site_value(struct arena *arena, str typed, str *ret_value, struct error *err)
{
    if (url_kind(typed) == URL_RELATIVE)
        typed = str_join2(arena, S("https://"), typed);
    str host = without_www(url_host_lower(arena, typed));
    if (str_find_char(host, '.') == STR_NPOS || str_starts(host, S(".")) || host.len < 4)
        return error_set(err, ST_INVALID, "that is no site's name");
    *ret_value = host;
    return ST_OK;
}

static enum status network_value(struct arena *arena, str typed, str *ret_value, struct error *err)
{
    size_t marks = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = ascii_lower(typed.ptr[i]);
        marks += c == '.' || c == ':';
        if (c != '.' && c != ':' && !ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return error_set(err, ST_INVALID, "that is no network");
    }
    if (marks == 0)
        return error_set(err, ST_INVALID, "that is no network");
    *ret_value = str_lower(arena, typed);
    return ST_OK;
}

enum status ban_value(struct arena *arena, enum ban_kind kind, str typed, str *ret_value,
                      struct error *err)
{
    typed = str_trim(utf8_repair(arena, typed));
    if (typed.len == 0 || typed.len > BAN_VALUE_MAX)
        return error_set(err, ST_INVALID, "it has 1 to %d bytes", BAN_VALUE_MAX);
    switch (kind) {
    case BAN_EMAIL:
        return email_value(arena, typed, ret_value, err);
    case BAN_NAME:
    case BAN_WORD:
        return words_value(arena, typed, ret_value, err);
    case BAN_NETWORK:
        return network_value(arena, typed, ret_value, err);
    case BAN_SITE:
        break;
    }
    return site_value(arena, typed, ret_value, err);
}

/* ---- the table ---- */

static void bans_changed(struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("bans"));
}

static enum status check_room(struct newsroom *desk, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("SELECT COUNT(*) FROM (SELECT 1 FROM ban ORDER BY id LIMIT $1) AS few"));
    store_bind_int(q, 1, BANS_MAX);
    enum status st = store_step(q, err);
    if (st == ST_OK && store_column_int(q, 0) == BANS_MAX)
        return error_set(err, ST_TOO_BIG, "there are %d on the list: remove some first", BANS_MAX);
    return st;
}

enum status ban_add(struct newsroom *desk, const struct ban *ban, str person_name, int64_t *ret_id,
                    struct error *err)
{
    str value;
    enum status st = ban_value(desk->arena, ban->kind, ban->value, &value, err);
    if (st == ST_OK)
        st = check_room(desk, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO ban (kind, value, act, note, person, person_name, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (kind, value) DO UPDATE SET act = $3, note = $4 RETURNING id"));
    store_bind_text(q, 1, kinds[ban->kind]);
    store_bind_text(q, 2, value);
    store_bind_text(q, 3, acts[ban->act]);
    store_bind_text_or_null(q, 4,
                            utf8_cut_bytes(plain_one_line(desk->arena, ban->note), BAN_NOTE_MAX));
    store_bind_int_or_null(q, 5, desk->person.v);
    store_bind_text_or_null(q, 6, person_name);
    store_bind_int(q, 7, desk->now);
    st = store_step(q, err);
    if (st != ST_OK)
        return st;
    int64_t id = store_column_int(q, 0);
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    bans_changed(desk);
    *ret_id = id;
    return ST_OK;
}

static struct ban ban_from_row(const struct store_stmt *q, struct arena *arena)
{
    struct ban ban = {.id = store_column_int(q, 0),
                      .value = str_copy(arena, store_column_text(q, 2)),
                      .note = str_copy(arena, store_column_text(q, 4)),
                      .person_name = str_copy(arena, store_column_text(q, 5)),
                      .created_at = store_column_int(q, 6)};
    (void)ban_kind_from_name(store_column_text(q, 1), &ban.kind);
    (void)ban_act_from_name(store_column_text(q, 3), &ban.act);
    return ban;
}
#define BAN_COLUMNS "id, kind, value, act, note, person_name, created_at"

enum status ban_remove(struct newsroom *desk, int64_t id, struct ban *ret_ban, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("DELETE FROM ban WHERE id = $1 RETURNING " BAN_COLUMNS));
    store_bind_int(q, 1, id);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "there is no such entry on the list");
    if (st != ST_OK)
        return st;
    struct ban ban = ban_from_row(q, desk->arena);
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    bans_changed(desk);
    *ret_ban = ban;
    return ST_OK;
}

enum status ban_page(struct store_conn *conn, int64_t before, size_t limit, struct arena *arena,
                     struct ban **ret_bans, size_t *ret_count, bool *ret_more, struct error *err)
{
    struct ban *bans = arena_new_array(arena, struct ban, limit);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " BAN_COLUMNS " FROM ban WHERE id < $1 ORDER BY id DESC LIMIT $2"));
    store_bind_int(q, 1, before == 0 ? INT64_MAX : before);
    store_bind_int(q, 2, i64_from_size(limit) + 1);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        bans[count++] = ban_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_bans = bans;
    *ret_count = count;
    *ret_more = st == ST_OK;
    return ST_OK;
}

/* ---- the list as it is asked ---- */

struct entry {
    struct ban ban;
    struct words words; /* of a name or words */
    struct entry *next; /* of the same key */
};

struct ban_list {
    atomic_uint refs;
    struct arena *arena;
    struct map by_key[BAN_KINDS]; /* key -> struct entry: the value, or the first word of it */
};

static void list_put(struct ban_list *list, struct tokenizer *tokenizer, const struct ban *ban)
{
    struct entry *entry = arena_new_one(list->arena, struct entry);
    entry->ban = *ban;
    str key = ban->value;
    if (ban->kind == BAN_WORD || ban->kind == BAN_NAME) {
        entry->words = (struct words){.arena = list->arena, .max = BAN_WORDS_MAX};
        words_of(&entry->words, tokenizer, ban->value);
        if (entry->words.count == 0)
            return;
        key = entry->words.rows[0];
    }
    entry->next = map_set(&list->by_key[ban->kind], key, entry);
}

enum status ban_list_load(struct store_conn *conn, struct ban_list **ret_list, struct error *err)
{
    AUTO(ban_list_unrefp) struct ban_list *list = calloc(1, sizeof(*list));
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    CHECK(list != NULL);
    atomic_init(&list->refs, 1);
    list->arena = arena_new(ARENA_SMALL);
    for (size_t i = 0; i < BAN_KINDS; i++)
        map_init(&list->by_key[i], list->arena);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " BAN_COLUMNS " FROM ban ORDER BY id LIMIT $1"));
    store_bind_int(q, 1, BANS_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct ban ban = ban_from_row(q, list->arena);
        list_put(list, tokenizer, &ban);
    }
    if (st != ST_NOT_FOUND)
        return st;
    *ret_list = TAKE(list);
    return ST_OK;
}

struct ban_list *ban_list_ref(struct ban_list *list)
{
    (void)atomic_fetch_add(&list->refs, 1);
    return list;
}

void ban_list_unref(struct ban_list *list)
{
    if (list == NULL || atomic_fetch_sub(&list->refs, 1) != 1)
        return;
    arena_free(list->arena);
    free(list);
}

/* ---- matching ---- */

static void graver(const struct ban **found, const struct entry *entry)
{
    if (entry != NULL && (*found == NULL || entry->ban.act > (*found)->act))
        *found = &entry->ban;
}

static bool begins_with(const struct words *text, size_t at, const struct words *phrase)
{
    if (text->count - at < phrase->count)
        return false;
    for (size_t i = 0; i < phrase->count; i++) {
        if (!str_eq(text->rows[at + i], phrase->rows[i]))
            return false;
    }
    return true;
}

static void match_words(const struct ban_list *list, const struct words *text,
                        const struct ban **found)
{
    for (size_t at = 0; at < text->count; at++) {
        for (const struct entry *e = map_get(&list->by_key[BAN_WORD], text->rows[at]); e != NULL;
             e = e->next) {
            if (begins_with(text, at, &e->words))
                graver(found, e);
        }
    }
}

static void match_name(const struct ban_list *list, const struct words *name,
                       const struct ban **found)
{
    if (name->count == 0)
        return;
    for (const struct entry *e = map_get(&list->by_key[BAN_NAME], name->rows[0]); e != NULL;
         e = e->next) {
        if (e->words.count == name->count && begins_with(name, 0, &e->words))
            graver(found, e);
    }
}

static void match_email(const struct ban_list *list, str key, const struct ban **found)
{
    size_t at = str_rfind_char(key, '@');
    if (at == STR_NPOS)
        return;
    graver(found, map_get(&list->by_key[BAN_EMAIL], key));
    graver(found, map_get(&list->by_key[BAN_EMAIL], str_from(key, at)));
}

/* "a.ropes.example", then "ropes.example", then "example". */
static void match_site(const struct ban_list *list, struct arena *arena, str address,
                       const struct ban **found)
{
    str host = url_host_lower(arena, address);
    while (host.len > 0) {
        graver(found, map_get(&list->by_key[BAN_SITE], host));
        (void)str_cut(&host, '.');
    }
}

/* The sanitizer writes each link as href="...": nothing else of a reply's has that in it unescaped. */
static void match_links(const struct ban_list *list, struct arena *arena, html text,
                        const struct ban **found)
{
    static const str mark = STR_INIT("href=\"");
    str rest = text.raw;
    for (;;) {
        size_t at = str_find(rest, mark);
        if (at == STR_NPOS)
            return;
        rest = str_from(rest, at + mark.len);
        match_site(list, arena, str_cut(&rest, '"'), found);
    }
}

const struct ban *ban_list_match(const struct ban_list *list, struct arena *arena,
                                 const struct comment_prepared *ready, str network)
{
    const struct ban *found = NULL;
    if (network.len > 0)
        graver(&found, map_get(&list->by_key[BAN_NETWORK], network));
    match_email(list, ready->email_key, &found);
    if (map_count(&list->by_key[BAN_SITE]) > 0) {
        match_site(list, arena, ready->draft.site, &found);
        match_links(list, arena, ready->text, &found);
    }
    if (map_count(&list->by_key[BAN_WORD]) + map_count(&list->by_key[BAN_NAME]) == 0)
        return found;
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    struct words name = {.arena = arena, .max = COMMENT_NAME_MAX};
    struct words text = {.arena = arena, .max = COMMENT_TEXT_MAX};
    words_of(&name, tokenizer, ready->draft.name);
    words_of(&text, tokenizer, plain_from_clean(arena, ready->text));
    match_name(list, &name, &found);
    match_words(list, &name, &found);
    match_words(list, &text, &found);
    return found;
}
