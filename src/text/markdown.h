/* text/markdown.h -- Markdown and plain text to clean HTML.
 *
 *     st = markdown_to_html(arena, text, &(struct clean_profile){.kind = CLEAN_STORY}, &body, err);
 *     st = reply_from_text(arena, typed, REPLY_MARKDOWN, &html, err);
 *
 * CommonMark by md4c, then the sanitizer: Markdown's own HTML is as trusted as any other. Stories have
 * tables, strike-through and autolinks too; replies have no tables, no raw HTML (it shows as
 * typed) and no pictures.
 *
 * Limits: stories MARKDOWN_STORY_MAX, replies MARKDOWN_REPLY_MAX bytes; MARKDOWN_LINES_MAX lines;
 * output at most that of the sanitizer. ST_TOO_BIG beyond.
 *
 * Memory:  results live in the arena. Threads: pure. */
#pragma once
#include "base/str.h"
#include "text/sanitize.h"

enum {
    MARKDOWN_STORY_MAX = 1024 * 1024,
    MARKDOWN_REPLY_MAX = 32 * 1024,
    MARKDOWN_LINES_MAX = 20000,
};

/* profile->kind CLEAN_STORY or CLEAN_REPLY. */
MUST_USE enum status markdown_to_html(struct arena *arena, str text,
                                      const struct clean_profile *profile, html *ret_html,
                                      struct error *err);

enum reply_format { REPLY_PLAIN, REPLY_MARKDOWN };

/* What a reader typed. REPLY_PLAIN: blank lines part paragraphs, line ends are <br>, and addresses
 * that begin http:// or https:// become links. Controls and bidi overrides are dropped.
 * ST_INVALID when nothing readable is left. */
MUST_USE enum status reply_from_text(struct arena *arena, str text, enum reply_format format,
                                     html *ret_html, struct error *err);
