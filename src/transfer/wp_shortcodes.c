/* SPDX-License-Identifier: MIT
 *
 * Shortcodes become HTML. First all are listed and paired (an end looks for its opener at most
 * SHORTCODE_DEPTH_MAX up), then the text is copied past them in one walk, so nesting costs no stack and
 * nothing is read twice. Inside tags, comments, <pre> and <code> they are text, as is what [code] holds. */
#include "transfer/wp_shortcode.h"

#include "base/arena.h"
#include "base/parse.h"
#include "text/entity.h"

enum { SHORTCODES_MAX = 128 * 1024, GALLERY_MAX = 500 };

struct codes {
    struct shortcode *list;
    size_t count, cap;
};

struct rewriter {
    struct wp_pass *pass;
    struct buf b;
    str text;
    struct codes codes;
    int64_t *ids; /* GALLERY_MAX of the gallery at hand */
    const int64_t *attached;
    size_t attached_count;
    bool attached_asked;
    size_t at;    /* text copied so far */
    size_t split; /* where an open caption's picture ends and its words begin; 0: none open */
};

/* ---- finding them ---- */

static void code_add(struct arena *arena, struct codes *all, const struct shortcode *code)
{
    if (all->count == all->cap) {
        size_t cap = all->cap == 0 ? 16 : size_mul(all->cap, 2);
        all->list = arena_grow(arena, all->list, size_mul(all->cap, sizeof(*all->list)),
                               size_mul(cap, sizeof(*all->list)), _Alignof(struct shortcode));
        all->cap = cap;
    }
    all->list[all->count++] = *code;
}

/* Where the search goes on after the tag or comment at a '<'. */
static size_t past_tag(str text, size_t at)
{
    static const str kept[] = {STR_INIT("pre"),   STR_INIT("code"),     STR_INIT("script"),
                               STR_INIT("style"), STR_INIT("textarea"), STR_INIT("svg")};
    struct wp_tag tag;
    char next = at + 1 < text.len ? text.ptr[at + 1] : 0;

    if (!ascii_is_alpha(next) && next != '/' && next != '!')
        return at + 1;
    if (!wp_tag_next(text, at, &tag) || tag.start != at)
        return at + 1;
    if (!tag.close && wp_name_in(tag.name, kept, ARRAY_LEN(kept)))
        return wp_element_end(text, &tag);
    return tag.end;
}

/* [[name ...]] and [[name]...[/name]]: the words of somebody who writes about shortcodes. */
static bool read_escaped(str text, size_t at, size_t *next_close, struct shortcode *ret_code)
{
    if (at + 1 >= text.len || text.ptr[at + 1] != '[' ||
        !shortcode_read(text, at + 1, next_close, ret_code) || ret_code->close)
        return false;
    str after = str_from(text, ret_code->end);
    size_t end = 0;
    if (!str_starts(after, S("]"))) {
        enum {
            ESCAPED_MAX = 2048
        }; /* an example is short; and the search for its end is bounded */
        end = str_find(str_sub(after, 0, ESCAPED_MAX), S("]]"));
        str last = end == STR_NPOS ? STR_NONE : str_sub(after, 0, end);
        if (!str_ends(last, ret_code->name) ||
            !str_ends(str_sub(last, 0, last.len - ret_code->name.len), S("[/")))
            return false;
        end++;
    }
    ret_code->start = at;
    ret_code->end += end + 1;
    ret_code->escaped = true;
    return true;
}

/* The end of [code]: what stands before it is not looked at. */
static size_t past_code(struct arena *arena, str text, const struct shortcode *code, bool *none)
{
    str end = str_join3(arena, S("[/"), code->name, S("]"));
    size_t length = *none ? STR_NPOS : str_find(str_from(text, code->end), end);

    *none = length == STR_NPOS;
    return *none ? code->end : code->end + length;
}

static struct codes codes_of(struct wp_pass *pass, str text)
{
    struct codes all = {0};
    struct shortcode code = {0};
    size_t at = 0, next_close = 0;
    bool no_end = false;

    code_add(pass->arena, &all, &code); /* so that 0 is nobody's mate */
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '<') {
            at = past_tag(text, at);
        } else if (c != '[') {
            at++;
        } else if (all.count < SHORTCODES_MAX && (read_escaped(text, at, &next_close, &code) ||
                                                  shortcode_read(text, at, &next_close, &code))) {
            code_add(pass->arena, &all, &code);
            at = code.end;
            if (!code.close && !code.escaped &&
                (code.kind == SHORTCODE_CODE || code.kind == SHORTCODE_RAW))
                at = past_code(pass->arena, text, &code, &no_end);
        } else {
            at++;
        }
    }
    if (all.count == SHORTCODES_MAX)
        wp_note(pass, S("shortcodes"), S("more than can be in one post, the rest is left as text"));
    return all;
}

static void pair_codes(struct arena *arena, struct codes *all)
{
    size_t *open = arena_new_array(arena, size_t, all->count);
    size_t depth = 0;
    struct map met; /* names that something was opened by */

    map_init(&met, arena);
    for (size_t i = 1; i < all->count; i++) {
        struct shortcode *code = &all->list[i];
        if (code->escaped || code->alone)
            continue;
        if (!code->close) {
            open[depth++] = i;
            if (code->kind == SHORTCODE_UNKNOWN && code->pairs)
                map_set(&met, code->name, code);
            continue;
        }
        code->mated = map_get(&met, code->name) != NULL; /* crossed ones go as well */
        for (size_t up = 1; up <= depth && up <= SHORTCODE_DEPTH_MAX; up++) {
            struct shortcode *opener = &all->list[open[depth - up]];
            if (str_eq(opener->name, code->name)) {
                opener->mate = i;
                code->mated = true;
                depth -= up;
                break;
            }
        }
    }
}

/* ---- parts of what they become ---- */

static void note_code(struct rewriter *r, str name, str why)
{
    wp_note(r->pass, str_join3(r->pass->arena, S("["), name, S("]")), why);
}

static void add_attr(struct buf *b, str name, str value)
{
    buf_add_char(b, ' ');
    buf_add(b, name);
    buf_add(b, S("=\""));
    buf_add_html(b, value);
    buf_add_char(b, '"');
}

/* Attribute values carry character references: they stood in HTML. */
static str attr_text(struct rewriter *r, const struct shortcode *code, str key)
{
    return entity_decode(r->pass->arena, shortcode_attr(code, key));
}

static bool picture_of(struct rewriter *r, int64_t id, struct wp_picture *ret_picture)
{
    const struct wp_content_links *links = r->pass->links;
    *ret_picture = (struct wp_picture){0};
    return links->attachment != NULL && links->attachment(links->ctx, id, ret_picture) &&
           ret_picture->url.len > 0;
}

static void add_picture(struct rewriter *r, const struct wp_picture *picture)
{
    struct buf *b = &r->b;
    str words = wp_caption_html(r->pass->arena, picture->caption, picture->credit);
    buf_add(b, S("<figure class=\"wp-block-image\"><img"));
    add_attr(b, S("src"), picture->url);
    add_attr(b, S("alt"), picture->alt);
    buf_add_char(b, '>');
    if (words.len > 0) { /* HTML of the old site, as all the rest */
        buf_add(b, S("<figcaption>"));
        buf_add(b, words);
        buf_add(b, S("</figcaption>"));
    }
    buf_add(b, S("</figure>"));
}

/* Takes the next number off a list: "1, 2,3". */
static bool id_next(str *rest, int64_t *ret_id)
{
    while (rest->len > 0) {
        str part = str_trim(str_cut(rest, ','));
        if (str_to_i64(part, ret_id) && *ret_id > 0)
            return true;
    }
    return false;
}

/* Once a post, as it may cost a query. */
static void ask_attached(struct rewriter *r)
{
    const struct wp_content_links *links = r->pass->links;

    if (links->attached != NULL && !r->attached_asked)
        r->attached_count = links->attached(links->ctx, r->pass->arena, &r->attached);
    r->attached_asked = true;
}

/* The ids that a gallery or playlist names, or all that are attached, into r->ids. */
static size_t ids_of(struct rewriter *r, const struct shortcode *code)
{
    static const str keys[] = {STR_INIT("ids"), STR_INIT("include"), STR_INIT("images"),
                               STR_INIT("gallery_ids")};
    str list = shortcode_attr_of(code, keys, ARRAY_LEN(keys));
    size_t count = 0;

    if (r->ids == NULL)
        r->ids = arena_new_array(r->pass->arena, int64_t, GALLERY_MAX);
    if (list.len > 0) {
        while (count < GALLERY_MAX && id_next(&list, &r->ids[count]))
            count++;
        return count;
    }
    ask_attached(r);
    count = r->attached_count < GALLERY_MAX ? r->attached_count : GALLERY_MAX;
    for (size_t i = 0; i < count; i++)
        r->ids[i] = r->attached[i];
    return count;
}

static bool is_excluded(const struct shortcode *code, int64_t id)
{
    str list = shortcode_attr(code, S("exclude"));
    int64_t out;

    while (id_next(&list, &out)) {
        if (out == id)
            return true;
    }
    return false;
}

static void add_gallery(struct rewriter *r, const struct shortcode *code)
{
    size_t count = ids_of(r, code), shown = 0;
    size_t start = r->b.len;

    buf_add(&r->b, S("\n<figure class=\"wp-block-gallery\">"));
    for (size_t i = 0; i < count; i++) {
        struct wp_picture picture;
        if (is_excluded(code, r->ids[i]) || !picture_of(r, r->ids[i], &picture))
            continue;
        add_picture(r, &picture);
        shown++;
    }
    buf_add(&r->b, S("</figure>\n"));
    if (shown == 0) {
        buf_truncate(&r->b, start);
        note_code(r, code->name, S("its pictures are not in the export, left out"));
    }
}

static void add_player(struct buf *b, bool video, str url, str poster)
{
    buf_add(b, video ? S("\n<figure class=\"wp-block-video\"><video controls")
                     : S("\n<figure class=\"wp-block-audio\"><audio controls"));
    add_attr(b, S("src"), url);
    if (poster.len > 0)
        add_attr(b, S("poster"), poster);
    buf_add(b, video ? S("></video></figure>\n") : S("></audio></figure>\n"));
}

static str inner_of(const struct rewriter *r, const struct shortcode *code)
{
    if (code->mate == 0)
        return STR_NONE;
    return str_trim(str_sub(r->text, code->end, r->codes.list[code->mate].start - code->end));
}

static void add_media(struct rewriter *r, const struct shortcode *code)
{
    static const str keys[] = {STR_INIT("src"), STR_INIT("mp3"),  STR_INIT("m4a"),  STR_INIT("ogg"),
                               STR_INIT("wav"), STR_INIT("wma"),  STR_INIT("flac"), STR_INIT("mp4"),
                               STR_INIT("m4v"), STR_INIT("webm"), STR_INIT("ogv"),  STR_INIT("mov"),
                               STR_INIT("wmv"), STR_INIT("flv"),  STR_INIT("")};
    str url = entity_decode(r->pass->arena, shortcode_attr_of(code, keys, ARRAY_LEN(keys)));
    bool video = str_eq(code->name, S("video"));

    if (url.len == 0)
        url = inner_of(r, code);
    if (url.len == 0 || str_find_char(url, '<') != STR_NPOS)
        note_code(r, code->name, S("without an address, left out"));
    else if (video && (str_contains(url, S("youtu")) || str_contains(url, S("vimeo.com"))))
        wp_add_embed(&r->b, url, STR_NONE);
    else
        add_player(&r->b, video, url, attr_text(r, code, S("poster")));
}

static void add_playlist(struct rewriter *r, const struct shortcode *code)
{
    size_t count = ids_of(r, code), shown = 0;
    bool video = str_eq_nocase(shortcode_attr(code, S("type")), S("video"));

    for (size_t i = 0; i < count; i++) {
        struct wp_picture file;
        if (!picture_of(r, r->ids[i], &file))
            continue;
        add_player(&r->b, video, file.url, STR_NONE);
        shown++;
    }
    if (shown == 0)
        note_code(r, code->name, S("its files are not in the export, left out"));
}

/* Pages that are named by an id only. */
static str page_of_id(struct rewriter *r, str name, str id)
{
    static const struct {
        str name, head;
    } pages[] = {
        {STR_INIT("youtube"), STR_INIT("https://www.youtube.com/watch?v=")},
        {STR_INIT("fusion_youtube"), STR_INIT("https://www.youtube.com/watch?v=")},
        {STR_INIT("vimeo"), STR_INIT("https://vimeo.com/")},
        {STR_INIT("fusion_vimeo"), STR_INIT("https://vimeo.com/")},
        {STR_INIT("tweet"), STR_INIT("https://twitter.com/i/status/")},
        {STR_INIT("instagram"), STR_INIT("https://www.instagram.com/p/")},
        {STR_INIT("dailymotion"), STR_INIT("https://www.dailymotion.com/video/")},
    };

    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (!str_eq(name, pages[i].name))
            continue;
        for (size_t k = 0; k < id.len; k++) {
            if (!ascii_is_alnum(id.ptr[k]) && id.ptr[k] != '-' && id.ptr[k] != '_')
                return STR_NONE;
        }
        return id.len == 0 ? STR_NONE : str_join2(r->pass->arena, pages[i].head, id);
    }
    return STR_NONE;
}

static void add_embed(struct rewriter *r, const struct shortcode *code)
{
    static const str keys[] = {STR_INIT("url"), STR_INIT("src"),   STR_INIT("link"),
                               STR_INIT("id"),  STR_INIT("video"), STR_INIT("")};
    str url = shortcode_attr_of(code, keys, ARRAY_LEN(keys));
    str inner = inner_of(r, code);

    if (inner.len > 0 && !str_starts(inner, S("<")))
        url = inner;
    url = entity_decode(r->pass->arena, url);
    if (str_starts(url, S("//")))
        url = str_join2(r->pass->arena, S("https:"), url);
    if (!wp_is_address(url))
        url = page_of_id(r, code->name, url);
    buf_add_char(&r->b, '\n');
    if (url.len > 0)
        wp_add_embed(&r->b, url, attr_text(r, code, S("title")));
    else
        note_code(r, code->name, S("without an address, left out"));
    buf_add_char(&r->b, '\n');
}

static void add_code(struct rewriter *r, const struct shortcode *code)
{
    buf_add(&r->b, S("<pre><code>"));
    buf_add_html(&r->b, entity_decode(r->pass->arena, inner_of(r, code)));
    buf_add(&r->b, S("</code></pre>"));
}

static void add_builder_image(struct rewriter *r, const struct shortcode *code)
{
    struct wp_picture picture = {.url = attr_text(r, code, S("src"))};
    int64_t id = 0;

    if (picture.url.len > 0)
        picture.alt = attr_text(r, code, S("alt"));
    else if (!str_to_i64(shortcode_attr(code, S("image")), &id) || !picture_of(r, id, &picture))
        note_code(r, code->name, S("its picture is not in the export, left out"));
    if (picture.url.len > 0)
        add_picture(r, &picture);
}

static void add_heading(struct rewriter *r, const struct shortcode *code)
{
    str text = attr_text(r, code, S("text"));
    if (text.len == 0)
        return;
    buf_add(&r->b, S("\n<h2>"));
    buf_add_html(&r->b, text);
    buf_add(&r->b, S("</h2>\n"));
}

/* ---- wrappers: something before and after, the text between goes on as it is ---- */

/* Behind the picture, with the link around it. */
static size_t picture_end(str text, size_t from, size_t to)
{
    str inner = str_sub(text, 0, to);
    struct wp_tag tag;
    size_t at = from, end = from;
    bool linked = false;

    while (wp_tag_next(inner, at, &tag)) {
        at = tag.end;
        if (str_eq_nocase(tag.name, S("img"))) {
            end = tag.end;
            if (!linked)
                break;
        } else if (str_eq_nocase(tag.name, S("a"))) {
            if (tag.close && end > from)
                return tag.end;
            linked = linked || end == from;
        } else if (end > from) {
            break;
        }
    }
    return end;
}

static void open_caption(struct rewriter *r, const struct shortcode *code)
{
    str words = attr_text(r, code, S("caption"));
    str align = shortcode_attr(code, S("align"));
    struct shortcode *end = &r->codes.list[code->mate];

    buf_add(&r->b, S("\n<figure"));
    add_attr(&r->b, S("class"), str_join2(r->pass->arena, S("wp-caption "), align));
    buf_add_char(&r->b, '>');
    if (words.len > 0) {
        end->tail =
            str_join3(r->pass->arena, S("<figcaption>"), words, S("</figcaption></figure>\n"));
        return;
    }
    end->tail = S("</figcaption></figure>\n");
    r->split = picture_end(r->text, code->end, end->start);
    while (r->split < end->start && ascii_is_space(r->text.ptr[r->split]))
        r->split++;
}

static void open_button(struct rewriter *r, const struct shortcode *code)
{
    static const str keys[] = {STR_INIT("url"), STR_INIT("link"), STR_INIT("href")};
    str url = entity_decode(r->pass->arena, shortcode_attr_of(code, keys, ARRAY_LEN(keys)));

    if (url.len == 0)
        return;
    buf_add(&r->b, S("<div class=\"kg-card kg-button-card kg-align-center\"><a class=\"kg-btn "
                     "kg-btn-accent\""));
    add_attr(&r->b, S("href"), url);
    buf_add_char(&r->b, '>');
    r->codes.list[code->mate].tail = S("</a></div>\n");
}

/* ---- the walk ---- */

static void copy_to(struct rewriter *r, size_t to)
{
    if (r->split != 0 && r->split <= to) {
        size_t split = r->split > r->at ? r->split : r->at; /* a shortcode may have covered it */
        buf_add(&r->b, str_sub(r->text, r->at, split - r->at));
        buf_add(&r->b, S("<figcaption>"));
        r->at = split;
        r->split = 0;
    }
    buf_add(&r->b, str_sub(r->text, r->at, to - r->at));
    r->at = to;
}

static bool is_shortcode(const struct shortcode *code)
{
    if (code->close)
        return code->mated || code->kind != SHORTCODE_UNKNOWN;
    return code->kind != SHORTCODE_UNKNOWN || code->mate != 0 || code->pairs;
}

/* Its text is replaced along with it. */
static bool goes_whole(enum shortcode_kind kind)
{
    switch (kind) {
    case SHORTCODE_RAW:
    case SHORTCODE_CODE:
    case SHORTCODE_GALLERY:
    case SHORTCODE_MEDIA:
    case SHORTCODE_PLAYLIST:
    case SHORTCODE_EMBED:
    case SHORTCODE_IMAGE:
    case SHORTCODE_HEADING:
        return true;
    case SHORTCODE_UNKNOWN:
    case SHORTCODE_PLUGIN:
    case SHORTCODE_BUILDER:
    case SHORTCODE_CAPTION:
    case SHORTCODE_BUTTON:
        break;
    }
    return false;
}

static void add_open(struct rewriter *r, const struct shortcode *code)
{
    switch (code->kind) {
    case SHORTCODE_UNKNOWN:
    case SHORTCODE_PLUGIN:
        note_code(r, code->name, code->mate != 0 ? S("left out, its text kept") : S("left out"));
        break;
    case SHORTCODE_BUILDER:
        note_code(r, code->name, S("a page builder's, left out, its text kept"));
        break;
    case SHORTCODE_RAW:
        note_code(r, code->name, S("left out with what it holds"));
        break;
    case SHORTCODE_CODE:
        add_code(r, code);
        break;
    case SHORTCODE_CAPTION:
        if (code->mate != 0 && r->split == 0)
            open_caption(r, code);
        break;
    case SHORTCODE_GALLERY:
        add_gallery(r, code);
        break;
    case SHORTCODE_MEDIA:
        add_media(r, code);
        break;
    case SHORTCODE_PLAYLIST:
        add_playlist(r, code);
        break;
    case SHORTCODE_EMBED:
        add_embed(r, code);
        break;
    case SHORTCODE_BUTTON:
        if (code->mate != 0)
            open_button(r, code);
        break;
    case SHORTCODE_IMAGE:
        add_builder_image(r, code);
        break;
    case SHORTCODE_HEADING:
        add_heading(r, code);
        break;
    }
}

static size_t rewrite(struct rewriter *r, size_t i)
{
    const struct shortcode *code = &r->codes.list[i];

    if (!is_shortcode(code) && !code->escaped)
        return i + 1;
    copy_to(r, code->start);
    r->at = code->end;
    if (code->escaped) {
        buf_add(&r->b, str_sub(r->text, code->start + 1, code->end - code->start - 2));
        return i + 1;
    }
    if (code->close) {
        buf_add(&r->b, code->tail);
        return i + 1;
    }
    add_open(r, code);
    if (code->mate == 0 || !goes_whole(code->kind))
        return i + 1;
    r->at = r->codes.list[code->mate].end;
    return code->mate + 1;
}

str wp_shortcodes(struct wp_pass *pass, str text)
{
    struct rewriter r = {.pass = pass, .text = text};

    if (str_find_char(text, '[') == STR_NPOS)
        return text;
    r.codes = codes_of(pass, text);
    pair_codes(pass->arena, &r.codes);
    buf_init(&r.b, pass->arena, WP_CONTENT_MAX);
    for (size_t i = 1; i < r.codes.count;)
        i = rewrite(&r, i);
    copy_to(&r, text.len);
    return wp_done(pass, &r.b);
}
