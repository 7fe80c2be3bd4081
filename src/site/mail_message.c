/* SPDX-License-Identifier: MIT
 *
 * A header's text is either plain ASCII, folded between words, or a row of encoded words in Base64: there is no third
 * form, so no character that means something in a header ever gets there by itself. Bodies are always quoted-printable,
 * which bounds their lines and leaves them readable in a queue's file. */
#include "site/mail_message.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/utf8.h"

#include <sodium.h>

enum {
    LINE_MAX_CHARS = 76,
    WORD_MAX = 60, /* of a header in plain ASCII: a longer one cannot be folded */
    ADDRESS_MAX = 254,
    LOCAL_MAX = 64,
};

#define ENCODED_BEGIN "=?utf-8?B?"
#define ENCODED_END   "?="

/* ---- addresses ---- */

bool mail_address_valid(str address)
{
    size_t at = str_rfind_char(address, '@');
    bool good = at != STR_NPOS && at > 0 && at <= LOCAL_MAX && address.len <= ADDRESS_MAX &&
                address.ptr[0] != '.' && address.ptr[at - 1] != '.';
    str host = good ? str_from(address, at + 1) : STR_NONE;
    good = good && host.len > 0 && host.ptr[0] != '.' && host.ptr[host.len - 1] != '.' &&
           !str_contains(address, S(".."));
    for (size_t i = 0; good && i < address.len; i++) {
        char c = address.ptr[i];
        bool atom = ascii_is_alnum(c) || str_find_char(S("!#$%&'*+-/=?^_`{|}~."), c) != STR_NPOS;
        bool in_host = ascii_is_alnum(c) || c == '-' || c == '.';
        good = i == at || (i < at ? atom : in_host);
    }
    return good;
}

str mail_domain(str address)
{
    size_t at = str_rfind_char(address, '@');
    return at == STR_NPOS ? STR_NONE : str_from(address, at + 1);
}

str mail_hide_addresses(struct arena *arena, str text)
{
    struct buf b;
    str out;
    buf_init(&b, arena, size_add(size_mul(text.len, 4), 1));
    while (text.len > 0) {
        size_t at = str_find_char(text, '@');
        if (at == STR_NPOS)
            at = text.len;
        size_t from = at;
        while (at < text.len && from > 0 && !ascii_is_space(text.ptr[from - 1]) &&
               str_find_char(S("<>()[]\",;:"), text.ptr[from - 1]) == STR_NPOS)
            from--;
        buf_add(&b, str_sub(text, 0, from));
        if (at < text.len)
            buf_add(&b, S("…@"));
        text = str_from(text, at + 1);
    }
    return buf_finish(&b, &out, NULL) == ST_OK ? out : STR_NONE;
}

/* ---- header lines ---- */

/* One line under way: how far it has come since its last CR LF. */
struct header {
    struct buf *b;
    size_t column;
};

static void header_add(struct header *h, str text)
{
    buf_add(h->b, text);
    h->column += text.len;
}

static void header_fold(struct header *h)
{
    buf_add(h->b, S("\r\n "));
    h->column = 1;
}

static void header_end(struct header *h)
{
    buf_add(h->b, S("\r\n"));
}

static struct header header_begin(struct buf *b, str name)
{
    struct header h = {b, 0};
    header_add(&h, name);
    header_add(&h, S(": "));
    return h;
}

/* What a header may say: one line, without anything that steers a terminal or turns text around. */
static str header_text(struct arena *arena, str text, size_t chars_max)
{
    text = utf8_strip_controls(arena, utf8_repair(arena, text), UTF8_DROP_BIDI);
    return str_trim(utf8_cut(str_trim(text), chars_max));
}

static bool is_plain(str text)
{
    size_t word = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < ' ' || c > '~')
            return false;
        word = c == ' ' ? 0 : word + 1;
        if (word > WORD_MAX)
            return false;
    }
    return !str_contains(text, S("=?")) && !str_contains(text, S("  "));
}

static void add_words(struct header *h, str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.ptr[end] == ' ')
            end++;
        while (end < text.len && text.ptr[end] != ' ')
            end++;
        str word = str_sub(text, at, end - at); /* with the spaces before it */
        if (at > 0 && h->column + word.len > LINE_MAX_CHARS) {
            header_fold(h);
            word = str_from(word, 1); /* the fold is one of them */
        }
        header_add(h, word);
        at = end;
    }
}

static void add_encoded_word(struct header *h, str piece)
{
    char text[LINE_MAX_CHARS * 2];
    CHECK(sodium_base64_encoded_len(piece.len, sodium_base64_VARIANT_ORIGINAL) <= sizeof(text));
    sodium_bin2base64(text, sizeof(text), (const unsigned char *)piece.ptr, piece.len,
                      sodium_base64_VARIANT_ORIGINAL);
    header_add(h, S(ENCODED_BEGIN));
    header_add(h, str_from_c(text));
    header_add(h, S(ENCODED_END));
}

/* Whole characters in each word, and never a line over 76 (RFC 2047 §2). */
static void add_encoded(struct header *h, str text)
{
    enum { FRAME = sizeof(ENCODED_BEGIN ENCODED_END) - 1, ROOM_MIN = 12 };
    while (text.len > 0) {
        size_t room = h->column + FRAME < LINE_MAX_CHARS ? LINE_MAX_CHARS - h->column - FRAME : 0;
        if (room < ROOM_MIN) {
            header_fold(h);
            continue;
        }
        str piece = utf8_cut_bytes(text, room / 4 * 3);
        add_encoded_word(h, piece);
        text = str_from(text, piece.len);
        if (text.len > 0)
            header_fold(h);
    }
}

static void add_text_header(struct buf *b, str name, str text)
{
    struct header h = header_begin(b, name);
    if (is_plain(text))
        add_words(&h, text);
    else
        add_encoded(&h, text);
    header_end(&h);
}

static void add_name(struct header *h, str name)
{
    if (!is_plain(name) || name.len > WORD_MAX / 2) {
        add_encoded(h, name);
        return;
    }
    header_add(h, S("\""));
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '"' || name.ptr[i] == '\\')
            header_add(h, S("\\"));
        header_add(h, str_sub(name, i, 1));
    }
    header_add(h, S("\""));
}

static enum status add_address_header(struct buf *b, str field, str name, str address,
                                      struct error *err)
{
    struct header h = header_begin(b, field);
    if (!mail_address_valid(address))
        return error_set(err, ST_INVALID, "mail cannot be sent to or from that address");
    name = header_text(b->arena, name, MAIL_NAME_MAX);
    if (name.len > 0) {
        add_name(&h, name);
        if (h.column + address.len + 3 > LINE_MAX_CHARS)
            header_fold(&h);
        else
            header_add(&h, S(" "));
    }
    header_add(&h, S("<"));
    header_add(&h, address);
    header_add(&h, S(">"));
    header_end(&h);
    return ST_OK;
}

/* "Mon, 06 May 2024 07:08:09 +0000": mail has no GMT. */
static void add_date(struct buf *b, time_us date)
{
    char text[HTTP_DATE_LEN + 1];
    time_to_http(date, text);
    str day = {text, HTTP_DATE_LEN - S("GMT").len};
    buf_addf(b, "Date: %.*s+0000\r\n", STR_ARG(day));
}

/* ---- bodies ---- */

static bool needs_escape(str line, size_t at)
{
    char c = line.ptr[at];
    bool last = at + 1 == line.len;
    if (c == ' ' || c == '\t')
        return last;
    if (at == 0 && (c == '.' || str_starts(line, S("From "))))
        return true;
    return c < '!' || c > '~' || c == '=';
}

static void add_quoted_line(struct buf *b, str line)
{
    size_t column = 0;
    for (size_t i = 0; i < line.len; i++) {
        bool escape = needs_escape(line, i);
        size_t width = escape ? 3 : 1;
        if (column + width > LINE_MAX_CHARS - 1) { /* room for the "=" that says it goes on */
            buf_add(b, S("=\r\n"));
            column = 0;
            /* What would begin the new line is asked again, as if it began one. */
            escape = escape || line.ptr[i] == '.' || line.ptr[i] == 'F';
            width = escape ? 3 : 1;
        }
        if (escape)
            buf_addf(b, "=%02X", (unsigned)(unsigned char)line.ptr[i]);
        else
            buf_add_char(b, line.ptr[i]);
        column += width;
    }
    buf_add(b, S("\r\n"));
}

static enum status add_body(struct buf *b, str type, str text, struct error *err)
{
    if (text.len > MAIL_TEXT_MAX)
        return error_set(err, ST_TOO_BIG, "a mail's text is over %d bytes", MAIL_TEXT_MAX);
    buf_addf(b,
             "Content-Type: text/%.*s; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
             STR_ARG(type));
    text = utf8_strip_controls(b->arena, utf8_repair(b->arena, text), UTF8_KEEP_LINES);
    while (text.len > 0)
        add_quoted_line(b, str_cut(&text, '\n'));
    return ST_OK;
}

/* "=_" cannot stand in a quoted-printable body: no boundary is ever found in one (RFC 2045 §6.7). */
#define BOUNDARY "=_the-other-form"

static enum status add_bodies(struct buf *b, const struct mail_message *message, struct error *err)
{
    if (message->html.len == 0)
        return add_body(b, S("plain"), message->text, err);
    buf_add(b, S("Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\r\n\r\n"
                 "--" BOUNDARY "\r\n"));
    enum status st = add_body(b, S("plain"), message->text, err);
    buf_add(b, S("\r\n--" BOUNDARY "\r\n"));
    if (st == ST_OK)
        st = add_body(b, S("html"), message->html, err);
    buf_add(b, S("\r\n--" BOUNDARY "--\r\n"));
    return st;
}

enum status mail_message_format(struct arena *arena, const struct mail_message *message,
                                str *ret_bytes, struct error *err)
{
    struct buf b;
    buf_init(&b, arena, MAIL_MESSAGE_MAX);
    add_date(&b, message->date);
    enum status st = add_address_header(&b, S("From"), message->from_name, message->from, err);
    if (st == ST_OK)
        st = add_address_header(&b, S("To"), message->to_name, message->to, err);
    if (st != ST_OK)
        return st;
    add_text_header(&b, S("Subject"), header_text(arena, message->subject, MAIL_SUBJECT_MAX));
    for (size_t i = 0; i < message->id.len; i++)
        CHECK(ascii_is_alnum(message->id.ptr[i]));
    buf_addf(&b, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(message->id),
             STR_ARG(mail_domain(message->from)));
    buf_add(&b, S("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
    st = add_bodies(&b, message, err);
    return st == ST_OK ? buf_finish(&b, ret_bytes, err) : st;
}
