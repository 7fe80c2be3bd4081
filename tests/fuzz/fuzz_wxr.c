/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a WordPress export. Every string a handler is given is UTF-8 without control bytes and
 * within the element's limit; numbers of parts agree with what is there; a refusal has a sentence that
 * names the file. */
#include "transfer/wxr.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    size_t channels, items;
};

static void check(str text)
{
    CHECK(text.len <= WXR_ELEMENT_MAX);
    CHECK(str_is_utf8(text));
    CHECK(str_find_char(text, '\0') == STR_NPOS);
}

/* The records are structs of strs and nothing else. */
static void check_all(const void *record, size_t bytes)
{
    const str *texts = record;
    for (size_t i = 0; i < bytes / sizeof(str); i++)
        check(texts[i]);
}

static enum status got_channel(void *ctx, const struct wxr_channel *channel, struct error *err)
{
    struct seen *seen = ctx;
    (void)err;
    CHECK(seen->items == 0);
    CHECK(++seen->channels == 1);
    CHECK(channel->version.len > 0);
    check_all(channel, sizeof(*channel));
    return ST_OK;
}

static enum status got_author(void *ctx, const struct wxr_author *author, struct error *err)
{
    (void)ctx, (void)err;
    check_all(author, sizeof(*author));
    return ST_OK;
}

static enum status got_term(void *ctx, const struct wxr_term *term, struct error *err)
{
    (void)ctx, (void)err;
    check_all(term, sizeof(*term));
    return ST_OK;
}

static enum status got_item(void *ctx, const struct wxr_item *item, struct error *err)
{
    struct seen *seen = ctx;
    CHECK(seen->channels == 1);
    seen->items++;
    const str texts[] = {
        item->title,      item->link,     item->creator,        item->guid,
        item->content,    item->id,       item->date,           item->date_gmt,
        item->modified,   item->name,     item->modified_gmt,   item->status,
        item->parent,     item->type,     item->comment_status, item->excerpt,
        item->menu_order, item->password, item->is_sticky,      item->attachment_url};
    check_all(texts, sizeof(texts));
    CHECK(item->refs_count <= WXR_RECORD_PARTS_MAX);
    check_all(item->refs, item->refs_count * sizeof(*item->refs));
    check_all(item->metas, item->metas_count * sizeof(*item->metas));
    check_all(item->comments, item->comments_count * sizeof(*item->comments));
    if (item->metas_count > 0)
        CHECK(str_eq(wxr_item_meta(item, item->metas[0].key), item->metas[0].value));
    /* A handler that has had enough ends the reading. */
    return str_eq(item->title, S("stop")) ? error_set(err, ST_CONFLICT, "enough") : ST_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1; /* one file for all runs */
    if (fd < 0)
        fd = memfd_create("export", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(ftruncate(fd, 0) == 0);
    CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    struct seen seen = {0};
    struct wxr_facts facts = {0};
    struct error err = ERROR_INIT;
    const struct wxr_handler handler = {.ctx = &seen,
                                        .channel = got_channel,
                                        .author = got_author,
                                        .term = got_term,
                                        .item = got_item};
    enum status st = wxr_read(fd, S("export.xml"), &handler, &facts, &err);
    if (st == ST_OK) {
        CHECK(facts.items == seen.items);
        CHECK(facts.skipped <= size);
        CHECK(facts.mended <= size);
    } else {
        CHECK(st == ST_INVALID || st == ST_CONFLICT);
        CHECK(str_starts(str_from_c(err.text), S("export.xml:")));
    }
    return 0;
}
