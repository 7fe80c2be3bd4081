/* SPDX-License-Identifier: MIT
 *
 * What is done to replies: decided, one or many at once; undone; edited; answered. The log holds what each
 * was before, so undoing is reading it back, and only where nobody has decided otherwise since. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "desk/look.h"
#include "desk/replies.h"
#include "news/comment_desk.h"
#include "store/store.h"
#include "text/utf8.h"

#define UNDO_LIFE (1 * TIME_HOUR)
enum { DECIDE_MAX = 100 };

static const struct decision {
    str word, what, done;
    enum comment_state state;
} decisions[] = {
    {STR_INIT("approve"), STR_INIT("reply.approved"), STR_INIT("approved"), COMMENT_APPROVED},
    {STR_INIT("spam"), STR_INIT("reply.spam"), STR_INIT("spam"), COMMENT_SPAM},
    {STR_INIT("bin"), STR_INIT("reply.trash"), STR_INIT("trash"), COMMENT_TRASH},
    {STR_INIT("hold"), STR_INIT("reply.pending"), STR_INIT("pending"), COMMENT_PENDING},
};

static const struct decision *decision_of_word(str word)
{
    for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
        if (str_eq(decisions[i].word, word))
            return &decisions[i];
    }
    return NULL;
}

static const struct decision *decision_of_what(str what)
{
    for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
        if (str_eq(decisions[i].what, what))
            return &decisions[i];
    }
    return NULL;
}

static str reply_subject(struct errand *e, comment_id id)
{
    return str_format(e->arena, "reply:%lld", (long long)id.v);
}

/* ---- deciding ---- */

struct deciding {
    const struct decision *decision;
    comment_id ids[DECIDE_MAX];
    size_t count;
    int64_t batch; /* id of the first row of the log; 0: nothing was done */
    int64_t done;
    int64_t waiting; /* held ones that are left; < 0: as before */
};

static enum status decide_one(struct errand *e, struct newsroom *room, struct deciding *d,
                              comment_id id, struct error *err)
{
    struct comment *comment;
    int64_t row = 0;
    enum status st = comment_by_id(store_tx_conn(room->tx), id, e->arena, &comment, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && comment->state == d->decision->state))
        return ST_OK; /* gone, or another one was quicker */
    if (st != ST_OK)
        return st;
    st = comment_set_state(room, id, d->decision->state, STR_NONE, err);
    if (st == ST_OK)
        st = audit_add(
            room,
            &(struct audit_entry){.person = room->person,
                                  .name = e->person->name,
                                  .what = d->decision->what,
                                  .subject = reply_subject(e, id),
                                  .detail = str_from_c(comment_state_name(comment->state)),
                                  .network = e->network,
                                  .batch = d->batch},
            &row, err);
    if (st != ST_OK)
        return st;
    if (d->batch == 0)
        d->batch = row;
    d->done++;
    return ST_OK;
}

static enum status decide(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct deciding *d = arg;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < d->count; i++)
        st = decide_one(e, room, d, d->ids[i], err);
    return st == ST_OK ? comment_count_pending(store_tx_conn(room->tx), &d->waiting, err) : st;
}

static str waiting_text(struct errand *e, int64_t waiting)
{
    if (waiting == 0)
        return STR_NONE;
    return waiting >= COMMENT_PENDING_COUNTED
               ? str_format(e->arena, "%d+", COMMENT_PENDING_COUNTED - 1)
               : str_format(e->arena, "%lld", (long long)waiting);
}

/* What was done, in words: for a script; or on the page at `back`, which has a query already. `waiting` is there
 * for the number in the header. */
static enum status say_done(struct errand *e, str back, str done, int64_t n, int64_t batch,
                            int64_t waiting, struct error *err)
{
    str number = str_format(e->arena, "%lld", (long long)n);
    if (!errand_wants_json(e)) {
        str to = str_format(e->arena, "%.*s&done=%.*s&n=%.*s", STR_ARG(back), STR_ARG(done),
                            STR_ARG(number));
        return errand_go(
            e, batch == 0 ? to
                          : str_format(e->arena, "%.*s&batch=%lld", STR_ARG(to), (long long)batch));
    }
    const struct look_argument arguments[] = {{S("n"), number}};
    struct hbs_map *values = errand_values(e);
    if (waiting < 0) {
        enum status st = comment_count_pending(e->conn, &waiting, err);
        if (st != ST_OK)
            return st;
    }
    hbs_map_set(values, S("done"),
                hbs_string(look_say_with(e->tongue, str_join2(e->arena, S("done."), done),
                                         arguments, ARRAY_LEN(arguments), e->arena)));
    hbs_map_set(values, S("n"), hbs_number((double)n));
    hbs_map_set(values, S("batch"), hbs_number((double)batch));
    hbs_map_set(values, S("waiting"), hbs_string(waiting_text(e, waiting)));
    return errand_json(e, 200, values, err);
}

/* "approve", with the ticked ones; or "approve-12", that one alone. False: neither. */
static bool decision_read(struct errand *e, struct deciding *d)
{
    str number = errand_value(e, S("do"));
    str word = str_cut(&number, '-');
    d->decision = decision_of_word(word);
    if (d->decision == NULL)
        return false;
    if (number.len > 0) {
        d->count = 1;
        return str_to_i64(number, &d->ids[0].v) && d->ids[0].v > 0;
    }
    for (size_t i = 0; i < e->form.count && d->count < DECIDE_MAX; i++) {
        int64_t id;
        if (str_eq(e->form.fields[i].name, S("reply")) &&
            str_to_i64(e->form.fields[i].value, &id) && id > 0)
            d->ids[d->count++].v = id;
    }
    return true;
}

/* Back to the list they were on: one writer's, or the queue, with what was looked for. */
static str list_path(struct errand *e)
{
    enum comment_state state = COMMENT_PENDING;
    struct buf b;
    str path;
    int64_t writer = errand_id(e, S("writer")), story = errand_id(e, S("story"));
    str words = utf8_cut_bytes(errand_value(e, S("q")), REPLIES_FIND_MAX);
    (void)comment_state_from_name(errand_value(e, S("state")), &state);
    buf_init(&b, e->arena, 4 * REPLIES_FIND_MAX);
    if (writer != 0)
        buf_addf(&b, "/desk/replies/%lld/writer/", (long long)writer);
    else
        buf_add(&b, S("/desk/replies/"));
    buf_addf(&b, "?state=%s", comment_state_name(state));
    if (story != 0)
        buf_addf(&b, "&story=%lld", (long long)story);
    if (words.len > 0) {
        buf_add(&b, S("&q="));
        buf_add_percent(&b, words, STR_NONE);
    }
    return buf_finish(&b, &path, NULL) == ST_OK ? path : S("/desk/replies/?state=pending");
}

enum status replies_decide(struct errand *e, struct error *err)
{
    struct deciding d = {.waiting = -1};
    if (!decision_read(e, &d))
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    enum status st = d.count > 0 ? errand_write(e, decide, &d, err) : ST_OK;
    if (st != ST_OK)
        return st;
    return say_done(e, list_path(e), d.done == 0 ? S("nothing") : d.decision->done, d.done, d.batch,
                    d.waiting, err);
}

/* Some at a time, so that no write holds up a reader's reply; all under one number, to be undone at once. */
enum status replies_decide_all(struct errand *e, str word, const comment_id *ids, size_t count,
                               str back, struct error *err)
{
    struct deciding d = {.decision = decision_of_word(word), .waiting = -1};
    enum status st = ST_OK;
    if (d.decision == NULL)
        return error_set(err, ST_INVALID, "%.*s", STR_ARG(errand_say(e, S("error.form"))));
    for (size_t at = 0; st == ST_OK && at < count; at += d.count) {
        d.count = count - at < DECIDE_MAX ? count - at : DECIDE_MAX;
        memcpy(d.ids, ids + at, d.count * sizeof(*ids));
        st = errand_write(e, decide, &d, err);
    }
    if (st != ST_OK)
        return st;
    return say_done(e, back, d.done == 0 ? S("nothing") : d.decision->done, d.done, d.batch,
                    d.waiting, err);
}

/* ---- undoing ---- */

struct undoing {
    struct audit_entry *entries;
    size_t count, from; /* of the log's rows; those of this write */
    int64_t done, waiting;
};

static enum status undo_one(struct errand *e, struct newsroom *room, struct undoing *u,
                            const struct audit_entry *entry, struct error *err)
{
    const struct decision *decision = decision_of_what(entry->what);
    enum comment_state before;
    struct comment *comment;
    comment_id id;
    if (decision == NULL || !str_starts(entry->subject, S("reply:")) ||
        !str_to_i64(str_from(entry->subject, S("reply:").len), &id.v) ||
        !comment_state_from_name(entry->detail, &before))
        return ST_OK;
    enum status st = comment_by_id(store_tx_conn(room->tx), id, e->arena, &comment, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && comment->state != decision->state))
        return ST_OK;
    if (st == ST_OK)
        st = comment_set_state(room, id, before, STR_NONE, err);
    if (st == ST_OK)
        st = errand_log(e, room, S("reply.undone"), entry->subject, err);
    if (st == ST_OK)
        u->done++;
    return st;
}

static enum status undo(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct undoing *u = arg;
    enum status st = ST_OK;
    for (size_t i = u->from; st == ST_OK && i < u->count && i < u->from + DECIDE_MAX; i++)
        st = undo_one(e, room, u, &u->entries[i], err);
    return st == ST_OK ? comment_count_pending(store_tx_conn(room->tx), &u->waiting, err) : st;
}

enum status replies_undo(struct errand *e, struct error *err)
{
    struct undoing u = {.waiting = -1};
    int64_t batch = errand_id(e, S("batch"));
    enum status st =
        audit_batch(e->conn, batch, e->person->id, e->arena, &u.entries, &u.count, err);
    if (st == ST_OK && u.count > 0 && e->now - u.entries[0].at > UNDO_LIFE)
        u.count = 0;
    for (; st == ST_OK && u.from < u.count; u.from += DECIDE_MAX)
        st = errand_write(e, undo, &u, err);
    if (st != ST_OK)
        return st;
    return say_done(e, list_path(e), u.done > 0 ? S("undone") : S("not-undone"), u.done, 0,
                    u.waiting, err);
}

/* ---- editing ---- */

static str reply_path(struct errand *e, comment_id id)
{
    return str_format(e->arena, "/desk/replies/%lld/", (long long)id.v);
}

/* Shown again, with what was typed. */
static enum status again(struct errand *e, const struct comment *comment, str field, str sentence,
                         struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    bool edit = str_eq(field, S("text"));
    errand_typed(&form, S("text"), edit ? errand_value(e, field) : comment->source_text);
    errand_typed(&form, S("answer"), edit ? STR_NONE : errand_value(e, field));
    hbs_map_set(form.wrong, field, hbs_string(sentence));
    form.wrong_count++;
    if (errand_wants_json(e))
        return errand_json(e, 422, values, err);
    return reply_page(e, comment, values, 422, err);
}

struct edit {
    comment_id id;
    struct comment_prepared ready;
};

static enum status write_edit(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    struct edit *edit = arg;
    enum status st = comment_edit(room, edit->id, &edit->ready, err);
    return st == ST_OK ? errand_log(e, room, S("reply.edited"), reply_subject(e, edit->id), err)
                       : st;
}

enum status reply_edit(struct errand *e, struct error *err)
{
    struct comment *comment;
    enum status st = reply_find(e, &comment, err);
    if (st != ST_OK)
        return st;
    struct edit edit = {.id = comment->id};
    /* What came in as HTML, by import, is edited as HTML. Its writer's fields are as they came, whatever
     * today's rules would say. */
    bool is_html = str_starts(str_trim(comment->source_text), S("<"));
    struct comment_draft draft = {.story = comment->story,
                                  .name = comment->name,
                                  .text = errand_value(e, S("text")),
                                  .html = is_html ? errand_value(e, S("text")) : STR_NONE,
                                  .person = e->person->id};
    st = comment_prepare(e->arena, &draft, e->edition->settings, &edit.ready, err);
    str problem = edit.ready.problems[COMMENT_FIELD_TEXT];
    if (st == ST_INVALID && problem.len > 0)
        return again(e, comment, S("text"),
                     errand_say(e, draft.text.len > COMMENT_TEXT_MAX ? S("wrong.reply-long")
                                                                     : S("wrong.reply")),
                     err);
    if (st != ST_OK && st != ST_INVALID)
        return st;
    st = errand_write(e, write_edit, &edit, err);
    if (st != ST_OK || !errand_wants_json(e))
        return st == ST_OK ? errand_done(e, reply_path(e, comment->id), S("edited")) : st;
    struct hbs_map *values = errand_values(e);
    hbs_map_set(values, S("html"), hbs_string(edit.ready.text.raw));
    hbs_map_set(values, S("done"), hbs_string(errand_say(e, S("done.edited"))));
    return errand_json(e, 200, values, err);
}

/* ---- answering ---- */

struct answer {
    const struct comment *comment;
    struct comment_prepared ready;
    int64_t waiting;
};

static enum status write_answer(struct errand *e, struct newsroom *room, void *arg,
                                struct error *err)
{
    struct answer *answer = arg;
    struct deciding d = {.decision = decision_of_word(S("approve"))};
    struct comment_added added;
    enum status st = decide_one(e, room, &d, answer->comment->id, err); /* if it is held */
    if (st == ST_OK)
        st = comment_add(room, &answer->ready, &added, err);
    if (st == ST_OK && !added.again)
        st = errand_log(e, room, S("reply.answered"), reply_subject(e, answer->comment->id), err);
    if (st == ST_OK)
        st = comment_count_pending(store_tx_conn(room->tx), &answer->waiting, err);
    return st;
}

enum status reply_answer(struct errand *e, struct error *err)
{
    struct comment *comment;
    enum status st = reply_find(e, &comment, err);
    if (st != ST_OK)
        return st;
    struct answer answer = {.comment = comment};
    struct comment_draft draft = {.story = comment->story,
                                  .parent = comment->id,
                                  .name = e->person->name,
                                  .text = errand_value(e, S("answer")),
                                  .person = e->person->id};
    st = comment_prepare(e->arena, &draft, e->edition->settings, &answer.ready, err);
    if (st == ST_INVALID)
        return again(e, comment, S("answer"),
                     errand_say(e, draft.text.len > COMMENT_TEXT_MAX ? S("wrong.reply-long")
                                                                     : S("wrong.reply")),
                     err);
    if (st == ST_OK)
        st = errand_write(e, write_answer, &answer, err);
    if (st == ST_DENIED)
        return again(e, comment, S("answer"), errand_say(e, S("wrong.replies-closed")), err);
    if (st == ST_NOT_FOUND)
        return again(e, comment, S("answer"), errand_say(e, S("wrong.not-published")), err);
    if (st != ST_OK)
        return st;
    return errand_wants_json(e) ? say_done(e, STR_NONE, S("answered"), 1, 0, answer.waiting, err)
                                : errand_done(e, reply_path(e, comment->id), S("answered"));
}
