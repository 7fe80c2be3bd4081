/* SPDX-License-Identifier: MIT
 *
 * Versions: what there is, two of them side by side, and which one it is to be. A text has a name here: "now" as it is
 * saved, "12" as it was, "copy-3" as somebody wrote it and did not save it. Choosing an old one is a save like any
 * other, so that what it replaces is a version in turn. */
#include "base/arena.h"
#include "base/parse.h"
#include "desk/story_work.h"
#include "news/setting.h"
#include "news/working_copy.h"
#include "store/store.h"
#include "text/compare.h"
#include "text/pictures.h"

enum { VERSIONS_SHOWN = 25, FOLDED_MIN = 4 };

static struct hbs_value number(int64_t n)
{
    return hbs_number((double)n);
}

/* Without a page's mark it is the newest of theirs. */
static str copy_name(struct errand *e, person_id person, str tab)
{
    return str_format(e->arena, "copy-%lld%s%.*s", (long long)person.v, tab.len > 0 ? "-" : "",
                      STR_ARG(tab));
}

/* ---- the list ---- */

static struct hbs_value entry(struct errand *e, str name, str who, time_us at, str title)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(name));
    hbs_map_set(row, S("who"), hbs_string_or_null(who));
    hbs_map_set(row, S("at"), number(at));
    hbs_map_set(row, S("title"), hbs_string(title));
    return hbs_map_value(row);
}

static enum status put_copies(struct errand *e, const struct story_at *at, struct hbs_map *values,
                              struct error *err)
{
    struct working_copy *copies;
    size_t count;
    enum status st = working_copy_list(e->conn, at->story->id, e->arena, &copies, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = entry(e, copy_name(e, copies[i].person, copies[i].tab), copies[i].name,
                        copies[i].kept_at, copies[i].title);
    hbs_map_set(values, S("copies"), hbs_list_of(e->arena, rows, count));
    return ST_OK;
}

static enum status put_versions(struct errand *e, const struct story_at *at, struct hbs_map *values,
                                struct error *err)
{
    struct story_version *versions, now;
    size_t count;
    int64_t before = 0;
    str text;
    if (http_query_get(e->req, S("before"), &text) && (!str_to_i64(text, &before) || before < 0))
        before = 0;
    enum status st = story_version_now(e->conn, at->story->id, e->arena, &now, err);
    if (st == ST_OK)
        st = story_versions(e->conn, at->story->id, before, VERSIONS_SHOWN + 1, e->arena, &versions,
                            &count, err);
    if (st != ST_OK)
        return st;
    bool more = count > VERSIONS_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count + 1);
    size_t n = 0;
    if (before == 0)
        rows[n++] = entry(e, S("now"), now.saved_by_name, now.saved_at, now.title);
    for (size_t i = 0; i < count; i++)
        rows[n++] = entry(e, str_format(e->arena, "%lld", (long long)versions[i].version),
                          versions[i].saved_by_name, versions[i].saved_at, versions[i].title);
    hbs_map_set(values, S("versions"), hbs_list_of(e->arena, rows, n));
    hbs_map_set(values, S("many"), hbs_bool(n > 1));
    hbs_map_set(values, S("first"), hbs_bool(before == 0));
    if (more)
        hbs_map_set(values, S("older"), number(versions[count - 1].version));
    return ST_OK;
}

static void put_story(struct errand *e, const struct story_at *at, struct hbs_map *values)
{
    hbs_map_set(values, S("title"), hbs_string(at->story->title));
    hbs_map_set(values, S("path"), hbs_string(story_desk_path(e, at->story->id, STR_NONE)));
    hbs_map_set(values, S("version"), number(at->story->version));
    hbs_map_set(values, S("may_edit"), hbs_bool(story_may(e, at, ACT_EDIT)));
    hbs_map_set(values, S("published"), hbs_bool(at->story->state == STORY_PUBLISHED));
}

enum status story_versions_show(struct errand *e, struct error *err)
{
    struct story_at at;
    struct hbs_map *values = errand_values(e);
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st == ST_OK)
        st = put_copies(e, &at, values, err);
    if (st == ST_OK)
        st = put_versions(e, &at, values, err);
    if (st != ST_OK)
        return st;
    put_story(e, &at, values);
    return errand_page(e, 200, S("versions"), values, err);
}

/* ---- one side ---- */

struct side {
    str name;
    str who;
    time_us at;
    int64_t version;  /* of the story: kept under, or begun from */
    person_id person; /* of a working copy; 0: it is none */
    str tab;
    struct story_form form; /* of an old version: as the story is now, with its text */
    html body;
};

static enum status side_now(struct errand *e, const struct story_at *at, struct side *side,
                            struct error *err)
{
    struct story_version now;
    enum status st = story_version_now(e->conn, at->story->id, e->arena, &now, err);
    side->who = now.saved_by_name;
    side->at = now.saved_at;
    side->version = now.version;
    side->body = (html){side->form.values[FIELD_HTML]};
    return st;
}

static enum status side_version(struct errand *e, const struct story_at *at, int64_t version,
                                struct side *side, struct error *err)
{
    struct story_version kept;
    str standfirst, source;
    html body;
    enum story_format format;
    enum status st = story_version_get(e->conn, at->story->id, version, e->arena, &kept,
                                       &standfirst, &body, &source, &format, err);
    if (st != ST_OK)
        return st;
    side->who = kept.saved_by_name;
    side->at = kept.saved_at;
    side->version = kept.version;
    side->body = pictures_strip(e->arena, body);
    side->form.values[FIELD_TITLE] = kept.title;
    side->form.values[FIELD_STANDFIRST] = standfirst;
    side->form.values[FIELD_HTML] = side->body.raw;
    return ST_OK;
}

/* What was never saved was never sanitized. */
static enum status side_copy(struct errand *e, const struct story_at *at, str name,
                             struct side *side, struct error *err)
{
    struct working_copy *copy;
    person_id person = {0};
    str tab = name, number = str_cut(&tab, '-');
    if (!str_to_i64(number, &person.v))
        return ST_NOT_FOUND;
    enum status st =
        tab.len == 0 ? working_copy_get(e->conn, at->story->id, person, e->arena, &copy, err)
                     : working_copy_of(e->conn, at->story->id, person, tab, e->arena, &copy, err);
    if (st == ST_OK)
        st = story_form_from_json(e, copy->fields, &at->saved, &side->form, err);
    if (st != ST_OK)
        return st;
    side->who = copy->name;
    side->at = copy->kept_at;
    side->version = copy->version;
    side->person = person;
    side->form.version = copy->version;
    side->form.tab = copy->tab;
    side->tab = copy->tab;
    const struct clean_profile profile = {.kind = CLEAN_STORY, .site = e->edition->settings->url};
    return html_clean(e->arena, side->form.values[FIELD_HTML], &profile, &side->body, NULL, err);
}

static enum status side_read(struct errand *e, const struct story_at *at, str name,
                             struct side *ret_side, struct error *err)
{
    struct side side = {.name = name, .form = at->saved};
    int64_t id;
    enum status st = ST_NOT_FOUND;
    if (str_eq(name, S("now")))
        st = side_now(e, at, &side, err);
    else if (str_starts(name, S("copy-")))
        st = side_copy(e, at, str_from(name, S("copy-").len), &side, err);
    else if (str_to_i64(name, &id))
        st = side_version(e, at, id, &side, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "%.*s", STR_ARG(errand_say(e, S("error.no-version"))));
    if (st == ST_OK)
        *ret_side = side;
    return st;
}

/* ---- both ---- */

static str side_word(const struct side *side, const struct errand *e)
{
    if (side->person.v == 0)
        return str_eq(side->name, S("now")) ? S("compare.now") : S("compare.version");
    return side->person.v == e->person->id.v ? S("compare.mine") : S("compare.copy");
}

static void put_side(struct errand *e, struct hbs_map *values, str name, const struct side *side)
{
    struct hbs_map *map = hbs_map_new(e->arena);
    hbs_map_set(map, S("word"), hbs_string(side_word(side, e)));
    hbs_map_set(map, S("who"),
                hbs_string(side->who.len > 0 ? side->who : errand_say(e, S("story.somebody"))));
    hbs_map_set(map, S("at"), number(side->at));
    hbs_map_set(values, name, hbs_map_value(map));
}

static str field_shown(struct errand *e, const struct side *side, enum story_field field)
{
    str value = side->form.values[field];
    if (!story_field_is_tick(field))
        return value;
    return errand_say(e, value.len > 0 ? S("story.yes") : S("story.no"));
}

/* Headline, standfirst and settings, where they differ. */
static void put_fields(struct errand *e, struct hbs_map *values, const struct side *left,
                       const struct side *right)
{
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, STORY_FIELDS);
    size_t count = 0;
    for (int i = 0; i < STORY_FIELDS; i++) {
        enum story_field field = (enum story_field)i;
        html a, b;
        if (field == FIELD_HTML || str_eq(left->form.values[i], right->form.values[i]))
            continue;
        text_compare(e->arena, field_shown(e, left, field), field_shown(e, right, field), &a, &b);
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("label"), hbs_string(story_field_label(field)));
        hbs_map_set(row, S("left"), hbs_html(a));
        hbs_map_set(row, S("right"), hbs_html(b));
        rows[count++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("fields"), hbs_list_of(e->arena, rows, count));
}

static struct hbs_value block_value(struct errand *e, const struct compare_row *row)
{
    static const str kinds[] = {
        [COMPARE_SAME] = STR_INIT("same"),
        [COMPARE_CHANGED] = STR_INIT("changed"),
        [COMPARE_GONE] = STR_INIT("gone"),
        [COMPARE_NEW] = STR_INIT("new"),
    };
    struct hbs_map *map = hbs_map_new(e->arena);
    hbs_map_set(map, S("kind"), hbs_string(kinds[row->kind]));
    hbs_map_set(map, S("left"), hbs_html(row->left));
    hbs_map_set(map, S("right"), hbs_html(row->right));
    return hbs_map_value(map);
}

/* A long run of blocks that are the same is folded away: what differs is what one came for. */
static struct hbs_value folded_value(struct errand *e, struct hbs_value *blocks, size_t count)
{
    struct hbs_map *map = hbs_map_new(e->arena);
    hbs_map_set(map, S("folded"), number(i64_from_size(count)));
    hbs_map_set(map, S("blocks"), hbs_list_of(e->arena, blocks, count));
    return hbs_map_value(map);
}

static enum status put_blocks(struct errand *e, struct hbs_map *values, const struct side *left,
                              const struct side *right, struct error *err)
{
    struct compare_row *rows;
    size_t count, n = 0;
    enum status st = html_compare(e->arena, left->body, right->body, &rows, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *blocks = arena_new_array(e->arena, struct hbs_value, count);
    struct hbs_value *shown = arena_new_array(e->arena, struct hbs_value, count);
    bool differs = false;
    for (size_t i = 0; i < count; i++)
        blocks[i] = block_value(e, &rows[i]);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && rows[end].kind == COMPARE_SAME)
            end++;
        if (end - i >= FOLDED_MIN) {
            shown[n++] = folded_value(e, &blocks[i], end - i);
            i = end;
        } else {
            differs = differs || rows[i].kind != COMPARE_SAME;
            shown[n++] = blocks[i];
            i++;
        }
    }
    hbs_map_set(values, S("blocks"), hbs_list_of(e->arena, shown, n));
    hbs_map_set(values, S("text_differs"), hbs_bool(differs));
    return ST_OK;
}

static void put_choices(struct errand *e, struct hbs_map *values, const struct side *left,
                        const struct side *right)
{
    bool mine = right->person.v == e->person->id.v;
    hbs_map_set(values, S("choose"), hbs_bool(mine && str_eq(left->name, S("now"))));
    if (right->person.v != 0)
        hbs_map_set(values, S("copy"), hbs_string(copy_name(e, right->person, right->tab)));
    hbs_map_set(values, S("another"), hbs_bool(right->person.v != 0 && !mine));
    if (str_eq(right->name, S("now")) && left->person.v == 0 && !str_eq(left->name, S("now")))
        hbs_map_set(values, S("old"), number(left->version));
}

enum status story_compare_show(struct errand *e, struct error *err)
{
    struct story_at at;
    struct side left, right;
    struct hbs_map *values = errand_values(e);
    str left_name = S("now"), right_name = copy_name(e, e->person->id, STR_NONE);
    enum status st = story_at_hand(e, ACT_READ, &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    if (st != ST_OK)
        return st;
    (void)http_query_get(e->req, S("left"), &left_name);
    (void)http_query_get(e->req, S("right"), &right_name);
    st = side_read(e, &at, left_name, &left, err);
    if (st == ST_OK)
        st = side_read(e, &at, right_name, &right, err);
    if (st == ST_OK)
        st = put_blocks(e, values, &left, &right, err);
    if (st != ST_OK)
        return st;
    put_story(e, &at, values);
    put_side(e, values, S("left"), &left);
    put_side(e, values, S("right"), &right);
    put_fields(e, values, &left, &right);
    put_choices(e, values, &left, &right);
    return errand_page(e, 200, S("compare"), values, err);
}

/* ---- choosing ---- */

struct choice {
    story_id id;
    struct side side;
    str json;
};

static enum status write_drop(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct choice *c = arg;
    enum status st =
        working_copy_drop(room, c->id, c->side.tab, &(struct working_copy_held){.kept_at = 0}, err);
    return st == ST_OK ? errand_log(e, room, S("story.discarded"), story_subject(e, c->id), err)
                       : st;
}

/* Another's text, or one's own upon the story as it is now, as one's own working copy. */
static enum status write_take(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct choice *c = arg;
    struct story *now;
    enum status st = story_still(e, room, c->id, ACT_EDIT, &now, err);
    if (st == ST_OK)
        st = story_keep_in(e, room, c->id, &c->side.form, c->json, err);
    if (st == ST_OK && c->side.person.v != e->person->id.v)
        st = errand_log(e, room, S("story.text-taken"), story_subject(e, c->id), err);
    return st;
}

static enum status take(struct errand *e, struct choice *c, str done, struct error *err)
{
    enum status st = story_form_json(e, &c->side.form, &c->json, err);
    if (st == ST_OK)
        st = errand_write(e, write_take, c, err);
    return st == ST_OK ? errand_done(e, story_desk_path(e, c->id, STR_NONE), done) : st;
}

/* The one they saw; a page that does not say means the newest of one's own. */
static enum status choose(struct errand *e, struct story_at *at, str what, struct error *err)
{
    struct choice c = {.id = at->story->id};
    int64_t seen = errand_id(e, S("version"));
    str name = errand_value(e, S("copy"));
    enum status st =
        side_read(e, at, name.len > 0 ? name : copy_name(e, e->person->id, STR_NONE), &c.side, err);
    if (st == ST_NOT_FOUND && str_eq(what, S("theirs"))) /* thrown away already */
        return errand_done(e, story_desk_path(e, c.id, STR_NONE), S("story-theirs"));
    if (st == ST_OK && c.side.person.v == 0)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-version"))));
    bool mine = st == ST_OK && c.side.person.v == e->person->id.v;
    if (st != ST_OK || (!mine && !str_eq(what, S("take"))))
        return st != ST_OK
                   ? st
                   : error_set(err, ST_DENIED, "%.*s", STR_ARG(errand_say(e, S("denied.story"))));
    if (str_eq(what, S("theirs"))) {
        st = errand_write(e, write_drop, &c, err);
        return st == ST_OK ? errand_done(e, story_desk_path(e, c.id, STR_NONE), S("story-theirs"))
                           : st;
    }
    if (str_eq(what, S("take"))) { /* beside what one has oneself: of another page, as it were */
        c.side.form.tab = story_tab_new(e);
        return take(e, &c, S("story-taken"), err);
    }
    /* Upon the version they have seen; whoever saved since then is shown to them in turn. */
    c.side.form.version = seen;
    return str_eq(what, S("mine")) ? story_save_form(e, at, &c.side.form, STORY_SAVED, err)
                                   : take(e, &c, S("story-opened"), err);
}

enum status story_compare_post(struct errand *e, struct error *err)
{
    struct story_at at;
    str what = errand_value(e, S("do"));
    enum status st = story_at_hand(e, str_eq(what, S("theirs")) ? ACT_READ : ACT_EDIT, &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    return st == ST_OK ? choose(e, &at, what, err) : st;
}

enum status story_version_post(struct errand *e, struct error *err)
{
    struct story_at at;
    struct side side;
    enum status st = story_at_hand(e, ACT_EDIT, &at, err);
    if (st == ST_OK)
        st = story_at_form(e, &at, err);
    if (st == ST_OK)
        st = side_read(e, &at, errand_value(e, S("old")), &side, err);
    if (st != ST_OK)
        return st;
    side.form.version = errand_id(e, S("version"));
    return story_save_form(e, &at, &side.form, STORY_VERSION_RESTORED, err);
}
