/* text/language.h -- language tags ("en", "pt-BR", "ar"): shape, main part, direction.
 *
 *     <html lang="{language_tag}" dir="{language_direction}">
 *
 * Threads: pure. Rule: BCP 47 (RFC 5646 §2.1), shape only; whether a subtag is registered is not asked. */
#pragma once
#include "base/str.h"

enum { LANGUAGE_TAG_MAX = 35 };

/* 2-8 letters, then subtags of 1-8 letters or digits, parted by '-'. */
bool language_valid(str tag);
/* "pt" of "pt-BR", "pt_BR" and "PT"; lower-case for ASCII tags in the arena-free way: compare with
 * str_eq_nocase. "" of "". */
str language_primary(str tag);
/* S("rtl") or S("ltr"), by a script subtag when there is one, else by the language. */
str language_direction(str tag);
bool language_same(str a, str b); /* same primary part */
