/* site/making.h -- pictures being made, each once, with all who wait for it.
 *
 *     // on a render thread, as v->hand_over: the file is not there yet
 *     making_ask(making, x, &(struct making_job){.path = path, .original = ..., .make = ...});
 *
 * One thread makes one picture after another (the worker does no more at once), and keeps it in the cache
 * (media/made.h). Then everybody who asked for it is dispatched again, and finds the file, or finds that
 * it was tried: making_tried says so for MAKING_RETRY after a failure, which is logged once. Then the
 * caller has to answer with something else.
 *
 * A reader waits MAKING_PATIENCE for those before it in the queue, a picture's time more at most: then making_late says
 * so, they are dispatched, and are to be answered with the picture itself. It is made in its turn all the same, for who comes next.
 *
 * Bounded: MAKING_QUEUE_MAX pictures and MAKING_WAITING_MAX readers wait; more get 503 with Retry-After. So
 * a robot that asks for every size of every picture takes no render thread, no memory, and no turn of a story page.
 *
 * Closing: from making_close_begin on nobody is dispatched; who waits gets 503. The picture under way is finished.
 *
 * Threads: any. */
#pragma once
#include "base/clock.h"
#include "base/str.h"
#include "media/worker.h"

struct http_app;
struct http_exchange;
struct log;
struct made;
struct making;
struct storage;

enum {
    MAKING_QUEUE_MAX = 128,
    MAKING_WAITING_MAX = 256,
    MAKING_TRIED_KEPT = 512, /* failures remembered */
};
#define MAKING_PATIENCE (2 * TIME_SECOND)
#define MAKING_RETRY    (10 * 60 * TIME_SECOND)
/* What was made and is gone at once (no room on the disk) is not made again and again. */
#define MAKING_AGAIN (2 * TIME_SECOND)
/* A bucket that could not be reached is asked for the same file again. */
#define MAKING_FETCH_RETRY (10 * TIME_SECOND)

/* Who decodes and draws: media/worker.h, or a test. As media_worker_make and media_worker_card. */
struct picture_maker {
    void *ctx;
    enum status (*make)(void *ctx, int in_fd, const struct media_make *make, int out_fd,
                        enum media_kind *ret_kind, struct error *err);
    enum status (*card)(void *ctx, const struct media_card *card, int out_fd, struct error *err);
};

/* `worker` is lent. */
struct picture_maker picture_maker_of(struct media_worker *worker);

struct making_job {
    str path;     /* of the file to be, below .made; of the original, when that is to be fetched */
    str original; /* below media/; empty: a card is drawn */
    bool fetch;   /* only brings the original from the bucket into media/ */
    struct media_make make;
    struct media_card card;
};

/* All lent until making_free. `storage` may be NULL when nothing is ever to be fetched. */
struct making *making_new(const struct http_app *app, struct made *made, int media_fd,
                          struct storage *storage, const struct picture_maker *maker,
                          const struct log *log);
/* Takes the exchange over; copies the job. */
void making_ask(struct making *making, struct http_exchange *x, const struct making_job *job);
bool making_tried(struct making *making, str path);
bool making_late(struct making *making, str path);
/* The picture's focal point or crop is another: what was made of it goes, what is being made goes when it is,
 * and whoever asks next need not wait for a failure to be forgotten. */
void making_forget(struct making *making, str original);
size_t making_waiting(struct making *making);   /* readers */
void making_close_begin(struct making *making); /* takes NULL, as the next */
void making_free(struct making *making);
