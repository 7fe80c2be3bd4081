/* SPDX-License-Identifier: MIT */
#include "text/sanitize_tables.h"

#include "base/arena.h"
#include "base/parse.h"
#include "text/language.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- text ---- */

/* Bytes of the character at `i` that is not written, 0 for one that is: C0 but tab and newline, C1, U+FEFF,
 * and in replies the marks that turn the direction of what follows. */
static size_t control_len(const struct cleaner *c, str s, size_t i)
{
    const unsigned char *at = (const unsigned char *)s.ptr + i;
    size_t left = s.len - i;

    if (at[0] < 0x20 || at[0] == 0x7F)
        return at[0] == '\t' || at[0] == '\n' ? 0 : 1;
    if (at[0] == 0xC2 && left >= 2 && at[1] <= 0x9F)
        return 2;
    if (at[0] == 0xEF && left >= 3 && at[1] == 0xBB && at[2] == 0xBF)
        return 3;
    if (at[0] == 0xE2 && left >= 3 && c->profile->kind == CLEAN_REPLY) {
        bool embedding = at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE;
        bool isolate = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;
        return embedding || isolate ? 3 : 0;
    }
    return 0;
}

/* Calls for whole stretches without a control. */
static void add_without_controls(struct cleaner *c, str s, void (*add)(struct buf *b, str part))
{
    size_t from = 0, i = 0;

    while (i < s.len) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if (byte >= 0x20 && byte < 0x7F) {
            i++;
            continue;
        }
        bool suspect = byte < 0x80 || byte == 0xC2 || byte == 0xE2 || byte == 0xEF;
        size_t len = suspect ? control_len(c, s, i) : 0;
        if (len == 0) {
            i++;
            continue;
        }
        add(&c->b, str_sub(s, from, i - from));
        if (byte == '\f')
            buf_add_char(&c->b, ' ');
        i += len;
        from = i;
    }
    add(&c->b, str_from(s, from));
}

void clean_add_text(struct cleaner *c, str text)
{
    const struct out_element *top = c->out_len == 0 ? NULL : &c->out[c->out_len - 1];
    size_t before = c->b.len;
    add_without_controls(c, text, html_add_text);
    /* A parser drops a newline right after <pre>: one that is text needs another before it. */
    bool begins_pre = top != NULL && top->tag == GUMBO_TAG_PRE && top->content == before;
    if (begins_pre && c->b.len > before && c->b.ptr[before] == '\n') {
        str rest = str_copy(c->arena, str_from(buf_view(&c->b), before));
        buf_truncate(&c->b, before);
        buf_add_char(&c->b, '\n');
        buf_add(&c->b, rest);
    }
}

void clean_add_attr(struct cleaner *c, str name, str value)
{
    buf_add_char(&c->b, ' ');
    buf_add(&c->b, name);
    buf_add(&c->b, S("=\""));
    add_without_controls(c, value, html_add_value);
    buf_add_char(&c->b, '"');
}

str clean_attr_find(const struct cleaner *c, const GumboNode *node, str name)
{
    const GumboVector *attributes = &node->v.element.attributes;
    for (unsigned i = 0; i < attributes->length; i++) {
        const GumboAttribute *attribute = attributes->data[i];
        if (str_eq(str_from_c(attribute->name), name)) {
            str value = html_tree_text(c->tree, attribute->value);
            return value.ptr == NULL ? S("") : value;
        }
    }
    return STR_NONE;
}

/* ---- classes ---- */

static bool has_prefix(str s, const str *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(s, prefixes[i]))
            return true;
    }
    return false;
}

static bool class_allowed(const struct cleaner *c, str name)
{
    static const str prefixes[] = {
        STR_INIT("kg-"),        STR_INIT("wp-block-"),  STR_INIT("wp-caption"),
        STR_INIT("wp-image-"),  STR_INIT("wp-element"), STR_INIT("wp-video"),
        STR_INIT("wp-audio"),   STR_INIT("align"),      STR_INIT("has-"),
        STR_INIT("size-"),      STR_INIT("gallery"),    STR_INIT("blocks-gallery"),
        STR_INIT("is-"),        STR_INIT("are-"),       STR_INIT("language-"),
        STR_INIT("columns"),    STR_INIT("footnote"),   STR_INIT("task-list"),
        STR_INIT("attachment"), STR_INIT("twitter-"),   STR_INIT("instagram-"),
    };
    if (name.len > CLEAN_CLASS_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!ascii_is_alnum(name.ptr[i]) && name.ptr[i] != '-' && name.ptr[i] != '_')
            return false;
    }
    if (str_eq(name, S("credit"))) /* who made a picture, in its caption */
        return true;
    return c->profile->kind == CLEAN_STORY &&
           has_prefix(name, prefixes, sizeof(prefixes) / sizeof(prefixes[0]));
}

static str take_word(str *rest)
{
    while (rest->len > 0 && ascii_is_space(rest->ptr[0]))
        *rest = str_from(*rest, 1);
    size_t len = 0;
    while (len < rest->len && !ascii_is_space(rest->ptr[len]))
        len++;
    str word = str_sub(*rest, 0, len);
    *rest = str_from(*rest, len);
    return word;
}

static bool add_class(struct cleaner *c, str value)
{
    size_t count = 0;

    for (str word = take_word(&value); word.len > 0; word = take_word(&value)) {
        if (!class_allowed(c, word) || count == CLEAN_CLASSES_MAX)
            continue;
        buf_add(&c->b, count++ == 0 ? S(" class=\"") : S(" "));
        buf_add(&c->b, word);
    }
    if (count == 0)
        return false;
    buf_add_char(&c->b, '"');
    return true;
}

/* ---- ids ---- */

/* What a page of ours uses for itself, as the beginning of an id. */
static bool is_page_id(str id)
{
    static const str prefixes[] = {
        STR_INIT("reply"),   STR_INIT("replies"), STR_INIT("comment"), STR_INIT("respond"),
        STR_INIT("site-"),   STR_INIT("gh-"),     STR_INIT("page-"),   STR_INIT("desk-"),
        STR_INIT("search"),  STR_INIT("main"),    STR_INIT("content"), STR_INIT("skip"),
        STR_INIT("related"), STR_INIT("latest"),  STR_INIT("popular"), STR_INIT("also-"),
        STR_INIT("ghost-"),  STR_INIT("nav-"),    STR_INIT("footer"),  STR_INIT("header"),
        STR_INIT("slot-"),   STR_INIT("bs-"),
    };
    return has_prefix(id, prefixes, sizeof(prefixes) / sizeof(prefixes[0]));
}

/* No property of window, document or a form has a hyphen in its name, so an id with one shadows none.
 * "h-" is the mark that WordPress sets before the anchors of headings, too. */
bool clean_id(struct arena *arena, str id, str *ret_id)
{
    if (id.len == 0 || id.len > CLEAN_ID_MAX)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        unsigned char byte = (unsigned char)id.ptr[i];
        if (byte <= ' ' || byte == 0x7F || str_find_char(S("\"'<>&`\\"), id.ptr[i]) != STR_NPOS)
            return false;
    }
    bool safe = str_starts(id, S("h-")) ||
                (str_find_char(id, '-') != STR_NPOS && !is_page_id(str_lower(arena, id)));
    *ret_id = safe ? id : str_join2(arena, S("h-"), id);
    return ret_id->len <= CLEAN_ID_MAX && utf8_valid(*ret_id);
}

static bool add_id(struct cleaner *c, str value)
{
    str id;

    if (!clean_id(c->arena, value, &id) || map_get(&c->ids, id) != NULL)
        return false;
    (void)map_set(&c->ids, id, c);
    clean_add_attr(c, S("id"), id);
    return true;
}

/* ---- styles ---- */

static bool is_one_of(str s, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_nocase(s, list[i]))
            return true;
    }
    return false;
}

/* "33.33%", from 1 to 100. */
static bool is_percent(str value)
{
    double n;
    return value.len <= 8 && str_ends(value, S("%")) &&
           str_to_double(str_sub(value, 0, value.len - 1), &n) && n >= 1 && n <= 100 &&
           str_find_nocase(value, S("e")) == STR_NPOS;
}

static bool declaration_allowed(str name, str value)
{
    static const str alignments[] = {STR_INIT("left"),    STR_INIT("right"), STR_INIT("center"),
                                     STR_INIT("justify"), STR_INIT("start"), STR_INIT("end")};
    if (str_eq_nocase(name, S("text-align")))
        return is_one_of(value, alignments, sizeof(alignments) / sizeof(alignments[0]));
    if (str_eq_nocase(name, S("width")) || str_eq_nocase(name, S("flex-basis")))
        return is_percent(value);
    return false;
}

static bool add_style(struct cleaner *c, str value)
{
    bool any = false;

    while (value.len > 0) {
        str declaration = str_cut(&value, ';');
        str name = str_trim(str_cut(&declaration, ':'));
        str property = str_trim(declaration);
        if (!declaration_allowed(name, property))
            continue;
        buf_add(&c->b, any ? S(";") : S(" style=\""));
        buf_add(&c->b, str_lower(c->arena, name));
        buf_add_char(&c->b, ':');
        buf_add(&c->b, str_lower(c->arena, property));
        any = true;
    }
    if (any)
        buf_add_char(&c->b, '"');
    return any;
}

/* ---- addresses ---- */

/* One candidate of a srcset: an address and a descriptor such as "640w" or "1.5x". */
static bool descriptor_allowed(str s)
{
    double n;
    if (s.len == 0)
        return true;
    char unit = s.ptr[s.len - 1];
    return (unit == 'w' || unit == 'x') && s.len <= 8 && str_find_nocase(s, S("e")) == STR_NPOS &&
           str_to_double(str_sub(s, 0, s.len - 1), &n) && n > 0;
}

static bool media_allowed(const struct cleaner *c, str url)
{
    return c->profile->foreign_media == CLEAN_FOREIGN_KEEP || clean_is_ours(c, url);
}

static bool add_srcset(struct cleaner *c, str value)
{
    bool any = false;

    while (value.len > 0) {
        str url = take_word(&value), clean, descriptor = STR_NONE;
        if (str_ends(url, S(",")))
            url.len--;
        else
            descriptor = str_trim(str_cut(&value, ','));
        if (!clean_media_url(c->arena, url, &clean) || !media_allowed(c, clean) ||
            !descriptor_allowed(descriptor) || str_starts(clean, S(",")) || str_ends(clean, S(",")))
            continue;
        buf_add(&c->b, any ? S(", ") : S(" srcset=\""));
        html_add_value(&c->b, clean);
        if (descriptor.len > 0) {
            buf_add_char(&c->b, ' ');
            buf_add(&c->b, descriptor);
        }
        any = true;
    }
    if (any)
        buf_add_char(&c->b, '"');
    return any;
}

static bool add_media_url(struct cleaner *c, str name, str value)
{
    str url;
    if (!clean_media_url(c->arena, value, &url) || !media_allowed(c, url))
        return false;
    clean_add_attr(c, name, url);
    return true;
}

bool clean_has_word(str words, str wanted)
{
    for (str word = take_word(&words); word.len > 0; word = take_word(&words)) {
        if (str_eq_nocase(word, wanted))
            return true;
    }
    return false;
}

/* rel is ours to say, apart from what tells robots not to follow. */
static void add_rel(struct cleaner *c, const GumboNode *node, str href)
{
    static const str kept[] = {STR_INIT("nofollow"), STR_INIT("sponsored"), STR_INIT("ugc")};
    enum url_kind kind = url_kind(href);
    bool web = kind == URL_HTTP || kind == URL_HTTPS;

    if (c->profile->kind == CLEAN_REPLY) {
        buf_add(&c->b, S(" rel=\"ugc nofollow noopener\""));
        return;
    }
    str rel = clean_attr_find(c, node, S("rel"));
    bool any = web && !clean_is_ours(c, href);
    if (any)
        buf_add(&c->b, S(" rel=\"noopener"));
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (!clean_has_word(rel, kept[i]))
            continue;
        buf_add(&c->b, any ? S(" ") : S(" rel=\""));
        buf_add(&c->b, kept[i]);
        any = true;
    }
    if (any)
        buf_add_char(&c->b, '"');
}

/* ---- the table of attributes ---- */

enum attr_kind {
    ATTR_URL, /* judged by the caller */
    ATTR_MEDIA_URL,
    ATTR_SRCSET,
    ATTR_TEXT,
    ATTR_NUMBER,
    ATTR_FLAG,
    ATTR_TOKEN, /* letters and hyphens */
    ATTR_DATE,
    ATTR_MIME,
    ATTR_SIZES,
    ATTR_LANG,
    ATTR_CLASS,
    ATTR_ID,
    ATTR_NAME,
    ATTR_STYLE,
    ATTR_PLAYER,
};

static const struct attr_rule {
    str name;
    uint16_t groups;
    enum attr_kind kind;
} attr_rules[] = {
    {STR_INIT("abbr"), ATTRS_CELL, ATTR_TEXT},
    {STR_INIT("alt"), ATTRS_PICTURE, ATTR_TEXT},
    {STR_INIT("aria-hidden"), ATTRS_ALL, ATTR_TOKEN},
    {STR_INIT("aria-label"), ATTRS_ALL, ATTR_TEXT},
    {STR_INIT("class"), ATTRS_ALL, ATTR_CLASS},
    {STR_INIT("colspan"), ATTRS_CELL, ATTR_NUMBER},
    {STR_INIT("data-added"), ATTRS_PICTURE, ATTR_TOKEN}, /* text/pictures.h */
    {STR_INIT("data-embed-src"), ATTRS_LINK, ATTR_PLAYER},
    {STR_INIT("datetime"), ATTRS_TIME, ATTR_DATE},
    {STR_INIT("decoding"), ATTRS_PICTURE, ATTR_TOKEN},
    {STR_INIT("default"), ATTRS_TRACK, ATTR_FLAG},
    {STR_INIT("dir"), ATTRS_ALL, ATTR_TOKEN},
    {STR_INIT("fetchpriority"), ATTRS_PICTURE, ATTR_TOKEN},
    {STR_INIT("height"), ATTRS_SIZE, ATTR_NUMBER},
    {STR_INIT("href"), ATTRS_LINK, ATTR_URL},
    {STR_INIT("hreflang"), ATTRS_LINK, ATTR_LANG},
    {STR_INIT("id"), ATTRS_ALL, ATTR_ID},
    {STR_INIT("kind"), ATTRS_TRACK, ATTR_TOKEN},
    {STR_INIT("label"), ATTRS_TRACK, ATTR_TEXT},
    {STR_INIT("lang"), ATTRS_ALL, ATTR_LANG},
    {STR_INIT("loading"), ATTRS_PICTURE, ATTR_TOKEN},
    {STR_INIT("loop"), ATTRS_PLAYED, ATTR_FLAG},
    {STR_INIT("muted"), ATTRS_PLAYED, ATTR_FLAG},
    {STR_INIT("name"), ATTRS_LINK, ATTR_NAME},
    {STR_INIT("open"), ATTRS_DETAILS, ATTR_FLAG},
    {STR_INIT("playsinline"), ATTRS_PLAYED, ATTR_FLAG},
    {STR_INIT("poster"), ATTRS_PLAYED, ATTR_MEDIA_URL},
    {STR_INIT("reversed"), ATTRS_LIST, ATTR_FLAG},
    {STR_INIT("rowspan"), ATTRS_CELL, ATTR_NUMBER},
    {STR_INIT("scope"), ATTRS_CELL, ATTR_TOKEN},
    {STR_INIT("sizes"), ATTRS_PICTURE, ATTR_SIZES},
    {STR_INIT("span"), ATTRS_COLUMN, ATTR_NUMBER},
    {STR_INIT("src"), ATTRS_PICTURE | ATTRS_PLAYED | ATTRS_SOURCE | ATTRS_TRACK, ATTR_URL},
    {STR_INIT("srclang"), ATTRS_TRACK, ATTR_LANG},
    {STR_INIT("srcset"), ATTRS_PICTURE, ATTR_SRCSET},
    {STR_INIT("start"), ATTRS_LIST, ATTR_NUMBER},
    {STR_INIT("style"), ATTRS_ALL, ATTR_STYLE},
    {STR_INIT("title"), ATTRS_ALL, ATTR_TEXT},
    {STR_INIT("type"), ATTRS_SOURCE, ATTR_MIME},
    {STR_INIT("type"), ATTRS_LIST, ATTR_TOKEN},
    {STR_INIT("value"), ATTRS_ITEM, ATTR_NUMBER},
    {STR_INIT("width"), ATTRS_SIZE, ATTR_NUMBER},
};

static const struct attr_rule *rule_of(str name, uint16_t groups)
{
    for (size_t i = 0; i < sizeof(attr_rules) / sizeof(attr_rules[0]); i++) {
        const struct attr_rule *rule = &attr_rules[i];
        if (rule->name.ptr[0] == name.ptr[0] && str_eq(rule->name, name) &&
            (rule->groups == ATTRS_ALL || (rule->groups & groups) != 0))
            return rule;
    }
    return NULL;
}

static bool all_of(str s, str more, size_t len_max)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!ascii_is_alnum(s.ptr[i]) && str_find_char(more, s.ptr[i]) == STR_NPOS)
            return false;
    }
    return s.len > 0 && s.len <= len_max;
}

static bool add_if(struct cleaner *c, str name, str value, bool allowed)
{
    if (allowed)
        clean_add_attr(c, name, value);
    return allowed;
}

static bool add_player(struct cleaner *c, str value)
{
    str url, player, page, service;
    if (!clean_media_url(c->arena, value, &url) ||
        !clean_player(c->arena, url, &player, &page, &service))
        return false;
    clean_add_attr(c, S("data-embed-src"), player);
    return true;
}

static bool add_by_rule(struct cleaner *c, const struct attr_rule *rule, const GumboNode *node,
                        str value, str url)
{
    uint64_t number;

    switch (rule->kind) {
    case ATTR_URL:
        return add_if(c, rule->name, url, url.ptr != NULL);
    case ATTR_MEDIA_URL:
        return add_media_url(c, rule->name, value);
    case ATTR_SRCSET:
        return add_srcset(c, value);
    case ATTR_TEXT:
        return add_if(c, rule->name, value, true);
    case ATTR_NUMBER:
        return add_if(c, rule->name, value, value.len <= 5 && str_to_u64(value, 99999, &number));
    case ATTR_FLAG:
        buf_add_char(&c->b, ' ');
        buf_add(&c->b, rule->name);
        return true;
    case ATTR_TOKEN:
        return add_if(c, rule->name, value, all_of(value, S("-"), 20));
    case ATTR_DATE:
        return add_if(c, rule->name, value, all_of(value, S("-+:. "), 40));
    case ATTR_MIME:
        return add_if(c, rule->name, value, all_of(value, S("-+./;=, \"_"), 100));
    case ATTR_SIZES:
        return add_if(c, rule->name, value, all_of(value, S("(): ,.-%+*/"), 300));
    case ATTR_LANG:
        return add_if(c, rule->name, value, language_valid(value));
    case ATTR_CLASS:
        return add_class(c, value);
    case ATTR_ID:
        return add_id(c, value);
    case ATTR_NAME: /* an anchor of old */
        return clean_attr_find(c, node, S("id")).ptr == NULL && add_id(c, value);
    case ATTR_STYLE:
        return add_style(c, value);
    case ATTR_PLAYER:
        return add_player(c, value);
    }
    return false;
}

/* Captions and replies have links only, and a caption says who made the picture. */
static bool rule_applies(const struct cleaner *c, const struct attr_rule *rule)
{
    enum clean_kind kind = c->profile->kind;
    return kind == CLEAN_STORY || rule->kind == ATTR_URL ||
           (kind == CLEAN_INLINE && rule->kind == ATTR_CLASS);
}

bool clean_attrs(struct cleaner *c, const GumboNode *node, GumboTag tag, str url)
{
    const GumboVector *attributes = &node->v.element.attributes;
    bool has_id = false;

    for (unsigned i = 0; i < attributes->length; i++) {
        const GumboAttribute *attribute = attributes->data[i];
        str name = str_from_c(attribute->name);
        const struct attr_rule *rule =
            name.len == 0 ? NULL : rule_of(name, element_rules[tag].attrs);
        bool known = rule != NULL && rule_applies(c, rule) &&
                     attribute->attr_namespace == GUMBO_ATTR_NAMESPACE_NONE;
        if (!known || !add_by_rule(c, rule, node, html_tree_text(c->tree, attribute->value), url))
            c->report->attrs++;
        else if (rule->kind == ATTR_ID || rule->kind == ATTR_NAME)
            has_id = true;
    }
    if (tag == GUMBO_TAG_A && url.ptr != NULL)
        add_rel(c, node, url);
    if (tag == GUMBO_TAG_AUDIO || tag == GUMBO_TAG_VIDEO)
        buf_add(&c->b, S(" controls preload=\"metadata\""));
    return has_id;
}
