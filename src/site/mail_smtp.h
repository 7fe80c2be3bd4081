/* site/mail_smtp.h -- one mail handed to one SMTP server, by libcurl.
 *
 *     struct mail_smtp *smtp = mail_smtp_new(&server);
 *     mail_smtp_send(smtp, to, message, MAIL_SEND_MS, &stop, &outcome);
 *     if (outcome.what != MAIL_TAKEN) ... outcome.code, outcome.said, outcome.dialogue ...
 *     mail_smtp_free(smtp);
 *
 * TLS is asked for and the certificate checked, unless the server's own setting says none: then what is sent can be
 * read on the way, password included, so the reader of broadsheet.yaml takes that by itself for loopback only.
 *
 * How it went is a word (what), the server's last answer, and the dialogue line by line: what the server said after
 * "< ", what was said to it after "> ", without the password or the mail's text.
 *
 * Nothing here waits for longer than it is told to, and `stop` ends a call within a second (but for a name that is being
 * resolved). A connection is kept for the next mail; mail_smtp_free closes it.
 *
 * Threads: one at a time. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

#include <stdatomic.h>

enum {
    MAIL_CONNECT_MS = 10 * 1000,
    MAIL_SEND_MS = 60 * 1000, /* in all, from resolving its name to its last answer */
    MAIL_DIALOGUE_MAX = 8 * 1024,
    MAIL_SAID_MAX = 500,
};

/* What broadsheet.yaml says under "mail". */
struct mail_server {
    str host; /* empty: no mail is sent */
    int port;
    bool tls_at_once; /* smtps: */
    bool tls;         /* or by STARTTLS */
    str user, password;
    str from, from_name;
};

enum mail_what {
    MAIL_TAKEN,
    MAIL_UNREACHED,   /* no such name, nobody there, no network */
    MAIL_SILENT,      /* it took too long */
    MAIL_NO_TLS,      /* it offers none */
    MAIL_CERTIFICATE, /* not to be trusted */
    MAIL_LOGIN,       /* user or password refused */
    MAIL_SENDER,      /* may not send as that */
    MAIL_RECIPIENT,   /* the address refused */
    MAIL_TEXT,        /* the mail refused */
    MAIL_BROKEN,      /* the connection ended early, or the server spoke no SMTP */
    MAIL_STOPPED,     /* we were told to */
    MAIL_WHATS
};
const char *mail_what_name(enum mail_what what); /* "unreached" */

struct mail_outcome {
    enum mail_what what;
    bool for_good;            /* 5xx to the address or the mail: trying again changes nothing */
    int code;                 /* of the server's last answer; 0: none */
    char said[MAIL_SAID_MAX]; /* that answer, or what went wrong before one: a line */
    char dialogue[MAIL_DIALOGUE_MAX]; /* its end */
};

struct mail_smtp;
struct mail_smtp *mail_smtp_new(const struct mail_server *server);
void mail_smtp_free(struct mail_smtp *smtp); /* takes NULL */
DEFINE_FREEP(struct mail_smtp *, mail_smtp_free)

/* `to` and `message` as mail_message.h makes them. `stop` may be NULL. */
void mail_smtp_send(struct mail_smtp *smtp, str to, str message, int wait_ms,
                    const atomic_bool *stop, struct mail_outcome *ret_outcome);
