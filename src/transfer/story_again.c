/* SPDX-License-Identifier: MIT */
#include "transfer/story_again.h"

#include "base/arena.h"
#include "media/media.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/tag.h"

enum status story_again(struct store_conn *conn, story_id id, size_t tags_more, struct arena *arena,
                        struct story_again *ret_again, struct error *err)
{
    struct story *s;
    enum status st = story_by_id(conn, id, arena, &s, err);
    if (st == ST_OK)
        st = story_load_terms(conn, &s, 1, arena, err);
    if (st == ST_OK)
        st = story_load_body(conn, &s, 1, arena, err);
    if (st != ST_OK)
        return st;
    tag_id *tags = arena_new_array(arena, tag_id, s->tags_count + tags_more);
    byline_id *bylines = arena_new_array(arena, byline_id, s->bylines_count);
    for (size_t i = 0; i < s->tags_count; i++)
        tags[i] = s->tags[i]->id;
    for (size_t i = 0; i < s->bylines_count; i++)
        bylines[i] = s->bylines[i]->id;
    ret_again->tags = tags;
    ret_again->body = pictures_strip(arena, s->body).raw;
    ret_again->draft = (struct story_draft){
        .id = s->id,
        .kind = s->kind,
        .title = s->title,
        .dateline = s->dateline,
        .source = s->source,
        .standfirst = s->standfirst,
        .format = s->source_text.len > 0 ? s->format : STORY_HTML,
        .text = s->source_text.len > 0 ? s->source_text : s->body.raw,
        .pictures = media_lookup(arena, conn),
        .image = s->image,
        .image_alt = s->image_alt,
        .image_caption = s->image_caption.raw,
        .featured = s->featured,
        .visibility = s->visibility,
        .language = s->language,
        .template_name = s->template_name,
        .canonical_url = s->canonical_url,
        .hide_title_and_image = !s->show_title_and_image,
        .replies_closed = !s->replies_open,
        .meta = s->meta,
        .tags = tags,
        .tags_count = s->tags_count,
        .bylines = bylines,
        .bylines_count = s->bylines_count,
        .corrections = s->corrections,
        .corrections_count = s->corrections_count,
        .updated_at = s->updated_at,
    };
    return ST_OK;
}
