/* SPDX-License-Identifier: MIT
 *
 * Helpers that turn a value into another: asset img_url t social_url social_accounts readable_url
 * color_to_rgba contrast_text_color price (GHOST-THEMES 5, 9, 10.2). */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "news/setting.h"
#include "text/html.h"
#include "text/url.h"
#include "theme/date.h"
#include "theme/package.h"
#include "theme/phrases.h"
#include "theme/rendering.h"

/* ---- asset ---- */

/* "a.css" -> "a.min.css". */
static str with_min(struct arena *arena, str path)
{
    size_t dot = str_rfind_char(path, '.');
    if (dot == STR_NPOS)
        return path;
    return str_join3(arena, str_sub(path, 0, dot), S(".min"), str_from(path, dot));
}

enum status helper_asset(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    str path;
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &path, err);
    if (st != ST_OK)
        return st;
    size_t sharp = str_find_char(path, '#');
    str fragment = sharp == STR_NPOS ? STR_NONE : str_from(path, sharp);
    path = str_sub(path, 0, sharp);
    if (str_starts(path, S("/")))
        path = str_from(path, 1);
    if (call_bool(call, S("hasMinFile"), false))
        path = with_min(r->arena, path);
    str icon = r->req->site->icon;
    if (icon.len > 0 && (str_eq(path, S("favicon.ico")) || str_eq(path, S("favicon.png")))) {
        *ret = hbs_string(address_relative(r, icon));
        return ST_OK;
    }
    bool whole = str_starts(path, S("public/")) || str_starts(path, S("assets/"));
    path = str_join2(r->arena, whole ? S("/") : S("/assets/"), path);
    struct theme_asset asset;
    str mark = STR_NONE;
    if (theme_asset_find(r->theme, path, &asset))
        mark = str_join2(r->arena, S("?v="), asset.hash);
    *ret = hbs_html((html){str_join3(r->arena, html_escape(r->arena, path).raw, mark,
                                     html_escape(r->arena, fragment).raw)});
    return ST_OK;
}

/* ---- img_url ---- */

#define IMAGES_FOLDER "/content/images/"

/* The folders put between /content/images and the picture: size/w600h400/format/webp. */
static void add_size(struct buf *b, const struct package_image_size *size, str format)
{
    if (size != NULL) {
        buf_add(b, S("size/"));
        if (size->width > 0)
            buf_addf(b, "w%d", size->width);
        if (size->height > 0)
            buf_addf(b, "h%d", size->height);
        buf_add_char(b, '/');
        if (format.len > 0) {
            buf_add(b, S("format/"));
            buf_add(b, format);
            buf_add_char(b, '/');
        }
    }
}

static bool format_known(str format)
{
    static const str formats[] = {STR_INIT("avif"), STR_INIT("gif"), STR_INIT("jpg"),
                                  STR_INIT("png"), STR_INIT("webp")};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (str_eq(format, formats[i]))
            return true;
    }
    return false;
}

enum status helper_img_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct hbs_value value = hbs_call_arg(call, 0);
    str url, size_name, format;
    if (hbs_is_nothing(value))
        return ST_OK;
    enum status st = value_text(hbs_call_env(call), value, &url, err);
    if (st == ST_OK)
        st = call_text(call, S("size"), STR_NONE, &size_name, err);
    if (st == ST_OK)
        st = call_text(call, S("format"), STR_NONE, &format, err);
    if (st != ST_OK)
        return st;
    str path = address_relative(r, url);
    /* A drawing has no size to make, and a second size/ folder none to find. */
    bool ours = str_starts(path, S(IMAGES_FOLDER)) && !str_ends(path, S(".svg")) &&
                !str_starts(path, S(IMAGES_FOLDER "size/"));
    if (ours && size_name.len > 0) {
        const struct package_image_size *size = package_image_size(r->theme->package, size_name);
        struct buf b;
        buf_init(&b, r->arena, HBS_TEXT_BYTES_MAX);
        buf_add(&b, S(IMAGES_FOLDER));
        add_size(&b, size, format_known(format) ? format : STR_NONE);
        buf_add(&b, str_from(path, S(IMAGES_FOLDER).len));
        path = buf_view(&b);
    }
    *ret = hbs_string(call_bool(call, S("absolute"), false) ? address_absolute(r, path) : path);
    return ST_OK;
}

/* ---- t ---- */

static bool t_argument(void *ctx, str name, str *ret_text)
{
    const struct hbs_call *call = ctx;
    struct hbs_value value = hbs_call_hash(call, name);
    if (value.type == HBS_UNDEFINED)
        return false;
    return value_text(hbs_call_env(call), value, ret_text, NULL) == ST_OK;
}

enum status helper_t(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    str key, text;
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &key, err);
    if (st != ST_OK || key.len == 0)
        return st;
    text = rendering_text(r, key);
    if (str_find_char(text, '{') != STR_NPOS && hbs_call_hash_count(call) > 0) {
        struct buf b;
        buf_init(&b, r->arena, PHRASES_TEXT_BYTES_MAX);
        phrases_fill(&b, text, r->dates, t_argument, call);
        st = buf_finish(&b, &text, err);
    }
    *ret = hbs_string(text);
    return st;
}

/* ---- social accounts ---- */

/* In the order that {{#social_accounts}} shows them. */
static const struct {
    str type, name, before;
    str cut; /* a leading mark the address leaves off */
} networks[] = {
    {STR_INIT("twitter"), STR_INIT("X"), STR_INIT("https://x.com/"), STR_INIT("@")},
    {STR_INIT("facebook"), STR_INIT("Facebook"), STR_INIT("https://www.facebook.com/"),
     STR_INIT("/")},
    {STR_INIT("linkedin"), STR_INIT("LinkedIn"), STR_INIT("https://www.linkedin.com/"),
     STR_INIT("/")},
    {STR_INIT("bluesky"), STR_INIT("Bluesky"), STR_INIT("https://bsky.app/profile/"),
     STR_INIT("@")},
    {STR_INIT("threads"), STR_INIT("Threads"), STR_INIT("https://www.threads.net/@"),
     STR_INIT("@")},
    {STR_INIT("mastodon"), STR_INIT("Mastodon"), STR_INIT("https://"), STR_INIT("/")},
    {STR_INIT("tiktok"), STR_INIT("TikTok"), STR_INIT("https://www.tiktok.com/@"), STR_INIT("@")},
    {STR_INIT("youtube"), STR_INIT("YouTube"), STR_INIT("https://www.youtube.com/"), STR_INIT("/")},
    {STR_INIT("instagram"), STR_INIT("Instagram"), STR_INIT("https://www.instagram.com/"),
     STR_INIT("@")},
};
enum { NETWORKS = sizeof(networks) / sizeof(networks[0]) };

/* A LinkedIn name alone is a person's; "company/x" says otherwise. */
static str social_address(struct arena *arena, size_t network, str name)
{
    if (url_kind(name) == URL_HTTPS || url_kind(name) == URL_HTTP)
        return name;
    if (str_starts(name, networks[network].cut))
        name = str_from(name, networks[network].cut.len);
    bool person = str_eq(networks[network].type, S("linkedin")) && !str_contains(name, S("/"));
    return str_join3(arena, networks[network].before, person ? S("in/") : STR_NONE, name);
}

static bool network_find(str type, size_t *ret_network)
{
    for (size_t i = 0; i < NETWORKS; i++) {
        if (str_eq(networks[i].type, type)) {
            *ret_network = i;
            return true;
        }
    }
    return false;
}

/* The name kept for a network here, else the site's. */
static enum status social_name(const struct hbs_call *call, str type, str *ret, struct error *err)
{
    *ret = STR_NONE;
    enum status st = ST_OK;
    if (hbs_call_this(call).type == HBS_OBJECT)
        st = call_this_text(call, type, ret, err);
    if (st == ST_OK && ret->len == 0)
        *ret = site_setting(rendering_of_call(call)->req->site, type);
    return st;
}

static enum status social_url_of(const struct hbs_call *call, str type, struct hbs_value *ret,
                                 struct error *err)
{
    size_t network;
    str name;
    if (!network_find(type, &network))
        return ST_OK;
    enum status st = social_name(call, type, &name, err);
    if (st == ST_OK && name.len > 0)
        *ret = hbs_string(social_address(hbs_call_arena(call), network, name));
    return st;
}

enum status helper_social_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str type;
    enum status st = call_text(call, S("type"), STR_NONE, &type, err);
    return st == ST_OK ? social_url_of(call, type, ret, err) : st;
}

/* {{facebook_url}} and {{facebook_url "name"}}: the older way. */
static enum status one_network(struct hbs_call *call, str type, struct hbs_value *ret,
                               struct error *err)
{
    size_t network;
    struct hbs_value value = hbs_call_arg(call, 0);
    if (!hbs_is_text(value) || !network_find(type, &network))
        return social_url_of(call, type, ret, err);
    *ret = hbs_string(social_address(hbs_call_arena(call), network, value.text));
    return ST_OK;
}

enum status helper_facebook_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    return one_network(call, S("facebook"), ret, err);
}

enum status helper_twitter_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    return one_network(call, S("twitter"), ret, err);
}

static enum status social_turn(struct hbs_call *call, size_t network, str name, size_t index,
                               bool last, struct error *err)
{
    struct arena *arena = hbs_call_arena(call);
    struct hbs_map *map = hbs_map_new(arena);
    hbs_map_set(map, S("type"), hbs_string(networks[network].type));
    hbs_map_set(map, S("name"), hbs_string(networks[network].name));
    hbs_map_set(map, S("username"), hbs_string(name));
    hbs_map_set(map, S("href"), hbs_string(social_address(arena, network, name)));
    struct hbs_value context = hbs_map_value(map);
    const struct hbs_var vars[] = {
        {S("index"), hbs_number((double)index)},
        {S("number"), hbs_number((double)index + 1)},
        {S("key"), hbs_number((double)index)},
        {S("first"), hbs_bool(index == 0)},
        {S("last"), hbs_bool(last)},
    };
    return hbs_call_block(call,
                          &(struct hbs_frame){.context = &context,
                                              .vars = vars,
                                              .vars_count = sizeof(vars) / sizeof(vars[0]),
                                              .params = &context,
                                              .params_count = 1},
                          err);
}

enum status helper_social_accounts(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_env *env = hbs_call_env(call);
    struct hbs_value object = hbs_call_args(call) > 0 ? hbs_call_arg(call, 0) : hbs_call_this(call);
    str names[NETWORKS];
    size_t found = 0, shown = 0;
    enum status st = ST_OK;
    (void)ret;
    for (size_t i = 0; i < NETWORKS && st == ST_OK; i++) {
        names[i] = STR_NONE;
        if (object.type == HBS_OBJECT)
            st = value_get_text(env, object, networks[i].type, &names[i], err);
        found += names[i].len > 0;
    }
    if (st == ST_OK && found == 0)
        return hbs_call_inverse(call, NULL, err);
    for (size_t i = 0; i < NETWORKS && st == ST_OK; i++) {
        if (names[i].len == 0)
            continue;
        st = social_turn(call, i, names[i], shown, shown + 1 == found, err);
        shown++;
    }
    return st;
}

/* ---- readable_url, colours, price ---- */

/* https://www.example.org/a/ -> example.org/a */
enum status helper_readable_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str text;
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &text, err);
    if (st != ST_OK)
        return st;
    struct url url = url_split(text);
    str host = str_starts_nocase(url.host, S("www.")) ? str_from(url.host, 4) : url.host;
    str path = url.path;
    while (str_ends(path, S("/")))
        path.len--;
    *ret = hbs_string(url.has_authority ? str_join2(hbs_call_arena(call), host, path) : text);
    return ST_OK;
}

/* #rgb or #rrggbb. */
static bool colour_parse(str text, int ret_rgb[3])
{
    uint64_t n;
    if (str_starts(text, S("#")))
        text = str_from(text, 1);
    if ((text.len != 3 && text.len != 6) || !str_to_hex_u64(text, 0xffffff, &n))
        return false;
    for (int i = 0; i < 3; i++)
        ret_rgb[i] =
            text.len == 6 ? (int)(n >> (16 - 8 * i) & 0xff) : (int)(n >> (8 - 4 * i) & 0xf) * 17;
    return true;
}

enum status helper_color_to_rgba(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str text;
    int rgb[3];
    double alpha = 1;
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &text, err);
    if (st != ST_OK || !colour_parse(text, rgb))
        return st;
    (void)hbs_to_number(hbs_call_arg(call, 1), &alpha);
    struct buf b;
    buf_init(&b, hbs_call_arena(call), 100);
    buf_addf(&b, "rgba(%d, %d, %d, ", rgb[0], rgb[1], rgb[2]);
    hbs_add_number(&b, alpha);
    buf_add_char(&b, ')');
    *ret = hbs_string(buf_view(&b));
    return ST_OK;
}

enum status helper_contrast_text_color(struct hbs_call *call, struct hbs_value *ret,
                                       struct error *err)
{
    str text;
    int rgb[3];
    enum status st = value_text(hbs_call_env(call), hbs_call_arg(call, 0), &text, err);
    if (st != ST_OK || !colour_parse(text, rgb))
        return st;
    int luma = (299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2]) / 1000;
    *ret = hbs_string(luma >= 186 ? S("#000000") : S("#FFFFFF"));
    return ST_OK;
}

static str currency_symbol(str code)
{
    static const struct {
        str code, symbol;
    } known[] = {
        {STR_INIT("usd"), STR_INIT("$")},   {STR_INIT("eur"), STR_INIT("€")},
        {STR_INIT("gbp"), STR_INIT("£")},   {STR_INIT("jpy"), STR_INIT("¥")},
        {STR_INIT("inr"), STR_INIT("₹")},   {STR_INIT("aud"), STR_INIT("A$")},
        {STR_INIT("cad"), STR_INIT("CA$")},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_eq_nocase(code, known[i].code))
            return known[i].symbol;
    }
    return code;
}

/* {{price 500 currency="USD"}} -> $5; nothing for what is no number of cents. */
enum status helper_price(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    double cents;
    str currency, numbers, format;
    if (!hbs_to_number(hbs_call_arg(call, 0), &cents) || !(cents >= 0 && cents < 1e15))
        return ST_OK;
    enum status st = call_text(call, S("currency"), STR_NONE, &currency, err);
    if (st == ST_OK)
        st = call_text(call, S("numberFormat"), S("short"), &numbers, err);
    if (st == ST_OK)
        st = call_text(call, S("currencyFormat"), S("symbol"), &format, err);
    if (st != ST_OK)
        return st;
    struct buf b;
    buf_init(&b, hbs_call_arena(call), 200);
    if (currency.len > 0)
        buf_add(&b, str_eq(format, S("symbol")) ? currency_symbol(currency) : currency);
    int64_t whole = (int64_t)cents / 100, rest = (int64_t)cents % 100;
    buf_add_int(&b, whole);
    if (rest > 0 || str_eq(numbers, S("long")))
        buf_addf(&b, ".%02d", (int)rest);
    *ret = hbs_string(buf_view(&b));
    return ST_OK;
}
