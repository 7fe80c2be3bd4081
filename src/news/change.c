/* SPDX-License-Identifier: MIT
 *
 * The names are text because other processes read them from the table `change`, and CDNs as
 * Cache-Tag: a name says the same everywhere. */
#include "news/change.h"
#include "store/store.h"

str change_story_name(struct arena *arena, story_id id)
{
    return str_format(arena, "story:%lld", (long long)id.v);
}

str change_tag_name(struct arena *arena, tag_id id)
{
    return str_format(arena, "tag:%lld", (long long)id.v);
}

str change_byline_name(struct arena *arena, byline_id id)
{
    return str_format(arena, "author:%lld", (long long)id.v);
}

str change_list_name(struct arena *arena, enum list_kind list, int64_t of)
{
    switch (list) {
    case LIST_TAG:
        return str_format(arena, "list:tag:%lld", (long long)of);
    case LIST_BYLINE:
        return str_format(arena, "list:author:%lld", (long long)of);
    case LIST_ALL:
        break;
    }
    return S("list:posts");
}

str change_absent_name(struct arena *arena, str path)
{
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    size_t slash = str_rfind_char(path, '/');
    if (slash != STR_NPOS)
        path = str_from(path, slash + 1);
    /* A name has a limit; two long paths that begin alike may share one: a page too many goes. */
    path = str_sub(path, 0, 200);
    return str_join2(arena, S("absent:"), str_lower(arena, path));
}

str change_media_name(struct arena *arena, str path)
{
    return str_join2(arena, S("media:"), str_sub(path, 0, 500));
}

void change_story(const struct newsroom *desk, story_id id)
{
    store_tx_changed(desk->tx, change_story_name(desk->arena, id));
}

void change_tag(const struct newsroom *desk, tag_id id)
{
    store_tx_changed(desk->tx, change_tag_name(desk->arena, id));
}

void change_byline(const struct newsroom *desk, byline_id id)
{
    store_tx_changed(desk->tx, change_byline_name(desk->arena, id));
}

void change_list(const struct newsroom *desk, enum list_kind list, int64_t of)
{
    store_tx_changed(desk->tx, change_list_name(desk->arena, list, of));
}

void change_latest(const struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("list:latest"));
}

void change_popular(const struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("list:popular"));
}

void change_sections(const struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("list:sections"));
}

void change_settings(const struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("settings"));
}

void change_theme(const struct newsroom *desk)
{
    store_tx_changed(desk->tx, S("theme"));
}

void change_absent(const struct newsroom *desk, str path)
{
    store_tx_changed(desk->tx, change_absent_name(desk->arena, path));
}

void change_media(const struct newsroom *desk, str path)
{
    store_tx_changed(desk->tx, change_media_name(desk->arena, path));
}
