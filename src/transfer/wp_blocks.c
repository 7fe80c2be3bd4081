/* SPDX-License-Identifier: MIT
 *
 * Blocks: comments around HTML. First all markers are listed and paired, so that a block can go whole without
 * looking for its end twice; then the text between is copied. A pair is looked for at most
 * BLOCK_DEPTH_MAX blocks up: what is nested deeper keeps its text and loses its markers all the same.
 * A reusable block opens a frame of its own; REFS_MAX of them a post bound what blocks that hold each
 * other can do. */
#include "transfer/wp_parts.h"

#include "base/arena.h"
#include "base/parse.h"

#include <jansson.h>

enum { REFS_MAX = 128, REF_DEPTH_MAX = 8, JSON_BYTES_MAX = 64 * 1024 };

struct marker {
    size_t start, end;
    str name; /* without "core/" */
    str json;
    bool close, alone;
    size_t mate; /* index of the closing marker, 0 when there is none */
};

struct markers {
    struct marker *list;
    size_t count, cap;
};

bool wp_has_blocks(str text)
{
    return str_contains(text, S("<!-- wp:"));
}

/* ---- markers ---- */

static size_t name_length(str s)
{
    size_t n = 0;
    while (n < s.len && (ascii_is_alnum(s.ptr[n]) || str_find_char(S("-_/"), s.ptr[n]) != STR_NPOS))
        n++;
    return n > 0 && s.ptr[n - 1] == '/' ? n - 1 : n; /* <!-- wp:more/--> */
}

/* `inner` stands between <!-- and -->. */
static bool marker_read(str inner, struct marker *ret_marker)
{
    struct marker m = {0};

    inner = str_trim(inner);
    m.close = str_starts(inner, S("/"));
    if (m.close)
        inner = str_from(inner, 1);
    if (!str_starts(inner, S("wp:")))
        return false;
    inner = str_from(inner, 3);
    m.name = str_sub(inner, 0, name_length(inner));
    inner = str_trim(str_from(inner, m.name.len));
    if (str_starts(m.name, S("core/")))
        m.name = str_from(m.name, 5);
    m.alone = str_ends(inner, S("/"));
    if (m.alone)
        inner.len--;
    m.json = str_trim(inner);
    *ret_marker = m;
    return m.name.len > 0;
}

static struct marker *marker_add(struct arena *arena, struct markers *all)
{
    if (all->count == all->cap) {
        size_t cap = all->cap == 0 ? 32 : size_mul(all->cap, 2);
        all->list = arena_grow(arena, all->list, size_mul(all->cap, sizeof(*all->list)),
                               size_mul(cap, sizeof(*all->list)), _Alignof(struct marker));
        all->cap = cap;
    }
    return &all->list[all->count++];
}

static struct markers markers_of(struct arena *arena, str text)
{
    struct markers all = {0};
    size_t at = 0;

    marker_add(arena, &all); /* so that 0 is nobody's mate */
    while (at < text.len) {
        size_t start = str_find(str_from(text, at), S("<!--"));
        if (start == STR_NPOS)
            break;
        start += at;
        size_t length = str_find(str_from(text, start + 4), S("-->"));
        if (length == STR_NPOS)
            break;
        struct marker m;
        at = start + 4 + length + 3;
        if (!marker_read(str_sub(text, start + 4, length), &m))
            continue;
        m.start = start;
        m.end = at;
        *marker_add(arena, &all) = m;
    }
    return all;
}

static void markers_pair(struct arena *arena, struct markers *all)
{
    size_t *open = arena_new_array(arena, size_t, all->count);
    size_t depth = 0;

    for (size_t i = 1; i < all->count; i++) {
        const struct marker *m = &all->list[i];
        if (m->alone)
            continue;
        if (!m->close) {
            open[depth++] = i;
            continue;
        }
        for (size_t up = 1; up <= depth && up <= BLOCK_DEPTH_MAX; up++) {
            struct marker *opener = &all->list[open[depth - up]];
            if (str_eq(opener->name, m->name)) {
                opener->mate = i;
                depth -= up;
                break;
            }
        }
    }
}

/* ---- what goes whole ---- */

/* Filled by WordPress when it shows them: nothing of theirs is in the post. */
static bool is_dynamic(str name)
{
    static const str names[] = {
        STR_INIT("latest-posts"),     STR_INIT("latest-comments"),
        STR_INIT("archives"),         STR_INIT("categories"),
        STR_INIT("calendar"),         STR_INIT("tag-cloud"),
        STR_INIT("search"),           STR_INIT("rss"),
        STR_INIT("page-list"),        STR_INIT("page-list-item"),
        STR_INIT("navigation"),       STR_INIT("query"),
        STR_INIT("loginout"),         STR_INIT("avatar"),
        STR_INIT("read-more"),        STR_INIT("term-description"),
        STR_INIT("social-links"),     STR_INIT("social-link"),
        STR_INIT("template-part"),    STR_INIT("pattern"),
        STR_INIT("legacy-widget"),    STR_INIT("widget-group"),
        STR_INIT("comments"),         STR_INIT("home-link"),
        STR_INIT("comment-template"), STR_INIT("spacer"),
        STR_INIT("missing"),
    };
    static const str heads[] = {
        STR_INIT("post-"),           STR_INIT("site-"),        STR_INIT("query-"),
        STR_INIT("comments-"),       STR_INIT("comment-"),     STR_INIT("navigation-"),
        STR_INIT("woocommerce/"),    STR_INIT("gravityforms"), STR_INIT("contact-form-7/"),
        STR_INIT("jetpack/contact"), STR_INIT("jetpack/sub"),  STR_INIT("jetpack/related"),
    };

    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        if (str_starts(name, heads[i]))
            return true;
    }
    return wp_name_in(name, names, ARRAY_LEN(names));
}

/* No words in the report for what nobody would miss. */
static bool is_quiet(str name)
{
    static const str names[] = {STR_INIT("more"),      STR_INIT("nextpage"),  STR_INIT("spacer"),
                                STR_INIT("separator"), STR_INIT("paragraph"), STR_INIT("shortcode"),
                                STR_INIT("freeform"),  STR_INIT("html")};
    return wp_name_in(name, names, ARRAY_LEN(names));
}

static void note_block(struct wp_pass *pass, str name, str why)
{
    if (!is_quiet(name))
        wp_note(pass, str_join2(pass->arena, S("block "), name), why);
}

/* ---- copying ---- */

struct frame {
    str text;
    struct markers markers;
    size_t next; /* marker */
    size_t at;   /* text copied so far */
};

static json_t *json_of(str text)
{
    if (text.len == 0 || text.len > JSON_BYTES_MAX)
        return NULL;
    return json_loadb(text.ptr, text.len, 0, NULL);
}

static int64_t json_id(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    int64_t id = 0;

    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_string(value) && str_to_i64(str_from_c(json_string_value(value)), &id))
        return id;
    return 0;
}

static struct frame frame_of(struct arena *arena, str text)
{
    struct frame f = {.text = text, .markers = markers_of(arena, text), .next = 1};
    markers_pair(arena, &f.markers);
    return f;
}

/* The text of a reusable block; empty when nobody has it. */
static str ref_text(struct wp_pass *pass, const struct marker *m)
{
    AUTO(json_decrefp) json_t *json = json_of(m->json);
    str text = STR_NONE;

    if (pass->links->block == NULL ||
        !pass->links->block(pass->links->ctx, json_id(json, "ref"), &text))
        note_block(pass, m->name, S("the reusable block is not in the export"));
    return text;
}

/* A block that is nothing but its marker: an embed or a picture may still tell its address. */
static void add_alone(struct wp_pass *pass, struct buf *b, const struct marker *m)
{
    AUTO(json_decrefp) json_t *json = json_of(m->json);
    str url = str_from_c(json_string_value(json_object_get(json, "url")));

    if ((str_eq(m->name, S("embed")) || str_starts(m->name, S("core-embed/"))) &&
        wp_is_address(url))
        wp_add_embed(b, url, STR_NONE);
    else
        note_block(pass, m->name, S("left out, it has no text of its own"));
}

/* Copies up to the next marker and acts on it. False at the end of the frame. `*ret_ref` is the text to go into. */
static bool step(struct wp_pass *pass, struct buf *b, struct frame *f, str *ret_ref)
{
    *ret_ref = STR_NONE;
    if (f->next >= f->markers.count) {
        buf_add(b, str_from(f->text, f->at));
        return false;
    }
    const struct marker *m = &f->markers.list[f->next++];
    buf_add(b, str_sub(f->text, f->at, m->start - f->at));
    f->at = m->end;
    if (m->close)
        return true;
    if (str_eq(m->name, S("block"))) {
        *ret_ref = ref_text(pass, m);
    } else if (is_dynamic(m->name)) {
        if (m->alone || m->mate != 0)
            note_block(pass, m->name, S("left out, WordPress fills it"));
        if (m->mate != 0) {
            f->at = f->markers.list[m->mate].end;
            f->next = m->mate + 1;
        }
    } else if (m->alone) {
        add_alone(pass, b, m);
    }
    return true;
}

str wp_blocks(struct wp_pass *pass, str text)
{
    struct frame frames[REF_DEPTH_MAX];
    size_t depth = 1, refs = 0;
    struct buf b;
    str ref;

    buf_init(&b, pass->arena, WP_CONTENT_MAX);
    frames[0] = frame_of(pass->arena, text);
    while (depth > 0) {
        if (!step(pass, &b, &frames[depth - 1], &ref)) {
            depth--;
            continue;
        }
        if (ref.len == 0 || b.too_big)
            continue;
        if (depth == REF_DEPTH_MAX || refs == REFS_MAX) {
            note_block(pass, S("block"), S("reusable blocks within reusable blocks, left out"));
            continue;
        }
        refs++;
        frames[depth++] = frame_of(pass->arena, ref);
    }
    return wp_done(pass, &b);
}
