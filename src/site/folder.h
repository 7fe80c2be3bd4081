/* site/folder.h -- a site's folder: what is in it, what its broadsheet.yaml says, who has it open.
 *
 *     mysite/
 *         broadsheet.yaml    the address, proxies; read at start
 *         site.db            everything written
 *         secret.key         32 random bytes: signs what a reader is handed; never copied into a backup
 *         media/             pictures and files (media/storage.h)
 *         themes/            themes beside the one in the program
 *
 *     st = folder_open(S("mysite"), &folder, err);     // ST_NOT_FOUND names `broadsheet init`
 *     st = folder_lock(folder, err);                   // serve and restore: one at a time
 *
 * broadsheet.yaml is a map of the keys below; another key is refused with its line, so that a
 * misspelt one does not go unnoticed.
 *
 *     url: https://news.example       absolute addresses and Secure cookies follow this
 *     listen: 127.0.0.1:8080          or a list; --listen goes before it
 *     proxies: [127.0.0.1, unix]      whose X-Forwarded-For is believed
 *     proxy_header: X-Forwarded-For   or Forwarded
 *
 *     media:                          pictures and files in a bucket; without it they are in media/
 *         endpoint: https://s3.eu-central-1.amazonaws.com
 *         region: eu-central-1
 *         bucket: wharf
 *         prefix: media/              may be left out
 *         key_id: AKIA...             or $BROADSHEET_S3_KEY_ID
 *         secret_file: s3.secret      or secret: itself, or $BROADSHEET_S3_SECRET; a path is from the site's folder
 *
 *     mail:                           without it no mail is sent, and the desk hands out links instead
 *         server: smtp://mail.example:587   STARTTLS; or smtps://mail.example, TLS from the first byte
 *         user: news                  may be left out, and the password with it
 *         password_file: mail.secret  or password: itself, or $BROADSHEET_MAIL_PASSWORD
 *         from: news@news.example
 *         name: The Wharf             may be left out: the site's title
 *         tls: none                   for a server that has none; not asked of one on this machine (127.0.0.1, ::1, localhost)
 *
 * Memory: an open folder owns its strings. Threads: read-only once open. */
#pragma once
#include "base/scope.h"
#include "base/str.h"
#include "http/address.h"
#include "media/s3.h"
#include "site/mail_smtp.h"

struct arena;
struct storage;

enum { FOLDER_LISTEN_MAX = HTTP_LISTEN_MAX, FOLDER_SECRET_BYTES = 32 };

struct folder {
    struct arena *arena;
    str path;     /* as given */
    str database; /* path of site.db */
    str media;    /* path of media/ */
    str themes;
    int media_fd; /* the open folder media/, or -1 */
    int lock_fd;

    str url; /* without a slash at the end; empty when not set */
    str listen[FOLDER_LISTEN_MAX];
    size_t listen_count;
    struct http_proxies proxies;
    struct s3_options bucket; /* endpoint empty: none */
    str bucket_secret_file;
    struct mail_server mail; /* host empty: none; its password by folder_mail */
    str mail_password_file;
    unsigned char secret[FOLDER_SECRET_BYTES];
};

MUST_USE enum status folder_open(str path, struct folder **ret_folder, struct error *err);
void folder_close(struct folder *folder); /* takes NULL; lets the lock go */
DEFINE_FREEP(struct folder *, folder_close)

/* ST_CONFLICT: another process serves or restores this site. */
MUST_USE enum status folder_lock(struct folder *folder, struct error *err);

/* Whether another process has the lock. For a moment nobody else gets it. */
bool folder_in_use(const struct folder *folder);

/* media/ is made when it is missing (a copy brought back without it), and is open from then on. Before any other
 * thread has the folder. */
MUST_USE enum status folder_media_make(struct folder *folder, struct error *err);

/* Where the site's pictures and files lie, as broadsheet.yaml says. ST_INVALID: the bucket's settings are not whole. Asks
 * nobody: a bucket that cannot be reached is met by the first call. */
MUST_USE enum status folder_storage(const struct folder *folder, struct storage **ret_storage,
                                    struct error *err);

/* How mail is sent, with the password, read now. ST_NOT_FOUND: broadsheet.yaml has no "mail". */
MUST_USE enum status folder_mail(const struct folder *folder, struct arena *arena,
                                 struct mail_server *ret_server, struct error *err);

/* A new folder with broadsheet.yaml, secret.key, media/ and themes/, and no database yet.
 * ST_CONFLICT: something is there already. Nothing is left behind on failure. */
MUST_USE enum status folder_make(str path, str url, struct error *err);

/* Reads the text of a broadsheet.yaml into `folder` (its url, listen and proxies), strings into
 * `arena`. ST_INVALID: "broadsheet.yaml:3: ...". */
MUST_USE enum status folder_config_read(struct arena *arena, str text, struct folder *folder,
                                        struct error *err);
