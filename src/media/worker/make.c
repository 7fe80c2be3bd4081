/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "media/worker/job.h"
#include "media/worker/picture.h"
#include "media/worker/save.h"

#include <math.h>

/* The picture scaled to `width` by `height`, and the window on it that is kept. */
struct plan {
    int width, height;
    int left, top, window_width, window_height;
};

static int at_least_one(double x)
{
    return x < 1 ? 1 : (int)lround(x);
}

/* Where a window of `part` lies within `from`..`until` so that the focal point is as near its middle as can be. */
static int window_start(int from, int until, int part, double focal)
{
    double start = focal - part / 2.0;
    return start < from ? from : start > until - part ? until - part : (int)lround(start);
}

static struct plan plan_whole(const struct picture *p, const struct worker_ask *ask,
                              enum media_kind kind)
{
    double width = p->width, height = p->height;
    double scale = ask->width > 0    ? (double)ask->width / width
                   : ask->height > 0 ? (double)ask->height / height
                                     : 1;
    scale = fmin(scale, picture_scale_max(width, height, kind));
    struct plan plan = {.width = at_least_one(width * scale),
                        .height = at_least_one(height * scale)};
    plan.window_width = plan.width;
    plan.window_height = plan.height;
    return plan;
}

/* One side of a cut: `part` pixels of `whole`, of which `from`..`until` (0..1) may be shown. */
static int cut_start(int whole, int part, double from, double until, double focal)
{
    int first = (int)lround(from * whole), last = (int)lround(until * whole);
    if (last - first < part) { /* by rounding, or a crop of less than a pixel */
        first = first > whole - part ? whole - part : first;
        last = first + part;
    }
    return window_start(first, last, part, focal * whole);
}

/* A wanted size larger than what may be shown, or than `kind` can be, shrinks to it, keeping its shape. */
static struct plan plan_of(const struct picture *p, const struct worker_ask *ask,
                           enum media_kind kind)
{
    if (ask->width == 0 || ask->height == 0)
        return plan_whole(p, ask, kind);
    double width = (double)ask->width, height = (double)ask->height;
    double shown_width = p->width * (ask->right - ask->left);
    double shown_height = p->height * (ask->bottom - ask->top);
    double shrink = fmin(fmin(shown_width / width, shown_height / height),
                         picture_scale_max(width, height, kind));
    struct plan plan = {.window_width = at_least_one(width * shrink),
                        .window_height = at_least_one(height * shrink)};
    double cover =
        fmin(1, fmax(plan.window_width / shown_width, plan.window_height / shown_height));
    plan.width = at_least_one(fmax(p->width * cover, plan.window_width));
    plan.height = at_least_one(fmax(p->height * cover, plan.window_height));
    plan.left = cut_start(plan.width, plan.window_width, ask->left, ask->right, ask->focal_x);
    plan.top = cut_start(plan.height, plan.window_height, ask->top, ask->bottom, ask->focal_y);
    return plan;
}

/* Frames lie one below the other: each is cut by itself, then they are put together again. */
static int cut_frames(VipsImage *in, const struct plan *plan, int frames, VipsImage **ret)
{
    AUTO(image_unrefp) VipsImage *whole = vips_image_copy_memory(in);
    AUTO(image_unrefp) VipsImage *joined = NULL;
    VipsImage **parts = g_new0(VipsImage *, frames);
    int failed = whole == NULL ? -1 : 0;
    for (int i = 0; i < frames && failed == 0; i++)
        failed = vips_extract_area(whole, &parts[i], plan->left, i * plan->height + plan->top,
                                   plan->window_width, plan->window_height, NULL);
    if (failed == 0)
        failed = vips_arrayjoin(parts, &joined, frames, "across", 1, NULL);
    for (int i = 0; i < frames; i++)
        image_unrefp(&parts[i]);
    g_free(parts);
    if (failed == 0)
        failed = vips_copy(joined, ret, NULL); /* one that is ours alone, to be written to */
    if (failed == 0)
        vips_image_set_int(*ret, VIPS_META_PAGE_HEIGHT, plan->window_height);
    return failed;
}

static MUST_USE enum status cut(VipsImage *in, const struct plan *plan, int frames,
                                enum media_kind kind, VipsImage **ret, struct error *err)
{
    int failed = 0;
    if (plan->window_width == plan->width && plan->window_height == plan->height)
        *ret = g_object_ref(in);
    else if (frames > 1)
        failed = cut_frames(in, plan, frames, ret);
    else
        failed = vips_extract_area(in, ret, plan->left, plan->top, plan->window_width,
                                   plan->window_height, NULL);
    return failed != 0 ? picture_failed(kind, err) : ST_OK;
}

static MUST_USE enum status make(const struct worker_ask *ask, const struct picture *p, int out_fd,
                                 struct worker_answer *a, struct error *err)
{
    AUTO(image_unrefp) VipsImage *scaled = NULL;
    AUTO(image_unrefp) VipsImage *image = NULL;
    enum media_kind kind = ask->kind != MEDIA_UNKNOWN ? (enum media_kind)ask->kind : p->kind;
    if (kind == MEDIA_HEIC)
        kind = MEDIA_JPEG;
    bool still = ask->still != 0 || (kind != MEDIA_GIF && kind != MEDIA_WEBP);
    int frames = still ? 1 : p->frames;
    struct plan plan = plan_of(p, ask, kind);
    enum status st = picture_fit(p, plan.width, plan.height, still, &scaled, err);
    if (st == ST_OK)
        st = cut(scaled, &plan, frames, p->kind, &image, err);
    if (st == ST_OK)
        st = picture_save(
            image, kind,
            &(struct save){.use = SAVE_RENDITION, .quality = ask->quality, .palette = p->palette},
            out_fd, err);
    a->kind = kind;
    a->width = plan.window_width;
    a->height = plan.window_height;
    a->frames = frames;
    a->duration_ms = still ? 0 : p->duration_ms;
    return st;
}

enum status job_make(const struct worker_ask *ask, int in_fd, int out_fd,
                     struct worker_answer *answer, struct error *err)
{
    struct picture p = {0};
    const struct picture_limits limits = {ask->pixels_max, ask->frames_max};
    enum status st = picture_open(in_fd, MEDIA_UNKNOWN, &limits, &p, err);
    if (st == ST_OK)
        st = make(ask, &p, out_fd, answer, err);
    picture_close(&p);
    memcpy(answer->color, "#000000", sizeof(answer->color));
    return st;
}
