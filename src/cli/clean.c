/* SPDX-License-Identifier: MIT
 *
 * The sanitizer that stories and replies go through, from stdin to stdout: to see what is kept. */
#include "base/arena.h"
#include "base/file.h"
#include "cli/commands.h"
#include "text/html.h"
#include "text/sanitize.h"

#include <unistd.h>

static enum status clean_run(struct cli *cli, struct error *err)
{
    str profile = cli_value(cli, "profile", S("story"));
    bool reply = str_eq(profile, S("comment")) || str_eq(profile, S("reply"));
    if (!reply && !str_eq(profile, S("story")))
        return cli_misuse(cli, err, "--profile is story or comment, not \"%.*s\"",
                          STR_ARG(profile));
    str text;
    html clean;
    enum status st =
        file_read_fd(cli_arena(cli), STDIN_FILENO, S("stdin"), HTML_STORY_MAX, &text, err);
    if (st == ST_OK)
        st = html_clean(cli_arena(cli), text,
                        &(struct clean_profile){.kind = reply ? CLEAN_REPLY : CLEAN_STORY}, &clean,
                        NULL, err);
    if (st != ST_OK)
        return st;
    cli_print(clean.raw);
    return ST_OK;
}

const struct command command_clean = {
    .name = "clean",
    .args = "",
    .summary = "sanitizes HTML from stdin to stdout",
    .detail =
        "What is not allowed goes; what is left is well-formed. Cleaning twice changes nothing.",
    .options = (const struct option[]){{"profile", "comment|story", "whose rules (story)"}, {0}},
    .run = clean_run,
};
