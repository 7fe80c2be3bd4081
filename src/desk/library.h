/* desk/library.h -- inside desk/: what the pages of the media library share.
 *
 * A picture or file as a page or a script gets it (library_item):
 *
 *     id      the record's number               path    below media/: "2026/11/bridge.jpg"
 *     page    "/desk/media/12/"                 src     "/content/images/2026/11/bridge.jpg"
 *     name    its title, else as it came        thumb   a size for a grid; empty for what is no picture
 *     kind    picture, audio, video, document   what    a picture's or file's kind, as a key of the strings
 *     ending  "JPG"                             bytes, width, height, alt, caption, credit, licence, title
 *     view    the same, for a page of its own
 *     silent  a picture without an alt text     mine    this person may say what is on it
 *
 * Who may do what: everybody sees and brings in (RIGHT_MEDIA), and says what is on those they brought in
 * themselves; on others', and all that changes what readers see, is for RIGHT_MEDIA_ALL (right_over_media). */
#pragma once
#include "desk/errand.h"
#include "media/media.h"

struct http_field;

str library_page(struct errand *e, media_id id);    /* "/desk/media/12/" */
str library_subject(struct errand *e, media_id id); /* "media:12", for the log */
str library_address(struct errand *e, const struct media *media);
bool library_may_say(const struct errand *e, const struct media *media);
struct hbs_map *library_item(struct errand *e, const struct media *media);
/* Whether a story is theirs to open at the desk: others' are told of once readers may see them. */
MUST_USE enum status library_opens_story(struct errand *e, story_id id, bool *ret_opens,
                                         struct error *err);
/* Of the path's `:id`. */
MUST_USE enum status library_find(struct errand *e, struct media **ret_media, struct error *err);
/* 200 {"item": ...} for a script. */
MUST_USE enum status library_answer(struct errand *e, const struct media *media, struct error *err);
/* The list as it is asked for, with what else is in `values`. */
MUST_USE enum status library_list(struct errand *e, int code, struct hbs_map *values,
                                  struct error *err);

/* "1700000000000000-12": a place in a list, as it stands in an address. */
str library_key_print(struct errand *e, struct story_key key);
struct story_key library_key_read(str text); /* {0}: none, or no such */

/* ---- taking in (upload.c) ---- */

/* What became of one file of a form. */
struct upload {
    str name;
    struct media *media; /* NULL: refused, and `why` is the sentence for who sent it */
    bool is_new;
    enum status st;
    str why;
};
/* Waits for the picture process and the writer, the snapshot let go meanwhile: for the long lane alone. ST_OK with a
 * refusal in *ret_upload; what it returns itself is what no file is to blame for. */
MUST_USE enum status upload_take(struct errand *e, const struct http_field *file,
                                 struct upload *ret_upload, struct error *err);
/* The files of that name with something in them; `max` at most. */
size_t upload_files(const struct errand *e, str name, const struct http_field **ret_files,
                    size_t max);
/* The code for a refusal: 413 or 422, 500 where it is our own failing. */
int upload_code(const struct upload *upload);

/* ---- records that went (picture.c) ---- */

/* Removed if nothing shows it, or by force; with its files, and a line in the log. ST_CONFLICT: it is shown. Long lane. */
MUST_USE enum status picture_take_away(struct errand *e, const struct media *media, bool force,
                                       struct error *err);
