/* media/worker/protocol.h -- what the server and its picture worker say to each other.
 *
 *     server                                      broadsheet-media
 *       |--- struct worker_ask, in_fd, out_fd ------->|   one packet, descriptors beside it (SCM_RIGHTS)
 *       |                                             |   reads, decodes, writes
 *       |<-------------------- struct worker_answer --|   one packet
 *       |--- ... the next, or the end of file ------->|   and it leaves
 *
 * One socketpair of SOCK_SEQPACKET, which is the process's descriptor WORKER_SOCKET: a packet is a struct as
 * it lies in memory, since both ends are built together and WORKER_VERSION, checked first, says so. A card
 * has one descriptor, out_fd. The process is started as
 *
 *     broadsheet-media pictures|cards MEMORY_MAX JOB_MS_MAX IDLE_MS_MAX
 *
 * and leaves with WORKER_LEFT when the socket is closed or nothing is asked for so long. Texts are NUL-terminated and cut at their array's end.
 *
 * The server believes nothing in an answer (media/worker.c checks each field); the worker believes nothing
 * that the picture says, but trusts what the server asks. */
#pragma once
#include "media/kind.h"
#include "media/worker.h"

enum {
    WORKER_SOCKET = 3, /* the worker's end */
    WORKER_VERSION = 2,
    WORKER_DETAIL_MAX = 256,

    /* Exit codes. */
    WORKER_LEFT = 0,    /* in peace, between jobs */
    WORKER_USAGE = 2,   /* started by hand, or by another version of the server */
    WORKER_SANDBOX = 3, /* it could not lock itself up, so it does nothing */
};
#define WORKER_MAGIC 0x42534d57u /* "BSMW" */

enum worker_act { WORKER_CLEAN, WORKER_MAKE, WORKER_CARD };

struct worker_ask {
    uint32_t magic, version;
    uint32_t act;  /* enum worker_act */
    uint32_t kind; /* clean: what it must be; make: what to write, or MEDIA_UNKNOWN */
    int64_t pixels_max, frames_max;
    int64_t width, height;
    double focal_x, focal_y;
    double left, top, right, bottom;
    int32_t quality;
    uint8_t still, rtl;
    char background[8], ink[8], accent[8];
    char headline[MEDIA_CARD_TEXT_MAX + 1], site[MEDIA_CARD_TEXT_MAX + 1],
        kicker[MEDIA_CARD_TEXT_MAX + 1];
};

struct worker_answer {
    uint32_t magic, version;
    uint32_t status; /* enum status: ST_OK, or ST_INVALID or ST_IO with `why` */
    uint32_t kind;   /* what was written */
    int64_t width, height, frames, duration_ms;
    uint8_t alpha;
    char color[8];
    char placeholder[MEDIA_PLACEHOLDER_MAX + 1];
    char credit[MEDIA_CREDIT_MAX + 1], caption[MEDIA_CREDIT_MAX + 1], alt[MEDIA_CREDIT_MAX + 1],
        licence[MEDIA_CREDIT_MAX + 1], title[MEDIA_CREDIT_MAX + 1];
    char why[ERROR_TEXT_MAX];           /* a sentence for the editor */
    char detail[WORKER_DETAIL_MAX + 1]; /* the library's own words, for the log */
};
