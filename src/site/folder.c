/* SPDX-License-Identifier: MIT */
#include "site/folder.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/random.h"
#include "media/storage.h"
#include "site/mail_message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#define CONFIG_NAME "broadsheet.yaml"

/* ---- broadsheet.yaml ---- */

struct config_reader {
    struct arena *arena;
    struct folder *folder;
    yaml_document_t *document;
};

static enum status fault(const yaml_node_t *node, struct error *err, const char *what)
{
    return error_set(err, ST_INVALID, CONFIG_NAME ":%zu: %s", node->start_mark.line + 1, what);
}

static str scalar_text(struct config_reader *reader, const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE)
        return STR_NONE;
    return str_copy(reader->arena,
                    (str){(const char *)node->data.scalar.value, node->data.scalar.length});
}

static enum status url_read(struct config_reader *reader, const yaml_node_t *node,
                            struct error *err)
{
    str url = str_trim(scalar_text(reader, node));
    while (str_ends(url, S("/")))
        url.len--;
    if (url.len > 0 && !str_starts(url, S("http://")) && !str_starts(url, S("https://")))
        return fault(node, err, "url should begin with http:// or https://");
    reader->folder->url = url;
    return ST_OK;
}

static enum status listen_read(struct config_reader *reader, const yaml_node_t *node,
                               struct error *err)
{
    struct folder *folder = reader->folder;
    if (node->type != YAML_SCALAR_NODE)
        return fault(node, err, "listen should be an address, or a list of them");
    if (folder->listen_count == FOLDER_LISTEN_MAX)
        return fault(node, err, "too many addresses to listen on");
    folder->listen[folder->listen_count++] = scalar_text(reader, node);
    return ST_OK;
}

static enum status proxy_read(struct config_reader *reader, const yaml_node_t *node,
                              struct error *err)
{
    if (node->type != YAML_SCALAR_NODE)
        return fault(node, err, "proxies should be a list of addresses, networks or unix");
    enum status st = http_proxies_add(&reader->folder->proxies, scalar_text(reader, node), err);
    if (st != ST_OK)
        error_prefix(err, CONFIG_NAME ":%zu", node->start_mark.line + 1);
    return st;
}

static enum status proxy_header_read(struct config_reader *reader, const yaml_node_t *node,
                                     struct error *err)
{
    str name = scalar_text(reader, node);
    if (str_eq_nocase(name, S("X-Forwarded-For")))
        reader->folder->proxies.header = HTTP_PROXY_X_FORWARDED_FOR;
    else if (str_eq_nocase(name, S("Forwarded")))
        reader->folder->proxies.header = HTTP_PROXY_FORWARDED;
    else
        return fault(node, err, "proxy_header should be X-Forwarded-For or Forwarded");
    return ST_OK;
}

static enum status media_pair_read(struct config_reader *reader, const yaml_node_pair_t *pair,
                                   struct error *err)
{
    struct s3_options *b = &reader->folder->bucket;
    const struct {
        str name;
        str *to;
    } places[] = {{S("endpoint"), &b->endpoint},
                  {S("region"), &b->region},
                  {S("bucket"), &b->bucket},
                  {S("prefix"), &b->prefix},
                  {S("key_id"), &b->key_id},
                  {S("secret"), &b->secret},
                  {S("secret_file"), &reader->folder->bucket_secret_file}};
    const yaml_node_t *name = yaml_document_get_node(reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(reader->document, pair->value);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (!str_eq(scalar_text(reader, name), places[i].name))
            continue;
        *places[i].to = str_trim(scalar_text(reader, value));
        return ST_OK;
    }
    return fault(name, err,
                 "media should have endpoint, region, bucket, prefix, key_id, secret or "
                 "secret_file");
}

static enum status media_read(struct config_reader *reader, const yaml_node_t *node,
                              struct error *err)
{
    if (node->type != YAML_MAPPING_NODE)
        return fault(node, err, "media should be lines of the form \"endpoint: https://...\"");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        enum status st = media_pair_read(reader, pair, err);
        if (st != ST_OK)
            return st;
    }
    if (reader->folder->bucket.endpoint.len == 0)
        return fault(node, err, "media needs an endpoint, and a bucket");
    return ST_OK;
}

/* "smtp://host:port", "smtps://[::1]". */
static bool mail_server_read(str text, struct mail_server *server)
{
    enum { SUBMISSION = 587, SUBMISSIONS = 465 };
    struct cursor c = cursor_of(text);
    int64_t port;
    server->tls_at_once = cursor_str(&c, S("smtps://"));
    if (!server->tls_at_once && !cursor_str(&c, S("smtp://")))
        return false;
    port = server->tls_at_once ? SUBMISSIONS : SUBMISSION;
    bool v6 = cursor_char(&c, '[');
    str rest = cursor_rest(&c);
    size_t len = cursor_skip(&c, v6 ? S("0123456789abcdefABCDEF:.")
                                    : S("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-."));
    server->host = str_sub(rest, 0, len);
    if (len == 0 || len > 253 || (v6 && !cursor_char(&c, ']')))
        return false;
    if (cursor_char(&c, ':') && (!cursor_uint(&c, 1, 5, &port) || port < 1 || port > 65535))
        return false;
    (void)cursor_char(&c, '/');
    server->port = (int)port;
    return cursor_done(&c);
}

static bool is_this_machine(str host)
{
    return str_eq_nocase(host, S("localhost")) || str_starts(host, S("127.")) ||
           str_eq(host, S("::1"));
}

struct mail_texts {
    str server, tls;
};

static enum status mail_pair_read(struct config_reader *reader, const yaml_node_pair_t *pair,
                                  struct mail_texts *texts, struct error *err)
{
    struct mail_server *m = &reader->folder->mail;
    const struct {
        str name;
        str *to;
    } places[] = {
        {S("server"), &texts->server}, {S("user"), &m->user},
        {S("password"), &m->password}, {S("password_file"), &reader->folder->mail_password_file},
        {S("from"), &m->from},         {S("name"), &m->from_name},
        {S("tls"), &texts->tls}};
    const yaml_node_t *name = yaml_document_get_node(reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(reader->document, pair->value);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (!str_eq(scalar_text(reader, name), places[i].name))
            continue;
        *places[i].to = str_trim(scalar_text(reader, value));
        return ST_OK;
    }
    return fault(name, err,
                 "mail should have server, user, password or password_file, from, name or tls");
}

static enum status mail_read(struct config_reader *reader, const yaml_node_t *node,
                             struct error *err)
{
    struct mail_server *m = &reader->folder->mail;
    struct mail_texts texts = {0};
    if (node->type != YAML_MAPPING_NODE)
        return fault(node, err, "mail should be lines of the form \"server: smtp://...\"");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        enum status st = mail_pair_read(reader, pair, &texts, err);
        if (st != ST_OK)
            return st;
    }
    if (!mail_server_read(texts.server, m))
        return fault(node, err,
                     "mail needs a server: smtp://mail.example:587 or smtps://mail.example");
    if (!mail_address_valid(m->from))
        return fault(node, err, "mail needs an address to send from: news@news.example");
    if (texts.tls.len > 0 && !str_eq(texts.tls, S("none")) && !str_eq(texts.tls, S("required")))
        return fault(node, err, "tls should be required or none");
    m->tls = texts.tls.len > 0 ? str_eq(texts.tls, S("required")) : !is_this_machine(m->host);
    if (m->tls_at_once && !m->tls && texts.tls.len > 0)
        return fault(node, err, "smtps:// is TLS: tls: none has no meaning there");
    m->tls = m->tls || m->tls_at_once;
    return ST_OK;
}

static const struct {
    str key;
    bool list; /* a list's entries are read one by one */
    enum status (*read)(struct config_reader *reader, const yaml_node_t *node, struct error *err);
} keys[] = {
    {STR_INIT("url"), false, url_read},      {STR_INIT("listen"), true, listen_read},
    {STR_INIT("proxies"), true, proxy_read}, {STR_INIT("proxy_header"), false, proxy_header_read},
    {STR_INIT("media"), false, media_read},  {STR_INIT("mail"), false, mail_read},
};

static enum status value_read(struct config_reader *reader, size_t key, yaml_node_t *node,
                              struct error *err)
{
    if (!keys[key].list || node->type != YAML_SEQUENCE_NODE)
        return keys[key].read(reader, node, err);
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        enum status st =
            keys[key].read(reader, yaml_document_get_node(reader->document, *item), err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status pair_read(struct config_reader *reader, const yaml_node_pair_t *pair,
                             struct error *err)
{
    yaml_node_t *name = yaml_document_get_node(reader->document, pair->key);
    str text = scalar_text(reader, name);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (str_eq(text, keys[i].key))
            return value_read(reader, i, yaml_document_get_node(reader->document, pair->value),
                              err);
    }
    return error_set(err, ST_INVALID,
                     CONFIG_NAME ":%zu: there is no setting \"%.*s\" (url, listen, proxies, "
                                 "proxy_header, media, mail)",
                     name->start_mark.line + 1, STR_ARG(text));
}

static enum status document_read(struct config_reader *reader, struct error *err)
{
    const yaml_node_t *root = yaml_document_get_root_node(reader->document);
    if (root == NULL || (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0))
        return ST_OK; /* an empty file says nothing, which is fine */
    if (root->type != YAML_MAPPING_NODE)
        return fault(root, err, "should be lines of the form \"url: https://news.example\"");
    for (yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++) {
        enum status st = pair_read(reader, pair, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status folder_config_read(struct arena *arena, str text, struct folder *folder,
                               struct error *err)
{
    yaml_parser_t parser;
    yaml_document_t document;
    enum status st;

    CHECK(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    if (yaml_parser_load(&parser, &document) != 1) {
        st = error_set(err, ST_INVALID, CONFIG_NAME ":%zu: %s", parser.problem_mark.line + 1,
                       parser.problem == NULL ? "not YAML" : parser.problem);
    } else {
        struct config_reader reader = {.arena = arena, .folder = folder, .document = &document};
        st = document_read(&reader, err);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return st;
}

/* ---- opening ---- */

static enum status secret_read(struct folder *folder, struct error *err)
{
    str path = file_join(folder->arena, folder->path, S("secret.key"));
    str text;
    enum status st = file_read(folder->arena, path, FOLDER_SECRET_BYTES, &text, err);
    if (st == ST_NOT_FOUND) {
        /* A restored site draws a new one: only links handed to readers minutes ago change. */
        char *bytes = arena_alloc(folder->arena, FOLDER_SECRET_BYTES, 1);
        random_fill(&rng_system, bytes, FOLDER_SECRET_BYTES);
        text = (str){bytes, FOLDER_SECRET_BYTES};
        st = file_write_atomic(path, text, 0600, err);
    }
    if (st != ST_OK)
        return st;
    if (text.len != FOLDER_SECRET_BYTES)
        return error_set(err, ST_INVALID,
                         "%.*s is not whole; delete it and a new one will be drawn", STR_ARG(path));
    memcpy(folder->secret, text.ptr, FOLDER_SECRET_BYTES);
    return ST_OK;
}

static void media_open(struct folder *folder)
{
    folder->media_fd =
        open(str_copy_c(folder->arena, folder->media), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum status open_parts(struct folder *folder, struct error *err)
{
    str config_path = file_join(folder->arena, folder->path, S(CONFIG_NAME));
    str text;
    enum status st = file_read(folder->arena, config_path, FILE_CONFIG_MAX, &text, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND,
                         "%.*s is not a site: no " CONFIG_NAME " in it; make one with: broadsheet "
                         "init DIR",
                         STR_ARG(folder->path));
    if (st != ST_OK)
        return st;
    st = folder_config_read(folder->arena, text, folder, err);
    if (st != ST_OK)
        return st;
    folder->database = file_join(folder->arena, folder->path, S("site.db"));
    folder->themes = file_join(folder->arena, folder->path, S("themes"));
    folder->media = file_join(folder->arena, folder->path, S("media"));
    media_open(folder); /* may be missing */
    return secret_read(folder, err);
}

enum status folder_open(str path, struct folder **ret_folder, struct error *err)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct folder *folder = arena_new_one(arena, struct folder);
    folder->arena = arena;
    folder->path = str_copy(arena, path);
    folder->media_fd = -1;
    folder->lock_fd = -1;
    enum status st = open_parts(folder, err);
    if (st != ST_OK) {
        folder_close(folder);
        return st;
    }
    *ret_folder = folder;
    return ST_OK;
}

void folder_close(struct folder *folder)
{
    if (folder == NULL)
        return;
    if (folder->media_fd >= 0)
        (void)close(folder->media_fd);
    if (folder->lock_fd >= 0)
        (void)close(folder->lock_fd);
    arena_free(folder->arena);
}

bool folder_in_use(const struct folder *folder)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str path = file_join(arena, folder->path, S(".lock"));
    AUTO(fd_closep) int fd = open(str_copy_c(arena, path), O_RDONLY | O_CLOEXEC);
    return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0; /* closing lets it go */
}

/* ---- pictures and files ---- */

enum status folder_media_make(struct folder *folder, struct error *err)
{
    enum status st = file_mkdirs(folder->media, 0755, err);
    if (st == ST_OK && folder->media_fd < 0)
        media_open(folder);
    return st;
}

enum { SECRET_FILE_MAX = 1024 };

/* The environment goes before a file, a file before the setting. */
static enum status secret_find(const struct folder *folder, struct arena *arena,
                               const char *variable, str file, str *secret, struct error *err)
{
    str given = str_from_c(getenv(variable));
    if (given.len > 0) {
        *secret = given;
        return ST_OK;
    }
    if (file.len == 0)
        return ST_OK;
    str path = str_starts(file, S("/")) ? file : file_join(arena, folder->path, file);
    enum status st = file_read(arena, path, SECRET_FILE_MAX, secret, err);
    if (st == ST_OK)
        *secret = str_trim(*secret);
    return st;
}

static enum status bucket_keys(const struct folder *folder, struct arena *arena,
                               struct s3_options *bucket, struct error *err)
{
    str key_id = str_from_c(getenv("BROADSHEET_S3_KEY_ID"));
    if (key_id.len > 0)
        bucket->key_id = key_id;
    return secret_find(folder, arena, "BROADSHEET_S3_SECRET", folder->bucket_secret_file,
                       &bucket->secret, err);
}

enum status folder_storage(const struct folder *folder, struct storage **ret_storage,
                           struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    AUTO(storage_freep) struct storage *storage = NULL;
    struct s3_options bucket = folder->bucket;
    enum status st = storage_new(folder->media, &rng_system, &storage, err);
    if (st == ST_OK && bucket.endpoint.len > 0) {
        struct s3 *s3;
        st = bucket_keys(folder, arena, &bucket, err);
        if (st == ST_OK)
            st = s3_new(&bucket, &s3, err);
        if (st == ST_OK)
            storage_use_bucket(storage, s3);
    }
    if (st == ST_OK)
        *ret_storage = TAKE(storage);
    return st;
}

/* ---- mail ---- */

enum status folder_mail(const struct folder *folder, struct arena *arena,
                        struct mail_server *ret_server, struct error *err)
{
    struct mail_server server = folder->mail;
    if (server.host.len == 0)
        return error_set(err, ST_NOT_FOUND,
                         "mail is not set up: " CONFIG_NAME " has no \"mail:\" (see "
                         "docs/operating.md)");
    enum status st = secret_find(folder, arena, "BROADSHEET_MAIL_PASSWORD",
                                 folder->mail_password_file, &server.password, err);
    if (st == ST_OK && server.user.len > 0 && server.password.len == 0)
        return error_set(err, ST_INVALID,
                         "mail: user has no password; give password_file, password or "
                         "$BROADSHEET_MAIL_PASSWORD");
    if (st == ST_OK)
        *ret_server = server;
    return st;
}

enum status folder_lock(struct folder *folder, struct error *err)
{
    CHECK(folder->lock_fd == -1);
    str path = file_join(folder->arena, folder->path, S(".lock"));
    AUTO(fd_closep)
    int fd = open(str_copy_c(folder->arena, path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set_errno(err, ST_DENIED, "cannot write in %.*s", STR_ARG(folder->path));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, ST_CONFLICT,
                         "%.*s is in use by another broadsheet (serve or restore); stop that one "
                         "first",
                         STR_ARG(folder->path));
    folder->lock_fd = fd_take(&fd);
    return ST_OK;
}

/* ---- making ---- */

static enum status folder_is_free(struct arena *arena, str path, struct error *err)
{
    if (file_exists(file_join(arena, path, S(CONFIG_NAME))))
        return error_set(err, ST_CONFLICT, "%.*s is a site already; nothing was changed",
                         STR_ARG(path));
    if (file_exists(path) && rmdir(str_copy_c(arena, path)) != 0)
        return error_set(err, ST_CONFLICT, "%.*s is there and is not empty; choose another folder",
                         STR_ARG(path));
    return ST_OK;
}

enum status folder_make(str path, str url, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct buf b;
    str text;
    enum status st = folder_is_free(arena, path, err);
    if (st != ST_OK)
        return st;

    buf_init(&b, arena, FILE_CONFIG_MAX);
    buf_add(&b, S("# A Broadsheet site. What is not here has a good default.\n"
                  "# The site's public address; pages, feeds and cookies follow it:\n"));
    if (url.len > 0)
        buf_addf(&b, "url: \"%.*s\"\n", STR_ARG(url));
    else
        buf_add(&b, S("#url: https://news.example\n"));
    buf_add(&b, S("# Where to listen; a proxy or CDN stands before it:\n#listen: 127.0.0.1:8080\n"
                  "# Proxies whose X-Forwarded-For is believed:\n#proxies: [127.0.0.1]\n"));
    st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        st = file_mkdirs(file_join(arena, path, S("media")), 0755, err);
    if (st == ST_OK)
        st = file_mkdirs(file_join(arena, path, S("themes")), 0755, err);
    /* The file that makes it a site comes last: an interrupted init leaves no half site. */
    if (st == ST_OK)
        st = file_write_atomic(file_join(arena, path, S(CONFIG_NAME)), text, 0640, err);
    if (st != ST_OK) {
        (void)rmdir(str_copy_c(arena, file_join(arena, path, S("media"))));
        (void)rmdir(str_copy_c(arena, file_join(arena, path, S("themes"))));
        (void)rmdir(str_copy_c(arena, path));
    }
    return st;
}
