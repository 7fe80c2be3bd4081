/* desk/errand.h -- inside desk/: one request of somebody at the desk, from its arrival to its answer.
 *
 * Before a handler runs, errand_run has seen to it that
 *   - whoever asks is signed in and may (the route's right), or the route is anybody's;
 *   - a request that changes something came from one of our own pages (Sec-Fetch-Site or Origin), and
 *     carries the token of its form, made of the cookie by the site's key;
 *   - the form is read.
 * A handler looks at e->person, e->form and e->match, and answers by errand_page, errand_go or by
 * returning another status than ST_OK, which becomes a page that says why. It writes by errand_write.
 *
 * A script of ours asks the same routes and gets the same answers as JSON: it sends `Accept: application/json`, and
 * then errand_go and errand_done say {"to": PATH}, an error {"error": SENTENCE, "status": "conflict"}, whoever is not
 * signed in 401 and "sign_in", a form's token that is too old 403 and "form". A handler with more to say
 * asks errand_wants_json and answers by errand_json.
 *
 * A session's cookie is sealed (errand_has_pass): a loop can tell without the database that somebody signed in
 * here once, and lets them alone send more than a small form.
 *
 * A visitor who is not signed in has a cookie too, once a form was shown: random, in no table, there for the
 * form's token alone. Signing in replaces it.
 *
 * Threads: a desk thread, which waits for the writer. */
#pragma once
#include "base/clock.h"
#include "desk/right.h"
#include "hbs/value.h"
#include "http/form.h"
#include "http/router.h"
#include "news/news.h"
#include "site/edition.h"

struct audit_entry;
struct http_exchange;
struct http_response;
struct folder;
struct look;
struct look_tongue;
struct media_worker;
struct site;
struct session;
struct storage;
struct store;
struct store_conn;
struct tasks;

struct errand {
    struct site *site;
    const struct look *look;
    const struct log *log;
    const struct rng *rng;
    struct store *store;
    const unsigned char *key; /* the site's: seals */
    const struct folder *folder;
    struct storage *storage;          /* pictures and files; NULL: media/ cannot be used */
    struct media_worker *worker;      /* decodes pictures; NULL: none are taken in */
    size_t upload_bytes_max;          /* what the server takes of one request; 0: not known */
    struct tasks *tasks;              /* long work */
    const struct look_tongue *tongue; /* in which language the desk answers */

    struct http_exchange *x;
    const struct http_request *req;
    struct http_response *res;
    struct arena *arena;
    struct store_conn *conn; /* inside a read transaction */
    struct edition *edition;
    time_us now;

    struct http_route_match match;
    struct http_form form;   /* of a POST */
    struct person *person;   /* NULL: nobody is signed in */
    struct session *session; /* theirs */
    str token;               /* of the cookie */
    bool token_new;          /* the answer sets it */
    str network;             /* shortened */
    bool form_refused;       /* its token was another one */
};

enum { ERRAND_SECONDS = 10 }; /* a query that takes longer is given up */

typedef enum status errand_fn(struct errand *e, struct error *err);

/* ---- answers ---- */

/* A page's values: made by errand_values, given to errand_page. */
struct hbs_map *errand_values(struct errand *e);
MUST_USE enum status errand_page(struct errand *e, int code, str template, struct hbs_map *values,
                                 struct error *err);
/* 303 to a path below the site. */
MUST_USE enum status errand_go(struct errand *e, str path);
/* The same, where a line of `done` ("done.WHAT" of the strings) is then shown. */
MUST_USE enum status errand_done(struct errand *e, str path, str what);
/* Whether a script of ours asks. */
bool errand_wants_json(const struct errand *e);
/* Values as JSON (hbs_add_json). */
MUST_USE enum status errand_json(struct errand *e, int code, struct hbs_map *values,
                                 struct error *err);
/* The token that forms of this browser carry, for a script that has signed in anew. */
str errand_form_token(struct errand *e);
void errand_error(struct errand *e, enum status st, const struct error *err);
/* A string of the desk's, with no arguments. */
str errand_say(const struct errand *e, str key);
/* An absolute address of the site. */
str errand_address(const struct errand *e, str path);

/* ---- forms ---- */

str errand_value(const struct errand *e, str name);
/* The number in a path's `:id` or in a field; 0 when there is none. */
int64_t errand_id(const struct errand *e, str name);

/* What was typed, and what is wrong with it, for a form that is shown again: "form" and "wrong" of the
 * page's values. A password is never given back. */
struct errand_form {
    struct hbs_map *typed, *wrong;
    size_t wrong_count;
};
struct errand_form errand_form(struct errand *e, struct hbs_map *values);
void errand_typed(struct errand_form *form, str name, str value);
void errand_wrong(struct errand *e, struct errand_form *form, str name, str key);

/* ---- writing ---- */

/* On the writer's thread, while the desk's thread waits; `room->person` is e's. */
typedef enum status errand_write_fn(struct errand *e, struct newsroom *room, void *arg,
                                    struct error *err);
MUST_USE enum status errand_write(struct errand *e, errand_write_fn *fn, void *arg,
                                  struct error *err);
/* Many small ones: called until it says ST_NOT_FOUND, each a step of its own, other writes between them
 * (store_write_bulk). A step that fails ends it; those before stay done. It lets the snapshot go (errand_let_go). */
MUST_USE enum status errand_write_bulk(struct errand *e, errand_write_fn *fn, void *arg,
                                       struct error *err);
/* In a write: who did it, from where, is filled in. */
MUST_USE enum status errand_log(struct errand *e, struct newsroom *room, str what, str subject,
                                struct error *err);

/* ---- waiting long ---- */

/* Before a wait for pictures or processes: lets the snapshot go, which would keep the log from being folded, and the ten
 * seconds with it. Then, to read on: another snapshot, with its own ten seconds. */
void errand_let_go(struct errand *e);
MUST_USE enum status errand_look_anew(struct errand *e, struct error *err);

/* ---- the cookie ---- */

/* Another token for this browser, for a session that begins: in the answer, and in e->token. */
void errand_token_new(struct errand *e);
void errand_token_forget(struct errand *e);

/* ---- handlers, by file ---- */

errand_fn home_show, home_steps;                                        /* home.c */
errand_fn settings_show, settings_post;                                 /* settings.c */
errand_fn menus_show, menus_post;                                       /* menus.c */
errand_fn themes_show, themes_use, themes_upload, themes_download;      /* themes.c */
errand_fn themes_remove, choices_show, choices_post;                    /* themes.c */
errand_fn redirects_show, redirects_add, redirects_remove;              /* redirects.c */
errand_fn redirects_upload, redirects_download;                         /* redirects.c */
errand_fn set_up_show, set_up_post, invitation_show, invitation_post;   /* arrive.c */
errand_fn reset_show, reset_post;                                       /* arrive.c */
errand_fn import_show, import_upload, import_run, import_remove;        /* import_page.c */
errand_fn export_show, export_run, export_file, export_remove;          /* export_page.c */
errand_fn backup_show, backup_run, backup_pack, backup_remove;          /* backup_page.c */
errand_fn task_show, task_stop;                                         /* task_page.c */
errand_fn lost_show, lost_post;                                         /* lost.c */
errand_fn mail_show, mail_post;                                         /* mail_page.c */
errand_fn sign_in_show, sign_in_post, code_show, code_post, sign_out;   /* sign_in.c */
errand_fn account_show, account_password, account_end, account_end_all; /* account.c */
errand_fn account_self, account_email;                                  /* account.c */
errand_fn two_step_show, two_step_prove, two_step_codes, two_step_off;  /* two_step.c */
errand_fn people_show, people_invite, people_withdraw, people_resend;   /* people.c */
errand_fn person_show, person_role, person_reset, person_two_step_off;  /* people.c */
errand_fn person_end, person_owner, person_out;                         /* people.c */
errand_fn replies_show, reply_show;                                     /* replies.c */
errand_fn replies_decide, replies_undo, reply_edit, reply_answer;       /* reply_work.c */
errand_fn library_show, library_unused, library_alt, library_several;   /* library.c */
errand_fn picture_show, picture_words, picture_focus, picture_original; /* picture.c */
errand_fn picture_replace, picture_remove;                              /* picture.c */
errand_fn upload_post;                                                  /* upload.c */
errand_fn writer_show, writer_decide;                                   /* writer.c */
errand_fn bans_show, bans_add, bans_remove, reply_ban;                  /* bans.c */
errand_fn stories_show, stories_search;                                 /* stories.c */
errand_fn stories_bulk, stories_undo;                                   /* story_bulk.c */
errand_fn tags_show, tags_suggest, tag_new, tag_show, tag_post;         /* tags.c */
errand_fn tag_merge_post, tag_delete_post, tags_proposed, tags_propose; /* tags.c */
errand_fn bylines_show, bylines_suggest, byline_new, byline_show;       /* bylines.c */
errand_fn byline_post, byline_merge_post, byline_delete_post;           /* bylines.c */
errand_fn log_show;                                                     /* log.c */
errand_fn numbers_show, numbers_csv, numbers_story, numbers_story_csv;  /* numbers.c */
errand_fn story_new_show, story_edit_show;                              /* story_edit.c */
errand_fn story_new_post, story_edit_post;                              /* story_state.c */
errand_fn story_new_autosave, story_autosave;                           /* story_autosave.c */
errand_fn story_lock_post;                                              /* story_locks.c */
errand_fn story_versions_show, story_version_post;                      /* story_versions.c */
errand_fn story_compare_show, story_compare_post;                       /* story_versions.c */
errand_fn story_link_show, story_link_make, story_preview_show;         /* story_preview.c */
errand_fn story_correct, story_correction;                              /* story_correct.c */
errand_fn file_show;                                                    /* errand.c */

/* ---- for desk.c ---- */

/* On a loop: the cookie is one that a session here began with. Whether it lasts, errand_run asks. */
bool errand_has_pass(const struct http_request *req, const unsigned char *key);

struct errand_route {
    struct http_route route;
    errand_fn *run;
    enum right right;
    enum errand_lane {
        ERRAND_PAGE,
        ERRAND_PASSWORD, /* weighs a password or a code: the one thread for that */
        ERRAND_LONG,     /* waits for pictures or processes: a thread that holds nobody else up */
    } lane;
    enum errand_body {
        ERRAND_FORM, /* NEWSDESK_BODY_MAX */
        ERRAND_TEXT, /* a story: NEWSDESK_TEXT_MAX */
        ERRAND_FILE, /* whatever the server takes (--max-body) */
    } body;
};
void errand_run(struct errand *e, const struct errand_route *route);
