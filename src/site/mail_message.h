/* site/mail_message.h -- a mail as it goes over the wire: RFC 5322, and 2045 to 2047 for what is not ASCII.
 *
 *     st = mail_message_format(arena, &(struct mail_message){.from = S("news@wharf.example"),
 *                                  .from_name = S("The Wharf"), .to = S("ann@wharf.example"),
 *                                  .subject = S("A new password"), .text = text,
 *                                  .id = token, .date = now}, &bytes, err);
 *
 * Whatever the fields hold, the result has the header lines that are written here and no other: line ends in a
 * subject or a name become spaces, and an address with one is refused. All of it is ASCII, every line ends in CR LF,
 * none is longer than 76 characters (but for an address that is), and no line of the body begins with a point or
 * "From ". With `html` it is multipart/alternative, the text first.
 *
 * Every mail says Auto-Submitted (RFC 3834), so that no holiday notice comes back.
 *
 * Memory: the result lives in the arena. Threads: pure functions. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct arena;

enum {
    MAIL_SUBJECT_MAX = 200, /* characters; cut */
    MAIL_NAME_MAX = 100,
    MAIL_TEXT_MAX = 256 * 1024, /* of each body */
    MAIL_MESSAGE_MAX = 2 * 1024 * 1024,
};

struct mail_message {
    str from, from_name; /* a name may be empty */
    str to, to_name;
    str subject;
    str text;
    str html; /* empty: none */
    str id;   /* left of the @ of Message-ID; the same at every try */
    time_us date;
};

/* ST_INVALID: an address that is none, or has letters beyond ASCII; ST_TOO_BIG: a body. */
MUST_USE enum status mail_message_format(struct arena *arena, const struct mail_message *message,
                                         str *ret_bytes, struct error *err);

/* Whether mail can be sent to it: one @, a domain, ASCII, and nothing that means something in a header. */
bool mail_address_valid(str address);
/* Its domain, which is all that a log says of it. */
str mail_domain(str address);
/* Text from elsewhere without what stands left of each @: for a log. */
str mail_hide_addresses(struct arena *arena, str text);
