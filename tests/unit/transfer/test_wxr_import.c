/* SPDX-License-Identifier: MIT
 *
 * Exports of WordPress with one trap each, and what the site holds afterwards. Each one is imported twice:
 * the second run adds nothing. */
#include "base/file.h"
#include "media/intake.h"
#include "media/storage.h"
#include "media/worker.h"
#include "news/import_map.h"
#include "news/redirect.h"
#include "tests/unit/news/fixture.h"
#include "transfer/import.h"

#include <fcntl.h>

#define NAMESPACES                                                                                 \
    "xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" "                                  \
    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "                                  \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\""
#define HEAD                                                                                       \
    "<rss version=\"2.0\" " NAMESPACES "><channel><title>The Pier</title>"                         \
    "<link>https://pier.example</link><wp:wxr_version>1.2</wp:wxr_version>"                        \
    "<wp:base_blog_url>https://pier.example</wp:base_blog_url>"
#define TAIL      "</channel></rss>"
#define XML(text) "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n" HEAD text TAIL
#define BARE(id, type, more)                                                                       \
    "<item><wp:post_id>" id "</wp:post_id><wp:post_type>" type "</wp:post_type>" more "</item>"
#define DATED "<wp:post_date_gmt>2025-06-01 10:00:00</wp:post_date_gmt>"
#define BODY  "<content:encoded><![CDATA[<p>Eels are back.</p>]]></content:encoded>"
/* A published story: what `more` says again goes before. */
#define POST(id, name, more)                                                                       \
    BARE(id, "post",                                                                               \
         "<title>" name "</title><link>https://pier.example/2025/06/" name                         \
         "/</link><wp:post_name>" name                                                             \
         "</wp:post_name><wp:status>publish</wp:status>" DATED BODY more)
#define META(key, value)                                                                           \
    "<wp:postmeta><wp:meta_key>" key "</wp:meta_key><wp:meta_value><![CDATA[" value                \
    "]]></wp:meta_value></wp:postmeta>"
#define REF(domain, slug, name)                                                                    \
    "<category domain=\"" domain "\" nicename=\"" slug "\"><![CDATA[" name "]]></category>"
#define AUTHOR(login, email, name)                                                                 \
    "<wp:author><wp:author_login>" login "</wp:author_login><wp:author_email>" email               \
    "</wp:author_email><wp:author_display_name><![CDATA[" name                                     \
    "]]></wp:author_display_name></wp:author>"
#define SECTION(id, slug, parent, name)                                                            \
    "<wp:category><wp:term_id>" id "</wp:term_id><wp:category_nicename>" slug                      \
    "</wp:category_nicename><wp:category_parent>" parent                                           \
    "</wp:category_parent><wp:cat_name><![CDATA[" name "]]></wp:cat_name></wp:category>"
#define REPLY(id, parent, approved, type, text)                                                    \
    "<wp:comment><wp:comment_id>" id "</wp:comment_id><wp:comment_author>Ann</wp:comment_author>"  \
    "<wp:comment_author_email>ann@mail.example</wp:comment_author_email>"                          \
    "<wp:comment_author_IP>192.0.2.77</wp:comment_author_IP>"                                      \
    "<wp:comment_date_gmt>2025-06-02 08:00:00</wp:comment_date_gmt><wp:comment_content>" text      \
    "</wp:comment_content><wp:comment_approved>" approved "</wp:comment_approved>"                 \
    "<wp:comment_type>" type "</wp:comment_type><wp:comment_parent>" parent                        \
    "</wp:comment_parent></wp:comment>"
#define FILE_ITEM(id, parent, path)                                                                \
    BARE(id, "attachment",                                                                         \
         "<title>A file</title><wp:status>inherit</wp:status><wp:post_parent>" parent              \
         "</wp:post_parent><link>https://pier.example/file-" id                                    \
         "/</link><wp:attachment_url>https://pier.example/wp-content/uploads/" path                \
         "</wp:attachment_url>" META("_wp_attached_file", path))
#define MENU_ITEM(id, order, title, type, object, object_id, url)                                  \
    BARE(id, "nav_menu_item",                                                                      \
         "<title>" title "</title><wp:menu_order>" order                                           \
         "</wp:menu_order>" REF("nav_menu", "main", "Main") META("_menu_item_type", type)          \
             META("_menu_item_object", object) META("_menu_item_object_id", object_id)             \
                 META("_menu_item_url", url) META("_menu_item_menu_item_parent", "0"))

/* ---- running ---- */

static str written(struct site *site, const char *name, str text)
{
    struct error err = ERROR_INIT;
    str path = str_format(site->arena, "%s/%s", site->dir, name);
    EXPECT_ST(file_write_atomic(path, text, 0600, &err), ST_OK, &err);
    return path;
}

/* In place of the picture worker: pictures come as they are. */
enum status media_worker_clean(struct media_worker *worker, int in_fd, enum media_kind kind,
                               int out_fd, enum media_kind *ret_kind, struct arena *arena,
                               struct media_look *ret_look, struct error *err)
{
    str bytes;
    (void)worker;
    CHECK(lseek(in_fd, 0, SEEK_SET) == 0);
    enum status st = file_read_fd(arena, in_fd, S("picture"), 1000, &bytes, err);
    if (st == ST_OK)
        st = file_write_fd(out_fd, S("picture"), bytes, err);
    *ret_kind = kind;
    *ret_look = (struct media_look){.kind = kind, .width = 1, .height = 1, .frames = 1};
    return st;
}

static struct media_desk media; /* of the site that is open, once it has old uploads */

static struct import_options options_of(struct site *site)
{
    return (struct import_options){.arena = site->arena,
                                   .store = site->store,
                                   .settings = site->settings,
                                   .clock = &site->clock,
                                   .media = media.storage == NULL ? NULL : &media,
                                   .media_dir = str_format(site->arena, "%s/old", site->dir)};
}

static enum status imported(struct site *site, str path, bool dry_run,
                            struct import_report **ret_report, struct error *err)
{
    struct import_options options = options_of(site);
    options.dry_run = dry_run;
    return import_files(&options, &path, 1, ret_report, err);
}

/* Texts of all rows, in order, "|" between them. */
static str asked(struct site *site, store_sql ask)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(site->conn, ask);
    str all = S("");
    enum status st;
    while ((st = store_step(q, &err)) == ST_OK)
        all = str_join3(site->arena, all, all.len > 0 ? S("|") : S(""), store_column_text(q, 0));
    EXPECT_ST(st, ST_NOT_FOUND, &err);
    return all;
}

static int64_t records(struct site *site)
{
    return site_number(site,
                       SQL("SELECT (SELECT COUNT(*) FROM story) + (SELECT COUNT(*) FROM tag)"
                           " + (SELECT COUNT(*) FROM byline) + (SELECT COUNT(*) FROM comment)"
                           " + (SELECT COUNT(*) FROM redirect) + (SELECT COUNT(*) FROM import_map)"
                           " + (SELECT COUNT(*) FROM media) + (SELECT COUNT(*) FROM setting)"
                           " + (SELECT COUNT(*) FROM story_version)"
                           " + (SELECT COUNT(*) FROM import_attachment)"));
}

/* ---- what becomes of each trap ---- */

struct trap {
    const char *what, *xml;
    store_sql ask;
    str want;
};

#define ASK_STORIES SQL("SELECT slug || ' ' || title || ' ' || state FROM story ORDER BY id")
#define ASK_HTML    SQL("SELECT html FROM story_body ORDER BY story")
#define ASK_BYLINES                                                                                \
    SQL("SELECT b.slug || ' ' || b.name FROM story_byline s JOIN byline b ON b.id = s.byline"      \
        " ORDER BY s.story, s.position")
#define ASK_TAGS                                                                                   \
    SQL("SELECT t.slug || ' ' || t.name FROM story_tag s JOIN tag t ON t.id = s.tag"               \
        " ORDER BY s.story, s.position")
#define ASK_SECTIONS                                                                               \
    SQL("SELECT t.slug || '<' || COALESCE(p.slug, '') FROM tag t LEFT JOIN tag p"                  \
        " ON p.id = t.parent ORDER BY t.slug")
#define ASK_REPLIES                                                                                \
    SQL("SELECT REPLACE(REPLACE(c.html, '<p>', ''), '</p>', '') || ' ' || c.state"                 \
        " || COALESCE(' to ' || REPLACE(REPLACE(p.html, '<p>', ''), '</p>', ''), '')"              \
        " FROM comment c LEFT JOIN comment p ON p.id = c.parent ORDER BY c.id")
#define ASK_REDIRECTS SQL("SELECT path FROM redirect ORDER BY path")
#define ASK_MENU      SQL("SELECT value FROM setting WHERE name = 'navigation'")

static void expect_trap(const struct trap *trap)
{
    struct site site;
    struct import_report *report = NULL;
    struct error err = ERROR_INIT;
    site_open(&site);
    int failed = test_failed;
    str path = written(&site, "export.xml", str_from_c(trap->xml));
    EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
    EXPECT_STR(asked(&site, trap->ask), trap->want);
    int64_t before = records(&site);
    EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
    EXPECT_INT(records(&site), before);
    site_expect_consistent(&site);
    if (test_failed > failed)
        printf("    in: %s\n", trap->what);
    site_close(&site);
}

static void expect_traps(const struct trap *traps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_trap(&traps[i]);
}

static void texts_and_elements(void)
{
    const struct trap traps[] = {
        {"neighbouring CDATA is one text",
         XML(POST("1", "a",
                  "<content:encoded><![CDATA[<p>x ]]]]><![CDATA[> y]]> z"
                  "<![CDATA[</p>]]></content:encoded>")),
         ASK_HTML, S("<p>x ]]&gt; y z</p>")},
        {"warnings of PHP before the XML",
         "<br />\n<b>Warning</b>: Undefined variable in /srv/x.php\n" XML(POST("1", "a", "")),
         ASK_STORIES, S("a a published")},
        {"a byte-order mark", "\xEF\xBB\xBF" XML(POST("1", "a", "")), ASK_STORIES,
         S("a a published")},
        {"other prefixes, an older version, https",
         "<rss xmlns:w=\"https://wordpress.org/export/1.0/\" "
         "xmlns:c=\"https://purl.org/rss/1.0/modules/content/\"><channel>"
         "<w:wxr_version>1.0</w:wxr_version><link>https://pier.example</link><item>"
         "<title>Old</title><w:post_id>4</w:post_id><w:post_type>post</w:post_type>"
         "<w:status>publish</w:status><w:post_name>old</w:post_name>"
         "<c:encoded>&lt;p&gt;Text.&lt;/p&gt;</c:encoded></item></channel></rss>",
         ASK_STORIES, S("old Old published")},
        {"a prefix declared again further down",
         XML("<item xmlns:q=\"http://wordpress.org/export/1.1/\"><title>Q</title>"
             "<q:post_id>2</q:post_id><q:post_type>post</q:post_type></item>"),
         ASK_STORIES, S("q Q draft")},
        {"HTML and entities in a title",
         XML(BARE("1", "post",
                  "<title><![CDATA[<em>Salt</em> &amp; tide &#8211; again]]></title>" BODY)),
         ASK_STORIES, S("salt-tide-again Salt & tide \xE2\x80\x93 again draft")},
        {"no title", XML(BARE("1", "post", BODY)), ASK_STORIES,
         S("eels-are-back Eels are back. draft")},
        {"nothing but a type", XML(BARE("1", "post", "")), ASK_STORIES,
         S("untitled Untitled draft")},
        {"two items without an id are two",
         XML("<item><wp:post_type>post</wp:post_type><title>One</title></item>"
             "<item><wp:post_type>post</wp:post_type><title>Two</title></item>"),
         ASK_STORIES, S("one One draft|two Two draft")},
        {"characters that XML does not have",
         XML(BARE("1", "post", "<title>a\x01&#0;b \xED\xA0\x80 c</title>")), ASK_STORIES,
         S("a-b-c a\xEF\xBF\xBD\xEF\xBF\xBD"
           "b \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD c draft")},
        {"a bare & outside CDATA, and none within",
         XML(BARE("1", "post",
                  "<title>Fish & chips &copy; &amp; R&D; &#65;&#x; &</title><content:encoded>"
                  "<![CDATA[<p>a & b ]] & ]]]><![CDATA[ & &#65;</p>]]></content:encoded>")),
         SQL("SELECT s.title || ' ' || b.html FROM story s JOIN story_body b ON b.story = s.id"),
         S("Fish & chips \xC2\xA9 & R&D; A&#x; & <p>a &amp; b ]] &amp; ] &amp; A</p>")},
        {"values between line ends",
         XML(BARE("\n 1 ", "\n post ",
                  "<title>A</title><wp:status>\n\tpublish\n</wp:status>"
                  "<wp:post_name>\n a \n</wp:post_name>")),
         ASK_STORIES, S("a A published")},
        {"a slug of percent-encoded letters",
         XML(BARE("1", "post",
                  "<title>T</title><wp:post_name>%c3%a9t%C3%A9-sal%C3%A9</wp:post_name>")),
         ASK_STORIES, S("ete-sale T draft")},
        {"the same slug twice", XML(POST("1", "same", "") POST("2", "same", "")), ASK_STORIES,
         S("same same published|same-2 same published")},
        {"types that are no stories",
         XML(BARE("1", "revision", BODY) BARE("2", "wp_template", BODY)
                 BARE("3", "oembed_cache", "")),
         ASK_STORIES, S("")},
    };
    expect_traps(traps, ARRAY_LEN(traps));
}

static void states_and_times(void)
{
    const struct trap traps[] = {
        {"each state",
         XML(POST("1", "a", "") POST("2", "b", "<wp:status>draft</wp:status>")
                 POST("3", "c", "<wp:status>pending</wp:status>")
                     POST("4", "d", "<wp:status>private</wp:status>")
                         POST("5", "e", "<wp:status>trash</wp:status>")
                             POST("6", "f", "<wp:post_password>open</wp:post_password>")
                                 POST("7", "g", "<wp:status>future</wp:status>")
                                     POST("8", "h",
                                          "<wp:status>future</wp:status><wp:post_date_gmt>"
                                          "2031-01-01 00:00:00</wp:post_date_gmt>")
                                         POST("9", "i", "<wp:status>of-a-plugin</wp:status>")),
         SQL("SELECT slug || ' ' || state FROM story ORDER BY id"),
         S("a published|b draft|c draft|d draft|f draft|g published|h scheduled|i draft")},
        {"a date of zeros is no date",
         XML(POST("1", "a",
                  "<wp:status>draft</wp:status><wp:post_date_gmt>0000-00-00 00:00:00"
                  "</wp:post_date_gmt><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>")),
         SQL("SELECT CASE WHEN published_at IS NULL THEN 'none' ELSE published_at END FROM story"),
         S("none")},
        {"published at no time: now",
         XML(POST("1", "a", "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>")),
         SQL("SELECT published_at / 1000000 FROM story"), S("1767225600")},
        {"the local time where there is no other",
         XML(POST("1", "a",
                  "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>"
                  "<wp:post_date>2025-12-31 00:00:00</wp:post_date>")),
         SQL("SELECT published_at / 1000000 FROM story"), S("1767139200")},
        {"closed for replies; sticky",
         XML(POST("1", "a", "<wp:comment_status>closed</wp:comment_status>")
                 POST("2", "b", "<wp:is_sticky>1</wp:is_sticky>")),
         SQL("SELECT replies_open || ' ' || featured FROM story ORDER BY id"), S("0 0|1 1")},
    };
    expect_traps(traps, ARRAY_LEN(traps));
}

static void terms_and_bylines(void)
{
    const struct trap traps[] = {
        {"a login that is an email never shows, nor in a slug",
         XML(AUTHOR("ann@mail.example", "ann@mail.example", "Ann Eddy")
                 POST("1", "a", "<dc:creator>ann@mail.example</dc:creator>")),
         ASK_BYLINES, S("ann-eddy Ann Eddy")},
        {"nor when it is the name shown, as WordPress has it until somebody sets one",
         XML(AUTHOR("ann@mail.example", "ann@mail.example", "ann@mail.example")
                 POST("1", "a", "<dc:creator>ann@mail.example</dc:creator>")),
         ASK_BYLINES, S("staff Staff")},
        {"nor as a co-author whose record is not there",
         XML(POST("1", "a", REF("author", "cap-ann-mail-example", "ann@mail.example"))),
         ASK_BYLINES, S("staff Staff")},
        {"an author that only an item names", XML(POST("1", "a", "<dc:creator>ned</dc:creator>")),
         ASK_BYLINES, S("ned ned")},
        {"co-authors in their order, none twice, the creator not among them",
         XML(AUTHOR("ned", "", "Ned") AUTHOR("zoe", "", "Zo\xC3\xAB")
                 POST("1", "a",
                      "<dc:creator>desk</dc:creator>" REF("author", "cap-zoe", "Zoe")
                          REF("author", "ned", "Ned") REF("author", "cap-zoe", "Zoe")
                              REF("author", "cap-guest", "A Guest"))),
         ASK_BYLINES, S("zoe Zo\xC3\xAB|ned Ned|guest A Guest")},
        {"sections before tags, Uncategorized nowhere, entities decoded",
         XML(SECTION("1", "uncategorized", "", "Uncategorized")
                 SECTION("2", "food", "", "Food &amp; Drink")
                     POST("1", "a",
                          REF("post_tag", "eels", "Eels")
                              REF("category", "uncategorized", "Uncategorized")
                                  REF("category", "food", "Food &amp; Drink")
                                      REF("post_format", "post-format-aside", "Aside"))),
         ASK_TAGS, S("food Food & Drink|eels Eels")},
        {"terms without slugs are told by name",
         XML(POST("1", "a",
                  "<category domain=\"category\">Quay</category>"
                  "<category domain=\"category\">Harbour</category>")),
         ASK_TAGS, S("quay Quay|harbour Harbour")},
        {"the oldest files call post_tag tag", XML(POST("1", "a", REF("tag", "eels", "Eels"))),
         ASK_TAGS, S("eels Eels")},
        {"a tag and a section of one slug are one",
         XML(POST("1", "a", REF("category", "news", "News") REF("post_tag", "news", "news"))),
         ASK_TAGS, S("news News")},
        {"parents that come later",
         XML(SECTION("3", "c", "b", "C") SECTION("2", "b", "a", "B") SECTION("1", "a", "", "A")),
         ASK_SECTIONS, S("a<|b<a|c<b")},
        {"a circle of parents, one's own parent, a parent that is not there",
         XML(SECTION("1", "a", "b", "A") SECTION("2", "b", "a", "B") SECTION("3", "c", "c", "C")
                 SECTION("4", "d", "nowhere", "D")),
         ASK_SECTIONS, S("a<|b<|c<|d<")},
        {"a section below Uncategorized",
         XML(SECTION("1", "uncategorized", "", "Uncategorized")
                 SECTION("2", "a", "uncategorized", "A")),
         ASK_SECTIONS, S("a<")},
    };
    expect_traps(traps, ARRAY_LEN(traps));
}

static void replies(void)
{
    const struct trap traps[] = {
        {"notes of editors and pings are no replies",
         XML(POST(
             "1", "a",
             REPLY("1", "0", "1", "comment", "Yes.") REPLY("2", "0", "0", "note", "Secret.") REPLY(
                 "3", "0", "1", "pingback", "Ping.") REPLY("4", "0", "1", "trackback", "Track.")
                 REPLY("5", "0", "1", "order_note", "Order.") REPLY("6", "0", "1", "", "Old."))),
         ASK_REPLIES, S("Yes. approved|Old. approved")},
        {"their states",
         XML(POST("1", "a",
                  REPLY("1", "0", "0", "", "A") REPLY("2", "0", "spam", "", "B")
                      REPLY("3", "0", "trash", "", "C") REPLY("4", "0", "post-trashed", "", "D")
                          REPLY("5", "0", "perhaps", "", "E"))),
         ASK_REPLIES, S("A pending|B spam|C trash|D trash")},
        {"without a state: an editor decides", XML(POST("1", "a", REPLY("1", "0", "", "", "A"))),
         ASK_REPLIES, S("A pending")},
        {"a parent that comes later in the file",
         XML(POST("1", "a", REPLY("9", "3", "1", "", "Child") REPLY("3", "0", "1", "", "First"))),
         ASK_REPLIES, S("First approved|Child approved to First")},
        {"a thread in an order of its own",
         XML(POST("1", "a",
                  REPLY("2", "7", "1", "", "Deepest") REPLY("1", "9", "1", "", "Child")
                      REPLY("7", "1", "1", "", "Deep") REPLY("9", "0", "1", "", "Top")
                          REPLY("3", "9", "1", "", "Other"))),
         ASK_REPLIES,
         S("Top approved|Child approved to Top|Deep approved to Child|"
           "Deepest approved to Deep|Other approved to Top")},
        {"a parent that is not there; circles",
         XML(POST("1", "a",
                  REPLY("3", "77", "1", "", "A") REPLY("5", "4", "1", "", "C")
                      REPLY("4", "5", "1", "", "B") REPLY("6", "6", "1", "", "D")
                          REPLY("2", "4", "1", "", "E"))),
         ASK_REPLIES, S("B approved|E approved to B|A approved|C approved to B|D approved")},
        {"a parent that was left out",
         XML(POST("1", "a",
                  REPLY("1", "0", "1", "", "Top") REPLY("2", "1", "1", "pingback", "Ping")
                      REPLY("3", "2", "1", "trackback", "Track") REPLY("4", "3", "1", "", "Re")
                          REPLY("5", "6", "1", "", "Lost") REPLY("6", "5", "1", "note", "N"))),
         ASK_REPLIES, S("Top approved|Re approved to Top|Lost approved")},
        {"a parent under another story",
         XML(POST("1", "a", REPLY("3", "0", "1", "", "First"))
                 POST("2", "b", REPLY("4", "3", "1", "", "Astray"))),
         ASK_REPLIES, S("First approved|Astray approved")},
        {"replies without ids are all there",
         XML(POST("1", "a", REPLY("", "0", "1", "", "A") REPLY("", "0", "1", "", "B"))),
         ASK_REPLIES, S("A approved|B approved")},
        {"no address of a reader's machine", XML(POST("1", "a", REPLY("1", "0", "1", "", "A"))),
         SQL("SELECT COALESCE(address, 'none') FROM comment"), S("none")},
        {"script in a reply",
         XML(POST("1", "a", REPLY("1", "0", "1", "", "<![CDATA[Hi<script>x()</script>]]>"))),
         SQL("SELECT html FROM comment"), S("<p>Hi</p>")},
        {"replies of a draft",
         XML(POST("1", "a", "<wp:status>draft</wp:status>" REPLY("1", "0", "1", "", "Early."))),
         ASK_REPLIES, S("Early. approved")},
    };
    expect_traps(traps, ARRAY_LEN(traps));
}

static void addresses(void)
{
    const struct trap traps[] = {
        {"dated link, ?p=, old slugs",
         XML(POST("12", "eels", META("_wp_old_slug", "eals") META("_wp_old_slug", "fish"))),
         ASK_REDIRECTS, S("/2025/06/eals/|/2025/06/eels/|/2025/06/fish/|/?p=12|/eals/|/fish/")},
        {"a blog in a folder",
         "<rss " NAMESPACES "><channel><wp:wxr_version>1.2</wp:wxr_version>"
         "<wp:base_blog_url>https://pier.example/blog</wp:base_blog_url>" BARE(
             "3", "page",
             "<link>https://pier.example/blog/about/us/</link><wp:post_name>us</wp:post_name>"
             "<wp:status>publish</wp:status><title>Us</title>") TAIL,
         ASK_REDIRECTS, S("/?p=3|/?page_id=3|/about/us/|/blog/about/us/")},
    };
    expect_traps(traps, ARRAY_LEN(traps));
}

/* ---- files that are refused whole ---- */

static void refusals(void)
{
    const struct {
        const char *what, *xml, *sentence;
    } cases[] = {
        {"cut off", HEAD AUTHOR("ned", "", "Ned") POST("1", "a", "") "<item><title>Cut he",
         "export.xml:1: the file is cut off here; export it again"},
        {"cut off after the channel",
         HEAD AUTHOR("ned", "", "Ned") POST("1", "a", "") "</channel>\n",
         "export.xml:2: the file is cut off here; export it again"},
        {"a DOCTYPE",
         "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" HEAD
         "<item><title>&x;</title></item>" TAIL,
         "export.xml:1: it has a DOCTYPE"},
        {"malformed, after a good item", HEAD POST("1", "a", "") "\n<b></i>" TAIL,
         "export.xml:2: not well-formed XML"},
        {"lines are the file's, junk and all", "Warning: x\nWarning: y\n" HEAD "\n<b></i>" TAIL,
         "export.xml:4: not well-formed XML"},
        {"no version", "<rss><channel><title>A feed</title><item/></channel></rss>",
         "export.xml:1: not a WordPress export"},
        {"another document", "<?xml version=\"1.0\"?><feed/>",
         "export.xml:1: not a WordPress export"},
        {"depth",
         HEAD "<item><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
              "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
         "export.xml:1: elements lie deeper"},
        {"nothing", " \n", "export.xml is empty"},
        {"JSON", "{\"db\": []}", "export.xml looks like JSON"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct site site;
        struct error err = ERROR_INIT;
        struct import_report *report = NULL;
        site_open(&site);
        int64_t before = records(&site);
        str path = written(&site, "export.xml", str_from_c(cases[i].xml));
        EXPECT_ST(imported(&site, path, false, &report, &err), ST_INVALID, &err);
        EXPECT(str_starts(str_from_c(err.text), str_from_c(cases[i].sentence)));
        if (!str_starts(str_from_c(err.text), str_from_c(cases[i].sentence)))
            printf("    %s: %s\n", cases[i].what, err.text);
        EXPECT_INT(records(&site), before);
        site_close(&site);
    }
}

/* A bad reference is found wherever the input's pieces part. */
static void references_between_pieces(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    for (size_t at = 0; at < 8; at++) {
        str head = S(HEAD "<item><wp:post_type>customize_changeset</wp:post_type><title>");
        size_t fill = 64UL * 1024 - at - head.len;
        char *dots = arena_alloc(site.arena, fill, 1);
        memset(dots, '.', fill);
        str text =
            str_join3(site.arena, head, (str){dots, fill}, S("&#0;&#x1F;</title></item>" TAIL));
        EXPECT_ST(imported(&site, written(&site, "export.xml", text), true, &report, &err), ST_OK,
                  &err);
    }
    site_close(&site);
}

/* ---- pictures and files ---- */

static const char png[] =
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\4\0\0\0\xb5\x1c\x0c\2\0\0\0\x0b"
    "IDATx\xda"
    "cd`\0\0\0\6\0\2"
    "0\x81\xd0/\0\0\0\0IEND\xae"
    "B`\x82";

static bool here(struct site *site, const char *below)
{
    return file_exists(str_format(site->arena, "%s/%s", site->dir, below));
}

static void uploads_end(struct site *site)
{
    storage_free(media.storage);
    media = (struct media_desk){0};
    site_close(site);
}

static void old_uploads(struct site *site)
{
    static char nobody; /* stands for the worker above */
    struct error err = ERROR_INIT;
    media = (struct media_desk){.worker = (struct media_worker *)(void *)&nobody,
                                .store = site->store,
                                .clock = &site->clock};
    EXPECT_ST(storage_new(str_format(site->arena, "%s/media", site->dir), &rng_system,
                          &media.storage, &err),
              ST_OK, &err);
    EXPECT_ST(file_mkdirs(str_format(site->arena, "%s/old/2025/06", site->dir), 0755, &err), ST_OK,
              &err);
    (void)written(site, "old/2025/06/boat.png", (str){png, sizeof(png) - 1});
    (void)written(site, "old/2025/06/late.png", (str){png, sizeof(png)}); /* another file */
    (void)written(site, "old/2025/06/bad.svg",
                  S("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x()</script></svg>"));
    (void)written(site, "old/2025/06/load.svg", S("<svg onload=\"x()\"></svg>"));
    (void)written(site, "old/2025/06/good.svg", S("<svg><path d=\"M0 0\"/></svg>"));
    (void)written(site, "old/2025/06/page.jpg", S("<!doctype html><script>x()</script>"));
    (void)written(site, "old/2025/06/png.html", (str){png, sizeof(png) - 1});
    (void)written(site, "secret.png", (str){png, sizeof(png) - 1});
}

static str text_of(struct site *site, const char *below)
{
    struct error err = ERROR_INIT;
    str text = STR_NONE;
    EXPECT_ST(file_read(site->arena, str_format(site->arena, "%s/%s", site->dir, below), 10000,
                        &text, &err),
              ST_OK, &err);
    return text;
}

static const char with_pictures[] = XML(
    POST("1", "a",
         META("_thumbnail_id", "30") "<content:encoded><![CDATA[<p>x</p><img src=\"https://"
                                     "pier.example/wp-content/uploads/2025/06/boat-300x200.png\">"
                                     "]]></content:encoded>")
        FILE_ITEM("30", "1", "2025/06/boat.png") FILE_ITEM("31", "0", "2025/06/bad.svg")
            FILE_ITEM("32", "0", "2025/06/load.svg") FILE_ITEM("33", "0", "2025/06/good.svg")
                FILE_ITEM("34", "0", "2025/06/page.jpg") FILE_ITEM("35", "0", "2025/06/png.html")
                    FILE_ITEM("36", "0", "../secret.png") FILE_ITEM("37", "0", "2025/06/none.png")
                        FILE_ITEM("38", "0", "2025/06/../../../secret.png")
                            FILE_ITEM("39", "0", "/etc/hostname")
                                FILE_ITEM("40", "0", "2025/06/late.png"));

static void pictures(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    old_uploads(&site);
    str path = written(&site, "export.xml", str_from_c(with_pictures));
    EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
    EXPECT_STR(asked(&site, SQL("SELECT path || ' ' || content_type FROM media ORDER BY path")),
               S("2025/06/bad.svg image/svg+xml|2025/06/boat.png image/png|"
                 "2025/06/good.svg image/svg+xml|2025/06/late.png image/png|"
                 "2025/06/load.svg image/svg+xml"));
    EXPECT_STR(asked(&site, SQL("SELECT image FROM story")), S("/content/images/2025/06/boat.png"));
    EXPECT(str_contains(asked(&site, ASK_HTML), S("src=\"/content/images/2025/06/boat.png\"")));
    EXPECT(here(&site, "media/2025/06/boat.png"));
    EXPECT(!str_contains(text_of(&site, "media/2025/06/bad.svg"), S("script")));
    EXPECT(!str_contains(text_of(&site, "media/2025/06/load.svg"), S("onload")));
    EXPECT(!here(&site, "media/2025/06/page.jpg"));
    EXPECT(!here(&site, "media/2025/06/png.html"));
    EXPECT(!here(&site, "media/secret.png"));
    EXPECT_INT(report->came[IMPORT_PICTURES], 6); /* png.html is boat.png again: */
    EXPECT_STR(asked(&site, SQL("SELECT path || ' ' || location FROM redirect WHERE path >="
                                " '/wp-content/' AND path < '/wp-content0'")),
               S("/wp-content/uploads/2025/06/png.html/ /content/images/2025/06/boat.png"));
    EXPECT_INT(report->came[IMPORT_ATTACHMENTS], 11);

    uploads_end(&site);
}

static void dry_run(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    old_uploads(&site);
    int64_t before = records(&site);
    str path = written(&site, "export.xml", str_from_c(with_pictures));
    EXPECT_ST(imported(&site, path, true, &report, &err), ST_OK, &err);
    EXPECT_INT(records(&site), before);
    EXPECT_INT(report->came[IMPORT_STORIES], 1);
    EXPECT_INT(report->came[IMPORT_ATTACHMENTS], 11);
    EXPECT(!here(&site, "media/2025"));
    uploads_end(&site);
}

/* wordpress.com has its uploads on a host of their own, and tells no path. */
static void pictures_of_wordpress_com(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    old_uploads(&site);
    str path = written(
        &site, "export.xml",
        S("<rss " NAMESPACES "><channel><wp:wxr_version>1.2</wp:wxr_version>"
          "<wp:base_blog_url>https://pier.wordpress.com</wp:base_blog_url>" POST(
              "1", "a",
              "<content:encoded><![CDATA[<img src=\"https://pier.files.wordpress.com/2025/06/"
              "boat-300x200.png?w=300\"><img srcset=\"https://pier.files.wordpress.com/2025/06/"
              "boat-150x150.png 150w\">]]></content:encoded>")
              BARE("30", "attachment",
                   "<wp:attachment_url>\n https://pier."
                   "files.wordpress.com/2025/06/boat.png"
                   "\n</wp:attachment_url>") TAIL));
    EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
    EXPECT_INT(report->came[IMPORT_PICTURES], 1);
    EXPECT(str_contains(asked(&site, ASK_HTML), S("src=\"/content/images/2025/06/boat.png\"")));
    uploads_end(&site);
}

/* ---- an export of several files ---- */

#define UPLOADED "https://pier.example/wp-content/uploads/2025/06/"
static const char files_file[] = XML(FILE_ITEM("30", "1", "2025/06/boat.png") BARE(
    "31", "attachment",
    "<wp:post_parent>1</wp:post_parent><wp:menu_order>-1</wp:menu_order>"
    "<wp:attachment_url>" UPLOADED "late.png</wp:attachment_url><excerpt:encoded>A &lt;b>quay"
    "&lt;/b></excerpt:encoded>" META("_wp_attachment_image_alt", "Late &amp; lit")
        META("_media_credit", "Ann") META("_navis_media_credit_org", "PA")));
static const char stories_file[] =
    XML(POST("1", "a",
             META("_thumbnail_id", "31") "<content:encoded><![CDATA[<p>x</p>[gallery ids=\"30\"]"
                                         "<p>y <img src=\"" UPLOADED
                                         "boat-300x200.png\"></p>[gallery]]]></content:encoded>"));

#define BOAT_IMG "<img src=\"/content/images/2025/06/boat.png\""
#define LATE_IMG "<img src=\"/content/images/2025/06/late.png\" alt=\"Late &amp; lit\""

/* Whatever order they come in, and whether in one command or several. */
static void several_files(void)
{
    static const struct {
        const char *what;
        int commands;
        const char *first, *second;
    } cases[] = {
        {"one command, files first", 1, files_file, stories_file},
        {"one command, stories first", 1, stories_file, files_file},
        {"two commands, files first", 2, files_file, stories_file},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct site site;
        struct error err = ERROR_INIT;
        struct import_report *report = NULL;
        site_open(&site);
        int failed = test_failed;
        old_uploads(&site);
        struct import_options options = options_of(&site);
        str paths[] = {written(&site, "one.xml", str_from_c(cases[i].first)),
                       written(&site, "two.xml", str_from_c(cases[i].second))};
        if (cases[i].commands == 1) {
            EXPECT_ST(import_files(&options, paths, 2, &report, &err), ST_OK, &err);
        } else {
            EXPECT_ST(import_files(&options, &paths[0], 1, &report, &err), ST_OK, &err);
            options.media_dir = STR_NONE; /* what came before is here */
            EXPECT_ST(import_files(&options, &paths[1], 1, &report, &err), ST_OK, &err);
        }
        EXPECT_STR(asked(&site, SQL("SELECT image || ' ' || image_alt || ' ' || image_caption"
                                    " FROM story")),
                   S("/content/images/2025/06/late.png Late & lit A <b>quay</b> "
                     "<span class=\"credit\">Ann / PA</span>"));
        str html = asked(&site, ASK_HTML);
        size_t first =
            str_find(html, S(BOAT_IMG)); /* the gallery, the picture, then all attached */
        size_t second = str_find(str_from(html, first + 1), S(BOAT_IMG)) + first + 1;
        size_t third = str_find(html, S(LATE_IMG));
        EXPECT(first < second && second < third && third != STR_NPOS);
        EXPECT(str_contains(str_from(html, third), S(BOAT_IMG)));
        EXPECT(str_contains(html, S("A <b>quay</b> <span class=\"credit\">Ann / PA</span>")));
        int64_t before = records(&site);
        EXPECT_ST(import_files(&options, paths, 2, &report, &err), ST_OK, &err);
        EXPECT_INT(records(&site), before);
        EXPECT_INT(report->came[IMPORT_ATTACHMENTS] + report->came[IMPORT_PICTURES], 0);
        if (test_failed > failed)
            printf("    in: %s\n    %.*s\n", cases[i].what, STR_ARG(html));
        uploads_end(&site);
    }
}

/* ---- pictures that come after their stories ---- */

static const char waiting_file[] =
    XML(POST("1", "whole",
             "<content:encoded><![CDATA[<p>x</p>[gallery ids=\"30\"]]]></content:encoded>" META(
                 "_thumbnail_id", "40"))
            POST("2", "edited",
                 "<content:encoded><![CDATA[<p>x <img src=\"" UPLOADED
                 "boat-300x200.png\" alt=\"Boat\"></p>]]></content:encoded>")
                POST("3", "tagged",
                     "<content:encoded><![CDATA[<p>x <img src=\"" UPLOADED
                     "boat.png\" alt=\"Boat\"></p>]]></content:encoded>")
                    POST("4", "pictured", META("_thumbnail_id", "30"))
                        POST("5", "half",
                             "<content:encoded><![CDATA[<img src=\"" UPLOADED
                             "boat.png\"><img src=\"" UPLOADED "gone.png\">]]></content:encoded>")
                            POST("6", "plain", "") FILE_ITEM("30", "0", "2025/06/boat.png")
                                FILE_ITEM("40", "0", "2025/06/late.png"));

#define ASK_IMAGES SQL("SELECT slug || ' ' || COALESCE(image, 'none') FROM story ORDER BY id")

static void edit(struct site *site, const char *slug, str text, str image, tag_id tag)
{
    struct error err = ERROR_INIT;
    struct story *story;
    struct story_prepared ready;
    EXPECT_ST(story_by_slug(site->conn, str_from_c(slug), site->arena, &story, &err), ST_OK, &err);
    EXPECT_ST(story_load_body(site->conn, &story, 1, site->arena, &err), ST_OK, &err);
    struct story_draft draft = {.id = story->id,
                                .title = story->title,
                                .text = text.len > 0 ? text : story->body.raw,
                                .image = image,
                                .tags = &tag,
                                .tags_count = tag.v != 0};
    EXPECT_ST(story_prepare(site->arena, &draft, &ready, &err), ST_OK, &err);
    SITE_WRITE(site, story_save(desk, &ready, &story->id, err), ST_OK);
}

static str note_where(const struct import_report *report, struct arena *arena, const char *what)
{
    str all = S("");
    for (size_t i = 0; i < report->notes_count; i++) {
        for (size_t k = 0; str_starts(report->notes[i].what, str_from_c(what)) &&
                           k < report->notes[i].where_count;
             k++)
            all = str_join3(arena, all, all.len > 0 ? S(" ") : S(""), report->notes[i].where[k]);
    }
    return all;
}

static void pictures_later(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    old_uploads(&site);
    str path = written(&site, "export.xml", str_from_c(waiting_file));
    struct import_options options = options_of(&site);
    options.media_dir = STR_NONE;
    EXPECT_ST(import_files(&options, &path, 1, &report, &err), ST_OK, &err);
    EXPECT(!str_contains(asked(&site, ASK_HTML), S("<img")));
    tag_id tag = {0};
    SITE_WRITE(
        &site,
        tag_find_or_add(desk, &(struct tag_draft){.name = S("Quay"), .slug = S("quay")}, &tag, err),
        ST_OK);
    edit(&site, "edited", S("<p>Mine.</p>"), STR_NONE, (tag_id){0});
    edit(&site, "tagged", STR_NONE, STR_NONE, tag);
    edit(&site, "pictured", STR_NONE, S("/content/images/mine.png"), (tag_id){0});

    int64_t before = records(&site);
    EXPECT_ST(import_files(&options, &path, 1, &report, &err), ST_OK, &err);
    EXPECT_INT(records(&site), before); /* nothing came: nothing is done */

    options.media_dir = str_format(site.arena, "%s/old", site.dir);
    EXPECT_ST(import_files(&options, &path, 1, &report, &err), ST_OK, &err);
    EXPECT_INT(report->came[IMPORT_PICTURES], 2);
    EXPECT_INT(report->came[IMPORT_STORIES], 0);
    EXPECT_INT(report->skipped[IMPORT_STORIES], 6);
    EXPECT_STR(asked(&site, ASK_IMAGES),
               S("whole /content/images/2025/06/late.png|edited none|tagged none|"
                 "pictured /content/images/mine.png|half none|plain none"));
    EXPECT_STR(
        asked(&site, SQL("SELECT s.slug FROM story s JOIN story_body b ON b.story = s.id"
                         " WHERE b.html LIKE '%<img src=\"/content/images/2025/06/boat.png\"%'"
                         " ORDER BY s.id")),
        S("whole|tagged|half"));
    EXPECT(str_contains(asked(&site, ASK_HTML), S("kg-gallery-card")));
    EXPECT_STR(asked(&site, ASK_TAGS), S("quay Quay"));
    EXPECT_STR(note_where(report, site.arena, "a story that came before has its pictures now"),
               S("whole tagged half"));
    EXPECT_STR(note_where(report, site.arena, "a story was changed here since"), S("edited"));
    EXPECT_STR(asked(&site, SQL("SELECT foreign_id FROM import_map WHERE kind = 'waiting'"
                                " ORDER BY foreign_id")),
               S("2|4|5"));
    before = records(&site);
    EXPECT_ST(import_files(&options, &path, 1, &report, &err), ST_OK, &err);
    EXPECT_INT(records(&site), before);
    site_expect_consistent(&site);
    uploads_end(&site);
}

/* ---- where old addresses lead ---- */

static void old_addresses_lead(void)
{
    static const char *const paths[] = {"/2025/06/eels/", "/?p=12", "/eals/", "/2025/06/eals/"};
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report = NULL;
    site_open(&site);
    str path =
        written(&site, "export.xml", S(XML(POST("12", "eels", META("_wp_old_slug", "eals")))));
    EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct redirect found = {0};
        EXPECT_ST(redirect_find(site.conn, str_from_c(paths[i]), site.arena, &found, &err), ST_OK,
                  &err);
        EXPECT_STR(found.slug, S("eels"));
        EXPECT(found.published);
        EXPECT_INT(found.code, 301);
    }
    site_close(&site);
}

/* ---- a store that fails ---- */

static const char whole[] =
    XML(AUTHOR("ned", "", "Ned") SECTION("2", "quay", "", "Quay")
            POST("1", "a",
                 "<dc:creator>ned</dc:creator>" REF("category", "quay", "Quay")
                     REPLY("1", "0", "1", "", "A") REPLY("2", "1", "1", "", "B"))
                POST("2", "b", "<dc:creator>ned</dc:creator>" REF("post_tag", "eels", "Eels")));

/* The Nth call fails, for more and more N: each story that is there is whole, and the next run brings
 * the rest. */
static void failures(void)
{
    bool went_through = false;
    for (int n = 0; !went_through; n += 1 + n / 5) {
        struct site site;
        struct error err = ERROR_INIT;
        struct import_report *report = NULL;
        site_open(&site);
        str path = written(&site, "export.xml", str_from_c(whole));
        site.calls_left = n;
        enum status st = imported(&site, path, false, &report, &err);
        went_through = st == ST_OK && site.calls_left >= 0;
        site.calls_left = -1;
        EXPECT(st == ST_OK || err.text[0] != '\0');
        site_expect_consistent(&site);
        EXPECT_INT(
            site_number(&site,
                        SQL("SELECT COUNT(*) FROM story s WHERE s.state <> 'published'"
                            " OR NOT EXISTS (SELECT 1 FROM story_byline b WHERE b.story = s.id)"
                            " OR NOT EXISTS (SELECT 1 FROM story_tag t WHERE t.story = s.id)"
                            " OR NOT EXISTS (SELECT 1 FROM redirect r WHERE r.story = s.id)"
                            " OR NOT EXISTS (SELECT 1 FROM import_map m WHERE"
                            " m.kind = 'story' AND m.ours = s.id)"
                            " OR (s.slug = 'a' AND s.comment_count <> 2)")),
            0);
        EXPECT_ST(imported(&site, path, false, &report, &err), ST_OK, &err);
        EXPECT_STR(asked(&site, ASK_STORIES), S("a a published|b b published"));
        EXPECT_STR(asked(&site, ASK_REPLIES), S("A approved|B approved to A"));
        EXPECT_STR(asked(&site, ASK_TAGS), S("quay Quay|eels Eels"));
        EXPECT_STR(asked(&site, ASK_BYLINES), S("ned Ned|ned Ned"));
        site_close(&site);
    }
}

int main(void)
{
    texts_and_elements();
    states_and_times();
    terms_and_bylines();
    replies();
    addresses();
    refusals();
    references_between_pieces();
    pictures();
    dry_run();
    pictures_of_wordpress_com();
    several_files();
    pictures_later();
    old_addresses_lead();
    failures();
    return test_done();
}
