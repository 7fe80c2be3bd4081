/* SPDX-License-Identifier: MIT
 *
 * Where the old site's addresses lead. A picture's made sizes ("a-300x200.jpg", "a-scaled.jpg",
 * "a-e1600000000.jpg") are tried as their original first; the export only lists originals. */
#include "transfer/wp_parts.h"

#include "text/url.h"

/* What the photo proxy i0.wp.com shows: "https://i0.wp.com/host/path?resize=..." */
static str without_proxy(struct arena *arena, str text)
{
    struct url url = url_split(text);

    if (url.host.len != 9 || url.host.ptr[0] != 'i' || !ascii_is_digit(url.host.ptr[1]) ||
        !str_eq_nocase(str_from(url.host, 2), S(".wp.com")))
        return text;
    return str_join2(arena, S("https:/"), url.path);
}

/* "name.files.wordpress.com" of "name.wordpress.com". */
static bool is_files_host(str host, str home_host)
{
    str name = str_cut(&host, '.');
    str home_name = str_cut(&home_host, '.');

    return str_eq_nocase(host, S("files.wordpress.com")) &&
           str_eq_nocase(home_host, S("wordpress.com")) && str_eq_nocase(name, home_name);
}

/* "cdn.example.org" of "example.org" */
static bool is_below_host(str host, str home_host)
{
    if (str_starts_nocase(home_host, S("www.")))
        home_host = str_from(home_host, 4);
    if (home_host.len == 0 || host.len <= home_host.len + 1)
        return false;
    str end = str_from(host, host.len - home_host.len);
    return host.ptr[host.len - home_host.len - 1] == '.' && str_eq_nocase(end, home_host);
}

/* The path below uploads/, empty when this is no upload of the old site. */
static str upload_path(const struct url *url, str home)
{
    static const str folder = STR_INIT("/wp-content/uploads/");
    str home_host = url_split(home).host;

    if (url->has_authority && is_files_host(url->host, home_host))
        return str_from(url->path, 1);
    if (url->has_authority && !url_host_eq(url->host, home_host) &&
        !is_below_host(url->host, home_host))
        return STR_NONE;
    size_t at = str_find(url->path, folder);
    return at == STR_NPOS ? STR_NONE : str_from(url->path, at + folder.len);
}

/* "a-300x200" -> "a" */
static str without_size(str stem)
{
    size_t i = stem.len, mark = i;

    while (i > 0 && ascii_is_digit(stem.ptr[i - 1]))
        i--;
    if (i == mark || i == 0 || stem.ptr[i - 1] != 'x')
        return stem;
    mark = --i;
    while (i > 0 && ascii_is_digit(stem.ptr[i - 1]))
        i--;
    if (i == mark || i < 2 || stem.ptr[i - 1] != '-')
        return stem;
    return str_sub(stem, 0, i - 1);
}

/* "a-scaled", "a-e1600000000", "a@2x" -> "a" */
static str without_edit(str stem)
{
    size_t i = stem.len;

    if (str_ends(stem, S("-scaled")))
        return str_sub(stem, 0, stem.len - 7);
    if (str_ends(stem, S("@2x")))
        return str_sub(stem, 0, stem.len - 3);
    while (i > 0 && ascii_is_digit(stem.ptr[i - 1]))
        i--;
    if (stem.len - i >= 10 && i >= 3 && stem.ptr[i - 1] == 'e' && stem.ptr[i - 2] == '-')
        return str_sub(stem, 0, i - 2);
    return stem;
}

static bool file_of(struct wp_pass *pass, str path, str *ret_url)
{
    const struct wp_content_links *links = pass->links;
    size_t dot = str_rfind_char(path, '.');

    if (links->file == NULL || path.len == 0 || path.len > 1024)
        return false;
    if (dot == STR_NPOS)
        return links->file(links->ctx, pass->arena, path, ret_url);
    str stem = str_sub(path, 0, dot), end = str_from(path, dot);
    str whole = without_size(without_edit(without_size(stem)));
    str tries[] = {str_join2(pass->arena, whole, end),
                   str_join2(pass->arena, without_size(stem), end),
                   str_join3(pass->arena, whole, S("-scaled"), end), path};
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        if (links->file(links->ctx, pass->arena, tries[i], ret_url))
            return true;
    }
    return false;
}

str wp_address(struct wp_pass *pass, str text)
{
    text = without_proxy(pass->arena, str_trim(text));
    struct url url = url_split(text);
    str upload = upload_path(&url, pass->home), file;

    if (upload.len > 0 && file_of(pass, upload, &file))
        return file;
    if (upload.len > 0) { /* it may still be found at its old place */
        if (pass->links->lost != NULL)
            pass->links->lost(pass->links->ctx, upload);
        return text;
    }
    str folder = url_split(pass->home).path;
    if (!url.has_authority || pass->home.len == 0 || !url_same_site(text, pass->home) ||
        (url.path.len > 0 && !url_path_below(url.path, folder.len > 0 ? folder : S("/")) &&
         !str_eq(url.path, folder)))
        return text;
    url.has_scheme = url.has_authority = false;
    url.scheme = url.host = url.port = url.userinfo = STR_NONE;
    while (str_starts(url.path, S("//"))) /* which would name a host */
        url.path = str_from(url.path, 1);
    if (url.path.len == 0)
        url.path = S("/");
    return url_build(pass->arena, &url);
}
