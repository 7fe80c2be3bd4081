/* news/ban.h -- whose replies are kept out: by email, name, words, network or site.
 *
 *     st = ban_add(desk, &(struct ban){.kind = BAN_WORD, .value = S("cheap ropes"), .act = BAN_SPAM}, &id, err);
 *
 *     struct ban_list *bans;
 *     st = ban_list_load(conn, &bans, err);                     // when "bans" changed
 *     const struct ban *ban = ban_list_match(bans, arena, &ready, network);
 *     if (ban != NULL && ban->act == BAN_REFUSE) ...
 *     ban_list_unref(bans);
 *
 *     kind      its one form                        fits
 *     email     "ida@reader.example"                that address, whatever its case
 *               "@reader.example"                   every address there
 *     name      "ida holm"                          that name, whatever its case and accents
 *     word      "cheap ropes"                       these words in this order, in text or name: whole words
 *                                                   (text/token.h), so "rope" fits no "ropes" and no "europe"
 *     network   "192.0.2.0", "2001:db8:1::"         who sends from there, shortened as it is kept of a reply
 *     site      "ropes.example"                     that host and those below it, as website or in a link
 *
 * Of several that fit, the gravest counts: refuse before spam before hold. The list is for readers' replies,
 * not for the staff's and not for imports: who asks it says so by asking.
 *
 * Every change raises the name "bans".
 *
 * Memory:  a list owns an arena, and is immutable and counted. Rows read live in the caller's arena.
 * Threads: a list from any (matching takes a tokenizer of its own); the rest as the newsroom. */
#pragma once
#include "base/scope.h"
#include "news/news.h"

struct comment_prepared;
struct store_conn;

enum {
    BANS_MAX = 5000,
    BAN_VALUE_MAX = 254, /* bytes */
    BAN_WORDS_MAX = 12,
    BAN_NOTE_MAX = 500,
};

enum ban_kind { BAN_EMAIL, BAN_NAME, BAN_WORD, BAN_NETWORK, BAN_SITE };
enum { BAN_KINDS = BAN_SITE + 1 };
enum ban_act { BAN_HOLD, BAN_SPAM, BAN_REFUSE }; /* the later the graver */
enum { BAN_ACTS = BAN_REFUSE + 1 };

str ban_kind_name(enum ban_kind kind);
bool ban_kind_from_name(str name, enum ban_kind *ret_kind);
str ban_act_name(enum ban_act act);
bool ban_act_from_name(str name, enum ban_act *ret_act);

struct ban {
    int64_t id;
    enum ban_kind kind;
    enum ban_act act;
    str value, note;
    str person_name;
    time_us created_at;
};

/* The one form of what somebody typed; ST_INVALID when it is none of that kind. A network is taken as it is
 * shortened elsewhere: whoever can read addresses brings it so. */
MUST_USE enum status ban_value(struct arena *arena, enum ban_kind kind, str typed, str *ret_value,
                               struct error *err);

/* What is there already is given another act and note. ST_TOO_BIG: BANS_MAX. */
MUST_USE enum status ban_add(struct newsroom *desk, const struct ban *ban, str person_name,
                             int64_t *ret_id, struct error *err);
/* ST_NOT_FOUND. *ret_ban is what it was. */
MUST_USE enum status ban_remove(struct newsroom *desk, int64_t id, struct ban *ret_ban,
                                struct error *err);
/* Newest first, from below `before` (0: the newest); one more than `limit` is not read: *ret_more. */
MUST_USE enum status ban_page(struct store_conn *conn, int64_t before, size_t limit,
                              struct arena *arena, struct ban **ret_bans, size_t *ret_count,
                              bool *ret_more, struct error *err);

struct ban_list;
MUST_USE enum status ban_list_load(struct store_conn *conn, struct ban_list **ret_list,
                                   struct error *err);
struct ban_list *ban_list_ref(struct ban_list *list);
void ban_list_unref(struct ban_list *list); /* takes NULL */
DEFINE_FREEP(struct ban_list *, ban_list_unref)
/* NULL: none fits. `network` empty: nothing is known of it. Lends from the list. */
const struct ban *ban_list_match(const struct ban_list *list, struct arena *arena,
                                 const struct comment_prepared *ready, str network);
