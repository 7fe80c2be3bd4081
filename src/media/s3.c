/* SPDX-License-Identifier: MIT
 *
 * A call is a request that is made ready anew for each attempt. Debian 12's curl (7.88) signs path and query as they are
 * given, so both are written here as the signature wants them: percent-encoded once, parameters in order. */
#include "media/s3.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "base/random.h"
#include "text/utf8.h"

#include <curl/curl.h>
#include <errno.h>
#include <expat.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum {
    ADDRESS_MAX = 4096,
    KEY_MAX = 1024,
    /* Servers that never answer "100 Continue" are waited for so long. (An "Expect:" that takes the header
     * away would be signed, and not sent.) */
    S3_CONTINUE_MS = 200,
};

struct s3 {
    struct arena *arena; /* owns the strings; read-only once made */
    struct s3_options options;
    const char *credentials, *signer;
    pthread_mutex_t lock; /* guards idle */
    CURL *idle[S3_CONNECTIONS_KEPT];
    size_t idle_count;
};

enum body { BODY_NONE, BODY_FROM_FD, BODY_TO_FD, BODY_TO_TEXT };

struct request {
    struct s3 *s3;
    struct arena *arena;
    const char *method;
    str address, hash, type;
    enum body body;
    int fd;
    int64_t bytes, at; /* to be sent, and how far it is */
    struct buf answer; /* a list, or why it was refused */
    bool fd_failed;    /* the disk, not the network */
    long code;
    char curl_says[CURL_ERROR_SIZE];
};

/* ---- starting ---- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

static enum status options_check(const struct s3_options *o, struct error *err)
{
    if (!str_starts(o->endpoint, S("https://")) && !str_starts(o->endpoint, S("http://")))
        return error_set(err, ST_INVALID, "media: endpoint should begin with https://");
    if (str_ends(o->endpoint, S("/")) || str_find_char(str_from(o->endpoint, 8), '/') != STR_NPOS)
        return error_set(err, ST_INVALID,
                         "media: endpoint should be the server alone, without the bucket");
    if (o->bucket.len == 0 || str_find_char(o->bucket, '/') != STR_NPOS)
        return error_set(err, ST_INVALID, "media: bucket is missing");
    if (o->key_id.len == 0 || o->secret.len == 0 || str_find_char(o->key_id, ':') != STR_NPOS)
        return error_set(err, ST_INVALID, "media: key_id or secret is missing");
    if (str_starts(o->prefix, S("/")) || (o->prefix.len > 0 && !str_ends(o->prefix, S("/"))))
        return error_set(err, ST_INVALID, "media: prefix should be of the form \"site/media/\"");
    return ST_OK;
}

enum status s3_new(const struct s3_options *options, struct s3 **ret_s3, struct error *err)
{
    enum status st = options_check(options, err);
    if (st != ST_OK)
        return st;
    CHECK(pthread_once(&curl_once, curl_start) == 0);
    struct arena *arena = arena_new(ARENA_SMALL);
    struct s3 *s3 = arena_new_one(arena, struct s3);
    str region = options->region.len > 0 ? str_copy(arena, options->region) : S("us-east-1");
    s3->arena = arena;
    s3->options =
        (struct s3_options){.endpoint = str_copy(arena, options->endpoint),
                            .region = region,
                            .bucket = str_copy(arena, options->bucket),
                            .prefix = str_copy(arena, options->prefix),
                            .wait_ms = options->wait_ms > 0 ? options->wait_ms : S3_WAIT_MS};
    s3->credentials = str_copy_c(arena, str_join3(arena, options->key_id, S(":"), options->secret));
    s3->signer = str_copy_c(arena, str_format(arena, "aws:amz:%.*s:s3", STR_ARG(region)));
    CHECK(pthread_mutex_init(&s3->lock, NULL) == 0);
    *ret_s3 = s3;
    return ST_OK;
}

void s3_free(struct s3 *s3)
{
    if (s3 == NULL)
        return;
    for (size_t i = 0; i < s3->idle_count; i++)
        curl_easy_cleanup(s3->idle[i]);
    (void)pthread_mutex_destroy(&s3->lock);
    arena_free(s3->arena);
}

/* ---- one attempt ---- */

static CURL *handle_take(struct s3 *s3)
{
    CURL *curl = NULL;
    CHECK(pthread_mutex_lock(&s3->lock) == 0);
    if (s3->idle_count > 0)
        curl = s3->idle[--s3->idle_count];
    CHECK(pthread_mutex_unlock(&s3->lock) == 0);
    if (curl == NULL)
        curl = curl_easy_init();
    CHECK(curl != NULL);
    return curl;
}

static void handle_give(struct s3 *s3, CURL *curl)
{
    curl_easy_reset(curl); /* its connection stays open */
    CHECK(pthread_mutex_lock(&s3->lock) == 0);
    bool kept = s3->idle_count < S3_CONNECTIONS_KEPT;
    if (kept)
        s3->idle[s3->idle_count++] = curl;
    CHECK(pthread_mutex_unlock(&s3->lock) == 0);
    if (!kept)
        curl_easy_cleanup(curl);
}

static size_t on_send(char *buffer, size_t size, size_t count, void *ctx)
{
    struct request *r = ctx;
    int64_t left = r->bytes - r->at;
    size_t want = size * count;
    if ((int64_t)want > left)
        want = (size_t)left;
    for (;;) {
        ssize_t n = pread(r->fd, buffer, want, r->at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || (n == 0 && want > 0)) {
            r->fd_failed = true;
            return CURL_READFUNC_ABORT;
        }
        r->at += n;
        return (size_t)n;
    }
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *ctx)
{
    struct request *r = ctx;
    str rest = {bytes, size * count};
    if (r->body != BODY_TO_FD || r->code != 200) {
        if (r->body == BODY_TO_FD && r->code == 0)
            return 0;
        buf_add(&r->answer, rest);
        return size * count;
    }
    while (rest.len > 0) {
        ssize_t n = pwrite(r->fd, rest.ptr, rest.len, r->at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            r->fd_failed = true;
            return 0;
        }
        r->at += n;
        rest = str_from(rest, (size_t)n);
    }
    return size * count;
}

/* The status line comes before the body: a refusal's body is no file. */
static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
    struct request *r = ctx;
    str line = {bytes, size * count};
    if (str_starts(line, S("HTTP/"))) {
        str rest = str_from(line, str_find_char(line, ' ') + 1);
        r->code = rest.len >= 3 && str_starts(rest, S("200")) ? 200 : 1;
    }
    return size * count;
}

static struct curl_slist *headers_of(const struct request *r)
{
    str hash = r->hash.len > 0 ? r->hash : S(EMPTY_HASH);
    struct curl_slist *list = curl_slist_append(
        NULL, str_copy_c(r->arena, str_join2(r->arena, S("x-amz-content-sha256: "), hash)));
    if (r->type.len > 0)
        list = curl_slist_append(
            list, str_copy_c(r->arena, str_join2(r->arena, S("Content-Type: "), r->type)));
    CHECK(list != NULL);
    return list;
}

#define SET(option, value) CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK)

static CURLcode attempt(struct request *r)
{
    CURL *curl = handle_take(r->s3);
    struct curl_slist *headers = headers_of(r);
    r->at = 0;
    r->code = 0;
    r->curl_says[0] = '\0';
    buf_truncate(&r->answer, 0);
    SET(CURLOPT_URL, str_copy_c(r->arena, r->address));
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_USERPWD, r->s3->credentials);
    SET(CURLOPT_AWS_SIGV4, r->s3->signer);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)S3_CONNECT_MS);
    SET(CURLOPT_LOW_SPEED_TIME, (long)S3_STALLED_S);
    SET(CURLOPT_LOW_SPEED_LIMIT, (long)S3_STALLED_BYTES);
    SET(CURLOPT_ERRORBUFFER, r->curl_says);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, r);
    SET(CURLOPT_WRITEFUNCTION, on_answer);
    SET(CURLOPT_WRITEDATA, r);
    if (r->body == BODY_FROM_FD) {
        SET(CURLOPT_UPLOAD, 1L);
        SET(CURLOPT_READFUNCTION, on_send);
        SET(CURLOPT_READDATA, r);
        SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)r->bytes);
        SET(CURLOPT_EXPECT_100_TIMEOUT_MS, (long)S3_CONTINUE_MS);
    } else if (strcmp(r->method, "HEAD") == 0) {
        SET(CURLOPT_NOBODY, 1L);
    } else if (strcmp(r->method, "GET") != 0) {
        SET(CURLOPT_CUSTOMREQUEST, r->method);
    }
    CURLcode done = curl_easy_perform(curl);
    if (done == CURLE_OK)
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &r->code);
    curl_slist_free_all(headers);
    handle_give(r->s3, curl);
    return done;
}

/* ---- what it came to ---- */

/* The text of <Code> or <Message> in a refusal. */
static str answer_part(const struct request *r, str open, str close)
{
    str text = buf_view(&r->answer);
    size_t from = str_find(text, open);
    if (from == STR_NPOS)
        return STR_NONE;
    text = str_from(text, from + open.len);
    text = str_sub(text, 0, str_find(text, close));
    return str_sub(utf8_strip_controls(r->arena, utf8_repair(r->arena, text), 0), 0, 200);
}

static enum status refused(const struct request *r, struct error *err)
{
    static const struct {
        str code;
        const char *remedy;
    } remedies[] = {
        {STR_INIT("SignatureDoesNotMatch"),
         "the secret is not the key's, or the region is another"},
        {STR_INIT("InvalidAccessKeyId"), "there is no such key_id"},
        {STR_INIT("AccessDenied"),
         "the key may not do this: let it read, write, list and delete in the bucket"},
        {STR_INIT("NoSuchBucket"), "there is no such bucket: create it, or mend its name"},
        {STR_INIT("AuthorizationHeaderMalformed"), "the region is another"},
        {STR_INIT("PermanentRedirect"),
         "the bucket is in another region, with an endpoint of its own"},
        {STR_INIT("RequestTimeTooSkewed"), "this machine's clock is wrong"},
        {STR_INIT("QuotaExceeded"), "the bucket is full"},
    };
    str code = answer_part(r, S("<Code>"), S("</Code>"));
    str message = answer_part(r, S("<Message>"), S("</Message>"));
    const struct s3_options *o = &r->s3->options;
    for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
        if (str_eq(code, remedies[i].code))
            return error_set(err, ST_IO,
                             "%.*s refused (bucket %.*s): %s; see media: in broadsheet.yaml",
                             STR_ARG(o->endpoint), STR_ARG(o->bucket), remedies[i].remedy);
    }
    return error_set(err, ST_IO, "%.*s answered %ld %.*s %.*s (bucket %.*s)", STR_ARG(o->endpoint),
                     r->code, STR_ARG(code), STR_ARG(message), STR_ARG(o->bucket));
}

static enum status outcome(const struct request *r, CURLcode done, bool *ret_again,
                           struct error *err)
{
    *ret_again = false;
    if (r->fd_failed)
        return error_set(err, ST_IO,
                         "cannot read or write a file on its way to or from the bucket");
    if (done != CURLE_OK) {
        *ret_again = true;
        return error_set(err, ST_IO, "cannot reach %.*s: %s", STR_ARG(r->s3->options.endpoint),
                         r->curl_says[0] != '\0' ? r->curl_says : curl_easy_strerror(done));
    }
    if (r->code >= 200 && r->code < 300)
        return ST_OK;
    bool no_bucket = str_eq(answer_part(r, S("<Code>"), S("</Code>")), S("NoSuchBucket"));
    if (r->code == 404 && !no_bucket)
        return error_set(err, ST_NOT_FOUND, "it is not in the bucket");
    *ret_again = r->code == 429 || r->code >= 500;
    return refused(r, err);
}

static void wait_before(const struct s3 *s3, unsigned tries)
{
    int64_t ms = (int64_t)s3->options.wait_ms << tries;
    ms += (int64_t)(random_u64(&rng_system) % (uint64_t)(ms / 2 + 1));
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&span, &span) != 0 && errno == EINTR)
        continue;
}

static enum status run(struct request *r, struct error *err)
{
    bool again = true;
    enum status st = ST_OK;
    buf_init(&r->answer, r->arena, S3_ANSWER_MAX);
    for (unsigned tries = 0; again && tries < S3_ATTEMPTS; tries++) {
        if (tries > 0)
            wait_before(r->s3, tries - 1);
        st = outcome(r, attempt(r), &again, err);
    }
    return st;
}

/* ---- the calls ---- */

static enum status address_of(struct s3 *s3, struct arena *arena, str key, str *ret_address,
                              struct error *err)
{
    struct buf b;
    buf_init(&b, arena, ADDRESS_MAX);
    buf_add(&b, s3->options.endpoint);
    buf_add_char(&b, '/');
    buf_add_percent(&b, s3->options.bucket, S(""));
    buf_add_char(&b, '/');
    buf_add_percent(&b, s3->options.prefix, S("/"));
    buf_add_percent(&b, key, S("/"));
    return buf_finish(&b, ret_address, err);
}

static enum status call(struct s3 *s3, const char *method, str key, struct request *r,
                        struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    r->s3 = s3;
    r->arena = arena;
    r->method = method;
    enum status st = address_of(s3, arena, key, &r->address, err);
    return st == ST_OK ? run(r, err) : st;
}

enum status s3_put(struct s3 *s3, str key, int fd, int64_t bytes, str hash, str type,
                   struct error *err)
{
    struct request r = {.body = BODY_FROM_FD, .fd = fd, .bytes = bytes, .hash = hash, .type = type};
    enum status st = call(s3, "PUT", key, &r, err);
    return st == ST_NOT_FOUND ? error_set(err, ST_IO, "the bucket would not take a file") : st;
}

enum status s3_get(struct s3 *s3, str key, int fd, struct error *err)
{
    struct request r = {.body = BODY_TO_FD, .fd = fd};
    return call(s3, "GET", key, &r, err);
}

enum status s3_exists(struct s3 *s3, str key, bool *ret_there, struct error *err)
{
    struct request r = {.body = BODY_NONE};
    enum status st = call(s3, "HEAD", key, &r, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_there = st == ST_OK;
    return ST_OK;
}

enum status s3_remove(struct s3 *s3, str key, struct error *err)
{
    struct request r = {.body = BODY_NONE};
    enum status st = call(s3, "DELETE", key, &r, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- listing ---- */

/* <Contents> with <Key> and <Size>, and <NextContinuationToken>. */
struct listing {
    struct arena *arena;
    str prefix;
    s3_each_fn *fn;
    void *ctx;
    struct buf text; /* of the element that is open */
    str key, next;
    int64_t bytes;
    enum status st;
    struct error *err;
};

static void XMLCALL list_start(void *ctx, const char *name, const char **attributes)
{
    struct listing *l = ctx;
    (void)name, (void)attributes;
    buf_truncate(&l->text, 0);
}

static void XMLCALL list_text(void *ctx, const char *text, int len)
{
    struct listing *l = ctx;
    buf_add(&l->text, (str){text, (size_t)len});
}

static void XMLCALL list_end(void *ctx, const char *raw_name)
{
    struct listing *l = ctx;
    str name = str_from_c(raw_name), text = buf_view(&l->text);
    if (str_eq(name, S("Key"))) {
        l->key = str_copy(l->arena, text);
    } else if (str_eq(name, S("Size"))) {
        l->bytes = 0;
        (void)str_to_i64(str_trim(text), &l->bytes);
    } else if (str_eq(name, S("NextContinuationToken"))) {
        l->next = str_copy(l->arena, text);
    } else if (str_eq(name, S("Contents")) && l->st == ST_OK && str_starts(l->key, l->prefix) &&
               l->key.len > l->prefix.len) {
        l->st = l->fn(l->ctx, str_from(l->key, l->prefix.len), l->bytes, l->err);
    }
}

static enum status list_page(struct s3 *s3, struct arena *arena, str after, struct listing *l,
                             struct error *err)
{
    struct request r = {.s3 = s3, .arena = arena, .method = "GET", .body = BODY_TO_TEXT};
    struct buf b;
    buf_init(&b, arena, ADDRESS_MAX);
    buf_add(&b, s3->options.endpoint);
    buf_add_char(&b, '/');
    buf_add_percent(&b, s3->options.bucket, S(""));
    buf_add_char(&b, '?');
    if (after.len > 0) {
        buf_add(&b, S("continuation-token="));
        buf_add_percent(&b, after, S(""));
        buf_add_char(&b, '&');
    }
    buf_add(&b, S("list-type=2&prefix="));
    buf_add_percent(&b, s3->options.prefix, S(""));
    enum status st = buf_finish(&b, &r.address, err);
    if (st == ST_OK)
        st = run(&r, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? error_set(err, ST_IO, "the bucket cannot be listed") : st;
    XML_Parser parser = XML_ParserCreate(NULL);
    CHECK(parser != NULL);
    XML_SetUserData(parser, l);
    XML_SetElementHandler(parser, list_start, list_end);
    XML_SetCharacterDataHandler(parser, list_text);
    str text = buf_view(&r.answer);
    bool whole = XML_Parse(parser, text.ptr, int_from_size(text.len), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    if (!whole && l->st == ST_OK)
        return error_set(err, ST_IO, "the bucket's list is no XML");
    return l->st;
}

enum status s3_each(struct s3 *s3, s3_each_fn *fn, void *ctx, struct error *err)
{
    char token[KEY_MAX];
    str after = STR_NONE;
    do {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct listing l = {
            .arena = arena, .prefix = s3->options.prefix, .fn = fn, .ctx = ctx, .err = err};
        buf_init(&l.text, arena, 2 * KEY_MAX);
        enum status st = list_page(s3, arena, after, &l, err);
        if (st != ST_OK)
            return st;
        if (l.next.len > sizeof(token))
            return error_set(err, ST_IO, "the bucket's list cannot be gone on with");
        memcpy(token, l.next.len > 0 ? l.next.ptr : "", l.next.len);
        after = (str){token, l.next.len};
    } while (after.len > 0);
    return ST_OK;
}
