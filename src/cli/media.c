/* SPDX-License-Identifier: MIT
 *
 * The picture library from the command line: what the desk does, by the same calls. */
#include "media/media.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/report.h"
#include "media/intake.h"
#include "media/kind.h"
#include "media/made.h"
#include "media/media_check.h"
#include "media/refresh.h"
#include "media/storage.h"
#include "news/setting.h"
#include "news/story.h"
#include "site/folder.h"
#include "store/store.h"

enum { LIST_ROWS = 50, UNUSED_BATCH = 500 };

/* ---- what they share ---- */

/* By number, by path below media/, or by address. */
static enum status find(struct cli *cli, struct desk *desk, str name, struct media **ret_media,
                        struct error *err)
{
    int64_t id;
    str path = name;
    enum status st;
    if (str_to_i64(name, &id)) {
        st = media_by_id(desk->conn, (media_id){id}, cli_arena(cli), ret_media, err);
    } else {
        (void)picture_path(cli_arena(cli), name, desk->settings->url, &path);
        st = media_by_path(desk->conn, path, cli_arena(cli), ret_media, err);
    }
    if (st == ST_NOT_FOUND)
        return error_set(
            err, st, "there is no record of the picture or file %.*s; see: broadsheet media list",
            STR_ARG(name));
    return st;
}

/* Stories of before, and those that show what was changed a moment ago. A server does it too; who comes
 * second finds nothing left. */
static enum status catch_up(struct desk *desk, struct error *err)
{
    int64_t done;
    const struct refresh_work work = {desk->store, desk->conn, &clock_system, &rng_system,
                                      desk->settings};
    return refresh_run(&work, TIME_NEVER, &done, err);
}

static str address_of(struct cli *cli, const struct media *m)
{
    str folder = m->class == MEDIA_PICTURE    ? S("/content/images/")
                 : m->class == MEDIA_DOCUMENT ? S("/content/files/")
                                              : S("/content/media/");
    return str_join2(cli_arena(cli), folder, m->path);
}

static json_t *row_of(struct cli *cli, const struct media *m)
{
    json_t *row = json_object();
    report_int(row, "id", m->id.v);
    report_str(row, "path", m->path);
    report_str(row, "address", address_of(cli, m));
    report_str(row, "name", m->name);
    report_str(row, "kind", media_class_name(m->class));
    report_str(row, "content_type", m->content_type);
    report_int(row, "bytes", m->bytes);
    report_int(row, "width", m->width);
    report_int(row, "height", m->height);
    report_int(row, "frames", m->frames);
    report_int(row, "duration_ms", m->duration_ms);
    report_str(row, "title", m->title);
    report_str(row, "alt", m->alt);
    report_str(row, "caption", m->caption);
    report_str(row, "credit", m->credit);
    report_str(row, "licence", m->licence);
    report_str(row, "color", m->color);
    report_str(row, "hash", m->hash);
    report_time(row, "created_at", m->created_at);
    report_time(row, "updated_at", m->updated_at);
    const struct media_focus *f = &m->focus;
    (void)json_object_set_new(row, "focal", json_pack("[I,I]", (json_int_t)f->x, (json_int_t)f->y));
    (void)json_object_set_new(row, "crop",
                              json_pack("[I,I,I,I]", (json_int_t)f->left, (json_int_t)f->top,
                                        (json_int_t)f->right, (json_int_t)f->bottom));
    return row;
}

static void print_row(const struct media *m)
{
    if (m->width > 0)
        cli_printf("%6lld  %5lldx%-5lld", (long long)m->id.v, (long long)m->width,
                   (long long)m->height);
    else
        cli_printf("%6lld  %-11.*s", (long long)m->id.v, STR_ARG(media_class_name(m->class)));
    str said = m->caption.len > 0 ? m->caption : m->alt.len > 0 ? m->alt : m->name;
    cli_printf("  %.*s  %.*s\n", STR_ARG(m->path), STR_ARG(said));
}

static void give_row(struct cli *cli, json_t *rows, const struct media *m)
{
    (void)json_array_append_new(rows, row_of(cli, m));
    if (!cli_json(cli))
        print_row(m);
}

/* Takes `document` over. */
static enum status report(struct cli *cli, enum status st, json_t *document)
{
    if (st == ST_OK && cli_json(cli))
        report_print(document);
    else
        json_decref(document);
    return st;
}

/* ---- add ---- */

static enum status add_one(struct cli *cli, struct desk *desk, str file, struct media **ret_media,
                           bool *ret_new, struct error *err)
{
    const struct media_desk *taking;
    size_t slash = str_rfind_char(file, '/');
    const struct media_offer offer = {.path_on_disk = file,
                                      .name = slash == STR_NPOS ? file : str_from(file, slash + 1),
                                      .alt = cli_value(cli, "alt", STR_NONE),
                                      .caption = cli_value(cli, "caption", STR_NONE),
                                      .credit = cli_value(cli, "credit", STR_NONE),
                                      .licence = cli_value(cli, "licence", STR_NONE)};
    enum status st = desk_media(desk, &taking, err);
    return st == ST_OK ? media_take(taking, &offer, cli_arena(cli), ret_media, ret_new, err) : st;
}

/* One that is refused does not keep the others out. */
static enum status run_add(struct cli *cli, struct desk *desk, struct error *err)
{
    json_t *rows = json_array();
    struct error why = ERROR_INIT;
    size_t failed = 0, count = cli_args_count(cli) - 1;
    for (size_t i = 1; i <= count; i++) {
        struct media *m = NULL;
        bool is_new;
        json_t *row;
        if (add_one(cli, desk, cli_arg(cli, i), &m, &is_new, &why) == ST_OK) {
            row = row_of(cli, m);
            (void)json_object_set_new(row, "new", json_boolean(is_new));
            if (!cli_json(cli))
                cli_printf("%.*s%s\n", STR_ARG(address_of(cli, m)),
                           is_new ? "" : "  (was there already)");
        } else {
            row = json_object();
            report_str(row, "file", cli_arg(cli, i));
            report_str(row, "failure", str_from_c(why.text));
            failed++;
            if (!cli_json(cli) && count > 1) /* stdout is addresses */
                (void)fprintf(stderr, "%.*s: %s\n", STR_ARG(cli_arg(cli, i)), why.text);
        }
        (void)json_array_append_new(rows, row);
    }
    (void)report(cli, ST_OK, rows);
    enum status st = catch_up(desk, err);
    if (st == ST_OK && failed > 0)
        return count == 1
                   ? error_set(err, ST_INVALID, "%.*s: %s", STR_ARG(cli_arg(cli, 1)), why.text)
                   : error_set(err, ST_INVALID, "not taken in: %zu of %zu", failed, count);
    return st;
}

/* ---- list, unused ---- */

static enum status day_of(struct cli *cli, const char *flag, time_us *ret_at, struct error *err)
{
    str text = cli_value(cli, flag, STR_NONE);
    if (text.len > 0 && !time_from_iso(text, ret_at))
        return cli_misuse(cli, err, "--%s is a day: 2026-05-31", flag);
    return ST_OK;
}

static enum status query_read(struct cli *cli, struct desk *desk, struct media_query *query,
                              struct error *err)
{
    int64_t limit;
    str kind = cli_value(cli, "kind", STR_NONE), before = cli_value(cli, "before", STR_NONE);
    str slug = cli_value(cli, "story", STR_NONE);
    query->words = cli_value(cli, "words", STR_NONE);
    query->language = desk->settings->locale;
    if (kind.len > 0 && !media_class_from_name(kind, &query->class))
        return cli_misuse(cli, err, "--kind is picture, audio, video or document");
    enum status st = cli_value_int(cli, "limit", 1, LIST_LIMIT_MAX, LIST_ROWS, &limit, err);
    query->limit = (size_t)limit;
    if (st == ST_OK)
        st = day_of(cli, "from", &query->from, err);
    if (st == ST_OK)
        st = day_of(cli, "until", &query->until, err);
    if (st == ST_OK && slug.len > 0) {
        struct story *story;
        st = story_by_slug(desk->conn, slug, cli_arena(cli), &story, err);
        query->story = st == ST_OK ? story->id : query->story;
    }
    if (st == ST_OK && before.len > 0) {
        struct media *last;
        st = find(cli, desk, before, &last, err);
        query->before = st == ST_OK ? media_key(last) : query->before;
    }
    return st;
}

static enum status each_unused(struct cli *cli, struct desk *desk, bool remove, json_t *rows,
                               struct error *err);

static enum status run_list(struct cli *cli, struct desk *desk, struct error *err)
{
    struct media_query query = {0};
    struct media_list list = {0};
    json_t *rows = json_array();
    enum status st;
    if (cli_has(cli, "unused"))
        return report(cli, each_unused(cli, desk, false, rows, err), rows);
    st = query_read(cli, desk, &query, err);
    if (st == ST_OK)
        st = media_list(desk->conn, &query, cli_arena(cli), &list, err);
    for (size_t i = 0; st == ST_OK && i < list.count; i++)
        give_row(cli, rows, list.rows[i]);
    if (st == ST_OK && list.more && !cli_json(cli))
        cli_printf("more: --before %lld\n", (long long)list.rows[list.count - 1]->id.v);
    return report(cli, st, rows);
}

/* ---- remove ---- */

struct removal {
    media_id id;
    bool force;
    struct media_left left; /* in `arena` */
    struct arena *arena;
};

static void left_keep(struct arena *arena, struct media_left *left)
{
    left->path = str_copy(arena, left->path);
    left->original = str_copy(arena, left->original);
    left->original_type = str_copy(arena, left->original_type);
}

static enum status remove_record(struct newsroom *room, void *arg, struct error *err)
{
    struct removal *r = arg;
    enum status st = media_remove(room, r->id, r->force, &r->left, err);
    left_keep(r->arena, &r->left);
    return st;
}

/* After the commit: a crash before leaves files that `media check` names. */
/* A server hears of it by itself, and only what is made while it hears is sure to go too. */
static void made_gone(const struct desk *desk, str path)
{
    if (!folder_in_use(desk->folder))
        made_forget_below(desk->folder->media, path);
}

static enum status files_remove(struct cli *cli, struct desk *desk, const struct media_left *left,
                                struct error *err)
{
    const struct media_desk *taking;
    enum status st = desk_media(desk, &taking, err);
    if (st == ST_OK && left->path.len > 0)
        st = storage_remove(taking->storage, left->path, err);
    if (st == ST_NOT_FOUND)
        st = ST_OK;
    if (st == ST_OK && left->original.len > 0)
        st = storage_remove(
            taking->storage,
            storage_original_path(cli_arena(cli), left->original,
                                  media_kind_ending(media_kind_by_type(left->original_type))),
            err);
    made_gone(desk, left->path);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status remove_one(struct cli *cli, struct desk *desk, media_id id, bool force,
                              struct error *err)
{
    struct removal removal = {.id = id, .force = force, .arena = cli_arena(cli)};
    enum status st = desk_write(desk, remove_record, &removal, err);
    return st == ST_OK ? files_remove(cli, desk, &removal.left, err) : st;
}

static enum status run_remove(struct cli *cli, struct desk *desk, struct error *err)
{
    struct media *m;
    enum status st = catch_up(desk, err);
    if (st == ST_OK)
        st = find(cli, desk, cli_arg(cli, 1), &m, err);
    if (st == ST_OK)
        st = remove_one(cli, desk, m->id, cli_has(cli, "force"), err);
    if (st == ST_OK)
        st = catch_up(desk, err);
    if (st != ST_OK)
        return st;
    if (!cli_json(cli))
        cli_printf("removed %.*s; its address answers 410\n", STR_ARG(m->path));
    return report(cli, ST_OK, row_of(cli, m));
}

static enum status each_unused(struct cli *cli, struct desk *desk, bool remove, json_t *rows,
                               struct error *err)
{
    struct media_list list = {.more = true};
    struct media_unused_query query = {.limit = UNUSED_BATCH, .site = desk->settings->url};
    enum status st = catch_up(desk, err);
    while (st == ST_OK && list.more) {
        st = media_unused(desk->conn, &query, cli_arena(cli), &list, &query.after, err);
        for (size_t i = 0; st == ST_OK && i < list.count; i++) {
            if (remove)
                st = remove_one(cli, desk, list.rows[i]->id, false, err);
            if (st == ST_CONFLICT) { /* somebody put it to use a moment ago */
                st = ST_OK;
                continue;
            }
            if (st == ST_OK)
                give_row(cli, rows, list.rows[i]);
        }
    }
    return st;
}

static enum status run_unused(struct cli *cli, struct desk *desk, struct error *err)
{
    json_t *rows = json_array();
    return report(cli, each_unused(cli, desk, cli_has(cli, "remove"), rows, err), rows);
}

/* ---- show ---- */

static const char *const users[] = {[MEDIA_IN_STORY] = "story",
                                    [MEDIA_IN_TAG] = "tag",
                                    [MEDIA_IN_BYLINE] = "byline",
                                    [MEDIA_IN_SETTING] = "setting"};

static void print_line(const char *what, str value)
{
    if (value.len > 0)
        cli_printf("%-9s %.*s\n", what, STR_ARG(value));
}

static void print_record(struct cli *cli, const struct media *m)
{
    struct arena *arena = cli_arena(cli);
    const struct media_focus *f = &m->focus;
    cli_printf("%-9s %lld\n", "id", (long long)m->id.v);
    print_line("address", address_of(cli, m));
    print_line("name", m->name);
    cli_printf("%-9s %.*s, %lld bytes", "type", STR_ARG(m->content_type), (long long)m->bytes);
    if (m->width > 0)
        cli_printf(", %lld x %lld", (long long)m->width, (long long)m->height);
    if (m->frames > 1)
        cli_printf(", %lld frames", (long long)m->frames);
    if (m->duration_ms > 0)
        cli_printf(", %lld.%lld s", (long long)m->duration_ms / 1000,
                   (long long)m->duration_ms % 1000 / 100);
    cli_printf("\n");
    print_line("title", m->title);
    print_line("alt", m->alt);
    print_line("caption", m->caption);
    print_line("credit", m->credit);
    print_line("licence", m->licence);
    print_line("color", m->color);
    print_line("focal", str_format(arena, "%lld,%lld", (long long)f->x, (long long)f->y));
    if (f->left != 0 || f->top != 0 || f->right != MEDIA_FOCAL_ONE || f->bottom != MEDIA_FOCAL_ONE)
        print_line("crop",
                   str_format(arena, "%lld,%lld,%lld,%lld", (long long)f->left, (long long)f->top,
                              (long long)f->right, (long long)f->bottom));
}

static enum status run_show(struct cli *cli, struct desk *desk, struct error *err)
{
    struct media *m;
    struct media_use *uses;
    size_t count;
    bool more;
    enum status st = find(cli, desk, cli_arg(cli, 1), &m, err);
    if (st == ST_OK)
        st = media_uses(desk->conn, m, desk->settings->url, cli_arena(cli), &uses, &count, &more,
                        err);
    if (st != ST_OK)
        return st;
    json_t *row = row_of(cli, m), *shown = json_array();
    if (!cli_json(cli))
        print_record(cli, m);
    for (size_t i = 0; i < count; i++) {
        const struct media_use *use = &uses[i];
        json_t *where = json_object();
        report_str(where, "kind", str_from_c(users[use->user]));
        report_str(where, "slug", use->slug);
        report_str(where, "title", use->title);
        if (use->user == MEDIA_IN_STORY)
            report_str(where, "state", str_from_c(story_state_name(use->state)));
        (void)json_array_append_new(shown, where);
        if (!cli_json(cli))
            cli_printf("%-9s %s %.*s  %.*s\n", i == 0 ? "shown by" : "", users[use->user],
                       STR_ARG(use->slug), STR_ARG(use->title));
    }
    if (count == 0 && !cli_json(cli))
        print_line("shown by", S("nothing"));
    (void)json_object_set_new(row, "shown_by", shown);
    (void)json_object_set_new(row, "more", json_boolean(more));
    return report(cli, ST_OK, row);
}

/* ---- set ---- */

/* "250,400": `count` thousandths. */
static enum status numbers_of(struct cli *cli, const char *flag, size_t count, int64_t *ret,
                              struct error *err)
{
    struct cursor c = cursor_of(cli_value(cli, flag, STR_NONE));
    for (size_t i = 0; i < count; i++) {
        if ((i > 0 && !cursor_char(&c, ',')) || !cursor_uint(&c, 1, 4, &ret[i]))
            return cli_misuse(cli, err, "--%s is %zu numbers from 0 to 1000: %s", flag, count,
                              count == 2 ? "500,300" : "0,100,1000,900");
    }
    return cursor_done(&c) ? ST_OK : cli_misuse(cli, err, "--%s is %zu numbers", flag, count);
}

static enum status focus_read(struct cli *cli, struct media_focus *focus, struct error *err)
{
    int64_t point[2] = {focus->x, focus->y};
    int64_t crop[4] = {focus->left, focus->top, focus->right, focus->bottom};
    enum status st = ST_OK;
    if (cli_has(cli, "focal"))
        st = numbers_of(cli, "focal", ARRAY_LEN(point), point, err);
    if (st == ST_OK && cli_has(cli, "crop"))
        st = numbers_of(cli, "crop", ARRAY_LEN(crop), crop, err);
    if (st != ST_OK)
        return st;
    if (cli_has(cli, "crop") && !cli_has(cli, "focal")) { /* the middle of the crop */
        point[0] = (crop[0] + crop[2]) / 2;
        point[1] = (crop[1] + crop[3]) / 2;
    }
    *focus = (struct media_focus){point[0], point[1], crop[0], crop[1], crop[2], crop[3]};
    return ST_OK;
}

static enum status save_edit(struct newsroom *room, void *arg, struct error *err)
{
    return media_save(room, arg, err);
}

static str value_or_none(struct cli *cli, const char *flag)
{
    return cli_has(cli, flag) ? cli_value(cli, flag, S("")) : STR_NONE;
}

static enum status run_set(struct cli *cli, struct desk *desk, struct error *err)
{
    struct media *m;
    enum status st = find(cli, desk, cli_arg(cli, 1), &m, err);
    if (st != ST_OK)
        return st;
    struct media_edit edit = {.id = m->id,
                              .title = value_or_none(cli, "title"),
                              .alt = value_or_none(cli, "alt"),
                              .caption = value_or_none(cli, "caption"),
                              .credit = value_or_none(cli, "credit"),
                              .licence = value_or_none(cli, "licence")};
    if (cli_has(cli, "focal") || cli_has(cli, "crop")) {
        st = focus_read(cli, &m->focus, err);
        edit.focus = &m->focus;
    }
    if (st == ST_OK)
        st = desk_write(desk, save_edit, &edit, err);
    if (st == ST_OK && edit.focus != NULL)
        made_gone(desk, m->path);
    if (st == ST_OK)
        st = catch_up(desk, err);
    return st == ST_OK ? run_show(cli, desk, err) : st;
}

/* ---- replace ---- */

struct replacement {
    media_id old, with;
    struct media_left left;
    struct arena *arena;
};

static enum status replace_record(struct newsroom *room, void *arg, struct error *err)
{
    struct replacement *r = arg;
    enum status st = media_replace(room, r->old, r->with, &r->left, err);
    left_keep(r->arena, &r->left);
    return st;
}

static enum status run_replace(struct cli *cli, struct desk *desk, struct error *err)
{
    struct media *old, *with;
    bool is_new;
    enum status st = find(cli, desk, cli_arg(cli, 1), &old, err);
    if (st == ST_OK)
        st = add_one(cli, desk, cli_arg(cli, 2), &with, &is_new, err);
    if (st != ST_OK)
        return st;
    struct replacement r = {.old = old->id, .with = with->id, .arena = cli_arena(cli)};
    st = desk_write(desk, replace_record, &r, err);
    if (st == ST_OK)
        st = files_remove(cli, desk, &r.left, err);
    if (st == ST_OK)
        st = catch_up(desk, err);
    if (st != ST_OK)
        return st;
    if (!cli_json(cli))
        cli_printf("%.*s is shown in place of %.*s, whose address leads to it\n",
                   STR_ARG(address_of(cli, with)), STR_ARG(address_of(cli, old)));
    return report(cli, ST_OK, row_of(cli, with));
}

/* ---- check ---- */

struct checked {
    struct cli *cli;
    json_t *rows;
    int64_t count;
};

static void say(void *ctx, enum media_finding finding, str path, str sentence)
{
    static const char *const names[] = {[MEDIA_FILE_MISSING] = "file missing",
                                        [MEDIA_FILE_STRAY] = "file without a record",
                                        [MEDIA_FILE_DIFFERS] = "file changed",
                                        [MEDIA_SHOWN_MISSING] = "shown but missing"};
    struct checked *checked = ctx;
    json_t *row = json_object();
    report_str(row, "problem", str_from_c(names[finding]));
    report_str(row, "path", path);
    report_str(row, "detail", sentence);
    (void)json_array_append_new(checked->rows, row);
    checked->count++;
    if (!cli_json(checked->cli))
        cli_printf("%.*s: %.*s\n", STR_ARG(path), STR_ARG(sentence));
}

static enum status run_check(struct cli *cli, struct desk *desk, struct error *err)
{
    struct checked checked = {.cli = cli, .rows = json_array()};
    const struct media_desk *taking;
    enum status st = catch_up(desk, err);
    if (st == ST_OK)
        st = desk_media(desk, &taking, err);
    if (st == ST_OK)
        st = media_check(&(struct media_check){.conn = desk->conn,
                                               .storage = taking->storage,
                                               .hashes = !cli_has(cli, "quick"),
                                               .site = desk->settings->url,
                                               .found = say,
                                               .ctx = &checked},
                         err);
    st = report(cli, st, checked.rows);
    if (st != ST_OK)
        return st;
    if (checked.count > 0)
        return error_set(err, ST_INVALID, "%lld problem%s; docs/pictures.md says what to do",
                         (long long)checked.count, checked.count == 1 ? "" : "s");
    if (!cli_json(cli))
        cli_printf("records, files and stories agree\n");
    return ST_OK;
}

/* ---- the command ---- */

static const struct action {
    str name;
    size_t args_min, args_max; /* its own name too */
    const char *usage;
    str flags; /* those it knows, parted by a space */
    enum status (*run)(struct cli *cli, struct desk *desk, struct error *err);
} actions[] = {
    {STR_INIT("add"), 2, CLI_WORDS_MAX, "media add wants FILE...",
     STR_INIT("alt caption credit licence"), run_add},
    {STR_INIT("list"), 1, 1, "media list takes flags only",
     STR_INIT("words kind story from until unused limit before"), run_list},
    {STR_INIT("show"), 2, 2, "media show wants PATH", STR_INIT(""), run_show},
    {STR_INIT("set"), 2, 2, "media set wants PATH, and what to say of it",
     STR_INIT("alt caption credit licence title focal crop"), run_set},
    {STR_INIT("replace"), 3, 3, "media replace wants PATH FILE",
     STR_INIT("alt caption credit licence"), run_replace},
    {STR_INIT("remove"), 2, 2, "media remove wants PATH", STR_INIT("force"), run_remove},
    {STR_INIT("unused"), 1, 1, "media unused takes flags only", STR_INIT("remove"), run_unused},
    {STR_INIT("check"), 1, 1, "media check takes flags only", STR_INIT("quick"), run_check},
};

static bool action_knows(const struct action *action, str flag)
{
    for (str rest = action->flags; rest.len > 0;) {
        if (str_eq(str_cut(&rest, ' '), flag))
            return true;
    }
    return false;
}

/* The flags are one list for all of them: what is another's would be dropped without a word. */
static enum status flags_check(struct cli *cli, const struct action *action, struct error *err)
{
    for (const struct option *option = command_media.options; option->name != NULL; option++) {
        if (cli_has(cli, option->name) && !action_knows(action, str_from_c(option->name)))
            return cli_misuse(cli, err, "media %.*s has no use for --%s", STR_ARG(action->name),
                              option->name);
    }
    return ST_OK;
}

static enum status media_run(struct cli *cli, struct error *err)
{
    AUTO(desk_closep) struct desk *desk = NULL;
    const struct action *action = NULL;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (str_eq(actions[i].name, cli_arg(cli, 0)))
            action = &actions[i];
    }
    if (action == NULL)
        return cli_misuse(cli, err,
                          "\"%.*s\" is not add, list, show, set, replace, remove, unused or check",
                          STR_ARG(cli_arg(cli, 0)));
    size_t count = cli_args_count(cli);
    if (count < action->args_min || count > action->args_max)
        return cli_misuse(cli, err, "%s", action->usage);
    enum status st = flags_check(cli, action, err);
    if (st == ST_OK)
        st = desk_open(cli, &desk, err);
    return st == ST_OK ? action->run(cli, desk, err) : st;
}

const struct command command_media = {
    .name = "media",
    .args =
        "add FILE... | list | show PATH | set PATH | replace PATH FILE | remove PATH | unused | "
        "check",
    .summary = "pictures and files: taken in, found, described, replaced, checked",
    .detail =
        "PATH is a record's number, its path (2024/05/bridge.jpg) or its address. add tells a file by\n"
        "its content and cleans it: readers get the picture without where and with what it was taken.\n"
        "The bytes as they came are kept, and never served. replace shows FILE wherever PATH was\n"
        "shown, and its old address leads there. remove refuses what is in use; the address of what\n"
        "is gone answers 410. check compares records, files and stories.",
    .options =
        (const struct option[]){
            {"words", "WORDS", "list: those with all of these words"},
            {"kind", "KIND", "list: picture, audio, video or document"},
            {"story", "SLUG", "list: what this story shows"},
            {"from", "DAY", "list: taken in on or after it, as 2026-05-31"},
            {"until", "DAY", "list: taken in before it"},
            {"unused", NULL, "list: what nothing shows"},
            {"limit", "N", "list: how many (50)"},
            {"before", "PATH", "list: go on after this one"},
            {"alt", "TEXT", "add, set: what it shows, for who cannot see it"},
            {"caption", "TEXT", "add, set: what stands below it"},
            {"credit", "TEXT", "add, set: who made it"},
            {"licence", "TEXT", "add, set: on what terms it is used"},
            {"title", "TEXT", "set: what it is called here"},
            {"focal", "X,Y", "set: what stays in view where a size cuts; thousandths"},
            {"crop", "L,T,R,B", "set: the part that a size that cuts may show; thousandths"},
            {"force", NULL, "remove: although it is in use"},
            {"remove", NULL, "unused: remove what is listed"},
            {"quick", NULL, "check: sizes only, files are not read"},
            {0}},
    .args_min = 1,
    .args_max = CLI_WORDS_MAX,
    .run = media_run,
};
