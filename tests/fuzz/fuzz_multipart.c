/* SPDX-License-Identifier: MIT
 *
 * The first line is a Content-Type, the rest a body. Whatever is accepted: the parts lie in the body,
 * in order and apart; none holds its delimiter at a line start; text is UTF-8 without NUL; limits hold.
 * And the same bytes as an urlencoded form. */
#include "base/arena.h"
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_form_limits limits = {
    .fields = 50, .name_bytes = 200, .value_bytes = 64 * 1024, .part_head_bytes = 1024};

static void check_field(const struct http_field *field)
{
    CHECK(field->name.len <= limits.name_bytes);
    CHECK(str_is_utf8(field->name));
    CHECK(str_find_char(field->name, '\0') == STR_NPOS);
    if (field->is_file)
        return;
    CHECK(field->value.len <= limits.value_bytes);
    CHECK(str_is_utf8(field->value));
    CHECK(str_find_char(field->value, '\0') == STR_NPOS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str body = {(const char *)data, size};
    str type = str_cut(&body, '\n');
    struct http_form form = {0};
    struct error err = ERROR_INIT;
    if (http_form_parse_multipart(arena, type, body, &limits, &form, &err) == ST_OK) {
        CHECK(form.count <= limits.fields);
        uint64_t from = 0;
        for (size_t i = 0; i < form.count; i++) {
            const struct http_field *field = &form.fields[i];
            check_field(field);
            CHECK(field->file_at >= from);
            from = field->file_at + field->value.len;
            CHECK(from <= body.len);
            CHECK(field->value.ptr == body.ptr + field->file_at);
            CHECK(str_starts(str_from(body, (size_t)from), S("\r\n--")));
        }
    } else {
        CHECK(err.text[0] != '\0');
    }
    if (http_form_parse_urlencoded(arena, body, &limits, &form, &err) == ST_OK) {
        for (size_t i = 0; i < form.count; i++)
            check_field(&form.fields[i]);
    }
    return 0;
}
