/* SPDX-License-Identifier: MIT */
#include "text/language.h"

bool language_valid(str tag)
{
    size_t in_subtag = 0;
    bool first = true;

    if (tag.len > LANGUAGE_TAG_MAX)
        return false;
    for (size_t i = 0; i <= tag.len; i++) {
        if (i == tag.len || tag.ptr[i] == '-') {
            if (in_subtag < (first ? 2 : 1) || in_subtag > 8)
                return false;
            first = false;
            in_subtag = 0;
        } else if (ascii_is_alpha(tag.ptr[i]) || (!first && ascii_is_digit(tag.ptr[i]))) {
            in_subtag++;
        } else {
            return false;
        }
    }
    return true;
}

str language_primary(str tag)
{
    size_t len = 0;
    while (len < tag.len && tag.ptr[len] != '-' && tag.ptr[len] != '_')
        len++;
    return str_sub(tag, 0, len);
}

static bool is_one_of(str s, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_nocase(s, list[i]))
            return true;
    }
    return false;
}

str language_direction(str tag)
{
    static const str languages[] = {
        STR_INIT("ar"),  STR_INIT("arc"), STR_INIT("ckb"), STR_INIT("dv"),  STR_INIT("fa"),
        STR_INIT("he"),  STR_INIT("iw"),  STR_INIT("ji"),  STR_INIT("ks"),  STR_INIT("nqo"),
        STR_INIT("ps"),  STR_INIT("sd"),  STR_INIT("syr"), STR_INIT("ug"),  STR_INIT("ur"),
        STR_INIT("yi"),  STR_INIT("azb"), STR_INIT("lrc"), STR_INIT("mzn"), STR_INIT("glk"),
        STR_INIT("pnb"), STR_INIT("rhg"),
    };
    static const str scripts[] = {
        STR_INIT("Adlm"), STR_INIT("Arab"), STR_INIT("Aran"), STR_INIT("Hebr"), STR_INIT("Mand"),
        STR_INIT("Nkoo"), STR_INIT("Rohg"), STR_INIT("Samr"), STR_INIT("Syrc"), STR_INIT("Thaa"),
    };
    str primary = language_primary(tag);
    str rest = str_from(tag, primary.len < tag.len ? primary.len + 1 : primary.len);
    str second = language_primary(rest);

    if (second.len == 4) { /* "az-Arab", "ks-Deva": the script decides */
        return is_one_of(second, scripts, sizeof(scripts) / sizeof(scripts[0])) ? S("rtl")
                                                                                : S("ltr");
    }
    return is_one_of(primary, languages, sizeof(languages) / sizeof(languages[0])) ? S("rtl")
                                                                                   : S("ltr");
}

bool language_same(str a, str b)
{
    return str_eq_nocase(language_primary(a), language_primary(b));
}
