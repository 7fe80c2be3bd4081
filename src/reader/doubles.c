/* SPDX-License-Identifier: MIT */
#include "reader/doubles.h"

#include "base/arena.h"
#include "reader/names.h"
#include "reader/names_kinds.h"
#include "text/utf8.h"

enum {
    WORD_CHARS_MAX = 40,
    LETTERS_MIN = 4,       /* of a word in a longer name: in shorter ones a letter is much */
    LETTERS_ALONE_MIN = 5, /* of a name of one word */
    ROLES_MAX = 4,         /* different ones of a name that are looked at */
    ROLE_WORDS_MAX = 4,
};

static void add(struct doubles *doubles, struct double_name one)
{
    if (doubles->count < DOUBLES_MAX)
        doubles->list[doubles->count++] = one;
}

/* ---- words ---- */

struct chars {
    uint32_t c[WORD_CHARS_MAX];
    size_t count; /* 0: too long to be looked at, or with a digit */
};

static struct chars chars_of(struct arena *arena, str word)
{
    struct chars chars = {.count = 0};
    str rest = utf8_fold(arena, word);
    while (rest.len > 0) {
        uint32_t c = utf8_next(&rest);
        if (chars.count == WORD_CHARS_MAX || (c >= '0' && c <= '9'))
            return (struct chars){.count = 0};
        chars.c[chars.count++] = c;
    }
    return chars;
}

static bool same_from(const struct chars *a, size_t i, const struct chars *b, size_t j)
{
    if (a->count - i != b->count - j)
        return false;
    return memcmp(&a->c[i], &b->c[j], (a->count - i) * sizeof(a->c[0])) == 0;
}

/* One letter more, less, other, or two changed about; an "s" at the end is grammar. */
static bool nearly_same(const struct chars *a, const struct chars *b)
{
    const struct chars *longer = a->count >= b->count ? a : b, *shorter = longer == a ? b : a;
    size_t i = 0;
    while (i < shorter->count && longer->c[i] == shorter->c[i])
        i++;
    if (longer->count == shorter->count + 1) {
        bool plural = i == shorter->count && longer->c[i] == 's';
        return !plural && same_from(longer, i + 1, shorter, i);
    }
    if (longer->count != shorter->count || i == longer->count)
        return false;
    return same_from(longer, i + 1, shorter, i + 1) ||
           (i + 1 < longer->count && longer->c[i] == shorter->c[i + 1] &&
            longer->c[i + 1] == shorter->c[i] && same_from(longer, i + 2, shorter, i + 2));
}

/* ---- spellings ---- */

struct person_name {
    const struct name *name;
    str words[NAME_WORDS_MAX];
    size_t count;
};

static struct person_name split(const struct name *name)
{
    struct person_name split = {.name = name};
    str rest = name->text;
    while (rest.len > 0 && split.count < NAME_WORDS_MAX)
        split.words[split.count++] = str_cut(&rest, ' ');
    if (rest.len > 0)
        split.count = 0;
    return split;
}

static bool words_suspect(struct arena *arena, str a, str b, size_t letters_min)
{
    struct chars x = chars_of(arena, a), y = chars_of(arena, b);
    return x.count >= letters_min && y.count >= letters_min && nearly_same(&x, &y);
}

/* Of as many words, all the same but one. */
static bool long_suspect(struct arena *arena, const struct person_name *a,
                         const struct person_name *b)
{
    size_t differs = a->count, differences = 0;
    for (size_t i = 0; i < a->count; i++) {
        if (str_eq_nocase(a->words[i], b->words[i]))
            continue;
        differs = i;
        differences++;
    }
    return differences == 1 &&
           words_suspect(arena, a->words[differs], b->words[differs], LETTERS_MIN);
}

static bool is_last_word(const struct person_name *names, size_t count, str word)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].count > 1 && str_eq(names[i].words[names[i].count - 1], word))
            return true;
    }
    return false;
}

static bool suspect(struct arena *arena, const struct person_name *names, size_t count,
                    const struct person_name *a, const struct person_name *b)
{
    if (a->count == b->count)
        return a->count > 1 && long_suspect(arena, a, b);
    const struct person_name *one = a->count == 1 ? a : b, *more = one == a ? b : a;
    return one->count == 1 && more->count > 1 && !is_last_word(names, count, one->words[0]) &&
           words_suspect(arena, one->words[0], more->words[more->count - 1], LETTERS_ALONE_MIN);
}

static void find_spellings(struct arena *arena, const struct person_name *names, size_t count,
                           struct doubles *doubles)
{
    struct arena_mark mark = arena_mark(arena);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            arena_rewind(arena, mark);
            if (!suspect(arena, names, count, &names[i], &names[j]))
                continue;
            bool first = names[i].name->begin <= names[j].name->begin;
            const struct person_name *a = &names[first ? i : j], *b = &names[first ? j : i];
            add(doubles,
                (struct double_name){DOUBLE_SPELLING, STR_NONE, a->name->text, b->name->text});
        }
    }
}

/* ---- roles ---- */

/* What one is called whatever one does. */
static bool is_honorific(str word)
{
    static const str list[] = {
        STR_INIT("mr"),     STR_INIT("mrs"),    STR_INIT("ms"),        STR_INIT("miss"),
        STR_INIT("mx"),     STR_INIT("dr"),     STR_INIT("doctor"),    STR_INIT("prof"),
        STR_INIT("sir"),    STR_INIT("dame"),   STR_INIT("professor"), STR_INIT("lord"),
        STR_INIT("lady"),   STR_INIT("rev"),    STR_INIT("reverend"),  STR_INIT("hon"),
        STR_INIT("mother"), STR_INIT("father"),
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        if (str_eq_nocase(list[i], word))
            return true;
    }
    return false;
}

/* Two ways to write one. */
static str spelt_out(str word)
{
    static const struct {
        str brief, whole;
    } pairs[] = {{STR_INIT("cllr"), STR_INIT("councillor")},
                 {STR_INIT("councilor"), STR_INIT("councillor")},
                 {STR_INIT("gov"), STR_INIT("governor")},
                 {STR_INIT("sen"), STR_INIT("senator")},
                 {STR_INIT("rep"), STR_INIT("representative")},
                 {STR_INIT("gen"), STR_INIT("general")},
                 {STR_INIT("col"), STR_INIT("colonel")},
                 {STR_INIT("capt"), STR_INIT("captain")},
                 {STR_INIT("sgt"), STR_INIT("sergeant")}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (str_eq_nocase(pairs[i].brief, word))
            return pairs[i].whole;
    }
    return word;
}

/* The last word before `at`, a space between; empty when something else stands there. */
static str word_before(str text, size_t at)
{
    if (at == 0 || text.ptr[at - 1] != ' ')
        return STR_NONE;
    size_t end = at - 1, begin;
    if (end > 0 && text.ptr[end - 1] == '.') /* "Cllr." */
        end--;
    begin = end;
    while (begin > 0) {
        str before = str_sub(text, 0, begin);
        uint32_t c = utf8_last(&before);
        if (!utf8_is_word(c) && c != '-')
            break;
        begin = before.len;
    }
    return str_sub(text, begin, end - begin);
}

struct role {
    str whole; /* "Defence Minister" */
    str head;  /* "Minister" */
};

static struct role role_before(struct arena *arena, str text, size_t at, str language)
{
    struct role role = {0};
    size_t begin = at, end = at;
    for (int words = 0; words < ROLE_WORDS_MAX; words++) {
        str word = word_before(text, begin);
        unsigned kinds = word.len > 0 ? names_kinds(language, utf8_fold(arena, word)) : 0;
        if ((kinds & (W_TITLE | W_HELD)) == 0)
            break;
        begin = (size_t)(word.ptr - text.ptr);
        if (is_honorific(word)) {
            end = role.head.len == 0 ? begin : end;
            continue;
        }
        if (role.head.len == 0 && (kinds & W_TITLE) == 0)
            return (struct role){0};
        if (role.head.len == 0)
            role.head = word;
        role.whole = str_from_range(word.ptr, role.head.ptr + role.head.len);
    }
    return role;
}

/* "minister" may be the Defence Minister; the Defence Minister is not the Foreign Minister. */
static bool may_be_one(const struct role *a, const struct role *b)
{
    if (!str_eq_nocase(spelt_out(a->head), spelt_out(b->head)))
        return false;
    return a->whole.len == a->head.len || b->whole.len == b->head.len ||
           str_eq_nocase(a->whole, b->whole);
}

struct roles {
    struct role list[ROLES_MAX];
    size_t count;
};

static void collect(struct arena *arena, str text, str name, str language, struct roles *roles)
{
    size_t at = 0;
    for (;;) {
        size_t found = str_find(str_from(text, at), name);
        if (found == STR_NPOS || roles->count == ROLES_MAX)
            return;
        at += found;
        struct arena_mark mark = arena_mark(arena);
        struct role role = role_before(arena, text, at, language);
        arena_rewind(arena, mark);
        at += name.len;
        str behind = str_from(text, at);
        bool whole = behind.len == 0 || !utf8_is_word(utf8_next(&behind));
        bool known = role.head.len == 0 || !whole;
        for (size_t i = 0; i < roles->count && !known; i++)
            known = may_be_one(&role, &roles->list[i]);
        if (!known)
            roles->list[roles->count++] = role;
    }
}

static bool last_is_ones_own(const struct person_name *names, size_t count, size_t self)
{
    str last = names[self].words[names[self].count - 1];
    for (size_t i = 0; i < count; i++) {
        if (i != self && names[i].count > 0 && str_eq(names[i].words[names[i].count - 1], last))
            return false;
    }
    return true;
}

static void find_roles(struct arena *arena, str text, str language, const struct person_name *names,
                       size_t count, struct doubles *doubles)
{
    for (size_t i = 0; i < count; i++) {
        struct roles roles = {.count = 0};
        if (names[i].count < 2)
            continue;
        collect(arena, text, names[i].name->text, language, &roles);
        if (last_is_ones_own(names, count, i))
            collect(arena, text, names[i].words[names[i].count - 1], language, &roles);
        if (roles.count > 1)
            add(doubles, (struct double_name){DOUBLE_ROLE, names[i].name->text, roles.list[0].whole,
                                              roles.list[1].whole});
    }
}

void doubles_find(struct arena *arena, str headline, str text, str language,
                  struct doubles *ret_doubles)
{
    struct names found;
    text = utf8_cut_bytes(text, NAMES_TEXT_MAX);
    *ret_doubles = (struct doubles){.count = 0};
    names_find(arena, headline, text, language, &found);
    struct person_name *names = arena_new_array(arena, struct person_name, found.count);
    for (size_t i = 0; i < found.count; i++)
        names[i] = split(&found.list[i]);
    find_spellings(arena, names, found.count, ret_doubles);
    find_roles(arena, text, language, names, found.count, ret_doubles);
}
