// SPDX-License-Identifier: MIT
/* A format is read once from left to right, the longest token first, as Moment does. The locale's
 * long formats (L...) hold no long format themselves, so one level of expansion is enough; the
 * lower-case ones (ll) are the same with MMMM, MM, DD and dddd one letter shorter.
 *
 * Both users of a format, printing and asking for its finest part, go through next_token. */
#include "theme/date.h"
#include "base/buf.h"

enum { MONTHS = 12, WEEKDAYS = 7, PLURAL_FORMS = 6, DATE_FORMAT_MAX = 200 };

/* seconds.. years of "N units ago", one phrase a plural form; NULL falls to PLURAL_OTHER. */
enum ago_unit { AGO_SECONDS, AGO_MINUTES, AGO_HOURS, AGO_DAYS, AGO_MONTHS, AGO_YEARS, AGO_UNITS };

/* What a language says, wherever it is spoken. */
struct date_words {
    const char *months[MONTHS];
    const char *months_short[MONTHS];
    const char *weekdays[WEEKDAYS];
    const char *weekdays_short[WEEKDAYS];
    const char *weekdays_min[WEEKDAYS];
    const char *am_pm_lower[2];
    const char *am_pm_upper[2];
    const char *ago_past[2]; /* before and after the phrase */
    const char *ago_future[2];
    const char *ago[AGO_UNITS][PLURAL_FORMS]; /* '%' is the number */
    enum plural_form (*plural)(int64_t n);
    void (*ordinal)(struct buf *b, int64_t n, char token);
};

/* In which order a place writes it. */
struct date_locale {
    const char *language, *region;
    const struct date_words *words;
    const char *long_formats[4]; /* L LL LLL LLLL */
    const char *time_format;     /* LT */
    const char *time_seconds_format;
    int week_start;    /* 0 = Sunday */
    int week_first_is; /* the day of January that is always in week 1 */
};

/* ---- the locales ---- */

static enum plural_form plural_one_other(int64_t n)
{
    return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural_form plural_fr(int64_t n)
{
    return n == 0 || n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural_form plural_ar(int64_t n)
{
    int64_t rest = n % 100;
    if (n == 0)
        return PLURAL_ZERO;
    if (n == 1)
        return PLURAL_ONE;
    if (n == 2)
        return PLURAL_TWO;
    if (rest >= 3 && rest <= 10)
        return PLURAL_FEW;
    return rest >= 11 ? PLURAL_MANY : PLURAL_OTHER;
}

static void ordinal_en(struct buf *b, int64_t n, char token)
{
    (void)token;
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    int64_t last = n % 10;
    bool teen = n / 10 % 10 == 1;
    buf_add_int(b, n);
    buf_add(b, str_from_c(ends[teen || last > 3 ? 0 : last]));
}

static void ordinal_dot(struct buf *b, int64_t n, char token)
{
    (void)token;
    buf_add_int(b, n);
    buf_add_char(b, '.');
}

static void ordinal_fr(struct buf *b, int64_t n, char token)
{
    buf_add_int(b, n);
    if (n == 1)
        buf_add(b, S("er"));
    else if (token != 'D')
        buf_add_char(b, 'e');
}

static void ordinal_es(struct buf *b, int64_t n, char token)
{
    (void)token;
    buf_add_int(b, n);
    buf_add(b, S("º"));
}

static void ordinal_plain(struct buf *b, int64_t n, char token)
{
    (void)token;
    buf_add_int(b, n);
}

/* clang-format off */
static const struct date_words english = {
    .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
               "October", "November", "December"},
    .months_short = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .weekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    .weekdays_short = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
    .weekdays_min = {"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"},
    .am_pm_lower = {"am", "pm"}, .am_pm_upper = {"AM", "PM"},
    .ago_past = {"", " ago"}, .ago_future = {"in ", ""},
    .ago = {
        [AGO_SECONDS] = {[PLURAL_OTHER] = "a few seconds"},
        [AGO_MINUTES] = {[PLURAL_ONE] = "a minute", [PLURAL_OTHER] = "% minutes"},
        [AGO_HOURS] = {[PLURAL_ONE] = "an hour", [PLURAL_OTHER] = "% hours"},
        [AGO_DAYS] = {[PLURAL_ONE] = "a day", [PLURAL_OTHER] = "% days"},
        [AGO_MONTHS] = {[PLURAL_ONE] = "a month", [PLURAL_OTHER] = "% months"},
        [AGO_YEARS] = {[PLURAL_ONE] = "a year", [PLURAL_OTHER] = "% years"},
    },
    .plural = plural_one_other, .ordinal = ordinal_en,
};

static const struct date_words german = {
    .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
               "Oktober", "November", "Dezember"},
    .months_short = {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.",
                     "Nov.", "Dez."},
    .weekdays = {"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
    .weekdays_short = {"So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."},
    .weekdays_min = {"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
    .am_pm_lower = {"am", "pm"}, .am_pm_upper = {"AM", "PM"},
    .ago_past = {"vor ", ""}, .ago_future = {"in ", ""},
    .ago = {
        [AGO_SECONDS] = {[PLURAL_OTHER] = "ein paar Sekunden"},
        [AGO_MINUTES] = {[PLURAL_ONE] = "einer Minute", [PLURAL_OTHER] = "% Minuten"},
        [AGO_HOURS] = {[PLURAL_ONE] = "einer Stunde", [PLURAL_OTHER] = "% Stunden"},
        [AGO_DAYS] = {[PLURAL_ONE] = "einem Tag", [PLURAL_OTHER] = "% Tagen"},
        [AGO_MONTHS] = {[PLURAL_ONE] = "einem Monat", [PLURAL_OTHER] = "% Monaten"},
        [AGO_YEARS] = {[PLURAL_ONE] = "einem Jahr", [PLURAL_OTHER] = "% Jahren"},
    },
    .plural = plural_one_other, .ordinal = ordinal_dot,
};

static const struct date_words french = {
    .months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
               "octobre", "novembre", "décembre"},
    .months_short = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                     "nov.", "déc."},
    .weekdays = {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
    .weekdays_short = {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
    .weekdays_min = {"di", "lu", "ma", "me", "je", "ve", "sa"},
    .am_pm_lower = {"am", "pm"}, .am_pm_upper = {"AM", "PM"},
    .ago_past = {"il y a ", ""}, .ago_future = {"dans ", ""},
    .ago = {
        [AGO_SECONDS] = {[PLURAL_OTHER] = "quelques secondes"},
        [AGO_MINUTES] = {[PLURAL_ONE] = "une minute", [PLURAL_OTHER] = "% minutes"},
        [AGO_HOURS] = {[PLURAL_ONE] = "une heure", [PLURAL_OTHER] = "% heures"},
        [AGO_DAYS] = {[PLURAL_ONE] = "un jour", [PLURAL_OTHER] = "% jours"},
        [AGO_MONTHS] = {[PLURAL_ONE] = "un mois", [PLURAL_OTHER] = "% mois"},
        [AGO_YEARS] = {[PLURAL_ONE] = "un an", [PLURAL_OTHER] = "% ans"},
    },
    .plural = plural_fr, .ordinal = ordinal_fr,
};

static const struct date_words spanish = {
    .months = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
               "octubre", "noviembre", "diciembre"},
    .months_short = {"ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sep.", "oct.",
                     "nov.", "dic."},
    .weekdays = {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
    .weekdays_short = {"dom.", "lun.", "mar.", "mié.", "jue.", "vie.", "sáb."},
    .weekdays_min = {"do", "lu", "ma", "mi", "ju", "vi", "sá"},
    .am_pm_lower = {"am", "pm"}, .am_pm_upper = {"AM", "PM"},
    .ago_past = {"hace ", ""}, .ago_future = {"en ", ""},
    .ago = {
        [AGO_SECONDS] = {[PLURAL_OTHER] = "unos segundos"},
        [AGO_MINUTES] = {[PLURAL_ONE] = "un minuto", [PLURAL_OTHER] = "% minutos"},
        [AGO_HOURS] = {[PLURAL_ONE] = "una hora", [PLURAL_OTHER] = "% horas"},
        [AGO_DAYS] = {[PLURAL_ONE] = "un día", [PLURAL_OTHER] = "% días"},
        [AGO_MONTHS] = {[PLURAL_ONE] = "un mes", [PLURAL_OTHER] = "% meses"},
        [AGO_YEARS] = {[PLURAL_ONE] = "un año", [PLURAL_OTHER] = "% años"},
    },
    .plural = plural_one_other, .ordinal = ordinal_es,
};

static const struct date_words arabic = {
    .months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
               "نوفمبر", "ديسمبر"},
    .months_short = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
                     "أكتوبر", "نوفمبر", "ديسمبر"},
    .weekdays = {"الأحد", "الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
    .weekdays_short = {"أحد", "إثنين", "ثلاثاء", "أربعاء", "خميس", "جمعة", "سبت"},
    .weekdays_min = {"ح", "ن", "ث", "ر", "خ", "ج", "س"},
    .am_pm_lower = {"ص", "م"}, .am_pm_upper = {"ص", "م"},
    .ago_past = {"منذ ", ""}, .ago_future = {"بعد ", ""},
    .ago = {
        [AGO_SECONDS] = {[PLURAL_OTHER] = "ثوان"},
        [AGO_MINUTES] = {[PLURAL_ONE] = "دقيقة واحدة", [PLURAL_TWO] = "دقيقتين", [PLURAL_FEW] = "% دقائق",
                         [PLURAL_OTHER] = "% دقيقة"},
        [AGO_HOURS] = {[PLURAL_ONE] = "ساعة واحدة", [PLURAL_TWO] = "ساعتين", [PLURAL_FEW] = "% ساعات",
                       [PLURAL_OTHER] = "% ساعة"},
        [AGO_DAYS] = {[PLURAL_ONE] = "يوم واحد", [PLURAL_TWO] = "يومين", [PLURAL_FEW] = "% أيام",
                      [PLURAL_MANY] = "% يومًا", [PLURAL_OTHER] = "% يوم"},
        [AGO_MONTHS] = {[PLURAL_ONE] = "شهر واحد", [PLURAL_TWO] = "شهرين", [PLURAL_FEW] = "% أشهر",
                        [PLURAL_MANY] = "% شهرًا", [PLURAL_OTHER] = "% شهر"},
        [AGO_YEARS] = {[PLURAL_ONE] = "عام واحد", [PLURAL_TWO] = "عامين", [PLURAL_FEW] = "% أعوام",
                       [PLURAL_MANY] = "% عامًا", [PLURAL_OTHER] = "% عام"},
    },
    .plural = plural_ar, .ordinal = ordinal_plain,
};

/* Region "" is for a tag that names none, "*" for one that has no row here (without such a row: as "").
 * Only English needs both: its American places write the month first, all others the day. */
#define MDY        {"MM/DD/YYYY", "MMMM D, YYYY", "MMMM D, YYYY h:mm A", "dddd, MMMM D, YYYY h:mm A"}
#define DMY        {"DD/MM/YYYY", "D MMMM YYYY", "D MMMM YYYY HH:mm", "dddd, D MMMM YYYY HH:mm"}
#define DMY_12     {"DD/MM/YYYY", "D MMMM YYYY", "D MMMM YYYY h:mm A", "dddd, D MMMM YYYY h:mm A"}
#define HOURS_12   .time_format = "h:mm A", .time_seconds_format = "h:mm:ss A"
#define HOURS_24   .time_format = "HH:mm", .time_seconds_format = "HH:mm:ss"
#define WEEK_US    .week_start = 0, .week_first_is = 1
#define WEEK_ISO   .week_start = 1, .week_first_is = 4
static const struct date_locale locales[] = {
    {"en", "", &english, MDY, HOURS_12, WEEK_US},
    {"en", "US", &english, MDY, HOURS_12, WEEK_US},
    {"en", "PH", &english, MDY, HOURS_12, WEEK_US},
    {"en", "CA", &english, {"YYYY-MM-DD", "MMMM D, YYYY", "MMMM D, YYYY h:mm A", "dddd, MMMM D, YYYY h:mm A"},
     HOURS_12, WEEK_US},
    {"en", "AU", &english, DMY_12, HOURS_12, WEEK_ISO},
    {"en", "NZ", &english, DMY_12, HOURS_12, WEEK_ISO},
    {"en", "IN", &english, DMY_12, HOURS_12, WEEK_US},
    {"en", "*", &english, DMY, HOURS_24, WEEK_ISO},
    {"de", "", &german, {"DD.MM.YYYY", "D. MMMM YYYY", "D. MMMM YYYY HH:mm", "dddd, D. MMMM YYYY HH:mm"},
     .time_format = "HH:mm", .time_seconds_format = "HH:mm:ss", .week_start = 1, .week_first_is = 4},
    {"fr", "", &french, {"DD/MM/YYYY", "D MMMM YYYY", "D MMMM YYYY HH:mm", "dddd D MMMM YYYY HH:mm"},
     .time_format = "HH:mm", .time_seconds_format = "HH:mm:ss", .week_start = 1, .week_first_is = 4},
    {"fr", "CA", &french, {"YYYY-MM-DD", "D MMMM YYYY", "D MMMM YYYY HH:mm", "dddd D MMMM YYYY HH:mm"},
     HOURS_24, WEEK_US},
    {"fr", "CH", &french, {"DD.MM.YYYY", "D MMMM YYYY", "D MMMM YYYY HH:mm", "dddd D MMMM YYYY HH:mm"},
     HOURS_24, WEEK_ISO},
    {"es", "", &spanish, {"DD/MM/YYYY", "D [de] MMMM [de] YYYY", "D [de] MMMM [de] YYYY H:mm", "dddd, D [de] MMMM [de] YYYY H:mm"},
     .time_format = "H:mm", .time_seconds_format = "H:mm:ss", .week_start = 1, .week_first_is = 4},
    {"es", "US", &spanish, {"MM/DD/YYYY", "D [de] MMMM [de] YYYY", "D [de] MMMM [de] YYYY h:mm A",
     "dddd, D [de] MMMM [de] YYYY h:mm A"}, HOURS_12, WEEK_US},
    {"ar", "", &arabic, {"D/\u200fM/\u200fYYYY", "D MMMM YYYY", "D MMMM YYYY HH:mm", "dddd D MMMM YYYY HH:mm"},
     .time_format = "HH:mm", .time_seconds_format = "HH:mm:ss", .week_start = 6, .week_first_is = 1},
};
/* clang-format on */

static bool is_separator(char c)
{
    return c == '-' || c == '_';
}

/* The next part of "en-Latn_GB". */
static str tag_part(str *tag)
{
    size_t len = 0;
    while (len < tag->len && !is_separator(tag->ptr[len]))
        len++;
    str part = str_sub(*tag, 0, len);
    *tag = str_from(*tag, len < tag->len ? len + 1 : len);
    return part;
}

/* BCP 47's region: two letters or three digits, behind a script if there is one. */
static str tag_region(str tag)
{
    while (tag.len > 0) {
        str part = tag_part(&tag);
        if (part.len == 2 || (part.len == 3 && ascii_is_digit(part.ptr[0])))
            return part;
    }
    return STR_NONE;
}

const struct date_locale *date_locale_find(str tag)
{
    str language = tag_part(&tag), region = tag_region(tag);
    const struct date_locale *found = NULL;
    for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
        if (!str_eq_nocase(language, str_from_c(locales[i].language)))
            continue;
        str row = str_from_c(locales[i].region);
        if (str_eq_nocase(region, row))
            return &locales[i];
        if (row.len == 0 || str_eq(row, S("*")))
            found = &locales[i];
    }
    return found != NULL ? found : &locales[0];
}

enum plural_form date_plural(const struct date_locale *locale, int64_t n)
{
    return locale->words->plural(n < 0 ? -n : n);
}

/* ---- tokens ---- */

enum token_kind {
    T_LITERAL,
    T_YEAR,       /* YYYY */
    T_YEAR_SHORT, /* YY */
    T_QUARTER,
    T_MONTH,
    T_MONTH_ORDINAL,
    T_MONTH_2,
    T_MONTH_SHORT,
    T_MONTH_NAME,
    T_DAY,
    T_DAY_ORDINAL,
    T_DAY_2,
    T_YEARDAY,
    T_YEARDAY_3,
    T_WEEKDAY,
    T_WEEKDAY_ORDINAL,
    T_WEEKDAY_MIN,
    T_WEEKDAY_SHORT,
    T_WEEKDAY_NAME,
    T_WEEKDAY_LOCAL,
    T_WEEKDAY_ISO,
    T_WEEK,
    T_WEEK_2,
    T_WEEK_ISO,
    T_WEEK_ISO_2,
    T_WEEK_YEAR,
    T_WEEK_YEAR_ISO,
    T_HOUR,
    T_HOUR_2,
    T_HOUR_12,
    T_HOUR_12_2,
    T_HOUR_24,
    T_HOUR_24_2,
    T_MINUTE,
    T_MINUTE_2,
    T_SECOND,
    T_SECOND_2,
    T_FRACTION,
    T_AM_PM_UPPER,
    T_AM_PM_LOWER,
    T_OFFSET_COLON,
    T_OFFSET,
    T_UNIX,
    T_UNIX_MS,
    T_LONG,       /* the locale's; .long_format is its text */
    T_LONG_SHORT, /* the same with shortened parts */
};

struct token {
    enum token_kind kind;
    str text;
};

/* Longest first among those that begin alike. */
static const struct {
    str text;
    enum token_kind kind;
    enum date_unit unit;
} tokens[] = {
    {STR_INIT("YYYY"), T_YEAR, DATE_YEAR},
    {STR_INIT("YY"), T_YEAR_SHORT, DATE_YEAR},
    {STR_INIT("Y"), T_YEAR, DATE_YEAR},
    {STR_INIT("Q"), T_QUARTER, DATE_MONTH},
    {STR_INIT("MMMM"), T_MONTH_NAME, DATE_MONTH},
    {STR_INIT("MMM"), T_MONTH_SHORT, DATE_MONTH},
    {STR_INIT("MM"), T_MONTH_2, DATE_MONTH},
    {STR_INIT("Mo"), T_MONTH_ORDINAL, DATE_MONTH},
    {STR_INIT("M"), T_MONTH, DATE_MONTH},
    {STR_INIT("DDDD"), T_YEARDAY_3, DATE_DAY},
    {STR_INIT("DDD"), T_YEARDAY, DATE_DAY},
    {STR_INIT("DD"), T_DAY_2, DATE_DAY},
    {STR_INIT("Do"), T_DAY_ORDINAL, DATE_DAY},
    {STR_INIT("D"), T_DAY, DATE_DAY},
    {STR_INIT("dddd"), T_WEEKDAY_NAME, DATE_DAY},
    {STR_INIT("ddd"), T_WEEKDAY_SHORT, DATE_DAY},
    {STR_INIT("dd"), T_WEEKDAY_MIN, DATE_DAY},
    {STR_INIT("do"), T_WEEKDAY_ORDINAL, DATE_DAY},
    {STR_INIT("d"), T_WEEKDAY, DATE_DAY},
    {STR_INIT("e"), T_WEEKDAY_LOCAL, DATE_DAY},
    {STR_INIT("E"), T_WEEKDAY_ISO, DATE_DAY},
    {STR_INIT("ww"), T_WEEK_2, DATE_DAY},
    {STR_INIT("w"), T_WEEK, DATE_DAY},
    {STR_INIT("WW"), T_WEEK_ISO_2, DATE_DAY},
    {STR_INIT("W"), T_WEEK_ISO, DATE_DAY},
    {STR_INIT("gggg"), T_WEEK_YEAR, DATE_DAY},
    {STR_INIT("GGGG"), T_WEEK_YEAR_ISO, DATE_DAY},
    {STR_INIT("HH"), T_HOUR_2, DATE_HOUR},
    {STR_INIT("H"), T_HOUR, DATE_HOUR},
    {STR_INIT("hh"), T_HOUR_12_2, DATE_HOUR},
    {STR_INIT("h"), T_HOUR_12, DATE_HOUR},
    {STR_INIT("kk"), T_HOUR_24_2, DATE_HOUR},
    {STR_INIT("k"), T_HOUR_24, DATE_HOUR},
    {STR_INIT("mm"), T_MINUTE_2, DATE_MINUTE},
    {STR_INIT("m"), T_MINUTE, DATE_MINUTE},
    {STR_INIT("ss"), T_SECOND_2, DATE_SECOND},
    {STR_INIT("s"), T_SECOND, DATE_SECOND},
    {STR_INIT("SSSSSS"), T_FRACTION, DATE_SECOND},
    {STR_INIT("SSSSS"), T_FRACTION, DATE_SECOND},
    {STR_INIT("SSSS"), T_FRACTION, DATE_SECOND},
    {STR_INIT("SSS"), T_FRACTION, DATE_SECOND},
    {STR_INIT("SS"), T_FRACTION, DATE_SECOND},
    {STR_INIT("S"), T_FRACTION, DATE_SECOND},
    {STR_INIT("A"), T_AM_PM_UPPER, DATE_HOUR},
    {STR_INIT("a"), T_AM_PM_LOWER, DATE_HOUR},
    {STR_INIT("ZZ"), T_OFFSET, DATE_HOUR}, /* summer time begins and ends on the hour */
    {STR_INIT("Z"), T_OFFSET_COLON, DATE_HOUR},
    {STR_INIT("X"), T_UNIX, DATE_SECOND},
    {STR_INIT("x"), T_UNIX_MS, DATE_SECOND},
};

static bool next_long_token(const struct date_locale *locale, str *rest, struct token *ret)
{
    char letter = rest->ptr[0];
    if (letter != 'L' && letter != 'l')
        return false;
    if (str_starts(*rest, S("LTS"))) {
        *ret = (struct token){T_LONG, str_from_c(locale->time_seconds_format)};
        *rest = str_from(*rest, 3);
        return true;
    }
    if (str_starts(*rest, S("LT"))) {
        *ret = (struct token){T_LONG, str_from_c(locale->time_format)};
        *rest = str_from(*rest, 2);
        return true;
    }
    size_t n = 1;
    while (n < 4 && n < rest->len && rest->ptr[n] == letter)
        n++;
    *ret = (struct token){letter == 'L' ? T_LONG : T_LONG_SHORT,
                          str_from_c(locale->long_formats[n - 1])};
    *rest = str_from(*rest, n);
    return true;
}

/* False at the end. `ret_unit` may be NULL. */
static bool next_token(const struct date_locale *locale, str *rest, struct token *ret,
                       enum date_unit *ret_unit)
{
    if (rest->len == 0)
        return false;
    *ret_unit = DATE_NOTHING;
    if (rest->ptr[0] == '[') {
        size_t end = str_find_char(*rest, ']');
        if (end != STR_NPOS) {
            *ret = (struct token){T_LITERAL, str_sub(*rest, 1, end - 1)};
            *rest = str_from(*rest, end + 1);
            return true;
        }
    }
    if (next_long_token(locale, rest, ret))
        return true;
    /* No token begins with a character that is no letter. */
    size_t count = ascii_is_alpha(rest->ptr[0]) ? sizeof(tokens) / sizeof(tokens[0]) : 0;
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].text.ptr[0] != rest->ptr[0] || !str_starts(*rest, tokens[i].text))
            continue;
        size_t len = tokens[i].text.len;
        *ret = (struct token){tokens[i].kind, str_sub(*rest, 0, len)};
        *ret_unit = tokens[i].unit;
        *rest = str_from(*rest, len);
        return true;
    }
    *ret = (struct token){T_LITERAL, str_sub(*rest, 0, 1)};
    *rest = str_from(*rest, 1);
    return true;
}

/* ---- printing ---- */

static void add_padded(struct buf *b, int64_t n, int digits)
{
    enum { DIGITS_MAX = 20 };
    char text[DIGITS_MAX];
    int at = DIGITS_MAX;
    for (; at > DIGITS_MAX - digits || n > 0; n /= 10)
        text[--at] = (char)('0' + n % 10);
    buf_add(b, (str){text + at, (size_t)(DIGITS_MAX - at)});
}

static int64_t day_of(int year, int month, int day)
{
    return time_from_civil(&(struct civil){.year = year, .month = month, .day = day}) / TIME_DAY;
}

/* The week of the year and the year it belongs to, when weeks begin on `start` and the week that
 * holds January `first_is` is the first. */
static void week_of(const struct civil *c, int start, int first_is, int *ret_year, int *ret_week)
{
    int since_start = (c->weekday - start + 7) % 7;
    int64_t today = day_of(c->year, c->month, c->day);
    int64_t week_begin = today - since_start;
    for (int year = c->year + 1; year >= c->year - 1; year--) {
        int64_t anchor = day_of(year, 1, first_is);
        int anchor_weekday = (int)((anchor + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        int64_t first_begin = anchor - (anchor_weekday - start + 7) % 7;
        if (week_begin >= first_begin) {
            *ret_year = year;
            *ret_week = (int)((week_begin - first_begin) / 7) + 1;
            return;
        }
    }
    *ret_year = c->year;
    *ret_week = 1;
}

static void add_week(struct buf *b, const struct date_locale *locale, enum token_kind kind,
                     const struct civil *c)
{
    bool iso = kind == T_WEEK_ISO || kind == T_WEEK_ISO_2 || kind == T_WEEK_YEAR_ISO;
    int year, week;
    week_of(c, iso ? 1 : locale->week_start, iso ? 4 : locale->week_first_is, &year, &week);
    if (kind == T_WEEK_YEAR || kind == T_WEEK_YEAR_ISO)
        add_padded(b, year, 4);
    else
        add_padded(b, week, kind == T_WEEK_2 || kind == T_WEEK_ISO_2 ? 2 : 1);
}

static void add_offset(struct buf *b, int offset_seconds, bool colon)
{
    int minutes = offset_seconds / 60;
    buf_add_char(b, minutes < 0 ? '-' : '+');
    if (minutes < 0)
        minutes = -minutes;
    buf_addf(b, colon ? "%02d:%02d" : "%02d%02d", minutes / 60, minutes % 60);
}

static void add_fraction(struct buf *b, int micros, size_t digits)
{
    int scale = 1;
    for (size_t i = digits; i < 6; i++)
        scale *= 10;
    add_padded(b, micros / scale, (int)digits);
}

static void add_day_part(struct buf *b, const struct date_locale *locale, enum token_kind kind,
                         const struct civil *c)
{
    switch ((int)kind) {
    case T_YEAR:
        add_padded(b, c->year, 4);
        break;
    case T_YEAR_SHORT:
        add_padded(b, c->year % 100, 2);
        break;
    case T_QUARTER:
        buf_add_int(b, (c->month + 2) / 3);
        break;
    case T_MONTH:
        buf_add_int(b, c->month);
        break;
    case T_MONTH_ORDINAL:
        locale->words->ordinal(b, c->month, 'M');
        break;
    case T_MONTH_2:
        add_padded(b, c->month, 2);
        break;
    case T_MONTH_SHORT:
        buf_add(b, str_from_c(locale->words->months_short[c->month - 1]));
        break;
    case T_MONTH_NAME:
        buf_add(b, str_from_c(locale->words->months[c->month - 1]));
        break;
    case T_DAY:
        buf_add_int(b, c->day);
        break;
    case T_DAY_ORDINAL:
        locale->words->ordinal(b, c->day, 'D');
        break;
    case T_DAY_2:
        add_padded(b, c->day, 2);
        break;
    case T_YEARDAY:
        buf_add_int(b, c->yearday);
        break;
    case T_YEARDAY_3:
        add_padded(b, c->yearday, 3);
        break;
    case T_WEEKDAY:
        buf_add_int(b, c->weekday);
        break;
    case T_WEEKDAY_ORDINAL:
        locale->words->ordinal(b, c->weekday, 'd');
        break;
    case T_WEEKDAY_MIN:
        buf_add(b, str_from_c(locale->words->weekdays_min[c->weekday]));
        break;
    case T_WEEKDAY_SHORT:
        buf_add(b, str_from_c(locale->words->weekdays_short[c->weekday]));
        break;
    case T_WEEKDAY_NAME:
        buf_add(b, str_from_c(locale->words->weekdays[c->weekday]));
        break;
    case T_WEEKDAY_LOCAL:
        buf_add_int(b, (c->weekday - locale->week_start + 7) % 7);
        break;
    case T_WEEKDAY_ISO:
        buf_add_int(b, c->weekday == 0 ? 7 : c->weekday);
        break;
    default:
        add_week(b, locale, kind, c);
    }
}

static void add_token(struct buf *b, const struct date_locale *locale, const struct token *token,
                      time_us t, const struct civil *c, int offset_seconds)
{
    int hour_12 = c->hour % 12 == 0 ? 12 : c->hour % 12;
    int hour_24 = c->hour == 0 ? 24 : c->hour;
    switch ((int)token->kind) {
    case T_LITERAL:
        buf_add(b, token->text);
        break;
    case T_HOUR:
        buf_add_int(b, c->hour);
        break;
    case T_HOUR_2:
        add_padded(b, c->hour, 2);
        break;
    case T_HOUR_12:
        buf_add_int(b, hour_12);
        break;
    case T_HOUR_12_2:
        add_padded(b, hour_12, 2);
        break;
    case T_HOUR_24:
        buf_add_int(b, hour_24);
        break;
    case T_HOUR_24_2:
        add_padded(b, hour_24, 2);
        break;
    case T_MINUTE:
        buf_add_int(b, c->minute);
        break;
    case T_MINUTE_2:
        add_padded(b, c->minute, 2);
        break;
    case T_SECOND:
        buf_add_int(b, c->second);
        break;
    case T_SECOND_2:
        add_padded(b, c->second, 2);
        break;
    case T_FRACTION:
        add_fraction(b, c->micros, token->text.len);
        break;
    case T_AM_PM_UPPER:
        buf_add(b, str_from_c(locale->words->am_pm_upper[c->hour >= 12]));
        break;
    case T_AM_PM_LOWER:
        buf_add(b, str_from_c(locale->words->am_pm_lower[c->hour >= 12]));
        break;
    case T_OFFSET:
        add_offset(b, offset_seconds, false);
        break;
    case T_OFFSET_COLON:
        add_offset(b, offset_seconds, true);
        break;
    case T_UNIX:
        buf_add_int(b, t / TIME_SECOND);
        break;
    case T_UNIX_MS:
        buf_add_int(b, t / 1000);
        break;
    default:
        add_day_part(b, locale, token->kind, c);
    }
}

static enum token_kind shortened(enum token_kind kind)
{
    switch ((int)kind) {
    case T_MONTH_NAME:
        return T_MONTH_SHORT;
    case T_MONTH_2:
        return T_MONTH;
    case T_DAY_2:
        return T_DAY;
    case T_WEEKDAY_NAME:
        return T_WEEKDAY_SHORT;
    default:
        return kind;
    }
}

void date_format(struct buf *b, const struct date_locale *locale, str format, time_us t,
                 int offset_seconds)
{
    struct civil c = civil_from_time(t, offset_seconds);
    struct token token;
    enum date_unit unit;
    str rest = str_sub(format, 0, DATE_FORMAT_MAX);
    while (next_token(locale, &rest, &token, &unit)) {
        if (token.kind != T_LONG && token.kind != T_LONG_SHORT) {
            add_token(b, locale, &token, t, &c, offset_seconds);
            continue;
        }
        bool shorten = token.kind == T_LONG_SHORT;
        str inner = token.text;
        while (next_token(locale, &inner, &token, &unit)) {
            if (shorten)
                token.kind = shortened(token.kind);
            add_token(b, locale, &token, t, &c, offset_seconds);
        }
    }
}

/* ---- when it reads differently ---- */

enum date_unit date_finest(const struct date_locale *locale, str format)
{
    enum date_unit finest = DATE_NOTHING;
    struct token token;
    enum date_unit unit;
    str rest = str_sub(format, 0, DATE_FORMAT_MAX);
    while (next_token(locale, &rest, &token, &unit)) {
        if (token.kind == T_LONG || token.kind == T_LONG_SHORT) {
            str inner = token.text;
            while (next_token(locale, &inner, &token, &unit))
                finest = unit > finest ? unit : finest;
        } else {
            finest = unit > finest ? unit : finest;
        }
    }
    return finest;
}

time_us date_next_turn(enum date_unit unit, time_us now, int offset_seconds)
{
    struct civil c = civil_from_time(now, offset_seconds);
    struct civil next = {.year = c.year,
                         .month = c.month,
                         .day = c.day,
                         .hour = c.hour,
                         .minute = c.minute,
                         .second = c.second};
    switch (unit) {
    case DATE_NOTHING:
        return TIME_NEVER;
    case DATE_YEAR:
        next = (struct civil){.year = c.year + 1, .month = 1, .day = 1};
        break;
    case DATE_MONTH:
        next = (struct civil){.year = c.year, .month = c.month + 1, .day = 1};
        break;
    case DATE_DAY:
        next = (struct civil){.year = c.year, .month = c.month, .day = c.day + 1};
        break;
    case DATE_HOUR:
        next.hour++;
        next.minute = next.second = 0;
        break;
    case DATE_MINUTE:
        next.minute++;
        next.second = 0;
        break;
    case DATE_SECOND:
        next.second++;
        break;
    }
    return time_from_civil(&next) - offset_seconds * TIME_SECOND;
}

/* ---- "3 days ago" ---- */

/* Moment's steps: below `until` the age is told in `unit`, rounded. A month is 30.44 days. */
static const struct {
    time_us until;
    time_us unit_us;
    enum ago_unit unit;
} ago_steps[] = {
    {45 * TIME_SECOND, 45 * TIME_SECOND, AGO_SECONDS},
    {44 * TIME_MINUTE + 30 * TIME_SECOND, TIME_MINUTE, AGO_MINUTES},
    {21 * TIME_HOUR + 30 * TIME_MINUTE, TIME_HOUR, AGO_HOURS},
    {25 * TIME_DAY + 12 * TIME_HOUR, TIME_DAY, AGO_DAYS},
    {319 * TIME_DAY, 30 * TIME_DAY + 10 * TIME_HOUR + 30 * TIME_MINUTE, AGO_MONTHS},
    {TIME_NEVER, 365 * TIME_DAY + 6 * TIME_HOUR, AGO_YEARS},
};

void date_ago(struct buf *b, const struct date_locale *locale, time_us t, time_us now,
              time_us *ret_until)
{
    bool past = t <= now;
    time_us age = past ? now - t : t - now;
    size_t step = 0;
    while (age >= ago_steps[step].until)
        step++;
    time_us unit = ago_steps[step].unit_us;
    int64_t n = (age + unit / 2) / unit;
    if (n == 0)
        n = 1;
    const char *const *forms = locale->words->ago[ago_steps[step].unit];
    const char *phrase = forms[date_plural(locale, n)];
    if (phrase == NULL || ago_steps[step].unit == AGO_SECONDS)
        phrase = forms[PLURAL_OTHER];
    const char *const *around = past ? locale->words->ago_past : locale->words->ago_future;
    str rest = str_from_c(phrase);
    size_t mark = str_find_char(rest, '%');
    buf_add(b, str_from_c(around[0]));
    if (mark != STR_NPOS) {
        buf_add(b, str_sub(rest, 0, mark));
        buf_add_int(b, n);
        rest = str_from(rest, mark + 1);
    }
    buf_add(b, rest);
    buf_add(b, str_from_c(around[1]));

    /* The age goes over the next half unit, or into the next step; what lies ahead comes nearer. */
    time_us turn = n * unit + unit / 2;
    if (!past)
        turn = n * unit - unit / 2;
    else if (ago_steps[step].until < turn)
        turn = ago_steps[step].until;
    time_us until = past ? t + turn : t - turn;
    *ret_until = until > now ? until : now + TIME_SECOND;
}
