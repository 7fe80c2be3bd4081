/* cli/commands.h -- every command, one file each (those that are two sides of one thing share one).
 * Threads: the main thread. */
#pragma once
#include "cli/command.h"

extern const struct command command_init;     /* init.c */
extern const struct command command_serve;    /* serve.c */
extern const struct command command_import;   /* import.c */
extern const struct command command_export;   /* export.c */
extern const struct command command_user;     /* user.c */
extern const struct command command_comment;  /* comment.c */
extern const struct command command_setting;  /* setting.c */
extern const struct command command_theme;    /* theme.c */
extern const struct command command_backup;   /* backup.c */
extern const struct command command_pack;     /* backup.c */
extern const struct command command_restore;  /* backup.c */
extern const struct command command_check;    /* check.c */
extern const struct command command_upgrade;  /* check.c */
extern const struct command command_template; /* template.c */
extern const struct command command_clean;    /* clean.c */
extern const struct command command_search;   /* search.c */
extern const struct command command_related;  /* search.c */
extern const struct command command_popular;  /* search.c */
extern const struct command command_tags;     /* tags.c */
extern const struct command command_media;    /* media.c */
extern const struct command command_mail;     /* mail.c */
extern const struct command command_version;  /* version.c */
