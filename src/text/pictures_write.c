/* SPDX-License-Identifier: MIT
 *
 * Tags are looked at one after the other and copied as they are; an <img> of ours gets its
 * attributes at its end. No tree is built: the text is html_clean's own, so where a tag begins and ends is
 * plain, and what is not touched stays the same to the byte. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "text/entity.h"
#include "text/html.h"
#include "text/pictures_parts.h"
#include "text/pictures_tag.h"

/* Ghost's: https://ghost.org/docs/themes/assets/#compatibility-with-ghost-content-image-sizes */
static const int64_t content_sizes[] = {600, 1000, 1600, 2400};

static const struct added {
    str name;
    char letter;
} added[] = {
    {STR_INIT("width"), 'w'},         {STR_INIT("height"), 'w'},  {STR_INIT("srcset"), 's'},
    {STR_INIT("sizes"), 'z'},         {STR_INIT("loading"), 'l'}, {STR_INIT("decoding"), 'd'},
    {STR_INIT("fetchpriority"), 'p'},
};

/* ---- what an earlier write added ---- */

static bool was_added(const struct tag_attr *mark, str name)
{
    if (mark == NULL)
        return false;
    if (str_eq(name, S("data-added")))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(added); i++) {
        if (str_eq(added[i].name, name))
            return str_find_char(mark->value, added[i].letter) != STR_NPOS;
    }
    return false;
}

static bool is_open(const struct tag *tag, str name)
{
    return !tag->closes && str_eq(tag->name, name);
}

static void drop_added(struct tag *tag)
{
    const struct tag_attr *found = tag_attr(tag, S("data-added"));
    if (found == NULL)
        return;
    const struct tag_attr mark = *found;
    size_t kept = 0;
    for (size_t i = 0; i < tag->attrs_count; i++) {
        if (!was_added(&mark, tag->attrs[i].name))
            tag->attrs[kept++] = tag->attrs[i];
    }
    tag->attrs_count = kept;
}

html pictures_strip(struct arena *arena, html body)
{
    if (!str_contains(body.raw, S(" data-added=\"")))
        return body;
    struct buf b;
    buf_init(&b, arena, body.raw.len);
    struct tag_scan scan = {.rest = body.raw};
    struct tag tag;
    while (tag_next(&scan, &tag)) {
        buf_add(&b, scan.before);
        if (!is_open(&tag, S("img")) || tag_attr(&tag, S("data-added")) == NULL) {
            buf_add(&b, tag.whole);
            continue;
        }
        drop_added(&tag);
        buf_add(&b, S("<img"));
        for (size_t i = 0; i < tag.attrs_count; i++)
            buf_add(&b, tag.attrs[i].whole);
        buf_add_char(&b, '>');
    }
    buf_add(&b, scan.before);
    return (html){buf_view(&b)};
}

/* ---- writing ---- */

struct writer {
    struct arena *arena;
    const struct pictures_options *options;
    struct picture_paths paths;
    struct picture *known;
    struct buf b;
    bool first_seen; /* a picture of ours came already */
    int in_picture;  /* <picture> open */
    str figure;      /* class of the <figure> it is in */
};

/* ---- addresses that moved ---- */

/* .ptr NULL: it stays. */
static str moved_address(struct writer *w, str address)
{
    struct picture_address p;
    if (!picture_address(w->arena, address, w->options->site, &p))
        return STR_NONE;
    const struct picture *picture = picture_of(&w->paths, w->known, p.path);
    return picture == NULL || picture->moved_to.len == 0
               ? STR_NONE
               : picture_renamed(w->arena, &p, picture->moved_to);
}

static str moved_srcset(struct writer *w, str value)
{
    struct buf b;
    buf_init(&b, w->arena, PICTURES_HTML_MAX);
    str address, descriptor;
    bool any = false;
    while (srcset_next(&value, &address, &descriptor)) {
        str moved = moved_address(w, address);
        any = any || moved.ptr != NULL;
        buf_add(&b, b.len > 0 ? S(", ") : STR_NONE);
        buf_add(&b, moved.ptr != NULL ? moved : address);
        buf_add(&b, descriptor.len > 0 ? S(" ") : STR_NONE);
        buf_add(&b, descriptor);
    }
    return any ? buf_view(&b) : STR_NONE;
}

/* Writes new addresses into the tag's attributes. True when there were any. */
static bool follow(struct writer *w, struct tag *tag)
{
    bool any = false;
    for (size_t i = 0; i < tag->attrs_count; i++) {
        struct tag_attr *attr = &tag->attrs[i];
        bool srcset = str_eq(attr->name, S("srcset"));
        if ((!srcset && !picture_attr(attr->name)) || !str_contains(attr->value, S("/content/")))
            continue;
        str value = entity_decode(w->arena, attr->value);
        str moved = srcset ? moved_srcset(w, value) : moved_address(w, value);
        if (moved.ptr == NULL)
            continue;
        attr->value = html_escape(w->arena, moved).raw;
        attr->whole = str_format(w->arena, " %.*s=\"", STR_ARG(attr->name));
        attr->whole = str_join3(w->arena, attr->whole, attr->value, S("\""));
        any = true;
    }
    return any;
}

/* ---- sizes ---- */

static int64_t size_at(const struct writer *w, size_t i)
{
    return w->options->sizes != NULL ? w->options->sizes[i] : content_sizes[i];
}

static size_t sizes_count(const struct writer *w)
{
    size_t count = w->options->sizes != NULL ? w->options->sizes_count : ARRAY_LEN(content_sizes);
    return count < PICTURES_SIZES_MAX ? count : PICTURES_SIZES_MAX;
}

/* In a srcset white space and commas end an address. */
static bool fits_srcset(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (ascii_is_space(value.ptr[i]) || value.ptr[i] == ',')
            return false;
    }
    return true;
}

/* ` srcset="..."` of the renditions below the picture's own width, and of itself unless it is wider than all of them.
 * False, and nothing written, when there is nothing to choose from. */
static bool add_srcset(struct writer *w, str src, const struct picture_address *p, int64_t width)
{
    if (!p->image || p->rendition || !fits_srcset(src) || width <= size_at(w, 0))
        return false;
    /* The same bytes of the escaped value: no reference stands for a part of "/content/images/". */
    size_t at = str_find(src, S("/content/images/"));
    if (at == STR_NPOS)
        return false;
    str before = str_sub(src, 0, at + S("/content/images/").len);
    str after = str_from(src, before.len);
    size_t count = sizes_count(w), i = 0;
    buf_add(&w->b, S(" srcset=\""));
    for (; i < count && size_at(w, i) < width; i++) {
        if (i > 0)
            buf_add(&w->b, S(", "));
        buf_add(&w->b, before);
        buf_addf(&w->b, "size/w%lld/", (long long)size_at(w, i));
        buf_add(&w->b, after);
        buf_addf(&w->b, " %lldw", (long long)size_at(w, i));
    }
    if (i < count) {
        buf_add(&w->b, S(", "));
        buf_add(&w->b, src);
        buf_addf(&w->b, " %lldw", (long long)width);
    }
    buf_add_char(&w->b, '"');
    return true;
}

static bool has_class(str classes, str wanted)
{
    while (classes.len > 0) {
        if (str_eq(str_cut(&classes, ' '), wanted))
            return true;
    }
    return false;
}

/* How wide the picture stands on the page: what Ghost's own cards say. */
static void add_sizes(struct writer *w, const struct tag *tag, int64_t width)
{
    const struct tag_attr *shown = tag_attr(tag, S("width"));
    int64_t column = PICTURES_COLUMN;
    if (has_class(w->figure, S("kg-width-full")) || has_class(w->figure, S("alignfull"))) {
        buf_add(&w->b, S(" sizes=\"100vw\""));
        return;
    }
    if (has_class(w->figure, S("kg-width-wide")) || has_class(w->figure, S("alignwide")))
        column = PICTURES_COLUMN_WIDE;
    uint64_t wanted;
    if (shown != NULL && str_to_u64(shown->value, PICTURES_COLUMN_WIDE, &wanted) && wanted > 0)
        width = (int64_t)wanted < width ? (int64_t)wanted : width;
    if (width < column)
        column = width;
    buf_addf(&w->b, " sizes=\"(min-width: %lldpx) %lldpx, 100vw\"", (long long)column,
             (long long)column);
}

/* ---- one picture ---- */

/* A rendition's own size, when its steps say its width: "size/w600/". */
static void rendition_size(const struct picture_address *p, int64_t *width, int64_t *height)
{
    str steps = p->steps;
    uint64_t wanted;
    if (!p->rendition)
        return;
    if (!str_starts(steps, S("size/w"))) { /* a format alone leaves the size */
        if (str_starts(steps, S("size/")))
            *width = *height = 0;
        return;
    }
    steps = str_from(steps, S("size/w").len);
    str number = str_cut(&steps, '/');
    if (!str_to_u64(number, 10000, &wanted) || wanted == 0) {
        *width = *height = 0;
        return;
    }
    if ((int64_t)wanted < *width) {
        *height = (*height * (int64_t)wanted + *width / 2) / *width;
        *width = (int64_t)wanted;
    }
}

static void add_attr(struct writer *w, str name, str value)
{
    buf_add_char(&w->b, ' ');
    buf_add(&w->b, name);
    buf_add(&w->b, S("=\""));
    buf_add(&w->b, value);
    buf_add_char(&w->b, '"');
}

static bool lacks(const struct tag *tag, str name)
{
    return tag_attr(tag, name) == NULL;
}

/* The letters of what was added, at most one each. */
struct letters {
    char at[8];
    size_t count;
};

static void add_sized(struct writer *w, const struct tag *tag, const struct picture_address *p,
                      const struct picture *picture, struct letters *letters)
{
    int64_t width = picture->width, height = picture->height;
    if (width > 0 && height > 0)
        rendition_size(p, &width, &height);
    if (width <= 0 || height <= 0)
        return;
    if (lacks(tag, S("width")) && lacks(tag, S("height"))) {
        buf_addf(&w->b, " width=\"%lld\" height=\"%lld\"", (long long)width, (long long)height);
        letters->at[letters->count++] = 'w';
    }
    if (picture->fixed || w->in_picture > 0 || !lacks(tag, S("srcset")) ||
        !add_srcset(w, tag_attr(tag, S("src"))->value, p, width))
        return;
    letters->at[letters->count++] = 's';
    if (lacks(tag, S("sizes"))) {
        add_sizes(w, tag, width);
        letters->at[letters->count++] = 'z';
    }
}

static void add_order(struct writer *w, const struct tag *tag, struct letters *letters)
{
    bool waited_for = !w->first_seen && !w->options->feature_image;
    w->first_seen = true;
    if (lacks(tag, S("loading")) && !waited_for) {
        add_attr(w, S("loading"), S("lazy"));
        letters->at[letters->count++] = 'l';
    }
    if (lacks(tag, S("decoding"))) {
        add_attr(w, S("decoding"), S("async"));
        letters->at[letters->count++] = 'd';
    }
    if (waited_for && lacks(tag, S("fetchpriority")) && lacks(tag, S("loading"))) {
        add_attr(w, S("fetchpriority"), S("high"));
        letters->at[letters->count++] = 'p';
    }
}

static void write_attrs(struct writer *w, const struct tag *tag)
{
    buf_add_char(&w->b, '<');
    buf_add(&w->b, tag->name);
    for (size_t i = 0; i < tag->attrs_count; i++)
        buf_add(&w->b, tag->attrs[i].whole);
}

static void write_img(struct writer *w, struct tag *tag)
{
    const struct tag_attr *src = tag_attr(tag, S("src"));
    struct picture_address p;
    const struct picture *picture = NULL;
    if (src != NULL &&
        picture_address(w->arena, entity_decode(w->arena, src->value), w->options->site, &p))
        picture = picture_of(&w->paths, w->known, p.path);
    drop_added(tag);
    (void)follow(w, tag);
    write_attrs(w, tag);
    if (picture != NULL && picture->known) {
        struct letters letters = {0};
        add_sized(w, tag, &p, picture, &letters);
        add_order(w, tag, &letters);
        if (letters.count > 0)
            add_attr(w, S("data-added"), (str){letters.at, letters.count});
    }
    buf_add_char(&w->b, '>');
}

static void write_tag(struct writer *w, struct tag *tag)
{
    if (str_eq(tag->name, S("figure"))) {
        const struct tag_attr *classes = tag_attr(tag, S("class"));
        w->figure = tag->closes || classes == NULL ? STR_NONE : classes->value;
    } else if (str_eq(tag->name, S("picture"))) {
        w->in_picture += tag->closes ? (w->in_picture > 0 ? -1 : 0) : 1;
    }
    if (is_open(tag, S("img"))) {
        write_img(w, tag);
    } else if (!tag->closes && follow(w, tag)) {
        write_attrs(w, tag);
        buf_add_char(&w->b, '>');
    } else {
        buf_add(&w->b, tag->whole);
    }
}

enum status pictures_write(struct arena *arena, html body, const struct pictures_options *options,
                           const struct picture_lookup *lookup, html *ret_html, struct error *err)
{
    struct writer w = {.arena = arena, .options = options};
    pictures_paths(arena, body, options->site, &w.paths);
    if (w.paths.count == 0) {
        *ret_html = pictures_strip(arena, body);
        return ST_OK;
    }
    enum status st = pictures_known(arena, &w.paths, lookup, &w.known, err);
    if (st != ST_OK)
        return st;
    buf_init(&w.b, arena, PICTURES_HTML_MAX);
    struct tag_scan scan = {.rest = body.raw};
    struct tag tag;
    while (tag_next(&scan, &tag)) {
        buf_add(&w.b, scan.before);
        write_tag(&w, &tag);
    }
    buf_add(&w.b, scan.before);
    str text;
    st = buf_finish(&w.b, &text, err);
    if (st == ST_OK)
        *ret_html = str_eq(text, body.raw) ? body : (html){text};
    return st;
}
