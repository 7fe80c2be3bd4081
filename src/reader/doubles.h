/* reader/doubles.h -- one person under two spellings or two roles.
 *
 *     doubles_find(arena, headline, text, S("en"), &doubles);
 *
 *     "Greta Novak ... Greta Nowak said"              ->  spelling, "Greta Novak", "Greta Nowak"
 *     "Mayor Ann Lee ... Councillor Lee left"         ->  role of "Ann Lee", "Mayor", "Councillor"
 *
 * Names are those of reader/names.h. Two of as many words are suspected when they differ in one word by one letter (a
 * letter more, less, other, or two changed about), and a short form when it so differs from the last word of a longer
 * one. A role is what stands before a name of the words that names.h cuts out; "Mr" and "Dr" are none. Two roles that
 * may be one said twice ("minister", "Defence Minister") are not told. Either may be right: it is a question.
 *
 * Cost: linear in the text for each name, and the square of how many names there are (NAMES_MAX).
 * Memory: names and roles lend from text and headline. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

enum { DOUBLES_MAX = 20 };

struct double_name {
    enum { DOUBLE_SPELLING, DOUBLE_ROLE } kind;
    str name; /* of a role: whose */
    str a, b; /* both spellings, or both roles, in the order of the text */
};

struct doubles {
    struct double_name list[DOUBLES_MAX];
    size_t count;
};

/* As names_find. */
void doubles_find(struct arena *arena, str headline, str text, str language,
                  struct doubles *ret_doubles);
