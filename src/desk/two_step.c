/* SPDX-License-Identifier: MIT
 *
 * Putting a second factor on one's account, and taking it off. The secret waits in the database until a code
 * of it comes back: a form that fails shows the same picture again. */
#include "base/arena.h"
#include "desk/errand.h"
#include "desk/letter.h"
#include "desk/qr.h"
#include "desk/second_factor.h"
#include "desk/sign_in.h"
#include "desk/totp.h"
#include "news/setting.h"

static enum status offer(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    return second_factor_offer(room, e->person->id, totp_secret_new(e->rng, e->arena), err);
}

/* In groups of four, to be typed. */
static str grouped(struct arena *arena, str secret)
{
    char *text = arena_alloc(arena, secret.len * 2, 1);
    size_t len = 0;
    for (size_t i = 0; i < secret.len; i++) {
        if (i > 0 && i % 4 == 0)
            text[len++] = ' ';
        text[len++] = secret.ptr[i];
    }
    return (str){text, len};
}

static void put_offer(struct errand *e, struct hbs_map *values, str secret)
{
    str title = e->edition->settings->title;
    str address = totp_address(e->arena, title, e->person->email, secret);
    hbs_map_set(values, S("secret"), hbs_string(grouped(e->arena, secret)));
    hbs_map_set(values, S("address"), hbs_string(address));
    hbs_map_set(values, S("picture"),
                hbs_html(qr_svg(e->arena, address, errand_say(e, S("two-step.picture")))));
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    struct second_factor factor;
    enum status st = second_factor_read(e->conn, e->person->id, e->arena, &factor, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("on"), hbs_bool(factor.on));
    hbs_map_set(values, S("codes_left"), hbs_number((double)factor.codes_left));
    if (!factor.on && factor.offered.len == 0) /* posted before the page was ever looked at */
        return errand_go(e, S("/desk/account/two-step/"));
    if (!factor.on)
        put_offer(e, values, factor.offered);
    return errand_page(e, code, S("two-step"), values, err);
}

/* The first look draws the secret: written, then read in another request's snapshot. */
enum status two_step_show(struct errand *e, struct error *err)
{
    struct second_factor factor;
    enum status st = second_factor_read(e->conn, e->person->id, e->arena, &factor, err);
    if (st == ST_OK && !factor.on && factor.offered.len == 0) {
        st = errand_write(e, offer, NULL, err);
        return st == ST_OK ? errand_go(e, S("/desk/account/two-step/")) : st;
    }
    if (st != ST_OK)
        return st;
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, values, 200, err);
}

/* ---- recovery codes, once ---- */

struct codes {
    str list[SECOND_FACTOR_CODES];
};

static enum status show_codes(struct errand *e, const struct codes *codes, struct error *err)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, SECOND_FACTOR_CODES);
    struct hbs_map *values = errand_values(e);
    for (size_t i = 0; i < SECOND_FACTOR_CODES; i++)
        rows[i] = hbs_string(codes->list[i]);
    hbs_map_set(values, S("codes"), hbs_list_of(e->arena, rows, SECOND_FACTOR_CODES));
    return errand_page(e, 200, S("recovery-codes"), values, err);
}

static enum status prove(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct codes *codes = arg;
    enum status st =
        second_factor_prove(room, e->person->id, errand_value(e, S("code")), codes->list, err);
    return st == ST_OK ? errand_log(e, room, S("two-step.on"), STR_NONE, err) : st;
}

enum status two_step_prove(struct errand *e, struct error *err)
{
    struct codes codes;
    enum status st = errand_write(e, prove, &codes, err);
    if (st == ST_OK)
        return show_codes(e, &codes, err);
    if (st != ST_INVALID)
        return st;
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    errand_wrong(e, &form, S("code"), S("wrong.code"));
    return show(e, values, 422, err);
}

/* ---- with the password once more ---- */

static enum status new_codes(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct codes *codes = arg;
    enum status st = second_factor_codes(room, e->person->id, codes->list, err);
    return st == ST_OK ? errand_log(e, room, S("two-step.codes"), STR_NONE, err) : st;
}

static enum status turn_off(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    enum status st = second_factor_off(room, e->person->id, err);
    if (st == ST_OK)
        st = letter_notice(e, room, S("two-step-off"), e->person, err);
    return st == ST_OK ? errand_log(e, room, S("two-step.off"), STR_NONE, err) : st;
}

/* *ret_right false: the page was shown again. */
static enum status confirm(struct errand *e, str field, bool *ret_right, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    enum status st = password_confirm(e, &form, field, ret_right, err);
    return st == ST_OK && !*ret_right ? show(e, values, 422, err) : st;
}

enum status two_step_codes(struct errand *e, struct error *err)
{
    struct second_factor factor;
    struct codes codes;
    bool right;
    enum status st = second_factor_read(e->conn, e->person->id, e->arena, &factor, err);
    if (st == ST_OK && !factor.on)
        return errand_go(e, S("/desk/account/two-step/"));
    if (st == ST_OK)
        st = confirm(e, S("current"), &right, err);
    if (st != ST_OK || !right)
        return st;
    st = errand_write(e, new_codes, &codes, err);
    return st == ST_OK ? show_codes(e, &codes, err) : st;
}

enum status two_step_off(struct errand *e, struct error *err)
{
    bool right;
    enum status st = confirm(e, S("current_off"), &right, err);
    if (st != ST_OK || !right)
        return st;
    st = errand_write(e, turn_off, NULL, err);
    return st == ST_OK ? errand_done(e, S("/desk/account/"), S("two-step-off")) : st;
}
