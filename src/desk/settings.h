/* desk/settings.h -- inside desk/: what the pages of the settings share.
 *
 * Each is below /desk/settings/ and carries the same row of links, which it marks by its key.
 *
 * Threads: the desk thread. */
#pragma once
#include "desk/errand.h"

struct package_custom;

/* The page, with the row of links. `page` is the key of its title: "settings.menus". */
MUST_USE enum status settings_page(struct errand *e, int code, str template, str page,
                                   struct hbs_map *values, struct error *err);

/* A text field as a browser sent it: line ends made one, white space off both ends. */
str settings_text(struct errand *e, str name);

/* What names a picture: as it is, or, for a path of the library ("2024/05/quay.jpg"), where it is served. */
MUST_USE enum status settings_picture(struct errand *e, str typed, str *ret_address,
                                      struct error *err);

/* ---- a form of settings, whoever they are of ---- */

enum settings_kind {
    SETTINGS_LINE,
    SETTINGS_TEXT,
    SETTINGS_CODE,
    SETTINGS_NUMBER,
    SETTINGS_YES,
    SETTINGS_CHOICE,
    SETTINGS_COLOR,
    SETTINGS_PICTURE,
    SETTINGS_KINDS
};

struct settings_option {
    str value;
    str key, text; /* what it is called: a string of the desk's, or words that are not ours */
};

struct settings_field {
    str name;
    enum settings_kind kind;
    str label_key, label; /* likewise */
    str hint_key, hint;
    str heading; /* key: a part of the page begins */
    int64_t min, max;
    const struct settings_option *options;
    size_t options_count;
    bool required;

    str value; /* as it stands, or as typed */
    str fault; /* key of what is wrong with it; empty: nothing */
};

/* "parts" of the page's values: the fields by their headings. */
void settings_put_fields(struct errand *e, struct hbs_map *values,
                         const struct settings_field *fields, size_t count);
/* What was typed into them. A field that did not come keeps its value. */
MUST_USE enum status settings_take(struct errand *e, struct settings_field *fields, size_t count,
                                   struct error *err);
