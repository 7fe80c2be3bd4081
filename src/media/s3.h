/* media/s3.h -- objects in an S3-compatible bucket, signed by libcurl (AWS Signature Version 4).
 *
 *     st = s3_new(&(struct s3_options){.endpoint = S("https://s3.eu-central-1.amazonaws.com"),
 *                                      .region = S("eu-central-1"), .bucket = S("wharf"), ...}, &s3, err);
 *     st = s3_put(s3, S("2024/05/bridge.jpg"), fd, bytes, hash, S("image/jpeg"), err);
 *
 * The bucket is named in the path (ENDPOINT/BUCKET/KEY), which every server understands. A put carries the SHA-256
 * of the body in its signature: what the server took is what was meant. When it returns ST_OK the server has it.
 *
 * What may pass by itself (no connection, a time-out, 429, 5xx) is tried S3_ATTEMPTS times, each wait twice the last one, a little
 * at random. What will not (a refused key, no bucket, a wrong clock) is one sentence that says what to mend. No redirect
 * is followed, as the signature would go with it.
 *
 * Not used: multipart uploads. One put takes 5 GB, more than the largest file that is taken in.
 *
 * Memory: a key and some KB a call; bodies go from descriptor to socket and back.
 * Threads: any; each call has a connection of its own while it runs, kept for the next. */
#pragma once
#include "base/scope.h"
#include "base/str.h"

struct arena;
struct s3;

enum {
    S3_ATTEMPTS = 4,
    S3_WAIT_MS = 250, /* before the second attempt */
    S3_CONNECT_MS = 10000,
    S3_STALLED_S = 30, /* below S3_STALLED_BYTES a second for so long: given up */
    S3_STALLED_BYTES = 1024,
    S3_CONNECTIONS_KEPT = 4,
    S3_ANSWER_MAX = 4 * 1024 * 1024, /* of a list or a refusal */
};

struct s3_options {
    str endpoint; /* "https://host[:port]", no slash at the end */
    str region;   /* "us-east-1" where a server knows none */
    str bucket;
    str prefix; /* before every key: "media/", or empty */
    str key_id, secret;
    int wait_ms; /* 0: S3_WAIT_MS */
};

/* ST_INVALID: something is missing or misspelt; asks nobody. */
MUST_USE enum status s3_new(const struct s3_options *options, struct s3 **ret_s3,
                            struct error *err);
void s3_free(struct s3 *s3); /* takes NULL; no call may be under way */
DEFINE_FREEP(struct s3 *, s3_free)

/* The first `bytes` bytes of `fd`; its position is not used. `hash` is their SHA-256 in hex. */
MUST_USE enum status s3_put(struct s3 *s3, str key, int fd, int64_t bytes, str hash, str type,
                            struct error *err);
/* Into `fd` from its start; what was written before a failure is to be thrown away. ST_NOT_FOUND. */
MUST_USE enum status s3_get(struct s3 *s3, str key, int fd, struct error *err);
MUST_USE enum status s3_exists(struct s3 *s3, str key, bool *ret_there, struct error *err);
/* ST_OK also when there was none. */
MUST_USE enum status s3_remove(struct s3 *s3, str key, struct error *err);
/* Every object below the prefix, its key without that, in the order of keys. */
typedef enum status s3_each_fn(void *ctx, str key, int64_t bytes, struct error *err);
MUST_USE enum status s3_each(struct s3 *s3, s3_each_fn *fn, void *ctx, struct error *err);
