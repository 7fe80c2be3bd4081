/* SPDX-License-Identifier: MIT */
#include "http/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "http/answer.h"
#include "http/chars.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_GZIP_MIN = 256 };

static void page_drop(struct http_shared *shared)
{
    struct page *page = (struct page *)(void *)shared;
    for (size_t i = 0; i < HTTP_ENCODINGS; i++)
        free(page->forms[i].body.ptr);
    free(page->links);
    free(page);
}
static_assert(offsetof(struct page, shared) == 0, "page_drop frees the whole");

void page_unref(struct page *page)
{
    if (page != NULL)
        http_shared_unref(&page->shared);
}

/* ---- heads ---- */

/* The caller's lines; one that is no header line (a line end smuggled into a value) is left out. */
static void lines_add(struct buf *b, str lines)
{
    while (lines.len > 0) {
        size_t end = str_find(lines, S("\r\n"));
        str line = str_sub(lines, 0, end);
        lines = str_from(lines, end == STR_NPOS ? lines.len : end + 2);
        str value = line;
        str name = str_cut(&value, ':');
        if (name.len == 0 || name.len == line.len || !http_chars_all(name, HTTP_CHAR_TOKEN) ||
            !http_chars_all(value, HTTP_CHAR_VALUE))
            continue;
        buf_add(b, line);
        buf_add(b, S("\r\n"));
    }
}

static str lines_common(struct arena *arena, const struct page_content *content, str etag)
{
    struct buf b;
    buf_init(&b, arena, HTTP_HEAD_OUT_MAX);
    buf_add(&b, S("Content-Type: "));
    buf_add(&b,
            content->content_type.len > 0 ? content->content_type : S("text/html; charset=utf-8"));
    buf_add(&b, S("\r\n"));
    lines_add(&b, content->headers);
    buf_add(&b, S("Vary: Accept-Encoding\r\n"));
    if (etag.len > 0) {
        buf_add(&b, S("ETag: "));
        buf_add(&b, etag);
        buf_add(&b, S("\r\n"));
    }
    if (content->last_modified != 0) {
        char date[HTTP_DATE_LEN + 1];
        time_to_http(content->last_modified, date);
        buf_add(&b, S("Last-Modified: "));
        buf_add(&b, (str){date, HTTP_DATE_LEN});
        buf_add(&b, S("\r\n"));
    }
    str lines = STR_NONE;
    CHECK(buf_finish(&b, &lines, NULL) == ST_OK); /* the callers' are at most half of it */
    return lines;
}

static str head_format(struct arena *arena, str common, enum http_encoding encoding, size_t len)
{
    static const str lines[HTTP_ENCODINGS] = {
        [HTTP_IDENTITY] = STR_INIT(""),
        [HTTP_GZIP] = STR_INIT("Content-Encoding: gzip\r\n"),
        [HTTP_BROTLI] = STR_INIT("Content-Encoding: br\r\n"),
    };
    return str_format(arena, "%.*s%.*sContent-Length: %zu\r\n\r\n", (int)common.len, common.ptr,
                      STR_ARG(lines[encoding]), len);
}

/* ---- making ---- */

static str take_copy(char **at, str s)
{
    char *to = *at;
    if (s.len > 0)
        memcpy(to, s.ptr, s.len);
    *at = to + s.len;
    return (str){to, s.len};
}

static void links_make(struct page *page, const struct page_parts *parts)
{
    page->link_count = parts->name_count;
    page->links = calloc(parts->name_count > 0 ? parts->name_count : 1, sizeof(*page->links));
    CHECK(page->links != NULL);
    for (size_t i = 0; i < parts->name_count; i++) {
        page->links[i].page = page;
        page->links[i].name =
            parts->links != NULL ? parts->links[i].name : map_hash(parts->names[i].name);
        page->links[i].soft = parts->links != NULL ? parts->links[i].soft : parts->names[i].soft;
    }
}

static struct page *page_new(const struct page_parts *parts)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str heads[HTTP_ENCODINGS] = {{NULL, 0}};
    size_t text = parts->key.len + parts->common.len + parts->etag.len + parts->common.len + 2;
    for (size_t i = 0; i < HTTP_ENCODINGS; i++) {
        if (parts->bodies[i].ptr != NULL)
            heads[i] =
                head_format(arena, parts->common, (enum http_encoding)i, parts->bodies[i].len);
        text += heads[i].len;
    }
    struct page *page = calloc(1, sizeof(*page) + text);
    CHECK(page != NULL);
    http_shared_init(&page->shared, page_drop);
    char *at = (char *)(page + 1);
    page->key = take_copy(&at, parts->key);
    page->key_hash = map_hash(parts->key);
    page->status = parts->status;
    page->common = take_copy(&at, parts->common);
    page->etag = take_copy(&at, parts->etag);
    page->head_304 = (str){at, parts->common.len + 2};
    (void)take_copy(&at, parts->common);
    (void)take_copy(&at, S("\r\n"));
    page->last_modified = parts->last_modified;
    page->expires_at = parts->expires_at;
    page->read_id = parts->read_id;
    page->text_len = parts->text_len;
    page->bytes = sizeof(*page) + text + parts->name_count * sizeof(struct page_link);
    for (size_t i = 0; i < HTTP_ENCODINGS; i++) {
        page->forms[i].head = take_copy(&at, heads[i]);
        page->forms[i].body = parts->bodies[i];
        page->bytes += parts->bodies[i].len;
    }
    links_make(page, parts);
    return page;
}

static struct http_block block_copy(str bytes)
{
    struct http_block block = {malloc(bytes.len > 0 ? bytes.len : 1), bytes.len};
    CHECK(block.ptr != NULL);
    if (bytes.len > 0)
        memcpy(block.ptr, bytes.ptr, bytes.len);
    return block;
}

struct page *page_from_content(str key, const struct page_content *content, bool gzip)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    CHECK(http_chars_all(content->content_type, HTTP_CHAR_VALUE));
    CHECK(content->headers.len <= HTTP_HEAD_OUT_MAX / 2);
    int status = content->status != 0 ? content->status : 200;
    str etag = STR_NONE;
    if (status == 200)
        etag = str_format(arena, "W/\"%016llx\"", (unsigned long long)map_hash(content->body));
    struct page_parts parts = {
        .key = key,
        .status = status,
        .common = lines_common(arena, content, etag),
        .etag = etag,
        .last_modified = content->last_modified,
        .expires_at = content->expires_at != 0 ? content->expires_at : TIME_NEVER,
        .read_id = content->read_id,
        .text_len = content->body.len,
        .names = content->names,
        .name_count = content->name_count,
    };
    if (!gzip || content->body.len < PAGE_GZIP_MIN ||
        !http_gzip(content->body, HTTP_GZIP_FAST, &parts.bodies[HTTP_GZIP]))
        parts.bodies[HTTP_IDENTITY] = block_copy(content->body);
    return page_new(&parts);
}

struct http_block page_body_copy(const struct page *page, enum http_encoding encoding)
{
    const struct http_block *body = &page->forms[encoding].body;
    return block_copy((str){body->ptr, body->len});
}

struct http_block page_text(const struct page *page)
{
    if (page->forms[HTTP_IDENTITY].body.ptr != NULL)
        return page_body_copy(page, HTTP_IDENTITY);
    const struct http_block *gzip = &page->forms[HTTP_GZIP].body;
    return http_gunzip((str){gzip->ptr, gzip->len}, page->text_len);
}

struct page *page_with_body(const struct page *old, enum http_encoding encoding,
                            struct http_block body)
{
    struct page_parts parts = {
        .key = old->key,
        .status = old->status,
        .common = old->common,
        .etag = old->etag,
        .last_modified = old->last_modified,
        .expires_at = old->expires_at,
        .read_id = old->read_id,
        .text_len = old->text_len,
        .links = old->links,
        .name_count = old->link_count,
    };
    for (size_t i = 0; i < HTTP_ENCODINGS; i++) {
        if (i != (size_t)encoding && old->forms[i].body.ptr != NULL)
            parts.bodies[i] = page_body_copy(old, (enum http_encoding)i);
    }
    parts.bodies[encoding] = body;
    struct page *page = page_new(&parts);
    atomic_store(&page->hits, atomic_load(&old->hits));
    return page;
}

/* ---- answering ---- */

bool page_pick(const struct page *page, const struct http_request *req, enum http_encoding *ret)
{
    unsigned taken = http_accepted_encodings(req->known[HTTP_ACCEPT_ENCODING]);
    for (int i = HTTP_ENCODINGS - 1; i >= 0; i--) {
        if ((taken >> i & 1) != 0 && page->forms[i].body.ptr != NULL) {
            *ret = (enum http_encoding)i;
            return true;
        }
    }
    *ret = HTTP_IDENTITY;
    return page->forms[HTTP_IDENTITY].body.ptr != NULL;
}

struct http_ready page_ready(struct page *page, const struct http_request *req,
                             enum http_encoding encoding)
{
    enum {
        CONDITIONS = 1 << HTTP_IF_MATCH | 1 << HTTP_IF_NONE_MATCH | 1 << HTTP_IF_MODIFIED_SINCE |
                     1 << HTTP_IF_UNMODIFIED_SINCE,
    };
    int status = page->status;
    if (status == 200 && (req->known_set & CONDITIONS) != 0)
        status = http_condition(req, page->etag, page->last_modified);
    struct http_ready ready;
    if (status == 412) {
        ready = http_ready_plain(412, 0);
        if (req->method == HTTP_HEAD)
            ready.body = STR_NONE;
        return ready;
    }
    ready = (struct http_ready){.status = status, .shared = http_shared_ref(&page->shared)};
    if (status == 304) {
        ready.head = page->head_304;
        return ready;
    }
    ready.head = page->forms[encoding].head;
    if (req->method != HTTP_HEAD)
        ready.body = (str){page->forms[encoding].body.ptr, page->forms[encoding].body.len};
    return ready;
}
