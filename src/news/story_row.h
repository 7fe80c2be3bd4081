/* news/story_row.h -- how a story's row is read: the columns in one order, everywhere.
 *
 *     SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.id = $1")
 *     struct story *story = story_from_row(stmt, 0, arena);
 *
 * Inside news/ and discover/ only. */
#pragma once
#include "news/list.h"

struct store_stmt;

#define STORY_COLUMNS                                                                              \
    "s.id, s.ghost_id, s.uuid, s.kind, s.state, s.slug, s.title, s.dateline, s.source, "           \
    "s.standfirst, s.excerpt, s.image, s.image_alt, s.image_caption, s.featured, s.visibility, "   \
    "s.language, s.template, s.canonical_url, s.show_title_and_image, s.replies_open, "            \
    "s.was_published, s.created_at, s.updated_at, s.published_at, s.revised_at, s.primary_tag, "   \
    "s.primary_byline, s.word_count, s.image_count, s.comment_count, s.correction_count, "         \
    "s.fingerprint, s.version"
enum { STORY_COLUMNS_COUNT = 34 };

/* Text is copied into the arena. `column` is where STORY_COLUMNS begins. */
struct story *story_from_row(const struct store_stmt *stmt, int column, struct arena *arena);

/* Runs a statement whose rows are stories to its end; at most `limit` of them are kept, and
 * whether there were more. */
MUST_USE enum status story_list_read(struct store_stmt *stmt, size_t limit, struct arena *arena,
                                     struct story_list *ret_list, struct error *err);

enum story_kind story_kind_from_name(str name);
enum story_state story_state_from_name(str name);
str story_kind_text(enum story_kind kind);
str story_state_text(enum story_state state);
str story_format_text(enum story_format format);
enum story_format story_format_from_name(str name);

/* The columns of tag and byline for story_load_terms and for their own reading. */
struct tag;
struct byline;
#define TAG_COLUMNS                                                                                \
    "t.id, t.ghost_id, t.slug, t.name, t.visibility, t.section, t.parent, t.description, "         \
    "t.image, t.accent_color, t.canonical_url, t.meta_title, t.meta_description, t.og_title, "     \
    "t.og_description, t.og_image, t.twitter_title, t.twitter_description, t.twitter_image, "      \
    "t.code_head, t.code_foot, t.created_at, t.updated_at, t.story_count"
enum { TAG_COLUMNS_COUNT = 24 };
struct tag *tag_from_row(const struct store_stmt *stmt, int column, struct arena *arena);

/* As many as TAG_COLUMNS and of the same types, so that the two can stand in one UNION. */
#define BYLINE_COLUMNS                                                                             \
    "b.id, b.ghost_id, b.slug, b.name, '', 0, b.person, b.bio, b.location, b.website, "            \
    "b.profile_image, b.cover_image, b.facebook, b.twitter, b.meta_title, b.meta_description, "    \
    "'', '', '', '', '', b.created_at, b.updated_at, b.story_count"
struct byline *byline_from_row(const struct store_stmt *stmt, int column, struct arena *arena);

/* Story, tag and byline meta columns stand in the order of struct story_meta. */
struct story_meta story_meta_from_row(const struct store_stmt *stmt, int column,
                                      struct arena *arena);
void story_meta_bind(struct store_stmt *stmt, int index, const struct story_meta *meta);
enum { STORY_META_COUNT = 10 };
