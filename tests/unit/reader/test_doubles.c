/* SPDX-License-Identifier: MIT */
#include "reader/doubles.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"

/* "A = B" for spellings, "NAME: A, B" for roles, joined by "; ". */
static const struct {
    const char *headline, *text, *doubles;
} cases[] = {
    {"", "", ""},
    {"", "We met Greta Novak. Then Greta Nowak left.", "Greta Novak = Greta Nowak"},
    {"", "We met Greta Novak. Then Nowak left, and Nowak came back.", "Greta Novak = Nowak"},
    {"", "We met Greta Novak. Then Novak left. Ida Holm and Ida Helm stayed.",
     "Ida Holm = Ida Helm"},
    {"", "We met Greta Novak and Peter Novak. They left.", ""},
    {"", "We met Ann Lee and Ana Lee there.", ""}, /* short names differ by a letter often */
    {"", "We met Michael Stone. Later Micheal Stone spoke.", "Michael Stone = Micheal Stone"},
    {"", "We met Björn Holm. Later Bjorn Holm spoke.", "Björn Holm = Bjorn Holm"},
    {"", "A Boeing 737 and a Boeing 738 stood in Iran and Iraq.", ""},
    {"", "We met Mayor Ann Lee at six. Councillor Ann Lee left at seven.",
     "Ann Lee: Mayor, Councillor"},
    {"", "We met mayor Ann Lee at six. Later councillor Lee left.", "Ann Lee: mayor, councillor"},
    {"", "We met Mayor Ann Lee at six. Dr Ann Lee left. Mayor Lee spoke.", ""},
    {"", "We met Cllr Ann Lee at six. Councillor Lee left.", ""},
    {"", "We met Defence Minister John Healey. The minister John Healey left.", ""},
    {"", "We met Defence Minister John Healey. Then Foreign Minister John Healey left.",
     "John Healey: Defence Minister, Foreign Minister"},
    {"", "We met Mayor Ann Lee and Councillor Bob Lee. Mayor Lee left.", ""},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct doubles doubles;
        struct buf b;
        doubles_find(arena, str_from_c(cases[i].headline), str_from_c(cases[i].text), S("en"),
                     &doubles);
        buf_init(&b, arena, 4096);
        for (size_t k = 0; k < doubles.count; k++) {
            const struct double_name *d = &doubles.list[k];
            buf_add(&b, k > 0 ? S("; ") : STR_NONE);
            if (d->kind == DOUBLE_ROLE)
                buf_addf(&b, "%.*s: %.*s, %.*s", STR_ARG(d->name), STR_ARG(d->a), STR_ARG(d->b));
            else
                buf_addf(&b, "%.*s = %.*s", STR_ARG(d->a), STR_ARG(d->b));
        }
        EXPECT_STR(buf_view(&b), str_from_c(cases[i].doubles));
    }
    return test_done();
}
