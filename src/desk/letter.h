/* desk/letter.h -- inside desk/: the mails that the desk writes, in the words of its strings.
 *
 *     const struct letter letter = {.kind = S("reset"), .to = person->email, .name = person->name,
 *                                   .language = person->language, .link = link, .network = network};
 *     st = letter_write(&office, room, &letter, &written, err);      // in the write that it tells of
 *
 * A mail of kind K has the strings "mail.K.subject" and "mail.K.text", in the language of whom it is for, with {site},
 * {name}, {link}, {by}, {network}, {role} and {n} filled in.
 *
 * A link in a mail has the address that the settings say: what a request calls this host is anybody's word. A site
 * without an address therefore sends none, as one without `mail:` in broadsheet.yaml.
 *
 * Threads: a write. */
#pragma once
#include "news/news.h"

struct errand;
struct folder;
struct log;
struct look;
struct mail_letter;
struct person;
struct site_settings;

/* What a letter is written with. */
struct letter_office {
    const struct folder *folder;
    const struct look *look;
    const struct site_settings *settings;
    const struct log *log;
};
struct letter_office letter_office(const struct errand *e);

/* Whether mails with links can be sent. */
bool letter_possible(const struct letter_office *office);

struct letter {
    str kind;
    str to, name; /* a name may be empty */
    str language; /* empty: the site's */
    str link;     /* a path below the site, "/desk/reset/?link=..." */
    str by, network;
    str role_key; /* "role.editor" */
    int64_t n;
    time_us good_for; /* 0: as long as it is tried */
};
/* *ret_written is false, and nothing is written, when mails cannot be sent, or not to that address: what the letter tells
 * of holds all the same. May be NULL. */
MUST_USE enum status letter_write(const struct letter_office *office, struct newsroom *room,
                                  const struct letter *letter, bool *ret_written,
                                  struct error *err);
/* To somebody, about their own login: by whom and from where it was done is of this request. */
MUST_USE enum status letter_notice(const struct errand *e, struct newsroom *room, str kind,
                                   const struct person *person, struct error *err);
/* The same letter, for who sends it himself. */
struct mail_letter letter_compose(const struct letter_office *office, struct arena *arena,
                                  const struct letter *letter);
