/* news/person.h -- who may sign in: role and password.
 *
 *     st = password_hash(arena, password, &hash, err);          // slow: job thread, one at a time
 *     st = person_add(desk, &(struct person){.email = e, .name = n, .role = ROLE_EDITOR}, hash, &id, err);
 *     st = person_by_email(conn, email, arena, &person, err);
 *     bool right = password_matches(person->password_hash, password);   // slow too
 *
 * Passwords are hashed by argon2id (libsodium), 19 MiB and two passes: about 30 ms and one such
 * block of memory at a time. password_matches takes as long for a NULL hash, so that a stranger
 * cannot tell who has a login.
 *
 * Memory and threads: as story.h; the password functions, any thread. */
#pragma once
#include "news/news.h"

struct store_conn;

enum {
    PASSWORD_MIN = 10, /* characters; as Ghost's */
    PASSWORD_MAX = 1024,
    PASSWORD_MEMORY_BYTES = 19 * 1024 * 1024,
    PASSWORD_PASSES = 2,
    PERSON_NAME_MAX = 191,
    PERSON_EMAIL_MAX = 191,
};

/* As in Ghost. What each may do at the desk: desk/right.h. */
enum role { ROLE_OWNER, ROLE_ADMINISTRATOR, ROLE_EDITOR, ROLE_AUTHOR, ROLE_CONTRIBUTOR };
enum { ROLES_COUNT = ROLE_CONTRIBUTOR + 1 };
const char *role_name(enum role role);
bool role_from_name(str name, enum role *ret_role);

struct person {
    person_id id;
    str ghost_id, email, name;
    enum role role;
    str password_hash; /* empty: cannot sign in */
    str language;      /* in which the desk speaks to them; empty: the site's */
    time_us created_at, seen_at;
};

/* What is wrong with a new password, before it costs anything. */
enum password_fault { PASSWORD_FINE, PASSWORD_SHORT, PASSWORD_LONG, PASSWORD_COMMON };
enum password_fault password_fault(str password);
/* ST_INVALID: it has a fault. */
MUST_USE enum status password_hash(struct arena *arena, str password, str *ret_hash,
                                   struct error *err);
bool password_matches(str hash, str password);

/* Lower case, trimmed; ST_INVALID when it is no address. Comments use it too. */
MUST_USE enum status email_key(struct arena *arena, str email, str *ret_key, struct error *err);

MUST_USE enum status person_by_id(struct store_conn *conn, person_id id, struct arena *arena,
                                  struct person **ret_person, struct error *err);
MUST_USE enum status person_by_email(struct store_conn *conn, str email, struct arena *arena,
                                     struct person **ret_person, struct error *err);
MUST_USE enum status person_list(struct store_conn *conn, struct arena *arena,
                                 struct person ***ret_people, size_t *ret_count, struct error *err);

/* ST_CONFLICT: the email has a login already. The first person of a site must be an owner. */
MUST_USE enum status person_add(struct newsroom *desk, const struct person *person,
                                str password_hash, person_id *ret_id, struct error *err);
/* Name and language (empty: the site's). ST_INVALID: no name, no language. */
MUST_USE enum status person_set_self(struct newsroom *desk, person_id id, str name, str language,
                                     struct error *err);
/* ST_CONFLICT: somebody has that address. Links for a new password that went to the old one end; sessions do
 * not. */
MUST_USE enum status person_set_email(struct newsroom *desk, person_id id, str email,
                                      struct error *err);
/* Ends all sessions of theirs, and links for a new password. */
MUST_USE enum status person_set_password(struct newsroom *desk, person_id id, str password_hash,
                                         struct error *err);
/* ST_CONFLICT: a site keeps one owner at least. */
MUST_USE enum status person_set_role(struct newsroom *desk, person_id id, enum role role,
                                     struct error *err);
/* Makes another one the owner; the one before becomes an administrator. Both in one write. */
MUST_USE enum status person_hand_over(struct newsroom *desk, person_id from, person_id to,
                                      struct error *err);
MUST_USE enum status person_remove(struct newsroom *desk, person_id id, struct error *err);
