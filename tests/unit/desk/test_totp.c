/* SPDX-License-Identifier: MIT
 *
 * RFC 6238, appendix B (its eight digits, the last six), and what is taken when. */
#include "desk/totp.h"

#include "base/arena.h"
#include "desk/qr.h"
#include "tests/check.h"

/* "12345678901234567890" in base32. */
#define SECRET S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

int main(void)
{
    static const struct {
        int64_t seconds;
        str code;
    } cases[] = {
        {59, STR_INIT("287082")},         {1111111109, STR_INIT("081804")},
        {1111111111, STR_INIT("050471")}, {1234567890, STR_INIT("005924")},
        {2000000000, STR_INIT("279037")}, {20000000000, STR_INIT("353130")},
    };
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    char code[TOTP_DIGITS];
    int64_t step = 0;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t s = cases[i].seconds / TOTP_SECONDS;
        time_us at = cases[i].seconds * TIME_SECOND;
        EXPECT(totp_code(SECRET, s, code));
        EXPECT_STR(((str){code, TOTP_DIGITS}), cases[i].code);
        EXPECT(totp_check(SECRET, cases[i].code, at, 0, &step));
        EXPECT_INT(step, s);
        /* A step to either side, not two; and never again. */
        EXPECT(totp_check(SECRET, cases[i].code, at + TOTP_SECONDS * TIME_SECOND, 0, &step));
        EXPECT(!totp_check(SECRET, cases[i].code, at + 2 * TOTP_SECONDS * TIME_SECOND, 0, &step));
        EXPECT(!totp_check(SECRET, cases[i].code, at, s, &step));
    }
    EXPECT(totp_check(SECRET, S("287 082"), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(SECRET, S("28708"), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(SECRET, S("2870822"), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(SECRET, S("28708x"), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(SECRET, S(""), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(S(""), S("287082"), 59 * TIME_SECOND, 0, &step));
    EXPECT(!totp_check(S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"), S("287082"), 59 * TIME_SECOND, 0,
                       &step));
    str address = totp_address(arena, S("The Wharf & Co"), S("ann@wharf.example"), SECRET);
    EXPECT_STR(address, S("otpauth://totp/The%20Wharf%20%26%20Co:ann@wharf.example?secret="
                          "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=The%20Wharf%20%26%20Co"));
    html svg = qr_svg(arena, address, S("a \"picture\""));
    EXPECT(str_starts(svg.raw, S("<svg ")));
    EXPECT(str_contains(svg.raw, S("a &quot;picture&quot;")));
    EXPECT(!str_contains(svg.raw, S("style=")));
    return test_done();
}
