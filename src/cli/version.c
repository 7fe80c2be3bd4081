/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"

static enum status version_run(struct cli *cli, struct error *err)
{
    (void)err;
    if (cli_json(cli))
        cli_printf("{\"version\": \"%s\"}\n", BROADSHEET_VERSION);
    else
        cli_printf("broadsheet %s\n", BROADSHEET_VERSION);
    return ST_OK;
}

const struct command command_version = {
    .name = "version",
    .args = "",
    .summary = "which broadsheet this is",
    .run = version_run,
};
