/* SPDX-License-Identifier: MIT
 *
 * The second reading. An item is converted here (blocks, shortcodes, sanitizer: the dear part) while the
 * writer saves the batch before: two batches go round. */
#include "transfer/wxr_import.h"

#include "base/arena.h"
#include "base/parse.h"
#include "base/random.h"
#include "media/media.h"
#include "news/import_map.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "news/tag.h"
#include "store/store.h"
#include "text/entity.h"
#include "text/plain.h"
#include "text/slug.h"
#include "text/url.h"
#include "text/utf8.h"
#include "transfer/tagging.h"
#include "transfer/wp_content.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    TITLE_WORDS = 8,
    CORRECTIONS_MAX = 50,
    BATCH_ARENA = 512 * 1024,
    SCRATCH_ARENA = 512 * 1024
};

struct conversion {
    struct wxr_import *import;
    struct arena *scratch; /* of the story being converted */
    struct wxr_batch batches[2];
    size_t filling; /* index of the batch that items go into */
};

/* ---- batches ---- */

static void batch_ended(void *arg, enum status st, const struct error *err)
{
    struct wxr_batch *batch = arg;
    pthread_mutex_lock(&batch->lock);
    batch->st = st;
    batch->err = *err;
    batch->under_way = false;
    pthread_cond_signal(&batch->ended);
    pthread_mutex_unlock(&batch->lock);
}

static void batch_init(struct wxr_batch *batch, struct wxr_import *import)
{
    batch->import = import;
    batch->arena = arena_new(BATCH_ARENA);
    CHECK(pthread_mutex_init(&batch->lock, NULL) == 0);
    CHECK(pthread_cond_init(&batch->ended, NULL) == 0);
}

static enum status batch_submit(struct wxr_batch *batch, struct error *err)
{
    batch->under_way = true;
    batch->refused = NULL;
    enum status st = store_write_bulk(batch->import->options->store, wxr_save_step, batch,
                                      batch_ended, batch, err);
    if (st != ST_OK)
        batch->under_way = false;
    return st;
}

/* What the database refused is marked, and the step it undid is taken again without it. */
static enum status batch_end(struct wxr_batch *batch, struct error *err)
{
    for (;;) {
        pthread_mutex_lock(&batch->lock);
        while (batch->under_way)
            pthread_cond_wait(&batch->ended, &batch->lock);
        enum status st = batch->st;
        pthread_mutex_unlock(&batch->lock);
        if (st == ST_OK || batch->refused == NULL) {
            if (st != ST_OK && err != NULL)
                *err = batch->err;
            return st;
        }
        str why = str_from_c(batch->err.text);
        *batch->refused = str_copy(batch->arena, why.len > 0 ? why : S("it did not say why"));
        batch->saved = batch->step_from;
        batch->careful = true;
        st = batch_submit(batch, err);
        if (st != ST_OK)
            return st;
    }
}

/* What saving found: on the calling thread, as the report is its. */
static void batch_report(struct wxr_batch *batch)
{
    struct report *report = batch->import->report;
    for (size_t i = 0; i < batch->count; i++) {
        const struct wxr_story *story = &batch->stories[i];
        str slug = story->ready.slug;
        if (story->refused.len > 0) {
            bool page = story->ready.draft.kind == STORY_PAGE;
            report->out->skipped[page ? IMPORT_PAGES : IMPORT_STORIES]++;
            report->out->skipped[IMPORT_COMMENTS] += i64_from_size(story->replies_count);
            report_note(report, str_join2(batch->arena, S("a story was refused: "), story->refused),
                        slug);
            continue;
        }
        if (story->pictured)
            report_note(report, S("a story that came before has its pictures now"), slug);
        if (story->changed)
            report_note(report, S("a story was changed here since: its pictures were not put in"),
                        slug);
        for (size_t k = 0; k < story->replies_count; k++) {
            const struct wxr_reply *reply = &story->replies[k];
            if (reply->refused.len > 0) {
                report->out->skipped[IMPORT_COMMENTS]++;
                report_note(report,
                            str_join2(batch->arena, S("a reply was refused: "), reply->refused),
                            slug);
            } else if (reply->astray) {
                report_note(report, S("a reply to one that is not there begins a thread"), slug);
            }
        }
    }
}

/* Waits until the writer is done with it, counts what came, and makes it ready to be filled again. */
static enum status batch_wait(struct wxr_batch *batch, struct error *err)
{
    struct wxr_import *import = batch->import;
    enum status st = batch_end(batch, err);
    for (enum import_kind kind = 0; kind < IMPORT_KINDS; kind++) {
        import->report->out->came[kind] += batch->came[kind];
        import->report->out->skipped[kind] += batch->skipped[kind];
        batch->came[kind] = batch->skipped[kind] = 0;
    }
    if (st == ST_OK)
        batch_report(batch);
    arena_reset(batch->arena);
    batch->count = batch->saved = 0;
    batch->careful = false;
    return st;
}

static void batch_fini(struct wxr_batch *batch)
{
    if (batch->arena == NULL)
        return;
    (void)batch_wait(batch, NULL);
    arena_free(batch->arena);
    (void)pthread_mutex_destroy(&batch->lock);
    (void)pthread_cond_destroy(&batch->ended);
}

/* Whether the old site's record is one of ours since an earlier import. */
static enum status map_has(struct wxr_import *import, str kind, str foreign_id, int64_t *ret_ours,
                           bool *ret_has, struct error *err)
{
    struct error why = ERROR_INIT;
    enum status st =
        import_map_find(import->conn, import->source, kind, foreign_id, ret_ours, &why);
    *ret_has = st == ST_OK;
    if (st == ST_OK || st == ST_NOT_FOUND)
        return ST_OK;
    if (err != NULL)
        *err = why;
    return st;
}

/* A dry run: all of it would come. */
static enum status batch_count(struct wxr_batch *batch, struct error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct wxr_story *s = &batch->stories[i];
        enum import_kind kind = s->ready.draft.kind == STORY_PAGE ? IMPORT_PAGES : IMPORT_STORIES;
        bool here = false;
        int64_t id;
        enum status st = map_has(batch->import, S("story"), s->foreign_id, &id, &here, err);
        if (st != ST_OK)
            return st;
        batch->came[kind] += !here;
        batch->skipped[kind] += here;
        batch->came[IMPORT_COMMENTS] += i64_from_size(s->replies_count);
        for (size_t k = 0; k < s->replies_count; k++) {
            struct wxr_reply *reply = &s->replies[k];
            int64_t ours;
            bool known = true;
            if (reply->parent_elsewhere)
                st = map_has(batch->import, S("comment"), reply->parent, &ours, &known, err);
            if (st != ST_OK)
                return st;
            reply->astray = !known;
        }
    }
    return ST_OK;
}

/* Hands the full batch to the writer and turns to the other one. */
static enum status batch_send(struct conversion *c, struct error *err)
{
    struct wxr_import *import = c->import;
    struct wxr_batch *batch = &c->batches[c->filling];
    c->filling ^= 1;
    import->stories_done += i64_from_size(batch->count);
    if (import->options->progress != NULL)
        import->options->progress(import->options->progress_ctx, import->stories_done,
                                  import->stories_total);
    enum status st = import->options->dry_run ? batch_count(batch, err) : batch_submit(batch, err);
    if (st != ST_OK)
        return st;
    return batch_wait(&c->batches[c->filling], err); /* the other, to be filled next */
}

/* ---- what the text of an item refers to ---- */

struct refer {
    struct wxr_import *import;
    const struct wxr_item *item;
    str slug;
    size_t lost, found; /* pictures and files it names */
    size_t away;        /* of those lost, addresses in its text */
};

static bool refer_attachment(void *ctx, int64_t id, struct wp_picture *ret_picture)
{
    struct refer *refer = ctx;
    char key[24];
    (void)snprintf(key, sizeof(key), "%lld", (long long)id);
    const struct wxr_attachment *a = map_get(&refer->import->attachments, str_from_c(key));
    *(a != NULL && a->here ? &refer->found : &refer->lost) += 1;
    if (a == NULL)
        return false;
    *ret_picture = (struct wp_picture){
        .url = a->url, .alt = a->alt, .caption = a->caption, .credit = a->credit};
    return true;
}

static size_t refer_attached(void *ctx, struct arena *arena, const int64_t **ret_ids)
{
    struct refer *refer = ctx;
    const struct wxr_ids *ids = map_get(&refer->import->attached, refer->item->id);
    (void)arena;
    refer->lost += ids == NULL;
    if (ids == NULL)
        return 0;
    *ret_ids = ids->ids;
    return ids->count;
}

static bool refer_block(void *ctx, int64_t id, str *ret_text)
{
    const struct refer *refer = ctx;
    char key[24];
    (void)snprintf(key, sizeof(key), "%lld", (long long)id);
    const str *text = map_get(&refer->import->blocks, str_from_c(key));
    if (text == NULL)
        return false;
    *ret_text = *text;
    return true;
}

static bool refer_file(void *ctx, struct arena *arena, str path, str *ret_url)
{
    struct refer *refer = ctx;
    const struct wxr_attachment *a = map_get(&refer->import->uploads, path);
    (void)arena;
    if (a == NULL || !a->here)
        return false;
    refer->found++;
    *ret_url = a->url;
    return true;
}

static void refer_lost(void *ctx, str path)
{
    struct refer *refer = ctx;
    (void)path;
    refer->lost++;
    refer->away++;
}

static void refer_note(void *ctx, str what)
{
    const struct refer *refer = ctx;
    report_note(refer->import->report, what, refer->slug);
}

/* ---- an item to a draft ---- */

static time_us time_of(str gmt, str local)
{
    time_us t;
    if (time_from_iso(str_trim(gmt), &t) || time_from_iso(str_trim(local), &t))
        return t;
    return 0; /* "0000-00-00 00:00:00": never */
}

static str plain_title(struct arena *arena, str title)
{
    str plain;
    if (str_find_char(title, '<') == STR_NPOS ||
        plain_from_html(arena, title, &plain, NULL) != ST_OK)
        plain = entity_decode(arena, title);
    return str_copy(arena, plain_one_line(arena, plain)); /* the item goes before the batch does */
}

static str title_of(struct arena *arena, const struct wxr_item *item, str body)
{
    str title = plain_title(arena, item->title);
    str plain;
    if (title.len == 0 && plain_from_html(arena, body, &plain, NULL) == ST_OK)
        title = plain_first_words(arena, plain, TITLE_WORDS);
    return title.len > 0 ? utf8_cut_bytes(title, STORY_TITLE_MAX) : S("Untitled");
}

static str slug_of(struct arena *arena, const struct wxr_item *item, str title)
{
    str name;
    if (!url_percent_decode(arena, item->name, &name))
        name = item->name;
    return slug_from_headline_or(arena, name.len > 0 ? name : title, S("story"));
}

/* Yoast lets the editor say which section is the main one, by its term's id. */
static void first_section(const struct wxr_import *import, const struct wxr_item *item,
                          tag_id *tags, size_t count)
{
    str id = str_trim(wxr_item_meta(item, S("_yoast_wpseo_primary_category")));
    const struct wxr_tag *section = id.len == 0 ? NULL : map_get(&import->term_ids, id);
    for (size_t i = 0; section != NULL && section->id.v != 0 && i < count; i++) {
        if (tags[i].v != section->id.v)
            continue;
        memmove(tags + 1, tags, i * sizeof(*tags));
        tags[0] = section->id;
        return;
    }
}

static void draft_terms(struct wxr_import *import, struct arena *arena, const struct wxr_item *item,
                        struct story_draft *draft)
{
    tag_id *tags = arena_new_array(arena, tag_id, STORY_TAGS_MAX);
    byline_id *bylines = arena_new_array(arena, byline_id, STORY_BYLINES_MAX);
    /* Sections first: the first is the primary tag. */
    for (int sections = 1; sections >= 0; sections--) {
        for (size_t i = 0; i < item->refs_count && draft->tags_count < STORY_TAGS_MAX; i++) {
            const struct wxr_ref *ref = &item->refs[i];
            if (!str_eq(ref->domain, sections ? S("category") : S("post_tag")))
                continue;
            const struct wxr_tag *tag =
                map_get(sections ? &import->sections : &import->tags, ref->slug);
            bool twice = false;
            for (size_t t = 0; tag != NULL && t < draft->tags_count; t++)
                twice = twice || tags[t].v == tag->id.v;
            if (tag != NULL && tag->id.v != 0 && !twice)
                tags[draft->tags_count++] = tag->id;
        }
    }
    for (size_t i = 0; i < item->refs_count && draft->bylines_count < STORY_BYLINES_MAX; i++) {
        const struct wxr_ref *ref = &item->refs[i];
        if (!str_eq(ref->domain, S("author")))
            continue;
        str login = str_starts(ref->slug, S("cap-")) ? str_from(ref->slug, 4) : ref->slug;
        const struct wxr_byline *byline = map_get(&import->bylines, login);
        bool twice = false;
        for (size_t t = 0; byline != NULL && t < draft->bylines_count; t++)
            twice = twice || bylines[t].v == byline->id.v;
        if (byline != NULL && byline->id.v != 0 && !twice)
            bylines[draft->bylines_count++] = byline->id;
    }
    first_section(import, item, tags, draft->tags_count);
    const struct wxr_byline *creator = map_get(&import->bylines, item->creator);
    if (draft->bylines_count == 0 && creator != NULL && creator->id.v != 0)
        bylines[draft->bylines_count++] = creator->id;
    draft->tags = tags;
    draft->bylines = bylines;
}

static void draft_picture(struct refer *refer, struct arena *arena, const struct wxr_item *item,
                          struct story_draft *draft)
{
    str id = str_trim(wxr_item_meta(item, S("_thumbnail_id")));
    int64_t number;
    if (!str_to_i64(id, &number) || number <= 0)
        return;
    const struct wxr_attachment *a = map_get(&refer->import->attachments, id);
    if (a == NULL || !a->here) {
        refer->lost++;
        report_note(refer->import->report,
                    a == NULL ? S("a story's picture is not in the export")
                              : S("a story's picture is not here"),
                    draft->slug);
        return;
    }
    refer->found++;
    draft->image = a->url;
    draft->image_alt = a->alt;
    draft->image_caption = wp_caption_html(arena, a->caption, a->credit);
}

/* SEO plug-ins' titles hold %%variables%% of their own; those are left to the page's own rule. */
static str seo_meta(const struct wxr_item *item, const char *yoast, const char *rank_math)
{
    str value = wxr_item_meta(item, str_from_c(yoast));
    if (value.len == 0)
        value = wxr_item_meta(item, str_from_c(rank_math));
    return str_contains(value, S("%")) ? STR_NONE : value;
}

/* "2026-11-01T10:00:00Z<tab>It was Tuesday." a line: what the demo's export carries. */
static void draft_corrections(struct arena *arena, const struct wxr_item *item,
                              struct story_draft *draft)
{
    str rest = wxr_item_meta(item, S("_broadsheet_corrections"));
    if (rest.len == 0)
        return;
    struct story_correction *list =
        arena_new_array(arena, struct story_correction, CORRECTIONS_MAX);
    while (rest.len > 0 && draft->corrections_count < CORRECTIONS_MAX) {
        str line = str_cut(&rest, '\n');
        time_us at;
        if (!time_from_iso(str_trim(str_cut(&line, '\t')), &at))
            continue;
        list[draft->corrections_count++] =
            (struct story_correction){at, {str_trim(line)}}; /* story_prepare sanitizes it */
    }
    draft->corrections = list;
}

static enum story_state state_of(struct wxr_import *import, const struct wxr_item *item, str slug,
                                 time_us at)
{
    if (item->password.len > 0) {
        report_note(import->report, S("a story with a password came as a draft"), slug);
        return STORY_DRAFT;
    }
    if (str_eq(item->status, S("publish")))
        return STORY_PUBLISHED;
    if (str_eq(item->status, S("future")))
        return at > clock_now(import->clock) ? STORY_SCHEDULED : STORY_PUBLISHED;
    if (str_eq(item->status, S("private")))
        report_note(import->report, S("a private story came as a draft"), slug);
    return STORY_DRAFT;
}

/* ---- old addresses ---- */

static void add_address(struct arena *arena, struct wxr_story *story, str slug, str path, str query)
{
    str kept;
    if (story->redirects_count == WXR_REDIRECTS_MAX ||
        redirect_path(arena, path, query, &kept, NULL) != ST_OK || str_eq(kept, S("/")) ||
        str_eq(kept, str_join3(arena, S("/"), slug, S("/"))))
        return;
    for (size_t i = 0; i < story->redirects_count; i++) {
        if (str_eq(story->redirects[i], kept))
            return;
    }
    story->redirects[story->redirects_count++] = str_copy(arena, kept);
}

static void add_addresses(struct wxr_import *import, struct arena *arena,
                          const struct wxr_item *item, struct wxr_story *story, str slug)
{
    struct url link = url_split(str_trim(item->link));
    struct url home = url_split(import->source);
    str path = link.path;
    str id = item->id;
    str decoded;
    if (home.path.len > 1 && str_starts(path, home.path))
        path =
            str_from(path, home.path.len); /* the blog lay in a folder: as the new site sees it */
    add_address(arena, story, slug, link.path, link.query);
    add_address(arena, story, slug, path, link.query);
    if (id.len > 0)
        add_address(arena, story, slug, S("/"), str_join2(arena, S("p="), id));
    if (id.len > 0 && str_eq(item->type, S("page")))
        add_address(arena, story, slug, S("/"), str_join2(arena, S("page_id="), id));
    if (url_percent_decode(arena, item->name, &decoded) && decoded.len > 0)
        add_address(arena, story, slug, str_join3(arena, S("/"), decoded, S("/")), STR_NONE);
    for (size_t i = 0; i < item->metas_count; i++) {
        const struct wxr_meta *meta = &item->metas[i];
        if (!str_eq(meta->key, S("_wp_old_slug")) || meta->value.len == 0)
            continue;
        add_address(arena, story, slug, str_join3(arena, S("/"), meta->value, S("/")), STR_NONE);
        size_t at = item->name.len == 0 ? STR_NPOS : str_find(path, item->name);
        if (at != STR_NPOS)
            add_address(arena, story, slug,
                        str_join3(arena, str_sub(path, 0, at), meta->value,
                                  str_from(path, at + item->name.len)),
                        STR_NONE);
    }
}

/* ---- replies ---- */

static bool reply_state(const struct wxr_comment *comment, enum comment_state *ret_state)
{
    static const struct {
        str word;
        enum comment_state state;
    } states[] = {
        {STR_INIT("1"), COMMENT_APPROVED},         {STR_INIT("approve"), COMMENT_APPROVED},
        {STR_INIT("0"), COMMENT_PENDING},          {STR_INIT("hold"), COMMENT_PENDING},
        {STR_INIT(""), COMMENT_PENDING}, /* left out: an editor decides */
        {STR_INIT("spam"), COMMENT_SPAM},          {STR_INIT("trash"), COMMENT_TRASH},
        {STR_INIT("post-trashed"), COMMENT_TRASH},
    };
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        if (str_eq(str_trim(comment->approved), states[i].word)) {
            *ret_state = states[i].state;
            return true;
        }
    }
    return false;
}

static void skip_reply(struct wxr_import *import, const char *why, str slug)
{
    import->report->out->skipped[IMPORT_COMMENTS]++;
    report_note(import->report, str_from_c(why), slug);
}

static void add_reply(struct wxr_import *import, struct arena *arena, struct wxr_story *story,
                      const struct wxr_comment *comment, str slug)
{
    enum comment_state state;
    /* WordPress 6.9 keeps the editors' own notes as comments: never a reader's reply. */
    if (comment->type.len > 0 && !str_eq(comment->type, S("comment"))) {
        skip_reply(import, "a comment that is no reply (a ping, a note) was left out", slug);
        return;
    }
    if (!reply_state(comment, &state)) {
        skip_reply(import, "a comment in an unknown state was left out", slug);
        return;
    }
    struct wxr_reply *reply = &story->replies[story->replies_count];
    str name = plain_title(arena, comment->author);
    str text = str_copy(arena, comment->content);
    struct comment_draft draft = {
        .name = name.len > 0 ? name : S("Anonymous"),
        .email = str_copy(arena, comment->email),
        .site = str_copy(arena, comment->url),
        .html = wp_comment_html(arena, text),
        .text = text,
        .imported = true,
        .state = state,
        .created_at = time_of(comment->date_gmt, comment->date),
    };
    if (comment_prepare(arena, &draft, import->options->settings, &reply->ready, NULL) != ST_OK) {
        skip_reply(import, "a comment without any text was left out", slug);
        return;
    }
    reply->id = comment->id.len > 0
                    ? str_copy(arena, comment->id)
                    : str_format(arena, "%.*s#%zu", STR_ARG(story->foreign_id),
                                 story->replies_count); /* by its place under the story */
    reply->parent = str_copy(arena, str_trim(comment->parent));
    if (wxr_is_user(str_trim(comment->user_id)))
        reply->user = str_copy(arena, str_trim(comment->user_id));
    story->replies_count++;
}

static void add_replies(struct wxr_import *import, struct arena *arena, const struct wxr_item *item,
                        struct wxr_story *story, str slug)
{
    struct wxr_reply_notes notes;
    if (item->comments_count == 0)
        return;
    story->replies = arena_new_array(arena, struct wxr_reply, item->comments_count);
    for (size_t i = 0; i < item->comments_count; i++)
        add_reply(import, arena, story, &item->comments[i], slug);
    wxr_replies_order(arena, item, story, &notes);
    if (notes.left_out > 0)
        report_note(import->report,
                    S("replies to a comment that was left out answer the one above"), slug);
    if (notes.circles > 0)
        report_note(import->report,
                    S("replies that answer one another in a circle: the first "
                      "begins a thread"),
                    slug);
}

/* ---- tags proposed ---- */

static bool has_tags(const struct wxr_item *item)
{
    for (size_t i = 0; i < item->refs_count; i++) {
        if (str_eq(item->refs[i].domain, S("post_tag")))
            return true;
    }
    return false;
}

/* ---- an item ---- */

/* One without an id is known again as WordPress does: by type, date and title. */
static str foreign_id_of(struct arena *arena, const struct wxr_item *item)
{
    if (item->id.len > 0)
        return str_copy(arena, item->id);
    return str_format(arena, "%.*s %.*s %.*s", STR_ARG(item->type), STR_ARG(item->date),
                      STR_ARG(item->title));
}

static enum status convert(struct conversion *c, const struct wxr_item *item, struct error *err)
{
    struct wxr_import *import = c->import;
    struct wxr_batch *batch = &c->batches[c->filling];
    struct arena *arena = batch->arena;
    struct wxr_story *story = &batch->stories[batch->count];
    bool page = str_eq(item->type, S("page"));
    *story = (struct wxr_story){.foreign_id = foreign_id_of(arena, item)};

    struct refer refer = {.import = import, .item = item, .slug = str_copy(arena, item->name)};
    const struct wp_content_input input = {.text = item->content,
                                           .home = import->source,
                                           .links = {.ctx = &refer,
                                                     .attachment = refer_attachment,
                                                     .attached = refer_attached,
                                                     .block = refer_block,
                                                     .file = refer_file,
                                                     .lost = refer_lost,
                                                     .note = refer_note}};
    str body = str_copy(arena, wp_content_html(c->scratch, &input));
    arena_reset(c->scratch);
    str title = title_of(arena, item, body);
    str slug = slug_of(arena, item, title);
    if (refer.away > 0)
        report_note(import->report,
                    S("the text names pictures or files that are not here: they "
                      "became links to their old addresses"),
                    slug);
    time_us at = time_of(item->date_gmt, item->date);
    struct story_draft draft = {
        .kind = page ? STORY_PAGE : STORY_STORY,
        .slug = slug,
        .title = title,
        .standfirst = utf8_cut_bytes(plain_title(arena, item->excerpt), STORY_STANDFIRST_MAX),
        .format = STORY_HTML,
        .text = body,
        .featured = str_eq(item->is_sticky, S("1")),
        .replies_closed = str_eq(item->comment_status, S("closed")), /* missing: open */
        .dateline = str_copy(arena, wxr_item_meta(item, S("_broadsheet_dateline"))),
        .source = str_copy(arena, wxr_item_meta(item, S("_broadsheet_source"))),
        .meta = {.meta_title =
                     str_copy(arena, seo_meta(item, "_yoast_wpseo_title", "rank_math_title")),
                 .meta_description = str_copy(
                     arena, seo_meta(item, "_yoast_wpseo_metadesc", "rank_math_description"))},
        .pictures = media_lookup(arena, import->conn),
        .published_at = at,
        .created_at = at,
        .updated_at = time_of(item->modified_gmt, item->modified),
    };
    draft_terms(import, arena, item, &draft);
    draft_picture(&refer, arena, item, &draft);
    draft_corrections(arena, item, &draft);
    enum status st = story_prepare(arena, &draft, &story->ready, err);
    if (st == ST_TOO_BIG || st == ST_INVALID) {
        report_note(import->report, str_from_c(err == NULL ? "a story was refused" : err->text),
                    slug);
        import->report->out->skipped[page ? IMPORT_PAGES : IMPORT_STORIES]++;
        return ST_OK;
    }
    if (st != ST_OK)
        return st;
    story->lost = refer.lost > 0;
    story->found = refer.found > 0;
    story->ready.draft.index_later = true;
    story->ready.draft.state = state_of(import, item, slug, at); /* notes only what comes */
    add_addresses(import, arena, item, story, slug);
    add_replies(import, arena, item, story, slug);
    if (!page && !has_tags(item))
        story->names_count = tagging_find(arena, title, story->ready.plain,
                                          import->options->settings->locale, &story->names);
    batch->count++;
    bool full = batch->count == WXR_BATCH_STORIES || arena_bytes(arena) >= WXR_BATCH_BYTES_MAX;
    return full ? batch_send(c, err) : ST_OK;
}

/* Whether the story and all its replies are here since an earlier import, and it waits for no pictures: then
 * it need not be converted, which is the dear part. */
static enum status is_known(struct wxr_import *import, const struct wxr_item *item, bool *ret_known,
                            struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct story *story;
    int64_t ours;
    enum status st = map_has(import, S("story"), item->id, &ours, ret_known, err);
    if (st == ST_OK && *ret_known) { /* deleted since: it comes again */
        st = story_by_id(import->conn, (story_id){ours}, arena, &story, NULL);
        *ret_known = st == ST_OK;
        st = st == ST_NOT_FOUND ? ST_OK : st;
    }
    for (size_t i = 0; i < item->comments_count && st == ST_OK && *ret_known; i++) {
        str type = item->comments[i].type;
        if (type.len == 0 || str_eq(type, S("comment")))
            st = map_has(import, S("comment"), item->comments[i].id, &ours, ret_known, err);
    }
    bool waits = false;
    if (st == ST_OK && *ret_known)
        st = map_has(import, S("waiting"), item->id, &ours, &waits, err);
    *ret_known = *ret_known && !waits;
    return st;
}

static enum status got_item(void *ctx, const struct wxr_item *item, struct error *err)
{
    struct conversion *c = ctx;
    bool page = str_eq(item->type, S("page"));
    if (!wxr_is_story(item))
        return ST_OK;
    if (str_eq(item->status, S("trash"))) {
        c->import->report->out->skipped[page ? IMPORT_PAGES : IMPORT_STORIES]++;
        c->import->report->out->skipped[IMPORT_COMMENTS] += i64_from_size(item->comments_count);
        report_note(c->import->report, S("a story in the old site's trash was left there"),
                    item->name);
        return ST_OK;
    }
    bool known = false;
    enum status st = is_known(c->import, item, &known, err);
    if (st != ST_OK || !known)
        return st == ST_OK ? convert(c, item, err) : st;
    c->import->report->out->skipped[page ? IMPORT_PAGES : IMPORT_STORIES]++;
    c->import->report->out->skipped[IMPORT_COMMENTS] += i64_from_size(item->comments_count);
    report_note(c->import->report, S("a story came with an earlier import and was left as it is"),
                STR_NONE);
    return ST_OK;
}

/* ---- the second reading of a file ---- */

static enum status convert_fd(struct conversion *c, int fd, struct error *err)
{
    struct wxr_facts facts;
    const struct wxr_handler handler = {.ctx = c, .item = got_item};
    enum status st = wxr_read(fd, c->import->file, &handler, &facts, err);
    if (st == ST_OK && c->batches[c->filling].count > 0)
        st = batch_send(c, err);
    for (int i = 0; i < 2; i++) {
        enum status waited = batch_wait(&c->batches[i], st == ST_OK ? err : NULL);
        if (st == ST_OK)
            st = waited;
    }
    return st;
}

static enum status file_open(struct wxr_import *import, str path, int *ret_fd, struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    import->file = url_file_name(path);
    *ret_fd = open(str_copy_c(scratch, path), O_RDONLY | O_CLOEXEC);
    if (*ret_fd < 0)
        return error_set_errno(err, ST_NOT_FOUND, "cannot open %.*s", STR_ARG(path));
    return ST_OK;
}

static enum status convert_all(struct wxr_import *import, struct error *err)
{
    struct conversion *c = arena_new_one(import->arena, struct conversion);
    enum status st = ST_OK;
    c->import = import;
    c->scratch = arena_new(SCRATCH_ARENA);
    batch_init(&c->batches[0], import);
    batch_init(&c->batches[1], import);
    for (size_t i = 0; i < import->paths_count && st == ST_OK; i++) {
        AUTO(fd_closep) int fd = -1;
        st = file_open(import, import->paths[i], &fd, err);
        if (st == ST_OK)
            st = convert_fd(c, fd, err);
    }
    batch_fini(&c->batches[0]);
    batch_fini(&c->batches[1]);
    arena_free(c->scratch);
    return st;
}

/* ---- an old site ---- */

static void count_menu_items(struct wxr_import *import, const struct import_report *before)
{
    /* Menu items have no record of their own: they come with the first import of their file. */
    bool first = import->report->out->came[IMPORT_STORIES] > before->came[IMPORT_STORIES] ||
                 import->report->out->came[IMPORT_PAGES] > before->came[IMPORT_PAGES];
    if (first)
        import->report->out->came[IMPORT_MENU_ITEMS] += i64_from_size(import->menu_items_count);
}

static void count_terms(struct wxr_import *import)
{
    struct import_report *out = import->report->out;
    out->came[IMPORT_AUTHORS] += i64_from_size(map_count(&import->bylines));
    out->came[IMPORT_SECTIONS] += i64_from_size(map_count(&import->sections));
    out->came[IMPORT_TAGS] += i64_from_size(map_count(&import->tags));
    for (size_t i = 0; i < map_count(&import->attachments); i++)
        out->came[IMPORT_ATTACHMENTS] +=
            !((struct wxr_attachment *)map_value(&import->attachments, i))->stored;
}

static enum status import_site(struct wxr_import *import, struct error *err)
{
    const struct import_report before = *import->report->out;
    enum status st = ST_OK;
    if (import->options->dry_run)
        count_terms(import);
    else
        st = wxr_save_terms(import, err);
    if (st == ST_OK)
        st = convert_all(import, err);
    if (st == ST_OK)
        count_menu_items(import, &before);
    if (st == ST_OK && !import->options->dry_run)
        st = wxr_save_rest(import, err);
    return st;
}

/* ---- all files ---- */

struct sites {
    struct import_options *options;
    struct report *report;
    struct arena *arena;
    struct store_conn *conn;
    struct wxr_import *list;
    size_t count;
};

/* The import of the old site at `source`; a new one has room for `paths_max` files. */
static struct wxr_import *site_of(struct sites *sites, str source, size_t paths_max)
{
    for (size_t i = 0; i < sites->count; i++) {
        if (str_eq(sites->list[i].source, source))
            return &sites->list[i];
    }
    struct wxr_import *import = &sites->list[sites->count++];
    const struct import_options *options = sites->options;
    *import = (struct wxr_import){
        .options = options,
        .arena = sites->arena,
        .clock = options->clock == NULL ? &clock_system : options->clock,
        .rng = options->rng == NULL ? &rng_system : options->rng,
        .report = sites->report,
        .conn = sites->conn,
        .source = source,
        .paths = arena_new_array(sites->arena, str, paths_max),
    };
    struct map *const maps[] = {&import->bylines,  &import->sections,    &import->tags,
                                &import->term_ids, &import->attachments, &import->attached,
                                &import->uploads,  &import->blocks};
    for (size_t i = 0; i < ARRAY_LEN(maps); i++)
        map_init(maps[i], import->arena);
    return import;
}

static enum status survey_file(struct sites *sites, str path, size_t paths_max, struct error *err)
{
    struct wxr_import nobody = {0};
    str source;
    AUTO(fd_closep) int fd = -1;
    enum status st = file_open(&nobody, path, &fd, err);
    if (st == ST_OK)
        st = wxr_source_of(sites->arena, fd, nobody.file, &source, err);
    if (st == ST_OK && lseek(fd, 0, SEEK_SET) != 0)
        st = error_set_errno(err, ST_IO, "cannot read %.*s twice", STR_ARG(nobody.file));
    if (st != ST_OK)
        return st;
    struct wxr_import *import = site_of(sites, source, paths_max);
    import->paths[import->paths_count++] = path;
    import->file = nobody.file;
    return wxr_survey(import, fd, err);
}

/* The old site's name, language and clock come first: the words of its stories are read by them. */
static enum status take_settings(struct sites *sites, struct wxr_import *import,
                                 struct site_settings **settings, struct error *err)
{
    bool taken = false;
    struct site_settings *fresh;
    enum status st = wxr_settings_offer(import, &taken, err);
    if (st != ST_OK || !taken || sites->options->dry_run)
        return st;
    const struct setting url = {S("url"), sites->options->settings->url};
    st = site_settings_load(sites->conn, &url, url.value.len > 0, &fresh, err);
    if (st != ST_OK)
        return st;
    site_settings_unref(*settings);
    *settings = fresh;
    sites->options->settings = fresh;
    return ST_OK;
}

enum status wxr_import_files(struct import_options *options, struct report *report,
                             const str *paths, size_t count, struct site_settings **ret_settings,
                             struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    AUTO(store_reader_freep) struct store_conn *conn = NULL;
    struct sites sites = {.options = options,
                          .report = report,
                          .arena = arena,
                          .list = arena_new_array(arena, struct wxr_import, count)};
    enum status st = store_reader_new(options->store, &conn, err);
    sites.conn = conn;
    *ret_settings = NULL;
    for (size_t i = 0; i < count && st == ST_OK; i++)
        st = survey_file(&sites, paths[i], count, err);
    for (size_t i = 0; i < sites.count && st == ST_OK; i++)
        st = wxr_attachments_known(&sites.list[i], err);
    for (size_t i = 0; i < sites.count && st == ST_OK; i++)
        st = take_settings(&sites, &sites.list[i], ret_settings, err);
    for (size_t i = 0; i < sites.count && st == ST_OK; i++)
        st = import_site(&sites.list[i], err);
    return st;
}
