/* SPDX-License-Identifier: MIT */
#include "desk/letter.h"

#include "base/arena.h"
#include "base/log.h"
#include "desk/errand.h"
#include "desk/look.h"
#include "news/setting.h"
#include "site/folder.h"
#include "site/mail.h"
#include "site/mail_message.h"
#include "text/utf8.h"

struct letter_office letter_office(const struct errand *e)
{
    return (struct letter_office){
        .folder = e->folder, .look = e->look, .settings = e->edition->settings, .log = e->log};
}

bool letter_possible(const struct letter_office *office)
{
    return mail_is_set_up(office->folder) && office->settings->url.len > 0;
}

/* What people call themselves stays in its line. */
static str in_line(struct arena *arena, str text)
{
    return utf8_strip_controls(arena, text, UTF8_DROP_BIDI);
}

struct mail_letter letter_compose(const struct letter_office *office, struct arena *arena,
                                  const struct letter *letter)
{
    str language = letter->language.len > 0 ? letter->language : office->settings->locale;
    const struct look_tongue *tongue = look_tongue(office->look, language);
    str site = in_line(arena, office->settings->title);
    const struct look_argument arguments[] = {
        {S("site"), site},
        {S("name"), letter->name.len > 0 ? in_line(arena, letter->name) : letter->to},
        {S("link"), str_join2(arena, office->settings->url, letter->link)},
        {S("by"), in_line(arena, letter->by)},
        {S("network"), letter->network},
        {S("role"), letter->role_key.len > 0 ? look_say(tongue, letter->role_key) : STR_NONE},
        {S("n"), str_format(arena, "%lld", (long long)letter->n)},
    };
    str subject = str_format(arena, "mail.%.*s.subject", STR_ARG(letter->kind));
    str text = str_format(arena, "mail.%.*s.text", STR_ARG(letter->kind));
    return (struct mail_letter){
        .kind = letter->kind,
        .to = letter->to,
        .to_name = letter->name,
        .subject = look_say_with(tongue, subject, arguments, ARRAY_LEN(arguments), arena),
        .text = look_say_with(tongue, text, arguments, ARRAY_LEN(arguments), arena),
        .good_for = letter->good_for};
}

enum status letter_write(const struct letter_office *office, struct newsroom *room,
                         const struct letter *letter, bool *ret_written, struct error *err)
{
    bool written = letter_possible(office) && mail_address_valid(letter->to);
    enum status st = ST_OK;
    if (written) {
        struct mail_letter mail = letter_compose(office, room->arena, letter);
        st = mail_write(office->folder, room, &mail, err);
    } else if (letter_possible(office)) {
        log_warn(office->log, "no mail can be sent to an address, ignoring",
                 LOG_STR("kind", letter->kind), LOG_STR("to", mail_domain(letter->to)));
    }
    if (st == ST_OK && ret_written != NULL)
        *ret_written = written;
    return st;
}

enum status letter_notice(const struct errand *e, struct newsroom *room, str kind,
                          const struct person *person, struct error *err)
{
    struct letter_office office = letter_office(e);
    return letter_write(&office, room,
                        &(struct letter){.kind = kind,
                                         .to = person->email,
                                         .name = person->name,
                                         .language = person->language,
                                         .link = S("/desk/"),
                                         .by = e->person != NULL ? e->person->name : person->name,
                                         .network = e->network},
                        NULL, err);
}
