/* SPDX-License-Identifier: MIT
 *
 * The last pass walks the parsed text and writes it anew. What an element became stands in a stack by depth,
 * so its end knows what to write: another name, nothing, or "take it all back" when it turned out empty.
 * A gallery of whatever form is read into a list of pictures and written as one card. */
#include "transfer/wp_parts.h"

#include "base/arena.h"
#include "base/parse.h"
#include "text/html.h"
#include "text/url.h"

enum { GALLERY_MAX = 500, ROW = 3 };

struct element {
    str written;   /* the name its end tag gets; empty: none */
    size_t start;  /* of what was written for it */
    size_t shown;  /* things shown before it */
    size_t things; /* elements and texts before it */
    bool goes_if_empty;
    bool is_line; /* its text, when that is an address alone, is an embed */
};

struct picture {
    str html, caption, credit;
};

struct tidier {
    struct wp_pass *pass;
    struct buf b;
    struct html_walk w;
    struct element *open; /* by depth */
    size_t open_cap;
    size_t shown, things;
    str last_text, last_src;
    int pre, noscript; /* depth of the outermost, -1: not within one */
    int figure;        /* depth of a picture's, -1: none */
    str credit;        /* of the picture last written, owed to its figure's caption */
    /* a gallery being read */
    int gallery; /* its depth, -1: none */
    int caption; /* depth of a caption in it, -1: none */
    bool caption_is_gallerys;
    size_t caption_start;
    struct picture *pictures;
    size_t picture_count;
    str gallery_caption;
};

/* ---- looking at an element ---- */

static bool has_class(const struct tidier *t, str want)
{
    str rest = html_walk_attr(&t->w, S("class"));
    while (rest.len > 0) {
        if (str_eq_nocase(str_cut(&rest, ' '), want))
            return true;
    }
    return false;
}

static bool has_class_head(const struct tidier *t, str head)
{
    str rest = html_walk_attr(&t->w, S("class"));
    while (rest.len > 0) {
        if (str_starts_nocase(str_cut(&rest, ' '), head))
            return true;
    }
    return false;
}

static bool named(const struct tidier *t, str name)
{
    return str_eq(t->w.name, name);
}

/* No code, nothing of the old site's own. */
static bool goes_whole(const struct tidier *t)
{
    static const str names[] = {STR_INIT("script"), STR_INIT("style"),    STR_INIT("link"),
                                STR_INIT("meta"),   STR_INIT("template"), STR_INIT("param"),
                                STR_INIT("source"), STR_INIT("title")};
    if (named(t, S("source"))) /* of a <picture>: other sizes; of <video> it is the film */
        return html_walk_attr(&t->w, S("src")).ptr == NULL;
    return wp_name_in(t->w.name, names, ARRAY_LEN(names)) || has_class(t, S("wp-block-spacer")) ||
           has_class(t, S("wp-block-file__button")) || has_class(t, S("sharedaddy")) ||
           has_class(t, S("addtoany_share_save_container"));
}

static bool is_gallery(const struct tidier *t)
{
    return has_class(t, S("wp-block-gallery")) || has_class(t, S("tiled-gallery")) ||
           has_class(t, S("wp-block-jetpack-tiled-gallery")) ||
           (has_class(t, S("gallery")) && has_class_head(t, S("galleryid-")));
}

static bool is_picture_figure(const struct tidier *t)
{
    if (has_class(t, S("wp-caption")))
        return true;
    if (!named(t, S("figure")))
        return false;
    return has_class(t, S("wp-block-image")) ||
           (!has_class_head(t, S("wp-block")) && !has_class_head(t, S("kg-")) &&
            (has_class_head(t, S("align")) || has_class_head(t, S("size-"))));
}

static bool goes_if_empty(const struct tidier *t)
{
    static const str names[] = {STR_INIT("p"),  STR_INIT("figcaption"), STR_INIT("figure"),
                                STR_INIT("h1"), STR_INIT("h2"),         STR_INIT("h3"),
                                STR_INIT("h4"), STR_INIT("h5"),         STR_INIT("h6")};
    static const str unnamed[] = {STR_INIT("a"),    STR_INIT("b"),  STR_INIT("strong"),
                                  STR_INIT("i"),    STR_INIT("em"), STR_INIT("span"),
                                  STR_INIT("div"),  STR_INIT("ul"), STR_INIT("ol"),
                                  STR_INIT("font"), STR_INIT("u")};
    if (wp_name_in(t->w.name, names, ARRAY_LEN(names)))
        return true;
    return wp_name_in(t->w.name, unnamed, ARRAY_LEN(unnamed)) &&
           html_walk_attr(&t->w, S("id")).ptr == NULL &&
           html_walk_attr(&t->w, S("name")).ptr == NULL; /* an anchor is of use without text */
}

static bool is_shown(const struct tidier *t)
{
    static const str names[] = {STR_INIT("iframe"), STR_INIT("video"), STR_INIT("audio"),
                                STR_INIT("hr"), STR_INIT("table")};
    if (named(t, S("a")) && html_walk_attr(&t->w, S("href")).ptr == NULL)
        return html_walk_attr(&t->w, S("id")).len > 0 || html_walk_attr(&t->w, S("name")).len > 0;
    return wp_name_in(t->w.name, names, ARRAY_LEN(names));
}

/* ---- writing ---- */

static void add_attr(struct tidier *t, str name, str value)
{
    buf_add_char(&t->b, ' ');
    buf_add(&t->b, name);
    buf_add(&t->b, S("=\""));
    buf_add_html(&t->b, value);
    buf_add_char(&t->b, '"');
}

static bool is_address_attr(str name)
{
    return str_eq(name, S("href")) || str_eq(name, S("src")) || str_eq(name, S("poster"));
}

static bool attr_goes(str name)
{
    return str_eq(name, S("srcset")) || str_eq(name, S("sizes")) || str_eq(name, S("loading")) ||
           str_eq(name, S("decoding")) || str_starts(name, S("data-")) || str_starts(name, S("on"));
}

/* Attribute names come from outside: quotes and '=' in them would change what is read back. */
static bool attr_is_plain(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!ascii_is_alnum(name.ptr[i]) && name.ptr[i] != '-' && name.ptr[i] != ':')
            return false;
    }
    return name.len > 0;
}

static void add_attrs(struct tidier *t, str except)
{
    for (size_t i = 0; i < html_walk_attr_count(&t->w); i++) {
        str name, value;
        html_walk_attr_at(&t->w, i, &name, &value);
        if (attr_goes(name) || !attr_is_plain(name) || str_eq(name, except))
            continue;
        add_attr(t, name, is_address_attr(name) ? wp_address(t->pass, value) : value);
    }
}

static str lazy_src(const struct tidier *t)
{
    static const str names[] = {STR_INIT("data-lazy-src"), STR_INIT("data-src"),
                                STR_INIT("data-original"), STR_INIT("data-lazy")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        str value = str_trim(html_walk_attr(&t->w, names[i]));
        if (str_find_char(value, '/') != STR_NPOS)
            return value;
    }
    return STR_NONE;
}

/* The first of the sizes that a picture without an address of its own lists. */
static str listed_src(const struct tidier *t)
{
    static const str names[] = {STR_INIT("data-srcset"), STR_INIT("data-lazy-srcset"),
                                STR_INIT("srcset")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        str list = str_trim(html_walk_attr(&t->w, names[i]));
        str first = str_cut(&list, ' ');
        if (str_find_char(first, '/') != STR_NPOS && !str_starts_nocase(first, S("data:")))
            return str_ends(first, S(",")) ? str_sub(first, 0, first.len - 1) : first;
    }
    return STR_NONE;
}

/* ---- pictures ---- */

/* The attachment that class="wp-image-123" names. */
static bool attachment_of(const struct tidier *t, struct wp_picture *ret_picture)
{
    const struct wp_content_links *links = t->pass->links;
    str rest = html_walk_attr(&t->w, S("class"));
    int64_t id;

    *ret_picture = (struct wp_picture){0};
    while (rest.len > 0 && links->attachment != NULL) {
        str word = str_cut(&rest, ' ');
        if (str_starts(word, S("wp-image-")) && str_to_i64(str_from(word, 9), &id))
            return links->attachment(links->ctx, id, ret_picture);
    }
    return false;
}

static void add_picture_class(struct tidier *t)
{
    str rest = html_walk_attr(&t->w, S("class"));

    buf_add(&t->b, S(" class=\"kg-image"));
    while (rest.len > 0) {
        str word = str_cut(&rest, ' ');
        if (str_starts(word, S("align"))) {
            buf_add_char(&t->b, ' ');
            buf_add_html(&t->b, word);
        }
    }
    buf_add_char(&t->b, '"');
}

static void add_length(struct tidier *t, str name)
{
    str value = html_walk_attr(&t->w, name);
    uint64_t n;
    if (str_to_u64(value, 20000, &n) && n > 1)
        add_attr(t, name, value);
}

/* False when it is left out: no address, or the twin of the one before. */
static bool add_picture(struct tidier *t)
{
    struct wp_picture known;
    str lazy = lazy_src(t), src = lazy.len > 0 ? lazy : str_trim(html_walk_attr(&t->w, S("src")));
    if (src.len == 0 || str_starts_nocase(src, S("data:")))
        src = lazy = listed_src(t);
    str alt = html_walk_attr(&t->w, S("alt")), url = wp_address(t->pass, src);
    bool twin = lazy.len > 0 || t->noscript >= 0;

    t->credit = STR_NONE;
    if (attachment_of(t, &known)) {
        t->credit = known.credit;
        if (str_trim(alt).len == 0)
            alt = known.alt;
        if (str_eq(url, str_trim(src)) && str_starts(known.url, S("/")))
            url = known.url; /* its address told nothing, its number did */
    }
    if (url.len == 0 || str_starts_nocase(url, S("data:")) || (twin && str_eq(url, t->last_src)))
        return false;
    t->last_src = url;
    buf_add(&t->b, S("<img"));
    add_attr(t, S("src"), url);
    add_attr(t, S("alt"), alt);
    add_length(t, S("width"));
    if (str_eq(url_file_name(url), url_file_name(src))) /* a made size may have been cut square */
        add_length(t, S("height"));
    if (html_walk_attr(&t->w, S("title")).len > 0)
        add_attr(t, S("title"), html_walk_attr(&t->w, S("title")));
    add_picture_class(t);
    buf_add_char(&t->b, '>');
    t->shown++;
    return true;
}

/* The picture behind a cover lies in its style. */
static void add_cover_picture(struct tidier *t)
{
    str style = html_walk_attr(&t->w, S("style"));
    size_t at = str_find(style, S("background-image:url("));

    if (at == STR_NPOS || !has_class_head(t, S("wp-block-cover")))
        return;
    str url = str_from(style, at + 21);
    url = str_trim(str_cut(&url, ')'));
    if (url.len > 1 && (url.ptr[0] == '\'' || url.ptr[0] == '"'))
        url = str_sub(url, 1, url.len - 2);
    buf_add(&t->b, S("<img"));
    add_attr(t, S("src"), wp_address(t->pass, url));
    add_attr(t, S("alt"), html_walk_attr(&t->w, S("aria-label")));
    buf_add(&t->b, S(" class=\"kg-image\">"));
    t->shown++;
}

static void add_figure_class(struct tidier *t)
{
    static const struct {
        str wp, ours;
    } words[] = {
        {STR_INIT("alignwide"), STR_INIT(" kg-width-wide")},
        {STR_INIT("alignfull"), STR_INIT(" kg-width-full")},
        {STR_INIT("alignleft"), STR_INIT(" alignleft")},
        {STR_INIT("alignright"), STR_INIT(" alignright")},
        {STR_INIT("aligncenter"), STR_INIT(" aligncenter")},
    };

    buf_add(&t->b, S(" class=\"kg-card kg-image-card"));
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (has_class(t, words[i].wp))
            buf_add(&t->b, words[i].ours);
    }
    buf_add_char(&t->b, '"');
}

/* ---- galleries ---- */

static void open_gallery(struct tidier *t)
{
    t->gallery = t->w.depth;
    t->picture_count = 0;
    t->gallery_caption = STR_NONE;
    if (t->pictures == NULL)
        t->pictures = arena_new_array(t->pass->arena, struct picture, GALLERY_MAX);
}

/* What was written since `start`, taken back out. */
static str take_back(struct tidier *t, size_t start)
{
    str view = buf_view(&t->b);
    str taken = str_copy(t->pass->arena, str_from(view, start));
    buf_truncate(&t->b, start);
    return taken;
}

static void add_gallery_row(struct tidier *t, size_t from, size_t to)
{
    buf_add(&t->b, S("<div class=\"kg-gallery-row\">"));
    for (size_t i = from; i < to; i++) {
        const struct picture *p = &t->pictures[i];
        str caption = wp_caption_html(t->pass->arena, p->caption, p->credit);
        buf_add(&t->b, caption.len > 0 ? S("<figure class=\"kg-gallery-image\">")
                                       : S("<div class=\"kg-gallery-image\">"));
        buf_add(&t->b, p->html);
        if (caption.len > 0) {
            buf_add(&t->b, S("<figcaption>"));
            buf_add(&t->b, caption);
            buf_add(&t->b, S("</figcaption>"));
        }
        buf_add(&t->b, caption.len > 0 ? S("</figure>") : S("</div>"));
    }
    buf_add(&t->b, S("</div>"));
}

static void close_gallery(struct tidier *t)
{
    size_t count = t->picture_count;

    t->gallery = -1;
    if (count == 0)
        return;
    buf_add(&t->b, S("<figure class=\"kg-card kg-gallery-card kg-width-wide\">"
                     "<div class=\"kg-gallery-container\">"));
    for (size_t i = 0; i < count;) {
        size_t left = count - i;
        size_t take = left == ROW + 1 ? 2 : left < ROW ? left : ROW; /* no picture alone in a row */
        add_gallery_row(t, i, i + take);
        i += take;
    }
    buf_add(&t->b, S("</div>"));
    if (t->gallery_caption.len > 0) {
        buf_add(&t->b, S("<figcaption>"));
        buf_add(&t->b, t->gallery_caption);
        buf_add(&t->b, S("</figcaption>"));
    }
    buf_add(&t->b, S("</figure>"));
    t->shown++;
}

static void open_in_gallery(struct tidier *t)
{
    size_t start = t->b.len;

    if (named(t, S("noscript")))
        t->noscript = t->w.depth;
    if (named(t, S("img"))) {
        if (add_picture(t) && t->picture_count < GALLERY_MAX)
            t->pictures[t->picture_count++] =
                (struct picture){.html = take_back(t, start), .credit = t->credit};
        buf_truncate(&t->b, start);
    } else if (named(t, S("figcaption")) || has_class(t, S("wp-caption-text")) ||
               has_class(t, S("gallery-caption"))) {
        t->caption = t->w.depth;
        t->caption_start = start;
        t->caption_is_gallerys = t->w.depth == t->gallery + 1 && named(t, S("figcaption"));
    }
}

static void close_caption(struct tidier *t)
{
    str words = str_trim(take_back(t, t->caption_start));

    t->caption = -1;
    if (t->caption_is_gallerys || t->picture_count == 0)
        t->gallery_caption = words;
    else
        t->pictures[t->picture_count - 1].caption = words;
}

/* ---- elements ---- */

static struct element *element_at(struct tidier *t, int depth)
{
    size_t need = (size_t)depth + 1;

    if (need > t->open_cap) {
        size_t cap = need * 2;
        t->open = arena_grow(t->pass->arena, t->open, size_mul(t->open_cap, sizeof(*t->open)),
                             size_mul(cap, sizeof(*t->open)), _Alignof(struct element));
        t->open_cap = cap;
    }
    return &t->open[depth];
}

static void add_open(struct tidier *t, struct element *e, str name)
{
    buf_add_char(&t->b, '<');
    buf_add(&t->b, name);
    e->written = html_is_void(name) ? STR_NONE : name;
}

static void open_iframe(struct tidier *t, struct element *e)
{
    str lazy = lazy_src(t), src = lazy.len > 0 ? lazy : html_walk_attr(&t->w, S("src"));

    html_walk_skip(&t->w);
    if ((lazy.len > 0 || t->noscript >= 0) && str_eq(src, t->last_src))
        return;
    t->last_src = src;
    add_open(t, e, S("iframe"));
    add_attr(t, S("src"), src);
    add_attr(t, S("title"), html_walk_attr(&t->w, S("title")));
    buf_add_char(&t->b, '>');
    t->shown++;
}

/* <embed> of the days of Flash. */
static void open_flash(struct tidier *t)
{
    str src = html_walk_attr(&t->w, S("src"));

    if (str_starts(src, S("//")))
        src = str_join2(t->pass->arena, S("https:"), src);
    if (!wp_is_address(src))
        return;
    wp_add_embed(&t->b, src, STR_NONE);
    t->shown++;
}

/* Elements that become others. False when `e` is an ordinary one. */
static bool open_changed(struct tidier *t, struct element *e)
{
    if (is_picture_figure(t)) {
        add_open(t, e, S("figure"));
        add_figure_class(t);
        e->goes_if_empty = true;
        if (t->figure < 0)
            t->figure = t->w.depth;
        t->credit = STR_NONE;
    } else if (has_class(t, S("wp-caption-text"))) {
        add_open(t, e, S("figcaption"));
        e->goes_if_empty = true;
    } else if (named(t, S("figure")) && has_class(t, S("wp-block-embed"))) {
        add_open(t, e, S("figure"));
        add_attr(t, S("class"), S("kg-card kg-embed-card"));
        e->goes_if_empty = true;
    } else if (has_class(t, S("wp-block-button"))) {
        add_open(t, e, t->w.name);
        add_attr(t, S("class"), S("kg-card kg-button-card kg-align-center"));
        e->goes_if_empty = true;
    } else if (named(t, S("a")) && has_class(t, S("wp-block-button__link"))) {
        add_open(t, e, S("a"));
        add_attr(t, S("class"), S("kg-btn kg-btn-accent"));
        add_attrs(t, S("class"));
    } else {
        return false;
    }
    buf_add_char(&t->b, '>');
    return true;
}

/* Elements of which only what they hold stays. */
static bool is_dropped_wrapper(struct tidier *t, struct element *e)
{
    if (has_class(t, S("wp-block-embed__wrapper"))) {
        e->is_line = true;
        return true;
    }
    return named(t, S("object")) || named(t, S("noscript")) || named(t, S("picture")) ||
           (named(t, S("div")) && has_class(t, S("wp-block-image")));
}

static void open_plain(struct tidier *t, struct element *e)
{
    str lazy = named(t, S("video")) || named(t, S("audio")) ? lazy_src(t) : STR_NONE;

    if (named(t, S("pre")) && t->pre < 0)
        t->pre = t->w.depth;
    e->is_line = named(t, S("p"));
    e->goes_if_empty = goes_if_empty(t);
    add_open(t, e, t->w.name);
    if (lazy.len > 0)
        add_attr(t, S("src"), wp_address(t->pass, lazy));
    add_attrs(t, lazy.len > 0 ? S("src") : STR_NONE);
    buf_add_char(&t->b, '>');
    t->shown += is_shown(t);
    add_cover_picture(t);
}

static void on_open(struct tidier *t)
{
    struct element *e = element_at(t, t->w.depth);

    *e = (struct element){.start = t->b.len, .shown = t->shown, .things = t->things++};
    if (goes_whole(t)) {
        html_walk_skip(&t->w);
    } else if (t->gallery >= 0 && t->caption < 0) {
        open_in_gallery(t);
    } else if (named(t, S("img"))) {
        (void)add_picture(t);
    } else if (named(t, S("iframe"))) {
        open_iframe(t, e);
    } else if (named(t, S("embed"))) {
        open_flash(t);
    } else if (t->gallery < 0 && is_gallery(t)) {
        open_gallery(t);
    } else if (is_dropped_wrapper(t, e)) {
        if (named(t, S("noscript")) && t->noscript < 0)
            t->noscript = t->w.depth;
    } else if (t->noscript < 0 && !open_changed(t, e)) {
        open_plain(t, e);
    }
}

/* A line that is an address and nothing else. */
static bool close_line(struct tidier *t, const struct element *e)
{
    str text = str_trim(t->last_text), url;

    if (!e->is_line || t->things != e->things + 2 || !wp_is_address(text))
        return false;
    buf_truncate(&t->b, e->start);
    url = wp_address(t->pass, text);
    if (str_eq(url, text)) {
        wp_add_embed(&t->b, text, STR_NONE);
        return true;
    }
    buf_add(&t->b, S("<p><a"));
    add_attr(t, S("href"), url);
    buf_add_char(&t->b, '>');
    buf_add_html(&t->b, text);
    buf_add(&t->b, S("</a></p>"));
    return true;
}

/* The credit stands at the end of its picture's caption, or is one. */
static void close_figure(struct tidier *t, const struct element *e)
{
    bool caption = str_eq(e->written, S("figcaption"));
    if (t->figure < 0 || (!caption && t->w.depth != t->figure))
        return;
    if (t->credit.len > 0 && (caption || t->shown > e->shown)) {
        str words = caption ? str_from(buf_view(&t->b), e->start) : STR_NONE;
        str whole = wp_caption_html(t->pass->arena, words, t->credit);
        if (!caption)
            buf_add(&t->b, S("<figcaption>"));
        buf_add(&t->b, str_from(whole, words.len));
        if (!caption)
            buf_add(&t->b, S("</figcaption>"));
        t->credit = STR_NONE;
    }
    if (!caption)
        t->figure = -1;
}

static void on_close(struct tidier *t)
{
    const struct element *e = element_at(t, t->w.depth);

    if (t->w.depth == t->pre)
        t->pre = -1;
    if (t->w.depth == t->noscript)
        t->noscript = -1;
    if (t->caption >= 0 && t->w.depth == t->caption) {
        close_caption(t);
        return;
    }
    if (t->gallery >= 0 && t->w.depth == t->gallery) {
        close_gallery(t);
        return;
    }
    if (close_line(t, e))
        return;
    if (e->goes_if_empty && t->shown == e->shown) {
        buf_truncate(&t->b, e->start);
        t->figure = t->w.depth == t->figure ? -1 : t->figure;
        return;
    }
    close_figure(t, e);
    if (e->written.len > 0) {
        buf_add(&t->b, S("</"));
        buf_add(&t->b, e->written);
        buf_add_char(&t->b, '>');
    }
}

/* ---- text ---- */

static bool is_nbsp(str s)
{
    return str_starts(s, S("\xC2\xA0"));
}

/* Runs of &nbsp; that somebody pushed text about with: one space. A single one may be meant ("10 km"). */
static str without_runs(struct arena *arena, str text)
{
    struct buf b;
    size_t i = 0;

    if (!str_contains(text, S("\xC2\xA0")))
        return text;
    buf_init(&b, arena, text.len + 1);
    while (i < text.len) {
        size_t start = i, nbsps = 0, spaces = 0;
        while (i < text.len && (text.ptr[i] == ' ' || is_nbsp(str_from(text, i)))) {
            bool space = text.ptr[i] == ' ';
            spaces += space;
            nbsps += !space;
            i += space ? 1 : 2;
        }
        if (nbsps > 0 && nbsps + spaces > 1)
            buf_add_char(&b, ' ');
        else
            buf_add(&b, str_sub(text, start, i - start));
        if (i == start)
            buf_add_char(&b, text.ptr[i++]);
    }
    return buf_view(&b);
}

static bool is_blank(str text)
{
    static const str zero_width = STR_INIT("\xE2\x80\x8B");
    for (size_t i = 0; i < text.len;) {
        str rest = str_from(text, i);
        size_t n = ascii_is_space(rest.ptr[0])    ? 1
                   : is_nbsp(rest)                ? 2
                   : str_starts(rest, zero_width) ? zero_width.len
                                                  : 0;
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

/* The blank lines that blocks leave between them. */
static bool is_line_end(str text)
{
    return str_find_char(text, '\n') != STR_NPOS && str_trim(text).len == 0;
}

static void on_text(struct tidier *t)
{
    if (t->noscript >= 0 || (t->gallery >= 0 && t->caption < 0))
        return;
    t->last_text = t->w.text;
    t->shown += !is_blank(t->w.text);
    t->things += str_trim(t->w.text).len > 0;
    if (t->pre < 0)
        t->w.text = is_line_end(t->w.text) ? S("\n") : without_runs(t->pass->arena, t->w.text);
    html_add_event(&t->b, &t->w);
}

/* What no parser takes within its limits: its words, without any markup. */
static str words_alone(struct wp_pass *pass, str text)
{
    struct wp_tag tag = {0};
    struct buf b;
    size_t at = 0;
    bool more = true;

    wp_note(pass, S("text"), S("too deep or too long to be read as HTML, its words kept"));
    buf_init(&b, pass->arena, WP_CONTENT_MAX);
    while (more) {
        more = wp_tag_next(text, at, &tag);
        str words = more ? str_sub(text, at, tag.start - at) : str_from(text, at);
        for (size_t i = 0; i < words.len; i++)
            buf_add(&b, words.ptr[i] == '<' ? S("&lt;") : str_sub(words, i, 1));
        if (str_eq_nocase(tag.name, S("p")) || str_eq_nocase(tag.name, S("div")))
            buf_add(&b, S("\n\n"));
        at = tag.end;
    }
    return wp_paragraphs(pass, wp_done(pass, &b));
}

str wp_tidy(struct wp_pass *pass, str text)
{
    struct tidier t = {
        .pass = pass, .pre = -1, .noscript = -1, .figure = -1, .gallery = -1, .caption = -1};
    struct error err = ERROR_INIT;
    struct html_tree *tree;

    if (html_parse(pass->arena, text, HTML_STORY_MAX, &tree, &err) != ST_OK)
        return words_alone(pass, text);
    buf_init(&t.b, pass->arena, WP_CONTENT_MAX);
    t.w = html_walk_of(tree);
    while (html_walk_next(&t.w)) {
        switch (t.w.event) {
        case HTML_OPEN:
            on_open(&t);
            break;
        case HTML_CLOSE:
            on_close(&t);
            break;
        case HTML_TEXT:
            on_text(&t);
            break;
        case HTML_COMMENT: /* <!--more-->, what is left of blocks */
            break;
        }
    }
    return wp_done(pass, &t.b);
}
