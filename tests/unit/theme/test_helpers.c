/* SPDX-License-Identifier: MIT
 *
 * Each helper in a template of one line, on the page of "Story 5": in Harbour, with a picture, by
 * Greta Novak and Tom O'Hara, published 2026-01-01T00:00:00Z. Story 4 is also in Weather. */
#include "tests/unit/theme/site_fixture.h"

static const struct {
    str text, want;
} cases[] = {
    /* names and properties */
    {S("{{#post}}{{title}}|{{url}}|{{url absolute=\"true\"}}|{{slug}}{{/post}}"),
     S("Story 5|/story-5/|https://wharf.example/story-5/|story-5")},
    {S("{{post.title}} {{post.primary_tag.name}} {{post.primary_author.slug}}"),
     S("Story 5 Harbour greta-novak")},
    {S("{{post.id}} {{post.published_at}} {{post.visibility}} {{post.access}} {{post.featured}}"),
     S("65e6c1a90000000000000005 2026-01-01T00:00:00.000+00:00 public true false")},
    {S("{{#if post.feature_image}}{{post.feature_image}}{{/if}}"),
     S("https://wharf.example/content/images/2026/01/a.jpg")},
    {S("{{post.nothing}}{{nothing.at.all}}{{@setting.paid_members_enabled}}{{@labs.x}}"), S("")},
    {S("{{#if @member}}in{{else}}out{{/if}} {{@site.title}} {{@site.url}} {{@site.locale}} "
       "{{@site.dir}} {{@config.posts_per_page}}"),
     S("out The Wharf https://wharf.example en ltr 4")},
    {S("{{@custom.colour}} {{@custom.wide}} {{@custom.hint}} {{@custom.none}}"), S("Red true  ")},
    {S("{{#match @page.show_title_and_feature_image}}yes{{/match}}"), S("yes")},
    {S("{{#post}}{{tags.length}} {{tags.[0].name}} {{tags.1.slug}} {{authors.length}}{{/post}}"),
     S("2 Harbour hash-lead 2")},
    {S("{{#post}}{{> who kind=\"x\"}}{{/post}}"), S("[Story 5//story-5//x]")},

    /* foreach */
    {S("{{#post}}{{#foreach tags}}{{@index}}{{@number}}{{name}}{{@first}}{{@last}}{{/foreach}}"
       "{{/post}}"),
     S("01Harbourtruetrue")}, /* #lead is internal */
    {S("{{#post}}{{#foreach tags visibility=\"all\"}}{{name}},{{/foreach}}{{/post}}"),
     S("Harbour,#lead,")},
    {S("{{#post}}{{#foreach tags visibility=\"internal\"}}{{name}},{{/foreach}}{{/post}}"),
     S("#lead,")},
    {S("{{#foreach (split \"a,b,c,d,e\") from=\"2\" limit=\"3\"}}{{@index}}{{this}}{{#if @last}}!"
       "{{/if}}{{/foreach}}"),
     S("1b2c3d!")},
    {S("{{#foreach (split \"a,b,c\") from=2 to=2}}{{this}}{{@first}}{{/foreach}}"), S("btrue")},
    {S("{{#foreach (split \"a,b,c\") from=\"x\" to=\"9\" limit=\"no\"}}{{this}}{{/foreach}}"),
     S("abc")},
    {S("{{#foreach (split \"a,b,c,d\") columns=2}}{{#if @rowStart}}({{/if}}{{this}}{{#if @rowEnd}}"
       "){{/if}}{{/foreach}}"),
     S("(ab)(cd)")},
    {S("{{#foreach (split \"a,b\")}}{{#if @even}}e{{/if}}{{#if @odd}}o{{/if}}{{/foreach}}"),
     S("oe")},
    {S("{{#foreach (split \"a,b\") as |x i|}}{{i}}{{x}}{{/foreach}}"), S("0a1b")},
    {S("{{#foreach nothing}}x{{else}}none{{/foreach}}"), S("none")},
    {S("{{#foreach (split \"\")}}x{{else}}none{{/foreach}}"), S("none")},
    {S("{{#foreach (split \"a,b\") from=5}}x{{else}}none{{/foreach}}"), S("none")},

    /* match, is, has */
    {S("{{#match 1 1}}a{{/match}}{{#match \"1\" 1}}b{{else}}c{{/match}}"), S("ac")},
    {S("{{#match 3 \">\" 2}}a{{/match}}{{#match \"10\" \"<\" 9}}b{{/match}}{{#match 2 \">=\" 2}}c"
       "{{/match}}"),
     S("ac")},
    {S("{{#match \"rain stops\" \"~\" \"stop\"}}a{{/match}}{{#match \"rain\" \"~^\" \"ra\"}}b"
       "{{/match}}{{#match \"rain\" \"~$\" \"in\"}}c{{/match}}"),
     S("abc")},
    {S("{{#match \"a\" \"!=\" \"b\"}}x{{/match}}{{^match \"a\" \"b\"}}y{{/match}}"), S("xy")},
    {S("{{#if (match \"a\" \"=\" \"b\")}}x{{else}}y{{/if}}{{match 1 1}}"), S("ytrue")},
    {S("{{#match nothing}}x{{else match 1 1}}z{{/match}}"), S("z")},
    {S("{{#is \"post, page\"}}a{{/is}}{{#is \"home\"}}b{{else}}c{{/is}}{{^is \"tag\"}}d{{/is}}"),
     S("acd")},
    {S("{{#post}}{{#has tag=\"x, HARBOUR\"}}a{{/has}}{{#has author=\"Nobody\"}}b{{/has}}"
       "{{#has tag=\"count:>1\"}}c{{/has}}{{#has visibility=\"members, public\"}}d{{/has}}{{/post}}"),
     S("acd")},
    {S("{{#foreach (split \"a,b,c,d\")}}{{#has index=\"1, 2\"}}{{this}}{{/has}}{{#has "
       "number=\"nth:4\"}}!{{/has}}{{/foreach}}"),
     S("bc!")},
    {S("{{#has any=\"@site.logo, @site.title\"}}a{{/has}}{{#has all=\"@site.logo, @site.title\"}}b"
       "{{/has}}"),
     S("a")},

    /* values */
    {S("{{concat \"a\" 1 (split \"b,c\") separator=\"-\"}}"), S("a-1-b-c")},
    {S("{{json \"<a>&\"}} {{json 1}} {{json nothing}}"), S("\"\\u003ca\\u003e\\u0026\" 1 null")},
    {S("{{encode \"a b/c?é\"}}"), S("a%20b%2Fc%3F%C3%A9")},
    {S("{{plural 0 empty=\"none\" singular=\"% post\" plural=\"% posts\"}} {{plural 1 "
       "empty=\"none\" singular=\"% post\" plural=\"% posts\"}} {{plural 7 empty=\"none\" "
       "singular=\"% post\" plural=\"% posts\"}}"),
     S("none 1 post 7 posts")},
    {S("{{#raw}}{{@site.title}}{{/raw}}"), S("The Wharf")},
    {S("{{color_to_rgba \"#ff0080\" 0.5}} {{contrast_text_color \"#ffffff\"}} "
       "{{contrast_text_color \"#123\"}}"),
     S("rgba(255, 0, 128, 0.5) #000000 #FFFFFF")},
    {S("{{readable_url \"https://www.example.org/a/b/\"}}"), S("example.org/a/b")},
    {S("{{price 500 currency=\"USD\"}} {{price 1250 currency=\"eur\"}} {{price 300 "
       "numberFormat=\"long\"}}"),
     S("$5 €12.50 3.00")},
    {S("{{social_url type=\"twitter\"}}{{#social_accounts @site}}{{type}}{{else}}none"
       "{{/social_accounts}}"),
     S("none")},
    {S("{{t \"Read {n}\" n=3}} {{t \"<b>\"}} {{{t \"{a}\" a=\"<i>\"}}} {{t \"\"}}"),
     S("Read 3 &lt;b&gt; <i> ")},

    /* the story */
    {S("{{#post}}{{content}}{{/post}}"),
     S("<p>Rain fell on the harbour all day &amp; night.</p><p>Nobody was out.</p>")},
    {S("{{#post}}{{excerpt words=\"3\"}}|{{excerpt characters=\"4\"}}{{/post}}"),
     S("Rain fell on|Rain")},
    {S("{{#get \"posts\" filter=\"slug:story-3\"}}{{#foreach posts}}{{excerpt words=\"1\"}}"
       "{{/foreach}}{{/get}}"),
     S("Said in one line &amp; no more.")},
    {S("{{#post}}{{date}} {{date format=\"DD MMM YYYY\"}} {{date published_at format=\"HH:mm Z\" "
       "timezone=\"Europe/Kyiv\"}} {{date format=\"MMMM\" locale=\"de\"}}{{/post}}"),
     S("Jan 1, 2026 01 Jan 2026 02:00 +02:00 Januar")},
    {S("{{#post}}{{date timeago=\"true\"}}{{/post}}"), S("a few seconds ago")},
    {S("{{date format=\"YYYY\"}}"), S("2026")},
    {S("{{#post}}{{reading_time}}|{{reading_time minute=\"one\" minutes=\"% m\"}}|{{#match "
       "reading_time \"<\" 3}}short{{/match}}{{/post}}"),
     S("1 min read|one|short")},
    {S("{{#post}}{{tags}}|{{tags autolink=\"false\" visibility=\"all\" separator=\" / \" "
       "prefix=\"In \" suffix=\".\"}}{{/post}}"),
     S("<a href=\"/tag/harbour/\">Harbour</a>|In Harbour / #lead.")},
    {S("{{#post}}{{authors separator=\" and \"}}|{{authors autolink=\"false\" limit=1}}{{/post}}"),
     S("<a href=\"/author/greta-novak/\">Greta Novak</a> and "
       "<a href=\"/author/tom-ohara/\">Tom O&#39;Hara</a>|Greta Novak")},
    {S("{{#post}}{{tiers}}{{post_class}}{{/post}}|{{body_class}}"),
     S("post tag-harbour tag-hash-lead|post-template tag-harbour tag-hash-lead")},
    {S("{{#post}}{{#prev_post}}{{title}}{{/prev_post}}|{{#next_post}}{{title}}{{else}}none"
       "{{/next_post}}{{/post}}"),
     S("Story 4|none")},
    {S("{{#post}}{{#prev_post in=\"primary_tag\"}}{{title}} {{primary_tag.slug}}{{/prev_post}}"
       "{{/post}}"),
     S("Story 4 harbour")},
    {S("{{#post}}{{comment_count}}|{{comment_count empty=\"no replies\" class=\"n\"}}|"
       "{{comment_count empty=\"0\" autowrap=\"false\"}}{{/post}}"),
     S("|<span class=\"n\">no replies</span>|0")},
    {S("{{#post}}{{#if comments}}open{{/if}} {{word_count}} {{comment_count empty=\"\"}}{{/post}}"),
     S("open 11 ")},

    /* the site */
    {S("{{asset \"site.css\"}} {{asset \"none.css\"}} {{asset \"built/a.js\" hasMinFile=true}}"),
     S("/assets/site.css?v=HASH /assets/none.css /assets/built/a.min.js")},
    {S("{{#post}}{{img_url feature_image}} {{img_url feature_image size=\"s\"}} {{img_url "
       "feature_image size=\"sq\" format=\"webp\" absolute=\"true\"}} {{img_url feature_image "
       "size=\"none\"}}{{/post}}"),
     S("/content/images/2026/01/a.jpg /content/images/size/w300/2026/01/a.jpg "
       "https://wharf.example/content/images/size/w100h100/format/webp/2026/01/a.jpg "
       "/content/images/2026/01/a.jpg")},
    {S("{{img_url \"https://other.example/a.jpg\" size=\"s\"}} {{img_url nothing}}"),
     S("https://other.example/a.jpg ")},
    {S("{{meta_title}}|{{meta_description}}"),
     S("Story 5|Rain fell on the harbour all day &amp; night. Nobody was out.")},
    {S("{{navigation}}{{pagination}}{{recommendations}}{{cancel_link}}"), S("")},
    {S("{{content_api_url}} {{total_members}}"), S("https://wharf.example/ghost/api/content/ 0")},
    {S("{{#link href=\"/story-5/\" class=\"a\"}}x{{/link}}{{#link href=\"https://wharf.example/\" "
       "data-x=\"1\"}}y{{/link}}"),
     S("<a class=\"a nav-current\" href=\"/story-5/\">x</a><a href=\"https://wharf.example/\" "
       "data-x=\"1\">y</a>")},
    {S("{{link_class for=\"/story-5\" class=\"b\" activeClass=\"on\"}}"), S("b on")},
    {S("{{#contentFor \"foot\"}}a{{/contentFor}}{{{block \"foot\"}}}"), S("a")},

    /* get */
    {S("{{#get \"posts\" limit=\"2\"}}{{#foreach posts}}{{title}},{{/foreach}}{{pagination.next}}"
       "{{/get}}"),
     S("Story 5,Story 4,2")},
    {S("{{#get \"posts\" limit=\"2\" page=\"3\" as |rows pages|}}{{#foreach rows}}{{title}},"
       "{{/foreach}}{{pages.page}}{{#if pages.next}}more{{/if}}{{/get}}"),
     S("Story 1,Story 0,3")},
    {S("{{#get \"posts\" limit=\"2\" filter=\"tags:[{{post.tags}}]+id:-{{post.id}}\"}}"
       "{{#foreach posts}}{{title}},{{/foreach}}{{/get}}"),
     S("Story 4,Story 3,")},
    {S("{{#post}}{{#get \"posts\" filter=\"tag:{{primary_tag.slug}}+id:-{{id}}\" limit=\"1\"}}"
       "{{#foreach posts}}{{title}}{{/foreach}}{{/get}}{{/post}}"),
     S("Story 4")},
    {S("{{#get \"posts\" filter=\"featured:true\"}}{{#foreach posts}}{{title}},{{/foreach}}{{/get}}"),
     S("Story 4,Story 0,")},
    {S("{{#get \"posts\" filter=\"tag:weather+tag:harbour\"}}{{#foreach posts}}{{title}},"
       "{{/foreach}}{{/get}}"),
     S("Story 4,Story 2,Story 0,")},
    {S("{{#get \"posts\" filter=\"tag:-weather\"}}{{#foreach posts}}{{title}},{{/foreach}}{{/get}}"),
     S("Story 5,Story 3,Story 1,")},
    {S("{{#get \"posts\" filter=\"author:tom-ohara+published_at:<{{post.published_at}}\"}}"
       "{{#foreach posts}}{{title}},{{/foreach}}{{/get}}"),
     S("Story 3,Story 1,")},
    {S("{{#get \"posts\" filter=\"featured:true,slug:story-1\" order=\"published_at asc\"}}"
       "{{#foreach posts}}{{title}},{{/foreach}}{{/get}}"),
     S("Story 0,Story 1,Story 4,")},
    {S("{{#get \"posts\" order=\"title asc\" limit=3}}{{#foreach posts}}{{title}},{{/foreach}}"
       "{{/get}}"),
     S("Story 0,Story 1,Story 2,")},
    {S("{{#get \"posts\" slug=\"story-2\"}}{{#foreach posts}}{{title}}{{/foreach}}{{/get}}"),
     S("Story 2")},
    {S("{{#get \"posts\" slug=\"none\"}}x{{else}}no: {{@error}}{{/get}}"),
     S("no: get: no such posts")},
    {S("{{#get \"posts\" filter=\"tag:none\"}}body{{posts.length}}{{else}}else{{/get}}"),
     S("body0")},
    {S("{{#get \"posts\" filter=\"tags:[]\"}}body{{else}}else{{/get}}"), S("else")},
    {S("{{#get \"nothing\"}}body{{else}}else{{/get}}"), S("else")},
    {S("{{#get \"tiers\"}}body{{tiers.length}}{{/get}}"), S("body0")},
    {S("{{#get \"tags\" order=\"count.posts desc\" include=\"count.posts\"}}{{#foreach tags}}"
       "{{name}}{{count.posts}},{{/foreach}}{{/get}}"),
     S("Harbour6,Weather3,")},
    {S("{{#get \"tags\" filter=\"slug:[weather,harbour]\"}}{{#foreach tags}}{{name}},{{/foreach}}"
       "{{/get}}"),
     S("Weather,Harbour,")},
    {S("{{#get \"authors\"}}{{#foreach authors}}{{name}} {{count.posts}},{{/foreach}}{{/get}}"),
     S("Greta Novak 6,Tom O&#x27;Hara 3,")},
    {S("{{#get \"pages\"}}{{pages.length}}{{/get}}"), S("0")},

    /* faults say where */
    {S("{{#post}}\n  {{nope 1}}{{/post}}"), S("")},
};

static void test_cases(struct wharf *w)
{
    size_t count = sizeof(cases) / sizeof(cases[0]) - 1; /* the last is a fault */
    for (size_t i = 0; i < count; i++) {
        str got = without_hash(w->site.arena, wharf_say(w, cases[i].text));
        EXPECT_STR(got, cases[i].want);
        if (!str_eq(got, cases[i].want))
            printf("    template %.*s\n", STR_ARG(cases[i].text));
    }
    str fault = wharf_say(w, cases[count].text);
    EXPECT(str_contains(fault, S("hbs:2:3: ")));
    EXPECT(str_contains(fault, S("nope")));
}

static void test_settings(struct wharf *w)
{
    wharf_set(w, S("locale"), S("de"));
    wharf_set(w, S("twitter"), S("@wharf"));
    wharf_set(w, S("navigation"),
              S("[{\"label\": \"Home\", \"url\": \"/\"}, {\"label\": \"The Five\", \"url\": "
                "\"/story-5/\"}]"));
    wharf_set(w, S("custom.colour"), S("Blue"));
    EXPECT_STR(
        wharf_say(w, S("{{t \"Read {n}\" n=3}} {{date post.published_at}} {{@custom.colour}}")),
        S("Lies 3 1. Jan. 2026 Blue"));
    EXPECT_STR(wharf_say(w, S("{{social_url type=\"twitter\"}} {{#social_accounts @site}}{{name}}="
                              "{{href}}{{/social_accounts}}")),
               S("https://x.com/wharf X=https://x.com/wharf"));
    str nav = wharf_say(w, S("{{navigation}}"));
    EXPECT(str_contains(nav, S("<li class=\"nav-the-five nav-current\">")));
    EXPECT(str_contains(nav, S("<a href=\"https://wharf.example/\">Home</a>")));
    EXPECT_STR(wharf_say(w, S("{{#foreach @site.navigation}}{{label}}:{{url}},{{/foreach}}")),
               S("Home:/,The Five:/story-5/,"));
}

static void test_until(struct wharf *w)
{
    time_us year = 0;
    EXPECT(time_from_iso(S("2027-01-01"), &year));
    (void)wharf_say(w, S("{{date format=\"YYYY\"}}"));
    EXPECT(w->page.until == year);
    (void)wharf_say(w, S("{{#post}}{{date format=\"YYYY\"}}{{/post}}"));
    EXPECT(w->page.until == TIME_NEVER);
    (void)wharf_say(w, S("{{#post}}{{date timeago=\"true\"}}{{/post}}"));
    EXPECT(w->page.until <= w->site.now + TIME_MINUTE);
}

static void test_hostile(struct wharf *w)
{
    (void)wharf_say(
        w, S("{{#foreach (split \"a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a\")}}{{#foreach "
             "(split \"a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a\")}}{{#get \"posts\"}}{{#foreach "
             "posts}}{{#foreach ../posts}}{{#foreach ../../posts}}{{#foreach ../../../posts}}"
             "{{#foreach ../../../../posts}}{{#foreach ../../../../../posts}}{{content}}"
             "{{/foreach}}{{/foreach}}{{/foreach}}{{/foreach}}{{/foreach}}{{/foreach}}{{/get}}"
             "{{/foreach}}{{/foreach}}"));
    EXPECT_INT(w->st, ST_TOO_BIG);
}

int main(void)
{
    struct wharf w;
    wharf_open(&w, 6);
    test_cases(&w);
    test_until(&w);
    test_hostile(&w);
    test_settings(&w);
    wharf_close(&w);
    return test_done();
}
