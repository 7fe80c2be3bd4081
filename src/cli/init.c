/* SPDX-License-Identifier: MIT
 *
 * A new site: its folder, its database, its settings. Asks at a terminal for what was not given;
 * --demo fills it with the sample paper, by the importer any owner uses. */
#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/demo.h"
#include "cli/desk.h"
#include "news/setting.h"
#include "site/database.h"
#include "site/folder.h"
#include "store/store.h"
#include "text/language.h"
#include "text/zone.h"

#include <unistd.h>

enum { ANSWER_MAX = 500 };

struct answer {
    str value;
    bool given; /* else it is what nobody asked for: an import may bring a better one */
};

struct answers {
    struct answer title, url, language, timezone;
};

/* One question at a terminal; the answer of an empty line, or of no terminal, is `otherwise`. */
static struct answer ask(struct cli *cli, const char *flag, const char *question, str otherwise)
{
    char line[ANSWER_MAX];
    if (cli_has(cli, flag) || cli_has(cli, "demo") || !cli_terminal())
        return (struct answer){cli_value(cli, flag, otherwise), cli_has(cli, flag)};
    (void)fprintf(stderr, "%s [%.*s]: ", question, STR_ARG(otherwise));
    if (fgets(line, sizeof(line), stdin) == NULL)
        return (struct answer){.value = otherwise};
    str answer = str_trim(str_from_c(line));
    if (answer.len == 0)
        return (struct answer){.value = otherwise};
    return (struct answer){str_copy(cli_arena(cli), answer), true};
}

static str zone_of_machine(struct cli *cli)
{
    char link[256];
    ssize_t len = readlink("/etc/localtime", link, sizeof(link));
    str path = len < 0 ? STR_NONE : (str){link, (size_t)len};
    size_t at = str_find(path, S("/zoneinfo/"));
    if (at == STR_NPOS)
        return S("Etc/UTC");
    return str_copy(cli_arena(cli), str_from(path, at + S("/zoneinfo/").len));
}

static bool url_valid(str url)
{
    for (size_t i = 0; i < url.len; i++) {
        char c = url.ptr[i];
        if (c <= ' ' || c == 0x7f || c == '"' || c == '\\')
            return false;
    }
    return url.len == 0 || str_starts(url, S("http://")) || str_starts(url, S("https://"));
}

/* Before anything is made. A zone that nobody chose is the machine's own, and is not asked after. */
static enum status answers_check(const struct answers *answers, struct error *err)
{
    AUTO(zone_cache_freep) struct zone_cache *zones = zone_cache_new(NULL);
    const struct zone *zone;
    str url = answers->url.value, language = answers->language.value;
    if (!url_valid(url))
        return error_set(err, ST_INVALID,
                         "\"%.*s\" is not a site's address, such as https://news.example",
                         STR_ARG(url));
    if (!language_valid(language))
        return error_set(err, ST_INVALID, "\"%.*s\" is not a language, such as en-GB or pt-BR",
                         STR_ARG(language));
    if (!answers->timezone.given)
        return ST_OK;
    return zone_cache_get(zones, answers->timezone.value, &zone, err);
}

static enum status setting_write(struct newsroom *room, str name, const struct answer *answer,
                                 struct error *err)
{
    return answer->given ? setting_set(room, name, answer->value, err)
                         : setting_set_unasked(room, name, answer->value, err);
}

static enum status settings_write(struct newsroom *room, void *arg, struct error *err)
{
    const struct answers *answers = arg;
    enum status st = setting_write(room, S("title"), &answers->title, err);
    if (st == ST_OK)
        st = setting_write(room, S("locale"), &answers->language, err);
    if (st == ST_OK)
        st = setting_write(room, S("timezone"), &answers->timezone, err);
    return st;
}

static enum status database_make(str dir, struct error *err)
{
    struct folder *folder;
    struct store *store;
    enum status st = folder_open(dir, &folder, err);
    if (st != ST_OK)
        return st;
    st = database_open(folder, &(struct database_options){.create = true}, &store, err);
    if (st == ST_OK)
        store_close(store);
    folder_close(folder);
    return st;
}

/* What was just made and is not a whole site is taken away again. */
static void unmake(struct cli *cli, str dir)
{
    static const char *const files[] = {"site.db", "site.db-wal",     "site.db-shm", "secret.key",
                                        ".lock",   "broadsheet.yaml", "media",       "themes"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char *path =
            str_copy_c(cli_arena(cli), file_join(cli_arena(cli), dir, str_from_c(files[i])));
        if (unlink(path) != 0)
            (void)rmdir(path);
    }
    (void)rmdir(str_copy_c(cli_arena(cli), dir));
}

static enum status fill(struct cli *cli, str dir, struct answers *answers, struct error *err)
{
    struct desk *desk;
    enum status st = database_make(dir, err);
    if (st == ST_OK)
        st = desk_open_at(dir, &desk, err);
    if (st != ST_OK)
        return st;
    st = desk_write(desk, settings_write, answers, err);
    if (st == ST_OK && cli_has(cli, "demo"))
        st = demo_fill(desk, cli_arena(cli), err);
    desk_close(desk);
    return st;
}

static enum status init_run(struct cli *cli, struct error *err)
{
    str dir = cli_arg(cli, 0);
    struct answers answers = {
        .title = ask(cli, "title", "The paper's name", S("My News")),
        .url = ask(cli, "url", "Its public address (https://...; may come later)", STR_NONE),
        .language = ask(cli, "language", "Its language", S("en")),
        .timezone = ask(cli, "timezone", "Its time zone", zone_of_machine(cli)),
    };
    enum status st = answers_check(&answers, err);
    if (st == ST_OK)
        st = folder_make(dir, answers.url.value, err);
    if (st != ST_OK)
        return st;
    st = fill(cli, dir, &answers, err);
    if (st != ST_OK) {
        unmake(cli, dir);
        return st;
    }
    cli_printf("%.*s is a site. Next:\n\n"
               "    broadsheet import --site %.*s EXPORT.xml   bring your stories\n"
               "    broadsheet serve --site %.*s               show them on http://localhost:8080\n"
               "    broadsheet backup --site %.*s COPY         keep a copy, at any time\n",
               STR_ARG(dir), STR_ARG(dir), STR_ARG(dir), STR_ARG(dir));
    return ST_OK;
}

const struct command command_init = {
    .name = "init",
    .args = "DIR",
    .summary = "a new site in the folder DIR",
    .detail =
        "At a terminal it asks for what is not given. DIR must not be there yet, or be empty.",
    .options = (const struct option[]){{"title", "TEXT", "the paper's name (My News)"},
                                       {"url", "URL",
                                        "its public address, as https://news.example (none)"},
                                       {"language", "TAG", "its language, as en-GB or pt-BR (en)"},
                                       {"timezone", "ZONE", "as Europe/Lisbon (this machine's)"},
                                       {"demo", NULL, "with sample stories, pictures and replies"},
                                       {0}},
    .args_min = 1,
    .args_max = 1,
    .run = init_run,
};
