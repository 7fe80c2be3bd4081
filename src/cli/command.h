/* cli/command.h -- what a command is: its words, its flags, its help, and what runs.
 *
 *     const struct command command_search = {
 *         .name = "search",
 *         .args = "QUERY",
 *         .summary = "stories that match, best first, with scores",
 *         .options = (const struct option[]){{"limit", "N", "how many (10)"}, {0}},
 *         .args_min = 1,
 *         .args_max = 16,
 *         .run = search_run,
 *     };
 *
 * Words and flags may stand in any order; `--name value` and `--name=value` are the same; `--` ends
 * the flags. Every command knows --site DIR (else $BROADSHEET_SITE, else the current folder),
 * --json, --progress and --help. An unknown flag or a missing word is misuse: one line on stderr, exit 2. A
 * command that fails: one line, exit 1.
 *
 * Help is made from the same table, and the man page from the help (tools/man.py).
 *
 * Threads: the main thread. */
#pragma once
#include "base/str.h"

struct arena;
struct cli;

struct option {
    const char *name;  /* without the dashes; NULL ends the list */
    const char *value; /* what it is called in the help ("DIR"); NULL: a switch */
    const char *help;
};

struct command {
    const char *name;
    const char *args;    /* for the usage line: "FILE..." */
    const char *summary; /* a line, lower case, no full stop */
    const char *detail;  /* more, after the summary; may be NULL */
    const struct option *options;
    size_t args_min;
    size_t args_max;
    enum status (*run)(struct cli *cli, struct error *err);
};

enum { CLI_WORDS_MAX = 4096, CLI_FLAGS_MAX = 64 };

/* Runs the command that argv names, prints what went wrong, returns the exit code. `commands` ends
 * with NULL. */
int cli_main(int argc, char **argv, const struct command *const *commands);

/* ---- for commands ---- */

struct arena *cli_arena(struct cli *cli); /* goes when the command ends */
str cli_site(const struct cli *cli);      /* the site's folder, never empty */
size_t cli_args_count(const struct cli *cli);
str cli_arg(const struct cli *cli, size_t index);
bool cli_has(const struct cli *cli, const char *flag);
str cli_value(const struct cli *cli, const char *flag, str otherwise); /* the last one given */
/* Each use of a flag that may be given again: index 0, 1, ...; false past the last. */
bool cli_value_at(const struct cli *cli, const char *flag, size_t index, str *ret_value);
/* A number within bounds, or misuse. */
MUST_USE enum status cli_value_int(struct cli *cli, const char *flag, int64_t min, int64_t max,
                                   int64_t otherwise, int64_t *ret_n, struct error *err);
bool cli_json(const struct cli *cli);
bool cli_terminal(void); /* stdin and stderr are a person's */

/* Says that the words were wrong, not the work: exit 2. */
enum status cli_misuse(struct cli *cli, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints to stdout. A pipe that was closed early ends the command quietly. */
void cli_print(str text);
void cli_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "1,234 stories": on a terminal only, over the last one; cli_progress_end clears the line. */
void cli_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* So many of so many (0: not known) of a kind: "12 of 40 stories" on a terminal. With --progress lines it is a
 * line on stderr, "progress 12 40 stories", at most ten a second of a kind: for the program that started this one,
 * with which it also ends. */
void cli_progress_count(const char *what, int64_t done, int64_t total);
void cli_progress_end(void);
