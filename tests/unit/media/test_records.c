/* SPDX-License-Identifier: MIT
 *
 * Records of pictures, and what stories know of them: saved, taken in later, replaced, removed. */
#include "media/media.h"
#include "media/refresh.h"
#include "tests/unit/news/fixture.h"

#define A      "/content/images/2026/01/a.jpg"
#define SIZED  " width=\"1200\" height=\"800\""
#define WITH_A "<p>Fog.</p><img src=\"" A "\" alt=\"\">"

static media_id put(struct site *site, const char *path, const char *hash, const char *caption)
{
    media_id id = {0};
    SITE_WRITE(site,
               media_insert(desk,
                            &(struct media_draft){.path = str_from_c(path),
                                                  .name = str_from_c(path),
                                                  .content_type = S("image/jpeg"),
                                                  .bytes = 1000,
                                                  .width = 1200,
                                                  .height = 800,
                                                  .frames = 1,
                                                  .hash = str_from_c(hash),
                                                  .original = str_from_c(hash),
                                                  .original_type = S("image/jpeg"),
                                                  .color = S("#a0b0c0"),
                                                  .caption = str_from_c(caption)},
                            &id, err),
               ST_OK);
    return id;
}

static story_id save(struct site *site, const char *title, const char *html, const char *image)
{
    return site_save(site,
                     &(struct story_draft){.title = str_from_c(title),
                                           .text = str_from_c(html),
                                           .image = str_from_c(image),
                                           .site_url = S("https://n.example"),
                                           .state = STORY_PUBLISHED,
                                           .pictures = media_lookup(site->arena, site->conn)});
}

static int64_t refresh(struct site *site)
{
    struct error err = ERROR_INIT;
    int64_t done = -1;
    site->raised_count = 0;
    const struct refresh_work work = {site->store, site->conn, &site->clock, &rng_system,
                                      site->settings};
    EXPECT_ST(refresh_run(&work, TIME_NEVER, &done, &err), ST_OK, &err);
    return done;
}

static struct media *get(struct site *site, media_id id)
{
    struct error err = ERROR_INIT;
    struct media *m = NULL;
    EXPECT_ST(media_by_id(site->conn, id, site->arena, &m, &err), ST_OK, &err);
    return m;
}

/* ---- reading and putting in ---- */

static void inserted(struct site *site)
{
    struct error err = ERROR_INIT;
    media_id id = put(site, "2026/01/a.jpg", "aa", "The bridge");
    EXPECT(site_raised(site, S("media:2026/01/a.jpg")));
    EXPECT(site_raised(site, S("absent:a.jpg")));
    struct media *m = get(site, id), *found[3];
    EXPECT_STR(m->path, S("2026/01/a.jpg"));
    EXPECT(m->class == MEDIA_PICTURE && m->width == 1200 && m->height == 800);
    EXPECT_STR(m->caption, S("The bridge"));
    EXPECT_STR(m->color, S("#a0b0c0"));
    EXPECT_INT(m->focus.x, 500);
    EXPECT_INT(m->focus.bottom, 1000);
    EXPECT(ghost_id_valid(m->ghost_id));
    EXPECT_ST(media_by_original(site->conn, S("aa"), site->arena, &m, &err), ST_OK, &err);
    EXPECT_INT(m->id.v, id.v);
    EXPECT_ST(media_by_path(site->conn, S("none.jpg"), site->arena, &m, &err), ST_NOT_FOUND, &err);
    const str paths[] = {S("x.jpg"), S("2026/01/a.jpg"), S("2026/01/a.jpg")};
    EXPECT_ST(media_by_paths(site->conn, paths, 3, site->arena, found, &err), ST_OK, &err);
    EXPECT(found[0] == NULL && found[1] != NULL && found[2] == found[1]);
    SITE_WRITE(site,
               media_insert(desk,
                            &(struct media_draft){.path = S("2026/01/a.jpg"),
                                                  .content_type = S("image/png")},
                            &id, err),
               ST_CONFLICT);
    SITE_WRITE(site, media_insert(desk, &(struct media_draft){.path = S("/a.jpg")}, &id, err),
               ST_INVALID);
}

/* ---- stories ---- */

static void saved(struct site *site)
{
    struct error err = ERROR_INIT;
    story_id id = save(site, "One", WITH_A, "https://n.example" A);
    struct story *s = site_story(site, id);
    EXPECT(str_contains(s->body.raw, S(SIZED)));
    EXPECT(str_contains(s->body.raw, S("loading=\"lazy\"")));
    EXPECT_STR(s->source_text, STR_NONE); /* kept once, though more is shown than was written */
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM story_picture WHERE own = 1")), 1);
    EXPECT_INT(s->image_count, 1);
    EXPECT_ST(media_load_pictures(site->conn, &s, 1, site->arena, &err), ST_OK, &err);
    EXPECT(s->picture != NULL && s->picture->width == 1200);

    /* Saved again as it is shown: the same story, no version, no attribute twice. */
    str shown = s->body.raw;
    (void)site_save(site, &(struct story_draft){.id = id,
                                                .title = S("One"),
                                                .text = shown,
                                                .image = s->image,
                                                .site_url = S("https://n.example"),
                                                .pictures = media_lookup(site->arena, site->conn)});
    EXPECT_STR(site_story(site, id)->body.raw, shown);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM story_version")), 0);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM job WHERE kind = 'pictures'")), 0);

    /* Without pictures: not one statement more. */
    int64_t before = store_conn_statements(site->conn);
    (void)save(site, "Plain", "<p>Words.</p>", "");
    EXPECT_INT(store_conn_statements(site->conn), before);
    /* With many: one. */
    (void)save(site, "Many", WITH_A WITH_A "<img src=\"/content/images/b.jpg\">", A);
    EXPECT_INT(store_conn_statements(site->conn), before + 1);
}

/* A story may come before its pictures. */
static void taken_in_later(struct site *site)
{
    story_id id = save(site, "Early", "<img src=\"/content/images/late.jpg\">", "");
    EXPECT(!str_contains(site_story(site, id)->body.raw, S("width")));
    EXPECT_INT(refresh(site), 0);
    (void)put(site, "late.jpg", "1a7e", "");
    EXPECT_INT(refresh(site), 1);
    EXPECT(site_raised(site, change_story_name(site->arena, id)));
    EXPECT(str_contains(site_story(site, id)->body.raw, S(SIZED)));
    EXPECT(str_contains(site_story(site, id)->body.raw, S("fetchpriority=\"high\"")));
    EXPECT_INT(refresh(site), 0);

    /* Prepared before the record was made, saved after it. */
    struct error err = ERROR_INIT;
    struct story_prepared ready;
    const struct story_draft draft = {.title = S("Race"),
                                      .text = S("<img src=\"/content/images/race.jpg\">"),
                                      .pictures = media_lookup(site->arena, site->conn)};
    EXPECT_ST(story_prepare(site->arena, &draft, &ready, &err), ST_OK, &err);
    (void)put(site, "race.jpg", "0ace", "");
    SITE_WRITE(site, story_save(desk, &ready, &id, err), ST_OK);
    EXPECT_INT(refresh(site), 1);
    EXPECT(str_contains(site_story(site, id)->body.raw, S(SIZED)));
}

/* ---- editing ---- */

static void edited(struct site *site)
{
    media_id id = put(site, "edit.jpg", "ed17", "Old caption");
    story_id story = save(site, "Edited", "<p>x</p>", "/content/images/edit.jpg");
    SITE_WRITE(site,
               media_save(desk,
                          &(struct media_edit){.id = id, .alt = S(" A lock "), .credit = S("Ada")},
                          err),
               ST_OK);
    struct media *m = get(site, id);
    EXPECT_STR(m->alt, S("A lock"));
    EXPECT_STR(m->caption, S("Old caption"));
    static const struct {
        struct media_focus focus;
        enum status st;
    } focuses[] = {
        {{250, 750, 0, 0, 1000, 1000}, ST_OK},        {{250, 400, 200, 300, 500, 500}, ST_OK},
        {{100, 400, 200, 300, 500, 500}, ST_INVALID}, {{1001, 0, 0, 0, 1000, 1000}, ST_INVALID},
        {{0, 0, 0, 0, 0, 1000}, ST_INVALID},          {{0, 0, -1, 0, 1000, 1000}, ST_INVALID},
    };
    for (size_t i = 0; i < ARRAY_LEN(focuses); i++)
        SITE_WRITE(
            site, media_save(desk, &(struct media_edit){.id = id, .focus = &focuses[i].focus}, err),
            focuses[i].st);
    EXPECT_INT(get(site, id)->focus.right, 500);
    EXPECT_INT(refresh(site), 1); /* what shows it is made anew */
    EXPECT(site_raised(site, change_story_name(site->arena, story)));
    SITE_WRITE(
        site,
        media_measured(desk, id,
                       &(struct media_draft){
                           .content_type = S("image/gif"), .width = 9, .height = 8, .frames = 12},
                       err),
        ST_OK);
    EXPECT_INT(get(site, id)->frames, 12);
    EXPECT_STR(get(site, id)->alt, S("A lock"));
    EXPECT_INT(refresh(site), 1);
}

/* ---- another in its place ---- */

static void replaced(struct site *site)
{
    struct error err = ERROR_INIT;
    struct media_left left = {0};
    media_id old = put(site, "old.jpg", "01d", "Kept caption");
    story_id id = site_save(
        site, &(struct story_draft){.title = S("Shown"),
                                    .format = STORY_MARKDOWN,
                                    .text = S("![B](/content/images/old.jpg)"),
                                    .image = S("/content/images/old.jpg"),
                                    .meta.og_image = S("/content/images/size/w600/old.jpg"),
                                    .state = STORY_PUBLISHED,
                                    .pictures = media_lookup(site->arena, site->conn)});
    tag_id tag = {0};
    byline_id byline = {0};
    SITE_WRITE(
        site,
        tag_save(desk,
                 &(struct tag_draft){.name = S("Harbour"), .image = S("/content/images/old.jpg")},
                 &tag, err),
        ST_OK);
    SITE_WRITE(site,
               byline_save(desk,
                           &(struct byline_draft){.name = S("Ada"),
                                                  .profile_image = S("/content/images/old.jpg")},
                           &byline, err),
               ST_OK);
    SITE_WRITE(site, setting_set(desk, S("cover_image"), S("/content/images/old.jpg"), err), ST_OK);
    struct media_use *uses;
    size_t count;
    bool more;
    EXPECT_ST(
        media_uses(site->conn, get(site, old), STR_NONE, site->arena, &uses, &count, &more, &err),
        ST_OK, &err);
    EXPECT_INT(count, 4);
    EXPECT(!more && count == 4 && uses[0].user == MEDIA_IN_STORY && uses[1].user == MEDIA_IN_TAG &&
           uses[2].user == MEDIA_IN_BYLINE && uses[3].user == MEDIA_IN_SETTING);

    media_id with = put(site, "2026/new one.jpg", "2e4", "");
    SITE_WRITE(site, media_replace(desk, old, old, &left, err), ST_CONFLICT);
    SITE_WRITE(site, media_replace(desk, old, with, &left, err), ST_OK);
    EXPECT(site_raised(site, change_story_name(site->arena, id)));
    EXPECT(site_raised(site, S("media:old.jpg")));
    EXPECT(site_raised(site, S("settings")));
    EXPECT_STR(left.path, S("old.jpg"));
    EXPECT_STR(left.original, S("01d"));
    struct story *s = site_story(site, id);
    EXPECT(str_contains(s->body.raw, S("src=\"/content/images/2026/new%20one.jpg\"")));
    EXPECT(!str_contains(s->body.raw, S("old.jpg")));
    EXPECT_STR(s->image, S("/content/images/2026/new%20one.jpg"));
    EXPECT_STR(s->meta.og_image, S("/content/images/size/w600/2026/new%20one.jpg"));
    EXPECT_STR(s->source_text, S("![B](/content/images/2026/new%20one.jpg)"));
    EXPECT_STR(get(site, with)->caption, S("Kept caption"));
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM tag"
                                     " WHERE image = '/content/images/2026/new%20one.jpg'")),
               1);
    EXPECT_INT(
        site_number(site, SQL("SELECT count(*) FROM byline"
                              " WHERE profile_image = '/content/images/2026/new%20one.jpg'")),
        1);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM setting"
                                     " WHERE value = '/content/images/2026/new%20one.jpg'")),
               1);
    EXPECT_INT(refresh(site), 0); /* nothing was left for later */

    /* Twice replaced: both old paths lead to the last; an old draft follows when it is saved. */
    str path;
    media_id third = put(site, "third.jpg", "3", "");
    SITE_WRITE(site, media_replace(desk, with, third, &left, err), ST_OK);
    EXPECT_ST(media_moved(site->conn, S("old.jpg"), site->arena, &path, &err), ST_OK, &err);
    EXPECT_STR(path, S("third.jpg"));
    EXPECT_ST(media_moved(site->conn, S("third.jpg"), site->arena, &path, &err), ST_NOT_FOUND,
              &err);
    id =
        save(site, "Old draft", "<img src=\"/content/images/old.jpg\">", "/content/images/old.jpg");
    EXPECT(
        str_contains(site_story(site, id)->body.raw, S("src=\"/content/images/third.jpg\"" SIZED)));
    EXPECT_STR(site_story(site, id)->image, S("/content/images/third.jpg"));
    EXPECT_INT(refresh(site), 0);

    /* The path is not free again. */
    bool is_free = true;
    EXPECT_ST(media_path_free(site->conn, S("old.jpg"), &is_free, &err), ST_OK, &err);
    EXPECT(!is_free);
}

/* More stories than one write rewrites: the rest follows behind, and the old address leads on. */
static void replaced_everywhere(struct site *site)
{
    enum { STORIES = MEDIA_REPLACE_AT_ONCE + 30 };
    struct media_left left;
    media_id old = put(site, "logo.jpg", "1090", "");
    for (int i = 0; i < STORIES; i++)
        (void)save(site, "Logo", "<img src=\"/content/images/logo.jpg\">", "");
    media_id with = put(site, "logo-2.jpg", "1092", "");
    SITE_WRITE(site, media_replace(desk, old, with, &left, err), ST_OK);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM story_picture WHERE path = 'logo.jpg'")),
               STORIES - MEDIA_REPLACE_AT_ONCE);
    EXPECT_INT(refresh(site), STORIES - MEDIA_REPLACE_AT_ONCE);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM story_picture"
                                     " WHERE path = 'logo-2.jpg'")),
               STORIES);
    EXPECT_INT(site_number(site, SQL("SELECT count(*) FROM story_body"
                                     " WHERE html <> '' AND instr(html, 'logo.jpg') > 0")),
               0);
}

/* ---- unused, removed ---- */

static bool unused_has(struct site *site, media_id id)
{
    struct error err = ERROR_INIT;
    struct media_list list = {.more = true};
    struct media_unused_query query = {.limit = 3, .look = 5, .site = S("https://n.example")};
    bool found = false;
    while (list.more) {
        media_id before = query.after;
        EXPECT_ST(media_unused(site->conn, &query, site->arena, &list, &query.after, &err), ST_OK,
                  &err);
        EXPECT(query.after.v > before.v || !list.more);
        for (size_t i = 0; i < list.count; i++)
            found = found || list.rows[i]->id.v == id.v;
    }
    return found;
}

static void unused(struct site *site)
{
    static const struct {
        const char *path, *html, *image, *setting;
        bool used;
    } cases[] = {
        {"u/body.jpg", "<img src=\"/content/images/u/body.jpg\">", "", "", true},
        {"u/set.jpg", "<img src=\"x.jpg\" srcset=\"/content/images/size/w600/u/set.jpg 600w\">", "",
         "", true},
        {"u/link.pdf", "<a href=\"/content/files/u/link.pdf\">x</a>", "", "", true},
        {"u/film.mp4", "<video src=\"/content/media/u/film.mp4\"></video>", "", "", true},
        {"u/feature.jpg", "", "https://n.example/content/images/u/feature.jpg", "", true},
        {"u/icon.png", "", "", "https://n.example/content/images/size/w100/u/icon.png", true},
        {"u/comment.jpg", "<!-- <img src=\"/content/images/u/comment.jpg\"> -->", "", "", false},
        {"u/foreign.jpg", "<img src=\"https://o.example/content/images/u/foreign.jpg\">", "", "",
         false},
        {"u/near.jpg", "<img src=\"/content/images/u/near.jpg2\">", "", "", false},
        {"u/none.jpg", "", "", "", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        media_id id = put(site, cases[i].path, cases[i].path, "");
        if (cases[i].html[0] != '\0' || cases[i].image[0] != '\0')
            (void)save(site, cases[i].path, cases[i].html, cases[i].image);
        if (cases[i].setting[0] != '\0')
            SITE_WRITE(site, setting_set(desk, S("logo"), str_from_c(cases[i].setting), err),
                       ST_OK);
        bool is_unused = unused_has(site, id);
        EXPECT(is_unused == !cases[i].used);
        if (is_unused == cases[i].used)
            printf("    %s\n", cases[i].path);
    }
}

static void removed(struct site *site)
{
    struct error err = ERROR_INIT;
    struct media_left left = {0};
    str path = S("?");
    media_id id = put(site, "gone.jpg", "90e", "");
    media_id twin = put(site, "twin.jpg", "90e", "");
    story_id story = save(site, "Gone", "<img src=\"/content/images/gone.jpg\">", "");
    SITE_WRITE(site, media_remove(desk, id, false, &left, err), ST_CONFLICT);
    SITE_WRITE(site, media_remove(desk, id, true, &left, err), ST_OK);
    EXPECT(site_raised(site, S("media:gone.jpg")));
    EXPECT_STR(left.path, S("gone.jpg"));
    EXPECT_STR(left.original, STR_NONE); /* the twin has it too */
    EXPECT_INT(refresh(site), 1);
    EXPECT_STR(site_story(site, story)->body.raw, S("<img src=\"/content/images/gone.jpg\">"));
    EXPECT_ST(media_moved(site->conn, S("gone.jpg"), site->arena, &path, &err), ST_OK, &err);
    EXPECT_STR(path, STR_NONE);
    SITE_WRITE(site, media_remove(desk, twin, false, &left, err), ST_OK);
    EXPECT_STR(left.original, S("90e"));
    SITE_WRITE(site, media_remove(desk, twin, false, &left, err), ST_NOT_FOUND);
}

/* ---- lists ---- */

/* Those without an alt text, and those of one person: alone, and with the other conditions. */
static void listed_silent(struct site *site, media_id first, time_us day)
{
    struct error err = ERROR_INIT;
    SITE_WRITE(site,
               media_save(desk, &(struct media_edit){.id = first, .alt = S("A tram in fog")}, err),
               ST_OK);
    SITE_WRITE(site, ({
                   AUTO(store_stmt_donep)
                   struct store_stmt *q = store_query(
                       store_tx_conn(desk->tx), SQL("UPDATE media SET person = 7 WHERE id < $1"));
                   store_bind_int(q, 1, first.v + 2);
                   store_run(q, err);
               }),
               ST_OK);
    const struct {
        struct media_query query;
        size_t count;
    } cases[] = {
        {{.no_alt = true, .from = day}, 39},
        {{.no_alt = true, .from = day, .class = MEDIA_PICTURE}, 39},
        {{.no_alt = true, .class = MEDIA_VIDEO}, 0},
        {{.no_alt = true, .from = day, .words = S("trams depot")}, 3},
        {{.person = {7}, .from = day}, 2},
        {{.person = {7}, .from = day, .no_alt = true}, 1},
        {{.person = {7}, .from = day, .class = MEDIA_AUDIO}, 0},
        {{.person = {7}, .from = day, .words = S("ferries")}, 1},
        {{.person = {8}}, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct media_query query = cases[i].query;
        struct media_list list;
        query.limit = 100;
        EXPECT_ST(media_list(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
        EXPECT_INT(list.count, cases[i].count);
    }
}

/* A word that so many have that another condition is walked finds the same. */
static void listed_common(struct site *site)
{
    struct error err = ERROR_INIT;
    SITE_WRITE(site, ({
                   AUTO(store_stmt_donep)
                   struct store_stmt *q = store_query(
                       store_tx_conn(desk->tx),
                       SQL("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
                           " i < 4100) INSERT INTO media (ghost_id, path, name, content_type,"
                           " bytes, alt, person, created_at) SELECT 'common' || i, 'common/' || i,"
                           " 'x', 'image/png', 1, CASE WHEN i % 100 > 0 THEN 'x' END,"
                           " CASE WHEN i % 10 = 0 THEN 9 END, $1 + i FROM n"));
                   store_bind_int(q, 1, site->now);
                   store_run(q, err);
               }),
               ST_OK);
    SITE_WRITE(site, ({
                   AUTO(store_stmt_donep)
                   struct store_stmt *q = store_query(
                       store_tx_conn(desk->tx),
                       SQL("INSERT INTO media_word (media, word, created_at) SELECT id, 'common',"
                           " created_at FROM media WHERE path >= 'common/' AND path < 'common0'"));
                   store_run(q, err);
               }),
               ST_OK);
    const struct {
        struct media_query query;
        size_t count;
    } cases[] = {
        {{.words = S("common"), .no_alt = true}, 41},
        {{.words = S("common"), .no_alt = true, .person = {9}}, 41},
        {{.words = S("common"), .person = {9}, .class = MEDIA_DOCUMENT}, 0},
        {{.words = S("common ferry"), .class = MEDIA_PICTURE}, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct media_query query = cases[i].query;
        struct media_list list;
        query.limit = 100;
        EXPECT_ST(media_list(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
        EXPECT_INT(list.count, cases[i].count);
    }
}

static void listed(struct site *site)
{
    struct error err = ERROR_INIT;
    media_id first = {0};
    site->now += TIME_DAY;
    time_us day = site->now;
    for (int i = 0; i < 40; i++) {
        char path[32], caption[64];
        (void)snprintf(path, sizeof(path), "list/%02d.jpg", i);
        (void)snprintf(caption, sizeof(caption), "%s at the %s", i % 2 ? "Ferries" : "Trams",
                       i % 5 ? "harbour" : "depot");
        media_id id = put(site, path, path, caption);
        first = i == 0 ? id : first;
        site->now += i % 4 ? 0 : TIME_SECOND; /* several in one moment */
    }
    static const struct {
        const char *words;
        enum media_class class;
        size_t count;
    } cases[] = {
        {"ferry", MEDIA_ANY, 20},
        {"FERRIES harbour", MEDIA_ANY, 16},
        {"depot tram", MEDIA_PICTURE, 4},
        {"ferry tram", MEDIA_ANY, 0},
        {"the", MEDIA_ANY, 0},
        {"harbour", MEDIA_AUDIO, 0},
        {"", MEDIA_PICTURE, 40},
        {"", MEDIA_VIDEO, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct media_list list = {.more = true};
        struct media_query query = {
            .words = str_from_c(cases[i].words), .class = cases[i].class, .from = day, .limit = 7};
        size_t count = 0;
        struct story_key last = {INT64_MAX, INT64_MAX};
        while (list.more) {
            EXPECT_ST(media_list(site->conn, &query, site->arena, &list, &err), ST_OK, &err);
            for (size_t k = 0; k < list.count; k++) {
                struct story_key key = media_key(list.rows[k]);
                EXPECT(key.at < last.at || (key.at == last.at && key.id < last.id));
                last = key;
            }
            count += list.count;
            query.before = last;
        }
        EXPECT_INT(count, cases[i].count);
    }
    story_id story = save(site, "Two", "<img src=\"/content/images/list/00.jpg\">",
                          "/content/images/list/01.jpg");
    struct media_list list;
    EXPECT_ST(
        media_list(site->conn, &(struct media_query){.story = story}, site->arena, &list, &err),
        ST_OK, &err);
    EXPECT_INT(list.count, 2);
    EXPECT_ST(media_list(site->conn, &(struct media_query){.story = story, .words = S("ferry")},
                         site->arena, &list, &err),
              ST_OK, &err);
    EXPECT_INT(list.count, 1);
    EXPECT_ST(media_list(site->conn, &(struct media_query){.until = day}, site->arena, &list, &err),
              ST_OK, &err);
    EXPECT(list.count > 0 && list.rows[0]->id.v < first.v);
    listed_silent(site, first, day);
    listed_common(site);
}

/* ---- from an older version ---- */

/* A site of version 2: stories that name pictures, records without words. */
static void upgraded(void)
{
    struct site site;
    struct error err = ERROR_INIT;
    site_open(&site);
    store_reader_free(site.conn);
    store_close(site.store);
    str path = str_format(site.arena, "%s/old.db", site.dir);
    struct embedded files[8];
    size_t count = 0;
    for (size_t i = 0; i < store_schema_count; i++) {
        if (strcmp(store_schema[i].path, "0003") < 0)
            files[count++] = store_schema[i];
    }
    EXPECT_INT(count, 2);
    struct store_options options = {.path = path,
                                    .create = true,
                                    .migrations = files,
                                    .migrations_count = count,
                                    .tokenizer = words_tokenizer(site.words),
                                    .clock = &site.clock};
    EXPECT_ST(store_open(&options, &site.store, &err), ST_OK, &err);
    SITE_WRITE(&site, ({
        struct store_conn *conn = store_tx_conn(desk->tx);
        AUTO(store_stmt_donep)
        struct store_stmt *m = store_query(
            conn, SQL("INSERT INTO media (ghost_id, path, name, content_type, bytes,"
                      " width, height, caption, created_at) VALUES ('m', 'v/old.mp4',"
                      " 'old.mp4', 'video/mp4', 9, NULL, NULL, 'A ferry', 5),"
                      " ('n', 'v/old.jpg', 'old.jpg', 'image/jpeg', 9, 1200, 800, NULL, 5)"));
        enum status st = store_run(m, err);
        for (int64_t i = 1; i <= 40 && st == ST_OK; i++) {
            AUTO(store_stmt_donep)
            struct store_stmt *s =
                store_query(conn, SQL("INSERT INTO story (id, ghost_id, uuid, kind, state, slug,"
                                      " title, created_at, updated_at) VALUES ($1, $1, $1, 'story',"
                                      " 'draft', $1, 'Old', 1, 1)"));
            store_bind_int(s, 1, i);
            st = store_run(s, err);
            AUTO(store_stmt_donep)
            struct store_stmt *b =
                store_query(conn, SQL("INSERT INTO story_body (story, html, source_format) VALUES"
                                      " ($1, '<img src=\"/content/images/v/old.jpg\">', 'html')"));
            store_bind_int(b, 1, i);
            st = st == ST_OK ? store_run(b, err) : st;
        }
        st;
    }),
               ST_OK);
    store_close(site.store);

    options.migrations = store_schema;
    options.migrations_count = store_schema_count;
    EXPECT_ST(store_open(&options, &site.store, &err), ST_OK, &err);
    EXPECT_ST(store_reader_new(site.store, &site.conn, &err), ST_OK, &err);
    struct media_list list;
    const struct media_unused_query all = {.limit = 10};
    media_id after;
    EXPECT_ST(media_unused(site.conn, &all, site.arena, &list, &after, &err), ST_CONFLICT, &err);
    EXPECT(refresh(&site) > 3);
    EXPECT_INT(site_number(&site, SQL("SELECT count(*) FROM story_picture")), 40);
    EXPECT(str_contains(site_story(&site, (story_id){40})->body.raw, S(SIZED)));
    EXPECT_ST(media_unused(site.conn, &all, site.arena, &list, &after, &err), ST_OK, &err);
    EXPECT_INT(list.count, 1);
    EXPECT(list.count == 1 && list.rows[0]->class == MEDIA_VIDEO);
    EXPECT_ST(media_list(site.conn, &(struct media_query){.words = S("ferries")}, site.arena, &list,
                         &err),
              ST_OK, &err);
    EXPECT_INT(list.count, 1);
    site_close(&site);
}

/* ---- failures ---- */

/* Each call to the database fails in turn: the replacement happened whole or not at all. */
static void replaced_or_not(struct site *site)
{
    media_id old = put(site, "f/old.jpg", "f01d", "");
    media_id with = put(site, "f/new.jpg", "f2e4", "");
    story_id id =
        save(site, "Fault", "<img src=\"/content/images/f/old.jpg\">", "/content/images/f/old.jpg");
    enum status st = ST_IO;
    for (int n = 1; st != ST_OK; n++) {
        CHECK(n < 500);
        struct error err = ERROR_INIT;
        struct media_left left;
        struct newsroom *desk = site_begin(site);
        site->calls_left = n;
        st = media_replace(desk, old, with, &left, &err);
        site->calls_left = st == ST_OK ? site->calls_left : -1;
        st = site_end(site, st, &err);
        site->calls_left = -1;
        struct story *s = site_story(site, id);
        str named = st == ST_OK ? S("/content/images/f/new.jpg") : S("/content/images/f/old.jpg");
        EXPECT_STR(s->image, named);
        EXPECT(str_contains(s->body.raw, named));
    }
}

int main(void)
{
    struct site site;
    site_open(&site);
    inserted(&site);
    saved(&site);
    taken_in_later(&site);
    edited(&site);
    replaced(&site);
    replaced_everywhere(&site);
    unused(&site);
    removed(&site);
    listed(&site);
    replaced_or_not(&site);
    site_expect_consistent(&site);
    site_close(&site);
    upgraded();
    return test_done();
}
