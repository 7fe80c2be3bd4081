/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/parse.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

struct flag {
    const struct option *option;
    str value;
};

struct cli {
    struct arena *arena;
    const struct command *command;
    str words[CLI_WORDS_MAX];
    size_t words_count;
    struct flag flags[CLI_FLAGS_MAX];
    size_t flags_count;
    bool misused;
};

static const struct option common_options[] = {
    {"site", "DIR", "the site's folder ($BROADSHEET_SITE, else the current one)"},
    {"json", NULL, "print JSON"},
    {"progress", "lines", "long work says on stderr how far it is, and ends with who started it"},
    {"help", NULL, "this text"},
    {0},
};

/* ---- reading argv ---- */

static const struct option *option_find(const struct option *options, str name)
{
    for (; options != NULL && options->name != NULL; options++) {
        if (str_eq(str_from_c(options->name), name))
            return options;
    }
    return NULL;
}

enum status cli_misuse(struct cli *cli, struct error *err, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    cli->misused = true;
    return error_set(err, ST_INVALID, "%s; see: broadsheet %s --help", text, cli->command->name);
}

static enum status flag_read(struct cli *cli, int argc, char **argv, int *at, struct error *err)
{
    str value = str_from(str_from_c(argv[*at]), 2);
    bool inline_value = str_find_char(value, '=') != STR_NPOS;
    str name = str_cut(&value, '=');
    const struct option *option = option_find(cli->command->options, name);

    if (option == NULL)
        option = option_find(common_options, name);
    if (option == NULL)
        return cli_misuse(cli, err, "there is no flag --%.*s", STR_ARG(name));
    if (cli->flags_count == CLI_FLAGS_MAX)
        return cli_misuse(cli, err, "more than %d flags", CLI_FLAGS_MAX);
    if (option->value == NULL && inline_value)
        return cli_misuse(cli, err, "--%s takes no value", option->name);
    if (option->value != NULL && !inline_value) {
        if (*at + 1 >= argc)
            return cli_misuse(cli, err, "--%s wants %s after it", option->name, option->value);
        value = str_from_c(argv[++*at]);
    }
    cli->flags[cli->flags_count++] = (struct flag){option, value};
    return ST_OK;
}

static enum status argv_read(struct cli *cli, int argc, char **argv, struct error *err)
{
    bool flags_over = false;
    for (int i = 2; i < argc; i++) {
        str word = str_from_c(argv[i]);
        if (!flags_over && str_eq(word, S("--"))) {
            flags_over = true;
        } else if (!flags_over && str_starts(word, S("--"))) {
            enum status st = flag_read(cli, argc, argv, &i, err);
            if (st != ST_OK)
                return st;
        } else if (cli->words_count == CLI_WORDS_MAX) {
            return cli_misuse(cli, err, "more than %d words", CLI_WORDS_MAX);
        } else {
            cli->words[cli->words_count++] = word;
        }
    }
    return ST_OK;
}

static enum status words_check(struct cli *cli, struct error *err)
{
    const struct command *command = cli->command;
    if (cli->words_count < command->args_min)
        return cli_misuse(cli, err, "%s wants %s", command->name, command->args);
    if (cli->words_count > command->args_max)
        return cli_misuse(cli, err, "%s has no use for \"%.*s\"", command->name,
                          STR_ARG(cli->words[command->args_max]));
    return ST_OK;
}

/* ---- help ---- */

static void options_print(const struct option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char left[64];
        (void)snprintf(left, sizeof(left), "--%s%s%s", options->name,
                       options->value == NULL ? "" : " ",
                       options->value == NULL ? "" : options->value);
        cli_printf("  %-24s %s\n", left, options->help);
    }
}

static void help_command(const struct command *command)
{
    cli_printf("broadsheet %s %s%s[--site DIR]\n\n%s\n", command->name, command->args,
               command->args[0] == '\0' ? "" : " ", command->summary);
    if (command->detail != NULL)
        cli_printf("\n%s\n", command->detail);
    cli_printf("\n");
    options_print(command->options);
    options_print(common_options);
}

static void help_all(const struct command *const *commands)
{
    cli_printf("broadsheet COMMAND [--site DIR] ...\n\n"
               "A news site in one program: a folder a site, a command for each thing to do.\n\n");
    for (; *commands != NULL; commands++)
        cli_printf("  %-10s %s\n", (*commands)->name, (*commands)->summary);
    cli_printf("\nbroadsheet COMMAND --help says more. To begin:\n\n"
               "    broadsheet init mysite --title \"My News\"\n"
               "    broadsheet import --site mysite export.xml\n"
               "    broadsheet serve --site mysite\n");
}

/* ---- progress ---- */

#define PROGRESS_EVERY (TIME_SECOND / 10)

static bool progress_shown; /* main thread only, as the rest */
static bool progress_lines;
static const char *progress_what = "";
static time_us progress_at;

/* Whoever reads the lines waits for this process and cleans up after it: it must not outlive them. */
static enum status progress_read(struct cli *cli, struct error *err)
{
    str form = cli_value(cli, "progress", STR_NONE);
    if (form.len == 0)
        return ST_OK;
    if (!str_eq(form, S("lines")))
        return cli_misuse(cli, err, "--progress is lines");
    progress_lines = true;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() == 1)
        return error_set(err, ST_IO, "who started this is gone");
    return ST_OK;
}

void cli_progress(const char *fmt, ...)
{
    if (progress_lines || !isatty(STDERR_FILENO))
        return;
    va_list ap;
    va_start(ap, fmt);
    (void)fputs("\r\033[K", stderr);
    (void)vfprintf(stderr, fmt, ap);
    va_end(ap);
    (void)fflush(stderr);
    progress_shown = true;
}

void cli_progress_count(const char *what, int64_t done, int64_t total)
{
    if (!progress_lines) {
        if (total > 0)
            cli_progress("%lld of %lld %s", (long long)done, (long long)total, what);
        else
            cli_progress("%lld %s", (long long)done, what);
        return;
    }
    time_us now = clock_monotonic();
    if (what == progress_what && now - progress_at < PROGRESS_EVERY)
        return;
    progress_what = what;
    progress_at = now;
    (void)fprintf(stderr, "progress %lld %lld %s\n", (long long)done, (long long)total, what);
    (void)fflush(stderr);
}

void cli_progress_end(void)
{
    if (progress_shown)
        (void)fputs("\r\033[K", stderr);
    progress_shown = false;
}

/* ---- running ---- */

static int run(struct cli *cli, int argc, char **argv)
{
    struct error err = ERROR_INIT;
    enum status st = argv_read(cli, argc, argv, &err);
    if (st == ST_OK && cli_has(cli, "help")) {
        help_command(cli->command);
        return 0;
    }
    if (st == ST_OK)
        st = words_check(cli, &err);
    if (st == ST_OK)
        st = progress_read(cli, &err);
    if (st == ST_OK)
        st = cli->command->run(cli, &err);
    cli_progress_end();
    if (st == ST_OK)
        return 0;
    (void)fflush(stdout);
    (void)fprintf(stderr, "broadsheet %s: %s\n", cli->command->name, err.text);
    return cli->misused ? 2 : 1;
}

static const struct command *command_find(const struct command *const *commands, str name)
{
    for (; *commands != NULL; commands++) {
        if (str_eq(str_from_c((*commands)->name), name))
            return *commands;
    }
    (void)fprintf(stderr,
                  "broadsheet: there is no command \"%.*s\"; broadsheet --help lists them\n",
                  STR_ARG(name));
    return NULL;
}

/* "help", or "help serve". */
static int help(int argc, char **argv, const struct command *const *commands)
{
    const struct command *command;
    if (argc < 3) {
        help_all(commands);
        return argc < 2 ? 2 : 0;
    }
    command = command_find(commands, str_from_c(argv[2]));
    if (command == NULL)
        return 2;
    help_command(command);
    return 0;
}

int cli_main(int argc, char **argv, const struct command *const *commands)
{
    str name = argc < 2 ? S("--help") : str_from_c(argv[1]);

    (void)signal(SIGPIPE, SIG_IGN);
    if (str_eq(name, S("--version")))
        name = S("version");
    if (str_eq(name, S("--help")) || str_eq(name, S("-h")) || str_eq(name, S("help")))
        return help(argc, argv, commands);
    const struct command *command = command_find(commands, name);
    if (command == NULL)
        return 2;
    AUTO(arena_freep) struct arena *arena = arena_new(sizeof(struct cli) + ARENA_REQUEST);
    struct cli *cli = arena_new_one(arena, struct cli);
    cli->arena = arena;
    cli->command = command;
    return run(cli, argc, argv);
}

/* ---- for commands ---- */

struct arena *cli_arena(struct cli *cli)
{
    return cli->arena;
}

size_t cli_args_count(const struct cli *cli)
{
    return cli->words_count;
}

str cli_arg(const struct cli *cli, size_t index)
{
    CHECK(index < cli->words_count);
    return cli->words[index];
}

bool cli_value_at(const struct cli *cli, const char *flag, size_t index, str *ret_value)
{
    for (size_t i = 0; i < cli->flags_count; i++) {
        if (str_eq(str_from_c(cli->flags[i].option->name), str_from_c(flag)) && index-- == 0) {
            *ret_value = cli->flags[i].value;
            return true;
        }
    }
    return false;
}

bool cli_has(const struct cli *cli, const char *flag)
{
    str value;
    return cli_value_at(cli, flag, 0, &value);
}

str cli_value(const struct cli *cli, const char *flag, str otherwise)
{
    str value = otherwise;
    for (size_t i = 0; cli_value_at(cli, flag, i, &value); i++)
        ;
    return value;
}

enum status cli_value_int(struct cli *cli, const char *flag, int64_t min, int64_t max,
                          int64_t otherwise, int64_t *ret_n, struct error *err)
{
    int64_t n = otherwise;
    str value = cli_value(cli, flag, STR_NONE);
    if (cli_has(cli, flag) && (!str_to_i64(value, &n) || n < min || n > max))
        return cli_misuse(cli, err, "--%s wants a number from %lld to %lld, not \"%.*s\"", flag,
                          (long long)min, (long long)max, STR_ARG(value));
    *ret_n = n;
    return ST_OK;
}

str cli_site(const struct cli *cli)
{
    str dir = cli_value(cli, "site", str_from_c(getenv("BROADSHEET_SITE")));
    return dir.len == 0 ? S(".") : dir;
}

bool cli_json(const struct cli *cli)
{
    return cli_has(cli, "json");
}

bool cli_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

void cli_print(str text)
{
    if (text.len > 0 && fwrite(text.ptr, 1, text.len, stdout) != text.len && errno == EPIPE)
        exit(0);
}

void cli_printf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vprintf(fmt, ap);
    va_end(ap);
    if (n < 0 && errno == EPIPE)
        exit(0);
}
