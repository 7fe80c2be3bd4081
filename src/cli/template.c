/* SPDX-License-Identifier: MIT
 *
 * Renders one Handlebars template with JSON data: the language alone, without a site's helpers. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/commands.h"
#include "hbs/hbs.h"
#include "hbs/json.h"

#include <dirent.h>
#include <jansson.h>

enum { DATA_BYTES_MAX = 64 * 1024 * 1024, OUTPUT_BYTES_MAX = 64 * 1024 * 1024 };

static enum status partial_add(struct cli *cli, struct hbs_set *set, str dir, str file,
                               struct error *err)
{
    str source;
    str path = file_join(cli_arena(cli), dir, file);
    enum status st = file_read(cli_arena(cli), path, HBS_SOURCE_BYTES_MAX, &source, err);
    if (st != ST_OK)
        return st;
    return hbs_set_add(set, HBS_PARTIAL, str_sub(file, 0, file.len - S(".hbs").len), path, source,
                       err);
}

static enum status partials_add(struct cli *cli, struct hbs_set *set, str dir, struct error *err)
{
    DIR *listing = opendir(str_copy_c(cli_arena(cli), dir));
    if (listing == NULL)
        return error_set_errno(err, ST_NOT_FOUND, "cannot open %.*s", STR_ARG(dir));
    enum status st = ST_OK;
    for (struct dirent *entry = readdir(listing); entry != NULL && st == ST_OK;
         entry = readdir(listing)) {
        str file = str_copy(cli_arena(cli), str_from_c(entry->d_name));
        if (str_ends(file, S(".hbs")))
            st = partial_add(cli, set, dir, file, err);
    }
    (void)closedir(listing);
    return st;
}

static enum status set_build(struct cli *cli, struct hbs_set *set, struct error *err)
{
    str file = cli_arg(cli, 0);
    str source;
    enum status st = file_read(cli_arena(cli), file, HBS_SOURCE_BYTES_MAX, &source, err);
    if (st == ST_OK)
        st = hbs_set_add(set, HBS_TEMPLATE, S("template"), file, source, err);
    if (st == ST_OK && cli_has(cli, "partials"))
        st = partials_add(cli, set, cli_value(cli, "partials", STR_NONE), err);
    if (st == ST_OK)
        st = hbs_set_compile(set, err);
    return st;
}

static void json_unrefp(json_t **json)
{
    json_decref(*json); /* takes NULL */
}

static enum status data_read(struct cli *cli, json_t **ret_data, struct error *err)
{
    str file = cli_value(cli, "data", STR_NONE);
    str text = S("{}");
    json_error_t why;
    enum status st = ST_OK;
    if (file.len > 0)
        st = file_read(cli_arena(cli), file, DATA_BYTES_MAX, &text, err);
    if (st != ST_OK)
        return st;
    *ret_data = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, &why);
    if (*ret_data == NULL)
        return error_set(err, ST_INVALID, "%.*s:%d:%d: %s", STR_ARG(file), why.line, why.column,
                         why.text);
    return ST_OK;
}

static enum status template_run(struct cli *cli, struct error *err)
{
    struct arena *arena = cli_arena(cli);
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&(struct hbs_options){0});
    AUTO(json_unrefp) json_t *data = NULL;
    str out;
    struct buf b;
    enum status st = set_build(cli, set, err);
    if (st == ST_OK)
        st = data_read(cli, &data, err);
    if (st != ST_OK)
        return st;
    buf_init(&b, arena, OUTPUT_BYTES_MAX);
    st = hbs_render(set, S("template"), &(struct hbs_page){.root = hbs_json(data), .arena = arena},
                    &b, err);
    if (st == ST_OK)
        st = buf_finish(&b, &out, err);
    if (st == ST_OK)
        cli_print(out);
    return st;
}

const struct command command_template = {
    .name = "template",
    .args = "FILE.hbs",
    .summary = "renders one Handlebars template to stdout",
    .options = (const struct option[]){{"data", "FILE.json", "what it shows ({})"},
                                       {"partials", "DIR", "a folder of .hbs files it may include"},
                                       {0}},
    .args_min = 1,
    .args_max = 1,
    .run = template_run,
};
