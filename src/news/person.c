/* SPDX-License-Identifier: MIT */
#include "news/person.h"
#include "base/arena.h"
#include "store/store.h"
#include "text/language.h"
#include "text/utf8.h"
#include <sodium.h>

/* ---- passwords ---- */

/* What everybody tries first; the length rule catches the rest of such lists. */
static bool password_common(str password)
{
    static const str common[] = {
        STR_INIT("1234567890"),       STR_INIT("0123456789"),     STR_INIT("12345678910"),
        STR_INIT("qwertyuiop"),       STR_INIT("password12"),     STR_INIT("password123"),
        STR_INIT("passwordpassword"), STR_INIT("letmeinletmein"), STR_INIT("administrator"),
        STR_INIT("broadsheet"),       STR_INIT("1q2w3e4r5t"),     STR_INIT("iloveyou12"),
    };
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        if (str_eq_nocase(password, common[i]))
            return true;
    }
    for (size_t i = 1; i < password.len; i++) {
        if (password.ptr[i] != password.ptr[0])
            return false;
    }
    return true; /* one character over and over */
}

enum password_fault password_fault(str password)
{
    if (utf8_count(password) < PASSWORD_MIN)
        return PASSWORD_SHORT;
    if (password.len > PASSWORD_MAX)
        return PASSWORD_LONG;
    return password_common(password) ? PASSWORD_COMMON : PASSWORD_FINE;
}

enum status password_hash(struct arena *arena, str password, str *ret_hash, struct error *err)
{
    switch (password_fault(password)) {
    case PASSWORD_SHORT:
        return error_set(err, ST_INVALID, "a password has at least %d characters", PASSWORD_MIN);
    case PASSWORD_LONG:
        return error_set(err, ST_INVALID, "a password has at most %d bytes", PASSWORD_MAX);
    case PASSWORD_COMMON:
        return error_set(err, ST_INVALID, "that password is one of the first anyone would try");
    case PASSWORD_FINE:
        break;
    }
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password.ptr, password.len, PASSWORD_PASSES,
                              PASSWORD_MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return error_set(err, ST_IO, "not enough memory to hash a password");
    *ret_hash = str_copy(arena, str_from_c(hash));
    return ST_OK;
}

bool password_matches(str hash, str password)
{
    /* argon2id of a random word, with our memory and passes: for people who are not there. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$W6yHqWq1cC1u3Zt0XkT6mQ"
                                 "$0J1xkUo8kQyYk1d4iR6xq7o2l1y3H0s3q0o4b2v5Y9M";
    char text[crypto_pwhash_STRBYTES] = {0};
    bool somebody = hash.len > 0 && hash.len < sizeof(text);
    if (somebody)
        memcpy(text, hash.ptr, hash.len);
    else
        memcpy(text, nobody, sizeof(nobody));
    if (password.len > PASSWORD_MAX)
        return false;
    const char *typed = password.len > 0 ? password.ptr : "";
    return crypto_pwhash_str_verify(text, typed, password.len) == 0 && somebody;
}

/* ---- email ---- */

enum status email_key(struct arena *arena, str email, str *ret_key, struct error *err)
{
    str trimmed = str_trim(email);
    size_t at = str_rfind_char(trimmed, '@');
    bool good = at != STR_NPOS && at > 0 && at + 3 < trimmed.len && trimmed.len <= 254 &&
                at <= 64 && utf8_valid(trimmed);
    str host = good ? str_from(trimmed, at + 1) : STR_NONE;
    good = good && str_find_char(host, '.') != STR_NPOS && host.ptr[0] != '.' &&
           host.ptr[host.len - 1] != '.' && str_find(host, S("..")) == STR_NPOS;
    for (size_t i = 0; good && i < trimmed.len; i++) {
        unsigned char c = (unsigned char)trimmed.ptr[i];
        good = c > ' ' && c != 0x7f && c != '<' && c != '>' && c != ',' && c != ';' && c != '"' &&
               c != '(' && c != ')' && c != '\\' && (c != '@' || i == at);
    }
    if (!good)
        return error_set(err, ST_INVALID, "that is not an email address");
    *ret_key = utf8_lower(arena, trimmed);
    return ST_OK;
}

/* ---- roles ---- */

static const str roles[] = {[ROLE_OWNER] = STR_INIT("owner"),
                            [ROLE_ADMINISTRATOR] = STR_INIT("administrator"),
                            [ROLE_EDITOR] = STR_INIT("editor"),
                            [ROLE_AUTHOR] = STR_INIT("author"),
                            [ROLE_CONTRIBUTOR] = STR_INIT("contributor")};
static_assert(sizeof(roles) / sizeof(roles[0]) == ROLES_COUNT, "a name for each role");

const char *role_name(enum role role)
{
    return roles[role].ptr;
}

bool role_from_name(str name, enum role *ret_role)
{
    for (size_t i = 0; i < ROLES_COUNT; i++) {
        if (str_eq(roles[i], name)) {
            *ret_role = (enum role)i;
            return true;
        }
    }
    return false;
}

/* ---- reading ---- */

#define PERSON_COLUMNS                                                                             \
    "id, ghost_id, email, name, role, password_hash, created_at, seen_at, language"

static struct person *person_from_row(const struct store_stmt *q, struct arena *arena)
{
    struct person *p = arena_new_one(arena, struct person);
    p->id.v = store_column_int(q, 0);
    p->ghost_id = str_copy(arena, store_column_text(q, 1));
    p->email = str_copy(arena, store_column_text(q, 2));
    p->name = str_copy(arena, store_column_text(q, 3));
    p->role = ROLE_CONTRIBUTOR;
    (void)role_from_name(store_column_text(q, 4), &p->role);
    p->password_hash = str_copy(arena, store_column_text(q, 5));
    p->created_at = store_column_int(q, 6);
    p->seen_at = store_column_int(q, 7);
    p->language = str_copy(arena, store_column_text(q, 8));
    return p;
}

static enum status read_person(struct store_stmt *q, struct arena *arena,
                               struct person **ret_person, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nobody of that name has a login");
    if (st == ST_OK)
        *ret_person = person_from_row(q, arena);
    return st;
}

enum status person_by_id(struct store_conn *conn, person_id id, struct arena *arena,
                         struct person **ret_person, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " PERSON_COLUMNS " FROM person WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    return read_person(q, arena, ret_person, err);
}

enum status person_by_email(struct store_conn *conn, str email, struct arena *arena,
                            struct person **ret_person, struct error *err)
{
    str key;
    enum status st = email_key(arena, email, &key, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " PERSON_COLUMNS " FROM person WHERE email = $1"));
    store_bind_text(q, 1, key);
    return read_person(q, arena, ret_person, err);
}

enum status person_list(struct store_conn *conn, struct arena *arena, struct person ***ret_people,
                        size_t *ret_count, struct error *err)
{
    enum { PEOPLE_MAX = 1000 };
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " PERSON_COLUMNS " FROM person ORDER BY id LIMIT $1"));
    store_bind_int(q, 1, PEOPLE_MAX);
    struct person **people = arena_new_array(arena, struct person *, PEOPLE_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < PEOPLE_MAX)
        people[count++] = person_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_people = people;
    *ret_count = count;
    return ST_OK;
}

/* ---- writing ---- */

/* Whether there is an owner other than `but`. */
static enum status other_owner(struct store_conn *conn, person_id but, bool *ret_is,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT id FROM person WHERE role = 'owner' AND id <> $1 LIMIT 1"));
    store_bind_int(q, 1, but.v);
    enum status st = store_step(q, err);
    *ret_is = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status person_add(struct newsroom *desk, const struct person *person, str password_hash,
                       person_id *ret_id, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    str email, name = str_trim(person->name);
    enum status st = email_key(desk->arena, person->email, &email, err);
    if (st != ST_OK)
        return st;
    if (email.len > PERSON_EMAIL_MAX || name.len == 0 || name.len > PERSON_NAME_MAX)
        return error_set(err, ST_INVALID, "a person needs a name, of at most %d bytes",
                         PERSON_NAME_MAX);
    bool has_owner = false;
    st = other_owner(conn, (person_id){0}, &has_owner, err);
    if (st != ST_OK)
        return st;
    if (!has_owner && person->role != ROLE_OWNER)
        return error_set(err, ST_INVALID, "the first person of a site is its owner");
    struct person *same;
    st = person_by_email(conn, email, desk->arena, &same, NULL);
    if (st == ST_OK)
        return error_set(err, ST_CONFLICT, "that email address has a login already");
    if (st != ST_NOT_FOUND)
        return error_set(err, st, "the list of people could not be read");
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("INSERT INTO person (ghost_id, email, name, role, password_hash, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"));
    store_bind_text(q, 1, ghost_id_new(desk->rng, desk->arena, desk->now));
    store_bind_text(q, 2, email);
    store_bind_text(q, 3, name);
    store_bind_text(q, 4, roles[person->role]);
    store_bind_text_or_null(q, 5, password_hash);
    store_bind_int(q, 6, desk->now);
    st = store_step(q, err);
    if (st != ST_OK)
        return st;
    person_id id = {store_column_int(q, 0)};
    st = store_run(q, err);
    if (st == ST_OK)
        *ret_id = id;
    return st;
}

/* A link for a new password that was made before must not undo this one. */
static enum status links_end(struct newsroom *desk, person_id id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("DELETE FROM door WHERE person = $1 AND kind = 'reset'"));
    store_bind_int(q, 1, id.v);
    return store_run(q, err);
}

static enum status sessions_end(struct newsroom *desk, person_id id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM session WHERE person = $1"));
    store_bind_int(q, 1, id.v);
    return store_run(q, err);
}

/* Runs an UPDATE or DELETE of one person. */
static enum status run_for(struct store_stmt *q, struct error *err)
{
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_NOT_FOUND, "nobody of that number has a login");
    return st;
}

enum status person_set_self(struct newsroom *desk, person_id id, str name, str language,
                            struct error *err)
{
    str trimmed = str_trim(name);
    if (trimmed.len == 0 || trimmed.len > PERSON_NAME_MAX)
        return error_set(err, ST_INVALID, "a person needs a name, of at most %d bytes",
                         PERSON_NAME_MAX);
    if (language.len > 0 && !language_valid(language))
        return error_set(err, ST_INVALID, "that is not a language, such as en or de");
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("UPDATE person SET name = $2, language = $3 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, trimmed);
    store_bind_text_or_null(q, 3, language);
    return run_for(q, err);
}

enum status person_set_email(struct newsroom *desk, person_id id, str email, struct error *err)
{
    struct person *same;
    str key;
    enum status st = email_key(desk->arena, email, &key, err);
    if (st != ST_OK)
        return st;
    if (key.len > PERSON_EMAIL_MAX)
        return error_set(err, ST_INVALID, "an email address has at most %d bytes",
                         PERSON_EMAIL_MAX);
    st = person_by_email(store_tx_conn(desk->tx), key, desk->arena, &same, err);
    if (st == ST_OK && same->id.v != id.v)
        return error_set(err, ST_CONFLICT, "that email address has a login already");
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("UPDATE person SET email = $2 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, key);
    st = run_for(q, err);
    return st == ST_OK ? links_end(desk, id, err) : st;
}

enum status person_set_password(struct newsroom *desk, person_id id, str password_hash,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("UPDATE person SET password_hash = $2 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text_or_null(q, 2, password_hash);
    enum status st = run_for(q, err);
    if (st == ST_OK)
        st = links_end(desk, id, err);
    return st == ST_OK ? sessions_end(desk, id, err) : st;
}

/* A site that loses its last owner could not be given another. */
static enum status keep_an_owner(struct newsroom *desk, person_id but, struct error *err)
{
    bool has_other = false;
    enum status st = other_owner(store_tx_conn(desk->tx), but, &has_other, err);
    if (st == ST_OK && !has_other)
        return error_set(err, ST_CONFLICT, "a site keeps one owner: name another one first");
    return st;
}

enum status person_set_role(struct newsroom *desk, person_id id, enum role role, struct error *err)
{
    enum status st = role == ROLE_OWNER ? ST_OK : keep_an_owner(desk, id, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("UPDATE person SET role = $2 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, roles[role]);
    return run_for(q, err);
}

enum status person_hand_over(struct newsroom *desk, person_id from, person_id to, struct error *err)
{
    enum status st = person_set_role(desk, to, ROLE_OWNER, err);
    return st == ST_OK ? person_set_role(desk, from, ROLE_ADMINISTRATOR, err) : st;
}

enum status person_remove(struct newsroom *desk, person_id id, struct error *err)
{
    enum status st = keep_an_owner(desk, id, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM person WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    return run_for(q, err);
}
