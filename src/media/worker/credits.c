/* SPDX-License-Identifier: MIT
 *
 * XMP goes through expat, with a document type refused, so that no entity can grow. A field is known by
 * namespace and local name; inside it an rdf:Alt gives its first item (x-default comes first by rule), an
 * rdf:Seq all of them, joined by commas. */
#include "media/worker/credits.h"

#include "media/worker/protocol.h"

#include <expat.h>

/* ---- texts ---- */

static bool is_separator(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Bytes that are not UTF-8 are taken as Latin-1, which old programs wrote. White space and controls run
 * together to one space. */
static void text_add(struct credits_text *t, str s)
{
    bool utf8 = str_is_utf8(s);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        size_t need = utf8 || c < 0x80 ? (utf8 && c >= 0xf0   ? 4
                                          : utf8 && c >= 0xe0 ? 3
                                          : utf8 && c >= 0xc0 ? 2
                                                              : 1)
                                       : 2;
        if (t->len + need > MEDIA_CREDIT_MAX)
            return;
        if (is_separator((char)c) || (!utf8 && c >= 0x80 && c < 0xa0)) {
            if (t->len > 0 && t->text[t->len - 1] != ' ')
                t->text[t->len++] = ' ';
        } else if (!utf8 && c >= 0x80) {
            t->text[t->len++] = (char)(0xc0 | c >> 6);
            t->text[t->len++] = (char)(0x80 | (c & 0x3f));
        } else {
            memcpy(t->text + t->len, s.ptr + i, need);
            t->len += need;
            i += need - 1;
        }
    }
}

static str text_of(const struct credits_text *t)
{
    return str_trim((str){t->text, t->len});
}

static bool is_cameras_own(str s)
{
    static const str known[] = {STR_INIT("SONY DSC"),
                                STR_INIT("OLYMPUS DIGITAL CAMERA"),
                                STR_INIT("KONICA MINOLTA DIGITAL CAMERA"),
                                STR_INIT("MINOLTA DIGITAL CAMERA"),
                                STR_INIT("SAMSUNG DIGITAL CAMERA"),
                                STR_INIT("SAMSUNG CAMERA PICTURES"),
                                STR_INIT("DIGITAL CAMERA"),
                                STR_INIT("Exif_JPEG_PICTURE"),
                                STR_INIT("DCIM"),
                                STR_INIT("default"),
                                STR_INIT("untitled")};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq_nocase(s, known[i]))
            return true;
    }
    return false;
}

/* The first source that says something is believed. */
static void field_offer(struct credits *c, enum credits_field field, const struct credits_text *t)
{
    str s = text_of(t);
    struct credits_text *to = &c->fields[field];
    if (to->len > 0 || s.len == 0 || is_cameras_own(s))
        return;
    memcpy(to->text, s.ptr, s.len);
    to->len = s.len;
}

static void field_offer_str(struct credits *c, enum credits_field field, str s)
{
    struct credits_text t = {.len = 0};
    text_add(&t, s);
    field_offer(c, field, &t);
}

void credits_init(struct credits *c)
{
    for (size_t i = 0; i < CREDITS_FIELDS; i++)
        c->fields[i].len = 0;
}

/* ---- XMP ---- */

#define NS_DC   "http://purl.org/dc/elements/1.1/|"
#define NS_PS   "http://ns.adobe.com/photoshop/1.0/|"
#define NS_RDF  "http://www.w3.org/1999/02/22-rdf-syntax-ns#|"
#define NS_XMPR "http://ns.adobe.com/xap/1.0/rights/|"
#define NS_IPTC "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/|"

static const struct xmp_name {
    const char *name;
    enum credits_field field;
} xmp_names[] = {
    {NS_DC "creator", CREDITS_CREATOR},     {NS_PS "Credit", CREDITS_AGENCY},
    {NS_DC "description", CREDITS_CAPTION}, {NS_IPTC "AltTextAccessibility", CREDITS_ALT},
    {NS_XMPR "UsageTerms", CREDITS_TERMS},  {NS_DC "rights", CREDITS_RIGHTS},
    {NS_DC "title", CREDITS_TITLE},         {NS_PS "Headline", CREDITS_HEADLINE},
};

struct xmp {
    struct credits *credits;
    XML_Parser parser;
    const struct xmp_name *inside; /* the field whose element is open */
    int depth, field_depth;
    bool in_alt, done_alt; /* the first item of an Alt is enough */
    struct credits_text text;
};

static const struct xmp_name *xmp_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(xmp_names); i++) {
        if (strcmp(name, xmp_names[i].name) == 0)
            return &xmp_names[i];
    }
    return NULL;
}

static void xmp_start(void *ctx, const char *name, const char **attributes)
{
    struct xmp *x = ctx;
    if (++x->depth > CREDITS_XMP_DEPTH_MAX) {
        (void)XML_StopParser(x->parser, XML_FALSE);
        return;
    }
    if (x->inside != NULL) {
        x->in_alt = x->in_alt || strcmp(name, NS_RDF "Alt") == 0;
        return;
    }
    /* Short texts may stand as attributes of rdf:Description. */
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        const struct xmp_name *attribute = xmp_find(attributes[i]);
        if (attribute != NULL)
            field_offer_str(x->credits, attribute->field, str_from_c(attributes[i + 1]));
    }
    x->inside = xmp_find(name);
    x->field_depth = x->depth;
    x->in_alt = x->done_alt = false;
    x->text.len = 0;
}

static void xmp_end(void *ctx, const char *name)
{
    struct xmp *x = ctx;
    x->depth--;
    if (x->inside == NULL)
        return;
    if (strcmp(name, NS_RDF "li") == 0) {
        if (x->in_alt)
            x->done_alt = true;
        else
            text_add(&x->text, S(", "));
    }
    if (x->depth < x->field_depth) {
        while (x->text.len > 0 &&
               (x->text.text[x->text.len - 1] == ' ' || x->text.text[x->text.len - 1] == ','))
            x->text.len--;
        field_offer(x->credits, x->inside->field, &x->text);
        x->inside = NULL;
    }
}

static void xmp_text(void *ctx, const char *text, int len)
{
    struct xmp *x = ctx;
    str s = {text, (size_t)len};
    /* Indentation between elements is not text. */
    if (x->inside != NULL && !x->done_alt && (x->text.len > 0 || str_trim(s).len > 0))
        text_add(&x->text, s);
}

static void xmp_doctype(void *ctx, const char *name, const char *system, const char *public,
                        int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    struct xmp *x = ctx;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

void credits_from_xmp(struct credits *c, str packet)
{
    while (packet.len > 0 && packet.ptr[packet.len - 1] == '\0')
        packet.len--;
    if (packet.len == 0 || packet.len > CREDITS_XMP_BYTES_MAX)
        return;
    struct xmp x = {.credits = c, .parser = XML_ParserCreateNS(NULL, '|')};
    if (x.parser == NULL)
        return;
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, xmp_start, xmp_end);
    XML_SetCharacterDataHandler(x.parser, xmp_text);
    XML_SetStartDoctypeDeclHandler(x.parser, xmp_doctype);
    /* Broken further on: what was read so far is kept. */
    (void)XML_Parse(x.parser, packet.ptr, (int)packet.len, XML_TRUE);
    XML_ParserFree(x.parser);
}

/* ---- IPTC ---- */

static uint32_t big_endian(str bytes, size_t at, size_t len)
{
    uint32_t n = 0;
    for (size_t i = 0; i < len; i++)
        n = n << 8 | (unsigned char)bytes.ptr[at + i];
    return n;
}

/* A run of: 0x1c, record, dataset, two bytes of length, text. Repeated bylines are joined. */
static void iim_read(struct credits *c, str bytes)
{
    static const struct iim_name {
        unsigned char dataset;
        enum credits_field field;
    } names[] = {{80, CREDITS_CREATOR}, {110, CREDITS_AGENCY}, {120, CREDITS_CAPTION},
                 {116, CREDITS_RIGHTS}, {5, CREDITS_TITLE},    {105, CREDITS_HEADLINE}};
    struct credits found;
    credits_init(&found);
    size_t at = 0;
    while (bytes.len - at >= 5 && bytes.ptr[at] == 0x1c) {
        unsigned char record = (unsigned char)bytes.ptr[at + 1],
                      dataset = (unsigned char)bytes.ptr[at + 2];
        size_t len = big_endian(bytes, at + 3, 2);
        at += 5;
        if (len > bytes.len - at) /* also the extended form, which no text needs */
            break;
        for (size_t i = 0; record == 2 && i < ARRAY_LEN(names); i++) {
            struct credits_text *to = &found.fields[names[i].field];
            if (names[i].dataset != dataset)
                continue;
            if (to->len > 0)
                text_add(to, S(", "));
            text_add(to, str_sub(bytes, at, len));
        }
        at += len;
    }
    for (int i = 0; i < CREDITS_FIELDS; i++)
        field_offer(c, (enum credits_field)i, &found.fields[i]);
}

void credits_from_iptc(struct credits *c, str bytes)
{
    static const str photoshop = STR_INIT("Photoshop 3.0\0");
    enum { RESOURCE_IPTC = 0x0404, HEAD = 12 };
    if (bytes.len > 0 && bytes.ptr[0] == 0x1c) {
        iim_read(c, bytes);
        return;
    }
    if (str_starts(bytes, photoshop))
        bytes = str_from(bytes, photoshop.len);
    /* "8BIM", id, a name of one length byte and text, padded to even, four bytes of length, data likewise */
    while (bytes.len >= HEAD && str_starts(bytes, S("8BIM"))) {
        uint32_t id = big_endian(bytes, 4, 2);
        size_t name = (size_t)(unsigned char)bytes.ptr[6] + 1;
        size_t at = 6 + name + (name & 1);
        if (at + 4 > bytes.len)
            return;
        size_t len = big_endian(bytes, at, 4);
        at += 4;
        if (len > bytes.len - at)
            return;
        if (id == RESOURCE_IPTC)
            iim_read(c, str_sub(bytes, at, len));
        bytes = str_from(bytes, at + len + (len & 1));
    }
}

/* ---- EXIF, and all together ---- */

void credits_from_exif(struct credits *c, str artist, str description, str copyright)
{
    field_offer_str(c, CREDITS_CREATOR, artist);
    field_offer_str(c, CREDITS_CAPTION, description);
    field_offer_str(c, CREDITS_RIGHTS, copyright);
}

static void answer_put(char to[MEDIA_CREDIT_MAX + 1], str s)
{
    if (s.len > 0)
        memcpy(to, s.ptr, s.len);
    to[s.len] = '\0';
}

static str first_said(const struct credits *c, enum credits_field first, enum credits_field second)
{
    str s = text_of(&c->fields[first]);
    return s.len > 0 ? s : text_of(&c->fields[second]);
}

void credits_write(const struct credits *c, struct worker_answer *a)
{
    str creator = text_of(&c->fields[CREDITS_CREATOR]),
        agency = text_of(&c->fields[CREDITS_AGENCY]);
    struct credits_text credit = {.len = 0};
    text_add(&credit, creator);
    if (agency.len > 0 && !str_contains(creator, agency)) {
        if (creator.len > 0)
            text_add(&credit, S(" / "));
        text_add(&credit, agency);
    }
    answer_put(a->credit, text_of(&credit));
    answer_put(a->caption, text_of(&c->fields[CREDITS_CAPTION]));
    answer_put(a->alt, text_of(&c->fields[CREDITS_ALT]));
    answer_put(a->licence, first_said(c, CREDITS_TERMS, CREDITS_RIGHTS));
    answer_put(a->title, first_said(c, CREDITS_TITLE, CREDITS_HEADLINE));
}
