/* SPDX-License-Identifier: MIT
 *
 * Expat pushes; a record gathers. Each open element is a frame of a small stack that says which record it is
 * in and which field its text goes to, so that an unknown element inside an item costs nothing but
 * its frame. */
#include "transfer/wxr.h"

#include "base/arena.h"
#include "transfer/xml_input.h"

#include <expat.h>
#include <stdlib.h>

enum { RECORD_ARENA_BYTES = 256 * 1024 };

enum space { SPACE_NONE, SPACE_WP, SPACE_CONTENT, SPACE_EXCERPT, SPACE_DC, SPACE_OTHER };

enum place {
    IN_DOCUMENT,
    IN_RSS,
    IN_CHANNEL,
    IN_AUTHOR,
    IN_TERM,
    IN_ITEM,
    IN_META,
    IN_COMMENT,
    IN_FIELD,   /* its text is wanted */
    IN_UNKNOWN, /* nor what is inside */
};

struct frame {
    enum place place;
    str *field;
};

struct parts {
    size_t count, cap;
};

struct reading {
    XML_Parser parser;
    const struct wxr_handler *handler;
    struct xml_input *input;
    struct error *err;
    enum status status;

    struct frame stack[WXR_DEPTH_MAX];
    size_t depth;

    struct arena *channel_arena;
    struct wxr_channel channel;
    bool channel_told;

    struct arena *arena; /* of the record under way */
    struct wxr_author author;
    struct wxr_term term;
    struct wxr_item item;
    struct parts refs, metas, comments;
    size_t items;

    char *text; /* of the field under way */
    size_t text_len, text_cap;
};

/* ---- which field an element is ---- */

struct field {
    enum place place;
    enum space space;
    str name;
    size_t offset; /* of a str in the place's record */
};

#define CHANNEL(space, name, member)                                                               \
    {                                                                                              \
        IN_CHANNEL, space, STR_INIT(name), offsetof(struct wxr_channel, member)                    \
    }
#define AUTHOR(name, member)                                                                       \
    {                                                                                              \
        IN_AUTHOR, SPACE_WP, STR_INIT(name), offsetof(struct wxr_author, member)                   \
    }
#define TERM(name, member)                                                                         \
    {                                                                                              \
        IN_TERM, SPACE_WP, STR_INIT(name), offsetof(struct wxr_term, member)                       \
    }
#define ITEM(space, name, member)                                                                  \
    {                                                                                              \
        IN_ITEM, space, STR_INIT(name), offsetof(struct wxr_item, member)                          \
    }
#define META(name, member)                                                                         \
    {                                                                                              \
        IN_META, SPACE_WP, STR_INIT(name), offsetof(struct wxr_meta, member)                       \
    }
#define COMMENT(name, member)                                                                      \
    {                                                                                              \
        IN_COMMENT, SPACE_WP, STR_INIT(name), offsetof(struct wxr_comment, member)                 \
    }

static const struct field fields[] = {
    CHANNEL(SPACE_NONE, "title", title),
    CHANNEL(SPACE_NONE, "link", link),
    CHANNEL(SPACE_NONE, "description", description),
    CHANNEL(SPACE_NONE, "language", language),
    CHANNEL(SPACE_WP, "wxr_version", version),
    CHANNEL(SPACE_WP, "base_site_url", base_site_url),
    CHANNEL(SPACE_WP, "base_blog_url", base_blog_url),
    AUTHOR("author_id", id),
    AUTHOR("author_login", login),
    AUTHOR("author_email", email),
    AUTHOR("author_display_name", display_name),
    AUTHOR("author_first_name", first_name),
    AUTHOR("author_last_name", last_name),
    TERM("term_id", id),
    TERM("category_nicename", slug),
    TERM("category_parent", parent),
    TERM("cat_name", name),
    TERM("category_description", description),
    TERM("tag_slug", slug),
    TERM("tag_name", name),
    TERM("tag_description", description),
    TERM("term_taxonomy", taxonomy),
    TERM("term_slug", slug),
    TERM("term_parent", parent),
    TERM("term_name", name),
    TERM("term_description", description),
    ITEM(SPACE_NONE, "title", title),
    ITEM(SPACE_NONE, "link", link),
    ITEM(SPACE_NONE, "guid", guid),
    ITEM(SPACE_DC, "creator", creator),
    ITEM(SPACE_CONTENT, "encoded", content),
    ITEM(SPACE_EXCERPT, "encoded", excerpt),
    ITEM(SPACE_WP, "post_id", id),
    ITEM(SPACE_WP, "post_date", date),
    ITEM(SPACE_WP, "post_date_gmt", date_gmt),
    ITEM(SPACE_WP, "post_modified", modified),
    ITEM(SPACE_WP, "post_modified_gmt", modified_gmt),
    ITEM(SPACE_WP, "comment_status", comment_status),
    ITEM(SPACE_WP, "post_name", name),
    ITEM(SPACE_WP, "status", status),
    ITEM(SPACE_WP, "post_parent", parent),
    ITEM(SPACE_WP, "menu_order", menu_order),
    ITEM(SPACE_WP, "post_type", type),
    ITEM(SPACE_WP, "post_password", password),
    ITEM(SPACE_WP, "is_sticky", is_sticky),
    ITEM(SPACE_WP, "attachment_url", attachment_url),
    META("meta_key", key),
    META("meta_value", value),
    COMMENT("comment_id", id),
    COMMENT("comment_author", author),
    COMMENT("comment_author_email", email),
    COMMENT("comment_author_url", url),
    COMMENT("comment_date", date),
    COMMENT("comment_date_gmt", date_gmt),
    COMMENT("comment_content", content),
    COMMENT("comment_approved", approved),
    COMMENT("comment_type", type),
    COMMENT("comment_parent", parent),
    COMMENT("comment_user_id", user_id),
};

/* "http://wordpress.org/export/1.2/excerpt/" with any scheme and any 1.x. */
static enum space space_of(str uri)
{
    if (uri.len == 0)
        return SPACE_NONE;
    size_t scheme = str_find(uri, S("://"));
    if (scheme != STR_NPOS)
        uri = str_from(uri, scheme + 3);
    if (str_starts(uri, S("wordpress.org/export/"))) {
        str rest = str_from(uri, S("wordpress.org/export/").len);
        (void)str_cut(&rest, '/');
        if (str_starts(rest, S("excerpt")))
            return SPACE_EXCERPT;
        return rest.len == 0 ? SPACE_WP : SPACE_OTHER;
    }
    if (str_starts(uri, S("purl.org/rss/1.0/modules/content")))
        return SPACE_CONTENT;
    if (str_starts(uri, S("purl.org/dc/elements/")))
        return SPACE_DC;
    return SPACE_OTHER;
}

static const struct field *field_of(enum place place, enum space space, str name)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct field *f = &fields[i];
        if (f->place == place && f->space == space && str_eq(f->name, name))
            return f;
    }
    return NULL;
}

static char *record_of(struct reading *r, enum place place)
{
    switch (place) {
    case IN_CHANNEL:
        return (char *)&r->channel;
    case IN_AUTHOR:
        return (char *)&r->author;
    case IN_TERM:
        return (char *)&r->term;
    case IN_ITEM:
        return (char *)&r->item;
    case IN_META:
        return (char *)&r->item.metas[r->item.metas_count - 1];
    case IN_COMMENT:
        return (char *)&r->item.comments[r->item.comments_count - 1];
    case IN_DOCUMENT:
    case IN_RSS:
    case IN_FIELD:
    case IN_UNKNOWN:
        break;
    }
    return NULL;
}

/* ---- stopping ---- */

static size_t line_of(const struct reading *r)
{
    return XML_GetCurrentLineNumber(r->parser) + r->input->lines_before;
}

static void fail(struct reading *r, enum status st)
{
    r->status = st;
    error_prefix(r->err, "%.*s:%zu", STR_ARG(r->input->name), line_of(r));
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void refuse(struct reading *r, const char *why)
{
    (void)error_set(r->err, ST_INVALID, "%s", why);
    fail(r, ST_INVALID);
}

/* ---- records ---- */

/* Room for one more of `list`. False: too many. */
static bool part_add(struct reading *r, void **list, size_t *count, struct parts *parts,
                     size_t size, size_t align)
{
    if (*count == 0)
        parts->cap = 0;
    if (*count == WXR_RECORD_PARTS_MAX) {
        refuse(r, "an item has more parts than can be right");
        return false;
    }
    if (*count == parts->cap) {
        size_t cap = parts->cap == 0 ? 16 : parts->cap * 2;
        *list = arena_grow(r->arena, *list, size_mul(parts->cap, size), size_mul(cap, size), align);
        parts->cap = cap;
    }
    ++*count;
    return true;
}
#define PART_ADD(r, type, list, count, parts)                                                      \
    ({                                                                                             \
        void *list_ = (list);                                                                      \
        bool added_ = part_add((r), &list_, &(count), &(parts), sizeof(type), _Alignof(type));     \
        (list) = (type *)list_;                                                                    \
        added_;                                                                                    \
    })

static void attrs_read(struct reading *r, struct wxr_ref *ref, const char **attrs)
{
    for (; attrs[0] != NULL; attrs += 2) {
        str value = str_copy(r->arena, str_from_c(attrs[1]));
        if (str_eq(str_from_c(attrs[0]), S("domain")))
            ref->domain = value;
        else if (str_eq(str_from_c(attrs[0]), S("nicename")))
            ref->slug = value;
    }
}

static void channel_tell(struct reading *r)
{
    if (r->channel_told)
        return;
    r->channel_told = true;
    if (r->channel.version.len == 0 || !ascii_is_digit(r->channel.version.ptr[0])) {
        refuse(r, "not a WordPress export: it has no wp:wxr_version");
        return;
    }
    if (r->handler->channel == NULL)
        return;
    enum status st = r->handler->channel(r->handler->ctx, &r->channel, r->err);
    if (st != ST_OK)
        fail(r, st);
}

/* Numbers, words and addresses stand without the white space of a file that somebody laid out. A term without
 * a slug is told by its name; the oldest files say "tag" for post_tag. */
static const struct wxr_item *item_mended(struct wxr_item *item)
{
    str *const lines[] = {
        &item->link,         &item->creator,        &item->guid,      &item->id,
        &item->date,         &item->date_gmt,       &item->modified,  &item->name,
        &item->modified_gmt, &item->comment_status, &item->status,    &item->parent,
        &item->menu_order,   &item->type,           &item->is_sticky, &item->attachment_url};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        *lines[i] = str_trim(*lines[i]);
    for (size_t i = 0; i < item->metas_count; i++)
        item->metas[i].key = str_trim(item->metas[i].key);
    for (size_t i = 0; i < item->refs_count; i++) {
        struct wxr_ref *ref = &item->refs[i];
        if (ref->slug.len == 0)
            ref->slug = ref->name;
        if (str_eq(ref->domain, S("tag")))
            ref->domain = S("post_tag");
    }
    return item;
}

static void record_tell(struct reading *r, enum place place)
{
    const struct wxr_handler *h = r->handler;
    enum status st = ST_OK;
    if (place == IN_AUTHOR && h->author != NULL)
        st = h->author(h->ctx, &r->author, r->err);
    else if (place == IN_TERM && h->term != NULL)
        st = h->term(h->ctx, &r->term, r->err);
    else if (place == IN_ITEM && h->item != NULL)
        st = h->item(h->ctx, item_mended(&r->item), r->err);
    r->items += place == IN_ITEM;
    arena_reset(r->arena);
    if (st != ST_OK)
        fail(r, st);
}

/* ---- elements ---- */

static enum place record_begin(struct reading *r, enum space space, str name)
{
    if (space == SPACE_NONE && str_eq(name, S("item"))) {
        channel_tell(r);
        r->item = (struct wxr_item){0};
        return IN_ITEM;
    }
    if (space != SPACE_WP)
        return IN_UNKNOWN;
    if (str_eq(name, S("author"))) {
        r->author = (struct wxr_author){0};
        return IN_AUTHOR;
    }
    r->term = (struct wxr_term){0};
    if (str_eq(name, S("category")))
        r->term.taxonomy = S("category");
    else if (str_eq(name, S("tag")))
        r->term.taxonomy = S("post_tag");
    else if (!str_eq(name, S("term")))
        return IN_UNKNOWN;
    return IN_TERM;
}

static struct frame in_item(struct reading *r, enum space space, str name, const char **attrs)
{
    struct wxr_item *item = &r->item;
    if (space == SPACE_NONE && str_eq(name, S("category"))) {
        if (!PART_ADD(r, struct wxr_ref, item->refs, item->refs_count, r->refs))
            return (struct frame){.place = IN_UNKNOWN};
        struct wxr_ref *ref = &item->refs[item->refs_count - 1];
        attrs_read(r, ref, attrs);
        return (struct frame){IN_FIELD, &ref->name};
    }
    if (space == SPACE_WP && str_eq(name, S("postmeta")) &&
        PART_ADD(r, struct wxr_meta, item->metas, item->metas_count, r->metas))
        return (struct frame){.place = IN_META};
    if (space == SPACE_WP && str_eq(name, S("comment")) &&
        PART_ADD(r, struct wxr_comment, item->comments, item->comments_count, r->comments))
        return (struct frame){.place = IN_COMMENT};
    return (struct frame){.place = IN_UNKNOWN};
}

static struct frame frame_for(struct reading *r, enum place parent, enum space space, str name,
                              const char **attrs)
{
    struct frame frame = {.place = IN_UNKNOWN};
    const struct field *field = field_of(parent, space, name);
    if (field != NULL)
        return (struct frame){IN_FIELD, (str *)(void *)(record_of(r, parent) + field->offset)};
    switch (parent) {
    case IN_DOCUMENT:
        if (str_eq(name, S("rss")))
            frame.place = IN_RSS;
        else
            refuse(r, "not a WordPress export: its first element is not <rss>");
        break;
    case IN_RSS:
        if (space == SPACE_NONE && str_eq(name, S("channel")))
            frame.place = IN_CHANNEL;
        break;
    case IN_CHANNEL:
        frame.place = record_begin(r, space, name);
        break;
    case IN_ITEM:
        return in_item(r, space, name, attrs);
    case IN_FIELD: /* markup inside a field: what XHTML there is is not text */
    case IN_AUTHOR:
    case IN_TERM:
    case IN_META:
    case IN_COMMENT:
    case IN_UNKNOWN:
        break;
    }
    return frame;
}

static void XMLCALL on_start(void *ctx, const char *qualified, const char **attrs)
{
    struct reading *r = ctx;
    if (r->status != ST_OK)
        return;
    if (r->depth == WXR_DEPTH_MAX) {
        refuse(r, "elements lie deeper in one another than any export's do");
        return;
    }
    str name = str_from_c(qualified), uri = STR_NONE;
    size_t space = str_rfind_char(name, ' ');
    if (space != STR_NPOS) {
        uri = str_sub(name, 0, space);
        name = str_from(name, space + 1);
    }
    enum place parent = r->depth == 0 ? IN_DOCUMENT : r->stack[r->depth - 1].place;
    struct frame frame = frame_for(r, parent, space_of(uri), name, attrs);
    r->stack[r->depth++] = frame;
    if (frame.place == IN_FIELD)
        r->text_len = 0;
}

static void XMLCALL on_end(void *ctx, const char *qualified)
{
    struct reading *r = ctx;
    (void)qualified;
    if (r->status != ST_OK || r->depth == 0)
        return;
    struct frame frame = r->stack[--r->depth];
    if (frame.place == IN_FIELD) {
        bool channels = r->depth > 0 && r->stack[r->depth - 1].place == IN_CHANNEL;
        *frame.field =
            str_copy(channels ? r->channel_arena : r->arena, (str){r->text, r->text_len});
        r->text_len = 0;
    } else if (frame.place == IN_AUTHOR || frame.place == IN_TERM || frame.place == IN_ITEM) {
        record_tell(r, frame.place);
    } else if (frame.place == IN_CHANNEL) {
        channel_tell(r);
    }
}

static void XMLCALL on_text(void *ctx, const char *text, int len)
{
    struct reading *r = ctx;
    if (r->status != ST_OK || r->depth == 0 || r->stack[r->depth - 1].place != IN_FIELD)
        return;
    size_t need = size_add(r->text_len, (size_t)len);
    if (need > WXR_ELEMENT_MAX) {
        refuse(r, "an element holds more than 16 MB");
        return;
    }
    if (need > r->text_cap) {
        r->text_cap = need < 64 * 1024 ? 64 * 1024 : need * 2;
        r->text = realloc(r->text, r->text_cap);
        CHECK(r->text != NULL);
    }
    memcpy(r->text + r->text_len, text, (size_t)len);
    r->text_len = need;
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system_id,
                               const char *public_id, int has_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    refuse(ctx, "it has a DOCTYPE, which no export has; remove that line if you trust the file");
}

/* ---- the whole ---- */

static enum status xml_failed(struct reading *r)
{
    if (r->status != ST_OK)
        return r->status;
    enum XML_Error code = XML_GetErrorCode(r->parser);
    bool cut = r->input->ended &&
               (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                code == XML_ERROR_UNCLOSED_CDATA_SECTION || code == XML_ERROR_PARTIAL_CHAR);
    if (cut && r->depth > 0)
        (void)error_set(r->err, ST_INVALID, "the file is cut off here; export it again");
    else
        (void)error_set(r->err, ST_INVALID, "not well-formed XML (%s); export it again",
                        XML_ErrorString(code));
    fail(r, ST_INVALID);
    return ST_INVALID;
}

static enum status feed(struct reading *r)
{
    for (;;) {
        str piece;
        enum status st = xml_input_next(r->input, &piece, r->err);
        if (st != ST_OK)
            return st;
        bool last = piece.len == 0;
        if (XML_Parse(r->parser, piece.ptr, int_from_size(piece.len), last) != XML_STATUS_OK)
            return xml_failed(r);
        if (last)
            return ST_OK;
    }
}

enum status wxr_read(int fd, str name, const struct wxr_handler *handler,
                     struct wxr_facts *ret_facts, struct error *err)
{
    struct error own = ERROR_INIT;
    struct reading *r = calloc(1, sizeof(*r));
    struct xml_input *input = malloc(sizeof(*input));
    CHECK(r != NULL && input != NULL);
    xml_input_init(input, fd, name);
    r->handler = handler;
    r->input = input;
    r->err = err != NULL ? err : &own;
    r->arena = arena_new(RECORD_ARENA_BYTES);
    r->channel_arena = arena_new(ARENA_SMALL);
    r->parser = XML_ParserCreateNS(NULL, ' ');
    CHECK(r->parser != NULL);
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    enum status st = feed(r);
    if (st == ST_OK)
        *ret_facts = (struct wxr_facts){input->skipped, input->mended, input->bare, r->items};
    XML_ParserFree(r->parser);
    arena_free(r->arena);
    arena_free(r->channel_arena);
    free(r->text);
    free(input);
    free(r);
    return st;
}

str wxr_item_meta(const struct wxr_item *item, str key)
{
    for (size_t i = 0; i < item->metas_count; i++) {
        if (str_eq(item->metas[i].key, key))
            return item->metas[i].value;
    }
    return STR_NONE;
}
