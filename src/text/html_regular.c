/* SPDX-License-Identifier: MIT
 *
 * One pass over a copy of the text. Text, names and values stay where they are in it: references are
 * decoded in place, as what they stand for is never longer, and the byte behind each piece ('<', '=', the
 * quote), read by then, becomes the NUL that gumbo's nodes end with.
 *
 * Children wait on a stack until their parent ends and takes its own off the top. */
#include "text/html_regular.h"

#include "base/arena.h"

/* ---- elements ---- */

enum { WAITING_MIN = 256 };

enum {
    IS_VOID = 1 << 0,
    IS_BLOCK = 1 << 1,   /* closes an open p: refused while one is open */
    IS_HEADING = 1 << 2, /* not within another */
    IS_FORMAT = 1 << 3,  /* in the list of active formatting elements: not within its own kind */
    IS_ITEM = 1 << 4,    /* a child of a list */
    IS_LIST = 1 << 5,
    IS_PRE = 1 << 6, /* swallows a newline that begins it */
    IS_P = 1 << 7,
};

struct rule {
    str name;
    GumboTag tag;
    unsigned is;
};

/* By first letter, then those met most. */
static const struct rule rules[] = {
    {STR_INIT("a"), GUMBO_TAG_A, IS_FORMAT},
    {STR_INIT("abbr"), GUMBO_TAG_ABBR, 0},
    {STR_INIT("article"), GUMBO_TAG_ARTICLE, IS_BLOCK},
    {STR_INIT("aside"), GUMBO_TAG_ASIDE, IS_BLOCK},
    {STR_INIT("br"), GUMBO_TAG_BR, IS_VOID},
    {STR_INIT("b"), GUMBO_TAG_B, IS_FORMAT},
    {STR_INIT("blockquote"), GUMBO_TAG_BLOCKQUOTE, IS_BLOCK},
    {STR_INIT("big"), GUMBO_TAG_BIG, IS_FORMAT},
    {STR_INIT("cite"), GUMBO_TAG_CITE, 0},
    {STR_INIT("code"), GUMBO_TAG_CODE, IS_FORMAT},
    {STR_INIT("div"), GUMBO_TAG_DIV, IS_BLOCK},
    {STR_INIT("del"), GUMBO_TAG_DEL, 0},
    {STR_INIT("em"), GUMBO_TAG_EM, IS_FORMAT},
    {STR_INIT("figure"), GUMBO_TAG_FIGURE, IS_BLOCK},
    {STR_INIT("figcaption"), GUMBO_TAG_FIGCAPTION, IS_BLOCK},
    {STR_INIT("footer"), GUMBO_TAG_FOOTER, IS_BLOCK},
    {STR_INIT("h2"), GUMBO_TAG_H2, IS_BLOCK | IS_HEADING},
    {STR_INIT("h3"), GUMBO_TAG_H3, IS_BLOCK | IS_HEADING},
    {STR_INIT("hr"), GUMBO_TAG_HR, IS_VOID | IS_BLOCK},
    {STR_INIT("h4"), GUMBO_TAG_H4, IS_BLOCK | IS_HEADING},
    {STR_INIT("h1"), GUMBO_TAG_H1, IS_BLOCK | IS_HEADING},
    {STR_INIT("h5"), GUMBO_TAG_H5, IS_BLOCK | IS_HEADING},
    {STR_INIT("h6"), GUMBO_TAG_H6, IS_BLOCK | IS_HEADING},
    {STR_INIT("header"), GUMBO_TAG_HEADER, IS_BLOCK},
    {STR_INIT("img"), GUMBO_TAG_IMG, IS_VOID},
    {STR_INIT("i"), GUMBO_TAG_I, IS_FORMAT},
    {STR_INIT("ins"), GUMBO_TAG_INS, 0},
    {STR_INIT("kbd"), GUMBO_TAG_KBD, 0},
    {STR_INIT("li"), GUMBO_TAG_LI, IS_BLOCK | IS_ITEM},
    {STR_INIT("mark"), GUMBO_TAG_MARK, 0},
    {STR_INIT("ol"), GUMBO_TAG_OL, IS_BLOCK | IS_LIST},
    {STR_INIT("p"), GUMBO_TAG_P, IS_BLOCK | IS_P},
    {STR_INIT("pre"), GUMBO_TAG_PRE, IS_BLOCK | IS_PRE},
    {STR_INIT("q"), GUMBO_TAG_Q, 0},
    {STR_INIT("strong"), GUMBO_TAG_STRONG, IS_FORMAT},
    {STR_INIT("span"), GUMBO_TAG_SPAN, 0},
    {STR_INIT("section"), GUMBO_TAG_SECTION, IS_BLOCK},
    {STR_INIT("small"), GUMBO_TAG_SMALL, IS_FORMAT},
    {STR_INIT("sup"), GUMBO_TAG_SUP, 0},
    {STR_INIT("sub"), GUMBO_TAG_SUB, 0},
    {STR_INIT("s"), GUMBO_TAG_S, IS_FORMAT},
    {STR_INIT("time"), GUMBO_TAG_TIME, 0},
    {STR_INIT("ul"), GUMBO_TAG_UL, IS_BLOCK | IS_LIST},
    {STR_INIT("u"), GUMBO_TAG_U, IS_FORMAT},
};

static const struct rule *rule_of(str name)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (rules[i].name.ptr[0] == name.ptr[0] && str_eq(rules[i].name, name))
            return &rules[i];
    }
    return NULL;
}

/* ---- the reader ---- */

struct open_element {
    GumboNode *node;
    const struct rule *rule;
    size_t children; /* where its own begin on the stack of those who wait */
};

struct reader {
    struct arena *arena;
    char *at, *end;                                       /* of the copy; *end is NUL */
    struct open_element open[HTML_REGULAR_DEPTH_MAX + 1]; /* [0] is the root */
    size_t depth;
    size_t p_open, headings_open;
    uint64_t formats_open; /* a bit for each rule */
    GumboNode **waiting;
    size_t waiting_count, waiting_cap;
};
static_assert(ARRAY_LEN(rules) <= 64, "formats_open has a bit for each rule");

static GumboNode *node_new(struct reader *r, GumboNodeType type)
{
    GumboNode *node = arena_new_one(r->arena, GumboNode);
    node->type = type;
    return node;
}

static void add_child(struct reader *r, GumboNode *node)
{
    const struct open_element *parent = &r->open[r->depth];
    if (r->waiting_count == r->waiting_cap) {
        size_t cap = r->waiting_cap == 0 ? WAITING_MIN : r->waiting_cap * 2;
        r->waiting = arena_grow(r->arena, r->waiting, size_mul(r->waiting_cap, sizeof(*r->waiting)),
                                size_mul(cap, sizeof(*r->waiting)), _Alignof(GumboNode *));
        r->waiting_cap = cap;
    }
    node->parent = parent->node;
    node->index_within_parent = r->waiting_count - parent->children;
    r->waiting[r->waiting_count++] = node;
}

static GumboVector vector_of(struct reader *r, const void *pointers, size_t count)
{
    GumboVector vector = {0};
    if (count > 0) {
        vector.data = arena_alloc(r->arena, size_mul(count, sizeof(void *)), _Alignof(void *));
        vector.length = vector.capacity = u32_from_size(count);
        memcpy(vector.data, pointers, count * sizeof(void *));
    }
    return vector;
}

/* The innermost open element is whole. */
static void take_children(struct reader *r)
{
    const struct open_element *e = &r->open[r->depth];
    size_t count = r->waiting_count - e->children;

    if (count == 0)
        return;
    e->node->v.element.children = vector_of(r, r->waiting + e->children, count);
    r->waiting_count = e->children;
}

/* ---- characters ---- */

/* Bytes of the character at `p` when gumbo leaves it as it is: controls and noncharacters it replaces. */
static size_t kept_len(const unsigned char *p)
{
    if (p[0] < 0x80)
        return (p[0] >= ' ' && p[0] != 0x7F) || p[0] == '\n' || p[0] == '\t' ? 1 : 0;
    if (p[0] == 0xC2)
        return p[1] >= 0xA0 ? 2 : 0;
    if (p[0] < 0xE0)
        return 2;
    if (p[0] < 0xEF)
        return 3;
    if (p[0] == 0xEF)
        return p[1] == 0xBC || p[1] == 0xBD ? 3 : 0;             /* wide and narrow forms */
    return p[0] == 0xF0 && p[1] == 0x9F && p[2] != 0xBF ? 4 : 0; /* emoji among others */
}

static const struct {
    str reference, text;
} references[] = {
    {STR_INIT("&amp;"), STR_INIT("&")},
    {STR_INIT("&nbsp;"), STR_INIT("\xC2\xA0")},
    {STR_INIT("&lt;"), STR_INIT("<")},
    {STR_INIT("&gt;"), STR_INIT(">")},
    {STR_INIT("&quot;"), STR_INIT("\"")},
    {STR_INIT("&#39;"), STR_INIT("'")},
    {STR_INIT("&#039;"), STR_INIT("'")},
    {STR_INIT("&#38;"), STR_INIT("&")},
    {STR_INIT("&#038;"), STR_INIT("&")},
    {STR_INIT("&#160;"), STR_INIT("\xC2\xA0")},
    {STR_INIT("&#8211;"), STR_INIT("\xE2\x80\x93")},
    {STR_INIT("&#8212;"), STR_INIT("\xE2\x80\x94")},
    {STR_INIT("&#8216;"), STR_INIT("\xE2\x80\x98")},
    {STR_INIT("&#8217;"), STR_INIT("\xE2\x80\x99")},
    {STR_INIT("&#8220;"), STR_INIT("\xE2\x80\x9C")},
    {STR_INIT("&#8221;"), STR_INIT("\xE2\x80\x9D")},
    {STR_INIT("&#8230;"), STR_INIT("\xE2\x80\xA6")},
    {STR_INIT("&ndash;"), STR_INIT("\xE2\x80\x93")},
    {STR_INIT("&mdash;"), STR_INIT("\xE2\x80\x94")},
    {STR_INIT("&lsquo;"), STR_INIT("\xE2\x80\x98")},
    {STR_INIT("&rsquo;"), STR_INIT("\xE2\x80\x99")},
    {STR_INIT("&ldquo;"), STR_INIT("\xE2\x80\x9C")},
    {STR_INIT("&rdquo;"), STR_INIT("\xE2\x80\x9D")},
    {STR_INIT("&hellip;"), STR_INIT("\xE2\x80\xA6")},
};

static bool read_reference(struct reader *r, char **to)
{
    str rest = str_from_range(r->at, r->end);
    for (size_t i = 0; i < ARRAY_LEN(references); i++) {
        if (!str_starts(rest, references[i].reference))
            continue;
        memcpy(*to, references[i].text.ptr, references[i].text.len);
        *to += references[i].text.len;
        r->at += references[i].reference.len;
        return true;
    }
    return false;
}

/* Most bytes of most texts. */
static inline bool is_plain(char c)
{
    return (c >= ' ' && c < 0x7F && c != '&') || c == '\n';
}

/* From r->at up to `stop` or the end, decoded in place. *ret_end is where the NUL belongs: at r->at or before. */
static bool read_chars(struct reader *r, char stop, char **ret_end)
{
    char *to = r->at;

    for (;;) {
        char *run = r->at;
        while (is_plain(*r->at) && *r->at != stop) /* not the NUL at the end */
            r->at++;
        size_t plain = (size_t)(r->at - run);
        if (to != run)
            memmove(to, run, plain);
        to += plain;
        if (r->at == r->end || *r->at == stop)
            break;
        size_t len = *r->at == '&' ? 0 : kept_len((const unsigned char *)r->at);
        if (len == 0) {
            if (!read_reference(r, &to))
                return false;
            continue;
        }
        if (to != r->at)
            memmove(to, r->at, len);
        to += len;
        r->at += len;
    }
    *ret_end = to;
    return true;
}

/* Leaves r->at where a '<' was, or at the end. */
static bool read_text(struct reader *r)
{
    GumboNode *node = node_new(r, GUMBO_NODE_TEXT); /* also for what gumbo calls WHITESPACE */
    char *end;

    node->v.text.text = r->at;
    if (!read_chars(r, '<', &end))
        return false;
    *end = '\0';
    add_child(r, node);
    return true;
}

/* Past "<!--". Within it nothing may look like its end, or like another's beginning. */
static bool read_comment(struct reader *r)
{
    GumboNode *node = node_new(r, GUMBO_NODE_COMMENT);
    char *begin = r->at;

    if (*begin == '-' || *begin == '>')
        return false;
    while (*r->at != '-') {
        size_t len = *r->at == '<' ? 0 : kept_len((const unsigned char *)r->at);
        if (len == 0) /* the NUL at the end, too */
            return false;
        r->at += len;
        if (r->at[0] == '-' && r->at[1] != '-')
            r->at++;
    }
    if (!str_starts(str_from_range(r->at, r->end), S("-->")))
        return false;
    *r->at = '\0';
    r->at += S("-->").len;
    node->v.text.text = begin;
    add_child(r, node);
    return true;
}

/* ---- tags ---- */

static str read_name(struct reader *r)
{
    char *begin = r->at;
    while ((*r->at >= 'a' && *r->at <= 'z') ||
           (r->at > begin && (ascii_is_digit(*r->at) || *r->at == '-')))
        r->at++;
    return str_from_range(begin, r->at);
}

static bool skip_space(struct reader *r)
{
    char *begin = r->at;
    while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t')
        r->at++;
    return r->at > begin;
}

/* name="value" or name='value'. */
static bool read_attr(struct reader *r, GumboAttribute *attr)
{
    char *end;
    str name = read_name(r);

    if (name.len == 0 || r->at[0] != '=' || (r->at[1] != '"' && r->at[1] != '\''))
        return false;
    attr->name = name.ptr;
    *r->at++ = '\0';
    char quote = *r->at++;
    attr->value = r->at;
    if (!read_chars(r, quote, &end) || r->at == r->end)
        return false;
    r->at++;
    *end = '\0';
    return true;
}

/* Up to the '>', which may have a slash before it when the element is void. */
static bool read_attrs(struct reader *r, const struct rule *rule, GumboVector *ret_attrs)
{
    GumboAttribute *attrs[HTML_REGULAR_ATTRS_MAX];
    size_t count = 0;
    bool spaced = skip_space(r);

    while (*r->at != '>' && *r->at != '/') {
        GumboAttribute *attr = arena_new_one(r->arena, GumboAttribute);
        if (!spaced || count == HTML_REGULAR_ATTRS_MAX || !read_attr(r, attr))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(attrs[i]->name, attr->name) == 0)
                return false; /* the second does not count */
        }
        attrs[count++] = attr;
        spaced = skip_space(r);
    }
    if (*r->at == '/') {
        r->at++;
        if ((rule->is & IS_VOID) == 0 || *r->at != '>')
            return false;
    }
    r->at++;
    *ret_attrs = vector_of(r, attrs, count);
    return true;
}

static uint64_t bit_of(const struct rule *rule)
{
    return (uint64_t)1 << (rule - rules);
}

/* Whether a parser would put it just where it stands. */
static bool stands_here(const struct reader *r, const struct rule *rule)
{
    const struct rule *parent = r->open[r->depth].rule;

    return ((rule->is & IS_BLOCK) == 0 || r->p_open == 0) &&
           ((rule->is & IS_HEADING) == 0 || r->headings_open == 0) &&
           ((rule->is & IS_FORMAT) == 0 || (r->formats_open & bit_of(rule)) == 0) &&
           ((rule->is & IS_ITEM) == 0 || (parent != NULL && (parent->is & IS_LIST) != 0)) &&
           r->depth < HTML_REGULAR_DEPTH_MAX;
}

static bool read_start_tag(struct reader *r)
{
    const struct rule *rule = rule_of(read_name(r));

    if (rule == NULL || !stands_here(r, rule))
        return false;
    GumboNode *node = node_new(r, GUMBO_NODE_ELEMENT);
    node->v.element.tag = rule->tag;
    node->v.element.tag_namespace = GUMBO_NAMESPACE_HTML;
    if (!read_attrs(r, rule, &node->v.element.attributes))
        return false;
    add_child(r, node);
    if ((rule->is & IS_VOID) != 0)
        return true;
    if ((rule->is & IS_PRE) != 0 && *r->at == '\n')
        return false;
    r->p_open += (rule->is & IS_P) != 0;
    r->headings_open += (rule->is & IS_HEADING) != 0;
    if ((rule->is & IS_FORMAT) != 0)
        r->formats_open |= bit_of(rule);
    r->open[++r->depth] =
        (struct open_element){.node = node, .rule = rule, .children = r->waiting_count};
    return true;
}

static bool read_end_tag(struct reader *r)
{
    const struct rule *rule = r->open[r->depth].rule;

    if (rule == NULL || !str_eq(read_name(r), rule->name) || *r->at != '>')
        return false;
    r->at++;
    take_children(r);
    r->depth--;
    r->p_open -= (rule->is & IS_P) != 0;
    r->headings_open -= (rule->is & IS_HEADING) != 0;
    if ((rule->is & IS_FORMAT) != 0)
        r->formats_open &= ~bit_of(rule);
    return true;
}

/* Past the '<'. */
static bool read_markup(struct reader *r)
{
    if (*r->at == '/') {
        r->at++;
        return read_end_tag(r);
    }
    if (str_starts(str_from_range(r->at, r->end), S("!--"))) {
        r->at += S("!--").len;
        return read_comment(r);
    }
    return read_start_tag(r);
}

bool html_regular_parse(struct arena *arena, str text, const GumboNode **ret_root)
{
    if (text.len > HTML_REGULAR_MAX)
        return false;
    struct reader *r = arena_new_one(arena, struct reader);
    r->arena = arena;
    r->at = str_copy_c(arena, text);
    r->end = r->at + text.len;
    r->open[0].node = node_new(r, GUMBO_NODE_ELEMENT);
    r->open[0].node->v.element.tag = GUMBO_TAG_HTML;
    while (r->at < r->end) {
        if (*r->at != '<' && !read_text(r))
            return false;
        if (r->at == r->end)
            break;
        r->at++; /* the '<', which is a NUL by now when text stood before it */
        if (!read_markup(r))
            return false;
    }
    if (r->depth > 0)
        return false;
    take_children(r);
    *ret_root = r->open[0].node;
    return true;
}
