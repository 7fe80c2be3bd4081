/* desk/second_factor.h -- one person's second factor: offered, proved, asked for, taken off again.
 *
 *     st = second_factor_offer(room, person, secret, err);         // shown, with nothing changed yet
 *     st = second_factor_prove(room, person, code, ret_codes, err); // a code of it: it is on
 *     st = second_factor_take(room, person, code, err);            // at sign-in; ST_DENIED: wrong
 *
 *      none -- offer --> offered -- prove --> on -- off --> none
 *
 * Proving gives SECOND_FACTOR_CODES recovery codes, of 80 bits each, kept as hashes: each is good once in
 * place of a code. They are shown then and never again.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum { SECOND_FACTOR_CODES = 10, SECOND_FACTOR_CODE_CHARS = 16 };

struct second_factor {
    bool on;
    str offered;        /* the secret that waits for its first code; empty: none */
    int64_t codes_left; /* recovery codes */
};
MUST_USE enum status second_factor_read(struct store_conn *conn, person_id person,
                                        struct arena *arena, struct second_factor *ret_factor,
                                        struct error *err);

MUST_USE enum status second_factor_offer(struct newsroom *room, person_id person, str secret,
                                         struct error *err);
/* ST_INVALID: not a code of the secret that was offered, or none was. */
MUST_USE enum status second_factor_prove(struct newsroom *room, person_id person, str code,
                                         str ret_codes[SECOND_FACTOR_CODES], struct error *err);
/* A code or a recovery code, used up by this. ST_DENIED: neither, or used before. */
MUST_USE enum status second_factor_take(struct newsroom *room, person_id person, str code,
                                        bool *ret_recovery, struct error *err);
/* Others in place of those there are. */
MUST_USE enum status second_factor_codes(struct newsroom *room, person_id person,
                                         str ret_codes[SECOND_FACTOR_CODES], struct error *err);
MUST_USE enum status second_factor_off(struct newsroom *room, person_id person, struct error *err);
