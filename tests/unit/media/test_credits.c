/* SPDX-License-Identifier: MIT */
#include "media/worker/credits.h"

#include "media/worker/protocol.h"
#include "tests/check.h"

#define XMP(inner)                                                                                                  \
    S("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"        \
      " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:ps='http://ns.adobe.com/photoshop/1.0/'"                  \
      " xmlns:r='http://ns.adobe.com/xap/1.0/rights/' xmlns:i='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'>" inner \
      "</rdf:RDF></x:xmpmeta>")

static const struct {
    const char *what;
    str xmp, iptc;
    const char *credit, *caption, *alt, *licence, *title;
} cases[] = {
    {"nothing", {0}, {0}, "", "", "", "", ""},
    {"two creators, in order",
     XMP("<rdf:Description><dc:creator><rdf:Seq> <rdf:li>Ann</rdf:li>\n <rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>"
         "</rdf:Description>"),
     {0},
     "Ann, Bob",
     "",
     "",
     "",
     ""},
    {"the first language is enough",
     XMP("<rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Rain</rdf:li>"
         "<rdf:li xml:lang='de'>Regen</rdf:li></rdf:Alt></dc:description></rdf:Description>"),
     {0},
     "",
     "Rain",
     "",
     "",
     ""},
    {"short form",
     XMP("<rdf:Description ps:Credit='dpa' ps:Headline='Bridge &amp; tower'/>"),
     {0},
     "dpa",
     "",
     "",
     "",
     "Bridge & tower"},
    {"terms before rights",
     XMP("<rdf:Description><dc:rights>(c) Ann</dc:rights><r:UsageTerms>CC BY 4.0</r:UsageTerms>"
         "<i:AltTextAccessibility>A\tbridge\n over</i:AltTextAccessibility></rdf:Description>"),
     {0},
     "",
     "",
     "A bridge over",
     "CC BY 4.0",
     ""},
    {"broken further on keeps what was read",
     S("<a xmlns:p='http://ns.adobe.com/photoshop/1.0/'><p:Credit>dpa</p:Credit><"),
     {0},
     "dpa",
     "",
     "",
     "",
     ""},
    {"a document type is refused",
     S("<!DOCTYPE a [<!ENTITY e 'x'>]><a xmlns:p='http://ns.adobe.com/photoshop/1.0/' p:Credit='&e;'/>"),
     {0},
     "",
     "",
     "",
     "",
     ""},
    {"bare IIM",
     {0},
     S("\x1c\x02\x50\x00\x03"
       "Ann"
       "\x1c\x02\x50\x00\x03"
       "Bob"
       "\x1c\x02\x6e\x00\x03"
       "dpa"),
     "Ann, Bob / dpa",
     "",
     "",
     "",
     ""},
    {"Photoshop blocks, odd name",
     {0},
     S("Photoshop 3.0\0"
       "8BIM\x04\x25\x00\x00\x00\x00\x00\x03xyz\x00"
       "8BIM\x04\x04\x02hi\x00\x00\x00\x00\x08\x1c\x02\x78\x00\x03Sea"),
     "",
     "Sea",
     "",
     "",
     ""},
    {"Latin-1", {0}, S("\x1c\x02\x78\x00\x05M\xfcll!"), "", "M\xc3\xbcll!", "", "", ""},
    {"a length past the end", {0}, S("\x1c\x02\x78\x00\xffSea"), "", "", "", "", ""},
    {"a camera's own words", {0}, S("\x1c\x02\x78\x00\x08SONY DSC"), "", "", "", "", ""},
    {"XMP before IPTC", XMP("<rdf:Description ps:Credit='first'/>"),
     S("\x1c\x02\x6e\x00\x06second"), "first", "", "", "", ""},
    {"the agency is not said twice",
     XMP("<rdf:Description ps:Credit='dpa'><dc:creator>Ann/dpa</dc:creator></rdf:Description>"),
     {0},
     "Ann/dpa",
     "",
     "",
     "",
     ""},
};

static void test_cases(void)
{
    static struct worker_answer a;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct credits c;
        int before = test_failed;
        credits_init(&c);
        credits_from_xmp(&c, cases[i].xmp);
        credits_from_iptc(&c, cases[i].iptc);
        credits_write(&c, &a);
        EXPECT_STR(str_from_c(a.credit), str_from_c(cases[i].credit));
        EXPECT_STR(str_from_c(a.caption), str_from_c(cases[i].caption));
        EXPECT_STR(str_from_c(a.alt), str_from_c(cases[i].alt));
        EXPECT_STR(str_from_c(a.licence), str_from_c(cases[i].licence));
        EXPECT_STR(str_from_c(a.title), str_from_c(cases[i].title));
        if (test_failed != before)
            printf("    in: %s\n", cases[i].what);
    }
}

static void test_long(void)
{
    static struct worker_answer a;
    static char text[3 * MEDIA_CREDIT_MAX];
    struct credits c;
    for (size_t i = 0; i + 2 < sizeof(text); i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    credits_init(&c);
    credits_from_exif(&c, S(" \x01 Ann\x7f "), (str){text, sizeof(text) - sizeof(text) % 3},
                      STR_NONE);
    credits_write(&c, &a);
    EXPECT_STR(str_from_c(a.credit), S("Ann"));
    EXPECT(strlen(a.caption) == MEDIA_CREDIT_MAX - MEDIA_CREDIT_MAX % 3);
    EXPECT(str_is_utf8(str_from_c(a.caption)));
}

int main(void)
{
    test_cases();
    test_long();
    return test_done();
}
