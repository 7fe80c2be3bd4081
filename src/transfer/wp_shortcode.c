/* SPDX-License-Identifier: MIT */
#include "transfer/wp_shortcode.h"

/* ---- names ---- */

static const struct {
    str name;
    enum shortcode_kind kind;
} known[] = {
    {STR_INIT("caption"), SHORTCODE_CAPTION},
    {STR_INIT("wp_caption"), SHORTCODE_CAPTION},
    {STR_INIT("gallery"), SHORTCODE_GALLERY},
    {STR_INIT("vc_gallery"), SHORTCODE_GALLERY},
    {STR_INIT("et_pb_gallery"), SHORTCODE_GALLERY},
    {STR_INIT("audio"), SHORTCODE_MEDIA},
    {STR_INIT("video"), SHORTCODE_MEDIA},
    {STR_INIT("playlist"), SHORTCODE_PLAYLIST},
    {STR_INIT("embed"), SHORTCODE_EMBED},
    {STR_INIT("youtube"), SHORTCODE_EMBED},
    {STR_INIT("vimeo"), SHORTCODE_EMBED},
    {STR_INIT("tweet"), SHORTCODE_EMBED},
    {STR_INIT("instagram"), SHORTCODE_EMBED},
    {STR_INIT("facebook"), SHORTCODE_EMBED},
    {STR_INIT("soundcloud"), SHORTCODE_EMBED},
    {STR_INIT("spotify"), SHORTCODE_EMBED},
    {STR_INIT("dailymotion"), SHORTCODE_EMBED},
    {STR_INIT("vc_video"), SHORTCODE_EMBED},
    {STR_INIT("fusion_youtube"), SHORTCODE_EMBED},
    {STR_INIT("fusion_vimeo"), SHORTCODE_EMBED},
    {STR_INIT("et_pb_video"), SHORTCODE_EMBED},
    {STR_INIT("code"), SHORTCODE_CODE},
    {STR_INIT("sourcecode"), SHORTCODE_CODE},
    {STR_INIT("button"), SHORTCODE_BUTTON},
    {STR_INIT("fusion_button"), SHORTCODE_BUTTON},
    {STR_INIT("su_button"), SHORTCODE_BUTTON},
    {STR_INIT("vc_single_image"), SHORTCODE_IMAGE},
    {STR_INIT("et_pb_image"), SHORTCODE_IMAGE},
    {STR_INIT("vc_custom_heading"), SHORTCODE_HEADING},
    {STR_INIT("vc_raw_html"), SHORTCODE_RAW},
    {STR_INIT("vc_raw_js"), SHORTCODE_RAW},
    {STR_INIT("fusion_code"), SHORTCODE_RAW},
    {STR_INIT("contact-form"), SHORTCODE_RAW},
};

/* Well-known enough to be taken for a shortcode without attributes or an end. */
static const str plugins[] = {
    STR_INIT("contact-form-7"),
    STR_INIT("contact-field"),
    STR_INIT("wpforms"),
    STR_INIT("gravityform"),
    STR_INIT("gravityforms"),
    STR_INIT("ninja_form"),
    STR_INIT("ninja_forms"),
    STR_INIT("formidable"),
    STR_INIT("mc4wp_form"),
    STR_INIT("rev_slider"),
    STR_INIT("layerslider"),
    STR_INIT("metaslider"),
    STR_INIT("smartslider3"),
    STR_INIT("nggallery"),
    STR_INIT("ngg"),
    STR_INIT("ngg_images"),
    STR_INIT("slideshow"),
    STR_INIT("toc"),
    STR_INIT("ez-toc"),
    STR_INIT("addtoany"),
    STR_INIT("jetpack-related-posts"),
    STR_INIT("products"),
    STR_INIT("add_to_cart"),
    STR_INIT("display-posts"),
    STR_INIT("recent_posts"),
    STR_INIT("wp_sitemap_page"),
    STR_INIT("polldaddy"),
    STR_INIT("googlemaps"),
    STR_INIT("wpgmza"),
    STR_INIT("adrotate"),
    STR_INIT("adsense"),
    STR_INIT("do_widget"),
    STR_INIT("print_link"),
    STR_INIT("archives"),
    STR_INIT("blog_subscription_form"),
    STR_INIT("gigya"),
    STR_INIT("jetpack_subscription_form"),
    STR_INIT("twitter-timeline"),
    STR_INIT("scribd"),
    STR_INIT("slideshare"),
    STR_INIT("wpvideo"),
    STR_INIT("tablepress"),
};

static const str builders[] = {
    STR_INIT("vc_"),   STR_INIT("et_pb_"), STR_INIT("fusion_"),    STR_INIT("av_"),
    STR_INIT("cs_"),   STR_INIT("fl_"),    STR_INIT("mk_"),        STR_INIT("nectar_"),
    STR_INIT("us_"),   STR_INIT("su_"),    STR_INIT("tve_"),       STR_INIT("thrive_"),
    STR_INIT("qode_"), STR_INIT("tatsu_"), STR_INIT("wpb_"),       STR_INIT("x_"),
    STR_INIT("eltd_"), STR_INIT("mkdf_"),  STR_INIT("ux_"),        STR_INIT("bt_bb_"),
    STR_INIT("dt_"),   STR_INIT("kc_"),    STR_INIT("elementor-"), STR_INIT("siteorigin_"),
};

static enum shortcode_kind kind_of(str name)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(name, known[i].name))
            return known[i].kind;
    }
    for (size_t i = 0; i < ARRAY_LEN(builders); i++) {
        if (str_starts(name, builders[i]))
            return SHORTCODE_BUILDER;
    }
    for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
        if (str_eq(name, plugins[i]))
            return SHORTCODE_PLUGIN;
    }
    return SHORTCODE_UNKNOWN;
}

/* ---- attributes ---- */

static bool is_name_char(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

static size_t name_length(str s)
{
    size_t n = 0;
    while (n < s.len && is_name_char(s.ptr[n]))
        n++;
    return n;
}

static str skip_space(str s)
{
    while (s.len > 0 && ascii_is_space(s.ptr[0]))
        s = str_from(s, 1);
    return s;
}

/* "value", 'value' or a word. False when a quote has no end or something sticks to it. */
static bool value_next(str *rest, str *ret_value)
{
    char quote = rest->len > 0 ? rest->ptr[0] : 0;

    if (quote == '"' || quote == '\'') {
        size_t end = str_find_char(str_from(*rest, 1), quote);
        if (end == STR_NPOS)
            return false;
        *ret_value = str_sub(*rest, 1, end);
        *rest = str_from(*rest, end + 2);
        return rest->len == 0 || ascii_is_space(rest->ptr[0]);
    }
    size_t n = 0;
    while (n < rest->len && !ascii_is_space(rest->ptr[n]))
        n++;
    *ret_value = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return str_find_char(*ret_value, '<') == STR_NPOS && str_find_char(*ret_value, '"') == STR_NPOS;
}

/* Takes the next attribute off; `*ret_key` is empty for a bare value. False at the end or at a fault (then
 * `rest` is not empty). */
static bool attr_next(str *rest, str *ret_key, str *ret_value)
{
    str s = skip_space(*rest);

    if (s.len == 0) {
        *rest = s;
        return false;
    }
    size_t n = name_length(s);
    str after = skip_space(str_from(s, n));
    *ret_key = STR_NONE;
    if (n > 0 && str_starts(after, S("="))) {
        *ret_key = str_sub(s, 0, n);
        s = skip_space(str_from(after, 1));
    }
    if (!value_next(&s, ret_value))
        return false;
    *rest = s;
    return true;
}

static bool all_pairs(str attrs)
{
    str key, value;
    size_t pairs = 0;

    while (attr_next(&attrs, &key, &value))
        pairs += key.len > 0;
    return attrs.len == 0 && pairs > 0;
}

str shortcode_attr(const struct shortcode *code, str key)
{
    str rest = code->attrs, at, value;

    while (attr_next(&rest, &at, &value)) {
        if (str_eq_nocase(at, key))
            return str_trim(value);
    }
    return STR_NONE;
}

str shortcode_attr_of(const struct shortcode *code, const str *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        str value = shortcode_attr(code, keys[i]);
        if (value.len > 0)
            return value;
    }
    return STR_NONE;
}

/* ---- one tag ---- */

static bool next_close_at(str text, size_t at, size_t *next_close)
{
    if (*next_close != STR_NPOS && *next_close < at) {
        size_t found = str_find_char(str_from(text, at), ']');
        *next_close = found == STR_NPOS ? STR_NPOS : at + found;
    }
    return *next_close != STR_NPOS;
}

/* [name /] but not [embed https://a.test/b/] */
static bool ends_alone(str inner)
{
    char before = inner.len > 1 ? inner.ptr[inner.len - 2] : ' ';
    return str_ends(inner, S("/")) && (ascii_is_space(before) || before == '"' || before == '\'');
}

bool shortcode_read(str text, size_t at, size_t *next_close, struct shortcode *ret_code)
{
    enum { NAME_MAX_BYTES = 64, ATTRS_MAX_BYTES = 64 * 1024 };
    struct shortcode code = {.start = at};
    size_t name = at + 1;

    code.close = name < text.len && text.ptr[name] == '/';
    name += code.close;
    if (name >= text.len || text.ptr[name] < 'a' || text.ptr[name] > 'z')
        return false;
    code.name = str_sub(text, name, name_length(str_sub(text, name, NAME_MAX_BYTES + 1)));
    size_t after = name + code.name.len;
    if (code.name.len > NAME_MAX_BYTES || !next_close_at(text, after, next_close) ||
        *next_close - after > ATTRS_MAX_BYTES)
        return false;
    str inner = str_sub(text, after, *next_close - after);
    if (str_find_char(inner, '[') != STR_NPOS)
        return false;
    code.end = *next_close + 1;
    code.kind = kind_of(code.name);
    code.alone = ends_alone(inner);
    if (code.alone)
        inner.len--;
    if (inner.len > 0 && (inner.ptr[0] == '=' || inner.ptr[0] == ':') &&
        code.kind == SHORTCODE_EMBED)
        inner = str_from(inner, 1); /* [youtube=https://...] */
    else if (inner.len > 0 && !ascii_is_space(inner.ptr[0]))
        return false;
    code.attrs = str_trim(inner);
    if (code.close && code.attrs.len > 0)
        return false;
    code.pairs = all_pairs(code.attrs);
    *ret_code = code;
    return true;
}
