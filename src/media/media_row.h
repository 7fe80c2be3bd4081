/* media/media_row.h -- the columns of a record, in the order that media_from_row reads. Inside media/ only. */
#pragma once
#include "media/media.h"

struct store_stmt;

#define MEDIA_COLUMNS                                                                              \
    "m.id, m.ghost_id, m.path, m.name, m.kind, m.content_type, m.bytes, m.width, m.height, "       \
    "m.frames, m.duration_ms, m.hash, m.original, m.original_type, m.color, m.placeholder, "       \
    "m.title, m.alt, m.caption, m.credit, m.licence, m.focal_x, m.focal_y, m.crop_left, "          \
    "m.crop_top, m.crop_right, m.crop_bottom, m.person, m.created_at, m.updated_at"
enum { MEDIA_COLUMNS_COUNT = 30 };

/* MEDIA_PATHS_AT_ONCE places; those not bound are NULL, which equals nothing. */
#define MEDIA_PATHS                                                                                \
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"  \
    " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"

/* From column `column` on. */
struct media *media_from_row(const struct store_stmt *stmt, int column, struct arena *arena);

/* The words of a record, for the search: replaces what was kept (media_words.c). */
MUST_USE enum status media_words_write(struct newsroom *desk, const struct media *media,
                                       struct error *err);
/* Jobs for the stories that name the path (refresh.c). */
MUST_USE enum status media_refresh_stories(struct newsroom *desk, str path, struct error *err);
