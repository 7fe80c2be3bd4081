/* transfer/wxr.h -- a WordPress export (WXR 1.0 to 1.2) read as a stream of records.
 *
 *     static enum status got_item(void *ctx, const struct wxr_item *item, struct error *err);
 *     st = wxr_read(fd, S("export.xml"), &(struct wxr_handler){.ctx = ctx, .item = got_item},
 *                   &facts, err);
 *
 * Elements are known by namespace, whatever prefix a file gives it and whatever 1.x stands in its
 * address; what is missing is empty, what is unknown is passed over. Text is given byte for byte, with
 * neighbouring CDATA joined.
 *
 * Errors name file and line: "export.xml:120: the file is cut off". A DOCTYPE is refused (no entity is ever
 * declared), as are elements deeper than WXR_DEPTH_MAX or longer than WXR_ELEMENT_MAX, and a
 * document that is not an <rss> with a wp:wxr_version. What a handler returns but ST_OK ends the
 * reading; its sentence gets file and line before it.
 *
 * Memory: a record lives until its handler returns; the whole reading takes what the largest one takes.
 * Threads: one reading, one thread.
 * Source: wp-admin/includes/export.php of WordPress writes it. */
#pragma once
#include "base/str.h"

enum {
    WXR_DEPTH_MAX = 32,
    WXR_ELEMENT_MAX = 16 * 1024 * 1024,
    WXR_RECORD_PARTS_MAX = 100000, /* terms, metas or comments of one item */
};

struct wxr_channel {
    str title, link, description, language, version, base_site_url, base_blog_url;
};

struct wxr_author {
    str id, login, email, display_name, first_name, last_name;
};

/* A category, a tag, or a term of another taxonomy. */
struct wxr_term {
    str taxonomy; /* "category", "post_tag", "nav_menu", ... */
    str id, slug, parent, name, description;
};

/* What an item is filed under. One without a slug has its name there. */
struct wxr_ref {
    str domain, slug, name;
};

struct wxr_meta {
    str key, value;
};

struct wxr_comment {
    str id, author, email, url, date, date_gmt, content, approved, type, parent, user_id;
};

struct wxr_item {
    str title, link, creator, guid, content, excerpt;
    str id, date, date_gmt, modified, modified_gmt, comment_status, name, status, parent,
        menu_order, type, password, is_sticky, attachment_url;
    struct wxr_ref *refs;
    size_t refs_count;
    struct wxr_meta *metas;
    size_t metas_count;
    struct wxr_comment *comments;
    size_t comments_count;
};

struct wxr_handler {
    void *ctx;
    /* Once, before the first item (or at the end when there is none). */
    enum status (*channel)(void *ctx, const struct wxr_channel *channel, struct error *err);
    enum status (*author)(void *ctx, const struct wxr_author *author, struct error *err);
    enum status (*term)(void *ctx, const struct wxr_term *term, struct error *err);
    enum status (*item)(void *ctx, const struct wxr_item *item, struct error *err);
};

struct wxr_facts {
    size_t skipped; /* bytes before the XML */
    size_t mended;  /* characters that XML does not have */
    size_t bare;    /* "&" that began nothing */
    size_t items;
};

/* Members of the handler may be NULL. ST_INVALID, ST_IO, or what a handler returned. */
MUST_USE enum status wxr_read(int fd, str name, const struct wxr_handler *handler,
                              struct wxr_facts *ret_facts, struct error *err);

/* The first meta of that key; empty when there is none. */
str wxr_item_meta(const struct wxr_item *item, str key);
