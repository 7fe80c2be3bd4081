/* SPDX-License-Identifier: MIT
 *
 * The text is cut into words and numbers; at each word that is a weekday the few that follow are tried as a date. A
 * full stop, comma or slash between two parts is passed over; anything else ends it. */
#include "reader/dates.h"

#include "base/arena.h"
#include "reader/dates_words.h"
#include "text/language.h"
#include "text/utf8.h"

enum { WORD_BYTES_MAX = 40, YEAR_MIN = 1753, YEAR_MAX = 9998, GAP_MAX = 4 };

/* A word or a number, and what stands before it. */
struct part {
    str word; /* as written */
    size_t begin, end;
    int number; /* -1: it is no number */
    bool ordinal;
    char gap; /* ' ' or ',' '.' '/' '-' between it and the part before; 0: something else */
};

static bool gap_of(str text, size_t begin, size_t end, char *ret_gap)
{
    *ret_gap = ' ';
    for (size_t i = begin; i < end; i++) {
        char c = text.ptr[i];
        if (c == ',' || c == '.' || c == '/' || c == '-')
            *ret_gap = c;
        else if (c != ' ' && c != (char)0xC2 && c != (char)0xA0) /* a no-break space */
            return false;
    }
    return end - begin <= GAP_MAX;
}

/* "3rd", "1er", "3º": the number, with what makes it ordinal passed over. */
static void read_number(struct part *p)
{
    size_t digits = 0;
    int number = 0;
    while (digits < p->word.len && ascii_is_digit(p->word.ptr[digits]) && digits < 5)
        number = number * 10 + (p->word.ptr[digits++] - '0');
    p->number = digits > 0 && digits <= 4 ? number : -1;
    str rest = str_from(p->word, digits);
    p->ordinal = rest.len > 0;
    if (p->ordinal && !(str_eq_nocase(rest, S("st")) || str_eq_nocase(rest, S("nd")) ||
                        str_eq_nocase(rest, S("rd")) || str_eq_nocase(rest, S("th")) ||
                        str_eq(rest, S("er")) || str_eq(rest, S("º")) || str_eq(rest, S("o"))))
        p->number = -1;
}

/* The next part at or behind `at`; false at the end. */
static bool part_next(str text, size_t at, struct part *ret)
{
    size_t begin = at;
    while (begin < text.len) {
        str rest = str_from(text, begin);
        uint32_t c = utf8_next(&rest);
        if (utf8_is_word(c))
            break;
        begin = text.len - rest.len;
    }
    if (begin >= text.len)
        return false;
    size_t end = begin;
    while (end < text.len) {
        str rest = str_from(text, end);
        uint32_t c = utf8_next(&rest);
        bool hyphen = c == '-' && !ascii_is_digit(text.ptr[begin]) && rest.len > 0 &&
                      utf8_is_letter(utf8_next(&(str){rest.ptr, rest.len}));
        if (!utf8_is_word(c) && !hyphen)
            break;
        end = text.len - rest.len;
    }
    *ret = (struct part){.word = str_sub(text, begin, end - begin), .begin = begin, .end = end};
    if (!gap_of(text, at, begin, &ret->gap))
        ret->gap = 0;
    read_number(ret);
    return true;
}

static bool list_has(struct arena *arena, str list, str word)
{
    if (word.len > WORD_BYTES_MAX)
        return false;
    str low = utf8_lower(arena, word);
    while (list.len > 0) {
        if (str_eq(str_cut(&list, ' '), low))
            return true;
    }
    return false;
}

static int index_of(struct arena *arena, const str *lists, int count, str word)
{
    for (int i = 0; i < count; i++) {
        if (list_has(arena, lists[i], word))
            return i;
    }
    return -1;
}

struct found {
    size_t end;
    int year, month, day; /* year 0: it says none */
};

struct reading {
    struct arena *arena;
    const struct dates_language *language;
    str text;
};

/* The next part, words like "the" and "of" passed over. */
static bool next_part(const struct reading *r, size_t at, struct part *ret)
{
    for (int words = 0; words < 3 && part_next(r->text, at, ret) && ret->gap != 0; words++) {
        if (!list_has(r->arena, r->language->between, ret->word))
            return true;
        at = ret->end;
    }
    return false;
}

static int month_of(const struct reading *r, const struct part *p)
{
    return p->number >= 0 ? 0 : index_of(r->arena, r->language->months, 12, p->word) + 1;
}

/* A year behind the date: four digits. */
static void read_year(const struct reading *r, struct found *f)
{
    struct part p;
    if (next_part(r, f->end, &p) && p.word.len == 4 && !p.ordinal && p.number >= 1000) {
        f->year = p.number;
        f->end = p.end;
    }
}

/* "03.03.2026": day, month and year in digits, parted by full stops, as German writes them. */
static bool read_digits(const struct reading *r, const struct part *day, struct found *f)
{
    struct part month, year;
    if (!str_eq(r->language->tag, S("de")) || !part_next(r->text, day->end, &month) ||
        month.gap != '.' || month.number < 1 || month.number > 12 ||
        !part_next(r->text, month.end, &year) || year.gap != '.' || year.word.len != 4 ||
        year.number < YEAR_MIN)
        return false;
    *f = (struct found){year.end, year.number, month.number, day->number};
    return true;
}

/* "2026-03-03" */
static bool read_iso(const struct reading *r, const struct part *year, struct found *f)
{
    struct part month, day;
    if (year->word.len != 4 || year->number < YEAR_MIN || !part_next(r->text, year->end, &month) ||
        month.gap != '-' || month.number < 1 || !part_next(r->text, month.end, &day) ||
        day.gap != '-' || day.number < 1)
        return false;
    *f = (struct found){day.end, year->number, month.number, day.number};
    return true;
}

static bool read_date(const struct reading *r, size_t at, struct found *f)
{
    struct part first, second;
    if (!next_part(r, at, &first))
        return false;
    if (read_iso(r, &first, f))
        return true;
    if (first.number >= 1 && first.number <= 31 && read_digits(r, &first, f))
        return true;
    if (!next_part(r, first.end, &second))
        return false;
    int month = month_of(r, &first);
    if (month > 0 && second.number >= 1 && second.number <= 31) /* March 3 */
        *f = (struct found){second.end, 0, month, second.number};
    else if (first.number >= 1 && first.number <= 31 && (month = month_of(r, &second)) > 0)
        *f = (struct found){second.end, 0, month, first.number};
    else
        return false;
    read_year(r, f);
    return true;
}

/* ---- judging ---- */

static bool weekday_of(int year, int month, int day, int *ret_weekday, time_us *ret_at)
{
    struct civil c = {.year = year, .month = month, .day = day};
    if (!civil_valid(&c))
        return false;
    *ret_at = time_from_civil(&c);
    *ret_weekday = civil_from_time(*ret_at, 0).weekday;
    return true;
}

static time_us apart(time_us a, time_us b)
{
    return a > b ? a - b : b - a;
}

/* The year nearest to `published`. Another that is about as near may have been meant: `ret_other`, else 0. */
static int year_near(const struct found *f, time_us published, int *ret_other)
{
    struct civil now = civil_from_time(published, 0);
    int best = 0, weekday;
    time_us best_apart = TIME_NEVER, at;
    *ret_other = 0;
    for (int year = now.year - 1; year <= now.year + 1; year++) {
        if (weekday_of(year, f->month, f->day, &weekday, &at) &&
            apart(at, published) < best_apart) {
            best_apart = apart(at, published);
            best = year;
        }
    }
    for (int year = now.year - 1; year <= now.year + 1; year++) {
        if (year != best && weekday_of(year, f->month, f->day, &weekday, &at) &&
            apart(at, published) < best_apart + 120 * TIME_DAY)
            *ret_other = year;
    }
    return best;
}

static bool judge(const struct found *f, int said, time_us published, struct date_fault *ret)
{
    int year = f->year, other = 0, is, other_is;
    time_us at;
    if (year == 0 && published != 0)
        year = year_near(f, published, &other);
    if (year < YEAR_MIN || year > YEAR_MAX || !weekday_of(year, f->month, f->day, &is, &at) ||
        is == said)
        return false;
    if (other != 0 && weekday_of(other, f->month, f->day, &other_is, &at) && other_is == said)
        return false;
    *ret =
        (struct date_fault){.said = said, .is = is, .year = year, .month = f->month, .day = f->day};
    return true;
}

size_t dates_wrong(str text, str language, time_us published, struct date_fault *ret_faults,
                   size_t max)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct reading r = {.arena = arena, .text = text};
    for (size_t i = 0; i < ARRAY_LEN(dates_languages); i++) {
        if (language_same(dates_languages[i].tag, language))
            r.language = &dates_languages[i];
    }
    size_t count = 0, at = 0;
    struct part p;
    struct arena_mark mark = arena_mark(arena);
    while (r.language != NULL && part_next(text, at, &p)) {
        struct found f;
        struct date_fault fault;
        arena_rewind(arena, mark);
        at = p.end;
        int said = p.number < 0 ? index_of(arena, r.language->weekdays, 7, p.word) : -1;
        if (said < 0 || !read_date(&r, p.end, &f) || !judge(&f, said, published, &fault))
            continue;
        fault.begin = p.begin;
        fault.end = f.end;
        if (count < max)
            ret_faults[count] = fault;
        count++;
    }
    return count;
}
