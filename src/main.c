/* SPDX-License-Identifier: MIT
 *
 * broadsheet: a news site in one program. The commands are in src/cli, one file each. */
#include "base/random.h"
#include "cli/commands.h"

static const struct command *const commands[] = {
    &command_init,
    &command_serve,
    &command_import,
    &command_export,
    &command_user,
    &command_comment,
    &command_setting,
    &command_theme,
    &command_tags,
    &command_media,
    &command_search,
    &command_related,
    &command_popular,
    &command_backup,
    &command_restore,
    &command_check,
    &command_upgrade,
    &command_template,
    &command_clean,
    &command_mail,
    &command_pack,
    &command_version,
    NULL,
};

int main(int argc, char **argv)
{
    random_start();
    return cli_main(argc, argv, commands);
}
