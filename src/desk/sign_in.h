/* desk/sign_in.h -- inside desk/: what signing in shares with the other ways in.
 *
 * Threads: the password thread, but for new_password_check and sign_in_begin, which weigh nothing. */
#pragma once
#include "desk/errand.h"

/* Weighs the password of whoever is signed in, once more, before something that cannot be taken back. Too
 * many wrong ones or a wrong one: a sentence by `field` of the form, and *ret_right is false. */
MUST_USE enum status password_confirm(struct errand *e, struct errand_form *form, str field,
                                      bool *ret_right, struct error *err);

/* A sentence by `field` when it will not do as a password. */
void new_password_check(struct errand *e, struct errand_form *form, str field, str password);

/* In a write, after errand_token_new: this browser is that person's now. */
MUST_USE enum status sign_in_begin(struct errand *e, struct newsroom *room, person_id person,
                                   bool half, struct error *err);
