/* SPDX-License-Identifier: MIT */
#include "tests/unit/site/press.h"

#include "base/file.h"
#include "base/parse.h"
#include "base/random.h"
#include "http/exchange.h"
#include "news/comment.h"
#include "news/read_count.h"
#include "news/setting.h"
#include "news/tag.h"
#include "site/database.h"
#include "site/folder.h"
#include "site/site.h"
#include "store/store.h"
#include "tests/check.h"

#include <stdlib.h>

static time_us press_now(void *ctx)
{
    const struct press *press = ctx;
    return press->now;
}

static void must(enum status st, const struct error *err)
{
    if (st != ST_OK)
        (void)fprintf(stderr, "press: %s\n", err->text);
    CHECK(st == ST_OK);
}

static void press_on_render(void *ctx)
{
    struct press *press = ctx;
    if (press->on_render != NULL)
        press->on_render(press);
}

void press_open(struct press *press)
{
    press_open_making(press, NULL, 0);
}

void press_open_making(struct press *press, const struct picture_maker *maker, int64_t made_bytes)
{
    char template[] = "/tmp/broadsheet-test-XXXXXX";
    struct error err = ERROR_INIT;
    struct store *store;

    random_start();
    *press = (struct press){.arena = arena_new(ARENA_REQUEST)};
    CHECK(time_from_iso(S("2026-11-23T12:00:00Z"), &press->now));
    press->clock = (struct clock){press_now, press};
    CHECK(mkdtemp(template) != NULL);
    press->dir = file_join(press->arena, str_copy(press->arena, str_from_c(template)), S("site"));
    must(folder_make(press->dir, S("http://paper.example"), &err), &err);
    must(folder_open(press->dir, &press->folder, &err), &err);
    must(database_open(press->folder, &(struct database_options){.create = true}, &store, &err),
         &err);
    store_close(store);
    must(site_open(&(struct site_options){.folder = press->folder,
                                          .render_threads = 1,
                                          .clock = &press->clock,
                                          .quiet = true,
                                          .maker = maker,
                                          .made_bytes = made_bytes,
                                          .on_render = press_on_render,
                                          .on_render_ctx = press},
                   &press->site, &err),
         &err);
}

void press_close(struct press *press)
{
    site_close(press->site);
    folder_close(press->folder);
    str top = str_sub(press->dir, 0, str_rfind_char(press->dir, '/'));
    CHECK(system(str_copy_c(press->arena, str_join2(press->arena, S("rm -rf "), top))) == 0);
    arena_free(press->arena);
}

/* ---- writing ---- */

struct press_write {
    struct press *press;
    press_fn *fn;
    void *arg;
};

static enum status write_run(struct store_tx *tx, void *arg, struct error *err)
{
    struct press_write *write = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom room = {.tx = tx, .arena = arena, .rng = &rng_system, .now = write->press->now};
    return write->fn(&room, write->arg, err);
}

void press_write(struct press *press, press_fn *fn, void *arg)
{
    struct press_write write = {press, fn, arg};
    struct error err = ERROR_INIT;
    must(store_write_wait(site_store(press->site), write_run, &write, &err), &err);
}

/* Ten subjects that share no telling word. */
static const str topics[] = {
    STR_INIT("The ferry crews of Hollin Quay walked out over rosters and the harbour master "
             "called the strike a blow to the crossing."),
    STR_INIT("Engineers drove piles for the flood wall along Saltgarth embankment while surveyors "
             "measured the tide gauges."),
    STR_INIT("The museum recovered a stolen canvas and its curator Vesper examined varnish, frame "
             "and brushwork under lamps."),
    STR_INIT("Herring boats landed record catches and the institute argued about quotas, spawning "
             "grounds and mesh sizes."),
    STR_INIT("The football club climbed the league after a striker scored twice and the goalkeeper "
             "saved a penalty."),
    STR_INIT("Teachers and pupils at the merged school chose a name, a uniform and a timetable for "
             "their new classrooms."),
    STR_INIT("Bakers marked a century of loaves with sourdough, rye and the ovens that grandfather "
             "built from brick."),
    STR_INIT("A court weighed evidence about the lighthouse lamp, the keeper's ledger and an "
             "insurer's affidavit."),
    STR_INIT("Gardeners fought the blight on allotments with compost, netting and stubborn "
             "potatoes."),
    STR_INIT("The choir rehearsed a cantata with tenors, altos and an organ whose bellows leak."),
};

struct put {
    const struct press_story *story;
    time_us now;
    story_id id;
};

static enum status put_story(struct newsroom *room, void *arg, struct error *err)
{
    struct put *put = arg;
    const struct press_story *story = put->story;
    tag_id tags[2];
    struct story_prepared ready;
    str topic = topics[story->topic % (int)ARRAY_LEN(topics)];
    struct story_draft draft = {
        .title = story->title,
        .kind = story->page ? STORY_PAGE : STORY_STORY,
        .text = str_format(room->arena, "<p>%.*s</p><p>%.*s</p>", STR_ARG(topic), STR_ARG(topic)),
        .language = story->language == NULL ? STR_NONE : str_from_c(story->language),
        .replies_closed = story->replies_closed,
        .published_at = story->published_at == 0 ? put->now : story->published_at,
    };
    enum status st = ST_OK;
    if (story->picture) {
        draft.image = S("/content/images/2026/11/a.jpg");
        draft.image_alt = S("A picture");
    }
    if (story->tagged) {
        st = tag_find_or_add(room, &(struct tag_draft){.name = S("News"), .section = true},
                             &tags[0], err);
        if (st == ST_OK)
            st = tag_find_or_add(
                room,
                &(struct tag_draft){.name = str_format(room->arena, "Topic %d", story->topic)},
                &tags[1], err);
        draft.tags = tags;
        draft.tags_count = 2;
    }
    if (st == ST_OK)
        st = story_prepare(room->arena, &draft, &ready, err);
    if (st == ST_OK)
        st = story_save(room, &ready, &put->id, err);
    if (st == ST_OK && story->state != STORY_TRASHED)
        st = story_publish(room, put->id, draft.published_at, err);
    return st;
}

story_id press_story(struct press *press, const struct press_story *story)
{
    struct put put = {story, press->now, {0}};
    press_write(press, put_story, &put);
    return put.id;
}

void press_stories(struct press *press, int count, const struct press_story *like)
{
    for (int i = 1; i <= count; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
        struct press_story story = *like;
        story.title = like->title.len == 0 ? str_format(arena, "Story %d", i)
                                           : str_format(arena, "%.*s%d", STR_ARG(like->title), i);
        story.topic = i;
        story.published_at = press->now - (count - i) * TIME_HOUR;
        (void)press_story(press, &story);
    }
}

static enum status put_reads(struct newsroom *room, void *arg, struct error *err)
{
    return read_count_add(room, arg, 1, err);
}

void press_reads(struct press *press, story_id story, int64_t reads)
{
    struct read_count count = {.story = story, .reads = reads};
    press_write(press, put_reads, &count);
}

struct put_reply {
    story_id story;
    const char *name;
    bool approved;
};

static enum status put_reply(struct newsroom *room, void *arg, struct error *err)
{
    const struct put_reply *put = arg;
    struct comment_prepared ready;
    struct comment_added added;
    struct site_settings *site;
    enum status st = site_settings_new(NULL, 0, &site, err);
    if (st != ST_OK)
        return st;
    st = comment_prepare(
        room->arena,
        &(struct comment_draft){.story = put->story,
                                .name = str_from_c(put->name),
                                .email = S("canary@reader.example"),
                                .text = S("A reply."),
                                .imported = true,
                                .state = put->approved ? COMMENT_APPROVED : COMMENT_PENDING,
                                .created_at = room->now},
        site, &ready, err);
    if (st == ST_OK)
        st = comment_add(room, &ready, &added, err);
    site_settings_unref(site);
    return st;
}

void press_reply(struct press *press, story_id story, const char *name, bool approved)
{
    struct put_reply put = {story, name, approved};
    press_write(press, put_reply, &put);
}

void press_settle(struct press *press)
{
    site_behind_once(press->site);
}

/* ---- reading ---- */

str press_send(struct press *press, str request)
{
    return http_run(
        press->arena,
        &(struct http_run_options){.app = site_app(press->site), .clock = &press->clock}, request);
}

str press_get(struct press *press, const char *path)
{
    return press_send(press, str_format(press->arena,
                                        "GET %s HTTP/1.1\r\nHost: paper.example\r\n"
                                        "User-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n",
                                        path));
}

int press_status(str answer)
{
    uint64_t code = 0;
    (void)str_to_u64(str_sub(answer, S("HTTP/1.1 ").len, 3), 999, &code);
    return (int)code;
}

size_t count_of(str text, const char *needle)
{
    size_t count = 0;
    str want = str_from_c(needle);
    for (size_t at = str_find(text, want); at != STR_NPOS; at = str_find(text, want)) {
        count++;
        text = str_from(text, at + want.len);
    }
    return count;
}

str between(str text, const char *from, const char *to)
{
    size_t at = str_find(text, str_from_c(from));
    if (at == STR_NPOS)
        return STR_NONE;
    str rest = str_from(text, at + str_from_c(from).len);
    size_t end = str_find(rest, str_from_c(to));
    return end == STR_NPOS ? STR_NONE : str_sub(rest, 0, end);
}
