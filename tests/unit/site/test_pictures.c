/* SPDX-License-Identifier: MIT
 *
 * Addresses below /content/, with a maker that writes down what it was asked for. */
#include "base/file.h"
#include "http/exchange.h"
#include "news/change.h"
#include "site/folder.h"
#include "site/making.h"
#include "site/site.h"
#include "tests/check.h"
#include "tests/unit/site/press.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- the maker ---- */

struct maker {
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t more;
    bool held; /* whoever makes waits */
    int begun;
    _Atomic int made; /* read by anybody */
};

static void maker_wait(struct maker *maker)
{
    pthread_mutex_lock(&maker->lock);
    maker->begun++;
    pthread_cond_broadcast(&maker->more);
    while (maker->held)
        pthread_cond_wait(&maker->more, &maker->lock);
    maker->made++;
    pthread_mutex_unlock(&maker->lock);
}

static void maker_hold(struct maker *maker, bool held)
{
    pthread_mutex_lock(&maker->lock);
    maker->held = held;
    pthread_cond_broadcast(&maker->more);
    pthread_mutex_unlock(&maker->lock);
}

static void maker_await(struct maker *maker, int begun)
{
    pthread_mutex_lock(&maker->lock);
    while (maker->begun < begun)
        pthread_cond_wait(&maker->more, &maker->lock);
    pthread_mutex_unlock(&maker->lock);
}

static enum status fake_make(void *ctx, int in_fd, const struct media_make *make, int out_fd,
                             enum media_kind *ret_kind, struct error *err)
{
    char bytes[100] = "";
    maker_wait(ctx);
    ssize_t n = pread(in_fd, bytes, sizeof(bytes) - 1, 0);
    CHECK(n >= 0);
    if (strncmp(bytes, "bad", 3) == 0)
        return error_set(err, ST_INVALID, "this picture is bad");
    CHECK(dprintf(out_fd, "made %lldx%lld at %.1f,%.1f%s of %s", (long long)make->width,
                  (long long)make->height, make->focal_x, make->focal_y,
                  make->left > 0 || make->top > 0 || make->right < 1 || make->bottom < 1
                      ? " cropped"
                      : "",
                  bytes) > 0);
    *ret_kind = make->format;
    return ST_OK;
}

static enum status fake_card(void *ctx, const struct media_card *card, int out_fd,
                             struct error *err)
{
    (void)err;
    maker_wait(ctx);
    CHECK(dprintf(out_fd, "card: %.*s | %.*s | %.*s", STR_ARG(card->headline), STR_ARG(card->site),
                  STR_ARG(card->kicker)) > 0);
    return ST_OK;
}

static struct maker maker = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
static const struct picture_maker hooks = {&maker, fake_make, fake_card};

/* ---- the site ---- */

static void file_put(struct press *press, const char *path, str bytes)
{
    struct error err = ERROR_INIT;
    str whole = file_join(press->arena, press->folder->media, str_from_c(path));
    str folder = str_sub(whole, 0, str_rfind_char(whole, '/'));
    EXPECT_ST(file_mkdirs(folder, 0750, &err), ST_OK, &err);
    EXPECT_ST(file_write_atomic(whole, bytes, 0640, &err), ST_OK, &err);
}

static bool is_kept(struct press *press, const char *path)
{
    str made = file_join(press->arena, press->folder->media, S(".made"));
    return file_exists(file_join(press->arena, made, str_from_c(path)));
}

static str head_of(str answer)
{
    return str_sub(answer, 0, str_find(answer, S("\r\n\r\n")) + 2);
}

static str body_of(str answer)
{
    return str_from(answer, str_find(answer, S("\r\n\r\n")) + 4);
}

#define I "/content/images/"

static const struct {
    const char *path;
    int status;
    str location, body;
} cases[] = {
    {I "2024/05/a.jpg", 200, {0}, STR_INIT("picture a")},
    {"/content/media/2024/05/a.jpg", 200, {0}, STR_INIT("picture a")},
    /* WordPress's; nothing hidden is confirmed */
    {"/wp-content/uploads/2024/05/a.jpg", 301, STR_INIT(I "2024/05/a.jpg"), {0}},
    {"/wp-content/uploads/2024/05/a-300x200.jpg", 301, STR_INIT(I "2024/05/a.jpg"), {0}},
    {"/wp-content/uploads/2024/.hidden.jpg", 404, {0}, {0}},
    {I "size/w600/2024/05/a.jpg", 200, {0}, STR_INIT("made 600x0 at 0.5,0.5 of picture a")},
    {I "size/w600/2024/05/a.jpg", 200, {0}, STR_INIT("made 600x0 at 0.5,0.5 of picture a")},
    {I "size/w256h256/format/webp/2024/05/a.jpg",
     200,
     {0},
     STR_INIT("made 256x256 at 0.5,0.5 of picture a")},
    {I "format/avif/2024/05/a.jpg", 200, {0}, STR_INIT("made 0x0 at 0.5,0.5 of picture a")},
    {I "format/webp/size/w600/2024/05/a.jpg",
     301,
     STR_INIT(I "size/w600/format/webp/2024/05/a.jpg"),
     {0}},
    {I "size/w601/2024/05/a.jpg", 302, STR_INIT(I "2024/05/a.jpg"), {0}},
    {I "size/huge/2024/05/a.jpg", 302, STR_INIT(I "2024/05/a.jpg"), {0}},
    {I "size/w600/2024/05/b.svg", 302, STR_INIT(I "2024/05/b.svg"), {0}},
    {I "size/w600/bad.jpg", 200, {0}, STR_INIT("bad")},
    {I "size/w600/none.jpg", 404, {0}, {0}},
    {I "none.jpg", 404, {0}, {0}},
    {I "size/w600/", 404, {0}, {0}},
    {I ".made/size/w600/2024/05/a.jpg", 404, {0}, {0}},
    {I "2024/.hidden.jpg", 404, {0}, {0}},
    {I "2024/05/", 404, {0}, {0}},
    {"/content/media/size/w600/2024/05/a.jpg", 404, {0}, {0}},
    {I "size/w600/..%2f..%2fsite.db", 400, {0}, {0}},
};

static void addresses(struct press *press)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        str answer = press_get(press, cases[i].path);
        if (press_status(answer) != cases[i].status)
            printf("%s:\n", cases[i].path);
        EXPECT_INT(press_status(answer), cases[i].status);
        if (cases[i].status == 200)
            EXPECT_STR(body_of(answer), cases[i].body);
        if (cases[i].location.len > 0)
            EXPECT_STR(between(answer, "Location: ", "\r\n"), cases[i].location);
    }
    EXPECT_INT(maker.made, 4); /* each once, and the bad one */
}

static const struct {
    const char *path;
    str line;
} lines[] = {
    {I "2024/05/a.jpg", STR_INIT("Cache-Control: public, max-age=31536000, immutable\r\n")},
    {I "2024/05/a.jpg", STR_INIT("Content-Type: image/jpeg\r\n")},
    {I "2024/05/a.jpg", STR_INIT("X-Content-Type-Options: nosniff\r\n")},
    {I "2024/05/a.jpg", STR_INIT("Accept-Ranges: bytes\r\n")},
    {I "2024/05/b.svg", STR_INIT("Content-Type: image/svg+xml\r\n")},
    {I "2024/05/b.svg", STR_INIT("Content-Security-Policy: default-src 'none'")},
    {I "2024/05/c.bin", STR_INIT("Content-Disposition: attachment\r\n")},
    {I "size/w600/2024/05/a.jpg",
     STR_INIT("Cache-Control: public, max-age=31536000, immutable\r\n")},
    {I "size/w256h256/format/webp/2024/05/a.jpg", STR_INIT("Content-Type: image/webp\r\n")},
    {I "size/w256h256/format/webp/2024/05/a.jpg",
     STR_INIT("Cache-Control: public, max-age=300\r\n")},
    {I "size/w600/bad.jpg", STR_INIT("Cache-Control: public, max-age=60\r\n")},
};

static void headers(struct press *press)
{
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        str head = head_of(press_get(press, lines[i].path));
        if (!str_contains(head, lines[i].line))
            printf("%s lacks %.*s in\n%.*s\n", lines[i].path, STR_ARG(lines[i].line),
                   STR_ARG(head));
        EXPECT(str_contains(head, lines[i].line));
    }
}

/* ---- many at once ---- */

static void ask_behind(struct press *press, str path)
{
    struct http_request req = {
        .method = HTTP_GET, .method_name = S("GET"), .path = path, .body_fd = -1};
    const struct http_app *app = site_app(press->site);
    app->dispatch(app->ctx, http_exchange_detached(&req));
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

static void made_once(struct press *press)
{
    int before = maker.made;
    maker_hold(&maker, true);
    for (int i = 0; i < 60; i++)
        ask_behind(press, S(I "size/w1000/2024/05/a.jpg"));
    maker_await(&maker, maker.begun + (maker.begun == before));
    /* pages do not wait for it */
    EXPECT_INT(press_status(press_get(press, "/")), 200);
    maker_hold(&maker, false);
    EXPECT_STR(body_of(press_get(press, I "size/w1000/2024/05/a.jpg")),
               S("made 1000x0 at 0.5,0.5 of picture a"));
    EXPECT_INT(maker.made, before + 1);
}

/* More than may wait: 503 at once, and pages are still answered. */
static void bounded(struct press *press)
{
    int before = maker.made;
    maker_hold(&maker, true);
    for (int i = 0; i < MAKING_QUEUE_MAX + 20; i++) {
        char name[60];
        (void)snprintf(name, sizeof(name), "many/%d.jpg", i);
        file_put(press, name, S("p"));
        ask_behind(press, str_format(press->arena, I "size/w600/%s", name));
    }
    pause_ms(200);
    file_put(press, "many/late.jpg", S("p"));
    str answer = press_get(press, I "size/w600/many/late.jpg");
    EXPECT_INT(press_status(answer), 503);
    EXPECT(str_contains(answer, S("Retry-After: ")));
    EXPECT_INT(press_status(press_get(press, "/")), 200);
    maker_hold(&maker, false);
    for (int i = 0; i < 100 && press_status(press_get(press, I "size/w600/many/late.jpg")) == 503;
         i++)
        pause_ms(20);
    EXPECT_STR(body_of(press_get(press, I "size/w600/many/late.jpg")),
               S("made 600x0 at 0.5,0.5 of p"));
    EXPECT(maker.made <= before + MAKING_QUEUE_MAX + 2);
}

/* Behind one that takes long: after a while the picture itself is sent, and the rendition is made all the same. */
static void late(struct press *press)
{
    int before = maker.begun;
    maker_hold(&maker, true);
    ask_behind(press, S(I "size/w600/many/slow.jpg"));
    maker_await(&maker, before + 1);
    ask_behind(press, S(I "size/w1000/many/late.jpg"));
    pause_ms(MAKING_PATIENCE / TIME_MS + 200);
    str answer = press_get(press, I "size/w1000/many/late.jpg");
    EXPECT_STR(body_of(answer), S("p"));
    EXPECT(str_contains(answer, S("Cache-Control: public, max-age=60\r\n")));
    maker_hold(&maker, false);
    maker_await(&maker, before + 2);
    EXPECT_STR(body_of(press_get(press, I "size/w1000/many/late.jpg")),
               S("made 1000x0 at 0.5,0.5 of p"));
}

/* ---- the editor's focal point ---- */

static enum status focus_changed(struct newsroom *room, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    change_media(room, S("2024/05/a.jpg"));
    return ST_OK;
}

static void focal_point(struct press *press)
{
    int before = maker.made;
    EXPECT(is_kept(press, "size/w256h256/format/webp/2024/05/a.jpg"));
    press_write(press, focus_changed, NULL);
    EXPECT(!is_kept(press, "size/w256h256/format/webp/2024/05/a.jpg"));
    /* A loop may go on sending the file it has open for HTTP_FILE_TRUSTED. */
    for (int i = 0; i < 100 && maker.made == before; i++) {
        EXPECT_INT(press_status(press_get(press, I "size/w256h256/format/webp/2024/05/a.jpg")),
                   200);
        pause_ms(20);
    }
    EXPECT_INT(maker.made, before + 1);
}

/* ---- cards ---- */

static void cards(struct press *press)
{
    (void)press_story(press, &(struct press_story){.title = S("Rain stops play"), .topic = 1});
    str page = press_get(press, "/rain-stops-play/");
    str address = between(page, "property=\"og:image\" content=\"http://paper.example", "\"");
    EXPECT(str_starts(address, S(I "og/")));
    EXPECT(str_contains(page, S("<meta property=\"og:image:width\" content=\"1200\">")));
    EXPECT(str_contains(page, S("<meta property=\"og:image:height\" content=\"630\">")));
    EXPECT(str_contains(page, S("<meta name=\"twitter:card\" content=\"summary_large_image\">")));
    EXPECT_STR(between(page, "\"ImageObject\",\"url\":\"http://paper.example", "\""), address);
    str answer = press_get(press, str_copy_c(press->arena, address));
    EXPECT_INT(press_status(answer), 200);
    EXPECT(str_contains(answer, S("Content-Type: image/png\r\n")));
    EXPECT(str_starts(body_of(answer), S("card: Rain stops play | ")));
    /* another hash: to the right one */
    char *other = str_copy_c(press->arena, address);
    char *digit = strrchr(other, '.') - 1;
    *digit = *digit == '0' ? '1' : '0';
    answer = press_get(press, other);
    EXPECT_INT(press_status(answer), 302);
    EXPECT_STR(between(answer, "Location: ", "\r\n"), address);
    /* nobody's */
    EXPECT_INT(press_status(press_get(press, I "og/0123456789abcdef01234567-0123456789abcdef.png")),
               404);
}

int main(void)
{
    struct press press;
    press_open_making(&press, &hooks, 0);
    file_put(&press, "2024/05/a.jpg", S("picture a"));
    file_put(&press, "2024/05/b.svg", S("<svg/>"));
    file_put(&press, "2024/05/c.bin", S("?"));
    file_put(&press, "2024/.hidden.jpg", S("hidden"));
    file_put(&press, "bad.jpg", S("bad"));
    addresses(&press);
    headers(&press);
    made_once(&press);
    bounded(&press);
    file_put(&press, "many/slow.jpg", S("p"));
    late(&press);
    focal_point(&press);
    cards(&press);
    /* closing with work under way */
    maker_hold(&maker, true);
    for (int i = 0; i < 20; i++)
        ask_behind(&press, str_format(press.arena, I "size/w2400/many/%d.jpg", i));
    pause_ms(50);
    maker_hold(&maker, false);
    press_close(&press);
    return test_done();
}
