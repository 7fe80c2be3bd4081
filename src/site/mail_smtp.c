/* SPDX-License-Identifier: MIT
 *
 * libcurl speaks SMTP; its debug hook shows every line that goes either way. From those it is told how far a mail came
 * and what the server said to that, since libcurl's own codes are one and the same for a refused sender, a refused
 * recipient and a broken pipe. */
#include "site/mail_smtp.h"

#include "base/arena.h"
#include "base/parse.h"
#include "site/mail_message.h"
#include "text/utf8.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

enum { URL_MAX = 600, STALLED_S = 30 };

/* How far the mail came: what the server's next line answers. */
enum stage { STAGE_HELLO, STAGE_LOGIN, STAGE_SENDER, STAGE_RECIPIENT, STAGE_TEXT };

struct mail_smtp {
    struct arena *arena; /* owns the strings; read-only once made */
    struct mail_server server;
    char *url;
    CURL *curl;

    /* Of the mail under way. */
    str message;
    size_t at;
    const atomic_bool *stop;
    enum stage stage;
    bool leaving; /* QUIT was said: what follows is no answer to the mail */
    int code;
    char said[MAIL_SAID_MAX]; /* all lines of the last answer */
    bool said_more;           /* "250-": the answer goes on */
    char dialogue[MAIL_DIALOGUE_MAX];
    size_t dialogue_len;
    char curl_says[CURL_ERROR_SIZE];
};

const char *mail_what_name(enum mail_what what)
{
    static const char *const names[] = {
        [MAIL_TAKEN] = "taken",   [MAIL_UNREACHED] = "unreached",     [MAIL_SILENT] = "silent",
        [MAIL_NO_TLS] = "no-tls", [MAIL_CERTIFICATE] = "certificate", [MAIL_LOGIN] = "login",
        [MAIL_SENDER] = "sender", [MAIL_RECIPIENT] = "recipient",     [MAIL_TEXT] = "text",
        [MAIL_BROKEN] = "broken", [MAIL_STOPPED] = "stopped",
    };
    static_assert(ARRAY_LEN(names) == MAIL_WHATS, "a name for each");
    return names[what];
}

/* ---- the dialogue ---- */

/* Adds a line to a text of fixed room, without its oldest lines when it is full. */
static void dialogue_add(struct mail_smtp *smtp, str mark, str line)
{
    size_t wanted = mark.len + line.len + 1;
    if (wanted >= sizeof(smtp->dialogue))
        return;
    while (smtp->dialogue_len + wanted >= sizeof(smtp->dialogue)) {
        str old = {smtp->dialogue, smtp->dialogue_len};
        size_t end = str_find_char(old, '\n') + 1; /* each line has one */
        memmove(smtp->dialogue, smtp->dialogue + end, old.len - end);
        smtp->dialogue_len -= end;
    }
    memcpy(smtp->dialogue + smtp->dialogue_len, mark.ptr, mark.len);
    if (line.len > 0)
        memcpy(smtp->dialogue + smtp->dialogue_len + mark.len, line.ptr, line.len);
    smtp->dialogue_len += wanted;
    smtp->dialogue[smtp->dialogue_len - 1] = '\n';
    smtp->dialogue[smtp->dialogue_len] = '\0';
}

static void said_add(struct mail_smtp *smtp, str line)
{
    size_t have = smtp->said_more ? strlen(smtp->said) : 0;
    size_t room = sizeof(smtp->said) - have - 2;
    str piece = utf8_cut_bytes(line, room);
    if (have > 0)
        smtp->said[have++] = ' ';
    if (piece.len > 0)
        memcpy(smtp->said + have, piece.ptr, piece.len);
    smtp->said[have + piece.len] = '\0';
}

static void heard(struct mail_smtp *smtp, str line)
{
    struct cursor c = cursor_of(line);
    int64_t code;
    dialogue_add(smtp, S("< "), line);
    if (smtp->leaving || !cursor_uint(&c, 3, 3, &code))
        return;
    said_add(smtp, line);
    smtp->said_more = cursor_char(&c, '-');
    smtp->code = (int)code;
}

static const struct {
    str word;
    enum stage stage;
} commands[] = {
    {STR_INIT("EHLO"), STAGE_HELLO},     {STR_INIT("HELO"), STAGE_HELLO},
    {STR_INIT("STARTTLS"), STAGE_HELLO}, {STR_INIT("AUTH"), STAGE_LOGIN},
    {STR_INIT("MAIL"), STAGE_SENDER},    {STR_INIT("RCPT"), STAGE_RECIPIENT},
    {STR_INIT("DATA"), STAGE_TEXT},      {STR_INIT("NOOP"), STAGE_HELLO},
    {STR_INIT("RSET"), STAGE_HELLO},
};

/* What is no command is part of a login: it is never shown. */
static void spoke(struct mail_smtp *smtp, str line)
{
    str rest = line, word = str_cut(&rest, ' ');
    if (str_eq_nocase(word, S("QUIT"))) {
        smtp->leaving = true;
        dialogue_add(smtp, S("> "), line);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (!str_eq_nocase(word, commands[i].word))
            continue;
        smtp->stage = commands[i].stage;
        smtp->said_more = false;
        if (smtp->stage == STAGE_LOGIN)
            line = str_sub(line, 0, word.len + 1 + str_cut(&rest, ' ').len);
        dialogue_add(smtp, S("> "), line);
        if (smtp->stage == STAGE_LOGIN && rest.len > 0)
            dialogue_add(smtp, S("> "), S("..."));
        return;
    }
    dialogue_add(smtp, S("> "), S("..."));
}

static int on_debug(CURL *curl, curl_infotype type, char *bytes, size_t size, void *ctx)
{
    struct mail_smtp *smtp = ctx;
    (void)curl;
    if (type != CURLINFO_HEADER_IN && type != CURLINFO_HEADER_OUT)
        return 0;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str text = utf8_strip_controls(arena, utf8_repair(arena, (str){bytes, size}),
                                   UTF8_KEEP_LINES | UTF8_DROP_BIDI);
    while (text.len > 0) {
        str line = str_cut(&text, '\n');
        if (type == CURLINFO_HEADER_IN)
            heard(smtp, line);
        else
            spoke(smtp, line);
    }
    return 0;
}

/* ---- one mail ---- */

static size_t on_send(char *buffer, size_t size, size_t count, void *ctx)
{
    struct mail_smtp *smtp = ctx;
    str piece = str_sub(smtp->message, smtp->at, size * count);
    if (piece.len > 0)
        memcpy(buffer, piece.ptr, piece.len);
    smtp->at += piece.len;
    return piece.len;
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *ctx)
{
    (void)bytes, (void)ctx;
    return size * count;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct mail_smtp *smtp = ctx;
    (void)a, (void)b, (void)c, (void)d;
    return smtp->stop != NULL && atomic_load(smtp->stop) ? 1 : 0;
}

#define SET(option, value) CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK)

static CURLcode attempt(struct mail_smtp *smtp, struct arena *arena, str to, int wait_ms)
{
    CURL *curl = smtp->curl;
    const struct mail_server *server = &smtp->server;
    struct curl_slist *recipients =
        curl_slist_append(NULL, str_copy_c(arena, str_join3(arena, S("<"), to, S(">"))));
    CHECK(recipients != NULL);
    curl_easy_reset(curl); /* its connection stays open */
    SET(CURLOPT_URL, smtp->url);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, ""); /* whatever the environment says */
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_USE_SSL, (long)(server->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (server->user.len > 0) {
        SET(CURLOPT_USERNAME, str_copy_c(arena, server->user));
        SET(CURLOPT_PASSWORD, str_copy_c(arena, server->password));
    }
    SET(CURLOPT_MAIL_FROM, str_copy_c(arena, str_join3(arena, S("<"), server->from, S(">"))));
    SET(CURLOPT_MAIL_RCPT, recipients);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(wait_ms < MAIL_CONNECT_MS ? wait_ms : MAIL_CONNECT_MS));
    SET(CURLOPT_TIMEOUT_MS, (long)wait_ms);
    SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)STALLED_S);
    SET(CURLOPT_ERRORBUFFER, smtp->curl_says);
    SET(CURLOPT_VERBOSE, 1L);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, smtp);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, smtp);
    SET(CURLOPT_WRITEFUNCTION, on_answer);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, on_send);
    SET(CURLOPT_READDATA, smtp);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)smtp->message.len);
    CURLcode done = curl_easy_perform(curl);
    SET(CURLOPT_MAIL_RCPT, NULL);
    SET(CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(recipients);
    return done;
}

/* What a refusal was of. */
static enum mail_what refused(const struct mail_smtp *smtp)
{
    switch (smtp->stage) {
    case STAGE_LOGIN:
        return MAIL_LOGIN;
    case STAGE_SENDER:
        return MAIL_SENDER;
    case STAGE_RECIPIENT:
        return MAIL_RECIPIENT;
    case STAGE_TEXT:
        return MAIL_TEXT;
    case STAGE_HELLO:
        break;
    }
    return MAIL_BROKEN;
}

static enum mail_what judge(const struct mail_smtp *smtp, CURLcode done)
{
    if (done == CURLE_OK)
        return MAIL_TAKEN;
    if (done == CURLE_ABORTED_BY_CALLBACK)
        return MAIL_STOPPED;
    if (done == CURLE_OPERATION_TIMEDOUT)
        return smtp->code == 0 && smtp->dialogue_len == 0 ? MAIL_UNREACHED : MAIL_SILENT;
    if (done == CURLE_COULDNT_RESOLVE_HOST || done == CURLE_COULDNT_CONNECT)
        return MAIL_UNREACHED;
    if (done == CURLE_PEER_FAILED_VERIFICATION)
        return MAIL_CERTIFICATE;
    if (done == CURLE_USE_SSL_FAILED || done == CURLE_SSL_CONNECT_ERROR)
        return MAIL_NO_TLS;
    if (done == CURLE_LOGIN_DENIED)
        return MAIL_LOGIN;
    return smtp->code >= 400 ? refused(smtp) : MAIL_BROKEN;
}

void mail_smtp_send(struct mail_smtp *smtp, str to, str message, int wait_ms,
                    const atomic_bool *stop, struct mail_outcome *ret_outcome)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    CHECK(mail_address_valid(to));
    smtp->message = message;
    smtp->at = 0;
    smtp->stop = stop;
    smtp->stage = STAGE_HELLO;
    smtp->leaving = false;
    smtp->code = 0;
    smtp->said_more = false;
    smtp->said[0] = smtp->dialogue[0] = smtp->curl_says[0] = '\0';
    smtp->dialogue_len = 0;
    CURLcode done = attempt(smtp, arena, to, wait_ms);
    enum mail_what what = judge(smtp, done);
    bool answered = smtp->code >= 400 || what == MAIL_TAKEN;
    const char *said = answered                     ? smtp->said
                       : smtp->curl_says[0] != '\0' ? smtp->curl_says
                                                    : curl_easy_strerror(done);
    *ret_outcome = (struct mail_outcome){
        .what = what,
        .for_good = (what == MAIL_RECIPIENT || what == MAIL_TEXT) && smtp->code >= 500,
        .code = smtp->code,
    };
    (void)snprintf(ret_outcome->said, sizeof(ret_outcome->said), "%s", said);
    (void)snprintf(ret_outcome->dialogue, sizeof(ret_outcome->dialogue), "%s", smtp->dialogue);
}

/* ---- making ---- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

struct mail_smtp *mail_smtp_new(const struct mail_server *server)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct mail_smtp *smtp = calloc(1, sizeof(*smtp));
    bool v6 = str_find_char(server->host, ':') != STR_NPOS;
    str domain = mail_domain(server->from);
    CHECK(smtp != NULL);
    CHECK(pthread_once(&curl_once, curl_start) == 0);
    smtp->arena = arena;
    smtp->server = (struct mail_server){.host = str_copy(arena, server->host),
                                        .port = server->port,
                                        .tls_at_once = server->tls_at_once,
                                        .tls = server->tls,
                                        .user = str_copy(arena, server->user),
                                        .password = str_copy(arena, server->password),
                                        .from = str_copy(arena, server->from)};
    /* The path is what it calls itself in EHLO. */
    str url = str_format(arena, "%s://%s%.*s%s:%d/%.*s", server->tls_at_once ? "smtps" : "smtp",
                         v6 ? "[" : "", STR_ARG(server->host), v6 ? "]" : "", server->port,
                         STR_ARG(domain));
    CHECK(url.len < URL_MAX);
    smtp->url = str_copy_c(arena, url);
    smtp->curl = curl_easy_init();
    CHECK(smtp->curl != NULL);
    return smtp;
}

void mail_smtp_free(struct mail_smtp *smtp)
{
    if (smtp == NULL)
        return;
    curl_easy_cleanup(smtp->curl); /* may still say goodbye through on_debug */
    arena_free(smtp->arena);
    free(smtp);
}
