/* SPDX-License-Identifier: MIT
 *
 * What is written and not saved, who is at a story, whose it is, what was corrected, who saved which version. */
#include "news/correction.h"
#include "news/person.h"
#include "news/story_lock.h"
#include "news/working_copy.h"
#include "tests/unit/news/fixture.h"

static person_id hire(struct site *site, str email, str name, enum role role)
{
    person_id id = {0};
    struct person person = {.email = email, .name = name, .role = role};
    SITE_WRITE(site, person_add(desk, &person, STR_NONE, &id, err), ST_OK);
    return id;
}

/* One call by somebody. */
#define BY(site_ptr, who, call, want) SITE_WRITE(site_ptr, (desk->person = (who), (call)), want)

static const struct working_copy_held nothing;

static str fields_of(struct site *site, story_id story, person_id person, str tab)
{
    struct working_copy *got;
    enum status st = tab.len == 0
                         ? working_copy_get(site->conn, story, person, site->arena, &got, NULL)
                         : working_copy_of(site->conn, story, person, tab, site->arena, &got, NULL);
    return st == ST_OK ? got->fields : S("-");
}

static void test_copies(struct site *site, person_id ann, person_id eve)
{
    struct error err = ERROR_INIT;
    story_id id = site_save(site, &(struct story_draft){.title = S("Rain"), .text = S("<p>a</p>")});
    struct working_copy *got, *list,
        copy = {.story = id,
                .name = S("Ann"),
                .tab = S("a1"),
                .version = 1,
                .title = S("Rain!"),
                .fields = S("{}")};
    size_t count;
    BY(site, ann, working_copy_keep(desk, &copy, &nothing, err), ST_OK);
    EXPECT_INT(site->raised_count, 0); /* readers' pages stay as they are */
    site->now += TIME_SECOND;
    copy.fields = S("{\"html\":\"more\"}");
    BY(site, ann, working_copy_keep(desk, &copy, &nothing, err), ST_OK);
    copy.name = S("Eve");
    BY(site, eve, working_copy_keep(desk, &copy, &nothing, err), ST_OK);
    EXPECT_ST(working_copy_get(site->conn, id, ann, site->arena, &got, &err), ST_OK, &err);
    EXPECT_STR(got->fields, S("{\"html\":\"more\"}"));
    EXPECT_STR(got->name, S("Ann"));
    EXPECT_INT(got->kept_at, site->now);
    EXPECT_ST(working_copy_list(site->conn, id, site->arena, &list, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 2);
    EXPECT(list[0].fields.len == 0);
    EXPECT_STR(site_story(site, id)->body.raw, S("<p>a</p>"));
    EXPECT_INT(site_story(site, id)->version, 1);
    static char big[WORKING_COPY_BYTES_MAX + 1];
    copy.fields = (str){big, sizeof(big)};
    BY(site, ann, working_copy_keep(desk, &copy, &nothing, err), ST_TOO_BIG);
    BY(site, ann, working_copy_drop(desk, id, S("a1"), &nothing, err), ST_OK);
    BY(site, ann, working_copy_drop(desk, id, S("a1"), &nothing, err), ST_OK); /* none is fine */
    EXPECT_ST(working_copy_get(site->conn, id, ann, site->arena, &got, &err), ST_NOT_FOUND, &err);
    /* Whoever leaves the paper leaves what they wrote. */
    SITE_WRITE(site, person_remove(desk, eve, err), ST_OK);
    EXPECT_ST(working_copy_get(site->conn, id, eve, site->arena, &got, &err), ST_OK, &err);
    SITE_WRITE(site, story_trash(desk, id, err), ST_OK);
    SITE_WRITE(site, story_delete(desk, id, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM working_copy")), 0);
}

/* One person with the story open twice: neither page takes what the other kept. */
static void test_two_pages(struct site *site, person_id ann)
{
    story_id id = site_save(site, &(struct story_draft){.title = S("Twice")});
    struct working_copy one = {
        .story = id, .name = S("Ann"), .tab = S("one"), .version = 1, .fields = S("first")};
    struct working_copy two = {
        .story = id, .name = S("Ann"), .tab = S("two"), .version = 1, .fields = S("second")};
    BY(site, ann, working_copy_keep(desk, &one, &nothing, err), ST_OK);
    struct working_copy_held held = {S("one"), site->now}; /* page two opens, with this in it */
    site->now += TIME_SECOND;
    one.fields = S("first, and more");
    BY(site, ann, working_copy_keep(desk, &one, &nothing, err), ST_OK);
    site->now += TIME_SECOND;
    BY(site, ann, working_copy_keep(desk, &two, &held, err), ST_OK);
    EXPECT_STR(fields_of(site, id, ann, S("one")), S("first, and more"));
    EXPECT_STR(fields_of(site, id, ann, STR_NONE), S("second"));             /* the newest */
    BY(site, ann, working_copy_drop(desk, id, S("two"), &held, err), ST_OK); /* two is saved */
    EXPECT_STR(fields_of(site, id, ann, STR_NONE), S("first, and more"));
    /* A page that began from it as it is takes its place. */
    held.kept_at = site->now - TIME_SECOND;
    two.tab = S("three");
    BY(site, ann, working_copy_keep(desk, &two, &held, err), ST_OK);
    EXPECT_STR(fields_of(site, id, ann, S("one")), S("-"));
    EXPECT_STR(fields_of(site, id, ann, S("three")), S("second"));
    BY(site, ann, working_copy_drop(desk, id, S("four"), &nothing, err), ST_OK);
    EXPECT_STR(fields_of(site, id, ann, STR_NONE), S("second")); /* not four's to drop */
}

static void test_locks(struct site *site, person_id ann, person_id wil)
{
    struct error err = ERROR_INIT;
    story_id id = site_save(site, &(struct story_draft){.title = S("Lock")});
    struct story_lock lock, from;
    EXPECT_ST(story_lock_find(site->conn, id, site->now, site->arena, &lock, &err), ST_NOT_FOUND,
              &err);
    BY(site, ann, story_lock_beat(desk, id, false, &lock, &from, err), ST_OK);
    EXPECT(lock.person.v == ann.v && from.person.v == 0);
    time_us since = site->now;
    site->now += 20 * TIME_SECOND;
    BY(site, ann, story_lock_beat(desk, id, false, &lock, &from, err), ST_OK);
    EXPECT_INT(lock.since, since); /* it goes on */
    BY(site, wil, story_lock_beat(desk, id, false, &lock, &from, err), ST_OK);
    EXPECT(lock.person.v == ann.v && from.person.v == 0);
    BY(site, wil, story_lock_leave(desk, id, err), ST_OK); /* not his to give up */
    EXPECT_ST(story_lock_find(site->conn, id, site->now, site->arena, &lock, &err), ST_OK, &err);
    BY(site, wil, story_lock_beat(desk, id, true, &lock, &from, err), ST_OK);
    EXPECT(lock.person.v == wil.v && from.person.v == ann.v);
    EXPECT_INT(lock.since, site->now);
    site->now += STORY_LOCK_LIFE; /* his browser died */
    EXPECT_ST(story_lock_find(site->conn, id, site->now, site->arena, &lock, &err), ST_NOT_FOUND,
              &err);
    BY(site, ann, story_lock_beat(desk, id, false, &lock, &from, err), ST_OK);
    EXPECT(lock.person.v == ann.v && from.person.v == 0);
    BY(site, ann, story_lock_leave(desk, id, err), ST_OK);
    EXPECT_ST(story_lock_find(site->conn, id, site->now, site->arena, &lock, &err), ST_NOT_FOUND,
              &err);
}

static void test_corrections(struct site *site)
{
    struct error err = ERROR_INIT;
    struct story_draft d = {.title = S("Wrong"), .text = S("<p>a</p>")};
    d.id = site_save(site, &d);
    int64_t first = 0, second = 0;
    struct correction *list;
    size_t count;
    html text;
    EXPECT_ST(
        correction_prepare(site->arena, S(" It said <em>b</em>.<script>x</script> "), &text, &err),
        ST_OK, &err);
    EXPECT_STR(text.raw, S("It said <em>b</em>."));
    html none;
    EXPECT_ST(correction_prepare(site->arena, S(" <b> </b> "), &none, &err), ST_INVALID, &err);
    EXPECT_ST(correction_prepare(site->arena, S("\xff"), &none, &err), ST_INVALID, &err);
    SITE_WRITE(site, correction_add(desk, d.id, text, &first, err), ST_OK);
    EXPECT(site_raised(site, str_format(site->arena, "story:%lld", (long long)d.id.v)));
    site->now += TIME_MINUTE;
    SITE_WRITE(site, correction_add(desk, d.id, text, &second, err), ST_OK);
    SITE_WRITE(site, correction_edit(desk, d.id, first, (html){S("Other")}, err), ST_OK);
    SITE_WRITE(site, correction_edit(desk, d.id, 9999, (html){S("Other")}, err), ST_NOT_FOUND);
    SITE_WRITE(site, correction_add(desk, (story_id){9999}, text, &second, err), ST_NOT_FOUND);
    EXPECT_ST(correction_list(site->conn, d.id, site->arena, &list, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 2);
    EXPECT_STR(list[0].text.raw, S("Other"));
    EXPECT_INT(list[1].corrected_at, site->now);
    const struct story *s = site_story(site, d.id);
    EXPECT_INT(s->correction_count, 2);
    EXPECT_INT(s->corrections_count, 2);
    EXPECT_INT(s->version, 1); /* the text is as it was: nobody's edit is behind */
    /* A save at the desk leaves them; one that brings its own (an import) replaces them. */
    d.keep_corrections = true;
    d.text = S("<p>b</p>");
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->corrections_count, 2);
    SITE_WRITE(site, correction_remove(desk, d.id, first, err), ST_OK);
    EXPECT_INT(site_story(site, d.id)->correction_count, 1);
    d.keep_corrections = false;
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->correction_count, 0);
}

static void save_as(struct site *site, person_id who, const struct story_draft *draft)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error prepare_err = ERROR_INIT;
    struct story_prepared ready;
    story_id id;
    EXPECT_ST(story_prepare(arena, draft, &ready, &prepare_err), ST_OK, &prepare_err);
    BY(site, who, story_save(desk, &ready, &id, err), ST_OK);
}

static void test_versions(struct site *site, person_id ann, person_id wil)
{
    struct error err = ERROR_INIT;
    struct story_draft d = {.title = S("Versions"), .text = S("<p>1</p>")};
    struct story_version *list, now;
    size_t count;
    int64_t kept;
    d.id = site_save(site, &d);
    time_us begun = site->now;
    site->now += TIME_HOUR;
    SITE_WRITE(site, story_publish(desk, d.id, desk->now, err), ST_OK);
    EXPECT_INT(site_story(site, d.id)->version,
               2); /* an edit that began from the draft is behind */
    d.text = S("<p>2</p>");
    d.version = 1;
    {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct story_prepared ready;
        story_id id;
        EXPECT_ST(story_prepare(arena, &d, &ready, &err), ST_OK, &err);
        BY(site, ann, story_save(desk, &ready, &id, err), ST_CONFLICT);
    }
    d.version = 2;
    save_as(site, ann, &d);
    EXPECT_ST(story_version_now(site->conn, d.id, site->arena, &now, &err), ST_OK, &err);
    EXPECT_INT(now.version, 3);
    EXPECT(now.saved_by.v == ann.v);
    EXPECT_STR(now.saved_by_name, S("Ann Quill"));
    EXPECT_INT(now.saved_at, site->now);
    site->now += TIME_HOUR;
    d.version = 0;
    d.featured = true; /* no other words: no version is kept */
    save_as(site, wil, &d);
    d.text = S("<p>3</p>");
    save_as(site, wil, &d);
    EXPECT_ST(story_versions(site->conn, d.id, 0, 10, site->arena, &list, &count, &err), ST_OK,
              &err);
    EXPECT_INT(count, 2);
    EXPECT_INT(list[0].version, 4);
    EXPECT(list[0].saved_by.v == wil.v);
    EXPECT_INT(list[1].version, 2);
    EXPECT_INT(list[1].saved_at, begun); /* when its text was saved, not when it was published */
    EXPECT_ST(story_version_kept(site->conn, d.id, 3, &kept, &err), ST_OK, &err);
    EXPECT_INT(kept, 4); /* an edit that began from 3 began from the words of 4 */
    EXPECT_ST(story_version_kept(site->conn, d.id, 5, &kept, &err), ST_OK, &err);
    EXPECT_INT(kept, 0);
}

/* A save that leaves the text as it was keeps what that had been made from. */
static void test_same_text(struct site *site)
{
    struct story_draft d = {
        .title = S("Notes"), .text = S("Some *words*."), .format = STORY_MARKDOWN};
    d.id = site_save(site, &d);
    d.format = STORY_HTML;
    d.text = site_story(site, d.id)->body.raw;
    d.title = S("Other notes");
    d.same_text = true;
    (void)site_save(site, &d);
    const struct story *s = site_story(site, d.id);
    EXPECT_STR(s->title, S("Other notes"));
    EXPECT(s->format == STORY_MARKDOWN);
    EXPECT_STR(s->source_text, S("Some *words*."));
    d.same_text = false;
    d.text = S("<p>Now HTML.</p>");
    (void)site_save(site, &d);
    EXPECT(site_story(site, d.id)->format == STORY_HTML);
    /* A draft's time can be taken away; a published story's stays. */
    d.published_at = site->now + TIME_DAY;
    (void)site_save(site, &d);
    d.published_at = 0;
    d.untimed = true;
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->published_at, 0);
    SITE_WRITE(site, story_publish(desk, d.id, desk->now, err), ST_OK);
    (void)site_save(site, &d);
    EXPECT_INT(site_story(site, d.id)->published_at, site->now);
}

static void test_preview(struct site *site)
{
    struct error err = ERROR_INIT;
    story_id id = site_save(site, &(struct story_draft){.title = S("Secret")});
    str key, first = STR_NONE, second = STR_NONE;
    EXPECT_ST(story_preview_key(site->conn, id, site->arena, &key, &err), ST_OK, &err);
    EXPECT_INT(key.len, 0);
    SITE_WRITE(site, story_preview_key_new(desk, id, &key, err), ST_OK);
    first = str_copy(site->arena, key);
    SITE_WRITE(site, story_preview_key_new(desk, id, &key, err), ST_OK);
    second = str_copy(site->arena, key);
    EXPECT_INT(first.len, 32);
    EXPECT(!str_eq(first, second));
    EXPECT_ST(story_preview_key(site->conn, id, site->arena, &key, &err), ST_OK, &err);
    EXPECT_STR(key, second);
    SITE_WRITE(site, story_preview_key_new(desk, (story_id){9999}, &key, err), ST_NOT_FOUND);
}

/* Whose a byline is decides which stories are one's own: a name alone gives nobody another's. */
static void test_bylines(struct site *site, person_id ann, person_id wil)
{
    struct error err = ERROR_INIT;
    struct person *a = NULL, *w = NULL;
    byline_id star = site_byline(site, S("Wil Hart")), mailed = {0}, got = {0};
    struct byline *byline;
    bool is = true;
    EXPECT_ST(person_by_id(site->conn, ann, site->arena, &a, &err), ST_OK, &err);
    EXPECT_ST(person_by_id(site->conn, wil, site->arena, &w, &err), ST_OK, &err);
    SITE_WRITE(
        site,
        byline_save(desk,
                    &(struct byline_draft){.name = S("A. Quill"), .email = S("ann@paper.example")},
                    &mailed, err),
        ST_OK);
    SITE_WRITE(site, byline_for_person(desk, w, false, &got, err), ST_OK);
    EXPECT(got.v != star.v); /* somebody else may have this name */
    byline_id own = got;
    SITE_WRITE(site, byline_for_person(desk, w, true, &got, err), ST_OK);
    EXPECT_INT(got.v, own.v); /* one has one */
    SITE_WRITE(site, byline_for_person(desk, a, false, &got, err), ST_OK);
    EXPECT(got.v != mailed.v); /* or have given this address for theirs */
    person_id jane = hire(site, S("jane@paper.example"), S("Jane"), ROLE_AUTHOR);
    SITE_WRITE(
        site,
        byline_save(desk,
                    &(struct byline_draft){.name = S("Jane Roe"), .email = S("jane@paper.example")},
                    &mailed, err),
        ST_OK);
    SITE_WRITE(site, byline_arrived(desk, jane, S("Jane@paper.example "), err), ST_OK);
    SITE_WRITE(site, byline_arrived(desk, jane, S("none@paper.example"), err), ST_OK);
    EXPECT_ST(byline_of_person(site->conn, jane, site->arena, &byline, &err), ST_OK, &err);
    EXPECT_STR(byline->name, S("Jane Roe")); /* the link was made for that address */
    SITE_WRITE(site, byline_arrived(desk, wil, S("jane@paper.example"), err), ST_OK);
    EXPECT_ST(byline_of_person(site->conn, jane, site->arena, &byline, &err), ST_OK, &err);
    EXPECT_INT(byline->id.v, mailed.v); /* hers by now */
    person_id twin = hire(site, S("twin@paper.example"), S("Greta Novak"), ROLE_EDITOR);
    struct person *t = NULL;
    byline_id greta = site_byline(site, S("Greta Novak"));
    EXPECT_ST(person_by_id(site->conn, twin, site->arena, &t, &err), ST_OK, &err);
    SITE_WRITE(site, byline_for_person(desk, t, true, &got, err), ST_OK);
    EXPECT_INT(got.v, greta.v); /* who may edit everybody's has the byline of their name */
    story_id id = site_save(
        site, &(struct story_draft){.title = S("His"), .bylines = &own, .bylines_count = 1});
    EXPECT_ST(story_is_by(site->conn, id, wil, &is, &err), ST_OK, &err);
    EXPECT(is);
    EXPECT_ST(story_is_by(site->conn, id, ann, &is, &err), ST_OK, &err);
    EXPECT(!is);
}

int main(void)
{
    struct site site;
    site_open(&site);
    person_id owner = hire(&site, S("own@paper.example"), S("Owner"), ROLE_OWNER);
    person_id ann = hire(&site, S("ann@paper.example"), S("Ann Quill"), ROLE_AUTHOR);
    person_id wil = hire(&site, S("wil@paper.example"), S("Wil Hart"), ROLE_AUTHOR);
    person_id eve = hire(&site, S("eve@paper.example"), S("Eve Ling"), ROLE_EDITOR);
    (void)owner;
    test_copies(&site, ann, eve);
    test_two_pages(&site, ann);
    test_locks(&site, ann, wil);
    test_corrections(&site);
    test_versions(&site, ann, wil);
    test_same_text(&site);
    test_preview(&site);
    test_bylines(&site, ann, wil);
    site_expect_consistent(&site);
    site_close(&site);
    return test_done();
}
