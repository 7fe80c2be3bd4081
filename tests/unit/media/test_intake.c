/* SPDX-License-Identifier: MIT
 *
 * Taking in, without rasters (those need the worker: tests/integration). Each case has a site of its own. */
#include "base/file.h"
#include "base/parse.h"
#include "base/random.h"
#include "media/intake.h"
#include "media/intake_path.h"
#include "media/media.h"
#include "media/storage.h"
#include "news/words.h"
#include "store/store.h"
#include "tests/check.h"
#include "tests/unit/media/samples.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOON_24 ((time_us)1716379200 * TIME_SECOND) /* 2024-05-22 */

struct site {
    struct arena *arena;
    str dir;
    struct words *words;
    struct store *store;
    struct store_conn *conn;
    struct storage *storage;
    struct media_desk desk;
    const char *fail_at;
};

static time_us noon(void *ctx)
{
    (void)ctx;
    return NOON_24;
}
static const struct clock clock_noon = {noon, NULL};

static bool fault(void *ctx, const char *step)
{
    const struct site *s = ctx;
    return s->fail_at != NULL && strcmp(s->fail_at, step) == 0;
}

static void site_open(struct site *s, str dir)
{
    struct error err = ERROR_INIT;
    *s = (struct site){.arena = arena_new(ARENA_REQUEST)};
    s->dir = str_copy(s->arena, dir);
    s->words = words_new();
    EXPECT_ST(store_open(&(struct store_options){.path = file_join(s->arena, dir, S("site.db")),
                                                 .create = true,
                                                 .migrations = store_schema,
                                                 .migrations_count = store_schema_count,
                                                 .tokenizer = words_tokenizer(s->words)},
                         &s->store, &err),
              ST_OK, &err);
    EXPECT_ST(store_reader_new(s->store, &s->conn, &err), ST_OK, &err);
    EXPECT_ST(storage_new(file_join(s->arena, dir, S("media")), &rng_system, &s->storage, &err),
              ST_OK, &err);
    s->desk = (struct media_desk){.storage = s->storage,
                                  .store = s->store,
                                  .clock = &clock_noon,
                                  .fault = fault,
                                  .fault_ctx = s};
}

static void site_close(struct site *s)
{
    store_reader_free(s->conn);
    store_close(s->store);
    words_free(s->words);
    storage_free(s->storage);
    arena_free(s->arena);
}

static void folder_new(char ret_dir[64])
{
    (void)snprintf(ret_dir, 64, "/tmp/intake-test-XXXXXX");
    CHECK(mkdtemp(ret_dir) != NULL);
}

/* ---- helpers ---- */

struct outcome {
    enum status st;
    bool is_new;
    struct media *media;
    struct error err;
};

static struct outcome take(struct site *s, struct media_offer offer, str bytes)
{
    struct outcome out = {.err = ERROR_INIT};
    AUTO(fd_closep) int fd = memfd_create("offer", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(file_write_fd(fd, S("offer"), bytes, NULL) == ST_OK);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    offer.fd = fd;
    out.st = media_take(&s->desk, &offer, s->arena, &out.media, &out.is_new, &out.err);
    return out;
}

/* The same of bytes in memory, as a form brings them. */
static struct outcome take_bytes(struct site *s, struct media_offer offer, str bytes)
{
    struct outcome out = {.err = ERROR_INIT};
    offer.in_memory = true;
    offer.bytes = bytes;
    out.st = media_take(&s->desk, &offer, s->arena, &out.media, &out.is_new, &out.err);
    return out;
}

static str served(struct site *s, str path)
{
    AUTO(fd_closep) int fd = -1;
    str text = S("(none)");
    if (storage_open(s->storage, path, &fd, NULL) == ST_OK)
        EXPECT(file_read_fd(s->arena, fd, path, SAMPLE_MAX, &text, NULL) == ST_OK);
    return text;
}

static enum status count_one(void *ctx, str path, int64_t bytes, struct error *err)
{
    (void)path, (void)bytes, (void)err;
    ++*(int *)ctx;
    return ST_OK;
}

static int files_of(struct site *s)
{
    struct error err = ERROR_INIT;
    int count = 0;
    EXPECT_ST(storage_each(s->storage, count_one, &count, &err), ST_OK, &err);
    return count;
}

static int64_t records_of(struct site *s)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(s->conn, SQL("SELECT COUNT(*) FROM media"));
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    return store_column_int(q, 0);
}

/* ---- what becomes of each kind ---- */

enum { SPACES = 300 * 1024 };

static void test_kinds(void)
{
    char dir[64];
    struct site s;
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    struct outcome o =
        take(&s, (struct media_offer){.name = S("Harbour Map.SVG"), .alt = S(" The harbour\x01 ")},
             sample_svg(s.arena, "<title>Map</title><script>x</script><rect/>"));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(o.is_new);
    EXPECT_STR(o.media->path, S("2024/05/harbour-map.svg"));
    EXPECT_STR(o.media->name, S("Harbour Map.SVG"));
    EXPECT_STR(o.media->alt, S("The harbour"));
    EXPECT_STR(o.media->title, S("Map"));
    EXPECT_STR(o.media->original_type, S("image/svg+xml"));
    EXPECT_INT(o.media->width, 40);
    EXPECT_INT(o.media->height, 30);
    EXPECT(!str_contains(served(&s, o.media->path), S("script")));
    str kept = storage_original_path(s.arena, o.media->original, S("svg"));
    EXPECT(str_contains(served(&s, kept), S("<script>")));

    /* the same bytes, whatever they are called */
    int64_t id = o.media->id.v;
    o = take(&s, (struct media_offer){.name = S("other.txt")},
             sample_svg(s.arena, "<title>Map</title><script>x</script><rect/>"));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(!o.is_new && o.media->id.v == id);

    /* a clean SVG is served as it came: no second copy */
    o = take(&s, (struct media_offer){.name = S("plain.svg")}, sample_svg(s.arena, "<g/>"));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(o.media->original_type.len == 0 && str_eq(o.media->original, o.media->hash));

    o = take(&s, (struct media_offer){.name = S("report.exe")}, sample_pdf(s.arena, STR_NONE));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT_STR(o.media->path, S("2024/05/report.pdf"));
    EXPECT_STR(o.media->content_type, S("application/pdf"));

    o = take(&s, (struct media_offer){.name = S("IMG_1.MOV")}, sample_mp4(s.arena, STR_NONE));
    EXPECT_STR(o.media->path, S("2024/05/img_1.mp4"));
    EXPECT_INT(o.media->duration_ms, 2500);
    EXPECT_INT(o.media->width, 640);

    str place = sample_box(s.arena, S("udta"), sample_box(s.arena, S("loci"), S("52.52")));
    o = take(&s, (struct media_offer){.name = S("walk.mp4")}, sample_mp4(s.arena, place));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(!str_contains(served(&s, o.media->path), S("52.52")));
    EXPECT(str_contains(served(&s, storage_original_path(s.arena, o.media->original, S("mp4"))),
                        S("52.52")));

    EXPECT_INT(records_of(&s), 5);
    EXPECT_INT(files_of(&s), 7);

    /* out of a form: no descriptor, and longer than one piece */
    char *spaces = arena_alloc(s.arena, SPACES, 1);
    memset(spaces, ' ', SPACES);
    str large = str_join2(s.arena, sample_svg(s.arena, "<rect/>"), (str){spaces, SPACES});
    o = take_bytes(&s, (struct media_offer){.name = S("form.svg")}, large);
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(o.is_new);
    id = o.media->id.v;
    o = take(&s, (struct media_offer){.name = S("file.svg")}, large);
    EXPECT(!o.is_new && o.media->id.v == id);
    o = take_bytes(&s, (struct media_offer){.name = S("none.svg")}, STR_NONE);
    EXPECT_ST(o.st, ST_INVALID, &o.err);
    EXPECT(str_contains(str_from_c(o.err.text), S("empty")));
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

static void test_refused(void)
{
    char dir[64];
    struct site s;
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    static const struct {
        str bytes, says;
        enum status st;
    } cases[] = {
        {STR_INIT(""), STR_INIT("empty"), ST_INVALID},
        {STR_INIT("<html><script>alert(1)</script>"), STR_INIT("no picture"), ST_INVALID},
        {STR_INIT("%PDF-1.4 cut"), STR_INIT("in the middle"), ST_INVALID},
        {STR_INIT("<svg xmlns='http://www.w3.org/2000/svg'>"), STR_INIT("broken"), ST_INVALID},
        {STR_INIT("\xFF\xD8\xFF\xE0 a JPEG"), STR_INIT("worker"), ST_IO},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outcome o = take(&s, (struct media_offer){.name = S("a.jpg")}, cases[i].bytes);
        EXPECT_INT(o.st, cases[i].st);
        EXPECT(str_contains(str_from_c(o.err.text), cases[i].says));
    }
    struct media *media;
    struct error err = ERROR_INIT;
    EXPECT_ST(media_take(&s.desk, &(struct media_offer){.path_on_disk = S("/nowhere/a.jpg")},
                         s.arena, &media, NULL, &err),
              ST_NOT_FOUND, &err);
    EXPECT_ST(media_take(&s.desk, &(struct media_offer){.path_on_disk = s.dir}, s.arena, &media,
                         NULL, &err),
              ST_INVALID, &err);
    /* over its kind's limit */
    str big = str_join2(s.arena, S("<svg>"), sample_zeros(s.arena, (size_t)MEDIA_SVG_BYTES_MAX));
    struct outcome o = take(&s, (struct media_offer){.name = S("a.svg")}, big);
    EXPECT_ST(o.st, ST_TOO_BIG, &o.err);
    EXPECT_INT(files_of(&s), 0);
    EXPECT_INT(records_of(&s), 0);
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

/* ---- names ---- */

static const struct {
    const char *name;
    str wanted, path;
} names[] = {
    {"My Photo (1).JPG", STR_NONE, STR_INIT("2024/05/my-photo-1.pdf")},
    {"My Photo (1).png", STR_NONE, STR_INIT("2024/05/my-photo-1-1.pdf")},
    {"My Photo (1)", STR_NONE, STR_INIT("2024/05/my-photo-1-2.pdf")},
    {"../../etc/passwd", STR_NONE, STR_INIT("2024/05/passwd.pdf")},
    {"C:\\Users\\ada\\Bild.png", STR_NONE, STR_INIT("2024/05/bild.pdf")},
    {"Ünïcödé Straße.png", STR_NONE, STR_INIT("2024/05/unicode-strasse.pdf")},
    {"a\nb\x7F.png", STR_NONE, STR_INIT("2024/05/a-b.pdf")},
    {".htaccess", STR_NONE, STR_INIT("2024/05/htaccess.pdf")},
    {"shell.php.png", STR_NONE, STR_INIT("2024/05/shell-php.pdf")},
    {"nul", STR_NONE, STR_INIT("2024/05/nul-file.pdf")},
    {"COM1.png", STR_NONE, STR_INIT("2024/05/com1-file.pdf")},
    {"index.html", STR_NONE, STR_INIT("2024/05/index.pdf")},
    {"evil\xE2\x80\xAEgpj.exe", STR_NONE, STR_INIT("2024/05/evilgpj.pdf")},
    {"x", STR_INIT("2020/05/A.pdf"), STR_INIT("2020/05/A.pdf")},
    {"x", STR_INIT("2020/05/A.pdf"), STR_INIT("2020/05/A-1.pdf")},
    {"x", STR_INIT("2020/05/A.PDF"), STR_INIT("2020/05/A.PDF")},
    {"x", STR_INIT("2020/05/b.jpg"), STR_INIT("2020/05/b.pdf")},
    {"x", STR_INIT("2020/05/b"), STR_INIT("2020/05/b-1.pdf")},
    {"x", STR_INIT("sites/3/2020/\xC3\xA9t\xC3\xA9.pdf"),
     STR_INIT("sites/3/2020/\xC3\xA9t\xC3\xA9.pdf")},
    {"from-hostile", STR_INIT("../../a.pdf"), STR_INIT("2024/05/from-hostile.pdf")},
    {"from-hostile", STR_INIT("/etc/a.pdf"), STR_INIT("2024/05/from-hostile-1.pdf")},
    {"from-hostile", STR_INIT(".original/aa/a.pdf"), STR_INIT("2024/05/from-hostile-2.pdf")},
    {"from-hostile", STR_INIT("2020/.a.pdf"), STR_INIT("2024/05/from-hostile-3.pdf")},
    {"from-hostile", STR_INIT("size/w600/a.pdf"), STR_INIT("2024/05/from-hostile-4.pdf")},
    {"from-hostile", STR_INIT("2020/a\0b.pdf"), STR_INIT("2024/05/from-hostile-5.pdf")},
    {"from-hostile", STR_INIT("2020/a\xFF.pdf"), STR_INIT("2024/05/from-hostile-6.pdf")},
    {"from-hostile", STR_INIT("2020\\a.pdf"), STR_INIT("2024/05/from-hostile-7.pdf")},
};

static void test_names(void)
{
    char dir[64];
    struct site s;
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        str pdf = sample_pdf(s.arena, str_format(s.arena, "%% %zu\n", i));
        struct outcome o = take(
            &s,
            (struct media_offer){.name = str_from_c(names[i].name), .wanted_path = names[i].wanted},
            pdf);
        EXPECT_ST(o.st, ST_OK, &o.err);
        if (o.st == ST_OK)
            EXPECT_STR(o.media->path, names[i].path);
    }
    /* nothing to make a name of: its bytes name it */
    struct outcome o = take(
        &s,
        (struct media_offer){.name = S("\xE6\x96\xB0\xE8\x81\x9E.pdf"), .at = 86400 * TIME_SECOND},
        sample_pdf(s.arena, S("% n\n")));
    EXPECT_STR(o.media->path, str_format(s.arena, "1970/01/%.12s.pdf", o.media->hash.ptr));
    /* very long */
    char longest[1000];
    memset(longest, 'a', sizeof(longest));
    o = take(&s,
             (struct media_offer){.name = {longest, sizeof(longest)},
                                  .wanted_path = {longest, sizeof(longest)}},
             sample_pdf(s.arena, S("% l\n")));
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(o.st == ST_OK && o.media->path.len < 100 && o.media->name.len == MEDIA_NAME_MAX);
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

static void test_many_of_a_name(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct intake_path path =
        intake_path_of(arena, S("image.jpg"), STR_NONE, NOON_24, MEDIA_JPEG, S("0123456789abcdef"));
    EXPECT_STR(intake_path_try(arena, &path, 0, S("0123456789abcdef")), S("2024/05/image.jpg"));
    EXPECT_STR(intake_path_try(arena, &path, 1000, S("0123456789abcdef")),
               S("2024/05/image-1000.jpg"));
    EXPECT_STR(intake_path_try(arena, &path, 1001, S("0123456789abcdef")),
               S("2024/05/image-0123456789ab.jpg"));
}

/* ---- what goes wrong on the way ---- */

static const char *const steps[] = {"stream", "clean", "original", "file", "record"};

/* A record has its files, and what is below media/ without one is whole. */
static void expect_whole(struct site *s, str svg)
{
    str left = served(s, S("2020/05/a.svg"));
    EXPECT(str_eq(left, S("(none)")) || str_contains(left, S("<rect/></svg>")));
    struct outcome o =
        take(s, (struct media_offer){.name = S("a.svg"), .wanted_path = S("2020/05/a.svg")}, svg);
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT_STR(o.media->path,
               S("2020/05/a.svg")); /* its own leftovers are used, not stepped around */
    EXPECT_INT(records_of(s), 1);
    EXPECT_INT(files_of(s), 2);
}

static void test_faults(void)
{
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        char dir[64];
        struct site s;
        folder_new(dir);
        site_open(&s, str_from_c(dir));
        str svg = sample_svg(s.arena, "<script/><rect/>");
        s.fail_at = steps[i];
        struct outcome o = take(
            &s, (struct media_offer){.name = S("a.svg"), .wanted_path = S("2020/05/a.svg")}, svg);
        EXPECT_ST(o.st, ST_IO, &o.err);
        EXPECT_INT(records_of(&s), 0);
        EXPECT_STR(served(&s, S("2020/05/a.svg")), S("(none)"));
        s.fail_at = NULL;
        expect_whole(&s, svg);
        site_close(&s);
        (void)file_remove_tree(str_from_c(dir), NULL);
    }
}

/* A record is kept, and its file was lost. */
static void test_brought_back(void)
{
    char dir[64];
    struct site s;
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    str svg = sample_svg(s.arena, "<script/><rect/>");
    const struct media_offer offer = {.name = S("a.svg"), .wanted_path = S("2020/05/a.svg")};
    struct outcome first = take(&s, offer, svg);
    EXPECT_ST(first.st, ST_OK, &first.err);
    EXPECT(storage_remove(s.storage, S("2020/05/a.svg"), NULL) == ST_OK);
    s.fail_at = "file";
    struct outcome o = take(&s, offer, svg);
    EXPECT_ST(o.st, ST_IO, &o.err);
    s.fail_at = NULL;
    o = take(&s, offer, svg);
    EXPECT_ST(o.st, ST_OK, &o.err);
    EXPECT(!o.is_new);
    EXPECT_INT(o.media->id.v, first.media->id.v);
    EXPECT(str_contains(served(&s, S("2020/05/a.svg")), S("<rect/></svg>")));
    EXPECT_INT(records_of(&s), 1);
    EXPECT_INT(files_of(&s), 2);
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

static bool kill_at(void *ctx, const char *step)
{
    if (strcmp(ctx, step) == 0)
        (void)raise(SIGKILL);
    return false;
}

static void test_killed(void)
{
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        char dir[64];
        struct site s;
        int status;
        folder_new(dir);
        pid_t child = fork(); /* before any thread is made */
        CHECK(child >= 0);
        if (child == 0) {
            site_open(&s, str_from_c(dir));
            char step[16];
            (void)snprintf(step, sizeof(step), "%s", steps[i]);
            s.desk.fault = kill_at;
            s.desk.fault_ctx = step;
            (void)take(&s,
                       (struct media_offer){.name = S("a.svg"), .wanted_path = S("2020/05/a.svg")},
                       sample_svg(s.arena, "<script/><rect/>"));
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        site_open(&s, str_from_c(dir));
        EXPECT_INT(records_of(&s), 0);
        expect_whole(&s, sample_svg(s.arena, "<script/><rect/>"));
        site_close(&s);
        (void)file_remove_tree(str_from_c(dir), NULL);
    }
}

/* ---- many at once ---- */

struct taker {
    struct site *s;
    size_t number;
    bool same;
    _Atomic int *made;
};

static void *take_some(void *arg)
{
    const struct taker *t = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    for (size_t i = 0; i < 5; i++) {
        struct error err = ERROR_INIT;
        struct media *media;
        bool is_new;
        AUTO(fd_closep) int fd = memfd_create("offer", MFD_CLOEXEC);
        str svg =
            sample_svg(arena, str_copy_c(arena, str_format(arena, "<script/><g id=\"a%zu\"/>",
                                                           t->same ? i : 10 * t->number + i)));
        CHECK(file_write_fd(fd, S("x"), svg, NULL) == ST_OK && lseek(fd, 0, SEEK_SET) == 0);
        EXPECT_ST(media_take(&t->s->desk, &(struct media_offer){.fd = fd, .name = S("a.svg")},
                             arena, &media, &is_new, &err),
                  ST_OK, &err);
        *t->made += is_new;
    }
    return NULL;
}

static void test_at_once(bool same)
{
    char dir[64];
    struct site s;
    _Atomic int made = 0;
    pthread_t threads[4];
    struct taker takers[4];
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        takers[i] = (struct taker){&s, i, same, &made};
        CHECK(pthread_create(&threads[i], NULL, take_some, &takers[i]) == 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    EXPECT_INT(made, same ? 5 : 20);
    EXPECT_INT(records_of(&s), same ? 5 : 20);
    EXPECT_INT(files_of(&s), same ? 10 : 40);
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

/* ---- a film larger than any buffer ---- */

static void test_large(void)
{
    int64_t mb = 48;
    (void)str_to_i64(str_from_c(getenv("INTAKE_TEST_MB")), &mb); /* to try with more by hand */
    int64_t bytes = mb * 1024 * 1024;
    char dir[64];
    struct site s;
    struct rusage before, after;
    struct error err = ERROR_INIT;
    struct media *media = NULL;
    folder_new(dir);
    site_open(&s, str_from_c(dir));
    str path = file_join(s.arena, s.dir, S("film.mp4"));
    str start = str_join3(s.arena, sample_ftyp(s.arena),
                          sample_moov(s.arena, sample_box(s.arena, S("udta"),
                                                          sample_box(s.arena, S("loci"), S("x")))),
                          str_join2(s.arena, S("\0\0\0\0"), S("mdat")));
    EXPECT_ST(file_write_atomic(path, start, 0644, &err), ST_OK, &err);
    CHECK(truncate(str_copy_c(s.arena, path), bytes) == 0);
    CHECK(getrusage(RUSAGE_SELF, &before) == 0);
    EXPECT_ST(media_take(&s.desk, &(struct media_offer){.path_on_disk = path}, s.arena, &media,
                         NULL, &err),
              ST_OK, &err);
    CHECK(getrusage(RUSAGE_SELF, &after) == 0);
    EXPECT(media != NULL && media->bytes == bytes);
    EXPECT(after.ru_maxrss - before.ru_maxrss < 8 * 1024); /* KB */
    printf("a film of %lld MB: %ld KB more memory\n", (long long)(bytes >> 20),
           after.ru_maxrss - before.ru_maxrss);
    site_close(&s);
    (void)file_remove_tree(str_from_c(dir), NULL);
}

int main(void)
{
    random_start();
    test_killed(); /* first: it forks */
    test_kinds();
    test_refused();
    test_names();
    test_many_of_a_name();
    test_faults();
    test_brought_back();
    test_at_once(true);
    test_at_once(false);
    test_large();
    return test_done();
}
