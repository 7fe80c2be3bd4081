/* SPDX-License-Identifier: MIT
 *
 * A mail's fields: subject, names, address and text, divided by NUL. Whatever they are, the message has the header lines that
 * are written there and no other, in order; its lines are short, ASCII and end in CR LF; and what a reader decodes is the
 * text that was given. The decoder is this file's own. */
#include "base/arena.h"
#include "base/buf.h"
#include "site/mail_message.h"
#include "text/utf8.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(str message, str address)
{
    while (message.len > 0) {
        size_t end = str_find(message, S("\r\n"));
        CHECK(end != STR_NPOS);
        CHECK(end <= 76 + address.len);
        for (size_t i = 0; i < end; i++)
            CHECK((message.ptr[i] >= ' ' && message.ptr[i] <= '~') || message.ptr[i] == '\t');
        CHECK(!str_starts(message, S(".")));
        message = str_from(message, end + 2);
    }
}

/* The header fields, one after another; returns what stands after the empty line. */
static str check_headers(str message)
{
    static const str names[] = {
        STR_INIT("Date"),         STR_INIT("From"),         STR_INIT("To"),
        STR_INIT("Subject"),      STR_INIT("Message-ID"),   STR_INIT("Auto-Submitted"),
        STR_INIT("MIME-Version"), STR_INIT("Content-Type"), STR_INIT("Content-Transfer-Encoding")};
    size_t next = 0;
    for (;;) {
        str line = str_sub(message, 0, str_find(message, S("\r\n")));
        message = str_from(message, line.len + 2);
        if (line.len == 0)
            break;
        if (line.ptr[0] == ' ') {
            CHECK(str_trim(line).len > 0);
            continue;
        }
        CHECK(next < ARRAY_LEN(names));
        CHECK(str_eq(str_cut(&line, ':'), names[next++]));
    }
    CHECK(next == ARRAY_LEN(names));
    return message;
}

static int hex(char c)
{
    return ascii_is_digit(c) ? c - '0' : c - 'A' + 10;
}

static str decoded(struct arena *arena, str body)
{
    struct buf b;
    str out;
    buf_init(&b, arena, body.len + 1);
    for (size_t i = 0; i < body.len; i++) {
        if (body.ptr[i] == '\r') {
            buf_add_char(&b, '\n');
            i++;
        } else if (body.ptr[i] == '=' && body.ptr[i + 1] == '\r') {
            i += 2;
        } else if (body.ptr[i] == '=') {
            buf_add_char(&b, (char)(hex(body.ptr[i + 1]) * 16 + hex(body.ptr[i + 2])));
            i += 2;
        } else {
            buf_add_char(&b, body.ptr[i]);
        }
    }
    CHECK(buf_finish(&b, &out, NULL) == ST_OK);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str rest = {(const char *)data, size}, message;
    str subject = str_cut(&rest, '\0'), name = str_cut(&rest, '\0'), to = str_cut(&rest, '\0');
    bool valid = mail_address_valid(to);
    enum status st = mail_message_format(arena,
                                         &(struct mail_message){.from = S("news@wharf.example"),
                                                                .from_name = name,
                                                                .to = to,
                                                                .to_name = name,
                                                                .subject = subject,
                                                                .text = rest,
                                                                .id = S("0123"),
                                                                .date = (time_us)size * TIME_DAY},
                                         &message, NULL);
    CHECK((st == ST_INVALID) == !valid);
    if (st != ST_OK)
        return 0;
    check_lines(message, to);
    str body = decoded(arena, check_headers(message));
    str given = utf8_strip_controls(arena, utf8_repair(arena, rest), UTF8_KEEP_LINES);
    if (!str_ends(given, S("\n")) && given.len > 0)
        given = str_join2(arena, given, S("\n"));
    CHECK(str_eq(body, given));
    (void)mail_hide_addresses(arena, rest);
    return 0;
}
