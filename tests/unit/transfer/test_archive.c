/* SPDX-License-Identifier: MIT
 *
 * A site made by news/ is exported and read back line by line. */
#include "transfer/archive.h"

#include "base/file.h"
#include "discover/related.h"
#include "news/import_map.h"
#include "news/person.h"
#include "news/read_count.h"
#include "news/redirect.h"
#include "tests/unit/news/fixture.h"

#include <jansson.h>

enum { FILE_MAX = 1 << 20, MAPPED = 512 }; /* MAPPED: whole batches, exactly */

static str path_of(struct site *site, const char *below)
{
    return str_format(site->arena, "%s/%s", site->dir, below);
}

static str text_of(struct site *site, const char *below)
{
    struct error err = ERROR_INIT;
    str text = S("");
    EXPECT_ST(file_read(site->arena, path_of(site, below), FILE_MAX, &text, &err), ST_OK, &err);
    return text;
}

/* All records of a file; the caller drops them. */
static json_t *records_of(struct site *site, const char *below)
{
    str text = text_of(site, below);
    json_t *all = json_array();
    while (text.len > 0) {
        str line = str_cut(&text, '\n');
        json_error_t why;
        json_t *row = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &why);
        EXPECT(row != NULL);
        (void)json_array_append_new(all, row);
    }
    return all;
}

static str field(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    EXPECT(value != NULL);
    return json_is_string(value) ? (str){json_string_value(value), json_string_length(value)}
           : json_is_null(value) ? S("null")
                                 : S("(another type)");
}

static json_int_t number(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static str item(const json_t *row, const char *name, size_t index)
{
    return str_from_c(json_string_value(json_array_get(json_object_get(row, name), index)));
}

/* ---- the site ---- */

struct made {
    story_id first, second, page, trashed;
    comment_id top, answer;
    byline_id ned;
};

static comment_id reply_made(struct site *site, const struct comment_draft *draft)
{
    struct error e = ERROR_INIT;
    struct comment_prepared ready;
    struct comment_added added = {0};
    EXPECT_ST(comment_prepare(site->arena, draft, site->settings, &ready, &e), ST_OK, &e);
    SITE_WRITE(site, comment_add(desk, &ready, &added, err), ST_OK);
    return added.id;
}

static enum status many_mapped(struct newsroom *desk, story_id story, struct error *err)
{
    enum status st =
        import_map_put(desk, S("https://old.example"), S("byline"), S("w@mail.example"), 1, err);
    for (int i = 0; i < MAPPED - 1 && st == ST_OK; i++)
        st = import_map_put(desk, S("https://old.example"), S("story"),
                            str_format(desk->arena, "%d", i), story.v, err);
    return st;
}

static void stories_made(struct site *site, struct made *made)
{
    tag_id tags[] = {site_tag(site, S("Harbour")), site_tag(site, S("Art & \"Craft\""))};
    byline_id bylines[2];
    SITE_WRITE(site,
               byline_find_or_add(
                   desk, &(struct byline_draft){.name = S("Zoë"), .email = S("zoe@mail.example")},
                   &bylines[1], err),
               ST_OK);
    bylines[0] = made->ned = site_byline(site, S("Ned"));
    struct story_correction correction = {site->now + 123, {S("<p>It was <b>blue</b>.</p>")}};
    made->first =
        site_save(site, &(struct story_draft){.title = S("Rain </script> \"stops\"\nplay"),
                                              .slug = S("rain"),
                                              .format = STORY_MARKDOWN,
                                              .text = S("Some *rain*.\n\nЙ\t🌧\n"),
                                              .tags = (tag_id[]){tags[1], tags[0]},
                                              .tags_count = 2,
                                              .bylines = bylines,
                                              .bylines_count = 2,
                                              .corrections = &correction,
                                              .corrections_count = 1,
                                              .meta = {.og_title = S("Rain")},
                                              .published_at = site->now - TIME_HOUR + 7,
                                              .state = STORY_PUBLISHED});
    made->second = site_save(site, &(struct story_draft){.title = S("Sun"),
                                                         .published_at = site->now - TIME_HOUR,
                                                         .state = STORY_PUBLISHED});
    made->page = site_save(site, &(struct story_draft){.kind = STORY_PAGE, .title = S("About")});
    made->trashed = site_save(site, &(struct story_draft){.title = S("Gone")});
    SITE_WRITE(site, story_trash(desk, made->trashed, err), ST_OK);
    story_id later = site_save(site, &(struct story_draft){.title = S("Later")});
    SITE_WRITE(site, story_schedule(desk, later, site->now + TIME_DAY, err), ST_OK);
    (void)site_save(site, &(struct story_draft){.id = made->second,
                                                .title = S("Sun, again"),
                                                .text = S("<p>New.</p>")});
    SITE_WRITE(site, related_pick(desk, made->first, &made->second, 1, err), ST_OK);
    const struct tag_proposal names[] = {{.slug = S("ankara"), .name = S("Ankara"), .weight = 5}};
    SITE_WRITE(site, tag_propose(desk, made->page, names, 1, err), ST_OK);
}

static void site_made(struct site *site, struct made *made)
{
    struct error err = ERROR_INIT;
    person_id owner;
    str hash;
    EXPECT_ST(password_hash(site->arena, S("tide comes in late"), &hash, &err), ST_OK, &err);
    struct person person = {
        .email = S("owner@mail.example"), .name = S("Owner"), .role = ROLE_OWNER};
    SITE_WRITE(site, person_add(desk, &person, hash, &owner, err), ST_OK);
    SITE_WRITE(site, setting_set(desk, S("title"), S("The Wharf"), err), ST_OK);
    stories_made(site, made);
    made->top = reply_made(site, &(struct comment_draft){.story = made->first,
                                                         .name = S("Ann"),
                                                         .email = S("ann@mail.example"),
                                                         .address = S("192.0.2.0"),
                                                         .token = S("token-of-a-form"),
                                                         .text = S("Wet & *cold*.")});
    SITE_WRITE(site, comment_set_state(desk, made->top, COMMENT_APPROVED, S("fine"), err), ST_OK);
    made->answer = reply_made(site, &(struct comment_draft){.story = made->first,
                                                            .parent = made->top,
                                                            .imported = true,
                                                            .state = COMMENT_APPROVED,
                                                            .byline = made->ned,
                                                            .name = S("Bob"),
                                                            .email = S("bob@mail.example"),
                                                            .text = S("Buy this.")});
    SITE_WRITE(site,
               comment_set_state(desk, made->answer, COMMENT_SPAM, S("as bob@mail.example"), err),
               ST_OK);
    const struct redirect to = {.path = S("/old/"), .story = made->first};
    SITE_WRITE(site, redirect_add(desk, &to, err), ST_OK);
    const struct read_count reads[] = {{made->first, 5, site->now - TIME_HOUR},
                                       {made->first, 2, site->now - 2 * TIME_HOUR},
                                       {made->first, 1, site->now}};
    SITE_WRITE(site, read_count_add(desk, reads, 3, err), ST_OK);
    const struct read_on next = {made->first, made->second, 3};
    SITE_WRITE(site, read_on_add(desk, &next, 1, err), ST_OK);
    SITE_WRITE(site, many_mapped(desk, made->first, err), ST_OK);
    EXPECT_ST(file_mkdirs(path_of(site, "media/2026"), 0755, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(path_of(site, "media/2026/a.jpg"), S("jpg"), 0640, &err), ST_OK,
              &err);
}

static enum status exported(struct site *site, const char *name, bool with_private,
                            struct archive_counts *counts, struct error *err)
{
    return archive_write(&(struct archive_options){.conn = site->conn,
                                                   .url = S("https://wharf.example"),
                                                   .media = path_of(site, "media"),
                                                   .out = path_of(site, name),
                                                   .with_private = with_private},
                         counts, err);
}

/* ---- what is in it ---- */

static void stories_are_whole(struct site *site, const struct made *made)
{
    json_t *all = records_of(site, "out/stories.jsonl");
    EXPECT_INT(json_array_size(all), 5);
    const struct story *first = site_story(site, made->first);
    const json_t *row = json_array_get(all, 0);
    EXPECT_STR(field(row, "ghost_id"), first->ghost_id);
    EXPECT_STR(field(row, "uuid"), first->uuid);
    EXPECT_STR(field(row, "title"), first->title);
    EXPECT_STR(field(row, "html"), first->body.raw);
    EXPECT_STR(field(row, "source_format"), S("markdown"));
    EXPECT_STR(field(row, "source_text"), S("Some *rain*.\n\nЙ\t🌧\n"));
    EXPECT_STR(field(row, "og_title"), S("Rain"));
    EXPECT_STR(field(row, "meta_title"), S("null"));
    EXPECT_STR(field(row, "published_at"), S("2025-12-31T23:00:00.000007Z"));
    EXPECT_STR(field(row, "created_at"), S("2026-01-01T00:00:00Z"));
    EXPECT(json_is_true(json_object_get(row, "replies_open")));
    EXPECT(json_is_false(json_object_get(row, "featured")));
    EXPECT_STR(item(row, "tags", 0), first->tags[0]->slug);
    EXPECT_STR(item(row, "tags", 1), S("harbour"));
    EXPECT_STR(item(row, "bylines", 0), S("ned"));
    EXPECT_STR(item(row, "bylines", 1), S("zoe"));
    EXPECT_STR(item(row, "related_picks", 0), site_story(site, made->second)->ghost_id);
    const json_t *correction = json_array_get(json_object_get(row, "corrections"), 0);
    EXPECT_STR(field(correction, "corrected_at"), S("2026-01-01T00:00:00.000123Z"));
    EXPECT(str_contains(field(correction, "html"), S("blue")));
    static const char *const states[] = {"published", "published", "draft", "trashed", "scheduled"};
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        EXPECT_STR(field(json_array_get(all, i), "state"), str_from_c(states[i]));
    EXPECT_STR(field(json_array_get(all, 2), "kind"), S("page"));
    EXPECT_STR(field(json_array_get(all, 2), "published_at"), S("null"));
    json_decref(all);
    all = records_of(site, "out/versions.jsonl");
    EXPECT_INT(json_array_size(all), 1);
    EXPECT_STR(field(json_array_get(all, 0), "title"), S("Sun"));
    EXPECT_STR(field(json_array_get(all, 0), "story"), site_story(site, made->second)->ghost_id);
    json_decref(all);
}

static void the_rest_is_whole(struct site *site, const struct made *made)
{
    str story = site_story(site, made->first)->ghost_id;
    json_t *all = records_of(site, "out/comments.jsonl");
    EXPECT_INT(json_array_size(all), 2);
    const json_t *top = json_array_get(all, 0), *answer = json_array_get(all, 1);
    EXPECT_STR(field(top, "story"), story);
    EXPECT_STR(field(top, "state"), S("approved"));
    EXPECT_STR(field(top, "why"), S("fine"));
    EXPECT_STR(field(top, "parent"), S("null"));
    EXPECT_STR(field(answer, "parent"), field(top, "ghost_id"));
    EXPECT_STR(field(answer, "thread"), field(top, "ghost_id"));
    EXPECT_STR(field(answer, "state"), S("spam"));
    EXPECT_STR(field(top, "byline"), S("null"));
    EXPECT_STR(field(answer, "byline"), S("ned"));
    EXPECT_STR(field(answer, "why"), S("null")); /* it held an address */
    json_decref(all);
    all = records_of(site, "out/reads.jsonl");
    EXPECT_INT(json_array_size(all), 1);
    const json_t *days = json_object_get(json_array_get(all, 0), "days");
    EXPECT_INT(json_array_size(days), 2);
    EXPECT_STR(field(json_array_get(days, 0), "day"), S("2025-12-31"));
    EXPECT_INT(number(json_array_get(days, 0), "reads"), 7);
    EXPECT_INT(number(json_array_get(days, 1), "reads"), 1);
    json_decref(all);
    all = records_of(site, "out/redirects.jsonl");
    EXPECT_STR(field(json_array_get(all, 0), "path"), S("/old/"));
    EXPECT_STR(field(json_array_get(all, 0), "story"), story);
    json_decref(all);
    all = records_of(site, "out/proposals.jsonl");
    EXPECT_STR(field(json_array_get(json_object_get(json_array_get(all, 0), "tags"), 0), "slug"),
               S("ankara"));
    json_decref(all);
    all = records_of(site, "out/import_map.jsonl");
    EXPECT_INT(json_array_size(all), MAPPED);
    EXPECT_STR(field(json_array_get(all, 0), "kind"), S("byline"));
    EXPECT_STR(field(json_array_get(all, 0), "foreign_id"), S("null"));
    EXPECT_STR(field(json_array_get(all, MAPPED - 1), "foreign_id"), S("99"));
    EXPECT_STR(field(json_array_get(all, MAPPED - 1), "ours"), story);
    json_decref(all);
    EXPECT_STR(text_of(site, "out/media/2026/a.jpg"), S("jpg"));
}

static void site_says_so(struct site *site, const struct archive_counts *counts)
{
    static const int64_t want[ARCHIVE_KINDS] = {
        [ARCHIVE_SETTINGS] = 1,  [ARCHIVE_PEOPLE] = 1,   [ARCHIVE_BYLINES] = 2,
        [ARCHIVE_TAGS] = 2,      [ARCHIVE_STORIES] = 5,  [ARCHIVE_VERSIONS] = 1,
        [ARCHIVE_PROPOSALS] = 1, [ARCHIVE_COMMENTS] = 2, [ARCHIVE_REDIRECTS] = 1,
        [ARCHIVE_READS] = 1,     [ARCHIVE_READ_ONS] = 1, [ARCHIVE_IMPORT_MAP] = MAPPED,
        [ARCHIVE_FILES] = 1,
    };
    str text = text_of(site, "out/site.json");
    json_error_t why;
    json_t *json = json_loadb(text.ptr, text.len, 0, &why);
    EXPECT_STR(field(json, "format"), S("broadsheet-archive"));
    EXPECT_STR(field(json, "url"), S("https://wharf.example"));
    EXPECT_STR(field(json_object_get(json, "settings"), "title"), S("The Wharf"));
    EXPECT(json_is_false(json_object_get(json, "private")));
    const json_t *said = json_object_get(json, "counts");
    for (int kind = 0; kind < ARCHIVE_KINDS; kind++) {
        EXPECT_INT(counts->of[kind], want[kind]);
        EXPECT_INT(number(said, archive_kind_name((enum archive_kind)kind)), want[kind]);
    }
    json_decref(json);
}

/* ---- what is not ---- */

static const char *const files[] = {
    "README.txt",    "site.json",      "people.jsonl",    "bylines.jsonl",    "tags.jsonl",
    "stories.jsonl", "versions.jsonl", "proposals.jsonl", "comments.jsonl",   "redirects.jsonl",
    "media.jsonl",   "reads.jsonl",    "read_ons.jsonl",  "import_map.jsonl",
};

static void nothing_private(struct site *site)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char below[64];
        (void)snprintf(below, sizeof(below), "out/%s", files[i]);
        str open = text_of(site, below);
        EXPECT(!str_contains(open, S("mail.example")) && !str_contains(open, S("192.0.2")));
        (void)snprintf(below, sizeof(below), "all/%s", files[i]);
        str all = text_of(site, below);
        EXPECT(!str_contains(all, S("argon2")) && !str_contains(all, S("token-of-a-form")));
        (void)snprintf(below, sizeof(below), "again/%s", files[i]);
        EXPECT_STR(text_of(site, below), open);
    }
    json_t *all = records_of(site, "all/comments.jsonl");
    EXPECT_STR(field(json_array_get(all, 0), "email"), S("ann@mail.example"));
    EXPECT_STR(field(json_array_get(all, 0), "address"), S("192.0.2.0"));
    EXPECT_STR(field(json_array_get(all, 1), "why"), S("as bob@mail.example"));
    json_decref(all);
    EXPECT(str_contains(text_of(site, "all/people.jsonl"), S("owner@mail.example")));
    EXPECT(str_contains(text_of(site, "all/bylines.jsonl"), S("zoe@mail.example")));
    EXPECT(str_contains(text_of(site, "all/import_map.jsonl"), S("w@mail.example")));
    EXPECT(str_contains(text_of(site, "all/README.txt"), S("private data")));
}

static void refusals(struct site *site)
{
    struct error err = ERROR_INIT;
    struct archive_counts counts;
    EXPECT_ST(exported(site, "out", false, &counts, &err), ST_CONFLICT, &err);
    EXPECT_ST(exported(site, "out/", false, &counts, &err), ST_CONFLICT, &err);
    EXPECT_ST(exported(site, "no/such", false, &counts, &err), ST_IO, &err);
    EXPECT_ST(exported(site, "media/out", false, &counts, &err), ST_INVALID, &err);
    EXPECT(!file_exists(path_of(site, "media/out.making")));
    EXPECT_ST(file_mkdirs(path_of(site, "next.making"), 0755, &err), ST_OK, &err);
    EXPECT_ST(exported(site, "next", false, &counts, &err), ST_CONFLICT, &err);
    EXPECT(file_exists(path_of(site, "next.making"))); /* it may be somebody's */
}

/* Each call that touches the database fails once: nothing is left behind. */
static void failures(struct site *site)
{
    struct error err = ERROR_INIT;
    struct archive_counts counts;
    for (int good = 0;; good++) {
        site->calls_left = good;
        enum status st = exported(site, "fails", false, &counts, &err);
        bool met = site->calls_left < 0;
        site->calls_left = -1;
        EXPECT(!file_exists(path_of(site, "fails.making")));
        if (!met || good > 10000) {
            EXPECT_ST(st, ST_OK, &err);
            EXPECT(good > 20);
            return;
        }
        EXPECT_ST(st, ST_IO, &err);
        EXPECT(!file_exists(path_of(site, "fails")));
    }
}

int main(void)
{
    struct error err = ERROR_INIT;
    struct archive_counts counts = {0}, more;
    struct made made;
    struct site site;
    site_open(&site);
    site_made(&site, &made);
    EXPECT_ST(exported(&site, "out", false, &counts, &err), ST_OK, &err);
    EXPECT_ST(exported(&site, "again/", false, &more, &err), ST_OK, &err);
    EXPECT_ST(exported(&site, "all", true, &more, &err), ST_OK, &err);
    stories_are_whole(&site, &made);
    the_rest_is_whole(&site, &made);
    site_says_so(&site, &counts);
    nothing_private(&site);
    refusals(&site);
    failures(&site);
    site_close(&site);
    return test_done();
}
