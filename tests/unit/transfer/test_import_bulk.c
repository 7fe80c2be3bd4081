/* SPDX-License-Identifier: MIT
 *
 * An export of several batches, so that one is converted while another is saved. The sanitizer for threads
 * runs this too. */
#include "base/buf.h"
#include "base/file.h"
#include "tests/unit/news/fixture.h"
#include "transfer/import.h"
#include "transfer/wxr_import.h"

enum { STORIES = 2 * WXR_BATCH_STORIES + WXR_BATCH_STORIES / 2, REPLIES = 3 };

/* Every fifth body is not regular, so that both parsers are met. */
static void add_story(struct buf *b, int n)
{
    buf_addf(b,
             "<item><title>Story %d</title><link>https://pier.example/%d/</link>"
             "<wp:post_id>%d</wp:post_id><wp:post_name>story-%d</wp:post_name>"
             "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
             "<wp:post_date_gmt>2025-06-01 10:%02d:00</wp:post_date_gmt>"
             "<category domain=\"post_tag\" nicename=\"t%d\">T%d</category>"
             "<content:encoded><![CDATA[<p>Eel number%d is <b>back</b>.%s]]></content:encoded>",
             n, n, n, n, n % 60, n % 7, n % 7, n, n % 5 == 0 ? "" : "</p>");
    for (int i = 0; i < REPLIES; i++)
        buf_addf(b,
                 "<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Ann"
                 "</wp:comment_author><wp:comment_date_gmt>2025-06-02 08:00:00"
                 "</wp:comment_date_gmt><wp:comment_content>Reply %d</wp:comment_content>"
                 "<wp:comment_approved>%d</wp:comment_approved><wp:comment_parent>%d"
                 "</wp:comment_parent></wp:comment>",
                 n * 10 + i, i, i < 2, i == 1 ? n * 10 : 0);
    buf_add(b, S("</item>\n"));
}

static str export_written(struct site *site)
{
    struct buf b;
    struct error err = ERROR_INIT;
    str path = str_format(site->arena, "%s/export.xml", site->dir);
    buf_init(&b, site->arena, 4 * 1024 * 1024);
    buf_add(&b, S("<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
                  " xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>The Pier</title>"
                  "<link>https://pier.example</link><wp:wxr_version>1.2</wp:wxr_version>"));
    for (int n = 1; n <= STORIES; n++)
        add_story(&b, n);
    buf_add(&b, S("</channel></rss>"));
    EXPECT_ST(file_write_atomic(path, buf_view(&b), 0600, &err), ST_OK, &err);
    return path;
}

static enum status import(struct site *site, str path, bool alone,
                          struct import_report **ret_report, struct error *err)
{
    const struct import_options options = {.arena = site->arena,
                                           .store = site->store,
                                           .settings = site->settings,
                                           .clock = &site->clock,
                                           .alone = alone};
    return import_files(&options, &path, 1, ret_report, err);
}

static void expect_whole(struct site *site)
{
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM story WHERE state = 'published'"
                                     " AND comment_count = 2")),
               STORIES);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM comment")), STORIES * REPLIES);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM comment WHERE thread <> id")), STORIES);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM story_fts WHERE story_fts MATCH 'eel'")),
               STORIES);
    EXPECT_INT(site_number(site, SQL("SELECT story_count FROM tag WHERE slug = 't1'")),
               (STORIES + 6) / 7);
    site_expect_consistent(site);
}

static void comes_whole(bool alone)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report;
    site_open(&site);
    str path = export_written(&site);
    EXPECT_ST(import(&site, path, alone, &report, &err), ST_OK, &err);
    EXPECT_INT(report->came[IMPORT_STORIES], STORIES);
    EXPECT_INT(report->came[IMPORT_COMMENTS], STORIES * REPLIES);
    expect_whole(&site);
    EXPECT_ST(import(&site, path, alone, &report, &err), ST_OK, &err);
    EXPECT_INT(report->came[IMPORT_STORIES], 0);
    EXPECT_INT(report->skipped[IMPORT_STORIES], STORIES);
    expect_whole(&site);
    site_close(&site);
}

/* The database fails in the middle: what is there is consistent, and a second run brings the rest. */
static void comes_whole_after_failure(bool alone)
{
    struct site site;
    struct error err = ERROR_INIT;
    struct import_report *report;
    site_open(&site);
    str path = export_written(&site);
    site.calls_left = STORIES * 40;
    EXPECT(import(&site, path, alone, &report, &err) != ST_OK);
    site.calls_left = -1;
    int64_t there = site_number(&site, SQL("SELECT COUNT(*) FROM story"));
    EXPECT(there > 0 && there < STORIES);
    site_expect_consistent(&site);
    EXPECT_ST(import(&site, path, alone, &report, &err), ST_OK, &err);
    EXPECT_INT(report->came[IMPORT_STORIES], STORIES - there);
    expect_whole(&site);
    site_close(&site);
}

int main(void)
{
    for (int alone = 0; alone < 2; alone++) {
        comes_whole(alone != 0);
        comes_whole_after_failure(alone != 0);
    }
    return test_done();
}
