/* SPDX-License-Identifier: MIT
 *
 * Names in four walks: the text is cut into words; each form of a word is counted as it is written
 * (capital or not, at a sentence's start or within); runs of capitalised words are cut at titles and
 * judged; short forms are joined to the longest form. Every walk is linear, look-ups are by map.
 *
 * Tried and dropped: judging a sentence's first word by a stop-word list alone ("Meanwhile Putin"), and
 * joining "Korea" to "South Korea", which are two places. */
#include "reader/names.h"

#include "base/arena.h"
#include "base/map.h"
#include "reader/names_words.h"
#include "text/language.h"
#include "text/token.h"
#include "text/utf8.h"

enum {
    WEIGHT_MENTION = 10,
    WEIGHT_HEADLINE = 25,
    WEIGHT_LEDE = 5,
    CONNECTORS_MAX = 2,   /* "of the" between two words of a name */
    SHOUT_WORDS_MIN = 4,  /* a line of so many words, all capitals, tells nothing */
    MENTIONS_MAX = 20000, /* names beyond so many mentions of any are not looked for */
};

/* How one form of a word ("state") is written in this text. */
struct form {
    unsigned kinds;        /* W_ of names_words.h */
    size_t lower;          /* "state" */
    size_t capital_within; /* "State", not where a sentence begins */
    size_t capital_bare;   /* "State" without "'s" */
};

struct word {
    size_t begin, end; /* without "'s" */
    size_t past;       /* with it */
    struct form *form;
    bool capital, shout, possessive;
    bool sentence;     /* stands where a sentence begins */
    bool abbreviation; /* "Mr", "F": a full stop after it ends no sentence */
    bool joined;       /* nothing but a space (or an initial's full stop) before it */
    bool connector;
};

struct reading {
    struct arena *arena;
    str text;
    const struct names_language *language;
    struct map forms;
    struct word *words;
    size_t count, cap;
};

struct mention {
    size_t begin, end;
    size_t words;
    bool doubtful; /* one word, only where sentences begin */
    bool the;      /* "the Bank" */
};

/* ---- the table of words ---- */

static const struct names_language *language_of(str language)
{
    for (size_t i = 0; i < sizeof(names_languages) / sizeof(names_languages[0]); i++) {
        if (language.len > 0 && language_same(names_languages[i].tag, language))
            return &names_languages[i];
    }
    return language.len == 0 ? &names_languages[0] : NULL;
}

static unsigned kinds_of(const struct names_language *language, str folded)
{
    size_t low = 0, high = language == NULL ? 0 : language->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(language->words[mid].word, folded);
        if (order == 0)
            return language->words[mid].kinds;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

unsigned names_kinds(str language, str folded)
{
    return kinds_of(language_of(language), folded);
}

static struct form *form_of(struct reading *r, str word)
{
    str folded = utf8_fold(r->arena, word);
    struct form *form = map_get(&r->forms, folded);
    if (form == NULL) {
        form = arena_new_one(r->arena, struct form);
        form->kinds = kinds_of(r->language, folded);
        if (r->language != NULL && token_is_stop_word(r->language->tag, folded))
            form->kinds |= W_OPENER;
        (void)map_set(&r->forms, folded, form);
    }
    return form;
}

/* ---- words ---- */

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019;
}

/* "O'Brien", "Jean-Luc", "U.S.", "AT&T": marks that stay within a word when letters follow. */
static bool joins_letters(uint32_t c, uint32_t before, uint32_t after)
{
    if (!utf8_is_word(after))
        return false;
    if (is_apostrophe(c) || c == '-' || c == 0x2010 || c == 0x2011)
        return true;
    return (c == '.' || c == '&') && utf8_is_upper(before) && utf8_is_upper(after);
}

static uint32_t peek(str rest)
{
    return rest.len == 0 ? 0 : utf8_next(&rest);
}

/* Moves `*at` past a word that begins there. */
static void word_end(str text, size_t *at)
{
    uint32_t before = 0;
    bool dotted = false;
    str rest = str_from(text, *at);
    while (rest.len > 0) {
        str next = rest;
        uint32_t c = utf8_next(&next);
        if (!utf8_is_word(c) && !joins_letters(c, before, peek(next)))
            break;
        dotted = dotted || c == '.';
        before = c;
        rest = next;
    }
    *at = text.len - rest.len;
    if (dotted && rest.len > 0 && rest.ptr[0] == '.')
        *at += 1; /* the last full stop of "U.S." */
}

/* "Kremlin's" is the Kremlin. */
static size_t without_possessive(str word)
{
    static const str ends[] = {STR_INIT("'s"), STR_INIT("\u2019s"), STR_INIT("'S"),
                               STR_INIT("\u2019S")};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (word.len > ends[i].len && str_ends(word, ends[i]))
            return word.len - ends[i].len;
    }
    return word.len;
}

static bool all_capitals(str word)
{
    size_t capitals = 0;
    while (word.len > 0) {
        uint32_t c = utf8_next(&word);
        if (utf8_is_upper(c))
            capitals++;
        else if (utf8_is_letter(c))
            return false;
    }
    return capitals >= 2;
}

static bool is_connector(str word)
{
    static const str list[] = {STR_INIT("of"),    STR_INIT("the"), STR_INIT("de"),  STR_INIT("da"),
                               STR_INIT("di"),    STR_INIT("do"),  STR_INIT("du"),  STR_INIT("del"),
                               STR_INIT("della"), STR_INIT("der"), STR_INIT("den"), STR_INIT("des"),
                               STR_INIT("van"),   STR_INIT("von"), STR_INIT("zu"),  STR_INIT("la"),
                               STR_INIT("le"),    STR_INIT("el"),  STR_INIT("al"),  STR_INIT("bin"),
                               STR_INIT("ibn"),   STR_INIT("ben"), STR_INIT("y")};
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (str_eq(list[i], word))
            return true;
    }
    return false;
}

static bool is_abbreviation(str word)
{
    static const str list[] = {
        STR_INIT("Mr"),  STR_INIT("Mrs"), STR_INIT("Ms"),   STR_INIT("Dr"),   STR_INIT("Prof"),
        STR_INIT("St"),  STR_INIT("Gen"), STR_INIT("Col"),  STR_INIT("Lt"),   STR_INIT("Maj"),
        STR_INIT("Sgt"), STR_INIT("Cpl"), STR_INIT("Capt"), STR_INIT("Rev"),  STR_INIT("Hon"),
        STR_INIT("Sen"), STR_INIT("Rep"), STR_INIT("Gov"),  STR_INIT("Cllr"), STR_INIT("Mt"),
        STR_INIT("No"),  STR_INIT("Mme"), STR_INIT("Mlle"), STR_INIT("Sr"),   STR_INIT("Sra")};
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (str_eq(list[i], word))
            return true;
    }
    return utf8_count(word) == 1;
}

/* What stands between two words: does a sentence begin after it, does it join them? */
static void read_gap(str gap, const struct word *before, struct word *w)
{
    bool stop = before == NULL, only_space = gap.len > 0;
    str rest = gap;
    for (size_t i = 0; rest.len > 0; i++) {
        uint32_t c = utf8_next(&rest);
        if (c == '.' && i == 0 && before != NULL && before->abbreviation)
            continue; /* "John F. Kennedy", "Mr. Smith" */
        if (c != ' ' && c != 0xa0)
            only_space = false;
        if (c == '.' || c == '!' || c == '?' || c == ':' || c == '\n' || c == '"' || c == 0x201c ||
            c == 0x201e || c == 0xab || c == 0x2018 || c == 0x2026 || c == 0x2022 || c == 0x61f)
            stop = true;
    }
    w->sentence = stop;
    w->joined = only_space && !stop;
}

static void word_add(struct reading *r, size_t begin, size_t end)
{
    str whole = str_sub(r->text, begin, end - begin);
    size_t len = without_possessive(whole);
    struct word *before = r->count == 0 ? NULL : &r->words[r->count - 1];
    struct word w = {
        .begin = begin, .end = begin + len, .past = end, .possessive = len < whole.len};
    str text = str_sub(whole, 0, len);
    size_t past = before == NULL ? 0 : before->past;
    w.form = form_of(r, text);
    w.capital = utf8_is_upper(peek(text));
    w.shout = all_capitals(text);
    w.abbreviation = w.capital && is_abbreviation(text);
    w.connector = !w.capital && is_connector(text);
    read_gap(str_sub(r->text, past, begin - past), before, &w);
    if (r->count == r->cap) {
        size_t cap = r->cap == 0 ? 256 : r->cap * 2;
        r->words = arena_grow(r->arena, r->words, size_mul(r->cap, sizeof(*r->words)),
                              size_mul(cap, sizeof(*r->words)), _Alignof(struct word));
        r->cap = cap;
    }
    r->words[r->count++] = w;
}

static void words_read(struct reading *r)
{
    str rest = r->text;
    while (rest.len > 0) {
        size_t begin = r->text.len - rest.len;
        if (!utf8_is_word(utf8_next(&rest)))
            continue;
        size_t end = begin;
        word_end(r->text, &end);
        word_add(r, begin, end);
        rest = str_from(r->text, end);
    }
}

/* No small letter in it. */
static bool is_loud(const struct reading *r, const struct word *w)
{
    str rest = str_sub(r->text, w->begin, w->end - w->begin);
    return w->shout || (w->capital && utf8_count(rest) == 1) || !utf8_is_letter(utf8_next(&rest));
}

static bool line_ends(const struct reading *r, size_t i)
{
    return i + 1 >= r->count || str_find_char(str_sub(r->text, r->words[i].past,
                                                      r->words[i + 1].begin - r->words[i].past),
                                              '\n') != STR_NPOS;
}

/* Lines of capitals alone (an old headline, a warning) tell nothing about how a word is written. */
static void shouting_quieten(struct reading *r)
{
    size_t begin = 0;
    bool loud = true;
    for (size_t i = 0; i < r->count; i++) {
        loud = loud && is_loud(r, &r->words[i]);
        if (!line_ends(r, i))
            continue;
        for (size_t w = begin; loud && i + 1 - begin >= SHOUT_WORDS_MIN && w <= i; w++)
            r->words[w].capital = r->words[w].shout = false;
        begin = i + 1;
        loud = true;
    }
}

static void forms_count(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct word *w = &r->words[i];
        if (!w->capital) {
            w->form->lower++;
            continue;
        }
        w->form->capital_within += !w->sentence;
        w->form->capital_bare += !w->possessive;
    }
}

/* ---- runs ---- */

static bool is(const struct word *w, unsigned kinds)
{
    return (w->form->kinds & kinds) != 0;
}

/* Ordinary words that are capitalised because a sentence begins. */
static bool only_begins(const struct word *w)
{
    if (!w->sentence || w->shout)
        return false;
    return is(w, W_OPENER) || w->form->lower > w->form->capital_within;
}

static bool stands_alone(const struct reading *r, const struct word *w, bool *ret_doubtful)
{
    *ret_doubtful = false;
    if (is(w, W_NEVER | W_HELD | W_TITLE | W_ADJECTIVE | W_PLACE | W_OPENER))
        return w->shout && !is(w, W_NEVER); /* "US" is no "us" */
    size_t letters = utf8_count(str_sub(r->text, w->begin, w->end - w->begin));
    if (letters < 2 ||
        (w->form->lower > 0 && !w->shout && w->form->lower >= w->form->capital_within))
        return false;
    *ret_doubtful = !w->shout && (w->form->capital_within == 0 ||
                                  (r->language != NULL && r->language->capital_nouns));
    return true;
}

struct found {
    struct mention *list;
    size_t count, cap;
};

static void mention_add(struct reading *r, struct found *found, struct mention m)
{
    if (found->count == MENTIONS_MAX)
        return;
    if (found->count == found->cap) {
        size_t cap = found->cap == 0 ? 64 : found->cap * 2;
        found->list = arena_grow(r->arena, found->list, size_mul(found->cap, sizeof(*found->list)),
                                 size_mul(cap, sizeof(*found->list)), _Alignof(struct mention));
        found->cap = cap;
    }
    found->list[found->count++] = m;
}

/* Words [from, to) without titles: a name, or nothing. */
static void part_end(struct reading *r, struct found *found, size_t from, size_t to)
{
    while (from < to && (r->words[from].connector || only_begins(&r->words[from])))
        from++;
    while (to > from && (r->words[to - 1].connector || is(&r->words[to - 1], W_NEVER)))
        to--;
    if (from == to)
        return;
    struct mention m = {.begin = r->words[from].begin, .end = r->words[to - 1].end};
    bool telling = false;
    for (size_t i = from; i < to; i++) {
        m.words++;
        telling = telling || !is(&r->words[i], W_NEVER | W_ADJECTIVE | W_OPENER | W_PLACE) ||
                  r->words[i].shout;
    }
    if (m.words > NAME_WORDS_MAX)
        return;
    m.the = from > 0 && r->words[from].joined &&
            str_eq_nocase(str_sub(r->text, r->words[from - 1].begin,
                                  r->words[from - 1].end - r->words[from - 1].begin),
                          S("the"));
    if (m.words == 1 ? stands_alone(r, &r->words[from], &m.doubtful) : telling)
        mention_add(r, found, m);
}

/* The first word of the title that ends at `head`: "Deputy Prime" of "Deputy Prime Minister". */
static size_t title_begin(const struct reading *r, size_t from, size_t head)
{
    while (head > from && is(&r->words[head - 1], W_HELD | W_TITLE) &&
           !is(&r->words[head - 1], W_SURNAME))
        head--;
    if (head > from && is(&r->words[head - 1], W_ADJECTIVE))
        head--;
    return head;
}

/* After "Secretary": past "of State". */
static size_t title_end(const struct reading *r, size_t at, size_t to)
{
    size_t i = at;
    while (i < to && r->words[i].connector)
        i++;
    if (i == at || i == to || !is(&r->words[i], W_HELD))
        return at;
    while (i < to && is(&r->words[i], W_HELD))
        i++;
    return i;
}

/* "Stephen King", "Air Chief": a title that ends a name belongs to it if it is also a surname. */
static bool ends_as_surname(const struct reading *r, size_t from, size_t at, size_t to)
{
    return at + 1 == to && at > from && is(&r->words[at], W_SURNAME) &&
           !is(&r->words[at - 1], W_HELD | W_TITLE | W_ADJECTIVE | W_OPENER) &&
           !r->words[at - 1].connector;
}

/* Cuts the run [from, to) at titles and days, and at possessives of what is a name by itself. */
static void run_cut(struct reading *r, struct found *found, size_t from, size_t to)
{
    size_t begin = from;
    for (size_t i = from; i < to; i++) {
        const struct word *w = &r->words[i];
        if (is(w, W_TITLE) && w->capital && !w->shout && !ends_as_surname(r, begin, i, to)) {
            part_end(r, found, begin, title_begin(r, begin, i));
            begin = title_end(r, i + 1, to);
            i = begin - 1;
        } else if (is(w, W_NEVER)) {
            part_end(r, found, begin, i);
            begin = i + 1;
        } else if (w->possessive && i + 1 < to &&
                   (w->form->capital_bare > 0 || is(&r->words[i + 1], W_TITLE | W_HELD))) {
            part_end(r, found, begin, i + 1);
            begin = i + 1;
        }
    }
    part_end(r, found, begin, to);
}

static size_t run_end(const struct reading *r, size_t i)
{
    size_t end = i + 1; /* past the last capital */
    for (size_t k = end; k < r->count && r->words[k].joined; k++) {
        if (r->words[k].capital)
            end = k + 1;
        else if (!r->words[k].connector || k + 1 - end > CONNECTORS_MAX)
            break;
    }
    return end;
}

static void runs_find(struct reading *r, struct found *found)
{
    for (size_t i = 0; i < r->count;) {
        if (!r->words[i].capital) {
            i++;
            continue;
        }
        size_t end = run_end(r, i);
        run_cut(r, found, i, end);
        i = end;
    }
}

/* ---- joining ---- */

struct entry {
    struct name name;
    size_t words;
    size_t order;
    bool doubtful;
    struct entry *in; /* joined to */
};

struct joining {
    struct arena *arena;
    struct map whole; /* folded text -> entry */
    struct map last;  /* folded last word -> the long form mentioned last */
    struct map first; /* the same by the first word: "the Bank" of "Bank of England" */
    struct entry **entries;
    size_t count, cap;
    size_t lede_end;
};

/* Folded, with one space between words. */
static str key_of(struct arena *arena, str name)
{
    return utf8_fold(arena, name);
}

static str last_word(str key)
{
    size_t space = str_rfind_char(key, ' ');
    return space == STR_NPOS ? key : str_from(key, space + 1);
}

static str first_word(str key)
{
    return str_cut(&key, ' ');
}

/* "South" Korea is not Korea. */
static bool is_part_of_place(const struct reading *r, str key)
{
    return (kinds_of(r->language, first_word(key)) & W_PLACE) != 0;
}

static struct entry *entry_new(struct joining *j, str key, const struct mention *m, str text)
{
    struct entry *e = arena_new_one(j->arena, struct entry);
    e->name.text = text;
    e->name.begin = m->begin;
    e->name.end = m->end;
    e->words = m->words;
    e->order = j->count;
    e->doubtful = m->doubtful;
    (void)map_set(&j->whole, key, e);
    if (j->count == j->cap) {
        size_t cap = j->cap == 0 ? 64 : j->cap * 2;
        j->entries = arena_grow(j->arena, j->entries, size_mul(j->cap, sizeof(struct entry *)),
                                size_mul(cap, sizeof(struct entry *)), _Alignof(struct entry *));
        j->cap = cap;
    }
    j->entries[j->count++] = e;
    return e;
}

/* A short form that stood alone before its long one was met is joined to it. */
static void absorb(struct joining *j, struct entry *full, str key)
{
    struct entry *shorter = map_get(&j->whole, last_word(key));
    if (shorter == NULL || shorter == full || shorter->in != NULL || shorter->words != 1)
        return;
    shorter->in = full;
    full->name.mentions += shorter->name.mentions;
    full->name.begin = shorter->name.begin;
    full->name.end = shorter->name.end;
    full->order = shorter->order;
}

static struct entry *entry_for(struct reading *r, struct joining *j, const struct mention *m,
                               str text)
{
    str key = key_of(j->arena, text);
    struct entry *e = map_get(&j->whole, key);
    struct entry *full = map_get(&j->last, last_word(key));
    if (e != NULL && e->in != NULL)
        e = e->in;
    if (m->words == 1 && m->the && full == NULL)
        full = map_get(&j->first, key);
    if (m->words == 1 && full != NULL)
        return full;
    if (e == NULL && full != NULL && full->words > m->words &&
        str_ends(key_of(j->arena, full->name.text), key))
        return full; /* "Tayyip Erdogan" */
    if (e == NULL) {
        e = entry_new(j, key, m, text);
        if (m->words > 1 && full != NULL && full->words < m->words &&
            str_ends(key, key_of(j->arena, full->name.text))) {
            full->in = e; /* the shorter came first */
            e->name.mentions = full->name.mentions;
            e->order = full->order;
        }
    }
    if (m->words > 1 && !is_part_of_place(r, key)) {
        if (e->name.mentions == 0)
            absorb(j, e, key);
        (void)map_set(&j->last, last_word(key), e);
        (void)map_set(&j->first, first_word(key), e);
    }
    return e;
}

/* Names are told with single spaces; line ends cannot stand within one. */
static void join(struct reading *r, const struct found *found, struct joining *j)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct mention *m = &found->list[i];
        str text = str_sub(r->text, m->begin, m->end - m->begin);
        struct entry *e = entry_for(r, j, m, text);
        if (!m->doubtful)
            e->doubtful = false;
        e->name.mentions++;
    }
}

/* ---- the headline ---- */

/* Most words capitalised: then a capital says nothing. */
static bool capitalised_all(const struct reading *headline)
{
    size_t capitals = 0, words = 0;
    for (size_t i = 0; i < headline->count; i++) {
        const struct word *w = &headline->words[i];
        if (w->connector || w->end - w->begin < 4)
            continue;
        words++;
        capitals += w->capital;
    }
    return words > 0 && (capitals == words || (words > 3 && capitals * 10 >= words * 7));
}

static void headline_mark(struct reading *r, struct joining *j, size_t from, size_t to)
{
    for (size_t len = to - from < NAME_WORDS_MAX ? to - from : NAME_WORDS_MAX; len > 0; len--) {
        size_t end = r->words[from + len - 1].end;
        str key =
            key_of(j->arena, str_sub(r->text, r->words[from].begin, end - r->words[from].begin));
        struct entry *e = map_get(&j->whole, key);
        if (e == NULL && len == 1)
            e = map_get(&j->last, key);
        while (e != NULL && e->in != NULL)
            e = e->in;
        if (e != NULL) {
            e->name.in_headline = true;
            e->doubtful = false;
            return;
        }
    }
}

static void headline_read(struct joining *j, struct reading *r)
{
    bool says_nothing = capitalised_all(r);
    struct found found = {0};
    for (size_t i = 0; i < r->count; i++) {
        if (!r->words[i].capital)
            continue;
        size_t end = i + 1;
        while (end < r->count && r->words[end].joined && end - i < NAME_WORDS_MAX)
            end++;
        headline_mark(r, j, i, end);
    }
    if (says_nothing)
        return;
    runs_find(r, &found);
    for (size_t i = 0; i < found.count; i++) {
        const struct mention *m = &found.list[i];
        str text = str_sub(r->text, m->begin, m->end - m->begin);
        str key = key_of(j->arena, text);
        if (m->doubtful || map_get(&j->whole, key) != NULL ||
            (m->words == 1 && map_get(&j->last, key) != NULL))
            continue;
        struct entry *e = entry_new(j, key, m, text);
        e->name.in_headline = true;
        e->name.begin = e->name.end = 0; /* it does not stand in the text */
    }
}

/* ---- telling ---- */

static int by_weight(const void *a, const void *b)
{
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    if (x->name.weight != y->name.weight)
        return x->name.weight > y->name.weight ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void tell(struct joining *j, struct names *ret_names)
{
    struct entry **kept = arena_new_array(j->arena, struct entry *, j->count);
    size_t count = 0;
    for (size_t i = 0; i < j->count; i++) {
        struct entry *e = j->entries[i];
        if (e->in != NULL || e->doubtful)
            continue;
        e->name.weight = (int64_t)e->name.mentions * WEIGHT_MENTION +
                         (e->name.in_headline ? WEIGHT_HEADLINE : 0) +
                         (e->name.mentions > 0 && e->name.begin < j->lede_end ? WEIGHT_LEDE : 0);
        kept[count++] = e;
    }
    if (count > 1)
        qsort(kept, count, sizeof(*kept), by_weight);
    count = count < NAMES_MAX ? count : NAMES_MAX;
    ret_names->list = arena_new_array(j->arena, struct name, count);
    ret_names->count = count;
    for (size_t i = 0; i < count; i++)
        ret_names->list[i] = kept[i]->name;
}

static void reading_init(struct reading *r, struct arena *arena, str text,
                         const struct names_language *language)
{
    *r = (struct reading){.arena = arena, .text = text, .language = language};
    map_init(&r->forms, arena);
    words_read(r);
}

void names_find(struct arena *arena, str headline, str text, str language, struct names *ret_names)
{
    struct reading body, head;
    struct found found = {0};
    struct joining j = {.arena = arena};
    const struct names_language *words = language_of(language);

    text = utf8_cut_bytes(text, NAMES_TEXT_MAX);
    map_init(&j.whole, arena);
    map_init(&j.last, arena);
    map_init(&j.first, arena);
    reading_init(&body, arena, text, words);
    shouting_quieten(&body);
    forms_count(&body);
    runs_find(&body, &found);
    size_t line = str_find_char(text, '\n');
    j.lede_end = line == STR_NPOS ? text.len : line;
    join(&body, &found, &j);
    reading_init(&head, arena, headline, words);
    forms_count(&head);
    headline_read(&j, &head);
    tell(&j, ret_names);
}
